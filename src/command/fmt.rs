//! `fanshi fmt`.

use super::output::ended;
use super::{Listed, blanks};
use crate::analysis::{self, Settings};
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::place::Place;
use crate::program::Language;
use crate::report;
use crate::say;
use crate::schema::Names;
use crate::syntax::format::{Style, reformat_checked};
use crate::syntax::parse::MAX_BYTES;
use crate::syntax::tree::Name;
use crate::text::{FileId, Source, Span};
use crate::workspace::{Disk, Files, Neighbours, Overlay, Project, shown, write};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Arguments of `fmt`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 政策文件或文件夹；- 是标准输入 — policy files or folders; - for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// 只核对，不改写；有不合格式的退出码为 1 — only check: exit code 1 where a file is not
    /// canonical
    #[arg(long)]
    check: bool,
    /// 译成这种语言（关键词和有别名的名称） — rewrite keywords, and names that have an alias, in
    /// this language
    #[arg(long, value_enum)]
    lang: Option<super::choice::LanguageArg>,
    /// 中文词与词之间写不写空格；两种写法读出来一样 — blanks between Chinese words or not; both read
    /// alike
    #[arg(long, value_enum, default_value_t = Blanks::Yes)]
    blanks: Blanks,
    /// 写到标准输出，不改写文件 — write to standard output instead of the files
    #[arg(long)]
    stdout: bool,
}

/// Whether Chinese words stand apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Blanks {
    No,
    Yes,
}

/// What became of one file.
enum Formatted {
    /// It is canonical: its text as it stands.
    Same(Arc<str>),
    /// Its canonical text.
    Changed(String),
    Refused(Vec<Diagnostic>),
}

/// Runs `fmt`.
pub(super) fn run(args: &Args) -> ExitCode {
    let mut worst = 0;
    let language = args.lang.map(Language::from);
    let blanks = args.blanks;
    let Listed { files, missed } = listed(&args.files);
    if super::say_missed(&missed) {
        worst = 2;
    }
    let mut known = Neighbours::default();
    for path in &files {
        let typed = path == Path::new("-");
        let name = shown(path);
        let outcome = match typed.then(standard_input) {
            Some(Err(refused)) => Formatted::Refused(vec![*refused]),
            Some(Ok(text)) => {
                let named = Path::new(TYPED);
                format(
                    Arc::new(Overlay::new(Arc::new(Disk)).with(named, text)),
                    named,
                    (language, blanks),
                    &mut known,
                )
            }
            None => format(Arc::new(Disk), path, (language, blanks), &mut known),
        };
        let code = match outcome {
            Formatted::Refused(diagnostics) => {
                let _ = report::write_diagnostics(
                    &diagnostics,
                    &super::plain_options(),
                    &mut std::io::stderr(),
                );
                2
            }
            Formatted::Same(text) if args.stdout || typed && !args.check => write_out(&text),
            Formatted::Same(_) => 0,
            Formatted::Changed(text) if args.stdout || typed && !args.check => write_out(&text),
            Formatted::Changed(_) if args.check => {
                super::say_line(&say!("不合格式：{name}", "not canonical: {name}"));
                1
            }
            Formatted::Changed(text) => {
                // Behind a link, the policy itself: projects that share it go on doing so.
                let target = Disk.same(path);
                ended(write::replace(&target, text.as_bytes()), 0)
            }
        };
        worst = worst.max(code);
    }
    ExitCode::from(worst)
}

/// What standard input is called where something is wrong with it.
const TYPED: &str = "-.fan";

/// The files that are meant, of a folder all policies in it.
fn listed(paths: &[PathBuf]) -> Listed {
    let Listed { files: named, missed } = super::expanded(paths);
    let mut all = Listed { files: Vec::new(), missed };
    for path in named {
        if !path.is_dir() {
            all.files.push(path);
            continue;
        }
        let mut found = Listed::of(Disk.fitting(&path, "**/*.fan"), "**/*.fan");
        if found.files.is_empty() && found.missed.is_empty() {
            let folder = shown(&path);
            let message = say!("`{folder}` 里没有政策（.fan）", "no policy (.fan) in `{folder}`");
            found.missed.push(Diagnostic::error("no_such_file", message));
        }
        all.and(found);
    }
    all
}

/// What comes in, as far as a policy may be long.
fn standard_input() -> Result<Vec<u8>, Box<Diagnostic>> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.map(|_| bytes).map_err(|error| {
        let message = say!("读不了标准输入：{error}", "standard input cannot be read: {error}");
        let unreadable = Diagnostic::error("unreadable_file", message);
        Box::new(unreadable.at(Place::file(TYPED), Bilingual::default()))
    })
}

fn write_out(text: &str) -> u8 {
    let mut out = std::io::stdout().lock();
    ended(out.write_all(text.as_bytes()).and_then(|()| out.flush()), 0)
}

/// Canonical text of a file, in its own language or another.
fn format(
    files: Arc<dyn Files>,
    path: &Path,
    (language, blanks): (Option<Language>, Blanks),
    known: &mut Neighbours,
) -> Formatted {
    // Where words are written together, the names that the file uses tell them apart.
    let mut project = Project::of_file_among(files.clone(), path, Some(known));
    // What is wrong elsewhere, or with where a name is to be found, is none of its form.
    if language.is_none()
        && !project.diagnostics.is_empty()
        && (!mentions(&project, path)
            || Project::of_file_in(files, path, false).diagnostics.is_empty())
    {
        project.diagnostics.clear();
    }
    let (Some(file), Some(source)) = (project.files.first(), project.sources.get(FileId(0))) else {
        return Formatted::Refused(project.diagnostics);
    };
    if !project.diagnostics.is_empty() {
        return Formatted::Refused(project.diagnostics);
    }
    let written = match language {
        None => reformat_checked(file, source, Style::plain(file.language)),
        Some(language) => match names(&project) {
            Err(diagnostics) => return Formatted::Refused(diagnostics),
            Ok(names) => translate(&project, &names, language),
        },
    };
    let written = written.map(|text| match blanks {
        Blanks::Yes => text,
        Blanks::No => blanks::left_out(&project, &text),
    });
    match written.map(|text| ended_as(text, &source.text)) {
        Err(diagnostic) => Formatted::Refused(vec![*diagnostic]),
        Ok(text) if *text == *source.text => Formatted::Same(source.text.clone()),
        Ok(text) => Formatted::Changed(text),
    }
}

/// Whether something is wrong in a file itself.
fn mentions(project: &Project, path: &Path) -> bool {
    let name = shown(path);
    let first = |found: &Diagnostic| found.labels.first().map(|label| label.place.file.clone());
    project.diagnostics.iter().any(|found| first(found).is_some_and(|file| *file == *name))
}

/// A text with the line ends that another begins with: CRLF where that has them.
fn ended_as(text: String, other: &str) -> String {
    let first = other.split_inclusive('\n').next().unwrap_or_default();
    if first.ends_with("\r\n") { text.replace('\n', "\r\n") } else { text }
}

/// What the names of a project refer to; the mistakes where they cannot all be told.
fn names(project: &Project) -> Result<BTreeMap<Span, Names>, Vec<Diagnostic>> {
    let found = analysis::analyze(&project.files, &project.sources, &Settings::default());
    let errors: Vec<Diagnostic> = found
        .diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .collect();
    if errors.is_empty() { Ok(found.names) } else { Err(errors) }
}

/// The first file of a project in another language; refused where a name would come to mean
/// something else.
fn translate(
    project: &Project,
    names: &BTreeMap<Span, Names>,
    language: Language,
) -> Result<String, Box<Diagnostic>> {
    let (Some(file), Some(source)) = (project.files.first(), project.sources.get(FileId(0))) else {
        return Err(Box::new(Diagnostic::error("unreadable_file", say!("没有文件", "no file"))));
    };
    let rename = |name: &Name| Some(language.called(names.get(&name.span)?).to_owned());
    let text = reformat_checked(file, source, Style { language, rename: &rename })?;
    let again = project.with_text(0, Source::new(source.name.clone(), text.clone()));
    let order = |names: &BTreeMap<Span, Names>| -> Vec<Names> {
        names
            .iter()
            .filter(|(span, _)| span.file == FileId(0))
            .map(|(_, names)| sorted(names))
            .collect()
    };
    let refused = |place: Place| {
        let message = say!(
            "译文的意思会变，没有改写",
            "the translation would change the meaning; nothing was written"
        );
        let help = say!(
            "有名称的译名与别的名称相同：换一个别名",
            "the other name of something collides: choose another alias"
        );
        Box::new(
            Diagnostic::error("translation_changes_meaning", message)
                .help(help)
                .at(place, Bilingual::default()),
        )
    };
    let (mut before, mut after) =
        (order(names), self::names(&again).map(|names| order(&names)).unwrap_or_default());
    before.sort();
    after.sort();
    if before == after { Ok(text) } else { Err(refused(Place::file(source.name.clone()))) }
}

/// Both names in one order, whichever the file wrote first.
fn sorted(names: &Names) -> Names {
    match &names.alias {
        Some(alias) if *alias < names.name => {
            Names { name: alias.clone(), alias: Some(names.name.clone()) }
        }
        _ => names.clone(),
    }
}
