//! Rows that were loaded for one text of the policies, taken for another: what loading rests on is
//! compared, and where it is the same nothing is read again.

use super::facts;
use super::policy::Policy;
use super::rows::{Rows, Source};
use super::{Keep, calendar};
use crate::data::{Need, Needed};
use crate::diagnostic::Diagnostic;
use crate::provision::Asked;
use crate::schema::{FieldId, FrameId, Schema};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a policy wants of rows when they are loaded.
#[derive(PartialEq)]
pub(super) struct Asking {
    /// The shape of the data, wherever it is declared.
    schema: Schema,
    /// Which columns.
    needed: Needed,
    /// The titles that are cited, where texts are given.
    cited: BTreeSet<String>,
    /// The parts of citations that are asked for.
    asked: Asked,
    unopened: Vec<FrameId>,
    unfed: Vec<FrameId>,
    day: i64,
}

/// What was wrong with rows, apart, as far as other words are found for it under another policy.
#[derive(Default)]
pub(super) struct Told {
    /// When they were loaded, before it is said which articles need what is lacking.
    pub loaded: Vec<Diagnostic>,
    /// Which of these are about columns that are lacking.
    pub lacking: Vec<(usize, Vec<(FrameId, FieldId)>)>,
    /// With citations in them.
    pub filled: Vec<Diagnostic>,
    /// With spans that end before they begin.
    pub negative: Vec<Diagnostic>,
}

impl Asking {
    pub(super) fn of(policy: &Policy, needed: Needed, source: &Source) -> Self {
        let articles = policy.program.articles.iter().filter(|article| article.in_effect);
        let articles = articles.filter(|_| !source.texts.is_empty());
        let cited = articles.flat_map(|article| &article.cites).map(|cite| cite.title.clone());
        Self {
            schema: policy.schema().placeless(),
            needed,
            cited: cited.collect(),
            asked: facts::asked(policy),
            unopened: source.unopened.clone(),
            unfed: source.unfed.clone(),
            day: policy.today,
        }
    }

    /// Whether what was loaded for this has all that `other` asks for, and would have said nothing
    /// else: no column was lacking.
    fn covers(&self, other: &Self) -> bool {
        let enough = |(one, other): (&Vec<Need>, &Vec<Need>)| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one >= other)
        };
        let needed = self.needed.len() == other.needed.len()
            && self.needed.iter().zip(&other.needed).all(enough);
        needed && self.is_but_for_columns(other)
    }

    fn is_but_for_columns(&self, other: &Self) -> bool {
        let Self { schema, needed: _, cited, asked, unopened, unfed, day } = self;
        (cited, asked, unopened) == (&other.cited, &other.asked, &other.unopened)
            && (unfed, day) == (&other.unfed, &other.day)
            && *schema == other.schema
    }

    /// All columns that either asks for.
    fn with(&self, other: &Self) -> Needed {
        let both = |(one, other): (&Vec<Need>, &Vec<Need>)| -> Vec<Need> {
            one.iter().zip(other).map(|(one, other)| std::cmp::max(*one, *other)).collect()
        };
        self.needed.iter().zip(&other.needed).map(both).collect()
    }
}

impl Rows {
    /// What [`Rows::load`] gives, where some of `before` may be taken for it: rows that were loaded
    /// of these very files, which have not changed, with everything kept. The most recent first.
    #[must_use]
    pub fn load_or_keep(policy: &Policy, source: Source, before: &[Arc<Self>]) -> Arc<Self> {
        let needed = facts::needed(policy, Keep::Everything, &BTreeSet::new());
        let asking = Asking::of(policy, needed, &source);
        let is_whole = |rows: &Self| rows.keep() == Keep::Everything;
        let mut known = before.iter().filter(|rows| is_whole(rows));
        let own = |rows: &&Arc<Self>| {
            let found = &rows.origin.asking;
            *found == asking || rows.origin.told.lacking.is_empty() && found.covers(&asking)
        };
        if let Some(rows) = known.find(own) {
            return Arc::new(rows.said_by(policy));
        }
        let alike = before.iter().find(|rows| {
            is_whole(rows)
                && rows.origin.told.lacking.is_empty()
                && rows.origin.asking.is_but_for_columns(&asking)
        });
        if let Some(rows) = alike {
            // Where no file lacks any of them, more columns cost no second loading later.
            let needed = rows.origin.asking.with(&asking);
            let loaded = Self::load_needed(policy, source.clone(), Keep::Everything, needed);
            if loaded.origin.told.lacking.is_empty() {
                return Arc::new(loaded);
            }
        }
        Arc::new(Self::load_needed(policy, source, Keep::Everything, asking.needed))
    }

    /// The same rows with the words and the calendar of another policy.
    fn said_by(&self, policy: &Policy) -> Self {
        let told = &self.origin.told;
        let mut diagnostics = told.loaded.clone();
        facts::say_readers(policy, &told.lacking, &mut diagnostics);
        diagnostics.extend(told.filled.iter().cloned());
        let (calendar, mistaken) = calendar(&policy.graph, &self.frames, &*self.located);
        diagnostics.extend(mistaken);
        diagnostics.extend(told.negative.iter().cloned());
        Self {
            frames: self.frames.clone(),
            located: self.located.clone(),
            calendar: calendar.map(Arc::new),
            diagnostics,
            shelves: self.shelves.clone(),
            notes: self.notes.clone(),
            said_once: self.said_once.clone(),
            origin: self.origin.clone(),
        }
    }
}
