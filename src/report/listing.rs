//! Rank 5: plain listings, as a page or a workbook: what is not a report of findings but is shown
//! in the same hand.

use super::markdown::escaped;
use super::words::Words;
use crate::visible::visible;
use maud::{DOCTYPE, Markup, PreEscaped, html};
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
    /// Whether it is a name and a few figures: such stand side by side.
    pub narrow: bool,
}

/// A part of a paper: what it is about, what is to be said, and tables.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// Its title, without a number.
    pub title: String,
    /// Its paragraphs.
    pub text: Vec<String>,
    /// Its tables; a title of their own stands above those that have one.
    pub tables: Vec<Listing>,
}

impl Section {
    /// The same, with a word in place of what is not there.
    #[must_use]
    pub fn or_none(mut self, words: &Words) -> Self {
        if self.text.is_empty() && self.tables.iter().all(|table| table.rows.is_empty()) {
            self.text.push(words.choose("无。", "None.").to_owned());
        }
        self
    }
}

/// A paper that is read from top to bottom and signed.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// The lines of its title.
    pub title: Vec<String>,
    /// Whom it is for.
    pub to: Option<String>,
    /// What it says first.
    pub lead: Vec<String>,
    /// Its parts.
    pub sections: Vec<Section>,
    /// Who signs it: a place is left for each, and one for the day.
    pub signers: Vec<String>,
    /// The day judged for, `2015-11-20`; may be empty.
    pub day: String,
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
    /// What is to be said below the listings of how they were made.
    pub foot: Vec<String>,
    /// Who signs it: a place is left for each, and one for the day.
    pub signers: Vec<String>,
}

/// How wide a cell of one or several lines is.
#[must_use]
pub fn width(cell: &str) -> usize {
    cell.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// One page that needs no other file and asks for none.
#[must_use]
pub fn page(opening: &Opening, listings: &[Listing], words: &Words) -> String {
    let shown = listings.iter().filter(|listing| !listing.rows.is_empty());
    let (narrow, wide): (Vec<&Listing>, Vec<&Listing>) = shown.partition(|listing| listing.narrow);
    let markup = html! {
        (DOCTYPE)
        html lang=(words.choose("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
                    'unsafe-inline'; base-uri 'none'; form-action 'none'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (visible(&opening.title)) " · " (opening.kind) }
                style { (PreEscaped(super::html::STYLE)) }
            }
            body.sheet[!narrow.is_empty()] {
                header.top {
                    p.kind { (opening.kind) }
                    h1 { (visible(&opening.title)) }
                    @for line in &opening.lines { p.day { (visible(line)) } }
                    ul.figures { @for (name, count) in &opening.figures { li { b { (count) } span {
                        (name) } } } }
                }
                main.broad[narrow.is_empty()] {
                    @for listing in wide { (section(listing)) }
                    @if !narrow.is_empty() { div.narrow { @for listing in narrow {
                        (section(listing)) } } }
                    @if !opening.foot.is_empty() { section { @for line in &opening.foot {
                        p.cite { (visible(line)) } } } }
                    @if !opening.signers.is_empty() { p.signed {
                        @for signer in &opening.signers { span { (visible(signer)) (words.colon) } }
                        span { (words.choose("日期：", "Date: ")) }
                    } }
                }
            }
        }
    };
    markup.into_string()
}

fn section(listing: &Listing) -> Markup {
    html! {
        section {
            h2 { (visible(&listing.title)) }
            div.scroll tabindex="0" { table.lined.listing {
                thead { tr { @for column in &listing.columns { th { (column) } } } }
                tbody { @for row in &listing.rows { tr { @for cell in row {
                    td.tight[width(cell) <= TIGHT].wide[width(cell) >= WIDE] {
                    @for (at, line) in cell.lines().enumerate() { @if at > 0 { br;
                        } (visible(line)) }
                } } } } }
            } }
        }
    }
}

/// What stands above, as a listing of its own.
#[must_use]
pub fn cover(opening: &Opening, words: &Words) -> Listing {
    let lines = [&opening.title]
        .into_iter()
        .chain(&opening.lines)
        .map(|line| vec![line.clone(), String::new()]);
    let figures = opening.figures.iter().map(|(name, count)| vec![name.clone(), count.to_string()]);
    let foot = opening.foot.iter().map(|line| vec![line.clone(), String::new()]);
    let title = words.choose("说明", "About").to_owned();
    Listing {
        title,
        columns: vec![opening.kind.clone(), String::new()],
        rows: lines.chain(figures).chain(foot).collect(),
        narrow: false,
    }
}

/// A document for a repository or a chat.
#[must_use]
pub fn document(opening: &Opening, listings: &[Listing], words: &Words) -> String {
    let mut text = format!("# {}\n\n", escaped(&opening.title));
    opening.lines.iter().for_each(|line| text.push_str(&format!("{}\n\n", escaped(line))));
    let figures: Vec<String> =
        opening.figures.iter().map(|(name, count)| format!("{} {count}", escaped(name))).collect();
    text.push_str(&format!("{}\n", figures.join(words.comma)));
    for listing in listings.iter().filter(|listing| !listing.rows.is_empty()) {
        let line = |cells: &[String]| {
            let cell =
                |cell: &String| cell.split('\n').map(escaped).collect::<Vec<_>>().join("<br>");
            format!("| {} |\n", cells.iter().map(cell).collect::<Vec<_>>().join(" | "))
        };
        text.push_str(&format!("\n## {}\n\n{}", escaped(&listing.title), line(&listing.columns)));
        text.push_str(&format!("|{}\n", " --- |".repeat(listing.columns.len())));
        listing.rows.iter().for_each(|row| text.push_str(&line(row)));
    }
    opening.foot.iter().for_each(|line| text.push_str(&format!("\n{}\n", escaped(line))));
    text
}
