//! Fields, tables and rows that are not where, or not what, they should be.

use super::super::fault::{At, Fault, Found};
use super::super::names::shorten;
use super::words::units;
use super::{Name, Said, field_name, frame_name, suggestion};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::{Schema, Type};

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::UnknownField { frame, heading, nearest, rows } => {
            unknown_field(&frame_name(schema, *frame), heading, nearest.as_ref(), *rows)
        }
        Fault::UnpairedUnit { .. } | Fault::UnknownUnit { .. } => return units(schema, fault),
        Fault::UnknownMapping { heading, name, is_reversed: true, .. } => (
            say!(
                "`headings` 中的 `\"{heading}\" = \"{name}\"` 写反了：`{heading}` 是字段",
                "`\"{heading}\" = \"{name}\"` in `headings` is the wrong way round: `{heading}` is \
                    the field"
            ),
            say!(
                "写作 `\"{name}\" = \"{heading}\"`：文件中的标题在前",
                "write `\"{name}\" = \"{heading}\"`: the heading in the file comes first"
            ),
        ),
        Fault::UnknownMapping { frame, heading, name, nearest, .. } => {
            let (zh, en) = frame_name(schema, *frame);
            let message = say!(
                "`fanshi.toml` 说标题 `{heading}` 是字段 `{name}`，但 `{zh}` 没有这个字段",
                "`fanshi.toml` says that the heading `{heading}` is the field `{name}`, but `{en}` \
                    has no such field"
            );
            (
                message,
                suggestion(
                    nearest.as_ref(),
                    say!("改正 `headings` 中的字段名", "correct the field's name in `headings`"),
                ),
            )
        }
        Fault::DuplicateField(at) => {
            let (zh, en) = field_name(schema, *at);
            let help = say!(
                "只保留一个；同一字段的两个名称算同一个",
                "keep one of them; both names of a field count as the same"
            );
            (say!("`{zh}` 在同一行中给了两次", "`{en}` is given twice in one row"), help)
        }
        Fault::NestedFile(_) | Fault::NotRows { .. } | Fault::MissingField(_) => {
            rows(schema, fault)?
        }
        _ => return documents(schema, fault),
    })
}

/// Tables of a document.
fn documents(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::RepeatedKey { key, in_row: true } => (
            say!(
                "`{key}` 在同一行中写了两次，其中的字段未知",
                "`{key}` stands twice in one row; the fields in it are not known"
            ),
            say!("合成一个，或删去一处", "make one of them, or take one out"),
        ),
        Fault::RepeatedKey { key, in_row: false } => (
            say!(
                "`{key}` 在同一个对象里写了两次，只读了一处的各行",
                "`{key}` stands twice in one object; the rows of one of them alone are read"
            ),
            say!("合成一个数组，或删去一处", "make one array of them, or take one out"),
        ),
        Fault::Envelope { table, ways, is_split } => {
            envelope(&frame_name(schema, *table), ways, *is_split)
        }
        Fault::NoSuchRows(rows) => (
            say!("文件中没有 `rows` 所指的 `{rows}`", "there is no `{rows}`, which `rows` names"),
            say!("检查 `fanshi.toml` 中的 `rows`", "check `rows` in `fanshi.toml`"),
        ),
        Fault::FewerRows { key, total, rows } => (
            say!(
                "`{key}` 说有 {total} 行，文件中只有 {rows} 行",
                "`{key}` says that there are {total} rows; the file has {rows}"
            ),
            say!(
                "接口分页的，取全各页；`{key}` 说的不是行数，不需要改动",
                "where they come in pages, get all of them; where `{key}` is no number of rows, \
                    nothing needs to be done"
            ),
        ),
        Fault::UnknownTable { name, table, is_row: true, .. } => {
            let (zh, en) = frame_name(schema, *table);
            let message = say!(
                "最外层就是 `{zh}` 的一行（有 `{name}`），不是各行的列表；没有读入",
                "the outermost object is itself a row of `{en}` (with `{name}`), not a list of rows; \
                    it is not read"
            );
            let help = say!(
                "外面加方括号：`[{{…}}]`；TOML 中写在 `[[{en}]]` 之下",
                "put it in brackets: `[{{…}}]`; in TOML below `[[{en}]]`"
            );
            (message, help)
        }
        Fault::UnknownTable { name, nearest, table, .. } => {
            let (zh, en) = frame_name(schema, *table);
            let otherwise = say!(
                "最外层写 `{en}`，其下为各行",
                "at the outermost level write `{en}` with its rows"
            );
            let message = say!(
                "没有叫 `{name}` 的表；这里应当是 `{zh}` 的各行",
                "no table is called `{name}`; rows of `{en}` belong here"
            );
            (message, suggestion(nearest.as_ref(), otherwise))
        }
        Fault::UnexpectedTable { name, other, table } => {
            let (_, other) = frame_name(schema, *other);
            let (zh, en) = frame_name(schema, *table);
            let help = say!(
                "在 `fanshi.toml` 的 `[data]` 中把此文件也列在 `{other}` 之下",
                "list the file under `{other}` in `[data]` of `fanshi.toml` as well"
            );
            let message = say!(
                "此文件列在 `{zh}` 之下，其中的 `{name}` 没有读入",
                "the file is listed for `{en}`; `{name}` in it is not read"
            );
            (message, help)
        }
        _ => return None,
    })
}

/// Rows that stand below keys of a document.
fn envelope((zh, en): &Name, ways: &[String], is_split: bool) -> Said {
    let rows = ways.first().map_or("…", |way| way);
    if ways.len() > 1 {
        let quoted: Vec<String> = ways.iter().map(|way| format!("`{way}`")).collect();
        let (all_zh, all_en) = (quoted.join("、"), quoted.join(", "));
        let entry = |way: &String| format!("{{ file = \"…\", rows = \"{way}\" }}");
        let entries = ways.iter().map(entry).collect::<Vec<_>>().join(", ");
        return (
            say!(
                "`{zh}` 的各行像是在 {all_zh} 之下，没有读入",
                "the rows of `{en}` seem to stand below {all_en}; they are not read"
            ),
            say!(
                "一个 `rows` 只指一处：只要其中一处的写它；都要的，把这个文件列几次：`[{entries}]`",
                "`rows` names one of them: name the one you want, or list the file several times: \
                    `[{entries}]`"
            ),
        );
    }
    if is_split {
        return (
            say!(
                "`{zh}` 的各行像是在 `{rows}` 之下，分在几个数组里，没有读入",
                "the rows of `{en}` seem to stand below `{rows}`, in several arrays; they are not read"
            ),
            say!(
                "合成一个数组再给：`[{{…}}, {{…}}]`，或每行一个对象（.jsonl）",
                "make one array of them, `[{{…}}, {{…}}]`, or a file of one object a line (.jsonl)"
            ),
        );
    }
    (
        say!(
            "`{zh}` 的各行像是在 `{rows}` 之下，没有读入",
            "the rows of `{en}` seem to stand below `{rows}`; they are not read"
        ),
        say!(
            "在 `fanshi.toml` 中为这个文件写 `rows = \"{rows}\"`",
            "write `rows = \"{rows}\"` for this file in `fanshi.toml`"
        ),
    )
}

/// What is no row, or lacks something.
fn rows(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::NotRows { frame, found } => not_rows(&frame_name(schema, *frame), found),
        Fault::NestedFile(frame) => {
            let (zh, en) = frame_name(schema, *frame);
            let message = say!(
                "`{zh}` 是表中的清单，只能单独用 CSV 或工作表给出",
                "`{en}` is a list inside a table; only CSV or a sheet can hold it in a file of its \
                    own"
            );
            (
                message,
                say!(
                    "在 JSON、TOML 中把各项写在所属的行里",
                    "in JSON and TOML write its elements inside their row"
                ),
            )
        }
        Fault::MissingField(at) => missing_field(schema, *at),
        _ => return None,
    })
}

fn unknown_field((zh, en): &Name, heading: &str, nearest: Option<&String>, rows: usize) -> Said {
    let heading = shorten(heading);
    let quoted = super::quoted(&heading);
    let otherwise = say!(
        "在词汇中声明这个字段，或在 `fanshi.toml` 中指明它是哪个字段（`headings`）；用不着的，写 \
            `ignore = [{quoted}]`",
        "declare the field in the vocabulary, or say in `fanshi.toml` which field it is \
            (`headings`); if it is not needed, write `ignore = [{quoted}]`"
    );
    let column = heading.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let column = column
        .filter(|name| !name.is_empty() && name.bytes().all(|letter| letter.is_ascii_uppercase()));
    let otherwise = if column.is_some() || heading.is_empty() {
        say!(
            "写上标题；不需要这一列时，在 `fanshi.toml` 中写 `ignore = [\"\"]`",
            "write its heading; if the column is not needed, say `ignore = [\"\"]` in \
                `fanshi.toml`"
        )
    } else {
        otherwise
    };
    let message = if let Some(column) = column {
        say!(
            "`{zh}` 的 {column} 列没有标题，{rows} 行有内容",
            "column {column} of `{en}` has no heading; {rows} rows have content in it"
        )
    } else if heading.is_empty() {
        say!(
            "`{zh}` 有一列没有标题，{rows} 行有内容",
            "a column of `{en}` has no heading; {rows} rows have content in it"
        )
    } else {
        say!(
            "`{zh}` 没有叫 `{heading}` 的字段（{rows} 行）",
            "`{en}` has no field called `{heading}` (in {rows} rows)"
        )
    };
    let help = match nearest {
        Some(word) if heading.contains(word.as_str()) || word.contains(&heading) => say!(
            "若就是 `{word}`，在 `fanshi.toml` 中写 `headings = {{ {quoted} = \"{word}\" }}`；\
                用不着的，写 `ignore = [{quoted}]`",
            "if it is `{word}`, write `headings = {{ {quoted} = \"{word}\" }}` in \
                `fanshi.toml`; if it is not needed, `ignore = [{quoted}]`"
        ),
        nearest => suggestion(nearest, otherwise),
    };
    (message, help)
}

fn not_rows((zh, en): &Name, found: &Found) -> Said {
    let is = found_words(found);
    let (is_zh, is_en) = (is.zh, is.en);
    let help = say!(
        "一行写作 `{{…}}`，各行写作 `[{{…}}, {{…}}]`；TOML 中每行写 `[[{en}]]`",
        "write a row as `{{…}}`, rows as `[{{…}}, {{…}}]`; in TOML each row as `[[{en}]]`"
    );
    let message = if *found == Found::Object {
        say!(
            "这里应当是 `{zh}` 各行的数组，却是{is_zh}",
            "an array of rows of `{en}` belongs here, not {is_en}"
        )
    } else {
        say!("这里应当是 `{zh}` 的行，却是{is_zh}", "a row of `{en}` belongs here, not {is_en}")
    };
    (message, help)
}

/// What was found, in words.
pub fn found_words(found: &Found) -> Bilingual {
    match found {
        Found::Text(text) => say!("文本 `{text}`", "the text `{text}`"),
        Found::Number(digits) => say!("数 `{digits}`", "the number `{digits}`"),
        Found::Bool(value) => say!(" `{value}`", "`{value}`"),
        Found::Null => say!(" `null`", "`null`"),
        Found::Moment(text) => say!("日期时间 `{text}`", "the date or time `{text}`"),
        Found::Object | Found::Nested(_) => {
            say!("一个对象（`{{…}}` 或 TOML 的表）", "an object (`{{…}}`, or a table of TOML)")
        }
        Found::Array => say!("一个数组 `[…]`", "an array `[…]`"),
    }
}

/// A row without a field it has to give.
pub fn missing_field(schema: &Schema, at: At) -> Said {
    let (zh, en) = field_name(schema, at);
    let (frame_zh, frame_en) = frame_name(schema, at.frame);
    let field = schema.frames.get(at.frame).and_then(|frame| frame.fields.get(at.field));
    let help = if field.is_some_and(|field| matches!(field.ty, Type::List(_))) {
        say!(
            "一项也没有时写 `{en} = []`（JSON：`\"{en}\": []`）",
            "write `{en} = []` if there are none (JSON: `\"{en}\": []`)"
        )
    } else {
        say!(
            "补上它；确实可以没有时，在词汇中加 `可缺`",
            "give it, or make it `optional` in the vocabulary"
        )
    };
    (say!("`{frame_zh}` 的这一行缺少 `{zh}`", "this row of `{frame_en}` lacks `{en}`"), help)
}
