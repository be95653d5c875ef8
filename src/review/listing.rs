//! The formats `html`, `xlsx` and `markdown`: the page for those who decide, the outcome first.

use super::{Difference, Figure, Matrix, Review, Row, Side, Status};
use crate::diagnostic::Bilingual;
use crate::finding::MeasureSummary;
use crate::grouping::Groups;
use crate::report::groups::GroupTable;
use crate::report::measure;
use crate::report::{Listing, Opening, Words, cover, document, page, workbook_of};
use crate::say;
use crate::syntax::tree::Language;
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// Writes one page.
///
/// # Errors
/// Where `out` fails.
pub fn write_html(
    review: &Review,
    groups: &Groups<'_>,
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    let maker = Maker { groups, words: Words::of(language) };
    out.write_all(page(&maker.opening(review), &maker.listings(review), maker.words).as_bytes())
}

/// Writes a document.
///
/// # Errors
/// Where `out` fails.
pub fn write_markdown(
    review: &Review,
    groups: &Groups<'_>,
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    let maker = Maker { groups, words: Words::of(language) };
    out.write_all(document(&maker.opening(review), &maker.listings(review), maker.words).as_bytes())
}

/// Writes a workbook.
///
/// # Errors
/// Where a sheet cannot hold what belongs in it, or `out` fails.
pub fn write_xlsx(
    review: &Review,
    groups: &Groups<'_>,
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    let maker = Maker { groups, words: Words::of(language) };
    let listings: Vec<Listing> = std::iter::once(cover(&maker.opening(review), maker.words))
        .chain(maker.listings(review))
        .collect();
    out.write_all(&workbook_of(&listings)?)
}

struct Maker<'p> {
    groups: &'p Groups<'p>,
    words: &'static Words,
}

impl Maker<'_> {
    fn pick(&self, said: &Bilingual) -> String {
        self.words.pick(said).to_owned()
    }

    fn listing(
        &self,
        title: &Bilingual,
        columns: &[Bilingual],
        rows: Vec<Vec<String>>,
        narrow: bool,
    ) -> Listing {
        Listing {
            title: self.pick(title),
            columns: columns.iter().map(|column| self.pick(column)).collect(),
            rows,
            narrow,
        }
    }

    fn opening(&self, review: &Review) -> Opening {
        let kinds = self.words.kinds.iter().map(|kind| (*kind).to_owned());
        let counts = kinds.zip(review.tally.kinds());
        let changing = review
            .matrices
            .iter()
            .flat_map(|matrix| &matrix.differences)
            .flat_map(|found| &found.demands);
        let changing = changing.filter(|demand| !demand.waived).count();
        let open: usize = review.matrices.iter().map(|matrix| matrix.open.len()).sum();
        let differs =
            review.figures.iter().filter(|figure| figure.status == Status::Differs).count();
        let mut lines = Vec::new();
        if !review.as_of.is_empty() {
            let day = &review.as_of;
            lines.push(self.pick(&say!("截至 {day}", "as of {day}")));
        }
        if review.errors > 0 {
            let errors = review.errors;
            lines.push(
                self.pick(&say!("有 {errors} 处错误，判断不完整", "not complete: errors {errors}")),
            );
        }
        if !review.matrices.is_empty() {
            lines.push(self.pick(&say!(
                "处置要改的 {changing} 处，未定的 {open} 处",
                "dispositions to change: {changing}, open: {open}"
            )));
        }
        let figures = review.figures.len();
        if figures > 0 {
            lines.push(self.pick(&say!(
                "数字核对 {figures} 个，对不上的 {differs} 个",
                "stated figures: {figures}, of which differ: {differs}"
            )));
        }
        lines.extend(super::unjudged(self.words, self.groups.run));
        lines.extend(self.groups.remarks().iter().map(|said| self.pick(said)));
        Opening {
            kind: self.pick(&say!("结果一览", "REVIEW")),
            title: review.project.clone(),
            lines,
            figures: counts.collect(),
        }
    }

    fn listings(&self, review: &Review) -> Vec<Listing> {
        let mut listings = vec![self.changes(review), self.figures(review)];
        listings.extend(review.matrices.iter().map(|matrix| self.matrix(matrix)));
        listings.extend(self.measures(review));
        listings.extend(self.spread());
        listings.retain(|listing| !listing.rows.is_empty());
        listings
    }

    /// A row as people know it, with the group it belongs to.
    fn row(&self, (frame, row): Row, group: Option<&Bilingual>) -> String {
        let subject = self.groups.run.subject(frame, row);
        let path = subject.path.as_ref().map(|path| self.words.path(self.words.pick(path)));
        let parts = [Some(self.words.pick(&subject.name()).to_owned()), subject.title, path]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty());
        let name = parts.collect::<Vec<_>>().join(" ");
        let group = group.map_or("", |group| self.words.pick(group));
        if group.is_empty() {
            name
        } else {
            self.words.choose(format!("{name}（{group}）"), format!("{name} ({group})"))
        }
    }

    /// What changes, from what to what, by which article.
    fn changes(&self, review: &Review) -> Listing {
        let columns = [
            say!("填报", "declared"),
            say!("应为", "required"),
            say!("数", "rows"),
            say!("按哪一条", "by"),
            say!("哪些", "which"),
        ];
        let rows = review
            .matrices
            .iter()
            .flat_map(|matrix| matrix.differences.iter().flat_map(|found| self.change(found)));
        let open = review.matrices.iter().filter(|matrix| !matrix.open.is_empty()).map(|matrix| {
            let which: Vec<String> = matrix.open.iter().map(|row| self.row(*row, None)).collect();
            let open = self.pick(&say!("（未定）", "(open)"));
            vec![
                String::new(),
                open,
                which.len().to_string(),
                self.pick(&matrix.field),
                which.join("\n"),
            ]
        });
        self.listing(
            &say!("要改的处置", "Dispositions to change"),
            &columns,
            rows.chain(open).collect(),
            false,
        )
    }

    fn change(&self, found: &Difference) -> Vec<Vec<String>> {
        let mut by: BTreeMap<(&str, bool), Vec<String>> = BTreeMap::new();
        for (row, demand) in found.rows.iter().zip(&found.demands) {
            let article = self.words.pick(&demand.article);
            by.entry((article, demand.waived))
                .or_default()
                .push(self.row(*row, demand.group.as_ref()));
        }
        let declared = found
            .declared
            .as_ref()
            .map_or_else(|| self.pick(&say!("（没有）", "(none)")), |declared| self.pick(declared));
        let line = |((article, waived), which): ((&str, bool), Vec<String>)| {
            let waived = if waived {
                self.pick(&say!("（已准予例外，不改）", " (waived, stays)"))
            } else {
                String::new()
            };
            let article = format!("{article}{waived}");
            vec![
                declared.clone(),
                self.pick(&found.required),
                which.len().to_string(),
                article,
                which.join("\n"),
            ]
        };
        by.into_iter().map(line).collect()
    }

    fn matrix(&self, matrix: &Matrix) -> Listing {
        let columns = [
            say!("处置", "disposition"),
            say!("填报", "declared"),
            say!("应为", "required"),
            say!("相符", "agreed"),
        ];
        let line = |line: &super::Line| {
            let counts = [line.declared, line.required, line.agreed].map(|count| count.to_string());
            std::iter::once(self.pick(&line.disposition)).chain(counts).collect::<Vec<_>>()
        };
        let open = Some(matrix.open.len()).filter(|open| *open > 0).map(|open| {
            let word = self.pick(&say!("（未定）", "(open)"));
            vec![word, String::new(), open.to_string(), String::new()]
        });
        let lines = matrix.lines.iter().map(line).chain(open).collect();
        self.listing(&matrix.field, &columns, lines, true)
    }

    /// Stated figures that do not close.
    fn figures(&self, review: &Review) -> Listing {
        let columns = [
            say!("条文", "article"),
            say!("所报", "stated"),
            say!("算得", "computed"),
            say!("差", "difference"),
        ];
        let side = |side: &Side| {
            let value =
                side.value.as_ref().map_or(self.words.unknown, |value| self.words.pick(value));
            format!("{} {value}", self.words.pick(&side.text))
        };
        let line = |figure: &Figure| {
            let path = figure.path.as_ref().map_or_else(String::new, |path| {
                format!(" {}", self.words.path(self.words.pick(path)))
            });
            let required = figure.relation.sign();
            let difference = match (&figure.difference, figure.status) {
                (Some((less, size)), _) => {
                    format!("{}{}", if *less { "−" } else { "+" }, self.words.pick(size))
                }
                (None, Status::Unknown) => self.words.unknown.to_owned(),
                (None, _) => self.pick(&say!("应 {required}", "should be {required}")),
            };
            vec![
                format!("{}{path}", self.words.pick(&figure.heading)),
                side(&figure.stated),
                side(&figure.computed),
                difference,
            ]
        };
        let open = review.figures.iter().filter(|figure| figure.status != Status::Closes);
        self.listing(
            &say!("对不上的数字", "Stated figures that differ"),
            &columns,
            open.map(line).collect(),
            false,
        )
    }

    fn measures(&self, review: &Review) -> Vec<Listing> {
        let whole = |measure: &MeasureSummary| {
            let values = vec![(None, measure.whole()?.clone())];
            Some(MeasureSummary { values, by: None, overall: None, ..measure.clone() })
        };
        let whole: Vec<MeasureSummary> = review.measures.iter().filter_map(whole).collect();
        let listing = |table: measure::Measures| Listing {
            title: table.title.to_owned(),
            columns: table.columns.iter().map(|column| (*column).to_owned()).collect(),
            narrow: table.columns.len() < 4,
            rows: table.lines.into_iter().map(|line| line.cells).collect(),
        };
        measure::tables(self.words, &whole).into_iter().map(listing).collect()
    }

    /// The findings of each group, those with most violations first.
    fn spread(&self) -> Option<Listing> {
        let mut table = GroupTable::new(self.words, self.groups)?;
        let rows = table.lines.iter().map(|(name, counts)| {
            let counts = counts.iter().map(ToString::to_string);
            std::iter::once(name.clone()).chain(counts).collect::<Vec<_>>()
        });
        let mut rows: Vec<(usize, Vec<String>)> =
            self.groups.list.iter().map(|group| group.tally.violated).zip(rows).collect();
        rows.sort_by_key(|(violated, _)| std::cmp::Reverse(*violated));
        Some(Listing {
            title: self.pick(&say!("各组的问题", "Findings by group")),
            columns: std::mem::take(&mut table.columns),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            narrow: true,
        })
    }
}
