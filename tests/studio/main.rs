//! The page on this machine: who is let in, what is refused, who writes, and what becomes of files
//! that change meanwhile. What a person does in the page is tested in a browser: `studio/test/`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod client;

use client::{PATIENCE, project};
use serde_json::json;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

const FORBIDDEN: u16 = 403;

#[test]
fn the_address_of_the_terminal_lets_in() {
    let (_folder, studio) = project();
    let answer = studio.get("", &[]);
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with("<!doctype html>"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"));
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }
    assert_eq!(studio.get("", &[]).body.matches("nonce=\"").count(), 1);
    assert_ne!(studio.get("", &[]).body, answer.body, "the nonce is new each time");
    let cookie = studio.opened.header("set-cookie").unwrap();
    assert!(cookie.ends_with("/; HttpOnly; SameSite=Strict") && cookie.contains("; Path=/"));
    assert_eq!(
        studio.get("studio.js", &[]).header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert!(studio.get("licences.txt", &[]).body.contains("@codemirror/view"));
}

#[test]
fn another_host_is_refused() {
    let (_folder, studio) = project();
    let port = studio.port;
    let hosts = [
        "example.org".to_owned(),
        format!("example.org:{port}"),
        format!("localhost:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1:{port}.example.org"),
        String::new(),
    ];
    for host in hosts {
        let head = format!("GET /{}/ HTTP/1.1\r\nHost: {host}\r\n", studio.room);
        let answer = studio.raw(&format!("{head}Cookie: {}\r\n\r\n", studio.cookie));
        assert!([400, FORBIDDEN].contains(&answer.status), "{host}: {}", answer.status);
        assert!(!answer.body.contains("doctype"));
    }
    // Two hosts, none, and one in the line of the request.
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    for heads in [
        format!("GET /{}/ HTTP/1.1\r\n{own}Host: example.org\r\n", studio.room),
        format!("GET /{}/ HTTP/1.1\r\n", studio.room),
        format!("GET http://example.org/{}/ HTTP/1.1\r\n{own}", studio.room),
    ] {
        let answer = studio.raw(&format!("{heads}Cookie: {}\r\n\r\n", studio.cookie));
        assert!([400, FORBIDDEN].contains(&answer.status), "{heads}: {}", answer.status);
    }
}

#[test]
fn another_origin_is_refused() {
    let (_folder, studio) = project();
    let port = studio.port;
    let others = [
        "https://example.org".to_owned(),
        "null".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("http://127.0.0.1:{}", port ^ 1),
        format!("http://127.0.0.1:{port}@example.org"),
    ];
    for origin in &others {
        let header = [("Origin", &**origin)];
        assert_eq!(studio.get("", &header).status, FORBIDDEN, "{origin}");
        assert_eq!(studio.post("project", "{}", &header).status, FORBIDDEN, "{origin}");
        assert_eq!(studio.socket(Some(origin)).unwrap_err(), FORBIDDEN, "{origin}");
    }
    // What changes something, and the socket, have to say where they come from.
    assert_eq!(studio.post("project", "{}", &[]).status, FORBIDDEN);
    assert_eq!(studio.socket(None).unwrap_err(), FORBIDDEN);
    assert!(studio.socket(Some(&studio.origin())).is_ok());
}

#[test]
fn what_a_page_of_another_site_asks_for_is_refused() {
    let (_folder, studio) = project();
    for site in ["cross-site", "same-site"] {
        assert_eq!(studio.get("studio.js", &[("Sec-Fetch-Site", site)]).status, FORBIDDEN);
    }
    assert_eq!(studio.get("studio.js", &[("Sec-Fetch-Site", "same-origin")]).status, 200);
    // Nobody else may read: no answer says so, least of all one to who asks for leave.
    let asked = [("Origin", "https://example.org"), ("Access-Control-Request-Method", "POST")];
    let leave = studio.ask("OPTIONS", "ask/project", "", &asked);
    assert_eq!(leave.status, FORBIDDEN);
    for answer in [leave, studio.get("", &[]), studio.asked("project", &json!({}))] {
        assert!(!answer.head.to_lowercase().contains("access-control"), "{}", answer.head);
    }
}

#[test]
fn nobody_comes_in_without_the_secret() {
    let (_folder, studio) = project();
    let own = format!("Host: 127.0.0.1:{}\r\n", studio.port);
    let (room, cookie) = (&studio.room, &studio.cookie);
    let changed = |word: &str| {
        let last = if word.ends_with('0') { '1' } else { '0' };
        format!("{}{last}", &word[..word.len() - 1])
    };
    let requests = [
        format!("GET / HTTP/1.1\r\n{own}"),
        format!("GET /{room}/ HTTP/1.1\r\n{own}"),
        format!("GET /{room}/ HTTP/1.1\r\n{own}Cookie: fanshi-studio=\r\n"),
        format!("GET /{room}/ HTTP/1.1\r\n{own}Cookie: {}\r\n", changed(cookie)),
        format!("GET /{}/ HTTP/1.1\r\n{own}Cookie: {cookie}\r\n", changed(room)),
        format!("GET /studio.js HTTP/1.1\r\n{own}Cookie: {cookie}\r\n"),
        format!("GET /open/ HTTP/1.1\r\n{own}"),
        format!("GET /open/{} HTTP/1.1\r\n{own}", changed(&studio.secret)),
        format!("GET /open/{}/ HTTP/1.1\r\n{own}", studio.secret),
        format!("POST /open/{} HTTP/1.1\r\n{own}Origin: {}\r\n", studio.secret, studio.origin()),
    ];
    for request in requests {
        let answer = studio.raw(&format!("{request}\r\n"));
        assert_eq!(answer.status, FORBIDDEN, "{request}");
        assert!(!answer.head.contains("set-cookie"));
        assert!(!answer.body.contains(room) && !answer.body.contains(&studio.secret));
    }
}

#[test]
fn nothing_outside_the_project_is_read() {
    let (folder, studio) = project();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "secret words").unwrap();
    let names = [
        "../secret.txt",
        "../../../../../../etc/passwd",
        "/etc/passwd",
        secret.to_str().unwrap(),
        "..\\secret.txt",
        "library.fan/../../secret.txt",
        "file:///etc/passwd",
        "",
        ".",
        "library.cases/../../secret.txt",
    ];
    for name in names {
        for (what, more) in
            [("text", json!({})), ("provision", json!({"at": 0})), ("cases", json!({}))]
        {
            let mut question = json!({"name": name});
            question.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let answer = studio.asked(what, &question);
            assert_eq!(answer.status, 422, "{what} {name}: {}", answer.body);
            assert!(answer.body.contains("no_such_file"), "{}", answer.body);
        }
    }
    for path in ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2fsecret.txt", "ask/../../x"] {
        let answer = studio.get(path, &[]);
        assert!([FORBIDDEN, 404].contains(&answer.status), "{path}: {}", answer.status);
    }
}

#[test]
fn a_manifest_that_is_typed_leads_no_further() {
    let (folder, studio) = project();
    std::fs::write(folder.path().join("secret.csv"), "号,页\nsecret,3\n").unwrap();
    let (_socket, page) = studio.page();
    let manifest = std::fs::read_to_string(folder.path().join("books/fanshi.toml")).unwrap();
    let outside = folder.path().join("secret.csv");
    for path in ["../secret.csv".to_owned(), outside.to_str().unwrap().to_owned()] {
        let text = manifest.replace("books.csv", &path);
        assert_ne!(text, manifest);
        let put = json!({"page": page, "name": "fanshi.toml", "text": text});
        assert_eq!(studio.asked("put", &put).status, 200);
        studio.asked("verdicts", &json!({"name": "library.fan"}));
        let wrong = studio.asked("mistakes", &json!({})).body;
        assert!(wrong.contains("项目的文件夹以外"), "{wrong}");
        assert_eq!(studio.asked("text", &json!({"name": path})).json()["refused"], "outside");
    }
}

#[test]
fn folders_beside_that_the_manifest_names_are_read() {
    let (folder, mut studio) = project();
    let beside = folder.path().join("more/shelf");
    std::fs::create_dir_all(&beside).unwrap();
    std::fs::write(beside.join("books.csv"), "号,页\n甲,90\n乙,610\n丁,700\n").unwrap();
    std::fs::write(folder.path().join("more/secret.csv"), "号,页\n戊,1\n").unwrap();
    let manifest = folder.path().join("books/fanshi.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("books.csv", "../more/*/*.csv")).unwrap();
    studio.again(&folder.path().join("books"));
    let rules = studio.asked("verdicts", &json!({"name": "library.fan"})).json();
    // A pattern from a folder above is of all that is in it; that folder is inside.
    assert_eq!(rules[0]["counts"]["violated"], 2, "{rules}");
    std::fs::write(&manifest, text.replace("books.csv", "../more/shelf/*.csv")).unwrap();
    studio.again(&folder.path().join("books"));
    let rules = studio.asked("verdicts", &json!({"name": "library.fan"})).json();
    assert_eq!(rules[0]["counts"]["violated"], 2, "{rules}");
    let names = studio.asked("project", &json!({})).body;
    assert!(names.contains("../more/shelf/books.csv") && !names.contains("secret"), "{names}");
    assert_eq!(studio.asked("text", &json!({"name": "../more/secret.csv"})).status, 422);
}

#[test]
#[cfg(unix)]
fn links_lead_nowhere_outside() {
    let (folder, mut studio) = project();
    let outside = folder.path().join("secret.fan");
    std::fs::write(&outside, "政策 秘密 | secret\n").unwrap();
    std::os::unix::fs::symlink(&outside, folder.path().join("books/linked.fan")).unwrap();
    let manifest = folder.path().join("books/fanshi.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("\"library.fan\"", "\"library.fan\", \"linked.fan\""))
        .unwrap();
    studio.again(&folder.path().join("books"));
    let (_socket, page) = studio.page();
    let told = studio.asked("text", &json!({"name": "linked.fan"}));
    assert_eq!(told.status, 422);
    assert!(!told.body.contains("秘密"), "{}", told.body);
    assert!(studio.asked("mistakes", &json!({})).body.contains("项目的文件夹以外"));
    let file = json!({"name": "linked.fan", "text": "x", "base": null});
    let saved = studio.asked("save", &json!({"page": page, "files": [file]}));
    assert_eq!(saved.status, 422, "{}", saved.body);
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "政策 秘密 | secret\n");
    // A link that leads nowhere yet, beside a policy, where cases would be written.
    let gone = folder.path().join("gone.toml");
    std::os::unix::fs::symlink(&gone, folder.path().join("books/library.cases.toml")).unwrap();
    let file = json!({"name": "library.cases.toml", "text": "x", "base": null});
    let saved = studio.asked("save", &json!({"page": page, "files": [file]}));
    assert!(!gone.exists(), "{}", saved.body);
}

#[test]
fn a_body_that_is_too_large_is_refused_at_once() {
    let (_folder, studio) = project();
    let head = |more: &str| {
        format!(
            "POST /{}/ask/project HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {}\r\nCookie: {}\r\n{more}\r\n",
            studio.room,
            studio.port,
            studio.origin(),
            studio.cookie
        )
    };
    let begun = Instant::now();
    let announced = studio.raw(&head("Content-Length: 1073741824\r\n"));
    assert_eq!(announced.status, 413);
    assert!(begun.elapsed() < Duration::from_secs(3));
    for wrong in ["Content-Length: -1\r\n", "Content-Length: 99999999999999999999999\r\n"] {
        assert!([400, 413].contains(&studio.raw(&head(wrong)).status));
    }
    // The same without a length: it ends long before all is sent.
    let mut stream = studio.connect();
    stream.write_all(head("Transfer-Encoding: chunked\r\n").as_bytes()).unwrap();
    let chunk = [b"100000\r\n".as_slice(), &vec![b' '; 1 << 20], b"\r\n"].concat();
    let sent = (0..1024).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 64, "{sent} MB were taken");
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let refused = String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 413");
    assert!(refused || read.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
    assert_eq!(studio.get("", &[]).status, 200);
}

#[test]
fn who_is_slow_is_not_waited_for() {
    let (_folder, studio) = project();
    let begun = Instant::now();
    let mut head = studio.connect();
    head.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    let mut body = studio.connect();
    let request = format!(
        "POST /{}/ask/project HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nOrigin: {}\r\nCookie: {}\r\nContent-Length: 10\r\n\r\n{{",
        studio.room,
        studio.port,
        studio.origin(),
        studio.cookie
    );
    body.write_all(request.as_bytes()).unwrap();
    // Others are answered meanwhile.
    assert_eq!(studio.get("", &[]).status, 200);
    let mut answer = String::new();
    body.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    let mut rest = Vec::new();
    let _ = head.read_to_end(&mut rest);
    assert!(begun.elapsed() < Duration::from_secs(25));
    assert_eq!(studio.get("", &[]).status, 200);
}

#[test]
fn one_page_writes() {
    let (folder, studio) = project();
    let (mut first, one) = studio.page();
    let (mut second, two) = studio.page();
    assert!(one != two);
    let put = |page| json!({"page": page, "name": "library.fan", "text": "政策 馆规\n"});
    assert_eq!(studio.asked("put", &put(one)).status, 200);
    assert_eq!(studio.asked("put", &put(two)).json()["refused"], "not_the_writer");
    assert_eq!(studio.asked("put", &put(99)).json()["refused"], "not_the_writer");
    let save = json!({"page": two, "files": []});
    assert_eq!(studio.asked("save", &save).json()["refused"], "not_the_writer");
    assert_eq!(
        studio.asked("claim", &json!({"page": two, "anyway": false})).json()["writes"],
        false
    );
    // What the first has typed, the second sees.
    let text = studio.asked("text", &json!({"name": "library.fan"})).json();
    assert_eq!(text["text"], "政策 馆规\n");
    let stored = std::fs::read_to_string(folder.path().join("books/library.fan")).unwrap();
    assert_eq!(text["saved"], *stored);
    // A person may say that the second is to write; the first is told.
    assert_eq!(studio.asked("claim", &json!({"page": two, "anyway": true})).json()["writes"], true);
    assert_eq!(first.told("writer"), json!(two));
    assert_eq!(studio.asked("put", &put(one)).json()["refused"], "not_the_writer");
    // When it goes, nobody writes until somebody says so.
    second.told("writer");
    drop(second);
    assert_eq!(first.told("writer"), json!(null));
    assert_eq!(
        studio.asked("claim", &json!({"page": one, "anyway": false})).json()["writes"],
        true
    );
}

#[test]
fn what_changed_elsewhere_is_never_overwritten() {
    let (folder, studio) = project();
    let path = folder.path().join("books/library.fan");
    let (mut socket, page) = studio.page();
    let told = studio.asked("text", &json!({"name": "library.fan"})).json();
    let old = told["text"].as_str().unwrap().to_owned();
    let theirs = old.replace("500", "400");
    std::fs::write(&path, &theirs).unwrap();
    assert_eq!(socket.told("changed"), json!(["library.fan"]));
    let mine = old.replace("500", "300");
    let save = |base: &serde_json::Value| {
        let file = json!({"name": "library.fan", "text": mine, "base": base});
        studio.asked("save", &json!({"page": page, "files": [file]})).json()
    };
    let refused = save(&told["base"]);
    assert_eq!(refused["changed"][0]["text"], *theirs);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs);
    // Who has seen it may write over it.
    let saved = save(&refused["changed"][0]["base"]);
    assert_eq!(saved["saved"][0]["name"], "library.fan");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), mine);
    // A file that was taken away, and one that has come where none was.
    std::fs::remove_file(&path).unwrap();
    let refused = save(&saved["saved"][0]["base"]);
    assert_eq!(refused["changed"][0]["text"], json!(null));
    assert!(!path.exists());
    std::fs::write(&path, &mine).unwrap();
    std::fs::write(folder.path().join("books/library.cases.toml"), "# new\n").unwrap();
    let file = json!({"name": "library.cases.toml", "text": "x", "base": null});
    let saved = studio.asked("save", &json!({"page": page, "files": [file]})).json();
    assert_eq!(saved["changed"][0]["text"], "# new\n");
}

#[test]
fn all_files_of_a_save_are_written_or_none() {
    let (folder, studio) = project();
    let (_socket, page) = studio.page();
    let of = |name: &str| studio.asked("text", &json!({"name": name})).json();
    let (policy, manifest) = (of("library.fan"), of("fanshi.toml"));
    std::fs::write(folder.path().join("books/fanshi.toml"), "# other\n").unwrap();
    let file =
        |told: &serde_json::Value| json!({"name": told["name"], "text": "x", "base": told["base"]});
    let files = json!([file(&policy), file(&manifest)]);
    let told = studio.asked("save", &json!({"page": page, "files": files})).json();
    assert_eq!(told["changed"].as_array().unwrap().len(), 1);
    let stored = std::fs::read_to_string(folder.path().join("books/library.fan")).unwrap();
    assert_eq!(stored, policy["text"].as_str().unwrap());
    let left: Vec<_> = std::fs::read_dir(folder.path().join("books")).unwrap().collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn marks_and_ends_of_lines_stay_as_they_are() {
    let (folder, mut studio) = project();
    let path = folder.path().join("books/library.fan");
    let text = std::fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
    std::fs::write(&path, format!("\u{feff}{text}")).unwrap();
    studio.again(&folder.path().join("books"));
    let (_socket, page) = studio.page();
    let told = studio.asked("text", &json!({"name": "library.fan"})).json();
    assert_eq!((&told["text"], &told["saved"]), (&json!(text), &json!(text)));
    let rules = studio.asked("verdicts", &json!({"name": "library.fan"})).json();
    let place = |at: usize| rules[0]["selection"][at].as_u64().unwrap() as usize;
    let units: Vec<u16> = text.replace("\r\n", "\n").encode_utf16().collect();
    let selected = String::from_utf16(&units[place(0)..place(1)]).unwrap();
    assert!(selected.contains("厚"), "{selected}");
    let typed = text.replace("500", "400");
    let file = json!({"name": "library.fan", "text": typed, "base": told["base"]});
    studio.asked("save", &json!({"page": page, "files": [file]}));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("\u{feff}{typed}"));
}

#[test]
fn what_is_typed_is_judged_before_it_is_saved() {
    let (folder, studio) = project();
    let (_socket, page) = studio.page();
    let rules = studio.asked("verdicts", &json!({"name": "library.fan"})).json();
    assert_eq!(rules[0]["counts"]["violated"], 1, "{rules}");
    let told = studio.asked("text", &json!({"name": "library.fan"})).json();
    let typed = told["text"].as_str().unwrap().replace("500", "80");
    studio.asked("put", &json!({"page": page, "name": "library.fan", "text": typed}));
    let rules = studio.asked("verdicts", &json!({"name": "library.fan"})).json();
    assert_eq!(rules[0]["counts"]["violated"], 2, "{rules}");
    let flips = studio.asked("flips", &json!({"cases": true})).json();
    assert_eq!(flips["rows"][0]["before"], "satisfied", "{flips}");
    assert_eq!(
        (&flips["rows"][0]["after"], &flips["rows"][0]["key"]),
        (&json!("violated"), &json!("甲"))
    );
    let rows = studio.asked("rows", &json!({"rule": rules[0]["rule"]})).json();
    assert_eq!(rows.as_array().unwrap().len(), 2);
    let question = json!({"row": rows[0]["row"], "rule": rules[0]["rule"]});
    let record = studio.asked("record", &question).json();
    assert_eq!(record["entries"][0]["outcome"], "violated", "{record}");
    let glance = studio.asked("glance", &json!({})).json();
    assert_eq!(glance["kinds"][0], 2, "{glance}");
    let stored = std::fs::read_to_string(folder.path().join("books/library.fan")).unwrap();
    assert!(stored.contains("500"));
}

#[test]
fn a_page_that_reads_is_told_what_another_types() {
    let (_folder, studio) = project();
    let (_first, one) = studio.page();
    let (mut second, _) = studio.page();
    let typed = json!({"page": one, "name": "library.fan", "text": "# typed\n"});
    assert_eq!(studio.asked("put", &typed).status, 200);
    assert_eq!(second.told("typed"), "library.fan");
    let told = studio.asked("text", &json!({"name": "library.fan"})).json();
    assert_eq!(told["text"], "# typed\n");
}

#[test]
fn policies_that_are_listed_and_not_yet_begun_are_there() {
    let (folder, mut studio) = project();
    let manifest = folder.path().join("books/fanshi.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let text = text.replace("\"library.fan\"", "\"library.fan\", \"gone.fan\", \"empty.fan\"");
    std::fs::write(&manifest, text).unwrap();
    std::fs::write(folder.path().join("books/empty.fan"), "").unwrap();
    studio.again(&folder.path().join("books"));
    let (_socket, page) = studio.page();
    for name in ["gone.fan", "empty.fan"] {
        let told = studio.asked("text", &json!({"name": name})).json();
        assert_eq!((&told["text"], &told["writable"]), (&json!(""), &json!(true)), "{told}");
        let file = json!({"name": name, "text": "# begun\n", "base": told["base"]});
        let saved = studio.asked("save", &json!({"page": page, "files": [file]})).json();
        assert_eq!(saved["saved"][0]["name"], name, "{saved}");
    }
}

#[test]
fn the_rules_of_one_policy_without_data_are_there() {
    let (folder, mut studio) = project();
    std::fs::remove_file(folder.path().join("books/fanshi.toml")).unwrap();
    studio.again(&folder.path().join("books/library.fan"));
    let files = studio.asked("project", &json!({})).json();
    assert_eq!(files["files"][0]["shown"], "library.fan", "{files}");
    let name = &files["files"][0]["name"];
    let rules = studio.asked("verdicts", &json!({"name": name})).json();
    assert_eq!(rules[0]["standing"], "no_rows", "{rules}");
}

#[test]
fn what_makes_no_sense_is_told_so() {
    let (_folder, studio) = project();
    for (what, body) in [
        ("text", "{"),
        ("text", "[]"),
        ("text", "\"\\ud800\""),
        ("nothing", "{}"),
        ("rows", "{\"rule\":\"a999999\"}"),
        ("rows", "{\"rule\":\"\"}"),
        ("rows", "{\"rule\":\"章\"}"),
        ("record", "{\"row\":\"书:没有\",\"rule\":null}"),
        ("case_of", "{\"row\":\"书:没有\",\"rule\":\"a0\"}"),
    ] {
        let answer = studio.post(what, body, &[("Origin", &studio.origin())]);
        assert_eq!(answer.status, 422, "{what} {body}: {}", answer.body);
        assert_eq!(answer.json()["said"].as_array().unwrap().len(), 2);
    }
    let far = json!({"name": "library.fan", "at": 999_999_999});
    for what in ["cuts", "provision"] {
        assert_eq!(studio.asked(what, &far).status, 200);
    }
}

#[test]
fn names_from_data_are_shown_for_what_they_are() {
    let (folder, studio) = project();
    let row = "\"<img src=x onerror=alert(1)>\u{202e}\",610\n";
    let path = folder.path().join("books/books.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut socket, _) = studio.page();
    std::fs::write(&path, text + row).unwrap();
    let _ = socket.told("changed");
    let rules = studio.asked("verdicts", &json!({"name": "library.fan"})).json();
    let answer = studio.asked("rows", &json!({"rule": rules[0]["rule"]}));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let rows = answer.json();
    let key = rows
        .as_array()
        .unwrap()
        .iter()
        .find_map(|row| row["key"].as_str()?.contains("img").then_some(&row["key"]));
    assert_eq!(key.unwrap(), "<img src=x onerror=alert(1)>⟨U+202E⟩");
}

#[test]
#[cfg(unix)]
fn it_ends_with_whoever_started_it() {
    let (folder, _studio) = project();
    let exe = env!("CARGO_BIN_EXE_fanshi");
    let script = format!(
        "'{exe}' studio '{}' --no-open & echo $!; sleep 2",
        folder.path().join("books").display()
    );
    let shell = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
    let told = String::from_utf8(shell.stdout).unwrap();
    let pid: u32 = told.lines().find_map(|line| line.parse().ok()).unwrap();
    assert!(told.contains("http://127.0.0.1:"), "{told}");
    let is_there = || {
        std::path::Path::new(&format!("/proc/{pid}/fd"))
            .read_dir()
            .is_ok_and(|mut all| all.next().is_some())
    };
    let begun = Instant::now();
    while is_there() && begun.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!is_there(), "it is still there");
}

#[test]
fn where_there_is_no_project_it_says_so() {
    let exe = env!("CARGO_BIN_EXE_fanshi");
    let run =
        |args: &[&str]| std::process::Command::new(exe).arg("studio").args(args).output().unwrap();
    let none = run(&["examples/nothing", "--no-open", "--lang", "en"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&none.stderr).contains("examples/nothing"));
    assert!(none.stdout.is_empty());
    let (_folder, studio) = project();
    let taken = run(&["examples/library", "--no-open", "--port", &studio.port.to_string()]);
    assert_eq!(taken.status.code(), Some(2));
    let zh = run(&["--help"]);
    assert!(String::from_utf8_lossy(&zh.stdout).contains("不打开浏览器"));
}

/// FNV-1a, as `studio/build.mjs` has it.
fn sum(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

/// The page in the program is built from the sources that stand beside it.
#[test]
fn the_page_is_built_from_what_stands_there() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("studio");
    let known = std::fs::read_to_string(folder.join("dist/SOURCES")).unwrap();
    for line in known.lines() {
        let (known, name) = line.split_once(' ').unwrap();
        // Git may write other ends of lines.
        let text = std::fs::read_to_string(folder.join(name)).unwrap().replace("\r\n", "\n");
        assert_eq!(sum(text.as_bytes()), known, "{name}: `npm run build` in studio/");
    }
    let sources = std::fs::read_dir(folder.join("src")).unwrap();
    assert_eq!(known.matches(" src/").count(), sources.count());
    let licences = std::fs::read_to_string(folder.join("dist/LICENCES.txt")).unwrap();
    for name in ["state", "view", "commands", "language", "autocomplete", "lint", "search"] {
        assert!(licences.contains(&format!("@codemirror/{name} ")), "{name}");
    }
}
