//! Clients over real HTTP, as light as they can be: they share the machine with the server they measure.

use std::io::Write;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection that is kept, and the bytes of its last request and answer.
pub struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// An answer.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a str,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket");
        Self { stream, request: Vec::with_capacity(1024), answer: Vec::with_capacity(16 * 1024) }
    }

    pub async fn post(&mut self, path: &str, token: &str, key: &str, body: &str) -> Answer<'_> {
        self.request.clear();
        let written = write!(
            self.request,
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        written.expect("memory");
        self.stream.write_all(&self.request).await.expect("the server reads");
        self.answer().await
    }

    pub async fn get(&mut self, path: &str, token: &str) -> Answer<'_> {
        self.request.clear();
        let written = write!(
            self.request,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"
        );
        written.expect("memory");
        self.stream.write_all(&self.request).await.expect("the server reads");
        self.answer().await
    }

    async fn answer(&mut self) -> Answer<'_> {
        self.answer.clear();
        let (head, length) = loop {
            assert!(self.stream.read_buf(&mut self.answer).await.expect("an answer") > 0, "cut off");
            if let Some(end) = find(&self.answer, b"\r\n\r\n") {
                break (end + 4, length(&self.answer[..end]));
            }
        };
        while self.answer.len() < head + length {
            assert!(self.stream.read_buf(&mut self.answer).await.expect("an answer") > 0, "cut off");
        }
        let status = std::str::from_utf8(&self.answer[9..12]).expect("a status").parse().expect("a status");
        let body = std::str::from_utf8(&self.answer[head..head + length]).expect("a text");
        Answer { status, body }
    }
}

/// The server writes the names of its headers in small letters.
fn length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length: ";
    let Some(at) = find(head, NAME) else { return 0 };
    let digits = head[at + NAME.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'))
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
