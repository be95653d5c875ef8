//! How long it takes from a keystroke to what an editor shows:
//! `cargo test --release --test lsp latency -- --ignored --nocapture --test-threads 1`.

use crate::client::Client;
use serde_json::json;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// The middle and the slowest but one in a hundred.
fn shown(what: &str, mut took: Vec<Duration>) {
    took.sort();
    let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)];
    println!("{what}: p50 {:.1?}, p99 {:.1?} of {}", at(50), at(99), took.len());
}

/// Types in a file and waits: for its mistakes, for its lenses.
fn measure(what: &str, client: &mut Client, name: &str, times: usize) {
    client.open_saved(name);
    client.ask("textDocument/codeLens", client.document(name));
    client.settled();
    let place = client.text(name).find("不得 超过 ").map(|at| at + "不得 超过 ".len());
    let place = place.unwrap_or_else(|| client.text(name).find("。\n").unwrap() + "。\n".len());
    let (mut mistakes, mut lenses, mut hovers) = (Vec::new(), Vec::new(), Vec::new());
    for count in 0..times {
        let number = client.text(name)[place..].starts_with(|c: char| c.is_ascii_digit());
        let (bytes, with) = match (number, count % 2) {
            (true, 0) => (place..place, "1"),
            (true, _) => (place..place + 1, ""),
            (false, 0) => (place..place, "  # 注\n"),
            (false, _) => (place..place + "  # 注\n".len(), ""),
        };
        let begun = Instant::now();
        client.edit(name, bytes, with);
        client.told_of_text(name);
        mistakes.push(begun.elapsed());
        client.ask("textDocument/hover", client.at(name, place));
        hovers.push(begun.elapsed());
        client.ask("textDocument/codeLens", client.document(name));
        lenses.push(begun.elapsed());
        client.settled();
    }
    shown(&format!("{what}, keystroke to mistakes"), mistakes);
    shown(&format!("{what}, keystroke to hover"), hovers);
    shown(&format!("{what}, keystroke to lenses"), lenses);
}

#[test]
#[ignore = "of use in a release build"]
fn latency_of_the_sample() {
    let root = format!("{}/policies", env!("CARGO_MANIFEST_DIR"));
    let mut client = Client::on_disk(&root, json!({}));
    measure("sample, a rule", &mut client, "approval-reform/seven-whenevers.fan", 60);
    client.close("approval-reform/seven-whenevers.fan");
    measure("sample, the vocabulary", &mut client, "approval-reform/vocabulary.fan", 60);
}

#[test]
#[ignore = "of use in a release build"]
fn latency_of_many_rows() {
    let root = std::env::temp_dir().join(format!("fanshi-latency-{}", std::process::id()));
    std::fs::create_dir_all(&root).unwrap();
    let write = |name: &str, text: &str| std::fs::write(root.join(name), text).unwrap();
    let manifest =
        "[project]\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n\n[data]\n书 = \"books.csv\"\n";
    write("fanshi.toml", manifest);
    write(
        "v.fan",
        "词汇 藏\n枚举 去向 { 留、剔 }\n表 书 {\n  号 : 文本 主键\n  架 : 文本\n  页 : 整数\n  去向 : 去向\n}\n",
    );
    write(
        "r.fan",
        "政策 规\n使用 藏\n\n裁定 书.去向\n  次序 剔\n  否则 留\n\n第一条 厚\n  凡 书，页 不得 超过 500。\n\n第二条 薄\n  凡 页 < 10 的 书，一律 剔。\n",
    );
    let mut rows = "号,架,页,去向\n".to_owned();
    for row in 0..100_000 {
        let _ = writeln!(rows, "B{row},架{},{},留", row % 97, (row * 37) % 510);
    }
    write("books.csv", &rows);
    let mut client = Client::on_disk(root.to_str().unwrap(), json!({}));
    measure("100,000 rows", &mut client, "r.fan", 40);
    drop(client);
    std::fs::remove_dir_all(&root).unwrap();
}
