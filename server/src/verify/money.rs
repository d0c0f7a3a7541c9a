//! Sums: charge lines, payments and vouchers.

use super::Report;
use crate::app::App;
use crate::entity::ticket;
use crate::store::StoreError;

/// The ticket's own sums are those of its lines and payments.
pub async fn check_charges(app: &App, report: &mut Report, ticket: &ticket::Model) -> Result<(), StoreError> {
    if ticket.lines == 0 && ticket.paid == 0 && ticket.gross == 0 {
        return Ok(());
    }
    let sums = app.store.ticket_sums(&ticket.code).await?;
    if sums.lines != ticket.lines {
        let message = format!("the ticket counts {} charge lines, there are {}", ticket.lines, sums.lines);
        report.add("charge", ticket.code.as_str(), message);
    }
    if sums.paid != ticket.paid {
        let message = format!("the ticket says {} was paid, the payments sum to {}", ticket.paid, sums.paid);
        report.add("charge", ticket.code.as_str(), message);
    }
    Ok(())
}

/// Every voucher balances; what is kept of products is the sum of its lines; every payment is in the books with its whole amount.
pub async fn check_books(app: &App, report: &mut Report) -> Result<(), StoreError> {
    report.vouchers = app.store.count_vouchers().await?;
    for sums in app.store.unsound_vouchers().await? {
        let message = format!("{} lines, debit {}, credit {}", sums.lines, sums.debit, sums.credit);
        report.add("balance", format!("voucher {}", sums.reference_no), message);
    }
    for off in app.store.unsound_product_balances().await? {
        let message = format!("{} is kept, the lines sum to {}", off.balance, off.posted);
        report.add("product", format!("{}/{}", off.account, off.product), message);
    }
    for payment in app.store.unposted_payments().await? {
        let message = match payment.posted {
            Some(posted) => format!("{} was paid, the voucher of the step says {posted}", payment.amount),
            None => format!("{} was paid, and no voucher of the step says so", payment.amount),
        };
        report.add("payment", payment.source, message);
    }
    Ok(())
}
