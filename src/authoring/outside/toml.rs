//! Names in TOML: cases, the manifest, data.

use super::text::{Form, Quoted};
use super::{Mention, Names};
use crate::authoring::answer::Location;
use crate::authoring::index::Id;
use crate::schema::{EnumId, FrameId, Type};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Key<'d> = Spanned<Cow<'d, str>>;
type Value<'d> = Spanned<DeValue<'d>>;

/// Collects the names of one file.
struct Reader<'n, 'v> {
    names: &'n Names<'v>,
    path: &'n Path,
    text: &'n str,
    found: Vec<Mention>,
    /// In a case with `with`: which enum the value of a placeholder is of.
    placeholders: BTreeMap<String, EnumId>,
}

impl Reader<'_, '_> {
    fn add(&mut self, span: Range<usize>, says: &str, parts: &[(Range<usize>, Id)]) {
        let raw = self.text.get(span.clone()).unwrap_or("");
        // Where the piece says what it is written as, each name has its own place.
        let plain = raw.find(says).filter(|_| !raw.contains('\\'));
        for (part, id) in parts {
            let Some(name) = says.get(part.clone()) else { continue };
            let own = match plain {
                Some(from) => span.start + from + part.start..span.start + from + part.end,
                None => span.clone(),
            };
            let path = self.path.to_owned();
            self.found.push(Mention {
                location: Location { path, span: own, cell: None },
                id: *id,
                name: name.to_owned(),
                quoted: Quoted {
                    form: Form::Toml,
                    span: span.clone(),
                    says: says.to_owned(),
                    part: part.clone(),
                },
            });
        }
    }

    fn whole(&mut self, span: Range<usize>, says: &str, id: Option<Id>) {
        if let Some(id) = id {
            self.add(span, says, &[(0..says.len(), id)]);
        }
    }

    /// A table's name as a key, with the rows behind it.
    fn table(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let Some((frame, id)) = self.names.table(key.get_ref()) else { return };
        self.whole(key.span(), key.get_ref(), Some(id));
        self.rows(value, frame);
    }

    /// Rows, or one.
    fn rows(&mut self, value: &Value<'_>, frame: FrameId) {
        match value.get_ref() {
            DeValue::Array(several) => several.iter().for_each(|one| self.rows(one, frame)),
            DeValue::Table(table) => self.row(table, frame),
            _ => {}
        }
    }

    fn row(&mut self, table: &DeTable<'_>, frame: FrameId) {
        for (key, value) in table {
            let Some((_, field, id)) = self.names.field(frame, key.get_ref()) else { continue };
            let ty = field.ty;
            self.whole(key.span(), key.get_ref(), id);
            self.value(value, ty);
        }
    }

    fn value(&mut self, value: &Value<'_>, ty: Type) {
        match (value.get_ref(), ty) {
            (_, Type::List(list)) => {
                let plain = self.names.frame(list).filter(|list| list.plain);
                let element = plain.and_then(|list| list.fields.first()).map(|field| field.ty);
                match (element, value.get_ref()) {
                    (Some(ty), DeValue::Array(several)) => {
                        several.iter().for_each(|one| self.value(one, ty));
                    }
                    _ => self.rows(value, list),
                }
            }
            (DeValue::String(text), Type::Enum(id)) => {
                let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
                if let Some(name) = name {
                    self.placeholders.insert(name.to_owned(), id);
                }
                self.whole(value.span(), text, self.names.value(id, text));
            }
            _ => {}
        }
    }

    /// Texts that are paths.
    fn paths(&mut self, value: &Value<'_>, from: Option<FrameId>) {
        match value.get_ref() {
            DeValue::Array(several) => several.iter().for_each(|one| self.paths(one, from)),
            DeValue::String(text) => {
                let parts = self.names.path(text, from);
                self.add(value.span(), text, &parts);
            }
            _ => {}
        }
    }

    /// An article's name, or several: the last part of `policy.article` is its own.
    fn articles(&mut self, value: &Value<'_>, module: usize) {
        match value.get_ref() {
            DeValue::Array(several) => several.iter().for_each(|one| self.articles(one, module)),
            DeValue::String(text) => {
                let Some(id) = self.names.article(module, text) else { return };
                let declared = self.names.view.index().get(id);
                let own = |name: &str| text.ends_with(name);
                let name = declared.and_then(|declared| {
                    declared.names.iter().map(|name| &name.text).find(|name| own(name))
                });
                if let Some(name) = name {
                    let part = text.len() - name.len()..text.len();
                    self.add(value.span(), text, &[(part, id)]);
                }
            }
            _ => {}
        }
    }

    fn parameters(&mut self, value: &Value<'_>) {
        for (key, _) in value.get_ref().as_table().into_iter().flatten() {
            self.whole(key.span(), key.get_ref(), self.names.parameter(key.get_ref()));
        }
    }

    fn case(&mut self, table: &DeTable<'_>, module: usize) {
        self.placeholders.clear();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" | "why" | "as_of" | "with" => {}
                "parameters" => self.parameters(value),
                "expect" => tables(value).into_iter().for_each(|own| self.expect(own, module)),
                _ => self.table(key, value),
            }
        }
        let with = table.get("with").map(tables).unwrap_or_default();
        for (key, value) in with.into_iter().flatten() {
            let of = self.placeholders.get(key.get_ref().as_ref()).copied();
            match (of, value.get_ref()) {
                (Some(of), DeValue::String(_)) => self.value(value, Type::Enum(of)),
                (_, DeValue::Table(_)) => self.table(key, value),
                _ => {}
            }
        }
    }

    fn expect(&mut self, table: &DeTable<'_>, module: usize) {
        const OWN: [&str; 5] = ["path", "article", "outcome", "demanded", "because"];
        let subject = table.keys().find(|key| !OWN.contains(&key.get_ref().as_ref()));
        let frame = subject.and_then(|key| self.names.table(key.get_ref()));
        if let (Some(key), Some((_, id))) = (subject, frame) {
            self.whole(key.span(), key.get_ref(), Some(id));
        }
        let frame = frame.map(|(frame, _)| frame);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "article" => self.articles(value, module),
                "path" | "because" => {
                    if let Some(frame) = frame {
                        self.paths(value, Some(frame));
                    }
                }
                "demanded" => {
                    let own = |decision: &&crate::program::Decision| {
                        Some(self.names.policy.schema().root(decision.frame)) == frame
                    };
                    let decision = self.names.policy.program.decisions.iter().find(own);
                    if let Some(of) = decision.map(|decision| decision.dispositions) {
                        self.value(value, Type::Enum(of));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The tables in a value: one, or several in an array.
fn tables<'d>(value: &'d Value<'d>) -> Vec<&'d DeTable<'d>> {
    match value.get_ref() {
        DeValue::Table(table) => vec![table],
        DeValue::Array(several) => several.iter().flat_map(tables).collect(),
        _ => Vec::new(),
    }
}

fn read<'n, 'v>(names: &'n Names<'v>, path: &'n Path, text: &'n str) -> Reader<'n, 'v> {
    Reader { names, path, text, found: Vec::new(), placeholders: BTreeMap::new() }
}

/// The names in the cases of a policy.
pub(super) fn cases(names: &Names<'_>, path: &Path, text: &str) -> Vec<Mention> {
    let (root, _) = DeTable::parse_recoverable(text);
    let policy = crate::authoring::case::policy_of(path);
    let module = names.view.module(&policy).unwrap_or(usize::MAX);
    let mut reader = read(names, path, text);
    for (key, value) in root.get_ref() {
        match key.get_ref().as_ref() {
            "given" | "default" => {
                for (key, value) in value.get_ref().as_table().into_iter().flatten() {
                    reader.table(key, value);
                }
            }
            "parameters" => reader.parameters(value),
            "case" => tables(value).into_iter().for_each(|own| reader.case(own, module)),
            _ => {}
        }
    }
    reader.found
}

/// The names in the manifest.
pub(super) fn manifest(names: &Names<'_>, path: &Path, text: &str) -> Vec<Mention> {
    let (root, _) = DeTable::parse_recoverable(text);
    let mut reader = read(names, path, text);
    for (key, value) in root.get_ref() {
        let inner = || tables(value).into_iter().flatten();
        match key.get_ref().as_ref() {
            "data" => {
                for (key, value) in inner() {
                    let parts = names.path(key.get_ref(), None);
                    reader.add(key.span(), key.get_ref(), &parts);
                    headings(&mut reader, names.frame_path(key.get_ref()), value);
                }
            }
            "texts" | "sql" => {
                for (key, _) in inner() {
                    let id = names.table(key.get_ref()).map(|(_, id)| id);
                    reader.whole(key.span(), key.get_ref(), id);
                }
            }
            "parameters" => reader.parameters(value),
            "review" | "round" | "correction" => {
                let own = ["by", "tables", "fields"];
                inner()
                    .filter(|(key, _)| own.contains(&key.get_ref().as_ref()))
                    .for_each(|(_, value)| reader.paths(value, None));
                let rows = inner().filter(|(key, _)| key.get_ref() == "rows");
                rows.for_each(|(_, value)| reader.paths(value, None));
            }
            "waiver" => {
                for (key, value) in inner() {
                    match key.get_ref().as_ref() {
                        "article" => reader.articles(value, usize::MAX),
                        "table" => reader.paths(value, None),
                        _ => {}
                    }
                }
            }
            "project" => {
                let policies = inner().find(|(key, _)| key.get_ref() == "policies");
                for (key, value) in
                    policies.into_iter().flat_map(|(_, value)| tables(value)).flatten()
                {
                    if ["articles", "except"].contains(&key.get_ref().as_ref()) {
                        reader.articles(value, usize::MAX);
                    }
                }
            }
            _ => {}
        }
    }
    reader.found
}

/// The fields that headings of a file are read as: `headings = { "…" = "field" }`.
fn headings(reader: &mut Reader<'_, '_>, frame: Option<FrameId>, value: &Value<'_>) {
    let Some(frame) = frame else { return };
    for table in tables(value) {
        let own = ["headings", "columns", "fill"];
        let entries = own.iter().filter_map(|key| table.get(*key));
        for entry in entries {
            for (_, field) in entry.get_ref().as_table().into_iter().flatten() {
                reader.paths(field, Some(frame));
            }
            if entry.get_ref().is_array() {
                reader.paths(entry, Some(frame));
            }
        }
    }
}

/// The names in data: `[[table]]`, or the fields of a table of one row.
pub(super) fn data(names: &Names<'_>, (path, text): (&Path, &str), frame: FrameId) -> Vec<Mention> {
    let (root, _) = DeTable::parse_recoverable(text);
    let mut reader = read(names, path, text);
    let root = root.get_ref();
    let own = root.iter().find(|(key, _)| {
        names.frame(frame).is_some_and(|frame| frame.names.matches(key.get_ref()))
    });
    match own {
        Some((key, value)) if value.get_ref().is_array() => {
            let id = names.frame(frame).and_then(|frame| names.id(frame.span));
            reader.whole(key.span(), key.get_ref(), id);
            reader.rows(value, frame);
        }
        _ => reader.row(root, frame),
    }
    reader.found
}
