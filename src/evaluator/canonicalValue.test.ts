import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { Deployment } from "../program/deployment.ts";
import { bytes, type Row, type Value } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { compile } from "./compile.ts";
import { nodeEnvironment } from "./environment.ts";
import { Interner } from "./interner.ts";
import { nobleCrypto } from "./nobleCrypto.ts";
import type { NodeEngine } from "./nodeEngine.ts";
import { reference } from "./reference.ts";
import { ENTRY, entryTag, RowLog, SharedIds } from "./rowLog.ts";
import { standardFunctions } from "./standardFunctions.ts";

const { program } = read(`
  edb e(x)
  component c {
    n(x)@next :- n(x)
    n(x)@next :- arrived(x)
    both(x) :- arrived(x), known(x)
    both(x) :- e(x), known(x)
    number(count<x>) :- n(x)
    r((x, x)) :- n(x)
    r((x, x)) :- e(x)
  }`);
const p = analyze(program);

/** As it is given, and its canonical form. */
const STRANGE: readonly (readonly [given: unknown, canonical: Value])[] = [
  [5n, 5],
  [-0, 0],
  [-(2n ** 31n), -(2 ** 31)],
  [2 ** 53, 2n ** 53n],
  [
    [-0, 1],
    [0, 1],
  ],
  [
    [[5n], "a"],
    [[5], "a"],
  ],
  [bytesOf("AB"), bytes("ab")],
  [
    [1, [bytesOf("0F"), 7n]],
    [1, [bytes("0f"), 7]],
  ],
];

const NONE = [1.5, Number.NaN, 2n ** 63n, -(2 ** 64), undefined, null, [1, [null]], {}, () => 1];

function bytesOf(hex: string): Value {
  return { kind: "bytes", hex };
}

function deploymentWith(deployed: readonly unknown[]): Deployment {
  return {
    instances: { c: ["a"] },
    edb: {},
    node: { a: { e: deployed.map((given) => [given] as Row) } },
    originals: {},
    trusted: {},
    clients: { address: "x", input: "in", answers: [], match: {}, template: {}, payloadBytes: 0 },
    partitions: {},
    seed: 1,
  };
}

type Door = (given: unknown, canonical: Value) => NodeEngine;

type Name = "reference" | "generated" | "interpreted";

function engineOf(name: Name, deployed: readonly unknown[] = []): NodeEngine {
  const runnable = name === "reference" ? reference(p, "c") : compile(p, "c", { code: name });
  const functions = standardFunctions(nobleCrypto);
  const deployment = deploymentWith(deployed);
  return runnable.start(nodeEnvironment(p, deployment, "c", "a", functions, nobleCrypto));
}

/** What comes in, twice: as it is given, and in its canonical form. */
const DOORS: Readonly<Record<string, Door>> = Object.fromEntries([
  ...(["reference", "generated", "interpreted"] as const).flatMap((name) => [
    [
      `what arrives (${name})`,
      (given: unknown, canonical: Value) => {
        const engine = engineOf(name);
        engine.tick([
          { relation: "arrived", row: [given] as Row },
          { relation: "known", row: [canonical] },
        ]);
        return engine;
      },
    ],
    [
      `what is deployed (${name})`,
      (given: unknown, canonical: Value) => {
        const engine = engineOf(name, [given]);
        engine.tick([
          { relation: "arrived", row: [canonical] },
          { relation: "known", row: [canonical] },
        ]);
        return engine;
      },
    ],
  ]),
  [
    "what is logged",
    (given: unknown, canonical: Value) => {
      const ids = new SharedIds();
      const environment = { address: "a", edb: new Map(), functions: new Map() };
      const engine = compile(p, "c", { code: "generated" }).start(environment, { ids });
      const log = new RowLog();
      const entry = (relation: string, value: Value): number => {
        const tag = entryTag(ids.relation(relation), ENTRY.appeared);
        return log.entry(tag, ids.interner, [value]);
      };
      const entries = [entry("arrived", given as Value), entry("known", canonical)];
      engine.tickRows!(log, entries, []);
      return engine;
    },
  ],
]);

test.each(
  Object.keys(DOORS).flatMap((door) =>
    STRANGE.map(([given, canonical]) => ({ door, given, canonical })),
  ),
)("$door gets its canonical form: $given", ({ door, given, canonical }) => {
  const engine = DOORS[door]!(given, canonical);
  expect(engine.facts("both")).toEqual([[canonical]]);
  engine.tick([{ relation: "arrived", row: [canonical] }]);
  expect(engine.facts("n")).toEqual([[canonical]]);
  engine.tick([]);
  expect(engine.facts("number")).toEqual([[1]]);
  expect(engine.facts("r")).toEqual([[[canonical, canonical]]]);
});

test.each(Object.keys(DOORS).flatMap((door) => NONE.map((given) => ({ door, given }))))(
  "$door is refused if it is no value: $given",
  ({ door, given }) => {
    expect(() => DOORS[door]!(given, 1)).toThrow(/ is no value\.$/);
  },
);

test("an interner keeps nothing of another form", () => {
  const interner = new Interner();
  const ids = STRANGE.map(([given]) => interner.intern(given as Value));
  expect(ids).toEqual(STRANGE.map(([, canonical]) => interner.intern(canonical)));
  expect(ids.map((id) => interner.valueOf(id))).toEqual(STRANGE.map(([, canonical]) => canonical));
});
