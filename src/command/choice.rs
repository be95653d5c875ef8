//! Arguments with a few values that commands share.

use crate::emit::Dialect;
use crate::syntax::tree::Language;
use clap::ValueEnum;

/// `zh` or `en`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum LanguageArg {
    Zh,
    En,
}

impl From<LanguageArg> for Language {
    fn from(language: LanguageArg) -> Self {
        match language {
            LanguageArg::Zh => Self::Chinese,
            LanguageArg::En => Self::English,
        }
    }
}

/// The engine whose SQL is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum DialectArg {
    #[value(name = "duckdb")]
    DuckDb,
    Postgres,
    Spark,
    #[value(name = "clickhouse")]
    ClickHouse,
    #[value(name = "datafusion")]
    DataFusion,
}

impl From<DialectArg> for Dialect {
    fn from(dialect: DialectArg) -> Self {
        match dialect {
            DialectArg::DuckDb => Self::DuckDb,
            DialectArg::Postgres => Self::Postgres,
            DialectArg::Spark => Self::Spark,
            DialectArg::ClickHouse => Self::ClickHouse,
            DialectArg::DataFusion => Self::DataFusion,
        }
    }
}

/// Whether to colour.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ColorArg {
    Auto,
    Always,
    Never,
}

impl ColorArg {
    /// What it comes to, on a terminal or not.
    pub(super) fn wanted(self, terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => {
                let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                // Older consoles of Windows show colours when asked to, or write their codes.
                terminal && !unwanted && anstyle_query::windows::enable_ansi_colors() != Some(false)
            }
        }
    }
}
