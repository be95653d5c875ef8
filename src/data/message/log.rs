//! Event logs, and flat rows grouped into nested ones.

use super::super::fault::Fault;
use super::{Said, field_name, frame_name, suggestion};
use crate::say;
use crate::schema::Schema;

/// Says a fault of this kind.
pub fn said(schema: &Schema, fault: &Fault) -> Option<Said> {
    groups(schema, fault).or_else(|| log(schema, fault))
}

fn groups(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::StrayEvents(count) => (
            match count {
                1 => say!(
                    "有 1 个事件不在任何轨迹（trace）中，没有读入",
                    "1 event stands in no trace and is not read"
                ),
                count => say!(
                    "有 {count} 个事件不在任何轨迹（trace）中，没有读入",
                    "{count} events stand in no trace and are not read"
                ),
            },
            say!(
                "把它们移入所属的轨迹，或从日志中删去",
                "move them into their traces, or take them out of the log"
            ),
        ),
        Fault::CannotGroup => (
            say!(
                "这种格式的行不能用 `group_by` 归组",
                "rows of this format cannot be grouped with `group_by`"
            ),
            say!(
                "只有 CSV、工作簿和 JSON 可以归组；其他格式直接写成嵌套的清单",
                "only those of CSV, workbooks and JSON can; in others write the list inside its row"
            ),
        ),
        Fault::MissingGroup(heading) => (
            say!(
                "没有 `group_by` 所指的列 `{heading}`",
                "there is no column `{heading}`, by which rows are to be grouped"
            ),
            say!("检查 `fanshi.toml` 中的 `group_by`", "check `group_by` in `fanshi.toml`"),
        ),
        Fault::EmptyGroup { heading, rows, fill } => {
            let message = match rows {
                1 => say!(
                    "这一行没有写 `{heading}`，不知属于哪一组，没有读入",
                    "this row has no `{heading}` to be grouped by; it is not loaded"
                ),
                _ => say!(
                    "从这里起有 {rows} 行没有写 `{heading}`，不知属于哪一组，没有读入",
                    "{rows} rows, here the first, have no `{heading}` to be grouped by; they are \
                        not loaded"
                ),
            };
            (
                message,
                super::filled(fill, say!("在此填写 `{heading}`", "write the `{heading}` here")),
            )
        }
        Fault::Varying { at, group } => {
            let (zh, en) = field_name(schema, *at);
            let (list_zh, list_en) = frame_name(schema, at.frame);
            (
                say!(
                    "`{group}` 各行的 `{zh}` 不一致：它是 `{list_zh}` 的字段，各行应当相同",
                    "the rows of `{group}` differ in `{en}`, which is a field of `{list_en}` and \
                        the same in all of them"
                ),
                say!(
                    "改成一致；若各行本来不同，在清单的字段中声明它",
                    "make them equal; if each row has its own, declare the field in the list"
                ),
            )
        }
        _ => return None,
    })
}

fn log(schema: &Schema, fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::Xml(error) => {
            let zh = xml_in_chinese(error);
            (
                say!(
                    "XML 在这里有误：{zh}；其后没有读入",
                    "the XML is wrong here: {error}; what follows is not read"
                ),
                say!("重新导出这个文件", "export the file again"),
            )
        }
        Fault::NotLog => (
            say!("文件不是 XES 日志：没有 `<log>`", "the file is no XES log: it has no `<log>`"),
            say!("导出为 IEEE 1849 的 XES", "export it as XES, IEEE 1849"),
        ),
        Fault::WhichList { frame } => {
            let (zh, en) = frame_name(schema, *frame);
            (
                say!(
                    "`{zh}` 没有清单或不止一个清单，不知各行归入哪一个",
                    "`{en}` has no list, or several: it is not said which one the rows are \
                        elements of"
                ),
                say!("在 `fanshi.toml` 中写 `list = \"…\"`", "say `list = \"…\"` in `fanshi.toml`"),
            )
        }
        Fault::UnknownList { frame, name, nearest } => {
            let (zh, en) = frame_name(schema, *frame);
            let help = suggestion(
                nearest.as_ref(),
                say!("写 `{zh}` 中的一个清单", "write a list of `{en}`"),
            );
            (say!("`{zh}` 没有清单 `{name}`", "`{en}` has no list `{name}`"), help)
        }
        _ => return None,
    })
}

/// What a parser of XML says, in Chinese.
fn xml_in_chinese(error: &str) -> String {
    const KNOWN: [(&str, &str); 12] = [
        ("unexpected end", "文件在这里中断，标签没有闭合"),
        ("an element has no name", "标签没有名称"),
        ("ill-formed document: start tag not closed", "标签没有闭合"),
        ("ill-formed document: close tag", "多了一个结束标签"),
        ("ill-formed document: forbidden string", "注释里不能有 `--`"),
        ("ill-formed document", "不合 XML 的规定"),
        ("syntax error: attribute value not closed", "属性值没有闭合，缺少引号"),
        ("syntax error", "标签、注释或声明没有闭合"),
        ("error while parsing attribute: duplicated", "同一个属性写了两次"),
        ("error while parsing attribute", "属性写法不对：写作 `key=\"value\"`"),
        ("cannot find", "实体（`&…;`）写法不对"),
        ("unrecognized entity", "实体（`&…;`）没有这一个"),
    ];
    let quoted: Vec<&str> = error.split('`').skip(1).step_by(2).collect();
    if let (true, [expected, found]) = (error.contains("expected `"), quoted.as_slice()) {
        return format!("应当是 `{expected}`，却是 `{found}`");
    }
    let known = KNOWN.iter().find(|(english, _)| error.starts_with(english));
    known.map_or_else(|| "写法不合 XML".to_owned(), |(_, chinese)| (*chinese).to_owned())
}
