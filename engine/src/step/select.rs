//! Which transitions an event enables, and which of them give way.

use smallvec::SmallVec;

use crate::facts::Value;
use crate::rules::RuleError;
use crate::statechart::event::Candidates;
use crate::statechart::transition::Guard;
use crate::statechart::{FormEntry, StateId, StateSet, Transition, TransitionId};

use super::eyes::Eyes;
use super::run::{Refusal, Run};
use super::{Origin, Reason, form, microstep};

/// Transitions to take together, in document order of the states that chose them.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) transitions: SmallVec<[TransitionId; 8]>,
    /// Enabled too, but later in the same state.
    pub(crate) passed_over: SmallVec<[TransitionId; 8]>,
    /// The form's data, read by the fields' types.
    pub(crate) given: Option<Value>,
}

impl Chosen {
    pub(crate) fn is_empty(&self) -> bool {
        self.transitions.is_empty()
    }
}

/// SCXML's selectTransitions: for every active atomic state the first enabled transition, inner states first.
/// `origin` is none for eventless transitions. Reasons are collected for those a person asked for in vain.
pub(crate) fn select(
    run: &Run<'_>,
    candidates: &Candidates,
    origin: Option<Origin>,
    reasons: &mut Vec<Reason>,
) -> Result<Chosen, Refusal> {
    select_in(run, candidates, &run.configuration.active, origin, reasons)
}

/// The same for some of the active states.
pub(crate) fn select_in(
    run: &Run<'_>,
    candidates: &Candidates,
    among: &StateSet,
    origin: Option<Origin>,
    reasons: &mut Vec<Reason>,
) -> Result<Chosen, Refusal> {
    let mut chosen = Chosen::default();
    let sources = candidates.states.intersection(among);
    if sources.is_empty() {
        return Ok(chosen);
    }
    if let Some(only) = sources.only() {
        // One state alone: nothing inside it comes first, nothing beside it conflicts.
        let answer = first_enabled(run, candidates, only, origin, reasons, &mut chosen)?;
        chosen.transitions.extend(answer);
    } else {
        innermost(run, candidates, &sources, origin, reasons, &mut chosen)?;
    }
    Ok(chosen)
}

/// For every active atomic state its innermost enabled transition, without those that conflict.
fn innermost(
    run: &Run<'_>,
    candidates: &Candidates,
    sources: &StateSet,
    origin: Option<Origin>,
    reasons: &mut Vec<Reason>,
    chosen: &mut Chosen,
) -> Result<(), Refusal> {
    // States that have already been asked, with their answer: regions share their ancestors.
    let mut asked: SmallVec<[(StateId, Option<TransitionId>); 8]> = SmallVec::new();
    let chart = run.chart;
    for leaf in run.configuration.active.iter().filter(|id| chart.atomic.contains(*id)) {
        for state in std::iter::once(leaf).chain(chart.ancestors(leaf)) {
            if !sources.contains(state) {
                continue;
            }
            let answer = match asked.iter().find(|(id, _)| *id == state) {
                Some((_, answer)) => *answer,
                None => {
                    let answer = first_enabled(run, candidates, state, origin, reasons, chosen)?;
                    asked.push((state, answer));
                    answer
                }
            };
            if let Some(id) = answer {
                if !chosen.transitions.contains(&id) {
                    chosen.transitions.push(id);
                }
                break;
            }
        }
    }
    if chosen.transitions.len() > 1 {
        remove_conflicting(run, &mut chosen.transitions);
    }
    Ok(())
}

/// The first enabled transition of one state; what else would have been enabled is remembered for the trace.
fn first_enabled(
    run: &Run<'_>,
    candidates: &Candidates,
    state: StateId,
    origin: Option<Origin>,
    reasons: &mut Vec<Reason>,
    chosen: &mut Chosen,
) -> Result<Option<TransitionId>, Refusal> {
    let mut first = None;
    for id in candidates.of(state) {
        let Some(transition) = run.chart.transition(id) else { continue };
        if first.is_none() {
            match enabled(run, transition, origin)? {
                Answer::Yes(data) => {
                    first = Some(id);
                    if data.is_some() {
                        chosen.given = data;
                    }
                }
                Answer::No(why) => reasons.extend(why),
            }
        } else if matches!(enabled(run, transition, origin), Ok(Answer::Yes(_))) {
            chosen.passed_over.push(id);
        }
    }
    Ok(first)
}

enum Answer {
    /// With the form's data, read by the fields' types.
    Yes(Option<Value>),
    No(Vec<Reason>),
}

/// Role, form, guards: in this order, so that nobody learns by a guard what he may not do at all.
fn enabled(run: &Run<'_>, transition: &Transition, origin: Option<Origin>) -> Result<Answer, Refusal> {
    let mut data = None;
    if origin == Some(Origin::External) {
        if let Some(reason) = not_allowed(run, transition) {
            return Ok(Answer::No(vec![reason]));
        }
        if transition.has_form {
            match form::read(run, &transition.form)? {
                Ok(read) => data = Some(read),
                Err(reasons) => return Ok(Answer::No(reasons)),
            }
        }
    }
    let mut reasons = Vec::new();
    for guard in &transition.guards {
        match refused_by(run, guard, &transition.form, data.as_ref())? {
            None => {}
            Some(reason) if origin == Some(Origin::External) => reasons.push(reason),
            Some(_) => return Ok(Answer::No(Vec::new())),
        }
    }
    Ok(if reasons.is_empty() { Answer::Yes(data) } else { Answer::No(reasons) })
}

/// Why a guard does not hold, if it does not: with this form, which may be to blame.
pub(super) fn refused_by(
    run: &Run<'_>,
    guard: &Guard,
    form: &[FormEntry],
    data: Option<&Value>,
) -> Result<Option<Reason>, Refusal> {
    let eyes = run.eyes(&guard.states, &[]);
    let eyes = data.map_or(eyes, |data| eyes.with_data(data));
    if guard.when.holds(&eyes).map_err(|error| located(guard, error))? {
        return Ok(None);
    }
    let reason = unmet(&eyes, guard);
    Ok(Some(match blamed(run, form, guard) {
        Some(field) => reason.field(field),
        None => reason,
    }))
}

/// Why this actor may not take a step, whatever the form brings: no fitting role, or one that is only for
/// the technician in charge, once somebody is.
pub(super) fn not_allowed(run: &Run<'_>, transition: &Transition) -> Option<Reason> {
    let by = &run.facts.by;
    // A bare chart names no roles at all; there everybody may do everything.
    if by.is_system() || (transition.by.is_empty() && run.chart.lenient) {
        return None;
    }
    let roles = &run.chart.library.roles;
    let mut fits = false;
    for role in transition.by.iter().filter(|role| by.roles.contains(role)) {
        if !roles.get(role).is_some_and(|role| role.in_charge) {
            return None;
        }
        fits = true;
    }
    let ticket = run.world("ticket");
    let person = ticket.get("technician").unwrap_or(&Value::Null);
    let is_free = |key: &&str| ticket.get(key).is_none_or(Value::is_null);
    if fits
        && (person.as_text() == Some(by.name.as_str())
            || ["technician", "agency", "partner"].iter().all(is_free))
    {
        return None;
    }
    if fits {
        return Some(Reason::new("not_in_charge").with("technician", person.clone()));
    }
    let roles = transition.by.iter().map(|role| Value::text(role.as_str())).collect();
    Some(Reason::new("not_allowed").with("roles", Value::List(roles)))
}

/// The field that a refused form is to blame for, if it is a single one that the guard looks at.
fn blamed<'a>(run: &'a Run<'_>, form: &'a [FormEntry], guard: &Guard) -> Option<&'a str> {
    let reads = guard.when.reads().iter();
    let brought: Vec<&str> = reads.filter_map(|path| path.strip_prefix("data.")?.split('.').next()).collect();
    let names = form.iter().filter_map(|entry| run.chart.asked(entry).map(|field| &*field.name));
    let mut names = names.filter(|name| brought.contains(name));
    names.next().filter(|_| names.next().is_none())
}

/// The reason of a guard that does not hold, with the values it looked at.
pub(super) fn not_met(run: &Run<'_>, guard: &Guard) -> Reason {
    unmet(&run.eyes(&guard.states, &[]), guard)
}

/// Why a condition does not hold, with the values that it has seen.
pub(super) fn unmet(eyes: &Eyes<'_>, guard: &Guard) -> Reason {
    let mut reason = Reason::new(guard.because.as_deref().unwrap_or("condition_not_met"))
        .with("condition", guard.when.text());
    let about = guard.about.as_ref();
    for path in guard.when.reads().iter().chain(about.map_or(&[][..], |about| about.expression.reads())) {
        if let Some(value) = eyes.at(path) {
            reason.values.insert(path.as_str().into(), value.into_owned());
        }
    }
    if let Some(about) = about.and_then(|about| about.seen(*eyes)) {
        reason.values.insert("about".into(), about);
    }
    reason.source = Some(guard.source.to_string());
    reason
}

pub(super) fn located(guard: &Guard, error: RuleError) -> RuleError {
    RuleError { source_line: guard.source.to_string(), ..error }
}

/// SCXML's removeConflictingTransitions: of two whose exit sets meet, the one from the inner state stays, else
/// the one that came first.
fn remove_conflicting(run: &Run<'_>, chosen: &mut SmallVec<[TransitionId; 8]>) {
    let mut kept: SmallVec<[(TransitionId, StateId, StateSet); 4]> = SmallVec::new();
    for id in chosen.iter().copied() {
        let Some(transition) = run.chart.transition(id) else { continue };
        let exits = microstep::exit_set(run, transition);
        let mut preempted = false;
        let mut gives_way: SmallVec<[TransitionId; 8]> = SmallVec::new();
        for (other, source, other_exits) in &kept {
            if exits.intersects(other_exits) {
                if run.chart.is_below(transition.source, *source) {
                    gives_way.push(*other);
                } else {
                    preempted = true;
                    break;
                }
            }
        }
        if !preempted {
            kept.retain(|(other, ..)| !gives_way.contains(other));
            kept.push((id, transition.source, exits));
        }
    }
    *chosen = kept.into_iter().map(|(id, ..)| id).collect();
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::compile::compile;
    use crate::definition::node::Node;
    use crate::diagnostic::Sources;
    use crate::facts::{Actor, Facts, Map, Value};
    use crate::step::{self, Event, Outcome, Reason};

    /// What is said when a clerk sends `ask` with these parts and this note.
    fn refused(quantity: i64, note: &str) -> Vec<Reason> {
        let text = r#"
opened_by: [clerk]
fields: {parts: {type: parts}, note: {type: text}, other: {type: text}}
initial: a
states:
  a:
    on:
      ask:
        by: [clerk]
        form: [parts, note]
        guard:
          - when: 'len(short_of(data.parts, "stock", [])) == 0'
            because: too_few
            about: 'short_of(data.parts, "stock", [])'
          - {when: 'data.note == "yes" || len(data.parts) > 5', because: unclear}
        target: b
  b: {}
"#;
        let mut sources = Sources::default();
        let id = sources.add("chart.yaml", text);
        let process = Arc::new(Node::read(id, text).unwrap().to().unwrap());
        let (chart, found) = compile(&process, &Arc::default(), &sources, true);
        assert!(found.is_empty(), "{found:#?}");
        let chart = chart.unwrap();
        let mut facts = Facts::new(chrono::DateTime::UNIX_EPOCH, Actor::role("clerk"));
        facts.give(&chart, Map::new());
        let begun = step::start(&chart, &facts);
        facts.apply(&chart, &begun);
        let data = serde_json::json!({"parts": [{"code": "FAN", "quantity": quantity, "part": {"stock": 2}}], "note": note});
        let Value::Map(data) = Value::from_json(&data) else { panic!("a map") };
        facts.data = data;
        match step::step(&chart, &begun.configuration, &Event::external("ask"), &facts).outcome {
            Outcome::Refused(reasons) => reasons,
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_reason_says_what_it_is_about_and_blames_the_one_field_that_was_looked_at() {
        assert!(refused(2, "yes").is_empty());
        let short = refused(3, "yes");
        let [short] = short.as_slice() else { panic!("{short:?}") };
        let about = Value::List(vec![Value::text("FAN: 2")]);
        assert_eq!((short.code.as_str(), short.field.as_deref()), ("too_few", Some("parts")));
        assert_eq!(short.values.get("about"), Some(&about));
        // Two fields were looked at: neither is to blame alone.
        let unclear = refused(1, "no");
        let [unclear] = unclear.as_slice() else { panic!("{unclear:?}") };
        assert_eq!((unclear.code.as_str(), unclear.field.as_deref()), ("unclear", None));
    }
}
