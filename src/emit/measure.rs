//! Measures as views: one figure over whole tables as one row, one in groups as a row for each group.

use super::define::{Definer, RANGE, Refused, TOO_LARGE};
use super::dialect::{Kind, Steps, kind, literal, quoted};
use super::exact::SCALE;
use super::fold::added;
use super::layout::{KEY, Names, ROW};
use super::plan::Plan;
use super::query::{Query, Step, Writer};
use super::template::{Cell, Template, fill, plain};
use crate::builtin::Quantifier;
use crate::lowering::{Domain, FigurePlan, Grouped, Lowered, MeasurePlan, NodeId, Recipe};
use crate::say;
use crate::schema::{Physical, Type};

/// The query of a measure: what it is called, which of its figures, of which group, the amount as
/// stored and what that is over.
pub(super) fn measure(
    definer: Definer<'_>,
    name: &str,
    plan: &MeasurePlan,
) -> Result<Query, Refused> {
    let figures = match &plan.after {
        None => vec![("value", &plan.figure)],
        Some(after) => vec![("before", &plan.figure), ("after", after)],
    };
    let mut split = Vec::new();
    let mut amounts = Vec::new();
    for (which, figure) in figures {
        match figure {
            FigurePlan::Whole(lowered) => amounts.push((which, amount(definer, *lowered)?)),
            FigurePlan::Split(Recipe::Form(grouped)) => {
                split.push((which, Split::of(definer, grouped)?));
            }
            FigurePlan::Split(_) => {
                return Err(say!(
                    "按组分开、又由几个数算出来的指标还写不成 SQL",
                    "measures in groups that are computed from several figures have no SQL yet"
                ));
            }
        }
    }
    if !split.is_empty() {
        let ty = group_type(definer, plan);
        return groups(definer, name, &split, ty);
    }
    let parts = amounts.iter().flat_map(|(_, (over, under))| [over, under]);
    let roots: Vec<Cell> = parts.flat_map(Template::cells).collect();
    let plan = Plan::new(definer, roots)?;
    let writer = Writer::new(&plan);
    let [text, wide] = [kind(Kind::Text), kind(Kind::Wide)];
    let selects = amounts.iter().map(|(which, (over, under))| {
        let step = [over, under].map(|part| plan.step_of(part, Domain::Unit));
        let relation = writer.relation(Domain::Unit, step.into_iter().max().unwrap_or(0));
        format!(
            "SELECT {}, CAST(NULL AS {text}) AS \"of\",\n  \
                CAST({} AS {wide}) AS \"amount\", CAST({} AS {wide}) AS \"per\"\nFROM {relation} AS p",
            head(name, which),
            writer.template(over),
            writer.template(under),
        )
    });
    let selects: Vec<String> = selects.collect();
    Ok(writer.query(&selects))
}

/// What a measure is called, and which of its figures it is.
fn head(name: &str, which: &str) -> String {
    let text = kind(Kind::Text);
    let name = literal(name);
    format!("CAST({name} AS {text}) AS \"measure\", CAST('{which}' AS {text}) AS \"figure\"")
}

/// A figure as one number over another.
fn amount(definer: Definer<'_>, figure: Lowered) -> Result<(Template, Template), Refused> {
    match figure {
        Lowered::Truth(rails) => {
            let text = "CASE WHEN {} THEN 1 WHEN {} THEN 0 END";
            Ok((fill(text, [rails.t.into(), rails.f.into()]), "1".into()))
        }
        Lowered::Value(node) if definer.node(node).physical == Physical::Texts => {
            Err(say!("文本的指标还写不成 SQL", "measures that are texts have no SQL yet"))
        }
        Lowered::Value(node) => Ok((node.into(), definer.under(node))),
    }
}

/// What groups are called by.
fn group_type(definer: Definer<'_>, plan: &MeasurePlan) -> Option<Type> {
    let program = &definer.policy.program;
    let by = program.measures.get(plan.measure)?.figure.group()?;
    Some(program.expr(by).ty)
}

/// The sums over the elements of each group of a figure, and what comes of them.
struct Split {
    by: Grouped,
    /// The aggregates of the elements that may be members, by name.
    sums: Vec<(&'static str, Template)>,
    /// The amount of a group, from `g`, and what it is over; where all parts are known.
    found: (String, String),
    /// The amount of a group without elements, where the list was read.
    empty: &'static str,
}

impl Split {
    fn of(definer: Definer<'_>, by: &Grouped) -> Result<Self, Refused> {
        // An element of which it is open whether it is a member, or what it counts, leaves all open.
        let open = |part: Template| fill("COUNT(CASE WHEN NOT {} THEN 1 END)", [part]);
        let exact = by.physical == Physical::Ratios;
        let mut sums = vec![("open", open(by.member.t.into()))];
        let whole = |found: &str| (found.to_owned(), "1".to_owned());
        let no_sql =
            || Err(say!("这种指标按组写不成 SQL", "this measure has no SQL in groups yet"));
        let (found, empty) = match (by.quantifier, by.value) {
            (Quantifier::Count, _) => {
                sums.push(("raw", "COUNT(*)".into()));
                (whole("g.\"raw\""), "0")
            }
            (_, Lowered::Truth(_)) => return no_sql(),
            (quantifier, Lowered::Value(value)) => {
                sums.push(("lost", open(fill("({} IS NOT NULL)", [value.into()]))));
                match quantifier {
                    Quantifier::Distinct => {
                        let shown = definer.told_apart(value);
                        sums.push(("raw", fill("COUNT(DISTINCT {})", [shown])));
                        (whole("g.\"raw\""), "0")
                    }
                    Quantifier::Sum if !exact => {
                        sums.push(("raw", signed(value, ">")));
                        sums.push(("below", signed(value, "<")));
                        let stop = definer.dialect.stop(TOO_LARGE, "g.\"raw\"");
                        let sum = added("g.\"raw\"".into(), "g.\"below\"".into(), stop);
                        (whole(&plain(&sum)), "0")
                    }
                    Quantifier::Sum | Quantifier::Max | Quantifier::Min => {
                        let function = match quantifier {
                            Quantifier::Sum => "SUM",
                            Quantifier::Max => "MAX",
                            _ => "MIN",
                        };
                        let each = if exact { definer.scaled(value) } else { value.into() };
                        let ty = definer.node(value).physical;
                        if !matches!(ty, Physical::Ints | Physical::Ratios) {
                            return no_sql();
                        }
                        sums.push(("raw", fill(&format!("{function}({{}})"), [each])));
                        let empty = if quantifier == Quantifier::Sum { "0" } else { "NULL" };
                        let found = if exact { reduced(definer) } else { whole("g.\"raw\"") };
                        (found, empty)
                    }
                    _ => return no_sql(),
                }
            }
        };
        Ok(Self { by: *by, sums, found, empty })
    }

    /// What has to be had to write it.
    fn cells(&self) -> Vec<Cell> {
        let own = [self.by.key, self.by.member.f, self.by.whole].map(Cell::from);
        own.into_iter().chain(self.sums.iter().flat_map(|(_, sum)| sum.cells())).collect()
    }

    /// The groups with their sums: `known` and `key` are what they are of.
    fn sums(&self, definer: Definer<'_>, plan: &Plan<'_>, writer: &Writer<'_, '_>) -> String {
        let domain = Domain::Frame(self.by.frame);
        let (name, known) = (key(definer, self.by.key), known(self.by.key));
        let parts = self.sums.iter().map(|(_, sum)| sum).chain([&name, &known]);
        let steps = parts.map(|part| plan.step_of(part, domain));
        let step = steps.chain([plan.step(self.by.member.f.into())]).max().unwrap_or(0);
        let [name, known] = [name, known].map(|part| writer.template(&part));
        let sums = self.sums.iter().map(|(called, sum)| {
            format!(",\n      {} AS {}", writer.template(sum), quoted(called))
        });
        format!(
            "    SELECT {known} AS \"known\", {name} AS \"key\"{}\n    FROM {} AS p\n    \
                WHERE NOT {}\n    GROUP BY {known}, {name}",
            sums.collect::<String>(),
            writer.relation(domain, step),
            writer.template(&self.by.member.f.into()),
        )
    }
}

/// The sum of the parts of one sign.
fn signed(value: NodeId, sign: &str) -> Template {
    let text = format!("SUM(CASE WHEN {{}} {sign} 0 THEN {{}} ELSE 0 END)");
    fill(&text, [value.into(), super::dialect::wide(value)])
}

/// An exact amount of `g`, reduced.
fn reduced(definer: Definer<'_>) -> (String, String) {
    let divisor = || definer.dialect.divisor("g.\"raw\"", SCALE);
    let over = plain(&definer.dialect.quotient("g.\"raw\"", divisor()));
    let under = plain(&definer.dialect.quotient(SCALE, divisor()));
    let stop = plain(&definer.dialect.stop(TOO_LARGE, "g.\"raw\""));
    (format!("CASE WHEN {over} {RANGE} THEN {over} ELSE {stop} END"), under)
}

/// What a group is known by, as a text that is never NULL.
fn key(definer: Definer<'_>, key: NodeId) -> Template {
    let (text, part) = (kind(Kind::Text), Template::from(key));
    match definer.node(key).physical {
        Physical::Texts => fill("COALESCE({}, '')", [part]),
        _ => fill(&format!("COALESCE(CAST({{}} AS {text}), '')"), [part]),
    }
}

/// Whether it is known which group an element is of.
fn known(key: NodeId) -> Template {
    fill("CASE WHEN {} IS NOT NULL THEN 1 ELSE 0 END", [key.into()])
}

/// The query of a measure in groups: a row for each figure of each group that has elements in any.
fn groups(
    definer: Definer<'_>,
    name: &str,
    split: &[(&str, Split)],
    ty: Option<Type>,
) -> Result<Query, Refused> {
    let (join, called) = called(definer, ty)?;
    let plan = Plan::new(definer, split.iter().flat_map(|(_, side)| side.cells()))?;
    let writer = Writer::new(&plan);
    let mut names = Names::of(definer.dialect);
    definer.layout.tables.iter().for_each(|table| drop(names.take(&table.name)));
    let mut step = |name: &str| {
        quoted(&names.take(&match definer.dialect.steps() {
            Steps::Expressions => format!("_{name}"),
            Steps::Tables => format!("s{}__{name}", definer.number),
        }))
    };
    // What is joined here is a step: the view itself joins nothing.
    let all = step("groups");
    let mut query = writer.query(&[format!("SELECT p.*\nFROM {all} AS p")]);
    let sums: Vec<String> = split.iter().map(|(which, _)| step(which)).collect();
    for ((_, side), name) in split.iter().zip(&sums) {
        let body = side.sums(definer, &plan, &writer);
        query.steps.push(Step { name: name.clone(), body });
    }
    // A group that has elements in one figure alone has both.
    let keys = sums.iter().map(|name| format!("SELECT s.\"known\", s.\"key\" FROM {name} AS s"));
    let keys = keys.collect::<Vec<_>>().join(" UNION ALL ");
    let keys = match sums.as_slice() {
        [only] => only.clone(),
        _ => format!("(\n      SELECT DISTINCT u.\"known\", u.\"key\" FROM ({keys}) AS u\n    )"),
    };
    let wide = kind(Kind::Wide);
    let selects = split.iter().zip(&sums).map(|((which, side), sums)| {
        let whole = Template::from(side.by.whole);
        let unit = writer.relation(Domain::Unit, plan.step_of(&whole, Domain::Unit));
        let whole = writer.template(&whole);
        let (over, under) = &side.found;
        let is_lost = side.sums.iter().any(|(called, _)| *called == "lost");
        let lost = if is_lost { " + g.\"lost\"" } else { "" };
        let under = match under.as_str() {
            "1" => under.clone(),
            _ => format!("CASE WHEN g.\"key\" IS NULL THEN 1 ELSE {under} END"),
        };
        format!(
            "    SELECT {}, {called} AS \"of\",\n      \
                CAST(CASE WHEN NOT w.\"whole\" THEN NULL WHEN g.\"key\" IS NULL THEN {empty}\n        \
                WHEN g.\"open\"{lost} = 0 THEN {over} END AS {wide}) AS \"amount\",\n      \
                CAST({under} AS {wide}) AS \"per\"\n    FROM {keys} AS k\n    \
                CROSS JOIN (SELECT {whole} AS \"whole\" FROM {unit} AS p) AS w\n    \
                LEFT JOIN {sums} AS g ON g.\"known\" = k.\"known\" AND g.\"key\" = k.\"key\"{join}",
            head(name, which),
            empty = side.empty,
        )
    });
    let body = selects.collect::<Vec<String>>().join("\n    UNION ALL\n");
    query.steps.push(Step { name: all, body });
    Ok(query)
}

/// What a group of `k` is called: a join and a text, NULL where it is not known which group it is.
fn called(definer: Definer<'_>, ty: Option<Type>) -> Result<(String, String), Refused> {
    let schema = definer.policy.schema();
    let text = kind(Kind::Text);
    let (join, name) = match ty {
        Some(Type::Text | Type::Integer) => (String::new(), "k.\"key\"".to_owned()),
        Some(Type::Enum(id)) => {
            let values = schema.enumeration(id).into_iter().flat_map(|found| &found.values);
            let cases = values
                .enumerate()
                .map(|(at, value)| format!("WHEN '{at}' THEN {}", literal(value.names.en())));
            let cases: Vec<String> = cases.collect();
            (String::new(), format!("CASE k.\"key\" {} END", cases.join(" ")))
        }
        Some(Type::Ref(table)) => {
            let table = quoted(&definer.layout.table(table).name);
            let join = format!(
                "\n    LEFT JOIN {table} AS t ON CAST(t.{} AS {text}) = k.\"key\"",
                quoted(ROW)
            );
            (join, format!("t.{}", quoted(KEY)))
        }
        _ => {
            return Err(say!(
                "只有按文本、整数、枚举和引用分组的指标写得成 SQL",
                "of measures in groups only those by texts, whole numbers, enums and references \
                    have SQL yet"
            ));
        }
    };
    Ok((join, format!("CASE WHEN k.\"known\" = 1 THEN {name} END")))
}
