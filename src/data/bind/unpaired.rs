//! Columns that no field is called, and that hold the units of numbers beside them: without these
//! the numbers are not known.

use super::Target;
use super::headings::Headings;
use super::slot::{Slot, Unknown};
use super::tree::Tree;
use crate::data::event::Scalar;
use crate::data::fault::At;
use crate::data::names::{Lookup, fold};
use crate::data::unit;
use crate::schema::Type;
use std::collections::BTreeSet;

/// How many different units of one column are kept, to be shown.
const MOST_WORDS: usize = 12;

/// The fields whose units may stand under a heading.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Each with its type.
    fields: Vec<(usize, Type)>,
    /// Whether the heading says that it holds units; otherwise its cells have to.
    pub by_name: bool,
}

/// What the cells under such a heading say.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The fields whose numbers are not known.
    pub fields: BTreeSet<usize>,
    /// The units, up to a limit.
    pub words: Vec<String>,
    /// In how many rows they are not known, where rows are read one by one.
    pub rows: usize,
}

impl Candidates {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Keeps those fields alone.
    pub fn retain(&mut self, keep: impl Fn(usize) -> bool) {
        self.fields.retain(|(field, _)| keep(*field));
    }

    /// The fields that a cell makes doubtful.
    pub fn doubted(&self, cell: &str) -> impl Iterator<Item = usize> {
        let own = self.fields.iter();
        own.filter(|(_, ty)| self.by_name || unit::is_other(cell, *ty)).map(|(field, _)| *field)
    }

    /// Takes in what a cell says.
    pub fn see(&self, cell: &str, seen: &mut Seen) {
        let cell = cell.trim();
        if cell.is_empty() {
            return;
        }
        seen.fields.extend(self.doubted(cell));
        if seen.words.len() < MOST_WORDS && !seen.words.iter().any(|word| word == cell) {
            seen.words.push(cell.to_owned());
        }
    }
}

impl Headings {
    /// The fields whose units a heading that no field is called may hold: `页数单位` those of 页数,
    /// `币种` those of all amounts, `单位` those of all numbers, where its cells are units.
    #[must_use]
    pub fn candidates(&self, frame: usize, heading: &str) -> Candidates {
        const CURRENCY: [&str; 7] =
            ["币种", "币别", "货币", "货币单位", "货币种类", "金额单位", "currency"];
        let folded = fold(heading).to_lowercase();
        let types = self.types.get(frame).map_or(&[][..], |types| types);
        let takes = |ty: Type| {
            unit::has_units(ty) || matches!(ty, Type::Integer | Type::Decimal | Type::Percent)
        };
        let all = |holds: &dyn Fn(Type) -> bool| {
            let all = types.iter().copied().enumerate();
            all.filter(|(_, ty)| holds(*ty)).collect::<Vec<_>>()
        };
        if CURRENCY.contains(&&*folded) {
            return Candidates { fields: all(&|ty| ty == Type::Money), by_name: true };
        }
        let folded_name = fold(heading);
        let named = before_unit(&folded_name);
        let called = |words: &Lookup| words.get_in_any_case(named?);
        if let Some(field) = self.frames.get(frame).and_then(called) {
            let ty = types.get(field).copied().filter(|ty| takes(*ty));
            return Candidates {
                fields: ty.map(|ty| (field, ty)).into_iter().collect(),
                by_name: true,
            };
        }
        let holds_any = |words: &[&str]| words.iter().any(|word| folded.contains(word));
        // Of a number in another table of the file, and of no other.
        let is_of_another = self.frames.iter().any(|words| called(words).is_some());
        if is_of_another || !holds_any(&["单位", "unit", "币", "currency", "计价", "计量"]) {
            return Candidates::default();
        }
        let is_price = holds_any(&["价", "费", "款", "金额", "币", "currency", "price", "amount"]);
        let holds = |ty: Type| if is_price { ty == Type::Money } else { takes(ty) };
        Candidates { fields: all(&holds), by_name: false }
    }
}

/// What a heading names before the word for units.
fn before_unit(folded: &str) -> Option<&str> {
    let name = ["计量单位", "单位", " unit", "_unit", "unit"]
        .iter()
        .find_map(|end| folded.strip_suffix(end))?;
    Some(name.trim_end_matches(['的', '_', ' ', '-']))
}

impl<T: Target> Tree<'_, T> {
    /// The target, told of all unknown keys.
    pub fn finish(mut self) -> T {
        self.say_strangers();
        for unknown in std::mem::take(&mut self.unknown) {
            let path = unknown.inside.map(|inner| format!("{}/{inner}", unknown.name));
            let name = path.as_deref().unwrap_or(&unknown.name);
            let Unknown { frame, span, rows, units: (_, seen), .. } = unknown;
            let met = seen.fields.iter().copied().filter(|field| self.has_met(frame, *field));
            let fields: BTreeSet<usize> = met.collect();
            if fields.is_empty() {
                self.target.unknown(frame, name, span, rows);
            } else {
                self.target.unpaired((frame, &fields), name, span, (&seen.words, seen.rows));
            }
        }
        self.target
    }

    /// Whether the value of a key no field is called is the unit of fields, which are not known then.
    pub(super) fn holds_unit(&mut self, value: Scalar<'_>) -> bool {
        let (Slot::Unknown(index), Some(frame)) = (self.pending, self.row_frame()) else {
            return false;
        };
        let (Some(unknown), Scalar::Text(cell) | Scalar::Number(cell)) =
            (self.unknown.get_mut(index), value)
        else {
            return false;
        };
        let (candidates, seen) = &mut unknown.units;
        candidates.see(cell, seen);
        let fields: Vec<usize> = candidates.doubted(cell.trim()).collect();
        seen.rows += usize::from(!fields.is_empty());
        fields.iter().for_each(|field| self.target.withhold(At { frame, field: *field }));
        !fields.is_empty()
    }
}
