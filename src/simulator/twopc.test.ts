import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { countAnswers } from "./answers.ts";
import { example, scaledExample } from "./examples.testing.ts";
import { messageSelector } from "./faults.ts";
import type { Fault, MessageSelector } from "./faults.ts";
import {
  badNetworks,
  broken,
  everHeld,
  finalStates,
  firstWrong,
  longRun,
  mutated,
  outages,
  ROUGH,
  unanswered,
} from "./protocols.testing.ts";
import type { Trace } from "./trace.ts";

const twopc = example("twopc");
const scaled = scaledExample("twopc", "scaled");
const participants = twopc.deployment!.instances["participant"]!;
const SEEDS = Array.from({ length: 15 }, (_, i) => i + 1);

/** What is wrong with the outcomes of a run, in sentences. */
function violations(trace: Trace): readonly string[] {
  const wrong: string[] = [];
  const applied = new Map(participants.map((at) => [at, new Set<string>()]));
  for (const { at, row } of everHeld(trace, "applied")) applied.get(at)!.add(rowKey(row));
  const decided = new Set(everHeld(trace, "committed").map(({ row }) => rowKey(row)));
  const asked = new Map(trace.requests.map(({ input }) => [rowKey(input), rowKey([input[0]!])]));
  for (const [at, rows] of applied) {
    for (const row of rows) {
      const id = asked.get(row);
      if (id === undefined) wrong.push(`${at} applied ${row}, which nobody asked for`);
      else if (!decided.has(id)) wrong.push(`${at} applied ${row}, which was never committed`);
    }
  }
  for (const { input, answers } of trace.requests) {
    const everywhere = participants.every((at) => applied.get(at)!.has(rowKey(input)));
    const nowhere = participants.every((at) => !applied.get(at)!.has(rowKey(input)));
    const outcome = answers[0]?.row[1];
    if (answers.some(({ row }) => row[1] !== outcome)) wrong.push(`${rowKey(input)} told both`);
    if (outcome === "committed" && !everywhere) wrong.push(`${rowKey(input)} not everywhere`);
    if (outcome === "aborted" && !nowhere) wrong.push(`${rowKey(input)} aborted, yet applied`);
    if (!everywhere && !nowhere) wrong.push(`${rowKey(input)} applied at some only`);
  }
  return [...wrong, ...unrecorded(trace), ...broken(trace)];
}

/** What a participant carried out is in its log in the end, whatever crashed, and is not prepared again. */
function unrecorded(trace: Trace): readonly string[] {
  const wrong: string[] = [];
  const key = (at: string, row: Row): string => `${at} ${rowKey([row[0]!])}`;
  const recorded = new Set(everHeld(trace, "done").map(({ at, row }) => key(at, row)));
  for (const [i, { original }] of trace.nodes.entries()) {
    const applied = new Set<string>();
    for (const tick of trace.ticks) {
      if (tick.node !== i) continue;
      for (const { relation, row } of tick.appeared) {
        if (relation === "prepared" && applied.has(key(original, row))) {
          wrong.push(`${original} prepared ${rowKey(row)} again`);
        }
        if (relation !== "applied") continue;
        applied.add(key(original, row));
        if (!recorded.has(key(original, row))) wrong.push(`${original} kept no ${rowKey(row)}`);
      }
      for (const { relation, row } of tick.disappeared) {
        if (relation === "done") wrong.push(`${original} forgot ${rowKey(row)}`);
      }
    }
  }
  return wrong;
}

function outcomes(trace: Trace): readonly unknown[] {
  return trace.requests.flatMap(({ answers }) => answers.slice(0, 1).map(({ row }) => row[1]));
}

/** The base, and what the shipped derivation makes of it: on 46 nodes. */
const FORMS = [
  { form: "base", p: twopc, seeds: SEEDS, runs: 40 },
  { form: "scaled", p: scaled, seeds: SEEDS.slice(0, 4), runs: 10 },
] as const;

/** Messages that arrive when all has been given up, and some of them twice. */
const LATE = { delay: { min: 0, max: 900 }, duplication: 0.2 };

/** What the nodes hold in the end, but for what arrived in their last tick. */
function left(p: AnalyzedProgram, trace: Trace): readonly string[] {
  return p.program.components
    .flatMap(({ name }) => finalStates(trace, name))
    .flatMap((state) => [...state.keys()])
    .filter((relation) => p.relations.get(relation)!.kind === "local");
}

test.each(FORMS)(
  "$form: over a rough network every transaction is answered, and ends the same way everywhere",
  ({ p, seeds }) => {
    const seen = new Set<unknown>();
    for (const seed of seeds) {
      const trace = longRun(p, { seed, network: ROUGH });
      expect(countAnswers(trace), `seed ${seed}`).toMatchObject({ answered: 12, strays: 0 });
      expect(violations(trace), `seed ${seed}`).toEqual([]);
      for (const outcome of outcomes(trace)) seen.add(outcome);
    }
    // One participant refuses some.
    expect([...seen].sort()).toEqual(["aborted", "committed"]);
  },
);

test.each(FORMS)(
  "$form: when nothing is lost, only what is over is kept, and which participants committed",
  ({ p }) => {
    const trace = longRun(p, { seed: 3, requests: 40 });
    expect(countAnswers(trace)).toMatchObject({ answered: 40, duplicates: 0 });
    expect([...new Set(left(p, trace))].sort()).toEqual(["done", "past", "told"]);
    expect(everHeld(trace, "past")).toHaveLength(40);
    expect(everHeld(trace, "told")).toHaveLength(40);
    const done = everHeld(trace, "done");
    expect(done).toHaveLength(3 * outcomes(trace).filter((o) => o === "committed").length);
  },
);

test.each(FORMS)(
  "$form: loss, cuts, crashes and restarts never split a transaction, and leave nobody waiting",
  ({ p, runs }) => {
    fc.assert(
      fc.property(badNetworks, outages(twopc, 1_500), (settings, faults) => {
        const trace = longRun(p, { ...settings, faults });
        expect(violations(trace)).toEqual([]);
        expect(unanswered(trace, 0)).toEqual([]);
        // Nobody is left who may not decide alone.
        expect(left(p, trace)).not.toContain("prepared");
      }),
      { numRuns: runs },
    );
  },
);

test.each(FORMS)("$form: whatever is late, nothing that was given up begins", ({ p, runs }) => {
  fc.assert(
    fc.property(fc.nat(100_000), outages(twopc, 3_000), (seed, faults) => {
      const trace = longRun(p, { seed, requests: 8, linger: 8_000, network: LATE, faults });
      expect(violations(trace)).toEqual([]);
      expect(unanswered(trace, 0)).toEqual([]);
      expect(left(p, trace)).not.toContain("voting");
    }),
    { numRuns: runs / 5 },
  );
});

test.each(FORMS)("$form: one `begin` that comes after the abort begins nothing", ({ p }) => {
  const settings = { seed: 2, requests: 1, network: { delay: { min: 5, max: 5 } } };
  const message = sent(longRun(p, settings), "begin");
  const faults = [{ kind: "delay", by: 1_500, message }] as const;
  const trace = longRun(p, { ...settings, faults });
  expect(outcomes(trace)).toEqual(["aborted"]);
  expect(everHeld(trace, "voting")).toEqual([]);
  expect(violations(trace)).toEqual([]);
});

/** What goes wrong when a message comes again, long after its transaction, and the coordinator was down in between. */
function wrongAgain(p: AnalyzedProgram): readonly string[] {
  const settings = { seed: 2, requests: 1, network: { delay: { min: 5, max: 5 } } };
  const restarted: readonly Fault[] = [
    { kind: "crash", at: 1_000, node: "coordinator" },
    { kind: "restart", at: 1_200, node: "coordinator" },
  ];
  const down: readonly Fault[] = [
    { kind: "crash", at: 0, node: "participant.2" },
    { kind: "restart", at: 1_500, node: "participant.2" },
  ];
  return [restarted, [...down, ...restarted]].flatMap((faults) => {
    const whole = longRun(p, { ...settings, faults });
    return ["in", "begin"].flatMap((relation) => {
      const again: Fault = { kind: "duplicate", after: 2_500, message: sent(whole, relation) };
      const trace = longRun(p, { ...settings, faults: [...faults, again] });
      const waiting = left(p, trace).filter((name) => name === "voting" || name === "prepared");
      const answers = trace.requests[0]!.answers.length;
      const silent = relation === "in" && answers < 2 ? ["not told again"] : [];
      return [...violations(trace), ...waiting, ...silent];
    });
  });
}

test.each(FORMS)("$form: what comes again is told the same, and not begun again", ({ p }) => {
  expect(wrongAgain(p)).toEqual([]);
});

test.each([
  [", !past(id)\n", "\n"],
  ["durable past\n", ""],
  ["durable told\n", ""],
  ["  past(id)@next :- refused(id)\n", ""],
  ["  past(id)@next :- forget(id)\n", ""],
  ["  reply(id, o)@async(c) :- in(id, x), told(id, o), client(c)\n", ""],
])("with %j replaced by %j something begins again, or is not told", (from, to) => {
  expect(wrongAgain(mutated(twopc, "twopc", [from, to]))).not.toEqual([]);
});

test("what a crash keeps in the log is carried out again when a participant asks", () => {
  // The coordinator crashes before its committer hears that all have acknowledged; a late `prepare` comes afterwards.
  const trace = longRun(scaled, {
    seed: 81_482,
    loops: 2,
    network: ROUGH,
    faults: [
      { kind: "crash", at: 573, node: "coordinator" },
      { kind: "restart", at: 998, node: "coordinator" },
    ],
  });
  expect(finalStates(trace, "voter").flatMap((state) => state.get("prepared") ?? [])).toEqual([]);
  expect(violations(trace)).toEqual([]);
});

test("a commit that is in the log when the coordinator crashes is carried out after its restart", () => {
  const settings = { seed: 2, requests: 1, network: { delay: { min: 5, max: 5 } } };
  const whole = longRun(twopc, settings);
  const logged = tickWith(whole, "commitLog");
  const faults = [
    { kind: "crash", at: logged + 1, node: "coordinator" },
    { kind: "restart", at: logged + 800, node: "coordinator" },
  ] as const;
  const trace = longRun(twopc, { ...settings, faults });
  expect(outcomes(trace)).toEqual(["committed"]);
  expect(violations(trace)).toEqual([]);
});

test("what is not in the log when the coordinator crashes is aborted", () => {
  const settings = { seed: 2, requests: 1, network: { delay: { min: 5, max: 5 } } };
  const logged = tickWith(longRun(twopc, settings), "commitLog");
  const faults = [
    { kind: "crash", at: logged - 1, node: "coordinator" },
    { kind: "restart", at: logged + 800, node: "coordinator" },
  ] as const;
  const trace = longRun(twopc, { ...settings, faults });
  expect(outcomes(trace)).toEqual(["aborted"]);
  expect(everHeld(trace, "prepared").length).toBeGreaterThan(0);
  expect(everHeld(trace, "applied")).toEqual([]);
});

test("a participant that does not answer for too long aborts the transaction", () => {
  const faults = [{ kind: "crash", at: 0, node: "participant.2" }] as const;
  const trace = longRun(twopc, { seed: 2, requests: 2, faults });
  expect(outcomes(trace)).toEqual(["aborted", "aborted"]);
  const rows: readonly Row[] = everHeld(trace, "applied").map(({ row }) => row);
  expect(rows).toEqual([]);
});

test.each([
  ["durable commitLog\n", ""],
  ["durable prepared\n", ""],
  ["durable done\n", ""],
  [", !done(id)\n", "\n"],
  [", !commitLog(id), !committed(id)\n", "\n"],
  ["numYes(n, id), numParticipants(n)", "numYes(n, id), numParticipants(m), n >= m - 1"],
  ["!voting(id, _), !commitLog(id)\n", "!voting(id, _)\n"],
])("with %j replaced by %j it goes wrong", (from, to) => {
  expect(firstWrong(mutated(twopc, "twopc", [from, to]), violations, 400)).toBeDefined();
});

test("with what is over forgotten it goes wrong when messages are late", () => {
  const forgetful = mutated(twopc, "twopc", [", !past(id)\n", "\n"]);
  const settings = { network: LATE, linger: 8_000 };
  expect(firstWrong(forgetful, violations, 40, settings)).toBeDefined();
});

test("rewritten, a base that is wrong goes wrong as well", () => {
  const wrong = mutated(twopc, "twopc", ["durable prepared\n", ""]);
  expect(firstWrong(scaledExample("twopc", "scaled", wrong), violations, 400)).toBeDefined();
});

/** The first message of a relation, for a fault that is about it. */
function sent(trace: Trace, relation: string): MessageSelector {
  return messageSelector(
    trace,
    trace.messages.find((message) => message.relation === relation)!.id,
  );
}

function tickWith(trace: Trace, relation: string): number {
  return trace.ticks.find((t) => t.appeared.some((fact) => fact.relation === relation))!.at;
}
