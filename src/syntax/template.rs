//! Messages with holes: `“期限 {期限}，不在档内”`.

use super::tree::Text;
use std::ops::Range;

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text shown as it is.
    Literal(&'a str),
    /// An expression: its bytes in the file, braces excluded. [`super::parse::expression`] reads
    /// it.
    Hole(Range<usize>),
}

/// The pieces of a message, in order. A brace that has no partner is shown as it is.
#[must_use]
pub fn pieces(text: &Text) -> Vec<Piece<'_>> {
    let content = text.text.as_str();
    let quotes = (text.span.range().len()).saturating_sub(content.len());
    let base = text.span.start as usize + quotes / 2;
    let mut found = Vec::new();
    let mut shown = 0;
    let mut from = 0;
    while let Some(open) = next(content, from, &['{', '｛']) {
        let inside = open.end;
        let Some(close) = partner(content, inside) else { break };
        if open.start > shown {
            found.extend(content.get(shown..open.start).map(Piece::Literal));
        }
        found.push(Piece::Hole(base + inside..base + close.start));
        shown = close.end;
        from = close.end;
    }
    if shown < content.len() {
        found.extend(content.get(shown..).map(Piece::Literal));
    }
    found
}

fn next(text: &str, from: usize, characters: &[char]) -> Option<Range<usize>> {
    let (at, found) = text.get(from..)?.match_indices(characters).next()?;
    Some(from + at..from + at + found.len())
}

/// The brace that closes one opened before `from`; braces inside texts do not count.
fn partner(text: &str, mut from: usize) -> Option<Range<usize>> {
    let mut depth = 0;
    loop {
        let at = next(text, from, &['{', '｛', '}', '｝', '"', '“'])?;
        from = at.end;
        match text.get(at.clone())? {
            "{" | "｛" => depth += 1,
            "\"" => from = next(text, from, &['"'])?.end,
            "“" => from = next(text, from, &['”'])?.end,
            _ if depth == 0 => return Some(at),
            _ => depth -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, Span};

    fn shown(content: &str) -> String {
        let text = Text {
            text: content.to_owned(),
            span: Span::new(FileId(0), 10, 10 + content.len() + 2),
        };
        let piece = |piece| match piece {
            Piece::Literal(literal) => format!("({literal})"),
            Piece::Hole(range) => {
                format!("<{}>", content.get(range.start - 11..range.end - 11).unwrap_or("?"))
            }
        };
        pieces(&text).into_iter().map(piece).collect()
    }

    #[test]
    fn holes_are_found_with_their_partner() {
        assert_eq!(shown("期限 {期限}，{a 属于 {1、2}}"), "(期限 )<期限>(，)<a 属于 {1、2}>");
        assert_eq!(shown("{拼接(“}”, x)}"), "<拼接(“}”, x)>");
        assert_eq!(shown("a { b"), "(a { b)");
        assert_eq!(shown(""), "");
    }
}
