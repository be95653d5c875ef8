//! Another name: in policies, cases, the manifest and the headings of data.

use crate::client::Client;
use crate::{LIBRARY, both};
use serde_json::json;

/// Renames what stands at the first of some words in a file.
fn rename(client: &mut Client, name: &str, word: &str, to: &str) -> serde_json::Value {
    client.open_saved(name);
    let byte = client.text(name).find(word).unwrap();
    let at = client.at(name, byte);
    let prepared = client.ask("textDocument/prepareRename", at.clone());
    assert_eq!(prepared["placeholder"], word.trim_end_matches([' ', '(']));
    let mut params = at;
    params["newName"] = json!(to);
    client.ask("textDocument/rename", params)
}

#[test]
fn a_name_changes_wherever_it_stands() {
    let text = both(|client| {
        let edit = rename(client, "vocabulary.fan", "页 ", "页数");
        client.changed(&edit)
    });
    insta::assert_snapshot!(text);
}

#[test]
fn other_kinds_of_names_change_too() {
    let text = both(|client| {
        let edit = rename(client, "vocabulary.fan", "薄书(", "薄册子");
        let fields = client.changed(&edit);
        client.close("vocabulary.fan");
        let edit = rename(client, "vocabulary.fan", "留 ", "存");
        format!("{fields}════\n{}", client.changed(&edit))
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_renamed_comes_to_the_same() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("rules.fan");
    let lens = |client: &mut Client| {
        let all = client.ask("textDocument/codeLens", client.document("rules.fan"));
        let titles = all.as_array().unwrap().iter();
        titles.map(|lens| lens["command"]["title"].clone()).collect::<Vec<_>>()
    };
    let before = lens(&mut client);
    let edit = rename(&mut client, "vocabulary.fan", "页 ", "页数");
    for (name, text) in client.edited(&edit) {
        match &*name {
            "vocabulary.fan" | "rules.fan" => drop(client.rewrite(&name, &text)),
            _ => drop(client.open(&name, &text)),
        }
    }
    assert_eq!(lens(&mut client), before);
    assert!(client.settled().values().all(|found| *found == json!([])));
}

#[test]
fn a_name_that_cannot_be_is_refused_in_words() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("vocabulary.fan");
    let byte = client.text("vocabulary.fan").find("页 ").unwrap();
    for to in ["架", "", "a\nb"] {
        let mut params = client.at("vocabulary.fan", byte);
        params["newName"] = json!(to);
        let refused = client.refused("textDocument/rename", params);
        assert_eq!(refused.code, -32803, "{to:?} {refused:?}");
        assert!(!refused.message.is_empty());
    }
}

#[test]
fn an_editor_without_versions_gets_plain_changes() {
    let more = json!({"workspace": {"workspaceEdit": {"documentChanges": false}}});
    let units = fanshi::lsp::Encoding::Utf16;
    let mut client = Client::with(&LIBRARY, units, more, json!({}));
    let edit = rename(&mut client, "vocabulary.fan", "薄书(", "薄册子");
    assert_eq!(edit["changes"].as_object().unwrap().len(), 2);
}
