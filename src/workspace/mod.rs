//! Rank 5: the project on disk: its manifest, policies and data. The only reader of disk.

mod correction;
mod data;
mod disk;
pub(crate) mod document;
mod entry;
mod files;
mod given;
mod input;
mod judge;
mod kept;
mod limits;
pub mod manifest;
mod neighbour;
mod paper;
mod part;
mod path;
mod pattern;
mod policy;
mod read;
mod refusal;
mod sql;
mod texts;
#[cfg(any(feature = "cli", feature = "studio"))]
pub mod write;

pub use data::{Opened, format_of};
pub use disk::Disk;
pub use document::ParameterValue;
pub use files::{Entry, Files, Kind, Memory, Overlay};
pub use input::Inputs;
pub use judge::{Options, Stated};
pub use kept::Trees;
#[cfg(feature = "lsp")]
pub(crate) use limits::{CASES, SNAPSHOT};
pub use limits::{LIMITS, Limit};
pub use manifest::{Correction, DataFile, Manifest, PolicyFile, Waiver};
pub use neighbour::Neighbours;
pub use paper::{Fonts, Paper};
pub use path::{absolute, clean, is_device, shown, slashed, way};
pub use pattern::{Expansion, Problem, ProblemCause};
pub use policy::{Member, Taken};
pub use read::read_text;
#[cfg(feature = "cli")]
pub(crate) use read::{missed, said_by_system, unreadable};
pub use refusal::Refusal;
pub use sql::{SqlEntry, Warehouse};
pub use texts::TextsEntry;

use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{Divided, divide_kept};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::FrameId;
use crate::syntax::error::SyntaxError;
use crate::syntax::{parse, tree};
use crate::text::{FileId, Source, Sources};
use rayon::prelude::*;
#[cfg(not(feature = "cli"))]
use read::unreadable;
use read::{Unread, manifest_text, text};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What files begin with while they are written; such a file is never read.
const TEMPORARY: &str = ".fanshi-";

/// From where files are named.
///
/// # Examples
///
/// ```
/// use fanshi::{Naming, Project};
///
/// let project = Project::read("examples/library".as_ref());
/// assert_eq!(project.naming, Naming::FromManifest);
/// assert_eq!(&*project.manifest_source.name, "fanshi.toml");
/// let here = Project::read_from_here("examples/library".as_ref());
/// assert_eq!(&*here.manifest_source.name, "examples/library/fanshi.toml");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// From the manifest's folder.
    #[default]
    FromManifest,
    /// From the current folder.
    FromHere,
}

/// A project's texts: manifest and policies, read and parsed.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let project = Project::read("examples/library".as_ref());
/// assert_eq!((project.sources.iter().count(), project.diagnostics.len()), (1, 0));
/// assert_eq!(project.run(&Options::default()).summary.totals.violated, 3);
/// ```
pub struct Project {
    /// Where its files are.
    pub store: Arc<dyn Files>,
    /// The folder of the manifest.
    pub root: PathBuf,
    /// From where its files are named.
    pub naming: Naming,
    /// The manifest's text.
    pub manifest_source: Source,
    /// What it says.
    pub manifest: Manifest,
    /// The policies' texts.
    pub sources: Sources,
    /// The policies' trees.
    pub files: Vec<tree::File>,
    /// The policies' paths, in the same order.
    pub paths: Vec<PathBuf>,
    /// The files that were taken for the names a policy uses: outside a project any, in a project
    /// vocabularies that the manifest does not list.
    pub taken: Vec<Taken>,
    /// Policies of which the manifest takes some articles.
    in_part: Vec<part::InPart>,
    /// Whether a policy the manifest names could not be read.
    pub policies_lost: bool,
    /// What is wrong so far.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with texts that were parsed one by one.
    misspelt: Vec<Divided>,
    /// Trees of texts that were parsed before.
    trees: Option<Trees>,
    /// Tables and lists of which a file could not be opened.
    pub unopened: Vec<FrameId>,
    /// Tables and lists of which the manifest says that they may have no rows.
    pub may_be_empty: Vec<FrameId>,
}

impl Default for Project {
    /// A project of no files.
    fn default() -> Self {
        Self {
            store: Arc::new(Disk),
            root: PathBuf::new(),
            naming: Naming::default(),
            manifest_source: Source::new("", ""),
            manifest: Manifest::default(),
            sources: Sources::default(),
            files: Vec::new(),
            paths: Vec::new(),
            taken: Vec::new(),
            in_part: Vec::new(),
            policies_lost: false,
            diagnostics: Vec::new(),
            misspelt: Vec::new(),
            trees: None,
            unopened: Vec::new(),
            may_be_empty: Vec::new(),
        }
    }
}

impl Project {
    /// Reads a project on this machine's disk from its folder or its `fanshi.toml`.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::Project;
    ///
    /// let none = Project::read("examples/nothing".as_ref());
    /// assert_eq!(none.diagnostics[0].code, "unreadable_file");
    /// ```
    #[must_use]
    pub fn read(path: &Path) -> Self {
        Self::read_in(Arc::new(Disk), path)
    }

    /// Reads a project from its folder or its `fanshi.toml` among some files.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Memory, Project};
    /// use std::sync::Arc;
    ///
    /// let files = Memory::new().with("books/fanshi.toml", "[project]\nname = \"books\"");
    /// let project = Project::read_in(Arc::new(files), "books".as_ref());
    /// assert_eq!(project.manifest.name, "books");
    /// ```
    #[must_use]
    pub fn read_in(files: Arc<dyn Files>, path: &Path) -> Self {
        Self::read_named(files, path, Naming::FromManifest)
    }

    /// The same, where texts that were parsed before are not parsed again.
    #[must_use]
    pub fn read_kept(files: Arc<dyn Files>, path: &Path, trees: &Trees) -> Self {
        Self::read_with(files, path, Naming::FromManifest, Some(trees.clone()))
    }

    fn read_named(store: Arc<dyn Files>, path: &Path, naming: Naming) -> Self {
        Self::read_with(store, path, naming, None)
    }

    fn read_with(store: Arc<dyn Files>, path: &Path, naming: Naming, trees: Option<Trees>) -> Self {
        let usual = path.to_str().map(path::usual);
        let path = usual.as_deref().map_or(path, Path::new);
        let is_folder = store.is_folder(path);
        let path = if is_folder { path.join("fanshi.toml") } else { path.to_owned() };
        let name = match naming {
            Naming::FromHere => shown(&path),
            Naming::FromManifest => path
                .file_name()
                .map_or_else(|| "fanshi.toml".into(), |name| name.to_string_lossy().into_owned()),
        };
        let mut diagnostics = Vec::new();
        let text = manifest_text(&*store, &path, &name, &mut diagnostics);
        let manifest_source = Source::new(&*name, text.clone().unwrap_or_default());
        let (manifest, found) = if text.is_some() {
            manifest::read(&manifest_source)
        } else {
            (Manifest::default(), Vec::new())
        };
        diagnostics.extend(found);
        let mut project = Self {
            store,
            root: path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
            naming,
            manifest_source,
            manifest,
            diagnostics,
            trees,
            ..Self::default()
        };
        project.policies();
        project
    }

    fn policies(&mut self) {
        let patterns = self.manifest.policies.clone();
        let mut seen: HashSet<PathBuf> = HashSet::new();
        let (mut taken, mut added) = (Vec::new(), Vec::new());
        for PolicyFile { file: pattern, span, articles, except } in patterns {
            let shares = [(part::Share::These, articles), (part::Share::Others, except)];
            if pattern.is_empty() {
                self.policies_lost = true; // as the manifest's mistakes say
                continue;
            }
            let (found, whole) = self.expand(&pattern, span.clone());
            self.policies_lost |= !whole;
            for (path, name) in found {
                if !seen.insert(self.store.same(&path)) {
                    continue;
                }
                match text(&*self.store, &path, &name, limits::POLICY) {
                    Ok(text) if text.trim().is_empty() => self.diagnostics.push(nothing_in(&name)),
                    Ok(text) => {
                        let id = self.sources.add(Source::new(name, text));
                        self.paths.push(path);
                        added.push(id);
                        let module = id.0 as usize;
                        for (share, articles) in &shares {
                            taken.extend(articles.clone().map(|names| (module, *share, names)));
                        }
                        continue;
                    }
                    Err(Unread::NotText(wrong)) => self.diagnostics.push(*wrong),
                    Err(Unread::Error(error)) => {
                        self.unreadable(&path, &name, &error, span.clone());
                    }
                }
                self.policies_lost = true;
            }
        }
        self.parse(&added);
        self.add_vocabularies();
        self.divide();
        for (module, share, articles) in taken {
            self.take(module, (share, &articles));
        }
        self.drop_unused();
    }

    /// Reads and parses one policy.
    fn add_file(&mut self, path: PathBuf, name: &str) {
        let text = read_text(&*self.store, &path, name, limits::POLICY, &mut self.diagnostics);
        if let Some(text) = text {
            self.add(Source::new(name, text));
            self.paths.push(path);
        }
    }

    /// Parses one policy.
    fn add(&mut self, source: Source) {
        let id = self.sources.add(source);
        self.parse(&[id]);
    }

    /// Parses policies, which rest on nothing but their texts.
    fn parse(&mut self, ids: &[FileId]) {
        let sources = &self.sources;
        let parsed = |id: &FileId| {
            let source = sources.get(*id)?;
            Some(match &self.trees {
                Some(trees) => trees.parse(*id, source),
                None => parse::parse(*id, source),
            })
        };
        let files: Vec<_> = ids.par_iter().filter_map(parsed).collect();
        files.into_iter().for_each(|(file, errors)| self.put(file, errors));
    }

    /// Keeps the tree of the text that was added last.
    fn put(&mut self, file: tree::File, errors: Vec<SyntaxError>) {
        self.misspelt.push(Divided { file: file.file, errors });
        self.files.push(file);
    }

    /// Reads again what was parsed and has words written together, now that all names are known;
    /// then says what is wrong with the texts.
    fn divide(&mut self) {
        let mut misspelt = std::mem::take(&mut self.misspelt);
        let kept = self.trees.as_ref().map(|trees| &*trees.divided);
        for divided in divide_kept(&self.sources, &mut self.files, kept) {
            if let Some(place) = misspelt.iter_mut().find(|found| found.file == divided.file) {
                *place = divided;
            }
        }
        for Divided { file, errors } in misspelt {
            let Some(source) = self.sources.get(file) else { continue };
            self.diagnostics.extend(errors.iter().map(|error| error.diagnostic(source)));
        }
    }

    /// The same project without its trees and without what is wrong with it: what rows are judged
    /// with, once the policies are compiled.
    #[must_use]
    pub fn untold(&self) -> Self {
        Self {
            store: self.store.clone(),
            root: self.root.clone(),
            naming: self.naming,
            manifest_source: self.manifest_source.clone(),
            manifest: self.manifest.clone(),
            sources: self.sources.clone(),
            paths: self.paths.clone(),
            policies_lost: self.policies_lost,
            ..Self::default()
        }
    }

    /// The files that a name or pattern stands for.
    #[must_use]
    pub fn matching(&self, pattern: &str) -> Vec<PathBuf> {
        self.fitting(pattern).paths
    }

    /// The files a name or pattern stands for; `\` separates folders as `/` does.
    fn fitting(&self, pattern: &str) -> Expansion {
        let pattern = &*slashed(pattern);
        if pattern::is_pattern(pattern) {
            return self.store.fitting(&self.root, pattern);
        }
        Expansion { paths: vec![self.root.join(pattern)], problems: Vec::new() }
    }

    /// The files the project is read from.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let name = Path::new(&*self.manifest_source.name).file_name();
        let manifest = self.root.join(name.unwrap_or_default());
        let policies = self.manifest.policies.iter().map(|policy| &policy.file);
        let data = self.manifest.data.iter().map(|entry| &entry.file);
        let texts = self.manifest.texts.iter().flat_map(|entry| &entry.files);
        let texts = texts.map(|(file, _)| file);
        let named = policies.chain(data).chain(texts).filter(|file| !file.is_empty());
        let named: Vec<&str> = named.map(String::as_str).collect();
        let found = named.iter().flat_map(|pattern| self.fitting(pattern).paths);
        let found = found.chain(self.paths.iter().cloned()).chain([manifest]);
        Inputs::of(found).with_names(&self.root, named.iter().copied())
    }

    /// The same with the names they are shown by, and whether these are all; none is an error.
    fn expand(
        &mut self,
        pattern: &str,
        span: std::ops::Range<usize>,
    ) -> (Vec<(PathBuf, String)>, bool) {
        let Expansion { paths, problems } = self.fitting(pattern);
        let named = |path: &Path| self.named(path);
        let place = Place::of(&self.manifest_source, span.clone());
        let missed = problems.iter().map(|problem| read::missed(problem, pattern, named));
        let missed: Vec<Diagnostic> =
            missed.map(|found| found.at(place.clone(), Bilingual::default())).collect();
        let whole = missed.iter().all(|found| found.severity != Severity::Error);
        let found: Vec<(PathBuf, String)> = paths
            .into_iter()
            .map(|path| {
                let name = named(&path);
                (path, name)
            })
            .collect();
        self.diagnostics.extend(missed);
        if found.is_empty() && whole {
            let message = say!("没有文件符合 `{pattern}`", "no file fits `{pattern}`");
            let help = say!("路径从清单所在的文件夹算起", "paths start at the manifest's folder");
            self.manifest_error("no_such_file", message, help, span);
            return (Vec::new(), false);
        }
        (found, whole)
    }

    /// How a file of the project is shown.
    fn named(&self, path: &Path) -> String {
        match self.naming {
            Naming::FromManifest => shown(&clean(path.strip_prefix(&self.root).unwrap_or(path))),
            Naming::FromHere => shown(&clean(path)),
        }
    }

    fn manifest_error(
        &mut self,
        code: &'static str,
        message: Bilingual,
        help: Bilingual,
        span: std::ops::Range<usize>,
    ) {
        let place = Place::of(&self.manifest_source, span);
        self.diagnostics
            .push(Diagnostic::error(code, message).help(help).at(place, Bilingual::default()));
    }

    fn unreadable(
        &mut self,
        path: &Path,
        name: &str,
        error: &std::io::Error,
        span: std::ops::Range<usize>,
    ) {
        let wrong = unreadable(name, error);
        let place = Place::of(&self.manifest_source, span);
        let help = match wrong.help {
            None if error.kind() == std::io::ErrorKind::NotFound => Some(self.nearest_to(path)),
            _ => None,
        };
        let wrong = Diagnostic { help: help.or(wrong.help.clone()), ..wrong };
        self.diagnostics.push(wrong.at(place, Bilingual::default()));
    }

    /// What to do about a file there is not.
    fn nearest_to(&self, path: &Path) -> Bilingual {
        let stem = |path: &Path| {
            path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = self.store.list(folder).unwrap_or_default();
        let beside = beside.into_iter().map(|entry| PathBuf::from(entry.name));
        let alike: Vec<PathBuf> =
            beside.filter(|other| other.extension() == path.extension()).collect();
        let near =
            nearest(&stem(path), alike.iter().filter_map(|other| other.file_stem()?.to_str()));
        let near = near
            .filter(|_| stem(path).chars().nth(1).is_some())
            .and_then(|near| alike.iter().find(|other| stem(other) == near));
        let near = near.and_then(|near| near.file_name()).map(|near| near.to_string_lossy());
        near.map_or_else(
            || say!("核对清单里的文件名", "check the name in the manifest"),
            |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
        )
    }
}

/// A policy without a word: one that was cut off says as little as one that was never written.
fn nothing_in(name: &str) -> Diagnostic {
    let message = say!("政策文件是空的", "the policy file is empty");
    let help = say!(
        "核对文件是否完整；确实不用的，从清单中删去",
        "make sure the file is complete; if it is not used, take it out of the manifest"
    );
    Diagnostic::error("empty_policy", message)
        .help(help)
        .at(Place::file(name), Bilingual::default())
}
