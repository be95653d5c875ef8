//! The built-in functions in SQL, by their English names; `tests/emit.rs` walks all of them.

use super::define::{Definer, Definition, Refused, TOO_LARGE, fits};
use super::dialect::{literal, quoted, remainder, wide};
use super::layout::CALENDAR;
use super::template::{Cell, Part, Template, fill, product};
use crate::builtin::Function;
use crate::invariant::broken;
use crate::lowering::{NodeId, Op};
use crate::say;
use crate::schema::{Constant, Physical, day_number};
use crate::syntax::tree::Operator;
use crate::value::instant::{DAY, TICKS};
use crate::value::text::narrow;
use jiff::civil::{Date, date};

/// Why a function has no SQL; `None` where it has.
///
/// # Examples
///
/// ```
/// assert!(fanshi::emit::refused_function("similarity").is_some());
/// assert!(fanshi::emit::refused_function("length").is_none());
/// ```
#[must_use]
pub fn refused_function(name: &str) -> Option<Refused> {
    match name {
        "today" | "year" | "month" | "day" | "weekday" | "quarter" | "week_start" | "week_end"
        | "month_start" | "month_end" | "quarter_start" | "quarter_end" | "year_start"
        | "year_end" | "date" | "hour" | "minute" | "elapsed" | "due" | "round" | "ceil"
        | "floor" | "abs" | "mod" | "length" | "slice" | "position" | "weighted_sum" | "concat"
        | "normalize" | "replace" | "strip" => None,
        _ => Some(say!("`{name}` 还写不成 SQL", "`{name}` has no SQL yet")),
    }
}

impl Definer<'_> {
    /// A function whose value is no exact number.
    pub(super) fn call(
        &self,
        id: NodeId,
        function: Function,
        arguments: &[NodeId],
    ) -> Result<Definition, Refused> {
        let name = function.0.en;
        if let Some(refused) = refused_function(name) {
            return Err(refused);
        }
        let parts: Vec<Template> = arguments.iter().map(|node| (*node).into()).collect();
        let raw = || Template::from(Cell::Node(id, Part::Raw));
        Ok(Definition::Row(match (name, parts.as_slice()) {
            ("today", _) => format!("CAST({} AS BIGINT)", self.policy.today).into(),
            ("elapsed", [from, to, ..]) => {
                return Ok(self.elapsed(from, to, self.flag(arguments.get(2))));
            }
            ("due", [from, count, ..]) => return Ok(self.due(from, count, arguments.get(2))),
            ("round" | "ceil" | "floor" | "abs" | "weighted_sum", _) => fits(raw()),
            ("mod", [value, by]) => {
                let [value, by] = [value, by].map(wide);
                let rest = self.never_below_nought(value, by.clone());
                fill("CASE WHEN {} > 0 THEN CAST({} AS BIGINT) END", [by, rest])
            }
            ("date" | "hour" | "minute", [instant]) => self.clock(name, instant),
            ("length", [text]) => fill("CAST(CHAR_LENGTH({}) AS BIGINT)", [text.into()]),
            ("position", [text, part]) => {
                let at = fill("STRPOS({}, {})", [text.into(), part.into()]);
                fill("CASE WHEN {} > 0 THEN CAST({} - 1 AS BIGINT) END", [at.clone(), at])
            }
            ("slice", [text, from, to]) => slice(text, from, to),
            ("concat", _) => Template::joined(parts, " || "),
            ("normalize", [text]) => {
                let (from, to) = narrowed();
                fill(
                    "TRANSLATE({}, {}, {})",
                    [text.into(), literal(&from).into(), literal(&to).into()],
                )
            }
            ("replace", [text, part, with]) => fill(
                "CASE WHEN {} = '' AND {} IS NOT NULL THEN {} ELSE REPLACE({}, {}, {}) END",
                [part.into(), with.into(), text.into(), text.into(), part.into(), with.into()],
            ),
            ("strip", [text, ends]) => self.dialect.trim(text.into(), ends.into()),
            (_, [day]) => self.of_day(name, day),
            _ => broken("a function of other arguments"),
        }))
    }

    /// What a function of whole numbers comes to before it is known whether it fits.
    pub(super) fn raw_call(
        &self,
        function: Function,
        arguments: &[NodeId],
    ) -> Result<Template, Refused> {
        match (function.0.en, arguments) {
            ("abs", [value]) => Ok(fill("ABS({})", [wide(*value)])),
            ("weighted_sum", [text, alphabet, weights]) => {
                self.weighted(*text, *alphabet, *weights)
            }
            (_, [value, step]) if self.node(*step).physical == Physical::Ints => {
                Ok(self.rounded(function, *value, *step).0)
            }
            _ => Err(say!(
                "步长不是整数的取整还写不成 SQL",
                "whole numbers rounded by a step that is not whole have no SQL yet"
            )),
        }
    }

    /// The same of a function whose value is an exact number, with its denominator.
    pub(super) fn raw_exact_call(
        &self,
        function: Function,
        arguments: &[NodeId],
    ) -> Result<(Template, Template), Refused> {
        match (function.0.en, arguments) {
            ("round" | "ceil" | "floor", [value, step]) => {
                Ok(self.rounded(function, *value, *step))
            }
            (name, _) => Err(refused_function(name)
                .unwrap_or_else(|| say!("`{name}` 还写不成 SQL", "`{name}` has no SQL yet"))),
        }
    }

    /// A number rounded to a multiple of a step.
    fn rounded(&self, function: Function, value: NodeId, step: NodeId) -> (Template, Template) {
        let (n, d) = (self.over(value), self.under(value));
        let (m, e) = (self.over(step), self.under(step));
        let (over, under) = (product(&n, &e), product(&d, &m));
        let floor = |over: Template, under: Template| {
            let rest = self.never_below_nought(over.clone(), under.clone());
            self.dialect.quotient(fill("({} - {})", [over, rest]), under)
        };
        let steps = match function.0.en {
            "floor" => floor(over, under),
            "ceil" => fill("(0 - {})", [floor(fill("(0 - {})", [over]), under)]),
            _ => {
                let twice = fill("(2 * {})", [under.clone()]);
                let up = fill("(2 * {} + {})", [over.clone(), under.clone()]);
                let down = fill("({} - 2 * {})", [under.clone(), over.clone()]);
                fill(
                    "CASE WHEN {} < 0 THEN (0 - {}) ELSE {} END",
                    [over, floor(down, twice.clone()), floor(up, twice)],
                )
            }
        };
        let text = "CASE WHEN {} > 0 THEN ({}) * {} END";
        (fill(text, [m.clone(), steps, m]), e)
    }

    /// What is left of a division by a positive number, never below 0.
    fn never_below_nought(&self, value: Template, by: Template) -> Template {
        let rest = remainder(value, by.clone());
        let sum = fill("({} + {})", [rest, by.clone()]);
        remainder(sum, by)
    }

    /// A part of a date, or a day of its period.
    fn of_day(&self, name: &str, day: &Template) -> Template {
        let (own, dialect) = (|| day.clone(), self.dialect);
        let part = |field: &str| dialect.part(field, own());
        let month_start = || fill("({} - {} + 1)", [own(), part("DAY")]);
        let monday = || fill("({} - (({} + 3) % 7 + 7) % 7)", [own(), own()]);
        let of_quarter =
            |text: &str| dialect.day(dialect.year(own()), fill(text, [part("QUARTER")]), "1");
        let found = match name {
            "year" => dialect.year(own()),
            "month" => part("MONTH"),
            "day" => part("DAY"),
            "quarter" => part("QUARTER"),
            "weekday" => fill("((({} + 3) % 7 + 7) % 7 + 1)", [own()]),
            "week_start" => monday(),
            "week_end" => {
                let last = day_number(Date::MAX);
                let text = format!("CASE WHEN {{}} + 6 <= {last} THEN {{}} + 6 END");
                fill(&text, [monday(), monday()])
            }
            "month_start" => month_start(),
            "month_end" => self.last_of_month(month_start()),
            "quarter_start" => of_quarter("({} * 3 - 2)"),
            "quarter_end" => self.last_of_month(of_quarter("({} * 3)")),
            "year_start" => dialect.day(dialect.year(own()), "1".into(), "1"),
            "year_end" => dialect.day(dialect.year(own()), "12".into(), "31"),
            _ => broken("a function without SQL"),
        };
        self.civil(day, found)
    }

    /// The last day of a month, by its first: 31 days later it is some day of the next.
    fn last_of_month(&self, first: Template) -> Template {
        let later = fill("({} + 31)", [first]);
        fill("({} - {})", [later.clone(), self.dialect.part("DAY", later)])
    }

    /// Something of a day of the years that every engine has, 1 to 9999; NULL for what is no day,
    /// and the query stops for one before.
    fn civil(&self, day: &Template, found: Template) -> Template {
        let (first, last) = (day_number(date(1, 1, 1)), day_number(Date::MAX));
        let least = day_number(Date::MIN);
        let stop = self.dialect.stop(TOO_LARGE, day.clone());
        let text = format!(
            "CASE WHEN {{}} BETWEEN {first} AND {last} THEN {{}} \
                WHEN {{}} BETWEEN {least} AND {last} THEN CAST({{}} AS BIGINT) END"
        );
        fill(&text, [day.clone(), found, day.clone(), stop])
    }

    /// A date some months later or earlier; the last of the month where it has no such day.
    pub(super) fn add_months(&self, id: NodeId, day: NodeId) -> Template {
        let (month, first) = (Cell::Node(id, Part::RawUnder), Cell::Node(id, Part::Raw));
        let day = Template::from(day);
        let sum = fill(
            "LEAST({} + {} - 1, {})",
            [first.into(), self.dialect.part("DAY", day.clone()), self.last_of_month(first.into())],
        );
        let stop = self.dialect.stop(TOO_LARGE, day.clone());
        let text = "CASE WHEN {} IS NOT NULL THEN {} \
            WHEN {} BETWEEN -119988 AND 11 THEN CAST({} AS BIGINT) END";
        self.civil(&day, fill(text, [first.into(), sum, month.into(), stop]))
    }

    /// The month meant, counted from that of year 0; NULL where it is none, or that of no date.
    pub(super) fn month_meant(&self, how: Operator, day: NodeId, months: NodeId) -> Template {
        let (first, last) = (day_number(date(1, 1, 1)), day_number(Date::MAX));
        let sign = if how == Operator::Subtract { "-" } else { "+" };
        let text = format!(
            "CASE WHEN {{}} BETWEEN {first} AND {last} AND {{}} BETWEEN -239976 AND 239976 \
                THEN {{}} * 12 + {{}} - 1 {sign} {{}} END"
        );
        let (year, month) = (self.dialect.year(day), self.dialect.part("MONTH", day));
        fill(&text, [day.into(), months.into(), year, month, months.into()])
    }

    /// The first day of that month, in the years 1 to 9999.
    pub(super) fn first_meant(&self, id: NodeId) -> Template {
        let month = || Template::from(Cell::Node(id, Part::RawUnder));
        let year = fill("(({} - {} % 12) / 12)", [month(), month()]);
        let first = self.dialect.day(year, fill("({} % 12 + 1)", [month()]), "1");
        fill("CASE WHEN {} BETWEEN 12 AND 119999 THEN {} END", [month(), first])
    }

    /// A part of the local time of an instant.
    fn clock(&self, name: &str, instant: &Template) -> Template {
        let ahead = self.policy.schema().offset.local(0);
        let ahead = ahead.0 * DAY + ahead.1;
        let text =
            format!("LEAST(GREATEST({{}} + {ahead}, -9223372036854775808), 9223372036854775807)");
        let local = fill(&text, [wide(instant)]);
        let day = wide(DAY.to_string());
        let time = self.never_below_nought(local.clone(), day.clone());
        let found = match name {
            "date" => self.dialect.quotient(fill("({} - {})", [local, time]), day),
            "hour" => self.dialect.quotient(time, (3600 * TICKS).to_string()),
            _ => {
                let minutes = self.dialect.quotient(time, (60 * TICKS).to_string());
                remainder(minutes, "60")
            }
        };
        fill("CASE WHEN {} IS NOT NULL THEN CAST({} AS BIGINT) END", [instant.clone(), found])
    }

    /// Whether the first day counts.
    fn flag(&self, argument: Option<&NodeId>) -> Template {
        match argument {
            None => "FALSE".into(),
            Some(node) => match &self.node(*node).op {
                Op::Constant(Constant::Bool(true)) | Op::Truth(true) => "TRUE".into(),
                Op::Constant(Constant::Bool(false)) | Op::Truth(false) => "FALSE".into(),
                _ => (*node).into(),
            },
        }
    }

    /// Working days between two days.
    pub(super) fn elapsed(
        &self,
        from: &Template,
        to: &Template,
        including: Template,
    ) -> Definition {
        let day = |day: &Template| (quoted(CALENDAR), vec![("\"day\"", day.clone())]);
        let found = fill(
            "CASE WHEN {} <= {} AND @0.\"run\" = @1.\"run\" THEN @1.\"total\" - @0.\"total\" \
                + CASE WHEN {} AND @0.\"works\" THEN 1 ELSE 0 END END",
            [from.clone(), to.clone(), including],
        );
        Definition::Beside { joins: vec![day(from), day(to)], found }
    }

    fn due(&self, from: &Template, count: &Template, flag: Option<&NodeId>) -> Definition {
        let including = self.flag(flag);
        let left = fill(
            "({} - CASE WHEN {} AND {} > 0 AND @0.\"works\" THEN 1 ELSE 0 END)",
            [wide(count), including, count.clone()],
        );
        let start = (quoted(CALENDAR), vec![("\"day\"", from.clone())]);
        let target = (
            format!("(SELECT * FROM {} WHERE \"works\")", quoted(CALENDAR)),
            vec![
                ("\"run\"", "@0.\"run\"".into()),
                ("\"total\"", fill("@0.\"total\" + {}", [left.clone()])),
            ],
        );
        let found = fill(
            "CASE WHEN {} = 0 THEN @0.\"day\" WHEN {} > 0 THEN @1.\"day\" END",
            [left.clone(), left],
        );
        Definition::Beside { joins: vec![start, target], found }
    }

    fn weighted(
        &self,
        text: NodeId,
        alphabet: NodeId,
        weights: NodeId,
    ) -> Result<Template, Refused> {
        let Op::Weights(weights) = &self.node(weights).op else { broken("weights that are none") };
        let place = |at: usize| {
            let letter = fill(&format!("SUBSTRING({{}}, {at}, 1)"), [text.into()]);
            fill("STRPOS({}, {})", [alphabet.into(), letter])
        };
        let places = (1..=weights.len()).map(place);
        let tests = places.clone().map(|place| fill("{} > 0", [place]));
        let tests = Template::joined(tests, " AND ");
        let parts = places
            .zip(weights)
            .map(|(place, weight)| fill(&format!("({{}} - 1) * ({weight})"), [wide(place)]));
        let sum = Template::joined(parts, " + ");
        if weights.is_empty() {
            return Ok(fill("CASE WHEN {} = '' THEN 0 END", [text.into()]));
        }
        let text_of =
            format!("CASE WHEN CHAR_LENGTH({{}}) = {} AND {{}} THEN {{}} END", weights.len());
        Ok(fill(&text_of, [text.into(), tests, sum]))
    }
}

/// The characters from one position to another, from 1; NULL where there are not so many.
fn slice(text: &Template, from: &Template, to: &Template) -> Template {
    let part = "CASE WHEN {} >= 1 AND {} >= {} - 1 AND ({} <= CHAR_LENGTH({}) OR {} = {} - 1) \
        THEN SUBSTRING({}, CAST({} AS INTEGER), CAST({} - {} + 1 AS INTEGER)) END";
    let [t, f, u] = [text, from, to].map(|part| move || part.clone());
    fill(part, [f(), u(), f(), u(), t(), u(), f(), t(), f(), u(), f()])
}

/// The characters that `normalize` changes, and what they become; those beyond are left out.
fn narrowed() -> (String, String) {
    let all = || ('\u{0}'..='\u{FFFF}').filter(|letter| *letter != '\u{0}');
    let changed =
        all().filter(|letter| narrow(*letter) != *letter && !narrow(*letter).is_whitespace());
    let gone = all().filter(|letter| narrow(*letter).is_whitespace());
    let to = changed.clone().map(narrow).collect();
    (changed.chain(gone).collect(), to)
}
