//! Trees of texts that were parsed before: what is typed in one file leaves all others as they are.

use crate::engine::Divisions;
use crate::syntax::error::SyntaxError;
use crate::syntax::{parse, tree};
use crate::text::{FileId, Source};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// How many texts of a file are kept: what is saved, what was typed last, and what a trial made.
const TEXTS: usize = 3;

/// The texts that a file had, with their trees and what is wrong with them.
type Kept = Vec<(Arc<str>, Arc<(tree::File, Vec<SyntaxError>)>)>;

/// Trees by text. Shared by those who read one project again and again.
#[derive(Clone, Default)]
pub struct Trees {
    parsed: Arc<Mutex<BTreeMap<FileId, Kept>>>,
    /// Files in which words are written together, by text and names.
    pub(super) divided: Arc<Divisions>,
    /// The same in trials of remedies, which begin with files that are divided.
    pub(super) tried: Arc<Divisions>,
}

impl Trees {
    /// The tree of a text, parsed where it was not before.
    pub(super) fn parse(&self, id: FileId, source: &Source) -> (tree::File, Vec<SyntaxError>) {
        let known = || {
            let files = self.parsed.lock().ok()?;
            let texts = files.get(&id)?;
            texts.iter().find(|(text, _)| *text == source.text).map(|(_, read)| read.clone())
        };
        if let Some(read) = known() {
            return (*read).clone();
        }
        let read = parse::parse(id, source);
        if let Ok(mut files) = self.parsed.lock() {
            let texts = files.entry(id).or_default();
            texts.insert(0, (source.text.clone(), Arc::new(read.clone())));
            texts.truncate(TEXTS);
        }
        read
    }
}
