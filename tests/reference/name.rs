//! What names and paths stand for.

use super::expression::END;
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
    /// The scope inside a list form, for one element. In the list of another row, only that row and
    /// the element are seen.
    pub fn with(&self, list: &Elements, element: &[usize]) -> Self {
        let mut levels = if list.through { Vec::new() } else { self.levels.clone() };
        levels.extend(element);
        Self { levels, this: self.this }
    }
}

/// What an expression stands for.
#[derive(Clone, Debug)]
pub enum Thing {
    Value(Value),
    /// The elements of a list.
    Rows(Elements),
    /// The values of a set parameter.
    Values(Vec<Value>),
    /// Something that is not there; the truth says whether that is known for sure.
    Missing {
        surely: bool,
    },
}

/// Elements, each with the rows it lies in where these are not in scope yet, outermost first.
#[derive(Clone, Debug)]
pub struct Elements {
    pub rows: Vec<Vec<usize>>,
    /// False where there may be more: a list among them was not given, or a row may belong to it.
    pub complete: bool,
    /// Whether a list among them could not be read.
    pub unread: bool,
    /// Whether it is the list of a row that is not in scope.
    pub through: bool,
}

impl Elements {
    fn all(rows: impl IntoIterator<Item = usize>) -> Self {
        Self {
            rows: rows.into_iter().map(|row| vec![row]).collect(),
            complete: true,
            unread: false,
            through: false,
        }
    }
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
                Thing::Value(Value::Row(row)) => {
                    match self.member(row, &name.text).expect("a member") {
                        Thing::Rows(found) if !self.is_here(base, row, scope) => {
                            let owner = self.facts.around(row);
                            let rows = found
                                .rows
                                .into_iter()
                                .map(|element| [owner.clone(), element].concat())
                                .collect();
                            Thing::Rows(Elements { rows, through: true, ..found })
                        }
                        other => other,
                    }
                }
                Thing::Rows(rows) => Thing::Rows(self.members(rows, &name.text)),
                Thing::Value(Value::Gone(_)) => Thing::Missing { surely: false },
                other => other,
            },
            ExprKind::Lookup(list, condition) => self.lookup(list, condition, scope),
            ExprKind::Call(call) if END.contains(&call.function.text.as_str()) => {
                self.end(call, scope)
            }
            _ => self
                .value(expr, scope, wanted)
                .map_or(Thing::Missing { surely: false }, Thing::Value),
        }
    }

    /// Whether an expression names a row in scope: 本行, or a single table in a sentence about it.
    fn is_here(&self, expr: &Expr, row: usize, scope: &Scope) -> bool {
        match &expr.kind {
            ExprKind::This => true,
            ExprKind::Name(name) => {
                let frame = self.facts.rows[row].frame;
                self.program.frames[frame].single
                    && self.program.frames[frame].name == name.text
                    && scope.levels.contains(&row)
            }
            _ => false,
        }
    }

    fn named(&self, name: &str, scope: &Scope, wanted: Option<usize>) -> Thing {
        if let Some(index) = wanted
            && let Some(position) =
                self.program.enums[index].values.iter().position(|value| value == name)
        {
            return Thing::Value(Value::Enum(index, position));
        }
        // A row is also called by the name of its table or list.
        let own = |row: usize| {
            (self.program.frames[self.facts.rows[row].frame].name == name)
                .then_some(Thing::Value(Value::Row(row)))
        };
        if let Some(found) =
            scope.levels.iter().rev().find_map(|row| self.member(*row, name).or_else(|| own(*row)))
        {
            return found;
        }
        if name == "今日" {
            return Thing::Value(Value::Date(self.today));
        }
        if let Some((_, ty, value)) =
            self.program.parameters.iter().find(|(parameter, _, _)| parameter == name)
        {
            return self.parameter(ty, value);
        }
        let table = self.program.table(name).unwrap_or_else(|| panic!("no name {name}"));
        let rows = self.facts.of(table);
        match rows[..] {
            [row] if self.program.frames[table].single => Thing::Value(Value::Row(row)),
            _ if self.program.frames[table].single => Thing::Missing { surely: false },
            _ => Thing::Rows(Elements::all(rows)),
        }
    }

    fn parameter(&self, ty: &Type, value: &Expr) -> Thing {
        let literal =
            |value: &Expr| super::row::literal(self.program, ty, value).expect("a literal");
        match &value.kind {
            ExprKind::Set(elements) => Thing::Values(elements.iter().map(literal).collect()),
            _ => Thing::Value(literal(value)),
        }
    }

    /// A field, a definition, or the rows that refer to this one.
    pub fn member(&self, row: usize, name: &str) -> Option<Thing> {
        let (program, frame) = (self.program, self.facts.rows[row].frame);
        if let Some(field) = program.field(frame, name) {
            return Some(match &self.facts.rows[row].cells[field] {
                Cell::Absent | Cell::Unreadable
                    if matches!(program.frames[frame].fields[field].ty, Type::List(_)) =>
                {
                    let unread = matches!(self.facts.rows[row].cells[field], Cell::Unreadable);
                    Thing::Rows(Elements {
                        rows: Vec::new(),
                        complete: false,
                        unread,
                        through: false,
                    })
                }
                Cell::Absent => Thing::Missing { surely: true },
                Cell::Unreadable => Thing::Missing { surely: false },
                Cell::Known(value) => Thing::Value(value.clone()),
                Cell::List(elements) => Thing::Rows(Elements::all(elements.iter().copied())),
            });
        }
        if let Some(definition) = program.definition(frame, name) {
            let value = self.value(&definition.body, &self.scope(row), None);
            return Some(value.map_or(Thing::Missing { surely: false }, Thing::Value));
        }
        let table = program.table(name)?;
        let field = reference(program, table, frame)?;
        let refers = |other: &usize| {
            matches!(&self.facts.rows[*other].cells[field],
            Cell::Known(Value::Row(target)) if *target == row)
        };
        // A row whose reference cannot be read may be anyone's.
        let unread = self
            .facts
            .of(table)
            .iter()
            .any(|other| matches!(self.facts.rows[*other].cells[field], Cell::Unreadable));
        let found = Elements::all(self.facts.of(table).into_iter().filter(refers));
        Some(Thing::Rows(Elements { complete: !unread, unread, ..found }))
    }

    /// What a name or a path is defined as, and for which row; `None` where it is no definition.
    pub fn defined(&self, expr: &Expr, scope: &Scope) -> Option<(&Expr, usize)> {
        let on = |row: usize, name: &str| {
            let frame = self.facts.rows[row].frame;
            if self.program.field(frame, name).is_some() {
                return None;
            }
            self.program.definition(frame, name).map(|found| (&found.body, row))
        };
        match &expr.kind {
            ExprKind::Paren(inner) => self.defined(inner, scope),
            ExprKind::Name(name) => {
                let named = |row: &&usize| {
                    let frame = &self.program.frames[self.facts.rows[**row].frame];
                    frame.name == name.text || self.member(**row, &name.text).is_some()
                };
                scope.levels.iter().rev().find(named).and_then(|row| on(*row, &name.text))
            }
            ExprKind::Member(base, name) => match self.thing(base, scope, None) {
                Thing::Value(Value::Row(row)) => on(row, &name.text),
                _ => None,
            },
            _ => None,
        }
    }

    /// `事项.环节` of a whole table: the elements of all its rows.
    fn members(&self, outer: Elements, name: &str) -> Elements {
        let mut all = Elements { rows: Vec::new(), ..outer };
        for outer in outer.rows {
            match self.member(*outer.last().expect("a row"), name) {
                Some(Thing::Rows(found)) => {
                    all.rows.extend(
                        found.rows.into_iter().map(|inner| [outer.clone(), inner].concat()),
                    );
                    all.complete &= found.complete;
                    all.unread |= found.unread;
                }
                other => panic!("{name} is not a list: {other:?}"),
            }
        }
        all
    }

    /// The one element for which the condition holds.
    fn lookup(&self, list: &Expr, condition: &Expr, scope: &Scope) -> Thing {
        let list = self.list(list, scope);
        let held: Vec<Option<bool>> = list
            .rows
            .iter()
            .map(|element| self.truth(condition, &scope.with(&list, element)))
            .collect();
        let mut holds = list
            .rows
            .iter()
            .zip(&held)
            .filter(|(_, held)| **held == Some(true))
            .map(|(element, _)| element);
        let unsure = held.contains(&None) || !list.complete;
        match (holds.next(), holds.next()) {
            (Some(element), None) if !unsure => {
                Thing::Value(Value::Row(*element.last().expect("a row")))
            }
            (None, _) => Thing::Missing { surely: !unsure },
            _ => Thing::Missing { surely: false },
        }
    }

    /// The elements of a list. A table's own name inside its own rows is the whole table.
    pub fn list(&self, expr: &Expr, scope: &Scope) -> Elements {
        match self.thing(expr, scope, None) {
            Thing::Rows(found) => found,
            Thing::Value(Value::Row(row)) => {
                Elements::all(self.facts.of(self.facts.rows[row].frame))
            }
            Thing::Missing { surely } => {
                Elements { rows: Vec::new(), complete: false, unread: !surely, through: false }
            }
            other => panic!("not a list: {other:?}"),
        }
    }

    /// `有 x`: never unknown, except for a value that was declared but could not be read. A list is
    /// there where it has an element.
    pub fn has(&self, expr: &Expr, scope: &Scope) -> Option<bool> {
        match self.thing(expr, scope, None) {
            Thing::Value(Value::Gone(_)) => None,
            Thing::Value(_) | Thing::Values(_) => Some(true),
            Thing::Rows(Elements { rows, unread, .. }) if rows.is_empty() && unread => None,
            Thing::Rows(Elements { rows, .. }) => Some(!rows.is_empty()),
            Thing::Missing { surely } => not(surely.then_some(true)),
        }
    }
}

/// The one field of a table that refers to a frame.
fn reference(program: &Program, table: usize, frame: usize) -> Option<usize> {
    program.frames[table]
        .fields
        .iter()
        .position(|field| matches!(field.ty, Type::Ref(target) if target == frame))
}
