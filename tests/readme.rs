//! What the two readmes show is what happens: their files are written to a folder, checked, and
//! compared with the report beside them.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ENGLISH: (&str, &str) = ("README.md", "en");
const CHINESE: (&str, &str) = ("README.zh.md", "zh");

/// The blocks of a readme: what follows the language on the fence, then the text.
fn blocks(readme: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join(readme)).unwrap();
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(fence) = line.strip_prefix("```") {
            inside = !inside;
            if inside {
                blocks.push((
                    fence.split_once(' ').map_or("", |(_, name)| name).to_owned(),
                    String::new(),
                ));
            }
        } else if inside {
            let (_, block) = blocks.last_mut().unwrap();
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

fn block(readme: &str, name: &str) -> String {
    let found = blocks(readme).into_iter().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("{readme} has no block called {name}")).1
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder of its own.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Checks a project as a reader does who stands in this folder.
fn check((folder, project): (&Path, &str), language: &str, format: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanshi"));
    command
        .current_dir(folder)
        .args(["check", project])
        .args(["--lang", language, "--format", format, "--color", "never"]);
    command.env("COLUMNS", "90").output().unwrap()
}

/// What is not said in the readme may follow: the excerpt has to be there as it stands.
fn assert_shows(output: &Output, excerpt: &str, readme: &str) {
    let report = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(
        report.contains(excerpt),
        "the excerpt in {readme} is not what the report says:\n{excerpt}\n--- the report:\n{report}"
    );
}

/// The project in three files, as a reader would save it.
fn small_project((readme, language): (&str, &str)) -> PathBuf {
    let folder = folder(&format!("readme-{language}"));
    for (name, text) in blocks(readme) {
        if name.ends_with(".toml")
            || name.ends_with(".csv")
            || (name.ends_with(".fan") && text.contains("50000"))
        {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    folder
}

#[test]
fn the_three_files_give_the_finding_shown() {
    for readme in [ENGLISH, CHINESE] {
        let output = check((&small_project(readme), "."), readme.1, "text");
        assert_eq!(output.status.code(), Some(2));
        assert_shows(&output, &block(readme.0, "report"), readme.0);
    }
}

#[test]
fn the_five_rows_have_the_five_outcomes() {
    for readme in [ENGLISH, CHINESE] {
        let output = check((&small_project(readme), "."), readme.1, "json");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        for outcome in ["satisfied", "violated", "exempt", "not_applicable", "undetermined"] {
            assert_eq!(report["summary"][outcome], 1, "{outcome} in {report}");
        }
        let found: Vec<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| (&finding["outcome"], &finding["subject"]))
            .collect();
        assert!(matches!(found[..], [(violated, second), (undetermined, fifth)]
            if violated == "violated" && undetermined == "undetermined"
            && second["key"].as_str().unwrap().ends_with("-02")
                && fifth["key"].as_str().unwrap().ends_with("-05")));
    }
}

#[test]
fn the_language_page_compiles() {
    for (readme, page) in [(ENGLISH, "page.fan"), (CHINESE, "一页.fan")] {
        let folder = folder(&format!("page-{}", readme.1));
        std::fs::write(folder.join(page), block(readme.0, page)).unwrap();
        std::fs::write(
            folder.join("fanshi.toml"),
            "[project]\nname = \"x\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n",
        )
        .unwrap();
        let report: Value =
            serde_json::from_slice(&check((&folder, "."), "en", "json").stdout).unwrap();
        let is_error =
            |found: &&Value| found["severity"] == "error" && found["code"] != "table_without_file";
        // it has no data here
        let errors: Vec<_> =
            report["diagnostics"].as_array().unwrap().iter().filter(is_error).collect();
        assert!(errors.is_empty(), "{page}: {errors:#?}");
        assert_eq!(
            report["summary"]["articles"].as_array().unwrap().len(),
            6,
            "{page}: five articles and a decision"
        );
    }
}

#[test]
fn the_policies_shown_are_in_canonical_form() {
    for readme in [ENGLISH, CHINESE] {
        let folder = folder(&format!("canonical-{}", readme.1));
        let policies: Vec<_> =
            blocks(readme.0).into_iter().filter(|(name, _)| name.ends_with(".fan")).collect();
        assert_eq!(policies.len(), 2);
        for (name, text) in policies {
            std::fs::write(folder.join(&name), text).unwrap();
            let mut fmt = Command::new(env!("CARGO_BIN_EXE_fanshi"));
            let output = fmt.args(["fmt", "--check"]).arg(folder.join(&name)).output().unwrap();
            assert_eq!(
                output.status.code(),
                Some(0),
                "{}: {name}: {}",
                readme.0,
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}

#[test]
fn the_sample_gives_the_finding_shown_and_exits_with_1() {
    let sample = "policies/shangjie-2015";
    let output = check((&root(), sample), "zh", "text");
    assert_eq!(output.status.code(), Some(1));
    for (readme, _) in [ENGLISH, CHINESE] {
        assert_shows(&output, &block(readme, sample), readme);
    }
}

/// The commands `--help` lists, without `help` itself.
fn commands() -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("--help")
        .env("LC_ALL", "en")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let listed = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    listed
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_has_its_line_and_none_is_called_missing() {
    for (readme, missing) in [(ENGLISH.0, "planned and not there"), (CHINESE.0, "支持还没有")]
    {
        let text = std::fs::read_to_string(root().join(readme)).unwrap();
        let planned: Vec<&str> = text.lines().filter(|line| line.contains(missing)).collect();
        for command in commands() {
            assert!(
                [" ", "`"].iter().any(|end| text.contains(&format!("| `fanshi {command}{end}"))),
                "{readme} has no line for `{command}`"
            );
            assert!(
                !planned.iter().any(|line| line.contains(&format!("`{command}`"))),
                "{readme} says there is no `{command}`"
            );
        }
    }
}
