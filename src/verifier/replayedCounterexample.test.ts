import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { factText } from "../evaluator/evaluationError.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { createSimulation } from "../simulator/simulation.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Trace } from "../simulator/trace.ts";
import { read } from "../syntax/read.ts";
import { clientRequests } from "./clientRequests.ts";
import { refines } from "./refines.ts";
import type { RefinementOptions } from "./refines.ts";
import { replayedCounterexample } from "./replayedCounterexample.ts";
import { shortest } from "./shortest.ts";

const told = { functions: standardFunctions(nobleCrypto), crypto: nobleCrypto };
const folder = new URL("../../public/examples/voting/", import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), "utf8");
const rules = text("base.ded");

function voting(changed: string): AnalyzedProgram {
  const given = readDeployment(JSON.parse(text("base.deployment.json")));
  if (given.kind !== "ok") throw new Error(JSON.stringify(given.problems));
  return analyze(read(changed).program, given.deployment);
}

const REPLY = "reply(id)@async(c) :- committed(id), client(c)";

interface Wrong {
  readonly what: string;
  readonly text: string;
  readonly requests: number;
  readonly observer?: RefinementOptions["observer"];
  readonly violation: string;
  /** What both programs show alike, then what each shows. */
  readonly alike: readonly string[];
  readonly original: string | undefined;
  readonly rewritten: string | undefined;
}

const WRONG: readonly Wrong[] = [
  {
    what: "an answer is owed",
    text: rules.replace("quorum(n)", "quorum(m), n == m - 1"),
    requests: 1,
    violation: "quiescence",
    alike: [],
    original: "reply(1)",
    rewritten: undefined,
  },
  {
    what: "an answer that nobody asked for",
    text: rules.replace(REPLY, "reply(id)@async(c) :- committed(n), client(c), id := n + 1"),
    requests: 1,
    violation: "safety",
    alike: [],
    original: "reply(1)",
    rewritten: "reply(2)",
  },
  {
    what: "a wrong answer after the second was answered first, which the original may do as well",
    text: rules.replace(
      REPLY,
      `${REPLY}
  done(id)@next :- committed(id)
  done(id)@next :- done(id)
  reply(9)@async(c) :- committed(1), done(2), client(c)`,
    ),
    requests: 2,
    violation: "safety",
    alike: ["reply(2)", "reply(1)"],
    original: undefined,
    rewritten: "reply(9)",
  },
  {
    what: "the second request alone is not answered: the first is never sent",
    text: rules.replace(REPLY, "reply(id)@async(c) :- committed(id), client(c), id != 2"),
    requests: 2,
    violation: "quiescence",
    alike: [],
    original: "reply(2)",
    rewritten: undefined,
  },
  {
    what: "a run-time error",
    text: rules.replace(REPLY, "reply(id)@async(c) :- committed(n), client(c), id := n / (n - 1)"),
    requests: 1,
    violation: "error",
    alike: [],
    original: "reply(1)",
    rewritten: undefined,
  },
];

test.each(WRONG)("both runs of a counterexample show it: $what", (wrong) => {
  const { requests, observer = "first" } = wrong;
  const [original, rewritten] = [voting(rules), voting(wrong.text)];
  const asked = clientRequests(original, requests);
  const options = { ...told, observer, clocks: "free", inputs: asked.flat() } as const;
  const first = refines(original, rewritten, options);
  if (first.kind !== "counterexample") throw new Error(first.kind);
  const found = shortest(original, rewritten, options, first);
  expect(found.violation).toBe(wrong.violation);
  const replay = replayedCounterexample(original, rewritten, found, asked, options);
  if (replay === undefined) throw new Error("not to be simulated");

  // What the app runs from it: what is seen there is what is said.
  const sides = [
    simulated(original, replay.original),
    simulated(rewritten, replay.rewritten),
  ] as const;
  const [left, right] = sides.map(seen) as [readonly Place[], readonly Place[]];
  const { index } = replay.difference;
  const texts = (all: readonly Place[]) => all.slice(0, index).map((place) => place.text);
  expect(texts(left)).toEqual(wrong.alike);
  expect(texts(right)).toEqual(wrong.alike);
  expect([left[index]?.text, right[index]?.text]).toEqual([wrong.original, wrong.rewritten]);
  const places = [replay.difference.original, replay.difference.rewritten];
  expect(places.map(({ fact }) => fact && factText(fact))).toEqual([
    wrong.original,
    wrong.rewritten,
  ]);
  expect(places.map(({ at }) => at)).toEqual([
    left[index]?.at ?? sides[0].end.at,
    right[index]?.at ?? sides[1].end.at,
  ]);
  // Both are told the same but for what goes wrong on the way.
  const { faults: _one, ...ofOriginal } = replay.original;
  const { faults: _other, ...ofRewritten } = replay.rewritten;
  expect(ofOriginal).toEqual(ofRewritten);
});

interface Place {
  readonly text: string;
  readonly at: number;
}

function seen({ messages }: Trace): readonly Place[] {
  const arrived = messages.flatMap((m) =>
    m.to === "client" && m.arrivedAt !== undefined ? [{ text: factText(m), at: m.arrivedAt }] : [],
  );
  const inOrder = arrived.toSorted((a, b) => a.at - b.at);
  return inOrder.filter(({ text: one }, i) => inOrder.findIndex((o) => o.text === one) === i);
}

function simulated(p: AnalyzedProgram, settings: SimulationSettings): Trace {
  const simulation = createSimulation(p, { ...settings, ...told, engine: compile });
  while (simulation.advance(1_000) === "running");
  return simulation.trace();
}
