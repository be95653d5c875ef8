//! The format `text`: the page as people read it.

use super::{Review, Row};
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::MeasureSummary;
use crate::grouping::Groups;
use crate::report::measure;
use crate::report::table::{fitted, number, table, text};
use crate::report::{Options, Terminal};
use crate::syntax::tree::Language;
use comfy_table::Table;
use std::io::{BufWriter, Result, Write};

/// At most this many rows are named in one place.
const NAMED: usize = 12;

/// Writes the page.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    review: &Review,
    groups: &Groups<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<()> {
    let mut out = BufWriter::new(out);
    let chinese = options.language == Language::Chinese;
    let mut page = Page { terminal: Terminal::new(options, &mut out), run: groups.run, chinese };
    page.head(review)?;
    review.matrices.iter().try_for_each(|matrix| page.matrix(matrix))?;
    super::stated::write(&mut page, &review.figures)?;
    page.measures(review)?;
    page.spread(review, groups)?;
    page.waivers(review)?;
    page.articles(review)?;
    out.flush()
}

/// The page while it is written.
pub(super) struct Page<'p, W: Write> {
    pub(super) terminal: Terminal<'p, W>,
    pub(super) run: &'p Run,
    pub(super) chinese: bool,
}

impl<W: Write> Page<'_, W> {
    pub(super) fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.chinese { zh } else { en }
    }

    pub(super) fn say<'t>(&self, said: &'t Bilingual) -> &'t str {
        self.terminal.words.pick(said)
    }

    pub(super) fn line(&mut self, indent: usize, said: &str) -> Result<()> {
        let style = owo_colors::Style::new();
        self.terminal.line(indent, style, said)
    }

    /// Text after a word; further lines stand under the text.
    pub(super) fn entry(&mut self, indent: usize, word: &str, said: &str) -> Result<()> {
        self.terminal.entry(indent, word, owo_colors::Style::new(), said)
    }

    /// What a table is about.
    pub(super) fn title(&mut self, title: &str) -> Result<()> {
        let style = self.terminal.paint.heading;
        self.terminal.line(0, style, title)
    }

    pub(super) fn heading(&mut self, title: &str, counts: &str) -> Result<()> {
        self.terminal.heading(title, counts)
    }

    pub(super) fn show(&mut self, table: Table) -> Result<()> {
        for line in fitted(table, self.terminal.width).to_string().lines() {
            writeln!(self.terminal.out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    pub(super) fn blank(&mut self) -> Result<()> {
        writeln!(self.terminal.out)
    }

    /// Rows as people know them, the first few by name.
    pub(super) fn rows(&self, rows: &[Row]) -> String {
        let name = |&(frame, row): &Row| {
            let subject = self.run.subject(frame, row);
            let parts = [
                Some(self.say(&subject.name()).to_owned()),
                subject.title,
                subject.path.as_ref().map(|path| self.terminal.words.path(self.say(path))),
            ];
            parts
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        };
        let named: Vec<String> = rows.iter().take(NAMED).map(name).collect();
        let named = named.join(self.word("；", "; "));
        match rows.len().saturating_sub(NAMED) {
            0 => named,
            more if self.chinese => format!("{named}；另有 {more} 行"),
            more => format!("{named}; {more} more"),
        }
    }

    fn head(&mut self, review: &Review) -> Result<()> {
        let day = &review.as_of;
        let title = match (day.is_empty(), self.chinese) {
            (true, _) => review.project.clone(),
            (false, true) => format!("{}，截至 {day}", review.project),
            (false, false) => format!("{}, as of {day}", review.project),
        };
        self.heading(&title, "")?;
        let kinds: Vec<String> = self
            .terminal
            .words
            .kinds
            .iter()
            .zip(review.tally.kinds())
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        let kinds = match (kinds.is_empty(), review.errors) {
            (false, _) => kinds.join(self.word("，", ", ")),
            (true, 0) => self.word("没有发现问题", "no findings").to_owned(),
            (true, _) => self.word("未下结论", "no conclusion").to_owned(),
        };
        self.line(0, &kinds)?;
        if review.errors > 0 {
            let errors = review.errors;
            let plural = if errors == 1 { "error" } else { "errors" };
            let said = crate::say!(
                "有 {errors} 处错误，判断不完整",
                "the run is not complete: {errors} {plural}"
            );
            let said = self.say(&said).to_owned();
            self.line(0, &said)?;
        }
        for said in super::unjudged(self.terminal.words, self.run) {
            self.line(0, &said)?;
        }
        self.blank()
    }

    fn measures(&mut self, review: &Review) -> Result<()> {
        // Groups have a table of their own.
        let whole = |measure: &MeasureSummary| {
            let values = vec![(None, measure.whole()?.clone())];
            Some(MeasureSummary { values, by: None, overall: None, ..measure.clone() })
        };
        let whole: Vec<MeasureSummary> = review.measures.iter().filter_map(whole).collect();
        for figures in measure::tables(self.terminal.words, &whole) {
            self.title(figures.title)?;
            self.show(figures.drawn())?;
            self.blank()?;
        }
        Ok(())
    }

    fn articles(&mut self, review: &Review) -> Result<()> {
        // What articles say of figures stands above.
        let told = |article: &&super::ArticleLine| {
            review.figures.iter().any(|figure| figure.article == article.article)
        };
        let articles: Vec<_> = review.articles.iter().filter(|article| !told(article)).collect();
        let open: Vec<_> = articles.iter().filter(|article| article.tally.sum() > 0).collect();
        let quiet = articles.len().saturating_sub(open.len() + review.idle);
        if !open.is_empty() {
            self.title(self.word("有发现的条文", "Articles with findings"))?;
            let kinds: Vec<(usize, &str)> =
                self.terminal.words.kinds.into_iter().enumerate().collect();
            let of = |article: &super::ArticleLine, kind: usize| {
                article.tally.kinds().get(kind).copied().unwrap_or(0)
            };
            let kinds: Vec<_> = kinds
                .into_iter()
                .filter(|(kind, _)| open.iter().any(|article| of(article, *kind) > 0))
                .collect();
            let columns = [self.word("条文", "article"), self.word("满足", "met")]
                .into_iter()
                .chain(kinds.iter().map(|(_, name)| *name));
            let mut counts = table(&columns.collect::<Vec<_>>(), 1);
            for article in &open {
                let numbers = std::iter::once(article.satisfied)
                    .chain(kinds.iter().map(|(kind, _)| of(article, *kind)))
                    .map(number);
                counts.add_row(
                    std::iter::once(text(self.say(&article.heading)))
                        .chain(numbers)
                        .collect::<Vec<_>>(),
                );
            }
            self.show(counts)?;
        }
        if quiet == 0 {
            return Ok(());
        }
        let said = if open.is_empty() {
            crate::say!("{quiet} 条都没有发现", "none of {quiet} articles has findings")
        } else {
            crate::say!("没有发现的另有 {quiet} 条", "articles without findings: {quiet} more")
        };
        let said = self.say(&said).to_owned();
        self.line(0, &said)
    }
}
