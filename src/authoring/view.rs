//! One state of a project.

use super::answer::{CaseState, Told};
use super::index::Index;
use super::load::{Loads, Version};
use super::opened::Opened;
use super::service::may_be_data;
use crate::diagnostic::Diagnostic;
use crate::engine::{Keep, Policy, Run, Source};
use crate::workspace::{Files, Options, Overlay, Project, Stated, Trees};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

/// One state of a project: its texts read and compiled; judged when that is first asked for.
/// Immutable and cheap to clone.
#[derive(Clone)]
pub struct View(Arc<Inner>);

/// What is wrong with files, by text.
pub(super) type WrongCases = Arc<Mutex<BTreeMap<PathBuf, (Arc<str>, Vec<Told>)>>>;

/// What a view has of the service that made it.
#[derive(Clone)]
pub(super) struct Kept {
    pub opened: Opened,
    pub trees: Trees,
    pub loads: Loads,
    /// What is wrong with case files as such, by text.
    pub wrong_cases: WrongCases,
    pub version: Version,
}

struct Inner {
    project: Arc<Project>,
    stated: Stated,
    options: Options,
    kept: Kept,
    run: OnceLock<Run>,
    index: OnceLock<Index>,
    /// The cases of each policy, once they are judged.
    cases: Mutex<BTreeMap<usize, Vec<CaseState>>>,
}

impl View {
    pub(super) fn new(kept: Kept, files: Arc<dyn Files>) -> Self {
        let project = kept.opened.read(files, &kept.trees);
        let options = Options { keep: Keep::Everything, ..Options::default() };
        let stated = project.stated(Arc::new(project.policy(&options)));
        Self(Arc::new(Inner {
            project: Arc::new(project),
            stated,
            options,
            kept,
            run: OnceLock::new(),
            index: OnceLock::new(),
            cases: Mutex::default(),
        }))
    }

    /// The project's texts.
    #[must_use]
    pub fn project(&self) -> &Arc<Project> {
        &self.0.project
    }

    /// What its policies mean.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.0.stated.policy
    }

    /// Its rows, judged; loaded and judged by the first who asks.
    #[must_use]
    pub fn run(&self) -> &Run {
        let Inner { project, stated, options, kept, .. } = &*self.0;
        let load = |policy: &Policy, source: Source| kept.loads.get(kept.version, policy, source);
        self.0.run.get_or_init(|| project.untold().judged(stated.clone(), options, &load))
    }

    /// The run, where somebody asked for it.
    pub(super) fn judged(&self) -> Option<&Run> {
        self.0.run.get()
    }

    /// What stands where, and what it is.
    pub(super) fn index(&self) -> &Index {
        self.0.index.get_or_init(|| Index::of(self.policy()))
    }

    /// The cases of a policy, judged once.
    pub(super) fn kept_cases(
        &self,
        module: usize,
        judge: impl FnOnce() -> Vec<CaseState>,
    ) -> Vec<CaseState> {
        if let Ok(kept) = self.0.cases.lock()
            && let Some(cases) = kept.get(&module)
        {
            return cases.clone();
        }
        let cases = judge();
        if let Ok(mut kept) = self.0.cases.lock() {
            kept.insert(module, cases.clone());
        }
        cases
    }

    /// What is wrong with a text of a case file, found once.
    pub(super) fn kept_wrong(
        &self,
        path: &Path,
        text: &Arc<str>,
        find: impl FnOnce() -> Vec<Told>,
    ) -> Vec<Told> {
        let kept = &self.0.kept.wrong_cases;
        if let Ok(kept) = kept.lock()
            && let Some((_, told)) = kept.get(path).filter(|(own, _)| own == text)
        {
            return told.clone();
        }
        let told = find();
        if let Ok(mut kept) = kept.lock() {
            kept.insert(path.to_owned(), (text.clone(), told.clone()));
        }
        told
    }

    /// The mistakes of manifest and policies.
    pub(super) fn stated(&self) -> &[Diagnostic] {
        &self.0.stated.diagnostics
    }

    /// The files with other texts in them.
    fn over(&self, texts: &BTreeMap<PathBuf, String>) -> Arc<dyn Files> {
        let mut over = Overlay::new(self.0.project.store.clone());
        for (path, text) in texts {
            over = over.with(path, text.as_bytes());
        }
        Arc::new(over)
    }

    /// The project with other texts; where data are among them, its rows are loaded anew.
    pub(super) fn with(&self, texts: &BTreeMap<PathBuf, String>) -> Self {
        let mut kept = self.0.kept.clone();
        if texts.keys().any(|path| may_be_data(path)) {
            kept.loads = Loads::default();
        }
        Self::new(kept, self.over(texts))
    }

    /// The mistakes that manifest and policies have with other texts.
    pub(super) fn mistakes_with(&self, texts: &BTreeMap<PathBuf, String>) -> Vec<Diagnostic> {
        let Kept { opened, trees, .. } = &self.0.kept;
        opened.read(self.over(texts), trees).mistakes(&self.0.options)
    }

    /// Everything that is wrong, in policies and manifest; and in data, once they are loaded.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Told> {
        let found = match self.judged() {
            Some(run) => &run.summary.diagnostics,
            None => &self.0.stated.diagnostics,
        };
        let mut told: Vec<Told> = found.iter().map(|found| self.told(found)).collect();
        told.extend(self.wrong_cases());
        told
    }

    /// What is wrong with one file, without loading or judging anything.
    #[must_use]
    pub fn diagnostics_of(&self, path: &Path) -> Vec<Told> {
        if super::case::is_cases(path) {
            return self.wrong_cases_of(path);
        }
        let told = self.0.stated.diagnostics.iter().map(|found| self.told(found));
        told.filter(|told| self.is_same(&told.at.path, path)).collect()
    }
}
