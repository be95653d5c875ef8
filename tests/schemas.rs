//! What the program writes is as `docs/schemas` says, key by key: the sample and small projects in
//! each format are held against its schema, by python's jsonschema where there is one. A schema
//! forbids what it does not name, so no key is without a sentence.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: [&str; 9] =
    ["account", "answers", "diff", "findings", "proof", "record", "review", "round", "tests"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Value {
    let path = root().join(format!("docs/schemas/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Every key of an object is described in a sentence, and no other is allowed.
fn described(at: &str, schema: &Value) -> usize {
    let mut keys = 0;
    if let Some(object) = schema.as_object() {
        if let Some(properties) = object.get("properties") {
            assert_eq!(object["additionalProperties"], false, "{at}");
            for (key, value) in properties.as_object().unwrap() {
                let own = value.get("description").and_then(Value::as_str);
                let of = value.get("$ref").is_some();
                assert!(own.is_some_and(|said| said.ends_with('.')) || of, "{at}/{key}");
                keys += 1;
            }
        }
        keys += object
            .iter()
            .map(|(key, value)| described(&format!("{at}/{key}"), value))
            .sum::<usize>();
    }
    let list = schema.as_array().into_iter().flatten();
    keys + list.map(|value| described(at, value)).sum::<usize>()
}

#[test]
fn every_key_has_a_sentence() {
    let reference = |page: &str| std::fs::read_to_string(root().join(page)).unwrap();
    let pages = [reference("docs/embedding.md"), reference("docs/zh/embedding.md")];
    for name in NAMES {
        let schema = schema(name);
        assert!(described(name, &schema) > 4, "{name}");
        let format = schema["properties"]["format"]["const"].as_str().unwrap();
        assert_eq!(format, format!("fanshi.{name}/1"));
        assert!(pages.iter().all(|page| page.contains(format)), "{format}");
        assert!(pages.iter().all(|page| page.contains(&format!("{name}.schema.json"))), "{name}");
    }
    let files = std::fs::read_dir(root().join("docs/schemas")).unwrap();
    assert_eq!(files.count(), NAMES.len());
}

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("schemas").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn fanshi(arguments: &[&str]) -> Vec<u8> {
    let mut run = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    let run = run.args(arguments).current_dir(root()).output().unwrap();
    assert!(run.status.code().is_some_and(|code| code < 4), "{arguments:?}");
    run.stdout
}

/// Holds objects against their schemas; false where python cannot.
fn valid(objects: &[(&str, PathBuf)]) -> bool {
    let script = "import json, sys
try:
    import jsonschema
except ImportError:
    sys.exit(77)
wrong = []
for schema, file in zip(sys.argv[1::2], sys.argv[2::2]):
    schema = json.load(open(schema, encoding='utf-8'))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(json.load(open(file, encoding='utf-8')))
    wrong += [f'{file} {error.json_path}: {error.message[:300]}' for error in list(found)[:5]]
sys.exit('\\n'.join(wrong) or 0)";
    let mut python = Command::new("python3");
    python.args(["-c", script]);
    for (name, file) in objects {
        python.arg(root().join(format!("docs/schemas/{name}.schema.json"))).arg(file);
    }
    let Ok(run) = python.output() else { return false };
    if run.status.code() == Some(77) {
        return false;
    }
    assert!(run.status.success(), "{}", String::from_utf8(run.stderr).unwrap());
    true
}

/// A file of TOML as JSON: days are texts in it.
fn toml(path: &Path) -> Vec<u8> {
    let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    serde_json::to_vec(&table).unwrap()
}

#[test]
fn what_is_written_is_as_its_schema_says() {
    let out = folder("written");
    let (sample, library) = ("policies/shangjie-2015", "examples/library");
    let mut objects: Vec<(&str, PathBuf)> = Vec::new();
    let mut keep = |name: &'static str, bytes: &[u8]| {
        let file = out.join(format!("{}-{name}.json", objects.len()));
        std::fs::write(&file, bytes).unwrap();
        objects.push((name, file));
    };
    let json = ["--format", "json"];
    let run = |arguments: &[&str]| fanshi(&[arguments, &json[..]].concat());
    keep("findings", &run(&["check", sample, "--by", "部门"]));
    keep("findings", &run(&["check", library]));
    keep("review", &run(&["review", sample]));
    keep("review", &run(&["review", library, "--lang", "en"]));
    keep("record", &run(&["explain", "MZ-04", "--project", sample]));
    for key in ["A", "B", "D", "Z"] {
        keep("record", &run(&["explain", key, "--project", library]));
    }
    keep("proof", &run(&["prove", library]));
    keep("tests", &run(&["test", library, "--coverage"]));
    keep("tests", &run(&["test", "policies/approval-reform", "--coverage"]));
    // Two rounds, and what comes back of the first.
    let files = [
        (
            "fanshi.toml",
            "[project]\nname = \"样\"\nas_of = 2015-11-20\npolicies = [\"a.fan\"]\n[data]\n\"局\" = \"d.csv\"\n\"事\" = \"i.csv\"\n\
            [[waiver]]\narticle = \"a.大额\"\nitem = \"A-3\"\nauthority = \"会议\"\nreason = \"急\"\nuntil = 2016-06-30\n",
        ),
        (
            "a.fan",
            "表 局 {\n  名称 : 文本 主键\n}\n\n表 事 {\n  编码 : 文本 主键\n  局 : 局\n  投资 : 金额\n}\n\n\
            第一条 大额\n  凡 事，投资 不得 超过 1000 元。\n",
        ),
        ("d.csv", "名称\n甲局\n乙局\n"),
        ("i.csv", "编码,局,投资\nA-1,甲局,2000\nA-2,乙局,3000\nA-3,甲局,4000\nA-4,甲局,多\n"),
    ];
    let first = out.join("一报");
    std::fs::create_dir_all(&first).unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(first.join(name), text).unwrap());
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (first, sent, next) = (path(&first), path(&out.join("一下")), path(&out.join("二报")));
    fanshi(&["round", &first, "--by", "局", "-o", &sent]);
    keep("round", &toml(&out.join("一下/round.toml")));
    std::fs::remove_file(out.join("一下/乙局.xlsx")).unwrap();
    std::fs::write(out.join("一下/x.txt"), "x").unwrap();
    keep("account", &run(&["receive", &first, &sent, "-o", &next]));
    keep("answers", &toml(&out.join("二报/answers.toml")));
    keep("findings", &run(&["check", &first]));
    keep("diff", &run(&["diff", &first, &next, "--by", "局"]));
    let changed = out.join("改");
    std::fs::create_dir_all(&changed).unwrap();
    files.iter().for_each(|(name, text)| {
        let text = text
            .replace("3000", "30")
            .replace("A-1,甲局", "A-9,乙局")
            .replace("超过 1000", "超过 900");
        std::fs::write(changed.join(name), text).unwrap();
    });
    keep("diff", &run(&["diff", &first, &path(&changed)]));
    let account = objects.iter().find(|(name, _)| *name == "account").unwrap();
    let account: Value = serde_json::from_slice(&std::fs::read(&account.1).unwrap()).unwrap();
    assert_eq!(account["missing"], serde_json::json!(["乙局"]));
    assert_eq!(account["clean"], false);
    if !valid(&objects) {
        println!("python has no jsonschema: nothing was held against the schemas");
    }
}
