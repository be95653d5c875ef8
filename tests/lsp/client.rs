//! A client in memory: a conversation as an editor has it, and what came of it as short text. A
//! client that goes away says so, and asserts that nothing it was told was left unread.

use fanshi::lsp::{Encoding, Lines, Options, serve};
use fanshi::{Disk, Files, Memory};
use gen_lsp_types::Position;
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response, ResponseError};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// How long an answer may take before the test says that there is none.
const PATIENCE: Duration = Duration::from_secs(60);
/// Where the files of these tests are said to be.
pub const ROOT: &str = "/馆 藏";

/// The two ways to count columns.
pub const BOTH: [Encoding; 2] = [Encoding::Utf16, Encoding::Utf8];

pub struct Client {
    connection: Option<Connection>,
    server: Option<JoinHandle<bool>>,
    asked: i32,
    /// What was told and not looked at yet.
    pub told: VecDeque<Notification>,
    /// What was asked by the server and not looked at yet.
    pub requests: VecDeque<Request>,
    answers: BTreeMap<RequestId, Response>,
    pub encoding: Encoding,
    /// The files as they are below, and texts as they are open.
    texts: BTreeMap<String, String>,
    versions: BTreeMap<String, i32>,
    root: String,
    pub capabilities: Value,
    /// What was told last of each file.
    pub known: BTreeMap<String, Value>,
    /// Whether the conversation is over.
    over: bool,
}

/// A text with marks, without them: the places between `⟦` and `⟧`.
pub fn marked(text: &str) -> (String, Vec<std::ops::Range<usize>>) {
    let (mut plain, mut places, mut begun) = (String::new(), Vec::new(), 0);
    for letter in text.chars() {
        match letter {
            '⟦' => begun = plain.len(),
            '⟧' => places.push(begun..plain.len()),
            _ => plain.push(letter),
        }
    }
    (plain, places)
}

pub fn uri_of(root: &str, name: &str) -> String {
    if name.contains(':') {
        return name.to_owned();
    }
    url::Url::from_file_path(format!("{root}/{name}")).unwrap().to_string()
}

impl Client {
    /// Begins a conversation about files in memory.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self::with(files, Encoding::Utf16, json!({}), json!({"language": "zh"}))
    }

    pub fn in_units(files: &[(&str, &str)], encoding: Encoding) -> Self {
        Self::with(files, encoding, json!({}), json!({"language": "zh"}))
    }

    pub fn with(files: &[(&str, &str)], encoding: Encoding, more: Value, options: Value) -> Self {
        let memory = files.iter().fold(Memory::new(), |memory, (name, text)| {
            memory.with(format!("{ROOT}/{name}"), *text)
        });
        let mut client = Self::fresh(Arc::new(memory), ROOT, encoding);
        client.texts = files.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
        client.begin(more, options, &[""]);
        client
    }

    /// Begins a conversation about a folder on disk.
    pub fn on_disk(root: &str, options: Value) -> Self {
        let mut client = Self::fresh(Arc::new(Disk), root, Encoding::Utf16);
        client.begin(json!({}), options, &[""]);
        client
    }

    /// A server to which nothing was said yet.
    pub fn fresh(files: Arc<dyn Files>, root: &str, encoding: Encoding) -> Self {
        let (ours, theirs) = Connection::memory();
        let options = Options { files, pause: Duration::ZERO, ..Options::default() };
        let server = std::thread::spawn(move || serve(&theirs, options));
        Self {
            connection: Some(ours),
            server: Some(server),
            asked: 0,
            told: VecDeque::new(),
            requests: VecDeque::new(),
            answers: BTreeMap::new(),
            encoding,
            texts: BTreeMap::new(),
            versions: BTreeMap::new(),
            root: root.to_owned(),
            capabilities: Value::Null,
            known: BTreeMap::new(),
            over: false,
        }
    }

    /// Ends the conversation; what was said before decides whether that is orderly.
    pub fn exit(&mut self) {
        self.over = true;
        self.notify("exit", Value::Null);
    }

    pub fn begin(&mut self, more: Value, options: Value, folders: &[&str]) {
        let units = match self.encoding {
            Encoding::Utf8 => json!(["utf-8", "utf-16"]),
            Encoding::Utf16 => json!(["utf-16"]),
        };
        let mut capabilities = json!({
            "general": {"positionEncodings": units},
            "workspace": {"workspaceEdit": {"documentChanges": true,
                "resourceOperations": ["create"]}, "applyEdit": true},
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {"relatedInformation": true},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
            },
        });
        merge(&mut capabilities, more);
        let folders: Vec<Value> =
            folders.iter().map(|name| json!({"uri": self.uri(name), "name": name})).collect();
        let params = json!({"processId": null, "rootUri": null, "capabilities": capabilities,
            "workspaceFolders": folders, "initializationOptions": options});
        self.capabilities = self.ask("initialize", params)["capabilities"].clone();
        let agreed = json!(if self.encoding == Encoding::Utf8 { "utf-8" } else { "utf-16" });
        assert_eq!(self.capabilities["positionEncoding"], agreed);
        self.notify("initialized", json!({}));
    }

    pub fn uri(&self, name: &str) -> String {
        uri_of(&self.root, name)
    }

    pub fn send(&self, message: Message) {
        self.connection.as_ref().unwrap().sender.send(message).unwrap();
    }

    pub fn notify(&self, method: &str, params: Value) {
        self.send(Notification { method: method.into(), params }.into());
    }

    /// Puts a question; what answers it is asked for by the number that is given back.
    pub fn put(&mut self, method: &str, params: Value) -> RequestId {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request { id: id.clone(), method: method.into(), params }.into());
        id
    }

    pub fn answer(&mut self, id: &RequestId) -> Result<Value, ResponseError> {
        loop {
            if let Some(answer) = self.answers.remove(id) {
                return answer.response_result;
            }
            self.receive();
        }
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.put(method, params);
        self.answer(&id).unwrap_or_else(|error| panic!("{method}: {error:?}"))
    }

    pub fn refused(&mut self, method: &str, params: Value) -> ResponseError {
        let id = self.put(method, params);
        self.answer(&id).expect_err(method)
    }

    fn receive(&mut self) {
        let receiver = &self.connection.as_ref().unwrap().receiver;
        match receiver.recv_timeout(PATIENCE).expect("nothing came") {
            Message::Notification(said) => self.told.push_back(said),
            Message::Request(request) => self.requests.push_back(request),
            Message::Response(answer) => {
                let before = self.answers.insert(answer.id.clone(), answer);
                assert!(before.is_none(), "two answers to one question: {before:?}");
            }
        }
    }

    /// Opens a text; gives the places that are marked in it.
    pub fn open(&mut self, name: &str, text: &str) -> Vec<std::ops::Range<usize>> {
        let (plain, places) = marked(text);
        self.texts.insert(name.into(), plain.clone());
        self.versions.insert(name.into(), 1);
        let item =
            json!({"uri": self.uri(name), "languageId": "fanshi", "version": 1, "text": plain});
        self.notify("textDocument/didOpen", json!({"textDocument": item}));
        places
    }

    /// Opens a text as it is below.
    pub fn open_saved(&mut self, name: &str) {
        let text = match self.texts.get(name) {
            Some(text) => text.clone(),
            None => std::fs::read_to_string(format!("{}/{name}", self.root)).unwrap(),
        };
        self.open(name, &text);
    }

    /// Replaces bytes of an open text.
    pub fn edit(&mut self, name: &str, bytes: std::ops::Range<usize>, with: &str) {
        let range = self.range(name, &bytes);
        self.change(name, json!([{"range": range, "text": with}]));
        self.texts.get_mut(name).unwrap().replace_range(bytes, with);
    }

    /// Replaces an open text.
    pub fn rewrite(&mut self, name: &str, text: &str) -> Vec<std::ops::Range<usize>> {
        let (plain, places) = marked(text);
        self.change(name, json!([{"text": plain}]));
        self.texts.insert(name.into(), plain);
        places
    }

    fn change(&mut self, name: &str, changes: Value) {
        let version = self.versions.get_mut(name).unwrap();
        *version += 1;
        let version = *version;
        let document = json!({"uri": self.uri(name), "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    pub fn close(&mut self, name: &str) {
        self.notify("textDocument/didClose", self.document(name));
    }

    pub fn document(&self, name: &str) -> Value {
        json!({"textDocument": {"uri": self.uri(name)}})
    }

    pub fn text(&self, name: &str) -> &str {
        &self.texts[name]
    }

    pub fn range(&self, name: &str, bytes: &std::ops::Range<usize>) -> Value {
        json!(Lines::new(self.text(name)).range(bytes, self.encoding))
    }

    /// What asks about a byte of a text.
    pub fn at(&self, name: &str, byte: usize) -> Value {
        let position = Lines::new(self.text(name)).position(byte, self.encoding);
        json!({"textDocument": {"uri": self.uri(name)}, "position": position})
    }

    /// Waits until everything that follows from what was sent has been told; gives what is wrong
    /// with each file, as it was told last.
    pub fn settled(&mut self) -> BTreeMap<String, Value> {
        // The slow thread answers in order, after it has looked for mistakes; twice, because the
        // first may be taken before what was sent last was compiled.
        for _ in 0..2 {
            let open: Vec<String> = self.versions.keys().cloned().collect();
            match open.first() {
                Some(name) => {
                    let argument = json!({"uri": self.uri(name), "rule": "?"});
                    let params = json!({"command": "fanshi.rows", "arguments": [argument]});
                    let id = self.put("workspace/executeCommand", params);
                    let _ = self.answer(&id);
                }
                None => std::thread::sleep(Duration::from_millis(300)),
            }
        }
        while let Ok(message) = self.connection.as_ref().unwrap().receiver.try_recv() {
            match message {
                Message::Notification(said) => self.told.push_back(said),
                Message::Request(request) => self.requests.push_back(request),
                Message::Response(_) => panic!("an answer to nothing"),
            }
        }
        let mut found = BTreeMap::new();
        self.told.retain(|said| {
            if said.method != "textDocument/publishDiagnostics" {
                return true;
            }
            let uri = said.params["uri"].as_str().unwrap().to_owned();
            found.insert(uri, said.params["diagnostics"].clone());
            false
        });
        let name = |uri: String| self.name(&uri);
        let found: BTreeMap<String, Value> =
            found.into_iter().map(|(uri, found)| (name(uri), found)).collect();
        self.known.extend(found.clone());
        found
    }

    /// Waits for the mistakes of the text of a file as it was typed last.
    pub fn told_of_text(&mut self, name: &str) {
        let (uri, newest) = (self.uri(name), i64::from(self.versions[name]));
        let told = |said: &Notification| {
            said.params["version"] == newest && said.params["uri"] == json!(uri)
        };
        while !self.told.iter().any(told) {
            self.receive();
        }
    }

    /// Mistakes as text.
    pub fn mistakes(&mut self) -> String {
        let mut text = String::new();
        for (name, found) in self.settled() {
            let _ = writeln!(text, "── {name}");
            for one in found.as_array().unwrap() {
                let at = self.slice(&name, &one["range"]);
                let (code, message) = (&one["code"], &one["message"]);
                let _ =
                    writeln!(text, "{} {at} {}", code.as_str().unwrap(), message.as_str().unwrap());
                for related in one["relatedInformation"].as_array().into_iter().flatten() {
                    let place = self.place(&related["location"]);
                    let _ = writeln!(text, "  ↳ {place} {}", related["message"].as_str().unwrap());
                }
            }
        }
        text
    }

    /// The name of a file of these tests.
    pub fn name(&self, uri: &str) -> String {
        let Ok(url) = uri.parse::<url::Url>() else { return uri.into() };
        let Ok(path) = url.to_file_path() else { return uri.into() };
        let path = path.to_string_lossy().into_owned();
        path.strip_prefix(&format!("{}/", self.root)).unwrap_or(&path).to_owned()
    }

    /// Where a range is, and the text there; the same whatever columns count.
    pub fn slice(&self, name: &str, range: &Value) -> String {
        let range: gen_lsp_types::Range = serde_json::from_value(range.clone()).unwrap();
        let Some(text) = self.texts.get(name) else { return format!("{}", range.start.line + 1) };
        let bytes = Lines::new(text.as_str()).bytes(range, self.encoding);
        let Position { line, character } =
            Lines::new(text.as_str()).position(bytes.start, Encoding::Utf16);
        format!("{}:{} ⟦{}⟧", line + 1, character + 1, text[bytes].replace('\n', "↵"))
    }

    pub fn place(&self, location: &Value) -> String {
        let name = self.name(location["uri"].as_str().unwrap());
        let at = self.slice(&name, &location["range"]);
        format!("{name}:{at}")
    }

    pub fn places(&self, locations: &Value) -> String {
        let all = locations.as_array().into_iter().flatten();
        all.map(|one| self.place(one) + "\n").collect()
    }

    /// The texts as an edit leaves them.
    pub fn edited(&self, edit: &Value) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for change in edit["documentChanges"].as_array().unwrap() {
            if change["kind"] == "create" {
                texts.insert(self.name(change["uri"].as_str().unwrap()), String::new());
                continue;
            }
            let name = self.name(change["textDocument"]["uri"].as_str().unwrap());
            let edits = change["edits"].clone();
            let before = texts.remove(&name).unwrap_or_else(|| self.text(&name).to_owned());
            texts.insert(name, applied(&before, &edits, self.encoding));
        }
        texts
    }

    /// The lines that an edit changes, with the old ones.
    pub fn changed(&self, edit: &Value) -> String {
        let mut text = String::new();
        for (name, after) in self.edited(edit) {
            let before = self.texts.get(&name).cloned().unwrap_or_default();
            let _ = writeln!(text, "── {name}");
            let diff = similar::TextDiff::from_lines(&before, &after);
            for change in diff.iter_all_changes() {
                let sign = match change.tag() {
                    similar::ChangeTag::Equal => continue,
                    similar::ChangeTag::Delete => '-',
                    similar::ChangeTag::Insert => '+',
                };
                let _ = writeln!(text, "{sign} {}", change.value().trim_end_matches('\n'));
            }
        }
        text
    }

    pub fn command(&mut self, name: &str, argument: Value) -> Value {
        self.ask("workspace/executeCommand", json!({"command": name, "arguments": [argument]}))
    }
}

/// A text with edits of the protocol made in it.
pub fn applied(text: &str, edits: &Value, encoding: Encoding) -> String {
    let lines = Lines::new(text);
    let mut edits: Vec<(std::ops::Range<usize>, String)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = serde_json::from_value(edit["range"].clone()).unwrap();
            (lines.bytes(range, encoding), edit["newText"].as_str().unwrap().to_owned())
        })
        .collect();
    edits.sort_by_key(|(bytes, _)| bytes.start);
    let mut text = text.to_owned();
    for (bytes, with) in edits.into_iter().rev() {
        text.replace_range(bytes, &with);
    }
    text
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if !self.over {
            self.settled();
            self.ask("shutdown", Value::Null);
            self.exit();
        }
        let orderly = self.server.take().unwrap().join().expect("the server stopped in the middle");
        assert!(orderly, "the server says that nobody said goodbye");
        let rest: Vec<Message> = self.connection.take().unwrap().receiver.try_iter().collect();
        assert!(rest.is_empty(), "left unread: {rest:?}");
        assert!(self.told.is_empty(), "left unread: {:?}", self.told);
        assert!(self.requests.is_empty(), "left unread: {:?}", self.requests);
        assert!(self.answers.is_empty(), "left unread: {:?}", self.answers);
    }
}
