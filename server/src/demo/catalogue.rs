//! What the demo company makes, spares and does: products with policies, parts with prices, services, service plans.

use serde_json::{Value, json};

use crate::entity;

use super::Made;
use super::dice::Dice;

/// A line of products: code, names, serial prefix, hazard, list price of the cheapest model in millions.
type Line = (&'static str, [&'static str; 4], &'static str, &'static str, i64);

#[rustfmt::skip]
const LINES: [Line; 12] = [
    ("FRG", ["Refrigerator", "یخچال", "冰箱", "Lodówka"], "FR", "electric", 420),
    ("FRZ", ["Freezer", "فریزر", "冷柜", "Zamrażarka"], "FZ", "electric", 380),
    ("WSH", ["Washing machine", "ماشین لباسشویی", "洗衣机", "Pralka"], "WM", "electric", 340),
    ("DRY", ["Dryer", "خشک‌کن", "干衣机", "Suszarka"], "DR", "electric", 330),
    ("DSH", ["Dishwasher", "ماشین ظرفشویی", "洗碗机", "Zmywarka"], "DW", "electric", 360),
    ("CKR", ["Gas cooker", "اجاق گاز", "燃气灶", "Kuchenka gazowa"], "GC", "gas", 180),
    ("OVN", ["Built-in oven", "فر توکار", "嵌入式烤箱", "Piekarnik"], "OV", "electric", 260),
    ("HOD", ["Cooker hood", "هود", "抽油烟机", "Okap"], "HD", "electric", 90),
    ("WTH", ["Water heater", "آبگرمکن", "热水器", "Podgrzewacz wody"], "WH", "pressure", 140),
    ("ACN", ["Air conditioner", "کولر گازی", "空调", "Klimatyzator"], "AC", "pressure", 390),
    ("MCW", ["Microwave oven", "مایکروویو", "微波炉", "Kuchenka mikrofalowa"], "MW", "electric", 110),
    ("VAC", ["Vacuum cleaner", "جاروبرقی", "吸尘器", "Odkurzacz"], "VC", "none", 95),
];

const MODELS: [&str; 5] = ["100", "200", "300 Plus", "500 Pro", "900 Max"];

/// Parts that every line has: code, names, price in thousands, original.
#[rustfmt::skip]
const PARTS: [(&str, [&str; 4], i64, bool); 9] = [
    ("BRD", ["Control board", "برد کنترل", "控制板", "Płyta sterująca"], 38_000, true),
    ("MTR", ["Motor", "موتور", "电机", "Silnik"], 62_000, true),
    ("SNS", ["Sensor", "حسگر", "传感器", "Czujnik"], 4_800, true),
    ("DSP", ["Display", "نمایشگر", "显示屏", "Wyświetlacz"], 12_500, true),
    ("HNG", ["Door hinge", "لولای در", "门铰链", "Zawias drzwi"], 2_600, true),
    ("SEL", ["Seal", "واشر", "密封圈", "Uszczelka"], 1_900, true),
    ("SWT", ["Switch", "کلید", "开关", "Przełącznik"], 1_400, true),
    ("CBL", ["Power cord", "کابل برق", "电源线", "Przewód zasilający"], 2_200, true),
    ("SNX", ["Sensor, other maker", "حسگر متفرقه", "副厂传感器", "Czujnik – zamiennik"], 2_300, false),
];

/// Services: code, names, kind, standard hours, price in thousands.
#[rustfmt::skip]
const SERVICES: [(&str, [&str; 4], &str, &str, i64); 10] = [
    ("LAB-DIAG", ["Diagnosis", "عیب‌یابی", "故障诊断", "Diagnoza"], "labour", "0.5", 1_500),
    ("LAB-STD", ["Standard repair", "تعمیر استاندارد", "标准维修", "Naprawa standardowa"], "labour", "1", 3_000),
    ("LAB-HVY", ["Major repair", "تعمیر اساسی", "大修", "Naprawa główna"], "labour", "3", 8_500),
    ("LAB-BRD", ["Board repair", "تعمیر برد", "电路板维修", "Naprawa płyty"], "labour", "2", 6_000),
    ("LAB-GAS", ["Refrigerant charge", "شارژ گاز", "加注制冷剂", "Napełnienie czynnikiem"], "labour", "1.5", 7_200),
    ("LAB-INS", ["Installation", "نصب", "安装", "Montaż"], "labour", "1.5", 4_000),
    ("TRV-CITY", ["Travel within the city", "ایاب‌وذهاب درون‌شهری", "市内上门费", "Dojazd w mieście"], "travel", "0", 500),
    ("TRV-OUT", ["Travel outside the city", "ایاب‌وذهاب برون‌شهری", "市外上门费", "Dojazd poza miasto"], "travel", "0", 1_800),
    ("FEE-DIAG", ["Inspection fee", "هزینه کارشناسی", "检测费", "Opłata za oględziny"], "fee", "0", 900),
    ("FEE-URG", ["Urgent visit", "اعزام فوری", "加急费", "Wizyta pilna"], "fee", "0", 1_200),
];

/// A service plan: code, names, the line that it is for, months between visits, months that it holds, price in
/// thousands.
type Plan = (&'static str, [&'static str; 4], Option<&'static str>, i64, i64, i64);

#[rustfmt::skip]
const PLANS: [Plan; 4] = [
    ("CARE-1", ["Yearly care, one year", "سرویس سالانه، یک‌ساله", "年度保养（一年）", "Przegląd roczny, 1 rok"], None, 12, 12, 4_500),
    ("CARE-2", ["Yearly care, two years", "سرویس سالانه، دوساله", "年度保养（两年）", "Przegląd roczny, 2 lata"], None, 12, 24, 8_200),
    ("COOL-2", ["Air conditioner, every season", "کولر گازی، هر فصل", "空调按季保养", "Klimatyzator, co sezon"], Some("ACN"), 6, 24, 12_600),
    ("HEAT-3", ["Water heater, safety checked yearly", "آبگرمکن با بازرسی ایمنی سالانه", "热水器年度安全检查", "Podgrzewacz, coroczna kontrola"], Some("WTH"), 12, 36, 13_500),
];

/// A text by language as the registers keep it.
pub fn names(texts: [&str; 4]) -> String {
    let [en, fa, zh, pl] = texts;
    json!({"en": en, "fa": fa, "zh": zh, "pl": pl}).to_string()
}

/// Code of the partner who answers for some lines.
pub const PARTNER: &str = "PT01";

/// Policies by code, with their terms as the engine reads them.
pub fn policies() -> Vec<(&'static str, [&'static str; 4], Value)> {
    let cover = |months, parts, labour, travel| json!({"months": months, "parts": parts, "labour": labour, "travel": travel});
    let policy = |code, basis, guarantee, warranty, kind: &str, extra: Value| {
        let mut terms = json!({
            "code": code, "start_basis": basis, "guarantee": guarantee, "warranty": warranty,
            "commitment": cover(84, 0, 0, 0), "excluded_faults": ["misuse", "accident"], "stamp_required": false,
            "owner_bound": false, "kind": kind, "partner": null, "replacement_part_months": 6,
            "max_start_delay_months": 12, "extension_percent": 4, "service_months": 12,
        });
        if let (Some(terms), Some(extra)) = (terms.as_object_mut(), extra.as_object()) {
            terms.extend(extra.clone());
        }
        terms
    };
    let full = || cover(24, 100, 100, 100);
    vec![
        (
            "STD24",
            [
                "Standard, 24 months from sale",
                "استاندارد، ۲۴ ماه از فروش",
                "标准：自购买起24个月",
                "Standard, 24 miesiące od sprzedaży",
            ],
            policy("STD24", "sale", full(), cover(12, 100, 0, 0), "internal", json!({})),
        ),
        (
            "INS24",
            ["24 months from installation", "۲۴ ماه از نصب", "自安装起24个月", "24 miesiące od montażu"],
            policy(
                "INS24",
                "installation",
                full(),
                cover(12, 100, 0, 0),
                "internal",
                json!({"stamp_required": true}),
            ),
        ),
        (
            "PRD18",
            ["18 months from production", "۱۸ ماه از تولید", "自生产起18个月", "18 miesięcy od produkcji"],
            policy("PRD18", "production", cover(18, 100, 100, 0), cover(0, 0, 0, 0), "internal", json!({})),
        ),
        (
            "MIX60",
            ["Parts 60 percent", "۶۰ درصد قطعات", "配件60%", "Części 60 procent"],
            policy("MIX60", "sale", cover(36, 60, 100, 0), cover(12, 30, 0, 0), "internal", json!({})),
        ),
        (
            "PART24",
            [
                "24 months by the partner",
                "۲۴ ماه نزد شرکت همکار",
                "合作企业质保24个月",
                "24 miesiące u partnera",
            ],
            policy("PART24", "sale", full(), cover(0, 0, 0, 0), "outsourced", json!({"partner": PARTNER})),
        ),
    ]
}

/// Which policy a line of products has.
fn policy_of(line: &str) -> &'static str {
    match line {
        "ACN" | "WTH" => "INS24",
        "CKR" | "HOD" => "PRD18",
        "VAC" => "MIX60",
        "MCW" => "PART24",
        _ => "STD24",
    }
}

/// Categories, products, policies, parts, services.
pub fn make(made: &mut Made, dice: &mut Dice) {
    let (at, version) = (made.at, 0);
    for (code, texts, terms) in policies() {
        made.policies.push(entity::policy::Model {
            code: code.to_owned(),
            name: names(texts),
            terms: terms.to_string(),
            created_at: at,
            updated_at: at,
            version,
        });
    }
    for (line, texts, prefix, hazard, price) in LINES {
        made.categories.push(entity::product_category::Model {
            code: line.to_owned(),
            parent: None,
            name: names(texts),
            created_at: at,
            updated_at: at,
            version,
        });
        for (n, model) in (1_i64..).zip(MODELS) {
            let named = texts.map(|text| format!("{text} {model}"));
            let [en, fa, zh, pl] = &named;
            made.products.push(entity::product::Model {
                code: format!("{line}-{n}"),
                category: line.to_owned(),
                name: names([en, fa, zh, pl]),
                brand: Some("Pars".to_owned()),
                price: (price + price * (n - 1) / 3) * 1_000_000,
                hazard: hazard.to_owned(),
                policy: Some(policy_of(line).to_owned()),
                serial_prefix: Some(format!("{prefix}{n}")),
                serial_suffix: None,
                serial_width: Some(6),
                attributes: None,
                active: true,
                created_at: at,
                updated_at: at,
                version,
            });
        }
        for (code, texts, price, oem) in PARTS {
            let price = price * 1000 * dice.between(80, 130) / 100 / 10_000 * 10_000;
            made.parts.push(entity::part::Model {
                code: format!("{prefix}-{code}"),
                name: names(texts),
                oem,
                price,
                agency_price: Some(price * 85 / 100),
                unit: "piece".to_owned(),
                min_level: 5_000,
                active: true,
                created_at: at,
                updated_at: at,
                version,
            });
        }
    }
    services(made);
}

/// What is done for money, visit by visit or for a time.
fn services(made: &mut Made) {
    let (at, version) = (made.at, 0);
    for (code, texts, line, every, months, price) in PLANS {
        made.plans.push(entity::service_plan::Model {
            code: code.to_owned(),
            name: names(texts),
            category: line.map(str::to_owned),
            product: None,
            service_months: Some(every),
            service_usage: None,
            contract_months: months,
            price: price * 1000,
            active: true,
            created_at: at,
            updated_at: at,
            version,
        });
    }
    for (code, texts, kind, hours, price) in SERVICES {
        made.services.push(entity::service::Model {
            code: code.to_owned(),
            name: names(texts),
            kind: kind.to_owned(),
            hours: hours.to_owned(),
            price: price * 1000,
            active: true,
            created_at: at,
            updated_at: at,
            version,
        });
    }
}
