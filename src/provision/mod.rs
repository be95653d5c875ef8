//! Rank 3: provisions: what a text says at a place. A reader makes them of texts in Markdown; a
//! [`Library`] knows the texts of a table's rows by their titles and versions; a citation is held
//! against the version of a day, its words against what stands there. Lists of citations in data
//! get what was found as columns.
//!
//! Nothing here knows what the texts are about: a title, numbered provisions, days.

mod catalogue;
mod check;
mod composed;
mod desk;
mod fill;
mod library;
pub mod message;
mod quote;
mod read;

pub use crate::builtin::citation::State;
pub use catalogue::{Catalogue, Row};
pub use check::{Checked, Missing, Version};
pub use desk::{Desk, Libraries, Looked, Remarks, SaidOnce, Shelves};
pub use fill::{Asked, Filled, Given, Notes, fill};
pub use library::{Edition, Held, Library, Shelf, TextFile};
pub use quote::Difference;
pub use read::{Node, body};

use crate::value::text::narrow;
use crate::visible::is_hidden;

/// What the titles of a state's texts begin with, and what is left out where they are short.
const STATE: &str = "中华人民共和国";

/// A title as it is compared: without blanks, brackets, and the name of the state.
#[must_use]
pub fn key(title: &str) -> String {
    let plain: String = title
        .chars()
        .map(narrow)
        .filter(|letter| !letter.is_whitespace() && !is_hidden(*letter))
        .filter(|letter| !"《》〈〉<>「」\"'".contains(*letter))
        .collect();
    let short = plain.replace(STATE, "");
    if short.is_empty() { plain } else { short }
}
