//! A step by which people outside would record a payment of their own: they pay through a provider, who must be able
//! to say what was paid. And the role that the portal gives: one, and outside.

use crate::bundle::Bundle;
use crate::definition::messages::{Role, RoleKind};
use crate::diagnostic::{Diagnostic, Sp};

pub(super) fn check(bundle: &Bundle) -> Vec<Diagnostic> {
    let mut found = payments(bundle);
    found.extend(portal(bundle));
    found
}

fn is_outside(role: &Role) -> bool {
    role.kind.as_ref().is_some_and(|kind| kind.value == RoleKind::Outside)
}

fn payments(bundle: &Bundle) -> Vec<Diagnostic> {
    let roles = &bundle.library.roles;
    let told = super::charts(bundle).flat_map(|chart| chart.transitions()).filter_map(|transition| {
        let payer = transition.by.iter().find(|name| roles.get(name).is_some_and(is_outside))?;
        (transition.takes_payment() && transition.payment_form().is_none()).then(|| {
            let message = format!("no payment provider can make what `{payer}` pays here");
            Diagnostic::error("AC0634", transition.place, message)
                .label("people outside never record a payment of their own")
                .help("let `payment` read `amount` and `method` from plain fields of the form, or take the role out of `by`")
        })
    });
    told.collect()
}

fn portal(bundle: &Bundle) -> Vec<Diagnostic> {
    let let_in: Vec<(&Sp<String>, &Role)> =
        bundle.library.roles.iter().filter(|(_, role)| role.portal).collect();
    let wrong = let_in.iter().enumerate().filter(|(n, (_, role))| *n > 0 || !is_outside(role));
    wrong
        .map(|(_, (name, _))| {
            let message = format!("`{}` cannot be the role that the portal gives", name.value);
            Diagnostic::error("AC0404", name.place, message)
                .label("whoever proves that a ticket is theirs would hold it")
                .help("`portal: true` stands at one role, with `kind: outside`")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    const ROLES: &str = "roles:\n  payer: {title: {}, kind: outside}\n  clerk: {title: {}}\n";

    fn told(roles: &str, payment: &str, expected: &str) {
        let process = format!(
            "process: p\nfields: {{sum: {{type: money}}, way: {{type: text}}}}\ninitial: due\nstates:\n  due:\n    on:\n      \
             pay: {{by: [clerk, payer], form: [sum, way], actions: {{payment: {payment}}}}}\n"
        );
        super::super::tests::files(super::check, &[("roles.yaml", roles), ("p.yaml", &process)], expected);
    }

    #[test]
    fn a_payment_that_outsiders_would_record_themselves_is_told() {
        told(ROLES, "{amount: sum, method: way}", "");
        told(ROLES, "{amount: sum, method: '\"cash\"', direction: out}", "");
        let expected = "p.yaml:7:7: error[AC0634]: no payment provider can make what `payer` pays here; let `payment` \
                        read `amount` and `method` from plain fields of the form, or take the role out of `by`\n";
        told(ROLES, "{amount: sum, method: '\"cash\"'}", expected);
        told(&ROLES.replace(", kind: outside", ""), "{amount: sum, method: '\"cash\"'}", "");
    }

    #[test]
    fn the_portal_gives_one_role_and_none_of_the_house() {
        let expected = "roles.yaml:3:3: error[AC0404]: `clerk` cannot be the role that the portal gives; `portal: true` \
                        stands at one role, with `kind: outside`\n";
        let roles = ROLES.replace("clerk: {title: {}}", "clerk: {title: {}, portal: true}");
        told(&roles, "{amount: sum, method: way}", expected);
        let both = roles.replace("kind: outside", "kind: outside, portal: true");
        told(&both, "{amount: sum, method: way}", expected);
    }
}
