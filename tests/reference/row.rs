//! Rows, read from JSON by the simplest reading of each type.

use super::Value;
use super::date;
use super::program::{Program, Type};
use fanshi::value::Ratio;
use fanshi::value::number::parse_decimal;
use serde_json::Value as Json;

/// What a row says of a field.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing, and nothing is asked.
    Absent,
    /// Something that cannot be read, or nothing though it is asked.
    Unreadable,
    Known(Value),
    List(Vec<usize>),
}

pub struct Row {
    pub frame: usize,
    pub parent: Option<usize>,
    /// Where it stands: the table's key, then the path inside the row.
    pub key: String,
    pub path: String,
    pub cells: Vec<Cell>,
}

/// All rows, by index.
pub struct Facts {
    pub rows: Vec<Row>,
}

impl Facts {
    /// Reads the tables' rows: `tables` are names with rows.
    pub fn new(program: &Program, tables: &[(String, Vec<Json>)]) -> Self {
        let mut facts = Self { rows: Vec::new() };
        for (name, rows) in tables {
            let frame = program.table(name).expect("a table");
            for (index, json) in rows.iter().enumerate() {
                let key =
                    program.key(frame).map(|key| program.frames[frame].fields[key].name.clone());
                let key = key.and_then(|key| json[&key].as_str());
                let key = key.map_or_else(
                    || match program.frames[frame].single {
                        true => name.clone(),
                        false => format!("row {}", index + 1),
                    },
                    str::to_owned,
                );
                facts.read(program, frame, None, json, (key, String::new()));
            }
        }
        facts.link(program);
        facts
    }

    fn read(
        &mut self,
        program: &Program,
        frame: usize,
        parent: Option<usize>,
        json: &Json,
        (key, path): (String, String),
    ) -> usize {
        let at = self.rows.len();
        self.rows.push(Row {
            frame,
            parent,
            key: key.clone(),
            path: path.clone(),
            cells: Vec::new(),
        });
        for field in &program.frames[frame].fields {
            let given =
                if program.frames[frame].plain { Some(json) } else { json.get(&field.name) };
            let cell = match (given, &field.ty) {
                (None, _) if !field.optional && field.default.is_none() => Cell::Unreadable,
                // A list's only default is the empty one.
                (None, Type::List(_)) if field.default.is_some() => Cell::List(Vec::new()),
                (None, _) => field.default.as_ref().map_or(Cell::Absent, |default| {
                    literal(program, &field.ty, default).map_or(Cell::Unreadable, Cell::Known)
                }),
                (Some(Json::Array(elements)), Type::List(list)) => {
                    let dot = if path.is_empty() { "" } else { "." };
                    let place =
                        |index: usize| (key.clone(), format!("{path}{dot}{}[{index}]", field.name));
                    Cell::List(
                        elements
                            .iter()
                            .enumerate()
                            .map(|(index, element)| {
                                self.read(program, *list, Some(at), element, place(index))
                            })
                            .collect(),
                    )
                }
                (Some(json), ty) => value(program, ty, json).map_or(Cell::Unreadable, Cell::Known),
            };
            self.rows[at].cells.push(cell);
        }
        at
    }

    /// References were read as the text of a key; here they become rows.
    fn link(&mut self, program: &Program) {
        let rows: Vec<(usize, String)> =
            self.rows.iter().map(|row| (row.frame, row.key.clone())).collect();
        for row in &mut self.rows {
            for (field, cell) in program.frames[row.frame].fields.iter().zip(&mut row.cells) {
                if let (Type::Ref(table), Cell::Known(Value::Text(key))) = (&field.ty, &*cell) {
                    let found =
                        rows.iter().position(|(frame, found)| frame == table && found == key);
                    // Keys here are too short for one to be mistaken for another.
                    let gone = Value::Gone(key.clone());
                    *cell = Cell::Known(found.map_or(gone, Value::Row));
                }
            }
        }
    }

    pub fn of(&self, frame: usize) -> Vec<usize> {
        (0..self.rows.len()).filter(|row| self.rows[*row].frame == frame).collect()
    }

    /// A row and the rows it lies in, outermost first.
    pub fn around(&self, row: usize) -> Vec<usize> {
        let mut rows = self.rows[row].parent.map_or_else(Vec::new, |parent| self.around(parent));
        rows.push(row);
        rows
    }
}

fn value(program: &Program, ty: &Type, json: &Json) -> Option<Value> {
    match ty {
        Type::Enum(index) => {
            let position = program.enums[*index]
                .values
                .iter()
                .position(|value| Some(value.as_str()) == json.as_str())?;
            Some(Value::Enum(*index, position))
        }
        Type::Ref(_) => json.as_str().map(|key| Value::Text(key.to_owned())),
        Type::List(_) => None,
        Type::Plain(name) => match name.as_str() {
            "文本" => json.as_str().map(|text| Value::Text(text.to_owned())),
            "是否" => json.as_bool().map(Value::Truth),
            "日期" => date::read(json.as_str()?).map(Value::Date),
            "百分比" => Some(Value::Number(
                parse_decimal(json.as_str()?.strip_suffix('%')?)? / Ratio::from_integer(100),
            )),
            "小数" | "金额" => parse_decimal(&json.as_number()?.to_string()).map(Value::Number),
            _ => json.as_i64().map(|number| Value::Number(Ratio::from_integer(i128::from(number)))),
        },
    }
}

/// A default, or the value of a parameter.
pub fn literal(program: &Program, ty: &Type, expr: &fanshi::syntax::tree::Expr) -> Option<Value> {
    use fanshi::syntax::tree::ExprKind;
    match (ty, &expr.kind) {
        (Type::Enum(index), ExprKind::Name(name)) => {
            let position =
                program.enums[*index].values.iter().position(|value| *value == name.text)?;
            Some(Value::Enum(*index, position))
        }
        _ => super::expression::literal(expr),
    }
}
