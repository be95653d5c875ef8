//! What to do about what is wrong with a text.

use super::error::ErrorKind;
use super::grammar::Rule;
use super::keyword::{self, KEYWORDS};
use super::relation;
use super::scan::closing;
use super::tree::Language;
use super::word;
use super::word::article_number;
use crate::diagnostic::Bilingual;
use crate::say;

impl ErrorKind {
    /// The remedy.
    #[expect(clippy::too_many_lines, reason = "a table of messages")]
    pub(super) fn help(&self) -> Option<Bilingual> {
        Some(match self {
            Self::TooLarge => say!(
                "把文件拆成几个，用 `使用` 相互引用",
                "split it into several files that `use` one another"
            ),
            Self::TooDeep => {
                say!("把里面的部分写成 `定义`", "give the inner parts names with `define`")
            }
            Self::UnclosedText(_) => {
                say!(
                    "文字不能跨行，收尾的引号要与开头配对",
                    "a text ends on its line, with the quote that matches its opening"
                )
            }
            Self::Unclosed(open) => {
                let close = closing(*open);
                say!("补上 `{close}`", "add `{close}`")
            }
            Self::Unopened(close) => {
                say!("删去 `{close}`，或补上它的开头", "remove `{close}`, or add its opening")
            }
            Self::Misspelt(_, meant) => say!("是不是 `{meant}`？", "did you mean `{meant}`?"),
            Self::NotANumeral(_) => say!("用数字写", "write it in digits"),
            Self::ItemNumber(_, wanted) => say!(
                "改正编号；中间少了一项的补上（`{wanted}`）",
                "correct the number, or add the item that is missing (`{wanted}`)"
            ),
            Self::ItemsOfNothing => say!(
                "前面的条件写 `有下列情形之一`（一项即可）或 `符合下列条件`（须都符合），后面写上说的是哪张表：`凡 有下列情形之一 的 某表，…`",
                "write `any of the following` or `all of the following` as the condition before them, of \
                    a table: `whenever TABLE where any of the following, …`"
            ),
            Self::GroupedNumber(_, plain) => say!("写作 `{plain}`", "write `{plain}`"),
            Self::Undeclared(words, sentence) => declared(words, sentence),
            Self::Alternatives(either, both) => {
                say!("写作 `{either}`，或者 `{both}`", "write `{either}`, or `{both}`")
            }
            Self::OneDenied(a, b, is_or) => {
                let (zh, en) = if *is_or { ("或", "or") } else { ("且", "and") };
                say!(
                    "都不，写作 `非 {a} 且 非 {b}`；只要有一个不，写作 `非 {a} 或 非 {b}`；只有第一个不，写作 \
                        `(非 {a}) {zh} {b}`",
                    "for none of them write `not {a} and not {b}`; for one of them not, `not {a} or \
                        not {b}`; for the first alone, `(not {a}) {en} {b}`"
                )
            }
            Self::SeveralReadings(readings) => {
                let all: Vec<String> =
                    readings.iter().map(|reading| format!("`{reading}`")).collect();
                let (zh, en) = (all.join("，或者 "), all.join(", or "));
                say!(
                    "把要的那一种照样写上空格：{zh}",
                    "write the one you mean with its blanks: {en}"
                )
            }
            Self::Scattered(words, reading) => {
                let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                let (zh, en) = (all.join("、"), all.join(", "));
                say!(
                    "分开来是 `{reading}`；没有声明的是 {zh}；一句是 `凡 条件 的 主体，要求`，主体是一张表，`的` 只在主体前面写一次",
                    "word by word it is `{reading}`; nothing declares {en}; a sentence is `凡 CONDITION \
                        的 SUBJECT，CLAUSE`, the subject being a table, with one `的` before it"
                )
            }
            Self::Glued(_, words) => {
                let words = words.join(" ");
                say!("词与词之间要有空格：`{words}`", "put blanks between words: `{words}`")
            }
            Self::ReservedName(word) => {
                say!("如果它是名称，写作 `「{word}」`", "if it is a name, write `「{word}」`")
            }
            Self::UnknownUnit(number, unit) => unit_meant(number, unit),
            Self::Otherwise(_, help) => help.clone(),
            Self::NoSubject => {
                say!("写作 `凡 条件 的 主体，…`", "write `凡 CONDITION 的 SUBJECT，…`")
            }
            Self::NoNumber(_, heading) => say!(
                "每一条写上条号：`{heading} …`",
                "an article begins with its number: `{heading} …`"
            ),
            Self::NoModal(found) => modal_meant(found),
            Self::OtherCurrency(_, number) => say!(
                "是元的，写 `{number} 元`；是别的货币，列声明为 `小数`，只写数",
                "if yuan are meant, write `{number} yuan`; for another currency declare a \
                    `decimal` and write the number alone"
            ),
            Self::WrongSign(_, zh, en) if zh == en => say!("写作 `{zh}`", "write `{en}`"),
            Self::WrongSign(_, zh, en) => say!("写作 `{zh}` 或 `{en}`", "write `{en}` or `{zh}`"),
            Self::Invisible(_) => {
                say!(
                    "删去它；从别处复制的文字常带有这种字符",
                    "remove it; text copied from elsewhere often carries such characters"
                )
            }
            Self::BadNumeral(_, Some(meant)) => {
                let zh = article_number(*meant);
                say!("是不是 `{zh}`？", "did you mean `{zh}`?")
            }
            Self::BadNumeral(_, None) => {
                say!(
                    "条号从 1 到 9999，如 `第一百零三条`、`第103条`",
                    "article numbers go from 1 to 9999, like `第一百零三条` or `103`"
                )
            }
            Self::MissingOf(Language::Chinese) => {
                say!(
                    "在主体前加 `的`：`凡 条件 的 主体，…`",
                    "write `的` before the subject: `凡 CONDITION 的 SUBJECT，…`"
                )
            }
            Self::MissingOf(Language::English) => say!(
                "写作 `whenever 主体 where 条件, …`",
                "write `whenever SUBJECT where CONDITION, …`"
            ),
            Self::ChainedRelation => {
                say!(
                    "用 `且` 连接两个比较，或写 `介于 … 至 …`",
                    "join two relations with `and`, or write `between … to …`"
                )
            }
            Self::JoinedClause(_, Some(second)) => {
                say!("写成两句：`…；{second}`", "write two sentences: `…；{second}`")
            }
            Self::JoinedClause(_, None) => say!(
                "写成两句，或把情态词放在整个条件之前：`必须 甲 为 1 且 乙 为 2`",
                "write two sentences, or the modal before the whole condition: `must a = 1 and b = \
                    2`"
            ),
            Self::MisplacedAlso => {
                say!("写作 `名称 亦作 “…” : 类型`", "write `name also \"…\" : type`")
            }
            Self::NeedlessModifier(_) => say!(
                "删去它：没有写 `可缺` 的列都必须填",
                "leave it out: every field has to be given, but for those that are `optional`"
            ),
            Self::TypeFirst(ty, modifier) => {
                say!("写作 `{ty} {modifier}`", "write `{ty} {modifier}`")
            }
            Self::NumberWanted(_) => say!(
                "写那一条的条号，如 `优先于 第一条`",
                "write the number of that article: `overrides 1`"
            ),
            Self::SplitName(name) => say!("写作 `{name}`", "write `{name}`"),
            Self::InnerQuote => say!(
                "外面用 `\"…\"`，或里面用 `‘…’`",
                "write single quotation marks inside it, or `“…”` around it"
            ),
            Self::WeekdayName(_) => say!(
                "星期一是 1，星期日是 7：周末写 `周休 6、7`",
                "Monday is 1 and Sunday 7: where the weekend is off, write `rest 6, 7`"
            ),
            Self::HalfConditional(..) => say!(
                "写全 `若 … 则 … 否则 …`；两种情况各有要求的，写成两句",
                "write `if … then … else …` in full; what differs by case in more than a value is \
                    two sentences"
            ),
            Self::MissingEntry(zh, en) => {
                say!("在花括号中补上 `{zh}`", "add `{en}` between the braces")
            }
            Self::RepeatedEntry(_) => say!("只留一个", "keep one of them"),
            Self::Unexpected(_, expected) | Self::UnexpectedEnd(_, expected) => {
                return choices(expected);
            }
            Self::Defect => {
                say!("请把这段文字报告给维护者", "please report this text to the maintainers")
            }
        })
    }
}

/// How to declare the words of a sentence: what stands behind 一律 is no field.
fn declared(words: &[String], sentence: &str) -> Bilingual {
    let divides = |c: char| c.is_whitespace() || matches!(c, '，' | ',');
    let shown: Vec<&str> = sentence.split(divides).filter(|word| !word.is_empty()).collect();
    let is_then = |word: &str| keyword::spelt(word).any(|own| own.rule == Rule::kw_then);
    let decided = shown.windows(2).find_map(|pair| match pair {
        [then, value] if is_then(then) => Some(value.trim_matches(['。', '；', '「', '」'])),
        _ => None,
    });
    let decided = decided.filter(|value| words.iter().any(|word| word == value));
    let Some(value) = decided else {
        return say!(
            "逐个声明为表、字段或定义，一个名称里有标点的写在 `「」` 里；这一句读作 `{sentence}`",
            "declare each as a table, a field or a definition, in `「」` where a name has signs in \
                it; the sentence reads `{sentence}`"
        );
    };
    say!(
        "`{value}` 声明为枚举的取值，并写 `裁定 表.列`，列是取这个枚举的那一列；其余的逐个声明为表、字段或定义，一个名称里有标点的写在 `「」` 里；这一句读作 `{sentence}`",
        "declare `{value}` as a value of an enum, and write `decide TABLE.FIELD` for the field that \
            has it; the others each as a table, a field or a definition, in `「」` where a name has \
            signs in it; the sentence reads `{sentence}`"
    )
}

/// What to write for a word that is no unit. Units that never mix are not offered for one another.
fn unit_meant(number: &str, unit: &str) -> Bilingual {
    let times = |by: u64| number.parse::<u64>().ok().and_then(|number| number.checked_mul(by));
    let count = number.len();
    match unit.to_ascii_lowercase().as_str() {
        unit if unit.contains(char::is_numeric) && !unit.contains('年') => say!(
            "两个单位的，写成相加：`2 小时 + 30 分钟`",
            "what is in two units is a sum: `2 hours + 30 minutes`"
        ),
        unit if unit.starts_with('年') && count == 4 => say!(
            "日期写作 `2015年3月1日` 或 `2015-03-01`",
            "write a date as `2015-03-01` or `2015年3月1日`"
        ),
        "天" => say!(
            "写明是哪一种：`{number} 日`（自然日）还是 `{number} 工作日`",
            "write which it is: `{number} days` or `{number} workdays`"
        ),
        "月" => say!("写作 `{number} 个月`", "write `{number} months`"),
        "年" | "year" | "years" | "yr" | "yrs" => {
            let months = times(12).map_or_else(|| "12".to_owned(), |months| months.to_string());
            say!(
                "没有以年计的量；以月计的写 `{months} 个月`",
                "nothing is counted in years; what is counted in months: `{months} months`"
            )
        }
        "周" | "星期" | "个星期" | "week" | "weeks" => {
            let days = times(7).map_or_else(|| "7".to_owned(), |days| days.to_string());
            say!(
                "没有以周计的量；以日计的写 `{days} 日`",
                "nothing is counted in weeks; what is counted in days: `{days} days`"
            )
        }
        "块" | "块钱" | "圆" | "人民币" | "cny" | "rmb" => {
            say!("写作 `{number} 元`", "write `{number} yuan`")
        }
        "dollars" | "dollar" | "usd" | "euro" | "euros" | "eur" | "gbp" | "hkd" | "jpy"
        | "美元" | "欧元" | "港元" | "英镑" | "日元" => say!(
            "金额以元计；别的货币，列声明为 `小数`，只写数",
            "amounts are in `yuan`; for another currency declare a `decimal` and write the \
                number alone"
        ),
        unit if counted(unit).is_some() => {
            let end = counted(unit).unwrap_or("");
            let plain = format!("{number} {end}");
            let plain = plain.trim_end();
            say!(
                "数数的不写量词和数的是什么：写作 `{plain}`",
                "what is counted is not written behind its number: write `{plain}`"
            )
        }
        _ => say!(
            "单位有 `工作日`、`日`、`个月`、`小时`、`分钟`、`元`、`%`；工作日与日不同，必须写明",
            "the units are `workdays`, `days`, `months`, `hours`, `minutes`, `yuan` and `%`; \
                workdays and days differ"
        ),
    }
}

/// What things are counted by.
pub(super) const COUNTERS: &[char] =
    &['个', '件', '项', '次', '人', '份', '处', '条', '种', '家', '张'];

/// `个站以内`: what ends the limit behind a number of things that are counted; none where a
/// unit of time or money may be meant.
pub(super) fn counted(unit: &str) -> Option<&str> {
    const MEASURED: &[char] = &['日', '天', '月', '年', '周', '时', '分', '秒', '元', '曰'];
    let ends = ["以内", "以上", "以下", "以外", "之内", "之外"];
    let end = ends.into_iter().find(|end| unit.ends_with(end)).unwrap_or("");
    let thing = unit.strip_suffix(end)?;
    (thing.starts_with(COUNTERS) && !thing.contains(MEASURED)).then_some(end)
}

/// What to write where a sentence requires nothing.
fn modal_meant(found: &str) -> Bilingual {
    if let Some(put) = utmost(found) {
        return say!("写作 `{put}`", "write `{put}`");
    }
    let first = found.split([' ', '\u{3000}']).next().unwrap_or("");
    // `可` alone is what a field may be called.
    let permits = found.starts_with("可以")
        || first != found
            && ["可", "允许", "准许", "may", "can", "might"]
                .contains(&first.to_ascii_lowercase().as_str());
    if permits {
        return say!(
            "允许不是要求，不成一条：有限度的写 `不得 超过 …`，例外写在它那一条的 `除非` 里",
            "what is allowed requires nothing: a limit is put `must not exceed …`, an exception \
                stands behind `unless` in the article it is one of"
        );
    }
    let barred = [" is prohibited", " is forbidden", " is not allowed", " is not permitted"];
    if let Some(value) = barred.iter().find_map(|end| found.strip_suffix(end)) {
        return say!("写作 `must not have {value}`", "write `must not have {value}`");
    }
    if let Some((value, rest)) = found.split_once(" is ").or_else(|| found.split_once(" are ")) {
        return say!("写作 `{value} must be {rest}`", "write `{value} must be {rest}`");
    }
    if let Some(value) = found.strip_suffix(" exists").or_else(|| found.strip_suffix(" exist")) {
        return say!("写作 `must have {value}`", "write `must have {value}`");
    }
    // Words written together, or cut off, make no sentence behind a modal.
    if found.ends_with('…') || !found.is_ascii() && !found.contains([' ', '(', '（']) {
        return say!(
            "前面写上 `必须`、`不得` 或 `应当`；作何处理的，写上 `一律`",
            "write `must`, `must not` or `should` before it; before what becomes of a row, `then`"
        );
    }
    say!("写作 `必须 {found}`，或 `不得`、`应当`", "write `must {found}`, or `must not`, `should`")
}

/// `这里可以写 A、B 或 C`.
fn choices(expected: &[Bilingual]) -> Option<Bilingual> {
    let (last, others) = expected.split_last()?;
    let join = |others: Vec<&str>, comma: &str, or: &str, last: &str| match others.is_empty() {
        true => last.to_owned(),
        false => format!("{}{or}{last}", others.join(comma)),
    };
    let zh =
        join(others.iter().map(|phrase| phrase.zh.as_str()).collect(), "，", "，或 ", &last.zh);
    let en =
        join(others.iter().map(|phrase| phrase.en.as_str()).collect(), ", ", ", or ", &last.en);
    Some(say!("这里可以写 {zh}", "what can stand here: {en}"))
}

/// What is said of the price of one.
pub(crate) fn priced(amount: &str, thing: &str) -> Bilingual {
    say!(
        "单价说不了，金额只是多少元：整列都是每{thing}多少元的，写 `{amount} 元`；按{thing}数合计的，写 `{amount} 元 × {thing}数`，{thing}数是一列",
        "a price per piece cannot be said, an amount is so many yuan: where the whole field is per \
            piece, write `{amount} yuan`; where it is a total, `{amount} yuan × COUNT`, a field"
    )
}

/// `限最长不超过5个工作日`: a limit behind 最长, without a modal: what is written for it.
pub(super) fn utmost(clause: &str) -> Option<String> {
    const WORDS: [&str; 7] = ["最长", "最短", "最高", "最低", "最迟", "最多", "最少"];
    let (at, word) = WORDS.iter().filter_map(|word| Some((clause.find(word)?, *word))).min()?;
    let behind = clause.get(at + word.len()..)?.trim();
    let relations = KEYWORDS.iter().filter(|own| relation::of_rule(own.rule).is_some());
    let mut relations = relations.flat_map(|own| own.chinese);
    let relates = relations.any(|own| own.chars().count() > 1 && behind.starts_with(own));
    let value = clause.get(..at)?.trim();
    (relates && word::is_identifier(value)).then(|| format!("{value} 必须 {behind}"))
}

/// `一律 为 甲`: what is written for a disposition, and for what a field has to be.
pub(crate) fn made(value: &str) -> Bilingual {
    say!(
        "作何处理，写作 `一律 {value}`，`{value}` 是枚举的取值；要求一列是什么，写作 `… 必须 为 “{value}”`",
        "what becomes of a row is put `then {value}`, a value of an enum; what a field has to be, \
            `… must be \"{value}\"`"
    )
}

/// What a disposition stands behind that is no part of it: `为甲`, `列为甲`.
pub(crate) fn made_of(name: &str) -> Option<&str> {
    let verbs = ["列为", "作为", "视为", "改为", "定为", "设为", "为", "是"];
    verbs.iter().find_map(|verb| name.strip_prefix(verb)).map(str::trim).filter(|it| !it.is_empty())
}
