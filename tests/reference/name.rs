//! What names and paths stand for.

use super::program::{Program, Type};
use super::row::Cell;
use super::{Value, World, not};
use fanshi::syntax::tree::{Expr, ExprKind};

/// The rows an expression can see, outermost first, and the one it speaks of.
#[derive(Clone)]
pub struct Scope {
    pub levels: Vec<usize>,
    pub this: usize,
}

impl Scope {
    /// The scope inside a list form, for one element.
    pub fn with(&self, element: &[usize]) -> Self {
        let mut levels = self.levels.clone();
        levels.extend(element);
        Self { levels, this: self.this }
    }
}

/// What an expression stands for.
#[derive(Clone, Debug)]
pub enum Thing {
    Value(Value),
    /// Rows, each with the rows of its own table it lies in where these are not in scope yet.
    Rows(Vec<Vec<usize>>),
    /// The values of a set parameter.
    Values(Vec<Value>),
    /// Something that is not there; the truth says whether that is known for sure.
    Missing {
        surely: bool,
    },
}

impl Thing {
    pub fn value(self) -> Option<Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }
}

impl World<'_> {
    /// The scope of an article or definition that speaks of a row.
    pub fn scope(&self, row: usize) -> Scope {
        Scope { levels: self.facts.around(row), this: row }
    }

    /// `wanted` is the enum whose values may be named plainly.
    pub fn thing(&self, expr: &Expr, scope: &Scope, wanted: Option<usize>) -> Thing {
        match &expr.kind {
            ExprKind::Paren(inner) => self.thing(inner, scope, wanted),
            ExprKind::This => Thing::Value(Value::Row(scope.this)),
            ExprKind::Name(name) => self.named(&name.text, scope, wanted),
            ExprKind::Member(base, name) => match self.thing(base, scope, None) {
                Thing::Value(Value::Row(row)) => self.member(row, &name.text).expect("a member"),
                Thing::Rows(rows) => self.members(rows, &name.text),
                other => other,
            },
            ExprKind::Lookup(list, condition) => self.lookup(list, condition, scope),
            _ => self.value(expr, scope, wanted).map_or(Thing::Missing { surely: false }, Thing::Value),
        }
    }

    fn named(&self, name: &str, scope: &Scope, wanted: Option<usize>) -> Thing {
        if let Some(index) = wanted
            && let Some(position) = self.program.enums[index].values.iter().position(|value| value == name)
        {
            return Thing::Value(Value::Enum(index, position));
        }
        if let Some(found) = scope.levels.iter().rev().find_map(|row| self.member(*row, name)) {
            return found;
        }
        if name == "今日" {
            return Thing::Value(Value::Date(self.today));
        }
        if let Some((_, ty, value)) = self.program.parameters.iter().find(|(parameter, _, _)| parameter == name) {
            return self.parameter(ty, value);
        }
        let table = self.program.table(name).unwrap_or_else(|| panic!("no name {name}"));
        let rows = self.facts.of(table);
        match rows[..] {
            [row] if self.program.frames[table].single => Thing::Value(Value::Row(row)),
            _ => Thing::Rows(rows.into_iter().map(|row| vec![row]).collect()),
        }
    }

    fn parameter(&self, ty: &Type, value: &Expr) -> Thing {
        let literal = |value: &Expr| super::row::literal(self.program, ty, value).expect("a literal");
        match &value.kind {
            ExprKind::Set(elements) => Thing::Values(elements.iter().map(literal).collect()),
            _ => Thing::Value(literal(value)),
        }
    }

    /// A field, a definition, or the rows that refer to this one.
    fn member(&self, row: usize, name: &str) -> Option<Thing> {
        let (program, frame) = (self.program, self.facts.rows[row].frame);
        if let Some(field) = program.field(frame, name) {
            return Some(match &self.facts.rows[row].cells[field] {
                Cell::Absent => Thing::Missing { surely: true },
                Cell::Unreadable => Thing::Missing { surely: false },
                Cell::Known(value) => Thing::Value(value.clone()),
                Cell::List(elements) => Thing::Rows(elements.iter().map(|element| vec![*element]).collect()),
            });
        }
        if let Some(definition) = program.definition(frame, name) {
            let value = self.value(&definition.body, &self.scope(row), None);
            return Some(value.map_or(Thing::Missing { surely: false }, Thing::Value));
        }
        let table = program.table(name)?;
        let field = reference(program, table, frame)?;
        let refers = |other: &usize| matches!(&self.facts.rows[*other].cells[field], Cell::Known(Value::Row(target)) if *target == row);
        Some(Thing::Rows(self.facts.of(table).into_iter().filter(refers).map(|row| vec![row]).collect()))
    }

    /// `事项.环节` of a whole table: the elements of all its rows.
    fn members(&self, rows: Vec<Vec<usize>>, name: &str) -> Thing {
        let mut all = Vec::new();
        for outer in rows {
            let row = *outer.last().expect("a row");
            match self.member(row, name) {
                Some(Thing::Rows(elements)) => all.extend(elements.into_iter().map(|inner| [outer.clone(), inner].concat())),
                Some(Thing::Missing { .. }) => return Thing::Missing { surely: false },
                other => panic!("{name} is not a list: {other:?}"),
            }
        }
        Thing::Rows(all)
    }

    /// The one element for which the condition holds.
    fn lookup(&self, list: &Expr, condition: &Expr, scope: &Scope) -> Thing {
        let Some(rows) = self.list(list, scope) else { return Thing::Missing { surely: false } };
        let held: Vec<Option<bool>> = rows.iter().map(|element| self.truth(condition, &scope.with(element))).collect();
        let mut holds = rows.iter().zip(&held).filter(|(_, held)| **held == Some(true)).map(|(element, _)| element);
        let unsure = held.contains(&None);
        match (holds.next(), holds.next()) {
            (Some(element), None) if !unsure => Thing::Value(Value::Row(*element.last().expect("a row"))),
            (None, _) => Thing::Missing { surely: !unsure },
            _ => Thing::Missing { surely: false },
        }
    }

    /// The rows of a list; unknown where the list is not given. A table's own name inside its own rows is the whole table.
    pub fn list(&self, expr: &Expr, scope: &Scope) -> Option<Vec<Vec<usize>>> {
        match self.thing(expr, scope, None) {
            Thing::Rows(rows) => Some(rows),
            Thing::Missing { .. } => None,
            other => panic!("not a list: {other:?}"),
        }
    }

    /// `有 x`: never unknown, except for a value that was declared but could not be read. A list is there where it has an element.
    pub fn has(&self, expr: &Expr, scope: &Scope) -> Option<bool> {
        match self.thing(expr, scope, None) {
            Thing::Value(_) | Thing::Values(_) => Some(true),
            Thing::Rows(rows) => Some(!rows.is_empty()),
            Thing::Missing { surely } => not(surely.then_some(true)),
        }
    }
}

/// The one field of a table that refers to a frame.
fn reference(program: &Program, table: usize, frame: usize) -> Option<usize> {
    program.frames[table].fields.iter().position(|field| matches!(field.ty, Type::Ref(target) if target == frame))
}
