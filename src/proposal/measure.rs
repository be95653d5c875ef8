//! Units that do not stand beside their numbers: in a column of their own, or above the table.

use super::column::{Column, Kind};
use super::layout::Layout;
use super::table::{ROW_NUMBERS, Table};
use super::written::word;
use crate::data::{reads, states_unit, unit_of};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::schema::Type;

/// A number whose unit stands in a column of its own.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The heading of the number.
    pub heading: String,
    /// The fields that take it, each with another unit.
    pub fields: Vec<String>,
    /// The heading of the unit.
    pub unit: String,
}

impl Table {
    /// A number whose unit stands in a column of its own takes that unit, where all of them are
    /// words for units; else it is a plain number for now.
    pub(super) fn measured_beside(&mut self) {
        let units: Vec<Column> = self
            .columns
            .iter()
            .filter(|column| column.name.ends_with("单位") && column.kind != Kind::Ignored)
            .cloned()
            .collect();
        for unit in units {
            let of = unit.name.strip_suffix("单位").unwrap_or_default();
            let named = self.columns.iter().position(|column| column.name == of);
            // `单位` alone may be an office: it is a unit where the numbers before it have it.
            let before = self.columns.iter().position(|column| column.at + 1 == unit.at);
            let Some(at) = named.or(before) else { continue };
            let types = self.columns.get(at).and_then(|number| types(number, &unit));
            match types {
                None if named.is_none() => {}
                Some(types) if !self.is_positional => self.pair(at, &unit, &types),
                _ => {
                    if let Some(column) = self.columns.get_mut(at) {
                        column.bare(&unit);
                    }
                    for column in self.columns.iter_mut().filter(|column| column.at == unit.at) {
                        column.is_unmeasured = true;
                    }
                }
            }
        }
    }

    /// Gives a number the types of its units: a field for each.
    fn pair(&mut self, at: usize, unit: &Column, types: &[Option<Type>]) {
        let Some(mut number) = self.columns.get(at).cloned() else { return };
        number.has_unit_elsewhere();
        let mut kinds: Vec<Type> = Vec::new();
        for ty in types.iter().flatten() {
            if !kinds.contains(ty) {
                kinds.push(*ty);
            }
        }
        let mut fields = Vec::new();
        for (count, ty) in kinds.into_iter().enumerate() {
            let own = number.cells.iter().zip(types);
            let cells = own.map(|(cell, of)| match of {
                Some(of) if *of == ty => cell.clone(),
                _ => String::new(),
            });
            let mut field = Column {
                kind: Kind::Plain(ty),
                cells: cells.collect(),
                readings: Vec::new(),
                ..number.clone()
            };
            field.optional = field.cells.iter().any(|cell| field.is_blank(cell));
            if count == 0 {
                fields.push(field.name.clone());
                if let Some(slot) = self.columns.get_mut(at) {
                    *slot = field;
                }
            } else {
                field.name = format!("{}{}", number.name, word(ty));
                (field.alias, field.heading, field.stated) = (None, String::new(), None);
                fields.push(field.name.clone());
                self.columns.push(field);
            }
        }
        for column in self.columns.iter_mut().filter(|column| column.at == unit.at) {
            column.kind = Kind::Ignored;
        }
        let (heading, unit) = (number.heading, unit.heading.clone());
        self.pairs.push(Pair { heading, fields, unit });
    }

    /// Numbers below a line that states a unit of money are amounts, unless their heading says
    /// otherwise.
    pub(super) fn measured_above(&mut self) {
        let Some(unit) = unit_above(&self.layout) else { return };
        let counts = ["数", "量", "年度", "年份", "人", "件", "率", "月份"];
        for column in &mut self.columns {
            let counted = counts.iter().any(|word| column.name.ends_with(word));
            let own = column.stated.is_some() || states_unit(&column.heading);
            let numbers = ROW_NUMBERS.contains(&&*column.name);
            let is_number = matches!(column.kind, Kind::Plain(Type::Integer | Type::Decimal));
            if is_number && !counted && !own && !numbers {
                column.kind = Kind::Plain(Type::Money);
                column.doubts.push(say!(
                    "表上写着单位 `{unit}`，作金额；不是钱的，改成整数或小数",
                    "above the table stands the unit `{unit}`: taken for money; make it an integer \
                        or a decimal if it is none"
                ));
            }
        }
    }
}

/// The type of each number by the unit beside it; `None` where one has none, or it is no word for
/// one.
fn types(number: &Column, unit: &Column) -> Option<Vec<Option<Type>>> {
    let mut found = Vec::new();
    for (cell, word) in number.cells.iter().zip(&unit.cells) {
        if number.is_blank(cell) {
            found.push(None);
            continue;
        }
        let ty = unit_of(&format!("（{word}）")).map(|(ty, _)| ty)?;
        if !reads(Type::Decimal, cell) || !reads(ty, cell) {
            return None;
        }
        found.push(Some(ty));
    }
    found.iter().any(Option::is_some).then_some(found)
}

impl Column {
    /// Makes it a plain number, whose unit somebody has to tell.
    fn bare(&mut self, unit: &Column) {
        self.has_unit_elsewhere();
        if matches!(self.kind, Kind::Plain(Type::Workdays | Type::Days | Type::Months)) {
            self.kind = Kind::Plain(Type::Integer);
            self.readings.clear();
        }
        if !matches!(self.kind, Kind::Plain(Type::Integer | Type::Decimal)) {
            return;
        }
        self.is_unmeasured = true;
        let (name, unit) = (&self.name, &unit.name);
        let said: Bilingual = say!(
            "单位写在 `{unit}` 里，`{name}` 先作数。知道各代码是什么单位的，改成有单位的类型，\
                在清单的 headings 中写 `\"{name}\" = {{ unit = \"{unit}\", \
                units = {{ \"1\" = \"工作日\" }} }}`",
            "its unit stands in `{unit}`; a plain number for now. Where it is known what each \
                code means, give it a type with that unit, and write under `headings` \
                `\"{name}\" = {{ unit = \"{unit}\", units = {{ \"1\" = \"工作日\" }} }}`"
        );
        self.doubts.push(said);
    }
}

/// The unit of amounts that a line above the headings states.
fn unit_above(layout: &Layout) -> Option<String> {
    let units = layout.above.iter().filter_map(|line| unit_of(line));
    let mut amounts = units.filter(|(ty, _)| *ty == Type::Money);
    amounts.next().map(|(_, word)| word.to_owned())
}
