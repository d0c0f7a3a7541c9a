//! The database schema, one change per file, the same for SQLite and PostgreSQL.
//!
//! Forward only: a change that is out is never edited, a further one follows it. See the README.

#![expect(elided_lifetimes_in_paths, reason = "the async trait is declared without them")]

mod index;
mod m0001_shop;
mod m0002_user;
mod m0003_customer;
mod m0004_product;
mod m0005_device;
mod m0006_part;
mod m0007_agency;
mod m0008_bundle;
mod m0009_ticket;
mod m0010_charge_line;
mod m0011_payment;
mod m0012_document;
mod m0013_decision;
mod m0014_voucher;
mod m0015_counter;
mod m0016_timer;
mod m0017_outbox;
mod m0018_task;
mod m0019_idempotency;
mod m0020_setting;
mod m0021_history_stands;
mod m0022_vouchers_stand;
mod m0023_views;
mod m0024_product_of_line;
mod m0025_register_revision;
mod m0026_document_content;
mod m0027_consigned_stock;
mod m0028_books;
mod m0035_opening_stock;
mod m0041_dated_lines;
mod m0042_payment_order;
mod m0045_search;
mod m0046_attributes;
mod m0047_import;
mod m0048_vetting;
mod m0049_tariff;
mod m0051_ticket_link;
mod m0055_board;
mod m0061_activity;
mod m0062_ticket_file;
mod m0070_ticket_asked;
mod m0075_saved_filter;
mod m0080_portal;
mod m0081_second_factor;
mod m0085_addressee;
mod m0086_resolution;
mod m0087_product_balance;
mod m0090_revision_of_named;
mod m0091_carried_vouchers;
mod m0110_letter;
mod m0111_drawn_on;
mod m0130_register_file;
mod m0140_skill;
mod m0141_known_device;
mod m0142_van;
mod m0150_password_link;
mod m0160_board_pairs;
mod m0161_pieces;
mod m0170_service_plan;
mod m0171_wider_indexes;
mod m0180_proved_at;
mod m0181_history_seal;
mod m0190_overdue_index;
mod trigger;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};

/// PostgreSQL's lock that whoever changes the schema holds.
const ALONE: i64 = 0x61_66_74_65_72;

/// All changes, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_shop::Migration),
            Box::new(m0002_user::Migration),
            Box::new(m0003_customer::Migration),
            Box::new(m0004_product::Migration),
            Box::new(m0005_device::Migration),
            Box::new(m0006_part::Migration),
            Box::new(m0007_agency::Migration),
            Box::new(m0008_bundle::Migration),
            Box::new(m0009_ticket::Migration),
            Box::new(m0010_charge_line::Migration),
            Box::new(m0011_payment::Migration),
            Box::new(m0012_document::Migration),
            Box::new(m0013_decision::Migration),
            Box::new(m0014_voucher::Migration),
            Box::new(m0015_counter::Migration),
            Box::new(m0016_timer::Migration),
            Box::new(m0017_outbox::Migration),
            Box::new(m0018_task::Migration),
            Box::new(m0019_idempotency::Migration),
            Box::new(m0020_setting::Migration),
            Box::new(m0021_history_stands::Migration),
            Box::new(m0022_vouchers_stand::Migration),
            Box::new(m0023_views::Migration),
            Box::new(m0024_product_of_line::Migration),
            Box::new(m0025_register_revision::Migration),
            Box::new(m0026_document_content::Migration),
            Box::new(m0027_consigned_stock::Migration),
            Box::new(m0028_books::Migration),
            Box::new(m0035_opening_stock::Migration),
            Box::new(m0041_dated_lines::Migration),
            Box::new(m0042_payment_order::Migration),
            Box::new(m0045_search::Migration),
            Box::new(m0046_attributes::Migration),
            Box::new(m0047_import::Migration),
            Box::new(m0048_vetting::Migration),
            Box::new(m0049_tariff::Migration),
            Box::new(m0051_ticket_link::Migration),
            Box::new(m0055_board::Migration),
            Box::new(m0061_activity::Migration),
            Box::new(m0062_ticket_file::Migration),
            Box::new(m0070_ticket_asked::Migration),
            Box::new(m0075_saved_filter::Migration),
            Box::new(m0080_portal::Migration),
            Box::new(m0081_second_factor::Migration),
            Box::new(m0085_addressee::Migration),
            Box::new(m0086_resolution::Migration),
            Box::new(m0087_product_balance::Migration),
            Box::new(m0090_revision_of_named::Migration),
            Box::new(m0091_carried_vouchers::Migration),
            Box::new(m0110_letter::Migration),
            Box::new(m0111_drawn_on::Migration),
            Box::new(m0130_register_file::Migration),
            Box::new(m0140_skill::Migration),
            Box::new(m0141_known_device::Migration),
            Box::new(m0142_van::Migration),
            Box::new(m0150_password_link::Migration),
            Box::new(m0160_board_pairs::Migration),
            Box::new(m0161_pieces::Migration),
            Box::new(m0170_service_plan::Migration),
            Box::new(m0171_wider_indexes::Migration),
            Box::new(m0180_proved_at::Migration),
            Box::new(m0181_history_seal::Migration),
            Box::new(m0190_overdue_index::Migration),
        ]
    }
}

/// Brings a database to the present schema: all of it or nothing, and whoever else starts in the same moment waits.
/// A database that is ahead of this program is left alone.
pub async fn up(connection: &DatabaseConnection) -> Result<(), DbErr> {
    if is_present(connection).await {
        return Ok(());
    }
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(immediate).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ALONE})")).await?;
    }
    // Whoever was before us has done it.
    if !is_present(&transaction).await {
        Migrator::up(&transaction, None).await?;
    }
    transaction.commit().await
}

/// Whether nothing is missing. Reads only, so that a start waits for nobody's writes.
async fn is_present(connection: &impl ConnectionTrait) -> bool {
    let (backend, known) = (connection.get_database_backend(), Migrator::migrations());
    // A question that fails would end a transaction of PostgreSQL.
    let has_any = match backend {
        DbBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
    };
    let Ok(Some(_)) = connection.query_one_raw(Statement::from_string(backend, has_any)).await else {
        return false;
    };
    let done = Statement::from_string(backend, "SELECT version FROM seaql_migrations");
    let Ok(rows) = connection.query_all_raw(done).await else { return false };
    let done: Vec<String> = rows.iter().filter_map(|row| row.try_get("", "version").ok()).collect();
    known.iter().all(|migration| done.iter().any(|version| version == migration.name()))
}
