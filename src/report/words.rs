//! Rank 5: the report's own words, in both languages. Everything else a report says comes with the
//! findings.

use crate::diagnostic::{Bilingual, Severity};
use crate::finding::{Outcome, Standing, WaiverState, WaiverSummary, Weight, counted};
use crate::say;
use crate::syntax::tree::Language;

/// The words of one language.
pub struct Words {
    language: Language,
    /// Between the parts of a count: `，`.
    pub comma: &'static str,
    /// Between the members of a list: `、`.
    pub pause: &'static str,
    /// After a word that introduces text: `：`.
    pub colon: &'static str,
    /// The heading of diagnostics.
    pub diagnostics: &'static str,
    /// Before what an article cites.
    pub cite: &'static str,
    /// Before missing facts.
    pub missing: &'static str,
    /// Before a remedy.
    pub help: &'static str,
    /// Before the disposition required.
    pub demanded: &'static str,
    /// Before the disposition declared.
    pub declared: &'static str,
    /// The heading of the table of outcomes.
    pub outcomes: &'static str,
    /// That table's columns: article, then [`crate::finding::Counts`] as shown.
    pub outcome_columns: [&'static str; 11],
    /// The sum.
    pub total: &'static str,
    /// The columns of a table of dispositions.
    pub disposition_columns: [&'static str; 3],
    /// The row of those whose disposition is open.
    pub open: &'static str,
    /// The columns of the table of measures.
    pub measure_columns: [&'static str; 3],
    /// The heading of the table of measures.
    pub measures: &'static str,
    /// The columns of the table of measures that are changes.
    pub change_columns: [&'static str; 6],
    /// The heading of that table.
    pub changes: &'static str,
    /// The figure over all groups.
    pub overall: &'static str,
    /// After an article of which nothing is shown.
    pub hidden: &'static str,
    /// A value nobody knows.
    pub unknown: &'static str,
    /// Before the articles that have an error.
    pub faulty: &'static str,
    /// Before the articles that are not in effect.
    pub not_in_effect: &'static str,
    /// Before the articles that speak of no row.
    pub no_rows: &'static str,
    /// The heading of the table of waivers.
    pub waivers: &'static str,
    /// That table's columns.
    pub waiver_columns: [&'static str; 6],
    /// The heading of findings.
    pub findings: &'static str,
    /// The kinds of findings that groups are counted by, in the order of
    /// [`crate::grouping::Tally::kinds`].
    pub kinds: [&'static str; 6],
    /// What belongs to no group.
    pub no_group: &'static str,
}

const CHINESE: Words = Words {
    language: Language::Chinese,
    comma: "，",
    pause: "、",
    colon: "：",
    diagnostics: "错误与警告",
    cite: "根据",
    missing: "缺少",
    help: "建议",
    demanded: "应为",
    declared: "填报为",
    outcomes: "逐条结果",
    outcome_columns: [
        "条文",
        "满足",
        "违反",
        "冲突",
        "警告",
        "已由他条要求",
        "豁免",
        "不适用",
        "无法判断",
        "提请",
        "例外",
    ],
    total: "合计",
    disposition_columns: ["裁定", "填报", "应为"],
    open: "（未定）",
    measure_columns: ["指标", "分组", "值"],
    measures: "指标",
    change_columns: ["指标", "分组", "之前", "之后", "变化", "百分比"],
    changes: "前后对比",
    overall: "全部",
    hidden: "未显示",
    unknown: "不详",
    faulty: "有错误，没有判断或没有判断完",
    no_rows: "没有行可判断",
    not_in_effect: "未在施行期内，未判断",
    waivers: "准予的例外",
    waiver_columns: ["条文", "行", "批准", "理由", "截至", "情况"],
    findings: "发现的问题",
    kinds: ["违反", "冲突", "警告", "无法判断", "提请判断", "例外"],
    no_group: "（不属任何一组）",
};

const ENGLISH: Words = Words {
    language: Language::English,
    comma: ", ",
    pause: ", ",
    colon: ": ",
    diagnostics: "Errors and warnings",
    cite: "cites",
    missing: "missing",
    help: "help",
    demanded: "required",
    declared: "declared",
    outcomes: "Outcomes by article",
    outcome_columns: [
        "article",
        "met",
        "violated",
        "conflict",
        "warning",
        "already",
        "exempt",
        "n/a",
        "undetermined",
        "referred",
        "waived",
    ],
    total: "total",
    disposition_columns: ["disposition", "declared", "required"],
    open: "(open)",
    measure_columns: ["measure", "group", "value"],
    measures: "Measures",
    change_columns: ["measure", "group", "before", "after", "change", "percent"],
    changes: "Before and after",
    overall: "all",
    hidden: "not shown",
    unknown: "unknown",
    faulty: "With an error, not judged or not as a whole",
    no_rows: "No row to judge",
    not_in_effect: "Not in effect, not judged",
    waivers: "Waivers",
    waiver_columns: ["article", "row", "authority", "reason", "until", "state"],
    findings: "Findings",
    kinds: ["violated", "conflict", "warning", "undetermined", "referred", "waived"],
    no_group: "(no group)",
};

impl Words {
    /// What a waiver allows, in a line.
    pub fn allowed(&self, heading: &Bilingual, waiver: &WaiverSummary) -> String {
        let WaiverSummary { authority, reason, until, .. } = waiver;
        let (zh, en) = (&heading.zh, &heading.en);
        let (until_zh, until_en) = match until {
            Some(day) => (format!("，至 {day}"), format!(", until {day}")),
            None => (String::new(), String::new()),
        };
        self.pick(&say!(
            "例外：{zh}，{authority} 准予{until_zh}：{reason}",
            "waived: {en}, allowed by {authority}{until_en}: {reason}"
        ))
        .to_owned()
    }

    /// The words of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }

    /// The text in this language; in the other one where it was only given in that.
    #[must_use]
    pub fn pick<'a>(&self, text: &'a Bilingual) -> &'a str {
        let (first, second) = match self.language {
            Language::Chinese => (&text.zh, &text.en),
            Language::English => (&text.en, &text.zh),
        };
        if first.is_empty() { second } else { first }
    }

    /// One of two, by language.
    pub fn choose<T>(&self, zh: T, en: T) -> T {
        match self.language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }

    /// What an outcome is called in front of a message and in counts.
    #[must_use]
    pub fn outcome(&self, outcome: Outcome, weight: Weight) -> &'static str {
        match (outcome, weight) {
            (Outcome::Violated, Weight::Error) => self.choose("违反", "violated"),
            (Outcome::Violated, _) => self.choose("警告", "warning"),
            (Outcome::Conflict, _) => self.choose("冲突", "conflict"),
            (Outcome::Undetermined, _) => self.choose("无法判断", "undetermined"),
            (Outcome::Referred, _) => self.choose("提请判断", "referred"),
            (Outcome::Vacuous, _) => self.choose("从未适用", "never applied"),
            (Outcome::Hollow, _) => self.choose("空而满足", "met by nothing"),
            (Outcome::Waived, _) => self.choose("已准予例外", "waived"),
            (Outcome::Waiver, _) => self.choose("例外须核对", "waivers to check"),
            (Outcome::Satisfied, _) => self.choose("满足", "met"),
            (Outcome::AlreadyDemanded, _) => self.choose("已由他条要求", "already demanded"),
            (Outcome::Exempt, _) => self.choose("豁免", "exempt"),
            (Outcome::NotApplicable, _) => self.choose("不适用", "not applicable"),
        }
    }

    /// What came of a waiver.
    #[must_use]
    pub fn waiver(&self, state: WaiverState) -> &'static str {
        match state {
            WaiverState::Needed => self.choose("在用", "in use"),
            WaiverState::Unused => self.choose("未用上", "not needed"),
            WaiverState::Expired => self.choose("已到期", "expired"),
            WaiverState::Renewed => self.choose("已到期，由后一项接续", "expired, renewed"),
            WaiverState::Open => self.choose("不能确定", "not known"),
        }
    }

    /// Before rows that show something.
    #[must_use]
    pub fn example(&self) -> &'static str {
        self.choose("见证（可交 check 核对）：", "witness (can be given to check):")
    }

    /// What a diagnostic is called.
    #[must_use]
    pub fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.choose("错误", "error"),
            Severity::Warning => self.choose("警告", "warning"),
        }
    }

    /// Where nothing is declared.
    #[must_use]
    pub fn not_given(&self) -> &'static str {
        self.choose("没有填", "not given")
    }

    /// The dispositions to change: the title of their table, and its headings beside those of
    /// [`Words::disposition_columns`].
    #[must_use]
    pub fn change_columns(&self) -> [&'static str; 4] {
        self.choose(
            ["要改的处置", "数", "按哪一条", "哪些"],
            ["Dispositions to change", "count", "by which article", "which"],
        )
    }

    /// `步骤[2]`, which counts from 0, with the number people count by.
    #[must_use]
    pub fn path(&self, path: &str) -> String {
        counted(path, self.choose(true, false))
    }

    /// What a limit has left out, of one article or of all.
    #[must_use]
    pub fn not_shown(&self, hidden: usize, all: usize) -> String {
        self.choose(
            format!("另有 {hidden} 处未显示，共 {all} 处"),
            format!("{hidden} not shown, {all} in all"),
        )
    }

    /// The same of a whole report, and how to see it.
    #[must_use]
    pub fn not_shown_at_all(&self, hidden: usize, all: usize) -> String {
        let left = self.not_shown(hidden, all);
        self.choose(
            format!(
                "{left}；加 `--max-findings all` 全部显示，或用 `-o` 写入文件；一页的结果见 \
                    `fanshi review`，一行的见 `fanshi explain 主键`"
            ),
            format!(
                "{left}; `--max-findings all` shows them, `-o` writes them to a file; the outcome \
                    on a page: `fanshi review`, of one row: `fanshi explain KEY`"
            ),
        )
    }

    /// How many more rows lack the same facts, and which are the first.
    #[must_use]
    pub fn alike(&self, count: usize, missing: &str, rows: &str) -> String {
        self.choose(
            format!("另有 {count} 处同样缺少 {missing}：{rows}"),
            format!("{count} more lack {missing} as well: {rows}"),
        )
    }

    /// How many articles are not named of which nothing is shown.
    #[must_use]
    pub fn more_groups(&self, count: usize) -> String {
        self.choose(
            format!("另有 {count} 条，{}", self.hidden),
            format!("{count} more, {}", self.hidden),
        )
    }

    /// How many values of a finding are left out.
    #[must_use]
    pub fn more_values(&self, count: usize) -> String {
        self.choose(format!("另有 {count} 个值未列出"), format!("{count} more values not shown"))
    }

    /// Of how many elements nothing more is said.
    #[must_use]
    pub fn more(&self, count: usize) -> String {
        self.choose(format!("另有 {count} 项未列出"), format!("{count} more not shown"))
    }

    /// How many rows and articles were judged.
    #[must_use]
    pub fn judged(&self, rows: usize, articles: usize) -> String {
        let of = |count: usize, thing: &str| {
            if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
        };
        let english = format!("judged {} against {}", of(rows, "row"), of(articles, "article"));
        self.choose(format!("判断 {rows} 行，{articles} 条"), english)
    }

    /// How many rows were read where there is nothing to judge them by.
    pub fn read(&self, rows: usize) -> String {
        let english = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        self.choose(
            format!("读入 {rows} 行，没有条文"),
            format!("read {english}, there are no articles"),
        )
    }

    /// So many articles in which nothing was found.
    pub fn others_met(&self, count: usize) -> String {
        let english = if count == 1 { "article" } else { "articles" };
        self.choose(
            format!("没有发现问题的 {count} 条"),
            format!("{count} {english} without findings"),
        )
    }

    /// Why an article has no outcomes, or not all; `None` where it was judged.
    #[must_use]
    pub fn unjudged(&self, standing: Standing) -> Option<&'static str> {
        match standing {
            Standing::Judged | Standing::Otherwise => None,
            Standing::Faulty => Some(self.faulty),
            Standing::NotInEffect => Some(self.not_in_effect),
            Standing::NoRows => Some(self.no_rows),
        }
    }

    /// What the last sentence counts, where the tables count otherwise.
    pub fn by_sentence(&self) -> &'static str {
        self.choose(
            "（按句计；表中一行在一条只算一次）",
            " (counted by sentence; the tables count a row once for an article)",
        )
    }

    /// How findings of several articles are counted.
    pub fn by_finding(&self) -> &'static str {
        self.choose(
            "（一处发现涉及几条的，表中各条都计，合计只计一次）",
            " (what is found of several articles is counted for each of them in the tables, and \
                once in all)",
        )
    }

    /// What was judged of a project on a day; both may be without a name.
    #[must_use]
    pub fn named(&self, project: &str, as_of: &str, judged: &str) -> String {
        let day = match as_of {
            "" => String::new(),
            _ => self.choose(format!("截至 {as_of}"), format!("as of {as_of}")),
        };
        let named: Vec<&str> =
            [project, &day].into_iter().filter(|part| !part.is_empty()).collect();
        let colon = if named.is_empty() { "" } else { self.colon };
        format!("{}{colon}{judged}", named.join(self.comma))
    }

    /// What was found, and whether mistakes stood in the way; `counts` is empty where there are no
    /// findings.
    #[must_use]
    pub fn found(&self, counts: &str, errors: usize) -> String {
        let counts = match (counts.is_empty(), errors) {
            (false, _) => counts,
            (true, 0) => self.choose("未发现问题", "no findings"),
            (true, _) => self.choose("未下结论", "no conclusion"),
        };
        let incomplete = match errors {
            0 => String::new(),
            1 => self.choose("有 1 处错误，判断不完整。", " Incomplete: 1 error.").to_owned(),
            _ => self.choose(
                format!("有 {errors} 处错误，判断不完整。"),
                format!(" Incomplete: {errors} errors."),
            ),
        };
        self.choose(format!("{counts}。{incomplete}"), format!("{counts}.{incomplete}"))
    }

    /// The sentence of both.
    #[must_use]
    pub fn sentence(&self, judged: &str, found: &str) -> String {
        self.choose(format!("{judged}；{found}"), format!("{judged}; {found}"))
    }
}
