//! What an execution may take: memory, time, and no panic.

use crate::input::Input;
use crate::targets::Target;
use cap::Cap;
use std::alloc::System;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// All memory in use, counted. Beyond its limit an allocation fails, and the process aborts: the
/// supervisor knows which run it was.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// An execution may hold so much beside what was held before it.
const MOST: usize = 512 << 20;

/// A longer execution hangs: the slowest that is right takes about a second.
const LONGEST: Duration = Duration::from_secs(20);

/// What a process that was stopped because of it ends with.
pub const HANGS: i32 = 70;

static SAID: Mutex<Option<String>> = Mutex::new(None);

/// When the execution began, in milliseconds since the process did; 0 between executions.
static BEGUN: AtomicU64 = AtomicU64::new(0);

/// Notes what panics say instead of printing it, and ends the process when an execution hangs.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let said = panic.payload_as_str().unwrap_or("no text");
        if let Ok(mut slot) = SAID.lock() {
            slot.get_or_insert(format!("panic at {place}: {said}"));
        }
    }));
    let start = Instant::now();
    ORIGIN.get_or_init(|| start);
    std::thread::spawn(|| {
        loop {
            std::thread::sleep(Duration::from_millis(250));
            let begun = BEGUN.load(Ordering::Relaxed);
            if begun > 0 && now().saturating_sub(begun) > LONGEST.as_millis() as u64 {
                std::process::exit(HANGS);
            }
        }
    });
}

static ORIGIN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();

fn now() -> u64 {
    ORIGIN.get().map_or(0, |start| start.elapsed().as_millis() as u64 + 1)
}

/// Runs a target on an input; what is wrong, if anything.
pub fn run(target: &Target, input: &Input) -> Option<String> {
    if let Ok(mut slot) = SAID.lock() {
        *slot = None;
    }
    let _ = MEMORY.set_limit(MEMORY.allocated() + MOST);
    BEGUN.store(now(), Ordering::Relaxed);
    let done = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    BEGUN.store(0, Ordering::Relaxed);
    let _ = MEMORY.set_limit(usize::MAX);
    match done {
        Ok(Ok(())) => None,
        Ok(Err(wrong)) => Some(wrong),
        Err(_) => Some(SAID.lock().ok().and_then(|mut slot| slot.take()).unwrap_or_else(|| "panic".into())),
    }
}

/// What failures of one kind have in common: where it panics, or what is wrong up to the first `:`.
pub fn kind(wrong: &str) -> &str {
    let from = if wrong.starts_with("panic at ") { "panic at ".len() } else { 0 };
    let cut = wrong[from..].find(": ").map_or(wrong.len(), |at| from + at);
    &wrong[..cut]
}
