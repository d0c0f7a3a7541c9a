//! Files that come into the registers and go out: whole or not at all, every mistake with its place.

use aftercare_tests::client::Client;
use aftercare_tests::world::{World, definitions};
use serde_json::{Value, json};

pub const CSV: &str = "text/csv";

async fn came(client: &Client, register: &str, file: &str) -> Value {
    let reply = client.send_file(&format!("/api/imports/{register}"), CSV, file).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

#[tokio::test]
async fn a_file_comes_in_whole_and_an_entry_that_is_there_is_changed_where_it_has_a_column() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let file = "\u{feff}serial;product;status;produced_on;owner\nSN1;F200;installed;;\n\
                    ۱۲۳;F200;in_stock;1405/01/01;C1\n";
        let report = came(&admin, "devices", file).await;
        assert_eq!((&report["added"], &report["changed"]), (&json!(1), &json!(1)), "{report}");
        let new = admin.get("/api/devices/123").await.json();
        assert_eq!((&new["produced_on"], &new["owner"]), (&json!("2026-03-21"), &json!("C1")), "{new}");
        let old = admin.get("/api/devices/SN1").await.json();
        assert_eq!((&old["status"], &old["owner"]), (&json!("installed"), &Value::Null), "{old}");
        // What is left out stays, and a second time nothing changes.
        came(&admin, "devices", "serial,batch\nSN1,B7\n").await;
        let again = came(&admin, "devices", "serial,batch\nSN1,B7\n").await;
        assert_eq!(again["unchanged"], 1, "{again}");
        let old = admin.get("/api/devices/SN1").await.json();
        assert_eq!(
            (&old["status"], &old["batch"], &old["version"]),
            (&json!("installed"), &json!("B7"), &json!(3))
        );
        let list = admin.get("/api/imports?register=devices").await;
        assert_eq!(list.at("/items/0/by"), "admin", "{}", list.text);
        assert_eq!(list.json()["items"].as_array().unwrap().len(), 3);
    }
}

/// SP-27: what is wrong is told by line and column, and then nothing comes in.
#[tokio::test]
async fn every_mistake_is_told_with_its_line_and_column_and_nothing_comes_in() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let file = "serial,product,status,produced_on,owner\n\
                    A1,F200,in_stock,2026-01-01,\n\
                    A2,F999,asleep,soon,\n\
                    A1,F200,in_stock,,\n\
                    ,F200,in_stock,,\n\
                    A5,F200,in_stock,,C9\n";
        let previewed = admin.send_file("/api/imports/devices?preview=true", CSV, file).await;
        assert_eq!(previewed.status, 200, "{}", previewed.text);
        let refused = admin.send_file("/api/imports/devices", CSV, file).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.at("/report"), previewed.json(), "a preview says what an import would");
        let errors = previewed.json()["errors"].clone();
        let places: Vec<(u64, &str, &str)> = errors
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["line"].as_u64().unwrap(),
                    one["column"].as_str().unwrap(),
                    one["code"].as_str().unwrap(),
                )
            })
            .collect();
        let expected = [
            (3, "produced_on", "field_day"),
            (4, "serial", "line_twice"),
            (5, "serial", "field_required"),
            (6, "owner", "field_not_found"),
        ];
        for place in expected {
            assert!(places.contains(&place), "{place:?} in {errors}");
        }
        assert!(errors.to_string().contains("2026-03-21"), "what is expected is said: {errors}");
        assert_eq!(admin.get("/api/devices/A1").await.status, 404);
        let head = admin.send_file("/api/imports/devices", CSV, "serial,prodcut\nA1,F200\n").await;
        assert_eq!(head.at("/report/errors/0/column"), "prodcut");
        assert!(head.at("/report/errors/0/message").as_str().unwrap().contains("`product`"), "{}", head.text);
        for language in ["fa", "zh", "pl"] {
            let request = admin
                .request(reqwest::Method::POST, "/api/imports/devices?preview=true")
                .header("content-type", CSV)
                .header("accept-language", language)
                .body("serial,status\nA1,asleep\n");
            let told = admin.send(request).await.at("/errors").to_string();
            assert!(told.contains("in_stock") && !told.contains("must be"), "{told}");
        }
    }
}

#[tokio::test]
async fn one_bad_line_among_50_000_is_named_and_nothing_comes_in() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let mut file = "serial,product,status\n".to_owned();
    for n in 0..50_000 {
        let product = if n == 31_415 { "F2OO" } else { "F200" };
        file.push_str(&format!("S{n:06},{product},in_stock\n"));
    }
    let reply = admin.send_file("/api/imports/devices", CSV, file).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
    let report = reply.at("/report");
    assert_eq!((&report["lines"], &report["wrong"]), (&json!(50_000), &json!(1)));
    let error = &report["errors"][0];
    assert_eq!(
        (&error["line"], &error["column"], &error["found"]),
        (&json!(31_417), &json!("product"), &json!("F2OO")),
        "{error}"
    );
    assert_eq!(admin.get("/api/devices?search=S0").await.json()["items"], json!([]));
}

/// What stands above itself is found also when its lines are thousands apart, or when the way leads over what is there.
#[tokio::test]
async fn a_ring_is_found_across_the_whole_file_and_what_is_there_already() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        came(&admin, "devices", "serial,product,status,parent\nTOP,F200,in_stock,\nMID,F200,in_stock,TOP\n")
            .await;
        let file = |first: &str, last: &str| {
            let mut file = format!("serial,product,status,parent\n{first}\n");
            (0..1_500).for_each(|n| file.push_str(&format!("S{n:04},F200,in_stock,\n")));
            file + last + "\n"
        };
        let rings = [
            ("A1,F200,in_stock,A2", "A2,F200,in_stock,A1"),
            // A1 is under MID, which is there and stays under TOP, which would come under A1.
            ("A1,F200,in_stock,MID", "TOP,F200,in_stock,A1"),
        ];
        for (first, last) in rings {
            let refused = admin.send_file("/api/imports/devices", CSV, file(first, last)).await;
            assert_eq!(refused.status, 422, "{}", refused.text);
            let errors = refused.at("/report/errors");
            let told = |n: usize| (&errors[n]["line"], &errors[n]["column"], &errors[n]["code"]);
            assert_eq!(told(0), (&json!(2), &json!("parent"), &json!("field_ring")), "{errors}");
            assert_eq!(told(1), (&json!(1_503), &json!("parent"), &json!("field_ring")), "{errors}");
            assert!(errors[1]["message"].as_str().unwrap().contains("above itself"), "{errors}");
            assert_eq!(refused.at("/report/wrong"), json!(2), "{}", refused.text);
            assert_eq!(admin.get("/api/devices/A1").await.status, 404);
        }
        let fine = file("A1,F200,in_stock,A2", "A2,F200,in_stock,MID");
        assert_eq!(came(&admin, "devices", &fine).await["added"], json!(1_502));
    }
}

#[tokio::test]
async fn every_register_goes_out_and_comes_in_again_unchanged() {
    for world in World::each(&definitions()).await {
        world.furnish().await;
        let admin = world.as_user("admin").await;
        let definitions = json!([{"name": "body_no", "kind": "text"}, {"name": "litres", "kind": "number", "of": "product"}]);
        came(
            &admin,
            "product-categories",
            &format!("code,attributes\nCOOL,{}\n", quoted(&definitions.to_string())),
        )
        .await;
        came(&admin, "devices", "serial,attributes.body_no\nSN1,=1+1\n").await;
        came(&admin, "products", "code,attributes.litres\nF200,\"1,5\"\n").await;
        came(&admin, "policies", "code,name.en,terms.start_basis,terms.guarantee.months,terms.excluded_faults\nP1,Standard,sale,12,drop; flood\n").await;
        came(
            &admin,
            "agencies",
            "code,name.fa,kind,status,language,vetted_to\nA1,نمایندگی,service,active,fa,1406/01/01\n",
        )
        .await;
        came(&admin, "cards", "number,device,status,kind,issued_on\nK1,SN1,issued,internal,2026-01-01\n")
            .await;
        came(&admin, "parts", "code,name.en,price,unit\nP1,Pump,\"1,250,000\",piece\n").await;
        came(&admin, "services", "code,name.en,kind,price\nL1,Labour,labour,100\n").await;
        came(&admin, "tariffs", "code,service,valid_from,price\nT1,L1,1405/01/01,120\n").await;
        came(
            &admin,
            "service-plans",
            "code,name.en,category,service_months,contract_months,price\nCARE,Yearly,COOL,6,24,9000000\n",
        )
        .await;
        came(&admin, "warehouses", "code,name.en,kind,branch\nW1,Main,main,B1\n").await;
        came(&admin, "skills", "code,technician,category,level\nS1,technician,COOL,4\n").await;
        came(&admin, "letter-fragments", "code,name.en,body.en\nF1,Greeting,Dear customer\n").await;
        came(&admin, "letter-types", "code,name.en,subject.en,body.en\nL1,Answer,Your request,We answer\n")
            .await;
        for register in aftercare::register::ALL {
            for format in ["csv", "xlsx"] {
                let path = format!("/api/exports/{}?format={format}", register.name);
                let file = admin.bytes(&path).await;
                let kind = if format == "csv" { CSV } else { SHEET };
                let reply = admin.send_file(&format!("/api/imports/{}", register.name), kind, file).await;
                let report = reply.json();
                assert_eq!(reply.status, 200, "{path}: {}", reply.text);
                assert_eq!(
                    (&report["added"], &report["changed"]),
                    (&json!(0), &json!(0)),
                    "{path}: {report}"
                );
                assert!(report["unchanged"].as_u64() > Some(0), "{path} is empty: {report}");
            }
        }
        let text = String::from_utf8(admin.bytes("/api/exports/devices").await).unwrap();
        assert!(text.contains("'=1+1"), "a formula is guarded: {text}");
        let customers = String::from_utf8(admin.bytes("/api/exports/customers").await).unwrap();
        assert!(customers.contains("علی کاظمی") && customers.starts_with('\u{feff}'), "{customers}");
    }
}

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// SP-27: a barcode reader writes serials under one another, and nothing else.
#[tokio::test]
async fn a_barcode_readers_file_needs_no_first_line() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let path = "/api/imports/devices?columns=serial&with=product=F200,status=in_stock,batch=B9&file=scan.txt";
    let reply = admin.send_file(path, "text/plain", "AB001\r\nAB002\r\n\r\nAB003\r\n").await;
    assert_eq!((reply.status, reply.at("/added")), (200, json!(3)), "{}", reply.text);
    assert_eq!(admin.get("/api/devices/AB002").await.at("/batch"), "B9");
    assert_eq!(admin.get("/api/imports").await.at("/items/0/file"), "scan.txt");
}

#[tokio::test]
async fn a_stream_tells_how_far_it_is_and_what_became_of_it() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let request = admin
        .request(reqwest::Method::POST, "/api/imports/devices")
        .header("content-type", CSV)
        .header("accept", "text/event-stream")
        .body("serial,product,status\nA1,F200,in_stock\n");
    let reply = admin.send(request).await;
    assert!(reply.kind.starts_with("text/event-stream"), "{}", reply.kind);
    assert!(reply.text.contains("event: progress") && reply.text.contains("event: report"), "{}", reply.text);
    assert_eq!(admin.get("/api/devices/A1").await.status, 200);
}

#[tokio::test]
async fn what_is_no_sheet_and_what_is_not_text_is_refused_and_so_is_who_may_not() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let cases: [(&[u8], &str); 4] = [
        (b"PK\x03\x04 not a zip", "file_no_sheet"),
        (b"serial,status\nA1,\xff\xfe\n", "file_not_utf8"),
        (b"", "file_empty"),
        (b"status\nsold\n", "column_missing"),
    ];
    for (file, code) in cases {
        let reply = admin.send_file("/api/imports/devices", CSV, file).await;
        assert_eq!((reply.status, reply.at("/report/errors/0/code")), (422, json!(code)), "{}", reply.text);
    }
    let technician = world.as_user("technician").await;
    assert_eq!(technician.send_file("/api/imports/devices", CSV, "serial\n").await.status, 403);
    assert_eq!(admin.send_file("/api/imports/nothing", CSV, "serial\n").await.status, 404);
    assert_eq!(admin.send_file("/api/imports/devices", "image/png", "x").await.status, 415);
    // Reception belongs to B1 and gives nothing to B2.
    let reception = world.as_user("reception").await;
    let other = "code,name.en,kind,branch\nW9,Other,main,B2\n";
    let reply = reception.send_file("/api/imports/warehouses", CSV, other).await;
    assert_eq!(reply.at("/report/errors/0/code"), "field_branch", "{}", reply.text);
}

/// The same file under one key comes in once.
#[tokio::test]
async fn a_file_under_one_key_comes_in_once() {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let send = async || {
        let request = admin
            .request(reqwest::Method::POST, "/api/imports/devices")
            .header("content-type", CSV)
            .header("Idempotency-Key", "file-1")
            .body("serial,product,status\nA1,F200,in_stock\n");
        admin.send(request).await
    };
    let (first, second) = (send().await, send().await);
    assert_eq!((first.status, &first.text), (second.status, &second.text));
    assert_eq!(admin.get("/api/imports").await.json()["items"].as_array().unwrap().len(), 1);
}
