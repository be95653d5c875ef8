//! Where citations are looked up: the rows they name, and the texts of these.

use super::catalogue::{Catalogue, Row};
use super::check::Checked;
use super::library::{Held, Library, Shelf};
use super::message::{self, Remark};
use crate::builtin::citation::State;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::schema::FrameId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The texts given for each citable table.
pub type Libraries = BTreeMap<FrameId, Arc<Library>>;

/// The texts that are cited, by table.
pub type Shelves = BTreeMap<FrameId, Shelf>;

/// Rows and texts, on a day.
pub struct Desk<'d> {
    /// The rows.
    pub catalogue: Catalogue<'d>,
    /// The texts.
    pub shelves: &'d Shelves,
    /// The day; `None` where nothing is judged.
    pub day: Option<i64>,
}

/// What a citation names.
#[derive(Clone, Debug)]
pub struct Looked<'d> {
    /// The row.
    pub row: Option<Row>,
    /// Whether texts are given for its table.
    pub has_texts: bool,
    /// Its text.
    pub held: Option<&'d Held>,
}

impl<'d> Desk<'d> {
    /// What a title names, in one table or in all.
    #[must_use]
    pub fn look(&self, title: &str, table: Option<FrameId>) -> Looked<'d> {
        let rows = self.catalogue.called(title, table);
        let row = self.catalogue.meant(&rows, self.day);
        let fits = |id: &FrameId| match row {
            Some(row) => row.table == *id,
            None => table.is_none_or(|table| table == *id),
        };
        let own = || self.shelves.iter().filter(|(id, _)| fits(id));
        let names = row.map(|row| self.catalogue.titles_of(row)).unwrap_or_default();
        let get = |shelf: &'d Shelf| {
            shelf.get(title).or_else(|| names.iter().find_map(|name| shelf.get(name)))
        };
        let held = own().find_map(|(_, shelf)| get(shelf));
        Looked { row, has_texts: own().next().is_some(), held }
    }

    /// Whether a title is known: to a table, or where no table has rows, to the texts.
    #[must_use]
    pub fn knows(&self, looked: &Looked<'_>) -> bool {
        looked.row.is_some() || self.catalogue.is_empty() && looked.held.is_some()
    }

    /// Holds a place and the words quoted from it against the text of what was looked up.
    #[must_use]
    pub fn check(&self, looked: &Looked<'d>, place: &str, words: Option<&str>) -> Checked<'d> {
        match looked.held {
            None if self.catalogue.is_empty() => Checked::bare(State::NotHeld),
            _ if !self.knows(looked) => Checked::bare(State::UnknownTitle),
            None => Checked::bare(State::NotHeld),
            Some(held) => held.check(place, words, self.day),
        }
    }
}

/// What was said of which text, by the form in which titles are compared.
pub type SaidOnce = BTreeSet<(Remark, String)>;

/// What is said once of each text.
#[derive(Default)]
pub struct Remarks<'d> {
    found: BTreeMap<(Remark, String), Named<'d>>,
}

/// The citations that something is said of.
struct Named<'d> {
    title: String,
    /// The version that they name and that is not held.
    version: String,
    held: Option<&'d Held>,
    count: usize,
    place: Place,
}

impl<'d> Remarks<'d> {
    /// Notes what is to be said of the text of a citation at a place.
    pub fn note(
        &mut self,
        title: &str,
        checked: &Checked<'d>,
        held: Option<&'d Held>,
        place: &dyn Fn() -> Place,
    ) {
        let name = held.map_or(title, |held| held.title.as_str());
        let current = checked.version.is_none_or(|version| version.is_current);
        let unheld = checked.unheld.as_ref().map_or("", |named| &named.written);
        let kinds = [
            (Remark::NotHeld, checked.state == State::NotHeld && unheld.is_empty()),
            (Remark::NamedVersion, !unheld.is_empty()),
            (Remark::OtherVersion, !current),
            (Remark::Incomplete, checked.state == State::Incomplete),
        ];
        for (kind, _) in kinds.into_iter().filter(|(_, is)| *is) {
            let key = (kind, super::key(name) + unheld);
            match self.found.get_mut(&key) {
                Some(named) => named.count += 1,
                None => {
                    let (title, version) = (name.to_owned(), unheld.to_owned());
                    let named = Named { title, version, held, count: 1, place: place() };
                    self.found.insert(key, named);
                }
            }
        }
    }

    /// What is said.
    #[must_use]
    pub fn keys(&self) -> SaidOnce {
        self.found.keys().cloned().collect()
    }

    /// All of it, but for what is known.
    #[must_use]
    pub fn said(self, day: Option<i64>, known: &SaidOnce) -> Vec<Diagnostic> {
        let said = |((kind, _), named): ((Remark, String), Named<'d>)| {
            let of = (&*named.title, &*named.version);
            let said = message::said_once(kind, of, named.held, (day, named.count));
            said.at(named.place, Bilingual::default())
        };
        let new = self.found.into_iter().filter(|(key, _)| !known.contains(key));
        new.map(said).collect()
    }
}
