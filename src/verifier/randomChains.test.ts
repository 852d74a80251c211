import * as fc from "fast-check";
import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import {
  chainText,
  isWrongChain,
  judgeChain,
  randomChain,
  refereeOfChain,
  shrunkChain,
} from "./randomChains.testing.ts";
import type { Chained } from "./randomChains.testing.ts";

test("what the rewrites accept, one to three in a row, refines on random components", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { test: chain, made } = randomChain(seed);
      if (isWrongChain(judgeChain(chain, made))) throw new Error(chainText(shrunkChain(chain)));
    }),
    { numRuns: 30 },
  );
}, 180_000);

test("the referee notices it when the rewritten program never acknowledges an input", () => {
  let caught = 0;
  for (let seed = 0; seed < 24; seed++) {
    const { test, made } = randomChain(seed);
    const mutant = made && withoutAcknowledgement(made, `k${test.inputs[0]?.[0]}`);
    if (mutant === undefined) continue;
    const found = refereeOfChain(mutant, test.inputs);
    if (found.kind === "not-known") continue;
    expect(found, chainText(test)).toMatchObject({ kind: "counterexample" });
    caught++;
  }
  expect(caught).toBeGreaterThan(6);
}, 180_000);

function withoutAcknowledgement(result: Chained, output: string): Chained | undefined {
  const { program, deployment } = result.rewritten;
  const components = program.components.map((c) => ({
    ...c,
    rules: c.rules.filter(({ head }) => head.relation !== output),
  }));
  const fewer = components.some((c, i) => c.rules.length < program.components[i]!.rules.length);
  return fewer
    ? { ...result, rewritten: analyze({ ...program, components }, deployment) }
    : undefined;
}
