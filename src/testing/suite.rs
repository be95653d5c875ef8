//! One policy and its case file: compiled once a day judged for, each case loaded once.

use super::engine::{given, settings};
use super::expect::{Difference, differences};
use super::file::{self, Case, CaseFile};
use super::{message, snapshot};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{Keep, Policy, Rows, Run, Texts};
use crate::place::Place;
use crate::syntax::tree::File;
use crate::text::Source;
use crate::workspace::{Project, clean, read_text, shown, slashed};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::sync::Arc;
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
pub struct Ready {
    /// The case.
    pub case: Case,
    /// Its rows.
    pub rows: Arc<Rows>,
    /// What is wrong with them.
    pub faults: Vec<Diagnostic>,
    /// The record that was accepted; `None` for cases that state expectations.
    pub accepted: Option<String>,
}

/// All cases of one day.
pub struct Day {
    /// The day.
    pub as_of: Date,
    /// The policy as it stands.
    pub policy: Arc<Policy>,
    /// The cases.
    pub cases: Vec<Ready>,
}

/// Everything about a suite that is needed after its cases were judged.
pub struct Judged<'r> {
    /// The suite.
    pub suite: &'r Suite,
    /// Its case file.
    pub file: CaseFile,
    /// Its days.
    pub days: Vec<Day>,
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

    /// Judges all cases whose names hold `filter`.
    #[must_use]
    pub fn judge(&self, filter: &str) -> Judged<'_> {
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
        let chosen: Vec<Case> =
            file.cases.iter().filter(|case| case.name.contains(filter)).cloned().collect();
        let left_out = file.cases.len() - chosen.len();
        let of_case = |case: &Case| case.as_of.or(file.as_of).unwrap_or(Date::constant(1970, 1, 1));
        let mut dates: Vec<Date> = chosen.iter().map(of_case).collect();
        dates.sort_unstable();
        dates.dedup();
        let mut days = Vec::new();
        for date in dates {
            let policy = Arc::new(self.compile(&self.project.files, &file, date));
            for diagnostic in self.errors(&policy.diagnostics) {
                if !diagnostics.contains(&diagnostic) {
                    diagnostics.push(diagnostic);
                }
            }
            let own = chosen.iter().filter(|case| of_case(case) == date);
            let cases = own.map(|case| self.ready(&policy, &file, case)).collect();
            days.push(Day { as_of: date, policy, cases });
        }
        let compiled = diagnostics.is_empty();
        let all = days.iter().flat_map(|day: &Day| day.cases.iter().map(move |case| (day, case)));
        let mut results: Vec<CaseResult> = all
            .map(|(day, case)| if compiled { self.result(day, case) } else { self.unjudged(case) })
            .collect();
        results.sort_by_key(|result| chosen.iter().position(|case| case.name == result.name));
        Judged { suite: self, file, days, results, diagnostics, left_out }
    }

    /// Some version of the policy, compiled for a day as the cases want it.
    #[must_use]
    pub fn compile(&self, files: &[File], file: &CaseFile, as_of: Date) -> Policy {
        let texts = Texts {
            sources: self.project.sources.clone(),
            files: files.to_vec(),
            diagnostics: Vec::new(),
        };
        Policy::compile(texts, &settings(file, &self.source, as_of))
    }

    fn ready(&self, policy: &Policy, file: &CaseFile, case: &Case) -> Ready {
        let rows = file.given.iter().chain(&case.rows);
        let (given, mut faults) = given(policy.schema(), &self.source, rows);
        let rows = Rows::load(policy, given, Keep::Everything);
        faults.extend(self.errors(&rows.diagnostics));
        let faults = faults.into_iter().map(|fault| message::in_case(case, fault)).collect();
        let accepted = case
            .expectations
            .is_empty()
            .then(|| snapshot::read(&self.snapshots, &case.name))
            .flatten();
        Ready { case: case.clone(), rows: Arc::new(rows), faults, accepted }
    }

    fn errors(&self, diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .cloned()
            .collect()
    }

    fn unjudged(&self, ready: &Ready) -> CaseResult {
        let place = Place::of(&self.source, ready.case.span.clone());
        CaseResult {
            name: ready.case.name.clone(),
            place,
            status: Status::Error,
            diagnostics: ready.faults.clone(),
            change: None,
        }
    }

    fn result(&self, day: &Day, ready: &Ready) -> CaseResult {
        let mut result = self.unjudged(ready);
        if !result.diagnostics.is_empty() {
            return result;
        }
        let run = ready.run(&day.policy);
        if ready.case.expectations.is_empty() {
            let record = snapshot::record(&run, &ready.case, day.as_of);
            if ready.accepted.as_deref() == Some(&record) {
                result.status = Status::Passed;
                return result;
            }
            let change = snapshot::Change { before: ready.accepted.clone(), after: record };
            result.status = if change.is_undetermined() { Status::Error } else { Status::Failed };
            result.diagnostics.push(message::snapshot(&result, &change));
            result.change = Some(change);
            return result;
        }
        let found = differences(&run, &ready.case);
        result.status = match found.is_empty() {
            true => Status::Passed,
            false if found.iter().any(Difference::is_error) => Status::Error,
            false => Status::Failed,
        };
        result.diagnostics = found
            .iter()
            .map(|found| message::difference(&run, &self.source, &ready.case, found))
            .collect();
        result
    }
}

fn broken_toml(source: &Source, error: &toml::de::Error) -> Diagnostic {
    let (message, help) = crate::data::toml_error(&source.text, error);
    let place = Place::of(source, error.span().unwrap_or(0..0));
    Diagnostic::error("case_file_syntax", message).help(help).at(place, Bilingual::default())
}

impl Ready {
    /// The case under some version of the policy: judged as far as it is asked.
    #[must_use]
    pub fn run(&self, policy: &Arc<Policy>) -> Run {
        Run::on_demand(policy.clone(), Arc::new(self.rows.under(policy)))
    }

    /// Whether a version of the policy comes out otherwise than the case says.
    #[must_use]
    pub fn notices(&self, policy: &Arc<Policy>, as_of: Date) -> bool {
        let run = self.run(policy);
        if self.case.expectations.is_empty() {
            let record = snapshot::record(&run, &self.case, as_of);
            return self.accepted.as_deref() != Some(&record);
        }
        !differences(&run, &self.case).is_empty()
    }
}
