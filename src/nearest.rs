//! Rank 0: the word a misspelt one was meant to be.

use rapidfuzz::distance::damerau_levenshtein;

/// No word is sought for, or offered, that is longer in bytes.
const LONGEST: usize = 200;

/// The candidate nearest to a word, if one is near enough to have been meant: at most a third of
/// its characters differ. Of several the first in the alphabet.
#[must_use]
pub fn nearest<'n>(word: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.chars().count();
        if candidate.len() > LONGEST || other.abs_diff(length) > limit {
            continue;
        }
        let distance = damerau_levenshtein::distance(word.chars(), candidate.chars());
        if (1..=limit).contains(&distance)
            && distance < length.max(other)
            && best.is_none_or(|least| (distance, candidate) < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// The same for a key among keys, which are often numbered: `MZ-05` is another code than `MZ-04`,
/// not a misspelt one.
#[must_use]
pub fn nearest_key<'k>(key: &str, keys: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(key, keys.into_iter().filter(|other| !without_digits(key).eq(without_digits(other))))
}

/// A word without its digits.
fn without_digits(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars().filter(|c| !c.is_numeric())
}

#[cfg(test)]
mod tests {
    use super::{nearest, nearest_key};

    #[test]
    fn other_digits_are_another_key() {
        assert_eq!(nearest("gb2132", ["gb2312"]).as_deref(), Some("gb2312"));
        let near = |word: &str, known: &str| nearest_key(word, [known]).is_some();
        assert!(near("MZ-O5", "MZ-05") && near("民整局", "民政局"));
        assert!(!near("MZ-05", "MZ-04") && !near("A12", "A1") && !near("2013年1号", "2014年2号"));
    }
}
