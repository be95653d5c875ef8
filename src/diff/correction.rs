//! Kinds of correction, as a manifest declares them, and how many rows have each.

use super::identity::Entry;
use super::row::Touch;
use super::{FieldEdit, Match, Pairing, RowEdit, TableEdit};
use crate::diagnostic::Bilingual;
use crate::engine::RowKey;
use crate::schema::Schema;
use crate::workspace::{self, Manifest};
use std::collections::BTreeSet;

/// A kind of correction.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Kind {
    /// What it is called.
    pub name: String,
    /// What changes where it is made.
    pub fields: Vec<Path>,
    /// What may become of rows that is of this kind, of one table or, without a name, of each.
    pub rows: Vec<(Option<String>, Fate)>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Added,
    /// It is no longer there.
    Removed,
    /// It may be a row that was there under another key.
    Matched(Match),
}

/// Something of a row that may change, by names in either language: `field`, `table.field`,
/// `table.list.field`; `table.other`, the rows of another table that refer to it, and
/// `table.other.field`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Path {
    table: Option<String>,
    step: String,
    field: Option<String>,
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        let mut steps = text.splitn(3, '.').map(str::to_owned);
        match (steps.next(), steps.next(), steps.next()) {
            (Some(table), Some(step), field) => Self { table: Some(table), step, field },
            (step, ..) => Self { table: None, step: step.unwrap_or_default(), field: None },
        }
    }
}

/// The kinds a manifest declares.
#[must_use]
pub fn kinds(manifest: &Manifest) -> Vec<Kind> {
    let kind = |correction: &workspace::Correction| Kind {
        name: correction.name.clone(),
        fields: correction.fields.iter().map(|(path, _)| path.as_str().into()).collect(),
        rows: correction.rows.iter().filter_map(|(rows, _)| fate(rows)).collect(),
    };
    manifest.corrections.iter().map(kind).collect()
}

/// `merged`, `table.merged`.
fn fate(text: &str) -> Option<(Option<String>, Fate)> {
    let (table, kind) =
        text.rsplit_once('.').map_or((None, text), |(table, kind)| (Some(table.to_owned()), kind));
    let kind = match kind {
        "added" => Fate::Added,
        "removed" => Fate::Removed,
        "renamed" => Fate::Matched(Match::Renamed),
        "merged" => Fate::Matched(Match::Merged),
        "split" => Fate::Matched(Match::Split),
        _ => return None,
    };
    Some((table, kind))
}

/// A kind with the rows that have it.
#[derive(Clone, Debug, Default)]
pub struct Correction {
    /// What it is called; `None` for changes of no declared kind.
    pub kind: Option<String>,
    /// The rows, each once.
    pub rows: Vec<Entry>,
    seen: BTreeSet<RowKey>,
}

impl Correction {
    fn of(kind: Option<String>) -> Self {
        Self { kind, ..Self::default() }
    }

    fn add(&mut self, row: &Entry) {
        if self.seen.insert(row.key.clone()) {
            self.rows.push(row.clone());
        }
    }
}

/// The rows of each kind, in the order declared, then those with a change of no kind; nothing where
/// no kind is declared.
pub fn count(schema: &Schema, tables: &[TableEdit], kinds: &[Kind]) -> Vec<Correction> {
    if kinds.is_empty() {
        return Vec::new();
    }
    let mut corrections: Vec<Correction> =
        kinds.iter().map(|kind| Correction::of(Some(kind.name.clone()))).collect();
    let mut others = Correction::of(None);
    for table in tables {
        // What cannot be read counts for none.
        let read = |row: &'_ RowEdit| {
            row.fields.iter().filter(|field| field.is_read()).cloned().collect::<Vec<_>>()
        };
        for (row, field) in table
            .changed
            .iter()
            .flat_map(|row| read(row).into_iter().map(move |field| (row, field)))
        {
            let mut known = kinds
                .iter()
                .flat_map(|kind| &kind.fields)
                .any(|path| path.is_other(table, &field.names));
            for (kind, correction) in kinds.iter().zip(&mut corrections) {
                if kind.fields.iter().any(|path| path.is_field(table, &field)) {
                    correction.add(&row.row);
                    known = true;
                }
            }
            if !known {
                others.add(&row.row);
            }
        }
        for (kind, correction) in kinds.iter().zip(&mut corrections) {
            for owner in table
                .touched
                .iter()
                .flat_map(|touch| kind.owners(schema, table, touch))
                .filter(|owner| stayed(owner, tables))
            {
                correction.add(owner);
            }
            for pairing in
                table.pairings.iter().filter(|pairing| kind.has(Fate::Matched(pairing.kind), table))
            {
                pairing.new.iter().for_each(|row| correction.add(row));
            }
            // Rows of a proposal that is counted are not counted again.
            let counted = |pairing: &&Pairing| {
                kinds.iter().any(|kind| kind.has(Fate::Matched(pairing.kind), table))
            };
            let (old, new): (Vec<_>, Vec<_>) = table
                .pairings
                .iter()
                .filter(counted)
                .map(|pairing| (&pairing.old, &pairing.new))
                .unzip();
            for (fate, rows, proposed) in
                [(Fate::Added, &table.added, new), (Fate::Removed, &table.removed, old)]
            {
                let alone = rows.iter().filter(|row| {
                    kind.has(fate, table) && !proposed.iter().any(|rows| rows.contains(row))
                });
                alone.for_each(|row| correction.add(row));
            }
        }
    }
    corrections.extend(Some(others).filter(|others| !others.rows.is_empty()));
    corrections
}

/// Whether both runs have the row: what refers to a row that came or went is no change of it.
fn stayed(row: &Entry, tables: &[TableEdit]) -> bool {
    let moved = tables.iter().flat_map(|table| table.added.iter().chain(&table.removed));
    !moved.into_iter().any(|other| other.key == row.key)
}

/// Whether a name, where there is one, is one of these.
fn names(name: Option<&str>, those: &Bilingual) -> bool {
    name.is_none_or(|name| those.zh == name || those.en == name)
}

impl Kind {
    fn has(&self, found: Fate, table: &TableEdit) -> bool {
        self.rows.iter().any(|(name, fate)| *fate == found && names(name.as_deref(), &table.names))
    }

    /// The rows of which what a row of another table says is a change of this kind.
    fn owners<'t>(
        &self,
        schema: &Schema,
        other: &TableEdit,
        touch: &'t Touch,
    ) -> impl Iterator<Item = &'t Entry> {
        let paths = self.fields.iter().filter(|path| {
            path.table.is_some() && touch.fields.iter().any(|field| path.is_other(other, field))
        });
        let is_field = |path: &Path, owner: &Entry| {
            schema.tables().any(|(_, frame)| {
                frame.names.matches(&owner.subject.table.en) && frame.called(&path.step).is_some()
            })
        };
        let paths: Vec<&Path> = paths.collect();
        let wanted = |owner: &&Entry| {
            paths.iter().any(|path| {
                names(path.table.as_deref(), &owner.subject.table) && !is_field(path, owner)
            })
        };
        touch.owners.iter().filter(wanted).collect::<Vec<_>>().into_iter()
    }
}

impl Path {
    /// Whether it is a field of the table, or of the elements of a list of it, that differs.
    fn is_field(&self, table: &TableEdit, field: &FieldEdit) -> bool {
        let part = |name: &String| field.parts.iter().any(|part| names(Some(name), part));
        names(self.table.as_deref(), &table.names)
            && names(Some(&self.step), &field.names)
            && self.field.as_ref().is_none_or(part)
    }

    /// Whether it may be this field of the rows of another table.
    fn is_other(&self, other: &TableEdit, field: &Bilingual) -> bool {
        self.table.is_some()
            && names(Some(&self.step), &other.names)
            && names(self.field.as_deref(), field)
    }
}
