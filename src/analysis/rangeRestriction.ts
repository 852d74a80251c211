import type { Fault, Place } from "../program/evidence.ts";
import type { Literal, RelationName, Rule, Term } from "../program/program.ts";
import type { AnalyzedProgram, RelationKind } from "./analyzedProgram.ts";
import { isChoice } from "./choosing.ts";
import { boundVariables, functionTerms } from "./bindings.ts";
import { nearestName } from "../program/nearestName.ts";
import {
  destinationVariables,
  headTermVariables,
  literalVariables,
  patternVariables,
  termVariables,
} from "../program/variables.ts";
import { quoted, ruleName } from "./wording.ts";

/** Where a variable is used that has no value. */
interface UnboundUse {
  readonly name: string;
  readonly place: Place;
  readonly where: string;
  /** The relation, when it stands in a negated literal. */
  readonly negated?: RelationName;
}

/** W2: every variable that is used is bound. Of several that depend on each other only the first ones are reported. */
export function rangeFaults(p: AnalyzedProgram, rule: Rule): readonly Fault[] {
  const bound = boundVariables(p.program, rule, kindLookup(p));
  const uses = new Map<string, UnboundUse>();
  for (const use of usesOf(p, rule)) {
    if (!bound.has(use.name) && !uses.has(use.name)) uses.set(use.name, use);
  }
  if (uses.size === 0) return [];
  const computed = new Set(rule.body.flatMap((literal) => computedBy(p, literal)));
  const roots = [...uses.values()].filter(({ name }) => !computed.has(name));
  return (roots.length > 0 ? roots : [...uses.values()]).map((use) =>
    use.negated !== undefined && occurrencesIn(rule, use.name) === 1
      ? lonely(p, rule, bound, use.name, use.place, use.negated)
      : unbound(p, rule, bound, use.name, use.place, use.where),
  );
}

function usesOf(p: AnalyzedProgram, rule: Rule): readonly UnboundUse[] {
  const head: Place = { kind: "head", rule: rule.id };
  const used = (names: readonly string[], place: Place, where: string): readonly UnboundUse[] =>
    names.map((name) => ({ name, place, where }));
  return [
    ...used(rule.head.terms.flatMap(headTermVariables), head, "the head"),
    ...used(destinationVariables(rule), head, "the destination"),
    ...rule.body.flatMap((literal, index): readonly UnboundUse[] => {
      const place: Place = { kind: "literal", rule: rule.id, index };
      if (literal.kind === "comparison")
        return used(literalVariables(literal), place, "a comparison");
      if (literal.kind === "assignment") {
        return used(termVariables(literal.value), place, "an assignment");
      }
      if (isChoice(p, literal)) return used(literalVariables(literal), place, "`choose`");
      if (!literal.negated) {
        const names = demanded(p, literal.relation, literal.terms);
        return used(names, place, `an argument of ${quoted(literal.relation)}`);
      }
      const negated = literal.relation;
      return used(literalVariables(literal), place, "a negated literal").map((use) => ({
        ...use,
        negated,
      }));
    }),
  ];
}

/** Variables that get their value from others: they have none because those have none. */
function computedBy(p: AnalyzedProgram, literal: Literal): readonly string[] {
  if (literal.kind === "assignment") return [literal.variable];
  if (literal.kind === "comparison" || literal.negated) return [];
  if (p.relations.get(literal.relation)?.kind !== "func") return [];
  return functionTerms(p.program, literal.relation, literal.terms).outputs.flatMap(
    patternVariables,
  );
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
    } else if (isChoice(p, literal) && literal.terms.some(hasWildcard)) {
      faults.push(fault(place, "`choose`"));
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
