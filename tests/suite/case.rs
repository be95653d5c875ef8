//! Reading and writing files of cases.

use std::path::{Path, PathBuf};

/// The files of a folder and below that have an ending, in order.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let below = |path: PathBuf| if path.is_dir() { files(&path, ending) } else { vec![path] };
    let all = paths.into_iter().flat_map(below);
    all.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

/// All files of cases, with names that are one word.
#[allow(dead_code, reason = "not every test needs all")]
pub fn suites() -> Vec<(String, Suite)> {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let named = |path: PathBuf| {
        let name = path.strip_prefix(&suite).unwrap().with_extension("");
        let text = std::fs::read_to_string(&path).unwrap();
        (name.to_string_lossy().replace('/', "-"), Suite::parse(&text))
    };
    files(&suite, "txt").into_iter().map(named).collect()
}

/// Writes the project of a case into a folder of its own.
#[allow(dead_code, reason = "not every test needs all")]
pub fn lay_out(files: &[Section], folder: &Path) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    for (name, bytes) in project(files) {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

/// A named text: `--- NAME` and what follows.
#[derive(Clone, Debug)]
pub struct Section {
    pub name: String,
    pub text: String,
}

/// One case: the first section is the policy.
#[derive(Debug)]
pub struct Case {
    pub name: String,
    pub sections: Vec<Section>,
}

/// A file: what its cases share, and the cases.
#[derive(Debug)]
pub struct Suite {
    pub comment: String,
    pub shared: Vec<Section>,
    pub cases: Vec<Case>,
}

impl Suite {
    pub fn parse(text: &str) -> Self {
        let mut suite = Self { comment: String::new(), shared: Vec::new(), cases: Vec::new() };
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("=== ") {
                let policy = Section { name: "policy.fan".into(), text: String::new() };
                suite.cases.push(Case { name: name.trim().into(), sections: vec![policy] });
                continue;
            }
            let sections =
                suite.cases.last_mut().map_or(&mut suite.shared, |case| &mut case.sections);
            if let Some(name) = line.strip_prefix("--- ") {
                sections.push(Section { name: name.trim().into(), text: String::new() });
            } else {
                let text =
                    sections.last_mut().map_or(&mut suite.comment, |section| &mut section.text);
                text.push_str(line);
                text.push('\n');
            }
        }
        suite
    }

    pub fn to_text(&self) -> String {
        let section = |section: &Section| format!("--- {}\n{}", section.name, section.text);
        let mut text = self.comment.clone();
        text.extend(self.shared.iter().map(section));
        for case in &self.cases {
            text.push_str(&format!("=== {}\n{}", case.name, case.sections[0].text));
            text.extend(case.sections.iter().skip(1).map(section));
        }
        format!("{}\n", text.trim_end())
    }
}

impl Case {
    fn expectation(&self) -> Option<&Section> {
        self.sections.iter().find(|section| section.name.starts_with("expect"))
    }

    pub fn expected(&self) -> String {
        self.expectation().map_or_else(String::new, |section| section.text.trim_end().to_owned())
    }

    /// Whether the values behind findings are to be shown.
    pub fn with_evidence(&self) -> bool {
        self.expectation().is_some_and(|section| section.name == "expect evidence")
    }

    pub fn expect(&mut self, found: &str) {
        let text = format!("{found}\n\n");
        match self.sections.iter_mut().find(|section| section.name.starts_with("expect")) {
            Some(section) => section.text = text,
            None => self.sections.push(Section { name: "expect".into(), text }),
        }
    }

    /// The files of the case over those it shares: its own `书.jsonl` takes the place of a shared
    /// `书.csv`.
    pub fn files(&self, shared: &[Section]) -> Vec<Section> {
        let stem = |name: &str| name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        let written = self
            .sections
            .iter()
            .enumerate()
            .filter(|(index, section)| *index > 0 || !section.text.trim().is_empty());
        let own: Vec<String> = written.map(|(_, section)| stem(&section.name)).collect();
        let own = |name: &str| own.contains(&stem(name));
        let inherited = shared.iter().filter(|section| !own(&section.name));
        let own = self
            .sections
            .iter()
            .filter(|section| !section.name.starts_with("expect") && !section.text.is_empty());
        inherited.chain(own).map(Section::written).collect()
    }
}

impl Section {
    /// As a file: of `书.csv × 5000` the last line is there so many times, with its number for `#`.
    fn written(&self) -> Self {
        let Some((name, times)) = self.name.split_once(" × ") else { return self.clone() };
        let lines: Vec<&str> = self.text.lines().filter(|line| !line.is_empty()).collect();
        let (last, before) = lines.split_last().unwrap();
        let mut text: String = before.iter().map(|line| format!("{line}\n")).collect();
        for number in 1..=times.parse::<usize>().unwrap() {
            text.push_str(&format!("{}\n", last.replace('#', &number.to_string())));
        }
        Self { name: name.to_owned(), text }
    }
}

/// Sections that say what is asked for, or what else the manifest has.
const APART: &[&str] = &["articles", "explain", "test", "manifest"];

/// The project of a case: its files by name, the manifest among them.
pub fn project(files: &[Section]) -> Vec<(String, Vec<u8>)> {
    let own = files.iter().filter(|file| !APART.contains(&&*file.name));
    let mut made: Vec<_> = own.map(|file| (file.name.clone(), bytes(file))).collect();
    if !files.iter().any(|file| file.name == "fanshi.toml") {
        made.push(("fanshi.toml".to_owned(), manifest(files).into_bytes()));
    }
    made
}

/// A file's bytes: those of data are its text, with `\xFF` for a byte that no text has; a workbook
/// is written from a short notation.
fn bytes(file: &Section) -> Vec<u8> {
    if file.name.contains(".xls") && file.text.starts_with('[') {
        return match file.text.trim() {
            "[far]" => crate::sheets::far(),
            "[bomb]" => crate::sheets::bomb(),
            "[protected]" => crate::sheets::protected(),
            text => crate::sheets::workbook(text),
        };
    }
    let mut pieces = file.text.split("\\x");
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        match piece.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend_from_slice(&piece.as_bytes()[2..]);
            }
            None => bytes.extend_from_slice(format!("\\x{piece}").as_bytes()),
        }
    }
    bytes
}

/// `fanshi.toml` for the files of a case: `书.csv` is data of the table 书.
fn manifest(files: &[Section]) -> String {
    let policies: Vec<String> = files
        .iter()
        .filter(|file| file.name.ends_with(".fan"))
        .map(|file| format!("{:?}", file.name))
        .collect();
    let mut text = format!(
        "[project]\nname = \"suite\"\nas_of = 2015-11-20\npolicies = [{}]\n[data]\n",
        policies.join(", ")
    );
    for file in files.iter().filter(|file| {
        !file.name.ends_with(".fan")
            && !APART.contains(&&*file.name)
            && !file.name.ends_with(".cases.toml")
            && !file.name.ends_with(".md")
            && file.name.contains('.')
    }) {
        let (table, _) = file.name.rsplit_once('.').unwrap();
        text.push_str(&format!("{table:?} = {:?}\n", file.name));
    }
    text.extend(files.iter().filter(|file| file.name == "manifest").map(|file| file.text.as_str()));
    text
}
