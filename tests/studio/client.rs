//! A program that talks to a page's server as any might, over a plain connection.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Longer than anything takes, on a machine that does much else.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A server, with what its address led to.
pub struct Studio {
    child: Child,
    pub port: u16,
    pub secret: String,
    pub room: String,
    pub cookie: String,
    pub opened: Answer,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    fn of(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let chunked = head.to_lowercase().contains("transfer-encoding: chunked");
        let body = if chunked { joined(body) } else { body.to_owned() };
        Self { status, head: head.to_owned(), body }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// A body that came in chunks.
fn joined(body: &str) -> String {
    let (mut rest, mut whole) = (body.as_bytes(), Vec::new());
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        whole.extend(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 4 + size..];
    }
    String::from_utf8(whole).unwrap()
}

/// A project of three books, one of them thick, opened.
pub fn project() -> (TempDir, Studio) {
    let folder = tempfile::tempdir().unwrap();
    let books = folder.path().join("books");
    std::fs::create_dir(&books).unwrap();
    let write = |name: &str, text: &str| std::fs::write(books.join(name), text).unwrap();
    write(
        "fanshi.toml",
        "[project]\nname = \"馆\"\nas_of = 2015-11-20\npolicies = [\"library.fan\"]\n\n[data]\nbook = \"books.csv\"\n",
    );
    write(
        "library.fan",
        "政策 馆规 | library\n\n表 书 | book {\n  号 | code : 文本 主键\n  页 | pages : 整数\n}\n\n# 太厚的书不借。\n第一条 厚 | thick\n  凡 书，页 不得 超过 500。\n",
    );
    write("books.csv", "号,页\n甲,90\n乙,610\n丙,40\n");
    let studio = Studio::start(&books);
    (folder, studio)
}

impl Studio {
    pub fn start(path: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .args(["studio", "--no-open", "--lang", "zh"])
            .arg(path)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let rest = address.trim().strip_prefix("http://127.0.0.1:").unwrap();
        let (port, secret) = rest.split_once("/open/").unwrap();
        let mut studio = Self {
            child,
            port: port.parse().unwrap(),
            secret: secret.to_owned(),
            room: String::new(),
            cookie: String::new(),
            opened: Answer::of(""),
        };
        let request = format!("GET /open/{secret} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
        studio.opened = studio.raw(&request);
        let cookie = studio.opened.header("set-cookie").unwrap();
        studio.cookie = cookie.split(';').next().unwrap().to_owned();
        let page = &studio.opened.body;
        studio.room = page.split("url=/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        studio
    }

    /// Ends it, and starts it again.
    pub fn again(&mut self, path: &Path) {
        *self = Self::start(path);
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// The answer to a request that is written out, with its connection closed after it.
    pub fn raw(&self, request: &str) -> Answer {
        let mut stream = self.connect();
        stream
            .write_all(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::of(&String::from_utf8_lossy(&answer))
    }

    pub fn ask(&self, method: &str, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let more: String =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = if method == "GET" {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", body.len())
        };
        self.raw(&format!(
            "{method} /{}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n{length}{more}\r\n{body}",
            self.room, self.port, self.cookie
        ))
    }

    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, "", headers)
    }

    pub fn post(&self, what: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("POST", &format!("ask/{what}"), body, headers)
    }

    /// The answer to a question of the page.
    pub fn asked(&self, what: &str, question: &Value) -> Answer {
        self.post(what, &question.to_string(), &[("Origin", &self.origin())])
    }

    /// The line of a page, or the status with which it was refused.
    pub fn socket(&self, origin: Option<&str>) -> Result<Socket, u16> {
        let mut stream = self.connect();
        let origin = origin.map_or_else(String::new, |origin| format!("Origin: {origin}\r\n"));
        let request = format!(
            "GET /{}/socket HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\n{origin}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            self.room, self.port, self.cookie
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).unwrap() == 0 {
                break;
            }
            head.push(byte[0]);
        }
        let answer = Answer::of(&String::from_utf8_lossy(&head));
        if answer.status == 101 { Ok(Socket(stream)) } else { Err(answer.status) }
    }

    /// A page that is open: its line and its number.
    pub fn page(&self) -> (Socket, u64) {
        let mut socket = self.socket(Some(&self.origin())).unwrap();
        let page = socket.told("hello").as_u64().unwrap();
        (socket, page)
    }
}

impl Drop for Studio {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The line of a page.
#[derive(Debug)]
pub struct Socket(TcpStream);

impl Socket {
    /// What the next message says of something.
    pub fn told(&mut self, what: &str) -> Value {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let message: Value = serde_json::from_str(&self.message()).unwrap_or(Value::Null);
            if let Some(found) = message.get(what) {
                return found.clone();
            }
        }
        panic!("nothing was told of {what}");
    }

    /// The next message; empty for what is no text.
    fn message(&mut self) -> String {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).unwrap();
        let length = match head[1] {
            126 => {
                let mut long = [0; 2];
                self.0.read_exact(&mut long).unwrap();
                u64::from(u16::from_be_bytes(long))
            }
            127 => {
                let mut long = [0; 8];
                self.0.read_exact(&mut long).unwrap();
                u64::from_be_bytes(long)
            }
            short => u64::from(short),
        };
        let mut bytes = vec![0; usize::try_from(length).unwrap()];
        self.0.read_exact(&mut bytes).unwrap();
        if head[0] & 15 == 1 { String::from_utf8(bytes).unwrap() } else { String::new() }
    }
}
