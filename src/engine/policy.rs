//! A compiled policy: texts, trees, the typed program, its graph and its rules.

use super::division::{Divided, divide};
use super::phrases::Phrases;
use super::remedy::tried;
use super::rule::{Rules, article_heading};
use super::twofold::twofold;
use crate::analysis::{self, Settings};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::lowering::{self, DecisionPlan, Graph, Judgement, MeasurePlan};
use crate::place::At;
use crate::program::{Article, Program, Sentence};
use crate::schema::Schema;
use crate::syntax::parse;
use crate::syntax::tree::File;
use crate::text::{Source, Sources, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Policies compiled for a day and with the parameters of a project. Owned and immutable: it can
/// be kept, shared between runs and sent to another thread.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// assert!(policy.diagnostics.is_empty());
/// assert_eq!(policy.schema().tables().count(), 2);
/// assert_eq!(policy.rules.iter().count(), 4);
/// ```
#[derive(Debug)]
pub struct Policy {
    /// The policies in words, with their texts and trees.
    pub phrases: Phrases,
    /// Where what each name refers to is declared: from the occurrence to the declaration, whose own
    /// names are occurrences too.
    pub refers: BTreeMap<Span, Span>,
    /// What they mean.
    pub program: Arc<Program>,
    /// The program as operations over columns.
    pub graph: Arc<Graph>,
    /// Its sentences.
    pub judgements: Vec<Judgement>,
    /// Its decisions.
    pub decisions: Vec<DecisionPlan>,
    /// Its measures.
    pub measures: Vec<MeasurePlan>,
    /// Its rules, by name.
    pub rules: Rules,
    /// The day it was compiled for, as days since 1970-01-01.
    pub today: i64,
    /// What it was compiled with.
    pub settings: Settings,
    /// What is wrong with it, the syntax included.
    pub diagnostics: Vec<Diagnostic>,
}

/// Texts of policies with their trees.
///
/// # Examples
///
/// ```
/// use fanshi::{Source, Texts};
///
/// let mut texts = Texts::from_iter([Source::new("library.fan", "policy library")]);
/// texts.add(Source::new("readers.fan", "policy readers\nuse library\ntable reader {"));
/// assert_eq!(texts.sources.iter().count(), 2);
/// assert_eq!(texts.diagnostics[0].labels[0].place.file.as_ref(), "readers.fan");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// The texts.
    pub sources: Sources,
    /// Their trees, in the same order.
    pub files: Vec<File>,
    /// Mistakes of syntax.
    pub diagnostics: Vec<Diagnostic>,
}

impl Texts {
    /// Parses one more text. Words that are written together are told apart by all names there are.
    pub fn add(&mut self, source: Source) {
        self.read(source);
        self.divide();
    }

    fn divide(&mut self) {
        for Divided { file, errors } in divide(&self.sources, &mut self.files) {
            let Some(source) = self.sources.get(file) else { continue };
            self.diagnostics.retain(|found| {
                found.labels.first().is_none_or(|label| label.place.file != source.name)
            });
            self.diagnostics.extend(errors.iter().map(|error| error.diagnostic(source)));
        }
    }

    fn read(&mut self, source: Source) {
        let id = self.sources.add(source);
        let Some(source) = self.sources.get(id) else { return };
        let (file, errors) = parse::parse(id, source);
        self.diagnostics.extend(errors.iter().map(|error| error.diagnostic(source)));
        self.files.push(file);
    }
}

/// Whether a mistake only follows from one that was said.
pub(crate) fn is_said(found: &Diagnostic, said: &[Diagnostic]) -> bool {
    is_cut_short(found, said) || is_within(found, said)
}

/// The file and the bytes that a mistake is about, where it stands in a text.
fn span(found: &Diagnostic) -> Option<(Arc<str>, u64, u64)> {
    let place = &found.labels.first()?.place;
    match &place.at {
        At::Text { start, end, .. } => Some((place.file.clone(), *start, *end)),
        At::Cell { .. } | At::File => None,
    }
}

/// Whether a value has the wrong type because what follows it, its unit most often, could not be
/// read, which was said.
fn is_cut_short(found: &Diagnostic, said: &[Diagnostic]) -> bool {
    let Some((file, _, end)) = span(found).filter(|_| found.code == "wrong_type") else {
        return false;
    };
    // With a blank or none between them.
    let follows = |(other, start, until): (Arc<str>, u64, u64)| {
        other == file && (end..=end + 1).contains(&start)
            || other == file && start < end && until >= end
    };
    let mut unread = said.iter().filter(|found| found.severity == Severity::Error);
    unread.any(|found| span(found).is_some_and(follows))
}

fn is_of_name(found: &Diagnostic) -> bool {
    ["unknown_name", "unknown_value"].contains(&found.code)
}

/// Whether a name means nothing that stands where something could not be read, which was said.
fn is_within(found: &Diagnostic, said: &[Diagnostic]) -> bool {
    let Some((file, start, end)) = span(found).filter(|_| is_of_name(found)) else {
        return false;
    };
    let around =
        |(other, from, to): (Arc<str>, u64, u64)| other == file && from <= start && end <= to;
    let mut unread = said.iter().filter(|found| found.severity == Severity::Error);
    unread.any(|found| span(found).is_some_and(around))
}

impl FromIterator<Source> for Texts {
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        let mut texts = Self::default();
        sources.into_iter().for_each(|source| texts.read(source));
        texts.divide();
        texts
    }
}

impl Policy {
    /// Compiles policies. What is wrong is in [`Policy::diagnostics`]; everything that could be
    /// understood is judged all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Policy, Settings, Source, Texts};
    ///
    /// let text = "policy library\ntable book { pages : integer }\n\
    ///     article 1 thick whenever book, page must not exceed 500.";
    /// let texts = Texts::from_iter([Source::new("library.fan", text)]);
    /// let policy = Policy::compile(texts, &Settings::default());
    /// assert_eq!(policy.diagnostics[0].help.as_ref().unwrap().en, "did you mean `pages`?");
    /// ```
    #[must_use]
    pub fn compile(texts: Texts, settings: &Settings) -> Self {
        let mut policy = Self::untried(texts, settings);
        let texts = (&*policy.phrases.sources, policy.phrases.files.as_slice());
        tried(&mut policy.diagnostics, texts, settings, None);
        policy
    }

    /// The same, where no remedy is tried: what is said of mistakes may then not help.
    #[must_use]
    pub(crate) fn untried(texts: Texts, settings: &Settings) -> Self {
        let analysis = analysis::analyze(&texts.files, &texts.sources, settings);
        let program = analysis.program;
        let (graph, judgements, decisions, measures) = lowering::lower(&program);
        let mut diagnostics = texts.diagnostics;
        let found = analysis.diagnostics.into_iter();
        let found: Vec<_> = found.filter(|found| !is_said(found, &diagnostics)).collect();
        diagnostics.extend(found);
        diagnostics.extend(twofold(&program, &texts.files, &texts.sources));
        Self {
            phrases: Phrases::new(Arc::new(texts.sources), Arc::new(texts.files), analysis.names),
            refers: analysis.refers,
            rules: Rules::of(&program),
            program,
            graph,
            judgements,
            decisions,
            measures,
            today: settings.as_of,
            settings: settings.clone(),
            diagnostics,
        }
    }

    /// The shape of the data.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// let tables = policy.schema().tables().map(|(_, table)| table.names.en());
    /// assert_eq!(tables.collect::<Vec<_>>(), ["shelf", "book"]);
    /// ```
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.program.schema
    }

    /// The sentence of a judgement.
    #[must_use]
    pub fn sentence(&self, judgement: &Judgement) -> Option<&Sentence> {
        self.program.article(judgement.article)?.sentences.get(judgement.sentence)
    }

    /// The heading of an article.
    #[must_use]
    pub fn heading(&self, article: &Article) -> Bilingual {
        article_heading(&self.program, article)
    }
}
