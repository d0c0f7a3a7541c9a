//! Loads whatever a file holds, in every place where a definition may lie.

use aftercare_engine::bundle;
use aftercare_engine::diagnostic::render::{self, Colour};

/// Where files of a bundle lie.
const PLACES: [&str; 8] = [
    "workflows/processes/any.yaml",
    "workflows/fragments/any.yaml",
    "workflows/vouchers/any.yaml",
    "workflows/messages/any.yaml",
    "workflows/calendars/any.yaml",
    "workflows/company.yaml",
    "rules/any.rhai",
    "rules/any.test.yaml",
];

/// Loads a text from each place and shows what is wrong with it; must come back, and must not panic.
pub fn load(text: &str) {
    for place in PLACES {
        let files = vec![(place.to_owned(), text.to_owned())];
        let (bundle, found) = bundle::load(files.clone());
        let shown = render::full(&found, &bundle.sources, Colour::Plain);
        for diagnostic in &found {
            assert!(shown.contains(diagnostic.code), "{} is not shown: {shown}", diagnostic.code);
        }
        let (again, found_again) = bundle::load(files);
        assert!(bundle.hash == again.hash && found == found_again, "loading twice gives two answers");
    }
}
