//! Small programs about one row: a few facts, and a list of elements with several fields, often
//! empty, that is counted, summed up, searched and looked up.

use super::Data;
use crate::generate::Random;
use serde_json::{Value as Json, json};

const VOCABULARY: &str = "枚举 处 { 留 去 调 }
枚举 色 { 红 蓝 绿 }
表 件 {
  号 : 文本 主键
  处 : 处
  甲 : 是否
  乙 : 是否
  数 : 整数
  附 : 整数 可缺
  色 : 色
  项 : 多个 { 值 : 整数 真 : 是否 字 : 文本 年 : 整数 }
}
";

/// Conditions about a row.
const OWN: &[&str] =
    &["甲", "乙", "数 > 5", "数 不超过 2", "数 为 3", "有 附", "无 附", "色 为 红", "色 不为 蓝"];

/// Conditions about its elements.
const LIST: &[&str] = &[
    "有 项",
    "数量(项) > 1",
    "数量(项: 真) 不少于 2",
    "存在(项: 真)",
    "没有(项 当 值 > 2: 真)",
    "每个(项: 真)",
    "每个(项: 字 为 “问”)",
    "每个(项: 字 开头为 “问” 或 值 > 2)",
    "存在(项: 值 > 2 且 字 不为 “问”)",
    "最大(项: 值) > 5",
    "最小(项 当 真: 值) < 3",
    "合计(项: 值) > 6",
    "合计(项 当 真: 值) 为 4",
    "项[年 = 2].值 为 7",
];

/// A program of a seed, with one row.
pub fn small(seed: u64) -> Option<Data> {
    let random = &mut Random::new(seed);
    let order = random.word(&["", "\n 次序 去 > 调 > 留", "\n 次序 去 > 留 > 调"]);
    let mut policy = format!("政策 策\n使用 词\n裁定 件.处{order}\n 否则 留\n");
    let count = 1 + random.below(3);
    for (number, name) in ["一", "二", "三"].iter().enumerate().take(count) {
        let demanded = random.word(&["去", "去", "调", "留"]);
        let asked = condition(random);
        policy.push_str(&format!("第{name}条 {name} 凡 件 当 {asked}，一律 {demanded}。\n"));
        if random.chance(20) {
            policy.push_str(&format!(" 除非 {}\n", condition(random)));
        }
        if number > 0 && random.chance(30) {
            policy.push_str(" 优先于 第一条\n");
        }
    }
    let texts = [VOCABULARY.to_owned(), policy.clone()];
    Data::new(&texts, vec![("件".into(), vec![row(random)])], policy)
}

fn condition(random: &mut Random) -> String {
    let parts: Vec<String> = (0..1 + random.below(3))
        .map(|_| {
            let atoms = if random.chance(50) { OWN } else { LIST };
            let atom = random.word(atoms);
            if random.chance(20) { format!("非 ({atom})") } else { atom.to_owned() }
        })
        .collect();
    parts.join(random.word(&[" 且 ", " 或 "]))
}

fn row(random: &mut Random) -> Json {
    let number = |random: &mut Random| [0, 1, 2, 3, 4, 6, 7][random.below(7)];
    let count = [0, 0, 0, 1, 2][random.below(5)];
    let elements: Vec<Json> = (0..count)
        .map(|_| {
            json!({
                "值": number(random), "真": random.chance(50), "字": random.word(&["问", "答"]),
                "年": 1 + random.below(3),
            })
        })
        .collect();
    let mut row = json!({
        "号": "一", "处": random.word(&["留", "去"]), "甲": random.chance(50),
        "乙": random.chance(50), "数": number(random), "色": random.word(&["红", "蓝", "绿"]),
        "项": elements,
    });
    if random.chance(50) {
        row["附"] = json!(3);
    }
    row
}
