//! `fanshi cases`.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::report;
use crate::say;
use crate::syntax::tree::ItemKind;
use crate::testing::file;
use crate::testing::generate::{Generated, generate};
use crate::testing::suite::Suite;
use crate::workspace::{Inputs, Project, shown};
use jiff::civil::Date;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use toml::de::DeTable;

/// Arguments of `cases`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹、fanshi.toml 或政策文件 — a project's folder, its fanshi.toml, or a policy file
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 只要这一条（条文的名称） — only this article, by its name
    #[arg(long, value_name = "NAME")]
    article: Option<String>,
    /// 判断的日子；不写，取政策旁边案例文件的，再取清单的 — the day judged for; else that of the
    /// cases beside the policy, or the manifest's
    #[arg(long, value_name = "DATE", value_parser = super::output::date)]
    as_of: Option<Date>,
    /// 写入文件，不打印 — write to a file instead of printing
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs `cases`.
pub(super) fn run(args: &Args) -> ExitCode {
    let mut diagnostics = Vec::new();
    let project = Project::read(&args.project);
    let manifest_day = project.manifest.as_of;
    let (paths, _) = super::test::policies(&args.project, &mut diagnostics);
    let inputs = project.inputs().and(Inputs::of(paths.iter().cloned()));
    let policies: Vec<PathBuf> = paths.into_iter().filter(|path| has_articles(path)).collect();
    let mut made: Vec<(PathBuf, Generated)> = Vec::new();
    for policy in policies {
        let suite = Suite::read(&policy);
        let Some(day) = args.as_of.or_else(|| own_day(&suite)).or(manifest_day) else {
            diagnostics.push(no_day(&policy));
            continue;
        };
        made.extend(
            generate(Project::of_file(&policy, true), day, args.article.as_deref())
                .map(|generated| (policy, generated)),
        );
    }
    if made.is_empty() && diagnostics.is_empty() {
        diagnostics.push(nothing(args));
    }
    if made.len() > 1 && args.output.is_some() {
        diagnostics.push(several(&args.project));
    }
    diagnostics
        .extend(made.iter().flat_map(|(_, generated)| generated.diagnostics.iter().cloned()));
    if !diagnostics.is_empty() {
        let _ = report::write_diagnostics(
            &diagnostics,
            &super::plain_options(),
            &mut std::io::stderr().lock(),
        );
        return ExitCode::from(2);
    }
    super::output::finish(write(args, &made, &inputs), 0, args.output.as_deref())
}

fn write(args: &Args, made: &[(PathBuf, Generated)], inputs: &Inputs) -> std::io::Result<()> {
    for (policy, generated) in made {
        match &args.output {
            Some(path) => {
                super::target::create(path, inputs)?.write_all(generated.text.as_bytes())?
            }
            None => {
                let mut out = std::io::stdout().lock();
                if made.len() > 1 {
                    writeln!(out, "# {}", shown(policy))?;
                }
                writeln!(out, "{}", generated.text.trim_end())?;
            }
        }
        let (count, dropped) = (generated.cases, generated.dropped);
        super::say_line(&say!(
            "{count} 个案例；另有 {dropped} 行判出来不是所要的，没有写",
            "{count} cases; {dropped} rows came out otherwise when judged, and are left out"
        ));
        for article in &generated.without {
            let Bilingual { zh, en } = article;
            super::say_line(&say!(
                "“{zh}”没有找到边界上的行",
                "no boundary row was found for `{en}`"
            ));
        }
    }
    Ok(())
}

fn has_articles(policy: &Path) -> bool {
    let project = Project::of_file(policy, false);
    project
        .files
        .first()
        .is_some_and(|file| file.items.iter().any(|item| matches!(item.kind, ItemKind::Article(_))))
}

/// The day of the case file beside the policy.
fn own_day(suite: &Suite) -> Option<Date> {
    let (root, _) = DeTable::parse_recoverable(&suite.source.text);
    file::read(&suite.source, root.get_ref()).0.as_of
}

fn no_day(policy: &Path) -> Diagnostic {
    let message = say!("不知道按哪一天判断", "it is not known which day to judge for");
    let help = say!("写 --as-of 2015-11-20", "write --as-of 2015-11-20");
    Diagnostic::error("no_day", message)
        .help(help)
        .at(Place::file(shown(policy)), Bilingual::default())
}

fn nothing(args: &Args) -> Diagnostic {
    let place = Place::file(shown(&args.project));
    let found = match &args.article {
        Some(name) => {
            let message = say!("没有条文叫 `{name}`", "there is no article called `{name}`");
            Diagnostic::error("unknown_article_name", message)
                .help(say!("写条文的名称", "write the article's name"))
        }
        None => {
            Diagnostic::error("no_articles", say!("这里没有条文", "there are no articles here"))
        }
    };
    found.at(place, Bilingual::default())
}

fn several(project: &Path) -> Diagnostic {
    let message =
        say!("几个政策的案例不能写进一个文件", "cases of several policies cannot go into one file");
    let help = say!("用 -o 时给一个政策文件", "with -o, give one policy file");
    Diagnostic::error("several_policies", message)
        .help(help)
        .at(Place::file(shown(project)), Bilingual::default())
}
