//! From the places that diagnostics and findings name to files and bytes.

use super::answer::{Cell, Location, Told};
use super::view::View;
use crate::diagnostic::Diagnostic;
use crate::place::{At, Place};
use std::path::Path;

impl View {
    /// Where a place is; `None` where it names no file of the project.
    #[must_use]
    pub fn locate(&self, place: &Place) -> Option<Location> {
        let path = self.path_of(&place.file)?;
        Some(self.within(place, &path))
    }

    /// A place in a file of this path.
    pub(super) fn within(&self, place: &Place, path: &Path) -> Location {
        let bytes = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let (span, cell) = match &place.at {
            At::File => (0..0, None),
            At::Text { start, end, .. } => (bytes(*start)..bytes(*end), None),
            At::Cell { sheet, cell } => {
                (0..0, Some(Cell { sheet: sheet.to_string(), cells: cell.clone() }))
            }
        };
        Location { path: path.to_owned(), span, cell }
    }

    /// A mistake at its place; one without a place stands at the head of the manifest.
    pub(super) fn told(&self, found: &Diagnostic) -> Told {
        let mut places = found
            .labels
            .iter()
            .filter_map(|label| Some((self.locate(&label.place)?, label.text.clone())));
        let (at, said) = places.next().unwrap_or_else(|| (self.whole(), Default::default()));
        let mut related: Vec<_> = places.collect();
        if !(said.zh.is_empty() && said.en.is_empty()) {
            related.insert(0, (at.clone(), said));
        }
        related.extend(
            found.also.iter().filter_map(|place| Some((self.locate(place)?, Default::default()))),
        );
        Told {
            at,
            severity: found.severity,
            code: found.code,
            message: found.message.clone(),
            help: found.help.clone(),
            related,
        }
    }
}
