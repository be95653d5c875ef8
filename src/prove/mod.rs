//! Rank 5: proofs about policies: what no row can show, and rows that show the rest.
//!
//! Nothing is loaded. A question ("can these two sentences govern one row?") is asked of a *world*
//! of a few rows whose facts are open: conditions become formulas over two rails, surely true and
//! surely false, as the evaluator has them; numbers become linear expressions compared with
//! thresholds; lists have as many elements as the question can tell apart ([`need`]). A SAT solver
//! proposes, a simplex checks the arithmetic. Every row found is judged again by the evaluator
//! itself; what it does not confirm, and what falls outside linear arithmetic, is said to be open.

mod aggregate;
mod boundary;
mod condition;
mod course;
mod crowd;
mod doubt;
mod extract;
mod finding;
mod function;
mod identity;
mod known;
mod linear;
mod list;
pub mod need;
mod note;
mod numbering;
mod overriding;
mod pairs;
mod pending;
mod pool;
mod question;
mod readers;
mod refine;
mod region;
mod sat;
mod simplex;
mod solve;
mod survey;
mod sweep;
mod text;
mod texts;
mod together;
mod toml;
mod value;
mod witness;
mod world;

pub use boundary::{Boundary, Side};
pub use finding::{Certainty, Finding, Kind, Meetings, Proof};
pub use note::{agreed, heading};
pub use pending::Gap;
pub use question::{Answer, Claim, Prover};
pub use together::diagnostics;
pub use toml::{Written, quoted};
pub use witness::{Fact, Spare, Witness, WitnessRow};
pub use world::Limit;
