//! How the cells of a field are written, as far as its declaration says it.

use super::{Analyzer, Error};
use crate::say;
use crate::schema::{Field, Reading, Type};
use crate::syntax::tree::{ItemKind, Name, Text};
use crate::value::key::canonical;
use std::sync::Arc;

impl Analyzer<'_> {
    /// Gives a field the words that its file says mean nothing, but for those that mean something
    /// in it. Keys have to be given.
    pub(super) fn absent(&self, module: usize, field: &mut Field) {
        let headers = self.files.get(module).into_iter().flat_map(|file| &file.items);
        let words = headers.filter_map(|item| match &item.kind {
            ItemKind::Header(header) => Some(&header.absent),
            _ => None,
        });
        for word in words.flatten() {
            let is_value = |id| {
                let values = self.program.schema.enumeration(id).map_or(&[][..], |of| &of.values);
                values.iter().any(|value| {
                    let also = value.also.iter().map(|word| &**word);
                    value.names.iter().chain(also).any(|name| is_same(name, &word.text))
                })
            };
            let means_something = field.key
                || field.readings.iter().any(|(own, _)| is_same(own, &word.text))
                || matches!(field.ty, Type::Enum(id) if is_value(id));
            if !means_something {
                field.readings.push((word.text.as_str().into(), Reading::Absent));
            }
        }
    }

    /// `单位 “…”`, on a field whose numbers have one.
    pub(super) fn unit_column(&mut self, heading: &Text, ty: Type) -> Option<Arc<str>> {
        let has_units =
            matches!(ty, Type::Workdays | Type::Days | Type::Months | Type::Money | Type::Percent)
                || ty.is_span();
        if has_units {
            return Some(heading.text.as_str().into());
        }
        let message = say!(
            "只有工作日、日、月、小时、分钟、金额、百分比的字段有单位",
            "only workdays, days, months, hours, minutes, money and percentages have a unit"
        );
        let help = say!("改类型，或者删去“单位”", "change the type, or delete `unit`");
        self.report(Error::BadTable { message, help, span: heading.span });
        None
    }

    /// `写作 “…”`, on a list; each group is called as a field of its elements.
    pub(super) fn written(&mut self, pattern: &Text, ty: Type) -> Option<Arc<str>> {
        let Type::List(frame) = ty else {
            let message = say!("“写作”说的是一个列表", "`written` is said of a list");
            let help = say!("删去“写作”", "delete `written`");
            self.report(Error::BadTable { message, help, span: pattern.span });
            return None;
        };
        let found = match regex_lite::Regex::new(&pattern.text) {
            Ok(found) => found,
            Err(error) => {
                let (reason, pattern_text) = (error.to_string(), pattern.text.clone());
                let span = pattern.span;
                self.report(Error::BadPattern { pattern: pattern_text, reason, span });
                return None;
            }
        };
        let groups: Vec<String> = found.capture_names().flatten().map(str::to_owned).collect();
        let unknown = groups.iter().find(|group| self.field_called(frame, group).is_none());
        if let Some(group) = unknown {
            self.unknown_field(frame, &Name { text: group.clone(), span: pattern.span });
            return None;
        }
        Some(pattern.text.as_str().into())
    }
}

fn is_same(a: &str, b: &str) -> bool {
    canonical(a) == canonical(b)
}
