//! Apache Spark.

use super::{Rows, Steps, Words};

pub(super) const WORDS: Words = Words {
    words: &[
        ("WIDE", "DECIMAL(38, 0)"),
        ("TEXT", "STRING"),
        ("STRPOS", "INSTR"),
        ("STARTS_WITH", "STARTSWITH"),
        ("ENDS_WITH", "ENDSWITH"),
    ],
    quote: '`',
    escapes: true,
    ascii: true,
    star: true,
    steps: Steps::Tables,
    once: "",
    prelude: "",
    // What does not fit stops the query, and is never taken for nothing; a view keeps this.
    before: "SET spark.sql.ansi.enabled = true;\n",
    after: "",
    cascade: "",
    stored: " USING parquet",
    // `div` is of 64 bits, and wraps in silence.
    quotient: "CAST(({0} - {0} % {1}) / {1} AS WIDE)",
    // Euclid: of numbers below 10 to the 38th in at most 184 steps.
    divisor: "CASE WHEN {1} = 1 THEN CAST(1 AS WIDE) ELSE AGGREGATE(SEQUENCE(1, 184), \
        NAMED_STRUCT('a', CAST(ABS({0}) AS WIDE), 'b', CAST({1} AS WIDE)), (s, i) -> CASE WHEN s.b = 0 THEN s \
        ELSE NAMED_STRUCT('a', s.b, 'b', CAST(s.a % s.b AS WIDE)) END, s -> s.a) END",
    stop: "CAST(RAISE_ERROR('{why}: ' || CAST({0} AS TEXT)) AS WIDE)",
    by_bytes: "{0}",
    matches: ["({0} RLIKE {1})", "\\A(?:{0})\\z"],
    trim: "BTRIM({0}, {1})",
    year: "CAST(EXTRACT(YEAR FROM DATE_FROM_UNIX_DATE(CAST({0} AS INTEGER))) AS BIGINT)",
    part: "CAST(EXTRACT({1} FROM DATE_FROM_UNIX_DATE(CAST({0} AS INTEGER))) AS BIGINT)",
    day: "CAST(UNIX_DATE(MAKE_DATE(CAST({0} AS INTEGER), CAST({1} AS INTEGER), {2})) AS BIGINT)",
    days: "CAST(UNIX_DATE(CAST({0} AS DATE)) AS BIGINT)",
    ticks: "UNIX_MICROS(CAST({0} AS TIMESTAMP)) * 10",
    number: "CAST({0} AS DECIMAL(38, 12))",
    rows: Rows::Lines,
    load: "CREATE OR REPLACE TEMPORARY VIEW \"fanshi_read\" ({2}) USING json OPTIONS (path '{1}');\n\
        INSERT INTO {0} SELECT * FROM \"fanshi_read\";\n",
};
