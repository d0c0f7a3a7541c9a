//! Read-only views for auditors and BI tools. Their columns are a promise: see the README.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

const VIEWS: &[&str] = &[
    "CREATE VIEW v_ticket AS SELECT code, process, bundle, revision, states, progress, category, finished, channel,
       shop, branch, customer, device, product, product_category, technician, agency, partner,
       gross, paid, opened_at, opened_by, due_at, closed_at, updated_at FROM ticket",
    "CREATE VIEW v_history AS SELECT ticket, seq, at, actor, roles, origin, event, data, outcome,
       from_states, to_states, fields, effects, bundle, prev_hash, hash FROM ticket_event",
    "CREATE VIEW v_voucher AS SELECT reference_no, voucher_no, fiscal_year, date, status, source, event, template,
       kind, currency, total, text, ticket, reverses, reversed_by, prepared_by, prepared_at,
       reviewed_by, reviewed_at, finalised_by, finalised_at FROM voucher",
    "CREATE VIEW v_voucher_line AS SELECT v.reference_no, v.voucher_no, v.fiscal_year, v.date, v.status, v.ticket,
       l.line, l.account, l.memo, l.party_kind, l.party, l.details, l.text, l.debit, l.credit, l.currency
       FROM voucher_line l JOIN voucher v ON v.reference_no = l.voucher",
    "CREATE VIEW v_outbox AS SELECT id, effect, ticket, seq, channel, recipient, recipient_name, message, language,
       subject, body, status, attempt, next_at, last_error, provider_ref, created_at, sent_at FROM outbox",
    "CREATE VIEW v_timer AS SELECT ticket, name, event, due_at, within, state, left_ms, fired_at, tries FROM timer",
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
