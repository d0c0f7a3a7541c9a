//! Clients over real HTTP, as light as they can be: they share the machine with the server they measure.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection that is kept.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    pub async fn post(&mut self, path: &str, token: &str, key: &str, body: &str) -> Answer {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await.expect("the server reads");
        self.answer().await
    }

    async fn answer(&mut self) -> Answer {
        self.buffer.clear();
        let (head, length) = loop {
            assert!(self.stream.read_buf(&mut self.buffer).await.expect("an answer") > 0, "cut off");
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
                let length = head.split("content-length:").nth(1).and_then(|rest| rest.lines().next());
                break (end + 4, length.map_or(0, |length| length.trim().parse().expect("a length")));
            }
        };
        while self.buffer.len() < head + length {
            assert!(self.stream.read_buf(&mut self.buffer).await.expect("an answer") > 0, "cut off");
        }
        let status = std::str::from_utf8(&self.buffer[9..12]).expect("a status").parse().expect("a status");
        let body = String::from_utf8_lossy(&self.buffer[head..head + length]).into_owned();
        Answer { status, body }
    }
}
