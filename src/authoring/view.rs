//! One state of a project.

use super::answer::{
    ArticleVerdicts, CaseState, Completion, Cuts, Edit, Fix, Flips, GroupLine, Hover, Known,
    KnownKind, Link, Location, Overview, ProvisionText, RowVerdict, Symbol, Token, Told,
};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{Policy, RuleId, Run, is_said};
use crate::grouping::{Group, Grouping, Groups};
use crate::review::review;
use crate::why::Record;
use crate::workspace::{Options, Project};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// One state of a project: its texts read and compiled; judged when that is first asked for.
/// Immutable and cheap to clone.
#[derive(Clone)]
pub struct View(Arc<Inner>);

struct Inner {
    project: Project,
    policy: Arc<Policy>,
    options: Options,
    run: OnceLock<Run>,
}

impl View {
    pub(super) fn new(project: Project, options: &Options) -> Self {
        let policy = Arc::new(project.policy(options));
        Self(Arc::new(Inner { project, policy, options: options.clone(), run: OnceLock::new() }))
    }

    /// The project's texts.
    #[must_use]
    pub fn project(&self) -> &Project {
        &self.0.project
    }

    /// What its policies mean.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.0.policy
    }

    /// Its rows, judged; loaded and judged by the first who asks.
    #[must_use]
    pub fn run(&self) -> &Run {
        self.0.run.get_or_init(|| self.0.project.clone().run(&self.0.options))
    }

    /// The files it is made of.
    #[must_use]
    pub fn files(&self) -> Vec<Known> {
        let project = self.project();
        let policies = project.paths.iter().zip(project.sources.iter());
        let policies = policies.map(|(path, (_, source))| Known {
            path: path.clone(),
            kind: KnownKind::Policy,
            name: source.name.to_string(),
        });
        policies.collect()
    }

    /// The path of a file by the name it is shown by.
    pub(super) fn path_of(&self, name: &str) -> Option<PathBuf> {
        let project = self.project();
        let mut policies = project.paths.iter().zip(project.sources.iter());
        let policy = policies.find(|(_, (_, source))| &*source.name == name);
        policy.map(|(path, _)| path.clone()).or_else(|| {
            let path = project.root.join(name);
            project.store.is_file(&path).then_some(path)
        })
    }

    /// The head of the project.
    pub(super) fn whole(&self) -> Location {
        let project = self.project();
        let manifest = project.root.join(&*project.manifest_source.name);
        let path = project.paths.first().filter(|_| project.manifest_source.name.is_empty());
        Location { path: path.cloned().unwrap_or(manifest), span: 0..0, cell: None }
    }

    fn found(&self) -> Vec<Diagnostic> {
        let mut found = self.project().diagnostics.clone();
        let compiled = self.policy().diagnostics.iter();
        let compiled: Vec<_> = compiled.filter(|one| !is_said(one, &found)).cloned().collect();
        found.extend(compiled);
        found
    }

    /// Everything that is wrong, in policies, manifest and cases; and in data, once they are loaded.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Told> {
        let found = match self.0.run.get() {
            Some(run) => run.summary.diagnostics.clone(),
            None => self.found(),
        };
        found.iter().map(|found| self.told(found)).collect()
    }

    /// What is wrong with one file, without loading or judging anything.
    #[must_use]
    pub fn diagnostics_of(&self, path: &Path) -> Vec<Told> {
        let same = self.project().store.same(path);
        let told = self.found().iter().map(|found| self.told(found)).collect::<Vec<_>>();
        let of_path = |told: &Told| self.project().store.same(&told.at.path) == same;
        told.into_iter().filter(of_path).collect()
    }

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

    /// What the rules of a policy came to, in the order of the text.
    #[must_use]
    pub fn verdicts(&self, _path: &Path) -> Vec<ArticleVerdicts> {
        Vec::new()
    }

    /// The rows that there is something to say about under a rule, `limit` at most.
    #[must_use]
    pub fn rows(&self, _rule: RuleId, _limit: usize) -> Vec<RowVerdict> {
        Vec::new()
    }

    /// The record of a row, `table:key`, of one rule or of all; places are found by [`View::locate`].
    #[must_use]
    pub fn record(&self, _row: &str, _rule: Option<RuleId>) -> Option<Record> {
        None
    }

    /// The text behind a citation at a byte, or behind the citations of the article there.
    #[must_use]
    pub fn provision(&self, _path: &Path, _offset: usize) -> Option<ProvisionText> {
        None
    }

    /// The cases of a policy, by its path or that of the cases, with what came of them.
    #[must_use]
    pub fn cases(&self, _path: &Path) -> Vec<CaseState> {
        Vec::new()
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

    /// The rows and cases that come out otherwise than in what is saved.
    #[must_use]
    pub fn flips(&self, _saved: &View) -> Flips {
        Flips::default()
    }

    /// The project at a glance.
    #[must_use]
    pub fn overview(&self) -> Overview {
        let run = self.run();
        let asked = self.project().manifest.review_by.as_ref().map(|(name, _)| &**name);
        let by = Grouping::asked(self.policy(), None, asked).ok().flatten();
        let by = by.or_else(|| Grouping::usual(self.policy()));
        let groups = Groups::new(run, by);
        let line = |group: &Group| GroupLine {
            name: group.shown.clone().or_else(|| groups.without()).unwrap_or_default(),
            rows: group.rows,
            kinds: group.tally.kinds(),
        };
        Overview {
            review: review(&groups),
            by: groups.by.as_ref().map(|by| by.name(run.schema())),
            groups: groups.list.iter().map(line).collect(),
        }
    }
}
