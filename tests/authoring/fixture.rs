//! Projects in memory, with marked places.

use fanshi::Memory;
use fanshi::authoring::{Location, Service, View};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The manifest that most projects here have.
pub const MANIFEST: &str = "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n\n\
    [data]\n\"书\" = \"书.csv\"\n";

/// A policy in Chinese.
pub const ZH: &str = "政策 馆规 | library\n\n枚举 去向 | fate { 留 | keep  剔 | drop }\n\n\
    # 馆藏的每一本。\n表 书 | book {\n  号 | code : 文本 主键\n  页 | pages : 整数\n  去向 | fate : 去向\n}\n\n\
    裁定 书.去向 次序 剔 否则 留\n\n\
    第一条 厚 | thick 凡 书，页 不得 超过 500。\n第二条 薄 | thin 凡 页 < 10 的 书，一律 剔。\n";

/// The same in English.
pub const EN: &str = "policy library | 馆规\n\nenum fate | 去向 { keep | 留  drop | 剔 }\n\n\
    # Every book there is.\ntable book | 书 {\n  code | 号 : text key\n  pages | 页 : integer\n  \
    fate | 去向 : fate\n}\n\ndecide book.fate order drop otherwise keep\n\n\
    article 1 thick | 厚 whenever book, pages must not exceed 500.\n\
    article 2 thin | 薄 whenever book where pages < 10, then drop.\n";

/// Their data.
pub const BOOKS: &str = "号,页,去向\n甲,90,留\n乙,610,留\n丙,4,留\n";

/// A text without its marks, and what was marked.
pub fn unmarked(text: &str) -> (String, Vec<Range<usize>>) {
    let (mut plain, mut starts, mut marks) = (String::new(), Vec::new(), Vec::new());
    for letter in text.chars() {
        match letter {
            '⟦' => starts.push(plain.len()),
            '⟧' => marks.push(starts.pop().unwrap()..plain.len()),
            other => plain.push(other),
        }
    }
    marks.sort_by_key(|mark| mark.start);
    (plain, marks)
}

/// A project, opened by its manifest, and the marks of each of its texts in order.
pub fn open(files: &[(&str, &str)]) -> (Service, Vec<(PathBuf, Range<usize>)>) {
    let (mut memory, mut all) = (Memory::new(), Vec::new());
    for (path, text) in files {
        let (plain, marks) = unmarked(text);
        all.extend(marks.into_iter().map(|mark| (PathBuf::from(path), mark)));
        memory = memory.with(path, plain);
    }
    (Service::open(Arc::new(memory), Path::new("fanshi.toml")), all)
}

/// The usual project with another policy, and its marks.
pub fn library(policy: &str) -> (View, Vec<Range<usize>>) {
    let files = [("fanshi.toml", MANIFEST), ("馆规.fan", policy), ("书.csv", BOOKS)];
    let (mut service, marks) = open(&files);
    (service.view(), marks.into_iter().map(|(_, mark)| mark).collect())
}

/// The path of its policy.
pub fn policy() -> &'static Path {
    Path::new("馆规.fan")
}

/// What stands at places, file by file.
pub fn texts(view: &View, places: &[Location]) -> Vec<String> {
    let text = |place: &Location| {
        let bytes = view.project().store.read(&place.path, 1 << 20).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        format!("{}:{}", place.path.display(), &text[place.span.clone()])
    };
    places.iter().map(text).collect()
}
