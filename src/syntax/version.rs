//! The version of a text that a citation names.

use super::numeral;
use super::provision::note;

/// The version that a place names in brackets: `（2021年修正）`, `(2019-04-23)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// As it is written, without its brackets.
    pub written: String,
    /// Its year.
    pub year: i64,
    /// Its month and day, as far as they are named.
    pub rest: Vec<i8>,
}

/// The version that the brackets in a place name; `None` where they name none.
#[must_use]
pub fn version(text: &str) -> Option<Version> {
    let mut rest = text;
    while let Some(at) = rest.find(['(', '（']) {
        rest = rest.get(at..)?;
        let length = note(rest)?;
        let inner = rest.get(..length)?.trim_matches(['(', ')', '（', '）']).trim();
        if let Some(version) = dated(inner) {
            return Some(version);
        }
        rest = rest.get(length..)?;
    }
    None
}

/// A year, `2021年修正`, or a day, `2019-04-23`, that words begin with.
fn dated(words: &str) -> Option<Version> {
    let narrow = numeral::half_width(words);
    let figures = narrow.get(..4)?;
    let is_year = figures.bytes().all(|digit| digit.is_ascii_digit());
    let mut after = narrow.get(4..)?;
    let ends = after.is_empty() || after.starts_with(['年', '-', '/', '.', ' ', '版', '修']);
    if !is_year || !ends {
        return None;
    }
    let mut rest = Vec::new();
    for signs in [['年', '-', '/', '.'], ['月', '-', '/', '.']] {
        let Some(next) = after.strip_prefix(signs) else { break };
        let digits = next.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(next.len());
        let Some(number) = next.get(..digits).and_then(|digits| digits.parse().ok()) else { break };
        rest.push(number);
        after = next.get(digits..).unwrap_or("");
    }
    Some(Version { written: words.to_owned(), year: figures.parse().ok()?, rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_people_name_them() {
        let named = |text: &str| version(text).map(|found| (found.year, found.rest));
        assert_eq!(named("（2021年修正）第十二条"), Some((2021, vec![])));
        assert_eq!(named("(2019-04-23)"), Some((2019, vec![4, 23])));
        assert_eq!(named("第三条（２０１５年3月修订）第二款"), Some((2015, vec![3])));
        assert_eq!(named("（试行）（2003年）第一条"), Some((2003, vec![])));
        assert_eq!(named("（国办发〔2018〕47号）第一条"), None);
        assert_eq!(named("第（一）项"), None);
    }
}
