//! Pairs of small projects under `fanshi diff`, as its users run it. `FANSHI=path` holds another
//! build against the same pairs.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Files of a project by name. Data files are called as their tables; a manifest is made for them,
/// unless one is given.
pub type Files<'f> = [(&'f str, &'f str)];

/// What is said of a pair.
pub struct Said {
    pub code: i32,
    pub json: Value,
    pub text: String,
}

/// Writes a project, and gives its folder.
pub fn written(name: &str, files: &Files<'_>, lines: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff-pairs").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let named = |name: &str, text: &str| std::fs::write(root.join(name), text).unwrap();
    let mut manifest =
        "[project]\nname = \"例\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n[data]\n".to_owned();
    for (name, text) in files {
        named(name, text);
        let (stem, _) = name.rsplit_once('.').unwrap();
        if !name.ends_with(".fan") && !name.ends_with(".toml") {
            manifest.push_str(&format!("\"{stem}\" = \"{name}\"\n"));
        }
    }
    if !files.iter().any(|(name, _)| *name == "fanshi.toml") {
        named("fanshi.toml", &format!("{manifest}{lines}"));
    }
    root
}

fn binary() -> PathBuf {
    std::env::var_os("FANSHI").map_or_else(|| env!("CARGO_BIN_EXE_fanshi").into(), PathBuf::from)
}

/// Runs `fanshi diff`: the exit code, what is printed, and the messages.
pub fn run(old: &Path, new: &Path, format: &str) -> (i32, String, String) {
    run_in(old, new, format, "zh")
}

/// The same in a language.
pub fn run_in(old: &Path, new: &Path, format: &str, language: &str) -> (i32, String, String) {
    let output = Command::new(binary())
        .arg("diff")
        .args([old, new])
        .args(["--format", format, "--lang", language])
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// What is said of two projects.
pub fn said(old: &Path, new: &Path) -> Said {
    let (code, json, _) = run(old, new, "json");
    let (_, text, _) = run(old, new, "text");
    Said { code, json: serde_json::from_str(&json).unwrap(), text }
}

/// What is said of a pair; `lines` are added to the manifests.
pub fn pair(name: &str, old: &Files<'_>, new: &Files<'_>, lines: [&str; 2]) -> Said {
    let [before, after] = lines;
    said(
        &written(&format!("{name}-old"), old, before),
        &written(&format!("{name}-new"), new, after),
    )
}

/// Two policies over the same data.
pub fn policies(name: &str, old: &str, new: &str, data: &Files<'_>) -> Said {
    let with = |policy| {
        let mut files = vec![("政策.fan", policy)];
        files.extend(data);
        files
    };
    pair(name, &with(old), &with(new), ["", ""])
}

/// One policy over two sets of data.
pub fn submissions(name: &str, policy: &str, old: &Files<'_>, new: &Files<'_>) -> Said {
    let with = |data: &Files<'_>| {
        let mut files: Vec<(String, String)> = vec![("政策.fan".into(), policy.into())];
        files.extend(data.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
        files
    };
    let (old, new) = (with(old), with(new));
    let borrowed = |files: &[(String, String)]| {
        files.iter().map(|(name, text)| (name.clone(), text.clone())).collect::<Vec<_>>()
    };
    let (old, new) = (borrowed(&old), borrowed(&new));
    let old: Vec<(&str, &str)> = old.iter().map(|(name, text)| (&**name, &**text)).collect();
    let new: Vec<(&str, &str)> = new.iter().map(|(name, text)| (&**name, &**text)).collect();
    pair(name, &old, &new, ["", ""])
}

impl Said {
    /// The findings of a part: `new`, `fixed`, `turned`, `removed`, `remaining`.
    pub fn part(&self, part: &str) -> &[Value] {
        self.json["findings"][part].as_array().unwrap()
    }

    /// The causes of every finding that came, went, turned or was not judged on one side, in order.
    pub fn causes(&self) -> Vec<Value> {
        let parts = ["new", "turned", "fixed", "removed"];
        let open = ["now", "before"].map(|side| &self.json["findings"]["unjudged"][side]);
        let open = open.into_iter().flat_map(|found| found.as_array().unwrap());
        let found = parts.iter().flat_map(|part| self.part(part)).chain(open);
        found.map(|finding| finding["causes"].clone()).collect()
    }

    /// The declarations listed as changed: kind, name, what became of them, and by which articles
    /// they are used.
    pub fn declarations(&self) -> Vec<Value> {
        let listed = self.json["policies"].as_array().unwrap();
        let row = |edit: &Value| {
            serde_json::json!([edit["kind"], edit["name"], edit["change"], edit["used_by"]])
        };
        listed.iter().map(row).collect()
    }
}
