//! What stands behind a sentence: the text it cites, and the words it was divided into.

use super::{Teller, both, maybe};
use crate::authoring::{Cuts, ProvisionText};
use crate::visible::visible;
use serde_json::{Value, json};
use std::path::Path;

/// The text behind a citation, in parts: before what a rule realises, that, and after.
pub(in crate::studio) fn provision(teller: &mut Teller<'_>, found: &ProvisionText) -> Value {
    let sentence = found.sentence.clone().unwrap_or(0..0);
    let part = |range: std::ops::Range<usize>| found.text.get(range).unwrap_or_default().to_owned();
    let after = part(sentence.end..found.text.len());
    let whence = found.whence.as_ref().map(|at| teller.at(at));
    json!({
        "title": visible(&found.title),
        "place": visible(&found.place),
        "parts": [part(0..sentence.start), part(sentence), after],
        "whence": whence,
        "remark": maybe(found.remark.as_ref()),
    })
}

/// A sentence as it was divided.
pub(in crate::studio) fn cuts(teller: &mut Teller<'_>, path: &Path, found: &Cuts) -> Value {
    let Some(ruler) = teller.ruler(path) else { return Value::Null };
    let text = teller.look.text(path).unwrap_or_default();
    let word = |word: &crate::authoring::CutWord| {
        json!({
            "span": ruler.span(&word.span),
            "text": visible(text.get(word.span.clone()).unwrap_or_default()),
            "kind": format!("{:?}", word.kind).to_lowercase(),
            "said": both(&word.said),
        })
    };
    json!({
        "span": ruler.span(&found.span),
        "together": found.together,
        "words": found.words.iter().map(word).collect::<Vec<_>>(),
    })
}
