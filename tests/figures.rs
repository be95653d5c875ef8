//! Every figure of every format is that of the JSON: counts, outcomes of articles, dispositions,
//! groups, measures, stated figures, and how many findings there are of what, on the sample, in both
//! languages. Each format is read back from its bytes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test stops at the first surprise; one format after the other"
)]

#[path = "figures/amounts.rs"]
mod amounts;
#[path = "figures/read.rs"]
mod read;

use fanshi::engine::{Keep, Run};
use fanshi::grouping::{Grouping, Groups};
use fanshi::report::{self, Format, Options};
use fanshi::review::{self, Letters, Review};
use fanshi::rounds::{self, Manifested};
use fanshi::syntax::tree::Language;
use fanshi::workspace::{self, Paper, Project};
use read::{Shown, Table, document, markdown, numbers, page, sheets, text, workbook};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

/// The kinds of findings as tables and sentences call them, by the names of the JSON.
const KINDS: [(&str, &str, &str); 6] = [
    ("violated", "违反", "violated"),
    ("conflict", "冲突", "conflict"),
    ("warned", "警告", "warning"),
    ("undetermined", "无法判断", "undetermined"),
    ("referred", "提请判断", "referred"),
    ("waived", "例外", "waived"),
];

/// The sample, judged once, with its findings by department.
struct Sample {
    run: Run,
    paper: Paper,
}

impl Sample {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/shangjie-2015");
        let project = Project::read(&root);
        let paper = project.manifest.paper.clone();
        let keep = Keep::Everything;
        let options = workspace::Options { keep, ..workspace::Options::default() };
        Self { run: project.run(&options), paper }
    }

    fn groups(&self) -> Groups<'_> {
        Groups::new(&self.run, Grouping::asked(&self.run.policy, Some("部门"), None).unwrap())
    }
}

/// A run in one language, with its JSON.
struct Told<'t> {
    sample: &'t Sample,
    groups: &'t Groups<'t>,
    language: Language,
    json: Value,
}

impl Told<'_> {
    fn bytes(&self, format: Format) -> Vec<u8> {
        let options =
            Options { language: self.language, width: 400, color: false, ..Options::default() };
        let (mut out, report) = (Vec::new(), self.sample.run.report());
        report::write_with_rows(&report, Some(self.groups), format, &options, &mut out).unwrap();
        out
    }

    fn letters<T>(&self, write: impl FnOnce(Letters<'_>) -> T) -> T {
        let (report, review) = (&self.sample.run.report(), &review::review(self.groups));
        let (paper, language, groups) = (&self.sample.paper, self.language, self.groups);
        write(Letters { report, groups, review, paper, language })
    }

    fn word<'w>(&self, zh: &'w str, en: &'w str) -> &'w str {
        if self.language == Language::Chinese { zh } else { en }
    }

    /// The findings of each kind.
    fn kinds(&self) -> [usize; 6] {
        count(self.json["findings"].as_array().unwrap().iter())
    }

    /// The sentence of counts: the kinds that occur, in its order.
    fn sentence(&self) -> String {
        let [violated, conflict, warned, undetermined, referred, waived] = self.kinds();
        assert!([conflict, waived].iter().all(|count| *count == 0)); // the sample has none
        let said = [(0, violated), (3, undetermined), (4, referred), (2, warned)];
        let said = said.map(|(kind, count)| match self.language {
            Language::Chinese => format!("{} {count}", KINDS[kind].1),
            Language::English => format!("{} {count}", KINDS[kind].2),
        });
        said.join(self.word("，", ", "))
    }

    /// The English names of dispositions and of the groups of measures, as they are shown.
    fn shown(&self) -> BTreeMap<String, String> {
        let report = self.sample.run.report();
        let names = report.decisions.iter().flat_map(|decision| &decision.dispositions);
        let groups = report.measures.iter().flat_map(|measure| &measure.values);
        let names =
            names.map(|(name, ..)| name).chain(groups.filter_map(|(name, _)| name.as_ref()));
        names.map(|name| (name.en.clone(), self.word(&name.zh, &name.en).into())).collect()
    }

    /// The rows of each table of dispositions.
    fn dispositions(&self, json: &Value, keys: &[&str]) -> Vec<Table> {
        let names = self.shown();
        let decision = |decision: &Value| {
            let row = |line: &Value| {
                let name = names[line["value"].as_str().unwrap()].clone();
                let counts = keys.iter().map(|key| line[*key].to_string());
                std::iter::once(name).chain(counts).collect()
            };
            decision["values"].as_array().unwrap().iter().map(row).collect()
        };
        json.as_array().unwrap().iter().map(decision).collect()
    }

    /// The rows of the table of groups: how many rows each has, and the kinds that occur.
    fn spread(&self, json: &Value) -> Table {
        let groups = json["groups"].as_array().unwrap();
        let occurs = |kind: &&str| groups.iter().any(|group| group["findings"][*kind] != 0);
        let kinds: Vec<&str> =
            KINDS.iter().map(|(key, ..)| *key).filter(|kind| occurs(kind)).collect();
        let none = self.word("（不属任何一组）", "(no group)");
        let row = |group: &Value| {
            let name = group["group"].as_str().unwrap_or(none).to_owned();
            let counts = kinds.iter().map(|kind| group["findings"][*kind].to_string());
            [name, group["rows"].to_string()].into_iter().chain(counts).collect()
        };
        groups.iter().map(row).collect()
    }

    /// The rows of the tables of measures: the last cells of each line.
    fn measures(&self) -> Table {
        let (unknown, names) = (self.word("不详", "unknown"), self.shown());
        let figure = |value: &Value| lead(value.as_str().unwrap_or(unknown));
        let keys = |value: &Value| match value.get("before") {
            Some(_) => vec!["before", "value", "change", "percent"],
            None => vec!["value"],
        };
        let row = |value: &Value| {
            let name = value["group"].as_str().map(|name| lead(&names[name]));
            let figures = keys(value).into_iter().map(|key| figure(&value[key]));
            name.into_iter().chain(figures).collect::<Vec<_>>()
        };
        let measures = self.json["summary"]["measures"].as_array().unwrap();
        measures.iter().flat_map(|of| of["values"].as_array().unwrap()).map(row).collect()
    }
}

/// How many findings there are of each kind.
fn count<'f>(findings: impl Iterator<Item = &'f Value>) -> [usize; 6] {
    let mut counts = [0; 6];
    for finding in findings {
        let kind = match (finding["outcome"].as_str().unwrap(), finding["severity"].as_str()) {
            ("violated", Some("error")) => 0,
            ("violated", _) => 2,
            (outcome, _) => KINDS.iter().position(|(key, ..)| *key == outcome).unwrap(),
        };
        counts[kind] += 1;
    }
    counts
}

/// A figure as a cell holds it: a percentage is a share of one.
fn share(cell: &str) -> String {
    let size = cell.strip_suffix('%').and_then(|size| size.parse::<f64>().ok());
    size.map_or(cell.to_owned(), |size| (size / 100.0).to_string())
}

/// A figure without its unit; what is none as it is.
fn lead(cell: &str) -> String {
    let figure: String = cell.chars().take_while(|c| "+-≈0123456789.%".contains(*c)).collect();
    if let Some(whole) = amounts::whole(&figure, &cell[figure.len()..]) {
        return whole;
    }
    if figure.contains(|c: char| c.is_ascii_digit()) { figure } else { cell.to_owned() }
}

/// Every table of these is one of the format's.
fn all(shown: &Shown, tables: &[Table], what: &str) {
    for table in tables {
        assert!(shown.has(table), "{what}: {:?}", shown.lacks(table));
    }
}

/// Every figure of the measures ends some line of the format's tables.
fn measured(shown: &Shown, rows: &[Vec<String>], what: &str) {
    let lines: Table = shown
        .tables
        .iter()
        .flatten()
        .map(|row| row.iter().map(|cell| lead(cell)).collect())
        .collect();
    assert!(rows.len() > 100, "{what}");
    for row in rows {
        assert!(lines.iter().any(|line| line.ends_with(row)), "{what}: {row:?}");
    }
}

#[test]
fn check_says_the_same_in_every_format() {
    let sample = Sample::read();
    let groups = sample.groups();
    for language in LANGUAGES {
        let mut told = Told { sample: &sample, groups: &groups, language, json: Value::Null };
        told.json = serde_json::from_slice(&told.bytes(Format::Json)).unwrap();
        people(&told);
        programs(&told);
        papers(&told);
    }
}

/// The outcomes of each article with findings, as tables have them.
fn outcomes(told: &Told<'_>) -> (Table, Vec<String>) {
    let summary = &told.json["summary"];
    let keys = [
        "conflict",
        "already_demanded",
        "exempt",
        "not_applicable",
        "undetermined",
        "referred",
        "waived",
    ];
    let line = |of: &Value| {
        let count = |key: &str| of[key].as_u64().unwrap();
        let mut counts = vec![
            count("satisfied"),
            count("violated") - count("advised"),
            count("conflict"),
            count("advised"),
        ];
        counts.extend(keys[1..].iter().map(|key| count(key)));
        counts
    };
    let articles = summary["articles"].as_array().unwrap();
    let lines: Vec<(String, Vec<u64>)> = articles
        .iter()
        .map(|article| (article["heading"].as_str().unwrap().to_owned(), line(article)))
        .collect();
    let found = |counts: &[u64]| [1, 2, 3, 7, 8, 9].iter().any(|at| counts[*at] > 0);
    let cells = |counts: &[u64]| counts.iter().map(ToString::to_string).collect::<Vec<_>>();
    let rows = lines.iter().filter(|(_, counts)| found(counts));
    let rows = rows.map(|(name, counts)| [vec![name.clone()], cells(counts)].concat()).collect();
    (rows, cells(&line(summary)))
}

/// Without the columns that are nought in all rows and in the total.
fn narrowed((rows, total): &(Table, Vec<String>)) -> (Table, Vec<String>) {
    let kept = |at: &usize| total[*at] != "0" || rows.iter().any(|row| row[at + 1] != "0");
    let kept: Vec<usize> = (0..total.len()).filter(kept).collect();
    let row = |row: &Vec<String>| {
        std::iter::once(row[0].clone()).chain(kept.iter().map(|at| row[at + 1].clone())).collect()
    };
    (rows.iter().map(row).collect(), kept.iter().map(|at| total[*at].clone()).collect())
}

/// Text, Markdown and the page.
fn people(told: &Told<'_>) {
    let summary = &told.json["summary"];
    let (dispositions, spread) = (
        told.dispositions(&summary["dispositions"], &["declared", "required"]),
        told.spread(&summary["groups"]),
    );
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    let mut tiles: Vec<String> = Vec::new();
    let html = told.bytes(Format::Html);
    let html = page(&html, |tag| {
        let value =
            |key: &str| tag.try_get_attribute(key).ok().flatten().map(|of| of.value.into_owned());
        if let (Some(name), Some(counts)) = (value("value"), value("data-counts")) {
            own.insert(name, counts);
        }
        if tag.name().as_ref() == "article" {
            tiles.extend(value("data-outcome"));
        }
    });
    let text = text(&told.bytes(Format::Text));
    let lines: Vec<&String> = text.said.iter().filter(|line| !line.is_empty()).collect();
    assert!(lines[0].contains(&told.sentence()), "{} of {}", lines[0], told.sentence());
    assert_eq!(lines.first(), lines.last());
    let markdown = markdown(&told.bytes(Format::Markdown));
    let wide = outcomes(told);
    let narrow = narrowed(&wide);
    for (shown, what) in [(&text, "text"), (&markdown, "markdown"), (&html, "html")] {
        assert!(
            shown.says(&told.sentence()),
            "{what}: {:?}",
            shown.said.iter().take(20).collect::<Vec<_>>()
        );
        all(shown, &dispositions, what);
        let total = |(_, total): &(Table, Vec<String>)| {
            vec![[vec![told.word("合计", "total").to_owned()], total.clone()].concat()]
        };
        let whole =
            [&wide, &narrow].into_iter().any(|way| shown.has(&way.0) && shown.has(&total(way)));
        let lacks = || (shown.lacks(&narrow.0), shown.lacks(&total(&narrow)));
        assert!(whole, "{what}: {:?}", lacks());
        if what != "html" {
            all(shown, std::slice::from_ref(&spread), what);
        }
        if what != "text" {
            measured(shown, &told.measures(), what);
        }
    }
    // The tiles, the bars, the cards and what each group has alone.
    let [violated, conflict, warned, undetermined, referred, _] = told.kinds();
    let open = undetermined + referred;
    for (count, zh, en) in [
        (violated, "违反", "violated"),
        (warned, "警告", "warning"),
        (open, "待判断", "to be judged"),
    ] {
        let tile = format!("{count}{}", told.word(zh, en));
        assert!(html.said.contains(&tile), "{tile}: {:?}", &html.said[..12]);
        let drawn = tiles.iter().filter(|outcome| match zh {
            "违反" => *outcome == "violated",
            "警告" => *outcome == "warning",
            _ => *outcome == "undetermined" || *outcome == "referred",
        });
        assert_eq!(drawn.count(), count, "{zh}: {tiles:?}");
    }
    assert_eq!((conflict, tiles.len()), (0, violated + warned + open));
    let groups = summary["groups"]["groups"].as_array().unwrap();
    let mut bars = Table::new();
    for group in groups {
        let counts = KINDS.map(|(key, ..)| group["findings"][key].as_u64().unwrap());
        let name = group["group"].as_str();
        if let Some(name) = name {
            assert_eq!(own[name], counts.map(|count| count.to_string()).join(" "), "{name}");
        }
        let name = name.unwrap_or(told.word("（不属任何一组）", "(no group)"));
        bars.push(vec![name.to_owned(), (counts.iter().sum::<u64>() - counts[5]).to_string()]);
    }
    // One bar is of all that have none of their own.
    let found = |table: &&Table| table.iter().filter(|row| bars.contains(row)).count() > 20;
    let table = html.tables.iter().find(found).unwrap();
    let rest = table.iter().filter(|row| !bars.contains(row));
    assert_eq!(rest.count(), usize::from(table.len() != bars.len()), "{table:?}");
    let sum =
        |rows: &[Vec<String>]| rows.iter().map(|row| row[1].parse::<u64>().unwrap()).sum::<u64>();
    assert_eq!(sum(table), sum(&bars));
}

/// Lines, SARIF and JUnit.
fn programs(told: &Told<'_>) {
    let findings = told.json["findings"].as_array().unwrap();
    let lines = |format| String::from_utf8(told.bytes(format)).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
    let tsv = lines(Format::Tsv);
    assert_eq!(tsv.lines().count(), findings.len());
    for (line, finding) in tsv.lines().zip(findings) {
        let fields: Vec<&str> = line.split('\t').collect();
        let keys = [
            text(&finding["outcome"]),
            text(&finding["article"]),
            text(&finding["subject"]["table"]),
        ];
        assert_eq!(fields[..3], keys);
        assert_eq!(finding["also"].as_array().is_some(), fields.len() > 5, "{line}");
    }
    for format in [Format::Concise, Format::Github] {
        let lines = lines(format);
        assert_eq!(lines.lines().count(), findings.len());
        for (line, finding) in lines.lines().zip(findings) {
            let kind = KINDS.iter().find(|(key, ..)| finding["outcome"] == *key).unwrap();
            let warned = finding["outcome"] == "violated" && finding["severity"] == "warning";
            let (_, zh, en) = if warned { &KINDS[2] } else { kind };
            let said = format!("{} {}", told.word(zh, en), text(&finding["article"]));
            assert!(line.contains(&said), "{said}: {line}");
            let first = &finding["places"][0];
            let place = match format {
                Format::Concise => {
                    format!("{}:{}:{}", text(&first["file"]), first["line"], first["column"])
                }
                _ => format!(
                    "{},line={},endLine={},col={}",
                    text(&first["file"]),
                    first["line"],
                    first["end_line"],
                    first["column"]
                ),
            };
            assert!(line.contains(&place) || first["line"].is_null(), "{place}: {line}");
        }
    }
    let sarif: Value = serde_json::from_slice(&told.bytes(Format::Sarif)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(findings) {
        assert_eq!(result["ruleId"], finding["article"]);
        let print = result["partialFingerprints"].as_object().unwrap().values().next().unwrap();
        assert_eq!(*print, finding["fingerprint"]);
    }
    suites(told, findings);
}

/// JUnit's cases add up to the findings, and its properties are the outcomes of the article.
fn suites(told: &Told<'_>, findings: &[Value]) {
    let junit = String::from_utf8(told.bytes(Format::Junit)).unwrap();
    let mut reader = quick_xml::Reader::from_str(&junit);
    let (mut article, mut counts): (String, BTreeMap<String, Value>) = Default::default();
    let mut suites: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut sums: BTreeMap<String, usize> = BTreeMap::new();
    let mut whole: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let event = reader.read_event().unwrap();
        let (quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag)) = &event
        else {
            if matches!(event, quick_xml::events::Event::Eof) {
                break;
            }
            if matches!(&event, quick_xml::events::Event::End(tag) if tag.name().as_ref() == "testsuite")
            {
                suites.insert(article.clone(), std::mem::take(&mut counts));
            }
            continue;
        };
        let value = |key: &str| {
            tag.try_get_attribute(key).unwrap().map(|of| of.value.into_owned()).unwrap_or_default()
        };
        match tag.name().as_ref() {
            "testsuites" => {
                for key in ["tests", "failures", "errors"] {
                    whole.insert(key.into(), value(key).parse().unwrap());
                }
            }
            "testsuite" => {
                article = value("package");
                for key in ["tests", "failures", "errors"] {
                    *sums.entry(key.into()).or_default() += value(key).parse::<usize>().unwrap();
                }
            }
            "property" => {
                drop(counts.insert(value("name"), value("value").parse::<u64>().unwrap().into()))
            }
            "failure" | "error" | "skipped" => {
                *kinds.entry(tag.name().as_ref().to_owned()).or_default() += 1
            }
            _ => {}
        }
    }
    assert_eq!(sums, whole);
    for summary in told.json["summary"]["articles"].as_array().unwrap() {
        let name = summary["article"].as_str().unwrap();
        let Some(counts) = suites.get(name) else { continue };
        for (key, value) in counts {
            assert_eq!(&summary[key], value, "{name} {key}");
        }
    }
    let [violated, conflict, _, undetermined, referred, _] = told.kinds();
    let shared: usize = findings.iter().filter_map(|of| of["also"].as_array()).map(Vec::len).sum();
    assert_eq!(whole["failures"], violated + conflict);
    assert_eq!(whole["errors"], undetermined + referred + shared);
    assert_eq!((kinds["failure"], kinds["error"]), (whole["failures"], whole["errors"]));
}

/// Workbooks and Word, whole and for each group.
fn papers(told: &Told<'_>) {
    let (report, language) = (told.sample.run.report(), told.language);
    let findings = told.json["findings"].as_array().unwrap();
    let prints = |bytes: &[u8]| -> Vec<String> {
        let (_, rows) = sheets(bytes).into_iter().next().unwrap();
        let heading = told.word("编号", "fingerprint");
        let at = rows[0].iter().position(|cell| cell == heading).unwrap();
        rows[1..].iter().map(|row| row[at].clone()).collect()
    };
    let book = told.bytes(Format::Xlsx);
    let shown = workbook(&book);
    assert!(shown.says(&told.sentence()), "{:?}", &shown.said[..4]);
    let sorted = |mut prints: Vec<String>| {
        prints.sort();
        prints
    };
    let expected =
        sorted(findings.iter().map(|of| of["fingerprint"].as_str().unwrap().into()).collect());
    assert_eq!(sorted(prints(&book)), expected);
    // The groups are the same in the other language.
    if language == Language::English {
        return;
    }
    let mut books: BTreeMap<String, Vec<String>> = BTreeMap::new();
    report::workbooks(&report, told.groups, (language, None), |name, bytes| {
        books.insert(name.trim_end_matches(".xlsx").to_owned(), prints(bytes));
        Ok(())
    })
    .unwrap();
    assert_eq!(sorted(books.values().flatten().cloned().collect()), expected);
    let named: BTreeMap<&str, &Value> =
        findings.iter().map(|of| (of["fingerprint"].as_str().unwrap(), of)).collect();
    // A row in several findings of one article is one row of it, so findings are no fewer.
    let groups = told.json["summary"]["groups"]["groups"].as_array().unwrap();
    for group in groups {
        let name = group["group"].as_str().unwrap_or(told.word("不属任何一组", "no group"));
        let Some(prints) = books.get(name) else { panic!("no {name}: {:?}", books.keys()) };
        let own = count(prints.iter().map(|print| named[&**print]));
        let counts = KINDS.map(|(key, ..)| group["findings"][key].as_u64().unwrap());
        assert_eq!(own.map(|count| count as u64), counts, "{name}");
    }
    let mut whole = Vec::new();
    told.letters(|letters| letters.write(&mut whole)).unwrap();
    let counts = |kinds: [usize; 6]| {
        let [violated, conflict, warned, undetermined, referred, waived] = kinds;
        [violated + conflict, warned + undetermined + referred, waived]
    };
    let sentence = |[mend, explain, allowed]: [usize; 3]| {
        told.word(
            &format!("其中应当改正的 {mend} 处，需要说明的 {explain} 处，准予例外的 {allowed} 处"),
            &format!("To be put right: {mend}; to be explained: {explain}; waived: {allowed}."),
        )
        .to_owned()
    };
    let told_of = |bytes: &[u8], kinds: [usize; 6], what: &str| {
        let (shown, counts) = (document(bytes), counts(kinds));
        assert!(shown.says(&sentence(counts)), "{what}: {:?} of {counts:?}", shown.said);
    };
    told_of(&whole, told.kinds(), "all");
    // What a round sends out: a workbook and a letter for each group, with all that is its own.
    let by = told.groups.by.as_ref().unwrap();
    let round = rounds::round(&told.sample.run, by, &Manifested::default());
    for round in [None, Some(&round)] {
        let mut letters = 0;
        told.letters(|all| {
            all.each(round, |name, bytes| {
                let prints = &books[name.trim_end_matches(".docx")];
                told_of(bytes, count(prints.iter().map(|print| named[&**print])), name);
                letters += 1;
                Ok(())
            })
        })
        .unwrap();
        assert_eq!(letters, books.len());
    }
    let (mut sent, shown): (BTreeMap<String, Vec<String>>, _) = (BTreeMap::new(), told.shown());
    report::workbooks(&report, told.groups, (language, Some(&round)), |name, bytes| {
        let name = name.trim_end_matches(".xlsx");
        sent.insert(name.to_owned(), asked(bytes, (&named, &shown), name));
        Ok(())
    })
    .unwrap();
    let unread = |prints: &mut Vec<String>| prints.retain(|print| !print.is_empty());
    sent.values_mut().for_each(unread);
    assert_eq!(sent.keys().collect::<Vec<_>>(), books.keys().collect::<Vec<_>>());
    for (name, prints) in sent {
        assert_eq!(sorted(prints), sorted(books[&name].clone()), "{name}");
    }
}

/// The fingerprints on the sheet of a round's workbook, where each line is what the JSON has of the
/// finding: outcome, values, key, article; and as many as the other sheet says there are.
fn asked(
    bytes: &[u8],
    (named, shown): (&BTreeMap<&str, &Value>, &BTreeMap<String, String>),
    name: &str,
) -> Vec<String> {
    let all = sheets(bytes);
    let rows = &all.iter().find(|(sheet, _)| sheet == "问题").unwrap().1;
    let at = |heading: &str| rows[0].iter().position(|cell| cell == heading).unwrap();
    let [outcome, table, key, article, was, required, print] =
        ["结果", "表", "主键", "条文", "填报", "应为", "编号"].map(at);
    let mut prints = Vec::new();
    for row in &rows[1..] {
        prints.push(row[print].clone());
        let Some(finding) = named.get(&*row[print]) else {
            assert_eq!(row[outcome], "读不出", "{name}: {row:?}");
            continue;
        };
        let warned = finding["severity"] == "warning" && finding["outcome"] == "violated";
        let kind = KINDS.iter().find(|(key, ..)| finding["outcome"] == *key).unwrap();
        let kind = if warned { KINDS[2] } else { *kind };
        assert!(kind.1.starts_with(&row[outcome]), "{name}: {row:?} of {kind:?}");
        let said = |value: &Value| value.as_str().map_or("", |name| &shown[name]);
        assert_eq!(said(&finding["declared"]), row[was], "{name}: {row:?}");
        assert_eq!(said(&finding["demanded"]), row[required], "{name}: {row:?}");
        if let Some(own) = finding["subject"]["key"].as_str() {
            assert_eq!(own, row[key], "{name}: {row:?}");
        }
        assert!(!row[table].is_empty() && !row[article].is_empty(), "{name}: {row:?}");
    }
    let found = prints.iter().filter(|print| !print.is_empty()).count();
    let about = &all.iter().find(|(sheet, _)| sheet == "说明").unwrap().1;
    let told = format!("列出 {found} 处");
    assert!(about.iter().flatten().any(|cell| cell.contains(&told)), "{name}: {told} {about:?}");
    prints
}

#[test]
fn review_says_the_same_in_every_format() {
    let sample = Sample::read();
    let groups = sample.groups();
    let found = review::review(&groups);
    for language in LANGUAGES {
        let mut json = Vec::new();
        review::write_json(&found, &groups, language, &mut json).unwrap();
        let json = serde_json::from_slice(&json).unwrap();
        reviewed(&Told { sample: &sample, groups: &groups, language, json }, &found);
    }
}

fn reviewed(told: &Told<'_>, found: &Review) {
    let (language, groups, json) = (told.language, told.groups, &told.json);
    let mut written: Vec<Vec<u8>> = vec![Vec::new(); 5];
    let options = Options { language, width: 400, ..Options::default() };
    let [a, b, c, d, e] = &mut written[..] else { return };
    review::write_text(found, groups, &options, a).unwrap();
    review::write_markdown(found, groups, language, b).unwrap();
    review::write_html(found, groups, (language, &told.sample.paper), c).unwrap();
    review::write_xlsx(found, groups, language, d).unwrap();
    review::write_docx(found, groups, (language, &told.sample.paper), e).unwrap();
    let shown = [
        ("text", text(&written[0])),
        ("markdown", markdown(&written[1])),
        ("html", page(&written[2], |_| {})),
        ("xlsx", workbook(&written[3])),
        ("docx", document(&written[4])),
    ];
    let dispositions =
        told.dispositions(&json["dispositions"], &["declared", "required", "agreed"]);
    let spread = told.spread(&json["groups"]);
    let kinds = KINDS.map(|(key, ..)| json["findings"][key].as_u64().unwrap());
    let articles: Table = json["articles"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|article| {
            let counts = KINDS.map(|(key, ..)| article["findings"][key].as_u64().unwrap());
            let shown =
                counts.iter().zip(KINDS).filter(|(_, (key, ..))| json["findings"][*key] != 0);
            let shown = shown.map(|(count, _)| count.to_string());
            let name = article["heading"].as_str().unwrap().to_owned();
            (counts.iter().sum::<u64>() > 0).then(|| std::iter::once(name).chain(shown).collect())
        })
        .collect();
    let changing = |of: &Value| {
        of["differences"]
            .as_array()
            .unwrap()
            .iter()
            .map(|difference| difference["rows"].as_array().unwrap().len())
            .sum::<usize>()
    };
    let changing: usize = json["dispositions"].as_array().unwrap().iter().map(changing).sum();
    let figures = json["figures"].as_array().unwrap();
    let of = |status: &str| figures.iter().filter(|figure| figure["status"] == status).count();
    let differing: Vec<&str> = figures
        .iter()
        .filter(|of| of["status"] != "closes")
        .map(|of| of["heading"].as_str().unwrap())
        .collect();
    // Both sides of a figure and what is between them are numbers, but for what is not known.
    let sheet = told.word("对不上的数字", "Stated figures that differ");
    let cells = numbers(&written[3], sheet);
    assert!(cells > 2 * of("differs") && cells <= 3 * differing.len(), "{cells}");
    for (what, shown) in &shown {
        all(shown, &dispositions, what);
        if *what == "text" {
            // Its groups have the measures beside them, its articles the rows that satisfy them.
            let rows: Table = shown.tables.iter().flatten().cloned().collect();
            for group in &spread {
                assert!(rows.iter().any(|row| row.starts_with(group)), "{what}: {group:?}");
            }
            let stated = |name: &str| figures.iter().any(|figure| figure["heading"] == name);
            for article in articles.iter().filter(|article| !stated(&article[0])) {
                let of = |row: &&Vec<String>| row.first() == article.first();
                assert!(
                    rows.iter().filter(of).any(|row| row.ends_with(&article[1..])),
                    "{article:?}: {:?}",
                    rows.iter().filter(of).collect::<Vec<_>>()
                );
            }
            let line = told.word(
                "数字核对 — 对得上 {}，对不上 {}，核不了 {}",
                "Stated figures — {} close, {} do not, {} cannot be told",
            );
            let line = [of("closes"), of("differs"), of("unknown")]
                .iter()
                .fold(line.to_owned(), |line, count| line.replacen("{}", &count.to_string(), 1));
            assert!(shown.says(&line), "{what}: {line}");
        } else {
            all(shown, &[spread.clone(), articles.clone()], what);
        }
        for (kind, count) in kinds.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (_, zh, en) = KINDS[kind];
            let said = match *what {
                "html" => format!("{count}{}", told.word(zh, en)),
                _ => told.word(&format!("{zh} {count}"), &format!("{en} {count}")).to_owned(),
            };
            let row = vec![told.word(zh, en).to_owned(), count.to_string()];
            let plain = format!("{count} {en}");
            let known = shown.says(&said) || shown.has(&[row]) || shown.says(&plain);
            assert!(known, "{what}: {said} {:?}", &shown.said[..8]);
        }
        let lines: Vec<&Vec<String>> = shown.tables.iter().flatten().collect();
        for name in &differing {
            let listed = lines.iter().any(|row| row.first().is_some_and(|cell| cell == name));
            assert!(listed || *what == "text" && shown.says(name), "{what}: {name}");
        }
        if !["text"].contains(what) {
            let said = told
                .word(
                    &format!("处置要改的 {changing} 处"),
                    &format!("dispositions to change: {changing}"),
                )
                .to_owned();
            let said = |line: &String| line.to_lowercase().contains(&said);
            assert!(shown.said.iter().any(said), "{what}: {changing} {:?}", &shown.said[..8]);
        }
        // An amount is said in words where people read it, and to the last digit where programs do.
        let (large, exact) = (
            told.word("17.4 亿元", "1.74 billion yuan"),
            told.word("1740000000 元", "1740000000 yuan"),
        );
        let cells = || lines.iter().flat_map(|row| row.iter());
        let said = |amount: &str| cells().any(|cell| cell == amount);
        match *what {
            "text" => assert!(said(exact) && !said(large), "{what}"),
            "xlsx" => assert!(said("1740000000") && !said(large), "{what}"),
            _ => assert!(said(large) && !said(exact), "{what}"),
        }
        let unknown = told.word("不详", "unknown");
        for measure in json["measures"].as_array().unwrap() {
            let figure = |key: &str| lead(measure[key].as_str().unwrap_or(unknown));
            let mut cells = vec![figure("value")];
            if measure.get("before").is_some() {
                cells = ["before", "value", "change", "percent"].map(figure).to_vec();
            }
            if *what == "xlsx" {
                cells = cells.iter().map(|cell| share(cell)).collect();
            }
            let heading = measure["heading"].as_str().unwrap();
            let of =
                |row: &&&Vec<String>| row.first().is_some_and(|cell| cell.starts_with(heading));
            let rows = lines
                .iter()
                .filter(of)
                .map(|row| row.iter().map(|cell| lead(cell)).collect::<Vec<_>>());
            let rows: Vec<Vec<String>> = rows.collect();
            assert!(
                rows.iter().any(|row| row.ends_with(&cells)),
                "{what}: {heading} {cells:?} {rows:?}"
            );
        }
    }
}
