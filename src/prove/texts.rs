//! Which texts have what a model says of them: the shortest that does, or why none can.
//!
//! A text is a number for the search: its place among the texts that are mentioned, or a number
//! beyond those, which only says which texts are equal. What else is asked of a text, and of its
//! parts and its length, is whether it is in certain sets; their intersection is searched.

use super::linear::{Linear, Variable, ratio};
use super::pending::{Derived, TextAtom};
use super::sat::{Bit, Solver};
use super::text::{Machine, Search, Wanted, shortest};
use super::world::{Limit, Meaning, Rails, RowId, World, texts_of};
use crate::program::{ExprId, TextRelation};
use crate::value::Ratio;
use crate::value::key::canonical;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What looking for texts comes to.
pub(super) enum Fit {
    /// Texts for all numbers beyond those mentioned.
    Texts(BTreeMap<Variable, String>),
    /// Something was learnt; the model is not one.
    Learnt,
    /// Too large to tell.
    Unknown,
}

/// A set a text is wanted in or not, and the literals that say so.
struct Reason {
    wanted: Wanted,
    bits: Vec<Bit>,
}

/// A text that is open, with all that is said of it.
struct Open {
    texts: Vec<Variable>,
    /// Whether anything is asked of it but to differ from others.
    asked: bool,
    reasons: Vec<Reason>,
    /// Its length in the model, where it is tied to other numbers.
    length: Option<(Variable, Ratio)>,
}

/// What is made of a text.
#[derive(PartialEq)]
enum Made<'d> {
    Length,
    Text(&'d Derived),
}

impl<S: Solver> World<'_, S> {
    /// A relation of texts.
    pub(super) fn text_relation(
        &mut self,
        id: ExprId,
        relation: TextRelation,
        (left, right): (ExprId, ExprId),
        scope: &[RowId],
    ) -> Rails {
        let (Meaning::Number(a, text), Meaning::Number(b, other)) =
            (self.meaning(left, scope), self.meaning(right, scope))
        else {
            return Rails { t: Bit::FALSE, f: Bit::FALSE };
        };
        let test = match self.related(id, relation, &text, &other) {
            Some(bit) => bit,
            None => {
                self.limits.insert(Limit::Texts(id));
                let bit = self.circuit.free();
                // A text that is the other has it at its beginning and its end.
                let same = self.numbers.equal(&mut self.circuit, &text, &other);
                if relation != TextRelation::Matches {
                    self.circuit.require(&[!same, bit]);
                    let plain = self.circuit.or([!bit, same]);
                    self.simple.push(plain);
                }
                bit
            }
        };
        Rails { t: self.circuit.and([a, b, test]), f: self.circuit.and([a, b, !test]) }
    }

    /// Whether a text is in a set.
    pub(super) fn text_atom(
        &mut self,
        id: ExprId,
        machine: Machine,
        name: String,
        text: Variable,
    ) -> Bit {
        let known = self.atoms.iter().find(|atom| atom.text == text && atom.name == name);
        if let Some(known) = known {
            return known.bit;
        }
        let bit = self.circuit.free();
        self.atoms.push(TextAtom { id, machine, name, text, bit });
        bit
    }

    /// What mentioned texts are: whether a field can have them, and what is so of them.
    pub(super) fn settle_texts(&mut self, from: usize) {
        let texts: Vec<(i64, Arc<str>)> = (0..).zip(self.texts.clone()).skip(from).collect();
        let written: Vec<Variable> = self.written.keys().copied().collect();
        for variable in written {
            for (number, text) in &texts {
                if !self.can_be(variable, text) {
                    let is = self.is_text(variable, *number);
                    self.circuit.require(&[!is]);
                }
            }
        }
        let atoms: Vec<(Machine, Variable, Bit)> =
            self.atoms.iter().map(|atom| (atom.machine.clone(), atom.text, atom.bit)).collect();
        for (machine, variable, bit) in atoms {
            for (number, text) in &texts {
                let is = self.is_text(variable, *number);
                let holds = if machine.has(text) { bit } else { !bit };
                self.circuit.require(&[!is, holds]);
            }
        }
        let lengths: Vec<(Variable, Variable)> =
            self.lengths.iter().map(|(text, length)| (*text, *length)).collect();
        for (variable, length) in lengths {
            for (number, text) in &texts {
                let is = self.is_text(variable, *number);
                let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                self.equate(is, &Linear::variable(length), &Linear::whole(letters));
            }
        }
    }

    /// A text as keys are compared: texts that are one have one such form.
    pub(super) fn as_key(&mut self, text: Linear) -> Linear {
        let known = text.known().and_then(|known| usize::try_from(known.to_integer()).ok());
        if let Some(known) = known.and_then(|known| self.texts.get(known).cloned()) {
            return Linear::whole(self.text(&canonical(&known).into()));
        }
        let Some(of) = text.single() else { return text };
        let forms: Vec<(Variable, Variable)> = self
            .derived
            .iter()
            .filter(|(_, (_, how))| matches!(how, Derived::Canonical))
            .map(|(form, (of, _))| (*form, *of))
            .collect();
        if let Some((form, _)) = forms.iter().find(|(_, other)| *other == of) {
            return Linear::variable(*form);
        }
        let form = self.derive(of, Derived::Canonical);
        for (own, other) in forms {
            let alike = self.numbers.equal(&mut self.circuit, &text, &Linear::variable(other));
            self.equate(alike, &form, &Linear::variable(own));
        }
        form
    }

    /// Whether texts have been compared as keys.
    pub(super) fn compares_keys(&self) -> bool {
        self.derived.values().any(|(_, how)| matches!(how, Derived::Canonical))
    }

    /// Looked for first are keys that are their own form, or texts that are mentioned.
    pub(super) fn settle_forms(&mut self) {
        let mentioned = i64::try_from(self.texts.len()).unwrap_or(i64::MAX);
        for (form, (of, how)) in self.derived.clone() {
            if matches!(how, Derived::Canonical) {
                let of = Linear::variable(of);
                let plain = self.numbers.equal(&mut self.circuit, &of, &Linear::variable(form));
                let known = self.up_to(&of, mentioned - 1);
                let simple = self.circuit.or([plain, known]);
                self.simple.push(simple);
            }
        }
    }

    /// Texts that are one have one length and the same parts: said of texts that are compared with
    /// each other, or with those between.
    pub(super) fn settle_alike(&mut self) {
        let mut groups: Vec<BTreeSet<Variable>> = Vec::new();
        for quantity in self.numbers.quantities.iter().filter(|quantity| quantity.is_difference()) {
            let mut group: BTreeSet<Variable> = quantity.terms.iter().map(|term| term.0).collect();
            groups.retain(|other| {
                let apart = other.is_disjoint(&group);
                if !apart {
                    group.extend(other);
                }
                apart
            });
            groups.push(group);
        }
        let lengths = self.lengths.iter().map(|(text, length)| (Made::Length, *text, *length));
        let derived = self.derived.iter().map(|(made, (of, how))| (Made::Text(how), *of, *made));
        let made: Vec<_> = derived.chain(lengths).collect();
        let mut alike = Vec::new();
        for (at, (how, text, value)) in made.iter().enumerate() {
            let group = groups.iter().find(|group| group.contains(text));
            for (also, other, same) in made.iter().skip(at + 1) {
                if how == also && group.is_some_and(|group| group.contains(other)) {
                    alike.push(([*text, *other], [*value, *same]));
                }
            }
        }
        for (texts, values) in alike {
            let [a, b] = texts.map(Linear::variable);
            let [x, y] = values.map(Linear::variable);
            let same = self.numbers.equal(&mut self.circuit, &a, &b);
            self.equate(same, &x, &y);
        }
    }

    /// A part stands no later than somewhere if the letters until its end there have it.
    pub(super) fn settle_positions(&mut self) {
        for place in self.positions.clone() {
            let letters = u32::try_from(place.part.chars().count()).unwrap_or(u32::MAX);
            for ((limit, _), bit) in self.numbers.thresholds(place.result) {
                let Some(limit) = u32::try_from(limit.to_integer()).ok() else { continue };
                let Some(machine) = Machine::related(TextRelation::Contains, &place.part) else {
                    continue;
                };
                let until = limit.saturating_add(letters);
                let name = format!("{until} {}", place.part);
                let machine = Machine::Early(until, Box::new(machine));
                let early = self.text_atom(place.id, machine, name, place.text);
                self.circuit.require(&[!place.valid, !bit, early]);
                self.circuit.require(&[!place.valid, bit, !early]);
            }
        }
    }

    fn is_text(&mut self, variable: Variable, number: i64) -> Bit {
        self.numbers.equal(&mut self.circuit, &Linear::variable(variable), &Linear::whole(number))
    }

    /// Whether a fact can be a text: readers trim what they read, and let no empty text pass.
    fn can_be(&self, variable: Variable, text: &Arc<str>) -> bool {
        let Some((frame, field)) = self.written.get(&variable) else { return true };
        let Some(field) = self.program.schema.field(*frame, *field) else { return true };
        if texts_of(field).any(|own| own == *text) {
            return true;
        }
        Machine::Trimmed.has(text) && !field.readings.iter().any(|(word, _)| word == text)
    }

    /// Looks for texts that have all that a model says.
    pub(super) fn fit_texts(&mut self, values: &[Ratio]) -> Fit {
        let mentioned = self.texts.len();
        let mut found: BTreeMap<Variable, String> = BTreeMap::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for variable in self.derived.keys().copied().collect::<Vec<_>>() {
            if self.wrong_part(variable, values) {
                return Fit::Learnt;
            }
        }
        let open = self.open_texts(values);
        for open in open.into_iter().filter(|open| open.asked) {
            let mut reasons: Vec<&Reason> = open.reasons.iter().collect();
            let length = open.length.map(|(_, length)| exactly(length));
            let apart = (Machine::OneOf(Arc::new(used.clone())), false);
            let wanted = |reasons: &[&Reason], more: &[&Wanted]| {
                let all: Vec<&Wanted> = reasons
                    .iter()
                    .map(|reason| &reason.wanted)
                    .chain(more.iter().copied())
                    .collect();
                shortest(&all)
            };
            let exact: Vec<&Wanted> = length.iter().collect();
            let extra: Vec<&Wanted> = exact.iter().copied().chain([&apart]).collect();
            match wanted(&reasons, &extra) {
                Search::Found(text) => {
                    used.insert(text.clone());
                    found.extend(open.texts.iter().map(|variable| (*variable, text.clone())));
                    continue;
                }
                Search::Unknown => return Fit::Unknown,
                Search::None => {}
            }
            // Texts that others have are mentioned from now on, so that equality is seen.
            if let Search::Found(text) = wanted(&reasons, &exact) {
                self.text(&text.into());
                self.settle_texts(mentioned);
                return Fit::Learnt;
            }
            if let (Search::Found(_), Some((variable, length))) =
                (wanted(&reasons, &[]), open.length)
            {
                self.other_length(variable, length, &reasons);
                return Fit::Learnt;
            }
            // What is not needed to rule all texts out is left away.
            let mut at = 0;
            while at < reasons.len() {
                let mut fewer = reasons.clone();
                fewer.remove(at);
                if wanted(&fewer, &[]) == Search::None { reasons = fewer } else { at += 1 }
            }
            let clause: Vec<Bit> =
                reasons.iter().flat_map(|reason| &reason.bits).map(|bit| !*bit).collect();
            self.circuit.require(&clause);
            return Fit::Learnt;
        }
        Fit::Texts(found)
    }

    /// Learns that a text has another length than the model says.
    fn other_length(&mut self, variable: Variable, length: Ratio, reasons: &[&Reason]) {
        let known = length.to_integer();
        let below = u32::try_from(known).ok().and_then(|known| known.checked_sub(1));
        let some = |range: Wanted| {
            let all: Vec<&Wanted> =
                reasons.iter().map(|reason| &reason.wanted).chain([&range]).collect();
            shortest(&all)
        };
        let fewer = below.map(|most| some((Machine::Long(0, Some(most)), true)));
        let more = some((Machine::Long(below.map_or(1, |below| below + 2), None), true));
        let number = Linear::variable(variable);
        let mut clause: Vec<Bit> =
            reasons.iter().flat_map(|reason| &reason.bits).map(|bit| !*bit).collect();
        if fewer.is_some_and(|fewer| fewer != Search::None) {
            clause.push(self.up_to(&number, i64::try_from(known).unwrap_or(0) - 1));
        }
        match more {
            Search::None => {}
            Search::Found(text) => {
                let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
                clause.push(self.from(&number, letters));
            }
            Search::Unknown => {
                clause.push(self.from(&number, i64::try_from(known).unwrap_or(0) + 1));
            }
        }
        self.circuit.require(&clause);
    }

    /// Learns what a part of a text that is mentioned is, where the model has it wrong.
    fn wrong_part(&mut self, variable: Variable, values: &[Ratio]) -> bool {
        let Some((of, how)) = self.derived.get(&variable).cloned() else { return false };
        let mentioned = |value: Option<&Ratio>| {
            let at = usize::try_from(value?.to_integer()).ok()?;
            Some((i64::try_from(at).ok()?, self.texts.get(at)?.clone()))
        };
        let Some((number, text)) = mentioned(values.get(of)) else { return false };
        let Some(part) = how.of(&text) else { return false };
        let own = mentioned(values.get(variable));
        if own.is_some_and(|(_, own)| *own == *part) {
            return false;
        }
        let before = self.texts.len();
        let part = self.text(&part.into());
        self.settle_texts(before);
        let is = self.is_text(of, number);
        self.equate(is, &Linear::variable(variable), &Linear::whole(part));
        true
    }

    /// The texts that are open in a model, those that are equal together.
    fn open_texts(&mut self, values: &[Ratio]) -> Vec<Open> {
        let mentioned = i64::try_from(self.texts.len()).unwrap_or(i64::MAX);
        let beyond = |variable: &Variable| {
            values.get(*variable).is_some_and(|value| *value >= ratio(mentioned))
        };
        let mut texts: BTreeSet<Variable> = self.written.keys().copied().filter(&beyond).collect();
        let asked = self.atoms.iter().map(|atom| atom.text).chain(self.lengths.keys().copied());
        let asked = asked.chain(self.derived.values().map(|(of, _)| *of));
        let asked: Vec<Variable> = asked.filter(&beyond).collect();
        texts.extend(asked);
        texts.retain(|variable| !self.derived.contains_key(variable));
        let texts: Vec<Variable> = texts.into_iter().collect();
        let mut classes: Vec<Vec<Variable>> = Vec::new();
        for variable in texts {
            let equal = |class: &Vec<Variable>| {
                class.iter().any(|other| {
                    self.numbers.compared(*other, variable)
                        && values.get(*other) == values.get(variable)
                })
            };
            let (mut joined, others): (Vec<_>, Vec<_>) = classes.into_iter().partition(equal);
            let mut class: Vec<Variable> = joined.drain(..).flatten().collect();
            class.push(variable);
            classes = others;
            classes.push(class);
        }
        classes.into_iter().map(|texts| self.open_text(texts, mentioned, values)).collect()
    }

    /// All that is said of texts that are equal.
    fn open_text(&mut self, texts: Vec<Variable>, mentioned: i64, values: &[Ratio]) -> Open {
        let mut reasons = Vec::new();
        let (mut length, mut plain) = (None, 0);
        let all: Arc<BTreeSet<String>> =
            Arc::new(self.texts.iter().map(ToString::to_string).collect());
        let first = texts.first().copied().unwrap_or(0);
        for &variable in &texts {
            let mut equal = Vec::new();
            if variable != first {
                let (a, b) = (Linear::variable(first), Linear::variable(variable));
                equal.push(self.numbers.equal(&mut self.circuit, &a, &b));
            }
            if self.written.contains_key(&variable) {
                let wanted = (Machine::Trimmed, true);
                reasons.push(Reason { wanted, bits: equal.clone() });
                plain += 1;
            }
            let other = !self.up_to(&Linear::variable(variable), mentioned - 1);
            let bits = equal.iter().copied().chain([other]).collect();
            reasons.push(Reason { wanted: (Machine::OneOf(all.clone()), false), bits });
            plain += 1;
            self.said_of(variable, &equal, &Some, &mut reasons);
            for (part, (of, how)) in self.derived.clone() {
                if of == variable {
                    let inside = |machine: Machine| how.inside(machine);
                    self.said_of(part, &equal, &inside, &mut reasons);
                    self.part_is(part, &how, mentioned, &equal, values, &mut reasons);
                }
            }
            if let Some(&own) = self.lengths.get(&variable) {
                self.as_long(own, &equal, &mut reasons);
                if self.numbers.is_mixed(own) {
                    length = values.get(own).map(|value| (own, *value));
                }
            }
        }
        let asked = reasons.len() > plain || length.is_some();
        Open { texts, asked, reasons, length }
    }

    /// The sets a text is in or not.
    fn said_of(
        &self,
        variable: Variable,
        equal: &[Bit],
        inside: &dyn Fn(Machine) -> Option<Machine>,
        reasons: &mut Vec<Reason>,
    ) {
        for atom in self.atoms.iter().filter(|atom| atom.text == variable) {
            let holds = self.circuit.solver.holds(atom.bit);
            let bit = if holds { atom.bit } else { !atom.bit };
            let bits = equal.iter().copied().chain([bit]).collect();
            let machine = inside(atom.machine.clone());
            reasons.extend(machine.map(|machine| Reason { wanted: (machine, holds), bits }));
        }
    }

    /// Which of the mentioned texts a part is.
    fn part_is(
        &mut self,
        part: Variable,
        how: &Derived,
        mentioned: i64,
        equal: &[Bit],
        values: &[Ratio],
        reasons: &mut Vec<Reason>,
    ) {
        let value = values.get(part).map_or(0, num_rational::Ratio::to_integer);
        let own = usize::try_from(value).ok().and_then(|at| self.texts.get(at)).cloned();
        let number = i64::try_from(value).unwrap_or(i64::MAX);
        let (bit, set, inside) = match own {
            Some(text) => (self.is_text(part, number), BTreeSet::from([text.to_string()]), true),
            None => {
                let other = !self.up_to(&Linear::variable(part), mentioned - 1);
                (other, self.texts.iter().map(ToString::to_string).collect(), false)
            }
        };
        let bits = equal.iter().copied().chain([bit]).collect();
        let machine = how.inside(Machine::OneOf(Arc::new(set)));
        reasons.extend(machine.map(|machine| Reason { wanted: (machine, inside), bits }));
    }

    /// How long a text is at least and at most.
    fn as_long(&self, length: Variable, equal: &[Bit], reasons: &mut Vec<Reason>) {
        let thresholds = self.numbers.thresholds(length);
        let limit = |limit: &Ratio| u32::try_from(limit.to_integer()).unwrap_or(0);
        let holds = |bit: &Bit| self.circuit.solver.holds(*bit);
        let most = thresholds.iter().find(|(_, bit)| holds(bit));
        let least = thresholds.iter().rev().find(|(_, bit)| !holds(bit));
        let most = most.map(|((end, _), bit)| (Machine::Long(0, Some(limit(end))), *bit));
        let least = least.map(|((end, _), bit)| (Machine::Long(limit(end) + 1, None), !*bit));
        for (machine, bit) in most.into_iter().chain(least) {
            let bits = equal.iter().copied().chain([bit]).collect();
            reasons.push(Reason { wanted: (machine, true), bits });
        }
    }
}

impl Derived {
    /// It, of a text; `None` where it has no value.
    fn of(&self, text: &str) -> Option<String> {
        match self {
            Self::Slice(from, to) => {
                let (from, to) = (from.checked_sub(1)? as usize, *to as usize);
                let part: String = text.chars().take(to).skip(from).collect();
                (part.chars().count() == to.checked_sub(from)?).then_some(part)
            }
            Self::Narrowed => Some(
                text.chars()
                    .map(crate::value::text::narrow)
                    .filter(|letter| !letter.is_whitespace())
                    .collect(),
            ),
            Self::Canonical => Some(canonical(text).into_owned()),
            Self::Joined(before, after) => Some(format!("{before}{text}{after}")),
        }
    }

    /// The texts of which it is in a set. `None` where that is not read letter by letter: then it
    /// is only known of texts that are mentioned.
    fn inside(&self, machine: Machine) -> Option<Machine> {
        match self {
            Self::Slice(from, to) => Some(Machine::Slice(*from, *to, Box::new(machine))),
            Self::Narrowed => Some(Machine::Narrowed(Box::new(machine))),
            Self::Joined(before, after) => {
                Some(Machine::Joined(before.clone(), after.clone(), Box::new(machine)))
            }
            Self::Canonical => None,
        }
    }
}

/// Texts of one length.
fn exactly(length: Ratio) -> Wanted {
    let letters = u32::try_from(length.to_integer()).unwrap_or(u32::MAX - 1);
    (Machine::Long(letters, Some(letters)), true)
}
