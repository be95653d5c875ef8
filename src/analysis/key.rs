//! What keys are of: a value, or a row that has a key of its own in the end.

use super::{Analyzer, Error};
use crate::invariant::fit;
use crate::say;
use crate::schema::{FieldId, FrameId, Type};
use std::collections::BTreeSet;

impl Analyzer<'_> {
    /// Keys that are lists, and keys that refer to one another's tables in a ring, tell no rows
    /// apart: they are reported, and count as keys no longer.
    pub(super) fn check_kinds_of_keys(&mut self) {
        let frames = 0..fit(self.program.schema.frames.len());
        let (mut wrong, mut followed) = (BTreeSet::new(), BTreeSet::new());
        for frame in frames.map(FrameId) {
            let Some(key) = self.program.schema.frame(frame).and_then(|found| found.key()) else {
                continue;
            };
            let field = self.program.schema.field(frame, key);
            if let Some((Type::List(_), span)) = field.map(|field| (field.ty, field.span)) {
                let message = say!("列表不能作主键", "a list cannot be a key");
                let help = say!("改用文本、整数或日期的字段", "use a text, a number or a date");
                self.report(Error::BadTable { message, help, span });
                wrong.insert((frame, key));
            }
            let ring = self.ring(frame, &mut followed);
            if !ring.is_empty() {
                self.report(Error::CircularKey {
                    ring: ring.iter().filter_map(|at| self.key_words(*at)).collect(),
                });
                wrong.extend(ring);
            }
        }
        for (frame, key) in wrong {
            let frame = self.schema_mut().frames.get_mut(frame.0 as usize);
            if let Some(field) = frame.and_then(|frame| frame.fields.get_mut(key.0 as usize)) {
                (field.key, field.unique) = (false, false);
            }
        }
    }

    /// The keys that lead back to one another on the way from a table's key, if they were not
    /// followed before; empty where there are none.
    fn ring(&self, table: FrameId, followed: &mut BTreeSet<FrameId>) -> Vec<(FrameId, FieldId)> {
        let schema = &self.program.schema;
        let mut way: Vec<(FrameId, FieldId)> = Vec::new();
        let mut at = table;
        while followed.insert(at) {
            let Some(key) = schema.frame(at).and_then(|frame| frame.key()) else {
                return Vec::new();
            };
            way.push((at, key));
            match schema.field(at, key).map(|field| field.ty) {
                Some(Type::Ref(next)) => at = next,
                _ => return Vec::new(),
            }
        }
        let start = way.iter().position(|(frame, _)| *frame == at).unwrap_or(way.len());
        way.split_off(start)
    }

    /// A table, its key, and where the key is declared.
    fn key_words(
        &self,
        (frame, key): (FrameId, FieldId),
    ) -> Option<(String, String, crate::text::Span)> {
        let found = self.program.schema.frame(frame)?;
        let field = found.field(key)?;
        Some((found.names.name.to_string(), field.names.name.to_string(), field.span))
    }
}
