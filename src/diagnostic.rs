//! Rank 0: what is wrong with what an author wrote, in policy or data. Knows no stage: each stage
//! turns its own errors into these.

use crate::place::Place;

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Bilingual {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both sentences.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same text in both languages: a name, a number.
    pub fn same(text: impl Into<String>) -> Self {
        let zh = text.into();
        Self { en: zh.clone(), zh }
    }
}

/// Builds a [`Bilingual`] from two format strings that see the same variables.
#[macro_export]
macro_rules! say {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::diagnostic::Bilingual { zh: format!($zh), en: format!($en) }
    };
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The run is not complete: exit code 2.
    Error,
    /// Worth knowing: exit code unchanged.
    Warning,
}

/// A place and what to say there.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What stands there; may be empty.
    pub text: Bilingual,
}

/// One mistake, with its remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// A stable name, `snake_case`, unique to this kind of mistake.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The cause, with the author's own words in backticks.
    pub message: Bilingual,
    /// The remedy.
    pub help: Option<Bilingual>,
    /// Where; the first is the primary one.
    pub labels: Vec<Label>,
}

impl Diagnostic {
    /// An error without places yet.
    #[must_use]
    pub fn error(code: &'static str, message: Bilingual) -> Self {
        Self { code, severity: Severity::Error, message, help: None, labels: Vec::new() }
    }

    /// A warning without places yet.
    #[must_use]
    pub fn warning(code: &'static str, message: Bilingual) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(mut self, help: Bilingual) -> Self {
        self.help = Some(help);
        self
    }

    /// Adds a place; the first one added is primary.
    #[must_use]
    pub fn at(mut self, place: Place, text: Bilingual) -> Self {
        self.labels.push(Label { place, text });
        self
    }
}
