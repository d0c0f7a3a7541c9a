// The same table in zen-engine, compiled once, evaluated without a trace. Reads the sets of facts as one JSON
// document, writes the answers and what one decision took.
//
// Between JavaScript and the engine every call converts its facts and waits for a promise. A graph that hands its
// input on without a table pays the same; what it takes is measured beside and can be taken off.
import { readFileSync } from "node:fs";
import { ZenDecisionContent, ZenEngine } from "@gorules/zen-engine";

const rows = [
  ["device.status not in ['sold', 'installed', 'in_shop', 'at_partner']", "not_sold"],
  ["card.status == 'void'", "card_void"],
  ["not (card.stamped or not policy.stamp_required)", "not_stamped"],
  ["not (device.owner == customer.code or not policy.owner_bound)", "other_owner"],
  ["not (card.holder == customer.code or not policy.owner_bound)", "other_holder"],
  ["card.kind != policy.kind", "other_kind"],
  ["not (policy.kind == 'internal' or card.partner == policy.partner)", "other_partner"],
  ["not (device.usage <= policy.max_start_delay_months * 400 or product.category == 'industrial')", "overused"],
  ["not (device.repairs * 2 <= policy.replacement_part_months)", "too_many_repairs"],
  [
    "not (product.hazard != 'gas' or customer.kind == 'company' or policy.start_basis == 'installation')",
    "not_installed_by_us",
  ],
  ["", "covered"],
];
const table = {
  id: "table",
  name: "table",
  type: "decisionTableNode",
  content: {
    hitPolicy: "first",
    inputs: [{ id: "condition", name: "Condition" }],
    outputs: [{ id: "answer", name: "Answer", field: "answer" }],
    rules: rows.map(([condition, answer], n) => ({ _id: `r${n}`, condition, answer: `'${answer}'` })),
  },
};
const ends = [
  { id: "in", name: "request", type: "inputNode", content: {} },
  { id: "out", name: "out", type: "outputNode", content: {} },
];
const edge = (sourceId, targetId) => ({ id: `${sourceId}-${targetId}`, sourceId, targetId });
const graph = (nodes, edges) => new ZenEngine().createDecision(new ZenDecisionContent({ nodes, edges }));

const decision = graph([...ends, table], [edge("in", "table"), edge("table", "out")]);
const bare = graph(ends, [edge("in", "out")]);
const sets = JSON.parse(readFileSync(0, "utf8"));

async function time(of) {
  const begin = process.hrtime.bigint();
  for (const set of sets) await of.evaluate(set);
  return Number(process.hrtime.bigint() - begin) / sets.length;
}

const answers = [];
for (const set of sets) answers.push((await decision.evaluate(set)).result.answer);
const handing = await time(bare);
const whole = await time(decision);
process.stdout.write(JSON.stringify({ answers, whole, handing }));
