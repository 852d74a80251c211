import type { Component, Program, Rule, Timing } from "./program.ts";
import { shareStructure } from "./patches.ts";

/**
 * `after`, with every component and rule that is in `before` too replaced by that one, wherever it stands: what is known
 * of a rule or a component by its identity is known of it still. `before` itself when nothing differs.
 */
export function keepParts(before: Program | undefined, after: Program): Program {
  if (before === undefined || before === after) return after;
  const named = new Map(before.components.map((component) => [component.name, component]));
  const components = after.components.map((component) =>
    keepComponent(named.get(component.name), component),
  );
  const declarations = shareStructure(before.declarations, after.declarations);
  const same =
    declarations === before.declarations &&
    components.length === before.components.length &&
    components.every((component, i) => component === before.components[i]);
  return same ? before : { declarations, components };
}

function keepComponent(before: Component | undefined, after: Component): Component {
  if (before === undefined || before === after) return after;
  const rules = sameItems(before.rules, after.rules)
    ? before.rules
    : keepRules(before.rules, after.rules);
  const by = shareStructure(before.by, after.by);
  const declarations = shareStructure(before.declarations, after.declarations);
  const same =
    by === before.by &&
    declarations === before.declarations &&
    rules.length === before.rules.length &&
    rules.every((rule, i) => rule === before.rules[i]);
  return same ? before : { name: after.name, by, declarations, rules };
}

function keepRules(before: readonly Rule[], after: readonly Rule[]): readonly Rule[] {
  const known = new Map(before.map((rule) => [rule.id, rule]));
  return after.map((rule) => keepRule(known.get(rule.id), rule));
}

function keepRule(before: Rule | undefined, after: Rule): Rule {
  if (before === undefined || before === after || hasSameParts(before, after))
    return before ?? after;
  return shareStructure(before, after);
}

/** Rules that are parsed from memory have the very terms and literals that they had. */
function hasSameParts(before: Rule, after: Rule): boolean {
  const [a, b] = [before.head, after.head];
  return (
    before.id === after.id &&
    a.relation === b.relation &&
    sameTiming(a.timing, b.timing) &&
    sameItems(a.terms, b.terms) &&
    sameItems(before.body, after.body)
  );
}

function sameTiming(a: Timing, b: Timing): boolean {
  if (a.kind !== "async" || b.kind !== "async") return a.kind === b.kind;
  return a.destination === b.destination;
}

function sameItems(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((item, i) => item === after[i]);
}
