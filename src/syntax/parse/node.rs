//! Pairs of the parser with their place in the whole file.

use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::{PolicyParser, Rule};
use crate::syntax::scan::Scan;
use crate::syntax::tree::{Name, Names, Path, Text};
use crate::syntax::{expected, word};
use crate::text::{FileId, Span};
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use pest::iterators::{Pair, Pairs};
use std::ops::Range;

/// A tree, or why there is none.
pub(super) type Built<T> = Result<T, SyntaxError>;

/// A file being read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub file: FileId,
    pub text: &'a str,
    pub scan: &'a Scan,
    /// Where the text has a blank that its file has not, in order.
    pub blanks: &'a [usize],
}

/// The furthest place the parser came to, and what it would have taken there.
pub(super) struct Failure {
    pub at: usize,
    pub expected: Vec<Rule>,
}

impl<'a> Reader<'a> {
    /// Parses the beginning of a range as a rule.
    pub fn read(self, rule: Rule, range: Range<usize>) -> Result<Node<'a>, Failure> {
        let base = range.start;
        let slice = self.text.get(range).unwrap_or("");
        match PolicyParser::parse(rule, slice) {
            Ok(mut pairs) => match pairs.next() {
                Some(pair) => Ok(Node { pair, reader: self, base }),
                None => Err(Failure { at: base, expected: Vec::new() }),
            },
            Err(error) => {
                let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
                let expected = match error.variant {
                    ErrorVariant::ParsingError { positives, .. } => {
                        expected::with_beginnings(positives)
                    }
                    ErrorVariant::CustomError { .. } => Vec::new(),
                };
                Err(Failure { at: base + at, expected })
            }
        }
    }

    /// An error at a range.
    pub fn error(self, at: Range<usize>, kind: ErrorKind) -> SyntaxError {
        SyntaxError { span: self.span(at), kind }
    }

    /// A range of the text as a place in its file.
    pub fn span(self, range: Range<usize>) -> Span {
        let own = |at: usize| at - self.blanks.partition_point(|blank| *blank < at);
        Span::new(self.file, own(range.start), own(range.end))
    }
}

/// A pair with its place.
#[derive(Clone)]
pub(super) struct Node<'a> {
    pair: Pair<'a, Rule>,
    reader: Reader<'a>,
    base: usize,
}

impl<'a> Node<'a> {
    pub fn rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// The text of a token.
    pub fn text(&self) -> &'a str {
        self.pair.as_str()
    }

    /// The file's text from where it begins.
    pub fn text_from(&self) -> &'a str {
        self.reader.text.get(self.base + self.pair.as_span().start()..).unwrap_or("")
    }

    /// One past the last token: blanks and comments a repetition swallowed do not count.
    pub fn end(&self) -> usize {
        let mut last = self.pair.clone();
        loop {
            let inner = last.clone().into_inner().next_back();
            match inner {
                Some(inner) if !is_token(last.as_rule()) => last = inner,
                _ => return self.base + last.as_span().end(),
            }
        }
    }

    pub fn span(&self) -> Span {
        self.reader.span(self.base + self.pair.as_span().start()..self.end())
    }

    pub fn inner(self) -> Inner<'a> {
        let span = self.span();
        Inner { span, reader: self.reader, base: self.base, pairs: self.pair.into_inner() }
    }

    pub fn error(&self, kind: ErrorKind) -> SyntaxError {
        SyntaxError { span: self.span(), kind }
    }
}

/// Rules made of pieces without blanks between them.
fn is_token(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::quantity
            | Rule::clock_span
            | Rule::half_unit
            | Rule::yuan
            | Rule::member
            | Rule::citation
            | Rule::divided
            | Rule::policy_ref
    )
}

/// The children of a node, taken one after another.
pub(super) struct Inner<'a> {
    /// The whole node.
    pub span: Span,
    reader: Reader<'a>,
    base: usize,
    pairs: Pairs<'a, Rule>,
}

impl<'a> Inner<'a> {
    /// The rule of the next child.
    pub fn peek(&self) -> Option<Rule> {
        self.pairs.peek().map(|pair| pair.as_rule())
    }

    /// The next child if it is of this rule.
    pub fn accept(&mut self, rule: Rule) -> Option<Node<'a>> {
        if self.peek() == Some(rule) { self.next() } else { None }
    }

    /// Skips children of this rule; whether there was one.
    pub fn pass(&mut self, rule: Rule) -> bool {
        let mut found = false;
        while self.accept(rule).is_some() {
            found = true;
        }
        found
    }

    /// The next child, which the grammar says is of this rule.
    pub fn need(&mut self, rule: Rule) -> Built<Node<'a>> {
        self.accept(rule).ok_or_else(|| self.defect())
    }

    /// The next child, which the grammar says exists.
    pub fn need_any(&mut self) -> Built<Node<'a>> {
        self.next().ok_or_else(|| self.defect())
    }

    /// The grammar and this builder disagree.
    pub fn defect(&self) -> SyntaxError {
        SyntaxError { span: self.span, kind: ErrorKind::Defect }
    }
}

impl<'a> Iterator for Inner<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.pairs.next().map(|pair| Node { pair, reader: self.reader, base: self.base })
    }
}

/// `名`, `「名」`.
pub(super) fn name(node: &Node) -> Name {
    Name { text: word::bare(node.text()), span: node.span() }
}

/// `名 | name`.
pub(super) fn names(node: Node) -> Built<Names> {
    let mut inner = node.inner();
    let first = name(&inner.need(Rule::word)?);
    inner.pass(Rule::bar);
    Ok(Names { name: first, alias: inner.accept(Rule::word).as_ref().map(name) })
}

/// `名、名`: the words that come next, with their separators.
pub(super) fn words(inner: &mut Inner) -> Vec<Name> {
    let mut found = Vec::new();
    while let Some(node) = inner.accept(Rule::word) {
        found.push(name(&node));
        inner.pass(Rule::separator);
        inner.pass(Rule::sign_exceeds);
    }
    found
}

/// `.名`.
pub(super) fn member(node: Node) -> Built<Name> {
    let mut inner = node.inner();
    inner.pass(Rule::point);
    Ok(name(&inner.need(Rule::word)?))
}

/// `表.列`.
pub(super) fn path(node: Node) -> Built<Path> {
    let mut inner = node.inner();
    let mut names = vec![name(&inner.need(Rule::name)?)];
    while let Some(node) = inner.accept(Rule::member) {
        names.push(member(node)?);
    }
    Ok(Path { span: inner.span, names })
}

/// `“…”`, `"…"`.
pub(super) fn text(node: &Node) -> Text {
    let inner = |open, close| {
        node.text().strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close))
    };
    let content = inner('“', '”').or_else(|| inner('"', '"')).unwrap_or("");
    Text { text: content.to_owned(), span: node.span() }
}
