import { expect, test } from "vitest";
import { rowKey, valueKey } from "../program/value.ts";
import type { Row, Value } from "../program/value.ts";
import { countAnswers } from "./answers.ts";
import { example, referenceEngines, scaledExample } from "./examples.testing.ts";
import { broken, changed, firstWrong, longRun, mutated, ROUGH } from "./protocols.testing.ts";
import type { Trace, TraceRequest } from "./trace.ts";

const KEY = example("rset-independent").deployment!.edb["key"]![0]![0]!;

/** Takes layers of AES off; a sentence when there are not so many. */
function opened(sealed: Value, nonce: Value, layers: number): Value {
  const decrypt = referenceEngines.functions.get("decrypt/4")!;
  let inner = sealed;
  for (let i = 0; i < layers; i++) {
    inner = decrypt([KEY, nonce, inner])?.[0] ?? `${valueKey(inner)} does not open`;
  }
  return inner;
}

/** Answers that do not open to what they should. */
function wrongSeals(
  trace: Trace,
  isRight: (input: Row, answer: Row) => boolean,
): readonly string[] {
  return eachAnswer(trace)
    .filter(({ request, row }) => !isRight(request.input, row))
    .map(({ row }) => `${rowKey(row)} does not open to its request`);
}

/** Answers with a lower number than one that a client had before it asked. */
function goingBack(trace: Trace): readonly string[] {
  const answers = eachAnswer(trace);
  return answers.flatMap(({ at, row }) =>
    answers
      .filter((later) => later.request.sentAt > at && Number(later.row[1]) < Number(row[1]))
      .map((later) => `${rowKey(row)}, and later ${rowKey(later.row)}`),
  );
}

/** Replicas that answer what they were asked after an answer of theirs had arrived with a lower number than that. */
function goingBackAtReplicas(trace: Trace): readonly string[] {
  const acks = trace.messages.filter((message) => message.relation === "ack");
  const askedAt = new Map<string, number>();
  for (const { relation, row, sentAt } of trace.messages) {
    const key = valueKey(row[0]!);
    if (relation === "ask") askedAt.set(key, Math.min(sentAt, askedAt.get(key) ?? Infinity));
  }
  return acks.flatMap(({ row: [replica, id, number], arrivedAt }) =>
    acks
      .filter(({ row }) => same(row[0]!, replica!) && Number(row[2]) < Number(number))
      .filter(({ row }) => askedAt.get(valueKey(row[1]!))! > (arrivedAt ?? Infinity))
      .map(
        ({ row }) => `${valueKey(id!)} with ${String(number)}, later ${rowKey(row.slice(1, 3))}`,
      ),
  );
}

/** The last request with some hash finds all the others. */
function wrongCounts(trace: Trace): readonly string[] {
  const hash = referenceEngines.functions.get("hash/3")!;
  const groups = new Map<string, number[]>();
  for (const { input, answers } of trace.requests) {
    const key = rowKey(hash([input[2]!, 8])!);
    groups.set(key, [...(groups.get(key) ?? []), Number(answers[0]?.row[1])]);
  }
  return [...groups.values()]
    .filter((counts) => Math.max(...counts) !== counts.length || Math.min(...counts) < 1)
    .map((counts) => `${counts.length} requests of one hash were counted ${counts.join(", ")}`);
}

function eachAnswer(
  trace: Trace,
): readonly { readonly request: TraceRequest; readonly at: number; readonly row: Row }[] {
  return trace.requests.flatMap((request) =>
    request.answers.map(({ at, row }) => ({ request, at, row })),
  );
}

function twiceSealed(trace: Trace): readonly string[] {
  return wrongSeals(trace, ([, nonce, x], [, sealed]) => same(opened(sealed!, nonce!, 8), x!));
}

function same(a: Value, b: Value): boolean {
  return valueKey(a) === valueKey(b);
}

const CLAIMS: Readonly<Record<string, (trace: Trace) => readonly string[]>> = {
  "rset-independent": twiceSealed,
  "rset-cohashing": twiceSealed,
  "rset-monotonic": (trace) => [
    ...goingBack(trace),
    ...wrongSeals(trace, ([, nonce, x], [, ballot, sealed]) => {
      const [inner, request] = opened(sealed!, nonce!, 4) as Row;
      return same(inner!, ballot!) && same(opened(request!, nonce!, 4), x!);
    }),
  ],
  "rset-functional": (trace) => [
    ...goingBack(trace),
    ...wrongSeals(trace, ([, nonce, x], [, ballot, sealed]) =>
      same(opened(sealed!, nonce!, 4), [ballot!, x!]),
    ),
  ],
  "rset-dependencies": wrongCounts,
  "rset-partial": (trace) => [...goingBack(trace), ...goingBackAtReplicas(trace)],
};

test.each(Object.entries(CLAIMS))("%s: every request is answered rightly", (name, wrong) => {
  for (const p of [example(name), scaledExample(name, "scaled")]) {
    for (const seed of [1, 2, 3]) {
      const trace = longRun(p, { seed, loops: 4, requests: 40, network: ROUGH });
      expect(countAnswers(trace), `seed ${seed}`).toMatchObject({ answered: 40, strays: 0 });
      expect(wrong(trace), `seed ${seed}`).toEqual([]);
      expect(trace.invariants?.every(({ kind }) => kind === "held")).toBe(true);
    }
  }
});

test.each([
  ["rset-independent", "encrypt(k, n, c, e), client(t)", "encrypt(k, n, b, e), client(t)"],
  [
    "rset-cohashing",
    "ack(r, id, n, x), numAcks(m, id), numReplicas(m)",
    "ack(r, id, n, x), numAcks(0, id)",
  ],
  ["rset-monotonic", "raised(b + 1)@next", "raised(b - 1)@next"],
  ["rset-functional", "raised(b + 1)@next", "raised(b - 1)@next"],
  // Requests of one hash no longer meet.
  ["rset-dependencies", "partition(h, 2, k)", "partition(id, 2, k)"],
  // The partitions do not stand still while the number is raised.
  ["rset-partial", "thawed_replica() :- boot(), !pending_replica(_)", "thawed_replica() :- boot()"],
] as const)("%s, scaled, with %j replaced by %j goes wrong", (name, from, to) => {
  const mutant = changed(scaledExample(name, "scaled"), [from, to]);
  const goesWrong = Array.from({ length: 10 }, (_, i) => i).some((seed) => {
    const trace = longRun(mutant, { seed, loops: 4, requests: 40, patience: 300, network: ROUGH });
    return countAnswers(trace).answered < 40 || CLAIMS[name]!(trace).length > 0;
  });
  expect(goesWrong).toBe(true);
});

test.each([
  ["rset-cohashing", "reply(id, e)@async", "reply(0 - id, e)@async", "made_up"],
  ["rset-dependencies", "reply(id, m)@async", "reply(0 - id, m)@async", "made_up"],
  ["rset-dependencies", "most(max<m>, id)", "most(count<r>, id)", "overcounted"],
  ["rset-functional", "reply(id, v, e)@async", "reply(0 - id, v, e)@async", "made_up"],
  ["rset-independent", "reply(id, e)@async", "reply(0 - id, e)@async", "made_up"],
  ["rset-monotonic", "reply(id, v, e)@async", "reply(0 - id, v, e)@async", "made_up"],
  ["rset-partial", "reply(id, v)@async", "reply(v, id)@async", "made_up"],
] as const)("%s with %j replaced by %j breaks what it says", (name, from, to, invariant) => {
  const mutant = mutated(example(name), name, [from, to]);
  expect(firstWrong(mutant, broken, 3, { patience: 300 })).toContain(invariant);
});
