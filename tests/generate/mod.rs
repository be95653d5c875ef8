//! Random programs, well-typed by construction, and random rows for them.

mod condition;
mod correlated;
mod rows;
mod rule;
mod schema;
mod value;

pub use rows::rows;
#[allow(unused_imports, reason = "not every test needs all")]
pub use schema::{Field, FieldType, Schema, Ty};

use serde_json::Value as Json;

/// A small generator of numbers (xorshift64*): the same seed gives the same program everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        for _ in 0..4 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    pub fn word(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }
}

/// An expression as text, with its parts kept apart for the shrinker.
#[derive(Clone, Debug)]
pub struct Term {
    pub ty: Ty,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub enum Part {
    Text(String),
    Term(Term),
}

impl From<&str> for Part {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Part {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Term> for Part {
    fn from(term: Term) -> Self {
        Self::Term(term)
    }
}

impl Term {
    pub fn new(ty: Ty, parts: Vec<Part>) -> Self {
        Self { ty, parts }
    }

    pub fn text(&self) -> String {
        write(&self.parts)
    }
}

pub fn write(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| {
            if let Part::Text(text) = part {
                text.clone()
            } else if let Part::Term(term) = part {
                term.text()
            } else {
                String::new()
            }
        })
        .collect()
}

/// A declaration of the policy: its first line, and lines that may be left out.
#[derive(Clone, Debug)]
pub struct Item {
    pub lines: Vec<Vec<Part>>,
    /// How many lines it needs at least.
    pub needed: usize,
}

/// A program with rows.
#[derive(Clone, Debug)]
pub struct Case {
    pub schema: Schema,
    pub items: Vec<Item>,
    pub tables: Vec<(String, Vec<Json>)>,
    /// When the policy is in effect; always without.
    pub period: Option<String>,
}

impl Case {
    /// The program and the rows of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut schema = schema::schema(&mut random);
        let items = rule::items(&mut random, &mut schema);
        let tables = rows(&mut random, &schema);
        let periods = ["2010-01-01", "2010-01-01 至 2015-11-19", "2015-11-20 至 2015-11-20"];
        let period = random.chance(10).then(|| random.word(&periods).to_owned());
        Self { schema, items, tables, period }
    }

    pub fn vocabulary(&self) -> String {
        self.schema.text()
    }

    pub fn policy(&self) -> String {
        let period = self.period.iter().map(|period| format!(" 施行 {period}"));
        let mut text = format!("政策 策{}\n使用 词\n", period.collect::<String>());
        for item in &self.items {
            for line in &item.lines {
                text.push_str(&write(line));
                text.push('\n');
            }
        }
        text
    }

    /// A table's rows as JSON lines.
    pub fn lines(rows: &[Json]) -> String {
        rows.iter().map(|row| format!("{row}\n")).collect()
    }
}
