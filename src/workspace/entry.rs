//! The entry of a data file in the manifest: how it is read.

use super::document::{Entry, Reader, Value, ordered};
use super::manifest::DataFile;
use crate::data::{DateOrder, Dates, NumberAndUnit};
use crate::diagnostic::Bilingual;
use crate::say;
use toml::de::{DeTable, DeValue};

impl Reader<'_> {
    /// What stands in the entry of a file.
    pub(super) fn data_table(&mut self, table: &DeTable<'_>, file: &mut DataFile) {
        const KNOWN: [&str; 19] = [
            "file",
            "header",
            "encoding",
            "headings",
            "sheet",
            "rows",
            "ignore",
            "totals",
            "fill",
            "group_by",
            "list",
            "empty",
            "absent",
            "yes",
            "no",
            "dates",
            "unit",
            "units",
            "separator",
        ];
        for (key, value) in ordered(table) {
            let mapping = &mut file.mapping;
            match key.get_ref().as_ref() {
                "file" => (file.file, file.span) = (self.file("file", value), value.span()),
                "encoding" => mapping.encoding = Some(self.text("encoding", value)),
                "sheet" => mapping.sheet = Some(self.text("sheet", value)),
                "rows" => mapping.rows = Some(self.text("rows", value)),
                "group_by" => mapping.group_by = Some(self.text("group_by", value)),
                "list" => mapping.list = Some(self.text("list", value)),
                "ignore" => mapping.ignore = self.texts("ignore", value),
                "totals" => mapping.totals = Some(self.texts("totals", value)),
                "fill" => mapping.fill = self.texts("fill", value),
                "header" => mapping.header = self.heading_rows(value),
                "empty" => mapping.empty = self.truth("empty", value),
                "absent" => mapping.absent = self.texts("absent", value),
                "yes" => mapping.truths[0] = self.texts("yes", value),
                "no" => mapping.truths[1] = self.texts("no", value),
                "dates" => mapping.dates = self.dates(value),
                "unit" => mapping.unit = Some(self.text("unit", value)),
                "units" => mapping.units = self.pairs("units", value),
                "separator" => mapping.separator = self.texts("separator", value),
                "headings" if matches!(value.get_ref(), DeValue::Array(_)) => {
                    mapping.columns = self.texts("headings", value);
                }
                "headings" => {
                    for (heading, fields) in
                        self.table("headings", value).into_iter().flat_map(ordered)
                    {
                        if let DeValue::Table(pair) = fields.get_ref() {
                            let pair = self.number_and_unit(heading.get_ref(), pair);
                            mapping.pairs.push(pair);
                            continue;
                        }
                        file.headings.push((heading.get_ref().to_string(), heading.span()));
                        let fields = self.texts(heading.get_ref(), fields);
                        mapping.headings.extend(
                            fields.into_iter().map(|field| (heading.get_ref().to_string(), field)),
                        );
                    }
                }
                other => self.unknown_key(other, &KNOWN, key.span()),
            }
        }
        if !table.contains_key("file") && !file.mapping.empty {
            self.wrong(
                &file.table.clone(),
                &Bilingual::new("{ file = \"…\" }", "{ file = \"…\" }"),
                file.span.clone(),
            );
        }
    }

    /// A number whose unit stands in another column.
    fn number_and_unit(&mut self, heading: &str, table: &DeTable<'_>) -> NumberAndUnit {
        let mut pair = NumberAndUnit { heading: heading.to_owned(), ..NumberAndUnit::default() };
        for (key, value) in ordered(table) {
            match key.get_ref().as_ref() {
                "value" => pair.values = self.texts("value", value),
                "unit" => pair.unit = self.text("unit", value),
                "units" => pair.units = self.pairs("units", value),
                other => self.unknown_key(other, &["value", "unit", "units"], key.span()),
            }
        }
        pair
    }

    /// Texts by name.
    fn pairs(&mut self, key: &str, value: &Value<'_>) -> Vec<(String, String)> {
        let entries = self.table(key, value).into_iter().flat_map(ordered);
        let pair = |(name, value): Entry<'_, '_>| {
            (name.get_ref().to_string(), self.text(name.get_ref(), value))
        };
        entries.collect::<Vec<_>>().into_iter().map(pair).collect()
    }

    /// In which order day, month and year stand, and whether an instant stands for its day.
    pub(super) fn dates(&mut self, value: &Value<'_>) -> Dates {
        let mut dates = Dates::default();
        let mut order = None;
        for word in self.texts("dates", value) {
            let own = match word.as_str() {
                "ymd" => Some(DateOrder::YearFirst),
                "mdy" => Some(DateOrder::MonthFirst),
                "dmy" => Some(DateOrder::DayFirst),
                _ => None,
            };
            match (own, order) {
                // What begins with the year is read in any case.
                (Some(DateOrder::YearFirst), _) | (Some(_), Some(DateOrder::Several)) => {}
                (Some(own), None) => order = Some(own),
                (Some(own), Some(known)) if own == known => {}
                (Some(_), Some(_)) => {
                    order = Some(DateOrder::Several);
                    self.several_orders(value.span());
                }
                (None, _) if word == "timestamp" => dates.timestamps = true,
                (None, _) => {
                    let expected = Bilingual::new(
                        "\"ymd\"、\"mdy\"、\"dmy\"、\"timestamp\"，或其中几个的列表",
                        "\"ymd\", \"mdy\", \"dmy\", \"timestamp\", or a list of them",
                    );
                    self.wrong("dates", &expected, value.span());
                }
            }
        }
        dates.order = order.unwrap_or(dates.order);
        dates
    }

    /// Two orders of day and month for one file.
    fn several_orders(&mut self, span: std::ops::Range<usize>) {
        self.report(
            self.kind.code,
            say!(
                "`dates` 写了几种次序：`02/03/2015` 是二月三日还是三月二日，分不清，没有读入",
                "`dates` has several orders: whether `02/03/2015` is 2 March or 3 February, nobody \
                    knows, and it is not read"
            ),
            Some(say!(
                "先写日的写 `dates = \"dmy\"`，先写月的写 `dates = \"mdy\"`；各个文件不同的，写在各个文件处",
                "write `dates = \"dmy\"` for the day first, `dates = \"mdy\"` for the month first; \
                    where files differ, with each file"
            )),
            span,
        );
    }

    /// One row or several that stand next to each other, from 1; 0 for none.
    fn heading_rows(&mut self, value: &Value<'_>) -> Vec<usize> {
        let number = |value: &Value<'_>| match value.get_ref() {
            DeValue::Integer(number) => number.as_str().parse::<usize>().ok(),
            _ => None,
        };
        let rows = match value.get_ref() {
            DeValue::Array(rows) => rows.iter().map(number).collect::<Option<Vec<usize>>>(),
            _ => number(value).map(|row| vec![row]),
        };
        let follow = |rows: &Vec<usize>| {
            let mut pairs = rows.iter().zip(rows.iter().skip(1));
            pairs.all(|(row, next)| *row > 0 && *next == row + 1) && !rows.is_empty()
        };
        let rows = rows.filter(follow);
        if rows.is_none() {
            let expected = Bilingual::new(
                "标题所在的行号，从 1 数起；几行标题写 [2, 3]；没有标题写 0",
                "the number of the heading row, from 1; [2, 3] for headings of several rows; 0 \
                    for none",
            );
            self.wrong("header", &expected, value.span());
        }
        rows.unwrap_or_default()
    }
}
