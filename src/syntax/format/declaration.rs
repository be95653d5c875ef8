//! Declarations other than articles, as lines.

use super::article::{article, division};
use super::expression::{STEP, fits};
use super::unit::{Place, Unit};
use super::writer::Writer;
use crate::syntax::grammar::Rule;
use crate::syntax::tree::{
    CalendarDecl, Citable, DecisionDecl, EnumDecl, EnumOrder, EnumValue, Expr, ExprKind, FieldDecl,
    Header, Item, ItemKind, MeasureDecl, Modifier, ModifierKind, Names, Otherwise, Period, Reading,
    TableDecl, TypeExpr,
};
use crate::text::Span;

/// A line of output that comes from a span.
pub(super) fn line(span: Span, indent: usize, place: Place, text: String) -> Unit {
    Unit { start: span.start as usize, end: span.end as usize, indent, text, place }
}

/// The place of a name and its alias.
pub(super) fn span_of(names: &Names) -> Span {
    names.alias.as_ref().map_or(names.name.span, |alias| names.name.span.to(alias.span))
}

/// From the beginning of one span to the end of another.
fn until(start: Span, end: Span) -> Span {
    Span { end: end.end, ..start }
}

/// Any declaration.
pub(super) fn item(writer: &Writer, item: &Item, units: &mut Vec<Unit>) {
    let single = |text| line(item.span, 0, Place::Line, text);
    match &item.kind {
        ItemKind::Header(header) => self::header(writer, item.span, header, units),
        ItemKind::Use(names) => {
            let names: Vec<String> = names.iter().map(|name| writer.plain(name)).collect();
            units.push(single(format!(
                "{} {}",
                writer.word(Rule::kw_use),
                names.join(writer.pause())
            )));
        }
        ItemKind::Enum(declaration) => enumeration(writer, item.span, declaration, units),
        ItemKind::Table(declaration) => table(writer, item.span, declaration, units),
        ItemKind::Calendar(declaration) => calendar(writer, item.span, declaration, units),
        ItemKind::Parameter(parameter) => {
            let head = format!(
                "{} {} : {} =",
                writer.word(Rule::kw_parameter),
                writer.names(&parameter.names),
                simple_type(writer, &parameter.ty)
            );
            units.push(single(writer.fitted(&head, &parameter.value, "", 0)));
        }
        ItemKind::Definition(definition) => {
            let (first, second) = writer.ordered(&definition.names);
            let alias = second.map_or_else(String::new, |alias| {
                format!(" | {}", crate::syntax::word::declared(alias))
            });
            let first = crate::syntax::word::declared(first);
            let head = format!(
                "{} {first}({}){alias} =",
                writer.word(Rule::kw_define),
                writer.path(&definition.subject)
            );
            let body = writer.fitted(&head, &definition.body, "", 0);
            units.push(single(format!("{body}{}", writer.items([Some(&definition.body)], 2))));
        }
        ItemKind::Process(process) => super::process::process(writer, item.span, process, units),
        ItemKind::Decision(decision) => self::decision(writer, item.span, decision, units),
        ItemKind::Division(declaration) => {
            units.push(line(item.span, 0, Place::Block, division(writer, declaration)));
        }
        ItemKind::Measure(measure) => units.push(single(self::measure(writer, measure))),
        ItemKind::Article(declaration) => article(writer, item.span, declaration, units),
    }
}

/// `指标 名 | name = … → … 按 列`: on one line, else the figures below, else each on a line of its
/// own.
fn measure(writer: &Writer, measure: &MeasureDecl) -> String {
    let head = format!("{} {} =", writer.word(Rule::kw_measure), writer.names(&measure.names));
    let by = measure.by.as_ref().map_or_else(String::new, |by| {
        format!(" {} {}", writer.word(Rule::kw_by), writer.path(by))
    });
    let Some(after) = &measure.after else { return writer.fitted(&head, &measure.body, &by, 0) };
    let both = format!("{} → {}{by}", writer.expression(&measure.body), writer.expression(after));
    if fits(&format!("{head} {both}"), 0) {
        return format!("{head} {both}");
    }
    if fits(&both, STEP) {
        return format!("{head}\n{:STEP$}{both}", "");
    }
    let (before, after) = (writer.broken(&measure.body, STEP), writer.broken(after, 2 * STEP));
    format!("{head}\n{:STEP$}{before}\n{:STEP$}→ {after}{by}", "", "")
}

/// Adds lines in the order in which they stand in the source.
fn in_order(mut lines: Vec<Unit>, units: &mut Vec<Unit>) {
    lines.sort_by_key(|unit| unit.start);
    units.append(&mut lines);
}

/// `政策 名 | name`, with its entries below.
fn header(writer: &Writer, span: Span, header: &Header, units: &mut Vec<Unit>) {
    let rule = if header.vocabulary { Rule::kw_vocabulary } else { Rule::kw_policy };
    let text = format!("{} {}", writer.word(rule), writer.names(&header.names));
    units.push(line(until(span, span_of(&header.names)), 0, Place::Block, text));
    let mut lines = Vec::new();
    if let Some(document) = &header.document {
        lines.push(line(
            document.span,
            2,
            Place::Inner,
            format!("{} {}", writer.word(Rule::kw_document), writer.text(&document.text)),
        ));
    }
    if let Some(because) = &header.because {
        lines.push(line(
            because.span,
            2,
            Place::Inner,
            format!("{} {}", writer.word(Rule::kw_because), writer.text(&because.text)),
        ));
    }
    if let (Some(first), Some(last)) = (header.absent.first(), header.absent.last()) {
        let words: Vec<String> = header.absent.iter().map(|word| writer.text(&word.text)).collect();
        let words = words.join(writer.pause());
        let text = format!("{} {words}", writer.word(Rule::kw_absent));
        lines.push(line(first.span.to(last.span), 2, Place::Inner, text));
    }
    if let Some(period) = &header.period {
        lines.push(line(period.span, 2, Place::Inner, self::period(writer, period)));
    }
    in_order(lines, units);
}

/// `施行 2015-03-01 至 2020-12-31`.
pub(super) fn period(writer: &Writer, period: &Period) -> String {
    let to = period.to.as_ref().map_or_else(String::new, |to| {
        format!(" {} {}", writer.word(Rule::kw_to), writer.date(&to.text))
    });
    format!("{} {}{to}", writer.word(Rule::kw_effective), writer.date(&period.from.text))
}

/// The line of a closing brace: the last character of a span.
fn closing(span: Span, indent: usize, after: &str) -> Unit {
    let brace = Span { start: span.end.saturating_sub(1), ..span };
    line(brace, indent, Place::Closing, format!("}}{after}"))
}

/// `枚举 名 由低到高 {`, its values, `}`.
fn enumeration(writer: &Writer, span: Span, declaration: &EnumDecl, units: &mut Vec<Unit>) {
    let order = match declaration.order {
        Some(EnumOrder::Ascending) => format!(" {}", writer.word(Rule::kw_ascending)),
        Some(EnumOrder::Descending) => format!(" {}", writer.word(Rule::kw_descending)),
        None => String::new(),
    };
    let text =
        format!("{} {}{order} {{", writer.word(Rule::kw_enum), writer.names(&declaration.names));
    units.push(line(until(span, span_of(&declaration.names)), 0, Place::Block, text));
    for EnumValue { span, names, also } in &declaration.values {
        units.push(line(
            *span,
            2,
            Place::Inner,
            format!("{}{}", writer.names(names), self::also(writer, also)),
        ));
    }
    units.push(closing(span, 0, ""));
}

/// ` 亦作 “…”、“…”`.
fn also(writer: &Writer, also: &[crate::syntax::tree::Text]) -> String {
    if also.is_empty() {
        String::new()
    } else {
        format!(" {} {}", writer.word(Rule::kw_also), writer.texts(also))
    }
}

/// `表 名 单份 引据 … {`, its fields, `}`.
fn table(writer: &Writer, span: Span, declaration: &TableDecl, units: &mut Vec<Unit>) {
    let mut text = format!("{} {}", writer.word(Rule::kw_table), writer.names(&declaration.names));
    let mut head = until(span, span_of(&declaration.names));
    if let Some(single) = declaration.single {
        text = format!("{text} {}", writer.word(Rule::kw_single));
        head = head.to(single);
    }
    if let Some(citable) = &declaration.citable {
        text = format!("{text} {}", self::citable(writer, citable));
        head = head.to(citable.span);
    }
    units.push(line(head, 0, Place::Block, format!("{text} {{")));
    for field in &declaration.fields {
        self::field(writer, field, 2, units);
    }
    units.push(closing(span, 0, ""));
}

/// `引据 列、列 自 列 至 列`.
fn citable(writer: &Writer, citable: &Citable) -> String {
    let mut text =
        format!("{} {}", writer.word(Rule::kw_citable), writer.plain_list(&citable.titles));
    for (rule, name) in [(Rule::kw_from, &citable.from), (Rule::kw_to, &citable.to)] {
        if let Some(name) = name {
            text = format!("{text} {} {}", writer.word(rule), writer.plain(name));
        }
    }
    text
}

/// `名 | name : 类型 修饰`; a record over several lines.
fn field(writer: &Writer, field: &FieldDecl, indent: usize, units: &mut Vec<Unit>) {
    let head = format!("{}{} : ", writer.names(&field.names), also(writer, &field.also));
    let modifiers: String = field
        .modifiers
        .iter()
        .map(|modifier| format!(" {}", self::modifier(writer, modifier)))
        .collect();
    let TypeExpr::Record(fields) = &field.ty else {
        let text = format!("{head}{}{modifiers}", simple_type(writer, &field.ty));
        units.push(line(field.span, indent, Place::Inner, text));
        return;
    };
    let named = field.also.last().map_or(span_of(&field.names), |also| also.span);
    units.push(line(
        until(field.span, named),
        indent,
        Place::Opening,
        format!("{head}{} {{", writer.word(Rule::kw_many)),
    ));
    for inner in fields {
        self::field(writer, inner, indent + 2, units);
    }
    let last = fields.last().map_or(named, |last| last.span);
    units.push(closing(brace_after(writer, field.span, last), indent, &modifiers));
}

/// A span that ends with the brace that closes a record whose last word is `last`.
fn brace_after(writer: &Writer, whole: Span, last: Span) -> Span {
    let between = Span { start: last.end, ..whole };
    let mut in_comment = false;
    for (at, character) in writer.source.slice(between).char_indices() {
        match character {
            '#' | '＃' => in_comment = true,
            '\n' | '\r' => in_comment = false,
            '}' | '｝' if !in_comment => {
                return Span::new(whole.file, whole.start as usize, last.end as usize + at + 1);
            }
            _ => {}
        }
    }
    whole
}

/// A type without a record.
fn simple_type(writer: &Writer, ty: &TypeExpr) -> String {
    match ty {
        TypeExpr::Name(name) => writer.plain(name),
        TypeExpr::Many(name) => format!("{} {}", writer.word(Rule::kw_many), writer.plain(name)),
        TypeExpr::Record(_) => writer.word(Rule::kw_many).to_owned(),
    }
}

/// `主键`, `默认 0`, `读作 {“天” = 工作日}`.
fn modifier(writer: &Writer, modifier: &Modifier) -> String {
    match &modifier.kind {
        ModifierKind::Key => writer.word(Rule::kw_key).to_owned(),
        ModifierKind::Unique => writer.word(Rule::kw_unique).to_owned(),
        ModifierKind::Optional => writer.word(Rule::kw_optional).to_owned(),
        ModifierKind::Ordering => writer.word(Rule::kw_ordering).to_owned(),
        ModifierKind::Default(value) => {
            format!("{} {}", writer.word(Rule::kw_default), writer.expression(value))
        }
        ModifierKind::Unit(heading) => {
            format!("{} {}", writer.word(Rule::kw_unit), writer.text(&heading.text))
        }
        ModifierKind::Written(pattern) => {
            format!("{} {}", writer.word(Rule::kw_written), writer.text(&pattern.text))
        }
        ModifierKind::Of(names) => {
            format!("{} {}", writer.word(Rule::kw_on), writer.plain_list(names))
        }
        ModifierKind::Reading(entries) => {
            let entry = |entry: &Reading| {
                format!("{} = {}", writer.text(&entry.text.text), read_as(writer, &entry.value))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{} {{{}}}", writer.word(Rule::kw_reading), entries.join(writer.pause()))
        }
    }
}

fn read_as(writer: &Writer, value: &Expr) -> String {
    match &value.kind {
        ExprKind::Name(name) => writer.unit_name(name),
        _ => writer.expression(value),
    }
}

/// `历法 名 于 表 {`, its entries in the author's order, `}`.
fn calendar(writer: &Writer, span: Span, declaration: &CalendarDecl, units: &mut Vec<Unit>) {
    let on = format!("{} {}", writer.word(Rule::kw_on), writer.plain(&declaration.table));
    let text =
        format!("{} {} {on} {{", writer.word(Rule::kw_calendar), writer.names(&declaration.names));
    units.push(line(until(span, declaration.table.span), 0, Place::Block, text));
    let entry = |span, rule, text: String| {
        line(span, 2, Place::Inner, format!("{} {text}", writer.word(rule)))
    };
    let mut lines =
        vec![entry(declaration.date.span, Rule::kw_date, writer.plain(&declaration.date))];
    if let (Some(first), Some(last)) = (declaration.rest.first(), declaration.rest.last()) {
        let days: Vec<&str> = declaration.rest.iter().map(|day| day.text.as_str()).collect();
        lines.push(entry(first.span.to(last.span), Rule::kw_rest, days.join(writer.pause())));
    }
    for (expr, rule) in [(&declaration.off, Rule::kw_off), (&declaration.on, Rule::kw_working)] {
        lines.push(line(expr.span, 2, Place::Inner, writer.fitted(writer.word(rule), expr, "", 2)));
    }
    in_order(lines, units);
    units.push(closing(span, 0, ""));
}

/// `裁定 表.列`, `次序 …`, `否则 …`.
fn decision(writer: &Writer, span: Span, decision: &DecisionDecl, units: &mut Vec<Unit>) {
    let text = format!("{} {}", writer.word(Rule::kw_decide), writer.path(&decision.field));
    units.push(line(until(span, decision.field.span), 0, Place::Block, text));
    let mut lines = Vec::new();
    if let (Some(first), Some(last)) = (decision.order.first(), decision.order.last()) {
        let order: Vec<String> = decision.order.iter().map(|name| writer.plain(name)).collect();
        lines.push(line(
            first.span.to(last.span),
            2,
            Place::Inner,
            format!("{} {}", writer.word(Rule::kw_order), order.join(" > ")),
        ));
    }
    if let Some(otherwise) = &decision.otherwise {
        let (span, text) = match otherwise {
            Otherwise::Disposition(name) => (name.span, writer.plain(name)),
            Otherwise::AsDeclared(span) => (*span, writer.word(Rule::kw_as_declared).to_owned()),
        };
        let text = format!("{} {text}", writer.word(Rule::kw_otherwise));
        lines.push(line(span, 2, Place::Inner, text));
    }
    in_order(lines, units);
}
