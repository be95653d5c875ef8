//! Where a single value must lie for a condition to hold: a proof without a search that two
//! sentences cannot meet.
//!
//! A condition that surely holds says something of single values: `a 且 b` what either says, `a 或
//! b` what both say of one value, a comparison with a constant that the value is known and in a
//! range. What else a condition says is left out, so the ranges are too wide rather than too
//! narrow: where those of two conditions have no value in common, no row satisfies both. Values are
//! told apart by what they are read from ([`Reader::value`]), so a sum over a list is one value
//! like a field.

mod reader;
mod span;

pub(super) use reader::Reader;
pub(super) use span::opposite;

use super::question::{Claim, Prover};
use span::{Regions, apart, both};

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
    pub(in crate::prove) fn known(&self) -> Known {
        let mut reader = Reader::new(&self.graph.program);
        let speaks: Vec<Regions> =
            (0..self.judgements.len()).map(|at| reader.sentence(self, at).0).collect();
        let own = (0..self.judgements.len()).map(|at| {
            let (speaks, own) = reader.sentence(self, at);
            let over = self
                .overriding(at)
                .into_iter()
                .fold(own, |all, other| both(all, reader.silent(self, other)));
            both(speaks, over)
        });
        let governs: Vec<Regions> = own.collect();
        let kept = (0..)
            .zip(&governs)
            .map(|(at, governs)| both(governs.clone(), reader.required(self, at)))
            .collect();
        Known { speaks, governs, kept }
    }
}

impl Known {
    /// Whether no row can show all claims, by what they say of single values.
    #[must_use]
    pub(super) fn never(&self, claims: &[Claim]) -> bool {
        let said: Vec<&Regions> = claims.iter().filter_map(|claim| self.of(*claim)).collect();
        said.iter()
            .enumerate()
            .any(|(at, one)| one.is_none() || said.iter().take(at).any(|other| apart(one, other)))
    }

    fn of(&self, claim: Claim) -> Option<&Regions> {
        match claim {
            Claim::Speaks(at) => self.speaks.get(at),
            Claim::Governs(at) | Claim::Broken(at) => self.governs.get(at),
            Claim::Kept(at) => self.kept.get(at),
            _ => None,
        }
    }
}
