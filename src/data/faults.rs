//! What is wrong with a file, in the order of its text: what has one cause is said once, with its
//! places.

use super::fault::{At, Fault, Found, Unfit};
use super::names::shorten;
use super::placeholder;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// A code, and the field where fields are counted apart.
pub type Group = (&'static str, Option<At>);

/// How many further places of one cause are kept.
const MOST_PLACES: usize = 1000;

/// How many different texts of one cause are kept, to be shown.
const MOST_TEXTS: usize = 30;

/// A fault, and all that is wrong for the same cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// The bytes the first is about.
    pub span: Range<usize>,
    /// The first.
    pub fault: Fault,
    /// The places of the others, up to a limit.
    pub also: Vec<Range<usize>>,
    /// How many there are, the first included.
    pub count: usize,
    /// The different texts that stand there, up to a limit.
    pub texts: Vec<String>,
}

impl Noted {
    /// A fault by itself.
    #[must_use]
    pub fn alone(span: Range<usize>, fault: Fault) -> Self {
        let texts = text(&fault).map(str::to_owned).into_iter().collect();
        Self { span, fault, also: Vec::new(), count: 1, texts }
    }

    /// Adds what has the same cause; `base` is added to its places.
    pub fn add(&mut self, other: Self, base: usize) {
        self.count += other.count;
        let room = MOST_PLACES.saturating_sub(self.also.len());
        let spans = std::iter::once(other.span).chain(other.also).take(room);
        self.also.extend(spans.map(|span| span.start + base..span.end + base));
        for text in other.texts {
            if self.texts.len() < MOST_TEXTS && !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }
}

/// The faults of a file in the order of the text, each kind up to a limit; the rest is counted.
#[derive(Debug, Default)]
pub struct Faults {
    /// Those kept.
    pub list: Vec<Noted>,
    /// Whether rows may have been lost.
    pub lost: bool,
    /// Where in the list a cause stands.
    causes: HashMap<Cause, usize>,
    /// How many there were of each kind, and how many of them are in the list.
    counts: HashMap<Group, (usize, usize)>,
    /// Texts that hold a number other than 0 somewhere: 0 is one of them.
    pub numbers: BTreeSet<At>,
    /// Keys no field is called: frame and name, with the first place and the number of rows.
    pub unknown: BTreeMap<(usize, Box<str>), (Range<usize>, usize)>,
}

/// What is said once: a code, a field, and of what kind the text is.
type Cause = (&'static str, At, String);

/// How many different unknown keys of a file are told apart.
const UNKNOWN_KEYS: usize = 200;

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, span: Range<usize>, fault: Fault) {
        self.lost |= fault.loses_rows();
        self.note(Noted::alone(span, fault), 0);
    }

    /// Adds a fault with all that is wrong for the same cause.
    pub fn push_noted(&mut self, noted: Noted) {
        self.lost |= noted.fault.loses_rows();
        self.note(noted, 0);
    }

    fn note(&mut self, noted: Noted, base: usize) {
        let cause = cause(&noted.fault);
        if let Some(known) = cause.as_ref().and_then(|cause| self.causes.get(cause)) {
            if let Some(first) = self.list.get_mut(*known) {
                first.add(noted, base);
            }
            return;
        }
        let (group, limit) = group(&noted.fault);
        let (seen, kept) = self.counts.entry(group).or_default();
        *seen += noted.count;
        if *kept < limit {
            *kept += noted.count;
            self.causes.extend(cause.map(|cause| (cause, self.list.len())));
            let moved = |span: Range<usize>| span.start + base..span.end + base;
            self.list.push(Noted {
                span: moved(noted.span),
                also: noted.also.into_iter().map(moved).collect(),
                ..noted
            });
        }
    }

    /// Notes a number that stands for a text: 0 alone says nothing, beside others it is a number.
    pub fn number(&mut self, at: At, digits: &str, span: Range<usize>) {
        if digits == "0" {
            self.push(span, Fault::Placeholder { at, word: digits.to_owned() });
        } else if !digits.is_empty() {
            self.numbers.insert(at);
        }
    }

    /// Whether a `0` that may mean that there is nothing is a number, or the only one.
    #[must_use]
    pub fn is_number(&self, noted: &Noted) -> bool {
        let Fault::Placeholder { at, .. } = &noted.fault else { return false };
        noted.texts.iter().all(|text| text == "0") && (noted.count < 2 || self.numbers.contains(at))
    }

    /// Counts a key no field is called.
    pub fn unknown(&mut self, frame: usize, name: &str, span: Range<usize>, rows: usize) {
        let name = name.get(..name.len().min(300)).unwrap_or("…");
        let key = (frame, Box::from(name));
        if self.unknown.len() < UNKNOWN_KEYS || self.unknown.contains_key(&key) {
            self.unknown.entry(key).or_insert((span, 0)).1 += rows;
        } else {
            let heading = shorten(name);
            self.push(span, Fault::UnknownField { frame, heading, nearest: None, rows });
        }
    }

    /// Adds the faults of a later part of the same file that starts `base` bytes into it.
    pub fn append(&mut self, other: Self, base: usize) {
        // What was lost to a fault is known where it was found.
        self.lost |= other.lost;
        let mut rest = other.counts;
        for noted in other.list {
            if let Some((seen, _)) = rest.get_mut(&group(&noted.fault).0) {
                *seen = seen.saturating_sub(noted.count);
            }
            self.note(noted, base);
        }
        for (group, (seen, _)) in rest {
            self.counts.entry(group).or_default().0 += seen;
        }
        self.numbers.extend(other.numbers);
        for ((frame, name), (span, rows)) in other.unknown {
            self.unknown(frame, &name, span.start + base..span.end + base, rows);
        }
    }

    /// Kinds of which not all are listed, with how many are not.
    #[must_use]
    pub fn left_out(&self) -> Vec<(Group, usize)> {
        let mut rest: Vec<_> = self
            .counts
            .iter()
            .filter(|((code, _), (seen, kept))| seen > kept && *code != "unreadable_file")
            .map(|(group, (seen, kept))| (*group, seen - kept))
            .collect();
        rest.sort_unstable();
        rest
    }
}

/// What is counted together, and how many of it are shown one by one.
fn group(fault: &Fault) -> (Group, usize) {
    let code = fault.code();
    match fault {
        Fault::Unfit { at, .. } => ((code, Some(*at)), 20),
        Fault::InvalidUtf8(_) | Fault::Undecodable { .. } => ((code, None), 20),
        Fault::Unreadable(_) => ((code, None), 1),
        _ => ((code, None), 200),
    }
}

/// What is said once for all places it stands in; `None` where each is said by itself.
fn cause(fault: &Fault) -> Option<Cause> {
    let code = fault.code();
    match fault {
        Fault::RepeatedHeadings | Fault::AsideRow(_) => {
            Some((code, At { frame: 0, field: usize::MAX }, String::new()))
        }
        Fault::OwnUnit { at, .. }
        | Fault::MissingField(at)
        | Fault::MissingElements(at)
        | Fault::MergedNumber(at)
        | Fault::ImpreciseNumber(at)
        | Fault::NegativeDate { at, .. }
        | Fault::CutNumber { at, .. }
        | Fault::Placeholder { at, .. }
        | Fault::Leaving { at, .. }
        | Fault::ForeignValue { at, .. }
        | Fault::Unsplit { at, .. }
        | Fault::Garbled { at, .. }
        | Fault::LostZeros { at, .. } => Some((code, *at, String::new())),
        Fault::StatedUnit { at, unit, .. } => Some((code, *at, unit.clone())),
        // What stands all the same is not told with what does not.
        Fault::LostLetters { at, .. } => Some((code, *at, "letters".to_owned())),
        Fault::UnpairedUnit { frame, heading, .. } => {
            Some((code, At { frame: *frame, field: usize::MAX }, heading.clone()))
        }
        Fault::FormulaError { at, shown } => Some((code, *at, shown.clone())),
        Fault::Unfit { at, unfit, found, .. } => Some((code, *at, kind(unfit, found))),
        _ => None,
    }
}

/// Of what kind a value is that does not fit: those of one kind want the same remedy.
fn kind(unfit: &Unfit, found: &Found) -> String {
    let text = match found {
        Found::Text(text) => text,
        Found::Number(_) => return format!("number {unfit:?}"),
        Found::Moment(_) => return format!("moment {unfit:?}"),
        Found::Bool(_) | Found::Null | Found::Object | Found::Nested(_) | Found::Array => {
            return format!("{found:?}");
        }
    };
    match unfit {
        Unfit::NotListed => text.clone(),
        Unfit::TimeOfDay(local) => format!("time {}", local.is_some()),
        Unfit::Form if placeholder::is_one(text) => "placeholder".to_owned(),
        Unfit::Form if text.contains(char::is_numeric) => shape(text),
        unfit => format!("{unfit:?}"),
    }
}

/// A text with `0` for each number in it: `02/13/2015` is `0/0/0`.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for letter in text.chars() {
        let digit = letter.is_numeric() || matches!(letter, ',' | '.') && shape.ends_with('0');
        if !digit {
            shape.push(letter);
        } else if !shape.ends_with('0') {
            shape.push('0');
        }
    }
    shape
}

/// What stands there, where a message shows it.
fn text(fault: &Fault) -> Option<&str> {
    match fault {
        Fault::Unfit {
            found: Found::Text(text) | Found::Number(text) | Found::Moment(text),
            ..
        }
        | Fault::NegativeDate { shown: text, .. }
        | Fault::CutNumber { word: text, .. }
        | Fault::Placeholder { word: text, .. }
        | Fault::Leaving { word: text, .. }
        | Fault::OwnUnit { word: text, .. }
        | Fault::ForeignValue { word: text, .. }
        | Fault::Unsplit { word: text, .. }
        | Fault::Garbled { word: text, .. }
        | Fault::LostLetters { word: text, .. }
        | Fault::LostZeros { word: text, .. } => Some(text),
        // A column without a heading is told by itself.
        Fault::UnknownField { heading, .. } => {
            Some(heading.as_str()).filter(|it| !it.is_empty() && !it.starts_with('('))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfit(text: &str) -> Fault {
        let at = At { frame: 0, field: 1 };
        Fault::Unfit { at, unfit: Unfit::Form, found: Found::Text(text.into()), nearest: None }
    }

    #[test]
    fn one_cause_is_one_fault_whatever_part_it_is_in() {
        let words = ["02/13/2015", "无", "2/1/2015", "—", "$4,001", "$12.5", "约"];
        let (mut first, mut second) = (Faults::default(), Faults::default());
        for (at, word) in words.iter().enumerate() {
            let part = if at % 2 == 0 { &mut first } else { &mut second };
            part.push(at..at + 1, unfit(word));
        }
        first.append(second, 100);
        let said: Vec<_> =
            first.list.iter().map(|noted| (noted.count, noted.texts.join(" "))).collect();
        let expected = [(2, "02/13/2015 2/1/2015"), (2, "$4,001 $12.5"), (1, "约"), (2, "无 —")];
        assert_eq!(said, expected.map(|(count, texts)| (count, texts.to_owned())));
        let also = first.list.last().map(|noted| noted.also.clone());
        assert_eq!(also, Some(std::iter::once(103..104).collect()));
        assert!(first.left_out().is_empty());
    }
}
