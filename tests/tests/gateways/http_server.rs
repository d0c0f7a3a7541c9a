//! A provider's HTTP server on a real socket that can be told to misbehave, by the number in the message.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: String,
    /// Lines of the head, names in small letters.
    pub head: Vec<String>,
    pub body: String,
}

impl Call {
    pub fn header(&self, name: &str) -> &str {
        let found = self.head.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        found.unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }
}

/// A server with the calls it has had. Clones share it.
#[derive(Clone)]
pub struct HttpServer {
    pub address: String,
    calls: Arc<Mutex<Vec<Call>>>,
    /// Between having a message and saying so.
    pause: Duration,
}

impl HttpServer {
    pub async fn start() -> Self {
        Self::slow(Duration::ZERO).await
    }

    pub async fn slow(pause: Duration) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", socket.local_addr().expect("an address"));
        let server = Self { address, calls: Arc::default(), pause };
        let shared = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let server = shared.clone();
                // A client that goes away ends its own connection only.
                tokio::spawn(async move { drop(server.answer(stream).await) });
            }
        });
        server
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("no connection has panicked").clone()
    }

    /// One request, one answer, and the connection closes.
    async fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                // Whoever died before the whole request was out has sent nothing.
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line == "\r\n" {
                break;
            }
            head.push(line.trim_end().to_owned());
        }
        let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
        for line in &mut head {
            if let Some((name, value)) = line.split_once(':') {
                *line = format!("{}:{value}", name.to_ascii_lowercase());
            }
        }
        let mut call = Call { path, head, body: String::new() };
        let mut body = vec![0; call.header("content-length").parse().unwrap_or(0)];
        stream.read_exact(&mut body).await?;
        call.body = String::from_utf8(body).expect("a body is text");
        let earlier = self.calls().iter().filter(|other| other.body == call.body).count();
        let answer = match call.body.as_str() {
            body if body.contains("busy") && earlier == 0 => "429 Too Many Requests\r\nRetry-After: 120",
            body if body.contains("broken") && earlier == 0 => "503 Service Unavailable",
            body if body.contains("wrong") => "400 Bad Request",
            body if body.contains("elsewhere") => "302 Found\r\nLocation: /inside",
            _ => "200 OK",
        };
        let vanishes = call.body.contains("vanishes") && earlier == 0;
        let endless = call.body.contains("endless");
        self.calls.lock().expect("no connection has panicked").push(call);
        if vanishes {
            return Ok(());
        }
        tokio::time::sleep(self.pause).await;
        if endless {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            // Ends when the client has had enough and closes.
            loop {
                stream.write_all(&[b' '; 4096]).await?;
            }
        }
        let body = r#"{"message_id": "P-17"}"#;
        let length = body.len();
        let answer =
            format!("HTTP/1.1 {answer}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await
    }
}
