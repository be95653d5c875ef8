//! What a sentence says of its subject.

use super::{Expr, Name, Text};
use crate::text::Span;

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
