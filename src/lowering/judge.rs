//! Articles and decisions as graphs: which rows each outcome holds for.

use super::measure::MeasurePlan;
use super::{ContextId, Domain, Graph, Index, NodeId, Op, Rails};
use crate::builtin::Quantifier;
use crate::invariant::fit;
use crate::program::{
    ArticleId, Clause, Comparison, Decision, ExprId, ExprKind, Program, Sentence,
};
use crate::schema::{Constant, FrameId, Physical};
use crate::syntax::tree::Modal;
use std::sync::Arc;

/// Why rows are exempt from a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Exemption {
    /// The overriding article and its sentence, `None` if that could not be understood; `None` for
    /// the sentence's own 除非.
    pub by: Option<(ArticleId, Option<usize>)>,
    /// Where it holds.
    pub rails: Rails,
}

/// One sentence, for all rows of its frame.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The article.
    pub article: ArticleId,
    /// Index of the sentence in it.
    pub sentence: usize,
    /// The frame judged.
    pub frame: FrameId,
    /// The context its expressions are lowered in.
    pub context: ContextId,
    /// Whether the condition holds.
    pub scope: Rails,
    /// What exempts from it.
    pub exemptions: Vec<Exemption>,
    /// Whether it governs the row: in scope and not exempt. A demand also where all that may exempt
    /// from it demands the same.
    pub governs: Rails,
    /// Rows of each outcome.
    pub outcomes: Outcomes,
    /// For a demand: the decision and the disposition.
    pub demand: Option<(usize, usize)>,
    /// For `必须 每个(…)`, `必须 响应(…)`: rows that satisfy it only because there is nothing that
    /// it speaks of.
    pub hollow: Option<NodeId>,
}

/// Rows of each outcome: disjoint, and together all rows but the undetermined ones.
#[derive(Clone, Copy, Debug)]
pub struct Outcomes {
    /// 满足.
    pub satisfied: NodeId,
    /// 违反; for a referral: rows to be referred.
    pub violated: NodeId,
    /// 不适用.
    pub not_applicable: NodeId,
    /// 豁免.
    pub exempt: NodeId,
    /// 冲突: demands that clash with those of other articles.
    pub conflict: NodeId,
    /// Demands that an earlier sentence makes already: it speaks for the row.
    pub already: NodeId,
}

impl Outcomes {
    /// All of them.
    #[must_use]
    pub fn nodes(self) -> [NodeId; 6] {
        let Self { satisfied, violated, not_applicable, exempt, conflict, already } = self;
        [satisfied, violated, not_applicable, exempt, conflict, already]
    }
}

/// One disposition of a decision.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Index of the enum value.
    pub disposition: usize,
    /// The judgements that demand it, in order of articles.
    pub judgements: Vec<usize>,
    /// Rows for which it is surely required.
    pub required: NodeId,
    /// Rows for which surely nothing else is required: declaring it is right whatever the missing
    /// facts are.
    pub right: NodeId,
    /// Whether it is the declared one.
    pub declared: Rails,
}

/// A decision, for all rows of its frame.
#[derive(Clone, Debug)]
pub struct DecisionPlan {
    /// Index in the program.
    pub decision: usize,
    /// Its dispositions, highest first.
    pub options: Vec<Choice>,
    /// The disposition after 否则, with the rows it is required for but for those that an article
    /// surely asks it of.
    pub otherwise: Option<Choice>,
    /// Rows where two unordered demands meet.
    pub conflict: NodeId,
    /// Rows for which surely nothing is demanded.
    pub free: NodeId,
    /// Whether what is declared stands for those.
    pub as_declared: bool,
    /// Rows for which surely something is demanded.
    pub spoken: NodeId,
    /// The sentences that could not be understood and may demand something, by index in the
    /// program.
    pub unread: Vec<usize>,
}

/// A decision while it is lowered.
struct Plan<'p> {
    index: usize,
    decision: &'p Decision,
    domain: Domain,
    /// The dispositions that are ordered or demanded, highest first.
    dispositions: Vec<usize>,
    /// Where each is demanded.
    demands: Vec<Rails>,
}

/// Lowers a whole program: the graph, its articles in effect, its decisions, its measures.
#[must_use]
pub fn lower(
    program: &Arc<Program>,
) -> (Arc<Graph>, Vec<Judgement>, Vec<DecisionPlan>, Vec<MeasurePlan>) {
    let mut graph = Graph::new(program.clone());
    let mut judgements = Vec::new();
    for (index, article) in (0..).map(ArticleId).zip(&program.articles) {
        if article.in_effect {
            for (number, sentence) in article.sentences.iter().enumerate() {
                judgements.push(graph.judgement(index, number, sentence));
            }
        }
    }
    graph.overrides(&mut judgements);
    for judgement in &mut judgements {
        graph.settle(judgement);
    }
    graph.demanded_either_way(&mut judgements);
    let decisions = (0..program.decisions.len())
        .filter_map(|index| graph.decision(index, &mut judgements))
        .collect();
    let measures = (0..program.measures.len()).filter_map(|index| graph.measure(index)).collect();
    graph.messages(&judgements);
    if let Some(calendar) = &program.calendar {
        let context = graph.fresh(calendar.frame);
        graph.add(
            Op::Column(calendar.frame, calendar.date),
            Domain::Frame(calendar.frame),
            Physical::Ints,
        );
        graph.rails(calendar.off, context);
        graph.rails(calendar.on, context);
    }
    (Arc::new(graph), judgements, decisions, measures)
}

impl Graph {
    fn judgement(&mut self, article: ArticleId, number: usize, sentence: &Sentence) -> Judgement {
        let context = self.fresh(sentence.frame);
        let domain = Domain::Frame(sentence.frame);
        let always = Rails { t: self.truth(true, domain), f: self.truth(false, domain) };
        let scope = sentence.condition.map_or(always, |condition| self.rails(condition, context));
        let exemptions: Vec<Exemption> = sentence
            .exception
            .map(|exception| Exemption { by: None, rails: self.rails(exception, context) })
            .into_iter()
            .collect();
        let demand = match sentence.clause {
            Clause::Demand { decision, disposition } => Some((decision, disposition)),
            _ => None,
        };
        let none = always.f;
        let outcomes = Outcomes {
            satisfied: none,
            violated: none,
            not_applicable: none,
            exempt: none,
            conflict: none,
            already: none,
        };
        let governs = self.governs(scope, &exemptions, domain);
        Judgement {
            article,
            sentence: number,
            frame: sentence.frame,
            context,
            scope,
            exemptions,
            governs,
            outcomes,
            demand,
            hollow: None,
        }
    }

    pub(super) fn governs(
        &mut self,
        scope: Rails,
        exemptions: &[Exemption],
        domain: Domain,
    ) -> Rails {
        let mut parts = vec![scope];
        parts.extend(
            exemptions.iter().map(|exemption| Rails { t: exemption.rails.f, f: exemption.rails.t }),
        );
        self.both(&parts, domain)
    }

    /// What is neither true nor false of any row.
    pub(super) fn undecided(&mut self, domain: Domain) -> Rails {
        let never = self.truth(false, domain);
        Rails { t: never, f: never }
    }

    /// The outcomes of a sentence that requires or refers; those of a demand are known once its
    /// decision is.
    fn settle(&mut self, judgement: &mut Judgement) {
        let domain = Domain::Frame(judgement.frame);
        judgement.governs = self.governs(judgement.scope, &judgement.exemptions, domain);
        let exempt =
            self.or(domain, judgement.exemptions.iter().map(|exemption| exemption.rails.t));
        // Also where nobody knows whether the condition holds: nothing is required either way.
        let applies = self.not(judgement.scope.f);
        let exempt = self.and(domain, [applies, exempt]);
        judgement.outcomes.exempt = exempt;
        judgement.outcomes.not_applicable = judgement.scope.f;
        let clause = self
            .program
            .article(judgement.article)
            .and_then(|found| found.sentences.get(judgement.sentence))
            .map(|found| found.clause.clone());
        let required = match clause {
            Some(Clause::Require { modal, condition }) => {
                let required = self.required(modal, condition, judgement.context);
                judgement.hollow = self.hollow(modal, condition, judgement.context, required);
                required
            }
            Some(Clause::Refer(_)) => {
                Rails { t: self.truth(false, domain), f: self.truth(true, domain) }
            }
            _ => return,
        };
        judgement.outcomes.violated = self.and(domain, [judgement.governs.t, required.f]);
        let not_exempt = self.not(exempt);
        judgement.outcomes.satisfied = self.and(domain, [required.t, applies, not_exempt]);
    }

    /// Rows for which `每个` holds over no element at all, or a template over no event that it
    /// speaks of.
    fn hollow(
        &mut self,
        modal: Modal,
        condition: ExprId,
        context: ContextId,
        required: Rails,
    ) -> Option<NodeId> {
        if !modal.is_negative() && matches!(self.program.expr(condition).kind, ExprKind::Trace(_)) {
            return self.vacuous_trace(condition, context, required);
        }
        let ExprKind::Quantify { quantifier: Quantifier::Every, filter, .. } =
            self.program.expr(condition).kind
        else {
            return None;
        };
        let form =
            self.forms.get(&(condition, context)).copied().filter(|_| !modal.is_negative())?;
        let (outer, domain) = (self.outer_domain(form.grouping), self.context(context).domain);
        let element = self.context(form.inner).domain;
        let member = match filter {
            Some(filter) => self.rails(filter, form.inner).f,
            None => self.truth(false, element),
        };
        let possible = self.not(member);
        let some = self.bits(Op::Exists(form.grouping, possible), outer);
        let none = self.not(some);
        let none = match form.back {
            Index::At(at) => self.gather_bits(at, none, domain),
            _ => none,
        };
        Some(self.and(domain, [required.t, none]))
    }

    fn required(&mut self, modal: Modal, condition: ExprId, context: ContextId) -> Rails {
        let Rails { t, f } = self.rails(condition, context);
        if modal.is_negative() { Rails { t: f, f: t } } else { Rails { t, f } }
    }

    fn decision(&mut self, index: usize, judgements: &mut [Judgement]) -> Option<DecisionPlan> {
        let program = self.program.clone();
        let decision = program.decisions.get(index)?;
        let domain = Domain::Frame(decision.frame);
        let mut dispositions = decision.order.clone();
        let unread: Vec<usize> = (0..)
            .zip(&self.program.unread)
            .filter(|(_, unread)| unread.demands.iter().any(|(of, _)| *of == index))
            .map(|(at, _)| at)
            .collect();
        let demanded = judgements.iter().filter_map(|judgement| judgement.demand);
        let demanded = demanded
            .chain(self.program.unread.iter().flat_map(|unread| unread.demands.iter().copied()));
        for (_, disposition) in demanded.filter(|(of, _)| *of == index) {
            if !dispositions.contains(&disposition) {
                dispositions.push(disposition);
            }
        }
        let demands: Vec<Rails> = dispositions
            .iter()
            .map(|disposition| self.demanded(index, *disposition, judgements, domain))
            .collect();
        let plan = Plan { index, decision, domain, demands, dispositions };
        let mut options = Vec::new();
        for (place, &disposition) in plan.dispositions.iter().enumerate() {
            let rivals = if decision.order.is_empty() { plan.dispositions.len() } else { place };
            let clear: Vec<NodeId> = plan
                .demands
                .iter()
                .take(rivals)
                .enumerate()
                .filter(|(other, _)| *other != place)
                .map(|(_, rails)| rails.f)
                .collect();
            let own = plan.demands.get(place)?.t;
            let required = self.and(domain, clear.into_iter().chain([own]));
            options.push(self.option(&plan, disposition, required, judgements));
        }
        let understood = self.truth(decision.understood, domain);
        let nothing =
            self.and(domain, plan.demands.iter().map(|rails| rails.f).chain([understood]));
        let otherwise = decision.otherwise.map(|disposition| {
            let required = self.left(&plan, disposition);
            let mut option = self.option(&plan, disposition, required, judgements);
            option.judgements.clear();
            option
        });
        let conflict = if decision.order.is_empty() {
            self.meet(&plan.demands, domain)
        } else {
            self.truth(false, domain)
        };
        self.settle_demands(index, &options, judgements, conflict, domain);
        let spoken = self.or(domain, plan.demands.iter().map(|rails| rails.t));
        Some(DecisionPlan {
            decision: index,
            options,
            otherwise,
            conflict,
            free: nothing,
            as_declared: decision.as_declared,
            spoken,
            unread,
        })
    }

    fn demanded(
        &mut self,
        decision: usize,
        disposition: usize,
        judgements: &[Judgement],
        domain: Domain,
    ) -> Rails {
        if !self.program.decisions.get(decision).is_some_and(|found| found.understood) {
            return self.undecided(domain);
        }
        let demand = (decision, disposition);
        let demands = judgements
            .iter()
            .filter(|judgement| judgement.demand == Some(demand))
            .map(|judgement| judgement.governs);
        let unread = self
            .program
            .unread
            .iter()
            .any(|unread| unread.demands.contains(&demand))
            .then(|| self.undecided(domain));
        let demands: Vec<Rails> = demands.chain(unread).collect();
        self.either(&demands, domain)
    }

    fn option(
        &mut self,
        plan: &Plan<'_>,
        disposition: usize,
        required: NodeId,
        judgements: &[Judgement],
    ) -> Choice {
        let column = self.add(
            Op::Column(plan.decision.frame, plan.decision.field),
            plan.domain,
            Physical::Ints,
        );
        let value = self.constant(Constant::Int(fit(disposition)), plan.domain);
        let declared = self.compare_values(Comparison::Equal, column, value, plan.domain);
        let demanding = judgements
            .iter()
            .enumerate()
            .filter(|(_, judgement)| judgement.demand == Some((plan.index, disposition)));
        let right = self.right(plan, disposition);
        Choice {
            disposition,
            judgements: demanding.map(|(at, _)| at).collect(),
            required,
            right,
            declared,
        }
    }

    /// Rows for which surely no other disposition is demanded, and not surely this one: whether an
    /// article asks for it or none speaks, it is required.
    fn left(&mut self, plan: &Plan<'_>, disposition: usize) -> NodeId {
        let mut parts = vec![self.truth(plan.decision.understood, plan.domain)];
        for (rails, other) in plan.demands.iter().zip(&plan.dispositions) {
            let own = *other == disposition;
            parts.push(if own { self.not(rails.t) } else { rails.f });
        }
        self.and(plan.domain, parts)
    }

    /// Rows for which every other disposition is either surely not demanded, or surely beaten by a
    /// higher one.
    fn right(&mut self, plan: &Plan<'_>, disposition: usize) -> NodeId {
        let mut parts = vec![self.truth(plan.decision.understood, plan.domain)];
        for (place, rails) in plan.demands.iter().enumerate() {
            if plan.dispositions.get(place) == Some(&disposition) {
                continue;
            }
            let higher = if plan.decision.order.is_empty() { 0 } else { place };
            let beaten = plan.demands.iter().take(higher).map(|rails| rails.t);
            parts.push(self.or(plan.domain, beaten.chain([rails.f])));
        }
        if plan.decision.otherwise.is_some_and(|otherwise| otherwise != disposition) {
            parts.push(self.or(plan.domain, plan.demands.iter().map(|rails| rails.t)));
        }
        self.and(plan.domain, parts)
    }

    /// Rows where two different demands surely meet.
    fn meet(&mut self, demands: &[Rails], domain: Domain) -> NodeId {
        let mut pairs = Vec::new();
        for (at, a) in demands.iter().enumerate() {
            for b in demands.iter().skip(at + 1) {
                pairs.push(self.and(domain, [a.t, b.t]));
            }
        }
        self.or(domain, pairs)
    }

    /// A demand that is required decides by what is declared; one that is beaten exempts. A row
    /// that is wrong is one finding: the first sentence demanding what is required speaks, those
    /// after it demand what is demanded already. Demands that clash are in conflict, all of them.
    fn settle_demands(
        &mut self,
        index: usize,
        options: &[Choice],
        judgements: &mut [Judgement],
        conflict: NodeId,
        domain: Domain,
    ) {
        let ordered =
            self.program.decisions.get(index).is_some_and(|decision| !decision.order.is_empty());
        for (place, option) in options.iter().enumerate() {
            let higher: Vec<NodeId> = options
                .iter()
                .take(if ordered { place } else { 0 })
                .map(|other| other.required)
                .collect();
            let beaten = self.or(domain, higher);
            let mut before: Vec<NodeId> = Vec::new();
            for &at in &option.judgements {
                let Some(judgement) = judgements.get_mut(at) else { continue };
                let governs = judgement.governs.t;
                let earlier = self.or(domain, before.iter().copied());
                let first = self.not(earlier);
                let decided = self.and(domain, [governs, option.required]);
                let (applies, not_exempt) =
                    (self.not(judgement.scope.f), self.not(judgement.outcomes.exempt));
                let outranked = self.and(domain, [beaten, applies]);
                let outcomes = &mut judgement.outcomes;
                outcomes.conflict = self.and(domain, [governs, conflict]);
                outcomes.already = self.and(domain, [decided, earlier]);
                outcomes.violated = self.and(domain, [decided, first, option.declared.f]);
                let speaks = self.not(outcomes.already);
                outcomes.satisfied = self
                    .and(domain, [applies, not_exempt, option.right, option.declared.t, speaks]);
                outcomes.exempt = self.or(domain, [outcomes.exempt, outranked]);
                before.push(governs);
            }
        }
    }

    /// The expressions in messages: computed only for rows that have a finding.
    fn messages(&mut self, judgements: &[Judgement]) {
        for judgement in judgements {
            let program = self.program.clone();
            let article = program.article(judgement.article);
            let Some(sentence) =
                article.and_then(|article| article.sentences.get(judgement.sentence))
            else {
                continue;
            };
            let asked = if let Clause::Refer(parts) = &sentence.clause {
                parts.clone()
            } else {
                Vec::new()
            };
            for part in sentence.message.iter().flatten().chain(&asked) {
                if let crate::program::MessagePart::Value(expr) = part {
                    self.lower(*expr, judgement.context);
                }
            }
        }
    }
}
