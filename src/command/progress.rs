//! A line on the terminal that says what goes on, where it takes longer than a second; nothing
//! anywhere else.

use crate::syntax::tree::Language;
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What takes less is not worth a line.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line changes.
const BEAT: Duration = Duration::from_millis(200);

/// More columns than the line takes: it is wiped with blanks, which every terminal knows.
const WIDEST: usize = 40;

/// What goes on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// Reading files and judging rows.
    Judging,
    /// Writing the report.
    Writing,
}

/// Shows the line until it is dropped.
pub(super) struct Progress {
    stages: Option<Sender<Stage>>,
    line: Option<JoinHandle<()>>,
}

impl Progress {
    /// Begins to wait; silent where standard error is no terminal.
    pub(super) fn start(language: Language) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self { stages: None, line: None };
        }
        let (stages, received) = channel();
        let line = std::thread::spawn(move || {
            let start = Instant::now();
            let mut stage = Stage::Judging;
            let mut shown = false;
            loop {
                match received.recv_timeout(if shown {
                    BEAT
                } else {
                    PATIENCE.saturating_sub(start.elapsed())
                }) {
                    Ok(next) => stage = next,
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        shown = true;
                        let _ = write!(
                            std::io::stderr(),
                            "\r{}",
                            words(stage, language, start.elapsed().as_secs())
                        );
                        let _ = std::io::stderr().flush();
                    }
                }
            }
            if shown {
                let _ = write!(std::io::stderr(), "\r{:WIDEST$}\r", "");
            }
        });
        Self { stages: Some(stages), line: Some(line) }
    }

    /// Says what goes on from here.
    pub(super) fn stage(&self, stage: Stage) {
        if let Some(stages) = &self.stages {
            let _ = stages.send(stage);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stages = None;
        if let Some(line) = self.line.take() {
            let _ = line.join();
        }
    }
}

fn words(stage: Stage, language: Language, seconds: u64) -> String {
    let stage = match (stage, language) {
        (Stage::Judging, Language::Chinese) => "读入和判断",
        (Stage::Judging, Language::English) => "reading and judging",
        (Stage::Writing, Language::Chinese) => "写报告",
        (Stage::Writing, Language::English) => "writing the report",
    };
    match language {
        Language::Chinese => format!("{stage}…… {seconds} 秒"),
        Language::English => format!("{stage} … {seconds} s"),
    }
}
