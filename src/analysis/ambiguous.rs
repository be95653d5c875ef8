//! What is declared twice under one name: nobody knows which is meant, so what rests on it is not
//! judged. That it is declared twice is told once, where it is.

use super::Analyzer;
use crate::program::{ExprId, ExprKind, Sentence};
use crate::schema::{EnumId, FieldId, FrameId, Type};
use std::collections::BTreeSet;

/// Declarations that share a name with another.
#[derive(Debug, Default)]
pub(super) struct Ambiguous {
    /// Enums called as another thing, or of which two values have a name or a spelling in common.
    pub enums: BTreeSet<EnumId>,
    /// Tables called as another thing.
    pub tables: BTreeSet<FrameId>,
    /// Fields that have a heading in common, or of which one text reads as two values.
    pub fields: BTreeSet<(FrameId, FieldId)>,
}

impl Ambiguous {
    fn is_empty(&self) -> bool {
        self.enums.is_empty() && self.tables.is_empty() && self.fields.is_empty()
    }
}

impl Analyzer<'_> {
    /// Whether a sentence rests on something that is declared twice.
    pub(super) fn is_ambiguous(&self, sentence: &Sentence) -> bool {
        if self.ambiguous.is_empty() {
            return false;
        }
        self.is_ambiguous_table(sentence.frame)
            || self.program.reached(sentence.stated()).any(|id| self.is_ambiguous_part(id))
    }

    /// Whether rows are of a table that is declared twice.
    pub(super) fn is_ambiguous_table(&self, frame: FrameId) -> bool {
        self.ambiguous.tables.contains(&self.program.schema.root(frame))
    }

    fn is_ambiguous_part(&self, id: ExprId) -> bool {
        let expr = self.program.expr(id);
        let by_type = match expr.ty {
            Type::Enum(of) => self.ambiguous.enums.contains(&of),
            Type::Ref(frame) | Type::List(frame) => self.is_ambiguous_table(frame),
            _ => false,
        };
        by_type
            || match &expr.kind {
                ExprKind::Field { frame, field, .. } => {
                    self.is_ambiguous_table(*frame)
                        || self.ambiguous.fields.contains(&(*frame, *field))
                }
                ExprKind::Quantify { list, .. } | ExprKind::Lookup { list, .. } => {
                    self.is_ambiguous_table(list.frame())
                }
                _ => false,
            }
    }
}
