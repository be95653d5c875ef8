//! Rank 5: plain listings, as a page or a workbook: what is not a report of findings but is shown in the same hand.

use super::words::Words;
use crate::visible::visible;
use maud::{DOCTYPE, PreEscaped, html};
use unicode_width::UnicodeWidthStr;

/// Cells of at most this many columns are not wrapped.
const TIGHT: usize = 12;

/// Cells of at least this many columns get room, so that a line is not a few words.
const WIDE: usize = 60;

/// A table with a title.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// What it lists; the name of its sheet.
    pub title: String,
    /// Its headings.
    pub columns: Vec<String>,
    /// Its rows, as wide as the headings; a cell may have several lines.
    pub rows: Vec<Vec<String>>,
}

/// What stands above the listings.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// What kind of page it is.
    pub kind: String,
    /// The title.
    pub title: String,
    /// Lines under the title.
    pub lines: Vec<String>,
    /// The figures that sum it up, with what they count.
    pub figures: Vec<(String, usize)>,
}

/// How wide a cell of one or several lines is.
#[must_use]
pub fn width(cell: &str) -> usize {
    cell.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// One page that needs no other file and asks for none.
#[must_use]
pub fn page(opening: &Opening, listings: &[Listing], words: &Words) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang=(words.choose("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (visible(&opening.title)) " · " (opening.kind) }
                style { (PreEscaped(super::html::STYLE)) }
            }
            body {
                header.top {
                    p.kind { (opening.kind) }
                    h1 { (visible(&opening.title)) }
                    @for line in &opening.lines { p.day { (visible(line)) } }
                    ul.figures { @for (name, count) in &opening.figures { li { b { (count) } span { (name) } } } }
                }
                main.broad {
                    @for listing in listings.iter().filter(|listing| !listing.rows.is_empty()) {
                        section {
                            h2 { (visible(&listing.title)) }
                            div.scroll { table.lined.listing {
                                thead { tr { @for column in &listing.columns { th { (column) } } } }
                                tbody { @for row in &listing.rows { tr { @for cell in row { td.tight[width(cell) <= TIGHT].wide[width(cell) >= WIDE] {
                                    @for (at, line) in cell.lines().enumerate() { @if at > 0 { br; } (visible(line)) }
                                } } } } }
                            } }
                        }
                    }
                }
            }
        }
    };
    markup.into_string()
}
