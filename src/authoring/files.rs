//! The files of a project, by path and by the name that people are shown.

use super::answer::{Known, KnownKind, Location};
use super::view::View;
use crate::data::Format;
use crate::testing::suite;
use crate::text::{FileId, Source};
use crate::workspace::{Files, clean, format_of, shown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl View {
    /// The files it is made of: policies, the manifest, cases, data, texts of what is cited.
    #[must_use]
    pub fn files(&self) -> Vec<Known> {
        let project = self.project();
        let known = |(path, kind, name): (PathBuf, KnownKind, String)| Known { path, kind, name };
        let policies = project.paths.iter().zip(project.sources.iter());
        let policies = policies
            .map(|(path, (_, source))| (path.clone(), KnownKind::Policy, source.name.to_string()));
        let manifest = self
            .manifest()
            .map(|path| (path, KnownKind::Manifest, project.manifest_source.name.to_string()));
        let cases = project.paths.iter().map(|path| suite::beside(path));
        let cases = cases.filter(|path| project.store.is_file(path));
        let cases = cases.map(|path| {
            let name = self.shown(&path);
            (path, KnownKind::Cases, name)
        });
        // Listed, and nothing in it or not there: it is begun here.
        let listed = project.manifest.policies.iter().flat_map(|entry| self.listed(&entry.file));
        let begun = listed.map(|path| {
            let name = self.shown(&path);
            (path, KnownKind::Policy, name)
        });
        let all = manifest.into_iter().chain(policies).chain(begun).chain(cases);
        let mut files: Vec<_> = all.collect();
        for pattern in project.manifest.data.iter().map(|entry| &entry.file) {
            for path in self.fitting(pattern) {
                let kind = match format_of(&self.shown(&path)) {
                    Some(Format::Workbook) => KnownKind::Workbook,
                    _ => KnownKind::Data,
                };
                let name = self.shown(&path);
                files.push((path, kind, name));
            }
        }
        let texts = project.manifest.texts.iter().flat_map(|entry| &entry.files);
        for (pattern, _) in texts {
            files.extend(self.fitting(pattern).into_iter().map(|path| {
                let name = self.shown(&path);
                (path, KnownKind::Text, name)
            }));
        }
        let mut seen: Vec<PathBuf> = Vec::new();
        files.retain(|(path, ..)| {
            let same = project.store.same(path);
            let new = !seen.contains(&same);
            seen.push(same);
            new
        });
        files.into_iter().map(known).collect()
    }

    /// The files that a name or a pattern of the manifest stands for.
    pub(super) fn fitting(&self, pattern: &str) -> Vec<PathBuf> {
        match pattern.is_empty() {
            true => Vec::new(),
            false => self.project().matching(pattern),
        }
    }

    /// The files that an entry of the manifest's policies stands for, there or not.
    fn listed(&self, pattern: &str) -> Vec<PathBuf> {
        let project = self.project();
        let mut found = self.fitting(pattern);
        if found.is_empty() && !pattern.is_empty() && !pattern.contains(['*', '?', '[']) {
            found.push(clean(&project.root.join(pattern)));
        }
        found.retain(|path| !project.store.is_folder(path));
        found
    }

    /// A file as people are shown it: from the manifest's folder.
    fn shown(&self, path: &Path) -> String {
        shown(&clean(path.strip_prefix(&self.project().root).unwrap_or(path)))
    }

    /// The manifest; `None` outside a project.
    pub(super) fn manifest(&self) -> Option<PathBuf> {
        let project = self.project();
        let name = &*project.manifest_source.name;
        (!name.is_empty()).then(|| project.root.join(name))
    }

    /// Whether two paths lead to one file.
    pub(super) fn is_same(&self, one: &Path, other: &Path) -> bool {
        one == other || self.project().store.same(one) == self.project().store.same(other)
    }

    /// The policy at a path.
    pub(super) fn module(&self, path: &Path) -> Option<usize> {
        self.project().paths.iter().position(|own| self.is_same(own, path))
    }

    /// The text of a policy.
    pub(super) fn source(&self, module: usize) -> Option<&Source> {
        self.policy().phrases.sources.get(FileId(u32::try_from(module).ok()?))
    }

    /// The path of a policy.
    pub(super) fn policy_path(&self, file: FileId) -> Option<&PathBuf> {
        self.project().paths.get(file.0 as usize)
    }

    /// A span of a policy.
    pub(super) fn location(&self, span: crate::text::Span) -> Option<Location> {
        let path = self.policy_path(span.file)?.clone();
        Some(Location { path, span: span.range(), cell: None })
    }

    /// The text of any file of the project, as it stands in this view.
    pub(super) fn read(&self, path: &Path) -> Option<Arc<str>> {
        if let Some(source) = self.module(path).and_then(|module| self.source(module)) {
            return Some(source.text.clone());
        }
        utf_8(&*self.project().store, path).map(Into::into)
    }

    /// The path of a file by the name it is shown by.
    pub(super) fn path_of(&self, name: &str) -> Option<PathBuf> {
        let project = self.project();
        let mut policies = project.paths.iter().zip(project.sources.iter());
        let policy = policies.find(|(_, (_, source))| &*source.name == name);
        policy.map(|(path, _)| path.clone()).or_else(|| {
            let beside = [project.root.join(name), PathBuf::from(name)];
            beside.into_iter().find(|path| project.store.is_file(path))
        })
    }

    /// The head of the project.
    pub(super) fn whole(&self) -> Location {
        let first = || self.project().paths.first().cloned().unwrap_or_default();
        Location { path: self.manifest().unwrap_or_else(first), span: 0..0, cell: None }
    }
}

/// The text of a file; `None` where there is none, it is no UTF-8, or too large.
pub(crate) fn utf_8(files: &dyn Files, path: &Path) -> Option<String> {
    String::from_utf8(files.read(path, LARGEST).ok()?).ok()
}

/// The largest text that is looked into, in bytes.
const LARGEST: u64 = 1 << 26;
