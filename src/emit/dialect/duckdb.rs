//! DuckDB.

use super::{Rows, Steps, Words};

pub(super) const WORDS: Words = Words {
    words: &[("WIDE", "HUGEINT"), ("TEXT", "VARCHAR")],
    quote: '"',
    escapes: false,
    ascii: false,
    star: true,
    steps: Steps::Expressions,
    once: "",
    prelude: "",
    before: "",
    after: "",
    cascade: " CASCADE",
    stored: "",
    quotient: "({0} // {1})",
    divisor: "GCD({0}, {1})",
    stop: "CAST(ERROR('{why}: ' || CAST({0} AS TEXT)) AS WIDE)",
    by_bytes: "{0}",
    matches: ["REGEXP_FULL_MATCH({0}, {1})", "{0}"],
    trim: "TRIM({0}, {1})",
    year: "EXTRACT(YEAR FROM (DATE '1970-01-01' + CAST({0} AS INTEGER)))",
    part: "EXTRACT({1} FROM (DATE '1970-01-01' + CAST({0} AS INTEGER)))",
    day: "(MAKE_DATE(CAST({0} AS INTEGER), CAST({1} AS INTEGER), {2}) - DATE '1970-01-01')",
    days: "(CAST({0} AS DATE) - DATE '1970-01-01')",
    ticks: "EPOCH_US(CAST({0} AS TIMESTAMP)) * 10",
    number: "CAST({0} AS DECIMAL(38, 12))",
    rows: Rows::Csv,
    load: "COPY {0} FROM '{1}' (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', \
        NULLSTR '', ALLOW_QUOTED_NULLS false);\n",
};
