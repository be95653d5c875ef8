//! What is mutated: the cases of the suite, the example, the policies that are shipped.

use crate::input::Input;
use crate::suite::{Suite, project};
use std::path::{Path, PathBuf};

/// Projects and texts to begin with.
pub struct Corpus {
    /// Small projects.
    pub projects: Vec<Input>,
    /// Those among them that have data.
    pub loading: Vec<usize>,
    /// Those that have cases beside a policy.
    pub tested: Vec<usize>,
    /// Policies by themselves.
    pub policies: Vec<String>,
    /// Words of the language and names, to put where others stood.
    pub words: Vec<String>,
}

impl Corpus {
    /// Reads the repository's own.
    pub fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut projects = Vec::new();
        for path in files(&root.join("tests/suite"), "txt") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let mut suite = Suite::parse(&text);
            suite.cases.retain(|case| !case.sections.is_empty());
            projects.extend(suite.cases.iter().map(|case| {
                let files = project(&case.files(&suite.shared)).into_iter();
                files.fold(Input::default(), |input, (name, bytes)| input.with(&name, bytes))
            }));
        }
        // What is there for its size takes the time of a thousand others.
        projects.retain(|input| input.len() < 6_000);
        projects.extend(Input::read(&root.join("examples/library")).ok());
        let workbook = |name, bytes: &[u8]| {
            let manifest = format!("{MANIFEST}{:?} = {name:?}\n", "事项");
            Input::default()
                .with("policy.fan", WORKBOOK)
                .with("fanshi.toml", manifest)
                .with(name, bytes)
        };
        for _ in 0..WORKBOOKS {
            projects.push(workbook("旧.xls", include_bytes!("../../tests/workbook/old.xls")));
            projects.push(workbook("开.ods", include_bytes!("../../tests/workbook/open.ods")));
        }
        let with = |fits: &dyn Fn(&Input) -> bool| {
            (0..projects.len()).filter(|at| fits(&projects[*at])).collect()
        };
        let loading = with(&|input| !data(input).is_empty());
        let tested = with(&|input| input.named(".cases.toml").next().is_some());
        let fan = |input: &Input| {
            let text = |name| input.text(name).map(str::to_owned);
            input.named(".fan").filter_map(text).collect::<Vec<_>>()
        };
        let mut policies: Vec<String> = projects.iter().flat_map(fan).collect();
        for folder in ["policies", "examples", "templates", "tests"] {
            let read = files(&root.join(folder), "fan").into_iter().map(std::fs::read_to_string);
            policies.extend(read.flatten());
        }
        policies.sort();
        policies.dedup();
        let mut words: Vec<String> = policies
            .iter()
            .flat_map(|text| tokens(text))
            .filter(|word| !word.trim().is_empty())
            .map(str::to_owned)
            .collect();
        words.sort();
        words.dedup();
        Self { projects, loading, tested, policies, words }
    }
}

const MANIFEST: &str = "[project]\nas_of = 2015-11-20\npolicies = [\"policy.fan\"]\n[data]\n";

/// What the workbooks of `tests/workbook` hold.
const WORKBOOK: &str =
    "表 事项 { 编码 : 文本 主键 名称 : 文本 数 : 整数 可缺 日 : 日期 可缺 时 : 时刻 可缺 }
第一条 数 凡 事项 当 有 数，数 不得 超过 5。
第二条 名 凡 事项，名称 必须 为 “甲事项”。
第三条 日 凡 事项 当 有 日，日 必须 为 2015年11月20日。
第四条 时 凡 事项 当 有 时，时(时) 必须 为 9。
";

/// How often each of them stands among the projects, so that it is not one of a thousand.
const WORKBOOKS: usize = 8;

/// The names of a project's files of data.
pub fn data(input: &Input) -> Vec<String> {
    let is = |name: &&str| {
        !name.ends_with(".fan") && !name.ends_with("fanshi.toml") && !name.ends_with(".cases.toml")
    };
    input.named("").filter(is).map(str::to_owned).collect()
}

/// Pieces of a policy: words, numbers, signs, blanks.
pub fn tokens(text: &str) -> Vec<&str> {
    let class = |letter: char| match letter {
        _ if letter.is_alphanumeric() || letter == '_' => 0,
        ' ' | '\t' => 1,
        '\n' => 2,
        _ => 3,
    };
    let (mut found, mut from, mut last) = (Vec::new(), 0, None);
    for (at, letter) in text.char_indices() {
        let own = class(letter);
        if last.is_some_and(|last| last != own || own > 1) {
            found.push(&text[from..at]);
            from = at;
        }
        last = Some(own);
    }
    found.push(&text[from..]);
    found
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let found = paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}
