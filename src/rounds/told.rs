//! The account as data: `fanshi.account/1`, one object. What people wrote and how rows are called is
//! as it stands there; tables and articles have their English names.

use super::account::{Account, Taken};
use super::answers::{Given, State};
use super::merge::Locked;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::report::{Answer, Words, came_to, diagnostic_json, write_json_pretty};
use crate::syntax::tree::Language;
use serde_json::{Value, json};
use std::io::{Result, Write};

/// Writes the object: the account, and what the project that was made of it came to.
///
/// # Errors
/// Where `out` fails.
pub fn write_json(
    account: &Account,
    (project, next): (&str, &str),
    judged: &Run,
    language: Language,
    out: &mut dyn Write,
) -> Result<()> {
    let words = Words::of(language);
    let pick =
        |all: &[Bilingual]| all.iter().map(|said| words.pick(said).to_owned()).collect::<Vec<_>>();
    let titles = |wanted: &dyn Fn(&&Taken) -> bool| {
        account.taken.iter().filter(wanted).map(|taken| &*taken.title).collect::<Vec<_>>()
    };
    let report = judged.report();
    let followed = account.followed.iter();
    let object = json!({
        "format": "fanshi.account/1",
        "project": project,
        "next": next,
        "clean": account.is_clean(),
        "missing": titles(&|taken| taken.is_group && taken.files.is_empty()),
        "twice": titles(&|taken| taken.books() > 1),
        "groups": account.taken.iter().map(|one| taken(words, one)).collect::<Vec<_>>(),
        "refused": pick(&account.refused),
        "lost": pick(&account.lost),
        "unclear": pick(&account.unclear),
        "followed": followed
            .map(|(table, rows)| json!({ "table": table.en, "rows": rows }))
            .collect::<Vec<_>>(),
        "answers": answers(account),
        "silent": account.silent,
        "open": account.open.iter().map(|open| given(&open.given)).collect::<Vec<_>>(),
        "drafts": account.drafts.iter().map(given).collect::<Vec<_>>(),
        "result": came_to(&report, language),
        "diagnostics": report
            .diagnostics
            .iter()
            .map(|found| diagnostic_json(found, language))
            .collect::<Vec<_>>(),
    });
    write_json_pretty(out, &object)?;
    writeln!(out)
}

fn taken(words: &Words, taken: &Taken) -> Value {
    let withdrawn = taken.withdrawn.iter().map(|row| words.pick(row));
    let strays = taken.strays.iter().map(|(place, text)| json!({ "place": place, "text": text }));
    json!({
        "group": taken.title,
        "files": taken.files,
        "same": taken.same,
        "answered": taken.answered,
        "changed": taken.changed,
        "added": taken.added,
        "withdrawn": withdrawn.collect::<Vec<_>>(),
        "missing": taken.missing,
        "locked": taken.locked.iter().map(locked).collect::<Vec<_>>(),
        "clashes": taken.clashes.iter().map(locked).collect::<Vec<_>>(),
        "strays": strays.collect::<Vec<_>>(),
    })
}

fn locked(locked: &Locked) -> Value {
    let Locked { place, was, now } = locked;
    json!({ "place": place, "was": was, "now": now })
}

/// How many findings came to what, by what was answered; the last are those without an answer, of
/// groups that handed something in.
fn answers(account: &Account) -> Vec<Value> {
    let all = Answer::ALL.into_iter().map(Some).chain([None]);
    all.map(|answer| {
        let of = |state| account.sum(answer, &[state]);
        json!({
            "answer": answer.map(Answer::code),
            "gone": of(State::Gone),
            "withdrawn": of(State::Withdrawn),
            "unchanged": of(State::Unchanged),
            "changed": of(State::Otherwise),
        })
    })
    .collect()
}

fn given(given: &Given) -> Value {
    let Given { fingerprint, group, article, table, key, finding, answer, reason, state } = given;
    json!({
        "fingerprint": fingerprint,
        "group": group,
        "article": article,
        "table": table,
        "key": key,
        "finding": finding,
        "answer": answer.map(Answer::code),
        "reason": reason,
        "state": state.code(),
    })
}
