//! What must not change a verdict, and what may only make it unknown.

use super::{Checked, Verdicts, codes, faulty, generated, sound};
use crate::corpus::{Corpus, data};
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::{Outcome, Run, Style, format};
use fastrand::Rng;
use std::collections::BTreeMap;

pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    if random.u8(0..3) > 0 {
        return generated(random.u64(0..1 << 40));
    }
    let mut input = corpus.projects[corpus.loading[random.usize(..corpus.loading.len())]].clone();
    if random.u8(0..3) == 0 {
        mutate(&mut input, corpus, random, |name| name.ends_with(".fan"));
    }
    input
}

pub fn run(input: &Input) -> Checked {
    let mut random = Rng::with_seed(input.seed);
    let run = input.run();
    if !sound(input, &run) {
        return Ok(());
    }
    let before = Verdicts::of(&run);
    laid_out(input, &run, &before)?;
    unreadable(input, &run, &before, &mut random)?;
    another_table(input, &run, &before)?;
    halves(input, &run, &before)?;
    if !faulty(&run) {
        order(input, &run, &mut random)?;
    }
    Ok(())
}

fn is_same(what: &str, before: &Verdicts, run: &Run) -> Checked {
    let after = Verdicts::of(run);
    if before.sentences.len() != after.sentences.len() {
        return Err(format!("other sentences, {what}: {} and {}", before.sentences.len(), after.sentences.len()));
    }
    match before.sentences.iter().zip(&after.sentences).find(|(old, new)| old != new) {
        Some(differing) => Err(format!("other verdicts, {what}: {differing:?}")),
        None => Ok(()),
    }
}

/// Policies laid out anew.
fn laid_out(input: &Input, run: &Run, before: &Verdicts) -> Checked {
    let project = input.project();
    let mut again = input.clone();
    for ((file, (_, source)), path) in project.files.iter().zip(project.sources.iter()).zip(&project.paths) {
        if run.policy.diagnostics.iter().any(|found| found.severity == fanshi::Severity::Error) {
            return Ok(());
        }
        again = again.with(&path.to_string_lossy(), format(file, source, Style::plain(file.language)));
    }
    if !project.diagnostics.is_empty() {
        return Ok(());
    }
    let again = again.run();
    is_same("laid out", before, &again)?;
    if codes(run) != codes(&again) {
        return Err(format!("other mistakes, laid out: {:?} {:?}", codes(run), codes(&again)));
    }
    Ok(())
}

/// A cell that cannot be read makes what rests on it unknown: never something else.
fn unreadable(input: &Input, run: &Run, before: &Verdicts, random: &mut Rng) -> Checked {
    let names: Vec<String> = data(input).into_iter().filter(|name| name.ends_with(".jsonl")).collect();
    if names.is_empty() {
        return Ok(());
    }
    for _ in 0..4 {
        let name = &names[random.usize(..names.len())];
        let Some(again) = spoilt(input, name, run, random) else { continue };
        let later = again.run();
        let after = Verdicts::of(&later);
        for (old, new) in before.sentences.iter().zip(&after.sentences) {
            // Rows that were lost have no place to compare.
            if old.0 != new.0 || old.2.len() != new.2.len() {
                continue;
            }
            let differs = old.2.iter().zip(&new.2).position(|(old, new)| settled(*old).zip(settled(*new)).is_some_and(|(old, new)| old != new));
            if let Some(row) = differs {
                let text = again.text(name).unwrap_or_default();
                return Err(format!(
                    "a cell that cannot be read turned a verdict: {} row {row}, {:?} to {:?}\n--- {name}\n{text}",
                    old.0, old.2[row], new.2[row]
                ));
            }
        }
    }
    Ok(())
}

/// Whether a verdict is surely against the row, or surely not: satisfied is also what keeps a
/// requirement of which it is not known whether it applies.
fn settled(outcome: Outcome) -> Option<bool> {
    match outcome {
        Outcome::Violated => Some(true),
        Outcome::Satisfied | Outcome::NotApplicable | Outcome::Exempt => Some(false),
        _ => None,
    }
}

/// With a value that no type reads in the place of one that is no key.
fn spoilt(input: &Input, name: &str, run: &Run, random: &mut Rng) -> Option<Input> {
    let lines: Vec<&str> = input.text(name)?.lines().collect();
    let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
    let at = random.usize(..lines.len().max(1));
    let mut row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(lines.get(at)?).ok()?;
    let keys: Vec<String> = row.keys().cloned().collect();
    let field = keys.get(random.usize(..keys.len().max(1)))?;
    let frames = &run.schema().frames;
    let keyed = frames.iter().flat_map(|frame| &frame.fields).any(|one| (one.key || one.unique) && (one.names.zh() == field || one.names.en() == field));
    if keyed {
        return None;
    }
    row.insert(field.clone(), serde_json::json!({"坏": 1}));
    lines[at] = serde_json::Value::Object(row).to_string();
    Some(input.clone().with(name, lines.join("\n") + "\n"))
}

/// A table that no article speaks of, with a row, then with two.
fn another_table(input: &Input, run: &Run, before: &Verdicts) -> Checked {
    let manifest = input.text("fanshi.toml").unwrap_or_default();
    if faulty(run) || !manifest.contains("policies = [") || !manifest.contains("[data]\n") {
        return Ok(());
    }
    let manifest = manifest.replace("policies = [", "policies = [\"余.fan\", ").replace("[data]\n", "[data]\n余表 = \"余表.csv\"\n");
    let manifest = manifest.replace("\n余表 = ", "\n\"余表\" = ");
    let policy = "词汇 余\n表 余表 | spare_table { 余号 | spare_code : 文本 主键 余数 | spare_count : 整数 }\n";
    let with = |rows: &str| {
        let input = input.clone().with("余.fan", policy).with("余表.csv", format!("余号,余数\n{rows}"));
        input.with("fanshi.toml", manifest.clone()).run()
    };
    for rows in ["甲,1\n", "甲,1\n乙,2\n"] {
        let later = with(rows);
        let after = Verdicts::of(&later);
        let outcomes = |verdicts: &Verdicts| verdicts.sentences.iter().map(|(name, _, all)| (name.clone(), all.clone())).collect::<Vec<_>>();
        if outcomes(before) != outcomes(&after) {
            return Err(format!("a table that nothing speaks of turned a verdict: {:?}", codes(&later)));
        }
    }
    Ok(())
}

/// Each file of lines in two.
fn halves(input: &Input, run: &Run, before: &Verdicts) -> Checked {
    let mut again = input.clone();
    let mut manifest = input.text("fanshi.toml").unwrap_or_default().to_owned();
    for name in data(input).into_iter().filter(|name| name.ends_with(".jsonl")) {
        let lines: Vec<&str> = input.text(&name).unwrap_or_default().split_inclusive('\n').collect();
        let named = format!("= \"{name}\"");
        if lines.len() < 2 || manifest.matches(&named).count() != 1 {
            continue;
        }
        let (first, second) = lines.split_at(lines.len() / 2);
        let stem = name.trim_end_matches(".jsonl");
        let [one, two] = ["1", "2"].map(|part| format!("{stem}-{part}.jsonl"));
        manifest = manifest.replace(&named, &format!("= [\"{one}\", \"{two}\"]"));
        again.files.retain(|(known, _)| *known != name);
        again = again.with(&one, first.concat()).with(&two, second.concat());
    }
    let later = again.with("fanshi.toml", manifest).run();
    if codes(run) != codes(&later) {
        return Err(format!("other mistakes, in two files: {:?} {:?}", codes(run), codes(&later)));
    }
    is_same("in two files", before, &later)
}

/// The rows of files of lines in another order.
fn order(input: &Input, run: &Run, random: &mut Rng) -> Checked {
    let mut again = input.clone();
    for name in data(input) {
        let Some(text) = input.text(&name) else { continue };
        let mut lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let plain = !text.contains('"') && !text.contains("\\x");
        match name.rsplit('.').next() {
            Some("jsonl") => random.shuffle(&mut lines),
            Some("csv") if plain && lines.len() > 2 => random.shuffle(&mut lines[1..]),
            _ => continue,
        }
        again = again.with(&name, lines.join("\n") + "\n");
    }
    let later = again.run();
    if codes(run) != codes(&later) {
        return Err(format!("other mistakes, in another order: {:?} {:?}", codes(run), codes(&later)));
    }
    if run.summary.articles != later.summary.articles {
        return Err(format!("other counts, in another order: {:?}\n{:?}", run.summary.articles, later.summary.articles));
    }
    let (old, new) = (heads(run), heads(&later));
    match old.iter().find(|(head, count)| new.get(*head) != Some(*count)) {
        Some((head, _)) => Err(format!("another finding, in another order: {head:?}")),
        None => Ok(()),
    }
}

/// What each finding is about, by key; of rows without one only how many there are.
fn heads(run: &Run) -> BTreeMap<(String, Outcome, String, Option<String>), usize> {
    let report = run.report();
    let mut heads = BTreeMap::new();
    for head in (0..report.findings.len()).map(|at| report.findings.head(at)) {
        let key = (head.article.to_owned(), head.outcome, head.key.to_owned(), head.path.clone());
        *heads.entry(key).or_insert(0) += 1;
    }
    heads
}
