//! The same table in zen-engine: compiled once, evaluated without a trace.

use serde_json::{Value, json};
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, DecisionEngine, Variable};

/// Condition under which a row is met, and its answer; the last row is met always.
const ROWS: [(&str, &str); 11] = [
    ("device.status not in ['sold', 'installed', 'in_shop', 'at_partner']", "not_sold"),
    ("card.status == 'void'", "card_void"),
    ("not (card.stamped or not policy.stamp_required)", "not_stamped"),
    ("not (device.owner == customer.code or not policy.owner_bound)", "other_owner"),
    ("not (card.holder == customer.code or not policy.owner_bound)", "other_holder"),
    ("card.kind != policy.kind", "other_kind"),
    ("not (policy.kind == 'internal' or card.partner == policy.partner)", "other_partner"),
    (
        "not (device.usage <= policy.max_start_delay_months * 400 or product.category == 'industrial')",
        "overused",
    ),
    ("not (device.repairs * 2 <= policy.replacement_part_months)", "too_many_repairs"),
    (
        "not (product.hazard != 'gas' or customer.kind == 'company' or policy.start_basis == 'installation')",
        "not_installed_by_us",
    ),
    ("", "covered"),
];

/// The compiled table.
pub fn table() -> Decision {
    let rules: Vec<Value> = ROWS
        .iter()
        .zip(0..)
        .map(|((condition, answer), n)| {
            json!({"_id": format!("r{n}"), "condition": condition, "answer": format!("'{answer}'")})
        })
        .collect();
    let content: DecisionContent = serde_json::from_value(json!({
        "nodes": [
            {"id": "in", "name": "request", "type": "inputNode", "content": {}},
            {"id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "first",
                "inputs": [{"id": "condition", "name": "Condition"}],
                "outputs": [{"id": "answer", "name": "Answer", "field": "answer"}],
                "rules": rules,
                "passThrough": false,
            }},
            {"id": "out", "name": "out", "type": "outputNode", "content": {}}
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "table"},
            {"id": "e2", "sourceId": "table", "targetId": "out"}
        ]
    }))
    .expect("the table is a decision model");
    let mut decision =
        DecisionEngine::default().create_decision(content.into()).expect("the model is a graph");
    decision.compile();
    decision
}

/// Evaluates it.
pub async fn decide(table: &Decision, facts: &Variable) -> String {
    let response = table.evaluate(facts.clone()).await.expect("the table has an answer");
    response.result.dot("answer").and_then(|answer| answer.as_str().map(str::to_owned)).expect("an answer")
}
