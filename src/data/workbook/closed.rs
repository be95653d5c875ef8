//! In the place of readers that are not built in.

use super::{Page, Wanted, looks_like};
use crate::data::fault::Fault;
use std::sync::Arc;

/// The workbooks of a run: none can be opened.
#[derive(Default)]
pub struct Books;

impl Books {
    /// Workbooks by the names of their files.
    pub fn new(_: impl Iterator<Item = Arc<str>>) -> Self {
        Self
    }

    /// The names of the sheets of a file.
    ///
    /// # Errors
    /// Always: this build reads none.
    pub fn names(
        &self,
        _: &str,
        read: impl FnOnce() -> Result<Vec<u8>, Fault>,
    ) -> Result<Vec<String>, Fault> {
        Err(Fault::NotWorkbook(looks_like(&read()?)))
    }

    /// The sheet that is wanted of a file.
    ///
    /// # Errors
    /// Always: this build reads none.
    pub fn sheet(
        &self,
        _: &str,
        _: &Wanted<'_>,
        read: impl FnOnce() -> Result<Vec<u8>, Fault>,
    ) -> Result<Page, Fault> {
        Err(Fault::NotWorkbook(looks_like(&read()?)))
    }
}
