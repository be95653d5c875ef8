//! Conditions: surely true, surely false.

use super::{ContextId, Domain, Graph, Index, Lowered, NodeId, Op, Rails};
use crate::builtin::Quantifier;
use crate::program::{Comparison, ExprId, ExprKind, List, Pick};
use crate::schema::{Constant, FrameId, Physical, Type};

impl Graph {
    /// Lowers an expression in a context.
    pub(super) fn lower(&mut self, id: ExprId, context: ContextId) -> Lowered {
        if let Some(&found) = self.lowered.get(&(id, context)) {
            return found;
        }
        let found = if self.program.expr(id).ty == Type::Boolean {
            Lowered::Truth(self.condition(id, context))
        } else {
            Lowered::Value(self.value_of(id, context))
        };
        self.lowered.insert((id, context), found);
        found
    }

    /// Lowers a condition.
    pub(super) fn rails(&mut self, id: ExprId, context: ContextId) -> Rails {
        match self.lower(id, context) {
            Lowered::Truth(rails) => rails,
            Lowered::Value(value) => {
                let (t, f) = (self.valid(value), self.truth(false, self.domain(value)));
                Rails { t, f }
            }
        }
    }

    fn condition(&mut self, id: ExprId, context: ContextId) -> Rails {
        let domain = self.context(context).domain;
        match self.program.expr(id).kind.clone() {
            ExprKind::Not(inner) => {
                let Rails { t, f } = self.rails(inner, context);
                Rails { t: f, f: t }
            }
            ExprKind::And(parts) => self.all(&parts, context, domain),
            ExprKind::Or(parts) => self.any(&parts, context, domain),
            ExprKind::Compare(comparison, left, right) => {
                self.compare(comparison, left, right, context)
            }
            ExprKind::In(value, options) => {
                let rails: Vec<Rails> = options
                    .iter()
                    .map(|option| self.compare(Comparison::Equal, value, *option, context))
                    .collect();
                self.either(&rails, domain)
            }
            ExprKind::Text(relation, left, right) => {
                let (left, right) = (self.value(left, context), self.value(right, context));
                self.test(|a, b| Op::Text(relation, a, b), left, right, domain)
            }
            ExprKind::Has(inner) => self.has(inner, context),
            ExprKind::If(condition, a, b) => self.either_truth([condition, a, b], context),
            ExprKind::Trace(trace) => self.trace(id, &trace, context),
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.quantify(id, quantifier, list, filter, body, context)
            }
            kind => self.boolean_leaf(id, &kind, context, domain),
        }
    }

    /// Conditions that are read rather than computed.
    fn boolean_leaf(
        &mut self,
        id: ExprId,
        kind: &ExprKind,
        context: ContextId,
        domain: Domain,
    ) -> Rails {
        match kind {
            ExprKind::Constant(Constant::Bool(value)) => self.constant_rails(*value, domain),
            ExprKind::Parameter(parameter) => {
                let value =
                    self.program.parameter(*parameter).and_then(|found| found.values.first());
                self.constant_rails(value == Some(&Constant::Bool(true)), domain)
            }
            ExprKind::Field { frame, field, .. } => {
                let own = Domain::Frame(*frame);
                let (bits, present) = (
                    self.bits(Op::Bits(*frame, *field), own),
                    self.bits(Op::Present(*frame, *field), own),
                );
                let absent = self.not(bits);
                let rails = Rails {
                    t: self.and(own, [present, bits]),
                    f: self.and(own, [present, absent]),
                };
                self.read_rails(kind, rails, context, domain)
            }
            _ => match self.read(id, context) {
                Lowered::Truth(rails) => rails,
                Lowered::Value(_) => self.constant_rails(false, domain),
            },
        }
    }

    fn read_rails(
        &mut self,
        kind: &ExprKind,
        rails: Rails,
        context: ContextId,
        domain: Domain,
    ) -> Rails {
        let ExprKind::Field { level, .. } = kind else { return rails };
        let index = self.context(context).row(*level).map_or(Index::Unseen, |seen| seen.index);
        match self.gather(index, Lowered::Truth(rails), domain) {
            Lowered::Truth(rails) => rails,
            Lowered::Value(_) => rails,
        }
    }

    fn constant_rails(&mut self, value: bool, domain: Domain) -> Rails {
        Rails { t: self.truth(value, domain), f: self.truth(!value, domain) }
    }

    fn all(&mut self, parts: &[ExprId], context: ContextId, domain: Domain) -> Rails {
        let rails: Vec<Rails> = parts.iter().map(|part| self.rails(*part, context)).collect();
        self.both(&rails, domain)
    }

    fn any(&mut self, parts: &[ExprId], context: ContextId, domain: Domain) -> Rails {
        let rails: Vec<Rails> = parts.iter().map(|part| self.rails(*part, context)).collect();
        self.either(&rails, domain)
    }

    /// Kleene's and.
    pub(super) fn both(&mut self, rails: &[Rails], domain: Domain) -> Rails {
        let t = self.and(domain, rails.iter().map(|rails| rails.t));
        let f = self.or(domain, rails.iter().map(|rails| rails.f));
        Rails { t, f }
    }

    /// Kleene's or.
    pub(super) fn either(&mut self, rails: &[Rails], domain: Domain) -> Rails {
        let t = self.or(domain, rails.iter().map(|rails| rails.t));
        let f = self.and(domain, rails.iter().map(|rails| rails.f));
        Rails { t, f }
    }

    /// A test that means something only where the values are known.
    fn known(&mut self, test: NodeId, values: &[NodeId], domain: Domain) -> Rails {
        let mut valid: Vec<NodeId> = values.iter().map(|value| self.valid(*value)).collect();
        let negated = self.not(test);
        let f = self.and(domain, valid.iter().copied().chain([negated]));
        valid.push(test);
        Rails { t: self.and(domain, valid), f }
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        left: ExprId,
        right: ExprId,
        context: ContextId,
    ) -> Rails {
        let domain = self.context(context).domain;
        if self.program.expr(left).ty == Type::Boolean {
            let (a, b) = (self.rails(left, context), self.rails(right, context));
            let (ab, ba) = (
                self.both(&[a, b], domain),
                self.both(&[Rails { t: a.f, f: a.t }, Rails { t: b.f, f: b.t }], domain),
            );
            let same = self.either(&[ab, ba], domain);
            return if comparison == Comparison::NotEqual {
                Rails { t: same.f, f: same.t }
            } else {
                same
            };
        }
        let comparison = self.by_rank(comparison, left);
        let (mut a, mut b) = (self.value(left, context), self.value(right, context));
        if self.program.is_referred_key(left) || self.program.is_referred_key(right) {
            (a, b) = (self.as_key(a), self.as_key(b));
        }
        if let Type::Ref(table) = self.program.expr(left).ty {
            let same = self.same_row(table, (a, b), domain);
            let flipped = comparison == Comparison::NotEqual;
            return if flipped { Rails { t: same.f, f: same.t } } else { same };
        }
        self.compare_within(comparison, (left, a), (right, b), context)
    }

    /// Whether two references name one row.
    pub(super) fn same_row(
        &mut self,
        table: FrameId,
        (a, b): (NodeId, NodeId),
        domain: Domain,
    ) -> Rails {
        if let Some((at, stored)) = self.index_of(&[a, b]) {
            let [a, b] = [a, b].map(|value| self.stored(value, stored));
            let rails = self.same_row(table, (a, b), stored);
            return self.gather_rails(at, rails, domain);
        }
        Rails {
            t: self.bits(Op::Same(table, a, b), domain),
            f: self.bits(Op::Apart(table, a, b), domain),
        }
    }

    /// Enums declared from high to low compare reversed: values are stored by declaration.
    pub(super) fn by_rank(&self, comparison: Comparison, left: ExprId) -> Comparison {
        let Type::Enum(id) = self.program.expr(left).ty else { return comparison };
        let descending = self
            .program
            .schema
            .enumeration(id)
            .is_some_and(|found| found.order == Some(crate::schema::Order::Descending));
        if descending { comparison.mirrored() } else { comparison }
    }

    /// A comparison of two lowered values. ≠ is the negation of =, ≥ of <, ≤ of >, so that one test
    /// serves both rails.
    pub(super) fn compare_values(
        &mut self,
        comparison: Comparison,
        a: NodeId,
        b: NodeId,
        domain: Domain,
    ) -> Rails {
        let (a, b) = self.one_kind(a, b);
        let (positive, flipped) = match comparison {
            Comparison::NotEqual => (Comparison::Equal, true),
            Comparison::GreaterEqual => (Comparison::Less, true),
            Comparison::LessEqual => (Comparison::Greater, true),
            plain => (plain, false),
        };
        let rails = self.test(|a, b| Op::Compare(positive, a, b), a, b, domain);
        if flipped { Rails { t: rails.f, f: rails.t } } else { rails }
    }

    /// A test of two values. Values read through one index are tested where they are stored, once,
    /// and the outcome is read instead.
    fn test(
        &mut self,
        op: impl Fn(NodeId, NodeId) -> Op,
        a: NodeId,
        b: NodeId,
        domain: Domain,
    ) -> Rails {
        if let Some((at, stored)) = self.index_of(&[a, b]) {
            let [a, b] = [a, b].map(|value| self.stored(value, stored));
            let rails = self.test(op, a, b, stored);
            return self.gather_rails(at, rails, domain);
        }
        let test = self.bits(op(a, b), domain);
        self.known(test, &[a, b], domain)
    }

    /// The index that values are read through (constants go with any), and the rows it leads to.
    pub(super) fn index_of(&self, values: &[NodeId]) -> Option<(NodeId, Domain)> {
        let mut found = None;
        for value in values {
            match &self.node(*value)?.op {
                Op::Gather(at, inner) if found.is_none_or(|(index, _)| index == *at) => {
                    found = Some((*at, self.domain(*inner)))
                }
                Op::Constant(_) | Op::Weights(_) => {}
                _ => return None,
            }
        }
        found
    }

    /// A value as it is before it is read through an index.
    pub(super) fn stored(&mut self, value: NodeId, domain: Domain) -> NodeId {
        match self.node(value).map(|node| node.op.clone()) {
            Some(Op::Gather(_, inner)) => inner,
            Some(Op::Constant(constant)) => self.constant(constant, domain),
            Some(Op::Weights(weights)) => self.add(Op::Weights(weights), domain, Physical::Ints),
            _ => value,
        }
    }

    /// `有 x`: given, not given; unknown where a value was declared but could not be read.
    pub(super) fn has(&mut self, inner: ExprId, context: ContextId) -> Rails {
        let domain = self.context(context).domain;
        match self.program.expr(inner).kind.clone() {
            ExprKind::Field { level, frame, field } => {
                let own = Domain::Frame(frame);
                let (present, unread) = (
                    self.bits(Op::Present(frame, field), own),
                    self.bits(Op::Unread(frame, field), own),
                );
                let either = self.or(own, [present, unread]);
                let rails = Rails { t: present, f: self.not(either) };
                self.read_rails(&ExprKind::Field { level, frame, field }, rails, context, domain)
            }
            ExprKind::Row { .. } => self.constant_rails(true, domain),
            ExprKind::Nearest(nearest) => self.has_nearest(inner, &nearest, context),
            ExprKind::Definition { level, definition } if self.program.is_stated(inner) => {
                let Some((frame, body)) =
                    self.program.definition(definition).map(|found| (found.frame, found.body))
                else {
                    return self.constant_rails(false, domain);
                };
                let fresh = self.fresh(frame);
                let there = Lowered::Truth(self.has(body, fresh));
                let index =
                    self.context(context).row(level).map_or(Index::Unseen, |seen| seen.index);
                match self.gather(index, there, domain) {
                    Lowered::Truth(rails) => rails,
                    Lowered::Value(_) => self.constant_rails(false, domain),
                }
            }
            ExprKind::Follow { reference, frame, then } => {
                let at = self.value(reference, context);
                let given = self.has(reference, context);
                let fresh = self.fresh(frame);
                let there = self.has(then, fresh);
                let there = self.gather_rails(at, there, domain);
                let f = self.or(domain, [given.f, there.f]);
                Rails { t: there.t, f }
            }
            ExprKind::Single { frame, then } => {
                let at = self.only_row(frame, domain);
                let fresh = self.fresh(frame);
                let there = self.has(then, fresh);
                self.gather_rails(at, there, domain)
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                self.has_element((inner, list), (pick, condition), then, context)
            }
            ExprKind::Quantify { list, .. } => self.has_elements(inner, list, context),
            _ => match self.lower(inner, context) {
                Lowered::Truth(Rails { t, f }) => {
                    Rails { t: self.or(domain, [t, f]), f: self.truth(false, domain) }
                }
                Lowered::Value(value) => {
                    let valid = self.valid(value);
                    Rails { t: valid, f: self.not(valid) }
                }
            },
        }
    }

    /// `有 list`: it has an element; unknown where it was declared but could not be read.
    fn has_elements(&mut self, id: ExprId, list: List, context: ContextId) -> Rails {
        let any = self.rails(id, context);
        let form = self.form(id, list, &[], context);
        let domain = self.context(context).domain;
        let unread = self.list_unread(form.grouping);
        let unread = match form.back {
            Index::At(at) => self.gather_bits(at, unread, domain),
            _ => unread,
        };
        let either = self.or(domain, [any.t, unread]);
        Rails { t: any.t, f: self.not(either) }
    }

    /// `有 list[condition]`: surely when the element that is meant is known, surely not when none can
    /// be.
    fn has_element(
        &mut self,
        (id, list): (ExprId, List),
        which: (Pick, ExprId),
        then: ExprId,
        context: ContextId,
    ) -> Rails {
        let domain = self.context(context).domain;
        let (form, at) = self.found((id, list), which, context);
        let outer = self.outer_domain(form.grouping);
        let fits = self.rails(which.1, form.inner);
        let fresh = self.fresh(list.frame());
        let there = self.has(then, fresh);
        let there = self.gather_rails(at, there, outer);
        let possible = self.not(fits.f);
        let some = self.bits(Op::Exists(form.grouping, possible), outer);
        let none = self.not(some);
        let given = self.list_given(form.grouping);
        let none = self.and(outer, [given, none]);
        let rails = Rails { t: there.t, f: self.or(outer, [none, there.f]) };
        match self.gather(form.back, Lowered::Truth(rails), domain) {
            Lowered::Truth(rails) => rails,
            Lowered::Value(_) => rails,
        }
    }

    /// The truth of a list form; counts and sums are values, see [`Graph::value_of`].
    fn quantify(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        filter: Option<ExprId>,
        body: Option<ExprId>,
        context: ContextId,
    ) -> Rails {
        let domain = self.context(context).domain;
        let used: Vec<ExprId> = filter.into_iter().chain(body).collect();
        let form = self.form(id, list, &used, context);
        let outer = self.outer_domain(form.grouping);
        let element = self.context(form.inner).domain;
        let body = match body {
            Some(body) => self.rails(body, form.inner),
            None => self.constant_rails(true, element),
        };
        let body =
            if quantifier == Quantifier::Every { Rails { t: body.f, f: body.t } } else { body };
        let filter = filter.map(|filter| self.rails(filter, form.inner));
        let member = self.both(&filter.into_iter().chain([body]).collect::<Vec<_>>(), element);
        let possible = self.not(member.f);
        let (sure, maybe) = (
            self.bits(Op::Exists(form.grouping, member.t), outer),
            self.bits(Op::Exists(form.grouping, possible), outer),
        );
        let given = self.list_given(form.grouping);
        let none = self.not(maybe);
        let any = Rails { t: sure, f: self.and(outer, [given, none]) };
        let rails = if quantifier == Quantifier::Any { any } else { Rails { t: any.f, f: any.t } };
        match self.gather(form.back, Lowered::Truth(rails), domain) {
            Lowered::Truth(rails) => rails,
            Lowered::Value(_) => rails,
        }
    }
}
