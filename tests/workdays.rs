//! Working days by the shipped calendar: published vectors, and every pair of days counted one by
//! one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

use fanshi::value::calendar::WorkingCalendar;
use fanshi::value::date::{day_date, day_number, parse_date};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

fn exceptions() -> BTreeMap<i64, bool> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/calendars/china.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let cells = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    cells.map(|cells| (day(cells[0]), cells[1] == "上班")).collect()
}

fn day(text: &str) -> i64 {
    day_number(parse_date(text).unwrap())
}

/// The days covered, each with whether it is worked: by the table, else by the week.
fn days(exceptions: &BTreeMap<i64, bool>) -> Vec<(i64, bool)> {
    let weekday = |day: i64| day_date(day).unwrap().weekday().to_monday_one_offset();
    let works = |day: i64| exceptions.get(&day).copied().unwrap_or(weekday(day) <= 5);
    (day("2013-01-01")..=day("2026-12-31")).map(|day| (day, works(day))).collect()
}

#[test]
fn every_pair_of_days_is_counted_as_one_by_one() {
    let exceptions = exceptions();
    let calendar = WorkingCalendar::new(&[6, 7], &exceptions);
    let days = days(&exceptions);
    assert_eq!(days.len(), 5113);
    (0..days.len()).into_par_iter().for_each(|start| {
        let (from, first) = days[start];
        let mut count = 0;
        for &(to, works) in &days[start + 1..] {
            count += i64::from(works);
            assert!(calendar.elapsed(from, to) == Some(count), "{from} {to}");
            // The other two rest on the same running counts: a seventh of the pairs.
            if (from + to) % 7 != 0 {
                continue;
            }
            assert!(
                calendar.elapsed_including(from, to) == Some(count + i64::from(first)),
                "{from} {to}"
            );
            if works {
                assert!(calendar.due(from, count) == Some(to), "{from} {count}");
            }
        }
        if start + 1 < days.len() {
            assert_eq!(calendar.elapsed(days.last().unwrap().0, from), None);
        }
        assert_eq!((calendar.due(from, count + 1), calendar.works(from)), (None, Some(first)));
    });
}

#[test]
fn held_days_are_counted_once_each() {
    let exceptions = exceptions();
    let calendar = WorkingCalendar::new(&[6, 7], &exceptions);
    let days: BTreeMap<i64, bool> = days(&exceptions).into_iter().collect();
    let mut seed = 5_u64;
    let mut below = |limit: i64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as i64 % limit
    };
    for _ in 0..20_000 {
        let from = day("2015-08-01") + below(90);
        let to = from + below(60);
        let mut held: Vec<(i64, i64)> = Vec::new();
        for _ in 0..below(5) {
            let first = from - 20 + below(90);
            held.push((first, first + below(20)));
        }
        let including = below(2) == 0;
        let free = |day: &i64| {
            days[day] && !held.iter().any(|(first, last)| (*first..=*last).contains(day))
        };
        let count = (from + i64::from(!including)..=to).filter(free).count() as i64;
        assert_eq!(
            calendar.elapsed_without(from, to, including, &mut held),
            Some(count),
            "{from} {to} {including} {held:?}"
        );
    }
}

#[test]
fn time_that_runs_backwards_has_no_result() {
    let calendar = WorkingCalendar::new(&[6, 7], &exceptions());
    let (early, late) = (day("2015-09-07"), day("2015-09-08"));
    assert_eq!(calendar.elapsed(early, early), Some(0));
    assert_eq!(
        (calendar.elapsed(late, early), calendar.elapsed_including(late, early)),
        (None, None)
    );
    assert_eq!(calendar.elapsed_without(late, early, true, &mut []), None);
    assert_eq!(calendar.elapsed_without(early, late, false, &mut [(late, early)]), None);
    assert_eq!((calendar.due(early, -1), calendar.due_including(early, -1)), (None, None));
}

#[test]
fn outside_the_calendar_nothing_is_counted() {
    let calendar = WorkingCalendar::new(&[6, 7], &exceptions());
    let (inside, outside) = (day("2026-12-31"), day("2027-01-01"));
    assert_eq!(
        (calendar.elapsed(inside, outside), calendar.due(inside, 1), calendar.works(outside)),
        (None, None, None)
    );
    assert_eq!(calendar.elapsed_without(inside, outside, false, &mut []), None);
    assert_eq!((calendar.due(outside, 0), calendar.due_including(outside, 1)), (None, None));
}

#[test]
fn due_days_equal_the_published_vectors() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/workday_vectors.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: the vectors ../shared/data/workday_vectors.csv are not here");
        return;
    };
    let calendar = WorkingCalendar::new(&[6, 7], &exceptions());
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (start, count) = (day(cells[0]), cells[1].parse::<i64>().unwrap());
        let (excluded, included) = (day(cells[2]), day(cells[3]));
        assert_eq!(calendar.due(start, count), Some(excluded), "{line}");
        assert_eq!(calendar.due_including(start, count), Some(included), "{line}");
        assert_eq!(calendar.elapsed(start, excluded), Some(count), "{line}");
        assert_eq!(calendar.elapsed_including(start, included), Some(count), "{line}");
        seen += 1;
    }
    assert!(seen > 10);
}
