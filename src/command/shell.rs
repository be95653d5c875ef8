//! `fanshi completions` and `fanshi man`.

use super::{locale_language, speech};
use clap_complete::Shell;
use std::io::Write;
use std::path::PathBuf;
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
    clap_complete::generate(
        args.shell,
        &mut speech::command(locale_language()),
        "fanshi",
        &mut script,
    );
    super::output::finish(std::io::stdout().lock().write_all(&script), 0, None)
}

/// Writes manual pages: the first to standard output, or each to a folder.
pub(super) fn man(args: &ManArgs) -> ExitCode {
    let written = match &args.output {
        None => {
            let mut page = Vec::new();
            let rendered =
                clap_mangen::Man::new(speech::command(locale_language())).render(&mut page);
            rendered.and_then(|()| std::io::stdout().lock().write_all(&page))
        }
        Some(folder) => std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(speech::command(locale_language()), folder)),
    };
    super::output::finish(written, 0, args.output.as_deref())
}
