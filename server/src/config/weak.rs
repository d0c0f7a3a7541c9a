//! Settings with which no server starts: they would work, and protect nobody.

use std::path::Path;

use super::{Config, ConfigError};

/// Shortest key that we make seals or signatures with, in bytes.
const LEAST: usize = 16;
/// Fewest different letters of a key: `aaaa…` and `0000…` are none.
const DIFFERENT: usize = 6;
/// What stands for a key in examples.
const EXAMPLES: [&str; 6] = ["changeme", "change-me", "example", "secret", "password", "aftercare"];
/// Where container runtimes put secrets; they choose who may read them, and nobody else is there.
const RUNTIME: &str = "/run/secrets";

/// Refuses them, with what to do.
pub fn refuse(config: &Config) -> Result<(), ConfigError> {
    if let Some(key) = &config.seal_key {
        strong("seal_key", key.expose())?;
    }
    for (name, webhook) in &config.gateways.webhooks {
        if let Some(key) = &webhook.secret {
            strong(&format!("gateways.webhooks.{name}.secret"), key.expose())?;
        }
    }
    match &config.public_url {
        Some(url) if !is_protected(url) => Err(ConfigError::Weak {
            setting: "public_url".to_owned(),
            why: format!("`{url}` sends passwords and sessions in the clear"),
            instead: "put a proxy with TLS before this server and name its `https://` address".to_owned(),
        }),
        _ => Ok(()),
    }
}

fn strong(setting: &str, key: &str) -> Result<(), ConfigError> {
    let lower = key.to_lowercase();
    let mut letters: Vec<char> = key.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let why = if key.len() < LEAST {
        format!("it has {} bytes and needs at least {LEAST}", key.len())
    } else if letters.len() < DIFFERENT {
        "it repeats itself".to_owned()
    } else if EXAMPLES.iter().any(|example| lower.contains(example)) {
        "it is one of an example".to_owned()
    } else {
        return Ok(());
    };
    let instead = "give it 32 random bytes, as `openssl rand -hex 32` makes them".to_owned();
    Err(ConfigError::Weak { setting: setting.to_owned(), why, instead })
}

/// Over https, or to this machine alone.
fn is_protected(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// Refuses a file with a secret that everybody on the machine may read or change.
pub fn others_read(path: &Path) -> Result<(), String> {
    if path.starts_with(RUNTIME) {
        return Ok(());
    }
    #[cfg(unix)]
    if let Ok(found) = std::fs::metadata(path)
        && std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o007 != 0
    {
        return Err(format!(
            "everybody on this machine may read the secret in `{path}`; `chmod 600 {path}`",
            path = path.display()
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;

    fn refused(change: impl FnOnce(&mut Config)) -> String {
        let mut config = Config::default();
        change(&mut config);
        refuse(&config).err().map(|error| error.to_string()).unwrap_or_default()
    }

    // P: 13.2, 12.2
    #[test]
    fn a_short_repeated_or_copied_key_is_named_with_what_to_do() {
        for weak in ["k", "0000000000000000000000", "please-changeme-please-1", "abababababababababab"] {
            let told = refused(|config| config.seal_key = Some(Secret::new(weak)));
            assert!(told.contains("`seal_key`") && told.contains("openssl rand -hex 32"), "{weak}: {told}");
            assert!(!told.contains(weak) || weak.len() == 1, "it shows the key: {told}");
        }
        let strong = "5b1f0c9a77d24e1e8a6f3c2b9d8e7f60";
        assert_eq!(refused(|config| config.seal_key = Some(Secret::new(strong))), "");
        assert_eq!(refused(|_| ()), "", "the defaults start");
    }

    #[test]
    fn sign_ins_travel_in_the_clear_on_this_machine_alone() {
        for plain in [
            "http://service.example.org",
            "http://10.0.0.5:8080",
            "ftp://x",
            "http://127.0.0.1.evil.example/",
        ] {
            let told = refused(|config| config.public_url = Some(plain.into()));
            assert!(told.contains("`public_url`") && told.contains("https://"), "{plain}: {told}");
        }
        for fine in
            ["https://service.example.org", "http://127.0.0.1:8080/", "http://localhost", "http://[::1]:80"]
        {
            assert_eq!(refused(|config| config.public_url = Some(fine.into())), "", "{fine}");
        }
    }
}
