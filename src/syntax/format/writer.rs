//! Words in a language: keywords, names, texts, lists of them.

use super::Style;
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::{KEYWORDS, Role, word};
use crate::syntax::parse;
use crate::syntax::template::{Piece, pieces};
use crate::syntax::tree::{Language, Name, Names, Path, Text};
use crate::syntax::word::{declared, in_expression};
use crate::text::{FileId, Source, Span};

/// What writing needs to know.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    file: FileId,
    pub source: &'a Source,
    style: Style<'a>,
    /// Quotes that texts must have: inside a message, the ones its own quotes are not.
    quotes: Option<Quotes>,
    /// Where the comments of the file stand, in order.
    comments: &'a [Span],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Curly,
    Straight,
}

impl Quotes {
    fn around(self, content: &str) -> String {
        match self {
            Self::Curly => format!("“{content}”"),
            Self::Straight => format!("\"{content}\""),
        }
    }
}

impl<'a> Writer<'a> {
    pub fn new(file: FileId, source: &'a Source, style: Style<'a>) -> Self {
        Self { file, source, style, quotes: None, comments: &[] }
    }

    /// The same for a file with comments.
    pub fn with_comments(self, comments: &'a [Span]) -> Self {
        Self { comments, ..self }
    }

    /// Whether a comment begins between two places.
    pub fn is_remarked(&self, from: u32, to: u32) -> bool {
        let next = self.comments.partition_point(|comment| comment.start < from);
        self.comments.get(next).is_some_and(|comment| comment.start < to)
    }

    pub fn language(&self) -> Language {
        self.style.language
    }

    pub fn is_english(&self) -> bool {
        self.language() == Language::English
    }

    /// A keyword.
    pub fn word(&self, rule: Rule) -> &'static str {
        word(rule, self.language())
    }

    /// Between the members of a list.
    pub fn pause(&self) -> &'static str {
        if self.is_english() { ", " } else { "、" }
    }

    /// Between the parts of a sentence.
    pub fn comma(&self) -> &'static str {
        if self.is_english() { ", " } else { "，" }
    }

    /// After a sentence.
    pub fn stop(&self) -> &'static str {
        if self.is_english() { "." } else { "。" }
    }

    /// A declared name and its alias, the one in this language first.
    pub fn names(&self, names: &Names) -> String {
        let (first, second) = self.ordered(names);
        second.map_or_else(
            || declared(first),
            |second| format!("{} | {}", declared(first), declared(second)),
        )
    }

    /// The two names, the one in this language first where they differ in script.
    pub fn ordered<'n>(&self, names: &'n Names) -> (&'n str, Option<&'n str>) {
        let first = names.name.text.as_str();
        let Some(second) = names.alias.as_ref().map(|alias| alias.text.as_str()) else {
            return (first, None);
        };
        let flip = first.is_ascii() != second.is_ascii() && first.is_ascii() != self.is_english();
        if flip { (second, Some(first)) } else { (first, Some(second)) }
    }

    fn renamed(&self, name: &Name) -> String {
        (self.style.rename)(name).unwrap_or_else(|| name.text.clone())
    }

    /// A name used in an expression.
    pub fn used(&self, name: &Name) -> String {
        in_expression(&self.renamed(name))
    }

    /// A name used where no keyword can stand: after a dot, as a type.
    pub fn plain(&self, name: &Name) -> String {
        declared(&self.renamed(name))
    }

    /// `列、列`.
    pub fn plain_list(&self, names: &[Name]) -> String {
        names.iter().map(|name| self.plain(name)).collect::<Vec<_>>().join(self.pause())
    }

    pub fn path(&self, path: &Path) -> String {
        let mut names = path.names.iter();
        let first = names.next().map(|name| self.used(name));
        first.into_iter().chain(names.map(|name| self.plain(name))).collect::<Vec<_>>().join(".")
    }

    /// The other language's word for a unit written as a name: `“天” = 工作日`.
    pub fn unit_name(&self, name: &Name) -> String {
        let unit = KEYWORDS.iter().find(|keyword| {
            keyword.role == Role::Unit && keyword.all_words().any(|word| word == name.text)
        });
        match (unit, (self.style.rename)(name)) {
            (Some(unit), None) => self.word(unit.rule).to_owned(),
            _ => self.used(name),
        }
    }

    /// Quotes for a content, in which the closing one must not occur.
    fn quotes_for(&self, content: &str) -> Quotes {
        match (self.quotes, self.language()) {
            (Some(quotes), _) => quotes,
            (None, Language::English) if content.contains('"') => Quotes::Curly,
            (None, Language::English) => Quotes::Straight,
            (None, Language::Chinese) if content.contains('”') => Quotes::Straight,
            (None, Language::Chinese) => Quotes::Curly,
        }
    }

    /// A text literal.
    pub fn text(&self, content: &str) -> String {
        self.quotes_for(content).around(content)
    }

    /// `“…”、“…”`.
    pub fn texts(&self, texts: &[Text]) -> String {
        texts.iter().map(|text| self.text(&text.text)).collect::<Vec<_>>().join(self.pause())
    }

    /// A message: what stands in its braces is an expression and is written as one.
    pub fn message(&self, text: &Text) -> String {
        let pieces: Vec<(Piece, Option<crate::syntax::tree::Expr>)> = pieces(text)
            .into_iter()
            .map(|piece| match &piece {
                Piece::Hole(range) => {
                    (piece.clone(), parse::expression(self.file, self.source, range.clone()).ok())
                }
                Piece::Literal(_) => (piece, None),
            })
            .collect();
        let raw = |piece: &Piece| match piece {
            Piece::Literal(literal) => (*literal).to_owned(),
            Piece::Hole(range) => {
                format!("{{{}}}", self.source.text.get(range.clone()).unwrap_or(""))
            }
        };
        let shown: String =
            pieces.iter().filter(|(_, expr)| expr.is_none()).map(|(piece, _)| raw(piece)).collect();
        let quotes = self.quotes_for(&shown);
        let other = if quotes == Quotes::Curly { Quotes::Straight } else { Quotes::Curly };
        let inner = Self { quotes: Some(other), ..*self };
        let written = pieces.iter().map(|(piece, expr)| {
            expr.as_ref()
                .map_or_else(|| raw(piece), |expr| format!("{{{}}}", inner.expression(expr)))
        });
        quotes.around(&written.collect::<String>())
    }
}
