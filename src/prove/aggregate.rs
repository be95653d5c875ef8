//! Counts, sums, the greatest and the least of lists.

use super::linear::{Linear, Range, ratio};
use super::pending::Gap;
use super::sat::{Bit, Solver};
use super::value::nothing;
use super::world::{Limit, Meaning, Owner, Rails, RowId, World};
use crate::builtin::Quantifier;
use crate::program::{ExprId, List};

/// An element: when it surely counts, and with what value.
type Part = (RowId, Bit, Linear);

impl<S: Solver> World<'_, S> {
    /// Count, sum, greatest and least. What two articles read from the same things is one value.
    pub(super) fn aggregate(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        parts: (Option<ExprId>, Option<ExprId>),
        scope: &[RowId],
    ) -> Meaning {
        let read = self.numbering.of_rows(id, scope);
        if let Some(known) = read.and_then(|read| self.sums.get(&read)) {
            return known.clone();
        }
        let found = self.aggregated(id, quantifier, list, parts, scope);
        if let Some(read) = read {
            self.sums.insert(read, found.clone());
        }
        found
    }

    fn aggregated(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        (filter, body): (Option<ExprId>, Option<ExprId>),
        scope: &[RowId],
    ) -> Meaning {
        let Some((owner, given)) = self.owner(list, scope) else { return nothing() };
        let (mut doubt, mut parts) = (Vec::new(), Vec::new());
        for element in self.elements(owner) {
            let there = self.member(owner, element);
            let inner = self.inside(list, scope, element);
            let mut member = filter.map_or(Rails::of(true), |filter| self.rails(filter, &inner));
            let mut value = (Bit::TRUE, Linear::whole(1));
            if let Some(body) = body {
                if quantifier == Quantifier::Count {
                    let body = self.rails(body, &inner);
                    member = self.both(&[member, body]);
                } else if quantifier == Quantifier::Distinct {
                    value.0 = self.known(body, &inner);
                } else if let Meaning::Number(valid, linear) = self.meaning(body, &inner) {
                    value = (valid, linear);
                } else {
                    return nothing();
                }
            }
            let open = self.circuit.and([there, !member.t, !member.f]);
            let missing = self.circuit.and([there, member.t, !value.0]);
            doubt.extend([open, missing]);
            parts.push((element, self.circuit.and([there, member.t]), value.1));
        }
        let clear = !self.circuit.or(doubt);
        let known = self.circuit.and([given, clear]);
        match quantifier {
            Quantifier::Max => self.extreme(id, known, parts, true),
            Quantifier::Min => self.extreme(id, known, parts, false),
            Quantifier::Distinct => self.distinct(id, known, owner, parts),
            _ => self.total(id, quantifier, known, owner, parts),
        }
    }

    /// The sum of what the elements come to.
    fn total(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        known: Bit,
        owner: Owner,
        parts: Vec<Part>,
    ) -> Meaning {
        let ty = self.program.expr(id).ty;
        let counts = quantifier == Quantifier::Count;
        if let Some(listed) = self.lists.get_mut(&owner) {
            listed.counted |= counts;
        }
        let mut sum = Linear::whole(0);
        let mut open = false;
        for (element, member, value) in parts {
            let many = self.rows.get(element).and_then(|row| row.size);
            let part = match many {
                None => self.part(ty.is_whole(), member, value),
                Some(_) => {
                    open = true;
                    let all = self.of_all(element, &value);
                    self.part(false, member, all)
                }
            };
            sum = sum.plus(&part);
        }
        if open {
            self.rests.insert((id, self.frame_of(owner)));
            sum = sum.plus(&self.beyond(owner));
            let low = counts.then(|| ratio(0));
            let range = Range { low, ..Range::any(ty.is_whole()) };
            let whole = Linear::variable(self.numbers.variable(range));
            self.made_of(&whole, vec![sum.clone()], Bit::TRUE, |at| at.first().copied());
            self.equate(Bit::TRUE, &whole, &sum);
            sum = whole;
        }
        if counts {
            return Meaning::Number(known, sum);
        }
        let spills = if sum.known().is_some() { Bit::TRUE } else { self.spills() };
        let fits = self.fits(ty, &sum);
        let fits = self.circuit.and([fits, spills]);
        Meaning::Number(self.defined(id, Gap::TooLarge, known, fits), sum)
    }

    /// How many different values: as many as there are elements, or fewer, but some where there are
    /// some. Which of them are the same is not followed.
    fn distinct(&mut self, id: ExprId, known: Bit, owner: Owner, parts: Vec<Part>) -> Meaning {
        self.limits.insert(Limit::Opaque(id));
        let some = self.circuit.or(parts.iter().map(|part| part.1));
        let Meaning::Number(valid, most) = self.total(id, Quantifier::Count, known, owner, parts)
        else {
            return nothing();
        };
        let range = Range { low: Some(ratio(0)), ..Range::any(true) };
        let result = Linear::variable(self.numbers.variable(range));
        let above = result.clone().minus(&most);
        let fits = self.numbers.at_most(&mut self.circuit, &above, false);
        self.circuit.require(&[!valid, fits]);
        let none = self.up_to(&result, 0);
        self.circuit.require(&[!valid, !some, !none]);
        Meaning::Number(valid, result)
    }

    /// The value where a literal holds, else 0.
    pub(super) fn part(&mut self, whole: bool, member: Bit, value: Linear) -> Linear {
        if member == Bit::TRUE {
            return value;
        }
        if member == Bit::FALSE {
            return Linear::whole(0);
        }
        let (low, high) = self.numbers.reach(&value);
        let range = Range {
            low: low.map(|low| low.min(ratio(0))),
            high: high.map(|high| high.max(ratio(0))),
            ..Range::any(whole)
        };
        let part = Linear::variable(self.numbers.variable(range));
        self.made_of(&part, vec![value.clone()], member, |at| at.first().copied());
        self.equate(member, &part, &value);
        self.equate(!member, &part, &Linear::whole(0));
        part
    }

    fn extreme(&mut self, id: ExprId, known: Bit, parts: Vec<Part>, greatest: bool) -> Meaning {
        let range = self.computed(self.program.expr(id).ty);
        let result = Linear::variable(self.numbers.variable(range));
        let some = self.circuit.or(parts.iter().map(|part| part.1));
        let valid = self.defined(id, Gap::Empty, known, some);
        let mut reached = vec![!valid];
        for (_, member, value) in parts {
            let above = result.clone().minus(&value);
            let above = if greatest { above } else { above.times(ratio(-1)) };
            let (less, most) = (
                self.numbers.at_most(&mut self.circuit, &above, true),
                self.numbers.at_most(&mut self.circuit, &above, false),
            );
            self.circuit.require(&[!valid, !member, !less]);
            reached.push(self.circuit.and([member, most]));
        }
        self.circuit.require(&reached);
        Meaning::Number(valid, result)
    }
}
