import type { RelationInfo } from "../analysis/analyzedProgram.ts";
import type { Head, HeadTerm, Literal, Term, Variable } from "../program/program.ts";
import { added } from "./draft.ts";
import type { DraftRule } from "./draft.ts";
import { firstFree } from "./freshNames.ts";
import { distinctVariables, literal, variable } from "./terms.ts";

/** A rule that a mechanism adds: its head, then its body. */
export type Line = readonly [Head, ...Literal[]];

export function rulesOf(lines: readonly Line[], because: string): readonly DraftRule[] {
  return lines.map(([head, ...body]) => added(head, body, because));
}

export const ANY: Term = { kind: "wildcard" };
export const ZERO: Term = { kind: "constant", value: 0 };
const ONE: Term = { kind: "constant", value: 1 };

/** True at every tick. */
export function boot(): Literal {
  return literal("boot", []);
}

/** `name := term + 1` */
export function oneMore({ name }: Variable, term: Term): Literal {
  return { kind: "assignment", variable: name, value: arithmetic("+", term) };
}

/** `name := term - 1` */
export function oneLess({ name }: Variable, term: Term): Literal {
  return { kind: "assignment", variable: name, value: arithmetic("-", term) };
}

function arithmetic(operator: "+" | "-", left: Term): Term {
  return { kind: "arithmetic", operator, left, right: ONE };
}

export function compared(
  left: Term,
  operator: "==" | ">=" | "<=" | "<" | ">",
  right: Term,
): Literal {
  return { kind: "comparison", operator, left, right };
}

export function counted(over: readonly string[]): HeadTerm {
  return { kind: "aggregate", operator: "count", over };
}

/** How many facts; a relation without attributes has one at most. */
export function countOf(columns: readonly Term[]): HeadTerm {
  const names = columns.flatMap((t) => (t.kind === "variable" ? [t.name] : []));
  return names.length === 0 ? ONE : counted(names);
}

/** Variables of a mechanism's own, none of them the name of an attribute of what it passes on. */
export function variablesBeside(
  infos: readonly RelationInfo[],
): <N extends string>(...names: readonly N[]) => Readonly<Record<N, Variable>> {
  const taken = new Set(infos.flatMap((info) => info.attributes.map(({ name }) => name)));
  return <N extends string>(...names: readonly N[]) => {
    const all = names.map(
      (name) => [name, variable(firstFree(name, (n) => taken.has(n)))] as const,
    );
    return Object.fromEntries(all) as Record<N, Variable>;
  };
}

/** The arguments of a relation, named after its attributes. */
export function argumentsOf(info: RelationInfo): readonly Variable[] {
  return distinctVariables(info.attributes.map(({ name }) => name));
}
