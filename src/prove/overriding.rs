//! Which sentence governs where others override it: the same that lowering makes of it.

use super::question::Prover;
use super::sat::{Bit, Solver};
use super::world::{Rails, RowId, World};
use std::collections::{BTreeMap, BTreeSet};

/// What may exempt rows from a sentence by overriding it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// A sentence that could not be understood: nobody knows where it governs.
    Unread,
    /// A judgement in a circle of overrides: nobody knows which goes first.
    Rival(usize),
    /// A judgement that demands the same of the same row: the demand is made either way.
    Same(usize),
    /// Any other judgement.
    Other(usize),
}

impl Over {
    /// The judgement.
    fn judgement(self) -> Option<usize> {
        match self {
            Self::Unread => None,
            Self::Rival(at) | Self::Same(at) | Self::Other(at) => Some(at),
        }
    }
}

impl Prover<'_> {
    /// What overrides a judgement.
    pub(super) fn over(&self, at: usize) -> Vec<Over> {
        let Some(own) = self.judgements.get(at) else { return Vec::new() };
        let rivals = self.graph.program.article(own.article).map_or(&[][..], |found| &found.rivals);
        let place = |article, sentence| {
            let mut all = self.judgements.iter().enumerate();
            all.find(|(_, other)| (other.article, other.sentence) == (article, sentence))
        };
        let by = own.exemptions.iter().filter_map(|exemption| exemption.by);
        by.map(|(article, sentence)| match sentence.and_then(|at| place(article, at)) {
            None => Over::Unread,
            Some((by, _)) if rivals.contains(&article) => Over::Rival(by),
            Some((by, other))
                if own.demand.is_some()
                    && other.frame == own.frame
                    && other.demand == own.demand =>
            {
                Over::Same(by)
            }
            Some((by, _)) => Over::Other(by),
        })
        .collect()
    }

    /// Judgements that say where these govern: those that override them, and so on.
    pub(super) fn overriding(&self, judgements: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = judgements.into_iter().collect();
        let mut found = BTreeSet::new();
        while let Some(at) = open.pop() {
            if found.insert(at) {
                open.extend(self.over(at).into_iter().filter_map(Over::judgement));
            }
        }
        found
    }

    /// Whether a sentence governs: its condition holds, its exception does not, no overriding
    /// sentence governs (before overriding). A demand governs also where all that may override it
    /// demands the same.
    pub(super) fn governs<S: Solver>(
        &self,
        world: &mut World<'_, S>,
        subject: RowId,
        at: usize,
    ) -> Rails {
        let Some(own) = self.own(world, subject, at) else { return Rails::of(false) };
        let over = self.exempting(world, subject, at);
        let mut rails = own;
        for (_, other) in &over {
            rails = world.both(&[rails, other.negated()]);
        }
        if !over.iter().any(|(over, _)| matches!(over, Over::Same(_))) {
            return rails;
        }
        let clear = self.clear(world, subject, at, &mut BTreeMap::new());
        let exempt = over.iter().map(|(_, other)| !other.t);
        let made = world.circuit.and(exempt.chain([own.t, clear]).collect::<Vec<_>>());
        let sure = world.circuit.or([rails.t, !made]);
        world.sure.push(sure);
        Rails { t: world.circuit.or([rails.t, made]), ..rails }
    }

    /// Where whatever overrides a demand surely does not apply, or demands the same and is itself
    /// so overridden.
    fn clear<S: Solver>(
        &self,
        world: &mut World<'_, S>,
        subject: RowId,
        at: usize,
        known: &mut BTreeMap<usize, Bit>,
    ) -> Bit {
        if let Some(known) = known.get(&at) {
            return *known;
        }
        known.insert(at, Bit::FALSE);
        let mut parts = Vec::new();
        for (over, rails) in self.exempting(world, subject, at) {
            let same = match over {
                Over::Same(by) => self.clear(world, subject, by, known),
                Over::Unread | Over::Rival(_) | Over::Other(_) => Bit::FALSE,
            };
            parts.push(world.circuit.or([same, rails.f]));
        }
        let clear = world.circuit.and(parts);
        known.insert(at, clear);
        clear
    }

    /// What overrides a judgement, and where each exempts the row.
    fn exempting<S: Solver>(
        &self,
        world: &mut World<'_, S>,
        subject: RowId,
        at: usize,
    ) -> Vec<(Over, Rails)> {
        let unknown = Rails { t: Bit::FALSE, f: Bit::FALSE };
        let mut found = Vec::new();
        for over in self.over(at) {
            let frame = over.judgement().and_then(|by| self.judgements.get(by)).map(|by| by.frame);
            let row = world
                .natural(subject)
                .into_iter()
                .find(|&row| world.rows.get(row).map(|row| row.frame) == frame);
            let own = row.zip(over.judgement()).and_then(|(row, by)| self.own(world, row, by));
            let rails = own.unwrap_or(unknown);
            let rails = match over {
                Over::Rival(_) => Rails { t: Bit::FALSE, ..rails },
                Over::Unread | Over::Same(_) | Over::Other(_) => rails,
            };
            found.push((over, rails));
        }
        found
    }
}
