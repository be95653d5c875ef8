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
        let ids = |gaps: &BTreeSet<(ExprId, Gap)>| gaps.iter().map(|gap| gap.0).collect();
        let mut gaps: BTreeSet<(ExprId, Gap)> = BTreeSet::new();
        loop {
            let (answer, more) = self.ask_knowing(frame, claims, &ids(&gaps), Size::Ignored);
            match answer {
                Answer::Never | Answer::ByKeys => break,
                Answer::Open(limits) => return Err(limits),
                Answer::Shown(_) => {
                    let before = gaps.len();
                    gaps.extend(more);
                    if gaps.len() == before || gaps.len() > MOST {
                        return Err(BTreeSet::from([Limit::Effort]));
                    }
                }
            }
        }
        for gap in gaps.clone() {
            let mut fewer = gaps.clone();
            fewer.remove(&gap);
            let answer = self.ask_knowing(frame, claims, &ids(&fewer), Size::Ignored).0;
            if matches!(answer, Answer::Never | Answer::ByKeys) {
                gaps = fewer;
            }
        }
        // Exact numbers that grow too large are not shown; that they may is said.
        let (answer, large) = self.ask_knowing(frame, claims, &ids(&gaps), Size::Followed);
        if !matches!(answer, Answer::Never | Answer::ByKeys) {
            gaps.extend(large);
        }
        Ok(gaps)
    }
}
