//! What each operation of the graph is in SQL. Operations that have no SQL are refused by name.

use super::Dialect;
use super::dialect::{literal, quoted, wide};
use super::held::Held;
use super::layout::{Holds, Layout, PARENT, ROOT, ROW, WAIVERS, stored_text};
use super::note::Notes;
use super::pattern;
use super::template::{Cell, Part, Template, fill, number, product};
use crate::diagnostic::Bilingual;
use crate::engine::Policy;
use crate::invariant::broken;
use crate::lowering::{Domain, Grouping, Node, NodeId, Op};
use crate::program::{Comparison, TextRelation};
use crate::say;
use crate::schema::{Constant, FieldId, FrameId, Physical, day_number};
use crate::syntax::tree::Operator;
use crate::value::key::canonical;
use jiff::civil::Date;

/// Why something has no SQL.
pub(super) type Refused = Bilingual;

/// How a cell is had.
#[derive(Clone, Debug)]
pub(super) enum Definition {
    /// It is a column of the table, by its quoted name.
    Base(String),
    /// From other cells of its row.
    Row(Template),
    /// From a row of another relation, by row number; a truth is false where there is none.
    Read {
        /// The row number.
        at: Cell,
        /// What is read there.
        of: Cell,
        /// Whether it is a truth.
        truth: bool,
    },
    /// From rows of tables beside: `@0` in the templates is the first of them.
    Beside {
        /// Each by its name and the column that must equal something.
        joins: Vec<(String, Vec<(&'static str, Template)>)>,
        /// What comes of them.
        found: Template,
    },
    /// From all elements of the row.
    Fold {
        /// Whose.
        grouping: Grouping,
        /// An aggregate of their cells.
        each: Template,
        /// What there is for no elements; NULL without.
        empty: Option<&'static str>,
    },
    /// The row number of the first or last element that may be in a set.
    Ranked(Ranked),
    /// What the intervals of the row hold.
    Held(Held),
}

/// The search for the first or last element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ranked {
    /// Whose elements; as text, so that searches alike are one.
    pub(super) grouping: Grouped,
    /// Elements surely not meant.
    pub(super) never: Template,
    /// Elements surely meant.
    pub(super) sure: Template,
    /// What they are in order of; that of the data without.
    pub(super) rank: Option<Template>,
    /// Whether the last is meant.
    pub(super) last: bool,
}

/// A grouping that has an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grouped(pub(super) Grouping);

impl Grouped {
    fn order(self) -> (u8, u32, u32) {
        match self.0 {
            Grouping::Nested(frame) => (0, frame.0, 0),
            Grouping::Inverse(frame, field) => (1, frame.0, field.0),
            Grouping::All(frame) => (2, frame.0, 0),
            Grouping::Pairs(id) => (3, id.0, 0),
        }
    }
}

impl PartialOrd for Grouped {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Grouped {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// Says what cells are.
#[derive(Clone, Copy)]
pub(super) struct Definer<'p> {
    pub(super) policy: &'p Policy,
    pub(super) layout: &'p Layout,
    pub(super) dialect: Dialect,
    pub(super) notes: &'p Notes,
    /// The number of the file that is written.
    pub(super) number: usize,
}

/// What is written where the numbers of an engine do not reach.
pub(super) const TOO_LARGE: &str = "fanshi: a number is too large or too finely divided";

/// The range of stored whole numbers, as SQL.
pub(super) const RANGE: &str = "BETWEEN -9223372036854775808 AND 9223372036854775807";

/// A column of the row itself.
pub(super) fn own(column: &str) -> Template {
    format!("p.{column}").into()
}

/// The rows a grouping sums up.
pub(super) fn elements(grouping: Grouping) -> Domain {
    match grouping {
        Grouping::Nested(frame) | Grouping::Inverse(frame, _) | Grouping::All(frame) => {
            Domain::Frame(frame)
        }
        Grouping::Pairs(id) => Domain::Pairs(id),
    }
}

impl Definer<'_> {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        match self.policy.graph.node(id) {
            Some(node) => node,
            None => broken("a node of another graph"),
        }
    }

    /// The rows a cell is of.
    pub(super) fn domain(&self, cell: Cell) -> Domain {
        match cell {
            Cell::Node(node, _) => self.node(node).domain,
            Cell::Waived(_, frame) => Domain::Frame(frame),
        }
    }

    /// The column in which a table has something.
    pub(super) fn base(&self, frame: FrameId, holds: Holds) -> String {
        match self.layout.column(frame, holds) {
            Some(column) => column,
            None => broken("a column that no table has"),
        }
    }

    /// How a cell is had.
    pub(super) fn definition(&self, cell: Cell) -> Result<Definition, Refused> {
        match cell {
            Cell::Waived(rule, frame) => {
                let root = self.policy.schema().root(frame);
                let key = if root == frame { quoted(ROW) } else { quoted(ROOT) };
                // No constant stands in a condition of a join: where DuckDB 2.0 sees that no row of the
                // right side has it, it takes the rows of the left for none, and sums up wrongly.
                let covers = format!(
                    "(SELECT \"row\", MAX(CASE WHEN \"rule\" = {} AND \"table\" = {} THEN 1 ELSE 0 END) \
                        AS \"covers\" FROM {} GROUP BY \"row\")",
                    literal(self.policy.rules.code(rule)),
                    literal(&self.layout.table(root).shown),
                    quoted(WAIVERS)
                );
                let joins = vec![(covers, vec![("\"row\"", own(&key))])];
                Ok(Definition::Beside { joins, found: "COALESCE(@0.\"covers\" = 1, FALSE)".into() })
            }
            Cell::Node(id, Part::Whole) if self.node(id).physical == Physical::Ratios => {
                self.exact(id, Part::Whole)
            }
            Cell::Node(id, Part::Whole) => self.whole(id),
            Cell::Node(id, Part::Named) => self.named(id),
            Cell::Node(id, part) if self.node(id).physical == Physical::Ratios => {
                self.exact(id, part)
            }
            Cell::Node(id, part) => self.raw_whole(id, part),
        }
    }

    /// A truth, a whole number or a text.
    fn whole(&self, id: NodeId) -> Result<Definition, Refused> {
        let node = self.node(id);
        let row = |template: Template| Ok(Definition::Row(template));
        match &node.op {
            Op::Truth(value) => row(if *value { "TRUE" } else { "FALSE" }.into()),
            Op::Bits(frame, field) => {
                row(fill("COALESCE({}, FALSE)", [own(&self.base(*frame, Holds::Value(*field)))]))
            }
            Op::Present(frame, field) => row(self.present(*frame, *field)),
            Op::Unread(frame, field) => {
                Ok(Definition::Base(self.base(*frame, Holds::Unread(*field))))
            }
            Op::Claimed(frame, field) => {
                let Domain::Frame(own) = node.domain else { broken("rows claimed of no table") };
                Ok(Definition::Base(self.base(own, Holds::Claimed(*frame, *field))))
            }
            Op::Sole(frame) => self.fact(*frame, 1),
            Op::Whole(frame) => self.fact(*frame, 0),
            Op::Paired(_) => row("TRUE".into()),
            Op::Valid(inner) => row(self.valid(*inner)),
            Op::And(parts) => {
                let parts = parts.iter().map(|part| Template::from(*part));
                row(Template::joined(parts, " AND "))
            }
            Op::Or(parts) => {
                let parts = parts.iter().map(|part| Template::from(*part));
                row(Template::joined(parts, " OR "))
            }
            Op::Not(inner) => row(fill("NOT {}", [(*inner).into()])),
            Op::Compare(comparison, a, b) => row(self.compare(*comparison, *a, *b)),
            Op::Same(table, a, b) => Ok(self.one_row(*table, (*a, *b), "=")),
            Op::Apart(table, a, b) => Ok(self.one_row(*table, (*a, *b), "<>")),
            Op::Text(relation, a, b) => self.relate(*relation, *a, *b).map(Definition::Row),
            Op::Canonical(text) => self.canonical(*text),
            Op::GatherBits(at, of) => {
                Ok(Definition::Read { at: (*at).into(), of: (*of).into(), truth: true })
            }
            Op::Gather(at, of) => {
                let truth = self.node(*of).physical == Physical::Bits;
                Ok(Definition::Read { at: (*at).into(), of: (*of).into(), truth })
            }
            Op::Constant(constant) => row(constant_text(constant).into()),
            Op::Column(frame, field) => {
                Ok(Definition::Base(self.base(*frame, Holds::Value(*field))))
            }
            Op::Where(value, rows) => {
                row(fill("CASE WHEN {} THEN {} END", [(*rows).into(), (*value).into()]))
            }
            Op::Pick(rows, a, b) => row(fill(
                "CASE WHEN {} THEN {} ELSE {} END",
                [(*rows).into(), (*a).into(), (*b).into()],
            )),
            Op::Arithmetic(..) | Op::Negate(_) => row(fits(Cell::Node(id, Part::Raw).into())),
            Op::AddDays(..) => {
                let (first, last) = (day_number(Date::MIN), day_number(Date::MAX));
                let text = format!(
                    "CASE WHEN {{}} BETWEEN {first} AND {last} THEN CAST({{}} AS BIGINT) END"
                );
                let raw = || Template::from(Cell::Node(id, Part::Raw));
                row(fill(&text, [raw(), raw()]))
            }
            Op::AddMonths(_, day, _) => row(self.add_months(id, *day)),
            Op::Call(function, arguments) => self.call(id, *function, arguments),
            Op::Row => Ok(Definition::Base(quoted(ROW))),
            Op::Parent(_) => Ok(Definition::Base(quoted(PARENT))),
            Op::Outer(_) => Ok(Definition::Base("\"_outer\"".to_owned())),
            Op::Inner(_) => Ok(Definition::Base("\"_inner\"".to_owned())),
            op => self.of_rows(id, op),
        }
    }

    /// What sums up other rows, and what has no SQL. No operation falls through: one that is new has
    /// to be decided here.
    fn of_rows(&self, id: NodeId, op: &Op) -> Result<Definition, Refused> {
        match op {
            Op::Exists(..)
            | Op::Count(..)
            | Op::Sum(..)
            | Op::Max(..)
            | Op::Min(..)
            | Op::Distinct(..)
            | Op::Select(..)
            | Op::End(..) => self.of_list(id),
            Op::NetElapsed(intervals) => Ok(self.net(id, intervals)),
            Op::Nearest(..) => Err(refused("最相似", "most_similar")),
            Op::Cycles(_) | Op::MayCycle(_) => Err(refused("无环", "acyclic")),
            Op::Longest(..) => Err(refused("最长路径", "longest_path")),
            Op::Trace(_) => Err(say!(
                "流程和关于先后的条件还写不成 SQL",
                "processes and templates about order have no SQL yet"
            )),
            Op::Truth(_)
            | Op::Bits(..)
            | Op::Present(..)
            | Op::Unread(..)
            | Op::Claimed(..)
            | Op::Sole(_)
            | Op::Whole(_)
            | Op::Valid(_)
            | Op::And(_)
            | Op::Or(_)
            | Op::Not(_)
            | Op::Compare(..)
            | Op::Same(..)
            | Op::Apart(..)
            | Op::Text(..)
            | Op::GatherBits(..)
            | Op::Constant(_)
            | Op::Weights(_)
            | Op::Column(..)
            | Op::Gather(..)
            | Op::Canonical(_)
            | Op::ToRatio(_)
            | Op::Arithmetic(..)
            | Op::AddDays(..)
            | Op::AddMonths(..)
            | Op::Negate(_)
            | Op::Where(..)
            | Op::Pick(..)
            | Op::Call(..)
            | Op::Row
            | Op::Parent(_)
            | Op::Paired(_)
            | Op::Outer(_)
            | Op::Inner(_) => broken("no column of its own"),
        }
    }

    fn fact(&self, frame: FrameId, which: usize) -> Result<Definition, Refused> {
        let facts = &self.layout.table(frame).facts;
        Ok(Definition::Base(quoted(facts.get(which).map_or("", String::as_str))))
    }

    fn present(&self, frame: FrameId, field: FieldId) -> Template {
        let column = own(&self.base(frame, Holds::Value(field)));
        let ty = self.policy.schema().field(frame, field).map(|field| field.ty.physical());
        if ty == Some(Physical::Frame) { column } else { fill("({} IS NOT NULL)", [column]) }
    }

    /// Whether a value is known.
    fn valid(&self, id: NodeId) -> Template {
        let node = self.node(id);
        match (&node.op, node.physical) {
            (Op::Weights(_), _) | (_, Physical::Bits) => "TRUE".into(),
            _ => fill("{} IS NOT NULL", [id.into()]),
        }
    }

    /// A comparison; false where either side is not known.
    fn compare(&self, comparison: Comparison, a: NodeId, b: NodeId) -> Template {
        let sign = sign(comparison);
        let (left, right) = match (self.node(a).physical, self.node(b).physical) {
            (Physical::Ints, Physical::Ints) => (self.bare(a), self.bare(b)),
            (Physical::Texts, Physical::Texts) => {
                (self.dialect.by_bytes(a), self.dialect.by_bytes(b))
            }
            (Physical::Ratios, Physical::Ratios) => {
                (product(self.bare(a), self.under(b)), product(self.bare(b), self.under(a)))
            }
            _ => return "FALSE".into(),
        };
        fill(&format!("COALESCE({{}} {sign} {{}}, FALSE)"), [left, right])
    }

    /// A number; one that stands in the policy as it is.
    fn bare(&self, id: NodeId) -> Template {
        match &self.node(id).op {
            Op::Constant(Constant::Int(value)) => value.to_string().into(),
            Op::Constant(Constant::Ratio(value)) => number(*value.numer()).into(),
            _ => id.into(),
        }
    }

    /// Whether two references surely name one row, or surely two.
    fn one_row(&self, table: FrameId, (a, b): (NodeId, NodeId), sign: &str) -> Definition {
        let named = |node| Template::from(Cell::Node(node, Part::Named));
        let on = vec![("\"a\"", named(a)), ("\"b\"", named(b))];
        let unsure = self.layout.table(table).unsure.as_deref().unwrap_or_default();
        let text = format!("(COALESCE({{}} {sign} {{}}, FALSE) AND @0.\"a\" IS NULL)");
        Definition::Beside {
            joins: vec![(quoted(unsure), on)],
            found: fill(&text, [named(a), named(b)]),
        }
    }

    /// The row a reference names, or the number of what it names that is no row; NULL where nobody
    /// knows.
    fn named(&self, id: NodeId) -> Result<Definition, Refused> {
        let named = |node: NodeId| Template::from(Cell::Node(node, Part::Named));
        Ok(match &self.node(id).op {
            Op::Column(frame, field) => {
                let stray = self.layout.column(*frame, Holds::Stray(*field));
                let value = own(&self.base(*frame, Holds::Value(*field)));
                Definition::Row(match stray {
                    Some(stray) => fill("COALESCE({}, {})", [value, own(&stray)]),
                    None => value,
                })
            }
            Op::Gather(at, of) => Definition::Read {
                at: (*at).into(),
                of: Cell::Node(*of, Part::Named),
                truth: false,
            },
            // What is no row stays what it is, also where nothing is known to be meant.
            Op::Where(value, rows) => Definition::Row(fill(
                "CASE WHEN {} OR {} < 0 THEN {} END",
                [(*rows).into(), named(*value), named(*value)],
            )),
            Op::Pick(rows, a, b) => Definition::Row(fill(
                "CASE WHEN {} THEN {} ELSE {} END",
                [(*rows).into(), named(*a), named(*b)],
            )),
            _ => Definition::Row(id.into()),
        })
    }

    fn relate(&self, relation: TextRelation, a: NodeId, b: NodeId) -> Result<Template, Refused> {
        let (text, part) = (Template::from(a), Template::from(b));
        let test = match relation {
            TextRelation::Contains => fill("STRPOS({}, {}) > 0", [text, part]),
            TextRelation::StartsWith => fill("STARTS_WITH({}, {})", [text, part]),
            TextRelation::EndsWith => fill("ENDS_WITH({}, {})", [text, part]),
            TextRelation::Matches => {
                let Op::Constant(Constant::Text(pattern)) = &self.node(b).op else {
                    return Err(say!("匹配的式样不是定值", "a pattern that is not one text"));
                };
                self.dialect.matches(text, &pattern::plain(pattern)?)
            }
        };
        Ok(fill("COALESCE({}, FALSE)", [test]))
    }

    fn canonical(&self, text: NodeId) -> Result<Definition, Refused> {
        Ok(match &self.node(text).op {
            Op::Column(frame, field) => {
                Definition::Base(self.base(*frame, Holds::Canonical(*field)))
            }
            Op::Constant(Constant::Text(text)) => Definition::Row(literal(&canonical(text)).into()),
            Op::Gather(at, of) if stored_text(self.policy, *of).is_some() => {
                let of = self.keyed(*of)?;
                Definition::Read { at: (*at).into(), of, truth: false }
            }
            _ => {
                return Err(say!(
                    "算出来的文本还不能当主键比",
                    "a computed text cannot be compared as a key yet"
                ));
            }
        })
    }

    /// The cell of a stored text as a key.
    fn keyed(&self, text: NodeId) -> Result<Cell, Refused> {
        let nodes = (0..).map(NodeId).zip(&self.policy.graph.nodes);
        let mut known = nodes.filter(|(_, node)| node.op == Op::Canonical(text));
        known.next().map(|(id, _)| id.into()).ok_or_else(|| {
            say!("经引用的文本还不能当主键比", "a text read by reference cannot be a key yet")
        })
    }

    /// What whole numbers come to before it is known whether they fit.
    fn raw_whole(&self, id: NodeId, part: Part) -> Result<Definition, Refused> {
        Ok(Definition::Row(match (&self.node(id).op, part) {
            (Op::Arithmetic(operator, a, b) | Op::AddDays(operator, a, b), Part::Raw) => {
                let sign = match operator {
                    Operator::Add => "+",
                    Operator::Subtract => "-",
                    Operator::Multiply => "*",
                    Operator::Divide => return Ok(Definition::Row("NULL".into())),
                };
                fill(&format!("{{}} {sign} {{}}"), [wide(*a), wide(*b)])
            }
            (Op::Negate(inner), Part::Raw) => fill("(0 - {})", [wide(*inner)]),
            (Op::Sum(grouping, mask, value), Part::Raw | Part::RawUnder) => {
                let sign = if part == Part::Raw { ">" } else { "<" };
                let text = format!("SUM(CASE WHEN {{}} AND {{}} {sign} 0 THEN {{}} ELSE 0 END)");
                let each = fill(&text, [(*mask).into(), (*value).into(), wide(*value)]);
                return Ok(Definition::Fold { grouping: *grouping, each, empty: Some("0") });
            }
            (Op::NetElapsed(intervals), Part::Raw | Part::RawUnder) => {
                return Ok(self.held(id, intervals, part));
            }
            (Op::Call(function, arguments), Part::Raw) => self.raw_call(*function, arguments)?,
            (Op::AddMonths(operator, day, months), Part::RawUnder) => {
                self.month_meant(*operator, *day, *months)
            }
            (Op::AddMonths(..), Part::Raw) => self.first_meant(id),
            _ => broken("a part that a value does not have"),
        }))
    }
}

/// A wide number as a stored one; NULL where it does not fit.
pub(super) fn fits(raw: Template) -> Template {
    let text = format!("CASE WHEN {{}} {RANGE} THEN CAST({{}} AS BIGINT) END");
    fill(&text, [raw.clone(), raw])
}

fn refused(zh: &str, en: &str) -> Refused {
    say!("`{zh}` 还写不成 SQL", "`{en}` has no SQL yet")
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterEqual => ">=",
    }
}

/// A comparison as it is written.
pub(super) fn comparison_sign(comparison: Comparison) -> &'static str {
    sign(comparison)
}

fn constant_text(constant: &Constant) -> String {
    match constant {
        Constant::Int(value) => format!("CAST({value} AS BIGINT)"),
        Constant::Text(text) => literal(text),
        Constant::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Constant::Ratio(value) => number(*value.numer()),
        Constant::Empty => "FALSE".to_owned(),
    }
}
