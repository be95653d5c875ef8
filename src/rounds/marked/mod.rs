//! Copies of the workbooks that groups sent in a form of their own: the cells that findings are about
//! are filled and noted, and all else is as it was.

mod book;
mod edit;
mod note;
mod sheet;
mod style;

use crate::data::{Store, cell_at, open_archive};
use crate::diagnostic::Bilingual;
use crate::engine::RowRef;
use crate::finding::{Report, Weight};
use crate::grouping::Groups;
use crate::place::{At, Place};
use crate::report::{self, Marks, Round};
use crate::schema::{FieldId, FrameId};
use crate::syntax::tree::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is said at a cell.
pub struct Note {
    weight: Weight,
    /// Nothing where a workbook has too many notes.
    text: String,
    /// How many lines it takes.
    lines: u32,
}

/// A cell, by row and column from 0.
pub type Cell = (u32, u32);

/// What is said at the cells of a sheet.
pub type Notes = BTreeMap<Cell, Note>;

/// A sheet: its file and its name.
type Sheet = (Arc<str>, Arc<str>);

/// What is said at cells, before it is put together.
type Said = BTreeMap<Cell, (Weight, Vec<String>)>;

/// A marked copy.
pub struct Copy {
    /// The whole name of the group.
    pub group: String,
    /// The file it is of, as the project names it.
    pub of: Arc<str>,
    /// Its name.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What became of the workbooks of a form of their own.
#[derive(Default)]
pub struct Copies {
    /// Those that are marked.
    pub made: Vec<Copy>,
    /// Those that are not, and why.
    pub not: Vec<(Arc<str>, Bilingual)>,
}

/// What a marked copy is called behind the name of its group.
#[must_use]
pub fn ending(language: Language) -> &'static str {
    if language == Language::Chinese { "（标记）" } else { " (marked)" }
}

/// Whether a workbook that came back is such a copy: by its name, or by who its notes are by.
#[must_use]
pub fn is_copy(name: &str, store: &dyn Store) -> bool {
    let named = |language| name.contains(ending(language).trim());
    if named(Language::Chinese) || named(Language::English) {
        return true;
    }
    let noted = || {
        let mut archive = open_archive(store.read(0, store.len()).ok()?.into()).ok()?;
        let parts = crate::data::Parts::new(&mut archive).ok()?;
        let mut texts = Vec::new();
        for sheet in &parts.sheets {
            let known = crate::data::relations(&mut archive, &sheet.path).ok()?;
            texts.extend(known.into_iter().filter(|found| found.kind == "comments"));
        }
        let by = |path: &str| {
            archive.text(path).ok().flatten().is_some_and(|text| text.contains(note::AUTHOR))
        };
        Some(texts.iter().map(|found| &*found.path).any(by))
    };
    noted().unwrap_or(false)
}

/// Marks a copy of each workbook in which, of all rows that belong to a group, all belong to one and
/// the same, and in which something is to be marked. `read` gives the bytes of a file of the project.
///
/// # Errors
/// Where what is said at the cells cannot be told.
pub fn copies(
    found: &Report<'_>,
    groups: &Groups<'_>,
    (language, round): (Language, &Round),
    read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
) -> std::io::Result<Copies> {
    let mut copies = Copies::default();
    let (whose, mut taken) = (owners(groups), BTreeSet::new());
    report::shares(found, groups, (language, Some(round)), |share| {
        taken.insert(share.file.to_lowercase());
        Ok(())
    })?;
    report::remarks(found, groups, (language, round), |at, name, marks| {
        let own = |file: &str| whose.get(file) == Some(&Some(at));
        for (file, sheets) in placed(groups, marks, own) {
            let made = read(&file)
                .map_err(|error| Bilingual::same(error.to_string()))
                .and_then(|bytes| book::marked(bytes.into(), &sheets));
            match made {
                Ok(bytes) => {
                    let numbered = (2..).map(|number: u32| format!("{}{number}", ending(language)));
                    let endings = std::iter::once(ending(language).to_owned()).chain(numbered);
                    let mut names = endings.map(|ending| format!("{name}{ending}"));
                    let name = names.find(|name| taken.insert(name.to_lowercase()));
                    let file_name = format!("{}.xlsx", name.unwrap_or_default());
                    let group = groups.list.get(at).and_then(|group| group.name.as_ref());
                    let group = group.map_or_else(String::new, |name| name.zh.clone());
                    copies.made.push(Copy { group, of: file, file: file_name, bytes });
                }
                Err(why) => copies.not.push((file, why)),
            }
        }
        Ok(())
    })?;
    Ok(copies)
}

/// Whether a file is a workbook, by its name.
fn is_book(file: &str) -> bool {
    crate::workspace::format_of(file) == Some(crate::data::Format::Workbook)
}

/// The group that all rows of each workbook belong to which belong to one; none where they are of
/// several.
fn owners(groups: &Groups<'_>) -> BTreeMap<Arc<str>, Option<usize>> {
    let (located, schema) = (&groups.run.rows.located, groups.run.schema());
    let mut whose: BTreeMap<Arc<str>, Option<usize>> = BTreeMap::new();
    let mut names: BTreeMap<u32, Option<Arc<str>>> = BTreeMap::new();
    for (frame, shape) in (0..).map(FrameId).zip(&schema.frames) {
        for row in 0..groups.run.len(frame) {
            let row = RowRef { frame, row };
            let is_one = |at: &usize| groups.list.get(*at).is_some_and(|found| found.key.is_some());
            let Some(at) = groups.position(row).filter(is_one) else { continue };
            let place = || located.locate(row.frame, row.row, None).map(|place| place.file);
            // The rows of a list may stand in another file than those they belong to.
            let name = match shape.parent {
                None => {
                    names.entry(located.order(row.frame, row.row).0).or_insert_with(place).clone()
                }
                Some(_) => place(),
            };
            if let Some(name) = name.filter(|name| is_book(name)) {
                let own = whose.entry(name).or_insert(Some(at));
                *own = own.filter(|own| *own == at);
            }
        }
    }
    whose
}

/// What is said in each file, by its sheets and their cells.
type Placed = BTreeMap<Arc<str>, BTreeMap<Arc<str>, Notes>>;

/// Where what is said stands in files of which `own` says that they are the group's.
fn placed(groups: &Groups<'_>, marks: &Marks, own: impl Fn(&str) -> bool) -> Placed {
    let mut said: BTreeMap<Sheet, Said> = BTreeMap::new();
    let mut columns = Columns { groups, known: BTreeMap::new() };
    for (&(frame, row, field), (weight, texts)) in marks {
        let located = &groups.run.rows.located;
        let Some(place) = located.locate(frame, row, Some(field)) else { continue };
        if !own(&place.file) {
            continue;
        }
        let Some((sheet, cell)) = columns.cell(place, (frame, row, field)) else { continue };
        let at = said.entry(sheet).or_default().entry(cell);
        let (gravest, all) = at.or_insert((*weight, Vec::new()));
        *gravest = (*gravest).min(*weight);
        all.extend(texts.iter().filter(|text| !all.contains(text)).cloned().collect::<Vec<_>>());
    }
    let mut placed = Placed::new();
    for ((file, sheet), cells) in said {
        let note = |(weight, texts): (Weight, Vec<String>)| {
            let (text, lines) = report::note(&texts);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a number of lines, cut to what a note holds"
            )]
            let lines = lines as u32 + 1;
            Note { weight, text, lines }
        };
        let notes = cells.into_iter().map(|(cell, said)| (cell, note(said))).collect();
        placed.entry(file).or_default().insert(sheet, notes);
    }
    placed
}

/// In which columns of sheets fields stand.
struct Columns<'g, 'r> {
    groups: &'g Groups<'r>,
    known: BTreeMap<(Sheet, FrameId, FieldId), Option<u32>>,
}

/// How many rows are looked at to see in which column a field stands.
const LOOKED_AT: usize = 200;

impl Columns<'_, '_> {
    /// The cell of a value: where it was not given, what stands for it is its row, and the cell is
    /// the one of its column, or that of the row's key where it has none.
    fn cell(
        &mut self,
        place: Place,
        (frame, row, field): (FrameId, usize, FieldId),
    ) -> Option<(Sheet, Cell)> {
        let At::Cell { sheet, cell } = place.at else { return None };
        let (line, first) = cell_at(cell.split(':').next()?)?;
        let groups = self.groups;
        let located = &groups.run.rows.located;
        let whole = located.locate(frame, row, None).map(|place| place.at);
        let given = whole
            .as_ref()
            .is_none_or(|whole| !matches!(whole, At::Cell { cell: whole, .. } if *whole == cell));
        if given {
            return Some(((place.file, sheet), (line, first)));
        }
        let key = ((place.file.clone(), sheet.clone()), frame, field);
        let column = *self.known.entry(key).or_insert_with(|| {
            let rows = (0..groups.run.len(frame)).take(LOOKED_AT);
            let mut places = rows.filter_map(|other| {
                let found = located.locate(frame, other, Some(field))?;
                let whole = located.locate(frame, other, None)?;
                let own = found.file == place.file && found.at != whole.at;
                match found.at {
                    At::Cell { sheet: of, cell } if own && of == sheet => {
                        cell_at(cell.split(':').next()?).map(|(_, column)| column)
                    }
                    _ => None,
                }
            });
            places.next()
        });
        let column = column.or_else(|| {
            let key = groups.run.schema().frame(frame)?.key()?;
            match located.locate(frame, row, Some(key))?.at {
                At::Cell { sheet: of, cell } if of == sheet => cell_at(&cell),
                _ => None,
            }
            .map(|(_, column)| column)
        });
        Some(((place.file, sheet), (line, column.unwrap_or(first))))
    }
}
