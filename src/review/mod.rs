//! Rank 5: what a run came to, in one page for those who decide: dispositions required and declared
//! side by side, stated figures with what closes and what does not and the rows that make the
//! difference, measures, and where the findings lie.

mod behind;
mod compare;
mod figure;
mod finder;
mod json;
mod letter;
mod listing;
mod matrix;
mod measured;
mod shape;
mod spread;
mod stated;
mod tables;
mod text;

pub use behind::Behind;
pub use figure::{Figure, Side, Status, Term};
pub use json::write as write_json;
pub use letter::Letters;
pub use listing::{write_docx, write_html, write_markdown, write_xlsx};
pub use matrix::{Demand, Difference, Line, Matrix};
pub use spread::Spread;
pub use text::write as write_text;

use crate::diagnostic::{Bilingual, Severity};
use crate::engine::Run;
use crate::finding::{Counts, MeasureSummary, WaiverSummary};
use crate::grouping::{Groups, Tally};
use crate::report::{Words, phrase};
use crate::schema::FrameId;
use std::collections::BTreeSet;

/// A row of a table or of a nested list.
pub type Row = (FrameId, usize);

/// The outcome of a run.
///
/// # Examples
///
/// ```
/// use fanshi::{Groups, Options, Project, Review, review};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let review: Review = review(&Groups::new(&run, None));
/// let disposition = &review.matrices[0].lines[1];
/// assert_eq!((disposition.declared, disposition.required), (0, 1));
/// ```
#[derive(Clone, Debug)]
pub struct Review {
    /// The project's name.
    pub project: String,
    /// The day judged for.
    pub as_of: String,
    /// How many mistakes made the run incomplete.
    pub errors: usize,
    /// Rows loaded, by table.
    pub rows: Vec<(Bilingual, usize)>,
    /// The rows of each kind, for each article once, by the worst of its sentences, as the table of
    /// `check` counts them; a row in conflict once for all articles.
    pub tally: Tally,
    /// Dispositions required and declared, by decision.
    pub matrices: Vec<Matrix>,
    /// The stated figures.
    pub figures: Vec<Figure>,
    /// The measures.
    pub measures: Vec<MeasureSummary>,
    /// Of these, those that are split by the groups.
    pub spread: Vec<Spread>,
    /// Every waiver, by whom, why, until when, and what came of it.
    pub waivers: Vec<WaiverSummary>,
    /// Every article in effect, with its findings and the rows it was met by.
    pub articles: Vec<ArticleLine>,
    /// Of these, how many judged nothing: there is no row of what they speak of.
    pub idle: usize,
}

/// An article and its findings.
#[derive(Clone, Debug)]
pub struct ArticleLine {
    /// `policy.article` by English names.
    pub article: String,
    /// The heading people know.
    pub heading: Bilingual,
    /// How many rows satisfy it.
    pub satisfied: usize,
    /// The rows it has findings about, each once.
    pub tally: Tally,
}

/// Reviews a run.
///
/// # Examples
///
/// ```
/// use fanshi::{Grouping, Groups, Options, Project, review};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let review = review(&Groups::new(&run, Grouping::usual(&run.policy)));
/// assert_eq!((review.tally.violated, review.tally.waived), (3, 1));
/// assert_eq!(review.articles.len(), 4);
/// ```
#[must_use]
pub fn review(groups: &Groups<'_>) -> Review {
    let (run, report) = (groups.run, groups.run.report());
    let articles = report.tabled().map(|article| ArticleLine {
        article: article.article.clone(),
        heading: article.heading.clone(),
        satisfied: article.counts.satisfied,
        tally: article.counts.into(),
    });
    Review {
        project: report.project.clone(),
        as_of: report.as_of.clone(),
        errors: report
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count(),
        rows: report.rows.clone(),
        tally: report.totals.into(),
        matrices: if report.as_of.is_empty() { Vec::new() } else { matrix::matrices(groups) },
        figures: if report.as_of.is_empty() { Vec::new() } else { compare::figures(run) },
        measures: report.measures.clone(),
        spread: spread::spread(groups, &report.measures),
        waivers: report.waivers.clone(),
        articles: articles.collect(),
        idle: report.tabled().filter(|found| found.counts == Counts::default()).count(),
    }
}

/// Which articles were not judged, or not as a whole: a line for each cause.
fn unjudged(words: &Words, run: &Run) -> Vec<String> {
    phrase::unjudged_but(words, &run.report(), &BTreeSet::new())
}
