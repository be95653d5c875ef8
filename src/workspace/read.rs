//! Texts as they are read, and what is wrong with those that cannot be.

use super::files::Files;
use super::limits::{Limit, MANIFEST, size};
use super::pattern::{Problem, ProblemCause};
use super::refusal::Refusal;
use super::shown;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::text::Source;
use std::io::{Error, ErrorKind};
use std::path::Path;

/// Why a text is not read.
pub(super) enum Unread {
    /// It cannot be read.
    Error(Error),
    /// It is no UTF-8; said at its place.
    NotText(Box<Diagnostic>),
}

/// A text file as UTF-8 without a mark; what is wrong is reported.
pub fn read_text(
    files: &dyn Files,
    path: &Path,
    name: &str,
    limit: Limit,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let read = text(files, path, name, limit);
    let told = |unread: Unread| diagnostics.push(unread.said(name, limit).or_at(Place::file(name)));
    read.map_err(told).ok()
}

/// A text file as UTF-8 without a mark.
///
/// # Errors
/// Where it cannot be read, is too large, or is no UTF-8.
pub(super) fn text(
    files: &dyn Files,
    path: &Path,
    name: &str,
    limit: Limit,
) -> Result<String, Unread> {
    let bytes = files.read(path, limit.most).map_err(Unread::Error)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let broken = match std::str::from_utf8(bytes) {
        // Lines that end in a carriage return alone are lines all the same.
        Ok(text) if !text.contains('\n') => return Ok(text.replace('\r', "\n")),
        Ok(text) => return Ok(text.to_owned()),
        Err(broken) => broken,
    };
    let lossy = String::from_utf8_lossy(bytes);
    let lossy = if lossy.contains('\n') { lossy.into_owned() } else { lossy.replace('\r', "\n") };
    let at = broken.valid_up_to();
    let place = Place::of(&Source::new(name, lossy), at..at + '\u{FFFD}'.len_utf8());
    let message =
        say!("从这里起 `{name}` 不是 UTF-8 文本", "from here on `{name}` is not UTF-8 text");
    let help = say!("用编辑器打开，另存为 UTF-8", "open it in an editor and save it as UTF-8");
    let wrong = Diagnostic::error("invalid_utf8", message).help(help);
    Err(Unread::NotText(Box::new(wrong.at(place, Bilingual::default()))))
}

/// The manifest's text; what is not a manifest is said to be none. `name` is what places call it.
pub(super) fn manifest_text(
    files: &dyn Files,
    path: &Path,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let shown = shown(path);
    let help =
        say!("写项目文件夹，或其中的 fanshi.toml", "give the project's folder, or its fanshi.toml");
    if let Some(policy) = shown.strip_suffix(".cases.toml") {
        let message =
            say!("`{shown}` 是案例文件，不是清单", "`{shown}` is a case file, not a manifest");
        let help = say!(
            "写它旁边的政策 `{policy}.fan`，或项目文件夹",
            "give the policy beside it, `{policy}.fan`, or the project's folder"
        );
        diagnostics.push(
            Diagnostic::error("not_a_manifest", message)
                .help(help)
                .at(Place::file(name), Bilingual::default()),
        );
        return None;
    }
    if files.is_file(path) && path.extension().is_none_or(|extension| extension != "toml") {
        let message = say!("`{shown}` 不是清单", "`{shown}` is not a manifest");
        diagnostics.push(
            Diagnostic::error("not_a_manifest", message)
                .help(help)
                .at(Place::file(name), Bilingual::default()),
        );
        return None;
    }
    let read = text(files, path, name, MANIFEST);
    // The message has the path as it was given.
    let told = |unread: Unread| {
        let mut wrong = unread.said(&shown, MANIFEST).or_at(Place::file(name));
        wrong.help.get_or_insert(help);
        diagnostics.push(wrong);
    };
    read.map_err(told).ok()
}

impl Unread {
    /// What is said of a text of some kind; where it cannot be read, at no place yet.
    pub(super) fn said(self, name: &str, limit: Limit) -> Diagnostic {
        match self {
            Self::NotText(wrong) => *wrong,
            Self::Error(error) => unread(name, &error, limit),
        }
    }
}

/// What keeps a text of some kind from being read.
fn unread(name: &str, error: &Error, limit: Limit) -> Diagnostic {
    let wrong = unreadable(name, error);
    match Refusal::of(error) {
        Some(Refusal::TooLarge { .. }) => Diagnostic { help: Some(limit.remedy()), ..wrong },
        _ => wrong,
    }
}

/// What keeps a file from being read.
pub(crate) fn unreadable(name: &str, error: &Error) -> Diagnostic {
    let Some(Refusal::TooLarge { most }) = Refusal::of(error) else {
        let wrong = Diagnostic::error("unreadable_file", unreadable_message(name, error));
        return Diagnostic { help: remedy(name, error), ..wrong };
    };
    let limit = size(most);
    let message =
        say!("`{name}` 超过 {limit}，没有读入", "`{name}` is larger than {limit} and is not read");
    Diagnostic::error("source_too_large", message).help(super::limits::split())
}

/// What to do about a file that cannot be read, where more is to be said than that.
fn remedy(name: &str, error: &Error) -> Option<Bilingual> {
    match Refusal::of(error) {
        None if error.kind() == ErrorKind::PermissionDenied => {
            Some(say!("让运行 fanshi 的用户能读它", "let the user who runs fanshi read it"))
        }
        None if error.kind() == ErrorKind::IsADirectory => {
            let inside = if name.is_empty() { "*".to_owned() } else { format!("{name}/*") };
            Some(say!(
                "写文件名，或者里面的文件，如 `{inside}`",
                "write the name of a file, or of those in it, like `{inside}`"
            ))
        }
        _ if !cfg!(windows) => None,
        Some(Refusal::Held) => {
            Some(say!("在那个程序里关闭它，再来一遍", "close it there, and run this again"))
        }
        Some(Refusal::NotRegular) => Some(say!(
            "con、aux、nul、com1 这样的名称 Windows 留给设备：改名",
            "Windows keeps names such as con, aux, nul and com1 for devices: rename it"
        )),
        _ if name.contains('"') => Some(say!(
            "引号前面的 `\\` 使引号成了名称的一部分：去掉末尾的 `\\`，如 `\"D:\\申报 材料\"`",
            "a `\\` before a quotation mark makes the mark a part of the name: leave out the last \
                `\\`, as in `\"D:\\My lists\"`"
        )),
        _ => None,
    }
}

fn unreadable_message(name: &str, error: &Error) -> Bilingual {
    // The project's own folder has no name in it.
    let name = if name.is_empty() { "." } else { name };
    match (Refusal::of(error), error.kind()) {
        (Some(Refusal::NotRegular), _) => {
            say!("`{name}` 是设备或管道，不是文件", "`{name}` is a device or a pipe, not a file")
        }
        (Some(Refusal::Dangling), _) => {
            say!("`{name}` 是链接，指向的文件不存在", "`{name}` is a link that leads nowhere")
        }
        (Some(Refusal::Outside), _) => say!(
            "`{name}` 在项目的文件夹以外，这里不读",
            "`{name}` is outside the project's folders, and is not read here"
        ),
        (Some(Refusal::Held), _) => say!(
            "别的程序（如 Excel）打开着 `{name}`，不让读",
            "another program (Excel, say) has `{name}` open and lets nobody read it"
        ),
        (_, ErrorKind::InvalidFilename) => say!(
            "`{name}` 太长，或者不能用作文件的名称",
            "`{name}` is too long, or no name that a file can have"
        ),
        (_, ErrorKind::NotFound) => say!("没有文件 `{name}`", "there is no file `{name}`"),
        (_, ErrorKind::IsADirectory) => {
            say!("`{name}` 是文件夹，不是文件", "`{name}` is a folder, not a file")
        }
        (_, ErrorKind::PermissionDenied) => {
            say!("没有权限读 `{name}`", "no permission to read `{name}`")
        }
        _ => {
            let Bilingual { zh, en } = said_by_system(error);
            say!("读不了 `{name}`：{zh}", "cannot read `{name}`: {en}")
        }
    }
}

/// What the system says of an error that has no words of its own here.
pub(crate) fn said_by_system(error: &Error) -> Bilingual {
    /// `ELOOP`, links in a circle, for which the standard library's name is not stable yet.
    const ELOOP: i32 = 40;
    if cfg!(target_os = "linux") && error.raw_os_error() == Some(ELOOP) {
        return say!("链接绕成了一圈", "links lead in a circle");
    }
    say!("{error}", "{error}")
}

/// What a pattern may have missed; `named` shows a path.
pub(crate) fn missed(
    problem: &Problem,
    pattern: &str,
    named: impl Fn(&Path) -> String,
) -> Diagnostic {
    let name = named(&problem.path);
    match &problem.cause {
        ProblemCause::Unreadable(error) => {
            let message = match (Refusal::of(error), error.kind()) {
                (Some(Refusal::Dangling), _) => {
                    say!("链接 `{name}` 指向的地方不存在", "the link `{name}` leads nowhere")
                }
                (_, ErrorKind::PermissionDenied) => say!(
                    "没有权限进入文件夹 `{name}`",
                    "no permission to look into the folder `{name}`"
                ),
                _ => {
                    let Bilingual { zh, en } = said_by_system(error);
                    say!("看不了 `{name}`：{zh}", "cannot look into `{name}`: {en}")
                }
            };
            let help = say!(
                "那里可能有符合 `{pattern}` 的文件：先让它能打开，或者删去它，或者逐个写出要读的文件",
                "files that fit `{pattern}` may be there: see that it can be opened, remove it, or \
                    name the files one by one"
            );
            Diagnostic::error("unreadable_folder", message).help(help)
        }
        ProblemCause::NotText => {
            let message = say!(
                "名称不是 UTF-8，没有读入：`{name}`",
                "the name is not UTF-8, so it is not read: `{name}`"
            );
            let help = say!("改名", "rename it");
            Diagnostic::error("unreadable_name", message).help(help)
        }
        ProblemCause::AlsoFits(others) => {
            let others: Vec<String> =
                others.iter().map(|other| format!("`{}`", named(other))).collect();
            let (zh, en) = (others.join("、"), others.join(", "));
            let message = say!(
                "`{name}` 是一个文件的名称，读的是它；作为通配它还符合 {zh}，没有读",
                "`{name}` is a file's name and that is read; as a pattern it fits {en} too, which \
                    are not read"
            );
            let help = say!(
                "只要这个文件，把 `[` 写作 `[[]`；要别的，逐个写出",
                "for this file alone write `[` as `[[]`; name the others one by one"
            );
            Diagnostic::warning("name_like_pattern", message).help(help)
        }
    }
}
