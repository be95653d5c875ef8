//! Rank 8: `[sql]`: in which tables of a warehouse the rows of tables and lists are, for the views
//! that `emit` writes.

use super::Project;
use super::document::{Reader, Value, ordered};
use super::manifest::Manifest;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use crate::schema::{FieldId, Frame, FrameId, Schema, Type};
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
            match value.get_ref() {
                DeValue::Table(own) => {
                    for (key, value) in ordered(own) {
                        match key.get_ref().as_ref() {
                            "table" => entry.relation = self.text("table", value),
                            "id" => entry.id = Some(self.text("id", value)),
                            "parent" => entry.parent = Some(self.text("parent", value)),
                            "order" => entry.order = Some(self.text("order", value)),
                            "columns" => {
                                let columns = self.table("columns", value);
                                for (field, column) in columns.into_iter().flat_map(ordered) {
                                    let own = self.text(field.get_ref(), column);
                                    let span = field.span();
                                    entry.columns.push((field.get_ref().to_string(), own, span));
                                }
                            }
                            other => self.unknown_key(other, KEYS, key.span()),
                        }
                    }
                }
                _ => entry.relation = self.text(name.get_ref(), value),
            }
            if entry.relation.is_empty() {
                let expected = Bilingual::new("{ table = \"…\" }", "{ table = \"…\" }");
                self.wrong(name.get_ref(), &expected, value.span());
                continue;
            }
            manifest.sql.push(entry);
        }
    }
}

impl Project {
    /// What `[sql]` says of the tables and lists of a schema, and what is wrong with it.
    #[must_use]
    pub fn warehouse(&self, schema: &Schema) -> (Vec<Warehouse>, Vec<Diagnostic>) {
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        if schema.frames.is_empty() {
            return (found, wrong);
        }
        for entry in &self.manifest.sql {
            match mapped(schema, entry) {
                Ok(mapped) => found.push(mapped),
                Err(found) => {
                    let (code, message, help, span) = *found;
                    let place = Place::of(&self.manifest_source, span);
                    let told = Diagnostic::error(code, message).help(help);
                    wrong.push(told.at(place, Bilingual::default()));
                }
            }
        }
        (found, wrong)
    }
}

/// A code, what is wrong, what to do and where.
type Wrong = Box<(&'static str, Bilingual, Bilingual, Range<usize>)>;

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
    for (field, column, span) in &entry.columns {
        let Some(field) = frame.called(field).filter(|id| columns.contains_key(id)) else {
            let names = frame.fields.iter().flat_map(|field| field.names.iter());
            let message = say!("`{name}` 没有字段 `{field}`", "`{name}` has no field `{field}`");
            return Err(Box::new((
                "unknown_field",
                message,
                meant(nearest(field, names)),
                span.clone(),
            )));
        };
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
        let frames = || (0..).map(FrameId).zip(&schema.frames).filter(|(_, frame)| within(frame));
        match frames().find(|(_, frame)| frame.names.matches(name)) {
            Some((id, _)) => at = Some(id),
            None => return Err(nearest(name, frames().flat_map(|(_, frame)| frame.names.iter()))),
        }
    }
    at.and_then(|id| Some((id, schema.frame(id)?))).ok_or(None)
}
