//! The line between a browser and a server, which a test can cut: what is under way breaks off, and nothing new gets
//! through until it is mended.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A line. It is gone with this value.
pub struct Wire {
    base: String,
    is_cut: watch::Sender<bool>,
    keeper: JoinHandle<()>,
}

impl Wire {
    /// A line to the server with this address.
    pub async fn to(base: &str) -> Self {
        let server: SocketAddr = base.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (is_cut, cut) = watch::channel(false);
        let keeper = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server, cut.clone()));
            }
        });
        Self { base, is_cut, keeper }
    }

    /// Where the browser finds the server.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    pub fn mend(&self) {
        self.is_cut.send_replace(false);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

async fn carry(mut near: TcpStream, server: SocketAddr, mut cut: watch::Receiver<bool>) {
    if *cut.borrow_and_update() {
        return;
    }
    let Ok(mut far) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        _ = cut.wait_for(|is_cut| *is_cut) => {}
    }
}
