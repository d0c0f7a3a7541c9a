//! Read-only views for auditors and BI tools. Their columns are a promise: see the README.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const VIEWS: &[&str] = &[
    "CREATE VIEW v_ticket AS SELECT code, process, bundle, revision, states, progress, category, finished, channel,
       shop, branch, customer, device, product, product_category, technician, agency, partner,
       gross, paid, opened_at, opened_by, due_at, closed_at, updated_at FROM ticket",
    "CREATE VIEW v_history AS SELECT t.code AS ticket, e.seq, e.at, e.actor, e.roles, e.origin, e.event, e.data,
       e.outcome, e.from_states, e.to_states, e.fields, e.effects, e.bundle, e.prev_hash, e.hash
       FROM ticket_event e JOIN ticket t ON t.id = e.ticket",
    "CREATE VIEW v_voucher AS SELECT id, reference_no, voucher_no, fiscal_year, date, status, source, event, template,
       currency, total, description, ticket, reverses, reversed_by, prepared_by, prepared_at,
       reviewed_by, reviewed_at, finalised_by, finalised_at FROM voucher",
    "CREATE VIEW v_voucher_line AS SELECT v.reference_no, v.voucher_no, v.fiscal_year, v.date, v.status, v.ticket,
       l.voucher, l.line, l.account, l.detail_kind, l.detail, l.description, l.debit, l.credit, l.currency
       FROM voucher_line l JOIN voucher v ON v.id = l.voucher",
    "CREATE VIEW v_outbox AS SELECT o.id, o.effect, t.code AS ticket, o.seq, o.channel, o.recipient, o.recipient_name,
       o.message, o.language, o.subject, o.body, o.status, o.attempt, o.next_at, o.last_error,
       o.provider_ref, o.created_at, o.sent_at FROM outbox o LEFT JOIN ticket t ON t.id = o.ticket",
    "CREATE VIEW v_timer AS SELECT t.code AS ticket, m.name, m.event, m.due_at, m.within, m.state, m.left_ms,
       m.fired_at, m.tries FROM timer m JOIN ticket t ON t.id = m.ticket",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for view in VIEWS {
            manager.get_connection().execute_unprepared(view).await?;
        }
        Ok(())
    }
}
