//! How the manifests have one file read: what says the same in both files is no change of the rows.

use super::declaration::{Key, Kind, restored};
use crate::data::Input;
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{Policy, Rows, Run};
use crate::schema::{FrameId, Schema};
use std::collections::BTreeSet;

/// The earlier files, read as the later manifest says: each file of a table as the later one at its
/// place, where the two hold the same bytes, or where that can be done as well.
pub fn as_later(old: &Run, new: &Run) -> Vec<Input> {
    let inputs = old.rows.inputs();
    let paired: Vec<Option<&Input>> = pairs((old, inputs), new);
    let take = |which: &dyn Fn(&Input, &Input) -> bool| -> Vec<Input> {
        let taken = inputs.iter().zip(&paired).map(|(own, other)| match other {
            Some(other) if which(own, other) => {
                Input { mapping: other.mapping.clone(), ..own.clone() }
            }
            _ => own.clone(),
        });
        taken.collect()
    };
    let differ = |own: &Input, other: &Input| own.mapping != other.mapping;
    let sure = take(&|own, other| differ(own, other) && is_same_file(own, other));
    let all = take(&differ);
    let mappings =
        |inputs: &[Input]| inputs.iter().map(|input| input.mapping.clone()).collect::<Vec<_>>();
    if mappings(&all) == mappings(&sure) {
        return sure;
    }
    let before = old.rows.reread(&old.policy, inputs);
    let after = old.rows.reread(&old.policy, &all);
    if after.diagnostics.len() > before.diagnostics.len() { sure } else { all }
}

/// The later rows, with what these keys of the manifest say as the earlier one says it; `None` where
/// the files cannot be read so.
pub fn undone(old: &Run, new: &Run, policy: &Policy, keys: &BTreeSet<Key>) -> Option<Rows> {
    let inputs = new.rows.inputs();
    let back = inputs.iter().zip(pairs((new, inputs), old)).map(|(own, other)| {
        let Some(other) = other else { return own.clone() };
        let table = path(new.schema(), own.frame);
        let of = |key: &&Key| key.kind == Kind::Manifest;
        let named = keys.iter().filter(of).filter_map(|key| key.name.rsplit_once('.'));
        let named = named.filter(|(frame, _)| *frame == table);
        let mapping = named
            .fold(own.mapping.clone(), |mapping, (_, key)| restored(&mapping, key, &other.mapping));
        Input { mapping, ..own.clone() }
    });
    let rows = new.rows.reread(policy, &back.collect::<Vec<_>>());
    let most = errors(&old.rows.diagnostics).max(errors(&new.rows.diagnostics));
    (errors(&rows.diagnostics) <= most).then_some(rows)
}

fn errors(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
}

/// The file of another run at the place of each of these, among those of the same table.
fn pairs<'o>((run, inputs): (&Run, &[Input]), other: &'o Run) -> Vec<Option<&'o Input>> {
    let mut left: Vec<&Input> = other.rows.inputs().iter().collect();
    let pair = |input: &Input| {
        let frame = run.schema().same_frame(other.schema(), input.frame)?;
        let at = left.iter().position(|found| found.frame == frame)?;
        Some(left.remove(at))
    };
    inputs.iter().map(pair).collect()
}

/// `table.list` of a frame, by English names.
fn path(schema: &Schema, frame: FrameId) -> String {
    let Some(found) = schema.frame(frame) else { return String::new() };
    match found.parent {
        Some((parent, _)) => format!("{}.{}", path(schema, parent), found.names.en()),
        None => found.names.en().to_owned(),
    }
}

/// Whether two files hold the same bytes.
fn is_same_file(one: &Input, other: &Input) -> bool {
    const STEP: u64 = 1 << 20;
    let len = one.store.len();
    let read = |input: &Input, at: u64| input.store.read(at, len.min(at + STEP)).ok();
    let mut steps = (0..len).step_by(1 << 20);
    len == other.store.len()
        && steps.all(|at| read(one, at).is_some_and(|bytes| read(other, at) == Some(bytes)))
}
