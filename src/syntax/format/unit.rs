//! Lines with the place they come from, and how comments and blank lines fall between them.

use crate::text::{Source, Span};

/// One line (or several, if broken) of output.
#[derive(Debug)]
pub(super) struct Unit {
    /// Where its first word stands in the source.
    pub start: usize,
    /// Where its last word ends, an opening brace not counted.
    pub end: usize,
    /// Columns before it.
    pub indent: usize,
    /// Its text, without the indentation of the first line.
    pub text: String,
    /// What it is for its neighbours.
    pub place: Place,
}

/// What a unit is for its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The first line of a declaration that stands apart.
    Block,
    /// A declaration that may stand close to its likes.
    Line,
    /// The first line of something with more lines below it.
    Opening,
    /// A line inside.
    Inner,
    /// The closing brace.
    Closing,
}

impl Place {
    fn is_top(self) -> bool {
        matches!(self, Self::Block | Self::Line)
    }
}

/// A line of output in the making.
struct Line {
    start: usize,
    end: usize,
    indent: usize,
    text: String,
    /// None for a comment.
    place: Option<Place>,
    /// A comment that belongs to the unit after it.
    leads: bool,
}

/// Puts units, comments and blank lines together.
pub(super) fn layout(units: &[Unit], comments: &[Span], source: &Source) -> String {
    let mut lines = Vec::new();
    let mut comments = comments.iter().map(|&span| Comment::new(span, source)).peekable();
    for (index, unit) in units.iter().enumerate() {
        let next = units.get(index + 1);
        let mut line = Line {
            start: unit.start,
            end: unit.end,
            indent: unit.indent,
            text: unit.text.clone(),
            place: Some(unit.place),
            leads: false,
        };
        let mut trailing = None;
        let mut after = Vec::new();
        while let Some(comment) = comments.peek() {
            match comment.belongs(unit, next) {
                Belongs::Before => lines.push(
                    comment
                        .line(unit.indent + if unit.place == Place::Closing { 2 } else { 0 }, true),
                ),
                Belongs::Trailing if trailing.is_none() => trailing = Some(comment.text),
                Belongs::Trailing => lines.push(comment.line(unit.indent, true)),
                Belongs::After => after.push(comment.line(unit.indent, false)),
                Belongs::Later => break,
            }
            comments.next();
        }
        if let Some(comment) = trailing {
            line.text.push_str("  ");
            line.text.push_str(comment);
        }
        lines.push(line);
        lines.append(&mut after);
    }
    lines.extend(comments.map(|comment| comment.line(0, false)));
    print(&lines, source)
}

struct Comment<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    /// Whether nothing but blanks stands before it on its line.
    alone: bool,
    /// Whether blanks do.
    indented: bool,
}

enum Belongs {
    Before,
    Trailing,
    After,
    Later,
}

impl<'a> Comment<'a> {
    fn new(span: Span, source: &'a Source) -> Self {
        let (start, end) = (span.start as usize, span.end as usize);
        let line = source.line_range(source.line_of(start)).start;
        let before = source.text.get(line..start).unwrap_or("");
        Self {
            start,
            end,
            text: source.slice(span).trim_end(),
            alone: before.trim().is_empty(),
            indented: !before.is_empty(),
        }
    }

    /// Where it goes, seen from a unit all units before which have taken theirs.
    fn belongs(&self, unit: &Unit, next: Option<&Unit>) -> Belongs {
        if self.start < unit.end {
            return Belongs::Before;
        }
        if next.is_some_and(|next| next.start < self.start) {
            return Belongs::Later;
        }
        let ends_block = unit.place == Place::Inner
            && unit.indent > 0
            && next.is_none_or(|next| next.place.is_top());
        match self.alone {
            false => Belongs::Trailing,
            true if ends_block && self.indented => Belongs::After,
            true => Belongs::Later,
        }
    }

    fn line(&self, indent: usize, leads: bool) -> Line {
        Line {
            start: self.start,
            end: self.end,
            indent,
            text: self.text.to_owned(),
            place: None,
            leads,
        }
    }
}

/// Joins lines, with blank lines where they are due.
fn print(lines: &[Line], source: &Source) -> String {
    let mut written = String::new();
    let mut last_top = None;
    for (index, line) in lines.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| lines.get(before));
        // What a comment leads decides for it.
        let led = lines.get(index..).unwrap_or_default().iter().find_map(|line| line.place);
        let place = if line.place.is_some() || line.leads { line.place.or(led) } else { None };
        if before.is_some_and(|before| blank_between(before, line, place, last_top, source)) {
            written.push('\n');
        }
        written.push_str(&" ".repeat(line.indent));
        written.push_str(&line.text);
        written.push('\n');
        if let Some(top) = line.place.filter(|place| place.is_top()) {
            last_top = Some(top);
        }
    }
    written
}

fn blank_between(
    before: &Line,
    line: &Line,
    place: Option<Place>,
    last_top: Option<Place>,
    source: &Source,
) -> bool {
    let kept = has_blank_line(source, before.end, line.start);
    let follows_comment = before.place.is_none() && before.leads;
    match place {
        Some(Place::Block) if !follows_comment => true,
        Some(Place::Line) if !follows_comment => kept || last_top == Some(Place::Block),
        Some(Place::Closing) => false,
        Some(Place::Inner | Place::Opening) => {
            kept && matches!(before.place, None | Some(Place::Inner | Place::Closing))
        }
        _ => kept,
    }
}

/// Whether the author left a line empty between two places.
fn has_blank_line(source: &Source, from: usize, to: usize) -> bool {
    let between = source.text.get(from..to).unwrap_or("");
    let lines = between.split('\n').count();
    between
        .split('\n')
        .enumerate()
        .any(|(index, line)| index > 0 && index + 1 < lines && line.trim().is_empty())
}
