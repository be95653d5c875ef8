//! The figures on the page: those that do not close first, each with its terms and the rows that
//! make the difference; then the others.

use super::text::Page;
use super::{Figure, Side, Status};
use crate::diagnostic::Bilingual;
use crate::report::table::{table, text};
use std::io::{Result, Write};

/// At most this many terms are spelt out.
const TERMS: usize = 16;

/// Writes the figures.
pub(super) fn write<W: Write>(page: &mut Page<'_, W>, figures: &[Figure]) -> Result<()> {
    if figures.is_empty() {
        return Ok(());
    }
    let count = |status| figures.iter().filter(|figure| figure.status == status).count();
    let (closes, differs, unknown) =
        (count(Status::Closes), count(Status::Differs), count(Status::Unknown));
    let counts = crate::say!(
        "对得上 {closes}，对不上 {differs}，核不了 {unknown}",
        "{closes} close, {differs} do not, {unknown} cannot be told"
    );
    let counts = page.say(&counts).to_owned();
    page.heading(page.word("数字核对", "Stated figures"), &counts)?;
    for status in [Status::Differs, Status::Unknown] {
        figures
            .iter()
            .filter(|figure| figure.status == status)
            .try_for_each(|figure| open(page, figure))?;
    }
    let closing: Vec<&Figure> =
        figures.iter().filter(|figure| figure.status == Status::Closes).collect();
    if !closing.is_empty() {
        let columns = [
            page.word("对得上的", "closing"),
            page.word("数", "figure"),
            page.word("值", "value"),
            page.word("怎样得来", "from"),
        ];
        let mut lines = table(&columns, columns.len());
        for figure in &closing {
            let value = figure.stated.value.as_ref().map_or("", |value| page.say(value));
            let from = format!("{} {}", figure.relation.sign(), sum(page, &figure.computed, false));
            lines.add_row(vec![
                text(page.say(&figure.heading)),
                text(&name(page, figure)),
                text(value),
                text(&from),
            ]);
        }
        page.show(lines)?;
    }
    for figure in closing.into_iter().filter(|figure| {
        !figure.behind.only_stated.is_empty() || !figure.behind.only_computed.is_empty()
    }) {
        let said = crate::say!("数相等，行却不同：", "the numbers agree, the rows do not: ");
        let said = format!("{}{}", page.say(&said), page.say(&figure.heading));
        page.line(0, &said)?;
        rows(page, figure)?;
    }
    page.blank()
}

/// The figure's name, with the element it lies in.
fn name<W: Write>(page: &Page<'_, W>, figure: &Figure) -> String {
    let name = page.say(&figure.stated.text);
    figure
        .path
        .as_ref()
        .map_or_else(|| name.to_owned(), |path| format!("{} {name}", page.say(path)))
}

/// `名 值 + 名 值`; without names, the values alone.
fn sum<W: Write>(page: &Page<'_, W>, side: &Side, named: bool) -> String {
    if side.terms.is_empty() || side.terms.len() > TERMS {
        let text = page.say(&side.text);
        return match &side.values {
            Some(values) => format!("{text} = {}", page.say(values)),
            None => text.to_owned(),
        };
    }
    let mut sum = String::new();
    for (at, term) in side.terms.iter().enumerate() {
        sum.push_str(match (term.minus, at) {
            (false, 0) => "",
            (true, 0) => "- ",
            (false, _) => " + ",
            (true, _) => " - ",
        });
        let value =
            term.value.as_ref().map_or(page.terminal.words.unknown, |value| page.say(value));
        match term.text.as_ref().filter(|text| named && page.say(text) != value) {
            Some(text) => sum.push_str(&format!("{} {value}", page.say(text))),
            None => sum.push_str(value),
        }
    }
    sum
}

/// A figure that does not close, or cannot be told.
fn open<W: Write>(page: &mut Page<'_, W>, figure: &Figure) -> Result<()> {
    let unknown = page.terminal.words.unknown;
    let value =
        |side: &Side| side.value.as_ref().map_or(unknown, |value| page.say(value)).to_owned();
    let mark = match (figure.status, figure.advice) {
        (Status::Unknown, _) => "? ",
        (_, true) => "! ",
        (_, false) => "✗ ",
    };
    let heading = page.say(&figure.heading).to_owned();
    let (stated, computed, from) =
        (value(&figure.stated), value(&figure.computed), sum(page, &figure.computed, true));
    let is_value = from == computed;
    let from = if is_value { from } else { format!("{from} = {computed}") };
    let relation = if figure.relation == crate::program::Comparison::Equal {
        "≠"
    } else {
        page.word("而应", "but should be")
    };
    let relation = match (figure.status, figure.relation) {
        (Status::Unknown, relation) => relation.sign().to_owned() + " ?",
        (_, crate::program::Comparison::Equal) => relation.to_owned(),
        (_, required) => format!("{relation} {}", required.sign()),
    };
    let mut said = format!(
        "{heading}{}{} {stated} {relation} {from}",
        page.word("：", ": "),
        name(page, figure)
    );
    if let Some((less, size)) = &figure.difference {
        let word = if *less { page.word("少", "short by") } else { page.word("多", "over by") };
        said.push_str(&format!("{}{word} {}", page.word("，", ", "), page.say(size)));
    }
    page.entry(0, mark, &said)?;
    rows(page, figure)?;
    let lists = [
        (page.word("缺少：", "missing: "), &figure.missing),
        (page.word("同一个数按这些条文对得上：", "the same figure closes by: "), &figure.closed_by),
    ];
    if let Some(why) = &figure.why {
        page.entry(4, page.word("没有结果：", "no result: "), page.say(why))?;
    }
    for (word, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        let list: Vec<&str> = list.iter().map(|text: &Bilingual| page.say(text)).collect();
        let list = list.join(page.word("、", ", "));
        page.entry(4, word, &list)?;
    }
    Ok(())
}

/// The rows that make the difference.
fn rows<W: Write>(page: &mut Page<'_, W>, figure: &Figure) -> Result<()> {
    for (word, rows) in figure.rows().iter().filter(|(_, rows)| !rows.is_empty()) {
        let count = rows.len();
        let count = crate::say!("的 {count} 行：", " ({count}): ");
        let said = format!("{}{}{}", page.say(word), page.say(&count), page.rows(rows));
        page.entry(4, "", &said)?;
    }
    Ok(())
}
