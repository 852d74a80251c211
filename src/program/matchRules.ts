import { printLiteral, printRule } from "./printCompact.ts";
import type { Program, Rule, RuleId } from "./program.ts";
import { renamedNames, renamedRule } from "./renamedNames.ts";
import type { RenamedNames } from "./renamedNames.ts";

/** More pairs of one head than this are not compared but matched in text order. */
const MAX_PAIRS = 100_000;

interface Placed {
  readonly rule: Rule;
  readonly component: string;
  readonly text: string;
}

/**
 * Old rule ids to new ones across an edit, so that a derivation survives edits elsewhere (files.md, Rule ids). Equal rules
 * of one component are matched first, in text order; then, within one component and head, the ones most alike; then equal
 * rules wherever they moved. A rule without a partner is absent. What was only renamed is compared under its new name.
 */
export function matchRules(before: Program, after: Program): ReadonlyMap<RuleId, RuleId> {
  const matched = new Map<RuleId, RuleId>();
  const oldRules = placedRules(before, renamedNames(before, after));
  const newRules = placedRules(after);
  const taken = new Set<RuleId>();
  const match = (from: Placed, to: Placed): void => {
    matched.set(from.rule.id, to.rule.id);
    taken.add(to.rule.id);
  };
  const open = (rules: readonly Placed[]): Placed[] => rules.filter((r) => !matched.has(r.rule.id));
  const free = (): Placed[] => newRules.filter((r) => !taken.has(r.rule.id));

  matchEqual(oldRules, newRules, (r) => `${r.component}\n${r.text}`, match);
  matchAlike(open(oldRules), free(), match);
  matchEqual(open(oldRules), free(), (r) => r.text, match);
  return matched;
}

function placedRules(program: Program, names?: RenamedNames): readonly Placed[] {
  return program.components.flatMap(({ name, rules }) =>
    rules.map((own) => {
      const rule = names === undefined ? own : renamedRule(own, names);
      return { rule, component: names?.components.get(name) ?? name, text: printRule(rule) };
    }),
  );
}

function matchEqual(
  from: readonly Placed[],
  to: readonly Placed[],
  key: (rule: Placed) => string,
  match: (from: Placed, to: Placed) => void,
): void {
  const waiting = groupBy(to, key);
  for (const rule of from) {
    const partner = waiting.get(key(rule))?.shift();
    if (partner !== undefined) match(rule, partner);
  }
}

/** Best pairs first, so that no rule takes another's better partner; ties go to the earlier rules. */
function matchAlike(
  from: readonly Placed[],
  to: readonly Placed[],
  match: (from: Placed, to: Placed) => void,
): void {
  const group = (r: Placed): string => `${r.component}\n${r.rule.head.relation}`;
  const candidates = groupBy(to, group);
  for (const [key, olds] of groupBy(from, group)) {
    const news = candidates.get(key) ?? [];
    if (olds.length * news.length > MAX_PAIRS) {
      olds.slice(0, news.length).forEach((old, i) => match(old, news[i]!));
      continue;
    }
    const newParts = news.map((r) => partsOf(r.rule));
    const pairs = olds.flatMap((old) => {
      const parts = partsOf(old.rule);
      return news.map((partner, i) => ({ old, partner, likeness: likeness(parts, newParts[i]!) }));
    });
    const gone = new Set<Placed>();
    for (const pair of pairs.toSorted((a, b) => b.likeness - a.likeness)) {
      if (gone.has(pair.old) || gone.has(pair.partner)) continue;
      match(pair.old, pair.partner);
      gone.add(pair.old).add(pair.partner);
    }
  }
}

/** What two versions of a rule have in common: timing, head, literals, and the relations of literals. */
function partsOf(rule: Rule): readonly string[] {
  const literals = rule.body.flatMap((literal) => [
    printLiteral(literal),
    literal.kind === "relation"
      ? `${literal.negated ? "!" : ""}${literal.relation}/`
      : literal.kind,
  ]);
  return [rule.head.timing.kind, printRule({ ...rule, body: [] }), ...literals];
}

/** The share of equal parts (Dice), counting repeats; two rules of one head always share something. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const part of b) counts.set(part, (counts.get(part) ?? 0) + 1);
  let shared = 0;
  for (const part of a) {
    const left = counts.get(part) ?? 0;
    if (left > 0) shared++;
    counts.set(part, left - 1);
  }
  return (2 * shared) / (a.length + b.length);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}
