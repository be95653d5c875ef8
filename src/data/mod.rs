//! Rank 3: declared data. Readers (`json`, `toml`, `csv`, `workbook`, `xes`) turn a format into
//! events with places, `bind` turns events into columns: every typing error arises there, once.
//! `load` reads files in parallel and joins them, `link` checks what concerns several rows,
//! `locate` finds places again.

mod aside;
mod bind;
mod bytes;
mod csv;
mod encoding;
mod event;
mod fault;
mod faults;
mod file;
mod finish;
mod garbled;
mod inflate;
mod json;
mod leaving;
mod line;
mod link;
mod literal;
mod load;
mod locate;
mod looks;
mod mention;
mod message;
mod names;
mod outline;
mod parents;
mod part;
mod placeholder;
mod raw;
mod sheets;
mod spelling;
mod starts;
mod toml;
mod trace;
mod unit;
mod workbook;
mod xes;

pub use bytes::WHOLE;
pub use event::Recording;
pub use garbled::{Garbled, look as look_for_garbled};
pub use literal::{Written, constant};
pub use message::{toml_causes, toml_error};
pub use outline::Held;
pub use raw::{
    Document, RawSheet, amount, every_sheet, raw_sheets, read_heading, reads, says_nothing,
    states_unit, unit_of, values_of,
};
pub use toml::{fill, record};
#[cfg(feature = "workbook")]
pub use workbook::{Archive, Parts, attribute, open_archive, relations, relations_part};
pub use workbook::{cell_at, column_name};

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::schema::{FieldId, FrameId, Schema};
use crate::value::key::canonical;
use crate::value::{Bits, Column};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Where the bytes of a file come from; the workspace implements it for disk, tests for memory.
///
/// # Examples
///
/// ```
/// use fanshi::Store;
///
/// /// A file of which only the length matters.
/// struct Blank(u64);
///
/// impl Store for Blank {
///     fn len(&self) -> u64 {
///         self.0
///     }
///     fn read(&self, start: u64, end: u64) -> std::io::Result<Vec<u8>> {
///         Ok((start..end.min(self.0)).map(|_| b' ').collect())
///     }
/// }
///
/// assert_eq!(Blank(3).read(1, 9).unwrap(), b"  ");
/// ```
pub trait Store: Send + Sync {
    /// Size in bytes.
    fn len(&self) -> u64;
    /// Whether the file has no bytes.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The bytes `start..end`.
    ///
    /// # Errors
    /// Where the file cannot be read, or has changed since it was opened.
    fn read(&self, start: u64, end: u64) -> std::io::Result<Vec<u8>>;
}

/// Bytes in memory.
///
/// # Examples
///
/// ```
/// use fanshi::{Bytes, Store};
///
/// let file = Bytes("code,pages\n".as_bytes().into());
/// assert_eq!(file.len(), 11);
/// assert_eq!(file.read(5, 10).unwrap(), b"pages");
/// ```
#[derive(Clone, Debug)]
pub struct Bytes(pub Arc<[u8]>);

impl Store for Bytes {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, start: u64, end: u64) -> std::io::Result<Vec<u8>> {
        let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        Ok(self.0.get(at(start)..at(end)).unwrap_or_default().to_vec())
    }
}

/// The format of a file, by its extension or the manifest.
///
/// # Examples
///
/// ```
/// use fanshi::{Format, Input, Options, Project};
///
/// let mut project = Project::read("examples/library".as_ref());
/// let policy = project.policy(&Options::default());
/// let inputs: Vec<Input> =
///     project.open_data(policy.schema()).iter().map(|file| file.input()).collect();
/// assert_eq!((inputs[0].format, inputs[1].format), (Format::Csv, Format::Json));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML: `[[表]]` or, in a file given for one table, top-level keys of one row.
    Toml,
    /// JSON: an array of objects, or one object with one array per table.
    Json,
    /// One JSON object per line.
    JsonLines,
    /// CSV (`,`), or TSV (tab) by extension.
    Csv,
    /// A sheet of a workbook: XLSX, XLS or ODS, told apart by what the file holds.
    Workbook,
    /// An event log of IEEE 1849: traces with events.
    Xes,
}

/// What the manifest says of how a file is read.
///
/// # Examples
///
/// ```
/// use fanshi::Mapping;
///
/// // The third row holds the headings, and the column `Pages, about` is the field `pages`.
/// let headings = vec![("Pages, about".to_owned(), "pages".to_owned())];
/// let mapping = Mapping { header: vec![3], headings, ..Mapping::default() };
/// assert_eq!(mapping.encoding, None); // to be detected
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// An encoding label (`gb18030`, `utf-16le`, …); `None` to detect.
    pub encoding: Option<String>,
    /// Heading in the file → field name; `list.field` for a field of a list's elements.
    pub headings: Vec<(String, String)>,
    /// The rows of the headings, from 1; of none, they are found; 0: there are none.
    pub header: Vec<usize>,
    /// The fields of the columns, in their order, where the file does not name them; an empty name
    /// for a column that is passed over.
    pub columns: Vec<String>,
    /// Columns in which an empty cell has the value of the row above.
    pub fill: Vec<String>,
    /// The sheet of a workbook, or a pattern of sheets; `None` for the only one, or the one called
    /// as the table.
    pub sheet: Option<String>,
    /// Headings that no field is called and that are passed over; `*` stands for any characters.
    pub ignore: Vec<String>,
    /// Words a row of totals begins with, besides the usual ones; of none, no row is one by its
    /// words.
    pub totals: Option<Vec<String>>,
    /// The way to the rows of a JSON document that holds more: keys with `/` between them.
    pub rows: Option<String>,
    /// The heading whose rows of one value are one row of the table, with the others as elements of
    /// a list.
    pub group_by: Option<String>,
    /// That list, or the list of a log's events; `None` for the only one there is.
    pub list: Option<String>,
    /// Whether it may have no rows.
    pub empty: bool,
    /// Texts and numbers that mean "not given".
    pub absent: Vec<String>,
    /// Texts and numbers that mean yes, and those that mean no.
    pub truths: [Vec<String>; 2],
    /// How its dates are written.
    pub dates: Dates,
    /// The unit of numbers that state none.
    pub unit: Option<String>,
    /// Heading → the unit of the numbers under it that state none.
    pub units: Vec<(String, String)>,
    /// Numbers whose unit stands in a column of its own.
    pub pairs: Vec<NumberAndUnit>,
    /// What separates the values of a list in one cell; empty for the usual signs.
    pub separator: Vec<String>,
    /// Where it is one of the files a pattern stands for: the place of that entry in the manifest.
    pub of_several: Option<Range<usize>>,
}

/// A number whose unit stands in another column, as the manifest declares it.
///
/// # Examples
///
/// ```
/// use fanshi::NumberAndUnit;
///
/// let limit = NumberAndUnit {
///     heading: "limit".to_owned(),
///     unit: "unit of limit".to_owned(),
///     units: vec![("1".to_owned(), "workdays".to_owned()), ("2".to_owned(), "days".to_owned())],
///     ..NumberAndUnit::default()
/// };
/// assert!(limit.values.is_empty()); // the field is called as the heading
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberAndUnit {
    /// The heading of the number.
    pub heading: String,
    /// The fields it may be a value of, by its unit; none for the field called as the heading.
    pub values: Vec<String>,
    /// The heading of the unit.
    pub unit: String,
    /// What stands there → the unit; none where the units' own names do.
    pub units: Vec<(String, String)>,
}

/// How dates are written.
///
/// # Examples
///
/// ```
/// use fanshi::{DateOrder, Dates};
///
/// assert_eq!(Dates::default().order, DateOrder::YearFirst);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// The order of day, month and year.
    pub order: DateOrder,
    /// Whether an instant, where a date is wanted, stands for its local day.
    pub timestamps: bool,
}

/// The order in which day, month and year stand, between signs.
///
/// # Examples
///
/// ```
/// use fanshi::{DateOrder, Dates};
///
/// let dates = Dates { order: DateOrder::MonthFirst, ..Dates::default() };
/// assert!(!dates.timestamps); // `02/13/2015`, without a time of day
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// `2015-11-20`; always read, whatever the manifest says.
    #[default]
    YearFirst,
    /// `11/20/2015` too.
    MonthFirst,
    /// `20/11/2015` too.
    DayFirst,
    /// The manifest names several: which number of `02/03/2015` is the day, nobody knows.
    Several,
}

/// One file to load.
///
/// # Examples
///
/// ```
/// use fanshi::{Bytes, Format, FrameId, Input, Keep, Mapping, Options, Project, RowSource, Rows};
/// use std::sync::Arc;
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let input = Input {
///     frame: FrameId(0),
///     name: "shelves.csv".into(),
///     format: Format::Csv,
///     mapping: Mapping::default(),
///     inline: None,
///     store: Arc::new(Bytes("name\neast\nwest\n".as_bytes().into())),
/// };
/// let source = RowSource { inputs: vec![input], ..RowSource::default() };
/// let rows = Rows::load(&policy, source, Keep::Read);
/// assert_eq!(rows.frame(FrameId(0)).unwrap().len, 2);
/// ```
#[derive(Clone)]
pub struct Input {
    /// The table, or the nested list for a CSV child table.
    pub frame: FrameId,
    /// The name shown to people.
    pub name: Arc<str>,
    /// Its format.
    pub format: Format,
    /// How it is read.
    pub mapping: Mapping,
    /// The rows, where they are not the whole file: places are those of the file. A field they lack
    /// is a missing fact, not a mistake.
    pub inline: Option<Arc<Recording>>,
    /// The bytes.
    pub store: Arc<dyn Store>,
}

/// The rows of one frame.
#[derive(Clone, Debug)]
pub struct FrameData {
    /// Number of rows.
    pub len: usize,
    /// One column a field; nested lists have a column whose values are `Dropped` and whose
    /// `present` says where the list was given.
    pub columns: Vec<Column>,
    /// For a nested frame: the elements of parent row `p` are rows `offsets[p]..offsets[p + 1]`;
    /// one longer than the parent. Empty for tables.
    pub offsets: Arc<Vec<u32>>,
    /// For a table: whether these are all its rows, none of which was lost. A nested list says so
    /// row by row, in its column of the parent.
    pub whole: bool,
    /// What references of other rows name that is no row of this table, or not one alone. Such a
    /// reference is unread, and has [`Stray::number`] as its number.
    pub strays: Vec<Stray>,
    /// By reference field: what those of its references that could not be followed may mean.
    pub claims: BTreeMap<FieldId, Vec<Claim>>,
    /// By field of amounts that are not in yuan: what their currency is called; nothing where there
    /// are several, or that is not known.
    pub currencies: BTreeMap<FieldId, Bilingual>,
}

/// A key that no row of a table has, or several rows have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The rows that have the key, or one much like it, ascending.
    pub targets: Vec<u32>,
    /// Whether no row has it.
    pub is_missing: bool,
}

impl Stray {
    /// The number of the first, negated: what is below names no row, nor anything else.
    const FIRST: usize = 2;

    /// The number that references to the `at`th of a table have in the place of a row's.
    #[must_use]
    pub fn number(at: usize) -> i64 {
        i64::try_from(at + Self::FIRST).map_or(0, |number| -number)
    }
}

/// References of one field that could not be followed, all of them written alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The first rows that have one, at most [`Claim::NAMED`].
    pub rows: Vec<u32>,
    /// The rows of the other table that may be meant, ascending; `None` for any of them.
    pub targets: Option<Vec<u32>>,
}

impl Claim {
    /// How many rows are kept, to be named in messages.
    pub const NAMED: usize = 3;

    /// Whether a row of the other table may be meant.
    #[must_use]
    pub fn concerns(&self, target: usize) -> bool {
        let target = u32::try_from(target).unwrap_or(u32::MAX);
        self.targets.as_ref().is_none_or(|targets| targets.binary_search(&target).is_ok())
    }
}

impl FrameData {
    /// What a reference with this number names, where that is no row; with which of those it is.
    #[must_use]
    pub fn stray(&self, number: i64) -> Option<(usize, &Stray)> {
        let at = usize::try_from(number.checked_neg()?).ok()?.checked_sub(Stray::FIRST)?;
        Some((at, self.strays.get(at)?))
    }

    /// The claims of a reference field.
    #[must_use]
    pub fn claims(&self, field: FieldId) -> &[Claim] {
        self.claims.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The rows, of the `len` of the table a reference field refers to, that its references which
    /// could not be followed may mean.
    #[must_use]
    pub fn claimed(&self, field: FieldId, len: usize) -> Bits {
        let mut claimed = vec![false; len];
        for claim in self.claims(field) {
            let Some(targets) = &claim.targets else { return Bits::uniform(len, true) };
            for target in targets {
                if let Some(slot) = claimed.get_mut(*target as usize) {
                    *slot = true;
                }
            }
        }
        Bits::from_slice(&claimed, |claimed| claimed)
    }

    /// A column by field.
    #[must_use]
    pub fn column(&self, field: FieldId) -> Option<&Column> {
        self.columns.get(field.0 as usize)
    }

    /// The rows of one parent's elements.
    #[must_use]
    pub fn elements(&self, parent: usize) -> std::ops::Range<usize> {
        let at = |index: usize| self.offsets.get(index).map_or(0, |&offset| offset as usize);
        at(parent)..at(parent + 1)
    }

    /// The parent of an element.
    #[must_use]
    pub fn parent_of(&self, row: usize) -> usize {
        self.offsets.partition_point(|&offset| offset as usize <= row).saturating_sub(1)
    }

    /// A field's presence.
    #[must_use]
    pub fn present(&self, field: FieldId) -> Bits {
        self.column(field)
            .map_or_else(|| Bits::uniform(self.len, false), |column| column.present.clone())
    }
}

/// All frames, indexed as in the schema, and the way back to their places.
pub trait Located: Send + Sync {
    /// Where a value stands; the row itself without a field; the row where the field was not given.
    fn locate(&self, frame: FrameId, row: usize, field: Option<FieldId>) -> Option<Place>;
    /// What stands in the file for a value, without the quotes, escapes and entities of its format;
    /// `None` where the field was not given, or is a list or an object.
    fn text(&self, frame: FrameId, row: usize, field: FieldId) -> Option<String>;
    /// A key of a table's rows as it is compared, from how people write it: `007` is the integer 7.
    fn key(&self, _: FrameId, written: &str) -> String {
        canonical(written).into_owned()
    }
    /// A sort key for report order: file (in order of loading), then byte offset of the top-level
    /// row.
    fn order(&self, frame: FrameId, row: usize) -> (u32, u64);
}

/// Loaded data.
pub struct Data {
    /// One per frame of the schema.
    pub frames: Vec<FrameData>,
    /// The way back.
    pub located: Arc<dyn Located>,
    /// Which of the diagnostics are about fields that a file lacks, and which fields.
    pub lacking: Vec<(usize, Vec<(FrameId, FieldId)>)>,
}

impl Data {
    /// Notes that rows of a table or a list were lost. Whose elements a list has lost is not known:
    /// any row's may be missing some.
    pub fn lose(&mut self, schema: &Schema, frame: FrameId) {
        let Some((parent, list)) = schema.frame(frame).and_then(|found| found.parent) else {
            self.frames
                .iter_mut()
                .skip(frame.0 as usize)
                .take(1)
                .for_each(|data| data.whole = false);
            return;
        };
        let Some(data) = self.frames.get_mut(parent.0 as usize) else { return };
        if let Some(column) = data.columns.get_mut(list.0 as usize) {
            column.present = Bits::uniform(data.len, false);
            column.unread = Bits::uniform(data.len, true);
        }
    }
}

/// What a run wants of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Nothing: a file need not have it.
    #[default]
    No,
    /// Its values are shown or tell rows apart, where a file has it.
    Kept,
    /// Verdicts rest on it, of a table that no sentence is about: its rows are only looked for.
    Looked,
    /// Verdicts rest on it: a file that lacks it, where it is required, is at fault.
    Read,
}

/// What is wanted of each column: `needed[frame][field]`. Keys and references are kept in any case.
pub type Needed = Vec<Vec<Need>>;

/// Loads all files. Everything wrong is reported at its place; everything else is loaded all the
/// same.
#[must_use]
pub fn load(schema: &Arc<Schema>, needed: &Needed, inputs: Vec<Input>) -> (Data, Vec<Diagnostic>) {
    load_rest(schema, needed, inputs, &[], None)
}

/// As `load`, where further files of the tables and lists in `lost` could not even be opened, and
/// references to what is in force at times are for a day (as days since 1970-01-01).
#[must_use]
pub fn load_rest(
    schema: &Arc<Schema>,
    needed: &Needed,
    inputs: Vec<Input>,
    lost: &[FrameId],
    day: Option<i64>,
) -> (Data, Vec<Diagnostic>) {
    let plan = load::plan(schema, needed, &inputs, lost);
    let books = inputs.iter().filter(|input| input.format == Format::Workbook);
    let books = workbook::Books::new(books.map(|input| input.name.clone()));
    let (inputs, notes) = sheets::expand(&plan, &books, inputs);
    let mut joined = load::join_all(&plan, &inputs, books);
    sheets::forgive(&inputs, &mut joined.files);
    for (file, fault) in notes {
        joined.files.iter_mut().skip(file).take(1).for_each(|file| {
            file.faults.push(0..0, fault.clone());
        });
    }
    finish::finish(plan, joined, &inputs, lost, day)
}
