//! Chinese sentences without blanks: all ways to divide them into declared names, keywords and
//! numbers that the grammar reads.
//!
//! A sentence in which every word stands apart is read as it is written. Where words are written
//! together, every run of characters of the sentence may be divided: `凡无诗的书` is 凡 无 诗 的
//! 书, or 凡 无诗 的 书 where that is a name too. Which of several ways is meant is not decided
//! here.

use super::figures::{begins_with, is_digit, item_mark, number, run, units_of};
use super::grammar::{PolicyParser, Rule};
use super::keyword::{self, KEYWORDS, Role};
use super::parse::{Cut, Mark, with_blanks};
use super::scan::Scan;
use super::search::{self, Kind};
use super::vocabulary::Words;
use super::word;
use crate::text::Source;
use pest::Parser;
use std::ops::Range;

/// The longest word that is looked at, in characters.
const LONGEST: usize = 64;

/// The longest run that is divided, in characters.
pub(super) const LONGEST_RUN: usize = 256;

/// How many names that are no identifiers may stand in a sentence.
const ODD: usize = 4;

/// How many ways to divide one run, and one sentence, are looked at.
const WAYS: (usize, usize) = (256, 512);

/// What a run of characters is divided into.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum With {
    /// Words that are known.
    Known,
    /// Where they do not make all of it, also what is left between them.
    Unknown,
}

/// What is wrong with a passage as a whole.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// The words without which nothing could be read, and which nothing declares, and how it reads.
    Undeclared(Vec<String>, String),
    /// Names with blanks in them: where, and the names.
    Apart(Vec<(Range<usize>, String)>),
    /// Who is to do something: where, by what name, before which modal; how it reads without.
    Doer {
        /// Where.
        at: Range<usize>,
        /// Who.
        name: String,
        /// What follows.
        modal: &'static str,
        /// The sentence without.
        reading: String,
    },
}

/// A sentence, or another piece of a file, in which words are written together.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Where it stands.
    pub range: Range<usize>,
    /// The ways to divide it that the grammar reads, each as what is missing. Never none.
    pub ways: Vec<Vec<Cut>>,
    /// What is wrong with it as a whole.
    pub wrong: Option<Wrong>,
    /// The words that nothing declares of a line that is not read, and how it is divided around
    /// them.
    pub scattered: Option<(Vec<String>, String)>,
    /// Whether every word is known, however it is divided.
    pub(super) known: bool,
}

impl Passage {
    pub(super) fn new(range: Range<usize>, ways: Vec<Vec<Cut>>) -> Self {
        Self { range, ways, wrong: None, scattered: None, known: false }
    }

    /// How it reads, divided in one of its ways.
    #[must_use]
    pub fn reading(&self, text: &str, way: &[Cut]) -> String {
        let text = text.get(self.range.clone()).unwrap_or("");
        let way: Vec<Cut> = way.iter().filter(|cut| cut.1 != Mark::Nameless).copied().collect();
        let divided = with_blanks(text, &inside(&way, self.range.start));
        let is_bracketed = way.iter().any(|cut| cut.1 == Mark::Open);
        let divided = match is_bracketed {
            true => divided.replace('「', " 「").replace('」', "」 ").into(),
            false => divided,
        };
        divided.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// What is missing, counted from a place on.
fn inside(cuts: &[Cut], from: usize) -> Vec<Cut> {
    cuts.iter().map(|(cut, mark)| (cut - from, *mark)).collect()
}

/// The passages of a file in which words are written together, in order. Where what the file sees
/// does not make a sentence, `all` that any file declares is tried: then what is missing is a `使用`.
#[must_use]
pub fn passages(source: &Source, words: &Words, all: Option<&Words>) -> Vec<Passage> {
    let text = &*source.text;
    let scan = Scan::new(text);
    let mut found = Vec::new();
    let ends = scan.openings.iter().skip(1).copied().chain([text.len()]);
    for (start, end) in scan.openings.iter().copied().zip(ends) {
        let item = Region { text, scan: &scan, words };
        let wider = all.map(|words| Region { words, ..item });
        let first = word::identifier(text.get(start..end).unwrap_or(""));
        let number = word::glued_number(first);
        if first == "article" || word::is_article_number(first) || number.is_some() {
            let glued = number.map(|number| (start + number..end, false));
            let (body, named) = glued.unwrap_or_else(|| item.body(start..end));
            for (at, piece) in item.pieces(body).into_iter().enumerate() {
                let mut passage = item.passage(piece.clone());
                if let Some(wider) = wider.filter(|_| !item.is_understood(&piece, passage.as_ref()))
                {
                    let found = wider.passage(piece.clone());
                    let found = found.filter(|found| wider.is_understood(&piece, Some(found)));
                    passage = found.or(passage);
                }
                let widest = wider.unwrap_or(item);
                // What declared words make is read, even if others were asked for otherwise.
                let is_known = passage.as_ref().is_some_and(|found| found.known);
                if !is_known || !widest.is_understood(&piece, passage.as_ref()) {
                    let named = widest.undeclared(&piece);
                    let is_lost = || !widest.can_be_read(&piece, passage.as_ref());
                    passage = match named {
                        None if is_lost() => widest.lost(&piece, passage),
                        named => named.or(passage),
                    };
                }
                if at == 0 && number.is_some() {
                    passage = passage.or_else(|| Some(Passage::new(piece, vec![Vec::new()])));
                }
                if let Some(passage) = passage.as_mut().filter(|_| at == 0 && !named) {
                    let begin = (passage.range.start, Mark::Nameless);
                    passage.ways.iter_mut().for_each(|way| way.insert(0, begin));
                }
                found.extend(passage);
            }
        } else if let Some(from) = item.meaning(start..end) {
            found.extend(item.passage_from(start..end, from));
        }
    }
    found
}

/// The other ways to read a name, written together with nothing else: as keywords and other names
/// that are a condition.
#[must_use]
pub fn readings_of(name: &str, words: &Words) -> Vec<Vec<String>> {
    let scan = Scan::new(name);
    let region = Region { text: name, scan: &scan, words };
    let ways = region.ways(name, None).into_iter();
    let read = ways.filter(|way| {
        let cuts: Vec<Cut> = way.iter().map(|cut| (*cut, Mark::Blank)).collect();
        region.is_read(&(0..name.len()), &cuts, Rule::lone_expression)
    });
    let divided = read.map(|way| {
        let starts = std::iter::once(0).chain(way.iter().copied());
        let ends = way.iter().copied().chain([name.len()]);
        starts
            .zip(ends)
            .filter_map(|(start, end)| name.get(start..end))
            .map(str::to_owned)
            .collect()
    });
    divided.collect()
}

/// A text with the words it may hold.
#[derive(Clone, Copy)]
pub(super) struct Region<'a> {
    pub(super) text: &'a str,
    pub(super) scan: &'a Scan,
    pub(super) words: &'a Words,
}

/// How a run of characters may be divided.
pub(super) struct Run {
    /// Each way as what is missing in the file.
    pub(super) ways: Vec<Vec<Cut>>,
    /// Whether it can stand as it is.
    pub(super) whole: bool,
    /// Whether it is made of words that are known.
    pub(super) known: bool,
}

impl<'a> Region<'a> {
    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    /// Where the lines below the heading of an article begin, and whether the heading has a name.
    fn body(&self, item: Range<usize>) -> (Range<usize>, bool) {
        let heading = self.slice(item.clone());
        let (end, named) = match PolicyParser::parse(Rule::heading, heading) {
            Ok(mut pairs) => pairs.next().map_or((0, true), |pair| {
                let end = pair.as_span().end();
                (end, pair.into_inner().any(|part| part.as_rule() == Rule::names))
            }),
            Err(_) => (heading.find('\n').unwrap_or(heading.len()), true),
        };
        (item.start + end..item.end, named)
    }

    /// Where the words that mean something begin, in a declaration that has some: behind the `=`.
    fn meaning(&self, item: Range<usize>) -> Option<usize> {
        let first = word::identifier(self.slice(item.clone()));
        let rule = keyword::spelt(first).find(|keyword| keyword.role == Role::Declaration)?.rule;
        match rule {
            Rule::kw_define | Rule::kw_measure | Rule::kw_parameter => {
                let (at, sign) = self
                    .slice(item.clone())
                    .char_indices()
                    .find(|(_, c)| matches!(c, '=' | '＝'))?;
                Some(item.start + at + sign.len_utf8())
            }
            _ => None,
        }
    }

    /// The sentences and other lines of an article.
    fn pieces(&self, body: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = body.start;
        let mut depth = 0_usize;
        let mut at = body.start;
        while at < body.end {
            let rest = self.slice(at..body.end);
            let Some(c) = rest.chars().next() else { break };
            let next = at + self.skipped(at, body.end).unwrap_or(c.len_utf8());
            match c {
                '(' | '（' | '{' | '｛' | '[' | '［' => depth += 1,
                ')' | '）' | '}' | '｝' | ']' | '］' => depth = depth.saturating_sub(1),
                '。' | '；' | ';' if depth == 0 => {
                    let after = self.scan.skip_blank(self.text, next);
                    if item_mark(self.slice(after..body.end)).is_none() {
                        found.push(from..at);
                        from = next;
                    }
                }
                '\n' if depth == 0 => {
                    let line = self.slice(next..body.end).trim_start();
                    if self.begins_part(word::run(line)) {
                        found.push(from..at);
                        from = next;
                    }
                }
                _ => {}
            }
            at = next;
        }
        found.push(from..body.end);
        found.retain(|piece| !self.slice(piece.clone()).trim().is_empty());
        found
    }

    /// Whether a run begins a line of an article: with the line's keyword, whatever is written
    /// together with it.
    fn begins_part(&self, run: &str) -> bool {
        let begins = |keyword: &&keyword::Keyword| {
            keyword.chinese.iter().any(|word| run.starts_with(word))
                && keyword.chinese.iter().any(|word| keyword::begins_part(word))
        };
        !self.words.is_name(run) && KEYWORDS.iter().any(|keyword| begins(&keyword))
    }

    /// How many bytes are a comment, a text, a title or a name in brackets that begins here.
    pub(super) fn skipped(&self, at: usize, end: usize) -> Option<usize> {
        let rest = self.slice(at..end);
        if self.scan.is_comment(at) {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
        let closing = match rest.chars().next()? {
            '“' => '”',
            '"' => '"',
            '「' => '」',
            '《' => '》',
            _ => return None,
        };
        let inner = rest.char_indices().skip(1).find(|(_, c)| *c == closing || *c == '\n')?;
        Some(inner.0 + inner.1.len_utf8())
    }

    /// A declaration of which the words from a place on may be written together.
    fn passage_from(&self, item: Range<usize>, from: usize) -> Option<Passage> {
        let words = from..item.end;
        self.divided(item, words, Rule::item)
    }

    /// A line of an article in which words are written together.
    pub(super) fn passage(&self, piece: Range<usize>) -> Option<Passage> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let piece = lead.min(piece.end)..piece.end;
        if self.is_told(&piece) {
            return None;
        }
        self.divided(piece.clone(), piece, Rule::part)
    }

    /// Whether a line of an article says no condition: when it holds, and what it rests on.
    pub(super) fn is_told(&self, piece: &Range<usize>) -> bool {
        let first = word::run(self.slice(piece.clone()));
        let told = ["说明", "根据", "施行", "优先于"];
        told.contains(&first) || first.starts_with("根据")
    }

    /// Whether a line is read as it is divided, or as it stands.
    fn is_understood(&self, piece: &Range<usize>, passage: Option<&Passage>) -> bool {
        let Some(passage) = passage else {
            let runs = self.runs(piece.clone(), &[]);
            return runs.iter().all(|(_, run)| self.is_whole(run));
        };
        passage.ways.iter().any(|way| self.is_read(&passage.range, way, Rule::part))
    }

    /// What is said of a line that is not read.
    fn lost(&self, piece: &Range<usize>, passage: Option<Passage>) -> Option<Passage> {
        let meant = self.apart(piece).or_else(|| self.doer(piece));
        meant.or_else(|| {
            let scattered = self.as_far_as_it_goes(piece);
            let whole = || scattered.is_some().then(|| Passage::new(piece.clone(), vec![vec![]]));
            let passage = passage.or_else(whole)?;
            Some(Passage { scattered, ..passage })
        })
    }

    /// Whether a line is read in some way, whether its words are known or not.
    fn can_be_read(&self, piece: &Range<usize>, passage: Option<&Passage>) -> bool {
        let runs = || self.runs(piece.clone(), &[]);
        match passage {
            Some(passage) => self.is_understood(piece, Some(passage)),
            None => {
                runs().iter().all(|(_, run)| self.is_whole(run))
                    || self.is_read(piece, &[], Rule::part)
            }
        }
    }

    /// How many bytes are the mark of an item that begins here: `（一）` after a colon or a stop.
    fn marked(&self, at: usize, range: &Range<usize>) -> Option<usize> {
        let before = self.slice(range.start..at).trim_end();
        let begins = before.ends_with(['：', ':', '；', ';', '。', '，', ',']);
        begins.then(|| item_mark(self.slice(at..range.end))).flatten()
    }

    /// The runs of characters in a range that Chinese words may be in, and where they begin; none
    /// of those in names that are taken as they stand.
    pub(super) fn runs(
        &self,
        range: Range<usize>,
        taken: &[Range<usize>],
    ) -> Vec<(usize, &'a str)> {
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            if let Some(name) = taken.iter().find(|name| name.start == at) {
                at = name.end;
                continue;
            }
            if let Some(length) = self.skipped(at, range.end).or_else(|| self.marked(at, &range)) {
                at += length;
                continue;
            }
            let next = taken.iter().map(|name| name.start).filter(|start| *start > at).min();
            let run = run(self.slice(at..next.unwrap_or(range.end)));
            if run.is_empty() {
                at += self.slice(at..range.end).chars().next().map_or(1, char::len_utf8);
                continue;
            }
            if !run.is_ascii() {
                found.push((at, run));
            }
            at += run.len();
        }
        found
    }

    /// Where names that are no identifiers stand in a range as they are; none behind another or in
    /// a text, a comment or brackets.
    fn odd_names(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.words.odd.is_empty() {
            return found;
        }
        let mut at = range.start;
        while at < range.end && found.len() < ODD {
            let rest = self.slice(at..range.end);
            let odd = self.words.odd.iter();
            if let Some(length) = odd.filter_map(|name| begins_with(rest, name)).max() {
                found.push(at..at + length);
                at += length;
                continue;
            }
            at += self
                .skipped(at, range.end)
                .unwrap_or_else(|| rest.chars().next().map_or(1, char::len_utf8));
        }
        found
    }

    pub(super) fn run(&self, start: usize, run: &'a str, with: With) -> Run {
        let whole = self.is_whole(run);
        let mut ways =
            if word::is_article_number(run) { Vec::new() } else { self.ways(run, Some(start)) };
        let known = whole || !ways.is_empty();
        if !known && with == With::Unknown {
            ways.extend(self.partly(start, run));
        }
        let blank = |cut: usize| (start + cut, Mark::Blank);
        let placed = |way: Vec<usize>| way.into_iter().map(blank).collect();
        Run { ways: ways.into_iter().map(placed).collect(), whole, known }
    }

    /// Whether a run can stand as it is.
    pub(super) fn is_whole(&self, run: &str) -> bool {
        self.is_word(run) || word::is_article_number(run)
    }

    fn is_word(&self, run: &str) -> bool {
        self.words.known.contains(run)
            || keyword::spelt(run).next().is_some()
            || number(run).contains(&run.len())
    }

    /// The ways to divide a run, which begins at a place of the text, into two words or more; none
    /// where it cannot be.
    fn ways(&self, run: &'a str, start: Option<usize>) -> Vec<Vec<usize>> {
        if run.chars().count() > LONGEST_RUN {
            return Vec::new();
        }
        let words = self.words_from(run, start);
        search::ways(run, WAYS.0, &words)
    }

    /// The words of a run that begins at a place of the text, the unit of the number before it too:
    /// `5 个工作日以内`.
    pub(super) fn words_from(
        &self,
        run: &'a str,
        start: Option<usize>,
    ) -> impl Fn(usize) -> Vec<(usize, Kind)> {
        let unit = units_of(self.slice(0..start.unwrap_or(0)), run);
        move |from| {
            let mut words = self.words_at(run, from);
            let unit = unit.iter().filter(|_| from == 0).map(|end| (*end, Kind::Number));
            words.extend(unit.filter(|word| !words.contains(word)).collect::<Vec<_>>());
            words
        }
    }

    /// The words that begin at a place of a run: where each ends, and what it is.
    fn words_at(&self, run: &str, from: usize) -> Vec<(usize, Kind)> {
        let rest = run.get(from..).unwrap_or("");
        let numbers = number(rest).into_iter().map(|end| (from + end, Kind::Number));
        let mut found: Vec<(usize, Kind)> = numbers.collect();
        if rest.starts_with(is_digit) {
            return found;
        }
        for (at, c) in rest.char_indices().take(LONGEST) {
            let end = at + c.len_utf8();
            let word = rest.get(..end).unwrap_or("");
            let keyword =
                keyword::spelt(word).any(|own| own.stands_within(from == 0)) && !word.is_ascii();
            let kind = match (keyword, self.words.is_name(word)) {
                (true, true) => Kind::Either,
                (true, false) => Kind::Keyword,
                (false, true) if self.words.subjects.contains(word) => Kind::Subject,
                (false, true) => Kind::Name,
                (false, false) => continue,
            };
            found.push((from + end, kind));
        }
        found
    }

    /// A piece with the ways to divide it that the grammar reads as a rule.
    fn divided(&self, piece: Range<usize>, words: Range<usize>, rule: Rule) -> Option<Passage> {
        let odd = self.odd_names(words.clone());
        if odd.is_empty() {
            return self.divided_around(piece, words, rule, (&[], With::Unknown));
        }
        let ways = self.with_odd_names(&piece, &words, rule, (&odd, With::Known));
        let ways = if ways.is_empty() {
            self.with_odd_names(&piece, &words, rule, (&odd, With::Unknown))
        } else {
            ways
        };
        (!ways.is_empty()).then_some(Passage::new(piece, ways))
    }

    /// Whether names that are no identifiers make a sentence with what else is known.
    pub(super) fn is_read_with_odd_names(&self, piece: &Range<usize>) -> bool {
        let odd = self.odd_names(piece.clone());
        let ways = || self.with_odd_names(piece, piece, Rule::part, (&odd, With::Known));
        !odd.is_empty() && !ways().is_empty()
    }

    /// The ways that the grammar reads where each of some names is taken as it stands, or is what it
    /// would be without.
    fn with_odd_names(
        &self,
        piece: &Range<usize>,
        words: &Range<usize>,
        rule: Rule,
        (odd, with): (&[Range<usize>], With),
    ) -> Vec<Vec<Cut>> {
        let mut ways = Vec::new();
        for choice in 0..1_usize << odd.len() {
            let taken = odd.iter().enumerate().filter(|(at, _)| choice >> at & 1 == 1);
            let taken: Vec<Range<usize>> = taken.map(|(_, name)| name.clone()).collect();
            let found = self.divided_around(piece.clone(), words.clone(), rule, (&taken, with));
            // What is written apart reads as it stands, whatever name it is equal to.
            let apart = || if taken.is_empty() { vec![Vec::new()] } else { Vec::new() };
            let found = found.map_or_else(apart, |passage| passage.ways);
            ways.extend(found.into_iter().filter(|way| self.is_read(piece, way, rule)));
        }
        ways
    }

    /// The same, with some names taken as they stand.
    fn divided_around(
        &self,
        piece: Range<usize>,
        words: Range<usize>,
        rule: Rule,
        (taken, with): (&[Range<usize>], With),
    ) -> Option<Passage> {
        let runs = self.runs(words, taken);
        if taken.is_empty() && runs.iter().all(|(_, run)| self.is_whole(run)) {
            return None; // As in most sentences: nothing is written together.
        }
        let runs: Vec<Run> =
            runs.into_iter().map(|(start, run)| self.run(start, run, with)).collect();
        let divides = runs.iter().any(|run| !run.whole && !run.ways.is_empty());
        if taken.is_empty() && !divides || runs.iter().any(|run| run.ways.len() >= WAYS.0) {
            return None;
        }
        let around =
            taken.iter().flat_map(|name| [(name.start, Mark::Open), (name.end, Mark::Close)]);
        let mut ways: Vec<Vec<Cut>> = vec![around.collect()];
        for run in &runs {
            let whole = (run.whole || run.ways.is_empty()).then(Vec::new);
            let own: Vec<&Vec<Cut>> = whole.iter().chain(&run.ways).collect();
            if ways.len().saturating_mul(own.len()) > WAYS.1 {
                return None;
            }
            let with = |way: &Vec<Cut>, more: &Vec<Cut>| [&**way, &**more].concat();
            ways = ways.iter().flat_map(|way| own.iter().map(|more| with(way, more))).collect();
        }
        ways.iter_mut().for_each(|way| way.sort_unstable());
        if ways.len() > 1 {
            let read: Vec<Vec<Cut>> =
                ways.iter().filter(|way| self.is_read(&piece, way, rule)).cloned().collect();
            if read.is_empty() {
                let cuts: Vec<Cut> = runs.iter().filter_map(Run::likeliest).flatten().collect();
                return (!cuts.is_empty()).then(|| Passage::new(piece, vec![cuts]));
            }
            ways = read;
        }
        let known = runs.iter().all(|run| run.known);
        Some(Passage { known, ..Passage::new(piece, ways) })
    }

    /// Whether a piece is read from its beginning to its end.
    pub(super) fn is_read(&self, piece: &Range<usize>, cuts: &[Cut], rule: Rule) -> bool {
        let text = with_blanks(self.slice(piece.clone()), &inside(cuts, piece.start));
        let mut rest = &*text;
        loop {
            let Ok(mut pairs) = PolicyParser::parse(rule, rest) else { return false };
            let end = pairs.next().map_or(0, |pair| pair.as_span().end());
            rest = rest.get(end..).unwrap_or("");
            let is_blank = |line: &str| line.is_empty() || line.starts_with(['#', '＃']);
            if rest.lines().all(|line| is_blank(line.trim_start())) {
                return true;
            }
            // A sentence and its exception are two parts.
            if end == 0 || rule != Rule::part {
                return false;
            }
        }
    }
}
