//! Reports made by hand: a few files as text, and findings that point into them.

use fanshi::diagnostic::Bilingual;
use fanshi::finding::{
    ArticleSummary, Change, Counts, DecisionSummary, Evidence, Figure, Finding, Findings, Head,
    MeasureSummary, Outcome, Report, Role, Standing, Subject, Summary, WaiverState, WaiverSummary,
    Weight,
};
use fanshi::place::{At, Excerpt, Place};
use fanshi::report::{Format, Options, write};
use fanshi::say;
use fanshi::syntax::tree::Language;
use fanshi::text::Source;
use fanshi::value::Ratio;

pub const ITEMS: &str = "\
[[事项]]
编码 = \"XK-017\"
名称 = \"户外广告设置审批\"
处理意见 = \"保留\"
设定依据 = [{ 法规 = \"城市市容管理办法\", 条款 = \"第九条\" }]
承诺时限 = \"15 工作日\"

[[事项]]
编码 = \"XK-018\"
名称 = \"临时占用城市道路审批\"
处理意见 = \"保留\"
设定依据 = []
环节 = [
  { 名称 = \"受理\" },
  { 名称 = \"审查\" },
  { 名称 = \"现场勘查\", 依据 = \"\" },
]
";

pub const POLICY: &str = "\
政策 七个凡是 | seven_whenevers

第二条 依据不足 | no_basis
  凡 法律依据不足 的 事项，一律 取消。
  根据 《行政许可法》第十七条

第五条 自设前置条件 | self_set
  凡 事项.环节，必须 有 依据。

第九条 承诺时限档位 | promised_tier
  凡 保留 的 事项，
    承诺时限 必须 属于 {1 工作日、3 工作日、7 工作日}。
";

/// The place of the `nth` occurrence (from 0) of a piece of a text.
pub fn place(name: &str, text: &str, piece: &str, nth: usize) -> Place {
    let start = text.match_indices(piece).nth(nth).map(|(at, _)| at).expect("the piece occurs");
    Place::of(&Source::new(name, text), start..start + piece.len())
}

pub fn cell(sheet: &str, cell: &str, row: &str, piece: &str, line: usize) -> Place {
    let start = row.find(piece).expect("the piece occurs");
    Place {
        file: "上报.xlsx".into(),
        at: At::Cell { sheet: sheet.into(), cell: cell.into() },
        excerpt: Excerpt {
            text: row.into(),
            first_line: line,
            cut_before: 0,
            mark: start..start + piece.len(),
        },
    }
}

pub fn data(piece: &str, nth: usize, label: Bilingual, value: &str) -> Evidence {
    Evidence {
        role: Role::Data,
        place: place("items/xk.toml", ITEMS, piece, nth),
        label,
        value: Some(Bilingual::same(value)),
    }
}

pub fn clause(piece: &str, label: Bilingual) -> Evidence {
    Evidence {
        role: Role::Policy,
        place: place("seven-whenevers.fan", POLICY, piece, 0),
        label,
        value: None,
    }
}

pub fn subject(key: &str, title: &str) -> Subject {
    Subject {
        table: Bilingual::new("事项", "item"),
        key: Some(key.into()),
        number: 1,
        title: Some(title.into()),
        path: None,
    }
}

/// A finding with nothing but its article and message.
pub fn bare(
    article: &str,
    heading: &str,
    outcome: Outcome,
    weight: Weight,
    message: Bilingual,
) -> Finding {
    let key = message.en.clone();
    Finding {
        article: article.into(),
        heading: Bilingual::same(heading),
        outcome,
        weight,
        subject: Some(Subject { title: None, ..subject("XK-001", "") }),
        message,
        help: None,
        demanded: None,
        declared: None,
        waiver: None,
        cite: Vec::new(),
        provisions: Vec::new(),
        evidence: Vec::new(),
        missing: Vec::new(),
        fingerprint: format!("{article}:{key}"),
        stated: None,
        plain: None,
    }
}

/// `XK-017` has no sufficient basis.
pub fn violation() -> Finding {
    Finding {
        subject: Some(subject("XK-017", "户外广告设置审批")),
        help: Some(say!("补充现行有效的依据，或改为取消", "give a basis in force, or cancel")),
        demanded: Some(Bilingual::new("取消", "cancel")),
        declared: Some(Bilingual::new("保留", "retain")),
        cite: vec!["《行政许可法》第十七条".into()],
        evidence: vec![
            data("\"保留\"", 0, say!("处理意见 为 保留", "outcome is retain"), "retain"),
            data(
                "\"城市市容管理办法\"",
                0,
                say!(
                    "位阶 为 规范性文件，低于 省级政府规章",
                    "rank is normative_document, below provincial_rule"
                ),
                "normative_document",
            ),
            clause("法律依据不足", say!("条件成立", "holds")),
            clause("一律 取消", Bilingual::default()),
        ],
        ..bare(
            "seven_whenevers.no_basis",
            "七个凡是 第二条 依据不足",
            Outcome::Violated,
            Weight::Error,
            say!("没有现行有效且有权设定行政许可的依据", "no basis in force may set a licence"),
        )
    }
}

/// `XK-018` declares no basis at all, by the same clause.
pub fn second_violation() -> Finding {
    let first = violation();
    let clauses = first.evidence.iter().filter(|evidence| evidence.role == Role::Policy).cloned();
    let values = [
        data("\"保留\"", 1, say!("处理意见 为 保留", "outcome is retain"), "retain"),
        data("[]", 0, say!("设定依据 有 0 项", "basis has 0 elements"), "0"),
    ];
    Finding {
        subject: Some(subject("XK-018", "临时占用城市道路审批")),
        evidence: values.into_iter().chain(clauses).collect(),
        ..first
    }
}

/// A step of `XK-018` whose basis nobody gave.
pub fn undetermined() -> Finding {
    let path = |zh: &str, en: &str| Bilingual::new(zh, en);
    Finding {
        subject: Some(Subject {
            path: Some(path("环节[1]", "steps[1]")),
            ..subject("XK-018", "临时占用城市道路审批")
        }),
        missing: vec![path("环节[1].依据", "steps[1].basis")],
        evidence: vec![
            data("{ 名称 = \"审查\" }", 0, say!("没有 依据", "no basis given"), ""),
            clause("必须 有 依据", Bilingual::default()),
        ],
        ..bare(
            "seven_whenevers.self_set",
            "七个凡是 第五条 自设前置条件",
            Outcome::Undetermined,
            Weight::Question,
            say!("不知道 依据 有无", "whether there is a basis is unknown"),
        )
    }
}

/// Two articles that demand different dispositions.
pub fn conflict() -> Finding {
    Finding {
        subject: Some(subject("XK-017", "户外广告设置审批")),
        evidence: vec![
            clause("一律 取消", say!("第二条 要求 取消", "article 2 demands cancel")),
            clause("承诺时限 必须", say!("第九条 要求 调整", "article 9 demands adjust")),
        ],
        ..bare(
            "seven_whenevers.no_basis",
            "七个凡是 第二条 依据不足",
            Outcome::Conflict,
            Weight::Error,
            say!(
                "第二条 要求 取消，第九条 要求 调整，没有次序",
                "article 2 demands cancel, article 9 demands adjust, nothing orders them"
            ),
        )
    }
}

/// An article that never applied.
pub fn vacuous() -> Finding {
    Finding {
        subject: None,
        evidence: vec![clause("凡 保留 的 事项", Bilingual::default())],
        ..bare(
            "seven_whenevers.promised_tier",
            "七个凡是 第九条 承诺时限档位",
            Outcome::Vacuous,
            Weight::Warning,
            say!("`保留` 对 236 行都不成立", "`retained` held for none of 236 rows"),
        )
    }
}

/// One of every kind, with the hardest excerpts.
pub fn everything() -> Vec<Finding> {
    let line = format!("{}{}{}\n", "长abc".repeat(150), "【标记】", "尾，".repeat(150));
    let long = Evidence {
        place: place("长.jsonl", &line, "【标记】", 0),
        ..data(
            "保留",
            0,
            say!(
                "在\u{1b}长行里，而且这个说明自己也很长很长很长，要折行才放得下",
                "in a long line"
            ),
            "",
        )
    };
    let empty = Evidence {
        role: Role::Data,
        place: Place::file("fanshi.toml"),
        label: say!("整个文件，一个没有行号的地方，也可以有一个很长的说明，要折行", "a file"),
        value: None,
    };
    let end = Evidence {
        place: Place::of(&Source::new("尾.toml", "a = 1"), 5..5),
        ..data("保留", 0, say!("文件到此为止", "end"), "")
    };
    let hard = Finding { evidence: vec![long, empty, end], ..undetermined() };
    let referred = Finding { outcome: Outcome::Referred, ..undetermined() };
    let warning = Finding { weight: Weight::Warning, ..second_violation() };
    let waived = Finding { outcome: Outcome::Waived, weight: Weight::Warning, ..violation() };
    let waiver = Finding { outcome: Outcome::Waiver, ..waived.clone() };
    let mut findings = vec![
        violation(),
        second_violation(),
        undetermined(),
        conflict(),
        vacuous(),
        hard,
        referred,
        warning,
        waived,
        waiver,
    ];
    for (index, finding) in findings.iter_mut().enumerate() {
        finding.message = say!("第{index}个，", "number {index};");
    }
    findings
}

/// Findings in memory.
pub struct Listed(pub Vec<Finding>);

impl Findings for Listed {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Finding {
        self.0[index].clone()
    }

    fn head(&self, index: usize) -> Head<'_> {
        let finding = &self.0[index];
        let subject = finding.subject.as_ref();
        Head {
            article: &finding.article,
            outcome: finding.outcome,
            weight: finding.weight,
            table: subject.map_or("", |subject| &subject.table.en),
            key: subject.and_then(|subject| subject.key.as_deref()).unwrap_or("").into(),
            row: None,
            path: subject.and_then(|subject| subject.path.as_ref()).map(|path| path.en.clone()),
        }
    }
}

fn article(article: &str, heading: &str, counts: [usize; 6], standing: Standing) -> ArticleSummary {
    let [satisfied, violated, not_applicable, exempt, undetermined, waived] = counts;
    let counts = Counts {
        satisfied,
        violated,
        not_applicable,
        exempt,
        undetermined,
        waived,
        ..Counts::default()
    };
    ArticleSummary {
        article: article.into(),
        heading: Bilingual::new(heading, article.replace('.', " ")),
        counts,
        standing,
    }
}

/// A report without summary tables.
pub fn plain(findings: &Listed) -> Report<'_> {
    told(plain_summary(), findings)
}

/// A report of a summary; tests end soon, so that it is kept for good.
pub fn told(summary: Summary, findings: &Listed) -> Report<'_> {
    Report { summary: Box::leak(Box::new(summary)), findings }
}

pub fn plain_summary() -> Summary {
    Summary {
        project: "样例".into(),
        as_of: "2015-11-20".into(),
        rows: vec![(Bilingual::new("事项", "item"), 2)],
        judged: 2,
        ..Summary::default()
    }
}

/// A report with everything in its tables.
pub fn full(findings: &Listed) -> Report<'_> {
    told(full_summary(), findings)
}

pub fn full_summary() -> Summary {
    let of = |zh: &str, en: &str| Bilingual::new(zh, en);
    let articles = vec![
        article(
            "seven_whenevers.no_basis",
            "七个凡是 第二条 依据不足",
            [221, 12, 0, 2, 0, 1],
            Standing::Judged,
        ),
        article(
            "seven_whenevers.self_set",
            "七个凡是 第五条 自设前置条件",
            [1104, 0, 0, 0, 3, 0],
            Standing::Judged,
        ),
        article(
            "seven_whenevers.promised_tier",
            "七个凡是 第九条 承诺时限档位",
            [0, 0, 236, 0, 0, 0],
            Standing::Judged,
        ),
        article(
            "seven_whenevers.step_count",
            "七个凡是 第八条 环节数量与“最多跑一次”要求的衔接",
            [120, 4, 100, 12, 0, 0],
            Standing::Judged,
        ),
        article("seven_whenevers.old", "七个凡是 第十条 旧办法", [0; 6], Standing::NotInEffect),
    ];
    Summary {
        project: "上街区第三轮行政审批制度改革".into(),
        rows: vec![(of("事项", "item"), 236), (of("法规", "statute"), 1489)],
        judged: 236,
        totals: articles.iter().map(|found| found.counts).sum(),
        articles,
        decisions: vec![DecisionSummary {
            field: of("事项.处理意见", "item.outcome"),
            dispositions: vec![
                (of("取消", "cancel"), 36, 48),
                (of("报请", "refer_up"), 0, 2),
                (of("保留", "retain"), 200, 183),
            ],
            open: 3,
        }],
        measures: measures(),
        waivers: vec![
            waiver("seven_whenevers.no_basis", "XK-017", WaiverState::Needed, None),
            waiver(
                "seven_whenevers.step_count",
                "XK-020",
                WaiverState::Expired,
                Some("2015-06-30"),
            ),
            waiver("seven_whenevers.self_set", "XK-021", WaiverState::Unused, Some("2016-06-30")),
        ],
        ..plain_summary()
    }
}

/// A figure, one by group, a change by group with an unknown figure, and a change without groups.
fn measures() -> Vec<MeasureSummary> {
    let of = |zh: &str, en: &str| Bilingual::new(zh, en);
    let plain = |value: Option<&str>| Figure {
        value: value.map(Bilingual::same),
        amount: value.and_then(|value| value.parse().ok()).map(Ratio::from_integer),
        change: None,
    };
    let group = |zh: &str, en: &str, figure| (Some(of(zh, en)), figure);
    let days = |zh: i32| Bilingual::new(format!("{zh} 个工作日"), format!("{zh} workdays"));
    let change = |before: i32, after: Option<i32>, percent: Option<&str>| {
        let difference = after.map(|after| days(after - before));
        Figure {
            value: after.map(days),
            amount: after.map(|after| Ratio::from_integer(after.into())),
            change: Some(Change {
                before: Some(days(before)),
                amount: Some(Ratio::from_integer(before.into())),
                difference,
                percent: percent.map(Into::into),
            }),
        }
    };
    let measure = |name: &str, heading, values, overall| MeasureSummary {
        measure: name.into(),
        heading,
        values,
        by: None,
        groups: Vec::new(),
        overall,
    };
    let planning = [
        group("规划局", "planning", plain(Some("31"))),
        group("城市综合执法局", "enforcement", plain(None)),
    ];
    let days_of = [
        group("规划局", "planning", change(1183, Some(591), Some("-50.0%"))),
        group("城市综合执法局", "enforcement", change(44, None, None)),
    ];
    vec![
        measure(
            "seven_whenevers.reduction",
            of("削减率", "reduction"),
            vec![(None, plain(Some("51.2%")))],
            None,
        ),
        measure(
            "seven_whenevers.removed",
            of("精简环节", "steps removed"),
            planning.into(),
            Some(plain(None)),
        ),
        measure(
            "seven_whenevers.days",
            of("时限", "days"),
            days_of.into(),
            Some(change(1227, None, None)),
        ),
        measure(
            "seven_whenevers.hall",
            of("大厅时限", "days in the hall"),
            vec![(None, change(20, Some(15), Some("-25.0%")))],
            None,
        ),
    ]
}

fn waiver(article: &str, item: &str, state: WaiverState, until: Option<&str>) -> WaiverSummary {
    WaiverSummary {
        table: None,
        article: article.into(),
        item: item.into(),
        row: Bilingual::same(item),
        authority: format!("会议纪要{item}"),
        reason: "已报市政府，等批复".into(),
        until: until.map(Into::into),
        state,
    }
}

pub fn options(width: usize) -> Options {
    Options {
        language: Language::Chinese,
        color: false,
        width,
        max_findings: None,
        base: String::new(),
        root: String::new(),
    }
}

pub fn written(report: &Report, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    write(report, format, options, &mut out).expect("memory does not fail");
    String::from_utf8(out).expect("reports are UTF-8")
}
