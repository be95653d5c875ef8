//! A list that stands in one cell as its declaration says: one element after the other, each as a
//! pattern has it, or citations.

use super::Target;
use super::plan::Plan;
use crate::builtin::citation::Part;
use crate::data::event::Scalar;
use crate::data::fault::{At, Fault, Found, Unfit};
use crate::data::names::shorten;
use crate::schema::{Field, Frame};
use crate::syntax::citation::{Written, citations};
use regex_lite::Regex;
use std::ops::Range;

/// What an element is like.
#[derive(Clone, Debug)]
pub enum ElementPattern {
    /// As a pattern has it.
    Pattern {
        /// An element at the beginning of a text.
        pattern: Regex,
        /// The groups of the pattern that are fields of the element, by their numbers.
        groups: Vec<(usize, usize)>,
    },
    /// A citation.
    Citation,
}

/// One element: where it stands, and its fields with their places.
struct Element {
    whole: Range<usize>,
    fields: Vec<(usize, Range<usize>)>,
}

/// What may stand between elements, besides blanks and line ends.
const BETWEEN: [char; 3] = ['；', ';', '、'];

impl ElementPattern {
    /// As a list field declares it; `None` where it does not.
    #[must_use]
    pub fn new(field: &Field, list: &Frame) -> Option<Self> {
        if list.citations.is_some() {
            return Some(Self::Citation);
        }
        let pattern = Regex::new(&format!("^(?:{})", field.written.as_deref()?)).ok()?;
        let names = pattern.capture_names().enumerate();
        let called = |name: &str| list.fields.iter().position(|field| field.names.matches(name));
        let groups: Vec<(usize, usize)> =
            names.filter_map(|(at, name)| Some((at, called(name?)?))).collect();
        let whole = list.plain && groups.is_empty();
        Some(Self::Pattern { pattern, groups: if whole { vec![(0, 0)] } else { groups } })
    }

    /// The elements of a text.
    ///
    /// # Errors
    /// Where something is left that is no element: its place.
    fn elements(&self, text: &str) -> Result<Vec<Element>, Range<usize>> {
        let Self::Pattern { pattern, groups } = self else { return cited(text) };
        let (mut from, mut found) = (0, Vec::new());
        loop {
            let rest = text.get(from..).unwrap_or("");
            let bare = rest.trim_start_matches(|c: char| c.is_whitespace() || BETWEEN.contains(&c));
            from += rest.len() - bare.len();
            if bare.is_empty() {
                return Ok(found);
            }
            let captures = pattern.captures(bare);
            let Some((whole, captures)) = captures
                .as_ref()
                .and_then(|captures| Some((captures.get(0)?, captures)))
                .filter(|(whole, _)| !whole.is_empty())
            else {
                return Err(from..text.len());
            };
            let field = |&(group, field): &(usize, usize)| {
                let part = captures.get(group)?;
                let bare = part.as_str().trim();
                let start = from + part.start();
                let start = start + (part.as_str().len() - part.as_str().trim_start().len());
                (!bare.is_empty()).then_some((field, start..start + bare.len()))
            };
            let fields = groups.iter().filter_map(field).collect();
            found.push(Element { whole: from..from + whole.end(), fields });
            from += whole.end();
        }
    }

    /// Gives the elements of a text to a list; where something in it is none, the list is not known.
    /// `place` is where a part of the text stands.
    pub fn give<T: Target>(
        &self,
        (at, child): (At, usize),
        text: &str,
        place: impl Fn(&Range<usize>) -> Range<usize>,
        target: &mut T,
    ) {
        let elements = match self.elements(text) {
            Ok(elements) => elements,
            Err(rest) => {
                let found = Found::Text(shorten(text.get(rest.clone()).unwrap_or("").trim()));
                let unfit = match self {
                    Self::Pattern { .. } => Unfit::Pattern,
                    Self::Citation => Unfit::Citation,
                };
                let fault = Fault::Unfit { at, unfit, found, nearest: None };
                target.fault(place(&rest), fault);
                return target.give_up(at);
            }
        };
        if target.list(at, place(&(0..text.len()))) {
            open(elements, child, text, place, target);
        }
    }

    /// Gives the elements of a text that is itself one of the elements of a list.
    pub fn give_more<T: Target>(
        &self,
        (at, child): (At, usize),
        text: &str,
        place: impl Fn(&Range<usize>) -> Range<usize>,
        target: &mut T,
    ) {
        match self.elements(text) {
            Ok(elements) => open(elements, child, text, place, target),
            Err(rest) => {
                let found = Found::Text(shorten(text.get(rest.clone()).unwrap_or("").trim()));
                let fault = Fault::Unfit { at, unfit: Unfit::Citation, found, nearest: None };
                target.fault(place(&rest), fault);
                target.forget(at);
            }
        }
    }
}

/// Gives the citations of a text that stands among the elements of a list of them; false where the
/// list is of something else, or what stands there is no text.
pub fn is_element<T: Target>(
    plan: &Plan,
    list: usize,
    (value, span): (Scalar<'_>, &Range<usize>),
    target: &mut T,
) -> bool {
    let parent = plan.frame(list).and_then(|shape| shape.parent);
    let Some((frame, field)) = parent else { return false };
    let written = plan.field(frame, field).and_then(|field| field.written.as_deref());
    let (Some(written @ ElementPattern::Citation), Scalar::Text(text)) = (written, value) else {
        return false;
    };
    written.give_more((At { frame, field }, list), text, |_| span.clone(), target);
    true
}

/// The citations of a text.
fn cited(text: &str) -> Result<Vec<Element>, Range<usize>> {
    let element = |written: Written| {
        let parts = [
            (Part::Label, written.label),
            (Part::Title, written.title),
            (Part::Place, written.place),
            (Part::Words, written.words),
        ];
        let fields = parts.into_iter().filter_map(|(part, at)| Some((part.index(), at?))).collect();
        Element { whole: written.whole, fields }
    };
    Ok(citations(text)?.into_iter().map(element).collect())
}

/// Gives elements.
fn open<T: Target>(
    elements: Vec<Element>,
    child: usize,
    text: &str,
    place: impl Fn(&Range<usize>) -> Range<usize>,
    target: &mut T,
) {
    for Element { whole, fields } in elements {
        target.open(child, place(&whole));
        for (field, part) in fields {
            let value = Scalar::Text(text.get(part.clone()).unwrap_or(""));
            target.value(At { frame: child, field }, value, place(&part));
        }
        target.close(child, place(&whole).end);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of<'t>(pattern: &str, text: &'t str) -> Result<Vec<&'t str>, &'t str> {
        let written =
            ElementPattern::Pattern { pattern: Regex::new(pattern).unwrap(), groups: vec![(1, 0)] };
        let part = |range: Range<usize>| text.get(range).unwrap_or("");
        let elements = written.elements(text).map_err(part)?;
        Ok(elements.into_iter().flat_map(|found| found.fields).map(|(_, at)| part(at)).collect())
    }

    #[test]
    fn all_of_a_text_is_elements_and_what_stands_between_them() {
        let pattern = "^(?:《([^》]*)》[^《\\n；]*)";
        assert_eq!(of(pattern, "《甲》第一条：略\n《乙 》；《丙》"), Ok(vec!["甲", "乙", "丙"]));
        assert_eq!(of(pattern, " \n"), Ok(vec![]));
        assert_eq!(of(pattern, "《甲》\n见附件"), Err("见附件"));
        assert_eq!(of("^(?:(x*))", "y"), Err("y"));
    }
}
