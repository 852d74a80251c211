import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { nobleCrypto } from "../evaluator/nobleCrypto.ts";
import { standardFunctions } from "../evaluator/standardFunctions.ts";
import type { Row } from "../program/value.ts";
import { caseProgram, movedRules } from "../workers/caseProgram.ts";
import type { CaseProgram } from "../workers/caseProgram.ts";
import type { Input } from "./machine.ts";
import { refines } from "./refines.ts";
import type { Refinement, RefinementOptions } from "./refines.ts";

const functions = standardFunctions(nobleCrypto);

export type Case = CaseProgram;
export const program = caseProgram;
export { movedRules };

/** Everything is looked at, as plainly as can be. */
export const PLAIN = { reduced: false, symmetry: false, closed: true, ticks: "reference" } as const;

/** Inputs that the environment may send, each once: `["a", 1]` is `a(1)`. */
export function inputsOf(facts: readonly (readonly [string, ...Row])[]): readonly Input[] {
  return facts.map(([relation, ...row]) => ({ relation: `send_${relation}`, row, to: "K" }));
}

/**
 * Checks twice, unless told how: as the referee does, and without anything that makes it faster: with all schedules, all
 * that is interchangeable and all states of the original, by the reference evaluator. Both must agree.
 */
export function checked(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  facts: readonly (readonly [string, ...Row])[],
  more: Partial<RefinementOptions> = {},
): Refinement {
  const check = (plain: boolean): Refinement =>
    refines(original, rewritten, {
      inputs: inputsOf(facts),
      clocks: "free",
      observer: "first",
      environment: ["K"],
      functions,
      crypto: nobleCrypto,
      ...(plain ? PLAIN : {}),
      ...more,
    });
  const found = check(false);
  if (more.reduced !== undefined) return found;
  const every = check(true);
  const kinds = [found.kind, every.kind];
  if (kinds[0] !== kinds[1] && !kinds.includes("not-known")) {
    throw new Error(
      `With everything: ${kinds[1]}; with what shows nothing new left out: ${kinds[0]}.`,
    );
  }
  return every.kind === "not-known" ? found : every;
}

/** The verdict in a word, with the schedule of a counterexample as text for messages. */
export function verdictOf(refinement: Refinement): string {
  return refinement.kind === "counterexample" ? refinement.violation : refinement.kind;
}
