//! Cards: each is what its last change made of it, and each change began where the one before ended.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Report;
use crate::app::App;
use crate::effects::json;
use crate::entity::{card, card_change};
use crate::facts::card_fact;
use crate::store::StoreError;

/// Cards looked at in one piece.
const PIECE: u64 = 200;

pub async fn check(app: &App, report: &mut Report) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let cards = app.store.cards_after(&after, PIECE).await?;
        let Some(last) = cards.last() else { return Ok(()) };
        after.clone_from(&last.number);
        let numbers: Vec<&str> = cards.iter().map(|card| card.number.as_str()).collect();
        let mut changes: BTreeMap<String, Vec<card_change::Model>> = BTreeMap::new();
        for change in app.store.card_changes(&numbers).await? {
            changes.entry(change.card.clone()).or_default().push(change);
        }
        for card in &cards {
            let own = changes.get(&card.number).map_or(&[][..], |own| own.as_slice());
            if let Some(difference) = difference(card, own)? {
                report.add("card", card.number.as_str(), difference);
            }
        }
    }
}

/// What does not fit. A card that was never changed has nothing to be held against.
fn difference(card: &card::Model, changes: &[card_change::Model]) -> Result<Option<String>, StoreError> {
    for (earlier, later) in changes.iter().zip(changes.iter().skip(1)) {
        if later.before.as_deref().is_some_and(|before| told(before) != told(&earlier.after)) {
            let (earlier, later) = (&earlier.source, &later.source);
            return Ok(Some(format!("the change {later} does not begin where {earlier} ended")));
        }
    }
    let Some(last) = changes.last() else {
        return Ok((card.version > 1).then(|| "it was changed, and nothing says how".to_owned()));
    };
    let is_so = told(&json("card", &card_fact(card))?) == told(&last.after);
    Ok((!is_so).then(|| format!("it is not what the change {} made of it", last.source)))
}

/// What is said of a card: without the number, which a new one does not have yet, and without what is absent or as
/// it is with every card that says nothing else.
fn told(json: &str) -> Map<String, Value> {
    let mut card: Map<String, Value> = serde_json::from_str(json).unwrap_or_default();
    card.retain(|name, value| name != "number" && !value.is_null() && !is_usual(name, value));
    card
}

fn is_usual(name: &str, value: &Value) -> bool {
    match name {
        "status" => value.as_str() == Some("issued"),
        "kind" => value.as_str() == Some("internal"),
        "stamped" => value.as_bool() == Some(false),
        _ => false,
    }
}
