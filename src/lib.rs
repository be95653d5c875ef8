//! fanshi (凡是, "whenever"): a policy compiler and validator.
//!
//! Rules are written in texts that read like the rules of an office, in Chinese or English:
//!
//! ```text
//! 第一条 厚 凡 书，页 不得 超过 500。
//! article 1 thick whenever book, pages must not exceed 500.
//! ```
//!
//! A [`Policy`] is compiled from them once, [`Rows`] are loaded once, from files or from values of a
//! program, and a [`Run`] holds the one against the other. It gives [`Finding`]s, each with the
//! clause and the very values that broke it, and a [`Summary`].
//!
//! ```
//! use fanshi::{Given, Keep, Outcome, Policy, Run, Settings, Source, Terms, Texts, date, day_number};
//! use std::sync::Arc;
//!
//! let text = "政策 馆规\n表 书 { 号 : 文本 主键  页 : 整数 }\n第一条 厚 凡 书，页 不得 超过 500。\n";
//! let day = date(2015, 11, 20);
//! let settings = Settings { as_of: day_number(day), ..Settings::default() };
//! let policy = Policy::compile(Texts::from_iter([Source::new("馆规.fan", text)]), &settings);
//! assert!(policy.diagnostics.is_empty());
//!
//! let books = [serde_json::json!({"号": "甲", "页": 90}), serde_json::json!({"号": "乙", "页": 610})];
//! let rows = Given::new(&policy).table("书", &books).unwrap().load(Keep::Everything);
//! let run = Run::new(Arc::new(policy), Arc::new(rows), Terms { day: Some(day), ..Terms::default() });
//!
//! let found: Vec<_> = run.findings().collect();
//! assert_eq!(found.len(), 1);
//! assert_eq!(found[0].outcome, Outcome::Violated);
//! assert_eq!(found[0].message.zh, "页 为 610，不符合“页 不得 超过 500”");
//! ```
//!
//! A [`Project`] is a folder with a manifest, read through [`Files`]: a disk, memory, or texts of an
//! editor laid over another.
//!
//! # What is where
//!
//! | | |
//! | --- | --- |
//! | policies | [`Policy`], [`Texts`], [`Settings`], [`Setting`], [`Rules`], [`RuleId`], [`Schema`], [`parse()`], [`format()`] |
//! | rows | [`Given`], [`Rows`], [`Keep`], [`RowSource`], [`Input`], [`Format`], [`Mapping`], [`NumberAndUnit`], [`Dates`], [`DateOrder`], [`Store`], [`Bytes`] |
//! | runs | [`Run`], [`Terms`], [`Finding`], [`Outcome`], [`Summary`], [`RowRef`], [`RowKey`], [`Fingerprint`], [`Grant`], [`Waiver`] |
//! | mistakes | [`Diagnostic`], [`Severity`], [`Label`], [`Place`], [`Bilingual`] |
//! | projects | [`Project`], [`Options`], [`Files`], [`Disk`], [`Memory`], [`Overlay`], [`Manifest`], [`LIMITS`] |
//! | explanations | [`explain`], [`Record`], [`RecordEntry`], [`WouldChange`] |
//! | groups | [`Grouping`], [`Groups`], [`Group`] |
//! | reports | `write_report`, `ReportFormat`, `exit_code`, `review`, `diff` (with the feature `report`) |
//! | proofs | `Prover`, `Proof`, `ProofFinding`, `Witness` (with the feature `prove`) |
//!
//! Most examples judge `examples/library`, a project of four books on two shelves.
//!
//! # Features
//!
//! `cli` (the default) is everything. `lsp` is the language server. `report` writes reports, reviews and differences; `prove` proves
//! what no row can do; `workbook` reads XLSX, XLS and ODS. Without any there is the evaluator alone.
//!
//! # What is stable
//!
//! The JSON formats name their version (`fanshi.findings/1`): a field is never taken away or given
//! another meaning under the same number. Codes of diagnostics and outcomes keep their meaning. The
//! modules that are not shown here are not part of the interface.

#[doc(hidden)]
pub mod analysis;
#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod authoring;
#[doc(hidden)]
pub mod builtin;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod command;
#[doc(hidden)]
pub mod data;
#[doc(hidden)]
pub mod diagnostic;
#[cfg(feature = "report")]
#[doc(hidden)]
pub mod diff;
#[doc(hidden)]
pub mod emit;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod eval;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod grouping;
#[doc(hidden)]
pub mod invariant;
#[doc(hidden)]
pub mod lowering;
#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod lsp;
#[doc(hidden)]
pub mod nearest;
#[doc(hidden)]
pub mod place;
#[doc(hidden)]
pub mod program;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod proposal;
#[cfg(feature = "prove")]
#[doc(hidden)]
pub mod prove;
#[doc(hidden)]
pub mod provision;
#[cfg(feature = "report")]
#[doc(hidden)]
pub mod report;
#[cfg(feature = "report")]
#[doc(hidden)]
pub mod review;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod rounds;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod steps;
#[cfg(feature = "studio")]
#[doc(hidden)]
pub mod studio;
#[doc(hidden)]
pub mod syntax;
#[cfg(feature = "lsp")]
#[doc(hidden)]
pub mod testing;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod value;
#[doc(hidden)]
pub mod verdict;
#[doc(hidden)]
pub mod visible;
#[doc(hidden)]
pub mod why;
#[doc(hidden)]
pub mod workspace;

// policies
pub use analysis::{Setting, Settings};
pub use engine::{DecisionId, Phrases, Policy, RuleId, RuleName, Rules, Texts};
pub use program::ArticleId;
pub use schema::{
    CitationList, CitationSources, Constant, Enum, EnumId, EnumValue, Field, FieldId, Frame,
    FrameId, Names, Order, Schema, Type,
};
pub use syntax::error::SyntaxError;
pub use syntax::format::{Style, format, reformat_checked};
pub use syntax::parse::parse;
pub use syntax::tree::{File, Language};
pub use text::{FileId, Position, Source, Sources, Span};
pub use value::date::{day_date, day_number};
pub use value::instant::Offset;

// rows
pub use data::{Bytes, DateOrder, Dates, Format, Input, Mapping, NumberAndUnit, Store, Written};
pub use engine::{Given, Keep, Rows, Source as RowSource};
pub use provision::{Library, TextFile};
pub use value::Ratio;

// runs
pub use engine::{ElementKey, Fingerprint, Grant, Mark, RowKey, RowRef, Run, Terms, Waiver};
pub use finding::{
    ArticleSummary, Change, Counts, DecisionSummary, Evidence, Figure, Finding, Findings, Head,
    Length, MeasureSummary, Outcome, Provision, Report, Role, Standing, Subject, Summary,
    WaiverState, WaiverSummary, Weight,
};
/// A day of the civil calendar.
///
/// # Examples
///
/// ```
/// use fanshi::{Date, date};
///
/// let day: Date = date(2015, 11, 20);
/// assert_eq!(day.to_string(), "2015-11-20");
/// ```
pub use jiff::civil::{Date, date};
pub use verdict::Show;

// mistakes
pub use diagnostic::{Bilingual, Diagnostic, Label, Severity};
pub use place::{At, Excerpt, Place};

// projects
pub use grouping::{Group, Grouping, Groups, Tally};
pub use workspace::{
    Correction, DataFile, Disk, Entry, Expansion, Files, Kind, LIMITS, Limit, Manifest, Member,
    Memory, Naming, Options, Overlay, Problem, ProblemCause, Project, Refusal, Warehouse,
};

// engines of others
pub use emit::{Dialect, Emission, Emitted, emit, emit_over, export};

// reports
#[cfg(feature = "report")]
pub use diff::{Diff, diff};
#[cfg(feature = "report")]
pub use report::{
    Format as ReportFormat, Options as ReportOptions, exit_code, write as write_report,
};
#[cfg(feature = "report")]
pub use review::{Review, review};

// proofs
/// How surely a [`Prover`] found something out.
///
/// # Examples
///
/// ```
/// use fanshi::{Certainty, Options, Project, ProofKind, Prover};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let (graph, judgements) = (&policy.graph, &*policy.judgements);
/// let proof = Prover { graph, judgements, today: policy.today }.prove();
/// let gap = proof.findings.iter().find(|finding| finding.kind == ProofKind::Gap).unwrap();
/// assert!(matches!(gap.certainty, Certainty::Shown(_))); // a row shows it
/// ```
#[cfg(feature = "prove")]
pub use prove::Certainty;
/// One thing that a [`Prover`] found out: what, how surely, and of which sentences.
///
/// # Examples
///
/// ```
/// use fanshi::{Policy, ProofFinding, ProofKind, Prover, Settings, Source, Texts};
///
/// let text = "policy library\ntable book { pages : integer }\n\
///     article 1 never whenever book where pages < 5 and pages > 9, pages must be at least 1.";
/// let texts = Texts::from_iter([Source::new("library.fan", text)]);
/// let policy = Policy::compile(texts, &Settings::default());
/// let (graph, judgements) = (&policy.graph, &*policy.judgements);
/// let found: Vec<ProofFinding> = Prover { graph, judgements, today: 0 }.prove().findings;
/// assert_eq!((found[0].kind, found[0].wrong), (ProofKind::Dead, true));
/// ```
#[cfg(feature = "prove")]
pub use prove::Finding as ProofFinding;
/// What kind of thing a [`Prover`] found out.
///
/// # Examples
///
/// ```
/// use fanshi::ProofKind;
///
/// assert_eq!(ProofKind::IdleException.code(), "idle_exception");
/// ```
#[cfg(feature = "prove")]
pub use prove::Kind as ProofKind;
/// What a [`Prover`] found out.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Proof, Prover};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let (graph, judgements) = (&policy.graph, &*policy.judgements);
/// let proof: Proof = Prover { graph, judgements, today: policy.today }.prove();
/// assert!(proof.questions > 0);
/// assert!(proof.findings.iter().all(|finding| !finding.wrong));
/// ```
#[cfg(feature = "prove")]
pub use prove::Proof;
/// Asks of a compiled policy what no row can do, and shows what rows can.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Prover};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let (graph, judgements) = (&policy.graph, &*policy.judgements);
/// let prover = Prover { graph, judgements, today: policy.today };
/// assert!(prover.quick().is_empty()); // nothing is wrong at first sight
/// ```
#[cfg(feature = "prove")]
pub use prove::Prover;
/// Rows that a [`Prover`] made up and the evaluator judged: they show that something can be.
///
/// # Examples
///
/// ```
/// use fanshi::{Certainty, FrameId, Options, Project, ProofKind, Prover, Witness};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let (graph, judgements) = (&policy.graph, &*policy.judgements);
/// let proof = Prover { graph, judgements, today: policy.today }.prove();
/// let gap = proof.findings.iter().find(|finding| finding.kind == ProofKind::Gap).unwrap();
/// let Certainty::Shown(shown) = &gap.certainty else { panic!("a row shows it") };
/// let witness: &Witness = shown; // a book of which no article demands anything
/// assert_eq!(witness.rows[witness.subject].frame, FrameId(1));
/// ```
#[cfg(feature = "prove")]
pub use prove::Witness;

// why a row came out so
/// What would bring another disposition about, and whether such a change was found.
///
/// # Examples
///
/// ```
/// use fanshi::{Conditions, Options, Project, WouldChange, explain, find_rows};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let row = find_rows(&run, "A").unwrap()[0];
/// let record = explain(&run, row, |_| true, Conditions::Unmet);
/// let change: &WouldChange = &record.dispositions[0].changes[0];
/// assert_eq!(change.article.as_ref().unwrap().name, "library.thin");
/// ```
pub use why::Change as WouldChange;
/// Of which articles a record has the conditions.
///
/// # Examples
///
/// ```
/// use fanshi::{Conditions, Options, Project, explain, find_rows};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let row = find_rows(&run, "A").unwrap()[0];
/// let unmet = explain(&run, row, |_| true, Conditions::Unmet);
/// assert!(unmet.entries.iter().all(|entry| entry.condition.is_none()));
/// ```
pub use why::Conditions;
/// What an article came to for a row or an element of it.
///
/// # Examples
///
/// ```
/// use fanshi::{Conditions, Outcome, Options, Project, RecordEntry, explain, find_rows};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let row = find_rows(&run, "B").unwrap()[0];
/// let record = explain(&run, row, |_| true, Conditions::All);
/// let broken: Vec<&RecordEntry> =
///     record.entries.iter().filter(|entry| entry.outcome == Outcome::Violated).collect();
/// assert_eq!(broken[0].article.name, "library.thick");
/// ```
pub use why::Entry as RecordEntry;
/// A row as [`explain`] tells it.
///
/// # Examples
///
/// ```
/// use fanshi::{Conditions, Options, Project, Record, explain, find_rows};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let row = find_rows(&run, "D").unwrap()[0];
/// let record: Record = explain(&run, row, |_| true, Conditions::Unsearched);
/// assert_eq!(record.name().en, "D");
/// assert_eq!(record.title.as_deref(), Some("辞典"));
/// ```
pub use why::Record;
/// The rows that a key, `table:key`, or the name of a table of one row stands for.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, find_rows};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// assert_eq!(find_rows(&run, "书:C").unwrap().len(), 1);
/// assert_eq!(find_rows(&run, "Z").unwrap_err().code, "unknown_row");
/// ```
pub use why::find as find_rows;
/// The whole record of a row: what each article came to and the facts that made it so, and what would
/// change its dispositions, each change tried by the evaluator.
///
/// # Examples
///
/// ```
/// use fanshi::{Conditions, Options, Project, explain, find_rows};
///
/// let run = Project::read("examples/library".as_ref()).run(&Options::default());
/// let row = find_rows(&run, "C").unwrap()[0];
/// let record = explain(&run, row, |article| article == "library.thin", Conditions::Unmet);
/// let decided = &record.dispositions[0];
/// assert_eq!(decided.required.as_ref().unwrap().en, "drop");
/// assert_eq!(decided.changes[0].disposition.en, "keep"); // if there were ten pages
/// assert_eq!(decided.changes[0].conditions[0].name.en, "pages");
/// ```
pub use why::record as explain;
