//! Sentences of documents that judge no row: when they take effect, what their words mean, who
//! explains them, what other rules are left alone; and where a citation stands in front.

use super::amounts::Put;
use super::explain::Place;
use super::phrasing::binds;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::{numeral, word};

/// What a sentence ends with, or holds, that says something of the document alone.
const OF_ITSELF: [&str; 5] = ["负责解释", "同时废止", "，制定本", "负责组织实施", "遵照执行"];

/// What ends a sentence that leaves other rules alone.
const LEFT_ALONE: [&str; 5] = ["从其规定", "从其约定", "依照其规定", "适用其规定", "按照其规定"];

impl Place<'_> {
    /// A sentence of the document about itself, or one that begins with what it cites.
    pub(super) fn standing(&self) -> Option<SyntaxError> {
        let text = self.reader.text;
        let head = text.get(..self.at)?;
        let begin = |word: &str| head.rfind(word).map(|at| at + word.len());
        let from = ["。", "；", "\n"].into_iter().filter_map(begin).max().unwrap_or(0);
        let line = text.get(from..self.at + self.rest_of_sentence().len())?;
        let from = from + numbered(line);
        let sentence = text.get(from..self.at + self.rest_of_sentence().len())?;
        let is_rule = sentence.contains('凡');
        let own = |put: fn(&str) -> Option<Put>| (!is_rule).then(|| put(sentence)).flatten();
        let put = left_alone(sentence)
            .or_else(|| cited_first(sentence))
            .or_else(|| own(takes_effect))
            .or_else(|| own(means))
            .or_else(|| own(of_itself));
        let (at, help) = put?;
        let written = sentence.get(at.clone())?.to_owned();
        Some(self.reader.error(from + at.start..from + at.end, ErrorKind::Otherwise(written, help)))
    }
}

/// How many bytes of a line are the number of its article, and what divides it from the sentence.
fn numbered(line: &str) -> usize {
    let begin = line.len() - line.trim_start().len();
    let rest = line.get(begin..).unwrap_or("");
    let run = word::run(rest);
    let number = match word::is_article_number(run) {
        true => run.len(),
        false => word::glued_number(run).unwrap_or(0),
    };
    let rest = rest.get(number..).unwrap_or("");
    let blank = |c: char| c.is_whitespace() || c == '\u{E000}';
    begin + number + rest.len() - rest.trim_start_matches(blank).len()
}

/// `甲另有规定的，从其规定`: an exception of which only its own condition is said.
fn left_alone(sentence: &str) -> Option<Put> {
    let end = LEFT_ALONE.iter().find_map(|word| Some(sentence.rfind(word)? + word.len()))?;
    let other = ["另有规定", "另有约定"];
    let other =
        other.iter().find_map(|word| Some(sentence.get(..end)?.rfind(word)? + word.len()))?;
    let head = sentence.get(..other)?;
    let comma = head.rfind(['，', ',']).map_or(0, |at| {
        at + head.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    });
    let condition = head.get(comma..)?.trim();
    let start = comma + head.get(comma..)?.len() - head.get(comma..)?.trim_start().len();
    let condition = condition.trim_start_matches(['但', '是']).trim();
    let name = word::in_expression(condition);
    let help = say!(
        "是例外，写作 `除非 {name}`，并把它声明为类型是 `是否` 的列或者一个定义；哪些行另有规定数据里看不出来的，这半句判断不了，写成注释：`# …`",
        "this is an exception: write `unless {name}` and declare it, as a `boolean` field or a \
            definition; where nothing in the data tells, nothing can be judged by it: make it a \
            comment, `# …`"
    );
    Some((start..end, help))
}

/// `根据《…》第四十条，凡 …`: what is cited stands behind the sentence.
fn cited_first(sentence: &str) -> Option<Put> {
    let words = ["根据", "依据", "按照", "依照", "遵照"];
    let cites = words.iter().find(|word| sentence.starts_with(**word))?;
    let whenever = sentence.find('凡')?;
    let cited = sentence.get(cites.len()..whenever)?.trim();
    let cited = cited.strip_suffix(['，', ','])?.trim();
    let cited = cited.strip_suffix("的规定").unwrap_or(cited);
    let is_title = cited.starts_with('《') || cited.ends_with(['条', '款', '项', '号', '》']);
    let help = say!(
        "引据写在句子后面，另起一行：`凡 …。`，下一行 `根据 {cited}`",
        "what is cited stands behind the sentence, on a line of its own: `凡 …。`, then `根据 \
            {cited}`"
    );
    let length = sentence.get(..whenever)?.trim_end().len();
    is_title.then_some((0..length, help))
}

/// `本办法自2022年8月1日起施行`: the day from which the policy is in effect.
fn takes_effect(sentence: &str) -> Option<Put> {
    let plain = sentence.trim_end();
    let from = plain.find('自')?;
    let behind = plain.get(from + '自'.len_utf8()..)?;
    let until = behind.find('起')?;
    let verbs = ["施行", "实施", "执行", "生效"];
    let verb = behind.get(until + '起'.len_utf8()..)?.trim_start();
    verbs.iter().find(|word| verb.starts_with(**word))?;
    let help = match numeral::in_figures(behind.get(..until)?.trim().trim_end_matches('之')) {
        Some(date) => say!(
            "施行的日子写在 `政策 …` 之下，另起一行：`施行 {date}`；只是这一条的，这一句换成它",
            "the day stands below `policy …`, on a line of its own: `effective {date}`; where it \
                is of this article alone, in place of this sentence"
        ),
        None => say!(
            "施行的日子写在 `政策 …` 之下，另起一行，写明是哪一天：`施行 2022-08-01` 这样写",
            "the day stands below `policy …`, on a line of its own, like `effective 2022-08-01`"
        ),
    };
    Some((0..plain.len(), help))
}

/// `本办法所称甲，是指…`: what a word means.
fn means(sentence: &str) -> Option<Put> {
    let plain = sentence.trim_end();
    let behind = plain.get(plain.find("所称")? + "所称".len()..)?;
    let (name, _) = behind.split_once("是指").or_else(|| behind.split_once('指'))?;
    let name = name.trim().trim_start_matches('的').trim_end_matches(['，', ',', ' ']);
    let name = name.trim_matches(['“', '”', '"']);
    let is_short = !name.is_empty() && !name.contains(['，', ',', '、']);
    let name = if is_short { word::declared(name) } else { "…".to_owned() };
    let help = say!(
        "一个词算作什么，写成定义：`定义 {name}(表) = …`，等号后面写条件；一张表里本来就只有这些行的，不用写，写成注释：`# …`",
        "what a word stands for is a definition: `define {name}(TABLE) = …`, with a condition; \
            where a table has no other rows, make it a comment: `# …`"
    );
    Some((0..plain.len(), help))
}

/// `本办法由…负责解释`: what nothing can be judged by.
fn of_itself(sentence: &str) -> Option<Put> {
    let plain = sentence.trim_end();
    let is_so = OF_ITSELF.iter().any(|word| plain.contains(word)) && !binds(plain);
    is_so.then(|| {
        let help = say!(
            "这一句不判断任何一行，写成注释：行首加 `#`",
            "nothing is judged by this sentence: make it a comment, with `#` at its beginning"
        );
        (0..plain.len(), help)
    })
}
