import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { address } from "../program/value.ts";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { applyStep } from "../rewrites/driver.ts";
import { partitionWithDependencies } from "../rewrites/partitionWithDependencies.ts";
import type { Deployment } from "../program/deployment.ts";
import type { Row } from "../program/value.ts";
import { checked, program, verdictOf } from "./programs.testing.ts";

const text = readFileSync(new URL("../../public/examples/kvs/base.ded", import.meta.url), "utf8");

/** The storage node alone, without its signatures; a hash of few bits, so that two of the values collide. */
function storage() {
  const [, rules = ""] = /component storage \{([^}]*)\}/.exec(text) ?? [];
  const small = rules
    .replaceAll(", 16, h)", ", 1, h)")
    .replace("verify(val, sig)", "sig == 1")
    .replace("sign(val, sig)", "sig := 2");
  return program({
    nodes: { storage: small },
    channels: { "toStorage/2": "storage" },
    deployment: { edb: { leader: [[address("p1")]] } },
  });
}

const hash = { function: "hash", of: [0, { value: 1 }] };
const INPUTS = [
  ["toStorage", "v1", 1],
  ["toStorage", "v2", 1],
  ["toStorage", "v3", 1],
] as const;

test("the storage node by the hash of its values (Figure 6) refines", () => {
  const original = storage();
  const keys = {
    toStorage: [hash],
    good: [hash],
    hashset: [0],
    collisions: [1],
    numCollisions: [1],
  };
  const target = { component: "storage", partitions: 2, keys };
  const step = applyStep(original, { rewrite: "partitionWithDependencies", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  expect(step.verdict).toBe("holds");
  const found = checked(original, step.program, INPUTS, { bound: { together: 2 } });
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
  expect(found.explored).toBeGreaterThanOrEqual(2 ** INPUTS.length);
});

const one = (bits: number) => ({ function: "hash", of: [0, { value: bits }] });
const table = { function: "h", of: [0] };
const CASE69 =
  "col(v2,h) <- st(v), hash(v,1,h), set(h,v2); n(count<v>,h) <- col(v,h); o@async(c)(k,h) <- n(k,h)";
const TABLE = "edb h(x,y); fd h: x -> y";
const KEEP = "s@next(x) <- s(x); q(x) <- b(x); q@next(x) <- q(x); o@async(c)(x) <- s(x), q(x)";

interface Partition {
  readonly number: string;
  readonly rules: string;
  readonly channels: string;
  readonly keys: KeyTerms;
  readonly edb?: Deployment["edb"];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

function originalOf({ rules, channels, edb = {} }: Partition): AnalyzedProgram {
  const all = channels.split(" ").map((channel) => [channel, "L"]);
  return program({ nodes: { L: rules }, channels: Object.fromEntries(all), deployment: { edb } });
}

/** The step without asking whether its preconditions hold. */
function forced(p: AnalyzedProgram, keys: KeyTerms): AnalyzedProgram {
  const target = { component: "L", partitions: 2, keys };
  const { program: rules, deployment } = partitionWithDependencies.apply(p, target);
  return analyze(rules, deployment);
}

const ALLOWED: readonly Partition[] = [
  {
    number: "69",
    rules: CASE69,
    channels: "st/1 set/2",
    keys: { st: [one(1)], set: [0], col: [1], n: [1] },
    inputs: [
      ["st", "v1"],
      ["st", "v3"],
      ["set", 0, "w"],
      ["set", 1, "w"],
    ],
  },
  {
    number: "75 with the dependency declared",
    rules: `${TABLE}; p(x) <- a(x); p@next(x) <- p(x); o@async(c)(x) <- p(x), h(x,y), q(y)`,
    channels: "a/1 q/1",
    edb: {
      h: [
        ["x", 0],
        ["z", 1],
      ],
    },
    keys: { a: [table], p: [table], q: [0] },
    inputs: [
      ["a", "x"],
      ["a", "z"],
      ["q", 0],
      ["q", 1],
    ],
  },
  {
    number: "S-22, a value without a row",
    rules: `${TABLE}; s(x) <- a(x); ${KEEP}`,
    channels: "a/1 b/1",
    edb: { h: [["x", 1]] },
    keys: { a: [table], s: [table], b: [table], q: [table] },
    inputs: [
      ["a", "x"],
      ["a", "nowhere"],
      ["b", "x"],
      ["b", "nowhere"],
    ],
  },
];

test.each(ALLOWED)("case $number: two partitions refine with free clocks", (partition) => {
  const original = originalOf(partition);
  const target = { component: "L", partitions: 2, keys: partition.keys };
  const step = applyStep(original, { rewrite: "partitionWithDependencies", target });
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  const found = checked(original, step.program, partition.inputs);
  expect(verdictOf(found), JSON.stringify(found)).toBe("refines");
});

/** Refused cases, forced, with inputs and acknowledgements that show what goes wrong. */
const REFUSED: readonly Partition[] = [
  {
    number: "70",
    rules: `t(v) <- st(v); t@next(v) <- t(v); s(h,v) <- set(h,v); s@next(h,v) <- s(h,v);
      col(v2,h) <- t(v), hash(v,1,h), s(h,v2); o@async(c)(v,h) <- col(v,h)`,
    channels: "st/1 set/2",
    keys: { st: [0], t: [0], set: [1], s: [1], col: [0] },
    inputs: [
      ["st", "v1"],
      ["set", 1, "v4"],
      ["set", 0, "v3"],
    ],
  },
  {
    number: "72 with two functions",
    rules: `set(h,v) <- b(v), hash(v,1,h); set(h,v) <- a(v), hash(v,8,h); set@next(h,v) <- set(h,v);
      p(v) <- q(v); p@next(v) <- p(v); o@async(c)(v) <- set(h,v), p(v)`,
    channels: "a/1 b/1 q/1",
    keys: { a: [one(8)], b: [one(1)], set: [0], q: [one(1)], p: [one(1)] },
    inputs: [
      ["a", "v3"],
      ["q", "v3"],
      ["a", "v4"],
      ["q", "v4"],
    ],
  },
  {
    number: "73",
    rules: `r(k,v) <- a(k,v); r@next(k,v) <- r(k,v); e@async(c)(k,v) <- a(k,v);
      m(max<v>,k) <- r(k,v); o@async(c)(v) <- m(v,k), q(v)`,
    channels: "a/2 q/1",
    keys: { a: [1], r: [1], m: [0], q: [0] },
    inputs: [
      ["a", "k", 0],
      ["a", "k", 1],
      ["q", 0],
    ],
  },
  {
    number: "75",
    rules: `edb e(x,y); p(x) <- a(x); p@next(x) <- p(x); r(y) <- q(y); r@next(y) <- r(y);
      o@async(c)(x) <- p(x), e(x,y), r(y)`,
    channels: "a/1 q/1",
    edb: {
      e: [
        ["x", 0],
        ["x", 1],
      ],
    },
    keys: { a: [0], p: [0], q: [0], r: [0] },
    inputs: [
      ["a", "x"],
      ["q", 0],
      ["q", 1],
    ],
  },
];

test.each(REFUSED)("case $number, forced, differs", (partition) => {
  const original = originalOf(partition);
  const target = { component: "L", partitions: 2, keys: partition.keys };
  const step = applyStep(original, { rewrite: "partitionWithDependencies", target });
  expect(step.kind).toBe("refused");
  const found = checked(original, forced(original, partition.keys), partition.inputs);
  expect(["safety", "quiescence"]).toContain(verdictOf(found));
});

test("without the second rule, a value without a row would be lost (S-22)", () => {
  const partition = ALLOWED.find(({ number }) => number.startsWith("S-22"))!;
  const original = originalOf(partition);
  const whole = forced(original, partition.keys);
  const components = whole.program.components.map((c) => ({
    ...c,
    rules: c.rules.filter(
      ({ body }) => !body.some((l) => l.kind === "relation" && l.negated && l.relation === "h"),
    ),
  }));
  const lossy = analyze({ ...whole.program, components }, whole.deployment);
  const found = checked(original, lossy, partition.inputs);
  expect(verdictOf(found)).toBe("quiescence");
});
