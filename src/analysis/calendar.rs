//! `历法`.

use super::{Analyzer, Error, names_of};
use crate::diagnostic::Bilingual;
use crate::program::Calendar;
use crate::syntax::tree::{ItemKind, Path};

impl Analyzer<'_> {
    /// `历法`.
    pub(super) fn calendars(&mut self) {
        for (module, item) in self.items() {
            let ItemKind::Calendar(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let path = Path { span: decl.table.span, names: vec![decl.table.clone()] };
            let Some(frame) = self.frame_path(module, &path) else { continue };
            let Some(date) = self.field_called(frame, &decl.date.text) else {
                self.unknown_field(frame, &decl.date);
                continue;
            };
            if let Some(names) =
                self.program.schema.field(frame, date).map(|field| field.names.clone())
            {
                self.refer(decl.date.span, &names);
            }
            let mut scope = self.scope(module, frame);
            let (off, on) =
                (self.condition(&decl.off, &mut scope), self.condition(&decl.on, &mut scope));
            let mut rest = Vec::new();
            for day in &decl.rest {
                match day.text.parse::<i8>() {
                    Ok(number) if (1..=7).contains(&number) => rest.push(number),
                    _ => self.report(Error::BadLiteral {
                        text: day.text.clone(),
                        span: day.span,
                        expected: Bilingual::new("星期（1 至 7）", "weekday (1 to 7)"),
                    }),
                }
            }
            if let Some(first) = &self.program.calendar {
                let (name, first) = (decl.names.name.text.clone(), first.span);
                self.report(Error::DuplicateName { name, span: decl.names.name.span, first });
            }
            if let (Some(off), Some(on)) = (off, on) {
                self.program.calendar =
                    Some(Calendar { frame, date, rest, off, on, span: item.span });
            }
        }
    }
}
