//! How papers that are signed are laid out: the section `[paper]` of the manifest.

use super::document::{Reader, Value, ordered};
use super::manifest::Manifest;
use crate::diagnostic::Bilingual;
use crate::say;
use crate::value::key::is_blank;
use std::ops::RangeInclusive;
use toml::de::DeValue;

/// The layout of a paper; by default that of official documents, GB/T 9704—2012. Lengths are in
/// millimetres, sizes of letters in points.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The sheet.
    pub width: f64,
    /// The sheet.
    pub height: f64,
    /// What stays empty above the text.
    pub top: f64,
    /// … below it.
    pub bottom: f64,
    /// … on its left.
    pub left: f64,
    /// … on its right.
    pub right: f64,
    /// How many lines a page has; how far they are apart follows from it.
    pub lines: u32,
    /// The letters of the text.
    pub size: f64,
    /// Those of the title.
    pub title_size: f64,
    /// Those in tables.
    pub table_size: f64,
    /// The fonts.
    pub fonts: Fonts,
    /// What the paper for a group is called; as the report's language has it where nothing is said.
    pub group_title: Option<String>,
    /// What the paper about all of them is called.
    pub review_title: Option<String>,
    /// Who signs; as the report's language has it where nothing is said.
    pub signers: Option<Vec<String>>,
}

/// Fonts, the one that is wanted first, then those that stand in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fonts {
    /// Of the title.
    pub title: Vec<String>,
    /// Of headings.
    pub heading: Vec<String>,
    /// Of what stands above a table.
    pub subheading: Vec<String>,
    /// Of the text.
    pub text: Vec<String>,
    /// Of the number of the page.
    pub page: Vec<String>,
    /// Of Latin letters and digits.
    pub latin: Vec<String>,
}

impl Default for Paper {
    fn default() -> Self {
        Self {
            width: 210.0,
            height: 297.0,
            top: 37.0,
            bottom: 35.0,
            left: 28.0,
            right: 26.0,
            lines: 22,
            size: 16.0,
            title_size: 22.0,
            table_size: 10.5,
            fonts: Fonts::default(),
            group_title: None,
            review_title: None,
            signers: None,
        }
    }
}

impl Default for Fonts {
    fn default() -> Self {
        let fonts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            title: fonts(&["方正小标宋简体", "方正小标宋_GBK", "小标宋体", "华文中宋", "宋体"]),
            heading: fonts(&["黑体", "SimHei", "Noto Sans CJK SC"]),
            subheading: fonts(&["楷体_GB2312", "楷体", "KaiTi"]),
            text: fonts(&["仿宋_GB2312", "仿宋", "FangSong"]),
            page: fonts(&["宋体", "SimSun", "Noto Serif CJK SC"]),
            latin: fonts(&["Times New Roman", "Liberation Serif"]),
        }
    }
}

impl Fonts {
    /// The names of its kinds in the manifest, with what they are.
    fn kind(&mut self, key: &str) -> Option<&mut Vec<String>> {
        Some(match key {
            "title" => &mut self.title,
            "heading" => &mut self.heading,
            "subheading" => &mut self.subheading,
            "text" => &mut self.text,
            "page" => &mut self.page,
            "latin" => &mut self.latin,
            _ => return None,
        })
    }

    /// Each kind.
    #[must_use]
    pub fn all(&self) -> [&[String]; 6] {
        let Self { title, heading, subheading, text, page, latin } = self;
        [title, heading, subheading, text, page, latin].map(Vec::as_slice)
    }
}

/// The keys of `[paper]`.
const KEYS: &[&str] = &[
    "width",
    "height",
    "top",
    "bottom",
    "left",
    "right",
    "lines",
    "size",
    "title_size",
    "table_size",
    "fonts",
    "group_title",
    "review_title",
    "signers",
];
/// The keys of `[paper.fonts]`.
const FONTS: &[&str] = &["title", "heading", "subheading", "text", "page", "latin"];

/// How long a side of a sheet is: that of a postcard to that of A2.
const SIDES: RangeInclusive<f64> = 100.0..=600.0;
/// How wide a margin is.
const MARGINS: RangeInclusive<f64> = 5.0..=200.0;
/// How large letters are.
const SIZES: RangeInclusive<f64> = 6.0..=48.0;
/// How many lines a page has.
const LINES: RangeInclusive<f64> = 5.0..=80.0;
/// The least width and height of the text.
const LEAST: f64 = 50.0;

/// Points in a millimetre.
const POINTS: f64 = 72.0 / 25.4;

impl Paper {
    /// How wide the text is, in points.
    #[must_use]
    pub fn text_width(&self) -> f64 {
        (self.width - self.left - self.right) * POINTS
    }

    /// How far lines are apart, in points.
    #[must_use]
    pub fn pitch(&self) -> f64 {
        (self.height - self.top - self.bottom) * POINTS / f64::from(self.lines)
    }
}

impl Reader<'_> {
    /// `[paper]`; what is wrong is told, and the usual stays.
    pub(super) fn paper(&mut self, value: &Value<'_>, manifest: &mut Manifest) {
        let (known, usual) = (self.diagnostics.len(), Paper::default());
        let mut paper = usual.clone();
        let mut lines = value.span();
        for (key, value) in self.table("paper", value).into_iter().flat_map(ordered) {
            let name = key.get_ref().as_ref();
            let length = match name {
                "width" => Some((&mut paper.width, SIDES)),
                "height" => Some((&mut paper.height, SIDES)),
                "top" => Some((&mut paper.top, MARGINS)),
                "bottom" => Some((&mut paper.bottom, MARGINS)),
                "left" => Some((&mut paper.left, MARGINS)),
                "right" => Some((&mut paper.right, MARGINS)),
                "size" => Some((&mut paper.size, SIZES)),
                "title_size" => Some((&mut paper.title_size, SIZES)),
                "table_size" => Some((&mut paper.table_size, SIZES)),
                _ => None,
            };
            match (length, name) {
                (Some((place, range)), _) => {
                    *place = self.number(name, value, range).unwrap_or(*place);
                }
                (None, "lines") => {
                    lines = value.span();
                    let number = match value.get_ref() {
                        DeValue::Integer(number) => {
                            u32::from_str_radix(number.as_str(), number.radix()).ok()
                        }
                        _ => None,
                    };
                    match number.filter(|number| LINES.contains(&f64::from(*number))) {
                        Some(number) => paper.lines = number,
                        None => self.wrong_number(name, value, &LINES),
                    }
                }
                (None, "fonts") => self.fonts(value, &mut paper.fonts),
                (None, "group_title") => paper.group_title = self.title(name, value),
                (None, "review_title") => paper.review_title = self.title(name, value),
                (None, "signers") => paper.signers = Some(self.names(name, value)),
                (None, other) => self.unknown_key(other, KEYS, key.span()),
            }
        }
        if self.diagnostics.len() > known {
            return;
        }
        let (across, down) =
            (paper.width - paper.left - paper.right, paper.height - paper.top - paper.bottom);
        if across < LEAST || down < LEAST {
            let message = say!(
                "纸上留给文字的地方只有 {across} × {down} 毫米",
                "the paper leaves only {across} × {down} mm for the text"
            );
            let help = say!(
                "页边写小一些：文字至少要 {LEAST} × {LEAST} 毫米",
                "make the margins smaller: the text needs {LEAST} × {LEAST} mm at least"
            );
            self.report(self.kind.code, message, Some(help), value.span());
        } else if paper.pitch() < paper.size {
            let (count, size) = (paper.lines, paper.size);
            let pitch = format!("{:.1}", paper.pitch());
            let message = say!(
                "一页 {count} 行，行距只有 {pitch} 磅，比字（{size} 磅）还小",
                "{count} lines on a page are {pitch} points apart, less than the letters ({size} points)"
            );
            let help = say!("`lines` 写小一些", "make `lines` smaller");
            self.report(self.kind.code, message, Some(help), lines);
        } else {
            manifest.paper = paper;
        }
    }

    fn fonts(&mut self, value: &Value<'_>, fonts: &mut Fonts) {
        for (key, value) in self.table("paper.fonts", value).into_iter().flat_map(ordered) {
            let name = key.get_ref().as_ref();
            let Some(kind) = fonts.kind(name) else {
                self.unknown_key(name, FONTS, key.span());
                continue;
            };
            *kind = self.names(name, value);
        }
    }

    /// A title, not empty.
    fn title(&mut self, key: &str, value: &Value<'_>) -> Option<String> {
        let known = self.diagnostics.len();
        let title = self.text(key, value);
        if is_blank(&title) && self.diagnostics.len() == known {
            let expected = Bilingual::new("文本，不能为空", "a text, not empty");
            self.wrong(key, &expected, value.span());
        }
        Some(title)
    }

    /// A name or a list of names, none of them empty.
    fn names(&mut self, key: &str, value: &Value<'_>) -> Vec<String> {
        let known = self.diagnostics.len();
        let names = self.texts(key, value);
        let right = !names.is_empty() && !names.iter().any(|name| is_blank(name));
        if !right && self.diagnostics.len() == known {
            let expected = Bilingual::new(
                "一个名称或名称的列表，不能为空",
                "a name or a list of names, not empty",
            );
            self.wrong(key, &expected, value.span());
        }
        names
    }

    /// A number in a range.
    fn number(&mut self, key: &str, value: &Value<'_>, range: RangeInclusive<f64>) -> Option<f64> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => {
                u32::from_str_radix(number.as_str(), number.radix()).ok().map(f64::from)
            }
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            self.wrong_number(key, value, &range);
        }
        number
    }

    fn wrong_number(&mut self, key: &str, value: &Value<'_>, range: &RangeInclusive<f64>) {
        let (from, to) = (range.start(), range.end());
        let whole = key == "lines";
        let expected = match (whole, key.ends_with("size")) {
            (true, _) => say!("{from} 到 {to} 的整数", "a whole number from {from} to {to}"),
            (_, true) => say!("{from} 到 {to} 的磅数", "a size from {from} to {to} points"),
            _ => say!("{from} 到 {to} 的毫米数", "a length from {from} to {to} mm"),
        };
        self.wrong(key, &expected, value.span());
    }
}
