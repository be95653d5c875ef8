//! Checks a whole project, manifest and data included, that is in memory alone.
//!
//! `cargo run --example memory`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use fanshi::{Memory, Options, Project};
use std::path::Path;
use std::sync::Arc;

fn main() {
    let files = Memory::new()
        .with(
            "fanshi.toml",
            "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n\
                [data]\n\"书\" = \"书.csv\"\n",
        )
        .with(
            "馆规.fan",
            "政策 馆规\n表 书 { 号 : 文本 主键  页 : 整数 }\n第一条 厚 凡 书，页 不得 超过 500。\n",
        )
        .with("书.csv", "号,页\n甲,90\n乙,610\n");
    let run = Project::read_in(Arc::new(files), Path::new("")).run(&Options::default());
    for finding in run.findings() {
        for evidence in &finding.evidence {
            println!("{}: {}", evidence.place.file, evidence.label.zh);
        }
        println!("{}", finding.message.zh);
    }
    assert_eq!(run.summary.totals.violated, 1);
}
