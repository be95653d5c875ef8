//! `fanshi check`.

use super::output::{finish, open, put};
use super::progress::{Progress, Stage};
use crate::check::{self, Keep, Options};
use crate::diagnostic::Bilingual;
use crate::finding::Report;
use crate::report::{self, Grouping, Rows};
use crate::say;
use crate::syntax::tree::Language;
use crate::value::date::parse_date;
use crate::workspace::{Inputs, Project};
use clap::ValueEnum;
use jiff::civil::Date;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 报告格式 — the report's format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    /// 写入文件；按组分开的工作簿写入文件夹 — write to a file; workbooks by group, to a folder
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// html 按什么分组（字段或表）；xlsx 每组一个文件 — what html groups by: a field or a table; xlsx: a file for each group
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 报告语言（默认随系统） — the report's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
    /// 判断日期，代替清单里的 as_of — the day judged for, instead of the manifest's
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
    /// 只看这一条（政策.条文、条文或政策） — only this article (policy.article, article or policy)
    #[arg(long, value_name = "NAME")]
    article: Vec<String>,
    /// 文本报告最多显示多少条 — how many findings the text report shows
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    /// 颜色 — colour
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
    Tsv,
    Markdown,
    Sarif,
    Junit,
    Html,
    Xlsx,
}

impl From<FormatArg> for report::Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Text => Self::Text,
            FormatArg::Json => Self::Json,
            FormatArg::Tsv => Self::Tsv,
            FormatArg::Markdown => Self::Markdown,
            FormatArg::Sarif => Self::Sarif,
            FormatArg::Junit => Self::Junit,
            FormatArg::Html => Self::Html,
            FormatArg::Xlsx => Self::Xlsx,
        }
    }
}

/// `zh` or `en`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LanguageArg {
    Zh,
    En,
}

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Self {
        match language {
            LanguageArg::Zh => Self::Chinese,
            LanguageArg::En => Self::English,
        }
    }
}

/// Whether to colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorArg {
    Auto,
    Always,
    Never,
}

impl ColorArg {
    /// What it comes to, on a terminal or not.
    pub(super) fn wanted(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

/// Runs `check`.
pub(super) fn run(args: &Args) -> ExitCode {
    if let Err(message) = args.consistent() {
        super::say_line(&message);
        return ExitCode::from(2);
    }
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let keep = match args.format {
        FormatArg::Xlsx => Keep::Everything,
        FormatArg::Html => Keep::Groups,
        _ => Keep::Read,
    };
    let options = Options { as_of: args.as_of, articles: args.article.clone(), keep };
    let terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let shown = report::Options { language, color: args.color.wanted(terminal), width: width(terminal), max_findings: args.max_findings };
    let progress = Progress::start(language);
    let project = Project::read(&args.project);
    let inputs = project.inputs();
    check::judge(project, &options, |found, explainer| {
        // A report on a terminal and the line would stand on the same screen.
        let progress = Some(progress).filter(|_| !terminal);
        progress.iter().for_each(|progress| progress.stage(Stage::Writing));
        let grouping = args.by.as_ref().map(|name| Grouping::named(explainer.program(), name)).transpose();
        let grouping = match grouping {
            Ok(named) => named.or_else(|| Grouping::usual(explainer)),
            Err(message) => {
                super::say_line(&message);
                return ExitCode::from(2);
            }
        };
        let rows = Rows { explainer, grouping };
        let written = match (&args.output, grouping.filter(|_| args.by.is_some() && matches!(args.format, FormatArg::Xlsx))) {
            (Some(folder), Some(by)) => report::workbooks(found, &rows, by, language, |name, bytes| put(folder, name, bytes, &inputs)),
            _ => write(args, (found, &rows, &inputs), &shown),
        };
        drop(progress);
        finish(written, report::exit_code(found), args.output.as_deref())
    })
}

impl Args {
    /// What cannot be asked for together.
    fn consistent(&self) -> Result<(), Bilingual> {
        match (self.format, &self.output, &self.by) {
            (FormatArg::Xlsx, None, Some(_)) => {
                Err(say!("按组分开的工作簿要写进文件夹：加 `-o 文件夹`", "workbooks by group go into a folder: add `-o FOLDER`"))
            }
            (FormatArg::Xlsx, None, None) if std::io::stdout().is_terminal() => {
                Err(say!("工作簿不能写到终端上：加 `-o 文件.xlsx`", "a workbook cannot go to a terminal: add `-o FILE.xlsx`"))
            }
            (FormatArg::Xlsx | FormatArg::Html, ..) | (_, _, None) => Ok(()),
            _ => Err(say!("`--by` 只用于 html 和 xlsx", "`--by` is for html and xlsx only")),
        }
    }
}

/// Writes one report.
fn write(args: &Args, (found, rows, inputs): (&Report<'_>, &Rows<'_, '_, '_>, &Inputs), shown: &report::Options) -> std::io::Result<()> {
    let mut out = open(args.output.as_deref(), inputs)?;
    report::write_with_rows(found, Some(rows), args.format.into(), shown, &mut out)?;
    if matches!(args.format, FormatArg::Tsv) {
        report::write_diagnostics(&found.diagnostics, shown, &mut std::io::stderr().lock())?;
    }
    out.flush()
}

/// A day as people write it.
pub(super) fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "写作 2015-11-20 — write a day like 2015-11-20".to_owned())
}

/// The terminal's width in columns; 100 elsewhere.
pub(super) fn width(terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.or_else(|| if terminal { size() } else { None }).unwrap_or(100)
}
