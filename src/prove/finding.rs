//! What is found out of policies.

use super::pending::Gap;
use super::question::Answer;
use super::witness::Witness;
use super::world::Limit;
use crate::lowering::Judgement;
use crate::program::{ArticleId, ExprId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Two sentences demand different dispositions of one row, and nothing says which is heard.
    Conflict,
    /// A sentence never applies: its condition cannot hold, or what exempts from it always does.
    Dead,
    /// What a sentence requires is never so where it applies.
    Impossible,
    /// What a sentence requires is always so where it applies.
    Unviolable,
    /// What two sentences require of one row cannot both be so.
    Contradiction,
    /// A sentence applies, but others always decide.
    Shadowed,
    /// The exception never holds where the condition does.
    IdleException,
    /// An override never comes into play.
    IdleOverride,
    /// A row no sentence speaks of.
    Gap,
    /// Two sentences meet; the order says which is heard.
    Ordered,
    /// Two sentences demand the same of one row; the first one speaks.
    Agreeing,
    /// Two sentences would meet but for an exception or an override.
    Excepted,
    /// No row is left without a sentence that may speak of it.
    Covered,
}

impl Kind {
    /// Its stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Dead => "dead",
            Self::Impossible => "impossible",
            Self::Unviolable => "unviolable",
            Self::Contradiction => "contradiction",
            Self::Shadowed => "shadowed",
            Self::IdleException => "idle_exception",
            Self::IdleOverride => "idle_override",
            Self::Gap => "gap",
            Self::Ordered => "ordered",
            Self::Agreeing => "agreeing",
            Self::Excepted => "excepted",
            Self::Covered => "covered",
        }
    }
}

/// How a question was answered.
#[derive(Clone, Debug)]
pub enum Certainty {
    /// Proven.
    Proven,
    /// Proven for rows whose keys and unique values differ, as loading sees to.
    ByKeys,
    /// Shown by these rows.
    Shown(Arc<Witness>),
    /// Not decided.
    Open(BTreeSet<Limit>),
}

/// One thing found out.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// How surely; of an open one, `kind` is what was asked.
    pub certainty: Certainty,
    /// The sentences, by index of judgements; the one that is heard first.
    pub sentences: Vec<usize>,
    /// The decision, by index.
    pub decision: Option<usize>,
    /// Whether something is wrong; the rest is worth knowing.
    pub wrong: bool,
    /// Forms that may have no value although nothing is missing, and why: what was found is not so
    /// where they have none.
    pub except: BTreeSet<(ExprId, Gap)>,
}

/// Whether the order of a decision matters: whether sentences that demand different dispositions
/// meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meetings {
    /// The decision, by index.
    pub decision: usize,
    /// Whether it has an order.
    pub ordered: bool,
    /// How many pairs that demand different dispositions were shown to meet.
    pub shown: usize,
    /// Of how many that is not decided.
    pub open: usize,
}

/// Everything found out, and how much was asked.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The findings: pairs first, then articles, then decisions.
    pub findings: Vec<Finding>,
    /// For each decision that articles speak of, what its order is for.
    pub meetings: Vec<Meetings>,
    /// How many questions were asked.
    pub questions: usize,
    /// How many pairs of sentences that demand something of one decision were compared.
    pub pairs: usize,
}

impl Finding {
    /// Of one sentence: that no row shows something. `None` where one does.
    #[must_use]
    pub(super) fn of(kind: Kind, sentence: usize, answer: Answer) -> Option<Self> {
        let (certainty, wrong) = match answer {
            Answer::Shown(_) => return None,
            Answer::Never => (Certainty::Proven, true),
            Answer::ByKeys => (Certainty::ByKeys, false),
            Answer::Open(limits) => (Certainty::Open(limits), false),
        };
        let sentences = vec![sentence];
        Some(Self { kind, certainty, sentences, decision: None, wrong, except: BTreeSet::new() })
    }

    /// Whether it is not decided.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.certainty, Certainty::Open(_))
    }

    /// The article of a sentence.
    #[must_use]
    pub fn articles(&self, judgements: &[Judgement]) -> Vec<ArticleId> {
        self.sentences
            .iter()
            .filter_map(|&at| judgements.get(at))
            .map(|judgement| judgement.article)
            .collect()
    }
}
