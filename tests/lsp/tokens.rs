//! The words of a policy with what each is.

use crate::client::Client;
use crate::{both, both_of};
use fanshi::lsp::{Encoding, Lines};
use gen_lsp_types::Position;
use std::fmt::Write;

/// The words with their kinds, as a client reads them.
fn words(client: &mut Client, name: &str) -> String {
    let legend = client.capabilities["semanticTokensProvider"]["legend"].clone();
    let tokens = client.ask("textDocument/semanticTokens/full", client.document(name));
    let data: Vec<u32> = serde_json::from_value(tokens["data"].clone()).unwrap();
    let text = client.text(name);
    let lines = Lines::new(text);
    let (mut line, mut column, mut shown, mut before) = (0, 0, String::new(), 0);
    for token in data.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let start = Position { line, character: column };
        let end = Position { line, character: column + token[2] };
        let bytes = lines.bytes(gen_lsp_types::Range { start, end }, client.encoding);
        assert!(before <= bytes.start && bytes.start < bytes.end, "{bytes:?}");
        before = bytes.end;
        let kind = legend["tokenTypes"][token[3] as usize].as_str().unwrap();
        let marks = ["", "!", "*", "!*"][token[4] as usize];
        let _ = writeln!(shown, "{} {kind}{marks}", &text[bytes]);
    }
    shown
}

#[test]
fn words_written_together_are_told_apart() {
    let text = both(|client| {
        client.open(
            "rules.fan",
            "# 馆规𠮷\n政策 馆规 | rules\n使用 馆藏\n第一条 厚 | thick\n  凡薄书的书，页不得超过500。\n  \
             根据 《馆规》第二条\n  说明 “只有 {页} 页”\n",
        );
        words(client, "rules.fan")
    });
    insta::assert_snapshot!(text);
}

#[test]
fn every_shipped_policy_has_its_words_in_order() {
    let root = format!("{}/policies/approval-reform", env!("CARGO_MANIFEST_DIR"));
    let mut client = Client::on_disk(&root, serde_json::json!({"verdicts": "off"}));
    for name in
        ["vocabulary.fan", "seven-whenevers.fan", "process-limits.fan", "en/seven-whenevers.fan"]
    {
        client.open_saved(name);
        assert!(words(&mut client, name).lines().count() > 100, "{name}");
        client.close(name);
    }
    drop(client);
    let text = both_of(&[("a.fan", "词汇 甲\n")], |client| {
        client.open("a.fan", "词汇 甲 “\n");
        words(client, "a.fan")
    });
    assert!(text.starts_with("词汇"), "{text} {:?}", Encoding::Utf8);
}
