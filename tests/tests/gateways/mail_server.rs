//! A mail server on a real socket that speaks SMTP and can be told to misbehave, by the receiver's name.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A server with what it has accepted. Clones share it.
#[derive(Clone)]
pub struct MailServer {
    pub port: u16,
    letters: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = socket.local_addr().expect("an address").port();
        let server = Self { port, letters: Arc::default() };
        let shared = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let server = shared.clone();
                // A client that goes away ends its own conversation only.
                tokio::spawn(async move { drop(server.converse(stream).await) });
            }
        });
        server
    }

    /// Letters as they came, headers first.
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().expect("no conversation has panicked").clone()
    }

    async fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut receiver = String::new();
        stream.write_all(b"220 post office\r\n").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let answer = match line.split([' ', ':', '\r']).next().unwrap_or_default() {
                "EHLO" => "250 post office",
                "RCPT" => {
                    receiver = line;
                    match receiver.as_str() {
                        r if r.contains("busy@") => "450 come back later",
                        r if r.contains("nobody@") => "550 there is nobody of this name",
                        _ => "250 fine",
                    }
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let mut letter = String::new();
                    while !letter.ends_with("\r\n.\r\n") {
                        if stream.read_line(&mut letter).await? == 0 {
                            return Ok(());
                        }
                    }
                    self.letters.lock().expect("no conversation has panicked").push(letter);
                    if receiver.contains("vanishes@") {
                        return Ok(());
                    }
                    "250 letter 4711"
                }
                "QUIT" => "221 bye",
                _ => "250 fine",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }
}
