//! Findings: gone, new, turned into another outcome, still there.

use super::cause::Causes;
use super::row::content_key;
use super::{Cause, PolicyEdit, Side, TableEdit};
use crate::finding::{Finding, Findings as _, Outcome};
use crate::report::root;
use crate::verdict::Explainer;
use std::collections::BTreeMap;

/// The findings of two runs, side by side.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Those only the earlier run has.
    pub fixed: Vec<Change>,
    /// Those only the later run has.
    pub new: Vec<Change>,
    /// Those of one article and row with another outcome.
    pub turned: Vec<Turn>,
    /// Those both have.
    pub remaining: Vec<Finding>,
}

/// A finding that went or came.
#[derive(Clone, Debug)]
pub struct Change {
    /// The finding.
    pub finding: Finding,
    /// What made it go or come.
    pub causes: Vec<Cause>,
}

/// A finding that became another.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What it was.
    pub was: Outcome,
    /// What it is.
    pub finding: Finding,
    /// What made it so.
    pub causes: Vec<Cause>,
}

/// What a finding is about: the article, and the row or element; all by English names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seat {
    pub article: String,
    pub table: String,
    pub key: String,
    path: Option<String>,
}

type Seats = BTreeMap<Seat, Vec<usize>>;

fn seats(explainer: &Explainer<'_, '_>) -> Seats {
    let mut seats = Seats::new();
    for index in 0..explainer.len() {
        let head = explainer.head(index);
        let said = root(explainer, index).and_then(|(frame, row)| content_key(explainer, frame, row));
        let key = said.unwrap_or_else(|| head.key.to_owned());
        let seat = Seat { article: head.article.to_owned(), table: head.table.to_owned(), key, path: head.path };
        seats.entry(seat).or_default().push(index);
    }
    seats
}

/// The findings of both runs, matched by article, row and outcome.
pub fn changes(old: Side<'_, '_, '_>, new: Side<'_, '_, '_>, policies: &[PolicyEdit], tables: &[TableEdit]) -> Findings {
    let causes = Causes::new(old, new, policies, tables);
    let (mut before, after) = (seats(old.explainer), seats(new.explainer));
    let mut found = Findings::default();
    let outcome = |explainer: &Explainer<'_, '_>, index: usize| explainer.head(index).outcome;
    let mut keep: Vec<(usize, Kept)> = Vec::new();
    for (seat, indices) in after {
        let mut were = before.remove(&seat).unwrap_or_default();
        let mut rest = Vec::new();
        for index in indices {
            match were.iter().position(|was| outcome(old.explainer, *was) == outcome(new.explainer, index)) {
                Some(at) => {
                    were.remove(at);
                    keep.push((index, Kept::Remaining));
                }
                None => rest.push(index),
            }
        }
        for index in rest {
            let now = causes.fields(&seat, new.explainer, index);
            if were.is_empty() {
                keep.push((index, Kept::New(causes.of(&seat, now, false))));
            } else {
                let was = were.remove(0);
                let fields = causes.fields(&seat, old.explainer, was).into_iter().chain(now).collect();
                keep.push((index, Kept::Turned(outcome(old.explainer, was), causes.of(&seat, fields, false))));
            }
        }
        if !were.is_empty() {
            before.insert(seat, were);
        }
    }
    keep.sort_by_key(|(index, _)| *index);
    for (index, kept) in keep {
        let finding = new.explainer.get(index);
        match kept {
            Kept::Remaining => found.remaining.push(finding),
            Kept::New(causes) => found.new.push(Change { finding, causes }),
            Kept::Turned(was, causes) => found.turned.push(Turn { was, finding, causes }),
        }
    }
    let mut gone: Vec<(usize, Vec<Cause>)> = Vec::new();
    for (seat, indices) in before {
        gone.extend(indices.into_iter().map(|index| (index, causes.of(&seat, causes.fields(&seat, old.explainer, index), true))));
    }
    gone.sort_by_key(|(index, _)| *index);
    found.fixed = gone.into_iter().map(|(index, causes)| Change { finding: old.explainer.get(index), causes }).collect();
    found
}

enum Kept {
    Remaining,
    New(Vec<Cause>),
    Turned(Outcome, Vec<Cause>),
}
