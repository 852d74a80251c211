import { declaredFunctions } from "../program/functions.ts";
import type { Component, Program, RelationName } from "../program/program.ts";
import type { RelationKind } from "./analyzedProgram.ts";
import { occurrencesIn } from "./occurrences.ts";

/**
 * Which of the names that a component uses are functions, what these are, and which are built in: all that its rules need
 * from outside to be well-formed and to have types. A rule that is the same has the same faults while this is the same.
 */
export function meaningOfNames(
  program: Program,
  component: Component,
  kindOfName: (relation: RelationName) => RelationKind | undefined,
): string {
  let meaning = declaredKey(program);
  for (const relation of occurrencesIn(component).keys()) {
    const kind = kindOfName(relation);
    if (kind === "func" || kind === "builtin") meaning += `${kind} ${relation} `;
  }
  return meaning;
}

const keys = new WeakMap<Program, string>();

function declaredKey(program: Program): string {
  let key = keys.get(program);
  if (key === undefined) {
    const functions = declaredFunctions(program);
    keys.set(program, (key = functions.length === 0 ? "" : JSON.stringify(functions)));
  }
  return key;
}
