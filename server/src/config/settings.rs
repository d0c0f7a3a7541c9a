//! The settings that the command line and the environment can give. They win over the file.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::Args;

use super::file::{self, ConfigError};
use super::{Config, Secret};

/// Where things are. Every setting can also come from the environment.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// Settings file in YAML; the only place for the gateways' addresses
    #[arg(long, value_name = "FILE", env = "AFTERCARE_CONFIG")]
    pub config: Option<PathBuf>,

    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "AFTERCARE_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// Folder of the embedded database and of attachments [default: data]
    #[arg(long, value_name = "DIR", env = "AFTERCARE_DATA")]
    pub data: Option<PathBuf>,

    /// Database of several servers together, such as postgres://user@host/name [default: SQLite in the data
    /// folder]
    #[arg(long, value_name = "URL", env = "AFTERCARE_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Folder with workflows/, rules/ and tests/scenarios/ [default: the working directory]
    #[arg(long, value_name = "DIR", env = "AFTERCARE_BUNDLE")]
    pub bundle: Option<PathBuf>,

    /// Leave an empty store empty instead of filling it with the demo company
    #[arg(long, env = "AFTERCARE_NO_DEMO", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_demo: bool,

    /// How people reach this server, such as `https://service.example.org`; https makes cookies secure
    #[arg(long, value_name = "URL", env = "AFTERCARE_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Address of a proxy of ours before this server, whose X-Forwarded-For is believed; several with commas between
    #[arg(long, value_name = "ADDR", env = "AFTERCARE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,

    /// Log lines to write, as directives such as info,sea_orm=warn
    #[arg(long, value_name = "FILTER", env = "AFTERCARE_LOG")]
    pub log: Option<String>,

    /// Write log lines as JSON
    #[arg(long, env = "AFTERCARE_LOG_JSON", value_parser = clap::builder::FalseyValueParser::new())]
    pub log_json: bool,
}

impl Settings {
    /// Defaults, then the file, then what is given here.
    pub fn load(&self) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        if let Some(path) = &self.config {
            file::read(path)?.apply(path, &mut config)?;
        }
        if let Some(listen) = self.listen {
            config.listen = listen;
        }
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        if let Some(url) = &self.database_url {
            config.database_url = Some(Secret::new(url.clone()));
        }
        if let Some(bundle) = &self.bundle {
            config.bundle.clone_from(bundle);
        }
        if let Some(url) = &self.public_url {
            config.public_url = Some(url.clone());
        }
        if !self.trusted_proxies.is_empty() {
            config.trusted_proxies.clone_from(&self.trusted_proxies);
        }
        if let Some(filter) = &self.log {
            config.log.filter.clone_from(filter);
        }
        config.demo &= !self.no_demo;
        config.log.json |= self.log_json;
        Ok(config)
    }
}
