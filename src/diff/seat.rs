//! What findings are about, and which of two runs' findings are about the same.

use super::declaration::{Key, Kind};
use super::sentence::{Sentences, Spoken};
use super::side::Sides;
use crate::engine::{ElementKey, RowKey, RowRef, RuleId, Run};
use crate::finding::{Outcome, Weight};
use crate::schema::{FieldId, FrameId, Type};
use crate::verdict::Basis;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a finding is about: the rule, and the row or element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat {
    /// The article, or the decision where no article speaks.
    pub rule: Option<Key>,
    /// The row; `None` for what is said of a rule as such.
    pub row: Option<RowKey>,
    /// The sentence of the article.
    sentence: Option<Spoken>,
    /// The element inside the row.
    pub element: ElementKey,
    /// Of what is said of a waiver: the row it names.
    item: Option<String>,
}

/// Outcome and weight of a finding.
pub type Kept = (Outcome, Weight);

/// Findings by what they are about, by index.
pub type Seats = BTreeMap<Seat, Vec<usize>>;

/// A rule's key.
pub fn rule_key(run: &Run, rule: RuleId) -> Key {
    let kind = match rule {
        RuleId::Article(_) => Kind::Article,
        RuleId::Decision(_) => Kind::Decision,
    };
    Key::new(kind, run.policy.rules.code(rule))
}

/// The findings of a run, where `row` and `element` say what a row and an element in it are.
pub fn seats(
    run: &Run,
    sentences: &Sentences,
    row: impl Fn(RowRef) -> Option<RowKey>,
    element: impl Fn(RowRef) -> ElementKey,
) -> Seats {
    let mut seats = Seats::new();
    let spoken = sentences.of(&run.policy);
    for (index, verdict) in run.verdicts.iter().enumerate() {
        let rule = run.rule(index).map(|rule| rule_key(run, rule));
        let mut seat = Seat { rule, row: None, sentence: None, element: Vec::new(), item: None };
        match verdict.basis {
            Basis::Judgement(_) | Basis::Decision(_) => {
                (seat.row, seat.element) = (row(verdict.at()), element(verdict.at()));
                if let Basis::Judgement(at) = verdict.basis {
                    seat.sentence = spoken.get(at as usize).cloned().flatten();
                }
            }
            Basis::Waiver(at) => {
                let waiver = run.waivers.get(at as usize);
                seat.row = waiver.and_then(|waiver| row(waiver.row?));
                seat.item = Some(waiver.map_or_else(String::new, |found| found.grant.item.clone()));
            }
            Basis::Article(_) | Basis::Hollow(_) => {}
        }
        seats.entry(seat).or_default().push(index);
    }
    seats
}

/// Outcome and weight of a finding.
pub fn kept(run: &Run, index: usize) -> Option<Kept> {
    run.verdicts.get(index).map(|verdict| (verdict.outcome, run.weight(verdict)))
}

/// Findings about elements that only one run has are about one element where the two say the same
/// in at least half of what either says: it was edited. The later seats with the earlier ones.
pub fn edited(sides: &Sides<'_>, before: &Seats, after: &Seats) -> Vec<(Seat, Seat)> {
    let lists =
        |seat: &Seat| seat.element.iter().map(|(list, ..)| list.clone()).collect::<Vec<String>>();
    let known = Known::default();
    let mut left: Vec<(&Seat, &Vec<usize>)> =
        before.iter().filter(|(seat, _)| !seat.element.is_empty()).collect();
    let mut found = Vec::new();
    for (seat, indices) in after.iter().filter(|(seat, _)| !seat.element.is_empty()) {
        let fits = |(other, _): &&(&Seat, &Vec<usize>)| {
            (&other.rule, &other.row, &other.sentence) == (&seat.rule, &seat.row, &seat.sentence)
                && lists(other) == lists(seat)
        };
        let rows = |were: &[usize]| {
            let rows = [(sides.old, were), (sides.new, indices.as_slice())];
            let [old, new] = rows.map(|(run, indices)| {
                let row = indices.first().and_then(|at| run.verdicts.get(*at))?.at();
                Some(sides.seen(run, row))
            });
            old.zip(new)
        };
        let alike = |other: &Seat, were: &[usize]| {
            let Some((old, new)) = rows(were) else { return 0 };
            if known.around(sides, (other, old), (seat, new)) { alike(old, new) } else { 0 }
        };
        let scored = left.iter().enumerate().filter(|(_, other)| fits(other));
        let scored = scored.map(|(at, (other, were))| (alike(other, were), at));
        let best = scored.filter(|(score, _)| *score > 0);
        let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((_, at)) = best {
            let (other, _) = left.remove(at);
            found.push((seat.clone(), other.clone()));
        }
    }
    found
}

/// The elements that findings can lie in, of each run and list, by what they are.
#[derive(Default)]
struct Known(RefCell<BTreeMap<(bool, FrameId), Places>>);

/// What elements are: their rows, and what they are in them.
type Places = Rc<BTreeSet<(RowKey, ElementKey)>>;

impl Known {
    /// Whether the elements that two lie in can be the same: each is, or both were edited, neither
    /// being there still beside the other.
    fn around(
        &self,
        sides: &Sides<'_>,
        (was, old): (&Seat, (&Run, RowRef)),
        (is, new): (&Seat, (&Run, RowRef)),
    ) -> bool {
        let (mut old, mut new) = (old, new);
        for depth in (1..is.element.len()).rev() {
            let (Some(outer_old), Some(outer_new)) = (owner(old), owner(new)) else { return false };
            (old, new) = (outer_old, outer_new);
            let [before, after] = [was, is].map(|seat| seat.element.get(..depth));
            if before == after {
                continue;
            }
            let there = |seat: &Seat, run: &Run, frame| {
                let key = seat.row.clone().zip(seat.element.get(..depth).map(<[_]>::to_vec));
                key.is_some_and(|key| self.of(sides, run, frame).contains(&key))
            };
            let still = there(was, sides.new, new.1.frame) || there(is, old.0, old.1.frame);
            if still || alike(old, new) == 0 {
                return false;
            }
        }
        true
    }

    fn of(&self, sides: &Sides<'_>, run: &Run, frame: FrameId) -> Places {
        let later = std::ptr::eq(run, sides.new);
        let mut known = self.0.borrow_mut();
        let places = known.entry((later, frame)).or_insert_with(|| {
            let place = |row| {
                let row = RowRef { frame, row };
                Some((run.row_mark(row)?, run.element_key(row)))
            };
            Rc::new((0..run.len(frame)).filter_map(place).collect())
        });
        places.clone()
    }
}

/// The element that one lies in.
fn owner((run, row): (&Run, RowRef)) -> Option<(&Run, RowRef)> {
    let (parent, _) = run.schema().frame(row.frame)?.parent?;
    let data = run.evaluator.frame(row.frame)?;
    Some((run, RowRef { frame: parent, row: data.parent_of(row.row) }))
}

/// How many plain fields of two elements say the same; 0 where that is less than half of those that
/// either gives, or their keys differ.
fn alike((old, was): (&Run, RowRef), (new, now): (&Run, RowRef)) -> usize {
    let Some(frame) = new.schema().frame(now.frame) else { return 0 };
    let (mut same, mut given) = (0, 0);
    for (id, field) in (0..).map(FieldId).zip(&frame.fields) {
        if matches!(field.ty, Type::List(_)) {
            continue;
        }
        let value = |run: &Run, row: RowRef| run.show().whole(row.frame, row.row, id);
        let (one, other) = (value(old, was), value(new, now));
        if field.key && one != other {
            return 0;
        }
        given += usize::from(one.is_some() || other.is_some());
        same += usize::from(one.is_some() && one == other);
    }
    if same * 2 >= given { same } else { 0 }
}
