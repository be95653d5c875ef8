//! The national standard of items: an export loads into the vocabulary without a mapping, and the
//! shipped policies find in it what was planted, no more, no less.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and says what it skips"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The exit code and each finding: outcome, article, key, path.
fn findings(project: &Path) -> (Option<i32>, BTreeSet<String>) {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("check")
        .arg(project)
        .args(["--lang", "zh", "--format", "tsv"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default();
        [cell(0), cell(1), cell(3), cell(4)].join(" ").trim().to_owned()
    };
    (output.status.code(), text.lines().map(row).collect())
}

/// Code and place of each error and warning about data.
fn diagnostics(project: &Path) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_fanshi"))
        .arg("check")
        .arg(project)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let said = report["diagnostics"].as_array().unwrap().iter();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    said.map(|said| format!("{} {}", word(&said["severity"]), word(&said["code"]))).collect()
}

fn set(lines: &[&str]) -> BTreeSet<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

/// The manifest of a project over the national vocabulary, as an office would write it.
fn manifest(data: &str) -> String {
    let policies = root().join("policies");
    let policies = policies.display().to_string().replace('\\', "/");
    format!(
        r#"[project]
as_of = 2025-07-01
policies = [
  "{policies}/approval-reform/calendar.fan",
  "{policies}/national/vocabulary.fan",
  "{policies}/national/items.fan",
  "{policies}/national/powers.fan",
  "{policies}/national/names.fan",
  "{policies}/approval-reform/identity.fan",
  {{ file = "{policies}/approval-reform/legal-basis.fan", articles = ["has_basis", "basis_in_force", "provision_form", "declared_rank", "fee_basis_given"] }},
  {{ file = "{policies}/approval-reform/process-limits.fan", articles = ["instant", "within_statutory", "licence_limit", "all_in_hall"] }},
]
[data]
"类型代码" = "{policies}/national/type-codes.csv"
{data}"#
    )
}

fn project(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_small_export_shows_what_was_planted_in_it() {
    let project = root().join("tests/national");
    let (code, found) = findings(&project);
    let expected = fs::read_to_string(project.join("expected.txt")).unwrap();
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    assert_eq!(found, expected);
    assert_eq!(code, Some(1));
    let said = set(&["warning lost_zeros", "warning used_in_part", "warning totals_row"]);
    assert!(diagnostics(&project).is_subset(&said), "{:?}", diagnostics(&project));
}

/// What the exports cite, with the rank they state.
fn register(items: &str) -> String {
    let cited = "中华人民共和国行政许可法,行政许可法,法律,2004-07-01,\n";
    let mut register = format!("名称,简称,位阶,施行,废止\n{cited}");
    let mut known = BTreeSet::new();
    for piece in items.split('【').skip(1) {
        let Some((rank, rest)) = piece.split_once('】') else { continue };
        let Some(title) = rest.strip_prefix('《').and_then(|rest| rest.split('》').next()) else {
            continue;
        };
        if known.insert(title) {
            let rank = if rank == "法规" { "行政法规" } else { rank };
            let repealed = if title.contains("物权法") { "2021-01-01" } else { "" };
            register.push_str(&format!("{title},,{rank},2000-01-01,{repealed}\n"));
        }
    }
    register
}

#[test]
fn the_national_exports_show_their_oddities_and_nothing_else() {
    let data = root().join("../shared/data/item-standard");
    let Ok(items) = fs::read_to_string(data.join("items.csv")) else {
        println!("skipped: {} is not there", data.display());
        return;
    };
    let folder = project("national-exports");
    let data = data.display().to_string().replace('\\', "/");
    let listed = format!(
        "\"法规\" = \"statutes.csv\"\n\"事项\" = \"{data}/items.csv\"\n\
         \"事项.申报材料\" = \"{data}/materials.csv\"\n\"权责\" = \"{data}/权责清单.xlsx\"\n"
    );
    fs::write(folder.join("fanshi.toml"), manifest(&listed)).unwrap();
    fs::write(folder.join("statutes.csv"), register(&items)).unwrap();
    let (code, found) = findings(&folder);
    let expected = set(&[
        // 收费 1, 收费依据 无.
        "violated legal_basis.fee_basis_given 11990301MB9101019Y4000131005000",
        "violated legal_basis.fee_basis_given 11990301MB9108085C4000117013000",
        // 设定依据 无, 受理条件 无.
        "violated legal_basis.has_basis 11990301MB9101019Y4000131006000",
        "violated item_entries.conditions 11990301MB9101019Y4000131006000",
        // 承诺 7, 法定 5.
        "violated process_limits.within_statutory 11990301MB9108085C4000117014000",
        // 物权法.
        "violated legal_basis.basis_in_force 11990301MB9115154X4001017017000 basis[0]",
        // Type digits 01, type 10.
        "violated identity.code_type 11990301MB9115154X4000117018000",
        // No article, no limits, not in the hall.
        "violated legal_basis.provision_form 11990301MB9115154X4992017020000 basis[0]",
        "violated item_entries.statutory_limit 11990301MB9115154X4992017020000",
        "violated item_entries.others_in_hall 11990301MB9115154X4992017020000",
        // A wrong check digit.
        "violated identity.body_code_check 11990301MB9122223G4000122022000",
        // 法定 60 calendar days, 承诺 20 working days.
        "referred item_entries.units_differ 11990301MB912929XR4000111024000",
        // 权责: `22.`, no tag, 详见附件1, no article, blanks, short forms of the body.
        "violated power_entries.number 22.",
        "violated power_entries.declared_rank 20 basis[0]",
        "violated power_entries.basis_here 33 basis[0]",
        "violated power_entries.basis_here 34 basis[0]",
        "violated power_entries.basis_here 35 basis[0]",
        "violated power_entries.basis_here 36 basis[0]",
        "violated power_entries.provision 38 basis[0]",
        "violated power_entries.provision_blanks 40 basis[0]",
        "violated power_entries.body_spelling 1",
        "violated power_entries.body_spelling 8",
        "violated power_entries.body_spelling 15",
        "violated power_entries.body_spelling 22.",
        "violated power_entries.body_spelling 29",
        "violated power_entries.body_spelling 36",
        "vacuous near_names.near_name",
    ]);
    assert_eq!(found, expected);
    assert_eq!(code, Some(1));
    // The lost zero, the totals and the note: read or passed over, and said.
    let said = set(&[
        "warning used_in_part",
        "warning lost_zeros",
        "warning totals_row",
        "warning note_row",
    ]);
    assert_eq!(diagnostics(&folder), said);
}

#[test]
fn published_figures_are_held_against_their_parts() {
    let data = root().join("../shared/data");
    if !data.join("reconcile_sums.csv").exists() {
        println!("skipped: {} is not there", data.display());
        return;
    }
    let folder = project("published-figures");
    let policies = root().join("policies").display().to_string().replace('\\', "/");
    let data = data.display().to_string().replace('\\', "/");
    let manifest = format!(
        r#"[project]
as_of = 2015-11-20
policies = ["{policies}/national/published.fan"]
[data]
"合计" = {{ file = "{data}/reconcile_sums.csv", separator = "+", ignore = ["computed", "diff", "verdict", "note"] }}
"比例" = {{ file = "{data}/reconcile_ratios.csv", unit = "%", absent = ["(not stated)"], ignore = ["computed_pct", "diff", "verdict", "note"] }}
"数字" = {{ empty = true }}
"#
    );
    fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    let (code, found) = findings(&folder);
    let sums = ["S04", "S07a", "S07c", "S07d", "S12", "S13", "S14", "S15", "S16", "S17", "S18"];
    let mut expected: BTreeSet<String> =
        sums.iter().map(|sum| format!("violated published_numbers.total_of_parts {sum}")).collect();
    expected.extend(set(&[
        "violated published_numbers.ratio_of_parts P03 formula[0]",
        // Nothing is stated.
        "violated published_numbers.ratio_not_stated P05",
        "violated published_numbers.ratio_not_stated P07",
        "violated published_numbers.ratio_not_stated P09",
        // `100 required`.
        "undetermined published_numbers.ratio_of_parts P08 formula[0]",
        "undetermined published_numbers.ratio_not_stated P08",
        "vacuous published_numbers.told_twice",
    ]));
    assert_eq!(found, expected);
    // `(N-132)/N` and `100 required` are not read.
    assert_eq!(code, Some(2));
}

#[test]
fn near_names_run_over_the_vocabulary_of_the_district_too() {
    let folder = project("national-names");
    let policies = root().join("policies").display().to_string().replace('\\', "/");
    let manifest = format!(
        r#"[project]
as_of = 2015-11-20
policies = ["{policies}/approval-reform/vocabulary.fan", "{policies}/national/names.fan"]
[data]
"部门" = {{ empty = true }}
"事项" = "items.csv"
"#
    );
    fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    let items = "编码,名称,部门\nA1,建设工程消防设计审查意见书核发,甲局\n\
                 A2,建设工程消防设计审查意见书核准,甲局\nA3,户外广告,甲局\n";
    fs::write(folder.join("items.csv"), items).unwrap();
    let (_, found) = findings(&folder);
    let near: Vec<&String> = found.iter().filter(|line| line.contains("near_name")).collect();
    assert_eq!(near, ["referred near_names.near_name A1", "referred near_names.near_name A2"]);
}
