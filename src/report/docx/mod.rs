//! Rank 5: the format `docx`: a paper that is read from top to bottom and signed, laid out as
//! [`Paper`] says. Word, WPS and LibreOffice can edit it: what it looks like stands in its styles.

mod fonts;
mod packed;
mod style;
mod table;

use super::listing::{Letter, Section};
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
    letter.title.iter().for_each(|line| page.add(Named::Title, line));
    page.add(Named::Text, "");
    if let Some(to) = &letter.to {
        page.add(Named::Plain, &words.choose(format!("{to}："), format!("To: {to}")));
    }
    letter.lead.iter().for_each(|text| page.add(Named::Text, text));
    let last = letter.sections.len().saturating_sub(1);
    for (number, section) in letter.sections.iter().enumerate() {
        let (title, (chinese, arabic)) = (&section.title, numeral(number));
        let title = words.choose(format!("{chinese}、{title}"), format!("{arabic}. {title}"));
        page.add(Named::Heading, &title);
        page.section(section, number == last);
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
        // A heading stands on the page of what it is above.
        self.kept(style, text, matches!(style, Named::Heading | Named::Subheading));
    }

    /// A paragraph that is kept on the page of the next, or not.
    fn kept(&mut self, style: Named, text: &str, kept: bool) {
        let paragraph = Paragraph::new().style(style.id());
        let paragraph = paragraph.add_run(Run::new().add_text(shown(text)));
        self.put(if kept { paragraph.keep_next(true) } else { paragraph });
    }

    /// The paragraphs and the tables of a section: a table does not leave what introduces it. The end
    /// of the last one is kept with the places to sign, which are never alone on a page.
    fn section(&mut self, section: &Section, last: bool) {
        let tables = || section.tables.iter().filter(|table| !table.rows.is_empty());
        let (texts, count) = (section.text.len(), tables().count());
        for (at, text) in (1..).zip(&section.text) {
            self.kept(Named::Text, text, at == texts && (last || count > 0));
        }
        for (at, listing) in (1..).zip(tables()) {
            if !listing.title.is_empty() {
                self.add(Named::Subheading, &listing.title);
            }
            let last = last && at == count;
            let table = table::table(listing, self.paper, last);
            self.docx = std::mem::take(&mut self.docx).add_table(table);
            // What follows a table needs a line between.
            self.kept(Named::Gap, "", last);
        }
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
