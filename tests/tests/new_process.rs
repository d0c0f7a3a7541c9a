//! A process is added by adding a file: no Rust knows of it, and everything else does.

use std::collections::BTreeMap;
use std::path::Path;

use aftercare_tests::world::{World, definitions};
use serde_json::{Value, json};

/// A process that nobody has thought of yet: a loan device goes out and comes back.
const LOAN: &str = r#"
process: loan_device
title: {en: Loan device, fa: دستگاه امانی, zh: 备用机, pl: Urządzenie zastępcze}
subject: party
opened_by: [reception]
form: [lent_for]
fields:
  lent_for:
    type: integer
    required: true
    min: 1
    max: 30
    title: {en: Days, fa: روز, zh: 天数, pl: Dni}
initial: lent
states:
  lent:
    title: {en: Lent, fa: امانت داده شد, zh: 已借出, pl: Wypożyczone}
    customer_sees: {en: You have a loan device, fa: دستگاه امانی نزد شماست, zh: 备用机在您处, pl: Masz urządzenie zastępcze}
    progress: 50
    category: waiting
    owner: reception
    deadline:
      within: 30 days
      then:
        - task:
            title: {en: Ask for it back, fa: پیگیری بازگشت, zh: 催还, pl: Poproś o zwrot}
            to: {role: reception}
    on:
      bring_back:
        title: {en: Brought back, fa: بازگردانده شد, zh: 已归还, pl: Zwrócone}
        by: [reception]
        guard: lent_for > 0
        target: back
  back:
    type: final
    title: {en: Back, fa: بازگشت, zh: 已归还, pl: Zwrócone}
    customer_sees: {en: Thank you, fa: سپاسگزاریم, zh: 谢谢, pl: Dziękujemy}
    progress: 100
    category: done
"#;

/// The shipped definitions and one more file, in a folder of their own, as a designer would have them.
fn bundle_with(process: &str) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (path, text) in definitions() {
        write(&path, &text);
    }
    write("workflows/processes/loan_device.yaml", process);
    aftercare::catalog::read_folder(folder.path()).unwrap().into_iter().collect()
}

// SP-21, SP-34
#[tokio::test]
async fn a_process_from_a_folder_is_deployed_and_driven_to_its_end_without_any_rust() {
    let world = World::start().await;
    world.furnish().await;
    let designer = world.as_user("designer").await;
    let clerk = world.as_user("reception").await;
    let opening = json!({"process": "loan_device", "customer": "C1", "data": {"lent_for": 7}});
    assert_ne!(clerk.post("/api/tickets", &opening).await.status, 201, "nobody knows it yet");

    let deployed = designer.post("/api/bundles", &json!({"files": bundle_with(LOAN)})).await;
    assert!((200..300).contains(&deployed.status), "{}", deployed.text);

    let wrong = json!({"process": "loan_device", "customer": "C1", "data": {"lent_for": 70}});
    assert_eq!(clerk.post("/api/tickets", &wrong).await.status, 422, "its form has bounds");
    let opened = clerk.post("/api/tickets", &opening).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let code = opened.at("/code").as_str().map(str::to_owned).unwrap();
    let offered = clerk.get(&format!("/api/tickets/{code}/steps")).await;
    assert_eq!(offered.at("/steps/0/event"), Value::from("bring_back"), "{}", offered.text);
    let body = json!({"revision": opened.at("/revision"), "data": {}});
    let ended = clerk.post(&format!("/api/tickets/{code}/steps/bring_back"), &body).await;
    assert_eq!(ended.at("/states/0"), Value::from("back"), "{}", ended.text);
    assert_eq!(ended.at("/finished"), Value::from(true));
}

#[tokio::test]
async fn a_process_with_a_mistake_is_refused_with_its_place_and_the_old_ones_go_on() {
    let world = World::start().await;
    world.furnish().await;
    let designer = world.as_user("designer").await;
    let mistyped = LOAN.replace("target: back", "target: bck");
    let refused = designer.post("/api/bundles", &json!({"files": bundle_with(&mistyped)})).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("AC0102") && refused.text.contains("`back`"), "{}", refused.text);
    assert_eq!(world.open().await.status, 201);
}
