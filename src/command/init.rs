//! `fanshi init`.

use super::choice::LanguageArg;
use super::output::finish;
use crate::say;
use crate::syntax::tree::Language;
use crate::workspace::shown;
use crate::workspace::write::{Folder, Mode, Written, publish};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 写入哪个文件夹；没有就新建 — the folder to write to; made if it is not there
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// 用哪种语言写（默认随系统） — the language to write in (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

/// A file of a project: its name and its text.
type Template = (&'static str, &'static str);

const CHINESE: [Template; 4] = [
    ("fanshi.toml", include_str!("../../templates/zh/fanshi.toml")),
    ("合同.fan", include_str!("../../templates/zh/合同.fan")),
    ("合同.csv", include_str!("../../templates/zh/合同.csv")),
    ("合同.cases.toml", include_str!("../../templates/zh/合同.cases.toml")),
];

const ENGLISH: [Template; 4] = [
    ("fanshi.toml", include_str!("../../templates/en/fanshi.toml")),
    ("contracts.fan", include_str!("../../templates/en/contracts.fan")),
    ("contracts.csv", include_str!("../../templates/en/contracts.csv")),
    ("contracts.cases.toml", include_str!("../../templates/en/contracts.cases.toml")),
];

/// Runs `init`: writes a small project, and nothing where something of it is there already.
pub(super) fn run(args: &Args) -> ExitCode {
    let language = args.lang.map_or_else(super::locale_language, Language::from);
    let templates = match language {
        Language::Chinese => CHINESE,
        Language::English => ENGLISH,
    };
    let path = |(name, _): &Template| args.path(name);
    // A link that leads nowhere is there, too.
    let there: Vec<String> = templates
        .iter()
        .map(path)
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| format!("`{}`", shown(&path)))
        .collect();
    if !there.is_empty() {
        let (zh, en) = (there.join("、"), there.join(", "));
        let are = if there.len() == 1 { "is" } else { "are" };
        super::say_line(&say!(
            "已经有 {zh}，什么也没有写",
            "{en} {are} there already; nothing was written"
        ));
        super::say_line(&say!(
            "换一个文件夹：`fanshi init 文件夹`",
            "choose another folder: `fanshi init FOLDER`"
        ));
        return ExitCode::from(2);
    }
    let written = args.write(&templates);
    if written.is_err() {
        return finish(written, 0);
    }
    finish(std::io::stdout().lock().write_all(told(args, &templates, language).as_bytes()), 0)
}

impl Args {
    /// Where a file goes.
    fn path(&self, name: &str) -> PathBuf {
        if self.folder == Path::new(".") { PathBuf::from(name) } else { self.folder.join(name) }
    }

    /// Writes all files, or none.
    fn write(&self, templates: &[Template]) -> Result<()> {
        let _made = Folder::make(&self.folder)?;
        let files = templates.iter().map(|(name, text)| {
            let path = self.path(name);
            Written::of(&path, text.as_bytes())
        });
        publish(files.collect::<Result<_>>()?, Mode::New)
    }
}

/// A path as it is typed at a prompt: in quotation marks where a shell would take it apart.
fn typed(path: String) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-:".contains(c);
    match path.chars().all(plain) {
        true => path,
        false if cfg!(windows) => format!("\"{path}\""),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// What was written, and what to do next.
fn told(args: &Args, templates: &[Template], language: Language) -> String {
    let roles = [
        say!(
            "项目清单：政策、数据、判断的日子",
            "the manifest: policies, data, the day judged for"
        ),
        say!("政策：改成你们的规定", "the policy: put your own rules here"),
        say!("数据：换成你们的表", "the data: put your own table here"),
        say!("案例：改政策以前先写在这里", "the cases: write here before you change the policy"),
    ];
    let pick = |text: &crate::diagnostic::Bilingual| {
        if language == Language::Chinese { text.zh.clone() } else { text.en.clone() }
    };
    let mut lines = vec![pick(&say!("写好了：", "Written:"))];
    lines.extend(
        templates
            .iter()
            .zip(&roles)
            .map(|((name, _), role)| format!("  {} — {}", shown(&args.path(name)), pick(role))),
    );
    let folder = typed(shown(&args.folder));
    let zh = format!("接着：\n  fanshi check {folder}\n  fanshi test {folder}\n");
    let en = format!("Next:\n  fanshi check {folder}\n  fanshi test {folder}\n");
    lines.push(pick(&crate::diagnostic::Bilingual { zh, en }));
    lines.join("\n")
}
