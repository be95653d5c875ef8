//! What cannot be. A state that only a mistake in this program brings about stops the run: a number
//! that is made up in its place would read as a verdict.

/// Stops the run; the command says that it is a mistake of the program, and that nothing was
/// judged.
///
/// # Panics
/// Always.
#[cold]
#[track_caller]
#[expect(clippy::panic, reason = "the one place where a run is stopped")]
pub fn broken(what: &str) -> ! {
    panic!("{what}")
}

/// A number in another type: a count of rows, nodes or bytes as an index.
///
/// # Panics
/// Where the type does not reach so far, which limits on input prevent.
#[track_caller]
pub fn fit<A: Copy + std::fmt::Display, B: TryFrom<A>>(number: A) -> B {
    match B::try_from(number) {
        Ok(number) => number,
        Err(_) => broken(&format!("{number} does not fit {}", std::any::type_name::<B>())),
    }
}
