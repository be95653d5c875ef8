//! The format `json`: `fanshi.tests/1`, one object.

use super::{Outcome, Tested, percent};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::report::{self, Options};
use crate::syntax::tree::Language;
use crate::testing::coverage::{Coverage, Point};
use crate::testing::mutate::Mutant;
use crate::testing::suite::Status;
use serde_json::{Value, json};
use std::io::{Result, Write};

/// Writes the report; messages in the report's language.
pub(super) fn write(outcome: &Outcome, options: &Options, out: &mut impl Write) -> Result<()> {
    let words = Words { language: options.language };
    let object = json!({
        "format": "fanshi.tests/1",
        "passed": outcome.count(Status::Passed),
        "failed": outcome.count(Status::Failed),
        "errors": outcome.count(Status::Error),
        "diagnostics": words.diagnostics(&outcome.diagnostics),
        "policies": outcome.tested.iter().map(|tested| words.policy(tested)).collect::<Vec<_>>(),
        "without_cases": outcome.bare,
        "mutation": words.mutation(outcome),
    });
    crate::report::write_json_pretty(out, &object)?;
    writeln!(out)
}

struct Words {
    language: Language,
}

impl Words {
    fn say(&self, text: &Bilingual) -> String {
        if self.language == Language::Chinese { text.zh.clone() } else { text.en.clone() }
    }

    fn policy(&self, tested: &Tested) -> Value {
        let cases = tested.results.iter().map(|result| {
            json!({
                "name": result.name,
                "status": result.status.code(),
                "place": report::place_json(&result.place),
                "diagnostics": self.diagnostics(&result.diagnostics),
                "snapshot": result.change.as_ref().map(|change| json!({ "accepted": change.before,
                    "found": change.after })),
            })
        });
        json!({
            "policy": tested.policy,
            "project": tested.project,
            "uses": tested.taken.iter().map(|taken| json!({ "name": taken.name,
                "file": taken.file })).collect::<Vec<_>>(),
            "diagnostics": self.diagnostics(&tested.diagnostics),
            "cases": cases.collect::<Vec<_>>(),
            "left_out": tested.left_out,
            "coverage": tested.coverage.as_ref().map(|coverage| self.coverage(coverage)),
        })
    }

    fn diagnostics(&self, diagnostics: &[Diagnostic]) -> Vec<Value> {
        diagnostics
            .iter()
            .map(|diagnostic| report::diagnostic_json(diagnostic, self.language))
            .collect()
    }

    fn coverage(&self, coverage: &Coverage) -> Value {
        let point = |point: &Point| {
            let (seen, sides) = point.sides();
            json!({
                "kind": point.kind.code(),
                "place": report::place_json(&point.place),
                "seen": seen,
                "sides": sides,
                "holds_in": point.yes,
                "fails_in": point.no,
            })
        };
        let articles = coverage.articles.iter().map(|article| {
            json!({
                "article": article.name,
                "heading": self.say(&article.heading),
                "covered": article.is_covered(),
                "points": article.points.iter().map(point).collect::<Vec<_>>(),
            })
        });
        let share = |(seen, all): (usize, usize)| {
            json!({ "seen": seen, "of": all,
            "percent": percent((seen, all)) })
        };
        json!({ "articles": share(coverage.articles()), "conditions": share(coverage.conditions()),
            "by_article": articles.collect::<Vec<_>>() })
    }

    fn mutation(&self, outcome: &Outcome) -> Value {
        if outcome.mutated.is_empty() {
            return Value::Null;
        }
        let (noticed, all) = outcome.score();
        let mutant = |file: &str, mutant: &Mutant| {
            json!({
                "policy": file,
                "at": self.say(&mutant.at),
                "change": self.say(&mutant.change),
                "place": report::place_json(&mutant.place),
                "fate": mutant.fate.code(),
            })
        };
        let mutants = outcome.mutated.iter().flat_map(|mutated| {
            mutated.mutants.iter().map(move |found| mutant(&mutated.file, found))
        });
        json!({ "noticed": noticed, "of": all, "percent": percent((noticed, all)),
            "mutants": mutants.collect::<Vec<_>>() })
    }
}
