//! What is written and read while other programs are about.

use super::{Wine, below, fresh, library, on_z, said};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Another program that has a file open: what others may do meanwhile, and for how long.
struct Holder(Child);

impl Holder {
    fn of(wine: &Wine, file: &Path, share: &str, milliseconds: u32) -> Self {
        let mut command = wine.program("hold.exe", file.parent().unwrap());
        command.arg(file.file_name().unwrap()).args([share, &milliseconds.to_string()]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "held");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // Stopped or not, the file is free when this returns.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const LONG: u32 = 120_000;

/// A report or a workbook that Excel has open is not written, and what was there stays.
#[test]
fn a_report_that_is_open_elsewhere_stays() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("held");
    library(&folder);
    for (share, told) in [
        ("0", "别的程序（如 Excel）打开着它；在那里关闭，再来一遍"),
        ("1", "别的程序（如 Excel）打开着它；在那里关闭，再来一遍"),
        // What may be written to but not replaced.
        ("3", "没有权限写它或它所在的文件夹；换一个地方，或关闭打开它的程序"),
    ] {
        for (command, name) in
            [("check", "r.html"), ("check", "r.xlsx"), ("review", "s.html"), ("cases", "c.toml")]
        {
            let target = folder.join(name);
            fs::write(&target, "old").unwrap();
            let before = below(&folder);
            let holder = Holder::of(&wine, &target, share, LONG);
            let (code, _, err) = said(&wine.fanshi(&folder, &[command, "-o", name]));
            drop(holder);
            assert_eq!(code, Some(2), "{command} {name} {share}: {err}");
            assert!(err.contains(&format!("写不了 `{name}`：{told}")), "{err}");
            assert!(below(&folder) == before, "{command} {name} {share}");
        }
    }
}

/// One workbook of several that is open leaves all as they were.
#[test]
fn of_several_workbooks_none_is_written() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("several");
    library(&folder);
    let arguments = ["check", "--format", "xlsx", "--by", "shelf", "-o", "by", "--force"];
    let (code, _, err) = said(&wine.fanshi(&folder, &arguments));
    assert_eq!(code, Some(1), "{err}");
    let names: Vec<PathBuf> = below(&folder.join("by"))
        .into_iter()
        .map(|(name, _)| folder.join("by").join(name))
        .collect();
    assert!(names.len() > 1);
    for name in &names {
        names.iter().for_each(|name| fs::write(name, "old").unwrap());
        let before = below(&folder);
        let holder = Holder::of(&wine, name, "1", LONG);
        let (code, _, err) = said(&wine.fanshi(&folder, &arguments));
        drop(holder);
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains("Excel"), "{err}");
        assert!(below(&folder) == before);
    }
}

/// Programs that look at every new file have it for a moment; that is waited for.
#[test]
fn a_file_that_is_held_for_a_moment_is_waited_for() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("moment");
    library(&folder);
    let target = folder.join("r.html");
    fs::write(&target, "old").unwrap();
    let holder = Holder::of(&wine, &target, "3", LONG);
    let mut command = wine.program("fanshi.exe", &folder);
    let mut child = command.args(["check", "-o", "r.html"]).spawn().unwrap();
    written(&folder, &mut child);
    sleep(Duration::from_millis(400));
    drop(holder);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(fs::read_to_string(&target).unwrap().starts_with("<!DOCTYPE html>"));
}

/// A file that nobody else may read is an error that says so; everything else is judged.
#[test]
fn data_that_is_locked_is_told() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("locked");
    library(&folder);
    for (name, judged) in [("books.json", false), ("library.fan", false), ("fanshi.toml", false)] {
        let holder = Holder::of(&wine, &folder.join(name), "0", LONG);
        let (code, out, _) = said(&wine.fanshi(&folder, &["check"]));
        drop(holder);
        assert_eq!(code, Some(2), "{name}: {out}");
        let told = "别的程序（如 Excel）打开着 `";
        assert!(
            out.contains(told)
                && out.contains(&format!("{name}`，不让读"))
                && out.contains("在那个程序里关闭它"),
            "{out}"
        );
        assert_eq!(out.contains("违反 3"), judged);
    }
    // Excel itself lets others read.
    let holder = Holder::of(&wine, &folder.join("books.json"), "1", LONG);
    assert_eq!(wine.fanshi(&folder, &["check"]).status.code(), Some(1));
    drop(holder);
}

/// What the project is read from, by any name that Windows takes for it.
#[test]
fn what_is_read_is_not_written_over() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("spared");
    library(&folder);
    // A policy of no project here, and a manifest of another.
    fs::create_dir(folder.join("别处")).unwrap();
    fs::write(folder.join("别处/other.fan"), "政策 别\n").unwrap();
    fs::write(folder.join("别处/fanshi.toml"), "[project]\n").unwrap();
    let before = below(&folder);
    for target in [
        "books.json",
        "BOOKS.JSON",
        "books.json.",
        ".\\Books.json ",
        "library.FAN",
        "FANSHI.TOML",
        "别处/other.fan",
        "别处\\OTHER.Fan",
        "别处\\other.fan. .",
        "别处\\FanShi.TOML",
        &on_z(&folder.join("Shelves.CSV")),
        &format!("\\\\?\\{}", on_z(&folder.join("shelves.csv"))),
    ] {
        for command in ["check", "review", "cases"] {
            let output = wine.fanshi(&folder, &[command, "-o", target]);
            let (code, _, err) = said(&output);
            // An ending that is none of a format's is refused before.
            let refusals = ["项目从这个文件读入", "看不出要写成什么格式"];
            let refused = refusals.iter().any(|refusal| err.contains(refusal));
            assert!(code == Some(2) && refused, "{target}: {err}");
        }
    }
    assert!(below(&folder) == before);
}

/// Two runs into one folder at once: all workbooks are of one of them, and nothing else is left.
#[test]
fn two_runs_make_no_mixture() {
    let Some(wine) = Wine::there() else { return };
    let folder = wine.folder("together");
    let (one, other) = (folder.join("one"), folder.join("other"));
    for (project, pages) in [(&one, "700"), (&other, "900")] {
        fs::create_dir(project).unwrap();
        library(project);
        let books = fs::read_to_string(project.join("books.json")).unwrap();
        fs::write(project.join("books.json"), books.replace("610", pages)).unwrap();
    }
    let arguments = |project: &'static str, into: &'static str| {
        ["check", project, "--format", "xlsx", "--by", "shelf", "--force", "-o", into]
    };
    let wholes = [("one", "a"), ("other", "b")].map(|(project, into)| {
        let (code, _, err) = said(&wine.fanshi(&folder, &arguments(project, into)));
        assert_eq!(code, Some(1), "{err}");
        below(&folder.join(into))
    });
    for _ in 0..6 {
        let run = |project| {
            let mut command = wine.program("fanshi.exe", &folder);
            command.args(arguments(project, "both")).spawn().unwrap()
        };
        for mut child in ["one", "other", "one"].map(run) {
            assert!(child.wait().unwrap().code() < Some(2));
        }
        let both = below(&folder.join("both"));
        assert!(
            wholes.contains(&both),
            "{:?}",
            both.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
    }
}

/// Ctrl-C takes away what is not whole, and leaves what was there.
#[test]
fn a_run_that_is_stopped_leaves_what_was_there() {
    let Some(wine) = Wine::there() else { return };
    let folder = fresh(wine.folder("stopped"));
    library(&folder);
    let books: Vec<String> = (0..60_000)
        .map(|at| {
            format!(
                r#"{{"号":"{at}","架":"东","页":900,"去向":"留","名":"","章":[{{"题":"很长很长的题"}}]}}"#
            )
        })
        .collect();
    fs::write(folder.join("books.json"), format!("[{}]", books.join(","))).unwrap();
    fs::write(folder.join("r.html"), "old").unwrap();
    let before = below(&folder);
    // Now and then the signal ends wine itself, and the program never hears of it.
    let stopped = || {
        let mut command = wine.program("fanshi.exe", &folder);
        let mut child = command.args(["check", "-o", "r.html"]).spawn().unwrap();
        written(&folder, &mut child);
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        let code = child.wait().unwrap().code();
        if code.is_none() {
            temporary(&folder).for_each(|file| fs::remove_file(file).unwrap());
        }
        code
    };
    assert_eq!((0..6).find_map(|_| stopped()), Some(130));
    assert!(below(&folder) == before);
}

/// The temporary files of a run.
fn temporary(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let is_one = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".fanshi-"))
    };
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(is_one)
}

/// Waits until a run writes its temporary file.
fn written(folder: &Path, child: &mut Child) {
    let begun = Instant::now();
    while temporary(folder).next().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
        sleep(Duration::from_millis(1));
    }
}
