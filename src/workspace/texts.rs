//! Rank 5: the texts of `[texts]`: for each citable table, the files that hold what its rows are the
//! titles of.

use super::data::bounded;
use super::document::{Reader, Value, ordered};
use super::manifest::Manifest;
use super::{Project, limits};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::provision::{Libraries, Library, TextFile};
use crate::say;
use crate::schema::{FrameId, Schema};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use toml::de::DeValue;

/// One entry of `[texts]`.
///
/// # Examples
///
/// ```
/// use fanshi::{Project, Memory};
/// use std::sync::Arc;
///
/// let manifest = "[project]\nname = \"a\"\n[texts]\nrule = \"rules/*.md\"";
/// let files = Memory::new().with("fanshi.toml", manifest);
/// let project = Project::read_in(Arc::new(files), "".as_ref());
/// assert_eq!(project.manifest.texts[0].files[0].0, "rules/*.md");
/// ```
#[derive(Clone, Debug, Default)]
pub struct TextsEntry {
    /// The citable table.
    pub table: String,
    /// Place of the name.
    pub table_span: Range<usize>,
    /// Files or patterns, relative to the manifest, with their places.
    pub files: Vec<(String, Range<usize>)>,
}

impl Reader<'_> {
    /// `[texts]`: a table's name, and files or patterns.
    pub(super) fn texts_of_tables(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (name, value) in self.table("texts", value).into_iter().flat_map(ordered) {
            let files = match value.get_ref() {
                DeValue::String(_) => vec![value],
                _ => self.array(name.get_ref(), value),
            };
            let file = |file: &Value<'_>| (self.file(name.get_ref(), file), file.span());
            let files = files.into_iter().map(file).filter(|(file, _)| !file.is_empty()).collect();
            let (table, table_span) = (name.get_ref().to_string(), name.span());
            manifest.texts.push(TextsEntry { table, table_span, files });
        }
    }
}

impl Project {
    /// The same, where what is wrong with the manifest is told elsewhere.
    #[must_use]
    pub fn texts(&self, schema: &Schema) -> Libraries {
        let mut silent = Self {
            store: self.store.clone(),
            root: self.root.clone(),
            naming: self.naming,
            manifest: Manifest { texts: self.manifest.texts.clone(), ..Manifest::default() },
            ..Self::default()
        };
        silent.open_texts(schema)
    }

    /// Finds the texts of `[texts]`, and learns of each which text it is.
    pub fn open_texts(&mut self, schema: &Schema) -> Libraries {
        let mut files: BTreeMap<FrameId, Vec<TextFile>> = BTreeMap::new();
        let mut seen: HashSet<(FrameId, PathBuf)> = HashSet::new();
        for entry in self.manifest.texts.clone() {
            let Some(table) = self.citable(schema, &entry) else { continue };
            let own = files.entry(table).or_default();
            for (pattern, span) in &entry.files {
                let (found, _) = self.expand(pattern, span.clone());
                for (path, name) in found {
                    if !seen.insert((table, self.store.same(&path))) {
                        continue;
                    }
                    let store = self.store.open(&path);
                    match store.and_then(|store| bounded(store, limits::POLICY.most)) {
                        Ok(store) => own.push(TextFile { name: name.into(), store }),
                        Err(error) => self.unreadable(&path, &name, &error, span.clone()),
                    }
                }
            }
        }
        files.into_iter().map(|(id, files)| (id, Arc::new(Library::index(files)))).collect()
    }

    /// The citable table of an entry.
    fn citable(&mut self, schema: &Schema, entry: &TextsEntry) -> Option<FrameId> {
        let name = &entry.table;
        let citable = || schema.tables().filter(|(_, frame)| frame.citable.is_some());
        let called = schema.tables().find(|(_, frame)| frame.names.matches(name));
        let said = match called {
            Some((id, frame)) if frame.citable.is_some() => return Some(id),
            Some(_) => {
                let message = say!("`{name}` 不是被引用的表", "`{name}` is no table that is cited");
                Diagnostic::error("texts_not_citable", message)
            }
            // Without a table no policy was read; one that is not there may declare it.
            None if schema.tables().next().is_none() || self.policies_lost => return None,
            None => {
                let message = say!("没有名为 `{name}` 的表", "there is no table called `{name}`");
                Diagnostic::error("unknown_table", message)
            }
        };
        let known: Vec<&str> = citable().flat_map(|(_, frame)| frame.names.iter()).collect();
        let near = nearest(name, known.iter().copied());
        let help = match (near, known.first()) {
            (Some(near), _) => say!("是不是 `{near}`？", "did you mean `{near}`?"),
            (None, Some(first)) => say!("写 `{first}`", "write `{first}`"),
            (None, None) => say!(
                "在词汇里给那个表写“引据 题名”：`表 名 引据 题名 {{ … }}`",
                "write in the vocabulary by what the table is cited: `table name citable by title \
                    {{ … }}`"
            ),
        };
        let place = Place::of(&self.manifest_source, entry.table_span.clone());
        self.diagnostics.push(said.help(help).at(place, Bilingual::default()));
        None
    }
}
