import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { analyze } from "../analysis/analyze.ts";
import { compile } from "../evaluator/compile.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printCompact } from "../program/printCompact.ts";
import type { RelationName } from "../program/program.ts";
import { printValue } from "../program/printTerm.ts";
import { rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { referenceEngines, simulated } from "./examples.testing.ts";
import type { Fault } from "./faults.ts";
import type { SimulationSettings } from "./simulationOptions.ts";
import { traceIndex } from "./stateAt.ts";
import type { NodeState } from "./stateAt.ts";
import type { Trace } from "./trace.ts";

/** Delays far apart, so that messages overtake each other, and every fifth message twice. */
export const ROUGH: NonNullable<SimulationSettings["network"]> = {
  delay: { min: 0, max: 40 },
  duplication: 0.2,
};

/** A run that goes on until what it has left to do in the background is done. */
export function longRun(p: AnalyzedProgram, settings: Partial<SimulationSettings>): Trace {
  const engines = { ...referenceEngines, engine: compile };
  return simulated(p, { requests: 12, patience: 20_000, linger: 3_000, ...settings }, engines);
}

export interface Held {
  /** The node of the base program: siblings are parts of it. */
  readonly at: string;
  readonly row: Row;
}

/** Every row of a relation that held anywhere, in the order in which they appeared. */
export function everHeld(trace: Trace, relation: RelationName): readonly Held[] {
  return trace.ticks.flatMap((tick) =>
    tick.appeared
      .filter((fact) => fact.relation === relation)
      .map((fact) => ({ at: trace.nodes[tick.node]!.original, row: fact.row })),
  );
}

/** What every node of a component holds in the end. */
export function finalStates(trace: Trace, component: string): readonly NodeState[] {
  const index = traceIndex(trace);
  return trace.nodes.flatMap((node, i) =>
    node.component === component ? [index.stateAt(i, index.ticksOf(i).length)] : [],
  );
}

/** What a run breaks of what its program says must hold. */
export function broken(trace: Trace): readonly string[] {
  if (trace.invariants === undefined) throw new Error("The program says nothing that must hold.");
  return trace.invariants.flatMap((outcome) =>
    outcome.kind === "broken"
      ? outcome.violations.map(
          ({ row }) => `${outcome.relation}(${row.map(printValue).join(", ")})`,
        )
      : [],
  );
}

/** Pairs of rows that agree in the first columns and not in the others: none when these determine those. */
export function conflicts(rows: readonly Row[], keyColumns: number): readonly string[] {
  const seen = new Map<string, Row>();
  return rows.flatMap((row) => {
    const key = rowKey(row.slice(0, keyColumns));
    const other = seen.get(key);
    if (other === undefined) seen.set(key, row);
    return other === undefined || rowKey(other) === rowKey(row)
      ? []
      : [`${row.map(printValue).join(", ")} against ${other.map(printValue).join(", ")}`];
  });
}

/**
 * Requests for whose answer a protocol is not to blame: not everybody that clients ask got it, or an answer was lost on
 * its way. `answerColumn` is that of the id in answers.
 */
export function excused(trace: Trace, answerColumn: number): ReadonlySet<string> {
  const entered = new Set(trace.ticks.flatMap((tick) => tick.arrived));
  const ids = trace.messages.flatMap((message) => {
    if (message.from === "client" && message.fault !== "duplicate" && !entered.has(message.id)) {
      return [message.row[0]!];
    }
    return message.to === "client" && message.fault === "lost" ? [message.row[answerColumn]!] : [];
  });
  return new Set(ids.map((id) => rowKey([id])));
}

export function unanswered(trace: Trace, answerColumn: number): readonly Row[] {
  const blameless = excused(trace, answerColumn);
  return trace.requests
    .filter((request) => request.answers.length === 0)
    .map((request) => request.input)
    .filter((input) => !blameless.has(rowKey([input[0]!])));
}

/** A node is down from a time to another; a link is cut for a while. Nobody is down or cut off after `until`. */
export function outages(p: AnalyzedProgram, until: number): fc.Arbitrary<readonly Fault[]> {
  const addresses = Object.values(p.deployment?.instances ?? {}).flat();
  const node = fc.constantFrom(...addresses);
  const span = fc.tuple(fc.nat(until), fc.nat(until)).filter(([from, to]) => from + 60 < to);
  const crash = fc.tuple(node, span).map(([at, [from, to]]): readonly Fault[] => [
    { kind: "crash", at: from, node: at },
    { kind: "restart", at: to, node: at },
  ]);
  const cut = fc.tuple(node, node, span, fc.boolean()).map(([a, b, times, bothWays]) => {
    const link = { from: a, to: b, bothWays };
    return a === b
      ? []
      : [
          { kind: "cut" as const, at: times[0], ...link },
          { kind: "heal" as const, at: times[1], ...link },
        ];
  });
  return fc
    .array(fc.oneof(crash, cut), { maxLength: 4 })
    .map((faults) => notTwiceDown(faults.flat()));
}

/** A node that is down is not crashed again before it is up. */
function notTwiceDown(faults: readonly Fault[]): readonly Fault[] {
  const crashed = new Set<string>();
  return faults.filter((fault, i) => {
    if (fault.kind === "restart") {
      const before = faults[i - 1]!;
      return before.kind === "crash" && !crashed.has(`${i - 1}`);
    }
    if (fault.kind !== "crash") return true;
    const again = crashed.has(fault.node);
    crashed.add(again ? `${i}` : fault.node);
    return !again;
  });
}

/** Settings under which messages are delayed, overtaken, doubled and lost. */
export const badNetworks: fc.Arbitrary<Partial<SimulationSettings>> = fc.record({
  seed: fc.nat(100_000),
  loops: fc.integer({ min: 1, max: 6 }),
  network: fc.record({
    delay: fc.constantFrom({ min: 1, max: 10 }, { min: 0, max: 40 }),
    duplication: fc.constantFrom(0, 0.2),
    loss: fc.constantFrom(0, 0.1, 0.2),
  }),
});

type Change = readonly [from: string, to: string];

/** An example with texts in it replaced: what a test finds wrong with it shows that the test can fail. */
export function mutated(
  p: AnalyzedProgram,
  name: string,
  ...changes: readonly Change[]
): AnalyzedProgram {
  const path = new URL(`../../public/examples/${name}/base.ded`, import.meta.url);
  return withText(p, readFileSync(path, "utf8"), changes);
}

/** The same for a program as it is printed, for one that rewrites have made. */
export function changed(p: AnalyzedProgram, ...changes: readonly Change[]): AnalyzedProgram {
  return withText(p, printCompact(p.program), changes);
}

function withText(p: AnalyzedProgram, text: string, changes: readonly Change[]): AnalyzedProgram {
  const replaced = changes.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`The program has no ${from}`);
    return before.replace(from, to);
  }, text);
  const mutant = analyze(read(replaced).program, p.deployment);
  const faults = mutant.faults.filter((fault) => fault.severity === "error");
  if (faults.length > 0) throw new Error(faults.map((fault) => fault.message).join("\n"));
  return mutant;
}

/** Runs with bad networks and outages until one of them is wrong; undefined when none is. */
export function firstWrong(
  p: AnalyzedProgram,
  violations: (trace: Trace) => readonly string[],
  runs: number,
  settings: Partial<SimulationSettings> = {},
): string | undefined {
  const schedules = fc.sample(fc.tuple(badNetworks, outages(p, 1_500)), { numRuns: runs, seed: 1 });
  for (const [network, faults] of schedules) {
    const trace = longRun(p, {
      patience: 4_000,
      ...network,
      ...settings,
      faults: [...(settings.faults ?? []), ...faults],
    });
    const [wrong] = violations(trace);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
