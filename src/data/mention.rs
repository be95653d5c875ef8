//! Where units are stated; and words for an amount of several yuan in a heading, where no unit is
//! set off from its name: in what numbers under it are is then not clear.

use super::names::fold;

/// Where a unit is stated for numbers that state none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedBy {
    /// The heading of the column, the key of the object.
    Heading,
    /// A word in the heading that may be its unit.
    Name,
    /// A line above the table, or below it.
    Line,
    /// A key beside the rows of a document.
    Beside,
    /// The manifest.
    Manifest,
}

/// What may be a factor of the yuan in Chinese.
const FACTORS: &str = "十百千万亿仟佰拾萬億";

/// What says that an amount is a bound, not a unit: `五万元以上`.
const BOUNDS: [&str; 8] = ["以上", "以下", "以内", "以外", "及以", "含以", "起", "（含"];

/// English words for a factor.
const WORDS: [&str; 7] = ["million", "millions", "thousand", "thousands", "billion", "mn", "bn"];

/// The word in a heading that may be the unit of amounts and is no unit by itself: `万元` in
/// `书价（万元）合计`, `10,000` in `price in 10,000 yuan`, the `w` of `书价（w）`.
#[must_use]
pub fn of_money(heading: &str) -> Option<String> {
    let folded = fold(heading).to_lowercase();
    several_yuan(&folded).or_else(|| in_english(&folded)).or_else(|| alone(&folded))
}

/// The factor that the text before a unit ends in: `10,000` of `price in 10,000 yuan`.
#[must_use]
pub fn before_unit(name: &str) -> Option<String> {
    let folded = fold(name).to_lowercase();
    let last = folded.trim_end_matches(['(', '[', ' ']).rsplit([' ', '(', '[', '/']).next()?;
    let is_factor = !last.is_empty() && last.chars().all(|letter| FACTORS.contains(letter));
    if is_factor { Some(last.to_owned()) } else { in_english(last) }
}

/// Whether a letter may be a factor of the yuan: `万`.
#[must_use]
pub fn is_factor(letter: char) -> bool {
    FACTORS.contains(letter)
}

/// A line without the blanks that are set within the words of a unit: `单 位：万 元`.
#[must_use]
pub fn joined(line: &str) -> String {
    let letters: Vec<char> = line.chars().collect();
    let mut joined = String::with_capacity(line.len());
    for (at, letter) in letters.iter().enumerate() {
        let next = letters.get(at..).unwrap_or(&[]).iter().find(|letter| !letter.is_whitespace());
        let within = match (joined.chars().last(), next) {
            (Some('单'), Some('位')) | (Some('美' | '欧' | '港' | '日'), Some('元')) => true,
            (Some(last), Some(next)) => {
                FACTORS.contains(last) && (FACTORS.contains(*next) || "元圆".contains(*next))
            }
            _ => false,
        };
        if !(letter.is_whitespace() && within) {
            joined.push(*letter);
        }
    }
    joined
}

/// `万元`, `亿圆`, with what stands between; not where it bounds something.
fn several_yuan(heading: &str) -> Option<String> {
    let letters: Vec<char> = heading.chars().collect();
    let is_factor = |at: usize| letters.get(at).is_some_and(|letter| FACTORS.contains(*letter));
    (0..letters.len()).find_map(|at| {
        if !is_factor(at) || at.checked_sub(1).is_some_and(is_factor) {
            return None;
        }
        let end = (at..letters.len()).find(|end| !is_factor(*end))?;
        let rest: String = letters.get(end..)?.iter().collect();
        let yuan = ["元", "圆", "块", "人民币", "rmb", "cny", "yuan"];
        let yuan = yuan.into_iter().find(|yuan| rest.trim_start().starts_with(yuan))?;
        let behind = rest.trim_start().strip_prefix(yuan)?;
        let bounds = BOUNDS.iter().any(|bound| behind.trim_start().starts_with(bound));
        let factor: String = letters.get(at..end)?.iter().collect();
        (!bounds).then(|| format!("{factor}{yuan}"))
    })
}

/// `million`, `10,000`, `10k`: a factor as a word of its own.
fn in_english(heading: &str) -> Option<String> {
    let pieces = heading.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != ',');
    let is_factor = |piece: &&str| {
        let digits = piece.replace(',', "");
        let thousands = digits.strip_suffix(['k', 'w', 'm']).is_some_and(is_power_of_ten);
        WORDS.contains(piece) || thousands || digits.len() > 3 && is_power_of_ten(&digits)
    };
    pieces.map(|piece| piece.trim_matches(',')).find(is_factor).map(str::to_owned)
}

/// `1`, `10`, `1000`.
fn is_power_of_ten(digits: &str) -> bool {
    digits.strip_prefix('1').is_some_and(|zeros| zeros.bytes().all(|digit| digit == b'0'))
}

/// A factor that is all brackets hold, or the end of the heading: `（w）`, `书价万`.
fn alone(heading: &str) -> Option<String> {
    let held = heading.trim().strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let held = held.map(|(_, held)| held.trim()).filter(|held| ["w", "k"].contains(held));
    let last = || heading.trim().chars().last().filter(|last| "万亿萬億".contains(*last));
    held.map(str::to_owned).or_else(|| last().map(String::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_several_yuan_are_found_wherever_they_stand() {
        for (heading, word) in [
            ("书价（万元）合计", "万元"),
            ("书价<百万元>", "百万元"),
            ("书价「亿 圆」", "亿圆"),
            ("price in 10,000 yuan", "10,000"),
            ("price (10k yuan)", "10k"),
            ("price (RMB million)", "million"),
            ("书价（Ｗ）", "w"),
            ("书价万", "万"),
        ] {
            assert_eq!(of_money(heading).as_deref(), Some(word), "{heading}");
        }
        for heading in ["书价", "五万元以上书价", "书价（元）", "price 2015", "price (CNY)", "价千"]
        {
            assert_eq!(of_money(heading), None, "{heading}");
        }
        assert_eq!(joined("单 位：百 万 元  书 价"), "单位：百万元  书 价");
        assert_eq!(before_unit("price in 10,000 ").as_deref(), Some("10,000"));
        assert_eq!(before_unit("书价 万").as_deref(), Some("万"));
        assert_eq!(before_unit("price 2015"), None);
    }
}
