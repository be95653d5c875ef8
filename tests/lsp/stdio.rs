//! The command itself, over pipes: what is malformed is answered, what is closed ends it, and
//! nothing hangs.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

struct Pipes {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Pipes {
    fn new(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .arg("lsp")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, to, from }
    }

    fn raw(&mut self, bytes: &[u8]) {
        let to = self.to.as_mut().unwrap();
        to.write_all(bytes).and_then(|()| to.flush()).unwrap();
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    fn ask(&mut self, id: i32, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
    }

    /// The next message that answers something.
    fn answer(&mut self) -> Value {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                assert!(self.from.read_line(&mut line).unwrap() > 0, "nothing more is said");
                if let Some(said) = line.strip_prefix("Content-Length: ") {
                    length = said.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            self.from.read_exact(&mut body).unwrap();
            let message: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(message["jsonrpc"], "2.0");
            if message.get("method").is_none() {
                return message;
            }
        }
    }

    fn begin(&mut self) {
        self.ask(1, "initialize", json!({"capabilities": {}}));
        assert_eq!(self.answer()["result"]["serverInfo"]["name"], "fanshi");
        self.send(&json!({"jsonrpc": "2.0", "method": "initialized", "params": {}}));
    }

    /// Waits for the end.
    fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Pipes {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_conversation_ends_in_order() {
    let mut pipes = Pipes::new(&["--stdio"]);
    pipes.begin();
    pipes.ask(2, "shutdown", Value::Null);
    assert_eq!(pipes.answer(), json!({"jsonrpc": "2.0", "id": 2, "result": null}));
    pipes.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(pipes.end().code(), Some(0));
}

#[test]
fn one_that_is_cut_off_ends_all_the_same() {
    for last in ["", "Content-Length: 100\r\n\r\n{", "Content-Le", "\r\n\r\n\r\n"] {
        let mut pipes = Pipes::new(&[]);
        pipes.begin();
        pipes.raw(last.as_bytes());
        pipes.to = None;
        assert_eq!(pipes.end().code(), Some(1), "{last:?}");
    }
    let mut pipes = Pipes::new(&[]);
    pipes.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(pipes.end().code(), Some(1));
}

#[test]
fn what_is_malformed_is_answered_and_the_next_is_heard() {
    let mut pipes = Pipes::new(&[]);
    pipes.begin();
    let code = |answer: &Value| answer["error"]["code"].as_i64().unwrap();
    pipes.raw(b"Content-Length: 3\r\n\r\n{{{");
    assert_eq!(code(&pipes.answer()), -32700);
    pipes.raw(b"Content-Length: 4\r\n\r\n\xFF\xFE\xFD\xFC");
    assert_eq!(code(&pipes.answer()), -32700);
    pipes.raw(b"X-What: 3\r\n\r\n");
    assert_eq!(code(&pipes.answer()), -32600);
    pipes.send(&json!([1, 2]));
    assert_eq!(code(&pipes.answer()), -32600);
    pipes.send(&json!({"jsonrpc": "2.0", "id": 1e300, "method": "shutdown"}));
    assert_eq!(code(&pipes.answer()), -32600);
    pipes.ask(9, "nothing/of/the/kind", json!({}));
    assert_eq!(code(&pipes.answer()), -32601);
    pipes.ask(10, "shutdown", Value::Null);
    assert_eq!(pipes.answer()["id"], 10);
}

#[test]
fn a_huge_text_is_taken_and_told_of() {
    let mut pipes = Pipes::new(&["--lang", "en"]);
    pipes.begin();
    let line = "第一条 甲 凡 书，页 不得 超过 500。\n";
    for text in [line.repeat(200_000), "（".repeat(3_000_000), "甲".repeat(4_000_000)] {
        let item =
            json!({"uri": "untitled:big", "languageId": "fanshi", "version": 1, "text": text});
        let params = json!({"textDocument": item});
        pipes.send(&json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params}));
        let at = json!({"textDocument": {"uri": "untitled:big"},
            "position": {"line": 0, "character": 3}});
        pipes.ask(3, "textDocument/hover", at);
        assert_eq!(pipes.answer()["id"], 3);
    }
    pipes.ask(4, "shutdown", Value::Null);
    assert_eq!(pipes.answer()["id"], 4);
}

#[test]
fn help_is_in_both_languages() {
    for (language, said) in [("zh", "语言服务器"), ("en", "the language server")] {
        let told = Command::new(env!("CARGO_BIN_EXE_fanshi"))
            .args(["lsp", "--help"])
            .env("FANSHI_LANG", language)
            .output()
            .unwrap();
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains(said), "{told}");
    }
}
