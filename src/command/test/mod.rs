//! `fanshi test`.

mod difference;
mod json;
mod junit;
mod text;

use super::Listed;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::place::Place;
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::coverage::{self, Coverage};
use crate::testing::mutate::{self, Fate, Mutated};
use crate::testing::suite::{CaseResult, Judged, Status, Suite, add_new, beside};
use crate::workspace::write::{Folder, Mode, Written, publish};
use crate::workspace::{Disk, Expansion, Files, Member, Project, Taken, missed, shown};
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `test`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹、fanshi.toml 或政策文件 — a project's folder, its fanshi.toml, or policy files
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// 只跑名称里有这几个字的案例 — only cases whose names hold this text
    #[arg(long, value_name = "TEXT", default_value = "")]
    filter: String,
    /// 写入新的和变了的快照，先显示差别 — write new and changed snapshots, after showing the
    /// difference
    #[arg(long)]
    update: bool,
    /// 量覆盖：每条的条件、原子条件、例外、结果是否两面都见过 — measure which conditions and
    /// outcomes were seen both ways
    #[arg(long)]
    coverage: bool,
    /// 变异：把政策改错，看案例能不能看出来 — change the policy in many ways and see which changes
    /// no case notices
    #[arg(long)]
    mutate: bool,
    /// 覆盖率或变异得分低于百分之几就算失败 — fail where coverage or the mutation score is below
    /// this percentage
    #[arg(long, value_name = "PERCENT")]
    fail_under: Option<f64>,
    /// 报告格式 — the report's format
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    /// 报告语言（默认随系统） — the report's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<super::choice::LanguageArg>,
    /// 颜色 — colour
    #[arg(long, value_enum, default_value = "auto")]
    color: super::choice::ColorArg,
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
    /// The manifest of its project.
    project: Option<String>,
    /// Outside a project, the files taken for the names it uses.
    taken: Vec<Taken>,
    /// Its cases.
    results: Vec<CaseResult>,
    /// Mistakes of policy and case file.
    diagnostics: Vec<Diagnostic>,
    /// Cases left out by the filter.
    left_out: usize,
    /// What the cases saw, if asked for.
    coverage: Option<Coverage>,
}

/// What came of all.
struct Outcome {
    tested: Vec<Tested>,
    /// Mistakes that belong to no policy.
    diagnostics: Vec<Diagnostic>,
    /// Policies that have rules but no cases.
    bare: Vec<String>,
    /// The mutants, if asked for.
    mutated: Vec<Mutated>,
    /// A figure below what was asked for.
    short: bool,
}

impl Outcome {
    fn taken(&self) -> Vec<Taken> {
        self.tested.iter().flat_map(|tested| tested.taken.iter().cloned()).collect()
    }

    fn count(&self, status: Status) -> usize {
        self.tested
            .iter()
            .flat_map(|tested| &tested.results)
            .filter(|result| result.status == status)
            .count()
    }

    fn cases(&self) -> usize {
        self.tested.iter().map(|tested| tested.results.len()).sum()
    }

    /// 2: something could not be judged; 1: something failed; 0: all pass. After an update,
    /// snapshots are as they should be.
    fn code(&self, updated: bool) -> u8 {
        let broken = !self.diagnostics.is_empty()
            || self.tested.iter().any(|tested| !tested.diagnostics.is_empty());
        let left = || {
            self.tested
                .iter()
                .flat_map(|tested| &tested.results)
                .filter(|result| !(updated && result.change.is_some()))
        };
        let any = |status: Status| left().any(|result| result.status == status);
        if broken || any(Status::Error) {
            return 2;
        }
        u8::from(any(Status::Failed) || self.short)
    }

    /// Mutants that were noticed, mutants that could have been.
    fn score(&self) -> (usize, usize) {
        let fates =
            || self.mutated.iter().flat_map(|mutated| &mutated.mutants).map(|mutant| mutant.fate);
        let noticed = fates().filter(|fate| *fate == Fate::Noticed).count();
        (noticed, noticed + fates().filter(|fate| *fate == Fate::Survived).count())
    }

    /// The lowest figure measured, in percent.
    fn lowest(&self) -> f64 {
        let coverages = self.tested.iter().filter_map(|tested| tested.coverage.as_ref());
        let shares = coverages.flat_map(|coverage| [coverage.articles(), coverage.conditions()]);
        let scores = (!self.mutated.is_empty()).then(|| self.score());
        shares.chain(scores).map(percent).fold(100.0, f64::min)
    }
}

/// A share in percent; all of nothing is everything.
fn percent((part, all): (usize, usize)) -> f64 {
    (part * 10_000)
        .checked_div(all)
        .map_or(100.0, |share| f64::from(u32::try_from(share).unwrap_or(0)) / 100.0)
}

/// Runs `test`.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let terminal = std::io::stdout().is_terminal();
    let options = report::Options {
        language,
        color: args.color.wanted(terminal),
        width: super::output::width(terminal),
        ..report::Options::default()
    };
    let mut outcome = Outcome {
        tested: Vec::new(),
        diagnostics: Vec::new(),
        bare: Vec::new(),
        mutated: Vec::new(),
        short: false,
    };
    let mut chosen: Vec<Member> = Vec::new();
    let Listed { files, missed } = super::expanded(&args.paths);
    let here = Place::file(".");
    let missed = missed.into_iter().map(|found| found.at(here.clone(), Bilingual::default()));
    outcome.diagnostics.extend(missed);
    for path in &files {
        let (members, explicit) = members(path, &mut outcome.diagnostics);
        let has_cases = |member: &Member| beside(&member.path).symlink_metadata().is_ok();
        let (tested, untested): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|member| explicit || has_cases(member));
        let bare = untested.iter().filter(|member| member.has_articles());
        outcome.bare.extend(bare.map(|member| shown(&member.path)));
        // What is wrong with a project is said where its cases are judged.
        let in_project = tested.is_empty();
        for member in &untested {
            let is_said = member.manifest().map_or(member.file().is_none(), |_| in_project);
            let errors = member.project.diagnostics.iter().filter(|_| is_said);
            let errors = errors.filter(|found| found.severity == Severity::Error).cloned();
            add_new(&mut outcome.diagnostics, errors.collect());
        }
        chosen.extend(tested);
    }
    for member in &chosen {
        let suite = Suite::of(member.clone());
        let judged = suite.judge(&args.filter);
        add_new(&mut outcome.diagnostics, judged.elsewhere.clone());
        let (tested, mutated) = tested(args, judged, chosen.len() > 1, &outcome.mutated);
        outcome.tested.push(tested);
        mutated.into_iter().for_each(|mutated| mutate::merge(&mut outcome.mutated, mutated));
    }
    if outcome.cases() == 0 && outcome.tested.iter().all(|tested| tested.diagnostics.is_empty()) {
        outcome.diagnostics.push(nothing(args));
    }
    outcome.short = args.fail_under.is_some_and(|least| outcome.lowest() < least);
    let written = write(args, &options, &outcome);
    super::output::finish(written, outcome.code(args.update))
}

/// A policy's results, and where asked for its mutants; a vocabulary is mutated where several
/// policies are tested together.
fn tested(
    args: &Args,
    judged: Judged<'_>,
    together: bool,
    known: &[Mutated],
) -> (Tested, Vec<Mutated>) {
    let coverage = args.coverage.then(|| coverage::measure(&judged));
    let mut diagnostics = judged.diagnostics.clone();
    let ready = diagnostics.is_empty()
        && judged.results.iter().all(|result| result.status == Status::Passed);
    let mutated =
        if args.mutate && ready { mutate::mutate(&judged, together, known) } else { Vec::new() };
    if args.mutate && ready {
        diagnostics.extend(mutate::stale(&judged, &mutated, together));
    }
    let member = &judged.suite.member;
    let tested = Tested {
        policy: shown(&member.path),
        project: member.manifest().map(str::to_owned),
        taken: member.project.taken.clone(),
        results: judged.results,
        diagnostics,
        left_out: judged.left_out,
        coverage,
    };
    (tested, mutated)
}

fn write(args: &Args, options: &report::Options, outcome: &Outcome) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    match args.format {
        FormatArg::Text => text::write(outcome, options, &mut out)?,
        FormatArg::Junit => junit::write(outcome, options, &mut out)?,
        FormatArg::Json => json::write(outcome, options, &mut out)?,
    }
    out.flush()?;
    if args.update { update(outcome) } else { Ok(()) }
}

/// Writes new and changed snapshots, all of them or none.
fn update(outcome: &Outcome) -> std::io::Result<()> {
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for result in outcome.tested.iter().flat_map(|tested| &tested.results) {
        if let Some(change) = &result.change {
            folders.push(Folder::make(result.snapshot.parent().unwrap_or(Path::new("")))?);
            files.push(Written::of(&result.snapshot, change.after.as_bytes())?);
        }
    }
    publish(files, Mode::Replace)
}

/// The policies a path stands for, each with what it is compiled with, and whether it names one
/// itself.
pub(super) fn members(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Member>, bool) {
    if path.extension().is_some_and(|extension| extension == "fan") {
        return (vec![Member::of(path)], true);
    }
    if path.is_dir() && path.join("fanshi.toml").symlink_metadata().is_err() {
        let Expansion { paths, problems } = Disk.fitting(path, "**/*.fan");
        let place = Place::file(shown(path));
        let missed = problems.iter().map(|problem| missed(problem, "**/*.fan", shown));
        diagnostics.extend(missed.map(|found| found.at(place.clone(), Bilingual::default())));
        return (Member::all(&paths), false);
    }
    let project = Arc::new(Project::read_from_here(path));
    if project.files.is_empty() {
        diagnostics.extend(project.diagnostics.iter().cloned());
    }
    (project.members(), false)
}

/// The files that were taken for names, where no manifest says which: a line.
pub(super) fn taken(taken: &[Taken]) -> Option<Bilingual> {
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    for Taken { name, file } in taken {
        files.entry(file).or_insert(name);
    }
    let of = |open: &str, close: &str, mark: &str| {
        let each = files.iter().map(|(file, name)| format!("{name}{open}{file}{close}"));
        each.collect::<Vec<_>>().join(mark)
    };
    let (zh, en) = (of("（", "）", "、"), of(" (", ")", ", "));
    (!files.is_empty()).then(|| {
        say!("没有清单列出，按名称取用：{zh}", "taken by name, as no manifest lists them: {en}")
    })
}

fn nothing(args: &Args) -> Diagnostic {
    let (message, help) = if args.filter.is_empty() {
        (
            say!("没有案例可跑", "there are no cases to run"),
            say!(
                "案例写在政策旁边的 `政策名.cases.toml` 里；`fanshi cases 政策名.fan -o 政策名.cases.toml` 先生成一份，逐个核对",
                "cases stand beside the policy in `POLICY.cases.toml`; `fanshi cases POLICY.fan -o \
                    POLICY.cases.toml` writes some to be checked one by one"
            ),
        )
    } else {
        let filter = &args.filter;
        (
            say!("没有案例的名称里有 `{filter}`", "no case has `{filter}` in its name"),
            say!("核对 --filter", "check --filter"),
        )
    };
    let path = args.paths.first().map_or_else(|| ".".to_owned(), |path| shown(path));
    Diagnostic::error("no_cases", message).help(help).at(Place::file(&*path), Bilingual::default())
}
