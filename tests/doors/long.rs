//! Runs that are stopped at any moment, and disks that are full: `cargo test --test doors -- --ignored
//! --nocapture`.

use super::{POLICY, command, ended, fanshi, folder, litter, put, said};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A command that writes, and where.
type Writing = (&'static [&'static str], &'static [&'static str]);

const WRITING: [Writing; 29] = [
    (&["check", "-o", "out/r.txt"], &["out/r.txt"]),
    (&["check", "-o", "out/r.json"], &["out/r.json"]),
    (&["check", "-o", "out/r.tsv"], &["out/r.tsv"]),
    (&["check", "-o", "out/r.md"], &["out/r.md"]),
    (&["check", "-o", "out/r.sarif"], &["out/r.sarif"]),
    (&["check", "--format", "junit", "-o", "out/r.xml"], &["out/r.xml"]),
    (&["check", "-o", "out/r.html"], &["out/r.html"]),
    (&["check", "-o", "out/r.xlsx"], &["out/r.xlsx"]),
    (
        &["check", "--format", "xlsx", "--by", "组", "--force", "-o", "books"],
        &["books/甲.xlsx", "books/乙.xlsx", "books/丙.xlsx"],
    ),
    (&["review", "-o", "out/v.txt"], &["out/v.txt"]),
    (&["review", "--format", "json", "-o", "out/v.json"], &["out/v.json"]),
    (&["review", "--format", "html", "-o", "out/v.html"], &["out/v.html"]),
    (&["review", "--format", "xlsx", "-o", "out/v.xlsx"], &["out/v.xlsx"]),
    (&["diff", "old", ".", "-o", "out/d.txt"], &["out/d.txt"]),
    (&["diff", "old", ".", "--format", "json", "-o", "out/d.json"], &["out/d.json"]),
    (&["diff", "old", ".", "--format", "html", "-o", "out/d.html"], &["out/d.html"]),
    (&["diff", "old", ".", "--format", "xlsx", "-o", "out/d.xlsx"], &["out/d.xlsx"]),
    (&["cases", "-o", "out/c.toml"], &["out/c.toml"]),
    (&["fmt", "f.fan"], &["f.fan"]),
    (&["test", "--update"], &["p.cases/0.txt", "p.cases/1.txt", "p.cases/2.txt"]),
    (
        &["init", "--lang", "en", "new/one"],
        &[
            "new/one/fanshi.toml",
            "new/one/contracts.fan",
            "new/one/contracts.csv",
            "new/one/contracts.cases.toml",
        ],
    ),
    (&["explain", "1", "-o", "out/e.json"], &["out/e.json"]),
    (&["prove", "-o", "out/p.json"], &["out/p.json"]),
    (&["form", ".", "-o", "out/f.xlsx"], &["out/f.xlsx"]),
    (
        &["round", "--by", "组", "--force", "-o", "sent"],
        &["sent/甲.xlsx", "sent/乙.xlsx", "sent/丙.xlsx", "sent/round.toml"],
    ),
    (
        &["receive", ".", "back", "--by", "组", "-o", "new/two"],
        &["new/two/fanshi.toml", "new/two/answers.toml", "new/two/项.json"],
    ),
    (&["man", "-o", "pages"], &["pages/fanshi.1", "pages/fanshi-check.1"]),
    (
        &["emit", "sql", "--dialect", "duckdb", "-o", "views"],
        &["views/00-tables.sql", "views/90-all.sql"],
    ),
    (&["export", "--dialect", "duckdb", "-o", "rows"], &["rows/load.sql"]),
];

/// The files, where they are.
type State = BTreeMap<&'static str, Option<Vec<u8>>>;

fn state(root: &Path, files: &[&'static str]) -> State {
    files.iter().map(|&name| (name, std::fs::read(root.join(name)).ok())).collect()
}

fn restore(root: &Path, state: &State) {
    for (name, bytes) in state {
        match bytes {
            Some(bytes) => drop(put(root, name, bytes)),
            None => drop(std::fs::remove_file(root.join(name))),
        }
    }
    let _ = std::fs::remove_dir(root.join("new/one"));
    let _ = std::fs::remove_dir(root.join("new/two"));
    let _ = std::fs::remove_dir(root.join("new"));
}

/// A project that all of them can be asked of, with something old in the place of each file, but for
/// those of `init`.
fn begun(root: &Path, rows: usize) {
    let policy = POLICY.replace("数 : 整数", "数 : 整数 组 : 文本") + "指标 数 = 数量(项) 按 组\n";
    let lines = |step: usize| -> String {
        let group = |at: usize| ["甲", "乙", "丙"][at % 3];
        (0..rows).map(|at| format!("{at},{},{}\n", at * step % 9, group(at))).collect()
    };
    let mut cases = String::from("as_of = 2015-11-20\n");
    for case in 0..3 {
        cases += &format!("[[case]]\nname = \"{case}\"\n");
        let row =
            |row| format!("{{ \"号\" = \"x{row}\", \"数\" = {}, \"组\" = \"甲\" }}", row + case);
        let rows: Vec<String> = (0..20).map(row).collect();
        cases += &format!("\"项\" = [{}]\n", rows.join(", "));
    }
    let manifest =
        "[project]\nas_of = 2015-11-20\npolicies = \"p.fan\"\n[data]\n\"项\" = \"d.csv\"\n";
    for (folder, step) in [(root.to_path_buf(), 1), (root.join("old"), 2)] {
        put(&folder, "p.fan", &policy);
        put(&folder, "fanshi.toml", manifest);
        put(&folder, "d.csv", format!("号,数,组\n{}", lines(step)));
    }
    put(root, "p.cases.toml", cases);
    let (code, text) = said(&fanshi(&["round", "--by", "组", "-o", "back"], root));
    assert_eq!(code, Some(1), "{text}");
    let mut unformatted = policy;
    for at in 2..200 {
        unformatted += &format!("第{at}条 条{at}\n凡   项，数 不得   超过 5。\n");
    }
    put(root, "f.fan", unformatted);
    for name in WRITING.iter().flat_map(|(_, files)| *files) {
        if !name.starts_with("new/") && !name.ends_with(".fan") {
            put(root, name, format!("what was in {name} before\n").repeat(40));
        }
    }
}

/// Sends a signal.
pub fn signal(child: &Child, signal: &str) {
    let sent = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
    assert!(sent.is_ok());
}

fn start(arguments: &[&str], root: &Path) -> Child {
    command(arguments, root).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Numbers that look like chance (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end.max(1)
    }
}

#[test]
#[ignore = "minutes: each writing command is stopped at 200 moments"]
fn stopped_at_any_moment_a_file_is_old_or_new() {
    let root = folder("moments");
    begun(&root, 400);
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for (arguments, files) in WRITING {
        let old = state(&root, files);
        let clock = Instant::now();
        let (code, text) = said(&ended(start(arguments, &root)));
        let whole = u64::try_from(clock.elapsed().as_micros()).unwrap();
        assert!(code.is_some_and(|code| code < 2), "{arguments:?}: {text}");
        let new = state(&root, files);
        assert!(new.values().all(Option::is_some) && new != old, "{arguments:?}");
        let (mut olds, mut news) = (0, 0);
        for turn in 0..200 {
            restore(&root, &old);
            let child = start(arguments, &root);
            // Half of them in the last third, where it writes.
            let moment = match turn % 2 {
                0 => chance.below(whole + whole / 10),
                _ => whole * 2 / 3 + chance.below(whole / 2),
            };
            std::thread::sleep(Duration::from_micros(moment));
            signal(&child, "INT");
            let output = ended(child);
            let found = state(&root, files);
            assert!(found == old || found == new, "{arguments:?} after {moment} µs: {output:?}");
            assert_eq!(litter(&root), Vec::<PathBuf>::new(), "{arguments:?} after {moment} µs");
            olds += u32::from(found == old);
            news += u32::from(found == new);
        }
        restore(&root, &old);
        println!("{}: {olds} times the old, {news} times the new", arguments.join(" "));
        assert!(olds > 0, "{arguments:?} was never stopped");
    }
}

/// A disk of its own, until it is dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where that is not allowed.
    fn mount(name: &str, size: u64) -> Option<Self> {
        let path = folder(name);
        let size = format!("size={size},mode=0777");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&path).stderr(Stdio::null());
        mount.status().ok()?.success().then_some(Self(path))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
#[ignore = "needs the right to mount; minutes"]
fn on_a_full_disk_a_file_is_old_or_new() {
    let Some(disk) = Disk::mount("full", 8 << 20) else {
        println!("not run: no disk can be mounted here");
        return;
    };
    let root = disk.0.as_path();
    begun(root, 300);
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let filler = root.join("filler");
    let fill = |free: u64| {
        let _ = std::fs::remove_file(&filler);
        let mut file = std::fs::File::create(&filler).unwrap();
        let page = [0; 4096];
        while std::io::Write::write_all(&mut file, &page).is_ok() {}
        let full = file.metadata().unwrap().len();
        file.set_len(full.saturating_sub(free)).unwrap();
    };
    for (arguments, files) in WRITING {
        let _ = std::fs::remove_file(&filler);
        let old = state(root, files);
        let (code, text) = said(&fanshi(arguments, root));
        assert!(code.is_some_and(|code| code < 2), "{arguments:?}: {text}");
        let new = state(root, files);
        assert!(new != old, "{arguments:?}");
        let size: usize = new.values().flatten().map(Vec::len).sum();
        let (mut olds, mut news) = (0, 0);
        for _ in 0..50 {
            let _ = std::fs::remove_file(&filler);
            restore(root, &old);
            let free = chance.below(2 * size as u64 + (64 << 10));
            fill(free);
            let output = fanshi(arguments, root);
            let found = state(root, files);
            assert!(found == old || found == new, "{arguments:?} with {free} bytes: {output:?}");
            assert_eq!(litter(root), Vec::<PathBuf>::new(), "{arguments:?} with {free} bytes");
            let (code, text) = said(&output);
            if found == old {
                assert_eq!(code, Some(2), "{arguments:?} with {free} bytes: {text}");
                assert!(text.contains("cannot write `"), "{arguments:?}: {text}");
                assert!(text.contains("the disk is full"), "{arguments:?}: {text}");
            }
            olds += u32::from(found == old);
            news += u32::from(found == new);
        }
        let _ = std::fs::remove_file(&filler);
        restore(root, &old);
        println!("{}: {olds} times the old, {news} times the new", arguments.join(" "));
    }
}
