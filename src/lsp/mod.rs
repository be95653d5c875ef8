//! Rank 10: the language server: the protocol of editors in front of [`crate::authoring`]. It knows
//! positions, addresses and threads; what is right and wrong it asks.

mod address;
mod capability;
mod edit;
mod pool;
mod position;
mod publish;
mod request;
mod route;
mod server;
mod session;
mod snapshot;
mod stdio;

pub use address::uri;
pub use position::{Encoding, Lines};
pub use request::COMMANDS;
pub use session::Shared;
pub use stdio::{connect, text};

use crate::syntax::tree::Language;
use crate::workspace::{Disk, Files};
use lsp_server::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How a server begins.
pub struct Options {
    /// Where files are.
    pub files: Arc<dyn Files>,
    /// The language of messages; `None`: the project's.
    pub language: Option<Language>,
    /// How long nothing has to come before rows are judged.
    pub pause: Duration,
    /// Projects that others hold open too, by their manifests or the folders of these.
    pub shared: Vec<(PathBuf, Shared)>,
}

impl Default for Options {
    fn default() -> Self {
        let pause = Duration::from_millis(80);
        Self { files: Arc::new(Disk), language: None, pause, shared: Vec::new() }
    }
}

/// Answers a client until it goes; whether it said so before (`shutdown`), as the protocol asks.
#[must_use]
pub fn serve(connection: &Connection, options: Options) -> bool {
    server::Server::new(connection, options).run(&connection.receiver)
}

/// Answers the client at standard input and output.
#[must_use]
pub fn serve_stdio(options: Options) -> bool {
    let (connection, writer) = connect(std::io::stdin(), std::io::stdout());
    let orderly = serve(&connection, options);
    drop(connection);
    let _ = writer.join();
    orderly
}
