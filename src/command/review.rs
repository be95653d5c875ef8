//! `fanshi review`.

use super::check::{ColorArg, LanguageArg, finish, width};
use crate::check::{self, Keep, Options};
use crate::report;
use crate::review;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::Project;
use clap::ValueEnum;
use jiff::civil::Date;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `review`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 按哪个字段分组（表.字段、字段或所引用的表） — the field to group by (table.field, field, or the table it refers to)
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// 格式 — the format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    /// 写入文件 — write to a file
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// 语言（默认随系统） — the language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
    /// 判断日期，代替清单里的 as_of — the day judged for, instead of the manifest's
    #[arg(long, value_name = "DATE", value_parser = super::check::date)]
    as_of: Option<Date>,
    /// 颜色 — colour
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorArg,
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
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let shown = report::Options { language, color: args.color.wanted(terminal), width: width(terminal), max_findings: None };
    if terminal && matches!(args.format, FormatArg::Xlsx) {
        super::say_line(&say!("工作簿不能写到终端上：加 `-o 文件.xlsx`", "a workbook cannot go to a terminal: add `-o FILE.xlsx`"));
        return ExitCode::from(2);
    }
    let options = Options { as_of: args.as_of, keep: Keep::Groups, ..Options::default() };
    let project = Project::read(&args.project);
    let by = args.by.clone().or_else(|| project.manifest.review_by.clone());
    check::judge(project, &options, |found, explainer| {
        let reviewed = review::review(found, explainer, by.as_deref());
        let asked = reviewed.as_ref().err().map(|asked| (**asked).clone());
        let mistakes: Vec<_> = found.diagnostics.iter().cloned().chain(asked).collect();
        let written = report::write_diagnostics(&mistakes, &shown, &mut std::io::stderr().lock());
        let Ok(reviewed) = reviewed else { return finish(written, 2, None) };
        let write = || {
            let mut out = super::check::open(args.output.as_deref())?;
            match args.format {
                FormatArg::Text => review::write_text(&reviewed, explainer, &shown, &mut out),
                FormatArg::Html => review::write_html(&reviewed, explainer, language, &mut out),
                FormatArg::Markdown => review::write_markdown(&reviewed, explainer, language, &mut out),
                FormatArg::Xlsx => review::write_xlsx(&reviewed, explainer, language, &mut out),
                FormatArg::Json => {
                    let mut out = BufWriter::new(&mut out);
                    review::write_json(&reviewed, explainer, language, &mut out)?;
                    out.flush()
                }
            }
        };
        finish(written.and_then(|()| write()), report::exit_code(found), args.output.as_deref())
    })
}
