import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { Literal, Program, RelationName, Rule, Term } from "../program/program.ts";
import { caseText, failure, shrunk } from "./compareEngines.testing.ts";
import { compile } from "./compile.ts";
import { read } from "../syntax/read.ts";
import { RuleCosts, type RuleCost } from "./ruleCosts.ts";
import { mayGenerateCode } from "./componentCode.ts";
import { randomBulk } from "./randomBulk.testing.ts";
import { ENVIRONMENT, randomCase } from "./randomComponent.testing.ts";

test.each(["generated", "interpreted"] as const)(
  "random components: the incremental evaluator (%s) equals the reference after every tick",
  (code) => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        if (failure(randomCase(seed), code) === undefined) return;
        const small = shrunk(randomCase(seed), code);
        expect.fail(`${caseText(small)}\n${failure(small, code)}`);
      }),
      { numRuns: 400, endOnFailure: true },
    );
  },
);

test.each([
  ["generated", 12],
  ["interpreted", 13],
] as const)("components that hold thousands of facts and lose them (%s)", (code, seed) => {
  expect(failure(randomBulk(seed), code)).toBeUndefined();
});

test("names and texts made to break out of generated code stay names and texts", () => {
  expect(mayGenerateCode()).toBe(true);
  const evil = '"];globalThis.broken=1;//`${globalThis.broken=1}`\n*/\u2028';
  const variable: Term = { kind: "variable", name: evil };
  const literal = (relation: RelationName): Literal => ({
    kind: "relation",
    negated: false,
    relation,
    terms: [variable, { kind: "constant", value: evil }],
  });
  const rule: Rule = {
    id: evil,
    head: {
      relation: `p${evil}`,
      terms: [variable, { kind: "constant", value: `${evil}!` }],
      timing: { kind: "now" },
    },
    body: [literal(`e${evil}`)],
  };
  const program: Program = {
    declarations: [],
    components: [{ name: evil, by: [], declarations: [], rules: [rule] }],
  };
  const engine = compile(analyze(program), evil, { code: "generated" }).start({
    address: evil,
    edb: new Map(),
    functions: new Map(),
  });
  engine.tick([{ relation: `e${evil}`, row: [1, evil] }]);
  expect(engine.facts(`p${evil}`)).toEqual([[1, `${evil}!`]]);
  expect("broken" in globalThis).toBe(false);
});

test.each(["generated", "interpreted"] as const)(
  "the cost of rules is counted when asked for (%s)",
  (code) => {
    let clock = 0;
    const costs = new RuleCosts(() => clock++);
    const { program } = read(`component c {
      kept(x)@next :- in(x), x > 1
      kept(x)@next :- kept(x)
      n(count<x>) :- kept(x)
      reach(x, y) :- in(x), in(y)
      reach(x, z) :- reach(x, y), reach(y, z)
    }`);
    const engine = compile(analyze(program), "c", { code, costs }).start(ENVIRONMENT);
    engine.tick([1, 2, 3].map((x) => ({ relation: "in", row: [x] })));
    engine.tick([]);
    const of = (rule: number): RuleCost => costs.list().find((c) => c.rule === `c/${NAMES[rule]}`)!;
    expect([of(0).factsIn, of(0).factsOut]).toEqual([3, 2]);
    expect([of(2).factsIn, of(2).factsOut]).toEqual([2, 2]);
    expect([of(4).factsIn, of(4).factsOut]).toEqual([18, 54]);
    expect(of(4).milliseconds).toBeGreaterThan(0);
  },
);

const NAMES = ["kept/1", "kept/2", "n/1", "reach/1", "reach/2"];
