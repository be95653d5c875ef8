//! Another field in the place of a field: one of the same table and the same type; of a list, one
//! whose elements are alike.

use super::Known;
use crate::diagnostic::Bilingual;
use crate::program::ExprKind;
use crate::say;
use crate::schema::{Field, FieldId, Frame, FrameId, Names, Type};
use crate::syntax::tree::Name;

impl Known<'_> {
    /// The name of each other field that may be meant, with the words for it.
    pub(super) fn other_fields(&self, name: &Name) -> Vec<(Name, Bilingual)> {
        let Some(meant) = self.names.get(&name.span) else { return Vec::new() };
        let mut found: Vec<String> = Vec::new();
        for frame in self.frames_of(name, meant) {
            let Some(own) = frame.fields.iter().find(|field| field.names == *meant) else {
                continue;
            };
            let alike = frame
                .fields
                .iter()
                .filter(|field| field.names != *meant && self.is_alike(own.ty, field.ty));
            for field in alike {
                let text = field.names.name.to_string();
                if !found.contains(&text) {
                    found.push(text);
                }
            }
        }
        let named = |text: String| {
            let what = say!("改为 {text}", "made {text}");
            (Name { text, span: name.span }, what)
        };
        found.into_iter().map(named).collect()
    }

    /// Whether a field of one type can stand for one of another: lists, where what is said of the
    /// elements of one can be said of those of the other.
    fn is_alike(&self, one: Type, other: Type) -> bool {
        let (Type::List(one), Type::List(other)) = (one, other) else { return one == other };
        let schema = &self.program.schema;
        let (Some(one), Some(other)) = (schema.frame(one), schema.frame(other)) else {
            return false;
        };
        let shared = |field: &Field| {
            let same = |found: &&Field| found.names == field.names || one.plain;
            other.fields.iter().find(same).is_some_and(|found| self.is_alike(field.ty, found.ty))
        };
        one.plain == other.plain && one.fields.iter().any(shared)
    }

    /// The tables whose field a name is: the one where it is read; where that is not kept, any that
    /// has such a field.
    fn frames_of(&self, name: &Name, meant: &Names) -> Vec<&Frame> {
        let schema = &self.program.schema;
        let has = |frame: &&Frame| frame.fields.iter().any(|field| field.names == *meant);
        let read = self.program.exprs.iter().filter(|expr| expr.span == name.span);
        let mut read: Vec<(FrameId, FieldId)> = read
            .filter_map(|expr| match expr.kind {
                ExprKind::Field { frame, field, .. } => Some((frame, field)),
                _ => None,
            })
            .collect();
        read.sort_unstable();
        read.dedup();
        let exact: Vec<&Frame> =
            read.iter().filter_map(|(frame, _)| schema.frame(*frame)).filter(has).collect();
        if exact.is_empty() { schema.frames.iter().filter(has).collect() } else { exact }
    }
}
