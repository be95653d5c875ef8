//! The files beside policies, whose names these use: each is read and parsed once, however many
//! policies use it.

use super::read::text;
use super::{Files, Project, limits, shown};
use crate::diagnostic::Diagnostic;
use crate::invariant::fit;
use crate::syntax::error::SyntaxError;
use crate::syntax::keyword::begins_header;
use crate::syntax::{parse, tree};
use crate::text::{FileId, Source};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was read of such files.
#[derive(Debug, Default)]
pub struct Neighbours {
    /// The files as far as their headers; of one that cannot be read, why.
    headers: BTreeMap<PathBuf, Result<tree::File, Diagnostic>>,
    /// Whole files, by the number they have in a project.
    whole: BTreeMap<(PathBuf, FileId), Parsed>,
    /// How many texts were parsed.
    pub parsed: usize,
}

#[derive(Clone, Debug)]
struct Parsed {
    source: Source,
    file: tree::File,
    errors: Vec<SyntaxError>,
}

impl Neighbours {
    /// Whether the file there has this name.
    pub(super) fn has_header(&mut self, files: &dyn Files, path: &Path, name: &str) -> bool {
        if !self.headers.contains_key(path) {
            let text = text(files, path, &shown(path), limits::POLICY);
            let header = text.map(|text| {
                self.parsed += 1;
                // What stands below its header says nothing of its name.
                let head = header_end(&text).and_then(|end| text.get(..end)).unwrap_or(&text);
                parse::parse(FileId(0), &Source::new(shown(path), head)).0
            });
            let header = header.map_err(|unread| unread.said(&shown(path), limits::POLICY));
            self.headers.insert(path.to_owned(), header);
        }
        let header = self.headers.get(path).and_then(|header| header.as_ref().ok());
        header.is_some_and(|file| is_called(file, name))
    }

    /// Why the file there cannot be read, where it was tried.
    pub(super) fn unread(&self, path: &Path) -> Option<Diagnostic> {
        self.headers.get(path)?.as_ref().err().cloned()
    }
}

impl Project {
    /// Adds a file that another policy may have added to its project.
    pub(super) fn add_neighbour(&mut self, path: &Path, known: &mut Neighbours) {
        let key = (path.to_owned(), FileId(fit(self.files.len())));
        if let Some(Parsed { source, file, errors }) = known.whole.get(&key).cloned() {
            self.sources.add(source);
            self.put(file, errors);
            self.paths.push(path.to_owned());
            return;
        }
        let before = self.files.len();
        self.add_file(path.to_owned(), &shown(path));
        known.parsed += self.files.len() - before;
        let errors = self.misspelt.last().map(|last| last.errors.clone());
        if let (Some(source), Some(file), Some(errors), true) =
            (self.sources.get(key.1), self.files.get(before), errors, self.files.len() > before)
        {
            let (source, file) = (source.clone(), file.clone());
            known.whole.insert(key, Parsed { source, file, errors });
        }
    }
}

/// Whether a file's header has this name.
pub(super) fn is_called(file: &tree::File, name: &str) -> bool {
    file.items.iter().any(|item| match &item.kind {
        tree::ItemKind::Header(header) => {
            header.names.name.text == name
                || header.names.alias.as_ref().is_some_and(|alias| alias.text == name)
        }
        _ => false,
    })
}

/// Where the line ends that gives a file its name.
fn header_end(text: &str) -> Option<usize> {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        let first = line.split_whitespace().next().unwrap_or("");
        if begins_header(first) && line.split_whitespace().nth(1).is_some() {
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::workspace::Memory;
    use std::sync::Arc;

    #[test]
    fn each_is_parsed_once_however_many_use_it() {
        let mut files = Memory::new();
        let words = ["词", "语"].map(|name| {
            let text = format!("词汇 {name}\n表 {name}书 {{ 号 : 文本 主键 }}\n");
            (PathBuf::from(format!("{name}.fan")), text)
        });
        let policies: Vec<PathBuf> =
            (1..=12).map(|at| PathBuf::from(format!("{at}.fan"))).collect();
        for path in &policies {
            let name = path.file_stem().unwrap().to_string_lossy();
            let text = format!("政策 p{name}\n使用 词、语\n第一条 甲 凡 词书，必须 有 号。\n");
            files = files.with(path, text);
        }
        for (path, text) in words {
            files = files.with(path, text);
        }
        let (files, mut known): (Arc<dyn Files>, _) = (Arc::new(files), Neighbours::default());
        for path in &policies {
            let project = Project::of_file_among(files.clone(), path, Some(&mut known));
            assert!(project.diagnostics.is_empty(), "{:?}", project.diagnostics);
            assert_eq!(project.files.len(), 3);
        }
        // The heads of fourteen files, and two that are used.
        assert_eq!(known.parsed, 16);
    }
}
