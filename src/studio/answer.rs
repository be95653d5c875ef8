//! What the page asks, each question with its answer.

use super::Room;
use super::desk::{Desk, Look, MARK, News, Refused, stamp};
use super::save::Saved;
use super::wire::{self, Teller};
use crate::authoring::{Known, KnownKind};
use crate::diagnostic::Bilingual;
use crate::engine::RuleId;
use crate::program::Article;
use crate::say;
use crate::syntax::tree::Language;
use crate::visible::visible;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The most rows of a rule that the page is handed.
const ROWS: usize = 500;

/// Answers a question: 200 with what was asked for, 422 with why not.
pub(super) fn answer(room: &Room, what: &str, body: &[u8]) -> Response {
    let (status, told) = match told(room, what, body) {
        Ok(told) => (StatusCode::OK, told),
        Err(Refused { code, said }) => {
            let told = json!({"refused": code, "said": wire::both(&said)});
            (StatusCode::UNPROCESSABLE_ENTITY, told)
        }
    };
    (status, [(CONTENT_TYPE, "application/json")], told.to_string()).into_response()
}

#[derive(Deserialize)]
struct OfFile {
    name: String,
}

#[derive(Deserialize)]
struct AtPlace {
    name: String,
    at: usize,
}

#[derive(Deserialize)]
struct Put {
    page: u64,
    name: String,
    text: Option<String>,
}

#[derive(Deserialize)]
struct OfRule {
    rule: String,
}

#[derive(Deserialize)]
struct OfRow {
    row: String,
    rule: Option<String>,
}

#[derive(Deserialize)]
struct OfCases {
    cases: bool,
}

#[derive(Deserialize)]
struct Claim {
    page: u64,
    anyway: bool,
}

#[derive(Deserialize)]
struct Save {
    page: u64,
    files: Vec<Saved>,
}

fn told(room: &Room, what: &str, body: &[u8]) -> Result<Value, Refused> {
    let desk = &*room.desk;
    match what {
        "project" => Ok(project(&desk.look(), room.language)),
        "text" => asked(body).and_then(|OfFile { name }| text(desk, &name)),
        "put" => asked(body).and_then(|put| self::put(desk, put)),
        "verdicts" => asked(body).and_then(|OfFile { name }| verdicts(&desk.look(), &name)),
        "rows" => asked(body).and_then(|OfRule { rule }| rows(&desk.look(), &rule)),
        "record" => asked(body).and_then(|row| record(&desk.look(), &row)),
        "provision" => asked(body).and_then(|at| provision(&desk.look(), &at)),
        "cuts" => asked(body).and_then(|at| cuts(&desk.look(), &at)),
        "cases" => asked(body).and_then(|OfFile { name }| cases(&desk.look(), &name)),
        "case_of" => asked(body).and_then(|row| case_of(&desk.look(), &row)),
        "flips" => asked(body).map(|OfCases { cases }| flips(desk, cases)),
        "glance" => Ok(wire::glance(&desk.look().view.overview())),
        "mistakes" => Ok(mistakes(&desk.look())),
        "name_of" => asked(body).and_then(|OfAddress { uri }| name_of(&desk.look(), &uri)),
        "claim" => {
            let Claim { page, anyway } = asked(body)?;
            Ok(json!({"writes": desk.claim(page, anyway)}))
        }
        "save" => {
            let Save { page, files } = asked(body)?;
            desk.may_write(page)?;
            desk.save(&files)
        }
        _ => Err(Refused::new("no_such_question", say!("没有这个问题", "no such question"))),
    }
}

/// What a question says.
fn asked<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body)
        .map_err(|error| Refused::new("illegible", say!("看不懂：{error}", "illegible: {error}")))
}

fn project(look: &Look, language: Language) -> Value {
    let project = look.view.project();
    let kind = |kind| match kind {
        KnownKind::Policy => "policy",
        KnownKind::Manifest => "manifest",
        KnownKind::Cases => "cases",
        KnownKind::Data => "data",
        KnownKind::Workbook => "workbook",
        KnownKind::Text => "text",
    };
    let modules = &look.view.policy().graph.program.modules;
    let title = |known: &Known| {
        let at = project.paths.iter().position(|path| *path == known.path)?;
        let names = &modules.get(at)?.names;
        Some(wire::both(&Bilingual::new(names.zh(), names.en())))
    };
    let program = &look.view.policy().graph.program;
    let of = |article: &Article| project.paths.get(article.module);
    let rules: BTreeSet<&PathBuf> = program.articles.iter().filter_map(of).collect();
    let shown = |known: &Known| {
        let name = Path::new(&known.name);
        let last = name.file_name().filter(|_| name.is_absolute());
        let last = last.map_or(Cow::Borrowed(&*known.name), OsStr::to_string_lossy);
        visible(&last).into_owned()
    };
    let file = |known: &Known| {
        json!({
            "name": known.name,
            "shown": shown(known),
            "kind": kind(known.kind),
            "title": title(known),
            "uri": address(&known.path),
            "rules": rules.contains(&known.path),
        })
    };
    json!({
        "name": visible(&project.manifest.name),
        "language": if language == Language::Chinese { "zh" } else { "en" },
        "files": look.files().iter().map(file).collect::<Vec<_>>(),
    })
}

/// How the language server knows a file.
fn address(path: &Path) -> Option<String> {
    crate::lsp::uri(path).map(|uri| uri.to_string())
}

#[derive(Deserialize)]
struct OfAddress {
    uri: String,
}

/// The name of a file that the language server speaks of.
fn name_of(look: &Look, uri: &str) -> Result<Value, Refused> {
    let mut files = look.files().iter();
    let known = files.find(|known| address(&known.path).as_deref() == Some(uri));
    let name = known.map(|known| known.name.clone()).or_else(|| look.new_name(uri));
    let said = || say!("项目里没有这个文件", "the project has no such file");
    let name = name.ok_or_else(|| Refused::new("no_such_file", said()))?;
    Ok(json!({ "name": name }))
}

fn text(desk: &Desk, name: &str) -> Result<Value, Refused> {
    let look = desk.look();
    let known = look.known(name)?;
    let stored = desk.stored(&known.path)?;
    let text = desk.text(&known.path);
    if text.is_none() && stored.is_some() {
        let said = say!("`{name}` 不是 UTF-8 文本", "`{name}` is no UTF-8 text");
        return Err(Refused::new("not_text", said));
    }
    let saved = stored.as_deref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    let saved = saved.map(|saved| saved.trim_start_matches(MARK).to_owned());
    let written = [KnownKind::Policy, KnownKind::Manifest, KnownKind::Cases, KnownKind::Text];
    Ok(json!({
        "name": name,
        "uri": address(&known.path),
        "text": text.unwrap_or_default(),
        "saved": saved,
        "base": stored.as_deref().map(stamp),
        "writable": written.contains(&known.kind) && desk.is_writable(&look, name),
    }))
}

fn put(desk: &Desk, put: Put) -> Result<Value, Refused> {
    desk.may_write(put.page)?;
    let known = desk.look().known(&put.name)?;
    desk.put(&known.path, put.text);
    desk.tell(News::Typed(put.page, put.name));
    Ok(json!({}))
}

fn verdicts(look: &Look, name: &str) -> Result<Value, Refused> {
    let known = look.known(name)?;
    let found = look.view.verdicts(&known.path);
    Ok(wire::verdicts(&mut Teller::new(look), &known.path, &found))
}

/// The rule that the page means, if it is still there.
fn rule(look: &Look, word: &str) -> Result<RuleId, Refused> {
    let unknown = || Refused::new("no_such_rule", say!("没有这一条了", "that rule is gone"));
    let id = wire::rule_of(word).ok_or_else(unknown)?;
    let mut rules = look.view.policy().rules.iter();
    rules.find(|(known, _)| *known == id).map(|(known, _)| known).ok_or_else(unknown)
}

fn rows(look: &Look, word: &str) -> Result<Value, Refused> {
    let found = look.view.rows(rule(look, word)?, ROWS);
    Ok(wire::rows(&mut Teller::new(look), &found))
}

fn record(look: &Look, asked: &OfRow) -> Result<Value, Refused> {
    let rule = asked.rule.as_deref().map(|word| rule(look, word)).transpose()?;
    let record = look.view.record(&asked.row, rule);
    let row = visible(&asked.row);
    let record = record.ok_or_else(|| {
        Refused::new("no_such_row", say!("没有行 `{row}`", "there is no row `{row}`"))
    })?;
    Ok(wire::record(&record))
}

/// The byte of a place that the page means.
fn byte(teller: &mut Teller<'_>, known: &Known, at: usize) -> usize {
    teller.ruler(&known.path).map_or(0, |ruler| ruler.byte(at))
}

fn provision(look: &Look, asked: &AtPlace) -> Result<Value, Refused> {
    let (known, mut teller) = (look.known(&asked.name)?, Teller::new(look));
    let at = byte(&mut teller, &known, asked.at);
    let found = look.view.provision(&known.path, at);
    Ok(found.map_or(Value::Null, |found| wire::provision(&mut teller, &found)))
}

fn cuts(look: &Look, asked: &AtPlace) -> Result<Value, Refused> {
    let (known, mut teller) = (look.known(&asked.name)?, Teller::new(look));
    let at = byte(&mut teller, &known, asked.at);
    let found = look.view.cuts(&known.path, at);
    Ok(found.map_or(Value::Null, |found| wire::cuts(&mut teller, &known.path, &found)))
}

fn cases(look: &Look, name: &str) -> Result<Value, Refused> {
    let known = look.known(name)?;
    Ok(wire::cases(&mut Teller::new(look), &look.view.cases(&known.path)))
}

fn case_of(look: &Look, asked: &OfRow) -> Result<Value, Refused> {
    let rule = rule(look, asked.rule.as_deref().unwrap_or_default())?;
    match look.view.case_of(&asked.row, rule) {
        Ok(edit) => Ok(Teller::new(look).edit(&edit)),
        Err(wrong) => Err(Refused::new(wrong.code, wrong.message)),
    }
}

/// What comes out otherwise than saved: the rows, and where that is asked for the cases too.
fn flips(desk: &Desk, cases: bool) -> Value {
    let (look, saved) = (desk.look(), desk.service().saved());
    let found = if cases { look.view.flips(&saved) } else { look.view.row_flips(&saved) };
    wire::flips(&Teller::new(&look), &found)
}

fn mistakes(look: &Look) -> Value {
    let mut teller = Teller::new(look);
    Value::Array(look.view.diagnostics().iter().map(|told| teller.told(told)).collect())
}
