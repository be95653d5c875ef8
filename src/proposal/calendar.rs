//! The working calendar that is handed out with this program, for tables with limits in working
//! days.

use crate::data::amount;
use crate::schema::Type;
use crate::value::calendar::WorkingCalendar;
use num_traits::ToPrimitive;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Its vocabulary, its days, what the vocabulary and its table are called, and what a day is called
/// on which work is done.
const SHIPPED: (&str, &str, &str, &str) = include!("../../policies/calendars.in");

/// The vocabulary.
pub const VOCABULARY: &str = SHIPPED.0;
/// The table of its days, as CSV.
pub const DAYS: &str = SHIPPED.1;
/// What both are called.
pub const NAME: &str = SHIPPED.2;

/// The days of rest where nothing else is said: Saturday and Sunday.
const REST: [i8; 2] = [6, 7];

/// The calendar.
pub fn calendar() -> &'static WorkingCalendar {
    static CALENDAR: OnceLock<WorkingCalendar> = OnceLock::new();
    CALENDAR.get_or_init(|| {
        let day = |line: &str| {
            let mut cells = line.trim().split(',');
            let day = amount(Type::Date, cells.next()?)?.to_integer().to_i64()?;
            Some((day, cells.next()? == SHIPPED.3))
        };
        let exceptions: BTreeMap<i64, bool> = DAYS.lines().skip(1).filter_map(day).collect();
        WorkingCalendar::new(&REST, &exceptions)
    })
}
