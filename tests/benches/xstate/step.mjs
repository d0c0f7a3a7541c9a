// The chart of step/repair.yaml in XState 5, driven through its nine events.
// Prints nanoseconds a ticket; the loop is as long as asked.
import { createActor, createMachine } from "xstate";

const is = (name) => ({ context }) => context[name];

const machine = createMachine({
  context: {
    visit_in_future: true, safe: true, diagnosed: true, tested: true, in_warranty: false,
    amount_matches: true, quality_good: true, signed: true,
  },
  initial: "registered",
  states: {
    registered: {
      on: { assign: { guard: is("visit_in_future"), target: "visiting" }, cancel: "cancelled" },
    },
    visiting: {
      type: "parallel",
      on: { cancel: "cancelled" },
      onDone: "quality_check",
      states: {
        work: {
          initial: "en_route",
          states: {
            en_route: { on: { arrive: "safety_check" } },
            safety_check: {
              on: { checked: [{ guard: is("safe"), target: "inspecting" }, { target: "stopped" }] },
            },
            stopped: { on: { made_safe: "safety_check" } },
            inspecting: { on: { diagnose: { guard: is("diagnosed"), target: "repairing" } } },
            repairing: { on: { finish: { guard: is("tested"), target: "finished" }, wait: "waiting" } },
            waiting: { on: { part_came: "repairing" } },
            finished: { type: "final" },
          },
        },
        payment: {
          initial: "settle",
          states: {
            settle: { always: [{ guard: is("in_warranty"), target: "cleared" }, { target: "due" }] },
            due: { on: { pay: { guard: is("amount_matches"), target: "cleared" } } },
            cleared: { type: "final" },
          },
        },
      },
    },
    quality_check: {
      on: { approve: [{ guard: is("quality_good"), target: "closing" }, { target: "visiting" }] },
    },
    closing: { on: { sign: { guard: is("signed"), target: "follow_up" } } },
    follow_up: { on: { rate: "closed" } },
    closed: { type: "final" },
    cancelled: { type: "final" },
  },
});

const events = ["assign", "arrive", "checked", "diagnose", "finish", "pay", "approve", "sign", "rate"]
  .map((type) => ({ type }));

function ticket() {
  const actor = createActor(machine).start();
  for (const event of events) actor.send(event);
  return actor.getSnapshot();
}

const last = ticket();
if (last.status !== "done" || last.value !== "closed") throw new Error(`ended in ${JSON.stringify(last.value)}`);
const tickets = Number(process.argv[2] ?? 10000);
for (let n = 0; n < tickets / 5; n++) ticket();
const begin = process.hrtime.bigint();
for (let n = 0; n < tickets; n++) ticket();
console.log(Number(process.hrtime.bigint() - begin) / tickets);
