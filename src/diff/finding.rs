//! Findings: gone, new, turned into another outcome, still there.

use super::cause::Causes;
use super::row::content_key;
use super::{Cause, PolicyEdit, TableEdit};
use crate::engine::Run;
use crate::finding::{Finding, Findings as _, Outcome, Weight};
use std::collections::BTreeMap;

/// The findings of two runs, side by side.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Those only the earlier run has, of rows both have.
    pub fixed: Vec<Change>,
    /// Those only the earlier run has, because only it has the row.
    pub removed: Vec<Change>,
    /// Those only the later run has.
    pub new: Vec<Change>,
    /// Those of one article and row with another outcome.
    pub turned: Vec<Turn>,
    /// Those both have.
    pub remaining: Vec<Finding>,
    /// What is only noted: articles that never applied, waived violations, waivers nothing needed;
    /// new or gone.
    pub notes: Vec<Note>,
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
    pub was: (Outcome, Weight),
    /// What it is.
    pub finding: Finding,
    /// What made it so.
    pub causes: Vec<Cause>,
}

/// A note that went or came.
#[derive(Clone, Debug)]
pub struct Note {
    /// Whether the later run has it.
    pub new: bool,
    /// What is noted, and what made it go or come.
    pub change: Change,
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

fn seats(run: &Run) -> Seats {
    let mut seats = Seats::new();
    for index in 0..run.verdicts.len() {
        let head = run.head(index);
        let said = run.row_of(index).and_then(|row| content_key(run, row.frame, row.row));
        let key = said.unwrap_or_else(|| head.key.to_owned());
        let seat = Seat {
            article: head.article.to_owned(),
            table: head.table.to_owned(),
            key,
            path: head.path,
        };
        seats.entry(seat).or_default().push(index);
    }
    seats
}

/// The findings of both runs, matched by article, row and outcome.
pub fn changes(old: &Run, new: &Run, policies: &[PolicyEdit], tables: &[TableEdit]) -> Findings {
    let causes = Causes::new(old, new, policies, tables);
    let (mut before, after) = (seats(old), seats(new));
    let mut found = Findings::default();
    let kind = |run: &Run, index: usize| {
        let head = run.head(index);
        (head.outcome, head.weight)
    };
    let mut keep: Vec<(usize, Kept)> = Vec::new();
    for (seat, indices) in after {
        let mut were = before.remove(&seat).unwrap_or_default();
        let mut rest = Vec::new();
        for index in indices {
            match were.iter().position(|was| kind(old, *was) == kind(new, index)) {
                Some(at) => {
                    were.remove(at);
                    keep.push((index, Kept::Remaining));
                }
                None => rest.push(index),
            }
        }
        for index in rest {
            let now = causes.fields(&seat, new, index);
            let outcome = Some(kind(new, index).0);
            if were.is_empty() {
                keep.push((index, Kept::New(causes.of(&seat, now, [None, outcome]))));
            } else {
                let was = were.remove(0);
                let fields = causes.fields(&seat, old, was).into_iter().chain(now).collect();
                let turn = kind(old, was);
                keep.push((
                    index,
                    Kept::Turned(turn, causes.of(&seat, fields, [Some(turn.0), outcome])),
                ));
            }
        }
        if !were.is_empty() {
            before.insert(seat, were);
        }
    }
    keep.sort_by_key(|(index, _)| *index);
    for (index, kept) in keep {
        let finding = new.get(index);
        match kept {
            Kept::Remaining => found.remaining.push(finding),
            Kept::New(causes) => found.come(Change { finding, causes }),
            Kept::Turned(was, causes) => found.turned.push(Turn { was, finding, causes }),
        }
    }
    let mut gone: Vec<(usize, Vec<Cause>)> = Vec::new();
    for (seat, indices) in before {
        let of = |index: usize| {
            causes.of(&seat, causes.fields(&seat, old, index), [Some(kind(old, index).0), None])
        };
        gone.extend(indices.into_iter().map(|index| (index, of(index))));
    }
    gone.sort_by_key(|(index, _)| *index);
    gone.into_iter()
        .for_each(|(index, causes)| found.go(Change { finding: old.get(index), causes }));
    found
}

impl Findings {
    fn come(&mut self, change: Change) {
        if is_note(&change.finding) {
            self.notes.push(Note { new: true, change });
        } else {
            self.new.push(change);
        }
    }

    fn go(&mut self, change: Change) {
        if is_note(&change.finding) {
            self.notes.push(Note { new: false, change });
        } else if change.causes.contains(&Cause::RowRemoved) {
            self.removed.push(change);
        } else {
            self.fixed.push(change);
        }
    }
}

/// What `check` only notes as well.
fn is_note(finding: &Finding) -> bool {
    finding.outcome.is_note() && finding.weight != Weight::Error
}

enum Kept {
    Remaining,
    New(Vec<Cause>),
    Turned((Outcome, Weight), Vec<Cause>),
}
