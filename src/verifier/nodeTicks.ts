import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { EvaluationError, factText } from "../evaluator/evaluationError.ts";
import { NodeTransitions } from "../evaluator/nodeTransitions.ts";
import type { PlannedComponent } from "../evaluator/nodeTransitions.ts";
import type { Fact, NodeEnvironment } from "../evaluator/nodeEngine.ts";
import { referenceTick } from "../evaluator/reference.ts";
import type { SharedIds } from "../evaluator/rowLog.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { FactTable } from "./factTable.ts";

/** What a tick led to, as numbers in the tables of the machine, ascending. */
export interface Ticked {
  readonly carried: readonly number[];
  readonly sent: readonly number[];
}

/**
 * What a node does in the tick after that many, when those facts were carried over and those arrive; undefined when it
 * stops with a run-time error.
 */
export type NodeTicks = (
  ticks: number,
  carried: readonly number[],
  arrived: readonly Fact[],
) => Ticked | undefined;

/** Where the facts of a machine have their numbers. */
export interface Numbering {
  readonly ids: SharedIds;
  readonly facts: FactTable;
  /** What is sent: the first value is where it goes. */
  readonly sendings: FactTable;
}

/** From scratch, by the evaluator that all others are held to. */
export function referenceTicks(
  p: AnalyzedProgram,
  component: ComponentName,
  environment: NodeEnvironment,
  { facts, sendings }: Numbering,
): NodeTicks {
  const tick = referenceTick(p, component, environment);
  return (ticks, carried, arrived) => {
    const before = new Map<RelationName, Row[]>();
    for (const id of carried) {
      const { relation, row } = facts.fact(id);
      const rows = before.get(relation);
      if (rows === undefined) before.set(relation, [row]);
      else rows.push(row);
    }
    return orStop(() => {
      const { state, sends } = tick({ tick: ticks, carried: before }, arrived);
      const after = [...state.carried].flatMap(([relation, rows]) =>
        rows.map((row) => facts.id({ relation, row })),
      );
      const sent = sends.map(({ to, relation, row }) =>
        sendings.id({ relation, row: [address(to), ...row] }),
      );
      return { carried: ascending(after), sent: ascending(sent) };
    });
  };
}

/** From what differs from the tick computed before. */
export function incrementalTicks(
  planned: PlannedComponent,
  environment: NodeEnvironment,
  { ids, facts, sendings }: Numbering,
): NodeTicks {
  let node: NodeTransitions | undefined;
  let held: readonly number[] = [];
  const carry = (id: number, carried: boolean): void =>
    node!.carry(facts.relation(id), facts.cells(id), 1, carried);
  return (ticks, carried, arrived) => {
    if (node === undefined) {
      node = new NodeTransitions(planned, environment, ids);
      held = [];
    }
    const running = node;
    running.begin(ticks + 1);
    eachDifference(held, carried, carry);
    for (const fact of arrived) running.arrive(fact);
    // What failed is not looked at again until it changes, so the node starts anew.
    node = undefined;
    const done = orStop(() => {
      running.run();
      const after: number[] = [];
      const sent: number[] = [];
      running.eachCarried((relation, cells, at, length) => {
        after.push(facts.idOf(relation, cells, at, length));
      });
      running.eachSent((relation, cells, at, length) => {
        sent.push(sendings.idOf(relation, cells, at, length));
      });
      return { carried: ascending(after), sent: ascending(sent) };
    });
    if (done === undefined) return undefined;
    node = running;
    held = done.carried;
    return done;
  };
}

/** Asks the referee as well, every so many times; to differ is our own fault. */
export function comparedTicks(ticks: NodeTicks, referee: NodeTicks, every: number): NodeTicks {
  let asked = 0;
  return (number, carried, arrived) => {
    const found = ticks(number, carried, arrived);
    if (asked++ % every !== 0) return found;
    const right = referee(number, carried, arrived);
    if (!isSame(found, right)) {
      const facts = arrived.map(factText).join(", ");
      throw new Error(
        `A tick in which ${facts || "nothing"} arrives differs from the reference's.`,
      );
    }
    return found;
  };
}

function isSame(a: Ticked | undefined, b: Ticked | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isEqual(a.carried, b.carried) && isEqual(a.sent, b.sent);
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, i) => number === b[i]);
}

function ascending(numbers: number[]): readonly number[] {
  return numbers.sort((a, b) => a - b);
}

/** What is only in the one, and what is only in the other of two ascending lists. */
function eachDifference(
  before: readonly number[],
  after: readonly number[],
  visit: (number: number, isNew: boolean) => void,
): void {
  let i = 0;
  let k = 0;
  while (i < before.length || k < after.length) {
    const [a, b] = [before[i] ?? Infinity, after[k] ?? Infinity];
    if (a !== b) visit(Math.min(a, b), b < a);
    if (a <= b) i++;
    if (b <= a) k++;
  }
}

function orStop<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
