import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { DOWN } from "../analysis/globalRules.ts";
import type { Fact } from "../evaluator/nodeEngine.ts";
import type { RelationName } from "../program/program.ts";
import { address, rowKey } from "../program/value.ts";
import type { Value } from "../program/value.ts";
import type { Trace } from "./trace.ts";

/** A change of what is seen from outside of all nodes. */
export interface Moment {
  /** Simulated milliseconds. */
  readonly at: number;
  /** Index into `Trace.ticks`; absent where clients sent or received something. */
  readonly tick?: number;
  readonly appeared: readonly PlacedFact[];
  readonly disappeared: readonly PlacedFact[];
}

/** When an original node was down. */
export interface Outage {
  readonly place: string;
  /** Simulated milliseconds. */
  readonly from: number;
  /** Absent: to the end. */
  to?: number;
}

export interface PlacedFact extends Fact {
  /** The original node, or the clients. */
  readonly place: Value;
}

/**
 * All changes of these relations in a run, in order. A node is seen as its last tick left it, also when it is down; what
 * parts of one original node hold, the original holds. Clients know for good what they sent and received. Of a node that is
 * down `down` holds.
 */
export function* momentsOf(
  p: AnalyzedProgram,
  trace: Trace,
  relations: ReadonlySet<RelationName>,
  outages: readonly Outage[],
): Generator<Moment> {
  const held = new HeldFacts();
  const places = trace.nodes.map(({ original }) => address(original));
  const given = trace.nodes.flatMap(({ address: at }, node) =>
    [...relations].flatMap((relation) =>
      (p.deployment?.node[at]?.[relation] ?? []).map((row): PlacedFact => {
        return { place: places[node]!, relation, row };
      }),
    ),
  );
  if (given.length > 0) yield { at: 0, ...held.change(given, []) };
  const others = [
    ...(p.relations.has(DOWN) ? [] : outages.flatMap(outageMoments)),
    ...clientMoments(p, trace, relations),
  ].toSorted((a, b) => a.at - b.at);
  let next = 0;
  const before = function* (time: number): Generator<Moment> {
    for (; others[next] !== undefined && others[next]!.at <= time; next++) {
      const { at, fact, isThere } = others[next]!;
      const change = isThere ? held.change([fact], []) : held.change([], [fact]);
      if (relations.has(fact.relation) && isSome(change)) yield { at, ...change };
    }
  };
  for (const [tick, { node, at, appeared, disappeared }] of trace.ticks.entries()) {
    yield* before(at);
    const placed = (facts: readonly Fact[]): readonly PlacedFact[] =>
      facts
        .filter(({ relation }) => relations.has(relation))
        .map((fact) => ({ place: places[node]!, ...fact }));
    const change = held.change(placed(appeared), placed(disappeared));
    if (isSome(change)) yield { at, tick, ...change };
  }
  yield* before(Infinity);
}

type Change = Pick<Moment, "appeared" | "disappeared">;

function isSome({ appeared, disappeared }: Change): boolean {
  return appeared.length > 0 || disappeared.length > 0;
}

/** A fact that comes or goes without a tick. */
interface OtherMoment {
  readonly at: number;
  readonly fact: PlacedFact;
  readonly isThere: boolean;
}

function outageMoments({ place, from, to }: Outage): readonly OtherMoment[] {
  const fact = { place: address(place), relation: DOWN, row: [] };
  const began = { at: from, fact, isThere: true };
  return to === undefined ? [began] : [began, { at: to, fact, isThere: false }];
}

function clientMoments(
  p: AnalyzedProgram,
  trace: Trace,
  relations: ReadonlySet<RelationName>,
): readonly OtherMoment[] {
  const clients = p.deployment?.clients.address;
  if (clients === undefined) return [];
  const place = address(clients);
  return trace.messages
    .filter(({ relation }) => relations.has(relation))
    .flatMap(({ from, to, relation, row, sentAt, arrivedAt }): readonly OtherMoment[] => {
      const fact = { place, relation, row };
      if (from === clients) return [{ at: sentAt, fact, isThere: true }];
      const hasArrived = to === clients && arrivedAt !== undefined;
      return hasArrived ? [{ at: arrivedAt, fact, isThere: true }] : [];
    });
}

/** How many parts of a place hold a fact: it is gone when none does. */
class HeldFacts {
  readonly #holders = new Map<string, number>();

  change(appeared: readonly PlacedFact[], disappeared: readonly PlacedFact[]): Change {
    const key = ({ place, relation, row }: PlacedFact): string =>
      `${relation} ${rowKey([place, ...row])}`;
    const before = new Map<string, PlacedFact>();
    const heldBefore = new Set<string>();
    for (const [facts, by] of [
      [disappeared, -1],
      [appeared, 1],
    ] as const) {
      for (const fact of facts) {
        const at = key(fact);
        const count = this.#holders.get(at) ?? 0;
        if (!before.has(at) && count > 0) heldBefore.add(at);
        if (!before.has(at)) before.set(at, fact);
        if (count + by > 0) this.#holders.set(at, count + by);
        else this.#holders.delete(at);
      }
    }
    const changed = [...before].filter(([at]) => heldBefore.has(at) !== this.#holders.has(at));
    return {
      appeared: changed.filter(([at]) => !heldBefore.has(at)).map(([, fact]) => fact),
      disappeared: changed.filter(([at]) => heldBefore.has(at)).map(([, fact]) => fact),
    };
  }
}
