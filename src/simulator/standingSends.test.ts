import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { NodeEngine } from "../evaluator/nodeEngine.ts";
import { oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import { standingSends } from "./standingSends.ts";
import type { StandingPolicy } from "./standingSends.ts";

/** Keeps what clients say and answers it on two channels for as long as it is kept. */
const p = oneNode(`component main {
  kept(id) :- in(id)
  kept(id)@next :- kept(id)
  out(id)@async(c) :- kept(id), client(c)
  log(id)@async(c) :- kept(id), client(c)
}`);

/** The first answer to the first request. */
const answer = { from: "n", to: "client", relation: "out", row: [1], occurrence: 0 };

/** Two requests, a tick each, then one tick with nothing new; which channels were enumerated, and what was sent again. */
function threeTicks(out: StandingPolicy, log: StandingPolicy) {
  const { functions, crypto } = referenceEngines;
  const environment = nodeEnvironment(p, p.deployment!, "main", "n", functions, crypto);
  const engine = compile(p, "main").start(environment);
  const enumerated: string[] = [];
  const watched: NodeEngine = {
    tick: (arrived) => engine.tick(arrived),
    standing(channels = new Set(["out", "log"])) {
      enumerated.push(...channels);
      return engine.standing(channels);
    },
    change: () => engine.change(),
    facts: (relation) => engine.facts(relation),
    explain: (timing, fact) => engine.explain(timing, fact),
    size: () => engine.size(),
  };
  const standing = standingSends(
    new Map([
      ["out", out],
      ["log", log],
    ]),
  );
  const again = [[1], [2], []].map((ids) => {
    const report = watched.tick(ids.map((id) => ({ relation: "in", row: [id] })));
    return standing
      .afterTick(watched, report)
      .map(({ relation, row }) => `${relation} ${String(row[0])}`);
  });
  const released = standing.release().map(({ relation, row }) => `${relation} ${String(row[0])}`);
  return { enumerated: [...new Set(enumerated)], again, released, left: standing.heldBack };
}

test("what may be dropped is never enumerated: it grows with the state, a tick must not", () => {
  const { enumerated, again, released } = threeTicks("dropped", "dropped");
  expect([enumerated, again, released]).toEqual([[], [[], [], []], []]);
  expect(threeTicks("dropped", "coalesced").enumerated).toEqual(["log"]);
});

test("literal sends go out in every tick, coalesced ones wait for their release and go out once", () => {
  expect(threeTicks("literal", "dropped").again).toEqual([[], ["out 1"], ["out 1", "out 2"]]);
  const { again, released, left } = threeTicks("coalesced", "dropped");
  expect([again, released, left]).toEqual([[[], [], []], ["out 1", "out 2"], false]);
});

test.each<[string, Partial<SimulationSettings>]>([
  ["a lost message", { faults: [{ kind: "lose", message: answer }] }],
  [
    "a cut link",
    {
      faults: [
        { kind: "cut", at: 0, from: "n", to: "client", bothWays: false },
        { kind: "heal", at: 90, from: "n", to: "client", bothWays: false },
      ],
    },
  ],
])("where %s can swallow an answer, it is repeated even to clients", (_what, settings) => {
  const { requests, messages } = simulated(p, { requests: 1, ...settings });
  expect(messages.some((m) => m.relation === "out" && m.fault === "lost")).toBe(true);
  expect(requests[0]?.answers).toHaveLength(1);
});

test("where nothing can be lost, an answer goes to clients once", () => {
  const { messages } = simulated(p, { requests: 1 });
  expect(messages.filter((m) => m.relation === "out")).toHaveLength(1);
});
