//! Files of the project's folders, and no others: wherever `..` and links lead.

use crate::data::Store;
use crate::workspace::{Entry, Files, Kind, Project, Refusal, absolute};
use std::collections::BTreeSet;
use std::io::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files of which those outside some folders are refused.
pub(super) struct Fenced {
    below: Arc<dyn Files>,
    /// Where links were followed.
    folders: Vec<PathBuf>,
}

impl Fenced {
    /// Fences a project: the folder of its manifest, and those of the policies and files that the
    /// manifest names as it stands now. A manifest that is typed later leads no further.
    pub(super) fn of(project: &Project) -> Self {
        let manifest = &project.manifest;
        let named = manifest.data.iter().map(|entry| &*entry.file);
        let texts = manifest.texts.iter().flat_map(|entry| &entry.files);
        let named = named.chain(texts.map(|(file, _)| &**file)).filter(|file| !file.is_empty());
        let named = named.filter_map(|file| Some(project.root.join(folder_of(file)?)));
        let policies = project.paths.iter().filter_map(|path| Some(path.parent()?.to_owned()));
        let all = named.chain(policies).chain([project.root.clone()]);
        let all: BTreeSet<PathBuf> = all.map(|folder| absolute(&folder)).collect();
        let is_inside = |folder: &&PathBuf| {
            let above = folder.ancestors().skip(1);
            !above.into_iter().any(|above| all.contains(above))
        };
        let folders = all.iter().filter(is_inside).cloned().collect();
        Self { below: project.store.clone(), folders }
    }

    /// Where a path leads.
    ///
    /// # Errors
    /// Where that is outside.
    pub(super) fn inside(&self, path: &Path) -> Result<PathBuf, Error> {
        let led = absolute(path);
        let inside = self.folders.iter().any(|folder| led.starts_with(folder));
        if inside { Ok(led) } else { Err(Refusal::Outside.into()) }
    }

    /// Whether a folder has one of these in it, at whatever depth.
    fn is_above(&self, path: &Path) -> bool {
        let led = absolute(path);
        self.folders.iter().any(|folder| folder.starts_with(&led))
    }
}

/// The folder in which the files are that an entry names, as far as it is no pattern.
fn folder_of(file: &str) -> Option<&Path> {
    let plain = file.find(['*', '?', '[']).and_then(|at| file.get(..at));
    match plain {
        None => Path::new(file).parent(),
        Some(plain) => {
            let end = plain.rfind(['/', '\\']).map_or(0, |at| at + 1);
            plain.get(..end).map(Path::new)
        }
    }
}

impl Files for Fenced {
    fn kind(&self, path: &Path) -> Result<Kind, Error> {
        match self.inside(path) {
            Ok(_) => self.below.kind(path),
            // The way to what is inside may lead through what is not: `../other/*.csv`.
            Err(_) if self.is_above(path) => Ok(Kind::Folder),
            Err(refused) => Err(refused),
        }
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, Error> {
        self.inside(folder)?;
        self.below.list(folder)
    }

    fn open(&self, path: &Path) -> Result<Arc<dyn Store>, Error> {
        self.inside(path)?;
        self.below.open(path)
    }

    fn same(&self, path: &Path) -> PathBuf {
        self.below.same(path)
    }
}

#[cfg(test)]
mod tests {
    use super::folder_of;
    use std::path::Path;

    #[test]
    fn a_pattern_is_in_the_folder_before_it() {
        let folder = |file| folder_of(file).map(Path::to_owned);
        assert_eq!(folder("../a/b.csv"), Some("../a".into()));
        assert_eq!(folder("../a/*/b.csv"), Some("../a/".into()));
        assert_eq!(folder("b.csv"), Some("".into()));
        assert_eq!(folder("[ab].csv"), Some("".into()));
        assert_eq!(folder("/"), None);
    }
}
