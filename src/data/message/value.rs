//! Values that do not fit.

use super::super::fault::{At, Fault, Found, Unfit};
use super::super::garbled::{Garbled, Meant};
use super::super::names::shorten;
use super::structure::found_words;
use super::together::type_of;
use super::words::{no_such_unit, other_unit, read_words, stated_unit, unit_beside};
use super::{Name, Said, field_name, frame_name, key_name};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Schema, Type};

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    match fault {
        Fault::Unfit { at, unfit, found, nearest } => {
            Some(misfit(schema, *at, unfit, found, nearest.as_ref()))
        }
        Fault::StatedUnit { at, unit, by, several } => {
            Some(stated_unit(schema, *at, (unit, *by), several))
        }
        Fault::OwnUnit { at, word } => {
            let (zh, en) = field_name(schema, *at);
            let message = say!(
                "`{zh}` 的 `{word}` 自己写着单位，与这一列的单位不同，照它自己的读",
                "`{word}` in `{en}` has a unit of its own that is not the column's, and is read as it \
                    stands"
            );
            let help = say!("核对这些格子，写成一种单位", "check these cells, and use one unit");
            Some((message, help))
        }
        Fault::SeveralCurrencies { at, has_yuan } => {
            Some(several_currencies(&field_name(schema, *at), *has_yuan))
        }
        Fault::LostZeros { at, word, code } => {
            let (zh, en) = field_name(schema, *at);
            let message = say!(
                "`{zh}` 写的是 `{word}`，按 `{code}` 读",
                "`{en}` holds `{word}`, which is read as `{code}`"
            );
            let help = say!(
                "表格程序会去掉开头的 0：把这一列设成文本格式",
                "spreadsheet programs drop zeros at the beginning: format the column as text"
            );
            Some((message, help))
        }
        Fault::ForeignValue { at, word } => {
            let (zh, en) = field_name(schema, *at);
            let message = say!(
                "`{zh}` 写的 `{word}` 不是这里说的任何一种，这样的行没有读入",
                "`{word}` in `{en}` is none of the values known here; such rows are not read"
            );
            let help = say!(
                "不需要改动；也要用它的，在枚举中加上这个值；写错了的，改正",
                "nothing needs to be done; if it is meant here too, add it to the enum; if it is a \
                    mistake, correct it"
            );
            Some((message, help))
        }
        Fault::Garbled { at, word, meant } => Some(garbled(&field_name(schema, *at), word, meant)),
        Fault::LostLetters { at, word } => {
            let (zh, en) = field_name(schema, *at);
            let message =
                say!("`{zh}` 里有字已经丢失：`{word}`", "letters of `{en}` are lost: `{word}`");
            Some((message, from_before()))
        }
        Fault::Unsplit { at, word } => {
            let (zh, en) = field_name(schema, *at);
            let message = say!(
                "`{zh}` 可以有几个值，`{word}` 只算一个",
                "`{en}` may have several values; `{word}` counts as one"
            );
            let sign = word.chars().find(|letter| [',', '，', '|'].contains(letter));
            let sign = sign.unwrap_or(',');
            let help = say!(
                "是几个值的，在 `fanshi.toml` 的这个文件处写 `separator = \"{sign}\"`，或者改用 `、`；是一个的，不需要改动",
                "where it is several, write `separator = \"{sign}\"` for this file in `fanshi.toml`, \
                    or `、` between them; where it is one, nothing needs to be done"
            );
            Some((message, help))
        }
        Fault::GarbledHeadings { frame, row, meant } => {
            Some(garbled_headings(&frame_name(schema, *frame), *row, meant))
        }
        Fault::Placeholder { at, word } => {
            let (zh, en) = field_name(schema, *at);
            let message = say!(
                "`{zh}` 只写着 `{word}`，仍算已填",
                "`{en}` holds nothing but `{word}`, and counts as given"
            );
            Some((message, Bilingual::default()))
        }
        _ => None,
    }
}

/// Amounts of one field in several currencies.
fn several_currencies((zh, en): &Name, has_yuan: bool) -> Said {
    let read = match has_yuan {
        true => say!("只读入了以元计的", "those in yuan alone are read"),
        false => say!("都没有读入", "none is read"),
    };
    let (read_zh, read_en) = (read.zh, read.en);
    let message = say!(
        "`{zh}` 在这个文件里的货币与别的文件不同，不同货币的金额不能放在一起算：{read_zh}",
        "`{en}` in this file is in another currency than in other files, and such amounts \
            cannot be compared or added up: {read_en}"
    );
    let help = say!(
        "换算成同一种货币；或在词汇中另设一个字段，用 `headings` 对应",
        "convert them to one currency, or declare a field of its own in the vocabulary and map \
            the heading to it"
    );
    (message, help)
}

/// Headings whose bytes were read in the wrong encoding before they came here.
fn garbled_headings((zh, en): &Name, row: usize, meant: &Meant) -> Said {
    let Meant { text, right, wrong } = meant;
    let text = shorten(text);
    let message = say!(
        "第 {row} 行没有一个标题是 `{zh}` 的字段，是乱码：像是 `{text}`，以前把 {right} 当作 \
                    {wrong} 打开又存上了；文件没有读入",
        "row {row} has no heading of a field of `{en}`: it is garbled, and seems to hold \
                    `{text}`, once opened as {wrong} instead of {right} and saved; the file is not \
                    read"
    );
    let help = say!(
        "改用原来的文件，打开时选 {right}",
        "use the file it came from, and open it as {right}"
    );
    (message, help)
}

/// What to do where letters are lost.
fn from_before() -> Bilingual {
    say!(
        "这是以前用错编码打开又存上的：改用原来的文件",
        "it was once opened in the wrong encoding and saved: use the file it came from"
    )
}

/// A text whose bytes were read in the wrong encoding before they came here.
fn garbled((zh, en): &Name, word: &str, meant: &Garbled) -> Said {
    let Garbled::Read(Meant { text, right, wrong }) = meant else {
        let message = say!(
            "`{zh}` 是乱码，原来的字已经丢失：`{word}`",
            "`{en}` is garbled, and what it was is lost: `{word}`"
        );
        return (message, from_before());
    };
    let text = shorten(text);
    let message = say!(
        "`{zh}` 是乱码：`{word}` 像是 `{text}`，以前把 {right} 当作 {wrong} 打开又存上了；没有读入",
        "`{en}` is garbled: `{word}` seems to be `{text}`, once opened as {wrong} instead of \
            {right} and saved; it is not read"
    );
    let help = say!(
        "改用原来的文件，打开时选 {right}",
        "use the file it came from, and open it as {right}"
    );
    (message, help)
}

/// What a type takes, and how it is written.
pub fn shape(schema: &Schema, at: At) -> (Bilingual, Bilingual) {
    let ty = schema
        .frames
        .get(at.frame)
        .and_then(|frame| frame.fields.get(at.field))
        .map(|field| field.ty);
    match ty.map(Type::whole) {
        None | Some(Type::Part(_) | Type::Text) => {
            (say!("文本", "text"), say!("文本加引号：`\"5\"`", "put text in quotes: `\"5\"`"))
        }
        Some(Type::Integer) => {
            (say!("整数", "an integer"), say!("写作 `12` 或 `155,668`", "write `12` or `155,668`"))
        }
        Some(Type::Decimal) => (say!("小数", "a decimal"), say!("写作 `1.5`", "write `1.5`")),
        Some(Type::Money) => (
            say!("金额", "an amount of money"),
            say!("写作 `100`、`100元` 或 `1.5万元`", "write `100`, `155,668` or `100 yuan`"),
        ),
        Some(Type::Percent) => (
            say!("百分比", "a percentage"),
            say!("写作 `51%`（JSON、TOML 中加引号）", "write `51%` (in quotes in JSON and TOML)"),
        ),
        Some(Type::Boolean) => (
            say!("“是”或“否”", "yes or no"),
            say!("写 `是` 或 `否`，`true` 或 `false`", "write `yes` or `no`, `true` or `false`"),
        ),
        Some(Type::Date) => (
            say!("日期", "a date"),
            say!("写作 `2015-11-20` 或 `2015年11月20日`", "write `2015-11-20`"),
        ),
        Some(Type::Instant) => (
            say!("时刻", "an instant"),
            say!(
                "写作 `2015-11-20 14:30` 或 `2015-11-20T14:30:00+08:00`",
                "write `2015-11-20 14:30` or `2015-11-20T14:30:00+08:00`"
            ),
        ),
        Some(span @ (Type::Workdays | Type::Days | Type::Months | Type::Hours | Type::Minutes)) => {
            span_shape(span)
        }
        Some(Type::Enum(id)) => {
            let names = schema.enumeration(id).map_or_else(super::unnamed, |item| {
                (item.names.zh().to_owned(), item.names.en().to_owned())
            });
            let (zh, en) = names;
            (say!(" `{zh}` 的一个值", "a value of `{en}`"), values(schema, id))
        }
        Some(Type::Ref(frame)) => {
            let (zh, en) = frame_name(schema, frame.0 as usize);
            let (key_zh, key_en) = key_name(schema, frame.0 as usize);
            (
                say!(" `{zh}` 的主键", "a key of `{en}`"),
                say!(
                    "写出那一行的 `{key_zh}`，加引号",
                    "write the `{key_en}` of that row, in quotes"
                ),
            )
        }
        Some(Type::List(frame)) => {
            let plain = schema.frame(frame).is_some_and(|frame| frame.plain);
            let element = if plain { "\"…\"" } else { "{…}" };
            (
                say!("清单", "a list"),
                say!(
                    "写作 `[{element}, {element}]`，没有时写 `[]`",
                    "write `[{element}, {element}]`, or `[]` if there are none"
                ),
            )
        }
    }
}

/// What a type of spans takes, and how it is written.
fn span_shape(ty: Type) -> (Bilingual, Bilingual) {
    match ty {
        Type::Workdays => (
            say!("工作日数", "a number of workdays"),
            say!("写作 `3` 或 `3个工作日`", "write `3` or `3 workdays`"),
        ),
        Type::Days => (
            say!("日数", "a number of days"),
            say!("写作 `20` 或 `20日`", "write `20` or `20 days`"),
        ),
        Type::Months => (
            say!("月数", "a number of months"),
            say!("写作 `2` 或 `2个月`", "write `2` or `2 months`"),
        ),
        Type::Hours => (
            say!("小时数", "a number of hours"),
            say!(
                "写作 `2` 或 `2小时`、`2小时30分钟`",
                "write `2`, `2 hours` or `2 hours 30 minutes`"
            ),
        ),
        _ => (
            say!("分钟数", "a number of minutes"),
            say!(
                "写作 `30` 或 `30分钟`、`1小时30分钟`",
                "write `30`, `30 minutes` or `1 hour 30 minutes`"
            ),
        ),
    }
}

/// The values of an enum, as far as they fit.
fn values(schema: &Schema, id: crate::schema::EnumId) -> Bilingual {
    const SHOWN: usize = 12;
    let all = schema.enumeration(id).map_or(&[][..], |item| &item.values);
    let list = |name: fn(&crate::schema::Names) -> &str, between: &str| {
        let mut shown: Vec<String> =
            all.iter().take(SHOWN).map(|value| format!("`{}`", name(&value.names))).collect();
        if all.len() > SHOWN {
            shown.push("…".to_owned());
        }
        shown.join(between)
    };
    let (zh, en) = (list(|names| names.zh(), "、"), list(|names| names.en(), ", "));
    say!("可以写 {zh}", "write one of {en}")
}

/// How a value of a field's type is written.
pub fn shape_help(schema: &Schema, at: At) -> Bilingual {
    shape(schema, at).1
}

/// Whether a text is the number by which a workbook keeps a date, where a date is wanted.
pub fn is_serial(schema: &Schema, at: At, text: &str) -> bool {
    let digits = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    type_of(schema, at) == Some(Type::Date) && digits
}

/// A date given as the number a workbook keeps it by.
fn form(schema: &Schema, at: At, found: &Found, (zh, en): (&str, &str)) -> Option<Said> {
    let Found::Text(text) = found else { return None };
    is_serial(schema, at, text).then(|| {
        (
            say!(
                "`{zh}` 应当是日期，却是数 `{text}`",
                "`{en}` should be a date, not the number `{text}`"
            ),
            say!(
                "在表格软件中把单元格的格式设为日期，或写作 `2015-11-20`",
                "format the cell as a date in the spreadsheet program, or write `2015-11-20`"
            ),
        )
    })
}

/// What to do about an object or an array where one value is wanted.
fn container_help((zh, en): (&str, &str), found: &Found) -> Option<Bilingual> {
    Some(match found {
        Found::Nested(way) => say!(
            "值在对象里面的，在 `fanshi.toml` 中指明是哪一个：`headings = {{ \"{way}\" = \"{zh}\" }}`",
            "where the value is inside the object, say which it is in `fanshi.toml`: \
                `headings = {{ \"{way}\" = \"{en}\" }}`"
        ),
        Found::Object => say!("写值本身，不写对象", "write the value itself, not an object"),
        Found::Array => say!(
            "只写一个值；可以有几个的，在词汇中声明为 `多个`",
            "write one value; where there may be several, declare it as `many` in the vocabulary"
        ),
        _ => return None,
    })
}

/// The first sign in a text that may separate values.
fn sign_in(found: &Found) -> char {
    let Found::Text(text) = found else { return ',' };
    text.trim().chars().find(|letter| !letter.is_alphanumeric()).unwrap_or(',')
}

/// A date with a time of day.
fn time_of_day((zh, en): (&str, &str), found: &Bilingual, local: Option<&str>) -> Said {
    let (is_zh, is_en) = (&found.zh, &found.en);
    let message = match local {
        None => say!(
            "`{zh}` 是日期，却带有时刻：{is_zh}",
            "`{en}` is a date, but {is_en} has a time of day"
        ),
        Some(local) => say!(
            "`{zh}` 是日期，{is_zh} 却不是零点：当地时间是 {local}",
            "`{en}` is a date, but {is_en} is not midnight: in local time it is {local}"
        ),
    };
    let help = say!(
        "只写日期：`2015-11-20`；取时刻当天的，在 `fanshi.toml` 的 [project] 或这个文件处写 \
            `dates = \"timestamp\"`",
        "write the date alone: `2015-11-20`; where the day of an instant is meant, write \
            `dates = \"timestamp\"` in `fanshi.toml`, under [project] or for this file"
    );
    (message, help)
}

#[expect(clippy::too_many_lines, reason = "a table of messages")]
fn misfit(schema: &Schema, at: At, unfit: &Unfit, found: &Found, nearest: Option<&String>) -> Said {
    let (zh, en) = field_name(schema, at);
    let (expected, help) = shape(schema, at);
    let (want_zh, want_en) = (expected.zh, expected.en);
    let is = found_words(found);
    let (is_zh, is_en) = (is.zh.as_str(), is.en.as_str());
    match unfit {
        Unfit::Type => (
            say!("`{zh}` 应当是{want_zh}，却是{is_zh}", "`{en}` should be {want_en}, not {is_en}"),
            container_help((&zh, &en), found).unwrap_or(help),
        ),
        Unfit::Form => form(schema, at, found, (&zh, &en)).unwrap_or_else(|| {
            (
                say!(
                    "`{zh}` 应当是{want_zh}，读不懂{is_zh}",
                    "`{en}` should be {want_en}; {is_en} does not read as one"
                ),
                match found {
                    Found::Text(word) => read_words(schema, at, std::slice::from_ref(word)),
                    _ => help,
                },
            )
        }),
        Unfit::Range => (
            say!(
                "`{zh}` 超出可以精确存储的范围：{is_zh}",
                "{is_en} for `{en}` is beyond what can be stored exactly"
            ),
            say!("检查数字是否多写了", "check whether digits were added by mistake"),
        ),
        Unfit::NoSuchDay => (
            say!("`{zh}` 写的日子不存在：{is_zh}", "{is_en} for `{en}`: there is no such day"),
            say!("检查年月日", "check year, month and day"),
        ),
        Unfit::TwoOrders => (
            say!("`{zh}` 的{is_zh} 不知哪是月哪是日", "{is_en} of `{en}`: the month may be either"),
            help,
        ),
        Unfit::TimeOfDay(local) => time_of_day((&zh, &en), &is, local.as_deref()),
        Unfit::NoTime => (
            say!(
                "`{zh}` 是时刻，却只有日期：{is_zh}",
                "`{en}` is an instant, but {is_en} is a date alone"
            ),
            Bilingual::new(
                format!("{}；只知道日期的，在词汇中声明为“日期”", help.zh),
                format!(
                    "{}; where only the day is known, declare a `date` in the vocabulary",
                    help.en
                ),
            ),
        ),
        Unfit::NoSuchTime => (
            say!("`{zh}` 写的时刻不存在：{is_zh}", "{is_en} for `{en}`: there is no such time"),
            say!("检查时、分、秒和时差", "check hour, minute, second and offset"),
        ),
        Unfit::TooFine => (
            say!(
                "`{zh}` 比千万分之一秒还细：{is_zh}",
                "{is_en} for `{en}` is finer than a tenth of a microsecond"
            ),
            say!("秒后最多写七位小数", "write at most seven digits after the second"),
        ),
        Unfit::Unit(unit) | Unfit::UnitBeside(unit) => (
            say!(
                "`{zh}` 的单位不能是 `{unit}`：这里应当是{want_zh}",
                "`{en}` cannot be in `{unit}`: it is {want_en}"
            ),
            match unfit {
                Unfit::UnitBeside(_) => unit_beside(schema, at, unit),
                _ => other_unit(schema, at, unit, help),
            },
        ),
        Unfit::TwoUnits(units) => {
            let [own, beside] = &**units;
            let message = say!(
                "`{zh}` 的{is_zh} 自己写的单位是 `{own}`，单位一列写的却是 `{beside}`",
                "{is_en} in `{en}` has the unit `{own}` of its own, but the column of units says \
                    `{beside}`"
            );
            (message, say!("只留一个", "keep one of them"))
        }
        Unfit::BarePercent => (
            say!(
                "`{zh}` 应当是百分比，却没有百分号：{is_zh}",
                "`{en}` should be a percentage; {is_en} has no percent sign"
            ),
            match found {
                Found::Text(_) => say!(
                    "写作 `51%`；在表格软件中把单元格的格式设为百分比",
                    "write `51%`; in a spreadsheet program format the cell as a percentage"
                ),
                _ => help,
            },
        ),
        Unfit::Weekday => (
            say!(
                "`{zh}` 的日期与星期对不上：{is_zh}",
                "{is_en} for `{en}`: that day is another weekday"
            ),
            say!("检查年月日，或删去星期", "check the date, or leave the weekday out"),
        ),
        Unfit::Price => (
            say!(
                "`{zh}` 应当是金额，{is_zh} 却是单价",
                "`{en}` should be {want_en}; {is_en} is a price for each"
            ),
            say!(
                "只写金额：`50元`；按件、按人收的另设字段",
                "write the amount alone: `50元`; declare a field of its own for what it is charged by"
            ),
        ),
        Unfit::Factor => (
            say!(
                "`{zh}` 应当是金额，{is_zh} 却没有写元",
                "`{en}` should be {want_en}; {is_en} does not say yuan"
            ),
            say!("写作 `1.5万元`", "write `1.5万元`"),
        ),
        Unfit::Bound => (
            say!(
                "`{zh}` 应当是一个确定的数，{is_zh} 却只是上下限或大概的数",
                "`{en}` should be a number; {is_en} is a bound, or about so much"
            ),
            help,
        ),
        Unfit::NoUnit => (
            say!("`{zh}` 的{is_zh} 没有写单位", "{is_en} of `{en}` has no unit beside it"),
            say!("在单位一列中补上", "give it in the column of the unit"),
        ),
        Unfit::NoSuchUnit => (
            say!(
                "`{zh}` 的单位写的是{is_zh}，不知是什么",
                "{is_en} as the unit of `{en}` is not known"
            ),
            match found {
                Found::Text(word) => no_such_unit(schema, at, word),
                _ => help,
            },
        ),
        Unfit::NoElement => (
            say!(
                "`{zh}` 的几项里有{is_zh}，而它表示没有；没有读入",
                "{is_en}, among the values of `{en}`, means that there is none; the list is not read"
            ),
            say!(
                "删去这一项；一项也没有的，格子里只写它",
                "take it out; where there is no value, write it alone"
            ),
        ),
        Unfit::Pattern => (
            say!(
                "`{zh}` 里的{is_zh} 不合词汇中“写作”的式样，没有读入",
                "{is_en} in `{en}` is not as `written` in the vocabulary says; the list is not read"
            ),
            say!(
                "照式样改写这一格，或者改“写作”",
                "write the cell as the pattern has it, or change `written`"
            ),
        ),
        Unfit::Citation => (
            say!(
                "`{zh}` 里的{is_zh} 不是引据，没有读入",
                "{is_en} in `{en}` is no citation; the list is not read"
            ),
            say!(
                "写作《题名》第几条第几款第几项；有引文的，后面加冒号或引号",
                "write it like 《…》第三条第一款, or \"Title\" 12.3; words quoted follow a colon or stand \
                    in quotation marks"
            ),
        ),
        Unfit::Separator => (
            say!(
                "`{zh}` 的{is_zh} 是一项还是几项，分不清；没有读入",
                "{is_en} in `{en}` may be one value or several; it is not read"
            ),
            {
                let sign = sign_in(found);
                say!(
                    "各项之间写 `、`；用 `{sign}` 分开的，在 `fanshi.toml` 的这个文件处写 `separator = \"{sign}\"`",
                    "write `、` between the values; where `{sign}` separates them, say so for this \
                        file in `fanshi.toml`: `separator = \"{sign}\"`"
                )
            },
        ),
        Unfit::OtherSeparator => (
            say!(
                "`{zh}` 的{is_zh} 不是一项，清单给的符号也分不开它；没有读入",
                "{is_en} in `{en}` is no single value, and what the manifest says separates values \
                    does not; it is not read"
            ),
            {
                let sign = sign_in(found);
                say!(
                    "改这一格；`{sign}` 也分开各项的，把它和原来的一起写进 `separator = [\"…\", \"{sign}\"]`",
                    "correct the cell; where `{sign}` separates values too, list it beside the one \
                        that is there: `separator = [\"…\", \"{sign}\"]`"
                )
            },
        ),
        Unfit::NotListed => {
            let message = say!(
                "`{zh}` 应当是{want_zh}，不能是{is_zh}",
                "`{en}` should be {want_en}; {is_en} is none"
            );
            let near = nearest.map(|word| say!("是否想写 `{word}`？", "did you mean `{word}`? "));
            let near = near.unwrap_or_default();
            (message, Bilingual::new(near.zh + &help.zh, near.en + &help.en))
        }
    }
}
