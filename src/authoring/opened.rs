//! How a project is opened: by what a path stands for.

use super::case::policy_of;
use crate::workspace::{Files, Project, Trees, clean};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How a project is opened.
#[derive(Clone, Debug)]
pub(super) enum Opened {
    /// By its manifest, or the folder of one.
    Manifest(PathBuf),
    /// By a policy that belongs to no project.
    Policy(PathBuf),
}

impl Opened {
    /// What a path stands for: a folder or a manifest for itself, a policy for the project that
    /// lists it, cases for the policy that they stand beside.
    pub(super) fn at(files: &Arc<dyn Files>, path: &Path) -> Self {
        let policy = policy_of(path);
        let is_policy = policy.extension().is_some_and(|end| end == "fan");
        if !is_policy || files.is_folder(path) {
            return Self::Manifest(path.to_owned());
        }
        let same = files.same(&policy);
        let mut folder = policy.parent().map(Path::to_path_buf);
        while let Some(at) = folder {
            let manifest = at.join("fanshi.toml");
            if files.is_file(&manifest) {
                let project = Project::read_in(files.clone(), &manifest);
                if project.paths.iter().any(|path| files.same(&clean(path)) == same) {
                    return Self::Manifest(manifest);
                }
            }
            folder = at.parent().map(Path::to_path_buf);
        }
        Self::Policy(policy)
    }

    /// Reads it among some files.
    pub(super) fn read(&self, files: Arc<dyn Files>, trees: &Trees) -> Project {
        match self {
            Self::Manifest(path) => Project::read_kept(files, path, trees),
            Self::Policy(path) => Project::of_file_kept(files, path, trees),
        }
    }
}
