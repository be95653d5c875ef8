//! What reports look like, and what they may never do: lose a finding, break a column, send an
//! escape sequence.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

#[path = "reports/browser.rs"]
mod browser;
#[path = "reports/first.rs"]
mod first;
#[path = "reports/formats.rs"]
mod formats;
#[path = "reports/hostile.rs"]
mod hostile;
#[path = "reports/support.rs"]
mod support;
#[path = "reports/told.rs"]
mod told;
#[path = "reports/workbook.rs"]
mod workbook;

use fanshi::diagnostic::{Bilingual, Diagnostic};
use fanshi::finding::{Evidence, Finding, Outcome, Role, Weight};
use fanshi::place::Place;
use fanshi::report::{Format, Options, exit_code};
use fanshi::say;
use fanshi::syntax::tree::Language;
use support::{
    Listed, POLICY, bare, cell, clause, conflict, data, everything, full, full_summary, options,
    place, plain, plain_summary, second_violation, told, undetermined, vacuous, violation, written,
};
use unicode_width::UnicodeWidthStr;

/// Reports end lines of tables with blanks; snapshots do not keep them.
fn text(findings: Vec<Finding>, width: usize) -> String {
    let findings = Listed(findings);
    trimmed(&written(&plain(&findings), Format::Text, &options(width)))
}

fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_violation_shows_values_then_clause_and_the_clause_once() {
    insta::assert_snapshot!(text(vec![violation(), second_violation()], 80));
}

/// What an article says of itself stands alone, the clause and its values below it.
#[test]
fn what_an_article_says_stands_before_its_clause() {
    let own = say!("一册里的页太多", "too many pages in one volume");
    let mut finding = violation();
    let (zh, en) = (&finding.message.zh, &finding.message.en);
    let message = say!("一册里的页太多：{zh}", "too many pages in one volume: {en}");
    let clause = zh.clone();
    (finding.message, finding.stated) = (message, Some(own));
    let shown = text(vec![finding.clone()], 200);
    assert!(shown.contains(&format!("违反：一册里的页太多\n  {clause}\n")), "{shown}");
    // One that says something else, as a sum of pairs does, is left as it is.
    finding.stated = Some(say!("别的", "something else"));
    let shown = text(vec![finding], 200);
    assert!(shown.contains(&format!("违反：一册里的页太多：{clause}")), "{shown}");
}

#[test]
fn english_headings_and_messages() {
    let findings = Listed(vec![violation(), undetermined(), vacuous()]);
    let options = Options { language: Language::English, ..options(80) };
    insta::assert_snapshot!(trimmed(&written(&plain(&findings), Format::Text, &options)));
}

#[test]
fn undetermined_names_what_is_missing() {
    insta::assert_snapshot!(text(vec![undetermined()], 80));
}

#[test]
fn a_conflict_names_both_articles() {
    insta::assert_snapshot!(text(vec![conflict()], 80));
}

#[test]
fn vacuous_articles_and_waivers_take_a_line() {
    let expired = Finding {
        help: Some(say!("重新报批，或删去这条例外", "renew it, or remove it")),
        ..bare(
            "a.b",
            "某政策 第二条",
            Outcome::Waiver,
            Weight::Error,
            say!("例外已于 2015-06-30 到期", "the waiver ended on 2015-06-30"),
        )
    };
    let waived = Finding { outcome: Outcome::Waived, weight: Weight::Warning, ..violation() };
    insta::assert_snapshot!(text(vec![vacuous(), waived, expired], 80));
}

#[test]
fn diagnostics_come_first_errors_before_warnings() {
    let findings = Listed(Vec::new());
    let mut summary = plain_summary();
    let unused = Diagnostic::warning(
        "unused_parameter",
        say!("参数 `上限` 没有用到", "parameter `limit` is never used"),
    );
    let unknown = Diagnostic::error(
        "unknown_name",
        say!("没有名为 `法律依据不足` 的名字", "nothing is called `法律依据不足`"),
    );
    summary.diagnostics = vec![
        unused.at(Place::file("fanshi.toml"), Bilingual::default()),
        unknown
            .at(place("seven-whenevers.fan", POLICY, "法律依据不足", 0), say!("这里", "here"))
            .help(say!("是否想写 `依据不足`？", "did you mean `依据不足`?")),
    ];
    let report = told(summary, &findings);
    insta::assert_snapshot!(trimmed(&written(&report, Format::Text, &options(80))));
}

#[test]
fn a_limit_is_shared_and_says_what_it_leaves_out() {
    let many = (0..5).map(|_| Finding { evidence: Vec::new(), ..violation() });
    let few = [Finding { evidence: Vec::new(), ..undetermined() }, vacuous()];
    let findings = Listed(many.chain(few).collect());
    let options = Options { max_findings: Some(2), ..options(80) };
    insta::assert_snapshot!(trimmed(&written(&plain(&findings), Format::Text, &options)));
}

#[test]
fn a_long_line_is_cut_around_the_mark() {
    let line = format!(
        "{{\"说明\": \"{}\", \"处理\": \"保留\", \"其后\": \"{}\"}}\n",
        "很长的文字".repeat(200),
        "后文".repeat(200)
    );
    let evidence = Evidence {
        place: place("items/xk.jsonl", &line, "\"保留\"", 0),
        ..data("保留", 0, say!("处理 为 保留", "is retain"), "retain")
    };
    insta::assert_snapshot!(text(vec![Finding { evidence: vec![evidence], ..undetermined() }], 80));
}

#[test]
fn cells_of_one_row_share_a_line_and_clauses_may_span_lines() {
    let row = "XK-018 │ 临时占用城市道路审批 │ 保留 │ 15 工作日";
    let of = |name: &str, piece: &str| Evidence {
        place: cell("事项", name, row, piece, 12),
        ..data("保留", 0, say!("{name} 的值", "value of {name}"), "")
    };
    let whole = clause(
        "凡 保留 的 事项，\n    承诺时限 必须 属于 {1 工作日、3 工作日、7 工作日}",
        say!("全文", "whole"),
    );
    let evidence = vec![of("C12", "保留"), of("D12", "15 工作日"), whole];
    insta::assert_snapshot!(text(vec![Finding { evidence, ..undetermined() }], 80));
}

#[test]
fn controls_and_bidirectional_signs_are_shown_not_sent() {
    let source = "名称 = \"红\u{1b}[31m字\u{202e}左\"\t# \u{7}\n";
    let evidence = Evidence {
        place: place("items/xk.toml", source, "字", 0),
        ..data("保留", 0, say!("这\u{1b}里\u{202e}", "h\u{1b}ere"), "")
    };
    let mut finding = Finding {
        evidence: vec![evidence],
        message: say!("值 `\u{1b}[2J\n伪造`", "value"),
        ..undetermined()
    };
    if let Some(subject) = &mut finding.subject {
        subject.key = Some("XK\u{202e}-1\r".into());
    }
    insta::assert_snapshot!(text(vec![finding], 80));
}

#[test]
fn tables_align_and_fit() {
    let findings = Listed(Vec::new());
    let text = written(&full(&findings), Format::Text, &options(80));
    insta::assert_snapshot!(trimmed(&text));
    for (width, language) in [60, 80, 100, 120]
        .into_iter()
        .flat_map(|width| [(width, Language::Chinese), (width, Language::English)])
    {
        let text = written(&full(&findings), Format::Text, &Options { language, ..options(width) });
        let mut tables = 0;
        for table in text.split("\n\n").filter(|part| part.contains("──")) {
            let widths: Vec<usize> = table
                .lines()
                .skip_while(|line| !line.starts_with('─'))
                .map(UnicodeWidthStr::width)
                .collect();
            assert!(
                widths.iter().all(|of| *of == widths[0] && *of <= width),
                "at {width}: {widths:?}\n{table}"
            );
            tables += 1;
        }
        assert_eq!(tables, 3);
    }
}

#[test]
fn findings_in_are_findings_out() {
    let count = everything().len();
    let findings = Listed(everything());
    let report = full(&findings);
    let text = written(&report, Format::Text, &options(80));
    assert!((0..count).all(|index| text.matches(&format!("第{index}个，")).count() == 1), "{text}");
    assert_eq!(written(&report, Format::Tsv, &options(80)).lines().count(), count);
    let json: serde_json::Value =
        serde_json::from_str(&written(&report, Format::Json, &options(80))).unwrap();
    let messages: Vec<_> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(messages, (0..count).map(|index| format!("第{index}个，")).collect::<Vec<_>>());
    for limit in 0..=count {
        let text =
            written(&report, Format::Text, &Options { max_findings: Some(limit), ..options(80) });
        assert_eq!(
            (0..count).filter(|index| text.contains(&format!("第{index}个，"))).count(),
            limit
        );
        assert_eq!(
            text.contains(&format!("另有 {} 处未显示，共 {count} 处", count - limit)),
            limit < count
        );
    }
}

#[test]
fn without_colour_there_is_no_escape_and_no_line_is_too_long() {
    let findings = Listed(everything());
    for width in 60..=130 {
        let text = written(&full(&findings), Format::Text, &options(width));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\t', '\r']), "{text}");
        let long = text.lines().find(|line| line.width() > width);
        assert!(long.is_none(), "at {width}: {long:?}");
    }
    let coloured = written(&full(&findings), Format::Text, &Options { color: true, ..options(80) });
    assert!(coloured.contains("\u{1b}["));
}

#[test]
fn json_is_a_line_per_finding_in_the_documented_shape() {
    let row = "XK-018 │ 保留";
    let in_cell = Evidence {
        place: cell("事项", "C12", row, "保留", 12),
        ..data("保留", 0, say!("处理意见 为 保留", "outcome is retain"), "retain")
    };
    let in_file = Evidence {
        role: Role::Policy,
        place: Place::file("a.fan"),
        label: Bilingual::default(),
        value: None,
    };
    let short = Finding { evidence: vec![in_cell, in_file], ..undetermined() };
    let findings = Listed(vec![
        Finding { evidence: violation().evidence.into_iter().take(3).collect(), ..violation() },
        short,
        Finding { evidence: Vec::new(), ..vacuous() },
    ]);
    let mut summary = full_summary();
    summary.articles.truncate(1);
    summary.totals = summary.articles[0].counts;
    summary.diagnostics = vec![
        Diagnostic::error("unknown_name", say!("没有 `某`", "no `某`"))
            .at(place("a.fan", POLICY, "第二条", 0), say!("这里", "here")),
    ];
    let report = told(summary, &findings);
    let json = written(&report, Format::Json, &options(80));
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["format"], "fanshi.findings/1");
    assert_eq!(value["summary"]["rows"]["item"], 236);
    assert_eq!(value["summary"]["satisfied"], 221);
    assert_eq!(value["findings"][0]["demanded"], "cancel");
    let start = value["findings"][0]["places"][0]["start"].as_u64().unwrap() as usize;
    assert_eq!(&support::ITEMS[start..start + "\"保留\"".len()], "\"保留\"");
    insta::assert_snapshot!(json);
}

#[test]
fn tsv_is_outcome_article_table_key_path() {
    let mut odd = violation();
    if let Some(subject) = &mut odd.subject {
        subject.key = Some("a\tb\nc\\d".into());
    }
    let findings = Listed(vec![odd, undetermined(), vacuous()]);
    insta::assert_snapshot!(written(&plain(&findings), Format::Tsv, &options(80)));
}

#[test]
fn exit_codes() {
    let of = |outcome, weight| Finding { outcome, weight, ..violation() };
    let code = |findings: &[Finding]| exit_code(&plain(&Listed(findings.to_vec())));
    let referred = of(Outcome::Referred, Weight::Question);
    for (expected, findings) in [
        (0, vec![]),
        (1, vec![of(Outcome::Violated, Weight::Error)]),
        (0, vec![of(Outcome::Violated, Weight::Warning)]),
        (1, vec![of(Outcome::Conflict, Weight::Error)]),
        (3, vec![of(Outcome::Undetermined, Weight::Question)]),
        (3, vec![referred.clone()]),
        (1, vec![referred, of(Outcome::Violated, Weight::Error)]),
        (0, vec![of(Outcome::Vacuous, Weight::Warning), of(Outcome::Waived, Weight::Warning)]),
        (1, vec![of(Outcome::Waiver, Weight::Error)]),
        (0, vec![of(Outcome::Waiver, Weight::Warning)]),
    ] {
        assert_eq!(code(&findings), expected, "{findings:?}");
    }
    let findings = Listed(vec![violation()]);
    let mut summary = plain_summary();
    summary.diagnostics = vec![Diagnostic::warning("w", Bilingual::default())];
    assert_eq!(exit_code(&told(summary.clone(), &findings)), 1);
    summary.diagnostics.push(Diagnostic::error("e", Bilingual::default()));
    assert_eq!(exit_code(&told(summary, &findings)), 2);
}

#[test]
fn a_finding_with_very_many_values_shows_some_and_counts_the_rest() {
    let evidence = (0..100)
        .map(|index| data("\"保留\"", 0, say!("第{index}项", "term {index}"), ""))
        .collect();
    let text = text(vec![Finding { evidence, ..undetermined() }], 80);
    assert!(
        text.contains("另有 88 个值未列出") && text.contains("第11项") && !text.contains("第12项"),
        "{text}"
    );
}

#[test]
fn no_place_is_too_odd_to_draw() {
    let mut seed = 20_151_120_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let pieces = [
        "凡",
        "a",
        "\t",
        "\n",
        "\r\n",
        "\u{1b}",
        "，",
        "é",
        "e\u{301}",
        "👩\u{200d}👧",
        " ",
        "很长的一段文字，没有空格可以折行，一直写到行尾",
        "\u{202e}",
        "\r",
    ];
    for _ in 0..1500 {
        let text: String = (0..random(40)).map(|_| pieces[random(pieces.len())]).collect();
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let count = 1 + random(4);
        let evidence = (0..count).map(|index| {
            let (a, b) = (ends[random(ends.len())], ends[random(ends.len())]);
            let of =
                Place::of(&fanshi::text::Source::new("a.toml", text.as_str()), a.min(b)..a.max(b));
            Evidence {
                place: of,
                ..data(
                    "保留",
                    0,
                    say!("第{index}处，说明也可以长到要折行的地步，所以要试一试", "no. {index}"),
                    "",
                )
            }
        });
        let finding = Finding { evidence: evidence.collect(), ..undetermined() };
        let width = 60 + random(40);
        let shown = self::text(vec![finding], width);
        assert!(
            (0..count).all(|index| shown.contains(&format!("第{index}处"))),
            "{text:?}\n{shown}"
        );
        let long = shown.lines().find(|line| line.width() > width);
        assert!(
            long.is_none(),
            "{width} {long:?} {:?} {text:?}\n{shown}",
            long.map(UnicodeWidthStr::width)
        );
    }
}
