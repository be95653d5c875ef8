//! Rank 5: what a paper looks like: the sheet, and its styles, so that whoever edits it changes a
//! style, not each paragraph.

use super::footer;
use crate::workspace::Paper;
use docx_rs::{
    AlignmentType, DocGrid, DocGridType, Docx, LineSpacing, LineSpacingType, PageMargin, RunFonts,
    SpecialIndentType, Style, StyleType,
};

/// The styles of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Title,
    /// Of a section.
    Heading,
    /// Above a table.
    Subheading,
    /// A paragraph, its first line indented.
    Text,
    /// A paragraph that is not: whom it is for.
    Plain,
    /// What stands between a table and what follows it.
    Gap,
    /// The head of a table.
    Head,
    Cell,
    /// A cell with a number.
    Number,
    /// A place to sign.
    Sign,
    /// The number of an odd page.
    Odd,
    /// That of an even one.
    Even,
}

impl Named {
    const ALL: [Self; 12] = [
        Self::Title,
        Self::Heading,
        Self::Subheading,
        Self::Text,
        Self::Plain,
        Self::Gap,
        Self::Head,
        Self::Cell,
        Self::Number,
        Self::Sign,
        Self::Odd,
        Self::Even,
    ];

    /// What it is known by; readers find the headings of a document by these.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Heading => "Heading1",
            Self::Subheading => "Heading2",
            Self::Text => "BodyText",
            Self::Plain => "Salutation",
            Self::Gap => "Gap",
            Self::Head => "TableHead",
            Self::Cell => "TableText",
            Self::Number => "TableNumber",
            Self::Sign => "Signature",
            Self::Odd => "Footer",
            Self::Even => "FooterEven",
        }
    }

    /// What people read in the list of styles.
    fn name(self) -> &'static str {
        match self {
            Self::Title => "Title",
            Self::Heading => "heading 1",
            Self::Subheading => "heading 2",
            Self::Text => "Body Text",
            Self::Plain => "Salutation",
            Self::Gap => "Gap",
            Self::Head => "Table Head",
            Self::Cell => "Table Text",
            Self::Number => "Table Number",
            Self::Sign => "Signature",
            Self::Odd => "footer",
            Self::Even => "Footer Even",
        }
    }

    fn style(self, paper: &Paper) -> Style {
        let style = Style::new(self.id(), StyleType::Paragraph).name(self.name()).q_format(true);
        let fonts = |kind: &[String]| fonts(paper, kind);
        let exact = LineSpacing::new().line_rule(LineSpacingType::Exact).line(twips(paper.pitch()));
        let (size, small) = (half_points(paper.size), half_points(paper.table_size));
        let two = SpecialIndentType::FirstLine(twips(paper.size * 2.0));
        // Programs that do not know characters as a measure take the length.
        let indented =
            |style: Style| style.indent(None, Some(two), None, None).first_line_chars(200);
        let text = &paper.fonts.text;
        match self {
            Self::Title => {
                let line = LineSpacing::new()
                    .line_rule(LineSpacingType::AtLeast)
                    .line(twips(paper.pitch()));
                style
                    .fonts(fonts(&paper.fonts.title))
                    .size(half_points(paper.title_size))
                    .align(AlignmentType::Center)
                    .line_spacing(line)
            }
            Self::Heading => indented(style.fonts(fonts(&paper.fonts.heading)).size(size))
                .line_spacing(exact)
                .outline_lvl(0),
            Self::Subheading => indented(style.fonts(fonts(&paper.fonts.subheading)).size(size))
                .line_spacing(exact)
                .outline_lvl(1),
            Self::Text => indented(style.fonts(fonts(text)).size(size))
                .line_spacing(exact)
                .align(AlignmentType::Both),
            Self::Plain => style.fonts(fonts(text)).size(size).line_spacing(exact),
            Self::Sign => style.fonts(fonts(text)).size(size).line_spacing(exact).indent(
                Some(twips(paper.text_width() * 0.45)),
                None,
                None,
                None,
            ),
            Self::Gap => style.fonts(fonts(text)).size(half_points(6.0)).line_spacing(
                LineSpacing::new()
                    .line_rule(LineSpacingType::Exact)
                    .line(twips(paper.pitch() / 2.0)),
            ),
            Self::Head | Self::Cell | Self::Number => {
                let line = LineSpacing::new()
                    .line_rule(LineSpacingType::AtLeast)
                    .line(twips(paper.table_size * 1.3));
                let style = style.size(small).line_spacing(line).snap_to_grid(false);
                match self {
                    Self::Cell => style.fonts(fonts(text)),
                    Self::Number => style.fonts(fonts(text)).align(AlignmentType::Center),
                    _ => style.fonts(fonts(&paper.fonts.heading)).align(AlignmentType::Center),
                }
            }
            Self::Odd | Self::Even => {
                let one = Some(twips(paper.size));
                let style = style.fonts(fonts(&paper.fonts.page)).size(half_points(14.0));
                match self {
                    Self::Odd => style.align(AlignmentType::Right).indent(None, None, one, None),
                    _ => style.align(AlignmentType::Left).indent(one, None, None, None),
                }
            }
        }
    }
}

/// An empty document with its sheet and its styles.
pub(super) fn document(paper: &Paper) -> Docx {
    let mm = |length: f64| twips(length * 72.0 / 25.4);
    let side = |length: f64| u32::try_from(mm(length)).unwrap_or(0);
    // The number of the page stands 7 mm below the text, as far as the margin allows.
    let foot = mm((paper.bottom - 7.0).max(paper.bottom / 2.0)) - twips(14.0);
    let margin = PageMargin::new()
        .top(mm(paper.top))
        .bottom(mm(paper.bottom))
        .left(mm(paper.left))
        .right(mm(paper.right))
        .header(mm(paper.top / 2.0))
        .footer(foot.max(0));
    let grid = DocGrid::new()
        .grid_type(DocGridType::Lines)
        .line_pitch(usize::try_from(twips(paper.pitch())).unwrap_or(0));
    let usual = fonts(paper, &paper.fonts.text);
    let mut docx = Docx::new()
        .page_size(side(paper.width), side(paper.height))
        .page_margin(margin)
        .default_fonts(usual)
        .default_size(half_points(paper.size))
        .footer(footer(Named::Odd))
        .even_footer(footer(Named::Even));
    docx.document = docx.document.doc_grid(grid);
    Named::ALL.iter().fold(docx, |docx, named| docx.add_style(named.style(paper)))
}

/// The fonts of a style: the one that is wanted; the font table names those that stand in.
fn fonts(paper: &Paper, kind: &[String]) -> RunFonts {
    let first = |names: &[String]| names.first().map_or_else(String::new, |name| escaped(name));
    let (own, latin) = (first(kind), first(&paper.fonts.latin));
    RunFonts::new().ascii(latin.clone()).hi_ansi(latin.clone()).cs(latin).east_asia(own)
}

/// A name as an attribute: the library writes these as they are given.
pub(super) fn escaped(name: &str) -> String {
    quick_xml::escape::escape(super::shown(name).as_str()).into_owned()
}

/// Points as twentieths of a point.
pub(super) fn twips(points: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "a length on a sheet of paper")]
    let twips = (points * 20.0).round() as i32;
    twips
}

/// Points as halves of a point.
fn half_points(points: f64) -> usize {
    usize::try_from(twips(points) / 10).unwrap_or(0)
}
