//! What people, streets and faults are called in the four languages.

use super::dice::Dice;

/// A language with what it takes to name a person in it.
pub struct Tongue {
    pub code: &'static str,
    first: &'static [&'static str],
    last: &'static [&'static str],
    /// Between the two parts of a name.
    joint: &'static str,
    last_first: bool,
    cities: &'static [(&'static str, &'static str)],
    streets: &'static [&'static str],
    phone: &'static str,
    faults: &'static [&'static str],
    remarks: &'static [&'static str],
}

pub static TONGUES: [Tongue; 4] = [
    Tongue {
        code: "fa",
        first: &[
            "زهرا",
            "علی",
            "مریم",
            "محمد",
            "فاطمه",
            "رضا",
            "سارا",
            "حسین",
            "نرگس",
            "امیر",
            "لیلا",
            "مهدی",
            "پریسا",
            "کاوه",
            "شیرین",
            "بهرام",
        ],
        last: &[
            "احمدی",
            "رضایی",
            "کریمی",
            "محمدی",
            "حسینی",
            "موسوی",
            "جعفری",
            "صادقی",
            "نوری",
            "یزدانی",
            "شریفی",
            "کاظمی",
            "رستمی",
            "قاسمی",
            "مرادی",
            "فرهادی",
        ],
        joint: " ",
        last_first: false,
        cities: &[
            ("تهران", "تهران"),
            ("اصفهان", "اصفهان"),
            ("فارس", "شیراز"),
            ("خراسان رضوی", "مشهد"),
            ("آذربایجان شرقی", "تبریز"),
        ],
        streets: &[
            "خیابان ولیعصر",
            "خیابان شریعتی",
            "بلوار کشاورز",
            "خیابان انقلاب",
            "خیابان فردوسی",
            "بلوار آزادی",
        ],
        phone: "+98900",
        faults: &[
            "روشن نمی‌شود",
            "صدای زیاد می‌دهد",
            "نشتی آب دارد",
            "خنک نمی‌کند",
            "برنامه را نیمه‌کاره قطع می‌کند",
            "بوی سوختگی می‌دهد",
            "درب بسته نمی‌شود",
            "نمایشگر خاموش است",
        ],
        remarks: &[
            "با مشتری هماهنگ شد",
            "طبقه‌ی سوم، آسانسور ندارد",
            "قبل از آمدن تماس بگیرید",
            "قطعه تعویض و آزمایش شد",
            "بدون مشکل",
        ],
    },
    Tongue {
        code: "pl",
        first: &[
            "Anna",
            "Piotr",
            "Katarzyna",
            "Krzysztof",
            "Małgorzata",
            "Andrzej",
            "Agnieszka",
            "Tomasz",
            "Ewa",
            "Paweł",
            "Łucja",
            "Michał",
        ],
        last: &[
            "Nowak",
            "Kowalczyk",
            "Wiśniewska-Maj",
            "Wójcik",
            "Kamiński",
            "Lewandowski",
            "Zielińska",
            "Szymański",
            "Woźniak",
            "Dąbrowska",
            "Kozłowski",
            "Jankowska",
        ],
        joint: " ",
        last_first: false,
        cities: &[
            ("mazowieckie", "Warszawa"),
            ("małopolskie", "Kraków"),
            ("dolnośląskie", "Wrocław"),
            ("wielkopolskie", "Poznań"),
        ],
        streets: &[
            "ul. Polna",
            "ul. Słoneczna",
            "ul. Leśna",
            "ul. Krótka",
            "ul. Łąkowa",
            "al. Jana Pawła II",
        ],
        phone: "+48500",
        faults: &[
            "nie włącza się",
            "głośno pracuje",
            "cieknie woda",
            "nie chłodzi",
            "przerywa program",
            "czuć spalenizną",
            "drzwi się nie domykają",
            "wyświetlacz nie działa",
        ],
        remarks: &[
            "uzgodniono z klientem",
            "trzecie piętro bez windy",
            "proszę zadzwonić przed wizytą",
            "część wymieniona i sprawdzona",
            "bez uwag",
        ],
    },
    Tongue {
        code: "zh",
        first: &["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇"],
        last: &["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"],
        joint: "",
        last_first: true,
        cities: &[("上海", "上海"), ("广东", "广州"), ("浙江", "杭州"), ("四川", "成都")],
        streets: &["人民路", "中山路", "解放路", "建设路", "和平街", "长江路"],
        phone: "+86170",
        faults: &[
            "无法开机",
            "噪音很大",
            "漏水",
            "不制冷",
            "程序中途停止",
            "有烧焦味",
            "门关不上",
            "显示屏不亮",
        ],
        remarks: &["已与客户确认", "三楼无电梯", "上门前请先电话联系", "已更换配件并测试", "一切正常"],
    },
    Tongue {
        code: "en",
        first: &[
            "Emma", "James", "Olivia", "William", "Amelia", "Thomas", "Grace", "George", "Sophie", "Daniel",
            "Ruth", "Henry",
        ],
        last: &[
            "Smith", "Taylor", "Brown", "Wilson", "Evans", "Walker", "Green", "Hughes", "Clarke", "O'Brien",
            "Marsh", "Doyle",
        ],
        joint: " ",
        last_first: false,
        cities: &[("Dubai", "Dubai"), ("Muscat", "Muscat"), ("Doha", "Doha")],
        streets: &["Palm Street", "Harbour Road", "Creek View", "Garden Avenue", "Station Road"],
        phone: "+97150",
        faults: &[
            "does not switch on",
            "makes a loud noise",
            "leaks water",
            "does not cool",
            "stops in the middle of a programme",
            "smells of burning",
            "the door does not close",
            "the display stays dark",
        ],
        remarks: &[
            "agreed with the customer",
            "third floor, no lift",
            "please call before the visit",
            "part replaced and tested",
            "no remarks",
        ],
    },
];

fn one<'a>(dice: &mut Dice, from: &'a [&'static str]) -> &'a str {
    dice.pick(from).copied().unwrap_or_default()
}

impl Tongue {
    /// By its code; the first when there is none such.
    pub fn of(code: &str) -> &'static Self {
        let [first, ..] = &TONGUES;
        TONGUES.iter().find(|tongue| tongue.code == code).unwrap_or(first)
    }

    /// A person's name.
    pub fn person(&self, dice: &mut Dice) -> String {
        let (first, last) = (one(dice, self.first), one(dice, self.last));
        let (one, two) = if self.last_first { (last, first) } else { (first, last) };
        format!("{one}{}{two}", self.joint)
    }

    /// Province and city.
    pub fn city(&self, dice: &mut Dice) -> (String, String) {
        let (province, city) = dice.pick(self.cities).copied().unwrap_or_default();
        (province.to_owned(), city.to_owned())
    }

    /// A street with a number.
    pub fn street(&self, dice: &mut Dice) -> String {
        let street = one(dice, self.streets);
        let number = dice.between(1, 240);
        match self.code {
            "fa" => format!("{street}، پلاک {number}"),
            "zh" => format!("{street}{number}号"),
            "pl" => format!("{street} {number}"),
            _ => format!("{number} {street}"),
        }
    }

    /// A mobile number that is nobody else's in the demo.
    pub fn phone(&self, n: i64) -> String {
        format!("{}{n:06}", self.phone)
    }

    /// What a customer says about a fault.
    pub fn fault(&self, dice: &mut Dice) -> &'static str {
        dice.pick(self.faults).copied().unwrap_or_default()
    }

    /// What staff write into a free field.
    pub fn remark(&self, dice: &mut Dice) -> &'static str {
        dice.pick(self.remarks).copied().unwrap_or_default()
    }
}
