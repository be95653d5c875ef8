//! Loaded rows: declared data from disk or from memory, linked, with the calendar it declares.

use super::backwards::negative_cells;
use super::calendar::calendar;
use super::facts;
use super::policy::Policy;
use crate::data::{self, FrameData, Input, Located};
use crate::diagnostic::Diagnostic;
use crate::schema::FrameId;
use crate::value::calendar::WorkingCalendar;
use std::sync::Arc;

/// Which values are kept after loading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// What the policies read.
    #[default]
    Read,
    /// And the fields that group rows: references, enums, texts and truth values of tables.
    Groups,
    /// Everything declared.
    Everything,
}

/// What rows are loaded from.
#[derive(Default)]
pub struct Source {
    /// The files, or texts in memory.
    pub inputs: Vec<Input>,
    /// Tables and lists of which a file could not even be opened.
    pub unopened: Vec<FrameId>,
    /// Tables that nothing is given for: their rows are not known, not absent.
    pub unfed: Vec<FrameId>,
}

/// The rows of all tables. Owned and immutable: they can be judged by several policies of one
/// schema, kept, and sent to another thread.
pub struct Rows {
    /// One a frame of the schema.
    pub frames: Arc<Vec<FrameData>>,
    /// The way back to places.
    pub located: Arc<dyn Located>,
    /// The working calendar, where one is declared and all of it could be read.
    pub calendar: Option<Arc<WorkingCalendar>>,
    /// What is wrong with the data.
    pub diagnostics: Vec<Diagnostic>,
}

impl Rows {
    /// Loads what a policy needs. Everything wrong is in [`Rows::diagnostics`], at its place;
    /// everything else is loaded all the same.
    #[must_use]
    pub fn load(policy: &Policy, source: Source, keep: Keep) -> Self {
        let needed = facts::needed(policy, keep);
        let schema = &policy.program.schema;
        let (mut data, mut diagnostics) =
            data::load_rest(schema, &needed, source.inputs, &source.unopened);
        source.unfed.into_iter().for_each(|frame| data.lose(schema, frame));
        let (frames, located) = (Arc::new(data.frames), data.located);
        let (calendar, mistaken) = calendar(&policy.graph, &frames, &*located);
        diagnostics.extend(mistaken);
        diagnostics.extend(negative_cells(schema, &frames, &*located));
        Self { frames, located, calendar: calendar.map(Arc::new), diagnostics }
    }

    /// The same rows under another policy of the same schema, with the calendar that it declares.
    #[must_use]
    pub fn under(&self, policy: &Policy) -> Self {
        let (frames, located) = (self.frames.clone(), self.located.clone());
        let (calendar, _) = calendar(&policy.graph, &frames, &*located);
        let calendar = calendar.map(Arc::new);
        Self { frames, located, calendar, diagnostics: self.diagnostics.clone() }
    }

    /// Whether two rows of some table have one key.
    pub(super) fn repeats(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.code == "duplicate_key")
    }

    /// A frame's rows.
    #[must_use]
    pub fn frame(&self, frame: FrameId) -> Option<&FrameData> {
        self.frames.get(frame.0 as usize)
    }
}
