import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { factText } from "../evaluator/evaluationError.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { createSimulation } from "../simulator/simulation.ts";
import { read } from "../syntax/read.ts";
import type { Input } from "./machine.ts";
import { refines } from "./refines.ts";
import type { Refinement } from "./refines.ts";
import { shortest } from "./shortest.ts";
import { simulatedSchedule } from "./simulatedSchedule.ts";

const told = { functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };
const folder = new URL("../../public/examples/voting/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");

function voting(change: (rules: string) => string = (rules) => rules): AnalyzedProgram {
  const given = readDeployment(JSON.parse(text("base.deployment.json")));
  if (given.kind !== "ok") throw new Error(JSON.stringify(given.problems));
  const clients = {
    ...given.deployment.clients,
    template: { id: { kind: "counter", from: 1 }, x: { kind: "counter", from: 7 } },
  } as const;
  const rules = change(text("base.ded"));
  return analyze(read(rules).program, { ...given.deployment, clients });
}

const REQUESTS = [1, 2, 3].map((n): Input => ({ to: "leader", relation: "in", row: [n, n + 6] }));

function found(original: AnalyzedProgram, wrong: AnalyzedProgram, inputs: readonly Input[]) {
  const options = { ...told, inputs, clocks: "free", observer: "first" } as const;
  const first = refines(original, wrong, options);
  if (first.kind !== "counterexample") throw new Error(JSON.stringify(first));
  return { first, options, least: shortest(original, wrong, options, first) };
}

const WRONG = [
  // Who gets all three votes at once never sees two.
  {
    violation: "quiescence",
    right: "committed(id) :- numVotes(n, id), quorum(n)",
    wrong: "committed(id) :- numVotes(n, id), quorum(m), n == m - 1",
  },
  // An answer that nobody asked for, when votes for two requests meet.
  {
    violation: "safety",
    right: "reply(id)@async(c) :- committed(id), client(c)",
    wrong:
      "reply(id)@async(c) :- committed(id), client(c)\n  reply(9)@async(c) :- committed(id), votes(_, other), id != other, client(c)",
  },
] as const;

const tickText = (at: string, arrived: readonly Fact[]): string =>
  `${at}: ${arrived.map(factText).sort().join()}`;

const isAnswer = (m: { readonly to: string; readonly arrivedAt?: number }): boolean =>
  m.to === "client" && m.arrivedAt !== undefined;

test.each(WRONG)(
  "a difference, made small, shows in a simulation: $violation",
  ({ violation, right, wrong: other }) => {
    const original = voting();
    const wrong = voting((rules) => rules.replace(right, other));
    const { first, least } = found(original, wrong, REQUESTS.slice(0, 2));
    const inputs = (r: Refinement & { readonly kind: "counterexample" }) =>
      r.schedule.flatMap((s) => s.inputs);
    expect(inputs(least).length).toBeLessThanOrEqual(inputs(first).length);
    expect(least.schedule.length).toBeLessThanOrEqual(first.schedule.length);

    const requests = REQUESTS.slice(0, Math.max(...inputs(least)) + 1).map((input) => [input]);
    const settings = simulatedSchedule(wrong, least.schedule, requests, told);
    if (settings === undefined) throw new Error("not to be simulated");
    const simulation = createSimulation(wrong, { ...settings, ...told, engine: compile });
    while (simulation.advance(1_000) === "running");
    const trace = simulation.trace();
    const ticks = trace.ticks.filter((tick) => tick.at < 100 * (least.schedule.length + 1));
    const entered = ticks.map((tick) =>
      tickText(
        trace.nodes[tick.node]!.address,
        tick.arrived.map((id) => trace.messages[id]!),
      ),
    );
    expect(entered).toEqual(
      least.schedule.flatMap((step) => step.ticks.map((t) => tickText(t.address, t.arrived))),
    );
    // What clients see for the first time, in the order in which they see it.
    const shown = least.schedule
      .flatMap((step) => step.outputs)
      .map((o) => `${o.relation}${String(o.row)}`);
    const seen = trace.messages.filter(isAnswer).toSorted((a, b) => a.arrivedAt! - b.arrivedAt!);
    const words = [...new Set(seen.map((m) => `${m.relation}${String(m.row)}`))];
    expect(least.violation).toBe(violation);
    if (violation === "safety") expect(shown.length).toBeGreaterThan(0);
    else expect(trace.end.kind).toBe("quiet");
    expect(violation === "safety" ? words.slice(0, shown.length) : words).toEqual(shown);
  },
);

test("what a difference does not need is left out: inputs, whichever they are, and steps", () => {
  const original = voting();
  const wrong = voting((rules) =>
    rules.replace("committed(id), client(c)", "committed(id), client(c), id != 2"),
  );
  const inputs = REQUESTS.slice(0, 2);
  const { first, least, options } = found(original, wrong, inputs);
  const idle = { ticks: [{ address: "leader", arrived: [] }], inputs: [], outputs: [] };
  const schedule = [
    { ...idle, inputs: [0] },
    ...Array.from({ length: 20 }, () => idle),
    ...first.schedule,
  ];
  // The second alone is never answered.
  for (const one of [least, shortest(original, wrong, options, { ...first, schedule })]) {
    expect(one.violation).toBe("quiescence");
    expect(one.schedule.flatMap((step) => step.inputs)).toEqual([1]);
    expect(one.schedule.length).toBeLessThanOrEqual(first.schedule.length);
  }
});
