//! What is read.

use super::{
    CASES, DATA, HEAD, POLICY, as_nobody, check, fanshi, folder, judged, project, put, said,
};
use fanshi::{Disk, Files, LIMITS, Memory, Overlay};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

/// `上报.csv` as GBK has it.
const GBK: &[u8] = b"\xC9\xCF\xB1\xA8";

pub(super) fn gbk(ending: &str) -> std::ffi::OsString {
    OsStr::from_bytes(&[GBK, ending.as_bytes()].concat()).to_owned()
}

pub(super) fn close(folder: &Path, mode: u32) {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn two(codes: &[&str], keys: &[&str]) -> (Option<i32>, Vec<String>, Vec<String>) {
    let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    (Some(2), owned(codes), owned(keys))
}

#[test]
fn a_folder_that_may_not_be_entered_is_named() {
    for (name, pattern, mode) in [
        ("closed", "*/x.csv", 0o700),
        ("closed-below", "**/*.csv", 0o700),
        ("closed-some", "[乙丙]/*.csv", 0o700),
        ("closed-listed", "*/x.csv", 0o744),
        ("closed-deep", "甲/../*/**/x.csv", 0o700),
    ] {
        let root = project(name, &format!("\"项\" = \"{pattern}\""));
        put(&root, "甲/x.csv", DATA);
        put(&root, "乙/x.csv", "号,数\nc,9\n");
        if pattern.starts_with('[') {
            put(&root, "丙/x.csv", DATA);
        }
        close(&root.join("乙"), mode);
        let output = as_nobody(&["check", "--format", "json"], &root);
        assert_eq!(judged(&output), two(&["unreadable_folder"], &["a"]), "{pattern}");
        let text = said(&as_nobody(&["check"], &root)).1;
        assert!(text.contains("look into the folder `乙`"), "{pattern}: {text}");
    }
}

#[test]
fn policies_in_a_folder_that_may_not_be_entered_are_missed() {
    let root = folder("closed-policies");
    put(&root, "甲/p.fan", POLICY);
    put(&root, "乙/q.fan", "第二条 二\n  凡 项，数 不得 少于 4。\n");
    put(&root, "d.csv", DATA);
    let manifest = HEAD.replace("*.fan", "*/*.fan") + "\"项\" = \"d.csv\"\n";
    put(&root, "fanshi.toml", manifest);
    close(&root.join("乙"), 0o700);
    for (command, codes) in [("check", Some(2)), ("prove", Some(2)), ("test", Some(2))] {
        let (code, text) = said(&as_nobody(&[command], &root));
        assert_eq!(code, codes, "{command}: {text}");
        assert!(command == "test" || text.contains("`乙`"), "{command}: {text}");
    }
    // Nor a vocabulary that a policy uses by its name.
    put(&root, "丙/r.fan", "使用 远\n第二条 二\n  凡 项，数 不得 少于 4。\n");
    let (code, text) = said(&as_nobody(&["test", "丙/r.fan"], &root));
    assert_eq!((code, text.contains("look into the folder `乙`")), (Some(2), true), "{text}");
    std::fs::remove_dir_all(root.join("丙")).unwrap();
    // Without a manifest, too.
    std::fs::remove_file(root.join("fanshi.toml")).unwrap();
    let (code, text) = said(&as_nobody(&["test", "."], &root));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains('乙'), "{text}");
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    let root = project("unreadable", "\"项\" = \"*.csv\"");
    put(&root, "x.csv", DATA);
    close(&put(&root, "y.csv", DATA), 0o600);
    let output = as_nobody(&["check", "--format", "json"], &root);
    assert_eq!(judged(&output), two(&["unreadable_file"], &["a"]));
}

#[test]
fn names_that_are_no_text() {
    let root = project("gbk", "\"项\" = \"*.csv\"");
    put(&root, "d.csv", DATA);
    put(&root, gbk(".txt"), "what?");
    assert_eq!(check(&root), (Some(1), vec![], vec!["a".to_owned()]));
    put(&root, "p.cases.toml", CASES);
    for arguments in [
        &["prove"][..],
        &["review"],
        &["diff", ".", "."],
        &["explain", "a"],
        &["cases"],
        &["test", "--update"],
    ] {
        let (code, text) = said(&fanshi(arguments, &root));
        assert!(code.is_some_and(|code| code < 4) && !text.contains("internal"), "{text}");
    }
    // Taken by the pattern: said.
    put(&root, gbk(".csv"), DATA);
    assert_eq!(check(&root), two(&["unreadable_name"], &["a"]));
    let root = project("gbk-below", "\"项\" = \"**/*.csv\"");
    put(&root, "d.csv", DATA);
    put(&root, gbk(".txt"), DATA);
    put(&root.join(gbk("")), "x.csv", DATA);
    assert_eq!(check(&root), two(&["unreadable_name"], &["a"]));
    let root = project("gbk-policies", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    put(&root, gbk(".fan"), POLICY);
    assert_eq!(check(&root), two(&["unreadable_name"], &["a"]));
    // The folder of a project may be called as it likes.
    let root = folder("gbk-folder").join(gbk(""));
    put(&root, "p.fan", POLICY);
    put(&root, "fanshi.toml", format!("{HEAD}\"项\" = \"*.csv\"\n"));
    put(&root, "d.csv", DATA);
    assert_eq!(check(&root).0, Some(1));
}

pub(super) fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn what_never_ends_is_no_file() {
    let kinds: [(&str, &dyn Fn(&Path)); 6] = [
        ("fifo", &|path| fifo(path)),
        ("null", &|path| symlink("/dev/null", path).unwrap()),
        ("zero", &|path| symlink("/dev/zero", path).unwrap()),
        ("socket", &|path| {
            // A socket's path may not be long.
            let short = std::env::temp_dir().join(format!("fanshi-{}", std::process::id()));
            drop(std::os::unix::net::UnixListener::bind(&short).unwrap());
            std::fs::rename(&short, path).or_else(|_| symlink("/dev/zero", path)).unwrap();
        }),
        ("folder", &|path| std::fs::create_dir(path).unwrap()),
        ("proc", &|path| symlink("/proc/self/status", path).unwrap()),
    ];
    for (name, make) in kinds {
        for listed in ["d.csv", "*.csv"] {
            let root = project(&format!("no-file-{name}"), &format!("\"项\" = \"{listed}\""));
            make(&root.join("d.csv"));
            put(&root, "e.fan", "词汇 空\n");
            assert_eq!(check(&root), two(&["unreadable_file"], &[]), "{name} {listed}");
        }
        let root = project(&format!("no-policy-{name}"), "\"项\" = \"d.csv\"");
        put(&root, "d.csv", DATA);
        make(&root.join("q.fan"));
        assert_eq!(check(&root), two(&["unreadable_file"], &["a"]), "{name}");
        for arguments in [&["fmt", "q.fan"][..], &["test", "q.fan"], &["cases", "q.fan"]] {
            assert_eq!(said(&fanshi(arguments, &root)).0, Some(2), "{name} {arguments:?}");
        }
        let root = folder(&format!("no-manifest-{name}"));
        make(&root.join("fanshi.toml"));
        let (code, text) = said(&fanshi(&["check"], &root));
        assert_eq!(code, Some(2), "{name}: {text}");
        let root = project(&format!("no-cases-{name}"), "\"项\" = \"d.csv\"");
        make(&root.join("p.cases.toml"));
        let (code, text) = said(&fanshi(&["test"], &root));
        assert_eq!(code, Some(2), "{name}: {text}");
        assert!(text.contains("p.cases.toml"), "{name}: {text}");
    }
}

/// A file of a size that takes no room.
pub(super) fn sparse(path: &Path, size: u64) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::File::create(path).unwrap().set_len(size).unwrap();
}

#[test]
fn sizes_are_asked_before_anything_is_read() {
    let most = |kind: &str| LIMITS.iter().find(|limit| limit.en == kind).unwrap().most;
    let data = [
        ("d.csv", "data as text"),
        ("d.tsv", "data as text"),
        ("d.json", "data as text"),
        ("d.toml", "data as text"),
        ("d.xes", "data as text"),
        ("d.jsonl", "JSON lines"),
        ("d.xlsx", "workbook"),
        ("d.ods", "workbook"),
        ("d.csv.gz", "packed data"),
    ];
    for (name, kind) in data {
        let root = project("sized", &format!("\"项\" = [\"good.csv\", \"{name}\"]"));
        put(&root, "good.csv", DATA);
        sparse(&root.join(name), most(kind) + 1);
        assert_eq!(check(&root), two(&["source_too_large"], &["a"]), "{name}");
    }
    let root = project("sized-policy", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    sparse(&root.join("q.fan"), 40 << 30);
    assert_eq!(check(&root), two(&["source_too_large"], &["a"]));
    assert_eq!(said(&fanshi(&["fmt", "q.fan"], &root)).0, Some(2));
    std::fs::remove_file(root.join("q.fan")).unwrap();
    sparse(&root.join("p.cases.toml"), 40 << 30);
    assert_eq!(said(&fanshi(&["test"], &root)).0, Some(2));
    put(&root, "p.cases.toml", CASES);
    sparse(&root.join("p.cases/一.txt"), 40 << 30);
    let (code, text) = said(&fanshi(&["test", "--update"], &root));
    assert_eq!((code, text.contains("larger than 16 MB")), (Some(2), true), "{text}");
    sparse(&root.join("fanshi.toml"), 40 << 30);
    let (code, text) = said(&fanshi(&["check"], &root));
    assert_eq!((code, text.contains("larger than 64 MB")), (Some(2), true), "{text}");
    // Text that is not JSON lines of UTF-8 is read whole, whatever it is called.
    let root = project("sized-lines", "\"项\" = [\"good.csv\", \"d.jsonl\"]");
    put(&root, "good.csv", DATA);
    sparse(&root.join("d.jsonl"), most("data as text") + 1);
    let file = std::fs::OpenOptions::new().write(true).open(root.join("d.jsonl")).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, b"{\"\xC9\xCF\": 1}\n", 0).unwrap();
    assert_eq!(check(&root), two(&["source_too_large"], &["a"]));
    // And no line is without end.
    let root = project("sized-line", "\"项\" = [\"good.csv\", \"d.jsonl\"]");
    put(&root, "good.csv", DATA);
    let size = 300 << 20;
    sparse(&root.join("d.jsonl"), size);
    let file = std::fs::OpenOptions::new().write(true).open(root.join("d.jsonl")).unwrap();
    for sample in 0..16 {
        let at = size / 16 * sample;
        std::os::unix::fs::FileExt::write_all_at(&file, &[b' '; 4096], at).unwrap();
    }
    let (code, codes, _) = check(&root);
    assert_eq!((code, &*codes[0]), (Some(2), "source_too_large"), "{codes:?}");
}

/// The table in docs/manifest.md is the one in the code.
#[test]
fn limits_are_documented() {
    let page = include_str!("../../docs/manifest.md");
    for limit in LIMITS {
        let size = match limit.most {
            gb if gb >= 1 << 30 => format!("{} GB", gb >> 30),
            mb => format!("{} MB", mb >> 20),
        };
        let row = page.lines().find(|line| line.starts_with(&format!("| {} ", limit.en)));
        let row = row.unwrap_or_else(|| panic!("no row for {}", limit.en));
        assert!(row.ends_with(&format!("| {size} |")), "{row}: {size}");
        assert!(row.contains(limit.zh), "{row}: {}", limit.zh);
    }
}

#[test]
fn names_with_signs_of_patterns() {
    let alone = |name: &str, written: &str| {
        let root = project("signs", &format!("\"项\" = '{written}'"));
        put(&root, name, DATA);
        check(&root)
    };
    let good = (Some(1), vec![], vec!["a".to_owned()]);
    for (name, written) in [
        ("c[1].csv", "c[1].csv"),
        ("c[1].csv", "c[[]1].csv"),
        ("[甲]数.csv", "[甲]数.csv"),
        ("表[1]/d.csv", "表[1]/*.csv"),
        ("表[1]/d.csv", "**/d.csv"),
        ("c[1.csv", "c[1.csv"),
        ("问?.csv", "问?.csv"),
        ("星*.csv", "星*.csv"),
    ] {
        assert_eq!(alone(name, written), good, "{name} as {written}");
    }
    // A name and a pattern at once: the name, and the others are told of.
    let root = project("signs-both", "\"项\" = \"c[1].csv\"");
    put(&root, "c[1].csv", DATA);
    put(&root, "c1.csv", "号,数\nz,99\n");
    assert_eq!(check(&root), (Some(1), vec!["name_like_pattern".to_owned()], vec!["a".to_owned()]));
    let policies = folder("signs-policy");
    put(&policies, "规[1].fan", POLICY);
    put(&policies, "d.csv", DATA);
    let manifest = HEAD.replace("*.fan", "规[1].fan") + "\"项\" = \"d.csv\"\n";
    put(&policies, "fanshi.toml", manifest);
    assert_eq!(check(&policies), good);
}

#[test]
fn links() {
    // In a circle, to itself and to each other.
    let root = project("circles", "\"项\" = \"**/*.csv\"");
    put(&root, "甲/d.csv", DATA);
    put(&root, "乙/空.txt", "");
    for (to, at) in [(".", "甲/自"), ("..", "甲/上"), ("../甲", "乙/甲"), ("../乙", "甲/乙")]
    {
        symlink(to, root.join(at)).unwrap();
    }
    let begun = Instant::now();
    assert_eq!(check(&root), (Some(1), vec![], vec!["a".to_owned()]));
    assert!(begun.elapsed().as_secs() < 10);
    // That lead nowhere: as a file, as a folder, and one that the pattern does not take.
    let root = project("dangling", "\"项\" = \"*.csv\"");
    put(&root, "d.csv", DATA);
    symlink("nowhere", root.join("也.txt")).unwrap();
    assert_eq!(check(&root), (Some(1), vec![], vec!["a".to_owned()]));
    symlink("nowhere", root.join("e.csv")).unwrap();
    assert_eq!(check(&root), two(&["unreadable_file"], &["a"]));
    let root = project("dangling-folder", "\"项\" = \"*/x.csv\"");
    put(&root, "甲/x.csv", DATA);
    symlink("nowhere", root.join("乙")).unwrap();
    assert_eq!(check(&root), two(&["unreadable_folder"], &["a"]));
    // To itself.
    let root = project("self", "\"项\" = \"*.csv\"");
    put(&root, "d.csv", DATA);
    symlink("e.csv", root.join("e.csv")).unwrap();
    assert_eq!(check(&root), two(&["unreadable_file"], &["a"]));
    let (_, text) = said(&fanshi(&["check"], &root));
    assert!(text.contains("`e.csv`: links lead in a circle"), "{text}");
    // A folder that is called as files are, wherever it is found.
    for pattern in ["*.csv", "**/*.csv", "**/[de].csv"] {
        let root = project("called-so", &format!("\"项\" = \"{pattern}\""));
        put(&root, "d.csv", DATA);
        put(&root, "e.csv/空.txt", "");
        assert_eq!(check(&root), two(&["unreadable_file"], &["a"]), "{pattern}");
    }
    // A folder by two names is read once.
    let root = project("twice", "\"项\" = \"*/x.csv\"");
    put(&root, "乙/x.csv", DATA);
    symlink("乙", root.join("丙")).unwrap();
    assert_eq!(check(&root), (Some(1), vec![], vec!["a".to_owned()]));
}

#[test]
fn patterns_that_explode() {
    let root = project("explode", "\"项\" = \"x\"");
    let mut deep = root.join("深");
    for at in 0..40 {
        put(&deep, format!("{at}.csv"), format!("号,数\nk{at},9\n"));
        deep.push("深");
    }
    for pattern in [
        "**/".repeat(300) + "*.csv",
        "**/深/".repeat(12) + "**/*.csv",
        "**/*/".repeat(12) + "**/*.csv",
        "*/../".repeat(300) + "**/*.csv",
        "**/深/../".repeat(12) + "**/*.csv",
        "**/*".to_owned() + &"*?".repeat(3) + "csv",
    ] {
        put(&root, "fanshi.toml", format!("{HEAD}\"项\" = \"{pattern}\"\n"));
        let begun = Instant::now();
        let (code, codes, _) = check(&root);
        assert!(code.is_some_and(|code| code < 3), "{pattern} {codes:?}");
        assert!(begun.elapsed().as_secs() < 20, "{pattern}");
    }
}

#[test]
fn many_files_take_time_by_their_number() {
    let took = |count: usize| {
        let root = project("many", "\"项\" = \"**/*.csv\"");
        for at in 0..count {
            put(&root, format!("{}/{at}.csv", at % 7), format!("号,数\nk{at},1\n"));
        }
        let begun = Instant::now();
        assert_eq!(check(&root), (Some(0), vec![], vec![]));
        begun.elapsed().as_secs_f64()
    };
    let (few, many) = (took(2_000), took(16_000));
    // Eight times as many; by their square, 64 times as long.
    assert!(many < few.max(0.1) * 24.0, "2,000 files {few} s, 16,000 files {many} s");
}

/// The same files on a disk, in memory, and half of them laid over the other half.
#[test]
fn one_way_to_find_files() {
    let root = folder("one-way");
    let names = [
        "a.csv",
        "b.csv",
        "c1.csv",
        "c[1].csv",
        ".hid.csv",
        ".hid/x.csv",
        "甲/x.csv",
        "甲/乙/x.csv",
        "甲/乙/丙/y.csv",
        "丁/x.csv",
        "~$a.csv",
        ".fanshi-0a.tmp",
    ];
    let (mut memory, mut below) = (Memory::new(), Memory::new());
    let mut upper: Vec<PathBuf> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let path = put(&root, name, name);
        memory = memory.with(&path, *name);
        if at % 2 == 0 {
            below = below.with(&path, *name);
        } else {
            upper.push(path);
        }
    }
    let over = upper.into_iter().fold(Overlay::new(Arc::new(below)), |over, path| {
        let text = path.file_name().unwrap().to_string_lossy().into_owned();
        over.with(path, text)
    });
    let stores: [&dyn Files; 3] = [&Disk, &memory, &over];
    for (pattern, count) in [
        ("*.csv", 4),
        ("c[1].csv", 1),
        ("c?.csv", 1),
        ("**/*.csv", 8),
        ("**/x.csv", 3),
        ("*/x.csv", 2),
        ("甲/**", 3),
        ("**/**/y.csv", 1),
        (".*", 2),
        (".*/*", 1),
        ("甲/../丁/*", 1),
        ("[!c]*.csv", 2),
        ("无/*.csv", 0),
    ] {
        let found = stores.map(|files| {
            let found = files.fitting(&root, pattern);
            (found.paths, found.problems.len())
        });
        assert_eq!(found[0].0.len(), count, "{pattern}: {found:?}");
        assert!(found.iter().all(|each| *each == found[0]), "{pattern}: {found:?}");
    }
    for path in ["a.csv", "甲", "甲/none", "a.csv/x", "."] {
        let path = root.join(path);
        let kinds = stores.map(|files| files.kind(&path).ok());
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{path:?} {kinds:?}");
        let errors = stores.map(|files| files.read(&path, 3).map_err(|error| error.kind()));
        assert!(errors[0].is_err(), "{path:?}");
        assert!(errors[1..].iter().all(Result::is_err), "{path:?} {errors:?}");
    }
}

#[test]
fn a_name_that_is_empty_is_an_error() {
    for written in [
        "\"\"",
        "\"  \"",
        "\"　\"",
        "[]",
        "{ file = \"\" }",
        "{ file = \"\", empty = true }",
        "[\"d.csv\", \"\"]",
    ] {
        let root = project("empty-name", &format!("\"项\" = {written}"));
        put(&root, "d.csv", DATA);
        let (code, found, _) = check(&root);
        assert_eq!(
            (code, &found[..]),
            (Some(2), &["wrong_manifest_value".to_owned()][..]),
            "{written}"
        );
    }
    for written in ["\"\"", "[\"\"]", "[\"p.fan\", \" \"]"] {
        let root = project("empty-policy", "\"项\" = \"d.csv\"");
        put(&root, "d.csv", DATA);
        let manifest = HEAD.replace("\"*.fan\"", written) + "\"项\" = \"d.csv\"\n";
        put(&root, "fanshi.toml", manifest);
        let (code, found, _) = check(&root);
        assert_eq!(code, Some(2), "{written}");
        assert!(found.contains(&"wrong_manifest_value".to_owned()), "{written}: {found:?}");
    }
}

#[test]
fn what_is_no_utf_8_is_told_by_line_and_column() {
    let bytes = |text: &str| [text.as_bytes(), b"\xC9\xCF\xB1\xA8\n"].concat();
    let root = project("no-utf8", "\"项\" = \"d.csv\"");
    put(&root, "d.csv", DATA);
    let place = |output: &std::process::Output| {
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let found = report["diagnostics"].as_array().unwrap();
        let found = found.iter().find(|found| found["code"] == "invalid_utf8").unwrap().clone();
        let place = &found["places"][0];
        (
            place["file"].clone(),
            place["line"].clone(),
            place["column"].clone(),
            place["start"].clone(),
        )
    };
    put(&root, "q.fan", bytes("词汇 词\n# 一二"));
    let output = fanshi(&["check", "--format", "json"], &root);
    assert_eq!(place(&output), ("q.fan".into(), 2.into(), 5.into(), 19.into()));
    std::fs::remove_file(root.join("q.fan")).unwrap();
    put(&root, "fanshi.toml", bytes(&format!("\u{FEFF}{HEAD}# 注")));
    let output = fanshi(&["check", "--format", "json"], &root);
    assert_eq!(place(&output).1, 5);
    assert_eq!(place(&output).2, 4);
    let returns = bytes("as_of = 2015-11-20\r# 旧的行尾 ");
    put(&root, "p.cases.toml", returns.strip_suffix(b"\n").unwrap());
    let (code, text) = said(&fanshi(&["test", "p.fan"], &root));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("p.cases.toml:2:8"), "{text}");
}
