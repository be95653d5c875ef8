//! The shape of the JSON: see docs/review.md.

use crate::diagnostic::Bilingual;
use crate::grouping::Tally;
use crate::report::groups::{GroupJson, GroupsJson};
use crate::report::json::{ChangeJson, FigureJson as MeasuredJson, WaiverJson};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct ReviewJson<'a> {
    pub(super) format: &'static str,
    pub(super) project: &'a str,
    pub(super) as_of: Option<&'a str>,
    pub(super) complete: bool,
    pub(super) rows: BTreeMap<&'a str, usize>,
    pub(super) findings: Tally,
    pub(super) dispositions: Vec<MatrixJson<'a>>,
    pub(super) figures: Vec<FigureJson<'a>>,
    pub(super) measures: Vec<MeasureJson<'a>>,
    pub(super) groups: Option<GroupsJson<SpreadJson<'a>>>,
    pub(super) waivers: Vec<WaiverJson<'a>>,
    pub(super) articles: Vec<ArticleJson<'a>>,
}

#[derive(Serialize)]
pub(super) struct MatrixJson<'a> {
    pub(super) field: &'a str,
    pub(super) values: Vec<LineJson<'a>>,
    pub(super) differences: Vec<DifferenceJson<'a>>,
    pub(super) open: Vec<RowJson>,
}

#[derive(Serialize)]
pub(super) struct LineJson<'a> {
    pub(super) value: &'a str,
    pub(super) declared: usize,
    pub(super) required: usize,
    pub(super) agreed: usize,
}

#[derive(Serialize)]
pub(super) struct DifferenceJson<'a> {
    pub(super) required: &'a str,
    pub(super) declared: Option<&'a str>,
    pub(super) rows: Vec<RowJson>,
    pub(super) articles: Vec<&'a str>,
    pub(super) waived: Vec<bool>,
}

#[derive(Serialize)]
pub(super) struct RowJson {
    pub(super) table: String,
    pub(super) key: Option<String>,
    /// Its number from 1, where it has no key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) row: Option<usize>,
    pub(super) path: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FigureJson<'a> {
    pub(super) article: &'a str,
    pub(super) heading: &'a str,
    pub(super) path: Option<&'a str>,
    pub(super) status: &'static str,
    pub(super) severity: &'static str,
    pub(super) relation: &'static str,
    pub(super) stated: SideJson<'a>,
    pub(super) computed: SideJson<'a>,
    pub(super) difference: Option<String>,
    pub(super) missing: Vec<&'a str>,
    pub(super) why: Option<&'a str>,
    pub(super) rows: BehindJson,
    pub(super) closed_by: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct SideJson<'a> {
    pub(super) text: &'a str,
    pub(super) value: Option<&'a str>,
    pub(super) terms: Vec<TermJson<'a>>,
    pub(super) values: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct TermJson<'a> {
    pub(super) sign: &'static str,
    pub(super) text: Option<&'a str>,
    pub(super) value: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct BehindJson {
    pub(super) only_stated: Vec<RowJson>,
    pub(super) only_computed: Vec<RowJson>,
    pub(super) twice: Vec<RowJson>,
    pub(super) unknown: Vec<RowJson>,
    pub(super) exactly: Vec<RowJson>,
}

#[derive(Serialize)]
pub(super) struct MeasureJson<'a> {
    pub(super) measure: &'a str,
    pub(super) heading: &'a str,
    #[serde(flatten)]
    pub(super) figure: MeasuredJson<'a>,
    pub(super) groups: Vec<FigureOfGroup<'a>>,
}

#[derive(Serialize)]
pub(super) struct FigureOfGroup<'a> {
    pub(super) group: Option<&'a str>,
    #[serde(flatten)]
    pub(super) figure: MeasuredJson<'a>,
}

#[derive(Serialize)]
pub(super) struct SpreadJson<'a> {
    #[serde(flatten)]
    pub(super) group: GroupJson<'a>,
    pub(super) measures: BTreeMap<&'a str, Option<&'a str>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) changes: BTreeMap<&'a str, ChangeJson<'a>>,
}

#[derive(Serialize)]
pub(super) struct ArticleJson<'a> {
    pub(super) article: &'a str,
    pub(super) heading: &'a str,
    pub(super) satisfied: usize,
    pub(super) findings: Tally,
}

/// The English text, if there is one.
pub(super) fn english(text: &Option<Bilingual>) -> Option<&str> {
    text.as_ref().map(|text| text.en.as_str())
}
