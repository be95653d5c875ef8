//! Rank 8: `[sql]`: in which tables of a warehouse the rows of tables and lists are, for the views
//! that `emit` writes.

use super::Project;
use super::document::{Reader, Value, ordered};
use super::manifest::Manifest;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::{FieldId, Frame, FrameId, Names, Schema, Type};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::de::DeValue;

/// One entry of `[sql]`.
#[derive(Clone, Debug, Default)]
pub struct SqlEntry {
    /// Table or list by its name, with its place.
    pub table: (String, Range<usize>),
    /// The table of the warehouse.
    pub relation: String,
    /// The column that tells its rows apart.
    pub id: Option<String>,
    /// Of a list: the column that names the row that an element belongs to, by its `id`.
    pub parent: Option<String>,
    /// The column that rows are in the order of.
    pub order: Option<String>,
    /// Fields with their columns; an empty one where there is none.
    pub columns: Vec<(String, String, Range<usize>)>,
}

/// Where the rows of a table or list are.
///
/// # Examples
///
/// ```
/// use fanshi::{Memory, Options, Project};
/// use std::sync::Arc;
///
/// let manifest = "[project]\nname = \"a\"\npolicies = [\"a.fan\"]\n[sql]\nbook = \"ods.books\"\n";
/// let files = Memory::new()
///     .with("fanshi.toml", manifest)
///     .with("a.fan", "policy a\ntable book { code : text key }\n");
/// let project = Project::read_in(Arc::new(files), "".as_ref());
/// let policy = project.policy(&Options::default());
/// let (warehouse, wrong) = project.warehouse(policy.schema());
/// assert!(wrong.is_empty());
/// assert_eq!((&*warehouse[0].relation, &*warehouse[0].id), ("ods.books", "code"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// The table or list.
    pub frame: FrameId,
    /// The table of the warehouse, with its schema where that is said: `ods.books`.
    pub relation: String,
    /// The column that tells its rows apart.
    pub id: String,
    /// Of a list: the column that names the row that an element belongs to, by its `id`.
    pub parent: Option<String>,
    /// The column that rows are in the order of.
    pub order: Option<String>,
    /// The columns of fields; a field without one has no values.
    pub columns: BTreeMap<FieldId, String>,
}

const KEYS: &[&str] = &["table", "id", "parent", "order", "columns"];

impl Reader<'_> {
    /// `[sql]`: `book = "ods.books"`, or with its columns.
    pub(super) fn sql(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        for (name, value) in self.table("sql", value).into_iter().flat_map(ordered) {
            let table = (name.get_ref().to_string(), name.span());
            let mut entry = SqlEntry { table, ..SqlEntry::default() };
            let mut is_told = false;
            match value.get_ref() {
                DeValue::Table(own) => {
                    for (key, value) in ordered(own) {
                        match key.get_ref().as_ref() {
                            "table" => entry.relation = self.text("table", value),
                            "id" => entry.id = Some(self.column("id", value)),
                            "parent" => entry.parent = Some(self.column("parent", value)),
                            "order" => entry.order = Some(self.column("order", value)),
                            "columns" => {
                                let columns = self.table("columns", value);
                                for (field, column) in columns.into_iter().flat_map(ordered) {
                                    let own = self.text(field.get_ref(), column);
                                    let span = field.span();
                                    entry.columns.push((field.get_ref().to_string(), own, span));
                                }
                            }
                            other => {
                                // What was meant for the table is told of by that.
                                is_told = true;
                                self.unknown_key(other, KEYS, key.span());
                            }
                        }
                    }
                }
                _ => entry.relation = self.text(name.get_ref(), value),
            }
            // What is no text at all has been told of.
            is_told |= !matches!(value.get_ref(), DeValue::Table(_) | DeValue::String(_));
            if !is_told && entry.relation.split('.').any(str::is_empty) {
                let expected =
                    say!("那里的表名，如 \"ods.items\"", "the table there, like \"ods.items\"");
                self.wrong(name.get_ref(), &expected, value.span());
            }
            manifest.sql.push(entry);
        }
    }

    /// The name of a column; an empty one is told of, and stays, so that it is not said to be missing.
    fn column(&mut self, key: &str, value: &Value<'_>) -> String {
        if matches!(value.get_ref(), DeValue::String(text) if text.is_empty()) {
            let expected = say!("列名，不能为空", "the name of a column, which is not empty");
            self.wrong(key, &expected, value.span());
        }
        self.text(key, value)
    }
}

impl Project {
    /// What `[sql]` says of the tables and lists of a schema, and what is wrong with it.
    #[must_use]
    pub fn warehouse(&self, schema: &Schema) -> (Vec<Warehouse>, Vec<Diagnostic>) {
        let (mut found, mut wrong): (Vec<Warehouse>, Vec<Wrong>) = Default::default();
        // A policy that is not there may have the table.
        if self.policies_lost || schema.frames.is_empty() {
            return (found, Vec::new());
        }
        let mut named: BTreeMap<FrameId, &str> = BTreeMap::new();
        for entry in &self.manifest.sql {
            let own = mapped(schema, entry).and_then(|own| {
                match named.insert(own.frame, &entry.table.0) {
                    Some(first) => Err(twice(&entry.table, first)),
                    None => Ok(own),
                }
            });
            match own {
                Ok(own) => found.push(own),
                Err(told) => wrong.push(told),
            }
        }
        // Where its table is wrong, that is what is said.
        let is_named = |frame: FrameId| found.iter().any(|own| own.frame == frame);
        let entries = if wrong.is_empty() { &*self.manifest.sql } else { &[] };
        for entry in entries {
            let around = frame(schema, &entry.table.0).ok().and_then(|(_, frame)| frame.parent);
            if let Some((around, _)) = around.filter(|(around, _)| !is_named(*around)) {
                wrong.push(alone(schema, &entry.table, around));
            }
        }
        let told = |told: Wrong| {
            let (code, message, help, span) = *told;
            let place = Place::of(&self.manifest_source, span);
            Diagnostic::error(code, message).help(help).at(place, Bilingual::default())
        };
        (found, wrong.into_iter().map(told).collect())
    }
}

/// A code, what is wrong, what to do and where.
type Wrong = Box<(&'static str, Bilingual, Bilingual, Range<usize>)>;

/// A field that is none, or a list.
fn unknown_field(frame: &Frame, name: &str, field: &str, span: &Range<usize>) -> Wrong {
    let message = say!("`{name}` 没有字段 `{field}`", "`{name}` has no field `{field}`");
    let help = match frame.called(field) {
        Some(_) => say!(
            "清单的元素另有一张表：在 [sql] 下写 \"{name}.{field}\" = {{ table = \"…\" }}",
            "elements of a list are in a table of their own: write \"{name}.{field}\" = {{ table = \"…\" }} \
                under [sql]"
        ),
        None => meant(nearest(field, frame.fields.iter().flat_map(|field| field.names.iter()))),
    };
    Box::new(("unknown_field", message, help, span.clone()))
}

/// What is named by both its names.
fn twice((name, span): &(String, Range<usize>), first: &str) -> Wrong {
    let message = say!("`{name}` 和 `{first}` 是同一个", "`{name}` and `{first}` are the same");
    let help = say!("只留一个", "leave one of them");
    Box::new(("wrong_manifest_value", message, help, span.clone()))
}

/// A list, of whose rows nobody says where they are.
fn alone(schema: &Schema, (name, span): &(String, Range<usize>), around: FrameId) -> Wrong {
    let around = schema.frame(around).map_or("", |frame| frame.names.zh());
    let message = say!(
        "`{name}` 的元素属于 `{around}` 的行，而没有写 `{around}` 在哪里",
        "the elements of `{name}` belong to rows of `{around}`, and nothing says where those are"
    );
    let help =
        say!("在 [sql] 下也写上 `{around}` 的表", "name the table of `{around}` under [sql] too");
    Box::new(("wrong_manifest_value", message, help, span.clone()))
}

fn mapped(schema: &Schema, entry: &SqlEntry) -> Result<Warehouse, Wrong> {
    let (name, span) = &entry.table;
    let (id, frame) = frame(schema, name).map_err(|near| {
        let message =
            say!("没有名为 `{name}` 的表或清单", "there is no table or list called `{name}`");
        Box::new(("unknown_table", message, meant(near), span.clone()))
    })?;
    let mut columns: BTreeMap<FieldId, String> = (0..)
        .map(FieldId)
        .zip(&frame.fields)
        .filter(|(_, field)| !matches!(field.ty, Type::List(_)))
        .map(|(id, field)| (id, field.names.en().to_owned()))
        .collect();
    let mut seen: BTreeMap<FieldId, &str> = BTreeMap::new();
    for (own, column, span) in &entry.columns {
        let field = own;
        let Some(field) = frame.called(field).filter(|id| columns.contains_key(id)) else {
            return Err(unknown_field(frame, name, field, span));
        };
        if let Some(first) = seen.insert(field, own) {
            return Err(twice(&(own.clone(), span.clone()), first));
        }
        if column.is_empty() {
            columns.remove(&field);
        } else {
            columns.insert(field, column.clone());
        }
    }
    let key = frame.key().and_then(|key| columns.get(&key).cloned());
    let lacks = |what: &str, zh: &str, en: &str| {
        let message =
            say!("`{name}` 还要写 `{what}`：{zh}", "`{name}` needs `{what}` besides: {en}");
        let help = say!("写 {what} = \"…\"", "write {what} = \"…\"");
        Box::new(("wrong_manifest_value", message, help, span.clone()))
    };
    let Some(own) = entry.id.clone().or(key) else {
        return Err(lacks("id", "区别各行的列", "the column that tells its rows apart"));
    };
    if frame.parent.is_some() && entry.parent.is_none() {
        let en = "the column that names the row that an element belongs to";
        return Err(lacks("parent", "说元素属于哪一行的列", en));
    }
    if frame.parent.is_none() && entry.parent.is_some() {
        let message = say!(
            "`{name}` 是表，不是清单，没有 `parent`",
            "`{name}` is a table and no list, and has no `parent`"
        );
        let help = say!("去掉 parent", "leave parent out");
        return Err(Box::new(("wrong_manifest_value", message, help, span.clone())));
    }
    let (relation, parent, order) =
        (entry.relation.clone(), entry.parent.clone(), entry.order.clone());
    Ok(Warehouse { frame: id, relation, id: own, parent, order, columns })
}

fn meant(near: Option<String>) -> Bilingual {
    match near {
        Some(near) => say!("是不是 `{near}`？", "did you mean `{near}`?"),
        None => say!("写词汇里声明的名字", "write a name that the vocabulary declares"),
    }
}

/// A table, or a list by the names that lead to it: `book.chapters`; the name that was probably meant
/// where there is none.
fn frame<'s>(schema: &'s Schema, path: &str) -> Result<(FrameId, &'s Frame), Option<String>> {
    let mut at: Option<FrameId> = None;
    for name in path.split('.') {
        let within = |frame: &Frame| frame.parent.map(|(parent, _)| parent) == at;
        let mut frames = (0..).map(FrameId).zip(&schema.frames);
        match frames.find(|(_, frame)| within(frame) && frame.names.matches(name)) {
            Some((id, _)) => at = Some(id),
            None => return Err(near(schema, path)),
        }
    }
    at.and_then(|id| Some((id, schema.frame(id)?))).ok_or(None)
}

/// The table or list that was probably meant: one that is called so within another, or nearly so.
fn near(schema: &Schema, path: &str) -> Option<String> {
    let ways = |names: fn(&Names) -> &str| {
        let ids = (0..).map(FrameId).take(schema.frames.len());
        ids.filter_map(move |id| way(schema, id, names)).collect::<Vec<String>>()
    };
    let all = [ways(Names::zh), ways(Names::en)].concat();
    let within = all.iter().find(|way| way.ends_with(&format!(".{path}")));
    within.cloned().or_else(|| nearest(path, all.iter().map(String::as_str)))
}

/// The names that lead to a table or list.
fn way(schema: &Schema, id: FrameId, names: fn(&Names) -> &str) -> Option<String> {
    let frame = schema.frame(id)?;
    let own = names(&frame.names);
    match frame.parent {
        Some((parent, _)) => Some(format!("{}.{own}", way(schema, parent, names)?)),
        None => Some(own.to_owned()),
    }
}
