//! A witness goes through the readers before it is shown: what is claimed of it is judged on what
//! is read from its own text.

use super::witness::Witness;
use crate::data::{self, Bytes, Format, FrameData, Input, Mapping, Store};
use crate::diagnostic::Severity;
use crate::schema::Schema;
use crate::syntax::tree::Language;
use std::sync::Arc;

impl Witness {
    /// What the readers make of its text; `None` where they report an error.
    #[must_use]
    pub fn read(&self, schema: &Arc<Schema>, language: Language) -> Option<Vec<FrameData>> {
        let text: Arc<dyn Store> = Arc::new(Bytes(self.toml(schema, language).into_bytes().into()));
        let input = |frame| Input {
            frame,
            name: "witness.toml".into(),
            format: Format::Toml,
            mapping: Mapping::default(),
            inline: None,
            store: text.clone(),
        };
        let inputs: Vec<Input> = self.tables(schema).into_iter().map(input).collect();
        let needed =
            schema.frames.iter().map(|frame| vec![data::Need::Read; frame.fields.len()]).collect();
        let (data, diagnostics) = data::load(schema, &needed, inputs);
        let wrong = |found: &crate::diagnostic::Diagnostic| found.severity == Severity::Error;
        (!diagnostics.iter().any(wrong)).then_some(data.frames)
    }
}
