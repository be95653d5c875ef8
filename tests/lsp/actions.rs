//! Remedies that an editor offers.

use crate::client::Client;
use crate::{LIBRARY, both};
use serde_json::{Value, json};

/// The remedies at a marked range.
fn actions(client: &mut Client, name: &str, text: &str) -> Vec<Value> {
    let place = client.open(name, text).remove(0);
    let found = client.settled().remove(name).unwrap();
    let params = json!({"textDocument": {"uri": client.uri(name)},
        "range": client.range(name, &place), "context": {"diagnostics": found}});
    client.ask("textDocument/codeAction", params).as_array().unwrap().clone()
}

#[test]
fn a_remedy_takes_its_mistake_away() {
    let text = both(|client| {
        let mut all = String::new();
        for marked in [
            "政策 馆规\n使用 馆藏\n第一条 厚\n  凡 书，去⟦尚⟧ 必须 为 留。\n",
            "政策 馆规\n第一条 厚\n  凡 ⟦书⟧，页 不得 超过 500。\n",
            "政策 馆规\n使用 馆藏\n第一条 厚\n  凡 书，页 不得 ⟦超出⟧ 500。\n",
        ] {
            let actions = actions(client, "rules.fan", marked);
            for action in &actions {
                all += &format!("{}\n", action["title"].as_str().unwrap());
                assert_eq!(action["kind"], "quickfix");
                assert!(action["diagnostics"].is_array(), "{action:?}");
                all += &client.changed(&action["edit"]);
                let text = client.edited(&action["edit"]).remove("rules.fan").unwrap();
                let before = client.text("rules.fan").to_owned();
                client.rewrite("rules.fan", &text);
                let code = &action["diagnostics"][0]["code"];
                let after = client.settled().remove("rules.fan").unwrap();
                let left = after.as_array().unwrap().iter().filter(|one| one["code"] == *code);
                assert_eq!(left.count(), 0, "{text}\n{after}");
                client.rewrite("rules.fan", &before);
            }
            all += "──\n";
            client.close("rules.fan");
        }
        all
    });
    insta::assert_snapshot!(text);
}

#[test]
fn only_what_is_asked_for_is_offered() {
    let mut client = Client::new(&LIBRARY);
    client.open("rules.fan", "政策 馆规\n第一条 厚\n  凡 书，叶 不得 超过 500。\n");
    let all = 0..client.text("rules.fan").len();
    let params = json!({"textDocument": {"uri": client.uri("rules.fan")},
        "range": client.range("rules.fan", &all),
        "context": {"diagnostics": [], "only": ["refactor"]}});
    assert_eq!(client.ask("textDocument/codeAction", params), json!([]));
}
