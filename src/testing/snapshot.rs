//! Snapshots: the whole record of a case as plain text, reviewed in version control like any other.

use super::engine::{demanded, plan};
use super::expect::{Target, outcome};
use super::file::Case;
use super::reason;
use crate::diagnostic::Bilingual;
use crate::engine::Run;
use crate::finding::Outcome;
use crate::program::{ArticleId, Language};
use crate::report::is_device;
use crate::schema::FrameId;
use jiff::civil::Date;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A record that is not what was accepted.
#[derive(Clone, Debug)]
pub struct Change {
    /// What was accepted; `None` where there is no snapshot yet.
    pub before: Option<String>,
    /// What came of it now.
    pub after: String,
}

impl Change {
    /// Whether something that was told before cannot be told now.
    #[must_use]
    pub fn is_undetermined(&self) -> bool {
        let said = Outcome::Undetermined.said();
        let open = |line: &&str| {
            [": ", "→ "].iter().any(|before| {
                [&said.zh, &said.en].iter().any(|word| line.ends_with(&format!("{before}{word}")))
            })
        };
        let count = |text: &str, wanted: &str| text.lines().filter(|line| *line == wanted).count();
        let before = self.before.as_deref();
        before.is_some_and(|before| {
            self.after
                .lines()
                .filter(open)
                .any(|line| count(&self.after, line) > count(before, line))
        })
    }
}

/// The file of a case's snapshot.
#[must_use]
pub fn path(folder: &Path, case: &str) -> PathBuf {
    let safe: String = case
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || "-_，、。（）“”《》：".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let first = if is_device(&safe) { "_" } else { "" };
    folder.join(format!("{first}{safe}.txt"))
}

/// What was accepted.
#[must_use]
pub fn read(folder: &Path, case: &str) -> Option<String> {
    std::fs::read_to_string(path(folder, case)).ok().map(|text| text.replace("\r\n", "\n"))
}

/// Accepts a record.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(folder: &Path, case: &str, record: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(path(folder, case), record)
}

/// Everything that came of a case of a policy: every article that is not beside the point, its
/// outcome, what decided.
#[must_use]
pub fn record(run: &Run, module: usize, case: &Case, as_of: Date) -> String {
    let program = run.program();
    let language = program.modules.get(module).map_or(Language::Chinese, |own| own.language);
    let say = |text: &Bilingual| {
        if language == Language::Chinese { text.zh.clone() } else { text.en.clone() }
    };
    let mut text = String::new();
    let _ = writeln!(text, "{}\n{as_of}", case.name);
    for (frame, row) in rows(run, module) {
        let mut entry = String::new();
        if let Some(plan) = plan(run, frame) {
            let outcome = || say(&run.disposition_outcome(plan, row).said());
            let required = demanded(run, plan, row).map_or_else(outcome, |demanded| say(&demanded));
            let _ = writeln!(entry, "  → {required}");
        }
        for (id, article) in (0..)
            .map(ArticleId)
            .zip(&program.articles)
            .filter(|(_, article)| article.module == module)
        {
            let target = Target { article: Some(id), frame, row };
            let got = outcome(run, target);
            if got == Outcome::NotApplicable
                || !article.sentences.iter().any(|sentence| sentence.frame == frame)
            {
                continue;
            }
            let _ =
                writeln!(entry, "  {}: {}", say(&run.policy.heading(article)), say(&got.said()));
            for fact in reason::facts(run, target, got) {
                let (Some(name), Some(evidence)) =
                    (run.fact_name(fact, (frame, row)), run.evidence(fact, (frame, row)))
                else {
                    continue;
                };
                let value = evidence.value.map_or_else(|| "—".to_owned(), |value| say(&value));
                let _ = writeln!(entry, "    {} = {value}", say(&name));
            }
        }
        if !entry.is_empty() {
            let subject = run.subject(frame, row);
            let path = subject.path.as_ref();
            let path = path.map_or_else(String::new, |path| format!(" {}", say(path)));
            let (table, name) = (say(&subject.table), say(&subject.name()));
            let _ = write!(text, "\n{table} {name}{path}\n{entry}");
        }
    }
    text
}

/// The rows the policy speaks of, each once.
fn rows(run: &Run, module: usize) -> Vec<(FrameId, usize)> {
    let program = run.program();
    let mut frames: Vec<FrameId> = program
        .articles
        .iter()
        .filter(|article| article.module == module)
        .flat_map(|article| article.sentences.iter().map(|sentence| sentence.frame))
        .chain(
            program
                .decisions
                .iter()
                .filter(|decision| decision.module == module)
                .map(|decision| decision.frame),
        )
        .collect();
    frames.sort_unstable();
    frames.dedup();
    frames
        .into_iter()
        .flat_map(|frame| {
            (0..run.evaluator.frame(frame).map_or(0, |data| data.len)).map(move |row| (frame, row))
        })
        .collect()
}
