//! What can be wrong with a data file, as facts. [`super::message`] says it; the codes are stable.

pub use super::aside::Aside;
use super::garbled::{Garbled, Meant};
use super::json::Problem;
use super::leaving::Leaving;
pub use super::looks::Looks;
pub use super::mention::StatedBy;

/// A field of a frame, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// The frame.
    pub frame: usize,
    /// The field.
    pub field: usize,
}

/// What stands where something else is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A text, shortened.
    Text(String),
    /// A number, shortened.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A date of TOML.
    Moment(String),
    /// An object.
    Object,
    /// An object in a row, with the way to its first value: `name/zh`.
    Nested(String),
    /// An array.
    Array,
}

/// Why a value does not fit its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The format's own type is another one: a number for a text.
    Type,
    /// The text does not read as a value of the type.
    Form,
    /// The type fits, the number is too large to be stored.
    Range,
    /// A date that is not in the calendar.
    NoSuchDay,
    /// A date whose day and month could be either way round; the manifest has been told of.
    TwoOrders,
    /// A date with a time of day that would be lost; in local time, where it is written in another.
    TimeOfDay(Option<String>),
    /// An instant without a time of day.
    NoTime,
    /// A time of day, or an offset, that does not exist.
    NoSuchTime,
    /// A time finer than what is stored.
    TooFine,
    /// A number with another unit than the field's.
    Unit(String),
    /// The same, where the unit stands in another column.
    UnitBeside(String),
    /// A number with a unit of its own, and another one in another column.
    TwoUnits(Box<[String; 2]>),
    /// A percentage without its sign.
    BarePercent,
    /// Not one of the enum's values.
    NotListed,
    /// The weekday beside a date is another one.
    Weekday,
    /// A price for one of something, where an amount is wanted.
    Price,
    /// An amount of so many `万`, without `元`.
    Factor,
    /// A number with `以内`, `约`, `不超过`.
    Bound,
    /// What may be one value of a list or several.
    Separator,
    /// What is no value of a list, and may be several between signs that the manifest does not give.
    OtherSeparator,
    /// What means that nothing is given, beside values of a list.
    NoElement,
    /// What is no element of a list that stands in one cell as its declaration says.
    Pattern,
    /// What is no citation.
    Citation,
    /// A number whose unit stands in another column, and nothing stands there.
    NoUnit,
    /// What stands there is no unit that the manifest knows.
    NoSuchUnit,
}

/// Something wrong with a file. Each comment shows the smallest text that causes it, where nothing
/// else is said in a table
/// `t {k text key, n integer optional, l many {x integer} optional}`.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// `unreadable_file`: the file is gone, or may not be read.
    Unreadable(String),
    /// `source_too_large`: text of more than 2 GB that is read at once; a line of JSON of more than
    /// 256 MB.
    TooLarge,
    /// `unknown_encoding`: `encoding = "gbq"` in the manifest.
    UnknownEncoding(String),
    /// `invalid_utf8`: a byte `FF` in a file that is UTF-8 otherwise.
    InvalidUtf8(u8),
    /// `undecodable`: a byte `FF` in a GB18030 file.
    Undecodable { encoding: &'static str, byte: u8 },
    /// `null_sign`: a sign U+0000 in a text.
    NullSigns(usize),
    /// `mislabelled_file`: a workbook under the name `t.csv`.
    Mislabelled(Looks),
    /// `guessed_encoding`: a file of GB18030 of which nothing says so; a warning.
    GuessedEncoding(&'static str),
    /// `doubtful_encoding`: the same where it may well be in another encoding, the second.
    DoubtfulEncoding(&'static str, &'static str),
    /// `rows_below`: `{"data": []}` without `rows` in the manifest.
    Envelope { table: usize, ways: Vec<String>, is_split: bool },
    /// `no_such_rows`: `rows = "data"` in the manifest, and no such key.
    NoSuchRows(String),
    /// `fewer_rows`: `{"total": 9, "data": []}`, where rows stand; a warning.
    FewerRows { key: String, total: u64, rows: u64 },
    /// `duplicate_field`: `{"data": [], "data": []}`, where rows stand, or fields of a row.
    RepeatedKey { key: String, in_row: bool },
    /// `stray_events`: events of a log that stand in no trace.
    StrayEvents(usize),
    /// `json_syntax`: `[{"k": }]`; what comes after is not read, in JSON lines up to the line's
    /// end.
    Json { problem: Problem, lines: bool },
    /// `too_deep`: 65 brackets `[`.
    TooDeep { lines: bool },
    /// `toml_syntax`: `[[t]`.
    Toml {
        /// What the parser says.
        message: String,
        /// The line it says it of.
        line: String,
    },
    /// `unquoted_key`: `名称 = 1` where TOML wants `"名称" = 1`; a warning, once a file.
    UnquotedKeys { count: usize, first: String },
    /// `unterminated_quote`: a CSV cell `"a` without its end.
    UnterminatedQuote,
    /// `text_after_quote`: a CSV cell `"a"b`.
    TextAfterQuote(String),
    /// `ragged_row`: `a,1,2` under headings `k,n`.
    RaggedRow { cells: usize, headings: usize },
    /// `duplicate_heading`: headings `k,k`; without a field where it is the column that says whose
    /// the rows are.
    DuplicateHeading { at: At, heading: String },
    /// `missing_heading_row`: `header = 9` in a file of three lines.
    MissingHeadingRow(usize),
    /// `missing_heading_row`: a file or sheet with nothing in it.
    Blank { headed: bool },
    /// `unknown_field`: `{"k": "a", "nn": 1}`; once for each heading in a file.
    UnknownField { frame: usize, heading: String, nearest: Option<String>, rows: usize },
    /// `unknown_field`: a column `n单位`, which nothing says how to read.
    UnpairedUnit { frame: usize, fields: Vec<usize>, heading: String },
    /// `ignored_column`: a CSV column `idx` or `序号` that no field is called; a warning.
    IgnoredColumn { heading: String, rows: usize },
    /// `absent_column`: headings are passed over, and an optional field has no column; a warning.
    AbsentColumn { frame: usize, fields: Vec<usize>, ignored: Vec<String> },
    /// `unknown_mapping`: `headings = {"N" = "nn"}` in the manifest, and no field `nn`.
    UnknownMapping {
        /// The frame.
        frame: usize,
        /// The heading.
        heading: String,
        /// What it is said to be.
        name: String,
        /// The field that may be meant.
        nearest: Option<String>,
        /// Whether the heading is a field: both stand the wrong way round.
        is_reversed: bool,
    },
    /// `duplicate_field`: `{"k": "a", "k": "b"}`.
    DuplicateField(At),
    /// `unknown_table`: `{"tt": []}`.
    UnknownTable { name: String, nearest: Option<String>, table: usize, is_row: bool },
    /// `unexpected_table`: a file listed for `t` that holds `{"u": []}`.
    UnexpectedTable { name: String, other: usize, table: usize },
    /// `not_rows`: `{"t": 5}`, `[5]`: something that is not a row where rows are expected.
    NotRows { frame: usize, found: Found },
    /// `nested_file`: a JSON or TOML file listed for a nested list.
    NestedFile(usize),
    /// `missing_field`: `{"k": "a"}`.
    MissingField(At),
    /// `missing_field`: an empty cell for a required list of plain values.
    MissingElements(At),
    /// `missing_column`: a CSV file without a column for a required field.
    MissingColumn { frame: usize, fields: Vec<usize> },
    /// `missing_column`: the same, where a heading that no field is called resembles it.
    MisnamedColumn { at: At, heading: String, rows: usize },
    /// `no_known_heading`: a CSV file whose heading row has no heading of the table (no `row`: none
    /// that the manifest names); `meant` is a row below that has, `separator` what separates its
    /// cells, `is_data` whether it looks like data, `near` the fields its headings may be meant for.
    NoKnownHeading {
        frame: usize,
        row: Option<usize>,
        meant: Option<usize>,
        separator: Option<char>,
        is_data: bool,
        near: Vec<(String, String)>,
    },
    /// `garbled_text`: the same, where the headings once were read in the wrong encoding.
    GarbledHeadings { frame: usize, row: usize, meant: Meant },
    /// `column_numbers`: a row `1,2,3` below three headings; a warning.
    ColumnNumbers,
    /// `repeated_headings`: the row of the headings stands among the data again; a warning.
    RepeatedHeadings,
    /// `own_unit`: `50元` under a heading `n（万元）`, which is read as it stands; a warning.
    OwnUnit { at: At, word: String },
    /// `wrong_encoding`: `encoding = "utf-8"` in the manifest for a file of GB18030.
    WrongEncoding { declared: &'static str, likely: &'static str, by: StatedBy },
    /// `missing_column`: a CSV file without a column for a required list of plain values.
    MissingListColumn(At),
    /// `missing_list_file`: a CSV file for `t`, and no file for its list `l`.
    MissingListFile { frame: usize, fields: Vec<usize> },
    /// `list_in_cell`: a CSV column `l`.
    ListInCell(At),
    /// `missing_parent_column`: a CSV file for `l` without a column `k`.
    MissingParentColumn { frame: usize },
    /// `no_parent_key`: a CSV file for a list in a frame that has no key.
    NoParentKey { frame: usize },
    /// `missing_parent`: an empty cell in that column.
    MissingParent { frame: usize, rows: usize, fill: Vec<String> },
    /// `not_a_workbook`: a text file under the name `t.xlsx`.
    NotWorkbook(Looks),
    /// `damaged_workbook`: a workbook cut off in the middle.
    DamagedWorkbook(String),
    /// `protected_workbook`: a workbook with a password.
    #[cfg_attr(not(feature = "workbook"), allow(dead_code, reason = "no workbook is read"))]
    ProtectedWorkbook,
    /// `damaged_archive`: a gzip file cut off in the middle.
    DamagedArchive(String),
    /// `too_large_inside`: an archive that holds far more than its own size.
    TooLargeInside,
    /// `far_cell`: a cell `IV65536` in a workbook of the old format.
    #[cfg_attr(not(feature = "workbook"), allow(dead_code, reason = "no workbook is read"))]
    FarCell { sheet: String, cell: String },
    /// `unknown_sheet`: `sheet = "tt"` in the manifest, and no such sheet.
    NoSuchSheet {
        /// Its name.
        sheet: String,
        /// The sheet that may be meant by its name.
        nearest: Option<String>,
        /// The one whose headings fit.
        fits: Option<String>,
        /// All there are.
        sheets: Vec<String>,
    },
    /// `absent_sheet`: one workbook of a pattern has no sheet `t`, others do; a warning.
    SheetAbsent { sheet: String, count: usize, of: usize },
    /// `sheets_passed_over`: `sheet = "*"`, and a sheet without any heading of the table; a
    /// warning.
    SheetsPassedOver(Vec<String>),
    /// `several_sheets`: two sheets, none called `t`, and no `sheet` in the manifest.
    WhichSheet { sheets: Vec<String>, table: String, fits: Option<String> },
    /// `hidden_rows`: a hidden row with content; a warning, for the file.
    HiddenRows(Vec<u32>),
    /// `hidden_columns`: a hidden column with content; a warning.
    HiddenColumns(Vec<u32>),
    /// `hidden_sheet`: a hidden sheet that is read; a warning.
    HiddenSheet(String),
    /// `totals_row`: a last row that only adds up the others; a warning.
    TotalsRow { differs: bool, word: String },
    /// `likely_totals`: `合计,26项` under `k,n`, and the manifest does not say so.
    LikelyTotals(String),
    /// `note_row`: `填表人：张三` below the rows of a sheet; a warning.
    NoteRow,
    /// `unsplit_list`: a cell `a,b` of a list of texts; a warning.
    Unsplit { at: At, word: String },
    /// `example_row`, `section_row`, `row_above_headings`: warnings but for data above headings.
    AsideRow(Aside),
    /// `formula_error`: a cell `#REF!`.
    FormulaError { at: At, shown: String },
    /// `unreadable_value`: the number -1 shown as a date.
    NegativeDate { at: At, shown: String },
    /// `imprecise_number`: a number of 16 digits or more in a workbook.
    ImpreciseNumber(At),
    /// `imprecise_number`: a text `4.10106E+17`.
    CutNumber { at: At, word: String },
    /// `merged_number`: a number in cells merged over several rows; a warning.
    MergedNumber(At),
    /// `xml_syntax`: an event log cut off in the middle.
    Xml(String),
    /// `not_a_log`: XML without `<log>`.
    NotLog,
    /// `which_list`: a table of two lists and no `list` in the manifest.
    WhichList { frame: usize },
    /// `unknown_list`: `list = "ll"` in the manifest, and no such list.
    UnknownList { frame: usize, name: String, nearest: Option<String> },
    /// `cannot_group`: `group_by` for a TOML file.
    CannotGroup,
    /// `missing_group_column`: `group_by = "kk"` in the manifest, and no such column.
    MissingGroup(String),
    /// `missing_group`: empty cells in that column; `fill` are the columns in which empty cells
    /// seem to continue the row above.
    EmptyGroup { heading: String, rows: usize, fill: Vec<String> },
    /// `ditto`: a cell `同上` in a column that is not filled down.
    Ditto { heading: String, word: String, cells: usize },
    /// `ditto`: a text `同上`, which is read as it stands; a warning.
    DittoText { heading: String, word: String, cells: usize },
    /// `missing_fill_column`: `fill = ["kk"]` in the manifest, and no such column.
    MissingFill(String),
    /// `varying_value`: two rows of one group that differ in a field of the whole.
    Varying { at: At, group: String },
    /// `wrong_type`, `unreadable_value`, `out_of_range`, `wrong_unit`, `bare_percent`,
    /// `unknown_value`: a value that does not fit its field, see [`Unfit`].
    Unfit { at: At, unfit: Unfit, found: Found, nearest: Option<String> },
    /// `wrong_unit`: a heading `w（月）`; without fields that it fits, `unit = "月"` in the manifest;
    /// with `several`, `单位：元；单位：万元` above the headings of a sheet.
    StatedUnit { at: At, unit: String, by: StatedBy, several: Vec<String> },
    /// `wrong_unit`: one file of a table has `unit = "$"`, and another has not, or has another unit.
    SeveralCurrencies { at: At, has_yuan: bool },
    /// `unknown_mapping`: `units = {"N" = "元"}` in the manifest, and no field `N`.
    UnknownUnit { frame: usize, heading: String, unit: String },
    /// `placeholder`: a text `/` or `无`, which counts as given; a warning.
    Placeholder { at: At, word: String },
    /// `garbled_text`: `鎴峰`, bytes of UTF-8 that were read as GB18030, and stored so.
    Garbled { at: At, word: String, meant: Garbled },
    /// `garbled_text`: `旧�书`, which stands all the same.
    LostLetters { at: At, word: String },
    /// `key_as_date`: a key `3月1日`; `escaped_text`: a text `a&amp;b`; warnings.
    Leaving { at: At, word: String, what: Leaving },
    /// `foreign_value`: a value that the enum does not list, in a row that is only looked for; a
    /// warning.
    ForeignValue { at: At, word: String },
    /// `lost_zeros`: `1` where the enum has `01`, read as that; a warning.
    LostZeros { at: At, word: String, code: String },
}

impl Fault {
    /// The stable name.
    #[expect(clippy::too_many_lines, reason = "a table of codes")]
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable_file",
            Self::TooLarge => "source_too_large",
            Self::UnknownEncoding(_) => "unknown_encoding",
            Self::InvalidUtf8(_) => "invalid_utf8",
            Self::Undecodable { .. } => "undecodable",
            Self::NullSigns(_) => "null_sign",
            Self::Mislabelled(_) => "mislabelled_file",
            Self::GuessedEncoding(_) => "guessed_encoding",
            Self::DoubtfulEncoding(..) => "doubtful_encoding",
            Self::Envelope { .. } => "rows_below",
            Self::NoSuchRows(_) => "no_such_rows",
            Self::FewerRows { .. } => "fewer_rows",
            Self::StrayEvents(_) => "stray_events",
            Self::Json { .. } => "json_syntax",
            Self::TooDeep { .. } => "too_deep",
            Self::Toml { .. } => "toml_syntax",
            Self::UnquotedKeys { .. } => "unquoted_key",
            Self::UnterminatedQuote => "unterminated_quote",
            Self::TextAfterQuote(_) => "text_after_quote",
            Self::RaggedRow { .. } => "ragged_row",
            Self::DuplicateHeading { .. } => "duplicate_heading",
            Self::MissingHeadingRow(_) | Self::Blank { .. } => "missing_heading_row",
            Self::UnknownField { .. } | Self::UnpairedUnit { .. } => "unknown_field",
            Self::IgnoredColumn { .. } => "ignored_column",
            Self::AbsentColumn { .. } => "absent_column",
            Self::UnknownMapping { .. } | Self::UnknownUnit { .. } => "unknown_mapping",
            Self::DuplicateField(_) | Self::RepeatedKey { .. } => "duplicate_field",
            Self::UnknownTable { .. } => "unknown_table",
            Self::UnexpectedTable { .. } => "unexpected_table",
            Self::NotRows { .. } => "not_rows",
            Self::NestedFile(_) => "nested_file",
            Self::MissingColumn { .. }
            | Self::MisnamedColumn { .. }
            | Self::MissingListColumn(_) => "missing_column",
            Self::NoKnownHeading { .. } => "no_known_heading",
            Self::ColumnNumbers => "column_numbers",
            Self::RepeatedHeadings => "repeated_headings",
            Self::OwnUnit { .. } => "own_unit",
            Self::WrongEncoding { .. } => "wrong_encoding",
            Self::MissingField(_) | Self::MissingElements(_) => "missing_field",
            Self::MissingListFile { .. } => "missing_list_file",
            Self::ListInCell(_) => "list_in_cell",
            Self::MissingParentColumn { .. } => "missing_parent_column",
            Self::NoParentKey { .. } => "no_parent_key",
            Self::MissingParent { .. } => "missing_parent",
            Self::NotWorkbook(_) => "not_a_workbook",
            Self::DamagedWorkbook(_) => "damaged_workbook",
            Self::ProtectedWorkbook => "protected_workbook",
            Self::DamagedArchive(_) => "damaged_archive",
            Self::TooLargeInside => "too_large_inside",
            Self::FarCell { .. } => "far_cell",
            Self::NoSuchSheet { .. } => "unknown_sheet",
            Self::SheetAbsent { .. } => "absent_sheet",
            Self::SheetsPassedOver(_) => "sheets_passed_over",
            Self::WhichSheet { .. } => "several_sheets",
            Self::HiddenRows(_) => "hidden_rows",
            Self::HiddenColumns(_) => "hidden_columns",
            Self::HiddenSheet(_) => "hidden_sheet",
            Self::TotalsRow { .. } => "totals_row",
            Self::LikelyTotals(_) => "likely_totals",
            Self::NoteRow => "note_row",
            Self::Unsplit { .. } => "unsplit_list",
            Self::AsideRow(aside) => aside.code(),
            Self::FormulaError { .. } => "formula_error",
            Self::NegativeDate { .. } => "unreadable_value",
            Self::ImpreciseNumber(_) | Self::CutNumber { .. } => "imprecise_number",
            Self::MergedNumber(_) => "merged_number",
            Self::Xml(_) => "xml_syntax",
            Self::NotLog => "not_a_log",
            Self::WhichList { .. } => "which_list",
            Self::UnknownList { .. } => "unknown_list",
            Self::CannotGroup => "cannot_group",
            Self::MissingGroup(_) => "missing_group_column",
            Self::EmptyGroup { .. } => "missing_group",
            Self::Ditto { .. } | Self::DittoText { .. } => "ditto",
            Self::MissingFill(_) => "missing_fill_column",
            Self::Varying { .. } => "varying_value",
            Self::Unfit { unfit, .. } => unfit.code(),
            Self::Placeholder { .. } => "placeholder",
            Self::Garbled { .. } | Self::LostLetters { .. } | Self::GarbledHeadings { .. } => {
                "garbled_text"
            }
            Self::Leaving { what, .. } => what.code(),
            Self::ForeignValue { .. } => "foreign_value",
            Self::LostZeros { .. } => "lost_zeros",
            Self::StatedUnit { .. } | Self::SeveralCurrencies { .. } => "wrong_unit",
        }
    }

    /// Whether it has no place in the text.
    #[must_use]
    pub fn is_about_file(&self) -> bool {
        use Fault as F;
        matches!(
            self,
            F::Unreadable(_)
                | F::TooLarge
                | F::UnknownEncoding(_)
                | F::WrongEncoding { .. }
                | F::Mislabelled(_)
                | F::GuessedEncoding(_)
                | F::DoubtfulEncoding(..)
                | F::NoSuchRows(_)
                | F::NestedFile(_)
                | F::MissingHeadingRow(_)
                | F::Blank { .. }
                | F::UnknownMapping { .. }
                | F::UnknownUnit { .. }
                | F::SeveralCurrencies { .. }
        ) || matches!(
            self,
            F::NotWorkbook(_)
                | F::DamagedWorkbook(_)
                | F::ProtectedWorkbook
                | F::DamagedArchive(_)
                | F::TooLargeInside
                | F::FarCell { .. }
        ) || matches!(
            self,
            F::NoSuchSheet { .. }
                | F::WhichSheet { .. }
                | F::HiddenRows(_)
                | F::HiddenColumns(_)
                | F::HiddenSheet(_)
                | F::SheetAbsent { .. }
                | F::SheetsPassedOver(_)
                | F::NotLog
        ) || matches!(self, F::WhichList { .. } | F::UnknownList { .. } | F::CannotGroup)
    }

    /// Whether everything was read all the same.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        use Fault as F;
        matches!(
            self,
            F::UnquotedKeys { .. }
                | F::GuessedEncoding(_)
                | F::IgnoredColumn { .. }
                | F::ColumnNumbers
                | F::RepeatedHeadings
                | F::OwnUnit { .. }
                | F::HiddenRows(_)
                | F::HiddenColumns(_)
                | F::HiddenSheet(_)
                | F::SheetAbsent { .. }
                | F::SheetsPassedOver(_)
                | F::FewerRows { .. }
        ) || matches!(
            self,
            F::TotalsRow { .. }
                | F::NoteRow
                | F::AsideRow(Aside::Example | Aside::Section | Aside::Above)
                | F::Unsplit { .. }
                | F::MergedNumber(_)
                | F::DittoText { .. }
                | F::AbsentColumn { .. }
                | F::Placeholder { .. }
                | F::LostLetters { .. }
                | F::Leaving { .. }
                | F::ForeignValue { .. }
                | F::LostZeros { .. }
        )
    }

    /// Whether rows of the file may have been lost to it.
    #[must_use]
    pub fn loses_rows(&self) -> bool {
        let file = matches!(
            self,
            Self::Unreadable(_)
                | Self::TooLarge
                | Self::UnknownEncoding(_)
                | Self::NestedFile(_)
                | Self::MissingHeadingRow(_)
                | Self::Blank { .. }
        );
        let broken = matches!(
            self,
            Self::Json { .. } | Self::TooDeep { .. } | Self::Toml { .. } | Self::UnterminatedQuote
        );
        let strange = matches!(
            self,
            Self::NotRows { .. }
                | Self::UnknownTable { .. }
                | Self::NoKnownHeading { .. }
                | Self::GarbledHeadings { .. }
                | Self::WrongEncoding { .. }
                | Self::Mislabelled(_)
                | Self::DoubtfulEncoding(..)
                | Self::Envelope { .. }
                | Self::RepeatedKey { in_row: false, .. }
                | Self::NoSuchRows(_)
        );
        let stray = matches!(
            self,
            Self::NoParentKey { .. }
                | Self::MissingParentColumn { .. }
                | Self::MissingParent { .. }
        );
        let packed = matches!(
            self,
            Self::NotWorkbook(_)
                | Self::DamagedWorkbook(_)
                | Self::ProtectedWorkbook
                | Self::DamagedArchive(_)
        );
        let sheet = matches!(
            self,
            Self::TooLargeInside
                | Self::FarCell { .. }
                | Self::NoSuchSheet { .. }
                | Self::WhichSheet { .. }
        );
        let log = matches!(
            self,
            Self::Xml(_) | Self::NotLog | Self::WhichList { .. } | Self::UnknownList { .. }
        );
        let group = matches!(
            self,
            Self::LikelyTotals(_)
                | Self::AsideRow(Aside::DataAbove)
                | Self::CannotGroup
                | Self::MissingGroup(_)
                | Self::EmptyGroup { .. }
        ) || matches!(self, Self::DuplicateHeading { at, .. } if at.field == usize::MAX);
        file || broken || strange || stray || packed || sheet || log || group
    }
}

impl Unfit {
    /// The stable name.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Type => "wrong_type",
            Self::Form
            | Self::NoSuchDay
            | Self::TwoOrders
            | Self::TimeOfDay(_)
            | Self::NoTime
            | Self::NoSuchTime
            | Self::TooFine
            | Self::Weekday
            | Self::Price
            | Self::Factor
            | Self::Bound
            | Self::NoUnit
            | Self::NoSuchUnit
            | Self::Separator
            | Self::NoElement
            | Self::OtherSeparator
            | Self::Pattern => "unreadable_value",
            Self::Citation => "citation_unreadable",
            Self::Range => "out_of_range",
            Self::Unit(_) | Self::UnitBeside(_) | Self::TwoUnits(_) => "wrong_unit",
            Self::BarePercent => "bare_percent",
            Self::NotListed => "unknown_value",
        }
    }
}
