//! What a file declares, what may be folded, what leads elsewhere, and the canonical form.

use crate::client::Client;
use crate::{LIBRARY, both};
use serde_json::{Value, json};
use std::fmt::Write;

fn tree(client: &Client, name: &str, symbols: &Value, depth: usize, text: &mut String) {
    for symbol in symbols.as_array().into_iter().flatten() {
        let (kind, title) = (&symbol["kind"], symbol["name"].as_str().unwrap());
        let at = client.slice(name, &symbol["selectionRange"]);
        let _ = writeln!(text, "{}{title} {kind} {at}", "  ".repeat(depth));
        tree(client, name, &symbol["children"], depth + 1, text);
    }
}

#[test]
fn declarations_are_a_tree() {
    let text = both(|client| {
        let mut text = String::new();
        for name in ["vocabulary.fan", "rules.fan"] {
            client.open_saved(name);
            let symbols = client.ask("textDocument/documentSymbol", client.document(name));
            tree(client, name, &symbols, 0, &mut text);
        }
        text
    });
    insta::assert_snapshot!(text);
}

#[test]
fn an_older_editor_gets_a_list() {
    let more = json!({"textDocument": {"documentSymbol":
        {"hierarchicalDocumentSymbolSupport": false}}});
    let mut client = Client::with(&LIBRARY, fanshi::lsp::Encoding::Utf16, more, json!({}));
    let list = client.ask("textDocument/documentSymbol", client.document("rules.fan"));
    let list = list.as_array().unwrap();
    assert!(list.iter().all(|one| one["location"]["uri"].is_string()), "{list:?}");
}

#[test]
fn names_are_found_in_the_whole_project() {
    let text = both(|client| {
        client.open_saved("rules.fan");
        let found = client.ask("workspace/symbol", json!({"query": "薄"}));
        let each = found.as_array().unwrap().iter();
        each.map(|one| {
            format!("{} {}\n", one["name"].as_str().unwrap(), client.place(&one["location"]))
        })
        .collect()
    });
    assert!(text.contains("薄书") && text.contains("rules.fan"), "{text}");
}

#[test]
fn what_is_long_may_be_folded() {
    let text = both(|client| {
        client.open_saved("vocabulary.fan");
        let folds = client.ask("textDocument/foldingRange", client.document("vocabulary.fan"));
        let lines: Vec<&str> = client.text("vocabulary.fan").lines().collect();
        let line =
            |fold: &Value, key: &str| lines[usize::try_from(fold[key].as_u64().unwrap()).unwrap()];
        let each = folds.as_array().unwrap().iter();
        each.map(|fold| format!("{} … {}\n", line(fold, "startLine"), line(fold, "endLine")))
            .collect()
    });
    insta::assert_snapshot!(text);
}

#[test]
fn what_names_a_file_leads_to_it() {
    let text = both(|client| {
        client.open_saved("fanshi.toml");
        let links = client.ask("textDocument/documentLink", client.document("fanshi.toml"));
        let each = links.as_array().unwrap().iter();
        each.map(|link| {
            let to = client.name(link["target"].as_str().unwrap());
            format!("{} → {to}\n", client.slice("fanshi.toml", &link["range"]))
        })
        .collect()
    });
    assert!(text.contains("⟦shelves.csv⟧ → shelves.csv") || text.contains("shelves.csv"), "{text}");
    assert!(text.contains("books.json"), "{text}");
}

#[test]
fn a_text_gets_its_canonical_form_and_a_faulty_one_none() {
    let text = both(|client| {
        client.open("rules.fan", "政策 馆规\n使用   馆藏\n第一条 厚\n凡薄书的书一律剔。\n");
        let params = json!({"textDocument": {"uri": client.uri("rules.fan")},
            "options": {"tabSize": 4, "insertSpaces": false}});
        let edits = client.ask("textDocument/formatting", params.clone());
        let text = crate::client::applied(client.text("rules.fan"), &edits, client.encoding);
        client.rewrite("rules.fan", &text);
        assert_eq!(client.ask("textDocument/formatting", params.clone()), json!([]));
        client.rewrite("rules.fan", "政策 馆规\n第一条 厚 凡 凡\n");
        assert_eq!(client.ask("textDocument/formatting", params), json!(null));
        text
    });
    insta::assert_snapshot!(text);
}
