import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { ComponentName, Rule } from "../program/program.ts";
import { address } from "../program/value.ts";
import type { Row } from "../program/value.ts";
import { applyStep, chosenSteps, offers, UNBOUND } from "../rewrites/driver.ts";
import type { Offer } from "../rewrites/driver.ts";
import { fold } from "../rewrites/fold.ts";
import type { Chain, Rewrite, RewriteName } from "../rewrites/rewrite.ts";
import { REWRITES, rewriteNamed } from "../rewrites/rewrites.ts";
import { splitHead } from "../rewrites/splitHead.ts";
import { random } from "../simulator/random.ts";
import type { Random } from "../simulator/random.ts";
import type { Input } from "./machine.ts";
import { checked, inputsOf, program } from "./programs.testing.ts";
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
  /** Which of the offers that are possible: whole or in partitions, by one key or another. */
  readonly nth?: number;
}

export interface Chained {
  /** With sets that are sealed sent as one value. */
  readonly original: AnalyzedProgram;
  readonly rewritten: AnalyzedProgram;
  readonly chain: Chain;
  readonly links: readonly Link[];
  /** All steps, also those that a link inserts. */
  readonly steps: readonly RewriteName[];
}

export type Judged =
  /** No rewrite applies, or it is no program. */
  | { readonly kind: "none" }
  | (Chained & { readonly kind: "rewritten"; readonly refinement: Refinement });

const INPUTS: Readonly<Record<string, number>> = { a: 1, b: 1, d: 2, p: 1, cl: 1 };
/** What clients send themselves; nobody can tell them another address. */
const CLIENTS = "cl";
const LOCALS: Readonly<Record<string, number>> = { r: 1, s: 1, t: 1, u: 2, v: 2 };
const CHANNELS = Object.fromEntries(
  Object.entries(INPUTS).flatMap(([n, arity]) => (n === CLIENTS ? [] : [[`${n}/${arity}`, "L"]])),
);
const EDB = { to: [[address("R")]], e: [[0], [1]], f: [[0, 1]], g: [[0, 1], [1, 0]] }; // prettier-ignore
/** A receiver that tells the client when something arrives again. */
const COUNTS = "seen@next(x) <- m(x); seen@next(x) <- seen(x); twice@async(c)(x) <- m(x), seen(x)";
/** One that tells which set it gets, sealed or as one value. */
const READS = "set(collect<x>,y) <- w(x,y); got@async(c)(s,y) <- set(s,y)";
const READS_WHOLE = "got@async(c)(s,y) <- w(s,y)";
const SEAL = "w@async(d)(seal<x>,y) <- ";
const MOST_LINKS = 3;
const MOST_TRIES = 40;
/** Chosen by themselves they apply nearly everywhere; the others insert what they need. */
const NORMALISATIONS = [fold, splitHead] as readonly Rewrite[];
const INSERTED: readonly RewriteName[] = ["fold", "splitHead", "copySplit", "relay", "declareDependency"]; // prettier-ignore
const OTHER_REWRITES = REWRITES.filter(({ name }) => !INSERTED.includes(name));
/** Other readings of a program say nothing new. */
const OTHERS: readonly ComponentName[] = ["K", "R"];

export function randomRules(draw: Random): readonly string[] {
  return draw.chance(0.1) ? dependentRules(draw) : mixedRules(draw);
}

/** What a table makes of an input's facts, kept beside facts that are such images already. */
function dependentRules(draw: Random): readonly string[] {
  const table = pick(draw, ["f", "g", "g"]);
  const own = pick(draw, [["r"], ["s"], ["r", "s"]]);
  const locals = own.flatMap((local) => {
    const kept = `${local}@next(x) <- ${local}(x)`;
    const made = `<- ${pick(draw, ["a", "b"])}(y), ${table}(y,x)`;
    return draw.chance(0.3) ? [`${local}@next(x) ${made}`, kept] : [`${local}(x) ${made}`, kept];
  });
  const outputs = own.map((local, i) =>
    draw.chance(0.3)
      ? `o${i}@async(c)(y,x) <- a(y), ${table}(y,x), ${local}(x)`
      : `o${i}@async(c)(x) <- p(x), ${draw.chance(0.3) ? "!" : ""}${local}(x)`,
  );
  const acknowledged = ["a", "b", "p"].filter(() => draw.chance(0.6));
  return [...locals, ...outputs, ...acknowledged.map((input) => `k${input}@async(c)(x) <- ${input}(x)`)]; // prettier-ignore
}

function mixedRules(draw: Random): readonly string[] {
  const locals = Object.keys(LOCALS).filter(() => draw.chance(0.5));
  const used = locals.length > 0 ? locals : ["r"];
  const inputs = Object.keys(INPUTS).filter((name) => draw.chance(name === CLIENTS ? 0.3 : 0.7));
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
  const told = draw.chance(0.25) ? toldItself(draw, sources, used) : [];
  const all = [...new Set([...derived, ...outputs.flat(), ...acknowledged, ...told])];
  // Sets of two seals that arrive together would be one.
  return all.filter((rule) => !rule.startsWith(SEAL) || rule === all.find((r) => r.startsWith(SEAL))); // prettier-ignore
}

/** What the node sends to itself, which tells it on or keeps it. */
function toldItself(
  draw: Random,
  inputs: readonly string[],
  locals: readonly string[],
): readonly string[] {
  const kept = locals.find((local) => LOCALS[local] === 1);
  const reader = kept !== undefined && draw.chance(0.3) ? `${kept}(x)` : "oz@async(c)(x)";
  return [`z@async(self)(x) <- ${body(draw, "x", inputs, locals)}`, `${reader} <- z(x)`];
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
    const second = pick(draw, [...all, ...locals, "e", "f", "g"]);
    const arity = second === "e" ? 1 : "fg".includes(second) ? 2 : arities[second]!;
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
  const set = locals.find((local) => LOCALS[local] === 1);
  const trigger = inputs.find((input) => INPUTS[input] === 1);
  if (set !== undefined && trigger !== undefined && draw.chance(0.08)) {
    return [`${SEAL}${trigger}(y), ${set}(x), to(d)`];
  }
  if (draw.chance(0.05))
    return [`${name}@async(c)(count<x>) <- ${body(draw, "x", inputs, locals)}`];
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

export interface RandomChained {
  readonly test: RandomChain;
  /** What becomes of it; undefined when no rewrite applies. */
  readonly made: Chained | undefined;
}

export function randomChain(seed: number): RandomChained {
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
  const isSealing = rules.some((rule) => rule.startsWith(SEAL));
  const original = wellFormed(rules);
  const made = original && linked(rules, randomLinks(draw, original));
  // And so would those of one trigger that comes twice.
  const texts = inputs.map((input) => input.join());
  const sent = isSealing ? inputs.filter((_, i) => texts.indexOf(texts[i]!) === i) : inputs;
  return { test: { seed, rules, links: made?.links ?? [], inputs: sent }, made };
}

interface Linked {
  readonly links: readonly Link[];
  readonly state: Followed;
}

function linked(rules: readonly string[], { links, state }: Linked): Chained | undefined {
  const original = wellFormed(rules.flatMap(sentWhole));
  if (links.length === 0 || original === undefined) return undefined;
  const { program: rewritten, chain, steps } = state;
  return isSealed(rewritten) ? undefined : { original, rewritten, chain, links, steps };
}

/** What a seal means: one message with the whole set. */
function sentWhole(rule: string): readonly string[] {
  if (!rule.startsWith(SEAL)) return [rule];
  return [`whole(collect<x>,y,d) <- ${rule.slice(SEAL.length)}`, "w@async(d)(s,y) <- whole(s,y,d)"];
}

/** Some seals are not written out yet. */
function isSealed({ faults }: AnalyzedProgram): boolean {
  return faults.some(({ code }) => code === "sealing");
}

function randomLinks(draw: Random, original: AnalyzedProgram): Linked {
  const links: Link[] = [];
  let state: Followed = { program: original, chain: UNBOUND, steps: [] };
  const wanted = 1 + draw.below(MOST_LINKS);
  for (let tries = 0; tries < MOST_TRIES && links.length < wanted; tries++) {
    const components = state.program.program.components.filter((c) => !OTHERS.includes(c.name));
    const { name, rules } = pick(draw, components);
    const rewrite = pick(draw, draw.chance(0.1) ? NORMALISATIONS : OTHER_REWRITES);
    const some =
      rewrite.name.startsWith("decouple") || NORMALISATIONS.includes(rewrite)
        ? selected(draw, rules)
        : [];
    const selection = { component: name, rules: some.map((rule) => rule.id) };
    const possible = offers(state.program, selection, state.chain, [rewrite]).filter(isPossible);
    const nth = draw.below(Math.max(1, possible.length));
    const offer = possible[nth];
    const next = offer && taken(state, offer);
    if (next === undefined) continue;
    const texts = some.map((rule) => printRule(rule));
    links.push({ rewrite: rewrite.name, component: name, selected: texts, nth });
    state = next;
  }
  return { links, state };
}

/** Any rules, or the first that read an input, or all rules of some relations: half a relation can seldom move. */
function selected(draw: Random, rules: readonly Rule[]): readonly Rule[] {
  if (draw.chance(0.2)) return rules.filter(() => draw.chance(0.4));
  const heads = new Set(rules.map(({ head }) => head.relation));
  if (draw.chance(0.25)) {
    const first = rules.filter(({ body }) =>
      body.every((l) => l.kind !== "relation" || !heads.has(l.relation)),
    );
    const read = first.flatMap(({ body }) => body.flatMap((l) => (l.kind === "relation" ? l.relation : []))); // prettier-ignore
    const input = read.length === 0 ? undefined : pick(draw, read);
    return first.filter((rule) => rule.body.some((l) => l.kind === "relation" && l.relation === input)); // prettier-ignore
  }
  const some = new Set([...heads].filter(() => draw.chance(0.4)));
  return rules.filter(({ head }) => some.has(head.relation));
}

function isPossible({ verdict }: Offer): boolean {
  return verdict !== "violated";
}

export interface Followed {
  readonly program: AnalyzedProgram;
  readonly chain: Chain;
  readonly steps: readonly RewriteName[];
}

/** Takes that offer of that rewrite for what is selected; undefined when there is none any longer. */
export function follow(state: Followed, link: Link): Followed | undefined {
  const { program: p, chain } = state;
  const component = p.program.components.find((c) => c.name === link.component);
  const rules = component?.rules.filter((rule) => link.selected.includes(printRule(rule))) ?? [];
  if (component === undefined || (rules.length === 0 && link.selected.length > 0)) return undefined;
  const selection = { component: link.component, rules: rules.map((rule) => rule.id) };
  const possible = offers(p, selection, chain, [rewriteNamed(link.rewrite)!]).filter(isPossible);
  const offer = possible[link.nth ?? 0];
  return offer && taken(state, offer);
}

/** Two partitions, and ticks in step where that is asked for. */
function taken(from: Followed, { rewrite, steps }: Offer): Followed | undefined {
  let state = from;
  for (const step of chosenSteps(steps, { partitions: 2, waiver: "tick-counts" })) {
    const result = applyStep(state.program, step, state.chain);
    if (result.kind === "fault") throw new Error(`${rewrite}: ${result.message}`);
    if (result.kind !== "applied") return undefined;
    const { program: p, chain } = result;
    state = { program: p, chain, steps: [...state.steps, step.rewrite] };
  }
  return state;
}

function wellFormed(rules: readonly string[]): AnalyzedProgram | undefined {
  try {
    const isSent = (name: string): boolean => rules.some((rule) => rule.startsWith(`${name}@`));
    const isWhole = rules.every((rule) => !rule.startsWith(SEAL));
    const reads = isWhole ? READS_WHOLE : READS;
    const received = [...(isSent("m") ? [COUNTS] : []), ...(isSent("w") ? [reads] : [])];
    const p = program({
      nodes: { L: rules.join("; "), ...(received.length > 0 && { R: received.join("; ") }) },
      channels: CHANNELS,
      deployment: { edb: EDB },
      unfinished: !isWhole,
    });
    const isWrong = p.faults.some(({ severity, code }) => severity === "error" && code !== "sealing"); // prettier-ignore
    return isWrong ? undefined : p;
  } catch {
    return undefined;
  }
}

/** Follows the links that can still be followed. */
export function chained({ rules, links }: RandomChain): Chained | undefined {
  const original = wellFormed(rules);
  if (original === undefined) return undefined;
  let state: Followed = { program: original, chain: UNBOUND, steps: [] };
  const followed: Link[] = [];
  for (const link of links) {
    const next = follow(state, link);
    if (next === undefined) continue;
    followed.push(link);
    state = next;
  }
  return linked(rules, { links: followed, state });
}

/** What the verifier says of the whole chain, with the clocks that it was accepted for. */
export function judgeChain(test: RandomChain, result = chained(test)): Judged {
  if (result === undefined) return { kind: "none" };
  return { kind: "rewritten", ...result, refinement: refereeOfChain(result, test.inputs) };
}

export function refereeOfChain(
  { original, rewritten, chain }: Chained,
  inputs: RandomChain["inputs"],
): Refinement {
  return checked(original, rewritten, [], {
    inputs: inputsOfChain(original, inputs),
    clocks: chain.lockstep ? "lockstep" : "free",
    bound: { states: 2_000, originalStates: 10_000, together: 2 },
    reduced: true,
  });
}

/** What clients send themselves goes to the component, all else to who passes it on. */
export function inputsOfChain(p: AnalyzedProgram, inputs: RandomChain["inputs"]): readonly Input[] {
  return inputs.flatMap(([relation, ...row]) =>
    p.relations.get(relation)?.kind === "env"
      ? [{ relation, row, to: "L" }]
      : inputsOf([[relation, ...row]]),
  );
}

export function isWrongChain(judged: Judged): boolean {
  return judged.kind === "rewritten" && judged.refinement.kind === "counterexample";
}

/** The same chain without rules, steps and inputs that the violation does not need. */
export function shrunkChain(test: RandomChain): RandomChain {
  const smaller = [
    ...test.links.map((_, i) => ({ ...test, links: test.links.toSpliced(i, 1) })),
    ...test.links.flatMap((link, i) =>
      // None would be the whole component.
      (link.selected.length > 1 ? link.selected : []).map((_, j) => {
        const selected = link.selected.toSpliced(j, 1);
        return { ...test, links: test.links.with(i, { ...link, selected }) };
      }),
    ),
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
        `  ${l.rewrite} of ${l.component}, offer ${(l.nth ?? 0) + 1}: ${l.selected.length === 0 ? "all" : l.selected.join(" ")}`,
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
