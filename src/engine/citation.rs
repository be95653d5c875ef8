//! Citations, once the cited tables are loaded.

use super::{Rows, Run};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::{Likeness, is_distinct, nearest_key};
use crate::place::Place;
use crate::program::Program;
use crate::say;
use crate::schema::{FieldId, FrameId, Schema};
use crate::value::date::day_number;
use crate::value::key::{self, canonical};

/// Citations of what no citable table has, or has only out of force on the day.
pub(super) fn citations(run: &Run) -> Vec<Diagnostic> {
    let (program, sources, rows) = (run.program(), &*run.policy.phrases.sources, &*run.rows);
    let tables: Vec<FrameId> = program
        .schema
        .tables()
        .filter(|(_, frame)| frame.citable.is_some())
        .map(|(id, _)| id)
        .collect();
    if tables.is_empty() {
        return Vec::new();
    }
    let titles: Vec<(String, FrameId, usize)> =
        tables.iter().flat_map(|table| titles(&program.schema, rows, *table)).collect();
    let cites: Vec<_> = program
        .articles
        .iter()
        .filter(|article| article.in_effect)
        .flat_map(|article| &article.cites)
        .collect();
    if let (true, Some(first)) = (titles.is_empty(), cites.first()) {
        let place = Place::policy(sources, first.span);
        return vec![
            not_looked_up(&program.schema, &tables, cites.len()).at(place, Bilingual::default()),
        ];
    }
    let mut diagnostics = Vec::new();
    for cite in cites {
        let title = &cite.title;
        let place = Place::policy(sources, cite.span);
        let form = canonical(title);
        let called: Vec<_> = titles.iter().filter(|(known, _, _)| *known == *form).collect();
        if called.is_empty() {
            diagnostics.push(unknown(title, &titles).at(place, Bilingual::default()));
            continue;
        }
        // Of several versions of one title, that in force is meant.
        let lapsed = |(_, table, row): &&(String, FrameId, usize)| {
            run.day
                .and_then(|day| out_of_force(program, rows, (*table, *row), day_number(day), title))
        };
        let mut lapsed: Vec<Option<Bilingual>> = called.iter().map(lapsed).collect();
        if let Some(message) = lapsed.pop().flatten()
            && lapsed.iter().all(Option::is_some)
        {
            let help = say!("改引仍然有效的规定", "cite what is in force");
            diagnostics.push(
                Diagnostic::error("citation_not_in_force", message)
                    .help(help)
                    .at(place, Bilingual::default()),
            );
        }
    }
    diagnostics
}

/// A title that no cited table has.
fn unknown(title: &str, titles: &[(String, FrameId, usize)]) -> Diagnostic {
    let known = || titles.iter().map(|(known, _, _)| known.as_str());
    let near = nearest_key(title, known())
        .filter(|near| is_distinct(title, near, known(), Likeness::Titles));
    let help = near.map_or_else(
        || {
            say!(
                "把它补进被引用的表，或更正题名",
                "add it to the cited table, or correct the title"
            )
        },
        |near| say!("是不是《{near}》？", "did you mean 《{near}》?"),
    );
    let message = say!("所引《{title}》不在被引用的表里", "《{title}》 is not in the cited table");
    Diagnostic::error("unknown_citation", message).help(help)
}

/// No citable table has a row: whether what is cited exists was not looked up, said once.
fn not_looked_up(schema: &Schema, tables: &[FrameId], cites: usize) -> Diagnostic {
    let names: Vec<_> = tables.iter().filter_map(|table| schema.frame(*table)).collect();
    let zh = names.iter().map(|frame| format!("`{}`", frame.names.zh())).collect::<Vec<_>>();
    let en = names.iter().map(|frame| format!("`{}`", frame.names.en())).collect::<Vec<_>>();
    let (zh, en) = (zh.join("、"), en.join(", "));
    let message = say!(
        "{zh} 没有一行，条文里的 {cites} 处引据没有核对",
        "{en} has no row: the citations of articles, {cites} in all, were not looked up"
    );
    let help =
        say!("要核对，在清单里给出它的文件", "to look them up, give its file in the manifest");
    Diagnostic::warning("citations_not_looked_up", message).help(help)
}

fn titles(schema: &Schema, rows: &Rows, table: FrameId) -> Vec<(String, FrameId, usize)> {
    let fields = schema
        .frame(table)
        .and_then(|frame| frame.citable.as_ref())
        .map_or(&[][..], |citable| &citable.titles);
    let Some(frame) = rows.frame(table) else { return Vec::new() };
    let mut found = Vec::new();
    for column in fields.iter().filter_map(|field| frame.column(*field)) {
        if let crate::value::Values::Texts(texts) = &column.values {
            let bare = |text: &str| key::title(&canonical(text)).to_owned();
            found.extend(column.present.iter().map(|row| (bare(texts.get(row)), table, row)));
        }
    }
    found
}

/// Why a cited row is not in force on a day; `None` where it is, or its days are not known.
fn out_of_force(
    program: &Program,
    rows: &Rows,
    (table, row): (FrameId, usize),
    today: i64,
    title: &str,
) -> Option<Bilingual> {
    let citable = program.schema.frame(table)?.citable.as_ref()?;
    let frame = rows.frame(table)?;
    let day = |field: Option<FieldId>| {
        let column = frame.column(field?)?;
        match &column.values {
            crate::value::Values::Ints(days) if column.present.get(row) => days.get(row).copied(),
            _ => None,
        }
    };
    let shown = |day: i64| {
        crate::value::date::day_date(day).map_or_else(String::new, |date| date.to_string())
    };
    if let Some(from) = day(citable.from).filter(|from| *from > today) {
        let from = shown(from);
        return Some(say!(
            "所引《{title}》{from} 才施行",
            "《{title}》 takes effect only on {from}"
        ));
    }
    let to = shown(day(citable.to).filter(|to| *to <= today)?);
    Some(say!("所引《{title}》已于 {to} 废止", "《{title}》 was repealed on {to}"))
}
