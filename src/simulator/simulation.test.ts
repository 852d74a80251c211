import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { rowKey } from "../program/value.ts";
import { compareAnswers, countAnswers } from "./answers.ts";
import { example, oneNode, referenceEngines, simulated } from "./examples.testing.ts";
import { messageSelector } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { createSimulation } from "./simulation.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import { traceIndex } from "./stateAt.ts";
import type { Trace } from "./trace.ts";
import { traceText } from "./traceJson.ts";

const ROUGH: Partial<SimulationSettings> = {
  network: { delay: { min: 0, max: 40 }, duplication: 0.3, reordering: 1 },
};

const voting = example("voting");
const kvs = example("kvs");

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

test("the same seed gives the same bytes, another seed others", () => {
  const run = (seed: number): string => traceText(simulated(voting, { seed }));
  expect(run(1)).toBe(run(1));
  expect(run(1)).not.toBe(run(2));
});

test("recorded runs stay what they were, so that every browser can be held to them", () => {
  expect(sha256(traceText(simulated(voting)))).toMatchInlineSnapshot(
    `"5f1b9d7a5e7799f41e2c61c8a3f671c6bfb3168a1176bffce61c9d5b8964d7b5"`,
  );
  expect(sha256(traceText(simulated(kvs)))).toMatchInlineSnapshot(
    `"347fe25c7331ecd5400c7f985f05cd2317df21bade9a0cfe3c18376cb1e00111"`,
  );
});

test.each(["voting", "kvs"])("%s runs alike on the reference and compiled", (name) => {
  const engines = { ...referenceEngines, engine: compile };
  const settings = { ...ROUGH, requests: 12, literalSends: true };
  const run = (p: typeof voting, e: typeof engines): string => traceText(simulated(p, settings, e));
  expect(run(example(name), engines)).toBe(run(example(name), referenceEngines));
});

test("the trace does not depend on how many events are handled at once", () => {
  const simulation = createSimulation(voting, { seed: 1, ...referenceEngines });
  while (simulation.advance(1) === "running");
  expect(traceText(simulation.trace())).toBe(traceText(simulated(voting)));
});

test("a trace is plain data to whatever copies it, though it is read out when it is looked at", () => {
  const copied = structuredClone(simulated(voting));
  expect(copied.ticks.some((tick) => tick.appeared.length > 0)).toBe(true);
  expect(traceText(copied)).toBe(traceText(simulated(voting)));
});

test("a trace of a run that goes on stays what it was", () => {
  const at = (events: number): Trace[] => {
    const simulation = createSimulation(voting, { seed: 1, ...referenceEngines });
    simulation.advance(events);
    const trace = simulation.trace();
    while (simulation.advance(1_000) === "running");
    return [trace, simulation.trace()];
  };
  const [early, late] = at(60) as [Trace, Trace];
  expect(early.messages.length).toBeLessThan(late.messages.length);
  expect(early.messages.some((m) => m.arrivedAt === undefined)).toBe(true);
  expect(early.messages).toEqual(
    late.messages
      .slice(0, early.messages.length)
      .map((m) => ((m.arrivedAt ?? Infinity) <= early.end.at ? m : withoutArrival(m))),
  );
  expect(early.ticks).toEqual(late.ticks.slice(0, early.ticks.length));
});

test.each(["voting", "kvs"])("%s answers every request over a rough network", (name) => {
  const trace = simulated(example(name), ROUGH);
  expect(countAnswers(trace)).toMatchObject({ requests: 20, answered: 20, strays: 0 });
  expect(trace.end.kind).toBe("quiet");
});

test("whatever the seed and the network, voting's answers are those of its requests", () => {
  const settings = fc.record({
    seed: fc.integer(),
    loops: fc.integer({ min: 1, max: 8 }),
    requests: fc.integer({ min: 1, max: 12 }),
    delay: fc.tuple(fc.nat(50), fc.nat(50)),
    duplication: fc.double({ min: 0, max: 1, noNaN: true }),
    reordering: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(settings, ({ delay: [min, more], duplication, reordering, ...rest }) => {
      const network = { delay: { min, max: min + more }, duplication, reordering };
      const trace = simulated(voting, { ...rest, network });
      expect(trace.requests.map((r) => r.number)).toEqual(
        Array.from({ length: rest.requests }, (_, i) => i + 1),
      );
      for (const { input, answers } of trace.requests) {
        expect(answers.length).toBeGreaterThan(0);
        for (const answer of answers) expect(rowKey(answer.row)).toBe(rowKey([input[0]!]));
      }
      expect(trace.strays).toBeUndefined();
      expectCausal(trace);
    }),
    { numRuns: 30 },
  );
});

/** No message arrives before it is sent, or enters a tick before it arrives; nothing enters twice. */
function expectCausal(trace: Trace): void {
  const entered = new Set<number>();
  for (const tick of trace.ticks) {
    for (const id of tick.arrived) {
      const message = trace.messages[id]!;
      expect(message.to).toBe(trace.nodes[tick.node]!.address);
      expect(message.sentAt).toBeLessThanOrEqual(message.arrivedAt!);
      expect(message.arrivedAt!).toBeLessThanOrEqual(tick.at);
      expect(entered.has(id)).toBe(false);
      entered.add(id);
    }
  }
  for (const message of trace.messages) {
    if (message.sentBy === undefined) continue;
    const tick = trace.ticks[message.sentBy]!;
    expect(trace.nodes[tick.node]!.address).toBe(message.from);
    // A standing send held back goes out later than the last tick in which it held.
    expect(message.sentAt).toBeGreaterThanOrEqual(tick.at);
  }
}

test("loss leaves requests unanswered, and the run still ends", () => {
  const trace = simulated(voting, { network: { loss: 0.2 } });
  const counts = countAnswers(trace);
  expect(counts.requests).toBe(20);
  expect(counts.unanswered.length).toBeGreaterThan(0);
  expect(trace.messages.some((m) => m.fault === "lost")).toBe(true);
  expect(trace.end.kind).toBe("quiet");
});

test("the requests depend on the seed and the clients, not on what becomes of them", () => {
  const inputs = (trace: Trace): string[] => trace.requests.map((r) => rowKey(r.input));
  expect(inputs(simulated(voting, { network: { loss: 0.3 } }))).toEqual(inputs(simulated(voting)));
  expect(inputs(simulated(voting, { seed: 2 }))).not.toEqual(inputs(simulated(voting)));
});

test("a fault on one message makes a first difference in the answers", () => {
  const before = simulated(voting, { loops: 2 });
  const vote = before.messages.find((m) => m.relation === "vote" && m.row[1] === 3)!;
  const faults: readonly Fault[] = [{ kind: "lose", message: messageSelector(before, vote.id) }];
  const after = simulated(voting, { loops: 2, faults });
  expect(after.messages[vote.id]).toEqual({ ...withoutArrival(vote), fault: "lost" });
  const comparison = compareAnswers(before, after);
  expect(comparison.rewritten.unanswered).toEqual([3]);
  expect(comparison.onlyOriginal.map((a) => a.request)).toEqual([3]);
  expect(comparison.firstDifference?.original?.request).toBe(3);
});

function withoutArrival(message: Trace["messages"][number]): object {
  const { arrivedAt, ...rest } = message;
  return arrivedAt === undefined ? message : rest;
}

test("what is sent on a cut link is lost until it heals", () => {
  const link = { from: "participant.1", to: "leader", bothWays: false };
  const cut = simulated(voting, { faults: [{ kind: "cut", at: 0, ...link }] });
  expect(countAnswers(cut).answered).toBe(0);
  const healed = simulated(voting, {
    loops: 1,
    faults: [
      { kind: "cut", at: 0, ...link },
      { kind: "heal", at: 500, ...link },
    ],
  });
  expect(countAnswers(healed).unanswered).toEqual([1]);
});

test("a paused node catches up after it resumes; a crashed one never does", () => {
  const node = "participant.2";
  const pause: Fault = { kind: "pause", at: 5, node };
  const paused = simulated(voting, { faults: [pause, { kind: "resume", at: 300, node }] });
  expect(countAnswers(paused).answered).toBe(20);
  expect(paused.requests[0]!.answers[0]!.at).toBeGreaterThan(300);
  const crashed = simulated(voting, { faults: [{ kind: "crash", at: 5, node }] });
  expect(countAnswers(crashed).answered).toBe(0);
});

test("siblings of one original retransmit: loss and a cut only delay what they say", () => {
  const text = `
    component main { toSibling(id)@async(d) :- in(id), sibling(d) }
    component half { out(id)@async(c) :- toSibling(id), client(c) }`;
  const p = oneNode(text, {
    instances: { main: ["n"], half: ["n.half"] },
    originals: { "n.half": "n" },
    edb: {
      client: [[{ kind: "address", name: "client" }]],
      sibling: [[{ kind: "address", name: "n.half" }]],
    },
  });
  const link = { from: "n", to: "n.half", bothWays: true };
  const trace = simulated(p, {
    patience: 10_000,
    faults: [
      { kind: "cut", at: 0, ...link },
      { kind: "heal", at: 2_000, ...link },
    ],
  });
  expect(countAnswers(trace).unanswered).toEqual([]);
  expect(trace.requests[0]!.answers[0]!.at).toBeGreaterThan(2_000);
  const lossy = simulated(p, { network: { loss: 0.5 } });
  expect(lossy.messages.filter((m) => m.relation === "toSibling" && m.fault === "lost")).toEqual(
    [],
  );
  expect(lossy.messages.some((m) => m.relation === "in" && m.fault === "lost")).toBe(true);
});

test("messages that wait at one instant enter one tick together", () => {
  const p = oneNode("out(id)@async(c) :- in(id), client(c)");
  const trace = simulated(p, { loops: 3, requests: 3, network: { delay: { min: 5, max: 5 } } });
  expect(trace.ticks.map((t) => t.arrived.length)).toEqual([0, 3]);
});

const KEEPS = `
  kept(id) :- in(id)
  kept(id)@next :- kept(id)
  out(id)@async(c) :- kept(id), client(c)`;

test("a standing send to a client goes out once; said literally, in every tick", () => {
  const outs = (settings: Partial<SimulationSettings>): number =>
    simulated(oneNode(KEEPS), { requests: 2, loops: 1, ...settings }).messages.filter(
      (m) => m.relation === "out",
    ).length;
  expect(outs({})).toBe(2);
  expect(outs({ literalSends: true })).toBeGreaterThan(4);
});

test("on a channel whose receiver may count, a standing send is repeated once 100 ms later", () => {
  const text = `
    component main {
      kept(id) :- in(id)
      kept(id)@next :- kept(id)
      told(id)@async(d) :- kept(id), other(d)
    }
    component other {
      arrivals(n) :- boot(), !seen(_), n := 0
      arrivals(n) :- seen(n)
      seen(m)@next :- arrivals(n), told(_), m := n + 1
      seen(n)@next :- arrivals(n), !told(_)
      out(id, m)@async(c) :- told(id), arrivals(n), m := n + 1, client(c)
    }`;
  const p = oneNode(text, {
    instances: { main: ["n"], other: ["o"] },
    edb: {
      client: [[{ kind: "address", name: "client" }]],
      other: [[{ kind: "address", name: "o" }]],
    },
  });
  const trace = simulated(p, { requests: 1 });
  const told = trace.messages.filter((m) => m.relation === "told");
  expect(told).toHaveLength(2);
  expect(told[1]!.sentAt - told[0]!.sentAt).toBeCloseTo(100.1);
  expect(trace.requests[0]!.answers.map((a) => a.row)).toEqual([
    [1, 1],
    [1, 2],
  ]);
});

/** `main` keeps what clients ask until they ask something else, and tells `other`, which does with it what is given. */
function telling(other: string): AnalyzedProgram {
  const text = `
    component main {
      kept(id) :- in(id)
      kept(id)@next :- kept(id), !dropped(id)
      dropped(id) :- kept(id), in(newer), newer != id
      told(id)@async(d) :- kept(id), other(d)
      out(id)@async(c) :- in(id), client(c)
    }
    component other { ${other} }`;
  return oneNode(text, {
    instances: { main: ["n"], other: ["o"] },
    edb: {
      client: [[{ kind: "address", name: "client" }]],
      other: [[{ kind: "address", name: "o" }]],
    },
  });
}

test("a standing send that stops holding is repeated at once, if its receiver may count", () => {
  const told = (other: string): number[] =>
    simulated(telling(other), { requests: 2, loops: 1 })
      .messages.filter((m) => m.relation === "told" && m.row[0] === 1)
      .map((m) => m.sentAt);
  const [first, again, ...more] = told("n(count<id>) :- told(id)\nseen(k)@next :- n(k)");
  expect(again! - first!).toBeLessThan(100);
  expect(more).toEqual([]);
  expect(told("seen(id) :- told(id)\nseen(id)@next :- seen(id)")).toHaveLength(1);
});

test("an answer that arrives twice is a duplicate", () => {
  const trace = simulated(voting, { network: { duplication: 1 } });
  const counts = countAnswers(trace);
  expect(counts.answered).toBe(20);
  expect(counts.duplicates).toBeGreaterThanOrEqual(20);
  expect(counts.answers).toBe(20);
});

test("a timer ticks its node, and a run with timers ends", () => {
  const p = oneNode(`
    timer beat every 50ms
    asked(id) :- in(id)
    asked(id)@next :- asked(id)
    out(id)@async(c) :- beat(), asked(id), client(c)`);
  const trace = simulated(p, { requests: 3, loops: 1 });
  expect(countAnswers(trace).answered).toBe(3);
  const rung = trace.ticks.filter((tick) => tick.appeared.some((f) => f.relation === "beat"));
  expect(trace.requests[0]!.answers[0]!.at).toBeGreaterThan(rung[0]!.at);
  for (const [i, tick] of rung.entries()) expect(tick.at).toBeCloseTo(rung[0]!.at + i * 50, 3);
  expect(trace.end.kind).toBe("quiet");
});

test("a run-time error ends the trace and says where", () => {
  const p = oneNode("out(id, n)@async(c) :- in(id), n := 10 / (3 - id), client(c)");
  const trace = simulated(p, { loops: 1 });
  expect(trace.end).toMatchObject({ kind: "error" });
  expect(trace.end.kind === "error" && trace.end.message).toContain("Node n stopped");
  expect(trace.requests).toHaveLength(3);
  expect(countAnswers(trace).unanswered).toEqual([3]);
});

test("a program that never rests ends at its limit", () => {
  const p = oneNode(
    "k(n)@next :- k(m), n := m + 1\nk(1)@next :- boot(), !k(_)\nout(id)@async(c) :- in(id), client(c)",
  );
  expect(simulated(p, { maxTicks: 50 }).end.kind).toBe("limit");
  expect(simulated(p, { maxTicks: 50 }).ticks).toHaveLength(50);
  const timed = simulated(p, { maxTime: 3 });
  expect(timed.end).toMatchObject({ kind: "limit" });
  expect(timed.end.at).toBeLessThanOrEqual(3);
});

test("one answer serves all requests that it fits and that wait", () => {
  const p = oneNode("out(id)@async(c) :- in(id), client(c)", {
    clients: {
      ...oneNode(KEEPS).deployment!.clients,
      template: { id: { kind: "choice", of: [7] } },
    },
  });
  const trace = simulated(p, { requests: 5, loops: 5, network: { delay: { min: 2, max: 2 } } });
  expect(trace.messages.filter((m) => m.relation === "out")).toHaveLength(1);
  expect(countAnswers(trace)).toMatchObject({ answered: 5, duplicates: 0 });
});

test("an answer to no request is noted", () => {
  const p = oneNode("out(other)@async(c) :- in(id), other := id + 100, client(c)", {
    clients: { ...oneNode(KEEPS).deployment!.clients, match: { out: { other: "id" } } },
  });
  const trace = simulated(p, { requests: 2, loops: 1 });
  expect(trace.strays?.map((s) => s.row)).toEqual([[101], [102]]);
  expect(countAnswers(trace)).toMatchObject({ answered: 0, strays: 2 });
});

test("folding the changes gives what the node holds", () => {
  const simulation = createSimulation(kvs, { seed: 1, requests: 4, ...referenceEngines });
  while (simulation.advance(1_000) === "running");
  const trace = simulation.trace();
  const index = traceIndex(trace);
  const leader = trace.nodes.findIndex((n) => n.component === "leader");
  const state = index.stateAt(leader, index.ticksOf(leader).length);
  expect(state.get("acks")).toHaveLength(12);
  expect(state.get("certs")).toHaveLength(4);
});
