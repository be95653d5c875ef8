//! Rank 5: lines of files with what matters in them marked.

use super::super::block::{Block, Mark, Spot, Tone, gather};
use super::super::phrase;
use super::super::words::Words;
use crate::diagnostic::Label;
use crate::finding::{Evidence, Role};
use crate::visible::visible;
use maud::{Markup, html};

/// Signs that tie a mark to what is said of it.
const SIGNS: [&str; 10] = ["①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩"];

/// What stands between the cells of a workbook's row.
const BETWEEN: &str = " │ ";

/// How many cells at the beginning of a workbook's row are always shown.
const FIRST: usize = 4;

/// Evidence in its lines; a label that only says `known` is left out.
pub(super) fn evidence(words: &Words, evidence: &[&Evidence], known: &str) -> Markup {
    let spots = evidence.iter().map(|evidence| Spot {
        place: &evidence.place,
        label: Some(phrase::label(words, evidence))
            .filter(|label| *label != known)
            .unwrap_or_default(),
        tone: if evidence.role == Role::Data { Tone::Strong } else { Tone::Quiet },
    });
    blocks(&gather(spots, "", Block::is_flat))
}

/// The places of a diagnostic in their lines.
pub(super) fn labels(words: &Words, labels: &[Label]) -> Markup {
    let spots = labels.iter().map(|label| Spot {
        place: &label.place,
        label: words.pick(&label.text),
        tone: Tone::Strong,
    });
    blocks(&gather(spots, "", Block::is_flat))
}

fn blocks(blocks: &[Block]) -> Markup {
    html! {
        @for block in blocks {
            @let class = if block.marks.iter().any(|mark| mark.tone == Tone::Strong) {
                "value" } else { "clause" };
            div.block.(class) {
                p {
                    span.where { (block.title) }
                    @for (number, mark) in block.marks.iter().enumerate() {
                        @for label in &mark.labels {
                            " " span.label { (sign(block, number)) (visible(label)) }
                        }
                    }
                }
                @match row(block) {
                    Some(row) => (row),
                    None => @if !block.lines.is_empty() { (lines(block)) },
                }
            }
        }
    }
}

/// The sign of a mark, where there are several.
fn sign(block: &Block, number: usize) -> Markup {
    let several = block.marks.iter().filter(|mark| !mark.labels.is_empty()).count() > 1;
    let labelled = block.marks.get(number).is_some_and(|mark| !mark.labels.is_empty());
    html! { @if let Some(sign) = SIGNS.get(number).filter(|_| several && labelled) { sup {
    (sign) } } }
}

fn lines(block: &Block) -> Markup {
    html! {
        pre {
            @for (at, line) in block.lines.iter().enumerate() {
                i { (block.first_line + at) }
                span { @if block.cut { "…" } (marked(block, at, line)) }
            }
        }
    }
}

/// A row of a workbook as a table below its headings: its first cells, those that are marked and
/// their neighbours; `None` for other lines.
fn row(block: &Block) -> Option<Markup> {
    let [line] = block.lines.as_slice() else { return None };
    let (headings, cells): (Vec<&str>, Vec<&str>) =
        (block.headings.split(BETWEEN).collect(), line.split(BETWEEN).collect());
    if block.headings.is_empty() || block.cut || headings.len() != cells.len() {
        return None;
    }
    let mut at = 0;
    let numbers: Vec<Vec<usize>> = cells
        .iter()
        .map(|cell| {
            let range = at..at + cell.len();
            at = range.end + BETWEEN.len();
            let inside = |mark: &Mark| mark.from.1 <= range.end && range.start <= mark.to.1;
            block
                .marks
                .iter()
                .enumerate()
                .filter(|(_, mark)| inside(mark))
                .map(|(number, _)| number)
                .collect()
        })
        .collect();
    let near = |column: usize| {
        numbers
            .iter()
            .skip(column.saturating_sub(1))
            .take(if column == 0 { 2 } else { 3 })
            .any(|marks| !marks.is_empty())
    };
    let shown: Vec<bool> = (0..cells.len()).map(|column| column < FIRST || near(column)).collect();
    let before = |column: usize| column > 0 && shown.get(column - 1) == Some(&true);
    let is_plain = |column: usize| numbers.get(column).is_some_and(Vec::is_empty);
    Some(html! {
        div.scroll { table.cells {
            thead { tr {
                td {}
                @for (column, heading) in headings.iter().enumerate() {
                    @if shown.get(column) == Some(&true) { th.plain[is_plain(column)] {
                        (visible(heading.trim())) } } @else if before(column) { th { "…" } }
                }
            } }
            tbody { tr {
                td { (block.first_line) }
                @for (column, (cell, marks)) in cells.iter().zip(&numbers).enumerate() {
                    @if shown.get(column) == Some(&true) {
                        td.plain[is_plain(column)] {
                            @if marks.is_empty() { (visible(cell.trim())) } @else { mark {
                                (visible(cell.trim())) } }
                            @for number in marks { (sign(block, *number)) }
                        }
                    } @else if before(column) { td { "…" } }
                }
            } }
        } }
    })
}

/// A line cut where marks begin and end.
fn marked(block: &Block, at: usize, line: &str) -> Markup {
    let mut from = 0;
    let mut pieces: Vec<(&str, Option<usize>)> = Vec::new();
    for (number, mark) in
        block.marks.iter().enumerate().filter(|(_, mark)| mark.from.0 <= at && at <= mark.to.0)
    {
        let (start, end) = (
            if mark.from.0 == at { mark.from.1 } else { 0 },
            if mark.to.0 == at { mark.to.1 } else { line.len() },
        );
        if start < from {
            continue;
        }
        pieces.push((line.get(from..start).unwrap_or(""), None));
        pieces.push((line.get(start..end).unwrap_or(""), Some(number)));
        from = end.max(start);
    }
    pieces.push((line.get(from..).unwrap_or(""), None));
    html! {
        @for (text, number) in pieces {
            @match number {
                Some(number) => { mark { (visible(text)) } @if ends(block.marks.get(number), at) {
                    (sign(block, number)) } },
                None => (visible(text)),
            }
        }
    }
}

fn ends(mark: Option<&Mark>, at: usize) -> bool {
    mark.is_some_and(|mark| mark.to.0 == at)
}
