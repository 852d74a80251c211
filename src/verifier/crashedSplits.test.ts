import { expect, test } from "vitest";
import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Row } from "../program/value.ts";
import { applyStep } from "../rewrites/driver.ts";
import { forceStep } from "../rewrites/force.ts";
import type { Precondition, RewriteName, StepRequest } from "../rewrites/rewrite.ts";
import { readCase } from "../syntax/readCase.ts";
import { crashInputs } from "./nodeCrashes.ts";
import type { Crash } from "./nodeCrashes.ts";
import { checked, inputsOf, movedRules, program, verdictOf } from "./programs.testing.ts";
import type { RefinementOptions } from "./refines.ts";

/** Splits whose halves crash together (ADR 39): before the bar what stays, behind it what moves. */
interface CrashedSplit {
  readonly name: string;
  readonly rewrite: RewriteName;
  readonly rules: string;
  readonly durable: readonly string[];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

function originalOf({ rules, durable, inputs }: CrashedSplit): AnalyzedProgram {
  const channels = Object.fromEntries(inputs.map(([name]) => [`${name}/1`, "L"]));
  const bare = program({ nodes: { L: rules }, channels });
  const text = durable.map((name) => `durable ${name}`).join("\n");
  const { declarations } = readCase(`${text}\ncomponent M {\n}`).program;
  const all = [...bare.program.declarations, ...declarations];
  return analyze({ ...bare.program, declarations: all }, bare.deployment);
}

function requestOf({ rewrite, rules }: CrashedSplit): StepRequest {
  return { rewrite, target: { component: "L", rules: movedRules("L", rules), name: "M" } };
}

function stepOf(p: AnalyzedProgram, request: StepRequest) {
  const step = applyStep(p, request);
  if (step.kind === "fault") throw new Error(step.message);
  return step;
}

function applied(p: AnalyzedProgram, request: StepRequest): AnalyzedProgram {
  const step = stepOf(p, request);
  if (step.kind !== "applied") throw new Error(JSON.stringify(step));
  return step.program;
}

function forced(p: AnalyzedProgram, request: StepRequest): AnalyzedProgram {
  const made = forceStep(p, request);
  if (typeof made === "string") throw new Error(made);
  return made;
}

function violations({ preconditions }: { readonly preconditions: readonly Precondition[] }) {
  return preconditions.filter((c) => c.verdict === "violated").map((c) => c.code);
}

function cautions({ preconditions }: { readonly preconditions: readonly Precondition[] }) {
  return preconditions.flatMap((c) => (c.verdict === "holds" && c.caution ? [c.code] : []));
}

function crashed(
  original: AnalyzedProgram,
  rewritten: AnalyzedProgram,
  inputs: CrashedSplit["inputs"],
  crashes: readonly Crash[] = [{ node: "L", times: 1 }],
  clocks: RefinementOptions["clocks"] = "free",
): string {
  const crashing = crashInputs(original, crashes);
  if (typeof crashing === "string") throw new Error(crashing);
  const all = [...inputsOf(inputs), ...crashing];
  return verdictOf(checked(original, rewritten, [], { inputs: all, reduced: true, clocks }));
}

const KEEPER = "k(x) <- s(x); k@next(x) <- k(x); o@async(c)(x) <- k(x)";
const PAIRS = "k(x) <- s(x); k@next(x) <- k(x); o@async(c)(x,y) <- k(x), k(y), x < y";
const LOST: CrashedSplit = {
  name: "what is written of a fact on its way is lost",
  rewrite: "decoupleFunctional",
  rules: `s(x) <- w(x); ok@async(c)(x) <- w(x) | ${KEEPER}`,
  durable: ["k"],
  inputs: [["w", 1]],
};
const FORGOTTEN: CrashedSplit = {
  name: "what the node forgets meets later facts, though it keeps others",
  rewrite: "decoupleMonotonic",
  rules: `s(x) <- w(x); ok@async(c)(x) <- w(x); e(x) <- w(x); e@next(x) <- e(x) | ${PAIRS}`,
  durable: ["e"],
  inputs: [["w", 1], ["w", 2]], // prettier-ignore
};

test.each<CrashedSplit & { readonly difference: string }>([
  { ...LOST, difference: "quiescence" },
  { ...LOST, rewrite: "decoupleMonotonic", difference: "quiescence" },
  {
    ...LOST,
    name: "what goes over is durable and not kept",
    rewrite: "decoupleMonotonic",
    durable: ["k", "s"],
    difference: "quiescence",
  },
  { ...FORGOTTEN, difference: "safety" },
  {
    name: "what a fact comes to be joined with is gone by then",
    rewrite: "decoupleMonotonic",
    rules: `r(x) <- a(x); r@next(x) <- r(x); t(x) <- r(x); ka@async(c)(x) <- a(x)
      | m(x) <- b(x); m@next(x) <- m(x); kb@async(c)(x) <- b(x); s(x) <- t(x), m(x); ${KEEPER}`,
    durable: ["r", "k"],
    inputs: [["a", 1], ["b", 1]], // prettier-ignore
    difference: "quiescence",
  },
])("$rewrite is refused where $name, and has to be", ({ difference, ...split }) => {
  const original = originalOf(split);
  const request = requestOf(split);
  const step = stepOf(original, request);
  expect(step.kind).toBe("refused");
  expect(violations(step)).toEqual(["durable-copy"]);
  const rewritten = forced(original, request);
  expect(crashed(original, rewritten, split.inputs, [])).toBe("refines");
  expect(crashed(original, rewritten, split.inputs)).toBe(difference);
});

const TOLD_AGAIN = `d(x) <- w(x); d@next(x) <- d(x); s(x) <- d(x); ok@async(c)(x) <- w(x) | ${KEEPER}`;

test.each<CrashedSplit>([
  {
    ...LOST,
    name: "what follows from what is kept and durable",
    rules: TOLD_AGAIN,
    durable: ["k", "d"],
  },
  { ...LOST, name: "what follows from what is kept and durable", rewrite: "decoupleMonotonic", rules: TOLD_AGAIN, durable: ["k", "d"] }, // prettier-ignore
  {
    ...LOST,
    name: "kept and durable, and joined",
    rewrite: "decoupleMonotonic",
    rules: `d(x) <- w(x); d@next(x) <- d(x); s(x) <- d(x); ok@async(c)(x) <- w(x) | ${PAIRS}`,
    durable: ["k", "d"],
    inputs: FORGOTTEN.inputs,
  },
  {
    ...LOST,
    name: "a message that is passed on",
    rules: `s(x) <- w(x); e(x) <- v(x); e@next(x) <- e(x); ok@async(c)(x) <- v(x) | ${KEEPER}`,
    durable: ["k", "e"],
    inputs: [["w", 1], ["v", 1]], // prettier-ignore
  },
  {
    ...FORGOTTEN,
    name: "a message that is passed on",
    rules: `s(x) <- w(x); e(x) <- v(x); e@next(x) <- e(x); ok@async(c)(x) <- v(x) | ${PAIRS}`,
    inputs: [["w", 1], ["w", 2], ["v", 1]], // prettier-ignore
  },
  {
    ...LOST,
    name: "what nothing is kept of that outlives a crash",
    rules: `e(x) <- w(x); e@next(x) <- e(x); ${LOST.rules}`,
    durable: ["e"],
  },
])("$rewrite is right over a crash where this goes over: $name", (split) => {
  const original = originalOf(split);
  const step = stepOf(original, requestOf(split));
  expect(violations(step)).toEqual([]);
  if (step.kind !== "applied") throw new Error(step.verdict);
  expect(cautions(step)).toEqual([]);
  expect(crashed(original, step.program, split.inputs)).toBe("refines");
});

test("monotonic decoupling of what keeps nothing durable says that it must stay down, and has to", () => {
  const split: CrashedSplit = { ...FORGOTTEN, durable: [] };
  const original = originalOf(split);
  const step = stepOf(original, requestOf(split));
  expect(cautions(step)).toEqual(["durable-copy"]);
  const rewritten = applied(original, requestOf(split));
  expect(crashed(original, rewritten, split.inputs)).toBe("safety");
  const forGood: readonly Crash[] = [{ node: "L", times: "for good" }];
  expect(crashed(original, rewritten, split.inputs, forGood)).toBe("refines");
});

test("what is written a tick after its cause is there after a crash where the other half has ticked, too", () => {
  const split: CrashedSplit = {
    name: "M",
    rewrite: "decoupleMutuallyIndependent",
    rules: `ka@async(c)(x) <- a(x)
      | s@next(x) <- b(x); s@next(x) <- s(x); kb@async(c)(x) <- b(x); ${KEEPER}`,
    durable: ["k"],
    inputs: [["a", 1], ["b", 1]], // prettier-ignore
  };
  const original = originalOf(split);
  const step = stepOf(original, requestOf(split));
  expect(step).toMatchObject({ kind: "refused", verdict: "lockstep" });
  const statement = step.preconditions.find((c) => c.verdict === "lockstep")!.statement;
  expect(statement).toMatch(
    /writes `k`, which outlives a crash, on a tick without messages, from `s`/,
  );
  const rewritten = forced(original, requestOf(split));
  expect(crashed(original, rewritten, split.inputs)).toBe("quiescence");
  expect(crashed(original, rewritten, split.inputs, undefined, "lockstep")).toBe("refines");
  const both: CrashedSplit = { ...split, durable: ["k", "s"] };
  const kept = applied(originalOf(both), requestOf(both));
  expect(crashed(originalOf(both), kept, both.inputs)).toBe("refines");
});

/** A half beside which a durable relation stays on the same node. */
function beside(rules: string, ...names: readonly string[]) {
  const stays = "k(x) <- a(x); k@next(x) <- k(x); ka@async(c)(x) <- k(x)";
  const inputs = ["a", ...names].map((name) => [name, 1] as const);
  const split: CrashedSplit = {
    name: "H",
    rewrite: "decoupleMutuallyIndependent",
    rules: `${stays} | ${rules}`,
    durable: ["k"],
    inputs,
  };
  const original = originalOf(split);
  const target = { component: "L", rules: movedRules("L", split.rules), name: "H" };
  return { original, parted: applied(original, { rewrite: split.rewrite, target }) };
}

test("batches of a half that keeps nothing are refused where its sibling starts again", () => {
  const { original, parted } = beside(
    "s(x) <- v(x); kv@async(c)(x) <- v(x); o@async(c)(x) <- s(x)",
    "v",
  );
  const [ordered] = parted.program.components
    .flatMap((c) => c.rules)
    .filter(({ id }) => id === "H/o/1");
  const request: StepRequest = {
    rewrite: "decoupleStateMachine",
    target: { component: "H", rules: [ordered!.id], name: "M" },
  };
  const step = stepOf(parted, request);
  expect(violations(step)).toEqual(["durable-copy"]);
  expect(step.preconditions.find((c) => c.verdict === "violated")!.statement).toMatch(
    /^`k` of `L`, on the same node, outlives a crash/,
  );
  const inputs = [["v", 1], ["v", 2]] as const; // prettier-ignore
  expect(crashed(original, parted, inputs)).toBe("refines");
  expect(crashed(original, forced(parted, request), inputs)).toBe("quiescence");
});

test("partitions with copies count what their sibling keeps, and number batches for good then", () => {
  const target = { component: "H", partitions: 2, replicated: ["p"], keys: { w: [0] }, name: "proxy" }; // prettier-ignore
  const forgetful = beside("l(b) <- p(b); l@next(b) <- l(b); o@async(c)(x,b) <- w(x), l(b)", "p", "w"); // prettier-ignore
  const copied = { ...target, replicated: ["p", "l"] };
  const step = stepOf(forgetful.parted, { rewrite: "partitionPartially", target: copied });
  expect(violations(step)).toEqual(["durable-copy"]);
  const { parted } = beside("o@async(c)(x,b) <- w(x), p(b)", "p", "w");
  const kept = stepOf(parted, { rewrite: "partitionPartially", target });
  if (kept.kind !== "applied") throw new Error(JSON.stringify(kept));
  expect(cautions(kept)).toEqual([]);
  const durable = [...kept.program.relations.values()].filter((r) => r.durable);
  expect(durable.map(({ name }) => name)).toContain("open_H");
});
