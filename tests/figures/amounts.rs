//! Amounts of money in pages and papers are those of the JSON, and a minus sign is one everywhere.

use super::read::{document, markdown, page};
use super::{LANGUAGES, Options};
use fanshi::engine::Keep;
use fanshi::grouping::{Grouping, Groups};
use fanshi::report::{self, Format};
use fanshi::review::{self, Letters};
use fanshi::syntax::tree::Language;
use fanshi::workspace::{self, Memory, Project};
use regex_lite::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The words that stand for so many noughts.
const SCALES: [(&str, usize); 6] = [
    (" 万亿元", 12),
    (" 亿元", 8),
    (" 万元", 4),
    (" trillion yuan", 12),
    (" billion yuan", 9),
    (" million yuan", 6),
];

/// An amount in full, of its digits and what stands behind them; `None` where that is no word for a
/// large number.
pub fn whole(digits: &str, behind: &str) -> Option<String> {
    let (_, noughts) = SCALES.iter().find(|(word, _)| behind == *word)?;
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let rest = noughts.checked_sub(part.len())?;
    Some(format!("{whole}{part}{}", "0".repeat(rest)).trim_start_matches('0').to_owned())
}

const POLICY: &str = "枚举 区 {\n  东 | east\n  西 | west\n}\n\n表 笔 | entry {\n  号 | id : 文本 主键\n  \
    区 | area : 区\n  额 | amount : 金额\n  报额 | stated : 金额\n}\n\n指标 总额 = 合计(笔: 额) 按 区\n\
    指标 合计数 = 合计(笔: 额)\n指标 变化 = 合计(笔: 报额) → 合计(笔: 额)\n\n第一条 相符\n  \
    凡 笔，报额 应 等于 额。\n\n第二条 上限\n  凡 笔，额 不得 超过 100000000 元。\n";
const MANIFEST: &str = "[project]\nname = \"账\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n\n\
    [data]\n\"笔\" = \"e.csv\"\n";
/// Some that a word says to the last digit, some that none does.
const ROWS: &str = "号,区,额,报额\nA,东,1740000000,1760000000\nB,西,343210987,343210987\n\
    C,东,680000,680000\nD,西,9999,9999\n";

#[test]
fn amounts_are_those_of_the_json() {
    let files =
        Memory::new().with("fanshi.toml", MANIFEST).with("a.fan", POLICY).with("e.csv", ROWS);
    let project = Project::read_in(Arc::new(files), Path::new(""));
    let paper = project.manifest.paper.clone();
    let keep = Keep::Everything;
    let run = project.run(&workspace::Options { keep, ..workspace::Options::default() });
    assert!(run.summary.diagnostics.is_empty(), "{:?}", run.summary.diagnostics);
    let groups = Groups::new(&run, Grouping::asked(&run.policy, Some("区"), None).unwrap());
    let (report, found) = (&run.report(), &review::review(&groups));
    for language in LANGUAGES {
        let chinese = language == Language::Chinese;
        let options = Options { language, width: 200, color: false, ..Options::default() };
        let written = |format: Format| {
            let mut out = Vec::new();
            report::write_with_rows(report, Some(&groups), format, &options, &mut out).unwrap();
            out
        };
        let json: Value = serde_json::from_slice(&written(Format::Json)).unwrap();
        // All amounts of the JSON, to the last digit.
        let said = json.to_string();
        let exact = Regex::new("([+-]?[0-9.]+) (元|yuan)").unwrap();
        let known: BTreeSet<&str> = exact
            .captures_iter(&said)
            .map(|found| found.get(1).unwrap().as_str().trim_start_matches('+'))
            .collect();
        assert!(known.contains("1740000000") && known.contains("2083900986"), "{known:?}");

        let mut texts = Vec::new();
        let html = written(Format::Html);
        let (mut titles, source) = (Vec::new(), String::from_utf8(html.clone()).unwrap());
        page(&html, |tag| {
            let title = tag.try_get_attribute("title").ok().flatten();
            titles.extend(title.map(|title| title.value.into_owned()));
        });
        let mut md = Vec::new();
        review::write_markdown(found, &groups, language, &mut md).unwrap();
        let (md, mut docx, mut web) = (markdown(&md), Vec::new(), Vec::new());
        review::write_docx(found, &groups, (language, &paper), &mut docx).unwrap();
        review::write_html(found, &groups, (language, &paper), &mut web).unwrap();
        let letters = Letters { report, groups: &groups, review: found, paper: &paper, language };
        letters
            .each(None, |_, bytes| {
                texts.push(document(bytes));
                Ok(())
            })
            .unwrap();
        assert_eq!(texts.len(), 2);
        texts.extend([md, document(&docx), page(&web, |_| {})]);
        // What people read is an amount of the JSON in other words, to the last digit.
        let large = Regex::new("([+-]?[0-9.]+)( [^ 0-9]*元| [a-z]+illion yuan)").unwrap();
        let mut count = 0;
        for shown in &texts {
            let cells = shown.tables.iter().flatten().flatten().chain(&shown.said);
            for text in cells {
                for found in large.captures_iter(text).filter(|found| &found[2] != " 元") {
                    let amount = whole(found[1].trim_start_matches('+'), &found[2]);
                    assert!(amount.as_deref().is_some_and(|is| known.contains(is)), "{text}");
                    count += 1;
                }
            }
        }
        assert!(count >= 6, "{count}");
        // The bars say it rounded, and their titles to the last digit.
        let (bar, title) = match chinese {
            true => ("3.43 亿元", "343220986 元"),
            false => ("343.22 million yuan", "343220986 yuan"),
        };
        assert!(source.contains(&format!("title=\"{title}\">{bar}<")), "{titles:?}");
        assert!(titles.iter().any(|found| found == title), "{titles:?}");
        // A minus sign is one.
        for format in [Format::Text, Format::Json, Format::Markdown, Format::Tsv] {
            assert!(!String::from_utf8(written(format)).unwrap().contains('−'), "{format:?}");
        }
        assert!(!source.contains('−') && source.contains("-20000000"));
        for shown in &texts {
            let cells = shown.tables.iter().flatten().flatten().chain(&shown.said);
            cells.for_each(|text| assert!(!text.contains('−'), "{text}"));
        }
    }
}
