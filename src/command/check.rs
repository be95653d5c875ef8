//! `fanshi check`.

use super::output::{Kind, Output, Shown, ended, root};
use super::progress::{Progress, Stage};
use super::target::written;
use crate::diagnostic::Bilingual;
use crate::engine::Keep;
use crate::finding::{Length, Report};
use crate::grouping::{Grouping, Groups};
use crate::report;
use crate::review::{self, Letters};
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::suite;
use crate::workspace::write::{Folder, Mode, Written, at, publish};
use crate::workspace::{Inputs, Options, Paper};
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml；可以写几个 — the project's folder, or its fanshi.toml; there may
    /// be several
    #[arg(value_name = "PROJECT", default_value = ".")]
    projects: Vec<PathBuf>,
    /// 报告格式；不写则看输出文件的扩展名，否则是 text — the report's format; left out, by the
    /// output's extension, else text
    #[arg(long, value_enum)]
    format: Option<FormatArg>,
    /// 按什么分组（表.字段、字段或表），代替清单里的；xlsx、docx 每组一个文件 — what to group by
    /// (table.field, field or table), instead of what the manifest says; xlsx, docx: a file for
    /// each group
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 与 `--by` 同用：文件夹里已有的文件也覆盖（其中的答复会丢失） — with `--by`: overwrite the
    /// files in the folder, with the answers in them
    #[arg(long, requires = "by")]
    force: bool,
    /// 只看这一条（政策.条文、条文或政策） — only this article (policy.article, article or policy)
    #[arg(long, value_name = "NAME")]
    article: Vec<String>,
    /// 文本报告最多显示多少条；all 是全部（终端上默认 50，否则全部） — how many findings the text
    /// report shows; `all` for every one (50 on a terminal, else all)
    #[arg(long, value_name = "N", value_parser = Shown::read)]
    max_findings: Option<Shown>,
    /// 代码仓库的根，SARIF 里的路径从这里起（默认 .git 所在的文件夹，没有就是当前文件夹） — the root
    /// of the repository, which paths in SARIF begin at (default: where .git is, else the current
    /// folder)
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
    Concise,
    Github,
    Tsv,
    Markdown,
    Sarif,
    Junit,
    Html,
    Xlsx,
    Docx,
}

impl FormatArg {
    /// Whether several projects may be written one after another.
    fn follows(self) -> bool {
        use FormatArg as F;
        matches!(self, F::Text | F::Concise | F::Github | F::Tsv | F::Markdown)
    }

    /// Whether each group has a file of its own.
    fn splits(self) -> bool {
        matches!(self, Self::Xlsx | Self::Docx)
    }

    /// The format of a report; `None` for a paper, which is more than that.
    fn report(self) -> Option<report::Format> {
        use report::Format;
        Some(match self {
            Self::Text => Format::Text,
            Self::Json => Format::Json,
            Self::Concise => Format::Concise,
            Self::Github => Format::Github,
            Self::Tsv => Format::Tsv,
            Self::Markdown => Format::Markdown,
            Self::Sarif => Format::Sarif,
            Self::Junit => Format::Junit,
            Self::Html => Format::Html,
            Self::Xlsx => Format::Xlsx,
            Self::Docx => return None,
        })
    }
}

impl Kind for FormatArg {
    fn endings(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Text => (&["txt"], &[]),
            Self::Json => (&["json"], &[]),
            Self::Concise | Self::Github => (&[], &["txt"]),
            Self::Tsv => (&["tsv"], &["txt"]),
            Self::Markdown => (&["md", "markdown"], &["txt"]),
            Self::Sarif => (&["sarif"], &["json"]),
            Self::Junit => (&[], &["xml"]),
            Self::Html => (&["html", "htm"], &[]),
            Self::Xlsx => (&["xlsx"], &[]),
            Self::Docx => (&["docx"], &[]),
        }
    }
}

/// Runs `check`: the exit code is that of the gravest project.
pub(super) fn run(args: &Args) -> ExitCode {
    let format = match args.format() {
        Ok(format) => format,
        Err(message) => {
            super::say_line(&message);
            return ExitCode::from(2);
        }
    };
    let codes = args.projects.iter().enumerate().map(|(at, project)| {
        if at > 0 && matches!(format, FormatArg::Text | FormatArg::Markdown) {
            // Whether anybody reads on is told by what follows.
            let _ = writeln!(std::io::stdout());
        }
        one(args, format, project)
    });
    let gravest = codes.max_by_key(|code| [0, 3, 1, 2].iter().position(|known| known == code));
    ExitCode::from(gravest.unwrap_or(0))
}

/// Checks one project.
fn one(args: &Args, format: FormatArg, project: &Path) -> u8 {
    let path = super::meant(project);
    let project = super::read(&path);
    let paper = project.manifest.paper.clone();
    let asked = project.manifest.review_by.as_ref().map(|(name, _)| name.clone());
    let keep = match format {
        FormatArg::Xlsx | FormatArg::Docx => Keep::Everything,
        FormatArg::Html => Keep::Groups,
        _ if args.by.is_some() || asked.is_some() => Keep::Groups,
        FormatArg::Json | FormatArg::Sarif => Keep::Read,
        _ => Keep::Verdicts,
    };
    let length = match format {
        FormatArg::Json | FormatArg::Sarif => Length::Whole,
        _ => Length::Readable,
    };
    let options =
        Options { as_of: args.output.as_of, articles: args.article.clone(), keep, length };
    let terminal = args.output.is_terminal();
    let limit = Shown::limit(args.max_findings, terminal);
    let root = root(&path, args.root.as_deref());
    let shown = report::Options { max_findings: limit, root, ..args.output.shown_of(&path) };
    let progress = Progress::start(shown.language);
    let inputs = args.output.spared(|| suite::inputs(&project));
    let run = project.run(&options);
    // A report on a terminal and the line would stand on the same screen.
    let progress = Some(progress).filter(|_| !terminal);
    progress.iter().for_each(|progress| progress.stage(Stage::Writing));
    let by = match Grouping::asked(&run.policy, args.by.as_deref(), asked.as_deref()) {
        Ok(by) => by,
        Err(wrong) => {
            args.output.refuse(&wrong);
            return 2;
        }
    };
    let usual = format.splits() || matches!(format, FormatArg::Html);
    let usual = || if usual { Grouping::usual(&run.policy) } else { None };
    let (found, rows) = (run.report(), Groups::new(&run, by.or_else(usual)));
    let written = match (args.output.file(), &args.by) {
        (Some(folder), Some(_)) if format.splits() => {
            write_groups(args, (format, folder), (&found, &rows, &inputs), (&shown, &paper))
        }
        _ => write(args, format, (&found, &rows, &inputs), (&shown, &paper)),
    };
    drop(progress);
    args.output.told(&written, &Bilingual::same(report::came_to(&found, shown.language)));
    ended(written, report::exit_code(&found))
}

impl Args {
    /// The format; what is wrong where it cannot be written so.
    fn format(&self) -> Result<FormatArg, Bilingual> {
        // The name of a folder may end as it likes.
        let books = self.by.is_some() && self.format.is_some_and(FormatArg::splits);
        let format = match self.format.filter(|_| books) {
            Some(format) => format,
            None => self.output.format(self.format, FormatArg::Text)?,
        };
        if self.projects.len() > 1 && (self.output.file().is_some() || !format.follows()) {
            return Err(say!(
                "几个项目的报告接着写：只能是文本、concise、github、tsv、markdown，写到标准输出；别的一次写一个项目",
                "reports of several projects follow one another: as text, concise, github, tsv or \
                    markdown, on standard output; for anything else name one project at a time"
            ));
        }
        match (format, self.output.file(), &self.by) {
            (format, None, Some(_)) if format.splits() => Err(say!(
                "按组分开的文件要写进文件夹：加 `-o 文件夹`",
                "files by group go into a folder: add `-o FOLDER`"
            )),
            (format, ..) if format.splits() => self.output.takes_bytes(format).map(|()| format),
            (FormatArg::Tsv | FormatArg::Sarif | FormatArg::Junit, _, Some(_))
            | (FormatArg::Concise | FormatArg::Github, _, Some(_)) => Err(say!(
                "tsv、concise、github、sarif 和 junit 不分组，不能用 `--by`",
                "tsv, concise, github, sarif and junit have no groups: `--by` is not for them"
            )),
            _ => Ok(format),
        }
    }
}

/// Spares a file that is there already, unless `force` says otherwise: somebody may have answered in
/// it, or put it right by hand.
pub(super) fn spare(path: &Path, inputs: &Inputs, force: bool) -> std::io::Result<()> {
    // What the project is read from is spared in any case.
    if force || !path.is_file() || inputs.hold(path) {
        return Ok(());
    }
    let said = say!(
        "已经有了，里面可能有答复或改动；什么也没有写。换一个文件夹，或加 `--force` 覆盖",
        "it is there already and may hold answers or changes; nothing was written. Choose another \
            folder, or overwrite with `--force`"
    );
    let chinese = super::locale_language() == Language::Chinese;
    Err(at(path)(std::io::Error::other(if chinese { said.zh } else { said.en })))
}

/// What is written, and what it must not be written over.
type Judged<'w> = (&'w Report<'w>, &'w Groups<'w>, &'w Inputs);

/// Writes a workbook or a paper for each group, or none at all; what is to be said of the groups goes
/// to standard error as well, for who sends them out.
fn write_groups(
    args: &Args,
    (format, folder): (FormatArg, &Path),
    (found, rows, inputs): Judged<'_>,
    (shown, paper): (&report::Options, &Paper),
) -> std::io::Result<()> {
    // Dropped last: a folder made for them goes where none of them came to be.
    let _made = Folder::make(folder)?;
    let mut files: Vec<Written> = Vec::new();
    let take = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        spare(&path, inputs, args.force)?;
        files.push(written(&path, bytes, inputs)?);
        Ok(())
    };
    match format {
        FormatArg::Docx => {
            letters((found, rows), shown.language, paper, |all| all.each(None, take))
        }
        _ => report::workbooks(found, rows, (shown.language, None), take),
    }
    .map_err(at(folder))?;
    publish(files, Mode::Replace)?;
    rows.remarks().iter().for_each(super::say_line);
    Ok(())
}

/// The papers of a run.
pub(super) fn letters(
    (found, rows): (&Report<'_>, &Groups<'_>),
    language: Language,
    paper: &Paper,
    write: impl FnOnce(Letters<'_>) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let review = &review::review(rows);
    write(Letters { report: found, groups: rows, review, paper, language })
}

/// Writes one report.
fn write(
    args: &Args,
    format: FormatArg,
    (found, rows, inputs): Judged<'_>,
    (shown, paper): (&report::Options, &Paper),
) -> std::io::Result<()> {
    args.output.write(inputs, |out| {
        match format.report() {
            Some(format) => report::write_with_rows(found, Some(rows), format, shown, out)?,
            None => letters((found, rows), shown.language, paper, |all| all.write(out))?,
        }
        if matches!(format, FormatArg::Tsv) {
            report::write_diagnostics(&found.diagnostics, shown, &mut std::io::stderr().lock())?;
        }
        Ok(())
    })
}
