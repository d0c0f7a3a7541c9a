//! What clients asked for and what they were told, kept outside the server: the truth to hold it against.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use aftercare_tests::company::{BRANCH, SERIAL};

/// A request that can be sent again as it was.
#[derive(Clone, Debug)]
pub struct Request {
    key: String,
    path: String,
    body: Value,
}

impl Request {
    pub fn open(key: &str) -> Self {
        let data = json!({"fault": "does not spin"});
        let body = json!({"process": "errand", "branch": BRANCH, "device": SERIAL, "data": data});
        Self { key: format!("open-{key}"), path: "/api/tickets".into(), body }
    }

    pub fn assign(key: &str, code: &str) -> Self {
        let body = json!({"revision": 1, "data": {"technician": "technician"}});
        Self { key: format!("assign-{key}"), path: format!("/api/tickets/{code}/steps/assign"), body }
    }
}

/// A request with its answer; none: the server died before the client had it.
#[derive(Clone, Debug)]
struct Entry {
    request: Request,
    answer: Option<String>,
}

/// What the server said.
struct Answer {
    status: StatusCode,
    /// Whether it says when to ask again.
    has_time: bool,
    body: String,
}

/// All requests so far. Clones share it.
#[derive(Clone)]
pub struct Journal {
    entries: Arc<Mutex<Vec<Entry>>>,
    address: Arc<Mutex<String>>,
    client: reqwest::Client,
    token: String,
}

impl Journal {
    pub fn new(token: String) -> Self {
        // Whoever was first has set it; it is the same everywhere.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { entries: Arc::default(), address: Arc::default(), client, token }
    }

    /// What its clients say who they are with.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub fn connect(&self, address: &str) {
        address.clone_into(&mut self.address.lock().expect("no client has panicked"));
    }

    /// Sends and notes it down. Gives the ticket's code; nothing when the server is gone.
    pub async fn send(&self, request: Request) -> Option<String> {
        let at = {
            let mut entries = self.entries.lock().expect("no client has panicked");
            entries.push(Entry { request: request.clone(), answer: None });
            entries.len() - 1
        };
        let answer = self.ask(&request).await?;
        let code = code(&answer);
        self.entries.lock().expect("no client has panicked")[at].answer = Some(answer);
        Some(code)
    }

    /// Sends everything without an answer twice more, in the order in which it was sent: both answers are one.
    pub async fn settle_unknown(&self) -> bool {
        let entries = self.entries.lock().expect("no client has panicked").clone();
        for (n, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.answer.is_none()) {
            let first = self.ask(&entry.request).await.expect("the server is there");
            let second = self.ask(&entry.request).await.expect("the server is there");
            if first != second {
                println!("{:?}: {first} and {second}", entry.request);
                return false;
            }
            self.entries.lock().expect("no client has panicked")[n].answer = Some(first);
        }
        true
    }

    /// Sends everything again: the answers are those of the first time, byte by byte.
    pub async fn repeat_all(&self) -> bool {
        let entries = self.entries.lock().expect("no client has panicked").clone();
        for entry in entries {
            let again = self.ask(&entry.request).await;
            if again != entry.answer {
                println!("{:?}: {:?} and {again:?}", entry.request, entry.answer);
                return false;
            }
        }
        true
    }

    /// Codes of all tickets that were opened.
    pub fn codes(&self) -> BTreeSet<String> {
        let entries = self.entries.lock().expect("no client has panicked");
        entries.iter().filter_map(|entry| entry.answer.as_deref()).map(code).collect()
    }

    /// Sends it under its key until it is done. Until then the server may say that it cannot do it now and when to ask
    /// again, and nothing else. Gives the ticket's code and how often it was put off.
    pub async fn persist(&self, request: Request) -> (String, usize) {
        for put_off in 0.. {
            let answer = self.tried(&request).await.expect("the server is there");
            if answer.status == StatusCode::SERVICE_UNAVAILABLE {
                assert!(answer.has_time, "it does not say when to ask again: {}", answer.body);
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            assert!(answer.status.is_success(), "{} for {request:?}: {}", answer.status, answer.body);
            let code = code(&answer.body);
            let mut entries = self.entries.lock().expect("no client has panicked");
            entries.push(Entry { request, answer: Some(answer.body) });
            return (code, put_off);
        }
        unreachable!("it is asked for ever")
    }

    /// The body of a complete 2xx answer; nothing if the connection broke.
    async fn ask(&self, request: &Request) -> Option<String> {
        let Answer { status, body, .. } = self.tried(request).await?;
        assert!(status.is_success(), "{status} for {request:?}: {body}");
        Some(body)
    }

    /// A complete answer; nothing if the connection broke.
    async fn tried(&self, request: &Request) -> Option<Answer> {
        let url = format!("{}{}", self.address.lock().expect("no client has panicked"), request.path);
        let sent = self.client.post(url).bearer_auth(&self.token).header("Idempotency-Key", &request.key);
        let answer = sent.json(&request.body).send().await.ok()?;
        let (status, has_time) = (answer.status(), answer.headers().contains_key("retry-after"));
        Some(Answer { status, has_time, body: answer.text().await.ok()? })
    }
}

fn code(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).expect("an answer is JSON");
    answer["code"].as_str().expect("an answer has a code").to_owned()
}
