//! The house keeps its rules: see `docs/architecture.md`. Reads `src/` as text.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

use fanshi::program::Program;
use fanshi::schema::Names;
use fanshi::syntax::keyword::{KEYWORDS, Keyword};
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules in the order in which they build on one another: each may import those before it. A
/// line is a rank.
const ORDER: &[&[&str]] = &[
    &["invariant", "steps", "text", "place", "diagnostic", "nearest", "visible"],
    &["value", "schema", "finding"],
    &["syntax", "builtin", "program"],
    &["data", "provision", "analysis", "lowering"],
    &["eval", "verdict", "prove"],
    &["engine"],
    &["why"],
    &["grouping"],
    &["workspace", "report", "review", "diff", "testing", "emit"],
    &["proposal", "rounds", "authoring"],
    &["lsp"],
    &["studio"],
    &["command"],
];

/// No file is longer, in lines.
const LONGEST: usize = 600;
/// Half of the files are shorter.
const MEDIAN: usize = 200;

/// Names of the shipped policies that `src/` may contain all the same, with the reason.
const GENERAL: &[(&str, &[&str])] = &[
    (
        "words of any program",
        &[
            "argument",
            "case",
            "cases",
            "code",
            "conditional",
            "elements",
            "internal",
            "item",
            "items",
            "kind",
            "kinds",
            "level",
            "name",
        ],
    ),
    (
        "words of any program",
        &["no", "number", "review", "source", "steps", "title", "type", "unused", "yes"],
    ),
    (
        "what a policy engine is about",
        &["conditions", "deciding", "disposition", "outcome", "rank", "repealed", "requirement"],
    ),
    (
        "plain English",
        &[
            "about",
            "accepted",
            "basis",
            "closed",
            "copies",
            "counted",
            "joint",
            "listed",
            "permission",
            "power",
            "reported",
        ],
    ),
    ("what a row is known by, and references to it", &["deleted", "identity", "linked"]),
    ("what SARIF calls a finding for a person to judge", &["review"]),
    ("plain English", &["remark", "retain", "retained", "since", "stopped", "warning", "wording"]),
    (
        "words of any program",
        &[
            "content",
            "extension",
            "finish",
            "finished",
            "limit",
            "list",
            "log",
            "parallel",
            "parent",
            "progress",
        ],
    ),
    (
        "words of any program",
        &[
            "project", "result", "returned", "section", "standard", "start", "step", "stops",
            "summary", "template", "testing",
        ],
    ),
    (
        "words of any program",
        &[
            "unit",
            "until",
            "version",
            "window",
            "action",
            "amount",
            "answer",
            "answered",
            "character",
            "common",
            "cycle",
            "fail",
        ],
    ),
    ("files before they have their names", &["temporary", "临时"]),
    ("what browsers, editors and libraries call it", &["licences", "post", "site", "task", "服务"]),
    ("plain English", &["started"]),
    ("dates and times", &["minutes", "weekly", "年月", "到期"]),
    (
        "what a policy engine is about",
        &[
            "applied",
            "authority",
            "conclusion",
            "correction",
            "corrections",
            "negative",
            "notice",
            "notices",
            "理由",
            "结论",
        ],
    ),
    (
        "plain English",
        &[
            "card",
            "connected",
            "done",
            "held",
            "joined",
            "last",
            "lead",
            "needed",
            "open",
            "opened",
            "own",
        ],
    ),
    (
        "plain English",
        &[
            "owner",
            "pass",
            "person",
            "problems",
            "reason",
            "red",
            "remarks",
            "role",
            "rounds",
            "solved",
            "sources",
            "suggestion",
        ],
    ),
    ("plain English", &["exchange", "submission", "suggestions", "told"]),
    ("the column a workbook leaves for an answer", &["代码", "答复"]),
    (
        "plain Chinese",
        &[
            "上级", "内容", "单位", "原因", "处置", "提出", "更正", "标准", "步骤", "清单", "种类",
            "经过", "结束", "解决", "通过", "问题", "项目", "事项",
        ],
    ),
    ("how columns of names, years and numbers are headed", &["姓名", "年度", "编号"]),
    (
        "plain Chinese",
        &[
            "依据", "保留", "名称", "处理", "废止", "日历", "日子", "条件", "来源", "简称", "类型",
            "编码", "要求",
        ],
    ),
];

/// Hash maps that may be gone through, because what comes of it is the same in any order: the
/// nearest word is the least by distance and letters.
const WALKED: &[(&str, &str)] = &[("data/link/index.rs", "rows")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files of an extension below a folder, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let found = paths
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|found| found == extension)).collect()
}

/// The files of `src/` as `module`, name below `src/`, text.
fn sources() -> Vec<(String, String, String)> {
    let src = root().join("src");
    let named = |path: PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let module = name.split('/').next().unwrap().trim_end_matches(".rs").to_owned();
        (module, name, std::fs::read_to_string(path).unwrap())
    };
    files(&src, "rs").into_iter().map(named).collect()
}

/// The text without comments.
fn code(text: &str) -> String {
    text.lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The modules a text names after `crate::`.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let list = rest
            .strip_prefix('{')
            .and_then(|list| list.split_once('}'))
            .map_or(rest, |(list, _)| list);
        let many = if rest.starts_with('{') { list.split(',').collect() } else { vec![list] };
        let word = |path: &str| {
            path.trim()
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect::<String>()
        };
        found.extend(many.into_iter().map(word));
    }
    found
}

#[test]
fn imports_run_one_way() {
    let order: Vec<&str> = ORDER.concat();
    let place = |module: &str| order.iter().position(|known| *known == module);
    let mut wrong = Vec::new();
    for (module, name, text) in
        sources().iter().filter(|(module, ..)| module != "lib" && module != "main")
    {
        let Some(own) = place(module) else {
            wrong.push(format!("{name}: `{module}` has no place in the order"));
            continue;
        };
        for import in imports(&code(text)) {
            if place(&import).is_some_and(|at| at > own) {
                wrong.push(format!("{name} imports `{import}`, which builds on `{module}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, String)> =
        sources().into_iter().map(|(_, name, text)| (text.lines().count(), name)).collect();
    lengths.sort();
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > LONGEST).collect();
    assert!(long.is_empty(), "longer than {LONGEST} lines: {long:?}");
    let median = lengths[lengths.len() / 2].0;
    assert!(median < MEDIAN, "half of the files have {median} lines or more");
}

/// Nothing on the way to a verdict looks at the clock or the environment, or at anything in an
/// order that differs from run to run.
#[test]
fn verdicts_rest_on_what_was_given_alone() {
    let pure: BTreeSet<&str> = ORDER[..8].concat().into_iter().collect();
    let banned = [
        "SystemTime",
        "Instant::now",
        "Zoned::now",
        "Timestamp::now",
        "std::env",
        "std::fs",
        "std::net",
        "std::process",
        "thread_rng",
        "RandomState",
    ];
    let mut wrong = Vec::new();
    for (_, name, text) in sources().iter().filter(|(module, ..)| pure.contains(&**module)) {
        let text = code(text);
        wrong.extend(
            banned.iter().filter(|word| text.contains(*word)).map(|word| format!("{name}: {word}")),
        );
        let maps = hash_maps(&text)
            .into_iter()
            .filter(|map| walked(&text, map) && !WALKED.contains(&(&**name, &**map)));
        wrong.extend(maps.map(|map| format!("{name}: walks the hash map `{map}`")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Names declared as hash maps or hash sets.
fn hash_maps(text: &str) -> BTreeSet<String> {
    let name = |before: &str| {
        before
            .trim_end()
            .rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .next()
            .unwrap_or("")
            .to_owned()
    };
    let declared = [": HashMap<", ": HashSet<", "= HashMap::", "= HashSet::"];
    let names = declared.iter().flat_map(|sign| text.match_indices(sign));
    names.map(|(at, _)| name(&text[..at])).filter(|name| !name.is_empty()).collect()
}

/// Whether a text goes through a map from end to end.
fn walked(text: &str, map: &str) -> bool {
    let ways = [
        ".iter()",
        ".keys()",
        ".values()",
        ".into_iter()",
        ".drain()",
        ".iter_mut()",
        ".values_mut()",
        ".retain(",
    ];
    ways.iter().any(|way| text.contains(&format!("{map}{way}")))
        || text.contains(&format!("in {map} "))
        || text.contains(&format!("in &{map} "))
}

/// How many items the library shows at its root.
const FACADE: std::ops::RangeInclusive<usize> = 100..=145;

/// What `src/lib.rs` re-exports: the module an item comes from, its name there, and the comment on
/// the line that re-exports it.
fn facade() -> Vec<(String, String, String)> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let (mut items, mut comment) = (Vec::new(), String::new());
    // A part may end within a comment, whose examples have semicolons, but never after a re-export.
    for part in text.split_inclusive(";\n") {
        let of_comment = |line: &&str| line.starts_with("///");
        comment.extend(part.lines().filter(of_comment).map(|line| format!("{line}\n")));
        let code = code(part);
        if let Some((_, path)) = code.split_once("pub use ") {
            let path = path.trim().trim_end_matches(['}', ';']);
            let (module, names) = path.split_once("::{").or(path.rsplit_once("::")).unwrap();
            for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                let name = name.split(' ').next().unwrap().to_owned();
                items.push((module.to_owned(), name, comment.clone()));
            }
        }
        if !code.trim().is_empty() {
            comment.clear();
        }
    }
    items
}

/// The comments on the definitions of an item in a module, else in the modules below it.
fn definitions(sources: &[(String, String, String)], module: &str, name: &str) -> Vec<String> {
    let path = module.replace("::", "/");
    let own = [format!("{path}.rs"), format!("{path}/mod.rs")];
    let (own, below): (Vec<_>, Vec<_>) = sources
        .iter()
        .filter(|(_, at, _)| own.contains(at) || at.starts_with(&format!("{path}/")))
        .partition(|(_, at, _)| own.contains(at));
    let defined = |files| defined_in(files, name);
    Some(defined(own)).filter(|found| !found.is_empty()).unwrap_or_else(|| defined(below))
}

/// The comments on the definitions of an item in some files.
fn defined_in(files: Vec<&(String, String, String)>, name: &str) -> Vec<String> {
    let kinds = ["struct", "enum", "trait", "type", "fn", "const"];
    let mut found = Vec::new();
    for (.., text) in files {
        for start in kinds.map(|kind| format!("\npub {kind} {name}")) {
            for (at, _) in text.match_indices(&start) {
                let whole = !text[at + start.len()..]
                    .starts_with(|next: char| next.is_alphanumeric() || next == '_');
                let above = text[..at].rsplit("\n\n").next().unwrap();
                found.extend(whole.then(|| above.to_owned()));
            }
        }
    }
    found
}

/// Whether a comment has an example that runs and holds something to be so.
fn has_example(comment: &str) -> bool {
    let parts: Vec<&str> = comment.split("/// ```").collect();
    let mut blocks = parts.iter().skip(1).step_by(2);
    blocks.any(|block| block.starts_with('\n') && block.contains("assert"))
}

#[test]
fn every_item_of_the_facade_has_an_example() {
    let (items, sources) = (facade(), sources());
    assert!(FACADE.contains(&items.len()), "{} items at the root", items.len());
    let mut wrong = Vec::new();
    for (module, name, _) in items.iter().filter(|(.., comment)| !has_example(comment)) {
        match definitions(&sources, module, name).as_slice() {
            [own] if has_example(own) => {}
            [_] => wrong.push(format!("`{module}::{name}` has no example")),
            found => wrong.push(format!("`{module}::{name}` is defined {} times", found.len())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every name the shipped policies declare, with the file it is declared in.
fn declared() -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for manifest in files(&root().join("policies"), "toml")
        .into_iter()
        .filter(|path| path.ends_with("fanshi.toml"))
    {
        let project = Project::read(&manifest);
        let program = project.policy(&Options::default()).program;
        for name in names_of(&program) {
            names.entry(name).or_insert_with(|| {
                manifest.strip_prefix(root()).unwrap().to_string_lossy().into_owned()
            });
        }
    }
    names
}

fn names_of(program: &Program) -> Vec<String> {
    let both = |names: &Names| names.iter().map(str::to_owned).collect::<Vec<_>>();
    let schema = &program.schema;
    let enums = schema.enums.iter().flat_map(|found| {
        std::iter::once(&found.names).chain(found.values.iter().map(|value| &value.names))
    });
    let frames = schema.frames.iter().flat_map(|frame| {
        std::iter::once(&frame.names).chain(frame.fields.iter().map(|field| &field.names))
    });
    let definitions = program.definitions.iter().map(|definition| &definition.names);
    let parameters = program.parameters.iter().map(|parameter| &parameter.names);
    let articles = program.articles.iter().map(|article| &article.names);
    let measures = program.measures.iter().map(|measure| &measure.names);
    let modules = program.modules.iter().map(|module| &module.names);
    enums
        .chain(frames)
        .chain(definitions)
        .chain(parameters)
        .chain(articles)
        .chain(measures)
        .chain(modules)
        .flat_map(both)
        .collect()
}

/// Whether a text has a name: as a whole word where it is of Latin letters, anywhere where it is
/// not.
fn mentions(text: &str, words: &BTreeSet<&str>, name: &str) -> bool {
    if name.is_ascii() { words.contains(name) } else { text.contains(name) }
}

/// Nothing opens a connection or starts another program, and no library that is made for it is there;
/// but the studio is listened to, at this machine's own address and at no other, by libraries that
/// nothing else uses, and a browser is started for it.
#[test]
fn there_is_no_network_and_no_other_program() {
    let banned = ["TcpStream", "UdpSocket", "UnixStream", "::connect(", "process::Command"];
    let listens = ["std::net", "net::", "TcpListener"];
    let starts = ["open::that", "open::with"];
    let mut wrong = Vec::new();
    for (module, file, text) in sources() {
        let text = code(&text);
        let more = if module == "studio" { &[][..] } else { &listens };
        let started = if file == "command/studio.rs" { &[][..] } else { &starts };
        let all = banned.iter().chain(more).chain(started);
        let whole = |word: &str| {
            text.match_indices(word).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                word.starts_with(':') || before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
            })
        };
        wrong.extend(all.filter(|word| whole(word)).map(|word| format!("{file}: {word}")));
    }
    let studio = sources().into_iter().filter(|(module, ..)| module == "studio");
    let studio: String = studio.map(|(.., text)| code(&text)).collect();
    assert_eq!(studio.matches("bind(").count(), 1);
    assert!(studio.contains("TcpListener::bind((Ipv4Addr::LOCALHOST, "));
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let libraries = ["reqwest", "ureq", "curl", "libloading", "rustls", "openssl", "native-tls"];
    let found = libraries.iter().filter(|name| lock.contains(&format!("name = \"{name}\"")));
    wrong.extend(found.map(|name| format!("Cargo.lock: {name}")));
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for name in ["axum", "tokio", "hyper", "hyper-util"] {
        let line = manifest.lines().find(|line| line.starts_with(&format!("{name} = "))).unwrap();
        assert!(line.contains("default-features = false") && line.contains("optional = true"));
        let uses = manifest.lines().filter(|line| line.contains(&format!("\"dep:{name}\"")));
        assert_eq!(uses.collect::<Vec<_>>().len(), 1, "{name}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where files are opened, looked at and written; nowhere else.
const DOORS: [&str; 3] = ["workspace/disk.rs", "workspace/input.rs", "workspace/write.rs"];

#[test]
fn files_have_one_way_in_and_one_way_out() {
    let touch = ["fs::", " File::open(", "(File::open(", "File::create(", "OpenOptions"];
    let mut wrong = Vec::new();
    for (_, file, text) in sources().iter().filter(|(_, file, _)| !DOORS.contains(&&**file)) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let found = code.filter(|line| touch.iter().any(|word| line.contains(word)));
        wrong.extend(found.map(|line| format!("{file}: {}", line.trim())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_engine_knows_no_domain() {
    let cited = fanshi::builtin::citation::words();
    let built_in: BTreeSet<&str> =
        fanshi::builtin::words().chain(cited).flat_map(|(zh, en)| [zh, en]).collect();
    let words = |keyword: &Keyword| {
        keyword.chinese.iter().chain(keyword.english).copied().collect::<Vec<_>>()
    };
    let keywords: BTreeSet<&str> = KEYWORDS.iter().flat_map(words).collect();
    let general: BTreeSet<&str> =
        GENERAL.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let names = declared();
    let known =
        |name: &str| built_in.contains(name) || keywords.contains(name) || general.contains(name);
    let names: Vec<&String> =
        names.keys().filter(|name| name.chars().count() > 1 && !known(name)).collect();
    assert!(names.len() > 300, "the shipped policies declare only {} names", names.len());
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (_, file, text) in &sources() {
        // Examples in unit tests are data, not the engine.
        let text = text.split("#[cfg(test)]").next().unwrap();
        let words: BTreeSet<&str> =
            text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').collect();
        for name in names.iter().filter(|name| mentions(text, &words, name)) {
            found.entry(name).or_default().push(file.clone());
        }
    }
    let list: Vec<String> =
        found.iter().map(|(name, files)| format!("{name}: {}", files.join(", "))).collect();
    let idle: Vec<&&str> = general
        .iter()
        .filter(|name| !sources().iter().any(|(.., text)| text.contains(**name)))
        .collect();
    assert!(idle.is_empty(), "not in src/ and need no leave: {idle:?}");
    assert!(
        list.is_empty(),
        "{} words of the shipped policies stand in src/:\n{}",
        list.len(),
        list.join("\n")
    );
}
