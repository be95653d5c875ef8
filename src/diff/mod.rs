//! Rank 5: two runs side by side: two submissions, or two versions of the policies. Which rows and
//! articles changed, which findings are gone, still there or new, and what made them so.

mod attribution;
mod cause;
mod content;
mod correction;
mod declaration;
mod element;
mod finding;
mod group;
mod identity;
mod json;
mod lapse;
mod listing;
mod mixed;
mod pairing;
mod policy;
mod reading;
mod refer;
mod row;
mod seat;
mod sentence;
mod side;
mod splice;
mod text;
mod trial;
mod whose;

pub use cause::{Cause, Declaration, Loss, Waiving};
pub use content::Value;
pub use correction::{Correction, Fate, Kind, Path, kinds};
pub use declaration::Kind as DeclarationKind;
pub use finding::{Change, Findings, Note, Turn, Unjudged};
pub use group::{Grouped, Lies};
pub use identity::Entry;
pub use json::write as write_json;
pub use listing::{write_html, write_xlsx};
pub use pairing::{Match, Pairing};
pub use policy::{Edit, PolicyEdit};
pub use row::{FieldEdit, RowEdit, TableEdit, Touch};
pub(crate) use text::outcome;
pub use text::write as write_text;
pub use whose::{Pair, Whose};

use crate::diagnostic::{Bilingual, Severity};
use crate::engine::Run;
use crate::finding::Summary;
use crate::grouping::Grouping;
use attribution::Attribution;
use declaration::Declarations;
use group::Side;
use side::Sides;

/// What a run is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The project's name.
    pub project: String,
    /// Its folder, where both sides have one name.
    pub folder: Option<String>,
    /// The day judged for.
    pub as_of: String,
    /// Mistakes that made the run incomplete.
    pub errors: usize,
}

impl Title {
    /// What people know it by: the folder, where the name would not tell the sides apart.
    #[must_use]
    pub fn name(&self) -> &str {
        self.folder.as_deref().unwrap_or(&self.project)
    }
}

/// How two runs differ.
///
/// # Examples
///
/// ```
/// use fanshi::{Diff, Options, Project, diff};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let same: Diff = diff(&run, &run, &[], None);
/// assert_eq!((same.findings.remaining.len(), same.tables.len()), (3, 0));
/// ```
#[derive(Clone, Debug)]
pub struct Diff {
    /// The earlier run.
    pub old: Title,
    /// The later run.
    pub new: Title,
    /// The declarations that differ.
    pub policies: Vec<PolicyEdit>,
    /// Tables whose rows differ.
    pub tables: Vec<TableEdit>,
    /// The findings.
    pub findings: Findings,
    /// What lies in each group before and now, where it is asked for.
    pub groups: Option<Grouped>,
    /// The kinds of correction the later project's manifest declares, counted.
    pub corrections: Vec<Correction>,
    /// The groups of what differs, where they are asked for.
    pub whose: Option<Whose>,
    /// The group that all of it is of, where it is of one.
    pub group: Option<Bilingual>,
}

/// Compares two runs, of which everything declared was kept; `kinds` are the kinds of correction to
/// count, `by` is what the rows of the later are to be grouped by.
///
/// # Examples
///
/// ```
/// use fanshi::{Disk, Keep, Options, Overlay, Project, diff};
/// use std::sync::Arc;
///
/// let keep = Options { keep: Keep::Everything, ..Options::default() };
/// let old = Project::read("examples/library".as_ref()).run(&keep);
/// let books = std::fs::read_to_string("examples/library/books.json").unwrap();
/// let books = books.replace("610", "400");
/// let files = Overlay::new(Arc::new(Disk)).with("examples/library/books.json", books);
/// let new = Project::read_in(Arc::new(files), "examples/library".as_ref()).run(&keep);
/// let diff = diff(&old, &new, &[], None);
/// assert_eq!((diff.findings.fixed.len(), diff.findings.new.len()), (1, 0));
/// ```
#[must_use]
pub fn diff(old: &Run, new: &Run, kinds: &[Kind], by: Option<&Grouping>) -> Diff {
    let sides = Sides::new(old, new);
    let declared = [&Declarations::of(old), &Declarations::of(new)];
    let [before, after] = declared;
    let policies = policy::edits(before, after);
    let read = Side::both(sides.read(), new, by);
    let tables = row::tables(&sides, &read);
    let mut attribution = Attribution::new(&sides, declared, &policies, &tables);
    let findings = finding::changes(&sides, &mut attribution);
    drop(attribution);
    let corrections = correction::count(new.schema(), &tables, kinds);
    let judged = by.map(|_| Side::both(old, new, by));
    let whose =
        judged.as_ref().map(|judged| Whose::new(&sides, (&read, judged), (&tables, &corrections)));
    Diff {
        old: title(&old.summary),
        new: title(&new.summary),
        policies,
        tables,
        findings,
        groups: judged.as_ref().and_then(group::grouped),
        corrections,
        whose,
        group: None,
    }
}

fn title(summary: &Summary) -> Title {
    let errors = summary
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .count();
    let (project, as_of) = (summary.project.clone(), summary.as_of.clone());
    Title { project, folder: None, as_of, errors }
}
