//! What stands where in the policies: declarations, and every place where one is spoken of.

use super::answer::What;
use crate::engine::Policy;
use crate::syntax::tree::{EnumDecl, FieldDecl, File, Item, ItemKind, Names, TableDecl, TypeExpr};
use crate::text::{FileId, Span};
use std::collections::BTreeMap;

/// The longest name that is looked for, in characters.
const LONGEST: usize = 64;

/// A declaration, by its place among all.
pub(super) type Id = usize;

/// Something that has a name.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    /// What it is.
    pub kind: What,
    /// Its names as written.
    pub names: Names,
    /// All of it.
    pub span: Span,
    /// What it is declared in: the table of a field, the enum of a value.
    pub owner: Option<Id>,
}

/// A place where a declaration is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Where.
    pub span: Span,
    /// Of what.
    pub id: Id,
    /// Whether it is declared there.
    pub declares: bool,
}

/// All declarations and occurrences of a policy.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The declarations in the order of files and texts.
    pub declarations: Vec<Declaration>,
    /// The occurrences in the same order.
    occurrences: Vec<Occurrence>,
    /// By the beginning of the declaration and of its name.
    starts: BTreeMap<(FileId, u32), Id>,
    /// By name.
    named: BTreeMap<String, Vec<Id>>,
}

impl Index {
    pub(super) fn of(policy: &Policy) -> Self {
        let mut index = Self::default();
        for file in policy.phrases.files.iter() {
            file.items.iter().for_each(|item| index.item(item));
        }
        let mut occurrences: BTreeMap<Span, Occurrence> = BTreeMap::new();
        let refers = policy.refers.iter().filter_map(|(span, to)| {
            let id = *index.starts.get(&(to.file, to.start))?;
            let declares = index.declarations.get(id)?.names.iter().any(|own| own.span == *span);
            Some(Occurrence { span: *span, id, declares })
        });
        occurrences.extend(refers.map(|found| (found.span, found)));
        // What was not understood is declared none the less.
        for (id, declared) in index.declarations.iter().enumerate() {
            for name in declared.names.iter() {
                let own = Occurrence { span: name.span, id, declares: true };
                occurrences.entry(name.span).or_insert(own);
            }
        }
        index.articles(policy.phrases.files.as_slice(), &mut occurrences);
        index.occurrences = occurrences.into_values().collect();
        index
    }

    /// What is spoken of at a byte of a file; at the end of a word, that word.
    pub(super) fn at(&self, file: FileId, offset: usize) -> Option<Occurrence> {
        let offset = u32::try_from(offset).ok()?;
        let after = self
            .occurrences
            .partition_point(|found| (found.span.file, found.span.start) <= (file, offset));
        let holds = |found: &&Occurrence| {
            found.span.file == file && found.span.start <= offset && offset <= found.span.end
        };
        let before = self.occurrences.get(..after)?;
        let touching = before.iter().rev().take(4).filter(holds);
        touching
            .min_by_key(|found| (offset == found.span.end, found.span.end - found.span.start))
            .copied()
    }

    /// The places in a file where anything is spoken of.
    pub(super) fn of_file(&self, file: FileId) -> &[Occurrence] {
        let start = self.occurrences.partition_point(|found| found.span.file < file);
        let end = self.occurrences.partition_point(|found| found.span.file <= file);
        self.occurrences.get(start..end).unwrap_or_default()
    }

    /// The places where a declaration is spoken of.
    pub(super) fn spoken_of(&self, id: Id) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().filter(move |found| found.id == id)
    }

    /// The declarations of a name.
    pub(super) fn named(&self, name: &str) -> &[Id] {
        self.named.get(name).map_or(&[], Vec::as_slice)
    }

    /// The longest name that a text begins with.
    pub(super) fn begins(&self, text: &str) -> Option<&str> {
        let ends = text.char_indices().map(|(at, letter)| at + letter.len_utf8());
        let names = ends
            .take(LONGEST)
            .filter_map(|end| self.named.get_key_value(text.get(..end)?).map(|(name, _)| &**name));
        names.last()
    }

    /// What a declaration is in at last: the table of a field.
    pub(super) fn root(&self, id: Id) -> Id {
        let owner = self.get(id).and_then(|declared| declared.owner);
        owner.map_or(id, |owner| self.root(owner))
    }

    /// A declaration.
    pub(super) fn get(&self, id: Id) -> Option<&Declaration> {
        self.declarations.get(id)
    }

    /// The declaration that begins, or whose name begins, at a place.
    pub(super) fn declared_at(&self, span: Span) -> Option<Id> {
        self.starts.get(&(span.file, span.start)).copied()
    }

    fn add(&mut self, kind: What, names: &Names, span: Span, owner: Option<Id>) -> Id {
        let id = self.declarations.len();
        for start in [span, names.name.span] {
            self.starts.entry((start.file, start.start)).or_insert(id);
        }
        for name in names.iter() {
            self.named.entry(name.text.clone()).or_default().push(id);
        }
        self.declarations.push(Declaration { kind, names: names.clone(), span, owner });
        id
    }

    fn item(&mut self, item: &Item) {
        let span = item.span;
        match &item.kind {
            ItemKind::Header(found) => _ = self.add(What::Policy, &found.names, span, None),
            ItemKind::Enum(found) => self.enumeration(found, span),
            ItemKind::Table(found) => self.table(found, span),
            ItemKind::Calendar(found) => _ = self.add(What::Other, &found.names, span, None),
            ItemKind::Parameter(found) => _ = self.add(What::Parameter, &found.names, span, None),
            ItemKind::Definition(found) => {
                self.add(What::Definition, &found.names, span, None);
            }
            ItemKind::Process(found) => _ = self.add(What::Process, &found.names, span, None),
            ItemKind::Measure(found) => _ = self.add(What::Measure, &found.names, span, None),
            ItemKind::Article(found) => _ = self.add(What::Article, &found.names, span, None),
            ItemKind::Use(_) | ItemKind::Decision(_) | ItemKind::Division(_) => {}
        }
    }

    fn enumeration(&mut self, found: &EnumDecl, span: Span) {
        let id = self.add(What::Enum, &found.names, span, None);
        for value in &found.values {
            self.add(What::Value, &value.names, value.span, Some(id));
        }
    }

    fn table(&mut self, found: &TableDecl, span: Span) {
        let id = self.add(What::Table, &found.names, span, None);
        self.fields(&found.fields, id);
    }

    fn fields(&mut self, fields: &[FieldDecl], owner: Id) {
        for field in fields {
            let id = self.add(What::Field, &field.names, field.span, Some(owner));
            if let TypeExpr::Record(inner) = &field.ty {
                self.fields(inner, id);
            }
        }
    }

    /// Articles that are named by their numbers: `优先于 第三条`.
    fn articles(&self, files: &[File], occurrences: &mut BTreeMap<Span, Occurrence>) {
        use crate::syntax::tree::PartKind;
        let articles = |file: &File| -> Vec<_> {
            let items = file.items.iter();
            let of = |item: &Item| match &item.kind {
                ItemKind::Article(found) => {
                    let id = self.declared_at(found.names.name.span)?;
                    Some((found.number, id, found.clone()))
                }
                _ => None,
            };
            items.filter_map(of).collect()
        };
        let named = |file: &File, name: &str| {
            file.header().is_some_and(|header| header.names.iter().any(|own| own.text == name))
        };
        for file in files {
            for (_, _, article) in articles(file) {
                for part in &article.parts {
                    let PartKind::Overrides(references) = &part.kind else { continue };
                    for reference in references {
                        let of = match &reference.policy {
                            Some(name) => files.iter().find(|file| named(file, &name.text)),
                            None => Some(file),
                        };
                        let all = of.map(&articles).unwrap_or_default();
                        let found = all.iter().find(|(number, ..)| *number == reference.number);
                        if let Some((_, id, _)) = found {
                            let policy = reference.policy.as_ref();
                            let start = policy.map_or(reference.span.start, |policy| {
                                policy.span.end.saturating_add(1).min(reference.span.end)
                            });
                            let span = Span { start, ..reference.span };
                            let own = Occurrence { span, id: *id, declares: false };
                            occurrences.entry(span).or_insert(own);
                        }
                    }
                }
            }
        }
    }
}
