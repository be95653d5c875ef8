//! The open project with its unsaved texts, and what is kept from one keystroke to the next.

use super::case::is_cases;
use super::files::utf_8;
use super::load::{Loads, Version};
use super::opened::Opened;
use super::view::{Kept, View, WrongCases};
use crate::workspace::{Files, Overlay, Trees};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A project that is being written: its files, the texts laid over them, and what is kept.
pub struct Service {
    files: Arc<dyn Files>,
    opened: Opened,
    /// Unsaved texts, by the path a file is known again by.
    typed: BTreeMap<PathBuf, Arc<str>>,
    /// The state with unsaved texts, until something changes.
    view: Option<View>,
    /// The state without, until a file changes below.
    saved: Option<View>,
    /// Trees by text.
    trees: Trees,
    /// Rows by the state of the data files.
    loads: Loads,
    /// What is wrong with case files as such, by text.
    wrong_cases: WrongCases,
    /// How often a file that data may stand in changed: below, and in unsaved texts.
    version: Version,
}

impl Service {
    /// Opens a folder with a manifest, a manifest, or a policy: with the project that lists it, the
    /// nearest above; where none does, with the files whose names it uses. A file of cases stands
    /// for the policy beside it.
    #[must_use]
    pub fn open(files: Arc<dyn Files>, path: &Path) -> Self {
        let opened = Opened::at(&files, path);
        Self {
            files,
            opened,
            typed: BTreeMap::new(),
            view: None,
            saved: None,
            trees: Trees::default(),
            loads: Loads::default(),
            wrong_cases: WrongCases::default(),
            version: (0, 0),
        }
    }

    /// Lays an unsaved text over a file: a policy, the manifest, cases or data; `None` lets the
    /// file's own text stand again.
    pub fn put(&mut self, path: &Path, text: Option<String>) {
        let key = self.files.same(path);
        let same = match &text {
            Some(text) => self.typed.get(&key).is_some_and(|held| **held == **text),
            None => !self.typed.contains_key(&key),
        };
        if same {
            return;
        }
        match text {
            Some(text) => self.typed.insert(key, text.into()),
            None => self.typed.remove(&key),
        };
        if may_be_data(path) {
            self.version.1 += 1;
        }
        self.view = None;
    }

    /// A file changed below: it is read again.
    pub fn changed(&mut self, path: &Path) {
        if may_be_data(path) {
            self.version.0 += 1;
        }
        self.view = None;
        self.saved = None;
    }

    /// The text of a file as it stands now; `None` where there is none, or it is no UTF-8.
    #[must_use]
    pub fn text(&self, path: &Path) -> Option<Arc<str>> {
        if let Some(typed) = self.typed.get(&self.files.same(path)) {
            return Some(typed.clone());
        }
        utf_8(&*self.files, path).map(Into::into)
    }

    /// The project with its unsaved texts. Nothing is judged before it is asked for.
    pub fn view(&mut self) -> View {
        if let Some(view) = &self.view {
            return view.clone();
        }
        let mut over = Overlay::new(self.files.clone());
        for (path, text) in &self.typed {
            over = over.with(path, text.as_bytes());
        }
        // What is not laid over any data has the rows of what is saved.
        let above = self.typed.keys().any(|path| may_be_data(path));
        let version = (self.version.0, if above { self.version.1 } else { 0 });
        let view = self.read(Arc::new(over), version);
        self.view = Some(view.clone());
        view
    }

    /// The project as it is saved.
    pub fn saved(&mut self) -> View {
        if let Some(view) = &self.saved {
            return view.clone();
        }
        let view = self.read(self.files.clone(), (self.version.0, 0));
        self.saved = Some(view.clone());
        view
    }

    fn read(&self, files: Arc<dyn Files>, version: Version) -> View {
        let (opened, loads) = (self.opened.clone(), self.loads.clone());
        let (trees, wrong_cases) = (self.trees.clone(), self.wrong_cases.clone());
        View::new(Kept { opened, trees, loads, wrong_cases, version }, files)
    }
}

/// Whether a text is one that rows may be loaded from, or that says how: no policy and no cases.
pub(super) fn may_be_data(path: &Path) -> bool {
    let is_policy = path.extension().is_some_and(|end| end == "fan");
    !is_policy && !is_cases(path)
}
