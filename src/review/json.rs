//! The format `json`: `fanshi.review/1`, one object; names and values are the English ones.

use super::shape::{
    ArticleJson, BehindJson, DifferenceJson, FigureJson, FigureOfGroup, GroupJson, LineJson,
    MatrixJson, MeasureJson, ReviewJson, RowJson, SideJson, SpreadJson, TermJson, english,
};
use super::{
    ArticleLine, Behind, Difference, Figure, Group, Line, Matrix, Review, Row, Side, Spread, Term,
};
use crate::engine::{RowRef, Run};
use crate::finding::MeasureSummary;
use crate::report::Words;
use crate::report::json::{ChangeJson, FigureJson as MeasuredJson};
use crate::schema::Names;
use crate::syntax::tree::Language;
use std::io::{Result, Write};

/// Writes the object; headings in `language`.
///
/// # Errors
/// Where `out` fails.
pub fn write(review: &Review, run: &Run, language: Language, out: &mut dyn Write) -> Result<()> {
    let maker = Maker { words: Words::of(language), run };
    crate::report::write_json_pretty(out, &maker.review(review))?;
    writeln!(out)
}

/// Makes the object's parts.
struct Maker<'m> {
    words: &'static Words,
    run: &'m Run,
}

impl Maker<'_> {
    fn review<'r>(&self, review: &'r Review) -> ReviewJson<'r> {
        ReviewJson {
            format: "fanshi.review/1",
            project: &review.project,
            as_of: Some(review.as_of.as_str()).filter(|day| !day.is_empty()),
            complete: review.errors == 0,
            rows: review.rows.iter().map(|(table, rows)| (table.en.as_str(), *rows)).collect(),
            findings: review.tally.into(),
            dispositions: review.matrices.iter().map(|matrix| self.matrix(matrix)).collect(),
            figures: review.figures.iter().map(|figure| self.figure(figure)).collect(),
            measures: review.measures.iter().map(|measure| self.measure(measure)).collect(),
            groups: review.spread.as_ref().map(spread),
            articles: review.articles.iter().map(|article| self.article(article)).collect(),
        }
    }

    fn matrix<'r>(&self, matrix: &'r Matrix) -> MatrixJson<'r> {
        let line = |line: &'r Line| {
            let Line { disposition, declared, required, agreed } = line;
            LineJson {
                value: &disposition.en,
                declared: *declared,
                required: *required,
                agreed: *agreed,
            }
        };
        let difference = |found: &'r Difference| DifferenceJson {
            required: &found.required.en,
            declared: english(&found.declared),
            rows: self.rows(&found.rows),
            articles: found.demands.iter().map(|demand| demand.article.en.as_str()).collect(),
            waived: found.demands.iter().map(|demand| demand.waived).collect(),
        };
        MatrixJson {
            field: &matrix.field.en,
            values: matrix.lines.iter().map(line).collect(),
            differences: matrix.differences.iter().map(difference).collect(),
            open: self.rows(&matrix.open),
        }
    }

    fn rows(&self, rows: &[Row]) -> Vec<RowJson> {
        let schema = &self.run.program().schema;
        let of = |&(frame, row): &Row| {
            let root = schema.root(frame);
            RowJson {
                table: schema
                    .frame(root)
                    .map_or_else(String::new, |frame| frame.names.en().to_owned()),
                key: self.run.row_name(self.run.root(RowRef { frame, row })),
                path: self.run.path_in(RowRef { frame, row }, Names::en),
            }
        };
        rows.iter().map(of).collect()
    }

    fn figure<'r>(&self, figure: &'r Figure) -> FigureJson<'r> {
        let Behind { only_stated, only_computed, twice, unknown, exactly } = &figure.behind;
        FigureJson {
            article: &figure.article,
            heading: self.words.pick(&figure.heading),
            path: english(&figure.path),
            status: figure.status.code(),
            severity: if figure.advice { "warning" } else { "error" },
            relation: figure.relation.sign(),
            stated: side(&figure.stated),
            computed: side(&figure.computed),
            difference: figure
                .difference
                .as_ref()
                .map(|(less, size)| format!("{}{}", if *less { "-" } else { "+" }, size.en)),
            missing: figure.missing.iter().map(|fact| fact.en.as_str()).collect(),
            rows: BehindJson {
                only_stated: self.rows(only_stated),
                only_computed: self.rows(only_computed),
                twice: self.rows(twice),
                unknown: self.rows(unknown),
                exactly: self.rows(exactly),
            },
            closed_by: figure.closed_by.iter().map(|heading| self.words.pick(heading)).collect(),
        }
    }

    fn measure<'r>(&self, measure: &'r MeasureSummary) -> MeasureJson<'r> {
        let groups = measure.values.iter().filter_map(|(group, figure)| {
            Some(FigureOfGroup { group: english(group)?, figure: MeasuredJson::of(figure) })
        });
        MeasureJson {
            measure: &measure.measure,
            heading: self.words.pick(&measure.heading),
            figure: measure.whole().map(MeasuredJson::of).unwrap_or_default(),
            groups: groups.collect(),
        }
    }

    fn article<'r>(&self, article: &'r ArticleLine) -> ArticleJson<'r> {
        ArticleJson {
            article: &article.article,
            heading: self.words.pick(&article.heading),
            satisfied: article.satisfied,
            findings: article.tally.into(),
        }
    }
}

fn side(side: &Side) -> SideJson<'_> {
    let terms = side.terms.iter().map(term).collect();
    SideJson {
        text: &side.text.en,
        value: english(&side.value),
        terms,
        values: english(&side.values),
    }
}

fn term(term: &Term) -> TermJson<'_> {
    let sign = if term.minus { "-" } else { "+" };
    TermJson { sign, text: english(&term.text), value: english(&term.value) }
}

fn spread(spread: &Spread) -> SpreadJson<'_> {
    SpreadJson {
        by: &spread.field.en,
        groups: spread.groups.iter().map(|found| one_group(spread, found)).collect(),
    }
}

fn one_group<'r>(spread: &'r Spread, group: &'r Group) -> GroupJson<'r> {
    let figures = spread
        .measures
        .iter()
        .zip(&group.measures)
        .map(|((measure, _), figure)| (measure.as_str(), figure));
    GroupJson {
        group: english(&group.name),
        rows: group.rows,
        findings: group.tally.into(),
        measures: figures
            .clone()
            .map(|(measure, figure)| (measure, english(&figure.value)))
            .collect(),
        changes: figures
            .filter_map(|(measure, figure)| {
                Some((measure, ChangeJson::of(figure.change.as_ref()?)))
            })
            .collect(),
    }
}
