//! Rank 12: the commands: each with its arguments beside it.

mod blanks;
mod cases;
mod check;
mod choice;
mod diff;
mod emit;
mod explain;
mod export;
mod fmt;
mod form;
mod init;
mod lsp;
mod output;
mod progress;
mod prove;
mod receive;
mod review;
mod round;
mod shell;
mod speech;
mod studio;
mod target;
mod test;

use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::{Disk, Expansion, Files, Project, missed, shown};
use clap::{FromArgMatches, Parser, Subcommand};
use std::io::{IsTerminal, Write};
use std::panic::{self, PanicHookInfo, UnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Once, OnceLock};

/// 凡是：政策编译与核对 — a policy compiler and validator.
#[derive(Debug, Parser)]
#[command(name = "fanshi", bin_name = "fanshi", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 编译政策、读入数据、逐行判断 — compile the policies, load the data, judge every row
    Check(check::Args),
    /// 新建一个能核对、能试案例的小项目 — begin a small project that checks, with cases
    Init(init::Args),
    /// 从词汇写出空白的工作簿：标题、选项、批注 — write the blank workbook of a vocabulary: headings,
    /// choices, notes
    Form(form::Args),
    /// 把政策写成规范格式，或译成另一种语言 — write policies in canonical form, or in the other
    /// language
    Fmt(fmt::Args),
    /// 一行的全部记录：每一条的结果和使它如此的事实 — the whole record of one row
    Explain(explain::Args),
    /// 一页纸：裁定应为什么、填报什么，数字对不对得上，各组的情况 — the outcome in one page
    Review(review::Args),
    /// 两次申报或两版政策：消除了什么，新出现什么，为什么 — what differs between two submissions or
    /// two versions of the policies
    Diff(diff::Args),
    /// 发下去：每组一本工作簿，列出问题，留出答复 — a workbook for each group: its rows, what is wrong,
    /// room for answers
    Round(round::Args),
    /// 收回来：交回的文件变成下一报，谁没有交、答复了什么、改了什么 — what came back becomes the next
    /// project: who is missing, what was answered, what changed
    Receive(receive::Args),
    /// 不看数据，证明政策是否自相矛盾、有没有空话 — prove what the policies can and cannot do,
    /// without data
    Prove(prove::Args),
    /// 从政策生成各条边界上的案例 — make cases at the boundaries of each article
    Cases(cases::Args),
    /// 跑政策旁边的案例 — run the cases beside policies
    Test(test::Args),
    /// 在网页里写政策：原文、规则、结果、案例在一起，只在本机 — write policies in a page beside what
    /// they come to, on this machine alone
    Studio(studio::Args),
    /// 把政策写成 SQL 视图，给已在别处运行的数据库用 — the policies as SQL views, for an engine that
    /// already runs elsewhere
    Emit(emit::Args),
    /// 把读入的数据写成数据库能读的文件 — the loaded rows as files that an engine reads
    Export(export::Args),
    /// 语言服务器：编辑器经它得到错误、判断结果、补全、改名 — the language server: mistakes, verdicts,
    /// completion and renaming for editors
    Lsp(lsp::Args),
    /// 外壳的命令补全 — what a shell needs to complete arguments
    Completions(shell::CompletionArgs),
    /// 手册页 — manual pages
    Man(shell::ManArgs),
}

/// Runs the command line. A mistake of this program ends it with 2, never as if something had been
/// judged.
#[must_use]
pub fn main() -> ExitCode {
    // Where something else answers to these signals, or they are to be ignored, that stays.
    let _ = ctrlc::try_set_handler(|| {
        crate::workspace::write::abandon();
        std::process::exit(STOPPED);
    });
    stopping_loudly(asked)
}

/// The exit code of a run that was stopped, as shells give it for an interrupt.
const STOPPED: i32 = 130;

/// Runs something; where it stops in the middle, says so once.
fn stopping_loudly(run: impl FnOnce() -> ExitCode + UnwindSafe) -> ExitCode {
    let (usual, said) = (panic::take_hook(), Once::new());
    panic::set_hook(Box::new(move |stopped| {
        said.call_once(|| say_line(&internal(stopped)));
        if std::env::var_os("RUST_BACKTRACE").is_some() {
            usual(stopped);
        }
    }));
    panic::catch_unwind(run).unwrap_or(ExitCode::from(2))
}

fn internal(stopped: &PanicHookInfo<'_>) -> Bilingual {
    let place = stopped.location().map_or_else(String::new, ToString::to_string);
    let what = stopped.payload_as_str().unwrap_or_default();
    // So the library for workbooks ends where it cannot write what it keeps out of memory.
    if what.starts_with("Couldn't write to xml file") {
        let name = if cfg!(windows) { "TMP" } else { "TMPDIR" };
        return say!(
            "写不了工作簿：系统的临时文件夹满了，或者不能写（{what}）；腾出地方，或者用 {name} 另指一个文件夹",
            "cannot write the workbook: the system's temporary folder is full or cannot be written \
                ({what}); make room, or name another with {name}"
        );
    }
    say!(
        "内部错误：{what}（{place}）。这是 fanshi 的错，不是您的；这次的结果不能用。请把这一行和所用的\
            文件报告给维护者",
        "internal error: {what} ({place}). This is a mistake of fanshi, not yours; nothing this run \
            said can be used. Please report this line, with the files, to its maintainers"
    )
}

fn asked() -> ExitCode {
    let language = locale_language();
    let parsed = speech::command(language)
        .try_get_matches_from(speech::arranged(std::env::args_os()))
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, language),
    };
    match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Form(args) => form::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Review(args) => review::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Receive(args) => receive::run(&args),
        Command::Round(args) => round::run(&args),
        Command::Prove(args) => prove::run(&args),
        Command::Cases(args) => cases::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Studio(args) => studio::run(&args),
        Command::Emit(args) => emit::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Lsp(args) => lsp::run(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    }
}

/// What was asked for is help, or cannot be understood.
fn refuse(error: &clap::Error, language: Language) -> ExitCode {
    use clap::error::ErrorKind;
    let helps = [
        ErrorKind::DisplayHelp,
        ErrorKind::DisplayVersion,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
    ];
    let written = if helps.contains(&error.kind()) {
        error.print()
    } else {
        write!(std::io::stderr(), "{}", speech::mistake(error, language))
    };
    output::finish(written, u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The language that the manifest names.
static OF_MANIFEST: OnceLock<Language> = OnceLock::new();
/// The language that the policies are written in.
static OF_POLICIES: OnceLock<Language> = OnceLock::new();

/// An environment variable that says something.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The language whose name begins so.
fn named(name: &str) -> Option<Language> {
    match name.get(..2) {
        Some("zh") => Some(Language::Chinese),
        Some("en") => Some(Language::English),
        _ => None,
    }
}

/// The language asked for, by `--lang` or `FANSHI_LANG`.
fn asked_language() -> Option<Language> {
    let asked = speech::asked_for(std::env::args_os());
    asked.or_else(|| named(&variable("FANSHI_LANG")?))
}

/// The language to speak: that of `--lang`, of `FANSHI_LANG`, of the manifest, of a locale that says
/// Chinese or English, of the project's policies; Chinese where none of them says.
fn locale_language() -> Language {
    if let Some(language) = asked_language() {
        return language;
    }
    if let Some(language) = OF_MANIFEST.get() {
        return *language;
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| variable(name));
    #[cfg(windows)]
    let locale = locale.or_else(sys_locale::get_locale);
    let of_locale = locale.and_then(|locale| named(&locale.to_lowercase()));
    of_locale.or_else(|| OF_POLICIES.get().copied()).unwrap_or(Language::Chinese)
}

/// Reads a project; what is said from here on is said in its language, where nothing nearer says
/// one.
fn read(path: &Path) -> Project {
    let project = Project::read(path);
    if let Some(language) = project.manifest.language {
        let _ = OF_MANIFEST.set(language);
    }
    if let Some(file) = project.files.first() {
        let _ = OF_POLICIES.set(file.language);
    }
    project
}

/// The project that is meant: where none is named and there is no manifest here, the nearest folder
/// upwards that has one.
fn meant(path: &Path) -> PathBuf {
    let has_one = |folder: &Path| folder.join("fanshi.toml").symlink_metadata().is_ok();
    if path != Path::new(".") || has_one(path) {
        return path.to_owned();
    }
    let here = std::env::current_dir().unwrap_or_default();
    let up = here.ancestors().enumerate().skip(1).find(|(_, folder)| has_one(folder));
    up.map_or_else(|| path.to_owned(), |(steps, _)| PathBuf::from(vec![".."; steps].join("/")))
}

/// Files that patterns stand for.
#[derive(Default)]
struct Listed {
    files: Vec<PathBuf>,
    /// What may have been missed.
    missed: Vec<Diagnostic>,
}

impl Listed {
    /// What a pattern stands for.
    fn of(Expansion { paths, problems }: Expansion, pattern: &str) -> Self {
        let missed = problems.iter().map(|problem| missed(problem, pattern, shown)).collect();
        Self { files: paths, missed }
    }

    /// With more.
    fn and(&mut self, more: Self) {
        self.files.extend(more.files);
        self.missed.extend(more.missed);
    }
}

/// Says what may have been missed, and whether it is a mistake.
fn say_missed(missed: &[Diagnostic]) -> bool {
    missed.iter().for_each(|found| say_line(&found.message));
    missed.iter().any(|found| found.severity == Severity::Error)
}

/// Paths as most shells hand them over: a pattern stands for what fits it. Those of Windows leave
/// that to programs.
fn expanded(paths: &[PathBuf]) -> Listed {
    let mut all = Listed::default();
    for path in paths {
        let pattern = path.to_str().filter(|text| text.contains(['*', '?']));
        let Some(pattern) = pattern.filter(|_| path.symlink_metadata().is_err()) else {
            all.files.push(path.clone());
            continue;
        };
        let found = Listed::of(Disk.fitting(Path::new(""), pattern), pattern);
        if found.files.is_empty() && found.missed.is_empty() {
            all.files.push(path.clone());
        }
        all.and(found);
    }
    all
}

/// Plain text in the locale's language, for messages beside the main output.
fn plain_options() -> crate::report::Options {
    crate::report::Options { language: locale_language(), ..crate::report::Options::default() }
}

/// A line on standard error, in the locale's language.
fn say_line(message: &Bilingual) {
    let text = match locale_language() {
        Language::Chinese => &message.zh,
        Language::English => &message.en,
    };
    let shown = crate::visible::visible(text);
    let mut out = std::io::stderr().lock();
    let width = if out.is_terminal() { output::width(true) } else { usize::MAX };
    for line in crate::report::wrap(&shown, width) {
        let _ = writeln!(out, "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invariant::broken;

    #[test]
    fn what_stops_in_the_middle_ends_with_2() {
        let code = stopping_loudly(|| broken("a test"));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(2)));
        let _ = panic::take_hook();
    }
}
