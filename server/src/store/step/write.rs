//! All that one step writes.

use sea_orm::Value;

use super::{Family, Numbering, Stored};
use crate::entity::{
    card, card_change, charge_line, decision, document, fact_set, fitted_part, idempotency, incident, outbox,
    payment, stock_move, task, ticket, ticket_event, ticket_link, timer, voucher, voucher_line,
};
use crate::store::chain;

/// Stands for the tracking code of a ticket that has none yet: its number is given when it is stored.
pub const UNNAMED: &str = "\u{F0000}code\u{F0000}";

/// One step's rows. Amounts, JSON and texts are ready; only numbers are still to be given.
#[derive(Clone, Debug)]
pub struct StepWrite {
    /// The ticket after the step.
    pub ticket: ticket::Model,
    /// The ticket is new: how it gets its tracking code. None: it must stand at the revision before this one.
    pub opening: Option<Numbering>,
    pub event: ticket_event::Model,
    pub facts: fact_set::Model,
    pub charges: Vec<charge_line::Model>,
    /// Numbers of charge lines taken out.
    pub uncharged: Vec<i64>,
    pub decisions: Vec<decision::Model>,
    pub payments: Vec<payment::Model>,
    pub documents: Vec<(Numbering, document::Model)>,
    pub vouchers: Vec<VoucherWrite>,
    pub moves: Vec<stock_move::Model>,
    pub tasks: Vec<task::Model>,
    pub timers: Vec<timer::Model>,
    pub outbox: Vec<outbox::Model>,
    pub incidents: Vec<incident::Model>,
    pub cards: Vec<CardWrite>,
    pub devices: Vec<DeviceWrite>,
    pub fitted: Vec<fitted_part::Model>,
    /// The timer that caused it: must still be armed for this moment under this claim.
    pub fired: Option<(String, String)>,
    /// What it does to other tickets.
    pub family: Family,
    /// Timers as the ticket kept them before the step.
    pub timers_before: String,
    pub key: Option<Key>,
    /// The answer without the numbers.
    pub answer: serde_json::Map<String, serde_json::Value>,
}

/// A voucher and its lines; the reference is given when it is stored.
#[derive(Clone, Debug)]
pub struct VoucherWrite {
    pub voucher: voucher::Model,
    pub lines: Vec<voucher_line::Model>,
}

impl VoucherWrite {
    /// Gives the voucher and its lines their reference.
    pub fn refer(&mut self, reference: i64) {
        self.voucher.reference_no = reference;
        self.lines.iter_mut().for_each(|line| line.voucher = reference);
    }
}

/// A card as it is now.
#[derive(Clone, Debug)]
pub struct CardWrite {
    pub card: card::Model,
    pub changes: Vec<card_change::Model>,
    /// The card is new: how it gets its number, if it has none.
    pub issue: Option<Numbering>,
}

/// New values in a device's register entry, by column.
#[derive(Clone, Debug)]
pub struct DeviceWrite {
    pub serial: String,
    pub values: Vec<(&'static str, Value)>,
    /// Fitted parts that were taken out: their ids.
    pub removed: Vec<i64>,
    pub at: chrono::DateTime<chrono::Utc>,
}

/// The caller's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub principal: String,
    pub route: String,
    pub key: String,
    pub body_hash: String,
}

/// Rows of many steps, by table.
#[derive(Default)]
pub struct Rows {
    pub tickets: Vec<ticket::Model>,
    pub links: Vec<ticket_link::Model>,
    pub facts: Vec<fact_set::Model>,
    pub events: Vec<ticket_event::Model>,
    pub charges: Vec<charge_line::Model>,
    pub decisions: Vec<decision::Model>,
    pub payments: Vec<payment::Model>,
    pub documents: Vec<document::Model>,
    pub tasks: Vec<task::Model>,
    pub timers: Vec<timer::Model>,
    pub outbox: Vec<outbox::Model>,
    pub incidents: Vec<incident::Model>,
    pub moves: Vec<stock_move::Model>,
    pub cards: Vec<card::Model>,
    pub card_changes: Vec<card_change::Model>,
    pub fitted: Vec<fitted_part::Model>,
    pub vouchers: Vec<voucher::Model>,
    pub voucher_lines: Vec<voucher_line::Model>,
    pub keys: Vec<idempotency::Model>,
}

impl StepWrite {
    /// Puts the tracking code wherever it was awaited, and closes the history row.
    pub fn name(&mut self, code: &str) {
        self.fill(UNNAMED, code);
        self.ticket.code = code.to_owned();
        self.event.ticket = code.to_owned();
        self.answer.insert("code".into(), code.into());
    }

    /// Puts a tracking code wherever a sign stands for it.
    pub fn fill(&mut self, sign: &str, code: &str) {
        let own = |text: &mut String| {
            if text.contains(sign) {
                *text = text.replace(sign, code);
            }
        };
        self.ticket.parent.iter_mut().for_each(own);
        for row in self.family.link.iter_mut().chain(&mut self.family.refused) {
            [&mut row.source, &mut row.parent].into_iter().for_each(own);
            row.child.iter_mut().for_each(own);
        }
        own(&mut self.ticket.decided);
        own(&mut self.ticket.fields);
        own(&mut self.event.fields);
        own(&mut self.event.effects);
        for row in &mut self.decisions {
            [&mut row.source, &mut row.ticket, &mut row.value, &mut row.conditions].into_iter().for_each(own);
        }
        for row in &mut self.charges {
            [&mut row.ticket, &mut row.body, &mut row.description].into_iter().for_each(own);
        }
        for row in &mut self.payments {
            [&mut row.source, &mut row.ticket].into_iter().for_each(own);
        }
        for (_, row) in &mut self.documents {
            [&mut row.source, &mut row.ticket, &mut row.fields].into_iter().for_each(own);
        }
        for VoucherWrite { voucher, lines } in &mut self.vouchers {
            [&mut voucher.source, &mut voucher.text, &mut voucher.detail].into_iter().for_each(own);
            voucher.ticket.iter_mut().for_each(own);
            for line in lines {
                [&mut line.text, &mut line.details, &mut line.explanation].into_iter().for_each(own);
                line.party.iter_mut().for_each(own);
            }
        }
        self.fill_rest(own);
    }

    fn fill_rest(&mut self, own: impl Fn(&mut String) + Copy) {
        for row in &mut self.moves {
            own(&mut row.source);
            row.ticket.iter_mut().for_each(own);
        }
        for row in &mut self.tasks {
            [&mut row.ticket, &mut row.title].into_iter().for_each(own);
            row.source.iter_mut().for_each(own);
        }
        for row in &mut self.timers {
            [&mut row.ticket, &mut row.set_by].into_iter().for_each(own);
        }
        for row in &mut self.outbox {
            [&mut row.effect, &mut row.lane, &mut row.body].into_iter().for_each(own);
            row.ticket.iter_mut().for_each(own);
            row.subject.iter_mut().for_each(own);
        }
        for row in &mut self.incidents {
            own(&mut row.subject);
            row.ticket.iter_mut().for_each(own);
        }
        for row in &mut self.cards {
            for change in &mut row.changes {
                own(&mut change.source);
                change.ticket.iter_mut().for_each(own);
            }
        }
        for row in &mut self.fitted {
            row.ticket.iter_mut().for_each(own);
            row.source.iter_mut().for_each(own);
        }
    }

    /// Closes the history row and hands all rows over.
    pub fn into_rows(mut self, all: &mut Rows) -> Stored {
        if !self.documents.is_empty() {
            let numbers = self.documents.iter().map(
                |(_, row)| serde_json::json!({"series": row.series, "number": row.number, "gross": row.gross}),
            );
            self.answer.insert("documents".into(), numbers.collect());
        }
        if let Some(card) = self.cards.last() {
            self.answer.insert("card".into(), card.card.number.as_str().into());
        }
        let answer = serde_json::Value::Object(self.answer).to_string();
        all.keys.extend(self.key.map(|key| idempotency::Model {
            principal: key.principal,
            route: key.route,
            key: key.key,
            body_hash: key.body_hash,
            status: if self.opening.is_some() { 201 } else { 200 },
            answer: answer.clone(),
            at: self.event.at,
        }));
        if self.opening.is_some() {
            all.tickets.push(self.ticket.clone());
        }
        all.links.extend(self.family.link.into_iter().chain(self.family.refused));
        all.facts.push(self.facts);
        all.events.push(self.event);
        all.charges.extend(self.charges);
        all.decisions.extend(self.decisions);
        all.payments.extend(self.payments);
        all.documents.extend(self.documents.into_iter().map(|(_, row)| row));
        all.tasks.extend(self.tasks);
        all.timers.extend(self.timers);
        all.outbox.extend(self.outbox);
        all.incidents.extend(self.incidents);
        all.moves.extend(self.moves);
        all.fitted.extend(self.fitted);
        for card in self.cards {
            all.card_changes.extend(card.changes);
            if card.issue.is_some() {
                all.cards.push(card.card);
            }
        }
        for voucher in self.vouchers {
            all.vouchers.push(voucher.voucher);
            all.voucher_lines.extend(voucher.lines);
        }
        Stored { ticket: self.ticket, answer }
    }

    /// Makes the history row the last link of the chain.
    pub fn close_chain(&mut self) {
        self.event.hash = chain::link(&self.event);
        self.ticket.head.clone_from(&self.event.hash);
    }
}
