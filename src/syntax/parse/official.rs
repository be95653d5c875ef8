//! Phrases of offices that the language puts otherwise, wherever in their sentence reading stopped:
//! limits from a day on, lists of cases, words for a relation.

use super::amounts::{Put, amount};
use super::explain::Place;
use super::limits::{is_bound, limit};
use super::node::Node;
use super::phrasing::{ALL, binds};
use crate::diagnostic::Bilingual;
use crate::say;
use crate::syntax::error::{ErrorKind, SyntaxError};
use crate::syntax::grammar::Rule;
use crate::syntax::keyword::Keyword;
use crate::syntax::relation as relations;
use crate::syntax::remedy::{made, made_of, utmost};
use crate::syntax::{keyword, numeral, word};

/// Words before a number or a text, and what is written for them; a blank where a word in them is
/// known.
const RELATIONS: &[(&str, &str)] = &[
    ("不可超过", "不得 超过"),
    ("长于", "超过"),
    ("短于", "少于"),
    ("达到", "不少于"),
    ("最多", "不超过"),
    ("至多", "不超过"),
    ("最少", "不少于"),
    ("至少", "不少于"),
    ("不足", "不满"),
    ("不 足", "不满"),
    ("含有", "包含"),
    ("含 有", "包含"),
];

impl Place<'_> {
    /// A phrase of the sentence that the place is in.
    pub(super) fn official(&self) -> Option<SyntaxError> {
        let text = self.reader.text;
        let head = text.get(..self.at)?;
        let end = self.at + self.rest_of_sentence().len();
        if let Some(error) = self.excepted_first(end) {
            return Some(error);
        }
        let whole = |at: usize, word: &str| {
            let first = text.get(at..end).and_then(keyword::sentence_first);
            at + first.filter(|_| word == "凡").unwrap_or(word).len()
        };
        let begin = |word: &str| head.rfind(word).map(|at| whole(at, word));
        let from = ["。", "；", "凡"].into_iter().filter_map(begin).max()?.max(self.from);
        let sentence = text.get(from..end)?;
        // That it speaks of all is said first.
        if ALL.iter().any(|all| sentence.trim_start().starts_with(all)) {
            return None;
        }
        if let Some(error) = self.unbound(sentence, from).or_else(|| self.having(from)) {
            return Some(error);
        }
        let put = waived(sentence, text.get(..from)?)
            .or_else(|| from_a_day(sentence))
            .or_else(|| cases(sentence))
            .or_else(|| nothing(sentence))
            .or_else(|| amount(sentence))
            .or_else(|| limit(sentence))
            .or_else(|| made_so(sentence))
            .or_else(|| required_in_row(sentence))
            .or_else(|| behind_subject(sentence))
            .or_else(|| unique(sentence))
            .or_else(|| mostly(sentence))
            .or_else(|| paused(sentence))
            .or_else(|| misheard(sentence))
            .or_else(|| subject_first(sentence))
            .or_else(|| relation(sentence));
        let (at, help) = put?;
        let written = sentence.get(at.clone())?;
        let is_word = RELATIONS.iter().any(|(word, _)| *word == written);
        let written = if is_word { written.replace(' ', "") } else { written.to_owned() };
        let kind = ErrorKind::Otherwise(written, help);
        Some(self.reader.error(from + at.start..from + at.end, kind))
    }

    /// `除 甲、乙 的 外，凡 …`: what stands in front of the sentence.
    fn excepted_first(&self, end: usize) -> Option<SyntaxError> {
        let text = self.reader.text;
        let blank = |c: char| c.is_whitespace() || c == '\u{E000}';
        let line = text.get(self.from..end)?;
        let from = self.from + line.len() - line.trim_start_matches(blank).len();
        let sentence = text.get(from..end).filter(|sentence| sentence.starts_with('除'))?;
        let (at, help) = paused(sentence)?;
        let written = sentence.get(at.clone())?.to_owned();
        let kind = ErrorKind::Otherwise(written, help);
        Some(self.reader.error(from + at.start..from + at.end, kind))
    }

    /// `限最长不超过5个工作日`: a limit behind 最长 that nothing requires.
    fn unbound(&self, sentence: &str, from: usize) -> Option<SyntaxError> {
        let comma = |at: usize| {
            at + sentence.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
        };
        let start = sentence.rfind(['，', ',']).map_or(0, comma);
        let clause = sentence.get(start..)?;
        let begin = start + clause.len() - clause.trim_start().len();
        let clause = clause.trim();
        let put = utmost(clause).filter(|_| start > 0);
        // `都适用本法`: what stands behind 都 is not required either.
        let alike = ["均", "都"].iter().find_map(|word| clause.strip_prefix(word));
        let alike = alike.filter(|rest| {
            let rest = rest.trim();
            let is_then = keyword::KEYWORDS.iter().filter(|own| own.requires());
            let mut words = is_then.flat_map(|own| own.chinese);
            word::is_identifier(rest) && !words.any(|word| rest.starts_with(word))
        });
        let is_open = put.is_some() || alike.is_some();
        (is_open && !is_bound(clause)).then(|| {
            let at = from + begin..from + begin + clause.len();
            self.reader.error(at, ErrorKind::NoModal(clause.to_owned()))
        })
    }

    /// `必须具有 甲`: another word for 有, in the word at the place or right before it.
    fn having(&self, from: usize) -> Option<SyntaxError> {
        let text = self.reader.text;
        let before = text.get(from..self.at)?.trim_end();
        let before = (from + before.len() - word::last(before).len(), word::last(before));
        let near = [(self.at, word::run(self.rest())), before];
        let words = ["具有", "具备"].into_iter();
        let mut found =
            words.flat_map(|word| near.map(|(at, run)| Some((at + run.find(word)?, word))));
        let (at, word) = found.find_map(|found| found)?;
        let behind = text.get(at + word.len()..self.to)?.trim_start();
        let is_list = ["下列", "以下"].iter().any(|list| behind.starts_with(list));
        let help = say!("写作 `有`", "write `有`");
        let kind = ErrorKind::Otherwise(word.to_owned(), help);
        (!is_list).then(|| self.reader.error(at..at + word.len(), kind))
    }
}

/// `自 甲 之日起 10 日内`: how a limit from a day is put that stands in a name.
pub(crate) fn day_limit(name: &str) -> Option<Bilingual> {
    from_a_day(name).map(|(_, help)| help)
}

/// `一律 为 甲`: what is no disposition.
fn made_so(sentence: &str) -> Option<Put> {
    let (at, then) = ["一律", "予以", "均"]
        .iter()
        .filter_map(|word| Some((sentence.find(word)?, *word)))
        .min()?;
    let behind = sentence.get(at + then.len()..)?;
    let value = made_of(behind.trim())?;
    let start = sentence.len() - behind.trim_start().len();
    let is_plain = word::is_identifier(value) && !binds(behind);
    is_plain.then(|| (start..start + behind.trim().len(), made(value)))
}

/// `凡 甲，无 乙 的 一律 丙`: the condition behind its subject and a comma.
fn behind_subject(sentence: &str) -> Option<Put> {
    let comma = sentence.find(['，', ','])?;
    let subject = sentence.get(..comma)?.trim();
    let rest = sentence.get(comma..)?;
    let rest = rest.get(rest.chars().next()?.len_utf8()..)?;
    let requiring = keyword::KEYWORDS.iter().filter(|own| own.requires());
    let requiring: Vec<&str> = requiring.flat_map(|own| own.chinese).copied().collect();
    let found = rest.match_indices('的').find_map(|(at, of)| {
        let condition = rest.get(..at)?.trim();
        let behind = rest.get(at + of.len()..)?.trim_start();
        let clause = behind.strip_prefix(['，', ',']).unwrap_or(behind).trim_start();
        let is_clause = requiring.iter().any(|word| clause.starts_with(word));
        is_clause.then_some((condition, clause))
    });
    let (condition, clause) = found?;
    let is_one = !condition.is_empty() && !condition.contains(['，', ',', '：', ':']);
    let is_other = ["除", "但", "如"].iter().any(|word| condition.starts_with(word));
    let start = sentence.len() - sentence.trim_start().len();
    let put = format!("{condition} 的 {subject}，");
    let help = say!("写作 `{put}`", "write `{put}`");
    (is_one && !is_other && is_name(subject) && !binds(condition))
        .then_some((start..sentence.len() - clause.len(), help))
}

/// `甲 的，不受此限`: an exception as a sentence of its own.
fn waived(sentence: &str, before: &str) -> Option<Put> {
    let plain = sentence.trim();
    let ends = ["不受此限", "不受此限制", "不在此限"];
    let condition = ends.iter().find_map(|end| plain.strip_suffix(end))?;
    let condition = condition.trim_end_matches(['，', ',', ' ', '的']);
    let start = sentence.find(plain)?;
    let is_apart = before.trim_end().ends_with(['。', '；', '凡']) && !condition.is_empty();
    let help = say!("写作 `除非 {condition}`", "write `除非 {condition}`");
    (is_apart && !binds(condition)).then_some((start..start + plain.len(), help))
}

/// `自 甲 之日起 10 日内`: a limit that is counted from a day.
fn from_a_day(sentence: &str) -> Option<Put> {
    let figures_follow = |at: usize| {
        let behind = sentence.get(at..).unwrap_or("").trim_start();
        behind.starts_with(word::is_of_numeral)
    };
    let (up, down) = ["之日起", "日起", "之后", "后"].iter().find_map(|word| {
        let (at, _) =
            sentence.match_indices(word).find(|(at, _)| figures_follow(at + word.len()))?;
        Some((at, at + word.len()))
    })?;
    let head = sentence.get(..up)?;
    let start = head.rfind(['自', '从', '在'])?;
    let day = head.get(start..)?;
    let day = day.get(day.chars().next()?.len_utf8()..)?.trim();
    let day = match sentence.get(up..)?.starts_with("日起") && !day.ends_with('日') {
        true => format!("{day}日"),
        false => day.to_owned(),
    };
    let behind = sentence.get(down..)?;
    let limit = behind.trim_start();
    let length = limit.find(|c| !word::is_of_numeral(c))?;
    let (figures, rest) = limit.split_at(length);
    let numeral::Reading::Number(number) = numeral::read(figures) else { return None };
    let unit = rest.trim_start();
    let units = [("个工作日", "工作日"), ("工作日", "工作日"), ("日", "日"), ("个月", "个月")];
    let (unit, of) = units
        .iter()
        .find_map(|(word, of)| unit.strip_prefix(word).map(|rest| (rest.trim_start(), *of)))?;
    let after = ["以内", "之内", "内"].iter().find_map(|word| unit.strip_prefix(word))?;
    let end = sentence.len() - after.len();
    let limit = match of {
        "工作日" => format!("顺延({day}, {number} 工作日)"),
        _ => format!("{day} + {number} {of}"),
    };
    let blank = if head.get(..start)?.ends_with(' ') { "" } else { " " };
    let shown = format!("{blank}不晚于 {limit}");
    Some(match after.trim().is_empty() && word::is_identifier(&day) {
        true => (start..end, say!("写作 `{shown}`", "write `{shown}`")),
        // What is done by then is no part of it.
        false => (
            start..sentence.trim_end().len(),
            say!(
                "写明是哪一天不晚于：`… 应当 不晚于 {limit}`",
                "say which day it is that is not later: `… 应当 不晚于 {limit}`"
            ),
        ),
    })
}

/// `有下列两种情形之一`: a list of cases that is announced otherwise.
fn cases(sentence: &str) -> Option<Put> {
    let at = ["下列", "以下"].iter().filter_map(|word| sentence.find(word)).min()?;
    let head = sentence.get(..at)?;
    let verb = ['有', '具', '符', '合', '备', '属', '于', '同', '时', ' '];
    let begin = head.trim_end_matches(verb).len();
    let begin = begin + head.get(begin..)?.len() - head.get(begin..)?.trim_start().len();
    let rest = sentence.get(at..)?;
    let nouns = ["情形", "条件", "情况"];
    let (noun, word) = nouns.iter().filter_map(|word| Some((rest.find(word)?, *word))).min()?;
    let mut end = at + noun + word.len();
    let behind = sentence.get(end..)?;
    let one = behind.trim_start().starts_with("之一");
    let blanks = behind.len() - behind.trim_start().len();
    end += if one { blanks + "之一".len() } else { 0 };
    let phrase = sentence.get(begin..end)?.replace(' ', "");
    let is_short = phrase.chars().all(char::is_alphanumeric) && begin < at;
    if !is_short || keyword::spelt(&phrase).next().is_some() {
        return None;
    }
    let help = match (one, phrase.starts_with("同时")) {
        (true, _) => say!("写作 `有下列情形之一`", "write `有下列情形之一`"),
        (false, true) => say!("写作 `同时符合下列条件`", "write `同时符合下列条件`"),
        (false, false) => say!(
            "一项即可的，写 `有下列情形之一`；各项都要有的，写 `符合下列条件`",
            "where one of them will do, write `有下列情形之一`; where all are needed `符合下列条件`"
        ),
    };
    Some((begin..end, help))
}

/// `甲 为 无`: a thing that is not given.
fn nothing(sentence: &str) -> Option<Put> {
    for (at, _) in sentence.match_indices('为') {
        let rest = sentence.get(at + '为'.len_utf8()..)?.trim_start();
        let Some(after) = rest.strip_prefix('无') else { continue };
        let behind = after.trim_start();
        let ends = behind.is_empty() || behind.starts_with(['的', '，', ',', '。', '；']);
        let head = sentence.get(..at)?;
        let (head, is_not) = match head.trim_end().strip_suffix('不') {
            Some(head) => (head, true),
            None => (head, false),
        };
        let name = word::last(head.trim_end());
        let is_name = word::is_identifier(name) && keyword::spelt(name).next().is_none();
        if !ends || !is_name || binds(name) {
            continue;
        }
        let start = head.trim_end().len() - name.len();
        let has = if is_not { "有" } else { "无" };
        let help = say!("写作 `{has} {name}`", "write `{has} {name}`");
        return Some((start..sentence.len() - after.len(), help));
    }
    None
}

/// `含有“甲”`, `最多 15`: another word for a relation.
fn relation(sentence: &str) -> Option<Put> {
    let begins = |rest: &str| {
        let rest = rest.trim_start();
        rest.starts_with(['“', '"', '￥', '¥']) || rest.starts_with(word::is_of_numeral)
    };
    let (word, put, at) = RELATIONS.iter().find_map(|(word, put)| {
        let at = sentence.find(word)?;
        begins(sentence.get(at + word.len()..)?).then_some((*word, *put, at))
    })?;
    let is_condition = sentence.get(at..)?.contains(['，', ',', '的']);
    let put = match is_condition || binds(sentence) || binds(put) {
        true => put.to_owned(),
        false => format!("必须 {put}"),
    };
    let help = say!("写作 `{put}`", "write `{put}`");
    Some((at..at + word.len(), help))
}

/// The words of a text that stand apart, and where each begins.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let begin = at + rest.find(word::continues)?;
        let found = word::run(text.get(begin..)?);
        at = begin + found.len();
        Some((begin, found))
    })
}

fn is(word: &str, kind: impl Fn(&Keyword) -> bool) -> bool {
    keyword::spelt(word).any(kind)
}

fn is_name(word: &str) -> bool {
    word::is_identifier(word) && keyword::spelt(word).next().is_none()
}

/// `甲，乙 必须 唯一`, `乙 不得 重复`: no other row has the same.
fn unique(sentence: &str) -> Option<Put> {
    let (at, end) = ["唯一", "重复", "重名", "相同"]
        .into_iter()
        .find_map(|end| Some((sentence.trim_end().strip_suffix(end)?.len(), end)))?;
    let head = sentence.get(..at)?;
    let (subject, clause) = head.split_once(['，', ','])?;
    let mut clause = words(clause);
    let ((start, value), (_, modal), None) = (clause.next()?, clause.next()?, clause.next()) else {
        return None;
    };
    let wanted = if end == "唯一" { Rule::kw_must_not } else { Rule::kw_must };
    let is_modal = is(modal, |own| keyword::is_modal(own.rule) && own.rule != wanted);
    let subject = subject.trim();
    let is_plain = is_name(subject) && is_name(value);
    let start = head.find(['，', ','])? + '，'.len_utf8().min(head.len()) + start;
    let start = sentence.get(..start)?.len();
    let put = format!("数量({subject} 当 {value} = 本行.{value}) 必须 为 1");
    let help = say!("写作 `{put}`", "write `{put}`");
    (is_modal && is_plain).then_some((start..at + end.len(), help))
}

/// `甲 一般 不超过 15`: what is wished, and not required.
fn mostly(sentence: &str) -> Option<Put> {
    const WORDS: [&str; 6] = ["一般情况下", "一般", "原则上", "尽可能", "尽量", "力争"];
    let found = WORDS.iter().find_map(|word| Some((sentence.find(word)?, *word)));
    let (at, word) = found?;
    let head = sentence.get(..at)?;
    let begin = head.rfind(['，', ',', ' '])?;
    let begin = begin + head.get(begin..)?.chars().next()?.len_utf8();
    let behind = sentence.get(at + word.len()..)?.trim_start();
    let (modal, rest) = ["应当", "必须", "应", "须", "要", "不得", "不能"]
        .iter()
        .find_map(|modal| Some((*modal, behind.strip_prefix(modal)?)))
        .unwrap_or(("", behind));
    let rest = rest.trim_start();
    let first = words(rest).next().map_or("", |(_, first)| first);
    let spelt = |own: &&Keyword| relations::of_rule(own.rule).is_some();
    let mut relation = keyword::KEYWORDS.iter().filter(spelt).flat_map(|own| own.chinese);
    let relates = relation.any(|own| first.starts_with(own)) || first.starts_with('在');
    let should = if modal.starts_with('不') { "不宜" } else { "宜" };
    let value = head.get(begin..)?.trim_end();
    let value = match (value, head.get(..begin)?.trim_end()) {
        ("", before) => word::last(before),
        (value, _) => value,
    };
    let start = head.rfind(value)?;
    let put = format!("{value} {should} {rest}");
    let help = say!("写作 `{put}`", "write `{put}`");
    (relates && is_name(value)).then_some((start..sentence.trim_end().len(), help))
}

/// `除 甲、乙 的 外`: whether either of them is enough.
fn paused(sentence: &str) -> Option<Put> {
    let is_begin = |at: usize| {
        let head = sentence.get(..at).unwrap_or("").trim_end();
        head.is_empty() || head.ends_with(['，', ','])
    };
    let (at, _) = sentence.match_indices('除').find(|(at, _)| is_begin(*at))?;
    let plain = sentence.get(at..)?;
    let inner = plain.strip_prefix("除了").or_else(|| plain.strip_prefix('除'))?;
    let start = sentence.len() - inner.len();
    let end = ["的 外", "的外", "的 以外", "的以外", "的 之外", "的之外"];
    let end = end.iter().filter_map(|end| inner.find(end)).min()?;
    let listed = inner.get(..end)?.trim();
    let (head, last) = listed.rsplit_once('、')?;
    let joint = |joint: &str, last: &str| {
        format!("{head} {joint} {last}").replace('、', &format!(" {joint} "))
    };
    let (either, both) = match last.contains('或') {
        true => (joint("或", last), joint("且", &format!("({last})"))),
        false => (joint("或", last), joint("且", last)),
    };
    let begin = start + inner.find(listed)?;
    let help = say!(
        "一项即可的，写作 `{either}`；都要有的，写作 `{both}`",
        "where one of them will do, write `{either}`; where all are needed, `{both}`"
    );
    (!listed.contains(['，', ','])).then_some((begin..begin + listed.len(), help))
}

/// `凡 甲，除 乙、丙 或 丁 的 外，…`: an exception that is taken for conditions.
pub(super) fn excepted_in_row(node: &Node) -> Option<SyntaxError> {
    let parts = node.clone().inner().filter(|part| part.rule() == Rule::expression);
    let part = parts.skip(1).find(|part| part.text().starts_with('除'))?;
    let rest = part.text_from();
    let rest = rest.get(..rest.find(['\n', '。', '；']).unwrap_or(rest.len()))?;
    let (at, help) = paused(rest)?;
    let kind = ErrorKind::Otherwise(rest.get(at)?.to_owned(), help);
    Some(SyntaxError { span: part.span().to(node.span()), kind })
}

/// `不得 甲、乙`, `应当 甲、乙`: what is banned, or required, in a row.
fn required_in_row(sentence: &str) -> Option<Put> {
    let modals = keyword::KEYWORDS.iter().filter(|own| keyword::is_modal(own.rule));
    let long = modals.flat_map(|own| own.chinese.iter().map(move |word| (own, *word)));
    let long = long.filter(|(_, word)| word.chars().count() > 1);
    let found =
        long.filter_map(|(own, word)| Some((sentence.rfind(word)? + word.len(), own, word)));
    let (end, own, modal) = found.max_by_key(|(end, _, word)| (*end, word.len()))?;
    let tail = sentence.get(end..)?;
    let start = end + tail.len() - tail.trim_start().len();
    let tail = tail.trim();
    let part = |part: &'_ str| {
        let part = part.trim();
        part.strip_prefix('并').unwrap_or(part).trim_start().to_owned()
    };
    let parts: Vec<String> = tail.split(['、', '，', ',']).map(part).collect();
    // `在甲、乙等方面 丙`: what is in a row stands within one thing.
    let within = ["在", "将", "把", "对", "向", "按", "由", "以", "从", "与", "到"];
    let is_within = within.iter().any(|word| tail.starts_with(word))
        || parts
            .iter()
            .any(|part| part.ends_with(['后', '前', '时']) || part.starts_with(['方', '以']));
    let relation = |part: &str| {
        let relations =
            keyword::KEYWORDS.iter().filter(|own| relations::of_rule(own.rule).is_some());
        let mut words = relations.flat_map(|own| own.chinese);
        words.any(|word| part.starts_with(word))
    };
    let is_plain = |part: &String| {
        let excepts = part.starts_with(['除', '但', '如', '若']);
        is_name(part) && !relation(part) && !binds(part) && !excepts
    };
    let is_ban = matches!(own.rule, Rule::kw_must_not | Rule::kw_should_not);
    let joint = if is_ban { " 或 " } else { " 且 " };
    let put = parts.join(joint);
    let help = match is_ban {
        _ if is_within => say!(
            "合起来是一个名称，写作 `{modal} 「{tail}」`",
            "all of it is one name, `{modal} 「{tail}」`"
        ),
        true => say!(
            "哪一样都不行的，写作 `{modal} {put}`；合起来是一个名称的，写作 `{modal} 「{tail}」`",
            "where none of them may be, write `{modal} {put}`; where all is one name, `{modal} \
                「{tail}」`"
        ),
        false => say!(
            "样样都要的，写作 `{modal} {put}`；合起来是一个名称的，写作 `{modal} 「{tail}」`",
            "where all of them have to be, write `{modal} {put}`; where all is one name, `{modal} \
                「{tail}」`"
        ),
    };
    (parts.len() > 1 && parts.iter().all(is_plain)).then_some((start..start + tail.len(), help))
}

/// `凡 甲 得 乙`: 得 for 的.
fn misheard(sentence: &str) -> Option<Put> {
    let head = sentence.get(..sentence.find(['，', ',']).unwrap_or(sentence.len()))?;
    let (at, word) = words(head).find(|(_, word)| matches!(*word, "得" | "地"))?;
    let behind = head.get(at + word.len()..)?.trim();
    let help = say!("是不是 `的`？", "did you mean `的`?");
    is_name(behind).then_some((at..at + word.len(), help))
}

/// `凡 甲 没有 乙 的，…`: the condition behind its subject.
fn subject_first(sentence: &str) -> Option<Put> {
    let head = sentence.get(..sentence.find(['，', ','])?)?;
    let inner = head.trim_end().strip_suffix('的')?;
    let plain = inner.trim();
    let (start, subject) = words(inner).next().filter(|(_, word)| is_name(word))?;
    let condition = plain.get(subject.len()..)?.trim();
    let (_, first) = words(condition).next()?;
    let asks = |own: &Keyword| {
        matches!(own.rule, Rule::kw_has | Rule::kw_lacks | Rule::kw_without | Rule::kw_not)
    };
    let two = is_name(first) && words(condition).nth(1).is_some();
    let fits = is(first, asks) || two;
    let help = say!("写作 `{condition} 的 {subject}`", "write `{condition} 的 {subject}`");
    fits.then_some((start..head.trim_end().len(), help))
}
