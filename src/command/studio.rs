//! `fanshi studio`.

use super::choice::LanguageArg;
use super::output::finish;
use crate::report;
use crate::say;
use crate::studio::{Asked, Ended, serve};
use crate::syntax::tree::Language;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Arguments of `studio`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹、其中的 fanshi.toml，或一个政策 — the project's folder, its fanshi.toml, or a policy
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 不打开浏览器，只显示地址 — show the address only, and open no browser
    #[arg(long)]
    no_open: bool,
    /// 端口；不写则由系统给一个空着的 — the port; left out, any that is free
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// 网页的语言（默认随系统） — the page's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

/// Runs `studio` until it is stopped, or the terminal that started it is gone: exit code 0; 2 where
/// there is no project, or the port is taken.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.project);
    drop(super::read(&path));
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let asked = Asked { project: &path, port: args.port, language };
    let mut told = Ok(());
    let ended = serve(&asked, |shown, once| {
        told = writeln!(std::io::stdout().lock(), "{shown}");
        super::say_line(&say!(
            "在浏览器里打开上面的地址；只有本机能打开。按 Ctrl+C 结束",
            "open the address above in a browser, on this machine alone; Ctrl+C ends it"
        ));
        if !args.no_open && open::that_detached(once).is_err() {
            super::say_line(&say!(
                "浏览器没有打开，请自己打开",
                "no browser could be started; open it yourself"
            ));
        }
    });
    match ended {
        Ok(Ended::Left) => finish(told, 0),
        Ok(Ended::NoProject(wrong)) => {
            let options = super::plain_options();
            let shown = report::write_diagnostics(&wrong, &options, &mut std::io::stderr().lock());
            finish(shown, 2)
        }
        Err(error) => {
            let port = args.port.map_or_else(String::new, |port| format!(" {port}"));
            super::say_line(&say!(
                "打不开端口{port}：{error}",
                "cannot listen on port{port}: {error}"
            ));
            ExitCode::from(2)
        }
    }
}
