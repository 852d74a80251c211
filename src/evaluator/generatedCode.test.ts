import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { Program } from "../program/program.ts";
import { address } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { differenceIn } from "./compareEngines.testing.ts";
import { componentSource } from "./componentCode.ts";
import { componentShape } from "./componentShape.ts";
import { Disguise, NASTY } from "./disguise.testing.ts";
import { mayGenerateCode } from "./mayGenerateCode.ts";
import type { Fact, NodeEnvironment } from "./nodeEngine.ts";
import { ENVIRONMENT, programOf, randomCase } from "./randomComponent.testing.ts";
import { rulePlans } from "./rulePlans.ts";

/** What becomes code, of a program's first component. */
function sourceOf(program: Program): string {
  const shape = componentShape(analyze(program), program.components[0]!.name);
  return componentSource(
    shape,
    shape.rules.map((rule) => rulePlans(shape, rule)),
  );
}

const PLAIN = `component c by x {
  durable stored
  invariant twice
  stored(x, y)@next :- in(x, y)
  stored(x, y)@next :- stored(x, y), !gone(x), !gone("all")   # a comment
  joined(x, z) :- stored(x, y), routes(y, z), x != "stop"  // another
  reach(x, y) :- joined(x, y)
  reach(x, z) :- reach(x, y), reach(y, z) /* and one more */
  alone(x) :- in(x, _), !reach(x, _)
  votes(x, count<y>, max<y>, collect<y>, "end") :- stored(x, y)
  most(x, sum<n>)@next :- votes(x, n, _, _, "end")
  signed(x, h, ("a", v)) :- in(x, _), hash((x, "salt"), h), v := x, made(v, "how", w)
  pair(x, y) :- told((x, y), "pair")
  twice(x) :- pair(x, y), pair(y, x), x < y
  told((x, "pair"), "now")@async(d) :- reach(x, _), peer(d)
  told(x, "late")@async(addr("far")) :- alone(x), tick(t), t > 1
  told(l, "here")@async(l) :- self(l), in("who", _)
}
function made(what: string, how: string -> value: string)
edb routes(from: string, to: string)
edb peer(place: address)
within joined.from of routes`;

const SCHEDULE: readonly (readonly Fact[])[] = [
  [
    ["one", "two"],
    ["two", "one"],
    ["who", "two"],
  ].map((row) => ({ relation: "in", row })),
  [
    { relation: "in", row: ["stop", "three"] },
    { relation: "told", row: [["one", "two"], "pair"] },
  ],
  [{ relation: "gone", row: ["two"] }],
  [{ relation: "gone", row: ["all"] }],
];

const AROUND: NodeEnvironment = {
  address: "home",
  edb: new Map([
    [
      "routes",
      [
        ["two", "one"],
        ["one", "two"],
        ["three", "four"],
      ],
    ],
    ["peer", [[address("far")], [address("near")]]],
  ]),
  functions: new Map([
    ...ENVIRONMENT.functions,
    ["made/3", ([what, how]) => (what === how ? undefined : [what!])],
  ]),
};

test("names and texts made to break out of generated code do not come into it", () => {
  expect(mayGenerateCode()).toBe(true);
  const { program, diagnostics } = read(PLAIN);
  expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
  const source = sourceOf(program);
  for (let from = 0; from < NASTY.length; from++) {
    const disguise = new Disguise([...NASTY.slice(from), ...NASTY.slice(0, from)]);
    const evil = disguise.program(program);
    expect(sourceOf(evil)).toBe(source);
    if (from % 5 !== 0) continue;
    const environment = disguise.environment(AROUND);
    const schedule = disguise.schedule(SCHEDULE);
    expect(differenceIn(evil, environment, { schedule }, "generated")).toBeUndefined();
  }
  expect("broken" in globalThis).toBe(false);
});

/** What generated code is written in, besides names that end in numbers. */
const WORDS = new Set(
  `break case clear const continue else false for function if let new null return switch true undefined var while
  begin end run visitLive tables name arity held loose width state read assert assertCells indexes columns first find
  Int32Array Math fill imul length slice push rows slots top
  present inserted insertedCount deleted deletedCount
  by next key row mark live previous kept pulses carried was will holds touched old number differences
  change forget result clear relocate weight way at`.split(/\s+/),
);

test("generated code consists of fixed words, numbers and names of our own", () => {
  const { program } = read(PLAIN);
  const source = sourceOf(program).replace('"use strict";', "");
  expect(source).toMatch(/^[\n\x20-\x7e]*$/);
  expect(source).not.toMatch(/["'`\\]|\/[/*]/);
  const texts = PLAIN.match(/[a-z]{2,}/g)!.filter((text) => !WORDS.has(text));
  const words = new Set(source.match(/[A-Za-z_$][\w$]*/g));
  expect(texts.filter((text) => words.has(text))).toEqual([]);
  const strange = [...words].filter(
    (word) => !WORDS.has(word) && !/^[a-z](\d|[a-z]*\d+(i\d+)?(_\w+)?)?$/.test(word),
  );
  expect(strange).toEqual([]);
});

test("random components: the code is the same whatever their texts are, and does the same as the reference", () => {
  const text = fc.oneof(
    fc.constantFrom(...NASTY),
    fc.string({ unit: "binary", minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.nat(), fc.array(text, { minLength: 1, maxLength: 40 }), (seed, texts) => {
      const { rules, schedule, lazy = false } = randomCase(seed);
      const plain = programOf(rules);
      const disguise = new Disguise(texts);
      const evil = disguise.program(plain);
      expect(sourceOf(evil)).toBe(sourceOf(plain));
      const environment = disguise.environment(ENVIRONMENT);
      const arrivals = disguise.schedule(schedule);
      const found = differenceIn(evil, environment, { schedule: arrivals, lazy }, "generated");
      expect(found).toBeUndefined();
    }),
    { numRuns: 40 },
  );
  expect("broken" in globalThis).toBe(false);
});
