//! The words of a policy, in order, with what each is: names by what they refer to, keywords, and
//! the rest by its first letter. Words written together stand as they were cut.

use super::answer::What;
use super::index::Id;
use super::view::View;
use crate::builtin;
use crate::syntax::keyword::{KEYWORDS, Keyword, Role, modal_word};
use crate::syntax::template::{self, Piece};
use crate::syntax::tree::{Expr, ExprKind, ItemKind, Language, Modal, PartKind, Text};
use crate::syntax::word;
use crate::text::{FileId, Source, Span};
use std::collections::BTreeMap;
use std::ops::Range;

/// A word of a policy.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Where.
    pub span: Range<usize>,
    /// What.
    pub kind: What,
    /// What it speaks of.
    pub of: Of,
}

/// What a word speaks of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Of {
    /// Something declared; whether here.
    Declared(Id, bool),
    /// A keyword.
    Keyword(&'static Keyword),
    /// A word of the language that is no keyword: both its names are known.
    Builtin,
    /// Nothing of a name.
    Nothing,
}

impl View {
    /// The words in a part of a policy.
    pub(super) fn words(&self, module: usize, range: Range<usize>) -> Vec<Word> {
        let Some(source) = self.source(module) else { return Vec::new() };
        let text = &*source.text;
        let known = self.known(module, &range);
        let (mut words, mut at) = (Vec::new(), range.start);
        let (seen, mut table) = (self.seen(module), None);
        while at < range.end {
            if let Some((end, kind, of)) = known.get(&at).filter(|(end, ..)| *end > at) {
                if let (What::Table, Of::Declared(id, _)) = (kind, of) {
                    table = Some(*id);
                }
                words.push(Word { span: at..*end, kind: *kind, of: *of });
                at = *end;
                continue;
            }
            let next = known.range(at + 1..).next().map_or(range.end, |(start, _)| *start);
            let Some(rest) = text.get(at..next.min(range.end)) else { break };
            let Some(first) = rest.chars().next() else { break };
            if first.is_whitespace() {
                at += first.len_utf8();
                continue;
            }
            let (length, kind, of) =
                self.guessed(rest, &seen, table).unwrap_or_else(|| unnamed(rest, first));
            if let (What::Table, Of::Declared(id, _)) = (kind, of) {
                table = Some(id);
            }
            words.push(Word { span: at..at + length, kind, of });
            at += length;
        }
        words
    }

    /// The name that a text begins with, in what could not be read: one that stands alone, else the
    /// longest, where no keyword stands there. Of several that are called so that which the file
    /// sees, and of these that of the table spoken of before.
    fn guessed(&self, rest: &str, seen: &[usize], table: Option<Id>) -> Option<(usize, What, Of)> {
        let run = word::identifier(rest);
        let index = self.index();
        let name = match index.named(run) {
            [] if run.is_empty() || keyword(rest).is_some() => return None,
            [] if run.is_ascii() => return None,
            [] => index.begins(run)?,
            _ => run,
        };
        let own = index.named(name).iter().copied().filter(|id| {
            index.get(*id).is_some_and(|own| seen.contains(&(own.span.file.0 as usize)))
        });
        let own: Vec<Id> = own.collect();
        let of_table = own.iter().find(|id| Some(index.root(**id)) == table);
        let id = *of_table.or(own.first())?;
        let kind = index.get(id)?.kind;
        // An article is never spoken of by its name in a sentence.
        (kind != What::Article).then_some((name.len(), kind, Of::Declared(id, false)))
    }

    /// What is known by the tree: names, comments, citations, numbers of articles, values.
    fn known(&self, module: usize, range: &Range<usize>) -> BTreeMap<usize, (usize, What, Of)> {
        let policy = self.policy();
        let mut known = BTreeMap::new();
        let Some(file) = policy.phrases.files.get(module) else { return known };
        let mut add = |span: Span, kind: What, of: Of| {
            let span = span.range();
            if range.contains(&span.start) && span.end > span.start {
                known.insert(span.start, (span.end.min(range.end), kind, of));
            }
        };
        for item in &file.items {
            if item.span.range().end <= range.start || item.span.range().start >= range.end {
                continue;
            }
            for expr in item.expressions() {
                values(expr, &mut |span, kind| add(span, kind, Of::Nothing));
            }
            let ItemKind::Article(article) = &item.kind else { continue };
            add(article.number_span, What::Article, Of::Nothing);
            for part in &article.parts {
                match &part.kind {
                    PartKind::Cite(cites) => {
                        cites.iter().for_each(|cite| add(cite.span, What::Citation, Of::Nothing));
                    }
                    PartKind::Because(message) => {
                        let text = policy.phrases.sources.get(message.span.file);
                        let own = text.map_or_else(Vec::new, |source| around(message, source));
                        own.into_iter().for_each(|span| add(span, What::Text, Of::Nothing));
                    }
                    _ => {}
                }
            }
        }
        for comment in &file.comments {
            add(*comment, What::Comment, Of::Nothing);
        }
        let id = FileId(u32::try_from(module).unwrap_or(u32::MAX));
        let from = Span::new(id, range.start, 0);
        let until = Span::new(id, range.end, 0);
        for (span, _) in policy.phrases.names.range(from..until) {
            if !policy.refers.contains_key(span) {
                let name = policy.phrases.sources.slice(*span);
                let is_type = builtin::TYPES.iter().any(|(_, zh, en)| [*zh, *en].contains(&name));
                add(*span, if is_type { What::Type } else { What::Function }, Of::Builtin);
            }
        }
        for found in self.index().of_file(id) {
            let kind = self.index().get(found.id).map_or(What::Other, |declared| declared.kind);
            add(found.span, kind, Of::Declared(found.id, found.declares));
        }
        known
    }

    /// The word at a byte; at the end of one, that.
    pub(super) fn word_at(&self, module: usize, offset: usize) -> Option<Word> {
        let source = self.source(module)?;
        let line = source.line_of(offset.min(source.text.len()));
        let range = self.passage(module, offset).unwrap_or_else(|| source.line_range(line));
        let words = self.words(module, range);
        let inside = words.iter().find(|word| word.span.contains(&offset));
        inside.or_else(|| words.iter().find(|word| word.span.end == offset)).cloned()
    }

    /// The declaration around a byte.
    fn passage(&self, module: usize, offset: usize) -> Option<Range<usize>> {
        let file = self.policy().phrases.files.get(module)?;
        let spans = file.items.iter().map(|item| item.span.range());
        spans.into_iter().find(|span| span.start <= offset && offset <= span.end)
    }
}

/// The values in an expression.
fn values(expr: &Expr, add: &mut dyn FnMut(Span, What)) {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Percent(_) | ExprKind::Quantity(..) => {
            add(expr.span, What::Number);
        }
        ExprKind::Date(_) | ExprKind::Instant(_) => add(expr.span, What::Date),
        ExprKind::Text(_) => add(expr.span, What::Text),
        _ => expr.parts().into_iter().for_each(|part| values(part, add)),
    }
}

/// What stands in a message around its braces, its quotation marks with it.
fn around(message: &Text, source: &Source) -> Vec<Span> {
    let (file, whole) = (message.span.file, message.span.range());
    let width = |letter: Option<char>| letter.map_or(0, char::len_utf8);
    let (mut found, mut at) = (Vec::new(), whole.start);
    for piece in template::pieces(message) {
        let Piece::Hole(hole) = piece else { continue };
        let before = source.text.get(..hole.start).and_then(|head| head.chars().next_back());
        let behind = source.text.get(hole.end..).and_then(|rest| rest.chars().next());
        found.push(Span::new(file, at, hole.start.saturating_sub(width(before))));
        at = hole.end + width(behind);
    }
    found.push(Span::new(file, at, whole.end));
    found
}

/// How long the word is that a text begins with and of which no tree knows, and what it is.
fn unnamed(rest: &str, first: char) -> (usize, What, Of) {
    let until = |end: char| {
        let line = rest.split('\n').next().unwrap_or(rest);
        line.char_indices().skip(1).find(|(_, own)| *own == end).map(|(at, _)| at + end.len_utf8())
    };
    let closing = match first {
        '“' => Some(('”', What::Text)),
        '"' => Some(('"', What::Text)),
        '《' => Some(('》', What::Citation)),
        '「' => Some(('」', What::Other)),
        _ => None,
    };
    if let Some((end, kind)) = closing {
        return (until(end).unwrap_or(first.len_utf8()), kind, Of::Nothing);
    }
    if first.is_ascii_digit() || ('０'..='９').contains(&first) {
        let belongs = |own: char| own.is_numeric() || matches!(own, '.' | '-' | ':' | '%');
        let length = rest.find(|own| !belongs(own)).unwrap_or(rest.len());
        return (length, What::Number, Of::Nothing);
    }
    if let Some((length, keyword)) = keyword(rest) {
        return (length, kind_of(keyword), Of::Keyword(keyword));
    }
    let run = word::identifier(rest);
    match run.is_empty() {
        true => (first.len_utf8(), What::Sign, Of::Nothing),
        false => (run.len(), What::Other, Of::Nothing),
    }
}

/// The longest keyword that a text begins with: an English one ends where a word ends.
pub(super) fn keyword(rest: &str) -> Option<(usize, &'static Keyword)> {
    let ends = |word: &str| {
        let after = rest.get(word.len()..).unwrap_or("").chars().next();
        !word.is_ascii() || after.is_none_or(|next| !word::continues(next))
    };
    let words = KEYWORDS.iter().flat_map(|own| own.all_words().map(move |word| (word, own)));
    let fitting = words.filter(|(word, _)| rest.starts_with(word) && ends(word));
    fitting.max_by_key(|(word, _)| word.len()).map(|(word, own)| (word.len(), own))
}

/// What a keyword is.
pub(super) fn kind_of(keyword: &Keyword) -> What {
    let modals = [Modal::Must, Modal::Shall, Modal::MustNot, Modal::Should, Modal::ShouldNot];
    let is_modal = modals
        .iter()
        .any(|modal| keyword.english.first() == Some(&modal_word(*modal, Language::English)));
    match keyword.role {
        _ if is_modal => What::Modal,
        Role::Unit => What::Number,
        _ => What::Keyword,
    }
}
