//! The units that lines beside a table state: `单位：万元`, `Unit: 10,000 yuan`, `注：金额为万元`.

use super::mention;
use super::names::fold;
use super::unit::Unit;

/// What a line speaks of that states a unit of money without the word for a unit.
const MONEY: [&str; 14] = [
    "数额", "单位", "币种", "币别", "货币", "价", "款", "费", "金", "投资", "收入", "支出", "数字",
    "数据",
];

/// What stands between that and the unit.
const JOINTS: [char; 9] = ['为', '是', '：', ':', '以', '按', '用', ' ', '（'];

/// As many words of English are one unit.
const PIECES: usize = 6;

/// The units a text above a table states: `单位：万元`, `书价表（单位：万元、件）`, `以万元为单位`, a cell
/// that holds `（万元）` alone, `书价为万元`, `Unit: 10,000 yuan`. A word behind `单位：` that is no unit, as
/// that of `填报单位：`, is none; a word behind `Unit:` that may be so many yuan is an unclear one.
#[must_use]
pub fn stated(text: &str) -> Vec<(Unit, &str)> {
    let mut units = by_count(text);
    for (at, word) in text.match_indices("单位") {
        let before = text.get(..at).and_then(|before| before.strip_suffix('为'));
        if let Some((_, named)) = before.and_then(|before| before.rsplit_once('以')) {
            units.extend(Unit::named(named).map(|unit| (unit, named)));
        }
        let rest = text.get(at + word.len()..).unwrap_or("");
        units.extend(behind(rest.trim_start_matches(['：', ':', '为', '是', ' '])));
    }
    let lower = text.to_ascii_lowercase();
    for (at, word) in lower.match_indices("unit") {
        let is_word = !lower.get(..at).is_some_and(|it| it.ends_with(char::is_alphanumeric));
        let rest = text.get(at + word.len()..).unwrap_or("");
        let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest);
        if is_word && !rest.starts_with(char::is_alphanumeric) {
            units.extend(in_english(rest.trim_start_matches(['：', ':', ' ', '\u{3000}'])));
        }
    }
    if units.is_empty() {
        units = of_money(text);
    }
    if units.is_empty() {
        units = spoken_of(&lower, text);
    }
    units
}

/// `以万元计`.
fn by_count(text: &str) -> Vec<(Unit, &str)> {
    let words = text.match_indices('以').filter_map(|(at, _)| text.get(at + '以'.len_utf8()..));
    let words = words.filter_map(|rest| Some(rest.split_once('计')?.0));
    let units = words.filter_map(|word| Some((Unit::named(word)?, word)));
    units.filter(|(unit, _)| unit.is_money()).collect()
}

/// The units behind `单位：`.
fn behind(rest: &str) -> Vec<(Unit, &str)> {
    let mut depth = 0;
    let is_end = |letter: char| {
        depth += match letter {
            '(' | '（' => 1,
            ')' | '）' => -1,
            _ => 0,
        };
        depth < 0 || [' ', '\u{3000}', '\t', '\n', ']', '】', '。'].contains(&letter)
    };
    // `人民币 万元` is one word.
    let after = ["人民币", "RMB", "rmb"].iter().find_map(|name| rest.strip_prefix(name));
    let after = after.filter(|after| after.starts_with([' ', '\u{3000}', '\t']));
    let rest = after.map_or(rest, str::trim_start);
    let named = rest.split(is_end).next().unwrap_or(rest);
    // More may stand behind it: `人民币（万元）（含税）`.
    let stated = |piece: &'_ str| {
        Unit::named(piece).or_else(|| {
            Unit::named(piece.trim_end().strip_suffix(['）', ')'])?.rsplit_once(['（', '('])?.0)
        })
    };
    let pieces = named.split(['，', ',', '、', '；', ';']);
    let units: Vec<(Unit, &str)> =
        pieces.filter_map(|piece| Some((stated(piece)?, piece.trim()))).collect();
    if units.is_empty() && named.starts_with(|c: char| c.is_ascii_digit()) {
        return in_english(rest);
    }
    units
}

/// The units behind `Unit:`, `10,000 yuan` or `yuan, workdays`; where none is known and so many yuan
/// may be meant, an unclear one.
fn in_english(rest: &str) -> Vec<(Unit, &str)> {
    let end = rest.find([';', '；', '。', '\n', '\t', '|']).unwrap_or(rest.len());
    let rest = rest.get(..end).unwrap_or(rest);
    if let Some(found) = longest(rest, 10) {
        return vec![found];
    }
    let pieces = rest.split([',', '，', '、', ' ', ')', '）', ']']);
    let units: Vec<(Unit, &str)> =
        pieces.filter_map(|piece| Some((Unit::named(piece.trim())?, piece.trim()))).collect();
    let is_clear = units.iter().any(|(unit, _)| !unit.is_money());
    match mention::of_money(rest).filter(|_| !is_clear) {
        Some(_) => vec![(Unit::unclear(), rest.trim())],
        None => units,
    }
}

/// The longest words that a text begins with that are so many yuan.
fn longest(text: &str, least: i128) -> Option<(Unit, &str)> {
    let mut ends: Vec<usize> =
        text.match_indices([' ', ')', '）', ']']).map(|(at, _)| at).take(PIECES).collect();
    ends.push(text.len());
    let words = ends.into_iter().rev().filter_map(|end| text.get(..end));
    let mut words = words.map(|word| word.trim_matches([' ', '(', '（', ',', '.']));
    let is_one = |word: &str| !word.is_empty() && Unit::named(word).is_none();
    words.find_map(|word| Some((Unit::spelt(word, least).filter(|_| is_one(word))?, word)))
}

/// `注：金额为万元`, `（书价：万元）`: so many yuan, in a line that says of what.
fn of_money(text: &str) -> Vec<(Unit, &str)> {
    let mut units = Vec::new();
    for (at, yuan) in text.match_indices(['元', '圆']) {
        let head = text.get(..at).unwrap_or("");
        let bare = head.trim_end_matches(mention::is_factor);
        let start = bare.strip_suffix("人民币").unwrap_or(bare);
        let word = text.get(start.len()..at + yuan.len()).unwrap_or("");
        let behind = text.get(at + yuan.len()..).unwrap_or("");
        let clause = start.rsplit(['。', '；', ';', '，', ',', '\n']).next().unwrap_or(start);
        let says = MONEY.iter().any(|word| clause.contains(word));
        let ends = behind.trim_start_matches(['计', '为', '单', '位']);
        let is_end = ends.is_empty()
            || ends
                .starts_with([' ', '。', '；', ';', '，', ',', '）', ')', '、', '\n', ']', '】']);
        if bare.len() < head.len() && start.ends_with(JOINTS) && says && is_end {
            units.extend(Unit::named(word).map(|unit| (unit, word)));
        }
    }
    units
}

/// `Amounts in RMB 10,000`, `Currency: RMB million`.
fn spoken_of<'t>(lower: &str, text: &'t str) -> Vec<(Unit, &'t str)> {
    const WORDS: [&str; 5] = ["amount", "currency", "figures", "expressed", "price"];
    if !WORDS.iter().any(|word| lower.contains(word)) {
        return Vec::new();
    }
    let places = [" in ", ": "].into_iter().flat_map(|joint| {
        lower.match_indices(joint).map(|(at, joint)| at + joint.len()).collect::<Vec<_>>()
    });
    places.filter_map(|at| longest(text.get(at..)?, 1000)).collect()
}

/// The units of money that stand alone in brackets: `书价表（万元）`, `(RMB 10,000)`.
#[must_use]
pub fn in_brackets(text: &str) -> Vec<(Unit, &str)> {
    let pieces = text.split(['(', '（', '【', '[']).skip(1);
    let held = pieces.filter_map(|piece| Some(piece.split_once([')', '）', '】', ']'])?.0.trim()));
    let units = held.filter_map(|word| Some((Unit::spelt(word, 1000)?, word)));
    units.filter(|(unit, _)| unit.is_money() && unit.is_known()).collect()
}

/// The unit of money that is all a cell above a table holds: `（万元）`, `金额：万元`.
#[must_use]
pub fn alone(text: &str) -> Option<(Unit, &str)> {
    let word = text.trim().trim_matches(['(', ')', '（', '）', '[', ']', '【', '】']);
    let word = word.strip_prefix("金额").map_or(word, |rest| rest.trim_start_matches(['：', ':']));
    let unit =
        Unit::spelt(word, 1000).filter(|unit| unit.is_money() && unit.currency().is_none())?;
    let lower = fold(word).to_lowercase();
    let is_written = word.ends_with(['元', '圆']) || Unit::named(word).is_none();
    (is_written && !lower.is_empty()).then_some((unit, word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Type;
    use crate::value::Ratio;

    fn words(line: &str) -> Vec<&str> {
        stated(line).into_iter().map(|(_, word)| word).collect()
    }

    #[test]
    fn lines_state_units() {
        let ten_thousand = Some(Ratio::from_integer(10_000));
        for line in [
            "单位：万元",
            "书价表（单位：万元）",
            "填报单位：民政局  单位:万元",
            "（金额单位：万元、件）",
            "以万元为单位",
            "单位：人民币（万元）（含税）",
            "注：金额为万元",
            "（金额：万元）",
            "说明：1.表中金额均以万元计。",
            "注：各项费用的数额为人民币万元，不含税",
            "Unit: 10,000 yuan",
            "Unit: RMB 10,000",
            "unit: ten thousand yuan",
            "Units: RMB 10,000; workdays",
            "(Unit: 10,000 yuan)",
            "单位：10000元",
            "Amounts in RMB 10,000",
            "Currency: 10,000 yuan",
        ] {
            let scales: Vec<_> = stated(line)
                .into_iter()
                .filter(|(unit, _)| unit.is_money())
                .map(|(unit, _)| unit.of(Type::Money).map(|measure| measure.scale))
                .collect();
            assert_eq!(scales, [ten_thousand], "{line}: {:?}", words(line));
        }
        for line in [
            "填报单位：民政局",
            "单位：件",
            "注：投资5万元以上的项目",
            "亿元企业名录",
            "注：收费标准见附件",
            "5000万元以上项目一览表",
            "United Nations, 10,000 yuan",
            "Community projects above 10,000 yuan",
        ] {
            assert_eq!(words(line), Vec::<&str>::new(), "{line}");
        }
        // What may be so many yuan and is not known is not passed over.
        for line in ["Unit: RMB 5 million", "Unit: 20 million yuan"] {
            let found = stated(line);
            assert!(found.iter().all(|(unit, _)| unit.of(Type::Money).is_none()), "{line}");
            assert_eq!(found.len(), 1, "{line}");
        }
        assert_eq!(words("Unit: yuan"), ["yuan"]);
    }
}
