//! A thousand findings at the end of a file of 10 MB, in each format of reports.

use crate::workload::folder;
use divan::Bencher;
use fanshi::finding::{Finding, Findings, Head, Report};
use fanshi::report::{self, Format};
use fanshi::syntax::tree::Language;
use fanshi::workspace::Options;
use fanshi::workspace::Project;

const ROWS: usize = 9500;
const SHOWN: usize = 1000;

/// The last findings of a run.
struct Last<'f>(&'f dyn Findings);

impl Last<'_> {
    fn at(&self, index: usize) -> usize {
        self.0.len().saturating_sub(SHOWN) + index
    }
}

impl Findings for Last<'_> {
    fn len(&self) -> usize {
        self.0.len().min(SHOWN)
    }

    fn get(&self, index: usize) -> Finding {
        self.0.get(self.at(index))
    }

    fn head(&self, index: usize) -> Head<'_> {
        self.0.head(self.at(index))
    }
}

fn thousand(bencher: Bencher, manifest: &str, format: Format) {
    let project = Project::read(&folder(ROWS, 1, manifest).join(manifest));
    let options = report::Options {
        language: Language::Chinese,
        color: false,
        width: 100,
        max_findings: None,
        base: String::new(),
        root: String::new(),
    };
    {
        let run = project.run(&Options::default());
        let found = &run.report();

        let last = Last(found.findings);
        assert_eq!(last.len(), SHOWN, "the workload has enough violations");
        let end = Report { findings: &last, ..*found };
        bencher.bench_local(|| {
            let mut out = Vec::new();
            report::write(&end, format, &options, &mut out).expect("memory can be written to");
            out.len()
        });
    };
}

const MANIFESTS: [&str; 4] = ["fanshi.toml", "json.toml", "csv.toml", "toml.toml"];

#[divan::bench(args = MANIFESTS, sample_count = 20, sample_size = 1)]
fn text(bencher: Bencher, manifest: &str) {
    thousand(bencher, manifest, Format::Text);
}

#[divan::bench(args = MANIFESTS, sample_count = 20, sample_size = 1)]
fn json(bencher: Bencher, manifest: &str) {
    thousand(bencher, manifest, Format::Json);
}

#[divan::bench(args = MANIFESTS, sample_count = 20, sample_size = 1)]
fn tsv(bencher: Bencher, manifest: &str) {
    thousand(bencher, manifest, Format::Tsv);
}
