//! The books of the demo company: exported, read by hledger and beancount, and equal to our trial balance.
//!
//! One test, because the company takes its time to be made.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use aftercare::app::App;
use aftercare::catalog::Catalog;
use aftercare::config::Config;
use aftercare::demo;
use aftercare::store::Store;
use aftercare_tests::world::{self, World, definitions};
use serde_json::Value;

/// A server on the demo company.
async fn company() -> World {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data: folder.path().to_owned(), ..Config::default() };
    let store = Store::open(&config.database()).await.unwrap();
    let catalog = Arc::new(Catalog::open(store.clone()).await.unwrap());
    let app = App { store, catalog, clock: world::clock(), config: Arc::new(config) };
    app.catalog.deploy(definitions(), "test", app.clock.now()).await.expect("definitions without errors");
    demo::fill(&app, demo::SEED, demo::TICKETS).await.unwrap();
    World::serve(app, folder)
}

/// The real command.
fn export(data: &Path, arguments: &[&str]) -> (i32, Vec<u8>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftercare-under-test"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AFTERCARE_")) {
        command.env_remove(name);
    }
    let done = command.args(["export", "vouchers"]).args(arguments).arg("--data").arg(data).output().unwrap();
    (done.status.code().unwrap(), done.stdout, String::from_utf8(done.stderr).unwrap())
}

/// What a program of Debian's says to a file. `tests/run` installs it.
pub fn tool(program: &str, arguments: &[&str]) -> String {
    let ran = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output();
    let ran = ran.unwrap_or_else(|error| {
        panic!("`{program}` is missing, install it or run tests/run as root: {error}")
    });
    let told = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{program} {arguments:?}: {told}");
    told
}

/// Balances by subsidiary account, as a program's CSV has them: a path and a number with or without its currency.
fn balances(csv: &str) -> BTreeMap<String, i64> {
    let cells =
        |row: &str| row.split(',').map(|cell| cell.trim().trim_matches('"').to_owned()).collect::<Vec<_>>();
    let rows = csv.lines().map(cells).filter_map(|cells| {
        let code = cells.first()?.rsplit(':').next()?.to_owned();
        let amount = cells.get(1)?.split_whitespace().next()?.parse().ok()?;
        (code.len() == 6).then_some((code, amount))
    });
    rows.filter(|(_, amount)| *amount != 0).collect()
}

/// Ours.
async fn trial_balance(world: &World) -> BTreeMap<String, i64> {
    let user = world.as_user("accountant").await;
    let reply = user.get("/api/books/trial-balance?from=2000-01-01&columns=2").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let number = |row: &Value, key: &str| row[key].as_str().unwrap().parse::<i64>().unwrap();
    let rows = reply.at("/rows");
    let rows = rows.as_array().unwrap().iter();
    let rows = rows.map(|row| {
        (
            row["account"].as_str().unwrap().to_owned(),
            number(row, "balance_debit") - number(row, "balance_credit"),
        )
    });
    rows.filter(|(_, balance)| *balance != 0).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hledger_and_beancount_accept_the_demo_companys_books_and_agree_with_our_trial_balance_sp_17() {
    let world = company().await;
    let (data, ours) = (world.folder(), trial_balance(&world).await);
    assert!(ours.len() > 10, "the demo has books: {ours:?}");

    let journal = data.join("demo.journal");
    let (code, _, told) = export(data, &["--format", "hledger", "--out", journal.to_str().unwrap()]);
    assert!(code == 0 && told.contains(" vouchers with "), "{told}");
    let journal = journal.to_str().unwrap();
    tool("hledger", &["-f", journal, "check", "--strict"]);
    let theirs = tool("hledger", &["-f", journal, "balance", "--flat", "--no-total", "-O", "csv"]);
    assert_eq!(balances(&theirs), ours);
    // Accounts know what they are, whatever the chart calls them.
    let assets = tool("hledger", &["-f", journal, "accounts", "type:a"]);
    assert!(
        assets.lines().all(|path| path.starts_with(['1', '2'])) && assets.contains("1:110:110001"),
        "{assets}"
    );

    let ledger = data.join("demo.beancount");
    let (code, ..) = export(data, &["--format", "beancount", "--out", ledger.to_str().unwrap()]);
    assert_eq!(code, 0);
    let ledger = ledger.to_str().unwrap();
    assert_eq!(tool("bean-check", &[ledger]).trim(), "");
    let sums = "SELECT account, sum(number) GROUP BY account ORDER BY account";
    assert_eq!(balances(&tool("bean-query", &["-f", "csv", ledger, sums])), ours);

    tables(&world, &ours).await;
    checks(&world).await;
}

/// CSV and XLSX have every line once, and the API gives what the command gives.
async fn tables(world: &World, ours: &BTreeMap<String, i64>) {
    let data = world.folder();
    let (code, csv, _) = export(data, &["--format", "csv"]);
    assert_eq!(code, 0);
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.starts_with("\u{feff}تاریخ,"), "titles are in the language of the books: {}", &csv[..40]);
    let user = world.as_user("accountant").await;
    let (lines, mut sum) = (csv.lines().count() - 1, BTreeMap::new());
    let journal = user.get("/api/books/journal?from=2000-01-01").await;
    for row in csv.lines().skip(1) {
        // No text of the demo has a comma of ours: Persian has its own.
        let cells: Vec<&str> = row.split(',').collect();
        let account = cells.iter().position(|cell| cell.len() == 6 && ours.contains_key(*cell));
        let amounts: Vec<i64> =
            cells[cells.len() - 4..cells.len() - 2].iter().map(|cell| cell.parse().unwrap()).collect();
        if let Some(at) = account {
            *sum.entry(cells[at].to_owned()).or_insert(0) += amounts[0] - amounts[1];
        }
    }
    sum.retain(|_, balance| *balance != 0);
    assert_eq!(&sum, ours, "{lines} lines");
    assert!(journal.at("/vouchers").as_i64().unwrap() > 50);
    let same = user.get("/api/vouchers/export?format=csv").await;
    assert_eq!((same.status, same.text == csv), (200, true));
    assert!(same.headers["content-disposition"].to_str().unwrap().contains("vouchers.csv"));
    let jalali = user.get("/api/vouchers/export?format=csv&layout=general_and_subsidiary").await;
    assert!(jalali.text.lines().nth(1).unwrap().contains(",140"), "{:?}", jalali.text.lines().nth(1));
    assert_eq!(user.get("/api/vouchers/export?format=csv&layout=nothing").await.status, 422);
    assert_eq!(world.as_user("reception").await.get("/api/vouchers/export?format=csv").await.status, 403);
    let (code, _, told) = export(data, &["--format", "xlsx", "--layout", "nothing"]);
    assert!(code == 2 && told.contains("there is no export `nothing`"), "{told}");
    let (code, sheet, _) = export(data, &["--format", "xlsx"]);
    assert!(code == 0 && sheet.starts_with(b"PK"), "{} bytes", sheet.len());
    // From a day on: fewer.
    let day = crate::today(world) - chrono::Days::new(10);
    let (_, some, _) = export(data, &["--format", "csv", "--from", &day.to_string()]);
    let some = String::from_utf8(some).unwrap().lines().count() - 1;
    assert!(some > 0 && some < lines, "{some} of {lines}");
}

/// What an accountant looks after: provisions and deferrals tie to the ledger, nothing left without its cost.
async fn checks(world: &World) {
    let user = world.as_user("accountant").await;
    for of in ["provision", "deferral"] {
        let rolled = user.get(&format!("/api/books/roll-forward/{of}")).await;
        assert_eq!((rolled.status, rolled.at("/difference")), (200, "0".into()), "{of}: {}", rolled.text);
    }
    // A part that has left has its cost in the books when its ticket ends, and until then stands between the two.
    let amount = |row: &Value| row["difference"].as_str().and_then(|text| text.parse::<i64>().ok()).unwrap();
    let mut under_way = 0;
    for row in user.get("/api/books/uncosted").await.json().as_array().unwrap() {
        let ticket = user.get(&format!("/api/tickets/{}", row["ticket"].as_str().unwrap())).await;
        assert_eq!(ticket.at("/ticket/finished"), false, "its cost is missing: {row}");
        under_way += amount(row);
    }
    let stock = user.get("/api/books/stock").await.json();
    let apart: i64 = stock.as_array().unwrap().iter().map(amount).sum();
    assert_eq!(apart.abs(), under_way.abs(), "{stock}");
    let vat = user.get("/api/books/vat?from=2000-01-01").await;
    let closing = trial_balance(world).await;
    let owed = -closing.get("312001").copied().unwrap_or_default();
    assert_eq!(vat.at("/sales/total/vat"), owed.to_string(), "VAT ties to the ledger");
}
