//! Rank 5: the format `junit`: a suite per article, a case per row it has findings about; an article
//! without findings is one case that passed. How many rows came to what, the rows that passed among
//! them, are the properties of the suite.

use super::Options;
use super::block::{location, reached};
use super::phrase;
use super::words::Words;
use crate::diagnostic::{Diagnostic, Severity};
use crate::finding::{ArticleSummary, Counts, Finding, Outcome, Report, Role, Standing, Weight};
use crate::place::{At, Place};
use crate::visible::visible;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// What a case came to; of several the last stands for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Passed,
    /// Only to be noted: exit code 0.
    Skipped,
    /// Could not be judged, or not read: exit code 2 or 3.
    Error,
    /// Violated: exit code 1.
    Failure,
}

impl Verdict {
    fn of(weight: Weight) -> Self {
        match weight {
            Weight::Error => Self::Failure,
            Weight::Question => Self::Error,
            Weight::Warning => Self::Skipped,
        }
    }

    /// The element that says so.
    fn element(self) -> Option<&'static str> {
        match self {
            Self::Passed => None,
            Self::Failure => Some("failure"),
            Self::Error => Some("error"),
            Self::Skipped => Some("skipped"),
        }
    }
}

/// The cases of one article.
struct Suite<'a> {
    article: &'a str,
    heading: String,
    cases: Vec<Said>,
    /// Why no finding does not mean that nothing is wrong.
    unjudged: Option<Standing>,
    /// What its rows came to; `None` for what is no article.
    counts: Option<Counts>,
}

/// What is said of an article for one row.
struct Said {
    verdict: Verdict,
    /// The outcome that stands for all.
    outcome: Outcome,
    /// The findings: several where sentences of one article are about the row.
    findings: Vec<usize>,
}

/// Writes the document, unbuffered. A finding that several articles take part in (a conflict) is a
/// case of each of them, as each counts it.
///
/// # Errors
/// Where `out` fails.
pub fn write(report: &Report, options: &Options, out: &mut impl Write) -> Result<()> {
    let words = Words::of(options.language);
    let told = Told { report, words, root: &options.root };
    let suites = suites(report, words);
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = counted(
        suites.iter().flat_map(verdicts).chain(report.diagnostics.iter().map(of_diagnostic)),
    );
    let [tests, failures, errors, _] = counts;
    let mut all =
        writer.create_element("testsuites").with_attribute(("name", &*visible(&report.project)));
    for (name, count) in [("tests", tests), ("failures", failures), ("errors", errors)] {
        all = all.with_attribute((name, &*count.to_string()));
    }
    all.write_inner_content(|writer| {
        told.diagnostics(writer)?;
        suites.iter().try_for_each(|suite| told.suite(suite, writer))?;
        waivers(report, words, writer)
    })?;
    out.write_all(b"\n")
}

/// Articles in order, then what else has findings: decisions, waivers.
fn suites<'a>(report: &'a Report, words: &Words) -> Vec<Suite<'a>> {
    let of = |article: &'a str, heading: &str, unjudged| Suite {
        article,
        heading: visible(heading).into_owned(),
        cases: Vec::new(),
        unjudged,
        counts: None,
    };
    let unjudged = |article: &ArticleSummary| {
        Some(article.standing).filter(|how| words.unjudged(*how).is_some())
    };
    let mut suites: Vec<Suite<'a>> = report
        .articles
        .iter()
        .map(|article| Suite {
            counts: Some(article.counts),
            ..of(&article.article, words.pick(&article.heading), unjudged(article))
        })
        .collect();
    let mut places: BTreeMap<&str, usize> =
        suites.iter().enumerate().map(|(at, suite)| (suite.article, at)).collect();
    let mut rows: BTreeMap<(usize, (usize, usize)), usize> = BTreeMap::new();
    for index in 0..report.findings.len() {
        let head = report.findings.head(index);
        let at = *places.entry(head.article).or_insert_with(|| {
            suites.push(of(head.article, words.pick(&report.findings.get(index).heading), None));
            suites.len() - 1
        });
        let others = report.findings.others(index).into_iter();
        let open = report.findings.open(index).into_iter();
        let others = others.chain(open.map(|rule| (rule, Outcome::Undetermined)));
        let others = others.filter_map(|(rule, outcome)| Some((*places.get(&*rule)?, outcome)));
        for (at, outcome) in std::iter::once((at, head.outcome)).chain(others) {
            let verdict = match outcome {
                Outcome::Undetermined => Verdict::Error,
                _ => Verdict::of(head.weight),
            };
            let Some(suite) = suites.get_mut(at) else { continue };
            let row = report.findings.place_of(index);
            let case = row.map(|row| *rows.entry((at, row)).or_insert(suite.cases.len()));
            match case.and_then(|case| suite.cases.get_mut(case)) {
                Some(case) => {
                    case.findings.push(index);
                    if verdict > case.verdict {
                        (case.verdict, case.outcome) = (verdict, outcome);
                    }
                }
                None => suite.cases.push(Said { verdict, outcome, findings: vec![index] }),
            }
        }
    }
    suites
}

fn verdicts(suite: &Suite<'_>) -> Vec<Verdict> {
    match (suite.cases.is_empty(), suite.unjudged) {
        (false, _) => suite.cases.iter().map(|case| case.verdict).collect(),
        (true, None) => vec![Verdict::Passed],
        (true, Some(_)) => vec![Verdict::Skipped],
    }
}

/// All, failures, errors, skipped.
fn counted(verdicts: impl Iterator<Item = Verdict>) -> [usize; 4] {
    verdicts.fold([0; 4], |[all, failures, errors, skipped], verdict| {
        let one = |kind| usize::from(verdict == kind);
        [
            all + 1,
            failures + one(Verdict::Failure),
            errors + one(Verdict::Error),
            skipped + one(Verdict::Skipped),
        ]
    })
}

fn of_diagnostic(diagnostic: &Diagnostic) -> Verdict {
    match diagnostic.severity {
        Severity::Error => Verdict::Error,
        Severity::Warning => Verdict::Skipped,
    }
}

fn open_suite<W: Write>(
    writer: &mut Writer<W>,
    name: &str,
    package: &str,
    counts: [usize; 4],
    content: impl FnOnce(&mut Writer<W>) -> Result<()>,
) -> Result<()> {
    let mut suite = writer.create_element("testsuite").with_attribute(("name", name));
    if !package.is_empty() {
        suite = suite.with_attribute(("package", &*visible(package)));
    }
    for (name, count) in ["tests", "failures", "errors", "skipped"].into_iter().zip(counts) {
        suite = suite.with_attribute((name, &*count.to_string()));
    }
    suite.write_inner_content(content)?;
    Ok(())
}

/// What is told, in which language, with files named from where.
#[derive(Clone, Copy)]
struct Told<'a> {
    report: &'a Report<'a>,
    words: &'static Words,
    root: &'a str,
}

impl Told<'_> {
    /// Mistakes in policies, manifest and data: a suite of their own, so that nothing passes because
    /// of them.
    fn diagnostics<W: Write>(self, writer: &mut Writer<W>) -> Result<()> {
        let Self { report, words, root } = self;
        if report.diagnostics.is_empty() {
            return Ok(());
        }
        let counts = counted(report.diagnostics.iter().map(of_diagnostic));
        open_suite(writer, words.diagnostics, "", counts, |writer| {
            for diagnostic in &report.diagnostics {
                let first = diagnostic.labels.first().map(|label| &label.place);
                let place = first.map(|place| location(root, place));
                let text = words.pick(&diagnostic.message);
                let mut body: Vec<String> =
                    place.iter().map(|place| format!("{place}: {text}")).collect();
                body.extend(
                    diagnostic
                        .help
                        .as_ref()
                        .map(|help| format!("{}{}{}", words.help, words.colon, words.pick(help))),
                );
                let name = format!("{} {}", diagnostic.code, place.as_deref().unwrap_or(""));
                let case = Case {
                    name: name.trim(),
                    article: diagnostic.code,
                    verdict: of_diagnostic(diagnostic),
                    kind: diagnostic.code,
                    place: first.cloned(),
                };
                case.write(&body, (words, root), writer)?;
            }
            Ok(())
        })
    }

    fn suite<W: Write>(self, suite: &Suite<'_>, writer: &mut Writer<W>) -> Result<()> {
        let counts = counted(verdicts(suite).into_iter());
        open_suite(writer, &suite.heading, suite.article, counts, |writer| {
            suite.counts.map_or(Ok(()), |counts| properties(counts, writer))?;
            if !suite.cases.is_empty() {
                return suite.cases.iter().try_for_each(|said| self.case(suite, said, writer));
            }
            let (verdict, kind) = suite
                .unjudged
                .map_or((Verdict::Passed, ""), |standing| (Verdict::Skipped, standing.code()));
            let why = suite.unjudged.and_then(|standing| self.words.unjudged(standing));
            let body: Vec<String> = why.map(str::to_owned).into_iter().collect();
            let case =
                Case { name: &suite.heading, article: suite.article, verdict, kind, place: None };
            case.write(&body, (self.words, self.root), writer)
        })
    }

    fn case<W: Write>(self, suite: &Suite<'_>, said: &Said, writer: &mut Writer<W>) -> Result<()> {
        let Self { report, words, root } = self;
        let (mut name, mut body, mut first) = (None, Vec::new(), None);
        for finding in said.findings.iter().map(|index| report.findings.get(*index)) {
            let place = primary(&finding).map(|place| location(root, place));
            let of = |place: Option<&String>| {
                let subject = finding.subject.as_ref().map_or_else(
                    || words.pick(&finding.heading).to_owned(),
                    |subject| phrase::whole_row(words, subject),
                );
                place.map_or_else(|| subject.clone(), |place| format!("{subject} ({place})"))
            };
            name.get_or_insert_with(|| of(place.as_ref()));
            first = first.or_else(|| primary(&finding).cloned());
            let said_of_it = lines(&finding, place.as_deref(), (words, root));
            // The finding that stands for all of them comes first: its message is that of the case.
            if finding.outcome == said.outcome {
                body.splice(0..0, said_of_it);
            } else {
                body.extend(said_of_it);
            }
        }
        let case = Case {
            name: name.as_deref().unwrap_or(&suite.heading),
            article: suite.article,
            verdict: said.verdict,
            kind: said.outcome.code(),
            place: first,
        };
        case.write(&body, (words, root), writer)
    }
}

/// How many rows came to what, by the names that JSON has for it.
fn properties<W: Write>(counts: Counts, writer: &mut Writer<W>) -> Result<()> {
    writer.create_element("properties").write_inner_content(|writer| {
        for (name, count) in counts.named() {
            let property = writer.create_element("property");
            let count = count.to_string();
            property.with_attributes([("name", name), ("value", &count)]).write_empty()?;
        }
        Ok(())
    })?;
    Ok(())
}

/// All waivers: a suite without cases, a line each.
fn waivers<W: Write>(report: &Report, words: &Words, writer: &mut Writer<W>) -> Result<()> {
    if report.waivers.is_empty() {
        return Ok(());
    }
    let headings = phrase::headings(report);
    let line = |waiver| {
        phrase::waiver(words, &headings, waiver).map(|part| visible(part).into_owned()).join(" | ")
    };
    let lines: Vec<String> = report.waivers.iter().map(line).collect();
    open_suite(writer, words.waivers, "", [0; 4], |writer| {
        writer
            .create_element("system-out")
            .write_text_content(BytesText::new(&lines.join("\n")))?;
        Ok(())
    })
}

/// The first value's place, or else the clause's.
fn primary(finding: &Finding) -> Option<&Place> {
    let data = finding.evidence.iter().find(|evidence| evidence.role == Role::Data);
    data.or(finding.evidence.first()).map(|evidence| &evidence.place)
}

/// What a case says: the place and the message; then every value and clause with its place, as
/// editors make links of.
fn lines(finding: &Finding, place: Option<&str>, (words, root): (&Words, &str)) -> Vec<String> {
    let place = place.map_or_else(String::new, |place| format!("{place}: "));
    let mut lines = vec![format!(
        "{place}{}{}{}",
        words.outcome(finding.outcome, finding.weight),
        words.colon,
        words.pick(&finding.message)
    )];
    lines.extend(phrase::dispositions(words, finding));
    lines.extend(
        phrase::missing(words, finding)
            .map(|missing| format!("{}{}{missing}", words.missing, words.colon)),
    );
    let evidence = finding.evidence.iter().map(|evidence| {
        format!("{}: {}", location(root, &evidence.place), phrase::label(words, evidence))
    });
    lines.extend(evidence);
    lines.extend(
        finding
            .help
            .as_ref()
            .map(|help| format!("{}{}{}", words.help, words.colon, words.pick(help))),
    );
    if !finding.cite.is_empty() {
        lines.push(format!("{}{}{}", words.cite, words.colon, finding.cite.join(words.pause)));
    }
    lines
}

struct Case<'a> {
    name: &'a str,
    article: &'a str,
    verdict: Verdict,
    kind: &'a str,
    /// Where the first value stands.
    place: Option<Place>,
}

impl Case<'_> {
    /// Writes the case; the first line of `body` is its message.
    fn write<W: Write>(
        &self,
        body: &[String],
        (words, root): (&Words, &str),
        writer: &mut Writer<W>,
    ) -> Result<()> {
        let mut case = writer.create_element("testcase").with_attributes([
            ("name", &*visible(self.name)),
            ("classname", &*visible(self.article)),
        ]);
        if let Some(place) = &self.place {
            case = case.with_attribute(("file", &*visible(&reached(root, &place.file))));
            if let At::Text { from, .. } = &place.at {
                case = case.with_attribute(("line", &*from.line.to_string()));
            }
        }
        let Some(element) = self.verdict.element() else {
            case.write_empty()?;
            return Ok(());
        };
        let body: Vec<_> = body.iter().map(|line| visible(line)).collect();
        let message = body.first().map_or(words.unknown, |line| line);
        case.write_inner_content(|writer| {
            let said = writer
                .create_element(element)
                .with_attributes([("type", self.kind), ("message", message)]);
            said.write_text_content(BytesText::new(&body.join("\n")))?;
            Ok(())
        })?;
        Ok(())
    }
}
