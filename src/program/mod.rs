//! Rank 2: the typed program: what the policies mean, every name resolved, every span kept.
//!
//! Expressions live in one arena. A row in scope is named by its *level*: 0 is the innermost row
//! (the element of the innermost list form), 1 the row around it, and so on; a nested list's rows
//! have their parent as the next level.

mod alike;
mod article;
mod expression;
mod trace;

pub use crate::syntax::tree::Language;
pub use article::*;
pub use expression::*;
pub use trace::*;

use crate::invariant::broken;
use crate::schema::{Constant, FrameId, Names, Schema, Type};
use crate::steps::step;
use crate::syntax::word;
use crate::text::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Index of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

impl ExprId {
    /// No expression: there is a mistake in its place.
    pub const NONE: Self = Self(u32::MAX);
}

/// Index of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParameterId(pub u32);

/// Index of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefinitionId(pub u32);

/// Index of an article.
///
/// # Examples
///
/// ```
/// use fanshi::{ArticleId, Options, Project, RuleId};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// assert_eq!(policy.rules.named("thin").unwrap(), RuleId::Article(ArticleId(1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ArticleId(pub u32);

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
    /// Its value; [`ExprId::NONE`] where it could not be read, and then nothing uses it.
    pub body: ExprId,
    /// Its type.
    pub ty: Type,
    /// Its place.
    pub span: Span,
}

/// One field of an 一致.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// Its names.
    pub names: Names,
    /// Whether both rows have the same.
    pub same: ExprId,
    /// The value here and there.
    pub values: (ExprId, ExprId),
}

/// Everything the policies say.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The data's shape.
    pub schema: Arc<Schema>,
    /// The files.
    pub modules: Vec<Module>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The definitions.
    pub definitions: Vec<Definition>,
    /// The articles, in order of files and numbers as written.
    pub articles: Vec<Article>,
    /// The sentences that could not be understood.
    pub unread: Vec<Unread>,
    /// The decisions.
    pub decisions: Vec<Decision>,
    /// The measures.
    pub measures: Vec<Measure>,
    /// What courses of events are held against.
    pub patterns: Vec<Pattern>,
    /// The processes.
    pub processes: Vec<Process>,
    /// The calendar.
    pub calendar: Option<Calendar>,
    /// The conditions that are made of one comparison for each field of two rows, with those
    /// fields.
    pub agreements: BTreeMap<ExprId, Vec<Agreement>>,
    /// The 且 and 或 whose parts are the items of a list, `（一）…；（二）…`.
    pub listed: BTreeSet<ExprId>,
    /// The arena of expressions.
    pub exprs: Vec<Expr>,
}

impl Program {
    /// An expression.
    ///
    /// # Panics
    /// Where the id is of another program.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        step();
        let Some(expr) = self.exprs.get(id.0 as usize) else {
            broken("an expression of another program")
        };
        expr
    }

    /// What an expression is made of: its parts, and the bodies of the definitions it reads.
    #[must_use]
    pub fn parts(&self, kind: &ExprKind) -> Vec<ExprId> {
        match kind {
            ExprKind::Constant(_)
            | ExprKind::Parameter(_)
            | ExprKind::Field { .. }
            | ExprKind::Row { .. } => Vec::new(),
            ExprKind::Definition { definition, .. } => {
                self.definition(*definition).map(|found| found.body).into_iter().collect()
            }
            ExprKind::Follow { reference, then, .. } => vec![*reference, *then],
            ExprKind::Single { then, .. } => vec![*then],
            ExprKind::Lookup { pick, condition, then, .. } => {
                [*condition, *then].into_iter().chain(pick.order()).collect()
            }
            ExprKind::Quantify { filter, body, .. } => filter.iter().chain(body).copied().collect(),
            ExprKind::Nearest(found) => {
                [found.text, found.key].into_iter().chain(found.filter).collect()
            }
            ExprKind::Chain(chain) => {
                [chain.before].into_iter().chain(chain.filter).chain(chain.weight).collect()
            }
            ExprKind::Trace(trace) => {
                [trace.filter, Some(trace.activity), trace.order].into_iter().flatten().collect()
            }
            ExprKind::NetElapsed(net) => net.outside().chain(net.inside()).collect(),
            ExprKind::Has(inner) | ExprKind::Not(inner) | ExprKind::Negate(inner) => vec![*inner],
            ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Call(_, parts)
            | ExprKind::Set(parts) => parts.clone(),
            ExprKind::In(value, options) => {
                std::iter::once(value).chain(options).copied().collect()
            }
            ExprKind::Compare(_, a, b)
            | ExprKind::Text(_, a, b)
            | ExprKind::Arithmetic(_, a, b) => vec![*a, *b],
            ExprKind::If(condition, a, b) => vec![*condition, *a, *b],
        }
    }

    /// Expressions with all they are made of, definitions included, each once.
    pub fn reached(
        &self,
        exprs: impl IntoIterator<Item = ExprId>,
    ) -> impl Iterator<Item = ExprId> + '_ {
        let mut open: Vec<ExprId> = exprs.into_iter().collect();
        let mut seen = BTreeSet::new();
        std::iter::from_fn(move || {
            loop {
                let id = open.pop()?;
                if seen.insert(id) {
                    open.extend(self.parts(&self.expr(id).kind));
                    return Some(id);
                }
            }
        })
    }

    /// Whether an expression is the key of the row that a reference names: a text is compared with
    /// it as a key, see [`crate::value::key`].
    #[must_use]
    pub fn is_referred_key(&self, id: ExprId) -> bool {
        let ExprKind::Follow { then, .. } = self.expr(id).kind else { return false };
        let is_key = match self.expr(then).kind {
            ExprKind::Field { frame, field, .. } => {
                self.schema.field(frame, field).is_some_and(|field| field.key)
            }
            _ => self.is_referred_key(then),
        };
        is_key && self.expr(id).ty == Type::Text
    }

    /// Whether an expression reads what is stated somewhere, and computes nothing: then it is given,
    /// or missing, as that is.
    #[must_use]
    pub fn is_stated(&self, id: ExprId) -> bool {
        match &self.expr(id).kind {
            ExprKind::Field { .. } | ExprKind::Row { .. } | ExprKind::Nearest(_) => true,
            ExprKind::Follow { reference, then, .. } => {
                self.is_stated(*reference) && self.is_stated(*then)
            }
            ExprKind::Single { then, .. } | ExprKind::Lookup { then, .. } => self.is_stated(*then),
            ExprKind::Definition { definition, .. } => {
                self.definition(*definition).is_some_and(|found| self.is_stated(found.body))
            }
            _ => false,
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

    /// A pattern.
    #[must_use]
    pub fn pattern(&self, id: PatternId) -> Option<&Pattern> {
        self.patterns.get(id.0 as usize)
    }

    /// `policy.article` by English names.
    #[must_use]
    pub fn article_name(&self, article: &Article) -> String {
        let module = self.modules.get(article.module).map_or("", |module| module.names.en());
        word::dotted([module, article.names.en()])
    }
}
