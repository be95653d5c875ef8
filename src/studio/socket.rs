//! The line between a page and the desk: the page is told what it did not ask for, its editor talks
//! to the language server, and the page is there as long as the line is.

use super::desk::{Desk, News};
use super::speech::Speech;
use crate::lsp::uri;
use axum::extract::ws::{Message, WebSocket};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::error::RecvError;

/// How often a page is asked whether it is still there.
const PING: Duration = Duration::from_secs(15);

/// After what silence it is not.
const SILENCE: Duration = Duration::from_secs(50);

/// A page that is there; when dropped, it is gone.
struct Page {
    desk: Arc<Desk>,
    number: u64,
    /// The language server, once the editor has spoken to it.
    speech: Option<Speech>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.desk.leave(self.number);
    }
}

/// Talks to a page until it goes.
pub(super) async fn talk(mut socket: WebSocket, desk: Arc<Desk>) {
    let mut news = desk.news.subscribe();
    let mut page = Page { number: desk.enter(), desk, speech: None };
    if send(&mut socket, page.hello()).await.is_err() {
        return;
    }
    let mut ping = tokio::time::interval(PING);
    let mut heard = Instant::now();
    loop {
        let told = tokio::select! {
            told = news.recv() => match told {
                Ok(news) => match page.told(&news) {
                    Some(told) => told,
                    None => continue,
                },
                // What it missed, it finds out by looking at everything again.
                Err(RecvError::Lagged(_)) => json!({"changed": Value::Null}).to_string(),
                Err(RecvError::Closed) => return,
            },
            Some(said) = said(page.speech.as_mut()) => said,
            message = socket.recv() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(Message::Text(text))) => page.heard(&text),
                    Some(Ok(_)) => {}
                }
                continue;
            }
            _ = ping.tick() => {
                let alive = heard.elapsed() < SILENCE;
                if !alive || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    return;
                }
                continue;
            }
        };
        if send(&mut socket, told).await.is_err() {
            return;
        }
    }
}

async fn send(socket: &mut WebSocket, told: String) -> Result<(), axum::Error> {
    socket.send(Message::text(told)).await
}

/// What the language server says next; never, where there is none.
async fn said(speech: Option<&mut Speech>) -> Option<String> {
    match speech {
        Some(speech) => speech.said.recv().await,
        None => std::future::pending().await,
    }
}

impl Page {
    /// What a page is told first: its number, whether it writes, and where the project is.
    fn hello(&self) -> String {
        let folder = self.desk.opened.parent().unwrap_or(Path::new(""));
        let root = uri(folder).map(|uri| uri.to_string());
        let writes = self.desk.is_writer(self.number);
        json!({"hello": self.number, "writes": writes, "root": root}).to_string()
    }

    /// What it is told of some news; the language server is told as well. What a page has typed
    /// itself is no news to it.
    fn told(&mut self, news: &News) -> Option<String> {
        let told = match news {
            News::Typed(page, _) if *page == self.number => return None,
            News::Typed(_, name) => json!({ "typed": name }),
            News::Writer(writer) => {
                if *writer != Some(self.number) {
                    self.speech = None;
                }
                json!({ "writer": writer })
            }
            News::Changed(files) => {
                let paths: Vec<PathBuf> = files.iter().map(|(_, path)| path.clone()).collect();
                if let Some(speech) = &self.speech {
                    speech.changed(&paths);
                }
                let names: Vec<&String> = files.iter().map(|(name, _)| name).collect();
                json!({ "changed": names })
            }
        };
        Some(told.to_string())
    }

    /// Hands on what its editor says to the language server. A page that only reads has none: what
    /// its editor held would lie over what the other types.
    fn heard(&mut self, text: &str) {
        let message: Value = serde_json::from_str(text).unwrap_or_default();
        if message.get("jsonrpc").is_none() || !self.desk.is_writer(self.number) {
            return;
        }
        if self.speech.is_none() {
            self.speech = Speech::begin(&self.desk).ok();
        }
        if let Some(speech) = &self.speech {
            speech.hear(&message);
        }
    }
}
