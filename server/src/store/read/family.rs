//! Tickets that a ticket has opened.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::entity::ticket_link;
use crate::store::table::statement;
use crate::store::{Store, StoreError};

/// A ticket that another one has opened.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Opened {
    pub ticket: String,
    pub process: String,
    pub invoke: Option<String>,
    pub link: Option<String>,
    pub state: String,
    pub finished: bool,
    /// Effect that opened it.
    pub source: String,
}

impl Opened {
    /// What its opener calls it.
    pub fn name(&self) -> &str {
        self.invoke.as_deref().or(self.link.as_deref()).unwrap_or_default()
    }
}

#[derive(FromQueryResult)]
struct Loose {
    subject: String,
    message: String,
}

impl Store {
    /// The tickets that a ticket has opened, in their order.
    pub async fn opened_by(&self, ticket: &str) -> Result<Vec<Opened>, StoreError> {
        let sql = "SELECT l.child AS ticket, l.process AS process, l.invoke AS invoke, l.link AS link,
            l.state AS state, t.finished AS finished, l.source AS source
            FROM ticket_link l JOIN ticket t ON t.code = l.child WHERE l.parent = ? ORDER BY l.at, l.child";
        self.all_of(sql, [ticket.into()]).await
    }

    /// What the ticket that has opened this one calls it.
    pub async fn opened_as(&self, ticket: &str) -> Result<Option<String>, StoreError> {
        let links = ticket_link::Entity::find().filter(ticket_link::Column::Child.eq(ticket));
        Ok(links.one(&self.readers).await?.and_then(|row| row.invoke.or(row.link)))
    }

    /// All rows about tickets that a ticket has opened or tried to.
    pub async fn links_from(&self, ticket: &str) -> Result<Vec<ticket_link::Model>, StoreError> {
        let links = ticket_link::Entity::find().filter(ticket_link::Column::Parent.eq(ticket));
        Ok(links.order_by_asc(ticket_link::Column::Source).all(&self.readers).await?)
    }

    /// Links that do not agree with the tickets at their ends.
    pub async fn loose_links(&self) -> Result<Vec<(String, String)>, StoreError> {
        let sql = "SELECT l.source AS subject, 'it has ended and nobody was told' AS message
              FROM ticket_link l JOIN ticket c ON c.code = l.child WHERE l.state = 'awaited' AND c.finished
            UNION ALL SELECT l.source, 'the ticket that waits for it has ended'
              FROM ticket_link l JOIN ticket p ON p.code = l.parent WHERE l.state = 'awaited' AND p.finished
            UNION ALL SELECT l.source, 'its answer is lost' FROM ticket_link l WHERE l.state IN ('told', 'refused')
              AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.ticket = l.parent AND t.name = '$invoke.' || l.invoke)
            UNION ALL SELECT l.source, 'the ticket names another opener'
              FROM ticket_link l JOIN ticket c ON c.code = l.child WHERE c.parent IS NULL OR c.parent <> l.parent
            UNION ALL SELECT t.code, 'nothing says how it was opened' FROM ticket t WHERE t.parent IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM ticket_link l WHERE l.child = t.code)";
        let rows: Vec<Loose> = self.all_of(sql, []).await?;
        Ok(rows.into_iter().map(|row| (row.subject, row.message)).collect())
    }

    async fn all_of<T: FromQueryResult, const N: usize>(
        &self,
        sql: &str,
        values: [sea_orm::Value; N],
    ) -> Result<Vec<T>, StoreError> {
        use sea_orm::ConnectionTrait;
        let rows = self.readers.query_all_raw(statement(self.backend(), sql, values)).await?;
        rows.iter()
            .map(|row| T::from_query_result(row, ""))
            .collect::<Result<_, _>>()
            .map_err(StoreError::from)
    }
}
