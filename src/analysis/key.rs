//! What keys are of: a value, or a row that has a key of its own in the end.

use super::wording::{Parts, parts};
use super::{Analyzer, Error};
use crate::invariant::{broken, fit};
use crate::say;
use crate::schema::{FieldId, FrameId, Type};
use crate::text::Span;
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

/// Keys that refer to one another's tables.
pub(super) fn circular_key(ring: &[(String, String, Span)]) -> Parts {
    let Some((table, key, span)) = ring.first() else { broken("a ring of nothing") };
    let message = if ring.len() == 1 {
        say!(
            "`{table}` 的主键 `{key}` 指向它自己的表，认不出各行",
            "the key `{key}` of `{table}` refers to its own table: it tells no rows apart"
        )
    } else {
        let names = ring.iter().map(|(table, ..)| table).chain([table]);
        let way = names.map(|table| format!("`{table}`")).collect::<Vec<_>>().join(" → ");
        say!(
            "主键互相指向，认不出各行：{way}",
            "these keys refer to one another and tell no rows apart: {way}"
        )
    };
    let help = say!(
        "主键用文本、整数或日期；指向另一行的，另设一个字段",
        "let a text, a number or a date be the key, and another field refer to the other row"
    );
    let first = parts("circular_key", message, Some(help), *span);
    let others = ring.iter().skip(1);
    others.fold(first, |parts, (_, _, span)| parts.and(*span, say!("又指向下一个", "and on")))
}
