//! The loop: messages in order, the last text compiled alone, answers from other threads.

use super::capability::{self, Wanted};
use super::pool::{Done, Judging, Pool, Question};
use super::request::{self, Effort, Refused, Reply, refused};
use super::session::{Session, named};
use super::{Options, publish};
use crossbeam_channel::{Receiver, Sender, never, select};
use gen_lsp_types::{
    Diagnostic, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams, InitializeParams,
    PublishDiagnosticsParams, Uri, WorkspaceFolders,
};
use lsp_server::{
    Connection, ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How far a conversation is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing is agreed yet.
    Fresh,
    /// Questions are answered.
    Open,
    /// The client has said that it will go.
    Closed,
}

/// One conversation.
pub struct Server {
    sender: Sender<Message>,
    session: Session,
    pool: Pool,
    stage: Stage,
    /// Messages that were taken and not looked at yet.
    queue: VecDeque<Message>,
    /// Questions without an answer yet.
    pending: BTreeMap<RequestId, Arc<AtomicBool>>,
    /// How many questions were put to the client.
    asked: i32,
    /// How long nothing has to come before rows are judged.
    pause: Duration,
}

impl Server {
    /// A conversation that begins.
    #[must_use]
    pub fn new(connection: &Connection, options: Options) -> Self {
        let mut session = Session::new(options.files, options.language);
        for (path, service) in options.shared {
            session.share(path, service);
        }
        Self {
            sender: connection.sender.clone(),
            session,
            pool: Pool::new(),
            stage: Stage::Fresh,
            queue: VecDeque::new(),
            pending: BTreeMap::new(),
            asked: 0,
            pause: options.pause,
        }
    }

    /// Goes on until the client goes; whether it said so before.
    pub fn run(mut self, receiver: &Receiver<Message>) -> bool {
        let done = self.pool.done.clone();
        loop {
            while let Ok(message) = receiver.try_recv() {
                self.take(message);
            }
            if let Some(message) = self.queue.pop_front() {
                if self.handle(message) {
                    return self.stage == Stage::Closed;
                }
                continue;
            }
            self.settle();
            let waiting = self.waits();
            let judging = if waiting && self.pause.is_zero() {
                self.judge();
                never()
            } else if waiting {
                crossbeam_channel::after(self.pause)
            } else {
                never()
            };
            select! {
                recv(receiver) -> message => match message {
                    Ok(message) => self.take(message),
                    Err(_) => return self.stage == Stage::Closed,
                },
                recv(done) -> done => if let Ok(done) = done { self.done(done) },
                recv(judging) -> _ => self.judge(),
            }
        }
    }

    /// Takes a message; a question that nobody wants answered any more is answered at once.
    fn take(&mut self, message: Message) {
        let Message::Notification(said) = &message else { return self.queue.push_back(message) };
        if said.method != "$/cancelRequest" {
            return self.queue.push_back(message);
        }
        let id = said.params.get("id").cloned().unwrap_or_default();
        let Ok(id) = serde_json::from_value::<RequestId>(id) else { return };
        let given_up = || refused(ErrorCode::RequestCanceled, "given up");
        if let Some(flag) = self.pending.get(&id) {
            flag.store(true, Ordering::Relaxed);
            self.answer(id, Err(given_up()));
            return;
        }
        let waits = |message: &Message| matches!(message, Message::Request(r) if r.id == id);
        if self.stage == Stage::Open
            && let Some(at) = self.queue.iter().position(waits)
            && let Some(Message::Request(request)) = self.queue.remove(at)
        {
            self.send(Response { id: request.id, response_result: Err(given_up()) }.into());
        }
    }

    fn send(&self, message: Message) {
        // Where the client is gone, so is the other end that is read from.
        let _ = self.sender.send(message);
    }

    /// Answers a question that waits, once.
    fn answer(&mut self, id: RequestId, answer: Result<Value, Refused>) {
        if self.pending.remove(&id).is_some() {
            self.send(Response { id, response_result: answer }.into());
        }
    }

    fn notify(&self, method: &str, params: Value) {
        self.send(Notification { method: method.to_owned(), params }.into());
    }

    /// Asks the client for something; what it answers is not waited for.
    fn ask(&mut self, method: &str, params: Value) {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.send(Request { id, method: method.to_owned(), params }.into());
    }

    /// Tells the client what nobody asked for.
    fn log(&self, said: &str) {
        self.notify("window/logMessage", json!({"type": 2, "message": said}));
    }

    /// Handles a message; whether it was the last.
    fn handle(&mut self, message: Message) -> bool {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(said) if said.method == "exit" => return true,
            Message::Notification(said) if self.stage == Stage::Open => self.notification(said),
            Message::Notification(_) | Message::Response(_) => {}
        }
        false
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.pending.contains_key(&id) {
            let error = refused(ErrorCode::InvalidRequest, "this id waits for its answer already");
            return self.send(Response { id, response_result: Err(error) }.into());
        }
        let given_up = Arc::new(AtomicBool::new(false));
        self.pending.insert(id.clone(), given_up.clone());
        let refusal = match (self.stage, &*method) {
            (Stage::Fresh, "initialize") => {
                let answer = self.initialize(params);
                return self.answer(id, answer);
            }
            (Stage::Fresh, _) => refused(ErrorCode::ServerNotInitialized, "not initialized yet"),
            (Stage::Closed, _) => refused(ErrorCode::InvalidRequest, "shut down already"),
            (Stage::Open, "initialize") => {
                refused(ErrorCode::InvalidRequest, "initialized already")
            }
            (Stage::Open, "shutdown") => {
                self.stage = Stage::Closed;
                return self.answer(id, Ok(Value::Null));
            }
            (Stage::Open, _) => match request::effort(&method) {
                None => request::unknown(&method),
                Some(effort) => match self.question(&id, &method, params, effort, given_up) {
                    Ok(Some(question)) => return self.pool.ask(question),
                    Ok(None) => return self.answer(id, Ok(Value::Null)),
                    Err(refusal) => refusal,
                },
            },
        };
        self.answer(id, Err(refusal));
    }

    /// A question with what it is answered from; `None` where it is about nothing that is known.
    fn question(
        &mut self,
        id: &RequestId,
        method: &str,
        params: Value,
        effort: Effort,
        given_up: Arc<AtomicBool>,
    ) -> Result<Option<Question>, Refused> {
        let (id, method) = (id.clone(), method.to_owned());
        if method == request::SYMBOLS {
            let keys: Vec<PathBuf> = self.session.projects.keys().cloned().collect();
            let all = keys.iter().filter_map(|key| self.session.snapshot(key)?.ok());
            let (snapshots, path) = (all.collect(), PathBuf::new());
            return Ok(Some(Question { id, method, params, snapshots, path, given_up, effort }));
        }
        if method == "workspace/executeCommand" {
            let name = params.get("command").and_then(Value::as_str).unwrap_or_default();
            if !request::COMMANDS.contains(&name) {
                let said = format!("no command `{name}`");
                return Err(refused(ErrorCode::InvalidParams, said));
            }
        }
        let uri = request::document(&params)?;
        let Some((key, path)) = self.session.answers(&uri) else { return Ok(None) };
        let flips = params.get("command").and_then(Value::as_str) == Some("fanshi.flips");
        let snapshot =
            if flips { self.session.beside_saved(&key) } else { self.session.snapshot(&key) };
        let Some(snapshot) = snapshot else { return Ok(None) };
        let snapshots = vec![snapshot?];
        Ok(Some(Question { id, method, params, snapshots, path, given_up, effort }))
    }

    fn initialize(&mut self, params: Value) -> Result<Value, Refused> {
        let params = read_initialize(params)?;
        let options = params.initialization_options.clone().unwrap_or_default();
        let wanted: Wanted = serde_json::from_value(options).unwrap_or_default();
        let client = capability::client(&params, &wanted);
        let encoding = client.encoding;
        self.session.client = Arc::new(client);
        self.session.wanted = wanted;
        self.session.locale = params.locale.as_deref().and_then(named);
        for folder in folders(&params) {
            let path = self.session.path(&folder);
            self.session.add_root(&path);
        }
        self.stage = Stage::Open;
        Ok(json!({
            "capabilities": capability::offered(encoding),
            "serverInfo": {"name": "fanshi", "version": env!("CARGO_PKG_VERSION")},
        }))
    }

    fn notification(&mut self, said: Notification) {
        let Notification { method, params } = said;
        let understood = match &*method {
            "initialized" => {
                self.watch();
                Ok(())
            }
            "textDocument/didOpen" => read(params).map(|p: DidOpenTextDocumentParams| {
                let text = p.text_document;
                self.session.open(text.uri, text.version, text.text);
            }),
            "textDocument/didChange" => read(params).map(|p: DidChangeTextDocumentParams| {
                let text = p.text_document;
                let uri = text.text_document_identifier.uri;
                self.session.change(&uri, text.version, p.content_changes);
            }),
            "textDocument/didClose" => read(params).map(|p: DidCloseTextDocumentParams| {
                let uri = p.text_document.uri;
                let silent = self.session.close(&uri);
                self.silence(silent);
            }),
            "textDocument/didSave" => read(params).map(|p: DidSaveTextDocumentParams| {
                let path = self.session.path(&p.text_document.uri);
                let silent = self.session.changed(&[path]);
                self.silence(silent);
            }),
            "workspace/didChangeWatchedFiles" => {
                read(params).map(|p: DidChangeWatchedFilesParams| {
                    let paths = p.changes.iter().map(|change| self.session.path(&change.uri));
                    let paths: Vec<PathBuf> = paths.collect();
                    let silent = self.session.changed(&paths);
                    self.silence(silent);
                })
            }
            "workspace/didChangeWorkspaceFolders" => {
                read(params).map(|p: DidChangeWorkspaceFoldersParams| {
                    for folder in p.event.removed {
                        let path = self.session.path(&folder.uri);
                        let silent = self.session.remove_root(&path);
                        self.silence(silent);
                    }
                    for folder in p.event.added {
                        let path = self.session.path(&folder.uri);
                        self.session.add_root(&path);
                    }
                })
            }
            "workspace/didChangeConfiguration" => {
                read(params).map(|p: DidChangeConfigurationParams| self.configure(p.settings))
            }
            _ => Ok(()),
        };
        if let Err(refusal) = understood {
            self.log(&format!("`{method}`: {}", refusal.message));
        }
    }

    /// What the client has set is another.
    fn configure(&mut self, settings: Value) {
        let own = settings.get("fanshi").cloned().unwrap_or(settings);
        let Ok(wanted) = serde_json::from_value::<Wanted>(own) else { return };
        let mut client = (*self.session.client).clone();
        if let Some(verdicts) = wanted.verdicts.as_deref() {
            client.lenses = matches!(verdicts, "lens" | "both");
            client.inlays = matches!(verdicts, "inlay" | "both");
        }
        self.session.client = Arc::new(client);
        self.session.wanted = wanted;
        self.session.renewed();
    }

    /// Has the client tell of files that change below.
    fn watch(&mut self) {
        if !self.session.client.watches {
            return;
        }
        let globs = ["**/*.fan", "**/*.toml", "**/*.{csv,tsv,json,jsonl,xlsx,xls,ods,xes,gz,md}"];
        let watchers = globs.map(|glob| json!({"globPattern": glob}));
        let options = json!({"watchers": watchers});
        let one = json!({
            "id": "files",
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": options,
        });
        self.ask("client/registerCapability", json!({"registrations": [one]}));
    }

    /// Nothing is told of these files any more.
    fn silence(&self, files: Vec<Uri>) {
        for uri in files {
            self.publish(uri, None, Vec::new());
        }
    }

    fn publish(&self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        let params = PublishDiagnosticsParams { uri, version, diagnostics };
        if let Ok(params) = serde_json::to_value(params) {
            self.notify("textDocument/publishDiagnostics", params);
        }
    }

    /// Compiles what changed, and tells the mistakes of the open texts.
    fn settle(&mut self) {
        let changed = self.session.projects.iter().filter(|(_, one)| one.told < one.generation());
        let keys: Vec<PathBuf> = changed.map(|(key, _)| key.clone()).collect();
        for key in keys {
            let snapshot = match self.session.snapshot(&key) {
                Some(Ok(snapshot)) => snapshot,
                Some(Err(refusal)) => {
                    self.log(&refusal.message);
                    self.told(&key, BTreeMap::new());
                    continue;
                }
                None => continue,
            };
            let mut told = BTreeMap::new();
            for (uri, path, version) in self.session.texts_of(&key) {
                let found = super::pool::unbroken(|| snapshot.view.diagnostics_of(&path));
                let found = found.unwrap_or_default();
                let mut files = publish::by_file(&snapshot, &found);
                let found = files.remove(&uri).unwrap_or_default();
                self.publish(uri.clone(), Some(version), found.clone());
                told.insert(uri, found);
            }
            self.told(&key, told);
        }
    }

    /// Remembers what was told of some files of a project.
    fn told(&mut self, key: &PathBuf, told: BTreeMap<Uri, Vec<Diagnostic>>) {
        if let Some(project) = self.session.projects.get_mut(key) {
            project.told = project.generation();
            project.last_told.extend(told);
        }
    }

    /// Whether there is a state whose mistakes were not looked for in data.
    fn waits(&self) -> bool {
        self.session.projects.values().any(|project| project.judged < project.generation())
    }

    /// Has the mistakes of the newest states found, in data too.
    fn judge(&mut self) {
        let waits = self.session.projects.iter().filter(|(_, one)| one.judged < one.generation());
        let keys: Vec<PathBuf> = waits.map(|(key, _)| key.clone()).collect();
        let rows = self.session.client.lenses || self.session.client.inlays;
        for key in keys {
            let snapshot = self.session.snapshot(&key).and_then(Result::ok);
            if let Some(project) = self.session.projects.get_mut(&key) {
                project.judged = project.generation();
            }
            if let Some(snapshot) = snapshot {
                self.pool.judge(Judging { project: key, snapshot, rows });
            }
        }
    }

    fn done(&mut self, done: Done) {
        match done {
            Done::Answered(id, Ok(Reply { result, apply })) => {
                if let (true, Some((label, edit))) = (self.pending.contains_key(&id), apply) {
                    self.ask("workspace/applyEdit", json!({"label": label, "edit": edit}));
                }
                self.answer(id, Ok(result));
            }
            Done::Answered(id, Err(refusal)) => self.answer(id, Err(refusal)),
            Done::Found { project, generation, files } => self.found(&project, generation, files),
            Done::Failed(refusal) => self.log(&refusal.message),
        }
    }

    /// Tells the mistakes of a state where they are others than those told before.
    fn found(&mut self, key: &PathBuf, generation: u64, mut files: BTreeMap<Uri, Vec<Diagnostic>>) {
        let Some(project) = self.session.projects.get_mut(key) else { return };
        if project.generation() != generation {
            return;
        }
        let before = std::mem::take(&mut project.last_told);
        for uri in before.keys() {
            files.entry(uri.clone()).or_default();
        }
        files.retain(|uri, found| {
            let is_open = self.session.documents.contains_key(uri);
            is_open || !found.is_empty() || before.get(uri).is_some_and(|one| !one.is_empty())
        });
        let open = self.session.texts_of(key);
        for (uri, found) in &files {
            let said = before.get(uri).map_or(&[][..], Vec::as_slice);
            if said != found.as_slice() && self.session.speaks(key, uri) {
                let version =
                    open.iter().find(|(open, ..)| open == uri).map(|(.., version)| *version);
                self.publish(uri.clone(), version, found.clone());
            }
        }
        if let Some(project) = self.session.projects.get_mut(key) {
            project.last_told = files;
        }
        let (lenses, inlays) = (self.session.client.lenses, self.session.client.inlays);
        if !open.is_empty() && lenses && self.session.client.refreshes_lenses {
            self.ask("workspace/codeLens/refresh", Value::Null);
        }
        if !open.is_empty() && inlays && self.session.client.refreshes_inlays {
            self.ask("workspace/inlayHint/refresh", Value::Null);
        }
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, Refused> {
    serde_json::from_value(params)
        .map_err(|error| refused(ErrorCode::InvalidParams, error.to_string()))
}

/// What a client begins with; folders that are no addresses are passed over.
fn read_initialize(mut params: Value) -> Result<InitializeParams, ResponseError> {
    if let Ok(params) = read(params.clone()) {
        return Ok(params);
    }
    for key in ["rootUri", "rootPath", "workspaceFolders", "processId", "clientInfo", "trace"] {
        if let Some(all) = params.as_object_mut() {
            all.remove(key);
        }
    }
    read(params)
}

/// The folders that a client works in.
fn folders(params: &InitializeParams) -> Vec<Uri> {
    let named = params.workspace_folders_initialize_params.workspace_folders.as_ref();
    let named = named.and_then(|folders| match folders {
        WorkspaceFolders::WorkspaceFolderList(list) => {
            Some(list.iter().map(|folder| folder.uri.clone()).collect::<Vec<_>>())
        }
        WorkspaceFolders::Null => None,
    });
    #[expect(deprecated, reason = "older clients say nothing else")]
    let root = params.root_uri.clone();
    named.unwrap_or_else(|| root.into_iter().collect())
}
