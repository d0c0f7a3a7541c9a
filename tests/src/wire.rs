//! The line between a browser and a server, which a test can cut: what is under way breaks off, and nothing new gets
//! through until it is mended. Or it lets requests through and loses the answers.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What gets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Whole,
    /// Requests alone.
    Deaf,
    Cut,
}

/// A line. It is gone with this value.
pub struct Wire {
    base: String,
    state: watch::Sender<State>,
    keeper: JoinHandle<()>,
}

impl Wire {
    /// A line to the server with this address.
    pub async fn to(base: &str) -> Self {
        let server: SocketAddr = base.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (state, seen) = watch::channel(State::Whole);
        let keeper = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, server, seen.clone()));
            }
        });
        Self { base, state, keeper }
    }

    /// Where the browser finds the server.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// From now on the server gets what is sent and its answers are lost.
    pub fn lose_answers(&self) {
        self.state.send_replace(State::Deaf);
    }

    pub fn mend(&self) {
        self.state.send_replace(State::Whole);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

async fn carry(near: TcpStream, server: SocketAddr, mut state: watch::Receiver<State>) {
    if *state.borrow_and_update() == State::Cut {
        return;
    }
    let Ok(far) = TcpStream::connect(server).await else { return };
    let ((mut asks, tells), (answers, mut asked)) = (near.into_split(), far.into_split());
    let seen = state.clone();
    tokio::select! {
        _ = tokio::io::copy(&mut asks, &mut asked) => {}
        () = answer(answers, tells, seen) => {}
        _ = state.wait_for(|state| *state == State::Cut) => {}
    }
}

/// Brings answers back, or loses them.
async fn answer(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, state: watch::Receiver<State>) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if *state.borrow() == State::Deaf {
            continue;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            break;
        }
    }
}
