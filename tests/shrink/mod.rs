//! The smallest case that still differs: declarations, lines, conditions, rows and values left out
//! greedily.

use crate::compare::{Difference, compare};
use crate::generate::{Case, Part, Term, Ty};
use serde_json::Value as Json;

pub fn shrink(mut case: Case, mut difference: Difference) -> (Case, Difference) {
    if !difference.mistakes.is_empty() {
        return (case, difference);
    }
    loop {
        let smaller =
            candidates(&case).into_iter().find_map(|candidate| match compare(&candidate, 0) {
                Err(found) if found.mistakes.is_empty() => Some((candidate, found)),
                _ => None,
            });
        match smaller {
            Some((smaller, found)) => (case, difference) = (smaller, found),
            None => return (case, difference),
        }
    }
}

/// Cases with one thing fewer, the largest things first.
fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    let mut with = |change: &dyn Fn(&mut Case)| {
        let mut smaller = case.clone();
        change(&mut smaller);
        found.push(smaller);
    };
    for item in 0..case.items.len() {
        with(&|case| drop(case.items.remove(item)));
    }
    for (table, (_, rows)) in case.tables.iter().enumerate() {
        for row in 0..rows.len() {
            with(&|case| drop(case.tables[table].1.remove(row)));
        }
    }
    for (item, found) in case.items.iter().enumerate() {
        for line in 1..found.lines.len() {
            if found.lines.len() > found.needed {
                with(&|case| drop(case.items[item].lines.remove(line)));
            }
        }
        for (line, parts) in found.lines.iter().enumerate() {
            for smaller in parts_of(parts) {
                with(&|case| case.items[item].lines[line] = smaller.clone());
            }
        }
    }
    for (table, (_, rows)) in case.tables.iter().enumerate() {
        for (row, json) in rows.iter().enumerate() {
            for smaller in json_of(json) {
                with(&|case| case.tables[table].1[row] = smaller.clone());
            }
        }
    }
    for (frame, found) in
        case.schema.frames.iter().enumerate().filter(|(_, frame)| frame.name != "历")
    {
        for field in 0..found.fields.len() {
            let name = found.fields[field].name.clone();
            with(&|case| {
                case.schema.frames[frame].fields.remove(field);
                case.tables
                    .iter_mut()
                    .for_each(|(_, rows)| rows.iter_mut().for_each(|row| forget(row, &name)));
            });
        }
    }
    found
}

fn forget(json: &mut Json, name: &str) {
    match json {
        Json::Object(fields) => {
            fields.remove(name);
            fields.values_mut().for_each(|value| forget(value, name));
        }
        Json::Array(elements) => elements.iter_mut().for_each(|element| forget(element, name)),
        _ => {}
    }
}

/// The parts with one term made smaller.
fn parts_of(parts: &[Part]) -> Vec<Vec<Part>> {
    let mut found = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let Part::Term(term) = part else { continue };
        for smaller in terms_of(term) {
            let mut parts = parts.to_vec();
            parts[index] = Part::Term(smaller);
            found.push(parts);
        }
    }
    found
}

fn terms_of(term: &Term) -> Vec<Term> {
    let mut found = Vec::new();
    if term.ty == Ty::Boolean && term.parts.len() > 1 {
        found.extend(["是", "否"].map(|word| Term::new(Ty::Boolean, vec![word.into()])));
    }
    for part in &term.parts {
        if let Part::Term(inner) = part
            && inner.ty == term.ty
        {
            found.push(inner.clone());
        }
    }
    found.extend(parts_of(&term.parts).into_iter().map(|parts| Term::new(term.ty, parts)));
    found
}

/// The value with one field or element fewer.
fn json_of(json: &Json) -> Vec<Json> {
    let mut found = Vec::new();
    match json {
        Json::Object(fields) => {
            for name in fields.keys().filter(|name| *name != "号") {
                let mut fewer = fields.clone();
                fewer.remove(name);
                found.push(Json::Object(fewer));
            }
            for (name, value) in fields {
                for smaller in json_of(value) {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), smaller);
                    found.push(Json::Object(fields));
                }
            }
        }
        Json::Array(elements) => {
            for index in 0..elements.len() {
                let mut fewer = elements.clone();
                fewer.remove(index);
                found.push(Json::Array(fewer));
            }
            for (index, element) in elements.iter().enumerate() {
                for smaller in json_of(element) {
                    let mut elements = elements.clone();
                    elements[index] = smaller;
                    found.push(Json::Array(elements));
                }
            }
        }
        _ => {}
    }
    found
}
