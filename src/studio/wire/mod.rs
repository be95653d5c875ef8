//! What the page is told, as JSON: sentences in both languages, places as an editor has them, and
//! nothing of what was read that could hide or turn round what is shown.

mod case;
mod glance;
mod record;
mod row;
mod ruler;
mod word;

pub(super) use case::{cases, flips};
pub(super) use glance::glance;
pub(super) use record::record;
pub(super) use row::{rows, verdicts};
pub(super) use ruler::Ruler;
pub(super) use word::{cuts, provision};

use super::desk::Look;
use crate::authoring::{Edit, Location, Told};
use crate::diagnostic::{Bilingual, Severity};
use crate::engine::{DecisionId, RuleId};
use crate::place::{At, Place};
use crate::program::ArticleId;
use crate::visible::visible;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A sentence in both languages.
pub(super) fn both(said: &Bilingual) -> Value {
    json!([visible(&said.zh), visible(&said.en)])
}

/// A sentence that may be missing.
pub(super) fn maybe(said: Option<&Bilingual>) -> Value {
    said.map_or(Value::Null, both)
}

/// What the page calls a rule.
pub(super) fn rule(id: RuleId) -> String {
    match id {
        RuleId::Article(ArticleId(number)) => format!("a{number}"),
        RuleId::Decision(DecisionId(number)) => format!("d{number}"),
    }
}

/// The rule that the page means.
pub(super) fn rule_of(word: &str) -> Option<RuleId> {
    let number = word.get(1..)?.parse().ok()?;
    match word.get(..1)? {
        "a" => Some(RuleId::Article(ArticleId(number))),
        "d" => Some(RuleId::Decision(DecisionId(number))),
        _ => None,
    }
}

/// Tells where things are, reading each file once.
pub(super) struct Teller<'l> {
    pub(super) look: &'l Look,
    rulers: BTreeMap<PathBuf, Option<Rc<Ruler>>>,
}

impl<'l> Teller<'l> {
    pub(super) fn new(look: &'l Look) -> Self {
        Self { look, rulers: BTreeMap::new() }
    }

    /// The lines of a file.
    pub(super) fn ruler(&mut self, path: &Path) -> Option<Rc<Ruler>> {
        if let Some(known) = self.rulers.get(path) {
            return known.clone();
        }
        let ruler = self.look.text(path).map(|text| Rc::new(Ruler::new(text)));
        self.rulers.insert(path.to_owned(), ruler.clone());
        ruler
    }

    /// A place in a file.
    pub(super) fn at(&mut self, at: &Location) -> Value {
        let name = self.look.name(&at.path);
        if let Some(cell) = &at.cell {
            return json!({"file": name, "cell": format!("{}!{}", cell.sheet, cell.cells)});
        }
        match self.ruler(&at.path) {
            Some(ruler) => {
                let line = ruler.line(at.span.start);
                json!({"file": name, "span": ruler.span(&at.span), "line": line})
            }
            None => json!({ "file": name }),
        }
    }

    /// A change of a text.
    pub(super) fn edit(&mut self, edit: &Edit) -> Value {
        let ruler = self.ruler(&edit.path);
        let span = ruler.map_or(json!([0, 0]), |ruler| ruler.span(&edit.span.range()));
        json!({"file": self.look.name(&edit.path), "span": span, "text": edit.text})
    }

    /// A mistake.
    pub(super) fn told(&mut self, told: &Told) -> Value {
        json!({
            "at": self.at(&told.at),
            "severity": severity(told.severity),
            "code": told.code,
            "message": both(&told.message),
            "help": maybe(told.help.as_ref()),
        })
    }
}

/// The word for how bad a mistake is.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Where something stands, for a person to find: with the line itself, and what is meant in it.
pub(super) fn place(place: &Place) -> Value {
    let at = match &place.at {
        At::File => String::new(),
        At::Text { from, .. } => format!("{}:{}", from.line, from.column),
        At::Cell { sheet, cell } => format!("{sheet}!{cell}"),
    };
    let line = match &place.at {
        At::Text { from, .. } => json!(from.line),
        At::File | At::Cell { .. } => Value::Null,
    };
    json!({"file": visible(&place.file), "at": visible(&at), "line": line})
}
