//! Edits made in the data as it is written: the lines of JSON are rewritten, loaded and judged anew.

mod small;

pub use small::small;

use crate::generate::Case;
use fanshi::analysis::Settings;
use fanshi::data::{Format, Input, Mapping, Store};
use fanshi::diagnostic::Severity;
use fanshi::engine::{Keep, Policy, RowRef, Rows, Run, Source as Loaded, Texts};
use fanshi::eval::Edit;
use fanshi::schema::{Constant, FrameId, Names, Type, day_date, day_number};
use fanshi::text::Source;
use fanshi::value::number::format_ratio;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// A program with rows, in memory.
pub struct Data {
    pub policy: Arc<Policy>,
    pub tables: Vec<(String, Vec<Json>)>,
    text: String,
}

struct Memory(Vec<u8>);

impl Store for Memory {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read(&self, start: u64, end: u64) -> std::io::Result<Vec<u8>> {
        let at = |byte: u64| usize::try_from(byte).unwrap_or(usize::MAX).min(self.0.len());
        Ok(self.0[at(start)..at(end)].to_vec())
    }
}

impl Data {
    /// A generated program; `None` where it has a mistake.
    pub fn of(case: &Case) -> Option<Self> {
        let text = format!("{}\n{}", case.vocabulary(), case.policy());
        Self::new(&[case.vocabulary(), case.policy()], case.tables.clone(), text)
    }

    pub fn new(texts: &[String], tables: Vec<(String, Vec<Json>)>, text: String) -> Option<Self> {
        let names = ["词.fan", "策.fan"];
        let sources = names.iter().zip(texts).map(|(name, text)| Source::new(*name, text.clone()));
        let day = "2015-11-20".parse().unwrap();
        let settings = Settings { as_of: day_number(day), ..Settings::default() };
        let policy = Policy::compile(sources.collect::<Texts>(), &settings);
        let wrong = |found: &fanshi::diagnostic::Diagnostic| found.severity == Severity::Error;
        (!policy.diagnostics.iter().any(wrong)).then(|| Self {
            policy: Arc::new(policy),
            tables,
            text,
        })
    }

    pub fn show(&self) -> String {
        let mut text = self.text.clone();
        for (table, rows) in &self.tables {
            text.push_str(&format!("{table}:\n{}", Case::lines(rows)));
        }
        text
    }

    /// The rows, loaded; nothing is judged before it is asked for.
    pub fn run(&self, tables: &[(String, Vec<Json>)]) -> Run {
        let inputs = tables.iter().filter_map(|(name, rows)| {
            let mut frames = self.policy.schema().tables();
            let (frame, _) = frames.find(|(_, frame)| frame.names.matches(name))?;
            Some(Input {
                frame,
                name: format!("{name}.jsonl").into(),
                format: Format::JsonLines,
                mapping: Mapping { empty: true, ..Mapping::default() },
                inline: None,
                store: Arc::new(Memory(Case::lines(rows).into_bytes())),
            })
        });
        let source = Loaded { inputs: inputs.collect(), ..Loaded::default() };
        let rows = Rows::load(&self.policy, source, Keep::Everything);
        Run::on_demand(self.policy.clone(), Arc::new(rows))
    }

    /// The rows with some edits made in the lines; `None` where a line cannot say one.
    pub fn with(&self, run: &Run, edits: &[Edit]) -> Option<Run> {
        let mut tables = self.tables.clone();
        apply(run, edits, &mut tables)?;
        Some(self.run(&tables))
    }
}

/// A step to a value inside a row.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(String),
    Element(usize),
}

/// The table of a row, the number of its line, and the way to it from there.
fn way(run: &Run, row: RowRef) -> (String, usize, Vec<Step>) {
    let root = run.root(row);
    let table = run.schema().frame(root.frame).unwrap().names.zh().to_owned();
    let mut steps = Vec::new();
    if let Some(path) = run.path_in(row, Names::zh) {
        for part in path.split('.') {
            let (name, index) = part.strip_suffix(']').unwrap().rsplit_once('[').unwrap();
            steps.push(Step::Field(name.to_owned()));
            steps.push(Step::Element(index.parse().unwrap()));
        }
    }
    (table, root.row, steps)
}

fn at<'j>(
    tables: &'j mut [(String, Vec<Json>)],
    (table, row, steps): &(String, usize, Vec<Step>),
) -> &'j mut Json {
    let (_, rows) = tables.iter_mut().find(|(name, _)| name == table).unwrap();
    steps.iter().fold(&mut rows[*row], |at, step| match step {
        Step::Field(name) => &mut at[name.as_str()],
        Step::Element(index) => &mut at[*index],
    })
}

/// A value as JSON; `None` where data cannot say it.
fn written(run: &Run, ty: Type, value: &Constant) -> Option<Json> {
    Some(match (ty, value) {
        (_, Constant::Bool(value)) => json!(value),
        (_, Constant::Text(text)) => json!(&**text),
        (Type::Date, Constant::Int(day)) => json!(day_date(*day)?.to_string()),
        (Type::Enum(id), Constant::Int(index)) => {
            let values = &run.schema().enumeration(id)?.values;
            json!(values.get(usize::try_from(*index).ok()?)?.names.zh())
        }
        (Type::Ref(frame), Constant::Int(row)) => {
            json!(run.key(RowRef { frame, row: usize::try_from(*row).ok()? })?)
        }
        (_, Constant::Int(value)) => json!(value),
        (Type::Percent, Constant::Ratio(value)) => json!(format!("{}%", format_ratio(value * 100))),
        (_, Constant::Ratio(value)) => serde_json::from_str(&format_ratio(*value)).unwrap(),
        (_, Constant::Empty) => json!([]),
    })
}

/// Makes edits in the lines: values first, then rows that are added, then those that go, the last
/// first.
pub fn apply(run: &Run, edits: &[Edit], tables: &mut [(String, Vec<Json>)]) -> Option<()> {
    let schema = run.schema();
    for edit in edits {
        let Edit::Set { frame, row, field, value } = edit else { continue };
        let (shape, found) = (schema.frame(*frame)?, schema.field(*frame, *field)?);
        let place = at(tables, &way(run, RowRef { frame: *frame, row: *row }));
        match value {
            Some(value) if shape.plain => *place = written(run, found.ty, value)?,
            Some(value) => place[found.names.zh()] = written(run, found.ty, value)?,
            None => {
                place.as_object_mut()?.remove(found.names.zh());
            }
        }
    }
    for edit in edits {
        let Edit::Insert { frame, owner, values } = edit else { continue };
        let shape = schema.frame(*frame)?;
        let mut row = Map::new();
        for (field, value) in values {
            let found = shape.field(*field)?;
            row.insert(found.names.zh().to_owned(), written(run, found.ty, value)?);
        }
        let row = if shape.plain { row.into_values().next()? } else { Json::Object(row) };
        match (shape.parent, owner) {
            (Some((parent, field)), Some(owner)) => {
                let name = schema.field(parent, field)?.names.zh();
                let place = at(tables, &way(run, RowRef { frame: parent, row: *owner }));
                if !place.as_object()?.contains_key(name) {
                    place[name] = json!([]);
                }
                place[name].as_array_mut()?.push(row);
            }
            _ => {
                let name = shape.names.zh();
                tables.iter_mut().find(|(table, _)| table == name)?.1.push(row);
            }
        }
    }
    let mut removed: Vec<RowRef> = edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Remove { frame, row } => Some(RowRef { frame: *frame, row: *row }),
            _ => None,
        })
        .collect();
    removed.sort_by_key(|row| std::cmp::Reverse(row.row));
    for row in removed {
        let (table, line, mut steps) = way(run, row);
        match steps.pop() {
            Some(Step::Element(index)) => {
                at(tables, &(table, line, steps)).as_array_mut()?.remove(index);
            }
            _ => {
                tables.iter_mut().find(|(name, _)| *name == table)?.1.remove(line);
            }
        }
    }
    Some(())
}

/// Whether one change takes away what the other changes.
pub fn overlaps(run: &Run, one: &[Edit], other: &[Edit]) -> bool {
    let gone = |edits: &[Edit]| -> Vec<(String, usize, Vec<Step>)> {
        edits
            .iter()
            .filter_map(|edit| match edit {
                Edit::Remove { frame, row } => Some(way(run, RowRef { frame: *frame, row: *row })),
                Edit::Set { frame, row, field, value: None } => {
                    let mut way = way(run, RowRef { frame: *frame, row: *row });
                    let name = run.schema().field(*frame, *field)?.names.zh().to_owned();
                    way.2.push(Step::Field(name));
                    Some(way)
                }
                _ => None,
            })
            .collect()
    };
    let places = |edits: &[Edit]| -> Vec<(String, usize, Vec<Step>)> {
        edits
            .iter()
            .filter_map(|edit| match edit {
                Edit::Set { frame, row, field, .. } => {
                    let mut way = way(run, RowRef { frame: *frame, row: *row });
                    let name = run.schema().field(*frame, *field)?.names.zh().to_owned();
                    way.2.push(Step::Field(name));
                    Some(way)
                }
                Edit::Remove { frame, row } => Some(way(run, RowRef { frame: *frame, row: *row })),
                Edit::Insert { frame, owner, .. } => {
                    let (parent, field) = run.schema().frame(*frame)?.parent?;
                    let mut way = way(run, RowRef { frame: parent, row: (*owner)? });
                    way.2.push(Step::Field(
                        run.schema().field(parent, field)?.names.zh().to_owned(),
                    ));
                    Some(way)
                }
            })
            .collect()
    };
    let within = |inner: &(String, usize, Vec<Step>), outer: &(String, usize, Vec<Step>)| {
        inner.0 == outer.0 && inner.1 == outer.1 && inner.2.starts_with(&outer.2)
    };
    let hits = |one: &[Edit], other: &[Edit]| {
        gone(one).iter().any(|gone| places(other).iter().any(|place| within(place, gone)))
    };
    // A reference to a row that goes away.
    let refers = |one: &[Edit], other: &[Edit]| {
        let removed = one.iter().filter_map(|edit| match edit {
            Edit::Remove { frame, row } => Some((*frame, i64::try_from(*row).ok()?)),
            _ => None,
        });
        let set = |(target, gone): (FrameId, i64)| {
            other.iter().any(|edit| match edit {
                Edit::Set { frame, field, value: Some(Constant::Int(row)), .. } => {
                    let ty = run.schema().field(*frame, *field).map(|found| found.ty);
                    ty == Some(Type::Ref(target)) && *row == gone
                }
                _ => false,
            })
        };
        removed.into_iter().any(set)
    };
    hits(one, other) || hits(other, one) || refers(one, other) || refers(other, one)
}
