//! `fanshi explain`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::engine::{RowRef, Run};
use crate::finding::{Length, Report};
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::why::{self, Conditions, Record};
use crate::workspace::Options;
use clap::ValueEnum;
use jiff::civil::Date;
use std::io::{IsTerminal, Write};
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
    /// 格式 — the format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    /// 报告语言（默认随系统） — the report's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<super::choice::LanguageArg>,
    /// 判断日期，代替清单里的 as_of — the day judged for, instead of the manifest's
    #[arg(long, value_name = "DATE", value_parser = super::output::date)]
    as_of: Option<Date>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
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
    let options = Options {
        as_of: args.as_of,
        articles: args.article.iter().cloned().collect(),
        length: match args.format {
            FormatArg::Json => Length::Whole,
            FormatArg::Text => Length::Readable,
        },
        ..Options::default()
    };
    let path = super::meant(&args.project);
    let run = super::read(&path).run(&options);
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let report = run.report();
    let (records, asked) = records(args, &report, &run);
    let broken = !asked.is_empty() || report::exit_code(&report) == 2;
    let written = match args.format {
        FormatArg::Json => {
            let mut out = std::io::stdout().lock();
            report::write_records(&report, &asked, &records, language, &mut out)
        }
        FormatArg::Text => write(&report, &asked, &records, (language, super::output::base(&path))),
    };
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

/// The records as text; what is wrong, on standard error.
fn write(
    report: &Report<'_>,
    asked: &[Diagnostic],
    records: &[Record],
    (language, base): (Language, String),
) -> std::io::Result<()> {
    let width = super::output::width(std::io::stdout().is_terminal());
    let options = report::Options { language, width, base, ..super::plain_options() };
    let wrong: Vec<Diagnostic> = report
        .diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .chain(asked)
        .cloned()
        .collect();
    report::write_diagnostics(&wrong, &options, &mut std::io::stderr().lock())?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (index, record) in records.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let mut text = Vec::new();
        report::write_record(record, &options, &mut text)?;
        let text = String::from_utf8_lossy(&text);
        text.lines()
            .flat_map(|line| report::fold(line, width))
            .try_for_each(|line| writeln!(out, "{line}"))?;
    }
    out.flush()
}
