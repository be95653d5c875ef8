//! The templates, each as its definition reads: for every activation there is (or is not) such an
//! event.

use fanshi::builtin::declare::{TEMPLATES, template};
use fanshi::value::automaton::Status;

/// Whether a template holds for a course of a, b and others. Taken from the definitions, index by
/// index.
pub fn holds(name: &str, n: usize, t: &[char]) -> bool {
    let count = |letter: char| t.iter().filter(|event| **event == letter).count();
    let each = |letter: char, test: &dyn Fn(usize) -> bool| {
        (0..t.len()).filter(|i| t[*i] == letter).all(test)
    };
    let (has_a, has_b) = (count('a') > 0, count('b') > 0);
    let response = || each('a', &|i| t[i + 1..].contains(&'b'));
    let alternate_response =
        || each('a', &|i| t[i + 1..].iter().find(|event| ['a', 'b'].contains(event)) == Some(&'b'));
    let chain_response = || each('a', &|i| t.get(i + 1) == Some(&'b'));
    let precedence = || each('b', &|i| t[..i].contains(&'a'));
    let alternate_precedence = || {
        each('b', &|i| t[..i].iter().rev().find(|event| ['a', 'b'].contains(event)) == Some(&'a'))
    };
    let chain_precedence = || each('b', &|i| i > 0 && t[i - 1] == 'a');
    match name {
        "existence" => count('a') >= n,
        "absence" => count('a') < n,
        "exactly" => count('a') == n,
        "init" => t.first() == Some(&'a'),
        "end" => t.last() == Some(&'a'),
        "choice" => has_a || has_b,
        "exclusive_choice" => has_a != has_b,
        "responded_existence" => !has_a || has_b,
        "co_existence" => has_a == has_b,
        "response" => response(),
        "alternate_response" => alternate_response(),
        "chain_response" => chain_response(),
        "precedence" => precedence(),
        "alternate_precedence" => alternate_precedence(),
        "chain_precedence" => chain_precedence(),
        "succession" => response() && precedence(),
        "alternate_succession" => alternate_response() && alternate_precedence(),
        "chain_succession" => chain_response() && chain_precedence(),
        "not_co_existence" => !(has_a && has_b),
        "not_succession" => each('a', &|i| !t[i + 1..].contains(&'b')),
        "not_chain_succession" => each('a', &|i| t.get(i + 1) != Some(&'b')),
        other => panic!("no definition of {other}"),
    }
}

#[test]
fn every_template_means_what_its_definition_says() {
    let courses = super::courses(&['a', 'b', 'c'], 7);
    assert_eq!((TEMPLATES.len(), courses.len()), (21, 3280));
    for row in TEMPLATES {
        for n in if row.counted { 0..=3 } else { 1..=1 } {
            let automaton = row.automaton(n);
            let class = |event: char| {
                ('a'..='c').position(|letter| letter == event).unwrap().min(automaton.classes() - 1)
            };
            for course in &courses {
                let state =
                    course.iter().fold(0, |state, event| automaton.step(state, class(*event)));
                let complete = automaton.status(state) == Status::Complete;
                assert_eq!(
                    complete,
                    holds(row.en, n as usize, course),
                    "{} {n} {course:?}",
                    row.en
                );
                // What is dead stays so, what is running may still hold.
                let longer = |length: usize| {
                    super::courses(&['a', 'b', 'c'], length)
                        .into_iter()
                        .map(|more| [&course[..], &more].concat())
                };
                let can =
                    course.len() > 4 || longer(4).any(|course| holds(row.en, n as usize, &course));
                assert!(
                    course.len() > 4 || can == (automaton.status(state) != Status::Dead),
                    "{} {n} {course:?}",
                    row.en
                );
            }
        }
    }
}

#[test]
fn templates_are_found_by_every_name() {
    for row in TEMPLATES {
        for name in [row.zh, row.en].iter().chain(row.also) {
            assert_eq!(template(name), Some(row), "{name}");
        }
    }
    assert_eq!(template("responce"), None);
}
