//! Reports and commands: equal byte for byte.

use super::{Wine, below, here, library, on_z, root, said};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

const SAMPLE: &str = "policies/shangjie-2015";

/// The parts of a workbook; the archive around them names the system that made it.
fn parts(book: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            (part.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn the_sample_in_every_format() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("sample");
    for (format, language) in [
        ("text", "zh"),
        ("text", "en"),
        ("json", "zh"),
        ("tsv", "zh"),
        ("markdown", "zh"),
        ("sarif", "zh"),
        ("junit", "zh"),
        ("html", "zh"),
    ] {
        let arguments = ["check", SAMPLE, "--format", format, "--lang", language];
        let (ours, theirs) = (here(root(), &arguments), wine.fanshi(root(), &arguments));
        assert_eq!(ours.status.code(), Some(1));
        assert!(ours.stdout.len() > 10_000, "{format}");
        assert!(said(&ours) == said(&theirs), "{format} {language}");
        // The same into a file.
        let target = folder.join(format);
        let into = on_z(&target);
        let arguments = [&arguments[..], &["-o", &into]].concat();
        if format == "html" {
            assert_eq!(wine.fanshi(root(), &arguments).status.code(), Some(1));
            assert!(fs::read(target).unwrap() == ours.stdout, "{format}");
        }
    }
}

#[test]
fn workbooks_of_the_sample_by_group() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("by");
    let arguments = |target| ["check", SAMPLE, "--format", "xlsx", "--by", "部门", "-o", target];
    let (ours, theirs) = (folder.join("退 回"), folder.join("windows"));
    let first = here(root(), &arguments(ours.to_str().unwrap()));
    let second = wine.fanshi(root(), &arguments(&on_z(&theirs)));
    // What is written where stands at the end.
    let (ours_said, theirs_said) = (said(&first), said(&second));
    let head = |err: &str| err.split(" → ").next().map(str::to_owned);
    assert_eq!((ours_said.0, head(&ours_said.2)), (theirs_said.0, head(&theirs_said.2)));
    let (ours, theirs) = (below(&ours), below(&theirs));
    assert!(ours.len() > 20);
    let names = |books: &[(String, Vec<u8>)]| -> Vec<String> {
        books.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&ours), names(&theirs));
    for ((name, our), (_, their)) in ours.iter().zip(&theirs) {
        assert!(parts(our) == parts(their), "{name}");
    }
}

/// Every command, on a project that `init` wrote and on one in English; what they write, too.
#[test]
fn commands() {
    let Some(wine) = Wine::there() else { return };
    let (ours, theirs) = (wine.folder("commands/here"), wine.folder("commands/windows"));
    for (folder, run) in [
        (&ours, &here as &dyn Fn(&Path, &[&str]) -> std::process::Output),
        (&theirs, &|folder, arguments| wine.fanshi(folder, arguments)),
    ] {
        fs::create_dir(folder.join("library")).unwrap();
        library(&folder.join("library"));
        let loose = folder.join("松 散.fan");
        fs::write(loose, "词汇 词\r\n表   架 {\r\n 号 : 文本 主键\r\n 厚:整数\r\n}\r\n").unwrap();
        let mut log = String::new();
        for arguments in [
            "init 新",
            "init 新",
            "init a b",
            "check library",
            "check library --by shelf",
            "check 新 --lang en",
            "check nowhere",
            "check library -o none/r.html",
            "check library -o r.html",
            "review library",
            "review library --format html -o review.html",
            "explain D -p library",
            "explain D -p library --format json",
            "diff library 新",
            "diff library library --format json",
            "prove 新",
            "prove library --format json",
            "test 新 --coverage",
            "test 新 --update",
            "test . --format junit",
            "cases library",
            "cases library -o c.toml",
            "fmt library/library.fan --stdout",
            "fmt --check *.fan",
            "fmt *.fan",
            "fmt --check *.fan",
            "completions powershell",
            "man",
            "man -o pages",
            "--help",
            "check --help",
            "check --no-such",
        ] {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            log += &format!("{arguments:?}\n{:?}\n", said(&run(folder, &arguments)));
        }
        fs::write(folder.join("log"), log.replace("\\n", "\n")).unwrap();
    }
    let (ours, theirs) = (below(&ours), below(&theirs));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&ours), names(&theirs));
    for ((name, our), (_, their)) in ours.iter().zip(&theirs) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        for (line, other) in text(our).lines().zip(text(their).lines()) {
            assert_eq!(line, other, "{name}");
        }
        assert!(our == their, "{name}");
    }
    let formatted = ours.iter().find(|(name, _)| name == "松 散.fan").unwrap();
    assert!(formatted.1.starts_with("词汇 词\r\n".as_bytes()));
}

/// Without a locale among the variables, the language is that of Windows; and where there is one,
/// that one.
#[test]
fn the_language_is_that_of_windows() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("language");
    let said = |set: Option<&str>| {
        let mut command = wine.program("fanshi.exe", &folder);
        command.args(["check", "none"]).env_remove("LANG");
        command.envs(set.map(|value| ("LANG", value)));
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    assert!(said(None).contains("there is no file `none`"));
    assert!(said(Some("zh_CN.UTF-8")).contains("没有文件 `none`"));
}

/// What goes to a console is text for it, whatever its code page; elsewhere it is UTF-8.
#[test]
fn a_console_shows_chinese_with_any_code_page() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("console");
    library(&folder);
    for page in ["936", "437", "65001"] {
        let program = wine.program("fanshi.exe", &folder);
        let loader = program.get_program().to_str().unwrap();
        let exe = on_z(&wine.home.join("fanshi.exe"));
        let line = format!("{loader} cmd /c 'chcp {page} & {exe} check . --lang zh & chcp'");
        let mut command = std::process::Command::new("script");
        command.args(["-qec", &line, "/dev/null"]).current_dir(&folder);
        command.envs(program.get_envs().filter_map(|(key, value)| Some((key, value?))));
        let shown = command.stdin(std::process::Stdio::null()).output().unwrap().stdout;
        let shown = String::from_utf8_lossy(&shown);
        assert!(shown.contains("页 不得 超过 500"), "{page}: {shown}");
        assert!(shown.contains(&format!("Active code page: {page}")), "{shown}");
        assert!(shown.contains("\u{1b}[31"), "colours: {shown}");
    }
}
