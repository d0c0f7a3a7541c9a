//! Messages: Tera templates of designers, compiled once and rendered from facts.
//!
//! Designers' text is not trusted: sources, output and loops have limits, only `if` and `for` are there, no
//! template reaches another one, and what the facts bring into the body of an e-mail is escaped.

mod alone;
pub mod bidi;
mod context;
mod filters;
mod limits;
pub mod names;
pub mod segments;

use std::collections::{BTreeMap, BTreeSet};

use chrono::FixedOffset;
use serde::{Deserialize, Serialize};
use tera::{Context, Tera};

use crate::definition::Table;
use crate::definition::Translated;
use crate::definition::messages::Message;
use crate::diagnostic::{Diagnostic, Place, Sp};
use crate::facts::Map;
use crate::language::Language;

/// Longest rendered text, in bytes.
pub const MAX_OUTPUT: usize = 64 * 1024;

/// How a message leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Sms,
    Email,
    App,
    /// Printed, never sent.
    Paper,
}

impl Channel {
    pub const ALL: [Self; 4] = [Self::Sms, Self::Email, Self::App, Self::Paper];

    pub fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::App => "app",
            Self::Paper => "paper",
        }
    }
}

/// A text ready to leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Only an e-mail has one.
    pub subject: Option<String>,
    /// Plain text; for an e-mail HTML.
    pub body: String,
}

/// Why a message could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    #[error("there is no message `{0}`")]
    UnknownMessage(String),
    #[error("message `{message}` has no text for {channel} in `{language}`")]
    NoText { message: String, channel: &'static str, language: &'static str },
    #[error("message `{message}` cannot be rendered: {reason}")]
    Failed { message: String, reason: String },
}

/// All messages of a bundle, compiled.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    /// The same without any text.
    plain: Tera,
    channels: BTreeMap<String, Vec<Channel>>,
    /// The names at the top of the facts that the texts of a message ask for.
    asked: BTreeMap<String, BTreeSet<String>>,
    zone: FixedOffset,
}

impl Default for Templates {
    fn default() -> Self {
        let zone = chrono::Offset::fix(&chrono::Utc);
        Self {
            tera: filters::tera(zone),
            plain: filters::tera(zone),
            channels: BTreeMap::new(),
            asked: BTreeMap::new(),
            zone,
        }
    }
}

impl Templates {
    /// Compiles messages. `reasons` are the texts behind `| reason`; `zone` is the company's, for times in texts.
    pub fn compile(
        messages: &Table<Message>,
        reasons: &Table<Translated>,
        zone: FixedOffset,
    ) -> (Self, Vec<Diagnostic>) {
        let mut templates = Self { tera: filters::tera(zone), zone, ..Self::default() };
        filters::reason(&mut templates.tera, reasons.clone());
        templates.plain = templates.tera.clone();
        let (mut found, mut texts) = (Vec::new(), Vec::new());
        for (key, message) in messages.iter() {
            let mut channels = Vec::new();
            for (channel, part, text) in parts(message) {
                channels.push(channel);
                for language in Language::ALL {
                    if let Some(text) = text.get(language) {
                        let asked = templates.asked.entry(key.value.clone()).or_default();
                        asked.extend(names::heads(&text.value).map(str::to_owned));
                        asked.insert(filters::RATES.to_owned());
                        texts.push((name(&key.value, channel, part, language), text));
                    }
                }
            }
            channels.dedup();
            if channels.is_empty() {
                found.push(
                    Diagnostic::error("AC0503", key.place, format!("message `{}` has no text", key.value))
                        .help("give it `sms`, `email` or `app` under `channels`"),
                );
            }
            templates.channels.insert(key.value.clone(), channels);
        }
        found.extend(templates.add_all(texts));
        (templates, found)
    }

    /// All in one go, after which Tera looks through all it has. Only when something is wrong one by one, to see
    /// what.
    fn add_all(&mut self, texts: Vec<(String, &Sp<String>)>) -> Vec<Diagnostic> {
        let fits = |(_, text): &&(String, &Sp<String>)| limits::check(&text.value).is_ok();
        let all = texts.iter().filter(fits).map(|(name, text)| (name, &text.value));
        let is_one_wrong = self.tera.add_raw_templates(all).is_err();
        let wrong = |(name, text): (String, &Sp<String>)| self.wrong(&name, text, is_one_wrong);
        texts.into_iter().filter_map(wrong).collect()
    }

    fn wrong(&mut self, name: &str, text: &Sp<String>, add: bool) -> Option<Diagnostic> {
        if let Err(reason) = limits::check(&text.value) {
            return Some(Diagnostic::error("AC0504", text.place, reason));
        }
        if !add {
            return None;
        }
        let wrong = self.tera.add_raw_template(name, &text.value).err()?;
        Some(Diagnostic::error(
            "AC0502",
            text.place,
            format!("the text is no valid template: {}", short(&wrong)),
        ))
    }

    /// The channels that a message has texts for.
    pub fn channels(&self, message: &str) -> &[Channel] {
        self.channels.get(message).map_or(&[], Vec::as_slice)
    }

    /// The names of the facts that a message asks for: no others need be there to render it.
    pub fn asked(&self, message: &str) -> impl Iterator<Item = &str> {
        self.asked.get(message).into_iter().flatten().map(String::as_str)
    }

    /// Whether the texts of a channel in a language are there and could be read.
    pub fn is_readable(&self, message: &str, channel: Channel, language: Language) -> bool {
        let parts = match channel {
            Channel::Email => [Part::Subject, Part::Body].as_slice(),
            Channel::Sms | Channel::App | Channel::Paper => &[Part::Body],
        };
        parts.iter().all(|part| self.tera.contains_template(&name(message, channel, *part, language)))
    }

    /// Renders one text. The facts are those of the world, and the ticket's fields by name.
    ///
    /// # Errors
    /// When there is no such text, or the facts do not have what it asks for.
    pub fn render(
        &self,
        message: &str,
        channel: Channel,
        language: Language,
        facts: &Map,
    ) -> Result<Rendered, RenderError> {
        if !self.channels.contains_key(message) {
            return Err(RenderError::UnknownMessage(message.to_owned()));
        }
        let asked = self.asked(message).filter_map(|name| Some((name, facts.get(name)?)));
        let context = context::of(asked, language);
        let subject = match channel {
            Channel::Email => Some(self.part(message, channel, Part::Subject, language, &context)?),
            Channel::Sms | Channel::App | Channel::Paper => None,
        };
        let body = self.part(message, channel, Part::Body, language, &context)?;
        Ok(Rendered { subject, body })
    }

    fn part(
        &self,
        message: &str,
        channel: Channel,
        part: Part,
        language: Language,
        context: &Context,
    ) -> Result<String, RenderError> {
        // A text that is missing in the reader's language is better sent in English than not at all.
        let names = [language, Language::En].map(|language| name(message, channel, part, language));
        let present = names.iter().find(|name| self.tera.contains_template(name));
        let present = present.ok_or_else(|| RenderError::NoText {
            message: message.to_owned(),
            channel: channel.word(),
            language: language.code(),
        })?;
        let mut output = limits::Output::default();
        self.tera
            .render_to(present, context, &mut output)
            .map_err(|wrong| RenderError::Failed { message: message.to_owned(), reason: short(&wrong) })?;
        let text = output.text();
        let text = text.trim();
        let is_from_right = language == Language::Fa && *present == name(message, channel, part, language);
        Ok(match (is_from_right, channel, part) {
            (false, ..) => text.to_owned(),
            (true, Channel::Email | Channel::Paper, Part::Body) => bidi::isolated_html(text),
            (true, ..) => bidi::isolated(text),
        })
    }

    /// Offset of the times in texts.
    pub fn zone(&self) -> FixedOffset {
        self.zone
    }
}

/// The two texts of an e-mail; anything else is a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Subject,
    Body,
}

/// Tera escapes what goes into templates with this ending.
fn name(message: &str, channel: Channel, part: Part, language: Language) -> String {
    let ending = match (channel, part) {
        (Channel::Email | Channel::Paper, Part::Body) => "html",
        (_, Part::Body) => "txt",
        (_, Part::Subject) => "subject",
    };
    format!("{message}/{}.{}.{ending}", channel.word(), language.code())
}

/// The texts of a message by channel, and which part of it.
fn parts(message: &Message) -> impl Iterator<Item = (Channel, Part, &Translated)> {
    let channels = &message.channels;
    let sms = channels.sms.iter().map(|text| (Channel::Sms, Part::Body, text));
    let email = channels.email.iter().flat_map(|email| {
        [(Channel::Email, Part::Subject, &email.subject), (Channel::Email, Part::Body, &email.body)]
    });
    let app = channels.app.iter().map(|text| (Channel::App, Part::Body, text));
    let paper = channels.paper.iter().map(|text| (Channel::Paper, Part::Body, text));
    sms.chain(email).chain(app).chain(paper)
}

/// All texts of a message, for checks over languages, with what each is called.
pub fn texts(message: &Message) -> impl Iterator<Item = (&'static str, &Translated)> {
    parts(message).map(|(channel, part, text)| match (channel, part) {
        (Channel::Email, Part::Subject) => ("email.subject", text),
        (Channel::Email, Part::Body) => ("email.body", text),
        (Channel::Sms, _) => ("sms", text),
        (Channel::App, _) => ("app", text),
        (Channel::Paper, _) => ("paper", text),
    })
}

/// A message's own text, of an e-mail its body.
pub fn text_of(message: &Message, channel: Channel, language: Language) -> Option<&str> {
    let found = parts(message).find(|(of, part, _)| *of == channel && *part == Part::Body);
    found.and_then(|(_, _, text)| text.get(language)).map(|text| text.value.as_str())
}

/// Where a message's text stands, for findings about it.
pub fn place_of(message: &Message, channel: Channel, language: Language) -> Option<Place> {
    parts(message)
        .filter(|(of, _, _)| *of == channel)
        .find_map(|(_, _, text)| text.get(language))
        .map(|t| t.place)
}

/// The first line of what Tera says that is no place of its own.
fn short(error: &tera::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = cause.to_string();
        source = cause.source();
    }
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("unknown reason");
    let line = line.trim().trim_start_matches("error: ");
    // The list of everything that would be there is no help; `check` names the nearest.
    line.split(". Available").next().unwrap_or(line).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
