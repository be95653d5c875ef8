//! The language server that a page's editor talks to: on threads of its own, over the same project,
//! as long as the page writes.

use super::STACK;
use super::desk::Desk;
use crate::lsp::{self, Options, uri};
use crate::workspace::Files;
use lsp_server::{Connection, Message, Notification};
use serde_json::{Value, json};
use std::io::Result;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// A conversation with the language server; when dropped, it ends.
pub(super) struct Speech {
    connection: Connection,
    /// What the server says.
    pub(super) said: UnboundedReceiver<String>,
}

impl Speech {
    /// Begins a conversation.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(super) fn begin(desk: &Arc<Desk>) -> Result<Self> {
        let (server, connection) = Connection::memory();
        let files: Arc<dyn Files> = desk.files.clone();
        let shared = vec![(desk.opened.clone(), desk.shared.clone())];
        let options = Options { files, shared, ..Options::default() };
        let thread = |name: &str| Builder::new().name(name.to_owned()).stack_size(STACK);
        thread("language server").spawn(move || {
            // How the page took its leave does not matter here.
            let _ = lsp::serve(&server, options);
        })?;
        let answers = connection.receiver.clone();
        let (tell, said) = unbounded_channel();
        thread("its answers").spawn(move || {
            for message in answers {
                let Some(text) = lsp::text(&message) else { continue };
                if tell.send(text).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { connection, said })
    }

    /// Hands a message of the page on; one that cannot be read is passed over.
    pub(super) fn hear(&self, message: &Value) {
        if let Ok(message) = serde_json::from_value::<Message>(message.clone()) {
            self.tell(message);
        }
    }

    /// Tells it that files are other than they were.
    pub(super) fn changed(&self, paths: &[PathBuf]) {
        let change = |path: &PathBuf| Some(json!({"uri": uri(path)?.to_string(), "type": 2}));
        let changes: Vec<Value> = paths.iter().filter_map(change).collect();
        let params = json!({ "changes": changes });
        let method = "workspace/didChangeWatchedFiles".to_owned();
        self.tell(Notification { method, params }.into());
    }

    fn tell(&self, message: Message) {
        // A server that has stopped answers nothing; the page goes on without it.
        let _ = self.connection.sender.send(message);
    }
}
