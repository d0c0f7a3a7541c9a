//! The four languages that people read, and how each writes numbers, money, dates and times.
//!
//! Pure formatting: which language somebody gets is decided elsewhere.

mod dates;
mod numbers;
mod words;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::definition::Translated;
use crate::diagnostic::Sp;

pub use dates::{date, time};
pub use numbers::{digits, money, number};
pub use words::in_words;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    En,
    Fa,
    Zh,
    Pl,
}

impl Language {
    pub const ALL: [Self; 4] = [Self::En, Self::Fa, Self::Zh, Self::Pl];

    /// ISO 639 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fa => "fa",
            Self::Zh => "zh",
            Self::Pl => "pl",
        }
    }

    /// The language by its code, `fa` or `fa-IR`.
    pub fn of_code(code: &str) -> Option<Self> {
        let base = code.split(['-', '_']).next().unwrap_or(code);
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(base))
    }
}

impl Translated {
    /// The text in a language, if it is there.
    pub fn get(&self, language: Language) -> Option<&Sp<String>> {
        match language {
            Language::En => self.en.as_ref(),
            Language::Fa => self.fa.as_ref(),
            Language::Zh => self.zh.as_ref(),
            Language::Pl => self.pl.as_ref(),
        }
    }

    /// The text in a language, else in English, else in any: something is better than nothing.
    pub fn best(&self, language: Language) -> &str {
        let wanted = [language, Language::En].into_iter().chain(Language::ALL);
        wanted.filter_map(|language| self.get(language)).next().map_or("", |text| text.value.as_str())
    }
}
