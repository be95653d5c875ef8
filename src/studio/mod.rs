//! Rank 11: a page on this machine, and on no other, where people write policies beside what the
//! policies come to. Files stay files: what is saved is what is under version control.
//!
//! Everything that comes in passes `gate`; every file that is touched is within `fence`.

mod answer;
mod desk;
mod fence;
mod gate;
mod listen;
mod page;
mod save;
mod secret;
mod socket;
mod speech;
mod watch;
mod wire;

use crate::authoring::Service;
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::tree::Language;
use crate::workspace::{Disk, Project, clean};
use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path as Named, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use desk::Desk;
use fence::Fenced;
use gate::Gate;
use std::io::Result;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(700);

/// How many pages there are at a time.
const PAGES: usize = 8;

/// The largest message from a page, in bytes.
const MESSAGE: usize = 8 << 20;

/// How much stack a thread has that answers: as much as a command's has.
const STACK: usize = 8 << 20;

/// How many answers are made at a time.
const ANSWERS: usize = 16;

/// How a page is wanted.
pub struct Asked<'a> {
    /// The project's folder, its manifest, or a policy.
    pub project: &'a Path,
    /// The port; any that is free where none is said.
    pub port: Option<u16>,
    /// The language of the page until the person chooses.
    pub language: Language,
}

/// What came of opening a project.
pub enum Ended {
    /// There is no project; why.
    NoProject(Vec<Diagnostic>),
    /// Whoever started it has gone.
    Left,
}

/// Opens a project to one page, on this machine alone, and answers until whoever started it goes.
/// `open` is told the address to show, and one to start a browser with, once the page is there.
///
/// # Errors
/// Where the port is taken, or the system gives no randomness.
pub fn serve(asked: &Asked<'_>, open: impl FnOnce(&str, &str)) -> Result<Ended> {
    let found = Service::open(Arc::new(Disk), asked.project).view();
    let project = found.project();
    if project.files.is_empty() && !project.manifest_source.text.contains('[') {
        let wrong = |found: &&Diagnostic| found.severity == Severity::Error;
        return Ok(Ended::NoProject(project.diagnostics.iter().filter(wrong).cloned().collect()));
    }
    let desk = Arc::new(Desk::new(Arc::new(Fenced::of(project)), &path_of(project)));
    // What is there at the beginning is no change.
    desk.look_around();
    let language = asked.language;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .thread_stack_size(STACK)
        .max_blocking_threads(ANSWERS)
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, asked.port.unwrap_or(0))).await?;
        let gate = Arc::new(Gate::new(listener.local_addr()?.port())?);
        let router = router(&gate, &desk, language);
        open(&gate.address(), &gate.address_once());
        tokio::select! {
            () = listen::listen(listener, router) => {}
            () = watched(desk) => {}
            () = left() => {}
        }
        Ok(Ended::Left)
    })
}

/// By what a project that was found is opened again.
fn path_of(project: &Project) -> PathBuf {
    let path = match project.manifest_source.name.is_empty() {
        true => project.paths.first().cloned().unwrap_or_default(),
        false => project.root.join(&*project.manifest_source.name),
    };
    clean(&std::path::absolute(&path).unwrap_or(path))
}

/// What the answers are made from.
#[derive(Clone)]
struct Room {
    desk: Arc<Desk>,
    language: Language,
}

fn router(gate: &Arc<Gate>, desk: &Arc<Desk>, language: Language) -> Router {
    let room = Room { desk: desk.clone(), language };
    let of = |rest: &str| format!("/{}/{rest}", gate.room());
    Router::new()
        .route(&of(""), get(page::page).with_state(gate.clone()))
        .route(&of("studio.js"), get(page::script))
        .route(&of("studio.css"), get(page::style))
        .route(&of("licences.txt"), get(page::licences))
        .route(&of("socket"), get(line).with_state(desk.clone()))
        .route(&of("ask/{what}"), post(answered).with_state(room))
        .layer(from_fn_with_state(gate.clone(), gate::keep))
}

async fn line(State(desk): State<Arc<Desk>>, upgrade: WebSocketUpgrade) -> Response {
    if desk.pages() >= PAGES {
        return StatusCode::TOO_MANY_REQUESTS.into_response();
    }
    let upgrade = upgrade.max_message_size(MESSAGE).max_frame_size(MESSAGE);
    upgrade.on_upgrade(|socket| socket::talk(socket, desk))
}

/// Answers a question on a thread of its own: others go on being heard.
async fn answered(
    State(room): State<Room>,
    Named(what): Named<String>,
    body: axum::body::Bytes,
) -> Response {
    let made = tokio::task::spawn_blocking(move || answer::answer(&room, &what, &body));
    made.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Looks at the files again and again.
async fn watched(desk: Arc<Desk>) {
    loop {
        let desk = desk.clone();
        let looked = tokio::task::spawn_blocking(move || desk.look_around());
        // One that stopped in the middle has said so; the next looks again.
        let _ = looked.await;
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits until whoever started this program has gone.
#[cfg(unix)]
async fn left() {
    let parent = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == parent {
        tokio::time::sleep(LOOK).await;
    }
}

/// The same where a console ends its programs itself.
#[cfg(not(unix))]
async fn left() {
    std::future::pending().await
}
