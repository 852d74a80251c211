import type { ResolvedClients } from "../analysis/resolveClients.ts";
import type { Clients, Deployment, Generator } from "../program/deployment.ts";
import type { RelationName } from "../program/program.ts";
import { bytes, rowKey } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { random } from "./random.ts";
import type { Random } from "./random.ts";
import type { Trace, TraceRequest } from "./trace.ts";

/** The deployment's clients, ready to send. */
export interface ClientShape {
  readonly clients: Clients;
  /** One generator a column of the input. */
  readonly generators: readonly Generator[];
  /** Instances of every component that reads the input, in the deployment's order. */
  readonly destinations: readonly string[];
  readonly answers: ResolvedClients["answers"];
}

/** The clients of a program that is free of `simulationProblem`s. */
export function clientShape(deployment: Deployment, resolved: ResolvedClients): ClientShape {
  return {
    clients: deployment.clients,
    generators: resolved.generators,
    destinations: resolved.readers.flatMap((c) => deployment.instances[c] ?? []),
    answers: resolved.answers,
  };
}

/**
 * The n-th request of a run, n from 1. It depends on nothing but seed, clients and n, so that the original and the
 * rewritten program get the same requests whatever their timing.
 */
export function requestRow(shape: ClientShape, seed: number, n: number): Row {
  return shape.generators.map((generator, column) =>
    generate(generator, shape.clients, n, random(seed, "request", n, column)),
  );
}

function generate(generator: Generator, clients: Clients, n: number, draw: Random): Value {
  switch (generator.kind) {
    case "unique":
      return n;
    case "counter":
      return generator.from + n - 1;
    case "payload":
      return payload(generator.bytes ?? clients.payloadBytes, draw);
    case "choice":
      return generator.of[draw.below(generator.of.length)]!;
  }
}

function payload(length: number, draw: Random): Value {
  let hex = "";
  while (hex.length < 2 * length) hex += draw.next().toString(16).padStart(8, "0");
  return bytes(hex.slice(0, 2 * length));
}

/** What clients have asked and been answered so far. */
export interface RequestLog {
  readonly requests: readonly TraceRequest[];
  readonly answered: number;
  readonly strays: NonNullable<Trace["strays"]>;
  /** Notes the next request and returns its number. */
  sent(input: Row, at: number): number;
  /** Notes what clients received and returns the numbers of the requests that were waiting for it. */
  received(relation: RelationName, row: Row, at: number): readonly number[];
}

interface Entry {
  readonly number: number;
  readonly input: Row;
  readonly sentAt: number;
  readonly answers: TraceRequest["answers"][number][];
  readonly seen: Set<string>;
}

/** Requests that one answer would fit: those without an answer yet, and the last one. */
interface Alike {
  waiting: Entry[];
  last: Entry;
}

/**
 * Matches answers to requests. Relations are sets, so an answer is for every request that it fits and that still
 * waits; when none waits, it is a further or repeated answer to the last.
 */
export function requestLog(shape: ClientShape): RequestLog {
  const entries: Entry[] = [];
  const alike = new Map<string, Alike>();
  const strays: { relation: RelationName; row: Row; at: number }[] = [];
  let answered = 0;

  const note = (entry: Entry, relation: RelationName, row: Row, at: number): void => {
    const key = `${relation} ${rowKey(row)}`;
    if (entry.answers.length === 0) answered++;
    entry.answers.push({ relation, row, at, duplicate: entry.seen.has(key) });
    entry.seen.add(key);
  };

  return {
    get requests() {
      return entries.map(({ number, input, sentAt, answers }) => ({
        number,
        input,
        sentAt,
        answers: [...answers],
      }));
    },
    get answered() {
      return answered;
    },
    strays,
    sent(input, at) {
      const entry: Entry = {
        number: entries.length + 1,
        input,
        sentAt: at,
        answers: [],
        seen: new Set(),
      };
      entries.push(entry);
      for (const [relation, columns] of shape.answers) {
        const key = matchKey(
          relation,
          columns.map((c) => input[c.input]!),
        );
        const others = alike.get(key);
        if (others === undefined) {
          alike.set(key, { waiting: [entry], last: entry });
          continue;
        }
        others.waiting.push(entry);
        others.last = entry;
      }
      return entry.number;
    },
    received(relation, row, at) {
      const columns = shape.answers.get(relation);
      const fits =
        columns &&
        alike.get(
          matchKey(
            relation,
            columns.map((c) => row[c.answer]!),
          ),
        );
      if (fits === undefined) {
        strays.push({ relation, row, at });
        return [];
      }
      const waiting = fits.waiting.filter((entry) => entry.answers.length === 0);
      fits.waiting = [];
      for (const entry of waiting.length > 0 ? waiting : [fits.last])
        note(entry, relation, row, at);
      return waiting.map((entry) => entry.number);
    },
  };
}

function matchKey(relation: RelationName, values: Row): string {
  return `${relation} ${rowKey(values)}`;
}
