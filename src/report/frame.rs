//! Rank 5: blocks in one frame whose line numbers align. miette draws lines and marks; the header
//! lines and the places of labels are ours: miette counts columns in bytes, and puts labels only to
//! the right, broken wherever the line ends.

use super::block::{Block, Mark, Spot, gather};
use super::label::{Anchor, Piece, layers};
use super::paint::Paint;
use super::strip::{self, Strip};
use super::wrap::wrap;
use crate::finding::Weight;
use crate::visible;
use miette::{
    Diagnostic, GraphicalReportHandler, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents,
};
use std::fmt;
use std::io::{Result, Write};
use unicode_width::UnicodeWidthStr;

/// The column a frame's lines begin at.
const INDENT: usize = 2;
/// The columns of the bracket beside a mark of several lines.
const BRACKET: usize = 4;
/// The column of that mark's label.
const BRACKET_LABEL: usize = 8;
/// The digits of a line number, where they are not known.
const LINE_NUMBER: usize = 6;
/// Frames have room for lines of so many columns, however narrow the terminal is.
const ROOM_MIN: usize = 24;

/// How a frame is drawn.
#[derive(Clone, Copy)]
pub struct Drawing<'p> {
    /// The weight that colours strong marks.
    pub strong: Weight,
    /// The colours.
    pub paint: &'p Paint,
    /// Display columns.
    pub width: usize,
    /// The way to the folder that files are named from.
    pub base: &'p str,
}

/// Draws spots in blocks under each other; nothing for none.
///
/// # Errors
/// Where `out` fails.
pub fn draw<'a>(
    spots: impl IntoIterator<Item = Spot<'a>>,
    drawing: Drawing,
    out: &mut impl Write,
) -> Result<()> {
    let seen = drawing.width.saturating_sub(INDENT + LINE_NUMBER + 4);
    let blocks = gather(spots, drawing.base, |block| is_shown(block, seen));
    let link = drawing.paint.link;
    let digits =
        |block: &Block| number_width(block.first_line + block.lines.len().saturating_sub(1));
    let Some(gutter) =
        blocks.iter().map(|block| if block.lines.is_empty() { 1 } else { digits(block) }).max()
    else {
        return Ok(());
    };
    if blocks.iter().all(|block| {
        block.lines.is_empty() && block.marks.iter().all(|mark| mark.labels.is_empty())
    }) {
        return blocks.iter().try_for_each(|block| writeln!(out, "  {}", link.style(&block.title)));
    }
    let room = drawing.width.saturating_sub(INDENT + gutter + 4).max(ROOM_MIN);
    let mut frame = Frame { drawing, gutter, room, out };
    for (index, block) in blocks.iter().enumerate() {
        let corner = if index == 0 { '╭' } else { '├' };
        let indent = INDENT + gutter + 2;
        // No path is broken, which a terminal opens: a long one has a line of its own.
        if indent + 4 + block.title.width() > drawing.width {
            writeln!(frame.out, "{}", link.style(&block.title))?;
            writeln!(frame.out, "{:indent$}{corner}─", "")?;
        } else {
            writeln!(frame.out, "{:indent$}{corner}─[{}]", "", link.style(&block.title))?;
        }
        frame.block(block)?;
    }
    writeln!(frame.out, "{:indent$}╰────", "", indent = INDENT + gutter + 2)
}

fn number_width(number: usize) -> usize {
    number.to_string().len()
}

/// Whether all marks of a block can be seen in `room` columns: marks of one line each, or a single
/// one.
fn is_shown(block: &Block, room: usize) -> bool {
    let mut lines = 0..block.lines.len();
    block.marks.len() == 1
        || (block.marks.iter().all(Mark::is_in_line)
            && lines.all(|index| strip::fits(block, index, room)))
}

/// A frame while it is drawn.
struct Frame<'o, 'p, O: Write> {
    drawing: Drawing<'p>,
    /// The digits of its widest line number.
    gutter: usize,
    /// The columns of a line.
    room: usize,
    out: &'o mut O,
}

impl<O: Write> Frame<'_, '_, O> {
    fn block(&mut self, block: &Block) -> Result<()> {
        if let [mark] = block.marks.as_slice()
            && (block.lines.is_empty() || !mark.is_in_line())
        {
            return self.whole(block, mark);
        }
        (0..block.lines.len()).try_for_each(|index| self.line(block, index))
    }

    /// A line with the marks on it and their labels.
    fn line(&mut self, block: &Block, index: usize) -> Result<()> {
        let strip = Strip::of(block, index, self.room);
        if !block.headings.is_empty() {
            let headings = strip.above(block.headings);
            writeln!(self.out, "{:indent$} │ {headings}", "", indent = INDENT + self.gutter + 1)?;
        }
        let marks: Vec<&Mark> = block.marks.iter().filter(|mark| mark.from.0 == index).collect();
        let anchors = self.anchors(&strip, &marks);
        let span = |mark: &&Mark| {
            let (from, to) = (strip.shown(mark.from.1), strip.shown(mark.to.1));
            LabeledSpan::new(
                (!mark.labels.is_empty()).then(String::new),
                from,
                to.saturating_sub(from),
            )
        };
        let indent = INDENT + self.gutter - number_width(block.first_line + index);
        let draw = |frame: &mut Self,
                    spans: Vec<LabeledSpan>,
                    marks: &[&Mark],
                    lines: std::ops::Range<usize>| {
            let drawn = frame
                .drawn(Snippet::new(strip.text.clone(), block.first_line + index, spans), marks);
            let mut lines = drawn.lines().skip(lines.start).take(lines.len());
            lines.try_for_each(|line| writeln!(frame.out, "{:indent$}{}", "", line.trim_end()))
        };
        draw(self, vec![LabeledSpan::new(None, 0, 0)], &[], 1..2)?;
        for (layer, rows) in layers(&anchors, self.room) {
            let marks: Vec<&Mark> =
                layer.iter().filter_map(|anchor| marks.get(anchor.mark).copied()).collect();
            draw(self, marks.iter().map(span).collect(), &marks, 2..3)?;
            rows.iter().try_for_each(|row| self.row(row))?;
        }
        Ok(())
    }

    /// The marks of a line with the columns miette draws them at: none narrower than one, none left
    /// of the end of the one before.
    fn anchors<'m>(&self, strip: &Strip, marks: &[&'m Mark]) -> Vec<Anchor<'m>> {
        let columns = |mark: &Mark| {
            let start = strip.column(mark.from.1);
            start..strip.column(mark.to.1).max(start + 1)
        };
        let anchor = |(number, mark): (usize, &&'m Mark)| Anchor {
            mark: number,
            columns: columns(mark),
            labels: mark.labels.iter().map(|label| visible::visible(label)).collect(),
            style: self.drawing.paint.mark(mark.tone, self.drawing.strong),
        };
        marks.iter().enumerate().map(anchor).collect()
    }

    fn row(&mut self, pieces: &[Piece]) -> Result<()> {
        write!(self.out, "{:indent$} · ", "", indent = INDENT + self.gutter + 1)?;
        let mut column = 0;
        for (start, text, style) in pieces {
            write!(
                self.out,
                "{:blank$}{}",
                "",
                style.style(text),
                blank = start.saturating_sub(column)
            )?;
            column = start + text.width();
        }
        writeln!(self.out)
    }

    /// A block that is no single line: a whole file, or a mark of several lines, which miette draws
    /// with its label.
    fn whole(&mut self, block: &Block, mark: &Mark) -> Result<()> {
        let labels: Vec<_> = mark.labels.iter().map(|label| visible::visible(label)).collect();
        if block.lines.is_empty() {
            let indent = INDENT + self.gutter + 1;
            return labels
                .iter()
                .flat_map(|label| wrap(label, self.room))
                .try_for_each(|line| writeln!(self.out, "{:indent$} · {line}", ""));
        }
        let strips: Vec<Strip> = (0..block.lines.len())
            .map(|index| Strip::of(block, index, self.room - BRACKET))
            .collect();
        let offset = |(line, byte): (usize, usize)| {
            let before: usize = strips.iter().take(line).map(|strip| strip.text.len() + 1).sum();
            before + strips.get(line).map_or(0, |strip| strip.shown(byte))
        };
        let (from, to) = (offset(mark.from), offset(mark.to));
        let label: Vec<&str> =
            labels.iter().flat_map(|label| wrap(label, self.room - BRACKET_LABEL)).collect();
        let label = Some(label.join("\n")).filter(|label| !label.is_empty());
        let text = strips.iter().map(|strip| strip.text.as_str()).collect::<Vec<_>>().join("\n");
        let drawn = self.drawn(
            Snippet::new(
                text,
                block.first_line,
                vec![LabeledSpan::new(label, from, to.saturating_sub(from))],
            ),
            &[mark],
        );
        let count = drawn.lines().count();
        let indent = INDENT + self.gutter - number_width(block.first_line + block.lines.len() - 1);
        drawn
            .lines()
            .take(count.saturating_sub(1))
            .skip(1)
            .try_for_each(|line| writeln!(self.out, "{:indent$}{}", "", line.trim_end()))
    }

    /// What miette draws: a header line, the lines with their marks, a footer line.
    fn drawn(&self, snippet: Snippet, marks: &[&Mark]) -> String {
        let Drawing { paint, strong, .. } = self.drawing;
        let theme = paint.theme(marks.iter().map(|mark| mark.tone), strong);
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_context_lines(0)
            .with_links(false)
            .without_syntax_highlighting();
        let mut drawn = String::new();
        // Writing to a `String` cannot fail, and `read_span` always answers.
        let _ = handler.render_report(&mut drawn, &snippet);
        drawn.split_once('\n').map_or_else(String::new, |(_, drawn)| drawn.to_owned())
    }
}

/// Text as miette reads it.
#[derive(Debug)]
struct Snippet {
    text: String,
    first_line: usize,
    labels: Vec<LabeledSpan>,
}

impl Snippet {
    fn new(mut text: String, first_line: usize, labels: Vec<LabeledSpan>) -> Self {
        text.push(' '); // so that a mark at the very end has a character to stand under
        Self { text, first_line, labels }
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
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> std::result::Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = (0, self.text.len()).into();
        let count = self.text.split('\n').count();
        Ok(Box::new(MietteSpanContents::new(
            self.text.as_bytes(),
            whole,
            self.first_line.saturating_sub(1),
            0,
            count,
        )))
    }
}
