//! E-mail over SMTP.

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use sha2::{Digest, Sha256};

use super::{Failure, Parcel, Reference, TIMEOUT};
use crate::config::gateway::{self as settings, Tls};

pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    pub fn open(settings: &settings::Mail) -> Result<Self, String> {
        let from = settings.from.parse().map_err(|error| format!("`{}`: {error}", settings.from))?;
        let host = settings.host.as_str();
        let builder = match settings.tls {
            Tls::Implicit => AsyncSmtpTransport::<Tokio1Executor>::relay(host),
            Tls::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(host),
            Tls::None => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)),
        };
        let mut builder = builder
            .map_err(|error| format!("`{host}`: {error}"))?
            .port(settings.port)
            .timeout(Some(TIMEOUT / 2));
        if let (Some(user), Some(password)) = (&settings.user, &settings.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    pub async fn deliver(&self, parcel: &Parcel) -> Result<Reference, Failure> {
        let message = self.message(parcel)?;
        match tokio::time::timeout(TIMEOUT, self.transport.send(message)).await {
            Ok(Ok(response)) => Ok(response.message().next().map(str::to_owned)),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::Uncertain("the mail server did not answer in time".into())),
        }
    }

    fn message(&self, parcel: &Parcel) -> Result<Message, Failure> {
        let address: Address = parcel.to.parse().map_err(|error| Failure::Never(format!("{error}")))?;
        let name = Some(one_line(&parcel.to_name)).filter(|name| !name.is_empty());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&parcel.subject))
            .message_id(Some(message_id(&parcel.id, self.from.email.domain())))
            .date(parcel.at.into())
            .header(ContentType::TEXT_HTML)
            .body(parcel.body.clone())
            .map_err(Failure::never)
    }
}

/// The same at every try, so that a receiver can tell a repeated one.
fn message_id(id: &str, domain: &str) -> String {
    let hash = Sha256::digest(id.as_bytes());
    let short: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("<{short}@{domain}>")
}

/// A header has one line; a second would be another header.
fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_control()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn failure(error: &smtp::Error) -> Failure {
    if error.is_permanent() {
        return Failure::never(error);
    }
    if error.is_transient() {
        return Failure::again(error);
    }
    // A connection that was never there has delivered nothing; one that broke later may have.
    if error.to_string().starts_with("Connection error") {
        return Failure::again(error);
    }
    if error.is_tls() || error.is_client() {
        return Failure::never(error);
    }
    Failure::Uncertain(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail::open(&settings::Mail {
            host: "127.0.0.1".into(),
            port: 9,
            tls: Tls::None,
            user: None,
            password: None,
            from: "Aftercare <service@example.org>".into(),
        })
        .unwrap()
    }

    fn parcel() -> Parcel {
        Parcel {
            id: "a/1/0".into(),
            to: "jan@example.org".into(),
            to_name: "Jan\r\nBcc: all@example.org".into(),
            subject: "Hello\r\nBcc: all@example.org".into(),
            ..Parcel::default()
        }
    }

    #[tokio::test]
    async fn a_line_end_in_a_subject_or_name_makes_no_header() {
        let text = String::from_utf8(mail().message(&parcel()).unwrap().formatted()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
    }

    #[tokio::test]
    async fn every_try_has_the_same_message_id() {
        let id = |mail: &Mail| {
            let text = String::from_utf8(mail.message(&parcel()).unwrap().formatted()).unwrap();
            text.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned()
        };
        assert_eq!(id(&mail()), id(&mail()));
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_tried_again() {
        let failed = mail().deliver(&parcel()).await.unwrap_err();
        assert!(matches!(failed, Failure::Again { .. }), "{failed:?}");
    }
}
