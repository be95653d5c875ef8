//! What would bring another disposition about: the fewest conditions that would have to turn out
//! otherwise.
//!
//! Counted over the articles' conditions as written, down to those without 且, 或, 非: the article
//! that demands the disposition has to govern the row, and no article that demands something higher
//! may. A condition that serves twice counts once; what has to stay as it is stays.

use super::record::{ArticleName, Change, Needed};
use super::{Description, Walker};
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::eval::Reach;
use crate::lowering::{Choice, ContextId, DecisionPlan, Judgement, Lowered, NodeId};
use crate::program::{ExprId, ExprKind};
use crate::schema::Type;
use std::cell::RefCell;
use std::collections::HashMap;

/// How many ways are kept of those that do; the fewest changes first.
const WAYS: usize = 8;

/// How many elements of a list are looked into; a longer list is taken as a whole.
const ELEMENTS: usize = 32;

/// A condition at a row, as it has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Leaf {
    /// What the condition came to: two that read alike are one, and so are a condition and its
    /// opposite.
    nodes: (NodeId, NodeId),
    /// What `nodes` have to be.
    holds: bool,
    expr: ExprId,
    context: ContextId,
    row: usize,
    want: bool,
    changed: bool,
}

/// Conditions that together do.
type Way = Vec<Leaf>;

/// For every disposition that is not required, the smallest change that would make it so.
pub(super) fn changes(
    run: &Run,
    plan: &DecisionPlan,
    row: usize,
    decided: Option<usize>,
    name: &dyn Fn(usize) -> Bilingual,
) -> Vec<Change> {
    let mut wanted: Vec<usize> = plan.options.iter().map(|choice| choice.disposition).collect();
    wanted.extend(
        plan.otherwise
            .iter()
            .map(|choice| choice.disposition)
            .filter(|value| !wanted.contains(value))
            .collect::<Vec<_>>(),
    );
    wanted.retain(|value| Some(*value) != decided);
    let known = Known::default();
    let change = |value: usize| {
        let bringing = Bringing { run, plan, row, known: &known };
        let best = bringing.ways(value).into_iter().min_by_key(|(_, way)| cost(way));
        let article =
            best.as_ref().and_then(|(judgement, _)| run.program().article((*judgement)?.article));
        Change {
            disposition: name(value),
            article: article.map(|article| ArticleName::of(run, article)),
            conditions: best.map(|(_, way)| {
                way.iter().filter(|leaf| leaf.changed).map(|leaf| needed(run, leaf)).collect()
            }),
        }
    };
    wanted.into_iter().map(change).collect()
}

fn cost(way: &Way) -> usize {
    way.iter().filter(|leaf| leaf.changed).count()
}

/// The ways, fewest changes first, each once; the first of equals stays first.
fn best(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by_key(cost);
    ways.dedup();
    ways.truncate(WAYS);
    ways
}

/// Both of two ways; `None` where one wants what the other forbids.
fn both(one: &Way, other: &Way) -> Option<Way> {
    let mut all = one.clone();
    for leaf in other {
        match all.iter().find(|known| (known.nodes, known.row) == (leaf.nodes, leaf.row)) {
            Some(known) if known.holds != leaf.holds => return None,
            Some(_) => {}
            None => all.push(*leaf),
        }
    }
    Some(all)
}

/// All parts at once.
fn every(parts: impl IntoIterator<Item = Vec<Way>>) -> Vec<Way> {
    parts.into_iter().fold(vec![Way::new()], |ways, part| {
        best(ways.iter().flat_map(|way| part.iter().filter_map(|more| both(way, more))).collect())
    })
}

/// Any of the parts.
fn any(parts: impl IntoIterator<Item = Vec<Way>>) -> Vec<Way> {
    best(parts.into_iter().flatten().collect())
}

/// The ways that were found already, by condition, its context and row, and what it has to be: a
/// definition that is used twice is looked into once. Without this a chain of definitions costs 2ⁿ.
type Known = RefCell<HashMap<(ExprId, ContextId, usize, bool), Vec<Way>>>;

/// A decision about a row.
struct Bringing<'x> {
    run: &'x Run,
    plan: &'x DecisionPlan,
    row: usize,
    known: &'x Known,
}

impl<'x> Bringing<'x> {
    /// The ways to a disposition, with the sentence that demands it; none where it is what is left
    /// when nothing else is demanded.
    fn ways(&self, value: usize) -> Vec<(Option<&'x Judgement>, Way)> {
        let demanding = |choice: &'x Choice| {
            choice.judgements.iter().filter_map(|at| self.run.policy.judgements.get(*at))
        };
        let rivals = |keep: &dyn Fn(usize) -> bool| {
            every(
                self.plan
                    .options
                    .iter()
                    .filter(|choice| keep(choice.disposition))
                    .flat_map(demanding)
                    .map(|rival| self.freed(rival)),
            )
        };
        let quiet = rivals(&|rival| self.outranks(rival, value));
        let mut found = Vec::new();
        for judgement in self
            .plan
            .options
            .iter()
            .filter(|choice| choice.disposition == value)
            .flat_map(demanding)
        {
            let ways = every([self.governed(judgement), quiet.clone()]);
            found.extend(ways.into_iter().map(|way| (Some(judgement), way)));
        }
        if self.plan.otherwise.as_ref().is_some_and(|choice| choice.disposition == value) {
            found.extend(rivals(&|rival| rival != value).into_iter().map(|way| (None, way)));
        }
        found
    }

    /// Whether a demand keeps another from deciding: it is higher, or there is no order between
    /// them.
    fn outranks(&self, rival: usize, value: usize) -> bool {
        let order = self
            .run
            .program()
            .decisions
            .get(self.plan.decision)
            .map_or(&[][..], |decision| &decision.order);
        let rank = |value: usize| order.iter().position(|other| *other == value);
        rival != value && rank(rival).zip(rank(value)).is_none_or(|(rival, value)| rival < value)
    }

    /// What it takes for a sentence to govern the row, nothing overriding it.
    fn governed(&self, judgement: &Judgement) -> Vec<Way> {
        let overriding =
            judgement.exemptions.iter().filter_map(|exemption| Some((exemption, exemption.by?)));
        let overriding = overriding.map(|(exemption, (article, sentence))| {
            let fits = |other: &&Judgement| {
                other.article == article
                    && Some(other.sentence) == sentence
                    && other.frame == judgement.frame
            };
            match self.run.policy.judgements.iter().find(fits) {
                _ if self.run.evaluator.holds(exemption.rails.f, self.row) => {
                    vec![Way::new()]
                }
                Some(other) => self.freed(other),
                None => Vec::new(),
            }
        });
        every(std::iter::once(self.scoped(judgement)).chain(overriding))
    }

    fn changer(&self, judgement: &Judgement) -> Changer<'x> {
        Changer { run: self.run, context: judgement.context, known: self.known }
    }

    fn scoped(&self, judgement: &Judgement) -> Vec<Way> {
        let Some(sentence) = self.run.policy.sentence(judgement) else { return Vec::new() };
        let changer = self.changer(judgement);
        let condition = sentence.condition.map(|condition| changer.ways(condition, self.row, true));
        let exception =
            sentence.exception.map(|exception| changer.ways(exception, self.row, false));
        every(condition.into_iter().chain(exception))
    }

    /// What it takes for a sentence not to govern the row.
    fn freed(&self, judgement: &Judgement) -> Vec<Way> {
        let Some(sentence) = self.run.policy.sentence(judgement) else { return Vec::new() };
        let changer = self.changer(judgement);
        let condition =
            sentence.condition.map(|condition| changer.ways(condition, self.row, false));
        let exception = sentence.exception.map(|exception| changer.ways(exception, self.row, true));
        let overridden = judgement
            .exemptions
            .iter()
            .any(|found| found.by.is_some() && self.run.evaluator.holds(found.rails.t, self.row));
        any(condition.into_iter().chain(exception).chain(overridden.then(|| vec![Way::new()])))
    }
}

struct Changer<'x> {
    run: &'x Run,
    context: ContextId,
    known: &'x Known,
}

impl<'x> Changer<'x> {
    /// In another context.
    fn within(&self, context: ContextId) -> Self {
        Self { run: self.run, context, known: self.known }
    }

    /// The ways for `expr` to be `want`; none where nothing would do.
    fn ways(&self, expr: ExprId, row: usize, want: bool) -> Vec<Way> {
        let asked = (expr, self.context, row, want);
        if let Some(ways) = self.known.borrow().get(&asked) {
            return ways.clone();
        }
        let ways = self.found(expr, row, want);
        self.known.borrow_mut().insert(asked, ways.clone());
        ways
    }

    fn found(&self, expr: ExprId, row: usize, want: bool) -> Vec<Way> {
        let program = self.run.program();
        let found = program.expr(expr);
        match &found.kind {
            ExprKind::Not(inner) if !matches!(program.expr(*inner).kind, ExprKind::Has(_)) => {
                self.ways(*inner, row, !want)
            }
            ExprKind::And(parts) if want => {
                every(parts.iter().map(|part| self.ways(*part, row, true)))
            }
            ExprKind::And(parts) => any(parts.iter().map(|part| self.ways(*part, row, false))),
            ExprKind::Or(parts) if want => {
                any(parts.iter().map(|part| self.ways(*part, row, true)))
            }
            ExprKind::Or(parts) => every(parts.iter().map(|part| self.ways(*part, row, false))),
            ExprKind::Definition { level, definition } if found.ty == Type::Boolean => {
                let walker = Walker::new(&self.run.evaluator);
                let body = program.definition(*definition).and_then(|found| {
                    let (at, context) =
                        (walker.level(*level, self.context, row)?, walker.own(found.frame)?);
                    Some(self.within(context).ways(found.body, at, want))
                });
                body.unwrap_or_else(|| self.leaf(expr, row, want))
            }
            ExprKind::Quantify { quantifier, filter, body, .. } => self
                .list(expr, *quantifier, (*filter, *body), row, want)
                .unwrap_or_else(|| self.leaf(expr, row, want)),
            ExprKind::Constant(_) if self.truth(expr, row) != Some(want) => Vec::new(),
            ExprKind::Constant(_) => vec![Way::new()],
            _ => self.leaf(expr, row, want),
        }
    }

    fn truth(&self, expr: ExprId, row: usize) -> Option<bool> {
        Walker::new(&self.run.evaluator).truth(expr, self.context, row)
    }

    /// A condition by itself.
    fn leaf(&self, expr: ExprId, row: usize, want: bool) -> Vec<Way> {
        let Some(Lowered::Truth(rails)) =
            self.run.evaluator.graph.lowered.get(&(expr, self.context))
        else {
            return Vec::new();
        };
        let (nodes, holds) = if rails.t <= rails.f {
            ((rails.t, rails.f), want)
        } else {
            ((rails.f, rails.t), !want)
        };
        let changed = self.truth(expr, row) != Some(want);
        vec![vec![Leaf { nodes, holds, expr, context: self.context, row, want, changed }]]
    }

    /// A list form by its elements: one of them becomes such, or each stops being. `None` where it
    /// is a matter of the list as a whole: it is not known, empty or long, or a further element
    /// would be the lesser change.
    fn list(
        &self,
        expr: ExprId,
        quantifier: Quantifier,
        parts: (Option<ExprId>, Option<ExprId>),
        row: usize,
        want: bool,
    ) -> Option<Vec<Way>> {
        let exists = match quantifier {
            Quantifier::Any => want,
            Quantifier::None | Quantifier::Every => !want,
            _ => return None,
        };
        let form = self.run.evaluator.graph.forms.get(&(expr, self.context)).copied()?;
        let walker = Walker::new(&self.run.evaluator);
        let outer = super::record::reached(form.back, row, |index, row| walker.at(index, row))?;
        let inner = self.within(form.inner);
        let elements = self.run.evaluator.elements(form.grouping, outer, Reach::Keyed);
        let elements: Vec<usize> = elements.take(ELEMENTS + 1).collect();
        if elements.is_empty() || elements.len() > ELEMENTS {
            return None;
        }
        let member = |element: usize, want: bool| {
            let filter = parts.0.map(|filter| inner.ways(filter, element, want));
            let body = parts
                .1
                .map(|body| inner.ways(body, element, want != (quantifier == Quantifier::Every)));
            let parts = filter.into_iter().chain(body);
            if want { every(parts) } else { any(parts) }
        };
        if exists {
            return Some(any(elements.into_iter().map(|element| member(element, true))))
                .filter(|ways| ways.iter().any(|way| cost(way) <= 1));
        }
        Some(every(elements.into_iter().map(|element| member(element, false))))
            .filter(|ways| !ways.is_empty())
    }
}

/// A condition that is not as wanted, with the value as it is.
fn needed(run: &Run, leaf: &Leaf) -> Needed {
    let found = run.program().expr(leaf.expr);
    let description = Description {
        evaluator: &run.evaluator,
        phrases: &run.policy.phrases,
        context: leaf.context,
        row: leaf.row,
    };
    let value = match &found.kind {
        ExprKind::Compare(_, left, _) | ExprKind::In(left, _) | ExprKind::Text(_, left, _) => {
            description.value(*left)
        }
        _ => None,
    };
    Needed { condition: run.policy.phrases.phrase(found.span), wanted: leaf.want, value }
}
