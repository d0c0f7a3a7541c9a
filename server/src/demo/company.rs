//! The demo company itself: shops, branches, warehouses with stock, agencies, a partner, the people.

use aftercare_engine::library::Library;
use chrono::Months;

use crate::entity;

use super::catalogue::{PARTNER, names};
use super::dice::Dice;
use super::names::{TONGUES, Tongue};
use super::{Made, PASSWORD};

/// Code, shop, number, names, city.
#[rustfmt::skip]
const BRANCHES: [(&str, &str, &str, [&str; 4], &str); 4] = [
    ("THR1", "01", "01", ["Tehran Centre", "تهران مرکز", "德黑兰中心", "Teheran Centrum"], "تهران"),
    ("THR2", "01", "02", ["Tehran North", "تهران شمال", "德黑兰北", "Teheran Północ"], "تهران"),
    ("ISF1", "02", "01", ["Isfahan", "اصفهان", "伊斯法罕", "Isfahan"], "اصفهان"),
    ("WAW1", "03", "01", ["Warsaw", "ورشو", "华沙", "Warszawa"], "Warszawa"),
];

#[rustfmt::skip]
const SHOPS: [(&str, [&str; 4]); 3] = [
    ("01", ["Tehran", "تهران", "德黑兰", "Teheran"]),
    ("02", ["Isfahan", "اصفهان", "伊斯法罕", "Isfahan"]),
    ("03", ["Europe", "اروپا", "欧洲", "Europa"]),
];

/// Code, names, kind, labour tariff in percent, credit limit in millions.
#[rustfmt::skip]
const AGENCIES: [(&str, [&str; 4], &str, i64, i64); 8] = [
    ("AG01", ["Alborz Service", "خدمات البرز", "厄尔布尔士服务", "Serwis Alborz"], "both", 90, 100),
    ("AG02", ["Zagros Service", "خدمات زاگرس", "扎格罗斯服务", "Serwis Zagros"], "service", 85, 60),
    ("AG03", ["Caspian Cooling", "برودت خزر", "里海制冷", "Chłodnictwo Kaspijskie"], "service", 95, 80),
    ("AG04", ["Persian Gulf Parts", "قطعات خلیج فارس", "波斯湾配件", "Części Zatoki Perskiej"], "sales", 0, 250),
    ("AG05", ["Sahand Service", "خدمات سهند", "萨汉德服务", "Serwis Sahand"], "both", 88, 120),
    ("AG06", ["Karun Service", "خدمات کارون", "卡伦服务", "Serwis Karun"], "service", 92, 40),
    ("AG07", ["Mazovia Serwis", "خدمات مازوویا", "马佐夫舍服务", "Serwis Mazowsze"], "both", 100, 150),
    (PARTNER, ["Nord Electronics", "نورد الکترونیک", "北方电子", "Nord Elektronika"], "partner", 110, 0),
];

/// Technicians besides the one named like the role.
const MORE_TECHNICIANS: i64 = 6;

pub fn make(made: &mut Made, dice: &mut Dice, library: &Library) {
    shops(made);
    branches(made);
    agencies(made);
    stock(made, dice);
    people(made, dice, library);
    skills(made);
    vans(made);
    stores(made);
}

fn shops(made: &mut Made) {
    for (code, texts) in SHOPS {
        made.shops.push(entity::shop::Model {
            code: code.to_owned(),
            name: names(texts),
            phone: None,
            address: None,
            active: true,
            created_at: made.at,
            updated_at: made.at,
            version: 0,
        });
    }
}

fn branches(made: &mut Made) {
    for (code, shop, number, texts, city) in BRANCHES {
        let warehouse = format!("W-{code}");
        made.warehouses.push(entity::warehouse::Model {
            code: warehouse.clone(),
            branch: Some(code.to_owned()),
            name: names(texts),
            kind: "main".to_owned(),
            agency: None,
            technician: None,
            active: true,
            created_at: made.at,
            updated_at: made.at,
            version: 0,
        });
        made.branches.push(entity::branch::Model {
            code: code.to_owned(),
            shop: shop.to_owned(),
            number: number.to_owned(),
            name: names(texts),
            city: Some(city.to_owned()),
            phone: None,
            address: None,
            warehouse: Some(warehouse),
            calendar: None,
            active: true,
            created_at: made.at,
            updated_at: made.at,
            version: 0,
        });
    }
}

fn agencies(made: &mut Made) {
    for (n, (code, texts, kind, labour_percent, limit)) in (0_i64..).zip(AGENCIES) {
        let language = if code == "AG07" { "pl" } else { "fa" };
        made.agencies.push(entity::agency::Model {
            code: code.to_owned(),
            name: names(texts),
            kind: kind.to_owned(),
            status: "active".to_owned(),
            branch: None,
            vetted_to: made.today.checked_add_months(Months::new(18)),
            credit_limit: limit * 1_000_000,
            labour_percent,
            region: None,
            brands: None,
            language: language.to_owned(),
            email: Some(format!("{}@agency.example", code.to_lowercase())),
            phone: Some(Tongue::of(language).phone(990_000 + n)),
            city: None,
            address: None,
            created_at: made.at,
            updated_at: made.at,
            version: 0,
        });
    }
}

/// Every main warehouse holds every part, bought for a little over half of its price.
fn stock(made: &mut Made, dice: &mut Dice) {
    for warehouse in &made.warehouses {
        for part in &made.parts {
            let quantity = dice.between(20, 120);
            let cost = part.price * dice.between(55, 70) / 100;
            made.balances.push(entity::stock_balance::Model {
                warehouse: warehouse.code.clone(),
                part: part.code.clone(),
                quantity: quantity * 1000,
                value: cost * quantity,
                version: 0,
            });
        }
    }
}

/// One user for every role, named like it, and more technicians.
fn people(made: &mut Made, dice: &mut Dice, library: &Library) {
    let branch = made.branches.first().map(|branch| branch.code.clone());
    let roles: Vec<String> = library.roles.keys().map(str::to_owned).collect();
    for role in &roles {
        let bound = library.roles.get(role).is_some_and(|role| role.branch_bound);
        let home = branch.clone().filter(|_| bound);
        person(made, dice, role, role, home);
    }
    let Some(role) = roles.iter().find(|role| *role == "technician").cloned() else { return };
    for n in 2..2 + MORE_TECHNICIANS {
        let home = dice.pick(&made.branches).map(|branch| branch.code.clone());
        person(made, dice, &format!("{role}{n}"), &role, home);
    }
}

/// Parts in each van, and how many of each.
const IN_VAN: usize = 12;
const OF_EACH: i64 = 3;

/// Every technician drives a van with the parts that are asked for most.
fn vans(made: &mut Made) {
    for user in made.users.iter().filter(|user| user.kind.is_some()) {
        let code = format!("VAN-{}", user.name);
        let all = |words: [&str; 4]| {
            names(words.map(|word| format!("{word} {}", user.full_name)).each_ref().map(String::as_str))
        };
        made.warehouses.push(entity::warehouse::Model {
            code: code.clone(),
            branch: user.branch.clone(),
            name: all(["Van of", "خودروی", "服务车", "Samochód:"]),
            kind: "van".to_owned(),
            agency: None,
            technician: Some(user.name.clone()),
            active: true,
            created_at: made.at,
            updated_at: made.at,
            version: 0,
        });
        let held = made.parts.iter().take(IN_VAN).map(|part| entity::stock_balance::Model {
            warehouse: code.clone(),
            part: part.code.clone(),
            quantity: OF_EACH * 1000,
            value: part.price * 60 / 100 * OF_EACH,
            version: 0,
        });
        made.balances.extend(held);
    }
}

/// Every agency that repairs has a store for parts of ours. Nothing is in it before somebody sends some.
fn stores(made: &mut Made) {
    for agency in made.agencies.iter().filter(|agency| agency.kind != "partner" && agency.kind != "sales") {
        made.warehouses.push(entity::warehouse::Model {
            code: format!("W-{}", agency.code),
            branch: None,
            name: agency.name.clone(),
            kind: "agency".to_owned(),
            agency: Some(agency.code.clone()),
            technician: None,
            active: true,
            created_at: made.at,
            updated_at: made.at,
            version: 0,
        });
    }
}

/// Every technician costs something and has been trained for most kinds of goods, one more than the other. No dice: what
/// the demo is otherwise made of stays as it was.
fn skills(made: &mut Made) {
    let technicians = made.users.iter_mut().filter(|user| user.kind.is_some());
    for (n, user) in (0_i64..).zip(technicians) {
        user.hourly_cost = Some(1_500_000 + 500_000 * (n % 5));
        for (m, category) in (0_i64..).zip(&made.categories) {
            let level = (n + 2 * m) % 5;
            if level == 0 {
                continue;
            }
            made.skills.push(entity::skill::Model {
                code: format!("SK-{}-{}", user.name, category.code),
                technician: user.name.clone(),
                category: category.code.clone(),
                product: None,
                level,
                certified_to: None,
                created_at: made.at,
                updated_at: made.at,
                version: 0,
            });
        }
    }
}

fn person(made: &mut Made, dice: &mut Dice, name: &str, role: &str, branch: Option<String>) {
    let [persian, ..] = &TONGUES;
    made.users.push(entity::user::Model {
        name: name.to_owned(),
        full_name: persian.person(dice),
        email: Some(format!("{name}@aftercare.example")),
        phone: None,
        language: "en".to_owned(),
        password: Some(PASSWORD.to_owned()),
        branch: branch.clone(),
        agency: match role {
            "agency" => made.agencies.first().map(|agency| agency.code.clone()),
            "partner" => Some(PARTNER.to_owned()),
            _ => None,
        },
        customer: None,
        kind: (role == "technician").then(|| "internal".to_owned()),
        territories: BRANCHES
            .iter()
            .find(|(code, ..)| branch.as_deref() == Some(code))
            .map(|one| one.4.to_owned()),
        hourly_cost: None,
        active: true,
        created_at: made.at,
        updated_at: made.at,
        version: 0,
    });
    made.roles.push(entity::user_role::Model {
        user_name: name.to_owned(),
        role: role.to_owned(),
        branch: branch.unwrap_or_default(),
    });
}
