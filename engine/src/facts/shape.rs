//! The names and types that guards, rules, vouchers and messages may use.
//!
//! This table is what `check` holds every expression against and what `schema` and the editor's completion
//! show. Adding a fact is one line here and one where the server fills it.

mod candidate;
mod decode;
mod goods;

use crate::definition::field::{Field, FieldType};

pub use candidate::CANDIDATE;
pub use decode::read;
pub use goods::{ITEM, PART, PART_LINE, SERVICE, SERVICE_LINE, SERVICE_PLAN, SHORT_PART};

/// A named fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
}

/// The type of a fact. Any fact may be absent (`()`), unless its words say that it is always there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Bool,
    Int,
    /// Exact number.
    Decimal,
    /// Amount in the company's currency, exact.
    Money,
    Text,
    Date,
    Time,
    /// Known keys only.
    Map(&'static [Entry]),
    /// A list of maps with these keys.
    Rows(&'static [Entry]),
    Texts,
    /// Something whose inside is not known before it is there.
    Any,
}

const fn e(name: &'static str, kind: Kind, about: &'static str) -> Entry {
    Entry { name, kind, about }
}

/// One of the three terms of a card or policy, in cover percentages by cost class.
pub const COVER: &[Entry] = &[
    e("months", Kind::Int, "length in months"),
    e("parts", Kind::Int, "percent of parts covered"),
    e("labour", Kind::Int, "percent of labour covered"),
    e("travel", Kind::Int, "percent of travel covered"),
];

pub const POLICY: &[Entry] = &[
    e("code", Kind::Text, "policy code"),
    e("start_basis", Kind::Text, "`production`, `sale` or `installation`"),
    e("guarantee", Kind::Map(COVER), "first term"),
    e("warranty", Kind::Map(COVER), "second term"),
    e("commitment", Kind::Map(COVER), "service commitment"),
    e("excluded_faults", Kind::Texts, "fault codes not covered"),
    e("stamp_required", Kind::Bool, "an unstamped card gives no cover"),
    e("owner_bound", Kind::Bool, "only the registered owner has cover"),
    e("kind", Kind::Text, "`internal` or `outsourced`"),
    e("partner", Kind::Text, "partner code when outsourced"),
    e("replacement_part_months", Kind::Int, "own term of a replaced part"),
    e("max_start_delay_months", Kind::Int, "latest start after production"),
    e("extension_percent", Kind::Decimal, "price of a year's extension in percent of the product's price"),
    e("service_months", Kind::Int, "months between two periodic services; empty: none by time"),
    e("service_usage", Kind::Int, "usage between two periodic services; empty: none by usage"),
    e(
        "claim_proof",
        Kind::Texts,
        "kinds of files that come with an agency's claim: `photo_initial`, `photo`, `signature`, `job_sheet`, `card`, `receipt`, `claim`, `letter`, `other`",
    ),
];

pub const PRODUCT: &[Entry] = &[
    e("code", Kind::Text, "model code"),
    e("name", Kind::Text, "model name"),
    e("category", Kind::Text, "category code"),
    e("brand", Kind::Text, "brand"),
    e("price", Kind::Money, "list price without VAT"),
    e("provision", Kind::Money, "what is left of its warranty provision; below zero when overdrawn"),
    e("hazard", Kind::Text, "`none`, `electric`, `gas`, `pressure`: what the safety check is about"),
    e("in_cover", Kind::Int, "its cards in cover on the last day of the period; only in runs"),
    e(
        "cover_left",
        Kind::Decimal,
        "what is left of the cards' terms then, a whole term counting 1; only in runs",
    ),
    e("cover_later", Kind::Decimal, "what of it lies more than twelve months after that day; only in runs"),
    e("cover_used", Kind::Decimal, "what went by of the cards' terms in the period; only in runs"),
];

pub const CARD: &[Entry] = &[
    e("number", Kind::Text, "card number"),
    e("status", Kind::Text, "`issued`, `active`, `void`"),
    e("issued_on", Kind::Date, "day of issue"),
    e("sold_on", Kind::Date, "day of sale"),
    e("holder", Kind::Text, "customer code"),
    e("stamped", Kind::Bool, "stamped by the seller"),
    e("kind", Kind::Text, "`internal` or `outsourced`"),
    e("partner", Kind::Text, "partner code"),
    e("guarantee_from", Kind::Date, "first term starts"),
    e("guarantee_to", Kind::Date, "last day of the first term, extension included"),
    e("warranty_from", Kind::Date, "second term starts"),
    e("warranty_to", Kind::Date, "last day of the second term"),
    e("commitment_from", Kind::Date, "service commitment starts"),
    e("commitment_to", Kind::Date, "last day of the service commitment"),
    e("extended_from", Kind::Date, "a sold extension starts"),
    e("extended_to", Kind::Date, "last day of a sold extension"),
];

pub const FITTED_PART: &[Entry] = &[
    e("code", Kind::Text, "part code"),
    e("serial", Kind::Text, "component serial"),
    e("fitted_on", Kind::Date, "day it was fitted"),
    e("covered_to", Kind::Date, "last day of its own term"),
];

pub const DEVICE: &[Entry] = &[
    e("serial", Kind::Text, "serial number"),
    e(
        "status",
        Kind::Text,
        "`in_stock`, `sold`, `installed`, `in_shop`, `at_partner`, `replaced`, `scrapped`",
    ),
    e("owner", Kind::Text, "customer code of the owner"),
    e("batch", Kind::Text, "series that it was made in"),
    e("produced_on", Kind::Date, "day of production"),
    e("sold_on", Kind::Date, "day of sale"),
    e("installed_on", Kind::Date, "day of first installation"),
    e("usage", Kind::Int, "meter reading"),
    e("repairs", Kind::Int, "finished repairs so far"),
    e("fitted", Kind::Rows(FITTED_PART), "parts fitted in repairs"),
    e(
        "earlier",
        Kind::Text,
        "serial of a unit of the model whose maker's warranty ends earlier, while both are in stock",
    ),
];

pub const CUSTOMER: &[Entry] = &[
    e("code", Kind::Text, "customer code"),
    e("name", Kind::Text, "name"),
    e("kind", Kind::Text, "`person` or `company`"),
    e("phone", Kind::Text, "first phone"),
    e("email", Kind::Text, "first e-mail address"),
    e("language", Kind::Text, "`fa`, `en`, `zh`, `pl`"),
    e("province", Kind::Text, "province"),
    e("city", Kind::Text, "city"),
    e("address", Kind::Text, "address line"),
];

pub const AGENCY: &[Entry] = &[
    e("code", Kind::Text, "agency code"),
    e("name", Kind::Text, "name"),
    e("kind", Kind::Text, "`service`, `sales`, `both`, `partner`"),
    e("status", Kind::Text, "`active` or `suspended`"),
    e("vetted_to", Kind::Date, "last day of its vetting"),
    e("credit_limit", Kind::Money, "credit limit"),
    e("balance", Kind::Money, "what it owes now"),
    e("labour_percent", Kind::Int, "its tariff in percent of the labour price"),
    e("language", Kind::Text, "language of messages"),
    e("email", Kind::Text, "e-mail address"),
    e("phone", Kind::Text, "phone"),
    e("warehouse", Kind::Text, "code of the store of our parts that it holds, if it holds any"),
    e("regions", Kind::Texts, "cities and provinces where it works; empty: anywhere"),
    e("brands", Kind::Texts, "brands that it sells or repairs; empty: all"),
];

/// A charge line: everything about money reads only these.
pub const CHARGE_LINE: &[Entry] = &[
    e("id", Kind::Int, "number within the ticket, from 1"),
    e("kind", Kind::Text, "`part`, `service`, `travel`, `fee`"),
    e("code", Kind::Text, "part or service code"),
    e("description", Kind::Text, "what it is"),
    e("quantity", Kind::Decimal, "quantity"),
    e("unit_price", Kind::Money, "list price of one"),
    e("list", Kind::Money, "quantity times unit price, rounded"),
    e("discount", Kind::Money, "discount on what the customer pays"),
    e("covered_percent", Kind::Int, "share not paid by the customer"),
    e(
        "covered_by",
        Kind::Text,
        "`guarantee`, `warranty`, `part_term`, `extension`, `installation`, `rework`, `partner`, `goodwill` or empty",
    ),
    e("coverage", Kind::Text, "`covered`, `partly`, `charged`, `goodwill`"),
    e("covered", Kind::Money, "part of `list` that is covered"),
    e("net", Kind::Money, "what the customer pays without VAT"),
    e("vat_rate", Kind::Decimal, "percent"),
    e("vat", Kind::Money, "VAT on `net`, rounded half up per line"),
    e("gross", Kind::Money, "net and VAT"),
    e("cost", Kind::Money, "our cost of the whole line, frozen"),
    e("covered_cost", Kind::Money, "share of `cost` that the cover bears"),
    e("charged_cost", Kind::Money, "rest of `cost`"),
    e("claimed", Kind::Money, "what its provider asked for, however much of it was accepted"),
    e(
        "provider",
        Kind::Text,
        "whose part or work it is: `own`, `technician` (authorised), `agency`, `partner`; empty: own",
    ),
    e(
        "provided_by",
        Kind::Text,
        "name or code of the provider, who is owed for it also after somebody else took over",
    ),
    e(
        "source",
        Kind::Text,
        "where an own part comes from: `warehouse`, `van` or `consigned` (ours, at the agency); `bought`; or what a count has found: `surplus`, `missing`, `agreed`",
    ),
    e(
        "warehouse",
        Kind::Text,
        "the van or the agency's store that a part comes from; empty: the branch's warehouse",
    ),
    e("input_vat", Kind::Money, "VAT on the provider's bill, when its invoice lets us deduct it"),
    e("payment_class", Kind::Text, "`none`, `optional`, `mandatory`"),
    e("decision", Kind::Text, "`pending`, `accepted`, `declined`"),
    e("status", Kind::Text, "`planned`, `quoted`, `approved`, `done`, `invoiced`"),
    e("oem", Kind::Bool, "original part"),
    e("approved", Kind::Bool, "the customer approved a non-original part"),
    e("old_serial", Kind::Text, "serial of the removed part"),
    e("new_serial", Kind::Text, "serial of the fitted part"),
];

/// Charge lines and their sums. Declined lines are in `lines` but in no sum.
pub const CHARGES: &[Entry] = &[
    e("lines", Kind::Rows(CHARGE_LINE), "all lines"),
    e("count", Kind::Int, "number of lines that count"),
    e("net", Kind::Money, "sum of net"),
    e("vat", Kind::Money, "sum of VAT"),
    e("gross", Kind::Money, "sum of gross"),
    e("rounding", Kind::Money, "what document rounding adds to gross, or takes off; empty: nothing"),
    e("payable", Kind::Money, "what the customer pays: gross and its rounding"),
    e("covered", Kind::Money, "sum of covered"),
    e("goodwill", Kind::Money, "sum of goodwill"),
    e("cost", Kind::Money, "sum of cost"),
    e("covered_cost", Kind::Money, "sum of covered cost"),
    e("charged_cost", Kind::Money, "sum of charged cost"),
    e("mandatory", Kind::Money, "gross of mandatory lines; never more than is payable"),
    e("pending", Kind::Int, "optional or mandatory lines that the customer has not decided on"),
    e("paid", Kind::Money, "received less paid back"),
    e("customer_owes", Kind::Money, "payable less paid; never below zero"),
    e("mandatory_owes", Kind::Money, "mandatory less paid; never below zero"),
    e("overpaid", Kind::Money, "paid less payable; never below zero"),
    e("non_oem_covered", Kind::Int, "covered lines with a part that is not original"),
    e(
        "non_oem_unapproved",
        Kind::Int,
        "charged lines with a non-original part the customer has not approved",
    ),
];

/// Cover by cost class, as `coverage` decides it.
pub const VERDICT: &[Entry] = &[
    e("outcome", Kind::Text, "`in`, `out` or `partly`"),
    e(
        "term",
        Kind::Text,
        "`guarantee`, `warranty`, `commitment`, `extension`, `installation`, `rework`, `goodwill` or `none`",
    ),
    e("reason", Kind::Text, "key of the reason that decided"),
    e("told", Kind::Text, "key of the sentence that tells people; none: the reason's"),
    e("parts", Kind::Int, "percent of parts covered"),
    e("labour", Kind::Int, "percent of labour covered"),
    e("travel", Kind::Int, "percent of travel covered"),
    e("kind", Kind::Text, "`internal` or `outsourced`"),
    e("partner", Kind::Text, "partner code"),
    e("ends_on", Kind::Date, "last day of the term that covers"),
];

pub const TICKET: &[Entry] = &[
    e("code", Kind::Text, "tracking code"),
    e("process", Kind::Text, "process name"),
    e("branch", Kind::Text, "branch code"),
    e("warehouse", Kind::Text, "code of the branch's main warehouse"),
    e("van", Kind::Text, "code of the van of the technician in charge, if he has one"),
    e("channel", Kind::Text, "`counter`, `call_center`, `web`, `qr`, `wechat`, `iot`, `agent`"),
    e("opened_at", Kind::Time, "when it was opened"),
    e("opened_by", Kind::Text, "who opened it"),
    e("technician", Kind::Text, "technician in charge"),
    e("agency", Kind::Text, "agency in charge"),
    e("partner", Kind::Text, "partner in charge"),
    e("revision", Kind::Int, "number of steps so far"),
    e("link", Kind::Text, "address of its page, as whoever gets the message may open it"),
    e("parent", Kind::Text, "code of the ticket that opened it; empty: nobody's"),
    e(
        "opened_as",
        Kind::Text,
        "what that ticket calls it: the id of its `invoke`, or the `link` of its `open`",
    ),
];

/// A file of the ticket.
pub const FILE: &[Entry] = &[
    e(
        "kind",
        Kind::Text,
        "`photo_initial`, `photo`, `signature`, `job_sheet`, `card`, `receipt`, `claim`, `letter`, `other`",
    ),
    e("name", Kind::Text, "file name"),
];

/// Another ticket about the same device.
pub const OTHER: &[Entry] = &[
    e("ticket", Kind::Text, "tracking code"),
    e("process", Kind::Text, "process name"),
    e("agency", Kind::Text, "agency in charge"),
    e("opened_on", Kind::Date, "day on which it was opened"),
    e("category", Kind::Text, "`open`, `waiting`, `done` or `cancelled`"),
    e("finished", Kind::Bool, "it has ended"),
];

/// A ticket that this one has opened.
pub const LINK: &[Entry] = &[
    e("ticket", Kind::Text, "tracking code"),
    e("process", Kind::Text, "process name"),
    e("name", Kind::Text, "id of the `invoke`, or the `link` of the `open`"),
    e("finished", Kind::Bool, "it has ended"),
];

pub const BY: &[Entry] = &[
    e("name", Kind::Text, "sign-in name"),
    e("roles", Kind::Texts, "roles"),
    e("agency", Kind::Text, "code of the agency or partner that the sender works for"),
];

/// Rates and settings of the company that hold now: VAT, urgency, travel.
pub const RATES: &[Entry] = &[
    e("vat", Kind::Decimal, "VAT in percent on the day"),
    e("urgency_percent", Kind::Int, "surcharge on labour for an urgent visit"),
    e("calendar", Kind::Text, "whose months terms are counted in: `gregorian` or `jalali`"),
    e("currency", Kind::Text, "ISO code"),
    e("minor_digits", Kind::Int, "digits after the decimal point"),
    e("rounding", Kind::Int, "what a customer pays is a multiple of this; 1 for no rounding"),
    e("warranty_costs", Kind::Text, "what bears the cost of cover: `provision` or `expense`"),
    e("provision_percent", Kind::Decimal, "share of a product's price set aside for its warranty"),
    e("labour_absorption", Kind::Bool, "the cost of own staff's work is booked"),
    e("goodwill_vat", Kind::Bool, "VAT is owed on what is given as goodwill"),
    e(
        "withholding_percent",
        Kind::Decimal,
        "tax and insurance kept back from what technicians and agencies earn",
    ),
];

/// What was sold for a time: an extension of a warranty, a service contract. A rule works it out.
pub const CONTRACT: &[Entry] = &[
    e("from", Kind::Date, "first day of the cover"),
    e("to", Kind::Date, "last day of the cover"),
    e("net", Kind::Money, "price without VAT"),
    e("vat", Kind::Money, "VAT on it"),
    e("long_term", Kind::Money, "part of the price that is earned later than twelve months from now"),
    e("cost", Kind::Money, "what it is expected to cost us"),
    e("ended_on", Kind::Date, "day on which it was cancelled"),
    e("unearned", Kind::Money, "part of the price that was not yet earned then"),
    e("unearned_vat", Kind::Money, "VAT on that part"),
];

/// The span of time that a run is about.
pub const PERIOD: &[Entry] = &[e("from", Kind::Date, "first day"), e("to", Kind::Date, "last day")];

/// What stands on one account for the item of a run.
pub const ACCOUNT_BALANCE: &[Entry] = &[
    e("account", Kind::Text, "account code"),
    e("opening", Kind::Money, "balance before the period, on the account's own side"),
    e("debit", Kind::Money, "debits in the period"),
    e("credit", Kind::Money, "credits in the period"),
    e("closing", Kind::Money, "balance on the last day"),
];

/// What stands on the accounts of a run for one item, on the accounts' own side: what we owe on a liability, what
/// is owed to us on an asset.
pub const BALANCE: &[Entry] = &[
    e("kind", Kind::Text, "what the item is: `customer`, `agency`, `technician`, `product`, `contract` …"),
    e("code", Kind::Text, "its code"),
    e("opening", Kind::Money, "balance before the period, on the accounts' own side"),
    e("debit", Kind::Money, "debits in the period"),
    e("credit", Kind::Money, "credits in the period"),
    e("closing", Kind::Money, "balance on the last day"),
    e("accounts", Kind::Rows(ACCOUNT_BALANCE), "the same for each account"),
];

/// A customer's goods in our care, as a rule has decided when they were taken in.
pub const CUSTODY: &[Entry] = &[
    e("value", Kind::Money, "what stands in the memo accounts for them"),
    e("status", Kind::Text, "status of the device before it came to us"),
];

/// The last payment of the ticket.
pub const PAYMENT: &[Entry] = &[
    e("amount", Kind::Money, "how much"),
    e("direction", Kind::Text, "`in` or `out`"),
    e("method", Kind::Text, "`cash`, `card`, `transfer`, `cheque`, `online`"),
    e("reference", Kind::Text, "number that the bank, gateway or payer gave"),
];

/// All names outside the ticket's own fields.
pub const WORLD: &[Entry] = &[
    e("now", Kind::Time, "the moment of the event; always present"),
    e("today", Kind::Date, "its day in the company's time zone; always present"),
    e("by", Kind::Map(BY), "who sends the event; always present"),
    e(
        "data",
        Kind::Any,
        "what the event's form brought, part and service lines with their register entries; always present",
    ),
    e("ticket", Kind::Map(TICKET), "the ticket"),
    e("device", Kind::Map(DEVICE), "the device, when the process is about one"),
    e("product", Kind::Map(PRODUCT), "its model"),
    e("policy", Kind::Map(POLICY), "its warranty policy"),
    e("card", Kind::Map(CARD), "its card"),
    e("customer", Kind::Map(CUSTOMER), "the customer"),
    e("agency", Kind::Map(AGENCY), "the agency of the ticket, or the one that the event's form names"),
    e("service_plan", Kind::Map(SERVICE_PLAN), "the service plan that the event's form or the ticket names"),
    e("charges", Kind::Map(CHARGES), "charge lines and sums; always present"),
    e("custody", Kind::Map(CUSTODY), "the customer's goods in our care"),
    e("payment", Kind::Map(PAYMENT), "the last payment, the one of this step included"),
    e("verdict", Kind::Map(VERDICT), "the last warranty verdict"),
    e("rates", Kind::Map(RATES), "rates that hold today; always present"),
    e("contract", Kind::Map(CONTRACT), "what was sold for a time, as a rule worked it out"),
    e("period", Kind::Map(PERIOD), "the span of time of a run"),
    e("balance", Kind::Map(BALANCE), "what stands on the accounts of a run for its item"),
    e("due", Kind::Any, "what the rule of a run worked out for its item"),
    e("links", Kind::Rows(LINK), "the tickets that this one has opened"),
    e("agencies", Kind::Rows(AGENCY), "the agencies that the form's lists of records name"),
    e("others", Kind::Rows(OTHER), "the last other tickets about the same device, newest first"),
    e("candidate", Kind::Map(CANDIDATE), "somebody who could be sent; only in the rule that dispatch asks"),
    e("files", Kind::Rows(FILE), "pictures and papers that were put to the ticket"),
];

/// The type of a field of a ticket.
pub fn field_kind(field: &Field) -> Kind {
    match field.r#type.value {
        FieldType::Text
        | FieldType::Choice
        | FieldType::User
        | FieldType::Agency
        | FieldType::Partner
        | FieldType::Customer
        | FieldType::Device
        | FieldType::ServicePlan => Kind::Text,
        FieldType::Integer | FieldType::Rating | FieldType::Line => Kind::Int,
        FieldType::Decimal => Kind::Decimal,
        FieldType::Money => Kind::Money,
        FieldType::Flag => Kind::Bool,
        FieldType::Date => Kind::Date,
        FieldType::Datetime => Kind::Time,
        FieldType::Parts => Kind::Rows(PART_LINE),
        FieldType::Services => Kind::Rows(SERVICE_LINE),
        FieldType::List => Kind::Texts,
        FieldType::Checklist | FieldType::Record | FieldType::Records => Kind::Any,
        FieldType::Signature | FieldType::Photo => Kind::Int,
    }
}
