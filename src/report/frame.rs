//! Rank 5: blocks drawn by miette, stacked into one frame whose line numbers align. The header lines are ours: miette counts columns in bytes.

use super::block::{Block, Mark};
use super::paint::Paint;
use crate::finding::Weight;
use crate::visible;
use miette::{Diagnostic, GraphicalReportHandler, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::fmt;
use std::io::{Result, Write};
use unicode_width::UnicodeWidthStr;

/// The column a frame's lines begin at.
const INDENT: usize = 2;
/// Labels narrower than this are not worth their line breaks.
const LABEL_MIN: usize = 24;
/// The columns of the bracket beside a mark of several lines.
const BRACKET: usize = 4;
/// The digits of a line number, where they are not known.
const LINE_NUMBER: usize = 6;
const TAB: usize = 4;

/// About how many columns of a line can be seen, whatever its number.
#[must_use]
pub fn room(width: usize) -> usize {
    width.saturating_sub(INDENT + LINE_NUMBER + 4)
}

/// Draws blocks under each other; nothing for none. `strong` is the weight that colours strong marks.
///
/// # Errors
/// Where `out` fails.
pub fn draw(blocks: &[Block], strong: Weight, paint: &Paint, width: usize, out: &mut impl Write) -> Result<()> {
    let digits = |block: &Block| (block.first_line + block.lines.len().saturating_sub(1)).to_string().len();
    let Some(gutter) = blocks.iter().map(|block| if block.lines.is_empty() { 1 } else { digits(block) }).max() else { return Ok(()) };
    if blocks.iter().all(|block| block.lines.is_empty() && block.marks.iter().all(|mark| mark.labels.is_empty())) {
        return blocks.iter().try_for_each(|block| writeln!(out, "  {}", paint.link.style(&block.title)));
    }
    for (index, block) in blocks.iter().enumerate() {
        let corner = if index == 0 { '╭' } else { '├' };
        writeln!(out, "{:indent$}{corner}─[{}]", "", paint.link.style(&block.title), indent = INDENT + gutter + 2)?;
        let room = width.saturating_sub(INDENT + gutter + 4).max(LABEL_MIN);
        let Picture { snippet, detached, headings } = Picture::of(block, room);
        if !headings.is_empty() {
            writeln!(out, "{:indent$} │ {headings}", "", indent = INDENT + gutter + 1)?;
        }
        if !block.lines.is_empty() {
            let indent = INDENT + gutter - digits(block);
            for line in snippet.rendered(paint, block, strong).lines() {
                writeln!(out, "{:indent$}{}", "", line.trim_end())?;
            }
        }
        for line in detached.iter().flat_map(|label| textwrap::wrap(label, room)) {
            writeln!(out, "{:indent$} · {line}", "", indent = INDENT + gutter + 1)?;
        }
    }
    writeln!(out, "{:indent$}╰────", "", indent = INDENT + gutter + 2)
}

/// A block ready to draw.
struct Picture {
    snippet: Snippet,
    /// The labels there was no room for beside their marks.
    detached: Vec<String>,
    /// What stands above the line, cut as it is.
    headings: String,
}

impl Picture {
    fn of(block: &Block, room: usize) -> Self {
        let many = block.marks.iter().any(|mark| mark.from.0 != mark.to.0);
        let room = if many { room - BRACKET } else { room };
        let strips: Vec<Strip> = block
            .lines
            .iter()
            .enumerate()
            .map(|(index, line)| Strip::of(line, block.cut, on_line(&block.marks, index, line), room))
            .collect();
        let headings = strips.first().map_or_else(String::new, |strip| strip.above(block.headings));
        let mut detached = Vec::new();
        let mut labels = Vec::new();
        for mark in &block.marks {
            let label: Vec<_> = mark.labels.iter().map(|label| visible::visible(label)).collect();
            // Each mark without a width of its own pushes those after it by a column.
            let beside = room.saturating_sub(label_column(&strips, mark) + block.marks.len() - 1);
            let label = match label.iter().map(|line| line.width()).max() {
                None => None,
                Some(_) if strips.is_empty() => {
                    detached.extend(label.into_iter().map(Into::into));
                    None
                }
                Some(needed) if needed <= beside => Some(label.join("\n")),
                Some(_) if beside >= LABEL_MIN => {
                    Some(label.iter().flat_map(|line| textwrap::wrap(line, beside)).collect::<Vec<_>>().join("\n"))
                }
                Some(_) => {
                    detached.extend(label.into_iter().map(Into::into));
                    None
                }
            };
            let (from, to) = (offset(&strips, mark.from), offset(&strips, mark.to));
            labels.push(LabeledSpan::new(label, from, to.saturating_sub(from)));
        }
        let mut text = strips.into_iter().map(|strip| strip.text).collect::<Vec<_>>().join("\n");
        text.push(' '); // so that a mark at the very end has a character to stand under
        Self { snippet: Snippet { text, first_line: block.first_line, labels }, detached, headings }
    }
}

/// The bytes of a line that its first mark covers.
fn on_line(marks: &[Mark], index: usize, line: &str) -> std::ops::Range<usize> {
    let mark = marks.iter().find(|mark| mark.from.0 <= index && index <= mark.to.0);
    mark.map_or(0..0, |mark| {
        let start = if mark.from.0 == index { mark.from.1 } else { 0 };
        start..if mark.to.0 == index { mark.to.1 } else { line.len() }
    })
}

/// The column at which miette begins a mark's label.
fn label_column(strips: &[Strip], mark: &Mark) -> usize {
    let column = |(line, byte): (usize, usize)| {
        strips.get(line).map_or(0, |strip| strip.text.get(..strip.shown(byte)).map_or(0, UnicodeWidthStr::width))
    };
    if mark.from.0 == mark.to.0 { (column(mark.from) + column(mark.to).max(column(mark.from) + 1)) / 2 + 4 } else { 8 }
}

/// The byte in the joined strips.
fn offset(strips: &[Strip], (line, byte): (usize, usize)) -> usize {
    strips.iter().take(line).map(|strip| strip.text.len() + 1).sum::<usize>() + strips.get(line).map_or(0, |strip| strip.shown(byte))
}

/// A line as shown: signs for what is hidden, tabs expanded, cut to the room there is.
struct Strip {
    text: String,
    /// For each character shown: its byte in the line, and in `text`.
    offsets: Vec<(usize, usize)>,
    /// The columns of the line that are shown.
    columns: std::ops::Range<usize>,
}

impl Strip {
    /// The part of `line` around `mark` that fits into `room` columns.
    fn of(line: &str, cut: bool, mark: std::ops::Range<usize>, room: usize) -> Self {
        let mut cells = Vec::with_capacity(line.len());
        let mut column = usize::from(cut);
        for (byte, c) in line.char_indices() {
            let mut sign = String::new();
            if c == '\t' {
                sign.extend(std::iter::repeat_n(' ', TAB - column % TAB));
            } else {
                visible::push(&mut sign, c);
            }
            let columns = if c == '\t' { sign.len() } else { sign.width() };
            cells.push((byte, column, sign));
            column += columns;
        }
        let column_of = |byte: usize| cells.iter().find(|cell| cell.0 >= byte).map_or(column, |cell| cell.1);
        let left = if column_of(mark.end) + 1 > room { column_of(mark.start).saturating_sub(room / 3) } else { 0 };
        let right = if column - left + usize::from(left > 0) > room { left + room - 1 - usize::from(left > 0) } else { column };
        let mut strip = Self { text: String::new(), offsets: Vec::with_capacity(cells.len() + 1), columns: left..right };
        if cut || left > 0 {
            strip.text.push('…');
        }
        let next_column = |index: usize| cells.get(index + 1).map_or(column, |next| next.1);
        let shown = cells.iter().enumerate().filter(|&(index, cell)| cell.1 >= left && next_column(index) <= right);
        let mut end = 0;
        for (index, (byte, _, sign)) in shown {
            strip.offsets.push((*byte, strip.text.len()));
            strip.text.push_str(sign);
            end = cells.get(index + 1).map_or(line.len(), |next| next.0);
        }
        strip.offsets.push((end, strip.text.len()));
        if end < line.len() {
            strip.text.push('…');
        }
        strip
    }

    /// The part of another line, aligned with this one, that stands above it.
    fn above(&self, line: &str) -> String {
        let mut above = String::new();
        let mut column = 0;
        above.push_str(if self.columns.start > 0 && !line.is_empty() { "…" } else { "" });
        for c in line.chars() {
            let from = above.len();
            visible::push(&mut above, c);
            let width = above.get(from..).map_or(0, UnicodeWidthStr::width);
            if column < self.columns.start || column + width > self.columns.end {
                above.truncate(from);
            }
            column += width;
        }
        above.truncate(above.trim_end().len());
        above
    }

    /// Where a byte of the line is in `text`; the nearest end where it is cut off.
    fn shown(&self, byte: usize) -> usize {
        let at = self.offsets.partition_point(|&(from, _)| from < byte);
        self.offsets.get(at).or(self.offsets.last()).map_or(0, |&(_, to)| to)
    }
}

/// A block's text as miette reads it.
#[derive(Debug)]
struct Snippet {
    text: String,
    first_line: usize,
    labels: Vec<LabeledSpan>,
}

impl Snippet {
    /// The lines and marks, without miette's message, header and footer lines.
    fn rendered(&self, paint: &Paint, block: &Block, strong: Weight) -> String {
        let theme = paint.theme(block.marks.iter().map(|mark| mark.tone), strong);
        let handler = GraphicalReportHandler::new_themed(theme).with_context_lines(0).with_links(false).without_syntax_highlighting();
        let mut drawn = String::new();
        // Writing to a `String` cannot fail, and `read_span` always answers.
        let _ = handler.render_report(&mut drawn, self);
        let lines: Vec<&str> = drawn.lines().collect();
        lines.get(2..lines.len().saturating_sub(1)).unwrap_or(&[]).join("\n")
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Snippet {
    fn read_span<'a>(&'a self, _: &SourceSpan, _: usize, _: usize) -> std::result::Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = (0, self.text.len()).into();
        let count = self.text.split('\n').count();
        Ok(Box::new(MietteSpanContents::new(self.text.as_bytes(), whole, self.first_line.saturating_sub(1), 0, count)))
    }
}
