//! A change in words: what a fact would have to be, and what it is. Where several values of a fact
//! were tried, the relation that those have in common that do.

use super::candidate::{Becomes, Candidate, Thing};
use super::reads::{Owner, Read};
use super::said::{Must, Said};
use super::search::Solution;
use super::values::Asked;
use crate::builtin::Scalar;
use crate::diagnostic::Bilingual;
use crate::engine::{RowRef, Run};
use crate::program::{ExprKind, TextRelation};
use crate::say;
use crate::schema::{Constant, Order, Type};
use crate::why::record::Needed;
use crate::why::{Description, Fact, Walker};
use std::cmp::Ordering;

/// How many values are listed.
const LISTED: usize = 4;

/// Says what changes are.
pub(super) struct Wording<'x> {
    pub run: &'x Run,
    pub asked: &'x Asked,
}

/// A value that was tried, and whether it does.
type Tried = (Constant, bool);

impl Wording<'_> {
    /// One of the changes of a solution, with what came of the other values of its fact, and what
    /// has to be said of what it adds.
    pub fn needed(
        &self,
        solution: &Solution,
        at: usize,
        variants: &[(Candidate, bool)],
        said: &Said,
    ) -> Option<Needed> {
        let change = solution.changes.get(at)?;
        let (wanted, demand) = match &change.becomes {
            Becomes::Value(value) => {
                let read = change.read.as_ref()?;
                let demand = self.value(read, value, variants, solution);
                (*value != Constant::Bool(false), demand)
            }
            Becomes::Nothing => (false, say!("须不填", "would have to be left out")),
            Becomes::EmptyList if said.may_have_elements => {
                (true, say!("须填写，可以为空", "would have to be given, if only as empty"))
            }
            Becomes::EmptyList => {
                (true, say!("须填写为 0 项", "would have to be given with no entries"))
            }
            Becomes::More(_) => (true, self.more(change, said)),
            Becomes::Longer(more, _) => (true, self.longer(change, *more, said)),
            Becomes::Less(rows) => (false, self.less(change, rows)),
        };
        let now = self.now(change);
        let (zh, en) = (format!("{}{}", demand.zh, now.zh), format!("{}{}", demand.en, now.en));
        Some(Needed {
            name: self.name(change),
            demand: Bilingual { zh, en },
            wanted,
            value: change
                .read
                .as_ref()
                .map_or_else(|| Some(entries(change.length)), |read| read.shown.clone()),
            to: self.to(change),
            free: said.free.clone(),
            edits: change.edits.clone(),
        })
    }

    /// The value that is said: of those that do without a gap, the one nearest to what is there.
    pub fn chosen(&self, change: &Candidate, variants: &[(Candidate, bool)]) -> Candidate {
        let (Some(read), Becomes::Value(value)) = (&change.read, &change.becomes) else {
            return change.clone();
        };
        if !is_number(self.ty(read)) {
            return change.clone();
        }
        let run = self.stretch(read, value, variants).values;
        let marks = |value: &&Constant| self.marks(read).contains(value);
        let nearest = match &read.value {
            Some(now) if run.iter().any(|value| order(value, now) == Ordering::Greater) => {
                run.first()
            }
            Some(_) => run.last(),
            None => run.iter().find(marks).or(run.first()),
        };
        let of = |(one, _): &&(Candidate, bool)| match (&one.becomes, nearest) {
            (Becomes::Value(value), Some(nearest)) => value == nearest,
            _ => false,
        };
        variants.iter().find(of).map_or_else(|| change.clone(), |(one, _)| one.clone())
    }

    fn ty(&self, read: &Read) -> Type {
        let field = self.run.schema().field(read.fact.frame, read.fact.field);
        field.map_or(Type::Boolean, |field| field.ty)
    }

    /// What a fact is compared with.
    fn marks(&self, read: &Read) -> Vec<Constant> {
        let Fact { frame, field, .. } = read.fact;
        read.asks.iter().chain(self.asked.constants(frame, field)).cloned().collect()
    }

    fn shown(&self, ty: Type, value: &Constant) -> Bilingual {
        let scalar = match value {
            Constant::Text(text) => Scalar::Text(text.as_ref().into()),
            Constant::Int(value) => Scalar::Int(*value),
            Constant::Ratio(value) => Scalar::Ratio(*value),
            Constant::Bool(value) => Scalar::Bool(*value),
            Constant::Empty => return entries(0),
        };
        self.run.show().scalar(ty, &scalar)
    }

    fn name(&self, change: &Candidate) -> Bilingual {
        let (Becomes::Less(rows), Thing::List(frame, owner)) = (&change.becomes, change.thing)
        else {
            return change.name.clone();
        };
        let [row] = rows[..] else { return change.name.clone() };
        let row = RowRef { frame, row };
        let name = match owner {
            Owner::Row(_) => self.run.path(frame, row.row),
            Owner::Referred(..) | Owner::All => Some(self.run.row_words(row)),
        };
        name.unwrap_or_else(|| change.name.clone())
    }

    /// What it is now, in brackets; nothing where the change says so itself.
    fn now(&self, change: &Candidate) -> Bilingual {
        let Some(read) = &change.read else {
            let count = change.length;
            return match (&change.becomes, change.thing) {
                (_, Thing::List(_, Owner::Row(_))) => {
                    say!("（现有 {count} 项）", " (it has {count})")
                }
                _ => Bilingual::default(),
            };
        };
        match &read.shown {
            Some(_) if self.ty(read) == Type::Boolean => Bilingual::default(),
            Some(Bilingual { zh, en }) => {
                Bilingual::new(format!("（现为 {zh}）"), format!(" (it is {en})"))
            }
            None if self.run.unread_text(read.fact).is_some() => {
                Bilingual::new("（现在的读不出）", " (what is there cannot be read)")
            }
            None => Bilingual::new("（现未填）", " (it is not given)"),
        }
    }

    fn to(&self, change: &Candidate) -> Option<Bilingual> {
        match &change.becomes {
            Becomes::Value(value) => {
                change.read.as_ref().map(|read| self.shown(self.ty(read), value))
            }
            Becomes::Nothing => None,
            Becomes::EmptyList => Some(entries(0)),
            Becomes::More(_) => Some(entries(change.length + 1)),
            Becomes::Longer(more, _) => Some(entries(change.length + more)),
            Becomes::Less(rows) => Some(entries(change.length.saturating_sub(rows.len()))),
        }
    }

    fn value(
        &self,
        read: &Read,
        value: &Constant,
        variants: &[(Candidate, bool)],
        solution: &Solution,
    ) -> Bilingual {
        let ty = self.ty(read);
        let tried: Vec<Tried> = variants
            .iter()
            .filter_map(|(one, brings)| match &one.becomes {
                Becomes::Value(value) => Some((value.clone(), *brings)),
                _ => None,
            })
            .collect();
        match ty {
            Type::Boolean if *value == Constant::Bool(true) => {
                say!("须成立", "would have to hold")
            }
            Type::Boolean => say!("须不成立", "would have to fail"),
            Type::Enum(_) => self.member(read, value, &tried),
            Type::Ref(_) => self.reference(read, value, &tried),
            Type::Text => self.text(read, value, &tried, solution),
            _ => self.number(read, value, variants),
        }
    }

    /// A value that is not one of the values of a fact that do not do, or is one of those that do.
    fn member(&self, read: &Read, value: &Constant, tried: &[Tried]) -> Bilingual {
        let doing: Vec<&Constant> = tried.iter().filter(|one| one.1).map(|one| &one.0).collect();
        let failing = tried.iter().filter(|one| !one.1).map(|one| &one.0);
        let failing: Vec<&Constant> = read.value.iter().chain(failing).collect();
        let listed = |values: &[&Constant]| {
            let ty = self.ty(read);
            let values: Vec<Bilingual> = values.iter().map(|value| self.shown(ty, value)).collect();
            list_of(&values)
        };
        if failing.is_empty() && doing.len() > 1 {
            return say!("须填写", "would have to be given");
        }
        if doing.len() <= 1 {
            let Bilingual { zh, en } = self.shown(self.ty(read), value);
            return say!("须为 {zh}", "would have to be {en}");
        }
        if let Some(said) = self.at_one_end(read, &doing, &failing) {
            return said;
        }
        if failing.len() < doing.len() && failing.len() <= LISTED {
            let Bilingual { zh, en } = listed(&failing);
            let given = if read.value.is_some() { "" } else { "填写，且" };
            return say!("须{given}不为 {zh}", "would have to be other than {en}");
        }
        let Bilingual { zh, en } = listed(&doing);
        say!("须为 {zh}", "would have to be {en}")
    }

    /// The relation by which the values of an ordered enum are told apart, where those that do are
    /// at one end.
    fn at_one_end(
        &self,
        read: &Read,
        doing: &[&Constant],
        failing: &[&Constant],
    ) -> Option<Bilingual> {
        let ty = self.ty(read);
        let Type::Enum(id) = ty else { return None };
        let ranking = self.run.schema().enumeration(id)?.order?;
        let rank = |value: &&Constant| match value {
            Constant::Int(value) if ranking == Order::Descending => value.checked_neg(),
            Constant::Int(value) => Some(*value),
            _ => None,
        };
        if failing.len() < 2 || doing.len() < 2 {
            return None;
        }
        let least = doing.iter().min_by_key(|value| rank(value))?;
        let most = doing.iter().max_by_key(|value| rank(value))?;
        if failing.iter().all(|value| rank(value) < rank(least)) {
            let Bilingual { zh, en } = self.shown(ty, least);
            return Some(say!("须不低于 {zh}", "would have to be at least {en}"));
        }
        if failing.iter().all(|value| rank(value) > rank(most)) {
            let Bilingual { zh, en } = self.shown(ty, most);
            return Some(say!("须不高于 {zh}", "would have to be at most {en}"));
        }
        None
    }

    /// Another row; rows that were not tried may do as well.
    fn reference(&self, read: &Read, value: &Constant, tried: &[Tried]) -> Bilingual {
        let Bilingual { zh, en } = self.shown(self.ty(read), value);
        match (tried.iter().filter(|one| one.1).count(), &read.value) {
            (0 | 1, _) => say!("须为 {zh}", "would have to be {en}"),
            (_, Some(_)) => say!("须改指，如 {zh}", "would have to be another, such as {en}"),
            (_, None) => say!("须填写，如 {zh}", "would have to be given, such as {en}"),
        }
    }

    fn text(
        &self,
        read: &Read,
        value: &Constant,
        tried: &[Tried],
        solution: &Solution,
    ) -> Bilingual {
        let relations = self.relations(read, value, solution);
        if !relations.is_empty() {
            let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
                relations.iter().map(pick).collect::<Vec<_>>().join(mark)
            };
            let (zh, en) = (join(|said| &said.zh, "、"), join(|said| &said.en, " and "));
            return say!("须{zh}", "would have to {en}");
        }
        // The last that was tried is a text that nothing is compared with.
        if tried.last().is_none_or(|one| !one.1) {
            let doing: Vec<Tried> = tried.iter().filter(|one| one.1).cloned().collect();
            let doing: Vec<Bilingual> =
                doing.iter().map(|(value, _)| self.shown(Type::Text, value)).collect();
            let Bilingual { zh, en } = if doing.is_empty() || doing.len() > LISTED {
                self.shown(Type::Text, value)
            } else {
                list_of(&doing)
            };
            return say!("须为 {zh}", "would have to be {en}");
        }
        let failing = tried.iter().filter(|one| !one.1).map(|one| &one.0);
        let failing = read.value.iter().chain(failing).take(LISTED);
        let failing: Vec<Bilingual> = failing.map(|value| self.shown(Type::Text, value)).collect();
        if failing.is_empty() {
            return say!("须填写", "would have to be given");
        }
        let Bilingual { zh, en } = list_of(&failing);
        let given = if read.value.is_some() { "" } else { "填写，且" };
        say!("须{given}不为 {zh}", "would have to be other than {en}")
    }

    /// The relations of a text that turn out otherwise with its new value.
    fn relations(&self, read: &Read, value: &Constant, solution: &Solution) -> Vec<Bilingual> {
        let Fact { frame, row, .. } = read.fact;
        let after = &solution.state.evaluator;
        let moved = after.edited().is_some_and(|edited| edited.row(frame, row) != Some(row));
        let mut said: Vec<Bilingual> = Vec::new();
        for test in read.tests.iter().filter(|_| !moved) {
            let truth = |walker: Walker<'_>| walker.truth(test.expr, test.context, test.row);
            let now = truth(Walker::new(after));
            let before = truth(Walker::new(&self.run.evaluator));
            let ExprKind::Text(relation, _, with) = self.run.program().expr(test.expr).kind else {
                continue;
            };
            let description = Description {
                evaluator: &self.run.evaluator,
                phrases: &self.run.policy.phrases,
                context: test.context,
                row: test.row,
                length: self.run.length,
            };
            let (Some(now), Some(with)) = (now, description.value(with)) else { continue };
            let whole = relation == TextRelation::Matches && is_the_same(value, &with);
            if before == Some(now) || whole {
                continue;
            }
            let (zh, en) = match relation {
                TextRelation::Contains => ("包含", "contain"),
                TextRelation::StartsWith => ("开头为", "start with"),
                TextRelation::EndsWith => ("结尾为", "end with"),
                TextRelation::Matches => ("匹配", "match"),
            };
            let (with_zh, with_en) = (&with.zh, &with.en);
            let one = if now {
                say!("{zh} {with_zh}", "{en} {with_en}")
            } else {
                say!("不{zh} {with_zh}", "not {en} {with_en}")
            };
            if !said.contains(&one) {
                said.push(one);
            }
        }
        said
    }

    fn number(&self, read: &Read, value: &Constant, variants: &[(Candidate, bool)]) -> Bilingual {
        let ty = self.ty(read);
        let stretch = self.stretch(read, value, variants);
        let shown = |value: &Constant| self.shown(ty, value);
        let (Some(first), Some(last)) = (stretch.values.first(), stretch.values.last()) else {
            let Bilingual { zh, en } = shown(value);
            return say!("须为 {zh}", "would have to be {en}");
        };
        if stretch.all {
            return match &read.value {
                Some(now) => {
                    let Bilingual { zh, en } = shown(now);
                    say!("须不为 {zh}", "would have to be other than {en}")
                }
                None => say!("须填写", "would have to be given"),
            };
        }
        if first == last && stretch.below.is_some() && stretch.above.is_some() {
            let Bilingual { zh, en } = shown(first);
            return say!("须为 {zh}", "would have to be {en}");
        }
        let marks = self.marks(read);
        let is_mark = |value: &Constant| marks.iter().any(|mark| order(mark, value).is_eq());
        let day = matches!(ty, Type::Date | Type::Instant);
        let mut parts: Vec<Bilingual> = Vec::new();
        if let Some(below) = &stretch.below {
            let strict = is_mark(below) && !is_mark(first);
            let Bilingual { zh, en } = shown(if strict { below } else { first });
            parts.push(match (day, strict) {
                (false, true) => say!("超过 {zh}", "more than {en}"),
                (false, false) => say!("不少于 {zh}", "at least {en}"),
                (true, true) => say!("晚于 {zh}", "after {en}"),
                (true, false) => say!("不早于 {zh}", "no earlier than {en}"),
            });
        }
        if let Some(above) = &stretch.above {
            let strict = is_mark(above) && !is_mark(last);
            let Bilingual { zh, en } = shown(if strict { above } else { last });
            parts.push(match (day, strict) {
                (false, true) => say!("少于 {zh}", "less than {en}"),
                (false, false) => say!("不超过 {zh}", "at most {en}"),
                (true, true) => say!("早于 {zh}", "before {en}"),
                (true, false) => say!("不晚于 {zh}", "no later than {en}"),
            });
        }
        let join = |pick: fn(&Bilingual) -> &str, mark: &str| {
            parts.iter().map(pick).collect::<Vec<_>>().join(mark)
        };
        let (zh, en) = (join(|part| &part.zh, "、"), join(|part| &part.en, " and "));
        say!("须{zh}", "would have to be {en}")
    }

    /// The values around one that do, without a gap.
    fn stretch(&self, read: &Read, value: &Constant, variants: &[(Candidate, bool)]) -> Stretch {
        let mut tried: Vec<Tried> = variants
            .iter()
            .filter_map(|(one, brings)| match &one.becomes {
                Becomes::Value(value) => Some((value.clone(), *brings)),
                _ => None,
            })
            .collect();
        let doing = tried.iter().filter(|one| one.1);
        let below = |now: &Constant| doing.clone().any(|one| order(&one.0, now).is_lt());
        let above = |now: &Constant| doing.clone().any(|one| order(&one.0, now).is_gt());
        let apart = read.value.as_ref().is_none_or(|now| below(now) && above(now));
        let all = apart && tried.iter().all(|one| one.1) && tried.len() > 1;
        if let Some(now) = &read.value {
            tried.push((now.clone(), false));
        }
        tried.sort_by(|a, b| order(&a.0, &b.0));
        let at = tried.iter().position(|one| one.0 == *value).unwrap_or_default();
        let start = tried.iter().take(at).rposition(|one| !one.1).map_or(0, |fail| fail + 1);
        let end =
            tried.iter().skip(at).position(|one| !one.1).map_or(tried.len(), |more| at + more);
        let values = tried.get(start..end).unwrap_or_default();
        Stretch {
            values: values.iter().map(|one| one.0.clone()).collect(),
            below: start.checked_sub(1).and_then(|at| tried.get(at)).map(|one| one.0.clone()),
            above: tried.get(end).map(|one| one.0.clone()),
            all,
        }
    }

    /// What an added element has to say: “`a` 为 3、`b` 为 0”; empty where it may say
    /// anything.
    fn filled(&self, change: &Candidate, said: &Said) -> Option<Bilingual> {
        let Thing::List(frame, _) = change.thing else { return None };
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (field, must) in &said.fields {
            let Some(found) = self.run.schema().field(frame, *field) else { continue };
            let (name_zh, name_en) = (found.names.zh(), found.names.en());
            match must {
                Must::BeGiven => {
                    zh.push(format!("有 `{name_zh}`"));
                    en.push(format!("`{name_en}` is given"));
                }
                Must::BeLeftOut => {
                    zh.push(format!("不填 `{name_zh}`"));
                    en.push(format!("`{name_en}` is left out"));
                }
                Must::Be(Constant::Empty) => {
                    zh.push(format!("`{name_zh}` 为 0 项"));
                    en.push(format!("`{name_en}` has no entries"));
                }
                Must::Be(value) => {
                    let value = self.shown(found.ty, value);
                    zh.push(format!("`{name_zh}` 为 {}", value.zh));
                    en.push(format!("`{name_en}` is {}", value.en));
                }
            }
        }
        let (zh, en) = (zh.join("、"), en.join(" and "));
        (!zh.is_empty()).then_some(Bilingual { zh, en })
    }

    /// An element more.
    fn more(&self, change: &Candidate, said: &Said) -> Bilingual {
        let Thing::List(_, owner) = change.thing else { return Bilingual::default() };
        let (kind_zh, kind_en) = match owner {
            Owner::Row(_) => ("须再有一项", "would need one more entry"),
            Owner::Referred(..) => {
                ("须再有一行指到这里", "would need one more row that refers to this one")
            }
            Owner::All => ("须再有一行", "would need one more row"),
        };
        match self.filled(change, said) {
            None => Bilingual::new(kind_zh, kind_en),
            Some(Bilingual { zh, en }) => {
                say!("{kind_zh}，如 {zh}", "{kind_en}, such as one where {en}")
            }
        }
    }

    /// Several elements more.
    fn longer(&self, change: &Candidate, more: usize, said: &Said) -> Bilingual {
        let count = change.length + more;
        match self.filled(change, said) {
            None => say!("须有 {count} 项", "would need {count} entries"),
            Some(Bilingual { zh, en }) => say!(
                "须有 {count} 项，添的如 {zh}",
                "would need {count} entries, those added such as ones where {en}"
            ),
        }
    }

    /// Elements less.
    fn less(&self, change: &Candidate, rows: &[usize]) -> Bilingual {
        let count = change.length.saturating_sub(rows.len());
        match (change.thing, rows.len()) {
            (Thing::List(_, Owner::Row(_)), 1) => say!("须去掉", "would have to go"),
            (Thing::List(_, Owner::Row(_)), _) => {
                say!("须不超过 {count} 项", "would have to have at most {count} entries")
            }
            _ => say!("须没有", "would have to be gone"),
        }
    }
}

/// Values that do, and those beside them that do not.
struct Stretch {
    values: Vec<Constant>,
    below: Option<Constant>,
    above: Option<Constant>,
    /// Whether every value does but the one that is there.
    all: bool,
}

fn is_number(ty: Type) -> bool {
    !matches!(ty, Type::Boolean | Type::Enum(_) | Type::Ref(_) | Type::Text | Type::List(_))
}

/// The order of numbers of one kind.
fn order(a: &Constant, b: &Constant) -> Ordering {
    use crate::value::Ratio;
    let exact = |value: &Constant| match value {
        Constant::Int(value) => Ratio::from_integer(i128::from(*value)),
        Constant::Ratio(value) => *value,
        _ => Ratio::from_integer(0),
    };
    exact(a).cmp(&exact(b))
}

/// Whether a value is the text it is compared with.
fn is_the_same(value: &Constant, with: &Bilingual) -> bool {
    matches!(value, Constant::Text(text) if format!("“{text}”") == with.zh)
}

fn entries(count: usize) -> Bilingual {
    let entries = if count == 1 { "entry" } else { "entries" };
    say!("{count} 项", "{count} {entries}")
}

/// `a、b 或 c`.
fn list_of(values: &[Bilingual]) -> Bilingual {
    let join = |pick: fn(&Bilingual) -> &str, mark: &str, last: &str| match values {
        [] => String::new(),
        [only] => pick(only).to_owned(),
        [most @ .., end] => {
            let most: Vec<&str> = most.iter().map(pick).collect();
            format!("{}{last}{}", most.join(mark), pick(end))
        }
    };
    Bilingual { zh: join(|it| &it.zh, "、", " 或 "), en: join(|it| &it.en, ", ", " or ") }
}
