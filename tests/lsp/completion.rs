//! What may be written at a place.

use crate::client::{Client, applied};
use crate::{LIBRARY, both};
use serde_json::{Value, json};
use std::fmt::Write;

/// The items at the marked place.
fn items(client: &mut Client, name: &str, text: &str) -> Vec<Value> {
    let place = client.open(name, text).remove(0);
    let list = client.ask("textDocument/completion", client.at(name, place.start));
    assert_eq!(list["isIncomplete"], true);
    list["items"].as_array().unwrap().clone()
}

/// The text with an item taken.
fn taken(client: &Client, name: &str, item: &Value) -> String {
    let mut edits = vec![item["textEdit"].clone()];
    edits.extend(item["additionalTextEdits"].as_array().cloned().unwrap_or_default());
    applied(client.text(name), &json!(edits), client.encoding)
}

fn found<'a>(items: &'a [Value], label: &str) -> &'a Value {
    let found = items.iter().find(|item| item["label"] == label);
    found.unwrap_or_else(|| panic!("no {label} in {items:?}"))
}

#[test]
fn what_fits_is_offered_in_order() {
    let text = both(|client| {
        let mut text = String::new();
        for marked in [
            "政策 馆规\n使用 馆藏\n第一条 厚\n  凡 ⟦⟧\n",
            "政策 馆规\n使用 馆藏\n第一条 厚\n  凡 书，架.⟦⟧ 不得 为 “东”。\n",
            "政策 馆规\n使用 馆藏\n第一条 厚\n  凡 书，去向 必须 为 ⟦⟧。\n",
            "policy rules\nuse holdings\narticle 1 a\n  whenever book, ⟦⟧\n",
        ] {
            let items = items(client, "rules.fan", marked);
            let labels: Vec<&str> =
                items.iter().take(6).map(|item| item["label"].as_str().unwrap()).collect();
            let _ = writeln!(text, "{}\n  → {}", marked.trim(), labels.join(" "));
        }
        text
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_taken_stands_where_it_was_begun() {
    let text = both(|client| {
        let marked = "政策 馆规\n使用 馆藏\n第一条 𠮷\n  凡 书，去⟦⟧ 必须 为 留。\n";
        let items = items(client, "rules.fan", marked);
        taken(client, "rules.fan", found(&items, "去向"))
    });
    insta::assert_snapshot!(text);
}

#[test]
fn a_name_not_in_sight_brings_what_shows_it() {
    let text = both(|client| {
        let marked = "政策 馆规\n\n第一条 厚\n  凡 ⟦⟧\n";
        let items = items(client, "rules.fan", marked);
        taken(client, "rules.fan", found(&items, "书"))
    });
    assert!(text.contains("使用 馆藏"), "{text}");
}

#[test]
fn items_keep_their_order_and_say_what_they_are() {
    let mut client = Client::new(&LIBRARY);
    let items = items(&mut client, "rules.fan", "政策 馆规\n使用 馆藏\n第一条 厚\n  凡 ⟦⟧\n");
    let sorted: Vec<&str> = items.iter().map(|item| item["sortText"].as_str().unwrap()).collect();
    assert!(sorted.is_sorted());
    assert!(items.iter().all(|item| item["kind"].is_number() && item["textEdit"].is_object()));
}
