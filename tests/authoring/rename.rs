//! Another name, everywhere, tried.

use crate::fixture::{BOOKS, EN, MANIFEST, ZH, open, policy};
use fanshi::authoring::{Edit, Service};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const CASES: &str = "as_of = 2015-11-20\n[[case]]\nname = \"厚书\"\n\"书\" = [{ \"号\" = \"甲\", \"页\" = 600, \"去向\" = \"留\" }]\n\
    expect = [{ \"书\" = \"甲\", article = \"厚\", outcome = \"违反\" }]\n";

fn apply(service: &mut Service, edits: &[Edit]) -> BTreeMap<PathBuf, String> {
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    for edit in sorted.into_iter().rev() {
        let text = texts
            .entry(edit.path.clone())
            .or_insert_with(|| service.text(&edit.path).unwrap().to_string());
        text.replace_range(edit.span.range(), &edit.text);
    }
    for (path, text) in &texts {
        service.put(path, Some(text.clone()));
    }
    texts
}

fn project(text: &str) -> (Service, usize) {
    let files = [
        ("fanshi.toml", MANIFEST),
        ("馆规.fan", text),
        ("馆规.cases.toml", CASES),
        ("书.csv", BOOKS),
    ];
    let (service, marks) = open(&files);
    let mark = marks[0].1.start;
    (service, mark)
}

#[test]
fn a_field_is_renamed_in_policies_cases_and_headings() {
    let (mut service, at) = project(&ZH.replace("凡 书，页", "凡 书，⟦页⟧"));
    let before = service.view().run().summary.totals;
    let edits = service.view().rename(policy(), at, "页数").unwrap();
    let texts = apply(&mut service, &edits);
    assert!(texts[Path::new("书.csv")].starts_with("号,页数,去向"));
    assert!(texts[Path::new("馆规.cases.toml")].contains("\"页数\" = 600"));
    let policy_text = &texts[policy()];
    assert!(policy_text.contains("页数 | pages : 整数") && policy_text.contains("页数 不得 超过"));
    assert_eq!(service.view().run().summary.totals, before);
    assert!(service.view().diagnostics().is_empty());
}

#[test]
fn the_other_name_of_it_stays_and_is_renamed_alone() {
    let (mut service, at) = project(&EN.replace("book, pages", "book, ⟦pages⟧"));
    let edits = service.view().rename(policy(), at, "leaves").unwrap();
    let texts = apply(&mut service, &edits);
    assert!(texts[policy()].contains("leaves | 页 : integer"));
    assert!(!texts.contains_key(Path::new("书.csv"))); // the heading is the other name
    assert!(service.view().diagnostics().is_empty());
}

#[test]
fn a_table_and_an_article_are_renamed_in_manifest_and_cases() {
    let (mut service, at) = project(&ZH.replace("凡 书，页", "凡 ⟦书⟧，页"));
    let edits = service.view().rename(policy(), at, "图书").unwrap();
    let texts = apply(&mut service, &edits);
    assert!(texts[Path::new("fanshi.toml")].contains("\"图书\" = \"书.csv\""), "{texts:?}");
    assert!(texts[Path::new("馆规.cases.toml")].contains("{ \"图书\" = \"甲\""));
    assert!(service.view().cases(policy()).iter().all(|case| case.expected[0].agrees));
    let (mut service, at) = project(&ZH.replace("第一条 厚", "第一条 ⟦厚⟧"));
    let edits = service.view().rename(policy(), at, "厚书").unwrap();
    let texts = apply(&mut service, &edits);
    assert!(texts[Path::new("馆规.cases.toml")].contains("article = \"厚书\""));
}

#[test]
fn a_value_keeps_the_spelling_that_data_have() {
    let (mut service, at) = project(&ZH.replace("否则 留", "否则 ⟦留⟧"));
    let before = service.view().run().summary.totals;
    let edits = service.view().rename(policy(), at, "保留").unwrap();
    let texts = apply(&mut service, &edits);
    assert!(texts[policy()].contains("保留 | keep 亦作 “留”"), "{texts:?}");
    assert_eq!(service.view().run().summary.totals, before);
}

#[test]
fn what_would_change_the_meaning_is_refused() {
    let (mut service, at) = project(&ZH.replace("凡 书，页", "凡 书，⟦页⟧"));
    let view = service.view();
    let code = |to: &str| view.rename(policy(), at, to).unwrap_err().code;
    assert_eq!(code("号"), "rename_changes_meaning");
    assert_eq!(code(" "), "bad_new_name");
    assert_eq!(view.rename(policy(), 0, "甲").unwrap_err().code, "nothing_to_rename");
    assert!(view.rename(policy(), at, "页").unwrap().is_empty());
    // A name that is no identifier, and one that is a word of the language.
    for to in ["页 数", "必须"] {
        let edits = view.rename(policy(), at, to).unwrap();
        let (mut service, _) = project(&ZH.replace("凡 书，页", "凡 书，⟦页⟧"));
        apply(&mut service, &edits);
        assert!(service.view().diagnostics().is_empty(), "{to}");
    }
}

#[test]
fn a_heading_that_is_no_text_is_refused_by_name() {
    let gb = encoding_rs::GB18030.encode(BOOKS).0.into_owned();
    let text = ZH.replace("凡 书，页", "凡 书，⟦页⟧");
    let (plain, marks) = crate::fixture::unmarked(&text);
    let memory = fanshi::Memory::new()
        .with("fanshi.toml", MANIFEST)
        .with("馆规.fan", plain)
        .with("书.csv", gb);
    let mut service = Service::open(std::sync::Arc::new(memory), Path::new("fanshi.toml"));
    let refused = service.view().rename(policy(), marks[0].start, "页数").unwrap_err();
    assert_eq!(refused.code, "rename_in_closed_file");
    assert!(refused.message.zh.contains("书.csv") && refused.help.unwrap().zh.contains("亦作"));
}
