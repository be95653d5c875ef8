//! Loaded rows: declared data from disk or from memory, linked, with the calendar it declares.

use super::backwards::negative_cells;
use super::calendar::calendar;
use super::facts::{self, Keep};
use super::kept::{Asking, Told};
use super::policy::Policy;
use crate::data::{self, FrameData, Input, Located};
use crate::diagnostic::Diagnostic;
use crate::provision::{Filled, Given, Libraries, Library, Notes, SaidOnce, Shelves, fill};
use crate::schema::{Citable, FrameId, Schema};
use crate::value::calendar::WorkingCalendar;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What rows are loaded from.
///
/// # Examples
///
/// ```
/// use fanshi::{Bytes, Format, FrameId, Input, Keep, Mapping, Options, Project, RowSource, Rows};
/// use std::sync::Arc;
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let input = Input {
///     frame: FrameId(0), // the table of shelves
///     name: "shelves.csv".into(),
///     format: Format::Csv,
///     mapping: Mapping::default(),
///     inline: None,
///     store: Arc::new(Bytes("name\neast\n".as_bytes().into())),
/// };
/// let source = RowSource { inputs: vec![input], unfed: vec![FrameId(1)], ..RowSource::default() };
/// let rows = Rows::load(&policy, source, Keep::Everything);
/// assert!(rows.diagnostics.is_empty());
/// ```
#[derive(Clone, Default)]
pub struct Source {
    /// The files, or texts in memory.
    pub inputs: Vec<Input>,
    /// Tables and lists of which a file could not even be opened.
    pub unopened: Vec<FrameId>,
    /// Tables that nothing is given for: their rows are not known, not absent.
    pub unfed: Vec<FrameId>,
    /// The texts of what is cited, by citable table.
    pub texts: Libraries,
}

/// The rows of all tables. Owned and immutable: they can be judged by several policies of one
/// schema, kept, and sent to another thread.
///
/// # Examples
///
/// ```
/// use fanshi::{FrameId, Given, Keep, Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let shelves = [serde_json::json!({"name": "east"}), serde_json::json!({"name": "west"})];
/// let rows = Given::new(&policy).table("shelf", &shelves).unwrap().load(Keep::Read);
/// assert_eq!(rows.frame(FrameId(0)).unwrap().len, 2);
/// ```
pub struct Rows {
    /// One a frame of the schema.
    pub frames: Arc<Vec<FrameData>>,
    /// The way back to places.
    pub located: Arc<dyn Located>,
    /// The working calendar, where one is declared and all of it could be read.
    pub calendar: Option<Arc<WorkingCalendar>>,
    /// What is wrong with the data.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that policies and data cite.
    pub(crate) shelves: Arc<Shelves>,
    /// What is to be said of citations in data.
    pub(crate) notes: Arc<Notes>,
    /// What was said once of a text.
    pub(super) said_once: Arc<SaidOnce>,
    /// What they were loaded from.
    pub(super) origin: Arc<Origin>,
}

/// What rows were loaded from, and for which schema.
pub(super) struct Origin {
    schema: Arc<Schema>,
    inputs: Vec<Input>,
    pub(super) unopened: Vec<FrameId>,
    keep: Keep,
    texts: Libraries,
    /// The day that references to versions are for.
    day: i64,
    /// What the policy wanted of them.
    pub(super) asking: Asking,
    /// What was wrong with them, before it was said which articles need what.
    pub(super) told: Told,
}

impl Rows {
    /// Loads what a policy needs. Everything wrong is in [`Rows::diagnostics`], at its place;
    /// everything else is loaded all the same.
    #[must_use]
    pub fn load(policy: &Policy, source: Source, keep: Keep) -> Self {
        let needed = facts::needed(policy, keep, &BTreeSet::new());
        Self::load_needed(policy, source, keep, needed)
    }

    pub(super) fn load_needed(
        policy: &Policy,
        source: Source,
        keep: Keep,
        needed: data::Needed,
    ) -> Self {
        let schema = &policy.program.schema;
        let asking = Asking::of(policy, needed.clone(), &source);
        let day = Some(policy.today);
        let load =
            |needed| data::load_rest(schema, needed, source.inputs.clone(), &source.unopened, day);
        let (mut data, mut diagnostics) = load(&needed);
        let nameless = match keep {
            Keep::Verdicts | Keep::Everything => BTreeSet::new(),
            Keep::Read | Keep::Groups => facts::nameless(policy, &data.frames),
        };
        if !nameless.is_empty() {
            (data, diagnostics) = load(&facts::needed(policy, keep, &nameless));
        }
        let mut told = Told { loaded: diagnostics.clone(), ..Told::default() };
        told.lacking.clone_from(&data.lacking);
        facts::say_readers(policy, &data.lacking, &mut diagnostics);
        source.unfed.iter().copied().for_each(|frame| data.lose(schema, frame));
        let cited = policy.program.articles.iter().filter(|article| article.in_effect);
        let given = Given {
            libraries: &source.texts,
            cited: cited.flat_map(|article| &article.cites).map(|cite| &*cite.title).collect(),
            day,
            asked: facts::asked(policy),
        };
        let filled = fill(schema, &mut data, &given);
        let Filled { shelves, diagnostics: found, notes, said_once } = filled;
        told.filled.clone_from(&found);
        diagnostics.extend(found);
        let (frames, located) = (Arc::new(data.frames), data.located);
        let (calendar, mistaken) = calendar(&policy.graph, &frames, &*located);
        diagnostics.extend(mistaken);
        told.negative = negative_cells(schema, &frames, &*located);
        diagnostics.extend(told.negative.iter().cloned());
        let (schema, day) = (schema.clone(), policy.today);
        let Source { inputs, unopened, texts, .. } = source;
        let origin = Origin { schema, inputs, unopened, keep, texts, day, asking, told };
        let origin = Arc::new(origin);
        let (calendar, shelves) = (calendar.map(Arc::new), Arc::new(shelves));
        let (notes, said_once) = (Arc::new(notes), Arc::new(said_once));
        Self { frames, located, calendar, diagnostics, shelves, notes, said_once, origin }
    }

    /// The same files read once more, for a policy of another schema. Files of tables and lists it
    /// does not have are left out.
    #[must_use]
    pub fn reloaded(&self, policy: &Policy) -> Self {
        self.reread(policy, &self.origin.inputs)
    }

    /// The same of these files, which may be read otherwise than they were.
    pub(crate) fn reread(&self, policy: &Policy, inputs: &[Input]) -> Self {
        let (from, to) = (&self.origin.schema, policy.schema());
        let input = |input: &Input| {
            Some(Input { frame: from.same_frame(to, input.frame)?, ..input.clone() })
        };
        let inputs: Vec<Input> = inputs.iter().filter_map(input).collect();
        let unopened: Vec<FrameId> =
            self.origin.unopened.iter().filter_map(|frame| from.same_frame(to, *frame)).collect();
        let fed = |id: FrameId| inputs.iter().any(|input| input.frame == id);
        let unfed = to.tables().map(|(id, _)| id).filter(|id| !fed(*id)).collect();
        let table = |(table, library): (&FrameId, &Arc<Library>)| {
            Some((from.same_frame(to, *table)?, library.clone()))
        };
        let texts = self.origin.texts.iter().filter_map(table).collect();
        Self::load(policy, Source { inputs, unopened, unfed, texts }, self.origin.keep)
    }

    /// The files they were loaded from.
    pub(crate) fn inputs(&self) -> &[Input] {
        &self.origin.inputs
    }

    /// Which values were kept.
    #[must_use]
    pub fn keep(&self) -> Keep {
        self.origin.keep
    }

    /// Whether files of their own give the elements of a list.
    #[must_use]
    pub fn is_apart(&self, list: FrameId) -> bool {
        let unopened = self.origin.unopened.contains(&list);
        unopened || self.origin.inputs.iter().any(|input| input.frame == list)
    }

    /// The same rows under another policy of the same schema, with the calendar that it declares.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project, Run, Terms, date};
    /// use std::sync::Arc;
    ///
    /// let project = Project::read("examples/library".as_ref());
    /// let next_year = Options { as_of: Some(date(2016, 11, 20)), ..Options::default() };
    /// let later = Arc::new(project.policy(&next_year));
    /// let run = project.run(&Options::default());
    /// let rows = Arc::new(run.rows.under(&later));
    /// let again = Run::new(later, rows, Terms { day: next_year.as_of, ..Terms::default() });
    /// assert_eq!(again.summary.as_of, "2016-11-20");
    /// ```
    #[must_use]
    pub fn under(&self, policy: &Policy) -> Self {
        if policy.today != self.origin.day && has_versions(&self.origin.schema) {
            return self.reloaded(policy);
        }
        self.with_calendar_of(policy)
    }

    fn with_calendar_of(&self, policy: &Policy) -> Self {
        let (frames, located) = (self.frames.clone(), self.located.clone());
        let (calendar, _) = calendar(&policy.graph, &frames, &*located);
        let calendar = calendar.map(Arc::new);
        let (diagnostics, origin) = (self.diagnostics.clone(), self.origin.clone());
        let (shelves, notes) = (self.shelves.clone(), self.notes.clone());
        let said_once = self.said_once.clone();
        Self { frames, located, calendar, diagnostics, shelves, notes, said_once, origin }
    }

    /// Other rows of the same schema in their place, with the calendar that a policy declares.
    #[must_use]
    pub fn replaced(&self, frames: Vec<FrameData>, policy: &Policy) -> Self {
        let frames = Arc::new(frames);
        let (located, calendar) = (self.located.clone(), None);
        let (diagnostics, origin) = (self.diagnostics.clone(), self.origin.clone());
        let (shelves, notes) = (self.shelves.clone(), self.notes.clone());
        let said_once = self.said_once.clone();
        Self { frames, located, calendar, diagnostics, shelves, notes, said_once, origin }
            .with_calendar_of(policy)
    }

    /// Whether two rows of some table may have one key: by mistake, or as versions of one title.
    pub(super) fn repeats(&self) -> bool {
        has_versions(&self.origin.schema)
            || self.diagnostics.iter().any(|diagnostic| diagnostic.code == "duplicate_key")
    }

    /// A key of a table's rows as it is compared, from how people write it: `007` is the integer 7,
    /// `Ａ1` the text `A1`.
    #[must_use]
    pub fn key(&self, table: FrameId, written: &str) -> String {
        self.located.key(table, written)
    }

    /// A frame's rows.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameData> {
        self.frames.get(frame.0 as usize)
    }
}

/// Whether the rows of some table are in force from one day until another.
fn has_versions(schema: &Schema) -> bool {
    let cites = schema.frames.iter().any(|frame| frame.citations.is_some());
    cites || schema.frames.iter().filter_map(|frame| frame.citable.as_ref()).any(Citable::has_days)
}
