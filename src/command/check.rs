//! `fanshi check`.

use crate::check::{self, Options};
use crate::report::{self, Grouping};
use crate::say;
use crate::syntax::tree::Language;
use crate::value::date::parse_date;
use crate::workspace::Project;
use clap::ValueEnum;
use jiff::civil::Date;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
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
    /// 写入文件 — write to a file
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// 按什么分组：字段或表（默认随政策的指标） — what to group by: a field or a table (default: as the policies' measures do)
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
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let options = Options { as_of: args.as_of, articles: args.article.clone(), ..Options::default() };
    let terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let shown = report::Options { language, color: args.color.wanted(terminal), width: width(terminal), max_findings: args.max_findings };
    let format = match args.format {
        FormatArg::Text => report::Format::Text,
        FormatArg::Json => report::Format::Json,
        FormatArg::Tsv => report::Format::Tsv,
        FormatArg::Markdown => report::Format::Markdown,
        FormatArg::Sarif => report::Format::Sarif,
        FormatArg::Junit => report::Format::Junit,
        FormatArg::Html => report::Format::Html,
    };
    check::judge(Project::read(&args.project), &options, |found, explainer| {
        let grouping = match &args.by {
            Some(name) => match Grouping::named(explainer.program(), name) {
                Ok(grouping) => Some(grouping),
                Err(message) => {
                    super::say_line(&message);
                    return ExitCode::from(2);
                }
            },
            None => Grouping::usual(explainer),
        };
        let rows = report::Rows { explainer, grouping };
        let write = || {
            let mut out: Box<dyn Write> = match &args.output {
                Some(path) => Box::new(std::fs::File::create(path)?),
                None => Box::new(std::io::stdout().lock()),
            };
            report::write_with_rows(found, Some(&rows), format, &shown, &mut out)?;
            if matches!(args.format, FormatArg::Tsv) {
                report::write_diagnostics(&found.diagnostics, &shown, &mut std::io::stderr().lock())?;
            }
            out.flush()
        };
        finish(write(), report::exit_code(found), args.output.as_deref())
    })
}

/// The exit code; a reader that went away changes nothing about what was found, anything else that goes wrong is an error.
pub(super) fn finish(written: std::io::Result<()>, code: u8, output: Option<&Path>) -> ExitCode {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            let name = output.map_or_else(|| "-".into(), Path::to_string_lossy);
            super::say_line(&say!("写不了 `{name}`：{error}", "cannot write `{name}`: {error}"));
            ExitCode::from(2)
        }
        _ => ExitCode::from(code),
    }
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
