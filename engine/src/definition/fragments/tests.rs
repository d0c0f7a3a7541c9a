use crate::bundle;
use crate::diagnostic::render;

/// What is found in a process and fragments, one line each.
fn found(files: &[(&str, &str)]) -> String {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let (bundle, found) = bundle::load_lenient(files);
    let about_fragments: Vec<_> = found.into_iter().filter(|one| one.code < "AC0100").collect();
    render::short(&about_fragments, &bundle.sources)
}

const SETTLE: &str = "
fragment: settle
parameters:
  next: {about: where to go when paid}
  who: {about: who may take money, default: [cashier]}
fields:
  receipt: {type: text}
body:
  initial: due
  entry: {raise: opened}
  states:
    due:
      on:
        paid: {target: $next, by: [$who, accountant], guard: \"charges.paid > 0 && '${next}' != ''\"}
    cleared: {type: final}
";

#[test]
fn a_fragment_is_merged_with_its_parameters_and_the_user_wins() {
    let process = "
process: p
initial: pay
states:
  pay:
    use: {fragment: settle, with: {next: cleared}}
    entry: {raise: mine}
    states:
      due: {title: {en: Due}}
";
    let files =
        vec![("p.yaml".to_owned(), process.to_owned()), ("settle.yaml".to_owned(), SETTLE.to_owned())];
    let (bundle, found) = bundle::load_lenient(files);
    assert_eq!(
        render::short(
            &found.into_iter().filter(|one| one.code < "AC0100").collect::<Vec<_>>(),
            &bundle.sources
        ),
        ""
    );
    let process = &bundle.processes["p"].definition;
    assert!(process.fields.get("receipt").is_some());
    let pay = process.states.get("pay").unwrap();
    assert_eq!(pay.entry.0.len(), 2);
    let due = pay.states.get("due").unwrap();
    assert_eq!(due.title.as_ref().unwrap().en.as_ref().unwrap().value, "Due");
    let paid = &due.on.get("paid").unwrap().0[0].0;
    assert_eq!(paid.target.0[0].value, "cleared");
    assert_eq!(bundle.sources.path(paid.target.0[0].place.source), "p.yaml");
    let by: Vec<_> = paid.by.iter().map(|role| role.value.as_str()).collect();
    assert_eq!(by, ["cashier", "accountant"]);
    assert_eq!(paid.guard.0[0].when.value, "charges.paid > 0 && 'cleared' != ''");
    assert_eq!(bundle.sources.path(paid.guard.0[0].when.place.source), "settle.yaml");
}

#[test]
fn wrong_uses_are_told_with_the_nearest_name() {
    let process = "
process: p
use: setle
states:
  a: {use: {fragment: settle, with: {nxt: b}}}
  b: {use: 7.5}
";
    assert_eq!(
        found(&[("p.yaml", process), ("settle.yaml", SETTLE)]),
        "p.yaml:3:6: error[AC0015]: unknown fragment `setle`; a fragment with a similar name exists: `settle`\n\
         p.yaml:5:23: error[AC0017]: fragment `settle` needs the parameter `next`; write `use: {fragment: settle, with: {next: …}}`\n\
         p.yaml:5:38: error[AC0016]: fragment `settle` has no parameter `nxt`; a parameter with a similar name exists: `next`\n\
         p.yaml:6:12: error[AC0015]: unknown fragment `7.5`; the fragment can be: `settle`\n"
    );
}

#[test]
fn a_fragment_that_uses_itself_is_refused() {
    let circle = [
        ("p.yaml", "process: p\nuse: a\n"),
        ("a.yaml", "fragment: a\nbody: {use: b}\n"),
        ("b.yaml", "fragment: b\nbody: {states: {x: {use: a}}}\n"),
    ];
    assert_eq!(
        found(&circle),
        "b.yaml:2:26: error[AC0018]: fragment `a` uses itself; the circle is `a` → `b` → `a`\n"
    );
}

#[test]
fn fragments_cannot_be_made_into_a_bomb() {
    let mut files = vec![("p.yaml".to_owned(), "process: p\nuse: f0\n".to_owned())];
    for n in 0..7 {
        let users: String = (0..12).map(|k| format!("s{k}: {{use: f{}}}, ", n + 1)).collect();
        files.push((format!("f{n}.yaml"), format!("fragment: f{n}\nbody: {{states: {{{users}}}}}\n")));
    }
    files.push(("f7.yaml".to_owned(), "fragment: f7\nbody: {initial: a, states: {a: {}}}\n".to_owned()));
    let (_, found) = bundle::load_lenient(files);
    assert!(found.iter().any(|one| one.code == "AC0019"));
}

#[test]
fn a_fragment_says_what_its_parameters_are() {
    let fragment = "fragment: f\nparameters:\n  unused: {about: nothing}\nbody:\n  initial: $strat\n";
    assert_eq!(
        found(&[("p.yaml", "process: p\n"), ("f.yaml", fragment)]),
        "f.yaml:1:11: warning[AC0006]: no process uses the fragment `f`; used nowhere\n\
         f.yaml:3:3: warning[AC0007]: the parameter `unused` is never used; write `$unused` where its value belongs, or remove it\n\
         f.yaml:5:12: error[AC0016]: unknown parameter `strat`; the parameter can be: `unused`\n"
            .replace("; used nowhere", "")
    );
}

#[test]
fn a_fragment_brings_clocks_over_the_whole_process() {
    let process = "process: p\nuse: {fragment: f, with: {end: b}}\ndeadlines:\n  own: {within: 1 days, until: b}\ninitial: a\nstates:\n  a: {on: {go: b}}\n  b: {type: final}\n";
    let fragment = "fragment: f\nparameters:\n  end: {about: where it stops}\ndeadlines:\n  clock: {within: 3 days, until: $end}\n";
    let files =
        [("p.yaml", process), ("f.yaml", fragment)].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let (bundle, found) = bundle::load_lenient(files.into());
    assert!(found.iter().all(|one| one.severity != crate::diagnostic::Severity::Error), "{found:#?}");
    let process = bundle.processes.values().next().expect("the process");
    let clocks: Vec<&str> = process.definition.deadlines.keys().collect();
    assert_eq!(clocks, ["clock", "own"]);
}
