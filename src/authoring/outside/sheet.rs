//! Names in the headings of tables of text: CSV and TSV.

use super::text::{Form, Quoted};
use super::{Mention, Names};
use crate::authoring::answer::Location;
use crate::data::Mapping;
use crate::schema::FrameId;
use std::ops::Range;
use std::path::Path;

/// How many lines may stand above the headings.
const LINES: usize = 20;

/// The headings of a table.
pub(super) fn data(
    names: &Names<'_>,
    (path, text): (&Path, &str),
    frame: FrameId,
    mapping: &Mapping,
) -> Vec<Mention> {
    // The manifest says what each heading means, or that there is none.
    let wanted = |heading: &str| {
        let mapped = mapping.headings.iter().any(|(own, _)| own == heading);
        let found = names.field(frame, heading).and_then(|(.., id)| id);
        found.filter(|_| !mapped)
    };
    let mut best: Vec<Mention> = Vec::new();
    let mut start = text.len() - text.trim_start_matches('\u{FEFF}').len();
    for number in 1..=LINES {
        let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) else { break };
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let is_heading = mapping.header.is_empty() || mapping.header.contains(&number);
        if is_heading {
            let cells = cells(line.trim_end_matches(['\r', '\n']), start);
            let separator = cells.1;
            let mentions: Vec<Mention> = cells
                .0
                .into_iter()
                .filter_map(|(span, says)| {
                    let trimmed = says.trim();
                    let id = wanted(trimmed)?;
                    let from = says.len() - says.trim_start().len();
                    let part = from..from + trimmed.len();
                    let location =
                        Location { path: path.to_owned(), span: span.clone(), cell: None };
                    let (form, name) = (Form::Cell(separator), trimmed.to_owned());
                    Some(Mention { location, id, name, quoted: Quoted { form, span, says, part } })
                })
                .collect();
            match mapping.header.is_empty() {
                true if mentions.len() > best.len() => best = mentions,
                true => {}
                false => best.extend(mentions),
            }
        }
        start += line.len();
    }
    best
}

/// The cells of a line with what each says, and what separates them.
fn cells(line: &str, from: usize) -> (Vec<(Range<usize>, String)>, char) {
    let count = |sign: char| line.matches(sign).count();
    let separator = [',', '\t', ';'].into_iter().rev().max_by_key(|sign| count(*sign));
    let separator = separator.unwrap_or(',');
    let (mut cells, mut start, mut quoted) = (Vec::new(), 0, false);
    let ends = line.char_indices().chain([(line.len(), separator)]);
    for (at, letter) in ends {
        quoted ^= letter == '"';
        if letter != separator || quoted && at < line.len() {
            continue;
        }
        let raw = line.get(start..at).unwrap_or("");
        let says = match raw.trim().strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => raw.to_owned(),
        };
        cells.push((from + start..from + at, says));
        start = at + letter.len_utf8();
    }
    (cells, separator)
}
