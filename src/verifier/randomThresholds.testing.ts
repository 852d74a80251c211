import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { deletionCertificates } from "../analysis/deletionCertificates.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { StepRequest } from "../rewrites/rewrite.ts";
import { random } from "../simulator/random.ts";
import type { Random } from "../simulator/random.ts";
import { checked, movedRules, program } from "./programs.testing.ts";
import type { Refinement } from "./refines.ts";

/**
 * Votes `v(s, i)`, requests `r(i, b)` and orders `d(i)` that a random component keeps, counts, deletes on events and
 * answers: monotonic splits whose verdict hangs on a threshold or on a deletion (rewrites.md sections 1.4 and 1.8).
 */
export interface RandomThreshold {
  readonly seed: number;
  readonly declarations: readonly string[];
  readonly stays: readonly string[];
  readonly moves: readonly string[];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

const CHANNELS = { "v/2": "L", "r/2": "L", "d/1": "L" };
const EDB = { two: [[1], [2]] };

export function randomThreshold(seed: number): RandomThreshold {
  const draw = random(seed, "threshold");
  const isKeyed = draw.chance(0.6);
  const stays: string[] = [];
  const moves: string[] = [];
  const events = ["sent", "com", ...(draw.chance(0.3) ? ["d"] : [])];
  for (const [name, input, terms] of [
    ["V", "v", "s,i"],
    ["R", "r", "i,b"],
    ["D", "d", "i"],
  ] as const) {
    const half = draw.chance(0.5) ? stays : moves;
    half.push(`${name}(${terms}) <- ${input}(${terms})`);
    if (draw.chance(0.8)) half.push(`k${input}@async(c)(${terms}) <- ${input}(${terms})`);
    const kept = `${name}@next(${terms}) <- ${name}(${terms})`;
    const how = draw.below(10);
    const keeper = draw.chance(0.9) ? moves : half;
    if (how < 4) keeper.push(kept);
    else if (how < 9)
      keeper.push(`${kept}, !${pick(draw, events)}(${pick(draw, ["i", "i", "i", "_"])})`);
  }
  moves.push(...threshold(draw));
  moves.push(`sent(i) <- ${body(draw)}`);
  if (draw.chance(0.1)) moves.push(`sent(i) <- ${body(draw)}`);
  const answers = 1 + draw.below(2);
  for (let n = 0; n < answers; n++) moves.push(answer(draw, n));
  const within = draw.chance(0.7) ? ["edb two(s)", "within v.x1 of two"] : [];
  return {
    seed,
    declarations: [...within, ...(isKeyed ? ["fd r: x1 -> x2"] : [])],
    stays: [...new Set(stays)],
    moves: [...new Set(moves)],
    inputs: inputs(draw, isKeyed),
  };
}

function threshold(draw: Random): readonly string[] {
  const [counted, operator] = pick(draw, [
    ["V(s,i)", "count<s>"],
    ["V(s,i)", "count<s>"],
    ["V(s,i)", "max<s>"],
    ["R(i,b)", "count<b>"],
  ] as const);
  const joined = draw.chance(0.15) ? `${counted}, D(i)` : counted;
  const test = pick(draw, [
    "n(k,i), k >= 2",
    "n(k,i), k >= 2",
    "n(2,i)",
    "n(k,i), k == 2",
    "n(k,i), k >= 1",
  ]);
  const timing = draw.chance(0.1) ? "@next" : "";
  return [`n(${operator},i) <- ${joined}`, `com${timing}(i) <- ${test}`];
}

const LITERALS = ["com(i)", "com(i)", "R(i,b)", "R(i,_)", "V(s,i)", "D(i)"];

function body(draw: Random): string {
  const first = pick(draw, LITERALS);
  const second = draw.chance(0.7) ? [pick(draw, LITERALS)] : [];
  return [...new Set([first, ...second])].join(", ");
}

function answer(draw: Random, n: number): string {
  const literals = body(draw);
  const said = ["i", ...["b", "s"].filter((x) => literals.includes(x === "b" ? ",b)" : "(s,"))];
  const head = said.filter((x) => x === "i" || draw.chance(0.6));
  return `o${n}@async(c)(${head.join(",")}) <- ${literals}`;
}

function inputs(draw: Random, isKeyed: boolean): RandomThreshold["inputs"] {
  const all: (readonly [string, ...Row])[] = [
    ["v", 1, 1],
    ["v", 2, 1],
    ["r", 1, 5],
    ["d", 1],
  ];
  const more: readonly (readonly [string, ...Row])[] = [
    ["v", 1, 1],
    ["r", 1, isKeyed ? 5 : 6],
    ["d", 1],
    ["v", 1, 2],
    ["r", 2, 5],
  ];
  return [...all.filter(() => draw.chance(0.9)), pick(draw, more)];
}

export interface Accepted {
  readonly original: AnalyzedProgram;
  readonly rewritten: AnalyzedProgram;
  readonly verdict: "holds" | "lockstep";
  /** Deletions of something that an answer needs. */
  readonly deletions: number;
}

export function originalOf({ declarations, stays, moves }: RandomThreshold) {
  const rules = `${[...declarations, ...stays].join("; ")} | ${moves.join("; ")}`;
  try {
    const p = program({ nodes: { L: rules }, channels: CHANNELS, deployment: { edb: EDB } });
    const target = { component: "L", rules: movedRules("L", rules), name: "M" };
    const request: StepRequest = { rewrite: "decoupleMonotonic", target, waiver: "tick-counts" };
    return { p, request, moves: new Set(target.rules) };
  } catch {
    return undefined;
  }
}

/** Undefined when the driver refuses the split or it is no program. */
export function accepted(split: RandomThreshold): Accepted | undefined {
  if (split.stays.length === 0 || split.moves.length === 0) return undefined;
  const posed = originalOf(split);
  if (posed === undefined) return undefined;
  const { p, request, moves } = posed;
  const step = applyStep(p, request);
  if (step.kind === "fault") throw new Error(`${step.message}\n${splitText(split)}`);
  if (step.kind === "refused") return undefined;
  const certificates = deletionCertificates(p, { component: "L", rules: moves });
  // Where the deletion is, and what answers.
  const deletions = [...certificates.values()].filter(({ finding }) => finding.evidence.length > 1);
  return {
    original: p,
    rewritten: step.program,
    verdict: step.verdict,
    deletions: deletions.length,
  };
}

/** A split that is refused for its deletions alone, done all the same. */
export function forcedDeletion(split: RandomThreshold): Accepted | undefined {
  const posed = originalOf(split);
  if (posed === undefined) return undefined;
  const { p, request } = posed;
  const step = applyStep(p, request);
  if (step.kind !== "refused" || step.verdict !== "violated") return undefined;
  const wrong = step.preconditions.filter(({ verdict }) => verdict === "violated");
  if (wrong.some(({ code }) => code !== "forgets-early")) return undefined;
  const rewritten = forceStep(p, request);
  if (typeof rewritten === "string") return undefined;
  return { original: p, rewritten, verdict: "holds", deletions: 0 };
}

export function referee(
  { original, rewritten, verdict }: Accepted,
  split: RandomThreshold,
): Refinement {
  return checked(original, rewritten, split.inputs, {
    clocks: verdict === "lockstep" ? "lockstep" : "free",
    bound: { states: 3_000, originalStates: 10_000, together: 2 },
  });
}

export function isWrong(split: RandomThreshold): boolean {
  const step = accepted(split);
  return step !== undefined && referee(step, split).kind === "counterexample";
}

/** The same split without rules and inputs that the violation does not need; declarations stay as they are. */
export function shrunk(split: RandomThreshold): RandomThreshold {
  const smaller = [
    ...split.stays.map((_, i) => ({ ...split, stays: split.stays.toSpliced(i, 1) })),
    ...split.moves.map((_, i) => ({ ...split, moves: split.moves.toSpliced(i, 1) })),
    ...split.inputs.map((_, i) => ({ ...split, inputs: split.inputs.toSpliced(i, 1) })),
  ].find(isWrong);
  return smaller === undefined ? split : shrunk(smaller);
}

/** For a person: the case in the notation of spec/cases.md. */
export function splitText({
  seed,
  declarations,
  stays,
  moves,
  inputs: facts,
}: RandomThreshold): string {
  const sent = facts.map(([relation, ...row]) => `${relation}(${row.map(String).join(",")})`);
  return [
    `seed ${seed}: ${declarations.join("; ")}`,
    `${stays.join("; ")} | ${moves.join("; ")}`,
    sent.join(" "),
  ].join("\n");
}

function pick<T>(draw: Random, items: readonly T[]): T {
  return items[draw.below(items.length)]!;
}
