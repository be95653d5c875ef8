//! What an editor shows while a policy is written: the texts it has not saved are laid over the disk.
//!
//! `cargo run --example editor`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use fanshi::{At, Diagnostic, Disk, Options, Overlay, Project};
use std::path::Path;
use std::sync::Arc;

/// A squiggle: line and column from and to, both from 1.
fn squiggle(diagnostic: &Diagnostic) -> Option<String> {
    let label = diagnostic.labels.first()?;
    let At::Text { from, to, .. } = &label.place.at else { return None };
    let help = diagnostic.help.as_ref().map_or("", |help| &help.en);
    let (from, to) = ((from.line, from.column), (to.line, to.column));
    Some(format!("{} {from:?}–{to:?} {} ({help})", label.place.file, diagnostic.message.en))
}

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let saved = Project::read(&root).run(&Options::default());
    // The reader typed a name that nothing has.
    let typed = "政策 试写\n使用 行政审批\n第一条 试 凡 事项，必须 有 名成。\n";
    let files = Overlay::new(Arc::new(Disk)).with(root.join("试写.fan"), typed);
    let manifest = std::fs::read_to_string(root.join("fanshi.toml")).unwrap_or_default();
    let manifest = manifest.replacen("policies = [", "policies = [\"试写.fan\", ", 1);
    let files = files.with(root.join("fanshi.toml"), manifest);
    let run = Project::read_in(Arc::new(files), &root).run(&Options::default());
    let lines: Vec<String> = run.summary.diagnostics.iter().filter_map(squiggle).collect();
    lines.iter().for_each(|line| println!("{line}"));
    assert!(lines.len() > saved.summary.diagnostics.len());
}
