import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { smallerDeployment } from "./smallerDeployment.ts";
import type { SmallerDeployment } from "./smallerDeployment.ts";

/** A derivation from its base on fewer nodes, with fewer partitions. */
export interface SmallerDerivation extends Pick<SmallerDeployment, "nodes" | "numbers"> {
  /** How many partitions a step makes at most; absent where none makes more anyway. */
  readonly partitions?: number;
  /** The base and what each step makes of it, as far as the steps apply. */
  readonly programs: readonly AnalyzedProgram[];
}

/** Fewer would not be partitions. */
const FEWEST_PARTITIONS = 2;

/** A derivation as this folder knows it. */
export interface Derivable<Steps> {
  readonly base: AnalyzedProgram;
  readonly steps: Steps;
  /** The steps with at most so many partitions, the very same ones where none makes more. */
  fewerPartitions(steps: Steps, most: number): Steps;
  programsOf(base: AnalyzedProgram, steps: Steps): readonly AnalyzedProgram[];
}

/**
 * The derivation with at most so many nodes of each component of its base, those named among them, and as many partitions
 * (but two); undefined where that leaves nothing out.
 */
export function smallerDerivation<Steps>(
  { base, steps, ...derivable }: Derivable<Steps>,
  most: number,
  named: readonly string[] = [],
): SmallerDerivation | undefined {
  const partitions = Math.max(most, FEWEST_PARTITIONS);
  const fewer = derivable.fewerPartitions(steps, partitions);
  const small = smallerDeployment(base, most, named);
  if (small === undefined && fewer === steps) return undefined;
  const all = Object.values(base.deployment?.instances ?? {}).flat();
  const { program, nodes, numbers } = small ?? { program: base, nodes: all, numbers: {} };
  const programs = derivable.programsOf(program, fewer);
  return { nodes, numbers, programs, ...(fewer !== steps && { partitions }) };
}
