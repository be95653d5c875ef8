//! A run in every format and language: well-formed, inert, with all findings.

use super::{Checked, Reached, judged};
use crate::input::Input;
use fanshi::review::Letters;
use fanshi::visible::is_hidden;
use fanshi::workspace::Paper;
use fanshi::{
    Grouping, Groups, Language, Report, ReportFormat as Format, ReportOptions, write_report,
};
use quick_xml::events::Event;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

pub fn run(input: &Input) -> Reached {
    let run = input.run();
    let report = run.report();
    for language in [Language::Chinese, Language::English] {
        let options = ReportOptions { language, width: 60, ..ReportOptions::default() };
        every_format(&report, &options)?;
    }
    let grouping = Grouping::usual(&run.policy);
    let rows = Groups::new(&run, grouping);
    let options = ReportOptions {
        language: Language::Chinese,
        color: true,
        width: 40,
        max_findings: Some(1),
        base: String::new(),
        root: String::new(),
    };
    for format in [Format::Text, Format::Html, Format::Json, Format::Markdown, Format::Xlsx] {
        let mut out = Vec::new();
        let written =
            fanshi::report::write_with_rows(&report, Some(&rows), format, &options, &mut out);
        written.map_err(|error| format!("a report cannot be written, {format:?}: {error}"))?;
        match format {
            Format::Html => balanced(&String::from_utf8_lossy(&out))?,
            Format::Xlsx => packed(&out)?,
            _ => {}
        }
    }
    letters(&report, &rows)?;
    Ok(judged(&run))
}

/// The papers of every group: what is in them is well-formed.
fn letters(report: &Report, groups: &Groups<'_>) -> Checked {
    let (review, paper) = (&fanshi::review(groups), &Paper::default());
    for language in [Language::Chinese, Language::English] {
        let letters = Letters { report, groups, review, paper, language };
        let mut wrong = Ok(());
        let written = letters.each(None, |_, bytes| {
            wrong = std::mem::replace(&mut wrong, Ok(())).and_then(|()| packed(bytes));
            Ok(())
        });
        written.map_err(|error| format!("a letter cannot be written: {error}"))?;
        wrong?;
    }
    Ok(())
}

fn every_format(report: &Report, options: &ReportOptions) -> Checked {
    let written = |format: Format| {
        let mut out = Vec::new();
        let done = write_report(report, format, options, &mut out);
        done.map_err(|error| format!("a report cannot be written, {format:?}: {error}"))?;
        let text =
            String::from_utf8(out).map_err(|_| format!("a report is no UTF-8: {format:?}"))?;
        let hidden =
            text.chars().find(|letter| is_hidden(*letter) && !matches!(letter, '\n' | '\t'));
        match hidden {
            Some(letter) => {
                Err(format!("a report sends what hides, {format:?}: {letter:?}\n{text}"))
            }
            None => Ok(text),
        }
    };
    let (findings, mistakes) = (report.findings.len(), report.diagnostics.len());
    let count = |what: &str, found: usize, expected: usize| match found == expected {
        true => Ok(()),
        false => Err(format!("{what} are not all there: {found}, not {expected}")),
    };
    let json = |format: Format| {
        let text = written(format)?;
        serde_json::from_str::<serde_json::Value>(&text)
            .map_err(|error| format!("a report is no JSON, {format:?}: {error}\n{text}"))
    };
    let length = |value: &serde_json::Value| value.as_array().map_or(usize::MAX, Vec::len);
    let own = json(Format::Json)?;
    count("findings in JSON", length(&own["findings"]), findings)?;
    count("diagnostics in JSON", length(&own["diagnostics"]), mistakes)?;
    let sarif = json(Format::Sarif)?;
    count("findings in SARIF", length(&sarif["runs"][0]["results"]), findings)?;
    let notes = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    count("diagnostics in SARIF", length(notes), mistakes)?;
    let tsv = written(Format::Tsv)?;
    count("findings in TSV", tsv.lines().count(), findings)?;
    for (index, line) in tsv.lines().enumerate() {
        let expected = 5 + usize::from(!report.findings.others(index).is_empty());
        count(&format!("columns of {line:?} in TSV"), line.split('\t').count(), expected)?;
    }
    let listed = written(Format::Markdown)?.lines().filter(|line| line.starts_with("- **")).count();
    count("findings in Markdown", listed, findings)?;
    let html = written(Format::Html)?;
    count("findings in HTML", html.matches("<article class=\"finding ").count(), findings)?;
    balanced(&html)?;
    let junit = written(Format::Junit)?;
    xml(junit.as_bytes())
        .map_err(|error| format!("a report is no XML, JUnit: {error}\n{junit}"))?;
    count("cases in JUnit", junit.matches("<testcase ").count(), cases(report))?;
    let text = written(Format::Text)?;
    if text.trim().is_empty() {
        return Err("a report says nothing: text".into());
    }
    let mut out = Vec::new();
    let done = write_report(report, Format::Xlsx, options, &mut out);
    done.map_err(|error| format!("a report cannot be written, workbook: {error}"))?;
    packed(&out)
}

/// The row that a finding is about, or the finding where it is about none.
type Place = Result<(usize, usize), usize>;

/// A case for each row of each article that takes part in a finding about it, for each mistake, and
/// for each article without any.
fn cases(report: &Report) -> usize {
    let mut judged: BTreeSet<(String, Place)> = BTreeSet::new();
    for index in 0..report.findings.len() {
        let row = report.findings.place_of(index).ok_or(index);
        let others = report.findings.others(index).into_iter().map(|(article, _)| article);
        let others = others.chain(report.findings.open(index));
        let is_listed = |other: &String| report.articles.iter().any(|one| one.article == *other);
        let own = report.findings.head(index).article.to_owned();
        judged.extend(others.filter(is_listed).chain([own]).map(|article| (article, row)));
    }
    // Of two articles of one name, which is a mistake, the later one has what is found.
    let names: Vec<&str> = report.articles.iter().map(|one| &*one.article).collect();
    let is_judged = |at: usize| {
        !names[at + 1..].contains(&names[at]) && judged.iter().any(|(name, _)| name == names[at])
    };
    let clean = (0..names.len()).filter(|at| !is_judged(*at)).count();
    judged.len() + report.diagnostics.len() + clean
}

fn xml(bytes: &[u8]) -> Result<(), String> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    reader.config_mut().check_end_names = true;
    let (mut depth, mut buffer) = (0_usize, Vec::new());
    loop {
        match reader.read_event_into(&mut buffer).map_err(|error| error.to_string())? {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err("an element has no end".into()),
            _ => {}
        }
        buffer.clear();
    }
}

/// Elements that have no end.
const VOID: [&str; 6] = ["meta", "link", "br", "hr", "img", "input"];

/// Whether every element of a page ends where it must, and none is one that runs something.
pub fn balanced(html: &str) -> Checked {
    let (mut open, mut rest): (Vec<&str>, &str) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let Some(end) = rest.find('>') else { return Err("a page ends in a tag: HTML".into()) };
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        if tag.starts_with('!') || VOID.contains(&name) || tag.ends_with('/') {
            continue;
        }
        if tag.starts_with('/') {
            if open.pop() != Some(name) {
                return Err(format!("elements cross in a page: {name}"));
            }
            continue;
        }
        open.push(name);
        if matches!(name, "style" | "script") {
            let close = format!("</{name}>");
            let Some(at) = rest.find(&close) else {
                return Err(format!("an element has no end: {name}"));
            };
            rest = &rest[at..];
        }
    }
    match open.last() {
        Some(name) => Err(format!("an element has no end: {name}")),
        None => Ok(()),
    }
}

/// Whether every part of a workbook is XML.
fn packed(bytes: &[u8]) -> Checked {
    let wrong = |error: &dyn std::fmt::Display| format!("a report cannot be unpacked: {error}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(&error))?;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|error| wrong(&error))?;
        let name = file.name().map_err(|error| wrong(&error))?.into_owned();
        let mut part = Vec::new();
        file.read_to_end(&mut part).map_err(|error| wrong(&error))?;
        if name.ends_with(".xml") || name.ends_with(".rels") {
            xml(&part).map_err(|error| format!("a part of a report is no XML, {name}: {error}"))?;
        }
    }
    Ok(())
}
