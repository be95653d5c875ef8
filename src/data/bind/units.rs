//! What numbers without a unit are in: by the manifest, by the heading over them, by a line above
//! the table.

use super::headings::Headings;
use super::plan::Plan;
use crate::data::fault::{At, Fault, StatedBy};
use crate::data::mention;
use crate::data::names::shorten;
use crate::data::unit::{self, Measure, Unit};
use crate::schema::Type;
use std::collections::BTreeMap;

/// A unit with its name.
pub type Named = (Unit, String);

/// The units that a file states for its numbers.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// By heading, folded: the manifest's.
    by_heading: Vec<(String, Option<Named>)>,
    /// The manifest's, for the whole file.
    whole: Option<Named>,
}

impl Units {
    /// By what the manifest says of a file.
    #[must_use]
    pub fn of(mapping: &crate::data::Mapping) -> Self {
        let named = |word: &str| Unit::counting(word).map(|unit| (unit, word.to_owned()));
        let by_heading = mapping
            .units
            .iter()
            .map(|(heading, word)| (crate::data::names::fold(heading).into_owned(), named(word)));
        Self { by_heading: by_heading.collect(), whole: mapping.unit.as_deref().and_then(named) }
    }

    /// Whether the manifest states one for the whole file.
    #[must_use]
    pub fn has_whole(&self) -> bool {
        self.whole.is_some()
    }

    /// Whether the manifest states the unit of a heading.
    #[must_use]
    pub fn knows(&self, heading: &str) -> bool {
        self.for_heading(heading).is_some()
    }

    fn for_heading(&self, heading: &str) -> Option<&Named> {
        let heading = crate::data::names::fold(heading);
        let own = self.by_heading.iter().find(|(known, _)| *known == *heading);
        own.and_then(|(_, unit)| unit.as_ref())
    }
}

/// What the numbers under a heading are in, where they state no unit; `above` are the units stated
/// above the table. `None` where they are in the field's own.
///
/// # Errors
/// Where the unit does not fit the field.
pub fn stated(
    plan: &Plan,
    headings: &Headings,
    at: At,
    heading: &str,
    above: &[Named],
) -> Result<Option<Measure>, Fault> {
    let Some(field) = plan.field(at.frame, at.field) else { return Ok(None) };
    let wrong = |unit: &str, by| {
        let unit = shorten(unit);
        Fault::StatedUnit { at, unit, by, several: Vec::new() }
    };
    let unclear = |word: &str| {
        let (unit, several) = (shorten(word), vec![shorten(heading)]);
        Fault::StatedUnit { at, unit, by: StatedBy::Name, several }
    };
    if let Some((unit, word)) = headings.units.for_heading(heading) {
        let measure = unit.declared(field.ty);
        return measure.map(Some).ok_or_else(|| wrong(word, StatedBy::Manifest));
    }
    let measured = unit::has_units(field.ty);
    let frame = plan.schema.frames.get(at.frame);
    let is_name = || {
        let field = frame.and_then(|frame| frame.fields.get(at.field));
        field.is_some_and(|field| field.is_called(&crate::data::names::fold(heading)))
    };
    // A heading may be nothing but a unit; `日` may be what a field is called, too, or a list whose
    // one value stands in the column.
    let alone = || {
        let is_list = frame.is_some_and(|frame| frame.plain);
        let unit = Unit::named(heading).filter(|_| !is_list && !is_name())?;
        Some((unit, heading.trim()))
    };
    if measured
        && let Some((unit, word)) =
            unit::in_heading(heading).or_else(alone).or_else(|| unit::before_name(heading))
    {
        let own = field.units.iter().any(|own| **own == *crate::data::names::fold(word));
        let name = || unit::behind_name(heading).filter(|_| field.ty == Type::Money);
        let factor = name().and_then(|stated| mention::before_unit(stated.name));
        return match unit.of(field.ty) {
            Some(_) if factor.is_some() && !is_name() => Err(unclear(&factor.unwrap_or_default())),
            Some(measure) => Ok(Some(measure)),
            None if own || unit.is_price() && is_name() => Ok(None),
            None => Err(wrong(word, StatedBy::Heading)),
        };
    }
    let is_number = matches!(field.ty, Type::Integer | Type::Decimal);
    if let Some(word) = unit::counted(heading).filter(|_| is_number && !is_name()) {
        return Err(wrong(word, StatedBy::Heading));
    }
    if let Some((unit, _)) = headings.units.whole.as_ref().filter(|_| measured)
        && let Some(measure) = unit.declared(field.ty)
    {
        return Ok(Some(measure));
    }
    let found = if measured { from_line(at, field.ty, above)? } else { None };
    let word = || mention::of_money(heading).filter(|_| !is_name());
    match (found, field.ty) {
        (None, Type::Money) => word().map_or(Ok(None), |word| Err(unclear(&word))),
        _ => Ok(found),
    }
}

/// What the numbers of each field of a document are in, by the keys it came under.
#[derive(Debug, Default)]
pub struct Met(BTreeMap<At, (Option<Measure>, String)>);

impl Met {
    /// What the numbers under a key are in.
    ///
    /// # Errors
    /// Where the unit does not fit the field, or another key of it states another.
    pub fn stated(
        &mut self,
        plan: &Plan,
        headings: &Headings,
        at: At,
        key: &str,
    ) -> Result<Option<Measure>, Fault> {
        let measure = stated(plan, headings, at, key, &[])?;
        let (first, other) = self.0.entry(at).or_insert_with(|| (measure, key.to_owned()));
        if *first != measure {
            let several = vec![shorten(other), shorten(key)];
            let (unit, by) = (shorten(key), StatedBy::Heading);
            return Err(Fault::StatedUnit { at, unit, by, several });
        }
        Ok(measure)
    }
}

/// What amounts are in by the lines above the table.
fn from_line(at: At, ty: Type, above: &[Named]) -> Result<Option<Measure>, Fault> {
    // A line that speaks of days does not say of which limits.
    let is_part = |word: &str| ["角", "角钱", "分钱"].contains(&word);
    let of_money = |(unit, word): &&Named| unit.is_money() || unit.is_factor() || is_part(word);
    let mut own = above.iter().filter(|named| ty == Type::Money && of_money(named));
    let Some((unit, word)) = own.next() else { return Ok(None) };
    let fault =
        |several| Err(Fault::StatedUnit { at, unit: shorten(word), by: StatedBy::Line, several });
    let Some(measure) = unit.of(ty) else { return fault(Vec::new()) };
    if own.any(|(other, _)| other != unit) {
        return fault(above.iter().map(|(_, word)| shorten(word)).collect());
    }
    Ok(Some(measure))
}

/// What the manifest says of units that fits nothing.
#[must_use]
pub fn idle(plan: &Plan, headings: &Headings, input: &crate::data::Input) -> Vec<Fault> {
    let frame = input.frame.0 as usize;
    let family = plan.frame(frame).map_or(&[][..], |shape| &shape.family);
    let types = || {
        let fields = family.iter().filter_map(|frame| plan.frame(*frame));
        fields.flat_map(|shape| shape.fields.iter().map(|field| field.ty))
    };
    let mut faults = Vec::new();
    for (heading, word) in &input.mapping.units {
        let known = family.iter().any(|frame| headings.field(*frame, heading).is_some());
        if !known || word.trim().is_empty() {
            let (heading, unit) = (shorten(heading), shorten(word));
            faults.push(Fault::UnknownUnit { frame, heading, unit });
        }
    }
    if let Some(word) = &input.mapping.unit {
        let fits =
            |unit: Unit| types().any(|ty| unit::has_units(ty) && unit.declared(ty).is_some());
        if !Unit::named(word).is_some_and(fits) {
            faults.push(Fault::UnknownUnit { frame, heading: String::new(), unit: shorten(word) });
        }
    }
    faults
}
