//! How a report is wanted: the arguments of every command that writes one, and where it goes.

use super::choice::{ColorArg, LanguageArg};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::report;
use crate::say;
use crate::syntax::tree::Language;
use crate::value::date::{NoDate, read_date};

use crate::workspace::write::Unwritten;
use crate::workspace::{Inputs, Refusal, absolute, said_by_system, shown, way};
use clap::ValueEnum;
use jiff::civil::Date;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where a report goes, its language and colour, and the day judged for.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// 写入文件（- 是标准输出）；按组分开的工作簿和意见书写入文件夹 — write to a file (- for standard
    /// output); workbooks and letters by group, to a folder
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    file: Option<PathBuf>,
    /// 报告语言（默认随系统） — the report's language (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
    /// 判断日期，代替清单里的 as_of — the day judged for, instead of the manifest's
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) as_of: Option<Date>,
    /// 颜色 — colour
    #[arg(long, value_enum, default_value = "auto")]
    color: ColorArg,
}

/// A format a report can have.
pub(super) trait Kind: Copy + ValueEnum {
    /// The endings of files that are written so where nobody says how, and those that may be when
    /// somebody does.
    fn endings(self) -> (&'static [&'static str], &'static [&'static str]);
}

impl Output {
    /// The format asked for, or the one that the ending of the file says; `plain` where nothing does.
    pub(super) fn format<K: Kind>(&self, asked: Option<K>, plain: K) -> Result<K, Bilingual> {
        let file = self.file();
        let ending = file.and_then(Path::extension).map(|end| end.to_string_lossy().to_lowercase());
        let Some((file, ending)) = file.zip(ending.as_deref()) else {
            return Ok(asked.unwrap_or(plain));
        };
        let named = K::value_variants().iter().find(|kind| kind.endings().0.contains(&ending));
        let name = shown(file);
        let word = |kind: K| {
            let value = kind.to_possible_value();
            value.map_or_else(String::new, |value| value.get_name().to_owned())
        };
        match (asked, named) {
            (Some(asked), Some(named)) => {
                let (own, also) = asked.endings();
                if own.contains(&ending) || also.contains(&ending) {
                    return Ok(asked);
                }
                let (asked, named) = (word(asked), word(*named));
                Err(say!(
                    "`{name}` 是 {named} 的名称，`--format` 却是 {asked}；改其中一个",
                    "`{name}` is a name for {named}, but `--format` says {asked}; change one of them"
                ))
            }
            (Some(asked), None) => Ok(asked),
            (None, Some(named)) => Ok(*named),
            (None, None) => {
                let all = K::value_variants().iter().flat_map(|kind| kind.endings().0);
                let all = all.map(|end| format!(".{end}")).collect::<Vec<_>>();
                let (zh, en) = (all.join("、"), all.join(", "));
                let holds = |kind: &&K| kind.endings().1.contains(&ending);
                let said = K::value_variants().iter().find(holds).map(|kind| word(*kind));
                let (more, further) = said.map_or_else(
                    || (String::new(), String::new()),
                    |kind| {
                        (
                            format!("，要 {kind} 就加 `--format {kind}`"),
                            format!("; for {kind} add `--format {kind}`"),
                        )
                    },
                );
                Err(say!(
                    "`{name}`：看不出要写成什么格式；可用的结尾：{zh}{more}",
                    "`{name}` does not say which format is meant; the endings are {en}{further}"
                ))
            }
        }
    }

    /// Whether the report goes to a terminal.
    pub(super) fn is_terminal(&self) -> bool {
        self.file().is_none() && std::io::stdout().is_terminal()
    }

    /// How it is shown there.
    pub(super) fn shown(&self) -> report::Options {
        let terminal = self.is_terminal();
        let language = self.lang.map_or_else(super::locale_language, Language::from);
        report::Options {
            language,
            color: self.color.wanted(terminal),
            width: width(terminal),
            ..report::Options::default()
        }
    }

    /// How it is shown there, with files named as they are reached from the current folder.
    pub(super) fn shown_of(&self, project: &Path) -> report::Options {
        report::Options { base: base(project), ..self.shown() }
    }

    /// Refuses on a terminal what is no text.
    pub(super) fn takes_bytes<K: Kind>(&self, format: K) -> Result<(), Bilingual> {
        if self.is_terminal() {
            let ending = format.endings().0.first().copied().unwrap_or_default();
            return Err(say!(
                "这种格式不能写到终端上：加 `-o 文件.{ending}`",
                "this format cannot go to a terminal: add `-o FILE.{ending}`"
            ));
        }
        Ok(())
    }

    /// The file or folder; `None` for standard output.
    pub(super) fn file(&self) -> Option<&Path> {
        super::target::file(self.file.as_deref())
    }

    /// What must not be written over, where something is written at all.
    pub(super) fn spared(&self, inputs: impl FnOnce() -> Inputs) -> Inputs {
        if self.file().is_some() { inputs() } else { Inputs::default() }
    }

    /// Writes the file, whole or not at all; or to standard output.
    pub(super) fn write(
        &self,
        inputs: &Inputs,
        body: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> std::io::Result<()> {
        super::target::write(self.file(), inputs, body)
    }

    /// Says what came of it, and which file has it: whoever writes to a file sees nothing else.
    pub(super) fn told(&self, written: &std::io::Result<()>, came_to: &Bilingual) {
        // Another program may have standard error too.
        let is_device = |path: &&Path| {
            path.starts_with("/dev") || path.exists() && !path.is_file() && !path.is_dir()
        };
        if let (Ok(()), Some(file)) = (written, self.file().filter(|file| !is_device(file))) {
            let (Bilingual { zh, en }, file) = (came_to, shown(file));
            super::say_line(&say!("{zh} → {file}", "{en} → {file}"));
        }
    }

    /// Says what is wrong with what was asked for, and writes nothing.
    pub(super) fn refuse(&self, wrong: &Diagnostic) -> ExitCode {
        let (wrong, shown) = (std::slice::from_ref(wrong), self.shown());
        let said = report::write_diagnostics(wrong, &shown, &mut std::io::stderr().lock());
        finish(said, 2)
    }
}

/// The way from the current folder to that of a project, ending in `/`; empty where it is the
/// current one.
pub(super) fn base(project: &Path) -> String {
    let folder = if project.is_dir() { project } else { project.parent().unwrap_or(project) };
    let here = std::env::current_dir().unwrap_or_default();
    let folder = folder.strip_prefix(&here).unwrap_or(folder);
    let way = shown(folder);
    let way = way.trim_end_matches('/').trim_start_matches("./");
    match (way, folder.is_absolute()) {
        ("" | ".", false) => String::new(),
        _ => format!("{way}/"),
    }
}

/// The way from the root of the repository, or from a folder that is asked for in its place, to the
/// folder of a project, ending in `/`; empty where that is the root. Without a repository it is the
/// way from the current folder.
pub(super) fn root(project: &Path, asked: Option<&Path>) -> String {
    let folder = if project.is_dir() { project } else { project.parent().unwrap_or(project) };
    let folder = absolute(folder);
    let repository = || folder.ancestors().find(|above| above.join(".git").exists());
    let here = || absolute(Path::new("."));
    let root = asked.map(absolute).or_else(|| repository().map(Path::to_owned));
    match way(&root.unwrap_or_else(here), &folder).as_str() {
        "." => String::new(),
        way => format!("{}/", way.trim_end_matches('/')),
    }
}

/// The exit code; a reader that went away changes nothing about what was found, anything else that
/// goes wrong is an error.
pub(super) fn finish(written: std::io::Result<()>, code: u8) -> ExitCode {
    ExitCode::from(ended(written, code))
}

/// The same where files were written before: that they are there is said, where what came of it
/// cannot be.
pub(super) fn finish_after(there: &Path, said: std::io::Result<()>, code: u8) -> ExitCode {
    let failed = said.as_ref().is_err_and(|error| !is_gone(error));
    let code = finish(said, code);
    if failed {
        let there = shown(there);
        super::say_line(&say!(
            "`{there}` 已经写好，不用再来一遍",
            "`{there}` is written: this need not be run again"
        ));
    }
    code
}

/// The same, for what is not yet the end.
pub(super) fn ended(written: std::io::Result<()>, code: u8) -> u8 {
    match written {
        Err(error) if !is_gone(&error) => {
            super::say_line(&unwritable(&error));
            2
        }
        _ => code,
    }
}

/// Whether the reader went away.
fn is_gone(error: &std::io::Error) -> bool {
    /// `ERROR_PIPE_NOT_CONNECTED`, which the standard library does not know as a broken pipe.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == std::io::ErrorKind::BrokenPipe
        || (cfg!(windows) && error.raw_os_error() == Some(NOT_CONNECTED))
}

/// Why something cannot be written, and what to do about it.
fn unwritable(error: &std::io::Error) -> Bilingual {
    let file = error.get_ref().and_then(|inner| inner.downcast_ref::<Unwritten>());
    let (zh, en) = match file {
        Some(file) => (format!(" `{0}`", shown(&file.path)), format!("`{}`", shown(&file.path))),
        None => ("标准输出".to_owned(), "to standard output".to_owned()),
    };
    let Bilingual { zh: why, en: reason } = why(file.map_or(error, |file| &file.error));
    say!("写不了{zh}：{why}", "cannot write {en}: {reason}")
}

fn why(error: &std::io::Error) -> Bilingual {
    use std::io::ErrorKind;
    match error.kind() {
        _ if Refusal::of(error) == Some(Refusal::Held) => say!(
            "别的程序（如 Excel）打开着它；在那里关闭，再来一遍",
            "another program (Excel, say) has it open; close it there, and run this again"
        ),
        _ if Refusal::of(error) == Some(Refusal::Dangling) => say!(
            "它是链接，指向的地方不存在；删去它，或者建好它指向的文件夹",
            "it is a link that leads nowhere; remove it, or make the folder it leads to"
        ),
        ErrorKind::NotFound => {
            say!("没有这个文件夹；先建好它", "there is no such folder; make it first")
        }
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => say!(
            "这里要写文件夹，已有一个同名的文件；换一个名称",
            "a folder belongs here, but there is a file of that name; choose another"
        ),
        ErrorKind::IsADirectory => {
            say!("它是文件夹；写出文件名", "it is a folder; name a file")
        }
        ErrorKind::PermissionDenied => say!(
            "没有权限写它或它所在的文件夹；换一个地方，或关闭打开它的程序",
            "no permission to write it or its folder; choose another place, or close the program \
                that has it open"
        ),
        ErrorKind::ReadOnlyFilesystem => {
            say!("这个磁盘只能读；换一个地方", "this disk is read-only; choose another place")
        }
        ErrorKind::StorageFull => say!("磁盘满了", "the disk is full"),
        ErrorKind::FileTooLarge => {
            say!("系统不允许这么大的文件", "the system allows no file of this size")
        }
        ErrorKind::QuotaExceeded => say!("配额用完了", "the quota is used up"),
        ErrorKind::InvalidFilename => {
            say!(
                "名称太长，或者系统不许用；换一个",
                "the name is too long or not allowed; choose another"
            )
        }
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => {
            say!("别的程序正在用它", "another program is using it")
        }
        _ => said_by_system(error),
    }
}

/// A day as people write it.
pub(super) fn date(text: &str) -> Result<Date, String> {
    read_date(text).map_err(|why| match why {
        NoDate::Form => "写作 2015-11-20 — write a day like 2015-11-20".to_owned(),
        NoDate::Day => {
            "没有这一天：检查年月日 — there is no such day: check year, month and day".to_owned()
        }
    })
}

/// The columns that lines are broken for, whatever a terminal or `COLUMNS` says.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=400;

/// The terminal's width in columns; 100 elsewhere.
pub(super) fn width(terminal: bool) -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns_of(&columns));
    let size = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = columns.or_else(|| if terminal { size() } else { None }).unwrap_or(100);
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// A number of columns, however large; `None` of what is none, and of 0, which says that nobody
/// knows.
fn columns_of(text: &str) -> Option<usize> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(usize::MAX)).filter(|columns| *columns > 0)
}

/// How many findings a text report shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Every one.
    All,
    /// At most so many.
    Most(usize),
}

impl Shown {
    /// How many a terminal shows where nobody says how many: what can be read there.
    const TERMINAL: usize = 50;

    /// `N` or `all`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match text {
            "all" | "全部" => Ok(Self::All),
            _ => text.parse().map(Self::Most).map_err(|_| {
                "写一个数，如 20；全部写 all — write a number, such as 20, or `all`".to_owned()
            }),
        }
    }

    /// The limit of a report; what is read later, from a file or another program, is whole.
    pub(super) fn limit(asked: Option<Self>, terminal: bool) -> Option<usize> {
        match asked {
            Some(Self::All) => None,
            Some(Self::Most(most)) => Some(most),
            None => terminal.then_some(Self::TERMINAL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shown, columns_of};

    #[test]
    fn any_number_of_columns_is_one() {
        let read = |text| columns_of(text);
        assert_eq!(read("80"), Some(80));
        assert_eq!(read(" 132 "), Some(132));
        assert_eq!(read("100000000000"), Some(100_000_000_000));
        assert_eq!(read("99999999999999999999999999"), Some(usize::MAX));
        for none in ["", "0", "00", "-5", "abc", "8x", "+80", "٣", "1e9"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn a_terminal_shows_what_can_be_read_there() {
        assert_eq!(Shown::limit(None, true), Some(50));
        assert_eq!(Shown::limit(None, false), None);
        for terminal in [true, false] {
            assert_eq!(Shown::limit(Some(Shown::All), terminal), None);
            assert_eq!(Shown::limit(Some(Shown::Most(7)), terminal), Some(7));
        }
        assert_eq!(Shown::read("all"), Ok(Shown::All));
        assert_eq!(Shown::read("0"), Ok(Shown::Most(0)));
        assert!(Shown::read("-1").is_err() && Shown::read("many").is_err());
    }
}
