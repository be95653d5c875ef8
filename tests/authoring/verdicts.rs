//! Verdicts at articles, the rows behind them, what flips.

use crate::fixture::{BOOKS, EN, MANIFEST, ZH, library, open, policy};
use fanshi::Outcome;

#[test]
fn every_article_has_its_counts_and_its_rows() {
    for text in [ZH, EN] {
        let (view, _) = library(text);
        let verdicts = view.verdicts(policy());
        let codes: Vec<&str> = verdicts.iter().map(|found| &*found.code).collect();
        assert_eq!(codes, ["library.fate", "library.thick", "library.thin"]);
        let (thick, thin) = (&verdicts[1], &verdicts[2]);
        assert_eq!((thick.counts.satisfied, thick.counts.violated), (2, 1));
        let name = &text[thick.selection.clone()];
        assert!(name.ends_with("厚") || name.ends_with("thick"), "{name}");
        let rows = view.rows(thick.rule, 9);
        assert_eq!((rows.len(), &*rows[0].key, &*rows[0].row), (1, "乙", &*rows[0].row));
        assert_eq!(rows[0].outcome, Outcome::Violated);
        let cells: Vec<&str> = rows[0]
            .places
            .iter()
            .map(|place| match place.path.to_str() {
                Some("书.csv") => &BOOKS[place.span.clone()],
                _ => &text[place.span.clone()],
            })
            .collect();
        assert!(cells.contains(&"610"), "{cells:?}");
        let record = view.record(&rows[0].row, Some(thick.rule)).unwrap();
        assert_eq!(record.key.as_deref(), Some("乙"));
        assert_eq!(record.entries.len(), 1);
        assert_eq!(view.rows(thin.rule, 9).len(), 1);
    }
}

#[test]
fn what_a_change_flips_is_told_row_by_row() {
    let (mut service, _) = open(&[("fanshi.toml", MANIFEST), ("馆规.fan", ZH), ("书.csv", BOOKS)]);
    assert!(service.view().flips(&service.saved()).rows.is_empty());
    service.put(policy(), Some(ZH.replace("500", "50")));
    let flips = service.view().flips(&service.saved());
    let told: Vec<_> =
        flips.rows.iter().map(|flip| (&*flip.rule, &*flip.key, flip.before, flip.after)).collect();
    let [satisfied, violated] = [Some(Outcome::Satisfied), Some(Outcome::Violated)];
    assert_eq!(told, [("library.thick", "甲", satisfied, violated)]);
    // A rule that is taken away.
    let without: String =
        ZH.lines().filter(|line| !line.starts_with("第一条")).collect::<Vec<_>>().join("\n");
    service.put(policy(), Some(without));
    let flips = service.view().flips(&service.saved());
    assert_eq!(flips.rows.len(), 1);
    assert_eq!((flips.rows[0].before, flips.rows[0].after), (violated, None));
}

#[test]
fn the_overview_has_the_numbers_of_the_run() {
    let (view, _) = library(ZH);
    let overview = view.overview();
    assert_eq!(overview.review.tally.violated, 2);
    assert_eq!(overview.review.rows[0].1, 3);
    assert_eq!(overview.review.matrices[0].lines[1].required, 1);
}
