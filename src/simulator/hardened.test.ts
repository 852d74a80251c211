import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { compile } from "../evaluator/compile.ts";
import { applyStep, offers } from "../rewrites/driver.ts";
import type { RewriteName } from "../rewrites/rewrite.ts";
import { compareAnswers } from "./answers.ts";
import { example, referenceEngines, scaledExample, simulated } from "./examples.testing.ts";

const engines = { ...referenceEngines, engine: compile };
const HARDENING: readonly RewriteName[] = ["verifySenders", "verifyMessages"];

/** Every component, by what is offered last: with as few fields signed as the receiver can do with. */
function hardened(p: AnalyzedProgram): {
  readonly program: AnalyzedProgram;
  readonly steps: number;
} {
  let program = p;
  let steps = 0;
  for (const { name: component } of p.program.components) {
    for (const rewrite of HARDENING) {
      const offer = offers(program, { component, rules: [] }).findLast(
        (o) => o.rewrite === rewrite,
      );
      if (offer === undefined) continue;
      const result = applyStep(program, offer.steps.at(-1)!);
      if (result.kind !== "applied") throw new Error(`${rewrite} of ${component}: ${result.kind}`);
      program = result.program;
      steps++;
    }
  }
  return { program, steps };
}

test.each([
  { name: "kvs", form: "cohashing", atLeast: 5 },
  { name: "kvs", form: "dependencies", atLeast: 5 },
  { name: "voting", form: "scaled1", atLeast: 1 },
  { name: "pbft", form: "scaled", atLeast: 5 },
])("$name, $form, hardened: every request is answered", ({ name, form, atLeast }) => {
  const { program, steps } = hardened(scaledExample(name, form));
  expect(steps).toBeGreaterThanOrEqual(atLeast);
  const rough = { network: { delay: { min: 0, max: 40 }, duplication: 0.2 } };
  const comparison = compareAnswers(
    simulated(example(name), rough, engines),
    simulated(program, rough, engines),
  );
  expect(comparison.rewritten).toMatchObject({ requests: 20, unanswered: [], strays: 0 });
  // PBFT's answers tell an order, which is up to the network.
  if (name === "pbft") return;
  expect(comparison.onlyOriginal).toEqual([]);
  expect(comparison.onlyRewritten).toEqual([]);
});
