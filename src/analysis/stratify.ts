import type { ComponentName, RelationName, Rule, RuleId } from "../program/program.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules, isRelationLiteral, memoised, memoisedByRules } from "./componentRules.ts";
import type { ComponentRules } from "./componentRules.ts";
import { hasAggregate } from "../program/variables.ts";

export type Stratification =
  /** Relations with a now-rule, in the order in which to evaluate them; within a stratum dependencies come first. */
  | { readonly kind: "strata"; readonly strata: readonly (readonly RelationName[])[] }
  /** A cycle through a negation or an aggregate: each rule derives the head from the relation before it. */
  | {
      readonly kind: "cycle";
      readonly rules: readonly RuleId[];
      readonly relations: readonly RelationName[];
    };

interface Edge {
  readonly from: RelationName;
  readonly to: RelationName;
  readonly rule: RuleId;
  /** Through a negated literal, or into an aggregate. */
  readonly marked: boolean;
}

/** Strata over the now-rules of a component (rewrites.md section 0.4); next and async edges break cycles. */
export function stratify(p: AnalyzedProgram, component: ComponentName): Stratification {
  return choosers(p).size === 0 ? strataByRules(p, component) : strataByProgram(p, component);
}

const strataByRules = memoisedByRules((index) => computeStrata(index, new Set()));
/** Whether the name is the built-in, its rules alone do not say. */
const strataByProgram = memoised((p, component) =>
  computeStrata(componentRules(p, component), choosers(p)),
);

/** Relations that a rule reads to choose among its rows: it needs all of them, as an aggregate does. */
function choosers(p: AnalyzedProgram): ReadonlySet<RelationName> {
  const found = ["choose", "index"].filter((r) => p.relations.get(r)?.kind === "builtin");
  return new Set(found);
}

function computeStrata(index: ComponentRules, choosing: ReadonlySet<RelationName>): Stratification {
  const derived = [...index.byHead].filter(([, rules]) => rules.now.length > 0).map(([r]) => r);
  const edges = nowEdges(index, new Set(derived), choosing);
  const order = condensed(derived, edges);
  const groupOf = new Map(order.flatMap((group, i) => group.map((r) => [r, i] as const)));
  const bad = edges.find((e) => e.marked && groupOf.get(e.from) === groupOf.get(e.to));
  if (bad !== undefined) return cycleThrough(bad, edges);
  return { kind: "strata", strata: levels(order, edges) };
}

function nowEdges(
  index: ComponentRules,
  derived: ReadonlySet<RelationName>,
  choosing: ReadonlySet<RelationName>,
): readonly Edge[] {
  const gathers = (rule: Rule): boolean =>
    hasAggregate(rule) || rule.body.some((l) => isRelationLiteral(l) && choosing.has(l.relation));
  return index.rules.flatMap((rule) =>
    rule.head.timing.kind !== "now"
      ? []
      : rule.body.filter(isRelationLiteral).flatMap((literal) =>
          derived.has(literal.relation)
            ? [
                {
                  from: literal.relation,
                  to: rule.head.relation,
                  rule: rule.id,
                  marked: literal.negated || gathers(rule),
                },
              ]
            : [],
        ),
  );
}

/** Strongly connected components, dependencies first (Tarjan's algorithm on reversed edges, without recursion). */
function condensed(
  relations: readonly RelationName[],
  edges: readonly Edge[],
): readonly (readonly RelationName[])[] {
  const sources = new Map<RelationName, RelationName[]>(relations.map((r) => [r, []]));
  for (const edge of edges) sources.get(edge.to)!.push(edge.from);
  const found = new Map<RelationName, number>();
  const low = new Map<RelationName, number>();
  const open: RelationName[] = [];
  const isOpen = new Set<RelationName>();
  const groups: RelationName[][] = [];
  for (const root of relations) {
    if (found.has(root)) continue;
    const stack: { readonly relation: RelationName; next: number }[] = [];
    const enter = (relation: RelationName): void => {
      found.set(relation, found.size);
      low.set(relation, found.get(relation)!);
      open.push(relation);
      isOpen.add(relation);
      stack.push({ relation, next: 0 });
    };
    enter(root);
    while (stack.length > 0) {
      const frame = stack.at(-1)!;
      const source = sources.get(frame.relation)![frame.next++];
      if (source !== undefined) {
        if (!found.has(source)) enter(source);
        else if (isOpen.has(source)) {
          low.set(frame.relation, Math.min(low.get(frame.relation)!, found.get(source)!));
        }
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      const own = low.get(frame.relation)!;
      if (parent !== undefined) {
        low.set(parent.relation, Math.min(low.get(parent.relation)!, own));
      }
      if (own !== found.get(frame.relation)) continue;
      const group = open.splice(open.lastIndexOf(frame.relation));
      for (const relation of group) isOpen.delete(relation);
      groups.push(group);
    }
  }
  return groups;
}

/** A relation's level is one above every relation it needs complete, and no lower than any other it reads. */
function levels(
  order: readonly (readonly RelationName[])[],
  edges: readonly Edge[],
): readonly (readonly RelationName[])[] {
  const into = new Map<RelationName, Edge[]>();
  for (const edge of edges) {
    const list = into.get(edge.to);
    if (list === undefined) into.set(edge.to, [edge]);
    else list.push(edge);
  }
  const level = new Map<RelationName, number>();
  const strata: RelationName[][] = [];
  for (const group of order) {
    let own = 0;
    for (const relation of group) {
      for (const edge of into.get(relation) ?? []) {
        const below = level.get(edge.from);
        if (below !== undefined) own = Math.max(own, below + (edge.marked ? 1 : 0));
      }
    }
    for (const relation of group) {
      level.set(relation, own);
      (strata[own] ??= []).push(relation);
    }
  }
  return strata;
}

/** The shortest way from the marked edge's head back to its source, then the edge itself. */
function cycleThrough(bad: Edge, edges: readonly Edge[]): Stratification {
  const reachedBy = new Map<RelationName, Edge | undefined>([[bad.to, undefined]]);
  const queue: RelationName[] = [bad.to];
  for (let i = 0; i < queue.length && !reachedBy.has(bad.from); i++) {
    for (const edge of edges) {
      if (edge.from !== queue[i] || reachedBy.has(edge.to)) continue;
      reachedBy.set(edge.to, edge);
      queue.push(edge.to);
    }
  }
  const back: Edge[] = [bad];
  for (let edge = reachedBy.get(bad.from); edge !== undefined; edge = reachedBy.get(edge.from)) {
    back.push(edge);
  }
  const forward = back.reverse();
  return {
    kind: "cycle",
    rules: forward.map((edge) => edge.rule),
    relations: forward.map((edge) => edge.to),
  };
}
