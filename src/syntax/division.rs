//! Chinese sentences without blanks: all ways to divide them into declared names, keywords and
//! numbers that the grammar reads.
//!
//! A sentence in which every word stands apart is read as it is written. Where words are written
//! together, every run of characters of the sentence may be divided: `凡无诗的书` is 凡 无 诗 的
//! 书, or 凡 无诗 的 书 where that is a name too. Which of several ways is meant is not decided
//! here.

use super::grammar::{PolicyParser, Rule};
use super::keyword::{self, KEYWORDS, Role};
use super::parse::with_blanks;
use super::scan::Scan;
use super::tree::{FieldDecl, File, ItemKind, Names, TypeExpr};
use super::word;
use crate::text::Source;
use pest::Parser;
use std::collections::HashSet;
use std::ops::Range;

/// The longest word that is looked at, in characters.
const LONGEST: usize = 64;

/// The longest run that is divided, in characters.
const LONGEST_RUN: usize = 256;

/// How many ways to divide one run, and one sentence, are looked at.
const WAYS: (usize, usize) = (64, 256);

/// The words that a sentence may be made of.
#[derive(Debug, Default)]
pub struct Words {
    names: HashSet<String>,
}

impl Words {
    /// One more name.
    pub fn add(&mut self, name: &str) {
        self.names.insert(name.to_owned());
    }

    /// All names that a file declares; those of articles are never used.
    pub fn declared(&mut self, file: &File) {
        for item in &file.items {
            match &item.kind {
                ItemKind::Header(decl) => self.both(&decl.names),
                ItemKind::Enum(decl) => {
                    self.both(&decl.names);
                    decl.values.iter().for_each(|value| self.both(&value.names));
                }
                ItemKind::Table(decl) => {
                    self.both(&decl.names);
                    self.fields(&decl.fields);
                }
                ItemKind::Calendar(decl) => self.both(&decl.names),
                ItemKind::Parameter(decl) => self.both(&decl.names),
                ItemKind::Definition(decl) => self.both(&decl.names),
                ItemKind::Process(decl) => self.both(&decl.names),
                ItemKind::Measure(decl) => self.both(&decl.names),
                ItemKind::Use(_) | ItemKind::Decision(_) | ItemKind::Article(_) => {}
            }
        }
    }

    fn fields(&mut self, fields: &[FieldDecl]) {
        for field in fields {
            self.both(&field.names);
            if let TypeExpr::Record(inner) = &field.ty {
                self.fields(inner);
            }
        }
    }

    fn both(&mut self, names: &Names) {
        self.add(&names.name.text);
        if let Some(alias) = &names.alias {
            self.add(&alias.text);
        }
    }

    fn is_name(&self, word: &str) -> bool {
        self.names.contains(word) && !keyword::is_reserved(word)
    }
}

/// A sentence, or another piece of a file, in which words are written together.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Where it stands.
    pub range: Range<usize>,
    /// The ways to divide it that the grammar reads, each as the places of the blanks that are
    /// missing. Never none.
    pub ways: Vec<Vec<usize>>,
}

impl Passage {
    /// How it reads, divided in one of its ways.
    #[must_use]
    pub fn reading(&self, source: &Source, way: &[usize]) -> String {
        let text = source.text.get(self.range.clone()).unwrap_or("");
        let inside: Vec<usize> = way.iter().map(|cut| cut - self.range.start).collect();
        let divided = with_blanks(text, &inside);
        divided.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The passages of a file in which words are written together, in order.
#[must_use]
pub fn passages(source: &Source, words: &Words) -> Vec<Passage> {
    let text = &*source.text;
    let scan = Scan::new(text);
    let mut found = Vec::new();
    let ends = scan.openings.iter().skip(1).copied().chain([text.len()]);
    for (start, end) in scan.openings.iter().copied().zip(ends) {
        let item = Region { text, scan: &scan, words };
        let first = word::identifier(text.get(start..end).unwrap_or(""));
        if first == "article" || word::is_article_number(first) {
            let body = item.body(start..end);
            for piece in item.pieces(body) {
                found.extend(item.passage(piece));
            }
        } else if let Some(from) = item.meaning(start..end) {
            found.extend(item.passage_from(start..end, from));
        }
    }
    found
}

/// A text with the words it may hold.
#[derive(Clone, Copy)]
struct Region<'a> {
    text: &'a str,
    scan: &'a Scan,
    words: &'a Words,
}

/// How a run of characters may be divided.
struct Run {
    /// Each way as places in the file.
    ways: Vec<Vec<usize>>,
    /// Whether it can stand as it is.
    whole: bool,
}

/// What a word can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Number,
    Keyword,
    /// A keyword that may be a name.
    Either,
}

impl<'a> Region<'a> {
    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or("")
    }

    /// Where the lines below the heading of an article begin.
    fn body(&self, item: Range<usize>) -> Range<usize> {
        let heading = self.slice(item.clone());
        let end = match PolicyParser::parse(Rule::heading, heading) {
            Ok(mut pairs) => pairs.next().map_or(0, |pair| pair.as_span().end()),
            Err(_) => heading.find('\n').unwrap_or(heading.len()),
        };
        item.start + end..item.end
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
                    found.push(from..at);
                    from = next;
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
    fn skipped(&self, at: usize, end: usize) -> Option<usize> {
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
    fn passage(&self, piece: Range<usize>) -> Option<Passage> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let piece = lead.min(piece.end)..piece.end;
        let first = word::run(self.slice(piece.clone()));
        let told = ["说明", "根据", "施行", "优先于"];
        if told.contains(&first) {
            return None;
        }
        self.divided(piece.clone(), piece, Rule::part)
    }

    /// The runs of characters in a range that Chinese words may be in, and where they begin.
    fn runs(&self, range: Range<usize>) -> Vec<(usize, &'a str)> {
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            if let Some(length) = self.skipped(at, range.end) {
                at += length;
                continue;
            }
            let run = word::run(self.slice(at..range.end));
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

    fn run(&self, start: usize, run: &str) -> Run {
        let whole = self.is_whole(run);
        let mut ways = if word::is_article_number(run) { Vec::new() } else { self.ways(run) };
        if ways.is_empty() && !whole {
            ways.extend(self.partly(run));
        }
        let placed = |way: Vec<usize>| way.into_iter().map(|cut| start + cut).collect();
        Run { ways: ways.into_iter().map(placed).collect(), whole }
    }

    /// Whether a run can stand as it is.
    fn is_whole(&self, run: &str) -> bool {
        self.is_word(run) || word::is_article_number(run)
    }

    fn is_word(&self, run: &str) -> bool {
        let numbers = number(run).contains(&run.len());
        numbers || self.words.names.contains(run) || keyword::spelt(run).next().is_some()
    }

    /// The ways to divide a run into two words or more; none where it cannot be.
    fn ways(&self, run: &str) -> Vec<Vec<usize>> {
        if run.chars().count() > LONGEST_RUN {
            return Vec::new();
        }
        let mut search = Search {
            region: *self,
            run,
            known: vec![None; run.len()],
            way: Vec::new(),
            found: Vec::new(),
        };
        search.follow(0, Kind::Keyword);
        search.found.retain(|way| !way.is_empty());
        search.found
    }

    /// A run divided as far as it goes, around the shortest word that is not known; none where what
    /// is known of it may be a part of that word.
    fn partly(&self, run: &str) -> Option<Vec<usize>> {
        if run.chars().count() > LONGEST_RUN {
            return None;
        }
        let starts = run.char_indices().map(|(at, _)| at);
        // Where the word before a place begins, and where the word that begins there ends.
        let mut before: Vec<Option<usize>> = vec![None; run.len() + 1];
        let mut after = before.clone();
        *before.first_mut()? = Some(0);
        *after.last_mut()? = Some(run.len());
        let known: Vec<(usize, usize)> = starts
            .flat_map(|from| self.words_at(run, from).into_iter().map(move |(end, _)| (from, end)))
            .collect();
        for (from, end) in &known {
            if before.get(*from)?.is_some() && before.get(*end)?.is_none() {
                *before.get_mut(*end)? = Some(*from);
            }
        }
        for (from, end) in known.iter().rev() {
            if after.get(*end)?.is_some() && after.get(*from)?.is_none() {
                *after.get_mut(*from)? = Some(*end);
            }
        }
        let reached =
            |places: &[Option<usize>], at: usize| places.get(at).is_some_and(Option::is_some);
        let lefts = || (0..=run.len()).filter(|at| reached(&before, *at));
        if lefts().any(|at| reached(&after, at)) {
            return None; // All of it is known: what is wrong is something else.
        }
        let letters =
            |from: usize, end: usize| run.get(from..end).map_or(0, |word| word.chars().count());
        let rights = |from: usize| {
            let mut rest = from..=run.len();
            rest.find(|end| letters(from, *end) > 1 && reached(&after, *end))
        };
        let (from, end) = lefts()
            .filter_map(|from| Some((from, rights(from)?)))
            .min_by_key(|(from, end)| (end - from, *from))?;
        let mut cuts = vec![from, end];
        let mut at = from;
        while at > 0 {
            at = (*before.get(at)?)?;
            cuts.push(at);
        }
        at = end;
        while at < run.len() {
            at = (*after.get(at)?)?;
            cuts.push(at);
        }
        cuts.sort_unstable();
        cuts.dedup();
        let ends = cuts.iter().skip(1);
        let mut words = cuts.iter().zip(ends).filter_map(|(start, end)| run.get(*start..*end));
        let lead = KEYWORDS.iter().find(|keyword| keyword.rule == Rule::kw_whenever)?;
        let sure = lead.chinese.iter().any(|word| run.starts_with(word))
            || words.any(|word| keyword::is_reserved(word) && word.chars().count() > 1);
        cuts.retain(|cut| *cut > 0 && *cut < run.len());
        (sure && !cuts.is_empty()).then_some(cuts)
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
            let keyword = keyword::spelt(word).any(|keyword| {
                !matches!(keyword.role, Role::Declaration | Role::Unit) && !word.is_ascii()
            });
            let kind = match (keyword, self.words.is_name(word)) {
                (true, true) => Kind::Either,
                (true, false) => Kind::Keyword,
                (false, true) => Kind::Name,
                (false, false) => continue,
            };
            found.push((from + end, kind));
        }
        found
    }

    /// A piece with the ways to divide it that the grammar reads as a rule.
    fn divided(&self, piece: Range<usize>, words: Range<usize>, rule: Rule) -> Option<Passage> {
        let runs = self.runs(words);
        if runs.iter().all(|(_, run)| self.is_whole(run)) {
            return None; // As in most sentences: nothing is written together.
        }
        let runs: Vec<Run> = runs.into_iter().map(|(start, run)| self.run(start, run)).collect();
        let divides = runs.iter().any(|run| !run.whole && !run.ways.is_empty());
        if !divides || runs.iter().any(|run| run.ways.len() >= WAYS.0) {
            return None;
        }
        let mut ways: Vec<Vec<usize>> = vec![Vec::new()];
        for run in &runs {
            let whole = (run.whole || run.ways.is_empty()).then(Vec::new);
            let own: Vec<&Vec<usize>> = whole.iter().chain(&run.ways).collect();
            if ways.len().saturating_mul(own.len()) > WAYS.1 {
                return None;
            }
            let with = |way: &Vec<usize>, more: &Vec<usize>| [&**way, &**more].concat();
            ways = ways.iter().flat_map(|way| own.iter().map(|more| with(way, more))).collect();
        }
        if ways.len() > 1 {
            let read: Vec<Vec<usize>> =
                ways.iter().filter(|way| self.is_read(&piece, way, rule)).cloned().collect();
            if read.is_empty() {
                // As far as it goes: what can be divided in one way only.
                let sure = runs.iter().filter(|run| !run.whole && run.ways.len() == 1);
                let cuts: Vec<usize> = sure.flat_map(|run| run.ways.concat()).collect();
                return (!cuts.is_empty()).then(|| Passage { range: piece, ways: vec![cuts] });
            }
            ways = read;
        }
        Some(Passage { range: piece, ways })
    }

    /// Whether a piece is read from its beginning to its end.
    fn is_read(&self, piece: &Range<usize>, cuts: &[usize], rule: Rule) -> bool {
        let inside: Vec<usize> = cuts.iter().map(|cut| cut - piece.start).collect();
        let text = with_blanks(self.slice(piece.clone()), &inside);
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

/// All ways to divide a run, from its beginning on.
struct Search<'a> {
    region: Region<'a>,
    run: &'a str,
    /// The words that begin at a place, without those from which nothing leads to the end.
    known: Vec<Option<Vec<(usize, Kind)>>>,
    /// The way so far.
    way: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    /// Goes on at a place, behind a word of a kind.
    fn follow(&mut self, from: usize, before: Kind) {
        if from == self.run.len() {
            self.found.push(self.way.clone());
            return;
        }
        let known = self.known.get(from).cloned().flatten();
        let words = known.unwrap_or_else(|| self.region.words_at(self.run, from));
        let mut leading = words.clone();
        let is_plain = |kind: Kind| matches!(kind, Kind::Name | Kind::Number);
        for (end, kind) in words {
            let apart = before == Kind::Name && kind == Kind::Number;
            if is_plain(before) && is_plain(kind) && !apart || self.found.len() >= WAYS.0 {
                continue;
            }
            let (found, length) = (self.found.len(), self.way.len());
            self.way.extend(Some(end).filter(|end| *end < self.run.len()));
            self.follow(end, kind);
            self.way.truncate(length);
            if self.found.len() == found {
                leading.retain(|other| *other != (end, kind));
            }
        }
        if let Some(place) = self.known.get_mut(from) {
            *place = Some(leading);
        }
    }
}

/// The places where a number that a text begins with may end: a date, a number with its unit, or a
/// number alone.
fn number(text: &str) -> Vec<usize> {
    let digits = |text: &str| text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let numeral = |text: &str| {
        text.find(|c| !"一二三四五六七八九十百千零〇两".contains(c)).unwrap_or(text.len())
    };
    if let Some(rest) = text.strip_prefix("百分之") {
        let length = digits(rest).max(numeral(rest));
        return Some(text.len() - rest.len() + length).filter(|_| length > 0).into_iter().collect();
    }
    let first = digits(text);
    if first == 0 {
        let first = numeral(text);
        let rest = text.get(first..).unwrap_or("");
        return units(rest).map(|unit| first + unit).filter(|_| first > 0).collect();
    }
    let after = |from: usize, sign: &str| -> Option<usize> {
        let rest = text.get(from..)?.strip_prefix(sign)?;
        let from = text.len() - rest.len();
        Some(from + digits(rest)).filter(|end| *end > from)
    };
    let date = after(first, "年")
        .and_then(|month| after(month, "月"))
        .and_then(|day| text.get(day..)?.starts_with('日').then_some(day + '日'.len_utf8()));
    if let Some(date) = date {
        let hour = date + digits(text.get(date..).unwrap_or(""));
        let hour = Some(hour).filter(|hour| *hour > date);
        let minute = hour.and_then(|hour| after(hour, "时"));
        let sign = |at: usize, sign: char| {
            text.get(at..).filter(|rest| rest.starts_with(sign)).map(|_| at + sign.len_utf8())
        };
        let minute = minute.and_then(|minute| sign(minute, '分'));
        let second = minute.and_then(|minute| {
            let end = minute + digits(text.get(minute..)?);
            sign(end, '秒').filter(|_| end > minute)
        });
        return vec![second.or(minute).unwrap_or(date)];
    }
    let rest = text.get(first..).unwrap_or("");
    let mut ends: Vec<usize> = units(rest).map(|unit| first + unit).collect();
    if ends.is_empty() {
        ends.push(first);
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// How long the units are that a text may begin with.
fn units(text: &str) -> impl Iterator<Item = usize> {
    let words = KEYWORDS.iter().filter(|keyword| keyword.role == Role::Unit);
    let words = words.flat_map(|keyword| keyword.all_words());
    let scaled = ["万元", "亿元"];
    words.chain(scaled).filter(|unit| text.starts_with(unit)).map(str::len)
}
