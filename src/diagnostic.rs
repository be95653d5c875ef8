//! Rank 0: what is wrong with what an author wrote, in policy or data. Knows no stage: each stage
//! turns its own errors into these.

use crate::place::Place;

/// A sentence in both languages.
///
/// # Examples
///
/// ```
/// use fanshi::Bilingual;
///
/// let said = Bilingual::new("厚", "thick");
/// assert_eq!((&*said.zh, &*said.en), ("厚", "thick"));
/// assert_eq!(Bilingual::same("610"), Bilingual::new("610", "610"));
/// ```
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
///
/// # Examples
///
/// ```
/// use fanshi::say;
///
/// let pages = 610;
/// assert_eq!(say!("{pages} 页", "{pages} pages").en, "610 pages");
/// ```
#[macro_export]
macro_rules! say {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::diagnostic::Bilingual { zh: format!($zh), en: format!($en) }
    };
}

/// How bad a diagnostic is.
///
/// # Examples
///
/// ```
/// use fanshi::{Bilingual, Diagnostic, Severity};
///
/// let said = Bilingual::new("`甲.csv` 列了两次", "`a.csv` is listed twice");
/// let warning = Diagnostic::warning("listed_twice", said);
/// assert_eq!(warning.severity, Severity::Warning);
/// assert!(Severity::Error < Severity::Warning); // the graver first
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The run is not complete: exit code 2.
    Error,
    /// Worth knowing: exit code unchanged.
    Warning,
}

/// A place and what to say there.
///
/// # Examples
///
/// ```
/// use fanshi::{Bilingual, Label, Place};
///
/// let label = Label { place: Place::file("library.fan"), text: Bilingual::new("这里", "here") };
/// assert_eq!(&*label.place.file, "library.fan");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What stands there; may be empty.
    pub text: Bilingual,
}

/// One mistake, with its remedy.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, Severity, Source};
///
/// let project = Project::read("examples/library".as_ref());
/// let typed = Source::new("library.fan", "policy library\ntable book { pages integer }");
/// let wrong = &project.with_text(0, typed).diagnostics[0];
/// assert_eq!((wrong.code, wrong.severity), ("unexpected_word", Severity::Error));
/// assert_eq!(wrong.labels[0].place.excerpt.first_line, 2);
/// ```
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
    /// Where else the same is wrong for the same cause, for those who want every place.
    pub also: Vec<Place>,
}

impl Diagnostic {
    /// An error without places yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Bilingual, Diagnostic, Place};
    ///
    /// let said = Bilingual::new("没有名为 `甲` 的表", "there is no table called `a`");
    /// let wrong = Diagnostic::error("unknown_table", said)
    ///     .help(Bilingual::new("是不是 `乙`？", "did you mean `b`?"))
    ///     .at(Place::file("fanshi.toml"), Bilingual::default());
    /// assert_eq!(wrong.labels.len(), 1);
    /// ```
    #[must_use]
    pub fn error(code: &'static str, message: Bilingual) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message,
            help: None,
            labels: Vec::new(),
            also: Vec::new(),
        }
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

    /// At a place, unless it has one.
    pub(crate) fn or_at(self, place: Place) -> Self {
        if self.labels.is_empty() { self.at(place, Bilingual::default()) } else { self }
    }
}
