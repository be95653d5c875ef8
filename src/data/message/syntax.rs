//! Files that cannot be read, and texts that break their format's grammar.

use super::super::fault::{Fault, Looks, StatedBy};
use super::super::json::{DEPTH, Problem};
use super::super::names::shorten;
use super::Said;
use crate::diagnostic::Bilingual;
use crate::say;

/// Says a fault of this kind.
pub fn said(fault: &Fault) -> Option<Said> {
    bytes(fault).or_else(|| coding(fault)).or_else(|| grammar(fault)).or_else(|| cells(fault))
}

fn bytes(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::Unreadable(error) => (
            say!("文件无法读取：{error}", "the file cannot be read: {error}"),
            say!("检查文件是否存在、是否允许读取", "check that it exists and may be read"),
        ),
        Fault::TooLarge => (
            say!(
                "文本超过 2 GB，或者有一行超过 256 MB，没有读入",
                "the text is larger than 2 GB, or a line of it than 256 MB; it is not read"
            ),
            say!(
                "把文件拆成几个；逐行 JSON 用 UTF-8、不归组的可以更大",
                "split it into several files; JSON lines in UTF-8 that are not grouped may be larger"
            ),
        ),
        Fault::UnknownEncoding(label) => (
            say!("没有叫 `{label}` 的编码", "no encoding is called `{label}`"),
            say!(
                "写 `utf-8`、`gb18030` 或 `utf-16le`，或删去以自动识别",
                "write `utf-8`, `gb18030` or `utf-16le`, or leave it out to have it detected"
            ),
        ),
        _ => return None,
    })
}

/// A file that may be in either of two encodings.
fn doubtful(encoding: &str, other: &str) -> Said {
    let (label, other) = (encoding.to_ascii_lowercase(), other.to_ascii_lowercase());
    let Bilingual { zh: why_zh, en: why_en } = match other.as_str() {
        "windows-1252" => say!(
            "西文字母之间夹着单个汉字",
            "single Chinese characters stand between Latin letters"
        ),
        "euc-jp" => {
            say!("有许多假名，更像是 {other}", "there are many kana; it looks more like {other}")
        }
        "big5" | "shift_jis" => say!("多是罕见的字", "many of its signs are rare"),
        _ => say!("不成文字，更像是 {other}", "it is no text; it looks more like {other}"),
    };
    (
        say!(
            "看不出文件的编码：按 {label} 读，{why_zh}；没有读入",
            "the encoding of the file is not clear: read as {label}, {why_en}; it is not \
                        read"
        ),
        say!(
            "另存为 UTF-8，或在 `fanshi.toml` 中写明，如 `encoding = \"{other}\"`、\
                        `encoding = \"{label}\"`",
            "save it as UTF-8, or say in `fanshi.toml` what it is: `encoding = \
                        \"{other}\"`, `encoding = \"{label}\"`"
        ),
    )
}

/// Encodings, and files that are something else.
fn coding(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::WrongEncoding { declared, likely, by } => {
            let (by_zh, by_en) = match by {
                StatedBy::Manifest => ("`fanshi.toml` ", "`fanshi.toml`"),
                _ => ("文件开头", "its first line"),
            };
            let (declared, likely) = (declared.to_ascii_lowercase(), likely.to_ascii_lowercase());
            (
                say!(
                    "{by_zh}说文件是 {declared} 编码，它却像是 {likely}；文件没有读入",
                    "{by_en} says that the file is {declared}, but it seems to be {likely}; \
                        it is not read"
                ),
                if *by == StatedBy::Manifest {
                    say!(
                        "写 `encoding = \"{likely}\"`，或删去以自动识别",
                        "write `encoding = \"{likely}\"`, or leave it out to have it detected"
                    )
                } else {
                    say!(
                        "改正文件开头，或在 `fanshi.toml` 的这个文件处写 `encoding = \"{likely}\"`",
                        "correct its first line, or write `encoding = \"{likely}\"` for this file in \
                            `fanshi.toml`"
                    )
                },
            )
        }
        Fault::GuessedEncoding(encoding) => {
            let label = encoding.to_ascii_lowercase();
            (
                say!(
                    "文件不是 UTF-8，也没有标记，按 {label} 读取",
                    "the file is not UTF-8 and has no mark; it is read as {label}"
                ),
                say!(
                    "文字没有错的，在 `fanshi.toml` 中写 `encoding = \"{label}\"`，或另存为 UTF-8",
                    "if its texts are right, write `encoding = \"{label}\"` in `fanshi.toml`, or \
                        save it as UTF-8"
                ),
            )
        }
        Fault::DoubtfulEncoding(encoding, other) => doubtful(encoding, other),
        Fault::NullSigns(count) => (
            say!(
                "文件中有 {count} 个 U+0000，不是文字",
                "the file holds {count} signs U+0000, which are no text"
            ),
            say!(
                "文件可能已损坏：重新导出，或删去这些字符",
                "the file may be damaged: export it again, or delete these signs"
            ),
        ),
        Fault::Mislabelled(looks) => mislabelled(*looks),
        Fault::InvalidUtf8(byte) => (
            say!(
                "文件是 UTF-8 编码，但这里的字节 `{byte:02X}` 不是",
                "the file is UTF-8, but the byte `{byte:02X}` here is not"
            ),
            say!(
                "用编辑器另存为 UTF-8；如果是别的编码，在 `fanshi.toml` 中写 `encoding \
                    = \"gb18030\"`",
                "save it as UTF-8 again; if it is another encoding, write `encoding = \"gb18030\"` \
                    in `fanshi.toml`"
            ),
        ),
        Fault::Undecodable { encoding, byte } => (
            say!(
                "按 {encoding} 编码读取，这里的字节 `{byte:02X}` 不成字符",
                "read as {encoding}, the byte `{byte:02X}` here is no character"
            ),
            say!(
                "用编辑器另存为 UTF-8，或在 `fanshi.toml` 中写明 `encoding`",
                "save the file as UTF-8, or give its `encoding` in `fanshi.toml`"
            ),
        ),
        _ => return None,
    })
}

/// A file that is something else than its name says.
fn mislabelled(looks: Looks) -> Said {
    let (what, ending) = match looks {
        Looks::OldWorkbook => (say!("工作簿", "a workbook"), "xls"),
        Looks::Html => (say!("网页", "a web page"), ""),
        Looks::Xml2003 => (say!("2003 版的 XML 工作簿", "a workbook in the XML of 2003"), ""),
        Looks::Pdf => (say!("PDF", "a PDF"), ""),
        Looks::Rtf => (say!(" RTF 文档", "a document in RTF"), ""),
        Looks::Json => (say!(" JSON", "JSON"), "json"),
        Looks::JsonLines => (say!(" JSON，每行一个对象", "JSON, one object a line"), "jsonl"),
        Looks::Ods => (say!("工作簿", "a workbook"), "ods"),
        Looks::Archive => (say!("压缩包", "an archive"), ""),
        _ => (say!("工作簿", "a workbook"), "xlsx"),
    };
    let (zh, en) = (what.zh, what.en);
    let message = say!(
        "文件是{zh}，与它的名称不符，没有读入",
        "the file is {en}, other than its name says; it is not read"
    );
    let help = if looks == Looks::Archive {
        say!("解压后用里面的文件", "unpack it, and use the file inside")
    } else if ending.is_empty() {
        say!(
            "在表格软件中打开，另存为 .xlsx 或 .csv",
            "open it in a spreadsheet program and save it as .xlsx or .csv"
        )
    } else {
        say!("改名为 .{ending}", "rename it to .{ending}")
    };
    (message, help)
}

fn grammar(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::Json { problem, lines } => {
            let (message, help) = json(*problem);
            let Bilingual { zh, en } = &message;
            let message = if *problem == Problem::Nothing {
                message
            } else if *problem == Problem::After {
                say!("{zh}；后面的没有读入", "{en}; what follows is not read")
            } else if *lines {
                say!("{zh}；这一行没有读入", "{en}; this line is not read")
            } else {
                say!("{zh}；此后的内容没有读入", "{en}; the rest of the file is not read")
            };
            (message, help)
        }
        Fault::TooDeep { .. } => (
            say!(
                "括号嵌套超过 {DEPTH} 层；此后的内容没有读入",
                "brackets are nested more than {DEPTH} levels deep; the rest is not read"
            ),
            say!("检查是否有多余的 `[` 或 `{{`", "look for a `[` or `{{` too many"),
        ),
        Fault::Toml { message, line } => toml(message, line),
        Fault::UnquotedKeys { count, first } => (
            say!(
                "有 {count} 个键不加引号而含 ASCII 之外的字符，第一个是 `{first}`；已照常读入，\
                    但别的 TOML 工具读不了",
                "{count} keys with characters outside ASCII have no quotes, first `{first}`; they \
                    are read all the same, but other TOML tools refuse them"
            ),
            say!("写作 `\"{first}\"`", "write `\"{first}\"`"),
        ),
        _ => return None,
    })
}

fn json(problem: Problem) -> Said {
    let complete = say!("检查文件是否完整", "check that the file is complete");
    let comma = say!("检查前后的逗号和括号", "look at the commas and brackets around it");
    match problem {
        Problem::End => (say!("JSON 在此中断", "the JSON ends too early"), complete),
        Problem::Nothing => (
            say!("文件是空的，不是 JSON", "the file is empty; that is no JSON"),
            say!(
                "检查导出是否完整；确实没有行的写 `[]`",
                "check that it was exported whole; where there are no rows, write `[]`"
            ),
        ),
        Problem::Value => (say!("这里应当是一个值", "a value belongs here"), comma),
        Problem::Word => (
            say!("JSON 没有这个词", "JSON has no such word"),
            say!(
                "文本加双引号；是否写 `true`、`false`，没有写 `null`",
                "put text in double quotes; write truth as `true`, `false`, nothing as `null`"
            ),
        ),
        Problem::TrailingComma => (
            say!("结尾的括号前多一个逗号", "there is a comma before the closing bracket"),
            say!("删去那个逗号", "delete that comma"),
        ),
        Problem::Key => (
            say!("这里应当是加双引号的键", "a key in double quotes belongs here"),
            say!("键写作 `\"键\"`", "write keys as `\"key\"`"),
        ),
        Problem::Colon => (
            say!("键之后应当是 `:`", "a `:` belongs after the key"),
            say!("写作 `\"键\": 值`", "write `\"key\": value`"),
        ),
        Problem::ArrayEnd => (say!("这里应当是 `,` 或 `]`", "a `,` or `]` belongs here"), comma),
        Problem::ObjectEnd => (say!("这里应当是 `,` 或 `}}`", "a `,` or `}}` belongs here"), comma),
        Problem::Number => (
            say!("这不是 JSON 的数", "this is not a number of JSON"),
            say!(
                "写作 `12`、`-0.5`、`1e3`；前面不带 0，小数点两边都有数字",
                "write `12`, `-0.5`, `1e3`: no leading zero, digits on both sides of the point"
            ),
        ),
        Problem::Control => (
            say!(
                "文本中有换行或别的控制字符",
                "there is a line end or another control character inside a text"
            ),
            say!(
                "换行写作 `\\n`；检查是否少了一个双引号",
                "write a line end as `\\n`; look for a missing double quote"
            ),
        ),
        Problem::Escape => (
            say!("JSON 没有这个转义", "JSON has no such escape"),
            say!("反斜线本身写作 `\\\\`", "write a backslash itself as `\\\\`"),
        ),
        Problem::Surrogate => (
            say!("`\\u` 转义只有半个字符", "the `\\u` escape is half a character"),
            say!(
                "直接写这个字符，或写出成对的两个转义",
                "write the character itself, or both escapes of the pair"
            ),
        ),
        Problem::SingleQuote => (
            say!("JSON 的文本用双引号", "texts of JSON are in double quotes"),
            say!("把 `'` 换成 `\"`", "replace `'` by `\"`"),
        ),
        Problem::Comment => (
            say!("JSON 没有注释", "JSON has no comments"),
            say!("删去注释，或改用 TOML", "delete the comment, or use TOML"),
        ),
        Problem::After => (
            say!("值已结束，后面还有内容", "the value has ended, but more follows"),
            say!(
                "每行一个对象的文件以 `.jsonl` 结尾；多行放进 `[…]`",
                "name a file of one object a line `.jsonl`; put several rows in `[…]`"
            ),
        ),
        Problem::Depth => (say!("嵌套太深", "it is nested too deep"), comma),
    }
}

fn cells(fault: &Fault) -> Option<Said> {
    Some(match fault {
        Fault::UnterminatedQuote => (
            say!(
                "这个引号没有闭合；这一行没有读入",
                "this quote is never closed; the line is not read"
            ),
            say!(
                "补上结尾的 `\"`；单元格里的引号写两个 `\"\"`",
                "close it with `\"`; write a quote inside a cell twice, `\"\"`"
            ),
        ),
        Fault::TextAfterQuote(text) => {
            let text = shorten(text);
            (
                say!("引号闭合之后还有 `{text}`", "`{text}` follows the closing quote"),
                say!(
                    "单元格里的引号写两个 `\"\"`；检查前面是否少了一个引号",
                    "write a quote inside a cell twice, `\"\"`; look for a missing quote before it"
                ),
            )
        }
        Fault::RaggedRow { cells, headings } => (
            say!(
                "这一行有 {cells} 个单元格，标题有 {headings} 个",
                "this row has {cells} cells under {headings} headings"
            ),
            say!(
                "含逗号的内容加双引号；空单元格也要留逗号",
                "put content with commas in double quotes; keep the commas of empty cells"
            ),
        ),
        Fault::Blank { headed } => (
            say!("文件是空的：一个字也没有", "the file is empty: there is nothing in it"),
            if !headed {
                say!(
                    "重新导出这个文件；确实没有行的，写 `empty = true`；不要的，从 `[data]` 中去掉",
                    "export the file again; where there are no rows, write `empty = true`; take one \
                        that is not wanted out of `[data]`"
                )
            } else {
                say!(
                    "重新导出这个文件；没有行的表也要有标题行；不要的，从 `[data]` 中去掉",
                    "export the file again; a table without rows has its headings all the same; take \
                    one that is not wanted out of `[data]`"
                )
            },
        ),
        Fault::MissingHeadingRow(header) => (
            say!(
                "没有标题行：文件不到 {header} 行，或其后全是空行",
                "there is no heading row: the file has fewer than {header} rows, or only blank \
                    ones after them"
            ),
            say!("检查 `fanshi.toml` 中的 `header`", "check `header` in `fanshi.toml`"),
        ),
        _ => return None,
    })
}

/// What is wrong with a text of TOML, and what to do: `line` is the line it is wrong in.
#[must_use]
pub fn toml(message: &str, line: &str) -> Said {
    const WIDE: [char; 7] = ['“', '”', '‘', '’', '＝', '，', '＂'];
    let zh = toml_in_chinese(message);
    let help = if line.split('#').next().is_some_and(|line| line.contains(WIDE)) {
        say!(
            "引号、等号、逗号要用半角的：`\"`、`=`、`,`",
            "quotes, equals signs and commas are the plain ones: `\"`, `=`, `,`"
        )
    } else {
        say!(
            "值写作 `键 = \"文本\"`、`键 = 5`，行写作 `[[表]]`；键里有中文的加引号",
            "write values as `key = \"text\"`, `key = 5`, rows as `[[table]]`; keys that are not \
                ASCII in quotes"
        )
    };
    (say!("TOML 语法错误：{zh}", "TOML syntax: {message}"), help)
}

/// The parser's messages that occur most; others stay as they are.
fn toml_in_chinese(message: &str) -> String {
    const KNOWN: [(&str, &str); 16] = [
        ("invalid date, expected", "没有这一天，或年月日没有写全"),
        ("duplicate key", "同一个键写了两次"),
        ("unclosed array", "数组没有闭合，缺少 `]`"),
        ("unclosed inline table", "内联表没有闭合，缺少 `}`"),
        ("unclosed table", "表头没有闭合，缺少 `]`"),
        ("missing value", "键没有值"),
        ("key with no value", "键没有值，缺少 `=`"),
        ("invalid unquoted key", "键含有不加引号就不能用的字符"),
        ("invalid basic string", "文本没有闭合，或含有不允许的字符"),
        ("invalid literal string", "文本没有闭合，或含有不允许的字符"),
        ("invalid table header", "表头写法不对"),
        ("extra `", "这里多出了内容"),
        ("string values must be quoted", "文本要加引号"),
        ("unexpected key or value", "这里多出了内容，应当换行"),
        ("cannot recurse further", "嵌套太深"),
        ("invalid", "写法不对"),
    ];
    let known = KNOWN.iter().find(|(english, _)| message.starts_with(english));
    known.map_or_else(|| "写法不合 TOML".to_owned(), |(_, chinese)| (*chinese).to_owned())
}
