import type { Fault, Place } from "../program/evidence.ts";
import type { RelationName, Rule, Term } from "../program/program.ts";
import type { AnalyzedProgram, RelationKind } from "./analyzedProgram.ts";
import { boundVariables, functionTerms } from "./bindings.ts";
import { nearestName } from "./nearestName.ts";
import {
  destinationVariables,
  headTermVariables,
  literalVariables,
  patternVariables,
  termVariables,
} from "./variables.ts";
import { quoted, ruleName } from "./wording.ts";

/** W2: every variable that is used is bound. */
export function rangeFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  const kindOfName = kindLookup(p);
  const bound = boundVariables(p.program, rule, kindOfName);
  const faults: Fault[] = [];
  const reported = new Set<string>();
  const report = (name: string, place: Place, where: string): void => {
    if (bound.has(name) || reported.has(name)) return;
    reported.add(name);
    faults.push(unbound(p, rule, bound, name, place, where));
  };
  const head: Place = { kind: "head", rule: rule.id };
  for (const name of rule.head.terms.flatMap(headTermVariables)) report(name, head, "the head");
  for (const name of destinationVariables(rule)) report(name, head, "the destination");
  for (const [index, literal] of rule.body.entries()) {
    const place: Place = { kind: "literal", rule: rule.id, index };
    if (literal.kind === "comparison") {
      for (const name of literalVariables(literal)) report(name, place, "a comparison");
    } else if (literal.kind === "assignment") {
      for (const name of termVariables(literal.value)) report(name, place, "an assignment");
    } else if (!literal.negated) {
      for (const name of demanded(p, literal.relation, literal.terms)) {
        report(name, place, `an argument of ${quoted(literal.relation)}`);
      }
    } else {
      for (const name of literal.terms.flatMap(termVariables)) {
        if (bound.has(name) || reported.has(name)) continue;
        reported.add(name);
        faults.push(
          occurrencesIn(rule, name) === 1
            ? lonely(p, rule, bound, name, place, literal.relation)
            : unbound(p, rule, bound, name, place, `a negated literal`),
        );
      }
    }
  }
  return faults;
}

/** Variables that a positive literal computes with instead of matching: inputs of functions, operands. */
function demanded(
  p: AnalyzedProgram,
  relation: RelationName,
  terms: readonly Term[],
): readonly string[] {
  const computed = terms.filter((term) => patternVariables(term).length === 0);
  if (p.relations.get(relation)?.kind !== "func") return computed.flatMap(termVariables);
  const { inputs } = functionTerms(p.program, relation, terms);
  return [...inputs, ...computed].flatMap(termVariables);
}

function kindLookup(p: AnalyzedProgram): (relation: RelationName) => RelationKind | undefined {
  return (relation) => p.relations.get(relation)?.kind;
}

function occurrencesIn(rule: Rule, name: string): number {
  return [
    ...rule.head.terms.flatMap(headTermVariables),
    ...destinationVariables(rule),
    ...rule.body.flatMap(literalVariables),
  ].filter((other) => other === name).length;
}

function unbound(
  p: AnalyzedProgram,
  rule: Rule,
  bound: ReadonlySet<string>,
  name: string,
  place: Place,
  where: string,
): Fault {
  const nearest = nearestName(name, bound);
  const hint = nearest === undefined ? "" : ` Perhaps ${quoted(nearest)} is meant.`;
  return {
    severity: "error",
    code: "unbound-variable",
    message: `${quoted(name)} in ${where} of ${ruleName(p, rule.id)} has no value: no positive literal binds it.${hint}`,
    place,
    related: [],
    ...(nearest === undefined ? {} : { replacement: { from: name, to: nearest } }),
  };
}

/** A named variable in one negated literal only: a misspelling must not turn into "exists". */
function lonely(
  p: AnalyzedProgram,
  rule: Rule,
  bound: ReadonlySet<string>,
  name: string,
  place: Place,
  relation: RelationName,
): Fault {
  const nearest = nearestName(name, bound);
  const instead =
    nearest === undefined
      ? "Write `_` if any value will do."
      : `Perhaps ${quoted(nearest)} is meant; write \`_\` if any value will do.`;
  return {
    severity: "error",
    code: "lonely-variable",
    message: `${quoted(name)} stands only in the negated ${quoted(relation)} of ${ruleName(p, rule.id)}. ${instead}`,
    place,
    related: [],
    replacement: { from: name, to: nearest ?? "_" },
  };
}

/** `_` where a value is needed. */
export function wildcardFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  const fault = (place: Place, where: string): Fault => ({
    severity: "error",
    code: "wildcard",
    message: `\`_\` in ${where} of ${ruleName(p, rule.id)} gives no value.`,
    place,
    related: [],
  });
  const faults: Fault[] = [];
  const head: Place = { kind: "head", rule: rule.id };
  if (rule.head.terms.some((t) => t.kind !== "aggregate" && hasWildcard(t))) {
    faults.push(fault(head, "the head"));
  }
  const timing = rule.head.timing;
  if (timing.kind === "async" && hasWildcard(timing.destination)) {
    faults.push(fault(head, "the destination"));
  }
  for (const [index, literal] of rule.body.entries()) {
    const place: Place = { kind: "literal", rule: rule.id, index };
    if (literal.kind === "comparison" && [literal.left, literal.right].some(hasWildcard)) {
      faults.push(fault(place, "a comparison"));
    } else if (literal.kind === "assignment" && hasWildcard(literal.value)) {
      faults.push(fault(place, "an assignment"));
    } else if (literal.kind === "relation" && isFunction(p, literal.relation)) {
      const { inputs } = functionTerms(p.program, literal.relation, literal.terms);
      if (inputs.some(hasWildcard))
        faults.push(fault(place, `an argument of ${quoted(literal.relation)}`));
    }
  }
  return faults;
}

function isFunction(p: AnalyzedProgram, relation: RelationName): boolean {
  return p.relations.get(relation)?.kind === "func";
}

function hasWildcard(term: Term): boolean {
  switch (term.kind) {
    case "wildcard":
      return true;
    case "variable":
    case "constant":
      return false;
    case "arithmetic":
      return hasWildcard(term.left) || hasWildcard(term.right);
    case "tuple":
      return term.terms.some(hasWildcard);
  }
}
