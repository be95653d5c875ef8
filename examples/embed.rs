//! Judges rows that are values of this program: no file is read.
//!
//! `cargo run --example embed`
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use fanshi::{Given, Keep, Policy, Run, Settings, Source, Terms, Texts, date, day_number};
use serde::Serialize;
use std::sync::Arc;

const POLICY: &str = "\
policy library
table book { code : text key  pages : integer  chapters : many { title : text } }
article 1 thick whenever book, pages must not exceed 500.
article 2 chaptered whenever book, count(chapters) must be at least 1.
";

#[derive(Serialize)]
struct Book {
    code: &'static str,
    pages: u32,
    chapters: Vec<Chapter>,
}

#[derive(Serialize)]
struct Chapter {
    title: &'static str,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let day = date(2015, 11, 20);
    let texts: Texts = [Source::new("library.fan", POLICY)].into_iter().collect();
    let settings = Settings { as_of: day_number(day), ..Settings::default() };
    let policy = Policy::compile(texts, &settings);
    assert!(policy.diagnostics.is_empty(), "{:?}", policy.diagnostics);

    let books = [
        Book { code: "A", pages: 90, chapters: vec![Chapter { title: "Rivers" }] },
        Book { code: "B", pages: 610, chapters: Vec::new() },
    ];
    let given = Given::new(&policy).table("book", &books).map_err(|wrong| wrong.message.en)?;
    let rows = given.load(Keep::Everything);

    let terms = Terms { day: Some(day), ..Terms::default() };
    let run = Run::new(Arc::new(policy), Arc::new(rows), terms);
    for finding in run.findings() {
        let subject = finding.subject.as_ref().map_or_else(String::new, |row| row.name().en);
        println!("{} {subject}: {}", finding.heading.en, finding.message.en);
    }
    let totals = run.summary.totals;
    println!("{} satisfied, {} violated", totals.satisfied, totals.violated);
    assert_eq!((totals.satisfied, totals.violated), (2, 2));
    Ok(())
}
