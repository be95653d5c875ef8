//! The files a pattern stands for: one walk over folders, on a disk as in memory. Each folder is
//! looked into once for each part of the pattern, so that neither links in a circle nor `**/**` make
//! it longer; what could not be looked into is told.

use super::files::{Entry, Files, Kind};
use super::path::{slashed, usual};
use super::refusal::Refusal;
use glob::{MatchOptions, Pattern};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::io::{Error, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// What a pattern stands for.
///
/// # Examples
///
/// ```
/// use fanshi::{Expansion, Files, Memory};
///
/// let files = Memory::new().with("甲/数.csv", "").with("乙/数.csv", "");
/// let found: Expansion = files.fitting("".as_ref(), "*/数.csv");
/// assert_eq!((found.paths.len(), found.problems.len()), (2, 0));
/// ```
#[derive(Debug, Default)]
pub struct Expansion {
    /// The files, in order.
    pub paths: Vec<PathBuf>,
    /// What may have been missed, in order of paths.
    pub problems: Vec<Problem>,
}

/// Something on the way that could not be looked into.
///
/// # Examples
///
/// ```
/// use fanshi::{Files, Memory, Problem, ProblemCause};
///
/// let files = Memory::new().with("c[1].csv", "").with("c1.csv", "");
/// let found = files.fitting("".as_ref(), "c[1].csv");
/// assert_eq!(found.paths[0].to_str(), Some("c[1].csv"));
/// let problem: &Problem = &found.problems[0];
/// let ProblemCause::AlsoFits(others) = &problem.cause else { panic!("c1.csv fits as well") };
/// assert_eq!(others[0].to_str(), Some("c1.csv"));
/// ```
#[derive(Debug)]
pub struct Problem {
    /// The folder, link or file.
    pub path: PathBuf,
    /// What is wrong.
    pub cause: ProblemCause,
}

/// Why a pattern may stand for more than was found.
///
/// # Examples
///
/// ```
/// use fanshi::{Files, Memory, ProblemCause};
///
/// let files = Memory::new().with("[甲].csv", "").with("甲.csv", "");
/// let found = files.fitting("".as_ref(), "[甲].csv");
/// assert!(matches!(found.problems[0].cause, ProblemCause::AlsoFits(_)));
/// ```
#[derive(Debug)]
pub enum ProblemCause {
    /// It cannot be looked into: no permission, a link that leads nowhere.
    Unreadable(Error),
    /// Its name is no text.
    NotText,
    /// The pattern is its name; these fit it as a pattern and are not taken.
    AlsoFits(Vec<PathBuf>),
}

/// How names are compared: `*` stands for no leading point, and `*.csv` for `A.CSV` too, on every
/// system as on Windows.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: true,
    require_literal_leading_dot: true,
};

/// A part of a pattern, between two `/`.
enum Step {
    /// A name as it is; also `..` and where a path begins.
    Name(OsString),
    /// Names that fit, as it is written.
    Fits(String, Pattern),
    /// Folders to any depth.
    Any,
}

impl Step {
    fn of(part: Component<'_>) -> Self {
        let name = part.as_os_str();
        let text = name.to_string_lossy();
        if text == "**" {
            return Self::Any;
        }
        match Pattern::new(&text) {
            Ok(pattern) if is_pattern(&text) => Self::Fits(text.into_owned(), pattern),
            _ => Self::Name(name.to_owned()),
        }
    }
}

/// Whether a text stands for other names than itself.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether a program laid a file down beside one that is open, `~$申报.xlsx`, or a run of this
/// program that was cut off left it.
fn is_leftover(name: &str) -> bool {
    name.starts_with("~$") || (name.starts_with(super::TEMPORARY) && name.ends_with(".tmp"))
}

/// Whether a path, which need not be there, fits a name or a pattern from a folder.
pub(super) fn fits(folder: &Path, pattern: &str, path: &Path) -> bool {
    let (pattern, mut folder) = (slashed(pattern), folder);
    let mut rest = &*pattern;
    while let Some(behind) = rest.strip_prefix("../") {
        (rest, folder) = (behind, folder.parent().unwrap_or(folder));
    }
    let rest = rest.strip_prefix("./").unwrap_or(rest);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Ok(inner) = path.strip_prefix(folder) else { return path == folder.join(rest) };
    let fits = |pattern: Pattern| pattern.matches_path_with(inner, OPTIONS);
    let is_meant = inner == Path::new(rest) || Pattern::new(rest).is_ok_and(fits);
    is_meant && !is_leftover(&name)
}

/// The files that fit a pattern from a folder.
pub(super) fn expand<F: Files + ?Sized>(files: &F, folder: &Path, pattern: &str) -> Expansion {
    let mut steps: Vec<Step> = Vec::new();
    for step in Path::new(&*usual(pattern)).components().map(Step::of) {
        if !matches!((&step, steps.last()), (Step::Any, Some(Step::Any))) {
            steps.push(step);
        }
    }
    if let (Some(Step::Any), Ok(all)) = (steps.last(), Pattern::new("*")) {
        steps.push(Step::Fits("*".to_owned(), all));
    }
    let mut walk = Walk {
        files,
        deep: steps.iter().any(|step| matches!(step, Step::Any)),
        asks_for_ending: Path::new(pattern)
            .extension()
            .is_some_and(|ending| !is_pattern(&ending.to_string_lossy())),
        steps,
        open: vec![(folder.to_owned(), 0)],
        links: Vec::new(),
        seen: HashSet::new(),
        found: BTreeSet::new(),
        problems: BTreeMap::new(),
    };
    walk.run();
    let problem = |(path, cause)| Problem { path, cause };
    Expansion {
        paths: walk.found.into_iter().collect(),
        problems: walk.problems.into_iter().map(problem).collect(),
    }
}

struct Walk<'f, F: ?Sized> {
    files: &'f F,
    steps: Vec<Step>,
    /// Whether folders are looked into to any depth.
    deep: bool,
    /// Whether the last part of the pattern says how names end.
    asks_for_ending: bool,
    /// Folders to look into, and for which step.
    open: Vec<(PathBuf, usize)>,
    /// The same behind links: after all others, so that a folder goes by its own name.
    links: Vec<(PathBuf, usize)>,
    /// Folders by one name, with the step.
    seen: HashSet<(PathBuf, usize)>,
    found: BTreeSet<PathBuf>,
    problems: BTreeMap<PathBuf, ProblemCause>,
}

impl<F: Files + ?Sized> Walk<'_, F> {
    fn run(&mut self) {
        while let Some((folder, at)) = self.open.pop().or_else(|| self.links.pop()) {
            if self.seen.insert((self.files.same(&folder), at)) {
                self.look_into(&folder, at);
            }
        }
    }

    fn look_into(&mut self, folder: &Path, at: usize) {
        let last = at + 1 == self.steps.len();
        let steps = std::mem::take(&mut self.steps);
        match steps.get(at) {
            Some(Step::Name(name)) => self.name(&folder.join(name), (at, last)),
            Some(Step::Any) => {
                self.open.push((folder.to_owned(), at + 1));
                for entry in self.list(folder) {
                    let hidden = entry.name.as_encoded_bytes().starts_with(b".");
                    if !hidden && self.is_folder(folder, &entry) {
                        self.enter(folder, &entry, at);
                    }
                }
            }
            Some(Step::Fits(text, pattern)) => {
                for entry in self.fitting(folder, text, pattern) {
                    if last {
                        self.take(folder, &entry);
                    } else if self.is_folder(folder, &entry) {
                        self.enter(folder, &entry, at + 1);
                    }
                }
            }
            None => {}
        }
        self.steps = steps;
    }

    /// What has this very name.
    fn name(&mut self, path: &Path, (at, last): (usize, bool)) {
        match self.files.kind(path) {
            Ok(_) if last => drop(self.found.insert(path.to_owned())),
            Ok(Kind::Folder) => self.open.push((path.to_owned(), at + 1)),
            Ok(Kind::File | Kind::Other) => {}
            // Reading it will say so.
            Err(error) if last && Refusal::of(&error) == Some(Refusal::Dangling) => {
                self.found.insert(path.to_owned());
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                self.problem(path.parent().unwrap_or(path), error);
            }
            Err(error) => self.problem(path, error),
        }
    }

    /// The names in a folder that fit; where the pattern is the name of something there that it does
    /// not fit, that one.
    fn fitting(&mut self, folder: &Path, text: &str, pattern: &Pattern) -> Vec<Entry> {
        let fits = |name: &OsStr| pattern.matches_with(&name.to_string_lossy(), OPTIONS);
        let (mut fitting, others): (Vec<Entry>, Vec<Entry>) =
            self.list(folder).into_iter().partition(|entry| fits(&entry.name));
        fitting.retain(|entry| !is_leftover(&entry.name.to_string_lossy()));
        let Some(named) = others.into_iter().find(|entry| entry.name == text) else {
            return fitting;
        };
        if !fitting.is_empty() {
            let also = fitting.iter().map(|entry| folder.join(&entry.name)).collect();
            self.problems.insert(folder.join(text), ProblemCause::AlsoFits(also));
        }
        vec![named]
    }

    /// A file is found.
    fn take(&mut self, folder: &Path, entry: &Entry) {
        let path = folder.join(&entry.name);
        // Folders are looked into anyway; one that is called as a file is meant to be none.
        let is_called_so = self.asks_for_ending && path.extension().is_some();
        if self.deep && !is_called_so && self.is_folder(folder, entry) {
            return;
        }
        if entry.name.to_str().is_none() {
            self.problems.insert(path, ProblemCause::NotText);
        } else if !matches!(self.problems.get(&path), Some(ProblemCause::Unreadable(_))) {
            self.found.insert(path);
        }
    }

    /// Whether an entry is a folder; a link that cannot be followed might lead to one.
    fn is_folder(&mut self, folder: &Path, entry: &Entry) -> bool {
        if let Some(kind) = entry.kind {
            return kind == Kind::Folder;
        }
        let path = folder.join(&entry.name);
        match self.files.kind(&path) {
            Ok(kind) => kind == Kind::Folder,
            Err(error) => {
                self.problem(&path, error);
                false
            }
        }
    }

    fn enter(&mut self, folder: &Path, entry: &Entry, at: usize) {
        let path = folder.join(&entry.name);
        if entry.name.to_str().is_none() {
            self.problems.insert(path, ProblemCause::NotText);
        } else if entry.kind.is_none() {
            self.links.push((path, at));
        } else {
            self.open.push((path, at));
        }
    }

    /// The names in a folder; none where it is gone, or cannot be looked into.
    fn list(&mut self, folder: &Path) -> Vec<Entry> {
        self.files.list(folder).unwrap_or_else(|error| {
            self.problem(folder, error);
            Vec::new()
        })
    }

    fn problem(&mut self, path: &Path, error: Error) {
        // What is not there hides nothing.
        if !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) {
            self.problems.insert(path.to_owned(), ProblemCause::Unreadable(error));
        }
    }
}
