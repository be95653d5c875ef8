//! A report of one's own: findings by department, as a table in Markdown.
//!
//! `cargo run --example report`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use fanshi::{Grouping, Groups, Options, Outcome, Project};
use std::collections::BTreeMap;
use std::path::Path;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let run =
        Project::read(&root).run(&Options { keep: fanshi::Keep::Groups, ..Options::default() });
    let groups = Groups::new(&run, Grouping::usual(&run.policy));
    println!("| group | rows | violated |\n| --- | --- | --- |");
    for group in &groups.list {
        let name = group.name.as_ref().map_or("—", |name| &name.zh);
        println!("| {name} | {} | {} |", group.rows, group.tally.violated);
    }
    let mut outcomes: BTreeMap<Outcome, usize> = BTreeMap::new();
    run.findings().for_each(|finding| *outcomes.entry(finding.outcome).or_default() += 1);
    for (outcome, count) in outcomes {
        println!("{}: {count}", outcome.said().en);
    }
}
