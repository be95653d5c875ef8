//! Rank 9: where people write: what a language server and a page ask of a project whose texts are
//! being typed. Every answer is a value with byte spans; positions are made at the door.
//!
//! A [`Service`] holds the files with unsaved texts laid over them, and keeps what does not change
//! from one keystroke to the next: trees by text, loaded rows. A [`View`] is one state of the
//! project: immutable, cheap to clone, and sent to another thread.

mod answer;
mod at;
mod case;
mod complete;
mod cut;
mod files;
mod fix;
mod flip;
mod hover;
mod index;
mod load;
mod made;
mod meaning;
mod opened;
mod outline;
mod outside;
mod provision;
mod refer;
mod rename;
mod service;
mod sight;
mod verdict;
mod view;
mod word;

pub use answer::{
    ArticleVerdicts, CaseExpectation, CaseFlip, CaseRow, CaseRows, CaseSnapshot, CaseState, Cell,
    Completion, CutWord, Cuts, Edit, EditSpan, Fix, Flips, GroupLine, Hover, HoverPart, Known,
    KnownKind, Link, Location, Overview, ProvisionText, RowFlip, RowVerdict, Symbol, Token, Told,
    What,
};
pub(crate) use files::utf_8;
pub use service::Service;
pub use view::View;
