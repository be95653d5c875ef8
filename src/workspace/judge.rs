//! From a project on disk to a run.

use super::{Opened, Project, correction, given};
use crate::analysis::Settings;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::engine::{
    Divisions, Grant, Keep, Policy, Rows, Run, Source, Terms, Texts, is_said, tried,
};
use crate::finding::Length;
use crate::grouping::Grouping;
use crate::nearest::nearest;
use crate::place::Place;
#[cfg(feature = "prove")]
use crate::prove::Prover;
use crate::say;
use crate::schema::{FrameId, Schema};
use crate::value::date::day_number;
use jiff::civil::Date;
use std::sync::Arc;

/// What the command line may add.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, date};
///
/// let options = Options {
///     as_of: Some(date(2016, 1, 1)),
///     articles: vec!["thick".into()],
///     ..Options::default()
/// };
/// let run = Project::read("examples/library".as_ref()).run(&options);
/// assert_eq!((run.findings().count(), &*run.summary.as_of), (2, "2016-01-01"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Instead of the manifest's `as_of`.
    pub as_of: Option<Date>,
    /// Only these articles, by `policy.article`, the article's name alone, or a policy's name, in
    /// either language.
    pub articles: Vec<String>,
    /// Which values are kept besides those the policies read.
    pub keep: Keep,
    /// How long texts are shown.
    pub length: Length,
}

/// A compiled policy with everything that is wrong with its texts.
#[derive(Clone)]
pub struct Stated {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The mistakes of manifest and policies.
    pub diagnostics: Vec<Diagnostic>,
}

/// For what has to be given a day where none is written.
const ANY_DAY: Date = Date::constant(1970, 1, 1);

impl Project {
    /// What the policies are compiled with.
    #[must_use]
    pub fn settings(&self, options: &Options) -> Settings {
        let as_of = self.day(options).unwrap_or(ANY_DAY);
        Settings {
            as_of: day_number(as_of),
            offset: self.manifest.offset.unwrap_or_default(),
            parameters: self
                .manifest
                .parameters
                .iter()
                .map(|set| set.setting(&self.manifest_source))
                .collect(),
            parameters_lost: self.manifest.parameters_lost,
            lost: self.policies_lost,
        }
    }

    /// The day judged for; without one nothing is judged.
    fn day(&self, options: &Options) -> Option<Date> {
        options.as_of.or(self.manifest.as_of)
    }

    /// Compiles the project's policies.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// assert_eq!(policy.rules.iter().count(), 4); // and no data were read
    /// ```
    #[must_use]
    pub fn policy(&self, options: &Options) -> Policy {
        let texts = Texts {
            sources: self.sources.clone(),
            files: self.files.clone(),
            diagnostics: Vec::new(),
        };
        let settings = self.settings(options);
        let mut policy = Policy::untried(texts, &settings);
        let texts = (&*policy.phrases.sources, policy.phrases.files.as_slice());
        tried(&mut policy.diagnostics, texts, &settings, self.trials());
        policy
    }

    /// Files as trials of remedies read them before.
    fn trials(&self) -> Option<&Divisions> {
        self.trees.as_ref().map(|trees| &*trees.tried)
    }

    /// Compiles, loads and judges.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let run = Project::read("examples/library".as_ref()).run(&Options::default());
    /// assert_eq!((run.summary.totals.satisfied, run.summary.totals.violated), (9, 3));
    /// ```
    #[must_use]
    pub fn run(self, options: &Options) -> Run {
        let policy = Arc::new(self.policy(options));
        let stated = self.stated(policy);
        let load =
            |policy: &Policy, source: Source| Arc::new(Rows::load(policy, source, options.keep));
        self.judged(stated, options, &load)
    }

    /// The mistakes of the texts and of what they mean, without a remedy that was tried.
    #[must_use]
    pub fn mistakes(&self, options: &Options) -> Vec<Diagnostic> {
        let texts = Texts {
            sources: self.sources.clone(),
            files: self.files.clone(),
            diagnostics: Vec::new(),
        };
        let policy = Policy::untried(texts, &self.settings(options));
        let mut found = self.diagnostics.clone();
        let compiled = policy.diagnostics.iter().filter(|one| !is_said(one, &found));
        let compiled: Vec<Diagnostic> = compiled.cloned().collect();
        found.extend(compiled);
        found.retain(|one| one.severity == Severity::Error);
        found
    }

    /// What is wrong with the texts, and with what they mean: that of which the cause is told is
    /// left out.
    #[must_use]
    pub fn stated(&self, policy: Arc<Policy>) -> Stated {
        let mut diagnostics = self.diagnostics.clone();
        let texts = (&self.sources, &*self.files);
        tried(&mut diagnostics, texts, &policy.settings, self.trials());
        let compiled = policy.diagnostics.iter().filter(|found| !is_said(found, &diagnostics));
        let compiled: Vec<Diagnostic> = compiled.cloned().collect();
        diagnostics.extend(compiled);
        Stated { policy, diagnostics }
    }

    /// Judges the project's rows by its policy, where `load` gives them.
    #[must_use]
    pub fn judged(
        mut self,
        stated: Stated,
        options: &Options,
        load: &(dyn Fn(&Policy, Source) -> Arc<Rows> + Sync),
    ) -> Run {
        let Stated { policy, mut diagnostics } = stated;
        self.diagnostics.clear();
        let opened = self.open_data(policy.schema());
        let texts = self.open_texts(policy.schema());
        diagnostics.append(&mut self.diagnostics);
        diagnostics.extend(correction::unknown(&self, policy.schema()));
        diagnostics.extend(self.warehouse(policy.schema()).1);
        diagnostics.extend(self.wrong_grouping(&policy));
        diagnostics.extend(self.wrong_rounds(policy.schema()));
        let day = self.day(options);
        if day.is_none() && !self.manifest.dated && !self.manifest.policies.is_empty() {
            diagnostics.push(no_day(&self));
        }
        diagnostics.extend(given::without_file(&self, &policy.graph, &opened));
        let is_right = diagnostics.iter().all(|found| found.severity != Severity::Error);
        let unfed = given::unfed(&self, policy.schema(), &opened);
        let forgotten: Vec<FrameId> =
            unfed.iter().filter(|table| !self.unopened.contains(table)).copied().collect();
        let source = Source {
            texts,
            unfed,
            inputs: opened.iter().map(Opened::input).collect(),
            unopened: std::mem::take(&mut self.unopened),
        };
        // Neither rests on the other.
        let (proven, rows) = rayon::join(|| proven(&policy, is_right), || load(&policy, source));
        diagnostics.extend(proven);
        let mut wrong = rows.diagnostics.clone();
        self.place_mappings(&opened, &mut wrong);
        diagnostics.extend(wrong);
        let told = diagnostics.iter().any(|found| found.severity == Severity::Error);
        let asked = (&*options.articles, told);
        if day.is_some()
            && let Some(found) = given::nothing_judged(&self, &policy, (&rows, &forgotten), asked)
        {
            if !policy.program.articles.is_empty() {
                // It names the tables, and what to do about them.
                diagnostics.retain(|found| found.code != "empty_table");
            }
            diagnostics.push(found);
        }
        let terms = Terms {
            project: self.manifest.name.clone(),
            day,
            grants: self.grants(),
            only: options.articles.clone(),
            length: options.length,
            diagnostics,
        };
        Run::new(policy, rows, terms)
    }

    /// What `[review] by` names, where that cannot group rows.
    fn wrong_grouping(&self, policy: &Policy) -> Option<Diagnostic> {
        let (name, span) = self.manifest.review_by.as_ref()?;
        // A policy that is not there may have it.
        if self.policies_lost || policy.schema().frames.is_empty() {
            return None;
        }
        let wrong = *Grouping::named(policy, name).err()?;
        Some(wrong.at(Place::of(&self.manifest_source, span.clone()), Bilingual::default()))
    }

    /// What `[round] tables` names, where there is no such table.
    fn wrong_rounds(&self, schema: &Schema) -> Vec<Diagnostic> {
        // A policy that is not there may have it.
        let tables = if self.policies_lost { &[][..] } else { &*self.manifest.round_tables };
        let is_known = |name: &str| schema.tables().any(|(_, frame)| frame.names.matches(name));
        let unknown = tables.iter().filter(|(name, _)| !is_known(name));
        let wrong = |(name, span): &(String, std::ops::Range<usize>)| {
            let known = schema.tables().flat_map(|(_, frame)| frame.names.iter());
            let help = match nearest(name, known) {
                Some(near) => say!("是不是 `{near}`？", "did you mean `{near}`?"),
                None => say!("写政策里声明的表名", "write the name of a declared table"),
            };
            let message = say!("没有名为 `{name}` 的表", "there is no table called `{name}`");
            let place = Place::of(&self.manifest_source, span.clone());
            Diagnostic::error("unknown_table", message).help(help).at(place, Bilingual::default())
        };
        unknown.map(wrong).collect()
    }

    fn grants(&self) -> Vec<Grant> {
        let grant = |waiver: &super::Waiver| Grant {
            rule: waiver.article.clone(),
            table: waiver.table.clone(),
            item: waiver.item.clone(),
            authority: waiver.authority.clone(),
            reason: waiver.reason.clone(),
            until: waiver.until,
            place: Place::of(&self.manifest_source, waiver.span.clone()),
        };
        self.manifest.waivers.iter().map(grant).collect()
    }
}

/// What is wrong with the policies whatever the data, as far as that is found almost without a
/// search; nothing where something else is wrong, which may be its cause.
#[cfg(feature = "prove")]
fn proven(policy: &Policy, is_right: bool) -> Vec<Diagnostic> {
    if !is_right {
        return Vec::new();
    }
    let (graph, judgements) = (&policy.graph, &*policy.judgements);
    let prover = Prover { graph, judgements, today: policy.today };
    let sources = &policy.phrases.sources;
    let warned = crate::prove::diagnostics(&prover.quick(), &prover, sources).into_iter();
    warned.map(|diagnostic| Diagnostic { severity: Severity::Warning, ..diagnostic }).collect()
}

#[cfg(not(feature = "prove"))]
fn proven(_: &Policy, _: bool) -> Vec<Diagnostic> {
    Vec::new()
}

fn no_day(project: &Project) -> Diagnostic {
    let message = say!(
        "清单没有写明判断日期 as_of，没有判断",
        "the manifest does not say the day judged for, as_of; nothing is judged"
    );
    let help =
        say!("在 [project] 下写 as_of = 2015-11-20", "write as_of = 2015-11-20 under [project]");
    Diagnostic::error("no_as_of", message)
        .help(help)
        .at(Place::of(&project.manifest_source, 0..0), Bilingual::default())
}
