//! The threads that answer: what the texts are enough for does not wait for rows to be judged.

use super::request::{self, Effort, Refused, Reply, refused};
use super::snapshot::Snapshot;
use super::{publish, request::SYMBOLS};
use crate::invariant::broken;
use crossbeam_channel::{Receiver, Sender, unbounded};
use gen_lsp_types::{Diagnostic, Uri};
use lsp_server::{ErrorCode, RequestId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// How many threads answer from texts.
const QUICK: usize = 2;

/// What a thread may have on its stack, in bytes: as much as the one that compiles.
const STACK: usize = 8 << 20;

/// A question with what it is answered from.
pub struct Question {
    /// What the answer goes by.
    pub id: RequestId,
    /// What is asked.
    pub method: String,
    /// About what.
    pub params: Value,
    /// The states of the projects that it is about: one, but for what is about all.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// The file it is about.
    pub path: PathBuf,
    /// Whether nobody wants the answer any more.
    pub given_up: Arc<AtomicBool>,
    /// How long it may take.
    pub effort: Effort,
}

/// A state whose mistakes are to be found, in data too.
pub struct Judging {
    /// Which project.
    pub project: PathBuf,
    /// Its state.
    pub snapshot: Arc<Snapshot>,
    /// Whether its rows are to be loaded and judged.
    pub rows: bool,
}

enum Job {
    Answer(Box<Question>),
    Judge(Box<Judging>),
}

/// What came of a job.
pub enum Done {
    /// An answer.
    Answered(RequestId, Result<Reply, Refused>),
    /// The mistakes of a state, by file.
    Found {
        /// The project.
        project: PathBuf,
        /// Which state of it.
        generation: u64,
        /// What is wrong.
        files: BTreeMap<Uri, Vec<Diagnostic>>,
    },
    /// Looking for mistakes failed.
    Failed(Refused),
}

/// The threads.
pub struct Pool {
    quick: Sender<Job>,
    slow: Sender<Job>,
    /// What came of jobs.
    pub done: Receiver<Done>,
}

impl Pool {
    /// Starts the threads; they end when the pool is gone.
    #[must_use]
    pub fn new() -> Self {
        let (told, done) = unbounded();
        let (quick, quick_jobs) = unbounded();
        let (slow, slow_jobs) = unbounded();
        for jobs in std::iter::repeat_n(quick_jobs, QUICK).chain([slow_jobs]) {
            let told = told.clone();
            let begun = thread::Builder::new().stack_size(STACK).spawn(move || work(&jobs, &told));
            if let Err(error) = begun {
                broken(&format!("no thread to answer from: {error}"));
            }
        }
        Self { quick, slow, done }
    }

    /// Has a question answered.
    pub fn ask(&self, question: Question) {
        let to = if question.effort == Effort::Quick { &self.quick } else { &self.slow };
        let _ = to.send(Job::Answer(Box::new(question)));
    }

    /// Has the mistakes of a state found.
    pub fn judge(&self, judging: Judging) {
        let _ = self.slow.send(Job::Judge(Box::new(judging)));
    }
}

fn work(jobs: &Receiver<Job>, told: &Sender<Done>) {
    for job in jobs {
        let done = match job {
            Job::Answer(question) => answered(*question),
            Job::Judge(judging) => match judged(*judging) {
                Some(done) => done,
                None => continue,
            },
        };
        if told.send(done).is_err() {
            return;
        }
    }
}

/// Does something; where it stops in the middle, says so.
///
/// # Errors
/// Where it stops in the middle.
pub fn unbroken<T>(job: impl FnOnce() -> T) -> Result<T, Refused> {
    catch_unwind(AssertUnwindSafe(job)).map_err(|stopped| {
        let what = stopped.downcast_ref::<&str>().map(|what| (*what).to_owned());
        let what = what.or_else(|| stopped.downcast_ref::<String>().cloned());
        let what = what.unwrap_or_default();
        refused(ErrorCode::InternalError, format!("内部错误 / internal error: {what}"))
    })
}

fn answered(question: Question) -> Done {
    let Question { id, method, params, snapshots, path, given_up, effort } = question;
    if given_up.load(Ordering::Relaxed) {
        // It was answered when it was given_up.
        return Done::Answered(id, Err(refused(ErrorCode::RequestCanceled, "given up")));
    }
    let answer = unbroken(|| match snapshots.first() {
        _ if method == SYMBOLS => {
            let all: Vec<&Snapshot> = snapshots.iter().map(|snapshot| &**snapshot).collect();
            request::answer_of_all(&all, params)
        }
        Some(snapshot) if effort == Effort::Judging && snapshot.is_old() => {
            Err(refused(ErrorCode::ContentModified, "the text is another by now"))
        }
        Some(snapshot) => request::answer(snapshot, &path, &method, params),
        None => Ok(Reply::default()),
    });
    Done::Answered(id, answer.unwrap_or_else(Err))
}

/// The mistakes of a state; `None` where it is no longer the newest.
fn judged(judging: Judging) -> Option<Done> {
    let Judging { project, snapshot, rows } = judging;
    let generation = snapshot.generation;
    if snapshot.is_old() {
        return None;
    }
    let found = unbroken(|| {
        if rows {
            let _ = snapshot.view.run();
        }
        let told = if snapshot.is_old() { Vec::new() } else { snapshot.view.diagnostics() };
        publish::by_file(&snapshot, &told)
    });
    if snapshot.is_old() {
        return None;
    }
    Some(match found {
        Ok(files) => Done::Found { project, generation, files },
        Err(failed) => Done::Failed(failed),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_in_the_middle_is_an_answer_too() {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let stopped = unbroken(|| broken("a test"));
        std::panic::set_hook(usual);
        let said = stopped.err().map(|refused| (refused.code, refused.message));
        let code = ErrorCode::InternalError as i32;
        assert_eq!(said, Some((code, "内部错误 / internal error: a test".to_owned())));
    }
}
