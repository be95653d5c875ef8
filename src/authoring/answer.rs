//! What the service answers: values with byte spans in the texts as the view has them. Doors make
//! lines, columns and sentences of one language of them.

use crate::diagnostic::{Bilingual, Severity};
use crate::engine::RuleId;
use crate::finding::{Counts, Outcome, Standing, Weight};
use crate::review::Review;
use crate::testing::snapshot::Change;
use crate::testing::suite::Status;
use std::ops::Range;
use std::path::PathBuf;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file, by the path that doors know it by.
    pub path: PathBuf,
    /// Bytes of its text; empty at its beginning for a whole file and for a workbook.
    pub span: Range<usize>,
    /// Where it is a workbook: which cells.
    pub cell: Option<Cell>,
}

/// Cells of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The sheet's name.
    pub sheet: String,
    /// `F12`, `F12:F15`.
    pub cells: String,
}

/// What a file is to the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownKind {
    /// A policy.
    Policy,
    /// The manifest.
    Manifest,
    /// The cases beside a policy.
    Cases,
    /// Data, a text.
    Data,
    /// Data, a workbook.
    Workbook,
    /// A text of what is cited.
    Text,
}

/// A file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its path.
    pub path: PathBuf,
    /// What it is.
    pub kind: KnownKind,
    /// What people are shown.
    pub name: String,
}

/// A mistake at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Where.
    pub at: Location,
    /// How bad it is.
    pub severity: Severity,
    /// The stable code.
    pub code: &'static str,
    /// The cause.
    pub message: Bilingual,
    /// The remedy.
    pub help: Option<Bilingual>,
    /// Where else something stands that belongs to it, and what it is.
    pub related: Vec<(Location, Bilingual)>,
}

/// What is known of what stands at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct Hover {
    /// What it is about.
    pub span: Range<usize>,
    /// What there is to say, in order.
    pub parts: Vec<HoverPart>,
}

/// One thing to say.
#[derive(Clone, Debug, PartialEq)]
pub enum HoverPart {
    /// A line of policy: how it is declared or written in each language.
    Policy(Bilingual),
    /// A sentence.
    Said(Bilingual),
    /// A comment written above the declaration.
    Comment(String),
    /// Values met in the data and how often, the most frequent first; how many others there are.
    Values(Vec<(String, usize)>, usize),
    /// The text that is cited.
    Provision(Box<ProvisionText>),
}

/// What kind of thing a completion, a symbol or a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// A word of the language.
    Keyword,
    /// 必须, 不得, 宜, 不宜, with what follows them.
    Modal,
    /// A policy.
    Policy,
    /// A table.
    Table,
    /// A field or a list.
    Field,
    /// An enumeration.
    Enum,
    /// A value of one.
    Value,
    /// A type.
    Type,
    /// A parameter.
    Parameter,
    /// A definition.
    Definition,
    /// A function.
    Function,
    /// An article.
    Article,
    /// A decision.
    Decision,
    /// A measure.
    Measure,
    /// A process.
    Process,
    /// A number with its unit.
    Number,
    /// A day.
    Date,
    /// A text in quotes.
    Text,
    /// What is cited.
    Citation,
    /// A comment.
    Comment,
    /// A sign: `，`, `(`, `<`.
    Sign,
    /// A case.
    Case,
    /// A key of a manifest or a case file.
    Key,
    /// Anything else.
    Other,
}

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The file; one that is not there yet is made.
    pub path: PathBuf,
    /// What is replaced.
    pub span: EditSpan,
    /// By what.
    pub text: String,
}

/// Bytes that an edit replaces; ordered, unlike a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EditSpan {
    /// First byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl From<Range<usize>> for EditSpan {
    fn from(range: Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

impl EditSpan {
    /// As a range.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Something that may be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is shown and looked for.
    pub label: String,
    /// What it is.
    pub kind: What,
    /// One line about it.
    pub detail: Bilingual,
    /// What is written.
    pub text: String,
    /// In the place of this.
    pub replaces: Range<usize>,
    /// What has to be written elsewhere besides: the 使用 of a name not yet in sight.
    pub also: Vec<Edit>,
}

/// A remedy that was tried: with it the project compiles with fewer mistakes.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// What it does.
    pub title: Bilingual,
    /// How.
    pub edits: Vec<Edit>,
    /// The mistake that it mends.
    pub code: &'static str,
    /// Where that is.
    pub span: Range<usize>,
}

/// A declaration in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// What it is called, in the words of the file.
    pub name: String,
    /// What else is to be shown of it.
    pub detail: String,
    /// What it is.
    pub kind: What,
    /// All of it.
    pub span: Range<usize>,
    /// Its name.
    pub selection: Range<usize>,
    /// What is declared inside.
    pub children: Vec<Symbol>,
}

/// A word with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where.
    pub span: Range<usize>,
    /// What.
    pub kind: What,
    /// Whether it is declared here.
    pub declares: bool,
}

/// A place that leads elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where it stands.
    pub span: Range<usize>,
    /// Where it leads; `None` where the text is not given.
    pub to: Option<Location>,
    /// What is there.
    pub said: Bilingual,
}

/// A sentence as it was divided into words.
#[derive(Clone, Debug, PartialEq)]
pub struct Cuts {
    /// The sentence.
    pub span: Range<usize>,
    /// Whether words are written together in it.
    pub together: bool,
    /// Its words in order.
    pub words: Vec<CutWord>,
}

/// A word of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct CutWord {
    /// Where.
    pub span: Range<usize>,
    /// What.
    pub kind: What,
    /// What is to be said of it in one line.
    pub said: Bilingual,
}

/// What a rule came to.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleVerdicts {
    /// The rule.
    pub rule: RuleId,
    /// `policy.article`.
    pub code: String,
    /// What people call it.
    pub heading: Bilingual,
    /// Its name in the text.
    pub selection: Range<usize>,
    /// All of it.
    pub span: Range<usize>,
    /// How many rows came to what.
    pub counts: Counts,
    /// Whether it was held against rows, and if not, why.
    pub standing: Standing,
}

/// A row under a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RowVerdict {
    /// Its table.
    pub table: Bilingual,
    /// Its key, as people write it; its number where it has none.
    pub key: String,
    /// How the service is asked for it: `table:key`.
    pub row: String,
    /// What it calls itself.
    pub title: Option<String>,
    /// The element inside the row that it is about.
    pub element: Option<Bilingual>,
    /// What became of it.
    pub outcome: Outcome,
    /// How much weighs on it.
    pub weight: Weight,
    /// Why, with the values.
    pub message: Bilingual,
    /// The cells that it rests on, first the row itself.
    pub places: Vec<Location>,
    /// What it is known by from run to run.
    pub fingerprint: String,
}

/// The text behind a citation.
#[derive(Clone, Debug, PartialEq)]
pub struct ProvisionText {
    /// The title that is cited.
    pub title: String,
    /// The place in it, as cited.
    pub place: String,
    /// Its words; empty where the texts are not given.
    pub text: String,
    /// The official heading of that place, and where the text comes from.
    pub whence: Option<Location>,
    /// The bytes of `text` that the rule realises, where they can be told.
    pub sentence: Option<Range<usize>>,
    /// What is to be said of it: not in force, not there, quoted otherwise.
    pub remark: Option<Bilingual>,
}

/// A case with what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseState {
    /// Its name.
    pub name: String,
    /// Why it must come out so.
    pub why: Option<String>,
    /// The policy that it tests.
    pub policy: PathBuf,
    /// Where it stands.
    pub at: Location,
    /// How it ended.
    pub status: Status,
    /// The day judged for, where it is not the file's.
    pub as_of: Option<String>,
    /// The rows that it gives, by table: names of fields and what is given.
    pub given: Vec<CaseRows>,
    /// What it states, and what came of it.
    pub expected: Vec<CaseExpectation>,
    /// What came of it that it does not speak of.
    pub unexpected: Vec<Told>,
    /// Everything to be said of it.
    pub told: Vec<Told>,
    /// The snapshot, where it states nothing and what came of it is not what was accepted.
    pub snapshot: Option<CaseSnapshot>,
}

/// Rows of one table in a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRows {
    /// The table as written.
    pub table: String,
    /// Where the rows stand.
    pub span: Range<usize>,
    /// The text of each row.
    pub rows: Vec<CaseRow>,
}

/// One row in a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseRow {
    /// Where it stands.
    pub span: Range<usize>,
    /// Its fields: the name, the value as written, where the value stands.
    pub fields: Vec<(String, String, Range<usize>)>,
}

/// What a case states of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseExpectation {
    /// Where.
    pub span: Range<usize>,
    /// The table.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// The element.
    pub element: Option<String>,
    /// The article; `None` for the disposition.
    pub article: Option<String>,
    /// What is expected, in words.
    pub expected: Bilingual,
    /// What came of it, in words; `None` where it could not be judged.
    pub actual: Option<Bilingual>,
    /// Whether they agree.
    pub agrees: bool,
}

/// A record that is not what was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseSnapshot {
    /// What was accepted; `None` where nothing was yet.
    pub before: Option<String>,
    /// What came of it now.
    pub after: String,
    /// The edit that accepts it: the whole text of the snapshot's file.
    pub accept: Edit,
}

impl CaseSnapshot {
    /// Of a change, in its file.
    #[must_use]
    pub fn of(change: &Change, path: PathBuf) -> Self {
        let (before, after) = (change.before.clone(), change.after.clone());
        let span = (0..before.as_ref().map_or(0, String::len)).into();
        Self { before, accept: Edit { path, span, text: after.clone() }, after }
    }
}

/// Rows and cases that come out otherwise than with what is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Flips {
    /// The rows, by rule, table and key; a few thousand at most.
    pub rows: Vec<RowFlip>,
    /// How many more rows there are than are listed.
    pub more: usize,
    /// The cases.
    pub cases: Vec<CaseFlip>,
}

/// A row that comes out otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFlip {
    /// The rule: `policy.article`.
    pub rule: String,
    /// What people call it.
    pub heading: Bilingual,
    /// Its number in the newer view; `None` where it is gone.
    pub id: Option<RuleId>,
    /// The table.
    pub table: Bilingual,
    /// The row's key.
    pub key: String,
    /// How the service is asked for it.
    pub row: String,
    /// What it calls itself.
    pub title: Option<String>,
    /// What it came to before; `None` where the rule or the row was not there.
    pub before: Option<Outcome>,
    /// What it comes to now.
    pub after: Option<Outcome>,
}

/// A case that comes out otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseFlip {
    /// The policy.
    pub policy: PathBuf,
    /// The case.
    pub name: String,
    /// Before.
    pub before: Option<Status>,
    /// Now.
    pub after: Option<Status>,
}

/// The project at a glance, in the numbers that `review` has.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Totals, dispositions required and declared, figures, measures, waivers, articles.
    pub review: Review,
    /// What rows are grouped by; `None` where nothing groups them.
    pub by: Option<Bilingual>,
    /// The groups, with what lies in each.
    pub groups: Vec<GroupLine>,
}

/// A group of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupLine {
    /// What it is called.
    pub name: Bilingual,
    /// How many rows it has.
    pub rows: usize,
    /// Findings about its rows: violated, in conflict, advised, undetermined, referred, waived.
    pub kinds: [usize; 6],
}
