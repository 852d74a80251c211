import { expect, test } from "vitest";
import { example } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import { broken, changed, everHeld, longRun } from "./protocols.testing.ts";
import type { SimulationSettings } from "./simulationOptions.ts";

/** The source does not reach one member, and crashes before it does. */
const HALFWAY: readonly Fault[] = [
  { kind: "cut", at: 0, from: "source", to: "member.3", bothWays: false },
  { kind: "crash", at: 60, node: "source" },
];

const TROUBLE: Readonly<Record<string, Partial<SimulationSettings>>> = {
  none: { network: { delay: { min: 0, max: 40 }, duplication: 0.2 } },
  loss: { network: { delay: { min: 0, max: 40 }, loss: 0.4 } },
  "a source that crashes halfway": {
    network: { delay: { min: 0, max: 40 } },
    faults: HALFWAY,
  },
  "loss and a source that crashes halfway": {
    network: { delay: { min: 0, max: 40 }, loss: 0.4 },
    faults: HALFWAY,
  },
};

/** What each form withstands. */
const WITHSTANDS: Readonly<Record<string, readonly string[]>> = {
  "broadcast-besteffort": ["none"],
  "broadcast-retry": ["none", "loss"],
  "broadcast-redundant": ["none", "a source that crashes halfway"],
  "broadcast-acked": Object.keys(TROUBLE),
};

const CASES = Object.entries(WITHSTANDS).flatMap(([name, fine]) =>
  Object.entries(TROUBLE).map(([trouble, settings]) => ({
    name,
    trouble,
    settings,
    result: fine.includes(trouble) ? "agree" : "do not always agree",
  })),
);

test.each(CASES)("$name, $trouble: members $result", ({ name, settings, result }) => {
  const traces = Array.from({ length: 8 }, (_, seed) =>
    longRun(example(name), { seed, requests: 6, patience: 1_500, ...settings }),
  );
  expect(traces.flatMap((trace) => everHeld(trace, "log")).length).toBeGreaterThan(10);
  const wrong = traces.map(broken);
  expect(wrong.flat().length === 0 ? "agree" : "do not always agree").toBe(result);
});

test("a member that takes the first acknowledgement for everybody's leaves others without", () => {
  const hasty = changed(example("broadcast-acked"), [
    "owed(m, id, x)@next :- owed(m, id, x), !ack(m, id)\n  send(l, id, x)@async(m) :- fresh",
    "owed(m, id, x)@next :- owed(m, id, x), !ack(_, id)\n  send(l, id, x)@async(m) :- fresh",
  ]);
  const settings = TROUBLE["loss and a source that crashes halfway"]!;
  const wrong = Array.from({ length: 8 }, (_, seed) =>
    broken(longRun(hasty, { seed, requests: 6, patience: 1_500, ...settings })),
  );
  expect(wrong.flat()).not.toEqual([]);
});
