//! Rank 5: how cells look.

use crate::finding::Weight;
use crate::syntax::tree::Language;
use crate::visible::visible;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use std::borrow::Cow;

const INK: u32 = 0x001F_2429;
const RED: u32 = 0x00A3_211C;
const LINE: u32 = 0x00DC_D8CF;

/// The characters a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// What no XML may hold.
const FORBIDDEN: [char; 2] = ['\u{FFFE}', '\u{FFFF}'];

/// The most characters, as UTF-16 counts them, that a cell may have.
pub(super) const LONGEST: usize = 32_767;
/// … and a note, with room for an author's name.
pub(super) const LONGEST_NOTE: usize = 32_000;

fn base() -> Format {
    Format::new()
        .set_font_name("等线")
        .set_font_size(10.5)
        .set_font_color(Color::RGB(INK))
        .set_align(FormatAlign::Top)
}

/// The heading row.
pub(super) fn heading() -> Format {
    let format = base()
        .set_bold()
        .set_background_color(Color::RGB(0x00EF_EBE2))
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    format.set_border_bottom(FormatBorder::Medium).set_border_bottom_color(Color::RGB(RED))
}

/// The title of a sheet.
pub(super) fn title() -> Format {
    base().set_bold().set_font_size(16.0)
}

/// A cell with a value.
pub(super) fn plain() -> Format {
    base().set_border(FormatBorder::Thin).set_border_color(Color::RGB(LINE)).set_text_wrap()
}

/// A cell for an answer.
pub(super) fn answer() -> Format {
    plain().set_background_color(Color::RGB(0x00FF_F8D9)).set_unlocked()
}

/// The paper and the ink of what weighs so much.
#[must_use]
pub fn tint(weight: Weight) -> (u32, u32) {
    match weight {
        Weight::Error => (0x00F8_D7D3, RED),
        Weight::Warning => (0x00FB_E8C3, 0x0085_5510),
        Weight::Question => (0x00D6_E4F0, 0x0023_4A6D),
    }
}

/// The colour of what weighs so much.
pub(super) fn accent(weight: Weight) -> Color {
    Color::RGB(tint(weight).1)
}

/// A cell that a finding is about.
pub(super) fn marked(weight: Weight) -> Format {
    mark(&plain(), weight)
}

/// The same of a cell that has a format already.
pub(super) fn mark(format: &Format, weight: Weight) -> Format {
    let (back, front) = tint(weight);
    format.clone().set_background_color(Color::RGB(back)).set_font_color(Color::RGB(front))
}

/// The number format that shows all digits of a number: no column turns it into `1.7E+09`.
pub(super) fn digits(number: &str) -> String {
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals)) }
}

/// A paragraph that a merged row holds.
pub(super) fn paragraph() -> Format {
    base().set_text_wrap()
}

/// No and yes.
pub(super) fn truth(language: Language) -> [&'static str; 2] {
    if language == Language::Chinese { ["否", "是"] } else { ["false", "true"] }
}

/// How wide a text is, in the characters columns are measured by.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// The height of a line of text, and the greatest of a row.
const LINE_HEIGHT: f64 = 14.5;
const TALLEST: f64 = 400.0;

/// How many lines a text takes in a column.
pub(super) fn lines(text: &str, column: f64) -> f64 {
    text.split('\n').map(|line| (width(line) / (column - 1.5)).ceil().max(1.0)).sum()
}

/// The height of a row of so many lines.
pub(super) fn height(lines: f64) -> f64 {
    (lines * LINE_HEIGHT + 1.0).min(TALLEST)
}

/// The text, as far as so many UTF-16 units hold it.
pub(super) fn cut(text: &str, longest: usize) -> &str {
    let mut units = 0;
    let over = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > longest
    });
    over.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// Text that stays text whatever it begins with, cut to what a cell holds. Two characters no XML
/// may hold are shown by their numbers.
pub(super) fn text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let safe = if text.contains(FORBIDDEN) { visible(text) } else { Cow::Borrowed(text) };
    let cut = cut(&safe, LONGEST);
    if text.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else if text.starts_with(FORMULA) || text.trim_start().starts_with(FORMULA) {
        sheet.write_string_with_format(row, column, cut, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, cut, format)?;
    }
    Ok(())
}

/// Prints on A4, lying, as wide as the page, the heading row on every page.
pub(super) fn paper(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    page(sheet);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// A4, lying, as wide as the page.
pub(super) fn page(sheet: &mut Worksheet) {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&C&P / &N");
}
