//! `fanshi cases`.

use super::choice::LanguageArg;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::place::Place;
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::file;
use crate::testing::generate::{Generated, generate};
use crate::testing::suite::{self, Suite, add_new};
use crate::testing::without::Without;
use crate::workspace::{Inputs, Member, Options, shown};
use jiff::civil::Date;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use toml::de::DeTable;

/// Arguments of `cases`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 项目文件夹、fanshi.toml 或政策文件 — a project's folder, its fanshi.toml, or a policy file
    #[arg(default_value = ".")]
    project: PathBuf,
    /// 只要这一条，写法同 check — only this article, written as `check` takes it
    #[arg(long, value_name = "NAME")]
    article: Option<String>,
    /// 判断的日子；不写，取政策旁边案例文件的，再取清单的 — the day judged for; else that of the
    /// cases beside the policy, or the manifest's
    #[arg(long, value_name = "DATE", value_parser = super::output::date)]
    as_of: Option<Date>,
    /// 写入文件，不打印 — write to a file instead of printing
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// 提示的语言（默认随系统）；案例用政策的语言写 — the language of messages (default: the
    /// locale's); cases are written in the policy's
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

/// Runs `cases`.
pub(super) fn run(args: &Args) -> ExitCode {
    let mut diagnostics = Vec::new();
    let (members, _) = super::test::members(&args.project, &mut diagnostics);
    let all = members.iter().map(|member| suite::inputs(&member.project));
    let inputs = all.fold(Inputs::default(), Inputs::and);
    let mut made: Vec<(Member, Generated)> = Vec::new();
    let mut unknown = None;
    for member in members {
        if !member.has_articles() {
            add_new(&mut diagnostics, own_mistakes(&member));
            continue;
        }
        let manifest_day = member.project.manifest.as_of;
        let day = args.as_of.or_else(|| own_day(&member)).or(manifest_day);
        let Some(day) = day else {
            add_new(&mut diagnostics, member.project.mistakes(&Options::default()));
            diagnostics.push(no_day(&member.path));
            continue;
        };
        match generate(member.clone(), day, args.article.as_deref()) {
            Ok(generated) => made.extend(generated.map(|generated| (member, generated))),
            Err(diagnostic) => unknown = Some(diagnostic),
        }
    }
    if made.is_empty() && diagnostics.is_empty() {
        let place = Place::file(shown(&args.project));
        let unknown = unknown.map(|unknown| unknown.at(place, Bilingual::default()));
        diagnostics.push(unknown.unwrap_or_else(|| nothing(args)));
    }
    if made.len() > 1 && super::target::file(args.output.as_deref()).is_some() {
        diagnostics.push(several(&args.project));
    }
    for (_, generated) in &made {
        add_new(&mut diagnostics, generated.diagnostics.clone());
    }
    if !diagnostics.is_empty() {
        let _ =
            report::write_diagnostics(&diagnostics, &options(args), &mut std::io::stderr().lock());
        return ExitCode::from(2);
    }
    super::output::finish(write(args, &made, &inputs), 0)
}

/// What keeps a policy from having articles: it could not be read, or not be understood.
fn own_mistakes(member: &Member) -> Vec<Diagnostic> {
    let source = member.project.sources.iter().nth(member.module).map(|(_, source)| source);
    let is_own = |found: &&Diagnostic| {
        let place = found.labels.first().map(|label| &label.place);
        source.is_none_or(|source| place.is_some_and(|place| place.file == source.name))
    };
    let errors = member.project.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    errors.filter(is_own).cloned().collect()
}

/// How what is said beside the cases is shown.
fn options(args: &Args) -> report::Options {
    let plain = super::plain_options();
    report::Options { language: args.lang.map_or(plain.language, Language::from), ..plain }
}

fn write(args: &Args, made: &[(Member, Generated)], inputs: &Inputs) -> std::io::Result<()> {
    for (member, generated) in made {
        let target = super::target::file(args.output.as_deref());
        super::target::write(target, inputs, |out| match target {
            Some(_) => out.write_all(generated.text.as_bytes()),
            None => {
                if made.len() > 1 {
                    writeln!(out, "# {}", shown(&member.path))?;
                }
                writeln!(out, "{}", generated.text.trim_end())
            }
        })?;
        let (count, dropped) = (generated.cases, generated.dropped);
        super::say_line(&match dropped {
            0 => say!("{count} 个案例", "{count} cases"),
            _ => say!(
                "{count} 个案例；另有 {dropped} 行判出来不是所要的，没有写",
                "{count} cases; {dropped} rows came out otherwise when judged, and are left out"
            ),
        });
        generated.without.iter().map(without).for_each(|line| super::say_line(&line));
    }
    let taken = made.iter().flat_map(|(member, _)| member.project.taken.iter().cloned());
    super::test::taken(&taken.collect::<Vec<_>>()).iter().for_each(super::say_line);
    Ok(())
}

/// `第一条 限：没有找到满足、违反的行`.
fn without(found: &Without) -> Bilingual {
    let said: Vec<Bilingual> = found.outcomes.iter().map(|outcome| outcome.said()).collect();
    let of = |pick: fn(&Bilingual) -> &String, mark: &str| {
        said.iter().map(pick).cloned().collect::<Vec<_>>().join(mark)
    };
    let (zh, en) = (of(|said| &said.zh, "、"), of(|said| &said.en, ", "));
    let article = &found.article;
    Bilingual::new(
        format!("{}：没有找到{zh}的行", article.zh),
        format!("{}: no row was found that comes to: {en}", article.en),
    )
}

/// The day of the case file beside the policy.
fn own_day(member: &Member) -> Option<Date> {
    let suite = Suite::of(member.clone());
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
            let message =
                say!("`{name}` 不是这里能生成案例的条文", "no cases can be made of `{name}` here");
            Diagnostic::error("no_articles", message).help(say!(
                "写一条条文的名称、第几条；未在施行期内的、有错误的条文没有案例",
                "write an article's name or number; one that is not in effect, or has an error, \
                    has no cases"
            ))
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
