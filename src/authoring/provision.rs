//! What stands behind a rule: the text that it cites, else what its author wrote above it; and the
//! sentence of it that the rule says again.

use super::answer::{Location, ProvisionText};
use super::hover;
use super::view::View;
use crate::diagnostic::Bilingual;
use crate::provision::{Catalogue, Desk, message};
use crate::syntax::citation::{self, Provision, Unit};
use crate::syntax::tree::{Article, Citation, ItemKind, PartKind};
use crate::text::Span;
use crate::value::date::day_number;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// How alike a sentence has to be to be the one that is realised, of 100.
const ALIKE: usize = 30;

impl View {
    /// The text behind the citation at a byte; elsewhere in an article that behind its citations,
    /// and where there is none, what stands in the comment above it.
    #[must_use]
    pub fn provision(&self, path: &Path, offset: usize) -> Option<ProvisionText> {
        let module = self.module(path)?;
        let file = self.policy().phrases.files.get(module)?;
        let holds = |span: Span| {
            let range = span.range();
            range.start <= offset && offset <= range.end
        };
        let item = file.items.iter().find(|item| holds(item.span))?;
        let ItemKind::Article(article) = &item.kind else { return None };
        let cites = || article.parts.iter().filter_map(cites).flatten();
        let own = cites().find(|cite| holds(cite.span));
        let said = self.said(article);
        let cited = |cite: &Citation| self.cited(&cite.title, &cite.place);
        let found = match own {
            Some(cite) => cited(cite),
            None => cites().filter_map(cited).find(|found| !found.text.is_empty()),
        };
        let found = found.or_else(|| self.above(module, item.span))?;
        let sentence = sentence(&found.text, &said, !found.place.is_empty());
        Some(ProvisionText { sentence, ..found })
    }

    /// What an article says, its heading and the lines below.
    fn said(&self, article: &Article) -> String {
        let sources = &self.policy().phrases.sources;
        let parts = article.parts.iter().filter(|part| {
            matches!(part.kind, PartKind::Sentence(_) | PartKind::Because(_) | PartKind::Unless(_))
        });
        let parts = parts.map(|part| sources.slice(part.span));
        let names = article.names.iter().map(|name| &*name.text).take(1);
        names.chain(parts).collect::<Vec<_>>().join("\n")
    }

    /// What stands at a place of a text that is cited.
    pub(super) fn cited(&self, title: &str, place: &str) -> Option<ProvisionText> {
        let run = self.run();
        let catalogue = Catalogue::new(run.schema(), &run.rows.frames);
        let day = run.day.map(day_number);
        let desk = Desk { catalogue, shelves: &run.rows.shelves, day };
        let looked = desk.look(title, None);
        let checked = desk.check(&looked, place, None);
        let text = checked.words.clone().unwrap_or_default();
        let files = checked.version.map(|version| &version.edition.files);
        // What stands in an article is sought behind its beginning.
        let article = article_of(place).filter(|article| article != place);
        let begun = article.and_then(|article| desk.check(&looked, &article, None).words);
        let begun = begun.unwrap_or_default();
        let mut files = files.into_iter().flatten();
        let whence = files.find_map(|file| self.in_text(file, &begun, &text));
        let remark = message::fault(title, place, &checked).map(|(message, _)| message);
        let remark = remark.or_else(|| message::lapsed(title, &checked));
        Some(ProvisionText {
            title: title.to_owned(),
            place: place.to_owned(),
            text,
            whence,
            sentence: None,
            remark,
        })
    }

    /// Where words stand in a text of the project, behind the words of the article that they are of.
    fn in_text(&self, file: &str, article: &str, words: &str) -> Option<Location> {
        let path = self.path_of(file)?;
        let text = self.read(&path)?;
        let letters = Letters::of(&text);
        let from = letters.line(0, article).unwrap_or(0);
        let start = letters.line(from, words).and_then(|at| letters.at.get(at).copied());
        let start = start.unwrap_or(0);
        let length = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        Some(Location { path, span: start..start + length, cell: None })
    }

    /// The comment above an article, as what it puts into effect: under the name of the document
    /// that the policy says it is of.
    fn above(&self, module: usize, span: Span) -> Option<ProvisionText> {
        let (source, file) = (self.source(module)?, self.policy().phrases.files.get(module)?);
        let comment = hover::above(source, span)?;
        let plain = |line: &str| line.trim().trim_start_matches(['#', '＃']).trim().to_owned();
        let lines: Vec<String> = source.text.get(comment.clone())?.lines().map(plain).collect();
        let document = file.header().and_then(|header| header.document.as_ref());
        let title = document.map(|document| document.text.clone()).unwrap_or_default();
        if lines.is_empty() && title.is_empty() {
            return None;
        }
        let path = self.project().paths.get(module)?.clone();
        let is_there = !comment.is_empty();
        let whence = is_there.then_some(Location { path, span: comment, cell: None });
        let (text, place) = (lines.join("\n"), String::new());
        let (sentence, remark) = (None, None::<Bilingual>);
        Some(ProvisionText { title, place, text, whence, sentence, remark })
    }
}

/// What a line of an article cites.
pub(super) fn cites(part: &crate::syntax::tree::Part) -> Option<&Vec<Citation>> {
    match &part.kind {
        PartKind::Cite(cites) => Some(cites),
        _ => None,
    }
}

/// The article that a place is in.
fn article_of(place: &str) -> Option<String> {
    let Provision(steps) = citation::provisions(place).ok()?.into_iter().next()?;
    let last = steps.iter().position(|(unit, _)| *unit == Unit::Article)?;
    Some(Provision(steps.into_iter().take(last + 1).collect()).to_string())
}

/// The letters of a text, without its blanks and signs: by these words are found, however the text
/// is set.
struct Letters {
    /// The letters.
    text: String,
    /// For each the byte that it stands at.
    at: Vec<usize>,
}

impl Letters {
    fn of(text: &str) -> Self {
        let letters = || text.char_indices().filter(|(_, letter)| letter.is_alphanumeric());
        Self { text: letters().map(|it| it.1).collect(), at: letters().map(|it| it.0).collect() }
    }

    /// The letter from a place on that the first line of words begins with, be the number before
    /// them written in another way.
    fn line(&self, from: usize, words: &str) -> Option<usize> {
        let first = words.lines().map(str::trim).find(|line| !line.is_empty())?;
        let start = self.text.char_indices().nth(from)?.0;
        let find = |line: &str| {
            let wanted = Self::of(line).text;
            let rest = self.text.get(start..).filter(|_| !wanted.is_empty())?;
            let before = rest.get(..rest.find(&wanted)?)?;
            Some(from + before.chars().count())
        };
        find(first).or_else(|| find(first.get(number(first)..)?))
    }
}

/// How long the number of an article is that a line begins with, the blank behind it with it.
fn number(line: &str) -> usize {
    let Some(((Unit::Article, _), length)) = citation::step(line) else { return 0 };
    let rest = line.get(length..).unwrap_or("");
    let words = rest.trim_start();
    if words.len() < rest.len() { line.len() - words.len() } else { 0 }
}

/// A text without what it cites: titles, and the places behind them.
fn uncited(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some((before, cited)) = rest.split_once('《') {
        let Some((_, behind)) = cited.split_once('》') else { break };
        kept.push_str(before);
        rest = behind.trim_start();
        while let Some((_, length)) = citation::step(rest).filter(|(_, length)| *length > 0) {
            rest = rest.get(length..).unwrap_or("");
        }
    }
    kept + rest
}

/// The pairs of letters of a text that follow one another, signs and citations left out.
fn pairs(text: &str) -> BTreeSet<(char, char)> {
    let letters: Vec<char> =
        uncited(text).chars().filter(|letter| letter.is_alphanumeric()).collect();
    let next = letters.iter().copied().skip(1);
    letters.iter().copied().zip(next).collect()
}

/// The sentence of a text that is most like what a rule says, where it is like it at all: by the
/// pairs of letters that both have (Dice 1945), of 100. The only sentence of a place that is cited is
/// that, whatever it is like.
fn sentence(text: &str, said: &str, is_cited: bool) -> Option<Range<usize>> {
    let own = pairs(said);
    let mut best: Option<(usize, Range<usize>)> = None;
    let mut all: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        let end = at + letter.len_utf8();
        let ends = matches!(letter, '。' | '；' | ';' | '\n') || end == text.len();
        if !ends {
            continue;
        }
        let piece = text.get(start..end).unwrap_or("");
        let blank = piece.len() - piece.trim_start().len();
        let trimmed = piece.trim();
        let numbered = number(trimmed);
        let from = start + blank + numbered;
        let trimmed = trimmed.get(numbered..).unwrap_or("");
        start = end;
        if trimmed.is_empty() {
            continue;
        }
        all.push(from..from + trimmed.len());
        let theirs = pairs(trimmed);
        let both = theirs.intersection(&own).count();
        let alike = (200 * both).checked_div(theirs.len() + own.len().min(2 * theirs.len()));
        let alike = alike.unwrap_or(0);
        if alike >= ALIKE && best.as_ref().is_none_or(|(most, _)| alike > *most) {
            best = Some((alike, from..from + trimmed.len()));
        }
    }
    let sole = all.pop().filter(|_| all.is_empty() && is_cited);
    best.map(|(_, range)| range).or(sole)
}
