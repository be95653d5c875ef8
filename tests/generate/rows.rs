//! Random rows: some facts missing, some unreadable.

use super::{FieldType, Random, Schema, Ty};
use serde_json::{Map, Value as Json, json};

pub const TEXTS: &[&str] = &["a", "ab", "ba", "Ａ１ b", "法律", "法"];
pub const DATES: &[&str] = &[
    "2015-09-28",
    "2015-09-30",
    "2015-10-03",
    "2015-10-10",
    "2015-10-12",
    "2015-11-20",
    "2016-01-01",
];
pub const KEYS: &[&str] = &["一", "二", "三", "四"];

/// The rows of every table.
pub fn rows(random: &mut Random, schema: &Schema) -> Vec<(String, Vec<Json>)> {
    let tables = (0..schema.frames.len()).filter(|frame| schema.frames[*frame].parent.is_none());
    let counts = [4 + random.below(5), 1 + random.below(4), 1, 0];
    tables
        .zip(counts)
        .map(|(table, count)| {
            let name = schema.frames[table].name.clone();
            if table == super::schema::CALENDAR {
                let days = [("2015-10-01", true), ("2015-10-02", true), ("2015-10-10", false)];
                return (name, days.map(|(day, off)| json!({"某日": day, "放假": off})).to_vec());
            }
            (
                name,
                (0..count)
                    .map(|index| Json::Object(row(random, schema, table, Some(index))))
                    .collect(),
            )
        })
        .collect()
}

fn row(
    random: &mut Random,
    schema: &Schema,
    frame: usize,
    index: Option<usize>,
) -> Map<String, Json> {
    let mut row = Map::new();
    for field in &schema.frames[frame].fields {
        if field.key {
            let key = |index: usize| {
                KEYS.get(index).map_or_else(|| format!("行{index}"), |key| (*key).to_owned())
            };
            row.insert(field.name.clone(), index.map_or(Json::Null, |index| json!(key(index))));
            continue;
        }
        let missing = if field.optional || field.default { 40 } else { 4 };
        if !random.chance(missing) {
            let value = value(random, schema, field.ty);
            row.insert(field.name.clone(), value);
        }
    }
    row
}

fn value(random: &mut Random, schema: &Schema, ty: FieldType) -> Json {
    match ty {
        _ if random.chance(4) => json!({"坏": 1}),
        FieldType::List(list) => {
            let count = random.below(4);
            let plain = schema.frames[list].plain.then(|| schema.frames[list].fields[0].ty);
            let element = |_| match plain {
                Some(ty) => value(random, schema, ty),
                None => Json::Object(row(random, schema, list, None)),
            };
            (0..count).map(element).collect()
        }
        FieldType::Plain(ty) => plain(random, schema, ty),
    }
}

fn plain(random: &mut Random, schema: &Schema, ty: Ty) -> Json {
    let number = random.below(6);
    match ty {
        Ty::Text => json!(random.word(TEXTS)),
        Ty::Integer => json!(i64::try_from(number).unwrap_or(0) - 1),
        Ty::Decimal => serde_json::from_str(random.word(&["0.5", "1.25", "2", "-0.5", "0"]))
            .unwrap_or(Json::Null),
        Ty::Money | Ty::Workdays | Ty::Days | Ty::Months => json!(number),
        Ty::Percent => json!(random.word(&["0%", "50%", "12.5%", "100%"])),
        Ty::Boolean => json!(random.chance(50)),
        Ty::Date => json!(random.word(DATES)),
        Ty::Enum(index) => json!(random.pick(&schema.enums[index].values)),
        Ty::Ref(_) => {
            let known = if random.chance(85) { 2 } else { 4 };
            json!(KEYS[random.below(known)])
        }
    }
}
