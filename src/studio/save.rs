//! What is typed becomes what is stored: all files of one save or none, and none that changed
//! meanwhile.

use super::desk::{Desk, Look, MARK, News, Refused, outside, stamp};
use super::watch::mark;
use crate::say;
use crate::workspace::write::{Mode, Written, publish};
use crate::workspace::{Files, Kind};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::path::PathBuf;

/// A file to save.
#[derive(Deserialize)]
pub(super) struct Saved {
    /// Its name.
    name: String,
    /// Its whole text.
    text: String,
    /// What the text was made from; `None` for a file that was not there.
    base: Option<String>,
}

impl Desk {
    /// Saves files, all or none. Where one is other than the page knew it to be, nothing is written
    /// and the page is told which, with what stands in it now.
    pub(super) fn save(&self, files: &[Saved]) -> Result<Value, Refused> {
        let look = self.look();
        let mut written: Vec<(PathBuf, &Saved, Vec<u8>)> = Vec::new();
        let mut changed = Vec::new();
        for file in files {
            let known = look.known(&file.name)?;
            // Where a link leads, if that is inside.
            let path = self.files.inside(&known.path).map_err(|_| outside(&known.path))?;
            let stored = self.stored(&path)?;
            if stored.as_deref().map(stamp) != file.base {
                let base = stored.as_deref().map(stamp);
                let text = stored.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                changed.push(json!({"name": file.name, "text": text, "base": base}));
                continue;
            }
            let has_mark = stored.is_some_and(|bytes| bytes.starts_with(MARK.as_bytes()));
            let mark = if has_mark { MARK } else { "" };
            written.push((path, file, [mark, &file.text].concat().into_bytes()));
        }
        if !changed.is_empty() {
            return Ok(json!({"changed": changed}));
        }
        let drafts = written.iter().map(|(path, _, bytes)| Written::of(path, bytes));
        let drafts = drafts.collect::<Result<Vec<_>, _>>();
        drafts.and_then(|drafts| publish(drafts, Mode::Replace)).map_err(|error| {
            Refused::new("unwritable", say!("写不了：{error}", "cannot write: {error}"))
        })?;
        Ok(self.stored_as(&written))
    }

    /// What is stored needs no text laid over it any more.
    fn stored_as(&self, written: &[(PathBuf, &Saved, Vec<u8>)]) -> Value {
        let mut saved = Vec::new();
        for (path, file, bytes) in written {
            self.note(path, mark(path));
            let folder = path.parent().unwrap_or(path);
            self.note(folder, mark(folder));
            self.put(path, None);
            self.service().changed(path);
            saved.push(json!({"name": file.name, "base": stamp(bytes)}));
        }
        let files = written.iter().map(|(path, file, _)| (file.name.clone(), path.clone()));
        self.tell(News::Changed(files.collect()));
        json!({ "saved": saved })
    }

    /// Whether a file may be written at all: a page says so before something is typed.
    pub(super) fn is_writable(&self, look: &Look, name: &str) -> bool {
        let path = look.known(name).ok().and_then(|known| self.files.inside(&known.path).ok());
        path.is_some_and(|path| match self.files.kind(&path) {
            Ok(kind) => kind == Kind::File,
            Err(error) => error.kind() == ErrorKind::NotFound,
        })
    }
}
