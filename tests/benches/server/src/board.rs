//! The board of a company with a million tickets: what each filter takes, alone and together with others, and what the
//! page of a ticket takes. The tickets are the demo's, written again and again over three years under codes of their
//! own, with four hundred thousand customers and three hundred thousand devices; one in fifty is not finished. The pages
//! of tickets are those of the demo's own among them, which have a history.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, Statement, params};

use crate::client::Client;
use crate::figure;
use crate::server::{self, Server};

const TICKETS: u32 = 1_000_000;
const CUSTOMERS: u32 = 400_000;
const DEVICES: u32 = 300_000;
/// Times that each page is asked for.
const ASKED: usize = 200;

/// Each with what the address asks for.
const FILTERS: [(&str, &str); 34] = [
    ("everything", ""),
    ("as a table", "view=table"),
    ("a technician", "technician=technician"),
    ("a technician, as a table", "technician=technician&view=table"),
    ("a technician who has nothing", "technician=nobody"),
    ("a process", "process=onsite_repair"),
    ("a process, as a table", "process=onsite_repair&view=table"),
    ("a process that nobody uses", "process=nothing"),
    ("a branch", "branch=THR1"),
    ("a branch without tickets", "branch=NEW"),
    ("a store", "store=01"),
    ("a store without tickets", "store=99"),
    ("a kind of product", "product_category=WSH"),
    ("what is open", "category=open"),
    ("what is done, as a table", "category=done&view=table"),
    ("what is overdue", "overdue=yes"),
    ("what is overdue, as a table", "overdue=yes&view=table"),
    ("what has stalled", "stale=yes"),
    ("what has stalled, as a table", "stale=yes&view=table"),
    ("overdue and stalled", "overdue=yes&stale=yes"),
    ("a technician's overdue ones of a process", "technician=technician&process=onsite_repair&overdue=yes"),
    ("a technician of a process that nobody uses", "technician=technician&process=nothing"),
    ("a process of a branch of a store", "process=installation&branch=THR1&store=01"),
    ("a whole phone number", "q=989120007919"),
    ("a part of a phone number", "q=0007919"),
    ("a part of many phone numbers", "q=9891"),
    ("nobody's phone number", "q=000000000000"),
    ("a name", "q=dabrowska"),
    ("a full name of a process", "q=agnieszka+dabrowska&process=onsite_repair"),
    ("nobody's name", "q=zzzzzz"),
    ("a part of a code", "q=-0012345"),
    ("a part of many codes", "q=1405-08"),
    ("nothing's code", "q=99-99-99"),
    ("a serial number", "q=WM1000068"),
];

/// Makes the company, unless the folder has it already, and asks for the pages.
pub async fn measure(binary: &Path, data: &Path) {
    drop(Server::start(binary, data));
    fill(&data.join("aftercare.db"));
    let server = Server::start(binary, data);
    let folder = data.to_str().expect("a path");
    let mut client = Client::connect(server.address).await;
    for who in ["admin", "reception"] {
        let token = server::run(binary, &["token", who, "--data", folder]).0;
        for (what, query) in FILTERS {
            let times = asked(&mut client, &token, |_| format!("/tickets?{query}")).await;
            tell(&format!("board for {who}: {what}"), times, "p99 under 50");
        }
        let seen = with_history(&data.join("aftercare.db"), who);
        let ticket = |n: usize| format!("/tickets/{}", seen[n % seen.len()]);
        tell(&format!("ticket for {who}"), asked(&mut client, &token, ticket).await, "p99 under 20");
    }
}

/// The codes of the tickets that have taken steps and that somebody may see.
fn with_history(database: &Path, who: &str) -> Vec<String> {
    let db = Connection::open(database).expect("the server's database");
    let sql = "SELECT code FROM ticket WHERE code IN (SELECT ticket FROM ticket_event) AND (?1 = 'admin' OR branch IN \
               (SELECT branch FROM user_role WHERE user_name = ?1))";
    let mut found = db.prepare(sql).expect("a statement");
    let found = found.query_map([who], |row| row.get(0)).expect("tickets");
    found.map(|code| code.expect("a code")).collect()
}

/// Milliseconds of each answer, after a few that warm up.
async fn asked(client: &mut Client, token: &str, path: impl Fn(usize) -> String) -> Vec<f64> {
    let mut times = Vec::with_capacity(ASKED);
    for n in 0..ASKED + 5 {
        let path = path(n);
        let begun = Instant::now();
        let status = client.get(&path, token).await.status;
        let took = begun.elapsed();
        assert!([200, 303, 404].contains(&status), "{path}: {status}");
        if n >= 5 {
            times.push(1e3 * took.as_secs_f64());
        }
    }
    times
}

fn tell(what: &str, mut times: Vec<f64>, promised: &str) {
    times.sort_by(f64::total_cmp);
    figure(&format!("{what}, middle"), times[times.len() / 2], "ms", "");
    figure(&format!("{what}, p99"), times[times.len() * 99 / 100], "ms", promised);
}

/// Newest first.
fn code(n: u32) -> String {
    format!("01-{:02}-{}-{:02}-{n:07}", n % 7, 1405 - n / 350_000, n % 12 + 1)
}

/// Copies rows of the demo under codes of their own, once.
fn fill(database: &Path) {
    let mut db = Connection::open(database).expect("the server's database");
    let known: u32 = db.query_row("SELECT count(*) FROM ticket", [], |row| row.get(0)).expect("a count");
    if known > TICKETS {
        return;
    }
    let begun = Instant::now();
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000").expect("a setting");
    let all = db.transaction().expect("a transaction");
    customers(&all);
    devices(&all);
    tickets(&all);
    all.commit().expect("a commit");
    figure("a million tickets written", begun.elapsed().as_secs_f64(), "s", "");
}

/// A statement that copies the rows of a table for which something holds, some columns with values of their own.
fn copy<'a>(db: &'a Connection, table: &str, own: &[(&str, &str)], which: &str) -> Statement<'a> {
    let mut names = Vec::new();
    let mut told = db.prepare(&format!("SELECT name FROM pragma_table_info('{table}')")).expect("columns");
    let found = told.query_map([], |row| row.get::<_, String>(0)).expect("columns");
    for name in found.map(|name| name.expect("a column")) {
        let value = own.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        names.push((format!("\"{name}\""), value.unwrap_or_else(|| format!("\"{name}\""))));
    }
    let (names, values): (Vec<_>, Vec<_>) = names.into_iter().unzip();
    let (names, values) = (names.join(", "), values.join(", "));
    let sql = format!("INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {which}");
    db.prepare(&sql).expect("a statement")
}

fn customer(n: u32) -> String {
    format!("X{n:07}")
}

fn device(n: u32) -> String {
    format!("BD{n:07}")
}

fn customers(db: &Connection) {
    let mut row = copy(db, "customer", &[("code", "?1")], "rowid = ?2");
    let mut phone = db
        .prepare("INSERT INTO customer_phone (customer, position, number, digits) VALUES (?1, 0, ?2, ?3)")
        .expect("a statement");
    for n in 0..CUSTOMERS {
        let (code, digits) = (customer(n), format!("98912{:07}", u64::from(n) * 7919 % 10_000_000));
        row.execute(params![code, n % 1000 + 1]).expect("a customer");
        phone.execute(params![code, format!("+{digits}"), digits]).expect("a number");
    }
}

/// Each with its card.
fn devices(db: &Connection) {
    let units = [("serial", "?1"), ("owner", "?3")];
    let cards = [("number", "?1"), ("device", "?1"), ("holder", "?3")];
    for (table, own) in [("device", &units[..]), ("card", &cards[..])] {
        let mut row = copy(db, table, own, "rowid = ?2 AND ?3 > ''");
        for n in 0..DEVICES {
            row.execute(params![device(n), n % 1900 + 1, customer(n)]).expect("a row");
        }
    }
}

fn tickets(db: &Connection) {
    let moment = |after: &str| format!("strftime('%Y-%m-%dT%H:%M:%f+00:00', ?2, '{after}')");
    let (opened, due, moved) = (moment("0 days"), moment("5 days"), moment("2 days"));
    let own = [
        ("code", "?1"), ("opened_at", opened.as_str()), ("due_at", due.as_str()), ("updated_at", moved.as_str()),
        ("customer", "CASE WHEN customer IS NULL THEN NULL ELSE ?3 END"),
        ("device", "CASE WHEN device IS NULL THEN NULL ELSE ?5 END"), ("parent", "NULL"),
    ];
    let rows = |finished: u8| -> Vec<i64> {
        let mut found = db.prepare("SELECT rowid FROM ticket WHERE finished = ?1").expect("a statement");
        let found = found.query_map([finished], |row| row.get(0)).expect("tickets");
        found.map(|row| row.expect("a ticket")).collect()
    };
    let (open, done) = (rows(0), rows(1));
    let mut ticket = copy(db, "ticket", &own, "rowid = ?4");
    let newest: String = db.query_row("SELECT max(opened_at) FROM ticket", [], |row| row.get(0)).expect("a day");
    let mut day = db.prepare("SELECT strftime('%Y-%m-%dT%H:%M:%f', ?1, ?2)").expect("a statement");
    for n in 0..TICKETS {
        // Most of what is not finished is new; some has been lying about.
        let is_open = if n < TICKETS / 50 { n % 5 < 3 } else { n % 250 == 0 };
        let from = if is_open { &open } else { &done };
        let before = format!("-{} seconds", u64::from(n) * 95);
        let at: String = day.query_row(params![newest, before], |row| row.get(0)).expect("a moment");
        let some = |factor: u64, of: u32| u32::try_from(u64::from(n) * factor % u64::from(of)).expect("small");
        let (owner, about) = (customer(some(104_729, CUSTOMERS)), device(some(7919, DEVICES)));
        ticket.execute(params![code(n), at, owner, from[n as usize % from.len()], about]).expect("a ticket");
    }
}
