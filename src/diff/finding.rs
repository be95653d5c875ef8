//! Findings: gone, new, turned into another outcome, still there.

use super::attribution::{Attribution, Flip, Reason};
use super::cause::Cause;
use super::lapse::Lapses;
use super::seat::{Kept, Seat, Seats, kept, seats};
use super::side::Sides;
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
    /// Those both have, but for notes.
    pub remaining: Vec<Finding>,
    /// Those that only one run has, because the other did not judge the article or the row.
    pub unjudged: Vec<Unjudged>,
    /// What is only noted: articles that never applied, waived violations, waivers nothing needed;
    /// new or gone.
    pub notes: Vec<Note>,
    /// The notes both have.
    pub noted: Vec<Finding>,
}

/// A finding that went or came.
#[derive(Clone, Debug)]
pub struct Change {
    /// The finding.
    pub finding: Finding,
    /// What made it go or come, nearest first.
    pub causes: Vec<Cause>,
    /// Whether it is known that these changes matter: false where several may and were too many to
    /// be tried one by one.
    pub tried: bool,
}

/// A finding that became another.
#[derive(Clone, Debug)]
pub struct Turn {
    /// What it was.
    pub was: (Outcome, Weight),
    /// What it is.
    pub finding: Finding,
    /// What made it so, nearest first.
    pub causes: Vec<Cause>,
    /// As for [`Change`].
    pub tried: bool,
}

/// A finding of one run where the other did not judge.
#[derive(Clone, Debug)]
pub struct Unjudged {
    /// Whether the later run has it, and the earlier did not judge.
    pub new: bool,
    /// The finding, and why the other run did not judge.
    pub change: Change,
}

/// A note that went or came.
#[derive(Clone, Debug)]
pub struct Note {
    /// Whether the later run has it.
    pub new: bool,
    /// What is noted, and what made it go or come.
    pub change: Change,
}

/// The findings of a run by what they are about, as the later policies read it.
fn seated(sides: &Sides<'_>, run: &Run) -> Seats {
    let elements = sides.elements(run);
    seats(run, &sides.sentences, |row| sides.key(run, row).cloned(), |row| elements.key(row))
}

/// A later finding, and the earlier one about the same.
type Pair = (usize, Option<usize>);

/// The findings of both runs, matched by rule, row and outcome.
pub fn changes(sides: &Sides<'_>, attribution: &mut Attribution<'_>) -> Findings {
    let (old, new) = (sides.old, sides.new);
    let (mut before, mut after) = (seated(sides, old), seated(sides, new));
    let now: BTreeMap<Seat, Vec<Kept>> =
        after.iter().map(|(seat, indices)| (seat.clone(), all(new, indices))).collect();
    let mut remaining = matched([old, new], &mut before, &mut after);
    let mut turned: Vec<(Seat, Pair)> = Vec::new();
    for (seat, indices) in &mut after {
        let Some(were) = before.get_mut(seat) else { continue };
        while let (Some(is), Some(was)) = (indices.first().copied(), were.first().copied()) {
            indices.remove(0);
            were.remove(0);
            turned.push((seat.clone(), (is, Some(was))));
        }
    }
    before.retain(|_, indices| !indices.is_empty());
    after.retain(|_, indices| !indices.is_empty());
    let come = after
        .into_iter()
        .flat_map(|(seat, indices)| indices.into_iter().map(move |is| (seat.clone(), (is, None))));
    let mut flips: Vec<(Seat, Pair)> = turned.into_iter().chain(come).collect();
    flips.sort_by_key(|(_, (is, _))| *is);
    let mut found = Findings::default();
    let (none, lapses) = (Vec::new(), Lapses::new(sides));
    for (seat, (is, was)) in flips {
        let now = now.get(&seat).unwrap_or(&none);
        let flip = Flip { seat: &seat, was, is: Some(is), now };
        let finding = new.get(is);
        let lapse = if was.is_none() { lapses.before(&seat) } else { None };
        match lapse.filter(|_| !is_note(&finding)) {
            Some(lapse) => found.skip(true, finding, attribution.lapsed(&flip, lapse)),
            None => {
                let reason = attribution.reason(&flip);
                found.come(finding, was.and_then(|was| kept(old, was)), reason);
            }
        }
    }
    let mut gone: Vec<(Seat, usize)> = before
        .into_iter()
        .flat_map(|(seat, indices)| indices.into_iter().map(move |was| (seat.clone(), was)))
        .collect();
    gone.sort_by_key(|(_, was)| *was);
    for (seat, was) in gone {
        let now = now.get(&seat).unwrap_or(&none);
        let flip = Flip { seat: &seat, was: Some(was), is: None, now };
        let finding = old.get(was);
        match lapses.now(&seat).filter(|_| !is_note(&finding)) {
            Some(lapse) => found.skip(false, finding, attribution.lapsed(&flip, lapse)),
            None => found.go(finding, attribution.reason(&flip)),
        }
    }
    remaining.sort_unstable();
    let remaining = remaining.into_iter().map(|index| new.get(index));
    (found.noted, found.remaining) = remaining.partition(is_note);
    found
}

fn all(run: &Run, indices: &[usize]) -> Vec<Kept> {
    indices.iter().filter_map(|index| kept(run, *index)).collect()
}

/// Takes out what both have with the same outcome; the later ones.
fn matched([old, new]: [&Run; 2], before: &mut Seats, after: &mut Seats) -> Vec<usize> {
    let mut remaining = Vec::new();
    for (seat, indices) in after.iter_mut() {
        let Some(were) = before.get_mut(seat) else { continue };
        indices.retain(|index| {
            let same = were.iter().position(|was| kept(old, *was) == kept(new, *index));
            if let Some(at) = same {
                were.remove(at);
                remaining.push(*index);
            }
            same.is_none()
        });
    }
    before.retain(|_, indices| !indices.is_empty());
    after.retain(|_, indices| !indices.is_empty());
    remaining
}

impl Findings {
    fn come(&mut self, finding: Finding, was: Option<Kept>, reason: Reason) {
        let Reason { causes, tried } = reason;
        if let Some(was) = was {
            self.turned.push(Turn { was, finding, causes, tried });
            return;
        }
        let change = Change { finding, causes, tried };
        if is_note(&change.finding) {
            self.notes.push(Note { new: true, change });
        } else {
            self.new.push(change);
        }
    }

    fn skip(&mut self, new: bool, finding: Finding, Reason { causes, tried }: Reason) {
        self.unjudged.push(Unjudged { new, change: Change { finding, causes, tried } });
    }

    fn go(&mut self, finding: Finding, Reason { causes, tried }: Reason) {
        let change = Change { finding, causes, tried };
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
