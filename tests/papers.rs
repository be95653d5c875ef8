//! Papers to be signed, in Word's format: read back as they are, every heading in its place, a row
//! for each finding, and every figure that of the JSON.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What stands in a document, in order.
#[derive(Debug, PartialEq)]
enum Block {
    /// A paragraph, with its style.
    Text(String, String),
    /// A table, cell by cell; the lines of a cell are told apart.
    Table(Vec<Vec<String>>),
}

/// A part of a file, as text.
fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The document; every part of its file is well-formed.
fn read(path: &Path) -> Vec<Block> {
    let file = std::fs::read(path).unwrap();
    let archive = zip::ZipArchive::new(Cursor::new(&file)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().to_string()).collect();
    for name in &names {
        let text = part(&file, name);
        let illegal = |c: char| c < ' ' && !"\t\n\r".contains(c) || "\u{fffe}\u{ffff}".contains(c);
        assert!(!text.contains(illegal), "{name} of {}", path.display());
        let mut reader = Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    }
    blocks(&part(&file, "word/document.xml"))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut reader = Reader::from_str(text);
    let (mut blocks, mut rows): (Vec<Block>, Vec<Vec<String>>) = Default::default();
    let (mut style, mut said, mut cell, mut inside) =
        (String::new(), String::new(), Vec::new(), false);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return blocks,
            Event::Start(tag) => match tag.name().as_ref() {
                "w:tbl" => inside = true,
                "w:tr" => rows.push(Vec::new()),
                "w:p" => (style, said) = Default::default(),
                _ => {}
            },
            Event::Empty(tag) if tag.name().as_ref() == "w:pStyle" => {
                let value = tag.attributes().next().unwrap().unwrap().value;
                style = value.into_owned();
            }
            Event::Text(text) => said.push_str(&text),
            Event::GeneralRef(entity) => {
                said.push_str(match &*entity {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("{other}"),
                });
            }
            Event::End(tag) => match tag.name().as_ref() {
                "w:p" if inside => cell.push(std::mem::take(&mut said)),
                "w:p" => blocks.push(Block::Text(style.clone(), std::mem::take(&mut said))),
                "w:tc" => rows.last_mut().unwrap().push(std::mem::take(&mut cell).join("\n")),
                "w:tbl" => {
                    inside = false;
                    blocks.push(Block::Table(std::mem::take(&mut rows)));
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// The blocks below a heading, up to the next.
fn below<'b>(blocks: &'b [Block], heading: &str) -> &'b [Block] {
    let is_heading = |block: &Block| matches!(block, Block::Text(style, _) if style == "Heading1");
    let is = |block: &Block| matches!(block, Block::Text(_, text) if text == heading);
    let at = blocks.iter().position(is).unwrap_or_else(|| panic!("no {heading}: {blocks:?}")) + 1;
    let end = blocks[at..].iter().position(is_heading).map_or(blocks.len(), |end| at + end);
    &blocks[at..end]
}

/// The tables of some blocks, each without its head.
fn tables(blocks: &[Block]) -> Vec<&[Vec<String>]> {
    let table = |block: &'_ Block| match block {
        Block::Table(_) => true,
        Block::Text(..) => false,
    };
    let tables = blocks.iter().filter(|block| table(block));
    tables
        .map(|block| match block {
            Block::Table(rows) => &rows[1..],
            Block::Text(..) => &[],
        })
        .collect()
}

/// How many rows the first table of a part has.
fn rows(blocks: &[Block], heading: &str) -> usize {
    tables(below(blocks, heading)).first().map_or(0, |rows| rows.len())
}

/// All paragraphs.
fn text(blocks: &[Block]) -> String {
    let line = |block: &Block| match block {
        Block::Text(_, text) => Some(text.clone()),
        Block::Table(_) => None,
    };
    blocks.iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// The paragraphs of a style.
fn styled(blocks: &[Block], wanted: &str) -> Vec<String> {
    let of = |block: &Block| match block {
        Block::Text(style, text) if style == wanted => Some(text.clone()),
        _ => None,
    };
    blocks.iter().filter_map(of).collect()
}

fn fanshi(arguments: &[&str]) -> Output {
    let mut run = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    run.args(arguments).env("LC_ALL", "zh_CN.UTF-8").env_remove("FANSHI_LANG").output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = fanshi(&[arguments, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// An empty folder of its own, with files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("papers").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    folder
}

const POLICY: &str = "\
枚举 处理 {
  取消
  保留
}

表 局 {
  名称 : 文本 主键
}

表 事项 {
  编码 : 文本 主键
  名称 : 文本
  局 : 局
  投资 : 金额
  依据 : 文本 可缺
  处理 : 处理
}

裁定 事项.处理
  次序 取消
  否则 保留

第一条 大额
  凡 投资 超过 1000000000 元 的 事项，一律 取消。
  根据 《投资条例》第三条

第二条 依据
  凡 事项，宜 有 依据。

第三条 零
  凡 投资 为 0 元 的 事项，提请 “问清为什么不花钱”。
";

const ITEMS: &str = "编码,名称,局,投资,依据,处理\nA-1,甲,民政局,1740000000,,保留\nA-2,乙,城管局,100,有,\
    保留\nA-3,丙,民政局,1840000000,有,保留\nA-4,丁,民政局,0,有,保留\nA-5,戊,民政局,多,有,保留\n";

const WAIVERS: &str = "\
[[waiver]]
article = \"a.大额\"
item = \"A-1\"
authority = \"政府常务会议纪要〔2015〕9号\"
reason = \"国家重点\"
until = 2016-06-30

[[waiver]]
article = \"a.大额\"
item = \"A-2\"
authority = \"另一次会议\"
reason = \"没有用上\"
";

fn project(name: &str, items: &str, more: &str) -> PathBuf {
    let manifest = format!(
        "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n[data]\n\"局\" \
            = \"d.csv\"\n\"事项\" = \"i.csv\"\n\n{WAIVERS}\n{more}"
    );
    let files =
        [("fanshi.toml", &*manifest), ("a.fan", POLICY), ("d.csv", "名称\n民政局\n城管局\n")];
    folder(name, &[&files[..], &[("i.csv", items)]].concat())
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Its headings: the same in each paper.
const HEADINGS: [&str; 4] =
    ["一、总体情况", "二、应当改正的事项", "三、需要说明的事项", "四、准予例外"];

#[test]
fn a_group_is_told_what_concerns_it() {
    let project = project("group", ITEMS, "");
    let out = project.join("意见");
    let arguments = ["check", shown(&project), "--by", "局", "--format", "docx", "-o", shown(&out)];
    assert_eq!(fanshi(&arguments).status.code(), Some(2)); // one value cannot be read
    let letter = read(&out.join("民政局.docx"));
    assert_eq!(styled(&letter, "Title"), ["样", "检查意见书"]);
    assert_eq!(styled(&letter, "Heading1"), HEADINGS);
    assert_eq!(styled(&letter, "Salutation"), ["民政局："]);
    assert_eq!(styled(&letter, "Signature")[..2], ["检查人：", "签批人："]);
    let said = text(&letter);
    assert!(said.contains("截至2015年11月20日"), "{said}");
    assert!(said.contains("全部数据有 1 处错误，判断不完整。"), "{said}");
    let broken = tables(below(&letter, HEADINGS[1]));
    assert_eq!(broken[0].len(), 1);
    assert_eq!(broken[0][0][..2], ["1", "事项 A-3 丙"]);
    assert!(broken[0][0][2].ends_with("（a 第一条 大额）\n根据：《投资条例》第三条"), "{broken:?}");
    assert_eq!(broken[0][0][3], "保留 → 取消");
    assert_eq!(broken[1][0][0], "事项 A-5 戊"); // what cannot be read has to be written anew
    assert!(broken[1][0][1].contains('多'), "{broken:?}");
    let open = tables(below(&letter, HEADINGS[2]))[0];
    let states: Vec<&str> = open.iter().map(|row| &*row[2]).collect();
    assert_eq!(states, ["无法判断", "无法判断", "提请判断", "警告"]);
    let allowed = tables(below(&letter, HEADINGS[3]))[0];
    let waived = [
        "事项 A-1 甲",
        "a 第一条 大额",
        "政府常务会议纪要〔2015〕9号",
        "国家重点",
        "2016-06-30",
        "在用",
    ];
    assert_eq!(allowed, [waived.map(str::to_owned).to_vec()]);
    let none = read(&out.join("不属任何一组.docx"));
    let unused = tables(below(&none, HEADINGS[3]))[0];
    assert_eq!(unused[0][2..], ["另一次会议", "没有用上", "-", "未用上"]);
    // The last of all, the places to sign, is never alone on a page.
    let document = part(&std::fs::read(out.join("民政局.docx")).unwrap(), "word/document.xml");
    assert!(document.matches("<w:keepNext").count() > 8);
    assert_eq!(document.matches("<w:tblHeader/>").count(), document.matches("<w:tbl>").count());
}

/// Groups that have filed nothing of the table whose rows are counted are told what they have filed;
/// clerks read what an article says of itself, or the article, and no formula with its values.
#[test]
fn a_group_is_told_what_it_filed_in_words_for_clerks() {
    let policy = "表 局 {\n  名称 : 文本 主键\n}\n\n表 事项 {\n  编码 : 文本 主键\n  局 : 局 可缺\n  收费 : 金额\n}\n\n\
        表 权责 {\n  编码 : 文本 主键\n  局 : 局\n  项 : 整数\n}\n\n表 小组 {\n  编码 : 文本 主键\n  局 : 局\n  成员总数 : 整数\n}\n\n\
        第一条 项\n  凡 权责，项 不得 超过 3。\n\n第二条 单数\n  凡 小组，余数(成员总数, 2) 必须 为 1。\n\n\
        第三条 两项\n  凡 小组，数量(权责: 局 = 本行.局) 必须 为 2。\n  说明 “所在的局要有两项权责”\n\n\
        第四条 收费\n  凡 事项，收费 不得 超过 10 元。\n\n第五条 平均\n  凡 权责，项 * 2 不得 超过 100。\n";
    let manifest = "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n[data]\n\
        \"局\" = \"d.csv\"\n\"事项\" = \"i.csv\"\n\"权责\" = \"q.csv\"\n\"小组\" = \"g.csv\"\n";
    let project = folder(
        "filed",
        &[
            ("fanshi.toml", manifest),
            ("a.fan", policy),
            ("d.csv", "名称\n甲局\n乙局\n丙局\n"),
            ("i.csv", "编码,局,收费\nA-1,甲局,50\nA-2,,1\n"),
            ("q.csv", "编码,局,项\nQ-1,乙局,5\nQ-2,乙局,1\nQ-3,丙局,90\n"),
            ("g.csv", "编码,局,成员总数\nG-1,乙局,4\nG-2,丙局,5\n"),
        ],
    );
    let out = project.join("意见");
    fanshi(&["round", shown(&project), "--by", "局", "-o", shown(&out)]);
    let letter = |name: &str| read(&out.join(format!("{name}.docx")));
    let problems = |letter: &[Block]| -> Vec<String> {
        let rows = tables(below(letter, HEADINGS[1]))[0];
        rows.iter().map(|row| row[2].lines().next().unwrap().to_owned()).collect()
    };
    let own = letter("乙局");
    assert!(text(&own).contains("填报权责 2 行、小组 1 行，发现 2 处：违反 2。"), "{}", text(&own));
    let said = ["项 为 5，不符合“项 不得 超过 3”", "不符合“余数(成员总数, 2) 必须 为 1”"];
    assert_eq!(problems(&own), said);
    let said = [
        "项 为 90，不符合“项 不得 超过 3”",
        "不符合“项 * 2 不得 超过 100”",
        "所在的局要有两项权责",
    ];
    assert_eq!(problems(&letter("丙局")), said);
    assert!(text(&letter("甲局")).contains("填报事项 1 行，发现 1 处：违反 1。"));
    // What belongs to none, and has no finding.
    let none = text(&letter("不属任何一组"));
    assert!(none.contains("不属任何一组的，没有发现问题。"), "{none}");
    assert!(none.contains("不属任何一组的，没有填报 “局”：事项 1。"), "{none}");
    assert!(!none.contains('`') && !none.contains("发现 0"), "{none}");
    let review = fanshi(&["review", shown(&project), "--by", "局", "--lang", "zh"]);
    let review = String::from_utf8(review.stdout).unwrap();
    let filed =
        "没有填报 `事项`、只填报别的表的：乙局（`权责` 2、`小组` 1）；丙局（`权责` 1、`小组` 1）";
    assert!(review.replace('\n', "").contains(filed), "{review}");
}

#[test]
fn the_whole_names_the_groups_and_the_mistakes() {
    let project = project("whole", ITEMS, "");
    let out = project.join("x.docx");
    fanshi(&["check", shown(&project), "-o", shown(&out)]);
    let paper = read(&out);
    assert_eq!(styled(&paper, "Heading1"), HEADINGS);
    assert_eq!(tables(below(&paper, HEADINGS[1]))[0][0][1], "事项 A-3 丙（民政局）");
    let found = json(&["check", shown(&project)]);
    let wrong = tables(below(&paper, HEADINGS[2]))[1];
    assert_eq!(wrong.len(), found["diagnostics"].as_array().unwrap().len());
    assert_eq!(wrong[0][3], "i.csv:6:11");
    let english = project.join("x-en.docx");
    fanshi(&["check", shown(&project), "-o", shown(&english), "--lang", "en"]);
    let headings = ["1. In all", "2. To be put right", "3. To be explained", "4. Waivers"];
    assert_eq!(styled(&read(&english), "Heading1"), headings);
}

/// The findings of a kind, of some.
fn count<'f>(findings: impl Iterator<Item = &'f Value>, kind: usize) -> usize {
    let of = |finding: &Value| match (finding["outcome"].as_str(), finding["severity"].as_str()) {
        (Some("violated" | "conflict"), Some("error")) => 0,
        (Some("waived"), _) => 2,
        _ => 1,
    };
    findings.filter(|finding| of(finding) == kind).count()
}

#[test]
fn the_sample_adds_up() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let out = folder("sample", &[]).join("一下");
    fanshi(&["round", shown(&sample), "--lang", "zh", "-o", shown(&out)]);
    let all = json(&["check", shown(&sample), "--by", "部门"]);
    let all = all["findings"].as_array().unwrap();
    let round = std::fs::read_to_string(out.join("round.toml")).unwrap();
    let round: toml::Table = round.parse().unwrap();
    let mut sums = [0; 3];
    for sent in round["sent"].as_array().unwrap() {
        let letter = read(&out.join(sent["letter"].as_str().unwrap()));
        assert_eq!(styled(&letter, "Title")[1], "审核意见书"); // as its manifest says
        let counts = [1, 2, 3].map(|part| rows(&letter, HEADINGS[part]));
        let [mend, explain, allowed] = counts;
        let said = text(&letter);
        let told =
            format!("其中应当改正的 {mend} 处，需要说明的 {explain} 处，准予例外的 {allowed} 处。");
        assert!(said.contains(&told), "{said}");
        let findings: usize = counts.iter().sum();
        assert_eq!(Some(i64::try_from(findings).unwrap()), sent["findings"].as_integer());
        assert!(said.contains(&format!(" {findings} 处")), "{said}");
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    assert_eq!(sums, [0, 1, 2].map(|kind| count(all.iter(), kind)));
    let whole = out.join("x.docx");
    fanshi(&["check", shown(&sample), "--lang", "zh", "-o", shown(&whole)]);
    assert_eq!(sums, [1, 2, 3].map(|part| rows(&read(&whole), HEADINGS[part])));
}

#[test]
fn the_review_has_the_figures_of_its_json() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
    let out = folder("review", &[]).join("r.docx");
    fanshi(&["review", shown(&sample), "--lang", "zh", "-o", shown(&out)]);
    let (paper, review) = (read(&out), json(&["review", shown(&sample), "--lang", "zh"]));
    assert_eq!(styled(&paper, "Title"), [review["project"].as_str().unwrap(), "审核报告"]);
    assert_eq!(styled(&paper, "Heading1"), [&HEADINGS[..], &["五、数字核对"]].concat());
    let said = text(&paper);
    let found = &review["findings"];
    let kinds = [("违反", "violated"), ("警告", "warned"), ("无法判断", "undetermined")];
    for (word, key) in kinds {
        assert!(said.contains(&format!("{word} {}", found[key])), "{word}: {said}");
    }
    let dispositions = review["dispositions"].as_array().unwrap();
    let differences = dispositions.iter().flat_map(|of| of["differences"].as_array().unwrap());
    let changing: usize = differences.map(|of| of["rows"].as_array().unwrap().len()).sum();
    assert!(said.contains(&format!("处置要改的 {changing} 处")), "{said}");
    let overview = tables(below(&paper, HEADINGS[0]));
    for (table, json) in overview.iter().zip(dispositions) {
        let values = json["values"].as_array().unwrap();
        let numbers = |line: &Value| {
            ["declared", "required", "agreed"].map(|key| line[key].to_string()).to_vec()
        };
        let shown: Vec<Vec<String>> = table.iter().map(|row| row[1..].to_vec()).collect();
        assert_eq!(shown[..values.len()], values.iter().map(numbers).collect::<Vec<_>>());
    }
    let groups = review["groups"]["groups"].as_array().unwrap();
    // Below the findings of each group its measures.
    let (spread, measures) = (overview[overview.len() - 2], overview[overview.len() - 1]);
    assert!(measures.len() == groups.len() + 1 || measures.len() == groups.len(), "{measures:?}");
    for group in groups {
        let name = group["group"].as_str().unwrap_or("（不属任何一组）");
        let row = spread.iter().find(|row| row[0] == name).unwrap();
        assert_eq!(
            row[1..3],
            ["rows", "findings"].map(|key| match key {
                "rows" => group["rows"].to_string(),
                _ => group["findings"]["violated"].to_string(),
            })
        );
    }
    let with =
        |article: &&Value| article["findings"].as_object().unwrap().values().any(|n| *n != 0);
    let articles = review["articles"].as_array().unwrap().iter().filter(with).count();
    assert_eq!(tables(below(&paper, HEADINGS[1]))[1].len(), articles);
    let figures = review["figures"].as_array().unwrap();
    let of = |status: &str| figures.iter().filter(|figure| figure["status"] == status).count();
    let [closes, differs, unknown] = ["closes", "differs", "unknown"].map(of);
    let told = format!("对得上的 {closes} 个，对不上的 {differs} 个，核不了的 {unknown} 个。");
    assert!(said.contains(&told), "{said}");
    assert_eq!(rows(&paper, "五、数字核对"), differs + unknown);
}

#[test]
fn the_review_names_who_allowed_what() {
    let project = project("allowed", ITEMS, "");
    for (file, heading) in
        [("r.docx", ""), ("r.md", "## 准予的例外"), ("r.html", "准予的例外</h2>")]
    {
        let out = project.join(file);
        fanshi(&["review", shown(&project), "-o", shown(&out)]);
        let said = if heading.is_empty() {
            let paper = read(&out);
            let rows = tables(below(&paper, HEADINGS[3]))[0];
            rows.iter().flatten().cloned().collect::<Vec<_>>().join("\n")
        } else {
            let page = std::fs::read_to_string(&out).unwrap();
            assert!(page.contains(heading), "{page}");
            page
        };
        for word in
            ["政府常务会议纪要〔2015〕9号", "国家重点", "2016-06-30", "另一次会议", "未用上"]
        {
            assert!(said.contains(word), "{file} lacks {word}: {said}");
        }
    }
    let said = String::from_utf8(fanshi(&["review", shown(&project)]).stdout).unwrap();
    assert!(said.contains("\n准予的例外\n"), "{said}");
    let at = said.find("\n准予的例外\n").unwrap();
    assert!(said[at..].contains("2016-06-30") && said[at..].contains("未用上"), "{said}");
    let waivers = &json(&["review", shown(&project)])["waivers"];
    assert_eq!(
        (waivers.as_array().unwrap().len(), &waivers[0]["until"]),
        (2, &"2016-06-30".into())
    );
}

#[test]
fn what_names_hold_is_text() {
    let long = "长".repeat(3000);
    let hostile = ["<w:p/>&amp;]]>", "a\u{202e}b\u{7}c\u{fffe}", "<w:tbl><w:trPr>", "=1+1", &long];
    let mut items = String::from("编码,名称,局,投资,依据,处理\n");
    for (at, name) in hostile.iter().enumerate() {
        items.push_str(&format!("{name}{at},\"{name}\",民政局,1840000000,,保留\n"));
    }
    let more = "[paper]\ngroup_title = \"<&\\u0007\"\n[paper.fonts]\ntext = \"<\\\"'&\"\n";
    let project = project("hostile", &items, more);
    let out = project.join("o");
    fanshi(&["round", shown(&project), "--by", "局", "-o", shown(&out)]);
    let letter = read(&out.join("民政局.docx"));
    assert_eq!(styled(&letter, "Title")[1], "<&␇");
    let broken = tables(below(&letter, HEADINGS[1]))[0];
    assert_eq!(broken.len(), hostile.len());
    let all = broken.iter().map(|row| &*row[1]).collect::<Vec<_>>().join("\n");
    for shown in ["<w:p/>&amp;]]>0", "a⟨U+202E⟩b␇c⟨U+FFFE⟩", "<w:tbl><w:trPr>2", "=1+1", "长长长…"]
    {
        let whole = shown.trim_end_matches('…');
        assert!(all.contains(whole), "{shown}: {all}");
    }
    let review = project.join("r.docx");
    fanshi(&["review", shown(&project), "-o", shown(&review)]);
    assert!(text(&read(&review)).contains("样"));
}

#[test]
fn two_runs_write_the_same_bytes_whatever_the_clock_says() {
    let project = project("same", ITEMS, "");
    let write = |folder: &str, command: &[&str]| {
        let out = project.join(folder);
        fanshi(&[command, &["--by", "局", "-o", shown(&out)]].concat());
        out
    };
    let (one, two) =
        (write("一", &["round", shown(&project)]), write("二", &["round", shown(&project)]));
    let bytes = |folder: &Path| std::fs::read(folder.join("民政局.docx")).unwrap();
    assert_eq!(bytes(&one), bytes(&two));
    let core = part(&bytes(&one), "docProps/core.xml");
    assert_eq!(core.matches("2015-11-20T00:00:00Z").count(), 2, "{core}");
    let year = |name: &str| {
        let file = bytes(&one);
        let mut archive = zip::ZipArchive::new(Cursor::new(&*file)).unwrap();
        archive.by_name(name).unwrap().last_modified().map(|time| time.year())
    };
    assert_eq!(year("word/document.xml"), Some(1980));
    // A letter that is there may have been changed by hand.
    let again = ["round", shown(&project), "--by", "局", "-o", shown(&one)];
    std::fs::remove_file(one.join("民政局.xlsx")).unwrap();
    std::fs::remove_file(one.join("城管局.xlsx")).unwrap();
    std::fs::remove_file(one.join("不属任何一组.xlsx")).unwrap();
    let refused = fanshi(&again);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("可能有答复或改动"));
    assert!(!one.join("民政局.xlsx").exists());
    fanshi(&[&again[..], &["--force"]].concat());
    assert!(one.join("民政局.xlsx").exists());
}

#[test]
fn the_layout_is_that_of_the_manifest() {
    let usual = project("usual", ITEMS, "");
    let more = "[paper]\nwidth = 216\nheight = 279.4\ntop = 25\nbottom = 25\nleft = 25\nright = 25\n\
        lines = 30\nsize = 12\ntitle_size = 18\ntable_size = 9\nsigners = [\"甲\", \"乙\", \"丙\"]\n\
        [paper.fonts]\ntext = [\"思源宋体\", \"宋体\", \"SimSun\"]\nlatin = \"Arial\"\n";
    let own = project("own", ITEMS, more);
    let paper = |project: &Path| {
        let out = project.join("r.docx");
        let done = fanshi(&["review", shown(project), "-o", shown(&out)]);
        assert!(out.exists(), "{}", String::from_utf8(done.stderr).unwrap());
        std::fs::read(out).unwrap()
    };
    let (usual, own) = (paper(&usual), paper(&own));
    // GB/T 9704—2012: A4; 37, 35, 28 and 26 mm; 22 lines in 225 mm; 16 and 22 points.
    let document = part(&usual, "word/document.xml");
    for piece in [
        "<w:pgSz w:w=\"11906\" w:h=\"16838\"",
        "w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1587\"",
        "w:linePitch=\"580\"",
    ] {
        assert!(document.contains(piece), "{piece}: {document}");
    }
    let styles = part(&usual, "word/styles.xml");
    for piece in [
        "w:eastAsia=\"仿宋_GB2312\"",
        "w:eastAsia=\"方正小标宋简体\"",
        "w:eastAsia=\"黑体\"",
        "w:eastAsia=\"楷体_GB2312\"",
        "<w:sz w:val=\"32\" />",
        "<w:sz w:val=\"44\" />",
        "w:line=\"580\" w:lineRule=\"exact\"",
    ] {
        assert!(styles.contains(piece), "{piece}: {styles}");
    }
    let fonts = part(&usual, "word/fontTable.xml");
    assert!(fonts.contains("<w:font w:name=\"仿宋_GB2312\"><w:altName w:val=\"仿宋,FangSong\"/>"));
    let document = part(&own, "word/document.xml");
    assert!(document.contains("<w:pgSz w:w=\"12246\" w:h=\"15840\""), "{document}");
    let signers = styled(&blocks(&document), "Signature");
    assert_eq!(signers[..3], ["甲：", "乙：", "丙："]);
    let styles = part(&own, "word/styles.xml");
    assert!(styles.contains("w:eastAsia=\"思源宋体\"") && styles.contains("w:ascii=\"Arial\""));
    assert!(!styles.contains("仿宋_GB2312"));
    assert!(styles.contains("<w:sz w:val=\"24\" />") && styles.contains("<w:sz w:val=\"18\" />"));
}

#[test]
fn the_documented_layout_is_the_usual_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let usual = project("documented-usual", ITEMS, "");
    let styles = |project: &Path| {
        let out = project.join("r.docx");
        fanshi(&["review", shown(project), "-o", shown(&out)]);
        let file = std::fs::read(out).unwrap();
        let parts = ["word/styles.xml", "word/fontTable.xml", "word/footer1.xml"];
        let sheet = part(&file, "word/document.xml");
        let sheet = sheet.split_once("<w:sectPr").unwrap().1.to_owned();
        parts.map(|name| part(&file, name)).into_iter().chain([sheet]).collect::<Vec<_>>()
    };
    for page in ["docs/manifest.md", "docs/zh/manifest.md"] {
        let page = std::fs::read_to_string(root.join(page)).unwrap();
        let layout = page.split_once("## `[paper]`").unwrap().1.split("```").nth(1).unwrap();
        let layout = layout.strip_prefix("toml").unwrap();
        let told = project("documented", ITEMS, layout);
        assert_eq!(styles(&told), styles(&usual));
    }
}

#[test]
fn a_layout_that_cannot_be_is_an_error_at_its_place() {
    for (line, place, said) in [
        ("top = \"37\"", "22:7", "`top` 应是5 到 200 的毫米数"),
        ("top = 0", "22:7", "`top` 应是5 到 200 的毫米数"),
        ("left = nan", "22:8", "`left` 应是5 到 200 的毫米数"),
        ("width = 1e9", "22:9", "`width` 应是100 到 600 的毫米数"),
        ("lines = 22.5", "22:9", "`lines` 应是5 到 80 的整数"),
        ("lines = 0x60", "22:9", "`lines` 应是5 到 80 的整数"),
        ("lines = 70", "22:9", "一页 70 行，行距只有 9.1 磅，比字（16 磅）还小"),
        ("size = 100", "22:8", "`size` 应是6 到 48 的磅数"),
        ("left = 90\nright = 90", "21:1", "纸上留给文字的地方只有 30 × 225 毫米"),
        ("group_title = \" \"", "22:15", "`group_title` 应是文本，不能为空"),
        ("signers = []", "22:11", "`signers` 应是一个名称或名称的列表，不能为空"),
        ("signers = [\"\"]", "22:11", "`signers` 应是一个名称或名称的列表，不能为空"),
        ("margin = 3", "22:1", "清单里没有 `margin` 这一项"),
        ("fonts = { body = \"a\" }", "22:11", "清单里没有 `body` 这一项"),
        ("fonts = { text = 3 }", "22:18", "`text` 应是列表"),
    ] {
        let project = project("wrong", ITEMS, &format!("[paper]\n{line}\n"));
        let manifest = std::fs::read_to_string(project.join("fanshi.toml")).unwrap();
        let at = manifest.lines().position(|line| line == "[paper]").unwrap() + 1;
        let out = fanshi(&["check", shown(&project), "--format", "json", "--lang", "zh"]);
        let report: Value = serde_json::from_slice(&out.stdout).unwrap();
        let diagnostics = report["diagnostics"].as_array().unwrap();
        let found = diagnostics.iter().find(|of| of["message"].as_str().unwrap().starts_with(said));
        let found = found.unwrap_or_else(|| panic!("{line}: {diagnostics:?}"));
        let spot = &found["places"][0];
        let (row, column) = place.split_once(':').unwrap();
        let row = row.parse::<usize>().unwrap() - 21 + at;
        assert_eq!(
            (spot["line"].to_string(), spot["column"].to_string()),
            (row.to_string(), column.to_owned()),
            "{line}"
        );
        assert_eq!(out.status.code(), Some(2));
    }
}

#[test]
fn the_ending_says_so_and_a_terminal_is_no_place() {
    let project = project("ending", ITEMS, "");
    let run = |more: &[&str]| fanshi(&[&["check", shown(&project)][..], more].concat());
    let wrong = project.join("x.html");
    let refused = run(&["--format", "docx", "-o", shown(&wrong)]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("docx"));
    let refused = run(&["--format", "docx", "--by", "局"]);
    assert!(String::from_utf8(refused.stderr).unwrap().contains("要写进文件夹"));
    // To another program it goes as it is.
    assert!(run(&["--format", "docx"]).stdout.starts_with(b"PK"));
}
