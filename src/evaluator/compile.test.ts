import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { Literal, Program, RelationName, Rule, Term } from "../program/program.ts";
import { caseText, failure, shrunk } from "./compareEngines.testing.ts";
import { compile } from "./compile.ts";
import { mayGenerateCode } from "./componentCode.ts";
import { randomCase } from "./randomComponent.testing.ts";

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
  const engine = compile(analyze(program), evil, "generated").start({
    address: evil,
    edb: new Map(),
    functions: new Map(),
  });
  engine.tick([{ relation: `e${evil}`, row: [1, evil] }]);
  expect(engine.facts(`p${evil}`)).toEqual([[1, `${evil}!`]]);
  expect("broken" in globalThis).toBe(false);
});
