//! How a sentence was divided into words: where it was not read, as what is said of it divides it.

use super::answer::{CutWord, Cuts, What};
use super::view::View;
use super::word::{Of, Word};
use crate::syntax::tree::ItemKind;
use crate::text::Span;
use std::ops::Range;
use std::path::Path;

/// The mistakes that say how a sentence is divided, and the words before its division.
const DIVIDED: [(&str, &str); 2] = [("undeclared_words", "读作 `"), ("glued_words", "分开来是 `")];

impl View {
    /// The sentence at a byte, as it was divided into words; outside of sentences, the declaration.
    #[must_use]
    pub fn cuts(&self, path: &Path, offset: usize) -> Option<Cuts> {
        let module = self.module(path)?;
        let source = self.source(module)?;
        let holds = |span: Span| {
            let range = span.range();
            range.start <= offset && offset <= range.end
        };
        let file = self.policy().phrases.files.get(module)?;
        let item = file.items.iter().find(|item| holds(item.span))?;
        let part = match &item.kind {
            ItemKind::Article(article) => article.parts.iter().find(|part| holds(part.span)),
            _ => None,
        };
        let span = part.map_or(item.span, |part| part.span).range();
        let text = source.text.get(span.clone())?;
        let span = span.start..span.start + text.trim_end().len();
        let words = self.named(path, &span).unwrap_or_else(|| self.words(module, span.clone()));
        let is_word = |word: &Word| !matches!(word.kind, What::Sign | What::Comment);
        let together = words.windows(2).any(|pair| match pair {
            [one, other] => {
                one.span.end == other.span.start
                    && is_word(one)
                    && is_word(other)
                    && !matches!(other.kind, What::Number)
            }
            _ => false,
        });
        let words = words.into_iter().filter(|word| word.kind != What::Comment);
        let words = words.map(|word| CutWord {
            said: self.said_of(&word),
            span: word.span,
            kind: word.kind,
        });
        Some(Cuts { span, together, words: words.collect() })
    }

    /// The words of a sentence that was not read, as what is said of it divides it.
    fn named(&self, path: &Path, span: &Range<usize>) -> Option<Vec<Word>> {
        let module = self.module(path)?;
        let source = self.source(module)?;
        let (at, reading) = self.stated().iter().find_map(|found| {
            let at = self.locate(&found.labels.first()?.place)?;
            let is_here = self.is_same(&at.path, path)
                && span.start <= at.span.start
                && at.span.end <= span.end;
            // A name that nothing declares stands by itself.
            if is_here && found.code == "unknown_name" {
                let name = source.text.get(at.span.clone())?;
                return Some((at.span, name));
            }
            let before = DIVIDED.iter().find(|(code, _)| *code == found.code)?.1;
            let help = found.help.as_ref()?;
            let reading = help.zh.split_once(before)?.1.split('`').next()?;
            is_here.then_some((at.span, reading))
        })?;
        let mut words = self.words(module, span.start..at.start);
        for word in apart(source.text.get(at.clone())?, reading)? {
            words.extend(self.whole_words(module, at.start + word.start..at.start + word.end));
        }
        words.extend(self.words(module, at.end..span.end));
        Some(words)
    }

    /// The words of a piece without blanks: what stands between its signs is one word each.
    fn whole_words(&self, module: usize, piece: Range<usize>) -> Vec<Word> {
        let mut words: Vec<Word> = Vec::new();
        let is_sign = |word: &Word| matches!(word.kind, What::Sign | What::Number | What::Text);
        for word in self.words(module, piece) {
            match words.last_mut().filter(|last| !is_sign(last) && !is_sign(&word)) {
                Some(last) => {
                    let span = last.span.start..word.span.end;
                    *last = Word { span, kind: What::Other, of: Of::Nothing };
                }
                None => words.push(word),
            }
        }
        words
    }
}

/// Where in a text the pieces of a reading stand, which is that text with other blanks; `None` where
/// it says anything else.
fn apart(text: &str, reading: &str) -> Option<Vec<Range<usize>>> {
    let mut letters = text.char_indices().filter(|(_, letter)| !letter.is_whitespace());
    let mut pieces = Vec::new();
    for piece in reading.split_whitespace() {
        let mut place: Option<Range<usize>> = None;
        for letter in piece.chars() {
            let (at, own) = letters.next()?;
            if own != letter {
                return None;
            }
            let start = place.map_or(at, |place| place.start);
            place = Some(start..at + own.len_utf8());
        }
        pieces.extend(place);
    }
    // The full stop may be left out of it.
    let mut rest = letters.filter(|(_, letter)| letter.is_alphanumeric());
    rest.next().is_none().then_some(pieces)
}
