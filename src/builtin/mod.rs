//! Rank 2: the built-in functions, list forms and types: one row each, with both names.
//!
//! Functions see one row at a time; `None` is unknown. Those of dates follow ISO 8601; `elapsed`
//! and `due` count by the declared calendar with the starting day excluded (Civil Code of China,
//! art. 201).

pub mod axiom;
pub mod citation;
mod dates;
pub mod declare;
mod numbers;
mod periods;
mod texts;

use crate::schema::Type;
use crate::value::Ratio;
use crate::value::calendar::WorkingCalendar;
use crate::value::instant::Offset;
use axiom::Axiom;
use std::borrow::Cow;

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Integers, dates (days since 1970-01-01), instants, durations.
    Int(i64),
    /// Exact numbers.
    Ratio(Ratio),
    /// Text.
    Text(Cow<'a, str>),
    /// Truth.
    Bool(bool),
    /// A set of integers.
    Ints(Vec<i64>),
}

impl Scalar<'_> {
    /// The same value, borrowed from nothing.
    #[must_use]
    pub fn into_owned(self) -> Scalar<'static> {
        match self {
            Self::Int(value) => Scalar::Int(value),
            Self::Ratio(value) => Scalar::Ratio(value),
            Self::Text(text) => Scalar::Text(Cow::Owned(text.into_owned())),
            Self::Bool(value) => Scalar::Bool(value),
            Self::Ints(values) => Scalar::Ints(values),
        }
    }

    fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    fn ratio(&self) -> Option<Ratio> {
        match self {
            Self::Ratio(value) => Some(*value),
            Self::Int(value) => Some(Ratio::from_integer(i128::from(*value))),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What functions may look at beyond their arguments.
#[derive(Clone, Copy, Debug)]
pub struct World<'a> {
    /// The day judged for.
    pub today: i64,
    /// The offset of local time.
    pub offset: Offset,
    /// The calendar, where one is declared and could be read.
    pub calendar: Option<&'a WorkingCalendar>,
}

/// A function's parameter type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Exactly this type.
    Exactly(Type),
    /// Any number or quantity; the result of [`Returns::First`] functions has its type.
    Number,
    /// A set of whole numbers.
    Weights,
    /// A date, or the date of an instant.
    Day,
    /// A truth value or a parameter that is one; at the end, where it may be left out.
    Flag,
    /// One or more texts to the end.
    Texts,
}

/// What a function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// This type.
    Type(Type),
    /// The type of the first argument.
    First,
    /// The type of the first argument if that is a whole quantity, else a decimal.
    Rounded,
}

/// A kernel: the arguments, then the world.
pub type Kernel = for<'a> fn(&[Scalar<'a>], &World<'_>) -> Option<Scalar<'a>>;

/// One function.
#[derive(Debug)]
pub struct Row {
    /// 中文.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
    /// Its parameters.
    pub parameters: &'static [Kind],
    /// Its result.
    pub returns: Returns,
    /// What is known of its value without computing it.
    pub axiom: Axiom,
    /// What it does, in both languages.
    pub doc: (&'static str, &'static str),
    /// Computes it.
    pub kernel: Kernel,
}

/// A function: a row of [`functions`].
#[derive(Clone, Copy, Debug)]
pub struct Function(pub &'static Row);

impl Function {
    /// Whether it needs the declared calendar.
    #[must_use]
    pub fn counts_workdays(self) -> bool {
        matches!(self.0.en, "elapsed" | "due")
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.0.en == other.0.en
    }
}

impl Eq for Function {}

impl std::hash::Hash for Function {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.en.hash(state);
    }
}

/// Finds a function by either name.
#[must_use]
pub fn function(name: &str) -> Option<Function> {
    functions().find(|row| row.zh == name || row.en == name).map(Function)
}

/// All functions.
pub fn functions() -> impl Iterator<Item = &'static Row> {
    dates::ROWS.iter().chain(periods::ROWS).chain(numbers::ROWS).chain(texts::ROWS)
}

/// The list forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// 存在.
    Any,
    /// 每个.
    Every,
    /// 没有.
    None,
    /// 数量.
    Count,
    /// 合计.
    Sum,
    /// 最大.
    Max,
    /// 最小.
    Min,
    /// 不同数量.
    Distinct,
}

/// The list forms with their names.
pub const QUANTIFIERS: &[(Quantifier, &str, &str)] = &[
    (Quantifier::Any, "存在", "any"),
    (Quantifier::Every, "每个", "every"),
    (Quantifier::None, "没有", "none"),
    (Quantifier::Count, "数量", "count"),
    (Quantifier::Sum, "合计", "sum"),
    (Quantifier::Max, "最大", "max"),
    (Quantifier::Min, "最小", "min"),
    (Quantifier::Distinct, "不同数量", "count_distinct"),
];

/// The mean: a sum through a count, of the same elements.
pub const AVERAGE: (&str, &str) = ("平均", "avg");

/// One element of a list in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum End {
    /// 首个.
    First,
    /// 末个.
    Last,
}

/// These with their names.
pub const ENDS: &[(End, &str, &str)] =
    &[(End::First, "首个", "first"), (End::Last, "末个", "last")];

/// The end that a name stands for.
#[must_use]
pub fn end(name: &str) -> Option<(End, &'static str, &'static str)> {
    ENDS.iter().find(|(_, zh, en)| *zh == name || *en == name).copied()
}

/// Forms over whole tables that are no list forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Across {
    /// 最相似: the row whose text is most like a text.
    MostSimilar,
    /// 无环: no chain of predecessors leads from a row back to it.
    Acyclic,
    /// 最长路径: the greatest sum along a chain of predecessors.
    LongestPath,
    /// 一致: another row has the same in some fields.
    Agrees,
}

/// These forms with their names, and how each is written.
pub const ACROSS: &[(Across, &str, &str, (&str, &str))] = &[
    (
        Across::MostSimilar,
        "最相似",
        "most_similar",
        (
            "最相似(文本, 下限, 表 当 条件: 文本)",
            "most_similar(text, at_least, table where condition: text)",
        ),
    ),
    (
        Across::Acyclic,
        "无环",
        "acyclic",
        ("无环(列表 当 条件: 在前的行)", "acyclic(list where condition: the row before)"),
    ),
    (
        Across::LongestPath,
        "最长路径",
        "longest_path",
        (
            "最长路径(量, 列表 当 条件: 在前的行)",
            "longest_path(quantity, list where condition: the row before)",
        ),
    ),
    (Across::Agrees, "一致", "same", ("一致(另一行, {字段、…})", "same(another row, {field, …})")),
];

/// The plain types with their names.
pub const TYPES: &[(Type, &str, &str)] = &[
    (Type::Text, "文本", "text"),
    (Type::Integer, "整数", "integer"),
    (Type::Decimal, "小数", "decimal"),
    (Type::Money, "金额", "money"),
    (Type::Percent, "百分比", "percent"),
    (Type::Boolean, "是否", "boolean"),
    (Type::Date, "日期", "date"),
    (Type::Instant, "时刻", "instant"),
    (Type::Workdays, "工作日", "workdays"),
    (Type::Days, "日", "days"),
    (Type::Months, "月", "months"),
    (Type::Hours, "小时", "hours"),
    (Type::Minutes, "分钟", "minutes"),
];

/// The one field of a list of a plain type.
pub const ELEMENT: (&str, &str) = ("值", "value");

/// Which days are counted between two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Working days, by the calendar.
    Workdays,
    /// Every day.
    Days,
}

/// Days between two days without those that the intervals of a list hold.
pub const NET: &[(Counted, &str, &str)] =
    &[(Counted::Workdays, "净历时", "net_elapsed"), (Counted::Days, "净日数", "net_days")];

/// Every built-in word with its twin: what the formatter translates besides keywords and declared
/// names.
pub fn words() -> impl Iterator<Item = (&'static str, &'static str)> {
    let functions = functions().map(|row| (row.zh, row.en));
    let quantifiers = QUANTIFIERS.iter().map(|&(_, zh, en)| (zh, en));
    let across = ACROSS.iter().map(|&(_, zh, en, _)| (zh, en));
    let templates = declare::TEMPLATES.iter().map(|row| (row.zh, row.en));
    functions
        .chain(quantifiers)
        .chain(across)
        .chain(templates)
        .chain(TYPES.iter().map(|&(_, zh, en)| (zh, en)))
        .chain(NET.iter().map(|&(_, zh, en)| (zh, en)))
        .chain(ENDS.iter().map(|&(_, zh, en)| (zh, en)))
        .chain([AVERAGE, ELEMENT])
}
