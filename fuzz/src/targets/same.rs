//! What must not change a verdict, and what may only make it unknown.

use super::{Checked, Reached, Verdicts, codes, faulty, generated, judged, sound};
use crate::corpus::{Corpus, data};
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::program::ExprKind;
use fanshi::{FileId, FrameId, Outcome, Run, Style, Type, format, parse};
use fastrand::Rng;
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

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

pub fn run(input: &Input) -> Reached {
    let mut random = Rng::with_seed(input.seed);
    let run = input.run();
    if !sound(input, &run) {
        return Ok(false);
    }
    let before = Verdicts::of(&run);
    laid_out(input, &run, &before)?;
    unreadable(input, &run, &mut random)?;
    another_table(input, &run, &before)?;
    another_row(input, &run, &before, &mut random)?;
    halves(input, &run, &before)?;
    if !faulty(&run) {
        order(input, &run, &mut random)?;
    }
    Ok(judged(&run))
}

fn is_same(what: &str, before: &Verdicts, run: &Run) -> Checked {
    let after = Verdicts::of(run);
    if before.sentences.len() != after.sentences.len() {
        return Err(format!(
            "other sentences, {what}: {} and {}",
            before.sentences.len(),
            after.sentences.len()
        ));
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
    // An article that is left out may be none: it is not laid out, and nobody says so.
    let leaves_out = |text: &str| text.contains("except") || text.contains("articles");
    let in_part = input.text("fanshi.toml").is_some_and(leaves_out);
    for ((file, (_, source)), path) in
        project.files.iter().zip(project.sources.iter()).zip(&project.paths)
    {
        let (whole, mistakes) = parse(FileId(0), source);
        if in_part && !mistakes.is_empty() {
            return Ok(());
        }
        // Of a policy that is used in part the project has no more than that.
        let file = if in_part { &whole } else { file };
        again =
            again.with(&path.to_string_lossy(), format(file, source, Style::plain(file.language)));
    }
    let again = again.run();
    is_same("laid out", before, &again)?;
    // What is laid out has the sign that is meant.
    let said = |run: &Run| {
        let mut codes = codes(run);
        codes.retain(|code| *code != "paused_conditions");
        codes
    };
    if said(run) != said(&again) {
        return Err(format!("other mistakes, laid out: {:?} {:?}", said(run), said(&again)));
    }
    Ok(())
}

/// A cell that cannot be read makes what rests on it unknown: never something else.
fn unreadable(input: &Input, run: &Run, random: &mut Rng) -> Checked {
    let names: Vec<String> =
        data(input).into_iter().filter(|name| name.ends_with(".jsonl")).collect();
    if names.is_empty() {
        return Ok(());
    }
    let before = settled(run);
    for _ in 0..4 {
        let name = &names[random.usize(..names.len())];
        let Some(again) = spoilt(input, name, run, random) else { continue };
        let later = again.run();
        let after = settled(&later);
        for ((what, old), new) in before.iter().zip(after.values()) {
            // Rows that were lost have no place to compare.
            if old.len() != new.len() {
                continue;
            }
            let both = |(old, new): (&Option<bool>, &Option<bool>)| old.zip(*new);
            let turned = |pair| both(pair).is_some_and(|(old, new)| old != new);
            if let Some(row) = old.iter().zip(new).position(turned) {
                let text = again.text(name).unwrap_or_default();
                return Err(format!(
                    "a cell that cannot be read turned a verdict: {what} row {row}, {:?} to {:?}\n--- {name}\n{text}",
                    old[row], new[row]
                ));
            }
        }
    }
    Ok(())
}

/// For each row whether it is surely against a sentence, or surely not: satisfied is also what
/// keeps a requirement of which it is not known whether it applies. Sentences that demand the same
/// of a row are one: where it is open which of them does, the demand is made all the same.
fn settled(run: &Run) -> BTreeMap<String, Vec<Option<bool>>> {
    let one = |outcome: Outcome| match outcome {
        Outcome::Violated => Some(true),
        Outcome::Satisfied | Outcome::NotApplicable | Outcome::Exempt => Some(false),
        // What is demanded already is demanded, by whom does not matter.
        _ => None,
    };
    let mut all: BTreeMap<String, Vec<Option<bool>>> = BTreeMap::new();
    for (at, judgement) in run.policy.judgements.iter().enumerate() {
        let name = match judgement.demand {
            Some((decision, value)) => format!("demand {decision} {value} {:?}", judgement.frame),
            None => format!("sentence {at}"),
        };
        let own =
            (0..run.len(judgement.frame)).map(|row| one(run.sentence_outcome(judgement, row)));
        match all.get_mut(&name) {
            None => drop(all.insert(name, own.collect())),
            Some(known) => known.iter_mut().zip(own).for_each(|(known, own)| {
                *known = match (*known, own) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                }
            }),
        }
    }
    all
}

type Row = Map<String, Json>;

/// With a value that no type reads in the place of one that is no key.
fn spoilt(input: &Input, name: &str, run: &Run, random: &mut Rng) -> Option<Input> {
    let mut lines: Vec<String> = input.text(name)?.lines().map(str::to_owned).collect();
    let at = random.usize(..lines.len().max(1));
    let mut row: Row = serde_json::from_str(lines.get(at)?).ok()?;
    // An element's as well as the row's own.
    let element =
        row.values_mut().filter_map(Json::as_array_mut).flatten().find_map(Json::as_object_mut);
    let inside = match element.filter(|_| random.bool()) {
        Some(element) => element,
        None => &mut row,
    };
    let fields: Vec<String> = inside.keys().cloned().collect();
    let field = fields.get(random.usize(..fields.len().max(1)))?;
    if is_keyed(run, field) {
        return None;
    }
    inside.insert(field.clone(), json!({"坏": 1}));
    lines[at] = Json::Object(row).to_string();
    Some(input.clone().with(name, lines.join("\n") + "\n"))
}

/// Whether a field so called tells rows apart.
fn is_keyed(run: &Run, name: &str) -> bool {
    let mut fields = run.schema().frames.iter().flat_map(|frame| &frame.fields);
    fields.any(|one| (one.key || one.unique) && (one.names.zh() == name || one.names.en() == name))
}

/// A table that no article speaks of, with a row, then with two.
fn another_table(input: &Input, run: &Run, before: &Verdicts) -> Checked {
    let manifest = input.text("fanshi.toml").unwrap_or_default();
    if faulty(run) || !manifest.contains("policies = [") || !manifest.contains("[data]\n") {
        return Ok(());
    }
    let manifest = manifest
        .replace("policies = [", "policies = [\"余.fan\", ")
        .replace("[data]\n", "[data]\n\"余表\" = \"余表.csv\"\n");
    let policy = "词汇 余\n表 余表 | spare_table { 余号 | spare_code : 文本 主键 余数 | spare_count : 整数 }\n";
    let with = |rows: &str| {
        let input =
            input.clone().with("余.fan", policy).with("余表.csv", format!("余号,余数\n{rows}"));
        input.with("fanshi.toml", manifest.clone()).run()
    };
    for rows in ["甲,1\n", "甲,1\n乙,2\n"] {
        let later = with(rows);
        let after = Verdicts::of(&later);
        let outcomes = |verdicts: &Verdicts| {
            verdicts
                .sentences
                .iter()
                .map(|(name, _, all)| (name.clone(), all.clone()))
                .collect::<Vec<_>>()
        };
        if outcomes(before) != outcomes(&after) {
            return Err(format!(
                "a table that nothing speaks of turned a verdict: {:?}",
                codes(&later)
            ));
        }
    }
    Ok(())
}

/// A row more in one table leaves the verdicts of all sentences that see nothing of the table.
fn another_row(input: &Input, run: &Run, before: &Verdicts, random: &mut Rng) -> Checked {
    let schema = run.schema();
    let tables: Vec<FrameId> = schema.tables().map(|(id, _)| id).collect();
    if tables.is_empty() || run.policy.program.calendar.is_some() && random.bool() {
        return Ok(());
    }
    let table = tables[random.usize(..tables.len())];
    let Some(frame) = schema.frame(table).filter(|frame| !frame.single) else { return Ok(()) };
    let name = format!("{}.jsonl", frame.names.zh());
    let Some(text) = input.text(&name) else { return Ok(()) };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let Some(line) = lines.get(random.usize(..lines.len().max(1))) else { return Ok(()) };
    let Ok(mut row) = serde_json::from_str::<Row>(line) else { return Ok(()) };
    for (field, value) in &mut row {
        if is_keyed(run, field) && value.is_string() {
            *value = format!("另{}", random.u32(..)).into();
        }
    }
    let later = input.clone().with(&name, format!("{text}\n{}\n", Json::Object(row))).run();
    let after = Verdicts::of(&later);
    let all = run.policy.judgements.iter().zip(before.sentences.iter().zip(&after.sentences));
    for (at, (_, (old, new))) in all.enumerate() {
        if old != new && !sees(run, at, table) {
            return Err(format!(
                "a row more turned the verdict of a sentence that sees nothing of its table: {old:?} {new:?}\n{:?}\n{name}",
                codes(&later)
            ));
        }
    }
    Ok(())
}

/// Whether a sentence, or one that may override it, reads rows of a table, lists in them, or what
/// refers to them.
fn sees(run: &Run, at: usize, table: FrameId) -> bool {
    let (program, schema) = (&run.policy.program, run.schema());
    let judgements = &run.policy.judgements;
    let (mut open, mut known) = (vec![at], BTreeSet::new());
    while let Some(at) = open.pop() {
        let Some(judgement) = judgements.get(at).filter(|_| known.insert(at)) else { continue };
        if schema.root(judgement.frame) == table {
            return true;
        }
        for by in judgement.exemptions.iter().filter_map(|exemption| exemption.by) {
            open.extend((0..judgements.len()).filter(|other| judgements[*other].article == by.0));
        }
        // Which of several demands of one decision stands rests on all of them.
        let decision = judgement.demand.map(|(decision, _)| decision);
        let same = |other: &usize| judgements[*other].demand.map(|(it, _)| it) == decision;
        open.extend((0..judgements.len()).filter(|_| decision.is_some()).filter(same));
        let sentence = program
            .article(judgement.article)
            .and_then(|found| found.sentences.get(judgement.sentence));
        let of_table = |ty: Type| matches!(ty, Type::Ref(to) if to == table);
        let reads = |id| {
            let expr = program.expr(id);
            let frame = match &expr.kind {
                ExprKind::Field { frame, .. }
                | ExprKind::Single { frame, .. }
                | ExprKind::Follow { frame, .. } => Some(*frame),
                ExprKind::Quantify { list, .. } | ExprKind::Lookup { list, .. } => {
                    Some(list.frame())
                }
                ExprKind::Trace(trace) => Some(trace.list.frame()),
                ExprKind::NetElapsed(net) => Some(net.list.frame()),
                ExprKind::Nearest(nearest) => Some(nearest.frame),
                ExprKind::Chain(chain) => Some(chain.frame),
                // Working days rest on the calendar's table.
                ExprKind::Call(..) if program.calendar.is_some() => return true,
                _ => None,
            };
            of_table(expr.ty) || frame.is_some_and(|frame| schema.root(frame) == table)
        };
        if sentence.is_none_or(|sentence| program.reached(sentence.stated()).any(reads)) {
            return true;
        }
    }
    false
}

/// Each file of lines in two; the tables in another order.
fn halves(input: &Input, run: &Run, before: &Verdicts) -> Checked {
    let mut again = input.clone();
    let mut manifest = input.text("fanshi.toml").unwrap_or_default().to_owned();
    for name in data(input).into_iter().filter(|name| name.ends_with(".jsonl")) {
        let text = input.text(&name).unwrap_or_default();
        let lines: Vec<&str> =
            text.split_inclusive('\n').filter(|line| !line.trim().is_empty()).collect();
        let named = format!("= \"{name}\"");
        let is_value = !manifest.contains(&format!("file{named}"))
            && !manifest.contains(&format!("file {named}"));
        if lines.len() < 2 || manifest.matches(&named).count() != 1 || !is_value {
            continue;
        }
        let (first, second) = lines.split_at(lines.len() / 2);
        let stem = name.trim_end_matches(".jsonl");
        let [one, two] = ["1", "2"].map(|part| format!("{stem}-{part}.jsonl"));
        manifest = manifest.replace(&named, &format!("= [\"{one}\", \"{two}\"]"));
        again.files.retain(|(known, _)| *known != name);
        again = again.with(&one, first.concat()).with(&two, second.concat());
    }
    let manifest = other_order(&manifest);
    let later = again.with("fanshi.toml", manifest).run();
    // A column has one unit in each file.
    if codes(run).contains(&"wrong_unit") {
        return Ok(());
    }
    // What is wrong with a file is said once of each.
    let kinds = |run: &Run| codes(run).into_iter().collect::<BTreeSet<_>>();
    if kinds(run) != kinds(&later) {
        return Err(format!("other mistakes, in two files: {:?} {:?}", codes(run), codes(&later)));
    }
    is_same("in two files", before, &later)
}

/// A manifest whose tables have one line each has them the other way round.
fn other_order(manifest: &str) -> String {
    let Some((before, after)) = manifest.split_once("[data]\n") else { return manifest.to_owned() };
    let end = after.find("\n[").map_or(after.len(), |at| at + 1);
    let mut lines: Vec<&str> = after[..end].lines().collect();
    let plain =
        |line: &&str| line.contains(" = ") && (line.ends_with('"') || line.ends_with("\"]"));
    if !lines.iter().all(plain) {
        return manifest.to_owned();
    }
    lines.reverse();
    format!("{before}[data]\n{}\n{}", lines.join("\n"), &after[end..])
}

/// What asks which of two rows comes first.
const IN_ORDER: [&str; 20] = [
    "起于",
    "init",
    "止于",
    "end",
    "响应",
    "response",
    "先行",
    "precedence",
    "接续",
    "succession",
    "首个",
    "first",
    "末个",
    "last",
    "流程",
    "process",
    "交替",
    "alternate",
    "紧接",
    "chain",
];

/// The rows of files of lines in another order, where no policy asks for theirs.
fn order(input: &Input, run: &Run, random: &mut Rng) -> Checked {
    let policies = input.project();
    let mut texts = policies.sources.iter().map(|(_, source)| &source.text);
    if texts.any(|text| IN_ORDER.iter().any(|word| text.contains(word))) {
        return Ok(());
    }
    let mut again = input.clone();
    // What a cell repeats is the one above it.
    let of_places = |text: &str| text.contains("header") || text.contains("fill");
    let headed = input.text("fanshi.toml").is_some_and(of_places);
    let is_named =
        |cell: &str| policies.sources.iter().any(|(_, it)| it.text.contains(cell.trim()));
    for name in data(input) {
        let Some(text) = input.text(&name) else { continue };
        let mut lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let plain = !headed && !text.contains('"') && !text.contains("\\x");
        match name.rsplit('.').next() {
            Some("jsonl") => random.shuffle(&mut lines),
            // The last row may be one of totals, by where it stands; what stands above the headings,
            // and notes between the rows, seldom have as many cells as they.
            Some("csv")
                if plain
                    && lines.len() > 3
                    && is_full(lines[0], lines[1])
                    && lines[0].split(',').all(is_named)
                    && !text.split([',', '\n']).any(stays_where_it_is)
                    && lines.iter().all(|line| commas(line) == commas(lines[0])) =>
            {
                // What their numbers are in may stand right below the headings, but for some.
                let lacks = lines[1].split(',').any(|cell| cell.trim().is_empty());
                let first = 1 + usize::from(lacks);
                let last = lines.len() - 1;
                random.shuffle(&mut lines[first..last]);
            }
            _ => continue,
        }
        again = again.with(&name, lines.join("\n") + "\n");
    }
    let later = again.run();
    if codes(run) != codes(&later) {
        return Err(format!(
            "other mistakes, in another order: {:?} {:?}",
            codes(run),
            codes(&later)
        ));
    }
    if run.summary.articles != later.summary.articles {
        return Err(format!(
            "other counts, in another order: {:?}\n{:?}",
            run.summary.articles, later.summary.articles
        ));
    }
    let (old, new) = (heads(run), heads(&later));
    match old.iter().find(|(head, count)| new.get(*head) != Some(*count)) {
        Some((head, _)) => Err(format!("another finding, in another order: {head:?}")),
        None => Ok(()),
    }
}

/// Whether a cell says that its row adds up those above it, is a note on them, or an example.
fn stays_where_it_is(cell: &str) -> bool {
    let sums = ["合计", "总计", "共计", "小计", "汇总", "累计", "total"];
    let aside = ["注", "备注", "说明", "note", "例", "示例", "样例", "范例", "填", "example"];
    let cell = cell.trim().to_lowercase();
    sums.iter().any(|word| cell.ends_with(word) && cell != *word)
        || aside.iter().any(|word| cell.starts_with(word))
}

fn commas(line: &str) -> usize {
    line.matches(',').count()
}

/// Whether a line has a text in each cell, and as many cells as the next.
fn is_full(line: &str, next: &str) -> bool {
    let cells = |line: &str| line.split(',').count();
    line.split(',').all(|cell| !cell.trim().is_empty()) && cells(line) >= cells(next)
}

/// What each finding is about, by key; of rows without one only how many there are.
fn heads(run: &Run) -> BTreeMap<(String, Outcome, String, Option<String>), usize> {
    let report = run.report();
    let mut heads = BTreeMap::new();
    for head in (0..report.findings.len()).map(|at| report.findings.head(at)) {
        // Of two ways to write a key the first is shown.
        let narrow = |c: char| match u32::from(c) {
            full @ 0xff01..=0xff5e => char::from_u32(full - 0xfee0).unwrap_or(c),
            _ => c,
        };
        let key = || head.key.chars().map(narrow).collect::<String>().to_lowercase();
        let called = if head.row.is_none() { key() } else { String::new() };
        let key = (head.article.to_owned(), head.outcome, called, head.path.clone());
        *heads.entry(key).or_insert(0) += 1;
    }
    heads
}
