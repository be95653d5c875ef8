//! Rows above the headings of a file: data that was left there is said.

use super::Sheet;
use super::top::{Line, is_unit, numbers_columns};
use crate::data::bind::Target;
use crate::data::fault::{Aside, Fault};
use crate::schema::Type;
use crate::value::date::parse_date;
use crate::value::number::parse_decimal;
use std::ops::Range;

/// The headings with their places.
type Titles = [(String, Range<usize>)];

impl Sheet<'_> {
    /// Says which rows above the headings fill as many columns as these do, or most of them with
    /// what is a value there: a title, or what is said about the whole table, fills fewer.
    pub(super) fn left_above<T: Target>(
        &self,
        (lines, header): (&[Line], usize),
        titles: &Titles,
        target: &mut T,
    ) {
        let named = titles.iter().filter(|(title, _)| !title.is_empty()).count();
        for (at, line) in lines.iter().enumerate().take(header) {
            let is_remark = |text: &str| text.contains(':') || is_unit(text);
            let is_said = line.filled().any(|(_, text)| is_remark(text))
                || numbers_columns(line, lines.get(at + 1), titles);
            let (mut cells, filled) = (line.filled(), line.filled().count());
            let is_data = cells.clone().any(|(column, text)| self.may_hold(titles, column, text));
            let least = if is_data { (named * 2).div_ceil(3).max(2) } else { named.max(3) };
            if line.open.is_some() || is_said || filled < least {
                continue;
            }
            let place = cells.next().and_then(|(column, _)| line.cells.get(column));
            let place = place.map_or(0..0, |(_, place)| place.clone());
            let aside = if is_data { Aside::DataAbove } else { Aside::Above };
            target.fault(place, Fault::AsideRow(aside));
        }
    }

    /// Whether a text is a value of a column whose values are no texts of any kind.
    fn may_hold(&self, titles: &Titles, column: usize, text: &str) -> bool {
        let title = titles.get(column).map_or("", |(title, _)| title);
        let field = self.headings.field(self.frame, title);
        let Some(field) = field.and_then(|field| self.plan.field(self.frame, field)) else {
            return false;
        };
        match field.ty {
            Type::Date | Type::Instant => parse_date(text).is_some(),
            Type::Text | Type::Ref(_) => false,
            _ => {
                let values = field.values.as_ref();
                values.is_some_and(|values| values.get_in_any_case(text).is_some())
                    || parse_decimal(&text.replace(',', "")).is_some()
            }
        }
    }
}
