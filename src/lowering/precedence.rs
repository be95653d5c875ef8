//! `优先于`: rows that an overriding article governs are exempt from the articles it overrides.

use super::{Domain, Exemption, Graph, Index, Judgement, Rails};
use crate::program::ArticleId;
use crate::schema::FrameId;

impl Graph<'_> {
    /// Rows an overriding article governs are exempt from the articles it overrides. What governs
    /// is taken before overriding.
    pub(super) fn overrides(&mut self, judgements: &mut [Judgement]) {
        let before: Vec<(ArticleId, usize, FrameId, Rails)> = judgements
            .iter()
            .map(|judgement| {
                (judgement.article, judgement.sentence, judgement.frame, judgement.governs)
            })
            .collect();
        let none: &[ArticleId] = &[];
        for (article, sentence, frame, governs) in before {
            let (targets, rivals) = self
                .program
                .article(article)
                .map_or((none, none), |found| (&*found.overrides, &*found.rivals));
            if targets.is_empty() && rivals.is_empty() {
                continue;
            }
            for judgement in judgements.iter_mut() {
                let rival = rivals.contains(&judgement.article);
                if !rival && !targets.contains(&judgement.article) {
                    continue;
                }
                let rows = self.context(judgement.context).rows;
                let Some(seen) = rows.iter().find(|seen| seen.frame == frame) else { continue };
                let domain = Domain::Frame(judgement.frame);
                let rails = match seen.index {
                    Index::At(at) => self.gather_rails(at, governs, domain),
                    _ => governs,
                };
                // In a circle nobody knows which of two articles goes first.
                let rails =
                    if rival { Rails { t: self.truth(false, domain), ..rails } } else { rails };
                judgement.exemptions.push(Exemption { by: Some((article, Some(sentence))), rails });
            }
        }
        self.unread_overrides(judgements);
    }

    /// Rows that an overriding article may govern whose sentence could not be understood may be
    /// exempt.
    fn unread_overrides(&mut self, judgements: &mut [Judgement]) {
        let program = self.program;
        for unread in &program.unread {
            let Some(article) = unread.article else { continue };
            let Some(found) = program.article(article) else { continue };
            let open =
                |other: &ArticleId| found.overrides.contains(other) || found.rivals.contains(other);
            for judgement in judgements.iter_mut().filter(|judgement| open(&judgement.article)) {
                let rows = &self.context(judgement.context).rows;
                if unread.frame.is_none_or(|frame| rows.iter().any(|seen| seen.frame == frame)) {
                    let rails = self.undecided(Domain::Frame(judgement.frame));
                    judgement.exemptions.push(Exemption { by: Some((article, None)), rails });
                }
            }
        }
    }
}
