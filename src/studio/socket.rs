//! The line between a page and the desk: the page is told what it did not ask for, and is there as
//! long as the line is.

use super::desk::{Desk, News};
use axum::extract::ws::{Message, WebSocket};
use serde_json::{Value, json};
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
}

impl Drop for Page {
    fn drop(&mut self) {
        self.desk.leave(self.number);
    }
}

/// Talks to a page until it goes.
pub(super) async fn talk(mut socket: WebSocket, desk: Arc<Desk>) {
    let mut news = desk.news.subscribe();
    let page = Page { number: desk.enter(), desk };
    let hello =
        json!({"hello": page.number, "writes": page.desk.is_writer(page.number)});
    if send(&mut socket, &hello).await.is_err() {
        return;
    }
    let mut ping = tokio::time::interval(PING);
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            told = news.recv() => {
                let told = match told {
                    Ok(News::Writer(writer)) => json!({"writer": writer}),
                    Ok(News::Changed(names)) => json!({"changed": names}),
                    // What it missed, it finds out by looking at everything again.
                    Err(RecvError::Lagged(_)) => json!({"changed": Value::Null}),
                    Err(RecvError::Closed) => return,
                };
                if send(&mut socket, &told).await.is_err() {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => heard = Instant::now(),
            },
            _ = ping.tick() => {
                let alive = heard.elapsed() < SILENCE;
                if !alive || socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn send(socket: &mut WebSocket, told: &Value) -> Result<(), axum::Error> {
    socket.send(Message::text(told.to_string())).await
}
