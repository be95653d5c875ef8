//! `fanshi explain`.

use crate::check::{self, Options};
use crate::nearest::nearest;
use crate::record;
use crate::say;
use crate::syntax::tree::Language;
use crate::verdict::Explainer;
use crate::workspace::Project;
use jiff::civil::Date;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 行的主键，或“表:主键” — the row's key, or table:key
    key: String,
    /// 只看这一条 — only this article
    article: Option<String>,
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(short, long, default_value = ".")]
    project: PathBuf,
    /// 报告语言 — the report's language
    #[arg(long, value_enum)]
    lang: Option<super::check::LanguageArg>,
    /// 判断日期 — the day judged for
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
}

/// Runs `explain`: exit code 0, or 2 where there is no such row or the project has errors.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let options = Options { as_of: args.as_of, articles: Vec::new() };
    let code = check::judge(Project::read(&args.project), &options, |report, explainer| {
        let broken = crate::report::exit_code(report) == 2;
        if broken {
            let _ = crate::report::write_diagnostics(&report.diagnostics, &super::plain_options(), &mut std::io::stderr().lock());
        }
        let found = explain(args, explainer, language).unwrap_or(false);
        if found && !broken { 0 } else { 2 }
    });
    ExitCode::from(code)
}

/// Writes the records of all rows with the key; false where there is none.
fn explain(args: &Args, explainer: &Explainer<'_, '_>, language: Language) -> std::io::Result<bool> {
    let (rows, known) = record::find(explainer, &args.key);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for (frame, row) in &rows {
        let record = record::record(explainer, *frame, *row, args.article.as_deref(), record::Conditions::All);
        record::write(&record, language, &mut out)?;
    }
    out.flush()?;
    if rows.is_empty() {
        let key = &args.key;
        let near = nearest(key, known.iter().map(String::as_str));
        let hint = near.map_or_else(|| say!("", ""), |near| say!("；是不是 `{near}`？", "; did you mean `{near}`?"));
        let message = say!("没有主键为 `{key}` 的行", "no row has the key `{key}`");
        let text = if language == Language::Chinese { message.zh + &hint.zh } else { message.en + &hint.en };
        writeln!(std::io::stderr(), "{text}")?;
    }
    Ok(!rows.is_empty())
}
