//! Rank 5: the core. A [`Policy`] is compiled once, [`Rows`] are loaded once, and a [`Run`] holds
//! the one against the other: the only holder of verdicts, identities and waivers. Commands,
//! reports and editors stand on it and decide none of these themselves.

mod backwards;
mod calendar;
mod citation;
mod count;
mod decision;
mod division;
mod facts;
mod kept;
mod key;
mod limits;
mod outcome;
mod party;
mod phrases;
mod policy;
mod remedy;
mod rows;
mod rule;
mod run;
mod source;
mod twofold;
mod waiver;

pub use crate::verdict::Show;
pub use calendar::calendar;
pub(crate) use calendar::calendar_table;
pub use division::{Divided, Divisions, divide, divide_kept};
pub use facts::Keep;
pub use key::{ElementKey, Fingerprint, Mark, RowKey, RowRef};
pub use phrases::Phrases;
pub(crate) use policy::is_said;
pub use policy::{Policy, Texts};
pub use remedy::{Remedy, tried};
pub use rows::{Rows, Source};
pub use rule::{DecisionId, RuleId, RuleName, Rules};
pub use run::{Run, Terms};
pub use source::Given;
pub use waiver::{Grant, Waiver};
