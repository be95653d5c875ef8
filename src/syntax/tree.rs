//! The syntax tree: everything an author wrote, with its place; comments are kept beside it by
//! offset.
//!
//! Keywords are not stored where the kind of node says them; what an author may choose (a sign or a
//! word, 必须 or 应当, a comma or 且) is stored, so that the formatter can keep the choice in
//! either language.

mod expression;
mod process;

use crate::text::{FileId, Span};

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
    /// Its names.
    pub names: Names,
    /// What follows the heading, in the order written.
    pub parts: Vec<Part>,
    /// What could not be read and may be a sentence that demands a disposition.
    pub lost: Vec<Span>,
}

/// One line of an article.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its place.
    pub span: Span,
    /// What it is.
    pub kind: PartKind,
    /// Whether it stands within the sentence before it, as its exception: `，但 C 的 除外`.
    pub within: bool,
}

/// The lines of an article.
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

/// A modal clause with its place.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Its place, from the modal or the value to the end.
    pub span: Span,
    /// Which.
    pub kind: ClauseKind,
}

/// The modal clauses.
#[derive(Clone, Debug)]
pub enum ClauseKind {
    /// `一律 D`.
    Demand(Name),
    /// `必须 CONDITION`.
    Require {
        /// Which modal.
        modal: Modal,
        /// Place of the modal.
        modal_span: Span,
        /// What is required (or, under a negative modal, ruled out).
        condition: Expr,
    },
    /// `VALUE 必须 RELATION VALUE`: the relation holds the modal between its sides.
    RequireBetween {
        /// Which modal.
        modal: Modal,
        /// Place of the modal.
        modal_span: Span,
        /// The relation as if the modal were not there: always a `Relation` or `Between`.
        relation: Expr,
    },
    /// `提请 “…”`.
    Refer(Text),
}

/// The modals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modal {
    /// `必须`, must.
    Must,
    /// `应当`, shall.
    Shall,
    /// `不得`, must not.
    MustNot,
    /// `宜`, should.
    Should,
    /// `不宜`, should not.
    ShouldNot,
}

impl Modal {
    /// Whether the clause rules its condition out.
    #[must_use]
    pub fn is_negative(self) -> bool {
        matches!(self, Self::MustNot | Self::ShouldNot)
    }

    /// Whether breaking it is only a warning.
    #[must_use]
    pub fn is_advice(self) -> bool {
        matches!(self, Self::Should | Self::ShouldNot)
    }
}
