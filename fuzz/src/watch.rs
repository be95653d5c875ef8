//! What an execution may take: memory, time, and no panic.

use crate::input::Input;
use crate::targets::{Reached, Target};
use cap::Cap;
use std::alloc::System;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// All memory in use, counted. Beyond its limit an allocation fails, and the process aborts: the
/// supervisor knows which run it was.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// An execution may hold so much beside what was held before it.
const MOST: usize = 512 << 20;

/// A longer execution hangs, in seconds of the processor: the slowest that is right takes two.
const LONGEST: Duration = Duration::from_secs(30);

/// One that looks at more expressions, names and rows hangs as well, on a machine of any speed.
const STEPS: u64 = 400_000_000;

/// What a process that was stopped because of it ends with.
pub const HANGS: i32 = 70;

static SAID: Mutex<Option<String>> = Mutex::new(None);

/// Which execution it is, counted from 1; 0 between executions.
static RUNNING: AtomicU64 = AtomicU64::new(0);

/// How many there were.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// How many steps had been taken then.
static STEPPED: AtomicU64 = AtomicU64::new(0);

/// The most steps of an execution so far.
static MOST_STEPS: AtomicU64 = AtomicU64::new(0);

/// Notes what panics say instead of printing it, and ends the process when an execution hangs.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, ToString::to_string);
        let said = panic.payload_as_str().unwrap_or("no text");
        if let Ok(mut slot) = SAID.lock() {
            slot.get_or_insert(format!("panic at {place}: {said}"));
        }
    }));
    ORIGIN.get_or_init(Instant::now);
    std::thread::spawn(|| {
        let mut last = (0, 0);
        loop {
            std::thread::sleep(Duration::from_millis(250));
            let running = RUNNING.load(Ordering::Relaxed);
            if running != last.0 {
                last = (running, used());
            }
            let long = used().saturating_sub(last.1) > LONGEST.as_millis() as u64;
            let steps = stepped().saturating_sub(STEPPED.load(Ordering::Relaxed));
            if running > 0 && (long || steps > STEPS) {
                std::process::exit(HANGS);
            }
        }
    });
}

static ORIGIN: OnceLock<Instant> = OnceLock::new();

/// Milliseconds of the processor that the process has used; where the system does not tell, that
/// have passed.
fn used() -> u64 {
    let passed = ORIGIN.get().map_or(0, |start| start.elapsed().as_millis() as u64);
    let own = std::fs::read_to_string("/proc/self/stat").ok().and_then(|stat| {
        // After the name in brackets: the 12th and 13th are hundredths of a second.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let mut next = || fields.next()?.parse::<u64>().ok();
        Some(10 * (next()? + next()?))
    });
    own.unwrap_or(passed)
}

/// What tests of costs count.
fn stepped() -> u64 {
    #[cfg(debug_assertions)]
    return fanshi::steps::taken();
    #[cfg(not(debug_assertions))]
    0
}

/// The most steps that an execution took.
pub fn most_steps() -> u64 {
    MOST_STEPS.load(Ordering::Relaxed)
}

/// Runs a target on an input: whether it came to what the target is about, or what is wrong.
pub fn run(target: &Target, input: &Input) -> Reached {
    if let Ok(mut slot) = SAID.lock() {
        *slot = None;
    }
    let _ = MEMORY.set_limit(MEMORY.allocated() + MOST);
    STEPPED.store(stepped(), Ordering::Relaxed);
    RUNNING.store(COUNT.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    let done = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    RUNNING.store(0, Ordering::Relaxed);
    MOST_STEPS.fetch_max(stepped() - STEPPED.load(Ordering::Relaxed), Ordering::Relaxed);
    let _ = MEMORY.set_limit(usize::MAX);
    done.unwrap_or_else(|_| {
        let said = SAID.lock().ok().and_then(|mut slot| slot.take());
        Err(said.unwrap_or_else(|| "panic".into()))
    })
}

/// What failures of one kind have in common: where it panics, or what is wrong up to the first `:`.
pub fn kind(wrong: &str) -> &str {
    let from = if wrong.starts_with("panic at ") { "panic at ".len() } else { 0 };
    let cut = wrong[from..].find(": ").map_or(wrong.len(), |at| from + at);
    &wrong[..cut]
}
