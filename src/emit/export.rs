//! Loaded rows as CSV files, in the shape that the views read: UTF-8, one row of headings, what is
//! not there empty, texts in quotes.

use super::define::Definer;
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
    let layout = Layout::of(&run.policy);
    let notes = super::note::Notes::new();
    let definer = Definer { policy: &run.policy, layout: &layout, dialect, notes: &notes };
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    let frames = (0..).map(FrameId).zip(&layout.tables);
    for (id, table) in frames.clone() {
        let Some(data) = run.rows.frame(id) else { continue };
        rows.insert(table.name.clone(), frame(run, &definer, (id, data)));
        if let Some(unsure) = &table.unsure {
            rows.insert(unsure.clone(), unsure_rows(run, (id, data)));
        }
    }
    rows.insert(FACTS.to_owned(), facts(run, &layout));
    rows.insert(WAIVERS.to_owned(), waivers(run, &layout));
    rows.insert(CALENDAR.to_owned(), calendar(run));
    let mut files = Vec::new();
    let mut load = String::from(
        "-- 把导出的文件读进 00-tables.sql 的表；在这些文件所在的文件夹里运行\n\
         -- Reads the exported files into the tables of 00-tables.sql; run it in their folder.\n",
    );
    for (name, columns) in tables::all(&definer) {
        let heads: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let body = rows.remove(&name).unwrap_or_default();
        let file = format!("{name}.csv");
        load.push_str(&dialect.load(&name, &file));
        files.push(Emitted { name: file, text: format!("{}\n{body}", heads.join(",")) });
    }
    files.push(Emitted { name: "load.sql".to_owned(), text: load });
    files
}

fn text(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

fn frame(run: &Run, definer: &Definer<'_>, (id, data): (FrameId, &FrameData)) -> String {
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
    let mut written = String::new();
    for row in 0..data.len {
        let mut cells: Vec<String> = vec![row.to_string()];
        let mut root = RowRef { frame: id, row };
        while let Some((parent, _)) = schema.frame(root.frame).and_then(|frame| frame.parent) {
            let owner = run.rows.frame(root.frame).map_or(0, |data| data.parent_of(root.row));
            root = RowRef { frame: parent, row: owner };
        }
        if nested {
            cells.extend([data.parent_of(row).to_string(), root.row.to_string()]);
        }
        cells.push(text(&run.row_name(root)));
        let path = run.path_in(RowRef { frame: id, row }, Names::en);
        cells.push(path.map_or_else(String::new, |path| text(&path)));
        for (holds, ..) in &table.columns {
            cells.push(match holds {
                Holds::Claimed(frame, field) => {
                    claimed.get(&(*frame, *field)).is_some_and(|rows| rows.get(row)).to_string()
                }
                Holds::Value(field)
                | Holds::Under(field)
                | Holds::Unread(field)
                | Holds::Canonical(field)
                | Holds::Stray(field) => {
                    data.column(*field).map_or_else(String::new, |column| cell(*holds, column, row))
                }
            });
        }
        written.push_str(&cells.join(","));
        written.push('\n');
    }
    written
}

fn cell(holds: Holds, column: &Column, row: usize) -> String {
    let given = column.present.get(row);
    match (holds, &column.values) {
        (Holds::Unread(_), _) => column.unread.get(row).to_string(),
        (Holds::Stray(_), Values::Ints(values)) => {
            let number =
                values.get(row).copied().filter(|number| !given && *number <= Stray::number(0));
            number.map_or_else(String::new, |number| number.to_string())
        }
        // A list: whether it was given.
        (Holds::Value(_), Values::Dropped) => given.to_string(),
        _ if !given => String::new(),
        (Holds::Value(_), Values::Bits(bits)) => bits.get(row).to_string(),
        (Holds::Value(_), Values::Ints(values)) => {
            values.get(row).map_or_else(String::new, ToString::to_string)
        }
        (Holds::Value(_), Values::Ratios(values)) => {
            values.get(row).map_or_else(String::new, |value| value.numer().to_string())
        }
        (Holds::Under(_), Values::Ratios(values)) => {
            values.get(row).map_or_else(String::new, |value| value.denom().to_string())
        }
        (Holds::Value(_), Values::Texts(texts)) => text(texts.get(row)),
        (Holds::Canonical(_), Values::Texts(texts)) => text(&canonical(texts.get(row))),
        _ => String::new(),
    }
}

/// The pairs of numbers that references have of which it is not known whether they mean one row.
fn unsure_rows(run: &Run, (id, data): (FrameId, &FrameData)) -> String {
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
    pairs.into_iter().map(|(a, b)| format!("{a},{b}\n")).collect()
}

fn facts(run: &Run, layout: &Layout) -> String {
    let mut cells = vec!["0".to_owned()];
    for (id, _) in (0..).map(FrameId).zip(&layout.tables) {
        let data = run.rows.frame(id);
        let whole = data.is_some_and(|data| data.whole);
        let sole = data.is_some_and(|data| data.whole && data.len == 1);
        cells.extend([whole.to_string(), sole.to_string()]);
    }
    format!("{}\n", cells.join(","))
}

fn waivers(run: &Run, layout: &Layout) -> String {
    let rows = run.waived_pairs().map(|(rule, row)| {
        let table = &layout.table(row.frame).name;
        format!("{},{},{}\n", text(run.policy.rules.code(rule)), text(table), row.row)
    });
    rows.collect()
}

fn calendar(run: &Run) -> String {
    let Some(calendar) = &run.rows.calendar else { return String::new() };
    let days =
        calendar.days().map(|day| format!("{},{},{},{}\n", day.day, day.run, day.total, day.works));
    days.collect()
}
