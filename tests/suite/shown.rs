//! Running a case, and what it came to as lines.

use crate::case::{Case, Section, project};
use fanshi::diagnostic::{Bilingual, Diagnostic, Severity};
use fanshi::engine::Run;
use fanshi::finding::{Counts, Figure, Finding, Outcome, Report, Role, Standing};
use fanshi::place::{At, Place};
use fanshi::report::{self, Format};
use fanshi::syntax::tree::Language;
use fanshi::testing::mutate::{self, Fate};
use fanshi::testing::suite::Suite;
use fanshi::testing::{coverage, message};
use fanshi::why::{self, Conditions};
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use std::collections::BTreeSet;
use std::path::Path;

/// Writes a case's project, checks it, and says what came of it.
pub fn run(suite: &str, shared: &[Section], case: &Case) -> String {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("suite")
        .join(suite)
        .join(case.name.replace(['/', ' '], "_"));
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let files = case.files(shared);
    for (name, bytes) in project(&files) {
        std::fs::write(root.join(name), bytes).unwrap();
    }
    if let Some(asked) = files.iter().find(|file| file.name == "test") {
        return cases(&root, &asked.text).replace(&format!("{}/", root.display()), "");
    }
    let project = Project::read(&root);
    let english = project.files.last().is_some_and(|file| file.language == Language::English);
    let asked = files.iter().find(|file| file.name == "articles").map_or("", |file| &file.text);
    let options =
        Options { articles: asked.lines().map(str::to_owned).collect(), ..Options::default() };
    if let Some(asked) = files.iter().find(|file| file.name == "explain") {
        return {
            let run = project.run(&options);
            let report = &run.report();
            records(report, &run, english, asked.text.trim())
        };
    }
    {
        let run = project.run(&options);
        let report = &run.report();

        every_format_has_every_finding(report);
        tables_count_what_findings_say(report);
        lines(report, english, case.with_evidence())
    }
}

/// What the table counts for an article, a finding says of it, or one that it takes part in.
fn tables_count_what_findings_say(report: &Report<'_>) {
    let findings = report.findings;
    for article in &report.articles {
        let code = &article.article;
        let says = |wanted: Outcome| {
            (0..findings.len()).any(|index| {
                let head = findings.head(index);
                let own = head.article == code && head.outcome == wanted;
                let beside = wanted == Outcome::Undetermined && findings.open(index).contains(code);
                own || beside || findings.others(index).contains(&(code.clone(), wanted))
            })
        };
        let counts = article.counts;
        for (count, outcome) in [
            (counts.violated - counts.conflict, Outcome::Violated),
            (counts.conflict, Outcome::Conflict),
            (counts.undetermined, Outcome::Undetermined),
            (counts.referred, Outcome::Referred),
            (counts.waived, Outcome::Waived),
        ] {
            assert!(
                count == 0 || says(outcome),
                "{code} is {outcome:?} for {count}, without a finding"
            );
        }
    }
    let said = |wanted: Outcome| {
        (0..findings.len()).filter(|index| findings.head(*index).outcome == wanted).count()
    };
    let totals = report.totals;
    for (count, outcome) in [
        (totals.violated - totals.conflict, Outcome::Violated),
        (totals.conflict, Outcome::Conflict),
        (totals.undetermined, Outcome::Undetermined),
        (totals.referred, Outcome::Referred),
        (totals.waived, Outcome::Waived),
    ] {
        let found = said(outcome);
        assert!(count <= found, "in all {count} {outcome:?}, of which {found} are findings");
    }
}

/// The records of the rows with a key: as text; the JSON has as many.
fn records(report: &Report<'_>, run: &Run, english: bool, key: &str) -> String {
    let mut found = Vec::new();
    let language = if english { Language::English } else { Language::Chinese };
    match why::find(run, key) {
        Ok(rows) => {
            let wanted =
                |article: &str| report.articles.iter().any(|summary| summary.article == article);
            let record = |row: &_| why::record(run, *row, wanted, Conditions::All);
            let records: Vec<_> = rows.iter().map(record).collect();
            for one in &records {
                report::write_record(
                    one,
                    report::Idle::Named,
                    &report::Options { language, ..Default::default() },
                    &mut found,
                )
                .unwrap();
            }
            let mut json = Vec::new();
            report::write_records(report, &[], &records, language, &mut json).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
            for (one, json) in records.iter().zip(json["records"].as_array().unwrap()) {
                assert_eq!(one.entries.len(), json["articles"].as_array().unwrap().len());
                assert_eq!(one.dispositions.len(), json["dispositions"].as_array().unwrap().len());
            }
            String::from_utf8(found).unwrap().trim_end().replace("\n\n", "\n")
        }
        Err(unknown) => {
            let mut lines = Vec::new();
            diagnostic(&unknown, english, &mut lines);
            lines.join("\n")
        }
    }
}

/// What `fanshi test` says of the cases beside the policy: what is wrong, how each ended, what is
/// `asked` for besides.
fn cases(root: &Path, asked: &str) -> String {
    let suite = Suite::read(&root.join("policy.fan"));
    let judged = suite.judge("");
    {
        let mut said = judged.diagnostics.clone();
        said.extend(judged.results.iter().flat_map(|result| result.diagnostics.clone()));
        if asked.contains("coverage") {
            let coverage = coverage::measure(&judged);
            let points = coverage
                .articles
                .iter()
                .flat_map(|article| article.points.iter().map(move |point| (article, point)));
            said.extend(
                points
                    .filter(|(_, point)| point.is_open())
                    .map(|(article, point)| message::unseen(article, point)),
            );
        }
        if asked.contains("mutate") {
            let mutated = mutate::mutate(&judged, false, &[]);
            let survivors = mutated
                .iter()
                .flat_map(|mutated| &mutated.mutants)
                .filter(|mutant| mutant.fate == Fate::Survived);
            said.extend(survivors.map(message::survivor));
            said.extend(mutate::stale(&judged, &mutated, false));
        }
        let mut lines = Vec::new();
        said.iter().for_each(|found| diagnostic(found, false, &mut lines));
        lines.extend(
            judged
                .results
                .iter()
                .map(|result| format!("= {}: {}", result.name, result.status.code())),
        );
        lines.join("\n")
    }
}

fn every_format_has_every_finding(report: &Report<'_>) {
    for language in [Language::Chinese, Language::English] {
        let options = report::Options {
            language,
            color: false,
            width: 80,
            max_findings: None,
            base: String::new(),
            root: String::new(),
        };
        let written = |format| {
            let mut out = Vec::new();
            report::write(report, format, &options, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        let json: serde_json::Value = serde_json::from_str(&written(Format::Json)).unwrap();
        assert_eq!(json["findings"].as_array().unwrap().len(), report.findings.len());
        assert_eq!(json["diagnostics"].as_array().unwrap().len(), report.diagnostics.len());
        assert_eq!(written(Format::Tsv).lines().count(), report.findings.len());
        assert!(!written(Format::Text).is_empty());
        let sarif: serde_json::Value = serde_json::from_str(&written(Format::Sarif)).unwrap();
        assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), report.findings.len());
        let notifications = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        assert_eq!(notifications.as_array().unwrap().len(), report.diagnostics.len());
        let markdown = written(Format::Markdown);
        let listed = |line: &&str| line.starts_with("- **");
        assert_eq!(markdown.lines().filter(listed).count(), report.findings.len(), "{markdown}");
        let html = written(Format::Html);
        assert_eq!(
            html.matches("<article class=\"finding ").count(),
            report.findings.len(),
            "{html}"
        );
        // A case for each row of each article that takes part in a finding about it.
        let mut judged = BTreeSet::new();
        for index in 0..report.findings.len() {
            let row = report.findings.place_of(index).ok_or(index);
            let others = report.findings.others(index).into_iter().map(|(article, _)| article);
            let is_listed =
                |other: &String| report.articles.iter().any(|one| one.article == *other);
            let others = others.chain(report.findings.open(index)).filter(is_listed);
            let own = report.findings.head(index).article.to_owned();
            judged.extend(others.chain([own]).map(|article| (article, row)));
        }
        let is_judged = |article: &str| judged.iter().any(|(judged, _)| judged == article);
        let clean = report.articles.iter().filter(|article| !is_judged(&article.article)).count();
        let cases = written(Format::Junit).matches("<testcase ").count();
        assert_eq!(cases, judged.len() + report.diagnostics.len() + clean);
    }
}

fn lines(report: &Report<'_>, english: bool, evidence: bool) -> String {
    let mut lines = Vec::new();
    for found in &report.diagnostics {
        diagnostic(found, english, &mut lines);
    }
    for index in 0..report.findings.len() {
        finding(&report.findings.get(index), english, evidence, &mut lines);
    }
    for summary in &report.articles {
        let judged = counts(summary.counts);
        let said = match summary.standing {
            Standing::NotInEffect => "not in effect".into(),
            Standing::Faulty if judged != "nothing" => format!("{judged} (faulty)"),
            _ => judged,
        };
        lines.push(format!("= {}: {said}", summary.article));
    }
    for decision in &report.decisions {
        let each = decision
            .dispositions
            .iter()
            .map(|(name, declared, required)| format!("{} {declared}/{required}", name.en));
        let open = (decision.open > 0).then(|| format!("open {}", decision.open));
        lines.push(format!(
            "= {}: {}",
            decision.field.en,
            each.chain(open).collect::<Vec<_>>().join(", ")
        ));
    }
    for measure in &report.measures {
        for (group, value) in &measure.values {
            let name = group.as_ref().map(|group| group.en.as_str());
            let split = measure.is_split();
            let group = if split { format!("[{}]", name.unwrap_or("?")) } else { String::new() };
            lines.push(format!("= {}{group}: {}", measure.measure, figure(value)));
        }
        lines.extend(
            measure
                .overall
                .iter()
                .map(|overall| format!("= {}: {}", measure.measure, figure(overall))),
        );
    }
    lines.push(format!("exit {}", report::exit_code(report)));
    lines.join("\n")
}

/// `8`; of a change `10 → 8 (-2, -20.0%)`.
fn figure(figure: &Figure) -> String {
    let said = |text: &Option<Bilingual>| {
        text.as_ref().map_or_else(|| "?".to_owned(), |text| text.en.clone())
    };
    let Some(change) = &figure.change else { return said(&figure.value) };
    let parts: Vec<&str> = change
        .difference
        .as_ref()
        .map(|text| &*text.en)
        .into_iter()
        .chain(change.percent.as_deref())
        .collect();
    let parts = if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
    format!("{} → {}{parts}", said(&change.before), said(&figure.value))
}

fn diagnostic(found: &Diagnostic, english: bool, lines: &mut Vec<String>) {
    let word = if found.severity == Severity::Error { "error" } else { "warning" };
    let mut labels = found.labels.iter();
    let at = labels.next().map_or_else(String::new, |label| format!(" {}", place(&label.place)));
    let pick = |text: &fanshi::diagnostic::Bilingual| {
        if english { text.en.clone() } else { text.zh.clone() }
    };
    lines.push(format!("{word} {}{at} {}", found.code, pick(&found.message)));
    lines.extend(labels.map(|label| format!("  {} {}", place(&label.place), pick(&label.text))));
    lines.extend(found.help.as_ref().map(|help| format!("  → {}", pick(help))));
}

fn finding(found: &Finding, english: bool, evidence: bool, lines: &mut Vec<String>) {
    let pick = |text: &fanshi::diagnostic::Bilingual| {
        if english { text.en.clone() } else { text.zh.clone() }
    };
    let mut line = format!("{} {}", found.outcome.code(), found.article);
    if let Some(subject) = &found.subject {
        let path = subject.path.as_ref().map(|path| path.en.clone());
        for part in [subject.key.clone().unwrap_or_else(|| subject.name().en)]
            .into_iter()
            .chain(path)
            .filter(|part| !part.is_empty())
        {
            line.push(' ');
            line.push_str(&part);
        }
    }
    line.push_str(&format!(" | {}", pick(&found.message)));
    if !found.missing.is_empty() {
        let missing: Vec<String> = found.missing.iter().map(pick).collect();
        line.push_str(&format!(" [{}]", missing.join("; ")));
    }
    lines.push(line);
    if evidence {
        let item = |label: &Bilingual| label.en.starts_with("item ");
        let data = found
            .evidence
            .iter()
            .filter(|evidence| evidence.role == Role::Data || item(&evidence.label));
        lines.extend(
            data.map(|evidence| format!("  {} {}", place(&evidence.place), pick(&evidence.label))),
        );
        lines.extend(found.help.as_ref().map(|help| format!("  → {}", pick(help))));
    }
}

fn place(place: &Place) -> String {
    match &place.at {
        At::File => place.file.to_string(),
        At::Text { from, to, .. } => {
            format!("{}:{}:{}-{}:{}", place.file, from.line, from.column, to.line, to.column)
        }
        At::Cell { sheet, cell } => format!("{}:{sheet}!{cell}", place.file),
    }
}

fn counts(counts: Counts) -> String {
    let Counts {
        satisfied,
        violated,
        conflict,
        not_applicable,
        exempt,
        already,
        undetermined,
        referred,
        waived,
        ..
    } = counts;
    let each = [
        ("satisfied", satisfied),
        ("violated", violated - conflict),
        ("in conflict", conflict),
        ("not applicable", not_applicable),
        ("exempt", exempt),
        ("already demanded", already),
        ("undetermined", undetermined),
        ("referred", referred),
        ("waived", waived),
    ];
    let some: Vec<String> = each
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    if some.is_empty() { "nothing".into() } else { some.join(", ") }
}

/// Lines that differ: `-` expected, `+` found.
pub fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}\n"));
    let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}\n"));
    let text: String = gone.chain(come).collect();
    if text.is_empty() { "(the same lines in another order)\n".into() } else { text }
}
