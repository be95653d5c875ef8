//! What is kept from one keystroke to the next never shows: after any edits the answers are those of
//! a service that was opened on the same texts. And no place of a shipped policy stops it.

use crate::fixture::{BOOKS, EN, MANIFEST, ZH, open, policy};
use fanshi::authoring::{Service, Told};
use fanshi::{Disk, Memory};
use fastrand::Rng;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A place in a text where a character begins.
fn place(dice: &mut Rng, text: &str) -> usize {
    text.floor_char_boundary(dice.usize(..=text.len()))
}

const PIECES: [&str; 12] = [
    "书",
    "，",
    " 不得 ",
    "。",
    "\n",
    "页",
    "第三条 新 凡 书，必须 有 页。",
    "{",
    "“",
    "的",
    "3 天",
    "使用 词\n",
];

fn edited(dice: &mut Rng, text: &str) -> String {
    let (from, to) = (place(dice, text), place(dice, text));
    let (from, to) = (from.min(to), from.max(to));
    let to = if dice.usize(..3) == 0 { to } else { from };
    // Most of a text stays.
    let to = if to - from > 60 { from } else { to };
    format!("{}{}{}", &text[..from], PIECES[dice.usize(..PIECES.len())], &text[to..])
}

#[test]
fn after_any_edits_everything_is_as_if_opened_fresh() {
    let mut dice = Rng::with_seed(7);
    for start in [ZH, EN] {
        let mut texts = vec![
            ("fanshi.toml", MANIFEST.to_owned()),
            ("馆规.fan", start.to_owned()),
            ("词.fan", "词汇 词\n参数 上限 : 整数 = 5\n".to_owned()),
            ("书.csv", BOOKS.to_owned()),
        ];
        let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, &**text)).collect();
        let (mut service, _) = open(&files);
        for round in 0..40 {
            let at = [1, 1, 1, 2, 3, 0][dice.usize(..6)];
            texts[at].1 = edited(&mut dice, &texts[at].1.clone());
            if round % 9 == 8 {
                texts[1].1 = start.to_owned();
            }
            for (path, text) in &texts {
                service.put(Path::new(path), Some(text.clone()));
            }
            let memory = texts
                .iter()
                .fold(Memory::new(), |memory, (path, text)| memory.with(path, text.as_str()));
            let mut fresh = Service::open(Arc::new(memory), Path::new("fanshi.toml"));
            let (own, other) = (service.view(), fresh.view());
            assert_eq!(told(&own.diagnostics()), told(&other.diagnostics()), "{:?}", texts[1]);
            let (own_run, other_run) = (own.run(), other.run());
            assert_eq!(own_run.summary.totals, other_run.summary.totals, "{:?}", texts);
            assert_eq!(told(&own.diagnostics()), told(&other.diagnostics()), "{:?}", texts);
            assert_eq!(own.verdicts(policy()), other.verdicts(policy()));
            assert_eq!(own.tokens(policy()), other.tokens(policy()));
        }
    }
}

fn told(all: &[Told]) -> Vec<String> {
    all.iter().map(|told| format!("{told:?}")).collect()
}

/// Every n-th place of every shipped policy, as it is and with its rest cut off.
fn places(projects: &[&str], step: usize) {
    for project in projects {
        let mut service = Service::open(Arc::new(Disk), Path::new(project));
        let view = service.view();
        let paths: Vec<PathBuf> = view.project().paths.clone();
        for path in paths {
            let text = service.text(&path).unwrap();
            for at in (0..=text.len() + 2).step_by(step) {
                let _ = view.complete(&path, at);
                let _ = view.definition(&path, at);
                let _ = view.cuts(&path, at);
                let _ = view.fixes(&path, at..at);
                let _ = view.hover(&path, at);
            }
            for cut in (0..text.len()).step_by(step * 40).filter(|at| text.is_char_boundary(*at)) {
                service.put(&path, Some(text[..cut].to_owned()));
                let view = service.view();
                let _ = view.complete(&path, cut);
                let _ = view.cuts(&path, cut);
                let _ = view.fixes(&path, cut..cut);
                let _ = view.tokens(&path);
                let _ = view.folds(&path);
                let _ = view.symbols(&path);
                let _ = view.format(&path);
                service.put(&path, None);
            }
        }
    }
}

#[test]
fn some_places_of_the_shipped_policies_stop_nothing() {
    places(&["examples/library", "policies/national/items.fan"], 97);
}

#[test]
#[ignore = "every place: minutes"]
fn no_place_of_the_shipped_policies_stops_anything() {
    let sample = "policies/shangjie-2015";
    places(&["examples/library", sample, "policies/national/items.fan"], 1);
}
