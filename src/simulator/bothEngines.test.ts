import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import type {
  Fact,
  NodeEngine,
  Runnable,
  StandingChange,
  TickReport,
} from "../evaluator/nodeEngine.ts";
import { reference } from "../evaluator/reference.ts";
import { rowKey } from "../program/value.ts";
import { example, referenceEngines, simulated } from "./examples.testing.ts";
import { inFactOrder, inSendOrder } from "./order.ts";

/** Runs the referee and the compiled evaluator side by side, and compares all that can be seen after every tick. */
function both(p: AnalyzedProgram, component: string, ticks: { compared: number }): Runnable {
  const runnables = [reference(p, component), compile(p, component)] as const;
  return {
    start(environment, options) {
      const [expected, actual] = runnables.map((r) => r.start(environment, options)) as [
        NodeEngine,
        NodeEngine,
      ];
      return {
        tick(arrived) {
          const [a, b] = [expected.tick(arrived), actual.tick(arrived)];
          const where = `${environment.address}, tick ${a.tick}`;
          expect(shown(p, actual, b), where).toEqual(shown(p, expected, a));
          ticks.compared++;
          return b;
        },
        standing: (channels) => actual.standing(channels),
        standingChange(channels) {
          const [a, b] = [expected, actual].map((e) => changeShown(e.standingChange(channels)));
          expect(b).toEqual(a);
          return actual.standingChange(channels);
        },
        change: () => actual.change(),
        facts: (relation) => actual.facts(relation),
        explain: (timing, fact) => actual.explain(timing, fact),
        size: () => actual.size(),
      };
    },
  };
}

function shown(p: AnalyzedProgram, engine: NodeEngine, report: TickReport): object {
  const { appeared, disappeared } = engine.change();
  const stored = [...p.relations.values()].filter((r) => r.kind === "local" || r.kind === "chan");
  return {
    ...report,
    sends: inSendOrder(report.sends).map((s) => `${factText(s)} to ${s.to}`),
    standingSends: inSendOrder(engine.standing()).map((s) => `${factText(s)} to ${s.to}`),
    appeared: inFactOrder(appeared).map(factText),
    disappeared: inFactOrder(disappeared).map(factText),
    facts: stored.map(({ name }) => [name, engine.facts(name).map(rowKey)]),
  };
}

function changeShown({ standing, ceased }: StandingChange): object {
  return { standing, ceased: inSendOrder(ceased).map((s) => `${factText(s)} to ${s.to}`) };
}

function factText({ relation, row }: Fact): string {
  return `${relation} ${rowKey(row)}`;
}

test.each([
  ["twopc", "coordinator", 10],
  ["twopc", "participant.1", 10],
  ["paxos", "proposer.2", 8],
  ["paxos", "acceptor.1", 8],
  ["paxos", "replica.1", 8],
  ["pbft", "replica.2", 2],
])(
  "%s: both evaluators agree after every tick, also when %s starts again",
  (name, node, requests) => {
    const ticks = { compared: 0 };
    const engines = {
      ...referenceEngines,
      engine: (p: AnalyzedProgram, component: string) => both(p, component, ticks),
    };
    const faults = [
      { kind: "crash", at: 280, node },
      { kind: "restart", at: 600, node },
    ] as const;
    const network = { delay: { min: 0, max: 40 }, duplication: 0.1, loss: 0.05 };
    const settings = { requests, patience: 1_500, linger: 300, faults, network };
    const trace = simulated(example(name), settings, engines);
    expect(trace.end.kind).not.toBe("error");
    expect(ticks.compared).toBeGreaterThan(trace.ticks.length - 1);
  },
);
