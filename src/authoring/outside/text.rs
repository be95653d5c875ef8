//! How a name is written in a text that is no policy.

use std::ops::Range;

/// What kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// A key or a string of TOML.
    Toml,
    /// A string of JSON.
    Json,
    /// A cell, and what separates cells.
    Cell(char),
}

/// A piece of a text that has a name in it.
#[derive(Clone, Debug)]
pub(in super::super) struct Quoted {
    /// How it is written.
    pub form: Form,
    /// The whole piece, quotation marks included.
    pub span: Range<usize>,
    /// What it says.
    pub says: String,
    /// The name in that.
    pub part: Range<usize>,
}

impl Quoted {
    /// The piece with other names in it: all that are in this one piece.
    pub(in super::super) fn written(&self, parts: &[(Range<usize>, &str)]) -> String {
        let mut says = self.says.clone();
        let mut parts: Vec<_> = parts.to_vec();
        parts.sort_by_key(|(part, _)| std::cmp::Reverse(part.start));
        for (part, name) in parts {
            if says.get(part.clone()).is_some() {
                says.replace_range(part, name);
            }
        }
        match self.form {
            Form::Toml | Form::Json => quoted(&says),
            Form::Cell(separator) => match says.contains([separator, '"', '\n', '\r']) {
                true => format!("\"{}\"", says.replace('"', "\"\"")),
                false => says,
            },
        }
    }
}

/// A string that TOML and JSON read alike.
pub(in super::super) fn quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\t' => written.push_str("\\t"),
            '\r' => written.push_str("\\r"),
            other if other.is_control() => {
                written.push_str(&format!("\\u{:04x}", u32::from(other)));
            }
            other => written.push(other),
        }
    }
    written.push('"');
    written
}
