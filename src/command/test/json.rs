//! The format `json`: `fanshi.tests/1`, one object.

use super::{Outcome, Tested, junit, percent};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::report::Options;
use crate::syntax::tree::Language;
use crate::testing::coverage::{Coverage, Point};
use crate::testing::mutate::{Fate, Mutant};
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
        "broken": outcome.count(Status::Broken),
        "errors": words.diagnostics(&outcome.diagnostics),
        "policies": outcome.tested.iter().map(|tested| words.policy(tested)).collect::<Vec<_>>(),
        "without_cases": outcome.bare,
        "mutation": words.mutation(outcome),
    });
    serde_json::to_writer_pretty(&mut *out, &object)?;
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
                "status": match result.status {
                    Status::Passed => "passed",
                    Status::Failed => "failed",
                    Status::Broken => "broken",
                },
                "place": place(&result.place),
                "differences": self.diagnostics(&result.diagnostics),
            })
        });
        json!({
            "policy": tested.policy,
            "errors": self.diagnostics(&tested.diagnostics),
            "cases": cases.collect::<Vec<_>>(),
            "left_out": tested.left_out,
            "coverage": tested.coverage.as_ref().map(|coverage| self.coverage(coverage)),
        })
    }

    fn diagnostics(&self, diagnostics: &[Diagnostic]) -> Vec<Value> {
        let one = |diagnostic: &Diagnostic| {
            json!({
                "code": diagnostic.code,
                "message": self.say(&diagnostic.message),
                "help": diagnostic.help.as_ref().map(|help| self.say(help)),
                "labels": diagnostic.labels.iter().map(|label| json!({ "place": place(&label.place), "text": self.say(&label.text) })).collect::<Vec<_>>(),
            })
        };
        diagnostics.iter().map(one).collect()
    }

    fn coverage(&self, coverage: &Coverage) -> Value {
        let point = |point: &Point| {
            let (seen, sides) = point.sides();
            json!({ "kind": point.kind.code(), "place": place(&point.place), "seen": seen, "sides": sides, "holds_in": point.yes, "fails_in": point.no })
        };
        let articles = coverage.articles.iter().map(|article| {
            json!({
                "article": article.name,
                "heading": self.say(&article.heading),
                "covered": article.is_covered(),
                "points": article.points.iter().map(point).collect::<Vec<_>>(),
            })
        });
        let share = |(seen, all): (usize, usize)| json!({ "seen": seen, "of": all, "percent": percent((seen, all)) });
        json!({ "articles": share(coverage.articles()), "conditions": share(coverage.conditions()), "by_article": articles.collect::<Vec<_>>() })
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
                "place": place(&mutant.place),
                "fate": match mutant.fate {
                    Fate::Noticed => "noticed",
                    Fate::Survived => "survived",
                    Fate::Equivalent => "equivalent",
                    Fate::Rejected => "rejected",
                },
            })
        };
        let mutants = outcome.mutated.iter().flat_map(|mutated| mutated.mutants.iter().map(move |found| mutant(&mutated.file, found)));
        json!({ "noticed": noticed, "of": all, "percent": percent((noticed, all)), "mutants": mutants.collect::<Vec<_>>() })
    }
}

fn place(place: &Place) -> Value {
    json!({ "file": &*place.file, "line": junit::line(place) })
}
