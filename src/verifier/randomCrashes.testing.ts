import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { random } from "../simulator/random.ts";
import type { Random } from "../simulator/random.ts";
import { readCase } from "../syntax/readCase.ts";
import { crashInputs } from "./nodeCrashes.ts";
import type { Crash } from "./nodeCrashes.ts";
import { checked, inputsOf, movedRules, program } from "./programs.testing.ts";
import type { Refinement } from "./refines.ts";
import type { ScheduleStep } from "./schedule.ts";

/** A random component, some relations of which outlive a crash, a random cut through it, and inputs; its node crashes once. */
export interface RandomCrash {
  readonly seed: number;
  readonly rewrite: RewriteName;
  readonly stays: readonly string[];
  readonly moves: readonly string[];
  readonly durable: readonly string[];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

export type Judged =
  /** The driver refuses it, or it is no program. */
  | { readonly kind: "refused" }
  | {
      readonly kind: "accepted";
      readonly clocks: "free" | "lockstep";
      /** The step says that the node must stay down, and so it does. */
      readonly staysDown: boolean;
      readonly refinement: Refinement;
    }
  /** Refused for what a crash takes alone, and done all the same. */
  | { readonly kind: "forced"; readonly refinement: Refinement };

const DECOUPLINGS: readonly RewriteName[] = [
  "decoupleMutuallyIndependent",
  "decoupleFunctional",
  "decoupleMonotonic",
  "decoupleMonotonic",
  "decoupleStateMachine",
];
const CHANNELS = { "a/1": "L", "b/1": "L", "q/1": "L" };
const OWN = ["r", "u"];
const MOVED = ["s", "t"];

export function randomCrash(seed: number): RandomCrash {
  const draw = random(seed, "crash");
  const rewrite = pick(draw, DECOUPLINGS);
  const across = rewrite === "decoupleMutuallyIndependent" ? 0 : 0.6;
  const stays = randomHalf(draw, { name: "l", inputs: ["a"], own: OWN, others: [], across: 0, negates: draw.chance(0.4) }); // prettier-ignore
  const inputs = draw.chance(0.5) ? ["b"] : ["b", "q"];
  const moves = randomHalf(draw, { name: "m", inputs, own: MOVED, others: OWN, across, negates: draw.chance(0.2) }); // prettier-ignore
  const heads = [...stays, ...moves].map((rule) => /^\w+/.exec(rule)![0]);
  const durable = [...OWN, ...MOVED].filter((name) => draw.chance(0.5) && heads.includes(name));
  const facts = [["a", 1], ["a", 2], ["b", draw.chance(0.5) ? 1 : 2]] as const; // prettier-ignore
  return { seed, rewrite, stays, moves, durable, inputs: facts };
}

interface Half {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly own: readonly string[];
  /** What the other half derives, and how likely it is read. */
  readonly others: readonly string[];
  readonly across: number;
  readonly negates: boolean;
}

function randomHalf(draw: Random, half: Half): readonly string[] {
  const { name, inputs, own, others, across, negates } = half;
  const from = (): string => {
    if (others.length > 0 && draw.chance(across)) return pick(draw, others);
    return pick(draw, draw.chance(0.5) ? inputs : own);
  };
  const rules = Array.from({ length: 2 + draw.below(2) }, (_, i) =>
    randomRules(draw, `o${name}${i}`, pick(draw, own), from(), from(), negates),
  ).flat();
  // Acknowledgements make it visible what was there before the crash.
  const acknowledged = inputs.filter(() => draw.chance(0.8));
  return [...new Set([...rules, ...acknowledged.map((i) => `k${i}@async(c)(x) <- ${i}(x)`)])];
}

function randomRules(
  draw: Random,
  out: string,
  own: string,
  one: string,
  other: string,
  negates: boolean,
): readonly string[] {
  const kept = `${own}@next(x) <- ${own}(x)`;
  const sometimes = draw.chance(0.5) ? [kept] : [];
  switch (draw.below(negates ? 11 : 9)) {
    case 0:
      return [`${own}(x) <- ${one}(x)`, kept];
    case 1:
      return [`${own}(x) <- ${one}(x)`];
    case 2:
      return [`${own}(x) <- ${one}(x), ${other}(x)`, ...sometimes];
    case 3:
      return [`${own}@next(x) <- ${one}(x)`, kept];
    case 4:
      return [`${out}@async(c)(x) <- ${one}(x)`];
    case 5:
      return [`${out}@async(c)(x) <- ${one}(x), ${other}(x)`];
    case 6:
      return [`${out}@async(c)(x,y) <- ${one}(x), ${other}(y), x < y`];
    case 7:
      return [`${own}(y) <- ${one}(x), x < 2, y := x + 1`, ...sometimes];
    case 8:
      return [`${own}(x) <- ${one}(x)`, kept, `${out}@async(c)(x) <- ${own}(x)`];
    case 9:
      return [`${own}(x) <- ${one}(x)`, `${kept}, !${other}(x)`];
    default:
      return [`${out}@async(c)(x) <- ${one}(x), !${other}(x)`];
  }
}

/** What the driver says of a split, and what the verifier says of what it accepted, over one crash. */
export function judgeCrash(split: RandomCrash): Judged {
  const original = originalOf(split);
  if (original === undefined) return { kind: "refused" };
  const target = { component: "L", rules: movedRules("L", rulesOf(split)), name: "M" };
  const request: StepRequest = { rewrite: split.rewrite, target, waiver: "tick-counts" };
  const step = applyStep(original, request);
  if (step.kind === "fault") return { kind: "refused" };
  const { preconditions } = step;
  const isLockstep = preconditions.some(({ verdict }) => verdict === "lockstep");
  const clocks = isLockstep ? "lockstep" : "free";
  if (step.kind === "applied") {
    const staysDown = preconditions.some((c) => c.verdict === "holds" && c.caution === true);
    const refinement = crashed(original, step.program, split, clocks, staysDown);
    return { kind: "accepted", clocks, staysDown, refinement };
  }
  const violated = preconditions.filter(({ verdict }) => verdict === "violated");
  if (violated.some(({ code }) => code !== "durable-copy")) return { kind: "refused" };
  const forced = forceStep(original, request);
  if (typeof forced === "string") return { kind: "refused" };
  return { kind: "forced", refinement: crashed(original, forced, split, clocks, false) };
}

function rulesOf({ stays, moves }: RandomCrash): string {
  return `${stays.join("; ")} | ${moves.join("; ")}`;
}

function originalOf(split: RandomCrash): AnalyzedProgram | undefined {
  if (split.stays.length === 0 || split.moves.length === 0) return undefined;
  try {
    const bare = program({ nodes: { L: rulesOf(split) }, channels: CHANNELS });
    const text = split.durable.map((name) => `durable ${name}`).join("\n");
    const { declarations } = readCase(`${text}\ncomponent M {\n}`).program;
    const all = [...bare.program.declarations, ...declarations];
    const p = analyze({ ...bare.program, declarations: all }, bare.deployment);
    return p.faults.some(({ severity }) => severity === "error") ? undefined : p;
  } catch {
    return undefined;
  }
}

function crashed(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  { inputs }: RandomCrash,
  clocks: "free" | "lockstep",
  staysDown: boolean,
): Refinement {
  const crash: Crash = { node: "L", times: staysDown ? "for good" : 1 };
  const crashing = crashInputs(original, [crash]);
  if (typeof crashing === "string") throw new Error(crashing);
  return checked(original, rewritten, [], {
    inputs: [...inputsOf(inputs), ...crashing],
    clocks,
    bound: { states: 6_000, originalStates: 20_000, together: 2 },
    reduced: true,
  });
}

export function isWrongCrash(judged: Judged): boolean {
  return judged.kind === "accepted" && judged.refinement.kind === "counterexample";
}

/** The same split without rules, inputs and durable relations that the violation does not need. */
export function shrunkCrash(split: RandomCrash): RandomCrash {
  const smaller = (["stays", "moves", "inputs", "durable"] as const)
    .flatMap((part) =>
      split[part].map((_, i): RandomCrash => ({ ...split, [part]: split[part].toSpliced(i, 1) })),
    )
    .find((candidate) => isWrongCrash(judgeCrash(candidate)));
  return smaller === undefined ? split : shrunkCrash(smaller);
}

/** For a person: the case in the notation of spec/cases.md, and the schedule that shows what is wrong. */
export function crashText(split: RandomCrash): string {
  const judged = judgeCrash(split);
  const found = judged.kind === "refused" ? undefined : judged.refinement;
  const down = judged.kind === "accepted" && judged.staysDown ? ", stays down" : "";
  const schedule = found?.kind === "counterexample" ? found.schedule.map(stepText) : [];
  const what = found?.kind === "counterexample" ? found.violation : (found?.kind ?? "refused");
  return [
    `${split.rewrite}, ${judged.kind}${down}: ${what}`,
    `durable ${split.durable.join(" ") || "nothing"}: ${rulesOf(split)}`,
    ...schedule,
  ].join("\n");
}

function stepText({ ticks, crashed: node, outputs }: ScheduleStep): string {
  const fact = (f: { readonly relation: string; readonly row: Row }): string =>
    `${f.relation}(${f.row.map(String).join()})`;
  const entered = ticks.map(({ address, arrived }) => `${address}(${arrived.map(fact).join(" ")})`);
  const crash = node === undefined ? "" : `${node} crashes: `;
  return `  ${crash}${entered.join(" ")} → ${outputs.map(fact).join(" ")}`;
}

function pick<T>(draw: Random, items: readonly T[]): T {
  return items[draw.below(items.length)]!;
}
