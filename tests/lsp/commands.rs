//! What may be done by name: rows of an article, the record of one, cases, flips.

use crate::client::Client;
use crate::{LIBRARY, both};
use serde_json::{Value, json};
use std::fmt::Write;

fn argument(client: &Client, name: &str, more: Value) -> Value {
    let mut argument = json!({"uri": client.uri(name)});
    for (key, value) in more.as_object().unwrap() {
        argument[key] = value.clone();
    }
    argument
}

#[test]
fn rows_of_an_article_with_their_cells() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        let asked = argument(client, "rules.fan", json!({"rule": "rules.thick"}));
        let by_name = client.command("fanshi.rows", asked);
        let byte = client.text("rules.fan").find("不得").unwrap();
        let position = client.at("rules.fan", byte)["position"].clone();
        let asked = argument(client, "rules.fan", json!({"position": position}));
        let by_place = client.command("fanshi.rows", asked);
        assert_eq!(by_name, by_place);
        client.open_saved("books.json");
        let mut text = format!("{}\n", by_name["cameTo"].as_str().unwrap());
        for row in by_name["rows"].as_array().unwrap() {
            let said = row["outcome"]["said"].as_str().unwrap();
            let (key, message) = (row["row"].as_str().unwrap(), row["message"].as_str().unwrap());
            let _ = writeln!(text, "{said} {key}: {message}");
            for place in row["places"].as_array().unwrap() {
                let _ = writeln!(text, "  {}", client.place(place));
            }
        }
        text
    });
    insta::assert_snapshot!(text);
}

#[test]
fn a_list_is_as_long_as_is_wanted() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("rules.fan");
    let asked = argument(&client, "rules.fan", json!({"rule": "rules.thick", "limit": 0}));
    let none = client.command("fanshi.rows", asked);
    assert_eq!((&none["rows"], &none["more"]), (&json!([]), &json!(true)));
    let asked = argument(&client, "rules.fan", json!({"rule": "nothing"}));
    let params = json!({"command": "fanshi.rows", "arguments": [asked]});
    assert_eq!(client.refused("workspace/executeCommand", params).code, -32602);
}

#[test]
fn the_record_of_a_row_is_told() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        let asked = argument(client, "rules.fan", json!({"row": "book:B", "rule": "rules.thick"}));
        let told = client.command("fanshi.record", asked);
        told["text"].as_str().unwrap_or_default().to_owned()
    });
    insta::assert_snapshot!(text);
}

#[test]
fn cases_are_run_and_their_records_accepted() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        let asked = argument(client, "rules.fan", json!({}));
        let run = client.command("fanshi.cases", asked.clone());
        let mut text = format!("{}\n", run["said"].as_str().unwrap());
        for case in run["cases"].as_array().unwrap() {
            let (name, said) = (case["name"].as_str().unwrap(), &case["status"]["code"]);
            let _ = writeln!(text, "{name} {said} {}", case["toAccept"]);
        }
        let accepted = client.command("fanshi.accept", asked);
        let request = client.requests.pop_front().unwrap();
        assert_eq!(request.method, "workspace/applyEdit");
        assert_eq!(request.params["edit"], accepted["edit"]);
        assert_eq!(request.params["edit"]["documentChanges"][0]["kind"], "create");
        let done = json!({"applied": true});
        client.send(lsp_server::Response::new_ok(request.id, done).into());
        text + &client.changed(&accepted["edit"])
    });
    insta::assert_snapshot!(text);
}

#[test]
fn a_row_becomes_a_case() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        client.open_saved("rules.cases.toml");
        let asked = argument(client, "rules.fan", json!({"row": "book:B", "rule": "rules.thick"}));
        let made = client.command("fanshi.case", asked);
        let request = client.requests.pop_front().unwrap();
        client.send(lsp_server::Response::new_ok(request.id, json!({"applied": true})).into());
        let after = client.edited(&made["edit"]).remove("rules.cases.toml").unwrap();
        client.rewrite("rules.cases.toml", &after);
        let asked = argument(client, "rules.fan", json!({}));
        let run = client.command("fanshi.cases", asked);
        let cases = run["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[1]["status"]["code"], "passed", "{:?}", cases[1]);
        client.changed(&made["edit"])
    });
    assert!(!text.is_empty());
}

#[test]
fn what_is_not_saved_turns_rows() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        let none = client.command("fanshi.flips", argument(client, "rules.fan", json!({})));
        assert_eq!(none["rows"], json!([]));
        let at = client.text("rules.fan").find("500").unwrap();
        client.edit("rules.fan", at..at + 3, "80");
        let flips = client.command("fanshi.flips", argument(client, "rules.fan", json!({})));
        let mut text = format!("{}\n", flips["said"].as_str().unwrap());
        for row in flips["rows"].as_array().unwrap() {
            let said = |side: &str| row[side]["said"].as_str().unwrap_or("—");
            let (rule, key) = (row["rule"].as_str().unwrap(), row["row"].as_str().unwrap());
            let _ = writeln!(text, "{rule} {key}: {} → {}", said("before"), said("after"));
        }
        text
    });
    insta::assert_snapshot!(text);
}

#[test]
fn a_sentence_is_shown_as_it_was_cut() {
    let text = both(|client| {
        let marked = "政策 馆规\n使用 馆藏\n第一条 薄\n  凡薄书⟦⟧的书一律剔。\n";
        let place = client.open("rules.fan", marked).remove(0);
        let position = client.at("rules.fan", place.start)["position"].clone();
        let asked = argument(client, "rules.fan", json!({"position": position}));
        let cuts = client.command("fanshi.cuts", asked);
        assert_eq!(cuts["together"], true);
        let words = cuts["words"].as_array().unwrap().iter();
        words.map(|word| word["text"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    });
    assert!(text.starts_with("凡 薄书 的 书"), "{text}");
}

#[test]
fn an_editor_that_makes_no_edits_is_given_them() {
    let more = json!({"workspace": {"applyEdit": false}});
    let mut client = Client::with(&LIBRARY, fanshi::lsp::Encoding::Utf16, more, json!({}));
    client.open_saved("rules.fan");
    let asked = argument(&client, "rules.fan", json!({}));
    let accepted = client.command("fanshi.accept", asked);
    assert_eq!(accepted["asked"], false);
    assert!(accepted["edit"].is_object());
}
