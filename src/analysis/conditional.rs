//! `若 c 则 a 否则 b`, and `x 缺则 d`: values that depend on a condition, and on whether there is one.

use super::expression::{is_number, is_quantity};
use super::scope::Scope;
use super::wording::{Parts, parts};
use super::{Analyzer, Error};
use crate::builtin::Quantifier;
use crate::diagnostic::Bilingual;
use crate::program::{DefinitionId, ExprId, ExprKind};
use crate::say;
use crate::schema::Type;
use crate::syntax::tree::{self, Operator};
use crate::text::Span;

/// What can be wrong with them: facts here, words in [`Mistake::parts`].
#[derive(Clone, Debug)]
pub(super) enum Mistake {
    /// `若 甲 则 乙 超过 1 否则 丙`: a branch that is a condition, without brackets; as written.
    OpenBranch(String),
    /// `若 甲 则 1 否则 1 日`: the branches are not of one kind; what to write for the second.
    MixedBranches(Bilingual, Bilingual, Option<Bilingual>),
    /// `甲 缺则 1 日` where 甲 is a number of working days.
    MixedDefault(Bilingual, Bilingual, Option<Bilingual>),
    /// `甲 缺则 0 + 乙`: how far the default goes; the ways to write it.
    UnclearDefault(Vec<String>),
    /// `(甲 + 乙) 缺则 0`: what is computed is not there or missing by itself.
    DefaultOfComputed(String),
    /// `甲 缺则 0` where every row has 甲.
    NeverMissing(String),
}

impl Mistake {
    /// Its code, what is wrong, and what to do about it.
    pub(super) fn parts(&self, span: Span) -> Parts {
        match self {
            Self::OpenBranch(text) => {
                let message = say!(
                    "分支 `{text}` 是条件，到哪里为止看不出来",
                    "the branch `{text}` is a condition: where it ends cannot be seen"
                );
                let help = say!("写作 `({text})`", "write `({text})`");
                parts("open_branch", message, Some(help), span)
            }
            Self::MixedBranches(then, otherwise, help) => {
                let (a_zh, b_zh, a_en, b_en) = (&then.zh, &otherwise.zh, &then.en, &otherwise.en);
                let message = say!(
                    "两个分支不是一类：“则”后是{a_zh}，“否则”后是{b_zh}",
                    "the branches are not of one kind: {a_en} after `then`, {b_en} after `else`"
                );
                let both = say!(
                    "两个分支写成一类的值；本是两条要求的，写成两句",
                    "let both be values of one kind; two requirements are two sentences"
                );
                let help = help.clone().unwrap_or(both);
                parts("mixed_branches", message, Some(help), span)
            }
            Self::MixedDefault(value, default, help) => {
                let (a_zh, b_zh, a_en, b_en) = (&value.zh, &default.zh, &value.en, &default.en);
                let message = say!(
                    "缺的是{a_zh}，“缺则”后却是{b_zh}",
                    "what may be missing is {a_en}, what stands for it {b_en}"
                );
                let alike = say!("写一个{a_zh}的值", "write a value of that kind: {a_en}");
                let help = help.clone().unwrap_or(alike);
                parts("mixed_default", message, Some(help), span)
            }
            Self::UnclearDefault(readings) => {
                let message = say!(
                    "“缺则”同运算写在一起，到哪里为止看不出来",
                    "`or else` stands beside a sum: how far it goes cannot be seen"
                );
                let (zh, en) = (readings.join("` 或 `"), readings.join("` or `"));
                let help = say!("写作 `{zh}`", "write `{en}`");
                parts("unclear_default", message, Some(help), span)
            }
            Self::DefaultOfComputed(text) => {
                let message = say!(
                    "`{text}` 是算出来的，不是填报的：缺的只能是填报的事实",
                    "`{text}` is computed: only what is stated can be missing"
                );
                let help = say!(
                    "把“缺则”写在可能缺的那个字段后面",
                    "write `or else` after the field that may be missing"
                );
                parts("default_of_computed", message, Some(help), span)
            }
            Self::NeverMissing(text) => {
                let message = say!(
                    "`{text}` 每一行都有，“缺则”不起作用",
                    "every row has `{text}`: `or else` has no effect"
                );
                let help = say!(
                    "删去“缺则”；可以不填的，声明时加 `可缺`",
                    "leave out `or else`, or declare the field `optional`"
                );
                parts("never_missing", message, Some(help), span)
            }
        }
    }
}

impl Analyzer<'_> {
    /// `若 c 则 a 否则 b`. What the condition shows to be there may be read after `则`; what it shows
    /// to be there where it does not hold, after `否则`.
    pub(super) fn conditional(
        &mut self,
        [condition, then, otherwise]: [&tree::Expr; 3],
        span: Span,
        scope: &mut Scope,
        expected: Option<Type>,
    ) -> Option<ExprId> {
        let open = is_condition(then);
        if open {
            let text = self.slice(then.span);
            self.mistake(Mistake::OpenBranch(text), then.span);
        }
        let condition = self.condition(condition, scope);
        let then = self.branch(then, (condition, true), scope, expected);
        let wanted = expected.or(then.map(|then| self.ty(then)));
        let otherwise = self.branch(otherwise, (condition, false), scope, wanted);
        let (condition, then, otherwise) = (condition?, then?, otherwise?);
        let Some(ty) = common(self.ty(then), self.ty(otherwise)) else {
            let (first, help) = (self.type_words(self.ty(then)), self.unit_of(then, otherwise));
            let second = self.type_words(self.ty(otherwise));
            self.mistake(Mistake::MixedBranches(first, second, help), span);
            return None;
        };
        (!open).then(|| self.add(ExprKind::If(condition, then, otherwise), ty, span))
    }

    fn branch(
        &mut self,
        branch: &tree::Expr,
        (condition, truth): (Option<ExprId>, bool),
        scope: &mut Scope,
        expected: Option<Type>,
    ) -> Option<ExprId> {
        let known = scope.guards.len();
        let mut guards = Vec::new();
        if let Some(condition) = condition {
            self.guards(condition, truth, scope.rows.len(), &mut guards);
        }
        scope.guards.append(&mut guards);
        let found = self.value(branch, scope, expected);
        scope.guards.truncate(known);
        found
    }

    /// `x 缺则 d`: x where it is there, d where it is surely not; unknown where x was stated and
    /// could not be read.
    pub(super) fn or_else(
        &mut self,
        [value, default]: [&tree::Expr; 2],
        span: Span,
        scope: &mut Scope,
        expected: Option<Type>,
    ) -> Option<ExprId> {
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let found = self.value(value, scope, expected);
        scope.lenient = lenient;
        let wanted = expected.or(found.map(|found| self.ty(found)));
        let default = self.value(default, scope, wanted);
        let found = found?;
        let Some(there) = self.there_is(found, value.span) else {
            let text = self.slice(value.span);
            self.mistake(Mistake::DefaultOfComputed(text), value.span);
            return None;
        };
        if !self.may_lack_value(found) {
            let text = self.slice(value.span);
            self.mistake(Mistake::NeverMissing(text), span);
        }
        let default = default?;
        let Some(ty) = common(self.ty(found), self.ty(default)) else {
            let (first, help) = (self.type_words(self.ty(found)), self.unit_of(found, default));
            let second = self.type_words(self.ty(default));
            let place = self.program.expr(default).span;
            self.mistake(Mistake::MixedDefault(first, second, help), place);
            return None;
        };
        Some(self.add(ExprKind::If(there, found, default), ty, span))
    }

    /// `a 缺则 0 + b`, without brackets: where it is written so, it is told, with the ways to read it
    /// that mean something.
    pub(super) fn is_unclear(&mut self, [left, right]: [&tree::Expr; 2], span: Span) -> bool {
        let part = |side: &tree::Expr| match &side.kind {
            tree::ExprKind::OrElse(value, default) => Some((value.span, default.span)),
            _ => None,
        };
        let (first, second) = (part(left), part(right));
        if first.or(second).is_none() {
            return false;
        }
        let between = |start, end| self.sources.slice(Span { start, end, ..span });
        let bracketed = |side: &tree::Expr| match part(side) {
            Some(_) => format!("({})", self.sources.slice(side.span)),
            None => self.sources.slice(side.span).to_owned(),
        };
        let sign = between(left.span.end, right.span.start);
        let mut readings = vec![format!("{}{sign}{}", bracketed(left), bracketed(right))];
        if let (Some((value, default)), None) = (first, second) {
            let word = between(value.start, default.start);
            readings.push(format!("{word}({})", between(default.start, span.end)));
        }
        self.mistake(Mistake::UnclearDefault(readings), span);
        true
    }

    fn mistake(&mut self, mistake: Mistake, span: Span) {
        self.report(Error::Conditional { mistake, span });
    }

    /// Whether a value is there, as a condition; `None` for what is computed.
    fn there_is(&mut self, id: ExprId, span: Span) -> Option<ExprId> {
        if self.program.is_stated(id) {
            return Some(self.add(ExprKind::Has(id), Type::Boolean, span));
        }
        let (list, filter) =
            match &self.program.expr(id).kind {
                ExprKind::Quantify {
                    quantifier: Quantifier::Max | Quantifier::Min,
                    list,
                    filter,
                    ..
                } => (*list, *filter),
                // A mean: of nothing there is none.
                ExprKind::Arithmetic(Operator::Divide, _, count) => {
                    let own = self.program.expr(id).span;
                    let count = self.program.expr(*count);
                    match count.kind {
                        ExprKind::Quantify {
                            quantifier: Quantifier::Count, list, filter, ..
                        } if count.span == own => (list, filter),
                        _ => return None,
                    }
                }
                _ => return None,
            };
        let any = ExprKind::Quantify { quantifier: Quantifier::Any, list, filter, body: None };
        Some(self.add(any, Type::Boolean, span))
    }

    /// Whether a value may be missing without anything being wrong.
    fn may_lack_value(&self, id: ExprId) -> bool {
        match self.program.expr(id).kind {
            ExprKind::Field { frame, field, .. } => self.is_optional(frame, field),
            ExprKind::Row { .. } => false,
            ExprKind::Follow { reference, then, .. } => {
                self.may_lack_value(reference) || self.may_lack_value(then)
            }
            ExprKind::Single { then, .. } => self.may_lack_value(then),
            ExprKind::Definition { definition, .. } => self.may_lack_result(definition),
            _ => true,
        }
    }

    fn may_lack_result(&self, definition: DefinitionId) -> bool {
        self.program.definition(definition).is_none_or(|found| self.may_lack_value(found.body))
    }

    /// The second of two values that are of different kinds, with the unit of the first.
    fn unit_of(&self, wanted: ExprId, bare: ExprId) -> Option<Bilingual> {
        let (wanted, found) = (self.ty(wanted), self.ty(bare));
        let text = self.slice(self.program.expr(bare).span);
        let is_bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if found != Type::Integer || !is_bare {
            return None;
        }
        if wanted == Type::Percent {
            return Some(say!("写作 `{text}%`", "write `{text}%`"));
        }
        let Bilingual { zh, en } = self.type_words(wanted);
        let (zh, en) = match wanted {
            Type::Money => ("元", "yuan"),
            _ if is_quantity(wanted) => (zh.as_str(), en.as_str()),
            _ => return None,
        };
        let en = if text == "1" { en.trim_end_matches('s') } else { en };
        Some(say!("带上单位：`{text} {zh}`", "give the unit: `{text} {en}`"))
    }
}

/// The type of a value that is one or the other; `None` where they are of different kinds.
fn common(a: Type, b: Type) -> Option<Type> {
    let counted = [a, b].contains(&Type::Percent);
    match (a, b) {
        _ if a == b || a.is_span() && b.is_span() => Some(a),
        _ if is_number(a) && is_number(b) && !counted => Some(Type::Decimal),
        _ => None,
    }
}

/// Whether an expression is a condition by the way it is written.
fn is_condition(expr: &tree::Expr) -> bool {
    use tree::ExprKind as Kind;
    matches!(
        expr.kind,
        Kind::And(_)
            | Kind::Commas(_)
            | Kind::Or(_)
            | Kind::Not(_)
            | Kind::Has(_)
            | Kind::Lacks(_)
            | Kind::Relation(..)
            | Kind::Between(..)
            | Kind::Conforms(..)
    )
}
