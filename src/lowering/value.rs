//! Values: columns with validity.

use super::{ContextId, Domain, Form, Graph, Index, Lowered, NodeId, Op, Rails};
use crate::builtin::Quantifier;
use crate::program::{ExprId, ExprKind, List, Pick};
use crate::schema::{Constant, FrameId, Physical, Type};
use crate::syntax::tree::Operator;
use crate::value::instant;
use crate::value::key::canonical;

/// The first of one or two operands.
fn first(operands: &[NodeId]) -> NodeId {
    operands.first().copied().unwrap_or(NodeId(u32::MAX))
}

/// The last of them.
fn last(operands: &[NodeId]) -> NodeId {
    operands.last().copied().unwrap_or(NodeId(u32::MAX))
}

impl Graph {
    /// Lowers a value.
    pub(super) fn value(&mut self, id: ExprId, context: ContextId) -> NodeId {
        match self.lower(id, context) {
            Lowered::Value(value) => value,
            Lowered::Truth(rails) => rails.t,
        }
    }

    pub(super) fn value_of(&mut self, id: ExprId, context: ContextId) -> NodeId {
        let domain = self.context(context).domain;
        let expr = self.program.expr(id);
        let ty = expr.ty;
        match expr.kind.clone() {
            ExprKind::Constant(constant) => self.constant(constant, domain),
            ExprKind::Parameter(parameter) => {
                let values =
                    self.program.parameter(parameter).map_or(&[][..], |found| &found.values);
                match values.first() {
                    Some(constant) => self.constant(constant.clone(), domain),
                    None => self.unknown(ty.physical(), domain),
                }
            }
            ExprKind::Arithmetic(operator, left, right) => {
                self.arithmetic(operator, left, right, ty, context)
            }
            ExprKind::Negate(inner) => {
                let inner = self.value(inner, context);
                let of = (domain, self.physical(inner));
                self.computed(&|of| Op::Negate(first(of)), &[inner], of)
            }
            ExprKind::If(condition, a, b) => self.either_value([condition, a, b], ty, context),
            ExprKind::NetElapsed(net) => self.net_elapsed(id, &net, context),
            ExprKind::Call(function, arguments) => {
                let arguments: Vec<NodeId> =
                    arguments.iter().map(|argument| self.argument(*argument, context)).collect();
                let call = |arguments: &[NodeId]| Op::Call(function, arguments.to_vec());
                self.computed(&call, &arguments, (domain, ty.physical()))
            }
            ExprKind::Nearest(nearest) => self.nearest(id, &nearest, context),
            ExprKind::Quantify { quantifier, list, filter, body } => {
                self.aggregate(id, quantifier, list, filter, body, context)
            }
            _ => match self.read(id, context) {
                Lowered::Value(value) => value,
                Lowered::Truth(rails) => rails.t,
            },
        }
    }

    pub(super) fn constant(&mut self, constant: Constant, domain: Domain) -> NodeId {
        let physical = match constant {
            Constant::Text(_) => Physical::Texts,
            Constant::Int(_) => Physical::Ints,
            Constant::Ratio(_) => Physical::Ratios,
            Constant::Bool(_) => Physical::Bits,
            Constant::Empty => Physical::Frame,
        };
        self.add(Op::Constant(constant), domain, physical)
    }

    /// A value that is nowhere known.
    pub(super) fn unknown(&mut self, physical: Physical, domain: Domain) -> NodeId {
        let filler = match physical {
            Physical::Texts => Constant::Text("".into()),
            Physical::Ratios => Constant::Ratio(0.into()),
            _ => Constant::Int(0),
        };
        let (value, never) = (self.constant(filler, domain), self.truth(false, domain));
        self.add(Op::Where(value, never), domain, physical)
    }

    /// Fields, definitions, and what is read in other rows: conditions and values alike.
    pub(super) fn read(&mut self, id: ExprId, context: ContextId) -> Lowered {
        let here = self.context(context);
        let domain = here.domain;
        let row = |level: usize| here.row(level).map_or(Index::Unseen, |seen| seen.index);
        match self.program.expr(id).kind.clone() {
            ExprKind::Field { level, frame, field } => {
                let ty = self.program.expr(id).ty;
                let column =
                    self.add(Op::Column(frame, field), Domain::Frame(frame), ty.physical());
                self.gather(row(level), Lowered::Value(column), domain)
            }
            ExprKind::Definition { level, definition } => {
                let Some((frame, body)) =
                    self.program.definition(definition).map(|found| (found.frame, found.body))
                else {
                    return Lowered::Value(self.unknown(Physical::Ints, domain));
                };
                let fresh = self.fresh(frame);
                let found = self.lower(body, fresh);
                self.gather(row(level), found, domain)
            }
            ExprKind::Chain(chain) => {
                let found = self.chain(id, &chain);
                self.gather(row(chain.level), found, domain)
            }
            ExprKind::Row { level, .. } => match row(level) {
                Index::At(at) => Lowered::Value(at),
                _ => Lowered::Value(self.add(Op::Row, domain, Physical::Ints)),
            },
            ExprKind::Follow { reference, frame, then } => {
                let at = self.value(reference, context);
                let fresh = self.fresh(frame);
                let found = self.lower(then, fresh);
                self.gather(Index::At(at), found, domain)
            }
            ExprKind::Single { frame, then } => {
                let at = self.only_row(frame, domain);
                let fresh = self.fresh(frame);
                let found = self.lower(then, fresh);
                self.gather(Index::At(at), found, domain)
            }
            ExprKind::Lookup { list, pick, condition, then } => {
                let (form, at) = self.found((id, list), (pick, condition), context);
                let outer = self.outer_domain(form.grouping);
                let fresh = self.fresh(list.frame());
                let found = self.lower(then, fresh);
                let found = self.gather(Index::At(at), found, outer);
                self.gather(form.back, found, domain)
            }
            _ => Lowered::Value(self.unknown(Physical::Ints, domain)),
        }
    }

    /// A text as keys are compared. What is read in another row is made so there.
    pub(super) fn as_key(&mut self, id: NodeId) -> NodeId {
        let (domain, physical) = (self.domain(id), self.physical(id));
        match self.node(id).map(|node| node.op.clone()) {
            Some(Op::Constant(Constant::Text(text))) => {
                self.constant(Constant::Text(canonical(&text).into()), domain)
            }
            Some(Op::Gather(at, inner)) => {
                let inner = self.as_key(inner);
                self.add(Op::Gather(at, inner), domain, physical)
            }
            _ => self.add(Op::Canonical(id), domain, physical),
        }
    }

    /// The one row of a single table, known where it has one and no more.
    pub(super) fn only_row(&mut self, frame: FrameId, domain: Domain) -> NodeId {
        let first = self.constant(Constant::Int(0), domain);
        let sole = self.bits(Op::Sole(frame), Domain::Unit);
        let sole = self.everywhere(sole, domain);
        self.restrict(first, sole)
    }

    /// The element that a lookup names, over the rows around, with where its parts are lowered.
    pub(super) fn found(
        &mut self,
        (id, list): (ExprId, List),
        (pick, condition): (Pick, ExprId),
        context: ContextId,
    ) -> (Form, NodeId) {
        let used: Vec<ExprId> = std::iter::once(condition).chain(pick.order()).collect();
        let form = self.form(id, list, &used, context);
        let fits = self.rails(condition, form.inner);
        let at = self.select(form, pick, fits);
        self.picks.insert((id, context), at);
        (form, at)
    }

    /// The element that is picked of those that fit, valid where the list is given, and nothing
    /// else may be meant.
    fn select(&mut self, form: Form, pick: Pick, fits: Rails) -> NodeId {
        let outer = self.outer_domain(form.grouping);
        let given = self.list_given(form.grouping);
        let op = match pick {
            Pick::Only => Op::Select(form.grouping, fits.t, fits.f),
            Pick::End(end, order) => {
                let order = order.map(|order| self.value(order, form.inner));
                Op::End(end, form.grouping, [fits.t, fits.f], order)
            }
        };
        let at = self.add(op, outer, Physical::Ints);
        self.restrict(at, given)
    }

    /// A value known only in some rows.
    pub(super) fn restrict(&mut self, value: NodeId, rows: NodeId) -> NodeId {
        if self.is_truth(rows, true) {
            return value;
        }
        let (domain, physical) = (self.domain(value), self.physical(value));
        self.add(Op::Where(value, rows), domain, physical)
    }

    pub(super) fn argument(&mut self, id: ExprId, context: ContextId) -> NodeId {
        let domain = self.context(context).domain;
        let weights = match &self.program.expr(id).kind {
            ExprKind::Set(elements) => Some(
                elements
                    .iter()
                    .map(|element| self.program.expr(*element).kind.clone())
                    .collect::<Vec<_>>(),
            ),
            ExprKind::Parameter(parameter) => self
                .program
                .parameter(*parameter)
                .filter(|found| found.set)
                .map(|found| found.values.iter().cloned().map(ExprKind::Constant).collect()),
            _ => None,
        };
        let Some(weights) = weights else { return self.value(id, context) };
        let weights = weights.iter().filter_map(|kind| match kind {
            ExprKind::Constant(Constant::Int(value)) => Some(*value),
            _ => None,
        });
        let weights = weights.collect();
        self.add(Op::Weights(weights), domain, Physical::Ints)
    }

    /// Both as exact numbers if either is.
    pub(super) fn one_kind(&mut self, a: NodeId, b: NodeId) -> (NodeId, NodeId) {
        if self.physical(a) == self.physical(b) {
            (a, b)
        } else {
            (self.as_ratio(a), self.as_ratio(b))
        }
    }

    pub(super) fn as_ratio(&mut self, id: NodeId) -> NodeId {
        if self.physical(id) != Physical::Ints {
            return id;
        }
        let domain = self.domain(id);
        if let Some(Op::Constant(Constant::Int(value))) = self.node(id).map(|node| &node.op) {
            let exact = Constant::Ratio(crate::value::Ratio::from_integer(i128::from(*value)));
            return self.constant(exact, domain);
        }
        self.computed(&|of| Op::ToRatio(first(of)), &[id], (domain, Physical::Ratios))
    }

    fn arithmetic(
        &mut self,
        operator: Operator,
        left: ExprId,
        right: ExprId,
        ty: Type,
        context: ContextId,
    ) -> NodeId {
        let domain = self.context(context).domain;
        let months = ty == Type::Date && self.program.expr(right).ty == Type::Months;
        let (mut a, mut b) = (self.value(left, context), self.value(right, context));
        if months {
            let add = |of: &[NodeId]| Op::AddMonths(operator, first(of), last(of));
            return self.computed(&add, &[a, b], (domain, Physical::Ints));
        }
        if ty == Type::Date {
            let add = |of: &[NodeId]| Op::AddDays(operator, first(of), last(of));
            return self.computed(&add, &[a, b], (domain, Physical::Ints));
        }
        if ty == Type::Instant && self.program.expr(right).ty == Type::Days {
            b = self.in_ticks(b, domain);
        }
        if ty.physical() == Physical::Ratios {
            (a, b) = (self.as_ratio(a), self.as_ratio(b));
        }
        let combine = |of: &[NodeId]| Op::Arithmetic(operator, first(of), last(of));
        self.computed(&combine, &[a, b], (domain, ty.physical()))
    }

    /// Days as they are added to instants: each is 24 hours, for local time has one offset.
    fn in_ticks(&mut self, days: NodeId, domain: Domain) -> NodeId {
        let day = self.constant(Constant::Int(instant::DAY), domain);
        let times = |of: &[NodeId]| Op::Arithmetic(Operator::Multiply, first(of), last(of));
        self.computed(&times, &[days, day], (domain, Physical::Ints))
    }

    /// Count, sum, max and min: known where the list is given and every element's part is known.
    fn aggregate(
        &mut self,
        id: ExprId,
        quantifier: Quantifier,
        list: List,
        filter: Option<ExprId>,
        body: Option<ExprId>,
        context: ContextId,
    ) -> NodeId {
        let domain = self.context(context).domain;
        let used: Vec<ExprId> = filter.into_iter().chain(body).collect();
        let form = self.form(id, list, &used, context);
        let outer = self.outer_domain(form.grouping);
        let (member, value, clear) = self.members(form, quantifier, filter, body);
        let physical = self.program.expr(id).ty.physical();
        let value = value.unwrap_or(member.t);
        let op = match quantifier {
            Quantifier::Sum => Op::Sum(form.grouping, member.t, value),
            Quantifier::Max => Op::Max(form.grouping, member.t, value),
            Quantifier::Min => Op::Min(form.grouping, member.t, value),
            Quantifier::Distinct => Op::Distinct(form.grouping, member.t, value),
            _ => Op::Count(form.grouping, member.t),
        };
        let result = self.add(op, outer, physical);
        let given = self.list_given(form.grouping);
        let rows = self.and(outer, [given, clear]);
        let result = self.restrict(result, rows);
        match self.gather(form.back, Lowered::Value(result), domain) {
            Lowered::Value(value) => value,
            Lowered::Truth(_) => result,
        }
    }

    /// The elements that count, their values, and the outer rows no element of which is in doubt.
    pub(super) fn members(
        &mut self,
        form: Form,
        quantifier: Quantifier,
        filter: Option<ExprId>,
        body: Option<ExprId>,
    ) -> (Rails, Option<NodeId>, NodeId) {
        let (outer, element) = (self.outer_domain(form.grouping), self.context(form.inner).domain);
        let everything = Rails { t: self.truth(true, element), f: self.truth(false, element) };
        let mut member = filter.map_or(everything, |filter| self.rails(filter, form.inner));
        let counted = quantifier == Quantifier::Count;
        let value = match body {
            Some(body) if counted => {
                let body = self.rails(body, form.inner);
                member = self.both(&[member, body], element);
                None
            }
            Some(body) => Some(self.value(body, form.inner)),
            None => None,
        };
        let decided = self.or(element, [member.t, member.f]);
        let mut doubtful = self.not(decided);
        if let Some(value) = value {
            let valid = self.valid(value);
            let missing = self.not(valid);
            let missing = self.and(element, [member.t, missing]);
            doubtful = self.or(element, [doubtful, missing]);
        }
        if self.is_truth(doubtful, false) {
            return (member, value, self.truth(true, outer));
        }
        let doubt = self.bits(Op::Exists(form.grouping, doubtful), outer);
        (member, value, self.not(doubt))
    }
}
