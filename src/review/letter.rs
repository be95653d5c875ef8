//! The paper that tells a group what was found, for it and for those who sign it: what has to be put
//! right, what has to be explained, what was allowed and by whom, and whether the figures agree.

use super::listing::Maker;
use super::{Review, Status};
use crate::diagnostic::{Bilingual, Severity};
use crate::engine::RowRef;
use crate::finding::{Finding, Outcome, Report, WaiverState, Weight};
use crate::grouping::{Group, Groups, Tally};
use crate::report::amount::eased;
use crate::report::{self, Letter, Listing, Round, Section, Share, Words, phrase, told};
use crate::say;
use crate::syntax::tree::Language;
use crate::value::date::parse_date;
use crate::workspace::Paper;
use std::io::{Result, Write};

/// What the papers of a run are made of.
#[derive(Clone, Copy)]
pub struct Letters<'o> {
    /// The findings.
    pub report: &'o Report<'o>,
    /// The groups they belong to.
    pub groups: &'o Groups<'o>,
    /// What the run came to.
    pub review: &'o Review,
    /// How they are laid out.
    pub paper: &'o Paper,
    /// Their language.
    pub language: Language,
}

/// Findings by what has to be done about them.
#[derive(Default)]
struct Kinds {
    /// What has to be put right.
    mend: Vec<usize>,
    /// What has to be explained, thought about or only known.
    explain: Vec<usize>,
    /// What an authority has allowed.
    allowed: Vec<usize>,
}

impl Letters<'_> {
    /// One paper for all.
    ///
    /// # Errors
    /// Where it cannot be packed, or `out` fails.
    pub fn write(&self, out: &mut dyn Write) -> Result<()> {
        let findings: Vec<usize> = (0..self.report.findings.len()).collect();
        out.write_all(&self.bytes(&self.desk(None, None), &findings, &[])?)
    }

    /// A paper for each group, and one for what belongs to none; `take` is given its name and its
    /// bytes. The names are those of the workbooks.
    ///
    /// # Errors
    /// Where one cannot be packed, or `take` fails.
    pub fn each(
        &self,
        round: Option<&Round>,
        mut take: impl FnMut(&str, &[u8]) -> Result<()>,
    ) -> Result<()> {
        report::shares(self.report, self.groups, (self.language, round), |share| {
            let bytes =
                self.bytes(&self.desk(Some(share), round), share.findings, &share.unread)?;
            take(&format!("{}.docx", share.file), &bytes)
        })
    }

    fn desk<'d>(&'d self, share: Option<&'d Share<'d>>, round: Option<&'d Round>) -> Desk<'d> {
        let words = Words::of(self.language);
        let maker = Maker { groups: self.groups, words };
        let group = share.and_then(|share| self.groups.list.get(share.at));
        Desk {
            letters: self,
            maker,
            words,
            share,
            group: group.filter(|of| of.key.is_some()),
            round,
        }
    }

    fn bytes(
        &self,
        desk: &Desk<'_>,
        findings: &[usize],
        unread: &[(RowRef, Bilingual)],
    ) -> Result<Vec<u8>> {
        report::letter(&desk.letter(findings, unread)?, self.paper, desk.words)
    }
}

/// One paper in the making.
struct Desk<'d> {
    letters: &'d Letters<'d>,
    maker: Maker<'d>,
    words: &'static Words,
    /// What it is about; `None` for all.
    share: Option<&'d Share<'d>>,
    /// Whom it is for; `None` for all, and for what belongs to no group.
    group: Option<&'d Group>,
    round: Option<&'d Round>,
}

impl Desk<'_> {
    fn say(&self, said: &Bilingual) -> String {
        self.words.pick(said).to_owned()
    }

    fn letter(&self, findings: &[usize], unread: &[(RowRef, Bilingual)]) -> Result<Letter> {
        let Letters { report, paper, review, .. } = *self.letters;
        let kinds = self.kinds(findings);
        let sections = vec![
            self.overview(findings, &kinds),
            self.to_mend(&kinds.mend, unread)?,
            self.to_explain(&kinds.explain)?,
            self.allowed(&kinds.allowed)?,
        ];
        let figures = self.figures();
        let none = self.share.filter(|_| self.group.is_none()).map(|share| share.title.to_owned());
        let title =
            paper.group_title.clone().unwrap_or_else(|| self.say(&say!("检查意见书", "Findings")));
        Ok(Letter {
            title: [review.project.clone(), title].into_iter().chain(none).collect(),
            to: self.share.filter(|_| self.group.is_some()).map(|share| share.title.to_owned()),
            lead: vec![self.lead()],
            sections: sections
                .into_iter()
                .map(|part| part.or_none(self.words))
                .chain(figures)
                .collect(),
            signers: signers(paper, self.words),
            day: report.as_of.clone(),
        })
    }

    fn lead(&self) -> String {
        let (zh, en) = match day(&self.letters.report.as_of) {
            Some(Bilingual { zh, en }) => (format!("（截至{zh}）"), format!(" as of {en}")),
            None => (String::new(), String::new()),
        };
        self.say(&match self.group {
            Some(_) => say!(
                "对你单位填报的内容进行了检查{zh}，现提出以下意见。",
                "What you declared was examined{en}. This is what was found."
            ),
            None => say!(
                "对填报的内容进行了检查{zh}，现提出以下意见。",
                "What was declared was examined{en}. This is what was found."
            ),
        })
    }

    fn kinds(&self, findings: &[usize]) -> Kinds {
        let report = self.letters.report;
        let mut kinds = Kinds::default();
        for index in told::gravest_first(report, Some(self.letters.groups), findings) {
            let head = report.findings.head(index);
            match (head.outcome, head.weight) {
                (Outcome::Violated | Outcome::Conflict, Weight::Error) => &mut kinds.mend,
                (Outcome::Waived, _) => &mut kinds.allowed,
                _ => &mut kinds.explain,
            }
            .push(index);
        }
        kinds
    }

    /// How much was found, and how it is told below.
    fn overview(&self, findings: &[usize], kinds: &Kinds) -> Section {
        let Letters { report, groups, language, .. } = *self.letters;
        let (words, all) = (self.words, findings.len());
        let mut found = Tally::default();
        for index in findings {
            let head = report.findings.head(*index);
            found.add(head.outcome, head.weight);
        }
        let mut text = Vec::new();
        match (self.group, &groups.by) {
            (Some(group), Some(by)) => {
                let (Bilingual { zh, en }, rows) = (by.table(groups.run.schema()), group.rows);
                let counts = counted(words, found);
                let counts = match counts.is_empty() {
                    true => String::new(),
                    false => words.choose(format!("：{counts}"), format!(" ({counts})")),
                };
                // A group without rows of the table that is counted has declared others.
                let filed = match rows {
                    0 => groups.filed(group),
                    _ => vec![(Bilingual::new(zh, en), rows)],
                };
                text.push(self.say(&declared(&filed, all, &counts)));
                if group.tally.kinds() != found.kinds() {
                    let counts = counted(words, group.tally);
                    text.push(self.say(&say!(
                        "一行在一条只算一次，是{counts}。",
                        "Counting a row once for an article: {counts}."
                    )));
                }
                let errors = report.diagnostics.iter().filter(|of| of.severity == Severity::Error);
                let errors = errors.count();
                if errors > 0 {
                    text.push(self.say(&say!(
                        "全部数据有 {errors} 处错误，判断不完整。",
                        "All data have errors, {errors}: the run is not complete."
                    )));
                }
            }
            _ if self.share.is_none() => text.push(report::came_to(report, language)),
            _ => text.push(self.say(&match all {
                0 => say!(
                    "不属任何一组的，没有发现问题。",
                    "Nothing was found in what belongs to no group."
                ),
                _ => {
                    say!("下列 {all} 处不属任何一组。", "Findings that belong to no group: {all}.")
                }
            })),
        }
        let [mend, explain, allowed] = [&kinds.mend, &kinds.explain, &kinds.allowed].map(Vec::len);
        text.push(self.say(&say!(
            "其中应当改正的 {mend} 处，需要说明的 {explain} 处，准予例外的 {allowed} 处。",
            "To be put right: {mend}; to be explained: {explain}; waived: {allowed}."
        )));
        Section { title: self.say(&say!("总体情况", "In all")), text, tables: Vec::new() }
    }

    /// A row as people know it; where the paper is not of one group, with its group.
    fn row(&self, index: usize, finding: &Finding) -> String {
        let Some(subject) = &finding.subject else { return String::new() };
        let row = phrase::row(self.words, subject);
        let groups = self.letters.groups;
        let place = groups.run.row_of(index).filter(|_| self.share.is_none());
        let group = place.and_then(|row| groups.of(row)).and_then(|group| group.shown.as_ref());
        match group.map(|group| self.words.pick(group)) {
            Some(group) => {
                self.words.choose(format!("{row}（{group}）"), format!("{row} ({group})"))
            }
            None => row,
        }
    }

    fn problem(&self, index: usize, finding: &Finding) -> String {
        let earlier = self.round.and_then(|round| round.earlier.get(&finding.fingerprint));
        let (report, earlier) = (self.letters.report, (earlier, true));
        let lines = told::problem(self.words, report, (index, finding), earlier);
        // The first line is the finding's own; what people said stays as they said it.
        let eased = |(at, line): (usize, String)| match at {
            0 => eased(self.words, &line),
            _ => line,
        };
        lines.into_iter().enumerate().map(eased).collect::<Vec<_>>().join("\n")
    }

    /// A table of findings, numbered; a column of which nothing is known is left out.
    fn table(
        &self,
        columns: &[Bilingual],
        findings: &[usize],
        cells: impl Fn(usize, &Finding) -> Vec<String> + Sync,
    ) -> Result<Listing> {
        let report = self.letters.report;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let make = |index| cells(index, &report.findings.get(index));
        report::each_finding(findings, make, |_, cells| {
            let number = (rows.len() + 1).to_string();
            rows.push(std::iter::once(number).chain(cells).collect());
            Ok(())
        })?;
        let number = say!("序号", "no.");
        let mut columns: Vec<String> =
            std::iter::once(&number).chain(columns).map(|column| self.say(column)).collect();
        for at in (0..columns.len()).rev() {
            if rows.iter().all(|row| row.get(at).is_none_or(String::is_empty)) {
                columns.remove(at);
                rows.iter_mut().filter(|row| row.len() > at).for_each(|row| drop(row.remove(at)));
            }
        }
        Ok(Listing { title: String::new(), columns, rows, narrow: false })
    }

    fn to_mend(&self, findings: &[usize], unread: &[(RowRef, Bilingual)]) -> Result<Section> {
        let columns = [
            say!("事项", "row"),
            say!("问题", "finding"),
            say!("填报→应为", "declared → required"),
        ];
        let words = self.words;
        let table = self.table(&columns, findings, |index, finding| {
            let mut problem = self.problem(index, finding);
            if !finding.cite.is_empty() {
                let cites = finding.cite.join(words.pause);
                problem.push_str(&format!("\n{}{}{cites}", words.cite, words.colon));
            }
            let declared = eased(words, &told::declared(words, finding));
            vec![self.row(index, finding), problem, declared]
        })?;
        let run = self.letters.groups.run;
        let rows = unread.iter().map(|(row, said)| {
            vec![phrase::row(self.words, &run.subject(row.frame, row.row)), self.say(said)]
        });
        let unread = Listing {
            title: self.say(&say!("读不出、要重新填的", "What cannot be read, to be written anew")),
            columns: columns.iter().take(2).map(|column| self.say(column)).collect(),
            rows: rows.collect(),
            narrow: false,
        };
        let title = self.say(&say!("应当改正的事项", "To be put right"));
        Ok(Section { title, text: Vec::new(), tables: vec![table, unread] })
    }

    fn to_explain(&self, findings: &[usize]) -> Result<Section> {
        let Letters { report, groups, .. } = *self.letters;
        let columns =
            [say!("事项", "row"), say!("情况", "state"), say!("说明", "what is to be said")];
        let words = self.words;
        let table = self.table(&columns, findings, |index, finding| {
            vec![
                self.row(index, finding),
                words.outcome(finding.outcome, finding.weight).to_owned(),
                self.problem(index, finding),
            ]
        })?;
        let (mut text, mut tables) = (Vec::new(), vec![table]);
        // What is of no group stands in the paper of none.
        if self.group.is_none() {
            text.extend(phrase::unjudged(words, report));
            text.extend(groups.without().map(|said| self.say(&said)));
            text.iter_mut().for_each(|line| line.push_str(words.choose("。", ".")));
            text.iter_mut().for_each(|line| *line = unmarked(words, line));
            let mut wrong = self.maker.diagnostics(report);
            let cells = wrong.rows.iter_mut().flatten();
            cells.for_each(|cell| *cell = unmarked(words, cell));
            tables.push(wrong);
        }
        let title = self.say(&say!("需要说明的事项", "To be explained"));
        Ok(Section { title, text, tables })
    }

    /// What was allowed, by whom, why, and until when. The paper that is of no one group has the
    /// waivers, too, that no finding needs.
    fn allowed(&self, findings: &[usize]) -> Result<Section> {
        let (words, report) = (self.words, self.letters.report);
        let mut rows: Vec<Vec<String>> = Vec::new();
        let make = |index: usize| {
            let finding = report.findings.get(index);
            let headings = phrase::all_headings(words, report, index, &finding).join(words.pause);
            let [authority, reason, until, state] = match &finding.waiver {
                Some(waiver) => {
                    let until = waiver.until.clone().unwrap_or_else(|| "-".to_owned());
                    let state = words.waiver(waiver.state).to_owned();
                    [waiver.authority.clone(), waiver.reason.clone(), until, state]
                }
                None => Default::default(),
            };
            vec![self.row(index, &finding), headings, authority, reason, until, state]
        };
        report::each_finding(findings, make, |_, row| {
            rows.push(row);
            Ok(())
        })?;
        let headings = phrase::headings(report);
        let others = report.waivers.iter().filter(|waiver| waiver.state != WaiverState::Needed);
        for waiver in others.filter(|_| self.group.is_none()) {
            let [article, row, ..] = phrase::waiver(words, &headings, waiver);
            let cells = phrase::waiver(words, &headings, waiver);
            let rest = cells.iter().skip(2).copied();
            rows.push([row, article].into_iter().chain(rest).map(str::to_owned).collect());
        }
        let [article, row, rest @ ..] = words.waiver_columns;
        let columns = [row, article].into_iter().chain(rest).map(str::to_owned).collect();
        let table = Listing { title: String::new(), columns, rows, narrow: false };
        let title = self.say(&say!("准予例外", "Waivers"));
        Ok(Section { title, text: Vec::new(), tables: vec![table] })
    }

    /// The stated figures: all of them, or those that differ because of rows of the group.
    fn figures(&self) -> Option<Section> {
        let (review, groups) = (self.letters.review, self.letters.groups);
        let Some(share) = self.share.filter(|_| self.group.is_some()) else {
            return self.maker.reconciled(review);
        };
        let here = |(frame, row): &super::Row| {
            groups.position(RowRef { frame: *frame, row: *row }) == Some(share.at)
        };
        let open = review.figures.iter().filter(|figure| figure.status != Status::Closes);
        let rows = open.flat_map(|figure| {
            let line = |(said, rows): (Bilingual, &[super::Row])| {
                let rows: Vec<String> = rows
                    .iter()
                    .filter(|row| here(row))
                    .map(|row| self.maker.row(*row, None))
                    .collect();
                let said = self.say(&said);
                (!rows.is_empty()).then(|| vec![self.maker.compared(figure), said, rows.join("\n")])
            };
            figure.rows().into_iter().filter_map(line).collect::<Vec<_>>()
        });
        let columns = [say!("数字", "figure"), say!("情况", "state"), say!("事项", "row")];
        let listing = Listing {
            title: String::new(),
            columns: columns.iter().map(|column| self.say(column)).collect(),
            rows: rows.collect(),
            narrow: false,
        };
        let text = say!("下列各行与所报的数字对不上。", "These rows make stated figures differ.");
        let title = self.maker.reconciling();
        let section = Section { title, text: vec![self.say(&text)], tables: vec![listing] };
        Some(section).filter(|found| found.tables.iter().any(|table| !table.rows.is_empty()))
    }
}

/// What a group has declared, by its tables, and how much was found.
fn declared(filed: &[(Bilingual, usize)], all: usize, counts: &str) -> Bilingual {
    /// So many tables are named; of the others the rows are counted.
    const NAMED: usize = 4;
    let (named, others) = filed.split_at(filed.len().min(NAMED));
    let zh = named.iter().map(|(name, rows)| format!("{} {rows} 行", name.zh));
    let en = named.iter().map(|(name, rows)| format!("{}, rows {rows}", name.en));
    let (mut zh, mut en) = (zh.collect::<Vec<_>>(), en.collect::<Vec<_>>());
    let (tables, rows) = (others.len(), others.iter().map(|(_, rows)| rows).sum::<usize>());
    if tables > 0 {
        zh.push(format!("另 {tables} 张表 {rows} 行"));
        en.push(format!("{tables} other tables, rows {rows}"));
    }
    let (zh, en) = (zh.join("、"), en.join("; "));
    match filed {
        [] => say!(
            "没有填报，发现 {all} 处{counts}。",
            "Nothing is declared. Findings: {all}{counts}."
        ),
        _ => say!("填报{zh}，发现 {all} 处{counts}。", "Declared: {en}. Findings: {all}{counts}."),
    }
}

/// A line of a report as a paper has it: names stand in quotation marks, not between backticks.
fn unmarked(words: &Words, line: &str) -> String {
    let (open, close) = words.choose(("“", "”"), ("“", "”"));
    let mut pieces = line.split('`');
    let mut text = pieces.next().unwrap_or("").to_owned();
    for (at, piece) in pieces.enumerate() {
        text.push_str(if at % 2 == 0 { open } else { close });
        text.push_str(piece);
    }
    text
}

/// `违反 12，无法判断 3`, by the kinds that all tables have; empty where there is nothing.
pub(super) fn counted(words: &Words, tally: Tally) -> String {
    let kinds = words.kinds.iter().zip(tally.kinds()).filter(|(_, count)| *count > 0);
    kinds.map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(words.comma)
}

/// Who signs.
pub(super) fn signers(paper: &Paper, words: &Words) -> Vec<String> {
    let usual = || words.choose(["检查人", "签批人"], ["Checked by", "Approved by"]);
    paper.signers.clone().unwrap_or_else(|| usual().map(str::to_owned).to_vec())
}

/// A day as it is written in a paper; `None` where none was given.
pub(super) fn day(text: &str) -> Option<Bilingual> {
    let day = parse_date(text)?;
    let (year, month, date) = (day.year(), day.month(), day.day());
    Some(Bilingual::new(format!("{year}年{month}月{date}日"), text))
}
