//! Snapshots: the whole record of a case as plain text, reviewed in version control like any other.

use super::engine::{demanded, plan};
use super::expect::{Target, outcome};
use super::file::Case;
use super::reason;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::Run;
use crate::finding::Outcome;
use crate::program::{ArticleId, Language};
use crate::schema::FrameId;
use crate::workspace::{Files, SNAPSHOT, is_device, read_text, shown};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::ErrorKind;
use std::path::Path;
use unicode_normalization::UnicodeNormalization;

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

/// The most bytes of a file's name: disks take 255.
const LONGEST: usize = 250;
/// How many bytes of a name that is longer are kept.
const KEPT: usize = 200;

/// The names of the files of these cases' snapshots, none for two of them, on any disk.
#[must_use]
pub fn names<'c>(cases: impl Iterator<Item = &'c str> + Clone) -> BTreeMap<&'c str, String> {
    // What a disk may take for one name: in upper or lower case, and however its letters are made.
    let alike = |name: &str| name.nfkc().collect::<String>().to_lowercase();
    let mut holders: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases.clone() {
        *holders.entry(alike(&safe(case))).or_default() += 1;
    }
    let name = |case: &'c str| {
        let name = safe(case);
        let alone = holders.get(&alike(&name)).is_none_or(|count| *count == 1);
        let end = name.floor_char_boundary(KEPT);
        let name = match alone && name.len() <= LONGEST {
            true => name,
            false => format!("{}-{}", name.get(..end).unwrap_or_default(), mark(case)),
        };
        (case, format!("{name}.txt"))
    };
    cases.map(name).collect()
}

/// A case's name without what a file's name may not have.
fn safe(case: &str) -> String {
    let safe = |c: char| {
        if c.is_alphanumeric() || "-_，、。（）“”《》：".contains(c) { c } else { '_' }
    };
    let safe: String = case.chars().map(safe).collect();
    let first = if is_device(&safe) { "_" } else { "" };
    format!("{first}{safe}")
}

/// What tells a name apart from others: eight digits of its FNV-1a.
fn mark(case: &str) -> String {
    let add = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    format!("{:08x}", case.bytes().fold(0x811c_9dc5, add))
}

/// What was accepted; `None` where nothing was.
///
/// # Errors
/// Where there is something that cannot be read.
pub fn read(files: &dyn Files, file: &Path) -> Result<Option<String>, Vec<Diagnostic>> {
    if files.kind(file).is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        return Ok(None);
    }
    let mut wrong = Vec::new();
    let text = read_text(files, file, &shown(file), SNAPSHOT, &mut wrong);
    text.map(|text| Some(text.replace("\r\n", "\n"))).ok_or(wrong)
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
