//! What somebody is told about an account of theirs: a new password, a second factor, a sign-in from elsewhere. It goes
//! by e-mail to the address that the register knew before, and stays among the messages for whoever asks later.

use chrono::{DateTime, Utc};

use super::portal::company;
use crate::app::App;
use crate::entity::{outbox, user};
use crate::i18n::{self, Language};

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    Password,
    SecondFactor,
    NoSecondFactor,
    NewDevice,
    PasswordLink,
}

impl Notice {
    fn key(self) -> &'static str {
        match self {
            Self::Password => "notice-password",
            Self::SecondFactor => "notice-second-factor",
            Self::NoSecondFactor => "notice-no-second-factor",
            Self::NewDevice => "notice-new-device",
            Self::PasswordLink => "notice-password-link",
        }
    }
}

/// The message to the owner of an account; whoever has no address finds it among the messages alone.
pub fn message(app: &App, owner: &user::Model, notice: Notice, now: DateTime<Utc>) -> outbox::Model {
    with_link(app, owner, notice, &app.config.home(), now)
}

/// The same with another address in it.
pub fn with_link(
    app: &App,
    owner: &user::Model,
    notice: Notice,
    link: &str,
    now: DateTime<Utc>,
) -> outbox::Model {
    let language = Language::of_code(&owner.language).unwrap_or(Language::En);
    let zone = app.catalog.current().library().zone();
    let day = aftercare_engine::language::date(now.with_timezone(&zone).date_naive(), language);
    let time = aftercare_engine::language::time(now, zone, language);
    let company = company(app, language);
    let values = [
        ("name", owner.full_name.clone()),
        ("company", company.clone()),
        ("at", format!("{day} {time}")),
        ("address", link.to_owned()),
    ];
    let body = i18n::text(language, notice.key(), &values);
    let email = owner.email.clone().filter(|address| !address.is_empty());
    let (channel, status) = if email.is_some() { ("email", "pending") } else { ("app", "sent") };
    let effect = format!("account/{}/{}/{}", owner.name, notice.key(), super::request_id::new());
    outbox::Model {
        id: 0,
        lane: effect.clone(),
        effect,
        ticket: None,
        seq: None,
        channel: channel.into(),
        recipient: email.unwrap_or_else(|| owner.name.clone()),
        recipient_name: owner.full_name.clone(),
        to_kind: "user".into(),
        // A link that opens the account stands among nobody's messages.
        to_code: if notice == Notice::PasswordLink { String::new() } else { owner.name.clone() },
        message: "account".into(),
        language: Some(language.code().into()),
        subject: Some(i18n::text(language, "notice-subject", &[("company", company)])),
        body: format!("<p>{}</p>", escaped(&body)),
        status: status.into(),
        attempt: 0,
        claim: None,
        lease_until: None,
        next_at: now,
        last_error: None,
        provider_ref: None,
        created_at: now,
        sent_at: (status == "sent").then_some(now),
        link: None,
    }
}

/// A mail is HTML, and nobody's name is.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
