//! What comes from data stays text, in every format and in what other commands say; nothing is
//! written over what is read.

use crate::support::options;
use fanshi::diagnostic::Diagnostic;
use fanshi::engine::Keep;
use fanshi::grouping::{Grouping, Groups};
use fanshi::report::{self, Format, workbooks, write_with_rows};
use fanshi::syntax::tree::Language;
use fanshi::workspace::Options;
use fanshi::workspace::Project;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What names and cells may be.
const HOSTILE: [&str; 32] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</script>",
    "]]>",
    "&amp;",
    "a\0b",
    "\u{1b}[2J\u{1b}]8;;http://e/\u{1b}\\x\u{1b}]8;;\u{1b}\\",
    "c1\u{9b}31m\u{85}x",
    "\u{202e}abc\u{2066}x\u{2069}\u{202c}",
    "z\u{200b}w\u{200d}\u{feff}\u{ad}",
    "tag\u{e0041}\u{e007f}",
    "l\u{2028}p\u{2029}\nq\r\nr",
    "\u{fffe}\u{ffff}x",
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    " =1",
    "=cmd|'/c calc'!A1",
    "_x0041_",
    "[x](javascript:alert(1))",
    "`c`|*b*",
    "![i](http://e/x.png)",
    "\\",
    "\u{3164}\u{115f}",
    "{0}%s",
];

/// What no report may send as it is.
fn hides(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{115f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}')
        || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// A project whose rows, elements and groups are called so, in JSON.
fn project(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let policy = "policy p\n\ntable office {\n  name : text key\n}\n\ntable item \
        {\n  code : text key\n  title : text optional\n  office : office\n  \
                  pages : integer\n  tags : many text\n  steps : many \
                  {\n    name : text key\n    days : workdays\n  }\n}\n\n\
                  article 1 thick\n  whenever item, pages must not exceed 10.\n  \
                  because \"{title}\"\n\n\
                  article 2 slow\n  whenever item.steps, days must not exceed 5 workdays.\n";
    let manifest = "[project]\nname = \"<script>\\u001b[31m\\u202e]]>\"\nas_of = \
        2015-11-20\npolicies = [\"p.fan\"]\n[data]\noffice = \
                    \"offices.json\"\nitem = \"items.json\"\n[[waiver]]\narticle \
                    = \"p.thick\"\nitem = \"0-<script>alert(1)</script>\"\n\
                    authority = \"</script>\\u001b[2J\"\nreason = \"=1+1\\u202e\"\n";
    // Names that read the same would be one key.
    let mut names: Vec<String> =
        HOSTILE.iter().enumerate().map(|(at, name)| format!("o{at}{name}")).collect();
    names.extend(
        ["../x", "/etc/x", "CON", "con", ".", "..", "a/b", "a\\b", "A_B", "-rf"].map(str::to_owned),
    );
    names.extend([&"长".repeat(300), &"😀".repeat(300)].map(String::clone));
    let item = |(at, office): (usize, &String)| {
        let name = HOSTILE[at % HOSTILE.len()];
        json!({"code": format!("{at}-{name}"), "title": name, "office": office, "pages": 20,
            "tags": [format!("{name}x"), "a"], "steps": [{"name": format!("s{name}"), "days": 9}]})
    };
    let mut items: Vec<Value> = names.iter().enumerate().map(item).collect();
    items.push(json!({"code": "long", "title": "x".repeat(40_000), "office": "-rf", "pages": 20,
        "tags": [], "steps": []}));
    items.push(json!({"code": "wide", "title": "😀".repeat(20_000), "office": "-rf", "pages": 20,
        "tags": [], "steps": []}));
    let offices: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
    for (file, text) in [
        ("p.fan", policy.to_owned()),
        ("fanshi.toml", manifest.to_owned()),
        ("offices.json", Value::from(offices).to_string()),
        ("items.json", Value::from(items).to_string()),
    ] {
        std::fs::write(root.join(file), text).unwrap();
    }
    root
}

#[test]
#[expect(clippy::too_many_lines, reason = "one project, written once in every format")]
fn no_format_sends_what_hides_or_becomes_markup() {
    let root = project("hostile-names");
    {
        let run =
            Project::read(&root).run(&Options { keep: Keep::Everything, ..Options::default() });
        let found = &run.report();
        let run = &run;

        let hidden = |found: &Diagnostic| {
            ["invisible_in_key", "placeholder", "escaped_text"].contains(&found.code)
        };
        assert!(found.diagnostics.iter().all(hidden), "{:?}", found.diagnostics);
        let rows = Groups::new(run, None);
        for language in [Language::Chinese, Language::English] {
            let shown = report::Options { language, ..options(100) };
            for format in [
                Format::Text,
                Format::Json,
                Format::Tsv,
                Format::Markdown,
                Format::Sarif,
                Format::Junit,
                Format::Html,
            ] {
                let mut out = Vec::new();
                write_with_rows(found, Some(&rows), format, &shown, &mut out).unwrap();
                let text = String::from_utf8(out).unwrap();
                let hidden: String =
                    text.split(hides).nth(1).into_iter().flat_map(str::chars).take(40).collect();
                assert!(!text.replace('\t', "").contains(hides), "{format:?} before {hidden:?}");
                match format {
                    Format::Json => {
                        let read: Value = serde_json::from_str(&text).unwrap();
                        let findings = read["findings"].as_array().unwrap();
                        let keys: Vec<&str> = findings
                            .iter()
                            .map(|finding| finding["subject"]["key"].as_str().unwrap())
                            .collect();
                        assert!(
                            HOSTILE
                                .iter()
                                .enumerate()
                                .all(|(at, name)| keys.contains(&&*format!("{at}-{name}"))),
                            "{keys:?}"
                        );
                    }
                    Format::Tsv => {
                        assert_eq!(text.lines().count(), found.findings.len());
                        assert!(text.lines().all(|line| line.split('\t').count() == 5), "{text}");
                    }
                    Format::Html => assert_eq!(
                        (text.matches("<script").count(), text.matches("<img").count()),
                        (1, 0)
                    ),
                    Format::Markdown | Format::Junit => {
                        assert!(!text.contains("<script") && !text.contains("<img"), "{text}")
                    }
                    _ => {}
                }
            }
            let mut out = Vec::new();
            write_with_rows(found, Some(&rows), Format::Xlsx, &shown, &mut out).unwrap();
            assert!(out.len() > 1000);
        }
        let rows = Groups::new(run, Some(Grouping::named(&run.policy, "office").unwrap()));
        let mut names = Vec::new();
        workbooks(found, &rows, (Language::Chinese, None), |name, _| {
            names.push(name.to_lowercase());
            Ok(())
        })
        .unwrap();
        let count = names.len();
        assert!(count >= HOSTILE.len());
        assert!(
            names.iter().all(|name| name.len() < 250
                && !name.contains(['/', '\\', '\0', ':'])
                && !name.contains(hides)),
            "{names:?}"
        );
        assert!(
            !names.iter().any(|name| name.starts_with(['.', '-']) || name.starts_with("con.")),
            "{names:?}"
        );
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    };
}

fn run(arguments: &[&str], paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .args(arguments)
        .args(paths)
        .env("LANG", "en_US.UTF-8")
        .output()
        .unwrap()
}

#[test]
fn no_command_sends_what_hides() {
    let root = project("hostile-commands");
    let other = project("hostile-commands-2");
    let items = std::fs::read_to_string(other.join("items.json")).unwrap();
    std::fs::write(other.join("items.json"), items.replacen("\"pages\":20", "\"pages\":5", 9))
        .unwrap();
    for (arguments, paths) in [
        (&["check", "--format", "tsv"][..], &[&*root][..]),
        (&["review"], &[&root]),
        (&["review", "--format", "json"], &[&root]),
        (&["diff"], &[&root, &other]),
        (&["diff", "--format", "json"], &[&root, &other]),
        (&["diff", "--format", "html"], &[&root, &other]),
        (&["prove"], &[&root]),
        (&["cases"], &[&root]),
        (&["explain", "--format", "json", &format!("6-{}", HOSTILE[6]), "-p"], &[&root]),
        (&["explain", &format!("6-{}", HOSTILE[6]), "-p"], &[&root]),
        (&["explain", &format!("11-{}", HOSTILE[11]), "-p"], &[&root]),
        (&["explain", "\u{1b}[2J\u{202e}", "-p"], &[&root]),
    ] {
        let output = run(arguments, paths);
        for text in [output.stdout, output.stderr] {
            let text = String::from_utf8(text).unwrap();
            assert!(!text.replace('\t', "").contains(hides), "{arguments:?}: {text:?}");
            assert!(!text.contains("<img") || !arguments.contains(&"html"), "{text}");
        }
    }
    let record =
        String::from_utf8(run(&["explain", &format!("11-{}", HOSTILE[11]), "-p"], &[&root]).stdout)
            .unwrap();
    assert!(record.starts_with("item 11-l⟨U+2028⟩p⟨U+2029⟩␊q␍␊r"), "{record}");
}

#[test]
fn nothing_is_written_over_what_the_project_is_read_from() {
    let root = project("overwritten");
    let linked = root.join("linked.json");
    std::fs::hard_link(root.join("items.json"), &linked).unwrap();
    let before = |name: &str| std::fs::read(root.join(name)).unwrap();
    let kept: Vec<_> = ["p.fan", "fanshi.toml", "offices.json", "items.json"]
        .map(|name| (name, before(name)))
        .into();
    let mut targets: Vec<PathBuf> = kept.iter().map(|(name, _)| root.join(name)).collect();
    targets.extend([root.join("./items.json"), root.join("../overwritten/items.json"), linked]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("items.json", root.join("pointing")).unwrap();
        targets.push(root.join("pointing"));
    }
    for target in &targets {
        for arguments in [
            &["check", "--format", "json"][..],
            &["check", "--format", "xlsx"],
            &["review", "--format", "text"],
            &["cases"],
            &["diff", "--format", "text"],
        ] {
            let project = if arguments[0] == "diff" { vec![&*root, &*root] } else { vec![&*root] };
            let output = run(&[arguments, &["-o", target.to_str().unwrap()]].concat(), &project);
            assert_eq!(output.status.code(), Some(2), "{arguments:?} {target:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            let refusals = ["the project is read from this file", "; change one of them"];
            assert!(
                refusals.iter().any(|refusal| said.contains(refusal)),
                "{arguments:?} {output:?}"
            );
        }
    }
    assert!(kept.iter().all(|(name, bytes)| before(name) == *bytes));
    // A workbook for a group, called as a file that is read.
    let policy = "policy p\n\ntable item \
        {\n  code : text key\n  kind : text\n  pages : integer\n}\n\narticle 1 thick\n  whenever \
        item, pages must not exceed 10.\n";
    std::fs::write(root.join("p.fan"), policy).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (at, text) in (0..).zip(["code", "kind", "pages", "a", "x", "20", "b", "y", "30"]) {
        sheet.write_string(at / 3, u16::try_from(at % 3).unwrap(), text).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    std::fs::write(root.join("x.xlsx"), &bytes).unwrap();
    std::fs::write(
        root.join("fanshi.toml"),
        "[project]\nname = \"n\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\nitem \
            = \"*.xlsx\"\n",
    )
    .unwrap();
    let output =
        run(&["check", "--format", "xlsx", "--by", "kind", "-o", root.to_str().unwrap()], &[&root]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(before("x.xlsx"), bytes);
}

#[cfg(unix)]
#[test]
fn what_stands_in_the_output_folder_is_replaced_not_written_through() {
    let root = project("through");
    let (outside, out) = (root.join("outside"), root.join("out"));
    std::fs::create_dir(&out).unwrap();
    std::fs::write(&outside, "kept").unwrap();
    std::os::unix::fs::symlink(&outside, out.join("_-rf.xlsx")).unwrap();
    std::os::unix::fs::symlink(root.join("nowhere"), out.join("a_b.xlsx")).unwrap();
    std::fs::hard_link(&outside, out.join("_CON.xlsx")).unwrap();
    let output = run(
        &["check", "--format", "xlsx", "--by", "office", "--force", "-o", out.to_str().unwrap()],
        &[&root],
    );
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(std::fs::read_to_string(&outside).unwrap(), "kept");
    assert!(!root.join("nowhere").exists());
    assert!(
        ["_-rf.xlsx", "a_b.xlsx", "_CON.xlsx"]
            .iter()
            .all(|name| std::fs::read(out.join(name)).unwrap().starts_with(b"PK"))
    );
}
