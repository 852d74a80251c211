import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { applyStep } from "../rewrites/driver.ts";
import type { RewriteName } from "../rewrites/rewrite.ts";
import type { Rule } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import { random } from "../simulator/random.ts";
import type { Random } from "../simulator/random.ts";
import { checked, movedRules, program } from "./programs.testing.ts";
import type { Refinement } from "./refines.ts";
import type { ScheduleStep } from "./schedule.ts";

/** A random component, a random set of its rules, and inputs: what the rewrites are asked about. */
export interface RandomSplit {
  readonly seed: number;
  readonly rewrite: RewriteName;
  readonly stays: readonly string[];
  readonly moves: readonly string[];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

export type Judged =
  /** The driver refuses it, or it is no program. */
  | { readonly kind: "refused" }
  | {
      readonly kind: "accepted";
      readonly verdict: "holds" | "lockstep";
      readonly refinement: Refinement;
    };

const DECOUPLINGS: readonly RewriteName[] = [
  "decoupleMutuallyIndependent",
  "decoupleFunctional",
  "decoupleMonotonic",
];
const CHANNELS = { "a/1": "L", "b/1": "L", "q/1": "L" };
const INPUTS = ["a", "b", "q"];

/** Halves that mostly keep to themselves, or else the driver refuses nearly everything. */
interface Half {
  readonly inputs: readonly string[];
  readonly locals: readonly string[];
}
const STAYS: Half = { inputs: ["a"], locals: ["r", "u"] };
const MOVES: Half = { inputs: ["b", "q"], locals: ["s", "t"] };

export function randomSplit(seed: number): RandomSplit {
  const draw = random(seed, "split");
  const stays = randomHalf(draw, "l", STAYS, MOVES);
  const moves = randomHalf(draw, "m", MOVES, STAYS);
  const facts = INPUTS.map((name): [string, ...Row] => [name, 1]);
  return {
    seed,
    rewrite: pick(draw, DECOUPLINGS),
    stays,
    moves,
    inputs: [...facts, [pick(draw, INPUTS), draw.chance(0.5) ? 1 : 2]],
  };
}

function randomHalf(draw: Random, name: string, own: Half, other: Half): readonly string[] {
  const count = 2 + draw.below(2);
  const from = (names: (half: Half) => readonly string[]): string =>
    pick(draw, names(draw.chance(0.1) ? other : own));
  const rules = Array.from({ length: count }, (_, i) => {
    const one = from((half) => (draw.chance(0.6) ? half.inputs : half.locals));
    return randomRule(
      draw,
      `${name}${i}`,
      pick(draw, own.locals),
      one,
      from((h) => h.locals),
    );
  }).flat();
  // Acknowledgements on the side that reads an input make the order of inputs visible (rewrites.md section 10).
  const acknowledged = own.inputs.filter(() => draw.chance(0.9));
  return [...new Set([...rules, ...acknowledged.map((i) => `k${i}@async(c)(x) <- ${i}(x)`)])];
}

function randomRule(
  draw: Random,
  n: string,
  local: string,
  one: string,
  other: string,
): readonly string[] {
  const kept = `${local}@next(x) <- ${local}(x)`;
  switch (draw.below(9)) {
    case 0:
      return [`${local}(x) <- ${one}(x)`, kept];
    case 1:
      return [`${local}(x) <- ${one}(x)`];
    case 2:
      return [`${local}(x) <- ${one}(x), ${other}(x)`];
    case 3:
      return [`${local}@next(x) <- ${one}(x)`, kept];
    case 4:
      return [`${local}@next(x) <- ${one}(x)`];
    case 5:
      return [`${local}(x) <- ${one}(x)`, `${kept}, !${other}(x)`];
    case 6:
      return [`o${n}@async(c)(x) <- ${one}(x), !${other}(x)`];
    case 7:
      return [`n${n}(count<x>) <- ${one}(x)`, `o${n}@async(c)(k) <- n${n}(k)`];
    default:
      return [`o${n}@async(c)(x) <- ${one}(x), ${other}(x)`];
  }
}

export interface Accepted {
  readonly original: AnalyzedProgram;
  readonly rewritten: AnalyzedProgram;
  readonly verdict: "holds" | "lockstep";
}

/** Undefined when the driver refuses the split or it is no program. */
export function accepted({ rewrite, stays, moves }: RandomSplit): Accepted | undefined {
  if (stays.length === 0 || moves.length === 0) return undefined;
  const rules = `${stays.join("; ")} | ${moves.join("; ")}`;
  const original = wellFormed(rules);
  if (original === undefined) return undefined;
  const target = { component: "L", rules: movedRules("L", rules), name: "M" };
  const step = applyStep(original, { rewrite, target, waiver: "tick-counts" });
  if (step.kind === "fault") throw new Error(`${step.message}\n${rules}`);
  if (step.kind === "refused") return undefined;
  return { original, rewritten: step.program, verdict: step.verdict };
}

function wellFormed(rules: string): AnalyzedProgram | undefined {
  try {
    return program({ nodes: { L: rules }, channels: CHANNELS });
  } catch {
    return undefined;
  }
}

/** What the driver says of a split, and what the verifier says of what it accepted, with the clocks it was accepted for. */
export function judge(split: RandomSplit): Judged {
  const step = accepted(split);
  if (step === undefined) return { kind: "refused" };
  return { kind: "accepted", verdict: step.verdict, refinement: referee(step, split.inputs) };
}

export function referee(
  { original, rewritten, verdict }: Accepted,
  inputs: RandomSplit["inputs"],
): Refinement {
  return checked(original, rewritten, inputs, {
    clocks: verdict === "lockstep" ? "lockstep" : "free",
    bound: { states: 3_000, originalStates: 10_000, together: 2 },
    reduced: true,
  });
}

export function isWrong(judged: Judged): boolean {
  return judged.kind === "accepted" && judged.refinement.kind === "counterexample";
}

/** The same split without rules and inputs that the violation does not need. */
export function shrunkSplit(split: RandomSplit): RandomSplit {
  const without = <T>(items: readonly T[], i: number): readonly T[] => items.toSpliced(i, 1);
  const smaller = [
    ...split.stays.map((_, i) => ({ ...split, stays: without(split.stays, i) })),
    ...split.moves.map((_, i) => ({ ...split, moves: without(split.moves, i) })),
    ...split.inputs.map((_, i) => ({ ...split, inputs: without(split.inputs, i) })),
  ].find((candidate) => isWrong(judge(candidate)));
  return smaller === undefined ? split : shrunkSplit(smaller);
}

/** For a person: the case in the notation of spec/cases.md, and the schedule that shows what is wrong. */
export function splitText(split: RandomSplit): string {
  const judged = judge(split);
  const found = judged.kind === "accepted" ? judged.refinement : undefined;
  const schedule = found?.kind === "counterexample" ? found.schedule.map(stepText) : [];
  const what = found?.kind === "counterexample" ? found.violation : (found?.kind ?? "refused");
  return [
    `${split.rewrite}, ${judged.kind === "accepted" ? judged.verdict : ""}: ${what}`,
    `${split.stays.join("; ")} | ${split.moves.join("; ")}`,
    ...schedule,
  ].join("\n");
}

function stepText({ ticks, outputs }: ScheduleStep): string {
  const entered = ticks.map(
    (tick) =>
      `${tick.address}(${tick.arrived.map((f) => `${f.relation}${f.row.map(String).join()}`).join(" ")})`,
  );
  return `  ${entered.join(" ")} → ${outputs.map((o) => `${o.relation}(${o.row.map(String).join()})`).join(" ")}`;
}

function pick<T>(draw: Random, items: readonly T[]): T {
  return items[draw.below(items.length)]!;
}

/** The rewritten program without the rules that acknowledge this input: clients wait for it in vain. */
export function withoutAcknowledgement(step: Accepted, input: string): Accepted | undefined {
  const { program: whole, deployment } = step.rewritten;
  const isOther = (rule: Rule): boolean => rule.head.relation !== `k${input}`;
  const components = whole.components.map((c) => ({ ...c, rules: c.rules.filter(isOther) }));
  const changed = components.some((c, i) => c.rules.length < whole.components[i]!.rules.length);
  return changed
    ? { ...step, rewritten: analyze({ ...whole, components }, deployment) }
    : undefined;
}
