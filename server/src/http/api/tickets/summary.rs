//! A ticket in a line: what lists show and what every answer about one begins with.

use std::collections::BTreeSet;

use aftercare_engine::definition::field::FieldType;
use aftercare_engine::language::Language;
use aftercare_engine::ledger::amount::{Currency, decimal};
use aftercare_engine::statechart::{ChartField, StateId, Statechart};
use chrono::{DateTime, Utc};
use poem_openapi::Object;
use serde_json::Value;

use crate::entity::ticket;

/// A ticket in a line. Amounts are in major units
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Summary {
    /// Tracking code
    pub code: String,
    pub process: String,
    pub process_title: String,
    /// Number of its last step; a step names the one it saw
    pub revision: i64,
    /// Active states, dotted from the root; not for people outside
    pub states: Option<Vec<String>>,
    /// What they are called
    pub state_titles: Vec<String>,
    /// Percent of the way
    pub progress: Option<i64>,
    /// `open`, `waiting`, `done`, `cancelled`
    pub category: Option<String>,
    pub finished: bool,
    pub customer: Option<CustomerLine>,
    /// Serial
    pub device: Option<String>,
    /// Model code
    pub product: Option<String>,
    pub product_category: Option<String>,
    /// What was said first when it was opened, such as what is wrong
    pub about: Option<String>,
    /// Technician in charge
    pub technician: Option<String>,
    pub agency: Option<String>,
    pub partner: Option<String>,
    pub store: String,
    pub branch: String,
    pub channel: String,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    /// Next deadline
    pub due_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    /// Open, and for long nothing has happened to it and nobody has said anything; not for people outside
    pub stale: Option<bool>,
    /// Tracking code of the ticket that opened it; not for people outside
    pub parent: Option<String>,
    /// What the customer is charged, with VAT
    pub gross: String,
    pub paid: String,
    pub currency: String,
}

/// The customer in a line
#[derive(Clone, Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CustomerLine {
    pub code: String,
    /// Left out where the reader never sees it
    pub name: Option<String>,
    pub phone: Option<String>,
}

/// What telling a ticket in a line needs.
pub struct Telling<'a> {
    pub chart: Option<&'a Statechart>,
    pub language: Language,
    pub currency: &'a Currency,
    /// Only what customers see.
    pub outside: bool,
    /// Roles of an agency's people, whose own business has the names that the house has for it; of others none.
    pub party: &'a BTreeSet<&'a str>,
    /// Who opens tickets without being told the customer's phone: an agency's own people, who can ask whom they have
    /// received.
    pub asking: &'a [String],
}

impl Summary {
    pub fn of(
        row: &ticket::Model,
        customer: Option<(String, Option<String>)>,
        telling: &Telling<'_>,
    ) -> Self {
        let states: Vec<String> =
            row.states.split(' ').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        let amount = |minor| decimal(minor, telling.currency).to_string();
        let title = telling.chart.and_then(|chart| chart.definition.title.as_ref());
        let customer = row.customer.clone().zip(customer);
        Self {
            code: row.code.clone(),
            process: row.process.clone(),
            process_title: title.map_or(&*row.process, |title| title.best(telling.language)).to_owned(),
            revision: row.revision,
            state_titles: titles(&states, telling),
            states: Some(states).filter(|_| !telling.outside),
            progress: row.progress,
            category: row.category.clone(),
            finished: row.finished,
            customer: customer.map(|(code, (name, phone))| CustomerLine {
                code,
                name: Some(name),
                phone: phone.filter(|_| !telling.asking.contains(&row.opened_by)),
            }),
            device: row.device.clone(),
            product: row.product.clone(),
            product_category: row.product_category.clone(),
            about: None,
            technician: row.technician.clone().filter(|_| !telling.outside),
            agency: row.agency.clone(),
            partner: row.partner.clone(),
            store: row.shop.clone(),
            branch: row.branch.clone(),
            channel: row.channel.clone(),
            opened_at: row.opened_at,
            opened_by: row.opened_by.clone(),
            due_at: row.due_at.filter(|_| !telling.outside),
            closed_at: row.closed_at,
            stale: None,
            parent: row.parent.clone().filter(|_| !telling.outside),
            gross: amount(row.gross),
            paid: amount(row.paid),
            currency: telling.currency.code.to_string(),
        }
    }
}

/// What was said first when a ticket was opened: the first text of its process's first form that the reader sees.
pub fn first_words(chart: &Statechart, fields: &Value) -> Option<String> {
    let asked = chart.form.iter().filter_map(|entry| chart.fields.get(usize::from(entry.field)));
    let is_text =
        |field: &ChartField| field.field.as_ref().is_some_and(|field| field.r#type.value == FieldType::Text);
    let mut texts =
        asked.filter(|field| is_text(field)).filter_map(|field| fields.get(&*field.name)?.as_str());
    texts.find(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// What the active states are called, for staff or for customers: the nearest text on the way up. Customers are not
/// told of a state around another that says more. Agencies read of what they open themselves, and of what waits for
/// them, what staff read.
pub fn titles(states: &[String], telling: &Telling<'_>) -> Vec<String> {
    let Some(chart) = telling.chart else { return states.to_vec() };
    let is_own = chart.opened_by.iter().any(|role| telling.party.contains(role.as_str()));
    let text = |id: StateId| {
        let state = chart.state(id);
        let plain = !telling.outside
            || is_own
            || state.owner.iter().any(|role| telling.party.contains(role.as_str()));
        let shown = if plain && state.title.is_some() { &state.title } else { &state.customer_sees };
        let shown = if telling.outside { shown } else { &state.title };
        shown.as_ref().map(|text| text.best(telling.language).to_owned()).filter(|text| !text.is_empty())
    };
    let mut told: Vec<(Option<StateId>, String)> = Vec::new();
    // In the order in which the author wrote them: the work before its payment.
    let mut active: Vec<(StateId, &String)> =
        states.iter().filter_map(|path| Some((chart.state_at(path)?, path))).collect();
    active.sort_by_key(|(id, _)| *id);
    for (id, path) in active {
        let found = std::iter::once(id).chain(chart.ancestors(id)).find_map(|id| Some((Some(id), text(id)?)));
        told.extend(found.or_else(|| (!telling.outside).then(|| (None, path.clone()))));
    }
    let says_less = |of: Option<StateId>| {
        telling.outside
            && told
                .iter()
                .any(|(other, _)| other.is_some_and(|other| chart.ancestors(other).any(|up| Some(up) == of)))
    };
    let mut titles: Vec<String> = Vec::new();
    for (from, text) in &told {
        if !says_less(*from) && !titles.contains(text) {
            titles.push(text.clone());
        }
    }
    titles
}
