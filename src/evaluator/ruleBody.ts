import { variablesOf } from "./literalOrder.ts";
import type { NormalLiteral, NormalRule, StoredLiteral } from "./normalRules.ts";
import { plan, type Plan } from "./plan.ts";
import { NEW } from "./table.ts";

export function isStored(literal: NormalLiteral): literal is StoredLiteral {
  return literal.kind === "stored";
}

/** The literal that makes an inductive rule one of persistence: the head itself, in distinct variables. */
export function ownLiteral(rule: NormalRule): StoredLiteral | undefined {
  if (rule.timing !== "next") return undefined;
  const names = rule.terms.map((t) => (t.kind === "variable" ? t.name : undefined));
  if (names.includes(undefined) || new Set(names).size < names.length) return undefined;
  return rule.body
    .filter(isStored)
    .find(
      (l) =>
        !l.negated &&
        l.relation === rule.head &&
        l.columns.every((c, i) => c.kind === "variable" && c.name === names[i]),
    );
}

/** What positive stored literals bind, also as parts of tuples, and what is assigned nothing but one of these. */
export function storedVariables(rule: NormalRule): ReadonlySet<string> {
  const positive = rule.body.filter(isStored).filter((l) => !l.negated);
  const stored = new Set(positive.flatMap((l) => variablesOf(l.columns)));
  for (let size = -1; size < stored.size;) {
    size = stored.size;
    for (const l of rule.body) {
      if (l.kind === "assign" && l.value.kind === "variable" && stored.has(l.value.name)) {
        stored.add(l.variable);
      }
      if (l.kind !== "split" || !stored.has(l.variable)) continue;
      for (const v of variablesOf(l.items)) stored.add(v);
    }
  }
  return stored;
}

/** How the rule's rows are looked up from that literal. */
export function trialPlan(rule: NormalRule, driver: StoredLiteral): Plan {
  const literals = rule.body.filter((l) => l !== driver);
  return plan({
    driver: driver.columns,
    literals: literals.map((literal) => ({ literal, view: NEW })),
    head: [],
    over: [],
    stored: storedVariables(rule),
    told: undefined,
    once: false,
  });
}

/**
 * Finds the rows of a persistence rule's own literal whose keeping a change of another one may concern. Where the two share
 * nothing that rows can be looked up by, the parts of a kept tuple or the literals between them may give it.
 */
export function doubtPlan(rule: NormalRule, own: StoredLiteral, changed: StoredLiteral): Plan {
  const parts = rule.ownParts === undefined ? [] : [rule.ownParts];
  const between = literalsBetween(rule, own, changed);
  let found: Plan | undefined;
  for (const more of [[], parts, between, [...between, ...parts]]) {
    const tried = doubtPlanWith(rule, own, changed, more);
    if (!scans(tried)) return tried;
    found ??= tried;
  }
  return found!;
}

function scans({ steps }: Plan): boolean {
  return steps.some((step) => step.kind === "join" && step.key.length === 0);
}

/**
 * Positive literals that lead from the changed one to the rule's own, each sharing a variable with the next. Every one of them
 * is nearer to its own than the changed one. So where several change in one tick, the nearest of them finds what it concerns
 * through literals that have not changed, which are there as they were.
 */
function literalsBetween(
  rule: NormalRule,
  own: StoredLiteral,
  changed: StoredLiteral,
): readonly StoredLiteral[] {
  const waiting = new Set(
    rule.body.filter(isStored).filter((l) => !l.negated && l !== own && l !== changed),
  );
  const ways = new Map<StoredLiteral, readonly StoredLiteral[]>([[own, []]]);
  // A map's entries that are added meanwhile come in turn: nearer literals before those further away.
  for (const [near, way] of ways) {
    if (sharesVariable(near, changed)) return way;
    for (const literal of waiting) {
      if (!sharesVariable(near, literal)) continue;
      waiting.delete(literal);
      ways.set(literal, [literal, ...way]);
    }
  }
  return [];
}

function sharesVariable(a: StoredLiteral, b: StoredLiteral): boolean {
  const names = new Set(variablesOf(a.columns));
  return variablesOf(b.columns).some((name) => names.has(name));
}

function doubtPlanWith(
  rule: NormalRule,
  own: StoredLiteral,
  changed: StoredLiteral,
  more: readonly StoredLiteral[],
): Plan {
  const others = rule.body.filter((l) => l !== own);
  const literals = [...more, own, ...conditions(others, [changed, own])];
  return plan({
    driver: changed.columns,
    literals: literals.map((literal) => ({ literal, view: NEW })),
    head: own.columns.map((c) => (c.kind === "variable" ? c : undefined)),
    over: [],
    stored: storedVariables(rule),
    told: rule.stored,
    once: false,
  });
}

/** Equalities between what these literals bind: by them the rows are found that a change may concern. */
function conditions(
  body: readonly NormalLiteral[],
  literals: readonly StoredLiteral[],
): readonly NormalLiteral[] {
  const bound = new Set(literals.flatMap((l) => variablesOf(l.columns)));
  const found: NormalLiteral[] = [];
  const waiting = body.filter(
    (l) =>
      l.kind === "assign" || l.kind === "split" || (l.kind === "compare" && l.operator === "=="),
  );
  for (let i = 0; i < waiting.length;) {
    const literal = waiting[i]!;
    if (needed(literal).every((v) => bound.has(v))) {
      for (const v of given(literal)) bound.add(v);
      found.push(...waiting.splice(i, 1));
      i = 0;
    } else i++;
  }
  return found;
}

function needed(literal: NormalLiteral): readonly string[] {
  if (literal.kind === "assign") return variablesOf([literal.value]);
  if (literal.kind === "split") return [literal.variable];
  return literal.kind === "compare" ? variablesOf([literal.left, literal.right]) : [];
}

function given(literal: NormalLiteral): readonly string[] {
  if (literal.kind === "assign") return [literal.variable];
  return literal.kind === "split" ? variablesOf(literal.items) : [];
}
