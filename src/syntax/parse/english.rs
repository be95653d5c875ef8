//! English sentences that are put otherwise, wherever in them reading stopped.

use super::explain::Place;
use super::official::words;
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::keyword::{KEYWORDS, is_modal};
use std::ops::Range;

/// A phrase of a sentence, and how it is put.
type Put = (Range<usize>, Bilingual);

/// The months, by their first letters.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl Place<'_> {
    /// A phrase of the English sentence that the place is in.
    pub(super) fn idiom(&self) -> Option<SyntaxError> {
        let text = self.reader.text;
        let head = text.get(..self.at)?;
        let from = head.rfind("whenever")?.max(self.from);
        let end = self.at + self.rest().find('\n').unwrap_or(self.rest().len());
        let sentence = text.get(from..end)?;
        let all = [date, items_in_front, side_of, two_relations, prohibited];
        let (at, help) = all.iter().find_map(|phrase| phrase(sentence))?;
        let written = sentence.get(at.clone())?.to_owned();
        let kind = ErrorKind::Otherwise(written, help);
        Some(self.reader.error(from + at.start..from + at.end, kind))
    }
}

/// The number of a month by its name.
fn month(name: &str) -> Option<usize> {
    let lower = name.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| lower.starts_with(month))?;
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let is_name = full.get(at).is_some_and(|full| full.starts_with(&lower)) && lower.len() > 2;
    is_name.then_some(at + 1)
}

/// `November 20, 2015`, `20 November 2015`.
fn date(sentence: &str) -> Option<Put> {
    let all: Vec<(usize, &str)> = words(sentence).collect();
    all.windows(3).find_map(|three| {
        let [(start, first), (_, second), (last, third)] = *three else { return None };
        let (month, day) = match (month(first), month(second)) {
            (Some(month), _) => (month, second),
            (_, Some(month)) => (month, first),
            _ => return None,
        };
        let day = day.trim_end_matches(['t', 'h', 's', 'n', 'd', 'r']);
        let day = day.parse::<u8>().ok().filter(|day| (1..=31).contains(day))?;
        let year = third.parse::<u16>().ok().filter(|_| third.len() == 4)?;
        let help = say!("写作 `{year}-{month:02}-{day:02}`", "write `{year}-{month:02}-{day:02}`");
        Some((start..last + third.len(), help))
    })
}

/// `where any of the following: (a) …; (b) …, x must …`: the list stands at the end.
fn items_in_front(sentence: &str) -> Option<Put> {
    let at = ["any of the following", "all of the following"]
        .into_iter()
        .filter_map(|phrase| Some((sentence.find(phrase)?, phrase)))
        .min()?;
    let (start, phrase) = at;
    let rest = sentence.get(start + phrase.len()..)?.trim_start();
    let is_listed = rest.starts_with([':', '：', ',']);
    let subject = sentence.strip_prefix("whenever")?.trim_start();
    if subject.starts_with(phrase) {
        let help = say!(
            "写明是哪张表：`whenever 表 where {phrase}, …`",
            "say of which table: `whenever TABLE where {phrase}, …`"
        );
        return Some((start..start + phrase.len(), help));
    }
    let modals = KEYWORDS.iter().filter(|own| is_modal(own.rule)).flat_map(|own| own.english);
    let mut modals = modals.filter_map(|modal| modal.split(' ').next());
    let is_before = rest.starts_with([':', '：'])
        && modals.any(|modal| words(rest).any(|(_, word)| word == modal));
    let help = say!(
        "各项写在句末：`where {phrase}, …: (a) …; (b) ….`",
        "the list stands at the end of the sentence: `where {phrase}, …: (a) …; (b) ….`"
    );
    (is_listed && is_before).then_some((start..start + phrase.len(), help))
}

/// `within 30 days of today`: before or after.
fn side_of(sentence: &str) -> Option<Put> {
    let start = sentence.find("within ")?;
    let all: Vec<(usize, &str)> = words(sentence.get(start..)?).take(5).collect();
    let [_, (_, number), (_, unit), (_, of), (last, day)] = *all.as_slice() else { return None };
    number.parse::<u32>().ok()?;
    let help = say!(
        "写明在前还是在后：`not before {day} - {number} {unit}`，或 `not after {day} + {number} {unit}`",
        "say on which side: `not before {day} - {number} {unit}`, or `not after {day} + {number} \
            {unit}`"
    );
    matches!(of, "of" | "from").then_some((start..start + last + day.len(), help))
}

/// `exceed at least`: one of the two.
fn two_relations(sentence: &str) -> Option<Put> {
    const ABOVE: [&str; 4] = ["exceed", "exceeds", "above", "over"];
    const BOUNDS: [&str; 2] = ["at least", "at most"];
    let (start, first) = words(sentence).find(|(start, word)| {
        let rest = sentence.get(start + word.len()..).unwrap_or("").trim_start();
        ABOVE.contains(word) && BOUNDS.iter().any(|bound| rest.starts_with(bound))
    })?;
    let rest = sentence.get(start + first.len()..)?;
    let bound = BOUNDS.into_iter().find(|bound| rest.trim_start().starts_with(bound))?;
    let end = start + first.len() + (rest.len() - rest.trim_start().len()) + bound.len();
    let help = say!(
        "只用一个：`{first} …` 不含这个数，`{bound} …` 含",
        "use one of them: `{first} …` is without that number, `{bound} …` with it"
    );
    Some((start..end, help))
}

/// `is prohibited to exceed`, `shall be prohibited from exceeding`: a ban.
fn prohibited(sentence: &str) -> Option<Put> {
    const BANS: [&str; 2] = ["prohibited", "forbidden"];
    const PERMITS: [&str; 2] = ["allowed", "permitted"];
    const BEFORE: [&str; 6] = ["is", "are", "be", "shall", "must", "not"];
    let all: Vec<(usize, &str)> = words(sentence).collect();
    let is_ban = |at: usize| {
        let (_, word) = all.get(at).copied().unwrap_or_default();
        let before = all.iter().take(at).rev().map(|(_, word)| *word);
        let denied = before.take_while(|word| BEFORE.contains(word)).any(|word| word == "not");
        BANS.contains(&word) && !denied || PERMITS.contains(&word) && denied
    };
    let at = (1..all.len()).find(|at| is_ban(*at))?;
    let [(_, joint), (verb_at, verb)] = *all.get(at + 1..at + 3)? else { return None };
    let first = all.iter().take(at).rev().take_while(|(_, word)| BEFORE.contains(word)).last()?;
    let verb_end = verb_at + verb.len();
    let base = match verb.strip_suffix("ing") {
        Some(base) if joint == "from" => base,
        _ => verb,
    };
    let help = say!("写作 `must not {base}`", "write `must not {base}`");
    matches!(joint, "to" | "from").then_some((first.0..verb_end, help))
}
