//! A citation, held against the versions of a text.

use super::library::{Edition, Held};
use super::quote::{Difference, Quotation};
use super::read::{Body, Node};
use crate::builtin::citation::State;
use crate::syntax::citation::{self, Number, Provision, Unit};
use crate::syntax::version::{self, Version as Named};
use crate::value::date::day_date;

/// What is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Where it would be; empty for the whole text.
    pub within: Provision,
    /// What it would be.
    pub unit: Unit,
    /// Its number.
    pub number: Number,
    /// Why.
    pub why: Why,
}

/// Why something is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// There are so many.
    Count(usize),
    /// It stands in another part, chapter or section.
    Home(Provision),
    /// It ends a range that begins with a later one.
    Backwards(Provision),
}

/// Which version a citation was held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version<'h> {
    /// The version.
    pub edition: &'h Edition,
    /// Whether it is the one in force on the day, as far as the texts tell.
    pub is_current: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<'h> {
    /// In a word.
    pub state: State,
    /// What it was held against; `None` where there is no version.
    pub version: Option<Version<'h>>,
    /// What is not there.
    pub missing: Option<Missing>,
    /// Where the words stand instead, and the day of that version.
    pub elsewhere: Option<(Provision, Option<i64>)>,
    /// Where the words differ.
    pub differences: Vec<Difference>,
    /// What stands at the place, a line for each paragraph.
    pub words: Option<String>,
    /// The version that the citation names and that is not held.
    pub unheld: Option<Named>,
    /// Why the version that the citation names is not in force on the day.
    pub lapse: Option<Lapse>,
}

/// A version that is named, and is held but not in force on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// It takes effect only on a day.
    Begins(i64),
    /// Another version has taken its place, from a day on.
    Replaced(i64),
}

impl PartialEq for Edition {
    fn eq(&self, other: &Self) -> bool {
        (self.date, &self.files) == (other.date, &other.files)
    }
}

impl Eq for Edition {}

impl Checked<'_> {
    /// The same of what was not in force on the day: then no version was.
    #[must_use]
    pub fn of_no_day(mut self) -> Self {
        self.version = self.version.map(|version| Version { is_current: true, ..version });
        self
    }

    /// Nothing but a state.
    #[must_use]
    pub fn bare(state: State) -> Self {
        let (version, missing, elsewhere, words) = (None, None, None, None);
        let (differences, unheld, lapse) = (Vec::new(), None, None);
        Self { state, version, missing, elsewhere, differences, words, unheld, lapse }
    }
}

/// A day or two lie between the vote on a text and its publication.
const NEAR: i64 = 31;

impl Held {
    /// The version in force on a day; where it is not held, the one nearest to it.
    #[must_use]
    pub fn version(&self, day: Option<i64>) -> Option<Version<'_>> {
        let Some(day) = day else {
            return Some(Version { edition: self.editions.last()?, is_current: true });
        };
        let begun = |edition: &&Edition| edition.start.is_none_or(|start| start <= day);
        let Some(edition) = self.editions.iter().rev().find(begun) else {
            // Before the text was made, no version of it was in force.
            let made = self.editions.iter().flat_map(|edition| &edition.history).min();
            let is_current = made.is_some_and(|made| day < *made);
            return Some(Version { edition: self.editions.first()?, is_current });
        };
        // A version that came between, and of which later ones tell.
        let own = edition.date.map_or(i64::MIN, |date| date.saturating_add(NEAR));
        let histories = self.editions.iter().flat_map(|other| &other.history);
        let is_passed = histories.into_iter().any(|date| *date > own && *date <= day);
        Some(Version { edition, is_current: !is_passed })
    }

    /// The version that a citation names.
    fn named(&self, named: &Named) -> Option<&Edition> {
        let is_named = |edition: &&Edition| {
            let days = [edition.date, edition.start];
            days.into_iter().flatten().filter_map(day_date).any(|day| {
                let date = [day.month(), day.day()];
                i64::from(day.year()) == named.year && date.starts_with(&named.rest)
            })
        };
        self.editions.iter().rev().find(is_named)
    }

    /// Why a version is not in force on a day.
    fn lapse(&self, edition: &Edition, day: i64) -> Option<Lapse> {
        if let Some(start) = edition.start.filter(|start| *start > day) {
            return Some(Lapse::Begins(start));
        }
        let later = self.editions.iter().filter(|other| other.start > edition.start);
        later.filter_map(|other| other.start).find(|start| *start <= day).map(Lapse::Replaced)
    }

    /// Holds a place, and the words quoted from it, against the version it names, or that of a day.
    #[must_use]
    pub fn check(&self, place: &str, quoted: Option<&str>, day: Option<i64>) -> Checked<'_> {
        let Some(mut version) = self.version(day) else { return Checked::bare(State::NotHeld) };
        let mut lapse = None;
        if let Some(named) = version::version(place) {
            let Some(edition) = self.named(&named) else {
                return Checked { unheld: Some(named), ..Checked::bare(State::NotHeld) };
            };
            lapse = day.and_then(|day| self.lapse(edition, day));
            version = Version { edition, is_current: true };
        }
        let checked = Checked { version: Some(version), lapse, ..Checked::bare(State::Exists) };
        let Ok(provisions) = citation::provisions(place) else {
            return Checked { state: State::Unreadable, ..checked };
        };
        if let Some((first, last)) = citation::backwards(place) {
            let (unit, number) = last.0.last().copied().unwrap_or((Unit::Article, Number(0, 0)));
            let why = Why::Backwards(first);
            let missing = Missing { within: Provision::default(), unit, number, why };
            return Checked { state: State::NoArticle, missing: Some(missing), ..checked };
        }
        let body = &version.edition.body;
        let mut nodes = Vec::new();
        for provision in &provisions {
            match body.find(provision) {
                Ok(found) => nodes.extend(found.map(|node| (provision, node))),
                Err(missing) => {
                    let state = body.lacks(&missing);
                    return Checked { state, missing: Some(missing), ..checked };
                }
            }
        }
        let words: Vec<String> = nodes.iter().map(|(at, node)| node.shown(at)).collect();
        let words = Some(words.join("\n")).filter(|words| !words.is_empty());
        let Some(quotation) = quoted.map(without_number).and_then(Quotation::new) else {
            return Checked { words, ..checked };
        };
        let checked = Checked { words, ..checked };
        self.quoted(&quotation, &nodes, checked)
    }

    /// Looks for words: at the place, elsewhere, in other versions.
    fn quoted<'h>(
        &'h self,
        quotation: &Quotation,
        nodes: &[(&Provision, &Node)],
        checked: Checked<'h>,
    ) -> Checked<'h> {
        let Some(version) = checked.version else { return checked };
        let here: Vec<String> = nodes.iter().map(|(_, node)| node.words()).collect();
        let body = &version.edition.body;
        let is_whole = nodes.is_empty();
        if quotation.stands_in(&here.join("\n")) {
            return Checked { state: State::Verbatim, ..checked };
        }
        if let Some(found) = body.search(quotation) {
            let state = if is_whole { State::Verbatim } else { State::Moved };
            return Checked { state, elsewhere: Some((found, None)), ..checked };
        }
        let others = self.editions.iter().rev().filter(|other| *other != version.edition);
        for other in others {
            if let Some(found) = other.body.search(quotation) {
                let elsewhere = Some((found, other.date));
                return Checked { state: State::OtherVersion, elsewhere, ..checked };
            }
        }
        if is_whole && !body.is_whole {
            return Checked { state: State::Incomplete, ..checked };
        }
        let differences = quotation.differences(&here.join("\n"));
        Checked { state: State::Differs, differences, ..checked }
    }
}

/// Quoted words without the number of the article that they begin with.
fn without_number(quoted: &str) -> &str {
    let bare = quoted.trim_start();
    match citation::step(bare) {
        Some(((Unit::Article, _), length)) if bare.starts_with('第') => {
            let rest = bare.get(length..).unwrap_or("");
            if rest.starts_with(char::is_whitespace) { rest.trim_start() } else { bare }
        }
        _ => bare,
    }
}

impl Node {
    /// Its words, an article's with its number before them.
    fn shown(&self, at: &Provision) -> String {
        match at.0.as_slice() {
            [.., (Unit::Article, _)] => {
                let number = Provision(vec![(Unit::Article, self.number)]);
                format!("{number}　{}", self.words())
            }
            _ => self.words(),
        }
    }

    /// A part by its number.
    fn part(&self, number: Number) -> Option<&Self> {
        self.parts.iter().find(|part| part.number == number)
    }

    /// The least part in which words stand.
    fn search(&self, quotation: &Quotation, unit: Unit, path: &mut Vec<(Unit, Number)>) -> bool {
        if !quotation.stands_in(&self.words()) {
            return false;
        }
        path.push((unit, self.number));
        let next = match unit {
            Unit::Article => Unit::Paragraph,
            Unit::Paragraph => Unit::Item,
            _ => Unit::Point,
        };
        // The only paragraph of an article is not named.
        let is_sole = unit == Unit::Article && self.parts.len() == 1;
        for part in self.parts.iter().filter(|_| unit != Unit::Point) {
            let before = path.len();
            if part.search(quotation, next, path) {
                if is_sole {
                    path.remove(before);
                }
                break;
            }
        }
        true
    }
}

impl Body {
    /// What stands at a place; `None` for one that only a heading names.
    fn find(&self, provision: &Provision) -> Result<Option<&Node>, Missing> {
        let mut current: Option<(Unit, &Node)> = None;
        for (at, (unit, number)) in provision.0.iter().enumerate() {
            let within = provision.0.get(..at).unwrap_or(&[]);
            let because = |why: Why| Missing {
                within: Provision(within.to_vec()),
                unit: *unit,
                number: *number,
                why,
            };
            let missing = |count: usize| because(Why::Count(count));
            let node = match (unit, current) {
                (Unit::Part | Unit::Chapter | Unit::Section, _) => {
                    let of = self.headings_in(within, *unit);
                    if !of.contains(number) {
                        return Err(missing(of.len()));
                    }
                    continue;
                }
                (Unit::Article, _) => {
                    let found = self.articles.iter().find(|article| article.number == *number);
                    let found = found.ok_or_else(|| missing(self.articles.len()))?;
                    let home = self.homes.get(number).map_or(&[][..], Vec::as_slice);
                    let is_there = |step: &(Unit, Number)| home.contains(step);
                    if !home.is_empty() && !within.iter().all(is_there) {
                        return Err(because(Why::Home(Provision(home.to_vec()))));
                    }
                    found
                }
                // Of an article whose paragraph is not named, any may have it.
                (Unit::Item, Some((Unit::Article, article))) => {
                    let found = article.parts.iter().find_map(|part| part.part(*number));
                    let most = article.parts.iter().map(|part| part.parts.len()).max();
                    found.ok_or_else(|| missing(most.unwrap_or(0)))?
                }
                // Points stand in items, in none that is named here.
                (Unit::Point, Some((of @ (Unit::Article | Unit::Paragraph), node))) => {
                    let items = || match of {
                        Unit::Article => node.parts.iter().flat_map(|part| &part.parts).collect(),
                        _ => node.parts.iter().collect::<Vec<_>>(),
                    };
                    let found = items().into_iter().find_map(|item| item.part(*number));
                    let most = items().into_iter().map(|item| item.parts.len()).max();
                    found.ok_or_else(|| missing(most.unwrap_or(0)))?
                }
                (Unit::Paragraph | Unit::Item | Unit::Point, Some((_, node))) => {
                    node.part(*number).ok_or_else(|| missing(node.parts.len()))?
                }
                (Unit::Paragraph | Unit::Item | Unit::Point, None) => return Err(missing(0)),
            };
            current = Some((*unit, node));
        }
        Ok(current.map(|(_, node)| node))
    }

    /// The numbers of the chapters of a part, or of the sections of a chapter; of all where it is
    /// not said in which.
    fn headings_in(&self, within: &[(Unit, Number)], unit: Unit) -> Vec<Number> {
        let (mut found, mut open): (Vec<Number>, Vec<(Unit, Number)>) = Default::default();
        for heading in &self.headings {
            open.retain(|(other, _)| *other < heading.0);
            if heading.0 == unit && within.iter().all(|step| open.contains(step)) {
                found.push(heading.1);
            }
            open.push(*heading);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What it means that something is not there.
    fn lacks(&self, missing: &Missing) -> State {
        let Missing { unit, number, .. } = missing;
        let last = self.articles.last().map_or(0, |article| article.number.0);
        // A number that is skipped was lost.
        let is_gap = *unit == Unit::Article && number.1 == 0 && number.0 < last;
        match unit {
            _ if !matches!(missing.why, Why::Count(_)) => State::NoArticle,
            Unit::Paragraph => State::NoParagraph,
            Unit::Item | Unit::Point => State::NoItem,
            _ if number.0 == 0 => State::NoArticle,
            _ if self.is_whole && !is_gap => State::NoArticle,
            _ => State::Incomplete,
        }
    }

    /// Where words stand.
    fn search(&self, quotation: &Quotation) -> Option<Provision> {
        let mut path = Vec::new();
        let mut articles = self.articles.iter();
        articles.any(|article| article.search(quotation, Unit::Article, &mut path));
        (!path.is_empty()).then_some(Provision(path))
    }
}
