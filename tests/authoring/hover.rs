//! What is known of what stands at a place.

use crate::fixture::{BOOKS, EN, MANIFEST, ZH, library, open, policy};
use fanshi::Bilingual;
use fanshi::authoring::{Hover, HoverPart, What};
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
    assert!(!sentence.contains("第二条"), "{sentence}");
    assert!(sentence.contains("页数不得超过五百") && !sentence.contains("以月计"), "{sentence}");
    let link = &view.links(policy())[0];
    assert_eq!(link.to.as_ref().unwrap().path, Path::new("借阅规则.md"));
    // Without texts, what its author wrote above it.
    let (view, marks) =
        library(&ZH.replace("第一条 厚", "# 原文：页数超过五百的不收。\n⟦第一条⟧ 厚"));
    let found = view.provision(policy(), marks[0].start).unwrap();
    assert_eq!(found.text, "原文：页数超过五百的不收。");
}

/// The usual project with a cited text; what its first article rests on, and its first message.
fn cited(rules: &str, cites: &str) -> (fanshi::authoring::View, usize) {
    let table = "表 规 | rule 引据 名 {\n  名 : 文本 主键\n}\n";
    let text = format!("# 馆藏的规矩，按《借阅规则》写成。\n{ZH}")
        .replace("超过 500。", &format!("超过 500。 根据 ⟦{cites}⟧"))
        .replace("# 馆藏的每", &format!("{table}\n# 馆藏的每"));
    let manifest = format!("{MANIFEST}\"规\" = \"规.csv\"\n[texts]\n\"规\" = \"借阅规则.md\"\n");
    let files = [
        ("fanshi.toml", &*manifest),
        ("馆规.fan", &*text),
        ("书.csv", BOOKS),
        ("规.csv", "名\n借阅规则\n"),
        ("借阅规则.md", rules),
    ];
    let (mut service, marks) = open(&files);
    (service.view(), marks[0].1.start + 3)
}

#[test]
fn a_citation_leads_to_its_place_however_the_text_is_set() {
    for number in ["第三条　", "第三条 ", "第3条　"] {
        let rules = format!(
            "# 借阅规则\n\n第一条　凭证借阅。\n\n第二条　书以月计。\n\n{number}借期最长三日，期满应当交回。\n\n凭证借阅。\n"
        );
        let (view, at) = cited(&rules, "《借阅规则》第三条");
        let found = view.definition(policy(), at);
        let line = &rules[found[0].span.clone()];
        assert!(line.contains("借期最长"), "{number}: {line}");
        assert_eq!(view.links(policy())[0].to.as_ref(), found.first());
        // The same words stand in an article before it.
        let (view, at) = cited(&rules, "《借阅规则》第三条第二款");
        let found = view.definition(policy(), at);
        assert_eq!(found[0].span.start, rules.rfind("凭证借阅").unwrap(), "{number}");
        // Nothing but that sentence stands there.
        let alone = rules.replace("\n\n凭证借阅。\n", "\n");
        let (view, at) = cited(&alone, "《借阅规则》第三条");
        let told = view.provision(policy(), at).unwrap();
        let sentence = &told.text[told.sentence.unwrap()];
        assert!(sentence.starts_with("借期最长"), "{sentence}");
    }
}

#[test]
fn what_is_cited_makes_nothing_alike() {
    let remark = "# 按《借阅规则》写成。\n# 页厚的不收，页不得超过五百。\n第一条 厚";
    let text = ZH.replace("第一条 厚", remark);
    let text = text.replace("超过 500。", "超过 500。 说明 “见《借阅规则》 ⟦页⟧”");
    let (view, marks) = library(&text);
    let found = view.provision(policy(), marks[0].start).unwrap();
    let sentence = &found.text[found.sentence.unwrap()];
    assert!(sentence.contains("页不得超过"), "{sentence}");
    let only = ZH.replace("第一条 厚", "# 按《借阅规则》第三条写成。\n第一条 厚");
    let only = only.replace("超过 500。", "超过 500。 说明 “见《借阅规则》第三条 ⟦页⟧”");
    let (view, marks) = library(&only);
    assert_eq!(view.provision(policy(), marks[0].start).unwrap().sentence, None);
}

#[test]
fn the_words_of_a_message_are_no_names() {
    let message = "超过 500。 说明 “⟦书⟧于⟦页⟧，不得 {⟦页⟧} ⟦页⟧｛⟦页⟧｝⟦页⟧”";
    let english = "exceed 500 because \"⟦book⟧ at most ⟦pages⟧ {⟦pages⟧} ⟦pages⟧{⟦pages⟧}⟦pages⟧\"";
    let texts = [ZH.replace("超过 500。", message), EN.replace("exceed 500", english)];
    for text in texts {
        let (view, marks) = library(&text);
        assert!(view.diagnostics().is_empty(), "{:?}", view.diagnostics());
        let tokens = view.tokens(policy());
        for (at, mark) in marks.iter().enumerate() {
            let is_code = [2, 4].contains(&at);
            let inside = mark.start + usize::from(!is_code);
            assert_eq!(view.hover(policy(), mark.start).is_some(), is_code, "{at}");
            assert_eq!(!view.definition(policy(), mark.start).is_empty(), is_code, "{at}");
            assert_eq!(!view.references(policy(), mark.start, true).is_empty(), is_code, "{at}");
            let token = tokens.iter().find(|token| token.span.contains(&inside)).unwrap();
            let kind = if is_code { What::Field } else { What::Text };
            assert_eq!(token.kind, kind, "{at}");
        }
    }
}

#[test]
fn a_declaration_with_two_names_is_shown_once() {
    let value = ZH.replace("一律 剔", "一律 ⟦剔⟧");
    let (view, marks) = library(&value);
    let hover = view.hover(policy(), marks[0].start).unwrap();
    assert_eq!(hover.parts[0], HoverPart::Policy(Bilingual::same("剔 | drop".to_owned())));
    let article = EN.replace("article 1 thick", "article 1 ⟦thick⟧");
    let (view, marks) = library(&article);
    let hover = view.hover(policy(), marks[0].start).unwrap();
    let HoverPart::Policy(line) = &hover.parts[0] else { panic!("{hover:?}") };
    assert_eq!(line.zh, line.en);
}
