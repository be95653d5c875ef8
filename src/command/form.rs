//! `fanshi form`.

use super::choice::LanguageArg;
use super::output::finish;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::nearest::nearest;
use crate::place::Place;
use crate::proposal;
use crate::report;
use crate::say;
use crate::schema::{FrameId, Schema};
use crate::syntax::tree::Language;
use crate::testing::suite;
use crate::workspace::{Options, Project, shown};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `form`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹、fanshi.toml 或词汇文件（默认当前文件夹），再写要哪些表（默认全部） — a project's
    /// folder, its fanshi.toml or a vocabulary (default: the current folder), then the tables
    /// (default: all)
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// 写入的工作簿 — the workbook to write
    #[arg(short = 'o', long = "output", value_name = "FILE", required = true)]
    output: PathBuf,
    /// 用哪种语言写（默认随系统） — the language to write in (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

/// Runs `form`.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let (project, tables) = args.split();
    let is_policy = project.extension().is_some_and(|ending| ending == "fan");
    let project = match is_policy {
        true => Project::of_file(&project, true),
        false => Project::read(&project),
    };
    let policy = project.policy(&Options::default());
    let mut wrong = project.diagnostics.clone();
    wrong.extend(policy.diagnostics.iter().cloned());
    wrong.retain(|found| found.severity == Severity::Error);
    let schema = policy.schema();
    let tables = match wanted(schema, &tables) {
        Ok(tables) => tables,
        Err(unknown) => {
            wrong.push(*unknown);
            Vec::new()
        }
    };
    if !wrong.is_empty() {
        let options = report::Options { language, ..super::plain_options() };
        let said = report::write_diagnostics(&wrong, &options, &mut std::io::stderr().lock());
        return finish(said, 2);
    }
    let inputs = suite::inputs(&project);
    let written = proposal::form(schema, &tables, language).and_then(|form| {
        super::target::write(Some(&args.output), &inputs, |out| out.write_all(&form.bytes))?;
        Ok(form)
    });
    match written {
        Err(error) => finish(Err(error), 2),
        Ok(form) => {
            let lines = told(&form, &args.output);
            lines.iter().for_each(super::say_line);
            ExitCode::SUCCESS
        }
    }
}

impl Args {
    /// The project and the tables: what is there as a file or a folder is the project.
    fn split(&self) -> (PathBuf, Vec<&str>) {
        let mut names = self.names.iter().map(String::as_str);
        let first = self.names.first().map(Path::new).filter(|path| path.exists());
        if first.is_some() {
            names.next();
        }
        (first.unwrap_or(Path::new(".")).to_owned(), names.collect())
    }
}

/// The tables asked for; all where none is.
fn wanted(schema: &Schema, names: &[&str]) -> Result<Vec<FrameId>, Box<Diagnostic>> {
    let all = || schema.tables();
    if names.is_empty() {
        let found: Vec<FrameId> = all().map(|(id, _)| id).collect();
        let message = say!("政策没有声明表", "the policies declare no table");
        let help = say!("先在词汇里声明一张表", "declare one first");
        let none = || Box::new(Diagnostic::error("no_tables", message).help(help));
        return if found.is_empty() { Err(none()) } else { Ok(found) };
    }
    let one = |name: &&str| {
        let found = all().find(|(_, frame)| frame.names.matches(name));
        found.map(|(id, _)| id).ok_or_else(|| {
            let known = all().flat_map(|(_, frame)| frame.names.iter());
            let help = match nearest(name, known) {
                Some(near) => say!("是不是 `{near}`？", "did you mean `{near}`?"),
                None => say!("写政策里声明的表名", "write the name of a declared table"),
            };
            let message = say!("没有名为 `{name}` 的表", "there is no table called `{name}`");
            let found = Diagnostic::error("unknown_table", message).help(help);
            Box::new(found.at(Place::file("fanshi.toml"), Bilingual::default()))
        })
    };
    names.iter().map(one).collect()
}

/// What the manifest has to say of the form when it is filled in.
fn told(form: &proposal::Form, file: &Path) -> Vec<Bilingual> {
    let name = shown(file);
    let mut lines = vec![say!(
        "写好了 `{name}`；填好以后，在 fanshi.toml 的 [data] 中写：",
        "`{name}` is written; filled in, it is listed in fanshi.toml under [data]:"
    )];
    for (table, sheet) in &form.entries {
        let sheet = match sheet {
            Some(sheet) => format!("{{ file = \"{name}\", sheet = \"{sheet}\" }}"),
            None => format!("\"{name}\""),
        };
        lines.push(Bilingual::same(format!("  \"{table}\" = {sheet}")));
    }
    lines.extend(form.left_out.iter().cloned());
    lines
}
