//! Rank 5: two runs side by side: two submissions, or two versions of the policies. Which rows and
//! articles changed, which findings are gone, still there or new, and what made them so.

mod cause;
mod content;
mod correction;
mod finding;
mod group;
mod json;
mod listing;
mod policy;
mod row;
mod text;

pub use cause::{Cause, Waiving};
pub use content::Value;
pub use correction::{Correction, Fate, Kind, Path, kinds};
pub use finding::{Change, Findings, Note, Turn};
pub use group::{Grouped, Lies};
pub use json::write as write_json;
pub use listing::{write_html, write_xlsx};
pub use policy::{Edit, PolicyEdit};
pub use row::{FieldEdit, Match, Pairing, RowEdit, TableEdit};
pub use text::write as write_text;

use crate::diagnostic::Severity;
use crate::engine::Run;
use crate::finding::Summary;
use crate::grouping::Grouping;

/// What a run is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The project's name.
    pub project: String,
    /// The day judged for.
    pub as_of: String,
    /// Mistakes that made the run incomplete.
    pub errors: usize,
}

/// How two runs differ.
#[derive(Clone, Debug)]
pub struct Diff {
    /// The earlier run.
    pub old: Title,
    /// The later run.
    pub new: Title,
    /// Articles, decisions and parameters that differ.
    pub policies: Vec<PolicyEdit>,
    /// Tables whose rows differ.
    pub tables: Vec<TableEdit>,
    /// The findings.
    pub findings: Findings,
    /// What lies in each group before and now, where it is asked for.
    pub groups: Option<Grouped>,
    /// The kinds of correction the later project's manifest declares, counted.
    pub corrections: Vec<Correction>,
}

/// Compares two runs; `kinds` are the kinds of correction to count, `by` is what the rows of the
/// later are to be grouped by.
#[must_use]
pub fn diff(old: &Run, new: &Run, kinds: &[Kind], by: Option<&Grouping>) -> Diff {
    let policies = policy::edits(old, new);
    let sides = group::Side::both(old, new, by);
    let tables = row::tables(old, new, &sides);
    let findings = finding::changes(old, new, &policies, &tables);
    let corrections = correction::count(new.schema(), &tables, kinds);
    Diff {
        old: title(&old.summary),
        new: title(&new.summary),
        policies,
        tables,
        findings,
        groups: by.and_then(|_| group::grouped(&sides)),
        corrections,
    }
}

fn title(summary: &Summary) -> Title {
    let errors = summary
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    Title { project: summary.project.clone(), as_of: summary.as_of.clone(), errors }
}
