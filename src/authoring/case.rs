//! Cases: as they are written, and what came of them.

use super::answer::{CaseExpectation, CaseRow, CaseRows, CaseSnapshot, CaseState, Location, Told};
use super::view::View;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::Run;
use crate::finding::Outcome;
use crate::say;
use crate::testing::expect::came;
use crate::testing::file::{self, Case, Expectation};
use crate::testing::suite::{self, CaseResult, Judged, Suite};
use crate::text::Source;
use crate::workspace::{Member, clean, slashed};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

/// Whether a file has the cases of a policy.
pub(super) fn is_cases(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".cases.toml"))
}

/// The policy that a file of cases stands beside.
pub(super) fn policy_of(path: &Path) -> PathBuf {
    match is_cases(path) {
        true => path.with_extension("").with_extension("fan"),
        false => path.to_owned(),
    }
}

impl View {
    /// The cases of a policy, by its path or that of the cases, with what came of them.
    #[must_use]
    pub fn cases(&self, path: &Path) -> Vec<CaseState> {
        let Some(module) = self.module(&policy_of(path)) else { return Vec::new() };
        self.kept_cases(module, || self.judge_cases(module))
    }

    fn judge_cases(&self, module: usize) -> Vec<CaseState> {
        let Some(suite) = self.suite(module) else { return Vec::new() };
        let path = self.case_path(&suite);
        if !self.project().store.is_file(&path) {
            return Vec::new();
        }
        let judged = suite.judge("");
        let (root, _) = DeTable::parse_recoverable(&suite.source.text);
        let written = Written { text: &suite.source.text, root: root.get_ref() };
        let state = |result: &CaseResult| self.case(&judged, result, (&path, &written));
        judged.results.iter().filter_map(state).collect()
    }

    /// The cases beside a policy, read and not yet judged.
    fn suite(&self, module: usize) -> Option<Suite> {
        let path = self.project().paths.get(module)?.clone();
        Some(Suite::of(Member { project: self.project().clone(), module, path }))
    }

    /// The file that the cases of a policy stand in: beside it, or beside the one that has them.
    fn case_path(&self, suite: &Suite) -> PathBuf {
        let own = suite::beside(&suite.member.path);
        let other = suite.own.as_ref().and_then(|own| file::same_as(&own.text));
        other.map_or_else(|| own.clone(), |other| clean(&own.with_file_name(&*slashed(&other))))
    }

    fn case(
        &self,
        judged: &Judged<'_>,
        result: &CaseResult,
        (path, written): (&Path, &Written<'_>),
    ) -> Option<CaseState> {
        let mut days = judged.days.iter();
        let (day, ready) = days.find_map(|day| {
            let own = day.cases.iter().find(|ready| ready.case.name == result.name)?;
            Some((day, own))
        })?;
        let case = &ready.case;
        let sound = ready.faults.is_empty() && judged.diagnostics.is_empty();
        let run = sound.then(|| ready.run(&day.policy));
        let at = |span: Range<usize>| Location { path: path.to_owned(), span, cell: None };
        let told = |found: &Diagnostic| self.told_in(found, path);
        let expected = case.expectations.iter();
        let expected = expected.map(|one| self.expectation(one, run.as_ref(), ready.module));
        let (unexpected, told_all): (Vec<Told>, Vec<Told>) =
            result.diagnostics.iter().map(told).partition(|told| told.code == "case_unexpected");
        let change = result.change.as_ref();
        let snapshot = change.map(|change| CaseSnapshot::of(change, result.snapshot.clone()));
        Some(CaseState {
            name: result.name.clone(),
            why: case.why.clone(),
            policy: judged.suite.member.path.clone(),
            at: at(case.span.clone()),
            status: result.status,
            as_of: case.as_of.map(|day| day.to_string()),
            given: written.given(case),
            expected: expected.collect(),
            told: unexpected.iter().cloned().chain(told_all).collect(),
            unexpected,
            snapshot,
        })
    }

    fn expectation(
        &self,
        stated: &Expectation,
        run: Option<&Run>,
        module: usize,
    ) -> CaseExpectation {
        let came = run.and_then(|run| came(run, module, stated));
        let expected = words(stated.outcome, stated.demanded.as_ref());
        let of = |(outcome, demanded): &(Outcome, Option<Bilingual>)| {
            let mut said = Vec::new();
            if stated.outcome.is_some() || stated.demanded.is_none() {
                said.push(outcome.said());
            }
            if stated.demanded.is_some() {
                said.extend(Some(demanded.clone().unwrap_or_else(|| say!("没有", "nothing"))));
            }
            joined(&said)
        };
        let agrees = |(outcome, demanded): &(Outcome, Option<Bilingual>)| {
            stated.outcome.is_none_or(|wanted| wanted == *outcome)
                && stated.demanded.as_ref().is_none_or(|wanted| {
                    let is = |own: &Bilingual| own.zh == *wanted || own.en == *wanted;
                    demanded.as_ref().is_some_and(is)
                })
        };
        CaseExpectation {
            span: stated.span.clone(),
            table: stated.table.clone(),
            key: stated.key.clone(),
            element: stated.path.clone(),
            article: stated.article.clone(),
            expected,
            actual: came.as_ref().map(of),
            agrees: came.as_ref().is_some_and(agrees),
        }
    }

    /// Mistakes of all case files as such: nothing is judged.
    pub(super) fn wrong_cases(&self) -> Vec<Told> {
        let paths = self.project().paths.iter().map(|path| suite::beside(path));
        paths.flat_map(|path| self.wrong_cases_of(&path)).collect()
    }

    /// Mistakes of a case file as such.
    pub(super) fn wrong_cases_of(&self, path: &Path) -> Vec<Told> {
        if !self.project().store.is_file(path) {
            return Vec::new();
        }
        let Some(text) = self.read(path) else { return Vec::new() };
        self.kept_wrong(path, &text, || self.find_wrong(path, text.clone()))
    }

    fn find_wrong(&self, path: &Path, text: Arc<str>) -> Vec<Told> {
        let source = Source::new(path.to_string_lossy(), text);
        let (root, broken) = DeTable::parse_recoverable(&source.text);
        let mut found: Vec<Diagnostic> = suite::broken_toml(&source, broken);
        found.extend(match root.get_ref().contains_key("same_as") {
            true => file::beside_shared(&source, root.get_ref()).1,
            false => file::read(&source, root.get_ref()).1,
        });
        found.iter().map(|found| self.told_in(found, path)).collect()
    }

    /// A mistake of a case file, whatever it is called there.
    fn told_in(&self, found: &Diagnostic, path: &Path) -> Told {
        let mut told = self.told(found);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let is_own = |place: &crate::place::Place| {
            name.as_ref().is_some_and(|name| place.file.ends_with(&**name))
        };
        if let Some(label) = found.labels.first().filter(|label| is_own(&label.place)) {
            told.at = self.within(&label.place, path);
        }
        told
    }
}

/// An outcome and a disposition in words.
fn words(outcome: Option<Outcome>, demanded: Option<&String>) -> Bilingual {
    let outcome = outcome.map(Outcome::said);
    let demanded = demanded.map(|demanded| Bilingual::same(demanded.clone()));
    joined(&outcome.into_iter().chain(demanded).collect::<Vec<_>>())
}

fn joined(said: &[Bilingual]) -> Bilingual {
    let zh: Vec<&str> = said.iter().map(|said| &*said.zh).collect();
    let en: Vec<&str> = said.iter().map(|said| &*said.en).collect();
    Bilingual::new(zh.join("，"), en.join(", "))
}

/// A case file as it is written.
struct Written<'d> {
    text: &'d str,
    root: &'d DeTable<'d>,
}

impl Written<'_> {
    /// The rows that a case gives, as written.
    fn given(&self, case: &Case) -> Vec<CaseRows> {
        let table = |rows: &file::Rows| CaseRows {
            table: rows.table.clone(),
            span: rows.span.clone(),
            rows: self.rows(rows.span.start),
        };
        case.rows.iter().map(table).collect()
    }

    /// The rows of the table whose name begins at a byte.
    fn rows(&self, start: usize) -> Vec<CaseRow> {
        let mut open: Vec<&DeTable<'_>> = vec![self.root];
        while let Some(table) = open.pop() {
            for (key, value) in table {
                if key.span().start == start {
                    return self.listed(value);
                }
                open.extend(inner(value.get_ref()));
            }
        }
        Vec::new()
    }

    fn listed(&self, value: &toml::Spanned<DeValue<'_>>) -> Vec<CaseRow> {
        match value.get_ref() {
            DeValue::Array(several) => several.iter().filter_map(|one| self.row(one)).collect(),
            _ => self.row(value).into_iter().collect(),
        }
    }

    fn row(&self, value: &toml::Spanned<DeValue<'_>>) -> Option<CaseRow> {
        let mut fields: Vec<_> = value.get_ref().as_table()?.iter().collect();
        fields.sort_by_key(|(key, _)| key.span().start);
        let field = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
            let name: &std::borrow::Cow<'_, str> = key.get_ref();
            let written = self.text.get(value.span()).unwrap_or("").to_owned();
            (name.to_string(), written, value.span())
        };
        let fields = fields.into_iter().map(field).collect();
        Some(CaseRow { span: value.span(), fields })
    }
}

/// The tables in a value.
fn inner<'d>(value: &'d DeValue<'d>) -> Vec<&'d DeTable<'d>> {
    match value {
        DeValue::Table(table) => vec![table],
        DeValue::Array(several) => several.iter().flat_map(|one| inner(one.get_ref())).collect(),
        _ => Vec::new(),
    }
}
