//! The language server, asked as editors ask it: a client in memory, texts with marked places
//! (`⟦⟧`), and what came of it as short text, the same whether columns count bytes or units of
//! UTF-16.
#![cfg(all(feature = "cli", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    reason = "a test stops at the first surprise"
)]

mod actions;
mod client;
mod commands;
mod completion;
mod diagnostics;
mod folders;
mod fuzz;
mod handshake;
mod hover;
mod latency;
mod outline;
mod places;
mod rename;
mod stdio;
mod sync;
mod tokens;
mod verdicts;

use client::Client;
use fanshi::lsp::Encoding;

/// A project of books on shelves, in both languages, with data of three kinds.
pub const LIBRARY: [(&str, &str); 6] = [
    (
        "fanshi.toml",
        "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n\n[data]\n\
         shelf = \"shelves.csv\"\nbook = \"books.json\"\n",
    ),
    (
        "vocabulary.fan",
        "词汇 馆藏 | holdings\n\n枚举 去向 | fate 由低到高 {\n  留 | keep\n  剔 | drop\n}\n\n\
         表 架 | shelf {\n  名 | name : 文本 主键\n}\n\n# 一册书。\n表 书 | book {\n  \
         号 | code : 文本 主键\n  架 | shelf : 架\n  页 | pages : 整数\n  去向 | fate : 去向\n}\n\n\
         定义 薄书(书) | slim = 页 < 10\n",
    ),
    (
        "rules.fan",
        "政策 馆规 | rules\n\n使用 馆藏\n\n裁定 书.去向\n  次序 剔\n  否则 留\n\n\
         第一条 厚 | thick\n  凡 书，页 不得 超过 500。\n\n\
         第二条 薄 | thin\n  凡 薄书 的 书，一律 剔。\n  说明 “只有 {页} 页”\n",
    ),
    (
        "rules.cases.toml",
        "[default.\"书\"]\n\"号\" = \"甲\"\n\"页\" = 90\n\"去向\" = \"留\"\n\n\
         [[case]]\nname = \"厚的\"\n\"书\" = [{ \"号\" = \"乙\", \"页\" = 900 }]\n",
    ),
    ("shelves.csv", "名\n东\n西\n"),
    (
        "books.json",
        "[\n  {\"号\": \"A\", \"架\": \"东\", \"页\": 90, \"去向\": \"留\"},\n  \
         {\"号\": \"B\", \"架\": \"西\", \"页\": 610, \"去向\": \"留\"},\n  \
         {\"号\": \"C\", \"架\": \"西\", \"页\": 4, \"去向\": \"留\"}\n]\n",
    ),
];

/// The same conversation with columns in units of UTF-16 and in bytes; what came of it is one.
pub fn both(talk: impl Fn(&mut Client) -> String) -> String {
    both_of(&LIBRARY, talk)
}

pub fn both_of(files: &[(&str, &str)], talk: impl Fn(&mut Client) -> String) -> String {
    let [one, other] =
        [Encoding::Utf16, Encoding::Utf8].map(|units| talk(&mut Client::in_units(files, units)));
    assert_eq!(one, other, "columns in UTF-16, columns in bytes");
    one
}
