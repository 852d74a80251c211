import type { Fault } from "../program/evidence.ts";
import type { ComponentName, RelationName, Rule } from "../program/program.ts";
import { hasAggregate } from "../program/variables.ts";
import type { AnalyzedProgram } from "./analyzedProgram.ts";
import { componentRules } from "./componentRules.ts";
import { capitalized, joined, quoted, ruleName } from "./wording.ts";

/**
 * Rules that tell others at a timer's pace that a node lives, while what the node is there for happens at a sibling of it
 * (H-49): when the sibling alone is dead, who waits for the heartbeat does not notice, and nobody takes over.
 */
export function heartbeatWarnings(p: AnalyzedProgram): readonly Fault[] {
  const timers = [...p.relations.values()].filter((info) => info.timerMs !== undefined);
  if (timers.length === 0 || p.deployment === undefined) return [];
  const siblings = siblingComponents(p);
  return timers.flatMap((timer) => {
    const heartbeats = timer.readBy.flatMap((component) => {
      const others = siblings.get(component) ?? new Set<ComponentName>();
      const working = [...others].filter((other) => works(p, other, siblings));
      if (working.length === 0) return [];
      return outward(p, component, siblings)
        .filter((rule) => isDriven(rule, drivenBy(p, component, timer.name)))
        .filter((rule) => !isAnswered(p, rule.head.relation))
        .map((rule) => ({ rule, working }));
    });
    return heartbeats.map(({ rule, working }): Fault => ({
      severity: "warning",
      code: "heartbeat-outlives",
      message:
        `${capitalized(ruleName(p, rule.id))} sends ${quoted(rule.head.relation)} whenever ${quoted(timer.name)} fires, ` +
        `also while ${joined(working.map(quoted))}, which ${working.length === 1 ? "is" : "are"} part of the same node, ` +
        `${working.length === 1 ? "is" : "are"} dead. Whoever waits for it does not notice.`,
      place: { kind: "rule", rule: rule.id },
      related: [],
    }));
  });
}

/** For each component the others that have a node of the same original. */
function siblingComponents(
  p: AnalyzedProgram,
): ReadonlyMap<ComponentName, ReadonlySet<ComponentName>> {
  const { instances, originals } = p.deployment!;
  const at = new Map<string, Set<ComponentName>>();
  for (const [component, addresses] of Object.entries(instances)) {
    for (const address of addresses) {
      const original = originals[address] ?? address;
      at.set(original, (at.get(original) ?? new Set()).add(component));
    }
  }
  const siblings = new Map<ComponentName, Set<ComponentName>>();
  for (const together of at.values()) {
    for (const one of together) {
      const known = siblings.get(one) ?? new Set();
      siblings.set(one, known);
      for (const other of together) if (other !== one) known.add(other);
    }
  }
  return siblings;
}

/** Rules that send to others than siblings: to clients, to other components, or to other nodes of their own. */
function outward(
  p: AnalyzedProgram,
  component: ComponentName,
  siblings: ReadonlyMap<ComponentName, ReadonlySet<ComponentName>>,
): readonly Rule[] {
  return componentRules(p, component).rules.filter(({ head }) => {
    if (head.timing.kind !== "async") return false;
    const { readBy } = p.relations.get(head.relation)!;
    const others = siblings.get(component) ?? new Set();
    return readBy.length === 0 || readBy.some((reader) => !others.has(reader));
  });
}

/** Whether a component answers anybody for another reason than that time passes. */
function works(
  p: AnalyzedProgram,
  component: ComponentName,
  siblings: ReadonlyMap<ComponentName, ReadonlySet<ComponentName>>,
): boolean {
  const timers = [...p.relations.values()].filter((info) => info.timerMs !== undefined);
  return outward(p, component, siblings).some((rule) =>
    timers.every(({ name }) => !isDriven(rule, drivenBy(p, component, name))),
  );
}

/** Whether anybody answers it, not only what it adds up to with others: then its absence is not all that it tells. */
function isAnswered(p: AnalyzedProgram, relation: RelationName): boolean {
  return p.relations.get(relation)!.readBy.some((reader) => {
    const { rules } = componentRules(p, reader);
    const told = new Set([relation]);
    for (let before = 0; before !== told.size;) {
      before = told.size;
      for (const rule of rules) {
        const passes = rule.head.timing.kind === "now" && !hasAggregate(rule);
        if (passes && isDriven(rule, told)) told.add(rule.head.relation);
      }
    }
    return rules.some((rule) => rule.head.timing.kind === "async" && isDriven(rule, told));
  });
}

/** What a component derives in no tick but those in which the timer fires, the timer itself included. */
function drivenBy(
  p: AnalyzedProgram,
  component: ComponentName,
  timer: RelationName,
): ReadonlySet<RelationName> {
  const { rules } = componentRules(p, component);
  const driven = new Set([timer]);
  for (let before = 0; before !== driven.size;) {
    before = driven.size;
    const heads = new Set(rules.map(({ head }) => head.relation));
    for (const relation of heads) {
      const own = rules.filter(({ head }) => head.relation === relation);
      if (own.every((rule) => rule.head.timing.kind === "now" && isDriven(rule, driven)))
        driven.add(relation);
    }
  }
  return driven;
}

function isDriven(rule: Rule, driven: ReadonlySet<RelationName>): boolean {
  return rule.body.some((l) => l.kind === "relation" && !l.negated && driven.has(l.relation));
}
