//! Where what stands at a place is declared, and where it is spoken of.

use super::answer::Location;
use super::index::Id;
use super::view::View;
use super::word::Of;
use crate::text::FileId;
use std::ops::Range;
use std::path::Path;

impl View {
    /// What stands at a byte of a policy, of cases, of the manifest or of a heading of data.
    pub(super) fn named_at(&self, path: &Path, offset: usize) -> Option<(Id, Location)> {
        let Some(module) = self.module(path) else {
            return self.outside_at(path, offset).map(|found| (found.id, found.location));
        };
        let file = FileId(u32::try_from(module).ok()?);
        if let Some(found) = self.index().at(file, offset) {
            return Some((found.id, self.location(found.span)?));
        }
        let word = self.word_at(module, offset)?;
        match word.of {
            Of::Declared(id, _) => {
                let path = path.to_owned();
                Some((id, Location { path, span: word.span, cell: None }))
            }
            Of::Keyword(_) | Of::Builtin | Of::Nothing => None,
        }
    }

    /// Where what stands at a byte is declared; of a citation, where its words stand.
    #[must_use]
    pub fn definition(&self, path: &Path, offset: usize) -> Vec<Location> {
        if let Some((id, _)) = self.named_at(path, offset) {
            let declared = self.index().get(id).map(|declared| declared.names.name.span);
            return declared.and_then(|span| self.location(span)).into_iter().collect();
        }
        let holds = |span: &Range<usize>| span.start <= offset && offset <= span.end;
        // Of a policy, none but the citation there is looked up.
        if self.module(path).is_some() {
            let own = self.citations(path).filter(|cite| holds(&cite.span.range()));
            return own.filter_map(|cite| self.leads_to(cite)).collect();
        }
        let links = self.links(path).into_iter().filter(|link| holds(&link.span));
        links.filter_map(|link| link.to).collect()
    }

    /// Where what stands at a byte is spoken of: in policies, cases, the manifest and the headings
    /// of data.
    #[must_use]
    pub fn references(&self, path: &Path, offset: usize, declared: bool) -> Vec<Location> {
        let Some((id, _)) = self.named_at(path, offset) else { return Vec::new() };
        let own = self.index().spoken_of(id).filter(|found| declared || !found.declares);
        let mut found: Vec<Location> = own.filter_map(|found| self.location(found.span)).collect();
        for known in self.files() {
            let mentions = self.outside_of(&known.path, known.kind).mentions.into_iter();
            found.extend(mentions.filter(|own| own.id == id).map(|own| own.location));
        }
        found
    }
}
