//! The work: tickets are opened, then driven through all their steps by so many clients at a time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Client;

/// `repair.json`: how a ticket is opened and which steps it takes.
#[derive(Deserialize)]
pub struct Script {
    opened_by: String,
    opening: Value,
    /// Only tickets are used for which all of this was decided at their opening.
    decided: Vec<String>,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    event: String,
    by: String,
    #[serde(default)]
    data: Value,
    /// `data` as it is sent.
    #[serde(skip)]
    form: String,
}

impl Script {
    pub fn read() -> Self {
        let mut script: Self = serde_json::from_str(include_str!("../repair.json")).expect("the script");
        for step in &mut script.steps {
            step.form = if step.data.is_null() { "{}".to_owned() } else { step.data.to_string() };
        }
        script
    }

    /// Everybody who does something in it.
    pub fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = self.steps.iter().map(|step| step.by.as_str()).collect();
        people.push(&self.opened_by);
        people.sort_unstable();
        people.dedup();
        people
    }
}

/// What clients need to work.
pub struct Work {
    pub address: SocketAddr,
    pub script: Script,
    /// Tokens by sign-in name.
    pub tokens: BTreeMap<String, String>,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Driven {
    pub steps: usize,
    pub refused: usize,
    pub took: Duration,
}

impl Work {
    /// Opens tickets for these devices (serial, owner) until there are so many.
    pub async fn open(
        &self,
        database: &Connection,
        devices: &[(String, String)],
        count: usize,
    ) -> Vec<String> {
        let mut client = Client::connect(self.address).await;
        let mut codes = Vec::with_capacity(count);
        for (serial, owner) in devices {
            let mut opening = self.script.opening.clone();
            opening["device"] = json!(serial);
            opening["customer"] = json!(owner);
            let token = &self.tokens[&self.script.opened_by];
            let answer =
                client.post("/api/tickets", token, &format!("open-{serial}"), &opening.to_string()).await;
            if answer.status != 201 {
                continue;
            }
            let answer: Value = serde_json::from_str(answer.body).expect("an answer");
            let code = answer["code"].as_str().expect("a code");
            let decided: String = database
                .query_row("SELECT decided FROM ticket WHERE code = ?", [code], |row| row.get(0))
                .expect("the ticket");
            if self.script.decided.iter().all(|part| decided.contains(part)) {
                codes.push(code.to_owned());
            }
            if codes.len() == count {
                break;
            }
        }
        codes
    }

    /// Drives tickets to the end of the script, so many clients at a time.
    pub async fn drive(self: &Rc<Self>, codes: &[String], clients: usize) -> Driven {
        let waiting = Rc::new(RefCell::new(codes.to_vec()));
        let done = Rc::new(RefCell::new(Driven::default()));
        let mut connected = Vec::new();
        for _ in 0..clients {
            connected.push(Client::connect(self.address).await);
        }
        let begun = Instant::now();
        let at_work: Vec<_> = connected
            .into_iter()
            .map(|mut client| {
                let (work, waiting, done) = (Rc::clone(self), Rc::clone(&waiting), Rc::clone(&done));
                tokio::task::spawn_local(async move {
                    loop {
                        let Some(code) = waiting.borrow_mut().pop() else { return };
                        let (steps, refused) = work.ticket(&mut client, &code).await;
                        done.borrow_mut().steps += steps;
                        done.borrow_mut().refused += refused;
                    }
                })
            })
            .collect();
        for client in at_work {
            client.await.expect("a client");
        }
        let driven = *done.borrow();
        Driven { took: begun.elapsed(), ..driven }
    }

    /// Steps taken, and 1 if the last one was refused.
    async fn ticket(&self, client: &mut Client, code: &str) -> (usize, usize) {
        let mut revision = 1;
        for (taken, step) in self.script.steps.iter().enumerate() {
            let path = format!("/api/tickets/{code}/steps/{}", step.event);
            let body = format!("{{\"revision\":{revision},\"data\":{}}}", step.form);
            let key = format!("{code}-{revision}");
            let answer = client.post(&path, &self.tokens[&step.by], &key, &body).await;
            if answer.status != 200 {
                let said: String = answer.body.chars().take(200).collect();
                eprintln!("{code} {}: {} {said}", step.event, answer.status);
                return (taken, 1);
            }
            let after = answer.body.split("\"revision\":").nth(1).expect("a revision");
            let digits = after.split(|c: char| !c.is_ascii_digit()).next().expect("digits");
            revision = digits.parse().expect("a revision");
        }
        (self.script.steps.len(), 0)
    }
}
