import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import { printRule } from "../program/printCompact.ts";
import type { Literal, Rule, RuleId } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { RuleOrigin } from "../rewrites/rewrite.ts";
import { checked, inputsOf } from "./programs.testing.ts";
import { restOf } from "./restingState.testing.ts";
import type { Rest } from "./restingState.testing.ts";
import type { Refinement, RefinementOptions } from "./refines.ts";

/** A program, what a step made of it, and messages that may come. */
export interface History {
  /** What has to be refined. */
  readonly original: AnalyzedProgram;
  /** What the step was done to. */
  readonly before: AnalyzedProgram;
  readonly program: AnalyzedProgram;
  readonly origins: ReadonlyMap<RuleId, RuleOrigin>;
  readonly inputs: readonly (readonly [string, ...Row])[];
}

/** A rewritten program in which one generated rule, or one generated literal of one, is missing. */
export interface Mutant {
  /** `runs_M(i) :- expected_M(i), s_complete(i) without s_complete`, or `no …` for the whole rule. */
  readonly name: string;
  readonly program: AnalyzedProgram;
}

/**
 * Every mutant of the rules that a step added, and of the literals that it added to rules of the original, except those
 * that are no programs: a variable without a value, a cycle.
 */
export function mutants({
  before,
  program: p,
  origins,
}: Omit<History, "inputs" | "original">): readonly Mutant[] {
  return p.program.components
    .flatMap((component) => component.rules)
    .flatMap((rule) => {
      const origin = origins.get(rule.id);
      switch (origin?.kind) {
        case "added":
          return [without(p, rule), ...lessOne(p, rule, rule.body)];
        case "changed":
          return lessOne(p, rule, addedLiterals(before, rule, origin.from));
        default:
          return [];
      }
    })
    .filter(({ program }) => program.faults.every((fault) => fault.severity !== "error"));
}

/** What a rule reads that none of the rules it comes from reads, if it has more literals than they. */
function addedLiterals(
  p: AnalyzedProgram,
  rule: Rule,
  from: readonly RuleId[],
): readonly Literal[] {
  const bodies = from.map((id) => p.rules.get(id)!.rule.body);
  if (bodies.some(({ length }) => length >= rule.body.length)) return [];
  const known = new Set(bodies.flat().map(shown));
  return rule.body.filter((literal) => !known.has(shown(literal)));
}

function without(p: AnalyzedProgram, rule: Rule): Mutant {
  return { name: `no ${printRule(rule)}`, program: replaced(p, rule, undefined) };
}

function lessOne(p: AnalyzedProgram, rule: Rule, guards: readonly Literal[]): readonly Mutant[] {
  return guards.map((guard) => {
    const body = rule.body.filter((literal) => literal !== guard);
    const name = `${printRule(rule)} without ${shown(guard)}`;
    return { name, program: replaced(p, rule, { ...rule, body }) };
  });
}

function shown(literal: Literal): string {
  switch (literal.kind) {
    case "relation":
      return `${literal.negated ? "!" : ""}${literal.relation}`;
    case "comparison":
      return literal.operator;
    case "assignment":
      return ":=";
  }
}

function replaced(p: AnalyzedProgram, rule: Rule, by: Rule | undefined): AnalyzedProgram {
  const components = p.program.components.map((c) => ({
    ...c,
    rules: c.rules.flatMap((r) => (r.id !== rule.id ? [r] : by === undefined ? [] : [by])),
  }));
  return analyze({ ...p.program, components }, p.deployment);
}

/** What told a mutant from the program it was made of. */
export type Noticed = "at rest" | "memory" | "a second arrival" | "safety" | "quiescence" | "error";

/** Ways to look at two programs, the cheapest first. */
const LOOKS = [
  {},
  { observer: { multi: 2 } },
  { duplicates: true },
] as const satisfies readonly Partial<RefinementOptions>[];

/**
 * Asks how mutants of a history are noticed within a bound of pairs of states: at rest, in what is kept (a guard that only
 * collects), when siblings' messages come twice, by a refinement, or by an observer who counts two arrivals; undefined
 * when nothing shows. Fails where the mechanism itself does not refine or come to rest, for then its mutants say nothing.
 */
export function referee(
  history: History,
  states: number,
): (mutant: AnalyzedProgram) => Noticed | undefined {
  const { original, inputs } = history;
  const atRest = (p: AnalyzedProgram): Rest => restOf(p, inputsOf(inputs), original);
  const look = (p: AnalyzedProgram, how: Partial<RefinementOptions>): Refinement =>
    checked(original, p, inputs, { reduced: true, bound: { states, together: 2 }, ...how });
  const whole = atRest(history.program);
  if (whole.kind === "restless") throw new Error("The mechanism does not come to rest.");
  const [first, ...others] = LOOKS;
  const refinement = look(history.program, first);
  if (refinement.kind === "counterexample") throw new Error(JSON.stringify(refinement));
  const looks = [
    first,
    ...others.filter((how) => look(history.program, how).kind !== "counterexample"),
  ];
  return (mutant) => {
    const rest = atRest(mutant);
    if (rest.kind === "restless") return "at rest";
    if (rest.duplicatesShow && !whole.duplicatesShow) return "a second arrival";
    if (rest.kept > whole.kept) return "memory";
    for (const how of looks) {
      const found = look(mutant, how);
      if (found.kind === "counterexample")
        return how === first ? found.violation : "a second arrival";
    }
    return undefined;
  };
}
