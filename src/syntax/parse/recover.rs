//! Reading on after a mistake: declaration by declaration, and inside an article line by line.

use super::article::{Heading, heading, part};
use super::declaration::item;
use super::explain::explain;
use super::lost::may_demand;
use super::node::{Built, Failure, Reader};
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{FieldDecl, Item, ItemKind, Part, TypeExpr};
use crate::syntax::{expected, keyword, word};
use crate::text::Span;
use std::ops::Range;

/// What could be read, what is wrong, and what was passed over that may demand a disposition.
pub(super) struct Recovered {
    pub items: Vec<Item>,
    pub errors: Vec<SyntaxError>,
    pub lost: Vec<Span>,
}

/// The parts of an article, and what was passed over between them that may demand a disposition.
#[derive(Default)]
struct Body {
    parts: Vec<Part>,
    lost: Vec<Span>,
}

/// Reads all declarations from a place on.
pub(super) fn items(reader: Reader, start: usize) -> Recovered {
    let mut run = Run { reader, items: Vec::new(), errors: Vec::new(), lost: Vec::new() };
    let end = reader.text.len();
    let mut at = start;
    while at < end {
        at = match run.entry(at..end) {
            Ok(next) => next,
            Err(_) => {
                let next = reader.scan.next_opening(at, end);
                run.broken(at..next);
                next
            }
        };
        at = reader.scan.skip_blank(reader.text, at);
    }
    Recovered { items: run.items, errors: run.errors, lost: run.lost }
}

struct Run<'a> {
    reader: Reader<'a>,
    items: Vec<Item>,
    errors: Vec<SyntaxError>,
    lost: Vec<Span>,
}

impl Run<'_> {
    /// Reads one declaration at the beginning of a range, and says where it ends.
    fn entry(&mut self, range: Range<usize>) -> Result<usize, Failure> {
        let limit = self.reader.scan.parse_limit(range.start, range.end);
        let node = self.reader.read(Rule::entry, range.start..limit)?;
        let end = node.end();
        match node.inner().need(Rule::item).and_then(item) {
            Ok(item) => {
                if let ItemKind::Table(table) = &item.kind {
                    misplaced(&table.fields, &mut self.errors);
                }
                self.items.push(item);
            }
            Err(_) if begins_article(self.reader.text, range.start) => {
                self.article(range.start..end)
            }
            Err(error) => {
                self.lost.extend(self.demanding(range.start..end, false));
                self.errors.push(error);
            }
        }
        Ok(end)
    }

    /// Reads what it can of a range in which something is wrong and whose end is another
    /// declaration's beginning.
    fn broken(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = at..range.end;
            match self.entry(rest.clone()) {
                Ok(next) => at = self.reader.scan.skip_blank(self.reader.text, next),
                Err(_) if begins_article(self.reader.text, at) => return self.article(rest),
                Err(failure) => {
                    self.errors.push(explain(self.reader, rest.clone(), &failure));
                    self.salvage(rest);
                    let next = self.resume(failure.at.max(at), range.end, meant_for_declaration);
                    self.lost.extend(self.demanding(at..next, false));
                    at = next;
                }
            }
        }
    }

    /// Keeps a declaration that is whole, though something that belongs to nothing follows it.
    fn salvage(&mut self, range: Range<usize>) {
        let limit = self.reader.scan.parse_limit(range.start, range.end);
        if let Ok(Ok(item)) = self.reader.read(Rule::item, range.start..limit).map(item) {
            self.items.push(Item { damaged: true, ..item });
        }
    }

    /// Reads an article line by line.
    fn article(&mut self, range: Range<usize>) {
        let before = self.errors.len();
        let mut pieces = lines_of_article(self.reader.text, &range).into_iter();
        let first = pieces.next().unwrap_or(range.clone());
        let (heading, mut body) = (self.heading(&first), Body::default());
        if let Ok((_, end)) = &heading {
            self.passages(*end..first.end, &mut body);
        }
        for piece in pieces {
            self.passages(piece, &mut body);
        }
        match heading {
            Ok((heading, _)) => {
                let article = heading.with(body.parts, body.lost);
                if article.parts.is_empty() && self.errors.len() == before {
                    let text = self.reader.text.get(first.clone()).unwrap_or("").trim();
                    let name = word::last(text).to_owned();
                    let kind = ErrorKind::UnexpectedEnd(name, expected::phrases(expected::PARTS));
                    self.errors.push(SyntaxError { span: article.number_span, kind });
                }
                let last = article.parts.last().map(|part| part.span);
                let names = article.names.alias.as_ref().unwrap_or(&article.names.name).span;
                let span = article.number_span.to(last.unwrap_or(names));
                self.items.push(Item {
                    span,
                    kind: ItemKind::Article(article),
                    damaged: self.errors.len() > before,
                });
            }
            Err(error) => {
                self.lost.extend(self.demanding(range, false));
                self.errors.push(error);
            }
        }
    }

    /// The heading, and where it ends.
    fn heading(&self, range: &Range<usize>) -> Built<(Heading, usize)> {
        let limit = self.reader.scan.parse_limit(range.start, range.end);
        let node = self
            .reader
            .read(Rule::heading, range.start..limit)
            .map_err(|failure| explain(self.reader, range.clone(), &failure))?;
        let end = self.reader.scan.skip_blank(self.reader.text, node.end());
        Ok((heading(node)?, end))
    }

    /// The parts in one piece of an article: usually one.
    fn passages(&mut self, range: Range<usize>, body: &mut Body) {
        let reader = self.reader;
        let mut at = range.start;
        while at < range.end {
            let limit = reader.scan.parse_limit(at, range.end);
            match reader.read(Rule::passage, at..limit) {
                Ok(node) => {
                    let start = at;
                    at = reader.scan.skip_blank(reader.text, node.end());
                    let read = node.inner().need(Rule::part);
                    match read.and_then(|node| part(node, &mut body.parts)) {
                        Ok(()) => {}
                        Err(error) => {
                            body.lost.extend(self.demanding(start..at, true));
                            self.errors.push(error);
                        }
                    }
                }
                Err(failure) => {
                    self.errors.push(explain(reader, at..range.end, &failure));
                    if let Ok(node) = reader.read(Rule::part, at..limit) {
                        // What is wrong has been said.
                        let _ = part(node, &mut body.parts);
                    }
                    let after = failure.at.max(at);
                    let next = self.resume(after, range.end, meant_for_part);
                    let declaration = self.resume(after, next, meant_for_declaration);
                    body.lost.extend(self.demanding(at..next.min(declaration), true));
                    if declaration < next {
                        return self.broken(declaration..range.end);
                    }
                    at = next;
                }
            }
        }
    }

    /// After a mistake, the next line that was probably meant to begin something, or the end.
    fn resume(&self, after: usize, end: usize, meant: fn(&str) -> bool) -> usize {
        let text = self.reader.text.get(after..end).unwrap_or("");
        let mut at = after;
        for line in text.split_inclusive('\n') {
            let start = at + line.len() - line.trim_start().len();
            // The first piece is the rest of the line of the mistake.
            if at > after && meant(line) && !self.reader.scan.is_comment(start) {
                return start;
            }
            at += line.len();
        }
        end
    }

    /// The place of a passage that was not read, if it may demand a disposition.
    fn demanding(&self, range: Range<usize>, in_article: bool) -> Option<Span> {
        let text = self.reader.text.get(range.clone()).unwrap_or("");
        let end = range.start + text.trim_end().len();
        may_demand(text, in_article).then(|| self.reader.span(range.start..end))
    }
}

/// 亦作 after a field's type: the field is read all the same.
fn misplaced(fields: &[FieldDecl], errors: &mut Vec<SyntaxError>) {
    for field in fields {
        errors.extend(
            field
                .misplaced
                .iter()
                .map(|span| SyntaxError { span: *span, kind: ErrorKind::MisplacedAlso }),
        );
        if let TypeExpr::Record(fields) = &field.ty {
            misplaced(fields, errors);
        }
    }
}

fn begins_article(text: &str, at: usize) -> bool {
    let first = word::identifier(text.get(at..).unwrap_or(""));
    first == "article" || word::is_article_number(first)
}

/// The heading of an article and its other lines, each to where the next begins.
fn lines_of_article(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut starts = vec![range.start];
    let mut at = range.start;
    for line in text.get(range.clone()).unwrap_or("").split_inclusive('\n') {
        let indented = line.trim_start();
        if at > range.start && begins_part(indented) {
            starts.push(at + line.len() - indented.len());
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([range.end]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).map(|(start, end)| start..end).collect()
}

/// Whether a line begins with a part's keyword and what has to follow it: `施行 <= 今日` does not.
fn begins_part(line: &str) -> bool {
    let first = word::identifier(line);
    let rest = line.get(first.len()..).unwrap_or("").trim_start();
    let follows = match first {
        "施行" | "effective" => {
            let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
            rest.starts_with(|c: char| digit(c) || "一二".contains(c))
        }
        "说明" | "because" => rest.starts_with(['“', '"']),
        _ => !rest.starts_with(['<', '>', '=', '.', '≤', '≥', '≠', '+', '-', '*', '/']),
    };
    follows && keyword::begins_part(first)
}

/// Whether a line begins with what was probably meant as a declaration's keyword; only at the
/// margin, because names look alike.
fn meant_for_declaration(line: &str) -> bool {
    keyword::meant(word::identifier(line), expected::DECLARATIONS).is_some()
}

/// Whether a line begins with a part's keyword, or what was probably meant as one.
fn meant_for_part(line: &str) -> bool {
    let first = word::identifier(line.trim_start());
    keyword::begins_part(first)
        || first.is_ascii() && keyword::meant(first, expected::PARTS).is_some()
}
