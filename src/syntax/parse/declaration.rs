//! Declarations other than articles.

use super::expression::{expression, operand_only};
use super::listing::Items;
use super::node::{Built, Inner, Node, name, names, path, text, words};
use super::{article, process};
use crate::syntax::error::ErrorKind;
use crate::syntax::grammar::Rule;
use crate::syntax::numeral;
use crate::syntax::tree::{
    CalendarDecl, Citable, DecisionDecl, DefinitionDecl, EnumDecl, EnumOrder, EnumValue, FieldDecl,
    Header, Item, ItemKind, MeasureDecl, Modifier, ModifierKind, Names, Otherwise, ParameterDecl,
    Period, Reading, Text, TypeExpr,
};

/// Any declaration.
pub(super) fn item(node: Node) -> Built<Item> {
    let declaration = node.inner().need_any()?;
    let span = declaration.span();
    let kind = match declaration.rule() {
        Rule::header => ItemKind::Header(header(declaration)?),
        Rule::import => ItemKind::Use(import(declaration)?),
        Rule::enumeration => ItemKind::Enum(enumeration(declaration)?),
        Rule::table => ItemKind::Table(table(declaration)?),
        Rule::calendar => ItemKind::Calendar(calendar(declaration)?),
        Rule::parameter => ItemKind::Parameter(parameter(declaration)?),
        Rule::definition => ItemKind::Definition(definition(declaration)?),
        Rule::process => ItemKind::Process(process::process(declaration)?),
        Rule::decision => ItemKind::Decision(decision(declaration)?),
        Rule::measure => ItemKind::Measure(measure(declaration)?),
        Rule::divided => ItemKind::Division(article::division(declaration)?),
        Rule::article => ItemKind::Article(article::article(declaration)?),
        _ => return Err(declaration.error(ErrorKind::Defect)),
    };
    Ok(Item { span, kind, damaged: false })
}

/// Fills an entry that may stand once.
fn once<T>(slot: &mut Option<T>, keyword: &Node, value: T) -> Built<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(keyword.error(ErrorKind::RepeatedEntry(keyword.text().to_owned()))),
    }
}

/// `政策 名 | name 文号 “…” 施行 … 说明 “…”`.
fn header(node: Node) -> Built<Header> {
    let mut inner = node.inner();
    let vocabulary = inner.need_any()?.rule() == Rule::kw_vocabulary;
    let names = names(inner.need(Rule::names)?)?;
    let (document, because, period, mut absent) = (None, None, None, None);
    let mut header = Header { vocabulary, names, document, because, period, absent: Vec::new() };
    for entry in inner {
        let rule = entry.rule();
        let whole = entry.clone();
        let mut inner = entry.inner();
        let keyword = inner.need_any()?;
        match rule {
            Rule::document => once(&mut header.document, &keyword, text(&inner.need(Rule::text)?))?,
            Rule::because => once(&mut header.because, &keyword, text(&inner.need(Rule::text)?))?,
            Rule::nothing => {
                let words = inner.filter(|node| node.rule() == Rule::text);
                once(&mut absent, &keyword, words.map(|node| text(&node)).collect())?;
            }
            _ => once(&mut header.period, &keyword, self::period(whole)?)?,
        }
    }
    header.absent = absent.unwrap_or_default();
    Ok(header)
}

/// `施行 2015-03-01 至 2020-12-31`.
pub(super) fn period(node: Node) -> Built<Period> {
    let date = |node: Node| Text { text: numeral::date(node.text()), span: node.span() };
    let mut inner = node.inner();
    inner.need(Rule::kw_effective)?;
    let from = date(inner.need(Rule::date)?);
    inner.pass(Rule::kw_to);
    Ok(Period { span: inner.span, from, to: inner.accept(Rule::date).map(date) })
}

/// `使用 名、名`.
fn import(node: Node) -> Built<Vec<crate::syntax::tree::Name>> {
    let mut inner = node.inner();
    inner.need(Rule::kw_use)?;
    Ok(words(&mut inner))
}

/// `枚举 名 由低到高 { 名 亦作 “…” … }`.
fn enumeration(node: Node) -> Built<EnumDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_enum)?;
    let names = names(inner.need(Rule::names)?)?;
    let ascending = inner.pass(Rule::kw_ascending).then_some(EnumOrder::Ascending);
    let order =
        if inner.pass(Rule::kw_descending) { Some(EnumOrder::Descending) } else { ascending };
    let values = inner
        .filter(|node| node.rule() == Rule::enum_value)
        .map(enum_value)
        .collect::<Built<_>>()?;
    Ok(EnumDecl { names, order, values })
}

/// `名 | name 亦作 “…”、“…”`.
fn enum_value(node: Node) -> Built<EnumValue> {
    let mut inner = node.inner();
    let names = names(inner.need(Rule::names)?)?;
    Ok(EnumValue { span: inner.span, names, also: also(&mut inner) })
}

/// `亦作 “…”、“…”`, if it comes next.
fn also(inner: &mut Inner) -> Vec<Text> {
    let Some(node) = inner.accept(Rule::also) else { return Vec::new() };
    node.inner().filter(|node| node.rule() == Rule::text).map(|node| text(&node)).collect()
}

/// `表 名 单份 引据 … { 列 … }`.
fn table(node: Node) -> Built<crate::syntax::tree::TableDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_table)?;
    let names = names(inner.need(Rule::names)?)?;
    let (mut single, mut citation) = (None, None);
    while let Some(Rule::kw_single | Rule::citable) = inner.peek() {
        let entry = inner.need_any()?;
        if entry.rule() == Rule::kw_single {
            once(&mut single, &entry, entry.span())?;
        } else {
            let keyword = entry.clone().inner().need_any()?;
            once(&mut citation, &keyword, citable(entry)?)?;
        }
    }
    let fields = record(inner.need(Rule::record)?)?;
    Ok(crate::syntax::tree::TableDecl { names, single, citable: citation, fields })
}

/// `引据 列、列 自 列 至 列`.
fn citable(node: Node) -> Built<Citable> {
    let mut inner = node.inner();
    inner.need(Rule::kw_citable)?;
    let titles = words(&mut inner);
    let mut after =
        |rule| if inner.pass(rule) { inner.accept(Rule::word).as_ref().map(name) } else { None };
    let from = after(Rule::kw_from);
    let to = after(Rule::kw_to);
    Ok(Citable { span: inner.span, titles, from, to })
}

/// `{ 列 … }`.
fn record(node: Node) -> Built<Vec<FieldDecl>> {
    node.inner().filter(|node| node.rule() == Rule::field).map(field).collect()
}

/// `名 | name 亦作 “…” : 类型 主键 可缺 …`.
fn field(node: Node) -> Built<FieldDecl> {
    let mut inner = node.inner();
    let names = names(inner.need(Rule::names)?)?;
    let mut also = also(&mut inner);
    inner.need(Rule::colon)?;
    let ty = type_expr(&mut inner)?;
    let span = inner.span;
    let (mut modifiers, mut misplaced) = (Vec::new(), Vec::new());
    for node in inner {
        if node.rule() == Rule::also {
            misplaced.push(node.span());
            also.extend(
                node.inner().filter(|node| node.rule() == Rule::text).map(|node| text(&node)),
            );
        } else {
            modifiers.push(modifier(node)?);
        }
    }
    Ok(FieldDecl { span, names, also, misplaced, ty, modifiers })
}

/// `类型`, `多个 类型`, `多个 { 列 … }`.
fn type_expr(inner: &mut Inner) -> Built<TypeExpr> {
    let Some(node) = inner.accept(Rule::many) else {
        return Ok(TypeExpr::Name(name(&inner.need(Rule::word)?)));
    };
    let mut inner = node.inner();
    inner.need(Rule::kw_many)?;
    match inner.accept(Rule::record) {
        Some(node) => Ok(TypeExpr::Record(record(node)?)),
        None => Ok(TypeExpr::Many(name(&inner.need(Rule::word)?))),
    }
}

/// `主键`, `默认 0`, `读作 {“当场” = 0 工作日}`.
fn modifier(node: Node) -> Built<Modifier> {
    let span = node.span();
    let node = node.inner().need_any()?;
    let kind = match node.rule() {
        Rule::kw_key => ModifierKind::Key,
        Rule::kw_unique => ModifierKind::Unique,
        Rule::kw_optional => ModifierKind::Optional,
        Rule::kw_ordering => ModifierKind::Ordering,
        Rule::default => {
            let mut inner = node.inner();
            inner.need(Rule::kw_default)?;
            ModifierKind::Default(operand_only(inner.need(Rule::operand)?)?)
        }
        Rule::unit => {
            let mut inner = node.inner();
            inner.need(Rule::kw_unit)?;
            ModifierKind::Unit(text(&inner.need(Rule::text)?))
        }
        Rule::written => {
            let mut inner = node.inner();
            inner.need(Rule::kw_written)?;
            ModifierKind::Written(text(&inner.need(Rule::text)?))
        }
        Rule::made_of => {
            let names = node.inner().filter(|node| node.rule() == Rule::word);
            ModifierKind::Of(names.map(|node| name(&node)).collect())
        }
        _ => {
            let entries = node.inner().filter(|node| node.rule() == Rule::read_entry);
            ModifierKind::Reading(entries.map(read_entry).collect::<Built<_>>()?)
        }
    };
    Ok(Modifier { span, kind })
}

/// `“天” = 工作日`.
fn read_entry(node: Node) -> Built<Reading> {
    let mut inner = node.inner();
    let text = text(&inner.need(Rule::text)?);
    inner.need(Rule::equals)?;
    Ok(Reading { text, value: operand_only(inner.need(Rule::operand)?)? })
}

/// `历法 名 于 表 { 日期 列 周休 6、7 休 条件 班 条件 }`, its entries in any order.
fn calendar(node: Node) -> Built<CalendarDecl> {
    let mut inner = node.inner();
    let keyword = inner.need(Rule::kw_calendar)?;
    let names = names(inner.need(Rule::names)?)?;
    inner.need(Rule::kw_on)?;
    let table = name(&inner.need(Rule::word)?);
    inner.need(Rule::open_brace)?;
    let (mut date, mut rest, mut off, mut on) = (None, None, None, None);
    for entry in inner {
        let rule = entry.rule();
        let mut inner = entry.inner();
        let Some(keyword) = inner.next() else { continue };
        match rule {
            Rule::calendar_date => once(&mut date, &keyword, name(&inner.need(Rule::word)?))?,
            Rule::calendar_rest => once(&mut rest, &keyword, rest_days(inner))?,
            Rule::calendar_off => {
                once(&mut off, &keyword, expression(inner.need(Rule::expression)?)?)?
            }
            Rule::calendar_on => {
                once(&mut on, &keyword, expression(inner.need(Rule::expression)?)?)?
            }
            _ => {}
        }
    }
    let missing = |zh, en| keyword.error(ErrorKind::MissingEntry(zh, en));
    Ok(CalendarDecl {
        names,
        table,
        date: date.ok_or_else(|| missing("日期", "date"))?,
        rest: rest.unwrap_or_default(),
        off: off.ok_or_else(|| missing("休", "off"))?,
        on: on.ok_or_else(|| missing("班", "on"))?,
    })
}

fn rest_days(inner: Inner) -> Vec<Text> {
    let days = inner.filter(|node| node.rule() == Rule::number);
    days.map(|node| Text { text: numeral::half_width(node.text()), span: node.span() }).collect()
}

/// `参数 名 : 类型 = 值`.
fn parameter(node: Node) -> Built<ParameterDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_parameter)?;
    let names = names(inner.need(Rule::names)?)?;
    inner.need(Rule::colon)?;
    let ty = type_expr(&mut inner)?;
    inner.need(Rule::equals)?;
    Ok(ParameterDecl { names, ty, value: expression(inner.need(Rule::expression)?)? })
}

/// `定义 名(主体) | name = …`.
fn definition(node: Node) -> Built<DefinitionDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_define)?;
    let first = name(&inner.need(Rule::word)?);
    inner.need(Rule::open_paren)?;
    let subject = path(inner.need(Rule::path)?)?;
    inner.need(Rule::close_paren)?;
    inner.pass(Rule::bar);
    let alias = inner.accept(Rule::word).as_ref().map(name);
    inner.need(Rule::equals)?;
    let mut body = expression(inner.need(Rule::expression)?)?;
    Items::accept(&mut inner)?.fill([Some(&mut body)])?;
    Ok(DefinitionDecl { names: Names { name: first, alias }, subject, body })
}

/// `裁定 表.列 次序 甲 > 乙 否则 丙`.
fn decision(node: Node) -> Built<DecisionDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_decide)?;
    let field = path(inner.need(Rule::path)?)?;
    let (mut order, mut otherwise) = (None, None);
    for entry in inner {
        let rule = entry.rule();
        let mut inner = entry.inner();
        let keyword = inner.need_any()?;
        if rule == Rule::order {
            once(&mut order, &keyword, words(&mut inner))?;
        } else if let Some(declared) = inner.accept(Rule::kw_as_declared) {
            once(&mut otherwise, &keyword, Otherwise::AsDeclared(declared.span()))?;
        } else if let Some(name) = words(&mut inner).into_iter().next() {
            once(&mut otherwise, &keyword, Otherwise::Disposition(name))?;
        }
    }
    Ok(DecisionDecl { field, order: order.unwrap_or_default(), otherwise })
}

/// `指标 名 = … → … 按 列`.
fn measure(node: Node) -> Built<MeasureDecl> {
    let mut inner = node.inner();
    inner.need(Rule::kw_measure)?;
    let names = names(inner.need(Rule::names)?)?;
    inner.need(Rule::equals)?;
    let body = expression(inner.need(Rule::expression)?)?;
    inner.pass(Rule::then_sign);
    let after = inner.accept(Rule::expression).map(expression).transpose()?;
    inner.pass(Rule::kw_by);
    Ok(MeasureDecl { names, body, after, by: inner.accept(Rule::path).map(path).transpose()? })
}
