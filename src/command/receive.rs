//! `fanshi receive`.

use super::output::{Output, finish, finish_after};
use super::progress::Progress;
use super::target::written;
use crate::engine::{Keep, Run};
use crate::grouping::Groups;
use crate::report;
use crate::rounds::{self, Answers, Manifested, Return, returned};
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::suite;
use crate::value::date::parse_date;
use crate::workspace::write::{Folder, Mode, Written, at, publish};
use crate::workspace::{
    Disk, Files, Inputs, Options, Overlay, Project, absolute, shown, way as path_to,
};
use clap::ValueEnum;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `receive`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 发下去的那一报：项目文件夹，或其中的 fanshi.toml — the project that was sent: its folder, or
    /// its fanshi.toml
    project: PathBuf,
    /// 交回的文件，或放它们的文件夹（.xlsx、.xls、.ods、.csv） — what came back: files, or the folder
    /// they are in (.xlsx, .xls, .ods, .csv)
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
    /// 按什么分组，交回的文件里没有写的时候 — what it was grouped by, where no file says
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 收回情况的格式，写到标准输出 — the format of the account, which goes to standard output
    #[arg(long, value_enum, default_value = "text")]
    format: FormatArg,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
}

/// Runs `receive`.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.project);
    let project = super::read(&path);
    let Some(next) = args.output.file() else {
        super::say_line(&say!(
            "下一报要写进文件夹：加 `-o 文件夹`",
            "the next project goes into a folder: add `-o FOLDER`"
        ));
        return ExitCode::from(2);
    };
    let shown = args.output.shown_of(&path);
    let manifested = match Manifested::of(&project) {
        Ok(manifested) => manifested,
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let progress = Progress::start(shown.language);
    let inputs = suite::inputs(&project);
    let (manifest, root) = (project.manifest_source.text.clone(), project.root.clone());
    let unread = project.files.is_empty();
    let (files, wrong) = returned::read(&args.files);
    let head = files.iter().find_map(|file| file.head.clone());
    // What was found on that day is what is answered.
    let as_of = head.as_ref().and_then(|head| parse_date(&head.as_of));
    let run = project.run(&Options { as_of, ..everything() });
    if unread {
        let out = &mut std::io::stderr().lock();
        return finish(report::write_diagnostics(&run.summary.diagnostics, &shown, out), 2);
    }
    let by = args.by.clone().or(head.as_ref().map(|head| head.by.clone()));
    let by = match rounds::grouping(&run.policy, (by.as_deref(), &manifested)) {
        Ok(Some(by)) => by,
        Ok(None) => {
            super::say_line(&say!(
                "没有说按什么分组：加 `--by 字段`",
                "nothing says what it was grouped by: add `--by FIELD`"
            ));
            return ExitCode::from(2);
        }
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let round = rounds::round(&run, &by, &manifested);
    let groups = Groups::new(&run, Some(by));
    let language = head.and_then(|head| head.language).unwrap_or(shown.language);
    let back = Return::new(&groups, (language, &round), (files, wrong));
    let made = back.and_then(|mut back| {
        spare(next)?;
        // Paths lead out of it: it has to be there before it is judged.
        let _made = Folder::make(next)?;
        let day = args.output.as_of;
        let way = path_to(&absolute(next), &absolute(&root));
        let tables = back.files();
        let text = rounds::next_manifest((&manifest, run.schema()), &way, &tables, day)
            .map_err(|error| at(&root)(std::io::Error::other(error.message().to_owned())))?;
        let mut texts = vec![("fanshi.toml".to_owned(), text)];
        texts.extend(tables.into_iter().map(|(_, name, text)| (name, text)));
        let judged = judged(next, &texts);
        let answers = back.judge(&judged, &manifested.answers);
        texts.push((Answers::FILE.to_owned(), answers.written()));
        texts.extend(back.account.drafted(language).map(|text| (DRAFTS.to_owned(), text)));
        write(next, &texts, &inputs)?;
        Ok((back, judged))
    });
    drop(progress);
    match made {
        Ok((back, judged)) => told((&back, &judged), (&path, next), args.format, &shown),
        Err(error) => finish(Err(error), 2),
    }
}

/// Waivers that nobody has granted yet.
const DRAFTS: &str = "waivers.draft.toml";

fn everything() -> Options {
    Options { keep: Keep::Everything, ..Options::default() }
}

/// The next project as it will be, judged before anything of it is on the disk.
fn judged(next: &Path, texts: &[(String, String)]) -> Run {
    let over = texts.iter().fold(Overlay::new(Arc::new(Disk)), |over, (name, text)| {
        over.with(next.join(name), text.clone())
    });
    Project::read_in(Arc::new(over), &next.join("fanshi.toml")).run(&everything())
}

/// Spares a folder that holds something.
fn spare(next: &Path) -> std::io::Result<()> {
    if Disk.list(next).map_or(true, |entries| entries.is_empty()) {
        return Ok(());
    }
    let said = say!(
        "这个文件夹不是空的；下一报要写进一个新的文件夹",
        "the folder is not empty; the next project goes into a new one"
    );
    let chinese = super::locale_language() == Language::Chinese;
    Err(at(next)(std::io::Error::other(if chinese { said.zh } else { said.en })))
}

/// Writes the next project, or nothing at all.
fn write(next: &Path, texts: &[(String, String)], inputs: &Inputs) -> std::io::Result<()> {
    let files = texts.iter().map(|(name, text)| written(&next.join(name), text.as_bytes(), inputs));
    let files: Vec<Written> = files.collect::<std::io::Result<_>>()?;
    publish(files, Mode::New)
}

/// Says what came back and what became of it.
fn told(
    (back, judged): (&Return<'_>, &Run),
    (path, next): (&Path, &Path),
    format: FormatArg,
    options: &report::Options,
) -> ExitCode {
    let clean = if back.account.is_clean() { 0 } else { 3 };
    let report = judged.report();
    if matches!(format, FormatArg::Json) {
        let (folders, mut out) = ((&*shown(path), &*shown(next)), std::io::stdout().lock());
        let (account, language) = (&back.account, options.language);
        let said = rounds::write_json(account, folders, judged, language, &mut out);
        return finish_after(next, said.and_then(|()| out.flush()), clean);
    }
    let mut lines = vec![format!("{} → {}", shown(path), shown(next))];
    lines.extend(back.account.lines(options.language));
    lines.push(report::came_to(&report, options.language));
    let mut out = std::io::stdout().lock();
    // A program that reads it has a line for each thing that is said.
    let width = if out.is_terminal() { super::output::width(true) } else { usize::MAX };
    let said = lines.iter().try_for_each(|line| {
        let shown = crate::visible::visible(line);
        report::fold(&shown, width).iter().try_for_each(|line| writeln!(out, "{line}"))
    });
    drop(out);
    let wrong = &report.diagnostics;
    let written = said
        .and_then(|()| report::write_diagnostics(wrong, options, &mut std::io::stderr().lock()));
    finish_after(next, written, clean)
}
