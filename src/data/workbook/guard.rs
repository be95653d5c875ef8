//! A library that reads binary files may stop in the middle of a damaged one. That is an error of
//! the file and no end of the program.

use super::damaged;
use crate::data::fault::Fault;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Whether this thread says nothing when it is stopped.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

static HOOK: Once = Once::new();

/// Runs what reads a file; where it stops, the file is damaged.
///
/// # Errors
/// Where `read` fails or stops.
pub fn guarded<R>(read: impl FnOnce() -> Result<R, Fault>) -> Result<R, Fault> {
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |stopped| {
            if !QUIET.get() {
                usual(stopped);
            }
        }));
    });
    QUIET.set(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    QUIET.set(false);
    read.unwrap_or_else(|_| Err(damaged("its records contradict each other")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "what a library does")]
    use super::*;

    #[test]
    fn what_stops_in_the_middle_is_a_damaged_file() {
        let short: &[u8] = b"ab";
        assert!(matches!(guarded(|| Ok(short[short.len()])), Err(Fault::DamagedWorkbook(_))));
        assert_eq!(guarded(|| Ok(1)), Ok(1));
    }
}
