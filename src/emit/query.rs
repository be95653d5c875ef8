//! A plan as a query: one common table expression for each step of a domain, indented.

use super::define::{Definition, Ranked, comparison_sign, elements};
use super::dialect::{Steps, quoted};
use super::fold::element_row;
use super::layout::{FACTS, Names, ROW};
use super::plan::{Place, Plan, owner, place};
use super::tables;
use super::template::{Cell, Part, Piece, Template};
use crate::invariant::broken;
use crate::lowering::{Domain, Grouping, Key, NodeId, Pairs, PairsId};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A step of a query.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The name it is read by, in quotes.
    pub(super) name: String,
    pub(super) body: String,
}

/// A query with the steps that it rests on, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    pub(super) steps: Vec<Step>,
    pub(super) select: String,
}

impl Query {
    /// How often a step is read.
    pub(super) fn reads(&self, step: &Step) -> usize {
        let texts = self.steps.iter().map(|step| &step.body).chain([&self.select]);
        texts.map(|text| text.matches(&step.name).count()).sum()
    }
}

/// Writes one query.
pub(super) struct Writer<'w, 'p> {
    pub(super) plan: &'w Plan<'p>,
    /// The names of the cells that are columns.
    columns: BTreeMap<Cell, String>,
    /// The steps of each domain, with the relation each makes.
    relations: BTreeMap<Place, Vec<(u32, String)>>,
}

/// The joins of one step.
#[derive(Default)]
struct Joins {
    known: BTreeMap<String, String>,
    text: String,
}

impl Joins {
    /// The alias of a join, written once: `head` comes before it, `tail` after it, with `{}` for it.
    fn alias(&mut self, head: &str, tail: &str) -> String {
        let key = format!("{head}\u{0}{tail}");
        if let Some(alias) = self.known.get(&key) {
            return alias.clone();
        }
        let alias = format!("j{}", self.known.len() + 1);
        let _ = write!(self.text, "\n    {head} AS {alias}{}", tail.replace("{}", &alias));
        self.known.insert(key, alias.clone());
        alias
    }
}

impl<'w, 'p> Writer<'w, 'p> {
    pub(super) fn new(plan: &'w Plan<'p>) -> Self {
        let cells = plan.cells.keys().copied().filter(|cell| plan.is_column(*cell));
        let mut cells: Vec<Cell> = cells.collect();
        cells.sort_by_key(|cell| (plan.step(*cell), *cell));
        let columns = (1..).zip(&cells).map(|(at, cell)| (*cell, format!("\"_{at}\"")));
        let columns = columns.collect();
        let mut steps: BTreeMap<Place, BTreeSet<u32>> = BTreeMap::new();
        for cell in &cells {
            let domain = plan.planned(*cell).domain;
            steps.entry(place(domain)).or_default().insert(plan.step(*cell));
        }
        for id in &plan.pairs {
            let domain = Domain::Pairs(*id);
            steps.entry(place(domain)).or_default().insert(plan.start(domain));
        }
        let mut names = Names::of(plan.definer.dialect);
        plan.definer.layout.tables.iter().for_each(|table| drop(names.take(&table.name)));
        let mut writer = Self { plan, columns, relations: BTreeMap::new() };
        for (place, steps) in steps {
            let base = match place {
                (0, _) => "facts".to_owned(),
                (1, frame) => {
                    let table = plan.definer.layout.tables.get(frame as usize);
                    table.map_or_else(String::new, |table| table.name.clone())
                }
                (_, pairs) => format!("pairs_{pairs}"),
            };
            let base = match plan.definer.dialect.steps() {
                Steps::Expressions => base,
                Steps::Tables => format!("s{}_{base}", plan.definer.number),
            };
            let named = (1..).zip(steps);
            let named =
                named.map(|(at, step)| (step, quoted(&names.take(&format!("{base}_{at}")))));
            writer.relations.insert(place, named.collect());
        }
        writer
    }

    /// The relation that has the rows of a domain with all its columns up to a step.
    pub(super) fn relation(&self, domain: Domain, step: u32) -> String {
        let steps = self.relations.get(&place(domain)).into_iter().flatten();
        let last = steps.take_while(|(own, _)| *own <= step).last();
        last.map_or_else(|| self.table(domain), |(_, name)| name.clone())
    }

    fn table(&self, domain: Domain) -> String {
        match domain {
            Domain::Unit => quoted(FACTS),
            Domain::Frame(frame) => quoted(&self.plan.definer.layout.table(frame).name),
            Domain::Pairs(_) => broken("pairs before they are there"),
        }
    }

    /// A cell of the row itself.
    fn cell(&self, cell: Cell) -> String {
        let planned = self.plan.planned(cell);
        if self.plan.is_column(cell) {
            return format!("p.{}", self.column(cell));
        }
        match &planned.definition {
            Definition::Base(column) => format!("p.{column}"),
            Definition::Row(template) if template.cells().next().is_none() => {
                self.template(template)
            }
            Definition::Row(template) => format!("({})", self.template(template)),
            _ => broken("a join that is no column"),
        }
    }

    /// The column that has a cell.
    pub(super) fn column(&self, cell: Cell) -> String {
        match &self.plan.planned(cell).definition {
            Definition::Base(column) => column.clone(),
            _ => self.columns.get(&cell).cloned().unwrap_or_default(),
        }
    }

    /// A template of the row itself.
    pub(super) fn template(&self, template: &Template) -> String {
        let pieces = template.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Cell(cell) => self.cell(*cell),
        });
        pieces.collect()
    }

    /// A query of all steps.
    pub(super) fn query(&self, selects: &[String]) -> Query {
        Query { steps: self.steps(), select: selects.join("\nUNION ALL\n") }
    }

    /// All steps, in order.
    fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<(u32, Place, &str)> = Vec::new();
        for (place, own) in &self.relations {
            steps.extend(own.iter().map(|(step, name)| (*step, *place, name.as_str())));
        }
        steps.sort_unstable();
        let written = steps.iter().map(|(step, place, name)| {
            let body = match *place {
                (2, id) if self.plan.start(Domain::Pairs(PairsId(id))) == *step => {
                    self.pairs(PairsId(id))
                }
                _ => self.step(*place, *step),
            };
            Step { name: (*name).to_owned(), body }
        });
        written.collect()
    }

    /// One step of a domain: the rows before it, with more columns.
    fn step(&self, at: Place, step: u32) -> String {
        let own = self.columns.keys().copied().filter(|cell| {
            place(self.plan.planned(*cell).domain) == at && self.plan.step(*cell) == step
        });
        let mut cells: Vec<Cell> = own.collect();
        cells.sort_by_key(|cell| self.number(*cell));
        let Some(domain) = cells.first().map(|cell| self.plan.planned(*cell).domain) else {
            broken("a step without columns")
        };
        let folds = self.folds(&cells);
        let mut joins = Joins::default();
        let mut columns = String::new();
        for (at, cell) in (1..).zip(&cells) {
            let column = self.column(*cell);
            let value = self.value(*cell, &folds, &mut joins);
            let comma = if at < cells.len() { "," } else { "" };
            let _ = write!(columns, "\n      {value} AS {column}{comma}{}", self.note(*cell));
        }
        let before = self.relation(domain, step.saturating_sub(1));
        let star = self.plan.definer.dialect.star() || joins.text.is_empty();
        let all = if star { "p.*".to_owned() } else { self.all_columns(domain, step) };
        format!("    SELECT {all},{columns}\n    FROM {before} AS p{}", joins.text)
    }

    /// All columns that the rows of a domain have before a step, one by one.
    fn all_columns(&self, domain: Domain, step: u32) -> String {
        let own = |name: &str| quoted(name);
        let mut columns: Vec<String> = match domain {
            Domain::Unit => {
                let facts = self.plan.definer.layout.tables.iter().flat_map(|table| &table.facts);
                [ROW].into_iter().chain(facts.map(String::as_str)).map(own).collect()
            }
            Domain::Frame(frame) => {
                let columns = tables::frame_columns(&self.plan.definer, frame);
                columns.iter().map(|(name, _)| own(name)).collect()
            }
            Domain::Pairs(id) => {
                let number = self.plan.are_outer(id).then_some(ROW);
                ["_outer", "_inner"].into_iter().chain(number).map(own).collect()
            }
        };
        let earlier = self.columns.iter().filter(|(cell, _)| {
            self.plan.planned(**cell).domain == domain && self.plan.step(**cell) < step
        });
        columns.extend(earlier.map(|(_, name)| name.clone()));
        let columns: Vec<String> =
            columns.iter().map(|column| format!("p.{column} AS {column}")).collect();
        columns.join(", ")
    }

    /// What a column is in the words of the policy, as a comment: `+` where that is surely true, `-`
    /// where it surely is not.
    fn note(&self, cell: Cell) -> String {
        let note = match cell {
            Cell::Node(node, Part::Whole) => self.plan.definer.notes.get(&node),
            _ => None,
        };
        note.map_or_else(String::new, |note| format!(" -- {note}"))
    }

    fn number(&self, cell: Cell) -> usize {
        let name = self.columns.get(&cell).map(|name| name.trim_matches(['"', '_']));
        name.and_then(|name| name.parse().ok()).unwrap_or(0)
    }

    /// The sub-selects that sum up elements in a step: by grouping, with all their columns.
    fn folds(&self, cells: &[Cell]) -> BTreeMap<super::define::Grouped, String> {
        let mut folds: BTreeMap<super::define::Grouped, (u32, Vec<String>)> = BTreeMap::new();
        for cell in cells {
            let Definition::Fold { grouping, each, .. } = &self.plan.planned(*cell).definition
            else {
                continue;
            };
            let step = self.plan.step_of(each, elements(*grouping));
            let fold = folds.entry(super::define::Grouped(*grouping)).or_default();
            fold.0 = fold.0.max(step);
            fold.1.push(format!("{} AS {}", self.template(each), self.column(*cell)));
        }
        let written = folds.into_iter().map(|(grouping, (step, columns))| {
            let relation = self.relation(elements(grouping.0), step);
            let owner = owner(&self.plan.definer, grouping.0);
            let columns = columns.join(",\n        ");
            let text = match owner {
                Some(owner) => format!(
                    "LEFT JOIN (\n      SELECT p.{owner} AS {row},\n        {columns}\n      \
                        FROM {relation} AS p\n      WHERE p.{owner} IS NOT NULL\n      \
                        GROUP BY p.{owner}\n    )",
                    row = quoted(ROW)
                ),
                None => {
                    format!(
                        "CROSS JOIN (\n      SELECT {columns}\n      FROM {relation} AS p\n    )"
                    )
                }
            };
            (grouping, text)
        });
        written.collect()
    }

    /// How a column is computed, with the joins that takes.
    fn value(
        &self,
        cell: Cell,
        folds: &BTreeMap<super::define::Grouped, String>,
        joins: &mut Joins,
    ) -> String {
        let by_row = format!(" ON {{}}.{row} = p.{row}", row = quoted(ROW));
        match &self.plan.planned(cell).definition {
            Definition::Base(column) => format!("p.{column}"),
            Definition::Row(template) => self.template(template),
            Definition::Read { at, of, truth } => {
                let domain = self.plan.planned(*of).domain;
                let relation = self.relation(domain, self.plan.step(*of));
                let alias = if domain == Domain::Unit {
                    joins.alias(&format!("CROSS JOIN {relation}"), "")
                } else {
                    let on = format!(" ON {{}}.{} = {}", quoted(ROW), self.cell(*at));
                    joins.alias(&format!("LEFT JOIN {relation}"), &on)
                };
                let column = format!("{alias}.{}", self.column(*of));
                if *truth { format!("COALESCE({column}, FALSE)") } else { column }
            }
            Definition::Beside { joins: tables, found } => {
                let own = self.plan.planned(cell).domain;
                self.beside(own, tables, found, joins)
            }
            Definition::Fold { grouping, empty, .. } => {
                let grouping = super::define::Grouped(*grouping);
                let head = folds.get(&grouping).map_or("", String::as_str);
                let on = if matches!(grouping.0, Grouping::All(_)) { "" } else { &by_row };
                let alias = joins.alias(head, on);
                let column = format!("{alias}.{}", self.column(cell));
                match empty {
                    Some(empty) => format!("COALESCE({column}, {empty})"),
                    None => column,
                }
            }
            Definition::Ranked(ranked) => {
                let (head, on) = self.ranked(ranked, &by_row);
                format!("{}.\"found\"", joins.alias(&head, &on))
            }
            Definition::Held(held) => {
                let (head, column) = self.held(held);
                format!("COALESCE({}.{column}, 0)", joins.alias(&head, &by_row))
            }
        }
    }

    fn beside(
        &self,
        own: Domain,
        tables: &[(String, Vec<(&'static str, Template)>)],
        found: &Template,
        joins: &mut Joins,
    ) -> String {
        let mut aliases: Vec<String> = Vec::new();
        let placed = |template: &Template, aliases: &[String]| {
            let pieces = template.0.iter().map(|piece| match piece {
                Piece::Text(text) => {
                    let placed = |text: String, (at, alias): (usize, &String)| {
                        text.replace(&format!("@{at}."), &format!("{alias}."))
                    };
                    aliases.iter().enumerate().fold(text.clone(), placed)
                }
                Piece::Cell(cell) => self.cell(*cell),
            });
            pieces.collect::<String>()
        };
        for (relation, on) in tables {
            let on = on.iter().map(|(column, template)| {
                let found = placed(template, &aliases);
                let by_rows = self.plan.definer.dialect.joins_by_rows();
                let is_of = |row: &str| found.contains(&format!("{row}."));
                if by_rows && !is_of("p") && !aliases.iter().any(|alias| is_of(alias)) {
                    let row = if matches!(own, Domain::Pairs(_)) { "_outer" } else { ROW };
                    return format!("{{}}.{column} = {found} + 0 * p.{}", quoted(row));
                }
                format!("{{}}.{column} = {found}")
            });
            let on = format!(" ON {}", on.collect::<Vec<_>>().join(" AND "));
            aliases.push(joins.alias(&format!("LEFT JOIN {relation}"), &on));
        }
        placed(found, &aliases)
    }

    /// The search for the first or last element of each row, and how it is joined.
    fn ranked(&self, ranked: &Ranked, by_row: &str) -> (String, String) {
        let grouping = ranked.grouping.0;
        let parts = [&ranked.never, &ranked.sure].into_iter().chain(&ranked.rank);
        let steps = parts.map(|part| self.plan.step_of(part, elements(grouping)));
        let relation = self.relation(elements(grouping), steps.max().unwrap_or(0));
        let (row, direction) = (element_row(grouping), if ranked.last { " DESC" } else { "" });
        let rank = ranked.rank.as_ref().map_or_else(|| "0".to_owned(), |rank| self.template(rank));
        let (owner, part) = match owner(&self.plan.definer, grouping) {
            Some(owner) => (
                format!("p.{owner} AS {}, ", quoted(ROW)),
                format!("PARTITION BY p.{} ", quoted(ROW)),
            ),
            None => (String::new(), String::new()),
        };
        let (by, on) = match part.is_empty() {
            true => (String::new(), ""),
            false => (format!("\n      GROUP BY p.{}", quoted(ROW)), by_row),
        };
        let own = if part.is_empty() { String::new() } else { format!("p.{}, ", quoted(ROW)) };
        let head = format!(
            "{} JOIN (\n      SELECT {own}CASE WHEN COUNT(*) = 1 OR COUNT(*) = COUNT(p.\"rank\")\n        \
                THEN MAX(CASE WHEN p.\"place\" = 1 AND p.\"sure\" THEN p.\"element\" END) END AS \"found\"\n      \
                FROM (\n        SELECT p.*, ROW_NUMBER() OVER ({part}ORDER BY p.\"rank\"{direction}, \
                p.\"element\"{direction}) AS \"place\"\n        FROM (\n          \
                SELECT {owner}p.{row} AS \"element\", {sure} AS \"sure\", {rank} AS \"rank\"\n          \
                FROM {relation} AS p\n          WHERE NOT {never}\n        ) AS p\n      ) AS p{by}\n    )",
            if part.is_empty() { "CROSS" } else { "LEFT" },
            sure = self.template(&ranked.sure),
            never = self.template(&ranked.never),
        );
        (head, on.to_owned())
    }

    /// The pairs of rows that may satisfy a condition.
    fn pairs(&self, id: PairsId) -> String {
        let pairs = self.plan.pairs_of(id);
        let number = if self.plan.are_outer(id) {
            format!(
                ",\n      ROW_NUMBER() OVER (ORDER BY o.{row}, i.{row}) - 1 AS {row}",
                row = quoted(ROW)
            )
        } else {
            String::new()
        };
        let (outer, inner) = self.sides(id, pairs);
        let select = format!(
            "    SELECT o.{row} AS \"_outer\", i.{row} AS \"_inner\"{number}\n    \
                FROM {outer} AS o\n    CROSS JOIN {inner} AS i",
            row = quoted(ROW)
        );
        let mut rest = self.ties(pairs);
        // What either side does not know may be equal to anything: without a list, rows with a known
        // key are joined by it, and the others apart, so that no engine compares each with each.
        let key = pairs.keys.iter().find_map(|key| match key {
            Key::Value { outer, inner } if pairs.group.is_none() => Some((*outer, *inner)),
            _ => None,
        });
        let Some((a, b)) = key.filter(|_| number.is_empty()) else {
            let keys = pairs.keys.iter().filter_map(|key| self.key(key));
            rest.extend(keys);
            return filtered(&select, &rest);
        };
        let others =
            pairs.keys.iter().filter(|key| !matches!(key, Key::Value { outer, .. } if *outer == a));
        rest.extend(others.filter_map(|key| self.key(key)));
        let (known, left, right) = (self.equal(a, b), self.side("o", a), self.side("i", b));
        let branches = [
            vec![known],
            vec![format!("{left} IS NULL")],
            vec![format!("{left} IS NOT NULL"), format!("{right} IS NULL")],
        ];
        let branches = branches.map(|more| filtered(&select, &[more, rest.clone()].concat()));
        branches.join("\n    UNION ALL\n")
    }

    /// The relations of both sides.
    fn sides(&self, id: PairsId, pairs: &Pairs) -> (String, String) {
        let before = self.plan.start(Domain::Pairs(id)).saturating_sub(1);
        (self.relation(pairs.outer, before), self.relation(Domain::Frame(pairs.inner), before))
    }

    /// A value of one side, by the alias of the side.
    fn side(&self, alias: &str, node: NodeId) -> String {
        format!("{alias}.{}", self.column(node.into()))
    }

    fn part(&self, alias: &str, template: &Template) -> String {
        let pieces = template.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Cell(cell) => format!("{alias}.{}", self.column(*cell)),
        });
        pieces.collect()
    }

    fn equal(&self, outer: NodeId, inner: NodeId) -> String {
        let (outer, inner) = (self.plan.parts(outer), self.plan.parts(inner));
        let parts = outer.iter().zip(&inner);
        let equal = parts.map(|(a, b)| format!("{} = {}", self.part("o", a), self.part("i", b)));
        equal.collect::<Vec<_>>().join(" AND ")
    }

    /// What else must not be surely false.
    fn ties(&self, pairs: &Pairs) -> Vec<String> {
        let mut ties = Vec::new();
        if let Some(group) = pairs.group {
            let (outer, inner) = group.owner;
            ties.push(format!("{} = {}", self.side("o", outer), self.side("i", inner)));
        }
        for bound in &pairs.bounds {
            let sign = comparison_sign(bound.comparison);
            let (outer, inner) = (self.plan.parts(bound.outer), self.plan.parts(bound.inner));
            let (o, i) = (self.side("o", bound.outer), self.side("i", bound.inner));
            let test = match (outer.get(1), inner.get(1)) {
                (Some(d), Some(e)) => {
                    let (d, e) = (self.part("o", d), self.part("i", e));
                    format!("{i} * {d} {sign} {o} * {e}")
                }
                _ => format!("{i} {sign} {o}"),
            };
            ties.push(format!("({test} OR {o} IS NULL OR {i} IS NULL)"));
        }
        let fits = [("o", pairs.outer_fits), ("i", pairs.inner_fits)];
        let fits = fits.into_iter().filter_map(|(alias, node)| Some((alias, node?)));
        ties.extend(fits.map(|(alias, node)| self.side(alias, node)));
        ties
    }

    fn key(&self, key: &Key) -> Option<String> {
        Some(match *key {
            Key::Value { outer, inner } => {
                let (o, i) = (self.side("o", outer), self.side("i", inner));
                format!("({} OR {o} IS NULL OR {i} IS NULL)", self.equal(outer, inner))
            }
            Key::Truth { outer, inner } => format!(
                "NOT ({} AND {}) AND NOT ({} AND {})",
                self.side("o", outer.t),
                self.side("i", inner.f),
                self.side("o", outer.f),
                self.side("i", inner.t)
            ),
        })
    }
}

fn filtered(select: &str, conditions: &[String]) -> String {
    if conditions.is_empty() {
        return select.to_owned();
    }
    format!("{select}\n    WHERE {}", conditions.join("\n      AND "))
}
