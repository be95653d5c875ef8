//! One state of a project as requests are answered from it, on any thread.

use super::address;
use super::position::{Encoding, Lines};
use crate::authoring::{Edit, KnownKind, Location, View, utf_8};
use crate::diagnostic::Bilingual;
use crate::syntax::tree::Language;
use gen_lsp_types::{Location as LspLocation, Position, Range as LspRange, TextEdit, Uri};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a client can do and wants, as far as answers depend on it.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// What columns count.
    pub encoding: Encoding,
    /// Whether hovers may be Markdown.
    pub markdown: bool,
    /// Whether edits may make files and name versions.
    pub document_changes: bool,
    /// Whether edits may make files.
    pub creates_files: bool,
    /// Whether it applies edits that nobody asked for.
    pub applies_edits: bool,
    /// Whether it takes places that belong to a mistake.
    pub related: bool,
    /// Whether outlines may be trees.
    pub trees: bool,
    /// Whether it can be told to ask for lenses again.
    pub refreshes_lenses: bool,
    /// Whether it can be told to ask for inlays again.
    pub refreshes_inlays: bool,
    /// Whether it watches files when told to.
    pub watches: bool,
    /// Whether counts of verdicts are wanted above articles.
    pub lenses: bool,
    /// Whether they are wanted behind their headings.
    pub inlays: bool,
}

/// A text that a client has open.
#[derive(Clone, Debug)]
pub struct Open {
    /// As the client calls it.
    pub uri: Uri,
    /// Which state of it.
    pub version: i32,
}

/// One state of a project.
pub struct Snapshot {
    /// Which state: later ones have greater numbers.
    pub generation: u64,
    /// The project.
    pub view: View,
    /// What is saved, where that was asked for.
    pub saved: Option<View>,
    /// For whom.
    pub client: Arc<Client>,
    /// The language of messages.
    pub language: Language,
    /// Texts that are open, by the path they are known again by.
    pub open: BTreeMap<PathBuf, Open>,
    /// The newest state of the project there is.
    pub newest: Arc<AtomicU64>,
    texts: Mutex<BTreeMap<PathBuf, Option<Arc<Lines>>>>,
}

impl Snapshot {
    /// A state of a project.
    #[must_use]
    pub fn new(
        (newest, view): (Arc<AtomicU64>, View),
        client: Arc<Client>,
        language: Language,
        open: BTreeMap<PathBuf, Open>,
    ) -> Self {
        let generation = newest.load(Ordering::Relaxed);
        let texts = Mutex::default();
        Self { generation, view, saved: None, client, language, open, newest, texts }
    }

    /// The same with what is saved.
    #[must_use]
    pub fn with_saved(&self, saved: View) -> Self {
        Self {
            generation: self.generation,
            view: self.view.clone(),
            saved: Some(saved),
            client: self.client.clone(),
            language: self.language,
            open: self.open.clone(),
            newest: self.newest.clone(),
            texts: Mutex::default(),
        }
    }

    /// Whether the project has changed since.
    #[must_use]
    pub fn is_old(&self) -> bool {
        self.newest.load(Ordering::Relaxed) > self.generation
    }

    /// What is said in the language of messages.
    #[must_use]
    pub fn pick<'a>(&self, said: &'a Bilingual) -> &'a str {
        match self.language {
            Language::Chinese => &said.zh,
            Language::English => &said.en,
        }
    }

    /// A file's text with its lines; `None` of one that is no text.
    #[must_use]
    pub fn lines(&self, path: &Path) -> Option<Arc<Lines>> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = texts.get(path) {
            return lines.clone();
        }
        let lines = self.read(path).map(|text| Arc::new(Lines::new(text)));
        texts.insert(path.to_owned(), lines.clone());
        lines
    }

    /// The text that the bytes of answers about a file count in.
    fn read(&self, path: &Path) -> Option<Arc<str>> {
        let project = self.view.project();
        let same = project.store.same(path);
        let mut policies = project.paths.iter().zip(project.sources.iter());
        let policy = policies.find(|(path, _)| project.store.same(path) == same);
        if let Some((_, (_, source))) = policy {
            return Some(source.text.clone());
        }
        let text = utf_8(&*project.store, path)?;
        // What is read as a whole loses its mark before it is looked at; data keep it.
        let whole = path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name.ends_with(".cases.toml") || name.ends_with(".fan")
        });
        let is_manifest = || {
            let manifest =
                self.view.files().into_iter().find(|file| file.kind == KnownKind::Manifest);
            manifest.is_some_and(|manifest| project.store.same(&manifest.path) == same)
        };
        match text.strip_prefix('\u{FEFF}') {
            Some(rest) if whole || is_manifest() => Some(rest.into()),
            _ => Some(text.into()),
        }
    }

    /// The byte of a position in a file.
    #[must_use]
    pub fn offset(&self, path: &Path, position: Position) -> Option<usize> {
        Some(self.lines(path)?.offset(position, self.client.encoding))
    }

    /// A range of bytes of a file; the whole first line of what is no text.
    #[must_use]
    pub fn range(&self, path: &Path, bytes: &Range<usize>) -> LspRange {
        let lines = self.lines(path);
        lines.map(|lines| lines.range(bytes, self.client.encoding)).unwrap_or_default()
    }

    /// The text that a client has open of a file.
    #[must_use]
    pub fn opened(&self, path: &Path) -> Option<&Open> {
        self.open.get(&self.view.project().store.same(path))
    }

    /// The address of a file: the client's own, where it has the file open.
    #[must_use]
    pub fn uri(&self, path: &Path) -> Option<Uri> {
        self.opened(path).map(|open| open.uri.clone()).or_else(|| address::uri(path))
    }

    /// A place as the protocol has it; `None` of a file that has no address.
    #[must_use]
    pub fn location(&self, at: &Location) -> Option<LspLocation> {
        Some(LspLocation { uri: self.uri(&at.path)?, range: self.range(&at.path, &at.span) })
    }

    /// An edit of a text as the protocol has it.
    #[must_use]
    pub fn text_edit(&self, edit: &Edit) -> TextEdit {
        let range = self.range(&edit.path, &edit.span.range());
        TextEdit { range, new_text: edit.text.clone() }
    }
}
