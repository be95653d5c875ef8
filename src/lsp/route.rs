//! Which project a file belongs to.

use crate::workspace::{Files, Kind, Project, clean};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep folders are searched for manifests.
const DEEPEST: usize = 4;
/// How many folders are looked into.
const MOST_FOLDERS: usize = 4000;
/// How many manifests are read.
const MOST: usize = 64;
/// Folders in which nobody writes policies.
const PASSED_OVER: [&str; 4] = ["node_modules", "target", "dist", "build"];

/// What is known of manifests, until one changes.
#[derive(Default)]
pub struct Routes {
    /// The policies that a manifest lists, by the paths they are known again by.
    listed: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// The manifests in the folders of the client.
    found: BTreeMap<PathBuf, Vec<PathBuf>>,
}

impl Routes {
    /// What opens the project of a file: a manifest, or the file itself where no project has it.
    /// `None` of what is neither a policy nor a manifest nor cases, and in no open project: `open`
    /// are those that have it.
    pub fn of(
        &mut self,
        files: &Arc<dyn Files>,
        roots: &[PathBuf],
        path: &Path,
        open: &[PathBuf],
    ) -> Option<PathBuf> {
        let name = path.file_name()?.to_string_lossy();
        if name == "fanshi.toml" {
            return Some(path.to_owned());
        }
        let policy = match name.strip_suffix(".cases.toml") {
            Some(stem) => path.with_file_name(format!("{stem}.fan")),
            None if name.ends_with(".fan") => path.to_owned(),
            None => return nearest(path, open.iter().cloned()),
        };
        let same = files.same(&policy);
        let above = path.ancestors().skip(1).map(|folder| folder.join("fanshi.toml"));
        let above: Vec<PathBuf> = above.filter(|manifest| files.is_file(manifest)).collect();
        for manifest in above {
            if self.lists(files, &manifest, &same) {
                return Some(manifest);
            }
        }
        let elsewhere: Vec<PathBuf> =
            roots.iter().flat_map(|root| self.manifests(files, root)).collect();
        let lists = elsewhere.into_iter().filter(|manifest| self.lists(files, manifest, &same));
        let lists: Vec<PathBuf> = lists.collect();
        nearest(path, lists.into_iter().chain(open.iter().cloned())).or(Some(policy))
    }

    /// Whether a manifest lists a policy.
    fn lists(&mut self, files: &Arc<dyn Files>, manifest: &Path, policy: &Path) -> bool {
        let listed = self.listed.entry(manifest.to_owned()).or_insert_with(|| {
            let project = Project::read_in(files.clone(), manifest);
            project.paths.iter().map(|path| files.same(&clean(path))).collect()
        });
        listed.contains(policy)
    }

    /// The manifests below a folder, in order.
    fn manifests(&mut self, files: &Arc<dyn Files>, root: &Path) -> Vec<PathBuf> {
        let found = self.found.entry(root.to_owned()).or_insert_with(|| manifests(&**files, root));
        found.clone()
    }
}

/// The one that shares the most folders with a path; the first of those that share as many.
fn nearest(path: &Path, all: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let shared = |other: &PathBuf| {
        path.components().zip(other.components()).take_while(|(one, other)| one == other).count()
    };
    let mut best: Option<(usize, PathBuf)> = None;
    for one in all {
        let count = shared(&one);
        if best.as_ref().is_none_or(|(most, _)| count > *most) {
            best = Some((count, one));
        }
    }
    best.map(|(_, path)| path)
}

/// Looks for manifests below a folder, the upper ones first.
fn manifests(files: &dyn Files, root: &Path) -> Vec<PathBuf> {
    let mut manifests = Vec::new();
    let mut level = vec![root.to_owned()];
    let mut looked = 0;
    for _ in 0..=DEEPEST {
        let mut next = Vec::new();
        for folder in level {
            looked += 1;
            if looked > MOST_FOLDERS || manifests.len() >= MOST {
                return manifests;
            }
            for entry in files.list(&folder).unwrap_or_default() {
                let name = entry.name.to_string_lossy();
                let path = folder.join(&entry.name);
                match entry.kind {
                    Some(Kind::Folder)
                        if !name.starts_with('.') && !PASSED_OVER.contains(&&*name) =>
                    {
                        next.push(path);
                    }
                    Some(Kind::File) | None if name == "fanshi.toml" => manifests.push(path),
                    _ => {}
                }
            }
        }
        level = next;
    }
    manifests
}
