//! Rank 5: the colours of the text report. Without colour every style is empty and writes nothing.

use super::block::Tone;
use crate::finding::Weight;
use miette::{GraphicalTheme, ThemeCharacters, ThemeStyles};
use owo_colors::Style;

/// The styles of one report.
pub struct Paint {
    /// What is wrong.
    pub error: Style,
    /// What is worth knowing.
    pub warning: Style,
    /// What a person has to answer, and remedies.
    pub advice: Style,
    /// Headings.
    pub heading: Style,
    /// What frames the rest.
    pub faint: Style,
    /// Where something stands.
    pub link: Style,
    styles: ThemeStyles,
}

impl Paint {
    /// Coloured, or without any escape sequence.
    #[must_use]
    pub fn new(color: bool) -> Self {
        let styles = if color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        let heading = if color { Style::new().bold() } else { Style::new() };
        let bold = |style: Style| if color { style.bold() } else { style };
        Self {
            error: bold(styles.error),
            warning: bold(styles.warning),
            advice: styles.advice,
            heading,
            faint: styles.linum,
            link: styles.advice,
            styles,
        }
    }

    /// The style of a weight.
    #[must_use]
    pub fn weight(&self, weight: Weight) -> Style {
        match weight {
            Weight::Error => self.error,
            Weight::Warning => self.warning,
            Weight::Question => self.advice,
        }
    }

    /// The style of a mark, where strong ones have a weight.
    #[must_use]
    pub fn mark(&self, tone: Tone, strong: Weight) -> Style {
        if tone == Tone::Strong { self.weight(strong) } else { self.styles.advice }
    }

    /// miette's theme with one highlight for each mark, in order.
    #[must_use]
    pub fn theme(&self, tones: impl Iterator<Item = Tone>, strong: Weight) -> GraphicalTheme {
        let highlights = tones.map(|tone| self.mark(tone, strong)).collect();
        GraphicalTheme {
            characters: ThemeCharacters::unicode(),
            styles: ThemeStyles { highlights, ..self.styles.clone() },
        }
    }
}
