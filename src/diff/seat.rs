//! What findings are about, and which of two runs' findings are about the same.

use super::declaration::{Key, Kind};
use super::sentence::{Sentences, Spoken};
use crate::engine::{ElementKey, RowKey, RowRef, RuleId, Run};
use crate::finding::{Outcome, Weight};
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

impl Seat {
    /// The sentence of the article.
    pub fn sentence(&self) -> Option<&Spoken> {
        self.sentence.as_ref()
    }

    /// Whether it is a waiver that is spoken of.
    pub fn is_of_waiver(&self) -> bool {
        self.item.is_some()
    }
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
