//! Connections: so many at a time, each of which has to say within seconds what it wants.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// How many connections there are at a time; a browser opens six.
const SEATS: usize = 64;

/// How long a head may take, and a connection may wait for its next.
const HEAD: Duration = Duration::from_secs(10);

/// How many bytes a head may have.
const HEAD_BYTES: usize = 64 << 10;

/// How long to wait where the system gives no connection.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers until the future is dropped.
pub(super) async fn listen(listener: TcpListener, router: Router) {
    let seats = Arc::new(Semaphore::new(SEATS));
    loop {
        let Ok(seat) = seats.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(async move {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
            let answered = http.serve_connection(TokioIo::new(stream), service).with_upgrades();
            // Whoever breaks a connection off has no more to hear.
            let _ = answered.await;
            drop(seat);
        });
    }
}
