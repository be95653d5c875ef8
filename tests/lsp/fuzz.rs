//! Random typing: nothing stops the server, and after all of it the mistakes are those that a fresh
//! start finds in the same texts. Memory stays flat.

use crate::LIBRARY;
use crate::client::{BOTH, Client};
use fanshi::lsp::Encoding;
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A place in a text where a character begins.
fn place(dice: &mut Rng, text: &str) -> usize {
    before_end(text, text.floor_char_boundary(dice.usize(..=text.len())))
}

/// No editor has a place within the two signs of an end of line.
fn before_end(text: &str, at: usize) -> usize {
    let is_within = text[..at].ends_with('\r') && text[at..].starts_with('\n');
    at - usize::from(is_within)
}

fn pick<'a>(dice: &mut Rng, all: &[&'a str]) -> &'a str {
    all[dice.usize(..all.len())]
}

const TYPED: [&str; 34] = [
    "凡",
    "书",
    "，",
    "。",
    "页",
    " 不得 ",
    "超过",
    "500",
    "「",
    "」",
    "{",
    "}",
    "“",
    "”",
    "《馆规》第二条",
    "\n",
    "\r\n",
    "第三条 新 ",
    "一律 剔",
    "使用 馆藏\n",
    "表 ",
    "枚举 色 { 红 }\n",
    "定义 高(书) = 页 > 9\n",
    "whenever book, ",
    "must not exceed 5",
    "#",
    "𠮷",
    "\u{200b}",
    "架.",
    "按 架",
    "指标 数 = 数量(书)\n",
    "的",
    " ",
    "\u{feff}",
];
const FILES: [&str; 4] = ["vocabulary.fan", "rules.fan", "rules.cases.toml", "fanshi.toml"];
const ASKED: [&str; 8] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/prepareRename",
    "textDocument/semanticTokens/full",
    "textDocument/codeLens",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
];

/// One edit.
fn typed(client: &mut Client, dice: &mut Rng, saved: &BTreeMap<&str, &str>) {
    // Policies are typed in most.
    let name = FILES[[0, 1, 1, 1, 0, 1, 2, 3][dice.usize(..8)]];
    let text = client.text(name).to_owned();
    // A byte order mark is no letter of a text for editors.
    let mut edit = |at: std::ops::Range<usize>, new: &str| {
        let next = [&text[..at.start], new, &text[at.end..]].concat();
        if !next.starts_with('\u{feff}') {
            client.edit(name, at, new);
        }
    };
    match dice.usize(..12) {
        0 => drop(client.rewrite(name, saved[name])),
        1..4 => {
            let (one, other) = (place(dice, &text), place(dice, &text));
            let most = one.min(other) + 40;
            let end = before_end(&text, text.ceil_char_boundary(one.max(other).min(most)));
            edit(one.min(other)..end, "");
        }
        4 => {
            let (one, other) = (place(dice, &text), place(dice, &text));
            let moved = text[one.min(other)..one.max(other)].to_owned();
            edit(one.max(other)..one.max(other), &moved);
        }
        _ => {
            let at = place(dice, &text);
            edit(at..at, pick(dice, &TYPED));
        }
    }
}

/// What is wrong with each file, where anything is.
fn wrong(client: &mut Client) -> BTreeMap<String, Value> {
    client.settled();
    let known = client.known.clone().into_iter();
    known.filter(|(_, found)| *found != json!([])).collect()
}

fn sequence(seed: u64, edits: usize, encoding: Encoding) {
    let mut dice = Rng::with_seed(seed);
    let saved: BTreeMap<&str, &str> = LIBRARY.into_iter().collect();
    let mut client = Client::in_units(&LIBRARY, encoding);
    for name in FILES {
        client.open_saved(name);
    }
    for _ in 0..edits {
        typed(&mut client, &mut dice, &saved);
        let name = FILES[dice.usize(..FILES.len())];
        let byte = place(&mut dice, client.text(name));
        let (method, params) = (pick(&mut dice, &ASKED), client.at(name, byte));
        if dice.usize(..3) == 0 {
            let id = client.put(method, params);
            if dice.usize(..3) == 0 {
                client.notify("$/cancelRequest", json!({"id": id}));
            }
            if let Err(error) = client.answer(&id) {
                let texts: Vec<&str> = FILES.iter().map(|name| client.text(name)).collect();
                assert!([-32800, -32801].contains(&error.code), "{seed}: {error:?} {texts:#?}");
            }
        }
    }
    let typed = wrong(&mut client);
    let mut fresh = Client::in_units(&LIBRARY, encoding);
    for name in FILES {
        let text = client.text(name).to_owned();
        fresh.open(name, "");
        fresh.rewrite(name, &text);
    }
    let texts: Vec<&str> = FILES.iter().map(|name| client.text(name)).collect();
    let texts = texts.join("\n════\n");
    assert_eq!(typed, wrong(&mut fresh), "seed {seed}, {edits} edits, {encoding:?}\n{texts}");
}

#[test]
fn random_typing_ends_where_a_fresh_start_begins() {
    for seed in 0..6 {
        sequence(seed, 25, BOTH[usize::try_from(seed % 2).unwrap()]);
    }
}

/// `FANSHI_LSP_SEQUENCES=1000 FANSHI_LSP_EDITS=60 FANSHI_LSP_SEED=7`: so many sequences, each of as
/// many edits or fewer.
#[test]
#[ignore = "as long as it is asked to"]
fn random_typing_for_long() {
    let number = |name: &str, usual| {
        std::env::var(name).ok().and_then(|said| said.parse().ok()).unwrap_or(usual)
    };
    let (count, seed) = (number("FANSHI_LSP_SEQUENCES", 200), number("FANSHI_LSP_SEED", 1000));
    let most = usize::try_from(number("FANSHI_LSP_EDITS", 60)).unwrap();
    let mut edits = 0;
    for seed in seed..seed + count {
        let own = 1 + usize::try_from(seed).unwrap() % most;
        sequence(seed, own, BOTH[usize::try_from(seed % 2).unwrap()]);
        edits += own;
        if seed % count.div_ceil(20) == 0 {
            println!("{seed}: {edits} edits, {} MB", resident() / 1024);
        }
    }
}

/// Kilobytes that this process holds.
fn resident() -> usize {
    let said = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = said.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
#[ignore = "half an hour of typing in the sample"]
fn memory_is_flat() {
    let root = format!("{}/policies", env!("CARGO_MANIFEST_DIR"));
    let mut client = Client::on_disk(&root, json!({}));
    let name = "approval-reform/seven-whenevers.fan";
    client.open_saved(name);
    let at = client.text(name).find("  说明").unwrap();
    let mut held = Vec::new();
    for count in 0..=2000 {
        client.edit(name, at..at, "  # 注\n");
        client.edit(name, at..at + "  # 注\n".len(), "");
        if count % 10 == 0 {
            client.ask("textDocument/codeLens", client.document(name));
            client.ask("textDocument/completion", client.at(name, at));
        }
        client.settled();
        if count % 200 == 0 {
            held.push(resident());
            println!("{count} edits: {} MB", resident() / 1024);
        }
    }
    let (middle, last) = (held[held.len() / 2], held[held.len() - 1]);
    assert!(last < middle + middle / 5, "{held:?}");
}
