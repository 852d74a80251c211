import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../evaluator/compile.ts";
import { nodeEnvironment } from "../evaluator/environment.ts";
import type { Fact, NodeEngine, Runnable, Send } from "../evaluator/nodeEngine.ts";
import { reference } from "../evaluator/reference.ts";
import { oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import { standingSends } from "./standingSends.ts";
import type { StandingPolicy, StandingSends } from "./standingSends.ts";

/** Keeps what clients say and answers it on two channels for as long as it is kept; some it answers once. */
const p = oneNode(`component main {
  kept(id) :- in(id)
  kept(id)@next :- kept(id), !gone(id)
  out(id)@async(c) :- kept(id), client(c)
  out(id)@async(c) :- once(id), client(c)
  log(id)@async(c) :- kept(id), client(c)
}`);

/** The first answer to the first request. */
const answer = { from: "n", to: "client", relation: "out", row: [1], occurrence: 0 };

/** An engine that notes the channels it was asked to enumerate, and counts what it gave. */
function watched(engine: NodeEngine) {
  const asked = { enumerated: new Set<string>(), sends: 0 };
  const watching: NodeEngine = {
    tick: (arrived) => engine.tick(arrived),
    standing(channels = new Set(["out", "log"])) {
      for (const channel of channels) asked.enumerated.add(channel);
      const sends = engine.standing(channels);
      asked.sends += sends.length;
      return sends;
    },
    standingChange(channels) {
      const change = engine.standingChange(channels);
      asked.sends += change.ceased.length;
      return change;
    },
    change: () => engine.change(),
    facts: (relation) => engine.facts(relation),
    explain: (timing, fact) => engine.explain(timing, fact),
    size: () => engine.size(),
  };
  return { watching, asked };
}

function started(of: Runnable): NodeEngine {
  const { functions, crypto } = referenceEngines;
  return of.start(nodeEnvironment(p, p.deployment!, "main", "n", functions, crypto));
}

/** Two requests, a tick each, then one tick with nothing new; which channels were enumerated, and what was sent again. */
function threeTicks(out: StandingPolicy, log: StandingPolicy) {
  const { watching, asked } = watched(started(compile(p, "main")));
  const standing = standingSends(
    new Map([
      ["out", out],
      ["log", log],
    ]),
  );
  const again = [[1], [2], []].map((ids) => {
    const report = watching.tick(ids.map((id) => ({ relation: "in", row: [id] })));
    return standing.afterTick(watching, report).map(shown);
  });
  const inTicks = [...asked.enumerated];
  const released = standing.release().map(shown);
  return { inTicks, enumerated: [...asked.enumerated], again, released, left: standing.heldBack };
}

function shown({ relation, row }: Send): string {
  return `${relation} ${String(row[0])}`;
}

test("what may be dropped is never enumerated, what is held back only when it goes out", () => {
  const { enumerated, again, released } = threeTicks("dropped", "dropped");
  expect([enumerated, again, released]).toEqual([[], [[], [], []], []]);
  const coalesced = threeTicks("dropped", "coalesced");
  expect([coalesced.inTicks, coalesced.enumerated]).toEqual([[], ["log"]]);
});

test("a tick looks at what it changes of what is held back, not at what stands", () => {
  const { watching, asked } = watched(started(compile(p, "main")));
  const standing = standingSends(new Map([["out", "coalesced"]]));
  const tick = (relation: string, ids: readonly number[]): readonly string[] => {
    const report = watching.tick(ids.map((id) => ({ relation, row: [id] })));
    return standing.afterTick(watching, report).map(shown);
  };
  const ids = Array.from({ length: 5_000 }, (_, i) => i);
  tick("in", ids);
  for (let i = 0; i < 100; i++) expect(tick("in", [5_000 + i])).toEqual([]);
  expect([asked.sends, standing.heldBack]).toEqual([0, true]);
  expect(tick("gone", [7])).toEqual([]);
  expect(tick("in", [])).toEqual(["out 7"]);
  expect(asked.sends).toBe(1);
  expect(standing.release()).toHaveLength(5_099);
});

/** The same by looking at everything that stands after every tick. */
function enumerating(policy: StandingPolicy): Pick<StandingSends, "afterTick" | "release"> {
  let held = new Map<string, Send>();
  return {
    afterTick(engine) {
      const stands = engine.standing(new Set(["out"]));
      if (policy === "literal") return stands;
      const holds = new Map(stands.map((s) => [shown(s), s]));
      const ceased = [...held].flatMap(([key, s]) => (holds.has(key) ? [] : [s]));
      held = holds;
      return ceased;
    },
    release() {
      const out = [...held.values()];
      held = new Map();
      return out;
    },
  };
}

test.each<[string, StandingPolicy, Runnable]>([
  ["coalesced, compiled", "coalesced", compile(p, "main")],
  ["coalesced, interpreted", "coalesced", compile(p, "main", { code: "interpreted" })],
  ["coalesced, by the reference", "coalesced", reference(p, "main")],
  ["literal", "literal", compile(p, "main")],
])(
  "whatever comes, stays, goes and is released: the same as by looking at it all (%s)",
  (_, policy, of) => {
    const ids = fc.uniqueArray(fc.nat(4), { maxLength: 3 });
    const step = fc.record({
      in: ids,
      gone: ids,
      once: ids,
      release: fc.nat(4).map((n) => n === 0),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const engine = started(of);
        const lean = standingSends(new Map([["out", policy]]));
        const plain = enumerating(policy);
        const sorted = (sends: readonly Send[]): readonly string[] => sends.map(shown).sort();
        for (const { release, ...arrive } of steps) {
          const arrived = Object.entries(arrive).flatMap(([relation, rows]) =>
            rows.map((id): Fact => ({ relation, row: [id] })),
          );
          const report = engine.tick(arrived);
          expect(sorted(lean.afterTick(engine, report))).toEqual(
            sorted(plain.afterTick(engine, report)),
          );
          if (release) expect(sorted(lean.release())).toEqual(sorted(plain.release()));
        }
      }),
      { numRuns: 150 },
    );
  },
);

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
