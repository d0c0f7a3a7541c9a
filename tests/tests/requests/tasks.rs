//! Tasks as their givers and doers find them on pages.

use serde_json::json;

use super::{furnished, reading};

#[tokio::test]
async fn a_task_whose_day_cannot_be_read_is_not_given_without_one() {
    let (world, code) = furnished().await;
    let mut browser = reading(&world, "reception").await;
    let page = browser.get(&format!("/tickets/{code}")).await;
    let (csrf, once) = (page.hidden("/tasks\"", "csrf"), page.hidden("/tasks\"", "once"));
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("title", "call the owner"),
        ("due:date", "soon"),
        ("remind", "day"),
    ];
    let path = format!("/tickets/{code}/tasks");
    let unread = browser.post(&path, &fields).await;
    assert_eq!(unread.status, 422);
    for told in ["The due time must be a day", "value=\"call the owner\"", "value=\"soon\""] {
        assert!(unread.html.contains(told), "{told}: {}", unread.html);
    }
    fields[3].1 = "";
    let missing = browser.post(&path, &fields).await;
    assert!(missing.html.contains("The due time is missing"), "{}", missing.html);
    fields[3].1 = "2027-01-05";
    assert_eq!(browser.post(&path, &fields).await.status, 303);
    let balance = reading(&world, "accountant").await.get("/vouchers/balance?from=soon").await;
    assert!(balance.html.contains("“soon” is no day"), "{}", balance.html);
}

#[tokio::test]
async fn a_task_is_handed_over_to_a_colleague_and_leaves_the_own_list() {
    let (world, code) = furnished().await;
    let clerk = world.as_user("reception").await;
    let task = json!({"title": "call the owner", "role": "reception"});
    assert_eq!(clerk.post(&format!("/api/tickets/{code}/tasks"), &task).await.status, 201);
    let mut browser = reading(&world, "reception").await;
    let page = browser.get("/tasks").await;
    let id = clerk.get("/api/tasks").await.at("/items/0/id");
    let path = format!("/tasks/{id}/hand-over");
    let (csrf, once) = (page.hidden(&path, "csrf"), page.hidden(&path, "once"));
    let mut fields = [("csrf", csrf.as_str()), ("once", once.as_str()), ("user", "nobody")];
    let refused = browser.post(&path, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html.contains("call the owner"), "the list is there still: {}", refused.html);
    let again = format!("{once}again");
    (fields[1].1, fields[2].1) = (&again, "manager");
    assert_eq!(browser.post(&path, &fields).await.status, 303);
    assert!(!browser.get("/tasks").await.html.contains("call the owner"));
    assert!(reading(&world, "manager").await.get("/tasks").await.html.contains("call the owner"));
}

#[tokio::test]
async fn a_list_of_tasks_that_is_longer_than_a_page_goes_on_on_the_next() {
    let (world, code) = furnished().await;
    let clerk = world.as_user("reception").await;
    for n in 0..=100 {
        let task = json!({"title": format!("call {n:03}"), "role": "reception"});
        assert_eq!(clerk.post(&format!("/api/tickets/{code}/tasks"), &task).await.status, 201);
    }
    let mut browser = reading(&world, "reception").await;
    let first = browser.get("/tasks").await.html;
    assert!(first.contains("call 000") && !first.contains("call 100"), "{first}");
    assert!(first.contains("href=\"/tasks?status=open&amp;after=100\""), "{first}");
    let last = browser.get("/tasks?status=open&after=100").await.html;
    assert!(last.contains("call 100") && !last.contains("call 099") && !last.contains("after=200"), "{last}");
}
