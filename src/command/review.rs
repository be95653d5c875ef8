//! `fanshi review`.

use super::output::Output;
use crate::engine::Keep;
use crate::report;
use crate::review;
use crate::workspace::Options;
use crate::workspace::Project;
use clap::ValueEnum;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `review`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 按哪个字段分组（表.字段、字段或所引用的表） — the field to group by (table.field, field, or
    /// the table it refers to)
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// 格式 — the format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
    Markdown,
    Html,
    Xlsx,
}

/// Runs `review`: the exit code is that of `check`.
pub(super) fn run(args: &Args) -> ExitCode {
    let shown = args.output.shown();
    let language = shown.language;
    if let (FormatArg::Xlsx, Err(message)) = (args.format, args.output.takes_workbooks()) {
        super::say_line(&message);
        return ExitCode::from(2);
    }
    let options = Options { as_of: args.output.as_of, keep: Keep::Groups, ..Options::default() };
    let project = Project::read(&args.project);
    let by = args.by.clone().or_else(|| project.manifest.review_by.clone());
    let inputs = project.inputs();
    let run = project.run(&options);
    let found = run.report();
    let reviewed = review::review(&run, by.as_deref());
    let asked = reviewed.as_ref().err().map(|asked| (**asked).clone());
    let mistakes: Vec<_> = found.diagnostics.iter().cloned().chain(asked).collect();
    let written = report::write_diagnostics(&mistakes, &shown, &mut std::io::stderr().lock());
    let Ok(reviewed) = reviewed else { return args.output.finish(written, 2) };
    let write = || {
        let mut out = args.output.open(&inputs)?;
        match args.format {
            FormatArg::Text => review::write_text(&reviewed, &run, &shown, &mut out),
            FormatArg::Html => review::write_html(&reviewed, &run, language, &mut out),
            FormatArg::Markdown => review::write_markdown(&reviewed, &run, language, &mut out),
            FormatArg::Xlsx => review::write_xlsx(&reviewed, &run, language, &mut out),
            FormatArg::Json => {
                let mut out = BufWriter::new(&mut out);
                review::write_json(&reviewed, &run, language, &mut out)?;
                out.flush()
            }
        }
    };
    args.output.finish(written.and_then(|()| write()), report::exit_code(&found))
}
