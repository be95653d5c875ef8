//! Rows that add up others: found before any row is read, so that they are never data.

use super::layout::Layout;
use super::{Kind, Sheet};
use crate::data::bind::Target;
use crate::data::csv::{Cell, Row, Scanner};
use crate::data::fault::{Aside, Fault};
use crate::data::names::{fold, shorten};
use crate::data::placeholder;
use crate::schema::{Physical, Type};
use crate::value::Ratio;
use crate::value::date::parse_date;
use crate::value::number::parse_decimal;
use num_traits::{CheckedAdd, Zero};
use std::collections::BTreeSet;
use std::ops::Range;

/// The rows of totals of a file, by where they begin.
#[derive(Debug, Default)]
pub struct Totals {
    rows: BTreeSet<usize>,
}

impl Totals {
    /// Whether the row that begins here is one.
    #[must_use]
    pub fn has(&self, start: usize) -> bool {
        !self.rows.is_empty() && self.rows.contains(&start)
    }
}

/// What the rows so far come to.
#[derive(Clone, Debug)]
struct Sums {
    /// One a column; `None` where a number was too large.
    columns: Vec<Option<Ratio>>,
    rows: usize,
}

/// A row as far as totals go.
struct Figures {
    start: usize,
    /// Column, number, place.
    numbers: Vec<(usize, Ratio, Range<usize>)>,
    /// Cells that hold something else.
    texts: usize,
    /// Whether a field every row has is empty.
    lacks: bool,
    /// Whether that may be no row of data as it stands: in rows that are grouped, those below the
    /// first of a group lack what the group has.
    lacks_own: bool,
    /// Whether it says which row it is.
    is_keyed: bool,
    /// Whether it begins with a word of the manifest's `totals`.
    is_named: bool,
    /// Whether a word for totals, and nothing else, stands where a row says what it is.
    is_total: bool,
    /// Whether what says what it is ends in such a word: `全年合计`, `本年累计`.
    ends_so: bool,
    /// Whether such a word stands in another column, though it says which row it is: a row of
    /// totals may be numbered on.
    named_beside: bool,
    /// Whether it begins with a word totals usually begin with.
    is_usual: bool,
    /// That word.
    word: String,
    /// Whether it begins as a line below a table does: `填表人：`, `注`.
    is_note: bool,
    /// Whether it begins as an example of how to fill the table in does.
    is_example: bool,
    /// Whether it is nothing but the heading of rows below it, or a note among the rows.
    is_section: bool,
    place: Range<usize>,
}

/// What is known of the rows so far.
struct Tally {
    /// All rows.
    all: Sums,
    /// Those since the last row of totals.
    part: Sums,
    /// The last rows, which are no data if no other row follows.
    waiting: Vec<Figures>,
    /// The rows of totals above all others, which add up what follows.
    opening: Vec<Figures>,
}

/// What rows of totals usually begin with.
const USUAL: [&str; 9] =
    ["合计", "总计", "共计", "小计", "汇总", "累计", "total", "subtotal", "grandtotal"];

/// What rows say that hold what is usual of the others: nobody adds them up.
const MEANS: [&str; 7] = ["平均", "平均值", "平均数", "均值", "average", "avg", "mean"];

/// What a line below a table may begin with, if it has no colon.
const NOTES: [&str; 4] = ["注", "备注", "说明", "note"];

/// Whether a row that begins so is a note below a table.
#[must_use]
pub fn is_note(text: &str) -> bool {
    let text = fold(text).to_lowercase();
    NOTES.iter().any(|word| is_headed(&text, word))
}

/// Whether the first row of a table that begins so shows how to fill it in.
fn is_example(text: &str) -> bool {
    const EXAMPLES: [&str; 8] =
        ["示例", "样例", "范例", "填写示例", "填报示例", "填写样例", "例如", "example"];
    let text = fold(text).to_lowercase();
    let text = text.trim_start_matches(['(', '[', '【', '<']);
    EXAMPLES.iter().any(|word| {
        text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    }) || text == "例"
        || text.starts_with("例:")
}

/// Whether a text is the heading of a part of a table, or a note that stands among its rows:
/// `一、许可`, `（二）`, `第三部分`, `续表`, `以下空白`, `第1页 共3页`.
fn is_section(text: &str) -> bool {
    const NUMERALS: &str = "一二三四五六七八九十";
    let text = squeezed(text);
    let numbered = |rest: &str, ends: &[&str]| {
        let behind = rest.trim_start_matches(|letter| NUMERALS.contains(letter));
        behind.len() < rest.len() && ends.iter().any(|end| behind.starts_with(end))
    };
    let bare = text.trim_matches(['(', ')', '-', '—', '*', ' ']);
    let is_page = |text: &str| {
        text.contains('页')
            && text.chars().all(|letter| letter.is_ascii_digit() || "第共页/,".contains(letter))
    };
    numbered(&text, &["、"])
        || text.strip_prefix('(').is_some_and(|rest| numbered(rest, &[")"]))
        || text.strip_prefix('第').is_some_and(|rest| numbered(rest, &["部分", "类", "章", "节"]))
        || ["以下空白", "续表", "接上页", "转下页", "下接", "其中:"].contains(&bare)
        || is_page(bare)
}

/// Larger texts are looked through only where something in them may be totals.
pub(super) const SMALL: usize = 1 << 20;

/// So many bytes at the end may be lines below the table.
pub(super) const TAIL: usize = 1 << 12;

impl Sums {
    fn add(&mut self, figures: &Figures) {
        for (column, number, _) in &figures.numbers {
            if let Some(sum) = self.columns.get_mut(*column) {
                *sum = sum.and_then(|sum| sum.checked_add(number));
            }
        }
        self.rows += 1;
    }

    fn of(&self, column: usize) -> Option<Ratio> {
        *self.columns.get(column)?
    }

    /// Whether each number of a row is the sum of its column.
    fn agree(&self, figures: &Figures) -> bool {
        figures.numbers.iter().all(|(column, number, _)| self.of(*column) == Some(*number))
    }
}

impl Tally {
    fn new(columns: usize) -> Self {
        let zero = Sums { columns: vec![Some(Ratio::zero()); columns], rows: 0 };
        Self { all: zero.clone(), part: zero, waiting: Vec::new(), opening: Vec::new() }
    }

    /// A row of data; those that waited are data too.
    fn add(&mut self, figures: Figures) {
        for row in self.waiting.drain(..).chain([figures]) {
            self.all.add(&row);
            self.part.add(&row);
        }
    }

    /// Whether a row that is called so adds up what stands above it, or lacks what every row has.
    fn is_total(&self, row: &Figures) -> bool {
        let adds_up = !row.numbers.is_empty() && (self.all.agree(row) || self.part.agree(row));
        self.all.rows > 0 && (row.lacks || adds_up)
    }

    /// Whether a row adds up two rows or more above it, whatever it is numbered.
    fn is_numbered_total(&self, row: &Figures, sheet: &Sheet<'_>, layout: &Layout) -> bool {
        let own = |column: usize| !layout.names_row(sheet.plan, column);
        let numbers = || row.numbers.iter().filter(|(column, _, _)| own(*column));
        let adds_up = |sums: &Sums| {
            sums.rows > 1 && numbers().all(|(column, number, _)| sums.of(*column) == Some(*number))
        };
        numbers().next().is_some() && (adds_up(&self.all) || adds_up(&self.part))
    }

    /// Where a number of a row of totals is not the sum of what stands above it.
    fn wrong(&self, layout: &Layout, sheet: &Sheet<'_>, row: &Figures) -> Option<Range<usize>> {
        let wrong = row.numbers.iter().find(|(column, number, _)| {
            self.waiting.is_empty()
                && !MEANS.contains(&&*squeezed(&row.word).to_lowercase())
                && !sheet.is_rate(layout, *column)
                && self.all.of(*column) != Some(*number)
                && self.part.of(*column) != Some(*number)
        });
        wrong.map(|(_, _, place)| place.clone())
    }

    /// What comes after is added up anew.
    fn close_part(&mut self) {
        self.part = Sums { columns: vec![Some(Ratio::zero()); self.part.columns.len()], rows: 0 };
    }
}

impl Sheet<'_> {
    /// Finds the rows of totals: those that say so in the column of the key, or in another where
    /// the key is not given; those that begin with a word of the manifest; and last rows of numbers
    /// alone that lack what every row has, each of which is the sum of its column. The last rows may be
    /// lines about the table, too: they hold little but a text with a colon.
    pub(super) fn totals<T: Target>(&self, text: &str, layout: &Layout, target: &mut T) -> Totals {
        let words: Vec<String> = self
            .mapping
            .totals
            .iter()
            .flatten()
            .map(|word| squeezed(word).to_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        let mut totals = Totals { rows: self.repeated(text, layout, target) };
        if words.is_empty() && self.page.is_none() && !may_hold_totals(text, self.delimiter) {
            return totals;
        }
        let mut tally = Tally::new(layout.titles.len());
        let mut above: Vec<Range<usize>> = Vec::new();
        let mut scanner = Scanner::new(text, layout.body, self.delimiter);
        let mut cells = Vec::new();
        while let Some(row) = scanner.row(&mut cells) {
            let Row::At(start) = row else { continue };
            if cells.iter().all(|cell| cell.raw.is_empty()) || totals.has(start) {
                continue;
            }
            let before = |column: usize| {
                let place = above.get(column).cloned().unwrap_or_default();
                text.get(place).unwrap_or("").trim()
            };
            let mut figures = self.figures(&scanner, (&cells, start), layout, &words, &before);
            above.clear();
            above.extend(cells.iter().map(Cell::content));
            figures.is_total |= figures.ends_so && tally.is_total(&figures);
            figures.is_total |=
                figures.named_beside && tally.is_numbered_total(&figures, self, layout);
            let follows = tally.waiting.last().is_some_and(|row| row.is_note);
            figures.is_note |= follows && figures.numbers.is_empty() && figures.texts == 1;
            if figures.is_example && tally.all.rows == 0 && tally.waiting.is_empty() {
                target.fault(figures.place, Fault::AsideRow(Aside::Example));
                totals.rows.insert(start);
            } else if figures.is_section {
                target.fault(figures.place, Fault::AsideRow(Aside::Section));
                totals.rows.insert(start);
            } else if figures.is_named || figures.is_total {
                totals.rows.insert(start);
                self.total(figures, layout, &mut tally, target);
            } else if figures.may_be_total() && tally.all.rows > 1 && tally.all.agree(&figures)
                || figures.is_note && tally.all.rows > 0
            {
                tally.waiting.push(figures);
            } else if figures.is_usual {
                target.fault(figures.place.clone(), Fault::LikelyTotals(figures.word));
                totals.rows.insert(start);
            } else {
                tally.add(figures);
            }
        }
        for row in tally.opening {
            let differs = !tally.all.agree(&row);
            target.fault(row.place, Fault::TotalsRow { differs, word: row.word });
        }
        for row in tally.waiting {
            let fault = if row.is_note {
                Fault::NoteRow
            } else {
                Fault::TotalsRow { differs: false, word: row.word }
            };
            target.fault(row.place, fault);
            totals.rows.insert(row.start);
        }
        totals
    }

    /// Says that a row is one of totals.
    fn total<T: Target>(
        &self,
        figures: Figures,
        layout: &Layout,
        tally: &mut Tally,
        target: &mut T,
    ) {
        if figures.is_note {
            return target.fault(figures.place, Fault::NoteRow);
        }
        if tally.all.rows == 0 && tally.waiting.is_empty() {
            return tally.opening.push(figures);
        }
        let wrong = tally.wrong(layout, self, &figures);
        let fault = Fault::TotalsRow { differs: wrong.is_some(), word: figures.word };
        target.fault(wrong.unwrap_or(figures.place), fault);
        tally.close_part();
    }

    fn figures<'t>(
        &self,
        scanner: &Scanner<'_>,
        (cells, start): (&[Cell], usize),
        layout: &Layout,
        words: &[String],
        above: &impl Fn(usize) -> &'t str,
    ) -> Figures {
        let mut scratch = String::new();
        let place = cells.iter().find(|cell| !cell.raw.is_empty());
        let place = place.map_or(start..start, |cell| cell.raw.clone());
        let mut figures = Figures::empty(start, place);
        let (mut is_first, mut begins, mut says_what) = (true, false, true);
        let (mut in_name, mut elsewhere) = (None, None);
        let (mut ends, mut ends_beside) = (None, None);
        let (mut remarks, mut named) = (0, String::new());
        for (column, _) in layout.titles.iter().enumerate() {
            let cell = cells.get(column);
            let text = cell.map_or("", |cell| scanner.content(cell, &mut scratch)).trim();
            if text.is_empty() {
                let lacks = self.is_required(layout, column) && !self.is_filled(layout, column);
                figures.lacks |= lacks;
                figures.lacks_own |= lacks && !layout.is_of_group(column);
                continue;
            }
            let names_row = layout.names_row(self.plan, column);
            // A sign for nothing is no key.
            figures.is_keyed |= names_row && !placeholder::is_one(text);
            if let Some(word) = total_word(text, || above(column))
                && !self.is_value(layout, column, text)
            {
                let slot = if names_row || says_what { &mut in_name } else { &mut elsewhere };
                slot.get_or_insert_with(|| word.to_owned());
            }
            if ends_in_total(text) && !self.is_value(layout, column, text) {
                let slot = if names_row || says_what { &mut ends } else { &mut ends_beside };
                slot.get_or_insert_with(|| text.to_owned());
            }
            // After the key of what a row belongs to, the next cell says what it is.
            says_what &= names_row && layout.is_of_others(self.plan, column);
            if std::mem::take(&mut is_first) {
                let first = squeezed(text).to_lowercase();
                figures.is_named = words.contains(&first);
                if figures.is_named {
                    named = shorten(text);
                }
                begins = words.iter().any(|word| first.starts_with(word));
                figures.begins_as(&first);
                let noted = is_note(text);
                let may_head = (column == 0 || names_row) && !self.is_value(layout, column, text);
                (figures.is_example, figures.is_section) =
                    (may_head && is_example(text), may_head && is_section(text));
                figures.is_note = has_colon(&first) || noted;
                remarks = usize::from(noted && !has_colon(&first));
            }
            let has_remark = || has_colon(&fold(text)) && is_remark(&squeezed(text));
            remarks += usize::from(text.contains([':', '：']) && has_remark());
            // The day on which a table was filled in is no number, nor a text of the table.
            remarks += usize::from(parse_date(text).is_some() && !self.is_dated(layout, column));
            let place = cell.map_or(start..start, |cell| cell.raw.clone());
            let number = || parse_decimal(&fold(text).replace(',', ""));
            match self.adds_up(layout, column).then(number).flatten() {
                Some(number) => figures.numbers.push((column, number, place)),
                None => figures.texts += 1,
            }
        }
        let is_keyed = figures.is_keyed;
        let beside = elsewhere.clone().or(ends_beside).filter(|_| is_keyed);
        let says_so = in_name.or(elsewhere.filter(|_| !is_keyed && layout.has_names(self.plan)));
        if self.mapping.totals.as_ref().is_none_or(|words| !words.is_empty()) {
            figures.is_total = says_so.is_some();
            figures.ends_so = ends.is_some();
            figures.named_beside = beside.is_some();
            let beside = beside.filter(|_| figures.word.is_empty());
            figures.word = says_so.or(ends).or(beside).unwrap_or(figures.word);
        }
        // A row that has all that rows have is data, whatever it begins with.
        figures.is_named |= begins && figures.lacks;
        figures.is_usual &= figures.lacks;
        figures.is_section &= figures.texts == 1 && layout.titles.len() > 2;
        figures.is_section &= figures.numbers.is_empty();
        if figures.is_named {
            figures.word = named;
        }
        let little = figures.texts.saturating_sub(remarks) <= (layout.titles.len() / 3).max(1);
        let little = figures.numbers.is_empty() && little;
        let alone = figures.texts == remarks && layout.titles.len() > 1;
        figures.is_note &= (figures.lacks || alone) && little && !figures.is_usual;
        figures
    }

    /// Whether a text is a value that the field of a column lists.
    fn is_value(&self, layout: &Layout, column: usize, text: &str) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Field(field) => self
                .plan
                .field(frame, field)
                .and_then(|field| field.values.as_ref())
                .is_some_and(|values| values.get_in_any_case(text).is_some()),
            _ => false,
        })
    }

    /// Whether a column holds dates.
    fn is_dated(&self, layout: &Layout, column: usize) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Field(field) => self
                .plan
                .field(frame, field)
                .is_some_and(|field| matches!(field.ty, Type::Date | Type::Instant)),
            _ => false,
        })
    }

    /// Whether a column holds rates, which nobody adds up.
    fn is_rate(&self, layout: &Layout, column: usize) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Field(field) => {
                self.plan.field(frame, field).is_some_and(|field| matches!(field.ty, Type::Percent))
            }
            _ => false,
        })
    }

    /// The fields a column holds, of the row or its elements.
    pub(super) fn fields<'l>(
        &self,
        layout: &'l Layout,
        column: usize,
    ) -> impl Iterator<Item = (usize, Kind)> + 'l {
        let inner = layout.inner.as_ref().map(|inner| &inner.columns);
        std::iter::once(&layout.columns)
            .chain(inner)
            .filter_map(move |columns| columns.kinds.get(column).map(|kind| (columns.frame, *kind)))
    }

    /// Whether every row has a value in this column.
    fn is_required(&self, layout: &Layout, column: usize) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Parent => true,
            Kind::Field(field) => self
                .plan
                .field(frame, field)
                .is_some_and(|field| !field.optional && field.default.is_none()),
            _ => false,
        })
    }

    /// Whether a column holds numbers that can be added.
    fn adds_up(&self, layout: &Layout, column: usize) -> bool {
        self.fields(layout, column).any(|(frame, kind)| match kind {
            Kind::Field(field) => self.plan.field(frame, field).is_some_and(|field| {
                matches!(field.ty.physical(), Physical::Ints | Physical::Ratios)
                    && !matches!(field.ty, Type::Enum(_) | Type::Date | Type::Ref(_))
            }),
            Kind::Unknown | Kind::Ignored => true,
            _ => false,
        })
    }
}

impl Figures {
    /// A row of which nothing is known yet.
    fn empty(start: usize, place: Range<usize>) -> Self {
        Self {
            start,
            numbers: Vec::new(),
            texts: 0,
            lacks: false,
            lacks_own: false,
            is_keyed: false,
            is_named: false,
            is_total: false,
            ends_so: false,
            named_beside: false,
            is_usual: false,
            is_note: false,
            is_example: false,
            is_section: false,
            word: String::new(),
            place,
        }
    }

    /// Notes the word totals usually begin with, of a row that begins so.
    fn begins_as(&mut self, first: &str) {
        let word = USUAL.iter().find(|word| is_headed(first, word));
        self.word = word.map_or_else(String::new, |word| (*word).to_owned());
        self.is_usual = word.is_some();
    }

    /// Whether it has the shape of a row of totals: called so, or nothing but numbers.
    fn may_be_total(&self) -> bool {
        let is_bare = self.lacks_own && !self.is_keyed && self.texts == 0;
        (is_bare || self.lacks && self.is_usual) && !self.numbers.is_empty()
    }
}

/// Words in a text that may hold rows of totals, or what stands between the parts of a table.
pub(super) const WORDS: [&str; 7] = ["计", "汇", "一、", "以下空白", "续表", "otal", "OTAL"];

/// Whether one of [`WORDS`] that stands at a byte of a text tells so.
pub(super) fn tells(text: &str, at: usize, word: &str) -> bool {
    let before = || text.get(..at).unwrap_or("").trim_end();
    word != "计" || before().ends_with(['合', '总', '共', '小', '累'])
}

/// Whether a text that is not searched through row by row may hold totals, or lines below a table.
fn may_hold_totals(text: &str, delimiter: u8) -> bool {
    let bytes = text.as_bytes();
    let holds =
        |word: &&str| memchr::memmem::find_iter(bytes, word).any(|at| tells(text, at, word));
    text.len() <= SMALL || WORDS.iter().any(holds) || ends_below(text, delimiter)
}

/// Whether the end of a text may be lines below a table.
pub(super) fn ends_below(text: &str, delimiter: u8) -> bool {
    let bytes = text.as_bytes();
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    let tail = String::from_utf8_lossy(tail);
    tail.lines().skip(1).any(|line| {
        line.as_bytes().first() == Some(&delimiter)
            || line.contains([':', '：'])
            || NOTES.iter().any(|word| line.to_lowercase().starts_with(word))
    })
}

/// The word for totals a text is: alone, with what it adds up in brackets, with a number of what
/// was counted, or, as spreadsheet programs write it, behind what stands in the row above.
fn total_word<'t, 'a>(text: &'t str, above: impl FnOnce() -> &'a str) -> Option<&'t str> {
    const LONGEST: usize = 120;
    // A letter of each word there is; most texts have none of them.
    let may_be = |c| matches!(c, '计' | '汇' | '均' | 'a' | 'A' | 'ａ' | 'Ａ');
    if text.len() > LONGEST || !text.contains(may_be) {
        return None;
    }
    let word = squeezed(text).to_lowercase();
    let is_total = |word: &str| {
        let word = word.trim_end_matches(':');
        let word = word
            .strip_suffix(')')
            .and_then(|word| word.split_once('('))
            .map_or(word, |found| found.0);
        let word =
            ["人民币", "金额"].iter().find_map(|more| word.strip_suffix(more)).unwrap_or(word);
        USUAL.contains(&word.strip_suffix('数').unwrap_or(word))
            || MEANS.contains(&word)
            || USUAL.iter().any(|usual| {
                !usual.is_ascii()
                    && word
                        .strip_prefix(usual)
                        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            })
    };
    let behind = || {
        let above = squeezed(above()).to_lowercase();
        !above.is_empty() && word.strip_prefix(&*above).is_some_and(is_total)
    };
    (is_total(&word) || behind()).then_some(text)
}

/// Whether a text ends in a word for totals: `全年合计`, `本年累计：`.
fn ends_in_total(text: &str) -> bool {
    let text = text.trim_end_matches([':', '：', ' ', ')', '）']);
    ["合计", "总计", "共计", "小计", "累计"].iter().any(|word| text.ends_with(word))
}

/// Whether a text begins as what is said about a table does: in Chinese, with a colon.
fn is_remark(text: &str) -> bool {
    text.split_once(':').is_some_and(|(before, _)| {
        NOTES.contains(&before)
            || before.chars().count() > 1
                && before.chars().all(|c| !c.is_ascii() && c.is_alphabetic())
    })
}

/// Whether a text is a word, or the word and what is set off from it: `合计（26项）`, `合计数`.
fn is_headed(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| rest == "数" || !rest.starts_with(char::is_alphanumeric))
}

/// Whether a text has a colon that is no part of a time.
fn has_colon(text: &str) -> bool {
    text.split_once(':').is_some_and(|(before, _)| !before.ends_with(|c: char| c.is_ascii_digit()))
}

/// A word without blanks: `合 计` is `合计`.
fn squeezed(word: &str) -> String {
    fold(word).chars().filter(|c| !c.is_whitespace()).collect()
}
