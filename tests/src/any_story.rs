//! Stories that nobody has written: those of the repository with steps left out, repeated, put elsewhere, taken by
//! others, with other amounts, later or too early. Whatever comes of them, the books must hold.

use std::collections::BTreeMap;
use std::fmt::Write;

use aftercare_engine::bundle::Bundle;
use aftercare_engine::definition::action::StockKind;
use aftercare_engine::definition::books::{Control, DetailKind, Nature};
use aftercare_engine::definition::scenario::{Scenario, Step};
use aftercare_engine::diagnostic::Sp;
use aftercare_engine::effect::{Effect, Stock};
use aftercare_engine::facts::Value;
use aftercare_engine::ledger::{Amount, Voucher};
use aftercare_engine::scenario::{Scene, watch};
use rust_decimal::Decimal;

/// Numbers without a pattern, the same for the same seed.
pub struct Noise(u64);

impl Noise {
    /// Of a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678_9ABC_DEF1) | 1)
    }

    /// A number below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }

    fn pick<'t, T>(&mut self, from: &'t [T]) -> Option<&'t T> {
        let n = self.below(from.len());
        from.get(n)
    }
}

/// A story made out of those of the bundle; another one for each seed.
pub fn story(bundle: &Bundle, seed: u64) -> Scenario {
    let mut noise = Noise::of(seed);
    let all = &bundle.scenarios;
    let mut story = noise.pick(all).cloned().expect("the repository has stories");
    let alike: Vec<&Scenario> = all.iter().filter(|one| one.process == story.process).collect();
    story.then = None;
    for _ in 0..=noise.below(4) {
        change(&mut story, &alike, bundle, &mut noise);
    }
    for step in story.steps.iter_mut().chain(&mut story.open) {
        step.value.expect = None;
    }
    story
}

fn change(story: &mut Scenario, alike: &[&Scenario], bundle: &Bundle, noise: &mut Noise) {
    let other = noise.pick(alike).map_or(&[][..], |other| other.steps.as_slice());
    let at = noise.below(story.steps.len() + 1);
    match noise.below(9) {
        0 if at < story.steps.len() => drop(story.steps.remove(at)),
        1 if at < story.steps.len() => {
            let again = story.steps[at].clone();
            story.steps.insert(at, again);
        }
        2 if at < story.steps.len() => {
            let to = noise.below(story.steps.len());
            story.steps.swap(at, to);
        }
        3 | 4 => story.steps.splice(at..at, noise.pick(other).cloned()).for_each(drop),
        5 => {
            // From here on as in another story.
            let from = noise.below(other.len() + 1);
            story.steps.truncate(at);
            story.steps.extend(other[from..].iter().cloned());
        }
        6 => {
            let roles: Vec<&str> = bundle.library.roles.keys().collect();
            if let (Some(step), Some(role)) = (story.steps.get_mut(at), noise.pick(&roles)) {
                step.value.by = Some(Sp::new((*role).to_owned(), step.place));
            }
        }
        7 => {
            let after = other.iter().find_map(|step| step.after.clone());
            if let (Some(step), Some(after)) = (story.steps.get_mut(at), after) {
                step.value.at = None;
                step.value.after = Some(after);
            }
        }
        _ => {
            if let Some(step) = story.steps.get_mut(at) {
                other_data(&mut step.value, noise);
            }
        }
    }
}

/// Another value in the form, or one less.
fn other_data(step: &mut Step, noise: &mut Noise) {
    let names: Vec<_> = step.data.keys().cloned().collect();
    let Some(name) = noise.pick(&names) else { return };
    let Some(value) = step.data.get(name).cloned() else { return };
    let numbers = [-1, 0, 1, 3, 999, 1_000_000, 9_000_000_000_000_000];
    let other = match value {
        Value::Int(number) => Value::Int(number + [-1, 1, number, -number][noise.below(4)]),
        Value::Bool(is) => Value::Bool(!is),
        Value::Decimal(number) => Value::Decimal(number / Decimal::from(3)),
        Value::List(mut items) if noise.below(2) == 0 => {
            items.extend(items.clone());
            Value::List(items)
        }
        _ => numbers.get(noise.below(14)).map_or(Value::Null, |number| Value::Int(*number)),
    };
    if other.is_null() {
        step.data.remove(name)
    } else {
        step.data.insert(name.clone(), other)
    };
}

/// Runs a story and says which promise it breaks.
pub fn broken(bundle: &Bundle, story: &Scenario) -> Option<String> {
    let mut books: BTreeMap<usize, Books> = BTreeMap::new();
    let mut found = None;
    watch(bundle, story, &mut |scene| {
        if found.is_none() {
            found = books.entry(scene.ticket).or_default().after(bundle, scene);
        }
    });
    found
}

/// The shortest story that breaks the same promise: steps, then parts of forms are left out as long as it does.
pub fn smallest(bundle: &Bundle, mut story: Scenario) -> Scenario {
    let promise = |story: &Scenario| broken(bundle, story)?.split(':').next().map(str::to_owned);
    let wanted = promise(&story);
    loop {
        let mut shorter = Vec::new();
        for n in 0..story.steps.len() {
            let mut one = story.clone();
            one.steps.remove(n);
            shorter.push(one);
            for name in story.steps[n].data.keys() {
                let mut one = story.clone();
                one.steps[n].value.data.remove(name);
                shorter.push(one);
            }
        }
        match shorter.into_iter().find(|one| promise(one) == wanted) {
            Some(one) => story = one,
            None => return story,
        }
    }
}

/// The story as it would stand in a file, more or less.
pub fn told(story: &Scenario) -> String {
    let mut text = format!("{} ({})\n", story.scenario.value, story.process.value);
    for step in story.open.iter().chain(&story.steps) {
        let word = |text: &Option<Sp<String>>| text.as_ref().map_or(String::new(), |text| text.value.clone());
        let data: BTreeMap<String, serde_json::Value> =
            step.data.iter().map(|(name, value)| (name.to_string(), value.to_json())).collect();
        let data = serde_json::to_string(&data).unwrap_or_default();
        let (by, event, at) = (word(&step.by), word(&step.event), word(&step.at));
        let after = step.after.as_ref().map(|after| format!("{after:?}")).unwrap_or_default();
        let _ = writeln!(text, "  - {{by: {by}, event: {event}, at: {at}, after: {after}, data: {data}}}");
    }
    text
}

/// What a ticket has posted and moved so far, in minor units.
#[derive(Default)]
struct Books {
    /// By account and details: debits less credits.
    accounts: BTreeMap<(String, Vec<(DetailKind, String)>), i64>,
    /// By warehouse: in less out.
    stock: BTreeMap<String, i64>,
    /// What stood on each product's provision before.
    provision: Option<i64>,
    is_open: bool,
}

impl Books {
    fn after(&mut self, bundle: &Bundle, scene: Scene<'_>) -> Option<String> {
        if !self.is_open {
            self.is_open = true;
            let set_aside =
                scene.facts.world.get("product").and_then(|product| product.get("provision")?.as_decimal());
            self.provision = set_aside.map(|amount| self.minor(bundle, amount));
        }
        for effect in scene.effects {
            match effect {
                Effect::Voucher(voucher) => {
                    if let Some(wrong) = self.post(voucher) {
                        return Some(wrong);
                    }
                }
                Effect::Stock(stock) => self.take(bundle, stock, scene),
                _ => {}
            }
        }
        self.never_overdrawn(bundle)
            .or_else(|| timers_fit(scene))
            .or_else(|| scene.configuration.is_finished().then(|| self.in_the_end(bundle)).flatten())
    }

    fn post(&mut self, voucher: &Voucher) -> Option<String> {
        let (mut debit, mut credit) = (0, 0);
        for line in voucher.lines() {
            debit += line.debit_minor;
            credit += line.credit_minor;
            if (line.debit_minor > 0) == (line.credit_minor > 0)
                || line.debit_minor < 0
                || line.credit_minor < 0
            {
                return Some(format!(
                    "one side: a line of {} has both sides or none",
                    voucher.header().template
                ));
            }
            let details = line.details.iter().map(|(kind, code)| (*kind, code.clone())).collect();
            *self.accounts.entry((line.account.to_string(), details)).or_default() +=
                line.debit_minor - line.credit_minor;
        }
        (debit != credit || voucher.lines().len() < 2)
            .then(|| format!("balanced: {} has debit {debit}, credit {credit}", voucher.header().template))
    }

    fn take(&mut self, bundle: &Bundle, stock: &Stock, scene: Scene<'_>) {
        let cost = self.minor(bundle, stock.cost);
        let home = scene.facts.world.get("ticket").and_then(|ticket| ticket.get("warehouse")?.as_text());
        let from = stock.warehouse.as_deref().or(home).unwrap_or_default().to_owned();
        match stock.kind {
            StockKind::Issue | StockKind::Missing => *self.stock.entry(from).or_default() -= cost,
            StockKind::Return | StockKind::Receipt | StockKind::Surplus => {
                *self.stock.entry(from).or_default() += cost;
            }
            StockKind::Transfer => {
                *self.stock.entry(from).or_default() -= cost;
                *self.stock.entry(stock.to.clone().unwrap_or_default()).or_default() += cost;
            }
            StockKind::Defective => {}
        }
    }

    /// Provisions and deferred revenue are never less than nothing.
    fn never_overdrawn(&self, bundle: &Bundle) -> Option<String> {
        let mut left: BTreeMap<(DetailKind, &str), i64> = BTreeMap::new();
        for ((account, details), balance) in &self.accounts {
            let known = bundle.library.accounts.get(account)?;
            for kind in [DetailKind::Product, DetailKind::Contract] {
                let own =
                    known.details.required.contains(&kind) && known.nature == Nature::Credit && !known.memo;
                let code = details.iter().find(|(given, _)| *given == kind).filter(|_| own);
                if let Some((_, code)) = code {
                    *left.entry((kind, code)).or_default() -= balance;
                }
            }
        }
        left.into_iter().find_map(|((kind, code), left)| {
            let before = match kind {
                DetailKind::Product => self.provision?,
                _ => 0,
            };
            (before + left < 0).then(|| format!("overdrawn: {code} has {before} and {left}"))
        })
    }

    /// Of a ticket that is over nothing stands on memo accounts, and what it moved is what it posted.
    fn in_the_end(&self, bundle: &Bundle) -> Option<String> {
        let mut posted: BTreeMap<&str, i64> = BTreeMap::new();
        let mut memo: BTreeMap<&str, i64> = BTreeMap::new();
        for ((account, details), balance) in &self.accounts {
            let known = bundle.library.accounts.get(account)?;
            if known.memo {
                *memo.entry(account).or_default() += balance;
            }
            let warehouse = details.iter().find(|(kind, _)| *kind == DetailKind::Warehouse);
            if let Some((_, warehouse)) = warehouse.filter(|_| known.control == Some(Control::Stock)) {
                *posted.entry(warehouse).or_default() += balance;
            }
        }
        if let Some((account, left)) = memo.into_iter().find(|(_, left)| *left != 0) {
            return Some(format!("memo: {left} are left on {account}"));
        }
        let all = self.stock.keys().map(String::as_str).chain(posted.keys().copied());
        all.map(|name| {
            (name, self.stock.get(name).copied().unwrap_or(0), posted.get(name).copied().unwrap_or(0))
        })
        .find(|(_, moved, posted)| moved != posted)
        .map(|(name, moved, posted)| format!("stock: {name} moved {moved}, the ledger says {posted}"))
    }

    fn minor(&self, bundle: &Bundle, amount: Decimal) -> i64 {
        let currency =
            bundle.library.company.as_ref().expect("a company").books(&bundle.library.accounts).currency;
        Amount::half_up(amount, &currency).map_or(0, |amount| amount.minor())
    }
}

/// Timers wait only for states that are active.
fn timers_fit(scene: Scene<'_>) -> Option<String> {
    let stray = scene.timers.iter().find(|timer| !scene.configuration.may_wait(scene.chart, &timer.id))?;
    Some(format!("timer: {} waits for a state that is not active", stray.id))
}
