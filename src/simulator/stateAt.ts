import type { Fact } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import { compareRows, rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { Trace } from "./trace.ts";

/** The facts of one node in one tick, by relation, rows in the order of `compareRows`; empty relations are absent. */
export type NodeState = ReadonlyMap<RelationName, readonly Row[]>;

/** A trace made ready for stepping back and forth. */
export interface TraceIndex {
  /** Indices into `Trace.ticks` of one node's ticks, in order; `node` is an index into `Trace.nodes`. */
  ticksOf(node: number): readonly number[];
  /** What a node held in its tick with that number, from 1; nothing before its first tick. */
  stateAt(node: number, tick: number): NodeState;
  /** The same of some relations only, rows in no order: what costs least when much is held. */
  rowsAt(node: number, tick: number, relations: ReadonlySet<RelationName>): NodeState;
  /** A node's last tick number at that time or before, 0 when it has not ticked yet. */
  tickAtTime(node: number, at: number): number;
}

const SNAPSHOT_EVERY = 64;

type Facts = Map<RelationName, Map<string, Row>>;

/** Folds changes, from a snapshot every 64 ticks; snapshots are taken when they are first passed. */
export function traceIndex(trace: Trace): TraceIndex {
  const ticks: number[][] = trace.nodes.map(() => []);
  trace.ticks.forEach((tick, index) => ticks[tick.node]?.push(index));
  const snapshots: Facts[][] = trace.nodes.map(() => [new Map()]);

  const snapshotBefore = (node: number, tick: number): Facts => {
    const taken = snapshots[node]!;
    const wanted = Math.floor(tick / SNAPSHOT_EVERY);
    while (taken.length <= wanted) {
      const last = taken.length - 1;
      const facts = copy(taken[last]!);
      fold(node, facts, last * SNAPSHOT_EVERY, (last + 1) * SNAPSHOT_EVERY);
      taken.push(facts);
    }
    return taken[wanted]!;
  };
  const fold = (
    node: number,
    facts: Facts,
    after: number,
    through: number,
    only?: ReadonlySet<RelationName>,
  ): void => {
    for (const index of ticks[node]!.slice(after, through)) {
      const { appeared, disappeared } = trace.ticks[index]!;
      for (const fact of disappeared) facts.get(fact.relation)?.delete(rowKey(fact.row));
      for (const fact of appeared) if (only?.has(fact.relation) !== false) add(facts, fact);
    }
  };
  const factsAt = (node: number, tick: number, only?: ReadonlySet<RelationName>): Facts => {
    const last = Math.min(tick, ticks[node]?.length ?? 0);
    if (last <= 0) return new Map();
    const facts = copy(snapshotBefore(node, last), only);
    fold(node, facts, last - (last % SNAPSHOT_EVERY), last, only);
    return facts;
  };

  return {
    ticksOf: (node) => ticks[node] ?? [],
    stateAt: (node, tick) => sorted(factsAt(node, tick)),
    rowsAt: (node, tick, relations) =>
      new Map(
        [...factsAt(node, tick, relations)].map(([name, rows]) => [name, [...rows.values()]]),
      ),
    tickAtTime(node, at) {
      const own = ticks[node] ?? [];
      let low = 0;
      let high = own.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (trace.ticks[own[middle]!]!.at <= at) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

function add(facts: Facts, { relation, row }: Fact): void {
  const rows = facts.get(relation) ?? new Map<string, Row>();
  rows.set(rowKey(row), row);
  facts.set(relation, rows);
}

function copy(facts: Facts, only?: ReadonlySet<RelationName>): Facts {
  const kept = only === undefined ? [...facts] : [...facts].filter(([name]) => only.has(name));
  return new Map(kept.map(([relation, rows]) => [relation, new Map(rows)]));
}

function sorted(facts: Facts): NodeState {
  const filled = [...facts].filter(([, rows]) => rows.size > 0);
  filled.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    filled.map(([relation, rows]) => [relation, [...rows.values()].sort(compareRows)]),
  );
}
