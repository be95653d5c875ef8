//! Why known values have no result: an end before its beginning, a division by zero, a day that no
//! calendar covers.

use super::blame::{Blame, Walker};
use crate::builtin::{ENDS, End, Function, Quantifier, Scalar};
use crate::diagnostic::Bilingual;
use crate::engine::Phrases;
use crate::lowering::{ContextId, Lowered};
use crate::program::{ExprId, ExprKind, NetElapsed, Pick};
use crate::say;
use crate::schema::{FrameId, Type};
use crate::syntax::tree::Operator;
use crate::text::Span;
use crate::value::Ratio;

/// Something computed that has no result, though all it was given is known: the expression, where
/// it was lowered, and the row there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    expr: ExprId,
    context: ContextId,
    row: usize,
}

/// Why it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    /// No calendar is declared without a mistake.
    NoCalendar,
    /// The calendar lacks days, or has one that contradicts itself.
    PartialCalendar,
    /// The calendar has no row of the year.
    Uncovered,
    /// The second day lies before the first: their names.
    Backwards(Bilingual, Bilingual),
    /// A number of working days below 0.
    NegativeCount,
    Division,
    /// There is nothing to take the greatest of, or the least: how that is written.
    Nothing(Bilingual),
    Several,
    Nearest,
    Cycle,
    Text,
    /// A day before the year -9999 or after 9999.
    DateRange,
    Size,
}

impl Cause {
    fn words(self) -> Bilingual {
        match self {
            Self::NoCalendar => say!("没有可用的历法", "there is no usable calendar"),
            Self::PartialCalendar => {
                say!("历法的日历不完整", "not all days of the calendar are known")
            }
            Self::Uncovered => {
                say!("日历没有涵盖这些日子", "the calendar does not cover these days")
            }
            Self::Backwards(last, first) => {
                let (zh_last, zh_first) = (last.zh, first.zh);
                let (en_last, en_first) = (last.en, first.en);
                say!("{zh_last} 早于 {zh_first}", "`{en_last}` is before `{en_first}`")
            }
            Self::NegativeCount => say!("天数是负的", "the number of days is below 0"),
            Self::Division => say!("除以零", "a division by zero"),
            Self::Nothing(taken) => {
                let (zh, en) = (taken.zh, taken.en);
                say!("没有一项可取 {zh}", "there is no entry to take `{en}` of")
            }
            Self::Several => say!("不止一项符合", "several fit"),
            Self::Nearest => say!("没有相近的", "nothing is like enough"),
            Self::Cycle => say!("成环", "a cycle"),
            Self::Text => say!("文本里没有要取的部分", "the text lacks what is taken from it"),
            Self::DateRange => {
                say!("日期在公元前后 9999 年以外", "a day outside of the years -9999 to 9999")
            }
            Self::Size => say!("数太大", "too large a number"),
        }
    }
}

impl Walker<'_> {
    /// Notes that something computed has no result.
    pub(super) fn fail(&mut self, expr: ExprId, context: ContextId, row: usize) {
        let failure = Failure { expr, context, row };
        if !self.failures.contains(&failure) {
            self.failures.push(failure);
        }
    }

    /// Why what was walked has no result, in words; empty where nothing failed.
    #[must_use]
    pub fn why(&self, phrases: &Phrases) -> Bilingual {
        let mut causes: Vec<Cause> = Vec::new();
        for failure in &self.failures {
            let cause = Causes { walker: self, phrases, failure: *failure }.cause();
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        let words: Vec<Bilingual> = causes.into_iter().map(Cause::words).collect();
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            words.iter().map(pick).collect::<Vec<_>>().join(mark)
        };
        Bilingual { zh: join(|word| &word.zh, "；"), en: join(|word| &word.en, "; ") }
    }
}

/// One failure being looked into.
struct Causes<'w, 'e> {
    walker: &'w Walker<'e>,
    phrases: &'w Phrases,
    failure: Failure,
}

impl Causes<'_, '_> {
    fn cause(&self) -> Cause {
        let Failure { expr, context, row } = self.failure;
        let found = self.walker.evaluator.graph.program.expr(expr);
        match &found.kind {
            ExprKind::Call(function, arguments) => self.of_call(*function, arguments, found.ty),
            ExprKind::NetElapsed(net) => self.of_net(net, context, row),
            ExprKind::Arithmetic(Operator::Divide, _, count)
                if self.is_mean(found.span, *count) =>
            {
                Cause::Nothing(self.phrases.phrase(found.span))
            }
            ExprKind::Arithmetic(Operator::Divide, _, by) if self.is_zero(*by) => Cause::Division,
            ExprKind::Arithmetic(..) if found.ty == Type::Date => Cause::DateRange,
            ExprKind::Quantify { quantifier: Quantifier::Max | Quantifier::Min, .. } => {
                Cause::Nothing(self.phrases.phrase(found.span))
            }
            ExprKind::Lookup { pick: Pick::Only, .. } => Cause::Several,
            ExprKind::Lookup { list, pick: Pick::End(end, _), .. } => {
                Cause::Nothing(self.end(*end, list.frame()))
            }
            ExprKind::Nearest(_) => Cause::Nearest,
            ExprKind::Chain(_) => Cause::Cycle,
            _ => Cause::Size,
        }
    }

    /// `首个(列表)`.
    fn end(&self, end: End, frame: FrameId) -> Bilingual {
        let program = &self.walker.evaluator.graph.program;
        let (_, zh, en) = ENDS.iter().find(|row| row.0 == end).copied().unwrap_or((end, "", ""));
        let names = program.schema.frame(frame).map(|frame| &frame.names);
        let (list_zh, list_en) = names.map_or(("", ""), |names| (names.zh(), names.en()));
        Bilingual::new(format!("{zh}({list_zh})"), format!("{en}({list_en})"))
    }

    /// Whether a quotient is a mean, whose count is written where it is.
    fn is_mean(&self, span: Span, count: ExprId) -> bool {
        let count = self.walker.evaluator.graph.program.expr(count);
        count.span == span && matches!(count.kind, ExprKind::Quantify { .. })
    }

    fn of_call(&self, function: Function, arguments: &[ExprId], ty: Type) -> Cause {
        let at = |index: usize| arguments.get(index).copied();
        match function.0.en {
            "elapsed" => self
                .backwards(at(0).zip(at(1)), self.failure.context, self.failure.row)
                .unwrap_or_else(|| self.calendar()),
            "due" if at(1).is_some_and(|count| self.int(count).is_some_and(|days| days < 0)) => {
                Cause::NegativeCount
            }
            "due" => self.calendar(),
            "mod" | "round" | "ceil" | "floor" => Cause::Division,
            "slice" | "position" | "weighted_sum" => Cause::Text,
            _ if ty == Type::Date => Cause::DateRange,
            _ => Cause::Size,
        }
    }

    fn of_net(&self, net: &NetElapsed, context: ContextId, row: usize) -> Cause {
        if let Some(cause) = self.backwards(Some((net.from, net.to)), context, row) {
            return cause;
        }
        let evaluator = self.walker.evaluator;
        let Some(form) = evaluator.graph.forms.get(&(self.failure.expr, context)) else {
            return self.calendar();
        };
        let counts = |element: &usize| {
            !net.filter
                .is_some_and(|filter| self.walker.is(filter, form.inner, *element, Blame::False))
        };
        let mut wrong =
            self.walker.elements(form, row).into_iter().filter(counts).filter_map(|element| {
                self.backwards(Some((net.first, net.last)), form.inner, element)
            });
        wrong.next().unwrap_or_else(|| self.calendar())
    }

    /// That the second of two days lies before the first.
    fn backwards(
        &self,
        days: Option<(ExprId, ExprId)>,
        context: ContextId,
        row: usize,
    ) -> Option<Cause> {
        let (first, last) = days?;
        (self.int_at(last, context, row)? < self.int_at(first, context, row)?).then(|| {
            let name = |expr: ExprId| {
                self.phrases.phrase(self.walker.evaluator.graph.program.expr(expr).span)
            };
            Cause::Backwards(name(last), name(first))
        })
    }

    fn calendar(&self) -> Cause {
        let evaluator = self.walker.evaluator;
        if evaluator.graph.program.calendar.is_none() {
            Cause::NoCalendar
        } else if evaluator.world().calendar.is_none() {
            Cause::PartialCalendar
        } else {
            Cause::Uncovered
        }
    }

    fn is_zero(&self, expr: ExprId) -> bool {
        match self.scalar(expr, self.failure.context, self.failure.row) {
            Some(Scalar::Int(value)) => value == 0,
            Some(Scalar::Ratio(value)) => value == Ratio::from_integer(0),
            _ => false,
        }
    }

    fn int(&self, expr: ExprId) -> Option<i64> {
        self.int_at(expr, self.failure.context, self.failure.row)
    }

    fn int_at(&self, expr: ExprId, context: ContextId, row: usize) -> Option<i64> {
        match self.scalar(expr, context, row) {
            Some(Scalar::Int(value)) => Some(value),
            _ => None,
        }
    }

    fn scalar(&self, expr: ExprId, context: ContextId, row: usize) -> Option<Scalar<'_>> {
        match self.walker.evaluator.graph.lowered.get(&(expr, context))? {
            Lowered::Value(node) => self.walker.evaluator.scalar(*node, row),
            Lowered::Truth(_) => None,
        }
    }
}
