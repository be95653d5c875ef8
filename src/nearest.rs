//! Rank 0: the word a misspelt one was meant to be.

use rapidfuzz::distance::damerau_levenshtein;

/// No word is sought for, or offered, that is longer in bytes.
const LONGEST: usize = 200;

/// What turns a word into its contrary.
const DENIALS: [&str; 16] = [
    "尚未", "没有", "无需", "不再", "不予", "未", "无", "非", "不", "没", "勿", "non", "not", "no",
    "un", "dis",
];

/// What is denied by a word: `办理` by `未办理`, `urgent` by `not_urgent`; `None` where it denies
/// nothing.
#[must_use]
pub fn denied(word: &str) -> Option<&str> {
    let rest = DENIALS.iter().find_map(|denial| word.strip_prefix(denial))?;
    Some(rest.trim_start_matches(['_', '-', ' '])).filter(|rest| !rest.is_empty())
}

/// The candidate nearest to a word, if one is near enough to have been meant: at most a third of
/// its characters differ. Of several that are equally near one that is as long comes first, then the
/// first in the alphabet. A word and its contrary are not meant for each other.
#[must_use]
pub fn nearest<'n>(word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let mut best: Option<(usize, usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.chars().count();
        if candidate.len() > LONGEST || other.abs_diff(length) > limit {
            continue;
        }
        if denied(word) == Some(candidate) || denied(candidate) == Some(word) {
            continue;
        }
        let distance = damerau_levenshtein::distance(word.chars(), candidate.chars());
        let rank = (distance, other.abs_diff(length), candidate);
        if (1..=limit).contains(&distance)
            && distance < length.max(other)
            && best.is_none_or(|least| rank < least)
        {
            best = Some(rank);
        }
    }
    best.map(|(.., candidate)| candidate.to_owned())
}

/// The same for a key among keys, which are often numbered: `MZ-05` is another code than `MZ-04`,
/// `2014年/册数` another heading than `2013年册数`, and neither is misspelt; nor is `A1` for `Z1`,
/// where all that is no digit differs.
#[must_use]
pub fn nearest_key<'k>(key: &str, keys: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let (digits, letters) = apart(key);
    let is_meant = |other: &&str| {
        let (other_digits, other_letters) = apart(other);
        let is_code = !digits.is_empty() && !letters.is_empty();
        let distance = damerau_levenshtein::distance(letters.chars(), other_letters.chars());
        digits == other_digits && (!is_code || distance * 3 <= letters.chars().count())
    };
    let keys = keys.into_iter().filter(|other| other.len() <= LONGEST && key.len() <= LONGEST);
    nearest(key, keys.filter(is_meant))
}

/// The one key that ends in a word: `环境保护法` is short for `中华人民共和国环境保护法`, where no
/// other key ends so.
#[must_use]
pub fn whole<'k>(word: &str, keys: impl IntoIterator<Item = &'k str>) -> Option<String> {
    const SHORTEST: usize = 3;
    let is_long = word.chars().filter(|letter| !letter.is_ascii()).count() >= SHORTEST;
    let mut ending = keys.into_iter().filter(|key| is_long && key.ends_with(word));
    let first = ending.next()?;
    ending.all(|other| other == first).then(|| first.to_owned())
}

/// Whether two keys are alike in what tells keys apart: without what they begin and end with and
/// several others do too, at most a third of them differs. `中华人民共和国…法` says nothing. Of
/// titles, what more than half of them share says nothing, however few there are. Where a whole
/// word stands in another's place, as in `彩票借阅规则` and `兽药借阅规则`, nothing was misspelt.
#[must_use]
pub fn is_distinct<K: AsRef<str>>(
    key: &str,
    found: &str,
    all: impl Iterator<Item = K>,
    of: Likeness,
) -> bool {
    const SEVERAL: usize = 3;
    let (a, b): (Vec<char>, Vec<char>) = (key.chars().collect(), found.chars().collect());
    let all: Vec<K> = all.collect();
    let enough = match of {
        Likeness::Keys => SEVERAL,
        Likeness::Titles => SEVERAL.min(all.len() / 2 + 1),
    };
    let shared = |a: &mut dyn Iterator<Item = &char>, b: &mut dyn Iterator<Item = &char>| {
        a.zip(b).take_while(|(a, b)| a == b).count()
    };
    let begins = shared(&mut a.iter(), &mut b.iter());
    let ends = shared(&mut a.iter().rev(), &mut b.iter().rev());
    let apart = |word: &[char]| -> Vec<char> {
        let last = word.len() - ends.min(a.len().min(b.len()) - begins);
        word.get(begins..last).unwrap_or(&[]).to_vec()
    };
    let (mine, theirs) = (apart(&a), apart(&b));
    let is_word = |word: &[char]| word.len() > 1 && !word.iter().all(char::is_ascii);
    if is_word(&mine) && is_word(&theirs) && !mine.iter().any(|letter| theirs.contains(letter)) {
        return false;
    }
    let is_common = |length: usize, at_end: bool| {
        let part: String = if at_end {
            a.iter().skip(a.len() - length).collect()
        } else {
            a.iter().take(length).collect()
        };
        let has = |other: &&K| {
            let other = other.as_ref();
            if at_end { other.ends_with(&part) } else { other.starts_with(&part) }
        };
        all.iter().filter(has).take(enough).count() == enough
    };
    let before = (1..=begins).rev().find(|length| is_common(*length, false)).unwrap_or(0);
    let rest = a.len().min(b.len()) - before;
    let after = (1..=ends.min(rest)).rev().find(|length| is_common(*length, true)).unwrap_or(0);
    if before + after == 0 {
        return true;
    }
    let core = |word: &[char]| -> String {
        word.get(before..word.len() - after).unwrap_or(&[]).iter().collect()
    };
    let (a, b) = (core(&a), core(&b));
    let longest = a.chars().count().max(b.chars().count());
    let common = a.chars().filter(|c| b.contains(*c)).count();
    longest > 0 && common * 3 >= longest * 2
}

/// What [`is_distinct`] tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Keys of any kind.
    Keys,
    /// Titles of what is cited: each is of another text, however little differs.
    Titles,
}

/// The digits of a word, and the rest of it: letters that look like digits are such beside one,
/// as in `MZ-O5`.
fn apart(word: &str) -> (String, String) {
    let all: Vec<char> = word.chars().collect();
    let alike = |letter: char| match letter {
        'O' | 'o' => Some('0'),
        'I' | 'l' => Some('1'),
        _ => None,
    };
    let is_digit =
        |at: Option<usize>| at.and_then(|at| all.get(at)).is_some_and(|letter| letter.is_numeric());
    let (mut digits, mut rest) = (String::new(), String::new());
    for (at, letter) in all.iter().copied().enumerate() {
        let beside = is_digit(at.checked_sub(1)) || is_digit(Some(at + 1));
        match alike(letter).filter(|_| beside) {
            Some(digit) => digits.push(digit),
            None if letter.is_numeric() => digits.push(letter),
            None => rest.push(letter),
        }
    }
    (digits, rest)
}

#[cfg(test)]
mod tests {
    use super::{Likeness, is_distinct, nearest, nearest_key, whole};

    #[test]
    fn other_digits_are_another_key() {
        assert_eq!(nearest("gb2132", ["gb2312"]).as_deref(), Some("gb2312"));
        let near = |word: &str, known: &str| nearest_key(word, [known]).is_some();
        assert!(near("MZ-O5", "MZ-05") && near("民整局", "民政局"));
        assert!(!near("MZ-05", "MZ-04") && !near("A12", "A1") && !near("2013年1号", "2014年2号"));
        assert!(!near("2014年/办结", "2013年办结") && !near("MY-05", "MZ-04") && !near("A1", "Z1"));
        assert!(
            near("MY-05", "MZ-05") && near("签定", "签订") && near("2013年/办结", "2013年办结")
        );
    }

    #[test]
    fn of_several_equally_near_one_that_is_as_long_was_meant() {
        let meant = |word: &str, known: [&str; 2]| nearest(word, known);
        assert_eq!(meant("申请仁", ["申请", "申请人"]).as_deref(), Some("申请人"));
        assert_eq!(meant("pagez", ["page", "pages"]).as_deref(), Some("pages"));
        // What is nearer comes first, however long; of two as long the first in the alphabet.
        assert_eq!(meant("abcdefg", ["abcdef", "abcdexy"]).as_deref(), Some("abcdef"));
        assert_eq!(meant("乙人", ["丙人", "丁人"]).as_deref(), Some("丁人"));
    }

    #[test]
    fn another_word_in_its_place_is_another_key() {
        let alike = |key: &str, other: &str| {
            is_distinct(key, other, std::iter::once(other), Likeness::Keys)
        };
        assert!(alike("兽约借阅规则", "兽药借阅规则") && alike("借阅兽药规则", "兽药借阅规则"));
        assert!(!alike("彩票借阅规则", "兽药借阅规则"));
    }

    #[test]
    fn a_short_form_is_of_the_one_key_that_ends_so() {
        let keys = ["某区民政局", "某区财政局", "另区财政局"];
        assert_eq!(whole("民政局", keys).as_deref(), Some("某区民政局"));
        assert_eq!(whole("财政局", keys), None);
        assert_eq!(whole("政局", keys), None);
    }
}
