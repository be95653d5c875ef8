//! Which facts decided a condition: all conjuncts of a true 且, a true branch of 或 (the first,
//! unless another rests on facts that are needed anyhow), the failing element of 每个; for an
//! unknown condition, the facts that are missing.

use super::bound::Side;
use super::cause::Failure;
use super::trace::Account;
use crate::builtin::{Quantifier, Scalar};
use crate::eval::{Evaluator, Reach};
use crate::lowering::{ContextId, Form, Grouping, Index, Lowered, NodeId, Tie};
use crate::program::{Comparison, DefinitionId, ExprId, ExprKind};
use crate::schema::{FieldId, FrameId};
use std::collections::BTreeSet;

/// A declared fact: a field of a row (a list as a whole for a list field).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    /// The frame.
    pub frame: FrameId,
    /// The row.
    pub row: usize,
    /// The field.
    pub field: FieldId,
}

/// What is to be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// That it is true.
    True,
    /// That it is false.
    False,
    /// That it is unknown: the missing facts.
    Unknown,
}

impl Blame {
    fn flipped(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// At most this many facts are collected for one finding.
const LIMIT: usize = 200;

/// At most this many sufficient reasons are compared.
const REASONS: usize = 8;

/// Once so many conditions were looked at for reasons that were only tried, the first is taken: in
/// a chain of definitions each of which has several reasons, trying them all costs a power of its
/// length.
const STEPS: usize = 4096;

/// How deep reasons are compared within a reason that is only tried.
const TRIED: usize = 2;

/// With at most so many facts a finding is looked over once more for facts it does not need.
const FEW: usize = 24;

/// Conditions that together are enough, each with its context, its row, and the truth it has there.
type Reason = Vec<(ExprId, ContextId, usize, Blame)>;

/// What was asked of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// All it rests on.
    Value,
    /// What it lacks.
    Missing,
    /// What its bound rests on.
    Bound(Side),
    /// What its bound rests on, less what the comparison can do without.
    Spared(Side),
}

/// What was walked, in order, and whether something was.
#[derive(Default)]
struct Walked {
    order: Vec<(DefinitionId, usize, Asked)>,
    known: BTreeSet<(DefinitionId, usize, Asked)>,
}

impl Walked {
    fn len(&self) -> usize {
        self.order.len()
    }

    fn insert(&mut self, entry: (DefinitionId, usize, Asked)) -> bool {
        let new = self.known.insert(entry);
        self.order.extend(new.then_some(entry));
        new
    }

    fn truncate(&mut self, len: usize) {
        for entry in self.order.drain(len.min(self.order.len())..) {
            self.known.remove(&entry);
        }
    }
}

/// Walks conditions of one run.
pub struct Walker<'e> {
    pub(super) evaluator: &'e Evaluator,
    /// List forms for which no element has the key, each with its context and outer row: the
    /// element that fits most is shown when all else is found, see [`Walker::near`].
    unjoined: Vec<(ExprId, ContextId, usize)>,
    /// Courses of events explained on the way.
    pub accounts: Vec<Account>,
    /// The facts found, in order, each once.
    pub facts: Vec<Fact>,
    /// Tables not all of whose rows were read, where something rests on all of them.
    pub partial: Vec<FrameId>,
    /// Whether something rests on rows that were too many to be compared.
    pub uncompared: bool,
    /// Lookups that nothing fits: the rows looked into, the condition, and the list where it is a
    /// field.
    pub absent: Vec<(FrameId, ExprId, Option<Fact>)>,
    /// What has no result though all it was given is known.
    pub failures: Vec<Failure>,
    /// The definitions explained so far: used twice, they are walked once. Without this a chain of
    /// definitions costs 2ⁿ.
    walked: Walked,
    /// Whether the reason that is tried, or the whole, was found to rest on a fact it may not rest
    /// on: then nothing more is to be learnt.
    spoilt: bool,
    /// How many conditions and values were looked at: what the walk costs.
    pub steps: usize,
    /// How many of them for reasons that were only tried.
    tried: usize,
    /// How many reasons are being tried, one within the other.
    trying: usize,
    /// Whether there were several reasons for something.
    chose: bool,
    /// The facts a reason may rest on, where one is looked for that does without the others.
    allowed: Option<Vec<Fact>>,
}

impl<'e> Walker<'e> {
    /// A walker that has found nothing yet.
    #[must_use]
    pub fn new(evaluator: &'e Evaluator) -> Self {
        Self {
            evaluator,
            unjoined: Vec::new(),
            accounts: Vec::new(),
            facts: Vec::new(),
            partial: Vec::new(),
            uncompared: false,
            absent: Vec::new(),
            failures: Vec::new(),
            walked: Walked::default(),
            spoilt: false,
            steps: 0,
            tried: 0,
            trying: 0,
            chose: false,
            allowed: None,
        }
    }

    /// The facts that `collect` finds, each needed: where something has several reasons, those are
    /// taken that the rest needs anyhow.
    #[must_use]
    pub fn least(evaluator: &'e Evaluator, collect: impl Fn(&mut Self)) -> Self {
        let mut walker = Self::new(evaluator);
        collect(&mut walker);
        let mut facts = std::mem::take(&mut walker.facts);
        let mut at = 0;
        while let Some(doubted) =
            facts.get(at).copied().filter(|_| walker.chose && facts.len() <= FEW)
        {
            let allowed: Vec<Fact> =
                facts.iter().copied().filter(|fact| *fact != doubted).collect();
            let mut without = Self { allowed: Some(allowed.clone()), ..Self::new(evaluator) };
            collect(&mut without);
            walker.steps += without.steps;
            if without.facts.iter().all(|fact| allowed.contains(fact)) {
                facts.retain(|fact| without.facts.contains(fact));
                walker.unjoined = without.unjoined;
            } else {
                at += 1;
            }
        }
        walker.facts = facts;
        for (expr, context, outer) in std::mem::take(&mut walker.unjoined) {
            walker.near_facts(expr, context, outer);
        }
        walker
    }

    /// The run.
    pub(super) fn evaluator(&self) -> &'e Evaluator {
        self.evaluator
    }

    /// Whether no more facts are collected.
    pub(super) fn is_full(&self) -> bool {
        self.facts.len() >= LIMIT
    }

    pub(super) fn push(&mut self, fact: Fact) {
        if self.facts.len() < LIMIT && !self.facts.contains(&fact) {
            self.facts.push(fact);
            let tried = self.trying > 0 || self.allowed.is_some();
            self.spoilt |= tried && !self.is_allowed(&fact);
        }
    }

    fn is_allowed(&self, fact: &Fact) -> bool {
        self.allowed.as_ref().is_some_and(|allowed| allowed.contains(fact))
    }

    /// Notes that a definition is explained at a row; false where it was before.
    pub(super) fn enter(&mut self, definition: DefinitionId, row: usize, asked: Asked) -> bool {
        self.walked.insert((definition, row, asked))
    }

    /// One more condition or value is looked at.
    pub(super) fn count(&mut self) {
        self.steps += 1;
        self.tried += usize::from(self.trying > 0);
    }

    /// Whether nothing more is to be learnt.
    pub(super) fn is_done(&self) -> bool {
        self.spoilt || self.is_full()
    }

    /// Keeps what was said of a course, unless it is only tried.
    pub(super) fn explained(&mut self, account: Account) {
        if self.trying == 0 {
            self.accounts.push(account);
        }
    }

    /// The truth of a condition at a row of its context's domain; `None` where unknown.
    #[must_use]
    pub fn truth(&self, expr: ExprId, context: ContextId, row: usize) -> Option<bool> {
        let Some(Lowered::Truth(rails)) = self.evaluator.graph.lowered.get(&(expr, context)) else {
            return None;
        };
        if self.evaluator.holds(rails.t, row) {
            return Some(true);
        }
        self.evaluator.holds(rails.f, row).then_some(false)
    }

    pub(super) fn is(&self, expr: ExprId, context: ContextId, row: usize, want: Blame) -> bool {
        self.truth(expr, context, row)
            == match want {
                Blame::True => Some(true),
                Blame::False => Some(false),
                Blame::Unknown => None,
            }
    }

    /// Where an index leads from a row.
    pub(crate) fn at(&self, index: Index, row: usize) -> Option<usize> {
        match index {
            Index::Here => Some(row),
            Index::At(node) => match self.evaluator.scalar(node, row) {
                Some(Scalar::Int(at)) => usize::try_from(at).ok(),
                _ => None,
            },
            Index::Unseen => None,
        }
    }

    pub(crate) fn level(&self, level: usize, context: ContextId, row: usize) -> Option<usize> {
        self.at(self.evaluator.graph.context(context).row(level)?.index, row)
    }

    /// The context of a frame's own rows.
    pub(crate) fn own(&self, frame: FrameId) -> Option<ContextId> {
        self.evaluator.graph.own(frame)
    }

    /// Collects the facts that explain a condition at a row.
    pub fn blame(&mut self, expr: ExprId, context: ContextId, row: usize, want: Blame) {
        if self.is_done() || (want == Blame::Unknown && self.truth(expr, context, row).is_some()) {
            return;
        }
        self.count();
        match self.evaluator.graph.program.expr(expr).kind.clone() {
            ExprKind::Not(inner) => self.blame(inner, context, row, want.flipped()),
            ExprKind::And(_) if want == Blame::False && self.disagreement(expr, context, row) => {}
            ExprKind::And(parts) => self.connective(&parts, context, row, want, Blame::True),
            ExprKind::Or(parts) => self.connective(&parts, context, row, want, Blame::False),
            ExprKind::Trace(_) => self.trace(expr, context, row, want),
            ExprKind::If(condition, then, otherwise) => {
                self.branches([condition, then, otherwise], context, row, want);
            }
            ExprKind::Quantify {
                quantifier: Quantifier::Any | Quantifier::None | Quantifier::Every,
                ..
            } => self.quantified(expr, context, row, want),
            ExprKind::Compare(_, a, b)
                if self.evaluator.graph.program.expr(a).ty == crate::schema::Type::Boolean =>
            {
                for side in [a, b] {
                    match self.truth(side, context, row) {
                        Some(truth) if want != Blame::Unknown => {
                            self.blame(
                                side,
                                context,
                                row,
                                if truth { Blame::True } else { Blame::False },
                            );
                        }
                        Some(_) => {}
                        None => self.blame(side, context, row, Blame::Unknown),
                    }
                }
            }
            ExprKind::Compare(comparison, a, b)
                if self.bounded((comparison, a, b), context, row, want) => {}
            ExprKind::In(value, options) if want == Blame::False => {
                for option in options {
                    let equal = (Comparison::Equal, value, option);
                    if !self.bounded(equal, context, row, want) {
                        self.values(value, context, row, false);
                        self.values(option, context, row, false);
                    }
                }
            }
            _ => self.values(expr, context, row, want == Blame::Unknown),
        }
    }

    /// That rows do not agree is explained by every field that differs.
    fn disagreement(&mut self, expr: ExprId, context: ContextId, row: usize) -> bool {
        let Some(agreements) = self.evaluator.graph.program.agreements.get(&expr) else {
            return false;
        };
        for agreement in agreements {
            self.blame_if(agreement.same, context, row, Blame::False);
        }
        true
    }

    fn blame_if(&mut self, expr: ExprId, context: ContextId, row: usize, want: Blame) {
        if self.is(expr, context, row, want) {
            self.blame(expr, context, row, want);
        }
    }

    /// `all` is the truth that needs every part: true for 且, false for 或.
    fn connective(
        &mut self,
        parts: &[ExprId],
        context: ContextId,
        row: usize,
        want: Blame,
        all: Blame,
    ) {
        let deciding: Vec<ExprId> =
            parts.iter().copied().filter(|part| self.is(*part, context, row, want)).collect();
        if want == all || want == Blame::Unknown {
            deciding.into_iter().for_each(|part| self.blame(part, context, row, want));
        } else {
            let reasons: Vec<Reason> =
                deciding.into_iter().map(|part| vec![(part, context, row, want)]).collect();
            self.one_of(&reasons);
        }
    }

    /// Collects the facts of one reason, each of which is enough: one that rests on nothing but
    /// facts already found (or allowed), else the first.
    fn one_of(&mut self, reasons: &[Reason]) {
        let Some(first) = reasons.first() else { return };
        if reasons.len() == 1 || self.trying >= TRIED || self.tried > STEPS {
            return self.because(first);
        }
        self.chose = true;
        let free = reasons.iter().take(REASONS).find(|reason| self.is_free(reason));
        self.because(free.unwrap_or(first));
    }

    /// One of several conditions that are false, each of which is enough.
    pub(super) fn first_of(&mut self, parts: &[ExprId], context: ContextId, row: usize) {
        let reason = |part: &ExprId| vec![(*part, context, row, Blame::False)];
        let reasons: Vec<Reason> = parts.iter().map(reason).collect();
        self.one_of(&reasons);
    }

    fn because(&mut self, reason: &Reason) {
        for &(expr, context, row, want) in reason {
            self.blame(expr, context, row, want);
        }
    }

    /// Whether a reason rests on facts already found, or allowed, alone.
    fn is_free(&mut self, reason: &Reason) -> bool {
        let (facts, partial, walked) = (self.facts.len(), self.partial.len(), self.walked.len());
        let failures = self.failures.len();
        let spoilt = std::mem::replace(&mut self.spoilt, false);
        self.trying += 1;
        self.because(reason);
        self.trying -= 1;
        self.spoilt = spoilt;
        let mut added = self.facts.iter().skip(facts);
        let free = self.partial.len() == partial && added.all(|fact| self.is_allowed(fact));
        self.facts.truncate(facts);
        self.partial.truncate(partial);
        self.walked.truncate(walked);
        self.failures.truncate(failures);
        free
    }

    fn quantified(&mut self, expr: ExprId, context: ContextId, row: usize, want: Blame) {
        let ExprKind::Quantify { quantifier, filter, body, .. } =
            self.evaluator.graph.program.expr(expr).kind
        else {
            return;
        };
        let Some(form) = self.evaluator.graph.forms.get(&(expr, context)).copied() else { return };
        let Some(outer) = self.at(form.back, row) else { return };
        let exists = if quantifier == Quantifier::Any { want } else { want.flipped() };
        let body_want =
            |want: Blame| if quantifier == Quantifier::Every { want.flipped() } else { want };
        // Why none counts is also what is not as it should be in those that have the same key.
        let reach = if exists == Blame::False { Reach::Keyed } else { Reach::Possible };
        let elements: Vec<usize> = self.evaluator.elements(form.grouping, outer, reach).collect();
        if want == Blame::Unknown {
            self.gaps(form.grouping, outer);
        }
        if elements.is_empty() || (want == Blame::Unknown && self.list_missing(&form, outer)) {
            if exists == Blame::False {
                self.untied(expr, context, outer);
                // No fact that decides: it is no part of a reason that is tried.
                let unjoined = (expr, context, outer);
                if self.trying == 0 && !self.unjoined.contains(&unjoined) {
                    self.unjoined.push(unjoined);
                }
            }
            self.list_fact(&form, outer);
            return;
        }
        let mut witnesses: Vec<Reason> = Vec::new();
        for element in elements {
            let filtered =
                filter.is_none_or(|filter| self.is(filter, form.inner, element, Blame::True));
            let excluded =
                filter.is_some_and(|filter| self.is(filter, form.inner, element, Blame::False));
            let member =
                body.is_none_or(|body| self.is(body, form.inner, element, body_want(Blame::True)));
            let ruled_out = body
                .is_some_and(|body| self.is(body, form.inner, element, body_want(Blame::False)));
            let why = |part: Option<ExprId>, want: Blame| {
                part.map(|part| (part, form.inner, element, want))
            };
            match exists {
                Blame::True if filtered && member => {
                    witnesses.push(
                        why(filter, Blame::True)
                            .into_iter()
                            .chain(why(body, body_want(Blame::True)))
                            .collect(),
                    );
                }
                Blame::False => {
                    let excluded = why(filter.filter(|_| excluded), Blame::False);
                    let ruled_out = why(body.filter(|_| ruled_out), body_want(Blame::False));
                    let reasons: Vec<Reason> =
                        excluded.into_iter().chain(ruled_out).map(|reason| vec![reason]).collect();
                    self.one_of(&reasons);
                }
                Blame::Unknown if !(excluded || ruled_out || filtered && member) => {
                    let filter = filter.filter(|_| !filtered);
                    let body = body.filter(|_| !member);
                    self.parts(filter, body, form.inner, element, (Blame::Unknown, Blame::Unknown));
                }
                _ => {}
            }
        }
        self.one_of(&witnesses);
        if !witnesses.is_empty() && filter.is_none() && body.is_none() {
            self.list_fact(&form, outer);
        }
    }

    fn parts(
        &mut self,
        filter: Option<ExprId>,
        body: Option<ExprId>,
        context: ContextId,
        row: usize,
        want: (Blame, Blame),
    ) {
        if let Some(filter) = filter {
            self.blame(filter, context, row, want.0);
        }
        if let Some(body) = body {
            self.blame(body, context, row, want.1);
        }
    }

    /// That no element can count for a row is explained by a condition about the row alone, or by
    /// what the row has and elements are compared with.
    pub(super) fn untied(&mut self, expr: ExprId, context: ContextId, outer: usize) {
        let graph = self.evaluator.graph.clone();
        let (Some(form), Some(tied)) =
            (graph.forms.get(&(expr, context)), graph.tied.get(&(expr, context)))
        else {
            return;
        };
        let is = |truth: bool| if truth { Blame::True } else { Blame::False };
        let mut reasons: Vec<Reason> = Vec::new();
        for (own, truth) in &tied.own {
            if self.truth(*own, tied.context, outer) == Some(!truth) {
                reasons.push(vec![(*own, tied.context, outer, is(!truth))]);
            }
        }
        // Those that rest on more facts are done without before the others, and comparisons by
        // order before equalities.
        let mut ties: Vec<(bool, Tie, Reason)> = Vec::new();
        for (tie, side) in &tied.ties {
            let truth = self.truth(*side, tied.context, outer).is_none_or(|truth| truth);
            let side: Reason = vec![(*side, tied.context, outer, is(truth))];
            ties.push((self.trying < TRIED && self.is_free(&side), *tie, side));
        }
        ties.sort_by_key(|(free, tie, _)| (*free, matches!(tie, Tie::Key(_))));
        self.chose |= ties.len() > 1;
        let order: Vec<Tie> = ties.iter().map(|(_, tie, _)| *tie).collect();
        let decisive = self.evaluator.decisive(form.grouping, outer, &order);
        let sides = ties.into_iter().filter(|(_, tie, _)| decisive.contains(tie));
        let sides: Reason = sides.flat_map(|(.., side)| side).collect();
        reasons.extend((!sides.is_empty()).then_some(sides));
        self.one_of(&reasons);
    }

    /// The element that fits most of what is asked of it, where none has the whole key.
    pub(super) fn near(&self, expr: ExprId, context: ContextId, outer: usize) -> Option<usize> {
        let graph = &self.evaluator.graph;
        let (form, tied) = (graph.forms.get(&(expr, context))?, graph.tied.get(&(expr, context))?);
        let nodes = |conditions: &[(ExprId, bool)]| -> Vec<NodeId> {
            let node = |(condition, truth): &(ExprId, bool)| match graph
                .lowered
                .get(&(*condition, form.inner))?
            {
                Lowered::Truth(rails) => Some(if *truth { rails.t } else { rails.f }),
                Lowered::Value(_) => None,
            };
            conditions.iter().filter_map(node).collect()
        };
        let (equalities, others) = (nodes(&tied.equalities), nodes(&tied.others));
        self.evaluator.near(form.grouping, outer, (&equalities, &others))
    }

    /// What is otherwise in the element that fits most; nothing where the row around rules all
    /// elements out by itself.
    fn near_facts(&mut self, expr: ExprId, context: ContextId, outer: usize) {
        let graph = self.evaluator.graph.clone();
        let (Some(form), Some(tied)) =
            (graph.forms.get(&(expr, context)), graph.tied.get(&(expr, context)))
        else {
            return;
        };
        let fails =
            |(own, truth): &(ExprId, bool)| self.truth(*own, tied.context, outer) == Some(!truth);
        if tied.own.iter().any(fails) {
            return;
        }
        let Some(element) = self.near(expr, context, outer) else { return };
        for (condition, truth) in tied.equalities.iter().chain(&tied.others) {
            let otherwise = if *truth { Blame::False } else { Blame::True };
            self.blame_if(*condition, form.inner, element, otherwise);
        }
    }

    pub(super) fn list_missing(&self, form: &Form, outer: usize) -> bool {
        let Grouping::Nested(frame) = form.grouping else { return false };
        let Some((parent, field)) =
            self.evaluator.graph.program.schema.frame(frame).and_then(|found| found.parent)
        else {
            return false;
        };
        self.evaluator.frame(parent).is_some_and(|data| !data.present(field).get(outer))
    }

    /// The list as a whole.
    pub(super) fn list_fact(&mut self, form: &Form, outer: usize) -> Option<Fact> {
        let Grouping::Nested(frame) = form.grouping else { return None };
        let (parent, field) = self.evaluator.graph.program.schema.frame(frame)?.parent?;
        let list = Fact { frame: parent, row: outer, field };
        self.push(list);
        Some(list)
    }
}
