//! What is open: folders, projects and texts.

use super::address;
use super::capability::Wanted;
use super::pool::unbroken;
use super::position::Lines;
use super::request::Refused;
use super::route::Routes;
use super::snapshot::{Client, Open, Snapshot};
use crate::authoring::{Service, View};
use crate::syntax::tree::Language;
use crate::workspace::{Files, clean};
use gen_lsp_types::{Diagnostic, TextDocumentContentChangeEvent, Uri};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A service that others may hold as well.
pub type Shared = Arc<Mutex<Service>>;

/// A project that is open.
pub struct Project {
    service: Shared,
    /// The number of its newest state.
    newest: Arc<AtomicU64>,
    /// Its newest state, until something changes.
    snapshot: Option<Arc<Snapshot>>,
    /// Whether it stays open without an open text: it is a folder's own, or another's too.
    pub stays: bool,
    /// What was last told of each file.
    pub last_told: BTreeMap<Uri, Vec<Diagnostic>>,
    /// The state whose mistakes were last looked for, in data too.
    pub judged: u64,
    /// The state whose texts' mistakes were last told.
    pub told: u64,
}

/// A text that is open.
pub struct Document {
    /// As the client calls it.
    pub uri: Uri,
    /// Its file, or what stands for one.
    pub path: PathBuf,
    version: i32,
    lines: Lines,
    /// The projects that have it; the first answers questions about it.
    pub projects: Vec<PathBuf>,
}

/// Everything that is open.
pub struct Session {
    /// The one door to files.
    pub files: Arc<dyn Files>,
    /// The folders that the client works in.
    pub roots: Vec<PathBuf>,
    /// The client.
    pub client: Arc<Client>,
    /// What it has set.
    pub wanted: Wanted,
    /// The language that the one who runs the server asked for.
    pub language: Option<Language>,
    /// The language of the client's own words.
    pub locale: Option<Language>,
    /// Which project a file belongs to.
    pub routes: Routes,
    /// Texts by address.
    pub documents: BTreeMap<Uri, Document>,
    /// Projects by what opens them.
    pub projects: BTreeMap<PathBuf, Project>,
}

impl Session {
    /// Nothing open yet.
    #[must_use]
    pub fn new(files: Arc<dyn Files>, language: Option<Language>) -> Self {
        Self {
            files,
            roots: Vec::new(),
            client: Arc::default(),
            wanted: Wanted::default(),
            language,
            locale: None,
            routes: Routes::default(),
            documents: BTreeMap::new(),
            projects: BTreeMap::new(),
        }
    }

    /// Where texts without a file are taken to stand.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.roots.first().cloned().unwrap_or_else(|| crate::workspace::absolute(Path::new("")))
    }

    /// The path of an address.
    #[must_use]
    pub fn path(&self, uri: &Uri) -> PathBuf {
        address::path(uri, &self.home())
    }

    /// Opens a service that others hold too, by its manifest or the folder of one.
    pub fn share(&mut self, path: PathBuf, service: Shared) {
        let path = clean(&std::path::absolute(&path).unwrap_or(path));
        let manifest = if self.files.is_folder(&path) { path.join("fanshi.toml") } else { path };
        self.projects.insert(manifest, Project::new(service, true));
    }

    /// Opens the project whose manifest is in a folder of the client.
    pub fn add_root(&mut self, folder: &Path) {
        self.roots.push(folder.to_owned());
        let manifest = folder.join("fanshi.toml");
        if self.files.is_file(&manifest) {
            self.project(&manifest).stays = true;
        }
    }

    /// A folder is no longer worked in; its project is closed where no text of it is open. Gives
    /// the files of which nothing is told any more.
    pub fn remove_root(&mut self, folder: &Path) -> Vec<Uri> {
        self.roots.retain(|root| root != folder);
        if let Some(project) = self.projects.get_mut(&folder.join("fanshi.toml")) {
            project.stays = false;
        }
        self.sweep()
    }

    /// The project that something opens.
    fn project(&mut self, opens: &Path) -> &mut Project {
        let files = &self.files;
        self.projects.entry(opens.to_owned()).or_insert_with(|| {
            let service = Service::open(files.clone(), opens);
            Project::new(Arc::new(Mutex::new(service)), false)
        })
    }

    /// Opens a text, or replaces one that is open.
    pub fn open(&mut self, uri: Uri, version: i32, text: String) {
        let path = self.path(&uri);
        let projects = self.projects_of(&path);
        let document =
            Document { uri: uri.clone(), path, version, lines: Lines::new(text), projects };
        self.documents.insert(uri.clone(), document);
        self.put(&uri);
    }

    /// The projects that have a file: first the one it belongs to, then others that are open.
    fn projects_of(&mut self, path: &Path) -> Vec<PathBuf> {
        let has: Vec<PathBuf> = self.with_file(path);
        let opens = self.routes.of(&self.files, &self.roots, path, &has);
        let Some(opens) = opens else { return has };
        let _ = self.project(&opens);
        let others = has.into_iter().filter(|other| *other != opens);
        std::iter::once(opens.clone()).chain(others).collect()
    }

    /// The open projects that are made of a file among others.
    fn with_file(&mut self, path: &Path) -> Vec<PathBuf> {
        let same = self.files.same(path);
        let keys: Vec<PathBuf> = self.projects.keys().cloned().collect();
        let has = |key: &PathBuf| {
            let snapshot = self.snapshot(key)?.ok()?;
            let files = snapshot.view.files();
            files.iter().any(|file| self.files.same(&file.path) == same).then_some(())
        };
        let mut has = has;
        keys.into_iter().filter(|key| has(key).is_some()).collect()
    }

    /// Lays an open text over its file in all projects that have it.
    fn put(&mut self, uri: &Uri) {
        let Some(document) = self.documents.get(uri) else { return };
        for key in &document.projects {
            if let Some(project) = self.projects.get_mut(key) {
                project.service().put(&document.path, Some(document.lines.text.to_string()));
                project.changed();
            }
        }
    }

    /// Changes an open text. What is not open is left alone.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let encoding = self.client.encoding;
        let Some(document) = self.documents.get_mut(uri) else { return };
        document.version = version;
        for change in changes {
            let text = match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => {
                    whole.text
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let bytes = document.lines.bytes(part.range, encoding);
                    let text = &document.lines.text;
                    let (before, after) = (text.get(..bytes.start), text.get(bytes.end..));
                    [before.unwrap_or(""), &part.text, after.unwrap_or("")].concat()
                }
            };
            document.lines = Lines::new(text);
        }
        self.put(uri);
    }

    /// Closes a text; gives the files of which nothing is told any more.
    pub fn close(&mut self, uri: &Uri) -> Vec<Uri> {
        let Some(document) = self.documents.remove(uri) else { return Vec::new() };
        for key in &document.projects {
            if let Some(project) = self.projects.get_mut(key) {
                project.service().put(&document.path, None);
                project.changed();
            }
        }
        self.sweep()
    }

    /// Closes the projects that nobody needs; gives the files that something was told of.
    fn sweep(&mut self) -> Vec<Uri> {
        let mut silent = Vec::new();
        let documents = &self.documents;
        let needed =
            |key: &PathBuf| documents.values().any(|one| one.projects.first() == Some(key));
        self.projects.retain(|key, project| {
            let stays = project.stays || needed(key);
            if !stays {
                let told = std::mem::take(&mut project.last_told);
                silent.extend(
                    told.into_iter().filter(|(_, all)| !all.is_empty()).map(|(uri, _)| uri),
                );
            }
            stays
        });
        let open: Vec<&PathBuf> = self.projects.keys().collect();
        for document in self.documents.values_mut() {
            document.projects.retain(|key| open.contains(&key));
        }
        silent
    }

    /// A file changed below.
    pub fn changed(&mut self, paths: &[PathBuf]) -> Vec<Uri> {
        let policies = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name == "fanshi.toml")
                || path.extension().is_some_and(|end| end == "fan")
        };
        for (key, project) in &mut self.projects {
            let folder = key.parent().unwrap_or(key);
            let known = |path: &PathBuf| {
                let same = self.files.same(path);
                let snapshot = project.snapshot.as_ref();
                snapshot.is_none_or(|snapshot| {
                    let mut files = snapshot.view.files().into_iter();
                    files.any(|file| self.files.same(&file.path) == same)
                })
            };
            let touched: Vec<&PathBuf> =
                paths.iter().filter(|path| path.starts_with(folder) || known(path)).collect();
            for path in &touched {
                project.service().changed(path);
            }
            if !touched.is_empty() {
                project.changed();
            }
        }
        if !paths.iter().any(policies) {
            return Vec::new();
        }
        // What lists policies may have changed: every text may belong elsewhere.
        self.routes = Routes::default();
        let open: Vec<(Uri, PathBuf)> =
            self.documents.values().map(|one| (one.uri.clone(), one.path.clone())).collect();
        for (uri, path) in open {
            let projects = self.projects_of(&path);
            let Some(document) = self.documents.get_mut(&uri) else { continue };
            if document.projects != projects {
                document.projects = projects;
                self.put(&uri);
            }
        }
        self.sweep()
    }

    /// The project that answers for a file, and its path; opens none but for files that are there.
    pub fn answers(&mut self, uri: &Uri) -> Option<(PathBuf, PathBuf)> {
        if let Some(document) = self.documents.get(uri) {
            return Some((document.projects.first()?.clone(), document.path.clone()));
        }
        let path = self.path(uri);
        if !address::is_file(uri) || !self.files.is_file(&path) {
            return None;
        }
        Some((self.projects_of(&path).into_iter().next()?, path))
    }

    /// The newest state of a project; compiled here where something changed.
    ///
    /// # Errors
    /// The inner error where compiling stops in the middle.
    pub fn snapshot(&mut self, key: &Path) -> Option<Result<Arc<Snapshot>, Refused>> {
        let project = self.projects.get_mut(key)?;
        if let Some(snapshot) = &project.snapshot {
            return Some(Ok(snapshot.clone()));
        }
        let view = match unbroken(|| project.service().view()) {
            Ok(view) => view,
            Err(refused) => return Some(Err(refused)),
        };
        let open = self.documents.values().filter(|one| one.projects.iter().any(|one| one == key));
        let open = open.map(|one| {
            let shown = Open { uri: one.uri.clone(), version: one.version };
            (self.files.same(&one.path), shown)
        });
        let spoken = spoken(&self.wanted, self.language, self.locale, &view);
        let client = self.client.clone();
        let newest = project.newest.clone();
        let snapshot = Arc::new(Snapshot::new((newest, view), client, spoken, open.collect()));
        project.snapshot = Some(snapshot.clone());
        Some(Ok(snapshot))
    }

    /// The newest state of a project with what is saved beside it.
    ///
    /// # Errors
    /// The inner error where compiling stops in the middle.
    pub fn beside_saved(&mut self, key: &Path) -> Option<Result<Arc<Snapshot>, Refused>> {
        let snapshot = match self.snapshot(key)? {
            Ok(snapshot) => snapshot,
            refused => return Some(refused),
        };
        let project = self.projects.get_mut(key)?;
        let saved = unbroken(|| project.service().saved());
        Some(saved.map(|saved| Arc::new(snapshot.with_saved(saved))))
    }

    /// What the client has set, or can do, is another: every state is made again.
    pub fn renewed(&mut self) {
        for project in self.projects.values_mut() {
            project.changed();
        }
    }

    /// The open texts that a project answers for.
    pub fn texts_of(&self, key: &Path) -> Vec<(Uri, PathBuf, i32)> {
        let of = |one: &&Document| one.projects.first().is_some_and(|first| first == key);
        let texts = self.documents.values().filter(of);
        texts.map(|one| (one.uri.clone(), one.path.clone(), one.version)).collect()
    }

    /// Whether a project speaks for a file: nobody has it open, or this project answers for it.
    #[must_use]
    pub fn speaks(&self, key: &Path, uri: &Uri) -> bool {
        let document = self.documents.get(uri);
        document.is_none_or(|one| one.projects.first().is_some_and(|first| first == key))
    }
}

/// The language of messages about a project.
fn spoken(
    wanted: &Wanted,
    asked: Option<Language>,
    locale: Option<Language>,
    view: &View,
) -> Language {
    let set = wanted.language.as_deref().and_then(named);
    let project = view.project();
    let of_policies = || project.files.first().map(|file| file.language);
    set.or(asked)
        .or(project.manifest.language)
        .or(locale)
        .or_else(of_policies)
        .unwrap_or(Language::Chinese)
}

/// The language that `zh`, `zh-CN`, `en_US` names.
#[must_use]
pub fn named(name: &str) -> Option<Language> {
    match name.get(..2)?.to_ascii_lowercase().as_str() {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

impl Project {
    fn new(service: Shared, stays: bool) -> Self {
        Self {
            service,
            newest: Arc::new(AtomicU64::new(1)),
            snapshot: None,
            stays,
            last_told: BTreeMap::new(),
            judged: 0,
            told: 0,
        }
    }

    fn service(&self) -> std::sync::MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of its newest state.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.newest.load(Ordering::Relaxed)
    }

    /// Something changed.
    pub fn changed(&mut self) {
        self.newest.fetch_add(1, Ordering::Relaxed);
        self.snapshot = None;
    }
}
