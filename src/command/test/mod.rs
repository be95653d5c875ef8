//! `fanshi test`.

mod text;

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::report;
use crate::say;
use crate::syntax::tree::{ItemKind, Language};
use crate::testing::snapshot;
use crate::testing::suite::{CaseResult, Judged, Status, Suite, beside};
use crate::workspace::Project;
use clap::ValueEnum;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `test`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹、fanshi.toml 或政策文件 — a project's folder, its fanshi.toml, or policy files
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// 只跑名称里有这几个字的案例 — only cases whose names hold this text
    #[arg(long, value_name = "TEXT", default_value = "")]
    filter: String,
    /// 写入新的和变了的快照，先显示差别 — write new and changed snapshots, after showing the difference
    #[arg(long)]
    update: bool,
    /// 报告格式 — the report's format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    /// 报告语言（默认随系统） — the report's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<super::check::LanguageArg>,
    /// 颜色 — colour
    #[arg(long, value_enum, default_value = "auto")]
    color: super::check::ColorArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Text,
    Junit,
    Json,
}

/// What came of one policy's cases.
struct Tested {
    /// The policy's file.
    policy: String,
    /// Its cases.
    results: Vec<CaseResult>,
    /// Mistakes of policy and case file.
    diagnostics: Vec<Diagnostic>,
    /// Cases left out by the filter.
    left_out: usize,
}

/// What came of all.
struct Outcome {
    tested: Vec<Tested>,
    /// Mistakes that belong to no policy.
    diagnostics: Vec<Diagnostic>,
    /// Policies that have rules but no cases.
    bare: Vec<String>,
}

impl Outcome {
    fn count(&self, status: Status) -> usize {
        self.tested.iter().flat_map(|tested| &tested.results).filter(|result| result.status == status).count()
    }

    fn cases(&self) -> usize {
        self.tested.iter().map(|tested| tested.results.len()).sum()
    }

    /// 2: something could not be run; 1: something failed; 0: all pass.
    fn code(&self) -> u8 {
        let broken = !self.diagnostics.is_empty() || self.tested.iter().any(|tested| !tested.diagnostics.is_empty());
        if broken || self.count(Status::Broken) > 0 {
            return 2;
        }
        u8::from(self.count(Status::Failed) > 0)
    }
}

/// Runs `test`.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let terminal = std::io::stdout().is_terminal();
    let options =
        report::Options { language, color: args.color.wanted(terminal), width: super::check::width(terminal), max_findings: None };
    let mut outcome = Outcome { tested: Vec::new(), diagnostics: Vec::new(), bare: Vec::new() };
    for path in &args.paths {
        let (policies, explicit) = policies(path, &mut outcome.diagnostics);
        for policy in policies {
            if !explicit && !beside(&policy).exists() {
                outcome.bare.extend(bare(&policy));
                continue;
            }
            let tested = Suite::read(&policy).judge(&args.filter, |judged| tested(judged));
            outcome.tested.push(tested);
        }
    }
    if outcome.cases() == 0 && outcome.tested.iter().all(|tested| tested.diagnostics.is_empty()) {
        outcome.diagnostics.push(nothing(args));
    }
    let written = write(args, &options, &outcome);
    super::check::finish(written.map(|()| if args.update { updated(&outcome) } else { outcome.code() }))
}

fn tested(judged: Judged<'_>) -> Tested {
    Tested { policy: judged.suite.name().to_owned(), results: judged.results, diagnostics: judged.diagnostics, left_out: judged.left_out }
}

fn write(args: &Args, options: &report::Options, outcome: &Outcome) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match args.format {
        FormatArg::Text | FormatArg::Junit | FormatArg::Json => text::write(outcome, options, &mut out)?,
    }
    if args.update {
        for tested in &outcome.tested {
            let folder = Path::new(&tested.policy).with_extension("cases");
            for result in &tested.results {
                if let Some(change) = &result.change {
                    snapshot::write(&folder, &result.name, &change.after)?;
                }
            }
        }
    }
    out.flush()
}

/// After an update, snapshots are as they should be.
fn updated(outcome: &Outcome) -> u8 {
    let mut code = outcome.code();
    let failed = outcome.tested.iter().flat_map(|tested| &tested.results).filter(|result| result.status == Status::Failed);
    if code == 1 && failed.clone().all(|result| result.change.is_some()) {
        code = 0;
    }
    code
}

/// The policies a path stands for, and whether it names one itself.
fn policies(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> (Vec<PathBuf>, bool) {
    if path.extension().is_some_and(|extension| extension == "fan") {
        return (vec![path.to_owned()], true);
    }
    if path.is_dir() && !path.join("fanshi.toml").exists() {
        let escaped = Path::new(&glob::Pattern::escape(&path.to_string_lossy())).join("*.fan");
        return (glob::glob(&escaped.to_string_lossy()).into_iter().flatten().filter_map(Result::ok).collect(), false);
    }
    let project = Project::read(path);
    if project.files.is_empty() {
        diagnostics.extend(project.diagnostics);
        return (Vec::new(), false);
    }
    (project.sources.iter().map(|(_, source)| clean(&project.root.join(&*source.name))).collect(), false)
}

/// A path without `folder/..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        let above = matches!(part, std::path::Component::ParentDir);
        if !(above && matches!(clean.components().next_back(), Some(std::path::Component::Normal(_))) && clean.pop()) {
            clean.push(part);
        }
    }
    clean
}

/// The policy, where it has rules that cases could test.
fn bare(policy: &Path) -> Option<String> {
    let project = Project::of_file(policy, false);
    let ruled = project.files.first()?.items.iter().any(|item| matches!(item.kind, ItemKind::Article(_)));
    ruled.then(|| policy.to_string_lossy().into_owned())
}

fn nothing(args: &Args) -> Diagnostic {
    let (message, help) = if args.filter.is_empty() {
        (
            say!("没有案例可跑", "there are no cases to run"),
            say!("在政策旁边写 `政策名.cases.toml`", "write a `policy.cases.toml` beside the policy"),
        )
    } else {
        let filter = &args.filter;
        (say!("没有案例的名称里有 `{filter}`", "no case has `{filter}` in its name"), say!("核对 --filter", "check --filter"))
    };
    let path = args.paths.first().map_or_else(|| ".".into(), |path| path.to_string_lossy());
    Diagnostic::error("no_cases", message).help(help).at(Place::file(&*path), Bilingual::default())
}
