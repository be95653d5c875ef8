//! `优先于`: rows that an overriding article governs are exempt from the articles it overrides.

use super::{Domain, Exemption, Graph, Index, Judgement, NodeId, Rails};
use crate::program::ArticleId;
use crate::schema::FrameId;
use std::collections::BTreeMap;

impl Graph {
    /// Rows an overriding article governs are exempt from the articles it overrides. What governs
    /// is taken before overriding.
    pub(super) fn overrides(&mut self, judgements: &mut [Judgement]) {
        let before: Vec<(ArticleId, usize, FrameId, Rails)> = judgements
            .iter()
            .map(|judgement| {
                (judgement.article, judgement.sentence, judgement.frame, judgement.governs)
            })
            .collect();
        let program = self.program.clone();
        let none: &[ArticleId] = &[];
        for (article, sentence, frame, governs) in before {
            let (targets, rivals) = program
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
        let program = self.program.clone();
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

    /// A demand that another may override which demands the same, and nothing else may: it is made
    /// either way. So it governs also where only that other is open.
    pub(super) fn demanded_either_way(&mut self, judgements: &mut [Judgement]) {
        // Of each, rows where it is made if it applies, and rows where it or one that goes before
        // it surely makes it.
        let mut made: Vec<Option<(NodeId, NodeId)>> = vec![None; judgements.len()];
        let places = places(judgements);
        for at in overriding_first(judgements, &places) {
            let Some(judgement) = judgements.get(at).filter(|found| found.demand.is_some()) else {
                continue;
            };
            let domain = Domain::Frame(judgement.frame);
            // Rows where whatever overrides it either surely does not apply or demands the same,
            // and that is made whatever overrides it; and rows where another makes it anyway.
            let (mut parts, mut instead) = (Vec::new(), Vec::new());
            for (exemption, by) in overrides_of(judgement, &places) {
                let same = by
                    .filter(|by| self.says_the_same(judgement, judgements.get(*by)))
                    .and_then(|by| made.get(by).copied().flatten());
                let covered = same.map(|(covered, _)| covered);
                parts.push(self.or(domain, covered.into_iter().chain([exemption.rails.f])));
                if let Some((covered, surely)) = same {
                    let applied = self.and(domain, [exemption.rails.t, covered]);
                    instead.extend([applied, surely]);
                }
            }
            let clear = self.and(domain, parts);
            let own: Vec<Exemption> =
                judgement.exemptions.iter().filter(|found| found.by.is_none()).copied().collect();
            let base = self.governs(judgement.scope, &own, domain);
            let exempt = self.or(
                domain,
                overrides_of(judgement, &places).map(|(exemption, _)| exemption.rails.t),
            );
            let not_exempt = self.not(exempt);
            let also = self.and(domain, [base.t, clear, not_exempt]);
            let governs = self.or(domain, [judgement.governs.t, also]);
            let covered = self.or(domain, instead.iter().copied().chain([clear]));
            let surely = self.or(domain, instead.into_iter().chain([governs]));
            if let Some(slot) = made.get_mut(at) {
                *slot = Some((covered, surely));
            }
            if let Some(judgement) = judgements.get_mut(at) {
                judgement.governs.t = governs;
            }
        }
    }

    /// Whether another demands the same of the same row, and surely goes first where it governs.
    fn says_the_same(&self, judgement: &Judgement, other: Option<&Judgement>) -> bool {
        let rivals = self.program.article(judgement.article).map_or(&[][..], |found| &found.rivals);
        other.is_some_and(|other| {
            other.frame == judgement.frame
                && other.demand == judgement.demand
                && !rivals.contains(&other.article)
        })
    }
}

/// Where each sentence's judgement stands.
type Places = BTreeMap<(ArticleId, usize), usize>;

fn places(judgements: &[Judgement]) -> Places {
    let each = judgements.iter().enumerate();
    each.map(|(at, found)| ((found.article, found.sentence), at)).collect()
}

/// The exemptions of a judgement by others, each with the judgement it is by; `None` where that
/// could not be understood.
fn overrides_of<'j>(
    judgement: &'j Judgement,
    places: &'j Places,
) -> impl Iterator<Item = (&'j Exemption, Option<usize>)> {
    judgement.exemptions.iter().filter_map(|exemption| {
        let (article, sentence) = exemption.by?;
        let by = sentence.and_then(|sentence| places.get(&(article, sentence)));
        Some((exemption, by.copied()))
    })
}

/// The judgements that override or are overridden, each after those that override it.
fn overriding_first(judgements: &[Judgement], places: &Places) -> Vec<usize> {
    let by = |at: usize| {
        let found = judgements.get(at).into_iter();
        found.flat_map(|found| overrides_of(found, places)).filter_map(|(_, by)| by)
    };
    let mut seen = vec![false; judgements.len()];
    let mut order = Vec::new();
    let all = (0..judgements.len()).filter(|at| by(*at).next().is_some());
    let mut open: Vec<(usize, bool)> = all.map(|at| (at, false)).collect();
    while let Some((at, done)) = open.pop() {
        if done {
            order.push(at);
        } else if let Some(new) = seen.get_mut(at).filter(|seen| !**seen) {
            *new = true;
            open.push((at, true));
            open.extend(by(at).map(|by| (by, false)));
        }
    }
    order
}
