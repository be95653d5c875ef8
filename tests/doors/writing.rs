//! What is written.

use super::{
    CASES, DATA, HEAD, POLICY, as_nobody, check, command, ended, fanshi, folder, litter, project,
    put, said, shell,
};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// A project with data, cases and an accepted snapshot.
fn whole(name: &str) -> PathBuf {
    let root = project(name, "\"项\" = \"*.csv\"");
    put(&root, "d.csv", DATA);
    put(&root, "p.cases.toml", CASES);
    assert_eq!(said(&fanshi(&["test", "--update"], &root)).0, Some(0));
    root
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    std::fs::read(path.as_ref()).unwrap_or_else(|error| panic!("{:?}: {error}", path.as_ref()))
}

#[test]
fn what_a_command_reads_is_not_written_over() {
    let root = whole("inputs");
    put(
        &root,
        "q.fan",
        POLICY
            .replace("第一条", "政策 q\n第一条")
            .replace("表 项 { 号 : 文本 主键 数 : 整数 }\n", ""),
    );
    std::fs::remove_file(root.join("q.fan")).unwrap();
    put(&root, "共.cases.toml", CASES);
    let shared = whole("inputs-shared");
    put(&shared, "共.cases.toml", CASES);
    put(&shared, "p.cases.toml", "same_as = \"共.cases.toml\"\n");
    put(&root, "old/notes.fan", "词汇 别处\n");
    put(&root, "old/fanshi.toml", "[project]\n");
    symlink("p.cases.toml", root.join("link.json")).unwrap();
    std::fs::hard_link(root.join("p.cases.toml"), root.join("hard.json")).unwrap();
    let spared = [
        (&root, "p.fan"),
        (&root, "d.csv"),
        (&root, "fanshi.toml"),
        (&root, "p.cases.toml"),
        (&root, "p.cases/一.txt"),
        (&root, "./p.cases/../p.cases/一.txt"),
        (&root, "link.json"),
        (&root, "hard.json"),
        (&root, "old/notes.fan"),
        (&root, "old/fanshi.toml"),
        (&shared, "共.cases.toml"),
        (&shared, "p.cases.toml"),
    ];
    for (root, name) in spared {
        let before = read(root.join(name));
        for arguments in [
            &["check", "--format", "json"][..],
            &["check", "--format", "xlsx"],
            &["review", "--format", "text"],
            &["diff", ".", ".", "--format", "text"],
            &["cases"],
            &["cases", "p.fan"],
            &["explain", "a", "--format", "text"],
            &["prove", "--format", "json"],
        ] {
            let output = fanshi(&[arguments, &["-o", name]].concat(), root);
            let (code, text) = said(&output);
            assert_eq!(code, Some(2), "{arguments:?} {name}: {text}");
            let refused = ["the project is read from this file", "change one of them"];
            assert!(refused.iter().any(|why| text.contains(why)), "{arguments:?}: {text}");
        }
        assert_eq!(read(root.join(name)), before, "{name}");
    }
    // A broken manifest does not say what is read from; a policy is spared all the same.
    put(&root, "fanshi.toml", "[project\n");
    let before = read(root.join("p.fan"));
    assert_eq!(said(&fanshi(&["check", "-o", "p.fan"], &root)).0, Some(2));
    assert_eq!(read(root.join("p.fan")), before);
    // Templates never replace anything.
    let (code, _) = said(&fanshi(&["init", "--lang", "zh"], &root));
    assert_eq!(code, Some(2));
    assert_eq!(read(root.join("fanshi.toml")), b"[project\n");
    assert_eq!(litter(&root), Vec::<PathBuf>::new());
}

/// A file may be no larger than this, in a shell: what a full disk says comes as well.
const SMALL: &str = "trap '' XFSZ; ulimit -f 4;";

#[test]
fn what_a_pattern_would_read_is_not_written() {
    let root =
        project("would-read", "\"项\" = [\"d.csv\", \"in/**/*.csv\", \"../beside/*.jsonl\"]");
    put(&root, "d.csv", DATA);
    put(&root, "in/deep/e.csv", "号,数\nin,1\n");
    let beside = root.parent().unwrap().join("beside");
    std::fs::create_dir_all(&beside).unwrap();
    put(&beside, "z.jsonl", "{\"号\": \"z\", \"数\": 1}\n");
    let output = fanshi(&["export", "-o", "in/deep"], &root);
    let (code, text) = said(&output);
    assert!(code == Some(2) && text.contains("in/**/*.csv"), "{text}");
    let taken = ["in/new.csv", "in/deep/NEW.CSV", "./in/../in/new.csv", "../beside/x.jsonl"];
    for name in taken {
        let output = fanshi(&["check", "--format", "tsv", "-o", name], &root);
        let (code, text) = said(&output);
        assert!(
            code == Some(2) && text.contains("choose another name or folder"),
            "{name}: {text}"
        );
        assert!(!root.join(name).exists(), "{name}");
    }
    for name in ["in/new.tsv", "new.csv", "../beside/deep.csv"] {
        let output = fanshi(&["check", "--format", "tsv", "-o", name], &root);
        let (code, text) = said(&output);
        assert!(code == Some(1) && root.join(name).exists(), "{name}: {text}");
    }
}

#[test]
fn a_run_that_fails_leaves_what_was_there() {
    let root = whole("fails");
    let mut policy = String::from("表 项 { 号 : 文本 主键 数 : 整数 }\n");
    let mut cases = String::from("as_of = 2015-11-20\n");
    let mut long = policy.clone();
    for at in 1..300 {
        let article = format!("第{at}条 条{at}\n凡   项，数 不得 超过 {at}。\n");
        long += &article;
        policy += if at < 16 { &article } else { "" };
    }
    put(&root, "f/f.fan", &long);
    for at in 0..3 {
        cases += &format!("[[case]]\nname = \"{at}\"\n");
        let rows = (0..200).map(|row| format!("{{ \"号\" = \"x{row}\", \"数\" = 7 }}"));
        cases += &format!("\"项\" = [{}]\n", rows.collect::<Vec<_>>().join(", "));
    }
    put(&root, "p.fan", &policy);
    put(&root, "p.cases.toml", &cases);
    let rows: String = (0..2_000).map(|at| format!("{at},{}\n", at % 20)).collect();
    put(&root, "d.csv", format!("号,数\n{rows}"));
    let old = root.join("out");
    let endings = ["txt", "json", "tsv", "md", "sarif", "html", "xlsx", "xml"];
    for ending in endings {
        put(&old, format!("r.{ending}"), "old");
    }
    let mut runs: Vec<(String, PathBuf)> = endings
        .iter()
        .map(|ending| {
            let junit = if *ending == "xml" { "--format junit" } else { "" };
            (format!("check {junit} -o out/r.{ending}"), old.join(format!("r.{ending}")))
        })
        .collect();
    runs.push(("review --format json -o out/r.json".into(), old.join("r.json")));
    runs.push(("review --format html -o out/r.html".into(), old.join("r.html")));
    runs.push(("diff . . --format html -o out/r.html".into(), old.join("r.html")));
    runs.push(("cases -o out/r.txt".into(), old.join("r.txt")));
    runs.push(("fmt f/f.fan".into(), root.join("f/f.fan")));
    runs.push(("test --update".into(), root.join("p.cases/一.txt")));
    for (run, file) in runs {
        let before = read(&file);
        let output = shell(&format!("{SMALL} fanshi {run}"), &root);
        let (code, text) = said(&output);
        assert_eq!(code, Some(2), "{run}: {text}");
        // Large sheets wait in a file of the system's, which may be no larger either.
        let words = ["cannot write `", "cannot write the workbook: "];
        assert!(words.iter().any(|words| text.contains(words)), "{run}: {text}");
        assert!(!text.contains("internal error"), "{run}: {text}");
        assert_eq!(read(&file), before, "{run}");
        assert_eq!(litter(&root), Vec::<PathBuf>::new(), "{run}");
        assert_eq!(std::fs::read_dir(root.join("p.cases")).unwrap().count(), 1, "{run}");
    }
    // Folders: none of the files, and no folder that was made for them.
    for run in
        ["check --format xlsx --by 项.号 -o new/books", "init --lang en new/init", "man -o new/man"]
    {
        let output = shell(&format!("trap '' XFSZ; ulimit -f 1; fanshi {run}"), &root);
        let (code, text) = said(&output);
        assert_eq!((code, text.contains("cannot write `new/")), (Some(2), true), "{run}: {text}");
        assert!(!root.join("new").exists(), "{run}");
    }
}

#[test]
fn a_link_is_replaced_not_followed() {
    let root = whole("links");
    let outside = put(&root, "outside", "kept");
    for (at, run) in [
        &["check"][..],
        &["check", "--format", "xlsx"],
        &["review"],
        &["diff", ".", "."],
        &["cases"],
    ]
    .iter()
    .enumerate()
    {
        for to in ["outside", "nowhere"] {
            let name = format!("{to}{at}");
            symlink(to, root.join(&name)).unwrap();
            assert_ne!(said(&fanshi(&[run, &["-o", &name][..]].concat(), &root)).0, Some(2));
            assert!(root.join(&name).symlink_metadata().unwrap().is_file(), "{run:?} {to}");
            assert!(!read(root.join(&name)).is_empty());
        }
    }
    assert!(!root.join("nowhere").exists());
    // A snapshot, too.
    std::fs::remove_file(root.join("p.cases/一.txt")).unwrap();
    symlink("../outside", root.join("p.cases/一.txt")).unwrap();
    assert_eq!(said(&fanshi(&["test", "--update"], &root)).0, Some(0));
    assert!(root.join("p.cases/一.txt").symlink_metadata().unwrap().is_file());
    assert_eq!(read(&outside), b"kept");
}

/// A policy that several projects link to stays one.
#[test]
fn fmt_writes_the_policy_that_a_link_leads_to() {
    let root = folder("fmt-link");
    put(&root, "one/p.fan", "表 项 { 号 : 文本 主键   数 : 整数 }\n");
    put(&root, "two/x", "");
    symlink("../one/p.fan", root.join("two/p.fan")).unwrap();
    symlink("p.fan", root.join("two/q.fan")).unwrap();
    let (code, text) = said(&fanshi(&["fmt", "two/q.fan"], &root));
    assert_eq!(code, Some(0), "{text}");
    assert!(root.join("two/p.fan").is_symlink() && root.join("two/q.fan").is_symlink());
    assert!(!String::from_utf8(read(root.join("one/p.fan"))).unwrap().contains("主键   "));
    assert_eq!(litter(&root), Vec::<PathBuf>::new());
}

#[test]
fn rights_stay() {
    let root = whole("rights");
    put(&root, "q.fan", "词汇   词\n");
    for (name, mode) in [("q.fan", 0o600), ("q.fan", 0o755), ("r.json", 0o640), ("r.json", 0o606)] {
        if name == "r.json" {
            put(&root, name, "old");
        } else {
            put(&root, name, "词汇   词\n");
        }
        std::fs::set_permissions(root.join(name), std::fs::Permissions::from_mode(mode)).unwrap();
        let run = if name == "r.json" { ["check", "-o", name] } else { ["fmt", name, name] };
        fanshi(&run, &root);
        assert_eq!(root.join(name).metadata().unwrap().mode() & 0o777, mode, "{name}");
        assert_ne!(read(root.join(name)), b"old");
    }
    // A new one has those a new file has.
    let output = shell("umask 027; fanshi check -o new.json", &root);
    assert_eq!(root.join("new.json").metadata().unwrap().mode() & 0o777, 0o640, "{output:?}");
}

#[test]
fn what_is_no_file_is_written_as_it_is() {
    let root = whole("devices");
    let report = fanshi(&["check", "--format", "json"], &root).stdout;
    for target in ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        let output = fanshi(&["check", "--format", "json", "-o", target], &root);
        assert_eq!((output.status.code(), &output.stdout), (Some(1), &report), "{target}");
    }
    assert!(!root.join("-").exists());
    // Where they lead to a file, what stands there stays.
    for target in ["-", "/dev/stdout", "/dev/stderr", "/dev/fd/3", "/proc/self/fd/1"] {
        put(&root, "log", "before\n");
        let to = match target {
            "/dev/stderr" => "2",
            "/dev/fd/3" => "3",
            _ => "",
        };
        let run = format!("fanshi check --format json -o {target} {to}>> log");
        assert_eq!(shell(&run, &root).status.code(), Some(1), "{target}");
        assert_eq!(read(root.join("log")), [b"before\n", &report[..]].concat(), "{target}");
    }
    assert!(Path::new("/dev/stdout").is_symlink());
    for target in ["/dev/null", "null"] {
        if target == "null" {
            symlink("/dev/null", root.join("null")).unwrap();
        }
        assert_eq!(said(&fanshi(&["check", "-o", target], &root)).0, Some(1));
        assert_eq!(said(&fanshi(&["cases", "-o", target], &root)).0, Some(0));
    }
    use std::os::unix::fs::FileTypeExt;
    assert!(Path::new("/dev/null").metadata().unwrap().file_type().is_char_device());
    let piped = shell("mkfifo pipe; cat pipe & fanshi check --format json -o pipe; wait", &root);
    assert_eq!(piped.stdout, report);
}

#[test]
fn what_cannot_be_written_is_said_with_its_path() {
    let root = whole("unwritable");
    put(&root, "f/q.fan", "词汇 词\n");
    put(&root, "f/bad.fan", "词汇   词\n");
    for (run, words) in [
        ("fmt --stdout f/q.fan > /dev/full", "standard output: the disk is full"),
        ("fmt --stdout f/bad.fan > /dev/full", "standard output: the disk is full"),
        ("check > /dev/full", "standard output: the disk is full"),
        ("check -o - > /dev/full", "standard output: the disk is full"),
        ("check --format xlsx > /dev/full", "standard output: the disk is full"),
        ("review > /dev/full", "standard output: the disk is full"),
        ("diff . . > /dev/full", "standard output: the disk is full"),
        ("prove > /dev/full", "standard output: the disk is full"),
        ("explain a > /dev/full", "standard output: the disk is full"),
        ("test > /dev/full", "standard output: the disk is full"),
        ("cases > /dev/full", "standard output: the disk is full"),
        ("completions bash > /dev/full", "standard output: the disk is full"),
        ("man > /dev/full", "standard output: the disk is full"),
        ("init new > /dev/full", "standard output: the disk is full"),
        ("check -o /dev/full", "`/dev/full`: the disk is full"),
        ("cases -o /dev/full", "`/dev/full`: the disk is full"),
        ("check -o no/r.json", "`no/r.json`: there is no such folder"),
        ("explain a -o no/r.json", "`no/r.json`: there is no such folder"),
        ("prove -o no/r.txt", "`no/r.txt`: there is no such folder"),
        ("check -o r.json/", "it is a folder; name a file"),
        ("review -o r.html/", "it is a folder; name a file"),
        ("prove --format text -o p.cases", "`p.cases`: it is a folder"),
        ("check --format tsv -o p.cases", "`p.cases`: it is a folder"),
        ("check -o .", "`.`: it is a folder"),
        ("check -o d.csv/r.json", "`d.csv/r.json`: a folder belongs here"),
        ("man -o d.csv", "`d.csv`: a folder belongs here"),
        ("check --format xlsx --by 号 -o d.csv/x", "`d.csv`: a folder belongs here"),
    ] {
        let (code, text) = said(&shell(&format!("fanshi {run}"), &root));
        assert_eq!((code, text.contains(words)), (Some(2), true), "{run}: {text}");
    }
    let long = format!("{}.json", "长".repeat(100));
    let (code, text) = said(&fanshi(&["check", "-o", &long], &root));
    assert_eq!((code, text.contains("the name is too long")), (Some(2), true), "{text}");
    // Rights: the folder's, and those of a file that may not be written.
    let open = folder("unwritable-file");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    std::fs::set_permissions(put(&open, "r.json", "old"), std::fs::Permissions::from_mode(0o444))
        .unwrap();
    let closed = root.join("r.json");
    for target in [closed.to_str().unwrap(), open.join("r.json").to_str().unwrap()] {
        let (code, text) = said(&as_nobody(&["check", "-o", target], &root));
        assert_eq!((code, text.contains("no permission")), (Some(2), true), "{text}");
        assert!(text.contains(target), "{text}");
    }
    assert_eq!(read(open.join("r.json")), b"old");
    let output = command(&["check", "-o", "/dev/full"], &root)
        .env("LC_ALL", "zh_CN.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    assert!(said(&ended(output.unwrap())).1.contains("写不了 `/dev/full`：磁盘满了"));
}

/// Runs of the same moment leave one report, whole.
#[test]
fn two_runs_make_no_mixture() {
    let root = project("together", "\"项\" = \"*.csv\"");
    let other = project("together-other", "\"项\" = \"*.csv\"");
    for (root, count) in [(&root, 300), (&other, 900)] {
        let rows: String = (0..count).map(|at| format!("{at},{}\n", at % 9)).collect();
        put(root, "d.csv", format!("号,数\n{rows}"));
    }
    let report = |root: &Path| fanshi(&["check", "--format", "json"], root).stdout;
    let wholes = [report(&root), report(&other)];
    // Not where the data is looked for: a file that is passed over there is said.
    let (target, list) = (folder("together-out").join("r.json"), [root.clone(), other]);
    for _ in 0..8 {
        let run = |root: &PathBuf| {
            let arguments = ["check", "-o", target.to_str().unwrap()];
            let mut command = command(&arguments, root);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let running: Vec<_> = list.iter().chain(&list).map(run).collect();
        for child in running {
            assert_eq!(ended(child).status.code(), Some(1));
        }
        assert!(wholes.contains(&read(&target)));
    }
    assert_eq!(litter(&root), Vec::<PathBuf>::new());
}

/// What a run that was killed left is not read by the next.
#[test]
fn what_was_left_behind_is_not_read() {
    let root = whole("left");
    for (name, pattern) in [(".fanshi-ab12.tmp", ".*"), (".fanshi-ab12.tmp", ".f*/../.f*")] {
        put(&root, name, DATA);
        put(&root, "fanshi.toml", format!("{HEAD}\"项\" = [\"d.csv\", \"{pattern}\"]\n"));
        assert!(!said(&fanshi(&["check"], &root)).1.contains(name));
    }
    put(&root, "fanshi.toml", format!("{HEAD}\"项\" = \"*\"\n"));
    let (_, codes, keys) = check(&root);
    assert_eq!(keys, ["a"], "{codes:?}");
}

#[test]
fn each_case_has_a_snapshot_of_its_own() {
    let root = project("snapshots", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    let long = "长".repeat(200);
    let names = [
        "a/b",
        "a_b",
        "a:b",
        "A_B",
        "ａ_ｂ",
        "é",
        "e\u{301}",
        &long,
        &format!("{long}2"),
        "一",
        "con",
    ];
    let mut cases = String::from("as_of = 2015-11-20\n");
    for (at, name) in names.iter().enumerate() {
        let rows = format!("[{{ \"号\" = \"x\", \"数\" = {at} }}]");
        cases += &format!("[[case]]\nname = \"{name}\"\n\"项\" = {rows}\n");
    }
    put(&root, "p.cases.toml", cases);
    let (code, text) = said(&fanshi(&["test", "--update"], &root));
    assert_eq!(code, Some(0), "{text}");
    let written = std::fs::read_dir(root.join("p.cases")).unwrap().count();
    assert_eq!(written, names.len());
    assert!(root.join("p.cases/一.txt").exists(), "a name that is alone stays as it is");
    for arguments in [&["test"][..], &["test", "--filter", "a_b"], &["test", "--update"], &["test"]]
    {
        let (code, text) = said(&fanshi(arguments, &root));
        assert_eq!(code, Some(0), "{text}");
    }
    // One that cannot be read is no case without one.
    put(&root, "p.cases/一.txt", b"\xC9\xCF");
    let (code, text) = said(&fanshi(&["test", "--update"], &root));
    assert_eq!((code, text.contains("not UTF-8")), (Some(2), true), "{text}");
    assert_eq!(read(root.join("p.cases/一.txt")), b"\xC9\xCF");
}

/// Stopped, a run leaves nothing behind; it is not taken for one that came to something.
#[test]
fn a_run_that_is_stopped_takes_its_files_away() {
    let root = whole("stopped");
    let rows: String = (0..60_000).map(|at| format!("{at},{}\n", at % 20)).collect();
    put(&root, "d.csv", format!("号,数\n{rows}"));
    for signal in ["INT", "TERM", "HUP"] {
        put(&root, "r.json", "old");
        let mut child = command(&["check", "-o", "r.json"], &root)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It is stopped while it writes.
        while litter(&root).is_empty() && child.try_wait().unwrap().is_none() {}
        super::long::signal(&child, signal);
        let output = ended(child);
        assert_eq!(output.status.code(), Some(130), "{signal}");
        assert_eq!(read(root.join("r.json")), b"old", "{signal}");
        assert_eq!(litter(&root), Vec::<PathBuf>::new(), "{signal}");
    }
}

/// What a terminal says of its width is taken between 40 and 400 columns, of which a report with
/// tables takes 60 at least; what says nothing is 100.
#[test]
fn lines_are_of_a_width_that_can_be_read() {
    use unicode_width::UnicodeWidthStr;
    let root = whole("columns");
    // One sentence without end, which is as wide as the page is.
    let why = "甲乙丙丁".repeat(300);
    put(&root, "p.fan", POLICY.replace("第一条 一", &format!("第一条 {}", &why[..240])));
    let page = |columns: Option<&str>| {
        let mut command = command(&["check", "--lang", "zh"], &root);
        command.env_remove("COLUMNS");
        if let Some(columns) = columns {
            command.env("COLUMNS", columns);
        }
        let output = ended(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        assert_eq!(output.status.code(), Some(1), "{columns:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let [usual, least, most] = [None, Some("40"), Some("400")].map(page);
    assert!(usual != least && usual != most && least != most, "{usual}\n{least}\n{most}");
    for columns in ["0", "-5", "x", ""] {
        assert_eq!(page(Some(columns)), usual, "{columns}");
    }
    assert_eq!(page(Some("100")), usual);
    for columns in ["1", "39", " 7 "] {
        assert_eq!(page(Some(columns)), least, "{columns}");
    }
    for columns in ["401", "100000000000", "18446744073709551615", "99999999999999999999999"] {
        assert_eq!(page(Some(columns)), most, "{columns}");
    }
    let widest = |page: &str| page.lines().map(UnicodeWidthStr::width).max().unwrap();
    assert!(widest(&least) <= 60 && widest(&most) <= 400, "{least}\n{most}");
}
