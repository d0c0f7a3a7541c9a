//! A right that a role gives in one branch is no right in another, and what a role hides there is hidden there.

use aftercare::auth::caller::Held;
use aftercare::store::StoreError;
use aftercare::store::registry::user as users;
use aftercare_tests::client::Client;
use aftercare_tests::world::{Person, World, customer, definitions};
use serde_json::{Value, json};

/// Somebody who holds these roles, each in one branch.
async fn holding(world: &World, name: &str, roles: &[(&str, &str)]) -> Client {
    world.employ(vec![Person::with(name, &[])]).await;
    let held: Vec<Held> = roles
        .iter()
        .map(|(role, branch)| Held { role: (*role).to_owned(), branch: Some((*branch).to_owned()) })
        .collect();
    let owner = name.to_owned();
    let given = world.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move { users::set_roles(tx, &owner, &held).await })
    });
    given.await.expect("roles");
    world.as_user(name).await
}

/// A ticket about a device of its own, in a branch.
async fn ticket(world: &World, serial: &str, owner: &str, branch: &str) -> String {
    let admin = world.as_user("admin").await;
    let device = json!({"serial": serial, "product": "F200", "status": "sold", "owner": owner});
    let reply = admin.post("/api/devices", &device).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let name = format!("clerk of {branch}").replace(' ', "_");
    if world.app.store.user(&name).await.expect("it answers").is_none() {
        let person = Person { branch: Some(branch.to_owned()), ..Person::with(&name, &["reception"]) };
        world.employ(vec![person]).await;
    }
    let body = json!({"process": "onsite_repair", "device": serial,
        "data": {"fault": "it does not cool", "warranty_kind": "internal"}});
    let opened = world.as_user(&name).await.post("/api/tickets", &body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    opened.at("/code").as_str().unwrap_or_default().to_owned()
}

async fn two_branches() -> (World, String, String) {
    let world = World::start().await;
    world.furnish().await;
    let admin = world.as_user("admin").await;
    let second = admin.post("/api/customers", &customer("C2", "Zahra Amini", &["09127654321"])).await;
    assert_eq!(second.status, 201, "{}", second.text);
    let one = ticket(&world, "D1", "C1", "B1").await;
    let two = ticket(&world, "D2", "C2", "B2").await;
    (world, one, two)
}

// BW-20, P30
#[tokio::test]
async fn a_right_in_one_branch_is_none_in_another() {
    let (world, one, two) = two_branches().await;
    let both = holding(&world, "both", &[("accountant", "B1"), ("technician", "B2")]).await;
    assert_eq!(both.get(&format!("/api/tickets/{two}")).await.status, 200, "as a technician");
    assert_eq!(both.get(&format!("/api/tickets/{one}/vouchers")).await.status, 200, "as an accountant");
    let manager = world.as_user("accountant").await;
    let all = manager.get("/api/vouchers").await;
    let of = |reply: &aftercare_tests::client::Reply, code: &str| {
        let items = reply.at("/items");
        items.as_array().into_iter().flatten().filter(|one| one["ticket"] == code).count()
    };
    let seen = both.get("/api/vouchers").await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    assert_eq!(of(&seen, &two), 0, "{}", seen.text);
    assert_eq!(of(&seen, &one), of(&all, &one), "{}", seen.text);
    assert_eq!(both.get(&format!("/api/tickets/{two}/vouchers")).await.at("/0"), Value::Null);
    let whole = both.get("/api/books/journal").await;
    assert_eq!(whole.status, 403, "the books are the company's: {}", whole.text);
}

// P30
#[tokio::test]
async fn what_a_role_hides_is_hidden_where_the_role_holds() {
    let (world, one, two) = two_branches().await;
    let both = holding(&world, "both", &[("dispatcher", "B1"), ("technician", "B2")]).await;
    let charges = async |code: &str| both.get(&format!("/api/tickets/{code}/charges")).await;
    assert_ne!(charges(&one).await.at("/charges/cost"), Value::Null, "a dispatcher sees the cost");
    let hidden = charges(&two).await;
    assert_eq!(hidden.status, 200, "{}", hidden.text);
    assert_eq!(hidden.at("/charges/cost"), Value::Null, "a technician does not: {}", hidden.text);
}

// P29, BW-20
#[tokio::test]
async fn somebody_of_one_branch_reads_the_people_and_goods_of_its_tickets() {
    let (world, ..) = two_branches().await;
    let technician = world.as_user("technician").await;
    let codes = |reply: &aftercare_tests::client::Reply, key: &str| -> Vec<String> {
        let items = reply.at("/items");
        let of = |item: &Value| item[key].as_str().unwrap_or_default().to_owned();
        items.as_array().into_iter().flatten().map(of).collect()
    };
    assert_eq!(codes(&technician.get("/api/customers").await, "code"), ["C1"]);
    assert_eq!(codes(&technician.get("/api/devices").await, "serial"), ["D1"]);
    let file = technician.get("/api/exports/customers").await;
    assert_eq!(file.status, 200, "{}", file.text);
    assert!(file.text.contains("C1") && !file.text.contains("Zahra"), "{}", file.text);
    for path in ["/api/customers/C2", "/api/devices/D2", "/api/devices/D2/tree", "/api/customers/C9"] {
        assert_eq!(technician.get(path).await.status, 404, "{path}");
    }
    assert_eq!(technician.get("/api/customers/C1").await.status, 200);
    for (serial, status) in [("D1", 200), ("D2", 404), ("D9", 404)] {
        let found = technician.post("/api/devices/lookup", &json!({"serial": serial})).await;
        assert_eq!(found.status, status, "{serial}: {}", found.text);
    }
    for path in ["/api/users", "/api/users/admin", "/api/exports/users", "/api/agencies"] {
        assert_eq!(technician.get(path).await.status, 403, "{path}");
    }
    // Whoever receives people finds everybody.
    assert_eq!(codes(&world.as_user("reception").await.get("/api/customers").await, "code"), ["C1", "C2"]);
}

// P29: what is not to be seen is not to be changed, and a refusal tells nothing of it.
#[tokio::test]
async fn an_entry_that_one_does_not_see_is_not_there_to_be_changed() {
    let (world, ..) = two_branches().await;
    // A house whose keepers see goods, not people.
    let mut files = definitions();
    let (_, roles) = files.iter_mut().find(|(path, _)| path == "workflows/roles.yaml").expect("roles");
    let (before, keeper) = roles.split_once("\n  warehouse:").expect("the keeper's role");
    *roles = format!("{before}\n  warehouse:{}", keeper.replacen("customers.read, ", "", 1));
    world.app.catalog.deploy(files, "test", world.app.clock.now()).await.expect("definitions");
    let keeper = Person { branch: Some("B1".into()), ..Person::with("keeper", &["warehouse"]) };
    world.employ(vec![keeper]).await;
    let keeper = world.as_user("keeper").await;
    let entry = json!({"code": "C2", "kind": "person", "name": "X", "phones": ["09127654321"],
        "language": "fa", "version": 99});
    let reply = keeper.put("/api/customers/C2", &entry).await;
    assert_eq!(reply.status, 403, "{}", reply.text);
    assert!(!reply.text.contains("Zahra"), "{}", reply.text);
    let found = keeper.post("/api/devices/lookup", &json!({"serial": "D2"})).await;
    assert_eq!(found.status, 200, "{}", found.text);
    assert!(!found.text.contains("Zahra"), "a keeper sees goods, not people: {}", found.text);
}
