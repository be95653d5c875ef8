//! Messages as bytes: each with its length before it. What cannot be read is answered and passed
//! over, so that one bad message ends nothing; `lsp-server` ends at the first.

use lsp_server::{Connection, ErrorCode, Message};
use serde_json::{Value, json};
use std::io::{self, BufRead, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The largest message that is read, in bytes.
const LARGEST: u64 = 1 << 28;
/// The longest line before a message, in bytes.
const LONGEST: u64 = 1 << 12;

/// One message as it was read.
enum Frame {
    /// A message of the protocol.
    Message(Box<Message>),
    /// None: what to answer.
    Refused(Value),
    /// None, and nothing to answer to: a response of no request.
    Nothing,
    /// The end of what is there to read.
    End,
}

/// A connection over bytes. Both ends run until the other side closes, or the returned connection is
/// dropped; join the writer to have everything written.
pub fn connect(
    from: impl Read + Send + 'static,
    to: impl Write + Send + 'static,
) -> (Connection, thread::JoinHandle<()>) {
    let (ours, theirs) = Connection::memory();
    let to = Arc::new(Mutex::new(to));
    let Connection { sender, receiver } = theirs;
    let answers = to.clone();
    thread::spawn(move || {
        let mut from = io::BufReader::new(from);
        loop {
            match read(&mut from) {
                Ok(Frame::Message(message)) => {
                    let ends = matches!(&*message, Message::Notification(n) if n.method == "exit");
                    if sender.send(*message).is_err() || ends {
                        return;
                    }
                }
                Ok(Frame::Refused(answer)) => write(&answers, &answer.to_string()),
                Ok(Frame::Nothing) => {}
                Ok(Frame::End) | Err(_) => return,
            }
        }
    });
    let writer = thread::spawn(move || {
        for message in receiver {
            if let Some(text) = text(&message) {
                write(&to, &text);
            }
        }
    });
    (ours, writer)
}

/// A message as text; `None` of one that has none.
#[must_use]
pub fn text(message: &Message) -> Option<String> {
    let mut value = serde_json::to_value(message).ok()?;
    value.as_object_mut()?.insert("jsonrpc".into(), "2.0".into());
    Some(value.to_string())
}

/// Writes a message; where the other side is gone, what is read ends soon.
fn write(to: &Mutex<impl Write>, text: &str) {
    let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = write!(to, "Content-Length: {}\r\n\r\n{text}", text.len()).and_then(|()| to.flush());
}

/// Reads one message.
fn read(from: &mut impl BufRead) -> io::Result<Frame> {
    let Some(length) = length(from)? else { return Ok(Frame::End) };
    let Some(length) = length else {
        return Ok(refused(Value::Null, ErrorCode::InvalidRequest, "no Content-Length"));
    };
    if length > LARGEST {
        io::copy(&mut from.take(length), &mut io::sink())?;
        let said = format!("a message of {length} bytes; the largest that is read has {LARGEST}");
        return Ok(refused(Value::Null, ErrorCode::InvalidRequest, &said));
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Ok(Frame::End);
    }
    Ok(understood(&bytes))
}

/// The length that the lines before a message say: the inner `None` where none does, the outer
/// where there is no message any more.
fn length(from: &mut impl BufRead) -> io::Result<Option<Option<u64>>> {
    let mut length = None;
    let mut any = false;
    loop {
        let mut line = Vec::new();
        from.take(LONGEST).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        match line.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case("Content-Length") => {
                length = value.trim().parse().ok();
                any = true;
            }
            // A blank line before the first is passed over.
            _ if line.is_empty() && any => return Ok(Some(length)),
            _ => any |= !line.is_empty(),
        }
    }
}

/// A message of the protocol, or what to answer instead.
fn understood(bytes: &[u8]) -> Frame {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => return refused(Value::Null, ErrorCode::ParseError, &error.to_string()),
    };
    let Some(object) = value.as_object() else {
        return refused(Value::Null, ErrorCode::InvalidRequest, "no object; batches are not read");
    };
    let id = object.get("id").cloned();
    let fits =
        |id: &Value| id.is_string() || id.as_i64().is_some_and(|id| i32::try_from(id).is_ok());
    match (id, object.contains_key("method")) {
        (Some(id), true) if !fits(&id) => {
            let said = "an id is a text or a whole number of 32 bits";
            return refused(id, ErrorCode::InvalidRequest, said);
        }
        (Some(id), false) if !fits(&id) => return Frame::Nothing,
        (None, false) => {
            return refused(Value::Null, ErrorCode::InvalidRequest, "neither id nor method");
        }
        _ => {}
    }
    let id = object.get("id").cloned().unwrap_or(Value::Null);
    let is_response = !object.contains_key("method");
    match serde_json::from_value(value) {
        Ok(message) => Frame::Message(Box::new(message)),
        Err(_) if is_response => Frame::Nothing,
        Err(error) => refused(id, ErrorCode::InvalidRequest, &error.to_string()),
    }
}

fn refused(id: Value, code: ErrorCode, said: &str) -> Frame {
    let error = json!({"code": code as i32, "message": said});
    Frame::Refused(json!({"jsonrpc": "2.0", "id": id, "error": error}))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of bytes: methods that came through, and codes that were answered.
    fn came(bytes: &[u8]) -> Vec<String> {
        let mut from = io::BufReader::new(bytes);
        let mut came = Vec::new();
        loop {
            came.push(match read(&mut from) {
                Ok(Frame::Message(message)) => match *message {
                    Message::Request(request) => request.method,
                    Message::Notification(said) => said.method,
                    Message::Response(_) => "response".into(),
                },
                Ok(Frame::Refused(answer)) => {
                    let (id, code) = (answer.pointer("/id"), answer.pointer("/error/code"));
                    let said =
                        |part: Option<&Value>| part.map(Value::to_string).unwrap_or_default();
                    format!("{} {}", said(id), said(code))
                }
                Ok(Frame::Nothing) => "nothing".into(),
                Ok(Frame::End) | Err(_) => return came,
            });
        }
    }

    fn framed(text: &str) -> Vec<u8> {
        format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
    }

    #[test]
    fn a_bad_message_is_answered_and_the_next_is_read() {
        let good = r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#;
        for (bad, answered) in [
            ("{", "null -32700"),
            ("[]", "null -32600"),
            ("{}", "null -32600"),
            (r#"{"id":1.5,"method":"a"}"#, "1.5 -32600"),
            (r#"{"id":4294967296,"method":"a"}"#, "4294967296 -32600"),
            (r#"{"id":null,"method":"a"}"#, "null -32600"),
            (r#"{"id":7,"method":5}"#, "7 -32600"),
            (r#"{"id":null,"error":{"code":1,"message":""}}"#, "nothing"),
            (r#"{"id":3}"#, "nothing"),
        ] {
            let bytes = [framed(bad), framed(good)].concat();
            assert_eq!(came(&bytes), [answered, "shutdown"], "{bad}");
        }
        let not_utf8 = b"Content-Length: 2\r\n\r\n\xFF\xFF".to_vec();
        assert_eq!(came(&[not_utf8, framed(good)].concat()), ["null -32700", "shutdown"]);
    }

    #[test]
    fn lines_before_a_message_may_be_of_any_kind() {
        let good = r#"{"jsonrpc":"2.0","id":1,"method":"shutdown"}"#;
        let n = good.len();
        let with = |before: &str| came(format!("{before}\r\n\r\n{good}").as_bytes());
        assert_eq!(with(&format!("content-length:{n}")), ["shutdown"]);
        let kind = "Content-Type: application/vscode-jsonrpc; charset=utf-8";
        assert_eq!(with(&format!("{kind}\r\nContent-Length: {n}")), ["shutdown"]);
        assert_eq!(with("X: 1").first().map(String::as_str), Some("null -32600"));
        assert!(came(b"Content-Length: 50\r\n\r\n{").is_empty()); // cut off
        assert!(came(&vec![b'x'; 20_000]).is_empty()); // no line at all
    }
}
