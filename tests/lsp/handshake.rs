//! The beginning and the end of a conversation, and what is said out of turn.

use crate::LIBRARY;
use crate::client::Client;
use fanshi::Memory;
use fanshi::lsp::Encoding;
use serde_json::{Value, json};
use std::sync::Arc;

const NOT_INITIALIZED: i32 = -32002;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;

fn fresh() -> Client {
    Client::fresh(Arc::new(Memory::new()), "/x", Encoding::Utf16)
}

#[test]
fn what_is_offered() {
    let client = Client::new(&LIBRARY);
    let mut offered = client.capabilities.clone();
    for (key, of) in [("semanticTokensProvider", "legend"), ("executeCommandProvider", "commands")]
    {
        assert!(!offered[key][of].is_null());
        offered[key] = json!("…");
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&offered).unwrap());
}

#[test]
fn nothing_is_answered_before_the_beginning_and_after_the_end() {
    let mut client = fresh();
    let before = client.refused("textDocument/hover", json!({}));
    assert_eq!(before.code, NOT_INITIALIZED);
    client.notify("textDocument/didOpen", json!({"textDocument": 5}));
    assert_eq!(client.refused("shutdown", Value::Null).code, NOT_INITIALIZED);
    client.begin(json!({}), json!({}), &[]);
    let again = client.refused("initialize", json!({"capabilities": {}}));
    assert_eq!(again.code, INVALID_REQUEST);
    client.ask("shutdown", Value::Null);
    let after = client.refused("textDocument/hover", json!({}));
    assert_eq!(after.code, INVALID_REQUEST);
    client.exit();
}

#[test]
fn what_is_not_understood_is_refused_and_nothing_ends() {
    let mut client = Client::new(&LIBRARY);
    assert_eq!(client.refused("textDocument/nothing", json!({})).code, METHOD_NOT_FOUND);
    assert_eq!(client.refused("$/unknown", json!({})).code, METHOD_NOT_FOUND);
    for params in [json!(null), json!([]), json!({"textDocument": {"uri": 7}}), json!("x")] {
        assert_eq!(client.refused("textDocument/hover", params).code, INVALID_PARAMS);
    }
    let relative = json!({"textDocument": {"uri": "rules.fan"}, "position": {}});
    assert_eq!(client.refused("textDocument/hover", relative).code, INVALID_PARAMS);
    let negative = json!({"textDocument": {"uri": client.uri("rules.fan")},
        "position": {"line": -1, "character": 0}});
    assert_eq!(client.refused("textDocument/hover", negative).code, INVALID_PARAMS);
    let unknown = json!({"command": "fanshi.nothing", "arguments": []});
    assert_eq!(client.refused("workspace/executeCommand", unknown).code, INVALID_PARAMS);
    client.notify("$/setTrace", json!({"value": "off"}));
    client.notify("textDocument/didChange", json!({"textDocument": {"uri": "x"}}));
    client.settled();
    let logged = client.told.pop_front().unwrap();
    assert_eq!(logged.method, "window/logMessage");
    assert!(logged.params["message"].as_str().unwrap().contains("didChange"));
}

#[test]
fn a_beginning_with_odd_folders_begins_all_the_same() {
    let mut client = fresh();
    let params = json!({"capabilities": {}, "rootUri": "no uri", "processId": "x"});
    let begun = client.ask("initialize", params);
    assert_eq!(begun["serverInfo"]["name"], "fanshi");
    assert_eq!(begun["capabilities"]["positionEncoding"], "utf-16");
    // The other way round: what is no beginning at all is refused, and the next is heard.
    let mut client = fresh();
    assert_eq!(client.refused("initialize", json!([])).code, INVALID_PARAMS);
    client.begin(json!({}), json!({}), &[]);
}

#[test]
fn places_nobody_knows_are_answered_with_nothing() {
    let mut client = Client::new(&LIBRARY);
    for uri in ["untitled:Untitled-1", "file:///nowhere/x.fan", "git:/a.fan?x", "https://a/b.fan"] {
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}});
        assert_eq!(client.ask("textDocument/hover", params), Value::Null, "{uri}");
    }
    let far = json!({"textDocument": {"uri": client.uri("rules.fan")},
        "position": {"line": 4_000_000_000_u32, "character": 4_000_000_000_u32}});
    client.ask("textDocument/hover", far.clone());
    client.ask("textDocument/completion", far);
}

#[test]
fn a_question_is_answered_once_when_it_is_cancelled() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("rules.fan");
    for method in
        ["textDocument/codeLens", "textDocument/hover", "textDocument/semanticTokens/full"]
    {
        let params = client.at("rules.fan", 0);
        let ids: Vec<_> = (0..30).map(|_| client.put(method, params.clone())).collect();
        for id in &ids {
            client.notify("$/cancelRequest", json!({"id": id}));
        }
        for id in &ids {
            if let Err(error) = client.answer(id) {
                assert!([-32800, -32801].contains(&error.code), "{error:?}");
            }
        }
    }
    client.notify("$/cancelRequest", json!({"id": 99_999}));
    client.notify("$/cancelRequest", json!({}));
}

#[test]
fn one_number_is_one_question() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("rules.fan");
    let request = |id: &str| lsp_server::Request {
        id: id.to_owned().into(),
        method: "textDocument/codeLens".into(),
        params: json!({"textDocument": {"uri": client.uri("rules.fan")}}),
    };
    let (one, other) = (request("q"), request("r"));
    client.send(one.into());
    client.send(other.into());
    assert!(client.answer(&"q".to_owned().into()).is_ok());
    assert!(client.answer(&"r".to_owned().into()).is_ok());
}
