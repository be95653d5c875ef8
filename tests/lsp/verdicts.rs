//! What articles came to, above them and behind their headings.

use crate::client::Client;
use crate::{LIBRARY, both};
use fanshi::lsp::Encoding;
use serde_json::json;
use std::fmt::Write;

/// Lenses as text.
fn lenses(client: &mut Client, name: &str) -> String {
    let lenses = client.ask("textDocument/codeLens", client.document(name));
    let mut text = String::new();
    for lens in lenses.as_array().unwrap() {
        let at = client.slice(name, &lens["range"]);
        let command = &lens["command"];
        assert_eq!(command["command"], "fanshi.rows");
        let rule = command["arguments"][0]["rule"].as_str().unwrap();
        let _ = writeln!(text, "{at} {} → {rule}", command["title"].as_str().unwrap());
    }
    text
}

#[test]
fn counts_stand_above_articles() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        lenses(client, "rules.fan")
    });
    insta::assert_snapshot!(text);
}

#[test]
fn counts_follow_what_is_typed_and_never_name_a_fault() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        let at = client.text("rules.fan").find("500").unwrap();
        client.edit("rules.fan", at..at + 3, "80");
        let typed = lenses(client, "rules.fan");
        let at = client.text("rules.fan").find("80。").unwrap();
        client.edit("rules.fan", at..at + 2, "叶");
        format!("{typed}──\n{}", lenses(client, "rules.fan"))
    });
    insta::assert_snapshot!(text);
}

#[test]
fn they_stand_where_they_are_wanted() {
    let shown = |verdicts: &str| {
        let options = json!({"language": "en", "verdicts": verdicts});
        let mut client = Client::with(&LIBRARY, Encoding::Utf16, json!({}), options);
        client.open_saved("rules.fan");
        let all =
            json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let params = json!({"textDocument": {"uri": client.uri("rules.fan")}, "range": all});
        let inlays = client.ask("textDocument/inlayHint", params);
        let inlays: Vec<String> = inlays
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{} {}", one["position"]["line"], one["label"].as_str().unwrap()))
            .collect();
        (lenses(&mut client, "rules.fan").lines().count(), inlays)
    };
    assert_eq!(shown("off"), (0, vec![]));
    assert_eq!(shown("lens").0, 3);
    let (lenses, inlays) = shown("inlay");
    assert_eq!(lenses, 0);
    assert_eq!(inlays.iter().filter(|one| one.contains("violated 1")).count(), 2, "{inlays:?}");
    assert_eq!(shown("both"), (3, inlays));
}

#[test]
fn an_editor_that_can_is_told_to_ask_again() {
    let more = json!({"workspace": {"codeLens": {"refreshSupport": true},
        "inlayHint": {"refreshSupport": true}}});
    let options = json!({"verdicts": "both"});
    let mut client = Client::with(&LIBRARY, Encoding::Utf16, more, options);
    client.open_saved("rules.fan");
    client.settled();
    let asked: Vec<_> = client.requests.drain(..).map(|one| (one.id, one.method)).collect();
    assert_eq!(asked[0].1, "workspace/codeLens/refresh");
    assert_eq!(asked[1].1, "workspace/inlayHint/refresh");
    for (id, _) in asked {
        client.send(lsp_server::Response::new_ok(id, json!(null)).into());
    }
    client.notify("textDocument/didSave", client.document("rules.fan"));
    client.settled();
    assert_eq!(client.requests.drain(..).count(), 2);
}
