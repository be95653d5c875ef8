//! Rows at the boundary of a sentence: it just governs, just does not, its exception just applies.

use super::linear::{Linear, Range, ratio};
use super::question::{Answer, Claim, Prover};
use super::sat::{Bit, Solver};
use super::witness::Witness;
use super::world::{Limit, Meaning, RowId, World};
use crate::program::{Clause, Comparison, ExprId, ExprKind, Program, Sentence};
use crate::schema::{FieldId, FrameId, Type};
use crate::value::Ratio;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a row is at the boundary of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The sentence governs; what it requires is not so.
    Broken,
    /// The sentence governs; what it requires is so.
    Kept,
    /// This part of the condition does not hold, all others do.
    Outside(ExprId),
    /// This part of the exception holds, no other does.
    Excepted(ExprId),
    /// The sentence governs because of this alternative alone; what it requires is not so.
    Because(ExprId),
    /// What it requires is so because of this alternative alone.
    KeptBy(ExprId),
}

/// How many alternatives of a sentence are shown, each by a row of its own.
const ALTERNATIVES: usize = 24;

/// A row at the boundary of a sentence.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// The sentence, by index of judgements.
    pub judgement: usize,
    /// Of what.
    pub side: Side,
    /// The rows.
    pub witness: Arc<Witness>,
}

/// Why there is no row.
enum NoRow {
    /// None was found.
    Unfound,
    /// The question is too large, and so are its like.
    TooLarge,
}

impl Prover<'_> {
    /// The boundary rows of a sentence: comparisons just hold or just fail and numbers are not
    /// below 0 where that can be, and no other sentence is heard.
    #[must_use]
    pub fn boundaries(&self, at: usize) -> Vec<Boundary> {
        let Some((_, sentence)) = self.sentence(at) else { return Vec::new() };
        let condition = parts(&self.graph.program, sentence.condition, true);
        let exception = parts(&self.graph.program, sentence.exception, false);
        let (broken, kept) = self.outcomes(at, sentence);
        let alone = self.alternatives((at, sentence), &condition, [&broken, &kept]);
        let mut sides = vec![(Side::Broken, broken), (Side::Kept, kept)];
        for part in &condition {
            let others = condition.iter().filter(|other| *other != part).map(|other| Claim::Part {
                at,
                part: *other,
                holds: true,
            });
            let own = [
                Claim::Near { at, part: *part, holds: false },
                Claim::Part { at, part: *part, holds: false },
            ];
            sides.push((Side::Outside(*part), own.into_iter().chain(others).collect()));
        }
        for part in &exception {
            let others = exception.iter().filter(|other| *other != part).map(|other| Claim::Part {
                at,
                part: *other,
                holds: false,
            });
            let own = [
                Claim::Near { at, part: *part, holds: true },
                Claim::Speaks(at),
                Claim::Excepted(at),
            ];
            sides.push((Side::Excepted(*part), own.into_iter().chain(others).collect()));
        }
        sides.extend(alone);
        let near: Vec<Claim> =
            condition.iter().map(|part| Claim::Near { at, part: *part, holds: true }).collect();
        let besides = self.besides(at);
        let mut found = Vec::new();
        for (side, claims) in sides {
            match self.boundary((at, side), &claims, &near, &besides) {
                Ok(boundary) => found.push(boundary),
                Err(NoRow::TooLarge) => break,
                Err(NoRow::Unfound) => {}
            }
        }
        found
    }

    /// The alternatives of the condition, each broken where it alone holds; and those of what is
    /// required, each kept.
    fn alternatives(
        &self,
        (at, sentence): (usize, &Sentence),
        condition: &[ExprId],
        [broken, kept]: [&Vec<Claim>; 2],
    ) -> Vec<(Side, Vec<Claim>)> {
        let required = match sentence.clause {
            Clause::Require { modal, condition } if !modal.is_negative() => Some(condition),
            _ => None,
        };
        let in_turn = |of: ExprId, outcome: &Vec<Claim>, side: fn(ExprId) -> Side| {
            let all = parts(&self.graph.program, Some(of), false);
            let one = |own: &ExprId| {
                let others = all.iter().filter(|other| *other != own).map(|other| Claim::Part {
                    at,
                    part: *other,
                    holds: false,
                });
                // Near alone, an alternative leaves the outcome as it is.
                let near = Claim::Near { at, part: *own, holds: true };
                let part = Claim::Part { at, part: *own, holds: true };
                let plain = outcome.iter().filter(|it| !matches!(it, Claim::Near { .. }));
                (side(*own), [near, part].into_iter().chain(plain.copied()).chain(others).collect())
            };
            let is_choice = all.len() > 1;
            all.iter().filter(|_| is_choice).map(one).collect::<Vec<_>>()
        };
        let because = condition.iter().flat_map(|part| in_turn(*part, broken, Side::Because));
        let by = required.into_iter().flat_map(|part| in_turn(part, kept, Side::KeptBy));
        because.chain(by).take(ALTERNATIVES).collect()
    }

    /// What makes a sentence broken, and kept. Nothing that is heard before it may govern.
    fn outcomes(&self, at: usize, sentence: &Sentence) -> (Vec<Claim>, Vec<Claim>) {
        if let Clause::Require { modal, condition } = sentence.clause {
            let near =
                |holds| Claim::Near { at, part: condition, holds: holds == modal.is_negative() };
            return (vec![near(true), Claim::Broken(at)], vec![near(false), Claim::Kept(at)]);
        }
        let heard = |own| -> Vec<Claim> {
            let first = self.rivals(at).into_iter().map(Claim::Silent);
            [Claim::Declares { at, own }, Claim::Governs(at)].into_iter().chain(first).collect()
        };
        (heard(false), heard(true))
    }

    /// The first of these that has a row: everything near, the side alone near, anything; each with
    /// what the other sentences of the article require, where they can be so as well. Where there is
    /// none, whether the search was given up.
    fn boundary(
        &self,
        (at, side): (usize, Side),
        claims: &[Claim],
        near: &[Claim],
        besides: &[Vec<Claim>],
    ) -> Result<Boundary, NoRow> {
        let Some(frame) = self.judgements.get(at).map(|own| own.frame) else {
            return Err(NoRow::Unfound);
        };
        let soft = |claim: &&Claim| !matches!(claim, Claim::Near { .. });
        let heard = matches!(side, Side::Broken | Side::Kept | Side::Because(_) | Side::KeptBy(_));
        let governs = heard || matches!(side, Side::Excepted(_));
        let all: Vec<Claim> =
            claims.iter().chain(near.iter().filter(|_| governs)).copied().collect();
        let plain: Vec<Claim> = claims.iter().filter(soft).copied().collect();
        let usual = |claims: &[Claim]| {
            claims.iter().copied().chain([Claim::Usual { at }]).collect::<Vec<Claim>>()
        };
        let wanted = [usual(&all), all, usual(claims), claims.to_vec(), usual(&plain), plain];
        // What the sentence comes to is seen where the others are kept; elsewhere it is silent too.
        let mut besides: Vec<&[Claim]> = besides.iter().map(Vec::as_slice).collect();
        if !heard {
            besides.reverse();
        }
        let mut too_large = false;
        for others in besides.into_iter().chain([&[][..]]) {
            for claims in &wanted {
                let limits = match self.ask(frame, &[claims.as_slice(), others].concat()) {
                    Answer::Shown(witness) => return Ok(Boundary { judgement: at, side, witness }),
                    Answer::Open(limits) => limits,
                    Answer::Never | Answer::ByKeys => continue,
                };
                // What is too large once is so each time; what has too many elements is so however
                // near its numbers are.
                if limits.contains(&Limit::Size) {
                    return Err(NoRow::TooLarge);
                }
                if limits.iter().any(|limit| matches!(limit, Limit::Elements(..))) {
                    too_large = true;
                    break;
                }
            }
        }
        Err(if too_large { NoRow::TooLarge } else { NoRow::Unfound })
    }

    /// That the other sentences of an article are no matter: all kept, or all silent.
    fn besides(&self, at: usize) -> Vec<Vec<Claim>> {
        let Some(own) = self.judgements.get(at) else { return Vec::new() };
        let is_beside = |other: &usize| {
            let found = self.judgements.get(*other);
            *other != at
                && self.requires(*other)
                && found.is_some_and(|it| (it.article, it.frame) == (own.article, own.frame))
        };
        let others: Vec<usize> = (0..self.judgements.len()).filter(is_beside).collect();
        if others.is_empty() {
            return Vec::new();
        }
        let all = |claim: fn(usize) -> Claim| others.iter().map(|other| claim(*other)).collect();
        vec![all(Claim::Kept), all(Claim::Silent)]
    }

    /// Sentences that demand something else of the same row, or say the same before it: where none
    /// of them governs, this one is heard.
    fn rivals(&self, at: usize) -> Vec<usize> {
        let Some((decision, disposition)) = self.judgements.get(at).and_then(|own| own.demand)
        else {
            return Vec::new();
        };
        let first = |(other, demand): (usize, (usize, usize))| {
            demand.0 == decision && other != at && (demand.1 != disposition || other < at)
        };
        let demands = self
            .judgements
            .iter()
            .enumerate()
            .filter_map(|(other, found)| Some((other, found.demand?)));
        demands.filter(|found| first(*found)).map(|(other, _)| other).collect()
    }

    /// The facts a sentence reads, by frame and field.
    #[must_use]
    pub fn reads(&self, at: usize) -> BTreeSet<(FrameId, FieldId)> {
        let program = &self.graph.program;
        let stated = self.sentence(at).into_iter().flat_map(|(_, sentence)| sentence.stated());
        let field = |id| match program.expr(id).kind {
            ExprKind::Field { frame, field, .. } => Some((frame, field)),
            _ => None,
        };
        program.reached(stated).filter_map(field).collect()
    }
}

/// What is joined by 且, or by 或.
fn parts(program: &Program, condition: Option<ExprId>, and: bool) -> Vec<ExprId> {
    let Some(id) = condition else { return Vec::new() };
    match &program.expr(id).kind {
        ExprKind::And(inner) if and => {
            inner.iter().flat_map(|part| parts(program, Some(*part), and)).collect()
        }
        ExprKind::Or(inner) if !and => {
            inner.iter().flat_map(|part| parts(program, Some(*part), and)).collect()
        }
        _ => vec![id],
    }
}

impl<S: Solver> World<'_, S> {
    /// A condition that holds, or fails, by as little as it can.
    pub(super) fn near(&mut self, id: ExprId, holds: bool, scope: &[RowId]) -> Bit {
        let program = self.program;
        match &program.expr(id).kind {
            ExprKind::Not(inner) => self.near(*inner, !holds, scope),
            ExprKind::Compare(comparison, left, right) if measured(program.expr(*left).ty) => {
                let (Meaning::Number(a, x), Meaning::Number(b, y)) =
                    (self.meaning(*left, scope), self.meaning(*right, scope))
                else {
                    return self.side(id, holds, scope);
                };
                let comparison = if holds { *comparison } else { comparison.negated() };
                let step = step(program.expr(*left).ty);
                let away = match comparison {
                    Comparison::Greater | Comparison::NotEqual => step,
                    Comparison::Less => -step,
                    Comparison::Equal | Comparison::LessEqual | Comparison::GreaterEqual => {
                        Ratio::from_integer(0)
                    }
                };
                let same =
                    self.numbers.equal(&mut self.circuit, &x, &y.plus(&Linear::constant(away)));
                self.circuit.and([a, b, same])
            }
            ExprKind::In(value, options) if !holds && measured(program.expr(*value).ty) => {
                self.just_outside(id, *value, options, scope)
            }
            _ => self.side(id, holds, scope),
        }
    }

    /// Just above the greatest of some values, where all of them are known.
    fn just_outside(
        &mut self,
        id: ExprId,
        value: ExprId,
        options: &[ExprId],
        scope: &[RowId],
    ) -> Bit {
        let known = |world: &mut Self, option: &ExprId| match world.meaning(*option, scope) {
            Meaning::Number(_, number) => number.known(),
            _ => None,
        };
        let known: Option<Vec<Ratio>> = options.iter().map(|option| known(self, option)).collect();
        let (Some(greatest), Meaning::Number(valid, x)) =
            (known.and_then(|known| known.into_iter().max()), self.meaning(value, scope))
        else {
            return self.side(id, false, scope);
        };
        let next =
            Linear::constant(greatest).plus(&Linear::constant(step(self.program.expr(value).ty)));
        let same = self.numbers.equal(&mut self.circuit, &x, &next);
        self.circuit.and([valid, same])
    }

    /// No number that may be anything is below 0.
    pub(super) fn usual(&mut self) -> Bit {
        let least = ratio(i64::MIN);
        let open = |range: &Range| range.low.is_none_or(|low| low <= least);
        let open: Vec<usize> = (0..)
            .zip(&self.numbers.variables)
            .filter(|(_, range)| open(range))
            .map(|(variable, _)| variable)
            .collect();
        let below: Vec<Bit> = open
            .into_iter()
            .map(|variable| {
                !self.numbers.at_most(&mut self.circuit, &Linear::variable(variable), true)
            })
            .collect();
        self.circuit.and(below)
    }

    fn side(&mut self, id: ExprId, holds: bool, scope: &[RowId]) -> Bit {
        let rails = self.rails(id, scope);
        if holds { rails.t } else { rails.f }
    }
}

/// How far two values of a type are apart at least; of exact numbers, as they are mostly written.
fn step(ty: Type) -> Ratio {
    if ty.is_whole() { Ratio::from_integer(1) } else { Ratio::new(1, 100) }
}

/// Whether values of a type lie on a line.
fn measured(ty: Type) -> bool {
    !matches!(ty, Type::Boolean | Type::Ref(_) | Type::Enum(_) | Type::Text | Type::List(_))
}
