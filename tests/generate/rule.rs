//! Definitions, decisions and articles.

use super::value::{DEPTH, Scope, Writer};
use super::{Item, Part, Random, Schema, Term, Ty, write};

/// A policy's declarations. Definitions are noted in the schema, so that later ones may use them.
pub fn items(random: &mut Random, schema: &mut Schema) -> Vec<Item> {
    let mut items = Vec::new();
    let frames: Vec<usize> = (0..schema.frames.len())
        .filter(|frame| !schema.frames[*frame].plain && *frame != super::schema::CALENDAR)
        .collect();
    for index in 0..2 + random.below(4) {
        let frame = random.pick(&frames).copied().unwrap_or(0);
        let ty = if random.chance(65) {
            Ty::Boolean
        } else {
            [Ty::Integer, Ty::Text, Ty::Workdays, Ty::Date][random.below(4)]
        };
        let path = path_of(schema, frame);
        let mut writer = Writer { random, schema };
        let scope = writer.scope(frame);
        let Some(body) = writer.value(&scope, ty, DEPTH, false) else { continue };
        let name = format!("义{index}");
        items.push(Item {
            lines: vec![vec![format!("定义 {name}({path}) = ").into(), body.into()]],
            needed: 1,
        });
        schema.frames[frame].definitions.push((name, ty));
    }
    items.push(decision(random, schema));
    let mut subjects: Vec<Vec<usize>> = Vec::new();
    for number in 1..=6 + random.below(5) {
        let (item, about) = article(random, schema, &frames, &subjects, number);
        subjects.push(about);
        items.push(item);
    }
    items
}

fn path_of(schema: &Schema, frame: usize) -> String {
    schema
        .chain(frame)
        .iter()
        .map(|frame| schema.frames[*frame].name.clone())
        .collect::<Vec<_>>()
        .join(".")
}

fn decision(random: &mut Random, schema: &Schema) -> Item {
    let mut values = schema.enums[0].values.clone();
    let mut lines: Vec<Vec<Part>> = vec![vec!["裁定 甲.意见".into()]];
    if random.chance(70) {
        let turn = random.below(values.len());
        values.rotate_left(turn);
        lines[0].push(format!(" 次序 {}", values.join(" > ")).into());
    }
    if random.chance(70) {
        let value = random.pick(&values).cloned().unwrap_or_default();
        let value = if random.chance(15) { "照报".into() } else { value };
        lines[0].push(format!(" 否则 {value}").into());
    }
    Item { lines, needed: 1 }
}

fn article(
    random: &mut Random,
    schema: &Schema,
    frames: &[usize],
    before: &[Vec<usize>],
    number: usize,
) -> (Item, Vec<usize>) {
    let mut writer = Writer { random, schema };
    let frame =
        if writer.random.chance(45) { 0 } else { writer.random.pick(frames).copied().unwrap_or(0) };
    let mut lines: Vec<Vec<Part>> = vec![vec![format!("第{number}条 条{number}").into()]];
    let sentences = if writer.random.chance(20) { 2 } else { 1 };
    for _ in 0..sentences {
        lines.push(sentence(&mut writer, frame));
    }
    let scope = writer.scope(frame);
    for _ in 0..[0, 0, 1, 1, 2][writer.random.below(5)] {
        lines.push(vec!["  除非 ".into(), writer.condition(&scope, DEPTH - 1).into()]);
    }
    let chain = schema.chain(frame);
    let lower = |about: &Vec<usize>| {
        about.iter().all(|other| *other == frame || schema.chain(*other).contains(&frame))
    };
    let named: Vec<String> = (1..)
        .zip(before)
        .filter(|(_, about)| lower(about))
        .map(|(number, _)| format!("第{number}条"))
        .collect();
    if let (Some(other), true) = (writer.random.pick(&named).cloned(), writer.random.chance(35)) {
        lines.push(vec![format!("  优先于 {other}").into()]);
    }
    if writer.random.chance(8) {
        let period = writer.random.word(&[
            "2016-01-01",
            "2010-01-01",
            "2010-01-01 至 2015-11-20",
            "2010-01-01 至 2015-11-19",
            "2015-11-20",
        ]);
        lines.push(vec![format!("  施行 {period}").into()]);
    }
    let about = vec![chain[chain.len() - 1]];
    (Item { lines, needed: 2 }, about)
}

/// `凡 CONDITION 的 SUBJECT，CLAUSE。`
fn sentence(writer: &mut Writer<'_>, frame: usize) -> Vec<Part> {
    let mut scope = writer.scope(frame);
    let mut parts: Vec<Part> = vec!["  凡 ".into()];
    if writer.random.chance(75) {
        let condition = stated(writer, &mut scope);
        parts.extend([condition.into(), " 的 ".into()]);
    }
    let conditions: Vec<String> = writer.schema.frames[frame]
        .definitions
        .iter()
        .filter(|(_, ty)| *ty == Ty::Boolean)
        .map(|found| found.0.clone())
        .collect();
    let subject = match writer.random.pick(&conditions) {
        Some(name) if writer.random.chance(25) => name.clone(),
        _ => path_of(writer.schema, frame),
    };
    parts.push(subject.into());
    if let (Some(other), true) =
        (writer.random.pick(&conditions).cloned(), writer.random.chance(12))
    {
        let word = writer.random.word(&["、", " 或 ", " 和 "]);
        parts.push(format!("{word}{other}").into());
    }
    parts.push("，".into());
    parts.extend(clause(writer, &scope, frame));
    parts.push("。".into());
    parts
}

/// A condition before the subject; what it shows to be there may be read in the clause.
fn stated(writer: &mut Writer<'_>, scope: &mut Scope) -> Term {
    let before = scope.clone();
    match writer.guard(scope) {
        Some((path, inner)) if writer.random.chance(40) => {
            *scope = inner;
            let mut parts: Vec<Part> = vec![format!("有 {}", path.text).into()];
            if writer.random.chance(60) {
                let word = writer.random.word(&[" 且 ", "，"]);
                parts.extend([word.into(), writer.condition(scope, DEPTH - 1).into()]);
            }
            Term::new(Ty::Boolean, parts)
        }
        _ => writer.condition(&before, DEPTH - 1),
    }
}

fn clause(writer: &mut Writer<'_>, scope: &Scope, frame: usize) -> Vec<Part> {
    if frame == 0 && writer.random.chance(55) {
        let value = writer.random.pick(&writer.schema.enums[0].values).cloned().unwrap_or_default();
        return vec![format!("一律 {value}").into()];
    }
    let modal = writer.random.word(&["必须", "应当", "不得", "宜", "不宜"]);
    match writer.random.below(10) {
        0 => vec!["提请 “请看”".into()],
        1..=4 => match writer.sides(scope, DEPTH - 1) {
            Some((left, sign, right)) if !write(&right).is_empty() => {
                let mut parts: Vec<Part> = vec![left.into(), format!(" {modal} {sign} ").into()];
                parts.extend(right);
                parts
            }
            _ => vec![format!("{modal} ").into(), writer.condition(scope, DEPTH - 1).into()],
        },
        _ => vec![format!("{modal} ").into(), writer.condition(scope, DEPTH - 1).into()],
    }
}
