//! Remedies for words and units that stand beside or instead of values.

use super::super::fault::{At, Fault, StatedBy};
use super::super::mention;
use super::super::unit::{self, Unit};
use super::together::type_of;
use super::value::{shape, shape_help};
use super::{Said, field_name, frame_name};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Schema, Type};

/// A unit that does not fit a field's type.
pub fn stated_unit(
    schema: &Schema,
    at: At,
    (unit, by): (&str, StatedBy),
    several: &[String],
) -> Said {
    let (zh, en) = field_name(schema, at);
    let (want, _) = shape(schema, at);
    let (want_zh, want_en) = (want.zh, want.en);
    let (by_zh, by_en) = match by {
        StatedBy::Heading | StatedBy::Name => ("标题", "the heading"),
        StatedBy::Line => ("表外的说明", "a line above or below the table"),
        StatedBy::Beside => ("各行之外", "a key beside the rows"),
        StatedBy::Manifest => ("`fanshi.toml` ", "`fanshi.toml`"),
    };
    let is_money = type_of(schema, at) == Some(Type::Money);
    if by == StatedBy::Beside {
        return (
            say!(
                "{by_zh}写的单位是 `{unit}`，金额却按元读",
                "{by_en} states the unit `{unit}`, but amounts are read as yuan"
            ),
            say!(
                "在 `fanshi.toml` 的这个文件处写明是哪一个：`unit = \"{unit}\"`，或 `unit = \"元\"`",
                "say which it is for this file in `fanshi.toml`: `unit = \"{unit}\"`, or `unit = \
                    \"yuan\"`"
            ),
        );
    }
    if let (StatedBy::Name, [heading]) = (by, several) {
        return (
            say!(
                "标题中有 `{unit}`，看不出数是不是以它计；`{zh}` 这一列没有读入",
                "the heading has `{unit}`: whether numbers are in it is not clear; the column of \
                    `{en}` is not read"
            ),
            say!(
                "在 `fanshi.toml` 的这个文件处写明：`units = {{ \"{heading}\" = \"万元\" }}`，以元计的写 `\"元\"`",
                "say for this file in `fanshi.toml` what they are in: `units = {{ \"{heading}\" = \
                    \"万元\" }}`, `\"yuan\"` where they are in yuan"
            ),
        );
    }
    let message = if several.is_empty() && is_money && is_of_money(unit) {
        let is_price = Unit::named(unit).is_some_and(|unit| unit.is_price());
        let (why_zh, why_en) = match by {
            _ if is_price => ("是单价，不是金额", "is a price for each, not an amount"),
            _ if unit::is_currency(unit) => ("不是元", "is not the yuan"),
            StatedBy::Heading if unit::is_other(unit, Type::Money) && !is_part(unit) => (
                "写在名称前面，看不出数是不是以它计",
                "stands before the name: whether numbers are in it is not clear",
            ),
            _ => ("不能折算成元", "is not converted to yuan"),
        };
        say!(
            "{by_zh}写的单位是 `{unit}`，{why_zh}；`{zh}` 这一列没有读入",
            "{by_en} states the unit `{unit}`, which {why_en}; the column of `{en}` is not read"
        )
    } else if several.is_empty() {
        say!(
            "{by_zh}写的单位是 `{unit}`，`{zh}` 却是{want_zh}；这一列没有读入",
            "{by_en} states the unit `{unit}`, but `{en}` is {want_en}; the column is not read"
        )
    } else {
        let all: Vec<String> = several.iter().map(|unit| format!("`{unit}`")).collect();
        let (all_zh, all_en) = (all.join("、"), all.join(", "));
        say!(
            "{by_zh}写了几个单位：{all_zh}，不知 `{zh}` 用的是哪一个；这一列没有读入",
            "{by_en} states several units, {all_en}: which of them `{en}` is in is not known; the \
                column is not read"
        )
    };
    let help = say!(
        "改正单位，或换成合适的字段；要另指单位的，在 `fanshi.toml` 的这个文件处写 \
            `units = {{ \"标题\" = \"单位\" }}`",
        "correct the unit, or map the heading to a field that has it; to state another, write for \
            this file in `fanshi.toml`: `units = {{ \"heading\" = \"unit\" }}`"
    );
    (message, help)
}

/// Whether a word is a part of the yuan.
fn is_part(word: &str) -> bool {
    ["角", "分", "角钱", "分钱"].contains(&word)
}

/// Whether a word is a unit of money of any kind.
fn is_of_money(word: &str) -> bool {
    is_part(word)
        || Unit::named(word).is_some_and(|unit| unit.is_money())
        || mention::of_money(word).is_some()
}

/// What to do about a number whose unit, in another column, is not the field's.
pub fn unit_beside(schema: &Schema, at: At, word: &str) -> Bilingual {
    let is_money = type_of(schema, at) == Some(Type::Money);
    match Unit::named(word).filter(|_| is_money) {
        Some(unit) if unit.is_price() => say!(
            "只写金额；按件、按人收的另设字段",
            "write the amount alone; declare a field of its own for what it is charged by"
        ),
        Some(unit) if unit.is_foreign() => say!(
            "换算成元；各行都是 `{word}` 的，在 `fanshi.toml` 的这一列写 \
                `units = {{ \"{word}\" = \"{word}\" }}`，金额就都按它算",
            "convert it to yuan; where every row is in `{word}`, write for this column in `fanshi.toml`: \
                `units = {{ \"{word}\" = \"{word}\" }}`, and all amounts are in it"
        ),
        _ => other_unit(schema, at, word, shape_help(schema, at)),
    }
}

/// What to do about a code of a unit that nothing is said of.
pub fn no_such_unit(schema: &Schema, at: At, word: &str) -> Bilingual {
    let ty = type_of(schema, at);
    if ty == Some(Type::Money) && unit::is_currency(word) {
        return say!(
            "金额都按一种货币算：把这些行换算成同一种，或另列一个文件、另设一个字段",
            "amounts are all in one currency: convert these rows, or list them in a file and a field of \
                their own"
        );
    }
    let own = ty.and_then(unit::word).unwrap_or(word);
    // A remedy that is followed unread must not make one unit of another.
    say!(
        "先查清 `{word}` 指什么，在 `fanshi.toml` 这一列的 `units` 中写明；确是 {own} 的，才写 `\"{word}\" = \"{own}\"`",
        "find out what `{word}` stands for and say it in `units` of this column in `fanshi.toml`; only where it is {own}, write `\"{word}\" = \"{own}\"`"
    )
}

/// What people mean by a mark where yes or no is wanted; `None` where that is not clear.
fn truth(word: &str) -> Option<bool> {
    const YES: [&str; 7] = ["√", "✓", "✔", "☑", "有", "对", "y"];
    const NO: [&str; 8] = ["×", "✗", "✘", "x", "☐", "无", "错", "n"];
    let lower = word.to_lowercase();
    let is = |words: &[&str]| words.contains(&&*lower);
    if is(&YES) { Some(true) } else { is(&NO).then_some(false) }
}

/// How to write values; for words where numbers or truth values belong, also how to give them a
/// meaning; for dates, how to say in which order they are written.
pub fn read_words(schema: &Schema, at: At, texts: &[String]) -> Bilingual {
    let help = shape_help(schema, at);
    let ty = type_of(schema, at);
    if matches!(ty, Some(Type::Date | Type::Instant)) && texts.iter().any(|text| ends_in_year(text))
    {
        return say!(
            "先写月的，在 `fanshi.toml` 中写 `dates = \"mdy\"`，先写日的写 `dates = \"dmy\"`",
            "write `dates = \"mdy\"` in `fanshi.toml` for the month first, `\"dmy\"` for the day first"
        );
    }
    let takes = |ty: Type| ty == Type::Boolean || ty.is_numeric();
    let is_word = |word: &&String| word.chars().count() <= 6 && !word.chars().any(char::is_numeric);
    let words: Vec<&String> = texts.iter().filter(is_word).take(6).collect();
    if !ty.is_some_and(takes) || words.is_empty() {
        return help;
    }
    let meaning = |word: &str, yes: &'static str, no: &'static str| match truth(word) {
        Some(value) if ty == Some(Type::Boolean) => {
            if value {
                yes
            } else {
                no
            }
        }
        _ => "…",
    };
    let zh: Vec<String> =
        words.iter().map(|word| format!("“{word}” = {}", meaning(word, "是", "否"))).collect();
    let en: Vec<String> =
        words.iter().map(|word| format!("\"{word}\" = {}", meaning(word, "yes", "no"))).collect();
    let named: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    let (named_zh, named_en) = (named.join("、"), named.join(", "));
    let (help_zh, help_en) = (help.zh, help.en);
    let (zh, en) = (zh.join("、"), en.join(", "));
    if let (Some(Type::Boolean), Some(keys)) = (ty, truth_keys(&words)) {
        return say!(
            "{help_zh}；若 {named_zh} 有确定的意思，在词汇中写 `读作 {{{zh}}}`，或为所有“是否”的列在 \
                `fanshi.toml` 中写 {keys}",
            "{help_en}; if {named_en} always means the same, say so with `reading {{{en}}}` in the \
                vocabulary, or for all booleans with {keys} in `fanshi.toml`"
        );
    }
    say!(
        "{help_zh}；若 {named_zh} 有确定的意思，在词汇中写 `读作 {{{zh}}}`",
        "{help_en}; if {named_en} always means the same, say so with `reading {{{en}}}` in the \
            vocabulary"
    )
}

/// What the manifest says of words that mean yes or no; `None` where none does.
fn truth_keys(words: &[&String]) -> Option<String> {
    let of = |value: bool| {
        let own = words.iter().filter(|word| truth(word).is_some_and(|own| own == value));
        own.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
    };
    let keys = [("yes", of(true)), ("no", of(false))];
    let known: Vec<String> = keys
        .iter()
        .filter(|(_, words)| !words.is_empty())
        .map(|(key, words)| format!("`{key} = [{words}]`"))
        .collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// Whether a text is three numbers, the last of four digits: day and month may stand either way.
fn ends_in_year(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or(text);
    let parts: Vec<&str> = date.split(['/', '-', '.']).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    matches!(&parts[..], [_, _, year] if year.len() == 4) && parts.iter().all(is_number)
}

/// Units of time, as cells have them.
const TIMES: &[&str] = &[
    "天",
    "日",
    "月",
    "年",
    "周",
    "星期",
    "自然日",
    "个月",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
];

/// What to do about a unit that is not the field's: where it may be what the office calls the
/// field's own, how to say so.
pub fn other_unit(schema: &Schema, at: At, unit: &str, help: Bilingual) -> Bilingual {
    let ty = type_of(schema, at);
    let own = match ty {
        Some(Type::Months) if matches!(unit, "年" | "year" | "years") => {
            return say!(
                "一年是 12 个月：写成以月计的数",
                "a year is 12 months: write how many months it is"
            );
        }
        Some(Type::Days) if matches!(unit, "周" | "星期" | "week" | "weeks") => {
            return say!(
                "一周是 7 日：写成以日计的数",
                "a week is 7 days: write how many days it is"
            );
        }
        Some(Type::Workdays | Type::Days | Type::Months) if TIMES.contains(&unit) => {
            let (zh, en) = match ty {
                Some(Type::Workdays) => ("工作日", "workdays"),
                Some(Type::Days) => ("日", "days"),
                _ => ("月", "months"),
            };
            return say!(
                "写成以{zh}计的数；工作日、日、月各是一种量，互不折算",
                "write how many {en} it is; workdays, days and months are kinds of their own and \
                    never mix"
            );
        }
        Some(Type::Money) if Unit::named(unit).is_some_and(|unit| unit.is_known_currency()) => {
            let (zh, en) = (help.zh, help.en);
            return say!(
                "{zh}；这个文件的金额都以 `{unit}` 计的，在 `fanshi.toml` 的这个文件处写 \
                    `unit = \"{unit}\"`",
                "{en}; where all amounts of the file are in `{unit}`, write `unit = \"{unit}\"` for \
                    this file in `fanshi.toml`"
            );
        }
        // One of `万卢布` would be one yuan.
        Some(Type::Money)
            if unit::is_currency(unit) && !unit.starts_with(['百', '千', '万', '亿']) =>
        {
            ["金额", "money"]
        }
        _ => return help,
    };
    let ([own_zh, own_en], help_zh, help_en) = (own, help.zh, help.en);
    say!(
        "{help_zh}；若 `{unit}` 在这里就是这个单位，在词汇中写 `读作 {{“{unit}” = {own_zh}}}`",
        "{help_en}; if `{unit}` means that unit here, say so with `reading {{\"{unit}\" = \
            {own_en}}}` in the vocabulary"
    )
}

/// Names of fields between commas, each in backticks.
fn quoted_fields(schema: &Schema, frame: usize, fields: &[usize]) -> super::Name {
    let names = fields.iter().map(|field| field_name(schema, At { frame, field: *field }));
    let (zh, en): (Vec<_>, Vec<_>) =
        names.map(|(zh, en)| (format!("`{zh}`"), format!("`{en}`"))).unzip();
    (zh.join("、"), en.join(", "))
}

/// What to do about a column of units that nothing is known of, by what it holds.
pub fn unpaired(
    schema: &Schema,
    (frame, fields, heading): (usize, &[usize], &str),
    words: &[String],
) -> Bilingual {
    let column = super::quoted(heading);
    let types: Vec<Type> =
        fields.iter().filter_map(|field| type_of(schema, At { frame, field: *field })).collect();
    let units: Vec<Unit> = words.iter().filter_map(|word| Unit::named(word)).collect();
    let first = words.first().map_or("1", |word| word);
    let all_named = !words.is_empty() && units.len() == words.len();
    let all_fit = types.iter().all(|ty| units.iter().all(|unit| unit.of(*ty).is_some()));
    let is_one_currency = units.iter().all(|unit| unit.is_foreign())
        && words.iter().all(|word| word == first)
        && types.iter().all(|ty| *ty == Type::Money);
    let own = types.first().and_then(|ty| unit::word(*ty));
    let codes = match (all_named, all_fit, is_one_currency) {
        (true, true, _) => String::new(),
        (true, false, true) => format!(", units = {{ \"{first}\" = \"{first}\" }}"),
        (true, false, false) => {
            let (zh, en) = quoted_fields(schema, frame, fields);
            let misfit =
                |(_, unit): &(&String, &Unit)| types.iter().any(|ty| unit.of(*ty).is_none());
            let word = words.iter().zip(&units).find(misfit).map_or(first, |(word, _)| word);
            return say!(
                "`{word}` 折算不成 {zh} 的单位：各行改用同一种单位填写；这一列与它无关的，在 `fanshi.toml` 的\
                    这个文件处写 `ignore = [{column}]`",
                "`{word}` cannot be converted to what {en} is in: give all rows in one unit; where the \
                    column has nothing to do with it, write `ignore = [{column}]` for this file \
                    in `fanshi.toml`"
            );
        }
        _ => {
            let own = |word: &String| {
                let meant = own.unwrap_or(word);
                format!("\"{word}\" = \"{meant}\"")
            };
            let codes: Vec<String> = words.iter().take(6).map(own).collect();
            format!(", units = {{ {} }}", codes.join(", "))
        }
    };
    let pair = |name: &str| format!("\"{name}\" = {{ unit = {column}{codes} }}");
    let names = fields.iter().map(|field| field_name(schema, At { frame, field: *field }));
    let (zh, en): (Vec<_>, Vec<_>) = names.map(|(zh, en)| (pair(&zh), pair(&en))).unzip();
    let (zh, en) = (zh.join(", "), en.join(", "));
    let (each_zh, each_en) = if codes.is_empty() || is_one_currency {
        ("", "")
    } else {
        ("（各是什么单位，照实改）", " (with the units they really are)")
    };
    say!(
        "在 `fanshi.toml` 的这个文件处写 `headings = {{ {zh} }}`{each_zh}；这一列与它无关、各行单位都合适的，写 \
            `ignore = [{column}]`",
        "write for this file in `fanshi.toml`: `headings = {{ {en} }}`{each_en}; where the column has \
            nothing to do with it, or every row has the field's unit, `ignore = [{column}]`"
    )
}

/// Says what is wrong with units of whole columns.
pub fn units(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::UnpairedUnit { frame, fields, heading } => {
            let (zh, en) = quoted_fields(schema, *frame, fields);
            let message = say!(
                "`{heading}` 一列像是 {zh} 的单位，没有说明怎样读；{zh} 没有读入",
                "`{heading}` seems to hold the units of {en}, and nothing says how to read it; {en} \
                    is not read"
            );
            (message, unpaired(schema, (*frame, fields, heading), &[]))
        }
        Fault::UnknownUnit { frame, heading, unit } => {
            let (zh, en) = frame_name(schema, *frame);
            let message = if heading.is_empty() {
                say!(
                    "`fanshi.toml` 说这个文件的单位是 `{unit}`，但 `{zh}` 没有用它的字段",
                    "`fanshi.toml` says that the numbers of this file are in `{unit}`, but `{en}` \
                        has no field in it"
                )
            } else {
                say!(
                    "`fanshi.toml` 说标题 `{heading}` 的单位是 `{unit}`，但 `{zh}` 没有叫这个的字段，或没有这个单位",
                    "`fanshi.toml` says that `{heading}` is in `{unit}`, but `{en}` has no such \
                        field, or there is no such unit"
                )
            };
            let help = say!(
                "单位如 `万元`、`元`、`%`、`工作日`、`日`、`月`",
                "units are `万元`, `yuan`, `%`, `workdays`, `days`, `months` and the like"
            );
            (message, help)
        }
        _ => return None,
    })
}
