//! Columns that are headed as something that is measured, and hold texts: what of them is not
//! readable as such.

use super::column::{Column, Kind, short};
use super::layout::squeezed;
use super::told::english;
use super::written::word;
use crate::data::reads;
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use std::collections::BTreeSet;

/// What numbers in a column of a span of time may be.
const SPANS: [Type; 5] = [Type::Workdays, Type::Days, Type::Months, Type::Hours, Type::Minutes];
/// What a moment may be.
const MOMENTS: [Type; 2] = [Type::Date, Type::Instant];

/// What names end in whose fields hold amounts.
const AMOUNTS: [&str; 17] = [
    "金额",
    "总额",
    "余额",
    "差额",
    "投资额",
    "投资",
    "金",
    "费用",
    "经费",
    "费",
    "价款",
    "总价",
    "单价",
    "价格",
    "amount",
    "price",
    "cost",
];
/// Shares.
const SHARES: [&str; 8] =
    ["占比", "比例", "比率", "百分比", "率", "percent", "percentage", "share"];
/// Days.
const DATES: [&str; 4] = ["日期", "年月日", "日", "date"];
/// Spans of time.
const LENGTHS: [&str; 7] = ["限", "工期", "时长", "天数", "日数", "duration", "limit"];
/// What ends as spans of time do, and is none.
const BOUNDS: [&str; 3] = ["上限", "下限", "权限"];
/// Days, moments or spans.
const TIMES: [&str; 2] = ["时间", "time"];

/// The types a field may be of by its name; none where the name says nothing of it.
fn by_name(name: &str) -> Vec<Type> {
    let name = squeezed(name).to_lowercase();
    let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    if ends(&LENGTHS) && !ends(&BOUNDS) {
        SPANS.into_iter().chain(MOMENTS).collect()
    } else if ends(&TIMES) {
        MOMENTS.into_iter().chain(SPANS).collect()
    } else if ends(&DATES) {
        MOMENTS.to_vec()
    } else if ends(&AMOUNTS) {
        vec![Type::Money]
    } else if ends(&SHARES) {
        vec![Type::Percent]
    } else {
        Vec::new()
    }
}

impl Column {
    /// What is to be said of texts under a heading of what is measured: which of them cannot be
    /// read as that. `known` is the type such a field is known to have. `None` where the heading
    /// says nothing, or nothing in the cells looks like it.
    pub(super) fn unreadable(&self, cells: &[&str], known: Option<Type>) -> Option<Bilingual> {
        let measured = |ty: &Type| {
            SPANS.contains(ty) || MOMENTS.contains(ty) || matches!(ty, Type::Money | Type::Percent)
        };
        let told = self.stated.or(known.filter(measured));
        let types = told.map_or_else(|| by_name(&self.name), |ty| vec![ty]);
        let read = |ty: Type| cells.iter().filter(|cell| reads(ty, cell)).count();
        // Of those that read as many, the first.
        let ty = types.into_iter().rev().max_by_key(|ty| read(*ty))?;
        let others: Vec<&str> = cells.iter().copied().filter(|cell| !reads(ty, cell)).collect();
        let has_digit = |cell: &&str| cell.contains(|letter: char| letter.is_ascii_digit());
        if others.is_empty() || !cells.iter().any(has_digit) {
            return None;
        }
        let mut listed: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for other in others.iter().filter(|other| seen.insert(**other)).take(5) {
            listed.push(format!("`{}`", short(other)));
        }
        let (all, few) = (cells.len(), others.len());
        let (zh, en) = (word(ty), english(ty));
        let (listed_zh, listed_en) = (listed.join("、"), listed.join(", "));
        let (for_now_zh, for_now_en) = match &self.kind {
            Kind::Enum(values) => {
                let count = values.len();
                (format!("{count} 个值之一"), format!("one of {count} values"))
            }
            Kind::List => ("多个文本".to_owned(), "a list of texts".to_owned()),
            _ => ("文本".to_owned(), "text".to_owned()),
        };
        Some(say!(
            "按标题是{zh}，{all} 格中 {few} 格不能读作{zh}，如 {listed_zh}；先作{for_now_zh}",
            "headed as {en}: {few} of {all} cells cannot be read as that, such as {listed_en}; \
                {for_now_en} for now"
        ))
    }
}
