//! `若 c 则 a 否则 b`.

use super::{ContextId, Domain, Graph, NodeId, Op, Rails};
use crate::program::{Comparison, ExprId};
use crate::schema::{Physical, Type};

impl Graph {
    /// A condition that is one of two: known also where both come to the same.
    pub(super) fn either_truth(
        &mut self,
        [condition, then, otherwise]: [ExprId; 3],
        context: ContextId,
    ) -> Rails {
        let domain = self.context(context).domain;
        let [c, a, b] = [condition, then, otherwise].map(|part| self.rails(part, context));
        let mut rail = |a: NodeId, b: NodeId| {
            let ways = [[c.t, a], [c.f, b], [a, b]].map(|way| self.and(domain, way));
            self.or(domain, ways)
        };
        Rails { t: rail(a.t, b.t), f: rail(a.f, b.f) }
    }

    /// A value that is one of two: known also where both are the same.
    pub(super) fn either_value(
        &mut self,
        [condition, then, otherwise]: [ExprId; 3],
        ty: Type,
        context: ContextId,
    ) -> NodeId {
        let domain = self.context(context).domain;
        let c = self.rails(condition, context);
        let (mut a, mut b) = (self.value(then, context), self.value(otherwise, context));
        if ty.physical() == Physical::Ratios {
            (a, b) = (self.as_ratio(a), self.as_ratio(b));
        }
        let same = self.same_value(ty, (a, b), domain);
        let physical = ty.physical();
        let unknown = self.unknown(physical, domain);
        // What a reference names that is no row is picked with it.
        [(same, a), (c.f, b), (c.t, a)].into_iter().fold(unknown, |rest, (rows, value)| {
            self.add(Op::Pick(rows, value, rest), domain, physical)
        })
    }

    /// Rows for which two values are surely the same.
    fn same_value(&mut self, ty: Type, (a, b): (NodeId, NodeId), domain: Domain) -> NodeId {
        match ty {
            Type::Ref(table) => self.same_row(table, (a, b), domain).t,
            _ => self.compare_values(Comparison::Equal, a, b, domain).t,
        }
    }
}
