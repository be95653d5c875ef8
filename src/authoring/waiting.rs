//! What is not yet answered.

use super::answer::{
    Completion, Cuts, Edit, Fix, Hover, Link, Location, ProvisionText, Symbol, Token,
};
use super::view::View;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::RuleId;
use std::ops::Range;
use std::path::Path;

impl View {
    /// What is known of what stands at a byte.
    #[must_use]
    pub fn hover(&self, _path: &Path, _offset: usize) -> Option<Hover> {
        None
    }

    /// What may be written at a byte.
    #[must_use]
    pub fn complete(&self, _path: &Path, _offset: usize) -> Vec<Completion> {
        Vec::new()
    }

    /// Where what stands at a byte is declared.
    #[must_use]
    pub fn definition(&self, _path: &Path, _offset: usize) -> Vec<Location> {
        Vec::new()
    }

    /// Where what stands at a byte is spoken of: in policies, cases, the manifest and the headings
    /// of data.
    #[must_use]
    pub fn references(&self, _path: &Path, _offset: usize, _declared: bool) -> Vec<Location> {
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

    /// The remedies of the mistakes that touch a range, each tried: with it fewer are left.
    #[must_use]
    pub fn fixes(&self, _path: &Path, _range: Range<usize>) -> Vec<Fix> {
        Vec::new()
    }

    /// What a file declares.
    #[must_use]
    pub fn symbols(&self, _path: &Path) -> Vec<Symbol> {
        Vec::new()
    }

    /// The parts of a file that may be folded.
    #[must_use]
    pub fn folds(&self, _path: &Path) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// The words of a policy with what each is, in order.
    #[must_use]
    pub fn tokens(&self, _path: &Path) -> Vec<Token> {
        Vec::new()
    }

    /// Citations, and files that a manifest names.
    #[must_use]
    pub fn links(&self, _path: &Path) -> Vec<Link> {
        Vec::new()
    }

    /// A policy as the formatter writes it; `None` where it is so written, or is no policy.
    ///
    /// # Errors
    /// Where it has mistakes of syntax.
    pub fn format(&self, _path: &Path) -> Result<Option<String>, Box<Diagnostic>> {
        Ok(None)
    }

    /// The sentence at a byte, as it was divided into words.
    #[must_use]
    pub fn cuts(&self, _path: &Path, _offset: usize) -> Option<Cuts> {
        None
    }

    /// The text behind a citation at a byte, or behind the citations of the article there.
    #[must_use]
    pub fn provision(&self, _path: &Path, _offset: usize) -> Option<ProvisionText> {
        None
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
