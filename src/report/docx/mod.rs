//! Rank 5: the format `docx`: a paper that is read from top to bottom and signed, laid out as
//! [`Paper`] says. Word, WPS and LibreOffice can edit it: what it looks like stands in its styles.

mod fonts;
mod packed;
mod style;
mod table;

use super::listing::Letter;
use super::phrase::TIE;
use super::words::Words;
use crate::value::date::parse_date;
use crate::visible::visible;
use crate::workspace::Paper;
use docx_rs::{Docx, Footer, PageNum, Paragraph, Run, Tab, TabLeaderType, TabValueType};
use std::io::Result;
use style::Named;

/// Writes a paper.
///
/// # Errors
/// Where it cannot be packed.
pub fn letter(letter: &Letter, paper: &Paper, words: &Words) -> Result<Vec<u8>> {
    let mut page = Page { docx: style::document(paper), paper };
    for line in &letter.title {
        page.add(Named::Title, line);
    }
    page.add(Named::Text, "");
    if let Some(to) = &letter.to {
        page.add(Named::Plain, &words.choose(format!("{to}："), format!("To: {to}")));
    }
    letter.lead.iter().for_each(|text| page.add(Named::Text, text));
    for (number, section) in (0..).zip(&letter.sections) {
        let title = &section.title;
        let number = numeral(number);
        page.add(
            Named::Heading,
            &words.choose(format!("{}、{title}", number.0), format!("{}. {title}", number.1)),
        );
        section.text.iter().for_each(|text| page.add(Named::Text, text));
        for listing in section.tables.iter().filter(|listing| !listing.rows.is_empty()) {
            if !listing.title.is_empty() {
                page.add(Named::Subheading, &listing.title);
            }
            page.docx = page.docx.add_table(table::table(listing, paper));
            // What follows a table needs a line between.
            page.add(Named::Gap, "");
        }
    }
    page.places(letter, words);
    let day =
        parse_date(&letter.day).map_or_else(|| "1980-01-01".to_owned(), |day| day.to_string());
    let docx =
        page.docx.created_at(&format!("{day}T00:00:00Z")).updated_at(&format!("{day}T00:00:00Z"));
    packed::packed(docx, paper)
}

/// The number of a section, from 0, in both languages.
fn numeral(number: usize) -> (&'static str, usize) {
    const CHINESE: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
    (CHINESE.get(number).copied().unwrap_or("…"), number + 1)
}

/// Text as it is shown: on one line, nothing of it hidden.
fn shown(text: &str) -> String {
    visible(text).replace(TIE, " ")
}

/// The paper in the making.
struct Page<'p> {
    docx: Docx,
    paper: &'p Paper,
}

impl Page<'_> {
    fn add(&mut self, style: Named, text: &str) {
        let paragraph =
            Paragraph::new().style(style.id()).add_run(Run::new().add_text(shown(text)));
        // A heading stands on the page of what it is above.
        let above = matches!(style, Named::Heading | Named::Subheading);
        self.put(if above { paragraph.keep_next(true) } else { paragraph });
    }

    fn put(&mut self, paragraph: Paragraph) {
        self.docx = std::mem::take(&mut self.docx).add_paragraph(paragraph);
    }

    /// The places for those who sign, and for the day.
    fn places(&mut self, letter: &Letter, words: &Words) {
        self.put(Paragraph::new().style(Named::Text.id()).keep_next(true));
        let line = style::twips(self.paper.text_width());
        let tab = || {
            Tab::new()
                .val(TabValueType::Left)
                .leader(TabLeaderType::Underscore)
                .pos(usize::try_from(line).unwrap_or(0))
        };
        for signer in &letter.signers {
            let name = format!("{}{}", shown(signer), words.colon);
            let run = Run::new().add_text(name).add_tab();
            self.put(
                Paragraph::new()
                    .style(Named::Sign.id())
                    .keep_next(true)
                    .add_tab(tab())
                    .add_run(run),
            );
        }
        let day = words.choose("日期：　　　　年　　月　　日", "Date:");
        let run = Run::new().add_text(day);
        let paragraph = Paragraph::new().style(Named::Sign.id());
        self.put(words.choose(
            paragraph.clone().add_run(run.clone()),
            paragraph.add_tab(tab()).add_run(run.add_tab()),
        ));
    }
}

/// The number of the page between dashes.
fn footer(style: Named) -> Footer {
    let number = Paragraph::new()
        .style(style.id())
        .add_run(Run::new().add_text("— "))
        .add_page_num(PageNum::new())
        .add_run(Run::new().add_text(" —"));
    Footer::new().add_paragraph(number)
}
