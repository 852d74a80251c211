import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { ComponentName } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { applyStep, chosenSteps, offers, UNBOUND } from "../rewrites/driver.ts";
import type { Chain, RewriteName } from "../rewrites/rewrite.ts";
import { random } from "../simulator/random.ts";
import type { Random } from "../simulator/random.ts";
import { checked, program } from "./programs.testing.ts";
import type { Refinement } from "./refines.ts";
import type { ScheduleStep } from "./schedule.ts";

/** A random component, rewrites of it one after another, and inputs: what is put to the referee as a whole. */
export interface RandomChain {
  readonly seed: number;
  readonly rules: readonly string[];
  readonly links: readonly Link[];
  readonly inputs: readonly (readonly [string, ...Row])[];
}

/** A step by what was selected for it, so that it can be found again when other rules are gone. */
export interface Link {
  readonly rewrite: RewriteName;
  readonly component: ComponentName;
  /** Printed rules; none is the whole component. */
  readonly selected: readonly string[];
}

export interface Chained {
  readonly original: AnalyzedProgram;
  readonly rewritten: AnalyzedProgram;
  readonly chain: Chain;
  readonly links: readonly Link[];
}

export type Judged =
  /** No rewrite applies, or it is no program. */
  | { readonly kind: "none" }
  | (Chained & { readonly kind: "rewritten"; readonly refinement: Refinement });

const INPUTS: Readonly<Record<string, number>> = { a: 1, b: 1, d: 2, p: 1 };
const LOCALS: Readonly<Record<string, number>> = { r: 1, s: 1, t: 1, u: 2, v: 2 };
const CHANNELS = Object.fromEntries(
  Object.entries(INPUTS).map(([n, arity]) => [`${n}/${arity}`, "L"]),
);
const EDB = { to: [[address("R")]], e: [[0], [1]], f: [[0, 1]] };
/** A receiver that tells the client when something arrives again. */
const COUNTS = "seen@next(x) <- m(x); seen@next(x) <- seen(x); twice@async(c)(x) <- m(x), seen(x)";
const MOST_LINKS = 3;
/** They apply nearly everywhere and would crowd out the rest. */
const NORMALISATIONS: readonly RewriteName[] = ["fold", "copySplit", "relay", "splitHead"];
/** Other readings of a program say nothing new. */
const OTHERS: readonly ComponentName[] = ["K", "R"];

export function randomRules(draw: Random): readonly string[] {
  const locals = Object.keys(LOCALS).filter(() => draw.chance(0.5));
  const used = locals.length > 0 ? locals : ["r"];
  const inputs = Object.keys(INPUTS).filter(() => draw.chance(0.7));
  const sources = inputs.length > 0 ? inputs : ["a"];
  const derived = used.flatMap((local) => localRules(draw, local, sources, used));
  const outputs = Array.from({ length: 1 + draw.below(3) }, (_, i) =>
    outputRule(draw, `o${i}`, sources, used),
  );
  const acknowledged = sources
    .filter(() => draw.chance(0.8))
    .map(
      (input) =>
        `k${input}@async(c)(${variables(INPUTS[input]!)}) <- ${input}(${variables(INPUTS[input]!)})`,
    );
  return [...new Set([...derived, ...outputs.flat(), ...acknowledged])];
}

function variables(arity: number): string {
  return arity === 1 ? "x" : "x,y";
}

function localRules(
  draw: Random,
  local: string,
  inputs: readonly string[],
  locals: readonly string[],
): readonly string[] {
  const arity = LOCALS[local]!;
  const head = variables(arity);
  const others = locals.filter((name) => name !== local);
  const kept = `${local}@next(${head}) <- ${local}(${head})`;
  const made = (at: string): string =>
    `${local}${at}(${head}) <- ${body(draw, head, inputs, others)}`;
  switch (draw.below(8)) {
    case 0:
      return [made("")];
    case 1:
      return [made("@next")];
    case 2:
      return [made("@next"), kept];
    case 3:
      return [made(""), `${kept}, !${absent(draw, inputs, others)}`];
    case 4:
      return arity === 2
        ? [`${local}(count<y>,x) <- ${body(draw, "x,y", inputs, others)}`]
        : [made(""), made(""), kept];
    default:
      return [made(""), kept];
  }
}

/** Literals that bind x and, where the head has it, y. */
function body(
  draw: Random,
  head: string,
  inputs: readonly string[],
  locals: readonly string[],
): string {
  const arities = { ...INPUTS, ...LOCALS };
  const all = draw.chance(0.5) ? inputs : [...inputs, ...locals];
  const first = pick(draw, all);
  const literals = [`${first}(${arities[first] === 1 ? "x" : pick(draw, ["x,y", "x,y", "y,x"])})`];
  if (draw.chance(0.45)) {
    const second = pick(draw, [...all, ...locals, "e", "f"]);
    const arity = second === "e" ? 1 : second === "f" ? 2 : arities[second]!;
    literals.push(
      `${second}(${arity === 1 ? pick(draw, ["x", "x", "y"]) : pick(draw, ["x,y", "x,y", "y,x", "x,_"])})`,
    );
  }
  const text = literals.join(", ");
  const bound = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(text.replaceAll(/\w+\(/g, ""));
  const missing = ["x", "y"].filter((name) => head.includes(name) && !bound(name));
  const whole = [...literals, ...missing.map((name) => `e(${name})`)];
  if (draw.chance(0.2)) whole.push(`!${absent(draw, inputs, locals)}`);
  return whole.join(", ");
}

function absent(draw: Random, inputs: readonly string[], locals: readonly string[]): string {
  const name = pick(draw, [...inputs, ...locals]);
  return `${name}(${{ ...INPUTS, ...LOCALS }[name] === 1 ? "x" : "x,_"})`;
}

function outputRule(
  draw: Random,
  name: string,
  inputs: readonly string[],
  locals: readonly string[],
): readonly string[] {
  if (draw.chance(0.15)) return [`m@async(d)(x) <- ${body(draw, "x", inputs, locals)}, to(d)`];
  if (draw.chance(0.1)) {
    const counted = pick(draw, locals);
    const arity = LOCALS[counted]!;
    return [
      `n${name}(count<x>) <- ${counted}(${arity === 1 ? "x" : "x,_"})`,
      `${name}@async(c)(n) <- n${name}(n)`,
    ];
  }
  const head = pick(draw, ["x", "x,y"]);
  return [`${name}@async(c)(${head}) <- ${body(draw, head, inputs, locals)}`];
}

export function randomChain(seed: number): RandomChain {
  const draw = random(seed, "chain");
  const rules = randomRules(draw);
  const read = Object.keys(INPUTS).filter((name) =>
    rules.some((rule) => new RegExp(`[ !]${name}\\(`).test(rule)),
  );
  const fact = (name: string): [string, ...Row] => [
    name,
    ...Array.from({ length: INPUTS[name]! }, () => draw.below(2)),
  ];
  const inputs =
    read.length === 0
      ? []
      : Array.from({ length: 3 + draw.below(2) }, (_, i) => fact(read[i % read.length]!));
  const original = wellFormed(rules);
  return { seed, rules, links: original === undefined ? [] : randomLinks(draw, original), inputs };
}

function randomLinks(draw: Random, original: AnalyzedProgram): readonly Link[] {
  const links: Link[] = [];
  let state: Followed = { program: original, chain: UNBOUND };
  const wanted = 1 + draw.below(MOST_LINKS);
  for (let tries = 0; tries < 6 * MOST_LINKS && links.length < wanted; tries++) {
    const components = state.program.program.components.filter((c) => !OTHERS.includes(c.name));
    const { name, rules } = pick(draw, components);
    const some = draw.chance(0.4) ? [] : rules.filter(() => draw.chance(0.4));
    const selection = { component: name, rules: some.map((rule) => rule.id) };
    const normalising = draw.chance(0.1);
    const possible = offers(state.program, selection, state.chain).filter(
      (o) => o.verdict !== "violated" && NORMALISATIONS.includes(o.rewrite) === normalising,
    );
    if (possible.length === 0) continue;
    const link = {
      rewrite: pick(draw, possible).rewrite,
      component: name,
      selected: some.map((rule) => printRule(rule)),
    };
    const next = follow(state, link);
    if (next === undefined) continue;
    links.push(link);
    state = next;
  }
  return links;
}

export interface Followed {
  readonly program: AnalyzedProgram;
  readonly chain: Chain;
}

/** Takes the first offer of that rewrite for what is selected; undefined when there is none any longer. */
export function follow({ program: p, chain }: Followed, link: Link): Followed | undefined {
  const component = p.program.components.find((c) => c.name === link.component);
  const rules = component?.rules.filter((rule) => link.selected.includes(printRule(rule))) ?? [];
  if (component === undefined || (rules.length === 0 && link.selected.length > 0)) return undefined;
  const selection = { component: link.component, rules: rules.map((rule) => rule.id) };
  const offer = offers(p, selection, chain).find(
    (o) => o.rewrite === link.rewrite && o.verdict !== "violated",
  );
  if (offer === undefined) return undefined;
  let state: Followed = { program: p, chain };
  for (const step of chosenSteps(offer.steps, { partitions: 2, waiver: "tick-counts" })) {
    const result = applyStep(state.program, step, state.chain);
    if (result.kind === "fault") throw new Error(`${link.rewrite}: ${result.message}`);
    if (result.kind !== "applied") return undefined;
    state = result;
  }
  return state;
}

function wellFormed(rules: readonly string[]): AnalyzedProgram | undefined {
  try {
    const counted = rules.some((rule) => rule.startsWith("m@async"));
    return program({
      nodes: { L: rules.join("; "), ...(counted && { R: COUNTS }) },
      channels: CHANNELS,
      deployment: { edb: EDB },
    });
  } catch {
    return undefined;
  }
}

/** Follows the links that can still be followed. */
export function chained({ rules, links }: RandomChain): Chained | undefined {
  const original = wellFormed(rules);
  if (original === undefined) return undefined;
  let state: Followed = { program: original, chain: UNBOUND };
  const taken: Link[] = [];
  for (const link of links) {
    const next = follow(state, link);
    if (next === undefined) continue;
    taken.push(link);
    state = next;
  }
  return taken.length === 0
    ? undefined
    : { original, rewritten: state.program, chain: state.chain, links: taken };
}

/** What the verifier says of the whole chain, with the clocks that it was accepted for. */
export function judgeChain(test: RandomChain): Judged {
  const result = chained(test);
  if (result === undefined) return { kind: "none" };
  return { kind: "rewritten", ...result, refinement: refereeOfChain(result, test.inputs) };
}

export function refereeOfChain(
  { original, rewritten, chain }: Chained,
  inputs: RandomChain["inputs"],
): Refinement {
  return checked(original, rewritten, inputs, {
    clocks: chain.lockstep ? "lockstep" : "free",
    bound: { states: 2_000, originalStates: 10_000, together: 2 },
    reduced: true,
  });
}

export function isWrongChain(judged: Judged): boolean {
  return judged.kind === "rewritten" && judged.refinement.kind === "counterexample";
}

/** The same chain without rules, steps and inputs that the violation does not need. */
export function shrunkChain(test: RandomChain): RandomChain {
  const smaller = [
    ...test.links.map((_, i) => ({ ...test, links: test.links.toSpliced(i, 1) })),
    ...test.rules.map((_, i) => ({ ...test, rules: test.rules.toSpliced(i, 1) })),
    ...test.inputs.map((_, i) => ({ ...test, inputs: test.inputs.toSpliced(i, 1) })),
  ].find((candidate) => isWrongChain(judgeChain(candidate)));
  return smaller === undefined ? test : shrunkChain(smaller);
}

/** For a person: the rules, the steps, and the schedule that shows what is wrong. */
export function chainText(test: RandomChain): string {
  const judged = judgeChain(test);
  if (judged.kind === "none") return `${test.rules.join("; ")}: nothing applies`;
  const { refinement, links, chain } = judged;
  const found = refinement.kind === "counterexample" ? refinement : undefined;
  return [
    `${found?.violation ?? refinement.kind}, ${chain.lockstep ? "in lock-step" : "free clocks"}, inputs ${JSON.stringify(test.inputs)}`,
    ...test.rules.map((rule) => `  ${rule}`),
    ...links.map(
      (l) =>
        `  ${l.rewrite} of ${l.component}: ${l.selected.length === 0 ? "all" : l.selected.join(" ")}`,
    ),
    ...(found?.schedule ?? []).map(stepText),
  ].join("\n");
}

function stepText({ ticks, outputs }: ScheduleStep): string {
  const text = (f: { readonly relation: string; readonly row: Row }): string =>
    `${f.relation}(${f.row.map(String).join()})`;
  const entered = ticks.map((tick) => `${tick.address}(${tick.arrived.map(text).join(" ")})`);
  return `  ${entered.join(" ")} → ${outputs.map(text).join(" ")}`;
}

function pick<T>(draw: Random, items: readonly T[]): T {
  return items[draw.below(items.length)]!;
}
