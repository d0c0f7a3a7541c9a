//! How customers are let in without an account: a code sent to the phone that we know of them, or the link of a
//! message that went to them. A tracking code alone opens nothing, and nobody learns whether one exists.

pub mod wish;

use chrono::{DateTime, TimeDelta, Utc};

use aftercare_engine::text;

use super::access::country;
use crate::app::App;
use crate::auth::token;
use crate::entity::{one_time_code, outbox, visit};
use crate::i18n::{self, Language};
use crate::store::{self, StoreError};

/// How long a code holds.
const CODE_HOLDS: TimeDelta = TimeDelta::minutes(3);
/// Codes to one phone within ten minutes and within a day, and to all phones within an hour: SMS cost money, and
/// nobody's phone is to ring all night.
const PER_PHONE_SOON: u64 = 3;
const PER_PHONE_DAY: u64 = 10;
const TO_ALL: u64 = 600;
/// How long a visit lasts in all.
const VISIT: TimeDelta = TimeDelta::days(30);
/// The link of a message opens its ticket until so long after the ticket has ended.
const LINK_OUTLIVES: TimeDelta = TimeDelta::days(90);

/// Somebody asks for a code.
#[derive(Clone, Debug)]
pub struct Asked {
    /// A tracking code or a phone number, as it was typed.
    pub what: String,
    /// Hash of the secret that the browser holds: the code fits there alone.
    pub browser: String,
    /// The language for somebody we do not know yet.
    pub language: Language,
    /// What to open when the phone is proved; then `what` is the phone of whoever asks.
    pub wish: Option<wish::Wish>,
}

/// Where a code goes.
#[derive(Debug, Default)]
struct Goal {
    phone: String,
    customer: Option<String>,
    ticket: Option<String>,
    language: Option<Language>,
}

/// Sends a code if there is somebody to send it to. The caller does not wait for it and learns nothing, so that
/// nobody can tell by the answer or its time whether we know whom was asked for.
pub fn send_code(app: &App, asked: Asked) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(error) = try_sending(&app, asked).await {
            tracing::warn!("A one-time code could not be sent: {error}");
        }
    });
}

async fn try_sending(app: &App, asked: Asked) -> Result<(), StoreError> {
    let now = app.clock.now();
    let goal = match goal(app, &asked).await? {
        Some(goal) if is_within_limits(app, &goal.phone, now).await? => Some(goal),
        _ => None,
    };
    let Some(code) = six_digits() else { return Ok(()) };
    let message = goal.as_ref().map(|goal| message(app, &asked, goal, &code, now));
    let goal = goal.unwrap_or_default();
    let row = one_time_code::Model {
        code_hash: fit(&asked.browser, &code),
        browser_hash: asked.browser,
        phone: Some(goal.phone).filter(|phone| !phone.is_empty()),
        customer: goal.customer,
        ticket: goal.ticket,
        wish: asked.wish.as_ref().map(wish::Wish::written),
        tries: 0,
        asked_at: now,
        expires_at: now + CODE_HOLDS,
        used_at: None,
    };
    app.store.send_code(row, message).await
}

/// Whose phone it is: of the ticket's customer, or of the customer who has the number. Whoever wishes something needs
/// not be known to us.
async fn goal(app: &App, asked: &Asked) -> Result<Option<Goal>, StoreError> {
    let what = text::latin_digits(asked.what.trim());
    if asked.wish.is_none()
        && let Some(ticket) = app.store.ticket(&what).await?
    {
        let Some(customer) = ticket.customer else { return Ok(None) };
        let goal = of_customer(app, &customer).await?;
        return Ok(goal.map(|goal| Goal { ticket: Some(ticket.code), ..goal }));
    }
    let Some(number) = text::phone(&what, &country(app)) else { return Ok(None) };
    let known = app.store.customers_with_phone(number.trim_start_matches('+')).await?;
    let customer = match known.as_slice() {
        [] if asked.wish.is_some() => None,
        [] => return Ok(None),
        [first, ..] => Some(first.clone()),
    };
    let language = match &customer {
        Some(code) => of_customer(app, code).await?.and_then(|goal| goal.language),
        None => None,
    };
    Ok(Some(Goal { phone: number, customer, ticket: None, language }))
}

async fn of_customer(app: &App, code: &str) -> Result<Option<Goal>, StoreError> {
    let Some(found) = app.store.customer(code).await? else { return Ok(None) };
    let phone = found.phones.first().map(|phone| phone.number.clone()).unwrap_or_default();
    Ok(Some(Goal {
        phone,
        customer: Some(found.customer.code.clone()),
        ticket: None,
        language: Language::of_code(&found.customer.language),
    })
    .filter(|goal| !goal.phone.is_empty()))
}

async fn is_within_limits(app: &App, phone: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let store = &app.store;
    Ok(store.codes_since(Some(phone), now - TimeDelta::minutes(10)).await? < PER_PHONE_SOON
        && store.codes_since(Some(phone), now - TimeDelta::days(1)).await? < PER_PHONE_DAY
        && store.codes_since(None, now - TimeDelta::hours(1)).await? < TO_ALL)
}

fn message(app: &App, asked: &Asked, goal: &Goal, code: &str, now: DateTime<Utc>) -> outbox::Model {
    let language = goal.language.unwrap_or(asked.language);
    let values = [
        ("company", company(app, language)),
        ("code", aftercare_engine::language::digits(code, language)),
        ("minutes", aftercare_engine::language::digits(&CODE_HOLDS.num_minutes().to_string(), language)),
    ];
    outbox::Model {
        id: 0,
        effect: format!("code/{}", asked.browser),
        ticket: None,
        seq: None,
        channel: "sms".into(),
        lane: format!("code/{}", asked.browser),
        recipient: goal.phone.clone(),
        recipient_name: String::new(),
        // Nobody reads a code among the messages of a ticket or of a customer.
        to_kind: "customer".into(),
        to_code: String::new(),
        message: "code".into(),
        language: Some(language.code().into()),
        subject: None,
        body: i18n::text(language, "code-message", &values),
        status: "pending".into(),
        attempt: 0,
        claim: None,
        lease_until: None,
        next_at: now,
        last_error: None,
        provider_ref: None,
        created_at: now,
        sent_at: None,
        link: None,
    }
}

/// What the company is called.
pub fn company(app: &App, language: Language) -> String {
    let library = super::access::library(app);
    library.company.as_ref().map(|company| company.name.best(language).to_owned()).unwrap_or_default()
}

/// What a code proves, once.
pub async fn prove(app: &App, browser: &str, code: &str) -> Result<Option<one_time_code::Model>, StoreError> {
    let code: String = text::latin_digits(code).chars().filter(char::is_ascii_digit).collect();
    app.store.use_code(browser, &fit(browser, &code), app.clock.now()).await
}

/// What a link proves: the customer, if it went to them, and they still are the ticket's, and it has not run out.
pub async fn linked(app: &App, ticket: &str, secret: &str) -> Result<Option<String>, StoreError> {
    let Some(message) = app.store.message_with_link(ticket, &token::hash(secret)).await? else {
        return Ok(None);
    };
    let Some(row) = app.store.ticket(ticket).await? else { return Ok(None) };
    let is_over = row.closed_at.is_some_and(|closed| closed + LINK_OUTLIVES < app.clock.now());
    let Some(code) = row.customer.filter(|_| !is_over) else { return Ok(None) };
    let Some(found) = app.store.customer(&code).await? else { return Ok(None) };
    let to = Some(message.recipient.as_str());
    let is_theirs = found.phones.iter().any(|phone| Some(phone.number.as_str()) == to)
        || found.customer.email.as_deref() == to
        || to == Some(code.as_str());
    Ok(is_theirs.then_some(code))
}

/// Begins a visit; the secret is for the browser.
pub async fn begin(
    app: &App,
    customer: String,
    ticket: Option<String>,
) -> Result<Option<String>, StoreError> {
    let Some((secret, token_hash)) = token::new() else { return Ok(None) };
    let now = app.clock.now();
    let row = visit::Model {
        token_hash,
        customer,
        ticket,
        created_at: now,
        seen_at: now,
        expires_at: now + VISIT,
        ended_at: None,
    };
    app.store
        .write::<_, StoreError, _>(move |tx| Box::pin(async move { store::visit::begin(tx, row).await }))
        .await?;
    Ok(Some(secret))
}

/// Seconds that a visit's cookie lives.
pub fn visit_seconds() -> i64 {
    VISIT.num_seconds()
}

fn fit(browser: &str, code: &str) -> String {
    token::hash(&format!("{browser} {code}"))
}

fn six_digits() -> Option<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).ok()?;
    Some(format!("{:06}", u64::from_le_bytes(bytes) % 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits_and_fits_one_browser() {
        let code = six_digits().unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert_ne!(fit("a", &code), fit("b", &code));
    }
}
