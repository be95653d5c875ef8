//! What is said of what stands at a place.

use crate::client::{Client, marked};
use crate::{LIBRARY, both};
use fanshi::lsp::Encoding;
use serde_json::json;

/// Hovers over the marked places, one after the other.
fn hovers(client: &mut Client, name: &str, text: &str) -> String {
    let places = client.open(name, text);
    let mut all = Vec::new();
    for place in places {
        let hover = client.ask("textDocument/hover", client.at(name, place.start));
        let shown = match hover.is_null() {
            true => "—".to_owned(),
            false => {
                let at = client.slice(name, &hover["range"]);
                format!("{at}\n{}", hover["contents"]["value"].as_str().unwrap())
            }
        };
        all.push(shown);
    }
    all.join("\n──\n")
}

const MARKED: &str = "政策 馆规 | rules\n\n使用 馆藏\n\n裁定 书.去向\n  次序 剔\n  否则 留\n\n\
    第一条 厚 | thick\n  凡 ⟦⟧书，⟦⟧页 ⟦⟧不得 超过 ⟦⟧500。\n\n\
    第二条 薄 | thin\n  凡⟦⟧薄书的书一律剔。\n  根据 ⟦⟧《馆规》第二条\n";

#[test]
fn names_words_and_citations_are_told_of() {
    insta::assert_snapshot!(both(|client| hovers(client, "rules.fan", MARKED)));
}

#[test]
fn values_of_data_mean_nothing_in_markdown() {
    let mut files = LIBRARY;
    files[5].1 =
        "[{\"号\": \"<img src=x>|**a**`b`\", \"架\": \"东\", \"页\": 9, \"去向\": \"留\"}]";
    let mut client = Client::in_units(&files, Encoding::Utf16);
    let text = files[1].1.replacen("号 |", "⟦⟧号 |", 1);
    let shown = hovers(&mut client, "vocabulary.fan", &text);
    assert!(!shown.contains("<img") && !shown.contains("**a**"), "{shown}");
}

#[test]
fn an_editor_without_markdown_gets_plain_text() {
    let more = json!({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}});
    let options = json!({"language": "en"});
    let mut client = Client::with(&LIBRARY, Encoding::Utf16, more, options);
    let shown = hovers(&mut client, "rules.fan", MARKED);
    assert!(!shown.contains("```") && !shown.contains("\\"), "{shown}");
    assert!(marked(MARKED).1.len() == 6);
}
