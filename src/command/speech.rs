//! The command line in one language: its help, and what is wrong with what was typed.
//!
//! The help of commands and arguments stands beside them in both languages, with a dash between;
//! here the one chosen is taken out.

use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::tree::Language;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error};
use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Write;

/// Between the Chinese and the English text of a help.
const DASH: &str = " — ";

/// What stands for a value, in Chinese.
const VALUES: &[(&str, &str)] = &[
    ("ARTICLE", "条文"),
    ("COLOR", "颜色"),
    ("COMMAND", "命令"),
    ("DATE", "日期"),
    ("FIELD", "字段"),
    ("FILE", "文件"),
    ("FILES", "文件"),
    ("FOLDER", "文件夹"),
    ("FORMAT", "格式"),
    ("KEY", "主键"),
    ("LANG", "语言"),
    ("BLANKS", "写否"),
    ("N", "个数"),
    ("NAME", "名称"),
    ("NEW", "后"),
    ("OLD", "前"),
    ("OPTIONS", "选项"),
    ("PATHS", "路径"),
    ("PERCENT", "百分数"),
    ("PROJECT", "项目"),
    ("SHELL", "外壳"),
    ("TEXT", "文字"),
];

/// The language asked for among arguments; `fmt --lang` asks for another thing.
pub(super) fn asked_for(arguments: impl Iterator<Item = OsString>) -> Option<Language> {
    let arguments: Vec<String> =
        arguments.skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    let before = std::iter::once("").chain(arguments.iter().map(String::as_str));
    let mut words = arguments.iter().zip(before);
    let command = words.find(|(word, before)| !word.starts_with('-') && *before != "--lang");
    if command.is_some_and(|(command, _)| command == "fmt") {
        return None;
    }
    let after =
        arguments.iter().skip_while(|argument| *argument != "--lang").nth(1).map(String::as_str);
    let joined = || arguments.iter().find_map(|argument| argument.strip_prefix("--lang="));
    match after.or_else(joined)? {
        "zh" => Some(Language::Chinese),
        "en" => Some(Language::English),
        _ => None,
    }
}

/// The arguments with those that stand before the command behind it, as options may stand on either
/// side; where there is no command, or it is `help`, without the language, which is heard anyway.
pub(super) fn arranged(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let cli = super::Cli::command();
    let takes_value = |argument: &OsString| {
        let text = argument.to_string_lossy();
        let long = text.strip_prefix("--");
        let short = text.strip_prefix('-').and_then(|name| name.chars().next());
        let is = |arg: &Arg| match long {
            Some(name) => arg.get_long() == Some(name),
            None => short.is_some() && text.chars().count() == 2 && arg.get_short() == short,
        };
        let mut all = cli.get_subcommands().flat_map(Command::get_arguments);
        all.any(|arg| is(arg) && arg.get_action().takes_values())
    };
    let mut at = 1;
    while let Some(argument) = arguments.get(at).filter(|text| begins(text)) {
        at += if takes_value(argument) { 2 } else { 1 };
    }
    match arguments.get(at).map(|command| command.to_string_lossy() == "help") {
        Some(false) => {
            if let Some(before) = arguments.get_mut(1..=at) {
                before.rotate_right(1);
            }
        }
        Some(true) | None => {
            let named = arguments.iter().position(|argument| argument == "--lang");
            if let Some(at) = named {
                arguments.drain(at..arguments.len().min(at + 2));
            }
            arguments.retain(|argument| !argument.to_string_lossy().starts_with("--lang="));
        }
    }
    arguments
}

/// Whether an argument is an option.
fn begins(argument: &OsString) -> bool {
    let text = argument.to_string_lossy();
    text.len() > 1 && text.starts_with('-')
}

/// The whole command line in a language.
pub(super) fn command(language: Language) -> Command {
    let version = flag("version", 'V', ArgAction::Version)
        .help(pick(&say!("显示是哪一版", "show the version"), language));
    let mut command =
        spoken(super::Cli::command(), language).disable_version_flag(true).arg(version);
    command.build();
    let help = say!("显示说明；后面写命令，就说明那个命令", "show this help, or that of a command");
    let command = command.mut_subcommand("help", |command| command.about(pick(&help, language)));
    if language == Language::Chinese { chinese_headings(command) } else { command }
}

/// The headings of a help that is built, where clap has its own words.
fn chinese_headings(mut command: Command) -> Command {
    let usage = usage(&command.render_usage().to_string(), Language::Chinese);
    // Under a heading of one's own, arguments would stand in the order of their letters.
    let mut order = 0;
    command
        .subcommand_help_heading("命令")
        .help_template(format!("{{about-with-newline}}\n用法：{usage}\n\n{{all-args}}"))
        .mut_args(|arg| {
            order += 1;
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            arg.help_heading(heading).display_order(order)
        })
        .mut_subcommands(chinese_headings)
}

fn pick(text: &Bilingual, language: Language) -> String {
    match language {
        Language::Chinese => text.zh.clone(),
        Language::English => text.en.clone(),
    }
}

/// The half of a help in a language.
fn half(text: &str, language: Language) -> &str {
    match (text.split_once(DASH), language) {
        (Some((chinese, _)), Language::Chinese) => chinese,
        (Some((_, english)), Language::English) => english,
        (None, _) => text,
    }
}

fn flag(name: &'static str, short: char, action: ArgAction) -> Arg {
    Arg::new(name).short(short).long(name).action(action)
}

fn spoken(command: Command, language: Language) -> Command {
    let about = command
        .get_about()
        .map(|about| half(&about.to_string(), language).to_owned())
        .unwrap_or_default();
    let help = flag("help", 'h', ArgAction::Help)
        .help(pick(&say!("显示说明", "show this help"), language));
    let command = command
        .about(about)
        .disable_help_flag(true)
        .arg(help)
        .mut_args(|arg| argument(arg, language));
    command.mut_subcommands(|command| spoken(command, language))
}

fn argument(arg: Arg, language: Language) -> Arg {
    let help =
        arg.get_help().map(|help| half(&help.to_string(), language).to_owned()).unwrap_or_default();
    if language == Language::English || !arg.get_action().takes_values() {
        return arg.help(help);
    }
    let names: Vec<&'static str> =
        arg.get_value_names().unwrap_or_default().iter().filter_map(|name| chinese(name)).collect();
    let defaults: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .filter(|value| !value.is_empty())
        .collect();
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let default = Some(format!("默认 {}", defaults.join("、"))).filter(|_| !defaults.is_empty());
    let possible = Some(format!("可写 {}", values.join("、"))).filter(|_| !values.is_empty());
    let notes: Vec<String> = default.into_iter().chain(possible).collect();
    let notes = notes.join("；");
    let help = match help.strip_suffix('）') {
        _ if notes.is_empty() => help,
        Some(noted) => format!("{noted}；{notes}）"),
        None => format!("{help}（{notes}）"),
    };
    let arg = arg.help(help).hide_default_value(true).hide_possible_values(true);
    if names.is_empty() { arg } else { arg.value_names(names) }
}

fn chinese(name: &str) -> Option<&'static str> {
    VALUES.iter().find(|(english, _)| *english == name).map(|(_, chinese)| *chinese)
}

/// A line of usage without its heading.
fn usage(text: &str, language: Language) -> String {
    let text = text.trim().trim_start_matches("Usage:").trim();
    match language {
        Language::Chinese => text.replace("[OPTIONS]", "[选项]").replace("<COMMAND>", "<命令>"),
        Language::English => text.to_owned(),
    }
}

/// What is wrong with what was typed, and what to do.
pub(super) fn mistake(error: &Error, language: Language) -> String {
    let (message, help) = said(error);
    let mut text = String::new();
    let (wrong, remedy, form) = match language {
        Language::Chinese => ("错误：", "  建议：", "用法："),
        Language::English => ("error: ", "  help: ", "usage: "),
    };
    let _ = writeln!(text, "{wrong}{}", pick(&message, language));
    if let Some(help) = &help {
        let _ = writeln!(text, "{remedy}{}", pick(help, language));
    }
    if let Some(ContextValue::StyledStr(found)) = error.get(ContextKind::Usage) {
        let _ = writeln!(text, "{form}{}", usage(&found.to_string(), language));
    }
    text
}

/// The words of an error that a kind of context has.
fn words(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => Vec::new(),
    }
}

fn said(error: &Error) -> (Bilingual, Option<Bilingual>) {
    let all = |kind| words(error, kind).iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    let one = |kind| words(error, kind).into_iter().next().unwrap_or_default();
    let meant = |kind| {
        all(kind).into_iter().next().map(|word| say!("是不是 {word}？", "do you mean {word}?"))
    };
    let (arg, value) = (one(ContextKind::InvalidArg), one(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = one(ContextKind::InvalidSubcommand);
            let help = meant(ContextKind::SuggestedSubcommand).unwrap_or_else(all_commands);
            (say!("没有 `{name}` 这个命令", "there is no command `{name}`"), Some(help))
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            let help = meant(ContextKind::SuggestedArg)
                .unwrap_or_else(|| say!("加 `--help` 看有哪些选项", "`--help` has the options"));
            (say!("没有 `{arg}` 这个选项", "there is no option `{arg}`"), Some(help))
        }
        ErrorKind::UnknownArgument => (
            say!("多写了 `{arg}`", "`{arg}` is one argument too many"),
            meant(ContextKind::SuggestedArg),
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let message = match value.as_str() {
                "" => say!("`{arg}` 没有写值", "`{arg}` has no value"),
                _ => say!("`{arg}` 不能是 `{value}`", "`{arg}` cannot be `{value}`"),
            };
            (
                message,
                meant(ContextKind::SuggestedValue)
                    .filter(|_| value.chars().count() > 1)
                    .or_else(|| possible(error)),
            )
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = all(ContextKind::InvalidArg);
            let (zh, en) = (missing.join("、"), missing.join(", "));
            (say!("没有写 {zh}", "{en} is missing"), None)
        }
        ErrorKind::ArgumentConflict => {
            let other = one(ContextKind::PriorArg);
            let message = match other == arg {
                true => say!("`{arg}` 只能写一次", "`{arg}` can be written only once"),
                false => {
                    say!("`{arg}` 不能和 `{other}` 一起写", "`{arg}` cannot stand with `{other}`")
                }
            };
            (message, None)
        }
        ErrorKind::InvalidUtf8 => (say!("有参数不是 UTF-8 文字", "an argument is not UTF-8"), None),
        _ => (
            say!("这条命令写得不对", "the command is not well formed"),
            Some(say!("加 `--help` 看怎么写", "`--help` says how it is written")),
        ),
    }
}

/// Which values may be written.
fn possible(error: &Error) -> Option<Bilingual> {
    let values = words(error, ContextKind::ValidValue);
    let (zh, en) = (values.join("、"), values.join(", "));
    if !values.is_empty() {
        return Some(say!("可写 {zh}", "write one of {en}"));
    }
    // A parser of ours says both; one of the standard library says it in English.
    let source = error.source()?.to_string();
    let Some((zh, en)) = source.split_once(DASH) else {
        return Some(say!("写一个数，如 20", "write a number, such as 20"));
    };
    Some(say!("{zh}", "{en}"))
}

fn all_commands() -> Bilingual {
    let names: Vec<String> = super::Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let (zh, en) = (names.join("、"), names.join(", "));
    say!("可用的命令：{zh}", "the commands are {en}")
}
