//! Registers, papers, the operation's pages and one's own account, as a browser without scripts finds them.

use aftercare::auth::totp;
use aftercare_tests::plain_browser::{Browser, Page};
use aftercare_tests::world::{PASSWORD, Person, World};
use serde_json::json;

#[tokio::test]
async fn every_register_can_be_listed_searched_edited_and_filled_in_every_language() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    for language in ["fa", "en", "zh", "pl"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        let index = browser.get("/registers").await;
        assert_eq!(index.status, 200, "{}", index.html);
        let names: Vec<String> = index
            .html
            .split("href=\"/registers/")
            .skip(1)
            .map(|part| part.split('"').next().unwrap().to_owned())
            .collect();
        assert!(names.len() >= 14, "{names:?}");
        for name in &names {
            for path in [
                format!("/registers/{name}"),
                format!("/registers/{name}?q=x"),
                format!("/registers/{name}/entry"),
                format!("/registers/{name}/paste"),
            ] {
                let page = browser.get(&path).await;
                assert_eq!(page.status, 200, "{language} {path}: {}", page.html);
                assert!(!page.html.contains("{{") && page.html.trim_end().ends_with("</html>"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn an_entry_is_changed_by_its_form_and_what_is_wrong_is_told_beside_its_field() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    let page = browser.get("/registers/customers/entry?key=C1").await;
    assert!(page.html.contains("علی کاظمی"), "{}", page.html);
    let hidden = |name: &str| page.hidden("/entry\"", name);
    let (csrf, version, once) = (hidden("csrf"), hidden("version"), hidden("once"));
    let mut fields = vec![
        ("csrf", csrf.as_str()),
        ("version", version.as_str()),
        ("once", once.as_str()),
        ("key", "C1"),
        ("c:code", "C1"),
        ("c:kind", "person"),
        ("c:name", "علی کاظمی"),
        ("c:phones", "not a phone"),
        ("c:language", "fa"),
        ("c:city", "تهران"),
    ];
    let refused = browser.post("/registers/customers/entry", &fields).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    assert!(refused.html.contains("is-wrong") && refused.html.contains("not a phone"), "{}", refused.html);
    fields[7].1 = "09121234567";
    let again = refused.hidden("/entry\"", "once");
    fields[2].1 = &again;
    let done = browser.post("/registers/customers/entry", &fields).await;
    assert_eq!(done.status, 303, "{}", done.html);
    let now = world.as_user("admin").await.get("/api/customers/C1").await;
    assert_eq!(now.at("/city"), "تهران", "{}", now.text);
    // Who saw an older picture changes nothing.
    let other = refused.hidden("/entry\"", "once") + "x";
    fields[2].1 = &other;
    assert_eq!(browser.post("/registers/customers/entry", &fields).await.status, 409);
    // And who may not write finds no form.
    let mut quality = Browser::of(&world);
    quality.sign_in("technician").await;
    assert_eq!(quality.post("/registers/customers/entry", &fields).await.status, 403);
    let seen = quality.get("/registers/customers/entry?key=C1").await;
    assert!(!seen.html.contains("name=\"c:city\""), "{}", seen.html);
}

#[tokio::test]
async fn the_roles_of_a_user_are_chosen_and_mistakes_call_fields_by_their_titles() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    let page = browser.get("/registers/users/entry").await;
    assert!(page.html.contains("<option value=\"reception\">Reception</option>"), "{}", page.html);
    let branch = world.as_user("admin").await.get("/api/branches").await;
    let branch = branch.at("/items/0/code").as_str().expect("a branch").to_owned();
    assert!(page.html.contains(&format!("<option value=\"{branch}\">")), "{}", page.html);
    let mut fields = vec![
        ("csrf", page.hidden("/entry\"", "csrf")),
        ("once", page.hidden("/entry\"", "once")),
        ("c:name", "sara".to_owned()),
        ("c:email", "sara".to_owned()),
        ("c:phone", "soon".to_owned()),
        ("c:language", "en".to_owned()),
        ("c:active", "true".to_owned()),
        ("c:roles:role", "reception".to_owned()),
        ("c:roles:branch", branch.clone()),
        ("c:roles:role", String::new()),
        ("c:roles:branch", branch.clone()),
    ];
    let mut post = async |fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        browser.post("/registers/users/entry", &fields).await
    };
    let refused = post(&fields).await;
    assert_eq!(refused.status, 422, "{}", refused.html);
    for told in [
        "Full name is missing",
        "E-mail must be",
        "Phone is not",
        "Role is missing",
        "<option value=\"reception\" selected>",
    ] {
        assert!(refused.html.contains(told), "{told}: {}", refused.html);
    }
    fields[1].1 = refused.hidden("/entry\"", "once");
    fields.push(("c:full_name", "Sara Ahmadi".to_owned()));
    fields[10].1 = String::new();
    fields.retain(|(name, _)| !["c:email", "c:phone"].contains(name));
    let done = post(&fields).await;
    assert_eq!(done.status, 303, "{}", done.html);
    let now = world.as_user("admin").await.get("/api/users/sara").await;
    assert_eq!(now.at("/roles"), json!([{"role": "reception", "branch": branch}]), "{}", now.text);
    let again = browser.get("/registers/users/entry?key=sara").await;
    assert!(again.html.contains("<option value=\"reception\" selected>"), "{}", again.html);
}

#[tokio::test]
async fn a_pasted_table_is_looked_through_and_comes_in_whole_or_not_at_all() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    let path = "/registers/devices/paste";
    let page = browser.get(path).await;
    let (csrf, once) = (page.hidden("/paste\"", "csrf"), page.hidden("/paste\"", "once"));
    let bad = "serial\tproduct\tstatus\nSN7\tF200\tsold\nSN8\tNOTHING\tsold\n";
    let good = "serial\tproduct\tstatus\nSN7\tF200\tsold\nSN8\tF200\tsold\n";
    let send = |text: &'static str, deed: &'static str, once: &str| {
        [
            ("csrf", csrf.clone()),
            ("once", once.to_owned()),
            ("text", text.to_owned()),
            ("deed", deed.to_owned()),
        ]
    };
    let there = async || world.as_user("admin").await.get("/api/devices/SN8").await.status;
    for (text, deed, once, status, is_there) in [
        (bad, "write", once.clone(), 422, 404),
        (good, "look", once.clone() + "1", 200, 404),
        (good, "write", once.clone() + "2", 200, 200),
    ] {
        let fields = send(text, deed, &once);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post(path, &fields).await;
        assert_eq!(answer.status, status, "{deed}: {}", answer.html);
        assert_eq!(there().await, is_there, "{deed}: {}", answer.html);
    }
}

#[tokio::test]
async fn papers_and_the_operations_pages_can_be_made_in_every_language() {
    let (world, code) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    let ticket = browser.get(&format!("/tickets/{code}")).await;
    let papers: Vec<String> = ticket
        .html
        .split(&format!("href=\"/tickets/{code}/papers/"))
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect();
    assert!(papers.len() >= 2, "{papers:?}: {}", ticket.html);
    for language in ["fa", "en", "zh", "pl"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        let mut paths: Vec<String> =
            papers.iter().map(|paper| format!("/tickets/{code}/papers/{paper}")).collect();
        paths.extend(["/incidents", "/messages", "/texts", "/definitions", "/account"].map(str::to_owned));
        paths.push("/texts/request_registered".into());
        paths.push(format!("/texts/request_registered?ticket={code}"));
        for path in paths {
            let page = browser.get(&path).await;
            assert_eq!(page.status, 200, "{language} {path}: {}", page.html);
            assert!(page.html.contains(&format!("<html lang=\"{language}\"")), "{language} {path}");
            // A template of the bundle is shown as it was written until a ticket fills it in.
            let is_template = path.starts_with("/texts/") && !path.contains('?');
            assert!(is_template || !page.html.contains("{{"), "{path}");
            assert!(page.html.trim_end().ends_with("</html>"), "{path}");
        }
    }
    let paper = browser.get(&format!("/tickets/{code}/papers/{}", papers[0])).await;
    assert!(paper.html.contains("it does not cool") && paper.html.contains("<path d=\"M"), "{}", paper.html);
    assert_eq!(browser.get(&format!("/tickets/{code}/papers/nothing")).await.status, 404);
}

#[tokio::test]
async fn a_second_factor_is_proved_asked_for_used_once_and_can_be_lost() {
    let (world, _) = World::furnished().await;
    let mut browser = Browser::of(&world);
    browser.sign_in("manager").await;
    let page = browser.get("/account").await;
    let csrf = page.hidden("/account/second-factor", "csrf");
    let deed = |deed: &'static str, code: &str| {
        vec![("csrf", csrf.clone()), ("deed", deed.to_owned()), ("code", code.to_owned())]
    };
    let send = async |browser: &mut Browser, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        browser.post("/account/second-factor", &fields).await
    };
    assert_eq!(send(&mut browser, deed("begin", "")).await.status, 303);
    let page = browser.get("/account").await;
    let secret = page.html.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(send(&mut browser, deed("prove", "000000")).await.status, 422);
    let first = totp::shown(&secret, world.app.clock.now()).expect("a code");
    let proved = send(&mut browser, deed("prove", &first)).await;
    assert_eq!(proved.status, 200, "{}", proved.html);
    let spare = proved.html.split("class=\"spare\"").nth(1).unwrap().split("<code>").nth(1).unwrap();
    let spare = spare.split('<').next().unwrap().to_owned();

    let mut other = Browser::of(&world);
    let with = async |other: &mut Browser, code: &str| {
        other
            .post("/sign-in", &[("user", "manager"), ("password", PASSWORD), ("code", code), ("back", "/")])
            .await
    };
    let asked = other.post("/sign-in", &[("user", "manager"), ("password", PASSWORD), ("back", "/")]).await;
    assert_eq!(asked.status, 401);
    assert!(asked.html.contains("name=\"code\""), "{}", asked.html);
    assert_eq!(with(&mut other, &first).await.status, 401, "used before");
    assert_eq!(with(&mut other, &spare).await.status, 303, "a spare one");
    assert_eq!(with(&mut Browser::of(&world), &spare).await.status, 401, "the spare one is used up");
}

/// SOS-20: fragments and kinds of letters, kept like every register.
async fn letter_types(world: &World) {
    let admin = world.as_user("admin").await;
    let all = |text: &str| json!({"en": text, "fa": text, "zh": text, "pl": text});
    let broken = json!({"code": "x", "name": all("X"), "body": all("{{ customer.name")});
    let refused = admin.post("/api/letter-fragments", &broken).await;
    assert_eq!(
        (refused.status, refused.at("/errors/0/code")),
        (422, json!("field_template")),
        "{}",
        refused.text
    );
    let greeting =
        json!({"code": "greeting", "name": all("Greeting"), "body": all("Dear {{ customer.name }},")});
    let end =
        json!({"code": "end", "name": all("End"), "body": all("Request {{ ticket.code }}, yours <truly>")});
    let body = "{{ fragment.greeting }}\n\nyour {{ product.name }} is here.";
    let kind = json!({"code": "arrived", "name": all("It has come"), "subject": all("About {{ ticket.code }}"), "body": all(body)});
    let secret = json!({"code": "secret", "name": all("Cost"), "subject": all("Cost"), "body": all("{{ charges.cost | money }}")});
    for (register, entry) in [
        ("letter-fragments", &greeting),
        ("letter-fragments", &end),
        ("letter-types", &kind),
        ("letter-types", &secret),
    ] {
        let put = admin.post(&format!("/api/{register}"), entry).await;
        assert_eq!(put.status, 201, "{register}: {}", put.text);
    }
}

/// Sends a form with these fields.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &fields).await
}

/// The form of a letter, as it is shown, with this typed into it.
fn typed(page: &Page, deed: &str) -> Vec<(&'static str, String)> {
    let hidden = |name: &str| page.hidden("/letters/", name);
    vec![
        ("csrf", hidden("csrf")),
        ("once", hidden("once")),
        ("version", hidden("version")),
        ("recipient", "علی کاظمی".to_owned()),
        ("subject", "About the fridge".to_owned()),
        ("body", "Edited by <hand>.".to_owned()),
        ("fragment", "end".to_owned()),
        ("email", "ali@example.com".to_owned()),
        ("deed", deed.to_owned()),
    ]
}

/// Reception begins a letter on the ticket's page; the letter's address.
async fn begun(browser: &mut Browser, code: &str) -> String {
    browser.cookies.insert("aftercare-reader".into(), "en...".into());
    let ticket = browser.get(&format!("/tickets/{code}")).await;
    assert!(ticket.html.contains("It has come") && !ticket.html.contains(">Cost<"), "{}", ticket.html);
    let form = format!("{code}/letters\"");
    let begin = |kind: &str| {
        [
            ("csrf", ticket.hidden(&form, "csrf")),
            ("once", ticket.hidden(&form, "once") + kind),
            ("type", kind.to_owned()),
            ("language", "en".to_owned()),
        ]
    };
    let path = format!("/tickets/{code}/letters");
    assert_eq!(send(browser, &path, &begin("secret")).await.status, 403, "reception never sees costs");
    let begun = send(browser, &path, &begin("arrived")).await;
    assert_eq!(begun.status, 303, "{}", begun.html);
    begun.location
}

// SOS-07, SOS-19, SOS-20
#[tokio::test]
async fn a_letter_is_merged_from_fragments_edited_and_sent_as_it_was_typed() {
    let (world, code) = World::furnished().await;
    letter_types(&world).await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let home = begun(&mut browser, &code).await;
    let page = browser.get(&home).await;
    assert!(page.html.contains("Dear علی کاظمی,\n\nyour Fridge 200 is here."), "{}", page.html);
    // A fragment goes below, merged; what was typed is kept.
    let fields = typed(&page, "insert");
    assert_eq!(send(&mut browser, &home, &fields).await.status, 303);
    let page = browser.get(&home).await;
    let expected = format!("Edited by &lt;hand&gt;.\n\nRequest {code}, yours &lt;truly&gt;");
    assert!(page.html.contains(&expected), "{}", page.html);
    // Who saw the older picture changes nothing.
    let mut old = fields.clone();
    old[1].1 = "another".to_owned();
    assert_eq!(send(&mut browser, &home, &old).await.status, 409);
    let given = send(&mut browser, &home, &typed(&page, "email")).await;
    assert_eq!(given.status, 303, "{}", given.html);
    let admin = world.as_user("admin").await;
    let sent = admin.get(&format!("/api/tickets/{code}/messages")).await.json();
    let sent = sent.as_array().into_iter().flatten().find(|one| one["message"] == "letter").cloned();
    let sent = sent.expect("an e-mail");
    let text = json!("<p>Edited by &lt;hand&gt;.</p>");
    assert_eq!((&sent["recipient"], &sent["text"]), (&json!("ali@example.com"), &text));
}

// SOS-21
#[tokio::test]
async fn a_letter_that_was_given_out_stands_and_is_found_by_those_alone_who_see_its_ticket() {
    let (world, code) = World::furnished().await;
    letter_types(&world).await;
    let mut browser = Browser::of(&world);
    browser.sign_in("reception").await;
    let home = begun(&mut browser, &code).await;
    for language in ["fa", "zh", "pl", "en"] {
        browser.cookies.insert("aftercare-reader".into(), format!("{language}..."));
        assert_eq!(browser.get(&home).await.status, 200);
        let all = browser.get("/letters?search=FRIDGE").await;
        assert!(all.status == 200 && all.html.contains(&home), "{}", all.html);
    }
    let page = browser.get(&home).await;
    let given = send(&mut browser, &home, &typed(&page, "print")).await;
    assert_eq!((given.status, given.location), (303, format!("{home}/print")), "{}", given.html);
    let paper = browser.get(&format!("{home}/print")).await;
    assert!(paper.status == 200 && paper.html.contains("About the fridge"), "{}", paper.html);

    // The page has no form any more, the API refuses, and so does the database itself.
    let page = browser.get(&home).await;
    assert!(!page.html.contains("name=\"body\""), "{}", page.html);
    let admin = world.as_user("admin").await;
    let letter = admin.get(&format!("/api{home}")).await;
    assert_eq!(
        (letter.at("/status"), letter.at("/version")),
        (json!("printed"), json!(2)),
        "{}",
        letter.text
    );
    // It stands in the history: what, to whom, by whom.
    let told = admin.get(&format!("/api/tickets/{code}/activities?kind=letter")).await;
    let expected = ["printed", "About the fridge", "reception", "علی کاظمی"].map(serde_json::Value::from);
    assert_eq!(
        ["detail", "text", "by", "to"].map(|key| told.at(&format!("/0/{key}"))),
        expected,
        "{}",
        told.text
    );
    let ticket = browser.get(&format!("/tickets/{code}?show=paper")).await;
    assert!(ticket.html.contains("Letter given out on paper"), "{}", ticket.html);
    let edit = json!({"version": 2, "recipient": "", "subject": "x", "body": "x"});
    assert_eq!(admin.put(&format!("/api{home}"), &edit).await.status, 409);
    let raw = sea_orm::Database::connect(world.app.config.database()).await.expect("a connection");
    let refused = sea_orm::ConnectionTrait::execute_unprepared(&raw, "UPDATE letter SET body = 'x'").await;
    assert!(refused.is_err_and(|error| error.to_string().contains("given out")));

    world.employ(vec![Person { branch: Some("B2".into()), ..Person::with("far", &["reception"]) }]).await;
    let far = world.as_user("far").await;
    assert_eq!(far.get("/api/letters").await.json(), json!([]));
    assert_eq!(far.get(&format!("/api{home}")).await.status, 404);
    assert_eq!(admin.get("/api/letters?search=EDITED").await.at("/0/number"), json!(format!("{code}/1")));
}

/// BS-05: however little a filter leaves, the board's columns hold what the list of each group does.
#[tokio::test]
async fn bs_05_the_boards_columns_hold_what_the_lists_of_their_groups_hold() {
    let world = World::demo().await;
    let manager = world.as_user("manager").await;
    let mut browser = Browser::of(&world);
    browser.become_user(&world, "manager").await;
    let first = manager.get("/api/tickets?process=shop_repair&limit=1").await.at("/items/0");
    let [code, name, technician] = [
        &first["code"].as_str().unwrap()[..11],
        first["customer"]["name"].as_str().unwrap().split(' ').next().unwrap(),
        "technician",
    ];
    for (page, list) in [
        (String::new(), String::new()),
        ("process=shop_repair".into(), "process=shop_repair".into()),
        (
            format!("technician={technician}&process=onsite_repair"),
            format!("technician={technician}&process=onsite_repair"),
        ),
        (
            "process=shop_repair&branch=THR1&overdue=yes".into(),
            "process=shop_repair&branch=THR1&overdue=true".into(),
        ),
        (format!("q={name}"), format!("name={name}")),
        (format!("q={name}&process=shop_repair"), format!("name={name}&process=shop_repair")),
        (format!("q={code}"), format!("code={code}")),
        ("q=00000000".into(), "phone=00000000".into()),
    ] {
        let board = browser.get(&format!("/tickets?{page}")).await;
        let mut shown: Vec<&str> = board.html.split("href=\"/tickets/").skip(1).collect();
        shown.iter_mut().for_each(|rest| *rest = rest.split(['"', '?', '#']).next().unwrap());
        shown.retain(|code| code.len() == first["code"].as_str().unwrap().len());
        shown.sort_unstable();
        shown.dedup();
        let mut listed = Vec::new();
        for category in ["open", "waiting", "done", "cancelled"] {
            let found = manager.get(&format!("/api/tickets?{list}&category={category}&limit=20")).await;
            let items = found.at("/items");
            listed.extend(
                items.as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()),
            );
        }
        listed.sort_unstable();
        assert_eq!(shown, listed, "{page}");
        let is_looked_for = page.starts_with("q=") && !page.contains("0000");
        assert!(!is_looked_for || !listed.is_empty(), "{page} finds nothing");
    }
}

#[tokio::test]
async fn two_customers_become_one_and_new_units_get_their_serials_on_their_forms() {
    let (world, _) = World::furnished().await;
    let admin = world.as_user("admin").await;
    let twin = json!({"code": "C9", "kind": "person", "name": "Ali K.", "phones": ["09351112233"], "language": "fa"});
    assert_eq!(admin.post("/api/customers", &twin).await.status, 201);
    let mut browser = Browser::of(&world);
    browser.sign_in("admin").await;
    let page = browser.get("/registers/customers/entry?key=C9").await;
    let path = "/registers/customers/beyond";
    let hidden = |page: &Page, name: &str| page.hidden(path, name);
    let (csrf, once, version) = (hidden(&page, "csrf"), hidden(&page, "once"), hidden(&page, "version"));
    let mut fields = [
        ("csrf", csrf.as_str()),
        ("once", once.as_str()),
        ("key", "C9"),
        ("version", version.as_str()),
        ("into", "C404"),
    ];
    let refused = browser.post(path, &fields).await;
    assert_eq!(refused.status, 422);
    for told in ["The other customer names a customer that does not exist", "value=\"C404\""] {
        assert!(refused.html.contains(told), "{told}: {}", refused.html);
    }
    let again = hidden(&refused, "once");
    (fields[1].1, fields[4].1) = (&again, "C1");
    let merged = browser.post(path, &fields).await;
    assert_eq!((merged.status, merged.location.as_str()), (303, "/registers/customers/entry?key=C1"));
    let kept = admin.get("/api/customers/C1").await;
    assert!(kept.at("/phones").to_string().contains("09351112233"), "{}", kept.text);

    let mut model = admin.get("/api/products/F200").await.json();
    (model["serial_prefix"], model["serial_width"]) = (json!("F2"), json!(5));
    assert_eq!(admin.put("/api/products/F200", &model).await.status, 200);
    let page = browser.get("/registers/products/entry?key=F200").await;
    let path = "/registers/products/beyond";
    let (csrf, once) = (page.hidden(path, "csrf"), page.hidden(path, "once"));
    let making = [("csrf", csrf.as_str()), ("once", &once), ("key", "F200"), ("count", "3"), ("batch", "B7")];
    let made = browser.post(path, &making).await;
    assert!(made.html.contains("F200001 – F200003"), "{}", made.html);
    assert_eq!(admin.get("/api/devices/F200002").await.at("/batch"), "B7");
}
