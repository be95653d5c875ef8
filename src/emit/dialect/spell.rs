//! A text of the common form as an engine reads it: its words, its quotes, its literals.

use super::Words;

/// What a piece of a text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    Name,
    Literal,
    Comment,
    Word,
    Sign,
}

/// The first piece of a text that is not empty, and how long it is.
fn first(text: &str) -> (Piece, usize) {
    let until = |from: usize, end: &str| {
        let rest = text.get(from..).unwrap_or_default();
        rest.find(end).map_or(text.len(), |at| from + at + end.len())
    };
    let is_word = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    let letter = text.chars().next().unwrap_or_default();
    match letter {
        '"' => (Piece::Name, until(1, "\"")),
        '\'' => (Piece::Literal, until(1, "'")),
        '-' if text.starts_with("--") => (Piece::Comment, until(2, "\n")),
        _ if is_word(letter) => {
            let end = text.find(|letter| !is_word(letter)).unwrap_or(text.len());
            (Piece::Word, end)
        }
        _ => (Piece::Sign, letter.len_utf8()),
    }
}

/// A doubled quote ends one piece and begins another, which comes to the same.
pub(super) fn spelled(words: &Words, text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, Piece::Sign);
    while !rest.is_empty() {
        let (piece, length) = first(rest);
        let (own, after) = rest.split_at(length);
        match piece {
            Piece::Name => {
                let inner = own.trim_matches('"');
                spelled.extend([words.quote]);
                spelled.push_str(inner);
                spelled.push(words.quote);
            }
            Piece::Literal if words.escapes => {
                // A quote that is part of the text was doubled.
                if before == Piece::Literal && spelled.ends_with('\'') {
                    spelled.pop();
                    spelled.push_str("\\'");
                } else {
                    spelled.push('\'');
                }
                let inner = own.strip_prefix('\'').unwrap_or(own);
                let inner = inner.strip_suffix('\'').unwrap_or(inner);
                spelled.push_str(&inner.replace('\\', "\\\\"));
                spelled.push('\'');
            }
            // A backslash at the end of a line would make the next one part of the comment.
            Piece::Comment if own.ends_with("\\\n") => {
                spelled.push_str(own.trim_end());
                spelled.push_str(" \n");
            }
            Piece::Word => {
                let other = words.words.iter().find(|(word, _)| *word == own);
                spelled.push_str(other.map_or(own, |(_, other)| other));
            }
            Piece::Literal | Piece::Comment | Piece::Sign => spelled.push_str(own),
        }
        (rest, before) = (after, piece);
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::spelled;
    use crate::emit::Dialect;

    #[test]
    fn only_what_is_no_text_is_spelled_otherwise() {
        let text = "SELECT \"TEXT\", CAST('TEXT ''\\d''' AS TEXT), '' -- \"TEXT\" 'a\\\nFROM t";
        let spark = spelled(Dialect::Spark.words(), text);
        let there =
            "SELECT `TEXT`, CAST('TEXT \\'\\\\d\\'' AS STRING), '' -- \"TEXT\" 'a\\ \nFROM t";
        assert_eq!(spark, there);
        let duckdb = spelled(Dialect::DuckDb.words(), "CAST('TEXT' AS TEXT) || 'a''' || ''''");
        assert_eq!(duckdb, "CAST('TEXT' AS VARCHAR) || 'a''' || ''''");
        assert_eq!(spelled(Dialect::Spark.words(), "'''' || ''"), "'\\'' || ''");
    }
}
