//! Rank 5: plain listings, each a sheet.

use super::name::sheet_name;
use super::style;
use crate::report::listing::{Listing, width};
use crate::visible::visible;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use std::collections::BTreeSet;
use std::io::{Error, Result};

/// The columns' widths go from this, in characters, to [`WIDEST`].
const NARROWEST: f64 = 8.0;
const WIDEST: f64 = 60.0;

/// A workbook with a sheet for each listing that has rows; figures are numbers.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it.
pub fn listings(listings: &[Listing]) -> Result<Vec<u8>> {
    build(listings).map_err(Error::other)
}

fn build(listings: &[Listing]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The clock is not read: two runs give the same bytes.
    let day = ExcelDateTime::from_ymd(1980, 1, 1)?;
    let properties = DocProperties::new().set_author("fanshi").set_creation_datetime(&day);
    book.set_properties(&properties);
    let mut taken = BTreeSet::new();
    let (heading, plain) = (style::heading(), style::plain());
    for listing in listings.iter().filter(|listing| !listing.rows.is_empty()) {
        let sheet = book.add_worksheet().set_name(sheet_name(&listing.title, &mut taken))?;
        let mut widths = Vec::new();
        for (at, column) in (0..).zip(&listing.columns) {
            style::text(sheet, (0, at), column, &heading)?;
            let texts =
                listing.rows.iter().filter_map(|row| row.get(usize::from(at))).chain([column]);
            let longest = texts.map(|text| width(text)).max().unwrap_or(0);
            let longest = f64::from(u32::try_from(longest).unwrap_or(u32::MAX));
            let wide = (longest + 2.0).clamp(NARROWEST, WIDEST);
            sheet.set_column_width(at, wide)?;
            widths.push(wide);
        }
        for (line, row) in (1..).zip(&listing.rows) {
            // A cell wraps, and no program makes room for that by itself.
            let lines = row.iter().zip(&widths).map(|(text, width)| style::lines(text, *width));
            let lines = lines.fold(1.0, f64::max);
            if lines > 1.0 {
                sheet.set_row_height(line, style::height(lines))?;
            }
            for (at, text) in (0..).zip(row) {
                match number(text).filter(|_| at > 0) {
                    Some((number, shown)) => {
                        let format = plain.clone().set_num_format(shown);
                        sheet.write_number_with_format(line, at, number, &format)?;
                    }
                    None => style::text(
                        sheet,
                        (line, at),
                        &text.lines().map(visible).collect::<Vec<_>>().join("\n"),
                        &plain,
                    )?,
                }
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let last = u32::try_from(listing.rows.len()).unwrap_or(u32::MAX);
        let columns = u16::try_from(listing.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(0, 0, last, columns)?;
        style::paper(sheet)?;
    }
    book.save_to_buffer()
}

/// A figure as a number, and the format that shows it as it is written: with its sign, its decimals,
/// `%` or a unit. What is written otherwise (`007`, 16 digits, `8 → 5`) is no figure.
fn number(text: &str) -> Option<(f64, String)> {
    /// So many digits a cell holds exactly.
    const DIGITS: usize = 15;
    let sign = text.chars().next().filter(|sign| ['+', '-'].contains(sign));
    let rest = text.get(sign.map_or(0, char::len_utf8)..)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (digits, unit) = rest.split_at(end);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
    let exact = whole.len() + part.len() <= DIGITS && !digits.ends_with('.') && !part.contains('.');
    let named = unit.strip_prefix(' ').is_some_and(|unit| {
        !unit.is_empty() && unit.chars().all(|c| c.is_alphabetic() || c == ' ')
    });
    if !plain || !exact || !(unit.is_empty() || unit == "%" || named) {
        return None;
    }
    let size: f64 = digits.parse().ok()?;
    let size = if unit == "%" { size / 100.0 } else { size };
    let decimals =
        if part.is_empty() { String::new() } else { format!(".{}", "0".repeat(part.len())) };
    let shown = match unit {
        "" | "%" => format!("0{decimals}{unit}"),
        unit => format!("0{decimals}\"{unit}\""),
    };
    Some(match sign {
        None => (size, shown),
        Some('+') => (size, format!("+{shown};-{shown};{shown}")),
        Some(_) => (-size, shown),
    })
}
