//! Changes to bytes, words, lines and cells.

use crate::corpus::{Corpus, tokens};
use crate::input::Input;
use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Read, Write};

/// What a cell may hold that a reader, a calculation or a report may stumble over.
pub const CELLS: [&str; 64] = [
    "",
    " ",
    "0",
    "-0",
    "1",
    "-1",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1e400",
    "1e-400",
    "0.1",
    ".5",
    "5.",
    "1_000",
    "1,000",
    "１２",
    "一",
    "十万",
    "½",
    "NaN",
    "inf",
    "0x10",
    "007",
    "100%",
    "1%%",
    "2015-11-20",
    "2015-02-30",
    "9999-12-31",
    "0001-01-01",
    "-2015-01-01",
    "2015/1/2",
    "2015年1月2日",
    "20151120",
    "2015-11-20T25:00",
    "2015-11-20 10:00+08:00",
    "24:00",
    "5 工作日",
    "5个月",
    "-5 日",
    "3 天",
    "是",
    "否",
    "true",
    "FALSE",
    "null",
    "none",
    "无",
    "\u{feff}",
    "\u{202e}x",
    "a\u{200b}b",
    "\u{1b}[2J",
    "\0",
    "=1+1",
    "@x",
    "<b>&amp;",
    "]]>",
    "\"",
    "'",
    "、",
    ";",
    "\u{fffd}",
    "😀",
    "长长长长长长长长长长长长长长长长长长长长",
];

/// Bytes that formats give a meaning.
const SIGNS: &[u8] = b"\"'\\,;\t\n\r{}[]():=#<>&\0\x1b\x7f\xff\xef\xbb\xbf0-.eE ";

/// Changes a few things in the files whose names fit.
pub fn mutate(input: &mut Input, corpus: &Corpus, random: &mut Rng, fits: impl Fn(&str) -> bool) {
    let fitting: Vec<usize> =
        (0..input.files.len()).filter(|at| fits(&input.files[*at].0)).collect();
    if fitting.is_empty() {
        return;
    }
    for _ in 0..1 + random.usize(0..4).min(random.usize(0..4)) {
        let at = fitting[random.usize(..fitting.len())];
        let (name, bytes) = &input.files[at];
        let changed = match name.rsplit('.').next() {
            Some("xlsx" | "ods") => archive(bytes, random),
            Some("fan") => text(bytes, corpus, random),
            Some("gz") => self::bytes(bytes, random),
            _ => data(bytes, corpus, random),
        };
        input.files[at].1 = changed;
    }
}

/// Mostly what still parses: values, names and lines of the text itself in other places.
fn text(bytes: &[u8], corpus: &Corpus, random: &mut Rng) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return self::bytes(bytes, random) };
    match random.u8(0..20) {
        0 => self::bytes(bytes, random),
        1 | 2 => lines(text, &corpus.policies[random.usize(..corpus.policies.len())], random),
        3..6 => lines(text, text, random),
        6..8 => words(text, corpus, random),
        _ => alike(text, random),
    }
}

/// A number, a name or a word in the place of another one that may stand there as well.
fn alike(text: &str, random: &mut Rng) -> Vec<u8> {
    let mut all: Vec<&str> = tokens(text);
    let is_digit = |token: &str| token.starts_with(|letter: char| letter.is_ascii_digit());
    // What stands before a `:` is a field's name, or a policy's word that is no worse.
    let mut named: Vec<&str> = Vec::new();
    let mut last = "";
    for token in all.iter().filter(|token| !token.trim().is_empty()) {
        if matches!(*token, ":" | "：") && last.starts_with(char::is_alphabetic) {
            named.push(last);
        }
        last = token;
    }
    for _ in 0..TRIES {
        let at = random.usize(..all.len());
        let class = CLASSES.iter().find(|class| class.contains(&all[at]));
        let other = match class {
            Some(class) => class[random.usize(..class.len())],
            None if is_digit(all[at]) && random.bool() => NUMBERS[random.usize(..NUMBERS.len())],
            None if is_digit(all[at]) => all[random.usize(..all.len())],
            None if named.contains(&all[at]) => named[random.usize(..named.len())],
            None => continue,
        };
        if is_digit(all[at]) == is_digit(other) && other != all[at] {
            all[at] = other;
            break;
        }
    }
    all.concat().into_bytes()
}

/// How many words are looked at for one that can be another.
const TRIES: usize = 24;

/// Words that may stand where the others stand.
const CLASSES: [&[&str]; 15] = [
    &["且", "或"],
    &["and", "or"],
    &["存在", "每个", "没有"],
    &["any", "every", "none"],
    &["合计", "最大", "最小"],
    &["sum", "max", "min"],
    &["必须", "应当", "不得", "宜", "不宜"],
    &["must", "shall", "should"],
    &["超过", "少于", "不超过", "不少于", "早于", "晚于", "为", "不为"],
    &["<", ">", "=", "≤", "≥", "≠"],
    &["+", "-", "*", "/"],
    &["属于", "不属于", "包含", "开头为", "结尾为"],
    &["有", "无", "非"],
    &["文本", "整数", "小数", "金额", "百分比", "日期", "时刻", "工作日", "日", "月", "是否"],
    &["text", "integer", "decimal", "money", "percent", "date", "workdays", "days", "boolean"],
];

/// Numbers at which something may change.
const NUMBERS: [&str; 10] =
    ["0", "1", "2", "12", "29", "31", "100", "2015", "9223372036854775807", "99999999999999999999"];

fn data(bytes: &[u8], corpus: &Corpus, random: &mut Rng) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return self::bytes(bytes, random) };
    match random.u8(0..20) {
        0..5 => self::bytes(bytes, random),
        5..9 => lines(text, text, random),
        9..10 => encoded(text, random),
        10..12 => words(text, corpus, random),
        _ => cell(text, random),
    }
}

/// Another word, or one more, or one less.
fn words(text: &str, corpus: &Corpus, random: &mut Rng) -> Vec<u8> {
    let mut all: Vec<&str> = tokens(text);
    let at = random.usize(..all.len());
    let own = all[random.usize(..all.len())];
    let other = if random.bool() { own } else { &corpus.words[random.usize(..corpus.words.len())] };
    match random.u8(0..5) {
        0 => drop(all.remove(at)),
        1 => all.insert(at, other),
        2 => {
            let with = random.usize(..all.len());
            all.swap(at, with);
        }
        _ => all[at] = other,
    }
    all.concat().into_bytes()
}

/// A line less, twice, elsewhere, or one of another text.
fn lines(text: &str, other: &str, random: &mut Rng) -> Vec<u8> {
    let mut all: Vec<&str> = text.split_inclusive('\n').collect();
    if all.is_empty() {
        return other.as_bytes().to_vec();
    }
    let at = random.usize(..all.len());
    match random.u8(0..4) {
        0 => drop(all.remove(at)),
        1 => all.insert(at, all[random.usize(..all.len())]),
        2 => {
            let with = random.usize(..all.len());
            all.swap(at, with);
        }
        _ => {
            let others: Vec<&str> = other.split_inclusive('\n').collect();
            let from = random.usize(..others.len().max(1));
            let few = others.iter().skip(from).take(1 + random.usize(0..3)).copied();
            all.splice(at..at, few);
        }
    }
    all.concat().into_bytes()
}

/// Another value between the signs that separate cells.
pub fn cell(text: &str, random: &mut Rng) -> Vec<u8> {
    let separates = |letter: char| {
        matches!(letter, ',' | '\n' | '\t' | '"' | ':' | '=' | '[' | ']' | '{' | '}' | '<' | '>')
    };
    let mut ends: Vec<usize> =
        text.char_indices().filter(|(_, letter)| separates(*letter)).map(|(at, _)| at).collect();
    ends.push(text.len());
    let at = random.usize(..ends.len());
    let from = if at == 0 { 0 } else { ends[at - 1] + 1 };
    let value = if random.u8(0..4) == 0 {
        let other = random.usize(..ends.len());
        &text[if other == 0 { 0 } else { ends[other - 1] + 1 }..ends[other]]
    } else {
        CELLS[random.usize(..CELLS.len())]
    };
    format!("{}{value}{}", &text[..from.min(ends[at])], &text[ends[at]..]).into_bytes()
}

/// The same text in another encoding.
pub fn encoded(text: &str, random: &mut Rng) -> Vec<u8> {
    let wide = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    match random.u8(0..6) {
        0 => [&b"\xff\xfe"[..], &wide(u16::to_le_bytes)].concat(),
        1 => [&b"\xfe\xff"[..], &wide(u16::to_be_bytes)].concat(),
        2 => [&b"\xef\xbb\xbf"[..], text.as_bytes()].concat(),
        3 => text.replace('\n', "\r").into_bytes(),
        4 => text.replace('\n', "\r\n").into_bytes(),
        _ => encoding_rs::GB18030.encode(text).0.into_owned(),
    }
}

/// Some bytes otherwise.
pub fn bytes(bytes: &[u8], random: &mut Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = random.usize(..=bytes.len());
    let end = (at + 1 + random.usize(0..8).min(random.usize(0..8))).min(bytes.len());
    let sign = if random.bool() { SIGNS[random.usize(..SIGNS.len())] } else { random.u8(..) };
    match random.u8(0..6) {
        0 => drop(bytes.drain(at..end)),
        1 => bytes.insert(at, sign),
        2 => {
            let piece = bytes[at..end].to_vec();
            let many = 1 << random.usize(0..8);
            bytes.splice(at..at, piece.repeat(many));
        }
        3 => bytes.truncate(at),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = sign;
            }
        }
    }
    bytes
}

/// A workbook with a part changed, and packed again; now and then the packed bytes themselves.
pub fn archive(packed: &[u8], random: &mut Rng) -> Vec<u8> {
    let parts = if random.u8(0..6) == 0 { None } else { unpacked(packed) };
    let Some(mut parts) = parts.filter(|parts| !parts.is_empty()) else {
        return bytes(packed, random);
    };
    let sheets: Vec<usize> = (0..parts.len())
        .filter(|at| {
            parts[*at].0.contains("sheet")
                || parts[*at].0.contains("haredStrings")
                || parts[*at].0 == "content.xml"
        })
        .collect();
    let at = if sheets.is_empty() || random.u8(0..4) == 0 {
        random.usize(..parts.len())
    } else {
        sheets[random.usize(..sheets.len())]
    };
    parts[at].1 = match std::str::from_utf8(&parts[at].1) {
        Ok(text) if random.bool() => cell(text, random),
        _ => bytes(&parts[at].1, random),
    };
    if random.u8(0..12) == 0 {
        parts.remove(at);
    }
    repacked(&parts).unwrap_or_else(|| packed.to_vec())
}

/// In a `.gz`.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    let done = packed.write_all(bytes).and_then(|()| packed.finish());
    done.unwrap_or_default()
}

type Parts = Vec<(String, Vec<u8>)>;

fn unpacked(packed: &[u8]) -> Option<Parts> {
    let mut archive = zip::ZipArchive::new(Cursor::new(packed)).ok()?;
    let count = archive.len();
    let part = |at| {
        let file = archive.by_index(at).ok()?;
        let (name, mut bytes) = (file.name().ok()?.into_owned(), Vec::new());
        file.take(1 << 20).read_to_end(&mut bytes).ok()?;
        Some((name, bytes))
    };
    (0..count).map(part).collect()
}

fn repacked(parts: &Parts) -> Option<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(&**name, zip::write::SimpleFileOptions::default()).ok()?;
        archive.write_all(bytes).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}
