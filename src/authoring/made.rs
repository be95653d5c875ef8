//! A case made of a real row: the row, what it refers to and what refers to it, and what comes of
//! it, tried before it is given.

use super::answer::Edit;
use super::view::View;
use crate::diagnostic::Diagnostic;
use crate::engine::{RowRef, RuleId, Run};
use crate::finding::Outcome;
use crate::say;
use crate::schema::{FieldId, FrameId, Names, Type};
use crate::syntax::tree::Language;
use crate::testing::expect::{Target, findings, outcome};
use crate::testing::suite::{Suite, beside};
use crate::workspace::Member;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

/// How many rows a case is given at most.
const ROWS: usize = 60;

impl View {
    /// A case made of a row and what comes of it under a rule, put at the end of the cases of the
    /// rule's policy.
    ///
    /// # Errors
    /// Where there is no such row or rule, or what comes of the row rests on more than a case can be
    /// given.
    pub fn case_of(&self, row: &str, rule: RuleId) -> Result<Edit, Box<Diagnostic>> {
        let run = self.run();
        let place = self.rule_place(rule);
        let Some((at, (module, ..))) = self.row_of(row).zip(place) else {
            return Err(no_row(row));
        };
        let Some(policy) = self.project().paths.get(module).cloned() else {
            return Err(no_row(row));
        };
        let path = beside(&policy);
        let text = self.read(&path).map_or_else(String::new, |text| text.to_string());
        let maker = Maker { view: self, run, language: self.language(module) };
        let name = maker.name(rule, at, &text);
        let mut case = format!("[[case]]\nname = {}\n", quoted(&name));
        for (frame, rows) in maker.rows(at) {
            maker.table(frame, &rows, &mut case);
        }
        let head = match text.is_empty() {
            true => maker.head(),
            false if text.ends_with('\n') => "\n".to_owned(),
            false => "\n\n".to_owned(),
        };
        let whole = format!("{text}{head}{case}");
        let expected =
            self.expected(&(path.clone(), whole), (&maker, &name), (module, rule, at))?;
        let end = text.len();
        Ok(Edit { path, span: (end..end).into(), text: format!("{head}{case}{expected}") })
    }

    /// What comes of a case, stated.
    fn expected(
        &self,
        (path, text): &(PathBuf, String),
        (maker, name): (&Maker<'_>, &str),
        (module, rule, at): (usize, RuleId, RowRef),
    ) -> Result<String, Box<Diagnostic>> {
        let texts = BTreeMap::from([(path.clone(), text.clone())]);
        let view = self.with(&texts);
        let policy = view.project().paths.get(module).cloned().unwrap_or_default();
        let member = Member { project: view.project().clone(), module, path: policy };
        let suite = Suite::of(member);
        let judged = suite.judge(name);
        let mut days = judged.days.iter();
        let found = days.find_map(|day| {
            let own = day.cases.iter().find(|ready| ready.case.name == name)?;
            Some((day, own))
        });
        let Some((day, ready)) = found else {
            return Err(judged
                .diagnostics
                .into_iter()
                .next()
                .map_or_else(|| no_row(name), Box::new));
        };
        if let Some(fault) = ready.faults.first().or(judged.diagnostics.first()) {
            return Err(Box::new(fault.clone()));
        }
        let made = ready.run(&day.policy);
        let same = maker.same_row(&made, at);
        let article = match rule {
            RuleId::Article(id) => Some(id),
            RuleId::Decision(_) => None,
        };
        let real = super::verdict::worst(self.run(), rule, at);
        let came = same.map(|row| super::verdict::worst(&made, rule, row));
        if came != Some(real) {
            return Err(rests_on_more(real, came));
        }
        let mut targets: Vec<(Target, Outcome)> = findings(&made, module);
        if let Some(row) = same {
            let own = Target { article, frame: row.frame, row: row.row };
            if !targets.iter().any(|(target, _)| *target == own) {
                targets.insert(0, (own, outcome(&made, own)));
            }
        }
        let mut text = String::from("expect = [\n");
        for (target, got) in targets {
            let _ = writeln!(text, "  {},", maker.expectation(&made, target, got));
        }
        text.push_str("]\n");
        Ok(text)
    }
}

/// Writes rows of a run as cases have them.
struct Maker<'v> {
    view: &'v View,
    run: &'v Run,
    language: Language,
}

impl Maker<'_> {
    fn called<'n>(&self, names: &'n Names) -> &'n str {
        self.language.called(names)
    }

    /// The beginning of a file of cases: the day.
    fn head(&self) -> String {
        let dated = self.view.project().manifest.as_of;
        let day = self.run.day.filter(|_| dated.is_none());
        day.map_or_else(String::new, |day| format!("as_of = {day}\n\n"))
    }

    /// A name that no other case has.
    fn name(&self, rule: RuleId, row: RowRef, text: &str) -> String {
        let heading = self.run.policy.rules.heading(rule);
        let heading = match self.language {
            Language::Chinese => heading.zh,
            Language::English => heading.en,
        };
        let name = format!("{heading}：{}", self.run.row_name(row));
        let mut numbered = (1..).map(|number| match number {
            1 => name.clone(),
            _ => format!("{name} ({number})"),
        });
        let is_new = |name: &String| !text.contains(&*quoted(name));
        numbered.find(is_new).unwrap_or(name)
    }

    /// The row, what it refers to, and what refers to it, by table.
    fn rows(&self, row: RowRef) -> BTreeMap<FrameId, BTreeSet<usize>> {
        let mut rows: BTreeMap<FrameId, BTreeSet<usize>> = BTreeMap::new();
        let mut open = vec![row];
        open.extend(self.referring(row));
        while let Some(next) = open.pop() {
            let known: usize = rows.values().map(BTreeSet::len).sum();
            if known >= ROWS || !rows.entry(next.frame).or_default().insert(next.row) {
                continue;
            }
            open.extend(self.referred(next));
        }
        // Tables of one row are read whatever the row.
        for (frame, found) in self.run.schema().tables() {
            if found.single && self.run.len(frame) == 1 {
                rows.entry(frame).or_default().insert(0);
            }
        }
        rows
    }

    /// The rows that a row and its elements refer to.
    fn referred(&self, row: RowRef) -> Vec<RowRef> {
        let schema = self.run.schema();
        let fields = schema.frame(row.frame).map_or(&[][..], |frame| &*frame.fields);
        let mut found = Vec::new();
        for (id, field) in (0..).map(FieldId).zip(fields) {
            match field.ty {
                Type::Ref(target) => {
                    found.extend(self.reference(row, id).map(|row| RowRef { frame: target, row }))
                }
                Type::List(list) => {
                    let elements =
                        self.run.evaluator.frame(list).map(|data| data.elements(row.row));
                    for element in elements.into_iter().flatten() {
                        found.extend(self.referred(RowRef { frame: list, row: element }));
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// The rows of tables that refer to a row, themselves or in their lists.
    fn referring(&self, row: RowRef) -> Vec<RowRef> {
        let schema = self.run.schema();
        let mut found = Vec::new();
        for (frame, table) in (0..).map(FrameId).zip(&schema.frames) {
            let refers = (0..).map(FieldId).zip(&table.fields);
            for (field, _) in refers.filter(|(_, field)| field.ty == Type::Ref(row.frame)) {
                let own = (0..self.run.len(frame)).filter(|at| {
                    self.reference(RowRef { frame, row: *at }, field) == Some(row.row)
                });
                let roots = own.map(|at| self.run.root(RowRef { frame, row: at }));
                found.extend(roots.filter(|root| root.frame != row.frame || root.row != row.row));
            }
        }
        found.truncate(ROWS);
        found
    }

    fn reference(&self, row: RowRef, field: FieldId) -> Option<usize> {
        let column = self.run.evaluator.frame(row.frame)?.column(field)?;
        let crate::value::Values::Ints(rows) = &column.values else { return None };
        let at = rows.get(row.row).copied().filter(|_| column.present.get(row.row))?;
        usize::try_from(at).ok()
    }

    /// The same row in a run of the case.
    fn same_row(&self, made: &Run, row: RowRef) -> Option<RowRef> {
        let key = self.run.row_mark(row)?;
        let mut rows = (0..made.len(row.frame)).map(|at| RowRef { frame: row.frame, row: at });
        rows.find(|row| made.row_mark(*row).is_some_and(|own| own.mark == key.mark))
    }

    fn table(&self, frame: FrameId, rows: &BTreeSet<usize>, out: &mut String) {
        let Some(found) = self.run.schema().frame(frame) else { return };
        let name = quoted(self.called(&found.names));
        let _ = writeln!(out, "{name} = [");
        for row in rows {
            let _ = writeln!(out, "  {},", self.row(RowRef { frame, row: *row }));
        }
        out.push_str("]\n");
    }

    fn row(&self, row: RowRef) -> String {
        let fields = self.run.schema().frame(row.frame).map_or(&[][..], |frame| &*frame.fields);
        let field = |(id, field): (FieldId, &crate::schema::Field)| {
            let value = self.value(row, id, field.ty)?;
            Some(format!("{} = {value}", quoted(self.called(&field.names))))
        };
        let fields = (0..).map(FieldId).zip(fields).filter_map(field);
        format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
    }

    fn value(&self, row: RowRef, field: FieldId, ty: Type) -> Option<String> {
        let data = self.run.evaluator.frame(row.frame)?;
        if let Type::List(list) = ty {
            let frame = self.run.schema().frame(list)?;
            let column = data.column(field)?;
            if frame.citations.is_some() || !column.present.get(row.row) {
                return None;
            }
            let elements = self.run.evaluator.frame(list)?.elements(row.row);
            let element = |at: usize| {
                let at = RowRef { frame: list, row: at };
                match frame.plain {
                    true => self.value(at, FieldId(0), frame.fields.first()?.ty),
                    false => Some(self.row(at)),
                }
            };
            let all = elements.filter_map(element).collect::<Vec<_>>().join(", ");
            return Some(format!("[{all}]"));
        }
        let shown = self.run.show().whole(row.frame, row.row, field)?;
        let shown = if self.language == Language::Chinese { shown.zh } else { shown.en };
        Some(match ty {
            Type::Boolean => {
                if ["是", "true"].contains(&&*shown) { "true" } else { "false" }.to_owned()
            }
            Type::Integer => shown,
            _ => quoted(&shown),
        })
    }

    fn expectation(&self, made: &Run, target: Target, got: Outcome) -> String {
        let root = made.root(target.at());
        let table = made.schema().frame(root.frame).map_or("", |frame| self.called(&frame.names));
        let key = made.key(root).unwrap_or_else(|| (root.row + 1).to_string());
        let mut text = format!("{{ {} = {}", quoted(table), quoted(&key));
        let name: fn(&Names) -> &str = match self.language {
            Language::Chinese => Names::zh,
            Language::English => Names::en,
        };
        if let Some(path) = made.path_in(target.at(), name) {
            let _ = write!(text, ", path = {}", quoted(&path));
        }
        if let Some(article) = target.article.and_then(|id| made.program().article(id)) {
            let _ = write!(text, ", article = {}", quoted(self.called(&article.names)));
        }
        let outcome = match self.language {
            Language::Chinese => got.said().zh,
            Language::English => got.code().to_owned(),
        };
        let _ = write!(text, ", outcome = {} }}", quoted(&outcome));
        text
    }
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    super::outside::quoted(text)
}

fn no_row(row: &str) -> Box<Diagnostic> {
    let message =
        say!("没有 `{row}` 这一行，或没有这一条", "there is no row `{row}`, or no such rule");
    Box::new(Diagnostic::error("unknown_row", message))
}

/// A row whose outcome a few rows do not bring about.
fn rests_on_more(real: Outcome, came: Option<Outcome>) -> Box<Diagnostic> {
    let real = real.said();
    let came = came.map_or_else(|| say!("没有这一行", "no such row"), Outcome::said);
    let message = crate::diagnostic::Bilingual::new(
        format!("单凭这一行和与它相连的行，得出“{}”，不是“{}”", came.zh, real.zh),
        format!("the row and those it is linked with come to `{}`, not to `{}`", came.en, real.en),
    );
    let help = say!(
        "这一条要看别的行：照样例自己写案例",
        "the article looks at other rows: write the case by hand"
    );
    Box::new(Diagnostic::error("case_rests_on_more", message).help(help))
}
