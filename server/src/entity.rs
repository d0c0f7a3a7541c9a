//! The tables as rows, one per file. The store writes them; pages and reports read them.
//!
//! Money is a count of minor units, JSON and other exact decimals are text, moments are UTC.

pub mod activity;
pub mod agency;
pub mod attachment;
pub mod blob;
pub mod branch;
pub mod bundle;
pub mod bundle_file;
pub mod card;
pub mod card_change;
pub mod charge_line;
pub mod closing;
pub mod counter;
pub mod customer;
pub mod customer_phone;
pub mod decision;
pub mod device;
pub mod document;
pub mod fact_set;
pub mod fitted_part;
pub mod idempotency;
pub mod incident;
pub mod outbox;
pub mod part;
pub mod payment;
pub mod policy;
pub mod product;
pub mod product_category;
pub mod run_period;
pub mod service;
pub mod session;
pub mod setting;
pub mod shop;
pub mod statement;
pub mod stock_balance;
pub mod stock_move;
pub mod task;
pub mod ticket;
pub mod ticket_event;
pub mod timer;
pub mod user;
pub mod user_role;
pub mod voucher;
pub mod voucher_line;
pub mod warehouse;
