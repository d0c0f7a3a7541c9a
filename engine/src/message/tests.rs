use super::*;
use crate::definition::messages::Messages;
use crate::definition::node::Node;
use crate::diagnostic::SourceId;
use crate::facts::{Value, sample};

fn compile(text: &str) -> (Templates, Vec<Diagnostic>) {
    let messages: Messages = Node::read(SourceId(0), text).unwrap().to().unwrap();
    let zone = FixedOffset::east_opt(12_600).unwrap();
    Templates::compile(&messages.messages, &Table::default(), zone)
}

fn sms(text: &str) -> Result<String, RenderError> {
    let quoted =
        format!("messages: {{m: {{channels: {{sms: {{fa: {}}}}}}}}}", serde_json::to_string(text).unwrap());
    let (templates, found) = compile(&quoted);
    assert_eq!(found, []);
    Ok(templates.render("m", Channel::Sms, Language::Fa, &sample::world())?.body)
}

#[test]
fn a_text_is_written_as_its_reader_writes() {
    assert_eq!(sms("{{ charges.gross | money }}").unwrap(), "۱٬۲۵۰٬۰۰۰ ریال");
    assert_eq!(sms("{{ today | date }} {{ ticket.code | digits }}").unwrap(), "۱۴۰۵/۰۸/۳۰ T-0511-0042");
    assert_eq!(sms("{{ now | datetime }}").unwrap(), "۱۴۰۵/۰۸/۳۰ ۱۴:۰۵");
    assert_eq!(
        sms("{% if charges.gross > 0 %}x{% endif %}{% if rates.vat is positive %}y{% endif %}").unwrap(),
        "xy"
    );
    assert_eq!(
        sms("{% for line in charges.lines %}{{ line.description }},{% endfor %}").unwrap(),
        "sample,sample,"
    );
}

#[test]
fn a_fact_that_does_not_exist_is_an_error_and_an_absent_one_an_empty_text() {
    assert!(sms("{{ charges.grss }}").unwrap_err().to_string().contains("grss"));
    let (templates, _) =
        compile("messages: {m: {channels: {app: {en: 'a{{ x }}b{{ x | date }}{{ x | money }}c'}}}}");
    let facts = Map::from([("x".into(), Value::Null)]);
    let body = templates.render("m", Channel::App, Language::En, &facts).unwrap().body;
    assert_eq!(body, "abc");
}

#[test]
fn what_is_absent_or_not_there_is_not_positive() {
    let (templates, found) = compile(
        "messages: {m: {channels: {app: {en: '{% if x is positive %}x{% elif y is positive %}y{% else %}z{% endif %}'}}}}",
    );
    assert_eq!(found, []);
    let facts = Map::from([("x".into(), Value::Null)]);
    assert_eq!(templates.render("m", Channel::App, Language::En, &facts).unwrap().body, "z");
}

#[test]
fn only_the_body_of_an_email_is_escaped() {
    let (templates, found) = compile(
        "messages: {m: {channels: {sms: {en: '{{ x }}'}, email: {subject: {en: 'A {{ x }}'}, body: {en: '<p>{{ x }}</p>'}}}}}",
    );
    assert_eq!(found, []);
    let facts = Map::from([("x".into(), "<b>&".into())]);
    let email = templates.render("m", Channel::Email, Language::Pl, &facts).unwrap();
    assert_eq!(email.subject.as_deref(), Some("A <b>&"));
    assert_eq!(email.body, "<p>&lt;b&gt;&amp;</p>");
    assert_eq!(templates.render("m", Channel::Sms, Language::En, &facts).unwrap().body, "<b>&");
}

#[test]
fn hostile_templates_are_stopped() {
    for text in [
        "{% include 'm/sms.en.txt' %}",
        "{% set a = 'x' %}",
        "{%- for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}",
        &"x".repeat(20_000),
        "{{ x | nosuch }}",
        "{% if x %}",
    ] {
        let quoted = serde_json::to_string(text).unwrap();
        let (_, found) = compile(&format!("messages: {{m: {{channels: {{sms: {{en: {quoted}}}}}}}}}"));
        assert_eq!(found.len(), 1, "{text}");
    }
    assert!(sms("{{ 'a' | replace(from='a', to='aa') }}").is_err());
    assert!(sms("{% for n in range(end=1000000000) %}x{% endfor %}").is_err());
    assert!(
        sms(&format!("{{% for line in charges.lines %}}{}{{% endfor %}}", "{{ device }}".repeat(300)))
            .is_err()
    );
}

#[test]
fn a_reason_is_told_in_the_readers_language_and_an_unknown_one_stays_readable() {
    let text = "messages: {m: {channels: {sms: {en: '{{ verdict.reason | reason }}', fa: '{{ verdict.reason | reason }}'}}}}";
    let messages: Messages = Node::read(SourceId(0), text).unwrap().to().unwrap();
    let reasons = "reasons: {too_old: {en: the cover has ended, fa: گارانتی به پایان رسیده است}}";
    let reasons: crate::definition::messages::Reasons =
        Node::read(SourceId(0), reasons).unwrap().to().unwrap();
    let zone = FixedOffset::east_opt(0).unwrap();
    let (templates, found) = Templates::compile(&messages.messages, &reasons.reasons, zone);
    assert_eq!(found, []);
    let told = |reason: &str, language| {
        let verdict = Value::Map([("reason".into(), Value::text(reason))].into());
        let facts = Map::from([("verdict".into(), verdict)]);
        templates.render("m", Channel::Sms, language, &facts).unwrap().body
    };
    assert_eq!(told("too_old", Language::Fa), "گارانتی به پایان رسیده است");
    assert_eq!(told("too_old", Language::En), "the cover has ended");
    assert_eq!(told("not_written_yet", Language::En), "not written yet");
}

#[test]
fn a_message_tells_what_it_asks_for_in_all_its_texts_and_needs_no_more() {
    let (templates, found) = compile(
        "messages: {m: {channels: {app: {en: '{% if ticket.code == \"a.b\" %}{{ charges.gross | money }}{% endif %}', \
         pl: '{% for one in lines %}{{ one.net }}{% endfor %}'}}}}",
    );
    assert_eq!(found, []);
    assert_eq!(templates.asked("m").collect::<Vec<_>>(), ["charges", "lines", "one", "rates", "ticket"]);
    let mut facts = sample::world();
    facts.retain(|name, _| matches!(&**name, "charges" | "rates" | "ticket"));
    assert!(templates.render("m", Channel::App, Language::En, &facts).is_ok());
}

#[test]
fn one_text_that_is_wrong_does_not_hide_the_others() {
    let (templates, found) = compile(
        "messages: {m: {channels: {app: {en: 'x {{ now }}', fa: '{{ broken', pl: '{% set x = 1 %}'}}}, n: {channels: {app: {en: y}}}}",
    );
    assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), ["AC0502", "AC0504"]);
    let readable = |language| templates.is_readable("m", Channel::App, language);
    assert_eq!([Language::En, Language::Fa, Language::Pl].map(readable), [true, false, false]);
    assert!(templates.is_readable("n", Channel::App, Language::En));
}

#[test]
fn a_code_in_a_persian_text_keeps_its_order_and_its_marks_count_as_letters() {
    let text = "messages: {m: {channels: {sms: {fa: 'درخواست {{ code }} {{ fill }}', en: 'Request {{ code }}'}, \
                email: {subject: {fa: 'درخواست {{ code }}'}, body: {fa: '<p id=\"a-1\">درخواست {{ code }}</p>'}}}}}";
    let (templates, found) = compile(text);
    assert_eq!(found, []);
    let facts = |fill: &str| Map::from([("code".into(), "01-03-0042".into()), ("fill".into(), fill.into())]);
    let sms =
        |fill: &str, language| templates.render("m", Channel::Sms, language, &facts(fill)).unwrap().body;
    assert_eq!(sms("", Language::Fa), "درخواست \u{2066}01-03-0042\u{2069}");
    assert_eq!(sms("", Language::En), "Request 01-03-0042");
    let email = templates.render("m", Channel::Email, Language::Fa, &facts("")).unwrap();
    assert_eq!(email.subject.as_deref(), Some("درخواست \u{2066}01-03-0042\u{2069}"));
    assert_eq!(email.body, "<p id=\"a-1\">درخواست \u{2066}01-03-0042\u{2069}</p>");
    // 70 letters fit into one message; the two marks are letters too.
    let count = |fill: usize| segments::count(&sms(&"س".repeat(fill), Language::Fa)).count;
    assert_eq!((count(49), count(50)), (1, 2));
}
