//! What people read and who they are: message files, reason texts and roles, as authors write them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Table, Translated};
use crate::diagnostic::Sp;

/// A file of messages that `notify` sends.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Messages {
    pub messages: Table<Message>,
}

/// A message: what it is called and its text by channel. The texts are Tera templates over the facts, such
/// as `{{ customer.name }}` or `{{ charges.gross | money }}`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Message {
    /// What staff call it, in lists.
    pub title: Option<Translated>,
    pub channels: Channels,
    /// Number series whose documents are printed with the text under `paper`.
    pub prints: Vec<Sp<String>>,
    /// Processes whose tickets can be printed as this paper, such as a work order.
    pub of: Vec<Sp<String>>,
    /// Roles that are told so when a warehouse of their branch comes to hold less of a part than its minimum. The texts
    /// know the part as `item`.
    pub below_minimum: Vec<Sp<String>>,
    /// Roles outside the house that see the paper too, such as `customer`. The house sees all its papers.
    pub seen_by: Vec<Sp<String>>,
    /// Who signs the paper, from the first to the last.
    pub signatures: Vec<Translated>,
}

/// The text by channel; a message goes out on every channel that it has and the recipient can be reached by.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Channels {
    /// Short text message, plain.
    pub sms: Option<Translated>,
    /// E-mail: what the facts bring is escaped in the body, which may hold simple HTML.
    pub email: Option<Email>,
    /// Shown in the app, plain.
    pub app: Option<Translated>,
    /// Printed below the lines of a paper: what the facts bring is escaped, the text may hold simple HTML.
    pub paper: Option<Translated>,
}

/// An e-mail's two texts.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Email {
    pub subject: Translated,
    pub body: Translated,
}

/// The texts of reasons: for a guard's `because`, a rule's conditions and results, and the engine's own
/// codes (`not_allowed`, `field_required` …). `{name}` stands for a value of the reason.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reasons {
    pub reasons: Table<Translated>,
}

/// Who there is.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    pub roles: Table<Role>,
}

/// A role: what it is called, what it may see and do besides the steps of processes.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub title: Translated,
    #[serde(default)]
    pub kind: Option<Sp<RoleKind>>,
    /// The page on which people of the role begin. Left out: the first that they may see.
    #[serde(default)]
    pub home: Option<Sp<Home>>,
    /// Held by whoever shows that a ticket is theirs, by the link of a message or a code sent to their phone.
    #[serde(default)]
    pub portal: bool,
    /// Sees and drives only tickets of its own branch.
    #[serde(default)]
    pub branch_bound: bool,
    /// Takes a step only as the technician in charge of the ticket, once somebody is in charge.
    #[serde(default)]
    pub in_charge: bool,
    /// Whoever has the role does nothing before a second factor is set up. Left out: everybody may have one.
    #[serde(default)]
    pub second_factor: Option<Sp<SecondFactor>>,
    /// Facts that it never sees, as dotted paths: `charges.cost`, `charges.lines.cost`, `part.cost`.
    #[serde(default)]
    pub hidden: Vec<Sp<String>>,
    /// What it may do besides steps.
    #[serde(default)]
    pub may: Vec<Sp<Permission>>,
}

/// What somebody brings besides the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// A code of an authenticator.
    Required,
}

/// Where people of the role stand. Left out: staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    /// Employees, who sign in.
    Staff,
    /// Customers, agencies and partners, who see only their own.
    Outside,
}

/// A page on which people can begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, serde::Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Home {
    /// What a technician does today.
    MyDay,
    /// The board of requests.
    Tickets,
    /// What waits for a decision, by who has handed it in.
    Inbox,
    /// Where requests are opened.
    Intake,
    /// Who does what and when.
    Dispatch,
    Tasks,
    /// The accounts: what is to be reviewed.
    Vouchers,
    Reports,
    Registers,
    /// The definitions in service.
    Definitions,
}

/// What a role may do besides the steps of processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize, JsonSchema)]
pub enum Permission {
    /// See tickets, within its branch if it is bound to one.
    #[serde(rename = "tickets.read")]
    TicketsRead,
    /// See vouchers and accounts.
    #[serde(rename = "vouchers.read")]
    VouchersRead,
    /// Enter vouchers and notes by hand, and attach papers to vouchers.
    #[serde(rename = "vouchers.write")]
    VouchersWrite,
    /// Mark vouchers as reviewed.
    #[serde(rename = "vouchers.review")]
    VouchersReview,
    /// Approve reviewed vouchers: the third signature.
    #[serde(rename = "vouchers.approve")]
    VouchersApprove,
    /// Make vouchers final.
    #[serde(rename = "vouchers.finalise")]
    VouchersFinalise,
    /// Reverse vouchers.
    #[serde(rename = "vouchers.reverse")]
    VouchersReverse,
    /// Close periods, and open them again.
    #[serde(rename = "periods.close")]
    PeriodsClose,
    /// Start runs over the books.
    #[serde(rename = "runs.start")]
    RunsStart,
    /// See products, policies, parts, services, tariffs, stock, stores, branches, warehouses.
    #[serde(rename = "registries.read")]
    RegistriesRead,
    /// See customers; whoever is bound to a branch, those of the branch's tickets.
    #[serde(rename = "customers.read")]
    CustomersRead,
    /// See devices and cards; whoever is bound to a branch, those of the branch's tickets.
    #[serde(rename = "devices.read")]
    DevicesRead,
    /// See all entries of the registers that one may read, bound to a branch or not: for those who receive whoever
    /// comes and whatever is delivered.
    #[serde(rename = "registries.read_all")]
    RegistriesReadAll,
    /// See agencies and partners.
    #[serde(rename = "agencies.read")]
    AgenciesRead,
    /// See the people who sign in, with their roles.
    #[serde(rename = "users.read")]
    UsersRead,
    /// Change what of the registers one may see, besides users.
    #[serde(rename = "registries.write")]
    RegistriesWrite,
    /// Change users, their roles and tokens.
    #[serde(rename = "users.write")]
    UsersWrite,
    /// Put a new bundle of definitions into service.
    #[serde(rename = "bundle.deploy")]
    BundleDeploy,
    /// See reports.
    #[serde(rename = "reports.read")]
    ReportsRead,
    /// Look at failed effects and have them done again.
    #[serde(rename = "incidents.redrive")]
    IncidentsRedrive,
}
