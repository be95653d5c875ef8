//! Rank 5: the format `sarif`, 2.1.0: rules are articles, results are findings, and mistakes of
//! authors are notifications. Every result has a location: the value that decided, else the clause,
//! else the manifest.

mod place;
mod shape;

use super::Options;
use super::escape::write_json;
use super::json::{WaiverJson, also};
use super::phrase;
use super::words::Words;
use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::{Evidence, Finding, Outcome, Report, Role, Weight};
use crate::place::Place;
use crate::visible::visible;
use place::Root;
use shape::{
    Descriptor, Driver, Invocation, Location, Message, Notification, Properties, ResultJson,
    RunProperties, Suppression, Text, Tool,
};
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// Where the schema stands.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the log, unbuffered, a line per result.
///
/// # Errors
/// Where `out` fails.
pub fn write(report: &Report, options: &Options, out: &mut impl Write) -> Result<()> {
    let words = Words::of(options.language);
    let root = Root(&options.root);
    let (rules, places) = rules(report, words);
    let tool =
        Tool { driver: Driver { name: "fanshi", version: env!("CARGO_PKG_VERSION"), rules } };
    let complete =
        !report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let notifications =
        report.diagnostics.iter().map(|diagnostic| notification(diagnostic, words, root)).collect();
    let invocations = [Invocation {
        execution_successful: complete,
        tool_execution_notifications: notifications,
    }];
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":")?;
    write_json(out, &tool)?;
    write!(out, ",\n\"invocations\":")?;
    write_json(out, &invocations)?;
    let tag = words.choose("zh-CN", "en-US");
    write!(out, ",\n\"language\":\"{tag}\",\"columnKind\":\"unicodeCodePoints\"")?;
    // Where the root lies is for the reader to know: a path of one machine means nothing elsewhere.
    let said = words.choose("代码仓库的根", "the root of the repository");
    write!(out, ",\"originalUriBaseIds\":{{\"{}\":", place::ROOT)?;
    write_json(out, &BTreeMap::from([("description", Text::plain(said))]))?;
    write!(out, "}},\"properties\":")?;
    write_json(out, &run_properties(report))?;
    write!(out, ",\n\"results\":[")?;
    let all: Vec<usize> = (0..report.findings.len()).collect();
    let make = |index| {
        let finding = report.findings.get(index);
        let place = places.get(finding.article.as_str()).copied().unwrap_or(0);
        let mut text = if index == 0 { b"\n".to_vec() } else { b",\n".to_vec() };
        let made = result(report, (index, &finding), place, (words, root));
        write_json(&mut text, &made).map(|()| text)
    };
    super::each_finding(&all, make, |_, text| out.write_all(&text?))?;
    out.write_all(b"]}]}\n")
}

/// The articles as rules, those of the summary first, and where each stands among them.
fn rules<'a>(report: &'a Report, words: &Words) -> (Vec<Descriptor<'a>>, BTreeMap<&'a str, usize>) {
    let mut rules = Vec::new();
    let mut places = BTreeMap::new();
    for article in &report.articles {
        places.insert(article.article.as_str(), rules.len());
        rules.push(Descriptor {
            id: &article.article,
            short_description: Text::plain(words.pick(&article.heading)),
        });
    }
    for index in 0..report.findings.len() {
        let article = report.findings.head(index).article;
        places.entry(article).or_insert_with(|| {
            rules.push(Descriptor {
                id: article,
                short_description: Text::plain(words.pick(&report.findings.get(index).heading)),
            });
            rules.len() - 1
        });
    }
    (rules, places)
}

fn run_properties<'a>(report: &'a Report) -> RunProperties<'a> {
    RunProperties {
        project: &report.project,
        as_of: &report.as_of,
        waivers: report.waivers.iter().map(WaiverJson::of).collect(),
    }
}

fn notification<'a>(diagnostic: &'a Diagnostic, words: &Words, root: Root<'_>) -> Notification<'a> {
    let mut message = words.pick(&diagnostic.message).to_owned();
    if let Some(help) = &diagnostic.help {
        message = format!("{message} {}{}{}", words.help, words.colon, words.pick(help));
    }
    Notification {
        descriptor: shape::Reference { id: diagnostic.code },
        level: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: Message::plain(&message),
        locations: diagnostic
            .labels
            .iter()
            .map(|label| root.location(&label.place, words.pick(&label.text)))
            .chain(diagnostic.also.iter().map(|place| root.location(place, "")))
            .collect(),
    }
}

fn result<'a>(
    report: &'a Report,
    (index, finding): (usize, &'a Finding),
    rule_index: usize,
    (words, root): (&Words, Root<'_>),
) -> ResultJson<'a> {
    let (kind, level) = match (finding.outcome, finding.weight) {
        (Outcome::Undetermined, _) => ("open", "none"),
        (Outcome::Referred, _) => ("review", "none"),
        (_, Weight::Error) => ("fail", "error"),
        (_, Weight::Warning) => ("fail", "warning"),
        (_, Weight::Question) => ("fail", "note"),
    };
    let (mut first, others) = locations(report, finding, (words, root));
    first.logical_locations = place::logical(&finding.evidence, finding.subject.as_ref());
    ResultJson {
        rule_id: &finding.article,
        rule_index,
        kind,
        level,
        message: Message::plain(&message(finding, words)),
        locations: [first],
        related_locations: others,
        partial_fingerprints: BTreeMap::from([("fanshi/1", finding.fingerprint.as_str())]),
        suppressions: suppressions(finding, words),
        properties: Properties {
            outcome: finding.outcome.code(),
            also: also(report, index),
            key: finding.subject.as_ref().and_then(|subject| subject.key.as_deref()),
            demanded: finding.demanded.as_ref().map(|value| value.en.as_str()),
            declared: finding.declared.as_ref().map(|value| value.en.as_str()),
            missing: finding.missing.iter().map(|path| visible(&path.en)).collect(),
            cite: &finding.cite,
            help: finding.help.as_ref().map(|help| visible(words.pick(help))),
        },
    }
}

/// The row, what happened, and the dispositions, in a line.
fn message(finding: &Finding, words: &Words) -> String {
    let subject = finding
        .subject
        .as_ref()
        .map(|subject| format!("{}{}", phrase::whole_row(words, subject), words.colon));
    let missing = phrase::missing(words, finding)
        .map(|missing| format!("{}{}{missing}", words.missing, words.colon));
    let rest: Vec<String> =
        phrase::dispositions(words, finding).into_iter().chain(missing).collect();
    let rest = if rest.is_empty() {
        String::new()
    } else {
        words.choose(format!("（{}）", rest.join("；")), format!(" ({})", rest.join("; ")))
    };
    format!("{}{}{rest}", subject.unwrap_or_default(), words.pick(&finding.message))
}

/// The location, and what else there is to see.
fn locations<'a>(
    report: &Report,
    finding: &'a Finding,
    (words, root): (&Words, Root<'_>),
) -> (Location<'a>, Vec<Location<'a>>) {
    let mut sorted: Vec<&Evidence> = finding.evidence.iter().collect();
    sorted.sort_by_key(|evidence| evidence.role != Role::Data);
    let of =
        |evidence: &&'a Evidence| root.location(&evidence.place, phrase::label(words, evidence));
    let mut all = sorted.iter().map(of);
    let Some(first) = all.next() else {
        return (root.file(manifest(report)), Vec::new());
    };
    let mut others: Vec<Location<'a>> = all.collect();
    for (id, other) in (1..).zip(&mut others) {
        other.id = Some(id);
    }
    (first, others)
}

/// The file a finding without any place is reported at: the first one the run named.
fn manifest(report: &Report) -> Place {
    let named = report
        .diagnostics
        .iter()
        .flat_map(|diagnostic| &diagnostic.labels)
        .map(|label| &label.place.file);
    let manifest = named.into_iter().find(|file| file.ends_with(".toml"));
    Place::file(manifest.cloned().unwrap_or_else(|| "fanshi.toml".into()))
}

fn suppressions(finding: &Finding, words: &Words) -> Vec<Suppression> {
    if finding.outcome != Outcome::Waived {
        return Vec::new();
    }
    let waiver = finding.waiver.as_ref();
    let justification = waiver.map(|waiver| {
        visible(&format!("{}{}{}", waiver.authority, words.colon, waiver.reason)).into_owned()
    });
    vec![Suppression { kind: "external", status: "accepted", justification }]
}
