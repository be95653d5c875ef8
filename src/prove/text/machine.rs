//! Sets of texts as machines that read a text letter by letter, and the shortest text that is in
//! some of them and not in others.

use super::pattern::{Before, Class, EVERY, Pattern};
use crate::program::TextRelation;
use crate::value::text::narrow;
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

/// How many states a search may reach.
const VISITED: usize = 20_000;

/// A set of texts.
#[derive(Clone, Debug)]
pub(in crate::prove) enum Machine {
    /// Those that match a pattern.
    Pattern(Arc<Pattern>),
    /// Those that have a part.
    Contains(Arc<[char]>),
    /// Those that begin so.
    Begins(Arc<[char]>),
    /// Those that end so.
    Ends(Arc<[char]>),
    /// These.
    OneOf(Arc<BTreeSet<String>>),
    /// Those without a blank at either end, and not empty: what readers let pass.
    Trimmed,
    /// Those with so many letters.
    Long(u32, Option<u32>),
    /// Those whose letters from one place to another are in a set.
    Slice(u32, u32, Box<Machine>),
    /// Those whose first letters, so many or as many as there are, are in a set.
    Early(u32, Box<Machine>),
    /// Those that are in a set between two texts.
    Joined(Arc<str>, Arc<str>, Box<Machine>),
    /// Those that are in a set once narrowed and without blanks.
    Narrowed(Box<Machine>),
}

/// How far a machine has read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Place {
    States(Vec<u32>, Before),
    Count(u32),
    Text(Option<String>),
    Slice(u32, Box<Place>),
}

impl Machine {
    /// The texts that stand in a relation to another. `None` for a pattern that is not read here.
    pub(in crate::prove) fn related(relation: TextRelation, other: &str) -> Option<Self> {
        let letters: Arc<[char]> = other.chars().collect();
        Some(match relation {
            TextRelation::Contains => Self::Contains(letters),
            TextRelation::StartsWith => Self::Begins(letters),
            TextRelation::EndsWith => Self::Ends(letters),
            TextRelation::Matches => Self::Pattern(Arc::new(Pattern::read(other)?)),
        })
    }

    /// Whether a text is in the set.
    pub(in crate::prove) fn has(&self, text: &str) -> bool {
        self.ends(&self.over(self.start(), text))
    }

    /// How far it has read after a text.
    fn over(&self, at: Place, text: &str) -> Place {
        text.chars().fold(at, |at, letter| self.step(&at, letter))
    }

    fn start(&self) -> Place {
        match self {
            Self::Pattern(_) => Place::States(vec![0], None),
            Self::OneOf(_) => Place::Text(Some(String::new())),
            Self::Slice(_, _, inner) | Self::Early(_, inner) => {
                Place::Slice(0, Box::new(inner.start()))
            }
            Self::Joined(before, _, inner) => inner.over(inner.start(), before),
            Self::Narrowed(inner) => inner.start(),
            _ => Place::Count(0),
        }
    }

    fn step(&self, at: &Place, letter: char) -> Place {
        match (self, at) {
            (Self::Pattern(pattern), Place::States(states, before)) => {
                let next = pattern.step(states, *before, letter);
                let before = Some(if pattern.looks() { letter } else { '\0' });
                Place::States(next, before)
            }
            (Self::Contains(part), Place::Count(done)) if *done as usize == part.len() => {
                Place::Count(*done)
            }
            (Self::Contains(part) | Self::Ends(part), Place::Count(done)) => {
                Place::Count(overlap(part, *done as usize, letter))
            }
            (Self::Begins(part), Place::Count(done)) => match part.get(*done as usize) {
                None => Place::Count(*done),
                Some(next) if *next == letter => Place::Count(done + 1),
                Some(_) => Place::Count(u32::MAX),
            },
            (Self::OneOf(known), Place::Text(read)) => {
                let longer = read.as_ref().map(|read| format!("{read}{letter}"));
                let begins = |longer: &String| {
                    let next = known.range(longer.clone()..).next();
                    next.is_some_and(|next| next.starts_with(longer.as_str()))
                };
                Place::Text(longer.filter(begins))
            }
            (Self::Trimmed, Place::Count(state)) => Place::Count(match (state, blank(letter)) {
                (0, true) | (3, _) => 3,
                (_, false) => 1,
                (_, true) => 2,
            }),
            (Self::Long(least, most), Place::Count(read)) => {
                Place::Count((read + 1).min(most.map_or(*least, |most| most + 1)))
            }
            (Self::Slice(from, to, inner), Place::Slice(read, place)) => {
                let inside = (*from..=*to).contains(&(read + 1));
                let place = if inside { inner.step(place, letter) } else { (**place).clone() };
                Place::Slice((read + 1).min(to + 1), Box::new(place))
            }
            (Self::Early(first, inner), Place::Slice(read, place)) if read < first => {
                Place::Slice(read + 1, Box::new(inner.step(place, letter)))
            }
            (Self::Joined(_, _, inner), place) => inner.step(place, letter),
            (Self::Narrowed(inner), place) => match narrow(letter) {
                narrowed if narrowed.is_whitespace() => place.clone(),
                narrowed => inner.step(place, narrowed),
            },
            (_, at) => at.clone(),
        }
    }

    fn ends(&self, at: &Place) -> bool {
        match (self, at) {
            (Self::Pattern(pattern), Place::States(states, before)) => {
                pattern.ends(states, *before)
            }
            (Self::Contains(part) | Self::Begins(part) | Self::Ends(part), Place::Count(done)) => {
                *done as usize == part.len()
            }
            (Self::OneOf(known), Place::Text(Some(read))) => known.contains(read),
            (Self::Trimmed, Place::Count(state)) => *state == 1,
            (Self::Long(least, most), Place::Count(read)) => {
                read >= least && most.is_none_or(|most| *read <= most)
            }
            (Self::Slice(_, to, inner), Place::Slice(read, place)) => {
                read >= to && inner.ends(place)
            }
            (Self::Early(_, inner), Place::Slice(_, place)) => inner.ends(place),
            (Self::Joined(_, after, inner), place) => inner.ends(&inner.over(place.clone(), after)),
            (Self::Narrowed(inner), place) => inner.ends(place),
            _ => false,
        }
    }

    /// Where ranges of characters begin and end that it tells apart.
    fn cuts(&self, into: &mut BTreeSet<u32>) {
        let letter = |letter: char| [u32::from(letter), u32::from(letter) + 1];
        match self {
            Self::Pattern(pattern) => pattern.cuts(into),
            Self::Contains(part) | Self::Begins(part) | Self::Ends(part) => {
                into.extend(part.iter().copied().flat_map(letter));
            }
            Self::OneOf(known) => {
                into.extend(known.iter().flat_map(|text| text.chars()).flat_map(letter))
            }
            Self::Trimmed | Self::Long(..) => {}
            Self::Slice(_, _, inner) | Self::Early(_, inner) | Self::Joined(_, _, inner) => {
                inner.cuts(into);
            }
            Self::Narrowed(inner) => {
                let mut own = BTreeSet::new();
                inner.cuts(&mut own);
                // The full-width forms of ASCII stand 0xFEE0 above it.
                into.extend(own.iter().map(|cut| cut + 0xFEE0));
                into.extend(own);
                into.extend("。【】“”‘’\u{3000}".chars().flat_map(letter));
                into.extend([0xFF01, 0xFF5F, 0x21, 0x7F]);
            }
        }
    }
}

/// How much of a part has been read at the end, after one more letter.
fn overlap(part: &[char], done: usize, letter: char) -> u32 {
    let read: Vec<char> = part.iter().take(done).copied().chain([letter]).collect();
    let longest = (0..=read.len().min(part.len()))
        .rev()
        .find(|&length| read.ends_with(part.get(..length).unwrap_or(&[])));
    u32::try_from(longest.unwrap_or(0)).unwrap_or(0)
}

fn blank(letter: char) -> bool {
    letter.is_whitespace()
}

/// What a search for a text comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::prove) enum Search {
    /// The shortest text.
    Found(String),
    /// There is none.
    None,
    /// Too many states.
    Unknown,
}

/// A set that a text is to be in, or not.
pub(in crate::prove) type Wanted = (Machine, bool);

/// The shortest text that is in all sets it is wanted in and in none it is not.
pub(in crate::prove) fn shortest(wanted: &[&Wanted]) -> Search {
    let letters = alphabet(wanted);
    let start: Vec<Place> = wanted.iter().map(|(machine, _)| machine.start()).collect();
    let mut seen: HashSet<Vec<Place>> = HashSet::from([start.clone()]);
    let mut before: Vec<(usize, char)> = vec![(0, '\0')];
    let mut open = VecDeque::from([(0_usize, start)]);
    while let Some((at, places)) = open.pop_front() {
        let fits = |((machine, inside), place): (&&Wanted, &Place)| machine.ends(place) == *inside;
        if wanted.iter().zip(&places).all(fits) {
            return Search::Found(text(&before, at));
        }
        for &letter in &letters {
            let next: Vec<Place> = wanted
                .iter()
                .zip(&places)
                .map(|((machine, _), place)| machine.step(place, letter))
                .collect();
            if seen.len() >= VISITED {
                return Search::Unknown;
            }
            if seen.insert(next.clone()) {
                before.push((at, letter));
                open.push_back((before.len() - 1, next));
            }
        }
    }
    Search::None
}

fn text(before: &[(usize, char)], mut at: usize) -> String {
    let mut letters = Vec::new();
    while at > 0 {
        let Some(&(from, letter)) = before.get(at) else { break };
        letters.push(letter);
        at = from;
    }
    letters.iter().rev().collect()
}

/// One letter of each range that no set tells apart, those that people know first.
fn alphabet(wanted: &[&Wanted]) -> Vec<char> {
    let mut cuts: BTreeSet<u32> = EVERY.iter().flat_map(|(low, high)| [*low, high + 1]).collect();
    wanted.iter().for_each(|(machine, _)| machine.cuts(&mut cuts));
    let blanks: Class = vec![
        (0x09, 0x0D),
        (0x20, 0x20),
        (0x85, 0x85),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
    ];
    cuts.extend(blanks.iter().flat_map(|(low, high)| [*low, high + 1]));
    let cuts: Vec<u32> = cuts.into_iter().collect();
    let ranges = cuts.iter().zip(cuts.iter().skip(1)).map(|(from, to)| (*from, to - 1));
    let mut letters: BTreeMap<(usize, char), ()> = BTreeMap::new();
    for (low, high) in ranges {
        let known = FAMILIAR.iter().enumerate().find_map(|(rank, &(from, to))| {
            let first = low.max(from);
            (first <= high.min(to)).then(|| char::from_u32(first).map(|letter| (rank, letter)))?
        });
        let own = known.or_else(|| char::from_u32(low).map(|letter| (FAMILIAR.len(), letter)));
        letters.extend(own.map(|own| (own, ())));
    }
    letters.into_keys().map(|(_, letter)| letter).collect()
}

/// Letters that a text for people is made of, the plainest first.
const FAMILIAR: &[(u32, u32)] = &[
    (0x6587, 0x6587),
    (0x61, 0x7A),
    (0x30, 0x39),
    (0x4E00, 0x9FFF),
    (0x41, 0x5A),
    (0x21, 0x7E),
    (0x20, 0x20),
    (0xA1, 0x2FF),
    (0x3001, 0x30FF),
    (0xFF01, 0xFF5E),
];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn of(relation: TextRelation, other: &str) -> Machine {
        Machine::related(relation, other).unwrap()
    }

    fn found(wanted: &[Wanted]) -> Search {
        shortest(&wanted.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_shortest_text_is_found_or_proven_not_to_be() {
        use TextRelation::{Contains, EndsWith, Matches, StartsWith};
        let one = |wanted: &[(TextRelation, &str, bool)]| {
            let sets: Vec<Wanted> = wanted
                .iter()
                .map(|(relation, text, inside)| (of(*relation, text), *inside))
                .collect();
            found(&sets)
        };
        let some = |text: &str| Search::Found(text.to_owned());
        assert_eq!(one(&[(Matches, "a+", true), (Matches, "b+", true)]), Search::None);
        assert_eq!(one(&[(StartsWith, "ab", true), (StartsWith, "b", true)]), Search::None);
        assert_eq!(one(&[(StartsWith, "ab", true), (EndsWith, "ba", true)]), some("aba"));
        assert_eq!(one(&[(Contains, "aab", true), (Contains, "aba", true)]), some("aaba"));
        assert_eq!(
            one(&[
                (Matches, "(a|b)*", true),
                (Contains, "ab", false),
                (Contains, "b", true),
                (EndsWith, "a", true)
            ]),
            some("ba")
        );
        assert_eq!(one(&[(Matches, ".*", false)]), some("\n"));
        let five = of(Matches, "[0-9]{5}");
        assert_eq!(found(&[(five.clone(), true), (Machine::Long(0, Some(4)), true)]), Search::None);
        assert_eq!(found(&[(five, true), (Machine::Long(5, None), true)]), some("00000"));
    }

    #[test]
    fn readers_trim_and_functions_look_inside() {
        let blank = of(TextRelation::StartsWith, " a");
        assert_eq!(found(&[(blank, true), (Machine::Trimmed, true)]), Search::None);
        let inner = of(TextRelation::Contains, " ");
        assert_eq!(
            found(&[(inner, true), (Machine::Trimmed, true)]),
            Search::Found("文 文".to_owned())
        );
        let eleven = Machine::OneOf(Arc::new(BTreeSet::from(["11".to_owned()])));
        let slice = Machine::Slice(2, 3, Box::new(eleven.clone()));
        assert!(slice.has("a11b") && !slice.has("11b") && !slice.has("a1"));
        let twelve = of(TextRelation::StartsWith, "a12");
        assert_eq!(found(&[(slice, true), (twelve, true)]), Search::None);
        let narrowed = Machine::Narrowed(Box::new(eleven));
        assert!(narrowed.has("１ １") && !narrowed.has("12"));
        let wide = of(TextRelation::Contains, "１");
        assert_eq!(found(&[(narrowed, true), (wide, true)]), Search::Found("1１".to_owned()));
    }
}
