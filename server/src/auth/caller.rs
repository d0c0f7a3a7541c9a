//! The person or program behind a request, as the store knew them when it arrived.

use std::collections::BTreeSet;

use aftercare_engine::facts::Actor;
use chrono::{DateTime, Utc};

use crate::i18n::Language;

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Sign-in name.
    pub name: String,
    pub full_name: String,
    pub language: Language,
    /// Roles held, each with the branch it holds in; no branch: wherever the user works.
    pub roles: Vec<Held>,
    /// Home branch; none: all branches.
    pub branch: Option<String>,
    /// Agency or partner whose staff this is.
    pub agency: Option<String>,
    /// Customer this is.
    pub customer: Option<String>,
    /// Hash of the token in use, which signing out ends.
    pub session: String,
    /// A program with a token that was made for it, not a person who has typed a password.
    pub is_program: bool,
    /// When the person last gave the password; none: nobody has typed one, as for a program or a visitor of the portal.
    pub proved_at: Option<DateTime<Utc>>,
    /// The token came in a cookie, so that another site could have caused the request.
    pub by_cookie: bool,
}

/// A role that a user holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub role: String,
    pub branch: Option<String>,
}

impl Held {
    pub fn holds_in(&self, branch: &str) -> bool {
        self.branch.as_deref().is_none_or(|only| only == branch)
    }
}

impl Caller {
    /// Names of the roles that hold in a branch.
    pub fn roles_in(&self, branch: &str) -> BTreeSet<&str> {
        self.roles.iter().filter(|held| held.holds_in(branch)).map(|held| held.role.as_str()).collect()
    }

    /// Names of the roles, each once, wherever they hold.
    pub fn role_names(&self) -> BTreeSet<&str> {
        self.roles.iter().map(|held| held.role.as_str()).collect()
    }

    /// Who the engine sees, in a ticket of this branch.
    pub fn actor(&self, branch: &str) -> Actor {
        let roles = self.roles_in(branch).into_iter().map(str::to_owned).collect();
        Actor { name: self.name.clone(), roles, agency: self.agency.clone() }
    }
}
