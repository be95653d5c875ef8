//! Articles, decisions, measures and the calendar.

use super::{ArticleId, ExprId};
use crate::diagnostic::Bilingual;
use crate::schema::{EnumId, FieldId, FrameId, Names};
use crate::syntax::tree::{ArticleNumber, Modal};
use crate::syntax::word;
use crate::text::Span;
use std::sync::Arc;

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
    /// The articles with which it overrides in a circle: of a row that it and one of them govern,
    /// nobody knows which goes first.
    pub rivals: Vec<ArticleId>,
    /// What it cites, with places.
    pub cites: Vec<Citation>,
    /// False where it is out of its period of effect.
    pub in_effect: bool,
    /// False where something in it has an error: a sentence that is left out, an article it
    /// overrides.
    pub whole: bool,
    /// Its heading's place.
    pub span: Span,
}

impl Article {
    /// `第二条 名`, `article 2 name`; the number alone of one that has no name and is called by it.
    #[must_use]
    pub fn title(&self) -> Bilingual {
        let (number, digits) =
            (word::article_number(self.number), word::english_number(self.number));
        let is_named = self.names.zh() != number;
        let with = |number: String, name: &str| match is_named {
            true => format!("{number} {name}"),
            false => number,
        };
        Bilingual {
            zh: with(number.clone(), self.names.zh()),
            en: with(format!("article {digits}"), self.names.en()),
        }
    }
}

/// A citation.
#[derive(Clone, Debug)]
pub struct Citation {
    /// As written.
    pub text: String,
    /// The title alone.
    pub title: String,
    /// The place in it, with remarks; empty where none is named.
    pub place: String,
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

impl Sentence {
    /// Its condition, its exception and what it requires.
    pub fn stated(&self) -> impl Iterator<Item = ExprId> + '_ {
        let required = match self.clause {
            Clause::Require { condition, .. } => Some(condition),
            Clause::Refer(_) | Clause::Demand { .. } => None,
        };
        [self.condition, self.exception, required].into_iter().flatten()
    }
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
        /// Index in `Program::decisions`.
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
    /// `提请 “…”`, with values in it.
    Refer(Vec<MessagePart>),
}

/// A sentence that could not be understood, or text that may hold one: what it may demand, nobody
/// knows.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The article it stands in, if that is known.
    pub article: Option<ArticleId>,
    /// The rows it speaks of, if those are known.
    pub frame: Option<FrameId>,
    /// What it may demand: by decision and enum value.
    pub demands: Vec<(usize, usize)>,
    /// Its place; none for a policy that could not be read.
    pub span: Option<Span>,
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
    /// `否则 照报`: where no article applies, what is declared stands.
    pub as_declared: bool,
    /// False where a part of it could not be understood: then nothing is known to be required.
    pub understood: bool,
    /// Its place.
    pub span: Span,
}

impl Decision {
    /// Whether it says what holds where no article applies.
    #[must_use]
    pub fn has_otherwise(&self) -> bool {
        self.otherwise.is_some() || self.as_declared
    }
}

/// A 指标: a figure, or the change from one to another of its type.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its policy.
    pub module: usize,
    /// Its names.
    pub names: Names,
    /// The figure; of a change, the one before.
    pub figure: Figure,
    /// The figure after a change; split into groups of the same type where the one before is.
    pub after: Option<Figure>,
    /// Its place.
    pub span: Span,
}

/// A figure of a 指标.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Its value.
    pub body: ExprId,
    /// With 按: each list form it is computed from, with the group seen from its element.
    pub by: Vec<(ExprId, ExprId)>,
}

impl Figure {
    /// What it is split by, seen from an element of its first list form.
    #[must_use]
    pub fn group(&self) -> Option<ExprId> {
        self.by.first().map(|(_, group)| *group)
    }
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
