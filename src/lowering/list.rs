//! List forms: in which rows their bodies are evaluated.
//!
//! A body that looks only at its element, and at rows the element itself leads to (its parent, the
//! row it refers to), is evaluated once per element. A body that looks at other rows in scope is
//! evaluated once per pair of outer row and element; where the two are tied by an equality, only
//! the pairs that satisfy it (and those whose key is missing) are made.

use super::{
    Context, ContextId, Domain, Form, Graph, Grouping, Index, NodeId, Op, PairSource, Pairs,
    PairsId, Seen,
};
use crate::builtin::Quantifier;
use crate::program::{Comparison, ExprId, ExprKind, List, Program};
use crate::schema::{FieldId, FrameId, Physical, Type};

impl Graph {
    /// The outer rows of a grouping.
    pub(super) fn outer_domain(&self, grouping: Grouping) -> Domain {
        match grouping {
            Grouping::Nested(frame) => self
                .program
                .schema
                .frame(frame)
                .and_then(|found| found.parent)
                .map_or(Domain::Unit, |(parent, _)| Domain::Frame(parent)),
            Grouping::Inverse(frame, field) => {
                match self.program.schema.field(frame, field).map(|found| found.ty) {
                    Some(Type::Ref(target)) => Domain::Frame(target),
                    _ => Domain::Unit,
                }
            }
            Grouping::All(_) => Domain::Unit,
            Grouping::Pairs(id) => {
                self.pairs.get(id.0 as usize).map_or(Domain::Unit, |pairs| pairs.outer)
            }
        }
    }

    /// Outer rows whose list was given, with all its elements; for the rows of a table, where all
    /// were read, and the lists of all given.
    pub(super) fn list_given(&mut self, grouping: Grouping) -> NodeId {
        let missing = self.list_lacks(grouping, |graph, parent, field| {
            let given = graph.bits(Op::Present(parent, field), Domain::Frame(parent));
            graph.not(given)
        });
        let given = self.not(missing);
        let Grouping::Pairs(id) = grouping else { return given };
        let outer = self.outer_domain(grouping);
        let paired = self.bits(Op::Paired(id), outer);
        self.and(outer, [given, paired])
    }

    /// Outer rows whose list was declared but could not be read.
    pub(super) fn list_unread(&mut self, grouping: Grouping) -> NodeId {
        self.list_lacks(grouping, |graph, parent, field| {
            graph.bits(Op::Unread(parent, field), Domain::Frame(parent))
        })
    }

    /// Outer rows whose list, or one of whose lists, has what `lacks` says of the rows it is a
    /// field of.
    fn list_lacks(
        &mut self,
        grouping: Grouping,
        lacks: fn(&mut Self, FrameId, FieldId) -> NodeId,
    ) -> NodeId {
        let outer = self.outer_domain(grouping);
        match grouping {
            Grouping::Nested(frame) => {
                match self.program.schema.frame(frame).and_then(|found| found.parent) {
                    Some((parent, field)) => lacks(self, parent, field),
                    None => self.truth(false, outer),
                }
            }
            Grouping::Pairs(id) => {
                let Some(pairs) = self.pairs.get(id.0 as usize).cloned() else {
                    return self.truth(false, outer);
                };
                if let PairSource::Group(grouping, base) = pairs.source {
                    let lacking = self.list_lacks(grouping, lacks);
                    return base.map_or(lacking, |base| self.gather_bits(base, lacking, outer));
                }
                let lacking = self.list_lacks(Grouping::All(pairs.inner), lacks);
                self.everywhere(lacking, outer)
            }
            Grouping::All(frame) => {
                let Some((parent, field)) =
                    self.program.schema.frame(frame).and_then(|found| found.parent)
                else {
                    let whole = self.bits(Op::Whole(frame), Domain::Unit);
                    return self.not(whole);
                };
                let own = lacks(self, parent, field);
                let own = self.bits(Op::Exists(Grouping::All(parent), own), Domain::Unit);
                let above = self.list_lacks(Grouping::All(parent), lacks);
                self.or(Domain::Unit, [own, above])
            }
            // A row that was lost may be any list's; one whose reference could not be followed, that
            // of the rows it may mean.
            Grouping::Inverse(frame, field) => {
                let claimed = self.bits(Op::Claimed(frame, field), outer);
                let lacking = self.list_lacks(Grouping::All(frame), lacks);
                let lacking = self.everywhere(lacking, outer);
                self.or(outer, [lacking, claimed])
            }
        }
    }

    /// What holds of the whole, for each row of a domain.
    pub(super) fn everywhere(&mut self, bits: NodeId, domain: Domain) -> NodeId {
        if domain == Domain::Unit {
            return bits;
        }
        let first = self.constant(crate::schema::Constant::Int(0), domain);
        self.gather_bits(first, bits, domain)
    }

    /// Where the body of a list form is evaluated; remembered for explanations.
    pub(super) fn form(
        &mut self,
        id: ExprId,
        list: List,
        used: &[ExprId],
        context: ContextId,
    ) -> Form {
        if let Some(&form) = self.forms.get(&(id, context)) {
            return form;
        }
        // What every element that counts must satisfy; the body of 每个 asks for elements that do
        // not satisfy it.
        let program = self.program.clone();
        let tying = match &program.expr(id).kind {
            ExprKind::Quantify { quantifier: Quantifier::Every, filter, .. } => filter.as_slice(),
            _ => used,
        };
        let form = self
            .per_element(list, used, context)
            .unwrap_or_else(|| self.per_pair(list, tying, context));
        self.forms.insert((id, context), form);
        form
    }

    /// The form over the elements themselves, if the body sees nothing else.
    pub(super) fn per_element(
        &mut self,
        list: List,
        used: &[ExprId],
        context: ContextId,
    ) -> Option<Form> {
        let here = self.context(context);
        let unseen = |seen: &Seen| Seen { frame: seen.frame, index: Index::Unseen };
        let mut rows: Vec<Seen> = here.rows.iter().map(unseen).collect();
        let (grouping, base) = match list {
            List::All { frame } => {
                rows.extend(self.natural(frame, Domain::Frame(frame), None));
                (Grouping::All(frame), None)
            }
            List::Nested { level, frame } => {
                let base = here.rows.len().checked_sub(level + 1)?;
                let natural = self.natural(frame, Domain::Frame(frame), None);
                let parents = natural.len() - 1;
                // The element's parents stand directly under its owner, in order.
                for (back, seen) in natural.iter().rev().skip(1).enumerate() {
                    let slot = base.checked_sub(back).and_then(|at| rows.get_mut(at));
                    if let Some(slot) =
                        slot.filter(|slot| slot.frame == seen.frame && back < parents)
                    {
                        *slot = *seen;
                    }
                }
                rows.push(Seen { frame, index: Index::Here });
                (Grouping::Nested(frame), here.rows.get(base))
            }
            List::Inverse { level, frame, field } => {
                let base = here.rows.len().checked_sub(level + 1)?;
                let owner =
                    self.add(Op::Column(frame, field), Domain::Frame(frame), Physical::Ints);
                if let Some(slot) = rows.get_mut(base) {
                    slot.index = Index::At(owner);
                }
                rows.push(Seen { frame, index: Index::Here });
                (Grouping::Inverse(frame, field), here.rows.get(base))
            }
        };
        let pushed = rows.len() - here.rows.len();
        let mut blind = false;
        for &expr in used {
            reaches(&self.program, expr, 0, &mut |level| {
                let seen = level >= pushed
                    && rows
                        .len()
                        .checked_sub(level + 1)
                        .and_then(|at| rows.get(at))
                        .is_none_or(|seen| seen.index == Index::Unseen);
                blind |= seen;
            });
        }
        if blind {
            return None;
        }
        let back = match (grouping, base) {
            (Grouping::All(_), _) if here.domain == Domain::Unit => Index::Here,
            (Grouping::All(_), _) => {
                Index::At(self.constant(crate::schema::Constant::Int(0), here.domain))
            }
            (_, base) => base?.index,
        };
        let inner = self.enter(Context { domain: Domain::Frame(list.frame()), rows });
        Some(Form { grouping, inner, back })
    }

    /// The form over pairs of the context's rows and elements.
    pub(super) fn per_pair(&mut self, list: List, tying: &[ExprId], context: ContextId) -> Form {
        let here = self.context(context);
        let frame = list.frame();
        let base =
            list.level().and_then(|level| here.row(level)).and_then(|seen| match seen.index {
                Index::At(at) => Some(at),
                _ => None,
            });
        let source = match list {
            List::Nested { frame, .. } => PairSource::Group(Grouping::Nested(frame), base),
            List::Inverse { frame, field, .. } => {
                PairSource::Group(Grouping::Inverse(frame, field), base)
            }
            List::All { frame } => self.join(frame, tying, context),
        };
        let pairs = Pairs { outer: here.domain, inner: frame, source };
        let id = PairsId(
            u32::try_from(
                self.pairs.iter().position(|other| *other == pairs).unwrap_or(self.pairs.len()),
            )
            .unwrap_or(u32::MAX),
        );
        if id.0 as usize == self.pairs.len() {
            self.pairs.push(pairs);
        }
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

    /// How a whole table is paired with outer rows: by an equality between the two, if the body
    /// demands one.
    fn join(&mut self, frame: FrameId, tying: &[ExprId], context: ContextId) -> PairSource {
        let here = self.context(context);
        let element = self.fresh(frame);
        let pushed = self.context(element).rows.len();
        let mut conjuncts = tying.to_vec();
        let mut next = 0;
        while let Some(&at) = conjuncts.get(next) {
            next += 1;
            match self.program.expr(at).kind.clone() {
                ExprKind::And(parts) => conjuncts.extend(parts),
                ExprKind::Compare(Comparison::Equal, left, right) => {
                    for (inner, outer) in [(left, right), (right, left)] {
                        let physical = self.program.expr(inner).ty.physical();
                        let same = physical == self.program.expr(outer).ty.physical()
                            && matches!(physical, Physical::Ints | Physical::Texts);
                        if same && self.only(inner, pushed, true) && self.only(outer, pushed, false)
                        {
                            let table = self.program.expr(inner).ty.table();
                            let inner = self.value(inner, element);
                            let shifted = self.shifted(&here, pushed);
                            let outer = self.value(outer, shifted);
                            let (inner, outer) = if self.program.is_referred_key(left)
                                || self.program.is_referred_key(right)
                            {
                                (self.as_key(inner), self.as_key(outer))
                            } else {
                                (inner, outer)
                            };
                            return PairSource::Join { outer, inner, table };
                        }
                    }
                }
                _ => {}
            }
        }
        PairSource::Product
    }

    /// The context, with unseen rows on top where the element will stand, so that levels keep their
    /// meaning.
    fn shifted(&mut self, here: &Context, pushed: usize) -> ContextId {
        let mut rows = here.rows.clone();
        let blank = Seen { frame: crate::schema::FrameId(u32::MAX), index: Index::Unseen };
        rows.extend(std::iter::repeat_n(blank, pushed));
        self.enter(Context { domain: here.domain, rows })
    }

    /// Whether an expression sees only the pushed rows (or only the others).
    fn only(&self, expr: ExprId, pushed: usize, inner: bool) -> bool {
        let mut fits = true;
        let mut any = false;
        reaches(&self.program, expr, 0, &mut |level| {
            any = true;
            fits &= (level < pushed) == inner;
        });
        fits && any
    }
}

/// Calls `found` with the level of every row in scope that an expression reads; `inside` is how
/// many rows list forms have pushed.
fn reaches(program: &Program, id: ExprId, inside: usize, found: &mut dyn FnMut(usize)) {
    let mut level = |level: usize| {
        if let Some(outside) = level.checked_sub(inside) {
            found(outside);
        }
    };
    match &program.expr(id).kind {
        ExprKind::Field { level: at, .. }
        | ExprKind::Definition { level: at, .. }
        | ExprKind::Row { level: at, .. } => level(*at),
        ExprKind::Chain(chain) => level(chain.level),
        ExprKind::Nearest(nearest) => {
            nearest.own.into_iter().for_each(&mut level);
            reaches(program, nearest.text, inside, found);
        }
        ExprKind::Follow { reference, .. } => reaches(program, *reference, inside, found),
        ExprKind::Lookup { list, condition, .. } => {
            list.level().into_iter().for_each(&mut level);
            reaches(program, *condition, inside + pushes(program, *list), found);
        }
        ExprKind::Quantify { list, filter, body, .. } => {
            list.level().into_iter().for_each(&mut level);
            for part in filter.iter().chain(body) {
                reaches(program, *part, inside + pushes(program, *list), found);
            }
        }
        ExprKind::NetElapsed(net) => {
            net.list.level().into_iter().for_each(&mut level);
            net.outside().for_each(|part| reaches(program, part, inside, found));
            net.inside()
                .for_each(|part| reaches(program, part, inside + pushes(program, net.list), found));
        }
        ExprKind::Trace(trace) => {
            trace.list.level().into_iter().for_each(&mut level);
            for part in program.parts(&program.expr(id).kind) {
                reaches(program, part, inside + pushes(program, trace.list), found);
            }
        }
        ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => {
            reaches(program, *inner, inside, found)
        }
        ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Call(_, parts)
        | ExprKind::Set(parts) => {
            parts.iter().for_each(|part| reaches(program, *part, inside, found));
        }
        ExprKind::In(value, options) => std::iter::once(value)
            .chain(options)
            .for_each(|part| reaches(program, *part, inside, found)),
        ExprKind::Compare(_, a, b) | ExprKind::Text(_, a, b) | ExprKind::Arithmetic(_, a, b) => {
            reaches(program, *a, inside, found);
            reaches(program, *b, inside, found);
        }
        ExprKind::Constant(_) | ExprKind::Parameter(_) | ExprKind::Single { .. } => {}
    }
}

/// How many rows a list form puts in scope.
fn pushes(program: &Program, list: List) -> usize {
    let List::All { frame } = list else { return 1 };
    let mut count = 1;
    let mut at = frame;
    while let Some((parent, _)) = program.schema.frame(at).and_then(|found| found.parent) {
        count += 1;
        at = parent;
    }
    count
}
