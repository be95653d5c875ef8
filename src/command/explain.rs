//! `fanshi explain`.

use super::output::{Kind, Output};
use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{RowRef, Run};
use crate::finding::{Length, Report};
use crate::report;
use crate::say;
use crate::testing::suite;
use crate::why::{self, Conditions, Record};
use crate::workspace::Options;
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 行的主键，或“表:主键” — the row's key, or table:key
    key: String,
    /// 只看这一条（政策.条文、条文或政策） — only this article (policy.article, article or policy)
    article: Option<String>,
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(short, long, default_value = ".")]
    project: PathBuf,
    /// 格式；不写则看输出文件的扩展名，否则是 text — the format; left out, by the output's
    /// extension, else text
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
}

impl Kind for FormatArg {
    fn endings(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Text => (&["txt"], &[]),
            Self::Json => (&["json"], &[]),
        }
    }
}

/// Runs `explain`: exit code 0, or 2 where there is no such row or article, or the project has
/// errors.
pub(super) fn run(args: &Args) -> ExitCode {
    if let Some(folder) = args.article.as_deref().filter(|name| is_path(name)) {
        let key = &args.key;
        super::say_line(&say!(
            "`{folder}` 是项目，写在 `-p` 之后：`fanshi explain {key} -p {folder}`",
            "`{folder}` is the project, which is written after `-p`: `fanshi explain {key} -p \
                {folder}`"
        ));
        return ExitCode::from(2);
    }
    let format = match args.output.format(args.format, FormatArg::Text) {
        Ok(format) => format,
        Err(message) => {
            super::say_line(&message);
            return ExitCode::from(2);
        }
    };
    let options = Options {
        as_of: args.output.as_of,
        articles: args.article.iter().cloned().collect(),
        length: match format {
            FormatArg::Json => Length::Whole,
            FormatArg::Text => Length::Readable,
        },
        ..Options::default()
    };
    let path = super::meant(&args.project);
    let project = super::read(&path);
    let inputs = args.output.spared(|| suite::inputs(&project));
    let run = project.run(&options);
    let shown = args.output.shown_of(&path);
    let report = run.report();
    let (records, asked) = records(args, &report, &run);
    let broken = !asked.is_empty() || report::exit_code(&report) == 2;
    let written = match format {
        FormatArg::Json => Ok(()),
        FormatArg::Text => say_errors(&report, &asked, &shown),
    };
    // One that was asked for is told of, whatever came of it.
    let idle = if args.article.is_some() { report::Idle::Told } else { report::Idle::Named };
    let write = || {
        args.output.write(&inputs, |out| match format {
            FormatArg::Json => {
                report::write_records(&report, &asked, &records, shown.language, out)
            }
            FormatArg::Text => write((&records, idle), &shown, out),
        })
    };
    let written = written.and_then(|()| write());
    super::output::finish(written, if broken { 2 } else { 0 })
}

/// Whether what stands in the place of an article is a folder or a manifest.
fn is_path(name: &str) -> bool {
    let is_written_so = name == "." || name.contains(['/', '\\']) || name.ends_with(".toml");
    is_written_so && std::path::Path::new(name).exists()
}

/// The records of all rows with the key, or why there is none.
fn records(args: &Args, report: &Report<'_>, run: &Run) -> (Vec<Record>, Vec<Diagnostic>) {
    let wanted = |article: &str| {
        args.article.is_none() || report.articles.iter().any(|summary| summary.article == article)
    };
    match why::find(run, &args.key) {
        Ok(rows) => {
            let record = |row: &RowRef| why::record(run, *row, wanted, Conditions::All);
            (rows.iter().map(record).collect(), Vec::new())
        }
        // Why there are no tables at all was said.
        Err(_) if run.schema().frames.is_empty() && report::exit_code(report) == 2 => {
            (Vec::new(), Vec::new())
        }
        Err(unknown) => (Vec::new(), vec![*unknown]),
    }
}

/// What is wrong, on standard error.
fn say_errors(
    report: &Report<'_>,
    asked: &[Diagnostic],
    shown: &report::Options,
) -> std::io::Result<()> {
    let wrong: Vec<Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .chain(asked)
        .cloned()
        .collect();
    report::write_diagnostics(&wrong, shown, &mut std::io::stderr().lock())
}

/// The records as text.
fn write(
    (records, idle): (&[Record], report::Idle),
    shown: &report::Options,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let mut text = Vec::new();
        report::write_record(record, idle, shown, &mut text)?;
        let text = String::from_utf8_lossy(&text);
        text.lines()
            .flat_map(|line| report::fold(line, shown.width))
            .try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}
