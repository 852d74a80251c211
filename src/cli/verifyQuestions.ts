import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { RelationName } from "../program/program.ts";
import type { Step } from "../rewrites/derivation.ts";
import { fewerPartitions, programsOf } from "../rewrites/fewerPartitions.ts";
import type { ReplayedStep } from "../rewrites/replay.ts";
import { writtenOut } from "../rewrites/writtenOut.ts";
import { fewerNodes } from "../verifier/fewerNodes.ts";
import { smallerDerivation } from "../verifier/smallerDerivation.ts";
import type { Derivable, SmallerDerivation } from "../verifier/smallerDerivation.ts";
import { deploymentFor, loadSealed } from "./load.ts";
import { Stop } from "./output.ts";
import { readByHand, replayQuietly } from "./rewrite.ts";

/** Which programs are compared. */
export interface Compared {
  readonly derivation?: string;
  readonly deployment?: string;
  readonly rewrittenDeployment?: string;
  readonly nodes?: string;
  readonly table: readonly string[];
  readonly clocks: string;
  /** A smaller form is asked of where the whole is not decided. */
  readonly smaller: boolean;
}

/** One question: may `after` only do what `before` could? */
export interface Question extends Sides {
  readonly title: string;
  readonly clocks: "free" | "lockstep";
  /** The same with at most so many nodes of each component; undefined where that is no smaller, or is not asked. */
  smaller(most: number): SmallerForm | undefined;
  /** The smallest form, where this step or one before it does not apply: then `smaller` has none. */
  readonly refused: () => RefusedForm | undefined;
}

export interface Sides {
  readonly before: AnalyzedProgram;
  readonly after: AnalyzedProgram;
}

export type Form = Omit<SmallerDerivation, "programs">;

export interface SmallerForm extends Sides, Form {}

/** A form in which a step of the derivation, counted from 0, is refused. */
export interface RefusedForm extends Form {
  readonly step: number;
}

/** The two programs, or the steps of a derivation; `named` are nodes that a smaller form has to have. */
export function questionsFrom(
  file: string,
  rewritten: string | undefined,
  options: Compared,
  named: readonly string[],
): readonly Question[] {
  if ((rewritten === undefined) === (options.derivation === undefined)) {
    throw new Stop("name either the rewritten program or a --derivation.", 2);
  }
  const { clocks } = options;
  if (clocks !== "free" && clocks !== "lockstep") {
    throw new Stop(`--clocks is free or lockstep, not “${clocks}”.`, 2);
  }
  const whole = loadSealed(
    file,
    deploymentFor(file, options.deployment, options.derivation),
  ).analyzed;
  const original = onFewerNodes(whole, options);
  if (rewritten !== undefined) {
    const deployment = deploymentFor(rewritten, options.rewrittenDeployment);
    const after = asItRuns(loadSealed(rewritten, deployment).analyzed);
    const before = asItRuns(original);
    return [{ title: rewritten, before, after, clocks, ...NO_SMALLER }];
  }
  const { steps } = replayQuietly(original, options.derivation!);
  const asksSmaller = options.smaller && options.nodes === undefined;
  const derived = asksSmaller ? smallerForms(original, steps, named) : undefined;
  let before = asItRuns(original);
  return steps.map((step, i) => {
    const title = `${i + 1}. ${step.step.name} (${step.step.rewrite})`;
    if (step.kind === "broken") throw new Stop(`${title} does not apply: ${step.reason}`);
    const after = asItRuns(step.program);
    const kind = step.verdict === "lockstep" ? "lockstep" : clocks;
    const forms = derived === undefined ? NO_SMALLER : formsOfStep(derived, i);
    const question: Question = { title, before, after, clocks: kind, ...forms };
    before = after;
    return question;
  });
}

type Forms = Pick<Question, "smaller" | "refused">;

const NO_SMALLER: Forms = { smaller: () => undefined, refused: () => undefined };

/** The derivation on fewer nodes, done once for each number of them. */
function smallerForms(
  base: AnalyzedProgram,
  steps: readonly ReplayedStep[],
  named: readonly string[],
): (most: number) => SmallerDerivation | undefined {
  const known = new Map<number, SmallerDerivation | undefined>();
  const derivable: Derivable<readonly Step[]> = {
    base,
    steps: steps.map(({ step }) => step),
    fewerPartitions,
    programsOf: (from, all) => programsOf(from, all, readByHand),
  };
  return (most) => {
    if (!known.has(most)) known.set(most, smallerDerivation(derivable, most, named));
    return known.get(most);
  };
}

function formsOfStep(derivedWith: ReturnType<typeof smallerForms>, step: number): Forms {
  return {
    smaller(most) {
      const derived = derivedWith(most);
      const [before, after] = [derived?.programs[step], derived?.programs[step + 1]];
      if (derived === undefined || before === undefined || after === undefined) return undefined;
      return { before: asItRuns(before), after: asItRuns(after), ...formOf(derived) };
    },
    refused() {
      const derived = derivedWith(1);
      if (derived === undefined || derived.programs.length > step + 1) return undefined;
      return { ...formOf(derived), step: derived.programs.length - 1 };
    },
  };
}

function formOf({ nodes, numbers, partitions }: SmallerDerivation): Form {
  return { nodes, numbers, ...(partitions !== undefined && { partitions }) };
}

function onFewerNodes(p: AnalyzedProgram, options: Compared): AnalyzedProgram {
  const { nodes, table, derivation } = options;
  if (nodes === undefined && table.length === 0) return p;
  if (nodes === undefined || derivation === undefined) {
    throw new Stop("--nodes goes with --derivation, and --table with --nodes.", 2);
  }
  const small = fewerNodes(p, nodes.split(","), Object.fromEntries(table.map(numberFrom)));
  if (typeof small === "string") throw new Stop(small);
  return small;
}

/** `quorum=1` */
function numberFrom(text: string): readonly [RelationName, number] {
  const [, name, number] = /^([^=]+)=(-?\d+)$/.exec(text) ?? [];
  if (name === undefined) throw new Stop(`--table is NAME=NUMBER, not “${text}”.`, 2);
  return [name, Number(number)];
}

function asItRuns(p: AnalyzedProgram): AnalyzedProgram {
  const program = writtenOut(p);
  if (typeof program === "string") throw new Stop(program);
  return program;
}
