//! Rank 5: the format `json`: `fanshi.findings/1`, one object, a line per finding, written as the
//! findings are made.

use super::Options;
use super::escape::write_json;
use super::groups::{GroupJson, GroupsJson};
use super::words::Words;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::finding::{
    Change, Counts, Evidence, Figure, Finding, Provision, Report, Role, WaiverSummary,
};
use crate::grouping::Groups;
use crate::place::{At, Place};
use crate::syntax::tree::Language;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::io::{Result, Write};

/// Writes the object, unbuffered; messages in `language`, names in English.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    report: &Report,
    groups: Option<&Groups<'_>>,
    options: &Options,
    out: &mut impl Write,
) -> Result<()> {
    let words = Words::of(options.language);
    out.write_all(b"{\"format\":\"fanshi.findings/1\",\n\"project\":")?;
    write_json(out, &report.project)?;
    out.write_all(b",\"as_of\":")?;
    write_json(out, &Some(&report.as_of).filter(|day| !day.is_empty()))?;
    out.write_all(b",\"folder\":")?;
    let folder = options.root.trim_end_matches('/');
    write_json(out, if folder.is_empty() { "." } else { folder })?;
    let complete =
        !report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    write!(out, ",\"complete\":{complete}")?;
    out.write_all(b",\n\"summary\":")?;
    write_json(out, &SummaryJson::of(report, groups, words))?;
    out.write_all(b",\n\"diagnostics\":[")?;
    for (index, diagnostic) in report.diagnostics.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        write_json(out, &DiagnosticJson::of(diagnostic, words))?;
    }
    out.write_all(b"],\n\"findings\":[")?;
    let all: Vec<usize> = (0..report.findings.len()).collect();
    let make = |index| {
        let mut text = if index == 0 { b"\n".to_vec() } else { b",\n".to_vec() };
        let finding = report.findings.get(index);
        let others = (also(report, index), report.findings.open(index));
        write_json(&mut text, &FindingJson::of(&finding, others, words)).map(|()| text)
    };
    super::each_finding(&all, make, |_, text| out.write_all(&text?))?;
    out.write_all(b"]}\n")
}

/// Counts by their names.
struct CountsJson(Counts);

impl Serialize for CountsJson {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.named())
    }
}

impl From<Counts> for CountsJson {
    fn from(counts: Counts) -> Self {
        Self(counts)
    }
}

#[derive(Serialize)]
struct SummaryJson<'a> {
    #[serde(serialize_with = "rows")]
    rows: &'a [(Bilingual, usize)],
    judged: usize,
    #[serde(flatten)]
    counts: CountsJson,
    articles: Vec<ArticleJson<'a>>,
    dispositions: Vec<DecisionJson<'a>>,
    measures: Vec<MeasureJson<'a>>,
    waivers: Vec<WaiverJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<GroupsJson<GroupJson<'a>>>,
}

#[derive(Serialize)]
struct ArticleJson<'a> {
    article: &'a str,
    heading: &'a str,
    standing: &'static str,
    #[serde(flatten)]
    counts: CountsJson,
}

#[derive(Serialize)]
struct DecisionJson<'a> {
    field: &'a str,
    open: usize,
    values: Vec<DispositionJson<'a>>,
}

#[derive(Serialize)]
struct DispositionJson<'a> {
    value: &'a str,
    declared: usize,
    required: usize,
}

#[derive(Serialize)]
struct MeasureJson<'a> {
    measure: &'a str,
    heading: &'a str,
    values: Vec<GroupFigureJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    overall: Option<FigureJson<'a>>,
}

#[derive(Serialize)]
pub(crate) struct WaiverJson<'a> {
    article: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<&'a str>,
    item: &'a str,
    authority: &'a str,
    reason: &'a str,
    until: Option<&'a str>,
    state: &'static str,
}

impl<'a> WaiverJson<'a> {
    /// A waiver's shape, which other formats share.
    pub(crate) fn of(waiver: &'a WaiverSummary) -> Self {
        let WaiverSummary { article, table, item, authority, reason, until, state, .. } = waiver;
        let (table, until) = (table.as_deref(), until.as_deref());
        Self { article, table, item, authority, reason, until, state: state.code() }
    }
}

#[derive(Serialize)]
struct GroupFigureJson<'a> {
    group: Option<&'a str>,
    #[serde(flatten)]
    figure: FigureJson<'a>,
}

/// A figure, and what was before where it is a change.
#[derive(Serialize, Default)]
pub(crate) struct FigureJson<'a> {
    value: Option<&'a str>,
    #[serde(flatten)]
    change: Option<ChangeJson<'a>>,
}

#[derive(Serialize)]
pub(crate) struct ChangeJson<'a> {
    before: Option<&'a str>,
    change: Option<&'a str>,
    percent: Option<&'a str>,
}

impl<'a> FigureJson<'a> {
    /// A figure's shape, which the review shares.
    pub(crate) fn of(figure: &'a Figure) -> Self {
        Self { value: english(&figure.value), change: figure.change.as_ref().map(ChangeJson::of) }
    }
}

impl<'a> ChangeJson<'a> {
    /// A change's shape.
    pub(crate) fn of(change: &'a Change) -> Self {
        let Change { before, difference, percent, amount: _ } = change;
        Self { before: english(before), change: english(difference), percent: percent.as_deref() }
    }
}

fn rows<S: Serializer>(
    rows: &[(Bilingual, usize)],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(rows.len()))?;
    for (table, count) in rows {
        map.serialize_entry(&table.en, count)?;
    }
    map.end()
}

impl<'a> SummaryJson<'a> {
    fn of(report: &'a Report, groups: Option<&'a Groups<'_>>, words: &Words) -> Self {
        let articles = report.articles.iter().map(|article| ArticleJson {
            article: &article.article,
            heading: words.pick(&article.heading),
            standing: article.standing.code(),
            counts: article.counts.into(),
        });
        let dispositions = report.decisions.iter().map(|decision| DecisionJson {
            field: &decision.field.en,
            open: decision.open,
            values: decision
                .dispositions
                .iter()
                .map(|(value, declared, required)| DispositionJson {
                    value: &value.en,
                    declared: *declared,
                    required: *required,
                })
                .collect(),
        });
        let measures = report.measures.iter().map(|measure| MeasureJson {
            measure: &measure.measure,
            heading: words.pick(&measure.heading),
            values: measure
                .values
                .iter()
                .map(|(group, figure)| GroupFigureJson {
                    group: english(group),
                    figure: FigureJson::of(figure),
                })
                .collect(),
            overall: measure.overall.as_ref().map(FigureJson::of),
        });
        Self {
            rows: &report.rows,
            judged: report.judged,
            // As the last line of the table of outcomes: what several articles take part in is one.
            counts: report.totals.into(),
            articles: articles.collect(),
            dispositions: dispositions.collect(),
            measures: measures.collect(),
            waivers: report.waivers.iter().map(WaiverJson::of).collect(),
            groups: groups.and_then(|groups| GroupsJson::of(words, groups, |_, one| one.into())),
        }
    }
}

/// The English word, for names and values.
pub(super) fn english(text: &Option<Bilingual>) -> Option<&str> {
    text.as_ref().map(|text| text.en.as_str())
}

/// A diagnostic.
#[derive(Serialize)]
pub(super) struct DiagnosticJson<'a> {
    code: &'a str,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    places: Vec<PlaceJson<'a>>,
}

impl<'a> DiagnosticJson<'a> {
    pub(super) fn of(diagnostic: &'a Diagnostic, words: &Words) -> Self {
        Self {
            code: diagnostic.code,
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: words.pick(&diagnostic.message),
            help: diagnostic.help.as_ref().map(|help| words.pick(help)),
            places: diagnostic
                .labels
                .iter()
                .map(|label| PlaceJson::of(None, &label.place, words.pick(&label.text), None))
                .chain(diagnostic.also.iter().map(|place| PlaceJson::of(None, place, "", None)))
                .collect(),
        }
    }
}

/// The other articles that take part in a finding.
pub(super) fn also(report: &Report, index: usize) -> Vec<String> {
    report.findings.others(index).into_iter().map(|(article, _)| article).collect()
}

#[derive(Serialize)]
struct FindingJson<'a> {
    article: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open: Vec<String>,
    outcome: &'static str,
    severity: &'static str,
    subject: Option<SubjectJson<'a>>,
    message: &'a str,
    help: Option<&'a str>,
    demanded: Option<&'a str>,
    declared: Option<&'a str>,
    cite: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    provisions: Vec<ProvisionJson<'a>>,
    places: Vec<PlaceJson<'a>>,
    missing: Vec<&'a str>,
    fingerprint: &'a str,
}

/// What a text says at a place that is cited.
#[derive(Serialize)]
struct ProvisionJson<'a> {
    cite: &'a str,
    words: &'a str,
}

impl<'a> ProvisionJson<'a> {
    fn of(provision: &'a Provision) -> Self {
        Self { cite: &provision.cite, words: &provision.words }
    }
}

#[derive(Serialize)]
struct SubjectJson<'a> {
    table: &'a str,
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<usize>,
    path: Option<&'a str>,
}

impl<'a> FindingJson<'a> {
    fn of(finding: &'a Finding, others: (Vec<String>, Vec<String>), words: &Words) -> Self {
        let (also, open) = others;
        Self {
            article: &finding.article,
            also,
            open,
            outcome: finding.outcome.code(),
            severity: finding.weight.code(),
            subject: finding.subject.as_ref().map(|subject| SubjectJson {
                table: &subject.table.en,
                key: subject.key.as_deref(),
                row: Some(subject.number).filter(|row| subject.key.is_none() && *row > 0),
                path: english(&subject.path),
            }),
            message: words.pick(&finding.message),
            help: finding.help.as_ref().map(|help| words.pick(help)),
            demanded: english(&finding.demanded),
            declared: english(&finding.declared),
            cite: &finding.cite,
            provisions: finding.provisions.iter().map(ProvisionJson::of).collect(),
            places: finding
                .evidence
                .iter()
                .map(|evidence| PlaceJson::evidence(evidence, words))
                .collect(),
            missing: finding.missing.iter().map(|path| path.en.as_str()).collect(),
            fingerprint: &finding.fingerprint,
        }
    }
}

/// A place; which fields it has depends on the kind of file.
#[derive(Serialize, Default)]
pub(super) struct PlaceJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    file: &'a str,
    #[serde(flatten)]
    text: Option<TextJson>,
    #[serde(flatten)]
    cell: Option<CellJson<'a>>,
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
}

/// A diagnostic as the formats for scripts have it.
pub(super) fn diagnostic(found: &Diagnostic, language: Language) -> serde_json::Value {
    serde_json::to_value(DiagnosticJson::of(found, Words::of(language))).unwrap_or_default()
}

/// A place as the formats for scripts have it.
pub(super) fn place(place: &Place) -> serde_json::Value {
    serde_json::to_value(PlaceJson::of(None, place, "", None)).unwrap_or_default()
}

#[derive(Serialize)]
struct TextJson {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start: u64,
    end: u64,
}

#[derive(Serialize)]
struct CellJson<'a> {
    sheet: &'a str,
    cell: &'a str,
}

impl<'a> PlaceJson<'a> {
    pub(super) fn evidence(evidence: &'a Evidence, words: &Words) -> Self {
        let role = match evidence.role {
            Role::Data => "data",
            Role::Policy => "policy",
        };
        Self::of(Some(role), &evidence.place, words.pick(&evidence.label), english(&evidence.value))
    }

    pub(super) fn of(
        role: Option<&'static str>,
        place: &'a Place,
        label: &'a str,
        value: Option<&'a str>,
    ) -> Self {
        let place_json = Self { role, file: &place.file, label, value, ..Self::default() };
        match &place.at {
            At::File => place_json,
            At::Text { from, to, start, end } => {
                let text = TextJson {
                    line: from.line,
                    column: from.column,
                    end_line: to.line,
                    end_column: to.column,
                    start: *start,
                    end: *end,
                };
                Self { text: Some(text), ..place_json }
            }
            At::Cell { sheet, cell } => Self { cell: Some(CellJson { sheet, cell }), ..place_json },
        }
    }
}
