//! The sample project as one workbook, written by a writer that is not ours, comes to what its text
//! files come to.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

mod damaged;
mod formats;
mod hostile;
mod parts;
mod sample;
#[path = "../sheets/mod.rs"]
mod sheets;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn report(project: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("check")
        .arg(project)
        .args(["--lang", "zh", "--format", "json"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What a finding says, without where its values stand.
fn without_places(finding: &Value) -> String {
    let mut finding = finding.clone();
    for place in finding["places"].as_array_mut().unwrap() {
        if place["role"] == "data" {
            let place = place.as_object_mut().unwrap();
            for key in [
                "file",
                "line",
                "column",
                "end_line",
                "end_column",
                "start",
                "end",
                "sheet",
                "cell",
            ] {
                place.remove(key);
            }
        }
    }
    finding.to_string()
}

#[test]
fn the_sample_as_a_workbook_has_the_same_findings() {
    let sample = root().join("policies/shangjie-2015");
    let policies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workbook");
    let _ = fs::remove_dir_all(&policies);
    let folder = policies.join("shangjie-2015");
    let sheets = sample::build(&sample, &folder);
    assert!(sheets > 50, "{sheets}");
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(folder.join("fanshi.toml")).unwrap()).unwrap();
    let entries: Vec<&toml::Value> = manifest["data"].as_table().unwrap().values().collect();
    assert!(
        entries.len() == sheets
            && entries.iter().all(|entry| entry["file"].as_str() == Some(sample::FILE))
    );
    fs::create_dir_all(policies.join("approval-reform")).unwrap();
    for policy in fs::read_dir(root().join("policies/approval-reform"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if policy.extension().is_some_and(|extension| extension == "fan") {
            fs::copy(&policy, policies.join("approval-reform").join(policy.file_name().unwrap()))
                .unwrap();
        }
    }
    let (texts, cells) = (report(&sample), report(&folder));
    assert_eq!(cells["diagnostics"], texts["diagnostics"]);
    assert_eq!(texts["summary"], cells["summary"]);
    let findings = |report: &Value| {
        let mut findings: Vec<String> =
            report["findings"].as_array().unwrap().iter().map(without_places).collect();
        findings.sort();
        findings
    };
    let (old, new) = (findings(&texts), findings(&cells));
    assert!(old.len() > 50);
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(old, new);
    }
    assert_eq!(old.len(), new.len());
    let places = cells["findings"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|finding| finding["places"].as_array().unwrap());
    let places: Vec<&Value> = places.filter(|place| place["role"] == "data").collect();
    assert!(places.len() > 300);
    let in_sheet = |place: &Value| {
        place["sheet"].is_string() && place["cell"].is_string() && place["line"].is_null()
    };
    assert!(places.iter().all(|place| place["file"] == sample::FILE && in_sheet(place)));
}
