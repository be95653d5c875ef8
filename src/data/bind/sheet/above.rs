//! Rows above the headings of a file: data that was left there is said.

use super::Sheet;
use super::top::{Line, is_count, is_unit, numbers_columns};
use crate::data::bind::Target;
use crate::data::bind::cell::{Value, read_as};
use crate::data::bind::conventions::How;
use crate::data::bind::plan::FieldPlan;
use crate::data::event::Scalar;
use crate::data::fault::{Aside, Fault, Unfit};
use crate::data::names::{Lookup, fold};
use crate::schema::Type;
use crate::value::date::parse_date;
use crate::value::number::parse_decimal;
use crate::value::numeral;
use std::ops::Range;

/// The headings with their places.
type Titles = [(String, Range<usize>)];

/// What is known of the headings.
struct Known<'t> {
    titles: &'t Titles,
    /// How many there are.
    named: usize,
    /// The columns in which every row has a value.
    required: Vec<usize>,
}

impl Sheet<'_> {
    /// Says which rows above the headings fill as many columns as these do, or those that every row
    /// has or most of them with what is a value there: a title, or what is said about the whole
    /// table, fills fewer.
    pub(super) fn left_above<T: Target>(
        &self,
        (lines, header): (&[Line], usize),
        titles: &Titles,
        target: &mut T,
    ) {
        if header == 0 {
            return;
        }
        let named = titles.iter().filter(|(title, _)| !title.is_empty()).count();
        let parents = self.parents();
        let is_required = |column: &usize| self.is_given_in_rows(titles, *column, parents.as_ref());
        let required = (0..titles.len()).filter(is_required).collect();
        let known = Known { titles, named, required };
        for (at, line) in lines.iter().enumerate().take(header) {
            let Some(aside) = self.aside(line, lines.get(at + 1), &known) else { continue };
            let place = line.filled().next().and_then(|(column, _)| line.cells.get(column));
            let place = place.map_or(0..0, |(_, place)| place.clone());
            target.fault(place, Fault::AsideRow(aside));
        }
    }

    /// What a row above the headings is, where that is to be said.
    fn aside(&self, line: &Line, next: Option<&Line>, known: &Known<'_>) -> Option<Aside> {
        let is_remark = |text: &str| text.contains(':') || is_unit(text);
        let is_said = line.open.is_some()
            || line.filled().any(|(_, text)| is_remark(text))
            || numbers_columns(line, next, known.titles)
            || counts_in_words(line)
            || says_when(line);
        if is_said {
            return None;
        }
        let filled = line.filled().count();
        let has =
            |column: &usize| line.cells.get(*column).is_some_and(|(text, _)| !text.is_empty());
        let is_whole = !known.required.is_empty() && known.required.iter().all(has);
        let least = (known.named * 2).div_ceil(3).max(2);
        let may_be_row = filled >= least || is_whole && filled > 1;
        if may_be_row && line.filled().any(|(column, text)| self.may_hold(known, column, text)) {
            return Some(Aside::DataAbove);
        }
        (filled >= known.named.max(3)).then_some(Aside::Above)
    }

    /// Whether every row has a value in a column, of its own and not of the row above.
    fn is_given_in_rows(&self, titles: &Titles, column: usize, parents: Option<&Lookup>) -> bool {
        let title = titles.get(column).map_or("", |(title, _)| title);
        let field = self.headings.field(self.frame, title);
        let is_same = |name: &String| {
            *fold(name) == *title
                || field.is_some() && field == self.headings.field(self.frame, name)
        };
        if self.mapping.fill.iter().any(is_same) {
            return false;
        }
        match field.and_then(|field| self.plan.field(self.frame, field)) {
            Some(field) => field.is_required(),
            None => parents.is_some_and(|parents| parents.get_in_any_case(title).is_some()),
        }
    }

    /// Whether a text is a value of a column whose values are no texts of any kind, or would be one
    /// if it were written otherwise.
    fn may_hold(&self, known: &Known<'_>, column: usize, text: &str) -> bool {
        let title = known.titles.get(column).map_or("", |(title, _)| title);
        let field = self.headings.field(self.frame, title);
        let field = field.and_then(|field| self.plan.field(self.frame, field));
        let Some(field) = field.filter(|field| field.list.is_none()) else { return false };
        if matches!(field.ty, Type::Text | Type::Ref(_)) || is_of_calendar(field, text) {
            return false;
        }
        let values = field.values.as_ref();
        let is_listed = values.is_some_and(|values| values.get_in_any_case(text).is_some());
        let how = How { conventions: &self.headings.conventions, measure: None };
        let is_number = || !matches!(field.ty, Type::Date | Type::Instant) && is_figure(text);
        is_listed
            || match read_as(field, Scalar::Text(text), how) {
                Ok(value) => !matches!(value, Value::NotGiven),
                Err(
                    Unfit::Range
                    | Unfit::NoSuchDay
                    | Unfit::TimeOfDay(_)
                    | Unfit::Weekday
                    | Unfit::BarePercent
                    | Unfit::Unit(_),
                ) => true,
                Err(Unfit::Bound | Unfit::Price) => text.contains(char::is_numeric),
                Err(_) => is_number(),
            }
    }
}

/// Whether a text is a year, a month or a day of one, as titles and headings have them, and its
/// column holds no dates.
fn is_of_calendar(field: &FieldPlan, text: &str) -> bool {
    !matches!(field.ty, Type::Date | Type::Instant)
        && (text.ends_with(['年', '月', '日', '号', '季']) || text.ends_with("季度"))
        && !text.ends_with("个月")
        && !text.ends_with("工作日")
}

/// Whether a text is a number with nothing behind it but what is counted.
fn is_figure(text: &str) -> bool {
    let is_part = |letter: char| {
        letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-') || numeral::is_part(letter)
    };
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    let (number, word) = text.split_at_checked(end).unwrap_or((text, ""));
    let is_number =
        parse_decimal(&number.replace(',', "")).is_some() || numeral::read(number).is_some();
    let word = word.trim();
    is_number && (word.is_empty() || is_count(word) || is_unit(word))
}

/// Whether a row only counts the columns in words: `一 二 三`.
fn counts_in_words(line: &Line) -> bool {
    let mut count = 0;
    let is_next = |(_, text): (usize, &str)| {
        count += 1;
        numeral::read(text) == Some(count)
    };
    line.filled().all(is_next) && count > 1
}

/// Whether a row says when a table was made: `填表日期 2015-11-20`.
fn says_when(line: &Line) -> bool {
    let mut cells = line.filled().map(|(_, text)| text);
    let (Some(first), Some(second), None) = (cells.next(), cells.next(), cells.next()) else {
        return false;
    };
    (first.ends_with("日期") || first.ends_with("时间")) && parse_date(second).is_some()
}
