//! First articles: what the data suggest, each with its support and its exceptions.

use super::calendar;
use super::column::{Column, Kind, short};
use super::table::{Table, is_code_name};
use super::written::Wording;
use crate::data::amount;
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;
use crate::syntax::word::in_expression;
use crate::value::Ratio;
use crate::value::key::canonical;
use num_traits::{CheckedAdd, ToPrimitive};
use std::collections::{BTreeMap, BTreeSet};

/// An article that the data suggest.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// What it is called.
    pub name: String,
    /// What it says.
    pub sentence: String,
    /// How many rows say so, and which do not.
    pub support: Bilingual,
}

/// What holds for most rows: 95 in 100.
const MOST: (usize, usize) = (95, 100);
/// Of fewer rows nothing is suggested by a share.
const ENOUGH: usize = 20;
/// Of fewer rows nothing is suggested by what all of them have in common.
const FEW: usize = 5;
/// At most so many articles are suggested for a table.
const ARTICLES: usize = 20;
/// No sum is looked for that has more parts.
const PARTS: usize = 12;
/// So many exceptions are listed.
const LISTED: usize = 8;

/// The rows of a table, for one suggestion: which were asked, and which of them say otherwise.
#[derive(Default)]
struct Tally {
    asked: usize,
    others: Vec<usize>,
}

impl Tally {
    fn count(&mut self, row: usize, holds: bool) {
        self.asked += 1;
        if !holds {
            self.others.push(row);
        }
    }

    /// Whether a share of the rows says so.
    fn is_most(&self, least: usize) -> bool {
        self.asked >= least && self.others.len() * MOST.1 <= self.asked * (MOST.1 - MOST.0)
    }

    /// `30 行中 29 行如此；不符的：3（甲）`.
    fn support(&self, table: &Table) -> Bilingual {
        let (all, so) = (self.asked, self.asked - self.others.len());
        if self.others.is_empty() {
            return say!("{all} 行都如此", "so in all {all} rows");
        }
        let row = |at: &usize| {
            let above = usize::from(table.document.is_none());
            let number = table.layout.body.get(*at).map_or(0, |row| row + above);
            let key = table.key().and_then(|key| key.cells.get(*at)).map(|key| short(key));
            match key {
                Some(key) => (format!("第 {number} 行 {key}"), format!("row {number} {key}")),
                None => (format!("第 {number} 行"), format!("row {number}")),
            }
        };
        let (zh, en): (Vec<String>, Vec<String>) = self.others.iter().take(LISTED).map(row).unzip();
        let more = self.others.len().saturating_sub(LISTED);
        let (etc, and) = match more {
            0 => (String::new(), String::new()),
            _ => (format!("，另 {more} 行"), format!(" and {more} more")),
        };
        let (zh, en) = (zh.join("、"), en.join(", "));
        say!(
            "{all} 行中 {so} 行如此；不符的：{zh}{etc}",
            "so in {so} of {all} rows; not in {en}{and}"
        )
    }
}

/// The table that articles are suggested for.
#[derive(Clone, Copy)]
struct About<'t> {
    table: &'t Table,
    /// How an article names it.
    subject: &'t str,
    wording: &'t Wording,
}

impl About<'_> {
    /// An article with its support.
    fn article(&self, name: &Bilingual, sentence: String, tally: &Tally) -> Suggestion {
        Suggestion { name: self.wording.pick(name), sentence, support: tally.support(self.table) }
    }
}

/// What a table suggests; `subject` is how an article names it.
#[must_use]
pub fn suggest(table: &Table, subject: &str, wording: &Wording) -> Vec<Suggestion> {
    let about = About { table, subject, wording };
    let mut found = Vec::new();
    let fields: Vec<&Column> = table.fields().collect();
    for column in &fields {
        found.extend(required(about, column));
        found.extend(unique(about, column));
        found.extend(at_most(about, column));
    }
    found.extend(orders(about, &fields));
    found.extend(spans(about, &fields));
    found.extend(sums(about, &fields));
    found.truncate(ARTICLES);
    found
}

/// Most rows have it.
fn required(about: About<'_>, column: &Column) -> Option<Suggestion> {
    let mut tally = Tally::default();
    for (row, cell) in column.cells.iter().enumerate() {
        tally.count(row, !column.is_blank(cell));
    }
    if !column.optional || tally.others.is_empty() || !tally.is_most(ENOUGH) {
        return None;
    }
    let name = in_expression(&column.name);
    let own = &column.name;
    Some(about.article(
        &say!("{own}必填", "{own}_given"),
        format!("凡 {}，必须 有 {name}。", about.subject),
        &tally,
    ))
}

/// Most rows have one of their own.
fn unique(about: About<'_>, column: &Column) -> Option<Suggestion> {
    let may = matches!(column.kind, Kind::Plain(Type::Text | Type::Integer));
    if !may || column.is_key || about.table.parent.is_some() || !is_code_name(&column.name) {
        return None;
    }
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for cell in column.given() {
        *seen.entry(canonical(cell)).or_default() += 1;
    }
    let mut tally = Tally::default();
    for (row, cell) in column.cells.iter().enumerate().filter(|(_, cell)| !column.is_blank(cell)) {
        tally.count(row, seen.get(&canonical(cell)).is_none_or(|count| *count == 1));
    }
    if !tally.is_most(ENOUGH) {
        return None;
    }
    let name = in_expression(&column.name);
    let (guard, filter) = match column.optional {
        true => (format!("有 {name} 的 "), format!(" 当 有 {name}")),
        false => (String::new(), String::new()),
    };
    let (own, subject) = (&column.name, about.subject);
    let sentence =
        format!("凡 {guard}{subject}，数量({subject}{filter}: {name} = 本行.{name}) 必须 为 1。");
    Some(about.article(&say!("{own}不重复", "{own}_unique"), sentence, &tally))
}

/// Spans of time of which most are no longer than one that is met often.
fn at_most(about: About<'_>, column: &Column) -> Option<Suggestion> {
    let Kind::Plain(ty @ (Type::Workdays | Type::Days | Type::Months)) = column.kind else {
        return None;
    };
    let amounts = amounts(column, ty);
    let met = |limit: i128| {
        let limit = Ratio::from_integer(limit);
        amounts.iter().filter(|(_, amount)| *amount == limit).count()
    };
    for limit in [5, 7, 10, 15, 20, 30, 45, 60, 90] {
        let mut tally = Tally::default();
        for (row, amount) in &amounts {
            tally.count(*row, *amount <= Ratio::from_integer(limit));
        }
        if !tally.is_most(ENOUGH) {
            continue;
        }
        if met(limit) * 10 < amounts.len() {
            return None;
        }
        let unit = match ty {
            Type::Workdays => "工作日",
            Type::Days => "日",
            _ => "个月",
        };
        let name = in_expression(&column.name);
        let (own, subject, guard) = (&column.name, about.subject, guard(&[column]));
        let sentence = format!("凡 {guard}{subject}，{name} 不得 超过 {limit} {unit}。");
        return Some(about.article(&say!("{own}上限", "{own}_limit"), sentence, &tally));
    }
    None
}

/// A suggestion that one column is never more than another, with where the two stand.
type Order = (usize, usize, Suggestion);

/// Which columns are never later, or never more, than others; what follows from two such articles
/// is left out.
fn orders(about: About<'_>, fields: &[&Column]) -> Vec<Suggestion> {
    let mut found: Vec<Order> = Vec::new();
    for (at, first) in fields.iter().enumerate() {
        for second in fields.iter().skip(at + 1) {
            found.extend(ordered(about, (first, second)));
        }
    }
    let leads =
        |from: usize, to: usize| found.iter().any(|(less, more, _)| (*less, *more) == (from, to));
    let follows = |less: usize, more: usize| {
        found.iter().any(|(from, between, _)| *from == less && leads(*between, more))
    };
    let kept = found.iter().filter(|(less, more, _)| !follows(*less, *more));
    kept.map(|(.., suggestion)| suggestion.clone()).collect()
}

/// One of two columns is never later, or never more, than the other.
fn ordered(about: About<'_>, pair: (&Column, &Column)) -> Option<Order> {
    let (Kind::Plain(ty), Kind::Plain(other)) = (&pair.0.kind, &pair.1.kind) else { return None };
    let dated = matches!(ty, Type::Date | Type::Instant);
    let measured = matches!(
        ty,
        Type::Workdays
            | Type::Days
            | Type::Months
            | Type::Hours
            | Type::Money
            | Type::Integer
            | Type::Decimal
    );
    let is_plain = !pair.0.is_unmeasured && !pair.1.is_unmeasured;
    if ty != other || !(dated || measured && is_plain && are_alike(pair.0, pair.1)) {
        return None;
    }
    let (first, second) = (amounts(pair.0, *ty), amounts(pair.1, *ty));
    let second: BTreeMap<usize, Ratio> = second.into_iter().collect();
    let (mut up, mut down) = (Tally::default(), Tally::default());
    let mut differ = 0;
    for (row, amount) in first {
        let Some(limit) = second.get(&row) else { continue };
        differ += usize::from(amount != *limit);
        up.count(row, amount <= *limit);
        down.count(row, amount >= *limit);
    }
    let (tally, (less, more)) = match (up.is_most(FEW), down.is_most(FEW)) {
        (true, false) => (up, pair),
        (false, true) => (down, (pair.1, pair.0)),
        _ => return None,
    };
    // Few rows that break what others keep are told apart from no order at all.
    if differ * 2 < tally.asked || tally.asked < FEW {
        return None;
    }
    let (less_name, more_name) = (in_expression(&less.name), in_expression(&more.name));
    let (first, then) = (&less.name, &more.name);
    let (name, relation) = match dated {
        true => (say!("{first}不晚于{then}", "{first}_by_{then}"), "必须 不晚于"),
        false => (say!("{first}不超过{then}", "{first}_within_{then}"), "不得 超过"),
    };
    let (subject, guard) = (about.subject, guard(&[less, more]));
    let sentence = format!("凡 {guard}{subject}，{less_name} {relation} {more_name}。");
    Some((less.at, more.at, about.article(&name, sentence, &tally)))
}

/// Working days between two dates that are no more than a limit of the same row.
fn spans(about: About<'_>, fields: &[&Column]) -> Vec<Suggestion> {
    let of = |ty: Type| fields.iter().copied().filter(move |it| it.kind == Kind::Plain(ty));
    let mut found = Vec::new();
    for limit in of(Type::Workdays) {
        for (at, first) in of(Type::Date).enumerate() {
            for second in of(Type::Date).skip(at + 1) {
                let both = [(first, second), (second, first)];
                found.extend(both.into_iter().find_map(|pair| span(about, pair, limit)));
            }
        }
    }
    found
}

/// One day is no more working days after another than a limit says.
fn span(about: About<'_>, pair: (&Column, &Column), limit: &Column) -> Option<Suggestion> {
    let (from, to) = pair;
    let ends: BTreeMap<usize, Ratio> = amounts(to, Type::Date).into_iter().collect();
    let limits: BTreeMap<usize, Ratio> = amounts(limit, Type::Workdays).into_iter().collect();
    let mut tally = Tally::default();
    for (row, start) in amounts(from, Type::Date) {
        let (Some(end), Some(most)) = (ends.get(&row), limits.get(&row)) else { continue };
        if end < &start {
            tally.count(row, false);
            continue;
        }
        let days = start.to_integer().to_i64().zip(end.to_integer().to_i64());
        let days = days.and_then(|(start, end)| calendar::calendar().elapsed(start, end));
        if let Some(days) = days {
            tally.count(row, Ratio::from_integer(days.into()) <= *most);
        }
    }
    if !tally.is_most(FEW) {
        return None;
    }
    let [from_name, to_name, most] = [from, to, limit].map(|column| in_expression(&column.name));
    let (first, then, own) = (&from.name, &to.name, &limit.name);
    let (subject, guard) = (about.subject, guard(&[from, to, limit]));
    let sentence = format!("凡 {guard}{subject}，历时({from_name}, {to_name}) 不得 超过 {most}。");
    let name = say!("{first}至{then}不超过{own}", "{first}_to_{then}_within_{own}");
    Some(about.article(&name, sentence, &tally))
}

/// Whether two columns are called so that they may be held against one another: their names end
/// alike, or one is a lower and one an upper bound, or one heading that states their unit stands
/// over both.
fn are_alike(first: &Column, second: &Column) -> bool {
    const PAIRS: [(&str, &str); 4] =
        [("下限", "上限"), ("最低", "最高"), ("最小", "最大"), ("至少", "至多")];
    let both = |low: &str, high: &str| {
        first.name.contains(low) && second.name.contains(high)
            || first.name.contains(high) && second.name.contains(low)
    };
    let over = |column: &Column| -> Option<String> {
        let upper = column.heading.strip_suffix(column.name.as_str())?;
        (column.stated.is_some() && !upper.is_empty()).then(|| upper.to_owned())
    };
    let ends = first.name.chars().rev().zip(second.name.chars().rev());
    ends.take_while(|(one, other)| one == other).count() >= 2
        || over(first).is_some_and(|upper| over(second) == Some(upper))
        || PAIRS.iter().any(|(low, high)| both(low, high))
}

/// `有 甲 且 有 乙 的 `, for those that rows may lack.
fn guard(columns: &[&Column]) -> String {
    let given: Vec<String> = columns
        .iter()
        .filter(|column| column.optional)
        .map(|column| format!("有 {}", in_expression(&column.name)))
        .collect();
    if given.is_empty() { String::new() } else { format!("{} 的 ", given.join(" 且 ")) }
}

/// The values of a column that is of a type with an order, by row.
fn amounts(column: &Column, ty: Type) -> Vec<(usize, Ratio)> {
    let cells = column.cells.iter().enumerate().filter(|(_, cell)| !column.is_blank(cell));
    let read = |cell: &str| {
        let said = column.readings.iter().find(|(word, _)| word == cell);
        amount(ty, said.map_or(cell, |(_, value)| value))
    };
    cells.filter_map(|(row, cell)| Some((row, read(cell)?))).collect()
}

/// Columns that add up to one beside them.
fn sums(about: About<'_>, fields: &[&Column]) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for (at, total) in fields.iter().enumerate() {
        let Kind::Plain(ty @ (Type::Integer | Type::Decimal | Type::Money)) = total.kind else {
            continue;
        };
        let same = |column: &&&Column| column.kind == total.kind;
        let before: Vec<&Column> =
            fields.get(..at).unwrap_or(&[]).iter().rev().take_while(same).copied().collect();
        let after: Vec<&Column> =
            fields.get(at + 1..).unwrap_or(&[]).iter().take_while(same).copied().collect();
        let before: Vec<&Column> = before.into_iter().rev().collect();
        let runs = [before.as_slice(), after.as_slice()];
        let best = runs
            .into_iter()
            .flat_map(|run| (2..=run.len().min(PARTS)).flat_map(move |size| run.windows(size)))
            .filter_map(|parts| Some((add_up(total, parts, ty)?, parts)))
            .max_by_key(|(tally, _)| (tally.asked - tally.others.len(), tally.asked));
        let Some((tally, parts)) = best else { continue };
        let mut all = parts.to_vec();
        all.push(total);
        let sum: Vec<String> = parts.iter().map(|part| in_expression(&part.name)).collect();
        let (own, whole) = (&total.name, in_expression(&total.name));
        let (subject, guard, sum) = (about.subject, guard(&all), sum.join(" + "));
        let sentence = format!("凡 {guard}{subject}，{whole} 必须 为 {sum}。");
        found.push(about.article(&say!("{own}相符", "{own}_adds_up"), sentence, &tally));
    }
    found
}

/// In how many rows parts add up to a total; `None` where that is no rule. A column that is not
/// called a total is one only if all rows, and not few, say so.
fn add_up(total: &Column, parts: &[&Column], ty: Type) -> Option<Tally> {
    let values: Vec<BTreeMap<usize, Ratio>> =
        parts.iter().map(|part| amounts(part, ty).into_iter().collect()).collect();
    let mut tally = Tally::default();
    for (row, sum) in amounts(total, ty) {
        let own: Option<Vec<Ratio>> =
            values.iter().map(|values| values.get(&row).copied()).collect();
        if let Some(own) = own {
            let zero = Ratio::from_integer(0);
            let added = own.iter().try_fold(zero, |sum, part| sum.checked_add(part));
            tally.count(row, added == Some(sum));
        }
    }
    let agree = tally.asked - tally.others.len();
    let sums: BTreeSet<Ratio> = amounts(total, ty).into_iter().map(|(_, sum)| sum).collect();
    let surely = agree == tally.asked && tally.asked >= FEW && sums.len() >= FEW;
    let is_called =
        ["合计", "总计", "小计", "总数", "共计"].iter().any(|word| total.name.contains(word));
    let said = is_called && tally.asked > 1 && agree * 10 >= tally.asked * 8;
    (surely || said).then_some(tally)
}
