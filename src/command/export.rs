//! `fanshi export`.

use super::choice::{DialectArg, ProjectArgs};
use super::output::finish;
use crate::emit::export_over;
use crate::engine::Keep;
use crate::report;
use crate::say;
use crate::testing::suite;
use crate::workspace::{Options, shown};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    of: ProjectArgs,
    /// 读入语句写给哪一种数据库 — the engine that the statements for loading are for
    #[arg(long, value_enum, value_name = "NAME", default_value = "duckdb")]
    dialect: DialectArg,
    /// 写入的文件夹 — the folder to write into
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,
}

/// Runs `export`.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.of.project);
    let project = super::read(&path);
    let language = args.of.language();
    let inputs = suite::inputs(&project);
    let options = Options { as_of: args.of.as_of, keep: Keep::Everything, ..Options::default() };
    let (warehouse, _) = project.warehouse(project.policy(&options).schema());
    let run = project.run(&options);
    let found = run.report();
    let options = report::Options { language, ..super::plain_options() };
    let out = &mut std::io::stderr().lock();
    let warned = report::write_diagnostics(&found.diagnostics, &options, out);
    let files = export_over(&run, args.dialect.into(), !warehouse.is_empty());
    let count = files.len();
    let files = files.iter().map(|file| (file.name.as_str(), file.text.as_bytes()));
    let written = warned.and_then(|()| super::target::files(&args.output, files, &inputs));
    if written.is_ok() {
        let folder = shown(&args.output);
        super::say_line(&say!("文件 {count} 个 → {folder}", "{count} files → {folder}"));
    }
    let is_wrong =
        found.diagnostics.iter().any(|found| found.severity == crate::diagnostic::Severity::Error);
    finish(written, if is_wrong { 2 } else { 0 })
}
