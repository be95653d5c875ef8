//! Where names of policies stand outside of them: in cases, in the manifest, in the headings of
//! data.

mod json;
mod sheet;
mod text;
mod toml;

pub(super) use text::{Quoted, quoted};

use super::answer::{KnownKind, Location};
use super::index::Id;
use super::view::View;
use crate::data::Format;
use crate::engine::Policy;
use crate::schema::{EnumId, Field, FieldId, Frame, FrameId, Type};
use crate::text::Span;
use crate::workspace::format_of;
use std::path::Path;

/// A name of a policy outside of it.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The name itself.
    pub location: Location,
    /// Of what.
    pub id: Id,
    /// As it is written, without quotation marks.
    pub name: String,
    /// How it is written there.
    pub quoted: Quoted,
}

/// Files that mention names and cannot be changed as texts, with what is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// A workbook.
    Workbook,
    /// A text that is no UTF-8.
    Encoding,
}

/// What is found of one file.
#[derive(Default)]
pub(super) struct Found {
    /// The names.
    pub mentions: Vec<Mention>,
    /// Why there may be others.
    pub closed: Option<Closed>,
}

impl View {
    /// The names in a file that is no policy.
    pub(super) fn outside_of(&self, path: &Path, kind: KnownKind) -> Found {
        let text = match kind {
            KnownKind::Workbook => None,
            _ => self.read(path),
        };
        let names = Names { view: self, policy: self.policy() };
        let Some(text) = text else {
            let closed = match kind {
                KnownKind::Workbook => Some(Closed::Workbook),
                KnownKind::Data => Some(Closed::Encoding),
                _ => None,
            };
            return Found { mentions: Vec::new(), closed };
        };
        let mentions = match kind {
            KnownKind::Cases => toml::cases(&names, path, &text),
            KnownKind::Manifest => toml::manifest(&names, path, &text),
            KnownKind::Data => self.data(&names, path, &text),
            KnownKind::Policy | KnownKind::Workbook | KnownKind::Text => Vec::new(),
        };
        Found { mentions, closed: None }
    }

    /// The names in a data file, for each table that it is read for.
    fn data(&self, names: &Names<'_>, path: &Path, text: &str) -> Vec<Mention> {
        let entries = self.project().manifest.data.iter();
        let own = entries
            .filter(|entry| self.fitting(&entry.file).iter().any(|file| self.is_same(file, path)));
        let mut found: Vec<Mention> = Vec::new();
        for entry in own {
            let Some(frame) = names.frame_path(&entry.table) else { continue };
            let at = (path, text);
            let read = match format_of(&path.to_string_lossy()) {
                Some(Format::Toml) => toml::data(names, at, frame),
                Some(Format::Json | Format::JsonLines) => json::data(names, at, frame),
                Some(Format::Csv) => sheet::data(names, at, frame, &entry.mapping),
                _ => Vec::new(),
            };
            let is_new = |own: &Mention| !found.iter().any(|old| old.location == own.location);
            let read: Vec<Mention> = read.into_iter().filter(is_new).collect();
            found.extend(read);
        }
        found
    }

    /// The name at a byte of a file that is no policy.
    pub(super) fn outside_at(&self, path: &Path, offset: usize) -> Option<Mention> {
        let known = self.files().into_iter().find(|known| self.is_same(&known.path, path))?;
        let found = self.outside_of(&known.path, known.kind).mentions;
        found
            .into_iter()
            .find(|own| own.location.span.start <= offset && offset <= own.location.span.end)
    }
}

/// Names as files that are no policies write them.
pub(super) struct Names<'v> {
    view: &'v View,
    policy: &'v Policy,
}

impl Names<'_> {
    fn id(&self, span: Span) -> Option<Id> {
        self.view.index().declared_at(span)
    }

    /// A table by a name.
    fn table(&self, name: &str) -> Option<(FrameId, Id)> {
        let (frame, found) =
            self.policy.schema().tables().find(|(_, frame)| frame.names.matches(name))?;
        Some((frame, self.id(found.span)?))
    }

    /// A table, or a list in one: `case.log`.
    fn frame_path(&self, path: &str) -> Option<FrameId> {
        let mut parts = path.split('.');
        let mut frame = self.table(parts.next()?)?.0;
        for part in parts {
            frame = self.list(frame, part)?;
        }
        Some(frame)
    }

    /// A list of a table.
    fn list(&self, frame: FrameId, name: &str) -> Option<FrameId> {
        match self.field(frame, name)?.1.ty {
            Type::List(list) => Some(list),
            _ => None,
        }
    }

    /// A field by one of its names.
    fn field(&self, frame: FrameId, name: &str) -> Option<(FieldId, &Field, Option<Id>)> {
        let fields = &self.frame(frame)?.fields;
        let (id, field) =
            (0..).map(FieldId).zip(fields).find(|(_, field)| field.names.matches(name))?;
        Some((id, field, self.id(field.span)))
    }

    fn frame(&self, frame: FrameId) -> Option<&Frame> {
        self.policy.schema().frame(frame)
    }

    /// A value of an enum by one of its names.
    fn value(&self, enumeration: EnumId, name: &str) -> Option<Id> {
        let values = &self.policy.schema().enumeration(enumeration)?.values;
        self.id(values.iter().find(|value| value.names.matches(name))?.span)
    }

    /// A parameter.
    fn parameter(&self, name: &str) -> Option<Id> {
        let mut all = self.policy.program.parameters.iter();
        self.id(all.find(|own| own.names.matches(name))?.span)
    }

    /// An article, as `article` of cases and waivers names it.
    fn article(&self, module: usize, name: &str) -> Option<Id> {
        let found = crate::testing::engine::article(self.policy, module, name)?;
        let article = self.policy.program.article(found)?;
        self.id(article.span).or_else(|| {
            let declarations = &self.view.index().declarations;
            declarations.iter().position(|own| own.names.name.span.end == article.span.end)
        })
    }

    /// The parts of a path that name something: `书.章.题`, `章[0].题`; with what each is.
    fn path(&self, path: &str, from: Option<FrameId>) -> Vec<(std::ops::Range<usize>, Id)> {
        let (mut found, mut frame, mut at) = (Vec::new(), from, 0);
        for (number, part) in path.split('.').enumerate() {
            let name = part.split('[').next().unwrap_or(part);
            let span = at..at + name.len();
            at += part.len() + 1;
            if number == 0 && from.is_none() {
                let Some((table, id)) = self.table(name) else { break };
                found.push((span, id));
                frame = Some(table);
                continue;
            }
            let Some((_, field, id)) = frame.and_then(|frame| self.field(frame, name)) else {
                break;
            };
            found.extend(id.map(|id| (span, id)));
            frame = match field.ty {
                Type::List(list) => Some(list),
                Type::Ref(table) => Some(table),
                _ => None,
            };
        }
        found
    }
}
