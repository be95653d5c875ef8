//! A pattern of the relation 匹配 as an automaton over characters, read as `regex-lite` reads it:
//! classes and cases of ASCII, `.` without the line end.

use regex_syntax::ast::{self, Ast, parse::Parser};
use std::collections::BTreeSet;

/// Characters, as ranges of their numbers in order.
pub(super) type Class = Vec<(u32, u32)>;

/// All characters.
pub(super) const EVERY: &[(u32, u32)] = &[(0, 0xD7FF), (0xE000, 0x10_FFFF)];

const DIGIT: &[(u32, u32)] = &[(0x30, 0x39)];
const WORD: &[(u32, u32)] = &[(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)];
const BLANK: &[(u32, u32)] = &[(0x09, 0x0D), (0x20, 0x20)];

/// How many states a pattern may have.
const LARGEST: usize = 4000;

/// What must be so of the characters on both sides of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Start,
    End,
    LineStart,
    LineEnd,
    Edge,
    NoEdge,
    WordStart,
    WordEnd,
    NoWordBefore,
    NoWordAfter,
}

/// A move from one state to another.
#[derive(Clone, Debug)]
enum Edge {
    Silent(usize),
    Look(Look, usize),
    On(Class, usize),
}

/// A nondeterministic automaton; it begins in state 0.
#[derive(Clone, Debug)]
pub(in crate::prove) struct Pattern {
    states: Vec<Vec<Edge>>,
    end: usize,
}

/// The character before a place; `None` at the beginning.
pub(super) type Before = Option<char>;

impl Pattern {
    /// A pattern that has to match the whole text. `None` where it is too large, or has what is not
    /// read here.
    pub(super) fn read(pattern: &str) -> Option<Self> {
        let whole = format!("^(?:{pattern})$");
        if regex_lite::Regex::new(&whole).is_err() {
            // The evaluator finds that it matches nothing.
            return Some(Self { states: vec![Vec::new(), Vec::new()], end: 1 });
        }
        let parsed = Parser::new().parse(&whole).ok()?;
        let mut builder = Builder { states: vec![Vec::new()], flags: Flags::default() };
        let end = builder.add(&parsed, 0)?;
        Some(Self { states: builder.states, end })
    }

    /// The states reached without a character from some, where `after` is the next character.
    fn closed(&self, from: &[u32], before: Before, after: Option<char>) -> BTreeSet<u32> {
        let mut reached: BTreeSet<u32> = BTreeSet::new();
        let mut open: Vec<u32> = from.to_vec();
        while let Some(at) = open.pop() {
            if !reached.insert(at) {
                continue;
            }
            for edge in self.edges(at) {
                match edge {
                    Edge::Silent(to) => open.push(number(*to)),
                    Edge::Look(look, to) if look.fits(before, after) => open.push(number(*to)),
                    _ => {}
                }
            }
        }
        reached
    }

    fn edges(&self, at: u32) -> &[Edge] {
        self.states.get(at as usize).map_or(&[], Vec::as_slice)
    }

    /// The states after a character.
    pub(super) fn step(&self, from: &[u32], before: Before, letter: char) -> Vec<u32> {
        let code = u32::from(letter);
        let mut next: BTreeSet<u32> = BTreeSet::new();
        for at in self.closed(from, before, Some(letter)) {
            for edge in self.edges(at) {
                if let Edge::On(class, to) = edge
                    && class.iter().any(|(low, high)| (*low..=*high).contains(&code))
                {
                    next.insert(number(*to));
                }
            }
        }
        next.into_iter().collect()
    }

    /// Whether a text may end here.
    pub(super) fn ends(&self, from: &[u32], before: Before) -> bool {
        self.closed(from, before, None).contains(&number(self.end))
    }

    /// Whether what it looks at is more than the character itself.
    pub(super) fn looks(&self) -> bool {
        let edges = self.states.iter().flatten();
        edges
            .filter(|edge| !matches!(edge, Edge::Look(Look::Start | Look::End, _)))
            .any(|edge| matches!(edge, Edge::Look(..)))
    }

    /// Where ranges of characters begin and end that it tells apart.
    pub(super) fn cuts(&self, into: &mut BTreeSet<u32>) {
        for edge in self.states.iter().flatten() {
            if let Edge::On(class, _) = edge {
                into.extend(class.iter().flat_map(|(low, high)| [*low, high + 1]));
            }
        }
        if self.looks() {
            into.extend(WORD.iter().flat_map(|(low, high)| [*low, high + 1]));
            into.extend([0x0A, 0x0B, 0x0D, 0x0E]);
        }
    }
}

fn number(state: usize) -> u32 {
    u32::try_from(state).unwrap_or(u32::MAX)
}

impl Look {
    fn fits(self, before: Before, after: Option<char>) -> bool {
        let word = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        };
        let (left, right) = (word(before), word(after));
        match self {
            Self::Start => before.is_none(),
            Self::End => after.is_none(),
            Self::LineStart => before.is_none() || before == Some('\n'),
            Self::LineEnd => after.is_none() || after == Some('\n'),
            Self::Edge => left != right,
            Self::NoEdge => left == right,
            Self::WordStart => !left && right,
            Self::WordEnd => left && !right,
            Self::NoWordBefore => !left,
            Self::NoWordAfter => !right,
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Flags {
    either_case: bool,
    lines: bool,
    dot_is_all: bool,
}

struct Builder {
    states: Vec<Vec<Edge>>,
    flags: Flags,
}

impl Builder {
    fn state(&mut self) -> Option<usize> {
        self.states.push(Vec::new());
        (self.states.len() <= LARGEST).then_some(self.states.len() - 1)
    }

    fn edge(&mut self, from: usize, edge: Edge) {
        if let Some(edges) = self.states.get_mut(from) {
            edges.push(edge);
        }
    }

    fn on(&mut self, from: usize, class: Class) -> Option<usize> {
        let to = self.state()?;
        self.edge(from, Edge::On(class, to));
        Some(to)
    }

    /// Adds what matches an expression after a state; the state after it.
    fn add(&mut self, ast: &Ast, from: usize) -> Option<usize> {
        match ast {
            Ast::Empty(_) => Some(from),
            Ast::Flags(set) => {
                self.set(&set.flags)?;
                Some(from)
            }
            Ast::Literal(literal) => {
                let code = u32::from(literal.c);
                let class = self.folded(vec![(code, code)]);
                self.on(from, class)
            }
            Ast::Dot(_) if self.flags.dot_is_all => self.on(from, EVERY.to_vec()),
            Ast::Dot(_) => self.on(from, without(&[(0x0A, 0x0A)])),
            Ast::Assertion(assertion) => {
                let look = self.look(&assertion.kind);
                let to = self.state()?;
                self.edge(from, Edge::Look(look, to));
                Some(to)
            }
            Ast::ClassPerl(class) => self.on(from, perl(class)),
            Ast::ClassBracketed(class) => {
                let class = self.bracketed(class)?;
                self.on(from, class)
            }
            Ast::ClassUnicode(_) => None,
            Ast::Repetition(repetition) => self.repeated(repetition, from),
            Ast::Group(group) => {
                let before = self.flags;
                if let ast::GroupKind::NonCapturing(flags) = &group.kind {
                    self.set(flags)?;
                }
                let to = self.add(&group.ast, from)?;
                self.flags = before;
                Some(to)
            }
            Ast::Alternation(parts) => {
                let to = self.state()?;
                let before = self.flags;
                for part in &parts.asts {
                    let first = self.state()?;
                    self.edge(from, Edge::Silent(first));
                    let last = self.add(part, first)?;
                    self.edge(last, Edge::Silent(to));
                }
                self.flags = before;
                Some(to)
            }
            Ast::Concat(parts) => parts.asts.iter().try_fold(from, |at, part| self.add(part, at)),
        }
    }

    fn repeated(&mut self, repetition: &ast::Repetition, from: usize) -> Option<usize> {
        let (least, most) = match &repetition.op.kind {
            ast::RepetitionKind::ZeroOrOne => (0, Some(1)),
            ast::RepetitionKind::ZeroOrMore => (0, None),
            ast::RepetitionKind::OneOrMore => (1, None),
            ast::RepetitionKind::Range(range) => match *range {
                ast::RepetitionRange::Exactly(times) => (times, Some(times)),
                ast::RepetitionRange::AtLeast(times) => (times, None),
                ast::RepetitionRange::Bounded(least, most) => (least, Some(most)),
            },
        };
        let mut at = from;
        for _ in 0..least {
            at = self.add(&repetition.ast, at)?;
        }
        let end = self.state()?;
        self.edge(at, Edge::Silent(end));
        let Some(most) = most else {
            let first = self.state()?;
            self.edge(at, Edge::Silent(first));
            let last = self.add(&repetition.ast, first)?;
            self.edge(last, Edge::Silent(first));
            self.edge(last, Edge::Silent(end));
            return Some(end);
        };
        for _ in least..most {
            let first = self.state()?;
            self.edge(at, Edge::Silent(first));
            at = self.add(&repetition.ast, first)?;
            self.edge(at, Edge::Silent(end));
        }
        Some(end)
    }

    fn look(&self, kind: &ast::AssertionKind) -> Look {
        use ast::AssertionKind as Kind;
        match kind {
            Kind::StartLine if self.flags.lines => Look::LineStart,
            Kind::StartLine | Kind::StartText => Look::Start,
            Kind::EndLine if self.flags.lines => Look::LineEnd,
            Kind::EndLine | Kind::EndText => Look::End,
            Kind::WordBoundary => Look::Edge,
            Kind::NotWordBoundary => Look::NoEdge,
            Kind::WordBoundaryStart | Kind::WordBoundaryStartAngle => Look::WordStart,
            Kind::WordBoundaryEnd | Kind::WordBoundaryEndAngle => Look::WordEnd,
            Kind::WordBoundaryStartHalf => Look::NoWordBefore,
            Kind::WordBoundaryEndHalf => Look::NoWordAfter,
        }
    }

    /// Sets flags; `None` for one whose meaning is not known here.
    fn set(&mut self, flags: &ast::Flags) -> Option<()> {
        let mut on = true;
        for item in &flags.items {
            match item.kind {
                ast::FlagsItemKind::Negation => on = false,
                ast::FlagsItemKind::Flag(flag) => match flag {
                    ast::Flag::CaseInsensitive => self.flags.either_case = on,
                    ast::Flag::MultiLine => self.flags.lines = on,
                    ast::Flag::DotMatchesNewLine => self.flags.dot_is_all = on,
                    ast::Flag::SwapGreed | ast::Flag::IgnoreWhitespace => {}
                    ast::Flag::Unicode | ast::Flag::CRLF => return None,
                },
            }
        }
        Some(())
    }

    fn folded(&self, mut class: Class) -> Class {
        if self.flags.either_case {
            for at in 0..class.len() {
                let Some(&(low, high)) = class.get(at) else { continue };
                for (from, to, shift) in [(0x41, 0x5A, 0x20_i64), (0x61, 0x7A, -0x20)] {
                    let (low, high) = (low.max(from), high.min(to));
                    let moved = |code: u32| u32::try_from(i64::from(code) + shift).unwrap_or(code);
                    if low <= high {
                        class.push((moved(low), moved(high)));
                    }
                }
            }
        }
        class
    }

    fn bracketed(&self, class: &ast::ClassBracketed) -> Option<Class> {
        let ast::ClassSet::Item(item) = &class.kind else { return None };
        let found = self.folded(self.item(item)?);
        Some(if class.negated { without(&found) } else { found })
    }

    fn item(&self, item: &ast::ClassSetItem) -> Option<Class> {
        Some(match item {
            ast::ClassSetItem::Empty(_) => Vec::new(),
            ast::ClassSetItem::Literal(literal) => {
                vec![(u32::from(literal.c), u32::from(literal.c))]
            }
            ast::ClassSetItem::Range(range) => {
                vec![(u32::from(range.start.c), u32::from(range.end.c))]
            }
            ast::ClassSetItem::Ascii(class) => ascii(class),
            ast::ClassSetItem::Perl(class) => perl(class),
            ast::ClassSetItem::Unicode(_) => return None,
            ast::ClassSetItem::Bracketed(class) => self.bracketed(class)?,
            ast::ClassSetItem::Union(union) => {
                let parts: Option<Vec<Class>> =
                    union.items.iter().map(|item| self.item(item)).collect();
                parts?.concat()
            }
        })
    }
}

fn perl(class: &ast::ClassPerl) -> Class {
    let ranges = match class.kind {
        ast::ClassPerlKind::Digit => DIGIT,
        ast::ClassPerlKind::Space => BLANK,
        ast::ClassPerlKind::Word => WORD,
    };
    if class.negated { without(ranges) } else { ranges.to_vec() }
}

fn ascii(class: &ast::ClassAscii) -> Class {
    use ast::ClassAsciiKind as Kind;
    let fits = |code: u8| match class.kind {
        Kind::Alnum => code.is_ascii_alphanumeric(),
        Kind::Alpha => code.is_ascii_alphabetic(),
        Kind::Ascii => true,
        Kind::Blank => matches!(code, b' ' | b'\t'),
        Kind::Cntrl => code.is_ascii_control(),
        Kind::Digit => code.is_ascii_digit(),
        Kind::Graph => code.is_ascii_graphic(),
        Kind::Lower => code.is_ascii_lowercase(),
        Kind::Print => code.is_ascii_graphic() || code == b' ',
        Kind::Punct => code.is_ascii_punctuation(),
        Kind::Space => matches!(code, 9..=13 | b' '),
        Kind::Upper => code.is_ascii_uppercase(),
        Kind::Word => code.is_ascii_alphanumeric() || code == b'_',
        Kind::Xdigit => code.is_ascii_hexdigit(),
    };
    let found: Class =
        (0..128_u8).filter(|code| fits(*code)).map(|code| (code.into(), code.into())).collect();
    if class.negated { without(&found) } else { found }
}

/// All characters but these.
fn without(class: &[(u32, u32)]) -> Class {
    let mut left = EVERY.to_vec();
    for (low, high) in class {
        left = left
            .into_iter()
            .flat_map(|(from, to)| {
                let below = low.checked_sub(1).map(|end| (from, to.min(end)));
                let above = (from.max(high + 1), to);
                below.into_iter().chain([above]).filter(|(from, to)| from <= to)
            })
            .collect();
    }
    left
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn matches(pattern: &Pattern, text: &str) -> bool {
        let mut states = vec![0];
        let mut before = None;
        for letter in text.chars() {
            states = pattern.step(&states, before, letter);
            before = Some(letter);
        }
        pattern.ends(&states, before)
    }

    #[test]
    fn patterns_are_read_as_the_evaluator_reads_them() {
        let texts = [
            "", "a", "b", "A", "ab", "aab", "abab", "a b", "0", "05", "00000", "文", "文a", "_",
            " ", "\n", "a\nb", "é", "K", "\u{212A}", "３", "a-b", "{", "Ab9",
        ];
        for written in [
            "",
            "a",
            "a+",
            "(a|b)*",
            "a{2,3}b?",
            r"\d+",
            r"\D",
            r"\w*",
            r"\W",
            r"\s",
            r"\S+",
            ".",
            ".*",
            "(?s).*",
            "(?i)ab",
            "(?i)[^a]",
            "(?i)k",
            "[a-c]{1,2}",
            "[^0-9]+",
            "[[:alpha:]]+",
            r"[\d_]",
            r"\bab\b",
            r"a\b.*",
            r".*\Bb",
            "^a$",
            "a^b",
            "(?m)a$\n^b",
            "(?x) a  b # c",
            r"\{",
            "(?:ab)+|0",
            "[文a]+",
            "(?i:A)b",
            "a|",
            "(a*)*",
            "[-a]+",
            r"\x{6587}a?",
        ] {
            let own = Pattern::read(written).unwrap();
            let regex = regex_lite::Regex::new(&format!("^(?:{written})$"));
            for text in texts {
                let theirs = regex.as_ref().is_ok_and(|regex| regex.is_match(text));
                assert_eq!(matches(&own, text), theirs, "{written:?} {text:?}");
            }
        }
    }
}
