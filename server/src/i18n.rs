//! The server's own words in four languages, from Fluent files that are part of the program.
//!
//! Texts of processes (states, reasons, messages) come from the bundle; here stands only what the server says
//! itself: problem documents, sign-in, field errors, and the words of its pages.

pub mod language;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use aftercare_engine::language::Language;

macro_rules! sources {
    ($($language:ident: $code:literal),*) => {
        [$((Language::$language, [
            include_str!(concat!("../messages/", $code, ".ftl")),
            include_str!(concat!("../messages/pages/", $code, ".ftl")),
            include_str!(concat!("../messages/portal/", $code, ".ftl")),
            include_str!(concat!("../messages/print/", $code, ".ftl")),
            include_str!(concat!("../messages/registers/", $code, ".ftl")),
        ])),*]
    };
}

/// What the server says in answers, what its pages say, the portal, papers and registers say.
const SOURCES: [(Language, [&str; 5]); 4] = sources!(En: "en", Fa: "fa", Zh: "zh", Pl: "pl");

static TEXTS: LazyLock<Vec<(Language, FluentBundle<FluentResource>)>> = LazyLock::new(|| {
    SOURCES.iter().map(|(language, sources)| (*language, bundle(*language, sources))).collect()
});

/// Errors in a file are found by the tests; what could be read is used.
fn bundle(language: Language, sources: &[&str]) -> FluentBundle<FluentResource> {
    let locale = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks around values belong to HTML, which has an element for that.
    bundle.set_use_isolating(false);
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The text of a key with its values filled in; the key itself when there is no such text.
pub fn text(language: Language, key: &str, values: &[(&str, String)]) -> String {
    find(language, key, values).unwrap_or_else(|| key.to_owned())
}

/// The text of a key, if the server has one.
pub fn find(language: Language, key: &str, values: &[(&str, String)]) -> Option<String> {
    let (_, bundle) = TEXTS.iter().find(|(one, _)| *one == language)?;
    let pattern = bundle.get_message(key)?.value()?;
    let mut args = FluentArgs::new();
    for (name, value) in values {
        args.set(*name, FluentValue::from(value.as_str()));
    }
    Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use fluent_bundle::FluentResource;

    use super::*;

    /// Keys of a file with the names of the values they use.
    fn keys(source: &str) -> BTreeMap<String, Vec<String>> {
        FluentResource::try_new(source.to_owned()).expect("a message file cannot be read");
        let mut found = BTreeMap::new();
        for line in source.lines().filter(|line| !line.starts_with('#') && line.contains(" = ")) {
            let (key, text) = line.split_once(" = ").unwrap();
            let mut names: Vec<String> = text
                .split("{ $")
                .skip(1)
                .map(|rest| rest.split([' ', '}']).next().unwrap().to_owned())
                .collect();
            names.sort();
            assert_eq!(found.insert(key.to_owned(), names), None, "`{key}` is there twice");
        }
        found
    }

    #[test]
    fn every_key_exists_in_every_language_with_the_same_values() {
        for file in 0..SOURCES[0].1.len() {
            let expected = keys(SOURCES[0].1[file]);
            assert!(expected.len() > 20);
            for (language, sources) in SOURCES {
                assert_eq!(keys(sources[file]), expected, "{}", language.code());
            }
        }
    }

    #[test]
    fn no_key_is_in_two_files() {
        let mut seen = BTreeMap::new();
        for (key, file) in SOURCES[0]
            .1
            .iter()
            .zip(0..)
            .flat_map(|(source, n)| keys(source).into_keys().map(move |key| (key, n)))
        {
            assert_eq!(seen.insert(key.clone(), file), None, "`{key}`");
        }
    }

    #[test]
    fn a_text_is_filled_in_and_an_unknown_key_stays_readable() {
        let told = text(Language::En, "field-unknown", &[("field", "colour".into())]);
        assert!(told.contains("`colour`"), "{told}");
        assert_eq!(text(Language::Pl, "no-such-key", &[]), "no-such-key");
    }
}
