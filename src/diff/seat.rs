//! What findings are about, and which of two runs' findings are about the same.

use super::declaration::{Key, Kind};
use super::sentence::{Sentences, Spoken};
use super::side::Sides;
use crate::engine::{ElementKey, RowKey, RowRef, RuleId, Run};
use crate::finding::{Outcome, Weight};
use crate::schema::{FieldId, Type};
use crate::verdict::Basis;
use std::collections::BTreeMap;

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
    let mut left: Vec<(&Seat, &Vec<usize>)> =
        before.iter().filter(|(seat, _)| !seat.element.is_empty()).collect();
    let mut found = Vec::new();
    for (seat, indices) in after.iter().filter(|(seat, _)| !seat.element.is_empty()) {
        let fits = |(other, _): &&(&Seat, &Vec<usize>)| {
            (&other.rule, &other.row, &other.sentence) == (&seat.rule, &seat.row, &seat.sentence)
                && lists(other) == lists(seat)
        };
        let alike = |were: &[usize]| {
            let rows = [(sides.old, were), (sides.new, indices.as_slice())];
            let [old, new] = rows.map(|(run, indices)| {
                let row = indices.first().and_then(|at| run.verdicts.get(*at))?.at();
                Some(sides.seen(run, row))
            });
            old.zip(new).map_or(0, |(old, new)| alike(old, new))
        };
        let scored = left.iter().enumerate().filter(|(_, other)| fits(other));
        let scored = scored.map(|(at, (_, were))| (alike(were), at));
        let best = scored.filter(|(score, _)| *score > 0);
        let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((_, at)) = best {
            let (other, _) = left.remove(at);
            found.push((seat.clone(), other.clone()));
        }
    }
    found
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
