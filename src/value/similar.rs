//! How alike two names are: of what is left of them after compatibility normalisation (Unicode NFKC), in lower case, without blanks,
//! brackets, punctuation and signs; 1 − d / n, where d is the edit distance (Levenshtein 1966) and n the length of the longer.

use super::Ratio;
use rapidfuzz::distance::levenshtein::{Args, BatchComparator, distance};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use unicode_normalization::UnicodeNormalization;

/// At most this many pairs of names are compared.
pub const COMPARED: usize = 20_000_000;

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
    if longer == 0 { Ratio::from_integer(1) } else { Ratio::from_integer(1) - Ratio::new(wide(distance), wide(longer)) }
}

fn wide(length: usize) -> i128 {
    i128::try_from(length).unwrap_or(i128::MAX)
}

/// The greatest distance that leaves two names of which the longer has `longer` letters as alike as `least`.
fn bound(least: Ratio, longer: usize) -> Option<usize> {
    let most = (Ratio::from_integer(1) - least) * Ratio::from_integer(wide(longer));
    usize::try_from(most.floor().to_integer()).ok()
}

/// A letter, and which of its occurrences: names as sets.
type Token = (char, u16);

fn tokens(name: &[char]) -> Vec<Token> {
    let mut seen: HashMap<char, u16> = HashMap::new();
    let number = |letter: &char| {
        let times = seen.entry(*letter).or_default();
        *times = times.saturating_add(1);
        (*letter, *times)
    };
    name.iter().map(number).collect()
}

/// Names to be searched for the most similar ones.
///
/// Names within the bound have at least ⌈least × n⌉ letters in common, so that among the rarest letters of both, all but so many, there is a
/// common one (the prefix filter of set similarity joins: Chaudhuri, Ganti, Kaushik 2006). Only names that share such a letter are compared.
pub struct Names {
    least: Ratio,
    names: Vec<Vec<char>>,
    frequency: HashMap<Token, u32>,
    holders: HashMap<Token, Vec<u32>>,
}

impl Names {
    /// An index of names; those that are `None` are never found.
    #[must_use]
    pub fn new(names: &[Option<&str>], least: Ratio) -> Self {
        let names: Vec<Vec<char>> = names.par_iter().map(|name| name.map(plain).unwrap_or_default()).collect();
        let mut index = Self { least, names, frequency: HashMap::new(), holders: HashMap::new() };
        for name in &index.names {
            for token in tokens(name) {
                *index.frequency.entry(token).or_default() += 1;
            }
        }
        for (at, name) in (0..).zip(&index.names) {
            for token in index.rarest(name) {
                index.holders.entry(token).or_default().push(at);
            }
        }
        index
    }

    /// The rarest tokens of a name, all but those that any name as alike must share.
    fn rarest(&self, name: &[char]) -> Vec<Token> {
        let mut tokens = tokens(name);
        tokens.sort_unstable_by_key(|token| (self.frequency.get(token).copied().unwrap_or(0), *token));
        let shared = bound(self.least, name.len()).map_or(0, |bound| name.len().saturating_sub(bound));
        tokens.truncate((name.len() + 1).saturating_sub(shared));
        tokens
    }

    /// For each name, the first of the names most like it that is at least as alike as asked, but not the one excluded. A name that is `None` has no
    /// answer. `None` in all where more pairs would have to be compared than [`COMPARED`].
    #[must_use]
    pub fn nearest(&self, wanted: &[Option<(&str, Option<usize>)>]) -> Option<Vec<Option<Option<usize>>>> {
        let compared = AtomicUsize::new(0);
        let found: Option<Vec<_>> = wanted
            .par_iter()
            .map(|wanted| {
                let Some((name, except)) = wanted else { return Some(None) };
                if compared.load(Ordering::Relaxed) > COMPARED {
                    return None;
                }
                let (found, count) = self.search(&plain(name), *except);
                compared.fetch_add(count, Ordering::Relaxed);
                Some(Some(found))
            })
            .collect();
        found.filter(|_| compared.into_inner() <= COMPARED)
    }

    /// The first of the most similar names, and how many were compared.
    fn search(&self, name: &[char], except: Option<usize>) -> (Option<usize>, usize) {
        let holders = self.rarest(name).into_iter().filter_map(|token| self.holders.get(&token)).flatten();
        let mut candidates: Vec<u32> = holders.copied().collect();
        candidates.sort_unstable();
        candidates.dedup();
        let comparator = BatchComparator::new(name.iter().copied());
        let mut best: Option<(Ratio, usize)> = None;
        let mut compared = 0;
        for at in candidates.into_iter().map(|at| at as usize).filter(|at| Some(*at) != except) {
            let Some(other) = self.names.get(at) else { continue };
            let longer = name.len().max(other.len());
            let Some(bound) = bound(best.map_or(self.least, |(least, _)| least), longer) else { continue };
            compared += 1;
            if longer - name.len().min(other.len()) > bound {
                continue;
            }
            let distance = comparator.distance_with_args(other.iter().copied(), &Args::default().score_cutoff(bound));
            let better = distance.map(|distance| alike(distance, longer)).filter(|alike| best.is_none_or(|(least, _)| *alike > least));
            if let Some(alike) = better {
                best = Some((alike, at));
            }
        }
        (best.map(|(_, at)| at), compared)
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
        assert_eq!(plain("（食品）经营 许可－Ⅱ类．Ａb①"), "食品经营许可ii类ab1".chars().collect::<Vec<_>>());
        assert_eq!(similar("食品经营许可", "《食品　经营许可》"), Ratio::from_integer(1));
        assert_eq!(similar("食品流通许可", "食品经营许可"), Ratio::new(2, 3));
        assert_eq!((similar("", "（）"), similar("", "甲")), (Ratio::from_integer(1), Ratio::from_integer(0)));
    }

    /// The index finds what comparing with every name finds.
    #[test]
    fn the_index_leaves_nothing_out() {
        let letters: Vec<char> = "食品经营许可审批核准登记备案ab".chars().collect();
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        let names: Vec<String> = (0..120).map(|_| (0..next(9)).filter_map(|_| letters.get(next(letters.len()))).collect()).collect();
        let plainly: Vec<Vec<char>> = names.iter().map(|name| plain(name)).collect();
        let given: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
        for least in [Ratio::new(1, 3), Ratio::new(1, 2), Ratio::new(3, 5), Ratio::new(4, 5), Ratio::from_integer(1)] {
            let index = Names::new(&given, least);
            let wanted: Vec<_> = names.iter().enumerate().map(|(at, name)| Some((name.as_str(), Some(at)))).collect();
            let found = index.nearest(&wanted);
            let naive = |at: usize, name: &[char]| {
                let others = plainly.iter().enumerate().filter(|(other, name)| *other != at && !name.is_empty());
                let scored = others.map(|(other, text)| (similarity(name, text), std::cmp::Reverse(other)));
                scored.filter(|(alike, _)| *alike >= least).max().map(|(_, other)| other.0)
            };
            let expected: Vec<_> = plainly.iter().enumerate().map(|(at, name)| Some(naive(at, name))).collect();
            assert_eq!(found, Some(expected), "at least {least}");
        }
    }
}
