//! The words that sentences may be made of: the names that files declare.

use super::grammar::Rule;
use super::keyword;
use super::tree::{FieldDecl, File, ItemKind, Names, TypeExpr};
use super::word;
use std::collections::{BTreeSet, HashSet};

/// The words that a sentence may be made of.
#[derive(Clone, Debug, Default, PartialEq)]
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

/// The names of declarations that were begun and could not be read; of tables and enumerations
/// every word in them.
#[must_use]
pub fn lost(text: &str, file: &File) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut at, mut is_within) = (0, false);
    for line in text.split_inclusive('\n') {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        // Declarations stand in the order of the text.
        let begun = file.items.partition_point(|item| item.span.range().start <= start);
        let last = begun.checked_sub(1).and_then(|last| file.items.get(last));
        let line = line.trim().split(['#', '＃']).next().unwrap_or("");
        let first = word::identifier(line);
        let rest = line.get(first.len()..).unwrap_or("");
        if last.is_some_and(|item| item.span.range().contains(&start))
            || word::is_article_number(first)
        {
            is_within = false;
        } else if keyword::begins_declaration(first) && rest.starts_with(char::is_whitespace) {
            let name = |text: &str| word::identifier(text.trim_start()).to_owned();
            names.insert(name(rest));
            names.extend(rest.split_once('|').map(|(_, alias)| name(alias)));
            let lists = |own: &keyword::Keyword| matches!(own.rule, Rule::kw_table | Rule::kw_enum);
            is_within = keyword::spelt(first).any(lists);
        }
        if is_within {
            let words = line.split(|letter: char| !word::continues(letter));
            names.extend(words.map(str::to_owned));
        }
    }
    names.remove("");
    names
}
