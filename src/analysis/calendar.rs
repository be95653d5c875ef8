//! `历法`. A calendar that has a mistake is none: without it nobody knows which days are worked.

use super::{Analyzer, Error, names_of};
use crate::program::Calendar;
use crate::schema::Type;
use crate::syntax::tree::{CalendarDecl, ItemKind, Path, Text};
use crate::text::Span;

impl Analyzer<'_> {
    /// `历法`.
    pub(super) fn calendars(&mut self) {
        let mut first: Option<Span> = None;
        for (module, item) in self.items() {
            let ItemKind::Calendar(decl) = &item.kind else { continue };
            let names = names_of(&decl.names);
            self.refer_both(&decl.names, &names);
            let calendar = self.calendar(module, decl, item.span).filter(|_| !item.damaged);
            self.program.calendar = match first {
                None => calendar,
                Some(first) => {
                    let (span, name) = (decl.names.name.span, decl.names.name.text.clone());
                    self.report(Error::SeveralCalendars { name, span, first });
                    None
                }
            };
            first = first.or(Some(decl.names.name.span));
        }
    }

    /// A calendar without a mistake.
    fn calendar(&mut self, module: usize, decl: &CalendarDecl, span: Span) -> Option<Calendar> {
        let rest = self.rest_days(decl);
        let path = Path { span: decl.table.span, names: vec![decl.table.clone()] };
        let frame = self.frame_path(module, &path)?;
        let Some(date) = self.field_called(frame, &decl.date.text) else {
            self.unknown_field(frame, &decl.date);
            return None;
        };
        let field = self.program.schema.field(frame, date)?;
        let (names, ty, declared) = (field.names.clone(), field.ty, field.span);
        self.refer_to(decl.date.span, &names, declared);
        if ty != Type::Date {
            let (found, expected) = (self.type_words(ty), self.type_words(Type::Date));
            self.report(Error::WrongType { found, expected, span: decl.date.span, help: None });
        }
        let mut scope = self.scope(module, frame);
        let off = self.condition(&decl.off, &mut scope);
        let on = self.condition(&decl.on, &mut scope);
        (ty == Type::Date).then_some(())?;
        Some(Calendar { frame, date, rest: rest?, off: off?, on: on?, span })
    }

    /// The weekly rest days, Monday 1; `None` where one of them is no day of the week, or stands
    /// twice (another was meant).
    fn rest_days(&mut self, decl: &CalendarDecl) -> Option<Vec<i8>> {
        if decl.rest.is_empty() {
            self.report(Error::NoRestDays { span: decl.names.name.span });
        }
        let mut rest: Vec<i8> = Vec::new();
        let mut sound = true;
        for Text { text, span, .. } in &decl.rest {
            let (text, span) = (text.clone(), *span);
            match text.parse::<i8>().ok().filter(|day| (1..=7).contains(day)) {
                Some(day) if rest.contains(&day) => {
                    self.report(Error::RepeatedRestDay { text, span });
                    sound = false;
                }
                Some(day) => rest.push(day),
                None => {
                    self.report(Error::NoWeekday { text, span });
                    sound = false;
                }
            }
        }
        if rest.len() == 7 {
            self.report(Error::NoWorkingDays { span: decl.names.name.span });
        }
        sound.then_some(rest)
    }

    /// Whether a calendar was written, legibly or not: of one that cannot be read the mistake is
    /// told already.
    pub(super) fn has_calendar(&self) -> bool {
        let written = |text: &str| {
            text.lines().map(str::trim_start).any(|line| {
                ["历法", "calendar"].iter().any(|word| {
                    line.strip_prefix(word)
                        .is_some_and(|rest| rest.starts_with(char::is_whitespace))
                })
            })
        };
        self.items().any(|(_, item)| matches!(item.kind, ItemKind::Calendar(_)))
            || self
                .files
                .iter()
                .filter_map(|file| self.sources.get(file.file))
                .any(|source| written(&source.text))
    }
}
