//! Rows of cells under headings into rows of a frame: CSV, and the text of a workbook's sheet.

mod above;
mod divided;
mod fill;
mod group;
mod layout;
pub(in crate::data) mod list;
mod repeated;
mod row;
mod top;
mod totals;
mod units;

pub use divided::Divided;
pub use layout::Layout;
pub use row::Contents;

use super::Target;
use super::headings::Headings;
use super::plan::Plan;
use crate::data::csv::{Row, Scanner};
use crate::data::fault::Fault;
use crate::data::workbook::{DELIMITER, Page};
use crate::data::{Input, Mapping};
use fill::Fill;
use layout::ROW_NUMBERS;
use row::Reader;
use totals::Totals;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A field.
    Field(usize),
    /// A field whose elements stand in one cell.
    Elements(usize, usize),
    /// The number or the unit of a pair; the first field that the pair gives.
    Part(usize),
    /// The key of the row's parent.
    Parent,
    /// Nothing known.
    Unknown,
    /// Passed over: what is wrong was said at the heading, or the manifest says so.
    Ignored,
}

/// How a file is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'p> {
    /// The schema.
    pub plan: &'p Plan,
    /// What the headings stand for.
    pub headings: &'p Headings,
    /// What the manifest says.
    pub mapping: &'p Mapping,
    /// The frame the file is listed for.
    pub frame: usize,
    /// What separates cells.
    pub delimiter: u8,
    /// The workbook's sheet the text was made of.
    pub page: Option<&'p Page>,
}

/// Files of cells that are larger, in bytes, are read part by part.
pub const LARGE: u64 = totals::SMALL as u64;

/// So many bytes at the end of a file may be lines below the table.
pub const TAIL: u64 = totals::TAIL as u64;

/// How many open quotes are passed over in one file.
const MOST_OPEN_QUOTES: usize = 100;

impl<'p> Sheet<'p> {
    /// How an input is read: a workbook's sheet, or text by the ending of its name.
    #[must_use]
    pub fn of(
        plan: &'p Plan,
        headings: &'p Headings,
        input: &'p Input,
        page: Option<&'p Page>,
    ) -> Self {
        let is_tabbed = page.is_none()
            && input.name.to_ascii_lowercase().trim_end_matches(".gz").ends_with(".tsv");
        let delimiter = if is_tabbed { b'\t' } else { DELIMITER };
        Self {
            plan,
            headings,
            mapping: &input.mapping,
            frame: input.frame.0 as usize,
            delimiter,
            page,
        }
    }

    /// Reads a whole file; the headings, where the rows could be read.
    pub fn read<T: Target>(&self, text: &str, target: &mut T) -> Option<Layout> {
        let layout = self.layout(text, target)?;
        let totals = self.totals(text, &layout, target);
        let contents = self.rows(text, &layout, &totals, target);
        self.say_unknown(&layout, contents, target);
        Some(layout)
    }

    /// Reads all rows again, under headings that are known.
    pub fn reread<T: Target>(&self, text: &str, layout: &Layout, target: &mut T) {
        let totals = self.totals(text, layout, target);
        self.rows(text, layout, &totals, target);
    }

    /// Says of columns that no field is called what they hold.
    pub fn say_unknown<T: Target>(&self, layout: &Layout, contents: Contents, target: &mut T) {
        let shown = layout.titles.iter().zip(&layout.shown).enumerate();
        for ((index, ((title, span), shown)), (rows, first)) in shown.zip(contents) {
            let untitled = if self.page.is_some() {
                format!("({})", crate::data::workbook::column_name(index))
            } else {
                String::new()
            };
            match (layout.is_unknown(index), title.as_str()) {
                (false, _) => {}
                (true, "") if rows == 0 => {}
                (true, number) if ROW_NUMBERS.contains(&number) => target
                    .fault(span.clone(), Fault::IgnoredColumn { heading: title.clone(), rows }),
                // Where there is a heading to be written, not where the first content stands.
                (true, "") => {
                    let place = if layout.header == usize::MAX { first } else { span.clone() };
                    target.unknown(layout.frame(), &untitled, place, rows);
                }
                (true, _) => target.unknown(layout.frame(), shown, span.clone(), rows),
            }
        }
    }

    /// Reads the rows, as they are or grouped; what their columns hold.
    fn rows<T: Target>(
        &self,
        text: &str,
        layout: &Layout,
        totals: &Totals,
        target: &mut T,
    ) -> Contents {
        let fill = self.fill(text, layout, totals, target);
        let mut reader = Reader::new(self.plan, layout, self.page);
        reader.fill = Some(&fill);
        if layout.is_grouped() {
            self.groups(text, layout, (totals, &fill), &mut reader, target);
            return reader.contents;
        }
        let scanner = Scanner::new(text, layout.body, self.delimiter);
        each(scanner, &mut reader, (totals, &fill), target);
        if let Some((place, rows)) = reader.orphans.take() {
            let heading = layout.names_parent().map_or("", |(title, _)| title);
            let fill = if rows > 1 { vec![heading.to_owned()] } else { Vec::new() };
            target.fault(place, Fault::MissingParent { frame: layout.frame(), rows, fill });
        }
        reader.contents
    }
}

/// Reads rows one by one.
fn each<T: Target>(
    mut scanner: Scanner<'_>,
    reader: &mut Reader<'_>,
    (totals, fill): (&Totals, &Fill),
    target: &mut T,
) {
    let mut cells = Vec::new();
    let mut open = 0;
    while let Some(row) = scanner.row(&mut cells) {
        match row {
            Row::At(start) if totals.has(start) => {}
            Row::At(start) => {
                fill.apply(start, &mut cells);
                reader.row(&scanner, &cells, start, target);
            }
            Row::Open(at) => {
                match reader.key(&scanner, &cells) {
                    Some(key) => target.lose(&key, at..at + 1, Fault::UnterminatedQuote),
                    None => target.fault(at..at + 1, Fault::UnterminatedQuote),
                }
                open += 1;
                if open == MOST_OPEN_QUOTES {
                    break;
                }
            }
        }
    }
}
