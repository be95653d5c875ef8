//! Courses of events: how those of each row stand at best and at worst, and what is surely so.

use super::{ContextId, Events, Graph, Index, Lowered, NodeId, Op, Rails};
use crate::program::{Comparison, ExprId, Trace};
use crate::schema::{Constant, Physical};
use crate::syntax::tree::Conformance;
use crate::value::automaton::Status;

impl Graph {
    /// A course of events held against a pattern.
    pub(super) fn trace(&mut self, id: ExprId, trace: &Trace, context: ContextId) -> Rails {
        let domain = self.context(context).domain;
        let used: Vec<ExprId> =
            [trace.filter, Some(trace.activity), trace.order].into_iter().flatten().collect();
        let form = self.form(id, trace.list, &used, context);
        let (outer, element) = (self.outer_domain(form.grouping), self.context(form.inner).domain);
        let (sure, never) = match trace.filter {
            Some(filter) => {
                let member = self.rails(filter, form.inner);
                (member.t, member.f)
            }
            None => (self.truth(true, element), self.truth(false, element)),
        };
        let activity = self.value(trace.activity, form.inner);
        let ordered =
            self.program.pattern(trace.pattern).is_some_and(crate::program::Pattern::ordered);
        let order = trace.order.filter(|_| ordered).map(|order| self.value(order, form.inner));
        let events = Events {
            grouping: form.grouping,
            sure,
            never,
            activity,
            order,
            pattern: trace.pattern,
            best: true,
        };
        let worst = self.add(
            Op::Trace(Box::new(Events { best: false, ..events.clone() })),
            outer,
            Physical::Ints,
        );
        self.traces.insert((id, context), events.clone());
        let best = self.add(Op::Trace(Box::new(events)), outer, Physical::Ints);
        let (least, most) = match trace.asks {
            Conformance::Follows => (Status::Complete, Status::Dead),
            Conformance::Completes => (Status::Complete, Status::Running),
            Conformance::KeepsTo => (Status::Running, Status::Dead),
        };
        let t = self.stands(Comparison::GreaterEqual, worst, least);
        let f = self.stands(Comparison::LessEqual, best, most);
        let given = self.list_given(form.grouping);
        let rails = Rails { t: self.and(outer, [given, t]), f: self.and(outer, [given, f]) };
        match self.gather(form.back, Lowered::Truth(rails), domain) {
            Lowered::Truth(rails) => rails,
            Lowered::Value(_) => rails,
        }
    }

    /// Rows whose events stand so.
    fn stands(&mut self, comparison: Comparison, events: NodeId, status: Status) -> NodeId {
        let domain = self.domain(events);
        let limit = self.constant(Constant::Int(status as i64), domain);
        self.compare_values(comparison, events, limit, domain).t
    }

    /// Rows for which a template holds because no event activates it; `None` where it always
    /// matters.
    pub(super) fn vacuous_trace(
        &mut self,
        id: ExprId,
        context: ContextId,
        required: Rails,
    ) -> Option<NodeId> {
        let events = self.traces.get(&(id, context))?.clone();
        let form = self.forms.get(&(id, context)).copied()?;
        let pattern = self.program.pattern(events.pattern)?;
        let activating: Vec<Constant> = pattern
            .activation()
            .iter()
            .filter_map(|class| pattern.activities.get(*class))
            .cloned()
            .collect();
        if activating.is_empty() {
            return None;
        }
        let (outer, element) = (self.outer_domain(form.grouping), self.context(form.inner).domain);
        let named: Vec<Rails> = activating
            .into_iter()
            .map(|activity| {
                let activity = self.constant(activity, element);
                self.compare_values(Comparison::Equal, events.activity, activity, element)
            })
            .collect();
        let named = self.either(&named, element);
        let ruled_out = self.or(element, [events.never, named.f]);
        let possible = self.not(ruled_out);
        let some = self.bits(Op::Exists(form.grouping, possible), outer);
        let none = self.not(some);
        let domain = self.context(context).domain;
        let none = match form.back {
            Index::At(at) => self.gather_bits(at, none, domain),
            _ => none,
        };
        Some(self.and(domain, [required.t, none]))
    }
}
