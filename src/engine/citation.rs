//! Citations of policies, once the cited tables and their texts are loaded.

use super::Run;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::finding::Provision;
use crate::place::Place;
use crate::program::{ArticleId, Citation};
use crate::provision::{Catalogue, Desk, Remarks, Row, State, message};
use crate::say;
use crate::schema::FrameId;
use crate::value::date::day_number;

/// Citations of what no citable table has, or has only out of force on the day, and of what the text
/// of it does not have.
pub(super) fn citations(run: &Run) -> Vec<Diagnostic> {
    let (program, sources) = (run.program(), &*run.policy.phrases.sources);
    let tables: Vec<FrameId> = program
        .schema
        .tables()
        .filter(|(_, frame)| frame.citable.is_some())
        .map(|(id, _)| id)
        .collect();
    let desk = desk(run);
    let cites: Vec<&Citation> = program
        .articles
        .iter()
        .filter(|article| article.in_effect)
        .flat_map(|article| &article.cites)
        .collect();
    let has_texts = desk.shelves.values().any(|shelf| !shelf.is_empty());
    let Some(first) = cites.first() else { return Vec::new() };
    if desk.catalogue.is_empty() && !has_texts {
        let place = Place::policy(sources, first.span);
        return vec![not_looked_up(run, &tables, cites.len()).at(place, Bilingual::default())];
    }
    let (mut diagnostics, mut remarks) = (Vec::new(), Remarks::default());
    for cite in cites {
        let place = || Place::policy(sources, cite.span);
        let looked = desk.look(&cite.title, None);
        let checked = desk.check(&looked, &cite.place, None);
        let said = match checked.state {
            State::UnknownTitle => Some(unknown(&cite.title, &desk.catalogue)),
            State::Unreadable => Some(message::unreadable(&cite.title, &cite.place, &checked)),
            state => message::fault(&cite.title, &cite.place, &checked)
                .map(|(message, help)| Diagnostic::error(state.code(), message).help(help)),
        };
        diagnostics.extend(said.map(|said| said.at(place(), Bilingual::default())));
        let lapsed = || message::lapsed(&cite.title, &checked);
        let out_of_force = out_of_force(&desk, cite).or_else(lapsed);
        let is_in_force = out_of_force.is_none();
        if let Some(message) = out_of_force {
            let help = say!("改引仍然有效的规定", "cite what is in force");
            let said = Diagnostic::error("citation_not_in_force", message).help(help);
            diagnostics.push(said.at(place(), Bilingual::default()));
        }
        let checked = if is_in_force { checked } else { checked.of_no_day() };
        if looked.has_texts {
            remarks.note(&cite.title, &checked, looked.held, &place);
        }
    }
    diagnostics.extend(remarks.said(desk.day, &run.rows.said_once));
    diagnostics
}

/// Where the citations of a run are looked up.
fn desk(run: &Run) -> Desk<'_> {
    let catalogue = Catalogue::new(run.schema(), &run.rows.frames);
    Desk { catalogue, shelves: &run.rows.shelves, day: run.day.map(day_number) }
}

/// What stands at the places that the articles cite, by article.
pub(super) fn provisions(run: &Run) -> Vec<Vec<Provision>> {
    if run.rows.shelves.values().all(|shelf| shelf.is_empty()) {
        return Vec::new();
    }
    let desk = desk(run);
    let provision = |cite: &Citation| {
        let looked = desk.look(&cite.title, None);
        let words = desk.check(&looked, &cite.place, None).words?;
        Some(Provision { cite: cite.text.clone(), words })
    };
    let articles = &run.program().articles;
    articles.iter().map(|article| article.cites.iter().filter_map(provision).collect()).collect()
}

impl Run {
    /// What stands in the texts at the places that an article cites.
    pub(crate) fn provisions(&self, article: ArticleId) -> &[Provision] {
        let all = self.cited.get_or_init(|| provisions(self));
        all.get(article.0 as usize).map_or(&[], Vec::as_slice)
    }
}

/// A title that no cited table has.
fn unknown(title: &str, catalogue: &Catalogue<'_>) -> Diagnostic {
    let help = message::nearest(catalogue, title);
    let message = say!("所引《{title}》不在被引用的表里", "《{title}》 is not in the cited table");
    Diagnostic::error("unknown_citation", message).help(help)
}

/// No citable table has a row, or there is none: whether what is cited exists was not looked up,
/// said once.
fn not_looked_up(run: &Run, tables: &[FrameId], cites: usize) -> Diagnostic {
    let names: Vec<_> = tables.iter().filter_map(|table| run.schema().frame(*table)).collect();
    let zh = names.iter().map(|frame| format!("`{}`", frame.names.zh())).collect::<Vec<_>>();
    let en = names.iter().map(|frame| format!("`{}`", frame.names.en())).collect::<Vec<_>>();
    let (zh, en) = (zh.join("、"), en.join(", "));
    let (message, help) = match names.is_empty() {
        true => (
            say!(
                "没有可引用的表，条文里的 {cites} 处引据没有核对",
                "no table is citable: the citations of articles, {cites} in all, were not looked up"
            ),
            say!(
                "要核对，声明 `表 规则 引据 题名 {{ 题名 : 文本 主键 }}`，在清单里给出它的文件；要核对到条，再在 [texts] 里给出文本",
                "to look them up, declare `table rule citable by title {{ title : text key }}` \
                    and give its file in the manifest; for the articles cited, their texts under \
                    [texts] too"
            ),
        ),
        false => (
            say!(
                "{zh} 没有一行，条文里的 {cites} 处引据没有核对",
                "{en} has no row: the citations of articles, {cites} in all, were not looked up"
            ),
            say!("要核对，在清单里给出它的文件", "to look them up, give its file in the manifest"),
        ),
    };
    Diagnostic::warning("citations_not_looked_up", message).help(help)
}

/// Why what is cited is not in force on the day; `None` where one of its versions is, or their days
/// are not known.
fn out_of_force(desk: &Desk<'_>, cite: &Citation) -> Option<Bilingual> {
    let (title, today) = (&cite.title, desk.day?);
    let rows = desk.catalogue.called(title, None);
    let lapsed = |row: &Row| {
        let (from, to) = desk.catalogue.days(*row);
        if let Some(from) = from.filter(|from| *from > today) {
            let from = message::shown(from);
            return Some(say!(
                "所引《{title}》{from} 才施行",
                "《{title}》 takes effect only on {from}"
            ));
        }
        let to = message::shown(to.filter(|to| *to <= today)?);
        Some(say!("所引《{title}》已于 {to} 废止", "《{title}》 was repealed on {to}"))
    };
    // Of several versions of one title, that in force is meant.
    let mut lapsed: Vec<Option<Bilingual>> = rows.iter().map(lapsed).collect();
    let last = lapsed.pop().flatten();
    last.filter(|_| lapsed.iter().all(Option::is_some))
}
