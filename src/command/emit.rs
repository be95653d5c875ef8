//! `fanshi emit`.

use super::choice::{DialectArg, ProjectArgs};
use super::output::finish;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::emit::{Emission, MARK, emit_over};
use crate::engine::Policy;
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::suite;
use crate::workspace::{Options, shown};
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// What the policies are written as.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Target {
    Sql,
}

/// Arguments of `emit`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 写成什么 — what to write
    #[arg(value_enum, value_name = "FORMAT")]
    target: Target,
    #[command(flatten)]
    of: ProjectArgs,
    /// 哪一种数据库 — which engine
    #[arg(long, value_enum, value_name = "NAME")]
    dialect: DialectArg,
    /// 写入的文件夹 — the folder to write into
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "check")]
    output: Option<PathBuf>,
    /// 只列出每一条能不能写、为什么；有不能写的，退出码为 3 — only list of each article whether it can
    /// be written, and why not; exits with 3 where one cannot
    #[arg(long)]
    check: bool,
}

/// Runs `emit`.
pub(super) fn run(args: &Args) -> ExitCode {
    let path = super::meant(&args.of.project);
    let project = super::read(&path);
    let language = args.of.language();
    let options = Options { as_of: args.of.as_of, ..Options::default() };
    let policy = project.policy(&options);
    let mut wrong: Vec<Diagnostic> = project.diagnostics.clone();
    wrong.extend(policy.diagnostics.iter().cloned());
    let (warehouse, mistakes) = project.warehouse(policy.schema());
    wrong.extend(mistakes);
    wrong.retain(|found| found.severity == Severity::Error);
    if !wrong.is_empty() {
        let options = report::Options { language, ..super::plain_options() };
        let said = report::write_diagnostics(&wrong, &options, &mut std::io::stderr().lock());
        return finish(said, 2);
    }
    let emission = emit_over(&policy, args.dialect.into(), &warehouse);
    let told = told(&policy, &emission);
    let refused = told.iter().filter(|(_, refused)| refused.is_some()).count();
    if args.check {
        let written = list(&told, language);
        return finish(written, if refused == 0 { 0 } else { 3 });
    }
    let inputs = suite::inputs(&project);
    let folder = args.output.clone().unwrap_or_default();
    let files = emission.files.iter().map(|file| (file.name.as_str(), file.text.as_bytes()));
    let written = super::target::files(&folder, files, &inputs);
    // Files of articles that are gone.
    let names: Vec<&str> = emission.files.iter().map(|file| file.name.as_str()).collect();
    let written = written.and_then(|()| super::target::clear(&folder, MARK, &names, &inputs));
    if written.is_ok() {
        let (all, folder) = (told.len(), shown(&folder));
        let written = all - refused;
        super::say_line(&say!(
            "规则和指标 {all} 项，写成视图 {written} 项，写不成 {refused} 项 → {folder}",
            "{all} rules and measures, {written} written as views, {refused} not → {folder}"
        ));
        for (code, why) in told {
            if let Some(Bilingual { zh, en }) = why {
                super::say_line(&say!("  {code}：{zh}", "  {code}: {en}"));
            }
        }
    }
    finish(written, 0)
}

/// Every rule and every measure by name, with why it has no view where it has none.
fn told<'e>(policy: &'e Policy, emission: &'e Emission) -> Vec<(&'e str, &'e Option<Bilingual>)> {
    let rules = emission.rules.iter().map(|(rule, why)| (policy.rules.code(*rule), why));
    let measures = emission.measures.iter().map(|(code, why)| (code.as_str(), why));
    rules.chain(measures).collect()
}

/// Lists all: whether it is written, or why not.
fn list(told: &[(&str, &Option<Bilingual>)], language: Language) -> std::io::Result<()> {
    let out = &mut std::io::stdout().lock();
    for (code, why) in told {
        let said = match (why, language) {
            (None, Language::Chinese) => "写成视图".to_owned(),
            (None, Language::English) => "written".to_owned(),
            (Some(why), Language::Chinese) => format!("写不成：{}", why.zh),
            (Some(why), Language::English) => format!("refused: {}", why.en),
        };
        writeln!(out, "{code}\t{said}")?;
    }
    Ok(())
}
