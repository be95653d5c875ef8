//! What is known of what stands at a place.

use crate::fixture::{BOOKS, EN, MANIFEST, ZH, library, open, policy};
use fanshi::authoring::{Hover, HoverPart};
use std::path::Path;

fn said(hover: &Hover) -> Vec<String> {
    let part = |part: &HoverPart| match part {
        HoverPart::Policy(text) | HoverPart::Said(text) => format!("{} / {}", text.zh, text.en),
        HoverPart::Comment(text) => format!("# {text}"),
        HoverPart::Values(values, more) => format!("{values:?} + {more}"),
        HoverPart::Provision(found) => format!("《{}》{} {}", found.title, found.place, found.text),
    };
    hover.parts.iter().map(part).collect()
}

#[test]
fn a_field_has_its_type_and_the_values_met() {
    for (text, from, to) in [(ZH, "凡 书，页", "凡 书，⟦页⟧"), (EN, "book, pages", "book, ⟦pages⟧")]
    {
        let (view, marks) = library(&text.replace(from, to));
        let hover = view.hover(policy(), marks[0].start).unwrap();
        assert_eq!(hover.span, marks[0]);
        let said = said(&hover);
        assert!(said[0].contains("页") && said[0].contains("pages"), "{said:?}");
        assert!(said[2].contains("整数") && said[2].contains("integer"), "{said:?}");
        assert!(said.last().unwrap().contains("(\"610\", 1)"), "{said:?}");
    }
}

#[test]
fn a_table_has_the_comment_above_it_and_a_keyword_its_meaning() {
    let (view, marks) = library(&ZH.replace("凡 书，", "⟦凡⟧ ⟦书⟧，"));
    let keyword = said(&view.hover(policy(), marks[0].start).unwrap());
    assert!(keyword[0].contains("whenever"), "{keyword:?}");
    let table = said(&view.hover(policy(), marks[1].start).unwrap());
    assert!(table.contains(&"# 馆藏的每一本。".to_owned()), "{table:?}");
    assert!(table.iter().any(|said| said.contains("3 行")), "{table:?}");
}

#[test]
fn a_citation_has_its_words() {
    let text = "表 规 | rule 引据 名 {\n  名 : 文本 主键\n}\n";
    let policy_text = ZH
        .replace("超过 500。", "超过 500。 ⟦根据⟧ ⟦《借阅规则》第二条⟧")
        .replace("# 馆藏", &format!("{text}\n# 馆藏"));
    let manifest = format!("{MANIFEST}\"规\" = \"规.csv\"\n[texts]\n\"规\" = \"借阅规则.md\"\n");
    let rules = "# 借阅规则\n\n第一条　凭证借阅。\n\n第二条　书，页数不得超过五百。借书以月计。\n\n第三条　自2010年1月1日起施行。\n";
    let files = [
        ("fanshi.toml", &*manifest),
        ("馆规.fan", &*policy_text),
        ("书.csv", BOOKS),
        ("规.csv", "名\n借阅规则\n"),
        ("借阅规则.md", rules),
    ];
    let (mut service, marks) = open(&files);
    let view = service.view();
    let hover = view.hover(policy(), marks[1].1.start + 3).unwrap();
    let told = said(&hover);
    assert!(told[0].contains("页数不得超过五百"), "{told:?} {:?}", view.diagnostics());
    let found = view.provision(policy(), marks[1].1.start + 3).unwrap();
    let whence = found.whence.unwrap();
    assert!(rules[whence.span].starts_with("第二条"));
    let sentence = &found.text[found.sentence.unwrap()];
    assert!(sentence.contains("页数不得超过五百") && !sentence.contains("以月计"), "{sentence}");
    let link = &view.links(policy())[0];
    assert_eq!(link.to.as_ref().unwrap().path, Path::new("借阅规则.md"));
    // Without texts, what its author wrote above it.
    let (view, marks) =
        library(&ZH.replace("第一条 厚", "# 原文：页数超过五百的不收。\n⟦第一条⟧ 厚"));
    let found = view.provision(policy(), marks[0].start).unwrap();
    assert_eq!(found.text, "原文：页数超过五百的不收。");
}
