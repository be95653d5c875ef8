//! PostgreSQL.

use super::{Rows, Steps, Words};

pub(super) const WORDS: Words = Words {
    words: &[("WIDE", "NUMERIC"), ("ENDS_WITH", "fanshi_ends_with")],
    quote: '"',
    escapes: false,
    ascii: false,
    star: true,
    steps: Steps::Expressions,
    once: "MATERIALIZED ",
    // What rests on constants is computed before it is looked whether it is asked for, unless that is
    // a function which may differ from time to time.
    prelude: "\nCREATE OR REPLACE FUNCTION fanshi_stop(why TEXT) RETURNS NUMERIC\n\
        LANGUAGE plpgsql VOLATILE AS $$ BEGIN RAISE EXCEPTION '%', why; END $$;\n\
        CREATE OR REPLACE FUNCTION fanshi_ends_with(whole TEXT, part TEXT) RETURNS BOOLEAN\n\
        LANGUAGE sql IMMUTABLE AS $$ SELECT RIGHT(whole, LENGTH(part)) = part $$;\n",
    before: "",
    after: "",
    cascade: " CASCADE",
    stored: "",
    quotient: "DIV({0}, {1})",
    divisor: "GCD({0}, {1})",
    stop: "fanshi_stop('{why}: ' || CAST({0} AS TEXT))",
    by_bytes: "{0} COLLATE \"C\"",
    matches: ["({0} ~ {1})", "^(?:{0})$"],
    trim: "BTRIM({0}, {1})",
    year: "CAST(EXTRACT(YEAR FROM (DATE '1970-01-01' + CAST({0} AS INTEGER))) AS BIGINT)",
    part: "CAST(EXTRACT({1} FROM (DATE '1970-01-01' + CAST({0} AS INTEGER))) AS BIGINT)",
    day: "CAST(MAKE_DATE(CAST({0} AS INTEGER), CAST({1} AS INTEGER), {2}) \
        - DATE '1970-01-01' AS BIGINT)",
    days: "CAST(CAST({0} AS DATE) - DATE '1970-01-01' AS BIGINT)",
    ticks: "CAST(EXTRACT(EPOCH FROM {0}) * 10000000 AS BIGINT)",
    number: "CAST({0} AS DECIMAL(38, 12))",
    rows: Rows::Csv,
    // One line: a command of psql, which reads the file where psql runs.
    load: "\\copy {0} FROM '{1}' (FORMAT csv, HEADER true, ENCODING 'UTF8')\n",
};
