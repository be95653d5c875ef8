//! Anything compiles to rules or to diagnostics at their places; laid out anew it compiles to the
//! same, in either language.

use super::{Checked, Reached, generated};
use crate::corpus::Corpus;
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::analysis::analyze;
use fanshi::syntax::tree::Name;
use fanshi::{
    At, Diagnostic, Language, Options, Policy, Project, Settings, Severity, Source, Style, format,
    reformat_checked,
};
use fastrand::Rng;

pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    let mut input = match random.u8(0..4) {
        0 => generated(random.u64(0..1 << 40)),
        _ => corpus.projects[random.usize(..corpus.projects.len())].clone(),
    };
    if random.u8(0..6) == 0 {
        mutate(&mut input, corpus, random, |name| name.ends_with("fanshi.toml"));
    }
    mutate(&mut input, corpus, random, |name| name.ends_with(".fan"));
    input
}

pub fn run(input: &Input) -> Reached {
    let project = input.project();
    let policy = project.policy(&Options::default());
    project.diagnostics.iter().chain(&policy.diagnostics).try_for_each(placed)?;
    if project
        .diagnostics
        .iter()
        .chain(&policy.diagnostics)
        .any(|found| found.severity == Severity::Error)
    {
        return Ok(false);
    }
    let expected = said(&policy);
    for module in 0..project.files.len() {
        let (Some(file), Some((_, source))) =
            (project.files.get(module), project.sources.iter().nth(module))
        else {
            continue;
        };
        let text = format(file, source, Style::plain(file.language));
        let again = project.with_text(module, Source::new(source.name.clone(), text.clone()));
        let found = said(&again.policy(&Options::default()));
        if found != expected {
            return Err(format!(
                "laid out, a policy compiles to something else: {expected:?}\n{found:?}\n{text}"
            ));
        }
        for language in [Language::Chinese, Language::English] {
            translated(&project, module, language, &expected)?;
        }
    }
    Ok(!policy.judgements.is_empty())
}

/// Names and keywords in a language; a name that would come to mean something else is refused
/// before.
fn translated(project: &Project, module: usize, language: Language, expected: &Said) -> Checked {
    let names = analyze(&project.files, &project.sources, &Settings::default()).names;
    let (Some(file), Some((_, source))) =
        (project.files.get(module), project.sources.iter().nth(module))
    else {
        return Ok(());
    };
    let rename = |name: &Name| {
        let names = names.get(&name.span)?;
        Some(if language == Language::English { names.en() } else { names.zh() }.to_owned())
    };
    let Ok(text) = reformat_checked(file, source, Style { language, rename: &rename }) else {
        return Ok(());
    };
    let again = project.with_text(module, Source::new(source.name.clone(), text.clone()));
    let policy = again.policy(&Options::default());
    // Where a name collides with another the command refuses, by comparing what names stand for.
    let collides = again
        .diagnostics
        .iter()
        .chain(&policy.diagnostics)
        .any(|found| found.severity == Severity::Error);
    if !collides && said(&policy).rules != expected.rules {
        return Err(format!(
            "translated, a policy has other rules: {expected:?}\n{:?}\n{text}",
            said(&policy)
        ));
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Said {
    rules: Vec<String>,
    sentences: usize,
    codes: Vec<&'static str>,
}

fn said(policy: &Policy) -> Said {
    let mut codes: Vec<&str> = policy.diagnostics.iter().map(|found| found.code).collect();
    // Laid out, `、` between conditions is the comma that nobody reads otherwise.
    codes.retain(|code| *code != "paused_conditions");
    codes.sort_unstable();
    Said {
        rules: policy.rules.iter().map(|(rule, _)| policy.rules.code(rule).to_owned()).collect(),
        sentences: policy.judgements.len(),
        codes,
    }
}

/// A diagnostic says something in both languages, at a place whose mark is in its excerpt.
pub fn placed(found: &Diagnostic) -> Checked {
    let code = found.code;
    if found.message.zh.trim().is_empty() || found.message.en.trim().is_empty() {
        return Err(format!("a diagnostic without words, {code}: {found:?}"));
    }
    for label in &found.labels {
        let excerpt = &label.place.excerpt;
        if excerpt.text.get(excerpt.mark.clone()).is_none() {
            return Err(format!("a mark outside of its excerpt, {code}: {found:?}"));
        }
        if let At::Text { from, to, start, end } = label.place.at {
            let ordered = (from.line, from.column) <= (to.line, to.column) && start <= end;
            if !ordered || from.line == 0 || from.column == 0 {
                return Err(format!("a place that ends before it begins, {code}: {found:?}"));
            }
        }
    }
    Ok(())
}
