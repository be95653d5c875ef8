//! Conditions put in the words of other languages or of data: what is meant by them.

use super::scope::Scope;
use super::subject::SubjectRows;
use super::wording::{Parts, parts};
use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind};
use crate::say;
use crate::schema::{FrameId, Type};
use crate::syntax::parse::day_limit;
use crate::syntax::tree::{self, ClauseKind, Modal, RelationKind};
use crate::syntax::word::declared;
use crate::text::Span;
use crate::value::numeral;

/// Words for a value that is not given.
const NOTHING: &[&str] =
    &["null", "nil", "missing", "empty", "blank", "absent", "空", "空白", "空值", "未知"];

/// Words for the day judged for.
const TODAY: &[&str] =
    &["now", "as_of", "asof", "现在", "当前", "当日", "本日", "今天", "当天", "目前"];

/// Words that data has for a truth value, and the value.
const TRUTHS: &[(&str, bool)] = &[
    ("no", false),
    ("n", false),
    ("off", false),
    ("假", false),
    ("错", false),
    ("yes", true),
    ("y", true),
    ("on", true),
    ("真", true),
    ("对", true),
];

/// Types as other languages call them, and as this one does.
const TYPES: &[(&[&str], &str, &str)] = &[
    (&["string", "str", "char", "varchar", "字符串", "字符", "文字"], "文本", "text"),
    (&["int", "int64", "long", "整型"], "整数", "integer"),
    (&["float", "double", "real", "浮点数", "实数"], "小数", "decimal"),
    (&["number", "num", "numeric", "数字", "数值"], "整数` 或 `小数", "integer` or `decimal"),
    (&["bool", "布尔", "布尔值", "真假"], "是否", "boolean"),
    (&["datetime", "timestamp", "time", "时间", "日期时间"], "时刻", "instant"),
    (&["currency", "amount", "元", "货币"], "金额", "money"),
    (&["percentage", "比例", "百分数"], "百分比", "percent"),
    (&["list", "array", "列表", "数组"], "多个 …", "many …"),
];

fn is_word(words: &[&str], name: &str) -> bool {
    words.iter().any(|word| name.eq_ignore_ascii_case(word))
}

/// A name that only looks like another: a letter of it is of another script.
pub(super) fn foreign_letter(name: &str, near: Option<&String>) -> Option<Bilingual> {
    let near = near?;
    let mut pairs = name.chars().zip(near.chars());
    let (letter, _) = pairs.find(|(a, b)| a != b)?;
    let is_foreign = near.is_ascii() && letter.is_alphabetic() && u32::from(letter) < 0x2E80;
    let code = u32::from(letter);
    (is_foreign && !letter.is_ascii()).then(|| {
        say!(
            "其中的 `{letter}`（U+{code:04X}）是别种文字的字母；是不是 `{near}`？",
            "the letter `{letter}` (U+{code:04X}) in it is of another script; did you mean \
                `{near}`?"
        )
    })
}

/// What a function is called here that other languages call so.
pub(super) fn function_meant(name: &str) -> Option<Bilingual> {
    const MEANS: &[&str] = &["mean", "average", "avg", "平均数", "平均值", "均值", "求平均"];
    const SUMS: &[&str] = &["total", "总和", "求和", "总计", "合计数"];
    const COUNTS: &[&str] = &["len", "size", "number", "个数", "计数", "总数"];
    let known = [(MEANS, "平均", "avg"), (SUMS, "合计", "sum"), (COUNTS, "数量", "count")];
    let (_, zh, en) = known.into_iter().find(|(words, ..)| is_word(words, name))?;
    Some(say!("写作 `{zh}`", "write `{en}`"))
}

/// What a type is called here that other languages call so.
pub(super) fn type_meant(name: &str) -> Option<Bilingual> {
    let (_, zh, en) = TYPES.iter().find(|(words, ..)| is_word(words, name))?;
    Some(say!("写作 `{zh}`", "write `{en}`"))
}

/// What a name was meant to be that is none, from the type that is wanted in its place.
pub(super) fn name_meant(name: &str, wanted: Option<Type>) -> Option<Bilingual> {
    if let Some(Type::Workdays | Type::Days | Type::Months) = wanted
        && let Some(unit) = ["年", "周", "个星期", "个月", "月", "日", "天"]
            .into_iter()
            .find(|unit| name.strip_suffix(unit).is_some_and(is_numeral))
    {
        return Some(say!(
            "`{unit}` 不是这里的单位，各种单位互不折算：以工作日计的写 `… 工作日`，以日计的写 `… 日`，以月计的写 `… 个月`",
            "units never mix: write `… workdays`, `… days` or `… months`"
        ));
    }
    if is_word(TODAY, name) && matches!(wanted, None | Some(Type::Date | Type::Instant)) {
        return Some(say!("判断的那一天写作 `今日`", "the day judged for is `today`"));
    }
    // `自 甲 之日起 10 日内 …`, as one word.
    let put = day_limit(name);
    if put.is_some() || name.contains("日起") && name.contains('内') {
        return put.or_else(|| {
            Some(say!(
                "写明是哪一天不晚于：`… 应当 不晚于 … + … 日`，以工作日计的写 `顺延(…, … 工作日)`",
                "say which day it is that is not later: `… 应当 不晚于 … + … 日`, and in workdays \
                    `顺延(…, … 工作日)`"
            ))
        });
    }
    truth_meant(name).filter(|_| wanted == Some(Type::Boolean))
}

/// How to declare a condition that nothing declares.
pub(super) fn declaration(name: &str, wanted: Option<Type>) -> Option<Bilingual> {
    if wanted != Some(Type::Boolean) {
        return None;
    }
    let name = declared(name);
    Some(say!(
        "声明为类型是 `是否` 的列，或者写出什么算是：`定义 {name}(表) = …`",
        "declare it as a `boolean` field, or say what it means: `define {name}(TABLE) = …`"
    ))
}

/// How to declare what a sentence speaks of where nothing is declared.
pub(super) fn declare_subject(text: &str) -> Bilingual {
    let name = declared(text);
    say!(
        "是一类东西的，声明一张表：`表 {name} {{ … }}`；是其中的一部分的，声明一个条件：`定义 {name}(表) = …`",
        "where it is a kind of thing, declare a table, `table {name} {{ … }}`; where it is some of \
            them, a condition, `define {name}(TABLE) = …`"
    )
}

/// `缓办的书` as a subject: a condition and a table, behind those of the sentence.
pub(super) fn other_sentence(text: &str) -> Option<Bilingual> {
    let (condition, subject) = text.split_once('的')?;
    let is_one = !condition.is_empty() && !subject.is_empty() && !subject.contains('的');
    is_one.then(|| {
        say!(
            "`{subject}` 是表、`{condition}` 是条件的，另写一句：`凡 {condition} 的 {subject}，…`",
            "where `{subject}` is a table and `{condition}` a condition, write another sentence: \
                `凡 {condition} 的 {subject}，…`"
        )
    })
}

fn is_numeral(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| numeral::is_part(letter) || letter == '半')
}

/// The truth value that a word of data stands for.
pub(super) fn truth_meant(name: &str) -> Option<Bilingual> {
    let (_, value) = TRUTHS.iter().find(|(word, _)| name.eq_ignore_ascii_case(word))?;
    let (zh, en) = if *value { ("是", "true") } else { ("否", "false") };
    Some(say!("写作 `{zh}`；`{name}` 是数据里的写法", "write `{en}`; `{name}` is a word of data"))
}

impl Analyzer<'_> {
    /// Whether an expression means something here; what is wrong with it is not said.
    pub(super) fn resolves(
        &mut self,
        expr: &tree::Expr,
        scope: &mut Scope,
        wanted: Option<Type>,
    ) -> bool {
        let told = self.errors.len();
        let found = self.value(expr, scope, wanted).is_some();
        self.errors.truncate(told);
        found
    }

    pub(super) fn put_otherwise(&mut self, span: Span, help: Bilingual) {
        let found = self.slice(span);
        self.report(Error::Otherwise { found, help, span });
    }

    /// `x is null`: reports it, with what asks whether x is given; under a modal with that.
    pub(super) fn is_nothing(
        &mut self,
        relation: &tree::Expr,
        modal: Option<Modal>,
        scope: &mut Scope,
    ) -> bool {
        let tree::ExprKind::Relation(left, kind, right) = &relation.kind else { return false };
        let tree::ExprKind::Name(name) = &right.kind else { return false };
        let lacks = match kind.kind {
            RelationKind::Is => true,
            RelationKind::IsNot => false,
            _ => return false,
        };
        if !is_word(NOTHING, &name.text) || self.resolves(right, scope, None) {
            return false;
        }
        let text = self.slice(left.span);
        let lacks = lacks != modal.is_some_and(Modal::is_negative);
        let help = match (lacks, modal) {
            (true, None) => say!("写作 `无 {text}`", "write `lacks {text}`"),
            (false, None) => say!("写作 `有 {text}`", "write `has {text}`"),
            (true, Some(_)) => say!("写作 `不得 有 {text}`", "write `must not have {text}`"),
            (false, Some(_)) => say!("写作 `必须 有 {text}`", "write `must have {text}`"),
        };
        self.put_otherwise(relation.span, help);
        true
    }

    /// Whether a condition is one that every row has: worked out, or a field that is always given.
    pub(super) fn is_always_given(&self, leaf: ExprId) -> bool {
        self.ty(leaf) == Type::Boolean
            && match &self.program.expr(leaf).kind {
                ExprKind::Definition { .. } => !self.program.is_stated(leaf),
                ExprKind::Field { frame, field, .. } => {
                    let field = self.program.schema.field(*frame, *field);
                    field.is_some_and(|field| !field.optional)
                }
                _ => false,
            }
    }

    /// `有 x` of a condition, which asks nothing: reports it, with what asks whether it holds.
    pub(super) fn asked_of_condition(&mut self, (inner, asked): (&tree::Expr, bool), span: Span) {
        let text = self.slice(inner.span);
        let (zh, en) = match asked {
            true => (text.clone(), text.clone()),
            false => (format!("非 {text}"), format!("not {text}")),
        };
        let help = say!(
            "`{text}` 是条件，每一行都有；“有”只问填没有填。要问它成立不成立，写作 `{zh}`",
            "`{text}` is a condition, which every row has; `has` only asks whether something is \
                given. To ask whether it holds write `{en}`"
        );
        self.put_otherwise(span, help);
    }

    /// `title contains "a" or "b"`: reports it, with each asked for.
    fn is_repeated(
        &mut self,
        (part, first, kind): (&tree::Expr, &tree::Expr, RelationKind),
        rest: &[tree::Expr],
    ) -> bool {
        let of_text = matches!(
            kind,
            RelationKind::Contains | RelationKind::StartsWith | RelationKind::EndsWith
        );
        let others = rest.iter().take_while(|it| matches!(it.kind, tree::ExprKind::Text(_)));
        let others: Vec<&tree::Expr> = others.filter(|_| of_text).collect();
        let Some(last) = others.last() else { return false };
        let (whole, member) = (self.slice(part.span), self.slice(first.span));
        let Some(asked) = whole.strip_suffix(&*member) else { return false };
        let each = |joint: &str| {
            let more = others.iter().map(|other| format!("{asked}{}", self.slice(other.span)));
            std::iter::once(whole.clone()).chain(more).collect::<Vec<_>>().join(joint)
        };
        let (zh, en) = (each(" 或 "), each(" or "));
        let zh = if whole.is_ascii() { &en } else { &zh };
        let help = say!("写作 `{zh}`", "write `{en}`");
        self.put_otherwise(part.span.to(last.span), help);
        true
    }

    /// `grade is low or mid`: reports it, with the set that is meant.
    pub(super) fn is_choice(&mut self, parts: &[tree::Expr], scope: &mut Scope) -> bool {
        for (at, part) in parts.iter().enumerate() {
            // Of `a 且 b 为 c 或 d` the last.
            let part = match &part.kind {
                tree::ExprKind::And(both) => both.last().unwrap_or(part),
                _ => part,
            };
            let tree::ExprKind::Relation(left, kind, first) = &part.kind else { continue };
            if self.is_repeated((part, first, kind.kind), parts.get(at + 1..).unwrap_or_default()) {
                return true;
            }
            let (zh_in, en_in) = match kind.kind {
                RelationKind::Is => ("属于", "in"),
                RelationKind::IsNot => ("不属于", "not in"),
                _ => continue,
            };
            let rest = parts.get(at + 1..).unwrap_or_default();
            let others = rest.iter().take_while(|other| {
                matches!(other.kind, tree::ExprKind::Text(_))
                    || matches!(other.kind, tree::ExprKind::Name(_))
                        && !self.resolves(other, scope, Some(Type::Boolean))
            });
            let others: Vec<&tree::Expr> = others.collect();
            let Some(last) = others.last() else { continue };
            let text = self.slice(left.span);
            let members: Vec<&tree::Expr> =
                std::iter::once(&**first).chain(others.iter().copied()).collect();
            let last = last.span;
            let is_text = self.is_text(left, scope);
            let written = |open: &str, close: &str, joint: &str| {
                let member = |member: &&tree::Expr| match member.kind {
                    tree::ExprKind::Name(_) if is_text => {
                        format!("{open}{}{close}", self.slice(member.span))
                    }
                    _ => self.slice(member.span),
                };
                members.iter().map(member).collect::<Vec<_>>().join(joint)
            };
            let (zh, en) = (written("“", "”", "、"), written("\"", "\"", ", "));
            let help = say!("写作 `{text} {zh_in} {{{zh}}}`", "write `{text} {en_in} {{{en}}}`");
            self.put_otherwise(part.span.to(last), help);
            return true;
        }
        false
    }

    /// `无 a、b`: reports a value behind a condition of whether another is given.
    pub(super) fn is_presence(
        &mut self,
        before: &tree::Expr,
        part: &tree::Expr,
        scope: &mut Scope,
    ) -> bool {
        let is_name = matches!(part.kind, tree::ExprKind::Name(_) | tree::ExprKind::Member(..));
        let (zh, en, first) = match &before.kind {
            tree::ExprKind::Has(first) => ("有", "has", first),
            tree::ExprKind::Lacks(first) => ("无", "lacks", first),
            _ => return false,
        };
        if !is_name {
            return false;
        }
        let told = self.errors.len();
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let value = self.value(part, scope, None);
        scope.lenient = lenient;
        self.errors.truncate(told);
        if value.is_none_or(|value| self.ty(value) == Type::Boolean) {
            return false;
        }
        let text = self.slice(part.span);
        let first = self.slice(first.span);
        // To have neither is not to have one of them only; to have both leaves no choice.
        let help = match before.kind {
            tree::ExprKind::Lacks(_) => say!(
                "两个都没有，写作 `无 {first} 且 无 {text}`；缺其中一个，写作 `无 {first} 或 无 {text}`",
                "for neither write `lacks {first} and lacks {text}`; for one of them missing, `lacks \
                    {first} or lacks {text}`"
            ),
            _ => say!("写作 `{zh} {text}`", "write `{en} {text}`"),
        };
        self.put_otherwise(part.span, help);
        true
    }

    /// Whether a value is a text, given or not.
    fn is_text(&mut self, expr: &tree::Expr, scope: &mut Scope) -> bool {
        let told = self.errors.len();
        let lenient = std::mem::replace(&mut scope.lenient, true);
        let value = self.value(expr, scope, None);
        scope.lenient = lenient;
        self.errors.truncate(told);
        value.is_some_and(|value| self.ty(value) == Type::Text)
    }

    /// `应当 丙`: a disposition required as if it were a condition.
    pub(super) fn is_demand(
        &mut self,
        clause: &tree::Clause,
        subject: &SubjectRows,
        scope: &mut Scope,
    ) -> bool {
        let ClauseKind::Require { modal, condition, .. } = &clause.kind else { return false };
        let tree::ExprKind::Name(name) = &condition.kind else { return false };
        let mut decisions = self.program.decisions.iter();
        let decided = decisions.any(|decision| {
            decision.frame == subject.frame
                && self.enum_index(&name.text, decision.dispositions).is_some()
        });
        if !decided || self.resolves(condition, scope, Some(Type::Boolean)) {
            return false;
        }
        let text = &name.text;
        if modal.is_negative() {
            let field = self.program.decisions.iter().find(|own| own.frame == subject.frame);
            let field = field.and_then(|own| self.program.schema.field(own.frame, own.field));
            let Some(field) = field.map(|field| field.names.clone()) else { return false };
            let (zh, en) = (field.zh(), field.en());
            let help = say!("写作 `{zh} 不得 为 {text}`", "write `{en} must not be {text}`");
            self.put_otherwise(clause.span, help);
            return true;
        }
        let help = say!("写作 `一律 {text}`", "write `then {text}`");
        self.put_otherwise(clause.span, help);
        true
    }

    /// The table of which alone a name is a field that is true or false.
    pub(super) fn only_table_with(&self, name: &str) -> Option<FrameId> {
        let mut tables = self.program.schema.tables().filter(|(frame, _)| {
            let field = self.field_called(*frame, name);
            let field = field.and_then(|field| self.program.schema.field(*frame, field));
            field.is_some_and(|field| field.ty == Type::Boolean)
        });
        let (only, _) = tables.next()?;
        tables.next().is_none().then_some(only)
    }
}

/// `no_items`: a sentence speaks of what follows, and nothing does.
pub(super) fn no_items(span: Span) -> Parts {
    let message = say!(
        "这里说到“下列”，句末却没有列出",
        "this speaks of what follows, and nothing is listed at the end"
    );
    let help = say!(
        "在句末写 `：（一）…；（二）…。`；一句只列一次",
        "write `: (a) …; (b) ….` at the end; a sentence has one list"
    );
    parts("no_items", message, Some(help), span)
}
