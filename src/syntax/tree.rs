//! The syntax tree: everything an author wrote, with its place; comments are kept beside it by
//! offset.
//!
//! Keywords are not stored where the kind of node says them; what an author may choose (a sign or a
//! word, 必须 or 应当, a comma or 且) is stored, so that the formatter can keep the choice in
//! either language.

mod clause;
mod expression;
mod process;

use crate::text::{FileId, Span};

pub use clause::*;
pub use expression::*;
pub use process::*;

/// Chinese or English.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Language, Source, parse};
///
/// let language = |text| parse(FileId(0), &Source::new("x.fan", text)).0.language;
/// assert_eq!(language("policy library"), Language::English);
/// assert_eq!(language("政策 馆规"), Language::Chinese);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// 中文.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// What something is called in it.
    #[must_use]
    pub fn called(self, names: &crate::schema::Names) -> &str {
        match self {
            Self::Chinese => names.zh(),
            Self::English => names.en(),
        }
    }
}

/// One policy file.
///
/// # Examples
///
/// ```
/// use fanshi::{FileId, Source, parse};
///
/// let source = Source::new("library.fan", "policy library\n# books\nenum fate { keep }");
/// let (file, _) = parse(FileId(0), &source);
/// assert_eq!(source.slice(file.comments[0]), "# books");
/// assert_eq!(source.slice(file.items[0].span), "policy library");
/// ```
#[derive(Clone, Debug)]
pub struct File {
    /// Where it comes from.
    pub file: FileId,
    /// The language of its first keyword.
    pub language: Language,
    /// The declarations, in order.
    pub items: Vec<Item>,
    /// Every comment, in order, `#` included.
    pub comments: Vec<Span>,
    /// What could not be read and may be an article that demands a disposition.
    pub lost: Vec<Span>,
}

/// A name as written, without `「」`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its place, brackets included.
    pub span: Span,
}

/// A declared name with its second name.
#[derive(Clone, Debug)]
pub struct Names {
    /// The first name.
    pub name: Name,
    /// The name after `|`.
    pub alias: Option<Name>,
}

/// A text literal: content without its quotes.
#[derive(Clone, Debug)]
pub struct Text {
    /// The content.
    pub text: String,
    /// Its place, quotes included.
    pub span: Span,
}

/// A declaration with its place.
#[derive(Clone, Debug)]
pub struct Item {
    /// The whole declaration.
    pub span: Span,
    /// What is declared.
    pub kind: ItemKind,
    /// Whether something in it could not be read: what is left may not mean what its author wrote.
    pub damaged: bool,
}

impl File {
    /// What it says of itself.
    #[must_use]
    pub fn header(&self) -> Option<&Header> {
        self.items.iter().find_map(|item| match &item.kind {
            ItemKind::Header(header) => Some(header),
            _ => None,
        })
    }
}

impl Names {
    /// Both names.
    pub fn iter(&self) -> impl Iterator<Item = &Name> {
        std::iter::once(&self.name).chain(&self.alias)
    }
}

impl Item {
    /// The expressions that stand in it, but for those in texts.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        match &self.kind {
            ItemKind::Calendar(found) => vec![&found.off, &found.on],
            ItemKind::Parameter(found) => vec![&found.value],
            ItemKind::Definition(found) => vec![&found.body],
            ItemKind::Measure(found) => std::iter::once(&found.body).chain(&found.after).collect(),
            ItemKind::Article(found) => {
                found.parts.iter().flat_map(|part| part.kind.expressions()).collect()
            }
            ItemKind::Header(_)
            | ItemKind::Use(_)
            | ItemKind::Enum(_)
            | ItemKind::Table(_)
            | ItemKind::Process(_)
            | ItemKind::Decision(_)
            | ItemKind::Division(_) => Vec::new(),
        }
    }
}

/// The declarations.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// `词汇`, `政策`.
    Header(Header),
    /// `使用 A、B`.
    Use(Vec<Name>),
    /// `枚举`.
    Enum(EnumDecl),
    /// `表`.
    Table(TableDecl),
    /// `历法`.
    Calendar(CalendarDecl),
    /// `参数`.
    Parameter(ParameterDecl),
    /// `定义`.
    Definition(DefinitionDecl),
    /// `流程`.
    Process(ProcessDecl),
    /// `裁定`.
    Decision(DecisionDecl),
    /// `第一章 总则`.
    Division(Division),
    /// `指标`.
    Measure(MeasureDecl),
    /// `第…条`.
    Article(Article),
}

/// `词汇 图书馆 | library`, `政策 …` with its fields.
#[derive(Clone, Debug)]
pub struct Header {
    /// True for `词汇`, false for `政策`.
    pub vocabulary: bool,
    /// Its names.
    pub names: Names,
    /// `文号 “…”`.
    pub document: Option<Text>,
    /// `说明 “…”`.
    pub because: Option<Text>,
    /// `施行 …`.
    pub period: Option<Period>,
    /// `缺 “无”、“/”`: cells that say that there is nothing, for all its tables.
    pub absent: Vec<Text>,
}

/// `施行 2015-03-01 至 2020-12-31`, both days included.
#[derive(Clone, Debug)]
pub struct Period {
    /// The whole clause.
    pub span: Span,
    /// First day: a date literal as written.
    pub from: Text,
    /// Last day.
    pub to: Option<Text>,
}

/// `枚举`.
#[derive(Clone, Debug)]
pub struct EnumDecl {
    /// Its names.
    pub names: Names,
    /// Its order, if declared.
    pub order: Option<EnumOrder>,
    /// Its values.
    pub values: Vec<EnumValue>,
}

/// The declared order of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumOrder {
    /// `由低到高`.
    Ascending,
    /// `由高到低`.
    Descending,
}

/// One enum value.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The whole entry.
    pub span: Span,
    /// Its names.
    pub names: Names,
    /// `亦作 “…”`.
    pub also: Vec<Text>,
}

/// `表`.
#[derive(Clone, Debug)]
pub struct TableDecl {
    /// Its names.
    pub names: Names,
    /// `单份`, with its place.
    pub single: Option<Span>,
    /// `引据 …`.
    pub citable: Option<Citable>,
    /// Its fields.
    pub fields: Vec<FieldDecl>,
}

/// `引据 名称、简称 自 施行 至 废止`.
#[derive(Clone, Debug)]
pub struct Citable {
    /// The whole clause.
    pub span: Span,
    /// The fields a citation's title is looked up in.
    pub titles: Vec<Name>,
    /// The field with the first day in force.
    pub from: Option<Name>,
    /// The field with the first day no longer in force.
    pub to: Option<Name>,
}

/// One field.
#[derive(Clone, Debug)]
pub struct FieldDecl {
    /// The whole field.
    pub span: Span,
    /// Its names.
    pub names: Names,
    /// `亦作 “…”`: further headings.
    pub also: Vec<Text>,
    /// Where 亦作 stands after the type instead of before the colon.
    pub misplaced: Vec<Span>,
    /// Its type.
    pub ty: TypeExpr,
    /// Its modifiers, in the order written.
    pub modifiers: Vec<Modifier>,
}

/// The type of a field.
#[derive(Clone, Debug)]
pub enum TypeExpr {
    /// A built-in type, an enum or a table.
    Name(Name),
    /// `多个 T`.
    Many(Name),
    /// `多个 { … }`.
    Record(Vec<FieldDecl>),
}

/// A field's modifier.
#[derive(Clone, Debug)]
pub struct Modifier {
    /// Its place.
    pub span: Span,
    /// Which.
    pub kind: ModifierKind,
}

/// The modifiers.
#[derive(Clone, Debug)]
pub enum ModifierKind {
    /// `主键`.
    Key,
    /// `唯一`.
    Unique,
    /// `可缺`.
    Optional,
    /// `为序`.
    Ordering,
    /// `默认 …`.
    Default(Expr),
    /// `读作 {“当场” = 0 工作日、“天” = 工作日}`.
    Reading(Vec<Reading>),
    /// `单位 “页数单位”`: the heading of the column with the unit.
    Unit(Text),
    /// `写作 “…”`: what an element is like where the list stands in one cell.
    Written(Text),
    /// `于 书名、条款、原文`: the fields that a citation's title, place and words stand in.
    Of(Vec<Name>),
}

/// One entry of `读作`.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What stands in the data.
    pub text: Text,
    /// What it is read as: a literal, or a name (an enum value, or a unit).
    pub value: Expr,
}

/// `历法 … 于 日历 { … }`.
#[derive(Clone, Debug)]
pub struct CalendarDecl {
    /// Its names.
    pub names: Names,
    /// The table of exceptional days.
    pub table: Name,
    /// `日期 F`.
    pub date: Name,
    /// `周休 6、7`: weekly rest days as written.
    pub rest: Vec<Text>,
    /// `休 CONDITION`.
    pub off: Expr,
    /// `班 CONDITION`.
    pub on: Expr,
}

/// `参数 名 : 类型 = 值`.
#[derive(Clone, Debug)]
pub struct ParameterDecl {
    /// Its names.
    pub names: Names,
    /// Its type.
    pub ty: TypeExpr,
    /// Its value.
    pub value: Expr,
}

/// `定义 名(主体) | alias = …`.
#[derive(Clone, Debug)]
pub struct DefinitionDecl {
    /// Its names.
    pub names: Names,
    /// The table or nested list it belongs to.
    pub subject: Path,
    /// What it means.
    pub body: Expr,
}

/// `图书`, `图书.卷`.
#[derive(Clone, Debug)]
pub struct Path {
    /// The whole path.
    pub span: Span,
    /// Its segments; at least one.
    pub names: Vec<Name>,
}

/// `裁定 图书.去向 次序 … 否则 …`.
#[derive(Clone, Debug)]
pub struct DecisionDecl {
    /// The declared field that is compared.
    pub field: Path,
    /// `次序 A > B`, highest first.
    pub order: Vec<Name>,
    /// `否则 D`.
    pub otherwise: Option<Otherwise>,
}

/// What holds where no article speaks.
#[derive(Clone, Debug)]
pub enum Otherwise {
    /// A disposition.
    Disposition(Name),
    /// `照报`: the declared one, whichever it is.
    AsDeclared(Span),
}

/// `指标 名 = … 按 馆`, `指标 名 = … → … 按 馆`.
#[derive(Clone, Debug)]
pub struct MeasureDecl {
    /// Its names.
    pub names: Names,
    /// The figure; of a change, the one before.
    pub body: Expr,
    /// `→ …`: the figure after a change.
    pub after: Option<Expr>,
    /// `按 …`.
    pub by: Option<Path>,
}

/// `第一章 总则`: a heading that articles stand below; it means nothing.
#[derive(Clone, Debug)]
pub struct Division {
    /// Which.
    pub level: DivisionLevel,
    /// Its number.
    pub number: u32,
    /// Its title as written; empty where it has none.
    pub title: String,
}

/// 编, 章 or 节.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DivisionLevel {
    /// 编, a part.
    Part,
    /// 章, a chapter.
    Chapter,
    /// 节, a section.
    Section,
}

/// An article's number: `第十二条之一` is 12 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleNumber {
    /// 第…条.
    pub number: u32,
    /// 之….
    pub insert: Option<u32>,
}

/// An article.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its number.
    pub number: ArticleNumber,
    /// Place of the number.
    pub number_span: Span,
    /// Its names; one without is called by its number, `第一条 | article_1`.
    pub names: Names,
    /// What follows the heading, in the order written.
    pub parts: Vec<Part>,
    /// What could not be read and may be a sentence that demands a disposition.
    pub lost: Vec<Span>,
}

impl Article {
    /// Whether its heading has a name.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.names.name.span != self.number_span
    }
}

/// One line of an article.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: PartKind,
}

/// The lines of an article.
#[expect(clippy::large_enum_variant, reason = "nearly all of them are sentences")]
#[derive(Clone, Debug)]
pub enum PartKind {
    /// `凡 …`.
    Sentence(Sentence),
    /// `施行 …`.
    Period(Period),
    /// `除非 …`.
    Unless(Expr),
    /// `优先于 第三条、总则.第四条`.
    Overrides(Vec<ArticleRef>),
    /// `根据 《…》第…条`.
    Cite(Vec<Citation>),
    /// `说明 “…”`.
    Because(Text),
}

impl PartKind {
    /// The expressions that stand in it, but for those in texts.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expr> {
        match self {
            Self::Sentence(sentence) => {
                let required = match &sentence.clause.kind {
                    ClauseKind::Require { condition, .. } => Some(condition),
                    ClauseKind::RequireBetween { relation, .. } => Some(relation),
                    ClauseKind::Demand(_) | ClauseKind::Refer(_) => None,
                };
                let stated = sentence.condition.iter().chain(&sentence.exceptions);
                stated.chain(required).collect()
            }
            Self::Unless(condition) => vec![condition],
            Self::Period(_) | Self::Overrides(_) | Self::Cite(_) | Self::Because(_) => Vec::new(),
        }
    }
}

/// An article named by another: `第三条`, `总则.第三条`.
#[derive(Clone, Debug)]
pub struct ArticleRef {
    /// Its place.
    pub span: Span,
    /// The policy, where named.
    pub policy: Option<Name>,
    /// Which article.
    pub number: ArticleNumber,
}

/// `《民法典》第十三条第二项`, `《…》（第57号）`, `馆发〔2018〕47号`, `"Code" 12.3`.
#[derive(Clone, Debug)]
pub struct Citation {
    /// Its place.
    pub span: Span,
    /// As written.
    pub text: String,
    /// The title without its brackets, or the number of a document.
    pub title: String,
    /// What follows: the place in it, and remarks.
    pub place: String,
}

/// `凡 C 的 S，CLAUSE。`
#[derive(Clone, Debug)]
pub struct Sentence {
    /// True for `凡是`.
    pub emphatic: bool,
    /// The condition before `的` or after `where`.
    pub condition: Option<Expr>,
    /// The subjects, at least one.
    pub subjects: Vec<Path>,
    /// How the subjects are joined, one fewer than there are subjects.
    pub joiners: Vec<SubjectJoiner>,
    /// `的` after the subjects.
    pub trailing_de: bool,
    /// The modal clause.
    pub clause: Clause,
    /// Its own exceptions: `除 C 外，凡 …`, `…，但 C 的 除外`, `…，除非 C`.
    pub exceptions: Vec<Expr>,
}

/// Between two subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectJoiner {
    /// `、`, a comma in English.
    Comma,
    /// `或`, `or`.
    Or,
    /// `和`, `and`.
    And,
}
