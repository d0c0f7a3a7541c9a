//! The settings of one server: defaults, then the file, then the environment, then the command line.
//!
//! Secrets never stand in the file, only the name of the variable or file that holds them. Nothing but this
//! module and the command line reads the environment.

pub mod file;
pub mod gateway;
pub mod secret;
pub mod settings;
pub mod weak;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

pub use file::ConfigError;
pub use gateway::Gateways;
pub use secret::Secret;
pub use settings::Settings;

/// Everything a server must be told before it starts.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Folder of the embedded database, of attachments and of what must survive a restart.
    pub data: PathBuf,
    /// None: the embedded SQLite in [`data`](Self::data).
    pub database_url: Option<Secret>,
    /// Seals secrets that the store keeps. None: a file in [`data`](Self::data), for a server with a store of its own.
    pub seal_key: Option<Secret>,
    /// Folder with `workflows/`, `rules/` and `tests/scenarios/`.
    pub bundle: PathBuf,
    /// Fill an empty store with the demo company.
    pub demo: bool,
    /// How people reach us; `https` makes cookies secure.
    pub public_url: Option<String>,
    /// Addresses of our own proxies: what they say about the client's address is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Addresses from which `/metrics` is read; for everybody else it is not there. Left out: this machine.
    pub metrics_from: Vec<IpAddr>,
    pub sessions: Sessions,
    pub limits: Limits,
    pub log: Log,
    pub gateways: Gateways,
}

/// How long a sign-in lasts.
#[derive(Clone, Copy, Debug)]
pub struct Sessions {
    /// Without any request.
    pub idle: Duration,
    /// In all.
    pub absolute: Duration,
    /// A program's token.
    pub token: Duration,
    /// Since the password was given, before what is grave asks for it again.
    pub reauthenticate: Duration,
}

/// What a request may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a JSON body, counted, not promised.
    pub body_bytes: usize,
    /// From the first byte of a request to the last byte of its body.
    pub read: Duration,
    /// From the whole request to the answer.
    pub answer: Duration,
}

/// Where log lines go and how they look.
#[derive(Clone, Debug)]
pub struct Log {
    pub json: bool,
    /// Directives as `tracing` knows them: `info,sea_orm=warn`.
    pub filter: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data: PathBuf::from("data"),
            database_url: None,
            seal_key: None,
            bundle: PathBuf::from("."),
            demo: true,
            public_url: None,
            trusted_proxies: Vec::new(),
            metrics_from: vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)],
            sessions: Sessions::default(),
            limits: Limits::default(),
            log: Log { json: false, filter: "warn,aftercare=info".into() },
            gateways: Gateways::default(),
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            idle: Duration::from_secs(30 * 60),
            absolute: Duration::from_secs(12 * 3600),
            token: Duration::from_secs(90 * 24 * 3600),
            reauthenticate: Duration::from_secs(10 * 60),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 1024 * 1024, read: Duration::from_secs(10), answer: Duration::from_secs(30) }
    }
}

impl Config {
    /// The database to open: the URL given, or the embedded file.
    pub fn database(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite://{}", self.database_file().display()),
        }
    }

    /// The embedded database.
    pub fn database_file(&self) -> PathBuf {
        self.data.join("aftercare.db")
    }

    /// How people reach us: the address that links begin with.
    pub fn home(&self) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Whether people reach us over https, so that cookies must not travel otherwise.
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
