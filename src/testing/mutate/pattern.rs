//! Patterns: one of several alternatives dropped.

use regex_syntax::ast::{Ast, parse::Parser};

/// A pattern without one of its alternatives: what was dropped, and what is left. None for what is
/// no pattern. The letters of a class stand for one another and are left alone.
#[must_use]
pub fn without_one(pattern: &str) -> Vec<(String, String)> {
    let mut dropped = Vec::new();
    if let Ok(ast) = Parser::new().parse(pattern) {
        walk(&ast, &mut dropped);
    }
    let cut = |(part, whole): ((usize, usize), (usize, usize))| {
        let (head, tail) = (pattern.get(..whole.0)?, pattern.get(whole.1..)?);
        Some((pattern.get(part.0..part.1)?.to_owned(), format!("{head}{tail}")))
    };
    dropped.into_iter().filter_map(cut).collect()
}

/// For each part that can be dropped its own bytes, and those that go with it.
type Cuts = Vec<((usize, usize), (usize, usize))>;

fn walk(ast: &Ast, found: &mut Cuts) {
    let span = |ast: &Ast| (ast.span().start.offset, ast.span().end.offset);
    match ast {
        Ast::Alternation(alternation) => {
            let parts: Vec<(usize, usize)> = alternation.asts.iter().map(span).collect();
            for (at, part) in parts.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|at| parts.get(at));
                // The sign goes with it: the one before, or for the first the one after.
                let whole = match (before, parts.get(at + 1)) {
                    (Some(before), _) => (before.1, part.1),
                    (None, Some(after)) => (part.0, after.0),
                    (None, None) => continue,
                };
                found.push((*part, whole));
            }
            alternation.asts.iter().for_each(|part| walk(part, found));
        }
        Ast::Concat(concat) => concat.asts.iter().for_each(|part| walk(part, found)),
        Ast::Group(group) => walk(&group.ast, found),
        Ast::Repetition(repetition) => walk(&repetition.ast, found),
        Ast::ClassBracketed(_)
        | Ast::Empty(_)
        | Ast::Flags(_)
        | Ast::Literal(_)
        | Ast::Dot(_)
        | Ast::Assertion(_)
        | Ast::ClassUnicode(_)
        | Ast::ClassPerl(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::without_one;

    #[test]
    fn each_alternative() {
        let left = |pattern: &str| -> Vec<String> {
            without_one(pattern).into_iter().map(|(_, left)| left).collect()
        };
        assert_eq!(left(".*(甲|乙|丙).*"), [".*(乙|丙).*", ".*(甲|丙).*", ".*(甲|乙).*"]);
        assert_eq!(left("a|b"), ["b", "a"]);
        assert_eq!(left("甲(乙(丙|丁))?"), ["甲(乙(丁))?", "甲(乙(丙))?"]);
        assert!(["[甲乙0-9]+", "[0-9]{18}", "("].into_iter().all(|one| left(one).is_empty()));
    }
}
