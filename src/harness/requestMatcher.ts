import type { RelationName } from "../program/program.ts";
import { rowKey } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import type { ClientShape } from "../simulator/clients.ts";

/** One request under way. */
export interface Request {
  /** Which closed loop asked. */
  readonly loop: number;
  readonly row: Row;
  /** Milliseconds of the process's monotonic clock. */
  readonly sentAt: number;
}

export type Matched =
  /** The first answer of these requests: relations are sets, so one answer serves all that it fits. */
  | { readonly kind: "answer"; readonly requests: readonly Request[] }
  /** Equal to an earlier answer of a request that has one. */
  | { readonly kind: "duplicate" }
  /** Another answer to a request that has one. */
  | { readonly kind: "further" }
  | { readonly kind: "stray" };

/** Matches answers to requests by the deployment's attributes, in bounded memory. */
export interface RequestMatcher {
  sent(request: Request): void;
  received(relation: RelationName, row: Row): Matched;
  /** Requests without an answer, oldest first. */
  waiting(): readonly Request[];
  readonly waitingCount: number;
}

/** Answered requests remembered, to tell duplicates from strays. */
export const REMEMBERED = 50_000;

/** All requests that cannot be told apart by what is matched. */
interface Alike {
  waiting: Request[];
  /** Answers seen since the last request. */
  readonly seen: Set<string>;
}

/** Requests by the values of the columns that an answer relation is matched on. */
interface Index {
  readonly columns: readonly number[];
  readonly alike: Map<string, Alike>;
  /** Keys of answered requests, the one answered longest ago first. */
  readonly answered: Set<string>;
}

export function requestMatcher(shape: ClientShape): RequestMatcher {
  const indexes = new Map<string, Index>();
  const byAnswer = new Map<RelationName, { index: Index; columns: readonly number[] }>();
  const waiting = new Set<Request>();

  for (const [relation, matched] of shape.answers) {
    const sorted = [...matched].sort((a, b) => a.input - b.input);
    const columns = sorted.map((m) => m.input);
    const index = indexes.get(columns.join()) ?? {
      columns,
      alike: new Map(),
      answered: new Set<string>(),
    };
    indexes.set(columns.join(), index);
    byAnswer.set(relation, { index, columns: sorted.map((m) => m.answer) });
  }

  function remember({ answered, alike }: Index, key: string): void {
    answered.delete(key);
    answered.add(key);
    if (answered.size <= REMEMBERED) return;
    const [oldest = key] = answered;
    answered.delete(oldest);
    if (!alike.get(oldest)?.waiting.some((request) => waiting.has(request))) alike.delete(oldest);
  }

  return {
    sent(request) {
      waiting.add(request);
      for (const { columns, alike } of indexes.values()) {
        const key = keyOf(request.row, columns);
        const others = alike.get(key);
        if (others === undefined) alike.set(key, { waiting: [request], seen: new Set() });
        else {
          others.waiting.push(request);
          others.seen.clear();
        }
      }
    },
    received(relation, row) {
      const answer = byAnswer.get(relation);
      if (answer === undefined) return { kind: "stray" };
      const key = keyOf(row, answer.columns);
      const alike = answer.index.alike.get(key);
      if (alike === undefined) return { kind: "stray" };
      const requests = alike.waiting.filter((request) => waiting.delete(request));
      alike.waiting = [];
      const text = `${relation} ${rowKey(row)}`;
      const seen = alike.seen.has(text);
      alike.seen.add(text);
      if (requests.length === 0) return { kind: seen ? "duplicate" : "further" };
      for (const { row: asked } of requests)
        for (const index of indexes.values()) remember(index, keyOf(asked, index.columns));
      return { kind: "answer", requests };
    },
    waiting: () => [...waiting],
    get waitingCount() {
      return waiting.size;
    },
  };
}

function keyOf(row: Row, columns: readonly number[]): string {
  return rowKey(columns.map((column) => row[column]!));
}
