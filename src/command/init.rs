//! `fanshi init`.

use super::Listed;
use super::choice::LanguageArg;
use super::output::{finish, finish_after};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::proposal::{self, Asked, Given};
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::visible::visible;
use crate::workspace::write::{Folder, Mode, Written, publish};
use crate::workspace::{Disk, Files, Problem, ProblemCause, missed, shown};
use jiff::civil::Date;
use std::io::{Result, Write};
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 写入哪个文件夹；没有就新建 — the folder to write to; made if it is not there
    #[arg(default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// 从这些工作簿、CSV、JSON 看出词汇、清单和头几条规则 — propose vocabulary, manifest and first
    /// articles from these workbooks, CSV and JSON files
    #[arg(long, value_name = "FILES", num_args = 1..)]
    from: Vec<PathBuf>,
    /// 判断的日子，与 --from 同用（默认今天） — the day judged for, with --from (default: today)
    #[arg(long, value_name = "DATE", value_parser = super::output::date, requires = "from")]
    as_of: Option<Date>,
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
    if !args.from.is_empty() {
        return propose(args, language);
    }
    let templates = match language {
        Language::Chinese => CHINESE,
        Language::English => ENGLISH,
    };
    if let Some(refused) = args.refuse(templates.iter().map(|(name, _)| *name)) {
        return refused;
    }
    let written = args.write(templates.iter().map(|(name, text)| (*name, *text)));
    if written.is_err() {
        return finish(written, 0);
    }
    let told = told(args, &templates, language);
    finish_after(&args.folder, std::io::stdout().lock().write_all(told.as_bytes()), 0)
}

impl Args {
    /// Refuses to write where something of it is there already.
    fn refuse<'n>(&self, names: impl Iterator<Item = &'n str>) -> Option<ExitCode> {
        // A link that leads nowhere is there, too.
        let there: Vec<String> = names
            .map(|name| self.path(name))
            .filter(|path| path.symlink_metadata().is_ok())
            .map(|path| format!("`{}`", shown(&path)))
            .collect();
        if there.is_empty() {
            return None;
        }
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
        Some(ExitCode::from(2))
    }

    /// Where a file goes.
    fn path(&self, name: &str) -> PathBuf {
        if self.folder == Path::new(".") { PathBuf::from(name) } else { self.folder.join(name) }
    }

    /// Writes all files, or none.
    fn write<'t>(&self, files: impl Iterator<Item = (&'t str, &'t str)>) -> Result<()> {
        let _made = Folder::make(&self.folder)?;
        let files = files.map(|(name, text)| Written::of(&self.path(name), text.as_bytes()));
        publish(files.collect::<Result<_>>()?, Mode::New)
    }
}

/// Looks at files, and writes what a project for them could be.
fn propose(args: &Args, language: Language) -> ExitCode {
    let names = ["fanshi.toml", "词汇.fan", "规则.fan", "vocabulary.fan", "rules.fan"];
    if let Some(refused) = args.refuse(names.into_iter()) {
        return refused;
    }
    // It is there while the proposal is tried, and taken away again where nothing comes of it.
    let made = match Folder::make(&args.folder) {
        Ok(made) => made,
        Err(error) => return finish(Err(error), 2),
    };
    let (asked, unread) = match args.asked(language) {
        Ok(asked) => asked,
        Err(error) => return finish(Err(error), 2),
    };
    let proposed = if unread.is_empty() { proposal::propose(&asked) } else { Err(unread) };
    let proposed = match proposed {
        Ok(proposed) => proposed,
        Err(wrong) => {
            drop(made);
            let options = report::Options { language, ..super::plain_options() };
            let said = report::write_diagnostics(&wrong, &options, &mut std::io::stderr().lock());
            super::say_line(&say!("什么也没有写", "nothing was written"));
            return finish(said, 2);
        }
    };
    if let Some(refused) = args.refuse(proposed.files.iter().map(|(name, _)| name.as_str())) {
        return refused;
    }
    let files = proposed.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let written = args.write(files);
    if written.is_err() {
        return finish(written, 0);
    }
    let pick = |text: &Bilingual| {
        let text = if language == Language::Chinese { &text.zh } else { &text.en };
        visible(text).into_owned()
    };
    let mut lines: Vec<String> = proposed.said.iter().map(&pick).collect();
    lines.push(pick(&say!("写好了：", "Written:")));
    let paths = proposed.files.iter().map(|(name, _)| format!("  {}", shown(&args.path(name))));
    lines.extend(paths);
    let folder = typed(shown(&args.folder));
    lines.push(pick(&say!("接着：", "Next:")));
    lines.push(format!("  fanshi check {folder}\n"));
    let said = std::io::stdout().lock().write_all(lines.join("\n").as_bytes());
    finish_after(&args.folder, said, 0)
}

impl Args {
    /// What to propose a project for, and what may have been missed. The files stay where they are,
    /// and are named from the folder.
    fn asked(&self, language: Language) -> Result<(Asked, Vec<Diagnostic>)> {
        let folder = Disk.same(&std::path::absolute(&self.folder)?);
        let Listed { files: named, missed: mut unread } = super::expanded(&self.from);
        unread.retain(|found| found.severity == Severity::Error);
        let mut files = Vec::new();
        for path in named {
            let path = Disk.same(&std::path::absolute(path)?);
            let name = relative(&path, &folder);
            // A manifest is text, and could not name it.
            if name.to_str().is_none() {
                let problem = Problem { path: name, cause: ProblemCause::NotText };
                unread.push(missed(&problem, "", shown));
                continue;
            }
            files.push(Given { name: shown(&name), path });
        }
        let project =
            folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let as_of = self.as_of.unwrap_or_else(today);
        Ok((Asked { files, store: Arc::new(Disk), folder, project, as_of, language }, unread))
    }
}

/// Today in China.
fn today() -> Date {
    let now = jiff::Timestamp::now();
    jiff::tz::Offset::constant(8).to_datetime(now).date()
}

/// A path from a folder; both are absolute. The path itself where nothing leads there.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let same = path.components().zip(folder.components()).take_while(|(one, other)| one == other);
    let same = same.count();
    // Another drive.
    if same == 0 {
        return path.to_owned();
    }
    let up = folder.components().skip(same).map(|_| Component::ParentDir);
    up.chain(path.components().skip(same)).collect()
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
