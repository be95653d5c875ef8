//! The ways from tables to groups: references to follow, and the field that gives the group.

use crate::diagnostic::Bilingual;
use crate::schema::{FieldId, FrameId, Names, Schema};
use std::collections::BTreeMap;

/// A field of a table.
pub type Step = (FrameId, FieldId);

/// Fields, each of the table that the one before refers to.
pub type Way = Vec<Step>;

/// At most this many ways of one length are kept.
const KEPT: usize = 8;

/// Adds to the ways from some tables the shortest from all tables that lead to these, in order of
/// declaration; none through the table `closed`.
pub(super) fn extend(
    schema: &Schema,
    ways: &mut BTreeMap<FrameId, Vec<Way>>,
    closed: Option<FrameId>,
) {
    let given = ways.values().flatten().map(Vec::len).max().unwrap_or(0);
    for length in 1..=given + schema.frames.len() {
        for (frame, shape) in schema.tables() {
            if ways.contains_key(&frame) || closed == Some(frame) {
                continue;
            }
            let mut found = Vec::new();
            for (field, shape) in (0..).map(FieldId).zip(&shape.fields) {
                let onward = shape.ty.table().and_then(|next| ways.get(&next));
                let onward = onward.into_iter().flatten().filter(|way| way.len() + 1 == length);
                found.extend(onward.map(|way| [&[(frame, field)], way.as_slice()].concat()));
            }
            found.truncate(KEPT);
            if !found.is_empty() {
                ways.insert(frame, found);
            }
        }
    }
}

/// A way by its names: `借.书.架`.
pub(super) fn named(schema: &Schema, way: &[Step]) -> Bilingual {
    let names = |name: fn(&Names) -> &str| {
        let table = way.first().and_then(|(frame, _)| schema.frame(*frame));
        let fields = way.iter().filter_map(|(frame, field)| schema.field(*frame, *field));
        let parts = table.map(|frame| &frame.names).into_iter();
        let parts = parts.chain(fields.map(|field| &field.names)).map(name);
        parts.collect::<Vec<_>>().join(".")
    };
    Bilingual::new(names(Names::zh), names(Names::en))
}

/// The shortest end of a way that tells it from another.
pub(super) fn telling(schema: &Schema, way: &[Step], other: &[Step]) -> Bilingual {
    let alike = way.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    named(schema, way.get(way.len().saturating_sub(alike + 1)..).unwrap_or(way))
}
