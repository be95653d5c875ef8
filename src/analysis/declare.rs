//! Enums, parameters and definitions.

use super::{Analyzer, Error, Pending, Setting, State, Thing, names_of, nearest};
use crate::diagnostic::{Bilingual, Severity};
use crate::program::{Definition, DefinitionId, ExprId, Parameter};
use crate::schema::{Constant, Enum, EnumValue, FrameId, Names, Order, Type};
use crate::syntax::tree::{self, EnumOrder, ExprKind, ItemKind, ParameterDecl, TypeExpr};
use crate::text::Span;

impl<'a> Analyzer<'a> {
    /// Makes a thing visible under its names; reports a name that is taken where both are seen, and
    /// one that the manifest could not tell apart: of two tables, of two parameters.
    pub(super) fn declare(&mut self, module: usize, written: &tree::Names, thing: Thing) {
        let names = names_of(written);
        self.refer_both(written, &names);
        for name in std::iter::once(&written.name).chain(&written.alias) {
            let taken = self.things.get(&name.text).and_then(|found| {
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
                let first = self.thing_span(first);
                self.report(Error::DuplicateName {
                    name: name.text.clone(),
                    span: name.span,
                    first,
                });
            }
            self.things.entry(name.text.clone()).or_default().push((module, thing));
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
            let mut values: Vec<EnumValue> = Vec::new();
            for value in &decl.values {
                let names = names_of(&value.names);
                self.refer_both(&value.names, &names);
                let twin =
                    values.iter().find(|other| names.iter().any(|name| other.names.matches(name)));
                if let Some(first) = twin {
                    let (name, first) = (names.name.to_string(), first.span);
                    self.report(Error::DuplicateName { name, span: value.span, first });
                }
                let also = value.also.iter().map(|text| text.text.as_str().into()).collect();
                values.push(EnumValue { names, also, span: value.span });
            }
            let order = decl.order.map(|order| match order {
                EnumOrder::Ascending => Order::Ascending,
                EnumOrder::Descending => Order::Descending,
            });
            let index = u32::try_from(self.program.schema.enums.len()).unwrap_or(u32::MAX);
            self.schema_mut().enums.push(Enum {
                names: names_of(&decl.names),
                values,
                order,
                span: decl.names.name.span,
            });
            self.declare(module, &decl.names, Thing::Enum(index));
        }
    }

    /// `参数`, with the manifest's values.
    pub(super) fn parameters(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Parameter(decl) = &item.kind else { continue };
            let (written, set) = match &decl.ty {
                TypeExpr::Name(name) => (name, false),
                TypeExpr::Many(name) => (name, true),
                TypeExpr::Record(_) => continue,
            };
            let Some(ty) = self.plain_type(module, written) else { continue };
            let values = self.parameter_values(decl, ty, set).filter(|_| !item.damaged);
            let index = u32::try_from(self.program.parameters.len()).unwrap_or(u32::MAX);
            if values.is_none() {
                self.valueless.push(index as usize);
            }
            let values = values.unwrap_or_default();
            let parameter = Parameter {
                names: names_of(&decl.names),
                ty,
                values,
                set,
                span: decl.names.name.span,
            };
            self.program.parameters.push(parameter);
            self.parameter_used.push((module, false));
            self.declare(module, &decl.names, Thing::Parameter(index));
        }
        self.overrides();
    }

    /// `None` where any of them is wrong.
    fn parameter_values(
        &mut self,
        decl: &ParameterDecl,
        ty: Type,
        set: bool,
    ) -> Option<Vec<Constant>> {
        match &decl.value.kind {
            ExprKind::Set(elements) if set => {
                let values: Vec<_> =
                    elements.iter().map(|element| self.constant(element, ty)).collect();
                values.into_iter().collect()
            }
            _ => Some(vec![self.constant(&decl.value, ty)?]),
        }
    }

    /// The manifest's `[parameters]`.
    fn overrides(&mut self) {
        let settings = self.settings;
        for Setting { name, values: texts, place } in &settings.parameters {
            let Some(index) =
                self.program.parameters.iter().position(|parameter| parameter.names.matches(name))
            else {
                let near = nearest(
                    name,
                    self.program.parameters.iter().flat_map(|parameter| parameter.names.iter()),
                );
                self.report(Error::UnknownParameter {
                    name: name.clone(),
                    nearest: near,
                    place: place.clone(),
                });
                continue;
            };
            let Some((ty, span, set)) =
                self.program.parameters.get(index).map(|p| (p.ty, p.span, p.set))
            else {
                continue;
            };
            let values: Option<Vec<Constant>> =
                texts.iter().map(|text| self.read_constant(text, ty)).collect();
            match values.filter(|values| set || values.len() == 1) {
                Some(values) => {
                    if let Some(parameter) = self.program.parameters.get_mut(index) {
                        parameter.values = values;
                    }
                    self.valueless.retain(|found| *found != index);
                }
                None => {
                    self.valueless.push(index);
                    let expected = self.type_words(ty);
                    let (name, place) = (name.clone(), place.clone());
                    self.report(Error::BadParameter {
                        name,
                        value: texts.join("、"),
                        expected,
                        place,
                        span,
                    });
                }
            }
        }
    }

    /// A value as the manifest writes it: a number, a date, a truth value, an enum value's name;
    /// quantities without unit, or with their own.
    fn read_constant(&self, text: &str, ty: Type) -> Option<Constant> {
        let number = |units: &[&str]| {
            let text = units.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
            crate::value::number::parse_decimal(text.trim())
        };
        let whole = |units: &[&str]| {
            number(units)
                .filter(num_rational::Ratio::is_integer)
                .and_then(|value| i64::try_from(value.to_integer()).ok())
        };
        match ty {
            Type::Text => Some(Constant::Text(text.into())),
            Type::Boolean => text.parse().ok().map(Constant::Bool),
            Type::Date => crate::value::date::parse_date(text)
                .map(|date| Constant::Int(crate::value::date::day_number(date))),
            Type::Instant => self.read_instant(text).map(Constant::Int),
            Type::Integer => whole(&[]).map(Constant::Int),
            Type::Workdays => whole(&["个工作日", "工作日", "workdays"]).map(Constant::Int),
            Type::Days => whole(&["日", "天", "days"]).map(Constant::Int),
            Type::Months => whole(&["个月", "月", "months"]).map(Constant::Int),
            Type::Decimal => number(&[]).map(Constant::Ratio),
            Type::Money => number(&["元", "yuan"]).map(Constant::Ratio),
            Type::Percent => text
                .strip_suffix('%')
                .and_then(crate::value::number::parse_decimal)
                .map(|value| Constant::Ratio(value / 100)),
            Type::Enum(id) => self
                .enum_index(text, id)
                .and_then(|index| i64::try_from(index).ok())
                .map(Constant::Int),
            Type::Ref(_) | Type::List(_) => None,
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
            self.definition(DefinitionId(u32::try_from(index).unwrap_or(u32::MAX)));
        }
    }

    fn declare_definition(
        &mut self,
        (module, damaged): (usize, bool),
        decl: &'a tree::DefinitionDecl,
        names: Names,
        frame: FrameId,
    ) {
        let id = DefinitionId(u32::try_from(self.program.definitions.len()).unwrap_or(u32::MAX));
        let span = decl.names.name.span;
        for name in std::iter::once(&decl.names.name).chain(&decl.names.alias) {
            let field = self.program.schema.frame(frame).and_then(|found| {
                found
                    .fields
                    .iter()
                    .find(|field| field.names.matches(&name.text))
                    .map(|field| field.span)
            });
            let other = self
                .computed
                .get(&(frame, name.text.clone()))
                .and_then(|ids| ids.iter().find(|other| self.sees_definition(module, **other)));
            let other = other
                .and_then(|other| self.program.definition(*other))
                .map(|definition| definition.span);
            if let Some(first) = field.or(other) {
                self.report(Error::DuplicateName {
                    name: name.text.clone(),
                    span: name.span,
                    first,
                });
            }
            self.computed.entry((frame, name.text.clone())).or_default().push(id);
        }
        let definition =
            Definition { names, frame, body: ExprId(u32::MAX), ty: Type::Boolean, span };
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
                return (definition.body.0 != u32::MAX).then_some(definition.ty);
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
