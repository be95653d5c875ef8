//! The texts of what is cited: finding out which texts there are, and reading those that are cited.

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use fanshi::Bytes;
use fanshi::provision::{Library, TextFile};
use std::fmt::Write;
use std::sync::Arc;

/// As many as the laws in force, with as many articles.
const TEXTS: usize = 1464;
const ARTICLES: usize = 46;

/// Texts of about 19 KB each.
fn files() -> Vec<TextFile> {
    let text = |number: usize| {
        let mut text = format!("# 规则{number}\n\n2015年6月1日 会议通过\n\n<!-- INFO END -->\n\n");
        for article in 1..=ARTICLES {
            let words = "借阅图书的，应当出示证件，按期归还；逾期不还的，停止借阅。".repeat(4);
            write!(text, "第{article}条 {words}\n\n（一）普通图书；\n\n")
                .expect("a text takes a line");
        }
        text
    };
    let file = |number: usize| TextFile {
        name: format!("规则{number}(2015-06-01).md").into(),
        store: Arc::new(Bytes(text(number).into_bytes().into())),
    };
    (0..TEXTS).map(file).collect()
}

fn bytes(files: &[TextFile]) -> u64 {
    files.iter().map(|file| file.store.len()).sum()
}

/// Which text each file is.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn index(bencher: Bencher) {
    let files = files();
    bencher.counter(ItemsCount::new(TEXTS)).bench(|| Library::index(files.clone()).len());
}

/// All of them, as if each were cited.
#[divan::bench(sample_count = 20, sample_size = 1)]
fn read(bencher: Bencher) {
    let files = files();
    let count = BytesCount::new(bytes(&files));
    let library = Library::index(files);
    let titles: Vec<String> = library.titles().map(str::to_owned).collect();
    bencher
        .counter(count)
        .bench(|| library.open(titles.iter().map(String::as_str)).0.get("规则7").is_some());
}
