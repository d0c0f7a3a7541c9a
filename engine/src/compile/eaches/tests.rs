//! What is told of instances that cannot be.

fn told(fields: &str, state: &str) -> String {
    let process = format!(
        "process: p\nsubject: party\nopened_by: [system]\nfields: {{n: {{type: integer}}, {fields}}}\ninitial: a\nstates:\n  a: {state}\n  b: {{type: final}}\n"
    );
    let (bundle, found) = crate::bundle::load(vec![("p.yaml".to_owned(), process)]);
    let told = crate::diagnostic::render::short(&found, &bundle.sources);
    told.split_inclusive('\n').filter_map(|line| line.split_once(": ").map(|(_, what)| what)).collect()
}

const LIST: &str = "list: {type: records, of: {id: {type: text, required: true}, answer: {type: choice, options: {yes: {en: y}}}, price: {type: money}}}";

#[test]
fn a_right_state_is_taken() {
    let state = "{each: {over: list, as: one, key: id, complete_when: 'in(\"a.y\") && n == 2', label: one.id}, initial: x, states: {x: {on: {go: {form: [one.price, n], guard: 'data.price > 1 && one.answer == \"yes\"', actions: {set: {one.answer: '\"yes\"', n: 3}}, target: y}, out: b}}, y: {type: final}}, on_done: b}";
    assert_eq!(told(LIST, state), "");
}

#[test]
fn the_list_its_key_and_its_name_are_held_to_what_is_there() {
    let inside = "initial: x, states: {x: {type: final}}";
    let each = |each: &str| told(LIST, &format!("{{each: {each}, {inside}}}"));
    assert_eq!(
        each("{over: lisst, as: one, key: id}"),
        "error[AC0820]: unknown field `lisst`; a list with a similar name exists: `list`\n"
    );
    assert_eq!(
        each("{over: n, as: one, key: id}"),
        "error[AC0820]: `n` is not a list of records; give the field `type: records` and say with `of` what each record holds\n"
    );
    assert_eq!(
        each("{over: list, as: one, key: ids}"),
        "error[AC0821]: the records have no `ids`; a part with a similar name exists: `id`\n"
    );
    assert_eq!(
        each("{over: list, as: one, key: price}"),
        "error[AC0821]: `price` does not tell one record from another; a key is a code or a whole number, with `required: true`\n"
    );
    assert_eq!(
        each("{over: list, as: customer, key: id, complete_when: n}"),
        "error[AC0822]: a record cannot be called `customer`; give it a name of its own: rules and guards would not know which is meant\n\
         error[AC0310]: `n` is not a condition; compare it with something, such as `charges.customer_owes == 0`\n"
    );
    assert_eq!(
        told(
            "list: {type: records}, m: {type: text, of: {x: {type: text}}}, o: {type: records, of: {x: {type: parts}}}",
            "{on: {go: b}}"
        ),
        "error[AC0827]: `list` does not say what each record holds; `type: records` and `of` belong together\n\
         error[AC0827]: `m` is no record and no list of records; `of` belongs to `type: record` and `type: records`\n\
         error[AC0827]: `x` cannot be part of a record; a part of a record is one plain value; `default` and `seen_by` are for the whole list\n"
    );
}

#[test]
fn states_and_names_inside_are_for_instances_alone() {
    let with = |states: &str| {
        told(
            LIST,
            &format!(
                "{{each: {{over: list, as: one, key: id}}, initial: x, states: {{{states}}}, on: {{go: a.x}}}}"
            ),
        )
    };
    assert_eq!(
        with("x: {type: final}"),
        "error[AC0825]: `a.x` is a state of each instance, and none is meant here; lead to the state with `each`; from inside, an instance leads to its own states\n"
    );
    assert_eq!(
        told(
            LIST,
            "{each: {over: list, as: one, key: id}, initial: x, states: {x: {initial: z, each: {over: list, as: two, key: id}, states: {z: {on: {go: {guard: 'one.pric > 1', actions: {set: {one.anser: 1}}}}}}}, y: {type: final}}, on: {go: {guard: one.price > 1}}}"
        ),
        "error[AC0824]: instances cannot have instances; let the inner list be worked on by a ticket of its own: see `invoke`\n\
         error[AC0302]: `one` has no `pric`; a property with a similar name exists: `price`\n\
         error[AC0110]: unknown field `one.anser`; a field with a similar name exists: `one.answer`\n\
         error[AC0301]: unknown name `one`; a name with a similar name exists: `due`\n"
    );
    assert_eq!(
        told(LIST, "{each: {over: list, as: one, key: id}, type: parallel, states: {x: {}, y: {}}}"),
        "error[AC0823]: `a` cannot run for each of many; give it `states` and `initial`, without `type`; a parallel state stands inside it\n"
    );
    assert_eq!(
        told(
            LIST,
            "{each: {over: list, as: one, key: id}, initial: x, states: {x: {on: {go: b, 'a@b': b}}}}"
        ),
        "error[AC0826]: no instance of `a` ever comes to an end; give it a state with `type: final`, or say `complete_when`\n\
         error[AC0209]: `a@b` is not an event name; write a name such as `paid`, a family such as `error.*`, or `*` for every event\n"
    );
}

#[test]
fn a_form_asks_for_parts_that_rows_have_and_for_all_that_are_required() {
    let rows = "list: {type: records, of: {id: {type: text, required: true}, answer: {type: text}}}, goods: {type: parts, columns: []}";
    let with = |form: &str| told(rows, &format!("{{on: {{go: {{form: [{form}], target: b}}}}}}"));
    assert_eq!(with("{field: list, columns: [id]}"), "");
    assert_eq!(
        with("{field: list, columns: [id, anser]}"),
        "error[AC0840]: a row of `list` has no `anser` to ask; a part with a similar name exists: `answer`\n"
    );
    assert_eq!(
        with("{field: list, columns: [answer]}"),
        "error[AC0840]: `id` of `list` is required, but not asked here; name it under `columns`, or let it be left out: `required: false`\n"
    );
    assert_eq!(
        with("{field: goods, columns: [old_serial]}"),
        "error[AC0840]: a row of `goods` has no `old_serial` to ask; there is no part yet\n"
    );
}

#[test]
fn fixed_parts_stand_in_rows_that_the_form_begins_with_and_checks_see_a_row() {
    let rows = "list: {type: records, of: {id: {type: text, fixed: true}, answer: {type: choice, options: {yes: {en: y}}}}, CHECK}";
    let with = |check: &str, form: &str| {
        told(&rows.replace("CHECK", check), &format!("{{on: {{go: {{form: [{form}], target: b}}}}}}"))
    };
    assert_eq!(with("check: 'row.answer == \"yes\" || row.id != ()'", "{field: list, from: list}"), "");
    assert_eq!(
        with("check: 'row.anser == \"yes\"'", "{field: list, from: list}"),
        "error[AC0302]: `row` has no `anser`; a property with a similar name exists: `answer`\n"
    );
    assert_eq!(
        with("check: 'row.answer == \"ys\"'", "{field: list, from: list}"),
        "error[AC0014]: `row.answer` has no option `ys`; an option with a similar name exists: `yes`\n"
    );
    assert_eq!(
        with("check: 'row.id != ()'", "list"),
        "error[AC0828]: `id` of `list` is fixed, but the form begins with no rows; say what it begins with: `{field: …, from: …}`\n"
    );
    assert_eq!(
        told(
            "m: {type: text, fixed: true, check: 'n == 2'}",
            "{on: {go: {form: [{field: n, from: '\"x\"'}], target: b}}}"
        ),
        "error[AC0827]: `m` has no records to check; `check` belongs to `type: records`\n\
         error[AC0828]: `m` is fixed, but is no part of a record; remove `fixed`\n\
         error[AC0305]: `\"x\"` is a text; a number is expected here\n"
    );
}
