//! The formats `html`, `xlsx`, `markdown` and `docx`: the page for those who decide, the outcome
//! first; on paper in the order of what is signed.

use super::letter::{counted, day, signers};
use super::{ArticleLine, Difference, Figure, Matrix, Review, Row, Side, Status};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::finding::{Outcome, Report, Weight};
use crate::grouping::Groups;
use crate::report::amount::eased;
use crate::report::block::location;
use crate::report::{
    Letter, Listing, Opening, Section, Words, cover, document, letter, page, phrase, workbook_of,
};
use crate::say;
use crate::syntax::tree::Language;
use crate::value::number::MINUS;
use crate::workspace::Paper;
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// Writes one page.
///
/// # Errors
/// Where `out` fails.
pub fn write_html(
    review: &Review,
    groups: &Groups<'_>,
    (language, paper): (Language, &Paper),
    out: &mut dyn Write,
) -> Result<()> {
    let maker = Maker { groups, words: Words::of(language) };
    let signers = signers(paper, maker.words);
    let opening = Opening { signers, ..maker.opening(review) };
    let page = page(&opening, &maker.listings(review, Figures::Beside), maker.words);
    out.write_all(page.as_bytes())
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
    out.write_all(
        document(&maker.opening(review), &maker.listings(review, Figures::Beside), maker.words)
            .as_bytes(),
    )
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
        .chain(maker.listings(review, Figures::Apart))
        .collect();
    out.write_all(&workbook_of(&listings)?)
}

/// Writes a paper to be signed.
///
/// # Errors
/// Where it cannot be packed, or `out` fails.
pub fn write_docx(
    review: &Review,
    groups: &Groups<'_>,
    (language, paper): (Language, &Paper),
    out: &mut dyn Write,
) -> Result<()> {
    let maker = Maker { groups, words: Words::of(language) };
    out.write_all(&letter(&maker.letter(review, paper), paper, maker.words)?)
}

/// Where the value of a side of a figure stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Figures {
    /// Behind what it is the value of.
    Beside,
    /// In a column of its own, where it is a number.
    Apart,
}

/// Makes what stands on the page.
pub(super) struct Maker<'p> {
    pub(super) groups: &'p Groups<'p>,
    pub(super) words: &'static Words,
}

impl Maker<'_> {
    pub(super) fn pick(&self, said: &Bilingual) -> String {
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

    /// What stands above a page, also what was not judged; and below it how it is grouped.
    fn opening(&self, review: &Review) -> Opening {
        let mut opening = self.in_short(review);
        opening.lines.extend(super::unjudged(self.words, self.groups.run));
        opening.foot.extend(self.groups.remarks().iter().map(|said| self.pick(said)));
        opening
    }

    fn in_short(&self, review: &Review) -> Opening {
        let kinds = self.words.kinds.iter().map(|kind| (*kind).to_owned());
        let counts = kinds.zip(review.tally.kinds());
        let nothing = review.tally.sum() == 0;
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
        Opening {
            kind: self.pick(&say!("结果一览", "REVIEW")),
            title: review.project.clone(),
            lines,
            figures: counts.filter(|(_, count)| *count > 0 || nothing).collect(),
            foot: Vec::new(),
            signers: Vec::new(),
        }
    }

    fn listings(&self, review: &Review, how: Figures) -> Vec<Listing> {
        let mut listings = vec![self.changes(review), self.figures(review, how), self.waivers()];
        listings.extend(review.matrices.iter().map(|matrix| self.matrix(matrix)));
        listings.extend(self.measures(review, how));
        listings.extend(self.spread());
        listings.extend(self.by_group(review, how));
        listings.push(self.articles(review));
        listings.retain(|listing| !listing.rows.is_empty());
        listings
    }

    /// The paper: what the run came to, what has to be put right, what has to be said, what was
    /// allowed, and whether the stated figures agree.
    fn letter(&self, review: &Review, paper: &Paper) -> Letter {
        let report = self.groups.run.report();
        let Opening { lines, title, .. } = self.in_short(review);
        let kind = paper.review_title.clone();
        let kind = kind.unwrap_or_else(|| self.pick(&say!("检查结果", "Review")));
        let counts = match (counted(self.words, review.tally), review.errors) {
            (counts, _) if !counts.is_empty() => say!("发现{counts}", "Found: {counts}"),
            (_, 0) => say!("没有发现问题", "No findings"),
            _ => say!("未下结论", "No conclusion"),
        };
        let ended = |line: &String| {
            let (first, rest) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
            let first = first.to_uppercase();
            self.words.choose(format!("{line}。"), format!("{first}{rest}."))
        };
        let counts = std::iter::once(self.pick(&counts));
        let day = day(&review.as_of);
        let lead = day.map_or_else(
            || say!("对填报的内容进行了检查，结果如下。", "What was declared was examined."),
            |Bilingual { zh, en }| {
                say!(
                    "对截至{zh}填报的内容进行了检查，结果如下。",
                    "What was declared was examined as of {en}."
                )
            },
        );
        let without = self.groups.without().map(|said| self.pick(&said));
        let apart = super::unjudged(self.words, self.groups.run).into_iter().chain(without);
        // The day stands in the first line.
        let lines = lines.into_iter().skip(usize::from(!review.as_of.is_empty()));
        let mut tables: Vec<Listing> =
            review.matrices.iter().map(|matrix| self.matrix(matrix)).collect();
        tables.extend(self.measures(review, Figures::Beside));
        tables.extend(self.spread());
        tables.extend(self.by_group(review, Figures::Beside));
        let untitled = |listing: Listing| Listing { title: String::new(), ..listing };
        let section = |title: &Bilingual, text: Vec<String>, tables: Vec<Listing>| {
            Section { title: self.pick(title), text, tables }.or_none(self.words)
        };
        let sections = [
            section(
                &say!("总体情况", "In all"),
                counts.chain(lines).map(|line| ended(&line)).collect(),
                tables,
            ),
            section(
                &say!("应当改正的事项", "To be put right"),
                Vec::new(),
                vec![self.changes(review), self.articles(review)],
            ),
            section(
                &say!("需要说明的事项", "To be explained"),
                apart.map(|line| ended(&line)).collect(),
                vec![self.open(), self.diagnostics(&report)],
            ),
            section(&say!("准予例外", "Waivers"), Vec::new(), vec![untitled(self.waivers())]),
        ];
        Letter {
            title: vec![title, kind],
            to: None,
            lead: vec![self.pick(&lead)],
            sections: sections.into_iter().chain(self.reconciled(review)).collect(),
            signers: signers(paper, self.words),
            day: review.as_of.clone(),
        }
    }

    /// What the part about stated figures is called.
    pub(super) fn reconciling(&self) -> String {
        self.pick(&say!("数字核对", "Stated figures"))
    }

    /// The stated figures: how many there are of each kind, and those that do not close.
    pub(super) fn reconciled(&self, review: &Review) -> Option<Section> {
        let count = |status| review.figures.iter().filter(|of| of.status == status).count();
        let (closes, differs, unknown) =
            (count(Status::Closes), count(Status::Differs), count(Status::Unknown));
        let text = say!(
            "对得上的 {closes} 个，对不上的 {differs} 个，核不了的 {unknown} 个。",
            "Close: {closes}; differ: {differs}; cannot be told: {unknown}."
        );
        let tables =
            vec![Listing { title: String::new(), ..self.figures(review, Figures::Beside) }];
        let section = Section { title: self.reconciling(), text: vec![self.pick(&text)], tables };
        (!review.figures.is_empty()).then_some(section)
    }

    /// What nobody can tell, or a person has to decide: by article the rows, the first by name.
    fn open(&self) -> Listing {
        /// At most this many rows are named.
        const NAMED: usize = 12;
        let (words, report) = (self.words, self.groups.run.report());
        let headings = phrase::headings(&report);
        let mut found: BTreeMap<(usize, Outcome), Vec<usize>> = BTreeMap::new();
        let place = |article: &str| report.articles.iter().position(|of| of.article == article);
        for index in 0..report.findings.len() {
            let head = report.findings.head(index);
            if matches!(head.outcome, Outcome::Undetermined | Outcome::Referred) {
                let article = place(head.article).unwrap_or(usize::MAX);
                found.entry((article, head.outcome)).or_default().push(index);
            }
        }
        let line = |((_, outcome), findings): ((usize, Outcome), Vec<usize>)| {
            let article = findings.first().map_or("", |first| report.findings.head(*first).article);
            let article = headings.get(article).map_or(article, |heading| words.pick(heading));
            let named = findings.iter().take(NAMED).filter_map(|index| {
                let row = self.groups.run.row_of(*index)?;
                let group = self.groups.of(row).and_then(|group| group.shown.as_ref());
                Some(self.row((row.frame, row.row), group))
            });
            let more = findings.len().saturating_sub(NAMED);
            let more = (more > 0).then(|| self.pick(&say!("另有 {more} 行", "{more} more")));
            vec![
                article.to_owned(),
                words.outcome(outcome, Weight::Question).to_owned(),
                findings.len().to_string(),
                named.chain(more).collect::<Vec<_>>().join("\n"),
            ]
        };
        let columns = [
            say!("条文", "article"),
            say!("情况", "state"),
            say!("数", "findings"),
            say!("哪些", "which"),
        ];
        self.listing(
            &say!("无法判断和提请判断的", "Undetermined and referred"),
            &columns,
            found.into_iter().map(line).collect(),
            false,
        )
    }

    /// The articles with findings, by kind.
    fn articles(&self, review: &Review) -> Listing {
        let open = || review.articles.iter().filter(|article| article.tally.sum() > 0);
        let of = |article: &ArticleLine, kind: usize| {
            article.tally.kinds().get(kind).copied().unwrap_or(0)
        };
        let kinds: Vec<(usize, &str)> = self.words.kinds.into_iter().enumerate().collect();
        let kinds: Vec<_> =
            kinds.into_iter().filter(|(kind, _)| open().any(|line| of(line, *kind) > 0)).collect();
        let line = |article: &ArticleLine| {
            let counts = kinds.iter().map(|(kind, _)| of(article, *kind).to_string());
            std::iter::once(self.pick(&article.heading)).chain(counts).collect()
        };
        let first = self.pick(&say!("条文", "article"));
        Listing {
            title: self.pick(&say!("有发现的条文", "Articles with findings")),
            rows: open().map(line).collect(),
            columns: std::iter::once(first)
                .chain(kinds.iter().map(|(_, name)| (*name).to_owned()))
                .collect(),
            narrow: true,
        }
    }

    /// Every waiver, by whom, why, and until when.
    fn waivers(&self) -> Listing {
        let report = self.groups.run.report();
        let headings = phrase::headings(&report);
        let line =
            |waiver| phrase::waiver(self.words, &headings, waiver).map(str::to_owned).to_vec();
        Listing {
            title: self.words.waivers.to_owned(),
            columns: self.words.waiver_columns.map(str::to_owned).to_vec(),
            rows: report.waivers.iter().map(line).collect(),
            narrow: false,
        }
    }

    /// What is wrong with policies, manifest and data.
    pub(super) fn diagnostics(&self, report: &Report) -> Listing {
        let words = self.words;
        let line = |diagnostic: &Diagnostic| {
            let place = diagnostic.labels.first();
            vec![
                words.severity(diagnostic.severity).to_owned(),
                self.pick(&diagnostic.message),
                diagnostic.help.as_ref().map_or_else(String::new, |help| self.pick(help)),
                place.map_or_else(String::new, |label| location("", &label.place)),
            ]
        };
        let columns = [
            say!("程度", "severity"),
            say!("说明", "message"),
            say!("建议", "help"),
            say!("位置", "place"),
        ];
        let title = Bilingual::same(words.diagnostics);
        self.listing(&title, &columns, report.diagnostics.iter().map(line).collect(), false)
    }

    /// A row as people know it, with the group it belongs to.
    pub(super) fn row(&self, (frame, row): Row, group: Option<&Bilingual>) -> String {
        let subject = self.groups.run.subject(frame, row);
        let path = subject.path.as_ref().map(|path| self.words.path(self.words.pick(path)));
        let parts = [Some(self.words.pick(&subject.name()).to_owned()), subject.title, path]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty());
        let name = parts.collect::<Vec<_>>().join(" ");
        // The only row of a table has no name of its own.
        let name = if name.is_empty() { self.words.pick(&subject.table).to_owned() } else { name };
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
    fn figures(&self, review: &Review, how: Figures) -> Listing {
        let apart = how == Figures::Apart;
        let value = |column: Bilingual| apart.then_some(column);
        let columns = [Some(say!("条文", "article")), Some(say!("所报", "stated"))]
            .into_iter()
            .chain([value(say!("报数", "stated value")), Some(say!("算得", "computed"))])
            .chain([value(say!("算数", "computed value")), Some(say!("差", "difference"))]);
        let columns: Vec<Bilingual> = columns.flatten().collect();
        let side = |side: &Side| match apart {
            true => vec![self.pick(&side.text), self.valued(side).to_owned()],
            false => vec![self.side(side)],
        };
        let line = |figure: &Figure| {
            let path = figure.path.as_ref().map_or_else(String::new, |path| {
                format!(" {}", self.words.path(self.words.pick(path)))
            });
            let required = figure.relation.sign();
            let difference = match (&figure.difference, figure.status) {
                (Some((less, size)), _) => {
                    let sign = if *less { MINUS } else { "+" };
                    self.amount(&format!("{sign}{}", self.words.pick(size)), how)
                }
                (None, Status::Unknown) => self.words.unknown.to_owned(),
                (None, _) => self.pick(&say!("应 {required}", "should be {required}")),
            };
            let article = format!("{}{path}", self.words.pick(&figure.heading));
            let sides = [side(&figure.stated), side(&figure.computed)].into_iter().flatten();
            std::iter::once(article).chain(sides).chain([difference]).collect()
        };
        let open = review.figures.iter().filter(|figure| figure.status != Status::Closes);
        self.listing(
            &say!("对不上的数字", "Stated figures that differ"),
            &columns,
            open.map(line).collect(),
            false,
        )
    }

    /// A side of a figure with its value.
    fn side(&self, side: &Side) -> String {
        format!("{} {}", self.words.pick(&side.text), eased(self.words, self.valued(side)))
    }

    /// An amount, where people read it.
    pub(super) fn amount(&self, text: &str, how: Figures) -> String {
        if how == Figures::Apart { text.to_owned() } else { eased(self.words, text) }
    }

    fn valued<'s>(&self, side: &'s Side) -> &'s str {
        side.value.as_ref().map_or(self.words.unknown, |value| self.words.pick(value))
    }

    /// Both sides of a figure, as they must compare.
    pub(super) fn compared(&self, figure: &Figure) -> String {
        let (stated, computed) = (self.side(&figure.stated), self.side(&figure.computed));
        let must = figure.relation.sign();
        self.words.choose(
            format!("{stated}\n应 {must} {computed}"),
            format!("{stated}\nmust be {must} {computed}"),
        )
    }
}
