//! Where something is declared, and where it is spoken of.

use crate::both;
use serde_json::json;

const MARKED: &str = "政策 馆规 | rules\n\n使用 馆藏\n\n裁定 书.去向\n  次序 剔\n  否则 留\n\n\
    第一条 厚 | thick\n  凡 书，⟦⟧页 不得 超过 500。\n\n\
    第二条 薄 | thin\n  凡⟦⟧薄书的书一律剔。\n  说明 “只有 {页} 页”\n";

#[test]
fn declarations_are_found() {
    let text = both(|client| {
        let places = client.open("rules.fan", MARKED);
        let found = places.iter().map(|place| {
            let at = client.at("rules.fan", place.start);
            let found = client.ask("textDocument/definition", at);
            client.places(&found)
        });
        found.collect::<Vec<_>>().join("──\n")
    });
    insta::assert_snapshot!(text);
}

#[test]
fn everything_that_speaks_of_it_is_found() {
    let text = both(|client| {
        let places = client.open("rules.fan", MARKED);
        let mut params = client.at("rules.fan", places[0].start);
        params["context"] = json!({"includeDeclaration": true});
        let all = client.ask("textDocument/references", params.clone());
        params["context"]["includeDeclaration"] = json!(false);
        let others = client.ask("textDocument/references", params);
        assert!(all.as_array().unwrap().len() > others.as_array().unwrap().len());
        let lit =
            client.ask("textDocument/documentHighlight", client.at("rules.fan", places[0].start));
        let lit = lit
            .as_array()
            .unwrap()
            .iter()
            .map(|one| client.slice("rules.fan", &one["range"]) + "\n");
        let lit: String = lit.collect();
        format!("{}── here\n{lit}", client.places(&all))
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_has_no_name_leads_nowhere() {
    both(|client| {
        let places = client.open("rules.fan", "政策 馆规\n\n⟦⟧\n# 注⟦⟧释\n");
        for place in places {
            let at = client.at("rules.fan", place.start);
            assert_eq!(client.ask("textDocument/definition", at.clone()), json!([]));
            assert_eq!(client.ask("textDocument/prepareRename", at), json!(null));
        }
        String::new()
    });
}
