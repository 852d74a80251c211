import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Step } from "../rewrites/derivation.ts";
import { fewerPartitions, programsOf } from "../rewrites/fewerPartitions.ts";
import type { ReadProgram } from "../rewrites/replay.ts";
import { read } from "../syntax/read.ts";
import { smallerDerivation } from "../verifier/smallerDerivation.ts";
import type { Derivable } from "../verifier/smallerDerivation.ts";
import type { SmallerForm, SmallerRequest } from "./verifyApi.ts";

/** The two programs of a check on fewer nodes. */
export interface SmallerSides {
  readonly form: SmallerForm;
  readonly before: AnalyzedProgram;
  readonly after: AnalyzedProgram;
}

/** The programs after two steps of a derivation with at most so many nodes of each component, those named among them. */
export function smallerForms(
  { base, steps, from, to }: SmallerRequest,
  named: readonly string[],
): (most: number) => SmallerSides | undefined {
  const derivable: Derivable<readonly Step[]> = {
    base: analyze(base.program, base.deployment),
    steps: steps.slice(0, to),
    fewerPartitions,
    programsOf: (program, all) => programsOf(program, all, readByHand),
  };
  return (most) => {
    const derived = smallerDerivation(derivable, most, named);
    const [before, after] = [derived?.programs[from], derived?.programs[to]];
    if (derived === undefined || before === undefined || after === undefined) return undefined;
    const { programs: _, ...form } = derived;
    return { form, before, after };
  };
}

const readByHand: ReadProgram = (text, before) => {
  const result = read(text);
  const program = analyze(result.program, before.deployment);
  const error = [...result.diagnostics, ...program.faults].find((d) => d.severity === "error");
  return error?.message ?? { program, origins: new Map() };
};
