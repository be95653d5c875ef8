//! Random processes against a matcher that splits courses in every way.

use super::{Counts, Random, courses, judge};
use std::collections::BTreeMap;

/// A process, as the reference sees it.
#[derive(Clone, Debug)]
enum Process {
    Event(char),
    Anything,
    Then(Box<Process>, Box<Process>),
    Or(Box<Process>, Box<Process>),
    Together(Box<Process>, Box<Process>),
    Optional(Box<Process>),
    Any(Box<Process>),
    Some(Box<Process>),
}

use Process::{Any, Anything, Event, Optional, Or, Some as Once, Then, Together};

impl Process {
    fn random(random: &mut Random, depth: usize) -> Self {
        if depth == 0 || random.below(5) == 0 {
            return if random.below(12) == 0 {
                Anything
            } else {
                Event(['a', 'b', 'c'][random.below(3)])
            };
        }
        let mut part = || Box::new(Self::random(random, depth - 1));
        let (first, second) = (part(), part());
        match random.below(9) {
            0..=2 => Then(first, second),
            3 | 4 => Or(first, second),
            5 => Together(first, second),
            6 => Optional(first),
            7 => Any(first),
            _ => Once(first),
        }
    }

    fn text(&self) -> String {
        match self {
            Event(letter) => letter.to_string(),
            Anything => "…".into(),
            Then(a, b) => format!("({} → {})", a.text(), b.text()),
            Or(a, b) => format!("({} or {})", a.text(), b.text()),
            Together(a, b) => format!("({} and {})", a.text(), b.text()),
            Optional(a) => format!("({})?", a.text()),
            Any(a) => format!("({})*", a.text()),
            Once(a) => format!("({})+", a.text()),
        }
    }

    /// Whether a whole course is one of this process.
    fn takes(&self, t: &[char]) -> bool {
        match self {
            Event(letter) => t == [*letter],
            Anything => true,
            Then(a, b) => (0..=t.len()).any(|i| a.takes(&t[..i]) && b.takes(&t[i..])),
            Or(a, b) => a.takes(t) || b.takes(t),
            Together(a, b) => mixes(t).any(|(x, y)| a.takes(&x) && b.takes(&y)),
            Optional(a) => t.is_empty() || a.takes(t),
            Any(a) => {
                t.is_empty() || (1..=t.len()).any(|i| a.takes(&t[..i]) && self.takes(&t[i..]))
            }
            Once(a) => a.takes(t) || (1..t.len()).any(|i| a.takes(&t[..i]) && self.takes(&t[i..])),
        }
    }

    /// Whether a course may become one of this process.
    fn begins(&self, t: &[char]) -> bool {
        match self {
            Event(letter) => t.is_empty() || t == [*letter],
            Anything => true,
            Then(a, b) => {
                a.begins(t) || (0..=t.len()).any(|i| a.takes(&t[..i]) && b.begins(&t[i..]))
            }
            Or(a, b) => a.begins(t) || b.begins(t),
            Together(a, b) => mixes(t).any(|(x, y)| a.begins(&x) && b.begins(&y)),
            Optional(a) => a.begins(t),
            Any(a) | Once(a) => {
                a.begins(t) || (1..=t.len()).any(|i| a.takes(&t[..i]) && self.begins(&t[i..]))
            }
        }
    }
}

/// Every way to deal a course out to two.
fn mixes(t: &[char]) -> impl Iterator<Item = (Vec<char>, Vec<char>)> + '_ {
    (0..1_usize << t.len()).map(|mask| {
        let part = |side: usize| {
            t.iter()
                .enumerate()
                .filter(|(i, _)| mask >> i & 1 == side)
                .map(|(_, event)| *event)
                .collect()
        };
        (part(0), part(1))
    })
}

#[test]
fn random_processes_take_what_the_reference_takes() {
    let mut random = Random(3);
    let processes: Vec<Process> = (0..120).map(|_| Process::random(&mut random, 3)).collect();
    let courses = courses(&['a', 'b', 'c'], 4);
    let case = |(index, course): (usize, &Vec<char>)| {
        let events: Vec<String> =
            course.iter().map(|event| format!("{{\"act\": \"{event}\"}}")).collect();
        format!("{{\"code\": \"{index}\", \"events\": [{}]}}\n", events.join(", "))
    };
    let data: String = courses.iter().enumerate().map(case).collect();
    let mut policy =
        "policy p\ntable case { code : text key events : many { act : text } }\n".to_owned();
    let mut wanted: BTreeMap<String, Counts> = BTreeMap::new();
    for (index, process) in (1..).zip(&processes) {
        policy.push_str(&format!("process p{index} on case.events.act {}\n", process.text()));
        for (number, asks) in [(1, "follow"), (2, "complete"), (3, "keep to")] {
            policy.push_str(&format!(
                "article {index}{number} {}_{index}\n  whenever case, must {asks} p{index}.\n",
                asks.replace(' ', "_")
            ));
        }
        let counts = |test: &dyn Fn(&[char]) -> usize| {
            let mut counts = Counts::default();
            courses.iter().for_each(|course| counts[test(course)] += 1);
            counts
        };
        wanted.insert(
            format!("follow_{index}"),
            counts(&|t| if process.takes(t) { 0 } else { 1 + usize::from(process.begins(t)) }),
        );
        wanted.insert(format!("complete_{index}"), counts(&|t| usize::from(!process.takes(t))));
        wanted.insert(format!("keep_to_{index}"), counts(&|t| usize::from(!process.begins(t))));
    }
    let found = judge("process", &policy, &[("case", data)]);
    for (article, counts) in &wanted {
        let index: usize = article.rsplit('_').next().unwrap().parse().unwrap();
        assert_eq!(found.get(article), Some(counts), "{article} {}", processes[index - 1].text());
    }
    let seen = |at: usize| wanted.values().filter(|counts| counts[at] > 0).count();
    assert!(seen(0) > 100 && seen(1) > 100 && seen(2) > 50);
}
