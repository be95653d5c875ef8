//! `fanshi round`.

use super::output::{Output, finish};
use super::progress::{Progress, Stage};
use super::target::written;
use crate::engine::Keep;
use crate::finding::Report;
use crate::grouping::Groups;
use crate::report::{self, Round};
use crate::rounds::{self, Manifested, ROUND};
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
    rounds::remarks(&run, &by, &manifested).iter().for_each(super::say_line);
    let (found, groups) = (run.report(), Groups::new(&run, Some(by)));
    let out = &mut std::io::stderr().lock();
    let warned = report::write_diagnostics(&found.diagnostics, &shown, out);
    let written = warned.and_then(|()| {
        let how = (&round, &shown, &paper);
        write(args, folder, (&found, &groups, &inputs), how)
    });
    drop(progress);
    if let Ok(count) = &written {
        let (counts, folder) =
            (report::came_to(&found, shown.language), crate::workspace::shown(folder));
        super::say_line(&say!(
            "{counts} → {folder}：工作簿和意见书各 {count} 份",
            "{counts} → {folder}: workbooks and letters, {count} of each"
        ));
    }
    finish(written.map(drop), report::exit_code(&found))
}

/// What is written, and what it must not be written over.
type Judged<'w> = (&'w Report<'w>, &'w Groups<'w>, &'w Inputs);

/// Writes a workbook and a paper for each group and what remembers the round, or nothing at all; how
/// many groups there are.
fn write(
    args: &Args,
    folder: &Path,
    (found, groups, inputs): Judged<'_>,
    (round, shown, paper): (&Round, &report::Options, &Paper),
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
    let sent = report::sent(found, groups, (shown.language, round))?;
    let record = rounds::record(groups, round, &sent);
    files.push(written(&folder.join(ROUND), record.as_bytes(), inputs)?);
    publish(files, Mode::Replace)?;
    groups.remarks().iter().for_each(super::say_line);
    Ok(sent.len())
}
