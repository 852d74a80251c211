import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { ComponentName, RelationName } from "../program/program.ts";
import { readComputed } from "./readComputed.ts";
import { readProjected } from "./readProjected.ts";
import { isStored, ownLiteral } from "./ruleBody.ts";
import { readByParts } from "./tupleParts.ts";
import {
  normalRules,
  Projections,
  UNIT,
  type NormalRule,
  type StoredLiteral,
} from "./normalRules.ts";

/**
 * What the incremental evaluator makes of a component. A relation is *passing* when nothing of it can outlive the tick:
 * what arrives, and what every rule derives from something passing. Its rows are computed afresh each tick from what is
 * new in that tick anyway, and dropped without being looked at again. All other relations are *held*.
 */
export interface ComponentShape {
  readonly rules: readonly ShapedRule[];
  readonly arities: ReadonlyMap<RelationName, number>;
  readonly passing: ReadonlySet<RelationName>;
  /** The same in every tick: EDB and the like. */
  readonly constant: ReadonlySet<RelationName>;
  /** Heads of rules. */
  readonly derived: ReadonlySet<RelationName>;
  /** Heads of asynchronous rules. */
  readonly sending: readonly RelationName[];
  /** Relations with now-rules, mutually recursive ones together, dependencies first. */
  readonly groups: readonly Group[];
}

export interface Group {
  readonly relations: readonly RelationName[];
  readonly recursive: boolean;
}

export interface ShapedRule extends NormalRule {
  /** Some positive literal is passing: the rule is evaluated afresh each tick, driven by that literal. */
  readonly pulse: boolean;
}

export function componentShape(p: AnalyzedProgram, component: ComponentName): ComponentShape {
  const plain = normalRules(p, component);
  const passing = passingRelations(p, plain);
  const lasting = new Projections();
  const lastingly = plain.map((rule) => withFew(lastingNegation(rule, passing, lasting), passing));
  const flattened = new Projections();
  const heads = new Set(plain.map((rule) => rule.head));
  const projected = new Projections();
  const computed = new Projections();
  const lasts = (l: StoredLiteral): boolean => !passing.has(l.relation);
  const computing = [...lastingly, ...lasting.rules.values()].flatMap((rule) =>
    readComputed(rule, changes(p, rule, passing, heads), lasts, computed),
  );
  const rules = computing.map((rule) => {
    const drivers = changes(p, rule, passing, heads);
    const counted = isPulse(rule, passing) ? rule : readProjected(rule, drivers, projected);
    return readByParts(counted, changes(p, counted, passing, heads), lasts, flattened);
  });
  const known = new Set(rules.map((rule) => rule.head));
  const auxiliary = [
    ...computed.rules.values(),
    ...projected.rules.values(),
    ...flattened.rules.values(),
  ];
  const all = [...rules, ...auxiliary.filter((r) => !known.has(r.head))];
  const found = arities(all);
  const derived = new Set(all.map((rule) => rule.head));
  return {
    rules: all.map((rule) => ({ ...rule, pulse: isPulse(rule, passing) })),
    arities: found,
    passing,
    constant: new Set([...found.keys()].filter((r) => isConstant(p, r, derived))),
    derived,
    sending: [...new Set(all.filter((r) => r.timing === "async").map((r) => r.head))],
    groups: groupsOf(all),
  };
}

export function isPulse(rule: NormalRule, passing: ReadonlySet<RelationName>): boolean {
  return positives(rule).some((l) => passing.has(l.relation));
}

/** The literals from which valuations are looked for when something has changed. */
function changes(
  p: AnalyzedProgram,
  rule: NormalRule,
  passing: ReadonlySet<RelationName>,
  derived: ReadonlySet<RelationName>,
): readonly StoredLiteral[] {
  if (isPulse(rule, passing)) return positives(rule).filter((l) => passing.has(l.relation));
  const own = ownLiteral(rule);
  if (own !== undefined) return [own];
  return rule.body.filter(isStored).filter((l) => !isConstant(p, l.relation, derived));
}

function positives(rule: NormalRule): readonly StoredLiteral[] {
  return rule.body.filter(isStored).filter((l) => !l.negated);
}

/** The greatest set that is closed; a recursive group passes as a whole or not at all. */
function passingRelations(
  p: AnalyzedProgram,
  rules: readonly NormalRule[],
): ReadonlySet<RelationName> {
  const held = new Set<RelationName>(rules.filter((r) => r.timing !== "now").map((r) => r.head));
  const derived = new Set(rules.map((r) => r.head));
  const named = new Set(
    rules.flatMap((r) => [r.head, ...r.body.filter(isStored).map((l) => l.relation)]),
  );
  const passing = new Set([...named].filter((n) => !held.has(n) && !isConstant(p, n, derived)));
  const groups = groupsOf(rules);
  for (let before = -1; before !== passing.size;) {
    before = passing.size;
    for (const rule of rules) if (!isPulse(rule, passing)) passing.delete(rule.head);
    for (const { relations } of groups) {
      if (relations.every((r) => passing.has(r))) continue;
      for (const relation of relations) passing.delete(relation);
    }
  }
  return passing;
}

/** EDB and what is like it. */
function isConstant(
  p: AnalyzedProgram,
  relation: RelationName,
  derived: ReadonlySet<RelationName>,
): boolean {
  if (derived.has(relation)) return false;
  if (relation === UNIT || relation === "self") return true;
  const kind = p.relations.get(relation)?.kind;
  return kind === "edb.static" || kind === "edb.node";
}

/** A rule over held relations must learn when a passing relation it negates empties: it reads a held copy of it. */
function lastingNegation(
  rule: NormalRule,
  passing: ReadonlySet<RelationName>,
  lasting: Projections,
): NormalRule {
  if (isPulse(rule, passing)) return rule;
  const body = rule.body.map((literal) =>
    isStored(literal) && literal.negated && passing.has(literal.relation)
      ? lasting.project(rule.source, literal, "+")
      : literal,
  );
  return { ...rule, body };
}

/** Marks what plans begin with where nothing is known of any literal. */
function withFew(rule: NormalRule, passing: ReadonlySet<RelationName>): NormalRule {
  const isFew = (l: StoredLiteral): boolean =>
    !l.negated && (passing.has(l.relation) || l.relation === UNIT || l.relation === "self");
  return {
    ...rule,
    body: rule.body.map((l) => (isStored(l) && isFew(l) ? { ...l, few: true } : l)),
  };
}

function arities(rules: readonly NormalRule[]): ReadonlyMap<RelationName, number> {
  const found = new Map<RelationName, number>([[UNIT, 0]]);
  for (const rule of rules) {
    found.set(rule.head, rule.terms.length);
    for (const literal of rule.body) {
      if (isStored(literal)) found.set(literal.relation, literal.columns.length);
    }
  }
  return found;
}

function groupsOf(rules: readonly NormalRule[]): readonly Group[] {
  const sources = new Map<RelationName, Set<RelationName>>();
  for (const rule of rules) if (rule.timing === "now") sources.set(rule.head, new Set());
  for (const rule of rules) {
    if (rule.timing !== "now") continue;
    for (const l of rule.body.filter(isStored)) {
      if (sources.has(l.relation)) sources.get(rule.head)!.add(l.relation);
    }
  }
  return connected(sources).map((relations) => ({
    relations,
    recursive: relations.length > 1 || sources.get(relations[0]!)!.has(relations[0]!),
  }));
}

/** Tarjan's strongly connected components, sources first; without recursion, for programs of any length. */
function connected(
  sources: ReadonlyMap<RelationName, ReadonlySet<RelationName>>,
): readonly (readonly RelationName[])[] {
  const order = new Map<RelationName, number>();
  const low = new Map<RelationName, number>();
  const open: RelationName[] = [];
  const closed = new Set<RelationName>();
  const groups: RelationName[][] = [];
  for (const root of sources.keys()) {
    if (order.has(root)) continue;
    const path: { readonly relation: RelationName; readonly rest: Iterator<RelationName> }[] = [];
    const enter = (relation: RelationName): void => {
      order.set(relation, order.size);
      low.set(relation, order.get(relation)!);
      open.push(relation);
      path.push({ relation, rest: sources.get(relation)!.values() });
    };
    enter(root);
    while (path.length > 0) {
      const { relation, rest } = path.at(-1)!;
      const step = rest.next();
      if (!step.done) {
        if (!order.has(step.value)) enter(step.value);
        else if (!closed.has(step.value)) {
          low.set(relation, Math.min(low.get(relation)!, order.get(step.value)!));
        }
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.relation;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(relation)!));
      if (low.get(relation) !== order.get(relation)) continue;
      const group = open.splice(open.lastIndexOf(relation));
      for (const member of group) closed.add(member);
      groups.push(group);
    }
  }
  return groups;
}

/**
 * Relations of which equal messages need not be told apart. Every rule that reads such a relation reads it alone of all
 * that passes, once, and derives the same again from the same fact.
 */
export function looseRelations(shape: ComponentShape): ReadonlySet<RelationName> {
  const { passing, derived, rules, groups } = shape;
  const loose = new Set([...passing].filter((relation) => !derived.has(relation)));
  // A recursive rule is driven by its own group, too, and then looks the fact up.
  const recursive = new Set(groups.flatMap((g) => (g.recursive ? g.relations : [])));
  for (const { head, body, terms } of rules) {
    const read = body.filter(isStored).filter((l) => passing.has(l.relation));
    const gathers = terms.some((t) => t.kind === "aggregate");
    if (read.length === 1 && !read[0]!.negated && !gathers && !recursive.has(head)) continue;
    for (const { relation } of read) loose.delete(relation);
  }
  return loose;
}

/** Whether a group's valuations differ in `over` alone, so that counting them needs no set of values. */
export function isDetermined(rule: NormalRule, over: readonly string[]): boolean {
  const known = new Set<string>(over);
  for (const term of rule.terms) if (term.kind === "variable") known.add(term.name);
  return rule.body.every(
    (l) =>
      l.kind !== "stored" ||
      l.negated ||
      l.columns.every((c) => c.kind !== "variable" || known.has(c.name)),
  );
}
