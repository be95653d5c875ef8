//! Rows of one table held against those of another: by two equalities, in either order, computed,
//! and by order.

use crate::evaluate::{evaluated, violated};
use crate::workload::{Compiled, Random, load, open};
use divan::Bencher;
use divan::counter::ItemsCount;
use fanshi::engine::Rows;
use std::fmt::Write as _;
use std::path::Path;

const ROWS: usize = 20_000;

const WORDS: &str = "词汇 词\n枚举 类 { 许可、处罚、确认 }\n\
    表 甲 { 号 : 文本 主键 类 : 类 名 : 文本 起 : 整数 止 : 整数 }\n\
    表 乙 { 号 : 文本 主键 类 : 类 名 : 文本 起 : 整数 止 : 整数 }\n";

/// What a row of 甲 must find in 乙.
const CONDITIONS: [(&str, &str); 6] = [
    ("类 then 名", "存在(乙: 类 = 本行.类 且 名 = 本行.名)"),
    ("名 then 类", "存在(乙: 名 = 本行.名 且 类 = 本行.类)"),
    ("computed", "存在(乙: 类 = 本行.类 且 规整(名) = 规整(本行.名))"),
    ("looked up", "乙[类 = 本行.类 且 名 = 本行.名].起 >= 0"),
    ("within", "数量(乙: 起 介于 本行.起 至 本行.止) >= 0"),
    ("overlap", "数量(乙: 起 <= 本行.止 且 止 >= 本行.起) >= 0"),
];

fn loaded(condition: &str) -> (Compiled, Rows) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed-joins");
    std::fs::create_dir_all(&folder).expect("a folder for the workload");
    let mut random = Random::new(20_151_120);
    for (table, lead) in [("甲", "A"), ("乙", "B")] {
        let mut text = String::from("号,类,名,起,止\n");
        for row in 0..ROWS {
            let kind =
                if random.chance(800) { "处罚" } else { random.pick(&["许可", "确认"]) };
            let from = random.below(1_000_000);
            let to = from + random.below(100);
            let _ = writeln!(text, "{lead}{row},{kind},对违反“第 {row} 项”规定的处罚,{from},{to}");
        }
        std::fs::write(folder.join(format!("{table}.csv")), text).expect("a table is written");
    }
    let policy = format!("使用 词\n第一条 甲 凡 甲，必须 {condition}。\n");
    let manifest = "[project]\nname = \"甲乙\"\nas_of = 2015-11-20\n\
        policies = [\"词.fan\", \"政.fan\"]\n[data]\n\"甲\" = \"甲.csv\"\n\"乙\" = \"乙.csv\"\n";
    for (name, text) in [("词.fan", WORDS), ("政.fan", &policy), ("fanshi.toml", manifest)] {
        std::fs::write(folder.join(name), text).expect("the workload can be written");
    }
    let compiled = open(&folder.join("fanshi.toml"));
    let rows = load(&compiled);
    (compiled, rows)
}

#[divan::bench(args = CONDITIONS.map(|(name, _)| name), sample_count = 20, sample_size = 1)]
fn of_twenty_thousand(bencher: Bencher, name: &str) {
    let condition = CONDITIONS.iter().find(|(known, _)| *known == name).expect("a condition").1;
    let (compiled, rows) = loaded(condition);
    bencher
        .counter(ItemsCount::new(ROWS))
        .bench(|| violated(&compiled, &evaluated(&compiled, &rows)));
}
