//! What was seen in the data, and what a person has to decide, in words.

use super::Draft;
use super::column::Kind;
use super::table::Table;
use super::written::word;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::say;
use crate::schema::Type;
use std::collections::BTreeMap;

/// All of it, line by line.
#[must_use]
pub fn told(draft: &Draft, wrong: &[Diagnostic]) -> Vec<Bilingual> {
    let mut lines = Vec::new();
    for table in draft.read() {
        lines.extend(seen(table, draft));
    }
    let mut open: Vec<Bilingual> = Vec::new();
    for table in draft.read() {
        let name = &table.name;
        let about = |doubt: &Bilingual| {
            let (zh, en) = (&doubt.zh, &doubt.en);
            say!("  {name}：{zh}", "  {name}: {en}")
        };
        open.extend(table.doubts.iter().map(about));
        for column in &table.columns {
            let own = &column.name;
            open.extend(column.doubts.iter().map(|doubt| {
                let (zh, en) = (&doubt.zh, &doubt.en);
                say!("  {name}.{own}：{zh}", "  {name}.{own}: {en}")
            }));
        }
    }
    for table in draft.tables.iter().filter(|table| table.refused.is_some()) {
        let (name, why) = (&table.file, table.refused.clone().unwrap_or_default());
        let (zh, en) = (why.zh, why.en);
        let sheet = table.sheet.as_ref();
        let (of_zh, of_en) = sheet.map_or_else(Default::default, |sheet| {
            (format!(" 的工作表 `{sheet}` "), format!(", sheet `{sheet}`,"))
        });
        open.push(say!("  `{name}`{of_zh}没有用上：{zh}", "  `{name}`{of_en} is left out: {en}"));
    }
    for wrong in wrong {
        let (zh, en) = (&wrong.message.zh, &wrong.message.en);
        open.push(say!("  {zh}", "  {en}"));
    }
    open.push(say!(
        "  判断的日子（as_of）；各列的类型、可缺，几个值的是否列全了；每条规则是不是规定",
        "  the day judged for (as_of); types, what may be lacking, whether lists of values are \
            complete; whether each article is a rule"
    ));
    if draft.counts_days() {
        let days = draft.wording.names().days;
        open.push(say!(
            "  `{days}` 里的放假和调休：是不是照它数工作日",
            "  the days off in `{days}`: whether working days are counted by them"
        ));
    }
    let count = draft.suggestions.len();
    lines.push(say!(
        "数据提示了 {count} 条规则，依据和不符的行写在规则前面",
        "The data suggest {count} articles; before each stand its support and its exceptions"
    ));
    lines.push(say!("还要人定：", "Left to decide:"));
    lines.extend(open);
    lines
}

/// What was seen of a table.
fn seen(table: &Table, draft: &Draft) -> Vec<Bilingual> {
    let (name, file) = (&table.name, &table.file);
    let sheet = table.sheet.as_ref();
    let (of_zh, of_en) = sheet.map_or_else(Default::default, |sheet| {
        (format!(" 的工作表 `{sheet}`"), format!(", sheet `{sheet}`"))
    });
    let rows = table.layout.body.len();
    let headed: Vec<String> = table.layout.header.iter().map(|row| (row + 1).to_string()).collect();
    let way = table.document.as_ref().map(|document| document.way.clone());
    let (head_zh, head_en) = match headed.as_slice() {
        _ if table.is_inside() => {
            let way = way.unwrap_or_default();
            (format!("各行的 `{way}` 之下"), format!("below `{way}` of the rows"))
        }
        _ if way.is_some() => match way.unwrap_or_default() {
            way if way.is_empty() => ("JSON".to_owned(), "JSON".to_owned()),
            way => (format!("在 `{way}` 之下"), format!("below `{way}`")),
        },
        [] => ("没有标题".to_owned(), "no headings".to_owned()),
        [row] => (format!("标题在第 {row} 行"), format!("headings in row {row}")),
        rows => {
            let (zh, en) = (rows.join("、"), rows.join(", "));
            (format!("标题在第 {zh} 行"), format!("headings in rows {en}"))
        }
    };
    let mut lines = vec![say!(
        "{name} ← `{file}`{of_zh}：{head_zh}，{rows} 行",
        "{name} ← `{file}`{of_en}: {head_en}, {rows} rows"
    )];
    let list =
        |at: &[usize]| at.iter().map(|row| (row + 1).to_string()).collect::<Vec<_>>().join(", ");
    if !table.layout.repeated.is_empty() {
        let at = list(&table.layout.repeated);
        lines.push(say!("  又写了一遍的标题行：{at}", "  rows that repeat the headings: {at}"));
    }
    if !table.layout.totals.is_empty() {
        let at = list(&table.layout.totals);
        lines.push(say!("  合计行：{at}", "  rows of totals: {at}"));
    }
    if !table.layout.notes.is_empty() {
        let at = list(&table.layout.notes);
        lines.push(say!("  说明行：{at}", "  notes: {at}"));
    }
    if let Some(key) = table.key() {
        let key = &key.name;
        lines.push(say!("  主键：{key}", "  key: {key}"));
    }
    lines.extend(types(table, draft));
    let absent: Vec<&str> = table.absent().into_iter().collect();
    if !absent.is_empty() {
        let (zh, en) = (absent.join("、"), absent.join(", "));
        lines.push(say!("  表示没有的：{zh}", "  mean that there is nothing: {en}"));
    }
    lines
}

/// The fields by their type.
fn types(table: &Table, draft: &Draft) -> Vec<Bilingual> {
    let mut by: BTreeMap<(usize, String, String), Vec<&str>> = BTreeMap::new();
    for column in table.fields() {
        let other = |at: usize| draft.tables.get(at).map_or("", |table| &table.name);
        let (rank, zh, en) = match &column.kind {
            Kind::Plain(Type::Text) => (9, "文本".to_owned(), "text".to_owned()),
            Kind::Plain(ty) => (1, word(*ty).to_owned(), english(*ty).to_owned()),
            Kind::Enum(values) => {
                let count = values.len();
                (2, format!("{count} 个值之一"), format!("one of {count} values"))
            }
            Kind::Reference(at) => {
                let name = other(*at);
                (0, format!("引用 {name}"), format!("refers to {name}"))
            }
            Kind::List => (3, "多个文本".to_owned(), "list of texts".to_owned()),
            Kind::Ignored => continue,
        };
        by.entry((rank, zh, en)).or_default().push(&column.name);
    }
    let line = |((_, zh, en), names): ((usize, String, String), Vec<&str>)| {
        let (all_zh, all_en) = (names.join("、"), names.join(", "));
        say!("  {zh}：{all_zh}", "  {en}: {all_en}")
    };
    by.into_iter().map(line).collect()
}

/// The English word for a type.
pub fn english(ty: Type) -> &'static str {
    match ty {
        Type::Part(_) => english(ty.whole()),
        Type::Integer => "integer",
        Type::Decimal => "decimal",
        Type::Money => "money",
        Type::Percent => "percent",
        Type::Boolean => "boolean",
        Type::Date => "date",
        Type::Instant => "instant",
        Type::Workdays => "workdays",
        Type::Days => "days",
        Type::Months => "months",
        Type::Hours => "hours",
        Type::Minutes => "minutes",
        Type::Text | Type::Enum(_) | Type::Ref(_) | Type::List(_) => "text",
    }
}
