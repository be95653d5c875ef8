//! What comes out otherwise than with what is saved.

use super::answer::{CaseFlip, Flips, RowFlip};
use super::verdict::{address, worst};
use super::view::View;
use crate::engine::{RowKey, RowRef, RuleId, Run};
use crate::finding::Outcome;
use crate::testing::suite::{self, Status};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many rows are listed.
const LISTED: usize = 2000;

/// Findings about rows, by rule and row.
type Found = BTreeMap<(String, RowKey), (RuleId, RowRef, Outcome)>;

impl View {
    /// The rows and cases that come out otherwise than in what is saved: rows are told apart as
    /// `diff` tells them, by table and key, else by what they say.
    #[must_use]
    pub fn flips(&self, saved: &View) -> Flips {
        Flips { cases: self.case_flips(saved), ..self.row_flips(saved) }
    }

    /// The rows alone, which are known long before the cases are judged.
    #[must_use]
    pub fn row_flips(&self, saved: &View) -> Flips {
        let (old, new) = (saved.run(), self.run());
        let (before, after) = (found(old), found(new));
        let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        let (mut rows, mut more) = (Vec::new(), 0);
        let (mut old_rows, mut new_rows) = (Rows::of(old), Rows::of(new));
        for key in keys {
            let (was, is) = (before.get(key), after.get(key));
            let outcome =
                |found: Option<&(RuleId, RowRef, Outcome)>| found.map(|(.., outcome)| *outcome);
            let old_outcome = outcome(was).or_else(|| old_rows.outcome(key));
            let new_outcome = outcome(is).or_else(|| new_rows.outcome(key));
            if old_outcome == new_outcome {
                continue;
            }
            if rows.len() == LISTED {
                more += 1;
                continue;
            }
            let (run, rule, row) = match (is, was) {
                (Some((rule, row, _)), _) => (new, *rule, *row),
                (None, Some((rule, row, _))) => (old, *rule, *row),
                (None, None) => continue,
            };
            let subject = run.subject(row.frame, row.row);
            rows.push(RowFlip {
                rule: key.0.clone(),
                heading: run.policy.rules.heading(rule),
                id: named(new, &key.0),
                table: subject.table,
                key: run.row_name(row),
                row: address(run, row),
                title: subject.title,
                before: old_outcome,
                after: new_outcome,
            });
        }
        Flips { rows, more, cases: Vec::new() }
    }

    /// Whether all that the cases of a policy rest on is the same in both: the manifest, the cases,
    /// the texts of the policy and of those it uses.
    fn is_tested_alike(&self, saved: &View, policy: &Path) -> bool {
        let texts = |view: &View| -> Option<Vec<Arc<str>>> {
            let module = view.module(policy)?;
            let seen = view.seen(module);
            let own = seen.into_iter().filter_map(|at| Some(view.source(at)?.text.clone()));
            Some(own.collect())
        };
        let beside = |view: &View| view.read(&suite::beside(policy));
        let manifest = |view: &View| view.project().manifest_source.text.clone();
        texts(self) == texts(saved)
            && beside(self) == beside(saved)
            && manifest(self) == manifest(saved)
    }

    fn case_flips(&self, saved: &View) -> Vec<CaseFlip> {
        let states = |view: &View, path: &Path| -> BTreeMap<String, Status> {
            view.cases(path).into_iter().map(|case| (case.name, case.status)).collect()
        };
        let paths: BTreeSet<PathBuf> =
            self.project().paths.iter().chain(&saved.project().paths).cloned().collect();
        let mut flips = Vec::new();
        for policy in paths.into_iter().filter(|policy| !self.is_tested_alike(saved, policy)) {
            let (before, after) = (states(saved, &policy), states(self, &policy));
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for name in names {
                let (was, is) = (before.get(name).copied(), after.get(name).copied());
                if was != is {
                    let (policy, name) = (policy.clone(), name.clone());
                    flips.push(CaseFlip { policy, name, before: was, after: is });
                }
            }
        }
        flips
    }
}

/// The rule of a code.
fn named(run: &Run, code: &str) -> Option<RuleId> {
    run.policy.rules.iter().find(|(_, name)| name.code == code).map(|(rule, _)| rule)
}

/// The gravest finding of each rule about each row.
fn found(run: &Run) -> Found {
    let mut found = Found::new();
    for (index, verdict) in run.verdicts.iter().enumerate() {
        let (Some(rule), Some(row)) = (run.rule(index), run.row_of(index)) else { continue };
        if verdict.outcome == Outcome::Waiver {
            continue;
        }
        let Some(mark) = run.row_mark(row) else { continue };
        let key = (run.policy.rules.code(rule).to_owned(), mark);
        let own = found.entry(key).or_insert((rule, row, verdict.outcome));
        own.2 = own.2.min(verdict.outcome);
    }
    found
}

/// The rows of a run by what they are known by, of the tables that are asked for.
struct Rows<'r> {
    run: &'r Run,
    tables: BTreeMap<String, BTreeMap<RowKey, RowRef>>,
    rules: BTreeMap<String, RuleId>,
}

impl<'r> Rows<'r> {
    fn of(run: &'r Run) -> Self {
        let rules = run.policy.rules.iter().map(|(rule, name)| (name.code.clone(), rule));
        Self { run, tables: BTreeMap::new(), rules: rules.collect() }
    }

    /// What became of a rule for a row about which there is no finding.
    fn outcome(&mut self, (rule, key): &(String, RowKey)) -> Option<Outcome> {
        let rule = *self.rules.get(rule)?;
        let run = self.run;
        let rows = self.tables.entry(key.table.clone()).or_insert_with(|| {
            let table = run.schema().tables().find(|(_, frame)| frame.names.en() == key.table);
            let rows = table
                .into_iter()
                .flat_map(|(frame, _)| (0..run.len(frame)).map(move |row| RowRef { frame, row }));
            rows.filter_map(|row| Some((run.row_mark(row)?, row))).collect()
        });
        Some(worst(run, rule, *rows.get(key)?))
    }
}
