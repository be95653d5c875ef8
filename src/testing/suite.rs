//! One policy and its case file: compiled once a day judged for, each case loaded once.

use super::engine::{Terms, given, settings};
use super::expect::{Difference, differences};
use super::file::{self, Case, CaseFile};
use super::{message, snapshot};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{Keep, Policy, Rows, Run, Source as Given, Texts};
use crate::place::Place;
use crate::provision::Libraries;
use crate::steps::step;
use crate::syntax::tree::File;
use crate::text::Source;
use crate::workspace::{CASES, Inputs, Member, Project, clean, read_text, shown, slashed};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::DeTable;

/// A policy with its case file, read but not yet compiled.
pub struct Suite {
    /// The policy and what it is compiled with.
    pub member: Member,
    /// The text of the cases.
    pub source: Source,
    /// The file beside the policy, where its cases are those of another: the same policy in another
    /// language.
    pub own: Option<Source>,
    /// The folder of the snapshots.
    pub snapshots: PathBuf,
    /// What could not be read of the cases.
    pub unread: Vec<Diagnostic>,
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
    /// The snapshot's file.
    pub snapshot: PathBuf,
}

/// A case with its rows, ready to be judged by any version of the policy.
pub struct Ready {
    /// Which of the files the policy is.
    pub module: usize,
    /// The case.
    pub case: Case,
    /// Its rows.
    pub rows: Arc<Rows>,
    /// What is wrong with them.
    pub faults: Vec<Diagnostic>,
    /// The record that was accepted; `None` for cases that state expectations.
    pub accepted: Option<String>,
    /// The file of that record.
    pub snapshot: PathBuf,
}

/// All cases that are judged under the same terms: of one day, unless they set parameters.
pub struct Day {
    /// The terms.
    pub terms: Terms,
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
    /// Mistakes of the policy, of what it uses and of the case file: nothing is judged then.
    pub diagnostics: Vec<Diagnostic>,
    /// Mistakes elsewhere in the project: the cases are judged all the same.
    pub elsewhere: Vec<Diagnostic>,
    /// How many cases the filter left out.
    pub left_out: usize,
}

/// For what has to be given a day where none is written.
const ANY_DAY: Date = Date::constant(1970, 1, 1);

/// The case file beside a policy.
#[must_use]
pub fn beside(policy: &Path) -> PathBuf {
    policy.with_extension("cases.toml")
}

/// The folder of a policy's snapshots.
fn snapshots(policy: &Path) -> PathBuf {
    policy.with_extension("cases")
}

/// What a project is read from, and the cases and snapshots of its policies.
#[must_use]
pub fn inputs(project: &Project) -> Inputs {
    let cases = |policy: &PathBuf| {
        let own = beside(policy);
        let files = &*project.store;
        let text = read_text(files, &own, "", CASES, &mut Vec::new()).unwrap_or_default();
        let shared = file::same_as(&text).map(|other| own.with_file_name(&*slashed(&other)));
        let folder = snapshots(policy);
        let accepted = files.list(&folder).unwrap_or_default();
        let accepted: Vec<PathBuf> =
            accepted.into_iter().map(|entry| folder.join(entry.name)).collect();
        [own].into_iter().chain(shared).chain(accepted)
    };
    project.inputs().and(Inputs::of(project.paths.iter().flat_map(cases)))
}

impl Suite {
    /// Reads a policy by its path, what it is compiled with, and its cases.
    #[must_use]
    pub fn read(policy: &Path) -> Self {
        Self::of(Member::of(policy))
    }

    /// Reads the cases of a policy.
    #[must_use]
    pub fn of(member: Member) -> Self {
        let mut unread = Vec::new();
        let mut read = |path: &Path| {
            let name = shown(path);
            let text = read_text(&*member.project.store, path, &name, CASES, &mut unread);
            Source::new(&*name, text.unwrap_or_default())
        };
        let path = beside(&member.path);
        let mut source = read(&path);
        let same_as =
            file::same_as(&source.text).map(|other| clean(&path.with_file_name(&*slashed(&other))));
        let own = same_as.map(|other| std::mem::replace(&mut source, read(&other)));
        let snapshots = snapshots(&member.path);
        Self { member, source, own, snapshots, unread }
    }

    /// The file beside the policy.
    #[must_use]
    pub fn beside(&self) -> &Source {
        self.own.as_ref().unwrap_or(&self.source)
    }

    /// The policy's name for people: its file.
    #[must_use]
    pub fn name(&self) -> &str {
        let mut sources = self.member.project.sources.iter();
        sources.nth(self.member.module).map_or("", |(_, source)| &source.name)
    }

    /// The errors among these that keep the cases from being judged, and those elsewhere in the
    /// project, which `check` reports and judges all else in spite of.
    fn parted(&self, diagnostics: &[Diagnostic]) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
        let uses = self.member.uses();
        let policies = self.member.project.sources.iter().enumerate();
        let policies = policies.filter(|(at, _)| uses.contains(at)).map(|(_, (_, source))| source);
        let own: BTreeSet<&str> =
            policies.chain([&self.source, self.beside()]).map(|source| &*source.name).collect();
        let elsewhere = |found: &Diagnostic| {
            self.member.manifest().is_some()
                && found.labels.first().is_some_and(|label| !own.contains(&*label.place.file))
        };
        self.errors(diagnostics).into_iter().partition(|found| !elsewhere(found))
    }

    /// Judges all cases whose names hold `filter`.
    #[must_use]
    pub fn judge(&self, filter: &str) -> Judged<'_> {
        let (root, broken) = DeTable::parse_recoverable(&self.source.text);
        let (mut diagnostics, mut elsewhere) = self.parted(&self.member.project.diagnostics);
        diagnostics.extend(self.unread.iter().cloned());
        diagnostics.extend(broken_toml(&self.source, broken));
        let (mut file, found) = file::read(&self.source, root.get_ref());
        diagnostics.extend(found);
        if let Some(own) = &self.own {
            let (root, broken) = DeTable::parse_recoverable(&own.text);
            diagnostics.extend(broken_toml(own, broken));
            let (equivalents, found) = file::beside_shared(own, root.get_ref());
            diagnostics.extend(found);
            file.equivalents = equivalents;
        }
        let chosen: Vec<Case> =
            file.cases.iter().filter(|case| case.name.contains(filter)).cloned().collect();
        let left_out = file.cases.len() - chosen.len();
        let usual = file.as_of.or(self.member.project.manifest.as_of);
        let undated = chosen.iter().find(|case| case.as_of.or(usual).is_none());
        if let Some(case) = undated.filter(|_| diagnostics.is_empty()) {
            diagnostics.push(message::no_day(&self.source, case));
        }
        let of_case = |case: &Case| case.as_of.or(usual).unwrap_or(ANY_DAY);
        let terms_of =
            |case: &Case| Terms { as_of: of_case(case), parameters: case.parameters.clone() };
        let mut by_day: BTreeMap<Date, Vec<(Terms, Vec<&Case>)>> = BTreeMap::new();
        for case in &chosen {
            let terms = terms_of(case);
            let of_day = by_day.entry(terms.as_of).or_default();
            match of_day.iter_mut().find(|(own, _)| *own == terms) {
                Some((_, cases)) => cases.push(case),
                None => of_day.push((terms, vec![case])),
            }
        }
        let mut days = Vec::new();
        let names = snapshot::names(file.cases.iter().map(|case| &*case.name));
        for (terms, cases) in by_day.into_values().flatten() {
            let policy = Arc::new(self.compile(&self.member.project.files, &file, &terms));
            let (own, others) = self.parted(&policy.diagnostics);
            add_new(&mut diagnostics, own);
            add_new(&mut elsewhere, others);
            let texts = self.member.project.texts(policy.schema());
            let cases = cases.into_iter().map(|case| {
                let name = names.get(&*case.name).map_or("", |name| name);
                self.ready(&policy, (&file, &texts), (case, self.snapshots.join(name)))
            });
            let cases = cases.collect();
            days.push(Day { terms, policy, cases });
        }
        let compiled = diagnostics.is_empty();
        let all = days.iter().flat_map(|day: &Day| day.cases.iter().map(move |case| (day, case)));
        let mut results: Vec<CaseResult> = all
            .map(|(day, case)| if compiled { self.result(day, case) } else { self.unjudged(case) })
            .collect();
        let order: BTreeMap<&str, usize> =
            chosen.iter().enumerate().rev().map(|(at, case)| (&*case.name, at)).collect();
        results.sort_by_key(|result| {
            step();
            order.get(&*result.name).copied()
        });
        Judged { suite: self, file, days, results, diagnostics, elsewhere, left_out }
    }

    /// Some version of the policy, compiled as the cases want it.
    #[must_use]
    pub fn compile(&self, files: &[File], file: &CaseFile, terms: &Terms) -> Policy {
        let texts = Texts {
            sources: self.member.project.sources.clone(),
            files: files.to_vec(),
            diagnostics: Vec::new(),
        };
        Policy::compile(texts, &settings(&self.member.project, file, &self.source, terms))
    }

    fn ready(
        &self,
        policy: &Policy,
        (file, texts): (&CaseFile, &Libraries),
        (case, snapshot): (&Case, PathBuf),
    ) -> Ready {
        let rows = file.given.iter().chain(&case.rows);
        let (given, mut faults) = given(policy.schema(), &self.source, &self.member.project, rows);
        let given = Given { texts: texts.clone(), ..given };
        let rows = Rows::load(policy, given, Keep::Everything);
        faults.extend(self.errors(&rows.diagnostics));
        let accepted = match case.expectations.is_empty() {
            true => {
                snapshot::read(&*self.member.project.store, &snapshot).unwrap_or_else(|wrong| {
                    faults.extend(wrong);
                    None
                })
            }
            false => None,
        };
        let faults = faults.into_iter().map(|fault| message::in_case(case, fault)).collect();
        let (module, rows) = (self.member.module, Arc::new(rows));
        Ready { module, case: case.clone(), rows, faults, accepted, snapshot }
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
            snapshot: ready.snapshot.clone(),
        }
    }

    fn result(&self, day: &Day, ready: &Ready) -> CaseResult {
        let mut result = self.unjudged(ready);
        if !result.diagnostics.is_empty() {
            return result;
        }
        let run = ready.run(&day.policy);
        if ready.case.expectations.is_empty() {
            let record = snapshot::record(&run, ready.module, &ready.case, day.terms.as_of);
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
        let found = differences(&run, ready.module, &ready.case);
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

/// Adds those that are not there yet.
pub fn add_new(all: &mut Vec<Diagnostic>, more: Vec<Diagnostic>) {
    for diagnostic in more {
        if !all.contains(&diagnostic) {
            all.push(diagnostic);
        }
    }
}

/// What makes a case file no TOML.
#[must_use]
pub fn broken_toml(source: &Source, errors: Vec<toml::de::Error>) -> Vec<Diagnostic> {
    let said = |error: &toml::de::Error| {
        let (message, help) = crate::data::toml_error(&source.text, error);
        let place = Place::of(source, error.span().unwrap_or(0..0));
        Diagnostic::error("case_file_syntax", message).help(help).at(place, Bilingual::default())
    };
    crate::data::toml_causes(errors).iter().map(said).collect()
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
            let record = snapshot::record(&run, self.module, &self.case, as_of);
            return self.accepted.as_deref() != Some(&record);
        }
        !differences(&run, self.module, &self.case).is_empty()
    }
}
