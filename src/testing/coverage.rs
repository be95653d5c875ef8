//! Coverage: which conditions, atoms, exceptions and outcomes of each article were seen both ways,
//! and by which cases.

use super::suite::Judged;
use crate::diagnostic::Bilingual;
use crate::engine::{Policy, Run};
use crate::lowering::{ContextId, Domain, Index, Judgement, Lowered, NodeId};
use crate::place::Place;
use crate::program::{Clause, DefinitionId, ExprId, ExprKind, Sentence};
use crate::schema::{FrameId, Type};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// What is to be seen both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Satisfied and violated (demanded as declared, and otherwise); referred.
    Outcome,
    /// The whole condition.
    Condition,
    /// 除非.
    Exception,
    /// A condition without 且, 或, 非 in it, definitions expanded.
    Atom,
}

impl Kind {
    /// The word in machine-readable reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Condition => "condition",
            Self::Exception => "exception",
            Self::Atom => "atom",
        }
    }
}

/// One thing to be seen, in one article.
#[derive(Clone, Debug)]
pub struct Point {
    /// What.
    pub kind: Kind,
    /// Where, in the policy.
    pub place: Place,
    span: Span,
    /// Cases that saw it hold (violated, referred).
    pub yes: BTreeSet<String>,
    /// Cases that saw it fail (satisfied).
    pub no: BTreeSet<String>,
    /// Whether it can fail at all: a referral is only made or not.
    pub two_sided: bool,
}

impl Point {
    /// Sides seen, sides there are.
    #[must_use]
    pub fn sides(&self) -> (usize, usize) {
        let yes = usize::from(!self.yes.is_empty());
        if self.two_sided { (yes + usize::from(!self.no.is_empty()), 2) } else { (yes, 1) }
    }

    /// Whether something was not seen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let (seen, all) = self.sides();
        seen < all
    }
}

/// One article.
#[derive(Clone, Debug)]
pub struct Article {
    /// `policy.article`.
    pub name: String,
    /// `第二条 NAME`.
    pub heading: Bilingual,
    /// What is to be seen in it.
    pub points: Vec<Point>,
}

impl Article {
    /// Whether all its outcomes were seen.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.points.iter().filter(|point| point.kind == Kind::Outcome).all(|point| !point.is_open())
    }
}

/// A policy.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Its articles.
    pub articles: Vec<Article>,
}

impl Coverage {
    /// Articles covered, articles there are.
    #[must_use]
    pub fn articles(&self) -> (usize, usize) {
        (self.articles.iter().filter(|article| article.is_covered()).count(), self.articles.len())
    }

    /// Sides of conditions seen, sides there are; a definition used by several articles counts
    /// once.
    #[must_use]
    pub fn conditions(&self) -> (usize, usize) {
        let mut once: BTreeMap<(Kind, Span), (usize, usize)> = BTreeMap::new();
        for point in self
            .articles
            .iter()
            .flat_map(|article| &article.points)
            .filter(|point| point.kind != Kind::Outcome)
        {
            let best = once.entry((point.kind, point.span)).or_default();
            *best = (*best).max(point.sides());
        }
        once.values().fold((0, 0), |(seen, all), (more_seen, more)| (seen + more_seen, all + more))
    }
}

/// Something to be seen and the rows that show it.
struct Watched {
    article: usize,
    kind: Kind,
    span: Span,
    yes: NodeId,
    no: NodeId,
    two_sided: bool,
}

type Seen = BTreeMap<(usize, Kind, Span), (BTreeSet<String>, BTreeSet<String>, bool)>;

/// Measures what the cases of a suite saw of its policy.
#[must_use]
pub fn measure(judged: &Judged<'_>) -> Coverage {
    let module = judged.suite.member.module;
    let mut seen = Seen::new();
    for day in &judged.days {
        let watched = watched(&day.policy, module);
        for point in &watched {
            seen.entry((point.article, point.kind, point.span)).or_default().2 |= point.two_sided;
        }
        for ready in &day.cases {
            let run = ready.run(&day.policy);
            for point in &watched {
                if let Some((yes, no, _)) = seen.get_mut(&(point.article, point.kind, point.span)) {
                    observe(&run, point.yes, &ready.case.name, yes);
                    observe(&run, point.no, &ready.case.name, no);
                }
            }
        }
    }
    let Some(program) = judged.days.first().map(|day| &day.policy.program) else {
        return Coverage::default();
    };
    let own = program.articles.iter().enumerate().filter(|(_, article)| article.module == module);
    let articles = own.map(|(index, article)| {
        let points = seen.iter().filter(|((of, _, _), _)| *of == index).map(
            |((_, kind, span), (yes, no, two_sided))| Point {
                kind: *kind,
                place: Place::policy(&judged.suite.member.project.sources, *span),
                span: *span,
                yes: yes.clone(),
                no: no.clone(),
                two_sided: *two_sided,
            },
        );
        let heading = article.title();
        Article { name: program.article_name(article), heading, points: points.collect() }
    });
    Coverage { articles: articles.collect() }
}

fn observe(run: &Run, node: NodeId, case: &str, seen: &mut BTreeSet<String>) {
    if run.evaluator.any(node) {
        seen.insert(case.to_owned());
    }
}

fn watched(policy: &Policy, module: usize) -> Vec<Watched> {
    let mut found = Vec::new();
    for judgement in &policy.judgements {
        let Some(article) =
            policy.program.article(judgement.article).filter(|article| article.module == module)
        else {
            continue;
        };
        if let Some(sentence) = article.sentences.get(judgement.sentence) {
            of_sentence(policy, judgement, sentence, &mut found);
        }
    }
    found
}

fn of_sentence(
    policy: &Policy,
    judgement: &Judgement,
    sentence: &Sentence,
    found: &mut Vec<Watched>,
) {
    let article = judgement.article.0 as usize;
    let watch =
        |kind, span, (yes, no), two_sided| Watched { article, kind, span, yes, no, two_sided };
    let outcomes = (judgement.outcomes.violated, judgement.outcomes.satisfied);
    let refers = matches!(sentence.clause, Clause::Refer(_));
    found.push(watch(Kind::Outcome, sentence.clause_span, outcomes, !refers));
    let mut atoms = Atoms::default();
    if let Some(condition) = sentence.condition {
        let span = policy.program.expr(condition).span;
        found.push(watch(Kind::Condition, span, (judgement.scope.t, judgement.scope.f), true));
        walk(policy, condition, judgement.context, &mut atoms);
    }
    if let (Some(exception), Some(own)) =
        (sentence.exception, judgement.exemptions.iter().find(|exemption| exemption.by.is_none()))
    {
        let span = policy.program.expr(exception).span;
        found.push(watch(Kind::Exception, span, (own.rails.t, own.rails.f), true));
        walk(policy, exception, judgement.context, &mut atoms);
    }
    if let Clause::Require { condition, .. } = &sentence.clause {
        walk(policy, *condition, judgement.context, &mut atoms);
    }
    found.extend(
        atoms.found.into_iter().map(|(span, yes, no)| watch(Kind::Atom, span, (yes, no), true)),
    );
}

/// The context of a frame's own rows.
fn fresh(policy: &Policy, frame: FrameId) -> Option<ContextId> {
    let own = |context: &crate::lowering::Context| {
        context.domain == Domain::Frame(frame)
            && context
                .rows
                .last()
                .is_some_and(|seen| seen.frame == frame && seen.index == Index::Here)
            && context.rows.iter().all(|seen| seen.index != Index::Unseen)
    };
    policy.graph.contexts.iter().position(own).and_then(|at| u32::try_from(at).ok()).map(ContextId)
}

/// Conditions without 且, 或, 非.
#[derive(Default)]
struct Atoms {
    /// Each with where it holds and where it does not.
    found: Vec<(Span, NodeId, NodeId)>,
    /// The definitions looked into: one that is used twice is looked into once.
    seen: BTreeSet<DefinitionId>,
}

/// The conditions without 且, 或, 非 in an expression.
fn walk(policy: &Policy, expr: ExprId, context: ContextId, atoms: &mut Atoms) {
    let program = &policy.program;
    let node = program.expr(expr);
    match &node.kind {
        ExprKind::And(parts) | ExprKind::Or(parts) => {
            parts.iter().for_each(|part| walk(policy, *part, context, atoms))
        }
        ExprKind::Not(inner) => walk(policy, *inner, context, atoms),
        ExprKind::If(condition, then, otherwise) if node.ty == Type::Boolean => {
            [condition, then, otherwise]
                .into_iter()
                .for_each(|part| walk(policy, *part, context, atoms));
        }
        ExprKind::Definition { definition, .. } => {
            let found = program.definition(*definition).filter(|found| found.ty == Type::Boolean);
            let found = found.filter(|_| atoms.seen.insert(*definition));
            if let Some((found, context)) =
                found.and_then(|found| Some((found, fresh(policy, found.frame)?)))
            {
                walk(policy, found.body, context, atoms);
            }
        }
        ExprKind::Follow { frame, then, .. } | ExprKind::Single { frame, then }
            if program.expr(*then).ty == Type::Boolean =>
        {
            if let Some(context) = fresh(policy, *frame) {
                walk(policy, *then, context, atoms);
            }
        }
        ExprKind::Quantify { filter, body, .. }
            if node.ty == Type::Boolean && (filter.is_some() || body.is_some()) =>
        {
            if let Some(form) = policy.graph.forms.get(&(expr, context)) {
                filter.iter().chain(body).for_each(|part| walk(policy, *part, form.inner, atoms));
            }
        }
        ExprKind::Constant(_) => {}
        _ => {
            if let Some(Lowered::Truth(rails)) = policy.graph.lowered.get(&(expr, context)) {
                atoms.found.push((node.span, rails.t, rails.f));
            }
        }
    }
}
