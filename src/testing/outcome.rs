//! What became of an article for a row, in the words of case files and reports.

use crate::diagnostic::Bilingual;
use serde::Serialize;

/// All outcomes, findings or not; the worst of several sentences first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 冲突.
    Conflict,
    /// 违反.
    Violated,
    /// 提请.
    Referred,
    /// 无法判断.
    Undetermined,
    /// 满足.
    Satisfied,
    /// 豁免.
    Exempt,
    /// 不适用.
    NotApplicable,
}

const WORDS: &[(Outcome, &str, &str)] = &[
    (Outcome::Satisfied, "满足", "satisfied"),
    (Outcome::Violated, "违反", "violated"),
    (Outcome::NotApplicable, "不适用", "not_applicable"),
    (Outcome::Exempt, "豁免", "exempt"),
    (Outcome::Undetermined, "无法判断", "undetermined"),
    (Outcome::Conflict, "冲突", "conflict"),
    (Outcome::Referred, "提请", "referred"),
];

impl Outcome {
    /// Reads either word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, zh, en)| *zh == word || *en == word).map(|(outcome, _, _)| *outcome)
    }

    /// Both words.
    #[must_use]
    pub fn said(self) -> Bilingual {
        WORDS
            .iter()
            .find(|(outcome, _, _)| *outcome == self)
            .map_or_else(Bilingual::default, |(_, zh, en)| Bilingual::new(*zh, *en))
    }

    /// What may be written.
    #[must_use]
    pub fn words() -> Bilingual {
        let zh: Vec<&str> = WORDS.iter().map(|(_, zh, _)| *zh).collect();
        let en: Vec<&str> = WORDS.iter().map(|(_, _, en)| *en).collect();
        Bilingual::new(format!("{}之一", zh.join("、")), format!("one of {}", en.join(", ")))
    }

    /// Whether it has to be said: a case that does not expect it fails.
    #[must_use]
    pub fn is_finding(self) -> bool {
        matches!(self, Self::Conflict | Self::Violated | Self::Referred)
    }
}
