//! A text into provisions: the reader of Markdown.
//!
//! The first line is the title; dated lines of the text's history follow, to `<!-- INFO END -->`;
//! then articles, each with its number. A further line is a paragraph, one that begins with a number
//! in brackets an item of the paragraph before. Headings, with `##` or without, are none of these.

use super::key;
use crate::syntax::citation::{Number, Unit, step};
use crate::syntax::numeral::{self, Reading};
use crate::value::date::{day_number, parse_date};
use crate::visible::is_hidden;
use regex_lite::Regex;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What the lines before a text say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// Its title, and what else it is called.
    pub titles: Vec<String>,
    /// The day of this version; `None` where nothing says it.
    pub date: Option<i64>,
    /// The days on which it was made and changed, up to this version.
    pub history: Vec<i64>,
    /// The day from which it is in force, where a line of its own says so.
    pub start: Option<i64>,
}

/// A part of a text, with what it is divided into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Its number.
    pub number: Number,
    /// Its own words, with the number they begin with; lines that are no part of their own follow.
    pub text: String,
    /// Paragraphs of an article, items of a paragraph, points of an item.
    pub parts: Vec<Node>,
}

impl Node {
    /// All of its words, a line each.
    #[must_use]
    pub fn words(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        if !self.text.is_empty() {
            lines.push(self.text.clone());
        }
        lines.extend(self.parts.iter().map(Self::words));
        lines.join("\n")
    }
}

/// A text, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Its articles, in order.
    pub articles: Vec<Node>,
    /// The parts, chapters and sections it has.
    pub headings: Vec<(Unit, Number)>,
    /// The parts, chapters and sections that each article stands in.
    pub homes: BTreeMap<Number, Vec<(Unit, Number)>>,
    /// The day from which it says it is in force.
    pub start: Option<i64>,
    /// Whether it says so at all: the last thing that a text says. One that does not may have been
    /// cut off.
    pub is_whole: bool,
}

/// What ends the lines about a text.
const END_OF_HEAD: &str = "<!-- INFO END -->";

/// A regular expression that is known to be one.
macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

pattern!(DATE, r"^\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日(.*)$");
pattern!(
    FROM,
    r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*起?\s*(施行|实施|生效|执行|实行|试行)"
);
pattern!(IN_FORCE, r"[日期时]\s*起?\s*(施行|实施|生效|执行|实行|试行)");
pattern!(IN_EFFECT, r"(?i)in force|takes? effect|effective (on|from)|commences?");
pattern!(ENGLISH, r"^(?:#+\s*)?(?:Section|Sec\.|Article|§)\s*(\d+)(?:[.-](\d+))?(?:\s|[.:]\s|$)");
pattern!(VERSION, r"^(.*?)\s*[(（](\d{4}-\d{1,2}-\d{1,2})[)）]$");

/// The day that the first three groups of a pattern are.
fn day(captures: &regex_lite::Captures<'_>) -> Option<i64> {
    let part = |at: usize| captures.get(at).map_or("", |part| part.as_str());
    parse_date(&format!("{}-{}-{}", part(1), part(2), part(3))).map(day_number)
}

/// Digits in half width, for patterns.
fn plain(text: &str) -> String {
    numeral::half_width(text)
}

/// Reads what stands before a text, and its file's name.
#[must_use]
pub fn head(text: &str, file: &str) -> Head {
    let mut head = Head::default();
    for line in text.lines() {
        let line = line.trim_matches(|letter: char| letter.is_whitespace() || is_hidden(letter));
        let is_text = line.starts_with("##") || is_article(&unmarked(line)).is_some();
        if line == END_OF_HEAD || is_text {
            break;
        }
        if let Some(title) = line.strip_prefix("# ").filter(|_| head.titles.is_empty()) {
            head.titles.push(title.trim().to_owned());
        }
        let narrow = plain(line);
        let dated = DATE.as_ref().and_then(|pattern| pattern.captures(&narrow));
        let Some(captures) = dated else { continue };
        let rest = captures.get(4).map_or("", |rest| rest.as_str()).trim();
        let Some(day) = day(&captures) else { continue };
        if ["施行", "起施行", "生效", "实施"].contains(&rest) {
            head.start = Some(day);
        } else {
            head.history.push(day);
        }
    }
    let stem = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let dated = VERSION.as_ref().and_then(|pattern| pattern.captures(stem));
    let name = dated.as_ref().and_then(|found| found.get(1)).map_or(stem, |name| name.as_str());
    let version = dated.as_ref().and_then(|found| found.get(2));
    head.date = version.and_then(|day| parse_date(day.as_str())).map(day_number);
    head.date = head.date.or_else(|| head.history.iter().max().copied());
    // A part of a text may lie in a file that is called as the part.
    let is_title = |known: &String| key(known).contains(&key(name));
    if head.titles.first().is_none_or(is_title) && !name.is_empty() {
        head.titles.push(name.to_owned());
    }
    head.titles.dedup();
    head
}

/// The number of the article a line begins with, and what follows it.
fn is_article(line: &str) -> Option<(Number, &str)> {
    if line.starts_with('第') {
        let ((unit, number), length) = step(line)?;
        return Some((number, line.get(length..)?)).filter(|_| unit == Unit::Article);
    }
    let captures = ENGLISH.as_ref()?.captures(line)?;
    let part = |at: usize| captures.get(at).and_then(|part| part.as_str().parse().ok());
    let rest = line.get(captures.get(0)?.end()..)?;
    Some((Number(part(1)?, part(2).unwrap_or(0)), rest))
}

/// A line without the signs of bold letters, and without those that make it a heading where it is
/// an article's.
fn unmarked(line: &str) -> Cow<'_, str> {
    if line.starts_with("# ") {
        return Cow::Borrowed(line); // The title.
    }
    let line = match line.contains("**") || line.starts_with("__") {
        true => Cow::Owned(line.replace("**", "").replacen("__", "", 2)),
        false => Cow::Borrowed(line),
    };
    let bare = line.trim_start_matches('#').trim_start();
    let is_marked = bare.len() < line.len() && is_article(bare).is_some();
    if is_marked { Cow::Owned(bare.to_owned()) } else { line }
}

/// A heading of a part, chapter or section.
fn heading(line: &str) -> Option<(Unit, Number)> {
    let bare = line.trim_start_matches('#').trim_start();
    if !bare.starts_with('第') {
        return None;
    }
    let ((unit, number), length) = step(bare)?;
    let rest = bare.get(length..)?;
    let is_own = rest.is_empty() || rest.starts_with(char::is_whitespace);
    (unit < Unit::Article && is_own).then_some((unit, number))
}

/// The signs that what is said ends with.
const ENDS: &str = "。；：:;.!?！？”）)…";

/// The kind of a line within an article.
enum Line {
    /// A new paragraph.
    Paragraph,
    /// `（一）`, `一、`.
    Item(Number),
    /// `1.`, `(1)`.
    Point(Number),
}

/// What a line is, by how it begins.
fn kind(line: &str) -> Line {
    let number = |text: &str| match numeral::read(text) {
        Reading::Number(number) | Reading::Probably(number) => Some(Number(number, 0)),
        Reading::Nothing => None,
    };
    let bracketed = line.strip_prefix(['（', '(']);
    let inner = bracketed.unwrap_or(line);
    let end = inner.find(|letter: char| {
        !"零〇一二三四五六七八九十百".contains(letter) && !plain_digit(letter)
    });
    let (written, rest) = inner.split_at(end.unwrap_or(inner.len()));
    let is_closed = match bracketed {
        Some(_) => rest.starts_with(['）', ')']),
        None => {
            rest.starts_with(['、', '.', '．']) && !rest.chars().nth(1).is_some_and(plain_digit)
        }
    };
    match number(written).filter(|_| is_closed && !written.is_empty()) {
        Some(number) if written.chars().all(plain_digit) => Line::Point(number),
        Some(number) => Line::Item(number),
        None => Line::Paragraph,
    }
}

fn plain_digit(letter: char) -> bool {
    letter.is_ascii_digit() || ('０'..='９').contains(&letter)
}

/// Whether a line may be a heading that lacks its sign: a few words that say nothing.
fn is_bare(line: &str) -> bool {
    !line.ends_with(|letter| ENDS.contains(letter))
}

/// Whether a line says something, though it has no end.
fn goes_on(line: &str) -> bool {
    line.contains(['，', '。', '；', ',']) || line.ends_with('、')
}

/// Takes the lines of a text in turn.
#[derive(Default)]
struct Reader {
    body: Body,
    /// Whether a line goes to the last article: not after a heading.
    is_open: bool,
    /// A line without an end, which is a heading or goes on in the next.
    pending: Option<String>,
    /// The part, chapter and section that the lines stand in.
    home: Vec<(Unit, Number)>,
}

/// Reads a text.
#[must_use]
pub fn body(text: &str) -> Body {
    let text = text.split_once(END_OF_HEAD).map_or(text, |(_, body)| body);
    let has_articles = text.lines().any(|line| is_article(&unmarked(line.trim())).is_some());
    let mut reader = Reader::default();
    for line in text.lines() {
        let line = line.trim_matches(|letter: char| letter.is_whitespace() || is_hidden(letter));
        if line.is_empty() || line.starts_with("<!--") || line.starts_with("# ") {
            continue;
        }
        reader.line(&unmarked(line), has_articles);
    }
    reader.flush();
    let Reader { mut body, .. } = reader;
    let last = body.articles.iter().rev().take(5).map(Node::words);
    let last: Vec<String> = last.map(|words| plain(&words)).collect();
    let says = |words: &String| {
        [&IN_FORCE, &IN_EFFECT].iter().any(|it| it.as_ref().is_some_and(|it| it.is_match(words)))
    };
    body.is_whole = has_articles && last.iter().any(says);
    body.start = last.iter().find_map(|words| day(&FROM.as_ref()?.captures(words)?));
    body
}

impl Reader {
    fn line(&mut self, line: &str, has_articles: bool) {
        if let Some(found) = heading(line) {
            self.body.headings.push(found);
            self.home.retain(|(unit, _)| *unit < found.0);
            self.home.push(found);
            self.flush();
            self.is_open = false;
            return;
        }
        if let Some((number, rest)) = self.article(line, has_articles) {
            self.flush();
            self.body.articles.push(Node { number, ..Node::default() });
            self.body.homes.insert(number, self.home.clone());
            self.is_open = true;
            self.words(rest.trim_start());
            return;
        }
        if line.starts_with('#') {
            self.flush();
            self.is_open = false;
            return;
        }
        if ["附件", "附录", "附表", "附图"].iter().any(|word| line.starts_with(word))
            && self.body.articles.len() > 1
            && is_bare(line)
        {
            self.is_open = false;
        }
        self.words(line);
    }

    /// The article a line begins: its number is the next, or stands apart from what it says.
    fn article<'l>(&self, line: &'l str, has_articles: bool) -> Option<(Number, &'l str)> {
        let last = self.body.articles.last().map(|article| article.number);
        if !has_articles {
            // `一、` where nothing is called an article.
            let Line::Item(number) = kind(line) else { return None };
            let is_next = number.0 == last.map_or(0, |last| last.0) + 1;
            let rest = line.split_once('、').filter(|_| !line.starts_with(['（', '(']))?.1;
            return is_next.then_some((number, rest));
        }
        let (number, rest) = is_article(line)?;
        let is_apart = rest.is_empty() || rest.starts_with(char::is_whitespace);
        let is_english = !line.starts_with('第');
        let is_next = last.is_none_or(|last| number == Number(last.0 + 1, 0))
            && !rest.starts_with(|letter| "规所第款至、，和与及的中之".contains(letter));
        let is_known = self.body.articles.iter().any(|article| article.number == number);
        (!is_known && (is_apart || is_english || is_next)).then_some((number, rest))
    }

    /// A line of the last article.
    fn words(&mut self, line: &str) {
        let mut line = line.to_owned();
        if let Some(before) = self.pending.take() {
            if goes_on(&before) {
                line = format!("{before}{line}");
            } else if self.is_open {
                self.beside(&before);
            }
        }
        if line.is_empty() {
            return;
        }
        let is_first = self.body.articles.last().is_some_and(|article| article.parts.is_empty());
        // Items of old texts end without a sign, and so may the first line of an article.
        if is_bare(&line) && matches!(kind(&line), Line::Paragraph) && (goes_on(&line) || !is_first)
        {
            self.pending = Some(line);
        } else if self.is_open {
            self.add(&line);
        }
    }

    /// What is pending is followed by nothing of the same article: a heading, unless it says
    /// something.
    fn flush(&mut self) {
        if let Some(line) = self.pending.take().filter(|line| self.is_open && goes_on(line)) {
            self.add(&line);
        }
    }

    /// A line that belongs to the last part and is none of its own.
    fn beside(&mut self, line: &str) {
        let Some(mut node) = self.body.articles.last_mut() else { return };
        while !node.parts.is_empty() {
            let Some(last) = node.parts.last_mut() else { return };
            node = last;
        }
        if !node.text.is_empty() {
            node.text.push('\n');
        }
        node.text.push_str(line);
    }

    /// A paragraph, an item or a point; items that stand in the line of their paragraph are taken
    /// apart.
    fn add(&mut self, line: &str) {
        let Some(article) = self.body.articles.last_mut() else { return };
        if let Some((first, rest)) = inline_items(line) {
            self.add(first);
            rest.into_iter().for_each(|item| self.add(item));
            return;
        }
        let text = line.to_owned();
        let count = u32::try_from(article.parts.len()).unwrap_or(u32::MAX);
        let found = kind(line);
        match (found, article.parts.last_mut()) {
            (Line::Paragraph, _) | (_, None) => {
                let number = Number(count.saturating_add(1), 0);
                article.parts.push(Node { number, text, parts: Vec::new() });
            }
            (Line::Item(number), Some(paragraph)) => {
                paragraph.parts.push(Node { number, text, parts: Vec::new() });
            }
            (Line::Point(number), Some(paragraph)) => {
                let parent = match paragraph.parts.last_mut() {
                    Some(item) if !is_point(item) => item,
                    _ => paragraph,
                };
                parent.parts.push(Node { number, text, parts: Vec::new() });
            }
        }
    }
}

/// Whether a part is one of figures: `1.`.
fn is_point(node: &Node) -> bool {
    matches!(kind(&node.text), Line::Point(_))
}

/// A paragraph and the items behind its colon: `下列：（一）甲；（二）乙。`
fn inline_items(line: &str) -> Option<(&str, Vec<&str>)> {
    let at = ["：（一）", "：(一)", ":（一）", ":(一)"].iter().find_map(|sign| line.find(sign))?;
    let colon = line.get(at..)?.chars().next()?.len_utf8();
    let (first, mut rest) = line.split_at(at + colon);
    let mut items = Vec::new();
    loop {
        let next = rest.char_indices().skip(1).find(|(at, letter)| {
            let before = rest.get(..*at).and_then(|before| before.chars().next_back());
            matches!(letter, '（' | '(')
                && before.is_some_and(|before| "；;。".contains(before))
                && matches!(kind(rest.get(*at..).unwrap_or("")), Line::Item(_))
        });
        match next {
            Some((at, _)) => {
                let (item, after) = rest.split_at(at);
                items.push(item);
                rest = after;
            }
            None => {
                items.push(rest);
                return Some((first, items));
            }
        }
    }
}
