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
mod m0085_addressee;
mod m0086_resolution;
mod trigger;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm;

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
            Box::new(m0085_addressee::Migration),
            Box::new(m0086_resolution::Migration),
        ]
    }
}

/// Brings a database to the present schema.
pub async fn up(connection: &sea_orm::DatabaseConnection) -> Result<(), DbErr> {
    Migrator::up(connection, None).await
}
