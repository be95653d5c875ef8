//! `fanshi completions` and `fanshi man`.

use super::choice::LanguageArg;
use super::{locale_language, speech};
use crate::workspace::write::{Folder, Mode, Written, publish};
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionArgs {
    /// 哪种外壳 — for which shell
    #[arg(value_enum)]
    shell: Shell,
    /// 说明用哪种语言（默认随系统） — the language of the help (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// 写入文件夹，每个命令一页 — write to a folder, a page for each command
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// 用哪种语言（默认随系统） — the language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

/// Writes what a shell needs to complete arguments.
pub(super) fn completions(args: &CompletionArgs) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut speech::command(locale_language()),
        "fanshi",
        &mut script,
    );
    super::output::finish(std::io::stdout().lock().write_all(&script), 0)
}

/// Writes manual pages: the first to standard output, or each to a folder.
pub(super) fn man(args: &ManArgs) -> ExitCode {
    let written = match &args.output {
        None => {
            let mut page = Vec::new();
            let rendered = Man::new(speech::command(locale_language())).render(&mut page);
            rendered.and_then(|()| std::io::stdout().lock().write_all(&page))
        }
        Some(folder) => pages(folder),
    };
    super::output::finish(written, 0)
}

/// A page for each command, in a folder.
fn pages(folder: &Path) -> Result<()> {
    let mut command = speech::command(locale_language()).disable_help_subcommand(true);
    command.build();
    let subcommands = command.get_subcommands().filter(|each| !each.is_hide_set());
    let commands: Vec<Command> = subcommands.chain([&command]).cloned().collect();
    let _made = Folder::make(folder)?;
    let page = |command: Command| {
        let page = Man::new(command);
        let mut text = Vec::new();
        page.render(&mut text)?;
        Written::of(&folder.join(page.get_filename()), &text)
    };
    publish(commands.into_iter().map(page).collect::<Result<_>>()?, Mode::Replace)
}
