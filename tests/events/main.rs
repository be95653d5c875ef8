//! Courses of events against naive references: every template of DECLARE, random processes, and a
//! log of many cases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

mod declare;
mod log;
mod process;

use fanshi::workspace::Options;
use fanshi::workspace::Project;
use std::collections::BTreeMap;
use std::path::Path;

/// Outcomes of an article: satisfied, violated, undetermined.
pub type Counts = [usize; 3];

/// Judges a policy over JSON lines, by table; counts by article.
pub fn judge(name: &str, policy: &str, data: &[(&str, String)]) -> BTreeMap<String, Counts> {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("events").join(name);
    let _ = std::fs::remove_dir_all(&root);
    std::fs::create_dir_all(&root).unwrap();
    let mut manifest =
        "[project]\nname = \"events\"\nas_of = 2015-11-20\npolicies = [\"p.fan\"]\n[data]\n"
            .to_owned();
    for (table, lines) in data {
        manifest.push_str(&format!("{table} = \"{table}.jsonl\"\n"));
        std::fs::write(root.join(format!("{table}.jsonl")), lines).unwrap();
    }
    std::fs::write(root.join("p.fan"), policy).unwrap();
    std::fs::write(root.join("fanshi.toml"), manifest).unwrap();
    {
        let run = Project::read(&root).run(&Options::default());
        let report = &run.report();

        let of_policy = |code: &str| !["missing_field", "more_faults", "left_out"].contains(&code);
        let errors: Vec<String> = report
            .diagnostics
            .iter()
            .filter(|found| {
                found.severity == fanshi::diagnostic::Severity::Error && of_policy(found.code)
            })
            .map(|found| format!("{} {}", found.code, found.message.en))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{policy}");
        let counts =
            |found: &fanshi::finding::Counts| [found.satisfied, found.violated, found.undetermined];
        report
            .articles
            .iter()
            .map(|found| (found.article.trim_start_matches("p.").to_owned(), counts(&found.counts)))
            .collect()
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub struct Random(pub u64);

impl Random {
    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

/// Every course over some letters, up to a length.
pub fn courses(letters: &[char], longest: usize) -> Vec<Vec<char>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        last = last
            .iter()
            .flat_map(|course: &Vec<char>| {
                letters.iter().map(move |letter| [&course[..], &[*letter]].concat())
            })
            .collect();
        all.extend(last.iter().cloned());
    }
    all
}
