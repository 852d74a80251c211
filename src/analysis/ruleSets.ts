import type { Place } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule, RuleId, Timing } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules, idbLiterals, isInputKind, kindOfRelation } from "./componentRules.ts";

/** Some rules of one component: Φ of rewrites.md section 1. */
export interface RuleSet {
  readonly component: ComponentName;
  readonly rules: ReadonlySet<RuleId>;
}

/** Where each relation is read or derived, so that callers can point at it; in text order. */
export type Places = ReadonlyMap<RelationName, readonly Place[]>;

/** A relation that one set derives and the other reads in the same node. */
export interface Transfer {
  /** Heads, now and next, in the deriving set. */
  readonly producers: readonly Place[];
  /** Literals in the reading set. */
  readonly readers: readonly Place[];
}

export function wholeComponent(p: AnalyzedProgram, component: ComponentName): RuleSet {
  return { component, rules: new Set(componentRules(p, component).rules.map((rule) => rule.id)) };
}

/** The rules of the set's component that are not in the set. */
export function complement(p: AnalyzedProgram, set: RuleSet): RuleSet {
  const others = componentRules(p, set.component).rules.filter((rule) => !set.rules.has(rule.id));
  return { component: set.component, rules: new Set(others.map((rule) => rule.id)) };
}

/** The set's rules in text order. */
export function rulesOf(p: AnalyzedProgram, set: RuleSet): readonly Rule[] {
  return componentRules(p, set.component).rules.filter((rule) => set.rules.has(rule.id));
}

/** IDB relations in bodies, positive or negated (refs of section 1). */
export function refs(p: AnalyzedProgram, set: RuleSet): Places {
  return collect(rulesOf(p, set), (rule) =>
    idbLiterals(p, rule).map(({ literal, index }) => [
      literal.relation,
      { kind: "literal", rule: rule.id, index },
    ]),
  );
}

export function heads(p: AnalyzedProgram, set: RuleSet, kind: Timing["kind"]): Places {
  const rules = rulesOf(p, set).filter((rule) => rule.head.timing.kind === kind);
  return collect(rules, (rule) => [[rule.head.relation, { kind: "head", rule: rule.id }]]);
}

/** Heads in the same node: now and next (sheads of section 1). */
export function sheads(p: AnalyzedProgram, set: RuleSet): Places {
  const rules = rulesOf(p, set).filter((rule) => rule.head.timing.kind !== "async");
  return collect(rules, (rule) => [[rule.head.relation, { kind: "head", rule: rule.id }]]);
}

/** Inputs: env and chan relations that the set reads. */
export function ins(p: AnalyzedProgram, set: RuleSet): Places {
  return filtered(refs(p, set), (relation) => isInputKind(kindOfRelation(p, relation)));
}

/** Outputs: asynchronous heads and declared local sinks. */
export function outs(p: AnalyzedProgram, set: RuleSet): Places {
  const rules = rulesOf(p, set).filter((rule) => isOutputRule(p, rule));
  return collect(rules, (rule) => [[rule.head.relation, { kind: "head", rule: rule.id }]]);
}

/** Whether something outside the node sees this rule's head at once. */
export function isOutputRule(p: AnalyzedProgram, rule: Rule): boolean {
  return rule.head.timing.kind === "async" || isSink(p, rule.head.relation);
}

/** Declared `sink`: a log or stdout. */
export function isSink(p: AnalyzedProgram, relation: RelationName): boolean {
  return [p.program, ...p.program.components].some((scope) =>
    scope.declarations.some((d) => d.kind === "sink" && d.relation === relation),
  );
}

/** xfer(from → to): same-node dataflow that a split would cut. */
export function transferred(
  p: AnalyzedProgram,
  from: RuleSet,
  to: RuleSet,
): ReadonlyMap<RelationName, Transfer> {
  const read = refs(p, to);
  const result = new Map<RelationName, Transfer>();
  for (const [relation, producers] of sheads(p, from)) {
    const readers = read.get(relation);
    if (readers !== undefined) result.set(relation, { producers, readers });
  }
  return result;
}

/** both(A,B): relations that both sets derive in the same node, with the heads of both. */
export function derivedOnBoth(p: AnalyzedProgram, a: RuleSet, b: RuleSet): Places {
  const inB = sheads(p, b);
  const result = new Map<RelationName, readonly Place[]>();
  for (const [relation, places] of sheads(p, a)) {
    const others = inB.get(relation);
    if (others !== undefined) result.set(relation, [...places, ...others]);
  }
  return result;
}

/** Relations that both sets read, with the literals of both. */
export function sharedReads(p: AnalyzedProgram, a: RuleSet, b: RuleSet): Places {
  const inB = refs(p, b);
  const result = new Map<RelationName, readonly Place[]>();
  for (const [relation, places] of refs(p, a)) {
    const others = inB.get(relation);
    if (others !== undefined) result.set(relation, [...places, ...others]);
  }
  return result;
}

function collect(
  rules: readonly Rule[],
  placesOf: (rule: Rule) => readonly (readonly [RelationName, Place])[],
): Places {
  const result = new Map<RelationName, Place[]>();
  for (const rule of rules) {
    for (const [relation, place] of placesOf(rule)) {
      const places = result.get(relation);
      if (places === undefined) result.set(relation, [place]);
      else places.push(place);
    }
  }
  return result;
}

function filtered(places: Places, keep: (relation: RelationName) => boolean): Places {
  return new Map([...places].filter(([relation]) => keep(relation)));
}
