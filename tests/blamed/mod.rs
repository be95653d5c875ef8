//! Taking a blamed fact away: the finding must go, or become undetermined.

use crate::compare::engine;
use crate::generate::{Case, FieldType, Ty};
use fanshi::finding::{Evidence, Finding, Role};
use fanshi::place::At;
use serde_json::Value as Json;

/// A blamed fact: the table, its row, and the keys and indices that lead to the value.
#[derive(Clone, Debug, PartialEq)]
pub struct Blamed {
    pub table: usize,
    pub row: usize,
    pub path: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Field(String),
    Element(usize),
}

/// A finding that a row is violated, with its facts.
pub struct Sample {
    pub case: Case,
    pub finding: Finding,
    pub facts: Vec<Blamed>,
    /// How many findings there are of its row by its clause: one for each subject of a sentence
    /// that names several.
    alike: usize,
}

/// The violated findings of a case.
pub fn samples(case: &Case, name: &str) -> Vec<Sample> {
    let mut found = Vec::new();
    let kept = engine(case, name, |finding| {
        if finding.outcome == fanshi::finding::Outcome::Violated {
            let data = finding.evidence.iter().filter(|evidence| evidence.role == Role::Data);
            let facts = data.filter_map(|evidence| fact(case, evidence));
            let facts = facts
                .filter(|fact| !is_membership(case, fact) && !is_subject(case, fact))
                .collect();
            found.push(Sample { case: case.clone(), finding, facts, alike: 0 });
        }
    });
    kept.expect("a program that compiles");
    for at in 0..found.len() {
        let one = &found[at].finding;
        found[at].alike = found.iter().filter(|other| is_alike(&other.finding, one)).count();
    }
    found
}

/// A reference of a table's row puts it in a list of the row it refers to; without it the row is in
/// no list, and the list is another one.
fn is_membership(case: &Case, fact: &Blamed) -> bool {
    let [Step::Field(name)] = &fact.path[..] else { return false };
    let frame = case.schema.frames.iter().find(|frame| frame.name == case.tables[fact.table].0);
    let reference =
        |field: &crate::generate::Field| matches!(field.ty, FieldType::Plain(Ty::Ref(_)));
    frame.is_some_and(|frame| {
        frame.fields.iter().any(|field| field.name == *name && reference(field))
    })
}

/// The element a finding is about, shown where no fact of it decided.
fn is_subject(case: &Case, fact: &Blamed) -> bool {
    value(&case.tables[fact.table].1[fact.row], &fact.path).is_object()
}

fn value<'j>(row: &'j Json, path: &[Step]) -> &'j Json {
    path.iter().fold(row, |at, step| match step {
        Step::Field(name) => &at[name.as_str()],
        Step::Element(index) => &at[*index],
    })
}

/// The fact at an evidence's place; none where what is blamed is that nothing was given.
fn fact(case: &Case, evidence: &Evidence) -> Option<Blamed> {
    if evidence.label.zh.contains("没有填") {
        return None;
    }
    let At::Text { from, start, end, .. } = evidence.place.at else { return None };
    let table =
        case.tables.iter().position(|(name, _)| *evidence.place.file == format!("{name}.jsonl"))?;
    let (row, rows) = (from.line - 1, &case.tables[table].1);
    let before: usize = rows[..row].iter().map(|row| row.to_string().len() + 1).sum();
    let (start, end) = (usize::try_from(start).ok()? - before, usize::try_from(end).ok()? - before);
    let mut at = 0;
    let path = walk(&rows[row], &mut at, (start, end))?;
    (!path.is_empty()).then_some(Blamed { table, row, path })
}

/// The way to the value that stands at these bytes of the compact text of a value; `at` is where it
/// begins.
fn walk(json: &Json, at: &mut usize, wanted: (usize, usize)) -> Option<Vec<Step>> {
    let begin = *at;
    let end = begin + json.to_string().len();
    if (begin, end) == wanted || (json.is_string() && (begin + 1, end - 1) == wanted) {
        return Some(Vec::new());
    }
    *at += 1;
    match json {
        Json::Object(fields) => {
            for (name, value) in fields {
                *at += Json::String(name.clone()).to_string().len() + 1;
                if let Some(mut path) = walk(value, at, wanted) {
                    path.insert(0, Step::Field(name.clone()));
                    return Some(path);
                }
                *at += 1;
            }
        }
        Json::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                if let Some(mut path) = walk(value, at, wanted) {
                    path.insert(0, Step::Element(index));
                    return Some(path);
                }
                *at += 1;
            }
        }
        _ => {}
    }
    *at = end;
    None
}

/// The case without a fact: an element of a plain list becomes unreadable, so that the others keep
/// their places; so does an optional field, whose absence would itself be a fact.
pub fn without(case: &Case, fact: &Blamed) -> Case {
    let mut case = case.clone();
    let row = &mut case.tables[fact.table].1[fact.row];
    // What lies in a list that is gone is gone with it.
    let at = fact.path.iter().try_fold(row, |at, step| match step {
        Step::Field(name) => at.get_mut(name.as_str()),
        Step::Element(index) => at.get_mut(*index),
    });
    if let Some(at) = at {
        *at = serde_json::json!({"坏": [1]});
    }
    case
}

/// The facts of a finding that do not matter. One matters where the finding goes without it, or
/// where it goes without it and others but stands without these alone: of seven elements that are
/// counted where five are allowed each is one of those that are too many, and of the row that comes
/// nearest to what is asked for all is shown that is otherwise.
pub fn idle<'s>(case: &Case, name: &str, sample: &'s Sample) -> Vec<&'s Blamed> {
    let goes = |facts: &[&Blamed]| {
        let less = facts.iter().fold(case.clone(), |case, fact| without(&case, fact));
        !stands(&less, name, sample)
    };
    let alone: Vec<&Blamed> = sample.facts.iter().filter(|fact| !goes(&[fact])).collect();
    let last = |fact: &Blamed, spared: Option<&Blamed>| {
        let mut gone: Vec<&Blamed> = Vec::new();
        for other in alone.iter().filter(|other| **other != fact && Some(**other) != spared) {
            gone.push(other);
            if goes(&gone) {
                gone.pop();
            }
        }
        gone.push(fact);
        goes(&gone)
    };
    let spared = || std::iter::once(None).chain(alone.iter().map(|fact| Some(*fact)));
    alone.iter().filter(|fact| !spared().any(|spared| last(fact, spared))).copied().collect()
}

/// Whether the finding is still there, the same row by the same clause, and for no other reason: a
/// finding that had two reasons names the first, and without it must name something it did not name
/// before.
pub fn stands(case: &Case, name: &str, sample: &Sample) -> bool {
    let blamed = |case: &Case, finding: &Finding| -> Vec<(Option<Blamed>, String)> {
        let data = finding.evidence.iter().filter(|evidence| evidence.role == Role::Data);
        // What was not given has no place of its own: it is told apart by what is said of it.
        let label = |evidence: &Evidence| {
            if evidence.label.zh.contains("没有填") {
                evidence.label.zh.clone()
            } else {
                String::new()
            }
        };
        data.map(|evidence| (fact(case, evidence), label(evidence))).collect()
    };
    let finding = &sample.finding;
    let before = blamed(&sample.case, finding);
    let mut standing = 0;
    let said = engine(case, name, |other| {
        let reason = blamed(case, &other).iter().any(|fact| !before.contains(fact));
        standing += usize::from(is_alike(&other, finding) && !reason);
    });
    said.expect("a program that compiles");
    standing >= sample.alike
}

/// Whether both are violated, the same row by the same clause.
fn is_alike(one: &Finding, other: &Finding) -> bool {
    let clause = |finding: &Finding| {
        let policy = |evidence: &&Evidence| evidence.role == Role::Policy;
        finding.evidence.iter().rfind(policy).map(|evidence| evidence.place.clone())
    };
    one.outcome == other.outcome
        && one.article == other.article
        && one.subject == other.subject
        && clause(one) == clause(other)
}
