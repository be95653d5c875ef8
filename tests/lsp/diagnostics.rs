//! Mistakes as they are typed, in policies, the manifest, cases and data.

use crate::client::Client;
use crate::{LIBRARY, both};
use serde_json::json;

#[test]
fn a_mistake_is_told_where_it_is_typed() {
    let told = both(|client| {
        client.open_saved("rules.fan");
        client.settled();
        let at = client.text("rules.fan").find("页 不得").unwrap();
        client.edit("rules.fan", at..at + "页".len(), "叶");
        client.mistakes()
    });
    insta::assert_snapshot!(told);
}

#[test]
fn places_that_belong_to_it_lead_into_data() {
    let mut files = LIBRARY;
    files[5].1 = "[\n  {\"号\": \"甲\", \"架\": \"东\", \"页\": 90, \"去向\": \"留\"},\n  \
        {\"号\": \"甲\", \"架\": \"北\", \"页\": \"九十\", \"去向\": \"藏\"}\n]\n";
    let told = crate::both_of(&files, |client| {
        client.open_saved("rules.fan");
        client.mistakes()
    });
    insta::assert_snapshot!(told);
}

#[test]
fn a_correction_takes_it_away_in_every_file() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("vocabulary.fan");
    client.open_saved("rules.fan");
    client.settled();
    let at = client.text("vocabulary.fan").find("薄书(").unwrap();
    client.edit("vocabulary.fan", at..at + "薄书".len(), "瘦书");
    let broken = client.settled();
    assert!(!broken["rules.fan"].as_array().unwrap().is_empty(), "{broken:?}");
    client.edit("vocabulary.fan", at..at + "瘦书".len(), "薄书");
    let mended = client.settled();
    assert_eq!(mended["rules.fan"], json!([]));
}

#[test]
fn only_the_last_of_many_texts_is_told_of() {
    let mut client = Client::new(&LIBRARY);
    client.open_saved("rules.fan");
    client.settled();
    let text = client.text("rules.fan").to_owned();
    for count in 0..200 {
        client.rewrite(
            "rules.fan",
            &format!("{text}\n# {count}\n第三条 空 凡 书，叶 不得 超过 5。\n"),
        );
    }
    client.rewrite("rules.fan", &text);
    let versions = |client: &Client| {
        client.told.iter().filter(|said| said.params["version"].is_number()).count()
    };
    let lens = client.document("rules.fan");
    client.ask("textDocument/documentSymbol", lens);
    let compiled = versions(&client);
    assert!(compiled < 60, "{compiled} of 201 texts were told of");
    assert_eq!(client.settled()["rules.fan"], json!([]));
}

#[test]
fn the_manifest_and_cases_have_mistakes_too() {
    let told = both(|client| {
        client.open_saved("fanshi.toml");
        let at = client.text("fanshi.toml").find("as_of").unwrap();
        client.edit("fanshi.toml", at..at + "as_of".len(), "as_off");
        client.mistakes()
    });
    insta::assert_snapshot!(told);
}

#[test]
fn messages_are_in_the_language_that_is_wanted() {
    let language = |options, more| {
        let units = fanshi::lsp::Encoding::Utf16;
        let mut client = Client::with(&LIBRARY, units, more, options);
        client.open("rules.fan", "政策 馆规\n第一条 厚 凡 书，页 不得 超过 500。\n");
        let found = client.settled();
        found["rules.fan"][0]["message"].as_str().unwrap().is_ascii()
    };
    assert!(!language(json!({"language": "zh"}), json!({})));
    assert!(!language(json!({"language": "auto"}), json!({}))); // as the policies are written
    let english = {
        let mut client = Client::new(&LIBRARY);
        let settings = json!({"settings": {"fanshi": {"language": "en"}}});
        client.notify("workspace/didChangeConfiguration", settings);
        client.open(
            "rules.fan",
            "policy rules\nuse holdings\narticle 1 a whenever book, leaf must not exceed 5.",
        );
        client.settled()
    };
    assert!(
        english["rules.fan"][0]["message"].as_str().unwrap().starts_with("there is no"),
        "{english:?}"
    );
}
