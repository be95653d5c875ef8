//! Generated rows, some facts missing, and conditions over pairs of them with the truth that each
//! has where something is not known.

use super::Said;
use fanshi::finding::Outcome;
use std::path::Path;

pub const ARTICLES: &[&str] = &["策.甲", "策.乙", "策.丙", "策.丁", "策.戊", "策.己"];

const WORDS: &str = "词汇 词\n枚举 类 { 一、二、三 }\n表 书 {\n  号 : 文本 主键\n  类 : 类\n  \
    名 : 文本\n  数 : 多个 整数\n  起 : 多个 整数\n  止 : 整数\n  价 : 小数\n}\n";

/// `数` and `起` of a row are lists of one number, or of none: their greatest is not known then.
const RULES: &str = "政策 策\n使用 词\n定义 几(书) = 最大(数)\n定义 起点(书) = 最大(起)\n\
    第一条 甲 凡 书，必须 没有(书: 几 = 本行.几 且 号 ≠ 本行.号 且 名 = 本行.名 且 类 = 本行.类)。\n\
    第二条 乙 凡 书，数量(书 当 名 = 本行.名: 本行.几 = 几) 不得 超过 3。\n\
    第三条 丙 凡 书，必须 没有(书: 止 > 本行.起点 且 本行.止 > 起点 且 号 ≠ 本行.号)。\n\
    第四条 丁 凡 书，数量(书: 止 介于 本行.止 至 本行.止 + 40 且 本行.起点 <= 起点) 不得 超过 2。\n\
    第五条 戊 凡 书，合计(书 当 类 = 本行.类 且 起点 <= 本行.起点: 价) 不得 超过 900。\n\
    第六条 己 凡 书，最大(书 当 名 = 本行.名 且 价 < 本行.价: 价) 必须 超过 2。\n";

pub struct Book {
    key: String,
    kind: usize,
    name: usize,
    number: Option<i64>,
    from: Option<i64>,
    to: i64,
    /// In quarters.
    price: i64,
}

/// The same rows every time.
pub fn rows(count: usize) -> Vec<Book> {
    let mut state = 20_151_120_u64;
    let mut below = |limit: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((state >> 33) % limit).unwrap()
    };
    (0..count)
        .map(|at| {
            let from = below(20_000);
            // Where it begins is not known of some, all of one kind and cheap, so that others are
            // not all left open by them.
            let known = from % 50 > 0;
            Book {
                key: format!("书{at}"),
                kind: if known { usize::try_from(below(3)).unwrap() } else { 1 },
                name: usize::try_from(below(60)).unwrap(),
                number: Some(below(9)).filter(|number| *number > 0),
                from: known.then_some(from),
                to: from + below(12),
                price: below(if known { 40 } else { 10 }),
            }
        })
        .collect()
}

pub fn write(root: &Path, rows: &[Book]) {
    let _ = std::fs::remove_dir_all(root);
    std::fs::create_dir_all(root).unwrap();
    let list = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let lines: String = rows
        .iter()
        .map(|row| {
            let kind = ["一", "二", "三"][row.kind];
            format!(
                "{{\"号\":\"{}\",\"类\":\"{kind}\",\"名\":\"名{}\",\"数\":[{}],\"起\":[{}],\"止\":{},\
                    \"价\":{}}}\n",
                row.key,
                row.name,
                list(row.number),
                list(row.from),
                row.to,
                f64::from(i32::try_from(row.price).unwrap()) / 4.0
            )
        })
        .collect();
    std::fs::write(root.join("书.jsonl"), lines).unwrap();
    std::fs::write(root.join("词.fan"), WORDS).unwrap();
    std::fs::write(root.join("策.fan"), RULES).unwrap();
    std::fs::write(
        root.join("fanshi.toml"),
        "[project]\nname = \"书\"\nas_of = 2015-11-20\npolicies = [\"词.fan\", \"策.fan\"]\n\
            [data]\n\"书\" = \"书.jsonl\"\n",
    )
    .unwrap();
}

fn and(parts: &[Option<bool>]) -> Option<bool> {
    if parts.contains(&Some(false)) {
        return Some(false);
    }
    (!parts.contains(&None)).then_some(true)
}

fn same<T: PartialEq>(a: Option<T>, b: Option<T>) -> Option<bool> {
    Some(a? == b?)
}

fn most(a: Option<i64>, b: Option<i64>) -> Option<bool> {
    Some(a? <= b?)
}

/// How many of them are so; none where one may be.
fn counted(rows: &[Book], is: impl Fn(&Book) -> Option<bool>) -> Option<Vec<&Book>> {
    let truths: Option<Vec<bool>> = rows.iter().map(is).collect();
    Some(rows.iter().zip(truths?).filter(|(_, is)| *is).map(|(row, _)| row).collect())
}

/// Whether at most so many of them are so: those that surely are say no, all that may be say yes.
fn at_most(limit: usize, rows: &[Book], is: impl Fn(&Book) -> Option<bool>) -> Option<bool> {
    let truths: Vec<Option<bool>> = rows.iter().map(is).collect();
    let sure = truths.iter().filter(|is| **is == Some(true)).count();
    let possible = truths.iter().filter(|is| **is != Some(false)).count();
    match (sure > limit, possible > limit) {
        (true, _) => Some(false),
        (false, false) => Some(true),
        (false, true) => None,
    }
}

/// What the articles come to, each row held against each.
pub fn plainly(rows: &[Book]) -> Said {
    let mut said = Said::new();
    for own in rows {
        let other = |row: &Book| Some(row.key != own.key);
        let name = |row: &Book| Some(row.name == own.name);
        let none = |is: &dyn Fn(&Book) -> Option<bool>| {
            let truths: Vec<Option<bool>> = rows.iter().map(is).collect();
            if truths.contains(&Some(true)) {
                Some(false)
            } else {
                (!truths.contains(&None)).then_some(true)
            }
        };
        let alone = none(&|row| {
            let kind = Some(row.kind == own.kind);
            and(&[same(row.number, own.number), other(row), name(row), kind])
        });
        let few = at_most(3, rows, |row| and(&[name(row), same(row.number, own.number)]));
        let apart = none(&|row| {
            let before = most(Some(own.to), row.from).map(|not| !not);
            let after = most(Some(row.to), own.from).map(|not| !not);
            and(&[before, after, other(row)])
        });
        let within = at_most(2, rows, |row| {
            let near = (own.to..=own.to + 40).contains(&row.to);
            and(&[Some(near), most(own.from, row.from)])
        });
        let earlier =
            counted(rows, |row| and(&[Some(row.kind == own.kind), most(row.from, own.from)]));
        let cheaper = counted(rows, |row| and(&[name(row), Some(row.price < own.price)]));
        let sum = |found: Vec<&Book>| found.iter().map(|row| row.price).sum::<i64>();
        let outcomes = [
            alone,
            few,
            apart,
            within,
            earlier.map(|found| sum(found) <= 3600),
            cheaper.and_then(|found| found.iter().map(|row| row.price).max()).map(|best| best > 8),
        ];
        for (article, kept) in ARTICLES.iter().zip(outcomes) {
            let outcome = match kept {
                Some(true) => continue,
                Some(false) => Outcome::Violated,
                None => Outcome::Undetermined,
            };
            said.insert(((*article).to_owned(), own.key.clone(), outcome));
        }
    }
    said
}
