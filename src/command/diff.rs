//! `fanshi diff`.

use super::check::{ColorArg, LanguageArg, finish, width};
use crate::check::{self, Keep, Options};
use crate::diff::{self, Diff, Fate, Kind, Match, Side};
use crate::finding::{Finding, Outcome};
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::{Manifest, Project};
use clap::ValueEnum;
use jiff::civil::Date;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 前一次的项目（上一轮申报，或旧政策） — the earlier project
    old: PathBuf,
    /// 后一次的项目 — the later project
    new: PathBuf,
    /// 格式 — the format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    /// 写入文件 — write to a file
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// 语言（默认随系统） — the language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
    /// 两次都按这一天判断 — the day both are judged for
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
    Html,
    Xlsx,
}

/// Runs `diff`: 0 where nothing got worse, 1 with a new violation, 3 with a new question, 2 where either project has errors.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let shown = report::Options { language, color: args.color.wanted(terminal), width: width(terminal), max_findings: None };
    if terminal && matches!(args.format, FormatArg::Xlsx) {
        super::say_line(&say!("工作簿不能写到终端上：加 `-o 文件.xlsx`", "a workbook cannot go to a terminal: add `-o FILE.xlsx`"));
        return ExitCode::from(2);
    }
    let options = Options { as_of: args.as_of, keep: Keep::Everything, ..Options::default() };
    let new = Project::read(&args.new);
    let (kinds, by) = (kinds(&new.manifest), new.manifest.review_by.clone());
    check::judge(Project::read(&args.old), &options, |old_report, old| {
        check::judge(new, &options, |new_report, new| {
            let mistakes: Vec<_> = old_report.diagnostics.iter().chain(&new_report.diagnostics).cloned().collect();
            let warned = report::write_diagnostics(&mistakes, &shown, &mut std::io::stderr().lock());
            let diff =
                diff::diff(Side { report: old_report, explainer: old }, Side { report: new_report, explainer: new }, &kinds, by.as_deref());
            let write = || {
                let mut out = super::check::open(args.output.as_deref())?;
                match args.format {
                    FormatArg::Text => diff::write_text(&diff, &shown, &mut out),
                    FormatArg::Html => diff::write_html(&diff, language, &mut out),
                    FormatArg::Xlsx => diff::write_xlsx(&diff, language, &mut out),
                    FormatArg::Json => {
                        let mut out = BufWriter::new(&mut out);
                        diff::write_json(&diff, language, &mut out)?;
                        out.flush()
                    }
                }
            };
            finish(warned.and_then(|()| write()), exit_code(&diff), args.output.as_deref())
        })
    })
}

fn kinds(manifest: &Manifest) -> Vec<Kind> {
    let fate = |name: &String| match name.as_str() {
        "added" => Some(Fate::Added),
        "removed" => Some(Fate::Removed),
        "renamed" => Some(Fate::Matched(Match::Renamed)),
        "merged" => Some(Fate::Matched(Match::Merged)),
        "split" => Some(Fate::Matched(Match::Split)),
        _ => None,
    };
    let kind = |correction: &crate::workspace::Correction| Kind {
        name: correction.name.clone(),
        fields: correction.fields.iter().map(|(field, _)| field.clone()).collect(),
        rows: correction.rows.iter().filter_map(fate).collect(),
    };
    manifest.corrections.iter().map(kind).collect()
}

fn exit_code(diff: &Diff) -> u8 {
    if diff.old.errors + diff.new.errors > 0 {
        return 2;
    }
    let worse: Vec<&Finding> =
        diff.findings.new.iter().map(|change| &change.finding).chain(diff.findings.turned.iter().map(|turn| &turn.finding)).collect();
    let any = |outcomes: &[Outcome]| worse.iter().any(|finding| outcomes.contains(&finding.outcome));
    if worse.iter().any(|finding| finding.weight == crate::finding::Weight::Error) {
        1
    } else if any(&[Outcome::Undetermined, Outcome::Referred]) {
        3
    } else {
        0
    }
}
