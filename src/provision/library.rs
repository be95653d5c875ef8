//! The texts of a table: by title and version. Of each only the beginning is read, until it is cited.

use super::key;
use super::read::{Body, Head, body, head};
use crate::data::Store;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A text as it lies in a file.
///
/// # Examples
///
/// ```
/// use fanshi::{Bytes, TextFile};
/// use std::sync::Arc;
///
/// let text = "# 甲规则\n\n第一条 借阅。\n";
/// let store = Arc::new(Bytes(text.as_bytes().into()));
/// let file = TextFile { name: "甲规则(2015-01-01).md".into(), store };
/// assert_eq!(file.store.len(), 33);
/// ```
#[derive(Clone)]
pub struct TextFile {
    /// Its name, with folders.
    pub name: Arc<str>,
    /// Its bytes.
    pub store: Arc<dyn Store>,
}

/// How many bytes of a file are read to learn what it is the text of.
const HEAD: u64 = 4096;

/// All texts given for a table.
///
/// # Examples
///
/// ```
/// use fanshi::{Bytes, Library, TextFile};
/// use std::sync::Arc;
///
/// let text = "# 借阅规则\n\n第一条 馆藏图书可以外借。\n";
/// let store = Arc::new(Bytes(text.as_bytes().into()));
/// let file = TextFile { name: "借阅规则(2015-01-01).md".into(), store };
/// let (shelf, _) = Library::index(vec![file]).open(["借阅规则"].into_iter());
/// assert_eq!(shelf.get("《借阅规则》").unwrap().editions.len(), 1);
/// ```
#[derive(Clone, Default)]
pub struct Library {
    files: Vec<(TextFile, Head)>,
    /// The files of each title, by the form in which titles are compared.
    titles: BTreeMap<String, Vec<usize>>,
    /// What is wrong with files that could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// A version of a text.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Its day; `None` where nothing says it.
    pub date: Option<i64>,
    /// The day from which it is in force, as far as it says so.
    pub start: Option<i64>,
    /// The days of versions up to this one.
    pub history: Vec<i64>,
    /// The names of its files.
    pub files: Vec<Arc<str>>,
    /// What it says.
    pub body: Body,
}

/// The versions of one text.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Its title.
    pub title: String,
    /// Its versions, the oldest first.
    pub editions: Vec<Edition>,
}

/// The texts that are cited.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    held: Vec<Held>,
    titles: BTreeMap<String, usize>,
}

impl Library {
    /// Learns of each file which text it is.
    #[must_use]
    pub fn index(files: Vec<TextFile>) -> Self {
        let heads: Vec<(TextFile, Result<Head, Box<Diagnostic>>)> = files
            .into_par_iter()
            .map(|file| {
                let read = read(&file, HEAD);
                let found = read.map(|text| head(&text, &file.name));
                (file, found)
            })
            .collect();
        let mut library = Self::default();
        for (file, found) in heads {
            match found {
                Ok(head) => {
                    let number = library.files.len();
                    for title in head.titles.iter().map(|title| key(title)).collect::<BTreeSet<_>>()
                    {
                        library.titles.entry(title).or_default().push(number);
                    }
                    library.files.push((file, head));
                }
                Err(wrong) => library.diagnostics.push(*wrong),
            }
        }
        library
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The titles of its texts, as they are written.
    pub fn titles(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter_map(|(_, head)| head.titles.first()).map(String::as_str)
    }

    /// Reads the texts of some titles; what cannot be read is said.
    #[must_use]
    pub fn open<'t>(&self, titles: impl Iterator<Item = &'t str>) -> (Shelf, Vec<Diagnostic>) {
        let mut sets: Vec<(BTreeSet<usize>, Vec<String>)> = Vec::new();
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for title in titles.map(key).collect::<BTreeSet<_>>() {
            let Some(files) = self.titles.get(&title) else { continue };
            let number = files.iter().find_map(|file| known.get(file)).copied();
            let number = number.unwrap_or(sets.len());
            if number == sets.len() {
                sets.push(Default::default());
            }
            let Some((set, titles)) = sets.get_mut(number) else { continue };
            set.extend(files);
            titles.push(title);
            known.extend(files.iter().map(|file| (*file, number)));
        }
        let read: Vec<(Held, Vec<Diagnostic>)> =
            sets.par_iter().map(|(files, _)| self.held(files)).collect();
        let (mut shelf, mut wrong) = (Shelf::default(), Vec::new());
        for ((held, faults), (_, titles)) in read.into_iter().zip(sets) {
            wrong.extend(faults);
            let number = shelf.held.len();
            shelf.held.push(held);
            shelf.titles.extend(titles.into_iter().map(|title| (title, number)));
        }
        (shelf, wrong)
    }

    /// The versions that lie in some files; parts of one version in several.
    fn held(&self, files: &BTreeSet<usize>) -> (Held, Vec<Diagnostic>) {
        let (mut held, mut wrong) = (Held::default(), Vec::new());
        let mut found: Vec<&(TextFile, Head)> =
            files.iter().filter_map(|file| self.files.get(*file)).collect();
        found.sort_by(|a, b| (a.1.date, &a.0.name).cmp(&(b.1.date, &b.0.name)));
        for (file, head) in found {
            if held.title.is_empty() {
                held.title = head.titles.first().cloned().unwrap_or_default();
            }
            let text = match read(file, file.store.len()) {
                Ok(text) => text,
                Err(fault) => {
                    wrong.push(*fault);
                    continue;
                }
            };
            held.add(file, head, body(&text));
        }
        held.editions.sort_by_key(|edition| (edition.start, edition.date));
        (held, wrong)
    }
}

impl Held {
    /// Adds a file: a version, or a part of one.
    fn add(&mut self, file: &TextFile, head: &Head, read: Body) {
        let start = head.start.or(read.start).max(head.date);
        let overlaps = |known: &Body| {
            read.articles
                .iter()
                .any(|own| known.articles.iter().any(|other| other.number == own.number))
        };
        let same = self
            .editions
            .iter_mut()
            .find(|edition| edition.date == head.date && !overlaps(&edition.body));
        let Some(edition) = same else {
            self.editions.push(Edition {
                date: head.date,
                start,
                history: head.history.clone(),
                files: vec![file.name.clone()],
                body: read,
            });
            return;
        };
        edition.files.push(file.name.clone());
        edition.start = edition.start.max(start);
        edition.body.is_whole |= read.is_whole;
        edition.body.headings.extend(read.headings);
        edition.body.homes.extend(read.homes);
        edition.body.articles.extend(read.articles);
        edition.body.articles.sort_by_key(|article| article.number);
    }
}

impl Shelf {
    /// The text of a title, in whichever form.
    #[must_use]
    pub fn get(&self, title: &str) -> Option<&Held> {
        self.held.get(*self.titles.get(&key(title))?)
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }
}

/// The beginning of a file as text.
fn read(file: &TextFile, length: u64) -> Result<String, Box<Diagnostic>> {
    let place = || Place::file(&*file.name);
    let bytes = file.store.read(0, length.min(file.store.len())).map_err(|error| {
        let name = &file.name;
        let message = say!("读不了 `{name}`：{error}", "cannot read `{name}`: {error}");
        let help = say!("核对文件是否还在、能否打开", "see that it is there and can be opened");
        let unreadable = Diagnostic::error("unreadable_file", message).help(help);
        Box::new(unreadable.at(place(), Bilingual::default()))
    })?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        // The beginning may end within a letter.
        Err(error) if error.error_len().is_none() => {
            Ok(String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or(bytes))
                .into_owned())
        }
        Err(_) => {
            let name = &file.name;
            let message = say!("`{name}` 不是 UTF-8 文本", "`{name}` is not UTF-8 text");
            let help =
                say!("用编辑器打开，另存为 UTF-8", "open it in an editor and save it as UTF-8");
            let wrong = Diagnostic::error("invalid_utf8", message).help(help);
            Err(Box::new(wrong.at(place(), Bilingual::default())))
        }
    }
}
