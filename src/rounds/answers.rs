//! What groups answered, from round to round: `answers.toml` beside the manifest.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::place::Place;
use crate::report::{Answer, Earlier};
use crate::say;
use crate::workspace::Project;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

/// The name of the file.
const FILE: &str = Answers::FILE;
/// The first line of the file.
const FORM: &str = "fanshi.answers/1";
/// No such file is larger, in bytes.
const MOST: u64 = 1 << 27;

/// What became of a finding that was answered, or left without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is gone, and its row is there.
    Gone,
    /// It is gone with its row.
    Withdrawn,
    /// It is there, and its row says what it said.
    Unchanged,
    /// It is there, and its row says something else.
    Otherwise,
}

impl State {
    const ALL: [Self; 4] = [Self::Gone, Self::Withdrawn, Self::Unchanged, Self::Otherwise];

    /// The word in the file.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Withdrawn => "withdrawn",
            Self::Unchanged => "unchanged",
            Self::Otherwise => "changed",
        }
    }

    /// Whether the finding is there still.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Unchanged | Self::Otherwise)
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Of which finding.
    pub fingerprint: String,
    /// Whose; `None` for what belongs to no group.
    pub group: Option<String>,
    /// The article, by its English names.
    pub article: String,
    /// The table of the row, by its English name; empty where it is about none.
    pub table: String,
    /// The key of the row; empty where it has none.
    pub key: String,
    /// What was wrong.
    pub finding: String,
    /// What was answered; `None` where nothing was.
    pub answer: Option<Answer>,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub state: State,
}

/// All answers of a round.
#[derive(Clone, Debug, Default)]
pub struct Answers(pub Vec<Given>);

#[derive(Deserialize)]
struct Stored {
    format: String,
    #[serde(default)]
    answer: Vec<StoredAnswer>,
}

#[derive(Deserialize)]
struct StoredAnswer {
    fingerprint: String,
    group: Option<String>,
    #[serde(default)]
    article: String,
    #[serde(default)]
    table: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    finding: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    state: String,
}

impl Answers {
    /// The name of the file.
    pub const FILE: &str = "answers.toml";

    /// Those that stand beside the manifest of a project; none where there is no such file.
    ///
    /// # Errors
    /// Where it cannot be read, or is no such file.
    pub fn of(project: &Project) -> Result<Self, Box<Diagnostic>> {
        let path = project.root.join(FILE);
        let files = &project.store;
        if !files.is_file(&path) {
            return Ok(Self::default());
        }
        let wrong = |why: String| {
            let message = say!("`{FILE}` 读不出：{why}", "`{FILE}` cannot be read: {why}");
            let help = say!(
                "它由 `fanshi receive` 写出，不用手改；从原来的地方再取一份",
                "`fanshi receive` writes it, and nobody else; take it from there again"
            );
            let found = Diagnostic::error("unreadable_answers", message).help(help);
            Box::new(found.at(Place::file(FILE), Bilingual::default()))
        };
        let bytes = files.read(&path, MOST).map_err(|error| wrong(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| wrong(error.to_string()))?;
        let stored: Stored =
            toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
        if stored.format != FORM {
            return Err(wrong(format!("format = {:?}", stored.format)));
        }
        Ok(Self(stored.answer.into_iter().map(Given::from).collect()))
    }

    /// Of the findings that are there still, what was answered.
    #[must_use]
    pub fn earlier(&self) -> BTreeMap<String, Earlier> {
        let open = self.0.iter().filter(|given| given.state.is_open());
        let earlier = |given: &Given| {
            let answer = given.answer?;
            let said = said(answer, given);
            let reason = given.reason.clone();
            Some((given.fingerprint.clone(), Earlier { answer, reason, said }))
        };
        open.filter_map(earlier).collect()
    }

    /// The file.
    #[must_use]
    pub fn written(&self) -> String {
        let mut document = DocumentMut::new();
        document.insert("format", value(FORM));
        let mut list = ArrayOfTables::new();
        for given in &self.0 {
            let mut entry = Table::new();
            entry.insert("fingerprint", value(&*given.fingerprint));
            if let Some(group) = &given.group {
                entry.insert("group", value(group));
            }
            let answer = given.answer.map_or("", Answer::code);
            for (key, text) in [
                ("article", &*given.article),
                ("table", &*given.table),
                ("key", &*given.key),
                ("finding", &*given.finding),
                ("answer", answer),
                ("reason", &*given.reason),
                ("state", given.state.code()),
            ] {
                if !text.is_empty() {
                    entry.insert(key, value(text));
                }
            }
            list.push(entry);
        }
        document.insert("answer", Item::ArrayOfTables(list));
        document.to_string()
    }
}

/// What was answered before, as a line beside the finding.
fn said(answer: Answer, given: &Given) -> Bilingual {
    let (zh, en) = answer.said();
    let (mut zh, mut en) = (format!("上次答复：{zh}"), format!("last answer: {en}"));
    if answer == Answer::Mended {
        let (what, word) = match given.state {
            State::Otherwise => ("，改了，但问题还在", ", but what was changed leaves it"),
            _ => ("，但没有改", ", but nothing was changed"),
        };
        zh.push_str(what);
        en.push_str(word);
    }
    if !given.reason.is_empty() {
        zh = format!("{zh}：{}", given.reason);
        en = format!("{en}: {}", given.reason);
    }
    Bilingual { zh, en }
}

impl From<StoredAnswer> for Given {
    fn from(stored: StoredAnswer) -> Self {
        let StoredAnswer {
            fingerprint,
            group,
            article,
            table,
            key,
            finding,
            answer,
            reason,
            state,
        } = stored;
        let answer = Answer::read(&answer);
        let known = State::ALL.into_iter().find(|known| known.code() == state);
        let state = known.unwrap_or(State::Unchanged);
        Self { fingerprint, group, article, table, key, finding, answer, reason, state }
    }
}
