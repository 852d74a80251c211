import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { address } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { compile } from "./compile.ts";
import type { Fact, NodeEngine, Runnable } from "./nodeEngine.ts";

const ROWS = 20_000;
const TOGETHER = 20_000;
/** One row of so many is not forgotten. */
const SURVIVING = 200;
/** In typed arrays small tables keep their space; among the objects is what the language learns of the code. */
const SLACK: Held = { arrays: 0.75 * 2 ** 20, objects: 2 ** 20 };

/** `put` rows stay until `forget` says that they should not. */
const KEPT = `
  kept(k, t)@next :- put(k, t)
  kept(k, t)@next :- kept(k, t), !forget(k)`;

const PROGRAMS: Readonly<Record<string, readonly [rules: string, results: readonly string[]]>> = {
  "rows, indexes, sends, recursion, one group": [
    `${KEPT}
    linked(k, l) :- kept(k, t), kept(l, t)
    path(x, y) :- linked(x, y)
    path(x, z) :- path(x, y), linked(y, z)
    out(t)@async(c) :- kept(k, t), client(c)
    numbers(count<k>, sum<k>) :- kept(k, t)
    texts(min<t>, max<t>) :- kept(k, t)`,
    ["kept", "path", "numbers", "texts"],
  ],
  "a group for each row": [
    `${KEPT}
    numbers(k, count<t>, sum<k>) :- kept(k, t)
    texts(k, min<t>, collect<t>) :- kept(k, t)`,
    ["numbers", "texts"],
  ],
  "what lasts one tick": [
    `pairs(k, t) :- put(k, t), known(x)
    number(t, max<k>) :- pairs(k, t)
    seen(k) :- put(k, t), pairs(k, t)`,
    [],
  ],
};
const CASES = Object.keys(PROGRAMS).flatMap((name) =>
  (["generated", "interpreted"] as const).map((code) => [name, code] as const),
);

test.each(CASES)("space is given back: %s (%s)", (name, code) => {
  const [rules, results] = PROGRAMS[name]!;
  const { program, diagnostics } = read(`edb client(c)\nedb known(x)\ncomponent c {${rules}}`);
  expect(diagnostics).toEqual([]);
  const component = compile(analyze(program), "c", { code });
  const all = Array.from({ length: ROWS }, (_, k) => k);
  const surviving = all.filter((k) => k % SURVIVING === 0);
  const gone = all.filter((k) => k % SURVIVING !== 0);
  // The first run pays for code.
  cycle(component, all, gone);
  const few = cycle(component, surviving, []);
  const many = cycle(component, all, gone);
  for (const { engine } of [few, many]) {
    inBatches(engine, surviving, (k) => ({ relation: "put", row: [k, `another ${k}`] }));
    inBatches(engine, surviving.slice(0, 10), (k) => ({ relation: "forget", row: [k] }));
    engine.tick([]);
  }
  for (const relation of results) {
    expect(many.engine.facts(relation)).toEqual(few.engine.facts(relation));
  }
  for (const where of ["arrays", "objects"] as const) {
    expect(many.peak[where]).toBeGreaterThan(1.5 * SLACK[where]);
    expect(many.after[where]).toBeLessThan(4 * Math.max(few.after[where], 0) + SLACK[where]);
  }
});

/** Bytes. */
interface Held {
  readonly arrays: number;
  readonly objects: number;
}

interface Cycle {
  readonly engine: NodeEngine;
  /** Held when all rows are there, and when most are gone. */
  readonly peak: Held;
  readonly after: Held;
}

function cycle(component: Runnable, all: readonly number[], gone: readonly number[]): Cycle {
  const before = held();
  const engine = component.start({
    address: "c",
    edb: new Map([
      ["client", [[address("client")]]],
      ["known", [[1]]],
    ]),
    functions: new Map(),
  });
  inBatches(engine, all, (k) => ({ relation: "put", row: [k, `text ${k}`] }));
  engine.tick([]);
  const peak = since(before);
  inBatches(engine, gone, (k) => ({ relation: "forget", row: [k] }));
  for (let tick = 0; tick < 20; tick++) engine.tick([]);
  return { engine, peak, after: since(before) };
}

function inBatches(engine: NodeEngine, keys: readonly number[], fact: (key: number) => Fact): void {
  for (let at = 0; at < keys.length; at += TOGETHER) {
    engine.tick(keys.slice(at, at + TOGETHER).map(fact));
  }
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Without what could be collected. */
function held(): Held {
  // What typed arrays held is freed after the collection that found them dead.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { arrays: arrayBuffers, objects: heapUsed };
}

function since(before: Held): Held {
  const now = held();
  return { arrays: now.arrays - before.arrays, objects: now.objects - before.objects };
}
