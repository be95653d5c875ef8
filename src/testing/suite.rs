//! One policy and its case file: compiled once a day judged for, each case loaded once.

use super::engine::{Engine, Run, Text, analyse, inputs, load};
use super::expect::{Difference, differences};
use super::file::{self, Case, CaseFile};
use super::{message, snapshot};
use crate::analysis::Analysis;
use crate::data::{Data, Input};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::place::Place;
use crate::text::Source;
use crate::verdict::{Explainer, Phrases};
use crate::workspace::{Project, clean, read_text, shown, slashed};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// A policy with its case file, read but not yet compiled.
pub struct Suite {
    /// The policy and what it uses.
    pub project: Project,
    /// The text of the cases.
    pub source: Source,
    /// The file beside the policy, where its cases are those of another: the same policy in another
    /// language.
    pub own: Option<Source>,
    /// The folder of the snapshots.
    pub snapshots: PathBuf,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As stated.
    Passed,
    /// Otherwise than stated.
    Failed,
    /// It could not be judged: its rows could not be loaded, or facts are missing.
    Error,
}

impl Status {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }
}

/// One case, judged.
#[derive(Debug)]
pub struct CaseResult {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// How it ended.
    pub status: Status,
    /// What is to be said.
    pub diagnostics: Vec<Diagnostic>,
    /// A snapshot that differs from the record.
    pub change: Option<snapshot::Change>,
}

/// A case with its rows, ready to be judged by any version of the policy.
pub struct Ready<'r> {
    /// The case.
    pub case: &'r Case<'r>,
    /// Its rows.
    pub data: Data<'r>,
    /// What is wrong with them.
    pub faults: Vec<Diagnostic>,
    /// The record that was accepted; `None` for cases that state expectations.
    pub accepted: Option<String>,
}

/// A case, its inputs, and the tables it names that there are not.
type Located<'d> = (&'d Case<'d>, Vec<Input<'d>>, Vec<Diagnostic>);

/// All cases of one day.
pub struct Day<'r> {
    /// The day.
    pub as_of: Date,
    /// The policy as it stands.
    pub engine: Engine<'r>,
    /// What its names refer to.
    pub analysis: &'r Analysis,
    /// The cases.
    pub cases: Vec<Ready<'r>>,
}

/// Everything about a suite that is needed after its cases were judged.
pub struct Judged<'r> {
    /// The suite.
    pub suite: &'r Suite,
    /// Its case file.
    pub file: &'r CaseFile<'r>,
    /// Its days.
    pub days: Vec<Day<'r>>,
    /// Its cases, in the order of the file.
    pub results: Vec<CaseResult>,
    /// Mistakes of policy and case file.
    pub diagnostics: Vec<Diagnostic>,
    /// How many cases the filter left out.
    pub left_out: usize,
}

/// The case file beside a policy.
#[must_use]
pub fn beside(policy: &Path) -> PathBuf {
    policy.with_extension("cases.toml")
}

impl Suite {
    /// Reads a policy, what it uses, and its cases.
    #[must_use]
    pub fn read(policy: &Path) -> Self {
        let mut project = Project::of_file(policy, true);
        let mut read = |path: &Path| {
            let name = shown(path);
            let text = read_text(path, &name, &mut project.diagnostics);
            Source::new(&*name, text.unwrap_or_default())
        };
        let path = beside(policy);
        let mut source = read(&path);
        let same_as =
            file::same_as(&source.text).map(|other| clean(&path.with_file_name(&*slashed(&other))));
        let own = same_as.map(|other| std::mem::replace(&mut source, read(&other)));
        Self { project, source, own, snapshots: policy.with_extension("cases") }
    }

    /// The file beside the policy.
    #[must_use]
    pub fn beside(&self) -> &Source {
        self.own.as_ref().unwrap_or(&self.source)
    }

    /// The policy's name for people: its file.
    #[must_use]
    pub fn name(&self) -> &str {
        self.project.sources.iter().next().map_or("", |(_, source)| &source.name)
    }

    /// Judges all cases whose names hold `filter`, and hands them on.
    pub fn judge<R>(&self, filter: &str, then: impl FnOnce(Judged<'_>) -> R) -> R {
        let (root, broken) = DeTable::parse_recoverable(&self.source.text);
        let mut diagnostics: Vec<Diagnostic> = self.errors(&self.project.diagnostics);
        diagnostics.extend(broken.iter().map(|error| broken_toml(&self.source, error)));
        let (mut file, found) = file::read(&self.source, root.get_ref());
        diagnostics.extend(found);
        if let Some(own) = &self.own {
            let (root, broken) = DeTable::parse_recoverable(&own.text);
            diagnostics.extend(broken.iter().map(|error| broken_toml(own, error)));
            let (equivalents, found) = file::beside_shared(own, root.get_ref());
            diagnostics.extend(found);
            file.equivalents = equivalents;
        }
        let chosen: Vec<&Case<'_>> =
            file.cases.iter().filter(|case| case.name.contains(filter)).collect();
        let left_out = file.cases.len() - chosen.len();
        let of_case =
            |case: &Case<'_>| case.as_of.or(file.as_of).unwrap_or(Date::constant(1970, 1, 1));
        let mut dates: Vec<Date> = chosen.iter().map(|case| of_case(case)).collect();
        dates.sort_unstable();
        dates.dedup();
        let analyses: Vec<Analysis> = dates
            .iter()
            .map(|date| {
                analyse(&self.project.files, &self.project.sources, &file, &self.source, *date)
            })
            .collect();
        for diagnostic in analyses.iter().flat_map(|analysis| self.errors(&analysis.diagnostics)) {
            if !diagnostics.contains(&diagnostic) {
                diagnostics.push(diagnostic);
            }
        }
        let store = Text(&self.source.text);
        let loads: Vec<Vec<Located<'_>>> = dates
            .iter()
            .zip(&analyses)
            .map(|(date, analysis)| {
                let own = chosen.iter().filter(|case| of_case(case) == *date);
                own.map(|case| {
                    let (inputs, wrong) = inputs(
                        &analysis.program.schema,
                        &self.source,
                        &store,
                        file.given.iter().chain(&case.rows),
                    );
                    (*case, inputs, wrong)
                })
                .collect()
            })
            .collect();
        let days: Vec<Day<'_>> = dates
            .iter()
            .zip(&analyses)
            .zip(&loads)
            .map(|((date, analysis), loads)| Day {
                as_of: *date,
                engine: Engine::new(&analysis.program, *date),
                analysis,
                cases: loads
                    .iter()
                    .map(|(case, inputs, wrong)| self.ready(analysis, case, inputs, wrong))
                    .collect(),
            })
            .collect();
        let compiled = diagnostics.is_empty();
        let all = days.iter().flat_map(|day| day.cases.iter().map(move |case| (day, case)));
        let mut results: Vec<CaseResult> = all
            .map(|(day, case)| if compiled { self.result(day, case) } else { self.unjudged(case) })
            .collect();
        results.sort_by_key(|result| chosen.iter().position(|case| case.name == result.name));
        then(Judged { suite: self, file: &file, days, results, diagnostics, left_out })
    }

    fn ready<'r>(
        &self,
        analysis: &'r Analysis,
        case: &'r Case<'r>,
        inputs: &'r [Input<'r>],
        wrong: &[Diagnostic],
    ) -> Ready<'r> {
        let (data, found) = load(&analysis.program.schema, inputs);
        let accepted = case
            .expectations
            .is_empty()
            .then(|| snapshot::read(&self.snapshots, &case.name))
            .flatten();
        let faults =
            wrong.iter().cloned().chain(found).map(|fault| message::in_case(case, fault)).collect();
        Ready { case, data, faults, accepted }
    }

    fn errors(&self, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .cloned()
            .collect()
    }

    fn unjudged(&self, ready: &Ready<'_>) -> CaseResult {
        let place = Place::of(&self.source, ready.case.span.clone());
        CaseResult {
            name: ready.case.name.clone(),
            place,
            status: Status::Error,
            diagnostics: ready.faults.clone(),
            change: None,
        }
    }

    fn result(&self, day: &Day<'_>, ready: &Ready<'_>) -> CaseResult {
        let mut result = self.unjudged(ready);
        let (_, mistaken) = day.engine.calendar(&ready.data);
        let mistaken = self.errors(&mistaken).into_iter();
        result.diagnostics.extend(mistaken.map(|fault| message::in_case(ready.case, fault)));
        if !result.diagnostics.is_empty() {
            return result;
        }
        explained(self, &day.engine, day.analysis, ready, |run, explainer| {
            if ready.case.expectations.is_empty() {
                let record = snapshot::record(run, explainer, ready.case, day.as_of);
                if ready.accepted.as_deref() != Some(&record) {
                    let change = snapshot::Change { before: ready.accepted.clone(), after: record };
                    result.status =
                        if change.is_undetermined() { Status::Error } else { Status::Failed };
                    result.diagnostics.push(message::snapshot(&result, &change));
                    result.change = Some(change);
                    return;
                }
                result.status = Status::Passed;
                return;
            }
            let found = differences(run, ready.case, explainer);
            result.status = match found.is_empty() {
                true => Status::Passed,
                false if found.iter().any(Difference::is_error) => Status::Error,
                false => Status::Failed,
            };
            result.diagnostics = found
                .iter()
                .map(|found| message::difference(run, explainer, &self.source, ready.case, found))
                .collect();
        });
        result
    }
}

fn broken_toml(source: &Source, error: &toml::de::Error) -> Diagnostic {
    let (message, help) = crate::data::toml_error(&source.text, error);
    let place = Place::of(source, error.span().unwrap_or(0..0));
    Diagnostic::error("case_file_syntax", message).help(help).at(place, Bilingual::default())
}

/// Judges a case by some version of the policy.
pub fn explained<R>(
    suite: &Suite,
    engine: &Engine<'_>,
    analysis: &Analysis,
    ready: &Ready<'_>,
    then: impl FnOnce(&Run<'_>, &Explainer<'_, '_>) -> R,
) -> R {
    let (calendar, _) = engine.calendar(&ready.data);
    let run = engine.run(&ready.data, calendar.as_ref());
    let phrases = Phrases::new(&suite.project.sources, &suite.project.files, &analysis.names);
    let explainer = Explainer {
        evaluator: &run.evaluator,
        judgements: &engine.judgements,
        decisions: &engine.decisions,
        verdicts: &[],
        located: &*ready.data.located,
        phrases: &phrases,
        article_names: &[],
        keys: &[],
        waivers: &[],
    };
    then(&run, &explainer)
}

/// Whether a version of the policy comes out otherwise than a case says.
#[must_use]
pub fn notices(
    suite: &Suite,
    as_of: Date,
    engine: &Engine<'_>,
    analysis: &Analysis,
    ready: &Ready<'_>,
) -> bool {
    explained(suite, engine, analysis, ready, |run, explainer| {
        if ready.case.expectations.is_empty() {
            return ready.accepted.as_deref()
                != Some(&snapshot::record(run, explainer, ready.case, as_of));
        }
        !differences(run, ready.case, explainer).is_empty()
    })
}
