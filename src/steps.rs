//! Rank 0: how much was looked at, for tests that hold what a policy costs against its size. Steps
//! are the same on every machine, which times are not. Builds without debug assertions count
//! nothing.

#[cfg(debug_assertions)]
use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(debug_assertions)]
static STEPS: AtomicU64 = AtomicU64::new(0);

/// Counts one expression, name or rule that is looked at.
#[inline]
pub(crate) fn step() {
    #[cfg(debug_assertions)]
    STEPS.fetch_add(1, Ordering::Relaxed);
}

#[cfg(debug_assertions)]
static PASSED: AtomicU64 = AtomicU64::new(0);

/// Counts bytes of a text that are gone through to find where something stands in it.
#[inline]
pub(crate) fn passed(bytes: usize) {
    #[cfg(debug_assertions)]
    PASSED.fetch_add(bytes as u64, Ordering::Relaxed);
    #[cfg(not(debug_assertions))]
    let _ = bytes;
}

/// How many bytes the whole process has gone through so far to find where things stand.
#[cfg(debug_assertions)]
#[must_use]
pub fn bytes_passed() -> u64 {
    PASSED.load(Ordering::Relaxed)
}

/// How many steps the whole process has taken so far.
#[cfg(debug_assertions)]
#[must_use]
pub fn taken() -> u64 {
    STEPS.load(Ordering::Relaxed)
}
