import { expect, test } from "vitest";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { applyStep, offers, UNBOUND } from "./driver.ts";
import type { Offer } from "./driver.ts";
import { example, shippedDerivation } from "./examples.testing.ts";
import { replay } from "./replay.ts";
import type { Selection } from "./rewrite.ts";

/** Every program on the way of a derivation, its base first. */
function programs(name: string, form: string): readonly AnalyzedProgram[] {
  const base = example(name);
  const { steps } = replay(base, shippedDerivation(name, form), () => "no text");
  return [base, ...steps.flatMap((step) => (step.kind === "done" ? [step.program] : []))];
}

/** Each rule alone, each two neighbours, and each whole component. */
function selections(p: AnalyzedProgram): readonly Selection[] {
  return p.program.components.flatMap(({ name, rules }) => [
    { component: name, rules: [] },
    ...rules.map((rule) => ({ component: name, rules: [rule.id] })),
    ...rules.slice(1).map((rule, i) => ({ component: name, rules: [rules[i]!.id, rule.id] })),
  ]);
}

/** What doing an offer with everything waived that can be comes to. */
function outcomeOf(p: AnalyzedProgram, offer: Offer): string {
  let program = p;
  let chain = UNBOUND;
  for (const step of offer.steps) {
    const result = applyStep(program, { ...step, waiver: "tick-counts" }, chain);
    if (result.kind === "refused") return result.verdict;
    if (result.kind === "fault") return result.message;
    ({ program, chain } = result);
  }
  return program.faults.some((f) => f.severity === "error") ? "faulty" : offer.verdict;
}

test.each([
  ["kvs", "cohashing"],
  ["voting", "scaled3"],
])(
  "on the way to %s/%s every offer does what it says, and points at what is there",
  (name, form) => {
    const seen = new Set<string>();
    for (const p of programs(name, form)) {
      for (const offer of selections(p).flatMap((selection) => offers(p, selection))) {
        expect(outcomeOf(p, offer), JSON.stringify(offer.steps)).toBe(offer.verdict);
        seen.add(`${offer.rewrite} ${offer.verdict}`);
        for (const evidence of offer.preconditions.flatMap((c) => c.evidence)) {
          const rules =
            evidence.kind === "path" ? evidence.rules : "rule" in evidence ? [evidence.rule] : [];
          expect(rules.filter((rule) => !p.rules.has(rule))).toEqual([]);
          if (evidence.kind === "literal") {
            expect(p.rules.get(evidence.rule)!.rule.body.length).toBeGreaterThan(evidence.index);
          }
        }
      }
    }
    for (const rewrite of [
      "decoupleMutuallyIndependent",
      "decoupleFunctional",
      "partitionByCohashing",
    ]) {
      expect(seen).toContain(`${rewrite} holds`);
      expect(seen).toContain(`${rewrite} violated`);
    }
  },
);
