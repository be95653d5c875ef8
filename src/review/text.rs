//! The format `text`: the page as people read it.

use super::{Difference, Matrix, Review, Row, Spread, Tally};
use crate::diagnostic::Bilingual;
use crate::report::table::{number, table, text};
use crate::report::{Options, Terminal};
use crate::syntax::tree::Language;
use crate::verdict::Explainer;
use comfy_table::{Cell, CellAlignment, Table};
use std::io::{BufWriter, Result, Write};
use unicode_width::UnicodeWidthStr;

/// At most this many rows are named in one place.
const NAMED: usize = 12;
/// The columns a group's name needs at least.
const NAME: usize = 24;

/// Writes the page.
///
/// # Errors
/// Where `out` fails.
pub fn write(review: &Review, explainer: &Explainer<'_, '_>, options: &Options, out: &mut dyn Write) -> Result<()> {
    let mut out = BufWriter::new(out);
    let chinese = options.language == Language::Chinese;
    let mut page = Page { terminal: Terminal::new(options, &mut out), explainer, chinese };
    page.head(review)?;
    review.matrices.iter().try_for_each(|matrix| page.matrix(matrix))?;
    super::stated::write(&mut page, &review.figures)?;
    page.measures(review)?;
    if let Some(spread) = &review.spread {
        page.spread(spread)?;
    }
    page.articles(review)?;
    out.flush()
}

/// The page while it is written.
pub(super) struct Page<'p, 'f, 'a, W: Write> {
    pub(super) terminal: Terminal<'p, W>,
    explainer: &'p Explainer<'f, 'a>,
    chinese: bool,
}

impl<W: Write> Page<'_, '_, '_, W> {
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
    fn title(&mut self, title: &str) -> Result<()> {
        let style = self.terminal.paint.heading;
        self.terminal.line(0, style, title)
    }

    pub(super) fn heading(&mut self, title: &str, counts: &str) -> Result<()> {
        self.terminal.heading(title, counts)
    }

    pub(super) fn show(&mut self, mut table: Table) -> Result<()> {
        table.set_width(u16::try_from(self.terminal.width).unwrap_or(u16::MAX));
        for line in table.to_string().lines() {
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
            let subject = self.explainer.subject(frame, row);
            let parts = [Some(subject.key), subject.title, subject.path.map(|path| self.say(&path).to_owned())];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
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
            .kinds()
            .iter()
            .zip(review.tally.kinds())
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        let kinds =
            if kinds.is_empty() { self.word("没有发现问题", "no findings").to_owned() } else { kinds.join(self.word("，", ", ")) };
        self.line(0, &kinds)?;
        if review.errors > 0 {
            let errors = review.errors;
            let said = crate::say!("有 {errors} 处错误，判断不完整", "{errors} errors: the run is not complete");
            let said = self.say(&said).to_owned();
            self.line(0, &said)?;
        }
        self.blank()
    }

    /// What the kinds of findings are called, in the order of [`Tally::kinds`].
    fn kinds(&self) -> [&'static str; 5] {
        if self.chinese {
            ["违反", "警告", "无法判断", "提请判断", "例外"]
        } else {
            ["violated", "warning", "unclear", "referred", "waived"]
        }
    }

    fn matrix(&mut self, matrix: &Matrix) -> Result<()> {
        let title = format!("{} {}", self.word("裁定", "decide"), self.say(&matrix.field));
        self.title(&title)?;
        let columns =
            if self.chinese { ["裁定", "填报", "应为", "相符"] } else { ["disposition", "declared", "required", "agreed"] };
        let mut counts = table(&columns, 1);
        for line in &matrix.lines {
            counts.add_row(vec![text(self.say(&line.disposition)), number(line.declared), number(line.required), number(line.agreed)]);
        }
        self.show(counts)?;
        if !matrix.differences.is_empty() || !matrix.open.is_empty() {
            self.blank()?;
            let columns = if self.chinese { ["应为", "填报", "行数", "哪些"] } else { ["required", "declared", "rows", "which"] };
            let mut cells = table(&columns, columns.len());
            let nothing = self.word("（没有）", "(none)");
            for Difference { required, declared, rows } in &matrix.differences {
                let declared = declared.as_ref().map_or(nothing, |declared| self.say(declared));
                cells.add_row(vec![text(self.say(required)), text(declared), right(number(rows.len())), text(&self.rows(rows))]);
            }
            if !matrix.open.is_empty() {
                let open = self.word("（未定）", "(open)");
                cells.add_row(vec![text(open), text(""), right(number(matrix.open.len())), text(&self.rows(&matrix.open))]);
            }
            self.show(cells)?;
        }
        self.blank()
    }

    fn measures(&mut self, review: &Review) -> Result<()> {
        let figures = review.measures.iter().filter_map(|measure| match measure.values.as_slice() {
            [(None, value)] => Some((measure, value)),
            [] => None,
            _ => Some((measure, &measure.overall)),
        });
        let columns = if self.chinese { ["指标", "值"] } else { ["measure", "value"] };
        let mut figures_table = table(&columns, 1);
        for (measure, value) in figures {
            let value = value.as_ref().map_or(self.terminal.words.unknown, |value| self.say(value));
            figures_table.add_row(vec![text(self.say(&measure.heading)), text(value)]);
        }
        if figures_table.is_empty() {
            return Ok(());
        }
        self.title(self.word("指标", "Measures"))?;
        self.show(figures_table)?;
        self.blank()
    }

    fn spread(&mut self, spread: &Spread) -> Result<()> {
        let title = format!("{} {}", self.word("分组", "Groups by"), self.say(&spread.field));
        self.title(&title)?;
        let cells = |tally: Tally, kinds: &[usize]| kinds.iter().filter_map(|kind| tally.kinds().get(*kind).copied()).collect::<Vec<_>>();
        let total = spread.groups.iter().fold([0; 5], |sum, group| {
            let kinds = group.tally.kinds();
            std::array::from_fn(|at| sum.get(at).copied().unwrap_or(0) + kinds.get(at).copied().unwrap_or(0))
        });
        let shown: Vec<usize> = total.iter().enumerate().filter(|(_, count)| **count > 0).map(|(kind, _)| kind).collect();
        let mut columns =
            vec![(self.say(&spread.table).to_owned(), spread.groups.iter().map(|group| number(group.rows)).collect::<Vec<_>>())];
        for kind in shown {
            let name = self.kinds().get(kind).copied().unwrap_or_default();
            let counts = spread.groups.iter().map(|group| number(cells(group.tally, &[kind]).into_iter().sum()));
            columns.push((name.to_owned(), counts.collect()));
        }
        for (at, (_, heading)) in spread.measures.iter().enumerate() {
            let value = |group: &super::Group| {
                let value = group.measures.get(at).and_then(Option::as_ref).map_or("", |value| self.say(value));
                text(value)
            };
            columns.push((self.say(heading).to_owned(), spread.groups.iter().map(value).collect()));
        }
        let nowhere = self.word("（不属于任何一组）", "(in none)");
        let names: Vec<&str> = spread.groups.iter().map(|group| group.name.as_ref().map_or(nowhere, |name| self.say(name))).collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        for part in fitting(columns, self.terminal.width) {
            let headings: Vec<&str> = std::iter::once("").chain(part.iter().map(|(name, _)| name.as_str())).collect();
            let mut groups = table(&headings, 1);
            for (row, name) in names.iter().enumerate() {
                let figures = part.iter().map(|(_, cells)| cells.get(row).cloned().unwrap_or_else(|| Cell::new("")));
                groups.add_row(std::iter::once(text(name)).chain(figures).collect::<Vec<_>>());
            }
            self.show(groups)?;
        }
        self.blank()
    }

    fn articles(&mut self, review: &Review) -> Result<()> {
        // What articles say of figures stands above.
        let told = |article: &&super::ArticleLine| review.figures.iter().any(|figure| figure.article == article.article);
        let articles: Vec<_> = review.articles.iter().filter(|article| !told(article)).collect();
        let open: Vec<_> = articles.iter().filter(|article| article.tally.sum() > 0).collect();
        let quiet = articles.len() - open.len();
        if !open.is_empty() {
            self.title(self.word("有发现的条文", "Articles with findings"))?;
            let kinds: Vec<(usize, &str)> = self.kinds().into_iter().enumerate().collect();
            let of = |article: &super::ArticleLine, kind: usize| article.tally.kinds().get(kind).copied().unwrap_or(0);
            let kinds: Vec<_> = kinds.into_iter().filter(|(kind, _)| open.iter().any(|article| of(article, *kind) > 0)).collect();
            let columns = [self.word("条文", "article"), self.word("满足", "met")].into_iter().chain(kinds.iter().map(|(_, name)| *name));
            let mut counts = table(&columns.collect::<Vec<_>>(), 1);
            for article in &open {
                let numbers = std::iter::once(article.satisfied).chain(kinds.iter().map(|(kind, _)| of(article, *kind))).map(number);
                counts.add_row(std::iter::once(text(self.say(&article.heading))).chain(numbers).collect::<Vec<_>>());
            }
            self.show(counts)?;
        }
        if quiet == 0 {
            return Ok(());
        }
        let said = crate::say!("没有发现的另有 {quiet} 条", "{quiet} more articles have no findings");
        let said = self.say(&said).to_owned();
        self.line(0, &said)
    }
}

fn right(cell: Cell) -> Cell {
    cell.set_alignment(CellAlignment::Right)
}

type Column = (String, Vec<Cell>);

/// Columns in as many tables as it takes to fit each into the width, beside the names.
fn fitting(columns: Vec<Column>, width: usize) -> Vec<Vec<Column>> {
    let mut tables: Vec<Vec<Column>> = Vec::new();
    let mut left = 0;
    for column in columns {
        let widest = column.1.iter().map(|cell| cell.content().width()).chain([column.0.width()]).max().unwrap_or(0) + 2;
        match tables.last_mut() {
            Some(table) if widest <= left => table.push(column),
            _ => {
                left = width.saturating_sub(NAME);
                tables.push(vec![column]);
            }
        }
        left = left.saturating_sub(widest);
    }
    tables
}
