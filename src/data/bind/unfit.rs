//! Values that are no values of their fields, and texts that may be none.

use super::cell;
use super::pairs::own_unit;
use super::plan::FieldPlan;
use super::{Binder, How, Target};
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault, Found, Unfit};
use crate::data::faults::Noted;
use crate::data::garbled::{self, Garbled};
use crate::data::leaving::{self, Leaving};
use crate::data::names::shorten;
use crate::data::placeholder;
use crate::data::unit::Measure;
use crate::schema::Type;
use std::collections::BTreeSet;
use std::ops::Range;

/// What is said of a text that a program has left of a value it lost: `4.10106E+17`, `#N/A`.
#[inline]
#[must_use]
pub(super) fn lost(field: &FieldPlan, (at, text): (At, &str), how: How<'_>) -> Option<Fault> {
    if text.len() >= 30 {
        return None;
    }
    let is_error = cell::is_error(text);
    if !(is_error || cell::is_cut(text))
        || field.says(text)
        || how.conventions.leaves_out(Scalar::Text(text))
    {
        return None;
    }
    let word = text.trim().to_owned();
    Some(if is_error {
        Fault::FormulaError { at, shown: word }
    } else {
        Fault::CutNumber { at, word }
    })
}

/// What a program has put into a text, where nobody says that it is meant.
#[inline]
fn left(field: &FieldPlan, text: &str) -> Option<Leaving> {
    let day = || if field.key && field.ty == Type::Text { leaving::day(text) } else { None };
    let found = match text.contains('&').then(|| leaving::escape(text)).flatten() {
        Some(_) => Leaving::Escape,
        None => day().map(|(month, day)| Leaving::Day(month, day))?,
    };
    (!field.says(text)).then_some(found)
}

impl Binder<'_> {
    /// Warns of what a program has put into a text, and of a day that programs write where there is none, and that counts as given all the
    /// same.
    #[inline]
    pub(super) fn ask_day(
        &mut self,
        field: &FieldPlan,
        (at, scalar): (At, Scalar<'_>),
        span: &Range<usize>,
    ) {
        if let (Type::Date | Type::Instant, Scalar::Text(text)) = (field.ty, scalar)
            && !field.key
            && placeholder::is_first_day(text)
            && !field.says(text)
            && !self.conventions.leaves_out(scalar)
        {
            let word = text.trim().to_owned();
            self.faults.push(span.clone(), Fault::Placeholder { at, word });
        }
        if let (Type::Text | Type::Ref(_), Scalar::Text(text)) = (field.ty, scalar)
            && let Some(what) = left(field, text)
        {
            let word = shorten(text.trim());
            self.faults.push(span.clone(), Fault::Leaving { at, word, what });
        }
    }

    /// Warns of a text that says nothing, and counts as given all the same.
    #[inline]
    pub(super) fn ask(
        &mut self,
        field: &FieldPlan,
        (at, scalar): (At, Scalar<'_>),
        span: &Range<usize>,
    ) {
        if let Scalar::Text(text) = scalar
            && !field.key
            && placeholder::is_one(text)
            && !field.says(text)
        {
            let word = text.trim().to_owned();
            self.faults.push(span.clone(), Fault::Placeholder { at, word });
        }
        if let Scalar::Text(digits) | Scalar::Number(digits) = scalar
            && field.optional
            && field.ty == Type::Text
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !field.says(digits)
        {
            self.faults.number(at, digits, span.clone());
        }
    }

    /// Whether a text is none, which is said; of bytes that could not be decoded where they stand.
    #[inline]
    pub(super) fn is_lost(
        &mut self,
        field: &FieldPlan,
        (at, scalar): (At, Scalar<'_>),
        span: &Range<usize>,
    ) -> bool {
        let Scalar::Text(text) = scalar else { return false };
        if text.is_ascii() {
            return false;
        }
        if self.damaged && text.contains('\u{FFFD}') {
            return true;
        }
        let Some(meant) = garbled::look(text) else { return false };
        let word = shorten(text.trim());
        if meant == Garbled::Gaps {
            // A text with gaps is one; as anything else it is told what it is not.
            if field.ty == Type::Text {
                self.faults.push(span.clone(), Fault::LostLetters { at, word });
            }
            return false;
        }
        self.faults.push(span.clone(), Fault::Garbled { at, word, meant });
        // A key tells rows apart all the same.
        !field.key
    }

    /// Warns of a number with a unit of its own, where the column states another.
    #[inline]
    pub(super) fn compare_unit(
        &mut self,
        (at, scalar): (At, Scalar<'_>),
        (ty, measure): (Type, Option<&Measure>),
        span: &Range<usize>,
    ) {
        if let (Scalar::Text(text), Some(measure)) = (scalar, measure)
            && let Some((unit, _)) = own_unit(text)
            && unit.declared(ty).is_some_and(|own| own.scale != measure.scale)
        {
            let word = text.trim().to_owned();
            self.faults.push(span.clone(), Fault::OwnUnit { at, word });
        }
    }

    /// A value that does not fit.
    #[cold]
    pub(super) fn unfit(&mut self, at: At, unfit: Unfit, found: Found, span: Range<usize>) {
        if unfit == Unfit::TwoOrders {
            return self.mark(at, true);
        }
        let near = match (&unfit, &found, self.plan.field(at.frame, at.field).map(|field| field.ty))
        {
            (Unfit::NotListed, Found::Text(text), Some(Type::Enum(id))) => {
                let values = self.plan.schema.enumeration(id).map_or(&[][..], |item| &item.values);
                cell::near_value(values, text)
            }
            _ => None,
        };
        let is_looked = self.plan.field(at.frame, at.field).is_some_and(|field| field.looked);
        let fault = match found {
            // A row that is only looked for, and of another kind than any here, is not found.
            Found::Text(word)
                if unfit == Unfit::NotListed
                    && near.is_none()
                    && is_looked
                    && at.frame == self.top =>
            {
                if let Some(open) = self.open.get_mut(at.frame) {
                    open.foreign = true;
                }
                Fault::ForeignValue { at, word }
            }
            found => Fault::Unfit { at, unfit, found, nearest: near },
        };
        self.faults.push(span, fault);
        self.mark(at, true);
    }

    /// Forgets what is withheld of the row that ends.
    #[cold]
    pub(super) fn forget_withheld(&mut self, frame: usize) {
        let withheld = std::mem::take(&mut self.withheld);
        let (own, others) = withheld.into_iter().partition::<Vec<_>, _>(|at| at.frame == frame);
        self.withheld = others;
        for at in own {
            if self.is_given(at) {
                self.forget(at);
            }
        }
    }

    /// Says of a key that it holds units nothing is known of.
    pub(super) fn say_unpaired(
        &mut self,
        (frame, fields): (usize, &BTreeSet<usize>),
        name: &str,
        span: Range<usize>,
        (words, rows): (&[String], usize),
    ) {
        let (heading, fields) = (shorten(name), fields.iter().copied().collect());
        let fault = Fault::UnpairedUnit { frame, fields, heading };
        let texts = words.iter().map(|word| shorten(word)).collect();
        self.faults.push_noted(Noted { count: rows, texts, ..Noted::alone(span, fault) });
    }
}

/// What was found, short enough for a message.
pub(super) fn found(scalar: Scalar<'_>) -> Found {
    match scalar {
        Scalar::Text(text) => Found::Text(shorten(text.trim())),
        Scalar::Number(digits) => Found::Number(shorten(digits)),
        Scalar::Bool(value) => Found::Bool(value),
        Scalar::Null => Found::Null,
        Scalar::Moment(text) => Found::Moment(shorten(text)),
    }
}
