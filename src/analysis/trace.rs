//! Courses of events: the templates of DECLARE, and the list of events that a path names.

use super::scope::{Operand, Scope, Step};
use super::{Analyzer, Error};
use crate::builtin::declare::Template;
use crate::diagnostic::Bilingual;
use crate::invariant::fit;
use crate::program::{ExprId, ExprKind, List, Origin, Pattern, PatternId, Trace};
use crate::say;
use crate::schema::{Constant, FieldId, Type};
use crate::syntax::tree::{self, Call, Conformance};
use crate::text::Span;

/// The most times a template may count.
const TIMES: i64 = 1000;

/// A list of events as a path names it.
pub(super) struct EventPath {
    pub(super) steps: Vec<Step>,
    pub(super) list: List,
    /// What happened, seen from an event.
    pub(super) activity: ExprId,
    /// When.
    pub(super) order: Option<ExprId>,
}

impl Analyzer<'_> {
    /// `响应(list.field, a, b)`, `出现(list.field, a, 2 当 filter)`.
    pub(super) fn template(
        &mut self,
        template: &'static Template,
        call: &Call,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let most = 1 + template.activities + usize::from(template.counted);
        if !(1 + template.activities..=most).contains(&call.arguments.len()) || call.body.is_some()
        {
            self.wrong_template(template, &call.function);
            return None;
        }
        let (events, rest) = call.arguments.split_first()?;
        let (named, times) = rest.split_at_checked(template.activities)?;
        let events = self.events(events, scope)?;
        let activities: Option<Vec<Constant>> =
            named.iter().map(|argument| self.activity(argument, events.activity, scope)).collect();
        let times = match times.first() {
            Some(times) => self.times(times, scope)?,
            None => 1,
        };
        let activities = activities?;
        if let ([first, second], [_, place]) = (activities.as_slice(), named)
            && first == second
        {
            let message = say!("两个活动相同", "the two activities are the same");
            let help = say!(
                "写两个不同的活动；同一活动的次数用 出现、未出现、恰好出现",
                "name two; for how often one occurs use `existence`, `absence` or `exactly`"
            );
            self.report(Error::Unsupported { message, help, span: place.span });
            return None;
        }
        let filter = match &call.filter {
            Some(filter) => {
                let mut inner = self.inner_scope(scope, &events.steps, events.list);
                Some(self.condition(filter, &mut inner)?)
            }
            None => None,
        };
        let automaton = template.automaton(times);
        let pattern =
            self.pattern(Pattern { activities, automaton, origin: Origin::Template(template) });
        let EventPath { steps, list, activity, order } = events;
        let trace = Trace { list, filter, activity, order, pattern, asks: Conformance::Completes };
        let leaf = self.add(ExprKind::Trace(Box::new(trace)), Type::Boolean, span);
        Some(self.finish_steps(&steps, leaf))
    }

    pub(super) fn pattern(&mut self, pattern: Pattern) -> PatternId {
        let id = PatternId(fit(self.program.patterns.len()));
        self.program.patterns.push(pattern);
        id
    }

    /// `list.field`, or a list of plain values.
    fn events(&mut self, argument: &tree::Expr, scope: &mut Scope) -> Option<EventPath> {
        let (operand, name) = match &argument.kind {
            tree::ExprKind::Member(base, name) => match self.operand(base, scope, None)? {
                list @ Operand::List { .. } => (list, Some(name)),
                base => (self.member(base, name, scope)?, None),
            },
            _ => (self.operand(argument, scope, None)?, None),
        };
        let found = self.as_list(operand, scope);
        let plain =
            |list: List| self.program.schema.frame(list.frame()).is_some_and(|frame| frame.plain);
        let Some((steps, list)) = found.filter(|(_, list)| name.is_some() || plain(*list)) else {
            let text = self.slice(argument.span);
            self.report(Error::NotEvents { text, span: argument.span });
            return None;
        };
        let mut inner = self.inner_scope(scope, &steps, list);
        let (activity, order) = self.event_fields(list, name, argument.span, &mut inner)?;
        Some(EventPath { steps, list, activity, order })
    }

    /// What happened, and when: seen from an event.
    pub(super) fn event_fields(
        &mut self,
        list: List,
        name: Option<&tree::Name>,
        span: Span,
        inner: &mut Scope,
    ) -> Option<(ExprId, Option<ExprId>)> {
        let frame = list.frame();
        let activity = match name {
            Some(name) => {
                let row = super::scope::Route { steps: Vec::new(), level: 0, frame };
                // A missing activity is unknown, so an optional field needs no guard.
                let lenient = std::mem::replace(&mut inner.lenient, true);
                let operand = self.member(Operand::Row(row), name, inner);
                inner.lenient = lenient;
                self.finish(operand?, name.span)?
            }
            None => {
                let ty = self.program.schema.field(frame, FieldId(0))?.ty;
                self.add(ExprKind::Field { level: 0, frame, field: FieldId(0) }, ty, span)
            }
        };
        let activity = match self.ty(activity) {
            Type::Text | Type::Enum(_) => activity,
            Type::Ref(_) => self.key_of(activity).filter(|key| self.ty(*key) == Type::Text)?,
            found => {
                let (found, expected) = (
                    self.type_words(found),
                    Bilingual::new("活动（文本或枚举）", "an activity (a text or an enum)"),
                );
                self.report(Error::WrongType {
                    found,
                    expected,
                    span: name.map_or(span, |name| name.span),
                    help: None,
                });
                return None;
            }
        };
        Some((activity, self.declared_order(list, span)))
    }

    /// An activity: a value of the field's enum, a text, a parameter.
    fn activity(
        &mut self,
        argument: &tree::Expr,
        field: ExprId,
        scope: &mut Scope,
    ) -> Option<Constant> {
        let wanted = self.ty(field);
        let id = self.value(argument, scope, Some(wanted))?;
        let found = self.ty(id);
        let constant = match &self.program.expr(id).kind {
            ExprKind::Constant(constant) => Some(constant.clone()),
            ExprKind::Parameter(parameter) => {
                self.program.parameter(*parameter).and_then(|found| found.values.first().cloned())
            }
            _ => None,
        };
        if found == wanted && constant.is_some() {
            return constant;
        }
        let expected = self.type_words(wanted);
        let found = if found == wanted {
            Bilingual::new("逐行不同的值", "a value that differs by row")
        } else {
            self.type_words(found)
        };
        self.report(Error::WrongType { found, expected, span: argument.span, help: None });
        None
    }

    /// How many times: a whole number, or a parameter.
    fn times(&mut self, argument: &tree::Expr, scope: &mut Scope) -> Option<u32> {
        let id = self.value(argument, scope, Some(Type::Integer))?;
        let value = match &self.program.expr(id).kind {
            ExprKind::Constant(Constant::Int(value)) => Some(*value),
            ExprKind::Parameter(parameter) => {
                match self.program.parameter(*parameter).and_then(|found| found.values.first()) {
                    Some(Constant::Int(value)) => Some(*value),
                    _ => None,
                }
            }
            _ => None,
        };
        let fits =
            value.filter(|value| self.ty(id) == Type::Integer && (0..=TIMES).contains(value));
        if fits.is_none() {
            let found = self.type_words(self.ty(id));
            let expected = Bilingual::new(
                format!("次数（0 至 {TIMES} 的整数或参数）"),
                format!("a number of times (0 to {TIMES}, or a parameter)"),
            );
            self.report(Error::WrongType { found, expected, span: argument.span, help: None });
        }
        u32::try_from(fits?).ok()
    }

    fn wrong_template(&mut self, template: &Template, name: &tree::Name) {
        let count = if template.counted { ", n" } else { "" };
        let named = if template.activities == 1 { "A" } else { "A, B" };
        let zh = format!("{}(列表.字段, {named}{count})：{}", template.zh, template.doc.0);
        let en = format!("{}(list.field, {named}{count}): {}", template.en, template.doc.1);
        self.report(Error::WrongArguments {
            name: name.text.clone(),
            span: name.span,
            usage: Bilingual { zh, en },
        });
    }
}
