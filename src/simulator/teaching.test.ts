import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { rowKey, valueKey } from "../program/value.ts";
import { countAnswers } from "./answers.ts";
import { example, scaledExample } from "./examples.testing.ts";
import { everHeld, finalStates, firstWrong, longRun, mutated, ROUGH } from "./protocols.testing.ts";
import type { Trace } from "./trace.ts";

type Claim = (trace: Trace) => readonly string[];

/** Answers that say something else than the request did. */
const echoed: Claim = (trace) =>
  trace.requests.flatMap(({ input, answers }) =>
    answers.map(({ row }) => rowKey(row)).filter((answer) => answer !== rowKey(input)),
  );

/** Whoever is elected has the highest number, so nobody else is. */
const highestLeads: Claim = (trace) =>
  everHeld(trace, "leader")
    .filter(({ row }) => row[1] !== 5)
    .map(({ at, row }) => `${at} leads in ${rowKey(row)}`);

function held(trace: Trace, component: string, relation: string): readonly (readonly string[])[] {
  return finalStates(trace, component).map((state) =>
    (state.get(relation) ?? []).map(rowKey).sort(),
  );
}

/** Rows of the replicas' relation that are not the same everywhere in the end. */
function apart(trace: Trace, relation: string): readonly string[] {
  const states = held(trace, "replica", relation);
  return states.some((rows) => rows.join() !== states[0]!.join()) ? states.map(String) : [];
}

/** In the end all replicas hold the same, all that clients were told is in it among others. */
const grown: Claim = (trace) => {
  const [elements = []] = held(trace, "replica", "elements");
  const told = trace.requests.filter(({ answers }) => answers.length > 0);
  return [
    ...apart(trace, "elements"),
    ...told.map(({ input }) => rowKey([input[1]!])).filter((x) => !elements.includes(x)),
  ];
};

/** In the end all replicas hold one value, that of the highest stamp that a client was told, or a higher one. */
const lastWriterWins: Claim = (trace) => {
  const registers = finalStates(trace, "replica").map((state) => state.get("register") ?? []);
  const answers = trace.requests.flatMap((request) => request.answers.map(({ row }) => row));
  const told = answers.map((row) => Number(row[1]));
  const writes = new Set(answers.map((row) => rowKey(row)));
  return [
    ...apart(trace, "register"),
    ...registers.filter((rows) => rows.length > 1).map((rows) => `${rows.length} values`),
    ...registers
      .filter((rows) => told.length > 0 && Number(rows[0]?.[0] ?? 0) < Math.max(...told))
      .map(() => `a value with the stamp ${Math.max(...told)} is gone`),
    ...(new Set(told).size < writes.size ? ["a stamp was given twice"] : []),
  ];
};

/** Who asks after having seen a version of a key sees that one or a later one. */
const oneCopy: Claim = (trace) => {
  const answers = trace.requests.flatMap(({ input, sentAt, answers: all }) =>
    all.map(({ row, at }) => ({ key: valueKey(input[2]!), sentAt, at, version: Number(row[1]) })),
  );
  return answers.flatMap(({ key, at, version }) =>
    answers
      .filter((later) => later.key === key && later.sentAt > at && later.version < version)
      .map((later) => `version ${version} of ${key}, and later ${later.version}`),
  );
};

/** Every replica that answers a checkout has counted all that the desk put before it. */
const wholeCarts: Claim = (trace) => {
  const actions = new Map(
    trace.messages
      .filter(({ relation }) => relation === "action")
      .map(({ row }) => [rowKey(row), row] as const),
  );
  const steps = [...actions.values()];
  const items = { put: 1, take: -1, checkout: 0 };
  const right = new Map(
    steps.map(([session, n, id]) => {
      const before = steps.filter((step) => step[0] === session && Number(step[1]) <= Number(n));
      const sum = before.reduce((s, [, , , op]) => s + items[op as keyof typeof items], 0);
      return [valueKey(id!), sum] as const;
    }),
  );
  return trace.messages
    .filter(({ relation }) => relation === "total")
    .filter(({ row: [, id, total] }) => right.get(valueKey(id!)) !== total)
    .map(({ row }) => `${rowKey(row)} against ${right.get(valueKey(row[1]!))}`);
};

interface Teaching {
  readonly name: string;
  readonly claim: Claim;
  readonly scaled?: string;
}

const TEACHING: readonly Teaching[] = [
  { name: "echo", claim: echoed, scaled: "scaled" },
  { name: "election", claim: highestLeads },
  { name: "gset", claim: grown },
  { name: "lww", claim: lastWriterWins },
  { name: "chain", claim: oneCopy },
  { name: "cart", claim: wholeCarts, scaled: "scaled" },
];

test.each(TEACHING)("$name: all is answered, and right whatever goes wrong", (protocol) => {
  const { name, claim, scaled } = protocol;
  const forms: readonly AnalyzedProgram[] = [
    example(name),
    ...(scaled === undefined ? [] : [scaledExample(name, scaled)]),
  ];
  for (const p of forms) {
    const calm = longRun(p, { seed: 1, loops: 3, requests: 20, network: ROUGH });
    expect(countAnswers(calm)).toMatchObject({ answered: 20, strays: 0 });
    expect(claim(calm)).toEqual([]);
    const wrong = firstWrong(p, claim, 12, { patience: 1_000 });
    expect(wrong).toBeUndefined();
  }
});

test.each([
  ["echo", "echo(id, x)@async(c) :- in(id, x)", "echo(id, 0x)@async(c) :- in(id, x)"],
  ["election", "i > m", "i != m"],
  ["gset", "share(), replicas(r)", "share(), replicas(r), me(0)"],
  ["lww", ", t > s\n  beaten(s) :- register(s, v), register(t, w), t > s", ", t < s"],
  ["lww", "(s / n + k) * n + i", "s + k"],
  ["chain", 'in(id, "get", k, w), tail(), newest', 'in(id, "get", k, w), newest'],
  ["cart", "before(n, s, n, id), ", "before(m, s, n, id), "],
] as const)("%s with %j replaced by %j goes wrong", (name, from, to) => {
  const { claim } = TEACHING.find((one) => one.name === name)!;
  const wrong = firstWrong(mutated(example(name), name, [from, to]), claim, 200, { loops: 4 });
  expect(wrong).toBeDefined();
});
