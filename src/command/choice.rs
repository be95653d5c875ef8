//! Arguments that commands share.

use crate::emit::Dialect;
use crate::syntax::tree::Language;
use clap::ValueEnum;
use jiff::civil::Date;
use std::path::PathBuf;

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

/// The project that is meant, for which day, and the language of messages.
#[derive(Debug, clap::Args)]
pub(super) struct ProjectArgs {
    /// 项目文件夹，或其中的 fanshi.toml — the project's folder, or its fanshi.toml
    #[arg(default_value = ".")]
    pub(super) project: PathBuf,
    /// 判断日期，代替清单里的 as_of — the day judged for, instead of the manifest's
    #[arg(long, value_name = "DATE", value_parser = super::output::date)]
    pub(super) as_of: Option<Date>,
    /// 提示的语言（默认随系统） — the language of messages (default: the locale's)
    #[arg(long, value_enum)]
    lang: Option<LanguageArg>,
}

impl ProjectArgs {
    /// The language of messages.
    pub(super) fn language(&self) -> Language {
        self.lang.map_or_else(super::locale_language, Language::from)
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
