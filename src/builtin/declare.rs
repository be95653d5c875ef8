//! The templates of DECLARE: constraints over the order of events.
//!
//! Pesic, Schonenberg, van der Aalst (2007): DECLARE: Full Support for Loosely-Structured
//! Processes; van der Aalst, Pesic, Schonenberg (2009): Declarative workflows: Balancing between
//! flexibility and support; over finite traces as Di Ciccio and Mecella (2015): On the Discovery of
//! Declarative Control Flows for Artful Processes. Events are of class A (the first activity
//! named), B (the second) or of another; a template is an automaton over these.

use crate::invariant::fit;
use crate::value::automaton::Automaton;

/// A template.
#[derive(Debug)]
pub struct Template {
    /// 中文.
    pub zh: &'static str,
    /// English: the name in the literature.
    pub en: &'static str,
    /// Further names.
    pub also: &'static [&'static str],
    /// How many activities it names.
    pub activities: usize,
    /// Whether a number of times may follow the activity.
    pub counted: bool,
    /// Classes (A 0, B 1) whose events make it matter: without one it holds vacuously. Empty where
    /// it always matters.
    pub activation: &'static [usize],
    /// Whether the order of events matters.
    pub ordered: bool,
    /// What it says, in both languages.
    pub doc: (&'static str, &'static str),
    /// Its automaton, for a number of times.
    automaton: fn(u32) -> Automaton,
}

impl PartialEq for Template {
    fn eq(&self, other: &Self) -> bool {
        self.en == other.en
    }
}

impl Eq for Template {}

impl Template {
    /// Whether it forbids B where A occurs.
    #[must_use]
    pub fn forbids(&self) -> bool {
        self.en.starts_with("not_") || self.en == "exclusive_choice"
    }

    /// Its automaton; `times` matters only where it is counted.
    #[must_use]
    pub fn automaton(&self, times: u32) -> Automaton {
        (self.automaton)(times)
    }
}

/// Finds a template by any of its names.
#[must_use]
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|row| row.zh == name || row.en == name || row.also.contains(&name))
}

const fn row(
    (zh, en): (&'static str, &'static str),
    activation: &'static [usize],
    doc: (&'static str, &'static str),
    automaton: fn(u32) -> Automaton,
) -> Template {
    Template {
        zh,
        en,
        also: &[],
        activities: 2,
        counted: false,
        activation,
        ordered: true,
        doc,
        automaton,
    }
}

const A: &[usize] = &[0];
const B: &[usize] = &[1];
const BOTH: &[usize] = &[0, 1];
const ALWAYS: &[usize] = &[];

/// An automaton over A, B and others.
fn of(states: &[([u32; 3], bool)]) -> Automaton {
    Automaton::new(3, states)
}

/// All templates.
pub const TEMPLATES: &[Template] = &[
    Template {
        activities: 1,
        counted: true,
        ordered: false,
        ..row(
            ("出现", "existence"),
            ALWAYS,
            ("A 至少出现 n 次", "A occurs at least n times"),
            |n| counting(n, |seen, n| seen >= n),
        )
    },
    Template {
        activities: 1,
        counted: true,
        ordered: false,
        ..row(
            ("未出现", "absence"),
            ALWAYS,
            ("A 出现少于 n 次", "A occurs fewer than n times"),
            |n| counting(n, |seen, n| seen < n),
        )
    },
    Template {
        activities: 1,
        counted: true,
        ordered: false,
        ..row(
            ("恰好出现", "exactly"),
            ALWAYS,
            ("A 恰好出现 n 次", "A occurs exactly n times"),
            |n| counting(n + 1, |seen, n| seen + 1 == n),
        )
    },
    Template {
        activities: 1,
        ..row(("起于", "init"), ALWAYS, ("第一件是 A", "A is the first event"), |_| {
            Automaton::new(2, &[([1, 2], false), ([1, 1], true), ([2, 2], false)])
        })
    },
    Template {
        activities: 1,
        also: &["last"],
        ..row(("止于", "end"), ALWAYS, ("最后一件是 A", "A is the last event"), |_| {
            Automaton::new(2, &[([1, 0], false), ([1, 0], true)])
        })
    },
    Template {
        ordered: false,
        ..row(("任一出现", "choice"), ALWAYS, ("A 或 B 出现", "A or B occurs"), choice)
    },
    Template {
        ordered: false,
        ..row(
            ("仅一出现", "exclusive_choice"),
            ALWAYS,
            ("A 与 B 恰有一种出现", "A or B occurs, not both"),
            |n| choice(n).and(&not_co_existence(n)),
        )
    },
    Template {
        ordered: false,
        ..row(
            ("伴随出现", "responded_existence"),
            A,
            ("A 出现则 B 也出现", "if A occurs, B occurs"),
            responded_existence,
        )
    },
    Template {
        ordered: false,
        also: &["coexistence"],
        ..row(
            ("同现", "co_existence"),
            BOTH,
            ("A 与 B 同有同无", "A occurs if and only if B does"),
            |n| responded_existence(n).and(&mirrored(&responded_existence(n))),
        )
    },
    row(("响应", "response"), A, ("每个 A 之后有 B", "each A is followed by B"), response),
    row(
        ("交替响应", "alternate_response"),
        A,
        ("每个 A 之后、下一个 A 之前有 B", "each A is followed by B before A recurs"),
        alternate_response,
    ),
    row(
        ("紧接响应", "chain_response"),
        A,
        ("每个 A 的下一件是 B", "each A is immediately followed by B"),
        chain_response,
    ),
    row(("先行", "precedence"), B, ("每个 B 之前有 A", "each B is preceded by A"), precedence),
    row(
        ("交替先行", "alternate_precedence"),
        B,
        (
            "每个 B 之前、上一个 B 之后有 A",
            "each B is preceded by A, and B does not recur before that A",
        ),
        alternate_precedence,
    ),
    row(
        ("紧接先行", "chain_precedence"),
        B,
        ("每个 B 的上一件是 A", "each B is immediately preceded by A"),
        chain_precedence,
    ),
    row(("接续", "succession"), BOTH, ("响应且先行", "response and precedence"), |n| {
        response(n).and(&precedence(n))
    }),
    row(
        ("交替接续", "alternate_succession"),
        BOTH,
        ("交替响应且交替先行", "alternate_response and alternate_precedence"),
        |n| alternate_response(n).and(&alternate_precedence(n)),
    ),
    row(
        ("紧接接续", "chain_succession"),
        BOTH,
        ("紧接响应且紧接先行", "chain_response and chain_precedence"),
        |n| chain_response(n).and(&chain_precedence(n)),
    ),
    Template {
        ordered: false,
        also: &["not_coexistence"],
        ..row(
            ("不同现", "not_co_existence"),
            BOTH,
            ("A 与 B 不都出现", "A and B do not both occur"),
            not_co_existence,
        )
    },
    row(("不接续", "not_succession"), A, ("A 之后没有 B", "no A is followed by B"), |_| {
        of(&[([1, 0, 0], true), ([1, 2, 1], true), ([2, 2, 2], false)])
    }),
    row(
        ("不紧接接续", "not_chain_succession"),
        A,
        ("A 的下一件不是 B", "no A is immediately followed by B"),
        |_| of(&[([1, 0, 0], true), ([1, 2, 0], true), ([2, 2, 2], false)]),
    ),
];

/// Counts A up to a bound (then it counts no further); complete where the number seen is.
fn counting(bound: u32, complete: fn(u32, u32) -> bool) -> Automaton {
    let states: Vec<([u32; 2], bool)> =
        (0..=bound).map(|seen| ([(seen + 1).min(bound), seen], complete(seen, bound))).collect();
    Automaton::new(2, &states)
}

/// The same with A and B exchanged.
fn mirrored(automaton: &Automaton) -> Automaton {
    use crate::value::automaton::Status;
    let states: Vec<([u32; 3], bool)> = (0..fit(automaton.states()))
        .map(|state| {
            let to = |class| automaton.step(state, class);
            ([to(1), to(0), to(2)], automaton.status(state) == Status::Complete)
        })
        .collect();
    of(&states)
}

fn choice(_: u32) -> Automaton {
    of(&[([1, 1, 0], false), ([1, 1, 1], true)])
}

fn responded_existence(_: u32) -> Automaton {
    of(&[([1, 2, 0], true), ([1, 2, 1], false), ([2, 2, 2], true)])
}

fn not_co_existence(_: u32) -> Automaton {
    of(&[([1, 2, 0], true), ([1, 3, 1], true), ([3, 2, 2], true), ([3, 3, 3], false)])
}

fn response(_: u32) -> Automaton {
    of(&[([1, 0, 0], true), ([1, 0, 1], false)])
}

fn alternate_response(_: u32) -> Automaton {
    of(&[([1, 0, 0], true), ([2, 0, 1], false), ([2, 2, 2], false)])
}

fn chain_response(_: u32) -> Automaton {
    of(&[([1, 0, 0], true), ([2, 0, 2], false), ([2, 2, 2], false)])
}

fn precedence(_: u32) -> Automaton {
    of(&[([1, 2, 0], true), ([1, 1, 1], true), ([2, 2, 2], false)])
}

fn alternate_precedence(_: u32) -> Automaton {
    of(&[([1, 2, 0], true), ([1, 0, 1], true), ([2, 2, 2], false)])
}

fn chain_precedence(_: u32) -> Automaton {
    of(&[([1, 2, 0], true), ([1, 0, 0], true), ([2, 2, 2], false)])
}
