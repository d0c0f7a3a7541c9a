//! The one place that says what somebody may do and see. What no role allows is refused.
//!
//! The rules are data: the bundle's role file says which role may do what, which facts it never sees and
//! whether it is bound to its branch. Steps of processes are the engine's matter; it is asked with the same
//! roles.

use std::collections::BTreeSet;

use aftercare_engine::definition::Table;
use aftercare_engine::definition::messages::{Permission, Role, RoleKind};

use super::Caller;

/// The roles of a bundle.
pub type Roles = Table<Role>;

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

/// Whether the caller may do this at all; where, the scope says.
pub fn may(caller: &Caller, roles: &Roles, permission: Permission) -> Result<(), Denied> {
    if caller.roles.iter().any(|held| allows(roles, &held.role, permission)) {
        return Ok(());
    }
    let able =
        roles.iter().map(|(name, _)| name.value.as_str()).filter(|name| allows(roles, name, permission));
    Err(Denied { action: written(permission), roles: able.map(str::to_owned).collect() })
}

fn allows(roles: &Roles, name: &str, permission: Permission) -> bool {
    roles.get(name).is_some_and(|role| role.may.iter().any(|one| one.value == permission))
}

/// A right as role files write it: `vouchers.review`.
pub fn written(permission: Permission) -> String {
    serde_json::to_value(permission)
        .ok()
        .and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// What the caller's roles let them see: everything if one role is not bound, otherwise the branches of the
/// bound ones; people from outside only their own.
pub fn scope(caller: &Caller, roles: &Roles) -> Scope {
    let mut branches = BTreeSet::new();
    for held in &caller.roles {
        let Some(role) = roles.get(&held.role) else { continue };
        if role.kind.as_ref().is_some_and(|kind| kind.value == RoleKind::Outside) {
            continue;
        }
        match held.branch.as_ref().or(caller.branch.as_ref()) {
            Some(branch) if role.branch_bound || held.branch.is_some() => {
                branches.insert(branch.clone());
            }
            _ => return Scope::All,
        }
    }
    if !branches.is_empty() {
        return Scope::Branches(branches);
    }
    let outside = |role: &Role| role.kind.as_ref().is_some_and(|kind| kind.value == RoleKind::Outside);
    if !caller.roles.iter().any(|held| roles.get(&held.role).is_some_and(outside)) {
        return Scope::Nothing;
    }
    match (&caller.agency, &caller.customer) {
        (Some(agency), _) => Scope::Agency(agency.clone()),
        (None, Some(customer)) => Scope::Customer(customer.clone()),
        (None, None) => Scope::Nothing,
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

/// Dotted fact paths that the caller never sees: those that all of the caller's roles hide.
pub fn hidden(caller: &Caller, roles: &Roles) -> BTreeSet<String> {
    let mut known = caller.roles.iter().filter_map(|held| roles.get(&held.role));
    let paths =
        |role: &Role| -> BTreeSet<String> { role.hidden.iter().map(|path| path.value.clone()).collect() };
    let Some(first) = known.next().map(paths) else { return BTreeSet::new() };
    known.fold(first, |common, role| &common & &paths(role))
}
