//! `fanshi check`.

use crate::check::{self, Options};
use crate::report;
use crate::syntax::tree::Language;
use crate::workspace::Project;
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
    /// 写入文件 — write to a file
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// 报告语言（默认随系统） — the report's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
    /// 判断日期，代替清单里的 as_of — the day judged for, instead of the manifest's
    #[arg(long, value_name = "DATE")]
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
    let options = Options { as_of: args.as_of, articles: args.article.clone() };
    let terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let shown = report::Options { language, color: args.color.wanted(terminal), width: width(terminal), max_findings: args.max_findings };
    let format = match args.format {
        FormatArg::Text => report::Format::Text,
        FormatArg::Json => report::Format::Json,
        FormatArg::Tsv => report::Format::Tsv,
    };
    let outcome = check::check(Project::read(&args.project), &options, |found| {
        let mut out: Box<dyn Write> = match &args.output {
            Some(path) => Box::new(std::fs::File::create(path)?),
            None => Box::new(std::io::stdout().lock()),
        };
        report::write(found, format, &shown, &mut out)?;
        if matches!(args.format, FormatArg::Tsv) {
            report::write_diagnostics(&found.diagnostics, &shown, &mut std::io::stderr().lock())?;
        }
        out.flush()?;
        Ok(report::exit_code(found))
    });
    finish(outcome)
}

/// The exit code; a reader that went away is no error, anything else is.
pub(super) fn finish(outcome: std::io::Result<u8>) -> ExitCode {
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "fanshi: {error}");
            ExitCode::from(2)
        }
    }
}

/// The terminal's width in columns; 100 elsewhere.
pub(super) fn width(terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns.or_else(|| if terminal { size() } else { None }).unwrap_or(100)
}
