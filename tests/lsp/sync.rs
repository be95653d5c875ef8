//! Texts as they are typed: whole, in parts, in both units, and what is not there.

use crate::client::{BOTH, Client};
use crate::{LIBRARY, both};
use fanshi::lsp::{Encoding, Lines};
use serde_json::json;

/// What the server takes an open text for: its formatter's answer to it, or its own words back.
fn held(client: &mut Client, name: &str) -> String {
    let params = json!({"textDocument": {"uri": client.uri(name)},
        "options": {"tabSize": 2, "insertSpaces": true}});
    let edits = client.ask("textDocument/formatting", params);
    crate::client::applied(client.text(name), &edits, client.encoding)
}

#[test]
fn parts_are_put_where_they_belong() {
    let text = both(|client| {
        client.open("草.fan", "词汇 草\n表 书𠮷 { 号⟦⟧ : 文本 }\n");
        let at = client.text("草.fan").find(" : 文本").unwrap();
        client.edit("草.fan", at..at, "码 | 𠮷code");
        let at = client.text("草.fan").find("码").unwrap();
        client.edit("草.fan", at..at + "码".len(), "");
        let end = client.text("草.fan").len();
        client.edit("草.fan", end..end, "\n\n\n枚举 色 { 红 | red、蓝 }\n");
        client.settled();
        held(client, "草.fan")
    });
    insta::assert_snapshot!(text);
}

#[test]
fn many_changes_in_one_message_follow_one_another() {
    for encoding in BOTH {
        let mut client = Client::in_units(&LIBRARY, encoding);
        client.open("草.fan", "词汇 草\r\n表 甲 { 号 : 文本 }\r\n");
        let uri = client.uri("草.fan");
        let column = |text: &str| match encoding {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        };
        let (start, end) = (column("表 "), column("表 甲"));
        let at = |from: usize, to: usize| json!({"start": {"line": 1, "character": from}, "end": {"line": 1, "character": to}});
        let params = json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [
            {"range": at(start, end), "text": "乙丙"},
            {"range": at(start, start), "text": "丁"},
        ]});
        client.notify("textDocument/didChange", params);
        client.settled();
        let symbols = client.ask("textDocument/documentSymbol", client.document("草.fan"));
        let names: Vec<_> = symbols.as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert!(names.contains(&&json!("丁乙丙")), "{names:?}");
    }
}

#[test]
fn what_is_closed_is_the_file_again() {
    let mut client = Client::new(&LIBRARY);
    client.open("rules.fan", "政策 馆规\n使用 馆藏\n第一条 厚 凡 书，叶 不得 超过 500。\n");
    assert!(client.mistakes().contains("叶"));
    client.close("rules.fan");
    client.open_saved("vocabulary.fan");
    let after = client.settled();
    assert_eq!(after["rules.fan"], json!([]));
}

#[test]
fn ranges_that_do_not_fit_are_the_nearest_that_do() {
    let mut client = Client::new(&LIBRARY);
    client.open("草.fan", "词汇 草\n");
    let uri = client.uri("草.fan");
    let far = json!({"line": 900, "character": 900});
    let near = json!({"line": 0, "character": 2});
    for range in [json!({"start": far, "end": far}), json!({"start": far, "end": near})] {
        let params = json!({"textDocument": {"uri": uri, "version": 2},
            "contentChanges": [{"range": range, "text": "表 甲 { 号 : 文本 }\n"}]});
        client.notify("textDocument/didChange", params);
    }
    let found = client.settled();
    assert!(found["草.fan"].to_string().contains("甲"), "declared twice: {found:?}");
}

#[test]
fn a_text_without_a_file_is_read_as_one() {
    let mut client = Client::new(&LIBRARY);
    for uri in ["untitled:Untitled-1", "untitled:%E8%8D%89"] {
        client.open(uri, "政策 草\n表 书 { 号 : 文本 主键 }\n第一条 甲 凡 书，页 不得 超过 5。\n");
        let found = client.settled();
        let told: Vec<_> = found[uri].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert!(told.contains(&&json!("unknown_name")), "{found:?}");
        client.close(uri);
        client.open_saved("rules.fan");
        assert_eq!(client.settled()[uri], json!([]));
    }
}

#[test]
fn lines_end_as_the_protocol_says() {
    let text = "词汇 草\r表 甲 { 号 : 文本 }\r\n枚举 色 { 红 }";
    let lines = Lines::new(text);
    let at = text.find("枚举").unwrap();
    assert_eq!(lines.position(at, Encoding::Utf16).line, 2);
}
