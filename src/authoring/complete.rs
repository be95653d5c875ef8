//! What may be written at a place: by the word before it.

use super::answer::{Completion, Edit, What};
use super::hover::{doc_of, keyword_said, kind_words};
use super::index::{Declaration, Id};
use super::sight::{Sight, Stand};
use super::view::View;
use super::word::kind_of;
use crate::builtin;
use crate::diagnostic::Bilingual;
use crate::schema::{EnumId, FrameId, Names, Type};
use crate::syntax::keyword::{KEYWORDS, Keyword, Role};
use crate::syntax::tree::Language;
use crate::syntax::word;
use std::ops::Range;
use std::path::Path;

impl View {
    /// What may be written at a byte: behind 凡 and 的 what sentences speak of, behind a modal what
    /// can be required, behind a point what a row has, behind a relation the values of an enum, with
    /// the 使用 of names that are not yet in sight.
    #[must_use]
    pub fn complete(&self, path: &Path, offset: usize) -> Vec<Completion> {
        let Some(module) = self.module(path) else { return Vec::new() };
        let Some(sight) = self.sight(module, offset) else { return Vec::new() };
        let mut list =
            List { view: self, module, replaces: sight.replaces.clone(), all: Vec::new() };
        match &sight.stand {
            Stand::Nothing => {}
            Stand::Line => list.keywords(|own| {
                matches!(own.role, Role::Declaration | Role::Part) || is_whenever(own)
            }),
            Stand::Use => list.modules(),
            Stand::Type => {
                list.types();
                list.declared(&[What::Enum, What::Table]);
            }
            Stand::Member(frame) => list.members(*frame),
            Stand::Values(id) => {
                list.values(*id);
                list.subject(&sight);
            }
            Stand::Demand => {
                let all = self.policy().program.decisions.iter();
                let own =
                    all.filter(|one| sight.frames.is_empty() || sight.frames.contains(&one.frame));
                let mut enums: Vec<EnumId> = own.map(|decision| decision.dispositions).collect();
                enums.sort();
                enums.dedup();
                enums.into_iter().for_each(|id| list.values(id));
            }
            Stand::Whenever => {
                list.declared(&[What::Table]);
                list.lists();
                list.conditions();
                list.subject(&sight);
            }
            Stand::Subject => {
                list.declared(&[What::Table]);
                list.lists();
            }
            Stand::Modal => {
                list.keywords(|own| own.role == Role::Reserved && begins_requirement(own));
                list.subject(&sight);
                list.functions();
                list.declared(&[What::Parameter, What::Process]);
            }
            Stand::Sentence => {
                list.subject(&sight);
                list.declared(&[What::Parameter, What::Table, What::Process]);
                list.functions();
                list.keywords(|own| own.role == Role::Reserved);
            }
        }
        list.done()
    }
}

/// Whether a sentence begins with a keyword.
fn is_whenever(keyword: &Keyword) -> bool {
    keyword.english.first().is_some_and(|word| word.starts_with("whenever"))
}

/// Whether what is required may begin with it.
fn begins_requirement(keyword: &Keyword) -> bool {
    const FIRST: [&str; 24] = [
        "has",
        "lacks",
        "not",
        "is",
        "is not",
        "exceeds",
        "at most",
        "below",
        "at least",
        "before",
        "after",
        "not before",
        "not after",
        "in",
        "not in",
        "contains",
        "starts with",
        "ends with",
        "matches",
        "between",
        "be",
        "this",
        "if",
        "any of the following",
    ];
    keyword.english.first().is_some_and(|word| FIRST.contains(word))
}

/// The completions of one place.
struct List<'v> {
    view: &'v View,
    module: usize,
    replaces: Range<usize>,
    all: Vec<Completion>,
}

impl List<'_> {
    fn language(&self) -> Language {
        self.view.language(self.module)
    }

    fn add(
        &mut self,
        (label, text): (String, String),
        kind: What,
        detail: Bilingual,
        also: Vec<Edit>,
    ) {
        if label.is_empty() || self.all.iter().any(|own| own.label == label && own.kind == kind) {
            return;
        }
        let replaces = self.replaces.clone();
        self.all.push(Completion { label, kind, detail, text, replaces, also });
    }

    /// Those that are not exactly what is there, what is in sight first.
    fn done(mut self) -> Vec<Completion> {
        let typed = self.view.source(self.module);
        let typed = typed.and_then(|source| source.text.get(self.replaces.clone())).unwrap_or("");
        self.all.retain(|own| own.label != typed);
        self.all.sort_by_key(|own| !own.also.is_empty());
        self.all
    }

    fn keywords(&mut self, wanted: impl Fn(&Keyword) -> bool) {
        let language = self.language();
        for keyword in KEYWORDS.iter().filter(|own| wanted(own)) {
            let Some(word) = keyword.words(language).first() else { continue };
            let word = (*word).to_owned();
            self.add((word.clone(), word), kind_of(keyword), keyword_said(keyword), Vec::new());
        }
    }

    fn builtin(&mut self, (zh, en): (&str, &str), kind: What, detail: Bilingual) {
        let word = if self.language() == Language::Chinese { zh } else { en }.to_owned();
        self.add((word.clone(), word), kind, detail, Vec::new());
    }

    fn types(&mut self) {
        for (_, zh, en) in builtin::TYPES {
            self.builtin((zh, en), What::Type, Bilingual::new(*zh, *en));
        }
        let many: fn(&Keyword) -> bool = |own| own.english.first() == Some(&"many");
        self.keywords(many);
    }

    fn functions(&mut self) {
        for (zh, en) in builtin::words() {
            let is_type = builtin::TYPES.iter().any(|(_, own, _)| *own == zh);
            if is_type || builtin::ELEMENT.0 == zh {
                continue;
            }
            let detail = doc_of(zh)
                .map_or_else(|| Bilingual::new(en, zh), |(zh, en)| Bilingual::new(zh, en));
            self.builtin((zh, en), What::Function, detail);
        }
    }

    fn modules(&mut self) {
        let seen = self.view.seen(self.module);
        let modules = self.view.policy().program.modules.iter().enumerate();
        let others: Vec<Names> = modules
            .filter(|(at, _)| !seen.contains(at))
            .map(|(_, module)| module.names.clone())
            .collect();
        for names in others {
            let detail = Bilingual::new(names.en(), names.zh());
            self.name(&names, What::Policy, detail, Vec::new());
        }
    }

    fn name(&mut self, names: &Names, kind: What, detail: Bilingual, also: Vec<Edit>) {
        let name = self.language().called(names);
        self.add((name.to_owned(), word::in_expression(name)), kind, detail, also);
    }

    /// What is declared at the top of files, in sight or not.
    fn declared(&mut self, kinds: &[What]) {
        let view = self.view;
        let seen = view.seen(self.module);
        for (id, declared) in view.index().declarations.iter().enumerate() {
            if declared.owner.is_some() || !kinds.contains(&declared.kind) {
                continue;
            }
            let in_sight = seen.contains(&(declared.span.file.0 as usize));
            self.declaration(id, declared, in_sight);
        }
    }

    fn declaration(&mut self, id: Id, declared: &Declaration, in_sight: bool) {
        let also = match in_sight {
            true => Vec::new(),
            false => self.view.use_of(self.module, id).map(|(_, edits)| edits).unwrap_or_default(),
        };
        let names = Names {
            name: declared.names.name.text.as_str().into(),
            alias: declared.names.alias.as_ref().map(|alias| alias.text.as_str().into()),
        };
        let (zh, en) = kind_words(declared.kind);
        let other = match self.language() {
            Language::Chinese => names.en().to_owned(),
            Language::English => names.zh().to_owned(),
        };
        let detail = Bilingual::new(format!("{zh} {other}"), format!("{en} {other}"));
        self.name(&names, declared.kind, detail, also);
    }

    /// Lists that sentences may speak of: `书.章`.
    fn lists(&mut self) {
        let view = self.view;
        let (schema, seen) = (view.policy().schema(), view.seen(self.module));
        for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
            let root = schema.frame(schema.root(id));
            let Some((root, _)) = root.zip(frame.parent) else { continue };
            if frame.plain || !seen.contains(&(root.span.file.0 as usize)) {
                continue;
            }
            let mut path = vec![frame];
            while let Some((parent, _)) = path.last().and_then(|frame| frame.parent) {
                path.extend(schema.frame(parent));
            }
            let language = self.language();
            let names = path.iter().rev().map(|frame| language.called(&frame.names));
            let path = names.collect::<Vec<_>>().join(".");
            let detail = Bilingual::new("列表", "list");
            self.add((path.clone(), path), What::Field, detail, Vec::new());
        }
    }

    /// Conditions that have a name.
    fn conditions(&mut self) {
        let view = self.view;
        let seen = view.seen(self.module);
        let definitions = view.policy().program.definitions.iter();
        let own = definitions
            .filter(|own| own.ty == Type::Boolean && seen.contains(&(own.span.file.0 as usize)));
        for definition in own {
            let of = view.policy().schema().frame(definition.frame).map(|frame| &frame.names);
            let (zh, en) = of.map_or(("", ""), |names| (names.zh(), names.en()));
            let detail = Bilingual::new(format!("{zh} 的定义"), format!("definition of {en}"));
            self.name(&definition.names, What::Definition, detail, Vec::new());
        }
    }

    /// What the rows have that a sentence is about; where it does not say which, of all tables.
    fn subject(&mut self, sight: &Sight) {
        let frames = match sight.frames.is_empty() {
            false => sight.frames.clone(),
            true => {
                let seen = self.view.seen(self.module);
                let frames = (0..).map(FrameId).zip(&self.view.policy().schema().frames);
                let own = frames.filter(|(_, frame)| seen.contains(&(frame.span.file.0 as usize)));
                own.map(|(id, _)| id).collect()
            }
        };
        frames.into_iter().for_each(|frame| self.members(frame));
    }

    /// What a row has: fields and definitions.
    fn members(&mut self, frame: FrameId) {
        let view = self.view;
        let (policy, seen) = (view.policy(), view.seen(self.module));
        let Some(found) = policy.schema().frame(frame) else { return };
        for field in &found.fields {
            let (zh, en) = view.type_said(field.ty);
            self.name(&field.names, What::Field, Bilingual::new(zh, en), Vec::new());
        }
        let own = policy
            .program
            .definitions
            .iter()
            .filter(|own| own.frame == frame && seen.contains(&(own.span.file.0 as usize)));
        for definition in own {
            let (zh, en) = view.type_said(definition.ty);
            self.name(&definition.names, What::Definition, Bilingual::new(zh, en), Vec::new());
        }
    }

    /// The values of an enum.
    fn values(&mut self, id: EnumId) {
        let Some(enumeration) = self.view.policy().schema().enumeration(id) else { return };
        let of = Bilingual::new(enumeration.names.zh(), enumeration.names.en());
        for value in &enumeration.values {
            self.name(&value.names, What::Value, of.clone(), Vec::new());
        }
    }
}
