//! The settings file. Unknown keys are refused with line and column; paths are relative to the file.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::gateway::{self, Gateways, PaymentKind, SmsKeys, Tls};
use super::secret::SecretSource;
use super::{Config, Secret};

/// The file as it is written. Every key may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    database_url: Option<SecretSource>,
    seal_key: Option<SecretSource>,
    bundle: Option<PathBuf>,
    demo: Option<bool>,
    public_url: Option<String>,
    trusted_proxies: Option<Vec<IpAddr>>,
    metrics_from: Option<Vec<IpAddr>>,
    sessions: SessionsFile,
    limits: LimitsFile,
    log: LogFile,
    gateways: GatewaysFile,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct SessionsFile {
    idle_minutes: Option<u64>,
    absolute_hours: Option<u64>,
    token_days: Option<u64>,
    reauthenticate_minutes: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitsFile {
    body_kib: Option<usize>,
    read_seconds: Option<u64>,
    answer_seconds: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LogFile {
    json: Option<bool>,
    filter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct GatewaysFile {
    mail: Option<MailFile>,
    sms: Option<SmsFile>,
    webhooks: BTreeMap<String, WebhookFile>,
    payments: BTreeMap<String, PaymentFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PaymentFile {
    kind: PaymentKind,
    /// Left out: where the provider is.
    url: Option<String>,
    secret: SecretSource,
    method: Option<String>,
    #[serde(default)]
    private: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MailFile {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    tls: Tls,
    user: Option<String>,
    password: Option<SecretSource>,
    from: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SmsFile {
    url: String,
    token: Option<SecretSource>,
    from: Option<String>,
    #[serde(default)]
    keys: SmsKeys,
    #[serde(default)]
    private: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookFile {
    url: String,
    secret: Option<SecretSource>,
    #[serde(default)]
    private: bool,
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the settings file `{path}` cannot be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("the settings file `{path}` is not right: {message}")]
    Wrong { path: String, message: String },
    #[error("the setting `{setting}` protects nobody: {why}; {instead}")]
    Weak { setting: String, why: String, instead: String },
}

/// Reads a settings file.
pub fn read(path: &Path) -> Result<ConfigFile, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: path.display().to_string(), error })?;
    parse(&text).map_err(|message| ConfigError::Wrong { path: path.display().to_string(), message })
}

fn parse(text: &str) -> Result<ConfigFile, String> {
    if text.trim().is_empty() {
        return Ok(ConfigFile::default());
    }
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

impl ConfigFile {
    /// Lays the file over what is there. `path` is the file's own, to which others are relative.
    pub fn apply(self, path: &Path, config: &mut Config) -> Result<(), ConfigError> {
        let beside = |other: PathBuf| path.parent().map_or(other.clone(), |folder| folder.join(&other));
        let wrong = |message| ConfigError::Wrong { path: path.display().to_string(), message };
        set(&mut config.listen, self.listen);
        set(&mut config.data, self.data.map(beside));
        set(&mut config.bundle, self.bundle.map(beside));
        set(&mut config.demo, self.demo);
        config.public_url = self.public_url.or(config.public_url.take());
        set(&mut config.trusted_proxies, self.trusted_proxies);
        set(&mut config.metrics_from, self.metrics_from);
        if let Some(source) = self.database_url {
            config.database_url = Some(source.read().map_err(wrong)?);
        }
        if let Some(source) = self.seal_key {
            config.seal_key = Some(source.read().map_err(wrong)?);
        }
        let seconds = |unit: u64| move |count: u64| Duration::from_secs(count.saturating_mul(unit));
        set(&mut config.sessions.idle, self.sessions.idle_minutes.map(seconds(60)));
        set(&mut config.sessions.absolute, self.sessions.absolute_hours.map(seconds(3600)));
        set(&mut config.sessions.token, self.sessions.token_days.map(seconds(24 * 3600)));
        // Whoever has just given the password must have the time to send the form again.
        let proof = self.sessions.reauthenticate_minutes.map(|minutes| seconds(60)(minutes.max(1)));
        set(&mut config.sessions.reauthenticate, proof);
        set(&mut config.limits.body_bytes, self.limits.body_kib.map(|kib| kib.saturating_mul(1024)));
        set(&mut config.limits.read, self.limits.read_seconds.map(seconds(1)));
        set(&mut config.limits.answer, self.limits.answer_seconds.map(seconds(1)));
        set(&mut config.log.json, self.log.json);
        set(&mut config.log.filter, self.log.filter);
        config.gateways = self.gateways.open().map_err(wrong)?;
        Ok(())
    }
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn secret(source: Option<SecretSource>) -> Result<Option<Secret>, String> {
    source.map(|source| source.read()).transpose()
}

impl GatewaysFile {
    /// Fetches the secrets.
    fn open(self) -> Result<Gateways, String> {
        let mail = self.mail.map(|mail| -> Result<_, String> {
            let port = mail.port.unwrap_or(match mail.tls {
                Tls::Implicit => 465,
                Tls::Starttls => 587,
                Tls::None => 25,
            });
            Ok(gateway::Mail {
                host: mail.host,
                port,
                tls: mail.tls,
                user: mail.user,
                password: secret(mail.password)?,
                from: mail.from,
            })
        });
        let sms = self.sms.map(|sms| -> Result<_, String> {
            let token = secret(sms.token)?;
            Ok(gateway::Sms { url: sms.url, token, from: sms.from, keys: sms.keys, private: sms.private })
        });
        let webhooks = self.webhooks.into_iter().map(|(name, webhook)| -> Result<_, String> {
            let key = secret(webhook.secret)?;
            Ok((name, gateway::Webhook { url: webhook.url, secret: key, private: webhook.private }))
        });
        let payments = self.payments.into_iter().map(|(name, payment)| -> Result<_, String> {
            let known = match payment.kind {
                PaymentKind::Zarinpal => Some("https://payment.zarinpal.com".to_owned()),
                PaymentKind::Sandbox => None,
            };
            let url = payment.url.or(known);
            let url = url.ok_or_else(|| format!("the payment provider `{name}` needs a `url`"))?;
            let method = payment.method.unwrap_or_else(|| "online".to_owned());
            let secret = payment.secret.read()?;
            Ok((name, gateway::Payment { kind: payment.kind, url, secret, method, private: payment.private }))
        });
        Ok(Gateways {
            payments: payments.collect::<Result<_, _>>()?,
            mail: mail.transpose()?,
            sms: sms.transpose()?,
            webhooks: webhooks.collect::<Result<_, _>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(text: &str) -> Config {
        let mut config = Config::default();
        parse(text).unwrap().apply(Path::new("/etc/aftercare/config.yaml"), &mut config).unwrap();
        config
    }

    #[test]
    fn what_the_file_says_replaces_the_default_and_the_rest_stays() {
        let config = loaded("listen: 0.0.0.0:9000\nsessions: {idle_minutes: 5}\n");
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.sessions.idle, Duration::from_secs(300));
        assert_eq!(config.sessions.absolute, Config::default().sessions.absolute);
    }

    #[test]
    fn paths_are_relative_to_the_file() {
        assert_eq!(loaded("data: store\n").data, Path::new("/etc/aftercare/store"));
        assert_eq!(loaded("data: /srv/store\n").data, Path::new("/srv/store"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let message = parse("listen: 127.0.0.1:1\nlimits:\n  boddy_kib: 3\n").unwrap_err();
        assert!(message.contains("boddy_kib"), "{message}");
        assert!(message.contains('3'), "line is missing: {message}");
    }

    #[test]
    fn a_secret_that_is_not_there_is_named_without_its_value() {
        let file =
            parse("gateways:\n  sms: {url: 'http://x', token: {env: NO_SUCH_VARIABLE_HERE}}\n").unwrap();
        let error = file.apply(Path::new("c.yaml"), &mut Config::default()).unwrap_err().to_string();
        assert!(error.contains("NO_SUCH_VARIABLE_HERE"), "{error}");
    }

    #[test]
    fn the_port_of_the_mail_server_follows_from_its_protection() {
        let config = loaded("gateways:\n  mail: {host: h, tls: implicit, from: a@b.c}\n");
        assert_eq!(config.gateways.mail.unwrap().port, 465);
    }
}
