//! The formats for other programs: what they need to have, and that what comes from data stays text
//! in them.

use crate::support::{Listed, everything, full, full_summary, options, told, violation, written};
use fanshi::diagnostic::{Bilingual, Diagnostic};
use fanshi::finding::{Finding, Report, Subject};
use fanshi::place::Place;
use fanshi::report::{Format, Options, write, write_with_rows};
use fanshi::say;
use fanshi::syntax::tree::Language;
use fanshi::{Groups, Project, Run};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A schema that `tests/reports/schemas.sh` has fetched.
fn schema(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemas").join(name);
    path.exists().then_some(path)
}

/// Runs a validator on a document; says so where it cannot.
#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn validated(
    document: &str,
    extension: &str,
    schema_name: &str,
    command: impl FnOnce(&Path, &Path) -> Command,
) {
    let Some(schema) = schema(schema_name) else {
        eprintln!("skipped: no {schema_name}; tests/reports/schemas.sh brings it");
        return;
    };
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("validated.{extension}"));
    std::fs::write(&file, document).unwrap();
    match command(&schema, &file).output() {
        Ok(output) if output.status.code() == Some(77) => {
            eprintln!("skipped: {}", String::from_utf8_lossy(&output.stderr))
        }
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr))
        }
        Err(error) => eprintln!("skipped: no validator for {schema_name}: {error}"),
    }
}

fn sarif(report: &Report) -> (String, Value) {
    let text = written(report, Format::Sarif, &options(80));
    let log = serde_json::from_str(&text).unwrap();
    (text, log)
}

#[test]
fn sarif_has_a_result_with_a_place_for_every_finding() {
    let findings = Listed(everything());
    let report = full(&findings);
    let (text, log) = sarif(&report);
    let run = &log["runs"][0];
    assert_eq!(
        (&log["version"], &run["columnKind"]),
        (&Value::from("2.1.0"), &Value::from("unicodeCodePoints"))
    );
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.0.len());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for (index, (result, finding)) in results.iter().zip(&findings.0).enumerate() {
        assert!(result["message"]["text"].as_str().unwrap().contains(&format!("第{index}个，")));
        assert_eq!(
            rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"],
            result["ruleId"]
        );
        assert_eq!(result["ruleId"], *finding.article);
        assert_eq!(result["partialFingerprints"]["fanshi/1"], *finding.fingerprint);
        assert!(
            result["kind"] == "fail" || result["level"] == "none",
            "only what failed has a level: {result}"
        );
        let location = &result["locations"][0]["physicalLocation"];
        assert!(!location["artifactLocation"]["uri"].as_str().unwrap().is_empty());
        let others = result["relatedLocations"].as_array().map_or(0, Vec::len);
        assert_eq!(others, finding.evidence.len().saturating_sub(1));
    }
    validated(&text, "sarif", "sarif-2.1.0.json", |schema, file| {
        let script = "import sys, json
try:
    import jsonschema
except ImportError:
    sys.exit(print('python has no jsonschema', file=sys.stderr) or 77)
schema, log = (json.load(open(path, encoding='utf-8')) for path in sys.argv[1:])
jsonschema.Draft7Validator(schema).validate(log)";
        let mut python = Command::new("python3");
        python.args(["-c", script]).args([schema, file]);
        python
    });
}

#[test]
fn sarif_points_at_the_value_first_and_suppresses_what_is_waived() {
    let waiver = full_summary().waivers.swap_remove(0);
    let outcome = fanshi::finding::Outcome::Waived;
    let waived = Finding { outcome, waiver: Some(waiver), ..violation() };
    let findings = Listed(vec![violation(), waived]);
    let (_, log) = sarif(&full(&findings));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let region = &results[0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (
            region["startLine"].as_u64(),
            region["startColumn"].as_u64(),
            region["endColumn"].as_u64()
        ),
        (Some(4), Some(8), Some(12))
    );
    assert_eq!(region["snippet"]["text"], "\"保留\"");
    let related = results[0]["relatedLocations"].as_array().unwrap();
    assert!(
        related[1]["physicalLocation"]["artifactLocation"]["uri"]
            .as_str()
            .unwrap()
            .ends_with(".fan")
    );
    assert!(results[0].get("suppressions").is_none());
    assert_eq!(results[1]["suppressions"][0]["status"], "accepted");
    assert!(
        results[1]["suppressions"][0]["justification"].as_str().unwrap().contains("会议纪要XK-017")
    );
}

/// An attribute, as the reader sees it.
fn attribute(element: &BytesStart, name: &str) -> String {
    let found = element.try_get_attribute(name).unwrap().expect("the attribute is there");
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned()
}

/// A suite's counts by attribute, and its cases: the element that says more, and its message; or
/// `passed`, and the case's name.
type Suite = (Vec<(String, usize)>, Vec<(String, String)>);

/// The suites in order.
fn suites(xml: &str) -> Vec<Suite> {
    let mut reader = Reader::from_str(xml);
    let mut suites: Vec<Suite> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => return suites,
            Event::Start(element) | Event::Empty(element) => match element.name().as_ref() {
                "testsuite" => {
                    let counts = ["tests", "failures", "errors", "skipped"]
                        .map(|name| (name.to_owned(), attribute(&element, name)));
                    suites.push((
                        counts.map(|(name, count)| (name, count.parse().unwrap())).to_vec(),
                        Vec::new(),
                    ));
                }
                "testcase" => suites
                    .last_mut()
                    .unwrap()
                    .1
                    .push(("passed".to_owned(), attribute(&element, "name"))),
                "failure" | "error" | "skipped" => {
                    let kind = element.name().as_ref().to_owned();
                    *suites.last_mut().unwrap().1.last_mut().unwrap() =
                        (kind, attribute(&element, "message"));
                }
                _ => {}
            },
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_suite_for_every_article_and_a_case_for_every_finding() {
    let findings = Listed(everything());
    let report = full(&findings);
    let xml = written(&report, Format::Junit, &options(80));
    let suites = suites(&xml);
    assert_eq!(
        suites.len(),
        report.articles.len() + 1,
        "a suite for each article, one that lists the waivers"
    );
    let cases: Vec<&(String, String)> = suites.iter().flat_map(|(_, cases)| cases).collect();
    for index in 0..findings.0.len() {
        assert_eq!(
            cases.iter().filter(|(_, message)| message.contains(&format!("第{index}个，"))).count(),
            1,
            "{cases:?}"
        );
    }
    let clean = |kind: &str| {
        cases.iter().filter(|(found, name)| found == kind && !name.contains('第')).count()
    };
    assert_eq!(
        cases.len(),
        findings.0.len() + cases.iter().filter(|(_, name)| !name.contains("个，")).count()
    );
    assert_eq!(clean("failure") + clean("error"), 0);
    for (counts, cases) in &suites {
        let of = |kind: &str| {
            if kind == "tests" {
                cases.len()
            } else {
                cases.iter().filter(|(found, _)| kind.starts_with(&**found)).count()
            }
        };
        for (name, count) in counts {
            assert_eq!(*count, of(name), "{name} of {cases:?}");
        }
    }
    assert!(
        cases.iter().any(|(kind, name)| kind == "passed" && name.contains("第八条")),
        "{cases:?}"
    );
    // The schema of Jenkins has no place of a case; build servers that know none pass over it.
    let bare = |line: &str| match line.split_once(" file=\"") {
        Some((before, after)) if line.trim_start().starts_with("<testcase") => {
            format!("{before}{}", after.rsplit_once('"').unwrap().1)
        }
        _ => line.to_owned(),
    };
    let xml: Vec<String> = xml.lines().map(bare).collect();
    validated(&xml.join("\n"), "junit.xml", "junit-10.xsd", |schema, file| {
        let mut xmllint = Command::new("xmllint");
        xmllint.args(["--noout", "--nonet", "--schema"]).args([schema, file]);
        xmllint
    });
}

#[test]
fn junit_messages_begin_with_file_line_and_column() {
    let findings = Listed(vec![violation()]);
    let xml = written(&full(&findings), Format::Junit, &options(80));
    let all = suites(&xml);
    let (kind, message) = &all[0].1[0];
    assert_eq!(kind, "failure");
    assert!(message.starts_with("items/xk.toml:4:8: "), "{message}");
    let place = " file=\"items/xk.toml\" line=\"4\">";
    assert!(xml.lines().any(|line| line.contains("<testcase ") && line.ends_with(place)), "{xml}");
    let options = Options { root: "a/b/".to_owned(), ..options(80) };
    let xml = written(&full(&findings), Format::Junit, &options);
    assert!(xml.contains(" file=\"a/b/items/xk.toml\" line=\"4\">"), "{xml}");
}

/// How many rows came to what, the rows that passed among them, stands with each article.
#[test]
fn junit_has_the_counts_of_json() {
    let findings = Listed(everything());
    let report = full(&findings);
    let xml = written(&report, Format::Junit, &options(80));
    let json: Value = serde_json::from_str(&written(&report, Format::Json, &options(80))).unwrap();
    let articles = json["summary"]["articles"].as_array().unwrap();
    let suites: Vec<&str> = xml.split("<testsuite ").skip(1).collect();
    for article in articles {
        let package = format!("package=\"{}\"", article["article"].as_str().unwrap());
        let suite = suites.iter().find(|suite| suite.contains(&package)).unwrap();
        let mut properties = 0;
        for line in suite.lines().filter(|line| line.contains("<property ")) {
            let parts: Vec<&str> = line.split('"').collect();
            assert_eq!(parts[3], article[parts[1]].to_string(), "{package} {line}");
            properties += 1;
        }
        assert_eq!(properties, 10, "{suite}");
    }
}

/// A small project, judged: two articles that disagree, one of two sentences.
fn library(name: &str) -> Run {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reports").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let long = "长".repeat(70);
    let files = [
        (
            "fanshi.toml",
            "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = \"*.fan\"\n[data]\nbook = \
                \"book.csv\"\n"
                .to_owned(),
        ),
        (
            "library.fan",
            "政策 馆规 | library\n枚举 处置 | disposition { 留 | keep、去 | drop }\n表 书 | book { 号 \
                | code : 文本 主键 页 | pages : 整数 处理 | fate : 处置 }\n裁定 书.处理\n第一条 厚 | \
                thick\n凡 页 > 10 的 书，一律 去。\n第二条 薄 | thin\n凡 页 < 20 的 书，一律 留。\n第三条 页 \
                | pages\n凡 书，页 不得 超过 20。\n凡 书，页 不得 超过 10。\n"
                .to_owned(),
        ),
        ("book.csv", format!("号,页,处理\nA,5,留\n{long},15,留\nC,25,留\nD,,留\n")),
    ];
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    Project::read(&folder).run(&fanshi::Options::default())
}

/// Of a conflict every article that takes part has a failure; an article fails for a row once,
/// however many of its sentences the row breaks: the sums are those of the table.
#[test]
fn junit_counts_what_the_table_counts() {
    let run = library("counted");
    let mut xml = Vec::new();
    let groups = Groups::new(&run, None);
    let report = run.report();
    write_with_rows(&report, Some(&groups), Format::Junit, &options(80), &mut xml).unwrap();
    let xml = String::from_utf8(xml).unwrap();
    let suites = suites(&xml);
    let counts: Vec<(usize, usize)> = report
        .articles
        .iter()
        .map(|article| (article.counts.violated, article.counts.undetermined))
        .collect();
    assert_eq!(counts, [(2, 1), (1, 1), (2, 1)]);
    let of = |suite: &Suite, name: &str| suite.0.iter().find(|(own, _)| own == name).unwrap().1;
    // The first suite is that of what is wrong with the data.
    let suites = suites.iter().skip(1);
    let said: Vec<_> = suites.map(|suite| (of(suite, "failures"), of(suite, "errors"))).collect();
    assert_eq!(said, counts);
    for article in ["library.thick", "library.thin"] {
        let key = format!("name=\"书 {} (", "长".repeat(70));
        let case = xml.lines().position(|line| {
            line.contains(&key) && line.contains(&format!("classname=\"{article}\""))
        });
        let failure = xml.lines().nth(case.unwrap() + 1).unwrap();
        assert!(failure.contains("<failure type=\"conflict\""), "{xml}");
    }
    let sarif = written(&report, Format::Sarif, &options(80));
    assert!(sarif.contains(&format!("书 {}：", "长".repeat(70))), "{sarif}");
    let both =
        ["超过 20", "超过 10"].map(|clause| xml.matches(&format!("页 不得 {clause}”")).count());
    assert!(both.iter().all(|times| *times > 0), "both sentences are said: {xml}");
}

/// A finding whose row was named by somebody hostile.
fn hostile() -> Finding {
    let name = "</script><script>alert(1)</script>|[x](javascript:alert(1)) *b* \
        `c` \u{1b}[31m\u{202e}\u{fffe}{0}\" onload=\"";
    Finding {
        subject: Some(Subject {
            key: Some(name.into()),
            title: Some(name.into()),
            ..violation().subject.unwrap()
        }),
        message: say!("{name}", "{name}"),
        ..violation()
    }
}

#[test]
fn names_and_cells_are_text_in_every_format() {
    let findings = Listed(vec![hostile()]);
    let report = full(&findings);
    for format in [Format::Markdown, Format::Sarif, Format::Junit] {
        for language in [Language::Chinese, Language::English] {
            let text = written(&report, format, &Options { language, ..options(80) });
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{fffe}']), "{format:?}: {text}");
            match format {
                Format::Markdown => assert!(
                    !text.contains("<script") && !text.contains("|[x]") && !text.contains(" *b*"),
                    "{text}"
                ),
                Format::Sarif => {
                    let log: Value = serde_json::from_str(&text).unwrap();
                    let message = log["runs"][0]["results"][0]["message"]["text"].as_str().unwrap();
                    assert!(message.contains("\\[x\\](") && message.contains("{{0}}"), "{message}");
                }
                _ => assert!(
                    !text.contains("<script")
                        && suites(&text)[0].1[0].1.contains("<script>alert(1)"),
                    "{text}"
                ),
            }
        }
    }
}

#[test]
fn every_format_lists_every_waiver() {
    let findings = Listed(vec![violation()]);
    let report = full(&findings);
    for format in
        [Format::Text, Format::Json, Format::Markdown, Format::Sarif, Format::Junit, Format::Html]
    {
        let text = written(&report, format, &options(160));
        for waiver in &report.waivers {
            assert!(
                text.contains(&waiver.authority) && text.contains(&waiver.reason),
                "{format:?}: {text}"
            );
        }
    }
}

/// How many findings a format lists, found by a mark that each message begins with.
fn marks(text: &str, of: impl Fn(usize) -> String, count: usize) -> Vec<usize> {
    (0..count).map(|index| text.matches(&of(index)).count()).collect()
}

#[test]
fn every_format_has_each_finding_of_every_outcome_in_both_languages() {
    let findings = Listed(everything());
    let count = findings.0.len();
    for outcome in
        ["violated", "conflict", "undetermined", "referred", "vacuous", "waived", "waiver"]
    {
        assert!(findings.0.iter().any(|finding| finding.outcome.code() == outcome), "{outcome}");
    }
    let mut summary = full_summary();
    for with_errors in [false, true] {
        if with_errors {
            summary.diagnostics = vec![
                Diagnostic::error("unknown_name", say!("没有 `某`", "no `某`")),
                Diagnostic::warning("unused", say!("没有用到", "never used"))
                    .at(Place::file("fanshi.toml"), Bilingual::default()),
            ];
        }
        let report = told(summary.clone(), &findings);
        for language in [Language::Chinese, Language::English] {
            let shown = Options { language, ..options(200) };
            let of = |index: usize| {
                if language == Language::Chinese {
                    format!("第{index}个，")
                } else {
                    format!("number {index};")
                }
            };
            for format in [Format::Text, Format::Json, Format::Markdown, Format::Html] {
                assert_eq!(
                    marks(&written(&report, format, &shown), of, count),
                    vec![1; count],
                    "{format:?} {language:?}"
                );
            }
            let log: Value =
                serde_json::from_str(&written(&report, Format::Sarif, &shown)).unwrap();
            let results = log["runs"][0]["results"].as_array().unwrap();
            let messages: Vec<&str> =
                results.iter().map(|result| result["message"]["text"].as_str().unwrap()).collect();
            assert_eq!(marks(&messages.join("\n"), of, count), vec![1; count], "{messages:?}");
            let same = results.iter().zip(&findings.0).all(|(result, finding)| {
                result["partialFingerprints"]["fanshi/1"] == *finding.fingerprint
            });
            assert!(
                same && results.iter().all(|result| result["locations"]
                    .as_array()
                    .is_some_and(|places| places.len() == 1))
            );
            let cases: Vec<String> = suites(&written(&report, Format::Junit, &shown))
                .into_iter()
                .flat_map(|(_, cases)| cases)
                .map(|case| case.1)
                .collect();
            assert_eq!(marks(&cases.join("\n"), of, count), vec![1; count], "{cases:?}");
            assert_eq!(written(&report, Format::Tsv, &shown).lines().count(), count);
            let mut book = Vec::new();
            write(&report, Format::Xlsx, &shown, &mut book).unwrap();
            let listed: Vec<String> =
                crate::workbook::sheets(&book)[0].1[1..].iter().map(|row| row[2].clone()).collect();
            assert_eq!(listed.len(), count);
            // The gravest come first.
            let once = |index: usize| {
                listed.iter().filter(|message| message.starts_with(&of(index))).count() == 1
            };
            assert!((0..count).all(once), "{listed:?}");
        }
    }
}
