//! The tables that views read, as statements.

use super::Dialect;
use super::define::Definer;
use super::dialect::{Kind, kind, quoted};
use super::layout::{CALENDAR, FACTS, KEY, MEASURES, PARENT, PATH, ROOT, ROW, WAIVERS};
use crate::schema::FrameId;

/// The columns of a table: name and type.
type Columns = Vec<(String, Kind)>;

/// The columns of a frame's table, in order.
pub(super) fn frame_columns(definer: &Definer<'_>, frame: FrameId) -> Columns {
    let mut columns: Columns = vec![(ROW.to_owned(), Kind::Whole)];
    if is_nested(definer, frame) {
        columns.extend([(PARENT.to_owned(), Kind::Whole), (ROOT.to_owned(), Kind::Whole)]);
    }
    columns.extend([(KEY.to_owned(), Kind::Text), (PATH.to_owned(), Kind::Text)]);
    let own = &definer.layout.table(frame).columns;
    columns.extend(own.iter().map(|(_, name, kind)| (name.clone(), *kind)));
    columns
}

/// Whether a frame is a list.
pub(super) fn is_nested(definer: &Definer<'_>, frame: FrameId) -> bool {
    definer.policy.schema().frame(frame).is_some_and(|frame| frame.parent.is_some())
}

/// All tables with their columns, in order: those of frames, then of facts, waivers, days and
/// references that lead nowhere.
pub(super) fn all(definer: &Definer<'_>) -> Vec<(String, Columns)> {
    let frames = (0..).map(FrameId).zip(&definer.layout.tables);
    let mut tables: Vec<(String, Columns)> =
        frames.map(|(id, table)| (table.name.clone(), frame_columns(definer, id))).collect();
    let mut facts: Columns = vec![(ROW.to_owned(), Kind::Whole)];
    facts.extend(
        definer
            .layout
            .tables
            .iter()
            .flat_map(|table| table.facts.iter().map(|name| (name.clone(), Kind::Truth))),
    );
    tables.push((FACTS.to_owned(), facts));
    let own = |name: &str, kind| (name.to_owned(), kind);
    tables.push((
        WAIVERS.to_owned(),
        vec![own("rule", Kind::Text), own("table", Kind::Text), own("row", Kind::Whole)],
    ));
    tables.push((
        CALENDAR.to_owned(),
        vec![
            own("day", Kind::Whole),
            own("run", Kind::Whole),
            own("total", Kind::Whole),
            own("works", Kind::Truth),
        ],
    ));
    for name in definer.layout.tables.iter().filter_map(|table| table.unsure.clone()) {
        tables.push((name, vec![own("a", Kind::Whole), own("b", Kind::Whole)]));
    }
    tables
}

/// Columns with their types, in the common form.
pub(super) fn typed(columns: &[(String, Kind)]) -> Vec<String> {
    columns.iter().map(|(name, of)| format!("{} {}", quoted(name), kind(*of))).collect()
}

/// The statements that make them, without those that are views over what is elsewhere.
pub(super) fn create(definer: &Definer<'_>, elsewhere: &[&str]) -> String {
    let mut text = String::from(
        "-- 各视图读的表；`fanshi export` 写的文件就是这个样子\n\
         -- The tables that the views read; the files that `fanshi export` writes are like them.\n",
    );
    text.push_str(definer.dialect.prelude());
    for (name, columns) in
        all(definer).into_iter().filter(|(name, _)| !elsewhere.contains(&name.as_str()))
    {
        text.push_str(&made(definer.dialect, &name, &columns));
    }
    text
}

/// Makes a table anew.
fn made(dialect: Dialect, name: &str, columns: &[(String, Kind)]) -> String {
    let (cascade, stored, name) = (dialect.cascade(), dialect.stored(), quoted(name));
    let columns = typed(columns).join(",\n  ");
    format!(
        "\nDROP TABLE IF EXISTS {name}{cascade};\nCREATE TABLE {name} (\n  {columns}\n){stored};\n"
    )
}

/// A table of what views say, filled from one after another: as one query, engines would plan all of
/// them together, and take very long to.
pub(super) fn filled(dialect: Dialect, name: &str, views: &[String]) -> String {
    let columns: &[(&str, Kind)] = match name {
        MEASURES => &[
            ("measure", Kind::Text),
            ("figure", Kind::Text),
            ("of", Kind::Text),
            ("amount", Kind::Wide),
            ("per", Kind::Wide),
        ],
        _ => &[
            ("rule", Kind::Text),
            ("table", Kind::Text),
            ("row", Kind::Whole),
            ("key", Kind::Text),
            ("path", Kind::Text),
            ("outcome", Kind::Text),
            ("required", Kind::Text),
            ("declared", Kind::Text),
        ],
    };
    let columns: Columns = columns.iter().map(|(name, of)| ((*name).to_owned(), *of)).collect();
    let mut text = made(dialect, name, &columns);
    for view in views {
        let (name, view) = (quoted(name), quoted(view));
        text.push_str(&format!("INSERT INTO {name} SELECT * FROM {view};\n"));
    }
    text
}
