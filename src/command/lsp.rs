//! `fanshi lsp`.

use super::asked_language;
use super::choice::LanguageArg;
use crate::lsp::{Options, serve_stdio};
use std::process::ExitCode;

/// Arguments of `lsp`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 消息用哪种语言（默认随项目） — the language of messages (default: the project's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
    /// 在标准输入输出上对话，本来就是这样；有的编辑器一定要写 — talk over standard input and output,
    /// as it does anyway; some editors insist on saying so
    #[arg(long)]
    stdio: bool,
}

/// Runs `lsp`: 1 where the client went without a word, as the protocol has it.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map(Into::into).or_else(asked_language);
    let orderly = serve_stdio(Options { language, ..Options::default() });
    if orderly { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
