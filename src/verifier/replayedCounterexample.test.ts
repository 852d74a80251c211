import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { factText } from "../evaluator/evaluationError.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import { readDeployment } from "../plan/deploymentFile.ts";
import { address } from "../program/value.ts";
import { createSimulation } from "../simulator/simulation.ts";
import type { SimulationSettings } from "../simulator/simulationOptions.ts";
import type { Trace } from "../simulator/trace.ts";
import { read } from "../syntax/read.ts";
import { clientRequests } from "./clientRequests.ts";
import { closestSchedule } from "./closestSchedule.ts";
import type { Input } from "./machine.ts";
import { refines } from "./refines.ts";
import type { Counterexample, RefinementOptions } from "./refines.ts";
import { replayedCounterexample } from "./replayedCounterexample.ts";
import type { ScheduleStep } from "./schedule.ts";
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
  {
    what: "an answer that comes twice, for who counts two",
    text: rules.replace(
      REPLY,
      `${REPLY}
  late(id)@next :- committed(id)
  reply(id)@async(c) :- late(id), client(c)`,
    ),
    requests: 1,
    observer: { multi: 2 },
    violation: "safety",
    alike: ["reply(1)"],
    original: undefined,
    rewritten: "reply(1)",
  },
];

test.each(WRONG)("both runs of a counterexample show it: $what", (wrong) => {
  const { requests, observer = "first" } = wrong;
  const [original, rewritten] = [voting(rules), voting(wrong.text)];
  const asked = clientRequests(original, requests);
  const options = { ...told, observer, clocks: "free", inputs: asked.flat() } as const;
  const found = violation(original, rewritten, options);
  expect(found.violation).toBe(wrong.violation);
  const shown = both(original, rewritten, found, asked, options);
  expect(shown).toMatchObject({
    alike: wrong.alike,
    original: wrong.original,
    rewritten: wrong.rewritten,
  });
  // Who may do what was done follows it to its end.
  const followed = closestSchedule(rewritten, found.schedule, options);
  const outputs = (schedule: readonly ScheduleStep[]) => schedule.flatMap((step) => step.outputs);
  expect(outputs(followed)).toEqual(outputs(found.schedule));
});

test("a message between siblings that arrives twice does so in the simulation", () => {
  const one = `component leader {
  reply(id)@async(c) :- in(id, x), client(c)
}`;
  const two = `component leader {
  fwd(id)@async(d) :- in(id, x), worker(d)
}
component worker {
  had(id)@next :- fwd(id)
  had(id)@next :- had(id)
  reply(id)@async(c) :- fwd(id), client(c)
  reply(9)@async(c) :- fwd(id), had(id), client(c)
}`;
  const base = voting(rules).deployment!;
  const deployment = {
    ...base,
    instances: { leader: ["leader"] },
    edb: { client: base.edb["client"]! },
  };
  const original = analyze(read(one).program, deployment);
  const rewritten = analyze(read(two).program, {
    ...deployment,
    instances: { leader: ["leader"], worker: ["worker"] },
    originals: { worker: "leader" },
    edb: { ...deployment.edb, worker: [[address("worker")]] },
  });
  const asked = clientRequests(original, 1);
  const options = { ...told, observer: "first", clocks: "free", inputs: asked.flat() } as const;
  expect(refines(original, rewritten, options).kind).toBe("refines");
  const twice = { ...options, duplicates: true };
  const found = violation(original, rewritten, twice);
  const shown = both(original, rewritten, found, asked, twice);
  expect(shown).toMatchObject({ alike: ["reply(1)"], rewritten: "reply(9)" });
  expect(shown.traces[1].messages.filter((m) => m.relation === "fwd")).toHaveLength(2);
});

function violation(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  options: RefinementOptions,
): Counterexample {
  const first = refines(original, rewritten, options);
  if (first.kind !== "counterexample") throw new Error(first.kind);
  return shortest(original, rewritten, options, first);
}

/** What clients see in both runs as the app makes them, which must be what is said of them. */
function both(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  found: Counterexample,
  asked: readonly (readonly Input[])[],
  options: RefinementOptions,
) {
  const replay = replayedCounterexample(original, rewritten, found, asked, options);
  if (replay === undefined) throw new Error("not to be simulated");
  const traces = [
    simulated(original, replay.original),
    simulated(rewritten, replay.rewritten),
  ] as const;
  const counted = options.observer === "first" ? 1 : options.observer.multi;
  const [left, right] = traces.map((trace) => seen(trace, counted)) as [Seen, Seen];
  const { index } = replay.difference;
  const texts = (all: Seen) => all.slice(0, index).map((place) => place.text);
  expect(texts(left)).toEqual(texts(right));
  const places = [replay.difference.original, replay.difference.rewritten];
  expect(places.map(({ fact }) => fact && factText(fact))).toEqual([
    left[index]?.text,
    right[index]?.text,
  ]);
  expect(places.map(({ at }) => at)).toEqual([
    left[index]?.at ?? traces[0].end.at,
    right[index]?.at ?? traces[1].end.at,
  ]);
  // Both are told the same but for what goes wrong on the way.
  const { faults: _one, ...ofOriginal } = replay.original;
  const { faults: _other, ...ofRewritten } = replay.rewritten;
  expect(ofOriginal).toEqual(ofRewritten);
  const [there, here] = [left[index]?.text, right[index]?.text];
  return { alike: texts(left), original: there, rewritten: here, traces };
}

interface Place {
  readonly text: string;
  readonly at: number;
}

type Seen = readonly Place[];

function seen({ messages }: Trace, counted: number): Seen {
  const arrived = messages.flatMap((m) =>
    m.to === "client" && m.arrivedAt !== undefined ? [{ text: factText(m), at: m.arrivedAt }] : [],
  );
  const inOrder = arrived.toSorted((a, b) => a.at - b.at);
  return inOrder.filter(
    ({ text: one }, i) => inOrder.slice(0, i).filter((o) => o.text === one).length < counted,
  );
}

function simulated(p: AnalyzedProgram, settings: SimulationSettings): Trace {
  const simulation = createSimulation(p, { ...settings, ...told, engine: compile });
  while (simulation.advance(1_000) === "running");
  return simulation.trace();
}
