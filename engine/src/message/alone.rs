//! A text by itself, that stands in no file of designers: clerks keep letters and fragments in registers. The same
//! limits and the same facts as for messages.

use tera::Tera;

use super::{RenderError, Templates, context, limits, short};
use crate::facts::Map;
use crate::language::Language;

/// What the text is called in what is said about it.
const NAME: &str = "text";

impl Templates {
    /// What is wrong with a text, if it can never be rendered.
    ///
    /// # Errors
    /// In words, for its author.
    pub fn fits(&self, text: &str) -> Result<(), String> {
        self.with(text).map(drop)
    }

    /// A plain text from the facts.
    ///
    /// # Errors
    /// When it is no template, or the facts do not have what it asks for.
    pub fn render_alone(&self, text: &str, language: Language, facts: &Map) -> Result<String, RenderError> {
        let failed = |reason| RenderError::Failed { message: NAME.to_owned(), reason };
        let tera = self.with(text).map_err(failed)?;
        let asked = super::names::heads(text).filter_map(|name| Some((name, facts.get(name)?)));
        let context = context::of(asked, language);
        let mut output = limits::Output::default();
        tera.render_to(NAME, &context, &mut output).map_err(|wrong| failed(short(&wrong)))?;
        Ok(output.text().trim().to_owned())
    }

    fn with(&self, text: &str) -> Result<Tera, String> {
        limits::check(text)?;
        let mut tera = self.plain.clone();
        tera.add_raw_template(NAME, text).map_err(|wrong| short(&wrong))?;
        Ok(tera)
    }
}
