//! What can be wrong with the meaning of a policy. Each kind is documented by the smallest text
//! that triggers it.

use super::conditional::Mistake;
use crate::diagnostic::Bilingual;
use crate::place::Place;
use crate::schema::Type;
use crate::syntax::tree::Operator;
use crate::text::{FileId, Span};

/// One mistake of meaning: its facts.
#[derive(Clone, Debug)]
pub(super) enum Error {
    /// `定义 甲(表一) = 已签 且 迁签` — a name nobody declared.
    UnknownName {
        name: String,
        span: Span,
        kind: Bilingual,
        nearest: Option<String>,
        split: Option<String>,
        hidden_in: Option<String>,
        /// What was wanted there.
        wanted: Option<Type>,
    },
    /// `表 甲 { 乙 : 数字 }` — neither a built-in type, nor an enum, nor a table.
    UnknownType { name: String, span: Span, nearest: Option<String> },
    /// `使用 词表` where no file is called so.
    UnknownModule { name: String, span: Span, nearest: Option<String> },
    /// `使用 甲` in 乙 and `使用 乙` in 甲.
    CircularUse { name: String, span: Span },
    /// `参数 甲 : 整数 = 1` twice.
    DuplicateName { name: String, span: Span, first: Span },
    /// `枚举 日 { 甲 }`, `参数 today : 日期 = 2015-01-01`: the language has that name itself.
    BuiltinName { name: String, builtin: Bilingual, span: Span },
    /// `定义 甲(表一) = 乙` with `定义 乙(表一) = 甲`.
    CircularDefinition { name: String, span: Span },
    /// `甲 且 1`: found one type where another is needed.
    WrongType { found: Bilingual, expected: Bilingual, span: Span, help: Option<Bilingual> },
    /// `3 工作日 < 3 日`: two units that never mix.
    MixedUnits {
        left: Bilingual,
        right: Bilingual,
        operator: Option<Operator>,
        span: Span,
        help: Option<Bilingual>,
    },
    /// `乙 > 1` where 乙 is optional and nothing says it is there.
    UnguardedOptional { text: String, is_date: bool, span: Span, declared: Span },
    /// `色 = 红红`: not one of the enum's values.
    UnknownValue {
        name: String,
        enumeration: Bilingual,
        span: Span,
        nearest: Option<String>,
        values: Bilingual,
    },
    /// `色 < 红` where the enum has no order.
    NotOrdered { enumeration: Bilingual, span: Span, declared: Span },
    /// `一律 甲` where the decision's order does not have 甲.
    UnorderedDisposition { name: String, span: Span, decision: Span },
    /// `一律 甲` where no `裁定` decides a field of the subject.
    NoDecision { subject: String, span: Span },
    /// `一律 甲` where several decisions have a disposition of that name, or two `裁定` decide one
    /// field.
    SeveralDecisions { name: String, span: Span, first: Span },
    /// `数量(甲)` where 甲 is not a list.
    NotAList { text: String, span: Span, help: Option<Bilingual> },
    /// `响应(甲, 乙, 丙)` where 甲 is not the field of a list of events.
    NotEvents { text: String, span: Span },
    /// Thirteen activities joined by `并`: more states than the limit.
    ProcessTooLarge { name: String, span: Span, states: usize, steps: usize },
    /// `甲(乙)`: no such function.
    UnknownFunction { name: String, span: Span, nearest: Option<String> },
    /// `年()`, `合计(甲)`: a function called in a way it does not take.
    WrongArguments { name: String, span: Span, usage: Bilingual },
    /// `历时(甲, 乙)` where no `历法` is declared.
    NoCalendar { name: String, span: Span },
    /// `历法 甲 …` and `历法 乙 …`.
    SeveralCalendars { name: String, span: Span, first: Span },
    /// `历法 甲 于 乙 { 日期 丙 休 丁 班 戊 }`: without 周休.
    NoRestDays { span: Span },
    /// `周休 1、2、3、4、5、6、7`.
    NoWorkingDays { span: Span },
    /// `周休 0、6`.
    NoWeekday { text: String, span: Span },
    /// `周休 6、6`.
    RepeatedRestDay { text: String, span: Span },
    /// `第一条 页数不得超过五百`, which is a heading: the name, and the modal in it.
    NameOfRule { name: String, modal: &'static str, span: Span },
    /// `亦作 “”`: a word without a letter.
    EmptyWord { span: Span },
    /// `2015-02-30`, `1.2.3`: a literal that is not one.
    BadLiteral { text: String, span: Span, expected: Bilingual },
    /// `优先于 第九条` where there is no such article; the first and the last of the others there,
    /// `None` where there is no such policy.
    UnknownArticle { number: String, span: Span, others: Option<Vec<Bilingual>> },
    /// `优先于` an article that speaks of other rows.
    UnrelatedArticle { number: String, span: Span },
    /// `优先于 第二条` in article 1 and `优先于 第一条` in article 2.
    CircularOverride { articles: Bilingual, places: Vec<Span> },
    /// `优先于 第一条` in article 1.
    OverridesItself { number: String, span: Span },
    /// `定义 甲(乙) = 1 且 1`: a subject that is not a table, a nested list or a condition on one.
    NotASubject {
        text: String,
        span: Span,
        nearest: Option<String>,
        hidden_in: Option<String>,
        tables: Bilingual,
        /// The table of which it is a condition, as it is called.
        field_of: Option<Bilingual>,
    },
    /// `凡 章，…` where two tables have a list 章, or `凡 厚，…` where two have a condition 厚.
    AmbiguousSubject { text: String, owners: Bilingual, span: Span },
    /// `施行 2015-05-01 至 2015-01-01`: no day lies between.
    EmptyPeriod { span: Span },
    /// `施行 2016-01-01` in a policy that has `施行 2015-01-01 至 2015-12-31`: the article is never
    /// in effect.
    PeriodsApart { span: Span, policy: Span },
    /// A table without `主键` that another refers to, two keys, a key in a single-row table, …
    BadTable { message: Bilingual, help: Bilingual, span: Span },
    /// `表 甲 { 乙 : 甲 主键 }`: keys that refer to one another's tables in a ring: `(表, key)`.
    CircularKey { ring: Vec<(String, String, Span)> },
    /// `匹配 “(”`: not a regular expression.
    BadPattern { pattern: String, reason: String, span: Span },
    /// `[parameters]` in the manifest names a parameter nobody declared.
    UnknownParameter { name: String, nearest: Option<String>, place: Place },
    /// `[parameters]` gives a parameter a value of another type.
    BadParameter {
        name: String,
        value: String,
        expected: Bilingual,
        help: Bilingual,
        place: Place,
        span: Span,
    },
    /// `数量(书 当 号 = 号)`: both sides are read from the same row, so that nothing is compared.
    SameSides { text: String, done: Bilingual, this: Option<Bilingual>, span: Span },
    /// `凡 甲、乙 的 丙`: conditions that 、 alone joins, with 且 and with 或.
    Paused { all: String, any: String, span: Span },
    /// `-3 工作日`.
    NegativeSpan { text: String, span: Span },
    /// `[parameters]` sets a parameter to `-3 工作日`.
    NegativeParameter { name: String, place: Place },
    /// `[parameters]` sets a parameter by both its names.
    RepeatedParameter { name: String, place: Place, first: Place },
    /// A definition or parameter of a policy that nothing reads.
    Unused { kind: Bilingual, name: String, span: Span },
    /// `x is null`, `甲 为 乙 或 丙`, `应当 丙`: what is said otherwise in the language, and how.
    Otherwise { found: String, help: Bilingual, span: Span },
    /// `凡 有下列情形之一 的 甲，一律 乙。`: the items are missing.
    NoItems { span: Span },
    /// A conditional value, or a value for what is missing.
    Conditional { mistake: Mistake, span: Span },
    /// Expressions nested deeper than the limit.
    TooDeep { span: Span },
    /// A form the evaluator cannot take, said plainly.
    Unsupported { message: Bilingual, help: Bilingual, span: Span },
}

impl Error {
    /// The file that uses another which is not there.
    pub(super) fn unknown_module(&self) -> Option<FileId> {
        match self {
            Self::UnknownModule { span, .. } => Some(span.file),
            _ => None,
        }
    }
}
