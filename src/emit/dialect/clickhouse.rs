//! ClickHouse.

use super::{Rows, Steps, Words};

/// Days are taken 400 years later or earlier, as often as it takes: there are dates of 1900 to 2299
/// alone, and the calendar is the same after 400 years.
pub(super) const WORDS: Words = Words {
    words: &[
        ("BIGINT", "Nullable(Int64)"),
        ("INTEGER", "Nullable(Int32)"),
        ("WIDE", "Nullable(Int256)"),
        ("BOOLEAN", "Nullable(Bool)"),
        ("TEXT", "Nullable(String)"),
        ("STRPOS", "positionUTF8"),
        ("STARTS_WITH", "startsWith"),
        ("ENDS_WITH", "endsWith"),
        ("SUBSTRING", "substringUTF8"),
        ("TRANSLATE", "translateUTF8"),
        ("REPLACE", "replaceAll"),
    ],
    quote: '"',
    escapes: true,
    ascii: false,
    star: false,
    steps: Steps::Tables,
    once: "",
    prelude: "",
    before: "",
    after: "\nSETTINGS join_use_nulls = 1, query_plan_enable_optimizations = 0",
    cascade: "",
    stored: " ENGINE = MergeTree ORDER BY tuple()",
    // What is not there is computed as nought, and by nought nothing is divided.
    quotient: "intDivOrZero({0}, {1})",
    divisor: "gcd(CASE WHEN {0} <> 0 THEN {0} ELSE GREATEST({1}, 1) END, GREATEST({1}, 1))",
    stop: "CAST(throwIf({0} IS NOT NULL, '{why}') AS WIDE)",
    by_bytes: "{0}",
    matches: ["match({0}, {1})", "^(?:{0})$"],
    // `trimBoth` takes bytes for characters.
    trim: "CASE WHEN {1} = '' THEN {0} ELSE replaceRegexpAll({0}, CONCAT('^[', \
        replaceRegexpAll({1}, '([\\[\\]\\\\^-])', '\\\\\\1'), ']+|[', \
        replaceRegexpAll({1}, '([\\[\\]\\\\^-])', '\\\\\\1'), ']+$'), '') END",
    year: "CAST(toYear(toDate32(CAST(({0} + 756052) % 146097 - 25567 AS INTEGER))) \
        + 400 * ({0} - ({0} + 756052) % 146097 + 25567) / 146097 AS BIGINT)",
    part: "CAST(EXTRACT({1} FROM toDate32(CAST(({0} + 756052) % 146097 - 25567 AS INTEGER))) \
        AS BIGINT)",
    day: "(CAST(makeDate32(CAST(1900 + ({0} + 100) % 400 AS INTEGER), CAST({1} AS INTEGER), {2}) \
        AS BIGINT) + CAST(({0} - 1900 - ({0} + 100) % 400) / 400 * 146097 AS BIGINT))",
    days: "CAST(toDate32({0}) AS BIGINT)",
    ticks: "toUnixTimestamp64Micro(toDateTime64({0}, 6, 'UTC')) * 10",
    // A floating number would be cut off at the last place, and 1.001 be less.
    number: "toDecimal256OrNull(toString({0}), 12)",
    rows: Rows::Csv,
    load: "INSERT INTO {0} FROM INFILE '{1}' FORMAT CSVWithNames;\n",
};
