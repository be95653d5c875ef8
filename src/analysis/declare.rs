//! Enums and definitions.

use super::{Analyzer, Error, Pending, State, Thing, names_of};
use crate::builtin;
use crate::diagnostic::{Bilingual, Severity};
use crate::invariant::fit;
use crate::program::{Definition, DefinitionId, ExprId};
use crate::schema::{Enum, EnumId, EnumValue, FrameId, Names, Order, Type};
use crate::syntax::tree::{self, EnumOrder, ItemKind};
use crate::text::Span;
use crate::value::key::canonical;
use crate::value::text::name_form;
use std::collections::HashMap;

impl<'a> Analyzer<'a> {
    /// Makes a thing visible under its names; reports a name that is taken where both are seen, and
    /// one that the manifest could not tell apart: of two tables, of two parameters.
    pub(super) fn declare(&mut self, module: usize, written: &tree::Names, thing: Thing) {
        let names = names_of(written);
        self.refer_both(written, &names);
        self.warn_of_builtin(written, matches!(thing, Thing::Enum(_) | Thing::Table(_)));
        for name in std::iter::once(&written.name).chain(&written.alias) {
            let taken = self.things.get(&*name_form(&name.text)).and_then(|found| {
                let seen = |other: usize| {
                    self.visible.iter().any(|set| set.contains(&module) && set.contains(&other))
                };
                let named = |found: Thing| {
                    matches!(
                        (found, thing),
                        (Thing::Table(_), Thing::Table(_))
                            | (Thing::Parameter(_), Thing::Parameter(_))
                    )
                };
                found
                    .iter()
                    .find(|(other, found)| *found != thing && (seen(*other) || named(*found)))
                    .map(|(_, found)| *found)
            });
            if let Some(first) = taken {
                for thing in [first, thing] {
                    match thing {
                        Thing::Enum(index) => _ = self.ambiguous.enums.insert(EnumId(index)),
                        Thing::Table(frame) => _ = self.ambiguous.tables.insert(frame),
                        Thing::Process(_) | Thing::Parameter(_) => {}
                    }
                }
                if let (Thing::Parameter(one), Thing::Parameter(other)) = (first, thing) {
                    self.valueless.extend([one as usize, other as usize]);
                }
                let first = self.thing_span(first);
                self.report(Error::DuplicateName {
                    name: name.text.clone(),
                    span: name.span,
                    first,
                });
            }
            self.things
                .entry(name_form(&name.text).into_owned())
                .or_default()
                .push((module, thing));
        }
    }

    /// A name that the language has itself, in either language: it means something else there, or
    /// does once the policy is translated. `types` where it is written as a type.
    pub(super) fn warn_of_builtin(&mut self, written: &tree::Names, types: bool) {
        let functions = builtin::functions().filter(|row| row.parameters.is_empty());
        let mut known: Vec<(&str, &str)> = functions.map(|row| (row.zh, row.en)).collect();
        if types {
            known.extend(builtin::TYPES.iter().map(|(_, zh, en)| (*zh, *en)));
        }
        for name in std::iter::once(&written.name).chain(&written.alias) {
            if let Some((zh, en)) =
                known.iter().find(|(zh, en)| *zh == name.text || *en == name.text)
            {
                self.report(Error::BuiltinName {
                    name: name.text.clone(),
                    builtin: Bilingual::new(*zh, *en),
                    span: name.span,
                });
            }
        }
    }

    fn thing_span(&self, thing: Thing) -> Span {
        let nowhere = Span::new(crate::text::FileId(0), 0, 0);
        match thing {
            Thing::Enum(index) => {
                self.program.schema.enums.get(index as usize).map_or(nowhere, |found| found.span)
            }
            Thing::Table(frame) => {
                self.program.schema.frame(frame).map_or(nowhere, |found| found.span)
            }
            Thing::Process(index) => {
                self.program.processes.get(index as usize).map_or(nowhere, |found| found.span)
            }
            Thing::Parameter(index) => {
                self.program.parameters.get(index as usize).map_or(nowhere, |found| found.span)
            }
        }
    }

    /// `枚举`.
    pub(super) fn enums(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Enum(decl) = &item.kind else { continue };
            let index = fit(self.program.schema.enums.len());
            let id = EnumId(index);
            let mut values: Vec<EnumValue> = Vec::new();
            // What data may say for each, as it is compared.
            let mut words: HashMap<String, usize> = HashMap::new();
            for value in &decl.values {
                let names = names_of(&value.names);
                self.refer_both(&value.names, &names);
                self.refuse_empty(&value.also);
                let also = value.also.iter().map(|text| (text.text.as_str(), text.span));
                let own = names.iter().map(|name| (name, value.span)).chain(also);
                let mut twins = own.filter_map(|(word, span)| {
                    let known = words.entry(canonical(word).into_owned());
                    let first = *known.or_insert(values.len());
                    Some((word, span, values.get(first)?.span))
                });
                if let Some((name, span, first)) = twins.next() {
                    let name = name.to_owned();
                    self.errors.push(Error::DuplicateName { name, span, first });
                    self.ambiguous.enums.insert(id);
                }
                twins.for_each(drop);
                self.values.add_both(id, &names, values.len());
                let also = value.also.iter().map(|text| text.text.as_str().into()).collect();
                values.push(EnumValue { names, also, span: value.span });
            }
            let order = decl.order.map(|order| match order {
                EnumOrder::Ascending => Order::Ascending,
                EnumOrder::Descending => Order::Descending,
            });
            self.schema_mut().enums.push(Enum {
                names: names_of(&decl.names),
                values,
                order,
                span: decl.names.name.span,
            });
            self.declare(module, &decl.names, Thing::Enum(index));
        }
    }

    /// `定义`: first all names, then each body, on demand.
    pub(super) fn definitions(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Definition(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let Some(frame) = self.frame_path(module, &decl.subject) else { continue };
            self.declare_definition((module, item.damaged), decl, names, frame);
        }
        for index in 0..self.pending.len() {
            self.definition(DefinitionId(fit(index)));
        }
    }

    fn declare_definition(
        &mut self,
        (module, damaged): (usize, bool),
        decl: &'a tree::DefinitionDecl,
        names: Names,
        frame: FrameId,
    ) {
        let id = DefinitionId(fit(self.program.definitions.len()));
        let mut damaged = damaged;
        self.warn_of_builtin(&decl.names, false);
        let span = decl.names.name.span;
        for name in std::iter::once(&decl.names.name).chain(&decl.names.alias) {
            let field = self.field_called(frame, &name.text);
            let field = field.and_then(|field| self.program.schema.field(frame, field));
            let field = field.map(|field| field.span);
            let other = self
                .computed
                .get(&(frame, name_form(&name.text).into_owned()))
                .and_then(|ids| ids.iter().find(|other| self.sees_definition(module, **other)));
            let other = other.copied();
            let before =
                other.and_then(|other| self.program.definition(other)).map(|found| found.span);
            if let Some(first) = field.or(before) {
                self.disputed.insert((frame, name_form(&name.text).into_owned()));
                let other = other.and_then(|other| self.pending.get_mut(other.0 as usize));
                if let Some(pending) = other {
                    (pending.damaged, pending.used) = (true, true);
                }
                damaged = true;
                self.report(Error::DuplicateName {
                    name: name.text.clone(),
                    span: name.span,
                    first,
                });
            }
            self.computed.entry((frame, name_form(&name.text).into_owned())).or_default().push(id);
        }
        let definition = Definition { names, frame, body: ExprId::NONE, ty: Type::Boolean, span };
        self.program.definitions.push(definition);
        self.pending.push(Pending { decl, module, state: State::Waiting, used: damaged, damaged });
    }

    /// Whether a module sees a definition.
    pub(super) fn sees_definition(&self, module: usize, id: DefinitionId) -> bool {
        let from = self.pending.get(id.0 as usize).map(|pending| pending.module);
        from.is_some_and(|from| {
            self.visible.get(module).is_some_and(|visible| visible.contains(&from))
        })
    }

    /// Works a definition out if that has not happened yet; its type, or `None` where it is
    /// circular or wrong.
    pub(super) fn definition(&mut self, id: DefinitionId) -> Option<Type> {
        let index = id.0 as usize;
        let pending = self.pending.get_mut(index)?;
        let (decl, module, damaged) = (pending.decl, pending.module, pending.damaged);
        match pending.state {
            State::Done => {
                let definition = self.program.definition(id)?;
                return (definition.body != ExprId::NONE).then_some(definition.ty);
            }
            State::Working => {
                self.report(Error::CircularDefinition {
                    name: decl.names.name.text.clone(),
                    span: decl.names.name.span,
                });
                return None;
            }
            State::Waiting => pending.state = State::Working,
        }
        let frame = self.program.definition(id)?.frame;
        let mut scope = self.scope(module, frame);
        let body = self.value(&decl.body, &mut scope, None).filter(|_| !damaged);
        if let Some(pending) = self.pending.get_mut(index) {
            pending.state = State::Done;
        }
        let ty = self.ty(body?);
        let definition = self.program.definitions.get_mut(index)?;
        definition.body = body?;
        definition.ty = ty;
        Some(ty)
    }

    /// Definitions and parameters of policies that nothing reads; where a part was not understood,
    /// it may be what reads them.
    pub(super) fn unused(&mut self) {
        let mistaken = self.errors.iter().any(|error| error.severity() == Severity::Error);
        if mistaken || !self.program.unread.is_empty() {
            return;
        }
        let vocabulary = |module: usize| {
            self.program.modules.get(module).is_some_and(|module| module.vocabulary)
        };
        let definitions =
            self.pending.iter().filter(|pending| !pending.used && !vocabulary(pending.module));
        let mut unused: Vec<Error> = definitions
            .map(|pending| {
                let name = &pending.decl.names.name;
                Error::Unused {
                    kind: Bilingual::new("定义", "definition"),
                    name: name.text.clone(),
                    span: name.span,
                }
            })
            .collect();
        let parameters = self.program.parameters.iter().zip(&self.parameter_used);
        unused.extend(parameters.filter(|(_, (module, used))| !used && !vocabulary(*module)).map(
            |(parameter, _)| Error::Unused {
                kind: Bilingual::new("参数", "parameter"),
                name: parameter.names.name.to_string(),
                span: parameter.span,
            },
        ));
        self.errors.extend(unused);
    }
}
