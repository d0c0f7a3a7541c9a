//! The one place that says what somebody may do and see. What no role allows is refused.
//!
//! The rules are data: the bundle's role file says which role may do what, which facts it never sees and
//! whether it is bound to its branch. Steps of processes are the engine's matter; it is asked with the same
//! roles.

use std::collections::BTreeSet;

use aftercare_engine::definition::Table;
use aftercare_engine::definition::messages::{Permission, Role, RoleKind};

use super::Caller;
use super::caller::Held;

/// The roles of a bundle.
pub type Roles = Table<Role>;

/// The rights to read registers.
const READS: [Permission; 5] = [
    Permission::RegistriesRead,
    Permission::CustomersRead,
    Permission::DevicesRead,
    Permission::AgenciesRead,
    Permission::UsersRead,
];

/// Somebody may not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// The missing right, as role files write it.
    pub action: String,
    /// Roles that have it.
    pub roles: Vec<String>,
}

/// Whose tickets, and what hangs on them, somebody sees. Every query takes one; there is no query without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Branches(BTreeSet<String>),
    /// Those in the hands of an agency or partner.
    Agency(String),
    Customer(String),
    Nothing,
}

/// The caller with each role in the place where it holds: a role that is bound to a branch holds in the branch for
/// which it was given, or else in the user's own.
pub fn placed(mut caller: Caller, roles: &Roles) -> Caller {
    for held in &mut caller.roles {
        if held.branch.is_none() && roles.get(&held.role).is_some_and(|role| role.branch_bound) {
            held.branch.clone_from(&caller.branch);
        }
    }
    caller
}

/// Where the caller may do this: in the places of those roles that allow it, and in no others.
pub fn may(caller: &Caller, roles: &Roles, permission: Permission) -> Result<Scope, Denied> {
    let allows = |role: &Role| role.may.iter().any(|one| one.value == permission);
    if known(caller, roles).any(|(_, role)| allows(role)) {
        return Ok(reach(caller, roles, allows));
    }
    let able = roles.iter().filter(|(_, role)| allows(role)).map(|(name, _)| name.value.clone());
    Err(Denied { action: written(permission), roles: able.collect() })
}

/// Whether one of the caller's roles does nothing without a second factor. A program has a secret that nobody typed.
pub fn needs_second_factor(caller: &Caller, roles: &Roles) -> bool {
    !caller.is_program && known(caller, roles).any(|(_, role)| role.second_factor.is_some())
}

/// A right as role files write it: `vouchers.review`.
pub fn written(permission: Permission) -> String {
    serde_json::to_value(permission)
        .ok()
        .and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Whose tickets the caller sees: those in the places of roles that may read tickets; people from outside need no
/// right for their own.
pub fn scope(caller: &Caller, roles: &Roles) -> Scope {
    reach(caller, roles, |role| reads_tickets(role) || is_outside(role))
}

fn reads_tickets(role: &Role) -> bool {
    role.may.iter().any(|one| one.value == Permission::TicketsRead)
}

/// A role of people who are not staff: customers, agencies, partners.
pub fn is_outside(role: &Role) -> bool {
    role.kind.as_ref().is_some_and(|kind| kind.value == RoleKind::Outside)
}

fn known<'a>(caller: &'a Caller, roles: &'a Roles) -> impl Iterator<Item = (&'a Held, &'a Role)> + Clone {
    caller.roles.iter().filter_map(|held| Some((held, roles.get(&held.role)?)))
}

/// Everything if one role that counts is bound to no place, otherwise their branches; people from outside only
/// their own.
fn reach(caller: &Caller, roles: &Roles, counts: impl Fn(&Role) -> bool) -> Scope {
    let counted = known(caller, roles).filter(|(_, role)| counts(role));
    let mut inside = counted.clone().filter(|(_, role)| !is_outside(role)).peekable();
    if inside.peek().is_some() {
        let places: Option<BTreeSet<String>> = inside.map(|(held, _)| held.branch.clone()).collect();
        return places.map_or(Scope::All, Scope::Branches);
    }
    match (counted.count(), &caller.agency, &caller.customer) {
        (0, ..) | (_, None, None) => Scope::Nothing,
        (_, Some(agency), _) => Scope::Agency(agency.clone()),
        (_, None, Some(customer)) => Scope::Customer(customer.clone()),
    }
}

impl Scope {
    /// Whether something of this branch is inside, for what has no owner but its branch.
    pub fn has_branch(&self, branch: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Branches(branches) => branch.is_some_and(|branch| branches.contains(branch)),
            Self::Agency(_) | Self::Customer(_) | Self::Nothing => false,
        }
    }
}

/// Dotted fact paths that the caller never sees of what belongs to no branch: those that all of the caller's roles
/// hide that read registers.
pub fn hidden(caller: &Caller, roles: &Roles) -> BTreeSet<String> {
    seen_by(known(caller, roles).map(|(_, role)| role), |role| {
        role.may.iter().any(|one| READS.contains(&one.value))
    })
}

/// Those of tickets in this branch: what the roles hide through which the caller sees them.
pub fn hidden_in(caller: &Caller, roles: &Roles, branch: &str) -> BTreeSet<String> {
    let here = known(caller, roles).filter(|(held, _)| held.holds_in(branch)).map(|(_, role)| role);
    seen_by(here, |role| !is_outside(role) && reads_tickets(role))
}

/// What those roles hide that give the sight; a role that gives none takes nothing away from what others hide.
fn seen_by<'a>(roles: impl Iterator<Item = &'a Role> + Clone, gives: fn(&Role) -> bool) -> BTreeSet<String> {
    let mut giving = roles.clone().filter(|role| gives(role)).peekable();
    if giving.peek().is_some() { common(giving) } else { common(roles) }
}

fn common<'a>(mut roles: impl Iterator<Item = &'a Role>) -> BTreeSet<String> {
    // The fact `phone` is the first of the numbers that the register has as `phones`.
    let whole = |path: &str| path.strip_suffix(".phone").map(|party| format!("{party}.phones"));
    let paths = |role: &Role| -> BTreeSet<String> {
        role.hidden
            .iter()
            .flat_map(|path| whole(&path.value).into_iter().chain([path.value.clone()]))
            .collect()
    };
    let Some(first) = roles.next().map(paths) else { return BTreeSet::new() };
    roles.fold(first, |common, role| &common & &paths(role))
}
