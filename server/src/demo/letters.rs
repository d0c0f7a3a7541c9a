//! The letters that the demo company writes, and the fragments that they share. Codes and days inside Persian stand
//! between marks that keep their order.

use super::Made;
use super::catalogue::names;
use crate::entity::{letter_fragment, letter_type};

type Texts = [&'static str; 4];

/// Code, name and text of each fragment, each in English, Persian, Chinese and Polish.
const FRAGMENTS: [(&str, Texts, Texts); 3] = [
    (
        "greeting",
        ["Greeting", "سرآغاز", "称呼", "Powitanie"],
        [
            "Dear {{ customer.name }},",
            "{{ customer.name }} گرامی،\nبا سلام و احترام،",
            "尊敬的{{ customer.name }}：",
            "Szanowni Państwo,\n{{ customer.name }},",
        ],
    ),
    (
        "about",
        ["What it is about", "موضوع درخواست", "事由", "Czego dotyczy"],
        [
            "this is about your request {{ ticket.code }} of {{ ticket.opened_at | date }}.",
            "این نامه درباره‌ی درخواست \u{2066}{{ ticket.code | digits }}\u{2069} به تاریخ \u{2066}{{ ticket.opened_at | date }}\u{2069} است.",
            "本函涉及您于{{ ticket.opened_at | date }}提交的工单{{ ticket.code }}。",
            "pismo dotyczy zgłoszenia {{ ticket.code }} z dnia {{ ticket.opened_at | date }}.",
        ],
    ),
    (
        "closing",
        ["Closing", "پایان", "结尾", "Zakończenie"],
        [
            "You can follow your request at {{ ticket.link }}.\n\nYours sincerely",
            "پیگیری درخواست: \u{2066}{{ ticket.link }}\u{2069}\n\nبا احترام",
            "进度查询：{{ ticket.link }}\n\n此致\n敬礼",
            "Stan zgłoszenia: {{ ticket.link }}\n\nZ poważaniem",
        ],
    ),
];

/// Code, name, subject and text of each kind.
const TYPES: [(&str, Texts, Texts, Texts); 3] = [
    (
        "confirmation",
        ["Confirmation of a request", "تأیید درخواست", "工单确认函", "Potwierdzenie zgłoszenia"],
        [
            "Your request {{ ticket.code }}",
            "درخواست شما \u{2066}{{ ticket.code | digits }}\u{2069}",
            "您的工单{{ ticket.code }}",
            "Państwa zgłoszenie {{ ticket.code }}",
        ],
        [
            "{{ fragment.greeting }}\n\n{{ fragment.about }} We have received it and will keep you informed.\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }} درخواست شما ثبت شد و شما را در جریان می‌گذاریم.\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }}我们已受理，并将及时通知您进展。\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }} Przyjęliśmy je i będziemy informować o postępach.\n\n{{ fragment.closing }}",
        ],
    ),
    (
        "documents",
        ["Request for documents", "درخواست مدرک", "补充单据函", "Prośba o dokumenty"],
        [
            "Documents for request {{ ticket.code }}",
            "مدارک درخواست \u{2066}{{ ticket.code | digits }}\u{2069}",
            "工单{{ ticket.code }}所需单据",
            "Dokumenty do zgłoszenia {{ ticket.code }}",
        ],
        [
            "{{ fragment.greeting }}\n\n{{ fragment.about }} To go on we need the purchase invoice and the warranty card. Please send them within ten days.\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }} برای ادامه، فاکتور خرید و کارت گارانتی لازم است. خواهشمندیم تا ده روز دیگر بفرستید.\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }}为继续办理，请在十日内提供购货发票和保修卡。\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }} Do dalszego rozpatrzenia potrzebujemy faktury zakupu i karty gwarancyjnej. Prosimy o nie w ciągu dziesięciu dni.\n\n{{ fragment.closing }}",
        ],
    ),
    (
        "payment",
        ["Reminder of payment", "یادآوری پرداخت", "付款提醒函", "Przypomnienie o płatności"],
        [
            "Payment for request {{ ticket.code }}",
            "پرداخت درخواست \u{2066}{{ ticket.code | digits }}\u{2069}",
            "工单{{ ticket.code }}付款",
            "Płatność za zgłoszenie {{ ticket.code }}",
        ],
        [
            "{{ fragment.greeting }}\n\n{{ fragment.about }} Of {{ charges.gross | money }} in all, {{ charges.customer_owes | money }} are still open. Please pay them or tell us if something is not right.\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }} از مبلغ کل {{ charges.gross | money }}، مبلغ {{ charges.customer_owes | money }} هنوز پرداخت نشده است. خواهشمندیم بپردازید یا اگر نادرست است، به ما بگویید.\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }}总额{{ charges.gross | money }}中尚有{{ charges.customer_owes | money }}未付。请付款，如有疑问请告知我们。\n\n{{ fragment.closing }}",
            "{{ fragment.greeting }}\n\n{{ fragment.about }} Z łącznej kwoty {{ charges.gross | money }} pozostało do zapłaty {{ charges.customer_owes | money }}. Prosimy o zapłatę lub informację, jeśli coś się nie zgadza.\n\n{{ fragment.closing }}",
        ],
    ),
];

pub(super) fn make(made: &mut Made) {
    let (at, version) = (made.at, 0);
    for (code, name, body) in FRAGMENTS {
        made.fragments.push(letter_fragment::Model {
            code: code.to_owned(),
            name: names(name),
            body: names(body),
            active: true,
            created_at: at,
            updated_at: at,
            version,
        });
    }
    for (code, name, subject, body) in TYPES {
        made.letters.push(letter_type::Model {
            code: code.to_owned(),
            name: names(name),
            subject: names(subject),
            body: names(body),
            active: true,
            created_at: at,
            updated_at: at,
            version,
        });
    }
}
