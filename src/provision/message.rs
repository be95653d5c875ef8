//! What is said of citations.

use super::catalogue::Catalogue;
use super::check::{Checked, Lapse, Missing, Version, Why};
use super::library::Held;
use super::quote::Difference;
use crate::builtin::citation::State;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::say;
use crate::syntax::citation::{Provision, Unit};
use crate::value::date::day_date;
use std::fmt::Write;

/// A day as it is shown.
#[must_use]
pub fn shown(day: i64) -> String {
    day_date(day).map_or_else(String::new, |date| date.to_string())
}

/// The version a citation was held against: `（2019-04-23 版）`.
fn of(version: Option<Version<'_>>) -> (String, String) {
    match version.and_then(|version| version.edition.date).map(shown) {
        Some(day) => (format!("（{day} 版）"), format!(" (version of {day})")),
        None => Default::default(),
    }
}

/// How many there are: `共 83 条`.
fn count(unit: Unit, count: usize) -> (String, String) {
    let (zh, en) = unit.words();
    match count {
        0 => (format!("没有分{zh}"), format!("has no {en}s")),
        count => (format!("共 {count} {zh}"), format!("has {count} {en}{}", plural(count))),
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// What is not there, in words.
fn missing(title: &str, found: &Missing, version: Option<Version<'_>>) -> Bilingual {
    let (of_zh, of_en) = of(version);
    let own = Provision(vec![(found.unit, found.number)]);
    let within = &found.within;
    let of_kind = match &found.why {
        Why::Count(of_kind) => *of_kind,
        Why::Home(home) => {
            return say!(
                "《{title}》{of_zh}{own}不在{within}，在{home}",
                "{own:#} of 《{title}》{of_en} is not in {within:#}: it stands in {home:#}"
            );
        }
        Why::Backwards(first) => {
            return say!(
                "所引《{title}》{first}至{own}前后颠倒",
                "the range of 《{title}》 that is cited, {first:#} to {own:#}, runs backwards"
            );
        }
    };
    let (count_zh, count_en) = count(found.unit, of_kind);
    if within.0.is_empty() {
        return say!(
            "《{title}》{of_zh}没有{own}：{count_zh}",
            "《{title}》{of_en} has no {own:#}: it {count_en}"
        );
    }
    say!(
        "《{title}》{of_zh}{within}没有{own}：{count_zh}",
        "{within:#} of 《{title}》{of_en} has no {own:#}: it {count_en}"
    )
}

/// What differs, at most so many places of it.
const DIFFERENCES: usize = 3;

/// `“植物”应为“职务”`.
#[must_use]
pub fn differences(found: &[Difference]) -> Bilingual {
    let mut said = Bilingual::default();
    for (at, one) in found.iter().take(DIFFERENCES).enumerate() {
        let Difference { quoted, stands } = one;
        let (zh, en) = match (quoted.is_empty(), stands.is_empty()) {
            (true, _) => (format!("缺“{stands}”"), format!("“{stands}” is left out")),
            (_, true) => (format!("多“{quoted}”"), format!("“{quoted}” is not in it")),
            _ => (format!("“{quoted}”应为“{stands}”"), format!("“{quoted}” should be “{stands}”")),
        };
        if at > 0 {
            (said.zh, said.en) = (said.zh + "，", said.en + ", ");
        }
        (said.zh, said.en) = (said.zh + &zh, said.en + &en);
    }
    if found.len() > DIFFERENCES {
        let more = found.len() - DIFFERENCES;
        let _ = write!(said.zh, "，另有 {more} 处");
        let _ = write!(said.en, ", and {more} more");
    }
    said
}

/// What is wrong with a citation of a title, at a place in it as it is written; `None` where nothing
/// is.
#[must_use]
pub fn fault(title: &str, place: &str, checked: &Checked<'_>) -> Option<(Bilingual, Bilingual)> {
    let (of_zh, of_en) = of(checked.version);
    let where_to = checked.elsewhere.as_ref();
    Some(match checked.state {
        State::Verbatim | State::Exists => return None,
        State::NoArticle | State::NoParagraph | State::NoItem => {
            let message = missing(title, checked.missing.as_ref()?, checked.version);
            (message, correct(checked.missing.as_ref()?))
        }
        State::Moved => {
            let (found, _) = where_to?;
            (
                say!(
                    "引文不在《{title}》{of_zh}{place}，在{found}",
                    "the words quoted stand not in {place} of 《{title}》{of_en} but in {found:#}"
                ),
                say!("改引{found}", "cite {found:#}"),
            )
        }
        State::OtherVersion => {
            let (found, day) = where_to?;
            let day = day.map_or_else(String::new, shown);
            (
                say!(
                    "引文不是《{title}》{of_zh}的，是 {day} 版{found}的",
                    "the words quoted are not of 《{title}》{of_en}; they stand in {found:#} of the \
                        version of {day}"
                ),
                say!("改引有效的那一版，照它的原文", "quote the version that is in force"),
            )
        }
        State::Differs => {
            let said = differences(&checked.differences);
            let (zh, en) = match said.zh.is_empty() {
                true => ("没有这样的话".to_owned(), "it has no such words".to_owned()),
                false => (said.zh, said.en),
            };
            (
                say!(
                    "引文与《{title}》{of_zh}{place}不一致：{zh}",
                    "the words quoted are not those of {place} of 《{title}》{of_en}: {en}"
                ),
                say!("照原文改正", "quote the words as they stand"),
            )
        }
        State::UnknownTitle | State::NotHeld | State::Incomplete | State::Unreadable => {
            return None;
        }
    })
}

/// That a place is none that could be looked up.
#[must_use]
pub fn unreadable(title: &str, place: &str, checked: &Checked<'_>) -> Diagnostic {
    let message = unknown(title, place, checked);
    let help = match place.contains('附') {
        true => say!(
            "附则、附件没有条号可核对；指附则里某一条的，写那一条的条号",
            "what is annexed has no number to look up; cite the article by its number"
        ),
        false => say!("写作“第十二条第一款第二项”一类", "write it like 第十二条第一款第二项"),
    };
    Diagnostic::warning(checked.state.code(), message).help(help)
}

/// Why the version that a citation names is not in force on the day.
#[must_use]
pub fn lapsed(title: &str, checked: &Checked<'_>) -> Option<Bilingual> {
    let (of_zh, of_en) = of(checked.version);
    Some(match checked.lapse? {
        Lapse::Begins(day) => {
            let day = shown(day);
            say!(
                "所引《{title}》{of_zh}{day} 才施行",
                "《{title}》{of_en} takes effect only on {day}"
            )
        }
        Lapse::Replaced(day) => {
            let day = shown(day);
            say!(
                "所引《{title}》{of_zh}已由 {day} 施行的一版代替",
                "《{title}》{of_en} has been replaced by the version in force from {day}"
            )
        }
    })
}

/// Why nothing can be said of a place in a text.
#[must_use]
pub fn unknown(title: &str, at: &str, checked: &Checked<'_>) -> Bilingual {
    if let Some(named) = &checked.unheld {
        let version = &named.written;
        return say!(
            "《{title}》“{version}”的那一版没有给出，没有核对",
            "the version of 《{title}》 that is named, {version}, is not given: nothing is held against it"
        );
    }
    match checked.state {
        State::Incomplete => say!(
            "《{title}》的文本不全，没有核对到{at}",
            "the text of 《{title}》 is incomplete: it does not reach {at}"
        ),
        State::Unreadable => say!(
            "`{at}` 指不清《{title}》的哪一条，没有核对",
            "`{at}` does not say which article of 《{title}》: it is not held against the text"
        ),
        _ => say!(
            "《{title}》的文本没有给出，没有核对",
            "the text of 《{title}》 is not given: nothing is held against it"
        ),
    }
}

/// What to do about a title that nothing has.
#[must_use]
pub fn nearest(catalogue: &Catalogue<'_>, title: &str) -> Bilingual {
    catalogue.nearest(title).map_or_else(
        || {
            say!(
                "把它补进被引用的表，或更正题名",
                "add it to the cited table, or correct the title"
            )
        },
        |near| say!("是不是《{near}》？", "did you mean 《{near}》?"),
    )
}

/// What to do about a provision that is not there.
fn correct(found: &Missing) -> Bilingual {
    let (zh, en) = found.unit.words();
    match &found.why {
        Why::Home(home) => {
            return say!(
                "改为{home}，或者核对条号",
                "write {home:#}, or check the number of the article"
            );
        }
        Why::Backwards(_) => {
            return say!("小的号写在前面", "write the lesser number first");
        }
        Why::Count(0) if found.unit == Unit::Point => {
            return say!(
                "那里没有目；指的是项的，写 `第…项`",
                "there are no points; where an item is meant write `第…项`"
            );
        }
        Why::Count(_) => {}
    }
    if found.unit == Unit::Article {
        return say!("核对条号，或者引的是另一版", "check the number, and the version meant");
    }
    say!("核对是第几{zh}", "check the number of the {en}")
}

/// What a citation lacks or has otherwise, in a few words that are the same in every language.
#[must_use]
pub fn note(checked: &Checked<'_>) -> Option<String> {
    match checked.state {
        State::NoArticle | State::NoParagraph | State::NoItem => {
            let found = checked.missing.as_ref()?;
            let mut place = found.within.clone();
            place.0.push((found.unit, found.number));
            Some(place.to_string())
        }
        State::Moved => checked.elsewhere.as_ref().map(|(found, _)| found.to_string()),
        State::OtherVersion => {
            let (found, day) = checked.elsewhere.as_ref()?;
            Some(format!("{} {found}", day.map_or_else(String::new, shown)).trim().to_owned())
        }
        State::Differs => {
            let one = |one: &Difference| format!("“{}”→“{}”", one.quoted, one.stands);
            let all: Vec<String> = checked.differences.iter().take(DIFFERENCES).map(one).collect();
            Some(all.join("、"))
        }
        _ => None,
    }
}

/// What is said once of a text, not of each citation of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// It is not among the texts given.
    NotHeld,
    /// The version in force on the day is not.
    OtherVersion,
    /// The version that is named is not.
    NamedVersion,
    /// It was cut off.
    Incomplete,
}

impl Remark {
    /// The stable name.
    fn code(&self) -> &'static str {
        match self {
            Self::NotHeld => "citation_text_not_held",
            Self::OtherVersion | Self::NamedVersion => "citation_version_not_held",
            Self::Incomplete => "citation_text_incomplete",
        }
    }
}

/// Said of a text that so many citations name.
#[must_use]
pub fn said_once(
    kind: Remark,
    (title, version): (&str, &str),
    held: Option<&Held>,
    (day, cites): (Option<i64>, usize),
) -> Diagnostic {
    let versions = held.map_or(&[][..], |held| &held.editions);
    let days: Vec<String> = versions.iter().filter_map(|edition| edition.date).map(shown).collect();
    let (zh, en) = (days.join("、"), days.join(", "));
    let times = plural(cites);
    let (message, help) = match kind {
        Remark::NotHeld => (
            say!(
                "《{title}》的文本没有给出：{cites} 处引据没有核对到条",
                "the text of 《{title}》 is not given: {cites} citation{times} of it cannot be held \
                    against it"
            ),
            say!("把它放进 [texts] 列出的文件夹", "put it into a folder that [texts] names"),
        ),
        Remark::NamedVersion => (
            say!(
                "《{title}》“{version}”的那一版没有给出，{cites} 处引据没有核对；手头有：{zh}",
                "the version of 《{title}》 that is named, {version}, is not given: {cites} \
                    citation{times} of it cannot be held against it. Versions at hand: {en}"
            ),
            say!(
                "把那一版放进 [texts] 列出的文件夹，或者更正所写的那一版",
                "put it into a folder that [texts] names, or correct the version"
            ),
        ),
        Remark::OtherVersion => {
            let used = held.and_then(|held| held.version(day));
            let day = day.map_or_else(String::new, shown);
            let used =
                used.and_then(|version| version.edition.date).map_or_else(String::new, shown);
            (
                say!(
                    "《{title}》在 {day} 有效的那一版没有给出，按 {used} 版核对；手头有：{zh}",
                    "the version of 《{title}》 in force on {day} is not given; that of {used} is \
                        judged by. Versions at hand: {en}"
                ),
                say!(
                    "把那一版放进 [texts] 列出的文件夹",
                    "put it into a folder that [texts] names"
                ),
            )
        }
        Remark::Incomplete => {
            let last = versions.last().and_then(|edition| edition.body.articles.last());
            let last = last.map_or_else(
                || ("没有条".to_owned(), "has no articles".to_owned()),
                |last| {
                    let number = Provision(vec![(Unit::Article, last.number)]);
                    (format!("到{number}为止"), format!("ends with {number:#}"))
                },
            );
            let (zh, en) = last;
            (
                say!(
                    "《{title}》的文本不全（{zh}）：{cites} 处引据说不准有没有",
                    "the text of 《{title}》 is incomplete ({en}): whether what {cites} \
                        citation{times} of it name is there cannot be said"
                ),
                say!("换上全文", "put the whole text in its place"),
            )
        }
    };
    Diagnostic { severity: Severity::Warning, ..Diagnostic::error(kind.code(), message).help(help) }
}
