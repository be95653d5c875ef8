//! Definitions that use the one before twice: everything that walks expressions walks each once, so
//! that a chain costs as much as it is long. Steps are counted, not time.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use fanshi::engine::RowRef;
use fanshi::program::{Clause, ExprId};
use fanshi::schema::FrameId;
use fanshi::why::{self, Blame, Conditions, Step, Walker};
use fanshi::workspace::{Options, Project};
use std::path::PathBuf;

/// What a chain costs.
#[derive(Debug)]
struct Cost {
    expressions: usize,
    nodes: usize,
    blamed: usize,
    told: usize,
    changes: usize,
}

/// A policy whose last definition says `link` of the one before, `length` times. The manifest has a
/// mistake, so that nothing is proved beforehand.
fn project(name: &str, first: &str, link: &str, length: usize) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("fanshi-chains-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut policy = String::from(
        "枚举 处 { 留 去 }\n表 项 { 号 : 文本 主键 数 : 整数 上 : 项 可缺 处理 : 处 }\n\
         裁定 项.处理 次序 去 > 留 否则 留\n",
    );
    policy.push_str(&format!("定义 d0(项) = {first}\n"));
    for at in 1..=length {
        let before = format!("d{}", at - 1);
        policy.push_str(&format!("定义 d{at}(项) = {}\n", link.replace('@', &before)));
    }
    policy.push_str(&format!(
        "定义 末(项) = {}\n",
        if first.contains('>') { format!("d{length}") } else { format!("d{length} > 3") }
    ));
    policy.push_str("第一条 一 凡 项，必须 末。\n第二条 二 凡 项，不得 末。\n");
    policy.push_str("第三条 三 凡 末 的 项，一律 去。\n");
    std::fs::write(folder.join("p.fan"), policy).unwrap();
    std::fs::write(folder.join("d.csv"), "号,数,上,处理\na,10,b,留\nb,0,a,去\nc,,,留\n").unwrap();
    let manifest = "nothing = 1\n[project]\nname = \"chains\"\nas_of = 2015-11-20\n\
                    policies = [\"p.fan\"]\n[data]\n\"项\" = \"d.csv\"\n";
    std::fs::write(folder.join("fanshi.toml"), manifest).unwrap();
    folder
}

fn steps(step: &Step) -> usize {
    1 + step.parts.iter().map(steps).sum::<usize>()
}

fn cost(name: &str, first: &str, link: &str, length: usize) -> Cost {
    let folder = project(&format!("{name}-{length}"), first, link, length);
    let run = Project::read(&folder).run(&Options::default());
    assert!(!run.summary.diagnostics.iter().any(|found| found.code == "too_deep"));
    let mut blamed = 0;
    for judgement in &*run.policy.judgements {
        let article = run.program().article(judgement.article).unwrap();
        let sentence = &article.sentences[judgement.sentence];
        let asked: Vec<ExprId> = match sentence.clause {
            Clause::Require { condition, .. } => vec![condition],
            _ => sentence.condition.into_iter().collect(),
        };
        for (row, expr) in (0..3).flat_map(|row| asked.iter().map(move |expr| (row, *expr))) {
            let walked = Walker::least(&run.evaluator, |walker| {
                let want = match walker.truth(expr, judgement.context, row) {
                    Some(true) => Blame::True,
                    Some(false) => Blame::False,
                    None => Blame::Unknown,
                };
                walker.blame(expr, judgement.context, row, want);
            });
            blamed += walked.steps;
        }
    }
    let (mut told, mut changes) = (0, 0);
    for row in 0..3 {
        let row = RowRef { frame: FrameId(0), row };
        let record = why::record(&run, row, |_| true, Conditions::All);
        for entry in &record.entries {
            let all = [&entry.condition, &entry.exception, &entry.requirement];
            told += all.into_iter().flatten().map(steps).sum::<usize>();
        }
        changes += record.dispositions.iter().map(|found| found.changes.len()).sum::<usize>();
    }
    let (expressions, nodes) = (run.program().exprs.len(), run.policy.graph.nodes.len());
    let found = Cost { expressions, nodes, blamed, told, changes };
    std::fs::remove_dir_all(folder).unwrap();
    found
}

#[test]
fn a_chain_costs_as_much_as_it_is_long() {
    let chains = [
        ("or", "数 > 1", "@ 或 @"),
        ("and", "数 > 1", "@ 且 @ 且 @"),
        ("not", "数 > 1", "非 @ 或 @ 且 非 @"),
        ("equal", "数 > 1", "@ = @"),
        ("has", "数 > 1", "(有 数 且 @) 或 (无 数 或 @)"),
        ("list", "数 > 1", "存在(项: @) 或 @"),
        ("inverse", "数 > 1", "每个(项 当 有 上 且 上 = 本行: @) 且 @"),
        ("plus", "数 * 0", "@ + @"),
        ("count", "数 * 0", "数量(项: @ > 1) + @ - @"),
        ("rounded", "数 * 0", "四舍五入(@, 1) + 绝对值(@)"),
    ];
    for (name, first, link) in chains {
        let (short, long) = (cost(name, first, link, 12), cost(name, first, link, 24));
        for (what, short, long) in [
            ("expressions", short.expressions, long.expressions),
            ("nodes", short.nodes, long.nodes),
            ("steps of an explanation", short.blamed, long.blamed),
            ("steps of a record", short.told, long.told),
            ("changes", short.changes, long.changes),
        ] {
            assert!(short > 0, "{name}: {what}");
            // Twice as long: about twice as much. Reasons that are compared cost a square at first.
            assert!(long <= 5 * short + 100, "{name}: {what} {short}, then {long}");
        }
    }
}
