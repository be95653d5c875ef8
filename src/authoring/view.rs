//! One state of a project.

use super::answer::{CaseState, Told};
use super::index::Index;
use super::load::{Loads, Version};
use crate::engine::{Keep, Policy, Run, Source};
use crate::workspace::{Options, Project, Stated};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

/// One state of a project: its texts read and compiled; judged when that is first asked for.
/// Immutable and cheap to clone.
#[derive(Clone)]
pub struct View(Arc<Inner>);

struct Inner {
    project: Arc<Project>,
    stated: Stated,
    options: Options,
    loads: Loads,
    version: Version,
    run: OnceLock<Run>,
    index: OnceLock<Index>,
    /// The cases of each policy, once they are judged.
    cases: Mutex<BTreeMap<usize, Vec<CaseState>>>,
}

impl View {
    pub(super) fn new(project: Project, loads: Loads, version: Version) -> Self {
        let options = Options { keep: Keep::Everything, ..Options::default() };
        let stated = project.stated(Arc::new(project.policy(&options)));
        Self(Arc::new(Inner {
            project: Arc::new(project),
            stated,
            options,
            loads,
            version,
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
        let Inner { project, stated, options, loads, version, .. } = &*self.0;
        let load = |policy: &Policy, source: Source| loads.get(*version, policy, source);
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

    /// What the view is compiled with.
    pub(super) fn options(&self) -> &Options {
        &self.0.options
    }

    /// Another state of the project, which shares its data with this one.
    pub(super) fn beside(&self, project: Project, same_data: bool) -> Self {
        let version = self.0.version;
        let loads = if same_data { self.0.loads.clone() } else { Loads::default() };
        Self::new(project, loads, version)
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
