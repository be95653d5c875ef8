//! Kinds of correction, as a manifest declares them, and how many rows have each.

use super::{Match, TableEdit};
use crate::finding::Subject;
use std::collections::BTreeSet;

/// A kind of correction.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Kind {
    /// What it is called.
    pub name: String,
    /// Fields whose change is of this kind: `field` or `table.field`, in either language.
    pub fields: Vec<String>,
    /// Proposed matches that are of this kind.
    pub matches: Vec<Match>,
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
    let mut corrections: Vec<Correction> =
        kinds.iter().map(|kind| Correction { kind: Some(kind.name.clone()), rows: Vec::new() }).collect();
    let mut others = Correction { kind: None, rows: Vec::new() };
    for table in tables {
        for row in &table.changed {
            let mut of: BTreeSet<usize> = BTreeSet::new();
            let mut other = false;
            for field in &row.fields {
                let fits = |name: &str| named(name, &[&table.names.zh, &table.names.en], &[&field.names.zh, &field.names.en]);
                let found: Vec<usize> =
                    kinds.iter().enumerate().filter(|(_, kind)| kind.fields.iter().any(|name| fits(name))).map(|(at, _)| at).collect();
                other |= found.is_empty();
                of.extend(found);
            }
            of.into_iter().filter_map(|at| Some((at, kinds.get(at)?))).for_each(|(at, _)| {
                corrections.get_mut(at).into_iter().for_each(|correction| correction.rows.push(row.subject.clone()));
            });
            if other {
                others.rows.push(row.subject.clone());
            }
        }
        for pairing in &table.pairings {
            for (kind, correction) in kinds.iter().zip(&mut corrections) {
                if kind.matches.contains(&pairing.kind) {
                    correction.rows.extend(pairing.new.iter().cloned());
                }
            }
        }
    }
    corrections.extend(Some(others).filter(|others| !others.rows.is_empty()));
    corrections
}

fn named(name: &str, table: &[&String], field: &[&String]) -> bool {
    match name.split_once('.') {
        Some((before, after)) => table.iter().any(|name| *name == before) && field.iter().any(|name| *name == after),
        None => field.iter().any(|field| *field == name),
    }
}
