//! Functions of texts: lengths, parts of texts and where they stand.

use crate::builtin::{Function, Scalar};
use crate::program::{ExprId, TextRelation};
use crate::prove::linear::{Linear, Range, Variable, ratio};
use crate::prove::pending::{Argument, Derived, Gap, Kernel, Position};
use crate::prove::sat::{Bit, Solver};
use crate::prove::text::Machine;
use crate::prove::value::nothing;
use crate::prove::world::{Limit, Meaning, World};
use crate::schema::Type;
use crate::value::Ratio;
use std::sync::Arc;

impl<S: Solver> World<'_, S> {
    /// How many letters a text has.
    pub(super) fn length(
        &mut self,
        id: ExprId,
        valid: Bit,
        text: &Linear,
        arguments: Vec<Argument>,
    ) -> Meaning {
        let Some(text) = text.single() else {
            let function = crate::builtin::function("length");
            return function
                .map_or_else(nothing, |found| self.in_bounds(id, Gap::NotFound, found, arguments));
        };
        let letters = match self.derived.get(&text).cloned() {
            Some((_, Derived::Slice(from, to))) => Linear::whole(i64::from(to - from) + 1),
            Some((of, Derived::Joined(before, after))) => {
                let more = before.chars().chain(after.chars()).count();
                let more = Linear::whole(i64::try_from(more).unwrap_or(i64::MAX));
                Linear::variable(self.letters_of(of)).plus(&more)
            }
            _ => Linear::variable(self.letters_of(text)),
        };
        Meaning::Number(valid, letters)
    }

    /// Texts one after another, one of which is open.
    pub(super) fn joined(&mut self, texts: &[(Bit, Linear)]) -> Option<Meaning> {
        let (mut sides, mut open) = ([String::new(), String::new()], None);
        for (_, text) in texts {
            match text.known().and_then(|known| usize::try_from(known.to_integer()).ok()) {
                Some(known) => {
                    let side = sides.get_mut(usize::from(open.is_some()))?;
                    side.push_str(self.texts.get(known)?);
                }
                None if open.is_some() => return None,
                None => open = Some(text.single()?),
            }
        }
        let [before, after] = sides;
        let known = self.circuit.and(texts.iter().map(|(valid, _)| *valid));
        let how = Derived::Joined(before.into(), after.into());
        Some(Meaning::Number(known, self.derive(open?, how)))
    }

    fn letters_of(&mut self, text: Variable) -> Variable {
        if let Some(known) = self.lengths.get(&text) {
            return *known;
        }
        let least = i64::from(self.written.contains_key(&text));
        let range = Range { low: Some(ratio(least)), preferred: ratio(2), ..Range::any(true) };
        let length = self.numbers.variable(range);
        self.lengths.insert(text, length);
        length
    }

    /// The letters from one place to another, which are the same for all rows.
    pub(super) fn slice(
        &mut self,
        id: ExprId,
        known: Bit,
        text: Variable,
        (from, to): (Ratio, Ratio),
    ) -> Meaning {
        let place = |at: Ratio| u32::try_from(at.to_integer()).ok();
        let (Some(from), Some(to)) = (place(from).filter(|from| *from > 0), place(to)) else {
            return nothing();
        };
        if to + 1 < from {
            return nothing();
        }
        if to + 1 == from {
            let text = Arc::<str>::from("");
            return Meaning::Number(known, Linear::whole(self.text(&text)));
        }
        let length = Linear::variable(self.letters_of(text));
        let long = self.from(&length, i64::from(to));
        let valid = self.defined(id, Gap::TooShort, known, long);
        Meaning::Number(valid, self.derive(text, Derived::Slice(from, to)))
    }

    /// A text in half-width letters, without blanks.
    pub(super) fn normalized(&mut self, known: Bit, text: Variable) -> Meaning {
        Meaning::Number(known, self.derive(text, Derived::Narrowed))
    }

    /// A text made from another; made in the same way it is the same.
    pub(in crate::prove) fn derive(&mut self, of: Variable, how: Derived) -> Linear {
        let known = self.derived.iter().find(|(_, made)| made.0 == of && made.1 == how);
        if let Some((known, _)) = known {
            return Linear::variable(*known);
        }
        let made = self.numbers.variable(self.range(Type::Text));
        self.derived.insert(made, (of, how));
        Linear::variable(made)
    }

    /// Where a text first stands in another: nowhere, unless it is contained.
    pub(super) fn position(
        &mut self,
        (id, known): (ExprId, Bit),
        text: &Linear,
        part: &Linear,
        arguments: Vec<Argument>,
    ) -> Meaning {
        let contained = self.related(id, TextRelation::Contains, text, part);
        let has = match contained {
            Some(bit) => bit,
            None => {
                self.limited(Limit::Texts(id));
                self.circuit.free()
            }
        };
        let valid = self.defined(id, Gap::NotFound, known, has);
        self.limited(Limit::Opaque(id));
        let range = Range { low: Some(ratio(0)), ..Range::any(true) };
        let Some(function) = crate::builtin::function("position") else { return nothing() };
        let result = self.remembered(Kernel::Function(function), arguments, valid, range);
        let constant = part.known().and_then(|known| usize::try_from(known.to_integer()).ok());
        let constant = constant.and_then(|known| self.texts.get(known).cloned());
        if let (Some(text), Some(part), Some(result)) = (text.single(), constant, result.single()) {
            self.positions.push(Position { id, valid, result, text, part });
        }
        // It ends before the text does.
        if let Some(text) = text.single() {
            let after = result.clone().minus(&Linear::variable(self.letters_of(text)));
            let inside = self.numbers.at_most(&mut self.circuit, &after, false);
            self.circuit.require(&[!valid, inside]);
        }
        Meaning::Number(valid, result)
    }

    /// A sum over the letters of a text: each is worth no more than the last of the alphabet.
    pub(super) fn weighted(
        &mut self,
        id: ExprId,
        function: Function,
        arguments: Vec<Argument>,
    ) -> Meaning {
        let letters = match arguments.get(1) {
            Some(Argument::Value(_, linear, ty)) => linear
                .known()
                .and_then(|known| super::scalar(&self.texts, known, *ty))
                .and_then(|scalar| match scalar {
                    Scalar::Text(text) => i64::try_from(text.chars().count()).ok(),
                    _ => None,
                }),
            _ => None,
        };
        let weights = match arguments.get(2) {
            Some(Argument::Weights(weights)) => weights.clone(),
            _ => Vec::new(),
        };
        let ends = |wanted: fn(i64) -> bool| {
            let most = letters?.checked_sub(1).filter(|most| *most >= 0)?;
            let part = |weight: &i64| weight.checked_mul(most);
            weights
                .iter()
                .filter(|weight| wanted(**weight))
                .map(part)
                .try_fold(0_i64, |sum, part| sum.checked_add(part?))
        };
        let (low, high) = (ends(|weight| weight < 0), ends(|weight| weight > 0));
        let range =
            Range { low: low.map(ratio), high: high.map(ratio), ..self.computed(Type::Integer) };
        let kernel = Kernel::Function(function);
        let (valid, result) = self.tried((id, Gap::NotFound), kernel, arguments, range);
        Meaning::Number(valid, result)
    }

    /// A relation of two texts, one of which is the same for all rows or both of which are one.
    /// `None` for others.
    pub(in crate::prove) fn related(
        &mut self,
        id: ExprId,
        relation: TextRelation,
        text: &Linear,
        other: &Linear,
    ) -> Option<Bit> {
        let constant = |linear: &Linear| {
            self.texts.get(usize::try_from(linear.known()?.to_integer()).ok()?).cloned()
        };
        let Some(pattern) = constant(other) else {
            let same = text == other && text.single().is_some();
            return (same && relation != TextRelation::Matches).then_some(Bit::TRUE);
        };
        let name = format!("{relation:?} {pattern}");
        let machine = Machine::related(relation, &pattern)?;
        match (constant(text), text.single()) {
            (Some(text), _) => Some(Bit::of(machine.has(&text))),
            (None, Some(text)) => Some(self.text_atom(id, machine, name, text)),
            (None, None) => None,
        }
    }
}
