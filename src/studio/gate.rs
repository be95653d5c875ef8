//! Who is let in: a request to this very address, from the page that was given the cookie.
//!
//! What is refused is told the same, whatever was wrong with it.

use super::secret::Secret;
use crate::say;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
    SET_COOKIE, UPGRADE,
};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The largest body, in bytes: a few texts as large as a policy may be.
pub(super) const LARGEST: usize = 16 << 20;

/// How long a body may take.
const BODY: Duration = Duration::from_secs(10);

/// The name of the cookie.
const COOKIE_NAME: &str = "fanshi-studio";

/// What is known of who may come in.
pub(super) struct Gate {
    /// `127.0.0.1:8765`.
    host: String,
    /// `http://127.0.0.1:8765`.
    origin: String,
    /// In the address that is shown in the terminal.
    shown: Secret,
    /// In the address that a browser is started with, where others may see it: good once.
    once: Secret,
    spent: AtomicBool,
    /// What the cookie says.
    cookie: Secret,
    /// The folder of all addresses but the first. The cookie is sent to it alone: other programs
    /// that listen on this machine are never shown it.
    room: Secret,
}

impl Gate {
    /// A gate with new secrets.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub(super) fn new(port: u16) -> std::io::Result<Self> {
        let host = format!("127.0.0.1:{port}");
        Ok(Self {
            origin: format!("http://{host}"),
            host,
            shown: Secret::new()?,
            once: Secret::new()?,
            spent: AtomicBool::new(false),
            cookie: Secret::new()?,
            room: Secret::new()?,
        })
    }

    /// The address to show to the person at the terminal.
    pub(super) fn address(&self) -> String {
        format!("{}/open/{}", self.origin, self.shown.word())
    }

    /// The address to start a browser with, which is good once.
    pub(super) fn address_once(&self) -> String {
        format!("{}/open/{}", self.origin, self.once.word())
    }

    /// The folder of all addresses.
    pub(super) fn room(&self) -> &str {
        self.room.word()
    }

    /// Where the page may connect to.
    pub(super) fn socket(&self) -> String {
        format!("ws://{}", self.host)
    }

    /// Whether a word opens.
    fn opens(&self, word: &str) -> bool {
        self.shown.is(word) || self.once.is(word) && !self.spent.swap(true, Ordering::SeqCst)
    }

    /// Whether a request is to this address, and from no other's page.
    fn is_own(&self, request: &Request) -> bool {
        let headers = request.headers();
        let host = only(headers, &HOST);
        let authority = request.uri().authority();
        let to_us = host == Some(&*self.host)
            && authority.is_none_or(|authority| authority.as_str() == self.host);
        let from = headers.contains_key(ORIGIN).then(|| only(headers, &ORIGIN));
        let reads = [Method::GET, Method::HEAD].contains(request.method());
        let must_say = !reads || headers.contains_key(UPGRADE);
        let from_us = match from {
            Some(origin) => origin == Some(&*self.origin),
            None => !must_say,
        };
        to_us && from_us
    }

    /// Whether no page of another site asked for it, where a browser says so.
    fn is_same_site(headers: &HeaderMap) -> bool {
        let site = headers.get("sec-fetch-site").map(|site| site.as_bytes());
        matches!(site, None | Some(b"same-origin" | b"none"))
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let cookies = headers.get_all(COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut pairs = cookies.flat_map(|cookies| cookies.split("; "));
        pairs.any(|pair| {
            pair.split_once('=')
                .is_some_and(|(name, value)| name == COOKIE_NAME && self.cookie.is(value))
        })
    }

    /// Answers the address that opens: a cookie, and a page that leads on. A plain redirection would
    /// still count as begun elsewhere, and a strict cookie would not be sent.
    fn opened(&self) -> Response {
        let room = self.room();
        let page = format!(
            "<!doctype html><meta charset=\"utf-8\"><title>fanshi</title>\
                <meta http-equiv=\"refresh\" content=\"0;url=/{room}/\">"
        );
        let cookie = format!(
            "{COOKIE_NAME}={}; Path=/{room}/; HttpOnly; SameSite=Strict",
            self.cookie.word()
        );
        ([(SET_COOKIE, cookie), (CONTENT_TYPE, HTML.to_owned())], page).into_response()
    }
}

/// The kind of a page.
pub(super) const HTML: &str = "text/html; charset=utf-8";

/// A header that is there once, as text.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?;
    if all.next().is_some() { None } else { first.to_str().ok() }
}

/// Lets in who may come in, with a body of which all is there; and says what every answer says.
pub(super) async fn keep(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let mut answer = admitted(&gate, request, next).await;
    let headers = answer.headers_mut();
    for (name, value) in ALWAYS {
        let name = HeaderName::from_static(name);
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    answer
}

/// What every answer says.
const ALWAYS: [(&str, &str); 9] = [
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("x-robots-tag", "noindex"),
];

async fn admitted(gate: &Gate, request: Request, next: Next) -> Response {
    if !gate.is_own(&request) {
        return refuse(StatusCode::FORBIDDEN);
    }
    let path = request.uri().path();
    if let Some(word) = path.strip_prefix("/open/") {
        let opens = request.method() == Method::GET && gate.opens(word);
        return if opens { gate.opened() } else { refuse(StatusCode::FORBIDDEN) };
    }
    let mut parts = path.splitn(3, '/').skip(1);
    let in_room = parts.next().is_some_and(|room| gate.room.is(room)) && parts.next().is_some();
    let headers = request.headers();
    if !(in_room && Gate::is_same_site(headers) && gate.has_cookie(headers)) {
        return refuse(StatusCode::FORBIDDEN);
    }
    let (head, body) = request.into_parts();
    let body = match received(&head.headers, body).await {
        Ok(body) => body,
        Err(status) => return refuse(status),
    };
    next.run(Request::from_parts(head, Body::from(body))).await
}

/// A body as a whole: of no more bytes than are taken, in no more time than is given.
async fn received(headers: &HeaderMap, body: Body) -> Result<Bytes, StatusCode> {
    let announced = headers.get(CONTENT_LENGTH).map(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: Option<usize>| length.is_none_or(|it| it > LARGEST)) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    match tokio::time::timeout(BODY, to_bytes(body, LARGEST)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// A refusal that a person can read. The connection ends with it: what is left of a body is not
/// waited for.
fn refuse(status: StatusCode) -> Response {
    let said = match status {
        StatusCode::PAYLOAD_TOO_LARGE => say!("太大了", "too large"),
        StatusCode::REQUEST_TIMEOUT => say!("太慢了", "too slow"),
        _ => say!(
            "不能进入：请打开 fanshi studio 在终端里显示的地址",
            "not admitted: open the address that fanshi studio shows in the terminal"
        ),
    };
    let text = format!("{}\n{}\n", said.zh, said.en);
    (status, [("connection", "close"), ("content-type", "text/plain; charset=utf-8")], text)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::{Gate, HeaderMap, HeaderValue};

    #[test]
    fn what_a_browser_is_started_with_opens_once() -> std::io::Result<()> {
        let gate = Gate::new(1)?;
        let word = |address: String| address.rsplit('/').next().unwrap_or_default().to_owned();
        let (shown, once) = (word(gate.address()), word(gate.address_once()));
        assert!(gate.opens(&shown) && gate.opens(&once));
        assert!(gate.opens(&shown) && !gate.opens(&once));
        assert!(!gate.opens(gate.room()) && !gate.opens(gate.cookie.word()) && !gate.opens(""));
        Ok(())
    }

    #[test]
    fn the_cookie_is_found_among_others() -> std::io::Result<()> {
        let gate = Gate::new(1)?;
        let own = format!("fanshi-studio={}", gate.cookie.word());
        for (cookies, has) in [
            (own.clone(), true),
            (format!("a=b; {own}; c=d"), true),
            (format!("x{own}"), false),
            (format!("{own}x"), false),
            (format!("a={own}"), false),
            ("fanshi-studio=".to_owned(), false),
        ] {
            let value = HeaderValue::try_from(cookies.as_str()).map_err(std::io::Error::other)?;
            let headers = HeaderMap::from_iter([(super::COOKIE, value)]);
            assert_eq!(gate.has_cookie(&headers), has, "{cookies}");
        }
        Ok(())
    }
}
