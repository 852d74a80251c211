import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { address } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import type { InvariantOutcome } from "./invariantOutcome.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import { traceText } from "./traceJson.ts";

function outcomes(
  p: AnalyzedProgram,
  settings: Partial<SimulationSettings> = {},
): readonly InvariantOutcome[] {
  return simulated(p, settings).invariants ?? [];
}

const KEEPER = `
  kept(id)@next :- in(id)
  kept(id)@next :- kept(id)
  out(id)@async(c) :- in(id), client(c)
`;

test("what a rule outside of every node derives is reported once, with its moment and what it follows from", () => {
  const p = oneNode(`${KEEPER}invariant second(id) :- kept_everywhere(n, id), id == 2`);
  const trace = simulated(p, { requests: 3, loops: 1 });
  const tick = trace.ticks.findIndex((t) => t.appeared.some((f) => f.relation === "kept" && f.row[0] === 2)); // prettier-ignore
  expect(trace.invariants).toEqual([
    {
      kind: "broken",
      relation: "second",
      found: 1,
      violations: [
        {
          row: [2],
          at: trace.ticks[tick]!.at,
          tick,
          because: [{ place: "n", relation: "kept", row: [2] }],
        },
      ],
    },
  ]);
});

test("a run is the same to the byte whether or not its program says what must hold", () => {
  const plain = simulated(oneNode(KEEPER));
  const { invariants, ...stated } = simulated(
    oneNode(`${KEEPER}invariant never(id) :- kept_everywhere(n, id), id < 0`),
  );
  expect(invariants).toEqual([{ kind: "held", relation: "never" }]);
  expect(traceText(stated)).toBe(traceText(plain));
  expect("invariants" in plain).toBe(false);
});

test("an invariant that a node's own rules derive holds while it is empty at every node", () => {
  const p = oneNode(`${KEEPER}invariant odd\n  odd(id) :- in(id), id % 2 == 1`);
  const [odd] = outcomes(p, { requests: 4 });
  expect(odd).toMatchObject({ kind: "broken", relation: "odd", found: 2 });
  expect(odd).toMatchObject({ violations: [{ row: [address("n"), 1] }, { row: [address("n"), 3] }] }); // prettier-ignore
});

test("what goes is seen no longer, also by what looks for what is missing", () => {
  const p = oneNode(`
  p(id)@next :- in(id)
  q(id)@next :- p(id)
  q(id)@next :- q(id)
  out(id)@async(c) :- q(id), client(c)
  invariant stays(id) :- p_everywhere(n, id), q_everywhere(n, id)
  invariant both(id) :- q_everywhere(n, id), !in_everywhere(c, id), client(c)
  `);
  expect(outcomes(p, { loops: 1 }).map(({ kind }) => kind)).toEqual(["held", "held"]);
});

test("rules outside of nodes remember, count, and see what clients sent and received", () => {
  const p = oneNode(`${KEEPER}
  global asked(count<id>) :- in_everywhere(c, id), client(c)
  global told(id)@next :- out_everywhere(c, id)
  global told(id)@next :- told(id)
  invariant late(n) :- asked(n), told(1), n > 2
  `);
  const late = outcomes(p, { requests: 4, loops: 1 })[0]!;
  expect(late).toMatchObject({ kind: "broken", found: 2, violations: [{ row: [3] }, { row: [4] }] }); // prettier-ignore
  expect(late).toHaveProperty("violations.0.because.0.place", "client");
});

/** The program of docs/language.md, "What must hold". */
const LISTENERS = /^## What must hold\n.*?```dedalus\n(.*?)```/ms.exec(
  readFileSync(new URL("../../docs/language.md", import.meta.url), "utf8"),
)![1]!;

function listeners(): AnalyzedProgram {
  const deployment = oneNode(KEEPER).deployment!;
  return analyze(read(LISTENERS).program, {
    ...deployment,
    instances: { main: ["n"], listener: ["a", "b"] },
    edb: { ...deployment.edb, members: [[address("a")], [address("b")]] },
  });
}

test("`pre` and `post` are about the end, and about whoever is up then", () => {
  const end = (settings: Partial<SimulationSettings> = {}): InvariantOutcome =>
    outcomes(listeners(), { requests: 1, ...settings })[1]!;
  const lose: Fault = {
    kind: "lose",
    message: { relation: "tell", row: [1], from: "n", to: "b", occurrence: 0 },
  };
  const crash: Fault = { kind: "crash", at: 0, node: "b" };
  const restart: Fault = { kind: "restart", at: 400, node: "b" };
  expect(outcomes(listeners())).toEqual([
    { kind: "held", relation: "made_up" },
    { kind: "held", relation: "post" },
  ]);
  expect(end({ faults: [lose] })).toMatchObject({
    kind: "broken",
    relation: "post",
    found: 1,
    violations: [
      { row: [address("b"), 1], because: [{ place: "a", relation: "heard", row: [1] }] },
    ],
  });
  expect(end({ faults: [crash] }).kind).toBe("held");
  expect(end({ faults: [crash, restart] }).kind).toBe("broken");
  expect(end({ maxTicks: 2 }).kind).toBe("unchecked");
});

test("both engines say the same, also why", () => {
  const p = oneNode(`${KEEPER}invariant pairs(a, b) :- kept_everywhere(n, a), kept_everywhere(n, b), a < b`); // prettier-ignore
  const compiled = simulated(p, {}, { ...referenceEngines, engine: compile });
  expect(compiled.invariants).toEqual(simulated(p).invariants);
  expect(compiled.invariants).toMatchObject([{ kind: "broken", found: 190 }]);
});

test("a run-time error outside of the nodes ends no run, and leaves the invariant open", () => {
  const trace = simulated(oneNode(`${KEEPER}invariant odd(1 / id) :- kept_everywhere(n, i), id := i - 1`)); // prettier-ignore
  expect(trace.end.kind).toBe("quiet");
  expect(trace.invariants).toMatchObject([{ kind: "unchecked", why: expect.stringContaining("odd") }]); // prettier-ignore
});

test.each([
  ["invariant bad(id)@async(c) :- kept_everywhere(n, id), client(c)", "nothing is sent"],
  ["invariant kept(id) :- in_everywhere(n, id)", "a relation of the nodes"],
  ["invariant bad_everywhere(id) :- kept_everywhere(n, id)", "named like a relation at all nodes"],
  ["invariant bad(id) :- kept(id)", "`kept_everywhere`, the node first"],
  ["invariant bad(id) :- kpet_everywhere(n, id)", "no node has a relation `kpet`"],
  ["invariant bad(id) :- kept_everywhere(id)", "2 attributes, the node first; 1 stand"],
  ["invariant bad(n) :- kept_everywhere(n, id), tick(n)", "no `tick`"],
  ["invariant bad(x) :- kept_everywhere(n, id)", "x"],
])("%s is an error that says why", (declaration, why) => {
  const { program } = read(`${KEEPER}${declaration}`);
  const errors = analyze(program, oneNode(KEEPER).deployment).faults.filter((f) => f.severity === "error"); // prettier-ignore
  expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(why)]);
  expect(errors[0]!.place.kind).toBe("relation");
});
