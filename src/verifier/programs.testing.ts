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

/** Inputs that the environment may send, each once: `["a", 1]` is `a(1)`. */
export function inputsOf(facts: readonly (readonly [string, ...Row])[]): readonly Input[] {
  return facts.map(([relation, ...row]) => ({ relation: `send_${relation}`, row, to: "K" }));
}

export function checked(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  facts: readonly (readonly [string, ...Row])[],
  more: Partial<RefinementOptions> = {},
): Refinement {
  return refines(original, rewritten, {
    inputs: inputsOf(facts),
    clocks: "free",
    observer: "first",
    environment: ["K"],
    functions,
    crypto: nobleCrypto,
    ...more,
  });
}

/** The verdict in a word, with the schedule of a counterexample as text for messages. */
export function verdictOf(refinement: Refinement): string {
  return refinement.kind === "counterexample" ? refinement.violation : refinement.kind;
}
