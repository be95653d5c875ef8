//! Rank 5: why a row came out as it did: the facts that decided, at their places; the whole record
//! of a row; and what would change it.

mod across;
mod blame;
mod bound;
mod branches;
mod cause;
mod change;
mod describe;
mod disposition;
mod evidence;
mod explain;
mod gap;
mod items;
mod leaves;
mod open;
mod pair;
mod record;
mod step;
mod trace;
mod waiver;

pub use blame::{Blame, Fact, Walker};
pub use change::{TRIES, Tried, tried};
pub use describe::Description;
pub use record::{
    ArticleName, Change, Conditions, Disposition, Entry, Found, Needed, Record, find, outcomes,
    record,
};
pub use step::Step;
pub use trace::Account;
