//! What all pages share: the project with what is typed, who writes, and what became of the files.

use super::fence::Fenced;
use crate::authoring::{Known, KnownKind, Service, View};
use crate::diagnostic::Bilingual;
use crate::lsp::Shared;
use crate::say;
use crate::testing::suite::beside;
use crate::workspace::{Files, Refusal, absolute, clean, shown, way};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::broadcast;

/// The largest file that is handed to a page, in bytes.
const MOST: u64 = 8 << 20;

/// How much news may wait for a page that is slow.
const NEWS: usize = 64;

/// The mark some editors put before a text.
pub(super) const MARK: &str = "\u{feff}";

/// What pages are told without asking.
#[derive(Clone, Debug)]
pub(super) enum News {
    /// Who writes from now on.
    Writer(Option<u64>),
    /// These files are other than they were: their names, and paths.
    Changed(Vec<(String, PathBuf)>),
    /// A page has typed in the file of this name.
    Typed(u64, String),
}

/// Why something is not done.
#[derive(Debug)]
pub(super) struct Refused {
    /// A word for the page.
    pub(super) code: &'static str,
    /// A sentence for people.
    pub(super) said: Bilingual,
}

impl Refused {
    pub(super) fn new(code: &'static str, said: Bilingual) -> Self {
        Self { code, said }
    }
}

/// The pages that are open.
#[derive(Default)]
struct Pages {
    last: u64,
    open: Vec<u64>,
    writer: Option<u64>,
}

/// What all pages share.
pub(super) struct Desk {
    /// The project, which the language server holds as well.
    pub(super) shared: Shared,
    /// By what it is opened.
    pub(super) opened: PathBuf,
    /// What the page has typed and not saved, by path: it stands, whatever the language server was
    /// told meanwhile.
    drafts: Mutex<BTreeMap<PathBuf, String>>,
    /// The files that the project was made of at some time, by name.
    before: Arc<Mutex<BTreeMap<String, Known>>>,
    /// The files of the project, and no others.
    pub(super) files: Arc<Fenced>,
    pages: Mutex<Pages>,
    /// What is told to all pages.
    pub(super) news: broadcast::Sender<News>,
    /// What the files on the disk were when they were last looked at.
    seen: Mutex<BTreeMap<PathBuf, u64>>,
}

/// One state of the project, for one answer.
pub(super) struct Look {
    /// With what is typed.
    pub(super) view: View,
    /// The folder from which files are named.
    root: PathBuf,
    /// The files it is made of, once somebody asked.
    files: OnceLock<Vec<Known>>,
    /// Files it was made of at some time: one that is taken away keeps its name.
    before: Arc<Mutex<BTreeMap<String, Known>>>,
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(super) fn new(files: Arc<Fenced>, path: &Path) -> Self {
        let shared = Arc::new(Mutex::new(Service::open(files.clone(), path)));
        Self {
            shared,
            opened: path.to_owned(),
            drafts: Mutex::default(),
            before: Arc::default(),
            files,
            pages: Mutex::default(),
            news: broadcast::Sender::new(NEWS),
            seen: Mutex::default(),
        }
    }

    /// The service, for one question, with what is typed laid over the files.
    pub(super) fn service(&self) -> MutexGuard<'_, Service> {
        let mut service = held(&self.shared);
        for (path, text) in &*held(&self.drafts) {
            service.put(path, Some(text.clone()));
        }
        service
    }

    /// Lays what is typed over a file, or takes it away again.
    pub(super) fn put(&self, path: &Path, text: Option<String>) {
        let mut drafts = held(&self.drafts);
        match text {
            Some(text) => drafts.insert(path.to_owned(), text),
            None => drafts.remove(path),
        };
        drop(drafts);
        let mut service = self.service();
        if !held(&self.drafts).contains_key(path) {
            service.put(path, None);
        }
    }

    /// The project as it is now.
    pub(super) fn look(&self) -> Look {
        let view = self.service().view();
        let root = absolute(&view.project().root);
        Look { view, root, files: OnceLock::new(), before: self.before.clone() }
    }

    /// A page comes; the first one writes.
    pub(super) fn enter(&self) -> u64 {
        let mut pages = held(&self.pages);
        pages.last += 1;
        let page = pages.last;
        pages.open.push(page);
        if pages.writer.is_none() {
            pages.writer = Some(page);
        }
        page
    }

    /// A page goes.
    pub(super) fn leave(&self, page: u64) {
        let mut pages = held(&self.pages);
        pages.open.retain(|open| *open != page);
        if pages.writer == Some(page) {
            pages.writer = None;
            drop(pages);
            self.tell(News::Writer(None));
        }
    }

    /// A page wants to write: it may where none does, or where the person says so.
    pub(super) fn claim(&self, page: u64, anyway: bool) -> bool {
        let mut pages = held(&self.pages);
        let may = pages.open.contains(&page)
            && (anyway || pages.writer.is_none_or(|writer| writer == page));
        if may && pages.writer != Some(page) {
            pages.writer = Some(page);
            drop(pages);
            self.tell(News::Writer(Some(page)));
        }
        may
    }

    /// How many pages there are.
    pub(super) fn pages(&self) -> usize {
        held(&self.pages).open.len()
    }

    pub(super) fn is_writer(&self, page: u64) -> bool {
        held(&self.pages).writer == Some(page)
    }

    /// Refuses a page that does not write.
    pub(super) fn may_write(&self, page: u64) -> Result<(), Refused> {
        if self.is_writer(page) {
            return Ok(());
        }
        let said = say!(
            "另一个页面正在写，这一页只能看",
            "another page is writing; this one may only read"
        );
        Err(Refused::new("not_the_writer", said))
    }

    pub(super) fn tell(&self, news: News) {
        // Where no page is open, nobody is to be told.
        let _ = self.news.send(news);
    }

    /// The text of a file with what is typed, as an editor has it.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        let text = self.service().text(path)?;
        Some(text.strip_prefix(MARK).unwrap_or(&text).to_owned())
    }

    /// The bytes of a file on the disk; `None` where there is none.
    pub(super) fn stored(&self, path: &Path) -> Result<Option<Vec<u8>>, Refused> {
        match self.files.read(path, MOST) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) if Refusal::of(&error) == Some(Refusal::Outside) => Err(outside(path)),
            Err(error) => Err(Refused::new("unreadable", say!("读不了：{error}", "{error}"))),
        }
    }

    /// Notes what is on the disk; whether it is other than it was noted to be.
    pub(super) fn note(&self, path: &Path, stamp: u64) -> bool {
        let before = held(&self.seen).insert(path.to_owned(), stamp);
        before.is_some_and(|before| before != stamp)
    }
}

/// Why a file is neither read nor written.
pub(super) fn outside(path: &Path) -> Refused {
    let name = shown(path);
    let said = say!(
        "`{name}` 在项目的文件夹以外，或者通到那里",
        "`{name}` is outside the project's folders, or leads there"
    );
    Refused::new("outside", said)
}

/// What bytes are known again by.
pub(super) fn stamp(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("{:x}-{:016x}", bytes.len(), hasher.finish())
}

impl Look {
    /// The files that the project is made of.
    pub(super) fn files(&self) -> &[Known] {
        self.files.get_or_init(|| {
            let files = self.view.files();
            let named = files.iter().map(|known| (known.name.clone(), known.clone()));
            held(&self.before).extend(named);
            files
        })
    }

    /// How a path is named to pages.
    pub(super) fn name(&self, path: &Path) -> String {
        let known = self.files().iter().find(|known| known.path == path);
        known.map_or_else(|| self.way(path), |known| known.name.clone())
    }

    fn way(&self, path: &Path) -> String {
        let whole = absolute(path);
        match whole.strip_prefix(&self.root) {
            Ok(below) => shown(below),
            Err(_) => way(&self.root, &whole),
        }
    }

    /// The file of a name: one of the project, or one that belongs beside a policy of it. A name is
    /// looked up, never followed.
    pub(super) fn known(&self, name: &str) -> Result<Known, Refused> {
        let files = self.files();
        if let Some(known) = files.iter().find(|known| known.name == name) {
            return Ok(known.clone());
        }
        let before = held(&self.before);
        if let Some(known) = before.get(name) {
            return Ok(known.clone());
        }
        let policies = || before.values().filter(|known| known.kind == KnownKind::Policy);
        let path = clean(&self.root.join(name));
        let cases = policies().map(|known| absolute(&beside(&known.path)));
        let mut folders = policies().map(|known| absolute(&known.path.with_extension("cases")));
        let is_cases = cases.into_iter().any(|cases| cases == path);
        if is_cases || path.parent().is_some_and(|folder| folders.any(|known| known == *folder)) {
            return Ok(Known { path, kind: KnownKind::Cases, name: name.to_owned() });
        }
        let said = say!("项目里没有文件 `{name}`", "the project has no file `{name}`");
        Err(Refused::new("no_such_file", said))
    }

    /// The name of a file of cases that is not there yet, by its address.
    pub(super) fn new_name(&self, uri: &str) -> Option<String> {
        let policies = self.files().iter().filter(|known| known.kind == KnownKind::Policy);
        let mut cases = policies.map(|known| beside(&known.path));
        let is = |path: &PathBuf| crate::lsp::uri(path).is_some_and(|own| own.to_string() == uri);
        cases.find(is).map(|path| self.name(&path))
    }

    /// The text of a file in this state.
    pub(super) fn text(&self, path: &Path) -> Option<String> {
        let bytes = self.view.project().store.read(path, MOST).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        Some(text.strip_prefix(MARK).map(str::to_owned).unwrap_or(text))
    }
}
