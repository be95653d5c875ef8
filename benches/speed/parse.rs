//! Reading policies: with a blank between words, and without any.

use fanshi::{Source, Texts};

/// How many articles the file has.
const ARTICLES: usize = 200;

/// A vocabulary and a file of articles, the words apart or not.
fn sources(blanks: bool) -> [Source; 2] {
    let words = "词汇 词\n枚举 处理 { 取消 保留 }\n表 事项 {\n  编码 : 文本 主键\n  部门 : 文本\n  \
        法定时限 : 工作日\n  承诺时限 : 工作日\n  收费 : 金额\n  依据 : 文本 可缺\n  下放 : 是否\n  \
        可网络核验 : 是否\n  处理意见 : 处理\n}\n裁定 事项.处理意见 否则 保留\n\
        定义 法律依据不足(事项) = 无 依据\n";
    let sentences = [
        "凡 可网络核验 或 法律依据不足 的 事项，一律 取消。",
        "凡 部门 为 “公安”，收费 不少于 100 元 的 事项，承诺时限 不得 超过 法定时限。",
        "凡 有 依据 且 非 下放 的 事项，承诺时限 必须 在 20 个工作日 以内。",
        "凡 下放 的 事项，数量(事项: 可网络核验) 不得 少于 2，但 收费 为 0 元 的 除外。",
    ];
    let articles: String = (1..=ARTICLES)
        .map(|number| {
            let sentence = sentences[number % sentences.len()];
            let sentence = if blanks { sentence.to_owned() } else { sentence.replace(' ', "") };
            format!("第{number}条 条{number}\n  {sentence}\n\n")
        })
        .collect();
    let policy = format!("政策 策\n使用 词\n\n{articles}");
    [Source::new("词.fan", words), Source::new("策.fan", policy)]
}

/// 200 articles from text to trees.
#[divan::bench(args = [true, false])]
fn articles(bencher: divan::Bencher, blanks: bool) {
    let check: Texts = sources(blanks).into_iter().collect();
    assert!(check.diagnostics.is_empty(), "{:?}", check.diagnostics.first());
    bencher.with_inputs(|| sources(blanks)).bench_values(Texts::from_iter);
}
