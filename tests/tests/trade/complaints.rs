//! The report of complaints by subject.

use aftercare_tests::client::{Client, Reply};
use aftercare_tests::plain_browser::Browser;
use aftercare_tests::world::{Person, World};
use chrono::{Days, TimeDelta};
use serde_json::{Value, json};

use super::{take, today};

async fn complain(clerk: &Client, about: &str, what: &str) -> String {
    let data = json!({"about": about, "about_ref": what, "description": "it was not good"});
    let body = json!({"process": "complaint", "customer": "C1", "data": data});
    let opened = clerk.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    format!("/api/tickets/{}", opened.at("/code").as_str().unwrap())
}

/// Columns by their names, of the row with these keys; without keys the total.
fn row(report: &Reply, keys: &[&str]) -> Value {
    let names = report.at("/report/columns");
    let names = names.as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap().to_owned());
    let rows = report.at("/rows");
    let wanted = rows.as_array().unwrap().iter().find(|row| row["keys"] == json!(keys));
    let values = wanted.map_or_else(|| report.at("/total"), |row| row["values"].clone());
    assert!(keys.is_empty() || wanted.is_some(), "no row {keys:?}: {}", report.text);
    names.zip(values.as_array().unwrap().clone()).collect::<serde_json::Map<_, _>>().into()
}

fn assert_row(report: &Reply, keys: &[&str], expected: &Value) {
    let row = row(report, keys);
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&row[name], value, "`{name}` of {keys:?}: {}", report.text);
    }
}

/// Two about one agency, one found justified and one not; one about a repair with a measure that worked; one about a
/// model that nobody has looked at.
async fn four_complaints(world: &World) {
    let manager = world.as_user("manager").await;
    let clerk = world.as_user("reception").await;
    let found = json!({"resolution": "compensation", "decision_reason": "we were wrong"});
    let measure = |days: u64| {
        let due = today(world) + Days::new(days);
        json!({"measure": "train them", "measure_owner": "technician", "measure_due": due})
    };

    let wrong = complain(&clerk, "agency", "A-7").await;
    take(&manager, &wrong, "find_justified", found.clone()).await;
    take(&manager, &wrong, "compensate", json!({"compensation": "500000"})).await;
    take(&manager, &wrong, "compensate", json!({"compensation": "20000"})).await;
    take(&manager, &wrong, "plan_measure", measure(1)).await;
    let right = complain(&clerk, "agency", "A-7").await;
    let no = json!({"resolution": "rejected", "decision_reason": "it was in time"});
    take(&manager, &right, "find_unjustified", no).await;

    let repair = complain(&clerk, "repair", "T-1").await;
    take(&manager, &repair, "find_justified", found).await;
    take(&manager, &repair, "compensate", json!({"compensation": "200000"})).await;
    let quality = world.as_user("quality").await;
    for verdict in ["not_effective", "effective"] {
        take(&quality, &repair, "plan_measure", measure(5)).await;
        take(&quality, &repair, "finish_measure", json!({"measure_done": "trained"})).await;
        take(&quality, &repair, verdict, json!({"verification": "looked at ten repairs"})).await;
    }
    complain(&clerk, "model", "F200").await;
}

#[tokio::test]
async fn sp_56_complaints_are_reported_by_subject_with_what_came_of_them_and_what_they_cost() {
    let world = World::start().await;
    world.furnish().await;
    world.employ(vec![Person::with("quality", &["quality"])]).await;
    four_complaints(&world).await;
    world.app.tick(TimeDelta::days(3)).await.unwrap();
    let manager = world.as_user("manager").await;
    let (from, to) = (today(&world) - Days::new(10), today(&world));
    let days = format!("from={from}&to={to}");

    let listed = manager.get("/api/reports").await;
    assert!(listed.text.contains("\"complaints\""), "{}", listed.text);
    let report = manager.get(&format!("/api/reports/complaints?{days}")).await;
    assert_eq!(report.status, 200, "{}", report.text);
    let agency = json!({"complaints": "2", "justified": "1", "unjustified": "1", "compensation": "520000",
        "measures_open": "1", "measures_late": "1", "measures_effective": "0"});
    assert_row(&report, &["agency", "A-7"], &agency);
    let repair = json!({"complaints": "1", "justified": "1", "compensation": "200000", "measures_open": "0",
        "measures_late": "0", "measures_effective": "1", "measures_failed": "1"});
    assert_row(&report, &["repair", "T-1"], &repair);
    assert_row(&report, &["model", "F200"], &json!({"complaints": "1", "open": "1", "compensation": "0"}));
    assert!(report.text.contains("Service agency"), "{}", report.text);

    // What is counted is what there is, and what is paid is what stands in the books.
    let total = row(&report, &[]);
    let number = |name: &str| total[name].as_str().unwrap().parse::<i64>().unwrap();
    let tickets = manager.get("/api/tickets?process=complaint").await.at("/items");
    assert_eq!(tickets.as_array().unwrap().len() as i64, number("complaints"));
    let parts = ["open", "justified", "unjustified", "withdrawn"];
    assert_eq!(parts.iter().map(|name| number(name)).sum::<i64>(), number("complaints"));
    let ledger = manager.get(&format!("/api/books/ledger/810003?{days}")).await;
    assert_eq!(ledger.at("/closing").as_str(), Some("720000"), "{}", ledger.text);
    assert_eq!(number("compensation"), 720_000);

    // A voucher that is taken back counts no more.
    reverse_one(&world).await;
    let after = manager.get(&format!("/api/reports/complaints?{days}&by=about")).await;
    assert_row(&after, &["agency"], &json!({"compensation": "20000"}));
    let before = manager.get("/api/reports/complaints?from=2020-01-01&to=2020-12-31").await;
    assert_eq!((before.at("/rows"), row(&before, &[])["complaints"].clone()), (json!([]), json!("0")));
}

/// The first voucher of a compensation is made final and taken back.
async fn reverse_one(world: &World) {
    let (accountant, approver) = (world.as_user("accountant").await, world.as_user("finance_approver").await);
    let vouchers = approver.get("/api/vouchers?limit=200").await.at("/items");
    let all = vouchers.as_array().unwrap();
    for one in all {
        let path = format!("/api/vouchers/{}", one["reference"]);
        assert_eq!(accountant.post(&format!("{path}/review"), &json!({})).await.status, 200);
        assert_eq!(approver.post(&format!("{path}/approve"), &json!({})).await.status, 200);
    }
    let done = approver.post("/api/vouchers/finalise", &json!({"up_to": today(world)})).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let first = all.iter().find(|one| one["total"] == "500000").unwrap();
    let path = format!("/api/vouchers/{}/reverse", first["reference"]);
    let done = approver.post(&path, &json!({"reason": "paid twice"})).await;
    assert_eq!(done.status, 201, "{}", done.text);
}

#[tokio::test]
async fn sp_56_the_report_is_a_page_and_a_file_for_those_who_may_read_it() {
    let world = World::start().await;
    world.furnish().await;
    world.employ(vec![Person::with("quality", &["quality"])]).await;
    four_complaints(&world).await;
    let manager = world.as_user("manager").await;
    let csv = manager.get("/api/reports/complaints/file?format=csv&by=about").await;
    let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 1 + 3 + 1, "{}", csv.text);
    assert!(lines[0].starts_with("Subject of the complaint,Complaints,"), "{}", lines[0]);
    assert!(lines[1].starts_with("Service agency,2,0,1,1,0,520000,"), "{}", lines[1]);
    assert!(lines[4].starts_with("Altogether,4,1,2,1,0,720000,"), "{}", lines[4]);
    let sheet = manager.bytes("/api/reports/complaints/file?format=xlsx").await;
    assert!(sheet.starts_with(b"PK"));

    let mut browser = Browser::of(&world);
    browser.sign_in("manager").await;
    let page = browser.get("/reports/complaints?by=about").await;
    assert_eq!(page.status, 200, "{}", page.html);
    for told in
        ["Complaints by subject", "Service agency", "Corrective actions open", "Altogether", "720,000"]
    {
        assert!(page.html.contains(told), "{told}: {}", page.html);
    }
    assert!(browser.get("/reports").await.html.contains("/reports/complaints"));

    for path in ["/api/reports", "/api/reports/complaints", "/api/reports/complaints/file?format=csv"] {
        let refused = world.as_user("reception").await.get(path).await;
        assert_eq!(refused.status, 403, "{path}: {}", refused.text);
    }
    assert_eq!(manager.get("/api/reports/nothing").await.status, 404);
    let unknown = manager.get("/api/reports/complaints?by=colour").await;
    assert_eq!((unknown.status, unknown.text.contains("colour")), (400, true), "{}", unknown.text);
}
