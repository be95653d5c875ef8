//! The tables that the views read as views over the tables of a warehouse as they are: what `[sql]`
//! says of them. Rows are numbered, references followed, values brought into the form of the views.

use super::define::Definer;
use super::dialect::{Kind, kind, literal, quoted};
use super::layout::{FACTS, Holds, KEY, PARENT, PATH, ROOT, ROW};
use super::query::Query;
use super::template::{Template, fill, number, plain};
use crate::schema::{Constant, Field, FieldId, FrameId, Physical, Reading, Schema, Type};
use crate::workspace::Warehouse;

/// The decimals that numbers of a warehouse may have, as the number they are parts of.
const PARTS: &str = "1000000000000";

/// Where rows of the tables of a policy are.
pub(super) struct Places<'p> {
    pub(super) definer: Definer<'p>,
    pub(super) warehouse: &'p [Warehouse],
    /// The names of the views that number rows, by frame.
    pub(super) rows: Vec<String>,
}

/// A relation as it is named in the manifest: each part in quotes.
fn relation(name: &str) -> String {
    name.split('.').map(quoted).collect::<Vec<_>>().join(".")
}

fn text(column: &str) -> String {
    format!("CAST({column} AS TEXT)")
}

impl Places<'_> {
    fn schema(&self) -> &Schema {
        self.definer.policy.schema()
    }

    fn of(&self, frame: FrameId) -> Option<&Warehouse> {
        self.warehouse.iter().find(|own| own.frame == frame)
    }

    fn rows_of(&self, frame: FrameId) -> String {
        quoted(self.rows.get(frame.0 as usize).map_or("", String::as_str))
    }

    /// All views, in the order in which they rest on one another: name and query.
    pub(super) fn views(&self) -> Vec<(String, Query)> {
        let frames = || (0..).map(FrameId).take(self.schema().frames.len());
        let select = |select: String| Query { steps: Vec::new(), select };
        let mut views: Vec<(String, Query)> = Vec::new();
        for (frame, own) in frames().filter_map(|frame| Some((frame, self.of(frame)?))) {
            let name = self.rows.get(frame.0 as usize).cloned().unwrap_or_default();
            views.push((name, select(self.numbered(frame, own))));
        }
        for frame in frames() {
            let table = self.definer.layout.table(frame);
            let found = self.of(frame).map(|own| self.frame(frame, own));
            let found = found.unwrap_or_else(|| self.nothing(frame));
            views.push((table.name.clone(), select(found)));
            if let Some(unsure) = &table.unsure {
                let none = "SELECT CAST(NULL AS BIGINT) AS \"a\", CAST(NULL AS BIGINT) AS \"b\"";
                views.push((unsure.clone(), select(format!("{none}\nWHERE 1 = 0"))));
            }
        }
        views.push((FACTS.to_owned(), select(self.facts())));
        views
    }

    /// The rows of a table or list, numbered: with what the row of the table is called, and with the
    /// number of the element in the row around it.
    fn numbered(&self, frame: FrameId, own: &Warehouse) -> String {
        let id = quoted(&own.id);
        let order = own.order.iter().map(|order| format!("s.{}", quoted(order)));
        let order: Vec<String> = order.chain([format!("s.{id}")]).collect();
        let (order, from) = (order.join(", "), relation(&own.relation));
        let parent = self.schema().frame(frame).and_then(|frame| frame.parent);
        let (Some((parent, _)), Some(column)) = (parent, &own.parent) else {
            return format!(
                "SELECT s.*, CAST(ROW_NUMBER() OVER (ORDER BY {order}) - 1 AS BIGINT) AS {row},\n  \
                    COALESCE({}, '') AS \"_name\", CAST('' AS TEXT) AS \"_way\"\nFROM {from} AS s",
                text(&format!("s.{id}")),
                row = quoted(ROW),
            );
        };
        let Some(around) = self.of(parent) else {
            return format!(
                "SELECT s.*, CAST(0 AS BIGINT) AS {}, CAST(0 AS BIGINT) AS {}, CAST(0 AS BIGINT) AS {},\n  \
                    CAST('' AS TEXT) AS \"_name\", CAST('' AS TEXT) AS \"_way\"\n\
                    FROM {from} AS s\nWHERE 1 = 0",
                quoted(PARENT),
                quoted(ROOT),
                quoted(ROW),
            );
        };
        let is_nested = self.schema().frame(parent).is_some_and(|frame| frame.parent.is_some());
        let root = if is_nested { quoted(ROOT) } else { quoted(ROW) };
        let list = self.schema().frame(frame).map_or("", |frame| frame.names.en());
        format!(
            "SELECT s.*, o.{parent}, o.{owner}, o.\"_name\",\n  \
                CAST(ROW_NUMBER() OVER (ORDER BY o.{parent}, {order}) - 1 AS BIGINT) AS {row},\n  \
                o.\"_before\" || {list} || CAST(ROW_NUMBER() OVER (PARTITION BY o.{parent} ORDER BY {order}) - 1 AS TEXT)\n    \
                || ']' AS \"_way\"\nFROM {from} AS s\nJOIN (\n  \
                SELECT {around} AS \"_id\", {row} AS {parent}, {root} AS {owner}, \"_name\",\n    \
                CASE WHEN \"_way\" = '' THEN '' ELSE \"_way\" || '.' END AS \"_before\"\n  \
                FROM {rows}\n) AS o ON o.\"_id\" = {column}",
            parent = quoted(PARENT),
            owner = quoted(ROOT),
            row = quoted(ROW),
            list = literal(&format!("{list}[")),
            around = text(&quoted(&around.id)),
            rows = self.rows_of(parent),
            column = text(&format!("s.{}", quoted(column))),
        )
    }

    /// The table of a frame: its rows with their values.
    fn frame(&self, frame: FrameId, own: &Warehouse) -> String {
        let mut columns = vec![format!("n.{}", quoted(ROW))];
        if self.schema().frame(frame).is_some_and(|frame| frame.parent.is_some()) {
            columns.extend([PARENT, ROOT].map(|name| format!("n.{}", quoted(name))));
        }
        columns.push(format!("n.\"_name\" AS {}", quoted(KEY)));
        columns.push(format!("CASE WHEN n.\"_way\" <> '' THEN n.\"_way\" END AS {}", quoted(PATH)));
        let mut joins = String::new();
        for (holds, name, of) in &self.definer.layout.table(frame).columns {
            let value = match holds {
                Holds::Claimed(..) => "FALSE".into(),
                Holds::Value(id)
                | Holds::Under(id)
                | Holds::Unread(id)
                | Holds::Canonical(id)
                | Holds::Stray(id) => {
                    let field = self.schema().field(frame, *id);
                    let column = own.columns.get(id).map(|column| format!("n.{}", quoted(column)));
                    match (field, column) {
                        (Some(field), _) if matches!(field.ty, Type::List(_)) => {
                            self.list(field, *holds)
                        }
                        (Some(field), Some(column)) => {
                            self.value((field, *id), *holds, &column, &mut joins)
                        }
                        _ if matches!(holds, Holds::Unread(_)) => "FALSE".into(),
                        _ => format!("CAST(NULL AS {})", kind(*of)).into(),
                    }
                }
            };
            columns.push(format!("{} AS {}", plain(&value), quoted(name)));
        }
        format!("SELECT {}\nFROM {} AS n{joins}", columns.join(",\n  "), self.rows_of(frame))
    }

    /// Whether a list was given: where its own table is named.
    fn list(&self, field: &Field, holds: Holds) -> Template {
        let Type::List(list) = field.ty else { return "FALSE".into() };
        let given = matches!(holds, Holds::Value(_)) && self.of(list).is_some();
        if given { "TRUE".into() } else { "FALSE".into() }
    }

    fn value(
        &self,
        (field, id): (&Field, FieldId),
        holds: Holds,
        column: &str,
        joins: &mut String,
    ) -> Template {
        let dialect = self.definer.dialect;
        let or_default = |value: Template| match &field.default {
            Some(Constant::Int(default)) => fill(&format!("COALESCE({{}}, {default})"), [value]),
            Some(Constant::Bool(default)) => {
                let default = if *default { "TRUE" } else { "FALSE" };
                fill(&format!("COALESCE({{}}, {default})"), [value])
            }
            Some(Constant::Text(default)) => {
                fill(&format!("COALESCE({{}}, {})", literal(default)), [value])
            }
            _ => value,
        };
        match (holds, field.ty) {
            (Holds::Value(_) | Holds::Stray(_), Type::Ref(table)) => {
                let alias = format!("r{}", id.0);
                if !joins.contains(&format!(" AS {alias} ")) {
                    joins.push_str(&self.reference(table, &alias, column));
                }
                match holds {
                    Holds::Value(_) => format!("{alias}.\"at\"").into(),
                    // What is no row is numbered below 0, the same names alike.
                    _ => format!(
                        "CASE WHEN {column} IS NOT NULL AND {alias}.\"at\" IS NULL THEN \
                            CAST(-1 - DENSE_RANK() OVER (ORDER BY {}) AS BIGINT) END",
                        text(column)
                    )
                    .into(),
                }
            }
            (Holds::Unread(_), Type::Enum(_)) => {
                let value = self.worth(field, column);
                fill(&format!("({column} IS NOT NULL AND {{}} IS NULL)"), [value])
            }
            (Holds::Unread(_), ty) if ty.is_numeric() => {
                let is_number = is_number(column);
                let text = match ty.physical() {
                    Physical::Ratios => format!("({column} IS NOT NULL AND NOT {is_number})"),
                    _ => format!("({column} IS NOT NULL AND {} IS NULL)", self.whole(ty, column)),
                };
                text.into()
            }
            (Holds::Unread(_), _) => "FALSE".into(),
            (Holds::Value(_) | Holds::Under(_), ty) if ty.physical() == Physical::Ratios => {
                self.exact(field, holds, column)
            }
            (Holds::Value(_), Type::Date) => or_default(dialect.days(column.to_owned())),
            (Holds::Value(_), Type::Instant) => or_default(dialect.ticks(column.to_owned())),
            (Holds::Value(_), Type::Boolean) => {
                or_default(format!("CAST({column} AS BOOLEAN)").into())
            }
            (Holds::Value(_), Type::Enum(_)) => or_default(self.worth(field, column)),
            (Holds::Value(_) | Holds::Canonical(_), Type::Text) => {
                or_default(format!("NULLIF({}, '')", text(column)).into())
            }
            (_, ty) => or_default(self.whole(ty, column).into()),
        }
    }

    /// Which value of an enum a text names.
    fn worth(&self, field: &Field, column: &str) -> Template {
        let Type::Enum(id) = field.ty else { return "NULL".into() };
        let mut cases: Vec<String> = Vec::new();
        let values = self.schema().enumeration(id).into_iter().flat_map(|found| &found.values);
        for (at, value) in values.enumerate() {
            let names = value.names.iter().chain(value.also.iter().map(|also| &**also));
            cases.extend(names.map(|name| format!("WHEN {} THEN {at}", literal(name))));
        }
        for (name, reading) in &field.readings {
            if let Reading::Value(Constant::Int(value)) = reading {
                cases.push(format!("WHEN {} THEN {value}", literal(name)));
            }
        }
        format!("CAST(CASE {} {} END AS BIGINT)", text(column), cases.join(" ")).into()
    }

    /// A whole number as stored; NULL where it is none. Computed as a decimal: engines compute products
    /// in as few bits as a column has, and some in silence.
    fn whole(&self, ty: Type, column: &str) -> String {
        let number = plain(&self.definer.dialect.number(column));
        let stored = match ty.scale() {
            1 => number,
            scale => format!("({number} * {scale})"),
        };
        let is_number = is_number(column);
        format!(
            "CASE WHEN {is_number} THEN CASE WHEN {stored} = CAST({stored} AS BIGINT) \
                THEN CAST({stored} AS BIGINT) END END"
        )
    }

    /// A number as one whole number over another, both without a common divisor.
    fn exact(&self, field: &Field, holds: Holds, column: &str) -> Template {
        let dialect = self.definer.dialect;
        let over = fill(&format!("CAST({{}} * {PARTS} AS WIDE)"), [dialect.number(column)]);
        let divisor = dialect.divisor(over.clone(), PARTS);
        let (part, default) = match (holds, &field.default) {
            (Holds::Under(_), Some(Constant::Ratio(value))) => {
                (PARTS.into(), number(*value.denom()))
            }
            (Holds::Under(_), _) => (Template::from(PARTS), "1".to_owned()),
            (_, Some(Constant::Ratio(value))) => (over, number(*value.numer())),
            _ => (over, "NULL".to_owned()),
        };
        let found = dialect.quotient(part, divisor);
        let is_number = is_number(column);
        let text = format!(
            "CASE WHEN {column} IS NULL THEN CAST({default} AS WIDE) WHEN {is_number} THEN {{}} END"
        );
        fill(&text, [found])
    }

    /// The rows of a table by what a reference says of them.
    fn reference(&self, table: FrameId, alias: &str, column: &str) -> String {
        let key = self.schema().frame(table).and_then(|frame| frame.key());
        let own = self.of(table);
        let key = own.and_then(|own| key.and_then(|key| own.columns.get(&key)));
        let rows = match key {
            Some(key) => format!(
                "SELECT {} AS \"key\", {} AS \"at\" FROM {}",
                text(&quoted(key)),
                quoted(ROW),
                self.rows_of(table)
            ),
            None => {
                "SELECT CAST(NULL AS TEXT) AS \"key\", CAST(NULL AS BIGINT) AS \"at\"".to_owned()
            }
        };
        format!("\nLEFT JOIN ({rows}) AS {alias} ON {alias}.\"key\" = {}", text(column))
    }

    /// A table without rows.
    fn nothing(&self, frame: FrameId) -> String {
        let columns = super::tables::frame_columns(&self.definer, frame);
        let columns = columns
            .iter()
            .map(|(name, of)| format!("CAST(NULL AS {}) AS {}", kind(*of), quoted(name)));
        format!("SELECT {}\nWHERE 1 = 0", columns.collect::<Vec<_>>().join(", "))
    }

    /// What is known of whole tables: those that are named are whole.
    fn facts(&self) -> String {
        let mut columns = vec![format!("CAST(0 AS {}) AS {}", kind(Kind::Whole), quoted(ROW))];
        let mut from = String::new();
        for (frame, table) in (0..).map(FrameId).zip(&self.definer.layout.tables) {
            let [whole, sole] = table.facts.each_ref().map(|name| quoted(name));
            let is_there = self.of(frame).is_some();
            let found = if is_there {
                let head = if from.is_empty() { "\nFROM" } else { "\nCROSS JOIN" };
                from.push_str(&format!(
                    "{head} (SELECT COUNT(*) = 1 AS \"one\" FROM {}) AS t{}",
                    self.rows_of(frame),
                    frame.0
                ));
                format!("t{}.\"one\"", frame.0)
            } else {
                "FALSE".to_owned()
            };
            columns.push(format!("{} AS {whole}", if is_there { "TRUE" } else { "FALSE" }));
            columns.push(format!("{found} AS {sole}"));
        }
        format!("SELECT {}{from}", columns.join(",\n  "))
    }
}

/// Whether a column of floating numbers has one: what is none was given and could not be read, and
/// is never taken for a number.
fn is_number(column: &str) -> String {
    format!("LOWER({}) NOT IN ('nan', 'inf', '-inf', 'infinity', '-infinity')", text(column))
}
