//! What others change between a file's being looked through and its being written.

use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use aftercare::app::App;
use aftercare::auth::Scope;
use aftercare::exchange::import::{Looked, Progress, Stopped, Wanted, commit, look};
use aftercare::exchange::report::Report;
use aftercare::exchange::source::Source;
use aftercare::http::access;
use aftercare::register::check::{Asking, Entry};
use aftercare::register::find;
use aftercare::register::value::Locale;
use aftercare_tests::client::Client;
use aftercare_tests::world::{World, customer, definitions};
use serde_json::json;
use tokio::sync::watch;

fn wanted(register: &str, text: &str) -> Wanted {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    let source = Source { file: Arc::new(file), bytes: text.len() as u64, name: "a.csv".to_owned() };
    let register = find(register).unwrap();
    Wanted { register, source, hash: "h".to_owned(), columns: None, with: Entry::new() }
}

fn asking(app: &App) -> Asking {
    Asking {
        who: "admin".to_owned(),
        scope: Scope::All,
        hidden: Default::default(),
        roles: Default::default(),
        locale: Locale { currency: access::currency(app), country: "98".to_owned() },
        reason: "imported".to_owned(),
    }
}

async fn looked(app: &App, wanted: &Wanted) -> Looked {
    let (told, _) = watch::channel(Progress::default());
    let looked = look(app, &asking(app), wanted, &told, false).await.unwrap();
    assert!(looked.report.is_clean(), "{:?}", looked.report);
    looked
}

/// Writes it; what is wrong, as line, column and code.
async fn written(app: &App, wanted: Wanted, looked: Looked) -> Result<Report, Vec<(Option<u64>, String)>> {
    let (asking, now) = (asking(app), app.clock.now());
    let (told, _) = watch::channel(Progress::default());
    let done = app
        .store
        .write(move |tx| Box::pin(async move { commit(tx, &asking, &wanted, looked, now, &told).await }))
        .await;
    match done {
        Ok(report) => Ok(report),
        Err(Stopped::Wrong(report)) => {
            Err(report.mistakes.iter().map(|one| (one.line, one.code.to_owned())).collect())
        }
        Err(Stopped::Store(error)) => panic!("{error}"),
    }
}

async fn remove(client: &Client, path: &str) {
    let seen = client.get(path).await.at("/version");
    let reply = client.delete(&format!("{path}?version={seen}")).await;
    assert!(reply.status < 300, "{}", reply.text);
}

#[tokio::test]
async fn what_a_file_names_and_somebody_takes_out_meanwhile_is_told_by_line() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        assert_eq!(admin.post("/api/customers", &customer("C7", "Leaving", &[])).await.status, 201);
        let device = json!({"serial": "P1", "product": "F200", "status": "sold"});
        assert_eq!(admin.post("/api/devices", &device).await.status, 201);
        let file =
            "serial,product,status,owner,parent\nA1,F200,sold,,A2\nA2,F200,sold,,P1\nA3,F200,sold,C7,\n";
        let wanted = wanted("devices", file);
        let looked = looked(&world.app, &wanted).await;
        remove(&admin, "/api/customers/C7").await;
        remove(&admin, "/api/devices/P1").await;
        let wrong = written(&world.app, wanted, looked).await.unwrap_err();
        let expected = [(Some(3), "field-not-found".to_owned()), (Some(4), "field-not-found".to_owned())];
        assert_eq!(wrong, expected);
        assert_eq!(admin.get("/api/devices/A1").await.status, 404, "nothing came in");
    }
}

#[tokio::test]
async fn what_somebody_else_changes_meanwhile_is_not_written_over() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let wanted = wanted("devices", "serial,batch\nSN1,B1\n");
        let looked = looked(&world.app, &wanted).await;
        let other = admin.get("/api/devices/SN1").await.json();
        let mut other = other.as_object().unwrap().clone();
        other.insert("batch".to_owned(), json!("B2"));
        assert_eq!(admin.put("/api/devices/SN1", &json!(other)).await.status, 200);
        let wrong = written(&world.app, wanted, looked).await.unwrap_err();
        assert_eq!(wrong, [(None, "file-faster".to_owned())]);
        assert_eq!(admin.get("/api/devices/SN1").await.at("/batch"), "B2");
    }
}

#[tokio::test]
async fn a_register_that_moves_meanwhile_does_not_keep_a_good_file_out() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let wanted = wanted("customers", "code,kind,name,language,phones\nK1,person,One,fa,09121111111\n");
        let looked = looked(&world.app, &wanted).await;
        assert_eq!(admin.post("/api/customers", &customer("K2", "Two", &["09122222222"])).await.status, 201);
        assert_eq!(written(&world.app, wanted, looked).await.unwrap().added, 1);
        assert_eq!(admin.get("/api/customers/K1").await.at("/phones/0"), "09121111111");
    }
}

#[tokio::test]
async fn a_number_that_somebody_else_gets_meanwhile_is_told() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let wanted = wanted("customers", "code,kind,name,language,phones\nK1,person,One,fa,09121111111\n");
        let looked = looked(&world.app, &wanted).await;
        assert_eq!(admin.post("/api/customers", &customer("K2", "Two", &["09121111111"])).await.status, 201);
        let wrong = written(&world.app, wanted, looked).await.unwrap_err();
        assert_eq!(wrong, [(Some(2), "field-belongs".to_owned())]);
    }
}

/// Far from each other in one file, where each piece of it is fine by itself.
#[tokio::test]
async fn one_national_id_of_two_customers_of_a_file_is_told() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let mut file = "code,kind,name,language,phones,national_id\n".to_owned();
    for n in 0..1200 {
        file.push_str(&format!(
            "K{n},person,Somebody,fa,0912{n:07},{}\n",
            if n == 1199 { 1_000_000 } else { 1_000_000 + n }
        ));
    }
    let reply = admin.send_file("/api/imports/customers", "text/csv", file).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
    let error = reply.at("/report/errors/0");
    assert_eq!((&error["line"], &error["column"]), (&json!(1201), &json!("national_id")), "{error}");
    assert_eq!(reply.at("/report/wrong"), 1);
}
