//! A run's file to a [`Run`]: everything that can be wrong before it goes is found here.

use std::sync::Arc;

use super::Run;
use crate::definition::Expression as Written;
use crate::definition::run::RunFile;
use crate::diagnostic::{Diagnostic, Sp};
use crate::facts::shape::WORLD;
use crate::ledger::{Account, Template};
use crate::library::Library;
use crate::rules::{Expression, Scope};

impl Run {
    /// Checks a run against what its bundle has.
    ///
    /// # Errors
    /// Every finding at once.
    pub fn compile(file: &RunFile, library: &Library) -> Result<Self, Vec<Diagnostic>> {
        let mut compiler = Compiler { library, found: Vec::new() };
        let accounts: Vec<Account> =
            file.balances.accounts.iter().filter_map(|code| compiler.account(code, file)).collect();
        compiler.one_side(file, &accounts);
        let decide = file.decide.as_ref().and_then(|rule| compiler.rule(rule));
        let when = file.when.as_ref().and_then(|when| compiler.condition(when));
        let vouchers = file.vouchers.iter().filter_map(|name| compiler.voucher(name)).collect();
        let statement = file.statement.as_ref().and_then(|series| compiler.series(series));
        if file.vouchers.is_empty() && file.statement.is_none() {
            let message = "the run posts nothing and writes no statement";
            let help = "name templates under `vouchers`, or a series under `statement`";
            compiler.found.push(Diagnostic::error("AC0640", file.run.place, message).help(help));
        }
        if !compiler.found.is_empty() {
            return Err(compiler.found);
        }
        Ok(Self {
            name: file.run.value.as_str().into(),
            title: file.title.clone(),
            every: file.every.value,
            accounts: accounts.into_iter().map(|account| account.code).collect(),
            by: file.balances.by.value,
            vouchers,
            statement,
            place: file.run.place,
            decide,
            when,
        })
    }
}

struct Compiler<'l> {
    library: &'l Library,
    found: Vec<Diagnostic>,
}

impl Compiler<'_> {
    fn account(&mut self, code: &Sp<String>, file: &RunFile) -> Option<Account> {
        let account = match self.library.accounts.postable(code) {
            Ok(account) => account.clone(),
            Err(wrong) => {
                self.found.push(*wrong);
                return None;
            }
        };
        let by = &file.balances.by;
        let details = &account.details;
        let has = [&details.required, &details.one_of, &details.optional];
        if !has.iter().any(|kinds| kinds.contains(&by.value)) {
            let message = format!("account `{}` has no detail `{}`", code.value, by.value.word());
            let help = "its details stand in the chart of accounts";
            self.found.push(Diagnostic::error("AC0641", by.place, message).help(help));
        }
        Some(account)
    }

    /// A balance over several accounts is a sum only if they stand on one side.
    fn one_side(&mut self, file: &RunFile, accounts: &[Account]) {
        let mut natures = accounts.iter().map(|account| account.nature);
        let first = natures.next();
        let other = natures.position(|nature| Some(nature) != first);
        if let Some(code) = other.and_then(|n| file.balances.accounts.0.get(n + 1)) {
            let message = format!("account `{}` stands on another side than the first one", code.value);
            let help = "a run goes over assets or over liabilities; write two runs";
            self.found.push(Diagnostic::error("AC0642", code.place, message).help(help));
        }
    }

    fn rule(&mut self, rule: &Sp<String>) -> Option<String> {
        let rules = &self.library.rules;
        let Some(parameters) = rules.parameters(&rule.value) else {
            let message = format!("unknown rule `{}`", rule.value);
            let finding = Diagnostic::error("AC0107", rule.place, message);
            self.found.push(finding.nearest("rule", &rule.value, rules.names()));
            return None;
        };
        let known = |name: &&str| WORLD.iter().any(|entry| entry.name == *name);
        let missing: Vec<&str> = parameters.filter(|name| !known(name)).collect();
        for name in missing {
            let message = format!("the rule `{}` asks for `{name}`, which a run does not have", rule.value);
            let help =
                "a run has no fields; its item's facts are `balance`, `period` and what belongs to the item";
            self.found.push(Diagnostic::error("AC0311", rule.place, message).help(help));
        }
        Some(rule.value.clone())
    }

    fn condition(&mut self, text: &Written) -> Option<Expression> {
        let scope = Scope::default();
        Expression::compile(text, &scope).map_err(|wrong| self.found.push(*wrong)).ok()
    }

    fn voucher(&mut self, name: &Sp<String>) -> Option<Arc<Template>> {
        let found = self.library.vouchers.get(&name.value).cloned();
        if found.is_none() {
            let message = format!("unknown voucher `{}`", name.value);
            let finding = Diagnostic::error("AC0108", name.place, message);
            let known = self.library.vouchers.keys().map(String::as_str);
            self.found.push(finding.nearest("voucher", &name.value, known));
        }
        found
    }

    fn series(&mut self, series: &Sp<String>) -> Option<Arc<str>> {
        let numbers = self.library.company.as_ref().map(|company| &company.numbers);
        let numbers = numbers.filter(|numbers| !numbers.contains_key(series.value.as_str()));
        if let Some(numbers) = numbers {
            let message = format!("the company has no number series `{}`", series.value);
            let finding = Diagnostic::error("AC0643", series.place, message);
            self.found.push(finding.nearest("series", &series.value, numbers.keys().map(|key| &**key)));
            return None;
        }
        Some(series.value.as_str().into())
    }
}
