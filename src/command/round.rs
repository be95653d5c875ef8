//! `fanshi round`.

use super::output::{Output, finish};
use super::progress::{Progress, Stage};
use super::target::written;
use crate::diagnostic::Bilingual;
use crate::engine::Keep;
use crate::finding::Report;
use crate::grouping::Groups;
use crate::report::{self, Round};
use crate::rounds::{self, Copies, Manifested, ROUND};
use crate::say;
use crate::testing::suite;
use crate::workspace::write::{Folder, Mode, Written, at, publish};
use crate::workspace::{Inputs, Options, Paper};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `round`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 按什么分组（表.字段、字段或表），代替清单里的 — what to group by (table.field, field or
    /// table), instead of what the manifest says
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// 文件夹里已有的文件也覆盖（其中的答复会丢失） — overwrite the files in the folder, with the
    /// answers in them
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: Output,
}

/// Runs `round`.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.project);
    let project = super::read(&path);
    let Some(folder) = args.output.file() else {
        super::say_line(&say!(
            "工作簿要写进文件夹：加 `-o 文件夹`",
            "the workbooks go into a folder: add `-o FOLDER`"
        ));
        return ExitCode::from(2);
    };
    let shown = args.output.shown_of(&path);
    let manifested = match Manifested::of(&project) {
        Ok(manifested) => manifested,
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let paper = project.manifest.paper.clone();
    let progress = Progress::start(shown.language);
    let inputs = suite::inputs(&project);
    let (store, root) = (project.store.clone(), project.root.clone());
    let keep = Keep::Everything;
    let options = Options { as_of: args.output.as_of, keep, ..Options::default() };
    let run = project.run(&options);
    progress.stage(Stage::Writing);
    let by = match rounds::grouping(&run.policy, (args.by.as_deref(), &manifested)) {
        Ok(by) => by,
        Err(wrong) => return args.output.refuse(&wrong),
    };
    let Some(by) = by else {
        super::say_line(&say!(
            "没有说按什么分组：加 `--by 字段`",
            "nothing says what to group by: add `--by FIELD`"
        ));
        return ExitCode::from(2);
    };
    let round = rounds::round(&run, &by, &manifested);
    let remarks = rounds::remarks(&run, &by, &manifested);
    let (found, groups) = (run.report(), Groups::new(&run, Some(by)));
    let read = |name: &str| {
        let file = store.open(&root.join(name))?;
        file.read(0, file.len())
    };
    let copies = rounds::copies(&found, &groups, (shown.language, &round), read);
    let written = copies.and_then(|copies| {
        let how = (&round, &shown, &paper, &copies);
        Ok((write(args, folder, (&found, &groups, &inputs), how)?, copies))
    });
    // What goes on is said in a line of its own, which goes before anything else is said.
    drop(progress);
    remarks.iter().for_each(super::say_line);
    let warned =
        report::write_diagnostics(&found.diagnostics, &shown, &mut std::io::stderr().lock());
    let written = warned.and(written);
    if written.is_ok() {
        groups.remarks().iter().for_each(super::say_line);
    }
    if let Ok((count, copies)) = &written {
        let (counts, folder) =
            (report::came_to(&found, shown.language), crate::workspace::shown(folder));
        super::say_line(&say!(
            "{counts} → {folder}：工作簿和意见书各 {count} 份",
            "{counts} → {folder}: workbooks and letters, {count} of each"
        ));
        marked(copies);
    }
    finish(written.map(drop), report::exit_code(&found))
}

/// Says how many workbooks of a form of their own were marked, and which could not be.
fn marked(copies: &Copies) {
    let count = copies.made.len();
    if count > 0 {
        super::say_line(&say!(
            "另有原表的标记本 {count} 份，错的格标了颜色、加了批注",
            "and {count} marked copies of what was sent, wrong cells coloured and noted"
        ));
    }
    for (file, Bilingual { zh, en }) in &copies.not {
        super::say_line(&say!("`{file}` 没有标记本：{zh}", "no marked copy of `{file}`: {en}"));
    }
}

/// What is written, and what it must not be written over.
type Judged<'w> = (&'w Report<'w>, &'w Groups<'w>, &'w Inputs);

/// Writes a workbook and a paper for each group and what remembers the round, or nothing at all; how
/// many groups there are.
fn write(
    args: &Args,
    folder: &Path,
    (found, groups, inputs): Judged<'_>,
    (round, shown, paper, copies): (&Round, &report::Options, &Paper, &Copies),
) -> std::io::Result<usize> {
    // Dropped last: a folder made for them goes where none of them came to be.
    let _made = Folder::make(folder)?;
    let mut files: Vec<Written> = Vec::new();
    let mut take = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        super::check::spare(&path, inputs, args.force)?;
        files.push(written(&path, bytes, inputs)?);
        Ok(())
    };
    report::workbooks(found, groups, (shown.language, Some(round)), &mut take)
        .map_err(at(folder))?;
    super::check::letters((found, groups), shown.language, paper, |all| {
        all.each(Some(round), &mut take)
    })
    .map_err(at(folder))?;
    copies.made.iter().try_for_each(|copy| take(&copy.file, &copy.bytes))?;
    let sent = report::sent(found, groups, (shown.language, round))?;
    let record = rounds::record(groups, round, &sent, copies);
    files.push(written(&folder.join(ROUND), record.as_bytes(), inputs)?);
    publish(files, Mode::Replace)?;
    Ok(sent.len())
}
