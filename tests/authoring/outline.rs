//! Symbols, folds, words, links, format, cuts.

use crate::fixture::{EN, MANIFEST, ZH, library, open, policy};
use fanshi::authoring::What;
use std::path::Path;

#[test]
fn a_policy_is_an_outline() {
    let (view, _) = library(ZH);
    let symbols = view.symbols(policy());
    let names: Vec<(&str, What)> = symbols.iter().map(|own| (&*own.name, own.kind)).collect();
    assert_eq!(
        names,
        [
            ("馆规", What::Policy),
            ("去向", What::Enum),
            ("书", What::Table),
            ("书.去向", What::Decision),
            ("第一条 厚", What::Article),
            ("第二条 薄", What::Article),
        ]
    );
    assert_eq!(symbols[2].children.len(), 3);
    let folds = view.folds(policy());
    assert_eq!(folds.len(), 1);
    assert!(ZH[folds[0].clone()].starts_with("表 书") && ZH[folds[0].clone()].ends_with('}'));
}

#[test]
fn every_word_has_its_kind_and_none_overlap() {
    for text in [ZH, EN] {
        let (view, _) = library(text);
        let tokens = view.tokens(policy());
        assert!(tokens.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
        let kind = |word: &str| {
            let own = tokens.iter().filter(|token| &text[token.span.clone()] == word);
            own.map(|token| token.kind).collect::<Vec<_>>()
        };
        match text == ZH {
            true => {
                assert_eq!(kind("凡"), [What::Keyword; 2]);
                assert_eq!(kind("不得"), [What::Modal]);
                assert_eq!(kind("书"), [What::Table; 4]);
                assert_eq!(kind("第一条"), [What::Article]);
                assert_eq!(kind("500"), [What::Number]);
            }
            false => {
                assert_eq!(kind("whenever"), [What::Keyword; 2]);
                assert_eq!(kind("must not"), [What::Modal]);
                assert_eq!(kind("pages"), [What::Field; 3]);
            }
        }
    }
}

#[test]
fn a_sentence_without_blanks_shows_where_it_was_cut() {
    let text = ZH.replace("凡 书，页 不得 超过 500。", "⟦凡书，页不得超过500。⟧");
    let (view, marks) = library(&text);
    assert!(view.diagnostics().is_empty(), "{:?}", view.diagnostics());
    let cuts = view.cuts(policy(), marks[0].start + 3).unwrap();
    let (plain, _) = crate::fixture::unmarked(&text);
    let words: Vec<&str> = cuts.words.iter().map(|word| &plain[word.span.clone()]).collect();
    assert_eq!(words, ["凡", "书", "，", "页", "不得", "超过", "500", "。"]);
    assert!(cuts.together);
    let (view, marks) = library(&ZH.replace("凡 书", "⟦凡 书⟧"));
    assert!(!view.cuts(policy(), marks[0].start).unwrap().together);
}

#[test]
fn a_policy_is_formatted_and_a_manifest_leads_to_its_files() {
    let (view, _) = library(ZH);
    let formatted = view.format(policy()).unwrap().unwrap();
    let (again, _) = library(&formatted);
    assert_eq!(again.format(policy()).unwrap(), None);
    assert_eq!(again.run().summary.totals, view.run().summary.totals);
    let (wrong, _) = library(&ZH.replace("不得", "不得得"));
    assert!(wrong.format(policy()).is_err());
    let (mut service, _) = open(&[("fanshi.toml", MANIFEST), ("馆规.fan", ZH), ("书.csv", "号\n")]);
    let links = service.view().links(Path::new("fanshi.toml"));
    let to: Vec<_> = links.iter().map(|link| link.to.clone().unwrap().path).collect();
    assert_eq!(to, [Path::new("馆规.fan"), Path::new("书.csv")]);
}

#[test]
fn a_sentence_that_is_not_read_shows_how_it_is_divided() {
    let cases = [
        (
            "凡外借图书的书，一律退回。",
            vec!["凡", "外借图书", "的", "书", "，", "一律", "退回", "。"],
        ),
        (
            "凡新购图书的书，页不得超过500。",
            vec!["凡", "新购图书", "的", "书", "，", "页", "不得", "超过", "500", "。"],
        ),
    ];
    for (sentence, wanted) in cases {
        let text = ZH.replace("凡 书，页 不得 超过 500。", &format!("⟦{sentence}⟧"));
        let (view, marks) = library(&text);
        let plain = text.replace(['⟦', '⟧'], "");
        let cuts = view.cuts(policy(), marks[0].start + 3).unwrap();
        let words: Vec<&str> = cuts.words.iter().map(|word| &plain[word.span.clone()]).collect();
        assert!(words.ends_with(&wanted), "{words:?} {:?}", view.diagnostics());
    }
}
