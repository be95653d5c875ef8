//! Declarations: definitions, parameters, decisions, calendars, the order of ranks, periods.

use super::expression::alternatives;
use super::{Changed, Known};
use crate::say;
use crate::syntax::tree::{
    DecisionDecl, DefinitionDecl, EnumDecl, EnumOrder, Expr, Header, Item, ItemKind, Name,
    Otherwise, ParameterDecl,
};

/// All changes of a declaration. Tables say how data is read, measures judge nothing: neither is
/// changed.
#[must_use]
pub fn item(known: &Known<'_>, item: &Item) -> Vec<Changed<Item>> {
    let kinds: Vec<Changed<ItemKind>> = match &item.kind {
        ItemKind::Header(header) => header
            .period
            .iter()
            .flat_map(|period| known.period(period))
            .map(|changed| {
                changed.within(|period| {
                    ItemKind::Header(Header { period: Some(period), ..header.clone() })
                })
            })
            .collect(),
        ItemKind::Article(article) => known
            .article(article)
            .into_iter()
            .map(|changed| changed.within(ItemKind::Article))
            .collect(),
        ItemKind::Definition(found) => known
            .expression(&found.body)
            .into_iter()
            .map(|changed| {
                changed
                    .within(|body| ItemKind::Definition(DefinitionDecl { body, ..found.clone() }))
            })
            .collect(),
        ItemKind::Parameter(found) => {
            let values = parameter(known, found).into_iter();
            let with = |value| ItemKind::Parameter(ParameterDecl { value, ..found.clone() });
            values.map(|changed| changed.within(with)).collect()
        }
        ItemKind::Decision(found) => decision(known, found)
            .into_iter()
            .map(|changed| changed.within(ItemKind::Decision))
            .collect(),
        ItemKind::Calendar(found) => {
            let off = known.expression(&found.off).into_iter();
            let on = known.expression(&found.on).into_iter();
            let off = off.map(|changed| {
                changed.within(|off| {
                    ItemKind::Calendar(crate::syntax::tree::CalendarDecl { off, ..found.clone() })
                })
            });
            let on = on.map(|changed| {
                changed.within(|on| {
                    ItemKind::Calendar(crate::syntax::tree::CalendarDecl { on, ..found.clone() })
                })
            });
            off.chain(on).collect()
        }
        ItemKind::Enum(found) => {
            ranks(known, found).into_iter().map(|changed| changed.within(ItemKind::Enum)).collect()
        }
        ItemKind::Use(_)
        | ItemKind::Table(_)
        | ItemKind::Process(_)
        | ItemKind::Division(_)
        | ItemKind::Measure(_) => Vec::new(),
    };
    kinds.into_iter().map(|changed| changed.within(|kind| Item { kind, ..item.clone() })).collect()
}

/// Other values of a parameter; of one that texts have to match, also without an alternative.
fn parameter(known: &Known<'_>, decl: &ParameterDecl) -> Vec<Changed<Expr>> {
    let mut found = known.expression(&decl.value);
    if known.is_pattern(&decl.names.name) {
        let left = alternatives(&decl.value).into_iter();
        found.extend(left.map(|(left, what)| known.change(left, decl.value.span, &what)));
    }
    found
}

fn decision(known: &Known<'_>, decl: &DecisionDecl) -> Vec<Changed<DecisionDecl>> {
    let mut found = Vec::new();
    for (at, pair) in decl.order.windows(2).enumerate() {
        let [higher, lower] = pair else { continue };
        let mut order = decl.order.clone();
        order.swap(at, at + 1);
        let changed = DecisionDecl { order, ..decl.clone() };
        let (a, b) = (&higher.text, &lower.text);
        let what = say!("{a} 与 {b} 对调", "{a} and {b} swapped");
        found.push(known.change(changed, higher.span.to(lower.span), &what));
    }
    if let Some(Otherwise::Disposition(otherwise)) = &decl.otherwise {
        let beside =
            known.names.get(&otherwise.span).map_or_else(Vec::new, |meant| known.neighbours(meant));
        for text in beside {
            let what = say!("改为 {text}", "made {text}");
            let name = Name { text, span: otherwise.span };
            found.push(known.change(
                DecisionDecl { otherwise: Some(Otherwise::Disposition(name)), ..decl.clone() },
                otherwise.span,
                &what,
            ));
        }
    }
    found
}

/// An ordered enum turned, and each two neighbours swapped.
fn ranks(known: &Known<'_>, decl: &EnumDecl) -> Vec<Changed<EnumDecl>> {
    let Some(order) = decl.order else { return Vec::new() };
    let (turned, what) = match order {
        EnumOrder::Ascending => {
            (EnumOrder::Descending, say!("由低到高 改为 由高到低", "ascending made descending"))
        }
        EnumOrder::Descending => {
            (EnumOrder::Ascending, say!("由高到低 改为 由低到高", "descending made ascending"))
        }
    };
    let name = decl.names.name.span;
    let mut found =
        vec![known.change(EnumDecl { order: Some(turned), ..decl.clone() }, name, &what)];
    for (at, pair) in decl.values.windows(2).enumerate() {
        let [first, second] = pair else { continue };
        let mut values = decl.values.clone();
        values.swap(at, at + 1);
        let (a, b) = (&first.names.name.text, &second.names.name.text);
        let what = say!("{a} 与 {b} 对调", "{a} and {b} swapped");
        found.push(known.change(EnumDecl { values, ..decl.clone() }, first.names.name.span, &what));
    }
    found
}
