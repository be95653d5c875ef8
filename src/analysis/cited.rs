//! Fields of the type `引据`: lists of citations.

use super::{Analyzer, Error, Thing};
use crate::builtin::citation::{CITATION, PARTS, Part, STATES, State};
use crate::invariant::fit;
use crate::say;
use crate::schema::{
    CitationList, CitationSources, Enum, EnumId, EnumValue, Field, FieldId, Frame, FrameId, Names,
    Type,
};
use crate::syntax::tree::{FieldDecl, ModifierKind, Name};
use crate::text::Span;

/// Names of what the language has itself.
fn built_in((zh, en): (&str, &str)) -> Names {
    Names { name: zh.into(), alias: Some(en.into()) }
}

impl Analyzer<'_> {
    /// Whether a type is that of citations: a declared enum or table of the name goes before.
    pub(super) fn is_citation(&self, module: usize, name: &Name) -> bool {
        [CITATION.0, CITATION.1].contains(&&*name.text)
            && !matches!(self.thing(module, &name.text), Some(Thing::Enum(_) | Thing::Table(_)))
    }

    /// The frame of a list of citations gets its fields; that of the row cited when all tables are
    /// known.
    pub(super) fn citation_list(
        &mut self,
        module: usize,
        list: FrameId,
        decl: &FieldDecl,
        name: &Name,
    ) -> Type {
        self.refer(name.span, &built_in(CITATION));
        let states = self.citation_states(name.span);
        for (part, zh, en, ty, optional) in PARTS {
            let ty = match (part, ty) {
                (_, Some(ty)) => ty,
                (_, None) => Type::Enum(states),
            };
            let field = Field::new(built_in((zh, en)), ty, name.span);
            self.push_field(list, Field { optional, ..field });
        }
        if let Some(frame) = self.schema_mut().frames.get_mut(list.0 as usize) {
            frame.citations = Some(CitationList { table: None, of: None });
        }
        let of = decl.modifiers.iter().find_map(|modifier| match &modifier.kind {
            ModifierKind::Of(names) => Some(names.clone()),
            _ => None,
        });
        self.citing.push((module, list, of.unwrap_or_default()));
        Type::List(list)
    }

    /// The enum of states, declared where the first list of citations is.
    fn citation_states(&mut self, span: Span) -> EnumId {
        let names = built_in(STATES);
        let known = self.program.schema.enums.iter().position(|found| found.names == names);
        if let Some(known) = known {
            return EnumId(fit(known));
        }
        let id = EnumId(fit(self.program.schema.enums.len()));
        let mut values = Vec::new();
        for (_, zh, en) in State::NAMED {
            let names = built_in((zh, en));
            self.values.add_both(id, &names, values.len());
            values.push(EnumValue { names, also: Vec::new(), span });
        }
        self.schema_mut().enums.push(Enum { names, values, order: None, span });
        id
    }

    /// Says that only citations are put together from other fields.
    pub(super) fn is_made_of(&mut self, span: Span, ty: Type) {
        let list = if let Type::List(list) = ty { self.program.schema.frame(list) } else { None };
        if list.is_some_and(|list| list.citations.is_some()) {
            return;
        }
        let message = say!(
            "“于”说的是一处引据由哪些字段合成",
            "`on` says which fields a citation is put together from"
        );
        let help = say!("类型改为“引据”，或者删去“于”", "make its type `citation`, or delete `on`");
        self.report(Error::BadTable { message, help, span });
    }

    /// The table that each list of citations cites, and the fields its citations are made of.
    pub(super) fn cite_rows(&mut self) {
        for (module, list, names) in std::mem::take(&mut self.citing) {
            let parent = self.program.schema.frame(list).and_then(|frame| frame.parent);
            let Some((parent, _)) = parent else { continue };
            let of = self.citation_sources(parent, &names);
            let title = of.and_then(|of| self.program.schema.field(parent, of.title));
            let named = title.and_then(|field| field.ty.table());
            let table = named.or_else(|| self.only_citable(module));
            if let Some(frame) = table.and_then(|table| self.program.schema.frame(table)) {
                let (names, span) = (frame.names.clone(), self.list_span(list));
                let field = Field::new(names, Type::Ref(table.unwrap_or(list)), span);
                self.push_field(list, field);
            }
            if let Some(frame) = self.schema_mut().frames.get_mut(list.0 as usize) {
                frame.citations = Some(CitationList { table, of });
            }
        }
    }

    fn list_span(&self, list: FrameId) -> Span {
        let span = self.program.schema.field(list, FieldId(fit(Part::Title.index())));
        span.map_or(Span::new(crate::text::FileId(0), 0, 0), |field| field.span)
    }

    /// The only citable table that a module sees.
    fn only_citable(&self, module: usize) -> Option<FrameId> {
        let sees = |(_, frame): &(FrameId, &Frame)| {
            frame.citable.is_some() && self.table(module, &frame.names.name).is_some()
        };
        let mut found = self.program.schema.tables().filter(sees).map(|(id, _)| id);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    }

    /// The fields that a citation's title, place and words stand in.
    fn citation_sources(&mut self, parent: FrameId, names: &[Name]) -> Option<CitationSources> {
        let mut found = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let Some(id) = self.field_called(parent, &name.text) else {
                self.unknown_field(parent, name);
                return None;
            };
            let field = self.program.schema.field(parent, id)?;
            let (ty, names, declared) = (field.ty, field.names.clone(), field.span);
            let table = ty.table().and_then(|table| self.program.schema.frame(table));
            let is_cited = at == 0 && table.is_some_and(|table| table.citable.is_some());
            if ty != Type::Text && !is_cited {
                let (found, expected) = (self.type_words(ty), self.type_words(Type::Text));
                let help = (at == 0)
                    .then(|| say!("或者一个可引据的表的行", "or a row of a citable table"));
                self.report(Error::WrongType { found, expected, span: name.span, help });
                return None;
            }
            self.refer_to(name.span, &names, declared);
            found.push(id);
        }
        if let Some(fourth) = names.get(3) {
            let message = say!(
                "“于”后面最多三个字段：题名、条款、引文",
                "`on` takes at most three fields: the title, the place, the words quoted"
            );
            let help = say!("删去多的", "delete those that are more");
            self.report(Error::BadTable { message, help, span: fourth.span });
        }
        let title = *found.first()?;
        let (place, words) = (found.get(1).copied(), found.get(2).copied());
        Some(CitationSources { title, place, words })
    }
}
