//! Words quoted, held against a text: without blanks, quotation marks and the width of signs; `…`
//! stands for anything.

use crate::value::text::narrow;
use crate::visible::is_hidden;

/// Where words differ from those of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What was quoted; empty where the text has more.
    pub quoted: String,
    /// What stands in the text; empty where it has nothing there.
    pub stands: String,
}

/// Signs that say nothing: quotation marks of all kinds.
const QUOTES: &str = "\"'“”‘’„「」『』〝〞«»";

/// Signs that a quotation may end with where the text goes on.
const ENDS: &str = ".,;:、!?";

/// The letters that are compared.
fn plain(text: &str) -> Vec<char> {
    let letters = text.chars().filter(|letter| !QUOTES.contains(*letter)).map(narrow);
    letters
        .filter(|letter| {
            !letter.is_whitespace() && !is_hidden(*letter) && !QUOTES.contains(*letter)
        })
        .collect()
}

/// A line without the number in brackets of the item that it is: `（一）`.
fn unmarked(line: &str) -> &str {
    let line = line.trim_start();
    let inner = line.strip_prefix(['(', '（']).unwrap_or("");
    let is_number =
        |letter: char| letter.is_numeric() || "零一二三四五六七八九十百".contains(letter);
    let rest = inner.trim_start_matches(is_number);
    let is_mark = rest.len() < inner.len();
    rest.strip_prefix([')', '）']).filter(|_| is_mark).unwrap_or(line)
}

/// Words to be looked for: parts with anything between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotation {
    parts: Vec<Vec<char>>,
    /// Whether the numbers of items are among them. Where not, those of the text do not count.
    has_marks: bool,
}

impl Quotation {
    /// Of what is written; `None` where it says nothing.
    #[must_use]
    pub fn new(written: &str) -> Option<Self> {
        let dots = written.replace("......", "…").replace("...", "…").replace('⋯', "…");
        let mut parts: Vec<Vec<char>> = dots.split('…').map(plain).collect();
        if let Some(last) = parts.last_mut() {
            while last.last().is_some_and(|letter| ENDS.contains(*letter)) {
                last.pop();
            }
        }
        parts.retain(|part| !part.is_empty());
        let begins = |at: usize| written.get(at..).is_some_and(|rest| unmarked(rest) != rest);
        let mut brackets = written.match_indices(['(', '（']);
        let has_marks = brackets.any(|(at, _)| begins(at));
        (!parts.is_empty()).then_some(Self { parts, has_marks })
    }

    /// The letters of a text that are compared.
    fn letters(&self, text: &str) -> Vec<char> {
        if self.has_marks {
            return plain(text);
        }
        text.lines().flat_map(|line| plain(unmarked(line))).collect()
    }

    /// Whether a text has the words.
    #[must_use]
    pub fn stands_in(&self, text: &str) -> bool {
        let text = self.letters(text);
        let mut from = 0;
        self.parts.iter().all(|part| {
            let rest = text.get(from..).unwrap_or(&[]);
            let at = rest.windows(part.len()).position(|window| window == part.as_slice());
            at.is_some_and(|at| {
                from += at + part.len();
                true
            })
        })
    }

    /// Where the words differ from those of a text that are most like them; empty where they are not
    /// alike.
    #[must_use]
    pub fn differences(&self, text: &str) -> Vec<Difference> {
        let text = self.letters(text);
        let stands =
            |part: &&Vec<char>| text.windows(part.len()).any(|window| window == part.as_slice());
        let odd = self.parts.iter().filter(|part| !stands(part));
        odd.flat_map(|part| align(part, &text)).collect()
    }
}

/// Most cells of the table that two texts are aligned in.
const CELLS: usize = 16_000_000;

/// A step of an alignment.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Same,
    Other,
    /// A letter that only the quotation has.
    More,
    /// A letter that only the text has.
    Less,
    Start,
}

/// Where a quotation differs from the part of a text that is most like it: the least edits, the
/// text's beginning and end being free.
fn align(quoted: &[char], text: &[char]) -> Vec<Difference> {
    let width = text.len() + 1;
    if (quoted.len() + 1).saturating_mul(width) > CELLS {
        return Vec::new();
    }
    let mut costs: Vec<u32> = vec![0; width];
    let mut steps: Vec<Step> = vec![Step::Start; width];
    for letter in quoted {
        let mut row = Vec::with_capacity(width);
        let above = |at: usize| costs.get(at).copied().unwrap_or(u32::MAX - 1);
        row.push(above(0) + 1);
        steps.push(Step::More);
        for (at, other) in text.iter().enumerate() {
            let same = letter == other;
            // A letter does not stand for a sign.
            let is_alike = letter.is_alphanumeric() == other.is_alphanumeric();
            let across = above(at) + if same { 0 } else { 2 - u32::from(is_alike) };
            let down = above(at + 1) + 1;
            let beside = row.last().copied().unwrap_or(0) + 1;
            let least = across.min(down).min(beside);
            let step = match () {
                () if across == least && same => Step::Same,
                () if across == least => Step::Other,
                () if down == least => Step::More,
                () => Step::Less,
            };
            row.push(least);
            steps.push(step);
        }
        costs = row;
    }
    let ends = costs.iter().enumerate().min_by_key(|(at, cost)| (**cost, *at));
    let Some((end, cost)) = ends else { return Vec::new() };
    // Of words that are mostly others nothing is said but that.
    if u64::from(*cost) * 2 > quoted.len() as u64 {
        return Vec::new();
    }
    runs(&back(&steps, width, (quoted.len(), end)), quoted, text)
}

/// The steps of the best alignment, in order, with the places in both.
fn back(steps: &[Step], width: usize, end: (usize, usize)) -> Vec<(Step, usize, usize)> {
    let (mut row, mut column) = end;
    let mut path = Vec::new();
    while row > 0 {
        let step = steps.get(row * width + column).copied().unwrap_or(Step::Start);
        match step {
            Step::Same | Step::Other => (row, column) = (row - 1, column.saturating_sub(1)),
            Step::More => row -= 1,
            Step::Less => column = column.saturating_sub(1),
            Step::Start => break,
        }
        path.push((step, row, column));
    }
    path.reverse();
    path
}

/// Edits that stand together, as one difference.
fn runs(path: &[(Step, usize, usize)], quoted: &[char], text: &[char]) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let mut is_open = false;
    for (step, row, column) in path {
        if *step == Step::Same {
            is_open = false;
            continue;
        }
        if !std::mem::replace(&mut is_open, true) {
            found.push(Difference { quoted: String::new(), stands: String::new() });
        }
        let Some(last) = found.last_mut() else { continue };
        if matches!(step, Step::Other | Step::More) {
            last.quoted.extend(quoted.get(*row));
        }
        if matches!(step, Step::Other | Step::Less) {
            last.stands.extend(text.get(*column));
        }
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn stands(quoted: &str, text: &str) -> bool {
        Quotation::new(quoted).unwrap().stands_in(text)
    }

    #[test]
    fn blanks_marks_and_width_do_not_count() {
        let text = "（一）馆藏“善本”，不得出借；\n（二）其他。";
        for quoted in [
            "馆藏善本,不得出借",
            "馆藏 “善本”， 不得出借。",
            "(一)馆藏「善本」，不得出借；（二）其他",
            "馆藏…出借",
            "馆藏......其他。",
        ] {
            assert!(stands(quoted, text), "{quoted}");
        }
        for quoted in ["馆藏善本，可以出借", "出借…馆藏", "馆藏善本不得出借"]
        {
            assert!(!stands(quoted, text), "{quoted}");
        }
        assert_eq!(Quotation::new("“…”"), None);
    }

    #[test]
    fn what_differs_is_told() {
        let told = |quoted: &str, text: &str| {
            let found = Quotation::new(quoted).unwrap().differences(text);
            found.iter().map(|one| format!("{}→{}", one.quoted, one.stands)).collect::<Vec<_>>()
        };
        let text = "第一款。职务科技成果转化后，由完成单位给予奖励和报酬。第二款。";
        assert_eq!(told("植物科技成果转化后，由完成单位给予奖励", text), ["植物→职务"]);
        assert_eq!(told("科技成果转化，由完成单位给予奖励和报酬", text), ["→后"]);
        assert_eq!(told("科技成果转化后，应由完成单位…报酬", text), ["应→"]);
        assert!(told("完全是另外的一句话", text).is_empty());
    }
}
