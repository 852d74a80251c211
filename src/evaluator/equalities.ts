import type { Literal, Term } from "../program/program.ts";

/** A variable and what is equal to it. */
export type Equality = readonly [variable: string, term: Term];

/** What the literal says variables are equal to. */
export function equalities(literal: Literal): readonly Equality[] {
  if (literal.kind === "assignment") return [[literal.variable, literal.value]];
  if (literal.kind !== "comparison" || literal.operator !== "==") return [];
  const { left, right } = literal;
  return [
    ...(left.kind === "variable" ? [[left.name, right] as const] : []),
    ...(right.kind === "variable" ? [[right.name, left] as const] : []),
  ];
}
