//! What happened to a device outside of its tickets' histories.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::entity::{card, card_change, charge_line};
use crate::store::{Store, StoreError};

/// Most tickets in one question.
const TICKETS: usize = 200;

impl Store {
    /// Everything that happened to the cards of a device, the oldest first.
    pub async fn changes_of_cards(&self, device: &str) -> Result<Vec<card_change::Model>, StoreError> {
        let cards = card::Entity::find().filter(card::Column::Device.eq(device)).all(self.reader()).await?;
        let numbers = cards.into_iter().map(|card| card.number);
        let changes = card_change::Entity::find().filter(card_change::Column::Card.is_in(numbers));
        Ok(changes.order_by_asc(card_change::Column::Id).all(self.reader()).await?)
    }

    /// The lines of these tickets of which cover bears something.
    pub async fn covered_lines(&self, tickets: &[String]) -> Result<Vec<charge_line::Model>, StoreError> {
        let mut found = Vec::new();
        for tickets in tickets.chunks(TICKETS) {
            let lines = charge_line::Entity::find()
                .filter(charge_line::Column::Ticket.is_in(tickets.to_vec()))
                .filter(charge_line::Column::Covered.gt(0))
                .order_by_asc(charge_line::Column::Ticket)
                .order_by_asc(charge_line::Column::Line);
            found.extend(lines.all(self.reader()).await?);
        }
        Ok(found)
    }
}
