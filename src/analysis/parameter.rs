//! Parameters, and what the manifest sets them to. What rests on a parameter whose value could not
//! be read is not judged: not by the policy's own value either, for another was meant.

use super::constant::is_negative_span;
use super::{Analyzer, Called, Error, Setting, Thing, names_of, nearest};
use crate::data;
use crate::diagnostic::Bilingual;
use crate::invariant::fit;
use crate::place::Place;
use crate::program::Parameter;
use crate::say;
use crate::schema::{Constant, Type};
use crate::syntax::tree::{ExprKind, ItemKind, ParameterDecl, TypeExpr};
use crate::value::key::canonical;
use std::collections::BTreeMap;

impl Analyzer<'_> {
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
            let index = fit(self.program.parameters.len());
            if values.is_none() {
                self.valueless.insert(index as usize);
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
        self.set_parameters();
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
    fn set_parameters(&mut self) {
        let settings = self.settings;
        if settings.parameters_lost {
            self.valueless.extend(0..self.program.parameters.len());
        }
        let mut places: BTreeMap<usize, Place> = BTreeMap::new();
        let mut known = Called::default();
        for (index, parameter) in self.program.parameters.iter().enumerate() {
            known.add_both((), &parameter.names, index);
        }
        for setting in &settings.parameters {
            let Some(index) = self.parameter_called(setting, &known) else { continue };
            // What a case file says takes the place of what the manifest says.
            match places.get(&index).filter(|first| first.file == setting.place.file) {
                Some(first) => {
                    self.valueless.insert(index);
                    let (name, place) = (setting.name.clone(), setting.place.clone());
                    let first = first.clone();
                    self.report(Error::RepeatedParameter { name, place, first });
                }
                None => {
                    places.insert(index, setting.place.clone());
                    self.set(index, setting);
                }
            }
        }
    }

    /// The parameter that is set. Where none is called so, the one that was probably meant has no
    /// value.
    fn parameter_called(&mut self, setting: &Setting, all: &Called<(), usize>) -> Option<usize> {
        let called = |name: &str| all.get(&(), name);
        if let Some(index) = called(&setting.name) {
            return Some(index);
        }
        let known = || self.program.parameters.iter().flat_map(|parameter| parameter.names.iter());
        // Other width, other case, or a policy's name before it.
        let plain = |name: &str| canonical(name).to_lowercase();
        let written = plain(&setting.name);
        let alone = written.rsplit('.').next().unwrap_or(&written);
        let same = known().find(|name| [written.as_str(), alone].contains(&&*plain(name)));
        let near = same.map(str::to_owned).or_else(|| nearest(&written, known()));
        self.valueless.extend(near.as_deref().and_then(called));
        // A policy that is not there may declare it.
        if self.settings.lost {
            return None;
        }
        let (name, place) = (setting.name.clone(), setting.place.clone());
        self.report(Error::UnknownParameter { name, nearest: near, place });
        None
    }

    fn set(&mut self, index: usize, setting: &Setting) {
        let schema = &self.program.schema;
        let Some(parameter) = self.program.parameters.get(index) else { return };
        let (ty, span, set) = (parameter.ty, parameter.span, parameter.set);
        let told = setting.values.is_empty() || setting.values == [data::Written::Nested];
        let values: Option<Vec<Constant>> =
            setting.values.iter().map(|value| data::constant(schema, ty, value)).collect();
        if let Some(values) = values.filter(|_| !told && (set || !setting.list)) {
            if values.iter().any(|value| is_negative_span(value, ty)) {
                let (name, place) = (setting.name.clone(), setting.place.clone());
                self.report(Error::NegativeParameter { name, place });
            }
            if let Some(parameter) = self.program.parameters.get_mut(index) {
                parameter.values = values;
            }
            if !self.settings.parameters_lost {
                self.valueless.remove(&index);
            }
            return;
        }
        self.valueless.insert(index);
        if told || self.settings.parameters_lost {
            return;
        }
        let shown: Vec<String> = setting.values.iter().map(data::Written::shown).collect();
        let shown = shown.join("、");
        self.report(Error::BadParameter {
            name: setting.name.clone(),
            value: if setting.list { format!("[{shown}]") } else { shown },
            expected: self.type_words(ty),
            help: self.written_so(ty, set),
            place: setting.place.clone(),
            span,
        });
    }

    /// How a value of a type is written in the manifest.
    fn written_so(&self, ty: Type, set: bool) -> Bilingual {
        let (zh, en) = match ty {
            Type::Text => ("\"文本\"", "\"text\""),
            Type::Integer => ("7", "7"),
            Type::Decimal => ("1.5", "1.5"),
            Type::Money => ("100 或 \"100 元\"", "100 or \"100 yuan\""),
            Type::Percent => ("\"51%\"", "\"51%\""),
            Type::Boolean => ("true 或 false", "true or false"),
            Type::Date => ("2015-11-20", "2015-11-20"),
            Type::Instant => ("\"2015-11-20 14:30\"", "\"2015-11-20 14:30\""),
            Type::Workdays => ("7 或 \"7 工作日\"", "7 or \"7 workdays\""),
            Type::Days => ("7 或 \"7 日\"", "7 or \"7 days\""),
            Type::Months => ("2 或 \"2 个月\"", "2 or \"2 months\""),
            Type::Hours => ("2 或 \"2 小时\"", "2 or \"2 hours\""),
            Type::Minutes => ("30 或 \"30 分钟\"", "30 or \"30 minutes\""),
            Type::Enum(id) => {
                let values = self.program.schema.enumeration(id).map_or(&[][..], |e| &e.values);
                let zh: Vec<String> =
                    values.iter().map(|value| format!("\"{}\"", value.names.zh())).collect();
                let en: Vec<String> =
                    values.iter().map(|value| format!("\"{}\"", value.names.en())).collect();
                let (zh, en) = (zh.join("、"), en.join(", "));
                return say!("可写 {zh}", "one of {en}");
            }
            Type::Part(_) => return self.written_so(ty.whole(), set),
            Type::Ref(_) | Type::List(_) => ("", ""),
        };
        if set {
            say!("写作列表，各项如 {zh}", "write a list of values like {en}")
        } else {
            say!("写作 {zh}", "write {en}")
        }
    }
}
