import { analyze } from "../analysis/analyze.ts";
import type { AnalyzedProgram } from "../analysis/analyzedProgram.ts";
import type { Fact, NodeEngine } from "../evaluator/nodeEngine.ts";
import { rowKey } from "../program/value.ts";
import type { Component, ComponentName, RelationName, Rule, Term } from "../program/program.ts";
import type { Row } from "../program/value.ts";
import type { TraceTick } from "./trace.ts";

/**
 * A component that can start from what a crash has left (language.md sections 1 and 5): facts of durable relations come
 * in with the first tick, in relations of their own.
 */
export interface Restartable {
  readonly program: AnalyzedProgram;
  /** The durable relations of the component, with the relations that bring their facts back. */
  readonly restoredAs: ReadonlyMap<RelationName, RelationName>;
}

export function restartable(p: AnalyzedProgram, component: ComponentName): Restartable {
  const durable = [...p.relations.values()].filter(
    (r) => r.durable && r.derivedBy.includes(component) && r.kind === "local",
  );
  const restoredAs = new Map(durable.map(({ name }) => [name, unused(p, name)]));
  const components = p.program.components.map((c): Component => {
    if (c.name !== component) return c;
    const rules = durable.map(({ name, arity }): Rule => {
      const number = c.rules.filter((rule) => rule.head.relation === name).length + 1;
      const terms = Array.from({ length: arity }, (_, i): Term => {
        return { kind: "variable", name: `x${i}` };
      });
      const relation = restoredAs.get(name)!;
      return {
        id: `${component}/${name}/${number}`,
        head: { relation: name, terms, timing: { kind: "now" } },
        body: [{ kind: "relation", negated: false, relation, terms }],
      };
    });
    return { ...c, rules: [...c.rules, ...rules] };
  });
  return { program: analyze({ ...p.program, components }, p.deployment), restoredAs };
}

function unused(p: AnalyzedProgram, durable: RelationName): RelationName {
  let name = `${durable}'`;
  while (p.relations.has(name)) name += "'";
  return name;
}

/**
 * What stands on a node's disk when it has crashed: the durable facts with which its next tick would have begun. An
 * idle tick shows them; it is legal at any time, and nobody gets what it sends.
 */
export function flushed(engine: NodeEngine, { restoredAs }: Restartable): readonly Fact[] {
  engine.tick([]);
  return [...restoredAs].flatMap(([durable, relation]) =>
    engine.facts(durable).map((row): Fact => ({ relation, row })),
  );
}

/** What the ticks of a node left it with, by relation. */
export function heldAfter(ticks: readonly TraceTick[], node: number): readonly Fact[] {
  const held = new Map<string, Fact>();
  for (const tick of ticks) {
    if (tick.node !== node) continue;
    for (const fact of tick.disappeared) held.delete(factKey(fact));
    for (const fact of tick.appeared) held.set(factKey(fact), fact);
  }
  return [...held.values()];
}

/** The first is without what the second has, too. */
export function without(facts: readonly Fact[], others: readonly Fact[]): readonly Fact[] {
  const keys = new Set(others.map(factKey));
  return facts.filter((fact) => !keys.has(factKey(fact)));
}

function factKey({
  relation,
  row,
}: {
  readonly relation: RelationName;
  readonly row: Row;
}): string {
  return `${relation} ${rowKey(row)}`;
}
