//! Headings, and files of elements.

use super::super::fault::Fault;
use super::{Said, field_name, frame_name, key_name, parent_of};
use crate::say;
use crate::schema::Schema;

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    headings(schema, fault).or_else(|| elements(schema, fault))
}

/// Columns.
fn headings(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::MissingColumn(at) => {
            let (zh, en) = field_name(schema, *at);
            let help = say!("补上这一列，或在 `fanshi.toml` 中指明哪个标题是它", "add it, or say in `fanshi.toml` which heading it is");
            (say!("没有 `{zh}` 这一列", "there is no column `{en}`"), help)
        }
        Fault::MissingListColumn(at) => {
            let (zh, en) = field_name(schema, *at);
            let table = frame_name(schema, at.frame).1;
            let help = say!(
                "补上这一列，各项之间用 `、`；或另用一个文件列出各项，在 `fanshi.toml` 中列在 `{table}.{en}` 之下",
                "add it, with `、` between elements, or list them in a file of their own, under `{table}.{en}` in `fanshi.toml`"
            );
            (say!("没有 `{zh}` 这一列", "there is no column `{en}`"), help)
        }
        Fault::MissingListFile(at) => {
            let (zh, en) = field_name(schema, *at);
            let (table_zh, table_en) = frame_name(schema, at.frame);
            let (key_zh, key_en) = key_name(schema, at.frame);
            let help = say!(
                "另用一个 CSV 文件或工作表列出各项，以 `{key_zh}` 列指明所属的行，并在 `fanshi.toml` 中列在 `{table_en}.{en}` 之下",
                "list its elements in a CSV file or sheet of their own with a column `{key_en}` naming the row, under `{table_en}.{en}` in `fanshi.toml`"
            );
            (say!("没有给出 `{table_zh}` 的清单 `{zh}`", "the list `{en}` of `{table_en}` is not given"), help)
        }
        Fault::ListInCell(at) => {
            let (zh, en) = field_name(schema, *at);
            let help = say!(
                "另用一个 CSV 文件或工作表列出 `{zh}` 的各项，或用 `group_by` 归组",
                "list the elements of `{en}` in a CSV file or sheet of their own, or group rows with `group_by`"
            );
            (
                say!("`{zh}` 的每一项有几个字段，一个单元格里写不下", "an element of `{en}` has several fields and does not fit in a cell"),
                help,
            )
        }
        Fault::IgnoredColumn { heading, rows } => (
            say!(
                "列 `{heading}` 没有读入（{rows} 行）：各项按文件中的次序排列",
                "the column `{heading}` is not read ({rows} rows): elements keep the order of the file"
            ),
            say!(
                "需要它时在词汇中声明这个字段，否则删去这一列",
                "declare the field in the vocabulary if you need it, or delete the column"
            ),
        ),
        Fault::DuplicateHeading { heading, .. } => (
            say!("标题 `{heading}` 与前面一列是同一个字段", "the heading `{heading}` is the same field as an earlier column"),
            say!("只保留一列", "keep one column"),
        ),
        _ => return None,
    })
}

/// Elements in files of their own.
fn elements(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::MissingElements(at) => {
            let (zh, en) = field_name(schema, *at);
            let (table_zh, table_en) = frame_name(schema, at.frame);
            let help = say!(
                "填写各项，之间用 `、`；确实一项也没有时写一个 `；`；可以不填的，在词汇中加 `可缺`",
                "write its elements with `、` between them, a single `;` if there are none; make it `optional` in the vocabulary if it may be left out"
            );
            (say!("`{table_zh}` 的这一行缺少 `{zh}`", "this row of `{table_en}` lacks `{en}`"), help)
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
                "`{parent_en}` has no key, so CSV cannot say which of its rows an element of `{en}` belongs to"
            );
            (
                message,
                say!(
                    "改用 JSON 或 TOML，或在词汇中为 `{parent_zh}` 声明主键",
                    "use JSON or TOML, or declare a key for `{parent_en}` in the vocabulary"
                ),
            )
        }
        Fault::MissingParent { frame } => {
            let (parent_zh, parent_en) = frame_name(schema, parent_of(schema, *frame));
            let (key_zh, key_en) = key_name(schema, parent_of(schema, *frame));
            let message =
                say!("这一项没有写明属于哪一行 `{parent_zh}`，没有读入", "this element names no row of `{parent_en}`; it is not loaded");
            (message, say!("在此填写 `{key_zh}`", "write the `{key_en}` here"))
        }
        _ => return None,
    })
}
