//! Rank 2: the typed program: what the policies mean, every name resolved, every span kept.
//!
//! Expressions live in one arena. A row in scope is named by its *level*: 0 is the innermost row (the element of the innermost list
//! form), 1 the row around it, and so on; a nested list's rows have their parent as the next level.

use crate::builtin::{Function, Quantifier};
use crate::schema::{Constant, EnumId, FieldId, FrameId, Names, Schema, Type};
use crate::syntax::tree::{ArticleNumber, Modal, Operator, RelationKind};
use crate::text::{FileId, Span};
use std::sync::Arc;

pub use crate::syntax::tree::Language;

/// Index of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// Index of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId(pub u32);

/// Index of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionId(pub u32);

/// Index of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(pub u32);

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Its type; [`Type::Boolean`] for conditions.
    pub ty: Type,
    /// Its place in the policy.
    pub span: Span,
}

/// The typed expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal or an enum value.
    Constant(Constant),
    /// A parameter of a plain type.
    Parameter(ParameterId),
    /// A field of the row at a level.
    Field {
        /// Which row.
        level: usize,
        /// Its frame.
        frame: FrameId,
        /// The field.
        field: FieldId,
    },
    /// A definition, evaluated at the row at a level.
    Definition {
        /// Which row.
        level: usize,
        /// The definition.
        definition: DefinitionId,
    },
    /// The row at a level itself, as a reference to it.
    Row {
        /// Which row.
        level: usize,
        /// Its table.
        frame: FrameId,
    },
    /// `then` read in the row that `reference` names; that row is level 0 of `then`, its parents follow, nothing else is in scope.
    Follow {
        /// A reference.
        reference: ExprId,
        /// The row's table.
        frame: FrameId,
        /// What is read there.
        then: ExprId,
    },
    /// `then` read in the only row of a single-row table.
    Single {
        /// The table.
        frame: FrameId,
        /// What is read there.
        then: ExprId,
    },
    /// `then` read in the one element for which the condition holds; the condition sees the element as level 0.
    Lookup {
        /// The list.
        list: List,
        /// Which element.
        condition: ExprId,
        /// What is read there; the element is level 0, its parents follow.
        then: ExprId,
    },
    /// A list form; filter and body see the element as level 0, the rows around it follow.
    Quantify {
        /// Which form.
        quantifier: Quantifier,
        /// The list.
        list: List,
        /// After 当.
        filter: Option<ExprId>,
        /// After the colon.
        body: Option<ExprId>,
    },
    /// `有 x`.
    Has(ExprId),
    /// `非 x`.
    Not(ExprId),
    /// `a 且 b`.
    And(Vec<ExprId>),
    /// `a 或 b`.
    Or(Vec<ExprId>),
    /// `a 超过 b`: both sides of one type, or of two numeric ones.
    Compare(Comparison, ExprId, ExprId),
    /// `a 属于 {b、c}`.
    In(ExprId, Vec<ExprId>),
    /// `a 包含 b`.
    Text(TextRelation, ExprId, ExprId),
    /// `a + b`.
    Arithmetic(Operator, ExprId, ExprId),
    /// `-a`.
    Negate(ExprId),
    /// A built-in function.
    Call(Function, Vec<ExprId>),
    /// A set of values (the weights of a function).
    Set(Vec<ExprId>),
}

/// What a list form ranges over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum List {
    /// The nested list of the row at a level.
    Nested {
        /// Which row.
        level: usize,
        /// The elements' frame.
        frame: FrameId,
    },
    /// The rows of a table whose reference field names the row at a level.
    Inverse {
        /// Which row.
        level: usize,
        /// The table that refers.
        frame: FrameId,
        /// The reference field in it.
        field: FieldId,
    },
    /// Every row of a table, every element of a nested list.
    All {
        /// The table or list.
        frame: FrameId,
    },
}

impl List {
    /// The frame of the elements.
    #[must_use]
    pub fn frame(self) -> FrameId {
        match self {
            Self::Nested { frame, .. } | Self::Inverse { frame, .. } | Self::All { frame } => frame,
        }
    }

    /// The level of the row the list belongs to.
    #[must_use]
    pub fn level(self) -> Option<usize> {
        match self {
            Self::Nested { level, .. } | Self::Inverse { level, .. } => Some(level),
            Self::All { .. } => None,
        }
    }
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// =
    Equal,
    /// ≠
    NotEqual,
    /// <
    Less,
    /// ≤
    LessEqual,
    /// >
    Greater,
    /// ≥
    GreaterEqual,
}

impl Comparison {
    /// The comparison a relation stands for; `None` for sets and texts.
    #[must_use]
    pub fn of(relation: RelationKind) -> Option<Self> {
        Some(match relation {
            RelationKind::Is => Self::Equal,
            RelationKind::IsNot => Self::NotEqual,
            RelationKind::Below | RelationKind::Before => Self::Less,
            RelationKind::AtMost | RelationKind::NotAfter => Self::LessEqual,
            RelationKind::Exceeds | RelationKind::After => Self::Greater,
            RelationKind::AtLeast | RelationKind::NotBefore => Self::GreaterEqual,
            _ => return None,
        })
    }

    /// The comparison with its sides exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessEqual => Self::GreaterEqual,
            Self::Greater => Self::Less,
            Self::GreaterEqual => Self::LessEqual,
            same => same,
        }
    }
}

/// Relations of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRelation {
    /// 包含.
    Contains,
    /// 开头为.
    StartsWith,
    /// 结尾为.
    EndsWith,
    /// 匹配.
    Matches,
}

/// A policy file.
#[derive(Clone, Debug)]
pub struct Module {
    /// Its text.
    pub file: FileId,
    /// Its names.
    pub names: Names,
    /// Whether it only declares words.
    pub vocabulary: bool,
    /// The language it is written in.
    pub language: Language,
    /// Its place.
    pub span: Span,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its names.
    pub names: Names,
    /// Type of its value, or of its elements.
    pub ty: Type,
    /// Its values: one, unless it is a set.
    pub values: Vec<Constant>,
    /// Whether it is a set.
    pub set: bool,
    /// Its place.
    pub span: Span,
}

/// A definition: a computed field of a frame.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its names.
    pub names: Names,
    /// The frame it belongs to.
    pub frame: FrameId,
    /// Its value.
    pub body: ExprId,
    /// Its type.
    pub ty: Type,
    /// Its place.
    pub span: Span,
}

/// An article.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its policy.
    pub module: usize,
    /// Its number.
    pub number: ArticleNumber,
    /// Its names.
    pub names: Names,
    /// Its sentences, one for each subject.
    pub sentences: Vec<Sentence>,
    /// The articles it overrides.
    pub overrides: Vec<ArticleId>,
    /// What it cites, with places.
    pub cites: Vec<Citation>,
    /// False where it is out of its period of effect.
    pub in_effect: bool,
    /// Its heading's place.
    pub span: Span,
}

/// A citation.
#[derive(Clone, Debug)]
pub struct Citation {
    /// As written.
    pub text: String,
    /// The title alone.
    pub title: String,
    /// Its place.
    pub span: Span,
}

/// One 凡 sentence over one frame.
#[derive(Clone, Debug)]
pub struct Sentence {
    /// What it ranges over.
    pub frame: FrameId,
    /// When it applies; `None` for always.
    pub condition: Option<ExprId>,
    /// 除非.
    pub exception: Option<ExprId>,
    /// The modal clause.
    pub clause: Clause,
    /// 说明: text and expressions in turn.
    pub message: Option<Vec<MessagePart>>,
    /// The whole sentence.
    pub span: Span,
    /// The clause.
    pub clause_span: Span,
}

/// A piece of 说明.
#[derive(Clone, Debug)]
pub enum MessagePart {
    /// Plain text.
    Text(Arc<str>),
    /// `{expression}`.
    Value(ExprId),
}

/// A typed modal clause.
#[derive(Clone, Debug)]
pub enum Clause {
    /// `一律 D`: by decision and enum value.
    Demand {
        /// Index in [`Program::decisions`].
        decision: usize,
        /// Index of the value.
        disposition: usize,
    },
    /// `必须 …`.
    Require {
        /// Which modal.
        modal: Modal,
        /// The condition under the modal, not negated.
        condition: ExprId,
    },
    /// `提请 “…”`.
    Refer(Arc<str>),
}

/// A decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its policy.
    pub module: usize,
    /// The frame it decides.
    pub frame: FrameId,
    /// The declared field.
    pub field: FieldId,
    /// The enum of its dispositions.
    pub dispositions: EnumId,
    /// Highest first; empty without an order.
    pub order: Vec<usize>,
    /// What is required where no article applies.
    pub otherwise: Option<usize>,
    /// Its place.
    pub span: Span,
}

/// A 指标.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its policy.
    pub module: usize,
    /// Its names.
    pub names: Names,
    /// The figure; with `by`, the list form's element is grouped.
    pub body: ExprId,
    /// The group, seen from the element of the outermost list form.
    pub by: Option<ExprId>,
    /// Its place.
    pub span: Span,
}

/// The working calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The table of exceptional days.
    pub frame: FrameId,
    /// The day.
    pub date: FieldId,
    /// Weekly rest days, Monday 1.
    pub rest: Vec<i8>,
    /// Rows that are days off.
    pub off: ExprId,
    /// Rows that are working days.
    pub on: ExprId,
    /// Its place.
    pub span: Span,
}

/// Everything the policies say.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The data's shape.
    pub schema: Schema,
    /// The files.
    pub modules: Vec<Module>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The definitions.
    pub definitions: Vec<Definition>,
    /// The articles, in order of files and numbers as written.
    pub articles: Vec<Article>,
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The measures.
    pub measures: Vec<Measure>,
    /// The calendar.
    pub calendar: Option<Calendar>,
    /// The arena of expressions.
    pub exprs: Vec<Expr>,
}

/// What an id that is not in the arena reads as; ids only come from the arena.
static NOWHERE: Expr =
    Expr { kind: ExprKind::Constant(Constant::Bool(false)), ty: Type::Boolean, span: Span { file: FileId(0), start: 0, end: 0 } };

impl Program {
    /// An expression.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        self.exprs.get(id.0 as usize).unwrap_or(&NOWHERE)
    }

    /// What an expression is made of: its parts, and the bodies of the definitions it reads.
    #[must_use]
    pub fn parts(&self, kind: &ExprKind) -> Vec<ExprId> {
        match kind {
            ExprKind::Constant(_) | ExprKind::Parameter(_) | ExprKind::Field { .. } | ExprKind::Row { .. } => Vec::new(),
            ExprKind::Definition { definition, .. } => self.definition(*definition).map(|found| found.body).into_iter().collect(),
            ExprKind::Follow { reference, then, .. } => vec![*reference, *then],
            ExprKind::Single { then, .. } => vec![*then],
            ExprKind::Lookup { condition, then, .. } => vec![*condition, *then],
            ExprKind::Quantify { filter, body, .. } => filter.iter().chain(body).copied().collect(),
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => vec![*inner],
            ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call(_, parts) | ExprKind::Set(parts) => parts.clone(),
            ExprKind::In(value, options) => std::iter::once(value).chain(options).copied().collect(),
            ExprKind::Compare(_, a, b) | ExprKind::Text(_, a, b) | ExprKind::Arithmetic(_, a, b) => vec![*a, *b],
        }
    }

    /// A definition.
    #[must_use]
    pub fn definition(&self, id: DefinitionId) -> Option<&Definition> {
        self.definitions.get(id.0 as usize)
    }

    /// An article.
    #[must_use]
    pub fn article(&self, id: ArticleId) -> Option<&Article> {
        self.articles.get(id.0 as usize)
    }

    /// A parameter.
    #[must_use]
    pub fn parameter(&self, id: ParameterId) -> Option<&Parameter> {
        self.parameters.get(id.0 as usize)
    }

    /// `policy.article` by English names.
    #[must_use]
    pub fn article_name(&self, article: &Article) -> String {
        let module = self.modules.get(article.module).map_or("", |module| module.names.en());
        format!("{module}.{}", article.names.en())
    }
}
