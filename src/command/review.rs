//! `fanshi review`.

use super::output::{Kind, Output, finish};
use crate::diagnostic::Bilingual;
use crate::engine::Keep;
use crate::finding::Length;
use crate::grouping::{Grouping, Groups};
use crate::report;
use crate::review;
use crate::testing::suite;
use crate::workspace::Options;
use clap::ValueEnum;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `review`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 按什么分组（表.字段、字段或表），代替清单里的 — what to group by (table.field, field or
    /// table), instead of what the manifest says
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 报告格式；不写则看输出文件的扩展名，否则是 text — the report's format; left out, by the
    /// output's extension, else text
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
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
    Docx,
}

impl Kind for FormatArg {
    fn endings(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Text => (&["txt"], &[]),
            Self::Json => (&["json"], &[]),
            Self::Markdown => (&["md", "markdown"], &["txt"]),
            Self::Html => (&["html", "htm"], &[]),
            Self::Xlsx => (&["xlsx"], &[]),
            Self::Docx => (&["docx"], &[]),
        }
    }
}

/// Runs `review`: the exit code is that of `check`.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.project);
    let project = super::read(&path);
    let shown = args.output.shown_of(&path);
    let language = shown.language;
    let format = match args.output.format(args.format, FormatArg::Text) {
        Ok(format @ (FormatArg::Xlsx | FormatArg::Docx)) => {
            args.output.takes_bytes(format).map(|()| format)
        }
        found => found,
    };
    let format = match format {
        Ok(format) => format,
        Err(message) => {
            super::say_line(&message);
            return ExitCode::from(2);
        }
    };
    let length = match format {
        FormatArg::Json => Length::Whole,
        _ => Length::Readable,
    };
    let (as_of, keep) = (args.output.as_of, Keep::Groups);
    let options = Options { as_of, keep, length, ..Options::default() };
    let paper = project.manifest.paper.clone();
    let asked = project.manifest.review_by.as_ref().map(|(name, _)| name.clone());
    let inputs = args.output.spared(|| suite::inputs(&project));
    let run = project.run(&options);
    let by = match Grouping::asked(&run.policy, args.by.as_deref(), asked.as_deref()) {
        Ok(by) => by.or_else(|| Grouping::usual(&run.policy)),
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let (found, groups) = (run.report(), Groups::new(&run, by));
    let written =
        report::write_diagnostics(&found.diagnostics, &shown, &mut std::io::stderr().lock());
    let reviewed = review::review(&groups);
    let write = || {
        args.output.write(&inputs, |out| match format {
            FormatArg::Text => review::write_text(&reviewed, &groups, &shown, out),
            FormatArg::Html => review::write_html(&reviewed, &groups, (language, &paper), out),
            FormatArg::Markdown => review::write_markdown(&reviewed, &groups, language, out),
            FormatArg::Xlsx => review::write_xlsx(&reviewed, &groups, language, out),
            FormatArg::Docx => review::write_docx(&reviewed, &groups, (language, &paper), out),
            FormatArg::Json => review::write_json(&reviewed, &groups, language, out),
        })
    };
    let written = written.and_then(|()| write());
    args.output.told(&written, &Bilingual::same(report::came_to(&found, language)));
    finish(written, report::exit_code(&found))
}
