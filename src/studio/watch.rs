//! Files that change while the page is open are noticed: by their size and time, every moment.

use super::desk::{Desk, News};
use crate::workspace::{Disk, Files};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// What a file or folder on the disk is known again by: size and time.
pub(super) fn mark(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let length = Disk.open(path).map(|file| file.len()).map_err(|error| error.kind());
    (length, Disk::saved(path)).hash(&mut hasher);
    hasher.finish()
}

impl Desk {
    /// Looks at every file of the project, and at the folders they are in, to which files may be
    /// added. What changed is read again, and the pages are told.
    pub(super) fn look_around(&self) {
        let look = self.look();
        let files: Vec<PathBuf> = look.files().iter().map(|known| known.path.clone()).collect();
        let folders: BTreeSet<PathBuf> =
            files.iter().filter_map(|path| Some(path.parent()?.to_owned())).collect();
        let is_changed = |path: &&PathBuf| {
            let led = self.files.inside(path);
            led.is_ok_and(|led| self.note(&led, mark(&led)))
        };
        let changed: Vec<&PathBuf> = files.iter().filter(is_changed).collect();
        let folders: Vec<&PathBuf> = folders.iter().filter(is_changed).collect();
        if changed.is_empty() && folders.is_empty() {
            return;
        }
        let mut service = self.service();
        for path in changed.iter().chain(&folders) {
            service.changed(path);
        }
        drop(service);
        let files = changed.iter().map(|path| (look.name(path), (*path).clone()));
        self.tell(News::Changed(files.collect()));
    }
}
