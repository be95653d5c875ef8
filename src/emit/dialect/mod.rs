//! What differs from engine to engine. Queries are made in one common form, with standard quotes
//! and the words below; what an engine has other words for is data of its dialect.

mod clickhouse;
mod datafusion;
mod duckdb;
mod postgres;
mod spark;
mod spell;

use super::template::{Template, place};

/// The engine whose SQL is written.
///
/// # Examples
///
/// ```
/// use fanshi::{Dialect, Options, Project, emit};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let emission = emit(&policy, Dialect::DuckDb);
/// assert!(emission.files.iter().any(|file| file.name == "10-library_thick.sql"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// DuckDB 1.4 and later.
    DuckDb,
    /// PostgreSQL 15 and later.
    Postgres,
    /// Apache Spark 4.0 and later.
    Spark,
    /// ClickHouse 26.9 and later.
    ClickHouse,
    /// Apache DataFusion 55 and later.
    DataFusion,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Wide,
    Truth,
    Text,
}

/// As what rows are exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// CSV: what is not there is empty, texts stand in quotes.
    Csv,
    /// A JSON object a line, for engines whose CSV does not tell an empty text from none, or takes
    /// line ends inside of texts for others.
    Lines,
}

/// What the steps of a query are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steps {
    /// Common table expressions.
    Expressions,
    /// Tables, made when the file is run: for engines that plan a common table expression again
    /// wherever it is read, and so for long.
    Tables,
}

/// What an engine says in its own way. `{0}`, `{1}` and so on are the parts.
#[derive(Debug)]
struct Words {
    /// Words of the common form that it has others for.
    words: &'static [(&'static str, &'static str)],
    /// What names stand in.
    quote: char,
    /// Whether `\` in a literal has a meaning.
    escapes: bool,
    /// Whether names of tables have to be plain letters.
    ascii: bool,
    /// Whether `p.*` keeps the names of columns where other tables are joined that have the same.
    star: bool,
    steps: Steps,
    /// What makes a common table expression be computed once, as it stands.
    once: &'static str,
    /// What else has to be there.
    prelude: &'static str,
    /// What comes before each view.
    before: &'static str,
    /// What ends each query.
    after: &'static str,
    /// What takes away also what is made of a table or view.
    cascade: &'static str,
    /// What comes after the columns of a table.
    stored: &'static str,
    /// A wide number divided by another, the rest cut off.
    quotient: &'static str,
    /// The greatest common divisor of two wide numbers.
    divisor: &'static str,
    /// Stops the query, with `{why}`; in the place of a wide number.
    stop: &'static str,
    /// A text, so that it is compared byte by byte.
    by_bytes: &'static str,
    /// Whether all of a text fits a pattern, and the pattern that means this.
    matches: [&'static str; 2],
    /// A text without the characters of another at both ends.
    trim: &'static str,
    /// The year of a day, as a whole number.
    year: &'static str,
    /// Its month, its day of the month or its quarter: `{1}`.
    part: &'static str,
    /// The day of a year, a month and a day of the month.
    day: &'static str,
    /// The number of a date; an instant in tenths of a microsecond.
    days: &'static str,
    ticks: &'static str,
    /// A number of a column of any type as a decimal of twelve places.
    number: &'static str,
    /// How rows are exported.
    rows: Rows,
    /// Reads a file into its table: `{0}` the table, `{1}` the file, `{2}` the columns with types.
    load: &'static str,
}

impl Dialect {
    /// Every one, with its name on the command line.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::DuckDb, "duckdb"),
        (Self::Postgres, "postgres"),
        (Self::Spark, "spark"),
        (Self::ClickHouse, "clickhouse"),
        (Self::DataFusion, "datafusion"),
    ];

    fn words(self) -> &'static Words {
        match self {
            Self::DuckDb => &duckdb::WORDS,
            Self::Postgres => &postgres::WORDS,
            Self::Spark => &spark::WORDS,
            Self::ClickHouse => &clickhouse::WORDS,
            Self::DataFusion => &datafusion::WORDS,
        }
    }

    /// A text of the common form as this engine reads it.
    pub(super) fn spelled(self, text: &str) -> String {
        spell::spelled(self.words(), text)
    }

    /// Whether names of tables have to be plain letters.
    pub(super) fn ascii(self) -> bool {
        self.words().ascii
    }

    /// Whether what rows are joined by has to be of both sides: no constant.
    pub(super) fn joins_by_rows(self) -> bool {
        self == Self::ClickHouse
    }

    /// What the steps of a query are.
    pub(super) fn steps(self) -> Steps {
        self.words().steps
    }

    /// What makes a common table expression be computed once, as it stands: PostgreSQL would plan all
    /// steps as one query, and take very long to.
    pub(super) fn once(self) -> &'static str {
        self.words().once
    }

    /// Whether `p.*` keeps the names of columns where other tables are joined that have the same.
    pub(super) fn star(self) -> bool {
        self.words().star
    }

    /// What else has to be there.
    pub(super) fn prelude(self) -> &'static str {
        self.words().prelude
    }

    /// What comes before each view, and what ends its query.
    pub(super) fn around(self) -> (&'static str, &'static str) {
        (self.words().before, self.words().after)
    }

    /// What takes away also what is made of a table or view.
    pub(super) fn cascade(self) -> &'static str {
        self.words().cascade
    }

    /// What comes after the columns of a table.
    pub(super) fn stored(self) -> &'static str {
        self.words().stored
    }

    /// A wide number divided by another, the rest cut off.
    pub(super) fn quotient(self, a: impl Into<Template>, b: impl Into<Template>) -> Template {
        place(self.words().quotient, &[a.into(), b.into()])
    }

    /// The greatest common divisor of two wide numbers, the second above 0.
    pub(super) fn divisor(self, a: impl Into<Template>, b: impl Into<Template>) -> Template {
        place(self.words().divisor, &[a.into(), b.into()])
    }

    /// Stops the query, with what was too much; in the place of a wide number.
    pub(super) fn stop(self, why: &str, value: impl Into<Template>) -> Template {
        place(&self.words().stop.replace("{why}", why), &[value.into()])
    }

    /// A text, so that it is compared byte by byte.
    pub(super) fn by_bytes(self, text: impl Into<Template>) -> Template {
        place(self.words().by_bytes, &[text.into()])
    }

    /// Whether all of a text fits a pattern, which has been found to mean the same everywhere.
    pub(super) fn matches(self, text: Template, pattern: &str) -> Template {
        let [test, whole] = self.words().matches;
        place(test, &[text, literal(&whole.replace("{0}", pattern)).into()])
    }

    /// A text without the characters of another at both ends.
    pub(super) fn trim(self, text: Template, ends: Template) -> Template {
        place(self.words().trim, &[text, ends])
    }

    /// The year of a day of the years 1 to 10000, as a whole number.
    pub(super) fn year(self, day: impl Into<Template>) -> Template {
        place(self.words().year, &[day.into()])
    }

    /// Its `MONTH`, its `DAY` of the month or its `QUARTER`.
    pub(super) fn part(self, field: &str, day: impl Into<Template>) -> Template {
        place(self.words().part, &[day.into(), field.into()])
    }

    /// The day of a year, a month and a day of the month.
    pub(super) fn day(self, year: Template, month: Template, day: &str) -> Template {
        place(self.words().day, &[year, month, day.into()])
    }

    /// The number of a date, as dates are stored.
    pub(super) fn days(self, date: impl Into<Template>) -> Template {
        place(self.words().days, &[date.into()])
    }

    /// An instant as instants are stored.
    pub(super) fn ticks(self, instant: impl Into<Template>) -> Template {
        place(self.words().ticks, &[instant.into()])
    }

    /// A number of a column of whole, decimal or floating ones, as a decimal of twelve places.
    pub(super) fn number(self, column: &str) -> Template {
        place(self.words().number, &[column.into()])
    }

    /// How rows are exported.
    pub(super) fn rows(self) -> Rows {
        self.words().rows
    }

    /// Reads a file that was exported into its table.
    pub(super) fn load(self, relation: &str, file: &str, columns: &str) -> String {
        let parts = [("{0}", quoted(relation)), ("{1}", file.to_owned()), ("{2}", columns.into())];
        let text = self.words().load.to_owned();
        self.spelled(&parts.iter().fold(text, |text, (hole, part)| text.replace(hole, part)))
    }
}

/// A type, in the common form: what [`Words::words`] has for it.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Whole => "BIGINT",
        Kind::Wide => "WIDE",
        Kind::Truth => "BOOLEAN",
        Kind::Text => "TEXT",
    }
}

/// As the widest whole number there is.
pub(super) fn wide(value: impl Into<Template>) -> Template {
    place("CAST({0} AS WIDE)", &[value.into()])
}

/// What is left of the division of a wide number.
pub(super) fn remainder(a: impl Into<Template>, b: impl Into<Template>) -> Template {
    place("({0} % {1})", &[a.into(), b.into()])
}

/// A name, as it is.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
