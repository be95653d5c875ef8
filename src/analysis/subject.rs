//! What a sentence speaks of.

use super::{Analyzer, Error};
use crate::diagnostic::Bilingual;
use crate::program::DefinitionId;
use crate::schema::{FrameId, Names, Type};
use crate::syntax::tree::Path;
use crate::text::Span;
use crate::value::text::name_form;

/// Which rows a sentence speaks of: a frame, and a definition that picks some of its rows.
pub(super) struct SubjectRows {
    pub(super) frame: FrameId,
    pub(super) class: Option<DefinitionId>,
    pub(super) span: Span,
}

impl Analyzer<'_> {
    /// A table, a nested list, or a condition defined on one.
    pub(super) fn subject(&mut self, module: usize, path: &Path) -> Option<SubjectRows> {
        if let Some(frame) = self.find_frame(module, path) {
            return Some(SubjectRows { frame, class: None, span: path.span });
        }
        if let [name] = path.names.as_slice() {
            let found = self
                .computed
                .iter()
                .filter(|((_, known), _)| *known == name_form(&name.text))
                .flat_map(|(_, ids)| ids.iter().copied());
            let mut seen: Vec<DefinitionId> =
                found.filter(|id| self.sees_definition(module, *id)).collect();
            seen.sort();
            if let [only] = seen.as_slice()
                && self.definition(*only) == Some(Type::Boolean)
            {
                if let Some(pending) = self.pending.get_mut(only.0 as usize) {
                    pending.used = true;
                }
                let definition = self.program.definition(*only)?;
                let (frame, names) = (definition.frame, definition.names.clone());
                let declared = definition.span;
                self.refer_to(name.span, &names, declared);
                return Some(SubjectRows { frame, class: Some(*only), span: path.span });
            }
        }
        let owners = self.owners(module, path);
        if let [_, _, ..] = owners.as_slice() {
            let list = |pick: fn(&Names) -> &str, pause| {
                owners.iter().map(pick).collect::<Vec<_>>().join(pause)
            };
            let owners = Bilingual::new(list(Names::zh, "、"), list(Names::en, ", "));
            self.report(Error::AmbiguousSubject {
                text: self.slice(path.span),
                owners,
                span: path.span,
            });
        } else if !self.is_mostly(path) {
            self.frame_path(module, path);
        }
        None
    }

    /// The tables and lists in which a plain name is a nested list or a condition.
    fn owners(&self, module: usize, path: &Path) -> Vec<Names> {
        let [name] = path.names.as_slice() else { return Vec::new() };
        let schema = &self.program.schema;
        let conditions =
            self.computed.iter().filter(|((_, known), _)| *known == name_form(&name.text));
        let conditions = conditions
            .filter(|(_, ids)| ids.iter().any(|id| self.sees_definition(module, *id)))
            .map(|((frame, _), _)| *frame);
        let lists = schema
            .frames
            .iter()
            .filter(|frame| frame.names.matches(&name.text))
            .filter_map(|frame| frame.parent);
        let mut frames: Vec<FrameId> = conditions.chain(lists.map(|(parent, _)| parent)).collect();
        frames.sort();
        frames.dedup();
        frames
            .into_iter()
            .filter_map(|frame| schema.frame(frame))
            .map(|frame| frame.names.clone())
            .collect()
    }
}
