//! What is not yet answered.

use super::answer::{Completion, Edit};
use super::view::View;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::RuleId;
use std::path::Path;

impl View {
    /// What may be written at a byte.
    #[must_use]
    pub fn complete(&self, _path: &Path, _offset: usize) -> Vec<Completion> {
        Vec::new()
    }

    /// What has to be changed to give what stands at a byte another name, in policies, cases, the
    /// manifest and the headings of data; tried: with it the project has the same verdicts.
    ///
    /// # Errors
    /// Where nothing that has a name stands there, the name cannot be one, is taken, or stands in a
    /// file that cannot be written.
    pub fn rename(
        &self,
        _path: &Path,
        _offset: usize,
        _to: &str,
    ) -> Result<Vec<Edit>, Box<Diagnostic>> {
        let message = Bilingual::new("这里没有可以改名的词", "no name to change stands here");
        Err(Box::new(Diagnostic::error("nothing_to_rename", message)))
    }


    /// A case made of a row and what comes of it under a rule, put at the end of the cases of the
    /// rule's policy.
    ///
    /// # Errors
    /// Where there is no such row or rule, or the rule stands in no file.
    pub fn case_of(&self, _row: &str, _rule: RuleId) -> Result<Edit, Box<Diagnostic>> {
        let message = Bilingual::new("没有这一行", "there is no such row");
        Err(Box::new(Diagnostic::error("unknown_row", message)))
    }
}
