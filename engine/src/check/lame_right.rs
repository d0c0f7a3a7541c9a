//! A right that gives nothing without another one: nobody changes what they do not see.

use crate::bundle::Bundle;
use crate::definition::messages::{Permission, Role};
use crate::diagnostic::Diagnostic;

/// A right, the rights of which it needs one, and how those are written.
type Need = (Permission, &'static [Permission], &'static str);

const NEEDS: &[Need] = &[
    (
        Permission::RegistriesWrite,
        &[
            Permission::RegistriesRead,
            Permission::CustomersRead,
            Permission::DevicesRead,
            Permission::AgenciesRead,
        ],
        "`registries.read`, `customers.read`, `devices.read` or `agencies.read`",
    ),
    (Permission::UsersWrite, &[Permission::UsersRead], "`users.read`"),
    (
        Permission::RegistriesReadAll,
        &[Permission::CustomersRead, Permission::DevicesRead],
        "`customers.read` or `devices.read`",
    ),
];

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    bundle.library.roles.iter().flat_map(|(name, role)| lame(&name.value, role)).collect()
}

fn lame<'a>(name: &'a str, role: &'a Role) -> impl Iterator<Item = Diagnostic> + 'a {
    let holds = |right: &Permission| role.may.iter().any(|one| one.value == *right);
    role.may.iter().filter_map(move |right| {
        let (_, needs, words) = NEEDS.iter().find(|(of, ..)| *of == right.value)?;
        (!needs.iter().any(holds)).then(|| {
            let message = format!("this right of the role `{name}` gives nothing by itself");
            Diagnostic::warning("AC0404", right.place, message)
                .label("nobody changes what they do not see")
                .help(format!("give the role {words} too, or take this away"))
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_right_without_the_one_it_needs_is_told() {
        super::super::tests::files(
            super::check,
            &[(
                "roles.yaml",
                "roles:\n  a: {title: {}, may: [users.write]}\n  b: {title: {}, may: [users.write, users.read]}\n",
            )],
            "roles.yaml:2:24: warning[AC0404]: this right of the role `a` gives nothing by itself; give the role \
             `users.read` too, or take this away\n",
        );
    }
}
