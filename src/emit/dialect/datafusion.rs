//! Apache DataFusion.

use super::{Rows, Steps, Words};

pub(super) const WORDS: Words = Words {
    words: &[("WIDE", "DECIMAL(38, 0)"), ("TEXT", "VARCHAR")],
    quote: '"',
    escapes: false,
    ascii: false,
    star: true,
    steps: Steps::Tables,
    once: "",
    prelude: "",
    before: "",
    after: "",
    cascade: "",
    stored: "",
    // Division of decimals has four more places, which would not fit.
    quotient: "CAST(CAST({0} - {0} % {1} AS DECIMAL(76, 0)) / {1} AS WIDE)",
    // Denominators of more than 64 bits stop the query.
    divisor: "CAST(GCD(CAST({0} % {1} AS BIGINT), CAST({1} AS BIGINT)) AS WIDE)",
    // What may differ from time to time is not computed before it is asked for.
    stop: "CAST(CAST('{why}: ' || CAST({0} AS TEXT) || LEFT(CAST(RANDOM() AS TEXT), 0) AS BIGINT) \
        AS WIDE)",
    by_bytes: "{0}",
    matches: ["({0} ~ {1})", "^(?:{0})$"],
    trim: "BTRIM({0}, {1})",
    year: "CAST(EXTRACT(YEAR FROM CAST(CAST({0} AS INTEGER) AS DATE)) AS BIGINT)",
    part: "CAST(EXTRACT({1} FROM CAST(CAST({0} AS INTEGER) AS DATE)) AS BIGINT)",
    day: "CAST(CAST(MAKE_DATE(CAST({0} AS INTEGER), CAST({1} AS INTEGER), {2}) AS INTEGER) AS BIGINT)",
    days: "CAST(CAST(CAST({0} AS DATE) AS INTEGER) AS BIGINT)",
    ticks: "CAST(CAST({0} AS TIMESTAMP(6)) AS BIGINT) * 10",
    number: "CAST({0} AS DECIMAL(38, 12))",
    rows: Rows::Lines,
    load: "CREATE EXTERNAL TABLE \"fanshi_read\" ({2}) STORED AS JSON LOCATION '{1}';\n\
        INSERT INTO {0} SELECT * FROM \"fanshi_read\";\nDROP TABLE \"fanshi_read\";\n",
};
