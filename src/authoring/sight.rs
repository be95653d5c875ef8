//! What stands before a place, and so what may stand there.

use super::answer::What;
use super::view::View;
use super::word::{Of, Word, keyword};
use crate::schema::{EnumId, FrameId, Type};
use crate::syntax::keyword::{Keyword, Role};
use crate::syntax::word;
use std::ops::Range;

/// What may stand at a place.
#[derive(Clone, Debug)]
pub(super) enum Stand {
    /// Nothing: it is within a comment or a text.
    Nothing,
    /// The beginning of a declaration or of a line of an article.
    Line,
    /// The name of a file.
    Use,
    /// A type.
    Type,
    /// What a row of a frame has.
    Member(FrameId),
    /// A value of an enum.
    Values(EnumId),
    /// What becomes of a row.
    Demand,
    /// What a sentence speaks of, or a condition on it.
    Whenever,
    /// What a sentence speaks of.
    Subject,
    /// What is required.
    Modal,
    /// Anything within a sentence or an expression.
    Sentence,
}

/// A place, and what is seen from it.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    /// The word that has been begun there.
    pub replaces: Range<usize>,
    /// What may stand there.
    pub stand: Stand,
    /// The frames that its sentence is about.
    pub frames: Vec<FrameId>,
}

impl View {
    /// What is seen from a byte of a policy.
    pub(super) fn sight(&self, module: usize, offset: usize) -> Option<Sight> {
        let source = self.source(module)?;
        let text = &*source.text;
        text.get(..offset)?;
        let (start, end) = self.around(module, offset);
        let words = self.words(module, start..end);
        let inside = |word: &&Word| word.span.start < offset && offset < word.span.end;
        let is_closed = |word: &&Word| matches!(word.kind, What::Comment | What::Text);
        let line_end = |word: &Word| word.kind == What::Comment && word.span.end == offset;
        if words.iter().any(|word| is_closed(&word) && (inside(&word) || line_end(word))) {
            let (replaces, frames) = (offset..offset, Vec::new());
            return Some(Sight { replaces, stand: Stand::Nothing, frames });
        }
        let before: Vec<&Word> = words.iter().filter(|word| word.span.start < offset).collect();
        let begun = before.last().filter(|word| {
            let is_name = !matches!(word.of, Of::Keyword(_)) && word.kind != What::Sign;
            word.span.end >= offset && is_name && !is_closed(word)
        });
        let replaces = match begun {
            Some(word) => word.span.start..offset,
            None => {
                // Words of a language with blanks are begun before they are known.
                let head = text.get(..offset)?;
                let run =
                    head.len() - head.trim_end_matches(|own: char| own.is_ascii_alphabetic()).len();
                let word = head.get(offset - run..)?;
                match word::is_identifier(word) && run > 0 {
                    true => offset - run..offset,
                    false => offset..offset,
                }
            }
        };
        let before: Vec<&Word> =
            before.into_iter().filter(|word| word.span.end <= replaces.start).collect();
        let frames = self.spoken(&words, &before, offset);
        let stand = self.stand(module, &before, &replaces, start);
        Some(Sight { replaces, stand, frames })
    }

    /// The declaration around a byte, or the lines since the last.
    fn around(&self, module: usize, offset: usize) -> (usize, usize) {
        let length = self.source(module).map_or(0, |source| source.text.len());
        let file = self.policy().phrases.files.get(module);
        let items = file.into_iter().flat_map(|file| &file.items).map(|item| item.span.range());
        let mut start = 0;
        for span in items {
            if span.start > offset {
                return (self.opening(module, start, offset), span.start.min(length));
            }
            start = span.start;
        }
        (self.opening(module, start, offset), length)
    }

    /// The last line between two places that a declaration begins in, be it one that could not be
    /// read.
    fn opening(&self, module: usize, from: usize, offset: usize) -> usize {
        let Some(source) = self.source(module) else { return from };
        let begins = |line: &usize| {
            let text = source.text.get(source.line_range(*line)).unwrap_or("");
            let declares = |(length, own): &(usize, &Keyword)| {
                let after = text.get(*length..).unwrap_or("");
                own.role == Role::Declaration && after.starts_with(char::is_whitespace)
            };
            keyword(text).filter(declares).is_some()
        };
        let lines = source.line_of(from)..=source.line_of(offset);
        lines.rev().find(begins).map_or(from, |line| source.line_range(line).start.max(from))
    }

    /// The frames that the sentence around a place is about: those it names, between the full stops
    /// around it, and before it in what is not a sentence.
    fn spoken(&self, words: &[Word], before: &[&Word], offset: usize) -> Vec<FrameId> {
        let begins = |word: &&Word| matches!(word.of, Of::Keyword(own) if is(own, "whenever"));
        let start = before.iter().rev().find(|word| begins(word)).map_or(0, |word| word.span.start);
        let after = |word: &&Word| word.span.start > offset && begins(word);
        let end = words.iter().find(after).map_or(usize::MAX, |word| word.span.start);
        let own = words.iter().filter(|word| start <= word.span.start && word.span.start < end);
        let frame = |word: &Word| match word.of {
            Of::Declared(id, _) => {
                let declared = self.index().get(id)?;
                let span = declared.names.name.span;
                match declared.kind {
                    What::Table => self.frame_at(span).map(|(frame, _)| frame),
                    What::Field => {
                        let (frame, field) = self.field_at(span)?;
                        match self.policy().schema().field(frame, field)?.ty {
                            Type::List(list) => Some(list),
                            _ => None,
                        }
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        let mut frames: Vec<FrameId> = Vec::new();
        for frame in own.filter_map(frame) {
            if !frames.contains(&frame) {
                frames.push(frame);
            }
        }
        // Of `书.章` the chapter is meant, and what its book has is seen too.
        frames.reverse();
        frames
    }

    fn stand(
        &self,
        module: usize,
        before: &[&Word],
        replaces: &Range<usize>,
        start: usize,
    ) -> Stand {
        let text = self.source(module).map_or("", |source| &source.text);
        let said = |word: &Word| text.get(word.span.clone()).unwrap_or("");
        let Some(last) = before.last() else { return Stand::Line };
        let first = before.iter().find(|word| word.kind != What::Comment);
        let declares = |english: &str| matches!(first.map(|word| word.of), Some(Of::Keyword(own)) if is(own, english));
        let line = text.get(last.span.end..replaces.start).unwrap_or("").contains('\n');
        match (said(last), last.of) {
            ("." | "．", _) => {
                let frame = before.iter().rev().nth(1).and_then(|word| self.frame_of(word));
                frame.map_or(Stand::Sentence, Stand::Member)
            }
            ("。" | "；", _) => Stand::Line,
            (":" | "：", _) if declares("table") || declares("parameter") => Stand::Type,
            _ if declares("use") && !line => Stand::Use,
            _ if last.kind == What::Comment => Stand::Line,
            (_, Of::Keyword(own)) if last.kind == What::Modal && own.role == Role::Reserved => {
                Stand::Modal
            }
            (_, Of::Keyword(own)) => self.behind(own, before, declares("table")),
            ("=" | "≠" | "<" | ">" | "≤" | "≥", _) => self.compared(before),
            _ if last.span.end <= start => Stand::Line,
            _ if line && (declares("enum") || declares("table")) => Stand::Nothing,
            _ if line && !text.get(..last.span.end).unwrap_or("").ends_with(['，', ',']) => {
                Stand::Line
            }
            _ => Stand::Sentence,
        }
    }

    /// What stands behind a keyword.
    fn behind(&self, own: &Keyword, before: &[&Word], in_table: bool) -> Stand {
        let chinese = own.chinese.first().copied().unwrap_or("");
        match own.english.first().copied().unwrap_or("") {
            "whenever" | "whenever any" | "unless" => Stand::Whenever,
            "then" => Stand::Demand,
            "use" => Stand::Use,
            "many" => Stand::Type,
            "is" | "is not" | "in" | "not in" => self.compared(before),
            "" if chinese == "的" => Stand::Subject,
            _ if in_table => Stand::Nothing,
            _ => Stand::Sentence,
        }
    }

    /// The values of what is compared: of the last field before the relation that is an enum's.
    fn compared(&self, before: &[&Word]) -> Stand {
        let near = before.iter().rev().skip(1).take(4);
        let of = near.filter_map(|word| match word.of {
            Of::Declared(id, _) => Some(self.index().get(id)?.names.name.span),
            _ => None,
        });
        let ty = |span| {
            let (frame, field) = self.field_at(span)?;
            match self.policy().schema().field(frame, field)?.ty {
                Type::Enum(id) => Some(id),
                _ => None,
            }
        };
        of.into_iter().find_map(ty).map_or(Stand::Sentence, Stand::Values)
    }

    /// The rows that a word stands for: of a table, of a list, of what a field refers to.
    fn frame_of(&self, word: &Word) -> Option<FrameId> {
        let Of::Declared(id, _) = word.of else { return None };
        let declared = self.index().get(id)?;
        let span = declared.names.name.span;
        let of_type = |ty: Type| match ty {
            Type::List(frame) | Type::Ref(frame) => Some(frame),
            _ => None,
        };
        match declared.kind {
            What::Table => self.frame_at(span).map(|(frame, _)| frame),
            What::Field => {
                let (frame, field) = self.field_at(span)?;
                of_type(self.policy().schema().field(frame, field)?.ty)
            }
            What::Definition => {
                let mut all = self.policy().program.definitions.iter();
                of_type(all.find(|own| own.span == span)?.ty)
            }
            _ => None,
        }
    }
}

/// Whether a keyword is this one, by its canonical English word.
fn is(keyword: &Keyword, english: &str) -> bool {
    keyword.english.first() == Some(&english)
}
