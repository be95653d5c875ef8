//! Several folders, projects that share policies, and files that change below.

use crate::LIBRARY;
use crate::client::Client;
use fanshi::lsp::Encoding;
use serde_json::json;

/// A vocabulary and rules in one folder, judged by the manifests of two others.
fn shared() -> Vec<(&'static str, &'static str)> {
    let manifest = "[project]\nas_of = 2015-11-20\npolicies = [\"../馆规/*.fan\"]\n\n[data]\n\
        shelf = \"shelves.csv\"\nbook = \"books.json\"\n";
    vec![
        ("馆规/vocabulary.fan", LIBRARY[1].1),
        ("馆规/rules.fan", LIBRARY[2].1),
        ("一馆/fanshi.toml", manifest),
        ("一馆/shelves.csv", LIBRARY[4].1),
        ("一馆/books.json", LIBRARY[5].1),
        ("深/node_modules/fanshi.toml", manifest),
    ]
}

#[test]
fn a_policy_belongs_to_the_project_that_lists_it() {
    let mut client = Client::new(&shared());
    client.open_saved("馆规/rules.fan");
    let lenses = client.ask("textDocument/codeLens", client.document("馆规/rules.fan"));
    let titles = lenses.to_string();
    assert!(titles.contains("违反 1"), "{titles}");
}

#[test]
fn folders_come_and_go() {
    let mut client = Client::with(&shared(), Encoding::Utf16, json!({}), json!({}));
    let folder = json!([{"uri": client.uri("一馆"), "name": "一馆"}]);
    let change = |added: &serde_json::Value, removed: &serde_json::Value| json!({"event": {"added": added, "removed": removed}});
    client.notify("workspace/didChangeWorkspaceFolders", change(&folder, &json!([])));
    client.open("馆规/rules.fan", "政策 馆规\n使用 馆藏\n第一条 厚 凡 书，叶 不得 超过 5。\n");
    let found = client.settled();
    assert!(found["馆规/rules.fan"].to_string().contains("unknown_name"));
    client.notify("workspace/didChangeWorkspaceFolders", change(&json!([]), &folder));
    client.close("馆规/rules.fan");
    client.open_saved("馆规/vocabulary.fan");
    assert_eq!(client.settled()["馆规/rules.fan"], json!([]));
}

#[test]
fn files_are_watched_where_an_editor_can() {
    let more = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    let mut client = Client::with(&LIBRARY, Encoding::Utf16, more, json!({}));
    client.open_saved("rules.fan");
    client.settled();
    let request = client.requests.pop_front().unwrap();
    assert_eq!(request.method, "client/registerCapability");
    assert_eq!(request.params["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
}

#[test]
fn what_changes_below_is_read_again() {
    let root = std::env::temp_dir().join(format!("fanshi-lsp-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    for (name, text) in LIBRARY {
        std::fs::write(root.join(name), text).unwrap();
    }
    let mut client = Client::on_disk(root.to_str().unwrap(), json!({"language": "zh"}));
    client.open_saved("rules.fan");
    let title = |client: &mut Client| {
        let lenses = client.ask("textDocument/codeLens", client.document("rules.fan"));
        lenses.to_string()
    };
    assert!(title(&mut client).contains("违反 1"));
    let tell = |client: &Client, name: &str, kind: u32| {
        let change = json!({"uri": client.uri(name), "type": kind});
        client.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
    };
    std::fs::write(root.join("books.json"), LIBRARY[5].1.replace("610", "310")).unwrap();
    tell(&client, "books.json", 2);
    let after = title(&mut client);
    assert!(after.contains("满足 3"), "{after}");
    // A policy more: its mistakes are told, though nobody has it open.
    std::fs::write(
        root.join("更多.fan"),
        "政策 更多\n使用 馆藏\n第一条 甲 凡 书，叶 不得 为 5。\n",
    )
    .unwrap();
    tell(&client, "更多.fan", 1);
    assert!(client.settled()["更多.fan"].to_string().contains("unknown_name"));
    std::fs::remove_file(root.join("更多.fan")).unwrap();
    tell(&client, "更多.fan", 3);
    assert_eq!(client.settled()["更多.fan"], json!([]));
    drop(client);
    std::fs::remove_dir_all(&root).unwrap();
}
