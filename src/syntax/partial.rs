//! Sentences that words are missing for: divided as far as it goes.

use super::division::{LONGEST_RUN, Passage, Region, Run, Wrong};
use super::figures::is_amount;
use super::grammar::Rule;
use super::keyword::{self, KEYWORDS, Keyword, Role};
use super::parse::{Cut, Mark};
use super::search::Kind;
use super::undeclared::{Piece, cover, is_telling};
use super::{relation, word};
use std::collections::BTreeSet;
use std::ops::Range;

/// What of the words that are known is looked for in a run of which a part is not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looking {
    /// All of them.
    All,
    /// No word for a relation where nothing stands before it, and none before a name behind
    /// another: `不满十六岁`, `馆里没有要求` are names.
    Sides,
    /// No `的` before a modal behind a comma either: `书，借出的册数不得超过五册`.
    Values,
    /// Nothing in what is required, and of what stands before the subject the last `的` alone:
    /// `馆里订的刊物的目录，必须写明编者的姓名`.
    Clauses,
}

impl Run {
    /// The way to divide it in a sentence of which something is missing: the one of them, or the
    /// one with the longest words. It only says where reading stops.
    pub(super) fn likeliest(&self) -> Option<Vec<Cut>> {
        let fewest = self.ways.iter().map(Vec::len).min().filter(|_| !self.whole)?;
        let mut best = self.ways.iter().filter(|way| way.len() == fewest);
        let first = best.next()?;
        best.next().is_none().then(|| first.clone())
    }
}

/// The words of a run, but for those that stand where they can be no words of a sentence.
fn looked_for<'a>(
    run: &'a str,
    words: impl Fn(usize) -> Vec<(usize, Kind)> + 'a,
    (looking, before): (Looking, &str),
) -> impl Fn(usize) -> Vec<(usize, Kind)> + 'a {
    let required = || required_of(run).filter(|_| looking == Looking::Clauses);
    let value = value_of(run).or_else(required);
    let masked = common(run);
    let first = keyword::sentence_first(run).map_or(0, str::len);
    let is_first = keyword::sentence_first(before.trim_start()) == Some(before.trim());
    let is_behind = before.contains(['，', ',']);
    let (modal, last_of) = (modal_at(run), run.rfind('的'));
    let closes = matches!(looking, Looking::Values | Looking::Clauses);
    move |from| {
        let word = |end: usize| run.get(from..end).unwrap_or("");
        let mut found = words(from);
        if let Some(value) = value.clone().filter(|value| value.contains(&from)) {
            // What a row is to become is one name.
            let is_name = |end: usize, kind: Kind| kind != Kind::Keyword && end == value.end;
            found.retain(|(end, kind)| from == value.start && is_name(*end, *kind));
            return found;
        }
        let is_named = closes && is_behind && modal.is_some_and(|modal| from < modal)
            || looking == Looking::Clauses && !is_behind && last_of.is_some_and(|of| from < of);
        found.retain(|(end, kind)| {
            let is_within = masked.iter().any(|range| range.contains(&from));
            *kind != Kind::Keyword || !(is_within || is_named && word(*end) == "的")
        });
        if looking != Looking::All {
            let begins = from == first || from == 0;
            let behind_name = !begins && !joins(run.get(..from).unwrap_or(""));
            found.retain(|(end, kind)| {
                let is_lost = begins && (from > 0 || is_first) && is(word(*end), is_relation)
                    || behind_name && is(word(*end), asks);
                !matches!(kind, Kind::Keyword | Kind::Either) || !is_lost
            });
        }
        found
    }
}

/// Where what a row is to become stands in a run: behind 一律, up to the end.
fn value_of(run: &str) -> Option<Range<usize>> {
    let then = KEYWORDS.iter().filter(|own| own.rule == Rule::kw_then);
    let at =
        then.flat_map(|own| own.chinese).filter_map(|word| Some(run.rfind(word)? + word.len()));
    let start = at.max()?;
    let rest = run.get(start..).filter(|rest| !rest.is_empty())?;
    let binds = KEYWORDS.iter().filter(|own| own.requires());
    let mut first = binds.flat_map(|own| own.chinese).chain(&["不"]);
    first.all(|word| !rest.starts_with(word)).then_some(start..run.len())
}

/// Where what is required stands in a run: behind its last modal, up to the end; none where it is a
/// condition with words of its own.
fn required_of(run: &str) -> Option<Range<usize>> {
    let modals = KEYWORDS.iter().filter(|own| keyword::is_modal(own.rule));
    let long = modals.flat_map(|own| own.chinese).filter(|word| word.chars().count() > 1);
    let start = long.filter_map(|word| Some(run.rfind(word)? + word.len())).max()?;
    let rest = run.get(start..).filter(|rest| !rest.is_empty())?;
    let own = |own: &&Keyword| is_relation(own) || asks(own) || own.rule == Rule::kw_then;
    let mut words = KEYWORDS.iter().filter(own).flat_map(|own| own.chinese);
    let is_other = rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '在' | '是'))
        || words.any(|word| rest.starts_with(word));
    (!is_other).then_some(start..run.len())
}

/// Common words that hold the letters of a keyword and are none of it: `有关`, `行为`.
const COMMON: &[&str] = &[
    "有关",
    "所有",
    "国有",
    "公有",
    "私有",
    "共有",
    "享有",
    "持有",
    "拥有",
    "占有",
    "原有",
    "现有",
    "有效",
    "有利",
    "有限",
    "有偿",
    "有毒",
    "有害",
    "均有",
    "共和国",
    "和谐",
    "和平",
    "作为",
    "认为",
    "行为",
    "成为",
    "视为",
    "为了",
    "为主",
    "不同",
    "不良",
    "不动产",
    "无偿",
    "无线",
    "非法",
    "非机动",
    "非公有",
    "应用",
    "应急",
    "响应",
    "相应",
    "供应",
    "对应",
    "适应",
    "要求",
    "需要",
    "重要",
    "主要",
    "必要",
    "本行政",
    "目的",
    "标的",
    "当事",
    "当地",
    "当前",
    "当日",
    "当年",
    "相当",
    "若干",
    "宜林",
    "适宜",
    "须知",
    "内容",
    "境内",
    "国内",
    "省内",
    "市内",
    "县内",
    "区内",
    "室内",
    "境外",
    "国外",
    "对外",
    "外国",
    "外省",
    "否认",
    "否定",
    "按照",
    "按时",
    "按期",
];

/// Where common words stand in a run.
fn common(run: &str) -> Vec<Range<usize>> {
    let found = |word: &&'static str| {
        let length = word.len();
        run.match_indices(*word).map(move |(at, _)| at..at + length).collect::<Vec<_>>()
    };
    COMMON.iter().flat_map(found).collect()
}

/// Where the first modal of two letters or more stands in a run.
fn modal_at(run: &str) -> Option<usize> {
    let modals = KEYWORDS.iter().filter(|own| keyword::is_modal(own.rule));
    let long = modals.flat_map(|own| own.chinese).filter(|word| word.chars().count() > 1);
    long.filter_map(|word| run.find(word)).min()
}

fn is(word: &str, kind: impl Fn(&Keyword) -> bool) -> bool {
    keyword::spelt(word).any(kind)
}

fn is_relation(own: &Keyword) -> bool {
    own.role == Role::Reserved && relation::of_rule(own.rule).is_some()
}

/// Whether words end with one that a condition may stand behind.
fn joins(words: &str) -> bool {
    let may =
        |own: &&Keyword| own.role == Role::Reserved && !asks(own) || own.rule == Rule::kw_also_and;
    KEYWORDS.iter().filter(may).flat_map(|own| own.chinese).any(|word| words.ends_with(word))
}

/// Whether a keyword asks of what follows whether it is given, or holds.
fn asks(own: &Keyword) -> bool {
    matches!(own.rule, Rule::kw_has | Rule::kw_lacks | Rule::kw_without | Rule::kw_not)
}

impl Region<'_> {
    /// A line of an article that would be read if some words were declared, two or more.
    pub(super) fn undeclared(&self, piece: &Range<usize>) -> Option<Passage> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let runs = self.runs(lead.min(piece.end)..piece.end, &[]);
        if runs.iter().all(|(_, run)| self.is_whole(run)) {
            return None; // As in most sentences.
        }
        let looking = [Looking::All, Looking::Sides, Looking::Values, Looking::Clauses];
        looking.into_iter().find_map(|looking| self.undeclared_among(piece, looking))
    }

    fn undeclared_among(&self, piece: &Range<usize>, looking: Looking) -> Option<Passage> {
        let (passage, words) = self.covered(piece, looking)?;
        let is_read = words.len() > 1
            && passage.ways.iter().all(|way| self.is_read(&passage.range, way, Rule::part))
            && !self.is_read_with_odd_names(&passage.range);
        is_read.then(|| {
            let reading =
                passage.ways.first().map_or(String::new(), |way| passage.reading(self.text, way));
            Passage { wrong: Some(Wrong::Undeclared(words, reading)), ..passage }
        })
    }

    /// A line of an article in which something is missing, divided as far as it goes.
    pub(super) fn as_far_as_it_goes(&self, piece: &Range<usize>) -> Option<(Vec<String>, String)> {
        let (passage, words) = self.covered(piece, Looking::All)?;
        let reading = passage.reading(self.text, passage.ways.first()?);
        (!words.is_empty()).then_some((words, reading))
    }

    /// A line of an article divided into the words that are known and what is between them, and the
    /// latter; none where nothing in it tells that it is a sentence written together.
    fn covered(&self, piece: &Range<usize>, looking: Looking) -> Option<(Passage, Vec<String>)> {
        let lead = self.scan.skip_blank(self.text, piece.start);
        let piece = lead.min(piece.end)..piece.end;
        let (mut cuts, mut unknown): (Vec<Cut>, Vec<Range<usize>>) = Default::default();
        let (mut is_sure, mut is_glued) = (false, false);
        for (start, run) in self.runs(piece.clone(), &[]) {
            let is_number = is_amount(run, self.slice(start + run.len()..piece.end));
            if is_number || self.is_whole(run) || run.chars().count() > LONGEST_RUN {
                is_sure |= is_telling(run);
                continue;
            }
            let before = self.slice(piece.start..start);
            if looking == Looking::Clauses && self.has_rows_of_subjects(&piece) {
                return None;
            }
            let words = looked_for(run, self.words_from(run, Some(start)), (looking, before));
            for part in cover(run, &words) {
                let at = start + part.at.start..start + part.at.end;
                cuts.extend(Some((at.start, Mark::Blank)).filter(|_| part.at.start > 0));
                is_sure |= part.is_known && run.get(part.at.clone()).is_some_and(is_telling);
                is_glued |= part.at.start > 0;
                let word = run.get(part.at.clone()).unwrap_or("");
                // `2年`, `并`: no name.
                let is_other = word.starts_with(|c: char| c.is_ascii_digit())
                    || word.chars().count() == 1 && keyword::spelt(word).next().is_some();
                if part.is_known || is_other {
                    continue;
                }
                // `连续两年“零”`: what touches a text is one name with it.
                let before = unknown.last().map_or(piece.start, |last| last.end);
                let text = self.slice(before..at.start);
                let joins = text.starts_with('“') && text.ends_with('”')
                    || text.starts_with('《') && text.ends_with('》');
                match unknown.last_mut().filter(|_| joins) {
                    Some(last) => last.end = at.end,
                    None => unknown.push(at),
                }
            }
        }
        self.with_texts(&mut unknown, piece.end);
        for name in unknown.iter().filter(|name| !word::is_identifier(self.slice((*name).clone())))
        {
            cuts.retain(|(at, _)| *at <= name.start || *at >= name.end);
            cuts.extend([(name.start, Mark::Open), (name.end, Mark::Close)]);
        }
        cuts.sort_unstable();
        let words = unknown.into_iter().map(|name| self.slice(name).to_owned());
        let mut undeclared: Vec<String> = words.collect();
        let mut seen = BTreeSet::new();
        undeclared.retain(|word| seen.insert(word.clone()));
        (is_sure && is_glued).then(|| (Passage::new(piece, vec![cuts]), undeclared))
    }

    /// Whether several conditions and subjects stand in a row before the first comma: `新的书、旧的刊`.
    fn has_rows_of_subjects(&self, piece: &Range<usize>) -> bool {
        let head = self.slice(piece.clone()).split(['，', ',']).next().unwrap_or("");
        head.contains('、') && head.matches('的').count() > 1
    }

    /// Lets names that touch a text behind them end with it.
    fn with_texts(&self, names: &mut [Range<usize>], end: usize) {
        for name in names {
            let rest = self.slice(name.end..end);
            if rest.starts_with(['“', '《']) {
                name.end += self.skipped(name.end, end).unwrap_or(0);
            }
        }
    }

    /// A run divided around the one word in it that is not known; none where that may be more than a
    /// word.
    pub(super) fn partly(&self, start: usize, run: &str) -> Option<Vec<usize>> {
        if run.chars().count() > LONGEST_RUN {
            return None;
        }
        let whenever = self.slice(0..start).trim_end().ends_with('凡').then_some("凡");
        let looking = if whenever.is_some() { Looking::Sides } else { Looking::All };
        let known = self.words_from(run, Some(start));
        let words = looked_for(run, known, (looking, whenever.unwrap_or("")));
        let parts = cover(run, &words);
        let unknown = parts.iter().filter(|part| !part.is_known);
        let is_sure = |part: &Piece| {
            let word = run.get(part.at.clone()).unwrap_or("");
            let excepts = part.at.end == run.len() && excepts(word);
            part.is_known && (is_telling(word) || excepts || part.at.start == 0 && leads(word))
        };
        let cuts: Vec<usize> = parts.iter().skip(1).map(|part| part.at.start).collect();
        let is_word =
            |part: &Piece| run.get(part.at.clone()).is_some_and(|it| it.chars().count() > 1);
        let is_one = unknown.clone().count() == 1 && unknown.clone().all(is_word);
        (is_one && parts.iter().any(is_sure) && !cuts.is_empty()).then_some(cuts)
    }
}

/// Whether a word begins a sentence.
fn leads(word: &str) -> bool {
    keyword::spelt(word).any(|own| own.rule == Rule::kw_whenever)
}

/// Whether a word ends an exception.
fn excepts(word: &str) -> bool {
    keyword::spelt(word).any(|own| own.rule == Rule::kw_excepted)
}
