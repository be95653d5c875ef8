//! What a name or a path stands for: a value, a row, or a list.

use super::scope::{Operand, Route, Scope, Step, with};
use super::{Analyzer, Error, State, Thing, nearest};
use crate::builtin;
use crate::diagnostic::Bilingual;
use crate::nearest::denied;
use crate::program::{DefinitionId, ExprId, ExprKind, List, Pick};
use crate::say;
use crate::schema::{Constant, FieldId, Names, Type};
use crate::syntax::tree::{self, Name};
use crate::text::Span;
use crate::value::text::name_form;

impl Analyzer<'_> {
    /// Names, paths, lookups and 本行.
    pub(super) fn operand(
        &mut self,
        expr: &tree::Expr,
        scope: &mut Scope,
        expected: Option<Type>,
    ) -> Option<Operand> {
        match &expr.kind {
            tree::ExprKind::Paren(inner) => self.operand(inner, scope, expected),
            tree::ExprKind::Name(name) => self.name(name, scope, expected),
            tree::ExprKind::This => {
                let Some(index) = scope.this else {
                    let message = say!(
                        "在别行的列表里看不到“本行”",
                        "`this` is not seen inside the list of another row"
                    );
                    let help = say!(
                        "把要比的写成那一行的定义，或用整张表和条件",
                        "define it on that row, or use the whole table with a condition"
                    );
                    self.report(Error::Unsupported { message, help, span: expr.span });
                    return None;
                };
                let frame = *scope.rows.get(index)?;
                Some(Operand::Row(Route {
                    steps: Vec::new(),
                    level: scope.rows.len() - 1 - index,
                    frame,
                }))
            }
            tree::ExprKind::Member(base, name) => {
                let base = self.operand(base, scope, None)?;
                self.member(base, name, scope)
            }
            tree::ExprKind::Lookup(base, condition) => {
                let operand = self.operand(base, scope, None)?;
                let Some((steps, list)) = self.as_list(operand, scope) else {
                    let text = self.slice(base.span);
                    self.report(Error::NotAList { text, span: base.span, help: None });
                    return None;
                };
                let mut inner = self.inner_scope(scope, &steps, list);
                let condition = self.condition(condition, &mut inner)?;
                let frame = list.frame();
                let pick = Pick::Only;
                let shown = self.element_guards((list, pick), condition, inner.rows.len());
                scope.guards.extend(shown);
                let steps = with(steps, Step::Lookup { list, pick, condition, frame });
                Some(Operand::Row(Route { steps, level: 0, frame }))
            }
            tree::ExprKind::Call(call) if let Some(end) = builtin::end(&call.function.text) => {
                self.end(end, call, scope)
            }
            _ => {
                let leaf = self.value(expr, scope, expected)?;
                Some(Operand::Value { steps: Vec::new(), leaf })
            }
        }
    }

    fn name(&mut self, name: &Name, scope: &mut Scope, expected: Option<Type>) -> Option<Operand> {
        if let Some(Type::Enum(id)) = expected
            && self.enum_index(&name.text, id).is_some()
        {
            let constant = self.enum_value(&name.text, name.span, id)?;
            let leaf = self.constant_expr(constant, Type::Enum(id), name.span);
            return Some(Operand::Value { steps: Vec::new(), leaf });
        }
        for (index, &frame) in scope
            .rows
            .clone()
            .iter()
            .enumerate()
            .rev()
            .filter(|(index, _)| !scope.hidden.contains(index))
        {
            let route = Route { steps: Vec::new(), level: scope.rows.len() - 1 - index, frame };
            if let Some(found) = self.read(&route, name, scope) {
                return found;
            }
            // The row by the name of its table or list.
            if let Some((names, declared)) = self
                .program
                .schema
                .frame(frame)
                .map(|found| (found.names.clone(), found.span))
                .filter(|(names, _)| names.matches(&name.text))
            {
                self.refer_to(name.span, &names, declared);
                return Some(Operand::Row(route));
            }
        }
        self.global(name, scope, expected)
    }

    /// Names that stand outside any row.
    fn global(&mut self, name: &Name, scope: &Scope, expected: Option<Type>) -> Option<Operand> {
        match self.thing(scope.module, &name.text) {
            Some(Thing::Table(frame)) => {
                let found = self.program.schema.frame(frame)?;
                let (names, single, declared) = (found.names.clone(), found.single, found.span);
                self.refer_to(name.span, &names, declared);
                Some(if single {
                    Operand::Row(Route { steps: vec![Step::Single(frame)], level: 0, frame })
                } else {
                    Operand::List { steps: Vec::new(), list: List::All { frame } }
                })
            }
            Some(Thing::Process(index)) => {
                let process = self.program.processes.get(index as usize)?;
                let (names, declared) = (process.names.clone(), process.span);
                self.refer_to(name.span, &names, declared);
                let (found, expected) =
                    (Bilingual::new("流程", "a process"), Bilingual::new("一个值", "a value"));
                let text = &name.text;
                let help = say!("写 遵循 {text}", "write `follows {text}`");
                self.report(Error::WrongType {
                    found,
                    expected,
                    span: name.span,
                    help: Some(help),
                });
                None
            }
            Some(Thing::Parameter(index)) => {
                let parameter = self.program.parameters.get(index as usize)?;
                let (names, ty, declared) = (parameter.names.clone(), parameter.ty, parameter.span);
                self.refer_to(name.span, &names, declared);
                if let Some((_, used)) = self.parameter_used.get_mut(index as usize) {
                    *used = true;
                }
                if self.valueless.contains(&(index as usize)) {
                    return None;
                }
                let leaf = self.add(
                    ExprKind::Parameter(crate::program::ParameterId(index)),
                    ty,
                    name.span,
                );
                Some(Operand::Value { steps: Vec::new(), leaf })
            }
            _ => {
                if let Some(function) = builtin::function(&name.text)
                    .filter(|function| function.0.parameters.is_empty())
                {
                    let names =
                        Names { name: function.0.zh.into(), alias: Some(function.0.en.into()) };
                    self.refer(name.span, &names);
                    let builtin::Returns::Type(ty) = function.0.returns else { return None };
                    let leaf = self.add(ExprKind::Call(function, Vec::new()), ty, name.span);
                    return Some(Operand::Value { steps: Vec::new(), leaf });
                }
                self.unknown_name(name, scope, expected);
                None
            }
        }
    }

    fn unknown_name(&mut self, name: &Name, scope: &Scope, expected: Option<Type>) {
        if let Some(Type::Enum(id)) = expected {
            self.enum_value(&name.text, name.span, id);
            return;
        }
        let mut known: Vec<String> = Vec::new();
        for &frame in &scope.rows {
            known.extend(
                self.program
                    .schema
                    .frame(frame)
                    .into_iter()
                    .flat_map(|found| &found.fields)
                    .flat_map(|field| field.names.iter())
                    .map(str::to_owned),
            );
            known.extend(
                self.computed.keys().filter(|(of, _)| *of == frame).map(|(_, name)| name.clone()),
            );
        }
        known.extend(self.things.keys().cloned());
        let hidden_in = self.hidden_in(scope.module, &name.text);
        known.sort();
        if self.is_denial(name, scope) || self.is_customary(name, expected) {
            return;
        }
        let near = nearest(&name.text, known.iter().map(String::as_str));
        let split = crate::syntax::segment::segment(&name.text, &|word| {
            known.iter().any(|name| name == word)
        })
        .map(|words| words.join(" "));
        let kind = Bilingual::new("字段、定义、参数或表", "field, definition, parameter or table");
        self.report(Error::UnknownName {
            name: name.text.clone(),
            span: name.span,
            kind,
            nearest: near,
            split,
            hidden_in,
            wanted: expected,
        });
    }

    /// `未办理`, where `办理` is declared: reports it, with what says so.
    fn is_denial(&mut self, name: &Name, scope: &Scope) -> bool {
        let Some(word) = denied(&name.text) else { return false };
        let frames = || scope.rows.iter().filter_map(|frame| self.program.schema.frame(*frame));
        let field = || frames().flat_map(|frame| &frame.fields).find(|field| field.is_called(word));
        let form = name_form(word);
        let mut rows = scope.rows.iter();
        let is_worked_out =
            rows.any(|frame| self.computed.contains_key(&(*frame, form.to_string())));
        let (zh, en) = match field().map(|field| field.ty) {
            _ if is_worked_out => ("非", "not"),
            Some(Type::Boolean) => ("非", "not"),
            Some(_) => ("无", "lacks"),
            None => return false,
        };
        let found = name.text.clone();
        let help = say!("写作 `{zh} {word}`", "write `{en} {word}`");
        self.report(Error::Otherwise { found, help, span: name.span });
        true
    }

    /// The file that declares a name this one cannot see.
    pub(super) fn hidden_in(&self, module: usize, name: &str) -> Option<String> {
        let visible = self.visible.get(module);
        let hidden = self.hidden_thing(module, name);
        let hidden = hidden.or_else(|| {
            let form = name_form(name);
            let mut called = self.computed.iter().filter(|((_, known), _)| *known == form);
            let ids = called.next().filter(|_| called.next().is_none())?.1;
            self.pending.get(ids.first()?.0 as usize).map(|pending| pending.module)
        })?;
        if visible.is_some_and(|seen| seen.contains(&hidden)) {
            return None;
        }
        self.program.modules.get(hidden).map(|module| module.names.name.to_string())
    }

    /// The file that declares a table, a parameter or the like which this one cannot see.
    fn hidden_thing(&self, module: usize, name: &str) -> Option<usize> {
        let visible = self.visible.get(module);
        let hidden = self
            .things
            .get(&*name_form(name))?
            .iter()
            .find(|(from, _)| !visible.is_some_and(|seen| seen.contains(from)))?;
        Some(hidden.0)
    }

    pub(super) fn member(
        &mut self,
        base: Operand,
        name: &Name,
        scope: &mut Scope,
    ) -> Option<Operand> {
        let route = match base {
            Operand::Row(route) => route,
            Operand::Value { steps, leaf } => match self.ty(leaf) {
                Type::Ref(frame) => Route {
                    steps: with(steps, Step::Follow { reference: leaf, frame }),
                    level: 0,
                    frame,
                },
                found => {
                    let found = self.type_words(found);
                    let expected = Bilingual::new("引用或一行", "a reference or a row");
                    self.report(Error::WrongType {
                        found,
                        expected,
                        span: self.program.expr(leaf).span,
                        help: None,
                    });
                    return None;
                }
            },
            Operand::List { steps, list } => return self.list_member(steps, list, name),
        };
        if let Some(found) = self.read(&route, name, scope) {
            return found;
        }
        self.unknown_field(route.frame, name);
        None
    }

    /// `书.章` where 书 is a whole table: all elements of the nested list.
    fn list_member(&mut self, steps: Vec<Step>, list: List, name: &Name) -> Option<Operand> {
        let frame = list.frame();
        let field = self.field_called(frame, &name.text);
        let Some(field) = field.and_then(|id| self.program.schema.field(frame, id)) else {
            self.unknown_field(frame, name);
            return None;
        };
        let (ty, names, declared) = (field.ty, field.names.clone(), field.span);
        self.refer_to(name.span, &names, declared);
        match (ty, list) {
            (Type::List(child), List::All { .. }) => {
                Some(Operand::List { steps, list: List::All { frame: child } })
            }
            _ => {
                let text = self.slice(name.span);
                self.report(Error::NotAList { text, span: name.span, help: None });
                None
            }
        }
    }

    /// A field, definition or inverse list of a row; `None` where the row has nothing of that name,
    /// `Some(None)` where it has but it is wrong.
    fn read(&mut self, route: &Route, name: &Name, scope: &Scope) -> Option<Option<Operand>> {
        if self.disputed.contains(&(route.frame, name_form(&name.text).into_owned())) {
            return Some(None);
        }
        if let Some(field) = self.field_called(route.frame, &name.text) {
            return Some(self.read_field(route, field, name, scope));
        }
        let visible = self.computed.get(&(route.frame, name_form(&name.text).into_owned()));
        let definition = visible
            .and_then(|ids| ids.iter().copied().find(|id| self.sees_definition(scope.module, *id)));
        if let Some(definition) = definition {
            return Some(self.read_definition(route, definition, name));
        }
        self.inverse(route, name, scope).map(Some)
    }

    fn read_field(
        &mut self,
        route: &Route,
        field: FieldId,
        name: &Name,
        scope: &Scope,
    ) -> Option<Operand> {
        let found = self.program.schema.field(route.frame, field)?;
        let (ty, names, declared) = (found.ty, found.names.clone(), found.span);
        self.refer_to(name.span, &names, declared);
        if let Type::List(frame) = ty {
            return Some(Operand::List {
                steps: route.steps.clone(),
                list: List::Nested { level: route.level, frame },
            });
        }
        let leaf = self.add(
            ExprKind::Field { level: route.level, frame: route.frame, field },
            ty,
            name.span,
        );
        if self.is_optional(route.frame, field) && !scope.lenient {
            let whole = self.finish_steps(&route.steps, leaf);
            if !self
                .guard_path(whole, scope.rows.len())
                .is_some_and(|key| scope.guards.contains(&key))
            {
                self.report(Error::UnguardedOptional {
                    text: self.path_to(name.span),
                    is_date: ty == Type::Date,
                    span: name.span,
                    declared,
                });
                return None;
            }
        }
        Some(Operand::Value { steps: route.steps.clone(), leaf })
    }

    fn read_definition(
        &mut self,
        route: &Route,
        definition: DefinitionId,
        name: &Name,
    ) -> Option<Operand> {
        if let Some(pending) = self.pending.get_mut(definition.0 as usize) {
            pending.used |= pending.state != State::Working;
        }
        let found = self.program.definition(definition)?;
        let (names, declared) = (found.names.clone(), found.span);
        self.refer_to(name.span, &names, declared);
        let ty = self.definition(definition)?;
        let leaf = self.add(ExprKind::Definition { level: route.level, definition }, ty, name.span);
        Some(Operand::Value { steps: route.steps.clone(), leaf })
    }

    /// The rows of a table that refer to this row.
    fn inverse(&mut self, route: &Route, name: &Name, scope: &Scope) -> Option<Operand> {
        let frame = self.table(scope.module, &name.text)?;
        let found = self.program.schema.frame(frame)?;
        let mut referring = (0..)
            .map(FieldId)
            .zip(&found.fields)
            .filter(|(_, field)| field.ty == Type::Ref(route.frame));
        let (field, _) = referring.next()?;
        let (names, declared) = (found.names.clone(), found.span);
        if referring.next().is_some() || (route.steps.is_empty() && frame == route.frame) {
            return None;
        }
        self.refer_to(name.span, &names, declared);
        Some(Operand::List {
            steps: route.steps.clone(),
            list: List::Inverse { level: route.level, frame, field },
        })
    }

    /// The operand as a value.
    pub(super) fn finish(&mut self, operand: Operand, span: Span) -> Option<ExprId> {
        match operand {
            Operand::Value { leaf, .. } if self.is_set(leaf) => {
                let help = crate::say!("集合写在“属于”之后", "a set stands after `in`");
                let (found, expected) =
                    (Bilingual::new("集合", "a set"), Bilingual::new("一个值", "a value"));
                self.report(Error::WrongType { found, expected, span, help: Some(help) });
                None
            }
            Operand::Value { steps, leaf } => Some(self.finish_steps(&steps, leaf)),
            Operand::Row(route) => {
                let found = self.program.schema.frame(route.frame)?;
                let (plain, nested) = (found.plain, found.parent.is_some());
                let leaf = if plain {
                    let ty = found.fields.first()?.ty;
                    self.add(
                        ExprKind::Field {
                            level: route.level,
                            frame: route.frame,
                            field: FieldId(0),
                        },
                        ty,
                        span,
                    )
                } else if nested {
                    let words = self.frame_names(route.frame);
                    let found = Bilingual::new(
                        format!("“{}”的一行", words.zh),
                        format!("a row of `{}`", words.en),
                    );
                    let text = self.slice(span);
                    let help = say!(
                        "写明取哪个字段：`{text}.字段`",
                        "say which field is meant: `{text}.field`"
                    );
                    self.report(Error::WrongType {
                        found,
                        expected: Bilingual::new("一个值", "a value"),
                        span,
                        help: Some(help),
                    });
                    return None;
                } else {
                    self.add(
                        ExprKind::Row { level: route.level, frame: route.frame },
                        Type::Ref(route.frame),
                        span,
                    )
                };
                Some(self.finish_steps(&route.steps, leaf))
            }
            Operand::List { list, .. } => {
                let found = self.type_words(Type::List(list.frame()));
                let help = say!(
                    "用 数量、合计、存在 等，或用 [条件] 取一行",
                    "use count, sum, any, … or `[condition]` for one element"
                );
                self.report(Error::WrongType {
                    found,
                    expected: Bilingual::new("一个值", "a value"),
                    span,
                    help: Some(help),
                });
                None
            }
        }
    }

    /// Whether an expression is a parameter that is a set.
    pub(super) fn is_set(&self, id: ExprId) -> bool {
        matches!(self.program.expr(id).kind, ExprKind::Parameter(id) if
            self.program.parameter(id).is_some_and(|found| found.set))
    }

    /// An integer constant, as functions' sets need it.
    pub(super) fn as_int(&self, id: ExprId) -> Option<i64> {
        match &self.program.expr(id).kind {
            ExprKind::Constant(Constant::Int(value)) => Some(*value),
            _ => None,
        }
    }
}
