//! Many names, searched for those most like another.

use super::Ratio;
use super::similar::{Share, plain};
use rapidfuzz::distance::levenshtein::{Args, BatchComparator};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// At most this many distances are computed for one search of all names.
pub const COMPARED: usize = 20_000_000;
/// Looking at a name without computing a distance costs so much less.
const GLANCES: usize = 32;

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

/// The letters of a name as a set of 64: a letter that only one of two names has costs an edit.
fn mask(name: &[char]) -> u64 {
    name.iter()
        .fold(0, |mask, letter| mask | 1 << (u32::from(*letter).wrapping_mul(0x9E37_79B1) >> 26))
}

/// Names to be searched for the most similar ones.
///
/// Names within the bound have at least ⌈least × n⌉ letters in common, so that among the rarest
/// letters of both, all but so many, there is a common one (the prefix filter of set similarity
/// joins: Chaudhuri, Ganti, Kaushik 2006). Only names that share such a letter are looked at.
pub struct Names {
    least: Share,
    names: Vec<(Vec<char>, u64)>,
    frequency: HashMap<Token, u32>,
    holders: HashMap<Token, Vec<u32>>,
}

/// The best name so far.
#[derive(Clone, Copy)]
struct Best {
    alike: Share,
    at: usize,
}

impl Names {
    /// An index of names; those that are `None` are never found.
    #[must_use]
    pub fn new(names: &[Option<&str>], least: Ratio) -> Self {
        let prepared = |name: &Option<&str>| {
            let name = name.map(plain).unwrap_or_default();
            let mask = mask(&name);
            (name, mask)
        };
        let names: Vec<(Vec<char>, u64)> = names.par_iter().map(prepared).collect();
        let mut index = Self {
            least: Share::of(least),
            names,
            frequency: HashMap::new(),
            holders: HashMap::new(),
        };
        for (name, _) in &index.names {
            for token in tokens(name) {
                *index.frequency.entry(token).or_default() += 1;
            }
        }
        for (at, (name, _)) in (0..).zip(&index.names) {
            for token in index.rarest(name) {
                index.holders.entry(token).or_default().push(at);
            }
        }
        index
    }

    /// The rarest tokens of a name, all but those that any name as alike must share.
    fn rarest(&self, name: &[char]) -> Vec<Token> {
        let mut tokens = tokens(name);
        tokens.sort_unstable_by_key(|token| {
            (self.frequency.get(token).copied().unwrap_or(0), *token)
        });
        let shared = name.len() - self.least.bound(name.len());
        tokens.truncate((name.len() + 1).saturating_sub(shared));
        tokens
    }

    /// For each name, the first of the names most like it that is at least as alike as asked, but
    /// not the one excluded. A name that is `None` has no answer. And how much was compared; `None`
    /// in all where that would be more than [`COMPARED`].
    #[must_use]
    pub fn nearest(
        &self,
        wanted: &[Option<(&str, Option<usize>)>],
    ) -> Option<(Vec<Option<Option<usize>>>, usize)> {
        let compared = AtomicUsize::new(0);
        let search =
            |seen: &mut Vec<u32>, (number, wanted): (u32, &Option<(&str, Option<usize>)>)| {
                let Some((name, except)) = wanted else { return Some(None) };
                if compared.load(Ordering::Relaxed) > COMPARED {
                    return None;
                }
                let (found, count) = self.search(&plain(name), *except, number, seen);
                compared.fetch_add(count, Ordering::Relaxed);
                Some(Some(found))
            };
        let numbered = wanted
            .par_iter()
            .enumerate()
            .map(|(number, wanted)| (u32::try_from(number + 1).unwrap_or(u32::MAX), wanted));
        let found: Option<Vec<_>> =
            numbered.map_init(|| vec![0; self.names.len()], search).collect();
        let compared = compared.into_inner();
        Some((found?, compared)).filter(|(_, compared)| *compared <= COMPARED)
    }

    /// The first of the most similar names, and what it cost; `seen` has the number of the last
    /// search that looked at each name.
    fn search(
        &self,
        name: &[char],
        except: Option<usize>,
        number: u32,
        seen: &mut [u32],
    ) -> (Option<usize>, usize) {
        let holders =
            self.rarest(name).into_iter().filter_map(|token| self.holders.get(&token)).flatten();
        let (own, comparator) = (mask(name), BatchComparator::new(name.iter().copied()));
        let mut best: Option<Best> = None;
        let (mut glances, mut compared) = (0, 0);
        for at in holders.map(|at| *at as usize) {
            glances += 1;
            let Some(slot) = seen.get_mut(at).filter(|slot| **slot != number) else { continue };
            *slot = number;
            let Some((other, mask)) = self.names.get(at).filter(|_| Some(at) != except) else {
                continue;
            };
            let longer = name.len().max(other.len());
            let bound = best.map_or(self.least, |best| best.alike).bound(longer);
            let apart = (own & !mask).count_ones().max((mask & !own).count_ones()) as usize;
            if apart.max(longer - name.len().min(other.len())) > bound {
                continue;
            }
            compared += 1;
            let Some(distance) = comparator
                .distance_with_args(other.iter().copied(), &Args::default().score_cutoff(bound))
            else {
                continue;
            };
            let alike = Share::at(distance, longer);
            let better = best.is_none_or(|best| {
                alike.exceeds(best.alike) || (!best.alike.exceeds(alike) && at < best.at)
            });
            if better && !self.least.exceeds(alike) {
                best = Some(Best { alike, at });
            }
        }
        (best.map(|best| best.at), compared + glances / GLANCES)
    }
}

#[cfg(test)]
mod tests {
    use super::super::similar::similarity;
    use super::*;

    /// The index finds what comparing with every name finds.
    #[test]
    fn the_index_leaves_nothing_out() {
        let letters: Vec<char> = "食品经营许可药品流通核准备案ab".chars().collect();
        let mut state = 7_u64;
        let mut next = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap_or(0) % below
        };
        let names: Vec<String> = (0..120)
            .map(|_| (0..next(9)).filter_map(|_| letters.get(next(letters.len()))).collect())
            .collect();
        let plainly: Vec<Vec<char>> = names.iter().map(|name| plain(name)).collect();
        let given: Vec<Option<&str>> = names.iter().map(|name| Some(name.as_str())).collect();
        for least in [
            Ratio::new(1, 3),
            Ratio::new(1, 2),
            Ratio::new(3, 5),
            Ratio::new(4, 5),
            Ratio::from_integer(1),
        ] {
            let index = Names::new(&given, least);
            let wanted: Vec<_> = names
                .iter()
                .enumerate()
                .map(|(at, name)| Some((name.as_str(), Some(at))))
                .collect();
            let found = index.nearest(&wanted).map(|(found, _)| found);
            let naive = |at: usize, name: &[char]| {
                let others = plainly
                    .iter()
                    .enumerate()
                    .filter(|(other, name)| *other != at && !name.is_empty());
                let scored =
                    others.map(|(other, text)| (similarity(name, text), std::cmp::Reverse(other)));
                scored.filter(|(alike, _)| *alike >= least).max().map(|(_, other)| other.0)
            };
            let expected: Vec<_> =
                plainly.iter().enumerate().map(|(at, name)| Some(naive(at, name))).collect();
            assert_eq!(found, Some(expected), "at least {least}");
        }
    }
}
