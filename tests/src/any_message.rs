//! Compiles whatever a message's text holds and renders what can be read.

use aftercare_engine::bundle;
use aftercare_engine::diagnostic::render::{self, Colour};
use aftercare_engine::facts::sample;
use aftercare_engine::language::Language;
use aftercare_engine::message::{Channel, MAX_OUTPUT};
use serde_json::json;

/// Takes the text as that of every channel: what can be read is rendered, within its limits, twice the same.
pub fn render(text: &str) {
    let own = json!({"en": text});
    let channels = json!({"sms": own, "app": own, "email": {"subject": own, "body": own}});
    let file = json!({"messages": {"any": {"channels": channels}}}).to_string();
    let (bundle, found) = bundle::load(vec![("workflows/messages/any.yaml".to_owned(), file)]);
    let shown = render::full(&found, &bundle.sources, Colour::Plain);
    assert!(found.iter().all(|one| shown.contains(one.code)), "a mistake is not shown: {shown}");
    let (templates, facts) = (&bundle.library.templates, sample::world());
    for channel in Channel::ALL {
        if !templates.is_readable("any", channel, Language::En) {
            continue;
        }
        let first = templates.render("any", channel, Language::En, &facts);
        assert!(first == templates.render("any", channel, Language::En, &facts), "two texts: {text}");
        let length = first.map_or(0, |rendered| rendered.body.len());
        assert!(length <= MAX_OUTPUT, "{length} bytes of output");
    }
}
