//! Joins held against plain programs that compare every row with every row: the articles on powers
//! and templates over a year grown from the sample, and conditions with missing key parts and
//! ranges over generated tables that take many blocks of pairs.
//!
//! `JOINS_PROJECT=folder` holds the articles on powers and templates of another project against
//! the plain program.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test"
)]

mod ranges;
mod year;

use fanshi::finding::{Outcome, Report};
use fanshi::workspace::{Options, Project};
use std::collections::BTreeSet;
use std::path::Path;

/// Article, key, and what it came to.
type Said = BTreeSet<(String, String, Outcome)>;

/// What fanshi says of a project by some articles.
fn said(root: &Path, articles: &[&str]) -> Said {
    of(&Project::read(root).run(&Options::default()).report(), articles)
}

fn of(report: &Report<'_>, articles: &[&str]) -> Said {
    let heads = (0..report.findings.len()).map(|index| report.findings.head(index));
    let wanted = heads.filter(|head| articles.contains(&head.article));
    wanted.map(|head| (head.article.to_owned(), head.key.into_owned(), head.outcome)).collect()
}

/// Fails with the first few that only one of the two says.
fn compare(found: &Said, expected: &Said) {
    let show = |said: Vec<&(String, String, Outcome)>| {
        said.iter().take(5).map(|one| format!("{one:?}\n")).collect::<String>()
    };
    let more = found.difference(expected).collect::<Vec<_>>();
    let fewer = expected.difference(found).collect::<Vec<_>>();
    assert!(
        more.is_empty() && fewer.is_empty(),
        "{} only by fanshi:\n{}{} only by the plain program:\n{}",
        more.len(),
        show(more),
        fewer.len(),
        show(fewer)
    );
}

#[test]
fn powers_and_templates_of_a_year() {
    let root = std::env::var_os("JOINS_PROJECT").map_or_else(|| year::grown(5), Into::into);
    let (found, expected) = (said(&root, year::ARTICLES), year::plainly(&root));
    compare(&found, &expected);
    for article in year::ARTICLES {
        let count = expected.iter().filter(|(of, ..)| of == article).count();
        println!("{article}: {count} findings, equal");
        assert!(count > 0, "no finding of {article}: nothing is shown");
    }
}

#[test]
fn keys_with_missing_parts_and_ranges() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("joins-ranges");
    let rows = ranges::rows(900);
    ranges::write(&root, &rows);
    let expected = ranges::plainly(&rows);
    compare(&said(&root, ranges::ARTICLES), &expected);
    for article in ranges::ARTICLES {
        for outcome in [Outcome::Violated, Outcome::Undetermined] {
            let some = expected.iter().any(|(of, _, found)| of == article && *found == outcome);
            assert!(some, "no row is {outcome:?} by {article}");
        }
    }
}
