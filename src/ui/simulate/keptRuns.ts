import { answerDifferences } from "../../simulator/answers.ts";
import type { Answer } from "../../simulator/answers.ts";
import type { Fault } from "../../simulator/faults.ts";
import type { Branch } from "../../simulator/simulationOptions.ts";
import type { OwnFaults } from "../../workers/simulationApi.ts";
import type { CheckedPrograms, Settings, Side, SimulatedRun, Violation } from "./simulatedRun.ts";

/** A run that is kept while one looks at another: the main run, or a branch of one. */
export interface KeptRun {
  readonly id: number;
  readonly name: string;
  readonly left: Left | undefined;
  readonly settings: Settings;
  readonly faults: SideFaults;
  readonly run: SimulatedRun | undefined;
  readonly cursor: number;
  /** It was put away while it was being run, and must be run when it is shown again. */
  readonly unfinished: boolean;
  /** Undefined of runs of the base and the shown step. */
  readonly of: CheckedPrograms | undefined;
  /** Of a counterexample's run, until anything of it is changed. */
  readonly violation: Violation | undefined;
}

/** What a branch left, frozen: what becomes of the other run later does not change it. */
export interface Left {
  readonly id: number;
  /** Simulated milliseconds: everything through this moment is the same in both. */
  readonly at: number;
  readonly run: SimulatedRun;
  readonly before: Readonly<Record<Side, Required<OwnFaults>>>;
}

export type SideFaults = Readonly<Record<Side, readonly Fault[]>>;

export const NO_FAULTS: SideFaults = { original: [], rewritten: [] };
export const MAIN_RUN = 0;

/** What the simulator is told of one side: a branch's faults count from its moment on. */
export function ownFaults(
  kept: Pick<KeptRun, "left" | "settings" | "faults">,
  side: Side,
): Required<OwnFaults> {
  const { left, settings, faults } = kept;
  if (left === undefined) return { faults: faults[side], branches: [] };
  const before = left.before[side];
  const { seedAfter } = settings;
  const seed = seedAfter === undefined ? {} : { seed: seedAfter };
  const own: Branch = { at: left.at, faults: faults[side], ...seed };
  return { faults: before.faults, branches: [...before.branches, own] };
}

/** The faults that a branch took over, which only the run that it left can take back. */
export function inheritedFaults(left: Left | undefined, side: Side): readonly Fault[] {
  if (left === undefined) return [];
  const { faults, branches } = left.before[side];
  return [...faults, ...branches.flatMap((branch) => branch.faults)];
}

/** A place where the orders of answers of two runs differ: of original and rewritten, or of a branch and what it left. */
export interface RunDifference {
  readonly between: "sides" | "branch";
  /** The side that both are of, for a branch. */
  readonly side: Side;
  readonly index: number;
  readonly one: Answer | undefined;
  readonly other: Answer | undefined;
  readonly at: number;
}

const found = new WeakMap<SimulatedRun, WeakMap<object, readonly RunDifference[]>>();

/** All of them in order of time: what `N` walks through. */
export function runDifferences(
  run: SimulatedRun,
  left: Left | undefined,
): readonly RunDifference[] {
  const own = found.get(run) ?? new WeakMap<object, readonly RunDifference[]>();
  found.set(run, own);
  const known = own.get(left ?? run);
  if (known !== undefined) return known;
  const list = [...betweenSides(run), ...fromLeft(run, left)].sort((a, b) => a.at - b.at);
  own.set(left ?? run, list);
  return list;
}

/** The one difference that matters of a counterexample's runs, which clients need not be able to tell from answers. */
export function violationDifference({ difference }: Violation): RunDifference {
  const at = Math.max(difference.original.at, difference.rewritten.at);
  const { index } = difference;
  return { between: "sides", side: "rewritten", index, one: undefined, other: undefined, at };
}

function betweenSides({ original, rewritten }: SimulatedRun): readonly RunDifference[] {
  if (rewritten === undefined) return [];
  return answerDifferences(original, rewritten).map(
    ({ index, original: one, rewritten: other }) => ({
      between: "sides",
      side: "rewritten",
      index,
      one,
      other,
      at: Math.max(one?.at ?? 0, other?.at ?? 0),
    }),
  );
}

/** Runs of other programs are not to be compared. */
export function isOfSamePrograms(run: SimulatedRun, left: Left): boolean {
  return run.programs.every((each, i) => each?.program === left.run.programs[i]?.program);
}

function fromLeft(run: SimulatedRun, left: Left | undefined): readonly RunDifference[] {
  if (left === undefined || !isOfSamePrograms(run, left)) return [];
  return (["original", "rewritten"] as const).flatMap((side) => {
    const [before, now] = [left.run[side], run[side]];
    if (before === undefined || now === undefined) return [];
    return answerDifferences(before, now).map(({ index, original: one, rewritten: other }) => ({
      between: "branch" as const,
      side,
      index,
      one,
      other,
      at: Math.max(one?.at ?? 0, other?.at ?? 0),
    }));
  });
}
