//! What a step looks up around its ticket, in one piece: each question by itself would go to the database and back.

use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Statement,
};

use super::party::set_aside;
use super::subject::{Subject, subject_question};
use crate::entity::{charge_line, payment, stock_balance};
use crate::store::{Store, StoreError};

/// What is asked; what is empty is not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    pub serial: Option<&'a str>,
    /// Accounts on which something is set aside for the device's model.
    pub provisions: &'a [String],
    /// The ticket whose charge lines are wanted.
    pub lines: Option<&'a str>,
    /// The ticket whose last payment is wanted.
    pub payment: Option<&'a str>,
    /// Parts whose balance in the warehouse is wanted.
    pub parts: &'a [String],
    pub warehouse: Option<&'a str>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub subject: Option<Subject>,
    /// Minor units.
    pub provision: Option<i64>,
    pub lines: Vec<charge_line::Model>,
    pub payment: Option<payment::Model>,
    pub balances: Vec<stock_balance::Model>,
}

impl Store {
    pub async fn around(&self, asked: Asked<'_>) -> Result<Around, StoreError> {
        let backend = self.backend();
        let questions: [Option<Statement>; 5] = [
            asked.serial.map(|serial| subject_question(backend, serial)),
            asked
                .serial
                .filter(|_| !asked.provisions.is_empty())
                .map(|serial| set_aside(backend, serial, asked.provisions)),
            asked.lines.map(|ticket| lines(ticket).build(backend)),
            asked.payment.map(|ticket| last_payment(ticket).build(backend)),
            (!asked.parts.is_empty()).then(|| balances(asked.warehouse, asked.parts).build(backend)),
        ];
        let wanted = questions.each_ref().map(Option::is_some);
        let answers = self.readers.query_each(questions.into_iter().flatten().collect()).await?;
        let mut answers = answers.into_iter();
        let [subject, provision, lines, payment, balances] =
            wanted.map(|wanted| wanted.then(|| answers.next()).flatten().unwrap_or_default());
        let subject = match (self.subject_in(&subject).await?, asked.serial) {
            // Not a device of its own: it may be a component.
            (None, Some(serial)) => self.subject(serial).await?,
            (found, _) => found,
        };
        Ok(Around {
            subject,
            provision: provision.first().map(|row| row.try_get("", "left_of_it")).transpose()?,
            lines: models(&lines)?,
            payment: models(&payment)?.pop(),
            balances: models(&balances)?,
        })
    }
}

fn models<M: FromQueryResult>(rows: &[sea_orm::QueryResult]) -> Result<Vec<M>, DbErr> {
    rows.iter().map(|row| M::from_query_result(row, "")).collect()
}

/// A ticket's charge lines, in order.
pub(super) fn lines(ticket: &str) -> sea_orm::Select<charge_line::Entity> {
    charge_line::Entity::find()
        .filter(charge_line::Column::Ticket.eq(ticket))
        .order_by_asc(charge_line::Column::Line)
}

fn last_payment(ticket: &str) -> sea_orm::Select<payment::Entity> {
    payment::Entity::find()
        .filter(payment::Column::Ticket.eq(ticket))
        .order_by_desc(payment::Column::Seq)
        .order_by_desc(payment::Column::Source)
        .limit(1)
}

/// What a warehouse holds of these parts.
pub(super) fn balances(warehouse: Option<&str>, parts: &[String]) -> sea_orm::Select<stock_balance::Entity> {
    stock_balance::Entity::find()
        .filter(stock_balance::Column::Warehouse.eq(warehouse.unwrap_or_default()))
        .filter(stock_balance::Column::Part.is_in(parts))
}
