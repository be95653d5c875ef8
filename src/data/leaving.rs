//! What programs leave in texts: days that spreadsheet programs make of numbers such as `3-1`, and
//! signs as web pages write them.

/// What a text holds that a program has put there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// A key is a day: its month and its day.
    Day(u32, u32),
    /// A sign is written as in a web page.
    Escape,
}

impl Leaving {
    /// The stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Day(..) => "key_as_date",
            Self::Escape => "escaped_text",
        }
    }
}

/// No day is written longer, in bytes.
const LONGEST: usize = 32;

/// No day of a month by name is written longer that begins with that name, in bytes: `Sep-02`.
pub const LONGEST_IN_ENGLISH: usize = 6;

/// The months as spreadsheet programs shorten them.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// What web pages call signs, and the signs.
const SIGNS: [(&str, &str); 26] = [
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("le", "≤"),
    ("ge", "≥"),
    ("quot", "\""),
    ("apos", "'"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("middot", "·"),
    ("bull", "•"),
    ("hellip", "…"),
    ("mdash", "—"),
    ("ndash", "–"),
    ("times", "×"),
    ("deg", "°"),
    ("yen", "¥"),
    ("sect", "§"),
];

/// The month and the day, where a text is nothing but a day as spreadsheet programs show one:
/// `3月1日`, `2024/3/1`, `2024-03-01 00:00:00`, `Jan-02`, `2-Jan`, `2024年3月`.
#[must_use]
pub fn day(text: &str) -> Option<(u32, u32)> {
    let text = text.trim();
    let may_be = text.len() <= LONGEST && text.chars().any(|letter| letter.is_ascii_digit());
    if !may_be {
        return None;
    }
    let midnight = ["00:00:00", "0:00:00", "00:00", "0:00"];
    let bare = midnight.iter().find_map(|clock| text.strip_suffix(clock)).unwrap_or(text);
    let bare = bare.trim_end_matches([' ', 'T']);
    let found = in_chinese(bare).or_else(|| with_signs(bare)).or_else(|| in_english(bare));
    found.filter(|(month, day)| (1..=12).contains(month) && (1..=31).contains(day))
}

/// A number of at most so many digits.
fn number(digits: &str, most: usize) -> Option<u32> {
    let is_number =
        (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

fn is_year(digits: &str) -> bool {
    digits.len() == 4 && number(digits, 4).is_some_and(|year| (1900..2100).contains(&year))
}

/// `3月1日`, `2024年3月1日`, `2024年3月`.
fn in_chinese(text: &str) -> Option<(u32, u32)> {
    let year = text.split_once('年').filter(|(year, _)| is_year(year));
    let rest = year.map_or(text, |(_, rest)| rest);
    let (month, day) = rest.split_once('月')?;
    let month = number(month, 2)?;
    match day.strip_suffix(['日', '号']) {
        Some(day) => Some((month, number(day, 2)?)),
        None => (day.is_empty() && year.is_some()).then_some((month, 1)),
    }
}

/// `2024/3/1`, `2024-03-01`, `3/1/2024`.
fn with_signs(text: &str) -> Option<(u32, u32)> {
    let sign = ['/', '-'].into_iter().find(|sign| text.contains(*sign))?;
    let parts: Vec<&str> = text.split(sign).collect();
    let [first, second, third] = *parts.as_slice() else { return None };
    if is_year(first) {
        return Some((number(second, 2)?, number(third, 2)?));
    }
    (is_year(third) && sign == '/').then_some((number(first, 2)?, number(second, 2)?))
}

/// `Jan-02`, `2-Jan`, `2-Jan-24`.
fn in_english(text: &str) -> Option<(u32, u32)> {
    let parts: Vec<&str> = text.split(['-', ' ']).collect();
    let month = |word: &str| {
        let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(word))?;
        u32::try_from(at + 1).ok()
    };
    match *parts.as_slice() {
        [first, second] => match (month(first), month(second)) {
            (Some(month), None) => Some((month, number(second, 2)?)),
            (None, Some(month)) => Some((month, number(first, 2)?)),
            _ => None,
        },
        [day, word, year] => {
            let is_year = is_year(year) || number(year, 2).is_some() && year.len() == 2;
            Some((month(word)?, number(day, 2).filter(|_| is_year)?))
        }
        _ => None,
    }
}

/// The first sign of a text that is written as web pages write it, and the sign: `&nbsp;`,
/// `&#12288;`.
#[must_use]
pub fn escape(text: &str) -> Option<(&str, String)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('&') {
        let start = from + found;
        let rest = text.get(start + 1..)?;
        from = start + 1;
        let Some(end) = rest.find(';').filter(|end| *end < 10) else { continue };
        let Some(sign) = rest.get(..end).and_then(sign) else { continue };
        return Some((text.get(start..start + end + 2)?, sign));
    }
    None
}

/// The sign of a name, or of a number.
fn sign(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        let sign = code.ok().and_then(char::from_u32)?;
        return Some(if sign.is_whitespace() { " ".to_owned() } else { sign.to_string() });
    }
    let known = SIGNS.iter().find(|(known, _)| *known == name);
    known.map(|(_, sign)| (*sign).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_known_as_programs_show_them() {
        for text in [
            "3月1日",
            "2024/3/1",
            "2024-03-01",
            "2024-03-01 00:00:00",
            "2024年3月1日",
            "2024年3月",
            "Mar-01",
            "1-Mar",
            "1-Mar-24",
            "3/1/2024",
        ] {
            assert_eq!(day(text), Some((3, 1)), "{text}");
        }
        for text in [
            "3-1",
            "3/1",
            "MZ-01",
            "2024-0301",
            "13月1日",
            "3月",
            "1-2-3",
            "2024-13-01",
            "May",
            "A-Mar",
            "1-Marz",
            "2024-03-01-2",
            "0371-6555-1234",
            "20240301",
            "",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn signs_of_pages_are_known() {
        let found = |text| escape(text).map(|(written, sign)| format!("{written} {sign}"));
        for (text, written) in [
            ("甲&nbsp;乙", "&nbsp;  "),
            ("A&amp;B", "&amp; &"),
            ("R&D &lt; 3", "&lt; <"),
            ("甲&#12288;乙", "&#12288;  "),
            ("&#x4E2D;", "&#x4E2D; 中"),
        ] {
            assert_eq!(found(text).as_deref(), Some(written), "{text}");
        }
        for text in ["A&B", "A&B;C", "甲 & 乙；", "&;", "&#;", "&amp", "a=1&lt=2"] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
