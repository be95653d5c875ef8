//! Rank 5: a sheet that is read like a page: titles, paragraphs as wide as it is, small tables.

use super::plan::Sheet;
use super::{Book, finding, style};
use crate::visible::visible;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// How such a sheet is laid out.
pub(super) struct Layout {
    /// The widths of its columns, in characters.
    pub widths: &'static [f64],
    /// The width of a paragraph over all of them.
    pub whole: f64,
    /// What stays empty below a paragraph, in points.
    pub below: f64,
}

/// A page that is being written.
pub(super) struct Page<'p> {
    pub out: &'p mut Worksheet,
    layout: Layout,
    /// The next line.
    pub line: u32,
}

impl<'p> Page<'p> {
    /// A page headed by the names of the project and of the workbook's group.
    pub fn begin(
        out: &'p mut Worksheet,
        layout: Layout,
        book: &Book<'_, '_>,
    ) -> Result<Self, XlsxError> {
        for (column, width) in (0..).zip(layout.widths) {
            out.set_column_width(column, *width)?;
        }
        style::page(out);
        let mut page = Self { out, layout, line: 0 };
        page.titled(&book.report.project)?;
        if let Some(group) = book.group {
            page.titled(group)?;
        }
        Ok(page)
    }

    fn titled(&mut self, text: &str) -> Result<(), XlsxError> {
        style::text(self.out, (self.line, 0), &visible(text), &style::title())?;
        self.out.set_row_height(self.line, 24)?;
        self.line += 1;
        Ok(())
    }

    /// A paragraph as wide as the page.
    pub fn text(&mut self, text: &str) -> Result<(), XlsxError> {
        let (shown, format) = (visible(text), style::paragraph());
        let last = u16::try_from(self.layout.widths.len() - 1).unwrap_or(0);
        self.out.merge_range(self.line, 0, self.line, last, "", &format)?;
        style::text(self.out, (self.line, 0), &shown, &format)?;
        let lines = style::lines(&shown, self.layout.whole);
        self.out.set_row_height(self.line, style::height(lines) + self.layout.below)?;
        self.line += 1;
        Ok(())
    }

    pub fn blank(&mut self) {
        self.line += 1;
    }

    /// The headings of a small table.
    pub fn headings(&mut self, columns: &[&str]) -> Result<(), XlsxError> {
        let heading = style::heading();
        for (column, text) in (0..).zip(columns) {
            style::text(self.out, (self.line, column), text, &heading)?;
        }
        self.line += 1;
        Ok(())
    }

    pub fn number(&mut self, column: u16, number: u32, format: &Format) -> Result<(), XlsxError> {
        self.out.write_number_with_format(self.line, column, number, format).map(|_| ())
    }

    /// A line about a sheet of rows: a link to it, how many it has, how many cells are marked, and
    /// what else there is to say.
    pub fn sheet(&mut self, sheet: &Sheet, note: &str) -> Result<(), XlsxError> {
        let plain = style::plain();
        let link = finding::link(&sheet.name, 0, 0).set_text(&sheet.name);
        self.out.write_url_with_format(self.line, 0, link, &plain)?;
        self.number(1, u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX), &plain)?;
        let format = sheet.marked.1.map_or_else(|| plain.clone(), style::marked);
        self.number(2, u32::try_from(sheet.marked.0).unwrap_or(u32::MAX), &format)?;
        style::text(self.out, (self.line, 3), note, &plain)?;
        self.line += 1;
        Ok(())
    }
}
