//! Rows of TOML that stand apart: a text of nothing but `[[table]]` and what is nested in it may be
//! read in pieces.

use super::{Parsed, Unquoted};
use crate::data::bind::Target;
use crate::data::bind::tree::Tree;
use crate::data::event::Sink;

/// How much text is parsed at once: a parsed table takes many times its text.
const PIECE: usize = 1 << 15;

/// Reads some of the rows of a text whose rows stand apart, a piece at a time.
pub fn read_rows<T: Target>(
    text: &str,
    rows: &[usize],
    end: usize,
    tree: &mut Tree<'_, T>,
) -> Unquoted {
    let mut unquoted = Unquoted::default();
    let mut open = false;
    tree.open_object(0, 0);
    let mut start = rows.first().copied().unwrap_or(end);
    for next in rows.iter().copied().skip(1).chain([end]) {
        if next - start >= PIECE || next == end {
            let piece = Parsed::new(text, start..next);
            piece.report(text, tree, &mut unquoted);
            piece.rows(text, tree, &mut open);
            start = next;
        }
    }
    unquoted
}

/// Where each row begins, if a text is nothing but the rows of one table, `[[table]]`, with what is
/// nested in them.
///
/// Judged by the first mark of each line. A bracket that begins a line and is no header is part of
/// a longer text or array: texts of several lines are ruled out, and in an array what follows is no
/// name.
pub fn rows_apart(text: &str) -> Option<Vec<usize>> {
    let bytes = text.as_bytes();
    if [&b"\"\"\""[..], b"'''"].iter().any(|quotes| memchr::memmem::find(bytes, quotes).is_some()) {
        return None;
    }
    let mut name = None;
    let mut rows = Vec::new();
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        let line = text.get(start..end)?.trim_start_matches([' ', '\t']);
        let begin = std::mem::replace(&mut start, end + 1);
        let Some(header) = line.strip_prefix('[') else {
            let nothing = line.is_empty() || line.starts_with(['#', '\r']);
            if nothing || name.is_some() {
                continue;
            }
            return None;
        };
        let path = header.strip_prefix('[').unwrap_or(header);
        let (first, rest) = path.split_at(path.find(['.', ']'])?);
        let first = first.trim();
        if *name.get_or_insert(first) != first || !is_bare(first) {
            return None;
        }
        match (header.starts_with('['), rest.starts_with(']')) {
            (true, true) => rows.push(begin),
            (false, true) => return None,
            (_, false) if rows.is_empty() => return None,
            _ => {}
        }
    }
    (!rows.is_empty()).then_some(rows)
}

/// Whether a key needs no quotes and cannot be a value.
fn is_bare(key: &str) -> bool {
    key.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && !matches!(key, "true" | "false" | "inf" | "nan")
}
