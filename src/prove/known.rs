//! What single values say of whole sentences, before any search.

use super::overriding::Over;
use super::question::{Claim, Prover};
use super::region::{Reader, Regions, apart, both};
use crate::steps::step;
use std::collections::BTreeMap;

/// What must be so of single values where a sentence speaks, and where it governs; by index of
/// judgements.
#[derive(Default)]
pub(super) struct Known {
    speaks: Vec<Regions>,
    governs: Vec<Regions>,
    kept: Vec<Regions>,
}

impl Prover<'_> {
    /// Reads all sentences.
    #[must_use]
    pub(super) fn known(&self) -> Known {
        let mut reader = Reader::new(&self.graph.program);
        let sentence = |at: usize| self.sentence(at).map(|found| found.1);
        let own: Vec<(Regions, Regions)> = (0..self.judgements.len())
            .map(|at| sentence(at).map_or_else(anything, |found| reader.sentence(found)))
            .collect();
        let governs: Vec<Regions> = (0..)
            .zip(own.clone())
            .map(|(at, (speaks, own))| {
                // A demand governs also where one that demands the same is open.
                let silent = |over| match over {
                    Over::Rival(by) | Over::Other(by) => sentence(by),
                    Over::Unread | Over::Same(_) => None,
                };
                let over = self.over(at).into_iter().filter_map(silent);
                both(speaks, over.fold(own, |all, other| both(all, reader.silent(other))))
            })
            .collect();
        let kept = (0..)
            .zip(&governs)
            .map(|(at, governs)| {
                sentence(at).map_or_else(
                    || governs.clone(),
                    |found| both(governs.clone(), reader.required(found)),
                )
            })
            .collect();
        let speaks = own.into_iter().map(|(speaks, _)| speaks).collect();
        Known { speaks, governs, kept }
    }
}

impl Known {
    /// Whether no row can show all claims, by what they say of single values.
    #[must_use]
    pub(super) fn never(&self, claims: &[Claim]) -> bool {
        step();
        let said: Vec<&Regions> = claims.iter().filter_map(|claim| self.of(*claim)).collect();
        said.iter()
            .enumerate()
            .any(|(at, one)| one.is_none() || said.iter().take(at).any(|other| apart(one, other)))
    }

    pub(super) fn of(&self, claim: Claim) -> Option<&Regions> {
        match claim {
            Claim::Speaks(at) => self.speaks.get(at),
            Claim::Governs(at) | Claim::Broken(at) => self.governs.get(at),
            Claim::Kept(at) => self.kept.get(at),
            _ => None,
        }
    }
}

/// What must be so where nothing is said.
fn anything() -> (Regions, Regions) {
    (Some(BTreeMap::new()), Some(BTreeMap::new()))
}
