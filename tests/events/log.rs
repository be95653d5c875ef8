//! A log of many cases, its rows in no order: ordered by time, ties as they stand, some activities
//! missing.

use super::declare::holds;
use super::{Counts, Random, judge};
use fanshi::builtin::declare::TEMPLATES;
use std::collections::BTreeMap;

const CASES: usize = 700;

/// An event: its case, its minute, what happened; `None` where that is missing.
type Event = (usize, usize, Option<char>);

fn events() -> Vec<Event> {
    let mut random = Random(7);
    let mut events = Vec::new();
    for case in 0..CASES {
        for _ in 0..random.below(12) {
            let activity = ['a', 'b', 'c', 'd'][random.below(4)];
            events.push((case, random.below(20), (random.below(40) > 0).then_some(activity)));
        }
    }
    for at in (1..events.len()).rev() {
        events.swap(at, random.below(at + 1));
    }
    events
}

/// Every course that the known activities allow.
fn completions(course: &[Option<char>]) -> Vec<Vec<char>> {
    course.iter().fold(vec![Vec::new()], |all, event| {
        let options = event.map_or(vec!['a', 'b', 'c'], |event| vec![event]);
        all.into_iter()
            .flat_map(|course: Vec<char>| {
                options
                    .iter()
                    .map(move |event| [&course[..], &[*event]].concat())
                    .collect::<Vec<_>>()
            })
            .collect()
    })
}

fn expected(courses: &BTreeMap<usize, Vec<Option<char>>>, name: &str, n: usize) -> Counts {
    let mut counts = Counts::default();
    for case in 0..CASES {
        let course = courses.get(&case).map_or(&[][..], Vec::as_slice);
        let answers: Vec<bool> =
            completions(course).iter().map(|course| holds(name, n, course)).collect();
        let all = |truth| answers.iter().all(|answer| *answer == truth);
        counts[if all(true) {
            0
        } else if all(false) {
            1
        } else {
            2
        }] += 1;
    }
    counts
}

#[test]
fn a_log_is_judged_as_the_definitions_say() {
    let events = events();
    let line = |(index, (case, minute, activity)): (usize, &Event)| {
        let activity =
            activity.map_or(String::new(), |activity| format!(", \"act\": \"{activity}\""));
        format!(
            "{{\"id\": \"{index}\", \"case\": \"{case}\", \"at\": \"2015-09-02T08:{minute:02}:00+08:00\"{activity}}}\n"
        )
    };
    let log: String = events.iter().enumerate().map(line).collect();
    let cases: String = (0..CASES).map(|case| format!("{{\"code\": \"{case}\"}}\n")).collect();
    let mut timed = events.clone();
    timed.sort_by_key(|(case, minute, _)| (*case, *minute));
    let mut courses: BTreeMap<usize, Vec<Option<char>>> = BTreeMap::new();
    timed
        .into_iter()
        .for_each(|(case, _, activity)| courses.entry(case).or_default().push(activity));
    let mut policy = "policy p\ntable case { code : text key }\n\
        table event { id : text key case : case act : text at : instant ordering }\n"
        .to_owned();
    let mut wanted = BTreeMap::new();
    for (number, row) in (1..).zip(TEMPLATES) {
        let second = if row.activities == 2 { ", \"b\"" } else { "" };
        for n in if row.counted { 1..=2 } else { 1..=1 } {
            let times = if row.counted { format!(", {n}") } else { String::new() };
            policy.push_str(&format!(
                "article {number}{n} {}_{n}\n  whenever case, must \
                    {}(event.act, \"a\"{second}{times}).\n",
                row.en, row.en
            ));
            wanted.insert(format!("{}_{n}", row.en), expected(&courses, row.en, n));
        }
    }
    let found = judge("log", &policy, &[("case", cases), ("event", log)]);
    assert_eq!(found, wanted);
    assert!(
        wanted
            .values()
            .all(|[satisfied, violated, unknown]| *satisfied > 0 && *violated > 0 && *unknown > 0),
        "{wanted:#?}"
    );
}
