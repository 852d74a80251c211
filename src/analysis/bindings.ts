import { functionSignature } from "../program/functions.ts";
import type { Literal, Program, RelationName, Rule, Term } from "../program/program.ts";
import type { RelationKind } from "./analyzedProgram.ts";
import { patternVariables, termVariables } from "../program/variables.ts";

/**
 * The variables that a rule's body binds (W2): by a positive literal, by a function literal whose inputs are bound,
 * or by `:=`, whatever the order of the literals.
 */
export function boundVariables(
  program: Program,
  rule: Rule,
  kindOfName: (relation: RelationName) => RelationKind | undefined,
): ReadonlySet<string> {
  const bound = new Set<string>();
  const waiting = new Set<Literal>(rule.body);
  for (let progress = true; progress;) {
    progress = false;
    for (const literal of waiting) {
      const step = binds(program, literal, bound, kindOfName);
      if (step === undefined) continue;
      waiting.delete(literal);
      progress = true;
      for (const name of step) bound.add(name);
    }
  }
  return bound;
}

/** What a literal binds once the given variables are bound; undefined while it has to wait. */
function binds(
  program: Program,
  literal: Literal,
  bound: ReadonlySet<string>,
  kindOfName: (relation: RelationName) => RelationKind | undefined,
): readonly string[] | undefined {
  if (literal.kind === "comparison") return [];
  if (literal.kind === "assignment") {
    return termVariables(literal.value).every((v) => bound.has(v)) ? [literal.variable] : undefined;
  }
  if (literal.negated) return [];
  if (literal.relation === "choose" && kindOfName("choose") === "builtin") return [];
  if (kindOfName(literal.relation) !== "func") return literal.terms.flatMap(patternVariables);
  const { inputs, outputs } = functionTerms(program, literal.relation, literal.terms);
  const ready = inputs.flatMap(termVariables).every((v) => bound.has(v));
  return ready ? outputs.flatMap(patternVariables) : undefined;
}

/** A function literal's terms, parted into inputs and outputs. */
export function functionTerms(
  program: Program,
  name: RelationName,
  terms: readonly Term[],
): { readonly inputs: readonly Term[]; readonly outputs: readonly Term[] } {
  const signature = functionSignature(program, name, terms.length);
  // With a wrong number of terms (a fault of its own) nothing is demanded.
  const inputs = signature?.inputs.length ?? 0;
  return { inputs: terms.slice(0, inputs), outputs: terms.slice(inputs) };
}
