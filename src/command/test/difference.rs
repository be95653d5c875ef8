//! A changed snapshot, line by line: what came to be different, under the row and the article it is
//! about; what stays is left out.

use crate::diagnostic::Bilingual;
use crate::report::{Options, visible};
use crate::say;
use crate::syntax::tree::Language;
use crate::testing::snapshot::Change;
use owo_colors::{OwoColorize, Style};
use similar::{ChangeTag, TextDiff};
use std::io::{Result, Write};

/// How many unchanged lines stand around a change.
const AROUND: usize = 2;

/// The narrowest a line is broken to.
const NARROWEST: usize = 20;

/// Writes the difference: `-` what was accepted, `+` what comes of it now.
pub(super) fn difference(change: &Change, options: &Options, out: &mut dyn Write) -> Result<()> {
    let before = change.before.as_deref().unwrap_or_default();
    let after: Vec<&str> = change.after.lines().collect();
    let diff = TextDiff::from_lines(before, &change.after);
    let mut writer = Writer { options, out };
    if change.before.is_some() {
        writer.line('-', "", &say!("快照里的", "in the snapshot"), Style::new().red())?;
        writer.line('+', "", &say!("现在的", "now"), Style::new().green())?;
    }
    let mut shown = 0;
    for group in diff.grouped_ops(AROUND) {
        let first = group.first().map_or(0, |op| op.new_range().start);
        let above: Vec<usize> =
            headings(&after, first).into_iter().filter(|at| *at >= shown).collect();
        writer.gap(first.saturating_sub(shown + above.len()))?;
        for heading in above.iter().filter_map(|at| after.get(*at)) {
            writer.text(' ', heading, Style::new().dimmed())?;
        }
        for part in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let (sign, style) = match part.tag() {
                ChangeTag::Delete => ('-', Style::new().red()),
                ChangeTag::Insert => ('+', Style::new().green()),
                ChangeTag::Equal => (' ', Style::new().dimmed()),
            };
            writer.text(sign, part.value().trim_end(), style)?;
        }
        shown = group.last().map_or(shown, |op| op.new_range().end);
    }
    writer.gap(after.len().saturating_sub(shown))?;
    writeln!(writer.out)
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The lines above one that say what it is about: its article, its row.
fn headings(lines: &[&str], at: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut least = lines.get(at).filter(|line| !line.is_empty()).map_or(0, |line| indent(line));
    for (index, line) in lines.iter().enumerate().take(at).rev() {
        if least == 0 || line.is_empty() {
            break;
        }
        if indent(line) < least {
            least = indent(line);
            found.push(index);
        }
    }
    found.reverse();
    found
}

struct Writer<'o> {
    options: &'o Options,
    out: &'o mut dyn Write,
}

impl Writer<'_> {
    fn line(&mut self, sign: char, indent: &str, text: &Bilingual, style: Style) -> Result<()> {
        let text = if self.options.language == Language::Chinese { &text.zh } else { &text.en };
        let line = format!("  {sign} {indent}{text}");
        let line = line.trim_end();
        if self.options.color {
            writeln!(self.out, "{}", line.style(style))
        } else {
            writeln!(self.out, "{line}")
        }
    }

    /// A line of a record, broken where it is longer than the terminal is wide.
    fn text(&mut self, sign: char, text: &str, style: Style) -> Result<()> {
        let (indent, text) = text.split_at(indent(text));
        let room = self.options.width.saturating_sub(4 + indent.len()).max(NARROWEST);
        let text = visible(text);
        let mut pieces = crate::report::wrap(&text, room).into_iter();
        let first = pieces.next().unwrap_or_default();
        self.line(sign, indent, &Bilingual::same(first), style)?;
        pieces.try_for_each(|piece| {
            self.line(sign, &format!("{indent}  "), &Bilingual::same(piece), style)
        })
    }

    /// Lines that are the same.
    fn gap(&mut self, lines: usize) -> Result<()> {
        if lines == 0 {
            return Ok(());
        }
        self.line(
            ' ',
            "⋮ ",
            &say!("{lines} 行相同", "{lines} lines the same"),
            Style::new().dimmed(),
        )
    }
}
