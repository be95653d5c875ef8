//! Headings, and files of elements.

use super::super::fault::{At, Fault};
use super::{Name, Said, field_name, frame_name, key_name, parent_of};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Schema;

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    rows(schema, fault).or_else(|| headings(schema, fault)).or_else(|| elements(schema, fault))
}

/// Rows that are no headings, or no data.
fn rows(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::NoKnownHeading {
            frame,
            row: Some(row),
            is_data: true,
            separator: None,
            near,
            ..
        } if near.is_empty() => {
            let (zh, en) = frame_name(schema, *frame);
            (
                say!(
                    "第 {row} 行没有一个标题是 `{zh}` 的字段，像是数据；文件没有读入",
                    "row {row} has no heading of a field of `{en}` and looks like data; the file \
                        is not read"
                ),
                say!(
                    "在文件开头加一行标题，或在 `fanshi.toml` 中依次写明各列：\
                        `headings = [\"…\", \"…\"]`；各列依次就是各字段时写 `header = 0`",
                    "put a row of headings above it, or name the columns in their order in \
                        `fanshi.toml`: `headings = [\"…\", \"…\"]`; `header = 0` where they are \
                        the fields in their order"
                ),
            )
        }
        Fault::RepeatedHeadings => (
            say!(
                "这一行又是标题，不作为数据",
                "this row repeats the headings; it is not judged as data"
            ),
            say!("不需要改动", "nothing needs to be done"),
        ),
        Fault::ColumnNumbers => (
            say!(
                "标题下的这一行只写了各列的号，不作为数据",
                "this row below the headings only numbers the columns; it is not judged as data"
            ),
            say!(
                "不需要改动；若是数据，在 `fanshi.toml` 中写明标题所在的行（`header`）",
                "nothing needs to be done; if it is data, say in `fanshi.toml` which row has the \
                    headings (`header`)"
            ),
        ),
        _ => return None,
    })
}

/// Columns.
fn headings(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::MissingColumn { frame, fields } => missing_columns(schema, *frame, fields),
        Fault::MisnamedColumn { at, heading, rows } => {
            misnamed(&field_name(schema, *at), heading, *rows)
        }
        Fault::NoKnownHeading { frame, row: Some(row), meant, separator, near, .. } => {
            no_known_heading(&frame_name(schema, *frame), *row, (*meant, *separator), near)
        }
        Fault::NoKnownHeading { frame, row: None, near, .. } => {
            no_named_column(&frame_name(schema, *frame), near)
        }
        Fault::MissingListColumn(at) => {
            let (zh, en) = field_name(schema, *at);
            let table = frame_name(schema, at.frame).1;
            let help = say!(
                "补上这一列，各项之间用 `、`；或另用一个文件列出各项，在 `fanshi.toml` 中列在 \
                    `{table}.{en}` 之下",
                "add it, with `、` between elements, or list them in a file of their own, under \
                    `{table}.{en}` in `fanshi.toml`"
            );
            (say!("没有 `{zh}` 这一列", "there is no column `{en}`"), help)
        }
        Fault::MissingListFile { frame, fields } => missing_list_files(schema, *frame, fields),
        Fault::ListInCell(at) => {
            let (zh, en) = field_name(schema, *at);
            let help = say!(
                "另用一个 CSV 文件或工作表列出 `{zh}` 的各项，或用 `group_by` 归组",
                "list the elements of `{en}` in a CSV file or sheet of their own, or group rows \
                    with `group_by`"
            );
            (
                say!(
                    "`{zh}` 的每一项有几个字段，一个单元格里写不下",
                    "an element of `{en}` has several fields and does not fit in a cell"
                ),
                help,
            )
        }
        Fault::IgnoredColumn { heading, rows } => (
            say!(
                "列 `{heading}` 没有读入（{rows} 行）：各项按文件中的次序排列",
                "the column `{heading}` is not read ({rows} rows): elements keep the order of the \
                    file"
            ),
            say!(
                "需要它时在词汇中声明这个字段，否则删去这一列",
                "declare the field in the vocabulary if you need it, or delete the column"
            ),
        ),
        Fault::AbsentColumn { frame, fields, ignored } => {
            absent_columns(schema, *frame, fields, ignored)
        }
        Fault::DuplicateHeading { at, heading } if at.field == usize::MAX => (
            say!(
                "`{heading}` 给了两次，分不清各行属于哪里，没有读入",
                "`{heading}` is given twice: whose the rows are is not known, and they are not read"
            ),
            say!("只保留一个", "keep one of them"),
        ),
        Fault::DuplicateHeading { heading, .. } => (
            say!(
                "标题 `{heading}` 与前面一列是同一个字段，两列都没有读入",
                "the heading `{heading}` is the same field as an earlier column; neither is read"
            ),
            say!("只保留一列", "keep one column"),
        ),
        _ => return None,
    })
}

/// No file for lists; the elements of a table of one row need not say whose they are.
fn missing_list_files(schema: &Schema, frame: usize, fields: &[usize]) -> Said {
    let names: Vec<_> =
        fields.iter().map(|&field| field_name(schema, At { frame, field })).collect();
    let zh = names.iter().map(|(zh, _)| format!("`{zh}`")).collect::<Vec<_>>().join("、");
    let en = names.iter().map(|(_, en)| format!("`{en}`")).collect::<Vec<_>>().join(", ");
    let (table_zh, table_en) = frame_name(schema, frame);
    let path = |(_, en): &Name| format!("`{table_en}.{en}`");
    let (places_zh, places_en) = (
        names.iter().map(path).collect::<Vec<_>>().join("、"),
        names.iter().map(path).collect::<Vec<_>>().join(", "),
    );
    let (key_zh, key_en) = key_name(schema, frame);
    let own = schema.frames.get(frame);
    let keyless = own.is_some_and(|frame| frame.key().is_none());
    let single = keyless && own.is_some_and(|frame| frame.single);
    let help = if keyless && !single {
        say!(
            "`{table_zh}` 没有主键，另一个文件无法指明各项属于哪一行：在词汇中为它声明主键，或改用 \
                JSON 或 TOML",
            "`{table_en}` has no key, so another file cannot say whose an element is: declare a \
                key for it in the vocabulary, or use JSON or TOML"
        )
    } else if single {
        say!(
            "另用一个 CSV 文件或工作表列出各项，在 `fanshi.toml` 中列在 {places_zh} 之下",
            "list its elements in a CSV file or sheet of their own, under {places_en} in \
                `fanshi.toml`"
        )
    } else {
        say!(
            "另用一个 CSV 文件或工作表列出各项，以 `{key_zh}` 列指明所属的行，并在 \
            `fanshi.toml` 中列在 {places_zh} 之下",
            "list its elements in a CSV file or sheet of their own with a column `{key_en}` \
            naming the row, under {places_en} in `fanshi.toml`"
        )
    };
    let message = match names.len() {
        1 => {
            say!("没有给出 `{table_zh}` 的清单 {zh}", "the list {en} of `{table_en}` is not given")
        }
        _ => say!(
            "没有给出 `{table_zh}` 的清单 {zh}",
            "the lists {en} of `{table_en}` are not given"
        ),
    };
    (message, help)
}

/// Columns that a table needs and a file lacks.
fn missing_columns(schema: &Schema, frame: usize, fields: &[usize]) -> Said {
    let names: Vec<_> =
        fields.iter().map(|&field| field_name(schema, At { frame, field })).collect();
    let zh = names.iter().map(|(zh, _)| format!("`{zh}`")).collect::<Vec<_>>().join("、");
    let en = names.iter().map(|(_, en)| format!("`{en}`")).collect::<Vec<_>>().join(", ");
    let help = say!(
        "补上，或在 `fanshi.toml` 的 `headings` 中指明哪个标题是它",
        "add it, or say in `headings` of `fanshi.toml` which heading it is"
    );
    (say!("没有 {zh} 这一列", "there is no column {en}"), help)
}

/// A column that a table needs, and a heading that resembles it.
fn misnamed((zh, en): &Name, heading: &str, rows: usize) -> Said {
    let quoted = super::quoted(heading);
    let message = say!(
        "没有 `{zh}` 这一列，有 `{heading}`（{rows} 行），不是任何字段",
        "there is no column `{en}`, but `{heading}` (in {rows} rows), which no field is called"
    );
    let help = say!(
        "若就是 `{zh}`，改正标题，或在 `fanshi.toml` 中写 `headings = {{ {quoted} = \"{zh}\" }}`；不是的，补上 `{zh}`，并写 `ignore = [{quoted}]`",
        "if it is `{en}`, correct the heading or write `headings = {{ {quoted} = \"{en}\" }}` in `fanshi.toml`; if not, add `{en}`, and write `ignore = [{quoted}]`"
    );
    (message, help)
}

/// Columns of optional fields that a file lacks, while it has headings that are passed over.
fn absent_columns(schema: &Schema, frame: usize, fields: &[usize], ignored: &[String]) -> Said {
    let names: Vec<_> =
        fields.iter().map(|&field| field_name(schema, At { frame, field })).collect();
    let zh = names.iter().map(|(zh, _)| format!("`{zh}`")).collect::<Vec<_>>().join("、");
    let en = names.iter().map(|(_, en)| format!("`{en}`")).collect::<Vec<_>>().join(", ");
    let quoted: Vec<String> = ignored.iter().map(|heading| format!("`{heading}`")).collect();
    let (list, commas) = (quoted.join("、"), quoted.join(", "));
    (
        say!(
            "没有 {zh} 这一列，各行都算没有填写；略过的列有 {list}",
            "there is no column {en}: no row gives it; passed over are {commas}"
        ),
        say!(
            "略过的列若就是它，改写在 `headings` 中",
            "if one that is passed over is it, write it in `headings` instead"
        ),
    )
}

/// What to do about cells that something else separates than the file's ending says.
fn separated(separator: char) -> Bilingual {
    match separator {
        '\t' => say!(
            "各列像是用制表符分隔的：把文件改名为 .tsv",
            "the columns seem to be separated by tabs: rename the file to .tsv"
        ),
        ',' => say!(
            "各列像是用逗号分隔的：把文件改名为 .csv",
            "the columns seem to be separated by commas: rename the file to .csv"
        ),
        _ => {
            let (zh, en) = match separator {
                '，' => ("全角逗号（，）", "full-width commas (，)"),
                '；' => ("全角分号（；）", "full-width semicolons (；)"),
                ';' => ("分号（;）", "semicolons (;)"),
                '|' => ("竖线（|）", "vertical bars (|)"),
                _ => ("顿号（、）", "enumeration commas (、)"),
            };
            say!(
                "各列像是用{zh}分隔的：换成英文逗号，或另存为逗号分隔的 .csv",
                "the columns seem to be separated by {en}: put commas (,) in their place, or save \
                    the file as .csv with commas"
            )
        }
    }
}

/// None of the headings is one of the table's.
fn no_known_heading(
    (zh, en): &Name,
    row: usize,
    (meant, separator): (Option<usize>, Option<char>),
    near: &[(String, String)],
) -> Said {
    let message = say!(
        "第 {row} 行没有一个标题是 `{zh}` 的字段；文件没有读入",
        "row {row} has no heading of a field of `{en}`; the file is not read"
    );
    let help = match (separator, meant) {
        (Some(separator), _) => separated(separator),
        (None, Some(meant)) => say!(
            "标题像是在第 {meant} 行：在 `fanshi.toml` 中写 `header = {meant}`",
            "the headings seem to be in row {meant}: write `header = {meant}` in `fanshi.toml`"
        ),
        (None, None) if !near.is_empty() => {
            let pairs: Vec<String> = near
                .iter()
                .map(|(heading, field)| {
                    format!("{} = {}", super::quoted(heading), super::quoted(field))
                })
                .collect();
            let pairs = pairs.join(", ");
            say!(
                "像是叫法不同：确是的，在 `fanshi.toml` 的这个文件处写 `headings = {{ {pairs} }}`；标题不在第 \
                    {row} 行的，写 `header`",
                "they seem to be called otherwise: if so, write for this file in `fanshi.toml` \
                    `headings = {{ {pairs} }}`; `header` if the headings are in another row"
            )
        }
        (None, None) => say!(
            "标题不在第 {row} 行时写 `header`，叫法不同时写 `headings`，都在 `fanshi.toml` 中",
            "say in `fanshi.toml` where they are (`header`), or which is which field (`headings`)"
        ),
    };
    (message, help)
}

/// The manifest names the columns, and none of them is one of the table.
fn no_named_column((zh, en): &Name, near: &[(String, String)]) -> Said {
    let message = say!(
        "`fanshi.toml` 给各列写的名称没有一个是 `{zh}` 的字段；文件没有读入",
        "none of the names `fanshi.toml` has for its columns is one of a field of `{en}`; the file \
            is not read"
    );
    let help = match near.first() {
        Some((heading, field)) => say!(
            "`{heading}` 是不是 `{field}`？在 `headings` 中写字段的名称",
            "is `{heading}` meant to be `{field}`? write the names of fields in `headings`"
        ),
        None => say!(
            "在 `headings` 中依次写各列是哪个字段",
            "say in `headings` which field each column is, in their order"
        ),
    };
    (message, help)
}

/// Elements in files of their own.
fn elements(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::MissingElements(at) => {
            let (zh, en) = field_name(schema, *at);
            let (table_zh, table_en) = frame_name(schema, at.frame);
            let help = say!(
                "填写各项，之间用 `、`；确实一项也没有时写一个 `；`；可以不填的，在词汇中加 `可缺`",
                "write its elements with `、` between them, a single `;` if there are none; make \
                    it `optional` in the vocabulary if it may be left out"
            );
            (
                say!("`{table_zh}` 的这一行缺少 `{zh}`", "this row of `{table_en}` lacks `{en}`"),
                help,
            )
        }
        Fault::MissingParentColumn { frame } => {
            let (zh, en) = frame_name(schema, *frame);
            let (parent_zh, parent_en) = frame_name(schema, parent_of(schema, *frame));
            let (key_zh, key_en) = key_name(schema, parent_of(schema, *frame));
            let message = say!(
                "没有一列指明 `{zh}` 的各项属于哪一行 `{parent_zh}`",
                "no column says which row of `{parent_en}` an element of `{en}` belongs to"
            );
            (message, say!("加一列 `{key_zh}`", "add a column `{key_en}`"))
        }
        Fault::NoParentKey { frame } => {
            let (zh, en) = frame_name(schema, *frame);
            let (parent_zh, parent_en) = frame_name(schema, parent_of(schema, *frame));
            let message = say!(
                "`{parent_zh}` 没有主键，CSV 无法指明 `{zh}` 的各项属于哪一行",
                "`{parent_en}` has no key, so CSV cannot say which of its rows an element of \
                    `{en}` belongs to"
            );
            (
                message,
                say!(
                    "改用 JSON 或 TOML，或在词汇中为 `{parent_zh}` 声明主键",
                    "use JSON or TOML, or declare a key for `{parent_en}` in the vocabulary"
                ),
            )
        }
        Fault::MissingParent { frame, rows, fill } => {
            let (parent_zh, parent_en) = frame_name(schema, parent_of(schema, *frame));
            let (key_zh, key_en) = key_name(schema, parent_of(schema, *frame));
            let message = match rows {
                1 => say!(
                    "这一项没有写明属于哪一行 `{parent_zh}`，没有读入",
                    "this element names no row of `{parent_en}`; it is not loaded"
                ),
                _ => say!(
                    "从这里起有 {rows} 项没有写明属于哪一行 `{parent_zh}`，没有读入",
                    "{rows} elements, here the first, name no row of `{parent_en}`; they are not \
                        loaded"
                ),
            };
            let otherwise = say!("在此填写 `{key_zh}`", "write the `{key_en}` here");
            (message, super::filled(fill, otherwise))
        }
        Fault::Ditto { heading, word, cells } => (
            say!(
                "`{heading}` 有 {cells} 格写的是 `{word}`，没有读入",
                "{cells} cells of `{heading}` say `{word}` and are not read"
            ),
            super::filled(std::slice::from_ref(heading), Bilingual::default()),
        ),
        Fault::DittoText { heading, word, cells } => (
            say!(
                "`{heading}` 有 {cells} 格写的是 `{word}`，照原样读作文本",
                "{cells} cells of `{heading}` say `{word}`, which is read as it stands"
            ),
            super::filled(std::slice::from_ref(heading), Bilingual::default()),
        ),
        Fault::MissingFill(name) => (
            say!(
                "没有 `fill` 所指的列 `{name}`",
                "there is no column `{name}`, which `fill` names"
            ),
            say!("检查 `fanshi.toml` 中的 `fill`", "check `fill` in `fanshi.toml`"),
        ),
        _ => return None,
    })
}
