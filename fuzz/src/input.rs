//! A project in memory: what every target is run on.

use fanshi::{Memory, Options, Project, Run};
use std::path::Path;
use std::sync::Arc;

/// A project, and the seed of what a target chooses about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    /// Its files, the manifest among them.
    pub files: Vec<(String, Vec<u8>)>,
    /// What a target that changes the project again draws from.
    pub seed: u64,
}

impl Input {
    /// With a file more, or with other contents of one.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        match self.files.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = bytes.into(),
            None => self.files.push((name.to_owned(), bytes.into())),
        }
        self
    }

    /// The text of a file.
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, bytes) = self.files.iter().find(|(known, _)| known == name)?;
        std::str::from_utf8(bytes).ok()
    }

    /// The names of the files that end so.
    pub fn named<'a>(&'a self, end: &'a str) -> impl Iterator<Item = &'a str> {
        self.files.iter().map(|(name, _)| &**name).filter(move |name| name.ends_with(end))
    }

    /// As a project.
    pub fn project(&self) -> Project {
        let files = self
            .files
            .iter()
            .fold(Memory::new(), |files, (name, bytes)| files.with(name, bytes.clone()));
        Project::read_in(Arc::new(files), Path::new(""))
    }

    /// Judged.
    pub fn run(&self) -> Run {
        self.project().run(&Options::default())
    }

    /// Reads a folder that [`Input::write`] wrote.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let mut input = Self::default();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in std::fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let name =
                    path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
                let bytes = std::fs::read(&path)?;
                match &*name {
                    "SEED" => {
                        input.seed = String::from_utf8_lossy(&bytes).trim().parse().unwrap_or(0)
                    }
                    "WHY" => {}
                    _ => input.files.push((name, bytes)),
                }
            }
        }
        input.files.sort();
        Ok(input)
    }

    /// Writes its files to a folder.
    pub fn write(&self, folder: &Path, why: &str) -> std::io::Result<()> {
        let _ = std::fs::remove_dir_all(folder);
        std::fs::create_dir_all(folder)?;
        for (name, bytes) in &self.files {
            let path = folder.join(name);
            if let Some(above) = path.parent() {
                std::fs::create_dir_all(above)?;
            }
            std::fs::write(path, bytes)?;
        }
        std::fs::write(folder.join("SEED"), self.seed.to_string())?;
        std::fs::write(folder.join("WHY"), why)
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.files.iter().map(|(_, bytes)| bytes.len()).sum()
    }
}
