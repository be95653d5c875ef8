//! What is wrong between rows: keys that several have, and those that none has.

use super::super::bind::plan::Plan;
use super::super::fault::At;
use super::super::leaving;
use super::super::link::{Breach, Mention};
use super::super::names::shorten;
use super::super::placeholder;
use super::structure::missing_field;
use super::{Said, field_name, frame_name, suggestion};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::say;
use crate::schema::{Frame, Schema, Type};
use crate::value::key;

/// Says what is wrong between rows; of the places, the first is the row's.
#[must_use]
pub fn breach(plan: &Plan, breach: &Breach, mut places: Vec<Place>) -> Diagnostic {
    let schema = &*plan.schema;
    let is_same = |first: &Place, place: &Place| first.file == place.file && first.at == place.at;
    let is_one_cell = matches!(places.as_slice(), [first, place] if is_same(first, place));
    let (message, help) = match breach {
        Breach::Duplicate { at, value, .. } if is_one_cell => {
            places.truncate(1);
            merged_key(schema, *at, value)
        }
        Breach::Dangling(mention) => dangling(schema, mention),
        Breach::Orphan(mention) => orphan(schema, mention),
        Breach::NotInForce(mention) => super::title::not_in_force(schema, mention),
        Breach::Namesakes(mention) => super::title::namesakes(schema, mention),
        Breach::Duplicate { at, value, apart, .. } => duplicate(schema, *at, value, apart.as_ref()),
        Breach::Invisible { at, letter, before, more, .. } => {
            invisible(&field_name(schema, *at), *letter, before, *more)
        }
        Breach::Lacking { at, .. } => missing_field(schema, *at),
        Breach::Ambiguous(Mention { frame, key, count, .. }) => {
            let (zh, en) = frame_name(schema, *frame);
            let one = *count == 1;
            let (what_zh, what_en) = if one {
                ("这一项".to_owned(), "this element".to_owned())
            } else {
                (format!("写着它的 {count} 项"), format!("{count} elements that name it"))
            };
            (
                say!(
                    "`{zh}` 有几行的主键都是 `{key}`，分不清{what_zh}属于哪一行",
                    "several rows of `{en}` have the key `{key}`: {what_en} could belong to any of \
                        them"
                ),
                say!(
                    "改用 JSON 或 TOML，或使这个主键在全表中唯一",
                    "use JSON or TOML, or make that key unique among all rows"
                ),
            )
        }
    };
    let code = breach.code(plan);
    let diagnostic = if breach.is_warning() {
        Diagnostic::warning(code, message)
    } else {
        Diagnostic::error(code, message)
    };
    let label = |index: usize| match (index, breach) {
        (0, _) => Bilingual::default(),
        (_, Breach::Duplicate { .. }) => say!("先出现在这里", "it came first here"),
        _ => say!("这里也写着它", "it is named here too"),
    };
    let labelled = places.into_iter().enumerate();
    labelled.fold(diagnostic.help(help), |said, (index, place)| said.at(place, label(index)))
}

/// Several rows share the cell that tells rows apart.
fn merged_key(schema: &Schema, at: At, value: &str) -> Said {
    let (zh, en) = field_name(schema, at);
    (
        say!(
            "`{zh}` 的 `{value}` 是几行合并的一格，各行的主键都成了它",
            "the `{en}` `{value}` is one cell merged over several rows, and so the key of each"
        ),
        say!(
            "几行是一项的，在 `fanshi.toml` 的这个文件处写 `group_by = \"{zh}\"`；不是的，拆开单元格，\
                各行分别填写",
            "where the rows are one, write `group_by = \"{en}\"` for this file in `fanshi.toml`; \
                unmerge them and write each row's own otherwise"
        ),
    )
}

fn duplicate(schema: &Schema, at: At, value: &str, apart: Option<&[String; 2]>) -> Said {
    let (zh, en) = field_name(schema, at);
    let (frame_zh, frame_en) = frame_name(schema, at.frame);
    let message = match apart
        .and_then(|[first, again]| Some((key::difference(first, again)?, first, again)))
    {
        None => say!(
            "`{frame_zh}` 有两行的 `{zh}` 都是 `{value}`",
            "two rows of `{frame_en}` have the `{en}` `{value}`"
        ),
        Some((difference, first, again)) => {
            let words = apart_words(&difference);
            let (first, again) = (shorten(first), shorten(again));
            let (differ_zh, differ_en) = (words.zh, words.en);
            say!(
                "`{frame_zh}` 有两行的 `{zh}` 看上去一样，`{first}` 和 `{again}`：{differ_zh}",
                "two rows of `{frame_en}` have a `{en}` that reads the same, `{first}` and \
                    `{again}`: {differ_en}"
            )
        }
    };
    let help = say!(
        "`{zh}` 不得重复：改正其中一行，或删去重复的一行",
        "`{en}` must be unique: correct one of the rows, or delete it"
    );
    (message, help)
}

/// Which characters two texts that read the same differ by.
fn apart_words(difference: &key::Difference) -> Bilingual {
    let hidden = difference.letters.iter().flatten().find(|letter| key::is_invisible(**letter));
    if let Some(letter) = hidden {
        let place = after(&difference.before);
        let code = code_point(*letter);
        let (place_zh, place_en) = (place.zh, place.en);
        return say!("{place_zh}有看不见的 {code}", "an invisible {code} {place_en}");
    }
    let named = difference.letters.map(|letter| letter.map_or_else(nothing, letter_words));
    let [first, again] = named;
    Bilingual::new(format!("{}与{}", first.zh, again.zh), format!("{} and {}", first.en, again.en))
}

fn nothing() -> Bilingual {
    say!("此处没有字符", "no character there")
}

/// A character with its number: `Ａ` (U+FF21).
fn letter_words(letter: char) -> Bilingual {
    let code = code_point(letter);
    match letter {
        '\u{FF01}'..='\u{FF5E}' => {
            say!("全角的 `{letter}`（{code}）", "full-width `{letter}` ({code})")
        }
        _ => say!("`{letter}`（{code}）", "`{letter}` ({code})"),
    }
}

fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// After which text something stands.
fn after(before: &str) -> Bilingual {
    if key::is_blank(before) {
        return say!("开头", "at the beginning");
    }
    let before = shorten(before);
    say!("`{before}` 之后", "after `{before}`")
}

fn invisible((zh, en): &super::Name, letter: char, before: &str, more: usize) -> Said {
    let (code, place) = (code_point(letter), after(before));
    let (place_zh, place_en) = (place.zh, place.en);
    let message = if more == 0 {
        say!(
            "`{zh}` 中{place_zh}有看不见的 {code}",
            "there is an invisible {code} {place_en} in `{en}`"
        )
    } else {
        say!(
            "`{zh}` 中{place_zh}有看不见的 {code}；另有 {more} 行也有看不见的字符",
            "there is an invisible {code} {place_en} in `{en}`; {more} more rows have such \
                characters"
        )
    };
    (message, say!("删去它；比较主键时不计这样的字符", "delete it; keys are compared without it"))
}

fn orphan(schema: &Schema, mention: &Mention) -> Said {
    let (zh, en) = frame_name(schema, mention.frame);
    let (key, count) = (&mention.key, mention.count);
    let message = if count == 1 {
        say!(
            "`{zh}` 没有主键为 `{key}` 的行；这一项没有读入",
            "no row of `{en}` has the key `{key}`; this element is not loaded"
        )
    } else {
        say!(
            "`{zh}` 没有主键为 `{key}` 的行；有 {count} 处写着它，没有读入",
            "no row of `{en}` has the key `{key}`, which {count} places name; these elements are \
                not loaded"
        )
    };
    let help = suggestion(
        mention.nearest.as_ref(),
        say!("在 `{zh}` 中补上这一行，或改正这里", "add that row to `{en}`, or correct this"),
    );
    // What is asked ends its own sentence.
    let (stop, then) = if help.en.ends_with('?') { ("", " If") } else { ("；", "; if") };
    let (said, read) = (help.zh, help.en);
    (
        message,
        say!(
            "{said}{stop}那一行已经删去的，这里也删去",
            "{read}{then} that row is gone for good, take this out too"
        ),
    )
}

fn dangling(schema: &Schema, mention: &Mention) -> Said {
    let Mention { frame, key, nearest, count, places } = mention;
    let (zh, en) = frame_name(schema, *frame);
    let (field_zh, field_en) =
        places.first().map_or_else(super::unnamed, |(at, _)| field_name(schema, *at));
    let message = if *count == 1 {
        say!(
            "`{field_zh}` 写的是 `{key}`，`{zh}` 没有主键为它的行",
            "`{field_en}` is `{key}`, but no row of `{en}` has that key"
        )
    } else {
        say!(
            "有 {count} 处写的是 `{key}`，`{zh}` 没有主键为它的行",
            "{count} places name `{key}`, but no row of `{en}` has that key"
        )
    };
    if placeholder::is_one(key) || placeholder::is_zero(key) {
        let help = say!(
            "若 `{key}` 表示没有，在 `fanshi.toml` 中写 `absent = [\"{key}\"]`，或在词汇中写 \
                `读作 {{“{key}” = 缺}}`",
            "if `{key}` means that there is none, write `absent = [\"{key}\"]` in `fanshi.toml`, or \
                `reading {{\"{key}\" = absent}}` in the vocabulary"
        );
        return (message, help);
    }
    let text = |frame: &Frame| {
        frame.key().and_then(|key| frame.field(key)).is_some_and(|key| key.ty == Type::Text)
    };
    if let (Some(day), None) = (leaving::day(key), nearest)
        && schema.frames.get(*frame).is_some_and(text)
    {
        let (month, day) = day;
        let help = say!(
            "表格程序会把 `{month}-{day}` 这样的编号变成日期：照原样改正这里；就是这样写的，在 `{zh}` 中补上这一行",
            "spreadsheet programs make dates of numbers such as `{month}-{day}`: correct this; where \
                it is meant as it stands, add that row to `{en}`"
        );
        return (message, help);
    }
    let own = places.first().and_then(|(at, _)| schema.frames.get(at.frame));
    let sign =
        key.chars().find(|letter| [',', '，', ';', '；', '/', '|', '+', ' '].contains(letter));
    if let (Some(sign), true, None) = (sign, own.is_some_and(|frame| frame.plain), nearest) {
        let help = say!(
            "几项之间写 `、`；用 `{sign}` 分开的，在 `fanshi.toml` 的这个文件处写 `separator = \"{sign}\"`；\
                就是一项的，在 `{zh}` 中补上这一行",
            "write `、` between several; where `{sign}` separates them, write `separator = \"{sign}\"` \
                for this file in `fanshi.toml`; where it is one, add that row to `{en}`"
        );
        return (message, help);
    }
    let help = suggestion(
        nearest.as_ref(),
        say!("在 `{zh}` 中补上这一行，或改正这里", "add that row to `{en}`, or correct this"),
    );
    (message, help)
}
