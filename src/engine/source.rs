//! Rows given as values of a program, not as files.

use super::{Keep, Policy, Rows, rows::Source};
use crate::data::{Bytes, Format, Input, Mapping};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::place::Place;
use crate::say;
use serde::Serialize;
use std::sync::Arc;

/// Collects the rows of a policy's tables.
///
/// A row is whatever serde makes an object of: its keys are the names of fields, in either language
/// or by what the vocabulary also calls them. Values are read as those of a JSON file are, and what
/// is wrong with one is said at its place in that text. A table that is not given is unknown, not
/// empty.
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Given, Keep, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let shelves = [serde_json::json!({"名": "east"})];
/// let given = Given::new(&policy).table("架", &shelves).unwrap();
/// assert_eq!(given.load(Keep::Read).frame(FrameId(0)).unwrap().len, 1);
/// ```
pub struct Given<'p> {
    policy: &'p Policy,
    source: Source,
}

impl<'p> Given<'p> {
    /// No table yet.
    #[must_use]
    pub fn new(policy: &'p Policy) -> Self {
        let unfed = policy.schema().tables().map(|(id, _)| id).collect();
        Self { policy, source: Source { unfed, ..Source::default() } }
    }

    /// With the rows of a table, by its name in either language.
    ///
    /// # Errors
    /// Where there is no such table (`unknown_table`), or serde cannot write a row as JSON
    /// (`json_syntax`).
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Given, Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// let none: [serde_json::Value; 0] = [];
    /// let unknown = Given::new(&policy).table("boook", &none).err().unwrap();
    /// assert_eq!(unknown.help.unwrap().en, "did you mean `book`?");
    /// ```
    pub fn table(mut self, name: &str, rows: &[impl Serialize]) -> Result<Self, Box<Diagnostic>> {
        let schema = self.policy.schema();
        let Some((frame, _)) = schema.tables().find(|(_, frame)| frame.names.matches(name)) else {
            let known = schema.tables().flat_map(|(_, frame)| frame.names.iter());
            let near = nearest(name, known);
            let message = say!("没有名为 `{name}` 的表", "there is no table called `{name}`");
            let unknown = Diagnostic::error("unknown_table", message);
            return Err(Box::new(match near {
                Some(near) => unknown.help(say!("是不是 `{near}`？", "did you mean `{near}`?")),
                None => unknown,
            }));
        };
        let text = serde_json::to_vec(rows).map_err(|error| {
            let message = say!("`{name}` 的行写不成 JSON", "rows of `{name}` are no JSON: {error}");
            let place = Place::file(name);
            Box::new(Diagnostic::error("json_syntax", message).at(place, Bilingual::default()))
        })?;
        self.source.unfed.retain(|table| *table != frame);
        self.source.inputs.push(Input {
            frame,
            name: name.into(),
            format: Format::Json,
            mapping: Mapping::default(),
            inline: None,
            store: Arc::new(Bytes(text.into())),
        });
        Ok(self)
    }

    /// Loads and links them. What is wrong is in [`Rows::diagnostics`].
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Given, Keep, Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// let book = serde_json::json!({"code": "A", "shelf": "east", "pages": "many"});
    /// let rows = Given::new(&policy).table("book", &[book]).unwrap().load(Keep::Read);
    /// let unread = rows.diagnostics.iter().find(|found| found.code == "unreadable_value");
    /// let excerpt = &unread.unwrap().labels[0].place.excerpt;
    /// assert_eq!(&excerpt.text[excerpt.mark.clone()], "\"many\"");
    /// ```
    #[must_use]
    pub fn load(self, keep: Keep) -> Rows {
        Rows::load(self.policy, self.source, keep)
    }
}
