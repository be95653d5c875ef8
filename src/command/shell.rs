//! `fanshi completions` and `fanshi man`.

use super::Cli;
use clap::{Command, CommandFactory};
use clap_complete::Shell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(super) struct CompletionArgs {
    /// 哪种外壳 — for which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(super) struct ManArgs {
    /// 写入文件夹，每个命令一页 — write to a folder, a page for each command
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// Writes what a shell needs to complete arguments.
pub(super) fn completions(args: &CompletionArgs) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fanshi", &mut script);
    super::check::finish(std::io::stdout().lock().write_all(&script), 0, None)
}

/// Writes manual pages.
pub(super) fn man(args: &ManArgs) -> ExitCode {
    let command = Cli::command();
    let written = match &args.output {
        None => page(&command).and_then(|page| std::io::stdout().lock().write_all(&page)),
        Some(folder) => pages(&command, folder),
    };
    super::check::finish(written, 0, args.output.as_deref())
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

/// `fanshi.1`, and `fanshi-check.1` for each command.
fn pages(command: &Command, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join("fanshi.1"), page(command)?)?;
    for found in command.get_subcommands() {
        let name = format!("fanshi-{}", found.get_name());
        let named = found.clone().name(name.clone()).display_name(name.clone());
        std::fs::write(folder.join(format!("{name}.1")), page(&named)?)?;
    }
    Ok(())
}
