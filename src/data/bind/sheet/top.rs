//! Which rows of a file hold its headings, and how headings of several levels are one.

use super::layout::ROW_NUMBERS;
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::bind::headings::title;
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::fault::Fault;
use crate::data::names::{Lookup, fold};
use crate::data::placeholder;
use crate::data::unit::{Unit, has_units};
use crate::schema::Type;
use crate::steps::step;
use crate::value::number::parse_decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::{Range, RangeInclusive};

/// How many rows of a file are looked at for its headings.
pub(super) const SEARCHED: usize = 50;

/// Headings have at most so many levels where the manifest does not say.
const LEVELS: usize = 4;

/// A row that may hold headings.
pub(super) struct Line {
    /// The cells, folded, with their places.
    pub(super) cells: Vec<(String, Range<usize>)>,
    /// Where the next row begins.
    end: usize,
    /// Where a quote is opened and never closed.
    pub(super) open: Option<usize>,
}

impl Line {
    fn text(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |(text, _)| text)
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(|(text, _)| text.is_empty())
    }

    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, &str)> + Clone {
        let cells = self.cells.iter().enumerate();
        cells.map(|(column, (text, _))| (column, &**text)).filter(|(_, text)| !text.is_empty())
    }
}

/// The headings of a file.
pub(super) struct Top {
    /// The last row of the headings, from 0; nothing where the file has none.
    pub header: Option<usize>,
    /// Where the first row of data begins.
    pub body: usize,
    /// The headings with their places.
    pub titles: Vec<(String, Range<usize>)>,
    /// What stands over the lowest heading of each column, from the top one down.
    pub upper: Vec<Vec<String>>,
}

/// The headings of the columns, from the top one down.
type Parts = Vec<Vec<(String, Range<usize>)>>;

impl Sheet<'_> {
    /// Finds the headings; `None` where there are none, which is said.
    pub(super) fn top<T: Target>(&self, text: &str, target: &mut T) -> Option<Top> {
        if text.trim().is_empty() {
            target.fault(0..0, Fault::Blank { headed: true });
            return None;
        }
        let lines = self.lines(text);
        if let Some(names) = self.given_columns(&lines) {
            return Some(self.without_headings(names, &lines));
        }
        let rows = match *self.mapping.header.as_slice() {
            [] => self.find(&lines),
            [row] => {
                let first = row.saturating_sub(1);
                let header = (first..lines.len()).find(|at| {
                    lines.get(*at).is_some_and(|line| line.open.is_some() || !line.is_blank())
                });
                let Some(header) = header else {
                    target.fault(0..0, Fault::MissingHeadingRow(row));
                    return None;
                };
                self.widen(&lines, header..=header)
            }
            [first, .., last] => {
                if last > lines.len() {
                    target.fault(0..0, Fault::MissingHeadingRow(last));
                    return None;
                }
                first.saturating_sub(1)..=last.saturating_sub(1)
            }
        };
        let levels = lines.get(rows.clone()).unwrap_or_default();
        if let Some(at) = levels.iter().find_map(|line| line.open) {
            target.fault(at..at + 1, Fault::UnterminatedQuote);
            return None;
        }
        let titles = self.titles(&lines, &rows, &Known::new(self));
        if self.mapping.header.is_empty() {
            self.left_above((&lines, *rows.start()), &titles, target);
        }
        let mut last = *rows.end();
        if let Some(next) = lines.get(last + 1)
            && numbers_columns(next, lines.get(last + 2), &titles)
        {
            let place = next.filled().next().and_then(|(column, _)| next.cells.get(column));
            target.fault(place.map_or(0..0, |(_, place)| place.clone()), Fault::ColumnNumbers);
            last += 1;
        }
        let body = lines.get(last).map_or(0, |line| line.end);
        let upper = self.upper(&lines, &rows);
        Some(Top { header: Some(*rows.end()), body, titles, upper })
    }

    /// The headings of each column without the lowest.
    fn upper(&self, lines: &[Line], rows: &RangeInclusive<usize>) -> Vec<Vec<String>> {
        let above = |mut parts: Vec<(String, Range<usize>)>| {
            parts.pop();
            parts.into_iter().map(|(text, _)| text).collect()
        };
        self.parts(lines, rows).into_iter().map(above).collect()
    }

    /// How many fields the headings that are found name.
    pub fn named_fields(&self, text: &str) -> usize {
        let lines = self.lines(text);
        let known = Known::new(self);
        let titles = self.titles(&lines, &self.find(&lines), &known);
        let ids: BTreeSet<usize> = titles.iter().filter_map(|(title, _)| known.id(title)).collect();
        ids.len()
    }

    /// The rows at the beginning.
    fn lines(&self, text: &str) -> Vec<Line> {
        let most = self.mapping.header.iter().copied().max().unwrap_or(0);
        let mut scanner = Scanner::new(text, 0, self.delimiter);
        let (mut cells, mut lines) = (Vec::new(), Vec::new());
        while lines.len() < SEARCHED.max(most) + LEVELS {
            let Some(row) = scanner.row(&mut cells) else { break };
            lines.push(Line {
                cells: titles(&scanner, &cells),
                end: scanner.position(),
                open: if let Row::Open(at) = row { Some(at) } else { None },
            });
        }
        lines
    }

    /// The columns the manifest gives, where the file does not name them itself.
    fn given_columns(&self, lines: &[Line]) -> Option<Vec<String>> {
        if !self.mapping.columns.is_empty() {
            return Some(self.mapping.columns.clone());
        }
        if self.mapping.header != [0] {
            return None;
        }
        let schema = &self.plan.schema;
        let shape = schema.frames.get(self.frame)?;
        let mut names = Vec::new();
        if let (Some(parents), Some((parent, _))) = (self.parents(), shape.parent) {
            let parent = schema.frame(parent)?;
            let key = parent.key().and_then(|key| parent.field(key));
            let name = key.map_or(&parent.names, |key| &key.names);
            names.extend(parents.get(&name.name).map(|_| name.name.to_string()));
        }
        let frames =
            std::iter::once(self.frame).chain(self.list_frame().ok().map(|(_, list)| list));
        let grouped = usize::from(self.mapping.group_by.is_some());
        for frame in frames.take(1 + grouped) {
            let fields = schema.frames.get(frame).map_or(&[][..], |shape| &shape.fields);
            let one_cell = |(at, _): &(usize, _)| self.field_kind(frame, *at) != Kind::Ignored;
            let fields = fields.iter().enumerate().filter(one_cell);
            names.extend(fields.map(|(_, field)| field.names.name.to_string()));
        }
        let width = lines.first().map_or(0, |line| line.cells.len());
        names.truncate(width.max(1));
        Some(names)
    }

    /// The columns by their order; a first row that names them is passed over.
    fn without_headings(&self, names: Vec<String>, lines: &[Line]) -> Top {
        let is_same = |name: &str, title: &str| {
            let field = self.headings.field(self.frame, name);
            *fold(name) == *title
                || field.is_some() && field == self.headings.field(self.frame, title)
        };
        let first = match *self.mapping.header.as_slice() {
            [] => lines.first().filter(|line| {
                let pairs = names.iter().zip(&line.cells);
                let same = pairs.filter(|(name, (title, _))| is_same(name, title)).count();
                same * 2 > line.filled().count()
            }),
            [.., row] => row.checked_sub(1).and_then(|row| lines.get(row)),
        };
        let place = |column: usize| {
            let cell = first.and_then(|line| line.cells.get(column));
            cell.map_or(0..0, |(_, place)| place.clone())
        };
        let body = first.map_or(0, |line| line.end);
        let header = first.and_then(|line| lines.iter().position(|other| other.end == line.end));
        let titles = names.into_iter().enumerate();
        let titles = titles.map(|(column, name)| (fold(&name).into_owned(), place(column)));
        Top { header, body, titles: titles.collect(), upper: Vec::new() }
    }

    /// The rows that name most fields.
    fn find(&self, lines: &[Line]) -> RangeInclusive<usize> {
        let known = Known::new(self);
        let score = |rows: &RangeInclusive<usize>| {
            let titles = self.titles(lines, rows, &known);
            let ids: BTreeSet<usize> =
                titles.iter().filter_map(|(title, _)| known.id(title)).collect();
            ids.len()
        };
        let searched = lines.len().min(SEARCHED);
        let filled = |at: usize| lines.get(at).is_some_and(|line| !line.is_blank());
        let start = (0..searched).find(|at| filled(*at)).unwrap_or(0);
        let mut best = (0, start..=start);
        for at in start..searched {
            let found = score(&(at..=at));
            // In text, where no line is passed over in silence, one word makes no heading.
            let is_enough = at == start
                || self.page.is_some()
                || found > 1
                || lines.get(at).is_some_and(|line| line.filled().count() == found);
            if found > best.0 && is_enough && lines.get(at).is_some_and(|line| line.open.is_none())
            {
                best = (found, at..=at);
            }
            // Where each cell is a heading of its own, no row has more of them.
            let is_full = |line: &Line| found > 1 && line.cells.len() == found;
            let is_wider = lines.iter().any(|line| line.cells.len() > found);
            if best.1 == (at..=at) && lines.get(at).is_some_and(is_full) && !is_wider {
                return self.widen(lines, best.1);
            }
        }
        let row = *best.1.start();
        for first in row.saturating_sub(LEVELS - 1)..=row {
            for last in row..(first + LEVELS).min(lines.len()) {
                let rows = first..=last;
                let open = lines.get(rows.clone()).is_none_or(|lines| {
                    lines.iter().any(|line| line.open.is_some() || line.is_blank())
                });
                let found = if open { 0 } else { score(&rows) };
                let levels = |rows: &RangeInclusive<usize>| rows.end() - rows.start();
                if found > best.0 || found == best.0 && levels(&rows) < levels(&best.1) {
                    best = (found, rows);
                }
            }
        }
        self.widen(lines, best.1)
    }

    /// The rows with those above and below that are headings of the same columns by their form.
    fn widen(&self, lines: &[Line], rows: RangeInclusive<usize>) -> RangeInclusive<usize> {
        let (mut first, mut last) = rows.into_inner();
        let known = Known::new(self);
        let merged = self.page.map_or(&[][..], |page| &page.upper);
        let row = |at: u32| at as usize;
        for region in merged {
            let (from, to) = (row(region.rows.0), row(region.rows.1));
            if from < first && first <= to && first - from < LEVELS {
                first = from;
            }
        }
        while first > 0 && last - first + 1 < LEVELS {
            let titles = self.titles(lines, &(first..=last), &known);
            let mut seen = BTreeSet::new();
            let twice = titles.iter().any(|(title, _)| !title.is_empty() && !seen.insert(title));
            let covers = lines.get(first - 1).zip(lines.get(first)).is_some_and(|(above, line)| {
                let is_said = above.filled().any(|(_, text)| text.contains(':'));
                above.open.is_none() && !is_said && self.is_lower(above, line, first - 1)
            });
            if !twice || !covers {
                break;
            }
            first -= 1;
        }
        while last - first + 1 < LEVELS {
            let reaches = merged.iter().any(|region| {
                (first..=last).contains(&row(region.rows.0)) && row(region.rows.1) > last
            });
            let lower = lines.get(last).zip(lines.get(last + 1)).is_some_and(|(upper, next)| {
                reaches && !next.is_blank()
                    || self.is_lower(upper, next, last)
                    || self.holds_units(upper, next)
            });
            if !lower {
                break;
            }
            last += 1;
        }
        first..=last
    }

    /// Whether a row holds nothing but the units of the columns whose headings stand above it; none
    /// stands below the heading of a text.
    fn holds_units(&self, upper: &Line, next: &Line) -> bool {
        let ty = |column: usize| {
            let field = self.headings.field(self.frame, upper.text(column))?;
            self.plan.field(self.frame, field).map(|field| field.ty)
        };
        let is_measured = |column: usize| {
            let is_number = |ty| has_units(ty) || matches!(ty, Type::Integer | Type::Decimal);
            ty(column).is_none_or(is_number)
        };
        let says = |(column, text): (usize, &str)| {
            let word = unbracketed(text);
            let counted = word.trim_start_matches(['百', '千', '万', '亿']);
            let is_one = is_measured(column) && (is_unit(text) || is_count(counted));
            !upper.text(column).is_empty() && (is_one || is_aside(word))
        };
        next.open.is_none()
            && next.filled().any(|(_, text)| is_unit(text))
            && next.filled().all(says)
    }

    /// Whether a row is the lower headings of the one above it: all it says stands below headings
    /// that reach over several columns, and is no number.
    fn is_lower(&self, upper: &Line, next: &Line, row: usize) -> bool {
        if next.open.is_some() || next.is_blank() {
            return false;
        }
        let over = self.over(upper, row, next.cells.len());
        let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
        for (column, text) in next.filled() {
            let Some(head) = over.get(column).copied().flatten() else { return false };
            let repeats = head == column && text == upper.text(column);
            if parse_decimal(&text.replace(',', "")).is_some() {
                return false;
            }
            if !repeats {
                *groups.entry(head).or_default() += 1;
            }
        }
        let wide: BTreeSet<usize> =
            groups.iter().filter(|(_, n)| **n > 1).map(|(at, _)| *at).collect();
        let alone = groups.keys().any(|head| !wide.contains(head));
        let others = upper.filled().any(|(column, _)| !wide.contains(&column));
        !wide.is_empty() && !alone && (others || wide.len() > 1)
    }

    /// For each column the one whose heading in this row is its own: itself, or one to its left
    /// that reaches over it.
    fn over(&self, line: &Line, row: usize, width: usize) -> Vec<Option<usize>> {
        let merged = self.page.map_or(&[][..], |page| &page.upper);
        let here: Vec<(usize, usize)> = merged
            .iter()
            .filter(|region| (region.rows.0 as usize..=region.rows.1 as usize).contains(&row))
            .filter(|region| region.columns.0 < region.columns.1)
            .map(|region| (region.columns.0 as usize, region.columns.1 as usize))
            .collect();
        let mut head = None;
        let columns = 0..line.cells.len().max(width);
        columns
            .map(|column| {
                if !line.text(column).is_empty() {
                    head = Some(column);
                }
                if here.is_empty() || line.text(column).is_empty() && head.is_none() {
                    return head;
                }
                let region = here.iter().find(|(from, to)| (*from..=*to).contains(&column));
                region.map(|(from, _)| *from).or((!line.text(column).is_empty()).then_some(column))
            })
            .collect()
    }

    /// The headings of each column, from the top one down; one that is repeated counts once.
    fn parts(&self, lines: &[Line], rows: &RangeInclusive<usize>) -> Parts {
        let levels = lines.get(rows.clone()).unwrap_or_default();
        let width = levels.iter().map(|line| line.cells.len()).max().unwrap_or(0);
        let mut parts: Parts = vec![Vec::new(); width];
        for (number, line) in levels.iter().enumerate() {
            let is_last = number + 1 == levels.len();
            let above = number.checked_sub(1).and_then(|above| levels.get(above));
            let is_units = is_last && above.is_some_and(|above| self.holds_units(above, line));
            let is_idle = |text: &str| {
                let word = unbracketed(text);
                is_units && (is_count(word) || is_aside(word))
            };
            let over = self.over(line, rows.start() + number, width);
            for (column, parts) in parts.iter_mut().enumerate() {
                let has_own = levels.iter().any(|line| !line.text(column).is_empty());
                let from = if is_last { Some(column) } else { over.get(column).copied().flatten() };
                let Some((text, place)) = from.and_then(|from| line.cells.get(from)) else {
                    continue;
                };
                if has_own
                    && !text.is_empty()
                    && !is_idle(text)
                    && parts.last().is_none_or(|(last, _)| last != text)
                {
                    parts.push((text.clone(), place.clone()));
                }
            }
        }
        parts
    }

    /// The headings with their places: those of several rows as one, by the words under which a
    /// field is known, else with `/` between them.
    fn titles(
        &self,
        lines: &[Line],
        rows: &RangeInclusive<usize>,
        known: &Known<'_>,
    ) -> Vec<(String, Range<usize>)> {
        let last = lines.get(*rows.end()).map_or(&[][..], |line| &line.cells);
        if rows.start() == rows.end() {
            return last.to_vec();
        }
        let parts = self.parts(lines, rows);
        let texts: Vec<Vec<&str>> =
            parts.iter().map(|parts| parts.iter().map(|(text, _)| &**text).collect()).collect();
        // How many columns end in these headings.
        let mut ends: HashMap<&[&str], usize> = HashMap::new();
        for tail in texts.iter().flat_map(|parts| tails(parts)) {
            step();
            *ends.entry(tail).or_default() += 1;
        }
        let is_only = |tail: &[&str]| ends.get(tail) == Some(&1);
        let title = |parts: &[&str]| {
            let mut own = tails(parts).filter(|tail| tail.len() == parts.len() || is_only(tail));
            let found = own.find_map(|tail| {
                let titles = ["", " ", "/"].iter().map(|between| tail.join(between));
                titles.into_iter().find(|title| known.has(title))
            });
            found.unwrap_or_else(|| parts.join("/"))
        };
        let place = |column: usize, parts: &[(String, Range<usize>)]| {
            let below = || last.get(column).map_or(0..0, |(_, place)| place.clone());
            parts.last().map_or_else(below, |(_, place)| place.clone())
        };
        let columns = texts.iter().zip(&parts).enumerate();
        columns.map(|(column, (texts, parts))| (title(texts), place(column, parts))).collect()
    }
}

/// The headings of a column, without the top ones: from all of them to the last alone.
fn tails<'p>(parts: &'p [&'p str]) -> impl Iterator<Item = &'p [&'p str]> {
    (0..parts.len()).filter_map(|skip| parts.get(skip..))
}

/// The words that headings of a sheet may be.
struct Known<'s> {
    sheet: &'s Sheet<'s>,
    /// What names the row an element belongs to.
    parents: Option<Lookup>,
    /// The list that grouped rows are elements of.
    list: Option<usize>,
}

impl<'s> Known<'s> {
    fn new(sheet: &'s Sheet<'s>) -> Self {
        let grouped = sheet.mapping.group_by.is_some();
        let list = if grouped { sheet.list_frame().ok() } else { None };
        Self { sheet, parents: sheet.parents(), list: list.map(|(_, frame)| frame) }
    }

    /// What a heading stands for, as a number that is its own.
    fn id(&self, title: &str) -> Option<usize> {
        let field = |frame| self.sheet.headings.field(frame, title);
        let parent = || self.parents.as_ref()?.get_in_any_case(title).map(|_| usize::MAX);
        field(self.sheet.frame)
            .or_else(|| field(self.list?).map(|field| field + (1 << 16)))
            .or_else(parent)
    }

    /// Whether the manifest or the vocabulary has the heading.
    fn has(&self, title: &str) -> bool {
        let by = self.sheet.mapping.group_by.as_ref();
        self.id(title).is_some()
            || by.is_some_and(|by| *fold(by) == *title)
            || !title.is_empty() && self.sheet.headings.ignores(title)
    }
}

/// Whether a text is a unit, in brackets or not.
pub(super) fn is_unit(text: &str) -> bool {
    Unit::named(unbracketed(text)).is_some()
}

/// A text without brackets around it.
fn unbracketed(text: &str) -> &str {
    text.trim().trim_matches(['(', ')', '（', '）', '[', ']', '【', '】'])
}

/// What things are counted in: no type has these units, and they change no number.
pub(super) fn is_count(word: &str) -> bool {
    const COUNTS: [&str; 30] = [
        "件",
        "项",
        "个",
        "份",
        "人",
        "人次",
        "户",
        "家",
        "次",
        "册",
        "本",
        "处",
        "台",
        "套",
        "条",
        "页",
        "张",
        "宗",
        "起",
        "笔",
        "辆",
        "座",
        "间",
        "所",
        "平方米",
        "公顷",
        "亩",
        "吨",
        "米",
        "公里",
    ];
    COUNTS.contains(&word)
}

/// What stands in a row of units where there is none.
fn is_aside(word: &str) -> bool {
    placeholder::is_one(word) || ["单位", "计量单位", "unit", "units"].contains(&word)
}

/// The headings with their places, folded.
pub(super) fn titles(scanner: &Scanner<'_>, cells: &[Cell]) -> Vec<(String, Range<usize>)> {
    let mut scratch = String::new();
    cells
        .iter()
        .map(|cell| (title(scanner.content(cell, &mut scratch)), cell.raw.clone()))
        .collect()
}

/// Whether a row below headings only numbers the columns: `1 2 3`, `甲 乙 1 2`. Where the rows
/// themselves are numbered, the next one says so; numbers alone below which nothing stands are data.
pub(super) fn numbers_columns(
    row: &Line,
    next: Option<&Line>,
    titles: &[(String, Range<usize>)],
) -> bool {
    const STEMS: [&str; 10] = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"];
    const COUNTED: [&str; 4] = ["栏次", "栏号", "列次", "列号"];
    let number = |text: &str| {
        let bare: String = text.chars().filter(|c| !"()[]栏第列 ".contains(*c)).collect();
        let circled = text.chars().next().filter(|_| text.chars().count() == 1);
        let circled = circled.and_then(|c| u32::from(c).checked_sub(0x2460)).filter(|n| *n < 20);
        let digits: String = bare.chars().take_while(char::is_ascii_digit).collect();
        let rest = bare.get(digits.len()..).unwrap_or("");
        let formula = rest.is_empty() || rest.starts_with('=');
        circled.map(|n| n + 1).or_else(|| digits.parse().ok().filter(|_| formula))
    };
    if row.open.is_some() {
        return false;
    }
    let (mut stems, mut numbers) = (0, 0);
    for (column, text) in row.filled() {
        let is_next = number(text) == Some(numbers + 1);
        if is_next {
            numbers += 1;
        } else if numbers == 0
            && (STEMS.get(stems) == Some(&text)
                || column == 0 && COUNTED.contains(&text)
                || stems > 0 && placeholder::is_one(text))
        {
            stems += 1;
        } else {
            return false;
        }
    }
    let named = titles.iter().filter(|(title, _)| !title.is_empty()).count();
    let counts = |line: &Line| {
        let first = line.filled().next();
        first.is_some_and(|(_, text)| number(text) == Some(2)) && stems == 0
    };
    let numbered = titles.first().is_some_and(|(title, _)| ROW_NUMBERS.contains(&&**title));
    let all = (numbers as usize + stems) + usize::from(numbered) >= named.max(3);
    numbers > 1 && all && (next.is_some() || stems > 0) && !next.is_some_and(counts)
}
