//! What came of a step, as the API tells it; what it has no door for yet is read from the rows themselves.

use aftercare::entity::{card_change, document, outbox, stock_move, task, ticket_event, timer};
use aftercare_engine::definition::scenario::Expect;
use aftercare_engine::diagnostic::{Diagnostic, Sp};
use aftercare_engine::effect::Ruling;
use aftercare_engine::facts::Value as Fact;
use aftercare_engine::ledger::amount::decimal;
use aftercare_engine::rules::Condition;
use aftercare_engine::scenario::Observed;
use aftercare_engine::scenario::observed::{Booked, BookedLine};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{AUDITOR, Story};

/// Holds what is expected against what the server says.
pub async fn compare(
    story: &mut Story<'_>,
    name: &str,
    expected: &Sp<Expect>,
    is_sent: bool,
) -> Vec<Diagnostic> {
    let told = story.told();
    let (outcome, reasons, code) = (told.outcome.clone(), told.reasons.clone(), told.code.clone());
    let Some(code) = code else {
        let seen = Observed { outcome: &outcome, reasons: &reasons, is_sent, ..nothing(&|_| Fact::Null) };
        return seen.compare(name, expected);
    };
    let seen = Seen::of(story, &code, expected).await;
    let fact = |name: &str| seen.fact(name);
    let mut observed = Observed { outcome: &outcome, reasons: &reasons, is_sent, ..nothing(&fact) };
    observed.leaves =
        items(&seen.ticket["ticket"]["states"]).filter_map(|path| path.as_str()).map(str::to_owned).collect();
    observed.rulings = seen.rulings();
    observed.messages = seen.messages();
    observed.vouchers = seen.vouchers();
    rows(story, &code, &mut observed).await;
    observed.compare(name, expected)
}

fn nothing(fact: &dyn Fn(&str) -> Fact) -> Observed<'_> {
    Observed {
        outcome: "",
        reasons: &[],
        is_sent: false,
        leaves: Vec::new(),
        fact,
        rulings: Vec::new(),
        messages: Vec::new(),
        tasks: Vec::new(),
        vouchers: Vec::new(),
        timers: Vec::new(),
        effects: Vec::new(),
    }
}

/// Answers of the API; null where nobody asks for them.
struct Seen {
    after: super::Mark,
    ticket: Value,
    device: Value,
    charges: Value,
    explanations: Value,
    messages: Value,
    vouchers: Value,
}

impl Seen {
    async fn of(story: &mut Story<'_>, code: &str, expected: &Expect) -> Self {
        let auditor = story.client(AUDITOR).await;
        let get = async |part: &str, is_asked: bool| {
            if !is_asked {
                return Value::Null;
            }
            let reply = auditor.get(&format!("/api/tickets/{code}{part}")).await;
            assert_eq!(reply.status, 200, "{part}: {}", reply.text);
            reply.json()
        };
        let ticket = get("", true).await;
        let mut device = Value::Null;
        if let (Some(serial), true) = (ticket["ticket"]["device"].as_str(), expected.facts.is_some()) {
            device = auditor.post("/api/devices/lookup", &json!({"serial": serial})).await.json();
        }
        Self {
            after: story.told().before,
            device,
            charges: get("/charges", expected.charges.is_some()).await,
            explanations: get(
                "/explanations",
                expected.decisions.is_some() || !expected.conditions.is_empty(),
            )
            .await,
            messages: get("/messages", expected.messages.is_some()).await,
            vouchers: get("/vouchers", expected.vouchers.is_some()).await,
            ticket,
        }
    }

    /// A field, what a rule decided, the charges, or something about the device.
    fn fact(&self, name: &str) -> Fact {
        let pointer = format!("/{}", name.replace('.', "/"));
        let places =
            [&self.ticket["fields"], &self.ticket["decided"], &self.charges, &self.device, &self.ticket];
        let found = places.into_iter().find_map(|place| place.pointer(&pointer));
        found.map(Fact::from_json).unwrap_or_default()
    }

    fn rulings(&self) -> Vec<Ruling> {
        let new =
            items(&self.explanations).filter(|told| told["revision"].as_i64() > Some(self.after.revision));
        new.map(|told| Ruling {
            rule: text(&told["rule"]),
            into: text(&told["fact"]),
            value: Fact::from_json(&told["decision"]),
            conditions: items(&told["conditions"]).map(condition).collect(),
        })
        .collect()
    }

    /// Keys of messages: one for each effect, to however many people on however many channels it went.
    fn messages(&self) -> Vec<String> {
        let mut seen: Vec<(String, String)> = Vec::new();
        for message in items(&self.messages) {
            // Tracking code, step, index of the effect, then recipient and channel.
            let id = text(&message["effect"]);
            let effect: Vec<&str> = id.split('/').take(3).collect();
            let step = effect.get(1).and_then(|step| step.parse::<i64>().ok()).unwrap_or_default();
            let entry = (effect.join("/"), text(&message["message"]));
            if step > self.after.revision && !seen.contains(&entry) {
                seen.push(entry);
            }
        }
        seen.into_iter().map(|(_, key)| key).collect()
    }

    fn vouchers(&self) -> Vec<Booked> {
        let new = items(&self.vouchers).filter(|one| one["reference"].as_i64() > Some(self.after.voucher));
        new.map(|voucher| {
            let lines = items(&voucher["lines"]).map(|line| BookedLine {
                account: text(&line["account"]),
                debit: amount(&line["debit"]),
                credit: amount(&line["credit"]),
                details: line["details"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(kind, code)| (kind.clone(), text(code)))
                    .collect(),
            });
            Booked { template: text(&voucher["template"]), lines: lines.collect() }
        })
        .collect()
    }
}

/// Tasks, timers, stock, documents, calls, card and assignment.
async fn rows(story: &Story<'_>, code: &str, observed: &mut Observed<'_>) {
    let app = &story.world.app;
    let (db, currency) = (app.store.reader(), story.stage.version.currency());
    let since = story.tickets[story.at].before.revision;
    let is_new = |source: &str| {
        source.split('/').nth(1).and_then(|step| step.parse::<i64>().ok()).is_some_and(|step| step > since)
    };
    let tasks = task::Entity::find().filter(task::Column::Ticket.eq(code)).all(db).await.expect("tasks");
    observed.tasks = tasks
        .iter()
        .filter(|row| row.source.as_deref().is_some_and(is_new))
        .filter_map(|row| serde_json::from_str::<Value>(&row.title).ok())
        .map(|title| text(&title["en"]))
        .collect();
    let armed =
        timer::Entity::find().filter(timer::Column::Ticket.eq(code)).filter(timer::Column::State.eq("armed"));
    let armed = armed.all(db).await.expect("timers");
    observed.timers = armed.into_iter().filter_map(|row| Some((row.event, row.due_at?))).collect();
    let moves = stock_move::Entity::find()
        .filter(stock_move::Column::Ticket.eq(code))
        .filter(stock_move::Column::Seq.gt(since))
        .order_by_asc(stock_move::Column::Source);
    let moves = moves.all(db).await.expect("moves");
    let moves = moves.into_iter().map(|row| {
        let cost = decimal(row.value.abs(), &currency).to_string();
        json!({"stock": {"kind": row.kind, "part": row.part, "cost": cost,
            "quantity": Decimal::new(row.quantity.abs(), 3).normalize().to_string()}})
    });
    let documents = document::Entity::find()
        .filter(document::Column::Ticket.eq(code))
        .filter(document::Column::Seq.gt(since));
    let documents = documents.all(db).await.expect("documents").into_iter().map(|row| {
        let amount = |minor| decimal(minor, &currency).to_string();
        json!({"document": {"series": row.series, "net": amount(row.net), "vat": amount(row.vat),
            "gross": amount(row.gross), "rounding": amount(row.rounding),
            "fields": serde_json::from_str::<Value>(&row.fields).unwrap_or_default()}})
    });
    let calls = outbox::Entity::find()
        .filter(outbox::Column::Ticket.eq(code))
        .filter(outbox::Column::Channel.eq("webhook"))
        .filter(outbox::Column::Seq.gt(since));
    let calls = calls.all(db).await.expect("calls").into_iter().map(|row| {
        json!({"webhook": {"endpoint": row.recipient, "body": serde_json::from_str::<Value>(&row.body).unwrap_or_default()}})
    });
    let changes = card_change::Entity::find().filter(card_change::Column::Ticket.eq(code));
    let changes = changes.all(db).await.expect("changes of cards");
    let changes = changes
        .into_iter()
        .filter(|row| is_new(&row.source))
        .map(|row| json!({"card": {"change": row.change}}));
    let row = app.store.ticket(code).await.expect("a ticket").expect("the ticket");
    let assigned = [("technician", row.technician), ("agency", row.agency), ("partner", row.partner)];
    let assigned = assigned.into_iter().filter_map(|(kind, name)| Some(json!({"assign": {kind: name?}})));
    let events = ticket_event::Entity::find()
        .filter(ticket_event::Column::Ticket.eq(code))
        .filter(ticket_event::Column::Seq.gt(since));
    let said = events.all(db).await.expect("history").into_iter().flat_map(|row| {
        let effects: Vec<Value> = serde_json::from_str(&row.effects).unwrap_or_default();
        effects.into_iter().filter(|one| one.get("child").or(one.get("output")).is_some())
    });
    let all = moves.chain(said).chain(documents).chain(calls).chain(changes).chain(assigned);
    observed.effects = all.map(|effect| Fact::from_json(&effect)).collect();
}

fn condition(json: &Value) -> Condition {
    let values =
        items(&json["values"]).map(|seen| (text(&seen["fact"]).into(), Fact::text(text(&seen["value"]))));
    Condition {
        name: text(&json["name"]).into(),
        holds: json["holds"].as_bool().unwrap_or_default(),
        values: values.collect(),
        source: text(&json["source"]).into(),
    }
}

fn items(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().into_iter().flatten()
}

fn text(json: &Value) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn amount(json: &Value) -> Decimal {
    Decimal::from_str_exact(json.as_str().unwrap_or_default()).expect("an amount")
}
