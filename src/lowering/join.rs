//! Pairs of outer rows and elements: by what an element must satisfy to count, read off the
//! conjuncts of its condition, in whatever order they are written.

use super::scope::{pushes, reaches};
use super::{
    Bound, Context, ContextId, Domain, Form, Graph, Group, Grouping, Index, Key, NodeId, Op, Pairs,
    PairsId, Rails, Seen, Tie, Tied,
};
use crate::invariant::fit;
use crate::program::{Comparison, ExprId, ExprKind, List};
use crate::schema::{FrameId, Physical, Type};

/// A condition, and the truth it must have.
type Conjunct = (ExprId, bool);

/// Which of the two rows an expression sees.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sees {
    /// The element, and what it leads to.
    Element,
    /// The rows around the list form, or none.
    Outer,
    Both,
}

/// The two sides of pairs while their condition is read.
struct Sides {
    /// Where what sees the element alone is lowered.
    element: ContextId,
    /// How many rows the list form puts in scope.
    pushed: usize,
    /// What sees the rows around alone.
    tied: Tied,
}

impl Graph {
    /// The form over pairs of the context's rows and the elements that may satisfy what is
    /// demanded of those that count.
    pub(super) fn per_pair(&mut self, id: ExprId, list: List, context: ContextId) -> Form {
        let here = self.context(context);
        let frame = list.frame();
        let (pairs, sides) = self.paired(list, &self.demanded_of(id), &here);
        self.tied.insert((id, context), sides.tied);
        let known = self.pairs.iter().position(|other| *other == pairs);
        let at = known.unwrap_or(self.pairs.len());
        if known.is_none() {
            self.pairs.push(pairs);
        }
        let id = PairsId(fit(at));
        let domain = Domain::Pairs(id);
        let (outer, inner) =
            (self.index_row(Op::Outer(id), domain), self.index_row(Op::Inner(id), domain));
        let mut rows: Vec<Seen> = Vec::with_capacity(here.rows.len() + 1);
        for seen in &here.rows {
            let index = match seen.index {
                Index::Here => Index::At(outer),
                Index::At(at) => Index::At(self.add(Op::Gather(outer, at), domain, Physical::Ints)),
                Index::Unseen => Index::Unseen,
            };
            rows.push(Seen { frame: seen.frame, index });
        }
        match list {
            List::All { .. } => rows.extend(self.natural(frame, domain, Some(inner))),
            _ => rows.push(Seen { frame, index: Index::At(inner) }),
        }
        let inner = self.enter(Context { domain, rows });
        Form { grouping: Grouping::Pairs(id), inner, back: Index::Here }
    }

    /// How rows and elements are paired.
    fn paired(&mut self, list: List, demanded: &[ExprId], here: &Context) -> (Pairs, Sides) {
        let inner = list.frame();
        let pushed = pushes(&self.program, list);
        let mut sides = Sides {
            element: self.fresh(inner),
            pushed,
            tied: Tied {
                context: self.shifted(here, pushed),
                ties: Vec::new(),
                own: Vec::new(),
                equalities: Vec::new(),
                others: Vec::new(),
            },
        };
        let mut pairs = Pairs {
            outer: here.domain,
            inner,
            group: self.group(list, here),
            keys: Vec::new(),
            bounds: Vec::new(),
            outer_fits: None,
            inner_fits: None,
        };
        let (mut outer_fits, mut inner_fits) = (Vec::new(), Vec::new());
        for (expr, truth) in self.conjuncts(demanded) {
            match self.sees(expr, pushed) {
                Sees::Element => {
                    sides.tied.others.push((expr, truth));
                    inner_fits.push(self.possible((expr, truth), sides.element));
                }
                Sees::Outer => {
                    sides.tied.own.push((expr, truth));
                    outer_fits.push(self.possible((expr, truth), sides.tied.context));
                }
                Sees::Both => {
                    let known = sides.tied.ties.len();
                    self.tie(&mut pairs, (expr, truth), &mut sides);
                    let added = sides.tied.ties.get(known..).unwrap_or(&[]);
                    let equal = added.iter().any(|(tie, _)| matches!(tie, Tie::Key(_)));
                    let tied = &mut sides.tied;
                    let of = if equal { &mut tied.equalities } else { &mut tied.others };
                    of.push((expr, truth));
                }
            }
        }
        let outer = (!outer_fits.is_empty()).then(|| self.and(here.domain, outer_fits));
        let inner = (!inner_fits.is_empty()).then(|| self.and(Domain::Frame(inner), inner_fits));
        pairs.outer_fits = outer.filter(|fits| !self.is_truth(*fits, true));
        pairs.inner_fits = inner.filter(|fits| !self.is_truth(*fits, true));
        (pairs, sides)
    }

    /// The list whose elements are paired; none for a whole table.
    fn group(&mut self, list: List, here: &Context) -> Option<Group> {
        let base =
            list.level().and_then(|level| here.row(level)).and_then(|seen| match seen.index {
                Index::At(at) => Some(at),
                _ => None,
            });
        let (grouping, belongs) = match list {
            List::All { .. } => return None,
            List::Nested { frame, .. } => (Grouping::Nested(frame), Op::Parent(frame)),
            List::Inverse { frame, field, .. } => {
                (Grouping::Inverse(frame, field), Op::Column(frame, field))
            }
        };
        let outer = base.unwrap_or_else(|| self.index_row(Op::Row, here.domain));
        let inner = self.index_row(belongs, Domain::Frame(list.frame()));
        Some(Group { grouping, base, owner: (outer, inner) })
    }

    /// The conditions that together make up those demanded.
    fn conjuncts(&self, demanded: &[ExprId]) -> Vec<Conjunct> {
        let mut open: Vec<Conjunct> = demanded.iter().rev().map(|expr| (*expr, true)).collect();
        let mut found = Vec::new();
        while let Some((expr, truth)) = open.pop() {
            match &self.program.expr(expr).kind {
                ExprKind::Not(inner) => open.push((*inner, !truth)),
                ExprKind::And(parts) if truth => {
                    open.extend(parts.iter().rev().map(|part| (*part, truth)));
                }
                ExprKind::Or(parts) if !truth => {
                    open.extend(parts.iter().rev().map(|part| (*part, truth)));
                }
                _ => found.push((expr, truth)),
            }
        }
        found
    }

    /// The rows for which a condition about them alone is not surely otherwise.
    fn possible(&mut self, (expr, truth): Conjunct, context: ContextId) -> NodeId {
        let rails = self.rails(expr, context);
        self.not(if truth { rails.f } else { rails.t })
    }

    /// Takes a condition about both sides into account, if it is a comparison of one with the
    /// other.
    fn tie(&mut self, pairs: &mut Pairs, (expr, truth): Conjunct, sides: &mut Sides) {
        let (comparison, left, right) = match &self.program.expr(expr).kind {
            ExprKind::Compare(comparison, left, right) => (*comparison, *left, *right),
            ExprKind::In(value, options) => match options.as_slice() {
                [only] => (Comparison::Equal, *value, *only),
                _ => return,
            },
            _ => return,
        };
        let comparison = if truth { comparison } else { comparison.negated() };
        let comparison = self.by_rank(comparison, left);
        let (comparison, inner, outer) =
            match (self.sees(left, sides.pushed), self.sees(right, sides.pushed)) {
                (Sees::Element, Sees::Outer) => (comparison, left, right),
                (Sees::Outer, Sees::Element) => (comparison.mirrored(), right, left),
                _ => return,
            };
        if self.program.expr(left).ty == Type::Boolean {
            let (of_outer, inner) =
                (self.rails(outer, sides.tied.context), self.rails(inner, sides.element));
            let of_outer = match comparison {
                Comparison::Equal => of_outer,
                _ => Rails { t: of_outer.f, f: of_outer.t },
            };
            return keyed(pairs, sides, Key::Truth { outer: of_outer, inner }, outer);
        }
        if comparison == Comparison::NotEqual {
            return;
        }
        let own = self.value(outer, sides.tied.context);
        let other = self.value(inner, sides.element);
        let (own, other) = self.one_kind(own, other);
        let (own, other) =
            match [left, right].iter().any(|side| self.program.is_referred_key(*side)) {
                true => (self.as_key(own), self.as_key(other)),
                false => (own, other),
            };
        match (comparison, self.physical(other)) {
            (_, physical) if physical != self.physical(own) => {}
            (Comparison::Equal, Physical::Ints | Physical::Ratios | Physical::Texts) => {
                keyed(pairs, sides, Key::Value { outer: own, inner: other }, outer);
            }
            (Comparison::Equal, _) => {}
            (_, Physical::Ints | Physical::Ratios) => {
                let bound = Bound { comparison, outer: own, inner: other };
                if !pairs.bounds.contains(&bound) {
                    pairs.bounds.push(bound);
                }
                sides.tied.ties.push((Tie::Bound(bound), outer));
            }
            _ => {}
        }
    }

    /// The context, with unseen rows on top where the element will stand, so that levels keep their
    /// meaning.
    fn shifted(&mut self, here: &Context, pushed: usize) -> ContextId {
        let mut rows = here.rows.clone();
        let blank = Seen { frame: FrameId(u32::MAX), index: Index::Unseen };
        rows.extend(std::iter::repeat_n(blank, pushed));
        self.enter(Context { domain: here.domain, rows })
    }

    /// Which side an expression sees.
    fn sees(&self, expr: ExprId, pushed: usize) -> Sees {
        let (mut element, mut outer) = (false, false);
        reaches(&self.program, expr, 0, &mut |level| {
            if level < pushed { element = true } else { outer = true }
        });
        match (element, outer) {
            (true, false) => Sees::Element,
            // What sees neither is as the rows around have it.
            (false, _) => Sees::Outer,
            (true, true) => Sees::Both,
        }
    }
}

/// Adds an equality, with the side of it that the rows around have.
fn keyed(pairs: &mut Pairs, sides: &mut Sides, key: Key, outer: ExprId) {
    if !pairs.keys.contains(&key) {
        pairs.keys.push(key);
    }
    sides.tied.ties.push((Tie::Key(key), outer));
}
