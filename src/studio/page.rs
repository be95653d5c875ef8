//! The page: what `studio/` is built to, kept in the program.

use super::gate::{Gate, HTML};
use super::secret::Secret;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const PAGE: &str = include_str!("../../studio/dist/index.html");
const SCRIPT: &str = include_str!("../../studio/dist/studio.js");
const STYLE: &str = include_str!("../../studio/dist/studio.css");

/// The licences of what the script is made of.
const LICENCES: &str = include_str!("../../studio/dist/LICENCES.txt");

/// In the page, where the word stands that lets its script add styles.
const NONCE: &str = "{nonce}";

/// The page itself. Its script is a file of this address; an editor's styles are let in by a word
/// that is new each time.
pub(super) async fn page(State(gate): State<Arc<Gate>>) -> Response {
    let Ok(nonce) = Secret::new() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (nonce, socket) = (nonce.word(), gate.socket());
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src \
            'self' {socket}; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
            frame-ancestors 'none'"
    );
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CONTENT_TYPE, HTML.to_owned())];
    (headers, PAGE.replace(NONCE, nonce)).into_response()
}

/// Its script.
pub(super) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// Its style.
pub(super) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// The licences of what its script is made of.
pub(super) async fn licences() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], LICENCES).into_response()
}
