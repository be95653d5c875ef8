//! List forms and functions.

use super::expression::{is_number, is_quantity};
use super::scope::{Operand, Scope, Step};
use super::{Analyzer, Error, nearest};
use crate::builtin::declare;
use crate::builtin::{self, Function, Kind, Quantifier, Returns};
use crate::diagnostic::Bilingual;
use crate::program::{ExprId, ExprKind, List};
use crate::say;
use crate::schema::{Names, Type};
use crate::syntax::tree::{self, Call};
use crate::text::Span;

/// A list, with what is asked of its elements.
struct ListParts {
    steps: Vec<Step>,
    list: List,
    filter: Option<ExprId>,
    body: Option<ExprId>,
}

/// Every name that can be called.
fn callable() -> impl Iterator<Item = &'static str> {
    let forms = builtin::QUANTIFIERS.iter().flat_map(|(_, zh, en)| [*zh, *en]);
    let forms = forms.chain([builtin::AVERAGE.0, builtin::AVERAGE.1]);
    let forms = forms.chain(builtin::ENDS.iter().flat_map(|(_, zh, en)| [*zh, *en]));
    let forms = forms.chain(builtin::ACROSS.iter().flat_map(|(_, zh, en, _)| [*zh, *en]));
    let forms = forms.chain(builtin::functions().flat_map(|row| [row.zh, row.en]));
    let forms = forms.chain(builtin::NET.iter().flat_map(|(_, zh, en)| [*zh, *en]));
    forms.chain(declare::TEMPLATES.iter().flat_map(|row| [row.zh, row.en]))
}

impl Analyzer<'_> {
    pub(super) fn call(&mut self, call: &Call, span: Span, scope: &mut Scope) -> Option<ExprId> {
        let name = &call.function;
        let form =
            builtin::QUANTIFIERS.iter().find(|(_, zh, en)| *zh == name.text || *en == name.text);
        if let Some(&(quantifier, zh, en)) = form {
            self.refer_builtin(name.span, (zh, en));
            return self.list_form(quantifier, (zh, en), call, span, scope);
        }
        if [builtin::AVERAGE.0, builtin::AVERAGE.1].contains(&name.text.as_str()) {
            self.refer_builtin(name.span, builtin::AVERAGE);
            return self.average(call, span, scope);
        }
        if let Some(end) = builtin::end(&name.text) {
            let row = self.end(end, call, scope)?;
            return self.finish(row, span);
        }
        if let Some(&(form, zh, en, usage)) =
            builtin::ACROSS.iter().find(|(_, zh, en, _)| *zh == name.text || *en == name.text)
        {
            self.refer_builtin(name.span, (zh, en));
            return self.across(form, usage, call, span, scope);
        }
        if let Some(template) = declare::template(&name.text) {
            self.refer_builtin(name.span, (template.zh, template.en));
            return self.template(template, call, span, scope);
        }
        if let Some(&(counted, zh, en)) =
            builtin::NET.iter().find(|(_, zh, en)| *zh == name.text || *en == name.text)
        {
            self.refer_builtin(name.span, (zh, en));
            return self.net_elapsed(counted, call, span, scope);
        }
        let Some(function) = builtin::function(&name.text) else {
            let near = nearest(&name.text, callable());
            self.report(Error::UnknownFunction {
                name: name.text.clone(),
                span: name.span,
                nearest: near,
            });
            return None;
        };
        self.refer_builtin(name.span, (function.0.zh, function.0.en));
        if call.filter.is_some() || call.body.is_some() {
            self.wrong_arguments(function, name);
            return None;
        }
        self.function(function, call, span, scope)
    }

    /// Notes that a word is the language's own.
    pub(super) fn refer_builtin(&mut self, span: Span, (zh, en): (&str, &str)) {
        self.refer(span, &Names { name: zh.into(), alias: Some(en.into()) });
    }

    fn list_form(
        &mut self,
        quantifier: Quantifier,
        words: (&str, &str),
        call: &Call,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let ListParts { steps, list, filter, body } =
            self.list_parts(quantifier, words, call, scope)?;
        let ty = self.list_form_type(quantifier, body)?;
        let leaf = self.add(ExprKind::Quantify { quantifier, list, filter, body }, ty, span);
        Some(self.finish_steps(&steps, leaf))
    }

    /// `平均(列表: 值)`: the sum through the count, of the same elements.
    fn average(&mut self, call: &Call, span: Span, scope: &mut Scope) -> Option<ExprId> {
        let quantifier = Quantifier::Sum;
        let ListParts { steps, list, filter, body } =
            self.list_parts(quantifier, builtin::AVERAGE, call, scope)?;
        let ty = self.list_form_type(quantifier, body)?;
        self.divisible(ty, body?)?;
        let sum = self.add(ExprKind::Quantify { quantifier, list, filter, body }, ty, span);
        let count = ExprKind::Quantify { quantifier: Quantifier::Count, list, filter, body: None };
        let count = self.add(count, Type::Integer, span);
        let mean = self.quotient((sum, count), span)?;
        Some(self.finish_steps(&steps, mean))
    }

    /// Spans are whole: their mean is that of how often a unit goes into them.
    fn divisible(&mut self, ty: Type, body: ExprId) -> Option<()> {
        if is_number(ty) || ty == Type::Money {
            return Some(());
        }
        let (found, span) = (self.type_words(ty), self.program.expr(body).span);
        let expected = Bilingual::new("数或金额", "a number or an amount of money");
        let text = self.slice(span);
        let (zh, en) = (&found.zh, found.en.trim_end_matches('s'));
        let help = say!(
            "除以一个{zh}，得到的数可以平均：`{text} / 1 {zh}`",
            "divide it by one of its unit, which gives a number: `{text} / 1 {en}`"
        );
        self.report(Error::WrongType { found, expected, span, help: Some(help) });
        None
    }

    /// The list of a form, with what is asked of its elements.
    fn list_parts(
        &mut self,
        quantifier: Quantifier,
        words: (&str, &str),
        call: &Call,
        scope: &mut Scope,
    ) -> Option<ListParts> {
        let valued = matches!(
            quantifier,
            Quantifier::Sum | Quantifier::Max | Quantifier::Min | Quantifier::Distinct
        );
        let [argument] = call.arguments.as_slice() else {
            self.wrong_list_form(words, valued, &call.function);
            return None;
        };
        let told = self.errors.len();
        let operand = self.operand(argument, scope, None);
        let is_wrong = operand.is_none();
        let Some((steps, list)) = operand.and_then(|operand| self.as_list(operand, scope)) else {
            let text = self.slice(argument.span);
            let help = self.summed(words, argument, scope);
            if is_wrong && help.is_none() {
                return None;
            }
            self.errors.truncate(told);
            self.report(Error::NotAList { text, span: argument.span, help });
            return None;
        };
        let mut inner = self.inner_scope(scope, &steps, list);
        let filter = self.filter(call, &mut inner)?;
        let plain = self.program.schema.frame(list.frame()).is_some_and(|frame| frame.plain);
        let body = match &call.body {
            Some(body) if valued => Some(self.value(body, &mut inner, None)?),
            Some(body) => Some(self.condition(body, &mut inner)?),
            None if valued && plain => {
                let frame = list.frame();
                let field = crate::schema::FieldId(0);
                let ty = self.program.schema.field(frame, field)?.ty;
                Some(self.add(ExprKind::Field { level: 0, frame, field }, ty, argument.span))
            }
            None if valued || quantifier == Quantifier::Every => {
                self.wrong_list_form(words, valued, &call.function);
                return None;
            }
            None => None,
        };
        Some(ListParts { steps, list, filter, body })
    }

    /// `合计(表.列)`: a field where the list and its value have to stand apart.
    fn summed(
        &mut self,
        (zh, en): (&str, &str),
        argument: &tree::Expr,
        scope: &mut Scope,
    ) -> Option<Bilingual> {
        let tree::ExprKind::Member(list, field) = &argument.kind else { return None };
        let told = self.errors.len();
        let operand = self.operand(list, scope, None);
        self.errors.truncate(told);
        self.as_list(operand?, scope)?;
        let (list, field) = (self.slice(list.span), &field.text);
        Some(crate::say!("写作 `{zh}({list}: {field})`", "write `{en}({list}: {field})`"))
    }

    fn list_form_type(&mut self, quantifier: Quantifier, body: Option<ExprId>) -> Option<Type> {
        match quantifier {
            Quantifier::Any | Quantifier::Every | Quantifier::None => Some(Type::Boolean),
            Quantifier::Count => Some(Type::Integer),
            Quantifier::Distinct => {
                let body = body?;
                if self.ty(body) != Type::Boolean {
                    return Some(Type::Integer);
                }
                let (found, expected) =
                    (self.type_words(Type::Boolean), Bilingual::new("一个值", "a value"));
                let help = say!(
                    "数符合条件的，用 数量(列表: 条件)",
                    "count those that satisfy a condition with `count(list: condition)`"
                );
                let span = self.program.expr(body).span;
                self.report(Error::WrongType { found, expected, span, help: Some(help) });
                None
            }
            Quantifier::Sum | Quantifier::Max | Quantifier::Min => {
                let body = body?;
                let ty = self.ty(body);
                let dated =
                    matches!(ty, Type::Date | Type::Instant) && quantifier != Quantifier::Sum;
                if is_number(ty) || is_quantity(ty) || dated {
                    return Some(ty);
                }
                let found = self.type_words(ty);
                let expected = Bilingual::new("数或量", "a number or a quantity");
                self.report(Error::WrongType {
                    found,
                    expected,
                    span: self.program.expr(body).span,
                    help: None,
                });
                None
            }
        }
    }

    fn wrong_list_form(&mut self, (zh, en): (&str, &str), valued: bool, name: &tree::Name) {
        let usage = if valued {
            Bilingual::new(format!("{zh}(列表: 值)"), format!("{en}(list: value)"))
        } else {
            Bilingual::new(format!("{zh}(列表: 条件)"), format!("{en}(list: condition)"))
        };
        self.report(Error::WrongArguments { name: name.text.clone(), span: name.span, usage });
    }

    fn wrong_arguments(&mut self, function: Function, name: &tree::Name) {
        let row = function.0;
        let words: Vec<Bilingual> =
            row.parameters.iter().map(|kind| self.kind_words(*kind)).collect();
        let join = |pick: fn(&Bilingual) -> &String| {
            words.iter().map(pick).cloned().collect::<Vec<_>>().join(", ")
        };
        let zh = format!("{}({})：{}", row.zh, join(|word| &word.zh), row.doc.0);
        let en = format!("{}({}): {}", row.en, join(|word| &word.en), row.doc.1);
        self.report(Error::WrongArguments {
            name: name.text.clone(),
            span: name.span,
            usage: Bilingual { zh, en },
        });
    }

    fn kind_words(&self, kind: Kind) -> Bilingual {
        match kind {
            Kind::Exactly(ty) => self.type_words(ty),
            Kind::Number => Bilingual::new("数", "number"),
            Kind::Day => Bilingual::new("日期或时刻", "date or instant"),
            Kind::Flag => Bilingual::new("是或否（可省）", "true or false (may be left out)"),
            Kind::Weights => Bilingual::new("{整数、…}", "{integers, …}"),
            Kind::Texts => Bilingual::new("文本, …", "text, …"),
        }
    }

    fn function(
        &mut self,
        function: Function,
        call: &Call,
        span: Span,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        let kinds = function.0.parameters;
        let open = kinds.last() == Some(&Kind::Texts);
        let least = kinds.len() - usize::from(kinds.last() == Some(&Kind::Flag));
        let enough = call.arguments.len() >= least && (open || call.arguments.len() <= kinds.len());
        if !enough {
            self.wrong_arguments(function, &call.function);
            return None;
        }
        if function.counts_workdays() {
            self.needs_calendar(&call.function);
        }
        let mut arguments = Vec::new();
        for (index, argument) in call.arguments.iter().enumerate() {
            let kind = kinds.get(index).or(kinds.last())?;
            arguments.push(self.argument(argument, *kind, scope)?);
        }
        let first = arguments.first().map(|first| self.ty(*first));
        if function.0.returns != Returns::Type(Type::Text) {
            self.same_arguments(&arguments, span, scope);
        }
        let ty = match function.0.returns {
            Returns::Type(ty) => ty,
            Returns::First => first?,
            Returns::Rounded => rounded_type(first?, arguments.get(1).map(|step| self.ty(*step))?),
        };
        Some(self.add(ExprKind::Call(function, arguments), ty, span))
    }

    /// A date, or the date of an instant; reported where it is neither.
    pub(super) fn as_day(&mut self, id: ExprId, span: Span) -> Option<ExprId> {
        match (self.ty(id), builtin::function("date")) {
            (Type::Date, _) if !self.is_set(id) => Some(id),
            (Type::Instant, Some(date)) if !self.is_set(id) => {
                Some(self.add(ExprKind::Call(date, vec![id]), Type::Date, span))
            }
            (found, _) => {
                let (found, expected) = (self.type_words(found), self.kind_words(Kind::Day));
                self.report(Error::WrongType { found, expected, span, help: None });
                None
            }
        }
    }

    pub(super) fn needs_calendar(&mut self, name: &tree::Name) {
        if !self.has_calendar() {
            self.report(Error::NoCalendar { name: name.text.clone(), span: name.span });
        }
    }

    /// A truth value that is the same for every row.
    pub(super) fn flag(&mut self, argument: &tree::Expr, scope: &mut Scope) -> Option<ExprId> {
        let id = self.condition(argument, scope)?;
        if matches!(self.program.expr(id).kind, ExprKind::Constant(_) | ExprKind::Parameter(_)) {
            return Some(id);
        }
        let found = Bilingual::new("逐行不同的值", "a value that differs by row");
        let expected = self.kind_words(Kind::Flag);
        self.report(Error::WrongType { found, expected, span: argument.span, help: None });
        None
    }

    pub(super) fn argument(
        &mut self,
        argument: &tree::Expr,
        kind: Kind,
        scope: &mut Scope,
    ) -> Option<ExprId> {
        if let (Kind::Weights, tree::ExprKind::Set(elements)) = (kind, &argument.kind) {
            let mut weights = Vec::new();
            for element in elements {
                let weight = self.value(element, scope, None)?;
                weights.push(self.as_int(weight).map(|_| weight)?);
            }
            return Some(self.add(ExprKind::Set(weights), Type::Integer, argument.span));
        }
        let wanted = match kind {
            Kind::Exactly(ty) => Some(ty),
            Kind::Texts => Some(Type::Text),
            Kind::Number | Kind::Day => None,
            Kind::Flag => return self.flag(argument, scope),
            Kind::Weights => Some(Type::Integer),
        };
        let id = match kind {
            Kind::Weights => match self.operand(argument, scope, wanted)? {
                Operand::Value { leaf, .. } if self.is_set(leaf) => leaf,
                other => self.finish(other, argument.span)?,
            },
            _ => self.value(argument, scope, wanted)?,
        };
        let ty = self.ty(id);
        let set = self.is_set(id);
        let fits = match kind {
            Kind::Exactly(wanted) => ty == wanted && !set,
            Kind::Texts => ty == Type::Text,
            Kind::Day => ty == Type::Date && !set,
            Kind::Flag => false,
            Kind::Number => (is_number(ty) || is_quantity(ty)) && !set,
            Kind::Weights => set && ty == Type::Integer,
        };
        if fits {
            return Some(id);
        }
        if kind == Kind::Day {
            return self.as_day(id, argument.span);
        }
        if let (Type::Ref(_), Some(Type::Text)) = (ty, wanted) {
            return self.key_of(id);
        }
        let (found, expected) = (self.type_words(ty), self.kind_words(kind));
        self.report(Error::WrongType { found, expected, span: argument.span, help: None });
        None
    }
}

/// The type of a rounded value: quantities keep their unit, a share rounded to a percentage is one,
/// whole steps of whole numbers stay whole.
fn rounded_type(value: Type, step: Type) -> Type {
    match (value, step) {
        (Type::Integer, Type::Integer) => Type::Integer,
        (value, _) if is_quantity(value) => value,
        (_, Type::Percent) => Type::Percent,
        _ => Type::Decimal,
    }
}
