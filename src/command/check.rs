//! `fanshi check`.

use super::progress::{Progress, Stage};
use crate::check::{self, Keep, Options};
use crate::diagnostic::Bilingual;
use crate::finding::Report;
use crate::report::{self, Grouping, Rows};
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
    /// 写入文件；按组分开的工作簿写入文件夹 — write to a file; workbooks by group, to a folder
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// html 按什么分组（字段或表）；xlsx 每组一个文件 — what html groups by: a field or a table; xlsx: a file for each group
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 已有的工作簿也覆盖（其中的答复会丢失） — overwrite workbooks that exist, with the answers in them
    #[arg(long)]
    force: bool,
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
    check::judge(Project::read(&args.project), &options, |found, explainer| {
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
            (Some(folder), Some(by)) => write_workbooks(args, folder, (found, &rows, by), language),
            _ => write(args, found, &rows, &shown),
        };
        drop(progress);
        finish(written, report::exit_code(found), args.output.as_deref())
    })
}

impl Args {
    /// Spares a workbook that is there already: somebody may have answered in it.
    fn spare(&self, path: &Path) -> std::io::Result<()> {
        if self.force || !path.is_file() {
            return Ok(());
        }
        let name = path.display();
        let said = say!(
            "`{name}` 已经有了，里面可能有答复；什么也没有写。换一个文件夹或文件名，或加 `--force` 覆盖",
            "`{name}` is there already and may hold answers; nothing was written. Choose another name or folder, or overwrite with `--force`"
        );
        Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, report::Words::of(super::locale_language()).pick(&said)))
    }

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

/// Writes a workbook for each group, or none at all.
fn write_workbooks(
    args: &Args,
    folder: &Path,
    (found, rows, by): (&Report<'_>, &Rows<'_, '_, '_>, Grouping),
    language: Language,
) -> std::io::Result<()> {
    let mut books: Vec<(String, Vec<u8>)> = Vec::new();
    report::workbooks(found, rows, by, language, |name, bytes| {
        books.push((name.to_owned(), bytes.to_vec()));
        Ok(())
    })?;
    books.iter().try_for_each(|(name, _)| args.spare(&folder.join(name)))?;
    books.iter().try_for_each(|(name, bytes)| put(folder, name, bytes))
}

/// Writes one report.
fn write(args: &Args, found: &Report<'_>, rows: &Rows<'_, '_, '_>, shown: &report::Options) -> std::io::Result<()> {
    if let (FormatArg::Xlsx, Some(path)) = (args.format, &args.output) {
        args.spare(path)?;
    }
    let mut out = open(args.output.as_deref())?;
    report::write_with_rows(found, Some(rows), args.format.into(), shown, &mut out)?;
    if matches!(args.format, FormatArg::Tsv) {
        report::write_diagnostics(&found.diagnostics, shown, &mut std::io::stderr().lock())?;
    }
    out.flush()
}

/// Writes a file into a folder, and nowhere else: never through a link that stands there.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join(name);
    if std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
        std::fs::remove_file(&path)?;
    }
    std::fs::write(path, bytes)
}

/// Where a report goes: the file, or standard output.
pub(super) fn open(output: Option<&Path>) -> std::io::Result<Box<dyn Write>> {
    Ok(match output {
        Some(path) => Box::new(std::fs::File::create(path)?),
        None => Box::new(std::io::stdout().lock()),
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
