//! What may be written at a place.

use crate::fixture::{BOOKS, EN, MANIFEST, ZH, library, open, policy};
use fanshi::authoring::Completion;

/// The labels at the mark of a text.
fn at(text: &str) -> Vec<Completion> {
    let (view, marks) = library(text);
    view.complete(policy(), marks[0].start)
}

#[track_caller]
fn has(found: &[Completion], wanted: &[&str], without: &[&str]) {
    let labels: Vec<&str> = found.iter().map(|own| &*own.label).collect();
    for label in wanted {
        assert!(labels.contains(label), "{label} is not among {labels:?}");
    }
    for label in without {
        assert!(!labels.contains(label), "{label} is among {labels:?}");
    }
}

#[test]
fn behind_the_words_of_a_sentence() {
    let rule = |text: &str| ZH.replace("凡 书，页 不得 超过 500。", text);
    has(&at(&rule("凡 ⟦⟧")), &["书", "页"], &["keep", "词汇"]);
    has(&at(&rule("凡 页 < 10 的 ⟦⟧")), &["书"], &["页", "留"]);
    has(&at(&rule("凡 书，必须 ⟦⟧")), &["有", "页", "去向"], &["词汇"]);
    has(&at(&rule("凡 书，去向 必须 为 ⟦⟧")), &["留", "剔"], &[]);
    has(&at(&rule("凡 书，一律 ⟦⟧")), &["留", "剔"], &["页"]);
    has(&at(&rule("凡 存在(书: 书.⟦⟧")), &["页", "号"], &["书", "凡"]);
    let rule = |text: &str| EN.replace("whenever book, pages must not exceed 500.", text);
    has(&at(&rule("whenever ⟦⟧")), &["book"], &["书"]);
    has(&at(&rule("whenever book, must ⟦⟧")), &["has", "pages"], &["policy", "页"]);
    has(&at(&rule("whenever book, fate must be ⟦⟧")), &["pages"], &[]);
    has(&at(&rule("whenever book where fate is ⟦⟧")), &["keep", "drop"], &[]);
}

#[test]
fn in_declarations_and_at_the_beginning_of_a_line() {
    has(&at(&format!("{ZH}\n⟦⟧")), &["凡", "表", "定义", "除非"], &["页"]);
    has(&at(&ZH.replace("页 | pages : 整数", "页 | pages : ⟦⟧")), &["整数", "去向"], &["页"]);
    has(&at(&ZH.replace("# 馆藏", "# ⟦⟧馆藏")), &[], &["凡", "页"]);
}

#[test]
fn what_has_been_begun_is_replaced() {
    let text = ZH.replace("凡 书，页 不得 超过 500。", "凡 书，去⟦⟧");
    let found = at(&text);
    let own = found.iter().find(|own| own.label == "去向").unwrap();
    let start = text.find("⟦").unwrap() - "去".len();
    assert_eq!(own.replaces, start..start + "去".len());
}

#[test]
fn a_name_that_is_not_in_sight_brings_its_use() {
    let words = "词汇 词 | words\n参数 上限 | most : 整数 = 500\n";
    let text = ZH.replace("500", "⟦⟧");
    let files =
        [("fanshi.toml", MANIFEST), ("馆规.fan", &*text), ("词.fan", words), ("书.csv", BOOKS)];
    let (mut service, marks) = open(&files);
    let found = service.view().complete(policy(), marks[0].1.start);
    let own = found.iter().find(|own| own.label == "上限").unwrap();
    assert_eq!(own.also[0].text, "\n\n使用 词");
    let used = ZH.replace("枚举 去向", "使用 ⟦⟧\n枚举 去向");
    let files =
        [("fanshi.toml", MANIFEST), ("馆规.fan", &*used), ("词.fan", words), ("书.csv", BOOKS)];
    let (mut service, marks) = open(&files);
    has(&service.view().complete(policy(), marks[0].1.start), &["词"], &["馆规", "页"]);
}
