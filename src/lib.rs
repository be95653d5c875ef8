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
//! | policies | [`Policy`], [`Texts`], [`Settings`], [`Setting`], [`Rules`], [`RuleId`], [`Schema`] |
//! | rows | [`Given`], [`Rows`], [`Keep`], [`Input`], [`Format`], [`Mapping`], [`Store`], [`Bytes`] |
//! | runs | [`Run`], [`Terms`], [`Finding`], [`Outcome`], [`Summary`], [`RowRef`], [`RowKey`], [`Fingerprint`], [`Grant`], [`Waiver`] |
//! | mistakes | [`Diagnostic`], [`Severity`], [`Label`], [`Place`], [`Bilingual`] |
//! | projects | [`Project`], [`Options`], [`Files`], [`Disk`], [`Memory`], [`Overlay`], [`Manifest`] |
//! | groups | [`Grouping`], [`Groups`], [`Group`] |
//!
//! # Features
//!
//! `cli` (the default) is everything. `report` writes reports, reviews and differences; `prove` proves
//! what no row can do; `workbook` reads XLSX, XLS and ODS. Without any there is the evaluator alone.
//!
//! # What is stable
//!
//! The JSON formats name their version (`fanshi.findings/1`): a field is never taken away or given
//! another meaning under the same number. Codes of diagnostics and outcomes keep their meaning. The
//! modules that are not shown here are not part of the interface.

#[doc(hidden)]
pub mod analysis;
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
#[doc(hidden)]
pub mod nearest;
#[doc(hidden)]
pub mod place;
#[doc(hidden)]
pub mod program;
#[cfg(feature = "prove")]
#[doc(hidden)]
pub mod prove;
#[cfg(feature = "report")]
#[doc(hidden)]
pub mod report;
#[cfg(feature = "report")]
#[doc(hidden)]
pub mod review;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod syntax;
#[cfg(feature = "cli")]
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
pub use schema::{
    Enum, EnumId, EnumValue, Field, FieldId, Frame, FrameId, Names, Order, Schema, Type, day_date,
    day_number,
};
pub use syntax::parse::parse;
pub use syntax::tree::Language;
pub use text::{FileId, Position, Source, Sources, Span};

// rows
pub use data::{Bytes, Format, Input, Mapping, Store, Written};
pub use engine::{Given, Keep, Rows};
pub use value::Ratio;

// runs
pub use engine::{ElementKey, Fingerprint, Grant, Mark, RowKey, RowRef, Run, Terms, Waiver};
pub use finding::{
    ArticleSummary, Counts, DecisionSummary, Evidence, Finding, Findings, Head, MeasureSummary,
    Outcome, Report, Role, Standing, Subject, Summary, WaiverState, WaiverSummary, Weight,
};
pub use jiff::civil::{Date, date};

// mistakes
pub use diagnostic::{Bilingual, Diagnostic, Label, Severity};
pub use place::{At, Excerpt, Place};

// projects
pub use grouping::{Group, Grouping, Groups, Tally};
pub use workspace::{
    Correction, DataFile, Disk, Files, Manifest, Member, Memory, Naming, Options, Overlay, Project,
};
