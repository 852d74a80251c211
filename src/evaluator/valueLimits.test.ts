import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { MAX_TUPLE_DEPTH, MAX_VALUE_SIZE } from "../program/limits.ts";
import type { Value } from "../program/value.ts";
import { read } from "../syntax/read.ts";
import { canonicalBytes, valueOfCanonicalBytes } from "./canonicalBytes.ts";
import { compile } from "./compile.ts";
import { EvaluationError, factText } from "./evaluationError.ts";
import { Interner } from "./interner.ts";
import { nobleCrypto } from "./nobleCrypto.ts";
import type { NodeEnvironment, Runnable } from "./nodeEngine.ts";
import { reference } from "./reference.ts";
import { standardFunctions } from "./standardFunctions.ts";

const DEEP = `nested more than ${MAX_TUPLE_DEPTH} deep`;
const LARGE = "a value of more than 1,048,576 values, characters and bytes";

const ENVIRONMENT: NodeEnvironment = {
  address: "n",
  edb: new Map(),
  functions: new Map([
    ...standardFunctions(nobleCrypto),
    ["wrapped/2", ([x]) => [nested(MAX_TUPLE_DEPTH + 9, x!)]],
  ]),
};

const FIRST = [
  { relation: "a", row: ["s"] },
  { relation: "b", row: [nested(MAX_TUPLE_DEPTH, "s")] },
];

/** What a component says of `a("s")` and `b` of the deepest tuple there is, tick after tick, and when. */
function ended(text: string): readonly string[] {
  const { program, diagnostics } = read(text);
  const p = analyze(program);
  expect([...diagnostics, ...p.faults].filter((d) => d.severity === "error")).toEqual([]);
  const name = program.components[0]!.name;
  const engines: readonly Runnable[] = [
    reference(p, name),
    compile(p, name, { code: "generated" }),
    compile(p, name, { code: "interpreted" }),
  ];
  return engines.map((engine) => {
    const node = engine.start(ENVIRONMENT);
    for (let tick = 1; tick <= 3 * MAX_TUPLE_DEPTH; tick++) {
      try {
        node.tick(tick === 1 ? FIRST : []);
      } catch (error) {
        if (error instanceof EvaluationError) return `tick ${tick}: ${error.message}`;
        return String(error);
      }
    }
    return "no error";
  });
}

test.each([
  ["in a head", "p((x,)) :- a(x)\np((y,))@next :- p(y)", 64, DEEP],
  ["within a tick", "p((x,)) :- a(x)\np((y,)) :- p(y)", 1, DEEP],
  ["in an assignment", "p((x,)) :- a(x)\np(z)@next :- p(y), z := (y,)", 64, DEEP],
  ["sent", "p((x,)) :- a(x)\np((y,))@next :- p(y)\nq(((y,),))@async(l) :- p(y), self(l)", 63, DEEP],
  ["compared", "p(x) :- a(x)\np((y,))@next :- p(y)\nq() :- p(y), (y, 1) == (2, 1)", 65, DEEP],
  ["negated", "p(x) :- a(x)\np((y,))@next :- p(y)\nq(y) :- p(y), !r((y,))", 65, DEEP],
  [
    "given to a function",
    "p(x) :- a(x)\np((y,))@next :- p(y)\nq(h) :- p(y), hash((y,), h)",
    65,
    DEEP,
  ],
  ["collected", "p(x) :- a(x)\np(collect<y>)@next :- p(y)", 65, DEEP],
  ["as a maximum", "p(x, 1) :- a(x)\np(max<y, n>, n)@next :- p(y, n)", 65, DEEP],
  ["counted", "p(x) :- a(x)\np((y,))@next :- p(y)\nq(count<y, y>) :- p(y)", 65, DEEP],
  [
    "kept",
    "p(x) :- a(x)\np((y,))@next :- p(y)\nk(0) :- a(x)\nk(n)@next :- k(n), p(y), (y,) != (1,)",
    65,
    DEEP,
  ],
  ["by a function of one's own", "function wrapped(x -> y)\nq(y) :- a(x), wrapped(x, y)", 1, DEEP],
  ["often in itself", `p(x) :- a(x)\np((${Array(16).fill("y").join()}))@next :- p(y)`, 5, LARGE],
  ["joined to itself", "p(x) :- a(x)\np(z)@next :- p(y), concat(y, y, z)", 20, LARGE],
])(
  "a value that grows without end, %s, is an error of the program's in every engine",
  (_, text, tick, reason) => {
    const [first, ...others] = ended(text);
    expect(first).toContain(`tick ${tick}: `);
    expect(first).toContain(reason);
    expect(first).toMatch(/ in rule \w+\/\w+\/\d for [ap]\(/);
    expect(others).toEqual([first, first]);
  },
);

test("what looks for such a value makes none", () => {
  const looks =
    "q(y) :- b(y), !r((y, _)), !b((_, y))\nq(y) :- b(y), s((y,))\nw(y) :- b((y,)), !v(y)";
  expect(ended(looks)).toEqual(["no error", "no error", "no error"]);
});

test("it is an error where everything else holds, and only there", () => {
  const [none, ...same] = ended('q((y,))@next :- b(y), !a("s")\nq((y,)) :- b(y), !a("s")');
  expect([none, ...same]).toEqual(["no error", "no error", "no error"]);
  expect(ended('q((y,))@next :- b(y), !a("t")')[0]).toContain(DEEP);
});

test("an interner remembers how deep and large tuples are after a sweep", () => {
  const interner = new Interner();
  let id = interner.constant("s");
  const held = (): ((mark: (id: number) => void) => void) => (mark) => mark(id);
  for (let depth = 1; depth <= MAX_TUPLE_DEPTH; depth++) {
    for (let i = 0; i < 600; i++) interner.intern(`${depth} ${i}`);
    id = interner.computedTuple([id]);
    interner.sweep(held());
  }
  expect(interner.valueOf(id)).toEqual(nested(MAX_TUPLE_DEPTH, "s"));
  expect(interner.computedTuple([id])).toBeLessThan(0);
  expect(interner.computedTuple([3, id])).toBeLessThan(0);
  const text = interner.intern("x".repeat(MAX_VALUE_SIZE - 3));
  expect(interner.computedTuple([text, 1])).toBeGreaterThanOrEqual(0);
  expect(interner.computedTuple([text, 1, 3])).toBeLessThan(0);
});

test("decrypted bytes that nest deeper than a value may are none", () => {
  expect(valueOfCanonicalBytes(canonicalBytes(nested(MAX_TUPLE_DEPTH, 1)))).toBeDefined();
  expect(valueOfCanonicalBytes(canonicalBytes(nested(MAX_TUPLE_DEPTH + 1, 1)))).toBeUndefined();
  const endless = new Uint8Array(5 * 100_000);
  for (let i = 0; i < endless.length; i += 5) endless.set([7, 0, 0, 0, 1], i);
  expect(valueOfCanonicalBytes(endless)).toBeUndefined();
});

test("of a long fact its beginning is shown", () => {
  expect(factText({ relation: "p", row: ["x".repeat(10_000)] }).length).toBeLessThan(600);
});

function nested(depth: number, inner: Value): Value {
  let value = inner;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}
