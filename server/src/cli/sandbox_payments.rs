//! `aftercare sandbox-payments`: the sandbox payment provider as a server of its own.

use std::net::{SocketAddr, TcpListener};

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::{Exit, Failure, open, print, stop};
use crate::sandbox;

/// Serve a payment page that takes no money, to try paying out
///
/// Name it in the settings file: `gateways: {payments: {sandbox: {kind: sandbox, url: "http://127.0.0.1:9090",
/// secret: {env: SANDBOX_SECRET}, private: true}}}`.
#[derive(Args, Debug)]
pub struct SandboxPayments {
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9090")]
    listen: SocketAddr,
    /// Key of its signatures, the same as in the settings file
    #[arg(long, env = "SANDBOX_SECRET", hide_env_values = true)]
    secret: String,
}

impl SandboxPayments {
    pub fn run(self) -> Result<Exit, Failure> {
        open::runtime()?.block_on(async {
            let socket = TcpListener::bind(self.listen).map_err(|error| {
                Failure::environment(format!("{} cannot be listened on: {error}", self.listen))
            })?;
            let address = socket.local_addr().map_err(Failure::environment)?;
            print::notice(&format!("The sandbox takes payments on http://{address}\n"));
            let stop = CancellationToken::new();
            stop::when_asked(&stop);
            let served = sandbox::serve(socket, &self.secret, stop.cancelled_owned()).await;
            served.map_err(Failure::environment).map(|()| Exit::Fine)
        })
    }
}
