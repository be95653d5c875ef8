//! Loaded rows as files, in the shape that the views read: UTF-8, as CSV with one row of headings,
//! what is not there empty, texts in quotes; or a JSON object a line, without what is not there.

use super::define::Definer;
use super::dialect::Rows;
use super::layout::{CALENDAR, FACTS, Holds, Layout, WAIVERS};
use super::tables::{self, is_nested};
use super::{Dialect, Emitted};
use crate::data::{FrameData, Stray};
use crate::engine::{RowRef, Run};
use crate::invariant::fit;
use crate::schema::{FieldId, FrameId, Names};
use crate::value::key::canonical;
use crate::value::{Bits, Column, Values};
use std::collections::{BTreeMap, BTreeSet};

/// The rows of a run as files, and `load.sql`, which reads them into the tables of `00-tables.sql`.
/// All values must have been kept.
///
/// # Examples
///
/// ```
/// use fanshi::{Dialect, Keep, Options, Project, export};
///
/// let options = Options { keep: Keep::Everything, ..Options::default() };
/// let run = Project::read("examples/library".as_ref()).run(&options);
/// let files = export(&run, Dialect::DuckDb);
/// let shelves = files.iter().find(|file| file.name == "shelf.csv").unwrap();
/// assert_eq!(shelves.text.lines().nth(1), Some("0,\"东\",,\"东\",false"));
/// ```
#[must_use]
pub fn export(run: &Run, dialect: Dialect) -> Vec<Emitted> {
    export_over(run, dialect, false)
}

/// The same, where rows are in the tables of a warehouse or not: of them then only the waivers and
/// the days that are counted by are written.
#[must_use]
pub fn export_over(run: &Run, dialect: Dialect, is_elsewhere: bool) -> Vec<Emitted> {
    let layout = Layout::of(&run.policy, dialect);
    let notes = super::note::Notes::new();
    let definer =
        Definer { policy: &run.policy, layout: &layout, dialect, notes: &notes, number: 0 };
    let frames = (0..).map(FrameId).zip(&layout.tables);
    let frames: BTreeMap<&str, (FrameId, bool)> = frames
        .flat_map(|(id, table)| {
            let unsure = table.unsure.iter().map(move |name| (name.as_str(), (id, true)));
            unsure.chain([(table.name.as_str(), (id, false))])
        })
        .collect();
    let mut files = Vec::new();
    let mut load = String::from(
        "-- 把导出的文件读进 00-tables.sql 的表；在这些文件所在的文件夹里运行\n\
         -- Reads the exported files into the tables of 00-tables.sql; run it in their folder.\n",
    );
    for (name, columns) in tables::all(&definer) {
        if is_elsewhere && ![WAIVERS, CALENDAR].contains(&name.as_str()) {
            continue;
        }
        let typed = tables::typed(&columns).join(", ");
        let heads = columns.into_iter().map(|(name, _)| name);
        let mut file = RowsFile::new(dialect.rows(), heads.collect());
        match (name.as_str(), frames.get(name.as_str())) {
            (_, Some((id, unsure))) => {
                if let Some(data) = run.rows.frame(*id) {
                    let write = if *unsure { unsure_rows } else { frame };
                    write(run, &definer, (*id, data), &mut file);
                }
            }
            (FACTS, _) => facts(run, &layout, &mut file),
            (WAIVERS, _) => waivers(run, &layout, &mut file),
            (CALENDAR, _) => calendar(run, &mut file),
            _ => {}
        }
        let (called, text) = file.named(&name);
        load.push_str(&dialect.load(&name, &called, &typed));
        files.push(Emitted { name: called, text });
    }
    files.push(Emitted { name: "load.sql".to_owned(), text: load });
    files
}

/// What stands in a column of a row.
enum Cell {
    /// Nothing.
    None,
    /// A number or a truth, as it is.
    Plain(String),
    Text(String),
}

impl Cell {
    fn of(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }
}

/// A file of rows while it is written.
struct RowsFile {
    rows: Rows,
    columns: Vec<String>,
    text: String,
}

impl RowsFile {
    fn new(rows: Rows, columns: Vec<String>) -> Self {
        let text = match rows {
            Rows::Csv => format!("{}\n", columns.join(",")),
            Rows::Lines => String::new(),
        };
        Self { rows, columns, text }
    }

    fn add(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let (begin, end) = if self.rows == Rows::Csv { ("", "\n") } else { ("{", "}\n") };
        self.text.push_str(begin);
        let mut between = "";
        for (column, cell) in self.columns.iter().zip(cells) {
            match (self.rows, cell) {
                (Rows::Lines, Cell::None) => continue,
                (Rows::Csv, Cell::None) => self.text.push_str(between),
                (Rows::Csv, Cell::Plain(value)) => self.text.extend([between, &value]),
                (Rows::Csv, Cell::Text(value)) => {
                    self.text.extend([between, "\"", &value.replace('"', "\"\""), "\""]);
                }
                (Rows::Lines, Cell::Plain(value)) => {
                    self.text.extend([between, &json(column), ":", &value]);
                }
                (Rows::Lines, Cell::Text(value)) => {
                    self.text.extend([between, &json(column), ":", &json(&value)]);
                }
            }
            between = ",";
        }
        self.text.push_str(end);
    }

    /// Its name and what it holds.
    fn named(self, name: &str) -> (String, String) {
        let ending = if self.rows == Rows::Csv { "csv" } else { "jsonl" };
        (format!("{name}.{ending}"), self.text)
    }
}

/// A text as JSON has it.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn frame(run: &Run, definer: &Definer<'_>, (id, data): (FrameId, &FrameData), file: &mut RowsFile) {
    let (schema, table) = (run.policy.schema(), definer.layout.table(id));
    let nested = is_nested(definer, id);
    let claimed: BTreeMap<(FrameId, FieldId), Bits> = table
        .columns
        .iter()
        .filter_map(|(holds, ..)| match holds {
            Holds::Claimed(frame, field) => {
                let claims = run.rows.frame(*frame)?.claimed(*field, data.len);
                Some(((*frame, *field), claims))
            }
            _ => None,
        })
        .collect();
    for row in 0..data.len {
        let mut cells: Vec<Cell> = vec![Cell::of(row)];
        let mut root = RowRef { frame: id, row };
        while let Some((parent, _)) = schema.frame(root.frame).and_then(|frame| frame.parent) {
            let owner = run.rows.frame(root.frame).map_or(0, |data| data.parent_of(root.row));
            root = RowRef { frame: parent, row: owner };
        }
        if nested {
            cells.extend([Cell::of(data.parent_of(row)), Cell::of(root.row)]);
        }
        cells.push(Cell::Text(run.row_name(root).to_string()));
        let path = run.path_in(RowRef { frame: id, row }, Names::en);
        cells.push(path.map_or(Cell::None, Cell::Text));
        for (holds, ..) in &table.columns {
            cells.push(match holds {
                Holds::Claimed(frame, field) => {
                    Cell::of(claimed.get(&(*frame, *field)).is_some_and(|rows| rows.get(row)))
                }
                Holds::Value(field)
                | Holds::Under(field)
                | Holds::Unread(field)
                | Holds::Canonical(field)
                | Holds::Stray(field) => {
                    data.column(*field).map_or(Cell::None, |column| cell(*holds, column, row))
                }
            });
        }
        file.add(cells);
    }
}

fn cell(holds: Holds, column: &Column, row: usize) -> Cell {
    let given = column.present.get(row);
    match (holds, &column.values) {
        (Holds::Unread(_), _) => Cell::of(column.unread.get(row)),
        (Holds::Stray(_), Values::Ints(values)) => {
            let number =
                values.get(row).copied().filter(|number| !given && *number <= Stray::number(0));
            number.map_or(Cell::None, Cell::of)
        }
        // A list: whether it was given.
        (Holds::Value(_), Values::Dropped) => Cell::of(given),
        _ if !given => Cell::None,
        (Holds::Value(_), Values::Bits(bits)) => Cell::of(bits.get(row)),
        (Holds::Value(_), Values::Ints(values)) => values.get(row).map_or(Cell::None, Cell::of),
        (Holds::Value(_), Values::Ratios(values)) => {
            values.get(row).map_or(Cell::None, |value| Cell::of(value.numer()))
        }
        (Holds::Under(_), Values::Ratios(values)) => {
            values.get(row).map_or(Cell::None, |value| Cell::of(value.denom()))
        }
        (Holds::Value(_), Values::Texts(texts)) => Cell::Text(texts.get(row).to_owned()),
        (Holds::Canonical(_), Values::Texts(texts)) => {
            Cell::Text(canonical(texts.get(row)).into_owned())
        }
        _ => Cell::None,
    }
}

/// The pairs of numbers that references have of which it is not known whether they mean one row.
fn unsure_rows(run: &Run, _: &Definer<'_>, (id, data): (FrameId, &FrameData), file: &mut RowsFile) {
    let key = run.policy.schema().frame(id).and_then(crate::schema::Frame::key);
    let column = key.and_then(|key| data.column(key));
    let keyless =
        column.map_or_else(|| Bits::uniform(data.len, true), |column| column.present.not());
    let keyless: Vec<i64> = keyless.iter().map(fit).collect();
    let mut pairs: BTreeSet<(i64, i64)> = BTreeSet::new();
    for (at, stray) in data.strays.iter().enumerate() {
        let number = Stray::number(at);
        let own = stray.targets.iter().map(|row| i64::from(*row));
        let lost: &[i64] = if stray.is_missing { &keyless } else { &[] };
        for row in own.chain(lost.iter().copied()) {
            pairs.extend([(number, row), (row, number)]);
        }
        if !stray.is_missing {
            pairs.insert((number, number));
        }
        for (other, beside) in data.strays.iter().enumerate().filter(|(other, _)| *other != at) {
            if stray.targets.iter().any(|row| beside.targets.binary_search(row).is_ok()) {
                pairs.insert((number, Stray::number(other)));
            }
        }
    }
    pairs.into_iter().for_each(|(a, b)| file.add([a, b].map(Cell::of)));
}

fn facts(run: &Run, layout: &Layout, file: &mut RowsFile) {
    let mut cells = vec![Cell::of(0)];
    for (id, _) in (0..).map(FrameId).zip(&layout.tables) {
        let data = run.rows.frame(id);
        let whole = data.is_some_and(|data| data.whole);
        let sole = data.is_some_and(|data| data.whole && data.len == 1);
        cells.extend([whole, sole].map(Cell::of));
    }
    file.add(cells);
}

fn waivers(run: &Run, layout: &Layout, file: &mut RowsFile) {
    for (rule, row) in run.waived_pairs() {
        let rule = Cell::Text(run.policy.rules.code(rule).to_owned());
        file.add([rule, Cell::Text(layout.table(row.frame).shown.clone()), Cell::of(row.row)]);
    }
}

fn calendar(run: &Run, file: &mut RowsFile) {
    for day in run.rows.calendar.iter().flat_map(|calendar| calendar.days()) {
        file.add([Cell::of(day.day), Cell::of(day.run), Cell::of(day.total), Cell::of(day.works)]);
    }
}
