//! Days without those that intervals hold.

use super::{ContextId, Form, Graph, Index, Intervals, NodeId, Op};
use crate::program::{ExprId, ExprKind, NetElapsed};
use crate::schema::{Constant, Physical};

impl Graph {
    /// `净历时(a, b, list.from, list.to)`: known where the list is given, and both days of every
    /// interval that counts.
    pub(super) fn net_elapsed(
        &mut self,
        id: ExprId,
        net: &NetElapsed,
        context: ContextId,
    ) -> NodeId {
        let domain = self.context(context).domain;
        let form = self.intervals(id, net, context);
        let element = self.context(form.inner).domain;
        let (sure, never) = match net.filter {
            Some(filter) => {
                let member = self.rails(filter, form.inner);
                (member.t, member.f)
            }
            None => (self.truth(true, element), self.truth(false, element)),
        };
        let between = [net.from, net.to].map(|day| self.value(day, context));
        let days = [net.first, net.last].map(|day| self.value(day, form.inner));
        let including = net.including.is_some_and(|flag| self.is_set_true(flag));
        let counted = net.counted;
        let intervals =
            Intervals { grouping: form.grouping, counted, between, including, sure, never, days };
        let result = self.add(Op::NetElapsed(Box::new(intervals)), domain, Physical::Ints);
        let given = self.list_given(form.grouping);
        if self.is_truth(given, true) {
            result
        } else {
            self.add(Op::Where(result, given), domain, Physical::Ints)
        }
    }

    /// The intervals, by the very rows they are taken from: by pairs where the list belongs to
    /// another row.
    fn intervals(&mut self, id: ExprId, net: &NetElapsed, context: ContextId) -> Form {
        let used: Vec<ExprId> = net.inside().collect();
        let own =
            self.per_element(net.list, &used, context).filter(|form| form.back == Index::Here);
        let form = own.unwrap_or_else(|| self.per_pair(id, net.list, context));
        self.forms.insert((id, context), form);
        form
    }

    /// Whether a constant or parameter is true.
    fn is_set_true(&self, flag: ExprId) -> bool {
        match &self.program.expr(flag).kind {
            ExprKind::Constant(constant) => *constant == Constant::Bool(true),
            ExprKind::Parameter(parameter) => {
                self.program.parameter(*parameter).and_then(|found| found.values.first())
                    == Some(&Constant::Bool(true))
            }
            _ => false,
        }
    }
}
