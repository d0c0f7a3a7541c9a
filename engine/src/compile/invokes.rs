//! Tickets that a process opens, held against what the other process asks for.

use crate::compile::Binder;
use crate::definition::child::Invoke;
use crate::definition::process::Subject;
use crate::definition::{Expression, Table};
use crate::diagnostic::{Diagnostic, Sp};
use crate::effect::child::Request;
use crate::facts::Value;
use crate::facts::shape::{Kind, field_kind};
use crate::interface::Interface;
use crate::step::eyes::Bound;
use crate::step::invoke::InvokeRule;

use super::tree::Flat;

impl Binder<'_> {
    /// A ticket to be opened.
    pub(crate) fn request(
        &mut self,
        process: &Sp<String>,
        input: &Table<Expression>,
        device: Option<&Expression>,
        customer: Option<&Expression>,
    ) -> Option<Request> {
        let device_bound = self.optional(device, Kind::Text)?;
        let customer = self.optional(customer, Kind::Text)?;
        let interface = self.interface(&process.value).cloned();
        if interface.is_none() && !self.is_lenient() {
            self.unknown_process(process);
            return None;
        }
        let input = match &interface {
            Some(interface) => self.input(process, input, interface),
            None => self.table(input),
        };
        let about_device = interface.is_some_and(|one| one.subject == Some(Subject::Device));
        if about_device && device.is_none() && self.subject() == Some(Subject::Party) {
            let message = format!("a ticket of `{}` is about a device, and this one has none", process.value);
            let wrong = Diagnostic::error("AC0804", process.place, message);
            self.push(wrong.label("about which device?").help("give its serial with `device`"));
        }
        Some(Request { process: process.value.clone(), input, device: device_bound, customer })
    }

    fn input(
        &mut self,
        process: &Sp<String>,
        input: &Table<Expression>,
        interface: &Interface,
    ) -> Vec<(std::sync::Arc<str>, Bound)> {
        let mut bound = Vec::new();
        for (name, text) in input.iter() {
            let Some(asked) = interface.asked.iter().find(|asked| asked.name == name.value) else {
                let message = format!("the opening of `{}` does not ask for `{}`", process.value, name.value);
                let names = interface.asked.iter().map(|asked| asked.name.as_str());
                let wrong = Diagnostic::error("AC0802", name.place, message).label("not asked for");
                self.push(wrong.nearest("field", &name.value, names));
                continue;
            };
            let Some(value) = self.value(text, field_kind(&asked.field)) else { continue };
            let options = &asked.field.options;
            if let Some(Value::Text(given)) = value.expression.constant()
                && !options.is_empty()
                && options.get(given).is_none()
            {
                let message = format!("`{}` has no option `{given}`", name.value);
                let wrong = Diagnostic::error("AC0014", text.place, message).label("no such option");
                self.push(wrong.nearest("option", given, options.keys()));
            }
            bound.push((name.value.as_str().into(), value));
        }
        for asked in interface.asked.iter().filter(|asked| asked.required) {
            if input.get(&asked.name).is_none() {
                let message = format!("the opening of `{}` asks for `{}`", process.value, asked.name);
                let wrong = Diagnostic::error("AC0803", process.place, message).label("is not given");
                self.push(wrong.help(format!("give it with `input: {{{}: …}}`", asked.name)));
            }
        }
        bound
    }

    /// What a state waits for.
    pub(super) fn invoke(
        &mut self,
        invoke: &Invoke,
        flat: &Flat<'_>,
        rules: &mut Vec<InvokeRule>,
    ) -> Option<u16> {
        let id = &invoke.id;
        if rules.iter().any(|rule| rule.id == id.value) {
            let message = format!("there are two invokes `{}` in this process", id.value);
            self.push(Diagnostic::error("AC0805", id.place, message).label("the second one"));
        }
        if id.value.is_empty()
            || id.value.contains(|sign: char| !(sign.is_alphanumeric() || "_-".contains(sign)))
        {
            let wrong = Diagnostic::error("AC0805", id.place, format!("`{}` cannot be an id", id.value));
            self.push(wrong.help("it becomes part of an event's name: write letters, digits, `_` and `-`"));
        }
        if flat.is_passed() {
            let message = format!("nobody can wait in `{}`", flat.path);
            let wrong = Diagnostic::error("AC0805", id.place, message).label("never opened");
            self.push(wrong.help("only a state that can be rested in waits for another ticket"));
        }
        let (device, customer) = (invoke.device.as_ref(), invoke.customer.as_ref());
        let request = self.request(&invoke.process, &invoke.input, device, customer)?;
        rules.push(InvokeRule { id: id.value.clone(), request, within: flat.within });
        u16::try_from(rules.len() - 1).ok()
    }
}

#[cfg(test)]
mod tests {
    const CHILD: &str = "
process: work
subject: device
opened_by: [system]
form: [fault, {field: how, required: true}, {field: note, when: 'data?.how == \"slow\"'}]
fields: {fault: {type: text}, how: {type: choice, options: {slow: {en: s}, fast: {en: f}}}, note: {type: text, required: true}, n: {type: integer}}
output: {total: n + 1, name: fault}
initial: a
states: {a: {on: {cancel.invoke: b}, after: {1 day: b}}, b: {type: final}}
";

    fn told(subject: &str, invoke: &str) -> String {
        let process = format!(
            "process: p\nsubject: {subject}\nopened_by: [system]\nfields: {{sum: {{type: integer}}, day: {{type: date}}}}\ninitial: a\nstates:\n  a: {{invoke: {invoke}}}\n  b: {{type: final}}\n"
        );
        let files = [("p.yaml", process.as_str()), ("work.yaml", CHILD)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let (bundle, found) = crate::bundle::load(files.to_vec());
        crate::diagnostic::render::short(&found, &bundle.sources)
    }

    #[test]
    fn a_right_invoke_is_taken() {
        let invoke = "{id: one, process: work, input: {how: '\"fast\"', fault: '\"x\"'}, on_done: {guard: data.total > 1, actions: [{set: {sum: data.total}}], target: b}, on_error: {guard: 'data.reasons.len() > 0', target: b}}";
        assert_eq!(told("device", invoke), "");
    }

    #[test]
    fn names_and_types_on_both_sides_are_held_together() {
        let invoke = "[{id: one, process: wrok, on_done: b}, {id: two, process: work, input: {fautl: '\"x\"', fault: 1 + 1, how: '\"fats\"'}}, {id: two, process: work, input: {how: '\"fast\"'}, device: '\"S\"', on_done: {guard: data.totl > 1, actions: [{set: {day: data.total}}], target: b}}, {id: a.b, process: work, device: '\"S\"'}]";
        assert_eq!(
            told("party", invoke),
            "p.yaml:7:35: error[AC0801]: unknown process `wrok`; a process with a similar name exists: `work`\n\
             p.yaml:7:73: error[AC0804]: a ticket of `work` is about a device, and this one has none; give its serial with `device`\n\
             p.yaml:7:87: error[AC0802]: the opening of `work` does not ask for `fautl`; a field with a similar name exists: `fault`\n\
             p.yaml:7:108: error[AC0305]: `1 + 1` is a number; a text is expected here\n\
             p.yaml:7:120: error[AC0014]: `how` has no option `fats`; an option with a similar name exists: `fast`\n\
             p.yaml:7:137: error[AC0805]: there are two invokes `two` in this process\n\
             p.yaml:7:218: error[AC0302]: `data` has no `totl`; a property with a similar name exists: `total`\n\
             p.yaml:7:250: error[AC0305]: `data.total` is a number; a date is expected here\n\
             p.yaml:7:283: error[AC0805]: `a.b` cannot be an id; it becomes part of an event's name: write letters, digits, `_` and `-`\n\
             p.yaml:7:297: error[AC0803]: the opening of `work` asks for `how`; give it with `input: {how: …}`\n"
        );
    }
}
