//! Large files whose rows are read part by part: nothing in one part says how another is read.

use super::fill::{Fill, SIGNS};
use super::layout::Layout;
use super::repeated::{longest, words};
use super::row::{Contents, Reader};
use super::totals::{self, Totals};
use super::{Sheet, each};
use crate::data::bind::Binder;
use crate::data::csv::{Row, Scanner};
use crate::data::encoding::has_returns;
use crate::data::faults::Faults;
use aho_corasick::{AhoCorasick, Input, MatchKind};
use encoding_rs::UTF_8;
use memchr::memmem::Finder;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file that is read part by part, until something in one asks for the whole of it.
pub struct Divided<'p> {
    /// What the columns hold.
    pub layout: Layout,
    /// What is wrong with its headings, until its first part is read.
    wrong: Mutex<Faults>,
    /// What parts are bound with: it knows what the headings say.
    binder: Binder<'p>,
    /// Words for which a file is looked through as a whole.
    words: AhoCorasick,
    /// The rows of the headings, each with its longest word.
    heads: Vec<(Finder<'static>, Vec<String>)>,
    /// Whether it has to be read as a whole.
    given_up: AtomicBool,
}

impl<'p> Sheet<'p> {
    /// How a file is read part by part, by its beginning and its end; `None` where it is read as a
    /// whole: what its rows are may be said anywhere in it.
    #[must_use]
    pub fn divided(&self, head: &str, tail: &str, mut binder: Binder<'p>) -> Option<Divided<'p>> {
        let mapping = self.mapping;
        let is_said = mapping.group_by.is_some()
            || !mapping.fill.is_empty()
            || mapping.totals.as_ref().is_some_and(|words| !words.is_empty())
            || !self.headings.conventions.pairs.is_empty();
        if is_said || totals::ends_below(tail, self.delimiter) {
            return None;
        }
        let ends = format!("{head}{tail}");
        let layout = self.layout(&ends, &mut binder)?;
        let is_counted = |index: usize| {
            let title = layout.titles.get(index).map_or("", |(title, _)| title);
            layout.is_unknown(index) && !self.headings.candidates(self.frame, title).is_empty()
        };
        if layout.body > head.len() || (0..layout.titles.len()).any(is_counted) {
            return None;
        }
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(totals::WORDS.into_iter().chain(SIGNS))
            .ok()?;
        let heads = self.heading_rows(&ends, &layout).into_iter();
        let heads = heads.map(|head| (Finder::new(longest(&head)).into_owned(), head)).collect();
        let (fresh, given_up) = (binder.fresh(), AtomicBool::new(false));
        let wrong = Mutex::new(binder.faults);
        Some(Divided { layout, wrong, binder: fresh, words, heads, given_up })
    }

    /// Reads a part of lines; `None` where something in it asks for the whole file.
    pub fn part(
        &self,
        divided: &Divided<'p>,
        (text, is_first): (&str, bool),
        binder: &mut Binder<'p>,
    ) -> Option<Contents> {
        let layout = &divided.layout;
        let body = if is_first { layout.body } else { 0 };
        if !divided.is_calm(text, body) {
            return None;
        }
        *binder = divided.binder.fresh();
        if is_first {
            binder.faults = std::mem::take(&mut *divided.wrong.lock().ok()?);
        }
        let (totals, fill) = (Totals::default(), Fill::default());
        let mut reader = Reader::new(self.plan, layout, None);
        let scanner = Scanner::new(text, body, self.delimiter);
        each(scanner, &mut reader, (&totals, &fill), binder);
        reader.orphans.is_none().then_some(reader.contents)
    }
}

impl Divided<'_> {
    /// Whether it has to be read as a whole.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    /// Has it read as a whole.
    pub fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// What is said of columns that no field is called.
    #[must_use]
    pub fn unknown(&self, sheet: &Sheet<'_>, contents: Contents) -> Faults {
        let mut binder = self.binder.fresh();
        sheet.say_unknown(&self.layout, contents, &mut binder);
        binder.faults
    }

    /// Whether a part has nothing that asks for the whole file.
    fn is_calm(&self, text: &str, body: usize) -> bool {
        let bytes = text.as_bytes();
        if memchr::memchr3(b'"', 0, 0x1A, bytes).is_some() || has_returns(bytes, UTF_8) {
            return false;
        }
        let asks = |found: aho_corasick::Match| {
            let word = totals::WORDS.get(found.pattern().as_usize());
            word.is_none_or(|word| totals::tells(text, found.start(), word))
        };
        !self.words.find_iter(Input::new(text).range(body.min(text.len())..)).any(asks)
            && !self.heads.iter().any(|head| self.repeats(text, body, head))
    }

    /// Whether a line from a byte on is a row of the headings. A line that holds its longest word,
    /// however often, is read once.
    fn repeats(
        &self,
        text: &str,
        body: usize,
        (word, head): &(Finder<'static>, Vec<String>),
    ) -> bool {
        let bytes = text.as_bytes();
        let (mut cells, mut from) = (Vec::new(), body);
        while let Some(found) = bytes.get(from..).and_then(|rest| word.find(rest)) {
            let before = bytes.get(..from + found).unwrap_or(&[]);
            let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
            let mut scanner = Scanner::new(text, start, self.layout.delimiter);
            let row = scanner.row(&mut cells);
            if matches!(row, Some(Row::At(_))) && words(&scanner, &cells) == *head {
                return true;
            }
            from = scanner.position().max(from + found + 1);
        }
        false
    }
}
