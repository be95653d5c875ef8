//! Data in every format and encoding: loaded, or said to be wrong at its place; packed it is read as
//! it is unpacked, and what is said of a row is where the row is.

use super::policy::placed;
use super::{Checked, Reached, codes, judged, loading};
use crate::corpus::{Corpus, data};
use crate::input::Input;
use crate::mutate::mutate;
use fanshi::{At, Run};
use fastrand::Rng;

pub fn make(corpus: &Corpus, random: &mut Rng) -> Input {
    let mut input = loading(corpus, random);
    let files = data(&input);
    if random.u8(0..3) == 0 && !files.is_empty() {
        let name = files[random.usize(..files.len())].clone();
        if let Some(rows) = input.text(&name).and_then(rows) {
            input = other_format(input, &name, &rows, random);
        }
    }
    let files = data(&input);
    mutate(&mut input, corpus, random, |name| files.iter().any(|file| file == name));
    if random.u8(0..4) == 0 && !files.is_empty() {
        let name = &files[random.usize(..files.len())];
        input = packed(&input, name);
        if random.bool() {
            mutate(&mut input, corpus, random, |name| name.ends_with(".gz"));
        }
    }
    input
}

/// The rows of a text with a heading line, or of JSON lines of plain values.
fn rows(text: &str) -> Option<Vec<Vec<String>>> {
    if !text.starts_with('{') {
        let rows: Vec<Vec<String>> =
            text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
        return (!text.starts_with('[') && text.contains(',')).then_some(rows);
    }
    let objects: Vec<serde_json::Map<String, serde_json::Value>> =
        text.lines().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
    let mut names: Vec<String> = objects.iter().flat_map(|row| row.keys().cloned()).collect();
    names.sort();
    names.dedup();
    let cell = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let rows = objects.iter().map(|row| names.iter().map(|name| cell(row.get(name))).collect());
    Some(std::iter::once(names.clone()).chain(rows).collect())
}

/// A file in another format, in the manifest too.
fn other_format(input: Input, name: &str, rows: &[Vec<String>], random: &mut Rng) -> Input {
    let (Some((stem, _)), Some((head, rest))) = (name.rsplit_once('.'), rows.split_first()) else {
        return input;
    };
    let object = |row: &Vec<String>| -> serde_json::Map<String, serde_json::Value> {
        head.iter().cloned().zip(row.iter().map(|cell| cell.clone().into())).collect()
    };
    let objects: Vec<_> = rest.iter().map(object).collect();
    let lines =
        |sign: &str| rows.iter().map(|row| row.join(sign) + "\n").collect::<String>().into_bytes();
    let (ending, bytes) = match random.u8(0..6) {
        0 => ("csv", lines(",")),
        1 => ("tsv", lines("\t")),
        2 => ("json", serde_json::to_vec(&objects).unwrap_or_default()),
        3 => {
            let line =
                |row: &serde_json::Map<_, _>| serde_json::to_string(row).unwrap_or_default() + "\n";
            ("jsonl", objects.iter().map(line).collect::<String>().into_bytes())
        }
        4 => ("xlsx", workbook(rows)),
        _ => {
            let table = stem.to_owned();
            let row = |row: &Vec<String>| {
                let cells = head
                    .iter()
                    .zip(row)
                    .map(|(name, cell)| format!("{} = {}\n", quoted(name), quoted(cell)));
                format!("[[{}]]\n{}", quoted(&table), cells.collect::<String>())
            };
            ("toml", rest.iter().map(row).collect::<String>().into_bytes())
        }
    };
    let other = format!("{stem}.{ending}");
    renamed(input, name, &other, bytes)
}

fn quoted(text: &str) -> String {
    fanshi::prove::quoted(text)
}

pub fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            let _ = match cell.parse::<f64>() {
                Ok(number) if number.is_finite() => sheet.write(row, column, number),
                _ => sheet.write(row, column, &**cell),
            };
        }
    }
    workbook.save_to_buffer().unwrap_or_default()
}

/// A file under another name, with other bytes.
fn renamed(mut input: Input, name: &str, other: &str, bytes: Vec<u8>) -> Input {
    let manifest = input
        .text("fanshi.toml")
        .unwrap_or_default()
        .replace(&format!("\"{name}\""), &format!("\"{other}\""));
    input.files.retain(|(known, _)| known != name);
    input.with("fanshi.toml", manifest).with(other, bytes)
}

/// With a file in a `.gz`.
fn packed(input: &Input, name: &str) -> Input {
    let bytes = input
        .files
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, bytes)| &**bytes)
        .unwrap_or_default();
    renamed(input.clone(), name, &format!("{name}.gz"), crate::mutate::packed(bytes))
}

pub fn run(input: &Input) -> Reached {
    let run = input.run();
    run.summary.diagnostics.iter().try_for_each(placed)?;
    inside(input, &run)?;
    let names: Vec<String> = data(input).into_iter().filter(|name| is_text(name)).collect();
    let manifest = input.text("fanshi.toml").unwrap_or_default();
    let quoted = |text: &str, name: &str| text.matches(&format!("\"{name}\"")).count();
    let of_data = manifest.split_once("[data]").map_or("", |parts| parts.1);
    let listed = |name: &&String| quoted(manifest, name) == 1 && quoted(of_data, name) == 1;
    // What is clearly no text is told apart by its first bytes, which are others when it is packed.
    let is_plain = |name: &&String| {
        let bytes = input.files.iter().find(|(known, _)| known == *name).map(|(_, bytes)| bytes);
        let marks = [&b"PK"[..], b"\xd0\xcf", b"\x1f\x8b"];
        !name.contains(['[', '*', '?'])
            && bytes.is_some_and(|bytes| !marks.iter().any(|mark| bytes.starts_with(mark)))
    };
    for name in names.iter().filter(listed).filter(is_plain).take(1) {
        let again = packed(input, name).run();
        if codes(&run) != codes(&again) || run.summary.articles != again.summary.articles {
            return Err(format!(
                "packed, a file is read as another, `{name}`: {:?} {:?}\n{:?}\n{:?}",
                codes(&run),
                codes(&again),
                run.summary.articles,
                again.summary.articles
            ));
        }
    }
    Ok(judged(&run))
}

/// Those that a project may list packed.
fn is_text(name: &str) -> bool {
    ["csv", "tsv", "json", "jsonl"].iter().any(|end| name.ends_with(&format!(".{end}")))
}

/// Every value that a finding points at is where it says.
fn inside(input: &Input, run: &Run) -> Checked {
    for finding in run.findings().take(50) {
        for evidence in &finding.evidence {
            let place = &evidence.place;
            if place.excerpt.text.get(place.excerpt.mark.clone()).is_none() {
                return Err(format!("a mark outside of its excerpt, in evidence: {evidence:?}"));
            }
            let file = input.files.iter().find(|(name, _)| **name == *place.file);
            if let (At::Text { end, .. }, Some((name, bytes))) = (&place.at, file)
                && !name.ends_with(".gz")
                && *end > bytes.len() as u64
            {
                return Err(format!("evidence beyond the end of its file: {place:?}"));
            }
        }
    }
    Ok(())
}
