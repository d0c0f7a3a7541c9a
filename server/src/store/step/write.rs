//! All that one step writes.

use sea_orm::{DbBackend, Value};

use super::{Family, Numbering, Stored};
use crate::entity::{
    card, card_change, charge_line, decision, document, fact_set, fitted_part, idempotency, incident, outbox,
    payment, stock_move, task, ticket, ticket_asked, ticket_event, timer, voucher, voucher_line,
};
use crate::store::chain;
use crate::store::table::Inserts;

/// Stands for the tracking code of a ticket that has none yet: its number is given when it is stored.
pub const UNNAMED: &str = "\u{F0000}code\u{F0000}";

/// One step's rows. Amounts, JSON and texts are ready; only numbers are still to be given.
#[derive(Clone, Debug)]
pub struct StepWrite {
    /// The ticket after the step.
    pub ticket: ticket::Model,
    /// Where the ticket differs from what it was: nothing else is written. Empty for a new one.
    pub changes: Vec<(&'static str, Value)>,
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
    /// Agencies that the step asks whether they take the job.
    pub asked: Vec<ticket_asked::Model>,
    /// The timer that caused it: must still be armed for this moment under this claim.
    pub fired: Option<(String, String)>,
    /// It makes an agency owe more than this.
    pub owed: Option<Owed>,
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
    /// The version that the step was decided on.
    pub seen: i64,
    /// Fitted parts that were taken out: their ids.
    pub removed: Vec<i64>,
    pub at: chrono::DateTime<chrono::Utc>,
}

/// What an agency owed when a step was decided: whether it may owe more was a matter of that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    pub agency: String,
    pub accounts: Vec<String>,
    /// Minor units.
    pub seen: i64,
}

/// The caller's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub principal: String,
    pub route: String,
    pub key: String,
    pub body_hash: String,
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
        self.asked.iter_mut().for_each(|row| own(&mut row.ticket));
        for row in &mut self.fitted {
            row.ticket.iter_mut().for_each(own);
            row.source.iter_mut().for_each(own);
        }
    }

    /// Its rows in the order in which they refer to each other, and what is told of them.
    pub fn into_rows(mut self, backend: DbBackend) -> (Inserts, Stored) {
        let answer = self.told();
        let mut rows = Inserts::new(backend);
        if self.opening.is_some() {
            rows.add([self.ticket.clone()]);
        }
        rows.add(self.family.link);
        rows.add(self.family.refused);
        rows.add([self.facts]);
        let at = self.event.at;
        rows.add([self.event]);
        rows.add(self.charges);
        rows.add(self.decisions);
        rows.add(self.payments);
        rows.add(self.documents.into_iter().map(|(_, row)| row));
        rows.add(self.tasks);
        rows.add(self.timers);
        rows.add(self.outbox);
        rows.add(self.incidents);
        rows.add(self.moves);
        for card in self.cards {
            rows.add(card.issue.is_some().then_some(card.card));
            rows.add(card.changes);
        }
        rows.add(self.fitted);
        rows.add(self.asked);
        for voucher in self.vouchers {
            rows.add([voucher.voucher]);
            rows.add(voucher.lines);
        }
        rows.add(self.key.map(|key| idempotency::Model {
            principal: key.principal,
            route: key.route,
            key: key.key,
            body_hash: key.body_hash,
            status: if self.opening.is_some() { 201 } else { 200 },
            answer: answer.clone(),
            at,
        }));
        (rows, Stored { ticket: self.ticket, answer })
    }

    /// The answer with the numbers, which are given by now.
    fn told(&mut self) -> String {
        let documents = self.answer.get_mut("documents").and_then(|documents| documents.as_array_mut());
        for (told, (_, row)) in documents.into_iter().flatten().zip(&self.documents) {
            told["number"] = row.number.as_str().into();
        }
        if let Some(card) = self.cards.last() {
            self.answer.insert("card".into(), card.card.number.as_str().into());
        }
        serde_json::Value::Object(std::mem::take(&mut self.answer)).to_string()
    }

    /// Makes the history row the last link of the chain.
    pub fn close_chain(&mut self) {
        self.event.hash = chain::link(&self.event);
        self.ticket.head.clone_from(&self.event.hash);
    }
}
