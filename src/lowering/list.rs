//! List forms: in which rows their bodies are evaluated.
//!
//! A body that looks only at its element, and at rows the element itself leads to (its parent, the
//! row it refers to), is evaluated once per element. A body that looks at other rows in scope is
//! evaluated once per pair of outer row and element, see [`super::Pairs`].

use super::scope::reaches;
use super::{Context, ContextId, Domain, Form, Graph, Grouping, Index, NodeId, Op, Seen};
use crate::builtin::Quantifier;
use crate::program::{ExprId, ExprKind, List};
use crate::schema::{FieldId, FrameId, Physical, Type};

impl Graph {
    /// The outer rows of a grouping.
    #[must_use]
    pub fn outer_domain(&self, grouping: Grouping) -> Domain {
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
                if let Some(group) = pairs.group {
                    let lacking = self.list_lacks(group.grouping, lacks);
                    return group
                        .base
                        .map_or(lacking, |base| self.gather_bits(base, lacking, outer));
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
            // A row that was lost may be any list's; one whose reference could not be followed,
            // that of the rows it may mean.
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
        let form = self
            .per_element(list, used, context)
            .unwrap_or_else(|| self.per_pair(id, list, context));
        self.forms.insert((id, context), form);
        form
    }

    /// The conditions that every element that counts satisfies. The body of 每个 is none: it asks
    /// for elements that do not satisfy it.
    pub(super) fn demanded_of(&self, id: ExprId) -> Vec<ExprId> {
        match &self.program.expr(id).kind {
            ExprKind::Quantify {
                quantifier: Quantifier::Any | Quantifier::None | Quantifier::Count,
                filter,
                body,
                ..
            } => filter.iter().chain(body).copied().collect(),
            ExprKind::Quantify { filter, .. } => filter.iter().copied().collect(),
            ExprKind::Lookup { condition, .. } => vec![*condition],
            ExprKind::Chain(chain) => chain.filter.into_iter().collect(),
            ExprKind::Trace(trace) => trace.filter.into_iter().collect(),
            ExprKind::NetElapsed(net) => net.filter.into_iter().collect(),
            _ => Vec::new(),
        }
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
}
