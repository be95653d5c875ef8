//! What differs from engine to engine.

use super::template::{Template, fill};

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
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Wide,
    Truth,
    Text,
}

impl Dialect {
    /// Every one, with its name on the command line.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::DuckDb, "duckdb"), (Self::Postgres, "postgres")];

    /// A type.
    pub(super) fn kind(self, kind: Kind) -> &'static str {
        match (kind, self) {
            (Kind::Whole, _) => "BIGINT",
            (Kind::Truth, _) => "BOOLEAN",
            (Kind::Text, Self::DuckDb) => "VARCHAR",
            (Kind::Text, Self::Postgres) => "TEXT",
            (Kind::Wide, Self::DuckDb) => "HUGEINT",
            (Kind::Wide, Self::Postgres) => "NUMERIC",
        }
    }

    /// What makes a common table expression be computed once, as it stands: PostgreSQL would plan all
    /// steps as one query, and take very long to.
    pub(super) fn once(self) -> &'static str {
        match self {
            Self::DuckDb => "",
            Self::Postgres => "MATERIALIZED ",
        }
    }

    /// As the widest whole number there is.
    pub(super) fn wide(self, value: impl Into<Template>) -> Template {
        let text = format!("CAST({{}} AS {})", self.kind(Kind::Wide));
        fill(&text, [value.into()])
    }

    /// A wide number divided by another, the rest cut off.
    pub(super) fn quotient(self, a: impl Into<Template>, b: impl Into<Template>) -> Template {
        let text = match self {
            Self::DuckDb => "({} // {})",
            Self::Postgres => "DIV({}, {})",
        };
        fill(text, [a.into(), b.into()])
    }

    /// What is left of such a division.
    pub(super) fn remainder(self, a: impl Into<Template>, b: impl Into<Template>) -> Template {
        fill("({} % {})", [a.into(), b.into()])
    }

    /// The greatest common divisor of two wide numbers.
    pub(super) fn divisor(self, a: impl Into<Template>, b: impl Into<Template>) -> Template {
        fill("GCD({}, {})", [a.into(), b.into()])
    }

    /// Stops the query, with what was too much; in the place of a wide number.
    pub(super) fn stop(self, why: &str, value: impl Into<Template>) -> Template {
        let text = match self {
            Self::DuckDb => format!("CAST(ERROR('{why}: ' || CAST({{}} AS VARCHAR)) AS HUGEINT)"),
            Self::Postgres => format!("fanshi_stop('{why}: ' || CAST({{}} AS TEXT))"),
        };
        fill(&text, [value.into()])
    }

    /// What else has to be there: PostgreSQL computes what rests on constants before it looks whether
    /// it is asked for, unless that is a function which may differ from time to time.
    pub(super) fn prelude(self) -> &'static str {
        match self {
            Self::DuckDb => "",
            Self::Postgres => {
                "\nCREATE OR REPLACE FUNCTION fanshi_stop(why TEXT) RETURNS NUMERIC\n\
                    LANGUAGE plpgsql VOLATILE AS $$ BEGIN RAISE EXCEPTION '%', why; END $$;\n"
            }
        }
    }

    /// A text, so that it is compared byte by byte.
    pub(super) fn by_bytes(self, text: impl Into<Template>) -> Template {
        match self {
            Self::DuckDb => text.into(),
            Self::Postgres => fill("{} COLLATE \"C\"", [text.into()]),
        }
    }

    /// Whether all of a text fits a pattern, which has been found to mean the same everywhere.
    pub(super) fn matches(self, text: Template, pattern: &str) -> Template {
        match self {
            Self::DuckDb => fill("REGEXP_FULL_MATCH({}, {})", [text, literal(pattern).into()]),
            Self::Postgres => {
                fill("({} ~ {})", [text, literal(&format!("^(?:{pattern})$")).into()])
            }
        }
    }

    /// Where a text first stands in another, from 1; 0 where it does not.
    pub(super) fn position(self, text: Template, part: Template) -> Template {
        fill("STRPOS({}, {})", [text, part])
    }

    /// A text without the characters of another at both ends.
    pub(super) fn trim(self, text: Template, ends: Template) -> Template {
        let name = match self {
            Self::DuckDb => "TRIM({}, {})",
            Self::Postgres => "BTRIM({}, {})",
        };
        fill(name, [text, ends])
    }

    /// Reads a file that was exported into its table.
    pub(super) fn load(self, relation: &str, file: &str) -> String {
        let relation = quoted(relation);
        match self {
            Self::DuckDb => format!(
                "COPY {relation} FROM '{file}' (FORMAT csv, HEADER true, DELIMITER ',', \
                    QUOTE '\"', ESCAPE '\"', NULLSTR '', ALLOW_QUOTED_NULLS false);\n"
            ),
            // One line: a command of psql, which reads the file where psql runs.
            Self::Postgres => format!(
                "\\copy {relation} FROM '{file}' (FORMAT csv, HEADER true, ENCODING 'UTF8')\n"
            ),
        }
    }
}

/// A name, as it is.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
