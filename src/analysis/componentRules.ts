import type { Place } from "../program/evidence.ts";
import type {
  Component,
  ComponentName,
  HeadTerm,
  Literal,
  RelationLiteral,
  RelationName,
  Rule,
} from "../program/program.ts";
import type { AnalyzedProgram, RelationKind } from "./analyzedProgram.ts";

/** The rules of one component that have one head relation, by timing. */
export interface HeadRules {
  readonly all: readonly Rule[];
  readonly now: readonly Rule[];
  readonly next: readonly Rule[];
  readonly async: readonly Rule[];
}

/** One component, indexed. */
export interface ComponentRules {
  readonly name: ComponentName;
  readonly rules: readonly Rule[];
  readonly byHead: ReadonlyMap<RelationName, HeadRules>;
  /** Rules with a positive or negated literal over the relation. */
  readonly readers: ReadonlyMap<RelationName, readonly Rule[]>;
  /** Every relation read or derived here, in text order. */
  readonly relations: readonly RelationName[];
}

const NO_RULES: HeadRules = { all: [], now: [], next: [], async: [] };

/** Builtins whose value differs from one evaluation of a rule to the next (W7). */
export const NON_DETERMINISTIC: ReadonlySet<RelationName> = new Set(["choose", "index", "random"]);

/**
 * A memo that lives as long as the analysed program. Keyed by its relations: the same map from the first look
 * at a program to the finished value.
 */
export function memoised<T>(
  compute: (p: AnalyzedProgram, component: ComponentName) => T,
): (p: AnalyzedProgram, component: ComponentName) => T {
  const memo = new WeakMap<object, Map<ComponentName, T>>();
  return (p, component) => {
    let byComponent = memo.get(p.relations);
    if (byComponent === undefined)
      memo.set(p.relations, (byComponent = new Map<ComponentName, T>()));
    if (!byComponent.has(component)) byComponent.set(component, compute(p, component));
    return byComponent.get(component)!;
  };
}

/** What only the rules of one component decide; it lives as long as the component, in whatever program that stands. */
export function memoisedByRules<T>(
  compute: (rules: ComponentRules) => T,
): (p: AnalyzedProgram, component: ComponentName) => T {
  const memo = new WeakMap<ComponentRules, T>();
  return (p, component) => {
    const rules = componentRules(p, component);
    if (!memo.has(rules)) memo.set(rules, compute(rules));
    return memo.get(rules)!;
  };
}

export const componentRules = memoised((p, name): ComponentRules => {
  const [component, ...others] = p.program.components.filter((c) => c.name === name);
  if (component === undefined || others.length > 0) {
    const all = [component ?? [], others].flat();
    return indexed(
      name,
      all.flatMap((c) => c.rules),
    );
  }
  let index = indices.get(component);
  if (index === undefined) indices.set(component, (index = indexed(name, component.rules)));
  return index;
});

const indices = new WeakMap<Component, ComponentRules>();

export function headRules(
  p: AnalyzedProgram,
  component: ComponentName,
  relation: RelationName,
): HeadRules {
  return componentRules(p, component).byHead.get(relation) ?? NO_RULES;
}

function indexed(name: ComponentName, rules: readonly Rule[]): ComponentRules {
  const relations = new Set<RelationName>();
  const byHead = new Map<RelationName, { all: Rule[]; now: Rule[]; next: Rule[]; async: Rule[] }>();
  const readers = new Map<RelationName, Rule[]>();
  for (const rule of rules) {
    const head = rule.head.relation;
    relations.add(head);
    let entry = byHead.get(head);
    if (entry === undefined) byHead.set(head, (entry = { all: [], now: [], next: [], async: [] }));
    entry.all.push(rule);
    entry[rule.head.timing.kind].push(rule);
    for (const read of new Set(rule.body.filter(isRelationLiteral).map((l) => l.relation))) {
      relations.add(read);
      const list = readers.get(read);
      if (list === undefined) readers.set(read, [rule]);
      else list.push(rule);
    }
  }
  return { name, rules, byHead, readers, relations: [...relations] };
}

export function isRelationLiteral(literal: Literal): literal is RelationLiteral {
  return literal.kind === "relation";
}

export function kindOfRelation(p: AnalyzedProgram, relation: RelationName): RelationKind {
  const info = p.relations.get(relation);
  if (info === undefined) throw new Error(`no relation ${relation}`);
  return info.kind;
}

/** Inputs from outside the node: env or chan (rewrites.md section 0.2). */
export function isInputKind(kind: RelationKind): boolean {
  return kind === "env" || kind === "chan";
}

export function isIdbKind(kind: RelationKind): boolean {
  return kind === "env" || kind === "chan" || kind === "local";
}

export function isEdbKind(kind: RelationKind): boolean {
  return kind === "edb.static" || kind === "edb.node";
}

/** A literal over a relation whose contents change: neither EDB nor function nor builtin. */
export interface IdbLiteral {
  readonly literal: RelationLiteral;
  readonly index: number;
}

const idbMemo = new WeakMap<object, WeakMap<Rule, readonly IdbLiteral[]>>();

/** The IDB literals of a rule, positive and negated, with their body indices. */
export function idbLiterals(p: AnalyzedProgram, rule: Rule): readonly IdbLiteral[] {
  let memo = idbMemo.get(p.relations);
  if (memo === undefined)
    idbMemo.set(p.relations, (memo = new WeakMap<Rule, readonly IdbLiteral[]>()));
  let found = memo.get(rule);
  if (found === undefined) {
    found = rule.body.flatMap((literal, index) =>
      literal.kind === "relation" && isIdbKind(kindOfRelation(p, literal.relation))
        ? [{ literal, index }]
        : [],
    );
    memo.set(rule, found);
  }
  return found;
}

/** Whether the rule has a positive literal over a relation of the set. */
export function hasPositive(
  p: AnalyzedProgram,
  rule: Rule,
  set: ReadonlySet<RelationName>,
): boolean {
  return idbLiterals(p, rule).some(({ literal }) => !literal.negated && set.has(literal.relation));
}

/** Neither `tick` nor anything non-deterministic: equal facts give equal results at every tick. */
export function isTimeless(rule: Rule): boolean {
  return (
    !choosesAny(rule) && rule.body.every((l) => l.kind !== "relation" || l.relation !== "tick")
  );
}

/** Whether another node with the same facts might derive something else. */
export function choosesAny({ head, body }: Rule): boolean {
  return (
    head.terms.some(isHeadChoice) ||
    body.some((l) => l.kind === "relation" && NON_DETERMINISTIC.has(l.relation))
  );
}

function isHeadChoice(term: HeadTerm): boolean {
  return term.kind === "aggregate" && term.operator === "choose";
}

/** Something of a rule that arrival order or chance decides, and where it stands. */
export interface Chance {
  readonly name: string;
  readonly place: Place;
}

/** All that is non-deterministic in a rule (W7). */
export function chances(p: AnalyzedProgram, { id, head, body }: Rule): readonly Chance[] {
  const inBody = body.flatMap((literal, index): readonly Chance[] => {
    if (literal.kind !== "relation" || !NON_DETERMINISTIC.has(literal.relation)) return [];
    if (kindOfRelation(p, literal.relation) !== "builtin") return [];
    return [{ name: literal.relation, place: { kind: "literal", rule: id, index } }];
  });
  if (!head.terms.some(isHeadChoice)) return inBody;
  return [{ name: "choose", place: { kind: "head", rule: id } }, ...inBody];
}

/** The inputs of a whole component: env and chan relations it reads (rewrites.md section 0.2). */
export const componentInputs = memoised((p, component): ReadonlySet<RelationName> => {
  const { readers } = componentRules(p, component);
  return new Set([...readers.keys()].filter((r) => isInputKind(kindOfRelation(p, r))));
});
