import type { ColumnMatch, ResolvedClients } from "../analysis/resolveClients.ts";
import type { Clients, Deployment, Generator } from "../program/deployment.ts";
import { relationOfTag } from "../evaluator/rowLog.ts";
import { bytes } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { milliseconds } from "./network.ts";
import type { Micros } from "./network.ts";
import { random } from "./random.ts";
import type { Random } from "./random.ts";
import type { Recording } from "./recording.ts";
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
    generate(generator, shape.clients, n, () => random(seed, "request", n, column)),
  );
}

function generate(generator: Generator, clients: Clients, n: number, draw: () => Random): Value {
  switch (generator.kind) {
    case "unique":
      return n;
    case "counter":
      return generator.from + n - 1;
    case "payload":
      return payload(generator.bytes ?? clients.payloadBytes, draw());
    case "choice":
      return generator.of[draw().below(generator.of.length)]!;
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function payload(length: number, draw: Random): Value {
  let hex = "";
  while (hex.length < 2 * length) {
    const word = draw.next();
    hex +=
      HEX[word >>> 24]! + HEX[(word >>> 16) & 255]! + HEX[(word >>> 8) & 255]! + HEX[word & 255]!;
  }
  return bytes(hex.slice(0, 2 * length));
}

/** What clients have asked and been answered so far. */
export interface RequestLog {
  readonly requests: readonly TraceRequest[];
  readonly answered: number;
  readonly strays: NonNullable<Trace["strays"]>;
  /** Notes the next request and returns its number. */
  sent(input: Row, at: Micros): number;
  /** Notes what clients received in that entry and returns the numbers of the requests that were waiting for it. */
  received(entry: number, at: Micros): readonly number[];
}

interface Entry {
  readonly number: number;
  readonly input: Row;
  readonly sentAt: Micros;
  readonly answers: Answer[];
  /** What has answered it, as ids; absent up to the first answer, which has nothing to be compared with. */
  seen: Set<number> | undefined;
}

/** What clients received, by its entry in the recording. */
interface Answer {
  readonly entry: number;
  readonly at: Micros;
  readonly duplicate: boolean;
}

/** Requests that one answer would fit: those without an answer yet, and the last one. */
interface Alike {
  waiting: Entry[];
  last: Entry;
}

/** Answers of one relation. */
interface Matching {
  readonly relation: number;
  readonly columns: readonly ColumnMatch[];
  /** By the id of what must be equal, or of the tuple of it. */
  readonly alike: Map<number, Alike>;
}

/**
 * Matches answers to requests. Relations are sets, so an answer is for every request that it fits and that still
 * waits; when none waits, it is a further or repeated answer to the last.
 */
export function requestLog(shape: ClientShape, recording: Recording): RequestLog {
  const { ids, log } = recording;
  const { interner } = ids;
  const entries: Entry[] = [];
  const strays: { entry: number; at: Micros }[] = [];
  const matchings = [...shape.answers].map(([relation, columns]): Matching => {
    return { relation: ids.relation(relation), columns, alike: new Map() };
  });
  let answered = 0;

  const key = (cells: readonly number[]): number =>
    cells.length === 1 ? cells[0]! : interner.tuple(cells);
  const whole = (entry: number): number =>
    interner.tuple([...log.cells.subarray(entry, log.after(entry))].map((n) => interner.intern(n)));

  const note = (request: Entry, entry: number, at: Micros): void => {
    const { answers } = request;
    if (answers.length === 0) answered++;
    else request.seen ??= new Set([whole(answers[0]!.entry)]);
    const duplicate = request.seen?.has(whole(entry)) ?? false;
    request.seen?.add(whole(entry));
    answers.push({ entry, at, duplicate });
  };
  const read = ({ entry, at }: { entry: number; at: Micros }) => {
    return {
      relation: recording.relation(entry),
      row: recording.sentRow(entry),
      at: milliseconds(at),
    };
  };

  return {
    get requests() {
      return entries.map(({ number, input, sentAt, answers }) => ({
        number,
        input,
        sentAt: milliseconds(sentAt),
        answers: answers.map((answer) => ({ ...read(answer), duplicate: answer.duplicate })),
      }));
    },
    get answered() {
      return answered;
    },
    get strays() {
      return strays.map(read);
    },
    sent(input, at) {
      const number = entries.length + 1;
      const entry: Entry = { number, input, sentAt: at, answers: [], seen: undefined };
      entries.push(entry);
      for (const { columns, alike } of matchings) {
        const same = key(columns.map((c) => interner.intern(input[c.input]!)));
        const others = alike.get(same);
        if (others === undefined) {
          alike.set(same, { waiting: [entry], last: entry });
          continue;
        }
        others.waiting.push(entry);
        others.last = entry;
      }
      return number;
    },
    received(entry, at) {
      const relation = relationOfTag(log.tag(entry));
      const matching = matchings.find((m) => m.relation === relation);
      if (matching === undefined) return [];
      const fits = matching.alike.get(
        key(matching.columns.map((c) => log.cells[entry + 3 + c.answer]!)),
      );
      if (fits === undefined) {
        strays.push({ entry, at });
        return [];
      }
      const waiting = fits.waiting.filter((request) => request.answers.length === 0);
      fits.waiting = [];
      for (const request of waiting.length > 0 ? waiting : [fits.last]) note(request, entry, at);
      return waiting.map((request) => request.number);
    },
  };
}
