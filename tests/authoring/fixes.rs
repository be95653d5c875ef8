//! Remedies as changes, each tried.

use crate::fixture::{MANIFEST, ZH, library, open, policy};
use fanshi::authoring::{Edit, View};
use std::path::Path;

/// The text with an edit.
fn applied(view: &View, edits: &[Edit]) -> String {
    let path = &edits[0].path;
    let bytes = view.project().store.read(path, 1 << 20).unwrap();
    let mut text = String::from_utf8(bytes).unwrap();
    let mut edits: Vec<&Edit> = edits.iter().filter(|edit| edit.path == *path).collect();
    edits.sort();
    for edit in edits.into_iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

#[track_caller]
fn mended(from: &str, to: &str) {
    let text = ZH.replace("第一条 厚 | thick 凡 书，页 不得 超过 500。", from);
    assert_ne!(text, ZH);
    let (view, marks) = library(&text);
    let range = marks.first().cloned().unwrap_or(0..text.len());
    let fixes = view.fixes(policy(), range);
    let texts: Vec<String> = fixes.iter().map(|fix| applied(&view, &fix.edits)).collect();
    let wanted = ZH.replace("第一条 厚 | thick 凡 书，页 不得 超过 500。", to);
    assert!(texts.contains(&wanted), "{fixes:#?}\n{:?}", view.diagnostics());
}

#[test]
fn a_misspelt_name_and_a_misspelt_word_are_written_right() {
    mended("第一条 厚 凡 书，page⟦⟧ 不得 超过 500。", "第一条 厚 凡 书，pages 不得 超过 500。");
    mended("第一条 厚 凡 页 < 10 的 书，⟦一率⟧ 剔。", "第一条 厚 凡 页 < 10 的 书，一律 剔。");
    mended("第一条 厚 凡 书，页 不得 超过 ⟦10,000⟧。", "第一条 厚 凡 书，页 不得 超过 10000。");
}

#[test]
fn what_is_open_is_closed_and_what_is_hidden_is_taken_away() {
    mended(
        "第一条 厚 凡 书，页 不得 超过 500。 说明 ⟦“⟧厚",
        "第一条 厚 凡 书，页 不得 超过 500。 说明 “厚”",
    );
    mended("第一条 厚 凡 书，页 不得 超过 ⟦\u{200b}⟧500。", "第一条 厚 凡 书，页 不得 超过 500。");
}

#[test]
fn a_mark_of_another_pair_is_replaced() {
    let head = "第一条 厚 凡 书，页 不得 超过 500。 说明 ";
    for (from, to) in
        [("⟦\"⟧厚 {页}”", "\"厚 {页}\""), ("⟦“⟧厚 {页}\"", "“厚 {页}”"), ("⟦“⟧厚", "“厚”")]
    {
        let text =
            ZH.replace("第一条 厚 | thick 凡 书，页 不得 超过 500。", &format!("{head}{from}"));
        let (view, marks) = library(&text);
        let fixes = view.fixes(policy(), marks[0].clone());
        let texts: Vec<String> = fixes.iter().map(|fix| applied(&view, &fix.edits)).collect();
        let wanted =
            ZH.replace("第一条 厚 | thick 凡 书，页 不得 超过 500。", &format!("{head}{to}"));
        assert_eq!(texts, [wanted]);
    }
}

#[test]
fn of_two_names_equally_near_the_one_as_long_is_offered() {
    let names = |text: &str| {
        text.replace(
            "  去向 | fate : 去向\n",
            "  去向 | fate : 去向\n  申请 : 日期 可缺\n  申请人 : 文本 可缺\n",
        )
    };
    for (wrong, right) in [("申请仁", "申请人"), ("申清人", "申请人")] {
        let message = |name: &str| format!("超过 500。 说明 “{{{name}}}借”");
        let text = names(ZH).replace("超过 500。", &message(&format!("⟦{wrong}⟧")));
        let (view, marks) = library(&text);
        let fixes = view.fixes(policy(), marks[0].clone());
        let texts: Vec<String> = fixes.iter().map(|fix| applied(&view, &fix.edits)).collect();
        let wanted = names(ZH).replace("超过 500。", &message(right));
        assert_eq!(texts.first(), Some(&wanted), "{:?}", view.diagnostics());
    }
}

#[test]
fn digits_of_any_width_have_no_commas() {
    for number in ["１，０００", "１，２００", "1,000", "１,０００", "１，０００，０００"]
    {
        let plain: String = number
            .chars()
            .filter(|own| !matches!(own, ',' | '，'))
            .map(|own| {
                if own.is_ascii() {
                    own
                } else {
                    char::from(u8::try_from(u32::from(own) - 0xFEE0).unwrap())
                }
            })
            .collect();
        mended(
            &format!("第一条 厚 凡 书，页 不得 超过 ⟦{number}⟧。"),
            &format!("第一条 厚 凡 书，页 不得 超过 {plain}。"),
        );
    }
}

#[test]
fn a_name_of_another_file_is_brought_into_sight() {
    let words = "词汇 词 | words\n参数 上限 | most : 整数 = 500\n";
    let text = ZH.replace("500", "⟦上限⟧");
    let manifest = MANIFEST.replace("[data]", "[data]\n");
    let files = [
        ("fanshi.toml", &*manifest),
        ("馆规.fan", &*text),
        ("词.fan", words),
        ("书.csv", "号,页,去向\n"),
    ];
    let (mut service, marks) = open(&files);
    let view = service.view();
    let fixes = view.fixes(policy(), marks[0].1.clone());
    let texts: Vec<String> = fixes.iter().map(|fix| applied(&view, &fix.edits)).collect();
    assert!(texts[0].starts_with("政策 馆规 | library\n\n使用 词\n"), "{texts:?}");
    service.put(policy(), Some(texts[0].clone()));
    assert!(service.view().diagnostics_of(policy()).is_empty());
}

/// Cases of the suite that have a mistake in their policy: what is offered leaves fewer.
#[test]
fn what_is_offered_leaves_fewer_mistakes() {
    let offered = offered(&["errors/syntax", "errors/policy", "remedies", "phrasing"]);
    assert!(offered > 40, "{offered}");
}

#[test]
#[ignore = "the whole suite: minutes"]
fn what_is_offered_for_the_whole_suite_leaves_fewer_mistakes() {
    let offered = offered(&[""]);
    eprintln!("{offered} remedies");
    assert!(offered > 150, "{offered}");
}

/// How many remedies are offered for the cases of these files, each tried.
fn offered(names: &[&str]) -> usize {
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let (mut folders, mut offered) = (vec![suite.clone()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let name = entry.strip_prefix(&suite).unwrap().to_string_lossy().into_owned();
            let wanted = names.iter().any(|wanted| name.starts_with(wanted));
            if !wanted || !name.ends_with(".txt") {
                continue;
            }
            let text = std::fs::read_to_string(&entry).unwrap();
            for case in text.split("\n=== ").skip(1) {
                let body = case.split_once('\n').map_or("", |(_, body)| body);
                offered += try_policy(body.split("\n--- ").next().unwrap_or(""));
            }
        }
    }
    offered
}

fn try_policy(text: &str) -> usize {
    let manifest = "[project]\nas_of = 2015-11-20\npolicies = [\"policy.fan\"]\n";
    let (mut service, _) = open(&[("fanshi.toml", manifest), ("policy.fan", text)]);
    let path = Path::new("policy.fan");
    let errors = |view: &View| {
        let told = view.diagnostics_of(path);
        told.iter().filter(|told| told.severity == fanshi::Severity::Error).count()
    };
    let view = service.view();
    let before = errors(&view);
    if before == 0 {
        return 0;
    }
    let fixes = view.fixes(path, 0..text.len());
    for fix in &fixes {
        service.put(path, Some(applied(&view, &fix.edits)));
        let after = errors(&service.view());
        assert!(after < before || fix.code == "paused_conditions", "{text}\n{fix:?}");
    }
    fixes.len()
}
