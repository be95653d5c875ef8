//! A policy by its own path: with the project it belongs to, or, where it belongs to none, with the
//! files whose names it uses.

use super::neighbour::{Neighbours, is_called};
use super::read::{Unread, missed, text};
use super::{Disk, Expansion, Files, Naming, Project, Trees, clean, limits, shown};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::syntax::vocabulary::lost;
use crate::syntax::{parse, tree};
use crate::text::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A policy, and what it is compiled with.
///
/// # Examples
///
/// ```
/// use fanshi::Project;
/// use std::sync::Arc;
///
/// let project = Arc::new(Project::read("examples/library".as_ref()));
/// let member = &project.members()[0];
/// assert!(member.path.ends_with("library.fan"));
/// assert!(member.has_articles());
/// ```
#[derive(Clone)]
pub struct Member {
    /// The project that lists it; outside a project, itself and what it uses.
    pub project: Arc<Project>,
    /// Which of the project's files it is.
    pub module: usize,
    /// Its path.
    pub path: PathBuf,
}

/// A file that was taken for a name after 使用, where no manifest says which file has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// The name.
    pub name: String,
    /// The file.
    pub file: String,
}

impl Member {
    /// A policy with the project it belongs to: that of the nearest manifest in its folder or
    /// above, where this lists it. One that belongs to none is compiled with the files whose names
    /// it uses.
    #[must_use]
    pub fn of(policy: &Path) -> Self {
        Self::owned(policy, &mut BTreeMap::new())
    }

    /// The same of several.
    #[must_use]
    pub fn all(policies: &[PathBuf]) -> Vec<Self> {
        let mut known = BTreeMap::new();
        policies.iter().map(|policy| Self::owned(policy, &mut known)).collect()
    }

    fn owned(policy: &Path, known: &mut BTreeMap<PathBuf, Arc<Project>>) -> Self {
        let path = policy.to_owned();
        let owner = manifest_above(policy).and_then(|manifest| {
            let same = |path: &Path| Disk.same(path);
            let read = || Arc::new(Project::read_from_here(&manifest));
            let project = known.entry(same(&manifest)).or_insert_with(read);
            project.members().into_iter().find(|member| same(&member.path) == same(policy))
        });
        if let Some(member) = owner {
            return Self { path, ..member };
        }
        Self { project: Arc::new(Project::of_file(policy, true)), module: 0, path }
    }

    /// The manifest that lists it; `None` outside a project.
    #[must_use]
    pub fn manifest(&self) -> Option<&str> {
        Some(&*self.project.manifest_source.name).filter(|name| !name.is_empty())
    }

    /// The policy's tree; `None` where it could not be read.
    #[must_use]
    pub fn file(&self) -> Option<&tree::File> {
        self.project.files.get(self.module)
    }

    /// Whether it has rules, which cases could test.
    #[must_use]
    pub fn has_articles(&self) -> bool {
        let article = |item: &tree::Item| matches!(item.kind, tree::ItemKind::Article(_));
        self.file().is_some_and(|file| file.items.iter().any(article))
    }

    /// The files whose names it sees, its own included.
    #[must_use]
    pub fn uses(&self) -> BTreeSet<usize> {
        let files = &self.project.files;
        let (mut seen, mut open) = (BTreeSet::new(), vec![self.module]);
        while let Some(at) = open.pop() {
            if !seen.insert(at) {
                continue;
            }
            for name in files.get(at).into_iter().flat_map(used) {
                open.extend(files.iter().position(|file| is_called(file, &name.text)));
            }
        }
        seen
    }
}

impl Project {
    /// The policies of a project.
    #[must_use]
    pub fn members(self: &Arc<Self>) -> Vec<Member> {
        let member = |(module, path): (usize, &PathBuf)| Member {
            project: self.clone(),
            module,
            path: clean(path),
        };
        self.paths.iter().enumerate().map(member).collect()
    }

    /// Whether a policy, or a declaration, that could not be read may be that of a table, or of a
    /// list of it.
    #[must_use]
    pub fn may_declare(&self, name: &str) -> bool {
        let table = name.split('.').next().unwrap_or(name);
        let is_lost = |file: &tree::File| {
            let source = self.sources.get(file.file);
            source.is_some_and(|source| lost(&source.text, file).contains(table))
        };
        self.policies_lost || self.files.iter().any(is_lost)
    }

    /// One policy, and with `uses` the files whose names it uses: looked for by their headers in
    /// its folder, the folder above, and that folder's folders.
    #[must_use]
    pub fn of_file(path: &Path, uses: bool) -> Self {
        Self::of_file_in(Arc::new(Disk), path, uses)
    }

    /// The same among some files.
    #[must_use]
    pub fn of_file_in(files: Arc<dyn Files>, path: &Path, uses: bool) -> Self {
        Self::of_file_among(files, path, uses.then_some(&mut Neighbours::default()))
    }

    /// The same of one of several policies, that may use the same files.
    #[must_use]
    pub fn of_file_among(
        files: Arc<dyn Files>,
        path: &Path,
        known: Option<&mut Neighbours>,
    ) -> Self {
        Self::of_file_with(files, path, known, None)
    }

    /// One policy with the files whose names it uses, where texts that were parsed before are not
    /// parsed again.
    #[must_use]
    pub fn of_file_kept(files: Arc<dyn Files>, path: &Path, trees: &Trees) -> Self {
        Self::of_file_with(files, path, Some(&mut Neighbours::default()), Some(trees.clone()))
    }

    fn of_file_with(
        files: Arc<dyn Files>,
        path: &Path,
        known: Option<&mut Neighbours>,
        trees: Option<Trees>,
    ) -> Self {
        let mut project = Self {
            trees,
            store: files,
            root: path.parent().map_or_else(PathBuf::new, Path::to_path_buf),
            ..Self::default()
        };
        project.add_file(path.to_owned(), &shown(path));
        project.policies_lost = project.files.is_empty();
        if let Some(known) = known {
            project.add_used(path, known);
        }
        project.divide();
        project
    }

    /// The vocabularies that the project's policies use and its manifest does not list, from the
    /// folders of these policies: they are words, not rules. A policy that is used has to be listed.
    pub(super) fn add_vocabularies(&mut self) {
        let files = self.store.clone();
        let mut next = 0;
        while let (Some(file), Some(path)) = (self.files.get(next), self.paths.get(next)) {
            next += 1;
            let folder = path.parent().map_or_else(PathBuf::new, Path::to_path_buf);
            for name in used(file).cloned().collect::<Vec<_>>() {
                if self.files.iter().any(|file| is_called(file, &name.text)) {
                    continue;
                }
                let beside = files.fitting(&folder, "*.fan").paths;
                let (mut words, mut unread) = (Vec::new(), Vec::new());
                for path in &beside {
                    let shown = self.named(path);
                    match has_vocabulary(&*files, (path, &shown), &name.text) {
                        Ok(true) => words.push(path),
                        Ok(false) => {}
                        Err(why) => unread.push((path, why.said(&shown, limits::POLICY))),
                    }
                }
                let named = unread.iter().any(|(path, _)| is_named(path, &name.text));
                match *words {
                    [path] if !named => {
                        let shown = self.named(path);
                        self.add_file(path.clone(), &shown);
                        self.taken.push(Taken { name: name.text.clone(), file: shown });
                    }
                    [] | [_] => self.unread_words(&name, unread),
                    _ => {}
                }
            }
        }
    }

    fn add_used(&mut self, path: &Path, known: &mut Neighbours) {
        let patterns = ["*.fan", "../*.fan", "../*/*.fan"];
        let levels = patterns.map(|pattern| self.beside(pattern));
        let files = self.store.clone();
        let own = files.same(path);
        let mut next = 0;
        while let Some(file) = self.files.get(next) {
            next += 1;
            for name in used(file).cloned().collect::<Vec<_>>() {
                if self.files.iter().any(|file| is_called(file, &name.text)) {
                    continue;
                }
                let mut found: Vec<&PathBuf> = Vec::new();
                for level in &levels {
                    let others = level.paths.iter().filter(|path| files.same(path) != own);
                    found =
                        others.filter(|path| known.has_header(&*files, path, &name.text)).collect();
                    let lost =
                        |path: &PathBuf| is_named(path, &name.text) && known.unread(path).is_some();
                    if !found.is_empty() || level.paths.iter().any(lost) {
                        break;
                    }
                }
                if let Some(path) = found.first() {
                    let file = shown(path);
                    self.add_neighbour(path, known);
                    self.taken.push(Taken { name: name.text.clone(), file });
                }
                if found.len() > 1 {
                    self.ambiguous(&name, &found);
                }
                if found.is_empty() {
                    let place = Place::policy(&self.sources, name.span);
                    for (level, pattern) in levels.iter().zip(patterns) {
                        let missed = level.problems.iter().map(|problem| {
                            let cleaned = |path: &Path| shown(&clean(path));
                            missed(problem, pattern, cleaned)
                                .at(place.clone(), Bilingual::default())
                        });
                        self.policies_lost |= !level.problems.is_empty();
                        self.diagnostics.extend(missed);
                    }
                    let paths = levels.iter().flat_map(|level| &level.paths);
                    let unread = paths.filter_map(|path| Some((path, known.unread(path)?)));
                    self.unread_words(&name, unread.collect());
                }
            }
        }
    }

    /// Says which files could not be read, where nothing that could be has a name: those that are
    /// called so, or else any.
    fn unread_words(&mut self, name: &tree::Name, mut unread: Vec<(&PathBuf, Diagnostic)>) {
        if unread.iter().any(|(path, _)| is_named(path, &name.text)) {
            unread.retain(|(path, _)| is_named(path, &name.text));
        }
        for (_, found) in unread {
            self.policies_lost = true;
            // Of a file that the manifest lists, or that was looked into for another name, it was
            // said.
            let same = |other: &Diagnostic| other.message == found.message;
            if !self.diagnostics.iter().any(same) {
                self.diagnostics.push(found.or_at(Place::policy(&self.sources, name.span)));
            }
        }
    }

    /// The files of a pattern, from the project's folder.
    fn beside(&self, pattern: &str) -> Expansion {
        let folder =
            if self.root.as_os_str().is_empty() { PathBuf::from(".") } else { self.root.clone() };
        let Expansion { paths, problems } = self.store.fitting(&folder, pattern);
        Expansion { paths: paths.iter().map(|path| clean(path)).collect(), problems }
    }

    fn ambiguous(&mut self, name: &tree::Name, found: &[&PathBuf]) {
        let (text, place) = (&name.text, Place::policy(&self.sources, name.span));
        let files = found.iter().map(|path| format!("`{}`", shown(path))).collect::<Vec<_>>();
        let (zh, en) = (files.join("、"), files.join(", "));
        let message =
            say!("有几个文件都叫 `{text}`：{zh}", "several files are called `{text}`: {en}");
        let help = say!(
            "在 fanshi.toml 的 policies 里列出这个政策和要用的那个文件",
            "list this policy and the file meant under `policies` of a fanshi.toml"
        );
        let found = Diagnostic::error("ambiguous_use", message).help(help);
        self.diagnostics.push(found.at(place, Bilingual::default()));
    }

    /// The same project with another text of one of its policies.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project, Source};
    ///
    /// let project = Project::read("examples/library".as_ref());
    /// let text = project.sources.iter().next().unwrap().1.text.replace("500", "1000");
    /// let changed = project.with_text(0, Source::new("library.fan", text));
    /// assert_eq!(changed.run(&Options::default()).summary.totals.violated, 2);
    /// ```
    #[must_use]
    pub fn with_text(&self, module: usize, text: Source) -> Self {
        let mut project = Self {
            store: self.store.clone(),
            root: self.root.clone(),
            naming: self.naming,
            manifest_source: self.manifest_source.clone(),
            manifest: self.manifest.clone(),
            paths: self.paths.clone(),
            taken: self.taken.clone(),
            in_part: self.in_part.clone(),
            policies_lost: self.policies_lost,
            ..Self::default()
        };
        let before = self.sources.iter().nth(module).map(|(_, source)| source.name.clone());
        let elsewhere = |found: &&Diagnostic| {
            found.labels.first().map(|label| &label.place.file) != before.as_ref()
        };
        project.diagnostics = self.diagnostics.iter().filter(elsewhere).cloned().collect();
        for (at, (_, source)) in self.sources.iter().enumerate() {
            if at == module {
                project.add(text.clone());
            } else {
                project.sources.add(source.clone());
                project.files.extend(self.files.get(at).cloned());
            }
        }
        project.divide();
        // Of the others only some articles may be used.
        for (at, file) in self.files.iter().enumerate().filter(|(at, _)| *at != module) {
            if let Some(place) = project.files.get_mut(at) {
                place.clone_from(file);
            }
        }
        project
    }

    /// Reads a project as [`Project::read`] does; files are named from the current folder, not from
    /// the manifest's.
    #[must_use]
    pub fn read_from_here(path: &Path) -> Self {
        Self::read_named(Arc::new(Disk), path, Naming::FromHere)
    }
}

/// The manifest in a policy's folder, or in the nearest folder above that has one.
fn manifest_above(policy: &Path) -> Option<PathBuf> {
    let folder = policy.parent().unwrap_or(Path::new(""));
    let start = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let depth = start.canonicalize().map_or(0, |full| full.components().count());
    let above = (0..depth).map(|up| clean(&folder.join("../".repeat(up))).join("fanshi.toml"));
    above.into_iter().find(|manifest| manifest.is_file())
}

/// The names after 使用.
fn used(file: &tree::File) -> impl Iterator<Item = &tree::Name> {
    let uses = file.items.iter().filter_map(|item| match &item.kind {
        tree::ItemKind::Use(names) => Some(names),
        _ => None,
    });
    uses.flatten()
}

/// Whether a file goes by this name, as far as its path says.
fn is_named(path: &Path, name: &str) -> bool {
    path.file_stem().is_some_and(|stem| stem == name)
}

/// Whether the file there is a vocabulary of this name.
fn has_vocabulary(
    files: &dyn Files,
    (path, shown): (&Path, &str),
    name: &str,
) -> Result<bool, Unread> {
    let text = text(files, path, shown, limits::POLICY)?;
    let file = parse::parse(FileId(0), &Source::new(shown, text)).0;
    let words = file.items.iter().any(|item| match &item.kind {
        tree::ItemKind::Header(header) => header.vocabulary,
        _ => false,
    });
    Ok(words && is_called(&file, name))
}
