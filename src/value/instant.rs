//! Instants: moments with a time of day, and the offset local time has from UTC.
//!
//! Written forms are those of RFC 3339 and ISO 8601 (`2015-09-02T14:30:00+08:00`), and the local
//! ones people use (`2015-09-02 14:30`,
//! `2015年9月2日14时30分`). What gives no offset is local time.

use super::date::{FIRST, LAST, day_date, day_number};

/// Stored units in a second: tenths of a microsecond, so that years 0 to 9999 fit, and so do times
/// of seven decimals.
pub const TICKS: i64 = 10_000_000;

/// Stored units in a day.
pub const DAY: i64 = 86_400 * TICKS;

/// How far an offset that is written may be from UTC, in stored units: 18 hours and 59 minutes.
const FARTHEST: i64 = (18 * 60 + 59) * 60 * TICKS;

/// The least and the greatest instant that data and policies can name, as stored.
#[must_use]
pub fn bounds() -> (i64, i64) {
    (day_number(FIRST) * DAY - FARTHEST, day_number(LAST) * DAY + (DAY - 1) + FARTHEST)
}

/// How far local time is ahead of UTC.
///
/// # Examples
///
/// ```
/// use fanshi::{Offset, Settings};
///
/// let settings = Settings { offset: Offset::parse("+08:00").unwrap(), ..Settings::default() };
/// assert_eq!(settings.offset, Offset::CHINA);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Offset {
    seconds: i32,
}

impl Default for Offset {
    /// China Standard Time, as the working calendar counts by the Civil Code: a project elsewhere
    /// says so in its manifest.
    fn default() -> Self {
        Self::CHINA
    }
}

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTime {
    /// It does not read as one.
    Form,
    /// There is no such time of day, or no such offset.
    NoSuchTime,
    /// It says more than can be stored.
    TooFine,
}

/// A time of day, as ticks since midnight, and the offset where one is written.
pub type Time = (i64, Option<Offset>);

impl Offset {
    /// China Standard Time.
    pub const CHINA: Self = Self { seconds: 8 * 3600 };

    /// Reads `+08:00`, `+0800`, `+08`, `Z`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "Z" || text == "z" {
            return Some(Self { seconds: 0 });
        }
        let sign = match text.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        let digits: String = text.get(1..)?.split(':').collect();
        if !matches!((digits.len(), text.len()), (2, 3) | (4, 5 | 6)) {
            return None;
        }
        let (hours, minutes) = (
            figures(digits.get(..2)?)?,
            figures(digits.get(2..).filter(|rest| !rest.is_empty()).unwrap_or("00"))?,
        );
        let seconds = i32::try_from(sign * (hours * 3600 + minutes * 60)).ok()?;
        (hours <= 18 && minutes < 60).then_some(Self { seconds })
    }

    /// The instant of a local day and time; `None` where it cannot be stored.
    #[must_use]
    pub fn instant(self, day: i64, (time, written): Time) -> Option<i64> {
        let offset = i64::from(written.unwrap_or(self).seconds) * TICKS;
        day.checked_mul(DAY)?.checked_add(time)?.checked_sub(offset)
    }

    /// The local day of an instant, and the ticks since its midnight.
    #[must_use]
    pub fn local(self, instant: i64) -> (i64, i64) {
        let local = instant.saturating_add(i64::from(self.seconds) * TICKS);
        (local.div_euclid(DAY), local.rem_euclid(DAY))
    }

    /// An instant as local time: `2015-09-02 14:30`, with seconds and their parts only where there
    /// are any.
    #[must_use]
    pub fn show(self, instant: i64) -> String {
        let (day, time) = self.local(instant);
        let Some(date) = day_date(day) else { return instant.to_string() };
        let (seconds, part) = (time / TICKS, time % TICKS);
        let mut text = format!("{date} {:02}:{:02}", seconds / 3600, seconds / 60 % 60);
        if time % (60 * TICKS) != 0 {
            text.push_str(&format!(":{:02}", seconds % 60));
        }
        if part != 0 {
            text.push_str(format!(".{part:07}").trim_end_matches('0'));
        }
        text
    }
}

/// An instant as data can write it: in local time, or with an offset where the local day has no
/// year of four digits.
#[must_use]
pub fn written(local: Offset, instant: i64) -> String {
    let days = day_number(FIRST)..=day_number(LAST);
    let fits = |offset: &Offset| days.contains(&offset.local(instant).0);
    if fits(&local) {
        return local.show(instant);
    }
    let farthest = i32::try_from(FARTHEST / TICKS).unwrap_or(0);
    let ends = [("+18:59", farthest), ("-18:59", -farthest)];
    let mut ends = ends.map(|(text, seconds)| (text, Offset { seconds })).into_iter();
    let end = ends.find(|(_, offset)| fits(offset));
    end.map_or_else(
        || local.show(instant),
        |(text, offset)| format!("{}{text}", offset.show(instant)),
    )
}

/// Digits alone.
fn figures(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// Reads `14:30`, `14:30:05.25`, `14时30分`, each with an offset or without.
///
/// # Errors
/// Where the text is no time of day.
pub fn parse_time(text: &str) -> Result<Time, NoTime> {
    let end = text.find(['+', '-', 'Z', 'z', ' ']).unwrap_or(text.len());
    let (clock, offset) = text.split_at_checked(end).unwrap_or((text, ""));
    // `14时` is the whole hour.
    let whole = if clock.ends_with(['时', '点']) { "00" } else { "" };
    let plain = clock.replace(['时', '点', '分'], ":") + whole;
    let plain = plain.trim_end_matches('秒').trim_end_matches(':');
    let mut parts = plain.split(':');
    let (Some(hour), Some(minute), second, None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(NoTime::Form);
    };
    let (second, fraction) =
        second.unwrap_or("0").split_once(['.', ',']).unwrap_or((second.unwrap_or("0"), "0"));
    let (hour, minute) = (figures(hour).ok_or(NoTime::Form)?, figures(minute).ok_or(NoTime::Form)?);
    let (second, fraction) = (figures(second).ok_or(NoTime::Form)?, ticks(fraction)?);
    let offset = match offset.trim() {
        "" => None,
        written => Some(Offset::parse(written).ok_or(NoTime::NoSuchTime)?),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return Err(NoTime::NoSuchTime);
    }
    Ok((((hour * 60 + minute) * 60 + second) * TICKS + fraction, offset))
}

/// The digits after the point of a second.
fn ticks(fraction: &str) -> Result<i64, NoTime> {
    let kept = fraction.trim_end_matches('0');
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoTime::Form);
    }
    if kept.len() > 7 {
        return Err(NoTime::TooFine);
    }
    format!("{kept:0<7}").parse().map_err(|_| NoTime::Form)
}

/// A local day and time as a policy writes them: the day, then a blank or `T`, then the time.
#[must_use]
pub fn split(text: &str) -> Option<(&str, &str)> {
    let at =
        text.find(['T', ' ', '\t']).or_else(|| text.find('日').map(|at| at + '日'.len_utf8()))?;
    let (day, time) = text.split_at_checked(at)?;
    let time = time.strip_prefix('T').unwrap_or(time).trim();
    (!time.is_empty()).then_some((day, time))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, NoTime> {
        let local = Offset::default();
        let (_, time) = split(text).ok_or(NoTime::Form)?;
        Ok(local.show(local.instant(0, parse_time(time)?).unwrap_or(0)))
    }

    #[test]
    fn times_are_read_however_they_are_written() {
        let shown = |text: &str| Ok(text.to_owned());
        for text in [
            "1970-01-01 14:30",
            "1970-01-01T14:30:00+08:00",
            "1970-01-01T06:30Z",
            "1970年1月1日14时30分",
            "1970-01-01 14:30:00 +0800",
        ] {
            assert_eq!(read(text), shown("1970-01-01 14:30"), "{text}");
        }
        assert_eq!(read("1970年1月1日14时"), shown("1970-01-01 14:00"));
        assert_eq!(read("1970-01-01 0:05:07.250"), shown("1970-01-01 00:05:07.25"));
        assert_eq!(read("1970-01-01T14:30:00-05:30"), shown("1970-01-02 04:00"));
        assert_eq!(read("1970-01-01T00:00:00.1234567"), shown("1970-01-01 00:00:00.1234567"));
        assert_eq!(read("1970-01-01T00:00:00.12345678"), Err(NoTime::TooFine));
        assert_eq!(read("1970-01-01T00:00:00.123000000"), shown("1970-01-01 00:00:00.123"));
        for text in [
            "1970-01-01 24:00",
            "1970-01-01 12:60",
            "1970-01-01 12:00:60",
            "1970-01-01 12:00+19:00",
        ] {
            assert_eq!(read(text), Err(NoTime::NoSuchTime), "{text}");
        }
        for text in [
            "1970-01-01",
            "1970-01-01 12",
            "1970-01-01 noon",
            "1970-01-01 1:2:3:4",
            "1970-01-01 12:00.",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_local() {
        let local = Offset::default();
        let (day, _) =
            local.local(local.instant(16_680, (0, Some(Offset { seconds: 0 }))).unwrap_or(0));
        assert_eq!(day, 16_680);
        let late =
            local.instant(16_680, (23 * 3600 * TICKS, Some(Offset { seconds: 0 }))).unwrap_or(0);
        assert_eq!(local.local(late), (16_681, 7 * 3600 * TICKS));
    }
}
