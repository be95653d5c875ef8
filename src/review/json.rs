//! The format `json`: `fanshi.review/1`, one object; names and values are the English ones.

use super::shape::{
    ArticleJson, BehindJson, DifferenceJson, FigureJson, FigureOfGroup, LineJson, MatrixJson,
    MeasureJson, ReviewJson, RowJson, SideJson, SpreadJson, TermJson, english,
};
use super::{ArticleLine, Behind, Difference, Figure, Line, Matrix, Review, Row, Side, Term};
use crate::engine::RowRef;
use crate::finding::MeasureSummary;
use crate::grouping::{Group, Groups};
use crate::report::Words;
use crate::report::groups::{GroupJson, GroupsJson};
use crate::report::json::{ChangeJson, FigureJson as MeasuredJson, WaiverJson};
use crate::schema::Names;
use crate::syntax::tree::Language;
use crate::value::number::MINUS;
use std::io::{Result, Write};

/// Writes the object; headings in `language`.
///
/// # Errors
/// Where `out` fails.
pub fn write(
    review: &Review,
    groups: &Groups<'_>,
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    let maker = Maker { words: Words::of(language), groups };
    crate::report::write_json_pretty(out, &maker.review(review))?;
    writeln!(out)
}

/// Makes the object's parts.
struct Maker<'m> {
    words: &'static Words,
    groups: &'m Groups<'m>,
}

impl<'m> Maker<'m> {
    fn review<'r>(&self, review: &'r Review) -> ReviewJson<'r>
    where
        'm: 'r,
    {
        ReviewJson {
            format: "fanshi.review/1",
            project: &review.project,
            as_of: Some(review.as_of.as_str()).filter(|day| !day.is_empty()),
            complete: review.errors == 0,
            rows: review.rows.iter().map(|(table, rows)| (table.en.as_str(), *rows)).collect(),
            findings: review.tally,
            dispositions: review.matrices.iter().map(|matrix| self.matrix(matrix)).collect(),
            figures: review.figures.iter().map(|figure| self.figure(figure)).collect(),
            measures: review.measures.iter().map(|measure| self.measure(measure)).collect(),
            groups: GroupsJson::of(self.words, self.groups, |at, group| spread(review, at, group)),
            waivers: review.waivers.iter().map(WaiverJson::of).collect(),
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
        let schema = &self.groups.run.program().schema;
        let of = |&(frame, row): &Row| {
            let root = schema.root(frame);
            let at = self.groups.run.root(RowRef { frame, row });
            let keyless = self.groups.run.key(at).is_none();
            RowJson {
                table: schema
                    .frame(root)
                    .map_or_else(String::new, |frame| frame.names.en().to_owned()),
                key: self.groups.run.key(at),
                row: Some(self.groups.run.number(at)).filter(|row| keyless && *row > 0),
                path: self.groups.run.path_in(RowRef { frame, row }, Names::en),
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
                .map(|(less, size)| format!("{}{}", if *less { MINUS } else { "+" }, size.en)),
            why: figure.why.as_ref().map(|why| self.words.pick(why)),
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
        let split = measure.values.iter().filter(|_| measure.is_split());
        let groups = split.map(|(group, figure)| FigureOfGroup {
            group: english(group),
            figure: MeasuredJson::of(figure),
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
            findings: article.tally,
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
    let sign = if term.minus { MINUS } else { "+" };
    TermJson { sign, text: english(&term.text), value: english(&term.value) }
}

/// A group with the measures that are split by the groups.
fn spread<'r>(review: &'r Review, at: usize, group: &'r Group) -> SpreadJson<'r> {
    let figures = review
        .spread
        .iter()
        .filter_map(|measure| Some((measure.measure.as_str(), measure.figures.get(at)?)));
    let change = |figure: &'r crate::finding::Figure| figure.change.as_ref().map(ChangeJson::of);
    SpreadJson {
        group: GroupJson::from(group),
        measures: figures.clone().map(|(name, figure)| (name, english(&figure.value))).collect(),
        changes: figures.filter_map(|(name, figure)| Some((name, change(figure)?))).collect(),
    }
}
