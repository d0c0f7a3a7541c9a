//! A run over the books dies in the middle, by `kill -9`: the next one goes on where it was, and posts nothing twice.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aftercare::entity::{counter, run_period, statement, voucher, voucher_line};
use aftercare::store::StoreError;
use aftercare::store::table::insert_all;
use chrono::{Days, Utc};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use aftercare_tests::company;
use aftercare_tests::database::{self, Fresh};

/// Customers who owe something: more than one transaction of a run takes.
const CUSTOMERS: i64 = 500;
/// What each of them owes before.
const OWED: i64 = 10_000;
/// Longest wait for a run to begin.
const LONG: Duration = Duration::from_secs(120);

const RUN: &str = "run: monthly_fee
title: {en: Monthly fee, fa: کارمزد ماهانه, zh: 月费, pl: Opłata miesięczna}
every: month
balances: {accounts: 113001, by: customer}
vouchers: fee
statement: statement
";
const FEE: &str = "voucher: fee
title: {en: Fee, fa: کارمزد, zh: 费用, pl: Opłata}
text: {en: 'Fee, {balance.code}', fa: 'کارمزد {balance.code}', zh: '{balance.code} 费用', pl: 'Opłata, {balance.code}'}
lines:
  - {debit: 113001, amount: '100', details: {customer: balance.code}}
  - {credit: 819001, amount: '100'}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_was_killed_in_the_middle_goes_on_and_posts_nothing_twice() {
    let fresh = database::sqlite().await;
    let company = company::found(&fresh).await;
    let mut files = company::files();
    files.push(("workflows/runs/monthly_fee.yaml".to_owned(), RUN.to_owned()));
    files.push(("workflows/vouchers/fee.yaml".to_owned(), FEE.to_owned()));
    company.app.catalog.deploy(files, "designer", Utc::now()).await.expect("definitions without errors");
    debts(&fresh).await;

    let mut posted = Vec::new();
    for kill in 1..=3 {
        posted.push(killed_after(&fresh, kill * 150).await);
    }
    let whole = run(&fresh).wait_with_output().expect("it ends");
    assert!(whole.status.success(), "{whole:?}");
    let again = run(&fresh).wait_with_output().expect("it ends");
    assert!(String::from_utf8_lossy(&again.stdout).starts_with("Nothing to do"), "{again:?}");

    let reader = fresh.store.reader();
    let periods = run_period::Entity::find().count(reader).await.expect("periods");
    let all = u64::try_from(CUSTOMERS).expect("some") * periods;
    println!("{posted:?} of {all} vouchers were there when it died");
    assert!(
        posted.iter().all(|count| *count > 0 && *count < all),
        "it died before or after its work: {posted:?}"
    );
    assert_eq!(fees(&fresh).await, all, "one voucher for each customer and month");
    assert_eq!(statement::Entity::find().count(reader).await.expect("statements"), all);
    let lines = voucher_line::Entity::find().filter(voucher_line::Column::Party.eq("C7"));
    let owes: i64 = lines.all(reader).await.expect("lines").iter().map(|line| line.debit - line.credit).sum();
    assert_eq!(owes, OWED + 100 * i64::try_from(periods).expect("few"));
    super::is_sound(&fresh).await;
}

/// Starts the run and kills it when it has written so many vouchers; how many there are then.
async fn killed_after(fresh: &Fresh, count: u64) -> u64 {
    let mut process = run(fresh);
    let begin = Instant::now();
    while fees(fresh).await < count {
        assert!(process.try_wait().expect("a process").is_none(), "it ended before it could be killed");
        assert!(begin.elapsed() < LONG, "it does nothing");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.kill().expect("it was running");
    process.wait().expect("it is gone");
    fees(fresh).await
}

fn run(fresh: &Fresh) -> std::process::Child {
    let file = fresh.url.strip_prefix("sqlite://").expect("a SQLite database");
    Command::new(env!("CARGO_BIN_EXE_aftercare-under-test"))
        .args(["run", "monthly_fee", "--log", "warn", "--data"])
        .arg(Path::new(file).parent().expect("a folder"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

async fn fees(fresh: &Fresh) -> u64 {
    let of_run = voucher::Entity::find().filter(voucher::Column::Template.eq("fee"));
    of_run.count(fresh.store.reader()).await.expect("a count")
}

/// One voucher, some months old, by which every customer owes something.
async fn debts(fresh: &Fresh) {
    let now = Utc::now();
    let date = now.date_naive().checked_sub_days(Days::new(100)).expect("a day");
    let line = |line: i64, customer: Option<String>, debit: i64, credit: i64| voucher_line::Model {
        voucher: 1,
        line,
        date,
        account: if customer.is_some() { "113001" } else { "819001" }.to_owned(),
        memo: false,
        party_kind: customer.as_ref().map(|_| "customer".to_owned()),
        details: customer.as_ref().map_or("{}".to_owned(), |code| format!("{{\"customer\": \"{code}\"}}")),
        party: customer,
        text: "debts".to_owned(),
        explanation: "{}".to_owned(),
        debit,
        credit,
        currency: "IRR".to_owned(),
    };
    let mut lines: Vec<_> = (1..=CUSTOMERS).map(|n| line(n, Some(format!("C{n}")), OWED, 0)).collect();
    lines.push(line(CUSTOMERS + 1, None, 0, OWED * CUSTOMERS));
    let head = voucher::Model {
        reference_no: 1,
        source: "opening/1".to_owned(),
        event: "opening".to_owned(),
        template: "opening".to_owned(),
        date,
        fiscal_year: "1405".to_owned(),
        currency: "IRR".to_owned(),
        status: "draft".to_owned(),
        voucher_no: None,
        kind: "ordinary".to_owned(),
        text: "debts".to_owned(),
        detail: "[]".to_owned(),
        ticket: None,
        reverses: None,
        reversed_by: None,
        total: OWED * CUSTOMERS,
        prepared_by: "test".to_owned(),
        prepared_at: now,
        reviewed_by: None,
        reviewed_at: None,
        approved_by: None,
        approved_at: None,
        finalised_by: None,
        finalised_at: None,
    };
    let written = fresh.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            counter::Model { name: "voucher".to_owned(), value: 1 }.into_active_model().insert(tx).await?;
            insert_all(tx, vec![head]).await?;
            insert_all(tx, lines).await?;
            Ok(())
        })
    });
    written.await.expect("debts");
}
