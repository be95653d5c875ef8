//! How long a keystroke takes on the sample. `cargo test --release --test authoring latency --
//! --ignored --nocapture` prints it.

use fanshi::authoring::Service;
use fanshi::{Disk, Files};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The sample.
const SAMPLE: &str = "policies/shangjie-2015";
/// The file that is typed in.
const TYPED: &str = "policies/approval-reform/hall.fan";

/// The median and the ninety-ninth of a hundred.
fn percentiles(mut all: Vec<Duration>) -> (Duration, Duration) {
    all.sort();
    (all[all.len() / 2], all[(all.len() * 99 / 100).min(all.len() - 1)])
}

fn path() -> PathBuf {
    Path::new(SAMPLE).join("../approval-reform/hall.fan")
}

/// Texts as they are while a number in an article, then a new sentence is typed.
fn keystrokes(text: &str) -> Vec<String> {
    let typed = "\n第九十九条 试 凡 窗口事项，名称 不得 为 “无”。\n";
    let mut texts = Vec::new();
    for (at, letter) in typed.char_indices() {
        texts.push(format!("{text}{}", &typed[..at + letter.len_utf8()]));
    }
    texts
}

#[test]
#[ignore = "measures; run with --release"]
fn latency() {
    let begun = Instant::now();
    let mut service = Service::open(Arc::new(Disk), SAMPLE.as_ref());
    let view = service.view();
    eprintln!("first view {:?}", begun.elapsed());
    let begun = Instant::now();
    let count = view.run().verdicts.len();
    eprintln!("first run {:?}, {count} verdicts", begun.elapsed());
    let text = String::from_utf8(Disk.read(TYPED.as_ref(), 1 << 20).unwrap()).unwrap();
    let (mut views, mut told, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        for typed in keystrokes(&text) {
            let begun = Instant::now();
            service.put(&path(), Some(typed));
            let view = service.view();
            views.push(begun.elapsed());
            let _ = view.diagnostics_of(&path());
            told.push(begun.elapsed());
            let begun = Instant::now();
            let _ = view.verdicts(&path());
            verdicts.push(begun.elapsed());
        }
    }
    for (name, all) in [("view", views), ("diagnostics", told), ("verdicts", verdicts)] {
        let (p50, p99) = percentiles(all);
        eprintln!("{name}: p50 {p50:?}, p99 {p99:?}");
    }
    let begun = Instant::now();
    let flips = service.view().flips(&service.saved());
    eprintln!(
        "flips: {:?}, {} rows, {} cases",
        begun.elapsed(),
        flips.rows.len(),
        flips.cases.len()
    );
}
