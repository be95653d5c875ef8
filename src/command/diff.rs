//! `fanshi diff`.

use super::output::{Kind, Output, finish};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::diff::{self, Diff};
use crate::engine::Keep;
use crate::finding::{Finding, Length, Outcome};
use crate::grouping::Grouping;
use crate::report;
use crate::testing::suite;
use crate::workspace::Options;
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 前一次的项目（上一轮申报，或旧政策） — the earlier project
    old: PathBuf,
    /// 后一次的项目 — the later project
    new: PathBuf,
    /// 按什么分组（表.字段、字段或表），代替后一次清单里的 — what to group by (table.field, field
    /// or table), instead of what the later manifest says
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 只看这一组的行和发现 — only the rows and findings of this group
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
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
    Html,
    Xlsx,
}

impl Kind for FormatArg {
    fn endings(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Text => (&["txt"], &[]),
            Self::Json => (&["json"], &[]),
            Self::Html => (&["html", "htm"], &[]),
            Self::Xlsx => (&["xlsx"], &[]),
        }
    }
}

/// Runs `diff`: 0 where nothing got worse, 1 with a new violation, 3 with a new question, 2 where
/// either project has errors; where one cannot be read, its errors are all that is said.
pub(super) fn run(args: &Args) -> ExitCode {
    let projects = [&args.old, &args.new].map(|path| super::read(path));
    let shown = args.output.shown();
    let language = shown.language;
    let format = match args.output.format(args.format, FormatArg::Text) {
        Ok(FormatArg::Xlsx) => args.output.takes_bytes(FormatArg::Xlsx).map(|()| FormatArg::Xlsx),
        found => found,
    };
    let format = match format {
        Ok(format) => format,
        Err(message) => {
            super::say_line(&message);
            return ExitCode::from(2);
        }
    };
    if projects.iter().any(|project| project.files.is_empty()) {
        // With nothing on one side there is nothing to compare.
        let mistakes = of_sides(projects.each_ref().map(|project| {
            if project.files.is_empty() { project.diagnostics.as_slice() } else { &[] }
        }));
        let out = &mut std::io::stderr().lock();
        let said = report::write_diagnostics(&mistakes, &shown, out);
        return finish(said, 2);
    }
    let [old, new] = projects;
    let length = match format {
        FormatArg::Json => Length::Whole,
        FormatArg::Text | FormatArg::Html | FormatArg::Xlsx => Length::Readable,
    };
    let (as_of, keep) = (args.output.as_of, Keep::Everything);
    let options = Options { as_of, keep, length, ..Options::default() };
    let kinds = diff::kinds(&new.manifest);
    let asked = new.manifest.review_by.as_ref().map(|(name, _)| name.clone());
    let inputs = args.output.spared(|| suite::inputs(&old).and(suite::inputs(&new)));
    let (old, new) = (old.run(&options), new.run(&options));
    let by = match Grouping::asked(&new.policy, args.by.as_deref(), asked.as_deref()) {
        Ok(by) => by,
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let usual = || args.group.as_ref().and_then(|_| Grouping::usual(&new.policy));
    let by = by.or_else(usual);
    let mistakes = of_sides([&old.summary.diagnostics, &new.summary.diagnostics]);
    let warned = report::write_diagnostics(&mistakes, &shown, &mut std::io::stderr().lock());
    let mut diff = diff::diff(&old, &new, &kinds, by.as_ref());
    if diff.old.project == diff.new.project {
        [diff.old.folder, diff.new.folder] = [&args.old, &args.new].map(|path| Some(folder(path)));
    }
    let own = match &args.group {
        Some(name) => diff.of_group(name),
        None => Ok(diff),
    };
    let diff = match own {
        Ok(diff) => diff,
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let write = || {
        args.output.write(&inputs, |out| match format {
            FormatArg::Text => diff::write_text(&diff, &shown, out),
            FormatArg::Html => diff::write_html(&diff, language, out),
            FormatArg::Xlsx => diff::write_xlsx(&diff, language, out),
            FormatArg::Json => diff::write_json(&diff, language, out),
        })
    };
    let written = warned.and_then(|()| write());
    args.output.told(&written, &diff::outcome(&diff));
    finish(written, exit_code(&diff))
}

/// The folder of a project as it was named, without its manifest.
fn folder(path: &Path) -> String {
    let path = super::meant(path);
    let manifest = path.extension().is_some_and(|end| end == "toml");
    let folder = if manifest { path.parent().unwrap_or(&path) } else { &path };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    crate::workspace::shown(folder).to_string()
}

/// The mistakes of both sides, each with its side: one path may be that of both.
fn of_sides(sides: [&[Diagnostic]; 2]) -> Vec<Diagnostic> {
    let [old, new] = sides;
    let of = |mistake: &Diagnostic, side: &Bilingual| {
        let mut mistake = mistake.clone();
        mistake.message.zh.insert_str(0, &format!("{}：", side.zh));
        mistake.message.en.insert_str(0, &format!("{}: ", side.en));
        mistake
    };
    let (before, after) = (Bilingual::new("前", "old"), Bilingual::new("后", "new"));
    let old = old.iter().map(|mistake| of(mistake, &before));
    old.chain(new.iter().map(|mistake| of(mistake, &after))).collect()
}

fn exit_code(diff: &Diff) -> u8 {
    if diff.old.errors + diff.new.errors > 0 {
        return 2;
    }
    let worse: Vec<&Finding> = diff
        .findings
        .new
        .iter()
        .map(|change| &change.finding)
        .chain(diff.findings.turned.iter().map(|turn| &turn.finding))
        .collect();
    let any =
        |outcomes: &[Outcome]| worse.iter().any(|finding| outcomes.contains(&finding.outcome));
    if worse.iter().any(|finding| finding.weight == crate::finding::Weight::Error) {
        1
    } else if any(&[Outcome::Undetermined, Outcome::Referred]) {
        3
    } else {
        0
    }
}
