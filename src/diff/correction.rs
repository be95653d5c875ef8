//! Kinds of correction, as a manifest declares them, and how many rows have each.

use super::{Match, RowEdit, TableEdit};
use crate::finding::Subject;
use std::collections::BTreeSet;

/// A kind of correction.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Kind {
    /// What it is called.
    pub name: String,
    /// Fields whose change is of this kind: `field` or `table.field`, in either language.
    pub fields: Vec<String>,
    /// What may become of rows that is of this kind.
    pub rows: Vec<Fate>,
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

/// A kind with the rows that have it.
#[derive(Clone, Debug)]
pub struct Correction {
    /// What it is called; `None` for changes of no declared kind.
    pub kind: Option<String>,
    /// The rows.
    pub rows: Vec<Subject>,
}

/// The rows of each kind, in the order declared, then those with a change of no kind; nothing where no kind is declared.
pub fn count(tables: &[TableEdit], kinds: &[Kind]) -> Vec<Correction> {
    if kinds.is_empty() {
        return Vec::new();
    }
    let mut counts = Counts {
        kinds,
        of: kinds.iter().map(|kind| Correction { kind: Some(kind.name.clone()), rows: Vec::new() }).collect(),
        others: Correction { kind: None, rows: Vec::new() },
    };
    for table in tables {
        table.changed.iter().for_each(|row| counts.changed(table, row));
        let (mut old, mut new) = (Vec::new(), Vec::new());
        let counted: Vec<_> = table.pairings.iter().filter(|pairing| counts.has(Fate::Matched(pairing.kind))).collect();
        for pairing in counted {
            pairing.new.iter().for_each(|row| counts.row(Fate::Matched(pairing.kind), row));
            old.extend(&pairing.old);
            new.extend(&pairing.new);
        }
        // Rows of a proposal that is counted are not counted again.
        table.added.iter().filter(|row| !new.contains(row)).for_each(|row| counts.row(Fate::Added, row));
        table.removed.iter().filter(|row| !old.contains(row)).for_each(|row| counts.row(Fate::Removed, row));
    }
    let Counts { mut of, others, .. } = counts;
    of.extend(Some(others).filter(|others| !others.rows.is_empty()));
    of
}

/// The kinds while rows are counted.
struct Counts<'k> {
    kinds: &'k [Kind],
    of: Vec<Correction>,
    others: Correction,
}

impl Counts<'_> {
    fn has(&self, fate: Fate) -> bool {
        self.kinds.iter().any(|kind| kind.rows.contains(&fate))
    }

    fn row(&mut self, fate: Fate, row: &Subject) {
        if !self.has(fate) {
            self.others.rows.push(row.clone());
        }
        let of = self.kinds.iter().zip(&mut self.of).filter(|(kind, _)| kind.rows.contains(&fate));
        of.for_each(|(_, correction)| correction.rows.push(row.clone()));
    }

    /// A row counts once for each kind that one of its changed fields is of; what cannot be read counts for none.
    fn changed(&mut self, table: &TableEdit, row: &RowEdit) {
        let (mut of, mut other) = (BTreeSet::new(), false);
        for field in row.fields.iter().filter(|field| field.is_read()) {
            let fits = |name: &str| named(name, &[&table.names.zh, &table.names.en], &[&field.names.zh, &field.names.en]);
            let found = self.kinds.iter().enumerate().filter(|(_, kind)| kind.fields.iter().any(|name| fits(name)));
            let found: Vec<usize> = found.map(|(at, _)| at).collect();
            other |= found.is_empty();
            of.extend(found);
        }
        for (_, correction) in self.of.iter_mut().enumerate().filter(|(at, _)| of.contains(at)) {
            correction.rows.push(row.subject.clone());
        }
        if other {
            self.others.rows.push(row.subject.clone());
        }
    }
}

fn named(name: &str, table: &[&String], field: &[&String]) -> bool {
    match name.split_once('.') {
        Some((before, after)) => table.iter().any(|name| *name == before) && field.iter().any(|name| *name == after),
        None => field.iter().any(|field| *field == name),
    }
}
