import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { NodeEngine } from "../evaluator/nodeEngine.ts";
import { oneNode, referenceEngines } from "./examples.testing.ts";
import { standingSends } from "./standingSends.ts";
import type { StandingPolicy } from "./standingSends.ts";

/** Keeps what clients say and answers it on two channels for as long as it is kept. */
const p = oneNode(`component main {
  kept(id) :- in(id)
  kept(id)@next :- kept(id)
  out(id)@async(c) :- kept(id), client(c)
  log(id)@async(c) :- kept(id), client(c)
}`);

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
