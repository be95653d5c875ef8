//! What is claimed of all rows is so of rows of which everything is known: forms that have no value
//! although nothing is missing are named with the claim.

use super::finding::{Certainty, Finding, Kind};
use super::pending::Gap;
use super::question::{Answer, Claim, Prover, Size};
use super::world::Limit;
use crate::program::ExprId;
use crate::schema::FrameId;
use std::collections::BTreeSet;

/// How many forms are named at most before it is said that it is not decided.
const MOST: usize = 12;

impl Prover<'_> {
    /// Names the forms without a value for which something proven is not so: rows for which the
    /// weaker claims hold although what was claimed is proven.
    pub(super) fn but(
        &self,
        found: Option<Finding>,
        frame: FrameId,
        weaker: &[Claim],
    ) -> Option<Finding> {
        let mut found = found?;
        if !matches!(found.certainty, Certainty::Proven | Certainty::ByKeys) {
            return Some(found);
        }
        match self.without(frame, weaker) {
            Ok(except) => found.except = except,
            // What is proven stays so; that it is so of every row would be too much.
            Err(limits) if found.kind == Kind::Covered => {
                found.certainty = Certainty::Open(limits);
            }
            Err(_) => {}
        }
        Some(found)
    }

    /// The fewest forms without a value that make the claims possible.
    fn without(
        &self,
        frame: FrameId,
        claims: &[Claim],
    ) -> Result<BTreeSet<(ExprId, Gap)>, BTreeSet<Limit>> {
        let mut gaps: BTreeSet<(ExprId, Gap)> = BTreeSet::new();
        loop {
            let (answer, more) = self.ask_knowing(frame, claims, &ids(&gaps), Size::Ignored);
            let before = gaps.len();
            gaps.extend(more);
            let stays = gaps.len() == before || gaps.len() > MOST;
            match answer {
                Answer::Never | Answer::ByKeys => break,
                // Only forms whose numbers may be too large come with what is not decided.
                Answer::Open(limits) if stays => return Err(limits),
                Answer::Shown(_) if stays => return Err(BTreeSet::from([Limit::Effort])),
                Answer::Open(_) | Answer::Shown(_) => {}
            }
        }
        let mut gaps = self.fewest((frame, claims), gaps.clone(), gaps, Size::Ignored);
        // Exact numbers that grow too large are not shown; that they may is said.
        let (answer, large) = self.ask_knowing(frame, claims, &ids(&gaps), Size::Followed);
        if !matches!(answer, Answer::Never | Answer::ByKeys) {
            let all = gaps.union(&large).copied().collect();
            gaps = self.fewest((frame, claims), all, large, Size::Followed);
        }
        Ok(gaps)
    }

    /// Of forms for which claims are not possible where all of them have a value, fewer for which
    /// they are not: each of some is left out where it can be.
    fn fewest(
        &self,
        (frame, claims): (FrameId, &[Claim]),
        mut gaps: BTreeSet<(ExprId, Gap)>,
        some: BTreeSet<(ExprId, Gap)>,
        size: Size,
    ) -> BTreeSet<(ExprId, Gap)> {
        for gap in some {
            let mut fewer = gaps.clone();
            fewer.remove(&gap);
            let answer = self.ask_knowing(frame, claims, &ids(&fewer), size).0;
            if matches!(answer, Answer::Never | Answer::ByKeys) {
                gaps = fewer;
            }
        }
        gaps
    }
}

fn ids(gaps: &BTreeSet<(ExprId, Gap)>) -> BTreeSet<ExprId> {
    gaps.iter().map(|gap| gap.0).collect()
}
