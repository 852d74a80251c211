import { expect, test } from "vitest";
import { dependencies } from "../analysis/dependencies.ts";
import { shownKeyTerm } from "../analysis/keyTerm.ts";
import type { KeyTerms } from "../analysis/keyTerm.ts";
import { proposeDependentKeys } from "../analysis/proposeDependentKeys.ts";
import { applied, caseProgram, outcome } from "./cases.testing.ts";
import type { CaseText } from "./cases.testing.ts";
import { applyStep, offers } from "./driver.ts";
import { printed } from "./examples.testing.ts";
import type { StepRequest } from "./rewrite.ts";

const hash = (bits: number) => ({ function: "hash", of: [0, { value: bits }] });
const table = { function: "h", of: [0] };
const TABLE = "edb h(x,y)\nfd h: x -> y";

function byTerms(keys: KeyTerms): StepRequest {
  return { rewrite: "partitionWithDependencies", target: { component: "L", partitions: 2, keys } };
}

interface DependentCase extends CaseText {
  readonly number: string;
  readonly keys: KeyTerms;
  readonly expected: string;
}

const CASE69 =
  "col(v2,h)<-st(v),hash(v,2,h),set(h,v2); n(count<v>,h)<-col(v,h); o@async(c)(k,h)<-n(k,h)";
const CASE139 = {
  rules: "s(x)<-m(x,y); s@next(x)<-s(x); q(x)<-b(x); q@next(x)<-q(x); o@async(c)(x)<-s(x),q(x)",
  other: "m@async(L)(x,y)<-a(x),h(x,y)",
  keys: { m: [1], s: [table], b: [table], q: [table] },
};
const TWO_RULES = "set@next(h,v)<-b(v),hash(v,2,h); set@next(h,v)<-set(h,v)";

const CASES: readonly DependentCase[] = [
  {
    number: "69",
    rules: CASE69,
    keys: { st: [hash(2)], set: [0], col: [1], n: [1] },
    expected: "holds",
  },
  {
    number: "69 with another function of the same attribute",
    rules: CASE69,
    keys: { st: [hash(3)], set: [0], col: [1], n: [1] },
    expected: "no-dependency",
  },
  {
    number: "70",
    rules: CASE69,
    keys: { st: [0], set: [1], col: [0], n: [1] },
    expected: "group-split head-key keys-differ",
  },
  {
    number: "72",
    rules: `${TWO_RULES}; set@next(h,v)<-a(v),hash(v,2,h); o@async(c)(v)<-set(h,v),q(v)`,
    keys: { a: [hash(2)], b: [hash(2)], set: [0], q: [hash(2)] },
    expected: "holds",
  },
  {
    number: "72 with two functions of the same attributes",
    rules: `${TWO_RULES}; set@next(h,v)<-a(v),hash(v,3,h); o@async(c)(v)<-set(h,v),q(v)`,
    keys: { a: [hash(3)], b: [hash(2)], set: [0], q: [hash(2)] },
    expected: "no-dependency",
  },
  {
    number: "73",
    rules: "m(max<v>,k)<-r(k,v); o@async(c)(k)<-m(v,k),q(v)",
    keys: { r: [1], m: [0], q: [0] },
    expected: "group-split",
  },
  {
    number: "75",
    rules: "o@async(c)(x)<-p(x),e(x,y),q(y)",
    edb: ["e"],
    keys: { p: [{ function: "e", of: [0] }], q: [0] },
    expected: "no-dependency undeclared-dependency",
  },
  {
    number: "75 with the dependency declared",
    rules: "o@async(c)(x)<-p(x),h(x,y),q(y)",
    declarations: TABLE,
    keys: { p: [table], q: [0] },
    expected: "holds",
  },
  {
    number: "77",
    rules: "o@async(c)(x)<-a(x,y),b(x,z),q(y)",
    env: ["a", "b"],
    keys: { a: [1], b: [1], q: [0] },
    expected: "client-input keys-differ",
  },
  {
    number: "77 where a declaration would do",
    rules: "o@async(c)(x)<-a(x,y),a(x,z),q(y)",
    env: ["a"],
    keys: { a: [1], q: [0] },
    expected: "client-input undeclared-dependency",
  },
  {
    number: "139",
    ...CASE139,
    declarations: "node h(x,y)\nfd h: x -> y",
    expected: "no-dependency",
  },
  { number: "139 with a static table", ...CASE139, declarations: TABLE, expected: "holds" },
  {
    number: "55 with a function of `_`",
    rules: "o@async(c)(x)<-p(x),!q(x,_)",
    keys: { p: [hash(2)], q: [{ function: "hash", of: [1, { value: 2 }] }] },
    expected: "absent-wildcard",
  },
  {
    number: "a key through :=",
    rules: "s(y)<-a(x),y:=x; s@next(y)<-s(y); o@async(c)(y)<-s(y),q(y)",
    keys: { a: [0], s: [0], q: [0] },
    expected: "holds",
  },
  {
    number: "the own key of a node is no function",
    rules: "s(x,g)<-a(x),sign(x,g); o@async(c)(x)<-s(x,g),q(g)",
    keys: { a: [{ function: "sign", of: [0] }], s: [1], q: [0] },
    expected: "no-dependency",
  },
];

test.each(CASES)("with dependencies, case $number: $expected", ({ keys, expected, ...text }) => {
  expect(outcome(applyStep(caseProgram(text).program, byTerms(keys)))).toBe(expected);
});

/** `h = hash(v, 2)` of each relation. */
function shown(text: CaseText): readonly string[] {
  const { program } = caseProgram(text);
  return [...dependencies(program)].flatMap(([relation, list]) =>
    list.map(({ position, term }) => {
      const { name } = program.relations.get(relation)!.attributes[position]!;
      return `${relation}: ${name} = ${shownKeyTerm(program, relation, term)}`;
    }),
  );
}

test("a relation has the dependencies that all its rules keep, with the same function", () => {
  const same = `${TWO_RULES}; set@next(h,v)<-a(v),hash(v,2,h)`;
  expect(shown({ rules: same })).toContain("set: h = hash(v, 2)");
  expect(shown({ rules: `${TWO_RULES}; set@next(h,v)<-a(v),hash(v,3,h)` })).toEqual([]);
});

test("an aggregate gives no dependency, nor does a table of each node", () => {
  expect(shown({ rules: "m(max<v>,k)<-r(k,v)" })).toEqual([]);
  const copy = { rules: "s(x,y)<-a(x),h(x,y)" };
  const declared = "fd h: x -> y";
  expect(shown({ ...copy, declarations: `node h(x,y)\n${declared}` })).toEqual([]);
  expect(shown({ ...copy, declarations: TABLE })).toContain("s: y = h(x)");
});

test("the tool finds the function by which to split, and which declaration is missing", () => {
  const { program } = caseProgram({ rules: CASE69 });
  expect(proposeDependentKeys(program, "L")[0]).toEqual({
    st: [hash(2)],
    set: [0],
    col: [1],
    n: [1],
  });
  const undeclared = caseProgram({ rules: "o@async(c)(x)<-p(x),e(x,y),q(y)", edb: ["e"] });
  const [offer] = offers(undeclared.program, { component: "L", rules: [] }).filter(
    ({ rewrite }) => rewrite === "partitionWithDependencies",
  );
  expect(offer?.verdict).toBe("violated");
  expect(offer?.suggestion?.sentence).toBe(
    "Declaring `fd e: x -> y` would work, if it is true of every fact.",
  );
});

test("an argument without a row goes to the first partition (S-22)", () => {
  const { program } = caseProgram({
    rules: "s(x)<-b(x); s@next(x)<-s(x); o@async(c)(x)<-s(x)",
    declarations: TABLE,
  });
  const result = applyStep(program, byTerms({ b: [table], s: [table] }));
  expect(printed(applied(result).program)).toMatchInlineSnapshot(`
    "L by x
      s(x) :- b(x)
      s(x)@next :- s(x)
      o(x)@async(addr("c")) :- s(x)
    K
      b(x)@async(d) :- to_b(x), h(x, h), partition(h, 2, k), route_L(addr("L"), k, d)
      b(x)@async(d) :- to_b(x), !h(x, _), route_L(addr("L"), 0, d)"
  `);
});

test("the owner of a key that is a function fires what no fact triggers (P4)", () => {
  const { program } = caseProgram({
    rules: "s(v)<-d(v); s@next(v)<-s(v); o@async(c)(v)<-q(v),!s(v)",
    edb: ["d"],
  });
  const result = applyStep(program, byTerms({ s: [hash(2)], q: [hash(2)] }));
  expect(printed(applied(result).program).split("\n")[1]).toMatchInlineSnapshot(
    `"  s(v) :- d(v), hash(v, 2, h), partition(h, 2, k), part_L(k)"`,
  );
});
