//! How alike two names are: of what is left of them after compatibility normalisation (Unicode
//! NFKC), in lower case, without blanks, brackets, punctuation and signs; 1 − d / n, where d is the
//! edit distance (Levenshtein 1966) and n the length of the longer.

use super::Ratio;
use rapidfuzz::distance::levenshtein::distance;
use unicode_normalization::UnicodeNormalization;

/// What names are compared by: their letters and digits.
#[must_use]
pub fn plain(name: &str) -> Vec<char> {
    name.nfkc().flat_map(char::to_lowercase).filter(|letter| letter.is_alphanumeric()).collect()
}

/// 0 to 1; 1 for two names of which nothing is left.
#[must_use]
pub fn similarity(a: &[char], b: &[char]) -> Ratio {
    alike(distance(a.iter().copied(), b.iter().copied()), a.len().max(b.len()))
}

fn alike(distance: usize, longer: usize) -> Ratio {
    if longer == 0 {
        Ratio::from_integer(1)
    } else {
        Ratio::from_integer(1) - Ratio::new(wide(distance), wide(longer))
    }
}

fn wide(length: usize) -> i128 {
    i128::try_from(length).unwrap_or(i128::MAX)
}

/// How alike names must be: a fraction, in small numbers.
#[derive(Clone, Copy)]
pub(super) struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    /// From an exact share.
    pub(super) fn of(share: Ratio) -> Self {
        let small =
            |number: &i128| u64::try_from(*number).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        Self { part: small(share.numer()), whole: small(share.denom()).max(1) }
    }

    /// How alike two names are at a distance, the longer of `longer` letters.
    pub(super) fn at(distance: usize, longer: usize) -> Self {
        Self { part: longer.saturating_sub(distance) as u64, whole: longer as u64 }
    }

    /// The greatest distance that leaves two names as alike, the longer of `longer` letters.
    pub(super) fn bound(self, longer: usize) -> usize {
        usize::try_from(longer as u64 * self.whole.saturating_sub(self.part) / self.whole)
            .unwrap_or(longer)
    }

    pub(super) fn exceeds(self, other: Self) -> bool {
        u128::from(self.part) * u128::from(other.whole)
            > u128::from(other.part) * u128::from(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similar(a: &str, b: &str) -> Ratio {
        similarity(&plain(a), &plain(b))
    }

    #[test]
    fn only_letters_and_digits_count() {
        assert_eq!(
            plain("（食品）经营 许可－Ⅱ类．Ａb①"),
            "食品经营许可ii类ab1".chars().collect::<Vec<_>>()
        );
        assert_eq!(similar("食品经营许可", "《食品　经营许可》"), Ratio::from_integer(1));
        assert_eq!(similar("食品流通许可", "食品经营许可"), Ratio::new(2, 3));
        assert_eq!(
            (similar("", "（）"), similar("", "甲")),
            (Ratio::from_integer(1), Ratio::from_integer(0))
        );
    }
}
