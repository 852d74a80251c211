import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import { read } from "../syntax/read.ts";
import { caseText, failure, shrunk } from "./compareEngines.testing.ts";
import { compile } from "./compile.ts";
import { randomBulk } from "./randomBulk.testing.ts";
import { ENVIRONMENT, randomCase, WIDE } from "./randomComponent.testing.ts";

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

test("constant facts are in order, also where no rule reads them", () => {
  const { program } = read("component c { p(x) :- in(x) }\nedb given(x: int)");
  const edb = new Map([["given", [[2], [1]]]]);
  const engine = compile(analyze(program), "c").start({ ...ENVIRONMENT, edb });
  engine.tick([]);
  expect(engine.facts("given")).toEqual([[1], [2]]);
});

test.each(["generated", "interpreted"] as const)(
  "components that hold a hundred facts and more (%s)",
  (code) => {
    // Some take long in the reference; `npm run fuzz` has new ones each time.
    for (let seed = 1; seed <= 40; seed++) {
      const test = randomCase(seed, WIDE);
      if (failure(test, code) === undefined) continue;
      const small = shrunk(test, code);
      expect.fail(`${caseText(small)}\n${failure(small, code)}`);
    }
  },
);

test.each([
  ["generated", 2],
  ["interpreted", 3],
] as const)("components that hold thousands of facts and lose them (%s)", (code, seed) => {
  expect(failure(randomBulk(seed), code)).toBeUndefined();
});
