//! Rank 5: how cells look.

use crate::finding::Weight;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

const INK: u32 = 0x001F_2429;
const RED: u32 = 0x00A3_211C;
const LINE: u32 = 0x00DC_D8CF;

/// The characters a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The most characters a cell may have.
const LONGEST: usize = 32_767;

fn base() -> Format {
    Format::new().set_font_name("等线").set_font_size(10.5).set_font_color(Color::RGB(INK)).set_align(FormatAlign::Top)
}

/// The heading row.
pub(super) fn heading() -> Format {
    let format = base().set_bold().set_background_color(Color::RGB(0x00EF_EBE2)).set_text_wrap().set_align(FormatAlign::VerticalCenter);
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

/// A cell that a finding is about.
pub(super) fn marked(weight: Weight) -> Format {
    let (back, front) = match weight {
        Weight::Error => (0x00F8_D7D3, RED),
        Weight::Warning => (0x00FB_E8C3, 0x0085_5510),
        Weight::Question => (0x00D6_E4F0, 0x0023_4A6D),
    };
    plain().set_background_color(Color::RGB(back)).set_font_color(Color::RGB(front))
}

/// Text that stays text whatever it begins with, cut to what a cell holds.
pub(super) fn text(sheet: &mut Worksheet, (row, column): (u32, u16), text: &str, format: &Format) -> Result<(), XlsxError> {
    let mut cut = text;
    if text.len() > LONGEST {
        let end = text.char_indices().nth(LONGEST - 1).map_or(text.len(), |(at, _)| at);
        cut = text.get(..end).unwrap_or(text);
    }
    if text.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else if text.starts_with(FORMULA) {
        sheet.write_string_with_format(row, column, cut, &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, cut, format)?;
    }
    Ok(())
}

/// Prints on A4, lying, as wide as the page, the heading row on every page.
pub(super) fn paper(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_footer("&C&P / &N");
    Ok(())
}
