//! How large what is read may be: asked before a byte of it is read. `docs/manifest.md` has the same
//! table.

use crate::data::{Format, WHOLE};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::parse::MAX_BYTES;

/// How large one kind of input may be.
///
/// # Examples
///
/// ```
/// use fanshi::LIMITS;
///
/// assert_eq!(LIMITS.iter().find(|limit| limit.en == "policy").unwrap().most, 4 << 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
    /// The most bytes.
    pub most: u64,
}

impl Limit {
    /// What to do about a text of this kind that is larger.
    pub(super) fn remedy(self) -> Bilingual {
        if self == MANIFEST {
            return say!(
                "一个项目只有一份清单：数据放进数据文件，或者把项目分成几个",
                "a project has one manifest: put data into files of their own, or divide the project"
            );
        }
        if self == CASES {
            return say!(
                "一个政策只有一个案例文件：删去不需要的案例，或者把政策分成几个",
                "a policy has one case file: leave out cases that are not needed, or divide the \
                    policy"
            );
        }
        if self == SNAPSHOT {
            return say!(
                "快照是一个案例的全部记录：减少这个案例的行",
                "a snapshot is the whole record of one case: give the case fewer rows"
            );
        }
        split()
    }
}

/// What to do about a file in whose place there may be several.
pub(super) fn split() -> Bilingual {
    say!("把文件拆成几个", "split it into several files")
}

const fn limit(zh: &'static str, en: &'static str, most: u64) -> Limit {
    Limit { zh, en, most }
}

/// `fanshi.toml`, with its waivers and parameters.
pub const MANIFEST: Limit = limit("清单", "manifest", 64 << 20);
/// A policy or a vocabulary.
pub const POLICY: Limit = limit("政策", "policy", MAX_BYTES as u64);
/// The cases beside a policy.
pub const CASES: Limit = limit("案例文件", "case file", 64 << 20);
/// What was accepted of a case.
pub const SNAPSHOT: Limit = limit("快照", "snapshot", 16 << 20);
/// Data as text, calendars too: CSV, TOML, JSON, XES.
pub const TEXT: Limit = limit("文本数据", "data as text", WHOLE);
/// JSON lines, of which a stretch is read at a time.
pub const LINES: Limit = limit("逐行 JSON", "JSON lines", 16 << 30);
/// Workbooks.
pub const WORKBOOK: Limit = limit("工作簿", "workbook", 512 << 20);
/// What is packed, as it is stored.
pub const PACKED: Limit = limit("压缩的数据", "packed data", 1 << 30);

/// All of them.
///
/// # Examples
///
/// ```
/// use fanshi::LIMITS;
///
/// let largest = LIMITS.iter().max_by_key(|limit| limit.most).unwrap();
/// assert_eq!(largest.en, "JSON lines");
/// ```
pub const LIMITS: [Limit; 8] = [MANIFEST, POLICY, CASES, SNAPSHOT, TEXT, LINES, WORKBOOK, PACKED];

/// How large a data file of this name may be.
pub(super) fn of_data(name: &str, format: Format) -> Limit {
    match format {
        _ if name.to_ascii_lowercase().ends_with(".gz") => PACKED,
        Format::Workbook => WORKBOOK,
        Format::JsonLines => LINES,
        Format::Toml | Format::Json | Format::Csv | Format::Xes => TEXT,
    }
}

/// `4 MB`, `2 GB`.
pub(super) fn size(bytes: u64) -> String {
    let units = [(30, "GB"), (20, "MB"), (10, "KB")];
    let unit =
        units.iter().find(|(shift, _)| bytes >= 1 << shift && bytes.is_multiple_of(1 << shift));
    unit.map_or_else(|| format!("{bytes} B"), |(shift, unit)| format!("{} {unit}", bytes >> shift))
}
