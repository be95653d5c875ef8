//! The words that sentences may be made of: the names that files declare.

use super::keyword;
use super::tree::{FieldDecl, File, ItemKind, Names, TypeExpr};
use super::word;
use std::collections::{BTreeSet, HashSet};

/// The words that a sentence may be made of.
#[derive(Debug, Default)]
pub struct Words {
    pub(super) known: HashSet<String>,
    /// Those of them that are no identifiers, in order.
    pub(super) odd: BTreeSet<String>,
    /// Those of them that a sentence may speak of.
    pub(super) subjects: HashSet<String>,
}

impl Words {
    /// One more name.
    pub fn add(&mut self, name: &str) {
        if !word::is_identifier(name) && !name.is_empty() {
            self.odd.insert(name.to_owned());
        }
        self.known.insert(name.to_owned());
    }

    /// All names that a file declares; those of articles are never used.
    pub fn declared(&mut self, file: &File) {
        for item in &file.items {
            match &item.kind {
                ItemKind::Header(decl) => self.both(&decl.names),
                ItemKind::Enum(decl) => {
                    self.both(&decl.names);
                    decl.values.iter().for_each(|value| self.both(&value.names));
                }
                ItemKind::Table(decl) => {
                    self.subject(&decl.names);
                    self.fields(&decl.fields);
                }
                ItemKind::Calendar(decl) => self.both(&decl.names),
                ItemKind::Parameter(decl) => self.both(&decl.names),
                ItemKind::Definition(decl) => self.subject(&decl.names),
                ItemKind::Process(decl) => self.both(&decl.names),
                ItemKind::Measure(decl) => self.both(&decl.names),
                ItemKind::Use(_)
                | ItemKind::Decision(_)
                | ItemKind::Division(_)
                | ItemKind::Article(_) => {}
            }
        }
    }

    fn fields(&mut self, fields: &[FieldDecl]) {
        for field in fields {
            match &field.ty {
                TypeExpr::Record(inner) => {
                    self.subject(&field.names);
                    self.fields(inner);
                }
                _ => self.both(&field.names),
            }
        }
    }

    fn both(&mut self, names: &Names) {
        names.iter().for_each(|name| self.add(&name.text));
    }

    fn subject(&mut self, names: &Names) {
        self.both(names);
        self.subjects.extend(names.iter().map(|name| name.text.clone()));
    }

    pub(super) fn is_name(&self, word: &str) -> bool {
        self.known.contains(word) && !keyword::is_reserved(word)
    }
}
